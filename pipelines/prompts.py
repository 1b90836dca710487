"""The writer's prompt and the way back from its placeholders to the brief's own figures and names.

The T5 never spells a name or a figure: it writes placeholders, and `fill` prints what the brief holds. Knows nothing of
back ends, checks or ranking.
"""

import re

from slots.brief import DEFAULT_TERMS, Brief
from slots.catalog import Catalog, default_catalog
from slots.schema import ENVIRONMENTS, STORES, Language
from slots.values import GIFTS, Money, Offer, plain

WRITER_PREFIX = "Generate a promotion:"
NOTHING = "none"
PLACEHOLDERS = (
    "[PRODUCT]",
    "[SIZE]",
    "[PRICE]",
    "[STORE]",
    "[PLACE]",
    "[N]",
    "[M]",
    "[P]",
    "[GIFT]",
    "[OFFER]",
)
"""All that may stand in a source or a target. [STORE] and [PLACE] are a store and an environment outside the label
lists, [GIFT] is what comes free or in the combo, [OFFER] an offer in the user's own words."""

LETTERS = {"á": "â", "í": "î", "ó": "ô", "ú": "û", "é": "ê", "ñ": "ç", "ü": "ù", "¡": "«", "¿": "»",
           "Á": "Â", "Í": "Î", "Ó": "Ô", "Ú": "Û", "É": "Ê", "Ñ": "Ç"}  # fmt: skip
"""What stands for a letter of Spanish that a model's vocabulary lacks. FLAN-T5's was made from English, French, German
and Romanian text: it has these substitutes, of which neither Spanish nor English needs any."""
_READABLE = str.maketrans({stand_in: letter for letter, stand_in in LETTERS.items()})
PLACEHOLDER = re.compile(r"\[([A-Z]+)\]")
_ARTICLE = re.compile(r"\b([Aa]) (\[SIZE\])")
_EIGHT = re.compile(r"8|1[18](?!\d)")
"""Figures that English reads with a vowel in front: eight, eighty, eleven, eighteen."""


def offer_source(offer: Offer | None) -> str:
    """An offer as the T5 reads it, figures and free words as placeholders: `[N] for [M]`, `[P]% off`, ..."""
    match offer.kind if offer else NOTHING:
        case "n_for_m":
            return "[N] for [M]"
        case "percent_second":
            return "[P]% off the second"
        case "percent":
            return "[P]% off"
        case "gift":
            return "free [GIFT] with [N]"
        case "combo":
            return "combo with [GIFT]"
        case "loyalty":
            return "loyalty card [N]"
        case "none":
            return NOTHING
        case _:
            return "[OFFER]"


def writer_source(brief: Brief) -> str:
    """The T5's input for one promotional text. Packs and multi-buy prices are told apart, since they read differently."""
    size = NOTHING if brief.size is None else "pack [SIZE]" if brief.size.count > 1 else "[SIZE]"
    price = NOTHING if brief.price is None else "multi [PRICE]" if brief.price.quantity > 1 else "[PRICE]"
    store = brief.store if brief.store in STORES else "[STORE]" if brief.store else NOTHING
    place = brief.environment if brief.environment in ENVIRONMENTS else "[PLACE]" if brief.environment else NOTHING
    return source_line(brief.language, size, brief.packaging or NOTHING, price, offer_source(brief.offer), store, place)


def source_line(language: str, size: str, packaging: str, price: str, offer: str, store: str, environment: str) -> str:
    """The same from its parts, each `none` when absent."""
    return (
        f"{WRITER_PREFIX} language={language}; product=[PRODUCT]; size={size}; packaging={packaging}; "
        f"price={price}; offer={offer}; store={store}; environment={environment}"
    )


def product_words(brief: Brief, catalog: Catalog | None = None) -> str:
    """The product as a text names it: the name as it is kept, with the flavour in the text's language (`Fanta fresa`)."""
    if not brief.variant:
        return _one_line(brief.product)
    catalog = catalog or default_catalog()
    word = flavour_words(brief, catalog)
    if word.casefold() in brief.product.casefold():
        return _one_line(brief.product)
    return _one_line(f"{brief.product} {word}")


def flavour_words(brief: Brief, catalog: Catalog) -> str:
    """The flavour in the brief's language; one outside the catalogue in the user's words; empty without one."""
    if not brief.variant:
        return ""
    product = catalog.products.get(brief.product)
    flavour = product.flavours.get(brief.variant) if product else None
    known = flavour.words[brief.language] if flavour else ()
    return known[0] if known else brief.variant


def _one_line(words: str) -> str:
    """A user's own words as they stand inside a sentence."""
    return " ".join(words.split())


def price_words(price: Money, language: Language) -> str:
    """The price as texts and posters print it."""
    return price.display(language)


def _offer_values(offer: Offer, language: Language) -> dict[str, str]:
    figures = [plain(f) for f in offer.figures]
    match offer.kind:
        case "n_for_m":
            return {"N": figures[0], "M": figures[1]}
        case "percent" | "percent_second":
            return {"P": figures[0]}
        case "gift" | "loyalty" | "combo":
            values = {"N": figures[0]} if figures else {}
            if offer.words:
                gift = GIFTS.get(offer.words, offer.words) if language == "es" else offer.words
                values["GIFT"] = _one_line(gift)
            return values
        case _:
            return {"OFFER": _one_line(offer.words).rstrip(" .!")}


def placeholder_values(brief: Brief, catalog: Catalog | None = None) -> dict[str, str]:
    """What each placeholder prints for this brief; a placeholder that is missing here may not stand in its texts."""
    values = {"PRODUCT": product_words(brief, catalog)}
    if brief.size is not None:
        values["SIZE"] = str(brief.size)
    if brief.price is not None:
        values["PRICE"] = price_words(brief.price, brief.language)
    if brief.store and brief.store not in STORES:
        values["STORE"] = _one_line(brief.store)
    if brief.environment and brief.environment not in ENVIRONMENTS:
        values["PLACE"] = _one_line(brief.environment)
    if brief.offer is not None:
        values |= _offer_values(brief.offer, brief.language)
    return values


def fill(text: str, brief: Brief, catalog: Catalog | None = None) -> str:
    """A text with its placeholders replaced by the brief's display strings; those without a value stay and fail a check.

    Words of the user at the start of a sentence get a capital, except the product, which stays as it is named.
    """
    values = placeholder_values(brief, catalog)

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return match[0]
        before = text[: match.start()].rstrip(" ¡¿\"'")
        if match[1] in {"GIFT", "OFFER", "STORE", "PLACE"} and (not before or before[-1] in ".!?"):
            return value[:1].upper() + value[1:]
        return value

    if brief.language == "en":
        text = _ARTICLE.sub(lambda m: f"{m[1]}n {m[2]}" if _EIGHT.match(values.get("SIZE", "")) else m[0], text)
    return PLACEHOLDER.sub(put, text)


def readable(raw: str) -> str:
    """A model's output with substituted letters put back; nothing else changes, so any model's output may pass."""
    return raw.translate(_READABLE)


def terms(brief: Brief) -> str | None:
    """The condition that code adds to an offer: the user's words, else until stocks run out; None without either."""
    if brief.terms:
        return brief.terms
    return DEFAULT_TERMS[brief.language] if brief.offer else None
