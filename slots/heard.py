"""From an extraction to a change of the state: what one message says, and how it alters what was known.

Adds to the extraction what the dialogue reads itself: slots left out by name, a dropped offer, the terms of an offer.
Knows nothing of wording or of what to ask next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slots import intents
from slots.extract import Extraction
from slots.guard import Notice
from slots.schema import LANGUAGES, OPTIONAL, SLOTS, Language
from slots.state import EXTRAS, State
from slots.terms import find_terms
from slots.values import Offer

Extract = Callable[[str, str | None, Language | None, bool], Extraction]
"""(message, the slot just asked for, the language so far) -> what the message says."""


@dataclass(frozen=True)
class Heard:
    """What one message says: values to set and things to leave out. Slots hold canonical strings."""

    slots: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Slots and extras that the user wants without."""
    offer: Offer | None = None
    terms: str | None = None
    variant: str | None = None
    products: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    language: Language = "es"

    def __bool__(self) -> bool:
        return bool(self.slots or self.removed or self.offer or self.terms or self.variant)


@dataclass(frozen=True)
class Delta:
    """How a message altered the state: names of slots and extras; `changed` gives the old values."""

    fresh: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fresh or self.changed or self.removed)


def listen(text: str, state: State, extract: Extract, *, asks: bool = False) -> Heard:
    """Reads one message. `asks`: it is a question, so that words without a place in the lists are no values."""
    span = find_terms(text)
    rest = text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :] if span else text
    dropped = _drops_offer(rest, state)
    if dropped:
        rest = rest[: dropped[0]] + " " * (dropped[1] - dropped[0]) + rest[dropped[1] :]
    asking = {"asking": state.asking, "choosing": "product"}.get(state.phase)
    found: Extraction = extract(rest, asking, state.language, bool(state.slots))
    slots = {slot: value for slot, value in found.slots.items() if not (asks and slot in found.marked)}
    evidence = {k: v for k, v in found.evidence.items() if k in slots or k in EXTRAS}
    if span:
        evidence["terms"] = text[slice(*span)]
    left = [*found.removed, *intents.left_out(rest), *(("offer",) if found.offer_removed or dropped else ())]
    return Heard(
        slots=slots,
        evidence=evidence,
        marked=tuple(m for m in found.marked if m in slots),
        removed=tuple(s for s in dict.fromkeys(left) if s not in slots and not (s == "offer" and found.offer)),
        offer=found.offer,
        terms=text[slice(*span)].strip() if span else None,
        variant=found.variant,
        products=tuple(found.products),
        notices=tuple(found.notices),
        language=found.language,
    )


def _drops_offer(text: str, state: State) -> tuple[int, int] | None:
    """Where a message takes back the offer by its own words; its figures are then no price."""
    if state.offer is None:
        return None
    names = (state.evidence.get("offer", ""), *(state.offer.display(language) for language in LANGUAGES))
    return intents.leaves_out_words(text, names)


def merge(state: State, heard: Heard) -> tuple[State, Delta]:
    """The state after a message, and what that altered. What the message does not mention stays."""
    slots, skipped = dict(state.slots), list(state.skipped)
    fresh: list[str] = []
    same: list[str] = []
    removed: list[str] = []
    changed: dict[str, str] = {}
    for slot in SLOTS:
        value = heard.slots.get(slot)
        if value is None:
            continue
        if slot not in slots:
            fresh.append(slot)
        elif slots[slot] != value:
            changed[slot] = slots[slot]
        else:
            same.append(slot)
        slots[slot] = value
        if slot in skipped:
            skipped.remove(slot)
    for slot in (s for s in SLOTS if s in heard.removed and s not in heard.slots):
        had = slots.pop(slot, None) is not None
        leave = slot in OPTIONAL or (slot in ("size", "packaging") and state.asking == slot)
        if leave and slot not in skipped:
            skipped.append(slot)
        if had or leave:
            removed.append(slot)
    extras: dict[str, str | Offer | None] = {name: getattr(state, name) for name in EXTRAS}
    if "product" in changed or "product" in removed:
        extras["variant"] = None
    for name in EXTRAS:
        new, old = getattr(heard, name), extras[name]
        if new is not None:
            if old is None:
                fresh.append(name)
            elif old != new:
                changed[name] = str(old)
            else:
                same.append(name)
            extras[name] = new
        elif name in heard.removed and old is not None:
            extras[name] = None
            removed.append(name)
    touched = {*heard.slots, *removed}
    if touched & {"product", "size", "packaging"}:
        touched |= {"size", "packaging"}
    marked = {*(m for m in state.marked if m not in touched), *heard.marked}
    evidence = {k: v for k, v in state.evidence.items() if k not in removed and k not in changed} | dict(heard.evidence)
    after = state.with_(
        slots={s: slots[s] for s in SLOTS if s in slots},
        skipped=tuple(s for s in SLOTS if s in skipped),
        evidence=evidence,
        marked=tuple(s for s in SLOTS if s in marked),
        reopened=tuple(s for s in state.reopened if s not in heard.slots and s not in removed),
        **extras,
    )
    return after, Delta(tuple(fresh), changed, tuple(removed), tuple(same))
