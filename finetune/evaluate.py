"""Scores a text checkpoint: `python -m finetune.evaluate text --model DIR --jsonl FILE [--stage t5] [--rows 1-80] [--errors]`.

FILE holds one message a line with its gold `slots` (and `asking`, when a question was pending). The checkpoint runs
through plain transformers; `python -m slots --score` does the same over the app's back ends.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from slots.catalog import default_catalog
from slots.schema import SLOTS

Frame = Mapping[str, str]


def load_generate(folder: Path) -> Callable[[list[str]], list[str]]:
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


def score(gold: Sequence[Frame], found: Sequence[Frame]) -> dict[str, Any]:
    """Micro-averaged precision, recall and F1 over slots, overall and by slot, and the share of exact frames."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    exact = 0
    for want, have in zip(gold, found, strict=True):
        exact += dict(want) == dict(have)
        for slot in SLOTS:
            for name in (slot, "all"):
                counts[name]["gold"] += slot in want
                counts[name]["found"] += slot in have
                counts[name]["right"] += slot in want and want[slot] == have.get(slot)
    figures = {name: _figures(counts[name]) for name in ("all", *SLOTS)}
    return {"messages": len(gold), "exact": round(exact / max(1, len(gold)), 4), **figures}


def _figures(count: Counter[str]) -> dict[str, float | int]:
    precision = count["right"] / count["found"] if count["found"] else 0.0
    recall = count["right"] / count["gold"] if count["gold"] else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "gold": count["gold"]}


def evaluate_text(
    folder: Path | None, path: Path, stage: str = "t5", rows: str | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(figures, the messages that came out wrong). `folder` None scores the rules, which need no checkpoint."""
    from slots.extract import extract_many

    lines = read_rows(path, rows)
    generate = load_generate(folder) if folder else lambda sources: ["none"] * len(sources)
    asked = [(line["text"], line.get("asking")) for line in lines]
    found = [
        dict(e.slots) | dict.fromkeys(e.removed, "none")
        for e in extract_many(asked, generate, default_catalog(), stage)
    ]
    gold = [line["slots"] for line in lines]
    wrong = [
        {"text": line["text"], "gold": want, "found": have}
        for line, want, have in zip(lines, gold, found, strict=True)
        if want != have
    ]
    return score(gold, found), wrong


def main(arguments: list[str] | None = None) -> None:
    """The command line; see the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m finetune.evaluate", description="Score a trained checkpoint.")
    parser.add_argument("what", choices=["text"])
    parser.add_argument("--model", type=Path, default=Path("assets/models/text"))
    parser.add_argument("--jsonl", type=Path, default=Path("tests/validation_messages.jsonl"))
    parser.add_argument("--stage", choices=["rules", "t5", "grounded", "full"], default="t5")
    parser.add_argument("--rows", help="A-B, counted from 1")
    parser.add_argument("--errors", action="store_true", help="print every message that came out wrong")
    options = parser.parse_args(arguments)
    figures, wrong = evaluate_text(options.model, options.jsonl, options.stage, options.rows)
    if options.errors:
        for line in wrong:
            print(json.dumps(line, ensure_ascii=False))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
