"""Compiles the text model and the picture model for AWS Inferentia2, once; the back end `neuron` then only loads them.

    python -m finetune.export_neuron --out DIR                                    # the bundled models
    python -m finetune.export_neuron --text-model P --image-model P --out DIR
    python -m finetune.export_neuron --only image --image-model P --height 512 --width 512 --out DIR
    python app.py --text-model DIR/text --image-model DIR/image                   # on the Inferentia2 instance

Each model is compiled into a folder beside its place, loaded as a check where a Neuron device is, and put in its place whole,
with promo_neuron.json (limits, source, versions, arguments). A finished model is not compiled again unless --force, so a
stopped export goes on with the model that was missing. Needs the Neuron SDK's compiler, not the chip; docs/inferentia2.md
has the way. Exit codes: 0 done; 2 the call is wrong or the SDK is not here; 1 the work failed.
"""

import argparse
import json
import logging
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from finetune.cards import neuron_card
from finetune.hub import HubError, push_folder
from pipelines.backends import registry
from pipelines.backends.base import BackendError, ModelInfo
from pipelines.backends.neuron_artifacts import PIPELINES, read_record, write_record
from pipelines.backends.neuron_runtime import because, device_present, load_library, versions
from pipelines.models import Kind, ModelError, ModelFiles, find_model

INSTANCE = "inf2"
COMPILER = {"auto_cast": "matmul", "auto_cast_type": "bf16", "instance_type": INSTANCE}
"""What AWS and Hugging Face recommend: matrix products in bf16, the rest (T5's cache among it) in fp32."""
OPTIMISATION = "2"
BEAMS = 8
"""Measured on the bundled model: with 8 beams every one of 60 random briefs got three different texts, with 4 beams 54 did.
Extraction does not suffer: F1 .9288 on 380 messages against .9279 greedily."""
TOKENS = 256
"""Of a prompt, and of an output. The longest of 380 messages has 139 in the bundled vocabulary, an output at most 97."""
MIN_TOKENS = 16
SDK = (
    "Compile on an EC2 instance started from AWS's image 'Deep Learning AMI Neuron PyTorch 2.8 (Ubuntu 22.04)', "
    "inf2.8xlarge or larger for Stable Diffusion 2.1, in an environment of Python 3.11: pip install --extra-index-url "
    "https://pip.repos.neuron.amazonaws.com neuronx-cc==2.21.33363.0 torch-neuronx==2.8.0.2.10.16998 -r "
    "requirements-neuron.txt (without AWS's index, packages of these names are empty). docs/inferentia2.md has every step."
)


class CallError(ValueError):
    """The call is wrong; the message says what and the cure."""


def say(line: str) -> None:
    """Prints a line at once."""
    print(line, flush=True)


class _Progress(logging.Handler):
    """Turns optimum-neuron's log of the parts into a line each."""

    def __init__(self, kind: Kind, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._kind, self._tell = kind, tell

    def emit(self, record: logging.LogRecord) -> None:
        """One record of the library's."""
        words = record.getMessage()
        if words.startswith("***** Compiling"):
            self._tell(f"{self._kind}: compiling {words.strip('* ').removeprefix('Compiling ')} ...")
        elif words.startswith("[Compilation Time]"):
            self._tell(f"{self._kind}: compiled in {words.split()[2]} s")


def text_arguments(files: ModelFiles, sequence_length: int, beams: int) -> dict[str, int]:
    """The shapes of a T5: batch 1 is all that optimum-neuron runs. Raises CallError when the writer's prompt cannot fit."""
    from transformers import AutoTokenizer

    from pipelines.prompts import source_line

    longest = source_line(
        "es", "pack [SIZE]", "returnable bottle", "multi [PRICE]", "[P]% off the second", "convenience store",
        "Independence Day",
    )  # fmt: skip
    tokens = len(AutoTokenizer.from_pretrained(files.folder)(longest).input_ids)
    if sequence_length < max(tokens, MIN_TOKENS):
        raise CallError(
            f"--sequence-length must be at least {max(tokens, MIN_TOKENS)}: so many tokens has the writer's longest prompt in "
            f"this model's vocabulary; it is also the longest message that is read, and the longest text. Usual: {TOKENS}"
        )
    if beams < 1:
        raise CallError(f"--num-beams must be at least 1, not {beams}; usual: {BEAMS}")
    return {"batch_size": 1, "sequence_length": sequence_length, "num_beams": beams}


def image_arguments(files: ModelFiles, height: int | None, width: int | None, images: int) -> dict[str, int]:
    """The shapes of a Stable Diffusion; sizes left None are the checkpoint's own. Raises CallError for what it cannot be."""
    config = {
        part: json.loads((files.folder / part / "config.json").read_text(encoding="utf-8")) for part in ("unet", "vae")
    }
    family = json.loads((files.folder / "model_index.json").read_text(encoding="utf-8")).get("_class_name")
    if family not in PIPELINES:
        raise CallError(f"{files.folder} is a {family}; the Neuron back end runs: {', '.join(PIPELINES)}")
    if config["unet"].get("time_cond_proj_dim"):
        raise CallError(
            f"{files.folder} is distilled for few steps (LCM), which comes out wrong on Neuron: export the model that it was "
            "distilled from"
        )
    if config["vae"].get("_class_name") != "AutoencoderKL":
        raise CallError(
            f"{files.folder} has a {config['vae'].get('_class_name')}, which does not compile for Neuron: it needs an "
            "AutoencoderKL"
        )
    factor = 2 ** (len(config["vae"]["block_out_channels"]) - 1)
    multiple = factor * 2 ** (len(config["unet"]["block_out_channels"]) - 1)
    native = int(config["unet"]["sample_size"]) * factor
    shapes = {"height": height or native, "width": width or native, "images": images}
    for name, value in shapes.items():
        if name != "images" and (value < multiple or value % multiple):
            raise CallError(
                f"--{name} must be a multiple of {multiple} pixels for this model, not {value}; its own: {native}"
            )
    if images < 1:
        raise CallError(f"--images must be at least 1, not {images}")
    return shapes


def compile_model(files: ModelFiles, shapes: dict[str, int], folder: Path) -> None:
    """Compiles a checkpoint into a folder. Whatever the compiler raises passes through."""
    with tempfile.TemporaryDirectory(prefix="export-") as neutral:
        # optimum-neuron takes compiler flags from words in the path (`unet`, `vae`, `transformer`), wherever they stand:
        # a link keeps the user's own folder names out of it
        (Path(neutral) / "checkpoint").symlink_to(files.folder)
        _compile(files.kind, Path(neutral) / "checkpoint", shapes, folder)


def _compile(kind: Kind, source: Path, shapes: dict[str, int], folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from optimum.exporters.neuron import main_export
        from optimum.exporters.neuron.utils import build_stable_diffusion_components_mandatory_shapes
        from optimum.neuron.utils.instance import align_compilation_target

        align_compilation_target(INSTANCE, override=True)
        task: dict[str, Any]
        if kind == "text":
            task = {"task": "text2text-generation", "library_name": "transformers", **shapes}
        else:
            task = {
                "task": "text-to-image", "library_name": "diffusers",
                **build_stable_diffusion_components_mandatory_shapes(
                    batch_size=1, height=shapes["height"], width=shapes["width"], num_images_per_prompt=shapes["images"]
                ),
            }  # fmt: skip
        main_export(
            str(source), folder, compiler_kwargs=dict(COMPILER), inline_weights_to_neff=True, optlevel=OPTIMISATION,
            # the cache is keyed by path and configuration, not by weights: after another training it returns the old model
            disable_neuron_cache=True, do_validation=False, local_files_only=True, **task,
        )  # fmt: skip


def forget_paths(folder: Path) -> None:
    """Takes the names of this machine's folders out of the configurations: exports may be published."""
    for file in folder.rglob("*config.json"):
        config = json.loads(file.read_text(encoding="utf-8"))
        if config.pop("_name_or_path", None) is not None:
            file.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def try_out(kind: Kind, folder: Path) -> bool:
    """Loads fresh artifacts and makes one text or picture, where a Neuron device is; False where none is."""
    if not device_present():
        return False
    spec = next(s for s in registry.REGISTRY if s.kind == kind and s.compiled)
    spec.load(ModelFiles(kind, folder, ModelInfo(folder.name, "new", bundled=False), compiled=True), "a trial")
    return True


def wanted_record(files: ModelFiles, shapes: dict[str, int]) -> dict[str, Any]:
    """What an export is made from and with: equal records mean equal exports. Names no folder of this machine."""
    info = files.info
    local = not info.bundled and Path(info.name).expanduser().exists()
    source = {"name": files.folder.name if local else info.name, "revision": info.revision}
    return {"source": source, "arguments": {**shapes, **COMPILER, "optlevel": OPTIMISATION}}


def finished(files: ModelFiles, shapes: dict[str, int], out: Path) -> bool:
    """Whether OUT holds this very export already. Raises CallError when it holds another one."""
    target, wanted = out / files.kind, wanted_record(files, shapes)
    if not target.exists():
        return False
    there = read_record(target) or {}
    if {key: there.get(key) for key in wanted} != wanted:
        raise CallError(
            f"{target} holds something else ({_told(there)}), wanted is {_told(wanted)}: give another --out, or add --force "
            "to replace it"
        )
    return True


def export(files: ModelFiles, shapes: dict[str, int], out: Path, tell: Callable[[str], None]) -> Path:
    """Compiles one model and puts it into OUT/text or OUT/image, in the place of what is there; returns the folder.

    Raises ModelError or BackendError when the result does not load, and whatever the compiler raises.
    """
    kind, target = files.kind, out / files.kind
    part = out / f"{kind}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    progress, logger = _Progress(kind, tell), logging.getLogger("optimum.exporters.neuron.convert")
    load_library()
    level, passes_on = logger.level, logger.propagate
    logger.addHandler(progress)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    started = time.monotonic()
    try:
        compile_model(files, shapes, part)
    finally:
        logger.removeHandler(progress)
        logger.setLevel(level)
        logger.propagate = passes_on
    forget_paths(part)
    seconds = round(time.monotonic() - started, 1)
    installed = versions()
    tried = try_out(kind, part)
    write_record(part, {
        **wanted_record(files, shapes),
        "versions": {"neuronx_cc": installed.compiler, "optimum_neuron": installed.library},
        "seconds": seconds,
        "loaded": tried,
    })  # fmt: skip
    (part / "README.md").write_text(neuron_card(part), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    part.replace(target)
    tell(f"{kind}: {target} in {seconds} s" + ("" if tried else "; not loaded, for there is no Neuron device here"))
    return target


def _told(record: dict[str, Any]) -> str:
    if not record.get("source"):
        return "no finished export"
    arguments = ", ".join(f"{k} {v}" for k, v in record["arguments"].items() if k not in (*COMPILER, "optlevel"))
    return f"{record['source']['name']} {record['source']['revision']}, {arguments}"


def parser() -> argparse.ArgumentParser:
    """The command's flags."""
    p = argparse.ArgumentParser(
        prog="python -m finetune.export_neuron", description="Compiles both models for AWS Inferentia2."
    )
    p.add_argument("--text-model", metavar="P", help="a folder or a Hub id instead of the bundled T5")
    p.add_argument("--image-model", metavar="P", help="a folder or a Hub id instead of the bundled Stable Diffusion")
    p.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results, DIR/text and DIR/image"
    )
    p.add_argument("--only", choices=("text", "image"), help="compile one model only")
    p.add_argument(
        "--num-beams", type=int, default=BEAMS, metavar="B", help=f"outputs a prompt can have (default {BEAMS})"
    )
    p.add_argument(
        "--sequence-length", type=int, default=TOKENS, metavar="L",
        help=f"most tokens of a message, and of a text (default {TOKENS})",
    )  # fmt: skip
    p.add_argument("--height", type=int, metavar="H", help="pixels of a picture (default: the checkpoint's own)")
    p.add_argument("--width", type=int, metavar="W", help="pixels of a picture (default: the checkpoint's own)")
    p.add_argument(
        "--images", type=int, default=1, metavar="N", help="pictures of one call (default 1, which the app uses)"
    )
    p.add_argument("--force", action="store_true", help="compile again what is finished, and replace what is there")
    p.add_argument(
        "--push-to-hub", metavar="REPO", help="upload each model, as REPO-text and REPO-image (needs a login)"
    )
    return p


def missing() -> tuple[str, ...]:
    """Modules that compiling needs and that are not installed."""
    return next(spec for spec in registry.REGISTRY if spec.compiled).missing()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done; 2 the call is wrong or the SDK is not here; 1 the work failed."""
    args = parser().parse_args(arguments)
    prog = "python -m finetune.export_neuron"
    if missing():
        print(f"{prog}: {', '.join(missing())} not installed. {SDK}", file=sys.stderr)
        return 2
    kinds: tuple[Kind, ...] = (args.only,) if args.only else ("text", "image")
    try:
        plan: list[tuple[ModelFiles, dict[str, int]]] = []
        there: dict[Kind, bool] = {}
        for kind in kinds:  # every mistake is told before the first hour of compiling
            files = find_model(kind, getattr(args, f"{kind}_model"))
            if kind == "text":
                plan.append((files, text_arguments(files, args.sequence_length, args.num_beams)))
            else:
                plan.append((files, image_arguments(files, args.height, args.width, args.images)))
            there[kind] = not args.force and finished(*plan[-1], args.out)
        for number, (files, shapes) in enumerate(plan, 1):
            say(f"{files.kind} ({number} of {len(plan)}): {files.info.name} {files.info.revision}, {shapes}")
            if there[files.kind]:
                folder = args.out / files.kind
                say(f"{files.kind}: {folder} is finished already; --force compiles it again")
            else:
                folder = export(files, shapes, args.out, say)
            if args.push_to_hub:
                say(f"pushed: {push_folder(folder, f'{args.push_to_hub}-{files.kind}', 'model')}")
    except (CallError, BackendError) as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    except (ModelError, HubError) as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{prog}: stopped; the same call goes on with what is missing", file=sys.stderr)
        return 1
    except Exception as error:  # the compiler's own errors are of any kind
        print(
            f"{prog}: compiling failed: {because(error)}. When it was killed for memory, compile on a larger instance "
            "(docs/inferentia2.md). The same call goes on with what is missing.", file=sys.stderr,
        )  # fmt: skip
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
