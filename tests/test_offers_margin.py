"""Whether an offer pays: figures worked out by hand for every kind, and what is never suggested."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.offers import (
    OFFERS_PATH,
    OffersError,
    catalog_cost,
    cents,
    default_terms,
    judge,
    load_terms,
    margin_of,
    parse_cost,
    per_cent,
    suggestions,
    to_dict,
)
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.values import Money, Offer, Size

CATALOG = default_catalog()
COST = Decimal(18)


def brief(offer: str | None = None, price: str = "30 MXN") -> Brief:
    return Brief(
        "Sprite",
        size=Size.parse("600 ml"),
        packaging="plastic bottle",
        price=Money.parse(price),
        offer=Offer.parse(offer) if offer else None,
    )


# A piece at 30 that costs 18 earns 12. A glass costs 14 and chips 12 (assets/offers.yaml).
# offer, revenue, cost, margin, margin in %, uplift in % (None: no number of pieces earns the same)
BY_HAND = [
    (None, "30.00", "18.00", "12.00", "40", "0"),
    ("3 for 2", "20.00", "18.00", "2.00", "10", "500"),  # 2 x 30 / 3; 12 / 2 - 1
    ("4 for 3", "22.50", "18.00", "4.50", "20", "167"),  # 3 x 30 / 4; 12 / 4.50 - 1
    ("2 for 1", "15.00", "18.00", "-3.00", "-20", None),
    ("20% off the second", "27.00", "18.00", "9.00", "33", "33"),  # (30 + 24) / 2; 12 / 9 - 1
    ("50% off the second", "22.50", "18.00", "4.50", "20", "167"),
    ("100% off the second", "15.00", "18.00", "-3.00", "-20", None),
    ("10% off", "27.00", "18.00", "9.00", "33", "33"),
    ("40% off", "18.00", "18.00", "0.00", "0", None),
    ("50% off", "15.00", "18.00", "-3.00", "-20", None),
    ("100% off", "0.00", "18.00", "-18.00", "0", None),
    ("free glass with 4", "30.00", "21.50", "8.50", "28", "41"),  # 18 + 14 / 4; 12 / 8.50 - 1
    ("free glass with 1", "30.00", "32.00", "-2.00", "-7", None),
    ("combo with chips", "30.00", "30.00", "0.00", "0", None),  # 18 + 12
    ("loyalty card 10", "27.27", "18.00", "9.27", "34", "29"),  # ten paid of eleven; 12 / 9.2727 - 1
    ("loyalty card 1", "15.00", "18.00", "-3.00", "-20", None),
]


@pytest.mark.parametrize(("offer", "revenue", "cost", "margin", "share", "uplift"), BY_HAND)
def test_every_kind_of_offer_earns_what_was_worked_out_by_hand(
    offer: str | None, revenue: str, cost: str, margin: str, share: str, uplift: str | None
) -> None:
    found = margin_of(brief(offer), CATALOG, cost=COST)
    assert [str(cents(x)) for x in (found.revenue, found.cost, found.margin)] == [revenue, cost, margin]
    assert str(per_cent(found.share)) == share
    assert (None if found.uplift is None else str(per_cent(found.uplift))) == uplift
    assert found.loses == margin.startswith("-")
    assert found.plain == 12


@pytest.mark.parametrize("offer", ["4 for 3", "15% off", "10% off the second", "free glass with 6", "loyalty card 6"])
def test_selling_the_uplift_more_earns_what_the_plain_price_earns(offer: str) -> None:
    found = margin_of(brief(offer), CATALOG, cost=COST)
    assert found.uplift is not None
    assert cents(100 * (1 + found.uplift) * found.margin) == cents(100 * found.plain)


def test_a_price_for_several_counts_a_piece() -> None:
    found = margin_of(brief(price="2 for 30 MXN"), CATALOG, cost=Decimal("9.50"))
    assert (found.price, found.margin) == (Decimal(15), Decimal("5.50"))
    assert cents(margin_of(brief("3 for 2", "2 for 30 MXN"), CATALOG, cost=Decimal(9)).margin) == Decimal("1.00")


def test_a_plain_price_below_cost_is_a_loss_and_gets_no_suggestion() -> None:
    found = judge(brief(price="15 MXN"), CATALOG, cost=COST)
    assert found.plain.loses
    assert found.plain.margin == -3
    assert found.suggested == ()


def test_the_users_cost_goes_before_the_catalogues_and_is_not_assumed() -> None:
    known = next(p.cost for p in CATALOG.products["Sprite"].packs if str(p.size) == "600 ml")
    assert catalog_cost(brief(), CATALOG) == known
    assert (margin_of(brief(), CATALOG).cost, margin_of(brief(), CATALOG).assumed) == (known, True)
    own = margin_of(brief(), CATALOG, cost=Decimal(0))
    assert (own.cost, own.assumed, own.share) == (0, False, 1)


# ---- suggestions


def test_the_most_generous_of_each_kind_that_pays_is_suggested_the_least_uplift_first() -> None:
    found = suggestions(brief(), CATALOG, cost=COST)
    # 12/8.50, 12/7.71 and 12/7.50 less 1; 3 for 2 would need six times the pieces
    assert [(str(m.offer), str(per_cent(m.uplift or Decimal(0)))) for m in found] == [
        ("free glass with 4", "41"),
        ("loyalty card 6", "56"),
        ("30% off the second", "60"),
    ]
    assert len(suggestions(brief(), CATALOG, cost=COST, count=2)) == 2


@pytest.mark.parametrize("price", ["5 MXN", "18 MXN", "19 MXN", "35 MXN", "112 MXN", "2 for 30 MXN", "3 USD"])
@pytest.mark.parametrize("share", ["0", "0.3", "0.72", "0.9", "0.97", "1", "1.4"])
def test_no_suggestion_sells_below_cost_nor_needs_more_than_the_file_allows(price: str, share: str) -> None:
    asked = brief("2 for 1", price)
    assert asked.price is not None
    terms = default_terms()
    for found in suggestions(asked, CATALOG, cost=asked.price.unit * Decimal(share), count=9):
        assert found.margin > 0
        assert found.share >= terms.keep
        assert found.uplift is not None
        assert found.uplift <= terms.uplift


def test_what_the_brief_offers_already_is_not_suggested() -> None:
    assert "free glass with 4" not in [
        str(m.offer) for m in suggestions(brief("free glass with 4"), CATALOG, cost=COST, count=9)
    ]


def test_an_offer_that_loses_is_shown_with_its_loss_and_with_offers_that_pay() -> None:
    verdict = judge(brief("2 for 1"), CATALOG, cost=COST)
    assert verdict.asked is not None
    assert verdict.asked.loses
    assert verdict.plain.margin == 12
    assert verdict.suggested
    told = verdict.to_dict()
    assert told["offer"]["margin"] == "-3.00"
    assert told["offer"]["loses"] is True
    assert told["offer"]["uplift"] is None
    assert told["plain"]["offer"] is None


def test_the_json_form_rounds_to_cents_and_to_a_thousandth() -> None:
    assert to_dict(margin_of(brief("loyalty card 10"), CATALOG, cost=COST)) == {
        "offer": "loyalty card 10",
        "currency": "MXN",
        "price": "30.00",
        "revenue": "27.27",
        "cost": "18.00",
        "margin": "9.27",
        "margin_share": "0.340",
        "uplift": "0.294",
        "loses": False,
        "cost_assumed": False,
    }


# ---- what cannot be had


@pytest.mark.parametrize(
    ("asked", "cost", "code", "words"),
    [
        (brief().with_(price=None), None, "no_price", "without a price"),
        (brief().with_(size=None), None, "no_cost", "give your own"),
        (brief().with_(size=Size.parse("777 ml")), None, "no_cost", "give your own"),
        (brief().with_(product="Jarritos"), None, "no_cost", "give your own"),
        (brief(price="2 USD"), None, "currency", "price is in USD"),
        (brief(), Decimal(-1), "cost", "cannot be -1"),
        (brief("other: a hug for everybody"), COST, "offer", "by hand"),
        (brief("120% off"), COST, "offer", "by hand"),
        (brief("120% off the second"), COST, "offer", "by hand"),
        (brief("free kite with 2"), COST, "gift", "'gifts' in assets/offers.yaml"),
        (brief("combo with kites"), COST, "gift", "glass"),
        (brief("free glass with 2", "2 USD"), Decimal(1), "gift_currency", "give the price in MXN"),
    ],
)
def test_what_cannot_be_computed_is_told_with_its_code_and_the_cure(
    asked: Brief, cost: Decimal | None, code: str, words: str
) -> None:
    with pytest.raises(OffersError, match=words) as raised:
        margin_of(asked, CATALOG, cost=cost)
    assert raised.value.code == code


def test_an_offer_of_unknown_worth_leaves_the_plain_margin_and_the_suggestions() -> None:
    verdict = judge(brief("free kite with 2"), CATALOG, cost=COST)
    assert verdict.asked is None
    assert verdict.problem is not None
    assert verdict.problem.code == "gift"
    assert verdict.plain.margin == 12
    assert verdict.suggested


def test_a_price_in_dollars_needs_the_users_cost_and_gets_no_gift_suggested() -> None:
    verdict = judge(brief("10% off", "2 USD"), CATALOG, cost=Decimal("1.20"))
    assert verdict.asked is not None
    assert (verdict.asked.currency, cents(verdict.asked.margin)) == ("USD", Decimal("0.60"))
    assert verdict.suggested
    assert all(m.offer and m.offer.kind not in ("gift", "combo") for m in verdict.suggested)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "restore it"),
        ("", "TypeError"),
        ("[1, 2", "compare with the one in the repository"),
        ("keep: 0.05\nuplift: 3\nsuggest: []\n", "gifts"),
        ("keep: 0.05\nuplift: 3\nsuggest: [cheap]\ngifts: {}\n", "not an offer"),
        ("keep: little\nuplift: 3\nsuggest: []\ngifts: {}\n", "compare with"),
        ("keep: 0.05\nuplift: 3\nsuggest: []\ngifts: {glass: dear}\n", "compare with"),
        ("keep: 0.05\nuplift: 3\nsuggest: 3\ngifts: {}\n", "compare with"),
        (b"\xff\xfe\x00", "compare with"),
    ],
)
def test_a_damaged_offers_file_is_named_with_the_cure(content: str | bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "offers.yaml"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(OffersError, match=words) as raised:
        load_terms(file)
    assert str(file) in str(raised.value)
    assert raised.value.code == "file"


def test_the_repositorys_offers_are_all_computable() -> None:
    terms = load_terms(OFFERS_PATH)
    for offer in terms.suggest:
        assert margin_of(brief(), CATALOG, cost=COST, offer=offer, terms=terms).revenue > 0


# ---- a typed cost


@pytest.mark.parametrize(
    ("typed", "cost"),
    [("12.50", "12.5"), ("12,5", "12.5"), (" $ 12 ", "12"), ("$12.50", "12.5"), ("0", "0"), ("1000000", "1000000"), ("0,05", "0.05")],
)  # fmt: skip
def test_a_cost_is_read_with_comma_or_point(typed: str, cost: str) -> None:
    assert parse_cost(typed) == Decimal(cost)


@pytest.mark.parametrize(
    "typed",
    ["", "-1", "cheap", "12.505", "1000000.01", "1e3", "12.", ".5", "1,250.50", "NaN", "١٢", "9" * 400, "12 13"],
)
def test_what_is_no_cost_is_refused_with_the_cure(typed: str) -> None:
    with pytest.raises(OffersError, match="at most two decimals") as raised:
        parse_cost(typed)
    assert raised.value.code == "cost"
    assert len(str(raised.value)) < 200
