"""What the numbers of a message are: a size, a price, or neither.

A number counts as a size or a price only on evidence: a unit (`measures`), the words around it, the question asked.
Where two readings are left, the number is left out. Knows no catalogue.
"""

from collections.abc import Sequence
from decimal import Decimal

from slots.measures import Amount, Amounts, Measures
from slots.noise import COUNTED, PIECES
from slots.numbers import LITRES, PESOS, Token
from slots.stopwords import word_set
from slots.values import Money, Size

__all__ = ["Amount", "Amounts", "read_amounts"]

CORRECTIONS = word_set(
    "perdon mejor digo corrijo correccion corrige equivoque sorry actually meant correction rather instead oops sino espera wait ahora now cambia cambialo change make scratch scrap strike hold mean esperate mentira"
)
_TAKES_BACK = word_set(
    "scratch scrap strike hold sorry oops wait meant mean correction actually rather perdon digo mejor corrijo espera esperate nel "
    "equivoque error mentira aguanta"
)
_TAKES_BACK_SMALL = word_set(
    ", . ; ! - that this it on no not i a to make ay ah oh me de es son la el al the ponle pon hazlo at en por ok nah uh"
)
_PRICE_WORDS = word_set(
    "precio precios price priced prices cuesta cuestan vale valen costo cost costs costar costara tag precito preciecito tarifa pvp rsp srp msrp"
)
_PRICE_BEFORE = word_set("""a en por at for @ cuesta cuestan vale valen precio price priced sale salen queda quedan quedaria dejo dejar dejamos dejala dejalo
    dar doy damos dan daremos solo only just nomas apenas tan cost costs costing go going say sells sell vendo vende vendemos
    cobro cobramos charge charging hacemos cobrar to desde from x as = ahora now hoy pongo ponle ponlo ponla son es is be bajo bajamos
    pay pays pagan pagas down aproximadamente unos like""")
_STRONG_BEFORE = word_set(
    """cuesta cuestan vale valen precio price priced costs cost say @ cobro cobramos charge tag costar costara pvp cobrar"""
)
_SIZE_WORDS = word_set(
    "tamano tamaño tam size volumen volume contenido content cont medida presentacion capacidad mililitros"
)
_BOTTLES = word_set(
    "vidrio plastico pet lata latas latita bote carton tetra retornable retornables botella botellas envase glass plastic can cans bottle "
    "bottles returnable refresco refrescos soda sodas chica chico chiquita grande mediana mediano"
)
_EACH = word_set("c each cada apiece pza pieza unidad ea c/u unit per")
_ARTICLES = frozenset({"the", "de", "la", "el", "las", "los"})
_INSTEAD_SMALL = word_set(", . ; - : the la el las los de es is it's son a at for but pero sino mejor make $ pesos")
_OURS = word_set("ours mine nuestra nuestro nosotros nuestras nuestros mia")
_ENDS = word_set("""y en para la el los las con c cada each por de del and for in at with per the a pza pieza ea nada que pero but on if porfa
    please gracias thanks mxn es is to una un apiece porque because si lo le ya hasta until mientras all todo toda este esta esa
    retornable vidrio lata plastico can glass plastic or o solo nomas only ok va bueno our my mi fria frio bien helada instead
    cerrados cerrado justos netos neto pelones flat even final not no mejor ahora now hoy today esos aqui cuando when from desde como as""")


class _Reader(Measures):
    """Adds the bare numbers, and chooses among all that was read."""

    # -- bare numbers --------------------------------------------------------------------------------------------------
    def bare(self) -> None:
        numbers = [i for i in range(len(self.tokens)) if self.number(i) is not None]
        for i in numbers:
            if self.negated(i):
                self.used.add(i)
                if self.word(i - 1) in _ARTICLES and (self.tokens[i].value or 0) >= 100 and self.asking != "price":
                    self.denials[i] = "size"
        numbers = [i for i in numbers if i not in self.used and (self.number(i) or 0) > 0]
        if (
            self.asking == "price"
            and len(numbers) == 2
            and set(self.text) & {"replace", "cambia", "cambie", "change", "swap", "from"}
        ):
            # "replace 26 with 16"
            self.used.add(numbers.pop(0))
        for i in list(numbers):
            if self.corrected(i) or self.instead(i):
                numbers.remove(i)
        has_price_word = bool(set(self.text) & _PRICE_WORDS)
        selling = has_price_word or bool(
            set(self.text) & {"sell", "sells", "selling", "vendo", "vende", "vendemos", "venden", "doy", "damos"}
        )
        for i in numbers:
            value = self.tokens[i].value or Decimal(0)
            prior, after = self.word(i - 1), self.word(i + 1)
            if prior == "the" and after == "one" and self.size_of(value):
                self.size(i, 2)
            elif self.asking == "price" and len(numbers) == 1 and not self.out.prices and prior not in {"de", "la"}:
                self.price(i, 2)
            elif (
                self.asking == "size"
                and len(numbers) == 1
                and self.size_of(value)
                and prior not in _STRONG_BEFORE | {"a"}
            ) or ("size" in self.denied and not self.out.sizes and self.size_of(value)):
                self.size(i, 2)
            elif "price" in self.denied and not self.out.prices:
                self.price(i, 2)
            elif self.is_litres(i, value) or (
                value >= 100 and after in _EACH and self.out.prices and self.size_of(value) and self.bottled(i)
            ):
                self.size(i, 2)
            elif (
                prior == "de"
                and self.word(i - 2) in {"promo", "promocion", "oferta", "especial"}
                and not self.size_of(value)
            ):
                self.price(i, 1)
            elif prior in _STRONG_BEFORE | (_OURS if value < 100 and self.ignored else frozenset()) or (
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
            elif self.size_of(value) and value >= 100 and not has_price_word and self.bottled(i):
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

    def corrected(self, i: int) -> bool:
        """A bare number right behind words that take back the amount before ("600 ml. Scratch that, 500"): it is of that
        amount's kind. Whether it was one."""
        k, marked = i - 1, False
        while k >= 0 and self.word(k) in _TAKES_BACK | _TAKES_BACK_SMALL and self.tokens[k].value is None:
            marked |= self.word(k) in _TAKES_BACK or (self.word(k) == "no" and self.word(k + 1) in {",", ".", "wait"})
            k -= 1
        before = [a for a in (*self.out.sizes, *self.out.prices) if a.last <= k]
        if not marked or not before:
            return False
        last = max(before, key=lambda a: a.last)
        if k - last.last > 2 or self.word(i + 1) in COUNTED:
            return False
        value = self.tokens[i].value or Decimal(0)
        if isinstance(last.value, Money):
            self.put(self.out.prices, Money(value, last.value.currency, last.value.quantity), i, i, last.score)
        else:
            unit = last.value.unit if (value >= 20) == ((last.value.amount or 0) >= 20) else None
            size = Size(value, unit, last.value.count) if unit else self.size_of(value)
            if size is None:
                return False
            self.put(self.out.sizes, size, i, i, last.score)
        return True

    def instead(self, i: int) -> bool:
        """A bare number right behind a denied amount ("not the 600, the 500"): it is of that amount's kind. Whether it was
        one."""
        k = i - 1
        while k >= 0 and k not in self.denials and i - k <= 4 and self.word(k) in _INSTEAD_SMALL:
            k -= 1
        kind = self.denials.get(k)
        value = self.tokens[i].value or Decimal(0)
        if kind is None or k == i - 1 or self.word(i + 1) in COUNTED:
            return False
        if kind == "size" and self.size_of(value) and value >= 100:
            self.size(i, 2)
        elif kind == "price" and not (value >= 100 and self.size_of(value)) and self.asking != "size":
            self.price(i, 2)
        else:
            return False
        return True

    def is_litres(self, i: int, value: Decimal) -> bool:
        """A broken number up to five that is no price: behind a product's name ("coca 1.5"), or in place of another size
        ("era de 2 litros, ya cambio a 1.75")."""
        if value > 5 or value == value.to_integral_value() or self.dollars or self.asking == "price":
            return False
        if i - 1 in self.products:
            return self.word(i + 1) not in PESOS
        litres = any(self.word(k + 1) in LITRES for k in self.ignored) or any(
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
        if after in PESOS | {"$"} or (prior in {"el", "una"} and after in COUNTED):
            return False
        if value < 100 and value == value.to_integral_value():
            # "la de 3", "coca de 2"; a small whole number behind another "de" is more often a count
            return (
                self.word(i - 2)
                in {"la", "las", "el", "una", "coca", "retornable", "vidrio", "plastico", "cola", "size"}
                or i - 2 in self.products
                or prior in {"size", "tamano"}
            ) and after not in PIECES
        return True

    def bottled(self, i: int) -> bool:
        """A drink or a packaging is named, so that a bare number of three digits can be its size."""
        if self.word(i + 1) in {"de", "of"} and not {self.word(i + 2), self.word(i + 3)} & _BOTTLES:
            return False
        return bool(self.products) or bool(set(self.text) & _BOTTLES) or len(self.tokens) <= 3

    def size_named(self, i: int) -> bool:
        """A word for size stands close in front, and none for price ("el tamano a 235", "change the size to 500")."""
        first = i
        while first > max(0, i - 5) and not self.newline_before(first):
            first -= 1
        near = self.text[first:i]
        return bool(set(near) & _SIZE_WORDS) and not set(near) & _PRICE_WORDS

    def price_context(self, i: int) -> bool:
        """Whether a bare number behind `a`, `en`, `for`, ... ends its phrase, as a price does."""
        value, after = self.tokens[i].value or Decimal(0), self.word(i + 1)
        if after in {"-", "/", "x", ":", "h"} and self.glued(i):
            return after == "/"
        if after and after[0].isalpha() and after not in _ENDS:
            counted = (
                after in COUNTED or after.endswith("s") or after in {"people", "gente", "mil", "am", "pm", "year", "yr"}
            )
            if (
                counted
                or self.word(i - 1) not in {"a", "en", "por", "at", "for"}
                or not self.products
                or not 5 <= value < 1000
            ):
                return False
        cents = "." in self.digits(i) and len(self.digits(i).rsplit(".", 1)[1]) == 2
        if value < 3 and self.asking != "price" and not self.dollars and not (cents and self.in_ounces()):
            return False
        if value >= 1000 and self.word(i - 1) in {"es", "is", "be", "like", "unos"}:
            return False
        return not (self.word(i - 1) in {"en", "a", "to", "from", "desde"} and 1990 <= value <= 2039)

    def in_ounces(self) -> bool:
        """A message that measures in ounces prices in dollars."""
        return any(isinstance(a.value, Size) and a.value.unit == "oz" for a in self.out.sizes)

    def size(self, i: int, score: int) -> None:
        found = self.size_of(self.tokens[i].value or Decimal(0))
        if found:
            self.put(self.out.sizes, found, i, i, score)

    def price(self, i: int, score: int) -> None:
        value = self.tokens[i].value or Decimal(0)
        dollars = self.dollars or (value < 3 and self.asking != "price" and self.in_ounces())
        self.put(self.out.prices, Money(value, "USD" if dollars else "MXN"), i, i, score)

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
                ranged = self.word(chosen.first - 1) in {"de", "from"} and self.word(later.first - 1) in {
                    "a",
                    "to",
                    "en",
                    "$",
                }
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


def read_amounts(
    tokens: Sequence[Token],
    message: str,
    asking: str | None,
    taken: set[int],
    products: frozenset[int] = frozenset(),
    rivals: frozenset[int] = frozenset(),
) -> Amounts:
    """Sizes and prices of a message.

    `message` is the text that `tokens` point into (NFC), `taken` are token positions that already mean something else
    (an offer's figures, "10 de mayo"), `products` the positions of product names, `rivals` those of other companies'
    drinks where one of ours is named too.
    """
    reader = _Reader(tokens, message, asking, taken, products, rivals)
    reader.drop()
    reader.packs()
    reader.volumes()
    reader.multibuys()
    reader.moneys()
    reader.bare()
    out = reader.out
    out.size, out.price = reader.best_size(), reader.choose(out.prices)
    return out
