"""Evaluates a text checkpoint: extraction on several sets of messages, promotional texts on random briefs and held-out pairs.

    python -m finetune.evaluate text [--model DIR] [--backend auto] [--briefs 500] [--out DIR]
    python -m finetune.evaluate text --jsonl FILE [--stage t5] [--rows 1-80] [--errors]      one file, one stage

The first writes DIR/evaluation.md and DIR/evaluation.json (and prints the Markdown), which the model card takes over. A file of
messages holds one a line: `text`, gold `slots`, and `asking`, `removed`, `language`, `kind` where there are any.
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
    parser.add_argument("what", choices=["text"])
    parser.add_argument("--model", metavar="ID|PATH", help="a checkpoint instead of the bundled one")
    parser.add_argument("--backend", default="auto", help="what runs it (see python app.py --help)")
    parser.add_argument("--briefs", type=int, default=500, help="random briefs to write for (default 500)")
    parser.add_argument("--out", type=Path, help="folder for evaluation.md and evaluation.json")
    parser.add_argument("--jsonl", type=Path, help="score this file alone")
    parser.add_argument("--stage", choices=STAGES, default="t5", help="with --jsonl (default t5)")
    parser.add_argument("--rows", help="with --jsonl: A-B, counted from 1")
    parser.add_argument("--errors", action="store_true", help="with --jsonl: print every message that came out wrong")
    options = parser.parse_args(arguments)
    from pipelines.backends.registry import BackendError, load_text
    from pipelines.models import ModelError

    try:
        lines = read_rows(options.jsonl, options.rows) if options.jsonl else []
        needs_model = not (options.jsonl and options.stage == "rules")
        backend = load_text(options.model, options.backend) if needs_model else None
    except (BackendError, RowsError) as error:
        print(f"python -m finetune.evaluate: {error}", file=sys.stderr)
        return 2
    except ModelError as error:
        print(f"python -m finetune.evaluate: {error}", file=sys.stderr)
        return 1
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


if __name__ == "__main__":
    sys.exit(main())
