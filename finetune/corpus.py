"""Writes the training corpus: extraction pairs and promo pairs, as data sets with disjoint phrase families.

    python -m finetune.corpus --out DIR [--seed 1] [--extraction 40000] [--promos 20000] [--push-to-hub user/name]

DIR/extraction and DIR/promos hold train, validation and test as JSON lines and as Parquet; DIR/README.md is the data card.
`build(...)` gives them as `datasets.DatasetDict`. Deterministic by seed; no two rows of a data set have the same prompt
and target, and all promos differ in their text. A phrasing belongs to one split (finetune/families.py), so that the test is
not the training in other words.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.cards import corpus_card
from finetune.extraction_data import Example, examples
from finetune.families import PARTS, Part
from finetune.promo_data import promo_pair
from slots.catalog import default_catalog
from slots.numbers import tag, untag
from slots.values import Money, Size

if TYPE_CHECKING:
    from datasets import DatasetDict

Row = dict[str, Any]
CONFIGURATIONS = ("extraction", "promos")
HELD_OUT = 0.05
"""Rows of validation and of test, each, as a share of training's."""
TRIES = 50
"""Draws for a new row before the corpus says that it has no more of them."""


class CorpusError(ValueError):
    """The corpus that was asked for cannot be made; the message says why and the cure."""


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


def extraction_rows(seed: int, part: Part, dropped: Counter[str]) -> Iterator[Row]:
    """Endless rows of the extraction task."""
    for example in examples(random.Random(seed), dropped, part):
        yield {
            "prompt": example.source, "target": example.target, "language": example.language, "kind": example.kind,
            "text": example.text, "asking": example.asking, "slots": json.dumps(canonical(example), ensure_ascii=False),
        }  # fmt: skip


def promo_rows(seed: int, part: Part) -> Iterator[Row]:
    """Endless rows of the writing task; `kind` is the offer."""
    rng, catalog = random.Random(seed), default_catalog()
    while True:
        source, target = promo_pair(rng, catalog, part)
        fields = dict(field.split("=", 1) for field in source.split(": ", 1)[1].split("; "))
        yield {"prompt": source, "target": target, "language": fields["language"], "kind": fields["offer"]}


def distinct(rows: Iterator[Row], count: int, key: tuple[str, ...], taken: set[Any]) -> Iterator[Row]:
    """`count` rows whose key is not in `taken`, which grows. Raises CorpusError when no new one comes any more."""
    missed = 0
    for row in rows:
        if count <= 0:
            return
        mark = tuple(row[name] for name in key)
        if mark in taken:
            missed += 1
            if missed > TRIES * 1000:
                raise CorpusError(
                    f"only {len(taken)} distinct rows could be drawn; ask for fewer, or widen the phrase lists"
                )
            continue
        taken.add(mark)
        count, missed = count - 1, 0
        yield row


def build(seed: int, extraction: int, promos: int, dropped: Counter[str] | None = None) -> "dict[str, DatasetDict]":
    """Both data sets. `extraction` and `promos` are rows for training; validation and test are 5 % of them each."""
    from datasets import Dataset, DatasetDict

    lost: Counter[str] = Counter() if dropped is None else dropped
    made: dict[str, DatasetDict] = {}
    for name, count in zip(CONFIGURATIONS, (extraction, promos), strict=True):
        taken: set[Any] = set()
        key = ("prompt", "target") if name == "extraction" else ("target",)
        splits = {}
        for number, part in enumerate(PARTS):
            rows = (
                extraction_rows(seed * 10 + number, part, lost)
                if name == "extraction"
                else promo_rows(seed * 10 + number, part)
            )
            size = count if part == "train" else max(1, round(count * HELD_OUT))
            splits[part] = Dataset.from_list(list(distinct(rows, size, key, taken)))
        made[name] = DatasetDict(splits)
    return made


def write(folder: Path, made: "dict[str, DatasetDict]", seed: int, dropped: Counter[str]) -> dict[str, dict[str, int]]:
    """JSON lines, Parquet and card into `folder`; returns the rows of each split."""
    counts: dict[str, dict[str, int]] = {}
    for name, splits in made.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        counts[name] = {part: len(rows) for part, rows in splits.items()}
        for part, rows in splits.items():
            rows.to_json(place / f"{part}.jsonl", force_ascii=False)
            rows.to_parquet(place / f"{part}-00000-of-00001.parquet")
    (folder / "README.md").write_text(corpus_card(counts, seed, dropped), encoding="utf-8")
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done; 2 the call is wrong; 1 the work failed."""
    parser = argparse.ArgumentParser(prog="python -m finetune.corpus", description="Write the training corpus.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--extraction", type=int, default=40_000, help="messages in training (default 40,000)")
    parser.add_argument("--promos", type=int, default=20_000, help="promotional texts in training (default 20,000)")
    parser.add_argument("--push-to-hub", metavar="REPO", help="upload the folder as a data set (needs: hf auth login)")
    options = parser.parse_args(arguments)
    if options.extraction < 1 or options.promos < 1:
        parser.error("--extraction and --promos must be at least 1")
    dropped: Counter[str] = Counter()
    try:
        made = build(options.seed, options.extraction, options.promos, dropped)
        counts = write(options.out, made, options.seed, dropped)
    except (CorpusError, OSError) as error:
        print(f"python -m finetune.corpus: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"rows": counts, "dropped": dict(dropped), "out": str(options.out)}))
    if options.push_to_hub:
        from finetune.hub import HubError, push_folder

        try:
            print(f"pushed: {push_folder(options.out, options.push_to_hub, 'dataset')}")
        except HubError as error:
            print(f"python -m finetune.corpus: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
