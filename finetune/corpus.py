"""Writes the extraction corpus as files: `python -m finetune.corpus --out DIR [--seed 1] [--n 10000]`.

train.jsonl, validation.jsonl and test.jsonl hold `text`, `asking`, `language`, `slots` (canonical values), `source`,
`target` and `kind`. The three are drawn from different seeds and share no message; they share the phrase lists, so
test figures on them say how well the corpus was learnt, not how well unseen wording is understood.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from finetune.extraction_data import Example, examples
from slots.numbers import tag, untag
from slots.values import Money, Size

PARTS = (("train", 1.0), ("validation", 0.05), ("test", 0.05))
"""File name and its length as a share of --n."""


def canonical(example: Example) -> dict[str, str]:
    """The frame with its numbers put back, spelled as `Size` and `Money` spell them."""
    mentions = tag(example.text).mentions
    slots = {}
    for slot, value in example.frame.items():
        text = untag(value, mentions) or value
        if slot == "size" and text != "none":
            text = str(Size.parse(text))
        elif slot == "price" and text != "none":
            text = str(Money.parse(text))
        slots[slot] = text
    return slots


def rows(seed: int, count: int, taken: set[str], dropped: Counter[str]) -> Iterator[dict[str, Any]]:
    """`count` examples as JSON objects, none of whose messages is in `taken` (which grows)."""
    for example in examples(random.Random(seed), dropped):
        if count <= 0:
            return
        key = f"{example.asking} {example.text}"
        if key in taken:
            continue
        taken.add(key)
        count -= 1
        yield {
            "text": example.text, "asking": example.asking, "language": example.language, "kind": example.kind,
            "slots": canonical(example), "source": example.source, "target": example.target,
        }  # fmt: skip


def write_corpus(folder: Path, seed: int, count: int) -> dict[str, Any]:
    """Writes the three files; returns how many lines each has and what was dropped, by reason."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    dropped: Counter[str] = Counter()
    lengths = {}
    for number, (name, share) in enumerate(PARTS):
        lengths[name] = max(1, int(count * share))
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for row in rows(seed * 10 + number, lengths[name], taken, dropped):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return {"lines": lengths, "dropped": dict(dropped)}


def main(arguments: list[str] | None = None) -> None:
    """The command line; see the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m finetune.corpus", description="Write the extraction corpus.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=10_000, help="messages in train.jsonl")
    options = parser.parse_args(arguments)
    print(json.dumps(write_corpus(options.out, options.seed, options.n)))


if __name__ == "__main__":
    main()
