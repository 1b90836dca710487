"""Evaluates a checkpoint. Text: extraction on several sets of messages, promotional texts on random briefs and held-out pairs.
Image: the scene model's parts, its scenes by every path, and contact sheets.

    python -m finetune.evaluate text [--model DIR] [--backend auto] [--briefs 500] [--out DIR]
    python -m finetune.evaluate text --jsonl FILE [--stage t5] [--rows 1-80] [--errors]      one file, one stage
    python -m finetune.evaluate image [--model DIR] [--scenes 640] [--stock-scenes 132] [--out DIR] [--seed 7] [--threads 1]

Each writes DIR/evaluation.md and DIR/evaluation.json (and prints the Markdown), which the model card takes over. A file of
messages holds one a line: `text`, gold `slots`, and `asking`, `removed`, `language`, `kind` where there are any. Image figures come
in parts, and a run that was cut goes on in the same DIR.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finetune.evaluate_extraction import (
    Generate,
    RowsError,
    evaluate_text,
    extraction_figures,
    extraction_markdown,
    read_rows,
    standard_sets,
)
from slots.extract import STAGES


def text_figures(backend: Any, briefs: int) -> dict[str, Any]:
    """All figures of a loaded text back end; JSON-ready."""
    from finetune.evaluate_promos import evaluate, held_out_figures
    from slots.catalog import default_catalog

    catalog = default_catalog()
    return {
        "model": backend.model.to_dict(),
        "backend": backend.reason,
        "extraction": extraction_figures(generate_of(backend), standard_sets()),
        "promos": evaluate(backend, catalog, briefs=briefs).to_dict(),
        "held_out": held_out_figures(backend),
    }


def generate_of(backend: Any) -> Generate:
    """A back end's greedy answers as extraction takes them."""
    return lambda sources: [answers[0] if answers else "" for answers in backend.generate(sources)]


def text_markdown(figures: dict[str, Any]) -> str:
    """The figures as tables for a model card."""
    from finetune.evaluate_promos import held_out_markdown, markdown

    return "\n\n".join(
        [
            f"Model `{figures['model']['name']}` ({figures['model']['revision']}); {figures['backend']}.",
            "### Extraction",
            extraction_markdown(figures["extraction"]),
            "### Promotional texts: random briefs with odd figures",
            markdown(figures["promos"]),
            "### Promotional texts: held-out pairs",
            held_out_markdown(figures["held_out"]),
        ]
    )


def write_figures(folder: Path, name: str, figures: dict[str, Any], text: str) -> None:
    """NAME.json and NAME.md, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in ((".json", json.dumps(figures, ensure_ascii=False, indent=1) + "\n"), (".md", text + "\n")):
        part = folder / f"{name}{ending}.part"
        part.write_text(content, encoding="utf-8")
        part.replace(folder / f"{name}{ending}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done; 2 the call is wrong; 1 the model cannot be loaded."""
    parser = argparse.ArgumentParser(prog="python -m finetune.evaluate", description="Evaluate a trained checkpoint.")
    commands = parser.add_subparsers(dest="what", required=True)
    text = commands.add_parser("text", help="extraction and promotional texts")
    text.add_argument("--model", metavar="ID|PATH", help="a checkpoint instead of the bundled one")
    text.add_argument("--backend", default="auto", help="what runs it (see python app.py --help)")
    text.add_argument("--briefs", type=int, default=500, help="random briefs to write for (default 500)")
    text.add_argument("--out", type=Path, help="folder for evaluation.md and evaluation.json")
    text.add_argument("--jsonl", type=Path, help="score this file alone")
    text.add_argument("--stage", choices=STAGES, default="t5", help="with --jsonl (default t5)")
    text.add_argument("--rows", help="with --jsonl: A-B, counted from 1")
    text.add_argument("--errors", action="store_true", help="with --jsonl: print every message that came out wrong")
    _add_image(commands)
    options = parser.parse_args(arguments)
    return _image(options, parser) if options.what == "image" else _text(options)


def _text(options: argparse.Namespace) -> int:
    from pipelines.backends.registry import BackendError, load_text
    from pipelines.models import ModelError

    try:
        lines = read_rows(options.jsonl, options.rows) if options.jsonl else []
        needs_model = not (options.jsonl and options.stage == "rules")
        backend = load_text(options.model, options.backend) if needs_model else None
    except (BackendError, RowsError) as error:
        return _fails(error, 2)
    except ModelError as error:
        return _fails(error, 1)
    if options.jsonl:
        result = evaluate_text(generate_of(backend) if backend else None, lines, options.stage)
        if options.errors:
            print("\n".join(result.misses))
        print(result.report())
        return 0
    figures = text_figures(backend, options.briefs)
    text = text_markdown(figures)
    if options.out:
        write_figures(options.out, "evaluation", figures, text)
    print(text)
    return 0


def _add_image(commands: Any) -> None:
    from finetune.evaluate_scenes import Counts

    usual = Counts()
    image = commands.add_parser("image", help="the scene model: figures and contact sheets")
    image.add_argument("--model", metavar="ID|PATH", help="a checkpoint instead of the bundled one")
    image.add_argument("--scenes", type=int, default=usual.scenes, help=f"scenes a path (default {usual.scenes})")
    for name, what in (
        ("stock-scenes", "scenes by the stock call: 50 steps, full precision"),
        ("vae-pictures", "drawings for the autoencoder"),
        ("loss-pictures", "drawings for the caption's effect"),
        ("blind", "pictures on the blind sheet"),
    ):
        default = getattr(usual, name.replace("-", "_"))
        image.add_argument(f"--{name}", type=int, default=default, help=f"{what} (default {default}; 0: none)")
    image.add_argument(
        "--loss-timesteps", type=int, default=usual.loss_timesteps, help="time steps between 800 and 999 (default 8)"
    )
    image.add_argument("--seed", type=int, default=7, help="of scenes, noise and held-out drawings (default 7)")
    image.add_argument("--threads", type=int, default=1, help="processor cores (default 1)")
    image.add_argument("--training-seed", type=int, help="of the drawings it learnt, where the checkpoint does not say")
    image.add_argument("--training-count", type=int, help="how many drawings it learnt, where it does not say")
    image.add_argument(
        "--out", type=Path, default=Path("runs/scene/evaluation"), help="folder; a run that was cut goes on in it"
    )


def _image(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from finetune.evaluate_scene_judge import evaluation_judge
    from finetune.evaluate_scene_paths import OtherRunError, SceneStore, facts_of
    from finetune.evaluate_scenes import Counts, TrainingSet, image_figures, image_markdown, training_set
    from pipelines.backends.registry import BackendError, load_image
    from pipelines.models import ModelError, find_model
    from pipelines.scene_judge import JudgeError, load_judge

    if options.scenes < 1 or options.loss_timesteps < 1 or options.threads < 1 or options.seed < 0:
        parser.error("--scenes, --loss-timesteps and --threads must be at least 1, --seed at least 0")
    if min(options.stock_scenes, options.vae_pictures, options.loss_pictures, options.blind) < 0:
        parser.error("--stock-scenes, --vae-pictures, --loss-pictures and --blind cannot be negative")
    if options.loss_pictures == 1:
        parser.error("--loss-pictures must be at least 2: a wrong caption is another picture's")
    if (options.training_seed is None) != (options.training_count is None) or options.training_count == 0:
        parser.error("--training-seed and --training-count go together, and the count is at least 1")
    import torch

    torch.set_num_threads(options.threads)
    counts = Counts(
        options.scenes, options.stock_scenes, options.vae_pictures, options.loss_pictures, options.loss_timesteps,
        options.blind,
    )  # fmt: skip
    try:
        folder = find_model("image", options.model).folder
        backend, app_judge, judge = load_image(options.model, "torch"), load_judge(), evaluation_judge()
        _ = judge.config
        store = SceneStore(
            options.out, facts_of(backend, folder, app_judge.folder, seed=options.seed, threads=options.threads)
        )
    except (BackendError, OtherRunError) as error:
        return _fails(error, 2)
    except (ModelError, JudgeError) as error:
        return _fails(error, 1)
    learnt = training_set(folder)
    if options.training_count is not None:
        learnt = TrainingSet(options.training_seed, options.training_count)
    figures = image_figures(backend, folder, store, app_judge, judge, counts, learnt, report=_tell)
    text = image_markdown(figures)
    write_figures(options.out, "evaluation", figures, text)
    print(text)
    return 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fails(error: Exception, code: int) -> int:
    print(f"python -m finetune.evaluate: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
