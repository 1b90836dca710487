"""Stage `unet`: the denoiser, trained together with the text encoder on the autoencoder's latents.

v-prediction with zero terminal noise ratio and plain squared error (weighting by noise starved the noisy steps, and the
prompt was ignored). Knows nothing of pictures: it sees latents and token ids. Models are typed as Any: diffusers declares
its classes lazily, and mypy sees them empty.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.scene.budget import Budget

if TYPE_CHECKING:
    import torch
    from transformers import CLIPTextModel

STATE = "unet_state.pt"


@dataclass(frozen=True)
class UnetConfig:
    """Sizes of the denoiser; cross-attention at all levels but the first."""

    channels: tuple[int, ...] = (48, 96, 192, 256)
    groups: int = 16
    bias: float = 1.3
    """Above 1, training sees noisy steps more often."""


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
    unet: Any = UNet2DConditionModel(
        sample_size=side,
        in_channels=latents,
        out_channels=latents,
        block_out_channels=config.channels,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * (n - 1),
        up_block_types=("CrossAttnUpBlock2D",) * (n - 1) + ("UpBlock2D",),
        layers_per_block=1,
        cross_attention_dim=text_width,
        # in this class the number means heads, not their width
        attention_head_dim=tuple(max(1, c // 64) for c in config.channels),
        norm_num_groups=config.groups,
        resnet_time_scale_shift="scale_shift",
    )
    return unet.to(memory_format=torch.channels_last)


class _Trainer:
    def __init__(self, unet: Any, encoder: "CLIPTextModel", config: UnetConfig, rate: float, seed: int) -> None:
        import torch

        self.unet, self.encoder, self.config, self.rate = unet, encoder, config, rate
        self.levels = build_scheduler().alphas_cumprod.clone()
        self.weights = [*unet.parameters(), *encoder.parameters()]
        self.optimizer = torch.optim.AdamW(self.weights, rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        self.average = [p.detach().clone() for p in self.weights]
        self.dice = torch.Generator().manual_seed(seed)
        self.step, self.spent = 0, 0.0

    def error(
        self, latents: "torch.Tensor", ids: "torch.Tensor", times: "torch.Tensor", noise: "torch.Tensor"
    ) -> "torch.Tensor":
        """Squared error of the predicted velocity, one number a sample."""
        import torch

        signal = self.levels[times].view(-1, 1, 1, 1)
        noisy = signal.sqrt() * latents + (1 - signal).sqrt() * noise
        velocity = signal.sqrt() * noise - (1 - signal).sqrt() * latents
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder(ids).last_hidden_state
            predicted = self.unet(noisy, times, states, return_dict=False)[0]
        return (predicted.float() - velocity).pow(2).mean((1, 2, 3))

    def learn(self, latents: "torch.Tensor", ids: "torch.Tensor", share: float) -> float:
        """One step at `share` (0 to 1) of the whole training; returns the loss."""
        import torch

        for group in self.optimizer.param_groups:
            group["lr"] = (
                self.rate * min(1, (self.step + 1) / 80) * (0.5 * (1 + math.cos(math.pi * share)) * 0.98 + 0.02)
            )
        count = len(latents)
        # one draw spread over the batch: every step sees all noise levels
        even = (torch.arange(count) + torch.rand(1, generator=self.dice)) / count
        times = (1000 * (1 - (1 - even) ** self.config.bias)).long().clamp(0, 999)
        noise = torch.randn(latents.shape, generator=self.dice)
        loss = self.error(latents, ids, times, noise).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        self.step += 1
        keep = min(0.998, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.weights], 1 - keep)
        return float(loss.item())

    def swap(self) -> None:
        """Exchanges the weights with their running average."""
        import torch

        with torch.no_grad():
            for weight, other in zip(self.weights, self.average, strict=True):
                kept = weight.detach().clone()
                weight.copy_(other)
                other.copy_(kept)

    def prompt_effect(self, latents: "torch.Tensor", ids: "torch.Tensor") -> dict[str, float]:
        """Losses at high noise with right and with shuffled captions, and over all noise levels."""
        import torch

        fixed = torch.Generator().manual_seed(5)
        noise = torch.randn(latents.shape, generator=fixed)
        high = torch.full((len(latents),), 950)
        spread = torch.linspace(20, 980, len(latents)).long()
        with torch.no_grad():
            found = {
                "right": self.error(latents, ids, high, noise).mean().item(),
                "shuffled": self.error(latents, ids.roll(1, 0), high, noise).mean().item(),
                "all": self.error(latents, ids, spread, noise).mean().item(),
            }
        return {name: round(value, 4) for name, value in found.items()}

    def save(self, path: Path) -> None:
        """Writes everything that going on needs, first beside the old file, then over it."""
        import torch

        fresh = path.with_suffix(".new")
        torch.save(
            {
                "unet": self.unet.state_dict(),
                "encoder": self.encoder.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "average": self.average,
                "step": self.step,
                "spent": self.spent,
            },
            fresh,
        )
        fresh.replace(path)

    def load(self, path: Path) -> None:
        """Takes up a saved state; the dice start anew from the step reached."""
        import torch

        state = torch.load(path, weights_only=True)
        self.unet.load_state_dict(state["unet"])
        self.encoder.load_state_dict(state["encoder"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average, self.step, self.spent = state["average"], state["step"], state["spent"]
        self.dice.manual_seed(self.step)


def train_unet(
    unet: Any,
    encoder: "CLIPTextModel",
    latents: "torch.Tensor",
    ids: "torch.Tensor",
    empty: "torch.Tensor",
    out: Path,
    config: UnetConfig,
    *,
    minutes: float,
    steps: int | None = None,
    batch: int = 12,
    rate: float = 1.2e-3,
    seed: int = 0,
    resume: bool = False,
    held_out: int = 96,
    save_every: float = 300,
    report: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Trains on all but the last `held_out` latents, a tenth of the captions left out (`empty`), and leaves the averaged
    weights in `unet` and `encoder`; they are written to `out/unet` and `out/text_trained`.

    latents: (count, channels, side, side); ids: (count, tokens); empty: (tokens,); `save_every` in seconds. Returns the
    figures.
    """
    import torch

    trainer = _Trainer(unet, encoder, config, rate, seed)
    if resume and (out / STATE).exists():
        trainer.load(out / STATE)
        report(f"unet resumes at step {trainer.step}, {trainer.spent:.0f} s")
    train = len(latents) - held_out
    test, test_ids = latents[train:].float(), ids[train:]
    budget, saved = Budget(minutes, steps, trainer.spent), trainer.spent
    losses: list[float] = []
    while (share := budget.share(trainer.step)) < 1:
        elapsed = trainer.spent = budget.elapsed
        picked = torch.randint(0, train, (batch,), generator=trainer.dice)
        words = ids[picked].clone()
        words[torch.rand(batch, generator=trainer.dice) < 0.1] = empty
        losses.append(trainer.learn(latents[picked].float(), words, share))
        if trainer.step % 100 == 0:
            report(f"unet step {trainer.step} {elapsed:.0f} s, loss {sum(losses[-100:]) / len(losses[-100:]):.4f}")
        if elapsed - saved > save_every:
            saved = elapsed
            out.mkdir(parents=True, exist_ok=True)
            trainer.save(out / STATE)
            trainer.swap()
            report(f"unet at {elapsed:.0f} s: {trainer.prompt_effect(test, test_ids)}")
            _write(unet, encoder, out)
            trainer.swap()
    trainer.swap()
    figures: dict[str, Any] = {
        "steps": trainer.step,
        "samples": trainer.step * batch,
        "minutes": minutes,
        "batch": batch,
        "rate": rate,
    }
    figures["loss"] = trainer.prompt_effect(test, test_ids)
    report(f"unet done: {figures}")
    _write(unet, encoder, out)
    (out / "unet.json").write_text(json.dumps(figures) + "\n", encoding="utf-8")
    return figures


def _write(unet: Any, encoder: "CLIPTextModel", out: Path) -> None:
    unet.save_pretrained(out / "unet")
    encoder.save_pretrained(out / "text_trained")
