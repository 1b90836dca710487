"""Runs a scene variant: one picture of one exact prompt, what the judge sees in it, and the poster where it is asked for.

Knows no screen; the models come from `lab_engines.Engines`.
"""

from typing import TYPE_CHECKING, Any

from pipelines import compose
from pipelines.backends.base import OnStep, Stopped
from pipelines.lab_engines import Engines
from pipelines.lab_errors import LabError
from pipelines.lab_settings import SceneSettings, settings_of
from pipelines.lab_variant import Clock, Outcome, Variant, about
from slots.brief import Brief

if TYPE_CHECKING:
    from PIL.Image import Image

TOP = 3
"""Places that the judge's opinion names."""


def run_scene(studio: Any, variant: Variant, engines: Engines, on_step: OnStep | None) -> Outcome:
    """Paints one variant's scene. Raises LabError, ModelError, BackendError, JudgeError, and Stopped."""
    from pipelines.scene import SEED_STRIDE, SIDE, model_picture, scene_facts
    from pipelines.scene_prompt import scene_prompt
    from pipelines.sketch import draw

    settings: SceneSettings = settings_of("scene", variant.settings)
    brief = variant.brief
    if brief is None:
        raise LabError("scene_without_brief")
    clock = Clock()
    backend = engines.image(settings.model, settings.backend, settings.scheduler)
    able = backend.capabilities
    clock.mark("load")
    whole = settings.scene == "whole"
    if whole and not able.whole:
        raise LabError("no_products")
    style = settings.style
    if style != "illustrated" and not able.whole:
        raise LabError("no_style", value=repr(style))
    spec = scene_prompt(brief, settings.seed, style)
    own = scene_facts(
        brief, backend, seed=settings.seed, strength=settings.strength, steps=settings.steps, guidance=settings.guidance,
        scene=settings.scene, style=style,
    )  # fmt: skip
    facts: dict[str, Any] = {name: own[name] for name in ("prompt", "negative_prompt", "strength", "steps", "guidance")}
    # an empty prompt is `auto`, as an empty number is: the app's own for the brief
    prompt = str(variant.source["prompt"]).strip()
    negative = str(variant.source.get("negative_prompt") or "").strip()
    if prompt:
        facts |= {"prompt": prompt, "negative_prompt": negative}
    elif negative:
        facts["negative_prompt"] = negative
    if on_step is not None and not on_step(0, max(1, round(facts["steps"] * min(1.0, facts["strength"] or 1)))):
        raise Stopped
    sketch = draw(spec.sketch, SIDE)
    if facts["strength"] == 0:
        picture = sketch
    else:
        noise = settings.seed + settings.attempt * SEED_STRIDE
        picture = model_picture(backend, facts, sketch, noise, on_step)
    clock.mark("generate")
    probabilities = engines.judge().probabilities(picture)
    clock.mark("judge")
    best = sorted(probabilities.items(), key=lambda item: -item[1])[:TOP]
    accepted = probabilities[spec.place] >= engines.judge().config.threshold
    poster = None
    if settings.poster:
        poster = _poster(studio, brief, variant, settings, picture, spec.surface_y)
        clock.mark("poster")
    schedulers = engines.schedulers(settings.model, settings.backend)
    facts["threshold"] = engines.judge().config.threshold
    facts["scheduler"] = settings.scheduler or (schedulers[0] if schedulers else "")
    return Outcome(
        variant, picture=picture, poster=poster, opinion=tuple(best), wanted_place=spec.place, accepted=accepted,
        facts={**facts, "wanted_share": probabilities[spec.place], "bundled": backend.model.bundled},
        timings=clock.seconds, model=about(backend),
    )  # fmt: skip


def _poster(
    studio: Any, brief: Brief, variant: Variant, settings: SceneSettings, scene: "Image", surface_y: float
) -> "Image":
    from pipelines.promotion import Settings

    product = compose.product(
        brief, Settings(layout=settings.layout, format=settings.format, scene=settings.scene), None, studio.catalog
    )
    entry = {
        "surface_y": surface_y,
        "headline_text": str(variant.source.get("headline") or "") or _plain_text(brief, studio.catalog),
        "layout": settings.layout,
        "format": settings.format,
        "seed": settings.seed,
    }
    return compose.poster_picture(scene, product, entry, brief, studio.catalog, drawn=True)


def _plain_text(brief: Brief, catalog: Any) -> str:
    """The fallback's first text: a headline where no promotional text was made."""
    from pipelines.fallback import fallback_template
    from pipelines.prompts import fill

    return fill(fallback_template(brief, 0), brief, catalog)
