"""The text that needs no model: plain sentences from the brief, the same every time, for when no written one passed.

Knows nothing of models. Its texts are templates with the writer's placeholders, so that one way of filling serves both.
"""

from pipelines.prompts import offer_source
from pipelines.wording import PACKAGING, PACKAGINGS, PLACE, STORE, at_store, en_store
from slots.brief import Brief
from slots.schema import ENVIRONMENTS, STORES

VARIANTS = 3
"""How many different texts there are for one brief."""

_OPENINGS = {
    "es": ("¡Date un gusto!", "La pausa que te mereces.", "Tu momento empieza aquí."),
    "en": ("Treat yourself!", "The break you deserve.", "Your moment starts here."),
}
_BODIES = {
    "es": ("Disfruta {noun}{price}{at}.", "{At}{noun} te espera{price}.", "Ven por {noun}{price}{at}."),
    "en": ("Enjoy {noun}{price}{at}.", "{At}{noun} is waiting for you{price}.", "Come for {noun}{price}{at}."),
}
_PLACES = {
    "es": ("Ideal para {place}.", "Todo listo para {place}.", "Para {place}, lo que buscabas."),
    "en": ("Perfect for {place}.", "All set for {place}.", "Just right for {place}."),
}
_OFFERS = {
    "es": {
        "[N] for [M]": ("¡Está al [N]x[M]!", "Llévate [N] y paga [M].", "¡Aprovecha el [N]x[M]!"),
        "[P]% off the second": (
            "¡[P]% de descuento en la segunda!",
            "Además, tienes [P]% de descuento en la segunda.",
            "Llévate [P]% de descuento en la segunda.",
        ),
        "[P]% off": ("¡Con [P]% de descuento!", "Además, tienes [P]% de descuento.", "Aprovecha [P]% de descuento."),
        "free [GIFT] with [N]": (
            "[GIFT] gratis en la compra de [N].",
            "En la compra de [N], [GIFT] gratis.",
            "Compra [N] y recibe [GIFT] gratis.",
        ),
        "combo with [GIFT]": (
            "Pide tu combo con [GIFT].",
            "¡Arma tu combo con [GIFT]!",
            "Además, hay combo con [GIFT].",
        ),
        "loyalty card [N]": (
            "Junta [N] y la siguiente es gratis.",
            "Además, junta [N] y la siguiente es gratis.",
            "¡Junta [N] y la siguiente es gratis!",
        ),
        "[OFFER]": ("Además: [OFFER].", "Aprovecha: [OFFER].", "Y lo mejor: [OFFER]."),
    },
    "en": {
        "[N] for [M]": ("It's [N] for [M]!", "Take [N] and pay for [M].", "Enjoy [N] for [M]."),
        "[P]% off the second": (
            "Get [P]% off the second!",
            "Plus, take [P]% off the second.",
            "Enjoy [P]% off the second.",
        ),
        "[P]% off": ("Get [P]% off!", "Plus, take [P]% off.", "Enjoy [P]% off."),
        "free [GIFT] with [N]": (
            "Free [GIFT] when you buy [N].",
            "Buy [N] and get free [GIFT].",
            "Plus, free [GIFT] when you buy [N].",
        ),
        "combo with [GIFT]": (
            "Make it a combo with [GIFT].",
            "Try the combo with [GIFT]!",
            "Also as a combo with [GIFT].",
        ),
        "loyalty card [N]": (
            "Collect [N] and the next one is free.",
            "Plus, collect [N] and the next one is free.",
            "Collect [N] and the next one is free!",
        ),
        "[OFFER]": ("Plus: [OFFER].", "Even better: [OFFER].", "The promotion: [OFFER]."),
    },
}
_PACED = {"es": ("como más te gusta", "a tu manera", "cuando quieras"), "en": ("your way", "today", "any time")}


def _noun(brief: Brief) -> str:
    """Product with size and packaging, whatever of them is there."""
    es, language = brief.language == "es", brief.language
    pack, packs = PACKAGING[language].get(brief.packaging or ""), PACKAGINGS[language].get(brief.packaging or "")
    if brief.size is None:
        if es:
            return f"[PRODUCT] en {pack}" if pack else "[PRODUCT]"
        return f"a {pack} of [PRODUCT]" if pack else "[PRODUCT]"
    if brief.size.count > 1:
        if es:
            return f"[PRODUCT] en [SIZE] de {packs}" if packs else "[PRODUCT] en [SIZE]"
        return f"a [SIZE] of [PRODUCT] {packs}" if packs else "a [SIZE] of [PRODUCT]"
    if es:
        return f"[PRODUCT] de [SIZE] en {pack}" if pack else "[PRODUCT] de [SIZE]"
    return f"a [SIZE] {pack} of [PRODUCT]" if pack else "a [SIZE] [PRODUCT]"


def fallback_template(brief: Brief, variant: int = 0) -> str:
    """The text for a brief with placeholders; `variant` picks one of VARIANTS that differ in every sentence."""
    language, variant = brief.language, variant % VARIANTS
    es = language == "es"
    noun = _noun(brief)
    price = "" if brief.price is None else " a [PRICE]" if es else " at [PRICE]"
    at = ""
    if brief.store in STORES:
        phrase = STORE[language][brief.store][0]
        at = en_store(phrase) if es else at_store(phrase)
    elif brief.store:
        at = "en [STORE]" if es else "at [STORE]"
    leads = _BODIES[language][variant].startswith("{At}")
    before = f"{at[:1].upper()}{at[1:]}, " if at else ""
    body = _BODIES[language][variant].format(
        noun=noun if before or not leads else f"{noun[:1].upper()}{noun[1:]}",
        price=price,
        at="" if leads or not at else f" {at}",
        At=before,
    )
    if not (brief.packaging or price or at):
        body = f"{body[:-1]} {_PACED[language][variant]}."
    parts = [_OPENINGS[language][variant], body]
    if brief.environment in ENVIRONMENTS:
        parts.append(_PLACES[language][variant].format(place=PLACE[language][brief.environment][0]))
    elif brief.environment:
        parts.append(_PLACES[language][variant].format(place="[PLACE]"))
    if brief.offer is not None:
        parts.append(_OFFERS[language][offer_source(brief.offer)][variant])
    return " ".join(parts)
