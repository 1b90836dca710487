"""Pictures that a model in training makes of its validation prompts: the same noise each time, so that only the model
differs. Knows no training."""

from pathlib import Path
from typing import Any

from finetune.image_recipe import Validation


def make_pictures(
    pipeline: Any, told: Validation, folder: Path, step: int, seed: int, side: int, device: Any
) -> list[tuple[Path, str]]:
    """Writes `folder/step-N-K.png` (K counts pictures from 1, prompt by prompt); returns (file, prompt) of each.

    `side` in pixels. The pipeline's weights stay where they are.
    """
    import torch
    from diffusers import StableDiffusionPipeline

    if not told.prompts:
        return []
    parts = dict(pipeline.components)
    # a filter would blacken what is to be looked at; it stays in the checkpoint
    parts |= {"safety_checker": None, "feature_extractor": None, "image_encoder": None}
    parts["scheduler"] = type(pipeline.scheduler).from_config(pipeline.scheduler.config)
    sampler: Any = StableDiffusionPipeline(**parts, requires_safety_checker=False)
    sampler.set_progress_bar_config(disable=True)
    folder.mkdir(parents=True, exist_ok=True)
    parts["unet"].eval()
    made: list[tuple[Path, str]] = []
    half = parts["vae"].dtype == torch.bfloat16
    with torch.inference_mode(), torch.autocast(torch.device(device).type, torch.bfloat16, enabled=half):
        for prompt in told.prompts:
            for number in range(told.pictures):
                picture = sampler(
                    prompt,
                    num_inference_steps=told.steps,
                    guidance_scale=told.guidance,
                    generator=torch.Generator().manual_seed(seed + number),
                    height=side,
                    width=side,
                ).images[0]
                file = folder / f"step-{step}-{len(made) + 1}.png"
                part = file.with_suffix(".part")
                picture.save(part, format="PNG")
                part.replace(file)
                made.append((file, prompt))
    return made
