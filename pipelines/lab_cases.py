"""Saved cases as the lab runs them: a case as variants, the briefs of many cases as rows.

Knows the nouns of `pipelines.cases`, not where they are kept.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pipelines.lab_briefs import Row, row_of
from pipelines.lab_errors import LabError
from pipelines.lab_settings import SceneSettings
from pipelines.lab_start import variants_for
from pipelines.lab_variant import Outcome, Variant
from slots.brief import Brief
from slots.catalog import Catalog

if TYPE_CHECKING:
    from pipelines.backends.base import ImageBackend
    from pipelines.cases import Case, Vote


def variants_of(case: "Case", backend: "ImageBackend | None" = None) -> list[Variant]:
    """What a case runs, as variants of the lab. `backend`: the picture model, for cases that name no scene prompt.

    Raises LabError for a case that cannot be read here.
    """
    source = dict(case.source)
    try:
        if case.kind == "extraction" or source.get("prompt"):
            kind: Any = "text" if case.kind == "promotion" else case.kind
            return [Variant(kind, source, case.settings)]
        brief = Brief.from_dict(source["brief"])
        seed = int(case.settings.get("seed") or 0)
        found = variants_for(brief, None if case.kind == "text" else backend, seed)
        told = {f.name: case.settings[f.name] for f in fields(SceneSettings) if case.settings.get(f.name) is not None}
        return [variant.with_settings(**told) if variant.kind == "scene" else variant for variant in found]
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise LabError("case_unreadable", case=repr(case.name), error=error) from error


def rows_of(cases: "Sequence[Case]", catalog: Catalog, limit: int) -> list[Row]:
    """The briefs of saved cases; cases without one (readings) are left out. Raises LabError for more than `limit`."""
    briefs = [case for case in cases if isinstance(case.source.get("brief"), dict)]
    if len(briefs) > limit:
        raise LabError("many_cases", count=len(briefs), most=limit)
    return [row_of(n, case.source["brief"], catalog, case.name) for n, case in enumerate(briefs, 1)]


def vote_of(outcome: Outcome, who: str, part: str, thumb: int, stars: int | None, comment: str) -> "Vote":
    """A vote on a variant (`whole`) or on one of its texts (`text-1`), with what it is about: nothing else keeps a variant.

    Raises LabError for a text that is not there, and ValueError as `Vote` does.
    """
    from pipelines.cases import Vote
    from pipelines.cases.make import subject_of_output

    variant = outcome.variant
    subject: dict[str, Any] = {"variant": variant.to_dict()}
    if part.startswith("text-"):
        number = int(part.removeprefix("text-"))
        if not 1 <= number <= len(outcome.outputs):
            raise LabError("no_text", number=number, count=len(outcome.outputs))
        subject |= subject_of_output(outcome, number - 1)
    return Vote("variant", variant.id, who, part, thumb, stars, comment, subject)
