"""Many variants: a grid over two settings, and one prompt or one set of settings over many briefs, with its table.

Runs them through `pipelines.lab_run`, one after the other; knows no screen.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.backends.base import OnStep
from pipelines.lab_briefs import Row
from pipelines.lab_engines import Engines
from pipelines.lab_run import run_variant
from pipelines.lab_settings import Axis, cells
from pipelines.lab_variant import Outcome, Variant
from pipelines.prompts import writer_source


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
    """A grid over one or two settings; one over a poster's settings shows posters. Raises LabError when it is too large or a
    value is out of its range."""
    if {axis_a.name, axis_b.name if axis_b else ""} & {"layout", "format"}:
        variant = variant.with_settings(poster=True)
    return Grid(variant, axis_a, axis_b, tuple(variant.with_settings(**c) for c in cells(axis_a, axis_b)))


@dataclass(frozen=True)
class Way:
    """How a set of briefs is written. `prompt`: the same one for all; None: each brief's own. `letter`: the variant it is from."""

    settings: Mapping[str, Any]
    prompt: str | None = None
    letter: str = ""


@dataclass(frozen=True)
class BriefOutcome:
    """One brief of a set and what the writer made of it in one way."""

    row: Row
    prompt: str = ""
    outcome: Outcome | None = None
    letter: str = ""

    @property
    def error(self) -> str:
        """Why there is no text; empty when there is."""
        return self.row.error or (self.outcome.error if self.outcome else "")

    @property
    def cause(self) -> Exception | None:
        """The error behind `error`, for screens that word it in their language."""
        return self.row.cause or (self.outcome.cause if self.outcome else None)


def over_briefs(
    studio: Any,
    rows: Sequence[Row],
    ways: Sequence[Way],
    *,
    engines: Engines | None = None,
    on_step: OnStep | None = None,
) -> Iterator[BriefOutcome]:
    """Writes for each brief in each way, brief after brief, so that ways stand side by side at once.

    A row without a brief is told once, in its place; one whose writing fails spoils no other. Ends after a stop.
    """
    engines = engines or Engines(studio)
    for row in rows:
        if row.brief is None:
            yield BriefOutcome(row)
            continue
        for way in ways:
            text = way.prompt or writer_source(row.brief)
            variant = Variant("text", {"prompt": text, "brief": row.brief.to_dict()}, way.settings)
            outcome = run_variant(studio, variant, engines, on_step)
            yield BriefOutcome(row, text, outcome, way.letter)
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
        briefs=len({d.row.number for d in done}), failed=sum(bool(d.error) for d in done), texts=sum(len(o.outputs) for o in outcomes),
        passed=sum(o.passed for o in outcomes), failing=tuple(failing.most_common()),
    )  # fmt: skip


BATCH_HEAD = ("line", "name", "lab_variant", *("product", "language", "prompt", "outputs", "passed", "pass_rate", "failed_checks",
              "similarity", "seconds", "first_text", "error"))  # fmt: skip


def batch_table(done: Sequence[BriefOutcome]) -> list[list[object]]:
    """The lines under BATCH_HEAD, one a brief and way."""
    table: list[list[object]] = []
    for d in done:
        brief, o = d.row.brief, d.outcome
        rate = o.pass_rate if o else None
        table.append([
            d.row.number, d.row.name, d.letter, brief.product if brief else "", brief.language if brief else "", d.prompt,
            len(o.outputs) if o else 0, o.passed if o else 0, "" if rate is None else f"{rate:.3f}",
            " ".join(f"{name}:{count}" for name, count in o.failing()) if o else "",
            "" if o is None or o.similarity is None else f"{o.similarity:.3f}",
            f"{sum(o.timings.values()):.3f}" if o else "", o.outputs[0].text if o and o.outputs else "", d.error,
        ])  # fmt: skip
    return table
