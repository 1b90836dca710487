"""Cases and votes' subjects from what was made: a lab's outcome, a finished promotion. Loads no model, but for the judge of
scenes where a promotion's own scenes are looked at. Knows no database.
"""

import base64
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cases.model import Case, CaseError, Kind

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipelines.checks import Check
    from pipelines.lab import Outcome
    from pipelines.promotion import Promotion
    from pipelines.scene_judge import SceneJudge
    from slots.extract import Extraction

SIDE = 192
"""Most pixels of a side of the small picture that a case keeps of a scene."""
RECOGNISED, BRIEF, MODEL = "scene recognised", "brief", "written by the model"
"""Checks beside those of `pipelines.checks`: the judge recognises the place; the brief reads as it did; no text is the
fallback's."""


def case_of_outcome(outcome: "Outcome", name: str, author: str = "") -> Case:
    """A case from what a variant of the lab gave. Raises CaseError when it gave nothing."""
    if outcome.error or outcome.stopped:
        raise CaseError(f"this variant gave nothing to keep: {outcome.error or 'it was stopped'}")
    variant = outcome.variant
    kind: Kind = variant.kind
    full = variant.to_dict()
    source = full["source"]
    if kind == "scene" and not source["prompt"]:  # an empty prompt is the app's own of today; a case keeps what ran
        source |= {key: outcome.facts[key] for key in ("prompt", "negative_prompt") if key in outcome.facts}
    return Case(
        name, kind, source, full["settings"], expected_of_outcome(outcome),
        {"image" if kind == "scene" else "text": dict(outcome.model)} if outcome.model else {}, author,
    )  # fmt: skip


def case_of_promotion(
    promotion: "Promotion",
    name: str,
    author: str = "",
    *,
    turns: Sequence[str] = (),
    judge: "SceneJudge | None" = None,
) -> Case:
    """A case from a finished promotion. `turns`: the visitor's messages, kept only when given: then the talk is run again too.
    `judge`: looks at the scenes; None: the bundled one is read where there are scenes. Raises JudgeError."""
    record = promotion.record
    promos = promotion.promos
    scenes, recognised = [], []
    for number, poster in enumerate(promotion.posters, 1):
        path = promotion.folder / poster.scene_file
        picture = opened(path)
        if picture is None:
            continue
        place = place_of(promotion.brief, poster.seed, promotion.settings.style)
        if judge is None:
            from pipelines.scene_judge import load_judge

            judge = load_judge()
        scenes.append({"place": place, "picture": thumbnail(picture)})
        if shows(judge, picture, place, poster.source, poster.tries):
            recognised.append(f"{RECOGNISED}: {number}")
    source: dict[str, Any] = {"brief": promotion.brief.to_dict(), "id": promotion.id}
    return Case(
        name, "promotion", source | ({"turns": list(turns)} if turns else {}), promotion.settings.to_dict(),
        {
            "brief": promotion.brief.to_dict(),
            "outputs": [promo.text for promo in promos],
            "templates": [promo.template for promo in promos],
            "scenes": scenes,
            "checks": sorted(
                {BRIEF, *passed_by_all(promo.checks for promo in promos), *recognised}
                | ({MODEL} if promos and all(promo.source == "model" for promo in promos) else set())
            ),
            "seconds": record.get("timings") or {},
        },
        {kind: model for kind, model in (record.get("models") or {}).items() if isinstance(model, dict)}, author,
    )  # fmt: skip


def subject_of_output(outcome: "Outcome", index: int) -> dict[str, Any]:
    """What a vote on text `index` (from 0) of a variant is about: its `Vote.subject`."""
    from pipelines.lab import follow

    output, prompt = outcome.outputs[index], str(outcome.variant.source.get("prompt") or "")
    brief = outcome.variant.brief  # the text was checked against what an edited prompt says of it
    return {
        "prompt": prompt,
        "text": output.text,
        "template": template_of(output.raw),
        "brief": follow(brief, prompt)[0].to_dict() if brief is not None else {},
    }


def expected_of_outcome(outcome: "Outcome") -> dict[str, Any]:
    """What a variant gave, as a case's expectation."""
    seconds = dict(outcome.timings)
    if outcome.trace is not None:
        return {**expected_of_extraction(outcome.trace.final), "seconds": seconds}
    if outcome.picture is not None:
        checks = [RECOGNISED] if outcome.accepted else []
        return {
            "place": outcome.wanted_place, "picture": thumbnail(outcome.picture), "checks": checks, "seconds": seconds,
        }  # fmt: skip
    figures = {"pass_rate": outcome.pass_rate, "similarity": outcome.similarity}
    return {
        "outputs": [output.text for output in outcome.outputs],
        "templates": [template_of(output.raw) for output in outcome.outputs],
        "checks": passed_by_all(output.checks for output in outcome.outputs) if outcome.checked else [],
        "figures": {name: round(value, 4) for name, value in figures.items() if value is not None},
        "seconds": seconds,
    }


def expected_of_extraction(found: "Extraction") -> dict[str, Any]:
    """What a message was read as, as a case's expectation: all of it held."""
    read = found.to_dict()
    expected = {name: read[name] for name in ("slots", "removed", "offer", "variant")}
    return expected | {"checks": sorted(slot_checks(expected, expected))}


def slot_checks(gold: dict[str, Any], found: dict[str, Any]) -> dict[str, bool]:
    """The checks of an extraction: each slot, the whole frame (`exact slots`), and what else the case expects."""
    from slots.schema import SLOTS

    wanted, got = dict(gold.get("slots") or {}), dict(found.get("slots") or {})
    checks = {f"slot {slot}": wanted.get(slot) == got.get(slot) for slot in SLOTS}
    checks["exact slots"] = wanted == got
    for name in ("removed", "offer", "variant"):
        if name in gold:
            checks[name] = (gold[name] or None) == (found.get(name) or None)
    return checks


def passed_by_all(checked: "Iterable[Iterable[Check]]") -> list[str]:
    """The names of the checks that every one of the texts passed; none without texts."""
    by_text = [{check.name for check in checks if check.passed} for checks in checked]
    return sorted(set.intersection(*by_text)) if by_text else []


def template_of(raw: str) -> str:
    """A raw output as a template: spaces put right, placeholders kept."""
    from pipelines.text import tidy

    return tidy(raw)


def place_of(brief: Any, seed: int, style: str) -> str:
    """The place that the scene of a brief shows."""
    from pipelines.scene_prompt import scene_prompt

    return scene_prompt(brief, seed, style).place


def shows(judge: "SceneJudge", picture: "Image", place: str, source: str, tries: int) -> bool:
    """Whether the model's own scene is recognised; a drawn one that stood in for refused ones is not."""
    if source == "sketch" and tries:
        return False
    return bool(judge.accepts(picture, place))


def thumbnail(picture: "Image") -> str:
    """A picture, at most SIDE pixels a side, as PNG in base64."""
    from PIL import Image

    small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def from_thumbnail(data: Any) -> "Image | None":
    """The small picture of a case; None when it is none."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(base64.b64decode(data, validate=True)), formats=["PNG"]) as file:
            return file.convert("RGB") if max(file.size) <= 1024 else None
    except (TypeError, ValueError, OSError, Image.DecompressionBombError):
        return None


def distance(a: "Image", b: "Image") -> float:
    """How far two pictures are apart: the mean difference of their pixels at SIDE, 0 (equal) to 1 (black and white)."""
    import numpy as np
    from PIL import Image

    one, other = (
        np.asarray(picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float32)
        for picture in (a, b)
    )
    return float(abs(one - other).mean() / 255)


def opened(path: Path) -> "Image | None":
    """A picture file; None when it is gone or damaged."""
    from PIL import Image

    try:
        with Image.open(path) as file:
            return file.convert("RGB")
    except OSError:
        return None
