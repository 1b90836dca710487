"""What a phrase means in its sentence: whether "can" is a tin, "restaurant" a shop or a scene, "casa" a place at all.

Knows messages and their neighbours, not how values are chosen.
"""

import re

from slots.catalog import Catalog
from slots.lexicon import Entry, Find
from slots.message import Message
from slots.noise import PIECES
from slots.numbers import LITRES, PESOS
from slots.stopwords import word_set

_CAN_VERB_AFTER = word_set(
    "you u i we it they he she someone anyone this that be help make do get also not have see use put ur ya the go give show tell say find sell "
    "change add create come just only really always still please easily"
)
_CAN_VERB_BEFORE = word_set(
    "you u i we it they he she that which who how what where as people customers someone anyone nobody everyone everybody kids ppl"
)
_IN_PLACE = word_set("en at in inside por on dentro to near cerca hacia ambiente fondo escena tema")
_SHOP_BEFORE = word_set(
    "en el al la mi un una at the a our my para in nuestro del los de for su por to from un este inside on"
)
_NEEDS_PLACE = word_set(
    "casa home trabajo ciudad city centro colonia barrio cuadra plaza sala patio house town downtown centro river rio ranch "
    "cuarto balcon island isla sea neighborhood neighbourhood calle street avenida avenue library biblioteca"
)
_NEEDS_SHOP = word_set("super extra target regal bp website puesto puestito stall movies theater six cantina club")
_SCENE_BEFORE = word_set(
    """ambiente ambientado ambientada escena escenario fondo background setting scene tema theme estilo vibe vibra paisaje backdrop setup environment
    entorno gente amigos amigas familia familias jovenes pareja chavos personas alguien senoras morros people friends couple family folks
    someone crowd kids teens young grupo tomando disfrutando comiendo bebiendo cenando brindando drinking enjoying having eating
    celebrating saliendo salen salir sale vienen viniendo leaving coming going after despues sentados sentadas sitting show showing salga salgan aparezca aparezcan retrato imaginate mostrando donde imagine
    atmosphere mood inspirado inspired ubicado decorado"""
)
_SCENE_AFTER = word_set(
    "setting scene vibe vibes background atmosphere backdrop theme mood crowd ambience ambiance look feel environment style goers"
)
_SHOP_CLAIM = word_set(
    """vendo vende venden vendemos vender sell sells selling sold venta ventas disponible available tengo tenemos own owner run soy
    somos dueno duena negocio local trabajo atiendo mi my our nuestro nuestra client cliente chain cadena for para poner exhibidor
    pos punto sucursal anunciar i'm we're work"""
)
_DISTANCES = word_set("cuadras cuadra metros minutos km blocks block minutes miles meters")
_TRADE = word_set(
    "sell selling sold vender vendo vende venden venta buy compra comprar available disponible order pedidos promo store shop tienda"
)
_SENT_BEFORE = word_set(
    "adjunto adjunte mando mande envio envie attached attach sent send sending adjunta adjuntar enviar mandar pase upload subi"
)
_MESSAGE_VERBS = word_set(
    "manda mandame mandarme mandenme mandeme dejame deja envia enviame reply send leave drop shoot answer contesta"
)
_VALID = word_set(
    "vigencia vigente valido valida validez valid expires expira vence vencen termina ends caduca caducan"
)
_NAMED_FIELDS = word_set("agencia agency cliente client empresa company contacto contact")
_NAMED = word_set(
    "abarrotes distribuidora comercializadora hotel restaurante restaurant bar tienda miscelanea tiendita fonda taqueria "
    "cafeteria farmacia corporativo consultora marisqueria"
)
_PROPER_BEFORE = word_set("calle av avenida colonia col blvd plaza ciudad rio avenue st centro")


def _before(message: Message, find: Find, count: int) -> list[str]:
    """Up to `count` words in front of a phrase, within its clause."""
    words: list[str] = []
    i = find.first - 1
    while i >= 0 and len(words) < count:
        if message.word(i) in {".", ";", "!", "?"} or message.newline(i + 1):
            break
        words.append(message.word(i))
        i -= 1
    return words


def _alone(message: Message, find: Find) -> bool:
    """Whether a phrase is all or nearly all of a message."""
    content = [
        w
        for w in message.words
        if w.isalnum() and w not in {"el", "la", "un", "una", "the", "a", "en", "de", "in", "at", "pues", "es", "it's"}
    ]
    return len(content) <= find.length


def is_scene(message: Message, find: Find) -> bool:
    """Whether a place is where the picture plays (people drinking in a restaurant), not where the drink is sold."""
    if message.asking == "environment":
        return True
    if message.word(find.last + 1) in _SCENE_AFTER:
        return True
    words = _before(message, find, 9)
    if message.language and set(words[:2]) & {"foto", "imagen", "picture", "photo", "image", "pic"}:
        return True
    for word in words:
        if word in {",", ":"} and word != ":":
            continue
        if word in _SHOP_CLAIM and word not in {"for", "para"}:
            return False
        if word in _SCENE_BEFORE:
            return True
    return False


_OTHERS = r"(?:mi|mis|my|our|nuestr[oa]s?|su|the|el|la|un|una|an?|another|otra|otro|someone|alguien)"
_WORKERS = r"(?:(?!imagen|foto|dibujo|texto|picture|image|text|poster|cartel)\w+)"
_MAKES = r"(?:se encargan?|lo hacen?|las? hacen?|los hacen?|lo escriben?|los? disenan?|hacen?|escriben?|dibujan?|disenan?|ponen?|(?:is|are|will be) \w+ing|(?:va|van) a (?:hacer|disenar|escribir|dibujar|redactar|poner)|estan? \w+ndo|does|do|handles?|draws?|writes?|is doing|is writing|makes?|designs?|takes care|will do|did|hizo|escribio)"
_MADE_BEHIND = re.compile(
    rf"^(?: (?:me|nos|te|ya|already|that|,))* (?:{_MAKES}|(?:is|are|was) (?:handled|done|made|drawn|written|designed) by) {_OTHERS} {_WORKERS}\b"
)
_MADE_BEFORE = re.compile(
    rf"\b{_OTHERS} {_WORKERS} (?:ya |me |nos |already )*{_MAKES}(?: of)?(?: (?:el|la|los|las|the|all|our|mi|my))* ?$"
)
_HANDLED = re.compile(rf"^ (?:se encargan?|lo hacen?|la hacen?) {_OTHERS} {_WORKERS}\b")


def made_elsewhere(message: Message, find: Find) -> bool:
    """Whether a picture or a text is somebody else's work ("my nephew does the artwork", "el texto lo escribe mi tía")."""
    end = find.last + 1
    behind = " " + " ".join(message.words[end : end + 9])
    before = " ".join(message.words[max(0, find.first - 8) : find.first]) + " "
    return bool(_MADE_BEHIND.match(behind) or _HANDLED.match(behind) or _MADE_BEFORE.search(before))


def _chunk(message: Message, find: Find) -> str:
    return " ".join(message.words[find.first : find.last + 1])


def plausible(message: Message, find: Find, entry: Entry) -> bool:
    """Whether a phrase can stand for this value where it stands."""
    phrase, prior, after = _chunk(message, find), message.word(find.first - 1), message.word(find.last + 1)
    match entry.slot:
        case "packaging":
            return _packaging(message, find, phrase, prior, after)
        case "promotion":
            return _promotion(message, find, entry, phrase, prior, after)
        case "store":
            return _store(message, find, phrase, prior, after)
        case _:
            return _environment(message, find, phrase, prior, after)


def _packaging(message: Message, find: Find, phrase: str, prior: str, after: str) -> bool:
    if phrase == "can":
        if after in _CAN_VERB_AFTER or prior in _CAN_VERB_BEFORE:
            return False
        return not (find.first == 0 and len(message.words) > 3 and after not in {",", "of", "at", "and"})
    if phrase in {"lata", "latas"} and (
        prior in {"que", "dando", "dar", "doy", "mucha", "dan"}
        or message.words[max(0, find.first - 3) : find.first] in (("perdon", "por", "la"), ("disculpe", "la", ""))
    ):
        return False
    if phrase == "bote" and after == "de":
        return False
    if phrase in {"glass", "in glass", "plastic", "in plastic", "glasses"} and after in {
        "cup",
        "cups",
        "bag",
        "bags",
        "straw",
        "chairs",
        "tables",
        "door",
        "of",
        "full",
    }:
        return after == "of" and prior not in {"a", "free", "the"}
    if phrase in {"glass", "glasses"} and prior in {"free", "complimentary", "gift"}:
        return False
    if phrase in {"pet", "in pet"} and after in {"shop", "store", "friendly", "food", "dog", "cat"}:
        return False
    if phrase in {"carton", "de carton"} and prior in {"caja", "letrero", "display", "exhibidor", "vaso"}:
        return False
    return not (phrase in {"de cristal", "cristal"} and after == "clear")


def _promotion(message: Message, find: Find, entry: Entry, phrase: str, prior: str, after: str) -> bool:
    words = _before(message, find, 5)
    if entry.value == "both" and not set(phrase.split()) & {"imagen", "image", "texto", "text"}:
        others = any(
            e.slot == "promotion" and e.value != "both" for f in message.finds for e in f.entries if f is not find
        )
        if phrase in {"las 2", "los 2", "the 2"} and (
            message.asking in {"price", "size"} or after in {"de", "por", "x", "litros", "latas", "of"} or prior == "a"
        ):
            return False
        if phrase in {"ambos", "ambas", "both"} and after in {
            "sizes",
            "tamanos",
            "sabores",
            "flavors",
            "stores",
            "tiendas",
            "parents",
            "products",
            *PIECES,
        }:
            return False
        wanted = prior in {"me", "want", "need", "quiero", "hazme", "do", "dame", "necesito", "formato", "make", "us"}
        if phrase not in {"ambos", "ambas", "both", "las 2", "los 2"} or (wanted and "2" not in phrase):
            return True
        return (
            others
            or message.asking == "promotion"
            or len([w for w in message.words if w.isalnum()]) <= 6
            or phrase in {"las 2 cosas", "ambas cosas", "both things"}
        )
    if after in {"came", "turned", "looked", "salio", "salieron", "quedo", "quedaron"}:
        return False  # how an earlier one turned out
    if set(words) & _SENT_BEFORE and entry.value == "image":
        return False
    if entry.value == "image" and prior in {"la", "el", "the"} and message.word(find.first - 2) in {"en", "in"}:
        return False  # "in the picture" tells what it shows
    if entry.value == "image" and after in {"de", "of"} and prior in {"la", "una", "the", "a", "con", "with"}:
        # a photograph that is part of the scene: "the altar with the photo of grandma"
        lead = message.word(find.first - 2) if prior in {"la", "una", "the", "a"} else prior
        if (
            lead in {"con", "with"}
            and find.first > 2
            and not set(_before(message, find, 9)) & {"promo", "promocion", "anuncio", "ad", "texto", "text"}
        ):
            return False
    if phrase in {"mensaje", "mensajes", "message", "messages", "text", "un mensaje"}:
        if (
            set(words[:3]) & _MESSAGE_VERBS
            or after in {"al", "me", "us"}
            or (prior in {"por", "via"} and "dame" not in words)
        ):
            return False
        if phrase == "text" and (
            after in {"you", "him", "her", "them"} or (prior in {"to", "can", "will"} and after in {"me", "my", "the"})
        ):
            return False
    if (phrase == "words" and prior == "other") or (phrase in {"palabras", "unas palabras"} and prior == "otras"):
        return False
    if phrase in {"imagen", "image"} and (
        prior in {"buena", "mala", "brand", "self"}
        or (after in {"de"} and message.word(find.last + 2) in {"marca", "mi", "la"} and "mejorar" in words)
    ):
        return False
    if phrase in {"poster", "banner", "letrero"} and prior in {"junto", "otro", "viejo"}:
        return False
    if phrase in {"picture", "image"} and (after in {"this", "that"} or prior in {"big", "bigger"}):
        return False
    if phrase == "copy" and after in {"that", "this", "me"}:
        return False
    return not (phrase in {"leyenda", "el arte"} and after == "urbana")


def _store(message: Message, find: Find, phrase: str, prior: str, after: str) -> bool:
    words = _before(message, find, 6)
    if phrase in _NEEDS_SHOP and message.asking != "store" and not _alone(message, find) and prior not in _SHOP_BEFORE:
        return False
    if phrase in {"domino", "dominos"} and prior in {"de", "al", "jugando", "juegan", "playing", "play", "of"}:
        return False  # the game
    if phrase == "online" and message.asking != "store" and not set(message.words) & _TRADE:
        return False
    if _field(message, find):
        return False
    if prior in {"competencia", "contra", "against", "versus", "vs", "unlike"}:
        return False
    if _rival(message, find):
        return False
    near = " ".join(reversed(words[:4]))
    if set(words[:3]) & _DISTANCES:
        return message.asking == "store"
    if any(
        k in near
        for k in (
            "cerca d",
            "junto a",
            "near ",
            "next to",
            "enfrente d",
            "frente a",
            "across from",
            "a un lado d",
            "al lado d",
            "outside",
            "afuera d",
            "behind",
            "atras d",
            "pegado a",
            "by the",
        )
    ):
        return message.asking == "store" or bool({"mi", "my", "our", "nuestra", "nuestro"} & set(words[:2]))
    return not (phrase == "bar" and after in {"code", "chart"})


def _field(message: Message, find: Find) -> bool:
    """A field's name in a sheet ("tipo de tienda: bar"), not its value."""
    if message.word(find.last + 1) not in {":", "="} and not (
        message.word(find.last + 1) == "-" and message.word(find.first - 1) == "de"
    ):
        return False
    return _chunk(message, find) in {
        "tienda",
        "store",
        "shop",
        "tiendas",
        "stores",
        "negocio",
        "local",
    } and find.last + 2 < len(message.words)


def _rival(message: Message, find: Find) -> bool:
    """A shop named as the one that charges something else: "en el oxxo la dan a 22"."""
    window = message.words[find.last + 1 : find.last + 9]
    if not any(
        w in {"dan", "da", "venden", "tienen", "sells", "charges", "cuesta", "esta", "estan", "has", "sell", "charge"}
        for w in window[:4]
    ):
        return False
    if set(window[:3]) & {"we", "i", "yo", "nosotros", "donde", "where"}:
        return False  # "a taco stand is where we sell it"
    rest = message.words[find.last + 1 : find.last + 30]
    return any(
        w
        in {
            "yo",
            "nosotros",
            "aqui",
            "mi",
            "we",
            "i",
            "ours",
            "our",
            "mine",
            "mine's",
            "i'm",
            "i'd",
            "we're",
            "we'd",
            "nuestra",
            "mia",
        }
        for w in rest
    )


def _environment(message: Message, find: Find, phrase: str, prior: str, after: str) -> bool:
    if find.first and message.tokens[find.first - 1].value is not None and phrase in {"cuadra", "cuadras", "blocks"}:
        return False
    last = message.words[find.last] if message.words else ""
    if _in_date(message, find, phrase) or _in_name(message, find):
        return False
    if message.asking != "environment" and _whereabouts(message, find):
        return False
    asked = message.asking == "environment" or _alone(message, find)
    if phrase in _NEEDS_PLACE and not asked:
        skipped = prior in {"la", "el", "mi", "su", "tu", "una", "un", "the", "a", "my", "our", "city", "las", "los"}
        lead = message.word(find.first - 2) if skipped else prior
        if (lead not in _IN_PLACE and lead not in _SCENE_BEFORE | {"de"} | {"with"}) or (
            lead == "de" and phrase not in {"calle"}
        ):
            return False
    if phrase[:1].isdigit() and (
        prior in {"al", "hasta", "until", "through", "thru", "to", "-"} or set(_before(message, find, 6)) & _VALID
    ):
        return False
    if last in _PROPER_BEFORE and _capitalised(message, find.last + 1):
        return False
    if (
        last in {"calle", "avenida", "street"}
        and message.tokens
        and find.last + 2 < len(message.tokens)
        and any(t.value is not None for t in message.tokens[find.last + 1 : find.last + 3])
    ):
        return False
    if phrase in {"ciudad", "en la ciudad", "en ciudad", "centro", "colonia"} and after in {"de", "del"}:
        return False
    if phrase in {"home", "casa"} and prior in {"take", "your", "su", "tu", "a"} and not asked:
        return False
    if phrase in {"fiesta", "party"} and prior in {"third", "work"}:
        return False
    return not (phrase in {"santa", "con santa", "with santa"} and _capitalised(message, find.last + 1))


def _in_date(message: Message, find: Find, phrase: str) -> bool:
    """Whether "mar" is the month beside a day's number ("14 Mar", "mar. 14"), not the sea."""
    if phrase != "mar":
        return False
    k = find.first - 1 - (message.word(find.first - 1) in {"-", "/", "."})
    if k >= 0 and (day := message.tokens[k].value) is not None and 1 <= day <= 31:
        return True
    k = find.last + 1 + (message.word(find.last + 1) in {"-", "/", "."})
    day = message.tokens[k].value if k < len(message.tokens) else None
    fits = day is not None and 1 <= day <= 31 and message.word(find.first - 1) not in {"el", "al", "del", "the"}
    return fits and message.word(k + 1) not in LITRES | PESOS | PIECES


def _in_name(message: Message, find: Find) -> bool:
    """Whether a phrase is part of a business' name: capitalised words behind "Agencia", "Cliente:", "Restaurante"."""
    k, steps = find.first, 0
    while k > 0 and steps < 5 and _capitalised(message, k):
        k, steps = k - 1, steps + 1
        if message.word(k) in {"la", "el", "las", "los"} and message.text[message.tokens[k].start].isupper():
            # "Bar La Playa", "Restaurant El Parque"
            return message.word(k - 1) in _NAMED | _NAMED_FIELDS
        if message.word(k) in _NAMED_FIELDS or (message.word(k) in _NAMED and message.language == "es"):
            return True
        if message.word(k) == ":" and message.word(k - 1) in _NAMED_FIELDS:
            return True
        if message.word(k) in {"de", "del", "la", "el", "las", "los"} and _capitalised(message, k - 1):
            k -= 1
    return False


def _whereabouts(message: Message, find: Find) -> bool:
    """Where the user is right now ("I'm at the beach, call you later"), in a message without a drink."""
    if any(e.slot in {"product", "competitor"} for f in message.finds for e in f.entries):
        return False
    words = _before(message, find, 5)
    small = {
        "en",
        "at",
        "in",
        "on",
        "to",
        "a",
        "la",
        "el",
        "the",
        "mi",
        "my",
        "al",
        "saliendo",
        "still",
        "aqui",
        "de",
        "now",
        "right",
    }
    for word in words:
        if word in {"estoy", "ando", "voy", "vengo", "llegue", "sali", "i'm", "im", "estamos", "andamos", "vamos"}:
            return True
        if word not in small:
            return False
    return False


def _capitalised(message: Message, i: int) -> bool:
    """Whether the word at token `i` is written as a name in a message that otherwise is not all capitals."""
    if not 0 <= i < len(message.tokens) or message.word(i) in {"la", "el"}:
        return False
    token = message.tokens[i]
    return message.text[token.start].isupper() and not message.text[token.start : token.end].isupper()


_STORE_OF = {
    "school": "school cafeteria",
    "university": "school cafeteria",
    "restaurant": "restaurant",
    "gym": "gym",
    "street": "street stall",
}
_SCENE_OF = {"school cafeteria": "school", "restaurant": "restaurant", "taco stand": "restaurant", "pizzeria": "restaurant", "coffee shop": "restaurant",
             "gym": "gym", "bar": "party", "food truck": "street", "street stall": "street", "market stall": "street"}  # fmt: skip


def asked_elsewhere(message: Message, slots: dict[str, str], evidence: dict[str, str], catalog: Catalog) -> None:
    """A short answer to "which store?" that names a scene ("en una escuela") becomes the store that is its kind, and the
    other way round."""
    if (
        message.asking == "store"
        and {"store", "environment"} <= set(slots)
        and len(message.words) <= 8
        and slots["environment"][0].islower()
    ):
        # "a truck stop on the highway" answers the question about the store, and no other
        del slots["environment"]
        return
    other, mapping = {"store": ("environment", _STORE_OF), "environment": ("store", _SCENE_OF)}.get(
        message.asking or "", ("", {})
    )
    if not other or message.asking in slots or other not in slots or len(message.words) > 8 or len(slots) > 1:
        return
    target = mapping.get(slots[other])
    if target and message.asking:
        slots[message.asking] = target
        evidence[message.asking] = evidence.pop(other)
        del slots[other]
