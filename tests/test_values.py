"""The typed values: canonical strings, display forms and what they refuse."""

from decimal import Decimal

import pytest

from slots.values import GIFTS, OFFER_KINDS, Money, Offer, Size, cents, plain


@pytest.mark.parametrize("text", ["18.50 MXN", "18 MXN", "2 for 30 MXN", "1.25 USD", "3 for 2.50 USD", "1299 MXN"])
def test_a_canonical_price_reads_and_prints_the_same(text):
    assert str(Money.parse(text)) == text


@pytest.mark.parametrize("text", ["", "18", "$18", "18 pesos", "a for 3 MXN", "18.5.0 MXN", "-3 MXN"])
def test_anything_but_a_canonical_price_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write it like"):
        Money.parse(text)


def test_a_price_is_displayed_in_the_readers_language():
    price = Money.parse("2 for 30 MXN")
    assert price.display("es") == "2 por $30 MXN"
    assert price.display("en") == "2 for $30 MXN"
    assert Money.parse("18.5 MXN").display("es") == "$18.50 MXN"
    assert Money.parse("123456.78 MXN").display("en") == "$123,456.78 MXN"
    assert price.unit == 15


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("600 ml", "600 ml"), ("1000 ml", "1 L"), ("0.5 L", "500 ml"), ("2.50 L", "2.5 L"), ("16.9 oz", "16.9 oz"),
     ("6-pack", "6-pack"), ("6-pack 355 ml", "6-pack 355 ml"), ("12-pack 0.6 L", "12-pack 600 ml")],
)  # fmt: skip
def test_a_size_prints_millilitres_below_a_litre(text, canonical):
    assert str(Size.parse(text)) == canonical


@pytest.mark.parametrize("text", ["", "600", "big", "ml", "pack", "-2 L", "6 pack"])
def test_anything_but_a_canonical_size_is_refused(text):
    with pytest.raises(ValueError, match="write it like"):
        Size.parse(text)


def test_volumes_compare_in_millilitres_and_a_bare_pack_has_none():
    assert Size.parse("12 oz").millilitres == pytest.approx(354.88, abs=0.01)
    assert Size.parse("2 L").millilitres == 2000
    assert Size.parse("6-pack").millilitres is None


@pytest.mark.parametrize(
    ("text", "kind", "spanish"),
    [("3 for 2", "n_for_m", "3x2"), ("20% off the second", "percent_second", "20% de descuento en la segunda"),
     ("15% off", "percent", "15% de descuento"), ("free glass with 2", "gift", "vaso gratis en la compra de 2"),
     ("combo with chips", "combo", "combo con papas"), ("loyalty card 10", "loyalty", "junta 10 y la siguiente es gratis"),
     ("other: sorteo de un refri", "other", "sorteo de un refri")],
)  # fmt: skip
def test_every_kind_of_offer_reads_prints_and_displays(text, kind, spanish):
    offer = Offer.parse(text)
    assert offer is not None
    assert (offer.kind, str(offer), offer.display("es")) == (kind, text, spanish)
    assert kind in OFFER_KINDS


def test_none_is_no_offer_and_nonsense_is_refused():
    assert Offer.parse("none") is None
    with pytest.raises(ValueError, match="3 for 2"):
        Offer.parse("cheap")


def test_numbers_are_spelled_without_exponent_or_trailing_zeros():
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("2.50")) == "2.5"
    assert cents(Decimal("18.5")) == "18.50"
    assert cents(Decimal("18.00")) == "18"


def test_every_known_gift_prints_in_spanish():
    for english, spanish in GIFTS.items():
        assert Offer("gift", (Decimal(1),), english).display("es").startswith(spanish)
