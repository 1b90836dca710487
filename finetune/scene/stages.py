"""The stages of the bundled scene model, by a recipe: pictures, vae, text, unet, tiny, assemble. Each reads what the ones before
it wrote into the run's folder, and writes its own part and figures (STAGE.json) there.

The folder: pictures/, vae_raw/ (as trained), vae/ (latents folded to standard), latents.pt (count, channels, side, side;
half precision), latents-SIZE.pt (other sizes), tokenizer/, text/ (before the pictures), unet_run/checkpoint-N/, unet/ and text_trained/ (running averages),
tiny/, export/ (the stock pipeline).
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.diffusion.base import denoiser
from finetune.diffusion.curves import Curves
from finetune.diffusion.data import Beside, LatentSource
from finetune.diffusion.export import SETTINGS, forget_paths, write_whole
from finetune.diffusion.loop import Job, train
from finetune.diffusion.objective import noise_schedule
from finetune.image_cards import image_card
from finetune.image_recipe import SceneRecipe
from finetune.pictures import draw_set, load_set
from finetune.recipe import RecipeError
from finetune.scene.assemble import assemble
from finetune.scene.text import tokens, train_text
from finetune.scene.tiny import train_tiny
from finetune.scene.unet import STATE, build_scheduler, build_unet, prompt_effect, take_up, warm_start
from finetune.scene.vae import channel_effects, encode, normalise, spreads, train_vae

if TYPE_CHECKING:
    import torch

STAGES = ("pictures", "vae", "text", "unet", "tiny", "assemble")
EFFECT_PICTURES = 16
"""Pictures on which the effect of each latent channel is measured."""


@dataclass(frozen=True)
class Run:
    """A run of the recipe: its folder, and what one call changes."""

    recipe: SceneRecipe
    out: Path
    data: Path
    """The drawn set: OUT/pictures, or another that is there already."""
    to: Path
    """Where `assemble` writes."""
    resume: bool = False
    minutes: float | None = None
    """Of the one stage that is run, in place of the recipe's."""
    steps: int | None = None
    all_stages: bool = False
    """One of a row: a stage that has nothing to resume begins."""
    curves: Curves = field(default_factory=lambda: Curves(None))
    report: Callable[[str], None] = print


def run_stage(name: str, run: Run) -> None:
    """Does one stage. Raises RecipeError when what it needs is not there, with the stage that makes it."""
    _STAGES[name](run)


def run_all(run: Run) -> None:
    """Does every stage in turn; with `resume`, those whose figures are there already are left as they are, and the one that
    was broken off goes on from its checkpoint."""
    for name in STAGES:
        if run.resume and (run.out / f"{name}.json").is_file():
            run.report(f"{name}: done before")
        else:
            run_stage(name, replace(run, all_stages=True))


def _pictures(run: Run) -> None:
    told = run.recipe.pictures
    kept = run.data / "set.json"
    if kept.is_file():
        there = json.loads(kept.read_text(encoding="utf-8"))
        if run.data == run.out / "pictures" and there != asdict(told):
            raise RecipeError(
                f"{run.data} holds another set ({there}) than the recipe asks for ({asdict(told)}); choose another --out, or "
                f"take it as it is with --data {run.data}"
            )
        run.report(f"pictures: {there['count']} are there")
        return
    if run.data != run.out / "pictures":
        raise RecipeError(f"no finished picture set in {run.data}; leave --data out to draw one")
    draw_set(run.data, count=told.count, seed=told.seed, size=told.size)
    run.report(f"pictures: {told.count} drawn")


def _vae(run: Run) -> None:
    pictures, _ = _set(run)
    told = run.recipe.vae
    if pictures.shape[1] % told.config.size:
        raise RecipeError(
            f"pictures of {pictures.shape[1]} pixels cannot be halved to the autoencoder's {told.config.size}; "
            "change vae config size, or pictures size"
        )
    try:
        train_vae(
            pictures, run.out, told.config, minutes=run.minutes or told.minutes, steps=run.steps or told.steps or None,
            batch=told.batch_size, crop=told.crop, rate=told.learning_rate, seed=run.recipe.seed, resume=run.resume,
            held_out=min(64, len(pictures) // 8), base=_base_part(run, "vae"), report=run.report,
        )  # fmt: skip
    except ValueError as error:
        raise RecipeError(str(error)) from error
    for older in run.out.glob("*latents*.pt"):  # those of the autoencoder before
        older.unlink()


def _text(run: Run) -> None:
    _, records = _set(run)
    told = run.recipe.text
    base = (_base_part(run, "tokenizer"), _base_part(run, "text_encoder")) if run.recipe.base else None
    train_text(
        records, run.out, told.config, minutes=run.minutes or told.minutes, steps=run.steps or told.steps or None,
        seed=run.recipe.seed, base=base, report=run.report,
    )  # fmt: skip


def latents_of(run: Run) -> "torch.Tensor":
    """The latents of the whole set, encoded once; the autoencoder that makes them so is written to OUT/vae."""
    import torch
    from diffusers import AutoencoderKL

    pictures, _ = _set(run)
    kept = run.out / "latents.pt"
    if kept.exists():
        latents: torch.Tensor = torch.load(kept, weights_only=True)
        if len(latents) != len(pictures):
            raise RecipeError(
                f"{kept} holds latents of {len(latents)} pictures, and {run.data} has {len(pictures)}; delete that file to "
                "encode them again"
            )
        return latents
    if not (run.out / "vae_raw").is_dir():
        raise RecipeError(f"{run.out} has no autoencoder yet (vae_raw): run --stage vae first")
    size = run.recipe.vae.config.size
    vae = AutoencoderKL.from_pretrained(run.out / "vae_raw", use_safetensors=True).to(memory_format=torch.channels_last)
    spread = spreads(channel_effects(vae, pictures[:EFFECT_PICTURES], size))
    latents = normalise(vae, encode(vae, pictures, size), spread)
    vae.save_pretrained(run.out / "vae")
    fresh = kept.with_suffix(".new")
    torch.save(latents, fresh)
    fresh.replace(kept)
    run.report(f"latents of {len(latents)} pictures, deviations {[round(float(s), 3) for s in spread]}")
    return latents


def latents_at(run: Run, size: int) -> "torch.Tensor":
    """The latents of the whole set at `size` pixels, by the autoencoder in OUT/vae; encoded once for each size."""
    import torch

    latents = latents_of(run)
    if size == run.recipe.vae.config.size:
        return latents
    kept = run.out / f"latents-{size}.pt"
    if not kept.exists():
        pictures, _ = _set(run)
        fresh = kept.with_suffix(".new")
        torch.save(encode(_load(run.out / "vae"), pictures, size), fresh)
        fresh.replace(kept)
        run.report(f"latents of {len(pictures)} pictures at {size} pixels")
    smaller: torch.Tensor = torch.load(kept, weights_only=True)
    return smaller


def _unet(run: Run) -> None:
    import torch

    _, records = _set(run)
    told = run.recipe.unet
    training = _replaced(told.training, minutes=run.minutes, steps=run.steps)
    if run.all_stages and run.resume:
        training = replace(training, resume_from_latest=True)
    latents = latents_at(run, told.size or run.recipe.vae.config.size)
    tokenizer, encoder = _part(run, "tokenizer", "text"), _part(run, "text", "text")
    torch.manual_seed(run.recipe.seed)
    unet = build_unet(
        told.config, latents=latents.shape[1], side=latents.shape[2], text_width=encoder.config.hidden_size
    )
    run.report(f"unet of {sum(p.numel() for p in unet.parameters()) / 1e6:.1f} million parameters")
    if (base := _base_part(run, "unet")) is not None:
        run.report(f"unet: {warm_start(unet, base.state_dict()):.1%} of its weights start from the base's")
    ids = tokens(tokenizer, [str(record["caption"]) for record in records])
    empty = tokens(tokenizer, [""])[0]
    count = len(latents) - min(told.held_out, len(latents) // 4)
    seen = LatentSource(latents[:count], ids[:count], empty, training.caption_dropout)
    beside = None
    if told.second is not None:
        larger = latents_at(run, told.second.size)[:count]
        source = LatentSource(larger, ids[:count], empty, training.caption_dropout)
        beside = Beside(source, told.second.batch_size, told.second.share, told.second.noise_below)
    test, test_ids = latents[count:].float(), ids[count:]
    both = denoiser(unet, encoder, channels_last=True)
    schedule = noise_schedule(build_scheduler())

    def at_checkpoint(_step: int, device: Any) -> dict[str, float]:
        unet.save_pretrained(run.out / "unet")
        encoder.save_pretrained(run.out / "text_trained")
        return prompt_effect(both, schedule, test.to(device), test_ids.to(device))

    older = run.out / STATE
    job = Job(
        denoiser=both,
        schedule=schedule,
        source=seen,
        training=training,
        out=run.out / "unet_run",
        seed=run.recipe.seed,
        beside=beside,
        at_checkpoint=at_checkpoint,
        start=(lambda job, optimizer, average: take_up(older, job.denoiser, optimizer, average))
        if run.resume and older.exists()
        else None,
        report=run.report,
        curves=run.curves,
    )
    outcome = train(job, resume=run.resume and not run.all_stages)
    if outcome.first:
        figures = {
            "steps": outcome.step,
            "samples": outcome.step * training.batch_size * training.gradient_accumulation_steps * outcome.processes,
            "minutes": round(outcome.seconds / 60, 1),
            "precision": outcome.precision,
            "loss": {
                key: outcome.history[-1][key] for key in ("right", "shuffled", "all") if key in outcome.history[-1]
            },
            "history": outcome.history,
        }
        _write(run.out / "unet.json", figures)
        run.report(f"unet done: { ({k: v for k, v in figures.items() if k != 'history'}) }")


def _tiny(run: Run) -> None:
    told = run.recipe.tiny
    if told is None:
        run.report("tiny: the recipe has none")
        return
    pictures, _ = _set(run)
    latents_of(run)  # OUT/vae is made with them
    train_tiny(
        pictures, _load(run.out / "vae"), run.out, told.config, sizes=told.sizes, taught=told.taught,
        minutes=run.minutes or told.minutes, steps=run.steps or told.steps or None, batch=told.batch_size, crop=told.crop,
        rate=told.learning_rate, noise=told.noise, seed=run.recipe.seed, resume=run.resume,
        held_out=min(64, len(pictures) // 8), report=run.report,
    )  # fmt: skip


def _assemble(run: Run) -> None:
    vae = _part(run, "vae", "unet")
    encoder, tokenizer = _part(run, "text_trained", "unet"), _part(run, "tokenizer", "text")
    unet = _part(run, "unet", "unet")
    tiny = _part(run, "tiny", "tiny") if run.recipe.tiny is not None else None
    recipe = run.recipe
    stages: dict[str, Any] = {}
    configs: list[tuple[str, Any]] = [
        ("vae", recipe.vae.config), ("text", recipe.text.config), ("unet", recipe.unet.config),
    ]  # fmt: skip
    if recipe.tiny is not None:
        configs.append(("tiny", recipe.tiny.config))
    for name, config in configs:
        figures = run.out / f"{name}.json"
        known = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {"unfinished": True}
        stages[name] = {"config": asdict(config), **known}
    pictures = json.loads((run.data / "set.json").read_text(encoding="utf-8"))

    def fill(to: Path) -> None:
        assemble(vae, encoder, tokenizer, unet, to, tiny)
        forget_paths(to)
        _write(to / SETTINGS, {"recipe": recipe.to_dict(), "pictures": pictures, **stages}, indent=2)
        card = run.to / "README.md"
        # a card that somebody wrote is kept
        (to / "README.md").write_text(
            card.read_text(encoding="utf-8") if card.is_file() else image_card(to), encoding="utf-8"
        )

    write_whole(run.to, fill)
    run.report(f"assembled in {run.to}")


def _set(run: Run) -> Any:
    try:
        return load_set(run.data)
    except FileNotFoundError as error:
        raise RecipeError(f"{run.data} holds no finished picture set: run --stage pictures first") from error


_LOADERS = {
    "vae": ("diffusers", "AutoencoderKL"),
    "tiny": ("diffusers", "AutoencoderTiny"),
    "unet": ("diffusers", "UNet2DConditionModel"),
    "text": ("transformers", "CLIPTextModel"),
    "text_trained": ("transformers", "CLIPTextModel"),
    "text_encoder": ("transformers", "CLIPTextModel"),
    "tokenizer": ("transformers", "CLIPTokenizer"),
}


def _load(folder: Path) -> Any:
    import importlib

    import torch

    package, name = _LOADERS[folder.name]
    kind = getattr(importlib.import_module(package), name)
    if name == "CLIPTokenizer":
        return kind.from_pretrained(folder)
    return kind.from_pretrained(folder, use_safetensors=True).to(dtype=torch.float32)


def _part(run: Run, name: str, stage: str) -> Any:
    if not (run.out / name).is_dir():
        lent = {"tokenizer": "tokenizer", "text": "text_encoder"}.get(name)
        if lent and run.recipe.base:
            run.report(f"{name}: the base's, for the stage {stage} was not run")
            return _base_part(run, lent)
        raise RecipeError(f"{run.out} has no {name} yet: run --stage {stage} first")
    return _load(run.out / name)


def _base_part(run: Run, name: str) -> Any:
    if run.recipe.base is None:
        return None
    from pipelines.models import ModelError, find_model

    try:
        return _load(find_model("image", run.recipe.base).folder / name)
    except (ModelError, OSError, ValueError) as error:
        raise RecipeError(
            f"the base {run.recipe.base!r} has no {name} that can start this stage: {error} For this recipe, --base takes a "
            "folder like assets/models/scene."
        ) from error


def _replaced(training: Any, *, minutes: float | None, steps: int | None) -> Any:
    if steps is not None:
        return replace(training, steps=steps)
    return replace(training, minutes=minutes, steps=0) if minutes is not None else training


def _write(file: Path, figures: dict[str, Any], indent: int | None = None) -> None:
    file.write_text(json.dumps(figures, indent=indent) + "\n", encoding="utf-8")


_STAGES: dict[str, Callable[[Run], None]] = {
    "pictures": _pictures,
    "vae": _vae,
    "text": _text,
    "unet": _unet,
    "tiny": _tiny,
    "assemble": _assemble,
}
