"""Numbers of a message that are neither size nor price: phones, dates, stocks, what a rival charges, what it used to cost.

`Sentence` looks around a number; the readers of sizes and prices (`measures`, `amounts`) build on it. Knows no catalogue.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from rapidfuzz.distance import OSA

from slots.numbers import DOLLARS, LITRES, MILLILITRES, OUNCES, PESOS, Token
from slots.stopwords import COMMON, word_set

PACK_BEFORE = word_set(
    "multiempaque multipack tray rejas paquete paq paquetes pack packs caja cajas charola charolas case box bundle reja cartoncillo"
)
PACK_LINK = word_set("de con of with x")
PIECES = word_set(
    "lata latas latita latitas can cans botella botellas bottle bottles pieza piezas pzas pza pz unidades units piece pieces vidrios cartones refrescos sodas cocas cokes"
)
COUNTED = word_set("""cajas cajitas piezas pzas unidades rejas tarimas charolas paquetes packs tiendas sucursales empleados personas
    gentes clientes invitados alumnos ninos mesas anos meses semanas dias horas hrs minutos min segundos km kms metros mts cm
    kg kilos kilo gramos gr grs g kcal calorias grados posters carteles copias imagenes fotos textos opciones versiones
    frases mensajes sabores puntos seguidores likes boletos cuadras camiones refrigeradores hieleras locales departamentos
    cuartos habitaciones pisos asistentes trabajadores comensales puestos vecinos familias hijos jugadores veces ventas
    cases boxes units pieces pallets crates stores locations branches employees people customers guests students kids
    tables years months weeks days hours hrs minutes mins seconds miles meters feet lbs pounds kilograms grams calories
    degrees copies pictures photos texts options versions flavors points followers tickets blocks trucks fridges rooms
    attendees workers players times sales percent screens words letters palabras lineas lines slots ideas
    cartons pm am h""") - frozenset({"packs", "cartons"})
MAX_NUMBERS = 60
"""Numbers behind so many others are left out, so that time stays bounded."""
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
    r"\b(?:(?:me|nos) (?:las?|los?) (?:surten|venden|dejan|traen|ponen|cobran|entregan)|(?:las?|los?) compr(?:o|amos)|(?:i|we) buy (?:it|them)|"
    r"(?:my |our |the )?(?:supplier|distributor) (?:charges|asks|wants|gives)(?: me| us)?|(?:el |mi )?(?:proveedor|distribuidor)(?: me| nos)?(?: (?:la|lo|las|los))? (?:da|deja|cobra|pide|vende)|"
    r"me cuesta(?:n)?|nos cuesta(?:n)?|me sale(?:n)?|me la[s]? dan|me lo[s]? dan|mi costo|costo de|el costo|costo unitario|costo|costs? me|costs? us|i pay|we pay|can pay|puedo pagar|podemos pagar|"
    r"pago|pagamos|compro|my cost|unit cost|cost price|cost|presupuesto|budget|inversion|invertir|gastar|gasto|spend|spent|meta|goal|target|ganancia|ganarle|ganar|"
    r"(?:ticket|average) (?:promedio|medio|spend|basket)|average ticket|ticket|average sale|venta promedio|sueldo|wage|fine|multa|"
    r"margen|margin|profit|utilidad|renta|sueldo|rent|salary|compra minima|compras (?:de|mayores|arriba)|minimo de|minimum|"
    r"importe|deposito|envase cuesta|deposit|iva|tax|envio|shipping|delivery|propina|tip|descuento de|ahorra|ahorras|ahorro|save|saves|savings|off|vendi|vendimos|vendemos como|facturamos|ventas? (?:fue|fueron|era|eran)|sold)\b"
    r"(?: (?:a mi|de|a|en|como|of|is|es|about|around|me|us|unos|cada una|it at|them at|for it|for them|la caja|:|\$|\[|son|mas|up to|hasta|para|the|each)){0,4} ?$"
)
_DEAR = re.compile(
    r"(?:pesos |mxn |dollars )?(?:es|is|esta|it's|se me hace|seems|sounds) (?:muy |too |bien |demasiado |re |so )?(?:caro|carisimo|cara|expensive|mucho|barato|poco|cheap|high|low)\b"
)
"""What makes a number the price that the user turns down ("18 es caro")."""
_PERIOD = re.compile(
    r"(?:pesos |mxn |dollars |usd )?(?:al mes|por mes|mensual(?:es)?|al ano|anual(?:es)?|a la semana|semanal(?:es)?|por hora|al dia|per month|a month|monthly|per year|a year|a week|per hour|an hour|a day)\b"
)
_OTHERWISE_SPENT = re.compile(
    r"(?:pesos |mxn |dollars |usd |bucks )?(?:de |of |in |en |para |as )?(?:el |la |mi |my |our |the )?(?:presupuesto|budget|inversion|investment|profit|ganancia|utilidad|deposito|deposit|propina|"
    r"sueldo|renta|rent|deuda|debt|ticket|multa|cambio|change|iva|tax)\b"
)
"""What makes the number in front of it money that is not asked for a drink ("2,500 dollars of budget")."""
_STAFF = re.compile(
    r"\b(?:staff|employees|empleados|empleadas|el personal|trabajadores|colaboradores)\b(?: \w+){0,3}(?: \$)? ?$"
)
"""Who pays less than the public does."""
_PAID = re.compile(
    r"(?:\b(?:transferencia|transferencias|transfer|factura|facturas|invoice|invoices|abono|adeudo|deuda|debt|saldo|payment|prestamo|loan|recibo|receipt|cheque|nomina|payroll)\b"
    r"(?: (?:for|de|por|of|fue|es|was|is))+"
    r"|\b(?:i|we|he|she|they|already) (?:paid|transferred|wired|deposited|owe)(?: (?:you|them|him|her|the|it))*"
    r"|\b(?:pague|pagamos|transferi|transferimos|deposite|depositamos|(?:te|le|les|me|nos) deb(?:o|e|en|es|emos))(?: (?:ya|los|las|unos|como))*) ?$"
)
"""What makes a number money that changed hands or is owed, not what a drink costs."""
_FIELDS = word_set(
    """edad age target version ruta route ref referencia reference po factura invoice inventario inventory stock code codigo piezas pieces
    units campana campaign region contacto contact vigencia valid horario hours id folio cliente customer competencia competitor presupuesto
    budget margen margin compra purchase pedido order pagina page semana week poblacion descuento"""
)
_CHANGE_BY = re.compile(
    r"\b(?:subele|sube|subir|bajale|baja|bajar|aumentale|aumenta|sumale|agregale|quitale|rebajale|rebaja|by|raise it|lower it|drop it|add)"
    r"(?: (?:unos|otros|another|like|como))?$"
)
"""What makes a number a change of the price, not the price."""
_DENIAL_SMALL = word_set(
    "es son era eran de a la el los las the it's is was $ mx mxn us usd en at in for por quiero un cuesta cuestan vale valen cost costs cobro"
)
DOLLAR_SIGN = "$"


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
    if len(word) < 4 or not word.isalpha() or word in _UNIT_WORDS or word in COUNTED or word in COMMON:
        return word
    return next((unit for unit in _UNIT_WORDS if OSA.distance(word, unit, score_cutoff=1) <= 1), word)


class Sentence:
    """A message's tokens, with those that already mean something marked as used."""

    def __init__(
        self,
        tokens: Sequence[Token],
        message: str,
        asking: str | None,
        taken: set[int],
        rivals: frozenset[int] = frozenset(),
    ) -> None:
        self.tokens, self.message, self.asking = tokens, message, asking
        self.rivals = rivals
        """Where another company's drink is named beside one of ours."""
        self.used = set(taken)
        self.denied: set[str] = set()
        self.denials: dict[int, str] = {}
        """The last token of a denied amount, and whether it was a size or a price."""
        self.ignored: set[int] = set()
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
        numbers = [i for i, token in enumerate(self.tokens) if token.value is not None]
        self.used |= set(numbers[MAX_NUMBERS:])
        self.ignored |= set(numbers[MAX_NUMBERS:])
        for i, token in enumerate(self.tokens):
            if token.value is not None and i not in self.used and self.is_noise(i):
                self.used.add(i)
                self.ignored.add(i)
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
        if re.fullmatch(r"\+?\d{7,}", raw) and not (prior == DOLLAR_SIGN or after in PESOS | DOLLARS):
            return True
        if self.in_phone(i):
            return True
        if (
            after in COUNTED
            and after not in LITRES
            and not (prior in PACK_BEFORE or (prior in PACK_LINK and self.word(i - 2) in PACK_BEFORE))
        ):
            pieces_price = after in {"piezas", "pzas", "pieces", "units", "unidades"} and self.word(i + 2) in {
                "por",
                "x",
                "for",
                "a",
                "en",
            }
            packed = after in PIECES and (self.word(i + 2) in {"de", "of"} or pieces_price)
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
        if prior == "/" and i in self.ignored:
            return True
        if (
            after == ":"
            and self.glued(i)
            and len(self.digits(i + 2) if i + 2 < len(self.tokens) else "") == 2
            and value < 24
        ):
            self.ignored.add(i + 2)
            self.used.add(i + 2)
            return True
        if (
            prior in {"las", "la"}
            and self.word(i - 2) in {"a", "desde", "hasta"}
            and value <= 12
            and (self.word(i - 2) == "a" and after not in PESOS)
        ):
            return True
        if (
            prior in {"stall", "booth", "puesto"}
            and self.word(i - 2) not in {"my", "mi"}
            and after not in PESOS | DOLLARS
        ):
            return True  # a stall's number
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
        if _DEAR.match(" ".join(self.text[i + 1 : i + 6])):
            self.denied.add("price")
            return True
        if _PERIOD.match(" ".join(self.text[i + 1 : i + 6])):
            return True
        if (
            _OTHERWISE_SPENT.match(" ".join(self.text[i + 1 : i + 6]))
            or _STAFF.search(behind.rstrip(" $"))
            or self.rival_brand(i)
            or _PAID.search(behind.rstrip(" $"))
        ):
            return True
        if self.in_field(i):
            return True
        if self.is_hours(i, behind):
            return True
        if _CHANGE_BY.search(behind.rstrip(" $")) and after in PESOS | DOLLARS | {"mas", "more"}:
            return True
        if re.search(
            r"\b(?:tengo|quedan|llegaron|llegan|sobraron|quedaron|llevo|hay|somos|son como|vinieron|pedi|pedimos|have|left|got|sold|caben|cabe|fits?|holds?|deben?|owes?(?: me)?|multa(?: es)?(?: de)?|fine of|somos|edad|ages?|aged|under|menores de|mayores de|cumple|turning|turns) (?:unas |unos |como |about |around |over |only |solo )?$",
            behind,
        ) and after not in PESOS | DOLLARS | LITRES | MILLILITRES | OUNCES | {"pack", "$"}:
            return True
        if self.is_old(i, behind) or self.is_rival(behind):
            return True
        if _COST.search(behind.rstrip(" $")) and not (self.asking == "price" and len(self.tokens) < 6):
            return not re.search(
                r"\b(?:el costo|costo|cost|costs)(?: (?:de|es|is|a|:|\$))* ?$", behind.rstrip(" $")
            ) or (
                bool(re.search(r"(?:mi|my|unit|unitario|me|us) ?(?:costo|cost|costs)?", behind[-14:]))
                and bool(re.search(r"\b(?:mi costo|my cost|unit cost|costo unitario|costs me|costs us)\b", behind))
            )
        return False

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
                    self.ignored.add(k)
                    self.used.add(k)
            return True
        return False

    def in_field(self, i: int) -> bool:
        """The value of a sheet's field that tells no size and no price: "edad: 27", "ruta - 59", "PO: 217-1046"."""
        for k in range(i - 1, max(-1, i - 5), -1):
            if self.newline_before(k + 1) or self.word(k) in {",", ";", "|", "*"}:
                return False
            if self.word(k) in {":", "=", "-"} and self.word(k - 1) in _FIELDS:
                return True
        return False

    def rival_brand(self, i: int) -> bool:
        """Whether the clause of a number is about another company's drink, in a message about one of ours."""
        for k in range(i - 1, max(-1, i - 10), -1):
            if k in self.rivals:
                return True
            word = self.word(k)
            if word in {",", ".", ";", ":", "?", "!", "pero", "but", "y", "and"} or self.newline_before(k + 1):
                return False
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
        while first >= 1 and i - first < 12 and self.links(first - 1, first):
            first -= 2 if self.word(first - 1) in {"-", ".", ")", "("} else 1
        while last + 1 < len(self.tokens) and last - i < 12 and self.links(last, last + 1):
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
        return not _OURS.search(tail) and not re.search(r",| pero | but |\d.* y ", tail)

    def negated(self, i: int, last: int | None = None) -> bool:
        """`not 2`, `no es 35`, `no de 600`, `instead of 2`, `en vez de 600`; `35 no` counts too."""
        k = i - 1
        while k >= 0 and self.text[k] in _DENIAL_SMALL:
            k -= 1
        alone = sum(t.value is not None for t in self.tokens) == 1
        if k == 0 and self.word(0) in {"no", "nah"} and alone:
            return False  # "no 38": the comma got lost
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
