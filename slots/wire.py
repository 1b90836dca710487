"""The extraction mode's wire format: what the T5 reads and what it answers.

    Extract the slots: asking=none; coca de vidrio de [A] 2 l a [B] 35 pesos en una escuela
      -> product=Coca-Cola | size=[A] L | packaging=glass bottle | price=[B] MXN | environment=school

Frames are flat (T5's vocabulary has no braces), in schema order, `none` when empty. Numbers are never spelled by the
model: it points at the tags that `numbers.tag` set. Square brackets are in FLAN-T5's vocabulary and in ours.
"""

import re

from slots.schema import SLOTS

EXTRACT_PREFIX = "Extract the slots:"
NOTHING = "none"
_FIELD = re.compile(r"\b(" + "|".join(SLOTS) + r")=")

Frame = dict[str, str]


def source(tagged: str, asking: str | None) -> str:
    """The T5's input for one message. `tagged` is `numbers.tag(...).text`; `asking` is the slot just asked for."""
    return f"{EXTRACT_PREFIX} asking={asking or NOTHING}; {tagged}"


def linear(frame: Frame) -> str:
    """A frame as the T5 writes it; an empty one is `none`."""
    return " | ".join(f"{slot}={frame[slot]}" for slot in SLOTS if frame.get(slot)) or NOTHING


def parse(text: str) -> Frame:
    """Reads what the T5 wrote. Unknown keys are ignored, the first value of a repeated slot wins."""
    frame: Frame = {}
    found = list(_FIELD.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=False):
        value = text[match.end() : following.start() if following else len(text)].strip(" |")
        if value:
            frame.setdefault(match[1], value)
    return frame
