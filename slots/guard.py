"""What the assistant declines, asks about or remarks on: drinks with alcohol, things that are no drink, offensive names,
absurd prices, contradictions, sizes that the catalogue does not know, sugary drinks in schools, advertising to children.

Knows messages, briefs and the catalogue; no wording (that is `replies`), only the words of the user that are meant and
the source of a rule.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from slots.brief import Brief
from slots.catalog import Catalog
from slots.message import MAX_CHARACTERS, Message
from slots.numbers import fold
from slots.values import Money, Size

if TYPE_CHECKING:
    from slots.rules import Reading

Severity = Literal["decline", "question", "note"]
CODES = (
    "alcohol", "not_a_drink", "offensive", "children", "school_sugar", "competitor", "absurd_price", "negative_price",
    "contradiction", "unknown_size", "unknown_packaging", "several_products", "too_long",
)  # fmt: skip

SOURCES = {
    "school_sugar": "Ley General de Educación, art. 75 Bis, y lineamientos en vigor desde 2025-03-29",
    "children": "Reglamento de la Ley General de Salud en Materia de Publicidad, art. 24 Bis",
}
"""Where a note's rule can be read (information, not legal advice)."""

LONG = 4000
"""A message of more characters is read, but the model sees only its start."""
HIGHEST_PRICE = {"MXN": Decimal(5000), "USD": Decimal(300)}
LOWEST_PRICE = {"MXN": Decimal(1), "USD": Decimal("0.05")}
"""Of one piece of a drink, in its currency; outside it the price is asked about."""


@dataclass(frozen=True)
class Notice:
    """`words` are the user's own (or the value meant); `source` is the law or norm behind a note."""

    code: str
    severity: Severity
    slot: str | None
    words: str
    source: str = ""


_ALCOHOL = re.compile(
    r"\b(?:cervezas?|chelas?|cheves?|caguamas?|tequilas?|mezcal(?:es)?|vodka|whisk?e?y|ron|brandy|ginebra|vinos? (?:tinto|blanco|rosado|espumoso)|vino|vinos|champ(?:an|ana|agne)|"
    r"sidra con alcohol|pulque|sotol|bacanora|micheladas?|cubas?|margaritas?|mojitos?|cocteles? con alcohol|licor(?:es)?|aguardiente|beers?|wines?|rum|gin|"
    r"liquor|hard seltzers?|cocktails?|corona extra|cerveza corona|tecate|modelo especial|heineken|xx lager|dos equis|bud ?light|budweiser|victoria cerveza|indio cerveza|"
    r"carta blanca|bacardi|jose cuervo|don julio|jack daniels?|smirnoff|absolut|johnnie walker|topo chico hard|jack and coke|new mix|caribe cooler|four loko|bohemia|estrella jalisco)\b"
)
_SPIRITS = re.compile(
    r"tequilas?|mezcal(?:es)?|vodka|whisk?e?y|ron|brandy|ginebra|rum|gin|bacardi|don julio|jack daniels?|smirnoff|absolut|johnnie walker|aguardiente"
)
_MIXED = re.compile(
    r"\b(?:coca|cola|coke|sprite|fanta|fresca|chico|zero|light|diet|azucar|soda|refresco|lift|mundet) (?:con|with|mezclad[ao]s? con|mixed with)(?: (?:un poco de|un chorrito de|tantito|a shot of|some|your))? $"
)
"""One of our drinks as the mixer of a spirit: "coca con ron"."""
_NO_DRINK = re.compile(
    r"\b(?:zapatos?|tenis|pantalon(?:es)?|camisas?|celulares|telefonos|iphones?|televisores?|laptops?|computadoras?|coches?|carros?|motos?|bicicletas?|muebles?|sillas?|"
    r"detergente|jabon(?:es)?|shampoo|champu|cigarros?|cigarrillos|marihuana|drogas?|medicinas?|aspirinas?|pañales|panales|juguetes?|galletas|papas fritas|sabritas|"
    r"chicles|pan bimbo|tortillas|huevos?|carne molida|pollo rostizado|ropa|perfumes?|libros?|boletos|casas? en venta|departamentos? en renta|gasolina premium|llantas?|"
    r"shoes|sneakers|pants|shirts|phones|tvs?|laptops|computers|cars|motorcycles|bikes|furniture|chairs|detergent|soap|cigarettes|weed|marijuana|drugs|medicine|diapers|toys|"
    r"cookies|potato chips|doritos|gum|eggs|clothes|books|tickets|tires|guns?|pistolas?|armas?|vapes?|cocaina|cocaine|viagra|hamburguesas?|burgers?|pizzas?|tacos|tortas?|sandwiches|donas|pasteles?|cakes?)\b"
)
_SELLING = re.compile(
    r"\b(?:vender|vendo|vendemos|promocionar|promociona|promocion|promo|anunciar|anuncio|anuncia|publicidad|cartel|poster|imagen|texto|oferta|hazme|haz|quiero|necesito|crea|"
    r"sell|selling|promote|promotion|advertise|ad|advertising|image|text|make|create|need|want)(?: (?:a|an|the|un|una|el|la|los|las|de|del|para|for|of|mis|mi|my|our|unos|unas|some|"
    r"promocion|promo|anuncio|ad|cartel|poster|imagen|texto|image|text|sobre|about|vender|promocionar|anunciar|sell|promote|advertise|hacer|make|to|y|and))* ?$"
)
_OFFENSIVE = re.compile(
    r"\b(?:put[oa]s?|pinch[ei]s?|pendej[oa]s?|chinga\w*|verga\w*|culer[oa]s?|culos?|mierdas?|cabron(?:es|a)?|joto?s|maric(?:a|as|on|ones)|mamon(?:es|a)?|nazis?|hitler|perras? de|zorras?|"
    r"fuck\w*|shit\w*|bitch\w*|assholes?|cunts?|dicks?|niggers?|faggots?|retards?|whores?|sluts?|nigga|naco de mierda|negros? de|indios? (?:patarajada|de mierda)|violar|rape|terroris\w+)\b"
)
_CHILDREN = re.compile(
    r"(?:\b(?:para|dirigid[oa] a|enfocad[oa] a|pensad[oa] para|que les guste a|target(?:ed)?(?: at| to| to)?|aimed at|for|appeal to|appeals to|attract|atraer a|llame la atencion de|made for)"
    r"(?: (?:los|las|l@s|the|our|mis|unos|little|small|young|very|mas|a|un|publico de|publico))* (?:nin[oa]s?|ninit[oa]s|chiquit[oa]s|chiquillos|pequen(?:os|itos)|peques|bebes?|toddlers?|kids|children|"
    r"kindergartners?|preschoolers?|babies|kinder|preescolar(?:es)?)\b)|\b(?:publico infantil|mercado infantil|ninos (?:de|menores de) (?:[1-9]|1[0-2])\b|kids under (?:[1-9]|1[0-3])\b|children under|menores de (?:[1-9]|1[0-3]) anos)|"
    r"\b(?:con|with|featuring|using) (?:[\w' ]{0,20})?(?:mickey|elsa|frozen|peppa|paw patrol|bluey|pokemon|spiderman|bob esponja|spongebob|minions?|caricaturas|cartoon characters?|superheroes)\b"
)


def review_message(
    text: str, catalog: Catalog, *, reading: "Reading | None" = None, slots: dict[str, str] | None = None
) -> tuple[Notice, ...]:
    """What a raw message asks for that is declined, asked about or noted. `reading` spares reading it again."""
    if reading is None:
        from slots.rules import read

        message = Message.read(text, None, catalog)
        reading = read(message, catalog)
        slots = reading.slots
    slots = slots or {}
    folded = " ".join(word[:60] for word in fold(text[:MAX_CHARACTERS]).split())
    notices: list[Notice] = []
    if len(text) > LONG:
        notices.append(Notice("too_long", "note", None, f"{len(text)} > {LONG}"))
    offensive = _offensive(folded)
    if offensive:
        notices.append(Notice("offensive", "decline", "product", offensive))
    known = slots.get("product") in catalog.products
    drinks = () if _without_alcohol(folded) else _ALCOHOL.finditer(folded)
    alcohol = next((m for m in drinks if _is_the_product(folded, m, known)), None)
    if alcohol:
        notices.append(Notice("alcohol", "decline", "product", alcohol[0]))
    elif not slots.get("product"):
        thing = next((m for m in _NO_DRINK.finditer(folded) if _SELLING.search(folded[: m.start()])), None)
        if thing:
            notices.append(Notice("not_a_drink", "decline", "product", thing[0]))
    if slots.get("product") and not known:
        notices.append(Notice("competitor", "note", "product", slots["product"]))
    children = _CHILDREN.search(folded)
    if children:
        notices.append(Notice("children", "note", None, children[0], SOURCES["children"]))
    if "price" in slots:
        words = reading.evidence.get("price", slots["price"])
        if slots["price"].startswith("-"):
            notices.append(Notice("negative_price", "question", "price", words))
        else:
            notices += _price(Money.parse(slots["price"]), words)
    if reading.contradiction:
        notices.append(Notice("contradiction", "question", "packaging", reading.evidence.get("contradiction", "")))
    if len(reading.products) > 1:
        notices.append(Notice("several_products", "question", "product", ", ".join(reading.products)))
    return tuple(notices)


def _offensive(folded: str) -> str | None:
    match = _OFFENSIVE.search(folded)
    return match[0] if match else None


def _without_alcohol(folded: str) -> bool:
    return bool(re.search(r"\b(?:sin alcohol|alcohol[- ]free|non[- ]alcoholic|root beer|ginger beer)\b", folded))


def _is_the_product(folded: str, match: re.Match[str], known: bool) -> bool:
    """Alcohol is the thing promoted, not a word beside one of our drinks ("no vendemos cerveza", "en la cervecería")."""
    before = folded[max(0, match.start() - 30) : match.start()]
    if re.search(
        r"\b(?:no|sin|not|without|en vez de|instead of|ni|tipo|depósito de|deposito de|nada de|no vendo|no vendemos)(?: (?:de|la|el|es|vendemos|vendo|quiero|any|is|sell|do|we))* ?$",
        before,
    ):
        return False
    beside = r"\b(?:with|con|also|tambien|aparte|ademas|don|dona|senora|pair it|bar de|next to|junto a)(?: (?:una?|unas|unos|a|an|some|la|el|the))? ?$"
    if not known and (re.search(beside, before) or re.match(r" (?:bar|house|hall|garden)\b", folded[match.end() :])):
        return False
    if not known:
        return True
    if _SPIRITS.fullmatch(match[0]) and _MIXED.search(before):
        return True
    return bool(re.search(r"\b(?:y|con|and|with|\+|mas|plus) (?:una |un |unas |a |some )?$", before)) and bool(
        re.search(r"\b(?:promo\w*|combo|paquete|cubas?|jack and coke)\b", folded)
    )


def _price(money: Money, words: str) -> list[Notice]:
    unit = money.unit
    if unit < 0:
        return [Notice("negative_price", "question", "price", words)]
    highest = HIGHEST_PRICE.get(money.currency, HIGHEST_PRICE["MXN"])
    if unit < LOWEST_PRICE.get(money.currency, Decimal("0.05")) or unit > highest:
        return [Notice("absurd_price", "question", "price", words)]
    return []


def review_brief(brief: Brief, catalog: Catalog) -> tuple[Notice, ...]:
    """What a whole brief gives rise to: notes with their source, and questions about what the catalogue does not know."""
    notices: list[Notice] = []
    own = (brief.product, brief.terms, brief.variant, brief.store, brief.environment, brief.offer and brief.offer.words)
    offensive = next((w for w in own if w and _offensive(fold(w))), None)
    if offensive:
        notices.append(Notice("offensive", "decline", "product", offensive))
    product = catalog.products.get(brief.product)
    if product is None:
        folded = fold(brief.product)
        if _ALCOHOL.search(folded) and not _without_alcohol(folded):
            notices.append(Notice("alcohol", "decline", "product", brief.product))
        elif not offensive:
            notices.append(Notice("competitor", "note", "product", brief.product))
    else:
        if product.sugary and (brief.environment == "school" or brief.store == "school cafeteria"):
            where = "environment" if brief.environment == "school" else "store"
            notices.append(Notice("school_sugar", "note", where, product.name, SOURCES["school_sugar"]))
        notices += _coherence(brief, catalog)
    if brief.price is not None:
        notices += _price(brief.price, str(brief.price))
    return tuple(notices)


def _coherence(brief: Brief, catalog: Catalog) -> list[Notice]:
    """Size and packaging against what the catalogue lists: an unknown one is a question, an unlisted pair a note."""
    product = catalog.products[brief.product]
    notices: list[Notice] = []
    known_packaging = brief.packaging in product.packagings()
    if brief.packaging and not known_packaging:
        notices.append(Notice("unknown_packaging", "question", "packaging", brief.packaging))
    if brief.size is not None and brief.size.amount is not None:
        if not any(_same(brief.size, s) for s in product.sizes()):
            notices.append(Notice("unknown_size", "question", "size", str(brief.size)))
        elif (
            brief.packaging
            and known_packaging
            and not any(_same(brief.size, s) for s in product.sizes(brief.packaging))
        ):
            notices.append(Notice("unknown_size", "note", "size", f"{brief.size}, {brief.packaging}"))
    return notices


def _same(size: Size, listed: Size) -> bool:
    """The same volume, ounces against millilitres within 2 %."""
    a, b = size.millilitres, listed.millilitres
    return a is not None and b is not None and abs(a - b) <= 0.02 * b
