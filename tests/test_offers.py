"""Offers found by rules: what is one, what is a price, what is neither."""

import pytest

from slots.numbers import tokenize
from slots.offers import read_offer
from slots.values import GIFTS, Offer

OFFERS = [
    ("coca 2x1 todo el día", "2 for 1"), ("sprite 3x2", "3 for 2"), ("llévate 3 y paga 2", "3 for 2"), ("lleva 4 y paga solo 3", "4 for 3"),
    ("buy 2 get 1 free", "3 for 2"), ("buy one get one free", "2 for 1"), ("dos por uno", "2 for 1"), ("3 for 2 on Fanta", "3 for 2"),
    ("20% en la segunda", "20% off the second"), ("la segunda con 30% de descuento", "30% off the second"), ("second one 25% off", "25% off the second"),
    ("la segunda a mitad de precio", "50% off the second"), ("second one half price", "50% off the second"), ("15% off all week", "15% off"),
    ("10 por ciento de descuento", "10% off"), ("a mitad de precio", "50% off"), ("gratis un vaso en la compra de 2", "free glass with 2"),
    ("free glass with 2", "free glass with 2"), ("te regalamos un vaso", "free glass with 1"), ("vaso gratis al comprar 2", None),
    ("con 3 te llevas unas papas gratis", "free chips with 3"), ("combo con papas a 45", "combo with chips"), ("combo with popcorn", "combo with popcorn"),
    ("junta 10 y la siguiente es gratis", "loyalty card 10"), ("tarjeta de lealtad", "loyalty card 10"), ("cambia el 2x1 por un 3x2", "3 for 2"),
]  # fmt: skip
NO_OFFERS = [
    "2x30", "2 por 30 pesos", "3 for 50", "2 for $3 usd", "6 x 355 ml", "5 por 10 pesos", "is this free?", "sugar free coke", "coca sin azúcar", "sin 2x1",
    "no quiero descuento", "subieron 15% las ventas", "una coca de 600 a 18", "free delivery", "hola",
]  # fmt: skip


@pytest.mark.parametrize(("text", "offer"), [case for case in OFFERS if case[1]])
def test_a_stated_offer_is_read(text, offer):
    found = read_offer(tokenize(text), text)
    assert found is not None
    assert str(found.offer) == offer


@pytest.mark.parametrize("text", NO_OFFERS)
def test_a_price_for_several_and_everything_else_is_no_offer(text):
    found = read_offer(tokenize(text), text)
    assert found is None or found.offer is None


def test_refusing_an_offer_is_told_from_saying_nothing():
    refused = read_offer(tokenize("sin descuento"), "sin descuento")
    assert refused is not None
    assert refused.offer is None
    assert read_offer(tokenize("hola"), "hola") is None


@pytest.mark.parametrize("text", ["15% de descuento a empleados", "employees get 20% off", "10% off for our staff"])
def test_a_discount_for_the_staff_is_no_offer(text):
    assert read_offer(tokenize(text), text) is None


PRINTED = [
    *("3 for 2", "2 for 1", "6 for 5", "20% off the second", "15% off", "loyalty card 10", "loyalty card 6"),
    *(f"free {gift} with {count}" for gift in GIFTS for count in (1, 4)),
    *(f"combo with {gift}" for gift in GIFTS if gift != "t-shirt"),
]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("canonical", PRINTED)
def test_an_offer_is_read_back_from_the_words_in_which_it_is_shown(canonical, language):
    offer = Offer.parse(canonical)
    shown = offer.display(language)
    found = read_offer(tokenize(shown), shown)
    assert found is not None
    assert found.offer.display(language) == shown
    if "cup" not in canonical:  # in Spanish a cup and a glass are one word
        assert str(found.offer) == canonical
