"""What the numbers of a message are: a size, a price, or neither (a phone, a date, a stock, what a rival charges).

Works on the tokens of `numbers.tokenize`. A number counts as a size or a price only on evidence; where two readings are
left, the number is left out. Knows no catalogue.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rapidfuzz.distance import OSA

from slots.numbers import DOLLARS, LITRES, MILLILITRES, OUNCES, PESOS, Token
from slots.stopwords import COMMON, word_set
from slots.values import Money, Size

CORRECTIONS = frozenset(
    [
        "perdon",
        "mejor",
        "digo",
        "corrijo",
        "correccion",
        "corrige",
        "equivoque",
        "sorry",
        "actually",
        "meant",
        "correction",
        "rather",
        "instead",
        "oops",
        "sino",
        "espera",
        "wait",
        "ahora",
        "now",
        "cambia",
        "cambialo",
        "change",
        "make",
    ]
)
STOPS = frozenset(".;!?\n|•·")
_PACK_AFTER = word_set("pack packs pk pks ct count paquete")
_PACK_BEFORE = word_set("paquete paq paquetes pack packs caja cajas charola charolas case box bundle reja cartoncillo")
_PACK_LINK = word_set("de con of with x")
_PIECES = frozenset(
    [
        "lata",
        "latas",
        "latita",
        "latitas",
        "can",
        "cans",
        "botella",
        "botellas",
        "bottle",
        "bottles",
        "pieza",
        "piezas",
        "pzas",
        "pza",
        "pz",
        "unidades",
        "units",
        "piece",
        "pieces",
        "vidrios",
        "cartones",
        "refrescos",
        "sodas",
        "cocas",
        "cokes",
    ]
)
_COUNTED = word_set("""cajas cajitas piezas pzas unidades rejas tarimas charolas paquetes packs tiendas sucursales empleados personas
    gentes clientes invitados alumnos ninos mesas anos meses semanas dias horas hrs minutos min segundos km kms metros mts cm
    kg kilos kilo gramos gr grs g kcal calorias grados posters carteles copias imagenes fotos textos opciones versiones
    frases mensajes sabores puntos seguidores likes boletos cuadras camiones refrigeradores hieleras locales departamentos
    cuartos habitaciones pisos asistentes trabajadores comensales puestos vecinos familias hijos jugadores veces ventas
    cases boxes units pieces pallets crates stores locations branches employees people customers guests students kids
    tables years months weeks days hours hrs minutes mins seconds miles meters feet lbs pounds kilograms grams calories
    degrees copies pictures photos texts options versions flavors points followers tickets blocks trucks fridges rooms
    attendees workers players times sales percent screens words letters palabras lineas lines slots ideas
    cartons pm am h""") - frozenset({"packs", "cartons"})
_MONTHS = word_set("""enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene feb abr jun jul
    ago sep sept oct nov dic january february march april may june july august september october november december jan mar
    apr aug dec""")
_PHONE = word_set("telefono tel cel celular numero num whatsapp wasap whats wa phone number call llamame marcame "
                   "marquenme llamar text contacto contact marcar ext extension pin clave folio codigo sku id")  # fmt: skip
_ADDRESS = word_set("calle av avenida colonia col local num no # km cp c.p blvd boulevard carretera suite piso ruta "
                     "interior sucursal pagina page version lote street st ave row zona fraccionamiento")  # fmt: skip
_OLD = re.compile(
    r"\b(?:antes|antes (?:costaba|estaba|valia|era|lo|la)|costaba|valia|estaba (?:a|en)|era de|precio (?:normal|regular|anterior|de lista|viejo)"
    r"|normalmente|usualmente|regularmente|dije|habia dicho|habiamos dicho|puse|used to(?: be| cost| sell)?|it was|was|were|previously|formerly|normally|"
    r"usually|regular price|old price|list price|originally|i said|before it was|no longer|ya no(?: es| son| cuesta| vale| esta)?)\b[^.;!?\n]{0,24}$"
)
_NEW = re.compile(
    r"\b(?:ahora|now|hoy|today|pero|but|son|es|queda|quedo|nueva|nuevo|sale|mejor|sino|instead|rather|it's|is|meant|sera|baja|baje|bajo)\b"
)
_RIVAL = re.compile(
    r"\b(?:competencia|competidor(?:es)?|competitors?|competition|rivals?|vecino|vecina|de enfrente|otro lado|otros lados|otra tienda|otras tiendas|"
    r"otros|other stores?|other shops?|others|elsewhere|across the street|next door|neighbou?r|they|ellos|alla lo|alla la|el de junto|the guy|"
    r"(?:walmart|oxxo|soriana|heb|chedraui|costco|sam's|sams|aurrera|seven|7 eleven|target|kroger|bodega|super)(?: \w+)? (?:has|have|sells?|charges?|lo|la|los|las|esta|tiene|cuesta|da|dan|vende|venden))\b"
)
_OURS = re.compile(
    r"\b(?:nosotros|yo|aqui|aca|we|we're|i|i'm|i'll|ours|us|mine|mi precio|nuestro|our|nuestra|damos|doy|dejo|lets|let's)\b"
)
_COST = re.compile(
    r"\b(?:me cuesta(?:n)?|nos cuesta(?:n)?|me sale(?:n)?|me la[s]? dan|me lo[s]? dan|mi costo|costo de|el costo|costo unitario|costo|costs? me|costs? us|i pay|we pay|can pay|puedo pagar|podemos pagar|"
    r"pago|pagamos|compro|my cost|unit cost|cost price|cost|presupuesto|budget|inversion|invertir|gastar|gasto|spend|spent|meta|goal|target|ganancia|ganarle|ganar|"
    r"margen|margin|profit|utilidad|renta|sueldo|rent|salary|compra minima|compras (?:de|mayores|arriba)|minimo de|minimum|"
    r"importe|deposito|envase cuesta|deposit|iva|tax|envio|shipping|delivery|propina|tip|descuento de|ahorra|ahorras|ahorro|save|saves|savings|off|vendi|vendimos|vendemos como|sold)\b"
    r"(?: (?:a mi|de|a|en|como|of|is|es|about|around|me|us|unos|cada una|it at|them at|for it|for them|la caja|:|\$|\[|son|mas|up to|hasta|para|the|each)){0,4} ?$"
)
_CHANGE_BY = re.compile(
    r"\b(?:subele|sube|subir|bajale|baja|bajar|aumentale|aumenta|sumale|agregale|quitale|rebajale|rebaja|by|raise it|lower it|drop it|add)"
    r"(?: (?:unos|otros|another|like|como))?$"
)
"""What makes a number a change of the price, not the price."""
_PRICE_WORDS = word_set(
    "precio precios price priced prices cuesta cuestan vale valen costo cost costs costar costara tag precito preciecito tarifa pvp rsp srp msrp"
)
_PRICE_BEFORE = word_set("""a en por at for @ cuesta cuestan vale valen precio price priced sale salen queda quedan quedaria dejo dejar dejamos dejala dejalo
    dar doy damos dan daremos solo only just nomas apenas tan cost costs costing go going say sells sell vendo vende vendemos
    cobro cobramos charge charging hacemos cobrar to desde from x as = ahora now hoy pongo ponle ponlo ponla son es is be bajo bajamos
    down aproximadamente unos like""")
_STRONG_BEFORE = word_set(
    """cuesta cuestan vale valen precio price priced costs cost say @ cobro cobramos charge tag costar costara pvp cobrar"""
)
_SIZE_WORDS = word_set("tamano tamaño tam size volumen volume medida presentacion capacidad mililitros")
_EACH = word_set("c each cada apiece pza pieza unidad ea c/u unit per")
_DENIAL_SMALL = word_set(
    "es son era eran de a la el los las the it's is was $ en at in for por quiero un cuesta cuestan vale valen cost costs cobro"
)
_DOLLAR_SIGN = "$"


@dataclass(frozen=True)
class Amount:
    """A size or price with the tokens [first, last] that say it."""

    value: Size | Money
    first: int
    last: int
    score: int
    """3: unit or currency was said; 2: the words around say what it is; 1: only what is left over."""


@dataclass
class Amounts:
    """What was read: the best size and price, and all of them."""

    size: Amount | None = None
    price: Amount | None = None
    sizes: list[Amount] = field(default_factory=list)
    prices: list[Amount] = field(default_factory=list)
    ignored: set[int] = field(default_factory=set)
    """Tokens of numbers that are neither."""


_UNIT_WORDS = (
    "pesos",
    "pesitos",
    "dolares",
    "dollars",
    "litros",
    "liters",
    "mililitros",
    "milliliters",
    "onzas",
    "ounces",
    "litro",
    "liter",
)


def _unit(word: str) -> str:
    """A misspelt unit behind a number ("16 pezos", "2 litrs"), corrected; any other word as it is."""
    if len(word) < 4 or not word.isalpha() or word in _UNIT_WORDS or word in _COUNTED or word in COMMON:
        return word
    return next((unit for unit in _UNIT_WORDS if OSA.distance(word, unit, score_cutoff=1) <= 1), word)


class _Reader:
    def __init__(self, tokens: Sequence[Token], asking: str | None, taken: set[int], message: str) -> None:
        self.tokens, self.asking, self.message = tokens, asking, message
        self.used = set(taken)
        self.denied: set[str] = set()
        self.out = Amounts()
        self.text = [_unit(t.text) if k and tokens[k - 1].value is not None else t.text for k, t in enumerate(tokens)]
        self.starts: list[int] = []
        position = 0
        for word in self.text:
            self.starts.append(position)
            position += len(word) + 1
        self.joined = " ".join(self.text)
        words = set(self.text)
        self.dollars = (
            bool(words & DOLLARS or ({"us", "$"} <= words and "us$" in message.lower())) and not words & PESOS
        )

    # -- looking around ------------------------------------------------------------------------------------------------
    def word(self, i: int) -> str:
        return self.text[i] if 0 <= i < len(self.text) else ""

    def number(self, i: int) -> Decimal | None:
        return self.tokens[i].value if 0 <= i < len(self.tokens) and i not in self.used else None

    def before(self, i: int, characters: int = 90) -> str:
        """The folded text of the clause in front of token `i`."""
        end = self.starts[i]
        text = self.joined[max(0, end - characters) : end]
        for stop in (" . ", " ; ", " ? ", " ! ", " \n "):
            text = text.rsplit(stop, 1)[-1]
        return text

    def newline_before(self, i: int) -> bool:
        return i > 0 and "\n" in self.message[self.tokens[i - 1].end : self.tokens[i].start]

    def digits(self, i: int) -> str:
        return self.message[self.tokens[i].start : self.tokens[i].end]

    # -- what is no offer ----------------------------------------------------------------------------------------------
    def drop(self) -> None:
        for i, token in enumerate(self.tokens):
            if token.value is not None and i not in self.used and self.is_noise(i):
                self.used.add(i)
                self.out.ignored.add(i)
                if self.is_old(i, self.before(i)):
                    # another number of the same kind takes its place
                    kind = "size" if self.word(i + 1) in LITRES | MILLILITRES | OUNCES else "price"
                    self.denied.add(kind)

    def is_noise(self, i: int) -> bool:
        value, raw, after, prior = self.tokens[i].value, self.digits(i), self.word(i + 1), self.word(i - 1)
        if value is None:
            return False
        if (after in {"%", "por"} and (after == "%" or self.word(i + 2) == "ciento")) or after in {
            "percent",
            "porciento",
        }:
            return True
        if re.fullmatch(r"\+?\d{7,}", raw) and not (prior == _DOLLAR_SIGN or after in PESOS | DOLLARS):
            return True
        if self.in_phone(i):
            return True
        if after in _COUNTED and after not in LITRES and not (prior in _PACK_LINK and self.word(i - 2) in _PACK_BEFORE):
            pieces_price = after in {"piezas", "pzas", "pieces", "units", "unidades"} and self.word(i + 2) in {
                "por",
                "x",
                "for",
                "a",
                "en",
            }
            packed = after in _PIECES and (self.word(i + 2) in {"de", "of"} or pieces_price)
            return not (packed or pieces_price)
        if after in _MONTHS or (after in {"de", "of"} and self.word(i + 2) in _MONTHS):
            return True
        if prior in _MONTHS and value <= 31 and value == value.to_integral_value() and prior not in {"mar", "may"}:
            return True
        if (
            prior
            in {
                "lunes",
                "martes",
                "miercoles",
                "jueves",
                "viernes",
                "sabado",
                "domingo",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                "dia",
            }
            and value <= 31
        ):
            return True
        if after in {"th", "st", "nd", "rd", "°", "º", "ª"} or (after == "o" and self.glued(i)):
            return True
        if (
            1990 <= value <= 2039
            and (prior in {"de", "in", "del", "desde", "since", "año", "ano", "/", "-", "year"} or prior in _MONTHS)
            and after not in MILLILITRES
        ):
            return True
        if self.glued(i) and after == "/" and self.number(i + 2) is not None and self.is_date(i):
            return True
        if prior == "/" and i in self.out.ignored:
            return True
        if (
            after == ":"
            and self.glued(i)
            and len(self.digits(i + 2) if i + 2 < len(self.tokens) else "") == 2
            and value < 24
        ):
            self.out.ignored.add(i + 2)
            self.used.add(i + 2)
            return True
        if (
            prior in {"las", "la"}
            and self.word(i - 2) in {"a", "desde", "hasta"}
            and value <= 12
            and (self.word(i - 2) == "a" and after not in PESOS)
        ):
            return True
        if (prior in _ADDRESS and prior != "no") or prior == "#":
            return True
        if prior == "calle" or (
            self.word(i - 2) in {"calle", "av", "avenida", "blvd"}
            and prior not in {"a", "de", "por", "$"}
            and after not in PESOS
        ):
            return True
        if (
            after in {")", "."}
            and self.glued(i)
            and (i == 0 or self.newline_before(i))
            and value < 20
            and self.word(i + 2).isalpha()
            and "\n" in self.message
        ):
            return True
        behind = self.before(i)
        if self.is_hours(i, behind):
            return True
        if _CHANGE_BY.search(behind.rstrip(" $")) and after in PESOS | DOLLARS | {"mas", "more"}:
            return True
        if re.search(
            r"\b(?:tengo|quedan|llegaron|llegan|sobraron|quedaron|llevo|hay|somos|son como|vinieron|pedi|pedimos|have|left|got|sold|somos|edad|ages?|aged|under|menores de|mayores de|cumple|turning|turns) (?:unas |unos |como |about |around |over |only |solo )?$",
            behind,
        ) and after not in PESOS | DOLLARS | LITRES | MILLILITRES | OUNCES | {"pack", "$"}:
            return True
        if _COST.search(behind.rstrip(" $")) and not (self.asking == "price" and len(self.tokens) < 6):
            return not re.search(
                r"\b(?:el costo|costo|cost|costs)(?: (?:de|es|is|a|:|\$))* ?$", behind.rstrip(" $")
            ) or (
                bool(re.search(r"(?:mi|my|unit|unitario|me|us) ?(?:costo|cost|costs)?", behind[-14:]))
                and bool(re.search(r"\b(?:mi costo|my cost|unit cost|costo unitario|costs me|costs us)\b", behind))
            )
        return self.is_old(i, behind) or self.is_rival(behind)

    def glued(self, i: int) -> bool:
        return i + 1 < len(self.tokens) and self.tokens[i].end == self.tokens[i + 1].start

    def is_date(self, i: int) -> bool:
        a, b = self.tokens[i].value or 0, self.tokens[i + 2].value or 0
        year = self.word(i + 3) == "/"
        if (
            a <= 31
            and b <= 12
            and (
                year
                or (a > 9 and b > 9)
                or re.search(r"\b(?:el|del|al|on|until|hasta|desde|from|by|fecha|date)\b ?$", self.before(i))
            )
        ):
            for k in (i + 2, i + 4):
                if k < len(self.tokens) and self.tokens[k].value is not None and (k == i + 2 or year):
                    self.out.ignored.add(k)
                    self.used.add(k)
            return True
        return False

    def is_hours(self, i: int, behind: str) -> bool:
        """Opening hours: "abrimos de 8 a 10", "open from 9 to 6"."""
        value = self.tokens[i].value or Decimal(0)
        return value <= 24 and bool(
            re.search(
                r"\b(?:abrimos|abre|abierto|horario|cerramos|cierra|open|opens|hours|close|closes)\b[^,.;]{0,20}\b(?:a|de|at|from|to|las|-)(?: las)? ?$",
                behind,
            )
        )

    def in_phone(self, i: int) -> bool:
        """Whether a number stands in a run of digit groups that makes a phone, or right behind a word for one."""
        first = last = i
        while first >= 1 and self.links(first - 1, first):
            first -= 2 if self.word(first - 1) in {"-", ".", ")", "("} else 1
        while last + 1 < len(self.tokens) and self.links(last, last + 1):
            last += 2 if self.word(last + 1) in {"-", ".", ")", "("} else 1
        digits = sum(
            len(re.sub(r"\D", "", self.digits(k))) for k in range(first, last + 1) if self.tokens[k].value is not None
        )
        if digits >= 7 and last > first and not any(self.word(k) in LITRES | MILLILITRES for k in (last + 1,)):
            return True
        near = [self.word(k) for k in range(max(0, first - 4), first)]
        return bool(set(near) & _PHONE) and digits >= 4 and not set(near) & {"$", "a", "precio"}

    def links(self, a: int, b: int) -> bool:
        def plain_digits(k: int) -> bool:
            return (
                0 <= k < len(self.tokens)
                and self.tokens[k].value is not None
                and self.digits(k).isdigit()
                and len(self.digits(k)) >= 2
            )

        if plain_digits(a) and plain_digits(b):
            return True
        if self.word(b) in {"-", ".", ")", "("} and plain_digits(a) and plain_digits(b + 1):
            return True
        return self.word(a) in {"-", ".", ")", "("} and plain_digits(b) and plain_digits(a - 1)

    def is_old(self, i: int, behind: str) -> bool:
        match = _OLD.search(behind.rstrip(" $"))
        if not match:
            return False
        between = match[0]
        return not _NEW.search(
            re.sub(r"^(?:antes|ya no|it was|was|era|dije)\b(?: (?:era|es|son|was))?", "", between)
        ) and not re.search(r"\d", between)

    def is_rival(self, behind: str) -> bool:
        last = None
        for match in _RIVAL.finditer(behind):
            last = match
        if not last:
            return False
        tail = behind[last.end() :]
        return not _OURS.search(tail) and not re.search(r"\d.*(?:,| pero | but | y )", tail)

    # -- sizes ---------------------------------------------------------------------------------------------------------
    def negated(self, i: int, last: int | None = None) -> bool:
        """`not 2`, `no es 35`, `no de 600`, `instead of 2`, `en vez de 600`; `35 no` counts too."""
        k = i - 1
        while k >= 0 and self.text[k] in _DENIAL_SMALL:
            k -= 1
        if self.word(k) in {"no", "not", "sino", "isn't", "aren't"} and self.word(k) != "sino":
            return not (
                (self.word(k) == "no" and self.word(k + 1) in {"", ","}) or (k > 0 and self.word(k - 1) == "sino")
            )
        pair = f"{self.word(k)} {self.word(k + 1)}"
        if pair in {"instead of", "vez de", "lugar de"} or (
            self.word(k) in {"than", "instead"} and self.word(k + 1) == "of"
        ):
            return True
        end = i if last is None else last
        if self.word(end + 1) == "ya" and self.word(end + 2) == "no":
            return True
        return self.word(end + 1) == "no" and self.word(end + 2) in {",", ".", "", "mejor", ";"}

    def volume(self, i: int) -> tuple[Size, int] | None:
        """A number with its unit at token `i`: the size and its last token."""
        value = self.number(i)
        if value is None or value <= 0:
            return None
        k = i + 1
        if self.word(k) in {"-", "."}:
            k += 1
        if self.word(k) in {"fl", "fluid"}:
            k += 1 + (self.word(k + 1) == ".")
        unit = self.word(k)
        if unit in {"lit", "ltros", "litos", "lirtos", "lios"}:
            unit = "l"
        if unit in LITRES:
            return (Size(value, "L"), k) if value <= 50 else None
        if unit in MILLILITRES:
            return Size(value, "ml"), k
        if unit in OUNCES:
            return Size(value, "oz"), k
        return None

    def packs(self) -> None:
        for i in range(len(self.tokens)):
            value = self.number(i)
            if value is None or value != value.to_integral_value() or not 2 <= value <= 100:
                continue
            first, last = i, i
            after = self.word(i + 1) if self.word(i + 1) != "-" else self.word(i + 2)
            step = 1 + (self.word(i + 1) == "-")
            multi = self.word(i + 1) in {"x", "/", "×"} and i + 2 < len(self.tokens) and self.volume(i + 2)
            if after in _PACK_AFTER:
                last = i + step
            elif self.word(i - 1) in _PACK_LINK and self.word(i - 2) in _PACK_BEFORE:
                first = i - 2
            elif self.word(i - 1) in _PACK_BEFORE and self.word(i + 1) not in LITRES | MILLILITRES | OUNCES | PESOS:
                first = i - 1
            elif after in _PIECES and (
                self.word(i + step + 1) in _PACK_BEFORE
                or (
                    value in (4, 6, 8, 12, 18, 24, 30, 36)
                    and self.word(i + step + 1) in {"de", "of"}
                    and (self.number(i + step + 2) or 0) >= 100
                )
            ):
                last = i
            elif multi and value <= 48:
                size, end = multi
                self.put(self.out.sizes, Size(size.amount, size.unit, int(value)), i, end, 3)
                continue
            else:
                continue
            if self.negated(first):
                self.used.add(i)
                continue
            self.put(self.out.sizes, Size(None, "ml", int(value)), first, last, 3)

    def put(self, where: list[Amount], value: Size | Money, first: int, last: int, score: int) -> None:
        where.append(Amount(value, first, last, score))
        self.used |= {k for k in range(first, last + 1) if self.tokens[k].value is not None}

    def volumes(self) -> None:
        for i in range(len(self.tokens)):
            found = self.volume(i)
            if not found:
                continue
            size, last = found
            if self.negated(i, last):
                self.used.add(i)
                self.denied.add("size")
                continue
            pack = self.word(last + 1) in {"x", "×"} and self.number(last + 2)
            if (
                pack
                and 2 <= pack <= 48
                and self.word(last + 3) not in PESOS | {"$"}
                and self.word(last + 2) != "$"
                and pack in (4, 6, 8, 12, 18, 24, 30)
            ):
                self.put(self.out.sizes, Size(size.amount, size.unit, int(pack)), i, last + 2, 3)
            else:
                self.put(self.out.sizes, size, i, last, 3)

    # -- prices --------------------------------------------------------------------------------------------------------
    def money(self, i: int) -> tuple[Money, int, int, int] | None:
        """A number with a currency at token `i`: the price, first and last token, and how sure."""
        value = self.number(i)
        if value is None:
            return None
        first, last, currency, score = i, i, None, 0
        prior, after = self.word(i - 1), self.word(i + 1)
        if prior == _DOLLAR_SIGN:
            first, currency, score = i - 1, "MXN", 3
            if self.word(i - 2) in {"us", "usd", "u.s", "dls"}:
                first, currency = i - 2, "USD"
            elif self.word(i - 2) in {"mx", "mxn", "mex"}:
                first = i - 2
        elif prior in {"usd", "dlls"}:
            first, currency, score = i - 1, "USD", 3
        elif prior in {"mxn", "mx"}:
            first, currency, score = i - 1, "MXN", 3
        elif prior == "€" or after in {"€", "euro", "euros", "eur"}:
            currency, score = "EUR", 3
        k = i + 1
        next_price = self.number(k + 1) is not None and not (self.glued(i) and not self.glued(k))
        if self.word(k) == _DOLLAR_SIGN and score == 0 and not next_price:
            currency, score, last, k = "MXN", 3, k, k + 1
        if self.word(k) == "us" and self.word(k + 1) in DOLLARS:
            k += 1
        if self.word(k) in {"mexican", "m.n", "mn"} and self.word(k + 1) in PESOS:
            k += 1
        if self.word(k) in DOLLARS or (self.word(k) == "us" and score):
            currency, score, last = "USD", 3, k
        elif self.word(k) in PESOS or (self.word(k) == "mx" and score):
            currency, score, last = "MXN", 3, k
        elif self.word(k) in {"cents", "cent", "¢", "centavos"} and value < 100:
            dollars = self.word(k) in {"cents", "cent", "¢"} or "dolar" in self.word(k + 2)
            return Money(value / 100, "USD" if dollars else "MXN"), i, k, 3
        elif self.word(k) == "p" and score == 0 and value >= 3 and self.word(k + 1) not in {"m", ".", "'"}:
            currency, score, last = "MXN", 2, k
        if score == 0:
            return None
        if currency == "MXN" and self.dollars and self.word(last) not in PESOS and prior == _DOLLAR_SIGN:
            currency = "USD"
        return Money(value, currency or "MXN"), first, last, score

    def behind_pieces(self, i: int) -> int:
        """Behind a count, the token after "latas", "latas de monster" or a product's name; else the next token."""
        for k in range(i + 1, min(i + 6, len(self.tokens))):
            if not self.word(k).isalpha() or self.word(k) in {"x", "por", "for", "en"}:
                break
            following = self.word(k + 1)
            if (self.word(k) in _PIECES or k in self.products) and following in {"x", "por", "for", "en"}:
                return k + 1
        return i + 1

    def multibuys(self) -> None:
        for i in range(len(self.tokens)):
            count = self.number(i)
            if count is None or count != count.to_integral_value() or not 2 <= count <= 24:
                continue
            k = self.behind_pieces(i)
            link = self.word(k)
            if link not in {"x", "por", "for", "/", "×", "en"} or (k > i + 1 and link == "/"):
                continue
            k += 1
            while self.word(k) in {"$", "solo", "nomas", "only", "just", "mxn", "usd", "us"}:
                k += 1
            amount = self.number(k)
            if amount is None or k in self.out.ignored or self.volume(k):
                continue
            money = self.money(k)
            said = money is not None
            if not said and (amount < count or amount == 1 or (amount <= 6 and amount == amount.to_integral_value())):
                continue
            if not said and link in {"en", "/"} and amount < 10:
                continue
            if self.negated(i):
                self.used |= {i, k}
                continue
            price = money[0] if money else Money(amount, "USD" if self.dollars else "MXN")
            self.put(self.out.prices, Money(price.amount, price.currency, int(count)), i, money[2] if money else k, 3)

    def moneys(self) -> None:
        for i in range(len(self.tokens)):
            found = self.money(i)
            if not found:
                continue
            price, first, last, score = found
            if self.negated(first, last):
                self.used.add(i)
                self.denied.add("price")
                continue
            self.put(self.out.prices, price, first, last, score)

    # -- bare numbers --------------------------------------------------------------------------------------------------
    def bare(self) -> None:
        numbers = [i for i in range(len(self.tokens)) if self.number(i) is not None]
        for i in numbers:
            if self.negated(i):
                self.used.add(i)
        numbers = [i for i in numbers if i not in self.used and (self.number(i) or 0) > 0]
        has_price_word = bool(set(self.text) & _PRICE_WORDS)
        selling = has_price_word or bool(
            set(self.text) & {"sell", "sells", "selling", "vendo", "vende", "vendemos", "venden", "doy", "damos"}
        )
        for i in numbers:
            value = self.tokens[i].value or Decimal(0)
            prior, after = self.word(i - 1), self.word(i + 1)
            if self.asking == "price" and len(numbers) == 1 and not self.out.prices and prior not in {"de", "la"}:
                self.price(i, 2)
            elif (
                self.asking == "size"
                and len(numbers) == 1
                and self.size_of(value)
                and prior not in _STRONG_BEFORE | {"a"}
            ):
                self.size(i, 2)
            elif "size" in self.denied and not self.out.sizes and self.size_of(value):
                self.size(i, 2)
            elif "price" in self.denied and not self.out.prices:
                self.price(i, 2)
            elif self.is_litres(i, value):
                self.size(i, 2)
            elif prior in _STRONG_BEFORE or (
                self.word(i - 2) in _STRONG_BEFORE and prior in {"de", "a", "is", "es", ":", "en", "to", "son", "="}
            ):
                self.price(i, 2)
            elif (
                prior in {"de", "el", "la", "una", "size", "tamano", "presentacion", "medida", "the", "of", "in"}
                and self.size_of(value)
                and self.size_context(i)
            ) or (self.size_of(value) and self.size_named(i)):
                self.size(i, 2)
            elif (
                ((prior in _PRICE_BEFORE or (selling and prior in {"it's", "its"})) and self.price_context(i))
                or after in _EACH
                or (after == "la" and self.word(i + 2) in {"pieza", "unidad", "lata", "botella"})
            ):
                self.price(i, 2)
            elif self.size_of(value) and value >= 100 and not has_price_word:
                self.size(i, 1)
        left = [i for i in numbers if i not in self.used]
        if len(left) == 1 and not self.out.prices:
            i = left[0]
            value = self.tokens[i].value or Decimal(0)
            if has_price_word or (
                self.out.sizes
                and 3 <= value < 1000
                and (
                    self.word(i + 1) in {"", ",", ".", "y", "en", "para", "la", "el"}
                    and self.word(i - 1) not in {"de", "y", "tengo", "son"}
                )
            ):
                self.price(i, 1)

    def is_litres(self, i: int, value: Decimal) -> bool:
        """A broken number up to five that is no price: behind a product's name ("coca 1.5"), or in place of another size
        ("era de 2 litros, ya cambio a 1.75")."""
        if value > 5 or value == value.to_integral_value() or self.dollars or self.asking == "price":
            return False
        if i - 1 in self.products:
            return self.word(i + 1) not in PESOS
        litres = any(self.word(k + 1) in LITRES for k in self.out.ignored) or any(
            isinstance(a.value, Size) and a.value.unit == "L" for a in self.out.sizes
        )
        return litres and self.word(i - 1) in {"a", "de", "por", "to", "es"}

    def size_of(self, value: Decimal) -> Size | None:
        """A bare number as a size: 100 and more are millilitres, up to 5 litres."""
        if 100 <= value <= 3785 and value == value.to_integral_value():
            return Size(value, "ml")
        return Size(value, "L") if 0 < value <= 5 else None

    def size_context(self, i: int) -> bool:
        value, prior, after = self.tokens[i].value or Decimal(0), self.word(i - 1), self.word(i + 1)
        if prior in {"el", "la", "una", "the", "in"} and value < 100:
            return False
        if after in PESOS | {"$"} or (prior in {"el", "una"} and after in _COUNTED):
            return False
        if value < 100 and value == value.to_integral_value():
            # "la de 3", "coca de 2"; a small whole number behind another "de" is more often a count
            return (
                self.word(i - 2)
                in {"la", "las", "el", "una", "coca", "retornable", "vidrio", "plastico", "cola", "size"}
                or i - 2 in self.products
                or prior in {"size", "tamano"}
            ) and after not in _PIECES
        return True

    products: frozenset[int] = frozenset()

    def size_named(self, i: int) -> bool:
        """A word for size stands close in front, and none for price ("el tamano a 235", "change the size to 500")."""
        near = self.text[max(0, i - 5) : i]
        return bool(set(near) & _SIZE_WORDS) and not set(near) & _PRICE_WORDS

    def price_context(self, i: int) -> bool:
        """Whether a bare number behind `a`, `en`, `for`, ... ends its phrase, as a price does."""
        value, after = self.tokens[i].value or Decimal(0), self.word(i + 1)
        if after in {"-", "/", "x", ":", "h"} and self.glued(i):
            return after == "/"
        if after and after[0].isalpha() and after not in _ENDS:
            return False
        if value >= 1000 and self.word(i - 1) in {"es", "is", "be", "like", "unos"}:
            return False
        return not (self.word(i - 1) in {"en", "a", "to", "from", "desde"} and 1990 <= value <= 2039)

    def size(self, i: int, score: int) -> None:
        found = self.size_of(self.tokens[i].value or Decimal(0))
        if found:
            self.put(self.out.sizes, found, i, i, score)

    def price(self, i: int, score: int) -> None:
        value = self.tokens[i].value or Decimal(0)
        self.put(self.out.prices, Money(value, "USD" if self.dollars else "MXN"), i, i, score)

    # -- choosing ------------------------------------------------------------------------------------------------------
    def choose(self, found: list[Amount]) -> Amount | None:
        if not found:
            return None
        found.sort(key=lambda a: a.first)
        best = max(a.score for a in found)
        chosen = next(a for a in found if a.score == best)
        for later in found:
            if later.first > chosen.last:
                between = set(self.text[chosen.last + 1 : later.first])
                ranged = self.word(chosen.first - 1) in {"de", "from"} and self.word(later.first - 1) in {"a", "to"}
                question = "?" in between
                if between & CORRECTIONS or ranged or question or ("no" in between and later.score >= chosen.score):
                    chosen = later
        return chosen

    def best_size(self) -> Amount | None:
        packs = [a for a in self.out.sizes if isinstance(a.value, Size) and a.value.count > 1]
        volumes = [a for a in self.out.sizes if isinstance(a.value, Size) and a.value.count == 1]
        pack, volume = self.choose(packs), self.choose(volumes)
        if pack and volume and isinstance(pack.value, Size) and isinstance(volume.value, Size):
            if pack.value.amount is None:
                both = Size(volume.value.amount, volume.value.unit, pack.value.count)
                return Amount(both, min(pack.first, volume.first), max(pack.last, volume.last), pack.score)
            return pack
        return pack or volume


_ENDS = word_set("""y en para la el los las con c cada each por de del and for in at with per the a pza pieza ea nada que pero but on if porfa
    please gracias thanks mxn es is to una un apiece porque because si lo le ya hasta until mientras all todo toda este esta esa
    retornable vidrio lata plastico can glass plastic or o solo nomas only ok va bueno our my mi fria frio bien helada instead
    cerrados cerrado justos netos neto pelones flat even final not no mejor ahora now hoy today esos aqui cuando when from desde como as""")


def read_amounts(
    tokens: Sequence[Token], message: str, asking: str | None, taken: set[int], products: frozenset[int] = frozenset()
) -> Amounts:
    """Sizes and prices of a message.

    `message` is the text that `tokens` point into (NFC), `taken` are token positions that already mean something else
    (an offer's figures, "10 de mayo"), `products` the positions of product names.
    """
    reader = _Reader(tokens, asking, taken, message)
    reader.products = products
    reader.drop()
    reader.packs()
    reader.volumes()
    reader.multibuys()
    reader.moneys()
    reader.bare()
    out = reader.out
    out.size, out.price = reader.best_size(), reader.choose(out.prices)
    return out
