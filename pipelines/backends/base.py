"""What every back end offers, whatever runs underneath: the two protocols and the capabilities that callers branch on.

Knows no engine: nothing here imports torch, transformers, diffusers or CTranslate2.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from PIL.Image import Image

OnStep = Callable[[int, int], bool]
"""Called with (steps done, steps in all); False stops the generation within that step."""


@dataclass(frozen=True)
class TextCapabilities:
    """What a text back end can do."""

    samples: bool
    """Can sample with temperature and top-p."""
    beams: bool
    """Can return the best of a beam search."""
    max_input_tokens: int
    """Longer sources lose their end."""
    batch: int | None = None
    """Sources that run at once; any number may be given. None: as many as are given."""
    most_beams: int | None = None
    """Outputs of one source that a beam search may return; None: any number."""
    steps: bool = False
    """Tells its steps (`on_step`) and can be stopped between them."""


@dataclass(frozen=True)
class ImageCapabilities:
    """What an image back end can do."""

    image_to_image: bool
    sizes: tuple[tuple[int, int], ...] | None
    """(width, height) pairs in pixels that it can make; None: any multiple of `multiple`."""
    multiple: int
    native: int
    """The side in pixels that the checkpoint was trained for."""
    steps: int
    """Steps that suit it by default."""
    strength: float
    """How far image-to-image may go from the sketch by default, 0..1."""
    whole: bool
    """Can make product and place in one picture (full-size checkpoints)."""
    guidance: float = 5.0
    """How strongly the prompt pulls by default."""
    images: int = 1
    """Pictures that one call makes, whether wanted or not."""
    second: int | None = None
    """The side in pixels of a second, image-to-image pass that the checkpoint was trained for; None: one pass."""


class TextBackend(Protocol):
    """Runs the T5."""

    name: str
    reason: str
    """Why this back end was chosen."""
    model: "ModelInfo"
    capabilities: TextCapabilities

    def generate(
        self,
        sources: Sequence[str],
        *,
        sample: bool = False,
        samples: int = 1,
        temperature: float = 0.9,
        top_p: float = 0.95,
        seed: int | None = None,
        max_tokens: int = 96,
        on_step: OnStep | None = None,
    ) -> list[list[str]]:
        """For each source, `samples` outputs of at most `max_tokens` tokens each.

        `sample`: drawn with `temperature` and `top_p`; equal seeds give equal samples on the same machine. Else the best
        of a beam search `samples` wide, best first; one sample is the greedy output (or, where the number of beams is
        fixed, the best beam). `on_step` is told each token where the capabilities have `steps`, else never.
        Raises ValueError for what the capabilities exclude, and `Stopped` when `on_step` says so.
        """
        ...


class ImageBackend(Protocol):
    """Runs the Stable Diffusion pipeline."""

    name: str
    reason: str
    model: "ModelInfo"
    capabilities: ImageCapabilities

    def generate(
        self,
        prompt: str,
        *,
        negative_prompt: str = "",
        init: "Image | None" = None,
        strength: float = 1.0,
        steps: int = 20,
        guidance: float = 5.0,
        seed: int = 0,
        width: int,
        height: int,
        on_step: OnStep | None = None,
    ) -> "Image":
        """One RGB picture; with `init`, image-to-image. Raises `Stopped` when `on_step` says so."""
        ...


@runtime_checkable
class ChoosesScheduler(Protocol):
    """A picture back end whose scheduler may be changed; a compiled one keeps its own and is none of these."""

    def schedulers(self) -> tuple[str, ...]:
        """Class names of the diffusers schedulers that the checkpoint takes, its own first."""
        ...

    def with_scheduler(self, name: str) -> ImageBackend:
        """The same weights behind another scheduler; the back end itself stays as it is.

        Raises ValueError for a name that `schedulers` does not list, and where the scheduler refuses the settings.
        """
        ...


class BackendError(RuntimeError):
    """A back end is unknown or cannot run here; the message lists the choices or the cure."""


class Stopped(Exception):
    """The visitor stopped the work; nothing failed."""


@dataclass(frozen=True)
class ModelInfo:
    """Which weights ran: shown on the page, recorded with each promotion."""

    name: str
    revision: str
    bundled: bool

    def to_dict(self) -> dict[str, str | bool]:
        """The JSON form in records."""
        return {"name": self.name, "revision": self.revision, "bundled": self.bundled}
