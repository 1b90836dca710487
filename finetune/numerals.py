"""Numbers as people write them, and marks that find them again after tagging.

A phrase carries each number between two private-use characters; `Marks.strip` takes them out and remembers the
spans, so a target can point at the tag that `slots.numbers.tag` sets there, whatever else the message holds.
"""

import random
from dataclasses import dataclass, field
from decimal import Decimal

from slots.schema import Language
from slots.values import plain

OPEN, CLOSE = "\ue000", "\ue001"
_FIRST = 0xE100

_ES_UNITS = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
_ES_TENS = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
_ES_HUNDREDS = [
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
]
_EN_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(number: int, language: Language) -> str:
    """The words of an integer from 0 to 999."""
    if language == "es":
        if number < 30:
            return _ES_UNITS[number]
        if number < 100:
            tens, rest = divmod(number, 10)
            return _ES_TENS[tens - 3] + (f" y {_ES_UNITS[rest]}" if rest else "")
        hundreds, rest = divmod(number, 100)
        if number == 100:
            return "cien"
        return _ES_HUNDREDS[hundreds - 1] + (f" {spell(rest, language)}" if rest else "")
    if number < 20:
        return _EN_UNITS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _EN_TENS[tens - 2] + (f"-{_EN_UNITS[rest]}" if rest else "")
    hundreds, rest = divmod(number, 100)
    return f"{_EN_UNITS[hundreds]} hundred" + (f" {spell(rest, language)}" if rest else "")


@dataclass
class Marks:
    """The numbers of one message that its target points at, in the order in which they were made."""

    values: list[Decimal] = field(default_factory=list)

    def put(self, words: str, value: Decimal) -> tuple[str, str]:
        """Marks `words` as the number `value`: (the marked words, the character that stands for it in the target)."""
        name = chr(_FIRST + len(self.values))
        self.values.append(value)
        return f"{OPEN}{name}{words}{CLOSE}", name


def strip(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """Takes the marks out: (the plain text, span [start, end) of each mark's words)."""
    out: list[str] = []
    spans: dict[str, tuple[int, int]] = {}
    length, begin, name, opening = 0, 0, "", False
    for char in marked:
        if char == OPEN:
            opening = True
        elif opening:
            name, begin, opening = char, length, False
        elif char == CLOSE:
            spans[name] = (begin, length)
        else:
            out.append(char)
            length += 1
    return "".join(out), spans


def is_marked(word: str) -> bool:
    """Whether a word holds a mark, so that noise leaves it alone."""
    return any(ord(char) >= 0xE000 for char in word)


_MILLILITRES = (200, 235, 237, 250, 296, 300, 310, 330, 340, 350, 354, 355, 400, 413, 450, 473, 500, 600, 620, 710, 750)
_LITRES = ("1", "1.5", "2", "2.5", "3", "1.75", "1.25", "1.35", "2", "2.5", "3", "1", "2", "5", "10", "20")
_OUNCES = ("6.5", "7.5", "8", "8.5", "12", "16", "16.9", "20", "24", "32", "64")


def _digits(rng: random.Random, value: Decimal, language: Language) -> str:
    text = plain(value)
    if "." in text and language == "es" and rng.random() < 0.12:
        return text.replace(".", ",")
    return text


def _pick(rng: random.Random, text: str) -> str:
    return rng.choice([part.strip("~") for part in text.split("|")]).replace("_", " ")


def volume(rng: random.Random, marks: Marks, language: Language, bare: bool) -> tuple[str, str]:
    """One volume: (its words with marks, its target). `bare` allows a number without unit (`la de 600`)."""
    es, draw = language == "es", rng.random()
    if draw < 0.5:
        amount = rng.choice(_MILLILITRES) if rng.random() < 0.6 else rng.randint(100, 999)
        if (amount == 500 and rng.random() < 0.6) or rng.random() < 0.05:
            half = rng.random() < 0.75
            if es:
                words = _pick(
                    rng, "medio litro|1/2 litro|medio lt|medio litro|1/2 lt" if half else "1/4 de litro|cuarto de litro"
                )
            else:
                half = True
                words = _pick(rng, "half a liter|half liter|half-liter|half a litre|1/2 liter")
            text, name = marks.put(words, Decimal("0.5") if half else Decimal("0.25"))
            return text, f"{name} L"
        if rng.random() < 0.12:
            words = spell(amount, language)
            bare_here = False
        else:
            words, bare_here = str(amount), bare and rng.random() < 0.5
        text, name = marks.put(words, Decimal(amount))
        if not bare_here:
            text += _pick(
                rng,
                "_ml|_ml|ml|ml|_mililitros|mls|_mls|_mili|_cc"
                if es
                else "_ml|_ml|ml|ml|_milliliters|_millilitres|-ml|_mls",
            )
        return text, f"{name} ml"
    if draw < 0.82:
        value = Decimal(rng.choice(_LITRES)) if rng.random() < 0.8 else Decimal(rng.randint(100, 900)) / 100
        whole = value == value.to_integral_value()
        if rng.random() < 0.4 and (whole or value % 1 == Decimal("0.5")) and value <= 12:
            n = int(value)
            if es:
                if value == 1:
                    text, name = marks.put(_pick(rng, "un litro|litro|1 litro|un litro"), value)
                    return text, f"{name} L"
                if value == Decimal("1.5"):
                    text, name = marks.put(
                        _pick(rng, "litro y medio|un litro y medio|1 litro y medio|1 1/2|litro y medio"), value
                    )
                    return text + ("" if "litro" in text else _pick(rng, "_litros|_lts|_l")), f"{name} L"
                if whole:
                    text, name = marks.put(spell(n, language), value)
                    return text + _pick(rng, "_litros|_litros|_lts|_lt"), f"{name} L"
                words = rng.choice(
                    [
                        f"{spell(n, 'es')} litros y medio",
                        f"{n} litros y medio",
                        f"{spell(n, 'es')} y medio",
                        f"{n} y medio",
                    ]
                )
                text, name = marks.put(words, value)
                return text + ("" if "litros" in words or (bare and rng.random() < 0.7) else " litros"), f"{name} L"
            if value == 1:
                text, name = marks.put(_pick(rng, "one|1|a|one"), value)
                if f"{name}a{CLOSE}" in text:
                    text = text.replace(f"{name}a{CLOSE}", f"{name}1{CLOSE}")
                return text + _pick(rng, "_liter|-liter|_litre"), f"{name} L"
            if value == Decimal("1.5"):
                text, name = marks.put(_pick(rng, "one and a half|1 1/2|1 and a half"), value)
                return text + _pick(rng, "_liters|_liter|_litres"), f"{name} L"
            if whole:
                text, name = marks.put(spell(n, language), value)
                return text + _pick(rng, "_liters|_liter|-liter|_litre|_litres"), f"{name} L"
            words = rng.choice(
                [f"{spell(n, 'en')} and a half", f"{n} and a half", f"{spell(n, 'en')} point five", f"{n} 1/2"]
            )
            text, name = marks.put(words, value)
            return text + _pick(rng, "_liters|_liter|_litre"), f"{name} L"
        text, name = marks.put(_digits(rng, value, language), value)
        if not (bare and value <= 5 and rng.random() < 0.25):
            text += _pick(
                rng,
                "_litros|_litros|_lts|_lt|_l|l|lts|lt|_litro|_l."
                if es
                else "_liter|_liters|l|_l|-liter|_litre|_litres|_lt|_ltr",
            )
        return text, f"{name} L"
    value = Decimal(rng.choice(_OUNCES)) if rng.random() < 0.7 else Decimal(rng.randint(40, 640)) / 10
    whole = value == value.to_integral_value()
    words = spell(int(value), language) if whole and rng.random() < 0.3 else _digits(rng, value, language)
    text, name = marks.put(words, value)
    return text + _pick(rng, "_oz|_onzas|oz|_onza" if es else "_oz|_ounce|oz|-ounce|_ounces|_fl oz|_oz."), f"{name} oz"


def pack(rng: random.Random, marks: Marks, language: Language) -> tuple[str, str]:
    """A pack: `un six`, `paquete de 12`, `24-pack`."""
    es = language == "es"
    count = rng.choice([6, 6, 12, 12, 24, 8, 4, 10, 18, 15, 20, 36]) if rng.random() < 0.85 else rng.randint(2, 48)
    if count == 6 and rng.random() < 0.6:
        words = _pick(rng, "six pack|six|sixpack|six|six" if es else "six pack|six-pack|sixpack|six pack")
        text, name = marks.put(words, Decimal(6))
        if es:
            text = rng.choice(["un ", "el ", "", "un "]) + text if words == "six" else text
        return text, f"{name}-pack"
    if count == 12 and rng.random() < 0.12:
        text, name = marks.put("docena" if es else "dozen", Decimal(12))
        return ("la " if es else "a ") + text if not es or rng.random() < 0.5 else text, f"{name}-pack"
    words = spell(count, language) if rng.random() < 0.2 else str(count)
    text, name = marks.put(words, Decimal(count))
    if es:
        form = "paquete de {}|pack de {}|caja de {}|{} pack|{}-pack|paquete con {}|charola de {}|paq de {}|caja con {}|pack {}|multiempaque de {}|reja de {}|paquete {} piezas|{}pack"
    else:
        form = "{}-pack|{} pack|pack of {}|{}pk|{} pk|case of {}|box of {}|{}-count|{}-can case|{}-bottle case|multipack of {}|{} per case|tray of {}|{}pack"
    return _pick(rng, form).replace("{}", text), f"{name}-pack"


def size(rng: random.Random, marks: Marks, language: Language, bare: bool = True) -> tuple[str, str]:
    """A size: a volume, a pack, or a pack of a volume."""
    draw = rng.random()
    if draw < 0.8:
        return volume(rng, marks, language, bare)
    if draw < 0.92:
        return pack(rng, marks, language)
    if rng.random() < 0.25:
        count = rng.choice([4, 6, 8, 12, 24])
        count_text, count_name = marks.put(str(count), Decimal(count))
        count_text, count_target = (
            f"{count_text}{rng.choice([' x ', 'x', ' de ' if language == 'es' else ' x '])}",
            f"{count_name}-pack",
        )
        volume_text, volume_target = volume(rng, marks, language, False)
        return count_text + volume_text, f"{count_target} {volume_target}"
    pack_text, pack_target = pack(rng, marks, language)
    volume_text, volume_target = volume(rng, marks, language, bare)
    form = "{} de {}|{} {}|{}, {} cada una|{} de {} c/u" if language == "es" else "{} of {}|{}, {}|{} {} each|{} {}"
    return _pick(rng, form).replace("{}", pack_text, 1).replace("{}", volume_text, 1), f"{pack_target} {volume_target}"


def _amount(rng: random.Random, dollars: bool) -> Decimal:
    draw = rng.random()
    if dollars:
        if draw < 0.35:
            return Decimal(rng.randint(1, 25))
        return (
            Decimal(rng.randint(0, 14))
            + Decimal(rng.choice([99, 49, 50, 25, 75, 79, 89, 29, rng.randint(10, 98)])) / 100
        )
    if draw < 0.62:
        return Decimal(rng.randint(5, 60))
    if draw < 0.78:
        return Decimal(rng.randint(61, 480))
    if draw < 0.92:
        return Decimal(rng.randint(5, 60)) + Decimal(rng.choice([50, 50, 50, 90, 99, 75, 25])) / 100
    return Decimal(rng.randint(300, 30000)) / 100


def money(
    rng: random.Random, marks: Marks, language: Language, bare: bool, dollars: bool | None = None
) -> tuple[str, str, str]:
    """One amount of money: (its words, the mark's name, its currency). `bare` allows a number without currency."""
    es = language == "es"
    in_dollars = rng.random() < 0.16 if dollars is None else dollars
    value = _amount(rng, in_dollars)
    whole = value == value.to_integral_value()
    n, cents = int(value), int(value % 1 * 100)
    currency = "USD" if in_dollars else "MXN"
    if not in_dollars:
        if rng.random() < 0.28 and 0 < n < 1000:
            if whole:
                words = spell(n, language)
                text, name = marks.put(words[:-1] if es and words.endswith("uno") and not bare else words, value)
                if bare and rng.random() < 0.4:
                    return text, name, currency
                return (
                    text
                    + _pick(
                        rng, "_pesos|_pesos|_pesitos|_varos|_varitos|_baros" if es else "_pesos|_pesos|_mexican pesos"
                    ),
                    name,
                    currency,
                )
            if cents == 50 and es:
                half = rng.choice(
                    [
                        f"{n} y medio",
                        f"{spell(n, 'es')} y medio",
                        f"{n} con 50",
                        f"{spell(n, 'es')} con cincuenta",
                        f"{n} pesos con 50",
                        f"{spell(n, 'es')} cincuenta",
                        f"{n} pesos con cincuenta centavos",
                    ]
                )
                text, name = marks.put(half, value)
                return text + (" pesos" if "pesos" not in half and not bare else ""), name, currency
            if cents >= 10:
                words = f"{spell(n, language)} {'con ' if es and rng.random() < 0.4 else ''}{spell(cents, language)}"
                text, name = marks.put(words, value)
                return text + ("" if bare else " pesos"), name, currency
        number = format(value, ".2f") if not whole or rng.random() < 0.12 else plain(value)
        if es and not whole and rng.random() < 0.1:
            number = number.replace(".", ",")
        text, name = marks.put(number, value)
        forms = "$#|$#|$#|# pesos|# pesos|# pesos|# mxn|$# mxn|$# pesos|$ #|#$|#pesos|mxn #|$#.-|# peso|mx$#"
        forms += (
            "|# pesitos|# varos|# p|# pesos mexicanos|# varitos|$# c/u|# pesines"
            if es
            else "|# mexican pesos|# mxn|# pesos each"
        )
        if bare:
            forms += "|#|#|#|#|#"
        return _pick(rng, forms).replace("#", text), name, currency
    if rng.random() < 0.3:
        if whole:
            words = spell(n, language)
            text, name = marks.put(words[:-1] if es and words.endswith("uno") else words, value)
            return text + _pick(rng, "_dolares|_dolares" if es else "_dollars|_bucks|_us dollars"), name, currency
        if n == 1 and not es and cents >= 10:
            text, name = marks.put(f"a dollar {spell(cents, 'en')}", value)
            return text, name, currency
        if n >= 1 and cents >= 10:
            money_word = "dolares con" if es else "dollars"
            text, name = marks.put(f"{n if rng.random() < 0.5 else spell(n, language)} {money_word} {cents}", value)
            return text, name, currency
    text, name = marks.put(format(value, ".2f") if not whole else plain(value), value)
    forms = (
        "# dolares|# dolares|# usd|$# usd|us$#|# dlls|usd #|$# dlls|# dolar|$# dolares"
        if es
        else "# dollars|# dollars|# usd|$# usd|us$#|usd #|# bucks|# us dollars|$# us|$# dollars"
    )
    return _pick(rng, forms).replace("#", text), name, currency


def plain_amount(rng: random.Random, marks: Marks, language: Language) -> tuple[str, str]:
    """A price as a number alone, digits or words, in pesos: (its words, its target)."""
    value = _amount(rng, False)
    whole, n, cents = value == value.to_integral_value(), int(value), int(value % 1 * 100)
    words = plain(value) if whole else format(value, ".2f")
    if rng.random() < 0.22 and 0 < n < 1000:
        if whole:
            words = spell(n, language)
        elif cents == 50 and language == "es":
            words = f"{spell(n, 'es')} y medio"
    text, name = marks.put(words, value)
    return text, f"{name} MXN"


def plain_volume(rng: random.Random, marks: Marks, language: Language) -> tuple[str, str]:
    """A volume as a number alone (`600`, `2.5`, `dos y medio`): (its words, its target)."""
    if rng.random() < 0.62:
        amount = rng.choice(_MILLILITRES) if rng.random() < 0.65 else rng.randint(100, 999)
        text, name = marks.put(spell(amount, language) if rng.random() < 0.12 else str(amount), Decimal(amount))
        return text, f"{name} ml"
    value = Decimal(rng.choice(("1", "1.5", "2", "2.5", "3", "1.75", "1.25", "2", "2.5", "3")))
    words = _digits(rng, value, language)
    if rng.random() < 0.25 and value % 1 in (0, Decimal("0.5")):
        half = {"es": " y medio", "en": " and a half"}[language] if value % 1 else ""
        words = spell(int(value), language) + half
        if words in ("uno", "one"):
            words = "1"
    text, name = marks.put(words, value)
    return text, f"{name} L"


def multi_buy_parts(rng: random.Random, marks: Marks, language: Language) -> tuple[str, str, str]:
    """A price for several pieces: (how many, the amount's words, the target)."""
    count = rng.randint(2, 6)
    words = spell(count, language) if rng.random() < 0.35 else str(count)
    count_text, count_name = marks.put(words, Decimal(count))
    in_dollars = rng.random() < 0.12
    while True:
        text, name, currency = money(rng, marks, language, True, in_dollars)
        if marks.values[-1] > count + 1:
            return count_text, text, f"{count_name} for {name} {currency}"


def multi_buy(rng: random.Random, marks: Marks, language: Language) -> tuple[str, str]:
    """A price for several pieces: `2 por 30`, `3x50`, `two for thirty`."""
    count, text, target = multi_buy_parts(rng, marks, language)
    if count[2].isdigit():
        spanish = "{} por {}|{} x {}|{}x{}|a {} por {}|{} en {}|llevate {} por {}|{} por {}|van {} por {}|{} por solo {}|salen {} en {}"
        english = "{} for {}|{} x {}|{}x{}|get {} for {}|{} for {}|{} for just {}|grab {} for {}|{} at {} total"
    else:
        spanish = "{} por {}|a {} por {}|{} en {}|llevate {} por {}"
        english = "{} for {}|get {} for {}|{} for only {}"
    form = _pick(rng, spanish if language == "es" else english)
    return form.replace("{}", count, 1).replace("{}", text, 1), target


def price(rng: random.Random, marks: Marks, language: Language, bare: bool = True) -> tuple[str, str, bool]:
    """A price: (its words, its target, whether it is a multi-buy)."""
    if rng.random() < 0.11:
        return *multi_buy(rng, marks, language), True
    text, name, currency = money(rng, marks, language, bare)
    return text, f"{name} {currency}", False
