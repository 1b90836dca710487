"""Where a model comes from: a flag or environment variable (a folder or a Hub id), else the bundled checkpoint.

Finds, fetches and checks files; runs nothing. Of checkpoints only safetensors are accepted: no pickle, no code from
outside. Folders compiled for AWS Neuron are TorchScript, which is code; they are found only for a caller that asks for
them (`compiled`), and only the Neuron back end does. That is acceptable because the operator names such a folder on the
command line, for the operator's own machine, and made it or chose whom to trust for it; no visitor can name a model.
"""

import hashlib
import json
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.backends.base import ModelInfo

Kind = Literal["text", "image"]

BUNDLED: dict[Kind, Path] = {
    "text": Path(__file__).resolve().parent.parent / "assets" / "models" / "text",
    "image": Path(__file__).resolve().parent.parent / "assets" / "models" / "scene",
}
VARIABLE: dict[Kind, str] = {"text": "PROMO_TEXT_MODEL", "image": "PROMO_IMAGE_MODEL"}
_WEIGHTS: dict[Kind, str] = {"text": "*.safetensors", "image": "*/*.safetensors"}
_INDEX: dict[Kind, str] = {"text": "config.json", "image": "model_index.json"}
_FETCH: dict[Kind, list[str]] = {
    "text": ["*.json", "*.safetensors", "*.model", "*.txt"],
    "image": ["*.json", "*/*.json", "*/*.txt", "*/*.model", "*/*.safetensors"],
}


class ModelError(RuntimeError):
    """A checkpoint cannot be found, fetched or read; the message names the file and the cure."""


@dataclass(frozen=True)
class ModelFiles:
    """A checkpoint on this disk."""

    kind: Kind
    folder: Path
    info: ModelInfo
    compiled: bool = False
    """Holds Neuron artifacts instead of weights."""


def find_model(kind: Kind, wanted: str | None = None, *, compiled: bool = False) -> ModelFiles:
    """The checkpoint to load: `wanted`, else the environment variable, else the bundled one.

    `compiled`: a folder of Neuron artifacts will do too. Raises ModelError when it is missing, damaged, cannot be
    fetched, or holds artifacts that the caller cannot run.
    """
    wanted = wanted or os.environ.get(VARIABLE[kind]) or None
    if wanted is None:
        folder, name = BUNDLED[kind], f"promo-studio/{kind}-compact"
        if not (folder / _INDEX[kind]).is_file():
            raise ModelError(
                f"the bundled {kind} checkpoint is missing: {folder / _INDEX[kind]} is not there. Restore it with "
                f"'git checkout -- {folder.relative_to(folder.parents[2])}', or give another with --{kind}-model."
            )
        revision = _check(kind, folder)
    elif Path(wanted).expanduser().exists():
        folder, name = Path(wanted).expanduser().resolve(), wanted
        if (artifacts := _artifacts(kind, folder, name, compiled)) is not None:
            return artifacts
        if not (folder / _INDEX[kind]).is_file():
            raise ModelError(
                f"{folder} is not a {kind} checkpoint: it has no {_INDEX[kind]}. Give the folder that "
                f"{'save_pretrained of a T5 model and its tokenizer' if kind == 'text' else 'a diffusers pipeline'} wrote."
            )
        revision = _check(kind, folder)
    else:
        folder, name = _fetch(kind, wanted, compiled), wanted
        if (artifacts := _artifacts(kind, folder, name, compiled)) is not None:
            return artifacts
        _check(kind, folder)
        revision = folder.name  # a Hub snapshot's folder is named by its commit
    return ModelFiles(kind, folder, ModelInfo(name, revision, bundled=wanted is None))


def _artifacts(kind: Kind, folder: Path, name: str, wanted: bool) -> ModelFiles | None:
    """The folder when it holds Neuron artifacts. Raises ModelError when they are not wanted, of the other kind or not whole."""
    from pipelines.backends.neuron_artifacts import holds_artifacts, read_artifacts

    if not holds_artifacts(folder):
        if holds_artifacts(folder / kind):
            raise ModelError(f"{folder} is an export of several models for Neuron: give {folder / kind}")
        return None
    if not wanted:
        raise ModelError(
            f"{folder} holds Neuron artifacts, which only the back end 'neuron' runs, on an AWS Inferentia2 instance. "
            f"There, choose --{kind}-backend neuron; here, give the checkpoint that they were compiled from."
        )
    info = ModelInfo(name, read_artifacts(kind, folder).revision, bundled=False)
    return ModelFiles(kind, folder, info, compiled=True)


def _fetch(kind: Kind, wanted: str, compiled: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(wanted, allow_patterns=[*_FETCH[kind], *(["*.neuron"] if compiled else [])]))
    except HFValidationError as error:
        raise ModelError(
            f"{wanted!r} is neither a folder on this machine nor a Hub id like 'google/flan-t5-small': {error}"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelError(
            f"the Hub has no model {wanted!r}, or it is private: check the spelling, or log in with 'hf auth login'."
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelError(
            f"cannot fetch {kind} model {wanted!r}: {type(error).__name__}. It is not in the local cache, and the Hub "
            f"cannot be reached. Connect to the network, give a folder, or leave --{kind}-model out for the bundled model."
        ) from error


def _check(kind: Kind, folder: Path) -> str:
    """Reads every weight file's header; returns a revision: the first 12 hex digits of SHA-256 over names and headers."""
    weights = sorted(folder.glob(_WEIGHTS[kind]))
    if not weights:
        raise ModelError(
            f"{folder} holds no .safetensors weights. Other formats can run code when loaded and are not read: convert "
            "with save_pretrained(..., safe_serialization=True)."
        )
    digest = hashlib.sha256()
    for file in weights:
        digest.update(f"{file.relative_to(folder)}:{file.stat().st_size}".encode())
        digest.update(_header(file))
        with file.open("rb") as handle:  # head and tail tell two trainings of one shape apart without reading it all
            handle.seek(max(0, file.stat().st_size - 65536))
            digest.update(handle.read())
    for config in sorted([*folder.glob("*.json"), *folder.glob("*/*.json")]):
        try:
            json.loads(config.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{config} is damaged ({error}); restore it from where the checkpoint came from."
            ) from error
    return digest.hexdigest()[:12]


def _header(file: Path) -> bytes:
    """The header of a safetensors file, after checking that the file is as long as the header says."""
    size = file.stat().st_size
    try:
        with file.open("rb") as handle:
            (length,) = struct.unpack("<Q", handle.read(8))
            if length > size:
                raise ValueError("the header is longer than the file")
            header = handle.read(length)
        tensors = {k: v for k, v in json.loads(header).items() if k != "__metadata__"}
        expected = 8 + length + max((v["data_offsets"][1] for v in tensors.values()), default=0)
        if size != expected:
            raise ValueError(f"it has {size} bytes and should have {expected}")
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{file} is damaged: {error}. Restore it (bundled models: 'git checkout -- {file.name}' in its folder; "
            "others: fetch the file again)."
        ) from error
    return header
