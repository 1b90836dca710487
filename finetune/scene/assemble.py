"""Stage `assemble`: the trained parts as one stock Stable Diffusion folder in half precision."""

import json
from pathlib import Path
from typing import Any

from pipelines.backends.torch_image import TINY

SHARD = "14MB"
"""Weight files stay small enough for any git host."""


def assemble(
    vae: Any,
    encoder: Any,
    tokenizer: Any,
    unet: Any,
    to: Path,
    tiny: Any = None,
) -> None:
    """Writes a folder that `AutoPipelineForText2Image` and `AutoPipelineForImage2Image` load; beside its parts, where those
    do not look, the small autoencoder `tiny`."""
    import torch
    from diffusers import StableDiffusionPipeline

    from finetune.scene.unet import build_scheduler

    pipeline: Any = StableDiffusionPipeline(
        vae=vae.eval(),
        text_encoder=encoder.eval(),
        tokenizer=tokenizer,
        unet=unet.eval(),
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(dtype=torch.float16)
    for old in to.glob("*/*.safetensors*"):
        old.unlink()  # a smaller model leaves fewer shards: none of the last one may stay
    pipeline.save_pretrained(to, safe_serialization=True, max_shard_size=SHARD)
    if tiny is not None:
        tiny.to(dtype=torch.float16).save_pretrained(to / TINY, safe_serialization=True)
    for config in to.glob("*/config.json"):
        # where the parts lay on the machine that trained them is nobody's business
        known = json.loads(config.read_text(encoding="utf-8"))
        known.pop("_name_or_path", None)
        if config.parent.name == TINY:
            known.pop("block_out_channels", None)  # the class sets it itself, and warns of a file that has it
        config.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
