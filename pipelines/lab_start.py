"""What the lab starts from: the exact prompts and settings of a promotion, or those that the app would use for a brief.

Runs no model, but for the picture model's own facts.
"""

from collections.abc import Sequence

from pipelines.backends.base import ImageBackend
from pipelines.lab_settings import SceneSettings, TextSettings, as_json
from pipelines.lab_variant import Variant
from pipelines.promotion import Promotion
from pipelines.prompts import writer_source
from slots.brief import Brief


def variants_of(promotion: Promotion) -> list[Variant]:
    """The exact prompts and settings that made a promotion: its texts, then each poster's scene."""
    brief, record = promotion.brief.to_dict(), promotion.record
    found = []
    writer = record.get("writer") or {}
    if writer.get("prompt"):
        settings = TextSettings(samples=16, seed=int(writer.get("seed") or 0))
        found.append(Variant("text", {"prompt": writer["prompt"], "brief": brief}, as_json(settings)))
    for poster in promotion.posters:
        scene = SceneSettings(
            steps=poster.steps, guidance=float(poster.guidance), strength=float(poster.strength), seed=poster.seed,
            attempt=max(0, poster.tries - 1) if poster.source == "diffusion" else 0, layout=poster.layout,
            format=poster.format, scene=promotion.settings.scene, style=promotion.settings.style,
        )  # fmt: skip
        source = {
            "prompt": poster.prompt, "negative_prompt": poster.negative_prompt, "brief": brief,
            "headline": poster.headline_text,
        }  # fmt: skip
        found.append(Variant("scene", source, as_json(scene)))
    return found


def variants_for(brief: Brief, backend: ImageBackend | None = None, seed: int = 0) -> list[Variant]:
    """The prompts that the app would use for a brief: its texts, and (with a picture model) its scene."""
    data = brief.to_dict()
    found = [Variant("text", {"prompt": writer_source(brief), "brief": data}, as_json(TextSettings(seed=seed)))]
    if backend is not None:
        from pipelines.scene import scene_facts

        facts = scene_facts(brief, backend, seed=seed)
        scene = SceneSettings(
            steps=int(facts["steps"]), guidance=float(facts["guidance"]), strength=float(facts["strength"]), seed=seed
        )
        source = {"prompt": facts["prompt"], "negative_prompt": facts["negative_prompt"], "brief": data}
        found.append(Variant("scene", source, as_json(scene)))
    return found


def completed(variants: Sequence[Variant], brief: Brief, backend: ImageBackend | None = None) -> list[Variant]:
    """The variants, and after them the app's own for what they leave out: a promotion without posters has no scene of its own,
    and its brief must not stand beside the scene of what was loaded before."""
    there = {variant.kind for variant in variants}
    return [*variants, *(v for v in variants_for(brief, backend) if v.kind not in there)]
