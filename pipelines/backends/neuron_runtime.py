"""The AWS Neuron SDK as far as the app touches it: is a device there, which versions are installed, which core runs what.

Knows no model. Importing this module imports no engine; `load_library` does, and only the Neuron back ends call it:
optimum-neuron warns on other machines and sets NEURON_PLATFORM_TARGET_OVERRIDE when it is imported.

Why a core for texts and others for pictures: an Inferentia2 chip has two NeuronCores, and a core runs one compiled
model at a time. optimum-neuron puts a T5 on core 0, and a UNet on cores 0 and 1 whatever `data_parallel_mode` says. A
message that somebody types while another visitor's poster is made would then wait for half a diffusion step at each
token. So texts have core 0 for themselves and pictures take the next ones; both run at once, each under its own lock.
With one core left for it, the UNet computes the guided and the unguided half one after the other. An operator who wants
pictures faster and may let texts wait, or runs texts on the CPU, says so with PROMO_NEURON_IMAGE_CORES=0,1.
"""

import importlib
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.backends.base import BackendError

DEVICES = Path("/dev")
CORES = "PROMO_NEURON_IMAGE_CORES"
CORES_A_CHIP = 2
"""Of Inferentia2: what is taken for granted where the number of cores cannot be read."""


@dataclass(frozen=True)
class Versions:
    """What is installed: the compiler (`neuronx-cc`) and optimum-neuron."""

    compiler: str
    library: str


@dataclass(frozen=True)
class Placement:
    """NeuronCores by number: one for texts, one or several for pictures."""

    text: int
    image: tuple[int, ...]


def device_present() -> bool:
    """Whether this machine has a Neuron device (/dev/neuron0, ...)."""
    return any(DEVICES.glob("neuron[0-9]*"))


def load_library() -> Any:
    """The module `optimum.neuron`, with the classes that need the SDK imported.

    Raises BackendError that shows the real reason: the library's own message only says which import failed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            library = importlib.import_module("optimum.neuron")
            for name in ("NeuronModelForSeq2SeqLM", "NeuronStableDiffusionPipeline"):
                getattr(library, name)
            from optimum.utils import logging as optimum_logging
            from transformers.utils import logging as transformers_logging
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        raise BackendError(
            f"optimum-neuron cannot be imported: {because(error)}. It runs on an AWS Inferentia2 instance with the Neuron "
            "SDK and requirements-neuron.txt installed, as docs/inferentia2.md tells."
        ) from error
    # notes on padding and on deprecated internals, once or more a call, that nobody here can act on
    optimum_logging.set_verbosity_error()
    transformers_logging.set_verbosity_error()
    return library


def because(error: BaseException) -> str:
    """An error in words, with what caused it, and what caused that."""
    words, seen = [], set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        words.append(f"{type(at).__name__}: {' '.join(str(at).split())}")
        at = at.__cause__ or at.__context__
    return ", because of ".join(words)


def versions() -> Versions:
    """The installed versions; call `load_library` first. Raises BackendError without the compiler."""
    from optimum.neuron.utils.version_utils import get_neuronxcc_version
    from optimum.neuron.version import __version__ as library

    try:
        return Versions(str(get_neuronxcc_version()), str(library))
    except ImportError as error:
        raise BackendError(
            f"the Neuron compiler is not installed ({because(error)}): install neuronx-cc from AWS's Neuron repository"
        ) from error


def placement() -> Placement:
    """Which cores run what, by how many this process may use. Raises BackendError for a wrong PROMO_NEURON_IMAGE_CORES."""
    from optimum.neuron.utils.system import get_available_cores

    available = get_available_cores() or CORES_A_CHIP
    return place(available, os.environ.get(CORES))


def place(available: int, wanted: str | None = None) -> Placement:
    """Texts on core 0; pictures on core 1, on 1 and 2 where there are so many, or where `wanted` ("0,1") says."""
    if wanted:
        try:
            cores = tuple(int(part) for part in wanted.split(","))
        except ValueError:
            cores = ()
        if not cores or len(set(cores)) < len(cores) or not all(0 <= core < available for core in cores):
            raise BackendError(
                f"{CORES} must be numbers of NeuronCores from 0 to {available - 1}, such as 0,1 for two; not {wanted!r}"
            )
        return Placement(0, cores)
    if available == 1:
        return Placement(0, (0,))
    return Placement(0, tuple(range(1, min(available, 3))))


def put_on_core(module: Any, core: int) -> None:
    """Moves a loaded compiled module to one core; inputs follow it."""
    import torch_neuronx

    torch_neuronx.experimental.set_neuron_cores(module, start_nc=core, nc_count=1)
