"""Trains the classifier that tells messages about a promotion from prose about other matters (slots/relevance.py).

    python -m finetune.train_relevance [--examples 40000] [--seed 5] [--out assets/models/relevance]

Logistic regression over hashed n-grams with Adagrad, on the training part of the extraction corpus: messages that state
something only a promotion has against messages about other matters. Half a minute on one core. Prints how many of each
the validation part keeps.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finetune.extraction_data import examples
from finetune.families import Part
from slots.extract import THINGS
from slots.relevance import BUCKETS, PATH, Relevance, features

EPOCHS = 4
RATE = 0.5
DECAY = 1e-6
THRESHOLD = 1.0
"""Log-odds from which a message counts as about a promotion. Chosen on the development messages: it kept 98 of 100 messages about
a promotion and let 14 of 100 others through."""


def drawn(count: int, seed: int, part: Part) -> tuple[list[list[int]], list[int]]:
    """Buckets and labels (1: about a promotion) of `count` messages without a pending question."""
    rows: list[list[int]] = []
    labels: list[int] = []
    for made in examples(random.Random(seed), part=part):
        if len(rows) >= count:
            break
        other = made.kind == "other"
        if not other and (made.asking or made.kind == "nothing" or not set(made.frame) - set(THINGS)):
            continue
        rows.append(features(made.text))
        labels.append(int(not other))
    return rows, labels


def fit(rows: Sequence[list[int]], labels: Sequence[int], seed: int) -> Relevance:
    """The weights after EPOCHS passes; both kinds of message weigh the same however many there are."""
    import numpy

    weights, squares, bias = numpy.zeros(BUCKETS), numpy.full(BUCKETS, 1e-6), 0.0
    share = sum(labels) / len(labels)
    weight_of = {1: 0.5 / max(share, 1e-9), 0: 0.5 / max(1 - share, 1e-9)}
    order = numpy.random.default_rng(seed)
    packed = [numpy.array(row, dtype=numpy.int64) for row in rows]
    for _ in range(EPOCHS):
        for index in order.permutation(len(packed)):
            row, label = packed[index], labels[index]
            length = len(row) ** 0.5
            odds = weights[row].sum() / length + bias
            slope = (1 / (1 + numpy.exp(-odds)) - label) * weight_of[label]
            squares[row] += (slope / length) ** 2
            weights[row] -= RATE * slope / length / numpy.sqrt(squares[row]) + DECAY * weights[row]
            bias -= 0.02 * slope
    return Relevance(weights.astype("float32"), float(bias), THRESHOLD)


def kept(model: Relevance, rows: Sequence[list[int]], labels: Sequence[int]) -> dict[str, float]:
    """Shares of both kinds that count as about a promotion."""
    found: dict[int, list[bool]] = {0: [], 1: []}
    for row, label in zip(rows, labels, strict=True):
        odds = float(model.weights[row].sum()) / max(1, len(row)) ** 0.5 + model.bias
        found[label].append(odds >= model.threshold)
    names = {1: "about_a_promotion", 0: "other_matters"}
    return {names[label]: round(sum(kind) / max(1, len(kind)), 4) for label, kind in found.items()}


def save(model: Relevance, folder: Path, record: dict[str, Any]) -> None:
    """Weights in half precision and training_settings.json, each whole or not at all."""
    import numpy
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{PATH.name}.part"
    save_file(
        {
            "weights": model.weights.astype(numpy.float16),
            "bias_threshold": numpy.array([model.bias, model.threshold], dtype=numpy.float32),
        },
        part,
    )
    part.replace(folder / PATH.name)
    (folder / "training_settings.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's first lines."""
    parser = argparse.ArgumentParser(
        prog="python -m finetune.train_relevance", description="Train the relevance classifier."
    )
    parser.add_argument("--examples", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--out", type=Path, default=PATH.parent)
    options = parser.parse_args(arguments)
    model = fit(*drawn(options.examples, options.seed, "train"), seed=0)
    figures = kept(model, *drawn(max(200, options.examples // 20), options.seed + 1, "validation"))
    record = {
        "examples": options.examples, "seed": options.seed, "epochs": EPOCHS, "rate": RATE, "decay": DECAY,
        "threshold": THRESHOLD, "kept_of_validation": figures,
    }  # fmt: skip
    save(model, options.out, record)
    print(json.dumps(record))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
