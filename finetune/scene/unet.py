"""Stage `unet`: the shape of the bundled denoiser, its noise schedule, where its weights start, and whether it hears the
prompt. `finetune.diffusion.loop` trains it.

v-prediction with zero terminal noise ratio and plain squared error (weighting by noise starved the noisy steps, and the
prompt was ignored). Knows nothing of pictures: it sees latents and token ids. Models are typed as Any: diffusers declares
its classes lazily, and mypy sees them empty.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.diffusion.objective import squared_errors

if TYPE_CHECKING:
    import torch

STATE = "unet_state.pt"
"""What trainings before checkpoint folders left behind; `take_up` still reads it."""


@dataclass(frozen=True)
class UnetConfig:
    """Sizes of the denoiser; cross-attention at the three lowest levels."""

    channels: tuple[int, ...] = (32, 48, 96, 192, 256)
    time_width: int = 192
    groups: int = 16


def build_scheduler() -> Any:
    """The noise schedule of training and sampling."""
    from diffusers import DPMSolverMultistepScheduler

    return DPMSolverMultistepScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        steps_offset=1,
        algorithm_type="dpmsolver++",
        solver_order=2,
    )


def build_unet(config: UnetConfig, *, latents: int, side: int, text_width: int) -> Any:
    """An untrained denoiser for (latents, side, side)."""
    import torch
    from diffusers import UNet2DConditionModel

    n = len(config.channels)
    attended = min(3, n - 1)
    unet: Any = UNet2DConditionModel(
        sample_size=side,
        in_channels=latents,
        out_channels=latents,
        block_out_channels=config.channels,
        down_block_types=("DownBlock2D",) * (n - attended) + ("CrossAttnDownBlock2D",) * attended,
        up_block_types=("CrossAttnUpBlock2D",) * attended + ("UpBlock2D",) * (n - attended),
        layers_per_block=1,
        cross_attention_dim=text_width,
        # in this class the number means heads, not their width
        attention_head_dim=tuple(max(1, c // 64) for c in config.channels),
        norm_num_groups=config.groups,
        time_embedding_dim=config.time_width,
        resnet_time_scale_shift="scale_shift",
    )
    return unet.to(memory_format=torch.channels_last)


def warm_start(unet: Any, kept: "dict[str, torch.Tensor]") -> float:
    """Copies from another denoiser of this family what fits; returns the share of weights that came from it.

    A base with fewer levels (it made smaller pictures) gives its levels to the lowest ones here: what it drew at 32 x 32
    latents stands below a new level for 64 x 64.
    """
    import torch

    here = unet.state_dict()
    levels = len(unet.config.block_out_channels)
    lower = 1 + max((int(m[1]) for name in kept if (m := re.match(r"down_blocks\.(\d+)\.", name))), default=-1)
    shift = levels - lower
    copied = 0
    with torch.no_grad():
        for name, weight in kept.items():
            if shift and name.startswith(("conv_", f"up_blocks.{lower - 1}.")):
                continue  # what was outermost there is not outermost here
            moved = re.sub(r"^down_blocks\.(\d+)\.", lambda m: f"down_blocks.{int(m[1]) + shift}.", name)
            if moved in here and here[moved].shape == weight.shape:
                here[moved].copy_(weight)
                copied += weight.numel()
    return copied / sum(weight.numel() for weight in here.values())


def take_up(file: Path, denoiser: Any, optimizer: Any, average: Any) -> tuple[int, float]:
    """Reads a state that an earlier form of this training wrote (weights of both parts, optimiser, running average, steps,
    seconds) into the parts of the present one; returns (step, seconds spent)."""
    import torch

    state = torch.load(file, weights_only=True)
    denoiser.unet.load_state_dict(state["unet"])
    denoiser.encoder.load_state_dict(state["encoder"])
    optimizer.load_state_dict(state["optimizer"])
    if average is not None:
        for ours, kept in zip(average.shadow_params, state["average"], strict=True):
            ours.copy_(kept)
        average.optimization_step = state["step"]
    return int(state["step"]), float(state["spent"])


def prompt_effect(denoiser: Any, schedule: Any, latents: "torch.Tensor", ids: "torch.Tensor") -> dict[str, float]:
    """Losses at high noise with right and with shuffled captions, and over all noise levels.

    latents: (count, channels, side, side); ids: (count, tokens).
    """
    import torch

    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(5))
    high = torch.full((len(latents),), 950)
    spread = torch.linspace(20, 980, len(latents)).long()
    cases = {"right": (ids, high), "shuffled": (ids.roll(1, 0), high), "all": (ids, spread)}
    with torch.no_grad():
        return {
            name: round(squared_errors(denoiser, schedule, latents, words, times, noise).mean().item(), 4)
            for name, (words, times) in cases.items()
        }
