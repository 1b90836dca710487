"""Training pairs, (source, target) strings: generated without end, or read from files and the Hub.

    stream = PairStream(recipe, encode)          batches of like length, for a Trainer whose batch size is 1
    read_pairs("pairs.csv")                      a DatasetDict with columns prompt and target

Pools of generated pairs are each drawn from a seed of their own, so a stopped run goes on at the very batch where it
stopped. Knows nothing of models; `encode` turns a pair into token ids.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch.utils.data import IterableDataset

from finetune.extraction_data import examples
from finetune.families import Part
from finetune.promo_data import promo_pair
from finetune.recipe import Recipe, RecipeError
from pipelines.prompts import WRITER_PREFIX
from slots.catalog import default_catalog

if TYPE_CHECKING:
    from datasets import DatasetDict

Pair = tuple[str, str]
Encoded = tuple[list[int], list[int]]
IGNORED = -100
"""The label that T5's loss leaves out."""
POOL = 4000
"""Pairs drawn at once, then cut into batches of like length."""
COLUMNS = ("prompt", "target")


def generated_pairs(recipe: Recipe, seed: int, part: Part, dropped: Counter[str] | None = None) -> Iterator[Pair]:
    """Pairs of a recipe's task and language, extraction and promos mixed; endless."""
    rng, writing, catalog = random.Random(seed), random.Random(seed + 2), default_catalog()
    extraction = examples(random.Random(seed + 1), dropped, part)
    while True:
        if recipe.task == "promos" or rng.random() < recipe.promo_share:
            source, target = promo_pair(writing, catalog, part)
            if recipe.language is None or f"language={recipe.language};" in source:
                yield source, target
        else:
            made = next(extraction)
            yield made.source, made.target


def padded(rows: list[list[int]], filler: int) -> Any:
    """A tensor [rows, longest row] of int64."""
    import torch

    length = max(map(len, rows))
    return torch.tensor([row + [filler] * (length - len(row)) for row in rows])


def as_batch(rows: list[Encoded], pad: int) -> dict[str, Any]:
    """input_ids, attention_mask [b, s] and labels [b, t] of one batch."""
    ids = padded([row[0] for row in rows], pad)
    return {
        "input_ids": ids,
        "attention_mask": (ids != pad).long(),
        "labels": padded([row[1] for row in rows], IGNORED),
    }


def cut(pairs: list[Pair], encoded: list[Encoded], tokens: int, rng: random.Random) -> list[list[Encoded]]:
    """Batches of one task and of like length, none above `tokens` (but for a single long pair), in random order."""
    by_task: dict[bool, list[Encoded]] = defaultdict(list)
    for (source, _), row in zip(pairs, encoded, strict=True):
        by_task[source.startswith(WRITER_PREFIX)].append(row)
    batches = []
    for rows in by_task.values():
        rows.sort(key=lambda row: (len(row[0]) + len(row[1]), rng.random()))
        batch: list[Encoded] = []
        for row in rows:
            if batch and (len(batch) + 1) * (len(row[0]) + len(row[1])) > tokens:
                batches.append(batch)
                batch = []
            batch.append(row)
        if batch:
            batches.append(batch)
    rng.shuffle(batches)
    return batches


class PairStream(IterableDataset):  # type: ignore[type-arg]
    """Endless batches of generated pairs. `pools` records how many batches each pool gave, which finds a place again."""

    def __init__(
        self, recipe: Recipe, encode: Callable[[list[Pair]], list[Encoded]], pad: int, pool: int = POOL
    ) -> None:
        self.recipe, self.encode, self.pad, self.pool = recipe, encode, pad, pool
        self.pools: list[int] = []
        self.start = 0
        """Batches to leave out: those that an earlier part of this run has seen."""
        self.dropped: Counter[str] = Counter()

    def _draw(self, number: int) -> list[list[Encoded]]:
        seed = self.recipe.seed * 1_000_003 + number * 10
        drawn = generated_pairs(self.recipe, seed, "train", self.dropped)
        pairs = [next(drawn) for _ in range(self.pool)]
        return cut(pairs, self.encode(pairs), self.recipe.batch_tokens, random.Random(seed + 3))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        number, skip = 0, self.start
        while number < len(self.pools) and skip >= self.pools[number]:  # whole pools need not be drawn again
            skip -= self.pools[number]
            number += 1
        while True:
            batches = self._draw(number)
            self.pools[number:] = [*self.pools[number : number + 1], len(batches)][-1:]
            for batch in batches[skip:]:
                yield as_batch(batch, self.pad)
            skip, number = max(0, skip - len(batches)), number + 1


def read_pairs(data: str, validation: float = 0.1, seed: int = 42) -> "DatasetDict":
    """Pairs of a CSV or JSON-lines file, or of a data set on the Hub, split in train and validation.

    Raises RecipeError when it cannot be had or lacks the columns `prompt` and `target`.
    """
    from datasets import DatasetDict, load_dataset

    path = Path(data).expanduser()
    kinds = {".csv": "csv", ".jsonl": "json", ".json": "json"}
    try:
        if path.exists():
            if path.suffix not in kinds:
                raise RecipeError(f"{data}: give a file that ends in {', '.join(kinds)}, or a Hub id")
            found = load_dataset(kinds[path.suffix], data_files=str(path))
        else:
            found = load_dataset(data)
    except RecipeError:
        raise
    except Exception as error:  # datasets raises many kinds, some of its own
        where = "cannot be read" if path.exists() else "is no file here and cannot be read from the Hub either"
        raise RecipeError(
            f"--data {data} {where} ({type(error).__name__}: {error}). Give a CSV or JSON-lines file with rows and the "
            f"columns prompt and target{'' if path.exists() else ', or connect to the network'}."
        ) from error
    first = next(iter(found.values()))
    if missing := [name for name in COLUMNS if name not in first.column_names]:
        raise RecipeError(
            f"--data {data}: no column {missing[0]!r} among {', '.join(first.column_names)}; it needs prompt and target"
        )
    found = found.select_columns(list(COLUMNS)).filter(lambda row: bool(row["prompt"]) and bool(row["target"]))
    if "validation" in found and "train" in found:
        return DatasetDict(train=found["train"], validation=found["validation"])
    whole = found["train"] if "train" in found else first.select_columns(list(COLUMNS))
    if len(whole) < 2:
        raise RecipeError(f"--data {data}: {len(whole)} pair; training and validation need at least one each")
    parts = whole.train_test_split(test_size=max(1, round(len(whole) * validation)), seed=seed)
    return DatasetDict(train=parts["train"], validation=parts["test"])
