"""The nouns of making: Settings, PosterFile, Promotion and the Events that tell how far it is. Knows nothing of how they are made."""

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.scene_prompt import STYLES
from pipelines.text import Promo
from slots.brief import Brief

MAX_IMAGES = 8
SCENES = ("place", "whole")


def poster_count(brief: Brief, images: int) -> int:
    """How many posters are made of a brief where `images` are asked for: none of one that wants texts alone."""
    return 0 if brief.promotion == "text" else images


@dataclass(frozen=True)
class Settings:
    """What the user may choose beside the brief. None: what suits the model."""

    images: int = 2
    seed: int = 0
    """Texts use it as it is; poster i (from 0) uses seed + i."""
    strength: float | None = None
    """How far diffusion may go from the drawn sketch, 0 (not at all) to 1 (plain text-to-image)."""
    steps: int | None = None
    guidance: float | None = None
    scene: str = "place"
    """`place`: the model makes the place; `whole`: product and place in one picture (full-size checkpoints)."""
    style: str = "illustrated"
    """How the scene looks: `illustrated`, or `photograph` (full-size checkpoints)."""
    layout: str = "hero"
    format: str = "1:1"

    def __post_init__(self) -> None:
        if not 0 <= self.images <= MAX_IMAGES:
            raise ValueError(f"images must be 0 to {MAX_IMAGES}, not {self.images}")
        if not 0 <= self.seed < 2**31:
            raise ValueError(f"seed must be 0 to {2**31 - 1}, not {self.seed}")
        if self.strength is not None and not 0 <= self.strength <= 1:
            raise ValueError(f"strength must be 0 to 1, not {self.strength}")
        if self.steps is not None and not 1 <= self.steps <= 100:
            raise ValueError(f"steps must be 1 to 100, not {self.steps}")
        for name, value, valid in (
            ("scene", self.scene, SCENES),
            ("style", self.style, tuple(STYLES)),
            ("layout", self.layout, tuple(LAYOUTS)),
            ("format", self.format, tuple(FORMATS)),
        ):
            if value not in valid:
                raise ValueError(f"{name} cannot be {value!r}; choose one of: {', '.join(valid)}")

    def to_dict(self) -> dict[str, Any]:
        """The JSON form in records."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Settings":
        """Reads `to_dict`'s form; unknown keys are an error, missing ones take their default."""
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        return cls(**data)

    def with_(self, **changes: Any) -> "Settings":
        """A copy with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class PosterFile:
    """One poster on disk and all that makes it again."""

    file: str
    """File name inside the promotion's folder."""
    scene_file: str
    seed: int
    prompt: str
    negative_prompt: str
    environment: str | None
    strength: float
    steps: int
    guidance: float
    headline_text: str
    """The promo whose first sentence is the headline."""
    layout: str
    format: str
    note: str = ""
    """What the user should know of this picture, for instance that the model used the nearest place that it knows."""
    source: str = "diffusion"
    """`diffusion`, or `sketch`: the drawn scene, which stands in where the model's scenes did not show their place."""
    tries: int = 1
    """Scenes that the model made for it; 0 where none was asked of it."""
    pdf: str = ""
    """File name of the same poster as a PDF, for formats that are printed; else empty."""

    @property
    def drawn(self) -> bool:
        """Whether the scene is the drawn one."""
        return self.source == "sketch"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form in records."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "PosterFile":
        """Reads a record's poster: what else stands there is left aside, what an older one lacks takes its default.

        Raises ValueError when something that makes the poster is missing, or a file lies elsewhere.
        """
        known = {f.name for f in fields(cls)}
        try:
            poster = cls(**{key: value for key, value in data.items() if key in known})
        except TypeError as error:
            raise ValueError(f"a recorded poster is incomplete: {error}") from error
        for name in (poster.file, poster.scene_file, poster.pdf):
            if not isinstance(name, str) or Path(name).name != name:
                raise ValueError(f"a recorded poster names {name!r}; its files lie beside the record")
        return poster


@dataclass(frozen=True)
class Promotion:
    """Brief + promos + posters + record."""

    id: str
    brief: Brief
    settings: Settings
    promos: tuple[Promo, ...]
    posters: tuple[PosterFile, ...]
    folder: Path
    record: dict[str, Any]
    """What promotion.json holds."""
    zip: Path | None = None


EventKind = Literal["texts", "step", "poster", "done", "stopped"]


@dataclass(frozen=True)
class Event:
    """One step of the making. `promotion` is what there is so far.

    `texts`: the promos are there. `step`: poster `poster` of `posters` is at diffusion step `step` of `steps`.
    `poster`: one more poster is there. `done` and `stopped` end it.
    """

    kind: EventKind
    promotion: Promotion
    poster: int = 0
    posters: int = 0
    step: int = 0
    steps: int = 0
