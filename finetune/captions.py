"""Captions of product pictures, from one base template: product, size, packaging, background.

    a 600 ml plastic bottle of Coca-Cola on a plain white background

Drawn packshots and crawled pictures share it. A title, mostly Spanish (`Coca-Cola Original Botella PET 600 ml`), is read
with the catalogue and the extraction rules; what it does not state is left out of the caption. Knows nothing of files.
"""

import re
from dataclasses import dataclass

from slots.catalog import Catalog
from slots.extract import extract
from slots.numbers import fold
from slots.values import Size

BACKGROUNDS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "light grey": (226, 228, 231),
    "grey": (150, 152, 156),
    "dark grey": (70, 72, 76),
    "black": (12, 12, 14),
    "cream": (246, 236, 214),
    "light blue": (205, 226, 242),
    "blue": (30, 80, 170),
    "light green": (211, 236, 212),
    "green": (30, 130, 70),
    "pink": (247, 208, 216),
    "red": (205, 25, 35),
    "yellow": (250, 214, 70),
    "orange": (244, 140, 40),
    "brown": (110, 70, 42),
    "purple": (100, 50, 130),
}
"""The names that a plain background can have, each with its sRGB colour; a measured one takes the nearest name."""

_MANY = r"(?:[2-9]|[1-9]\d)"
_LIST_WORDS = re.compile(
    r"\b(?:pack|packs|paq|paquetes?|kits?|combos?|surtid[oa]s?|variedad|variedades|bundle|charola|rejas?|multi ?pack|"
    r"six ?pack|six|twelve|assorted|assortment|duo|trio|canasta|despensa)\b|"
    rf"\b{_MANY} ?-?(?:pack|paq|pza?s?|piezas|pieces|pcs|latas|botellas|cans|bottles|unidades|uds?|u)\b|"
    rf"\b{_MANY} ?x ?\d{{2,4}}\b|\b\d{{2,4}} ?ml ?x ?{_MANY}\b|\bcaja (?:de|con) {_MANY}\b"
)
_TETRA = re.compile(r"\btetra ?-?(?:packs?|paks?|briks?)\b")
_PLUS = re.compile(r"\s\+\s|\w\+\w")
_EIGHT = re.compile(r"8|1[18](?!\d)")
"""Figures that English reads with a vowel in front: eight, eighty, eleven, eighteen."""


@dataclass(frozen=True)
class TitleReading:
    """What a title says. `product` is None where it names none of the catalogue's (or a known rival's)."""

    product: str | None = None
    variant: str | None = None
    size: Size | None = None
    packaging: str | None = None
    several: str | None = None
    """The words that tell of more than one product (`6 pack`, `kit`, a second product); None without any."""


def conflicting(one: TitleReading, other: TitleReading) -> bool:
    """Whether two titles state different things; what only one of them states is no conflict."""
    pairs = [
        (one.product, other.product),
        (one.variant, other.variant),
        (one.packaging, other.packaging),
        (one.size, other.size),
    ]
    return any(a is not None and b is not None and str(a) != str(b) for a, b in pairs)


def read_title(title: str, catalog: Catalog) -> TitleReading:
    """Reads a product's title, in Spanish or English. Whatever the title, nothing is raised."""
    text = " ".join(title.split())[:300]
    found = extract(text, None, None, catalog, stage="rules")
    size = Size.parse(found.slots["size"]) if "size" in found.slots else None
    return TitleReading(
        product=found.slots.get("product"),
        variant=found.variant,
        size=size,
        packaging=found.slots.get("packaging"),
        several=_several(text, size, found.products),
    )


def _several(text: str, size: Size | None, products: tuple[str, ...]) -> str | None:
    folded = fold(text)
    if listed := _LIST_WORDS.search(_TETRA.sub("carton", folded)):
        return listed[0].strip()
    if _PLUS.search(text):
        return "+"
    if size and size.count > 1:
        return f"{size.count}-pack"
    return " and ".join(products) if len(products) > 1 else None


def product_caption(
    product: str,
    *,
    variant: str | None = None,
    size: Size | None = None,
    packaging: str | None = None,
    background: str | None = None,
) -> str:
    """The base template filled; a part that is None is left out.

    `background` is a key of BACKGROUNDS. Raises ValueError for another one, with the valid ones.
    """
    if background is not None and background not in BACKGROUNDS:
        raise ValueError(f"background cannot be {background!r}; choose one of: {', '.join(BACKGROUNDS)}")
    name = product if not variant or variant.casefold() in product.casefold() else f"{variant} {product}"
    count = size.count if size else 1
    volume = str(Size(size.amount, size.unit)) if size and size.amount is not None else ""
    if count > 1:
        things = f"{packaging}s of {name}" if packaging else name
        words = " ".join(part for part in (f"{count}-pack of", volume, things) if part)
    else:
        words = " ".join(part for part in (volume, f"{packaging} of {name}" if packaging else name) if part)
    article = "an" if words[0] in "aeiouAEIOU" or _EIGHT.match(words) else "a"
    return f"{article} {words}" + (f" on a plain {background} background" if background else "")
