"""Does an offer pay? Revenue, cost and margin a piece, the uplift that breaks even, and offers worth suggesting.

    margin_of(brief, catalog)            -> Margin(price=35, cost=24.50, revenue=35, margin=10.50, uplift=0 ...)
    suggestions(brief, catalog, count=3) -> offers that earn money, as `Offer`s with their Margin
    judge(brief, catalog)                -> all of it as a Verdict: plain price, the offer as asked, what would pay

All amounts are a piece, in the price's currency, taxes included. With an offer, revenue and cost are averages over the
pieces that a shopper takes home (3 for 2: three pieces for two prices). Formulas: a piece earns m = revenue - cost; to
earn what the plain price earns, m0/m times as many pieces must be sold, so the uplift that breaks even is m0/m - 1
(the break-even sales change of Nagle and Müller, The Strategy and Tactics of Pricing, chapter on financial analysis).
Knows nothing of screens, texts or models; never decides: it shows, and the user accepts.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from slots.brief import Brief
from slots.catalog import Catalog
from slots.values import Money, Offer

OFFERS_PATH = Path(__file__).resolve().parent.parent / "assets" / "offers.yaml"
CURRENCY = "MXN"
"""Of every cost in the catalogue and of gifts."""
CENT = Decimal("0.01")
MAX_COST = Decimal(1_000_000)
_COST = re.compile(r"\$? ?([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")

Code = Literal["file", "no_price", "no_cost", "currency", "cost", "offer", "gift", "gift_currency"]
"""What is wrong, for screens that say it in their own words."""


class OffersError(ValueError):
    """The offers' file, or a margin that was asked for, cannot be had; the message names what and the cure."""

    def __init__(self, message: str, code: Code) -> None:
        super().__init__(message)
        self.code: Code = code


@dataclass(frozen=True)
class Terms:
    """The offers' file: what may be suggested, and what gifts cost (MXN a piece)."""

    suggest: tuple[Offer, ...]
    gifts: dict[str, Decimal]
    keep: Decimal
    """The least margin of a suggestion, as a share of its revenue."""
    uplift: Decimal
    """The most uplift that a suggestion may need, as a share (3 = four times the pieces)."""


@dataclass(frozen=True)
class Margin:
    """What one piece earns under an offer (or none). Amounts in `currency`, exact; round them with `cents` to show."""

    offer: Offer | None
    currency: str
    price: Decimal
    """The plain price a piece."""
    revenue: Decimal
    """What the shop takes a piece, on average."""
    cost: Decimal
    """What a piece costs the shop, gifts included."""
    plain: Decimal
    """Margin a piece without the offer."""
    assumed: bool
    """Whether the product's cost is the catalogue's assumption and not the user's figure."""

    @property
    def margin(self) -> Decimal:
        """Revenue less cost, a piece; negative is a loss."""
        return self.revenue - self.cost

    @property
    def share(self) -> Decimal:
        """Margin as a share of revenue; 0 without revenue."""
        return self.margin / self.revenue if self.revenue else Decimal(0)

    @property
    def loses(self) -> bool:
        """Whether every piece costs more than it brings."""
        return self.margin < 0

    @property
    def uplift(self) -> Decimal | None:
        """By what share more pieces must be sold to earn what the plain price earns; None where no number does."""
        if self.margin <= 0:
            return None
        return max(Decimal(0), self.plain / self.margin - 1)


@dataclass(frozen=True)
class Verdict:
    """Whether a brief pays: at its plain price, under its offer, and under offers that would."""

    plain: Margin
    asked: Margin | None
    """Under the brief's own offer; None when it has none, or when its worth cannot be computed."""
    problem: OffersError | None
    """Why the worth of the brief's offer cannot be computed."""
    suggested: tuple[Margin, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, as in margin.json."""
        return {
            "plain": to_dict(self.plain),
            "offer": to_dict(self.asked) if self.asked else None,
            "problem": str(self.problem) if self.problem else None,
            "suggestions": [to_dict(margin) for margin in self.suggested],
        }


def cents(amount: Decimal) -> Decimal:
    """An amount to show: two decimals, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def per_cent(share: Decimal) -> Decimal:
    """A share to show: whole per cent, halves up."""
    return (share * 100).quantize(Decimal(1), ROUND_HALF_UP)


def parse_cost(text: str) -> Decimal:
    """A cost as a person types it (`12.50`, `12,5`, `$ 12`), 0 to MAX_COST. Raises OffersError with the cure."""
    match = _COST.fullmatch(text.strip())
    cost = Decimal(f"{match[1]}.{match[2] or 0}") if match else None
    if cost is None or cost > MAX_COST:
        raise OffersError(
            f"a cost cannot be {text.strip()[:40]!r}; give a number from 0 to {MAX_COST}, with at most two decimals: 12.50",
            "cost",
        )
    return cost


def load_terms(path: Path = OFFERS_PATH) -> Terms:
    """Reads the offers' file. Raises OffersError that names it and the cure."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        offers = tuple(offer for text in raw["suggest"] if (offer := Offer.parse(str(text))) is not None)
        gifts = {str(name): Decimal(str(cost)) for name, cost in raw["gifts"].items()}
        return Terms(offers, gifts, Decimal(str(raw["keep"])), Decimal(str(raw["uplift"])))
    except OSError as error:
        raise OffersError(f"offers {path}: {error.strerror}; restore it from the repository", "file") from error
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise OffersError(
            f"offers {path}: {type(error).__name__}: {error}; compare with the one in the repository", "file"
        ) from error


@cache
def default_terms() -> Terms:
    """The repository's offers, read once (they are immutable)."""
    return load_terms()


def catalog_cost(brief: Brief, catalog: Catalog) -> Decimal | None:
    """What the brief's pack costs the shop by the catalogue, in MXN; None when the catalogue does not sell it.

    Without a packaging, the one that the size is sold in, when there is only one; a size alone is never guessed.
    """
    product = catalog.products.get(brief.product)
    if product is None or brief.size is None:
        return None
    packs = [p for p in product.packs if str(p.size) == str(brief.size) and brief.packaging in (None, p.packaging)]
    costs = {p.cost for p in packs}
    return costs.pop() if len(costs) == 1 else None


def margin_of(
    brief: Brief,
    catalog: Catalog,
    *,
    cost: Decimal | None = None,
    offer: Offer | None = None,
    terms: Terms | None = None,
) -> Margin:
    """The margin of a brief's price under its offer, or under another one. `cost` is the user's, a piece.

    Raises OffersError when there is no price, no known cost, or an offer whose worth cannot be computed.
    """
    terms = terms or default_terms()
    offer = offer if offer is not None else brief.offer
    if brief.price is None:
        raise OffersError("without a price there is no margin; give one", "no_price")
    price = brief.price.unit
    own = cost if cost is not None else _known_cost(brief, brief.price, catalog)
    if own < 0:
        raise OffersError(f"a cost cannot be {own}; give what a piece costs you, 0 or more", "cost")
    revenue, extra = _under(offer, price, brief.price, terms)
    return Margin(offer, brief.price.currency, price, revenue, own + extra, price - own, assumed=cost is None)


def _known_cost(brief: Brief, price: Money, catalog: Catalog) -> Decimal:
    found = catalog_cost(brief, catalog)
    if found is None:
        raise OffersError(
            "the catalogue knows no cost of this product in this size and packaging; give your own", "no_cost"
        )
    if price.currency != CURRENCY:
        raise OffersError(
            f"the catalogue's costs are in {CURRENCY}, the price is in {price.currency}; give your own cost", "currency"
        )
    return found


def _under(offer: Offer | None, price: Decimal, money: Money, terms: Terms) -> tuple[Decimal, Decimal]:
    """(revenue a piece, cost of extras a piece) under an offer."""
    if offer is None:
        return price, Decimal(0)
    hundred = Decimal(100)
    match offer.kind, offer.figures:
        case "n_for_m", (n, m) if n > 0:
            return price * m / n, Decimal(0)
        case "percent_second", (p,) if p <= hundred:
            return price * (2 - p / hundred) / 2, Decimal(0)
        case "percent", (p,) if p <= hundred:
            return price * (1 - p / hundred), Decimal(0)
        case "gift", (n,) if n > 0:
            return price, _gift(offer, money, terms) / n
        case "combo", _:
            return price, _gift(offer, money, terms)
        case "loyalty", (n,) if n > 0:
            return price * n / (n + 1), Decimal(0)
    raise OffersError(f"what {offer} costs cannot be computed; work it out by hand before you print it", "offer")


def _gift(offer: Offer, money: Money, terms: Terms) -> Decimal:
    cost = terms.gifts.get(offer.words)
    if cost is None:
        raise OffersError(
            f"what {offer.words!r} costs is not known; add it under 'gifts' in assets/offers.yaml "
            f"(known: {', '.join(sorted(terms.gifts))})",
            "gift",
        )
    if money.currency != CURRENCY:
        raise OffersError(
            f"gifts are costed in {CURRENCY}, the price is in {money.currency}; give the price in {CURRENCY}",
            "gift_currency",
        )
    return cost


def suggestions(
    brief: Brief, catalog: Catalog, *, cost: Decimal | None = None, count: int = 3, terms: Terms | None = None
) -> tuple[Margin, ...]:
    """Up to `count` offers of different kinds that earn money, the least uplift first; none below cost or below `keep`.

    Raises OffersError as `margin_of` does.
    """
    terms = terms or default_terms()
    plain = margin_of(brief.with_(offer=None), catalog, cost=cost, terms=terms)
    if plain.margin <= 0:
        return ()
    found: list[Margin] = []
    for offer in terms.suggest:
        try:
            under = margin_of(brief, catalog, cost=cost, offer=offer, terms=terms)
        except OffersError:
            continue  # a gift without a cost, or one costed in another currency, is not suggested
        if under.uplift is not None and under.share >= terms.keep and under.uplift <= terms.uplift:
            found.append(under)
    best: dict[str, Margin] = {}
    # of each kind the most generous that pays: it is the one a shopper notices
    for under in sorted(found, key=lambda m: m.margin):
        assert under.offer is not None
        best.setdefault(under.offer.kind, under)
    chosen = sorted(best.values(), key=lambda m: m.uplift or Decimal(0))
    return tuple(m for m in chosen if brief.offer is None or str(m.offer) != str(brief.offer))[:count]


def judge(brief: Brief, catalog: Catalog, *, cost: Decimal | None = None, terms: Terms | None = None) -> Verdict:
    """Whether the brief pays, with and without its offer, and what would. Raises OffersError where even the plain
    price has no margin; an offer whose worth cannot be computed is told in `problem`."""
    terms = terms or default_terms()
    plain = margin_of(brief.with_(offer=None), catalog, cost=cost, terms=terms)
    asked, problem = None, None
    if brief.offer is not None:
        try:
            asked = margin_of(brief, catalog, cost=cost, terms=terms)
        except OffersError as error:
            problem = error
    return Verdict(plain, asked, problem, suggestions(brief, catalog, cost=cost, terms=terms))


def to_dict(margin: Margin) -> dict[str, Any]:
    """The JSON form in records and answers: amounts as strings of two decimals."""
    return {
        "offer": str(margin.offer) if margin.offer else None,
        "currency": margin.currency,
        **{name: str(cents(getattr(margin, name))) for name in ("price", "revenue", "cost", "margin")},
        "margin_share": str(margin.share.quantize(Decimal("0.001"), ROUND_HALF_UP)),
        "uplift": None if margin.uplift is None else str(margin.uplift.quantize(Decimal("0.001"), ROUND_HALF_UP)),
        "loses": margin.loses,
        "cost_assumed": margin.assumed,
    }
