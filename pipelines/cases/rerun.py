"""Runs saved cases again and tells what changed: the regression report, as data, JSON and Markdown.

The rule: a case fails when a check that held when it was saved does not pass now, or when it had such checks and cannot be
run any more. Changed outputs alone fail nothing. A case whose model is gone is told, and fails nothing. Knows no models.
"""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.cases.compare import Side, outputs_of, shown
from pipelines.cases.measure import DISTANCE, Measured, ModelGone
from pipelines.cases.model import Case, CaseError, held, now

FAILED, ERROR, GONE, BETTER, CHANGED, SAME, NEW = "failed", "error", "model gone", "better", "changed", "same", "new"
"""A held check fails; it cannot be run; its model is not there; a check passes that did not; other outputs; the same; it
was saved without outputs and checks, so there is nothing to compare."""
ORDER = (FAILED, ERROR, GONE, BETTER, CHANGED, NEW, SAME)
NEAR = 0.005
"""Pictures nearer than this count as the same."""


@dataclass(frozen=True)
class Rerun:
    """One case then and now."""

    case: Case
    status: str
    problem: str = ""
    """Why it could not be run."""
    failing: dict[str, str] = field(default_factory=dict)
    """Checks that held and do not pass now, and what was found."""
    passing: tuple[str, ...] = ()
    """Checks that pass now and did not when it was saved."""
    unknown: tuple[str, ...] = ()
    """Checks that held and that nobody makes any more."""
    outputs: tuple[Side, ...] = ()
    """Then (`a`) and now (`b`)."""
    distances: tuple[float | None, ...] = ()
    figures: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    models: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By kind of model: name and revision then, and now."""
    seconds: tuple[float | None, float | None] = (None, None)
    measured: Measured | None = None

    @property
    def fails(self) -> bool:
        """Whether this case makes the command end with 1."""
        return bool(self.failing) or (self.status == ERROR and bool(held(self.case.expected)))

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; pictures stay in the store and in the report's folder."""
        return {
            "id": self.case.id,
            "name": self.case.name,
            "kind": self.case.kind,
            "status": self.status,
            "fails": self.fails,
            "problem": self.problem,
            "failing": dict(self.failing),
            "passing": list(self.passing),
            "unknown": list(self.unknown),
            "outputs": [
                {"part": side.part, "then": side.a, "now": side.b, "same": side.same}
                for side in self.outputs
                if not side.part.startswith("picture-")
            ],
            "distances": list(self.distances),
            "figures": {name: {"then": a, "now": b} for name, (a, b) in self.figures.items()},
            "models": {kind: {"then": a, "now": b} for kind, (a, b) in self.models.items()},
            "seconds": {"then": self.seconds[0], "now": self.seconds[1]},
        }


def rerun(case: Case, measure: Callable[[Case], Measured]) -> Rerun:
    """Runs one case again; whatever goes wrong stands in the result."""
    try:
        measured = measure(case)
    except ModelGone as error:
        return Rerun(case, GONE, str(error), models=_models(case, None))
    except CaseError as error:
        return Rerun(case, ERROR, str(error), models=_models(case, None))
    except Exception as error:  # one case must not keep the others from being run
        return Rerun(case, ERROR, f"{type(error).__name__}: {error}", models=_models(case, None))
    before = held(case.expected) | ({DISTANCE} if "most_distance" in case.expected else set())
    failing = {
        name: measured.details.get(name, "") for name in sorted(before) if measured.checks.get(name, True) is False
    }
    passing = tuple(sorted(name for name, passed in measured.checks.items() if passed and name not in before))
    one, other = outputs_of(case.expected), outputs_of(measured.expected)
    outputs = tuple(Side(part, one.get(part), other.get(part)) for part in dict.fromkeys([*one, *other]))
    differs = any(not side.same for side in outputs if not side.part.startswith("picture-"))
    moved = any(d is None or d >= NEAR for d in measured.distances)
    compared = bool(one or before)
    if failing:
        status = FAILED
    elif not compared:
        status = NEW
    elif passing and before:
        status = BETTER
    else:
        status = CHANGED if differs or moved else SAME
    return Rerun(
        case, status, "", failing, passing if compared else (), tuple(sorted(before - set(measured.checks))), outputs,
        tuple(measured.distances), _figures(case.expected, measured.expected), _models(case, measured),
        (total(case.expected.get("seconds")), total(measured.expected.get("seconds"))), measured,
    )  # fmt: skip


def total(seconds: Any) -> float | None:
    """Seconds of all stages together: a number, or numbers (and lists of them) by stage; None without any."""
    if isinstance(seconds, bool):
        return None
    if isinstance(seconds, int | float):
        return float(seconds)
    parts = seconds.values() if isinstance(seconds, dict) else seconds if isinstance(seconds, list) else ()
    found = [part for part in map(total, parts) if part is not None]
    return round(sum(found), 3) if found else None


def report(runs: Sequence[Rerun]) -> dict[str, Any]:
    """The JSON report."""
    counts = Counter(run.status for run in runs)
    return {
        "format": "promo-studio-case-report",
        "version": 1,
        "date": now(),
        "fails": any(run.fails for run in runs),
        "counts": {status: counts[status] for status in ORDER if counts[status]},
        "cases": [run.to_dict() for run in runs],
    }


def markdown(runs: Sequence[Rerun], pictures: dict[str, tuple[str, str]] | None = None) -> str:
    """The report for people. `pictures`: file names (then, now) by `ID picture-N`."""
    counts = Counter(run.status for run in runs)
    told = ", ".join(f"{counts[status]} {status}" for status in ORDER if counts[status]) or "no cases"
    broken = sum(run.fails for run in runs)
    lines = [
        "# Saved cases on the present models", "",
        f"{now()[:16].replace('T', ' ')}: {len(runs)} run: {told}. "
        + (f"**{broken} with checks that held and do not pass now.**" if broken else "Every check that held still holds."),
        "", "| case | kind | what changed | seconds then, now |", "|---|---|---|---|",
    ]  # fmt: skip
    ordered = sorted(runs, key=lambda run: ORDER.index(run.status))
    lines += [f"| {md(run.case.name)} | {run.case.kind} | {_gist(run)} | {_both(run.seconds)} |" for run in ordered]
    for run in ordered:
        if run.status != SAME:
            lines += ["", f"## {md(run.case.name)}", "", f"`{run.case.id}`, {run.case.kind}: **{run.status}**"]
            lines += _details(run, pictures or {})
    return "\n".join(lines) + "\n"


def line(run: Rerun) -> str:
    """One case in one line for a terminal."""
    name = "".join(c if c.isprintable() else " " for c in run.case.name)
    more = run.problem or "; ".join(f"{check}: {found}" if found else check for check, found in run.failing.items())
    more = more or (f"now also passes {', '.join(run.passing)}" if run.status == BETTER else "")
    return f"{run.status:>10}  {run.case.kind:<10}  {run.case.id}  {name}" + (f"  ({more})" if more else "")


def pictures_of(runs: Iterable[Rerun]) -> dict[str, tuple[bytes | None, bytes | None]]:
    """The small pictures of each case, PNG (then, now), by `ID picture-N`."""
    found = {}
    for run in runs:
        for side in run.outputs:
            if side.part.startswith("picture-"):
                found[f"{run.case.id} {side.part}"] = (_png(side.a), _png(side.b))
    return found


def md(text: str) -> str:
    """Text inside Markdown: on one line, nothing in it is markup."""
    plain = re.sub(r"([\\`*_\[\]|~])", r"\\\1", " ".join(text.split())).replace("<", "&lt;")
    return re.sub(r"^([#>+-])", r"\\\1", plain)


def _gist(run: Rerun) -> str:
    if run.failing:
        return f"**fails {md(', '.join(run.failing))}**"
    changed = sum(not side.same for side in run.outputs if not side.part.startswith("picture-"))
    parts = [run.status]
    if run.passing:
        parts.append(f"passes {md(', '.join(run.passing))}")
    if changed:
        parts.append(f"{changed} of {len(run.outputs)} outputs differ")
    return "; ".join(parts)


def _details(run: Rerun, pictures: dict[str, tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    if run.problem:
        lines += ["", md(run.problem)]
    if run.failing:
        lines += ["", "Held, and does not pass now:", ""]
        lines += [f"- **{md(name)}**" + (f": {md(found)}" if found else "") for name, found in run.failing.items()]
    if run.passing:
        lines += ["", f"Passes now: {md(', '.join(run.passing))}"]
    if run.unknown:
        lines += ["", f"Held, and is checked no more: {md(', '.join(run.unknown))}"]
    sides = [side for side in run.outputs if not side.part.startswith("picture-") and not side.same]
    if sides:
        lines += ["", "| | then | now |", "|---|---|---|"]
        lines += [f"| {md(side.part)} | {md(shown(side.a))} | {md(shown(side.b))} |" for side in sides]
    for number, apart in enumerate(run.distances, 1):
        told = "no saved picture" if apart is None else f"distance {apart:g} (0 equal, 1 black and white)"
        lines += ["", f"Picture {number}: {told}"]
        if names := pictures.get(f"{run.case.id} picture-{number}"):
            lines += [
                "",
                " ".join(f"![{when}]({name})" for when, name in zip(("then", "now"), names, strict=True) if name),
            ]
    facts = [f"{md(kind)} {md(a)} then, {md(b)} now" for kind, (a, b) in run.models.items() if a != b]
    facts += [f"{md(name)} {md(shown(a))} then, {md(shown(b))} now" for name, (a, b) in run.figures.items() if a != b]
    if facts:
        lines += ["", "; ".join(facts)]
    return lines


def _both(seconds: tuple[float | None, float | None]) -> str:
    return ", ".join("–" if s is None else f"{s:.2f}" for s in seconds)


def _models(case: Case, measured: Measured | None) -> dict[str, tuple[str, str]]:
    after = measured.models if measured else {}
    kinds = [kind for kind in ("text", "image") if kind in case.models or kind in after]
    return {kind: (_named(case.models.get(kind)), _named(after.get(kind))) for kind in kinds}


def _named(model: Any) -> str:
    if not isinstance(model, dict):
        return "unknown"
    revision = f"@{model['revision']}" if model.get("revision") else ""
    return f"{model.get('name') or 'unknown'}{revision}" + (f" on {model['backend']}" if model.get("backend") else "")


def _figures(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    one = before.get("figures") if isinstance(before.get("figures"), dict) else {}
    other = after.get("figures") or {}
    return {name: ((one or {}).get(name), other.get(name)) for name in dict.fromkeys([*(one or {}), *other])}


def _png(data: Any) -> bytes | None:
    try:
        raw = base64.b64decode(data, validate=True)
    except (TypeError, ValueError):
        return None
    return raw if raw.startswith(b"\x89PNG\r\n\x1a\n") else None
