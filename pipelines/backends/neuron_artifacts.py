"""Folders of models that were compiled for AWS Neuron: what they hold, what they were compiled for, whether they are whole.

    text:  config.json, tokenizer, encoder/ and decoder/ with config.json and model.neuron each
    image: model_index.json, tokenizer/, scheduler/, text_encoder/ unet/ vae_encoder/ vae_decoder/ with the same two
    both:  promo_neuron.json, which `python -m finetune.export_neuron` writes beside them

Knows no engine: reads JSON and file sizes only, so that a wrong folder is told before anything heavy is loaded.
"""

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.models import Kind, ModelError

RECORD = "promo_neuron.json"
FORMAT = 1
COMPILED = "model.neuron"
PARTS: dict[Kind, tuple[str, ...]] = {
    "text": ("encoder", "decoder"),
    "image": ("text_encoder", "unet", "vae_encoder", "vae_decoder"),
}
_INDEX: dict[Kind, str] = {"text": "config.json", "image": "model_index.json"}
_BESIDE: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "text": (("tokenizer.json", "spiece.model"),),
    "image": (("tokenizer/vocab.json", "tokenizer/tokenizer.json"), ("scheduler/scheduler_config.json",)),
}
"""What must lie beside the compiled parts: of each group one file."""
PIPELINES = ("StableDiffusionPipeline",)
"""Kinds of diffusers pipelines that the image back end runs (Stable Diffusion 1.x and 2.x)."""
EXPORT = "python -m finetune.export_neuron"


@dataclass(frozen=True)
class TextLimits:
    """What a compiled T5 was made for. `sequence_length` tokens are the most of a prompt and of an output each."""

    sequence_length: int
    beams: int
    batch: int


@dataclass(frozen=True)
class ImageLimits:
    """What a compiled Stable Diffusion was made for: pixels, pictures of one call, tokens of a prompt."""

    width: int
    height: int
    images: int
    prompt_tokens: int


@dataclass(frozen=True)
class Artifacts:
    """A checked folder. `library`, `source` and `source_revision` are None where another tool made the export."""

    kind: Kind
    folder: Path
    limits: TextLimits | ImageLimits
    compiler: str
    library: str | None
    source: str | None
    source_revision: str | None
    revision: str
    """12 hex digits over the configurations, and the sizes and ends of the compiled files."""


def holds_artifacts(folder: Path) -> bool:
    """Whether a folder was exported for Neuron, whole or not."""
    return (folder / RECORD).is_file() or any(folder.glob(f"*/{COMPILED}"))


def read_artifacts(kind: Kind, folder: Path) -> Artifacts:
    """Checks an exported folder and reads its limits.

    Raises ModelError with the file and the cure: not an export, one of the other kind, files missing or damaged, a
    model that Neuron is known to run wrong.
    """
    if not holds_artifacts(folder):
        raise ModelError(
            f"{folder} holds no Neuron artifacts (no {COMPILED} in it): compile the checkpoint first with "
            f"'{EXPORT} --{kind}-model {folder} --out DIR', then give DIR/{kind}"
        )
    found = _kind(folder)
    if found != kind:
        raise ModelError(f"{folder} holds Neuron artifacts of the {found} model, not of the {kind} model: give the folder to --{found}-model")  # fmt: skip
    record = _json(folder / RECORD) if (folder / RECORD).is_file() else {}
    if record and record.get("format") != FORMAT:
        raise ModelError(
            f"{folder / RECORD} has format {record.get('format')!r}, this program reads {FORMAT}: {_again(kind)}"
        )
    configs = {part: _part(kind, folder, part) for part in PARTS[kind]}
    for group in _BESIDE[kind]:
        if not any((folder / name).is_file() for name in group):
            raise _missing(kind, folder / group[0])
    for name, size in record.get("files", {}).items():
        file = folder / name
        if not file.is_file():
            raise _missing(kind, file)
        if file.stat().st_size != size:
            raise ModelError(f"{file} is damaged: it has {file.stat().st_size} bytes and should have {size}. Fetch it again, or {_again(kind)}")  # fmt: skip
    try:
        limits = _text_limits(configs) if kind == "text" else _image_limits(folder, configs)
        compiler = str(configs[PARTS[kind][0]]["neuron"]["compiler_version"])
    except (KeyError, TypeError, ZeroDivisionError) as error:
        raise ModelError(
            f"{folder} does not say what it was compiled for ({type(error).__name__}: {error}): {_again(kind)}"
        ) from error
    source = record.get("source") or {}
    return Artifacts(
        kind, folder, limits, compiler, (record.get("versions") or {}).get("optimum_neuron"), source.get("name"),
        source.get("revision"), _revision(kind, folder),
    )  # fmt: skip


def check_versions(artifacts: Artifacts, compiler: str, library: str) -> None:
    """Raises ModelError where the artifacts come from another SDK or optimum-neuron than the installed ones.

    Compilers are the same when their first two numbers are: a release's repairs keep its file format.
    """
    if artifacts.library is not None and artifacts.library != library:
        raise ModelError(
            f"{artifacts.folder} was exported with optimum-neuron {artifacts.library}, here is {library}: "
            f"{_again(artifacts.kind)}, or install optimum-neuron=={artifacts.library}"
        )
    if artifacts.compiler.split(".")[:2] != compiler.split(".")[:2]:
        raise ModelError(
            f"{artifacts.folder} was compiled with neuronx-cc {artifacts.compiler}, here is {compiler}: "
            f"{_again(artifacts.kind)}, or install the Neuron SDK release that has that compiler"
        )


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Puts `promo_neuron.json` beside finished artifacts, with the sizes of the compiled files; whole or not at all."""
    kind = _kind(folder)
    configs = {part: _part(kind, folder, part) for part in PARTS[kind]}
    limits = _text_limits(configs) if kind == "text" else _image_limits(folder, configs)
    files = {f"{part}/{COMPILED}": (folder / part / COMPILED).stat().st_size for part in PARTS[kind]}
    whole = {"format": FORMAT, "kind": kind, **record, "limits": asdict(limits), "files": files}
    part = folder / f"{RECORD}.part"
    part.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    part.replace(folder / RECORD)


def read_record(folder: Path) -> dict[str, Any] | None:
    """`promo_neuron.json` of a finished export; None where there is none. Raises ModelError when it is damaged."""
    return _json(folder / RECORD) if (folder / RECORD).is_file() else None


def _kind(folder: Path) -> Kind:
    """By the compiled parts that are there, then by the index: a half-copied folder still tells what it was."""
    parts = {file.parent.name for file in folder.glob(f"*/{COMPILED}")}
    image = len(parts & set(PARTS["image"]))
    text = len(parts & set(PARTS["text"]))
    if image == text:
        return "image" if (folder / _INDEX["image"]).is_file() else "text"
    return "image" if image > text else "text"


def _part(kind: Kind, folder: Path, part: str) -> dict[str, Any]:
    """The configuration of one compiled part. Raises ModelError when it or its compiled file is missing or damaged."""
    for file in (folder / _INDEX[kind], folder / part / "config.json", folder / part / COMPILED):
        if not file.is_file():
            raise _missing(kind, file)
    # TorchScript is a ZIP: a cut file has lost its directory, which stands at the end
    if not zipfile.is_zipfile(folder / part / COMPILED):
        raise ModelError(f"{folder / part / COMPILED} is damaged: it is cut, or no compiled model. Fetch it again, or {_again(kind)}")  # fmt: skip
    config = _json(folder / part / "config.json")
    if not isinstance(config.get("neuron"), dict):
        raise ModelError(f'{folder / part / "config.json"} has no "neuron" entry: {_again(kind)}')
    return config


def _text_limits(configs: dict[str, dict[str, Any]]) -> TextLimits:
    neuron = configs["encoder"]["neuron"]
    return TextLimits(
        int(neuron["static_sequence_length"]), int(neuron["static_num_beams"]), int(neuron["static_batch_size"])
    )


def _image_limits(folder: Path, configs: dict[str, dict[str, Any]]) -> ImageLimits:
    family = _json(folder / _INDEX["image"]).get("_class_name")
    if family not in PIPELINES:
        raise ModelError(f"{folder} is a {family}; the Neuron back end runs: {', '.join(PIPELINES)}. Give an export of Stable Diffusion 1.x or 2.x.")  # fmt: skip
    if configs["unet"].get("time_cond_proj_dim"):
        raise ModelError(
            f"{folder} is distilled for few steps (LCM): compiled for Neuron such UNets give wrong pictures, because "
            "optimum-neuron drops their guidance input. Export the model that it was distilled from."
        )
    encoder, vae = configs["text_encoder"]["neuron"], configs["vae_encoder"]["neuron"]
    return ImageLimits(
        width=int(vae["static_width"]),
        height=int(vae["static_height"]),
        images=int(configs["unet"]["neuron"]["static_batch_size"]) // int(encoder["static_batch_size"]),
        prompt_tokens=int(encoder["static_sequence_length"]),
    )


def _revision(kind: Kind, folder: Path) -> str:
    digest = hashlib.sha256()
    for part in PARTS[kind]:
        file = folder / part / COMPILED
        digest.update((folder / part / "config.json").read_bytes())
        digest.update(f"{part}:{file.stat().st_size}".encode())
        with file.open("rb") as handle:  # the directory at the end holds a checksum of every entry
            handle.seek(max(0, file.stat().st_size - 65536))
            digest.update(handle.read())
    return digest.hexdigest()[:12]


def _json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("no JSON object")
    except (OSError, ValueError) as error:
        raise ModelError(f"{file} is damaged ({error}); fetch it again, or export the model anew ({EXPORT})") from error
    return content


def _missing(kind: Kind, file: Path) -> ModelError:
    return ModelError(
        f"Neuron artifacts are not whole: {file} is missing. Copy the folder again, or {_again(kind)}; a {kind} export "
        f"has {', '.join(f'{part}/{COMPILED}' for part in PARTS[kind])}"
    )


def _again(kind: Kind) -> str:
    return f"export the {kind} model anew with '{EXPORT} --only {kind} --force'"
