"""What the trainings of both autoencoders share: one step of the optimiser, the running average, and going on after a kill.

Knows nothing of pictures, latents or losses.
"""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.scene.budget import Budget

if TYPE_CHECKING:
    import torch

WARMUP_STEPS = 80


class Fit:
    """A model in training: AdamW, a cosine rate after a warm-up, gradients of at most norm 1, and the average of its weights
    over about 1 / (1 - `decay`) steps."""

    def __init__(self, model: Any, *, rate: float, beta2: float, decay: float) -> None:
        import torch

        self.model, self.rate, self.decay = model, rate, decay
        self.weights: list[torch.nn.Parameter] = list(model.parameters())
        self.optimizer = torch.optim.AdamW(self.weights, rate, betas=(0.9, beta2), weight_decay=1e-4, fused=True)
        self.average = [p.detach().clone() for p in self.weights]
        self.step = 0

    def take_up(self, file: Path) -> float:
        """Goes on from what `keep` wrote; returns the seconds spent before."""
        import torch

        state = torch.load(file, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average, self.step = state["average"], state["step"]
        return float(state["spent"])

    def keep(self, file: Path, budget: Budget) -> None:
        """Writes all that `take_up` needs, whole or not at all."""
        import torch

        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "average": self.average}
        torch.save({**state, "step": self.step, "spent": budget.elapsed}, fresh)
        fresh.replace(file)

    def learn(self, loss: "torch.Tensor", share: float) -> None:
        """One step, when `share` (0 to 1) of the training is done."""
        import torch

        warm = min(1, (self.step + 1) / WARMUP_STEPS)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * warm * (0.5 * (1 + math.cos(math.pi * share)) * 0.98 + 0.02)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        self.step += 1
        early = (1 + self.step) / (10 + self.step)
        torch._foreach_lerp_(self.average, [p.detach() for p in self.weights], 1 - min(self.decay, early))

    def swap(self) -> None:
        """Exchanges the weights and their average; a second call takes it back."""
        import torch

        with torch.no_grad():
            for weight, other in zip(self.weights, self.average, strict=True):
                kept = weight.detach().clone()
                weight.copy_(other)
                other.copy_(kept)
