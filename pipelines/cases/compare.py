"""Two cases side by side, as data: which fields differ, and what each gave. Knows no screens."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.cases.model import Case, held

OUTPUTS = ("outputs", "slots", "removed", "offer", "variant", "picture", "scenes", "templates", "checks")
"""Of `expected`: shown side by side, not as differing fields."""


@dataclass(frozen=True)
class Difference:
    """A field that differs: its path (`source.brief.slots.price`) and both values; None where it is absent."""

    field: str
    a: Any
    b: Any


@dataclass(frozen=True)
class Side:
    """One output of each, the same number of both; None where one has fewer."""

    part: str
    a: Any
    b: Any

    @property
    def same(self) -> bool:
        """Whether both are equal."""
        return bool(self.a == self.b)


@dataclass(frozen=True)
class Comparison:
    """What `compare` found. `checks`: name -> (held in a, held in b), of all that held in either."""

    a: Case
    b: Case
    fields: tuple[Difference, ...]
    outputs: tuple[Side, ...]
    checks: dict[str, tuple[bool, bool]]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "a": {"id": self.a.id, "name": self.a.name},
            "b": {"id": self.b.id, "name": self.b.name},
            "fields": [asdict(difference) for difference in self.fields],
            "outputs": [{**asdict(side), "same": side.same} for side in self.outputs],
            "checks": {name: list(both) for name, both in self.checks.items()},
        }


def compare(a: Case, b: Case) -> Comparison:
    """Compares two cases, of the same kind or not."""
    sides = [flat({**case.to_dict(), "expected": _rest(case.expected)}) for case in (a, b)]
    names = [name for name in dict.fromkeys([*sides[0], *sides[1]]) if name not in ("id", "created")]
    differing = tuple(
        Difference(name, sides[0].get(name), sides[1].get(name))
        for name in names
        if sides[0].get(name) != sides[1].get(name)
    )
    one, other = held(a.expected), held(b.expected)
    return Comparison(
        a, b, differing,
        tuple(_outputs(a, b)),
        {name: (name in one, name in other) for name in sorted(one | other)},
    )  # fmt: skip


def outputs_of(expected: dict[str, Any]) -> dict[str, Any]:
    """What a case gave, by part: `text-1`, ..., the slots of an extraction, `picture-1`, ... (PNG as base64)."""
    parts: dict[str, Any] = {f"text-{n}": text for n, text in enumerate(expected.get("outputs") or [], 1)}
    slots = expected.get("slots")
    parts |= slots if isinstance(slots, dict) else {}
    parts |= {name: expected[name] for name in ("removed", "offer", "variant") if expected.get(name)}
    scenes = expected.get("scenes") or ([expected] if expected.get("picture") else [])
    pictures = [scene.get("picture") if isinstance(scene, dict) else None for scene in scenes]
    return parts | {f"picture-{n}": picture for n, picture in enumerate(pictures, 1)}


def flat(data: Any, path: str = "") -> dict[str, Any]:
    """JSON data as {path: value}; lists stay whole."""
    if not isinstance(data, dict):
        return {path: data}
    found: dict[str, Any] = {}
    for name, value in data.items():
        found |= flat(value, f"{path}.{name}" if path else str(name))
    return found


def shown(value: Any) -> str:
    """A value as a person reads it."""
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rest(expected: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in expected.items() if name not in OUTPUTS}


def _outputs(a: Case, b: Case) -> list[Side]:
    one, other = outputs_of(a.expected), outputs_of(b.expected)
    return [Side(name, one.get(name), other.get(name)) for name in dict.fromkeys([*one, *other])]
