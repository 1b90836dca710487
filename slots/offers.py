"""The offer that a message states (2x1, 20% off the second, a free glass), found by rules.

"2x30" is a price for two and no offer; "2x1" is one. Knows no catalogue.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from slots.numbers import PESOS, Token
from slots.stopwords import word_set
from slots.values import GIFTS, Offer

_NEGATION = re.compile(
    r"\b(?:sin|no|not|without|nada de|ningun|ninguna|quita|quitale|remove|drop|no hay|ya no)(?: (?:es|quiero|hagas|pongas|el|la|un|una|the|any|a|promo|promocion|oferta|descuento|offer|discount|want|do|de|lo|del|ni)){0,4} ?$"
)
_SECOND = r"(?:segund[ao]|2 ?d?[ao]|second|2 nd|other|otra|siguiente|next)"
_N = r"(\d+(?:\.\d+)?)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("percent_second", re.compile(rf"{_N} ?(?:%|por ciento|percent)(?: (?:de|off|descuento|menos|discount|dto|desc))*(?: (?:en|a|al|on|sobre|para|the|la|el|tu|your|of|de))* {_SECOND}\b")),
    ("percent_second", re.compile(rf"\b{_SECOND}(?: (?:pieza|unidad|lata|botella|one|item|con|at|al|a|el|gets?|is|va|tiene|de|sale))* {_N} ?(?:%|por ciento|percent)(?: (?:de descuento|off|menos|descuento))?")),
    ("half_second", re.compile(rf"(?:\b{_SECOND}(?: (?:pieza|unidad|lata|botella|one|is|a|at|al|sale|va|for))* (?:mitad(?: de precio)?|medio precio|half(?: (?:off|price))))|(?:(?:mitad de precio|medio precio|half off|half price|la mitad)(?: (?:en|on|la|the|a|de))* {_SECOND}\b)")),
    ("n_for_m_words", re.compile(rf"\b(?:llevate|lleva|llevas|llevese|llevando|buy|get|take|compra|compras|junta)(?: (?:los|las|the))? {_N}(?: (?:\w+))?(?: ?,)?(?: (?:y|and|but|pero|por el precio de|for the price of|for|al precio de|solo|nomas|only|just))*(?: (?:paga|pagas|pague|pagando|pay|paying|pay for|nomas|solo|only|just|for the price of|por el precio de|al precio de))+(?: (?:solo|nomas|only|just|for|por|el precio de|las|los|the price of))* {_N}\b")),
    ("n_for_m_words", re.compile(rf"\b{_N}(?: \w+)? (?:al precio de|por el precio de|a precio de|for the price of) {_N}\b")),
    ("n_for_m", re.compile(r"(?<![\d.$] )(?<![\d.])\b([2-9]|1[0-2]) ?(?:x|×|por|for) ?([1-9]|1[0-1])\b(?! ?(?:\d|\.|%|ml|l\b|lt|litro|liter|oz|onza|peso|varo|dolar|dollar|usd|mxn|buck|cent|\$))")),
    ("bogo", re.compile(r"\b(?:bogo|buy 1 get 1(?: free)?|buy one get one(?: free)?|buy one , get one(?: free)?|compra (?:1|una|uno) y (?:llevate|te llevas|la) (?:otra|1|una|segunda)(?: (?:gratis|es gratis))?|(?:la )?segunda (?:va |es |te sale |sale )?gratis|second (?:one )?(?:is )?free|dos por uno|two for one|2 for one|2 por uno|2 por una|dos al precio de una?)\b")),
    ("plus_one", re.compile(rf"\b(?:buy|compra|en la compra de|por la compra de|al comprar|llevate|comprando|a la compra de)(?: las?| los)? {_N}(?: \w+)?(?: ,)?(?: (?:y|and|get|te|llevas?|llevate|the|la|el|regalamos|damos|te llevas|recibe|free))+ (?:(?:otra|siguiente|tercera|cuarta|quinta|next one|third|fourth|1|one|una)(?: (?:mas|more))?) ?(?:(?:es|sale|va|is|for|de)? ?(?:gratis|free|regalo|regalada))")),
    ("loyalty", re.compile(rf"\b(?:tarjeta(?: de (?:lealtad|cliente frecuente|sellos|puntos))|cliente frecuente|programa de lealtad|loyalty(?: card| program| stamps?)?|stamp card|punch card)\b(?:[^.;!?$]{{0,40}}? {_N}\b)?")),
    ("loyalty", re.compile(rf"\b(?:junta|collect|juntas|juntando) {_N}(?: \w+)? ?,? (?:y|and) (?:(?:la|el|the|your|te|llevas?|get|1|one|una|otra|llevate|siguiente|next|is|es) )*(?:gratis|free|siguiente|regalamos)")),
    ("loyalty", re.compile(rf"\b(?:junta|collect|junte|juntando) {_N} (?:sellos|corcholatas|tapas|tapitas|taparroscas|etiquetas|stamps|caps|points|puntos|labels)\b")),
    ("percent", re.compile(rf"{_N} ?(?:%|por ciento|percent) ?(?:de )?(?:descuento|off|menos|discount|dto|desc|de rebaja|less|rebaja)\b")),
    ("percent", re.compile(rf"\b(?:descuento|discount|rebaja|rebajado|rebajada)(?: (?:de|del|of|al|un|a))* {_N} ?(?:%|por ciento|percent)")),
    ("half", re.compile(r"\b(?:a mitad de precio|a medio precio|half price|half off)\b")),
    ("gift", re.compile(rf"\b(?P<gift>{'|'.join(GIFTS.values())})s? (?:gratis|de regalo) (?:en|por) la compra de (?P<n>\d+)\b")),
    ("gift", re.compile(rf"\bfree (?P<gift>{'|'.join(GIFTS).replace('-', ' ?- ?')})s? when you buy (?P<n>\d+)\b")),
    ("gift", re.compile(r"\b(?:(?<!sugar )(?<!sugar - )(?<!lactose )(?<!gluten )(?P<f1>gratis|free|complimentary)(?: (?:un|una|unos|unas|a|an|el|la|of|con|our|your|mi|tu))*|(?P<f2>de regalo|te regalamos|regalamos|le regalamos|regalo|regalando|regalar|se lleva|te llevas)(?: (?:un|una|unos|unas|a|an|el|la)))(?: con)? (?P<gift>[a-z' ]{2,30}?)(?: gratis| free| de regalo)?(?:,? (?:en la|por la|con la|a la|al|con cada|en cada|por cada|por|con|with|when you|if you|for|with every|with each|comprar?)(?: (?:compra|comprar|purchase|comprando|buy|buying|purchasing|llevar|any|the|you|llevando|every|each|cada|su))*(?: de| of)? ?(?:un|una|el|la|las|los)? ?(?P<n>\d+)?)?(?= ?(?:$|[,.;!?]| \w))")),
    ("gift", re.compile(r"\b(?:y |and |con |with |mas |plus |incluye |includes |get )?(?:un|una|unas|unos|a|an|the|el|la) (?P<gift>[a-z ]{2,20}?) (?:gratis|de regalo|for free|free|regalado|regalada)\b(?:(?: (?:en la|por la|con la|con|with|al|when you|on|for))?(?: (?:compra|comprar|purchase|buy|buying|llevar))(?: (?:de|of))? ?(?P<n>\d+)?)?")),
    ("combo", re.compile(r"\b(?:combo|paquete|en combo|combinado|combos|bundled?|paquetazo|meal deal)(?: (?:con|with|de|of|together))+ (?:un |una |unos |unas |tus |a |an |some |your |mis |my |la |el )?(?P<gift>[a-z' ]{3,30}?)(?= ?(?:$|[,.;:!?$]| (?:a|por|en|for|at|de|y|and|con|with|para|to|is|of) |\d))")),
)  # fmt: skip
_STAFF_WORDS = r"(?:empleados?|trabajador(?:es)?|colaboradores|personal|staff|employees?|team members|workers)"
_STAFF = re.compile(
    rf" (?:(?:off|de|descuento|discount) )?(?:a|al|para|for|to)(?: (?:los|mis|nuestros|el|our|my|the|all))* {_STAFF_WORDS}\b"
)
_STAFF_BEFORE = re.compile(
    rf"\b{_STAFF_WORDS}(?: (?:get|have|gets|tienen|tiene|reciben|discount|discounts|:|of|de))* ?$"
)
"""A discount for those who work there is no offer to the public."""
_REPLACED = re.compile(r"\b(?:por|a|to|for|with|mejor|sino|now|ahora|es|pon|instead)(?: (?:un|una|el|la|a|the))? ?$")
_BOUGHT = re.compile(
    r"\b(?:con|por|en la compra de|al comprar|compra|comprando|llevando|lleva|llevate|si llevas|with|buy|when you buy|if you buy|for)(?: (?:cada|las|los|every|any))? (\d+)(?: \w+){0,3} ?,?(?: (?:se|te|le|les|y|and|get|you|llevan|llevas|lleva|damos|doy|van))* ?$"
)
_NO_GIFT = word_set(
    """of off to free shipping delivery download trial service entry sugar time range wifi parking app anuncio promo promocion
    este esta eso esto is it the for now y o and or en es de del azucar gluten lactosa envio entrega servicio con para a
    image text poster picture imagen texto version demo usar use sample muestra this that right here aqui aca plan
    cost charge people from al comprar in en la compra solo por coca coke refill"""
)
_ENGLISH_GIFT = {spanish: english for english, spanish in GIFTS.items() if english != "cup"} | {
    "vasito": "glass", "vasos": "glass", "papitas": "chips", "frituras": "chips", "hielos": "ice", "bolsa de hielo": "ice",
    "palomitas": "popcorn", "botanas": "snack", "lonche": "sandwich", "torta": "sandwich", "taco": "tacos", "glasses": "glass",
    "popotes": "straw", "sabritas": "chips", "gorra": "cap", "playera": "t-shirt", "hamburguesas": "burger", "crisps": "chips",
}  # fmt: skip


@dataclass(frozen=True)
class FoundOffer:
    """An offer and the tokens [first, last] that state it; `offer` is None where the message says: no offer."""

    offer: Offer | None
    first: int
    last: int
    others: tuple[int, ...] = ()
    """Tokens of offers that this one replaces ("cambia el 2x1 por un 3x2")."""

    @property
    def positions(self) -> set[int]:
        """All tokens that state an offer, this one or one that it replaces."""
        return {*range(self.first, self.last + 1), *self.others}


def read_offer(tokens: Sequence[Token], message: str) -> FoundOffer | None:
    """The offer that a message states, or None where it says nothing about one."""
    words = [t.text for t in tokens]
    joined = " ".join(words)
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word) + 1

    def token_at(position: int) -> int:
        return max(0, bisect_right(starts, position) - 1)

    found: FoundOffer | None = None
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(joined):
            first, last = token_at(match.start()), token_at(max(match.end() - 1, match.start()))
            behind = joined[max(0, match.start() - 60) : match.start()]
            staff = _STAFF.match(joined[match.end() : match.end() + 50]) or _STAFF_BEFORE.search(behind)
            offer = None if staff or _NEGATION.search(behind) else _offer(kind, match)
            if offer is None or (found and first <= found.last):
                continue
            if found is None:
                found = FoundOffer(offer, first, last)
            elif _REPLACED.search(behind):
                found = FoundOffer(offer, first, last, (*found.others, *range(found.first, found.last + 1)))
        if found:
            return found
    negated = re.search(
        r"\b(?:sin|no|ninguna?|quita la|without|remove the|drop the|no hay)(?: (?:quiero|want|any|an|ninguna?|le pongas|pongas|la|the))* (?:oferta|ofertas|descuento|descuentos|2 x 1|offer|offers|discount|discounts|deal)\b",
        joined,
    )
    if negated:
        return FoundOffer(None, token_at(negated.start()), token_at(negated.end() - 1))
    return None


def _offer(kind: str, match: re.Match[str]) -> Offer | None:
    figures = tuple(Decimal(g) for g in match.groups() if g and re.fullmatch(r"\d+(?:\.\d+)?", g))
    if kind in {"percent", "percent_second"}:
        return Offer(kind, figures[:1]) if figures and 0 < figures[0] <= 100 else None
    if kind == "half_second":
        return Offer("percent_second", (Decimal(50),))
    if kind == "half":
        return Offer("percent", (Decimal(50),))
    if kind == "bogo":
        return Offer("n_for_m", (Decimal(2), Decimal(1)))
    if kind in {"n_for_m", "n_for_m_words"}:
        if len(figures) < 2 or not 1 <= figures[1] < figures[0] <= 48 or figures[0] - figures[1] > 6:
            return None
        return Offer("n_for_m", figures[:2])
    if kind == "plus_one":
        return Offer("n_for_m", (figures[0] + 1, figures[0])) if figures and 1 <= figures[0] <= 24 else None
    if kind == "loyalty":
        return Offer("loyalty", (figures[0] if figures else Decimal(10),))
    if kind == "combo":
        gift = _gift(match["gift"])
        return Offer("combo", (), gift) if gift else None
    gift = _gift(match["gift"])
    count = match["n"]
    if not count:
        bought = _BOUGHT.search(match.string[max(0, match.start() - 40) : match.start()])
        count = bought[1] if bought else "1"
    return Offer("gift", (Decimal(count),), gift) if gift else None


def _gift(words: str) -> str | None:
    """A gift's name as the offer stores it: the English word where there is one, else the user's words; None when the
    words are no gift."""
    words = re.sub(
        r"^(?:un|una|unos|unas|a|an|the|el|la|tus|your|some|your own) ", "", words.strip().replace(" - ", "-")
    )
    if not words or words in PESOS:
        return None
    for known in (*_ENGLISH_GIFT, *GIFTS):
        if re.match(rf"{known}s?\b", words):
            return _ENGLISH_GIFT.get(known, known)
    if words.split()[0] in _NO_GIFT or len(words.split()) > 3:
        return None
    return words
