"""Counterfactual grounding: does a value hang on words of the message, and on which ones?

    "poster con una calle del barrio de fondo"  -> environment=street      the rules know no such phrase
     without "poster con una"   -> environment=street
     without "calle del barrio" -> none                                     so it hangs on these words, and only on them
     without "de fondo"         -> environment=street

A value that the rules cannot confirm is tried by leaving out a few words at a time. It is the message's own where the
model drops it without the words of one place and keeps it without any others; those words are its evidence. What hangs
on words all over the message, or on none, is a guess of the model's and stays out. The model comes in as a function.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WORDS = 3
"""How many words are left out at a time; the next trial begins two words on, so that each word is left out at least once."""
STEP = 2
MOST = 24
"""Trials of one message; in a longer one more words are left out at a time."""
NEAR = 2
"""Over so many neighbouring trials one place may reach: each word but the first lies in one or two of them."""


@dataclass(frozen=True)
class Trial:
    """A message without the words of [start, end)."""

    start: int
    end: int
    text: str


def trials(text: str) -> tuple[Trial, ...]:
    """The message, each time without some neighbouring words; none for a message of one word."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    if len(words) < 2:
        return ()
    width = min(WORDS, max(1, len(words) // 2))
    step = 1 if width < WORDS else STEP
    while (len(words) + step - 1) // step > MOST:
        width, step = width + STEP, step + STEP
    found = []
    for first in range(0, len(words), step):
        start, end = words[first][0], words[min(first + width, len(words)) - 1][1]
        found.append(Trial(start, end, f"{text[:start]} {text[end:]}"))
        if end == words[-1][1]:
            break
    return tuple(found)


def place_of(tried: Sequence[Trial], kept: Sequence[bool]) -> tuple[int, int] | None:
    """The span [start, end) that a value hangs on, given in which trials the model kept it; None when it is no one place."""
    lost = [number for number, still in enumerate(kept) if not still]
    if not lost or len(lost) > NEAR or lost[-1] - lost[0] + 1 != len(lost) or len(lost) == len(tried):
        return None
    # of two neighbouring trials the words that both leave out are the place
    start, end = max(tried[n].start for n in lost), min(tried[n].end for n in lost)
    return (start, end) if start < end else (tried[lost[0]].start, tried[lost[-1]].end)
