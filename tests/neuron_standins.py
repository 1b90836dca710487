"""CPU stand-ins for the AWS Neuron SDK: enough for the real optimum-neuron 0.4.5 to export, save, load and run T5 and Stable
Diffusion where neither the chip nor the SDK is.

    from tests import neuron_standins
    neuron_standins.install(device=True)      # before anything imports optimum.neuron; never in pytest's own process

`trace` becomes torch.jit.trace with what makes a compiled graph strict: weights become constants, every shape is fixed,
aliased states are written back after each call. `CALLS` records what was asked of the SDK.

What they cannot show, because nothing here compiles and all arithmetic is fp32 on the CPU: whether the compiler accepts the
graph, what bf16 does to the numbers, speed, memory, whether placement on cores works and two cores really run at once,
tensor parallelism, the runtime's own limits. tests/test_neuron.py has tests marked `neuron` for these, which need a device.
"""

import atexit
import importlib.machinery
import importlib.metadata
import os
import shutil
import sys
import tempfile
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

COMPILER = "2.21.33363.0"
DISTRIBUTIONS = {"torch_neuronx": "2.8.0.2.10.16998"}
"""Packages whose version is looked up. torch_xla must stay without one, or accelerate tries to use it."""
CALLS: list[tuple[str, dict[str, Any]]] = []
"""(what, details) of everything asked of the SDK, in order."""


def calls(name: str) -> list[dict[str, Any]]:
    """The details of all calls of one name."""
    return [details for what, details in CALLS if what == name]


class _XlaIsCpu(TorchFunctionMode):
    """optimum-neuron's wrappers create tensors on device `xla` while they are traced."""

    def __torch_function__(self, func: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if str(kwargs.get("device", "")).startswith("xla"):
            kwargs["device"] = "cpu"
        return func(*args, **kwargs)


@torch.jit.script
def _static(x: torch.Tensor, shape: list[int], index: int) -> torch.Tensor:
    if x.shape != shape:
        raise RuntimeError("input {} has shape {}, compiled for {}".format(index, x.shape, shape))  # noqa: UP032
    return x


class Compiled(torch.nn.Module):
    """A traced function whose aliased states are its only parameters, as the KV cache is on the device."""

    writes_back = True
    """False plants the fault that states are never updated."""

    def __init__(self, function: torch.nn.Module, aliases: Mapping[torch.Tensor, int], shapes: Sequence[Any] = ()):
        super().__init__()
        self.states = torch.nn.ParameterList(list(aliases))
        # kept out of the module's own registers: whatever is no state becomes a constant of the trace
        vars(self).update(_function=function, _where=list(aliases.values()), _shapes=shapes)

    def forward(self, *inputs: torch.Tensor) -> Any:
        """The traced call: shapes checked, then run, then states written back."""
        given: Sequence[Any] = inputs
        if self._shapes:
            given = [
                x if shape is None else _static(x, shape, i)
                for i, (x, shape) in enumerate(zip(inputs, self._shapes, strict=True))
            ]
        outputs = self._function(*given)
        if self.writes_back:
            for state, where in zip(list(self.states), self._where, strict=True):
                state.copy_(outputs[where])
        return outputs


def trace(
    function: torch.nn.Module,
    example_inputs: Sequence[torch.Tensor],
    *,
    compiler_args: str | None = None,
    input_output_aliases: Mapping[torch.Tensor, int] | None = None,
    **options: Any,
) -> Any:
    """Stands for torch_neuronx.trace."""
    aliases, inputs = dict(input_output_aliases or {}), tuple(example_inputs)
    CALLS.append(("trace", {
        "model": type(function).__name__, "compiler_args": compiler_args, "shapes": [tuple(t.shape) for t in inputs],
        "aliases": len(aliases), **options,
    }))  # fmt: skip
    function.requires_grad_(False)
    # the T5 decoder's wrapper rebinds the entries of its cache while it is traced: plain lists, fresh for each trace
    caches = [
        (module, name, list(child))
        for module in function.modules()
        for name, child in list(module.named_children())
        if isinstance(child, torch.nn.ParameterList) and len(child) and all(p in aliases for p in child)
    ]
    values = [state.detach().clone() for state in aliases]

    def run(shapes: Sequence[Any] = ()) -> Any:
        for owner, name, entries in caches:
            owner._modules.pop(name, None)
            setattr(owner, name, list(entries))
        with torch.no_grad(), _XlaIsCpu():
            traced = torch.jit.trace(Compiled(function, aliases, shapes), inputs, strict=False, check_trace=False)
            for state, value in zip(aliases, values, strict=True):
                state.copy_(value)
        return traced

    # an input that the graph does not use may be None at run time: its shape is not checked
    used = [bool(value.uses()) for value in list(run().inlined_graph.inputs())[1:]]
    return run([list(t.shape) if u else None for t, u in zip(inputs, used, strict=True)])


class DataParallel(torch.nn.Module):
    """Stands for torch_neuronx.DataParallel: splits the batch over the cores."""

    def __init__(
        self, model: Any, device_ids: Sequence[int] | None = None, dim: int = 0, set_dynamic_batching: bool = True
    ):
        super().__init__()
        CALLS.append(("DataParallel", {"device_ids": device_ids, "dynamic": set_dynamic_batching}))
        self.module, self.device_ids, self.dim = model, list(device_ids or (0, 1)), dim

    def forward(self, *inputs: torch.Tensor) -> Any:
        """Each part through the module, put together again."""
        parts = zip(*(t.chunk(len(self.device_ids), self.dim) for t in inputs), strict=True)
        outputs = [self.module(*part) for part in parts]
        if isinstance(outputs[0], dict):
            return {key: torch.cat([o[key] for o in outputs], self.dim) for key in outputs[0]}
        return type(outputs[0])(torch.cat(ts, self.dim) for ts in zip(*outputs, strict=True))


class Runtime:
    """Stands for torch.classes.neuron.Runtime."""

    def initialize(self) -> None:
        """Recorded."""
        CALLS.append(("Runtime.initialize", {}))

    def set_default_neuron_cores(self, start: int, count: int) -> None:
        """Recorded."""
        CALLS.append(("Runtime.set_default_neuron_cores", {"start": start, "count": count}))


class CacheUrl:
    """Stands for libneuronxla's, which names the folder of compiled graphs."""

    def __init__(self, url: str, url_type: str = "fs"):
        self.url, self.url_type = url, url_type

    def is_s3(self) -> bool:
        """Whether it lies on S3."""
        return self.url_type == "s3"

    @classmethod
    def get_cache_url(cls, cache_dir: str | None = None) -> "CacheUrl":
        """The given folder, else the environment's."""
        return cls(cache_dir or os.environ["NEURON_COMPILE_CACHE_URL"])


class CompileCache:
    """Stands for libneuronxla's cache of compiled graphs; records each use, for the export must not use it."""

    def __init__(self, cache_url: CacheUrl):
        CALLS.append(("CompileCache", {"url": cache_url.url}))
        self.cache_url, self.cache_path = cache_url, os.path.join(cache_url.url, f"neuronxcc-{COMPILER}")

    def get_cache_dir_with_cache_key(self, key: str) -> str:
        """The folder of one graph."""
        return os.path.join(self.cache_path, key)

    def exists(self, path: str) -> bool:
        """Whether it was kept."""
        return os.path.exists(path)

    def upload_string_to_file(self, path: str, data: str) -> None:
        """Keeps a text."""
        Path(path).write_text(data, encoding="utf-8")


class _Distribution(importlib.metadata.Distribution):
    def __init__(self, name: str, version: str):
        self._text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

    def read_text(self, filename: str) -> str | None:
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        return Path(path)


class _Finder(importlib.metadata.DistributionFinder):
    @classmethod
    def find_spec(cls, *_: Any, **__: Any) -> None:
        """Finds no modules, only the versions of packages."""

    @classmethod
    def find_distributions(cls, context: Any = None) -> Iterator[importlib.metadata.Distribution]:  # type: ignore[override]
        wanted = getattr(context, "name", None)
        for name, version in DISTRIBUTIONS.items():
            if wanted in (None, name, name.replace("_", "-")):
                yield _Distribution(name, version)


def _recorder(name: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        CALLS.append((name, kwargs))
        return args[0] if args else None

    return call


def _module(name: str, **attributes: Any) -> None:
    module = types.ModuleType(name)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
    module.__path__ = []
    vars(module).update(attributes)
    sys.modules[name] = module
    parent, _, leaf = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], leaf, module)


def _placeholder(name: str) -> type:
    return type(name, (), {})


def install(*, device: bool) -> None:
    """Puts the stand-ins where the SDK's modules would be. `device`: the libraries and the app find a Neuron device."""
    os.environ["USE_TORCH_XLA"] = "0"  # accelerate tries whether torch_xla is there by importing it
    sys.meta_path.append(_Finder)
    recorded = {name: _recorder(name) for name in ("dynamic_batch", "move_trace_to_device", "async_load", "lazy_load")}
    _module("torch_neuronx", trace=trace, DataParallel=DataParallel, **recorded)
    _module("torch_neuronx.experimental", set_neuron_cores=_recorder("set_neuron_cores"))
    torch.classes.neuron = types.SimpleNamespace(Runtime=Runtime)
    _module("neuronxcc", __version__=COMPILER)
    _module("neuronx_distributed")
    _module("neuronx_distributed.trace")
    _module("neuronx_distributed.trace.hlo_utils", NXD_LAYOUT_TRANSFORMATION_OPTIONS="")
    _module(
        "neuronx_distributed.trace.model_builder",
        BaseModelInstance=_placeholder("BaseModelInstance"), ModelBuilder=_placeholder("ModelBuilder"),
    )  # fmt: skip
    for name in (
        "neuronx_distributed.parallel_layers", "neuronx_distributed.parallel_layers.parallel_state", "torch_xla",
        "torch_xla.core", "torch_xla.core.xla_model", "torch_xla.runtime", "libneuronxla",
    ):  # fmt: skip
        _module(name)
    _module(
        "libneuronxla.neuron_cc_cache", CacheUrl=CacheUrl, CompileCache=CompileCache,
        CompileCacheFs=type("CompileCacheFs", (CompileCache,), {}), CompileCacheS3=type("CompileCacheS3", (CompileCache,), {}),
        create_compile_cache=CompileCache,
    )  # fmt: skip
    if device:
        _pretend_device()


def _pretend_device() -> None:
    """A device node for the app, and an entry in the list of drivers for optimum-neuron."""
    from pipelines.backends import neuron_runtime

    folder = Path(tempfile.mkdtemp(prefix="neuron-device-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "neuron0").touch()
    neuron_runtime.DEVICES = folder
    (folder / "drivers").write_text("Character devices:\n245 neuron\n", encoding="utf-8")
    import optimum.neuron  # noqa: F401
    from optimum.neuron.utils import system

    system.MAJORS_FILE = str(folder / "drivers")
    system.get_neuron_major.cache_clear()
