"""Is a message about a promotion at all? A linear classifier over a message's words and their neighbours.

Prose about other matters (an order of tacos, a meeting, a birthday that was) names shops, scenes and sums like a brief
does, and neither the T5 nor the rules tell the two apart well enough. Hashed n-grams do: 65,536 weights, trained by
`finetune.train_relevance` on the corpus. Knows nothing of slots or of the T5.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from slots.numbers import tokenize

PATH = Path(__file__).resolve().parent.parent / "assets" / "models" / "relevance" / "weights.safetensors"
BUCKETS = 1 << 16
LONGEST = 120
"""Words that are read; a longer message has told by then what it is about."""


class RelevanceError(RuntimeError):
    """The weights are missing or damaged; the message names the file and the cure."""


def features(text: str) -> list[int]:
    """The buckets of a message's words, pairs and triples, each once, sorted; every number counts as the same word."""
    words = ["#" if token.value is not None else token.text for token in tokenize(text)][:LONGEST]
    starts, ends = ["^", *words], [*words, "$"]
    grams: Iterable[str] = (
        *words,
        *(f"{a}_{b}" for a, b in zip(starts, ends, strict=True)),
        *(f"{a}_{b}_{c}" for a, b, c in zip(starts, words, ends[1:], strict=False)),
    )
    return sorted({zlib.crc32(gram.encode()) % BUCKETS for gram in grams})


@dataclass(frozen=True)
class Relevance:
    """The classifier. `weights`: array [BUCKETS] of float32."""

    weights: Any
    bias: float
    threshold: float

    def score(self, text: str) -> float:
        """Log-odds that the message is about a promotion."""
        found = features(text)
        return float(self.weights[found].sum()) / max(1, len(found)) ** 0.5 + self.bias

    def about_a_promotion(self, text: str) -> bool:
        """Whether it is, by the threshold that training chose."""
        return self.score(text) >= self.threshold


def load_relevance(path: Path = PATH) -> Relevance:
    """Reads the weights. Raises RelevanceError with the cure."""
    from safetensors.numpy import load_file

    try:
        found = load_file(path)
        weights = found["weights"].astype("float32")
        bias, threshold = (float(value) for value in found["bias_threshold"])
        if weights.shape != (BUCKETS,):
            raise ValueError(f"{weights.shape[0]} weights instead of {BUCKETS}")
    except Exception as error:  # safetensors raises kinds of its own
        raise RelevanceError(
            f"{path} cannot be read ({type(error).__name__}: {error}); restore it with 'git checkout -- {path.name}' in its "
            "folder, or train it anew: python -m finetune.train_relevance"
        ) from error
    return Relevance(weights, bias, threshold)


@cache
def default_relevance() -> Relevance:
    """The bundled classifier, read once (it is immutable)."""
    return load_relevance()
