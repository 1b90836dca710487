"""Fine-tunes a Stable Diffusion by a recipe, whole or by LoRA: base and pictures in, an exported folder out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finetune.diffusion.base import add_lora, counts, denoiser, footprint, load_base
from finetune.diffusion.curves import Curves
from finetune.diffusion.data import PictureSource, caption_ids, load_pictures
from finetune.diffusion.export import export_lora, export_pipeline, merged
from finetune.diffusion.loop import Job, Outcome, device_kind, train
from finetune.diffusion.objective import noise_schedule
from finetune.diffusion.precision import precision_of
from finetune.diffusion.validation import make_pictures
from finetune.image_cards import image_card
from finetune.image_recipe import FinetuneRecipe
from finetune.recipe import RecipeError


@dataclass(frozen=True)
class Tuned:
    """What a fine-tuning made."""

    folder: Path
    """OUT/export"""
    merged: Path | None
    outcome: Outcome


def tune(
    recipe: FinetuneRecipe,
    data: str,
    out: Path,
    *,
    resume: bool = False,
    minutes: float | None = None,
    merge: bool = False,
    curves: Curves | None = None,
    report: Callable[[str], None] = print,
) -> Tuned:
    """Trains and writes OUT/export (a stock pipeline, or LoRA weights), OUT/validation, OUT/checkpoint-N, and with `merge`
    OUT/merged, a stock pipeline with the LoRA folded in.

    Raises RecipeError with the cure, and TrainingError when the loss is no number.
    """
    if merge and recipe.method != "lora":
        raise RecipeError("--merge goes with a LoRA recipe: the others write a whole checkpoint anyway")
    curves = curves or Curves(None)
    pipeline, base = load_base(recipe)
    schedule = noise_schedule(pipeline.scheduler)
    pictures = load_pictures(data, recipe.caption_column)
    ids, empty, cut = caption_ids(pipeline.tokenizer, pictures.captions)
    for part in (pipeline.unet, pipeline.text_encoder, pipeline.vae):
        part.requires_grad_(False)
    if recipe.method == "lora":
        add_lora(pipeline.unet, recipe.lora, recipe.seed)
    else:
        pipeline.unet.requires_grad_(True)
    told = recipe.training
    learning, frozen = counts((pipeline.unet, pipeline.text_encoder, pipeline.vae))
    precision, why = precision_of(told.mixed_precision, device_kind())
    need = footprint(learning, frozen, half=precision == "bf16", ema=told.ema)
    source = PictureSource(
        pictures, ids, empty, recipe.resolution, recipe.center_crop, recipe.random_flip, told.caption_dropout
    )

    def at_checkpoint(step: int, device: Any) -> dict[str, float]:
        made = make_pictures(
            pipeline, recipe.validation, out / "validation", step, recipe.seed, recipe.resolution, device
        )
        curves.show(step, made)
        return {}

    job = Job(
        denoiser=denoiser(pipeline.unet, pipeline.text_encoder),
        schedule=schedule,
        source=source,
        training=told,
        out=out,
        seed=recipe.seed,
        vae=pipeline.vae,
        minutes=minutes,
        at_checkpoint=at_checkpoint,
        report=report,
        curves=curves,
    )
    report(
        f"recipe={recipe.name} base={base} data={data} pictures={len(source)} captions_cut={cut} learning={learning} "
        f"frozen={frozen} precision={why}; needs {_gb(need.device)} on the device before activations, {_gb(need.checkpoint)} a "
        f"checkpoint, of which {told.checkpoints_total_limit} are kept and one more exists while it is written"
    )
    outcome = train(job, resume=resume)
    folder, whole = out / "export", out / "merged"
    if outcome.first:
        record = {
            "recipe": {**recipe.to_dict(), "base": public_name(recipe.base)},
            "base": base.replace(recipe.base, public_name(recipe.base)),
            "data": f"{public_name(data)}: {len(source)} pictures",
            "captions_cut": cut,
            "steps": outcome.step,
            "pictures_seen": outcome.step * told.batch_size * told.gradient_accumulation_steps * outcome.processes,
            "seconds": round(outcome.seconds, 1),
            "finished": outcome.finished,
            "precision": outcome.precision,
            "processes": outcome.processes,
            "learning": learning,
            "frozen": frozen,
            "history": outcome.history,
        }
        if recipe.method == "lora":
            export_lora(pipeline.unet, folder, recipe.save_dtype, record)
            if merge:
                stock, _ = load_base(recipe)
                export_pipeline(merged(stock, folder), whole, recipe.save_dtype, record)
        else:
            export_pipeline(pipeline, folder, recipe.save_dtype, record)
        for made in (folder, whole) if merge else (folder,):
            (made / "README.md").write_text(image_card(made), encoding="utf-8")
    return Tuned(folder, whole if merge else None, outcome)


def public_name(source: str) -> str:
    """A Hub id or relative path as it is; of an absolute path its last part only: the rest is nobody's business."""
    return Path(source).name if Path(source).expanduser().is_absolute() else source


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"
