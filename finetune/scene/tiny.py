"""Stage `tiny`: an AutoencoderTiny that speaks the latents of the run's autoencoder at a third of its time.

The way of TAESD (O. Boer Bohan, 2023; diffusers ships the class): no norms, no attention, ReLU, trained to give what the large
autoencoder gives. Here the two halves learn apart: the encoder to hit the latent means, the decoder to draw the picture from
latents that carry a little noise, as a denoiser's do. Knows nothing of captions or diffusion. Models are typed as Any: diffusers
declares its classes lazily, and mypy sees them empty.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.diffusion.objective import dice_of
from finetune.scene.budget import Budget
from finetune.scene.fit import Fit
from finetune.scene.vae import batches, encode, psnr, reconstruction_loss

if TYPE_CHECKING:
    import torch

STATE = "tiny_state.pt"
CARRIED = 3
"""Channels that start as the picture itself."""


@dataclass(frozen=True)
class TinyConfig:
    """Sizes: channels of each half, and residual blocks a level, the encoder's from the picture down, the decoder's from the
    latents up. The levels are those of the large autoencoder."""

    encoder_channels: int = 24
    decoder_channels: int = 32
    encoder_blocks: tuple[int, ...] = (0, 1, 2, 2)
    decoder_blocks: tuple[int, ...] = (3, 3, 2, 0)


def build_tiny(config: TinyConfig, latents: int) -> Any:
    """An untrained AutoencoderTiny for so many latent channels; its blocks start close to passing their input on."""
    import torch
    from diffusers import AutoencoderTiny

    levels = len(config.decoder_blocks)
    tiny: Any = AutoencoderTiny(
        encoder_block_out_channels=(config.encoder_channels,) * levels,
        decoder_block_out_channels=(config.decoder_channels,) * levels,
        num_encoder_blocks=config.encoder_blocks,
        num_decoder_blocks=config.decoder_blocks,
        latent_channels=latents,
    )
    with torch.no_grad():
        for layer in (*tiny.encoder.layers, *tiny.decoder.layers):
            if type(layer).__name__ == "AutoencoderTinyBlock":
                layer.conv[-1].weight.mul_(0.1)
                layer.conv[-1].weight[:CARRIED] = 0
                layer.conv[-1].bias.zero_()
            elif isinstance(layer, torch.nn.Conv2d) and layer.in_channels == layer.out_channels:
                _carry(layer)
    return tiny.to(memory_format=torch.channels_last)


def start_from_colours(tiny: Any, latents: "torch.Tensor", pictures: "torch.Tensor") -> None:
    """Sets both ends so that the untrained network is the best linear guess: latents to mean colours of their cells and back.

    latents: (count, channels, side, side); pictures: the same in -1 to 1, (count, 3, side * f, side * f).
    """
    import torch
    from torch.nn.functional import avg_pool2d

    cells = avg_pool2d(pictures, pictures.shape[-1] // latents.shape[-1]) / 2 + 0.5
    colours = cells.permute(0, 2, 3, 1).reshape(-1, 3)
    points = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1])
    ones = torch.ones(len(points), 1)
    to_colours = torch.linalg.lstsq(torch.cat([points, ones], 1), colours).solution
    to_latents = torch.linalg.lstsq(torch.cat([colours, ones], 1), points).solution
    with torch.no_grad():
        for first, last, into, out in (
            (tiny.decoder.layers[0], tiny.decoder.layers[-1], to_colours, torch.eye(4)[:, :3]),
            (tiny.encoder.layers[0], tiny.encoder.layers[-1], torch.eye(4)[:, :3], to_latents),
        ):
            first.weight[:CARRIED] = 0
            first.weight[:CARRIED, :, 1, 1] = into[:-1].T
            first.bias[:CARRIED] = into[-1]
            last.weight.mul_(0.1)
            last.weight[:, :CARRIED] = 0
            last.weight[:, :CARRIED, 1, 1] = out[:-1].T
            last.bias.copy_(out[-1])


def _carry(conv: "torch.nn.Conv2d") -> None:
    """The first channels go through unchanged, or are halved by the mean of four."""
    conv.weight[:CARRIED] = 0
    if conv.bias is not None:
        conv.bias[:CARRIED] = 0
    for i in range(CARRIED):
        if conv.stride[0] == 2:
            conv.weight[i, i, 1:, 1:] = 0.25
        else:
            conv.weight[i, i, 1, 1] = 1


def train_tiny(
    pictures: np.ndarray,
    vae: Any,
    out: Path,
    config: TinyConfig,
    *,
    sizes: tuple[int, ...],
    taught: int,
    minutes: float,
    steps: int | None = None,
    batch: int = 4,
    crop: int = 20,
    rate: float = 1.5e-3,
    noise: float = 0.08,
    seed: int = 0,
    resume: bool = False,
    held_out: int = 64,
    save_every: float = 120,
    report: Callable[[str], None] = print,
) -> Any:
    """Trains on `taught` pictures as `vae` encodes them at each of `sizes` pixels, and writes `out/tiny`.

    pictures: (count, side, side, 3), uint8; the last `held_out` are left for the figures. `crop`: latents a side. `noise`:
    deviation, in latents, of what the decoder must look past. Every step's dice depend on seed and step alone.
    """
    import torch
    from torch.nn.functional import mse_loss

    torch.manual_seed(seed)
    tiny = build_tiny(config, vae.config.latent_channels)
    taught = min(taught, len(pictures) - held_out)
    sets = [_pairs(vae, pictures[:taught], size, out) for size in sizes]
    report(f"tiny: latents of {taught} pictures at {sizes}")
    factor = sizes[0] // sets[0][1].shape[-1]
    some = min(32, taught)
    start_from_colours(tiny, sets[0][1][:some].float(), _as_pixels(sets[0][0][:some]))
    fit = Fit(tiny, rate=rate, beta2=0.99, decay=0.998)
    spent, state_file = 0.0, out / STATE
    if resume and state_file.exists():
        spent = fit.take_up(state_file)
        report(f"tiny resumes at step {fit.step}, {spent:.0f} s")
    budget, saved = Budget(minutes, steps, spent), spent
    errors: list[tuple[float, float]] = []
    while (share := budget.share(step := fit.step)) < 1:
        elapsed = budget.elapsed
        dice = np.random.default_rng([seed, step])
        drawn, latents = sets[int(dice.integers(len(sets)))]
        x, z = _crops(drawn, latents, factor, crop, batch, dice)
        noisy = z + noise * torch.rand(len(z), 1, 1, 1, generator=dice_of(seed, step)) * torch.randn(
            z.shape, generator=dice_of(seed + 1, step)
        )
        y = tiny.decoder(noisy)
        guess = tiny.encoder(x)
        missed = mse_loss(guess, z)
        fit.learn(reconstruction_loss(y - x) + missed, share)
        errors.append(((y - x).detach().pow(2).mean().item(), missed.item()))
        if fit.step % 100 == 0:
            pixels, points = np.mean(errors[-100:], axis=0)
            report(f"tiny step {fit.step} {elapsed:.0f} s, decoder {psnr(pixels):.2f} dB, encoder error {points:.4f}")
        if elapsed - saved > save_every:
            saved = elapsed
            fit.keep(state_file, budget)
    fit.swap()
    figures = {"steps": fit.step, "minutes": round(budget.elapsed / 60, 1), "taught": taught, "sizes": list(sizes)}
    figures |= measure_tiny(tiny, vae, pictures[len(pictures) - held_out :], sizes[0])
    report(f"tiny done: {figures}")
    tiny.save_pretrained(out / "tiny")
    (out / "tiny.json").write_text(json.dumps(figures) + "\n", encoding="utf-8")
    return tiny


def measure_tiny(tiny: Any, vae: Any, pictures: np.ndarray, size: int) -> dict[str, float]:
    """In full precision: dB of its decoder after the large encoder (`decoder_psnr`), of both its halves (`psnr`), and the mean
    squared distance of its latents to the large encoder's (`encoder_error`)."""
    import torch

    found = []
    with torch.no_grad():
        for x in batches(pictures, size, 4):
            z = vae.quant_conv(vae.encoder(x)).chunk(2, 1)[0]
            guess = tiny.encoder(x)
            errors = [(tiny.decoder(points).clamp(-1, 1) - x).pow(2).mean((1, 2, 3)) for points in (z, guess)]
            found.append(torch.stack([*errors, (guess - z).pow(2).mean((1, 2, 3))]))
    decoded, both, points = torch.cat(found, 1).mean(1).tolist()
    return {
        "decoder_psnr": round(psnr(decoded), 2),
        "psnr": round(psnr(both), 2),
        "encoder_error": round(points, 4),
    }


def _pairs(vae: Any, pictures: np.ndarray, size: int, out: Path) -> "tuple[np.ndarray, torch.Tensor]":
    """The pictures at `size` (memory-mapped) and their latents, from `out` where an earlier call left them."""
    import torch

    kept, points = out / f"tiny-pictures-{size}.npy", out / f"tiny-latents-{size}.pt"
    if not points.exists():
        small = np.lib.format.open_memmap(kept, mode="w+", dtype=np.uint8, shape=(len(pictures), size, size, 3))
        row = 0
        for x in batches(pictures, size, 8):
            pixels = ((x + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
            small[row : row + len(pixels)] = pixels
            row += len(pixels)
        small.flush()
        fresh = points.with_suffix(".new")
        torch.save(encode(vae, small, size), fresh)
        fresh.replace(points)
    return np.load(kept, mmap_mode="r"), torch.load(points, weights_only=True)


def _crops(
    pictures: np.ndarray, latents: "torch.Tensor", factor: int, crop: int, batch: int, dice: np.random.Generator
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Random cuts: (batch, 3, crop * factor, crop * factor) in -1 to 1, and their latents."""
    import torch

    side = latents.shape[-1]
    crop = min(crop, side)
    cut, points = [], []
    for _ in range(batch):
        i = int(dice.integers(len(pictures)))
        top, left = (int(v) for v in dice.integers(0, side - crop + 1, 2))
        points.append(latents[i, :, top : top + crop, left : left + crop])
        cut.append(pictures[i, top * factor : (top + crop) * factor, left * factor : (left + crop) * factor])
    return _as_pixels(np.stack(cut)), torch.stack(points).float().contiguous(memory_format=torch.channels_last)


def _as_pixels(pictures: np.ndarray) -> "torch.Tensor":
    import torch

    pixels = torch.from_numpy(pictures.astype(np.float32)).permute(0, 3, 1, 2) / 127.5 - 1
    return pixels.contiguous(memory_format=torch.channels_last)
