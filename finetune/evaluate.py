"""Scores a text checkpoint: `python -m finetune.evaluate text --model DIR --jsonl FILE [--stage t5] [--rows 1-80] [--errors]`.

FILE holds one message a line with its gold `slots` (and `asking`, when a question was pending; and `removed`). The checkpoint runs
through plain transformers; `python -m slots --score` does the same over the app's back ends.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from slots.catalog import default_catalog
from slots.extract import STAGES, Stage, extract_many
from slots.score import Score, score

Generate = Callable[[list[str]], list[str]]


def load_generate(folder: Path) -> Generate:
    """A function from T5 sources to its greedy answers; raises OSError when the folder holds no checkpoint."""
    from transformers import AutoTokenizer, T5ForConditionalGeneration

    from finetune.train_text import generate

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = T5ForConditionalGeneration.from_pretrained(folder).float().eval()
    return lambda sources: generate(model, tokenizer, sources)


def read_rows(path: Path, rows: str | None = None) -> list[dict[str, Any]]:
    """The file's lines, or those of `rows` (`81-120`, counted from 1)."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if rows is None:
        return lines
    first, _, last = rows.partition("-")
    return lines[int(first) - 1 : int(last or first)]


def evaluate_text(generate: Generate | None, lines: list[dict[str, Any]], stage: Stage = "t5") -> Score:
    """Extraction's figures over messages with gold slots. `generate` may be None for stage `rules`."""
    asked = [(line["text"], line.get("asking")) for line in lines]
    made = extract_many(asked, generate, default_catalog(), stage)
    found = [e.slots | dict.fromkeys(e.removed, "none") for e in made]
    languages = [line.get("language", "-") for line in lines]
    gold = [line["slots"] | dict.fromkeys(line.get("removed", ()), "none") for line in lines]
    return score(found, gold, languages, [line["text"] for line in lines])


def main(arguments: list[str] | None = None) -> None:
    """The command line; see the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m finetune.evaluate", description="Score a trained checkpoint.")
    parser.add_argument("what", choices=["text"])
    parser.add_argument("--model", type=Path, default=Path("assets/models/text"))
    parser.add_argument("--jsonl", type=Path, default=Path("tests/validation_messages.jsonl"))
    parser.add_argument("--stage", choices=STAGES, default="t5")
    parser.add_argument("--rows", help="A-B, counted from 1")
    parser.add_argument("--errors", action="store_true", help="print every message that came out wrong")
    options = parser.parse_args(arguments)
    generate = None if options.stage == "rules" else load_generate(options.model)
    result = evaluate_text(generate, read_rows(options.jsonl, options.rows), options.stage)
    if options.errors:
        print("\n".join(result.misses))
    print(result.report())


if __name__ == "__main__":
    main()
