"""Sizes and prices that a message states with their unit: millilitres, litres, ounces, packs, pesos, dollars, 2x30.

Knows no catalogue; bare numbers are `amounts`' business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from slots.noise import DOLLAR_SIGN, PACK_BEFORE, PACK_LINK, PIECES, Sentence
from slots.numbers import DOLLARS, LITRES, MILLILITRES, OUNCES, PESOS, Token
from slots.stopwords import word_set
from slots.values import Money, Size

_BEFORE_AMOUNT = word_set("$ a solo nomas only just mxn usd us about like unos")
_GROUP_LINKS = word_set(
    "por for x en at = : sale salen queda quedan va van cuesta cuestan is are costs cost goes go te le se les llevas llevan"
)
_THEM = word_set("them those these ellas ellos esas esos estas estos")
_WISHES = word_set("want need do make get quiero hazme haz me dame necesito ocupo con with us in en")
_PACK_AFTER = word_set("pack packs pk pks ct count paquete")


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


class Measures(Sentence):
    """Reads what carries its unit, into `out`."""

    def __init__(
        self,
        tokens: Sequence[Token],
        message: str,
        asking: str | None,
        taken: set[int],
        products: frozenset[int],
        rivals: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(tokens, message, asking, taken, rivals)
        self.products = products
        self.out = Amounts(ignored=self.ignored)

    # -- sizes ---------------------------------------------------------------------------------------------------------
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
            elif self.word(i - 1) in PACK_LINK and self.word(i - 2) in PACK_BEFORE and not self.volume(i):
                first = i - 2
            elif (
                self.word(i - 1) in PACK_LINK
                and self.word(i - 2) == "."
                and self.word(i - 3) in {"paq", "pack", "pk"}
                and not self.volume(i)
            ):
                first = i - 3
            elif self.word(i - 1) == "." and self.word(i - 2) == "paq" and not self.volume(i):
                first = i - 2
            elif self.word(i - 1) in PACK_BEFORE and self.word(i + 1) not in LITRES | MILLILITRES | OUNCES | PESOS:
                first = i - 1
            elif (
                value in (6, 8, 12, 18, 24)
                and self.word(i - 1) in {"el", "un"}
                and self.word(i + 1) == "de"
                and self.word(i + 2) in PIECES
            ):
                last = i + 2
            elif after in PIECES and (
                self.word(i + step + 1) in PACK_BEFORE
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
                self.denials[last] = "size"
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
        if prior == DOLLAR_SIGN:
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
        if self.word(k) == DOLLAR_SIGN and score == 0 and not next_price:
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
        if currency == "MXN" and self.dollars and self.word(last) not in PESOS and prior == DOLLAR_SIGN:
            currency = "USD"
        return Money(value, currency or "MXN"), first, last, score

    def behind_pieces(self, i: int) -> int:
        """Behind a count, the token after what is counted: "latas", "latas de monster", "ciel de a litro", "fuze tea 600
        ml"; else the next token."""
        sized = {k for a in self.out.sizes for k in range(a.first, a.last + 1) if a.first > i}
        counted = False
        for k in range(i + 1, min(i + 9, len(self.tokens))):
            counted |= self.word(k) in PIECES | _THEM or k in self.products
            bare = self.number(k)
            if bare is not None and counted and 100 <= bare <= 3785:
                sized.add(k)  # "4 sprites de 355 por 72"
            if k not in sized and (
                (not self.word(k).isalpha() and self.word(k) != "0") or self.word(k) in {"x", "por", "for", "en"}
            ):
                break
            if counted and self.word(k + 1) in {"x", "por", "for", "en"}:
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
            while self.word(k) in _BEFORE_AMOUNT:
                k += 1
            amount = self.number(k)
            if amount is None or k in self.ignored or self.volume(k):
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
            for inside in range(i + 1, k - 1):
                bare = self.number(inside)
                if bare is not None and not self.volume(inside):
                    self.put(self.out.sizes, Size(bare, "ml"), inside, inside, 2)
            if count >= 12 and link in {"en", "por", "for"} and set(self.text[i + 1 : k]) & PIECES:
                # "24 latas en 380" is a case and its price
                self.put(self.out.sizes, Size(None, "ml", int(count)), i, i + 1, 3)
                self.put(self.out.prices, price, k, money[2] if money else k, 3)
                continue
            self.put(self.out.prices, Money(price.amount, price.currency, int(count)), i, money[2] if money else k, 3)
        self.groups()

    def groups(self) -> None:
        """A price for a group that is named as one, in front or behind: "el par en 36", "40 por las dos", "both for 30"."""
        for first in range(len(self.tokens)):
            found = self.group(first)
            if not found:
                continue
            count, last = found
            k = last + 1
            while self.word(k) in PIECES or self.word(k) in _GROUP_LINKS or self.word(k) in _BEFORE_AMOUNT:
                k += 1
            linked = k > last + 1
            money, amount = self.money(k), self.number(k)
            if amount is not None and not self.volume(k) and (money or (linked and amount >= 5)):
                self.put_group(money, k, count, first, money[2] if money else k)
                continue
            k = first - 1
            linked = self.word(k) in {"por", "for", "x"}
            k -= linked
            for start in range(k, max(-1, k - 3), -1):
                amount, money = self.number(start), self.money(start)
                if amount is None:
                    continue
                if (money[2] if money else start) != k or self.volume(start) or not (money or amount >= 5):
                    break
                ends = self.word(last + 1) in PIECES | {"", ",", ".", "!", ";"}
                if money or linked or (ends and (self.asking == "price" or start == 0)):
                    self.put_group(money, start, count, start, last)
                break

    def group(self, i: int) -> tuple[int, int] | None:
        """How many a phrase at token `i` that means a whole group stands for, and its last token."""
        word, after = self.word(i), self.word(i + 1)
        if word in {"both", "ambas", "ambos"}:
            wish = self.word(i - 1) in _WISHES or self.asking == "promotion"
            return None if wish and after not in PIECES else (2, i)
        if word in {"pair", "par"}:
            return (2, i) if self.word(i - 1) in {"a", "the", "el", "un", "cada", "per"} else None
        if word == "trio":
            return 3, i
        value = self.number(i + 1)
        if word in {"las", "los", "the", "all"} and value is not None and value in (2, 3, 4, 5, 6):
            return None if after in LITRES or self.volume(i + 1) or self.word(i - 1) == "a" else (int(value), i + 1)
        return None

    def put_group(self, money: tuple[Money, int, int, int] | None, at: int, count: int, first: int, last: int) -> None:
        price = money[0] if money else Money(self.tokens[at].value or Decimal(0), "USD" if self.dollars else "MXN")
        self.put(self.out.prices, Money(price.amount, price.currency, count), first, last, 3)

    def moneys(self) -> None:
        for i in range(len(self.tokens)):
            found = self.money(i)
            if not found:
                continue
            price, first, last, score = found
            if self.negated(first, last):
                self.used.add(i)
                self.denied.add("price")
                self.denials[last] = "price"
                continue
            self.put(self.out.prices, price, first, last, score)
