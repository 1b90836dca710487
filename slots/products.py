"""Which product a message is about, and which flavour. Knows the catalogue; other slots are not its business."""

import re
from collections import Counter
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from slots.catalog import Catalog
from slots.lexicon import Find, phrase_stems, stem
from slots.message import Message
from slots.stopwords import COMMON, word_set

_ADJECTIVE_BEFORE = word_set(
    "bien muy mas tan super agua bebida siempre esta estan algo sea y rica tomar cerveza cosa comida fruta idea noche manana ropa toda idea tarde ambiente"
)
_PLACE_BEFORE = word_set(
    "colonia col calle av avenida san plaza ciudad rancho municipio fracc fraccionamiento hacienda residencial avenue hospital hotel parroquia iglesia plaza pueblo abarrotes tienda tiendita farmacia restaurante"
)
_SUGARLESS = re.compile(
    r"(?:, )?(?:but )?(?:(?:the|la|el|in|en|de|version) )*(?:sugar(?: -)? ?free|no(?: -)? sugar|sugarless|without sugar|zero sugar|sin azucar)\b"
)
_LISTING = word_set(", y e o and or & +")
_MAKING = word_set(
    "hace hacen embotella embotellan by produce fabrica distribuye makes bottles owns familia family portafolio grupo marca"
)
_QUALITIES = word_set("regular normal original clasica clasico classic plain traditional tradicional")
_RIVAL_FIELDS = word_set("competencia competitor rival competidor competitors")
_CORRECTING = word_set(
    "scratch scrap strike mean esperate mentira perdon mejor digo corrijo corrige equivoque sorry actually meant correction rather oops sino espera wait ahora now cambia cambialo change switch replace instead era quiero ponlo ponle make pon hazlo"
)
_OTHERS = {
    "fresca",
    "joya",
    "lift",
    "topo",
    "la light",
    "la zero",
    "monster",
    "delaware",
    "manzanita",
    "del valle",
    "santa clara",
}


@dataclass(frozen=True)
class ProductReading:
    """The product, all products that the message names, and the flavour."""

    value: str | None = None
    evidence: str = ""
    marked: bool = False
    all: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    variant: str | None = None
    variant_evidence: str = ""
    positions: frozenset[int] = field(default_factory=frozenset)
    """The last token of each product name."""


@dataclass(frozen=True)
class _Name:
    value: str
    first: int
    last: int
    find: Find
    marked: bool
    denied: bool


def read_product(message: Message, catalog: Catalog) -> ProductReading:
    """The product of a message: the named one, the last one after a correction; another company's drink as typed."""
    names = [n for find in message.finds if (n := _name(message, find, catalog))]
    names = _merged(message, names, catalog)
    if len({n.value for n in names}) > 1:
        # "la Fresca, de las que hace coca": the maker's name beside its product
        names = [n for n in names if not _is_maker(message, n)] or names
    said = [n for n in names if not n.denied]
    denied = tuple(dict.fromkeys(n.value for n in names if n.denied))
    if not said:
        variant, words = _variant(message, catalog, None, None)
        return ProductReading(denied=denied, variant=variant, variant_evidence=words)
    chosen = said[0]
    times = Counter(n.value for n in said)
    (most, count), *rest = times.most_common()
    if count > 1 and rest and rest[0][1] == 1 and said[-1].value == most:
        # "Sprite or Fanta? it's Fanta"
        chosen = said[-1]
        said = [n for n in said if n.value == most]
    mentioned = list(dict.fromkeys(n.value for n in said))
    for name in said[1:]:
        between = set(message.words[chosen.last + 1 : name.first])
        swapped = message.swapped(chosen.last, name.first, chosen.first)
        if name.value != chosen.value and (
            swapped or (between & _CORRECTING and not between & {"y", "and", "con", "with"})
        ):
            if chosen.value in mentioned:
                mentioned.remove(chosen.value)
            chosen = name
    if chosen.marked and not all(n.marked for n in said):
        # a rival named beside our own drink is a comparison
        chosen = next(n for n in said if not n.marked)
        mentioned = [n.value for n in said if not n.marked]
    elif not chosen.marked:
        ours = {n.value for n in said if not n.marked}
        mentioned = [m for m in mentioned if m in ours]
    mentioned = list(dict.fromkeys(mentioned))
    chosen = _flavoured(message, catalog, chosen)
    mentioned = [chosen.value if m == said[0].value and len(said) == 1 else m for m in mentioned]
    variant, words = _variant(message, catalog, chosen.value, chosen)
    value, last = chosen.value, chosen.last
    return ProductReading(
        value,
        message.evidence(chosen.first, last),
        chosen.marked,
        tuple(mentioned),
        denied,
        variant,
        words,
        frozenset(n.last for n in names),
    )


def _name(message: Message, find: Find, catalog: Catalog) -> _Name | None:
    product = next((e for e in find.entries if e.slot == "product"), None)
    rival = next((e for e in find.entries if e.slot == "competitor"), None)
    if not product and not rival:
        return None
    phrase = " ".join(message.words[find.first : find.last + 1])
    prior, after = message.word(find.first - 1), message.word(find.last + 1)
    if message.asking != "product":
        content = set(phrase.split()) - {"la", "el", "the", "one", "de", "siempre"}
        if message.asking and content and content <= _QUALITIES:
            return None  # "the regular one, 600" answers the question about the size
        if phrase in {"fresca", "frescas"} and not _is_fresca(message, find, prior, after):
            return None
        if (
            phrase in {"joya", "joyas"}
            and prior in {"una", "verdadera"}
            and message.word(find.first - 2) in {"es", "son", "sido"}
        ):
            return None
        if phrase == "lift" and (prior in {"a", "to", "need"} or after in {"weights", "the", "sales", "up"}):
            return None
        if phrase in {"monster", "delaware"} and (after in {"truck", "sale", "deal"} or prior == "in"):
            return None
        if phrase in {"la light", "light"} and len(message.words) > 12 and after in {"y", "del"}:
            return None
    if (
        product
        and prior in _PLACE_BEFORE
        and phrase in {"del valle", "santa clara", "delaware", "joya", "la joya", "ciel", "fresca"}
    ):
        return None
    if (
        product
        and phrase in {"del valle", "santa clara"}
        and prior in {"en", "in"}
        and message.asking != "product"
        and any(n for n in message.finds if n is not find and any(e.slot == "product" for e in n.entries))
    ):
        return None
    last = find.last
    if rival:
        if not find.exact and len(phrase) < 7:
            return None
        if prior in {"-", ":", "="} and message.word(find.first - 2) in _RIVAL_FIELDS:
            return None
        if (
            prior in {"que", "than", "contra", "against", "versus", "vs", "competencia", "como"}
            and message.asking != "product"
        ):
            return None
        last = _rival_tail(message, find.last, catalog)
        words = message.evidence(find.first, last)
        return _Name(words, find.first, last, find, True, message.negated(find.first, find.last))
    if product is None:
        return None
    return _Name(product.value, find.first, last, find, False, message.negated(find.first, find.last))


def _is_maker(message: Message, name: _Name) -> bool:
    """Whether a name stands for the company: "que hace coca", "by Coca-Cola", "the Coca-Cola company"."""
    prior = message.word(name.first - 1)
    if prior in {"la", "the"}:
        prior = message.word(name.first - 2)
    return prior in _MAKING or message.word(name.last + 1) in {"company", "compania", "femsa", "inc"}


def _is_fresca(message: Message, find: Find, prior: str, after: str) -> bool:
    """Fresca the drink, not "fresh": with an article or a promoting word in front, and no other drink beside it."""
    if prior in _ADJECTIVE_BEFORE and not _listed(message, find):
        return False
    if _listed(message, find) or message.language == "en":
        return True
    others = [f for f in message.finds if f is not find and any(e.slot == "product" for e in f.entries)]
    if others and any(
        f.last + 1 == find.first or (f.last + 2 == find.first and prior in {",", "bien"}) for f in others
    ):
        return False
    return not (others and message.word(find.first - 1) not in {"la", "de", "a", "por", "es"})


def _listed(message: Message, find: Find) -> bool:
    """Whether a name stands in a list of drinks: one right in front, or one right behind, with a comma, "y" or "o" between."""
    firsts, lasts = message.drinks
    front = find.first - 2 in lasts and message.word(find.first - 1) in _LISTING
    behind = find.last + 2 in firsts and message.word(find.last + 1) in _LISTING
    return behind or (front and message.word(find.first - 1) != ",")


def _rival_tail(message: Message, last: int, catalog: Catalog) -> int:
    """A flavour behind another company's name belongs to the name as typed ("Jarritos de tamarindo")."""
    flavours = {
        stem(w) for p in catalog.products.values() for f in p.flavours.values() for ws in f.words.values() for w in ws
    } | _FLAVOURS
    i = last + 1
    if message.word(i) in {"de", "sabor"}:
        i += 1
        if message.word(i) == "sabor":
            i += 1
    return i if stem(message.word(i)) in flavours else last


_FLAVOURS = {
    stem(w)
    for w in word_set(
        "tamarindo jamaica mandarina toronja limon fresa uva naranja pina mango guayaba manzana tutifruti durazno sangria light zero cherry lime orange grape mango strawberry tamarind pineapple hibiscus watermelon sandia coco coconut"
    )
}


def _merged(message: Message, names: list[_Name], catalog: Catalog) -> list[_Name]:
    """Names that stand side by side and tell one product: `sidral` `mundet` is one; `coca` ... `zero` was joined by the index."""
    out: list[_Name] = []
    for name in names:
        before = out[-1] if out else None
        if before and before.value == name.value and name.first <= before.last + 2:
            out[-1] = _Name(before.value, before.first, name.last, before.find, before.marked, before.denied)
            continue
        out.append(name)
    sugarless = {"Coca-Cola": "Coca-Cola Sin Azúcar", "Sprite": "Sprite Zero"}
    for i, name in enumerate(out):
        if name.value in sugarless:
            tail = message.words[name.last + 1 : name.last + 5]
            joined = _near_variant(tail)
            if joined:
                out[i] = _Name(
                    f"{name.value} Light" if joined == "light" else sugarless[name.value],
                    name.first,
                    name.last + (2 if joined == "sin azucar" else 1),
                    name.find,
                    False,
                    name.denied,
                )
                if out[i].value not in catalog.products:
                    out[i] = name
            elif (
                tail[:1] in (("zero",), ("cero",))
                or tail[:2] == ("sin", "azucar")
                or (tail[1:3] == ("sin", "azucar") and tail[0] in {",", "pero", "la"})
            ):
                out[i] = _Name(
                    sugarless[name.value],
                    name.first,
                    name.last + (2 if "azucar" in tail[:2] else 1),
                    name.find,
                    False,
                    name.denied,
                )
            elif name.value == "Coca-Cola" and tail[:1] in (("light",), ("dieta",)):
                out[i] = _Name("Coca-Cola Light", name.first, name.last + 1, name.find, False, name.denied)
            elif behind := _SUGARLESS.match(" ".join(message.words[name.last + 1 : name.last + 8])):
                last = name.last + 1 + behind[0].count(" ")
                out[i] = _Name(sugarless[name.value], name.first, last, name.find, False, name.denied)
    return out


def _near_variant(tail: tuple[str, ...]) -> str | None:
    """The sugarless or light sister that misspelt or joined words behind a name mean ("sinasucar", "ligth")."""
    word = tail[0] if tail else ""
    if word in {"light", "zero", "cero"} or not word.isalpha():
        return None
    if len(word) >= 7 and OSA.distance(word, "sinazucar") <= 2:
        return "sinazucar"
    if len(tail) > 1 and word in {"sin", "zin"} and tail[1] != "azucar" and OSA.distance(tail[1], "azucar") <= 2:
        return "sin azucar"
    if word[0] == "l" and word not in COMMON and (OSA.distance(word, "light") <= 1 or word == "lite"):
        return "light"
    if word == "sero" or (word[0] == "z" and len(word) > 2 and OSA.distance(word, "zero") <= 1):
        return "zero"
    return None


def _flavoured(message: Message, catalog: Catalog, name: _Name) -> _Name:
    """A product without flavours that is named with one is its flavoured sister ("topo de toronja")."""
    product = catalog.products.get(name.value)
    if not product or product.flavours:
        return name
    for sister in catalog.products.values():
        if sister.name != name.value and sister.name.startswith(f"{name.value} ") and sister.flavours:
            variant, words = _variant(message, catalog, sister.name, name)
            behind = message.words[name.last + 1 : name.last + 3]
            if variant and (
                behind[:1] in (("de",), ("sabor",))
                or message.evidence(name.last + 1, name.last + 1) == words.split()[0]
            ):
                return _Name(sister.name, name.first, name.last, name.find, False, name.denied)
    return name


def _variant(message: Message, catalog: Catalog, value: str | None, name: _Name | None) -> tuple[str | None, str]:
    """The flavour of the product, when the message says one that the catalogue lists for it."""
    product = catalog.products.get(value or "")
    if not product or not name:
        return None, ""
    stems = [stem(w) for w in message.words]
    best: tuple[int, int, int, str] | None = None
    for flavour in product.flavours.values():
        for words in {w for ws in flavour.words.values() for w in ws}:
            parts = phrase_stems(words)
            for i in range(len(stems) - len(parts) + 1):
                if tuple(stems[i : i + len(parts)]) != parts or message.negated(i, i + len(parts) - 1):
                    continue
                distance = min(abs(i - name.last), abs(name.first - i - len(parts) + 1))
                if distance > 6:
                    continue
                candidate = (-len(parts), distance, i, flavour.name)
                if best is None or candidate < best:
                    best = candidate
    if best is None:
        return None, ""
    return best[3], message.evidence(best[2], best[2] - best[0] - 1)
