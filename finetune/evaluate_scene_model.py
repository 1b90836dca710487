"""Figures of the scene model's parts, without making a scene: how well the autoencoder keeps a picture, and how much the
caption helps the denoiser. Knows nothing of the app."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.diffusion.precision import precision_of
from finetune.evaluate_scene_measures import psnr
from pipelines.scene_prompt import caption
from pipelines.sketch import SketchSpec, draw

if TYPE_CHECKING:
    import torch

HIGH = (800, 999)
"""Time steps (of 1000) at which the caption must decide what the picture becomes."""


def precisions() -> tuple[str, ...]:
    """Single, and the half precision that the app runs where the processor multiplies it; emulated, it takes minutes a picture,
    as float16 does. The weights are as the checkpoint stores them (float16) in both."""
    return ("float32", "bfloat16") if precision_of("bf16", "cpu")[0] == "bf16" else ("float32",)


def load_stock(folder: Any) -> Any:
    """The checkpoint in diffusers' own pipeline, in single precision on the CPU. Raises OSError, ValueError."""
    import torch
    from diffusers import AutoPipelineForText2Image

    stock: Any = AutoPipelineForText2Image.from_pretrained(folder, torch_dtype=torch.float32, use_safetensors=True)
    stock.set_progress_bar_config(disable=True)
    return stock


def native_side(pipeline: Any) -> int:
    """Pixels of the pictures that a pipeline was trained for."""
    return int(pipeline.unet.config.sample_size * pipeline.vae_scale_factor)


def finished_side(pipeline: Any) -> int:
    """Pixels of the pictures that leave the autoencoder: its own size, where a second pass goes beyond the denoiser's."""
    return max(native_side(pipeline), int(pipeline.vae.config.sample_size or 0))


def drawn(specs: Sequence[SketchSpec], side: int) -> "torch.Tensor":
    """The drawings of these specs: (n, 3, side, side), -1 to 1."""
    import torch

    pixels = np.stack([np.asarray(draw(spec, side)) for spec in specs]).astype(np.float32)
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous() / 127.5 - 1


def autoencoder_figures(pipeline: Any, specs: Sequence[SketchSpec], tiny: Any = None, batch: int = 4) -> dict[str, Any]:
    """PSNR of the drawings through the autoencoder at the size of finished pictures, from the latent means, values cut to
    their range: of the mean squared error over all pictures, and the median picture's; at single and, where there is one, half precision, and through
    `tiny` (an AutoencoderTiny, single precision): its decoder after the large encoder, and both its halves. Beside them two
    pictures that cost nothing: the drawing at the latents' own size and back (bicubic), and its mean colour."""
    import copy

    import torch
    from torch.nn import functional

    side, factor = finished_side(pipeline), pipeline.vae_scale_factor
    models = {name: copy.deepcopy(pipeline.vae).to(getattr(torch, name)).eval() for name in precisions()}
    errors: dict[str, list[float]] = {}
    for start in range(0, len(specs), batch):
        x = drawn(specs[start : start + batch], side)
        small = functional.interpolate(x, scale_factor=1 / factor, mode="area")
        shown = {
            "bicubic": functional.interpolate(small, (side, side), mode="bicubic").clamp(-1, 1),
            "mean colour": x.mean((2, 3), keepdim=True).expand_as(x),
        }
        with torch.inference_mode():
            means = {}
            for name, vae in models.items():
                means[name] = vae.encode(x.to(vae.dtype)).latent_dist.mode()
                shown[name] = vae.decode(means[name]).sample.float().clamp(-1, 1)
            if tiny is not None:
                shown["tiny decoder"] = tiny.decode(means["float32"]).sample.clamp(-1, 1)
                shown["tiny"] = tiny.decode(tiny.encode(x).latents).sample.clamp(-1, 1)
        for name, picture in shown.items():
            errors.setdefault(name, []).extend((picture - x).pow(2).mean((1, 2, 3)).tolist())
    return {
        "n": len(specs),
        "side": side,
        **{
            name: {
                "of_mean_error": psnr(float(np.mean(found)), peak=2),
                "median_picture": psnr(float(np.median(found)), peak=2),
                "worst_picture": psnr(float(np.max(found)), peak=2),
            }
            for name, found in errors.items()
        },
    }


def of_other_places(specs: Sequence[SketchSpec]) -> list[int]:
    """For each scene the number of another one that shows another place, each used once.

    Raises ValueError where no such exchange exists (one place fills more than half).
    """
    n = len(specs)
    order = sorted(range(n), key=lambda i: specs[i].place)
    counts = [specs[i].place for i in order]
    # in the order of places, a shift by the most frequent place's count never meets the same place
    shift = max((counts.count(place) for place in set(counts)), default=0)
    if n == 0 or 2 * shift > n:
        raise ValueError("captions cannot be shuffled so that every scene gets another place's: add other places")
    partner = [0] * n
    for position, i in enumerate(order):
        partner[i] = order[(position + shift) % n]
    return partner


def _latents(pipeline: Any, specs: Sequence[SketchSpec], batch: int = 4) -> "torch.Tensor":
    import torch

    vae, side, found = pipeline.vae, native_side(pipeline), []
    with torch.inference_mode():
        for start in range(0, len(specs), batch):
            mean = vae.encode(drawn(specs[start : start + batch], side)).latent_dist.mode()
            found.append((mean - (vae.config.shift_factor or 0.0)) * vae.config.scaling_factor)
    return torch.cat(found)


def _states(pipeline: Any, captions: Sequence[str]) -> "torch.Tensor":
    import torch

    tokenizer = pipeline.tokenizer
    ids = tokenizer(
        list(captions),
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    with torch.inference_mode():
        states: torch.Tensor = pipeline.text_encoder(ids).last_hidden_state
    return states


def prompt_figures(
    pipeline: Any, specs: Sequence[SketchSpec], *, timesteps: int = 8, seed: int = 0, batch: int = 12
) -> dict[str, Any]:
    """The denoiser's squared error (of what it was trained to predict: velocity or noise) on drawings that it never saw, with
    the right caption, with another place's, and with none, on the same noise.

    `high`: mean over `timesteps` steps spread evenly over HIGH; `t950`; `all`: noise levels spread over the pictures. Each
    with the ratio of wrong to right and its 95 % bootstrap interval over the pictures.
    """
    import torch
    from diffusers import DDPMScheduler

    levels: Any = DDPMScheduler.from_config(pipeline.scheduler.config)
    prediction = levels.config.prediction_type
    if prediction not in ("v_prediction", "epsilon"):
        raise ValueError(f"the loss of prediction type {prediction!r} is not known; known are v_prediction and epsilon")
    captions = [caption(spec) for spec in specs]
    partner = of_other_places(specs)
    latents = _latents(pipeline, specs)
    states = {
        "right": _states(pipeline, captions),
        "shuffled": _states(pipeline, [captions[i] for i in partner]),
        "none": _states(pipeline, [""]).expand(len(specs), -1, -1),
    }
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(seed))

    def errors(times: "torch.Tensor", words: str) -> np.ndarray:
        found = []
        with torch.inference_mode():
            for start in range(0, len(specs), batch):
                part = slice(start, start + batch)
                x, e, t = latents[part], noise[part], times[part]
                wanted = levels.get_velocity(x, e, t) if prediction == "v_prediction" else e
                made = pipeline.unet(levels.add_noise(x, e, t), t, states[words][part], return_dict=False)[0]
                found.append((made.float() - wanted).pow(2).mean((1, 2, 3)))
        return torch.cat(found).numpy()

    def row(moments: Sequence["torch.Tensor"]) -> dict[str, Any]:
        means = {words: np.mean([errors(times, words) for times in moments], axis=0) for words in states}
        dice = np.random.default_rng(seed)
        picks = dice.integers(0, len(specs), (4000, len(specs)))
        ratios = means["shuffled"][picks].mean(1) / means["right"][picks].mean(1)
        return {
            **{words: round(float(found.mean()), 4) for words, found in means.items()},
            "ratio": round(float(means["shuffled"].mean() / means["right"].mean()), 3),
            "interval": [round(float(v), 3) for v in np.percentile(ratios, [2.5, 97.5])],
        }

    n = len(specs)
    last = levels.config.num_train_timesteps - 1
    return {
        "n": n,
        "side": native_side(pipeline),
        "prediction": prediction,
        "timesteps": timesteps,
        "high": row([torch.full((n,), int(t)) for t in np.linspace(*HIGH, timesteps).round()]),
        "t950": row([torch.full((n,), 950)]),
        # in an order of its own: places come in turn, and no place shall have one noise level to itself
        "all": row(
            [
                torch.linspace(0, last, n)
                .round()
                .long()[torch.randperm(n, generator=torch.Generator().manual_seed(seed))]
            ]
        ),
    }
