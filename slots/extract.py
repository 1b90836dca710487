"""A message becomes slots: the T5's frame, grounded, and the gaps filled by rules.

Stages, each usable alone: `rules`; `t5` (what the model wrote); `grounded` (what of it the message supports); `full`
(grounded, and rules fill what is left out). The model is handed in as a function; nothing here loads one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from slots.catalog import Catalog
from slots.ground import canonical, ground
from slots.guard import Notice, review_message
from slots.message import Message
from slots.numbers import tag
from slots.rules import Reading, read
from slots.schema import SLOTS, Language
from slots.values import Offer
from slots.wire import parse, source

Generate = Callable[[list[str]], list[str]]
"""T5 source texts to raw outputs."""

Stage = Literal["rules", "t5", "grounded", "full"]
STAGES: tuple[Stage, ...] = get_args(Stage)

_SOURCE_CHARACTERS = 1200
"""Of a longer message the model reads only so much (its input is short); the rules read all of it."""


@dataclass(frozen=True)
class Extraction:
    """What one message says. `slots` holds canonical strings by slot, absent = not mentioned."""

    slots: dict[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    """Slots said to be left out; never in `slots`."""
    offer: Offer | None = None
    variant: str | None = None
    marked: tuple[str, ...] = ()
    """Slots whose value is outside the catalogue and kept in the user's words."""
    evidence: dict[str, str] = field(default_factory=dict)
    """The user's own words behind each slot, and behind `offer`, `variant`."""
    language: Language = "es"
    notices: tuple[Notice, ...] = ()
    products: tuple[str, ...] = ()
    """All products mentioned; more than one: ask which."""
    offer_removed: bool = False
    """The message says that there is no offer."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that the command and the API print."""
        return {
            "slots": dict(self.slots),
            "removed": list(self.removed),
            "offer": str(self.offer) if self.offer else None,
            "variant": self.variant,
            "marked": list(self.marked),
            "evidence": dict(self.evidence),
            "language": self.language,
        }


def extract(
    text: str,
    asking: str | None,
    generate: Generate | None,
    catalog: Catalog,
    *,
    previous_language: Language | None = None,
    stage: Stage = "full",
) -> Extraction:
    """Reads one message. `asking` is the slot just asked for; `generate` may be None for stage `rules`.

    Raises ValueError for an unknown slot or stage, or a missing model; whatever the text, reading it raises nothing.
    """
    return _extract([(text, asking)], generate, catalog, stage, previous_language)[0]


def extract_many(
    rows: Sequence[tuple[str, str | None]], generate: Generate | None, catalog: Catalog, stage: Stage = "full"
) -> list[Extraction]:
    """Reads many messages, each a text and the slot asked for, with one call of the model."""
    return _extract(rows, generate, catalog, stage, None)


def _extract(
    rows: Sequence[tuple[str, str | None]],
    generate: Generate | None,
    catalog: Catalog,
    stage: Stage,
    previous: Language | None,
) -> list[Extraction]:
    if stage not in STAGES:
        raise ValueError(f"unknown stage {stage!r}; choose one of: {', '.join(STAGES)}")
    for _, asking in rows:
        if asking is not None and asking not in SLOTS:
            raise ValueError(f"asking cannot be {asking!r}; choose one of: {', '.join(SLOTS)}, or null")
    messages = [Message.read(text, asking, catalog, previous) for text, asking in rows]
    readings = [read(message, catalog) for message in messages]
    if stage == "rules":
        return [_of_rules(m, r, catalog) for m, r in zip(messages, readings, strict=True)]
    if generate is None:
        raise ValueError(f"stage {stage!r} needs a model; pass generate, or choose stage 'rules'")
    tagged = [tag(message.text[:_SOURCE_CHARACTERS]) for message in messages]
    sources = [source(t.text, m.asking) for t, m in zip(tagged, messages, strict=True)]
    raw = generate(sources) if sources else []
    if len(raw) != len(sources):
        raise ValueError(f"the model answered {len(raw)} of {len(sources)} messages; it must answer each")
    out = []
    for message, reading, tags, answer in zip(messages, readings, tagged, raw, strict=True):
        slots, removed = canonical(parse(answer), tags, catalog)
        if stage == "t5":
            out.append(_result(message, reading, catalog, slots, {}, removed, beside=False))
            continue
        grounded = ground(slots, removed, message, reading, catalog)
        slots, evidence, removed = dict(grounded.slots), dict(grounded.evidence), grounded.removed
        if stage == "full":
            for slot, value in reading.slots.items():
                if slot not in slots:
                    slots[slot], evidence[slot] = value, reading.evidence.get(slot, "")
            removed = tuple(slot for slot in SLOTS if slot in {*removed, *reading.removed} and slot not in slots)
        out.append(_result(message, reading, catalog, slots, evidence, removed))
    return out


def _of_rules(message: Message, reading: Reading, catalog: Catalog) -> Extraction:
    evidence = {slot: reading.evidence.get(slot, "") for slot in reading.slots}
    return _result(message, reading, catalog, dict(reading.slots), evidence, tuple(reading.removed))


def _result(
    message: Message,
    reading: Reading,
    catalog: Catalog,
    slots: dict[str, str],
    evidence: dict[str, str],
    removed: tuple[str, ...],
    *,
    beside: bool = True,
) -> Extraction:
    """Puts a result together. `beside` False leaves out what is not the model's (offer, variant, notices)."""
    marked = tuple(slot for slot in ("product",) if slots.get(slot) and slots[slot] not in catalog.products)
    ordered = {slot: slots[slot] for slot in SLOTS if slot in slots}
    negative = ordered.get("price", "").startswith("-")
    for name in ("offer", "variant", *removed):
        if beside and name not in evidence and reading.evidence.get(name):
            evidence[name] = reading.evidence[name]
    offer = reading.offer.offer if reading.offer and beside else None
    variant = reading.variant if beside else None
    if variant and reading.slots.get("product") != slots.get("product"):
        variant = None
        evidence.pop("variant", None)
    notices = review_message(message.text, catalog, reading=reading, slots=ordered) if beside else ()
    if negative:
        del ordered["price"]
    return Extraction(
        slots=ordered,
        removed=tuple(slot for slot in SLOTS if slot in removed and slot not in ordered),
        offer=offer,
        variant=variant,
        marked=marked,
        evidence=evidence,
        language=message.language,
        notices=notices,
        products=reading.products if beside else (),
        offer_removed=bool(beside and reading.offer and reading.offer.offer is None),
    )
