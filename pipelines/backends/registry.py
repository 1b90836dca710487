"""Which back ends there are, and which one `auto` picks and why. The command line's choices are this registry's names."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

from pipelines.backends.base import ImageBackend, TextBackend
from pipelines.models import Kind, ModelFiles, find_model

AUTO = "auto"


@dataclass(frozen=True)
class BackendSpec:
    """One engine for one of the two models."""

    name: str
    kind: Kind
    needs: tuple[str, ...]
    """Python modules that it cannot do without."""
    install: str
    """What to run when one is missing."""
    load: Callable[[ModelFiles, str], Any]
    """(files, reason) to a loaded back end."""

    def missing(self) -> tuple[str, ...]:
        """The needed modules that are not installed."""
        return tuple(module for module in self.needs if find_spec(module) is None)


class BackendError(RuntimeError):
    """A back end is unknown or cannot run here; the message lists the choices or the cure."""


def _torch_text(files: ModelFiles, reason: str) -> TextBackend:
    from pipelines.backends.torch_text import TorchText

    return TorchText(files, reason)


def _ctranslate2_text(files: ModelFiles, reason: str) -> TextBackend:
    from pipelines.backends.ctranslate2_text import CTranslate2Text

    return CTranslate2Text(files, reason)


def _torch_image(files: ModelFiles, reason: str) -> ImageBackend:
    from pipelines.backends.torch_image import TorchImage

    return TorchImage(files, reason)


REGISTRY: tuple[BackendSpec, ...] = (
    BackendSpec("torch", "text", ("torch", "transformers"), "pip install -r requirements.txt", _torch_text),
    BackendSpec("ctranslate2", "text", ("ctranslate2",), "pip install -r requirements.txt", _ctranslate2_text),
    BackendSpec("torch", "image", ("torch", "diffusers"), "pip install -r requirements.txt", _torch_image),
)


def choices(kind: Kind) -> tuple[str, ...]:
    """What `--text-backend` or `--image-backend` takes."""
    return (AUTO, *(spec.name for spec in REGISTRY if spec.kind == kind))


def pick(kind: Kind, wanted: str = AUTO) -> tuple[BackendSpec, str]:
    """(spec, reason) for a wanted name. Raises BackendError when it is unknown or its modules are missing."""
    if wanted not in choices(kind):
        raise BackendError(f"no {kind} back end {wanted!r}; choose one of: {', '.join(choices(kind))}")
    reason = "asked for"
    name = wanted
    if wanted == AUTO:
        name, reason = _auto(kind)
    spec = next(s for s in REGISTRY if s.kind == kind and s.name == name)
    if spec.missing():
        raise BackendError(f"{kind} back end {name!r} needs {', '.join(spec.missing())}: {spec.install}")
    return spec, reason


def _auto(kind: Kind) -> tuple[Literal["torch", "ctranslate2"], str]:
    if kind == "image":
        return "torch", "auto: the only picture engine here"
    if find_spec("ctranslate2") is None:
        return "torch", "auto: CTranslate2 is not installed"
    import torch

    if torch.cuda.is_available():
        return "torch", "auto: a CUDA device is there"
    return "ctranslate2", "auto: no GPU, and int8 is fastest on a CPU"


def load_text(model: str | None = None, backend: str = AUTO) -> TextBackend:
    """Finds the text model and loads it. Raises ModelError or BackendError with the cure."""
    spec, reason = pick("text", backend)
    loaded: TextBackend = spec.load(find_model("text", model), reason)
    return loaded


def load_image(model: str | None = None, backend: str = AUTO) -> ImageBackend:
    """Finds the image model and loads it. Raises ModelError or BackendError with the cure."""
    spec, reason = pick("image", backend)
    loaded: ImageBackend = spec.load(find_model("image", model), reason)
    return loaded
