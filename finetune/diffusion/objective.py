"""What a denoiser learns: the timesteps it is asked at, the noise, and the squared error of its answer. No state, no files."""

from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.recipe import RecipeError

if TYPE_CHECKING:
    import torch

PREDICTIONS = ("epsilon", "v_prediction")


def noise_schedule(scheduler: Any) -> Any:
    """The training schedule that belongs to a pipeline's sampler. Raises RecipeError for a kind of prediction not known."""
    from diffusers import DDPMScheduler

    told = scheduler.config.get("prediction_type", "epsilon")
    if told not in PREDICTIONS:
        raise RecipeError(f"the base predicts {told!r}; this trainer knows: {', '.join(PREDICTIONS)}")
    kept = (
        "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "trained_betas", "prediction_type",
        "rescale_betas_zero_snr",
    )  # fmt: skip
    return DDPMScheduler(**{key: scheduler.config[key] for key in kept if key in scheduler.config})


def dice_of(seed: int, *numbers: int) -> "torch.Generator":
    """A generator that depends on nothing but its numbers, so that any step can be done again."""
    import torch

    (drawn,) = np.random.SeedSequence([seed, *numbers]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(drawn) >> 1)


def draw_times(count: int, steps: int, bias: float, dice: "torch.Generator") -> "torch.Tensor":
    """Timesteps (count,) of 0 to steps - 1: one draw spread over the batch, so that every step sees all noise levels.

    `bias` above 1 draws noisy steps more often; 1 is uniform.
    """
    import torch

    even = (torch.arange(count) + torch.rand(1, generator=dice)) / count
    return (steps * (1 - (1 - even) ** bias)).long().clamp(0, steps - 1)


def squared_errors(
    denoise: Any,
    schedule: Any,
    latents: "torch.Tensor",
    ids: "torch.Tensor",
    times: "torch.Tensor",
    noise: "torch.Tensor",
) -> "torch.Tensor":
    """Mean squared error of each sample (batch,). `denoise(noisy, times, ids)` predicts noise or velocity, as the schedule says."""
    noisy = schedule.add_noise(latents, noise, times)
    if schedule.config.prediction_type == "v_prediction":
        target = schedule.get_velocity(latents, noise, times)
    else:
        target = noise
    found = denoise(noisy, times, ids)
    return (found.float() - target.float()).pow(2).mean((1, 2, 3))
