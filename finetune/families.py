"""Phrase families: which phrasings only the training part of a corpus may use, which only validation, which only the test.

A phrase belongs to one part by a hash of its own words, whatever list it stands in and whatever the seed, so adding
phrases never moves old ones. Knows nothing of what phrases mean.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal, get_args

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)

SHARES = 20
"""One family of so many goes to the test, one to validation, the rest to training."""
SPLIT_FROM = 10
"""Shorter lists are shared by all parts: a language has only so many ways to say "and"."""


def part_of(phrase: str) -> Part:
    """The part that a phrase belongs to."""
    bucket = int.from_bytes(hashlib.sha256(phrase.encode()).digest()[:4], "big") % SHARES
    return "test" if bucket == 0 else "validation" if bucket == 1 else "train"


def of_part(phrases: Sequence[str], part: Part | None) -> Sequence[str]:
    """The phrases that a part may use; all of them for no part, for a short list, and where the part has none."""
    if part is None or len(phrases) < SPLIT_FROM:
        return phrases
    chosen = tuple(phrase for phrase in phrases if part_of(phrase) == part)
    return chosen or phrases
