"""Grounding: a value that the T5 wrote is kept only where the message supports it.

No support: dropped. A near miss ("Cocacola", "corner store"): repaired to the catalogue's spelling. Numbers count only
through tags, and their unit by what stands beside them. The rules' reading says what the message supports.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from slots.amounts import Amount
from slots.catalog import Catalog
from slots.message import Message
from slots.numbers import Tagged, fold, untag
from slots.rules import OCCASIONS, Reading
from slots.schema import CLOSED, SLOTS
from slots.values import Money, Size
from slots.wire import NOTHING, Frame

SHORT = 8
"""A message of at most so many tokens is the answer to the question asked."""

SISTER = 80
"""How much (of 100) of the words that tell a sister product apart must stand in the message."""


@dataclass(frozen=True)
class Grounded:
    """The supported part of a frame, the words behind each value, and what was dropped."""

    slots: dict[str, str]
    evidence: dict[str, str]
    removed: tuple[str, ...]
    dropped: tuple[str, ...]


def canonical(frame: Frame, tagged: Tagged, catalog: Catalog) -> tuple[dict[str, str], tuple[str, ...]]:
    """A frame with its tags replaced and its values spelled canonically, unsupported or not; and the removed slots.

    What cannot be read (a tag that stands for nothing, a label that is none) is left out. This is stage `t5`.
    """
    slots: dict[str, str] = {}
    removed = []
    for slot in SLOTS:
        raw = frame.get(slot)
        if raw is None:
            continue
        if raw == NOTHING:
            removed.append(slot)
            continue
        value = _canonical(slot, raw, tagged, catalog)
        if value:
            slots[slot] = value
    return slots, tuple(removed)


def _canonical(slot: str, raw: str, tagged: Tagged, catalog: Catalog) -> str | None:
    plain = untag(raw, tagged.mentions)
    if plain is None:
        return None
    try:
        if slot == "size":
            return str(Size.parse(plain))
        if slot == "price":
            return str(Money.parse(plain))
    except (ValueError, ArithmeticError):
        return None
    if slot in CLOSED:
        return _nearest(plain, CLOSED[slot], 85)
    return _nearest(plain, tuple(catalog.products), 85) or plain


def _nearest(value: str, choices: tuple[str, ...], cutoff: float) -> str | None:
    """The catalogue's spelling of a near miss, or None."""
    if value in choices:
        return value
    folded = {fold(c): c for c in choices}
    found = process.extractOne(fold(value), folded.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
    return folded[found[0]] if found else None


def ground(
    slots: Mapping[str, str], removed: tuple[str, ...], message: Message, reading: Reading, catalog: Catalog
) -> Grounded:
    """Keeps of a canonical frame what the message supports."""
    kept: dict[str, str] = {}
    evidence: dict[str, str] = {}
    dropped = []
    for slot, value in slots.items():
        supported = _supported(slot, value, message, reading, catalog)
        if supported:
            kept[slot], evidence[slot] = supported
        else:
            dropped.append(slot)
    said = tuple(slot for slot in removed if slot in reading.removed)
    return Grounded(kept, evidence, said, tuple(dropped))


def _supported(slot: str, value: str, message: Message, reading: Reading, catalog: Catalog) -> tuple[str, str] | None:
    if reading.slots.get(slot) == value:
        return value, reading.evidence.get(slot, "")
    if slot == "size":
        return _amount(value, message, reading, "size")
    if slot == "price":
        return _amount(value, message, reading, "price")
    if slot == "product":
        return _product(value, message, reading, catalog)
    if slot == "promotion" and slot in reading.slots:
        # a picture and a text in one message are both, whatever the model says
        return reading.slots[slot], reading.evidence.get(slot, "")
    if value in reading.denied.get(slot, set()):
        return None
    told = reading.slots.get(slot, "")
    if slot == "environment" and told in OCCASIONS and (value not in OCCASIONS or value == "party"):
        # an occasion beats a place, and a named one any party
        return told, reading.evidence.get(slot, "")
    if value in reading.candidates.get(slot, set()):
        for find in message.finds:
            if any(e.slot == slot and e.value == value for e in find.entries):
                return value, message.evidence(find.first, find.last)
    if _answers(slot, message, reading):
        return value, " ".join(message.text.split())
    return None


def _answers(slot: str, message: Message, reading: Reading) -> bool:
    """Whether a short message, which the rules cannot read, answers the slot that was asked for."""
    words = [w for w in message.words if w.isalpha()]
    return (
        message.asking == slot
        and 0 < len(words) <= SHORT
        and not reading.slots
        and not reading.removed
        and not any(t.value is not None for t in message.tokens)
        and "?" not in message.words
    )


def _amount(value: str, message: Message, reading: Reading, slot: str) -> tuple[str, str] | None:
    """A size or price whose number stands in the message and means nothing else there; its unit by the rules."""
    wanted = Size.parse(value).amount if slot == "size" else Money.parse(value).amount
    chosen = reading.amounts.size if slot == "size" else reading.amounts.price
    for amount in reading.amounts.sizes if slot == "size" else reading.amounts.prices:
        number = amount.value.amount
        if str(amount.value) == value or number == wanted:
            if chosen and (
                _packed(chosen, amount)
                # the rules pass over an amount for a later one only where the message corrects itself
                or (chosen.first > amount.last and chosen.score >= amount.score)
                or (slot == "price" and _is_cost(message, amount) and not _is_cost(message, chosen))
            ):
                return str(chosen.value), message.evidence(chosen.first, chosen.last)
            return str(amount.value), message.evidence(amount.first, amount.last)
    if slot in reading.slots:
        return None
    other = reading.amounts.prices if slot == "size" else reading.amounts.sizes
    used = {i for a in other for i in range(a.first, a.last + 1)} | reading.amounts.ignored
    if reading.offer:
        used |= set(range(reading.offer.first, reading.offer.last + 1))
    for i, token in enumerate(message.tokens):
        if token.value is not None and token.value == wanted and i not in used:
            if slot == "price" and message.asking == "price":
                return value, message.evidence(i, i)
            if slot == "size" and message.asking == "size" and (wanted >= 100 or wanted <= 5):
                return str(Size(wanted, "ml" if wanted >= 100 else "L")), message.evidence(i, i)
    return None


def _packed(chosen: Amount, part: Amount) -> bool:
    """Whether the rules join this volume with a count of bottles ("el doce de latas de 235")."""
    if not isinstance(chosen.value, Size) or not isinstance(part.value, Size):
        return False
    return chosen.value.count > 1 == part.value.count and chosen.value.amount == part.value.amount


def _is_cost(message: Message, amount: Amount) -> bool:
    """Whether a word for what the seller pays stands right in front ("RRP 31, cost: 22.40")."""
    return bool({"cost", "costo"} & set(message.words[max(0, amount.first - 4) : amount.first]))


def _product(value: str, message: Message, reading: Reading, catalog: Catalog) -> tuple[str, str] | None:
    if value in reading.denied.get("product", set()) and value not in reading.products:
        return None
    for find in message.finds:
        if "product" in reading.marked and any(e.slot == "competitor" and e.value == value for e in find.entries):
            return reading.slots["product"], reading.evidence.get("product", "")
        if any(e.slot == "product" and e.value == value for e in find.entries):
            if value in reading.products:
                return value, message.evidence(find.first, find.last)
            return None
    base = reading.slots.get("product", "")
    if value in catalog.products and base in catalog.products and value.startswith(f"{base} "):
        # the model's more specific sister, when the words that tell it apart stand there misspelt or joined
        apart = fold(value[len(base) :]).replace(" ", "")
        if len(apart) >= 5 and fuzz.partial_ratio(apart, fold(message.text).replace(" ", "")) >= SISTER:
            return value, reading.evidence.get("product", "")
    if value in catalog.products or reading.slots.get("product"):
        return None
    # a name that the catalogue does not know: kept when the user wrote it
    place = fold(message.text).find(fold(value))
    if place >= 0 and message.asking == "product":
        return message.text[place : place + len(value)], message.text[place : place + len(value)]
    return None
