"""Trains a picture model by a recipe, with diffusers and accelerate.

    python -m finetune.train_image bundled [--stage unet] [--base assets/models/scene] [--minutes 60] [--resume] [--out runs/scene]
    python -m finetune.train_image report --data ID|DIR [--base ID|PATH] [--push-to-hub user/name]
    python -m finetune.train_image lora   --data ID|DIR [--base ID|PATH] [--merge]
    accelerate launch --multi_gpu --num_processes 2 -m finetune.train_image report ...      more devices

The finished model is in OUT/export. Checkpoints in OUT hold all that --resume needs: the losses go on as if nothing had
happened. Pictures of the validation prompts: OUT/validation. Curves: `trackio show --project promo-scene` while it runs.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from finetune.diffusion.curves import Curves
from finetune.diffusion.loop import TrainingError
from finetune.hub import HubError, push_folder
from finetune.image_recipe import (
    FinetuneRecipe,
    SceneRecipe,
    checked,
    image_recipe_names,
    load_image_recipe,
    with_training,
)
from finetune.recipe import RecipeError
from finetune.scene.stages import STAGES, Run, run_all, run_stage

COMMAND = "python -m finetune.train_image"
ONLY_STAGES = ("stage", "to")
ONLY_TUNING = (
    "caption_column", "learning_rate", "resolution", "validation_prompt", "checkpointing_steps", "checkpoints_total_limit",
    "workers", "merge",
)  # fmt: skip


def say(line: str) -> None:
    """Prints a line at once, by the first process only."""
    if _first():
        print(line, flush=True)


def _first() -> bool:
    return int(os.environ.get("RANK", "0")) == 0


def parser() -> argparse.ArgumentParser:
    """The command's flags."""
    p = argparse.ArgumentParser(prog=COMMAND, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("recipe", choices=image_recipe_names())
    p.add_argument(
        "--data", metavar="ID|DIR", help="pictures with captions: an image folder, a drawn set, or a Hub data set"
    )
    p.add_argument("--caption-column", metavar="NAME", help="the column of --data that holds the captions")
    p.add_argument("--base", metavar="ID|PATH", help="what to start from instead of the recipe's base")
    p.add_argument("--out", type=Path, help="the run's folder (default: runs/scene for bundled, else runs/RECIPE)")
    p.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    p.add_argument("--steps", type=int, help="optimiser steps instead of the recipe's")
    p.add_argument("--minutes", type=float, help="end early, with a checkpoint, after so many minutes")
    p.add_argument("--learning-rate", type=float)
    p.add_argument("--resolution", type=int, metavar="PIXELS")
    p.add_argument(
        "--validation-prompt", action="append", metavar="TEXT", help="instead of the recipe's; may be repeated"
    )
    p.add_argument("--checkpointing-steps", type=int, metavar="N", help="a checkpoint after every so many steps")
    p.add_argument("--checkpoints-total-limit", type=int, metavar="N", help="checkpoints that are kept")
    p.add_argument("--seed", type=int, help="of order, noise and fresh weights")
    p.add_argument("--threads", type=int, help="PyTorch threads on a CPU")
    p.add_argument(
        "--workers", type=int, metavar="N", help="processes that read pictures ahead, instead of the recipe's"
    )
    p.add_argument("--no-track", action="store_true", help="no live curves")
    p.add_argument("--push-to-hub", metavar="REPO", help="upload the finished model (needs a login: hf auth login)")
    p.add_argument("--merge", action="store_true", help="LoRA: also write OUT/merged, a whole checkpoint for the app")
    p.add_argument("--stage", choices=STAGES, help="bundled: this stage alone")
    p.add_argument(
        "--to", type=Path, metavar="DIR", help="bundled: where the finished model is written (default: OUT/export)"
    )
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done; 2 the call is wrong; 1 the work failed."""
    args = parser().parse_args(arguments)
    try:
        recipe = load_image_recipe(args.recipe)
        _check_flags(args, recipe)
        if args.threads:
            import torch

            torch.set_num_threads(args.threads)
        folder = _stages(args, recipe) if isinstance(recipe, SceneRecipe) else _tune(args, recipe)
        if folder is not None and args.push_to_hub:
            say(f"pushed: {push_folder(folder, args.push_to_hub, 'model')}")
    except RecipeError as error:
        print(f"{COMMAND}: {error}", file=sys.stderr)
        return 2
    except (TrainingError, HubError) as error:
        print(f"{COMMAND}: {error}", file=sys.stderr)
        return 1
    return 0


def _check_flags(args: argparse.Namespace, recipe: FinetuneRecipe | SceneRecipe) -> None:
    """Refuses flags that the recipe has no use for: nothing that was asked for is dropped in silence."""
    staged = isinstance(recipe, SceneRecipe)
    for name in ONLY_TUNING if staged else ONLY_STAGES:
        if getattr(args, name) not in (None, False):
            raise RecipeError(f"--{name.replace('_', '-')} does not go with the recipe {recipe.name}")
    for name in ("steps", "minutes", "learning_rate", "checkpointing_steps", "checkpoints_total_limit"):
        if (value := getattr(args, name)) is not None and value <= 0:
            raise RecipeError(f"--{name.replace('_', '-')} must be more than 0, not {value}")
    if staged and args.stage is None and (args.steps or args.minutes):
        raise RecipeError("--steps and --minutes are of one stage: name it with --stage")
    if args.stage in ("pictures", "assemble") and (args.steps or args.minutes):
        raise RecipeError(f"--steps and --minutes do not go with --stage {args.stage}, which trains nothing")
    if staged and args.push_to_hub and args.stage not in (None, "assemble"):
        raise RecipeError("--push-to-hub goes with --stage assemble, or with all stages")
    if not staged and args.data is None:
        raise RecipeError(
            f"the recipe {recipe.name} needs --data: a folder of pictures with metadata (python -m finetune.pictures makes "
            "such folders) or the id of a data set on the Hub"
        )


def _tune(args: argparse.Namespace, recipe: FinetuneRecipe) -> Path | None:
    from finetune.diffusion.tune import tune

    recipe = with_training(
        recipe,
        steps=args.steps,
        learning_rate=args.learning_rate,
        checkpointing_steps=args.checkpointing_steps,
        checkpoints_total_limit=args.checkpoints_total_limit,
        workers=args.workers,
    )
    changes = {
        "base": args.base,
        "caption_column": args.caption_column,
        "resolution": args.resolution,
        "seed": args.seed,
    }
    recipe = replace(recipe, **{key: value for key, value in changes.items() if value is not None})
    if args.validation_prompt:
        recipe = replace(recipe, validation=replace(recipe.validation, prompts=tuple(args.validation_prompt)))
    checked(recipe)
    out = args.out or Path("runs") / recipe.name
    curves = _curves(args, recipe, out)
    try:
        done = tune(
            recipe,
            args.data,
            out,
            resume=args.resume,
            minutes=args.minutes,
            merge=args.merge,
            curves=curves,
            report=say,
        )
    finally:
        curves.close()
    if not done.outcome.first:
        return None
    say(f"finished: {done.folder}" + (f" and {done.merged}" if done.merged else ""))
    return done.folder


def _stages(args: argparse.Namespace, recipe: SceneRecipe) -> Path | None:
    changes = {"base": args.base, "seed": args.seed}
    recipe = replace(recipe, **{key: value for key, value in changes.items() if value is not None})
    out = args.out or Path("runs") / "scene"
    curves = _curves(args, recipe, out) if args.stage in (None, "unet") else Curves(None)
    run = Run(
        recipe,
        out,
        Path(args.data) if args.data else out / "pictures",
        args.to or out / "export",
        resume=args.resume,
        minutes=args.minutes,
        steps=args.steps,
        curves=curves,
        report=say,
    )
    try:
        if args.stage:
            run_stage(args.stage, run)
        else:
            run_all(run)
    finally:
        curves.close()
    return run.to if args.stage in (None, "assemble") else None


def _curves(args: argparse.Namespace, recipe: FinetuneRecipe | SceneRecipe, out: Path) -> Curves:
    tracked = _first() and not args.no_track
    return Curves(f"{recipe.name}-{out.name}" if tracked else None, {"recipe": recipe.name})


if __name__ == "__main__":
    sys.exit(main())
