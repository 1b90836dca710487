"""Runs one case on the present models and tells what came out, in the same form as what the case expects.

The only module of this package that runs models; it is handed a studio and the lab's engines. Knows no database.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pipelines.cases.make import (
    BRIEF,
    MODEL,
    RECOGNISED,
    distance,
    expected_of_extraction,
    expected_of_outcome,
    from_thumbnail,
    passed_by_all,
    place_of,
    shows,
    slot_checks,
    thumbnail,
)
from pipelines.cases.model import Case, CaseError

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipelines.backends.base import ImageBackend, TextBackend
    from pipelines.checks import Check
    from pipelines.lab import Engines
    from slots.brief import Brief

DISTANCE = "picture distance"
"""The check that a picture is as near to the saved one as the case asks (`expected["most_distance"]`)."""


class ModelGone(CaseError):
    """The model, back end or judge that a case asks for is not there; the message says which, and the cure."""


@dataclass
class Measured:
    """What a case gives now. `checks`: by name, whether it passed; `details`: what was found where it did not."""

    expected: dict[str, Any]
    checks: dict[str, bool]
    details: dict[str, str] = field(default_factory=dict)
    models: dict[str, Any] = field(default_factory=dict)
    distances: list[float | None] = field(default_factory=list)
    """Of each picture to the saved one, 0..1; None where there is no saved one."""

    def renewed(self) -> dict[str, Any]:
        """The expectation that this would make."""
        return {**self.expected, "checks": sorted(name for name, passed in self.checks.items() if passed)}


def measure(case: Case, studio: Any, engines: "Engines") -> Measured:
    """Runs a case. Raises ModelGone, or CaseError or ValueError with the reason when it cannot be run."""
    _load(case, engines)
    started = time.perf_counter()
    if case.kind == "promotion":
        found = _promotion(case, studio, engines)
    elif case.kind == "extraction":
        found = _extraction(case, studio, engines)
    elif case.source.get("prompt"):
        found = _lab(case, studio, engines)
    else:
        found = _text(case, studio, engines) if case.kind == "text" else _scene(case, studio, engines)
    found.expected["seconds"] = {"total": round(time.perf_counter() - started, 3)}
    if "most_distance" in case.expected:
        most = case.expected["most_distance"]
        if isinstance(most, bool) or not isinstance(most, int | float):
            raise ValueError(f"most_distance must be a number from 0 to 1, not {most!r}")
        near = all(d is not None and d <= most for d in found.distances)
        found.expected["most_distance"] = most
        found.checks[DISTANCE] = near and bool(found.distances)
        found.details[DISTANCE] = "" if found.checks[DISTANCE] else f"{_figures(found.distances)}, more than {most:g}"
    return found


def _load(case: Case, engines: "Engines") -> None:
    """Loads what the case runs on, so that its seconds are those of the work. Raises ModelGone."""
    settings = {} if case.kind == "promotion" else case.settings
    if case.kind != "scene":
        _text_engine(engines, settings)
    if case.kind == "scene" or (case.kind == "promotion" and _posters(case)):
        _image_engine(engines, settings)
        _judge(engines)


def _posters(case: Case) -> int:
    """How many posters a promotion's case makes."""
    from pipelines.promotion import Settings, poster_count

    return poster_count(_brief(case), Settings.from_dict(case.settings).images)


def _extraction(case: Case, studio: Any, engines: "Engines") -> Measured:
    from slots.extract import extract

    message = case.source.get("message")
    if not isinstance(message, str):
        raise ValueError('an extraction case needs "message" in its source')
    backend = _text_engine(engines, case.settings)
    found = extract(
        message, case.source.get("asking") or None, _generate(backend), studio.catalog,
        previous_language=case.source.get("previous"), talking=bool(case.settings.get("talking")),
    )  # fmt: skip
    read = expected_of_extraction(found)
    gold = case.expected if "slots" in case.expected else read
    checks = slot_checks(gold, read)
    details = {}
    for slot in {*(gold.get("slots") or {}), *read["slots"]}:
        wanted, got = (gold.get("slots") or {}).get(slot), read["slots"].get(slot)
        if wanted != got:
            details[f"slot {slot}"] = f"{got or 'absent'} instead of {wanted or 'absent'}"
    details["exact slots"] = "; ".join(f"{name[5:]}: {detail}" for name, detail in sorted(details.items()))
    for name in ("removed", "offer", "variant"):
        if not checks.get(name, True):
            details[name] = f"{read[name] or 'none'} instead of {gold[name] or 'none'}"
    return Measured(read, checks, details, {"text": _about(backend)})


def _text(case: Case, studio: Any, engines: "Engines") -> Measured:
    backend = _text_engine(engines, case.settings)
    expected, checks, details = _written(
        _brief(case), backend, studio, int(case.settings.get("seed") or 0), int(case.settings.get("count") or 0)
    )
    return Measured(expected, checks, details, {"text": _about(backend)})


def _written(
    brief: "Brief", backend: "TextBackend", studio: Any, seed: int, count: int
) -> tuple[dict[str, Any], dict[str, bool], dict[str, str]]:
    """(expected, checks, details) of the texts that the app would show."""
    from pipelines.studio import TEXTS
    from pipelines.text import write_promos

    result = write_promos(brief, backend, studio.catalog, count=count or TEXTS, seed=seed)
    checks, details = _text_checks(promo.checks for promo in result.promos)
    checks[MODEL] = bool(result.promos) and all(promo.source == "model" for promo in result.promos)
    if not checks[MODEL]:
        spare = sum(promo.source != "model" for promo in result.promos)
        details[MODEL] = f"{spare} of {len(result.promos)} texts are the fallback's"
    expected = {
        "outputs": [promo.text for promo in result.promos],
        "templates": [promo.template for promo in result.promos],
        "figures": {"pass_rate": round(result.pass_rate, 4), "candidates": len(result.candidates)},
    }
    return expected, checks, details


def _scene(case: Case, studio: Any, engines: "Engines") -> Measured:
    backend, brief = _image_engine(engines, case.settings), _brief(case)
    settings = case.settings
    picture, place, recognised = _painted(brief, backend, engines, int(settings.get("seed") or 0), settings)
    saved = case.expected.get("picture")
    return Measured(
        {"place": place, "picture": thumbnail(picture)},
        {RECOGNISED: recognised},
        {} if recognised else {RECOGNISED: f"the model's scene is not recognised as {place}"},
        {"image": _about(backend)},
        [_apart(saved, picture)],
    )


def _painted(
    brief: "Brief", backend: "ImageBackend", engines: "Engines", seed: int, settings: dict[str, Any]
) -> "tuple[Image, str, bool]":
    """(scene, its place, whether the judge recognises it) as the app would make it."""
    from pipelines.scene import make_scene

    judge = _judge(engines)
    style = str(settings.get("style") or "illustrated")
    made = make_scene(
        brief, backend, seed=seed, strength=settings.get("strength"), steps=settings.get("steps"),
        guidance=settings.get("guidance"), scene=str(settings.get("scene") or "place"), style=style,
        judge=judge if backend.model.bundled else None,
    )  # fmt: skip
    place = place_of(brief, seed, style)
    return made.image, place, shows(judge, made.image, place, made.source, made.tries)


def _promotion(case: Case, studio: Any, engines: "Engines") -> Measured:
    from pipelines.promotion import Settings, poster_count

    settings, brief = Settings.from_dict(case.settings), _brief(case)
    backend = _text_engine(engines, {})
    expected, checks, details = _written(brief, backend, studio, settings.seed, 0)
    now, models = brief.to_dict(), {"text": _about(backend)}
    if turns := case.source.get("turns"):
        said = _talked([str(turn) for turn in turns], backend, studio)
        checks[BRIEF], details[BRIEF] = said == now["slots"], f"the talk gives {said}"
    else:
        before = case.expected.get("brief") or case.source["brief"]
        same = now == before or now == _again(before)
        checks[BRIEF], details[BRIEF] = same, f"it reads as {now}"
    expected |= {"brief": now, "scenes": []}
    distances: list[float | None] = []
    count = poster_count(brief, settings.images)
    if count:
        image = _image_engine(engines, {})
        models["image"] = _about(image)
    saved = case.expected.get("scenes") or []
    for index in range(count):
        picture, place, recognised = _painted(brief, image, engines, settings.seed + index, settings.to_dict())
        name = f"{RECOGNISED}: {index + 1}"
        checks[name] = recognised
        if not recognised:
            details[name] = f"the model's scene is not recognised as {place}"
        expected["scenes"].append({"place": place, "picture": thumbnail(picture)})
        before = saved[index] if index < len(saved) and isinstance(saved[index], dict) else {}
        distances.append(_apart(before.get("picture"), picture))
    return Measured(expected, checks, details, models, distances)


def _lab(case: Case, studio: Any, engines: "Engines") -> Measured:
    """A prompt as it stands, with the lab's settings."""
    from pipelines.lab import Variant, run_variant

    kind: Literal["scene", "text"] = "scene" if case.kind == "scene" else "text"
    backend = _image_engine(engines, case.settings) if kind == "scene" else _text_engine(engines, case.settings)
    # a case asks for the scene alone
    settings = {**case.settings, "poster": False} if kind == "scene" else case.settings
    outcome = run_variant(studio, Variant(kind, case.source, settings), engines)
    if outcome.error:
        raise CaseError(outcome.error)
    expected = expected_of_outcome(outcome)
    models = {"image" if kind == "scene" else "text": _about(backend)}
    if outcome.picture is not None:
        accepted = bool(outcome.accepted)
        details = {} if accepted else {RECOGNISED: f"not recognised as {outcome.wanted_place}"}
        apart = _apart(case.expected.get("picture"), outcome.picture)
        return Measured(expected, {RECOGNISED: accepted}, details, models, [apart])
    checks, details = _text_checks(output.checks for output in outcome.outputs) if outcome.checked else ({}, {})
    return Measured(expected, checks, details, models)


def _text_checks(checked: "Iterable[tuple[Check, ...]]") -> tuple[dict[str, bool], dict[str, str]]:
    """Each check of some texts: passed where all of them pass it; what was found where one does not."""
    checked = list(checked)
    passed = passed_by_all(checked)
    checks = {check.name: check.name in passed for checks in checked for check in checks}
    details = {
        check.name: f"text {number}: {check.detail or 'failed'}"
        for number, some in reversed(list(enumerate(checked, 1)))
        for check in some
        if not check.passed
    }
    return checks, details


def _brief(case: Case) -> "Brief":
    from slots.brief import Brief

    try:
        return Brief.from_dict(case.source.get("brief"))  # type: ignore[arg-type]  # tells what is missing
    except (ValueError, ArithmeticError) as error:
        raise CaseError(f"its brief cannot be read: {error}") from error


def _again(data: Any) -> Any:
    from slots.brief import Brief

    try:
        return Brief.from_dict(data).to_dict()
    except (ValueError, ArithmeticError):
        return None


def _talked(turns: list[str], backend: "TextBackend", studio: Any) -> dict[str, str]:
    """The slots that a talk ends with."""
    from slots.dialogue import run_conversation
    from slots.extract import Extraction, extract
    from slots.schema import Language

    def read(text: str, asking: str | None, previous: Language | None, talking: bool) -> Extraction:
        return extract(
            text, asking, _generate(backend), studio.catalog, previous_language=previous, talking=talking
        )  # fmt: skip

    return dict(run_conversation(turns, read, studio.catalog)["slots"])


def _generate(backend: "TextBackend") -> Any:
    return lambda sources: [outputs[0] for outputs in backend.generate(sources)]


def _text_engine(engines: "Engines", settings: dict[str, Any]) -> "TextBackend":
    from pipelines.backends.base import BackendError
    from pipelines.lab_errors import LabError
    from pipelines.models import ModelError

    try:
        return engines.text(str(settings.get("model") or ""), str(settings.get("backend") or ""))
    except (LabError, ModelError, BackendError) as error:
        raise ModelGone(str(error)) from error


def _image_engine(engines: "Engines", settings: dict[str, Any]) -> "ImageBackend":
    from pipelines.backends.base import BackendError
    from pipelines.lab_errors import LabError
    from pipelines.models import ModelError

    try:
        return engines.image(
            str(settings.get("model") or ""), str(settings.get("backend") or ""), str(settings.get("scheduler") or "")
        )
    except (LabError, ModelError, BackendError) as error:
        raise ModelGone(str(error)) from error


def _judge(engines: "Engines") -> Any:
    from pipelines.scene_judge import JudgeError

    try:
        return engines.judge()
    except JudgeError as error:
        raise ModelGone(str(error)) from error


def _about(backend: "TextBackend | ImageBackend") -> dict[str, Any]:
    return {"backend": backend.name, **backend.model.to_dict()}


def _apart(saved: Any, picture: "Image") -> float | None:
    """How far a picture is from a saved small one."""
    before = from_thumbnail(saved) if saved else None
    now = from_thumbnail(thumbnail(picture))
    return None if before is None or now is None else round(distance(before, now), 4)


def _figures(distances: list[float | None]) -> str:
    return ", ".join("no saved picture" if d is None else f"{d:g}" for d in distances) or "no picture"
