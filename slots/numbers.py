"""Numbers in a message: found, read (digits or words, Spanish or English) and tagged, so that no model ever spells one.

    tag("coca de 2 litros y medio a $18,50").text
      -> "coca de [A] 2.5 litros a $ [B] 18.50"

The message is cut into tokens that remember where they stood, so a value can show the user's own words. What a number
means (size, price, neither) is not known here.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from slots.values import plain

_BEHIND_HALF = frozenset({"", ",", ".", ";", "!", "?", "a", "en", "por", "retornable", "y", "con", "para", "$"})
"""What may follow "la de medio" when half a litre is meant."""
TAGS = "ABCDEFGHIJKLMNOPQRST"
"""A message with more numbers than this keeps the rest untagged: they cannot become a value."""

_TAG = re.compile(r"\[([A-T])\]")
_TOKEN = re.compile(r"\d+e\d+|\d+(?:[.,]\d+)*|[½¼¾]|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\s\w]|_", re.U)
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}

_UNITS = {
    "cero": 0, "zero": 0, "un": 1, "una": 1, "uno": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3,
    "cuatro": 4, "four": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6, "siete": 7, "seven": 7, "ocho": 8,
    "eight": 8, "nueve": 9, "nine": 9,
}  # fmt: skip
_TEENS = {
    "diez": 10, "ten": 10, "once": 11, "eleven": 11, "doce": 12, "twelve": 12, "trece": 13, "thirteen": 13,
    "catorce": 14, "fourteen": 14, "quince": 15, "fifteen": 15, "dieciseis": 16, "sixteen": 16, "diecisiete": 17,
    "seventeen": 17, "dieciocho": 18, "eighteen": 18, "diecinueve": 19, "nineteen": 19, "veintiun": 21,
    "veintiuno": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
    "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
}  # fmt: skip
_TENS = {
    "veinte": 20, "twenty": 20, "treinta": 30, "thirty": 30, "cuarenta": 40, "forty": 40, "cincuenta": 50,
    "fifty": 50, "sesenta": 60, "sixty": 60, "setenta": 70, "seventy": 70, "ochenta": 80, "eighty": 80,
    "noventa": 90, "ninety": 90,
}  # fmt: skip
_HUNDREDS = {
    "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300, "trescientas": 300,
    "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500, "quinientas": 500, "seiscientos": 600,
    "seiscientas": 600, "setecientos": 700, "setecientas": 700, "ochocientos": 800, "ochocientas": 800,
    "novecientos": 900, "novecientas": 900,
}  # fmt: skip
_WORDS = {**_UNITS, **_TEENS, **_TENS, **_HUNDREDS}

LITRES = {"l", "lt", "lts", "ltr", "ltrs", "litro", "litros", "liter", "liters", "litre", "litres"}
MILLILITRES = {"ml", "mls", "mililitro", "mililitros", "milliliter", "milliliters", "millilitre", "millilitres", "mili",
               "milis", "cc"}  # fmt: skip
CENTILITRES = {"cl", "cls", "centilitro", "centilitros", "centiliter", "centiliters", "centilitres"}
OUNCES = {"oz", "onza", "onzas", "ounce", "ounces"}
PESOS = {
    "peso",
    "pesos",
    "pesito",
    "pesitos",
    "varo",
    "varos",
    "varitos",
    "pesotes",
    "mxn",
    "pesitas",
    "baros",
    "lana",
    "bolas",
}
DOLLARS = {"dolar", "dolares", "dollar", "dollars", "buck", "bucks", "usd", "dlls", "dlls.", "dls"}
_COUNTED = LITRES | MILLILITRES | OUNCES | PESOS | DOLLARS | {"por", "x", "for", "pack", "packs", "cincuenta"}
"""What makes `un`, `una`, `a`, `one`, `uno` a number: alone they are articles and pronouns."""


def fold(text: str) -> str:
    """Lower case without accents, one character out for each character in (so that offsets hold)."""
    out = []
    for char in text:
        base = unicodedata.normalize("NFD", char)[0].lower()
        out.append(base if len(base) == 1 else char)
    return "".join(out)


@dataclass(frozen=True)
class Token:
    """One folded word, sign or number, and the span [start, end) of the message that it stands for."""

    text: str
    start: int
    end: int
    value: Decimal | None = None


@dataclass(frozen=True)
class Tagged:
    """A message as the T5 reads it, and what each tag stands for."""

    text: str
    mentions: dict[str, Token]
    """Tag letter to number token."""
    tokens: tuple[Token, ...]


def _read_digits(text: str) -> Decimal | None:
    """`1,200` is 1200, `18,50` is 18.5: in Mexico the comma groups thousands, but many type it as the decimal sign."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
        return number if number < Decimal("1e15") else None
    except InvalidOperation:
        return None


def tokenize(message: str) -> list[Token]:
    """Cuts a message into folded tokens; every number, in digits or words, is one token with its value."""
    return _join_numbers(_read_words(_raw_tokens(unicodedata.normalize("NFC", message))))


def _raw_tokens(message: str) -> list[Token]:
    folded = fold(message)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(folded):
        text, start, end = match[0], match.start(), match.end()
        if text in _FRACTIONS:
            tokens.append(Token(text, start, end, _FRACTIONS[text]))
        elif text[0].isdigit():
            value = _read_digits(text) if text.isascii() else None
            if value is None and re.fullmatch(r"[\d.,]+", text):
                # a date, a version, a list "12,13,14": each part is a number of its own
                for part in re.finditer(r"\d+", text):
                    tokens.append(Token(part[0], start + part.start(), start + part.end(), _read_digits(part[0])))
            else:
                tokens.append(Token(text, start, end, value))
        elif text.startswith("six") and text != "six" and text in {"sixpack", "sixpacks"}:
            tokens.append(Token("6", start, start + 3, Decimal(6)))
            tokens.append(Token("pack", start + 3, end))
        else:
            tokens.append(Token(text.replace("’", "'"), start, end))
    return tokens


def _read_words(tokens: list[Token]) -> list[Token]:
    """Number words to numbers: `treinta y cinco`, `six hundred`, `ciento veinte`, `mil doscientos`."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        end, value = _spelled(tokens, i)
        if value is None:
            out.append(tokens[i])
            i += 1
            continue
        out.append(Token(plain(value), tokens[i].start, tokens[end - 1].end, value))
        i = end
    return out


def _word(tokens: list[Token], i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) and tokens[i].value is None else ""


def _spelled(tokens: list[Token], i: int) -> tuple[int, Decimal | None]:
    """The integer that starts at token `i`: (index behind it, value), value None when there is none."""
    word = _word(tokens, i)
    if word in {"mil", "thousand"} and not (i and tokens[i - 1].value is not None):
        total, j = 0, i
    elif word == "ciento" and i and tokens[i - 1].text == "por":
        return i, None  # "10 por ciento"
    elif word in _WORDS:
        following = _word(tokens, i + 1)
        before = _word(tokens, i - 1)
        if word in {"un", "una", "uno", "one"} and not (
            following in _COUNTED
            or following in _TENS
            or following in {"hundred", "thousand"}
            or (following in {"point", "punto"} and i + 2 < len(tokens) and _numeral(tokens[i + 2]))
            or _fraction_behind(tokens, i + 1)[1]
        ):
            return i, None
        if word == "once" and following not in _COUNTED and before not in {"a", "de", "en", "las", "los", "son", "con"}:
            return i, None  # English "once"
        if (
            word == "six"
            and following not in _COUNTED | {"hundred", "dollar", "fifty", "ninety", "-"}
            and (
                before in {"un", "el", "los", "del", "al", "en", "por", "cada", "mi", "su"} or following in {"de", "en"}
            )
        ):
            return i, None  # Mexican "un six": read as a pack in _join_numbers
        total, j = _WORDS[word], i + 1
        while j < len(tokens):
            nxt = _word(tokens, j)
            bridge = j + 1 if nxt in {"y", "-", "and"} and _word(tokens, j + 1) in _WORDS else j
            word_after = _word(tokens, bridge)
            add = _WORDS.get(word_after)
            if add is None or (word_after in {"un", "una"} and _word(tokens, bridge + 1) in {"litro", "liter"}):
                if nxt == "hundred" and 0 < total < 100:
                    total, j = total * 100, j + 1
                    continue
                break
            fits = (total % 100 == 0 and total >= 100 and add < 100) or (
                total % 10 == 0 and total % 100 >= 20 and 0 < add < 10
            )
            joined_by_y = bridge != j and nxt in {"y", "and"}
            if not fits or (joined_by_y and nxt == "y" and add >= 10):
                break
            total, j = total + add, bridge + 1
    else:
        return i, None
    if _word(tokens, j) in {"mil", "thousand"}:
        total, j = max(total, 1) * 1000, j + 1
        rest_end, rest = _spelled(tokens, j)
        if rest is not None and rest < 1000:
            total, j = total + int(rest), rest_end
    return j, Decimal(total)


def _numeral(token: Token) -> bool:
    """Whether a token is a number in digits, or a word for one."""
    return token.value is not None or token.text in _WORDS


def _fraction_behind(tokens: list[Token], k: int) -> tuple[Decimal, int]:
    """The fraction that a number ends with at token `k` (`y medio`, `and a quarter`, `y tres cuartos`): (value, tokens).

    (0, 0) when there is none.
    """
    link, words = _word(tokens, k), [_word(tokens, k + 1), _word(tokens, k + 2)]
    three = k + 1 < len(tokens) and (tokens[k + 1].value == 3 or words[0] in {"tres", "three"})
    if link == "y" and words[0] in {"medio", "media"}:
        return Decimal("0.5"), 2
    if link == "y" and words[0] == "cuarto":
        return Decimal("0.25"), 2
    if link in {"y", "and"} and three and words[1] in {"cuartos", "quarters"}:
        return Decimal("0.75"), 3
    if link == "and" and words == ["a", "half"]:
        return Decimal("0.5"), 3
    if link == "and" and words == ["a", "quarter"]:
        return Decimal("0.25"), 3
    return Decimal(0), 0


def _join_numbers(tokens: list[Token]) -> list[Token]:
    """Parts of one number: halves, cents, fractions, packs."""
    out: list[Token] = []
    i = 0

    def value(k: int) -> Decimal | None:
        return tokens[k].value if 0 <= k < len(tokens) else None

    def text(k: int) -> str:
        return tokens[k].text if 0 <= k < len(tokens) else ""

    def put(number: Decimal, last: int, *, unit: str | None = None) -> None:
        nonlocal i
        out.append(Token(plain(number), tokens[i].start, tokens[last].end, number))
        if unit:
            out.append(Token(unit, tokens[last].start, tokens[last].end))
        i = last + 1

    while i < len(tokens):
        number, word = tokens[i].value, tokens[i].text
        after = text(i + 1)
        if number is not None:
            whole = number == number.to_integral_value()
            # "2 1/2", "1/2", "2 ½"
            if after == "/" and number == 1 and value(i + 2) in (2, 4) and text(i + 3) in LITRES | {"de", "litro"}:
                put(number / (value(i + 2) or 1), i + 2)
                continue
            if whole and value(i + 1) == 1 and text(i + 2) == "/" and value(i + 3) == 2:
                put(number + Decimal("0.5"), i + 3)
                continue
            if whole and value(i + 1) in (Decimal("0.5"), Decimal("0.25")) and text(i + 1) in _FRACTIONS:
                put(number + (value(i + 1) or 0), i + 1)
                continue
            if number == 3 and after in {"cuartos", "quarters"} and text(i + 3) in LITRES:
                put(Decimal("0.75"), i + 3, unit=text(i + 3))
                continue
            if number == 3 and after in {"cuartos", "quarters"} and text(i + 4) in LITRES:
                put(Decimal("0.75"), i + 4, unit=text(i + 4))
                continue
            if after in CENTILITRES:
                put(number * 10, i + 1, unit="ml")
                continue
            # "dos y medio", "two and a quarter", "dos litros y medio", "two liters and a half"
            in_litres = after in LITRES
            extra, length = _fraction_behind(tokens, i + 2 if in_litres else i + 1)
            if whole and length:
                put(number + extra, i + length + in_litres, unit=after if in_litres else None)
                continue
            if (whole and after == "punto" and value(i + 2) is not None) or (
                whole and after == "point" and value(i + 2)
            ):
                part, last = plain(value(i + 2) or Decimal(0)), i + 2
                further = value(i + 3)
                if len(part) == 1 and further is not None and len(plain(further)) == 1 and text(i + 4) in LITRES:
                    part, last = part + plain(further), i + 3  # "one point two five liters"
                if part.isdigit():
                    put(Decimal(f"{plain(number)}.{part}"), last)
                    continue
            # cents: "18 con 50", "18 pesos con 50 centavos", "18 pesos 50", "veintidos cincuenta", "nineteen ninety"
            for gap in (1, 2, 3):
                between = [text(k) for k in range(i + 1, i + gap)]
                small = value(i + gap)
                if small is None or not whole or not 0 < small < 100 or small != small.to_integral_value():
                    continue
                spelled = not _is_digits(tokens[i + gap])
                money = between and between[0] in PESOS | DOLLARS
                joined = between in (["con"], ["y"]) and (small >= 10) and between == ["con"]
                joined |= bool(money) and (len(between) == 1 or between[1] in {"con", "and", "y"}) and small >= 5
                mixed = _is_digits(tokens[i]) and number >= 100
                joined |= not between and spelled and small >= 10 and number < 1000 and not mixed
                if joined:
                    unit = between[0] if money else None
                    if not between and text(i + gap + 1) in MILLILITRES and number < 10:
                        put(number * 100 + small, i + gap)  # "three fifty-five ml"
                    else:
                        last = i + gap
                        if money and text(last + 1) in {"centavos", "cents", "centavo"}:
                            last += 1
                        put(number + small / 100, last, unit=unit)
                    break
            else:
                negative = (
                    out
                    and out[-1].text in {"-", "−"}
                    and out[-1].end == tokens[i].start
                    and (len(out) == 1 or out[-2].end < out[-1].start or out[-2].text == "$")
                )
                if negative:
                    sign = out.pop()
                    out.append(Token(f"-{plain(number)}", sign.start, tokens[i].end, -number))
                else:
                    out.append(Token(plain(number), tokens[i].start, tokens[i].end, number))
                i += 1
            continue
        # "litro y medio", "medio litro", "half a liter", "un cuarto de litro", "de a litro", "a dollar fifty"
        if word in {"un", "una"} and after in LITRES | {"medio", "cuarto"}:
            i += 1
            continue
        extra, length = _fraction_behind(tokens, i + 1)
        if word in {"litro", "liter", "litre"} and length:
            put(1 + extra, i + length, unit="litros")
            continue
        if word in {"medio", "half"} and (after in LITRES or (after in {"a", "de", "-"} and text(i + 2) in LITRES)):
            last = i + 1 if after in LITRES else i + 2
            put(Decimal("0.5"), last, unit=text(last))
            continue
        if word == "medio" and text(i - 1) == "de" and after in _BEHIND_HALF:
            put(Decimal("0.5"), i, unit="litro")
            continue
        if word == "cuarto" and after == "de" and text(i + 2) in LITRES:
            put(Decimal("0.25"), i + 2, unit="litro")
            continue
        if word in {"litro", "liter", "litre"} and len(out) > 1 and out[-1].text == "-" and out[-2].value is not None:
            out[-1] = tokens[i]  # "2-liter"
            i += 1
            continue
        if word in {"litro", "liter", "litre", "litron"} and not (out and out[-1].value is not None):
            put(Decimal(1), i, unit="litro")
            continue
        if word in {"dollar", "buck"} and text(i - 1) == "a":
            cents_value = value(i + 1)
            if cents_value is not None and 0 < cents_value < 100:
                put(1 + cents_value / 100, i + 1, unit="dollars")
            else:
                put(Decimal(1), i, unit="dollar")
            continue
        if word == "six":
            last = i + 2 if after == "-" and text(i + 2) == "pack" else i + 1 if after == "pack" else i
            put(Decimal(6), last, unit="pack")
            continue
        if (word == "media" and after == "docena") or (word == "half" and text(i + (after == "a") + 1) == "dozen"):
            put(Decimal(6), i + (after == "a") + 1, unit="pack")
            continue
        if word in {"docena", "dozen"}:
            put(Decimal(12), i, unit="pack")
            continue
        out.append(tokens[i])
        i += 1
    return out


def _is_digits(token: Token) -> bool:
    """Whether a number token was typed in digits: then its span is as long as its text."""
    return token.end - token.start == len(token.text)


def tag(message: str) -> Tagged:
    """Tags every number of a message, in order of appearance. Equal numbers get tags of their own.

    The words "zero" and "cero" stay words: they name a drink, and as a size or price they would be refused.
    """
    tokens = tokenize(message)
    mentions: dict[str, Token] = {}
    words: list[str] = []
    for token in tokens:
        if token.value == 0 and token.end - token.start == len("zero"):
            words.append("zero")
            continue
        if token.value is not None and len(mentions) < len(TAGS) and token.value < Decimal("1e10"):
            letter = TAGS[len(mentions)]
            mentions[letter] = token
            words.append(f"[{letter}]")
        words.append(token.text)
    return Tagged(" ".join(words), mentions, tuple(tokens))


def untag(value: str, mentions: dict[str, Token]) -> str | None:
    """Puts the numbers back into a value that the T5 wrote (`[A] for [B] MXN`); None when a tag stands for nothing."""
    if any(letter not in mentions for letter in _TAG.findall(value)):
        return None
    return _TAG.sub(lambda match: plain(mentions[match[1]].value or Decimal(0)), value)
