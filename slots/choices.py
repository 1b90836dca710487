"""Quick replies: what to offer as buttons, always from the catalogue. Knows nothing of wording beyond the labels' own.

A choice is (button text, canonical value); the value `""` means: leave the slot out.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from slots import replies
from slots.catalog import Catalog, Product
from slots.numbers import fold
from slots.schema import OPTIONAL, Language
from slots.state import State
from slots.stopwords import word_set
from slots.values import Money, Size

MOST = 6
"""Buttons in a row: more do not fit on a phone."""

_FIRST_ENVIRONMENTS = ("party", "beach", "family meal", "barbecue", "football match")
_FIRST_PROMOTIONS = ("both", "image", "text")

Choice = tuple[str, str]


def options(slot: str, state: State, catalog: Catalog) -> tuple[Choice, ...]:
    """At most MOST choices for a slot; a slot that may be left out (or whose skip is on offer) ends with that."""
    skip: list[Choice] = []
    if slot in OPTIONAL or (state.tries >= 3 and slot in ("size", "packaging")):
        skip = [(sentence(replies.SKIPPED[slot][state.language]), "")]
    found = [c for c in _values(slot, state, catalog) if c[1] not in {s[1] for s in skip}]
    return (*found[: MOST - len(skip)], *skip)


def pick(text: str, choices: Iterable[Choice]) -> str | None:
    """The value of the button that was tapped or typed out; None when the text is no button."""
    typed = flat(text)
    return next((value for label, value in choices if flat(label) == typed), None)


_KINDS = {
    "cola": "cola colas",
    "lemon-lime": "limon lima lemon lime",
    "fruit soda": "",
    "water": "agua aguas water waters natural",
    "mineral water": "agua mineral water sparkling gas burbujas",
    "juice": "jugo jugos jugito nectar juice juices fruta",
    "tea": "te tes tea iced helado",
    "sports": "deportiva isotonica sports electrolitos electrolytes",
    "energy": "energetica energetico energizante energy",
    "dairy": "leche leches milk lacteo lechita",
    "soy": "soya soy",
    "vitamin water": "vitaminas vitamin vitaminada",
}
"""Words by which people ask for a kind of drink."""
_FRUITS = {"Sidral Mundet": "manzana apple", "Manzana Lift": "manzana apple", "Fresca": "toronja grapefruit"}
_AROUND_KIND = word_set(
    "el la los las un una the a an one de del of algo unas unos some refresco refrescos soda sodas bebida drink sabor flavor flavored "
    "flavour flavoured quiero i want please por favor porfa es it's its pues con with mejor just nomas solo"
)


def by_kind(text: str, names: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """The products among `names` that a text describes by kind or flavour and by nothing else ("the water", "la de
    naranja"); () where it says more than that."""
    said = {w for w in flat(text).replace(",", " ").split() if w not in _AROUND_KIND}
    if not said or len(said) > 3:
        return ()
    found = []
    for name in names:
        product = catalog.products.get(name)
        if product is None:
            continue
        words = {w for f in product.flavours.values() for ws in f.words.values() for w in flat(" ".join(ws)).split()}
        words |= set(_KINDS.get(product.kind, "").split()) | set(_FRUITS.get(name, "").split())
        if said <= words - _AROUND_KIND:
            found.append(name)
    return tuple(found)


def usual_price(state: State, catalog: Catalog) -> Money | None:
    """The catalogue's price for the product in the size and packaging known so far; None when there is none."""
    found = _prices(state, catalog) if state.slots.get("product") in catalog.products else []
    return Money(found[0]) if found else None


def _values(slot: str, state: State, catalog: Catalog) -> list[Choice]:
    language = state.language
    product = catalog.products.get(state.slots.get("product", ""))
    if slot == "product":
        return [(name, name) for name in catalog.products]
    if slot == "size":
        return [(str(size), str(size)) for size in _sizes(product, state.slots.get("packaging"), catalog)]
    if slot == "price":
        return [(Money(amount).display(language), str(Money(amount))) for amount in _prices(state, catalog)]
    if slot == "packaging":
        names = _packagings(product, state.slots.get("size"), catalog)
    elif slot == "environment":
        names = [*_FIRST_ENVIRONMENTS, *(e for e in catalog.environments if e not in _FIRST_ENVIRONMENTS)]
    elif slot == "promotion":
        names = list(_FIRST_PROMOTIONS)
    else:
        names = list(catalog.labels(slot))
    return [(sentence(catalog.display(slot, name, language)), name) for name in names]


def _sizes(product: Product | None, packaging: str | None, catalog: Catalog) -> list[Size]:
    """The product's sizes in that packaging; of many (or of an unknown product) those that the shelves have most."""
    counted = Counter(p.size for q in catalog.products.values() for p in q.packs)
    if product:
        found = list(product.sizes(packaging) or product.sizes())
    else:
        found = [s for s in counted if s.count == 1]
    common = sorted(found, key=lambda s: (s.count > 1, -counted[s]))[:MOST]
    return sorted(common, key=lambda s: (s.count, s.millilitres or 0))


def _packagings(product: Product | None, size: str | None, catalog: Catalog) -> list[str]:
    """Packagings that the product is sold in, those of the wanted size first."""
    if not product:
        return list(catalog.packagings)
    wanted = Size.parse(size) if size else None
    exact = [p for p in product.packagings() if wanted and wanted in product.sizes(p)]
    return [*exact, *(p for p in product.packagings() if p not in exact)]


def _prices(state: State, catalog: Catalog) -> list[Decimal]:
    """Usual prices: of exactly this pack first, then of this size; of what the catalogue lacks, those of the nearest."""
    product = catalog.products.get(state.slots.get("product", ""))
    packs = product.packs if product else tuple(p for q in catalog.products.values() for p in q.packs)
    size = Size.parse(state.slots["size"]) if "size" in state.slots else None
    packaging = state.slots.get("packaging")
    fits = [p for p in packs if size in (None, p.size)]
    if size is not None and not fits:
        gaps = {p.size: _gap(size, p.size) for p in packs}
        fits = [p for p in packs if gaps[p.size] == min(gaps.values())]
    ranked = sorted(fits, key=lambda p: packaging not in (None, p.packaging))
    if product is None:
        counted = Counter(p.price for p in ranked if packaging in (None, p.packaging)) or Counter(
            p.price for p in ranked
        )
        return sorted(price for price, _ in counted.most_common(3))
    return list(dict.fromkeys(p.price for p in ranked))[:3]


def _gap(wanted: Size, listed: Size) -> tuple[int, float]:
    """How far two sizes are apart: first by pieces, then by volume."""
    return abs(wanted.count - listed.count), abs((wanted.millilitres or 0) - (listed.millilitres or 0))


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def flat(text: str) -> str:
    """The text folded, without the signs that people leave out when they type a button's words."""
    return " ".join(fold(text).replace("$", "").strip(" .!¡¿").split())


def named(slots: Iterable[str], language: Language) -> tuple[Choice, ...]:
    """Buttons that name slots ("what shall I change?")."""
    return tuple((sentence(replies.SLOT_NAMES[slot][language]), slot) for slot in slots)
