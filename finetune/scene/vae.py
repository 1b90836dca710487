"""Stage `vae`: a slim AutoencoderKL that turns a 512-pixel scene into 64 x 64 latents and back.

What keeps colour alive in so small a network: one normalisation group (more groups on few channels erase it), a
pass-through start in which the first channels carry the picture itself, and a loss on pooled luminance and chroma.
Knows nothing of captions or diffusion. Models are typed as Any: diffusers declares its classes lazily, and mypy sees them empty.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.diffusion.objective import dice_of
from finetune.diffusion.precision import cpu_autocast
from finetune.scene.budget import Budget
from finetune.scene.fit import Fit

if TYPE_CHECKING:
    import torch

STATE = "vae_state.pt"


@dataclass(frozen=True)
class VaeConfig:
    """Sizes of the autoencoder; the picture shrinks by 2 ** (len(channels) - 1)."""

    channels: tuple[int, ...] = (16, 32, 64, 96)
    latents: int = 8
    size: int = 512


def build_vae(config: VaeConfig) -> Any:
    """An untrained autoencoder with the pass-through start; only options that the Neuron exporter knows."""
    import torch
    from diffusers import AutoencoderKL

    n = len(config.channels)
    vae: Any = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * n,
        up_block_types=("UpDecoderBlock2D",) * n,
        block_out_channels=config.channels,
        layers_per_block=1,
        norm_num_groups=1,
        latent_channels=config.latents,
        mid_block_add_attention=False,
        sample_size=config.size,
        scaling_factor=1.0,
    )
    with torch.no_grad():
        _pass_through(vae)
        vae.quant_conv.bias[config.latents :] = -6
        vae.quant_conv.weight[config.latents :] *= 0.1
    return vae.to(memory_format=torch.channels_last)


def _pass_through(vae: Any, offset: float = 3.0, damping: float = 0.3) -> None:
    """Channels 0 to 2 carry the picture through all layers, channel 3 a constant that keeps the norms from erasing it."""
    carried = 4

    def carry(conv: Any, halve: bool = False) -> None:
        conv.weight[:carried] = 0
        conv.bias[:carried] = 0
        middle = conv.kernel_size[0] // 2
        for i in range(carried):
            if halve:
                conv.weight[i, i, 0:2, 0:2] = 0.25
            else:
                conv.weight[i, i, middle, middle] = 1

    for module in vae.modules():
        kind = type(module).__name__
        if kind == "ResnetBlock2D":
            module.conv2.weight.mul_(damping)
            module.conv2.weight[:carried] = 0
            module.conv2.bias[:carried] = 0
            if module.conv_shortcut is not None:
                carry(module.conv_shortcut)
        elif kind == "Downsample2D":
            carry(module.conv, halve=True)
        elif kind == "Upsample2D":
            carry(module.conv)
    for part in (vae.encoder, vae.decoder):
        part.conv_in.weight[:carried] = 0
        part.conv_in.bias[:carried] = 0
        for i in range(3):
            part.conv_in.weight[i, i, 1, 1] = 1
        part.conv_in.bias[3] = offset
        # SiLU is nearly linear far right of zero: shift the carried channels there
        part.conv_norm_out.bias[:3] = offset
        part.conv_out.weight[:3] = 0
        part.conv_out.bias[:3] = -offset / (1 + math.exp(-offset))  # takes the shift back
        for i in range(3):
            part.conv_out.weight[i, i, 1, 1] = 1
    for conv in (vae.quant_conv, vae.post_quant_conv):
        for i in range(carried):
            conv.weight[i] = 0
            conv.weight[i, i] = 1


def reconstruction_loss(error: "torch.Tensor") -> "torch.Tensor":
    """The loss of `error` (batch, 3, height, width; output minus target, pictures in -1 to 1)."""
    import torch
    from torch.nn.functional import avg_pool2d

    edges = (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    luma = error.mean(1, keepdim=True)
    chroma = 1.5 * torch.cat([error[:, :1] - error[:, 1:2], error[:, 2:] - error[:, 1:2]], 1)
    colour = torch.cat([luma, chroma], 1)
    reaches = [k for k in (2, 8, 32) if k <= min(error.shape[2:])]
    pooled = sum(avg_pool2d(colour, k).pow(2).mean() + 0.5 * avg_pool2d(colour, k).abs().mean() for k in reaches)
    return error.abs().mean() + 2 * error.pow(2).mean() + 0.5 * edges + pooled


def crops(pictures: np.ndarray, size: int, crop: int, batch: int, dice: np.random.Generator) -> "torch.Tensor":
    """Random crops (batch, 3, crop, crop) in -1 to 1, from pictures halved as often as needed to `size`."""
    import torch

    step = pictures.shape[1] // size
    cut = []
    for _ in range(batch):
        i = int(dice.integers(len(pictures)))
        y, x = (int(v) * step for v in dice.integers(0, size - crop + 1, 2))
        piece = pictures[i, y : y + crop * step, x : x + crop * step].astype(np.float32)
        cut.append(piece.reshape(crop, step, crop, step, 3).mean((1, 3)))
    stack = torch.from_numpy(np.stack(cut)).permute(0, 3, 1, 2)
    return (stack / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def train_vae(
    pictures: np.ndarray,
    out: Path,
    config: VaeConfig,
    *,
    minutes: float,
    steps: int | None = None,
    batch: int = 4,
    crop: int = 128,
    rate: float = 2e-3,
    seed: int = 0,
    resume: bool = False,
    held_out: int = 64,
    base: Any = None,
    save_every: float = 120,
    report: Callable[[str], None] = print,
) -> Any:
    """Trains on all but the last `held_out` pictures and writes `out/vae_raw`; a checkpoint every `save_every` seconds.

    pictures: (count, side, side, 3), uint8. `base`: an autoencoder of this shape from whose weights it starts; ValueError
    for another shape. Every step's dice depend on seed and step alone: with `steps`, going on with `resume` gives the same
    weights as never having stopped.
    """
    import torch

    torch.manual_seed(seed)
    vae = build_vae(config)
    if base is not None:
        try:
            vae.load_state_dict(base.state_dict())
        except RuntimeError as error:
            raise ValueError(f"the base's autoencoder has another shape than the recipe's: {error}") from error
    fit = Fit(vae, rate=rate, beta2=0.98, decay=0.995)
    spent, state_file = 0.0, out / STATE
    if resume and state_file.exists():
        spent = fit.take_up(state_file)
        report(f"vae resumes at step {fit.step}, {spent:.0f} s")
    train, test = pictures[: len(pictures) - held_out], pictures[len(pictures) - held_out :]
    budget, saved = Budget(minutes, steps, spent), spent
    errors: list[float] = []
    while (share := budget.share(step := fit.step)) < 1:
        elapsed = budget.elapsed
        dice = np.random.default_rng([seed, step])
        # whole pictures at the end: the norms see other statistics there than in crops
        side, count = (crop, batch) if share < 0.85 else (config.size, max(1, batch * crop**2 // config.size**2))
        x = crops(train, config.size, side, count, dice)
        with cpu_autocast():
            moments = vae.quant_conv(vae.encoder(x)).float()
            mean, logvar = moments.chunk(2, 1)
            logvar = logvar.clamp(-12, 2)
            z = mean + (0.5 * logvar).exp() * torch.randn(mean.shape, generator=dice_of(seed, step))
            y = vae.decoder(vae.post_quant_conv(z)).float()
        divergence = 0.5 * (mean.pow(2) + logvar.exp() - 1 - logvar).mean()
        fit.learn(reconstruction_loss(y - x) + 2e-4 * divergence, share)
        errors.append((y - x).detach().pow(2).mean().item())
        if fit.step % 100 == 0:
            report(f"vae step {fit.step} {elapsed:.0f} s, psnr {psnr(float(np.mean(errors[-100:]))):.2f} dB")
        if elapsed - saved > save_every:
            saved = elapsed
            fit.keep(state_file, budget)
            report(f"vae held-out {_held_out(fit, test, config):.2f} dB after {elapsed:.0f} s")
    fit.swap()
    score = measure(vae, test, config.size)
    report(f"vae done: {fit.step} steps, held-out {score:.2f} dB")
    vae.save_pretrained(out / "vae_raw")
    (out / "vae.json").write_text(
        json.dumps({"steps": fit.step, "minutes": minutes, "batch": batch, "crop": crop, "psnr": round(score, 2)})
        + "\n",
        encoding="utf-8",
    )
    return vae


def psnr(error: float) -> float:
    """Decibels of a mean squared error between pictures in -1 to 1."""
    return 10 * math.log10(4 / max(float(error), 1e-12))


def batches(pictures: np.ndarray, size: int, batch: int) -> "Iterator[torch.Tensor]":
    """All pictures in order, halved to `size`, as (batch, 3, size, size) in -1 to 1."""
    import torch

    step = pictures.shape[1] // size
    for i in range(0, len(pictures), batch):
        piece = pictures[i : i + batch].astype(np.float32)
        small = piece.reshape(len(piece), size, step, size, step, 3).mean((2, 4))
        yield (torch.from_numpy(small).permute(0, 3, 1, 2) / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def measure(vae: Any, pictures: np.ndarray, size: int) -> float:
    """Peak signal to noise of reconstructions from the latent means, in dB, in full precision."""
    import torch

    errors = []
    with torch.no_grad():
        for x in batches(pictures, size, 8):
            mean = vae.quant_conv(vae.encoder(x)).chunk(2, 1)[0]
            errors.append((vae.decoder(vae.post_quant_conv(mean)).clamp(-1, 1) - x).pow(2).mean((1, 2, 3)))
    return psnr(torch.cat(errors).mean().item())


def encode(vae: Any, pictures: np.ndarray, size: int) -> "torch.Tensor":
    """The latent means (count, latents, size / f, size / f) of all pictures, in half precision."""
    import torch

    found = []
    with torch.no_grad(), cpu_autocast():
        for x in batches(pictures, size, 8):
            found.append(vae.quant_conv(vae.encoder(x)).float().chunk(2, 1)[0].half())
    return torch.cat(found)


def channel_effects(vae: Any, pictures: np.ndarray, size: int) -> "torch.Tensor":
    """How far each latent channel moves the decoded picture: root mean square change for a change of 0.1, over 0.1."""
    import torch

    dice = torch.Generator().manual_seed(0)
    found = []
    with torch.no_grad():
        for x in batches(pictures, size, 4):
            mean = vae.quant_conv(vae.encoder(x)).chunk(2, 1)[0]
            plain = vae.decoder(vae.post_quant_conv(mean))
            effects = []
            for channel in range(mean.shape[1]):
                moved = mean.clone()
                moved[:, channel] += 0.1 * torch.randn(mean[:, channel].shape, generator=dice)
                effects.append((vae.decoder(vae.post_quant_conv(moved)) - plain).pow(2).mean().sqrt() / 0.1)
            found.append(torch.stack(effects))
    return torch.stack(found).mean(0)


def spreads(effects: "torch.Tensor") -> "torch.Tensor":
    """The deviation that each channel shall have: the cube root of its effect, 1 for the strongest.

    Equal deviations would spend half of the denoiser's training on channels that move the picture by a fifteenth of what
    the others do; deviations in proportion would drown those channels in the last steps' noise.
    """
    return (effects / effects.max()) ** (1 / 3)


def normalise(vae: Any, latents: "torch.Tensor", spread: "torch.Tensor | None" = None) -> "torch.Tensor":
    """Folds each channel's mean and deviation over `latents` into the quantisation convolutions, so that latents have
    mean 0 and deviation `spread` (channels; default 1) with `scaling_factor=1`; returns the latents as the folded model
    encodes them."""
    import torch

    mean = latents.float().mean((0, 2, 3))
    deviation = latents.float().std((0, 2, 3))
    if spread is not None:
        deviation = deviation / spread
    n = len(mean)
    with torch.no_grad():
        quant, post = vae.quant_conv, vae.post_quant_conv
        quant.weight[:n] /= deviation.view(-1, 1, 1, 1)
        quant.bias[:n] = (quant.bias[:n] - mean) / deviation
        quant.bias[n:] -= 2 * deviation.log()
        post.bias += (post.weight[:, :, 0, 0] * mean).sum(1)
        post.weight *= deviation.view(1, -1, 1, 1)
    return ((latents.float() - mean.view(1, -1, 1, 1)) / deviation.view(1, -1, 1, 1)).half()


def _held_out(fit: Fit, test: np.ndarray, config: VaeConfig) -> float:
    fit.swap()
    score = measure(fit.model, test[:16], config.size)
    fit.swap()
    return score
