"""Extraction by rules alone: what a message says, from the catalogue's words and sound number logic, without a model.

Precision before recall: a reading without evidence is left out. Used alone where there is no model, to ground the T5's
frame, and to fill what it left out.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from slots.amounts import Amounts, read_amounts
from slots.catalog import Catalog
from slots.context import asked_elsewhere, is_scene, made_elsewhere, plausible
from slots.hints import hint
from slots.lexicon import Entry, Find
from slots.message import Message
from slots.numbers import fold
from slots.offers import FoundOffer, read_offer
from slots.products import ProductReading, read_product
from slots.removal import read_removals
from slots.schema import CLOSED, SLOTS, Language
from slots.stopwords import word_set

CORRECTING = word_set(
    "perdon mejor digo corrijo correccion corrige equivoque sorry actually meant correction rather oops sino espera wait ahora now "
    "scratch scrap strike hold mean esperate mentira aguanta nel cambia cambialo cambiale change switch replace swap reemplaza sustituye instead"
)
_SAID = word_set("said dije tenia told dijeron understood entendiste puse")
_BUT = word_set("but pero it's es y ponle i yo sino")
_WHERE = word_set("de donde en la el que where that they we of which a ahi")
_SCHOOL_SHOPS = frozenset({"corner shop", "coffee shop", "restaurant", "convenience store"})
OCCASIONS = frozenset(
    ("Christmas", "New Year", "Day of the Dead", "Independence Day", "Mother's Day", "Valentine's Day", "wedding", "party", "football match",
     "barbecue", "concert", "picnic", "family meal")
)  # fmt: skip
"""Environments that are occasions: they beat a place."""


@dataclass
class Reading:
    """What the rules read: canonical strings by slot, and the user's words behind each."""

    slots: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    offer: FoundOffer | None = None
    variant: str | None = None
    products: tuple[str, ...] = ()
    contradiction: tuple[str, ...] = ()
    """Packagings that the message asks for at the same time."""
    candidates: dict[str, set[str]] = field(default_factory=dict)
    """Every value of a slot that has support in the message, the denied ones left out."""
    denied: dict[str, set[str]] = field(default_factory=dict)
    amounts: Amounts = field(default_factory=Amounts)
    product: ProductReading | None = None
    language: Language = "es"


@dataclass(frozen=True)
class _Vote:
    """One phrase read as one value of a slot."""

    value: str
    find: Find
    denied: bool


def read(message: Message, catalog: Catalog) -> Reading:
    """Reads one message. Never raises; an empty reading means that nothing was said about any slot."""
    out = Reading(language=message.language)
    out.offer = read_offer(message.tokens, message.text)
    votes = _votes(message)
    product = read_product(message, catalog)
    out.product, out.products, out.variant = product, product.all, product.variant
    if product.variant_evidence:
        out.evidence["variant"] = product.variant_evidence
    if product.value:
        out.slots["product"], out.evidence["product"] = product.value, product.evidence
        if product.marked:
            out.marked.append("product")
    out.candidates["product"], out.denied["product"] = set(product.all), set(product.denied)
    for slot in CLOSED:
        found = _outdone(message, votes[slot]) if slot == "environment" else votes[slot]
        out.denied[slot] = {v.value for v in found if v.denied}
        out.candidates[slot] = {v.value for v in found if not v.denied}
        if slot == "promotion":
            chosen = _promotion(message, found)
        elif slot == "packaging":
            chosen = _packaging(out, message, found)
        elif slot == "environment":
            chosen = _environment(message, found)
        else:
            chosen = _last(message, found)
        if chosen:
            out.slots[slot], out.evidence[slot] = chosen
    _numbers(message, out, product)
    for slot, words in read_removals(message, out.slots, out.denied).items():
        if slot not in out.slots:
            out.removed.append(slot)
            out.evidence[slot] = words
    for slot in ("store", "environment", "packaging"):
        _hinted(message, out, slot)
    if out.offer:
        out.evidence["offer"] = message.evidence(out.offer.first, out.offer.last)
    asked_elsewhere(message, out.slots, out.evidence, catalog)
    out.slots = {slot: out.slots[slot] for slot in SLOTS if slot in out.slots}
    return out


def _hinted(message: Message, out: Reading, slot: str) -> None:
    """Fills what nothing names from weak cues; an occasion that is only told of also beats a mere place."""
    found = hint(message, slot)
    if not found or slot in out.removed or out.contradiction:
        return
    value, first, last = found
    if value in out.denied.get(slot, set()):
        return
    told = out.slots.get(slot)
    stronger = slot == "environment" and value in OCCASIONS and (told not in OCCASIONS or told == "party" != value)
    # a bottle that is brought back is returnable, whatever it is made of
    stronger |= slot == "packaging" and told in {"glass bottle", "plastic bottle"}
    if told and not stronger and not (told == "corner shop" and _described(message, out.evidence["store"], first)):
        return
    if slot == "store" == message.asking and out.slots.get("environment", "A")[0].islower():
        # the place that a shop's cue was read as ("where people lift weights") answers the question about the shop
        del out.slots["environment"]
    out.slots[slot], out.evidence[slot] = value, message.evidence(first, last)
    out.candidates.setdefault(slot, set()).add(value)


def _described(message: Message, shop: str, first: int) -> bool:
    """Whether a cue that begins at token `first` says what kind of shop the words right in front mean ("the shop where
    they show films")."""
    k = first - 1
    while k > 0 and message.word(k) in _WHERE:
        k -= 1
    return k < first - 1 and message.word(k) == fold(shop).split()[-1]


def _votes(message: Message) -> dict[str, list[_Vote]]:
    """The closed slots' phrases, each given to the one slot that its sentence makes it stand for."""
    votes: dict[str, list[_Vote]] = {slot: [] for slot in CLOSED}
    for find in message.finds:
        entries = [e for e in find.entries if e.slot in CLOSED]
        if not entries or any(e.slot == "product" for e in find.entries):
            continue
        own = [e for e in entries if e.language in (None, message.language)]
        entry = _entry(message, find, own or entries)
        if entry is None:
            continue
        denied = message.negated(find.first, find.last) or (entry.slot == "promotion" and made_elsewhere(message, find))
        votes[entry.slot].append(_Vote(entry.value, find, denied))
    _joined_stores(message, votes)
    return votes


def _joined_stores(message: Message, votes: dict[str, list[_Vote]]) -> None:
    """ "Tiendita del colegio", "campus store": a shop of a school is its cafeteria; "tienda de la gasolinera" is of the
    second kind."""
    stores, places = votes["store"], votes["environment"]
    for shop in list(stores):
        for place in places:
            if place.value not in {"school", "university"} or shop.value not in _SCHOOL_SHOPS:
                continue
            if _of(message, shop.find, place.find) or place.find.last + 1 == shop.find.first:
                span = Find(min(shop.find.first, place.find.first), max(shop.find.last, place.find.last), (), 2)
                stores[stores.index(shop)] = _Vote("school cafeteria", span, shop.denied)
                places.remove(place)
                break
    for a, b in pairwise(list(stores)):
        if a.value == "corner shop" and _of(message, a.find, b.find):
            stores.remove(a)


def _of(message: Message, a: Find, b: Find) -> bool:
    between = message.words[a.last + 1 : b.first]
    return between in (
        ("de",),
        ("del",),
        ("de", "la"),
        ("de", "el"),
        ("de", "mi"),
        ("of", "the"),
        ("at", "the"),
        ("at",),
        ("in", "the"),
        ("de", "una"),
        ("de", "un"),
    )


def _entry(message: Message, find: Find, entries: list[Entry]) -> Entry | None:
    scene = is_scene(message, find)
    by_slot = {e.slot: e for e in reversed(entries)}
    if "store" in by_slot:
        same = {"restaurant": "restaurant", "gym": "gym", "taco stand": "restaurant", "school cafeteria": "school", "bar": "party",
                "coffee shop": "restaurant", "pizzeria": "restaurant", "cinema": None}  # fmt: skip
        value = by_slot["store"].value
        if (
            scene
            and message.asking != "store"
            and same.get(value)
            and value not in {"bar", "taco stand", "school cafeteria", "pizzeria"}
        ):
            return Entry("environment", str(same[value]), None)
    for slot in ("promotion", "packaging", "store", "environment"):
        if slot in by_slot and plausible(message, find, by_slot[slot]):
            return by_slot[slot]
    return None


def _last(message: Message, votes: list[_Vote]) -> tuple[str, str] | None:
    """The first value that is not denied; a later one when a correcting word stands between."""
    said = [v for v in votes if not v.denied]
    if not said:
        return None
    chosen = said[0]
    for vote in said[1:]:
        if vote.value == chosen.value:
            continue
        between = set(message.words[chosen.find.last + 1 : vote.find.first])
        swapped = message.swapped(chosen.find.last, vote.find.first, chosen.find.first)
        asked = "?" in between or ("no" in between and "," in between)
        quoted = set(message.words[max(0, chosen.find.first - 4) : chosen.find.first]) & _SAID and between & _BUT
        # "hotel bar": in English the last noun is the thing
        compound = message.language == "en" and vote.find.first == chosen.find.last + 1
        if (
            swapped
            or asked
            or quoted
            or between & CORRECTING
            or compound
            or (vote.find.exact and not chosen.find.exact)
        ):
            chosen = vote
    return chosen.value, message.evidence(chosen.find.first, chosen.find.last)


def _environment(message: Message, votes: list[_Vote]) -> tuple[str, str] | None:
    """An occasion beats a place; else as `_last`."""
    occasions = [v for v in votes if v.value in OCCASIONS and not v.denied]
    calendar = [v for v in occasions if v.value[0].isupper()]
    special = [v for v in occasions if v.value != "party"]
    played = [v for v in special if v.value == "football match" and _played(message, v.find)]
    places = [v for v in votes if v.value not in OCCASIONS and not v.denied]
    if played and places and not calendar and len(special) == len(played):
        # "playing football in the street" is a street, no match day
        return _last(message, places)
    return _last(message, calendar or special or occasions or votes)


def _outdone(message: Message, votes: list[_Vote]) -> list[_Vote]:
    """The votes without a place that only a doing tells of, where a preposition names another ("kids splashing in the
    sea")."""
    named = {v.value for v in votes if not v.denied and _named_place(message, v.find)}
    if not named:
        return votes
    return [
        v
        for v in votes
        if v.value in named
        or v.value in OCCASIONS
        or not any(w.endswith(("ing", "ando", "iendo")) for w in message.words[v.find.first : v.find.last + 1])
    ] or votes


def _named_place(message: Message, find: Find) -> bool:
    words = message.words[max(0, find.first - 2) : find.last + 1]
    doing = any(w.endswith(("ing", "ando", "iendo")) for w in message.words[find.first : find.last + 1])
    return not doing and bool(set(words) & {"in", "at", "en", "on"})


def _played(message: Message, find: Find) -> bool:
    return bool(
        set(message.words[max(0, find.first - 3) : find.first])
        & {"jugando", "jugar", "juegan", "playing", "play", "echando"}
    )


def _promotion(message: Message, votes: list[_Vote]) -> tuple[str, str] | None:
    """Words for a picture make `image`, words for a text make `text`, both make `both`; what is denied leaves the other."""
    said = {v.value for v in votes if not v.denied}
    denied = {v.value for v in votes if v.denied}
    shown = [v for v in votes if not v.denied] or votes
    if not votes:
        return None
    words = (
        message.evidence(shown[0].find.first, shown[-1].find.last)
        if len(shown) < 4
        else message.evidence(shown[0].find.first, shown[0].find.last)
    )
    if "image" in denied and "text" in denied:
        return None
    if "both" in said or {"image", "text"} <= said:
        if "image" in denied:
            return "text", words
        if "text" in denied:
            return "image", words
        return "both", words
    if said:
        return next(iter(said)), words
    opposite = {"image": "text", "text": "image"}
    only = next(iter(denied))
    return (opposite[only], words) if only in opposite else None


def _packaging(out: Reading, message: Message, votes: list[_Vote]) -> tuple[str, str] | None:
    """As `_last`, but two packagings at once ("lata de vidrio", "lata o vidrio") are none: the user is asked."""
    said = [v for v in votes if not v.denied]
    firm = [v for v in said if v.value != "plastic bottle" or _says_plastic(message, v.find)]
    if firm and len(firm) < len(said):
        # "non-returnable glass": only what is left of "disposable" once the material is said
        said = votes = firm
    for a, b in pairwise(said):
        between = [
            w
            for w in message.words[a.find.last + 1 : b.find.first]
            if w not in {"el", "la", "de", "en", "a", "the", "un", "una", "in"}
        ]
        if message.swapped(a.find.last, b.find.first, a.find.first):
            continue
        if a.value != b.value and (not between or between in (["o"], ["or"], ["y"], ["and"])):
            pair = {a.value, b.value}
            if pair == {"glass bottle", "returnable bottle"} or pair == {"plastic bottle", "returnable bottle"}:
                return "returnable bottle", message.evidence(a.find.first, b.find.last)
            out.contradiction = (a.value, b.value)
            out.evidence["contradiction"] = message.evidence(a.find.first, b.find.last)
            return None
    return _last(message, votes)


def _says_plastic(message: Message, find: Find) -> bool:
    return any(w.startswith(("plast", "pet", "refpet")) for w in message.words[find.first : find.last + 1])


def _numbers(message: Message, out: Reading, product: ProductReading) -> None:
    taken: set[int] = set()
    if out.offer:
        taken |= out.offer.positions
        if out.offer.offer and out.offer.offer.kind in {"gift", "combo"}:
            figures = {str(f) for f in out.offer.offer.figures}
            taken = {i for i in taken if i >= out.offer.last - 2 and message.word(i) in figures}
    for find in message.finds:
        slots = {e.slot for e in find.entries}
        both = any(e.slot == "promotion" and e.value == "both" for e in find.entries)
        if both and out.slots.get("promotion") != "both":
            continue
        if find.length > 1 and slots & {"environment", "store", "promotion", "product", "competitor"}:
            taken |= set(range(find.first, find.last + 1))
    ours = product.value is not None and not product.marked
    rivals = frozenset(f.last for f in message.finds if ours and any(e.slot == "competitor" for e in f.entries))
    amounts = read_amounts(message.tokens, message.text, message.asking, taken, product.positions - rivals, rivals)
    out.amounts = amounts
    for slot, amount in (("size", amounts.size), ("price", amounts.price)):
        if amount:
            out.slots[slot] = str(amount.value)
            out.evidence[slot] = message.evidence(amount.first, amount.last)
        every = amounts.sizes if slot == "size" else amounts.prices
        out.candidates[slot] = {str(a.value) for a in every}
