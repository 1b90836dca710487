"""What a promotional text must hold before anyone sees it: the fact lock and the manners of a text that can be published.

Every check works on a filled text, takes the brief's own facts out of it one by one, and looks at what is left: whatever
figure, offer or place remains was invented. Knows nothing of models or of ranking.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from pipelines import lexicon
from pipelines.legal import LegalNote, legal_notes
from pipelines.prompts import PLACEHOLDERS, placeholder_values, product_words
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import PACKAGINGS, Language
from slots.values import Offer, plain

__all__ = [
    "Check",
    "LegalNote",
    "check_text",
    "evokes",
    "fact_lock",
    "failures",
    "legal_notes",
    "mask",
    "names_packaging",
    "sentences",
]

PRODUCT, SIZE, PRICE, OFFER, STORE, PLACE = "\ue001", lexicon.MASKED_SIZE, "\ue003", "\ue004", "\ue005", "\ue006"
"""What stands for a fact of the brief in a masked text: one private character each. STORE, PLACE: the user's own words for them."""

SHORTEST, LONGEST, LONGEST_CHARACTERS = 5, 60, 400
"""Words, words, and characters beside the brief's own."""


@dataclass(frozen=True)
class Check:
    """One requirement and whether a text meets it; `detail` says what was found when it does not."""

    name: str
    passed: bool
    detail: str = ""

    def to_dict(self) -> dict[str, str | bool]:
        """The JSON form in records."""
        return {"name": self.name, "passed": self.passed, "detail": self.detail}


@dataclass(frozen=True)
class Masked:
    """A text without the brief's own facts, and how often each stood there."""

    text: str
    counts: dict[str, int]


def _exact(value: str) -> re.Pattern[str]:
    """The value as a whole: no figure, letter or sign may lengthen it on either side."""
    return re.compile(rf"(?<![\w$])(?<![\w][.,\-]){re.escape(value)}(?![\w%])(?![.,\-]\d)(?!-\w)")


def _offer_forms(offer: Offer, language: Language, values: dict[str, str]) -> tuple[str, ...]:
    """Regular expressions of the ways to state exactly this offer."""
    f = [re.escape(plain(x)) for x in offer.figures]
    es = language == "es"
    words = re.escape(values.get("GIFT", ""))
    match offer.kind:
        case "n_for_m" if es:
            return (rf"{f[0]} ?[x×] ?{f[1]}", rf"(?:ll[eé]va(?:te)?|compra) {f[0]} y paga {f[1]}")
        case "n_for_m":
            return (rf"{f[0]} for {f[1]}", rf"(?:take|get|buy) {f[0]} and pay for {f[1]}")
        case "percent_second" if es:
            return (
                rf"{f[0]}% de descuento en (?:la|tu) segunda",
                rf"en (?:la|tu) segunda(?: tienes)?,? {f[0]}% de descuento",
            )
        case "percent_second":
            return (rf"{f[0]}% off (?:the|your) second(?: one)?",)
        case "percent":
            return (rf"{f[0]}% de descuento(?! en (?:la|tu) segunda)",) if es else (rf"{f[0]}% off(?! (?:the|your))",)
        case "gift" if es:
            return (
                rf"{words} gratis (?:en la compra de|al comprar) {f[0]}",
                rf"(?:en la compra de|al comprar) {f[0]},?(?: te llevas| recibes)? {words} gratis",
                rf"compra {f[0]} y (?:ll[eé]vate|recibe) {words} gratis",
            )
        case "gift":
            return (
                rf"free {words} when you buy {f[0]}",
                rf"when you buy {f[0]},?(?: enjoy| get)? free {words}",
                rf"buy {f[0]} and (?:get|enjoy) free {words}",
            )
        case "combo":
            return (rf"combo con {words}",) if es else (rf"combo with {words}",)
        case "loyalty" if es:
            return (rf"junta {f[0]} y la siguiente es gratis",)
        case "loyalty":
            return (rf"collect {f[0]} and the next one is free",)
        case _:
            return (re.escape(values["OFFER"]),)


def mask(text: str, brief: Brief, catalog: Catalog) -> Masked:
    """Takes the brief's product, offer, price, size and own words out of a text, each counted."""
    counts: dict[str, int] = {}

    def take(pattern: re.Pattern[str], sign: str) -> None:
        nonlocal text
        text, found = pattern.subn(sign, text)
        counts[sign] = counts.get(sign, 0) + found

    # the user's own words come first: they may hold the product, a price or a size
    values = placeholder_values(brief, catalog)
    if brief.offer is not None:
        for form in _offer_forms(brief.offer, brief.language, values):
            take(re.compile(rf"(?<![\w.,$]){form}(?!\w)", re.I), OFFER)
    for name, sign in (("STORE", STORE), ("PLACE", PLACE)):
        if name in values:
            take(re.compile(rf"(?<!\w){re.escape(values[name])}(?!\w)", re.I), sign)
    take(re.compile(rf"(?<!\w){re.escape(values['PRODUCT'])}(?!\w)"), PRODUCT)
    if "PRICE" in values:
        for spelling in dict.fromkeys(
            (values["PRICE"], values["PRICE"].replace(",", ""))
        ):  # with and without thousands
            take(_exact(spelling), PRICE)
    if "SIZE" in values:
        take(_exact(values["SIZE"]), SIZE)
    return Masked(text, counts)


def _placeholders(text: str) -> Check:
    left = [p for p in PLACEHOLDERS if p in text]
    return Check("placeholders", not left, ", ".join(left))


def _product(text: str, masked: Masked, brief: Brief, catalog: Catalog) -> Check:
    count = masked.counts[PRODUCT]
    if not 1 <= count <= 2:
        return Check("product", False, f"named {count} times")
    names = {*catalog.products, *catalog.competitors, product_words(brief, catalog)}
    own = " ".join(placeholder_values(brief, catalog).values())
    pattern = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    others = {m[0] for m in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)} - {product_words(brief, catalog)}
    others = {name for name in others if name not in own}
    return Check("product", not others, f"also names {', '.join(sorted(others))}" if others else "")


def _once(name: str, sign: str, given: bool, masked: Masked) -> Check:
    count = masked.counts.get(sign, 0)
    if not given:
        return Check(name, True)
    return Check(name, count == 1, "" if count == 1 else f"stated {count} times")


def _figures(masked: Masked, language: Language) -> Check:
    found = re.findall(r"[$€%]?\d[\d.,]*%?|[$€%½¼¾²³]", masked.text)
    found += lexicon.NUMBERS[language].findall(masked.text)
    return Check("figures", not found, f"not in the brief: {', '.join(found)}" if found else "")


def _benefits(masked: Masked, brief: Brief) -> Check:
    found = lexicon.BENEFITS[brief.language].findall(masked.text)
    if brief.offer is None:
        found += lexicon.ANNOUNCING[brief.language].findall(masked.text)
    return Check("no other offer", not found, f"nobody confirmed: {', '.join(found)}" if found else "")


def language_ratio(text: str) -> dict[Language, int]:
    """How many words of a text are function words of each language."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())
    return {code: sum(word in stops for word in words) for code, stops in lexicon.STOPWORDS.items()}


def _language(masked: Masked, language: Language) -> Check:
    other: Language = "en" if language == "es" else "es"
    counts = language_ratio(masked.text)
    if not counts[language] or counts[other] * 3 > counts[language]:
        return Check("language", False, f"{counts[language]} words of {language}, {counts[other]} of {other}")
    for sentence in sentences(masked.text):
        counts = language_ratio(sentence)
        if counts[other] >= 2 and counts[other] > counts[language]:
            return Check("language", False, f"{other}: {sentence}")
    return Check("language", True)


def names_packaging(text: str, packaging: str, language: Language) -> bool:
    """Whether a (masked) text names this packaging."""
    return bool(lexicon.PACKAGING[language][packaging].search(text))


def _packaging(masked: Masked, brief: Brief) -> Check:
    found = [p for p in PACKAGINGS if p != brief.packaging and names_packaging(masked.text, p, brief.language)]
    if brief.packaging not in (None, "glass bottle", "plastic bottle", "returnable bottle"):
        found += lexicon.BOTTLE[brief.language].findall(masked.text)
    if brief.packaging is not None and not names_packaging(masked.text, brief.packaging, brief.language):
        return Check("packaging", False, f"{brief.packaging} is not named")
    return Check("packaging", not found, f"names {', '.join(found)}" if found else "")


def _setting(masked: Masked, brief: Brief) -> Check:
    own = {brief.store, brief.environment}
    found = [
        match[0]
        for pattern, labels in lexicon.SETTING[brief.language]
        if not labels & own and (match := pattern.search(masked.text))
    ]
    return Check("setting", not found, f"not in the brief: {', '.join(found)}" if found else "")


def evokes(text: str, label: str | None, language: Language) -> bool:
    """Whether a text names a store or environment label, or sets its mood."""
    if label is None:
        return False
    if any(label in labels and pattern.search(text) for pattern, labels in lexicon.SETTING[language]):
        return True
    mood = lexicon.MOOD[language].get(label)
    return bool(mood and mood.search(text))


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its closing mark. A point between figures or letters closes nothing."""
    return [s.strip() for s in re.split(r"(?<=[.!?…])\s+(?=[^\s])", text.strip()) if s.strip()]


def _form(text: str, masked: Masked, language: Language) -> Check:
    words = masked.text.split()
    if not SHORTEST <= len(words) <= LONGEST or len(masked.text) > LONGEST_CHARACTERS:
        return Check("form", False, f"{len(words)} words, {len(text)} characters")
    if text[-1] not in ".!?":
        return Check("form", False, "the last sentence is not closed")
    bare = masked.text
    for opening, closing in ("¡!", "¿?"):
        wanted = bare.count(closing) if language == "es" else 0
        if bare.count(opening) != wanted:
            return Check("form", False, f"{opening} and {closing} do not match")
    odd = re.search(r" [,.;:!?]|[.,;:]{2}|[!?]{2}|\s{2}|⁇|\ufffd|[<>\[\]{}|=]|[,;:]$", bare)
    if odd:
        return Check("form", False, f"odd characters: {odd[0]!r}")
    first = bare.lstrip("¡¿'\"")[:1]
    if first.isalpha() and first.islower():
        return Check("form", False, "begins with a small letter")
    return Check("form", True)


def _grammar(masked: Masked, language: Language) -> Check:
    broken = lexicon.BROKEN[language].search(masked.text)
    return Check("grammar", not broken, f"broken off: {broken[0]}" if broken else "")


def _repetition(masked: Masked) -> Check:
    parts = [s.lower() for s in sentences(masked.text)]
    found = [part for part in parts if parts.count(part) > 1]
    for part in parts:
        words = re.findall(r"[^\W\d_]+|[\ue001-\ue006]", part)
        # cheers are called thrice: "¡Otra, otra, otra!"
        pairs = list(pairwise(words))
        found += [
            name for sign, name in ((PRODUCT, "product"), (STORE, "store"), (PLACE, "place")) if part.count(sign) > 1
        ]
        found += [" ".join(p) for p, q in zip(pairs, pairs[2:], strict=False) if p == q and p[0] != p[1]]
        found += [a for a, b in pairs if a == b and len(a) > 1 and not re.search(rf"{a}, {b}", part)]
    for length, scope in ((3, parts), (5, [" ".join(parts)])):
        for text in scope:
            words = re.findall(r"[^\W\d_]+|[\ue001-\ue006]", text)
            runs = [" ".join(words[i : i + length]) for i in range(len(words) - length + 1)]
            found += [run for run in runs if runs.count(run) > 1]
    return Check("repetition", not found, f"again: {found[0]}" if found else "")


def _wording(masked: Masked, language: Language) -> Check:
    found = [m[0] for m in lexicon.OFFENSIVE.finditer(masked.text)]
    for words in (lexicon.CLAIMS, lexicon.CHILDREN, lexicon.ALCOHOL):
        found += [m[0] for m in words[language].finditer(masked.text)]
    return Check("wording", not found, f"may not stand in an advertisement: {', '.join(found)}" if found else "")


def _conditions(masked: Masked, language: Language) -> Check:
    found = lexicon.CONDITIONS[language].findall(masked.text)
    return Check("conditions", not found, f"invented: {', '.join(found)}" if found else "")


def fact_lock(text: str, brief: Brief, catalog: Catalog, masked: Masked | None = None) -> tuple[Check, ...]:
    """Product, size, price and offer exactly those of the brief, and no other figure or benefit."""
    masked = masked or mask(text, brief, catalog)
    return (
        _placeholders(masked.text),
        _product(text, masked, brief, catalog),
        _once("size", SIZE, brief.size is not None, masked),
        _once("price", PRICE, brief.price is not None, masked),
        _once("offer", OFFER, brief.offer is not None, masked),
        _figures(masked, brief.language),
        _benefits(masked, brief),
    )


def check_text(text: str, brief: Brief, catalog: Catalog) -> tuple[Check, ...]:
    """All checks of a filled text, always the same ones in the same order. It may be shown when every one passed."""
    masked = mask(text, brief, catalog)
    return (
        *fact_lock(text, brief, catalog, masked),
        _language(masked, brief.language),
        _packaging(masked, brief),
        _setting(masked, brief),
        _conditions(masked, brief.language),
        _form(text, masked, brief.language),
        _grammar(masked, brief.language),
        _repetition(masked),
        _wording(masked, brief.language),
    )


def failures(checks: tuple[Check, ...]) -> tuple[str, ...]:
    """The names of those that did not pass."""
    return tuple(check.name for check in checks if not check.passed)
