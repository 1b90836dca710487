"""Which back ends there are, and which one `auto` picks and why. The command line's choices are this registry's names."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from pipelines.backends.base import BackendError, ImageBackend, TextBackend
from pipelines.backends.neuron_runtime import device_present
from pipelines.models import Kind, ModelError, ModelFiles, find_model

__all__ = ["AUTO", "REGISTRY", "BackendError", "BackendSpec", "choices", "load_image", "load_text", "pick"]

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
    compiled: bool = False
    """Runs folders that were compiled for it, and nothing else; the others run plain checkpoints."""

    def missing(self) -> tuple[str, ...]:
        """The needed modules that are not installed."""
        return tuple(module for module in self.needs if not _installed(module))


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of a submodule whose package is not there
        return False


def _torch_text(files: ModelFiles, reason: str) -> TextBackend:
    from pipelines.backends.torch_text import TorchText

    return TorchText(files, reason)


def _ctranslate2_text(files: ModelFiles, reason: str) -> TextBackend:
    from pipelines.backends.ctranslate2_text import CTranslate2Text

    return CTranslate2Text(files, reason)


def _torch_image(files: ModelFiles, reason: str) -> ImageBackend:
    from pipelines.backends.torch_image import TorchImage

    return TorchImage(files, reason)


def _neuron_text(files: ModelFiles, reason: str) -> TextBackend:
    from pipelines.backends.neuron_text import NeuronText

    return NeuronText(files, reason)


def _neuron_image(files: ModelFiles, reason: str) -> ImageBackend:
    from pipelines.backends.neuron_image import NeuronImage

    return NeuronImage(files, reason)


_NEURON = ("optimum.neuron", "torch_neuronx", "neuronxcc")
_NEURON_INSTALL = (
    "install AWS's Neuron SDK and requirements-neuron.txt with Python 3.11 on an Inferentia2 instance, as "
    "docs/inferentia2.md tells"
)
REGISTRY: tuple[BackendSpec, ...] = (
    BackendSpec("torch", "text", ("torch", "transformers"), "pip install -r requirements.txt", _torch_text),
    BackendSpec("ctranslate2", "text", ("ctranslate2",), "pip install -r requirements.txt", _ctranslate2_text),
    BackendSpec("neuron", "text", _NEURON, _NEURON_INSTALL, _neuron_text, compiled=True),
    BackendSpec("torch", "image", ("torch", "diffusers"), "pip install -r requirements.txt", _torch_image),
    BackendSpec("neuron", "image", _NEURON, _NEURON_INSTALL, _neuron_image, compiled=True),
)


def choices(kind: Kind) -> tuple[str, ...]:
    """What `--text-backend` or `--image-backend` takes."""
    return (AUTO, *(spec.name for spec in REGISTRY if spec.kind == kind))


def pick(kind: Kind, wanted: str = AUTO, files: ModelFiles | None = None) -> tuple[BackendSpec, str]:
    """(spec, reason) for a wanted name; `auto` also looks at what the model's folder holds, where `files` are known.

    Raises BackendError when the name is unknown or its modules are missing.
    """
    if wanted not in choices(kind):
        raise BackendError(f"no {kind} back end {wanted!r}; choose one of: {', '.join(choices(kind))}")
    reason = "asked for"
    name = wanted
    if wanted == AUTO:
        name, reason = _auto(kind, files)
    spec = _spec(kind, name)
    if spec.missing():
        raise BackendError(f"{kind} back end {name!r} needs {', '.join(spec.missing())}: {spec.install}")
    return spec, reason


def _spec(kind: Kind, name: str) -> BackendSpec:
    return next(s for s in REGISTRY if s.kind == kind and s.name == name)


def _auto(kind: Kind, files: ModelFiles | None) -> tuple[str, str]:
    if files is not None and files.compiled:
        return "neuron", "auto: a Neuron device is there, and the model folder holds artifacts for it"
    name, why = _auto_checkpoint(kind)
    if files is not None and device_present():
        why += (
            "; the Neuron device here stays idle: the model folder holds no artifacts for it "
            "(python -m finetune.export_neuron makes them)"
        )
    return name, f"auto: {why}"


def _auto_checkpoint(kind: Kind) -> tuple[str, str]:
    """What runs a plain checkpoint best here, and why."""
    if kind == "image":
        return "torch", "the only picture engine here for a plain checkpoint"
    if find_spec("ctranslate2") is None:
        return "torch", "CTranslate2 is not installed"
    import torch

    if torch.cuda.is_available():
        return "torch", "a CUDA device is there"
    return "ctranslate2", "no GPU, and int8 is fastest on a CPU"


def _load(kind: Kind, model: str | None, backend: str) -> Any:
    pick(kind, backend)  # a name that is wrong or cannot run is told before a model is fetched
    wants_compiled = backend != AUTO and _spec(kind, backend).compiled
    files = find_model(kind, model, compiled=wants_compiled or (backend == AUTO and device_present()))
    if wants_compiled and not files.compiled:
        raise ModelError(
            f"back end {backend!r} compiles nothing itself, and {files.folder} holds no Neuron artifacts: run "
            f"'python -m finetune.export_neuron --{kind}-model {files.info.name if not files.info.bundled else files.folder} "
            f"--out DIR' once, then give --{kind}-model DIR/{kind}"
        )
    spec, reason = pick(kind, backend, files)
    return spec.load(files, reason)


def load_text(model: str | None = None, backend: str = AUTO) -> TextBackend:
    """Finds the text model and loads it. Raises ModelError or BackendError with the cure."""
    loaded: TextBackend = _load("text", model, backend)
    return loaded


def load_image(model: str | None = None, backend: str = AUTO) -> ImageBackend:
    """Finds the image model and loads it. Raises ModelError or BackendError with the cure."""
    loaded: ImageBackend = _load("image", model, backend)
    return loaded
