"""Which look, volume and packaging a packshot has, from a product's name and the catalogue. Draws nothing.

A product outside the catalogue (another company's drink) gets a neutral look with its name as the word mark.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, replace

from pipelines import fruits
from slots.catalog import Catalog, Look, Product
from slots.values import Size

_USUAL = {"glass bottle": 355.0, "plastic bottle": 600.0, "returnable bottle": 500.0, "can": 355.0, "carton": 1000.0}

FLAVOURS: dict[str, tuple[str, tuple[str, ...]]] = {
    "orange": ("#FF8A12", ("orange", "naranja", "mandarina", "tangerine", "mango", "maracuya", "passion")),
    "red": ("#D8203F", ("strawberry", "fresa", "cherry", "cereza", "hibiscus", "jamaica", "raspberry", "frambuesa", "sandia", "watermelon", "fruit punch", "tutti", "roja", "rojo", "red")),
    "purple": ("#5B2A86", ("grape", "uva", "blackberry", "mora", "zarzamora")),
    "yellow": ("#F7CF2E", ("pineapple", "pina", "lemon", "limon", "guava", "guayaba")),
    "green": ("#9BCB3C", ("lime", "lima", "green apple", "manzana verde", "cucumber", "pepino", "kiwi")),
    "amber": ("#D9902A", ("apple", "manzana", "peach", "durazno", "sidral", "ginger", "toronja roja")),
    "brown": ("#8A4B1E", ("tamarind", "tamarindo", "chocolate", "coffee", "cafe", "horchata de chocolate")),
    "cream": ("#F3E6CB", ("vanilla", "vainilla", "horchata", "coconut", "coco", "milk", "leche", "almond", "almendra")),
    "pink": ("#F59AA8", ("grapefruit", "toronja", "pink", "rosa")),
    "dark": ("#2A0D06", ("cola", "pepsi", "big red", "root beer", "dr")),
    "blue": ("#1E6BE8", ("blue", "azul", "moras", "berry", "mora azul", "blueberry")),
}  # fmt: skip
"""What a flavour's name says of the drink's colour, in both languages, without accents."""

FRUITY = ("lemon-lime", "fruit soda", "juice", "tea", "soda")
"""Kinds whose label shows the first flavour's fruit when none is asked for."""

_LABELS = ("#1F6F78", "#7B3F61", "#2F5D8C", "#9A4A2E", "#46652F", "#5A4A8A")


@dataclass(frozen=True)
class Article:
    """All that drawing one product needs."""

    look: Look
    kind: str
    packaging: str
    millilitres: float
    count: int
    fruit: str
    """What the label shows, a name of `fruits.FRUITS`, or nothing."""
    note: str
    """A small line on the label: the flavour, or that the bottle goes back; else nothing."""


def _bare(text: str) -> str:
    return "".join(ch for ch in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(ch))


def flavour_colour(words: str) -> str | None:
    """The drink's colour when its name or variant tells it, else None; the longest matching flavour wins."""
    padded = f" {_bare(words)} "
    found = [(len(w), colour) for colour, names in FLAVOURS.values() for w in names if f" {w} " in padded]
    return max(found)[1] if found else None


def fruit_of(words: str) -> str:
    """The drawing that a flavour's name or variant asks for, else nothing; the longest matching name wins."""
    padded = f" {_bare(words)} "
    found = [(len(w), name) for name, names in fruits.WORDS.items() for w in names if f" {w} " in padded]
    return max(found)[1] if found else ""


def _stranger(name: str, variant: str | None) -> Look:
    pick = hashlib.sha256(_bare(name).encode()).digest()[0]
    liquid = flavour_colour(f"{variant or ''} {name}") or "#D9902A"
    label = _LABELS[pick % len(_LABELS)]
    return Look(
        word_mark=name,
        font="LeckerliOne-Regular",
        label=label,
        accent="#FFF4DA",
        text="#FFFFFF",
        liquid=liquid,
        cap=label,
    )


def _pack(product: Product | None, packaging: str | None, size: Size | None) -> tuple[str, float, int]:
    packs = product.packs if product else ()
    wanted = size.millilitres if size else None
    if packaging is None:
        same = [p for p in packs if wanted is not None and p.size.millilitres == wanted]
        packaging = (
            (same or list(packs))[0].packaging if packs else ("can" if wanted and wanted <= 355 else "plastic bottle")
        )
    if wanted is None:
        fitting = [p.size.millilitres for p in packs if p.packaging == packaging and p.size.millilitres]
        wanted = fitting[0] if fitting else _USUAL[packaging]
    return packaging, wanted, size.count if size else 1


def article(name: str, packaging: str | None, size: Size | None, variant: str | None, catalog: Catalog) -> Article:
    """What to draw for a product's name; what is not given is the catalogue's first pack that fits, or a usual one."""
    product = catalog.products.get(name)
    packaging, millilitres, count = _pack(product, packaging, size)
    if product is None:
        look, kind, note = _stranger(name, variant), "soda", variant or ""
    else:
        look, kind, note = product.look, product.kind, ""
        if variant:
            flavour = product.flavours.get(variant)
            if flavour is not None:
                look = replace(look, **dict(flavour.look))
            else:
                colour = flavour_colour(variant)
                look = (
                    replace(look, liquid=colour) if colour and kind not in ("cola", "water", "mineral water") else look
                )
            known = flavour.words["es"] if flavour is not None else ()
            note = known[0] if known else variant
    default = next(iter(product.flavours), "") if product and kind in FRUITY else ""
    fruit = fruit_of(variant or f"{name} {look.sub} {default}") or (fruit_of(default) if not variant else "")
    if packaging == "returnable bottle" and not note:
        note = "retornable"
    return Article(look, kind, packaging, min(max(millilitres, 50.0), 25_000.0), count, fruit, note.upper())
