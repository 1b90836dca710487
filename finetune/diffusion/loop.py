"""The one training loop of denoisers, on accelerate: whole UNets, LoRA, and the bundled model with its text encoder.

Every step is a function of (seed, step): order of pictures, mirrors, noise and timesteps come from generators made of those
numbers, so a run that goes on from a checkpoint repeats, to the digit, what an uninterrupted one does on the same machine
with the same number of processes. Knows no recipe by name, no caption and no file format of models.
"""

import itertools
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.diffusion.checkpoints import (
    STATE,
    checkpoint_folder,
    finish,
    last_checkpoint,
    prune,
    read_state,
)
from finetune.diffusion.curves import Curves
from finetune.diffusion.data import Beside, Numbers, Source, batches
from finetune.diffusion.objective import dice_of, draw_times, squared_errors
from finetune.diffusion.precision import precision_of
from finetune.image_recipe import Training
from finetune.recipe import RecipeError
from finetune.scene.budget import Budget

if TYPE_CHECKING:
    import torch

WEIGHTS = "learnt.safetensors"
AVERAGE = "average.safetensors"


class TrainingError(RuntimeError):
    """The training broke; the message says where and the cure."""


@dataclass
class Job:
    """All that a training needs."""

    denoiser: Any
    """Of `finetune.diffusion.base.denoiser`; weights with `requires_grad` learn."""
    schedule: Any
    """Of `finetune.diffusion.objective.noise_schedule`."""
    source: Source
    training: Training
    out: Path
    seed: int
    beside: Beside | None = None
    """A second source, whose batches come between those of the first."""
    vae: Any = None
    """Turns `pixels` into latents; None where the source has latents."""
    minutes: float | None = None
    """Where `training.steps` decide: stop this call, with a checkpoint, after so many minutes."""
    at_checkpoint: Callable[[int, "torch.device"], dict[str, float]] | None = None
    """Called with the step and the device by the first process, under the averaged weights; returns figures for the curves."""
    start: Callable[["Job", Any, Any], tuple[int, float]] | None = None
    """Takes up a state of another format into (job, optimiser, average); returns (step, seconds spent)."""
    report: Callable[[str], None] = print
    curves: Curves = field(default_factory=lambda: Curves(None))


@dataclass(frozen=True)
class Outcome:
    """What came of it; the denoiser holds the averaged weights where there is an average."""

    step: int
    seconds: float
    history: list[dict[str, float]]
    finished: bool
    """False when `minutes` ended it early."""
    precision: str
    processes: int
    first: bool
    """Whether this is the process that writes files."""


def rate_at(training: Training, step: int, share: float) -> float:
    """The learning rate of step `step` (from 0) when `share` (0 to 1) of the training is done."""
    warm = min(1.0, (step + 1) / training.warmup_steps) if training.warmup_steps else 1.0
    if training.scheduler == "constant":
        return training.learning_rate * warm
    return training.learning_rate * warm * (0.5 * (1 + math.cos(math.pi * min(1.0, share))) * 0.98 + 0.02)


def device_kind() -> str:
    """`cuda`, `mps` or `cpu`: where a training runs on this machine."""
    import torch

    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def accelerator_of(training: Training) -> Any:
    """The accelerator of a training; its precision is what the device has."""
    from accelerate import Accelerator

    device = device_kind()
    return Accelerator(
        gradient_accumulation_steps=training.gradient_accumulation_steps,
        mixed_precision=precision_of(training.mixed_precision, device)[0],
        cpu=device == "cpu",
    )


@contextmanager
def averaged(average: Any, weights: list[Any]) -> Any:
    """Inside, the weights are the running average (where there is one)."""
    if average is None:
        yield
        return
    average.store(weights)
    average.copy_to(weights)
    try:
        yield
    finally:
        average.restore(weights)


def train(job: Job, *, resume: bool) -> Outcome:
    """Trains to the end, or until `minutes` are up. Raises RecipeError when there is nothing to resume or the folder holds
    a run already, TrainingError when the loss is no number."""
    import torch
    from accelerate.utils import broadcast

    told = job.training
    accelerator = accelerator_of(told)
    checkpoint = _resumed(job, resume)
    weights = list(_learning(job).values())
    half = torch.bfloat16 if accelerator.mixed_precision == "bf16" else torch.float32
    if job.vae is not None:
        job.vae.requires_grad_(False).eval().to(accelerator.device, half)
    for weight in job.denoiser.parameters():
        if not weight.requires_grad:
            weight.data = weight.data.to(half)  # what does not learn need not be exact
    _modes(job)
    if told.gradient_checkpointing:
        job.denoiser.unet.enable_gradient_checkpointing()
    optimizer = torch.optim.AdamW(
        weights,
        told.learning_rate,
        betas=(told.adam_beta1, told.adam_beta2),
        weight_decay=told.weight_decay,
        fused=True,
    )
    model, optimizer = accelerator.prepare(job.denoiser, optimizer)
    average = _average(told, weights, accelerator.device)
    accelerator.register_save_state_pre_hook(_saver(job, accelerator))
    accelerator.register_load_state_pre_hook(_loader(job))
    facts = {
        "pictures": len(job.source),
        "batch_size": told.batch_size,
        "gradient_accumulation_steps": told.gradient_accumulation_steps,
        "processes": accelerator.num_processes,
        "seed": job.seed,
    }
    if job.beside is not None:
        facts["beside"] = [len(job.beside.source), job.beside.batch, job.beside.share, job.beside.noise_below]
    step, spent, history, losses = 0, 0.0, [], []
    if checkpoint is not None:
        kept = read_state(checkpoint)
        _same(facts, kept["facts"], checkpoint)
        accelerator.load_state(str(checkpoint))
        step, spent, history, losses = kept["step"], kept["spent"], kept["history"], kept["losses"]
        if average is not None:
            _load_average(job, average, checkpoint / AVERAGE, kept["average_step"])
        job.report(f"resumes at step {step} from {checkpoint.name}")
    elif job.start is not None:
        step, spent = job.start(job, optimizer.optimizer, average)
    schedule = job.schedule
    schedule.alphas_cumprod = schedule.alphas_cumprod.to(accelerator.device)
    feed = _feed(job, step * told.gradient_accumulation_steps, accelerator)
    budget = Budget(told.minutes or 1, told.steps or None, spent)
    began, saved, logged = time.monotonic(), budget.elapsed, (step, time.monotonic())

    def agreed(value: float) -> float:
        """The first process's number: clocks differ."""
        if accelerator.num_processes == 1:
            return value
        told_all = broadcast(torch.tensor([value], dtype=torch.float64, device=accelerator.device))
        return float(told_all.item())

    def state() -> dict[str, Any]:
        return {
            "step": step,
            "spent": budget.elapsed,
            "history": history,
            "losses": losses,
            "average_step": average.optimization_step if average is not None else 0,
            "facts": facts,
        }

    def save() -> None:
        folder = checkpoint_folder(job.out, step)
        if accelerator.is_main_process and folder.exists():
            _forget(folder)
        accelerator.wait_for_everyone()
        accelerator.save_state(str(folder))
        if accelerator.is_main_process:
            if average is not None:
                _save_average(job, average, folder / AVERAGE)
            finish(folder, state())  # before the pictures: a kill while they are made loses nothing
            with averaged(average, weights):
                figures = job.at_checkpoint(step, accelerator.device) if job.at_checkpoint else {}
            _modes(job)
            if figures:
                history.append({"step": step, **figures})
                finish(folder, state())
                job.curves.log(step, figures)
                job.report(f"step={step} " + " ".join(f"{k}={v:.5g}" for k, v in figures.items()))
            prune(job.out, told.checkpoints_total_limit)
        accelerator.wait_for_everyone()

    out_of_time = False
    written = step if checkpoint is not None else -1
    while (share := agreed(budget.share(step))) < 1 and not out_of_time:
        for group in optimizer.param_groups:
            group["lr"] = rate_at(told, step, share)
        parts = []
        for micro in range(told.gradient_accumulation_steps):
            with accelerator.accumulate(model):
                batch, noised_to = next(feed)
                loss = _loss(job, model, batch, noised_to, accelerator, step, micro)
                accelerator.backward(loss)
                if accelerator.sync_gradients:
                    accelerator.clip_grad_norm_(weights, told.max_grad_norm)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
                parts.append(loss.detach())
        if average is not None:
            average.step(weights)
        step += 1
        value = float(accelerator.gather(torch.stack(parts).mean()).mean().item())
        if not math.isfinite(value):
            raise TrainingError(
                f"the loss at step {step} is {value}. Lower --learning-rate, or set mixed_precision: fp32 in the recipe; "
                "where a checkpoint was written before, --resume goes on from it"
            )
        losses.append(value)
        if step % told.log_every == 0:
            now = time.monotonic()
            line = {"step": step, "loss": sum(losses) / len(losses), "rate": optimizer.param_groups[0]["lr"]}
            history.append(line)
            losses.clear()
            if accelerator.is_main_process:
                job.curves.log(step, {"loss": line["loss"], "rate": line["rate"]})
                ms = round(1000 * (now - logged[1]) / max(1, step - logged[0]))
                job.report(
                    f"step={step} {100 * budget.share(step):.1f}% ms={ms} elapsed={budget.elapsed:.0f}s "
                    f"loss={line['loss']:.5g} rate={line['rate']:.3g}"
                )
            logged = (step, now)
        if told.steps and job.minutes is not None:
            out_of_time = agreed(time.monotonic() - began) > 60 * job.minutes
        due = told.checkpointing_steps and step % told.checkpointing_steps == 0
        if told.checkpointing_minutes:
            due = due or agreed(budget.elapsed - saved) > 60 * told.checkpointing_minutes
        if due:
            save()
            saved, written = budget.elapsed, step
    if written != step:
        save()
    if average is not None:
        average.copy_to(weights)
    if told.gradient_checkpointing:
        job.denoiser.unet.disable_gradient_checkpointing()
    job.denoiser.eval()
    accelerator.wait_for_everyone()
    if losses:
        history.append({"step": step, "loss": sum(losses) / len(losses), "rate": optimizer.param_groups[0]["lr"]})
    return Outcome(
        step, budget.elapsed, history, not out_of_time or step >= told.steps, str(accelerator.mixed_precision),
        accelerator.num_processes, bool(accelerator.is_main_process),
    )  # fmt: skip


def _resumed(job: Job, resume: bool) -> Path | None:
    found = last_checkpoint(job.out)
    if resume or job.training.resume_from_latest:
        if found is None and resume and job.start is None:
            raise RecipeError(f"nothing to resume: {job.out} holds no whole checkpoint; leave --resume out to start")
        return found
    if found is not None:
        raise RecipeError(f"{job.out} holds a run already ({found.name}); add --resume, or choose another --out")
    return None


def _same(facts: dict[str, Any], kept: dict[str, Any], checkpoint: Path) -> None:
    for key, value in facts.items():
        if kept.get(key) != value:
            raise RecipeError(
                f"{checkpoint} was written with {key} {kept.get(key)}, not {value}: the order of pictures would differ. "
                "Resume with the same settings, or choose another --out to start anew"
            )


def _feed(job: Job, start: int, accelerator: Any) -> "Iterator[tuple[dict[str, Any], int]]":
    """From batch `start` on, for ever: a batch, and how many of the schedule's timesteps it is noised to."""

    def loader(source: Source, batch: int, first: int) -> Any:
        numbers = Numbers(batch, first, accelerator.process_index, accelerator.num_processes)
        return iter(batches(source, numbers, job.seed, job.training.workers))

    beside, noise = job.beside, job.schedule.config.num_train_timesteps
    theirs = beside.turns(start) if beside else 0
    first = loader(job.source, job.training.batch_size, start - theirs)
    second = loader(beside.source, beside.batch, theirs) if beside else None
    for number in itertools.count(start):
        if beside is not None and second is not None and beside.its_turn(number):
            yield next(second), beside.noise_below
        else:
            yield next(first), noise


def _loss(
    job: Job, model: Any, batch: dict[str, Any], noised_to: int, accelerator: Any, step: int, micro: int
) -> "torch.Tensor":
    import torch

    dice = dice_of(job.seed, step, micro, accelerator.process_index)
    device = accelerator.device
    if "latents" in batch:
        latents = batch["latents"].to(device)
    else:
        with torch.no_grad():
            told = job.vae.encode(batch["pixels"].to(device, job.vae.dtype)).latent_dist
            latents = told.sample(dice).float() * job.vae.config.scaling_factor
    count = len(latents)
    times = draw_times(count, noised_to, job.training.timestep_bias, dice).to(device)
    noise = torch.randn(latents.shape, generator=dice).to(device)
    return squared_errors(model, job.schedule, latents, batch["ids"].to(device), times, noise).mean()


def _average(told: Training, weights: list[Any], device: Any) -> Any:
    if not told.ema:
        return None
    from diffusers.training_utils import EMAModel

    average = EMAModel(weights, decay=told.ema_decay, foreach=True)
    average.to(device)
    return average


def _save_average(job: Job, average: Any, file: Path) -> None:
    from safetensors.torch import save_file

    save_file({name: w.contiguous() for name, w in zip(_learning(job), average.shadow_params, strict=True)}, file)


def _load_average(job: Job, average: Any, file: Path, step: int) -> None:
    from safetensors.torch import load_file

    kept = load_file(file)
    for name, weight in zip(_learning(job), average.shadow_params, strict=True):
        weight.copy_(kept[name])
    average.optimization_step = step


def _modes(job: Job) -> None:
    """Parts that learn are in training mode (gradient checkpointing needs it), frozen ones never drop anything out."""
    for part in (job.denoiser.unet, job.denoiser.encoder):
        part.train(any(w.requires_grad for w in part.parameters()))


def _learning(job: Job) -> dict[str, Any]:
    return {name: weight for name, weight in job.denoiser.named_parameters() if weight.requires_grad}


def _saver(job: Job, accelerator: Any) -> Callable[..., None]:
    def save(_models: list[Any], states: list[Any], folder: str) -> None:
        states.clear()  # frozen weights are in the base: a checkpoint holds what learns
        if accelerator.is_main_process:
            from safetensors.torch import save_file

            save_file({n: w.detach().contiguous() for n, w in _learning(job).items()}, Path(folder) / WEIGHTS)

    return save


def _loader(job: Job) -> Callable[..., None]:
    def load(models: list[Any], folder: str) -> None:
        import torch
        from safetensors.torch import load_file

        models.clear()
        kept = load_file(Path(folder) / WEIGHTS)
        now = _learning(job)
        if {n: w.shape for n, w in kept.items()} != {n: w.shape for n, w in now.items()}:
            raise RecipeError(
                f"{folder} holds other weights than this recipe and base train; choose the base and the rank that it was "
                "made with, or another --out to start anew"
            )
        with torch.no_grad():
            for name, weight in now.items():
                weight.copy_(kept[name])

    return load


def _forget(folder: Path) -> None:
    import shutil

    (folder / STATE).unlink(missing_ok=True)
    shutil.rmtree(folder)
