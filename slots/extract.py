"""A message becomes slots: the T5's frame, grounded, and the gaps filled by rules.

Stages, each usable alone: `rules`; `t5` (what the model wrote); `grounded` (what of it the message supports, by the rules
or by trial); `full` (grounded, and rules fill what is left out). In the last two a message about other matters has no
promotion type, price, shop or scene, whatever it names. The model is handed in; nothing here loads one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from slots.catalog import Catalog
from slots.counterfactual import place_of, trials
from slots.ground import Grounded, canonical, ground
from slots.guard import Notice, review_message
from slots.message import Message
from slots.numbers import tag
from slots.relevance import default_relevance
from slots.rules import OCCASIONS, Reading, read
from slots.schema import SLOTS, Language
from slots.values import Offer
from slots.wire import NOTHING, parse, source

Generate = Callable[[list[str]], list[str]]
"""T5 source texts to raw outputs."""

Stage = Literal["rules", "t5", "grounded", "full"]
STAGES: tuple[Stage, ...] = get_args(Stage)

THINGS = ("product", "size", "packaging")
"""Slots of the thing itself, which any talk may name; the others only a promotion has."""

FIGURES = ("size", "price")
FRAGMENT = 8
"""A message of at most so many words is too short to be prose about other matters that names shops and scenes."""
BRIEF = 4
"""A message in which the rules read so many slots is a whole brief, whatever the model found in it."""

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
    talking: bool = False,
    stage: Stage = "full",
) -> Extraction:
    """Reads one message. `asking` is the slot just asked for; `generate` may be None for stage `rules`. `talking`: a
    promotion is being talked of already, so whatever the message says is about it.

    Raises ValueError for an unknown slot or stage, or a missing model; whatever the text, reading it raises nothing.
    """
    return _extract([(text, asking)], generate, catalog, stage, previous_language, talking)[0]


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
    talking: bool = False,
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
    frames = _ask(messages, [m.text for m in messages], generate, catalog)
    if stage == "t5":
        return [
            _result(m, r, catalog, f.slots, {}, f.removed, beside=False)
            for m, r, f in zip(messages, readings, frames, strict=True)
        ]
    grounded = [ground(f.slots, f.removed, m, r, catalog) for m, r, f in zip(messages, readings, frames, strict=True)]
    proven = _proven(messages, readings, frames, grounded, generate, catalog)
    out = []
    for message, reading, frame, kept, places in zip(messages, readings, frames, grounded, proven, strict=True):
        awaited = talking or message.asking is not None  # whatever is said now is about the promotion
        relevant = awaited or default_relevance().about_a_promotion(message.text)
        # what shops, scenes and sums a fragment or a whole brief names is a promotion's, however it reads
        about = relevant or len(message.text.split()) <= FRAGMENT or len(reading.slots) >= BRIEF
        if not relevant:  # then a guess of the model's alone is not enough, however short the message
            places = {slot: words for slot, words in places.items() if slot in THINGS}
        slots, evidence = _supported(reading, frame, kept, places)
        if stage == "full" and about:
            for slot, value in _read_by_rules(reading).items():
                if slot not in slots and _fills(slot, value, message, reading, frame, awaited):
                    slots[slot], evidence[slot] = value, reading.evidence.get(slot, "")
        if not about:
            slots = {slot: value for slot, value in slots.items() if slot in THINGS}
        removed = tuple(slot for slot, value in slots.items() if value == NOTHING)
        values = {slot: value for slot, value in slots.items() if value != NOTHING}
        words = {slot: evidence[slot] for slot in slots}
        out.append(_result(message, reading, catalog, values, words, removed))
    return out


def _read_by_rules(reading: Reading) -> dict[str, str]:
    return reading.slots | {slot: NOTHING for slot in reading.removed if slot not in reading.slots}


def _supported(
    reading: Reading, frame: "_Frame", kept: Grounded, places: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What of the model's frame the message supports (`none` for a removal), and the words behind it.

    Where the rules read the same words as another label, the model's stands: it reads sentences, they read phrases. Figures
    are the rules', which know units. Where the rules know no words, the value must hang on one place.
    """
    slots: dict[str, str] = {}
    evidence: dict[str, str] = {}
    for slot in SLOTS:
        value = frame.get(slot)
        if value is None or value in reading.denied.get(slot, set()):
            continue
        if slot in kept.slots:
            slots[slot] = kept.slots[slot] if slot in FIGURES else value
            evidence[slot] = kept.evidence[slot]
        elif slot in kept.removed:
            slots[slot], evidence[slot] = NOTHING, reading.evidence.get(slot, "")
        elif slot in places:
            slots[slot], evidence[slot] = value, places[slot]
    return slots, evidence


def _fills(slot: str, value: str, message: Message, reading: Reading, frame: "_Frame", awaited: bool) -> bool:
    """Whether the rules' value fills a slot that the model left out. Of what only a promotion has, the model misses hardly
    a shop or a place, but now and then a named occasion, a price or what is to be made."""
    if slot in THINGS or value == NOTHING:  # to leave something out is only said of a promotion
        return True
    engaged = awaited or len(reading.slots) >= BRIEF or any(frame.get(other) for other in SLOTS if other not in THINGS)
    sure = slot in ("promotion", "price") or (slot == "environment" and value in OCCASIONS)
    return engaged and (sure or message.asking == slot or len(reading.slots) >= BRIEF)


@dataclass(frozen=True)
class _Frame:
    """What the model wrote for one text, canonical."""

    slots: dict[str, str]
    removed: tuple[str, ...]

    def get(self, slot: str) -> str | None:
        return NOTHING if slot in self.removed else self.slots.get(slot)


def _ask(messages: Sequence[Message], texts: Sequence[str], generate: Generate, catalog: Catalog) -> list[_Frame]:
    """The model's frames of `texts`, each under the question of its message."""
    tagged = [tag(text[:_SOURCE_CHARACTERS]) for text in texts]
    sources = [source(t.text, m.asking) for t, m in zip(tagged, messages, strict=True)]
    raw = generate(sources) if sources else []
    if len(raw) != len(sources):
        raise ValueError(f"the model answered {len(raw)} of {len(sources)} messages; it must answer each")
    return [_Frame(*canonical(parse(answer), tags, catalog)) for answer, tags in zip(raw, tagged, strict=True)]


def _proven(
    messages: Sequence[Message],
    readings: Sequence[Reading],
    frames: Sequence[_Frame],
    grounded: Sequence[Grounded],
    generate: Generate,
    catalog: Catalog,
) -> list[dict[str, str]]:
    """The words of the one place that a value hangs on, by slot, for values that the rules could not confirm."""
    open_: list[dict[str, str]] = []
    for reading, frame, kept in zip(readings, frames, grounded, strict=True):
        told = {slot: value for slot in SLOTS if (value := frame.get(slot))}
        doubted = {
            slot: value
            for slot, value in told.items()
            if slot not in kept.slots and slot not in kept.removed
            and value not in reading.denied.get(slot, set())
        }  # fmt: skip
        open_.append(doubted)
    tried = [trials(m.text) if doubted else () for m, doubted in zip(messages, open_, strict=True)]
    asked = [(m, trial.text) for m, some in zip(messages, tried, strict=True) for trial in some]
    answers = iter(_ask([m for m, _ in asked], [text for _, text in asked], generate, catalog) if asked else [])
    out: list[dict[str, str]] = []
    for message, doubted, some in zip(messages, open_, tried, strict=True):
        found = [next(answers) for _ in some]
        proven = {}
        for slot, value in doubted.items():
            place = place_of(some, [frame.get(slot) == value for frame in found])
            if place:
                proven[slot] = " ".join(message.text[slice(*place)].split())
        out.append(proven)
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
