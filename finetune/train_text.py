"""Trains a text model by a recipe, with transformers' Seq2SeqTrainer.

    python -m finetune.train_text bundled [--base assets/models/text] [--steps 12000] [--minutes 90] [--resume] [--out runs/text]
    python -m finetune.train_text report  [--data pairs.csv] [--base ID|PATH]
    python -m finetune.train_text flan-t5 [--base google/flan-t5-base] [--push-to-hub user/name]
    accelerate launch --cpu --num_processes 2 -m finetune.train_text bundled ...      more devices

The finished checkpoint is in OUT/export: weights, tokenizer, settings and figures. Checkpoints in OUT hold all that
--resume needs. Curves: `trackio show --project promo-text` while it runs. With glibc, MALLOC_MMAP_THRESHOLD_=4294967296
and MALLOC_TRIM_THRESHOLD_=8589934592 in the environment keep big tensors' memory from being handed back at every step
(a quarter of the time on a CPU was spent in the kernel without them).
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from transformers import PrinterCallback, Seq2SeqTrainer, Seq2SeqTrainingArguments, TrainerCallback
from transformers.trainer import TRAINER_STATE_NAME

from finetune.figures import frame_scores, text_scores
from finetune.hub import HubError, push_model
from finetune.pair_stream import IGNORED, Encoded, Pair, PairStream, generated_pairs, padded, read_pairs
from finetune.recipe import Recipe, RecipeError, load_recipe, recipe_names
from finetune.t5 import LettersError, deepened, export, load_base, new_model, scaled_adamw, substitutions
from pipelines.models import ModelError, find_model
from pipelines.prompts import WRITER_PREFIX, readable
from slots.wire import parse

PROJECT = "promo-text"
STREAM = "stream.json"


@dataclass(frozen=True)
class Encoder:
    """Pairs to token ids, letters that the vocabulary lacks substituted; and back."""

    tokenizer: Any
    recipe: Recipe
    table: dict[int, str]

    def __call__(self, pairs: list[Pair]) -> list[Encoded]:
        r, table = self.recipe, self.table
        sources = self.tokenizer(
            [source.translate(table) for source, _ in pairs], truncation=True, max_length=r.max_input_length
        )
        targets = self.tokenizer(
            [target.translate(table) for _, target in pairs], truncation=True, max_length=r.max_target_length
        )
        return list(zip(sources.input_ids, targets.input_ids, strict=True))

    def decode(self, ids: Any) -> list[str]:
        """Texts of generated or label ids; -100 is padding."""
        import numpy

        ids = numpy.where(ids < 0, self.tokenizer.pad_token_id, ids)
        return [readable(text) for text in self.tokenizer.batch_decode(ids, skip_special_tokens=True)]


class Progress(TrainerCallback):  # type: ignore[misc]
    """One line a log: step, %, loss, milliseconds a step, elapsed. Ends a run whose minutes are up, keeps the stream's place."""

    def __init__(self, minutes: float | None, stream: PairStream | None) -> None:
        self.minutes, self.stream = minutes, stream
        self.began = self.logged = time.monotonic()
        self.logged_step = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.began = self.logged = time.monotonic()
        self.logged_step = state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        if not state.is_world_process_zero or not logs:
            return
        now = time.monotonic()
        steps = max(1, state.global_step - self.logged_step)
        shown = {
            k: f"{v:.5g}" if isinstance(v, float) else v
            for k, v in logs.items()
            if "runtime" not in k and "per_second" not in k
        }
        ms = round((now - self.logged) / steps * 1000)
        print(
            f"step={state.global_step} {100 * state.global_step / max(1, state.max_steps):.1f}% ms={ms} "
            f"elapsed={now - self.began:.0f}s " + " ".join(f"{k}={v}" for k, v in shown.items()),
            flush=True,
        )
        self.logged, self.logged_step = now, state.global_step

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
        if self.minutes is not None and time.monotonic() - self.began > self.minutes * 60:
            control.should_save = control.should_training_stop = True
        return control

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self.stream is not None and state.is_world_process_zero:
            place = Path(args.output_dir) / f"checkpoint-{state.global_step}" / STREAM
            part = place.with_suffix(".part")
            part.write_text(json.dumps({"pools": self.stream.pools, "dropped": dict(self.stream.dropped)}))
            part.replace(place)


class PromoTrainer(Seq2SeqTrainer):  # type: ignore[misc]
    """The stock trainer, but for an optimiser that its arguments cannot name."""

    recipe: Recipe
    model: Any

    def create_optimizer(self) -> Any:
        """AdamW scaled by each tensor's size when the recipe says so, else the one that the arguments name."""
        if self.recipe.optimizer == "scaled_adamw" and self.optimizer is None:
            self.optimizer = scaled_adamw(list(self.model.parameters()), self.recipe.learning_rate)
        return super().create_optimizer()


def arguments_of(recipe: Recipe, out: Path, *, streamed: bool, track: bool, log_every: int) -> Seq2SeqTrainingArguments:
    """The recipe in the Trainer's words."""
    import torch

    by_steps = recipe.evaluate_each == "steps"
    return Seq2SeqTrainingArguments(
        output_dir=str(out),
        max_steps=recipe.steps or -1,
        num_train_epochs=recipe.epochs or 1,
        per_device_train_batch_size=1 if streamed else recipe.batch_size,
        per_device_eval_batch_size=recipe.eval_batch_size,
        learning_rate=recipe.learning_rate,
        optim="adamw_torch" if recipe.optimizer == "scaled_adamw" else recipe.optimizer,
        lr_scheduler_type=recipe.scheduler,
        lr_scheduler_kwargs={"min_lr_rate": 0.02} if recipe.scheduler == "cosine_with_min_lr" else {},
        warmup_steps=recipe.warmup_steps,
        max_grad_norm=recipe.max_grad_norm,
        weight_decay=recipe.weight_decay,
        eval_strategy=recipe.evaluate_each,
        eval_steps=recipe.eval_steps if by_steps else None,
        save_strategy=recipe.evaluate_each,
        save_steps=recipe.eval_steps,
        save_total_limit=recipe.save_total_limit,
        load_best_model_at_end=recipe.best is not None,
        metric_for_best_model=recipe.best,
        greater_is_better=None if recipe.best is None else recipe.best != "loss",
        predict_with_generate=True,
        generation_max_length=recipe.max_target_length,
        bf16=recipe.precision == "bf16",
        use_cpu=not torch.cuda.is_available(),
        seed=recipe.seed,
        logging_steps=log_every,
        disable_tqdm=True,
        report_to=["trackio"] if track else [],
        project=PROJECT,
        trackio_space_id=None,  # its default would publish the curves on a Space
        run_name=f"{recipe.name}-{recipe.seed}",
        remove_unused_columns=False,
        label_names=["labels"],
        ignore_data_skip=streamed,  # the stream finds its place itself, without drawing again what was seen
        dataloader_pin_memory=torch.cuda.is_available(),
        accelerator_config={"dispatch_batches": False},
    )


@dataclass(frozen=True)
class Run:
    """A trainer that is ready to go, and what its export needs."""

    trainer: PromoTrainer
    recipe: Recipe
    tokenizer_folder: Path
    out: Path
    stream: PairStream | None
    base: str
    """What it starts from, and its revision."""
    data: str

    def record(self) -> dict[str, Any]:
        """What stands beside the weights: settings, losses, figures."""
        state, weights = self.trainer.state, list(self.trainer.model.parameters())
        return {
            "recipe": self.recipe.to_dict(),
            "base": self.base,
            "data": self.data,
            "steps": state.global_step,
            "best_checkpoint_step": state.best_global_step,
            "parameters": sum(int(tensor.numel()) for tensor in weights),
            "pairs_drawn": len(self.stream.pools) * self.stream.pool if self.stream else None,
            "pairs_dropped": dict(self.stream.dropped) if self.stream else {},
            "history": [line for line in state.log_history if "eval_loss" in line or line["step"] % 1000 == 0],
        }


def base_of(recipe: Recipe, out: Path) -> tuple[Any, Any, Path, str]:
    """(model, tokenizer, the tokenizer's folder, what it starts from). Raises RecipeError when the base cannot be had."""
    if recipe.base is None:
        from transformers import AutoTokenizer

        from finetune.tokenizer import build_tokenizer

        folder = out / "tokenizer"
        if not (folder / "spiece.model").exists():
            build_tokenizer(folder, recipe.seed)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        return new_model(recipe.shape, len(tokenizer), recipe.seed), tokenizer, folder, "fresh weights"
    try:
        files = find_model("text", recipe.base)
        model, tokenizer = load_base(files.folder)
        if recipe.shape:
            model = deepened(model, recipe.shape["num_layers"])
    except (ModelError, OSError, ValueError) as error:
        raise RecipeError(
            f"the base {recipe.base!r} of recipe {recipe.name} cannot be loaded: {error} For training, --base takes a "
            "folder with a T5 in safetensors (assets/models/text is one) or a Hub id."
        ) from error
    return model, tokenizer, files.folder, f"{recipe.base} ({files.info.revision})"


def scores_of(encoder: Encoder) -> Callable[[Any], dict[str, float]]:
    """The Trainer's compute_metrics: slot F1 of extraction rows, ROUGE of texts, and `score`, by which the best is kept.

    `score` is slot F1 where there are extraction rows (texts are judged by checks elsewhere), else ROUGE-L.
    """

    def compute(prediction: Any) -> dict[str, float]:
        import numpy

        found, gold = encoder.decode(prediction.predictions), encoder.decode(prediction.label_ids)
        inputs = (
            encoder.decode(numpy.asarray(prediction.inputs)) if prediction.inputs is not None else [""] * len(found)
        )
        writing = [source.startswith(WRITER_PREFIX) or encoder.recipe.task == "promos" for source in inputs]
        figures: dict[str, float] = {}
        frames = [(g, f) for g, f, w in zip(gold, found, writing, strict=True) if not w]
        texts = [(g, f) for g, f, w in zip(gold, found, writing, strict=True) if w]
        if texts:
            figures |= text_scores([g for g, _ in texts], [f for _, f in texts])
            figures["score"] = figures["rougeL"]
            figures["generated_words"] = round(sum(len(f.split()) for _, f in texts) / len(texts), 2)
        if frames:
            figures |= frame_scores([parse(g) for g, _ in frames], [parse(f) for _, f in frames])
            figures["score"] = figures["f1"]
        return figures

    return compute


def prepare(
    recipe: Recipe,
    out: Path,
    data: str | None = None,
    *,
    minutes: float | None = None,
    track: bool = False,
    log_every: int = 100,
    pool: int | None = None,
) -> Run:
    """Tokenizer, model, data and trainer of a recipe. Raises RecipeError with the cure."""
    model, tokenizer, tokenizer_folder, base = base_of(recipe, out)
    try:
        encoder = Encoder(tokenizer, recipe, substitutions(tokenizer))
    except LettersError as error:
        raise RecipeError(str(error)) from error
    streamed = data is None and recipe.task == "both"
    stream = None
    if streamed:
        stream = PairStream(recipe, encoder, tokenizer.pad_token_id, **({"pool": pool} if pool else {}))
        train: Any = stream
        told = "generated pairs, none twice"
        held_out = list(islice(generated_pairs(recipe, 990_001, "validation"), recipe.validation_rows))
    elif data is None:
        train_pairs = list(islice(generated_pairs(recipe, recipe.seed, "train"), recipe.rows))
        held_out = list(islice(generated_pairs(recipe, 990_001, "validation"), recipe.validation_rows))
        train, told = _dataset(train_pairs, encoder), f"{len(train_pairs)} generated pairs"
    else:
        pairs = read_pairs(data, seed=recipe.seed)
        train_pairs, held_out = ([(r["prompt"], r["target"]) for r in pairs[name]] for name in ("train", "validation"))
        train, told = _dataset(train_pairs, encoder), f"{data}: {len(train_pairs)} pairs"
    pad = tokenizer.pad_token_id

    def collate(rows: list[dict[str, Any]]) -> dict[str, Any]:
        if streamed and len(rows) == 1 and hasattr(rows[0]["input_ids"], "shape"):
            return rows[0]
        ids = padded([row["input_ids"] for row in rows], pad)
        labels = padded([row["labels"] for row in rows], IGNORED)
        return {"input_ids": ids, "attention_mask": (ids != pad).long(), "labels": labels}

    arguments = arguments_of(recipe, out, streamed=streamed, track=track, log_every=log_every)
    arguments.include_for_metrics = ["inputs"]
    trainer = PromoTrainer(
        model=model,
        args=arguments,
        train_dataset=train,
        eval_dataset=_dataset(held_out, encoder),
        data_collator=collate,
        compute_metrics=scores_of(encoder),
        callbacks=[Progress(minutes, stream)],
    )
    trainer.recipe = recipe
    trainer.remove_callback(PrinterCallback)  # Progress prints the same figures, one line each
    return Run(trainer, recipe, tokenizer_folder, out, stream, base, told)


def _dataset(pairs: list[Pair], encoder: Encoder) -> Any:
    from datasets import Dataset

    encoded = encoder(pairs)
    return Dataset.from_dict({"input_ids": [row[0] for row in encoded], "labels": [row[1] for row in encoded]})


def last_checkpoint(out: Path, written_last: str) -> Path | None:
    """The newest checkpoint that is whole: a kill while one is written leaves it without the file that is written last."""
    found = [path for path in out.glob("checkpoint-*") if (path / written_last).is_file()]
    return max(found, key=lambda path: int(path.name.rsplit("-", 1)[1]), default=None)


def train(run: Run, *, resume: bool) -> Path:
    """Trains, keeps the best or last checkpoint, exports it; returns the export's folder. Raises RecipeError when there
    is nothing to resume."""
    checkpoint = last_checkpoint(run.out, STREAM if run.stream is not None else TRAINER_STATE_NAME)
    if resume:
        if checkpoint is None:
            raise RecipeError(f"nothing to resume: {run.out} holds no whole checkpoint; leave --resume out to start")
        if run.stream is not None:
            place = json.loads((checkpoint / STREAM).read_text())
            run.stream.pools = place["pools"]
            run.stream.dropped = Counter(place["dropped"])
            step = json.loads((checkpoint / TRAINER_STATE_NAME).read_text())["global_step"]
            run.stream.start = step * run.trainer.args.world_size * run.trainer.args.gradient_accumulation_steps
    elif checkpoint is not None:
        raise RecipeError(f"{run.out} holds a run already ({checkpoint.name}); add --resume, or choose another --out")
    run.trainer.train(resume_from_checkpoint=str(checkpoint) if resume else None)
    folder = run.out / "export"
    if run.trainer.is_world_process_zero():
        export(run.trainer.model, run.tokenizer_folder, folder, run.recipe.save_dtype, run.record())
    return folder


def parser() -> argparse.ArgumentParser:
    """The command's flags."""
    p = argparse.ArgumentParser(prog="python -m finetune.train_text", description="Train a text model by a recipe.")
    p.add_argument("recipe", choices=recipe_names())
    p.add_argument(
        "--data", metavar="ID|FILE", help="CSV or JSON lines with columns prompt and target, or a Hub data set"
    )
    p.add_argument("--base", metavar="ID|PATH", help="what to start from instead of the recipe's base")
    p.add_argument("--out", type=Path, default=Path("runs/text"))
    p.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    p.add_argument("--steps", type=int, help="optimiser steps instead of the recipe's")
    p.add_argument("--minutes", type=float, help="end early, with a checkpoint, after so many minutes")
    p.add_argument("--learning-rate", type=float)
    p.add_argument("--seed", type=int, help="of weights and generated pairs")
    p.add_argument("--threads", type=int, help="PyTorch threads on a CPU")
    p.add_argument("--no-track", action="store_true", help="no live curves")
    p.add_argument(
        "--push-to-hub", metavar="REPO", help="upload the finished checkpoint (needs a login: hf auth login)"
    )
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done; 2 the call is wrong; 1 the work failed."""
    args = parser().parse_args(arguments)
    if args.threads:
        import torch

        torch.set_num_threads(args.threads)
    try:
        recipe = load_recipe(args.recipe).changed(
            base=args.base, steps=args.steps, learning_rate=args.learning_rate, seed=args.seed
        )
        run = prepare(recipe, args.out, args.data, minutes=args.minutes, track=not args.no_track)
        if run.trainer.is_world_process_zero():
            processes = run.trainer.args.world_size
            print(
                f"recipe={recipe.name} base={run.base} data={run.data} processes={processes} out={args.out}", flush=True
            )
        folder = train(run, resume=args.resume)
    except RecipeError as error:
        print(f"python -m finetune.train_text: {error}", file=sys.stderr)
        return 2
    if run.trainer.is_world_process_zero():
        print(f"finished: {folder}", flush=True)
        if args.push_to_hub:
            try:
                print(f"pushed: {push_model(folder, args.push_to_hub)}")
            except HubError as error:
                print(f"python -m finetune.train_text: {error}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
