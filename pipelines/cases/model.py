"""The nouns of prompt testing: a Case (something to be run again), a Vote (what a person thinks of a text or picture) and its
summary. Plain data with limits; knows nothing of databases, models and screens.

What a case holds, by kind (all JSON; keys that a case does not need are left out):

    extraction   source    {"message", "asking": slot or null, "previous": language}; settings {"talking": bool}
                 expected  {"slots": {...}, "removed": [...], "offer", "variant", "checks": [names that held]}
    text         source    {"brief": {...}}: as the app writes; settings {"seed", "count"}
                 or        {"brief": {...}, "prompt": an exact T5 source}: as the lab runs it; settings those of
                           `pipelines.lab_settings.TextSettings`
                 expected  {"outputs": [texts], "templates": [texts with placeholders], "checks": [...], "figures": {...}}
    scene        source    {"brief": {...}}: as the app paints; settings {"seed", "steps", "guidance", "strength", "scene", "style"}
                 or        {"brief": {...}, "prompt", "negative_prompt"}: as the lab runs it; settings those of `SceneSettings`
                 expected  {"place", "picture": PNG as base64, "checks": [...], "most_distance": 0..1 where it matters}
    promotion    source    {"brief": {...}, "turns": [messages], "id": the promotion's}; settings: `pipelines.promotion.Settings`
                 expected  {"brief": {...}, "outputs", "templates", "scenes": [{"place", "picture"}], "checks": [...]}

All but promotions may name what runs in their settings, "model" and "backend" (else what the app was started with). Any
`expected` may hold "seconds". `pipelines.cases.make` makes cases from what the lab and the studio made.
`expected["checks"]` may also be {name: held} or [{"name", "passed"}].
"""

import json
import secrets
import time
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

Kind = Literal["extraction", "text", "scene", "promotion"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Target = Literal["promotion", "case", "variant"]
TARGETS: tuple[Target, ...] = get_args(Target)

NAME, COMMENT, IDENTIFIER = 200, 2000, 120
"""Most characters of a name or author, of a comment, and of an id or part."""
JSON_BYTES = 4 * 1024 * 1024
"""Most bytes of one JSON field: a promotion's eight small pictures fit many times."""

DEEPEST = 40
"""Levels of a JSON field."""


class CaseError(RuntimeError):
    """A case or vote cannot be kept, found or run; the message says which, and the cure."""


class NoCase(CaseError):
    """There is no case of that id."""


@dataclass(frozen=True)
class Case:
    """Something to be run again on other models: see the module's docstring for what each kind holds."""

    name: str
    kind: Kind
    source: dict[str, Any]
    settings: dict[str, Any] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)
    """What was made, and the names of the checks that held."""
    models: dict[str, Any] = field(default_factory=dict)
    """What ran: {"text": {"name", "revision", "backend"}, "image": {...}}."""
    author: str = ""
    created: str = ""
    """ISO 8601 with offset; empty until it is saved."""
    archived: bool = False
    id: str = ""
    """Empty until it is saved."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a case cannot be of kind {self.kind!r}; choose one of: {', '.join(KINDS)}")
        for name, most in (("name", NAME), ("author", NAME), ("id", IDENTIFIER), ("created", IDENTIFIER)):
            _text(name, getattr(self, name), most)
        if not self.name.strip():
            raise ValueError('a case needs a name, for instance "Coca 2 L, beach"')
        for name in ("source", "settings", "expected", "models"):
            _object(name, getattr(self, name))
        if not self.source:
            raise ValueError("a case needs a source: a message, a prompt or a brief")

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Case":
        """Reads `to_dict`'s form; raises ValueError that names what is missing, unknown or wrong."""
        return cls(**_known(cls, data, "case"))


@dataclass(frozen=True)
class Vote:
    """What one person thinks of one part of a promotion, case or variant."""

    target_kind: Target
    target_id: str
    who: str
    """Who votes: a name, or the visitor's own id."""
    part: str = "whole"
    """`text-1`, `poster-2`, `whole`, ..."""
    thumb: int = 0
    """1 up, -1 down, 0 neither."""
    stars: int | None = None
    """1 to 5."""
    comment: str = ""
    subject: dict[str, Any] = field(default_factory=dict)
    """What was voted on, where nothing else keeps it (a variant): {"prompt", "text", "template", "brief"}."""
    created: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if self.target_kind not in TARGETS:
            raise ValueError(f"nobody can vote on a {self.target_kind!r}; choose one of: {', '.join(TARGETS)}")
        for name, most in (
            ("target_id", IDENTIFIER), ("who", NAME), ("part", IDENTIFIER), ("comment", COMMENT),
            ("created", IDENTIFIER), ("id", IDENTIFIER),
        ):  # fmt: skip
            _text(name, getattr(self, name), most)
        for name, cure in (("target_id", "say what it is about"), ("who", "say who votes"), ("part", "say which part")):
            if not getattr(self, name).strip():
                raise ValueError(f"a vote needs {name}: {cure}")
        if isinstance(self.thumb, bool) or self.thumb not in (-1, 0, 1):
            raise ValueError(f"thumb must be -1, 0 or 1, not {self.thumb!r}")
        if isinstance(self.stars, bool) or self.stars not in (None, 1, 2, 3, 4, 5):
            raise ValueError(f"stars must be 1 to 5 or null, not {self.stars!r}")
        _object("subject", self.subject)

    @property
    def voter(self) -> str:
        """By whom one vote counts once: `who` without regard to capitals and spaces."""
        return " ".join(unicodedata.normalize("NFKC", self.who).casefold().split())

    @property
    def opinion(self) -> int:
        """1 for, -1 against, 0 neither: the thumb, else the stars (4 and 5 for, 1 and 2 against)."""
        if self.thumb or self.stars is None:
            return self.thumb
        return (self.stars > 3) - (self.stars < 3)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Vote":
        """Reads `to_dict`'s form; raises ValueError that names what is missing, unknown or wrong."""
        return cls(**_known(cls, data, "vote"))


@dataclass(frozen=True)
class VoteSummary:
    """The votes on one thing: thumbs up and down, the mean of the stars (None without), how many people voted."""

    up: int = 0
    down: int = 0
    mean: float | None = None
    count: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def held(expected: dict[str, Any]) -> set[str]:
    """The names of the checks that held when a case was saved, in whichever of the three forms they stand."""
    checks = expected.get("checks") or ()
    if isinstance(checks, dict):
        return {str(name) for name, passed in checks.items() if passed}
    return {
        str(check.get("name")) if isinstance(check, dict) else str(check)
        for check in checks
        if not isinstance(check, dict) or check.get("passed")
    }


def new_id() -> str:
    """A name that sorts by time and cannot be guessed (64 random bits)."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(8)}"


def now() -> str:
    """This moment as cases and votes record it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def to_json(data: Any) -> str:
    """One line of JSON, as it is stored. Raises ValueError for what JSON cannot hold (NaN, sets, halves of characters)."""
    try:
        line = json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True)
        line.encode()
    except (TypeError, ValueError) as error:
        raise ValueError(f"not plain JSON data: {error}") from error
    return line


def _text(name: str, value: Any, most: int) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {value!r}")
    if len(value) > most:
        raise ValueError(f"{name} has {len(value)} characters; {most} at most")
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError(f"{name} holds characters that are no text")


def _object(name: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a JSON object, not {type(value).__name__}")
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"{name} is nested more than {DEEPEST} deep")
        parts = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
        level = [part for part in parts if isinstance(part, dict | list)]
    try:
        size = len(to_json(value).encode())
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if size > JSON_BYTES:
        raise ValueError(f"{name} has {size} bytes; {JSON_BYTES} at most: keep smaller pictures")


def _known(cls: type, data: Any, noun: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"a {noun} is a JSON object")
    names = {f.name for f in fields(cls)}
    if unknown := sorted(set(data) - names):
        raise ValueError(f"unknown field of a {noun}: {', '.join(unknown)}; known: {', '.join(sorted(names))}")
    needed = ("name", "kind", "source") if cls is Case else ("target_kind", "target_id", "who")
    if missing := [name for name in needed if name not in data]:
        raise ValueError(f"a {noun} needs {', '.join(missing)}")
    if not isinstance(data.get("archived", False), bool):
        raise ValueError("archived must be true or false")
    return dict(data)
