"""The lab's nouns: a Variant says what to run, an Outcome what came of it.

A variant is plain JSON: what goes in and every setting. Runs nothing; knows no model and no screen.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipelines.backends.base import ImageBackend, TextBackend
from pipelines.checks import Check, failures
from pipelines.lab_briefs import read_brief
from pipelines.lab_errors import LabError
from pipelines.lab_settings import LONGEST_PROMPT, Kind, as_json, settings_of
from pipelines.lab_trace import Trace
from slots.brief import Brief

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_VARIANTS = 4


@dataclass(frozen=True)
class Variant:
    """What to run. `source`: by kind `{"prompt", "brief"}`, `{"prompt", "negative_prompt", "brief", "headline"}`, or
    `{"message", "asking"}`; `brief` in the JSON form of Brief, or absent. A scene with a brief may have an empty
    prompt: then the app's own is used. Raises LabError.
    """

    kind: Kind
    source: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings_of(self.kind, self.settings)
        words = self.source.get("message" if self.kind == "extraction" else "prompt")
        own = self.kind == "scene" and self.source.get("brief")  # whose prompt the app writes where none is given
        if not isinstance(words, str) or not (words.strip() or own):
            raise LabError("no_message" if self.kind == "extraction" else "no_prompt")
        if self.kind != "extraction" and len(words) > LONGEST_PROMPT:
            raise LabError("long_prompt", size=f"{len(words):,}", most=f"{LONGEST_PROMPT:,}")

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
            return read_brief(data)
        except LabError as error:
            raise LabError("brief_unusable", error=error) from error

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
            raise error if isinstance(error, LabError) else LabError("no_variant", error=error) from error

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
    cause: Exception | None = None
    """The error itself, for screens that word it in their language."""
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


def about(backend: TextBackend | ImageBackend) -> dict[str, Any]:
    """Which weights ran, and where."""
    return {"backend": backend.name, "reason": backend.reason, **backend.model.to_dict()}


class Clock:
    """Seconds since the last mark, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def mark(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 4)
        self._last = now
