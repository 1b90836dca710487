"""What may be set in the prompt lab: settings of a text, a scene and a reading, checked when they are made; and the axes of a grid.

Plain values that JSON holds, so that a case can keep them. Knows no model, no file and no screen.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from pipelines.lab_errors import LabError
from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.promotion import SCENES
from pipelines.scene_prompt import STYLES
from pipelines.text import TEMPERATURE
from slots.schema import SLOTS

Kind = Literal["text", "scene", "extraction"]
KINDS: tuple[Kind, ...] = get_args(Kind)

DECODINGS = ("sample", "beams")
MOST_SAMPLES = 16
MOST_TOKENS = 256
MOST_STEPS = 100
LONGEST_PROMPT = 2000
"""Characters of a prompt: several times what any of the models reads."""
MOST_SEED = 2**31 - 1
MOST_CELLS = 25
MOST_VALUES = 8
"""Values of one axis of a grid: a wider sheet cannot be read."""


def _number(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> float:
    """`value` as a number from `low` to `high`. Raises LabError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LabError("no_number", name=name, low=f"{low:g}", high=f"{high:g}", value=repr(value))
    if whole and value != int(value):
        raise LabError("not_whole", name=name, value=f"{value:g}")
    if not low <= value <= high:
        raise LabError("out_of_range", name=name, low=f"{low:g}", high=f"{high:g}", value=f"{value:g}")
    return int(value) if whole else float(value)


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise LabError("no_choice", name=name, value=repr(value), choices=", ".join(choices))


def _put(settings: Any, **values: Any) -> None:
    for name, value in values.items():
        object.__setattr__(settings, name, value)


@dataclass(frozen=True)
class TextSettings:
    """How the T5 writes. Raises LabError when a value is out of its range."""

    decoding: str = "sample"
    """`sample` draws with temperature and top-p; `beams` takes the best of a beam search `samples` wide."""
    temperature: float = TEMPERATURE
    top_p: float = 0.95
    samples: int = 4
    seed: int = 0
    max_tokens: int = 96
    model: str = ""
    """One of `Engines.models("text")`; empty: the one that the app was started with."""
    backend: str = ""
    """One of `Engines.backends("text")`; empty: the one that the app was started with."""

    def __post_init__(self) -> None:
        _one_of("decoding", self.decoding, DECODINGS)
        _put(
            self,
            temperature=_number("temperature", self.temperature, 0.05, 3),
            top_p=_number("top_p", self.top_p, 0.01, 1),
            samples=_number("samples", self.samples, 1, MOST_SAMPLES, whole=True),
            seed=_number("seed", self.seed, 0, MOST_SEED, whole=True),
            max_tokens=_number("max_tokens", self.max_tokens, 4, MOST_TOKENS, whole=True),
        )


@dataclass(frozen=True)
class SceneSettings:
    """How the picture model paints. None: what suits the model. Raises LabError when a value is out of its range."""

    steps: int | None = None
    guidance: float | None = None
    strength: float | None = None
    seed: int = 0
    """Of the sketch and of the noise."""
    attempt: int = 0
    """Which try of a promotion: 1 is the one that is made where the judge refused the first (the sketch stays)."""
    scheduler: str = ""
    """One of `Engines.schedulers(...)`; empty: the checkpoint's own."""
    scene: str = "place"
    style: str = "illustrated"
    poster: bool = False
    """Show it as a poster too."""
    layout: str = "hero"
    format: str = "1:1"
    model: str = ""
    backend: str = ""

    def __post_init__(self) -> None:
        if self.steps is not None:
            _put(self, steps=_number("steps", self.steps, 1, MOST_STEPS, whole=True))
        if self.guidance is not None:
            _put(self, guidance=_number("guidance", self.guidance, 0, 30))
        if self.strength is not None:
            _put(self, strength=_number("strength", self.strength, 0, 1))
        _put(
            self,
            seed=_number("seed", self.seed, 0, MOST_SEED, whole=True),
            attempt=_number("attempt", self.attempt, 0, 9, whole=True),
        )
        _one_of("scene", self.scene, SCENES)
        _one_of("style", self.style, tuple(STYLES))
        _one_of("layout", self.layout, tuple(LAYOUTS))
        _one_of("format", self.format, tuple(FORMATS))


@dataclass(frozen=True)
class ReadingSettings:
    """How a message is read. `talking`: a promotion is being talked of already."""

    talking: bool = False
    model: str = ""
    backend: str = ""


Settings = TextSettings | SceneSettings | ReadingSettings
_CLASSES: dict[str, type[Any]] = {"text": TextSettings, "scene": SceneSettings, "extraction": ReadingSettings}


def settings_of(kind: str, data: Mapping[str, Any] | None = None) -> Any:
    """The settings of a kind from JSON. Raises LabError for unknown names, which it lists, and for wrong values."""
    _one_of("kind", kind, KINDS)
    known = [f.name for f in fields(_CLASSES[kind])]
    unknown = sorted(set(data or {}) - set(known))
    if unknown:
        raise LabError("unknown_settings", kind=kind, unknown=", ".join(unknown), known=", ".join(known))
    return _CLASSES[kind](**(data or {}))


def as_json(settings: Settings) -> dict[str, Any]:
    """The form that `settings_of` reads."""
    return asdict(settings)


AXES: dict[str, tuple[str, ...]] = {
    "text": ("temperature", "top_p", "samples", "seed", "max_tokens", "decoding", "model", "backend"),
    "scene": (
        "steps", "guidance", "strength", "seed", "attempt", "scheduler", "layout", "format", "model", "backend",
    ),
}  # fmt: skip
"""What a grid may vary, by kind. The style is not among them: it stands in the prompt."""
_WHOLE = ("samples", "seed", "max_tokens", "steps", "attempt")
_WORDS = ("decoding", "scheduler", "layout", "format", "model", "backend")


@dataclass(frozen=True)
class Axis:
    """One setting and the values that a grid gives it."""

    name: str
    values: tuple[Any, ...]

    def label(self, value: Any) -> str:
        """`steps 20`, `scheduler DDIM`."""
        return f"{self.name} {shown(value)}"


def shown(value: Any) -> str:
    """A setting's value as a sheet's label says it; nothing given is `auto`."""
    if value in (None, ""):
        return "auto"
    return f"{value:g}" if isinstance(value, float) else str(value).removesuffix("Scheduler")


def parse_axis(kind: str, name: str, text: str) -> Axis:
    """An axis from what a person types: `4, 8, 16`, or `1..4` for whole numbers; a decimal comma needs `;` between values.

    Raises LabError with the choices or the cure.
    """
    _one_of("kind", kind, tuple(AXES))
    _one_of("a grid's setting", name, AXES[kind])
    parts = [p.strip() for p in text.replace("\n", ";").split(";" if ";" in text or "\n" in text else ",")]
    values: list[Any] = []
    for part in filter(None, parts):
        if name in _WORDS:
            values.append("" if part == "auto" else part)
            continue
        first, dots, last = part.partition("..")
        try:
            if dots and name in _WHOLE:
                begin, end = int(first), int(last)
                if end < begin:
                    raise LabError("axis_backwards", name=name, value=repr(part[:40]), turned=f"{end}..{begin}")
                if end - begin >= MOST_VALUES:
                    raise LabError("axis_long", name=name, count=end - begin + 1, most=MOST_VALUES)
                values.extend(range(begin, end + 1))
            else:
                number = float(part.replace(",", "."))
                values.append(int(number) if name in _WHOLE and number == int(number) else number)
        except LabError:
            raise
        except (ValueError, OverflowError) as error:
            raise LabError("axis_no_number", name=name, value=repr(part[:40])) from error
    values = list(dict.fromkeys(values))
    if not values:
        raise LabError("axis_no_names" if name in _WORDS else "axis_empty", name=name)
    if len(values) > MOST_VALUES:
        raise LabError("axis_long", name=name, count=len(values), most=MOST_VALUES)
    for value in values:  # a wrong value is told before anything runs
        settings_of(kind, {name: value})
    return Axis(name, tuple(values))


def cells(axis_a: Axis, axis_b: Axis | None) -> list[dict[str, Any]]:
    """The settings of each cell, row by row (`axis_b` downwards). Raises LabError when there are too many."""
    if axis_b is not None and axis_a.name == axis_b.name:
        raise LabError("same_axes", name=axis_a.name)
    downwards: tuple[Any, ...] = axis_b.values if axis_b else (None,)
    count = len(axis_a.values) * len(downwards)
    if count > MOST_CELLS:
        raise LabError("many_cells", across=len(axis_a.values), down=len(downwards), count=count, most=MOST_CELLS)
    return [
        {axis_a.name: a, **({axis_b.name: b} if axis_b else {})} for b, a in itertools.product(downwards, axis_a.values)
    ]


def check_asking(asking: str | None) -> str | None:
    """The slot just asked for, or None. Raises LabError that lists them."""
    if asking:
        _one_of("asking", asking, SLOTS)
    return asking or None
