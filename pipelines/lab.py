"""The prompt lab's runners: one variant of a text, a scene or a reading; a grid over two settings; one prompt over many briefs.

A variant is plain JSON: what goes in and every setting. Running it tells all that came out, also the error: a variant
that fails spoils no other. Knows no screen; the models come from `lab_engines.Engines`.
"""

import hashlib
import itertools
import json
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipelines import compose
from pipelines.backends.base import ImageBackend, OnStep, Stopped, TextBackend
from pipelines.checks import Check, failures
from pipelines.lab_briefs import Row
from pipelines.lab_engines import Engines
from pipelines.lab_settings import (
    LONGEST_PROMPT,
    Axis,
    Kind,
    LabError,
    SceneSettings,
    TextSettings,
    as_json,
    cells,
    check_asking,
    settings_of,
)
from pipelines.lab_trace import Trace, extraction_stages
from pipelines.promotion import Promotion
from pipelines.prompts import NOTHING, PLACEHOLDERS, WRITER_PREFIX, placeholder_values, writer_source
from pipelines.text import ALIKE, judge, tidy
from slots.brief import Brief
from slots.schema import ENVIRONMENTS, LANGUAGES, PACKAGINGS, STORES

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_VARIANTS = 4
TOP = 3
"""Places that the judge's opinion names."""
_FIELD = re.compile(r"\s*(\w+)=([^;]*)")


@dataclass(frozen=True)
class Variant:
    """What to run. `source`: by kind `{"prompt", "brief"}`, `{"prompt", "negative_prompt", "brief", "headline"}`, or
    `{"message", "asking"}`; `brief` in the JSON form of Brief, or absent. Raises LabError.
    """

    kind: Kind
    source: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings_of(self.kind, self.settings)
        words = self.source.get("message" if self.kind == "extraction" else "prompt")
        if not isinstance(words, str) or not words.strip():
            what = "message" if self.kind == "extraction" else "prompt"
            raise LabError(f"the {what} is empty; write one, or load a promotion or a brief")
        if self.kind != "extraction" and len(words) > LONGEST_PROMPT:
            raise LabError(
                f"the prompt has {len(words):,} characters; the models read far less than {LONGEST_PROMPT:,}"
            )

    @property
    def id(self) -> str:
        """The same for equal variants: the first 16 hex digits of SHA-256 over the JSON form."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:16]

    @property
    def brief(self) -> Brief | None:
        """The brief behind the prompt. Raises LabError when it is none."""
        data = self.source.get("brief")
        if not data:
            return None
        try:
            return Brief.from_dict(data)
        except (ValueError, ArithmeticError) as error:
            raise LabError(f"the brief cannot be used: {error}") from error

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; all settings are in it, also those left at their default."""
        return {
            "kind": self.kind,
            "source": dict(self.source),
            "settings": as_json(settings_of(self.kind, self.settings)),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Variant":
        """Reads `to_dict`'s form. Raises LabError."""
        try:
            return cls(data["kind"], dict(data["source"]), dict(data.get("settings") or {}))
        except (KeyError, TypeError, ValueError) as error:
            raise error if isinstance(error, LabError) else LabError(f"not a variant: {error}") from error

    def with_settings(self, **changes: Any) -> "Variant":
        """A copy with some settings changed. Raises LabError."""
        return replace(self, settings={**self.settings, **changes})


@dataclass(frozen=True)
class Output:
    """One text of the model: as it wrote it, filled, and judged."""

    raw: str
    text: str
    tags: tuple[str, ...]
    """Placeholders in it, in order."""
    checks: tuple[Check, ...] = ()
    score: float = 0.0

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that did not pass."""
        return failures(self.checks)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "raw": self.raw,
            "text": self.text,
            "tags": list(self.tags),
            "checks": [check.to_dict() for check in self.checks],
            "score": round(self.score, 3),
        }


@dataclass(frozen=True)
class Outcome:
    """What a variant gave. Of `outputs`, `picture` and `trace` there is what its kind has; `error` when it failed."""

    variant: Variant
    outputs: tuple[Output, ...] = ()
    checked: bool = False
    """Whether there was a brief to check the texts against."""
    followed: tuple[str, ...] = ()
    """Slots in which an edited prompt differs from its brief: the checks follow the prompt."""
    similarity: float | None = None
    """Mean share of common words over all pairs of texts, 0 to 1; None with fewer than two."""
    repeats: int = 0
    """Texts that share ALIKE or more of their words with an earlier one."""
    picture: "Image | None" = None
    poster: "Image | None" = None
    opinion: tuple[tuple[str, float], ...] = ()
    """The judge's likeliest places and their probabilities, best first."""
    wanted_place: str = ""
    accepted: bool | None = None
    """Whether the judge would let the scene pass; None where it was not asked."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was really used where the variant left it open."""
    trace: Trace | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage: `load`, `generate`, `check` or `judge`, `poster`."""
    model: Mapping[str, Any] = field(default_factory=dict)
    """Name, revision, back end and its reason."""
    error: str = ""
    stopped: bool = False

    @property
    def passed(self) -> int:
        """How many texts passed every check."""
        return sum(not output.failed for output in self.outputs) if self.checked else 0

    @property
    def pass_rate(self) -> float | None:
        """Share of texts that passed every check; None where nothing was checked."""
        return self.passed / len(self.outputs) if self.checked and self.outputs else None

    def failing(self) -> list[tuple[str, int]]:
        """The checks that failed and in how many texts, most first."""
        return Counter(name for output in self.outputs for name in output.failed).most_common()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, without pictures."""
        return {
            "variant": self.variant.to_dict(),
            "outputs": [output.to_dict() for output in self.outputs],
            "pass_rate": self.pass_rate,
            "followed": list(self.followed),
            "similarity": self.similarity,
            "repeats": self.repeats,
            "opinion": [[place, round(p, 4)] for place, p in self.opinion],
            "wanted_place": self.wanted_place,
            "accepted": self.accepted,
            "facts": dict(self.facts),
            "trace": self.trace.to_dict() if self.trace else None,
            "timings": dict(self.timings),
            "model": dict(self.model),
            "error": self.error,
            "stopped": self.stopped,
        }


def run_variant(
    studio: Any, variant: Variant, engines: Engines | None = None, on_step: OnStep | None = None
) -> Outcome:
    """Runs one variant. Whatever fails stands in the Outcome's `error`; stopping (`on_step` says False) in `stopped`."""
    engines = engines or Engines(studio)
    try:
        if variant.kind == "text":
            return _run_text(studio, variant, engines, on_step)
        if variant.kind == "scene":
            return _run_scene(studio, variant, engines, on_step)
        return _run_extraction(studio, variant, engines)
    except Stopped:
        return Outcome(variant, stopped=True)
    except Exception as error:  # shown in the variant's own column; the others go on
        return Outcome(variant, error=told(error))


def told(error: BaseException) -> str:
    """An error for its column: as it is where it was written for people, else with its kind."""
    from pipelines.backends.base import BackendError
    from pipelines.models import ModelError
    from pipelines.records import RecordError
    from pipelines.scene_judge import JudgeError

    if isinstance(error, LabError | BackendError | ModelError | RecordError | JudgeError):
        return str(error)
    return f"{type(error).__name__}: {error}"


def about(backend: TextBackend | ImageBackend) -> dict[str, Any]:
    """Which weights ran, and where."""
    return {"backend": backend.name, "reason": backend.reason, **backend.model.to_dict()}


def _run_text(studio: Any, variant: Variant, engines: Engines, on_step: OnStep | None) -> Outcome:
    settings: TextSettings = settings_of("text", variant.settings)
    prompt = " ".join(str(variant.source["prompt"]).split())
    brief = variant.brief
    followed: tuple[str, ...] = ()
    if brief is not None:
        brief, followed = follow(brief, prompt)
    clock = _Clock()
    backend = engines.text(settings.model, settings.backend)
    clock.mark("load")
    raws = generate_texts(backend, prompt, settings, on_step)
    clock.mark("generate")
    outputs = tuple(_output(raw, brief, studio.catalog) for raw in raws)
    clock.mark("check")
    mean, repeats = self_similarity([output.text for output in outputs])
    return Outcome(
        variant, outputs, brief is not None, followed, mean, repeats, timings=clock.seconds, model=about(backend),
        facts={"prompt": prompt},
    )  # fmt: skip


def generate_texts(
    backend: TextBackend, prompt: str, settings: TextSettings, on_step: OnStep | None = None
) -> list[str]:
    """Raw outputs of one prompt. Raises LabError for what the back end cannot do, with the cure, and Stopped."""
    able = backend.capabilities
    if on_step is not None and not on_step(0, settings.max_tokens):
        raise Stopped
    watch: dict[str, Any] = {"on_step": on_step} if on_step is not None and able.steps else {}
    if settings.decoding == "sample":
        if not able.samples:
            raise LabError(f"the back end {backend.name!r} cannot sample (its model is compiled); choose beams")
        return backend.generate(
            [prompt], sample=True, samples=settings.samples, temperature=settings.temperature,
            top_p=settings.top_p, seed=settings.seed, max_tokens=settings.max_tokens, **watch,
        )[0]  # fmt: skip
    most = able.most_beams if able.beams else 1
    if most is not None and settings.samples > most:
        raise LabError(f"the back end {backend.name!r} returns at most {most} beam(s); ask for {most} outputs")
    return backend.generate([prompt], samples=settings.samples, max_tokens=settings.max_tokens, **watch)[0]


def _output(raw: str, brief: Brief | None, catalog: Any) -> Output:
    template = tidy(raw)
    tags = tuple(re.findall(r"\[[A-Z]+\]", template))
    if brief is None:
        return Output(raw, template, tags)
    promo = judge(template, "model", brief, catalog)
    return Output(raw, promo.text, tags, promo.checks, promo.score)


def prompt_fields(prompt: str) -> dict[str, str]:
    """The `slot=value` pairs of a writer's prompt."""
    return {name: value.strip() for name, value in _FIELD.findall(prompt.removeprefix(WRITER_PREFIX))}


def follow(brief: Brief, prompt: str) -> tuple[Brief, tuple[str, ...]]:
    """The brief that an edited prompt speaks of, and what it changed: its language and labels, and what it leaves out.

    Names and figures stay the brief's own: a prompt holds placeholders for them.
    """
    told = prompt_fields(prompt)
    changes: dict[str, Any] = {}
    if told.get("language") in LANGUAGES and told["language"] != brief.language:
        changes["language"] = told["language"]
    for slot, labels in (("packaging", PACKAGINGS), ("store", STORES), ("environment", ENVIRONMENTS)):
        if told.get(slot) in labels and told[slot] != getattr(brief, slot):
            changes[slot] = told[slot]
    for slot in ("size", "packaging", "price", "offer", "store", "environment"):
        if told.get(slot) == NOTHING and getattr(brief, slot) is not None:
            changes[slot] = None
    return brief.with_(**changes), tuple(changes)


def unfillable(prompt: str, brief: Brief, catalog: Any = None) -> tuple[str, ...]:
    """Placeholders of a prompt for which the brief has no value: texts that use them will fail their checks."""
    values = placeholder_values(brief, catalog)
    return tuple(p for p in PLACEHOLDERS if p in prompt and p.strip("[]") not in values)


def self_similarity(texts: Sequence[str]) -> tuple[float | None, int]:
    """(mean share of common words over all pairs, texts that repeat an earlier one); None with fewer than two texts.

    Common words divided by all words of both, as `pipelines.text.choose` tells texts apart.
    """
    words = [set(re.findall(r"[^\W_]+", text.lower())) for text in texts]
    shares = {
        (a, b): len(words[a] & words[b]) / max(len(words[a] | words[b]), 1)
        for a, b in itertools.combinations(range(len(words)), 2)
    }
    repeats = sum(any(shares[a, b] >= ALIKE for a in range(b)) for b in range(1, len(words)))
    return (sum(shares.values()) / len(shares) if shares else None), repeats


def _run_scene(studio: Any, variant: Variant, engines: Engines, on_step: OnStep | None) -> Outcome:
    from pipelines.scene import SEED_STRIDE, SIDE, model_picture
    from pipelines.scene_prompt import scene_prompt
    from pipelines.sketch import draw

    settings: SceneSettings = settings_of("scene", variant.settings)
    brief = variant.brief
    if brief is None:
        raise LabError("a scene starts from the sketch of a brief's place; load a promotion or a brief first")
    clock = _Clock()
    backend = engines.image(settings.model, settings.backend, settings.scheduler)
    able = backend.capabilities
    clock.mark("load")
    whole = settings.scene == "whole"
    if whole and not able.whole:
        raise LabError("this picture model knows no products: choose scene 'place', or a full-size model")
    spec = scene_prompt(brief, settings.seed, settings.style if able.whole else "illustrated")
    strength = able.strength if settings.strength is None else settings.strength
    facts: dict[str, Any] = {
        "prompt": str(variant.source["prompt"]).strip(),
        "negative_prompt": str(variant.source.get("negative_prompt") or "").strip(),
        "strength": 1.0 if whole or not able.image_to_image else strength,
        "steps": settings.steps or able.steps,
        "guidance": able.guidance if settings.guidance is None else settings.guidance,
    }
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


def _run_extraction(studio: Any, variant: Variant, engines: Engines) -> Outcome:
    settings = settings_of("extraction", variant.settings)
    clock = _Clock()
    backend = engines.text(settings.model, settings.backend)
    clock.mark("load")
    trace = _trace(backend, studio.catalog, variant.source, settings.talking)
    clock.mark("generate")
    return Outcome(variant, trace=trace, timings=clock.seconds, model=about(backend))


def _trace(backend: TextBackend, catalog: Any, source: Mapping[str, Any], talking: bool) -> Trace:
    def generate(sources: list[str]) -> list[str]:
        return [outputs[0] for outputs in backend.generate(sources)]

    started = time.perf_counter()
    asking = check_asking(source.get("asking"))
    trace = extraction_stages(str(source["message"]), asking, generate, catalog, talking=talking)
    return replace(trace, seconds=round(time.perf_counter() - started, 4), model=about(backend))


def extraction_trace(
    studio: Any, message: str, asking: str | None = None, *, talking: bool = False, engines: Engines | None = None
) -> Trace:
    """How the app reads one message, stage by stage. Raises LabError, ModelError or BackendError with the cure."""
    variant = Variant("extraction", {"message": message, "asking": asking})
    backend = (engines or Engines(studio)).text()
    return _trace(backend, studio.catalog, variant.source, talking)


class _Clock:
    """Seconds since the last mark, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def mark(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 4)
        self._last = now


@dataclass(frozen=True)
class Grid:
    """A variant under every pair of two settings' values. `variants` row by row, `axis_b` downwards."""

    base: Variant
    axis_a: Axis
    axis_b: Axis | None
    variants: tuple[Variant, ...]

    @property
    def columns(self) -> int:
        """Cells of a row."""
        return len(self.axis_a.values)

    def run(self, studio: Any, engines: Engines | None = None, on_step: OnStep | None = None) -> Iterator[Outcome]:
        """The cells' outcomes in order; what comes after a stopped one is left out."""
        engines = engines or Engines(studio)
        for variant in self.variants:
            outcome = run_variant(studio, variant, engines, on_step)
            yield outcome
            if outcome.stopped:
                return


def grid(variant: Variant, axis_a: Axis, axis_b: Axis | None = None) -> Grid:
    """A grid over one or two settings. Raises LabError when it is too large or a value is out of its range."""
    return Grid(variant, axis_a, axis_b, tuple(variant.with_settings(**c) for c in cells(axis_a, axis_b)))


@dataclass(frozen=True)
class BriefOutcome:
    """One brief of a set and what the writer made of it."""

    row: Row
    prompt: str = ""
    outcome: Outcome | None = None

    @property
    def error(self) -> str:
        """Why there is no text; empty when there is."""
        return self.row.error or (self.outcome.error if self.outcome else "")


def over_briefs(
    studio: Any,
    rows: Sequence[Row],
    settings: Mapping[str, Any],
    *,
    prompt: str | None = None,
    engines: Engines | None = None,
    on_step: OnStep | None = None,
) -> Iterator[BriefOutcome]:
    """Writes for each brief, one after the other. `prompt`: the same one for all, instead of each brief's own.

    A row without a brief, or whose writing fails, is told in its place and the others go on. Ends after a stop.
    """
    engines = engines or Engines(studio)
    for row in rows:
        if row.brief is None:
            yield BriefOutcome(row)
            continue
        text = prompt or writer_source(row.brief)
        outcome = run_variant(
            studio, Variant("text", {"prompt": text, "brief": row.brief.to_dict()}, settings), engines, on_step
        )
        yield BriefOutcome(row, text, outcome)
        if outcome.stopped:
            return


@dataclass(frozen=True)
class BatchSummary:
    """What a set of briefs came to."""

    briefs: int
    failed: int
    texts: int
    passed: int
    failing: tuple[tuple[str, int], ...]

    @property
    def pass_rate(self) -> float | None:
        """Share of texts that passed every check; None without any."""
        return self.passed / self.texts if self.texts else None


def summary(done: Sequence[BriefOutcome]) -> BatchSummary:
    """Counts over a set of briefs."""
    outcomes = [d.outcome for d in done if d.outcome is not None]
    failing: Counter[str] = Counter()
    for outcome in outcomes:
        failing.update(dict(outcome.failing()))
    return BatchSummary(
        briefs=len(done), failed=sum(bool(d.error) for d in done), texts=sum(len(o.outputs) for o in outcomes),
        passed=sum(o.passed for o in outcomes), failing=tuple(failing.most_common()),
    )  # fmt: skip


BATCH_HEAD = ("line", "name", *("product", "language", "prompt", "outputs", "passed", "pass_rate", "failed_checks",
              "similarity", "seconds", "first_text", "error"))  # fmt: skip


def batch_table(done: Sequence[BriefOutcome]) -> list[list[object]]:
    """The lines under BATCH_HEAD, one a brief."""
    table: list[list[object]] = []
    for d in done:
        brief, o = d.row.brief, d.outcome
        rate = o.pass_rate if o else None
        table.append([
            d.row.number, d.row.name, brief.product if brief else "", brief.language if brief else "", d.prompt,
            len(o.outputs) if o else 0, o.passed if o else 0, "" if rate is None else f"{rate:.3f}",
            " ".join(f"{name}:{count}" for name, count in o.failing()) if o else "",
            "" if o is None or o.similarity is None else f"{o.similarity:.3f}",
            f"{sum(o.timings.values()):.3f}" if o else "", o.outputs[0].text if o and o.outputs else "", d.error,
        ])  # fmt: skip
    return table


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


@dataclass(frozen=True)
class Progress:
    """How far the work in hand is."""

    step: int
    steps: int


def watched(work: Callable[[OnStep], Iterator[Any]], stopped: Callable[[], bool]) -> Iterator[Any]:
    """Runs `work` in a thread and yields its results, and a Progress for each step between them.

    `work` is handed the `on_step` that it must pass on. Leaving the iteration, or `stopped`, ends it within one step.
    """
    left = threading.Event()
    events: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_step(step: int, steps: int) -> bool:
        events.put(("step", Progress(step, steps)))
        return not (left.is_set() or stopped())

    def run() -> None:
        try:
            for result in work(on_step):
                events.put(("result", result))
                if left.is_set():
                    break
        except BaseException as error:  # handed over to whoever iterates
            events.put(("error", error))
        finally:
            events.put(("end", None))

    threading.Thread(target=run, name="promo-studio-lab", daemon=True).start()
    try:
        while True:
            kind, value = events.get()
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
    finally:
        left.set()


__all__ = [
    "BATCH_HEAD", "Axis", "BatchSummary", "BriefOutcome", "Engines", "Grid", "LabError", "Outcome", "Output", "Progress",
    "Row", "Variant", "batch_table", "extraction_trace", "follow", "generate_texts", "grid", "over_briefs",
    "prompt_fields", "run_variant", "self_similarity", "summary", "told", "unfillable", "variants_for", "variants_of", "watched",
]  # fmt: skip
