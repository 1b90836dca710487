"""Writes what a training made in the stock formats: a whole pipeline, or LoRA weights; safetensors only, no paths of the
machine that made it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from finetune.recipe import Dtype

LORA_FILE = "pytorch_lora_weights.safetensors"
SETTINGS = "training_settings.json"


def write_whole(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Lets `fill` write a folder beside `folder`, then puts it in its place: there is never half of one."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    fill(part)
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return folder


def export_pipeline(
    pipeline: Any, folder: Path, dtype: Dtype, record: dict[str, Any], shard: str | None = None
) -> Path:
    """A folder that `AutoPipelineForText2Image` loads, with the record of its making. `shard`: largest weight file."""
    import torch

    def fill(to: Path) -> None:
        pipeline.to("cpu", getattr(torch, dtype))
        pipeline.save_pretrained(to, safe_serialization=True, **({"max_shard_size": shard} if shard else {}))
        forget_paths(to)
        _write_record(to, record)

    return write_whole(folder, fill)


def export_lora(unet: Any, folder: Path, dtype: Dtype, record: dict[str, Any]) -> Path:
    """A folder with `pytorch_lora_weights.safetensors`, which stock pipelines read with `load_lora_weights`."""
    import torch
    from diffusers import StableDiffusionPipeline
    from diffusers.utils import convert_state_dict_to_diffusers
    from peft import get_peft_model_state_dict

    def fill(to: Path) -> None:
        layers = convert_state_dict_to_diffusers(get_peft_model_state_dict(unet))
        layers = {name: weight.to("cpu", getattr(torch, dtype)) for name, weight in layers.items()}
        # with its rank and alpha, so that it is applied at the strength at which it was trained
        settings = {
            key: sorted(value) if isinstance(value, set) else value
            for key, value in unet.peft_config["default"].to_dict().items()
        }
        settings["base_model_name_or_path"] = None
        StableDiffusionPipeline.save_lora_weights(
            to, unet_lora_layers=layers, unet_lora_adapter_metadata=settings, safe_serialization=True
        )
        _write_record(to, record)

    return write_whole(folder, fill)


def merged(pipeline: Any, lora: Path) -> Any:
    """The pipeline with LoRA weights folded into its UNet, which is a plain one again."""
    pipeline.load_lora_weights(lora)
    pipeline.fuse_lora()
    pipeline.unload_lora_weights()
    return pipeline


def forget_paths(folder: Path) -> None:
    """Removes from every config where the parts lay on the machine that trained them: that is nobody's business."""
    for config in [*folder.glob("*.json"), *folder.glob("*/*.json")]:
        known = json.loads(config.read_text(encoding="utf-8"))
        if isinstance(known, dict) and {"_name_or_path", "name_or_path"} & set(known):
            known.pop("_name_or_path", None)
            known.pop("name_or_path", None)
            config.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def _write_record(folder: Path, record: dict[str, Any]) -> None:
    (folder / SETTINGS).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
