"""The words on a poster, cut from the brief and the promotional text: headline, pack line, price, offer, small print.

Pure functions over strings; measures and draws nothing. Figures are printed exactly as the brief holds them.
"""

import re
from dataclasses import dataclass

from pipelines.prompts import flavour_words, product_words, terms
from pipelines.text import headline as opening
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import STORES, Language
from slots.values import Money, Offer, cents, plain

LONGEST = 44
"""Letters in a headline that still reads from across the street."""

_PLAIN_HEADLINE: dict[Language, str] = {"es": "¡Se antoja!", "en": "Treat yourself!"}
_PICTURE: dict[Language, str] = {"es": "Imagen ilustrativa", "en": "Illustrative image"}
_SENTENCE = re.compile(r"[^.!?…]*(?:(?<=\d)\.(?=\d)[^.!?…]*)*[.!?…]*", re.S)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3\u2b00-\u2bff]+")
_CLAUSE = re.compile(
    r"\s*(?:[,;:]|\s[-–—]\s|\s(?:a sólo|a solo|por sólo|por solo|por tan solo|for only|for just|at just|at only)\s)"
)
_POINT = "\u2024"
"""Looks like a point and ends no sentence."""
_CLOSERS = {"¡": "!", "¿": "?"}


@dataclass(frozen=True)
class PriceWords:
    """The badge's parts: `before` small above, `figure` large with `decimals` raised, `below` small under it."""

    before: str
    figure: str
    decimals: str
    below: str


@dataclass(frozen=True)
class PosterWords:
    """Every word on the poster; an empty string is left out."""

    headline: str
    product: str
    details: str
    store: str
    offer: str
    offer_big: str
    """The offer's figure for a badge (`3x2`, `20%`), where it has one, and `offer_rest` the words that go under it."""
    offer_rest: str
    price: PriceWords | None
    small_print: str
    body: tuple[str, ...] = ()
    """The promotional text's other sentences, for layouts with room for them."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, with their closing marks; a point within a number ends none."""
    found = (s.strip() for s in _SENTENCE.findall(_EMOJI.sub(" ", text).replace("\n", " ")))
    return [s for s in found if re.search(r"\w", s)]


def _closed(text: str) -> str:
    """A clause with its opening mark answered: `¡Qué calor` becomes `¡Qué calor!`; no lone mark is left."""
    text = text.strip(" ,;:-–—")
    for opener, closer in _CLOSERS.items():
        if text.startswith(opener) and closer not in text:
            text += closer
        elif text.endswith(closer) and opener not in text and _is_spanish_marked(text):
            text = text.rstrip(closer)
    return text


def _is_spanish_marked(text: str) -> bool:
    return "¡" in text or "¿" in text


def headline(text: str, language: Language, longest: int = LONGEST) -> str:
    """The first sentence of the promotional text, shortened at a clause when it is long.

    Never cuts a word; a text without any short clause keeps its first sentence up to 90 letters, at a word's end.
    """
    found = sentences(text)
    if not found:
        return _PLAIN_HEADLINE[language]
    first = found[0]
    if len(first) < 12 and len(found) > 1 and len(first) + len(found[1]) < longest and not re.search(r"\d", found[1]):
        first = f"{first} {found[1]}"
    if len(first) > longest:
        lead = _closed(_CLAUSE.split(first, maxsplit=1)[0])
        short = [s for s in found[1:3] if len(s) <= longest and not re.search(r"\d", s)]
        if 10 <= len(lead) <= longest + 12 and lead.count(" ") >= 1:
            first = lead
        elif short:
            first = short[0]
        elif len(first) > 90:
            first = _closed(first[:90].rsplit(" ", 1)[0]) + "…"
    return first.removesuffix(".") if not first.endswith("..") else first


def _headline_of(promo_text: str, brief: Brief, catalog: Catalog) -> str:
    """The opening that `pipelines.text` picks, fitted to the paper. A point inside the product's name ends no sentence."""
    if not promo_text.strip():
        return headline("", brief.language)
    name = product_words(brief, catalog)
    picked = opening(promo_text, brief).replace(name, name.replace(".", _POINT))
    return headline(picked, brief.language).replace(_POINT, ".")


_UNITS = re.compile(
    r"(?<=\d) (?=(?:ml|L|oz|[A-Z]{3})\b)|(?<=\d) (?=(?:por|for) \$)|(?<=\d (?:por|for)) (?=\$)|(?<=[–—-]) (?=\d)"
)


def glued(text: str) -> str:
    """The text with no-break spaces where a line must not end: between a figure and its unit, within `2 por $30`."""
    return _UNITS.sub("\u00a0", " ".join(text.split()))


def _body(promo_text: str, opening_words: str, brief: Brief, catalog: Catalog) -> tuple[str, ...]:
    """The sentences that the headline does not say already, each whole."""
    name = product_words(brief, catalog)
    parts = [s.replace(_POINT, ".") for s in sentences(promo_text.replace(name, name.replace(".", _POINT)))]
    said = _letters(opening_words)
    return tuple(glued(part) for part in parts if _letters(part) not in said and said not in _letters(part))


def _letters(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def price_words(price: Money, language: Language) -> PriceWords:
    """`$18` and raised `50` over `MXN`; a multi-buy has `2 por` (`2 for`) above, any other `a solo` (`only`).

    Thousands are set off by commas, as both Mexico and the USA write them: `$123,456`.
    """
    whole, _, decimals = cents(price.amount).partition(".")
    link = "por" if language == "es" else "for"
    before = f"{price.quantity} {link}" if price.quantity > 1 else ("a solo" if language == "es" else "only")
    return PriceWords(before, f"${int(whole):,}", decimals, price.currency)


def offer_parts(offer: Offer, language: Language) -> tuple[str, str]:
    """An offer's figure and the rest of its words, for a badge; ("", all words) where no figure stands out."""
    figures = [plain(f) for f in offer.figures]
    match offer.kind:
        case "n_for_m":
            return offer.display(language), "promoción" if language == "es" else "special offer"
        case "percent":
            return f"{figures[0]}%", "de descuento" if language == "es" else "off"
        case "percent_second":
            return f"{figures[0]}%", "de descuento en la segunda" if language == "es" else "off the second"
        case _:
            return "", offer.display(language)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


_ARTICLE = re.compile(r"(?:el|la|los|las|un|una|tu|su|nuestro|nuestra|the|a|an|our|your)\b", re.I)
_MINE = re.compile(r"(?:mi|mis|my)\s+", re.I)


def _at_store(store: str, *, own_words: bool, language: Language) -> str:
    """Where to buy. The user's own words may be a name or bring their article: `En Abarrotes Lupita`, `En la fonda`."""
    at, yours = ("En", "tu") if language == "es" else ("At", "your")
    bare = _MINE.sub("", store, count=1) if own_words and _MINE.match(store) else store
    if own_words and bare == store and (store[:1].isupper() or not store[:1].isalpha() or _ARTICLE.match(store)):
        return f"{at} {store}"
    return f"{at} {yours} {bare}"


def poster_words(brief: Brief, promo_text: str, catalog: Catalog, *, drawn: bool = True) -> PosterWords:
    """All words of the poster. `drawn` says that the product is a drawing, which the small print then tells."""
    language = brief.language
    flavour = flavour_words(brief, catalog)
    packaging = catalog.display("packaging", brief.packaging, language) if brief.packaging else ""
    details = " · ".join(part for part in (flavour, str(brief.size) if brief.size else "", packaging) if part)
    store = catalog.display("store", brief.store, language) if brief.store else ""
    if store:
        store = _at_store(store, own_words=brief.store not in STORES, language=language)
    big, rest = offer_parts(brief.offer, language) if brief.offer else ("", "")
    opening_words = _headline_of(promo_text, brief, catalog)
    small = [(terms(brief) or "").strip().rstrip("."), _PICTURE[language] if drawn else ""]
    return PosterWords(
        headline=glued(opening_words),
        product=" ".join(brief.product.split()),
        details=glued(_sentence_case(details)),
        store=glued(store),
        offer=glued(_sentence_case(brief.offer.display(language))) if brief.offer else "",
        offer_big=big,
        offer_rest=rest,
        price=price_words(brief.price, language) if brief.price else None,
        small_print=" ".join(f"{part}." for part in small if part),
        body=_body(promo_text, opening_words, brief, catalog),
    )
