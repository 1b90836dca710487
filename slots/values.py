"""The typed values: Money, Size, Offer. One type each for grounding, writer, poster and margin.

Each has one canonical string (stored, compared, printed by the commands) and one display form a language
(printed in texts and posters). Knows nothing of catalogues or of how people type.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from slots.schema import Language

ML_PER_OZ = Decimal("29.5735295625")
"""US fluid ounce in millilitres (NIST Handbook 44, Appendix C)."""


def plain(number: Decimal) -> str:
    """The shortest decimal spelling: `2`, `2.5`, `0.355`; never an exponent."""
    text = format(number.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cents(number: Decimal) -> str:
    """Money's spelling: whole amounts without decimals, all others with two (`18`, `18.50`)."""
    return plain(number) if number == number.to_integral_value() else format(number, ".2f")


@dataclass(frozen=True)
class Money:
    """A price: `amount` in `currency` (ISO 4217), for `quantity` pieces when it is a multi-buy price (`2 for 30 MXN`)."""

    amount: Decimal
    currency: str = "MXN"
    quantity: int = 1

    _CANONICAL = re.compile(r"^(?:(\d+) for )?(\d+(?:\.\d+)?) ([A-Z]{3})$")

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Reads a canonical string; raises ValueError on anything else."""
        match = cls._CANONICAL.match(text.strip())
        if not match:
            raise ValueError(f"not a price: {text!r}; write it like '18.50 MXN' or '2 for 30 MXN'")
        return cls(Decimal(match[2]), match[3], int(match[1] or 1))

    def __str__(self) -> str:
        head = f"{self.quantity} for " if self.quantity > 1 else ""
        return f"{head}{cents(self.amount)} {self.currency}"

    @property
    def unit(self) -> Decimal:
        """The price of one piece, in `currency`."""
        return self.amount / self.quantity

    def display(self, language: Language) -> str:
        """`$18.50 MXN`, thousands as Mexico writes them (`$1,234.50 MXN`); a multi-buy is `2 por $30 MXN` in Spanish and
        `2 for $30 MXN` in English."""
        link = "por" if language == "es" else "for"
        head = f"{self.quantity} {link} " if self.quantity > 1 else ""
        whole, point, decimals = cents(self.amount).partition(".")
        return f"{head}${int(whole):,}{point}{decimals} {self.currency}"


@dataclass(frozen=True)
class Size:
    """A volume (`amount` in `unit`: ml, L or oz), a pack (`count` pieces), or both (`6-pack 355 ml`)."""

    amount: Decimal | None = None
    unit: str = "ml"
    count: int = 1

    _CANONICAL = re.compile(r"^(?:(\d+)-pack)?\s*(?:(\d+(?:\.\d+)?) ?(ml|L|oz))?$")

    @classmethod
    def parse(cls, text: str) -> "Size":
        """Reads a canonical string (also `1000 ml`, `0.5 L`); raises ValueError on anything else."""
        match = cls._CANONICAL.match(text.strip())
        if not match or not (match[1] or match[2]):
            raise ValueError(f"not a size: {text!r}; write it like '600 ml', '2 L', '12 oz' or '6-pack 355 ml'")
        return cls(Decimal(match[2]) if match[2] else None, match[3] or "ml", int(match[1] or 1))

    def __str__(self) -> str:
        parts = [f"{self.count}-pack"] if self.count > 1 else []
        if self.amount is not None:
            if self.unit == "oz":
                parts.append(f"{plain(self.amount)} oz")
            else:
                ml = self.amount * (1000 if self.unit == "L" else 1)
                parts.append(f"{plain(ml)} ml" if ml < 1000 else f"{plain(ml / 1000)} L")
        return " ".join(parts)

    @property
    def millilitres(self) -> float | None:
        """The volume of one piece in millilitres; None for a pack of unknown pieces."""
        if self.amount is None:
            return None
        factor = {"ml": Decimal(1), "L": Decimal(1000), "oz": ML_PER_OZ}[self.unit]
        return float(self.amount * factor)


OFFER_KINDS = ("n_for_m", "percent_second", "percent", "gift", "combo", "loyalty", "other")


@dataclass(frozen=True)
class Offer:
    """What the shopper gets beyond the price. `kind` is one of OFFER_KINDS.

    Canonical strings: `3 for 2` (n_for_m, figures 3, 2), `20% off the second` (percent_second), `15% off` (percent),
    `free glass with 2` (gift, `words` is the gift), `combo with chips` (combo), `loyalty card 10` (loyalty: the figure
    is how many make one free), and `other: ...` with the user's own words.
    """

    kind: str
    figures: tuple[Decimal, ...] = ()
    words: str = ""

    @classmethod
    def parse(cls, text: str) -> "Offer | None":
        """Reads a canonical string; `none` gives None; raises ValueError on anything else."""
        text = text.strip()
        if text == "none":
            return None
        for kind, pattern in _OFFER_PATTERNS.items():
            match = pattern.match(text)
            if match:
                figures = tuple(Decimal(g) for g in match.groups() if g and re.fullmatch(r"\d+(\.\d+)?", g))
                words = next((g for g in match.groups() if g and not re.fullmatch(r"\d+(\.\d+)?", g)), "")
                return cls(kind, figures, words)
        raise ValueError(
            f"not an offer: {text!r}; write it like '3 for 2', '20% off the second', '15% off', "
            "'free glass with 2', 'combo with chips', 'loyalty card 10', 'other: ...' or 'none'"
        )

    def __str__(self) -> str:
        f = [plain(x) for x in self.figures]
        match self.kind:
            case "n_for_m":
                return f"{f[0]} for {f[1]}"
            case "percent_second":
                return f"{f[0]}% off the second"
            case "percent":
                return f"{f[0]}% off"
            case "gift":
                return f"free {self.words} with {f[0]}"
            case "combo":
                return f"combo with {self.words}"
            case "loyalty":
                return f"loyalty card {f[0]}"
            case _:
                return f"other: {self.words}"

    def display(self, language: Language) -> str:
        """The offer as a shopper reads it: `3x2`, `20% de descuento en la segunda`, `free glass when you buy 2`."""
        f = [plain(x) for x in self.figures]
        es = language == "es"
        match self.kind:
            case "n_for_m":
                return f"{f[0]}x{f[1]}" if es else ("2 for 1" if f == ["2", "1"] else f"{f[0]} for {f[1]}")
            case "percent_second":
                return f"{f[0]}% de descuento en la segunda" if es else f"{f[0]}% off the second"
            case "percent":
                return f"{f[0]}% de descuento" if es else f"{f[0]}% off"
            case "gift":
                gift = GIFTS.get(self.words, self.words) if es else self.words
                return f"{gift} gratis en la compra de {f[0]}" if es else f"free {gift} when you buy {f[0]}"
            case "combo":
                extra = GIFTS.get(self.words, self.words) if es else self.words
                return f"combo con {extra}" if es else f"combo with {extra}"
            case "loyalty":
                return f"junta {f[0]} y la siguiente es gratis" if es else f"collect {f[0]} and the next one is free"
            case _:
                return self.words


GIFTS = {
    "glass": "vaso",
    "chips": "papas",
    "cup": "vaso",
    "tacos": "tacos",
    "popcorn": "palomitas",
    "bottle opener": "destapador",
    "straw": "popote",
    "ice": "hielo",
    "snack": "botana",
    "sandwich": "torta",
    "burger": "hamburguesa",
    "pizza": "pizza",
    "hot dog": "hot dog",
    "bread": "pan",
    "keychain": "llavero",
    "cap": "gorra",
    "t-shirt": "playera",
}
"""English to Spanish; a gift that is not here is printed in the user's own words."""

_N = r"(\d+(?:\.\d+)?)"
_OFFER_PATTERNS = {
    "n_for_m": re.compile(r"^(\d+) for (\d+)$"),
    "percent_second": re.compile(rf"^{_N}% off the second$"),
    "percent": re.compile(rf"^{_N}% off$"),
    "gift": re.compile(r"^free (.+) with (\d+)$"),
    "combo": re.compile(r"^combo with (.+)$"),
    "loyalty": re.compile(r"^loyalty card (\d+)$"),
    "other": re.compile(r"^other: (.+)$", re.S),
}
