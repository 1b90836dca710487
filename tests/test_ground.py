"""Grounding: what the model wrote is kept only where the message supports it."""

import pytest

from slots.catalog import default_catalog
from slots.ground import canonical, ground
from slots.message import Message
from slots.numbers import tag
from slots.rules import read
from slots.wire import parse

CATALOG = default_catalog()


def grounded(text, answer, asking=None):
    """The slots that stay of a model's answer, where tags stand for the message's numbers."""
    message = Message.read(text, asking, CATALOG)
    slots, removed = canonical(parse(answer), tag(message.text), CATALOG)
    return ground(slots, removed, message, read(message, CATALOG), CATALOG)


TEXT = "una coca de 600 a 18 en la playa"


def test_what_the_message_supports_stays_with_the_users_words():
    found = grounded(TEXT, "product=Coca-Cola | size=[A] ml | price=[B] MXN | environment=beach")
    assert found.slots == {"product": "Coca-Cola", "size": "600 ml", "price": "18 MXN", "environment": "beach"}
    assert found.evidence == {"product": "coca", "size": "600", "price": "18", "environment": "playa"}
    assert found.dropped == ()


@pytest.mark.parametrize(
    ("answer", "dropped"),
    [("store=corner shop", "store"), ("packaging=can", "packaging"), ("product=Fanta", "product"), ("environment=party", "environment"), ("promotion=image", "promotion")],
)  # fmt: skip
def test_an_invented_value_is_dropped(answer, dropped):
    found = grounded(TEXT, answer)
    assert found.slots == {}
    assert found.dropped == (dropped,)


@pytest.mark.parametrize(
    ("text", "answer", "slots"),
    [(TEXT, "product=Coca Cola", {"product": "Coca-Cola"}), ("sidral en la tiendita", "store=corner shops", {"store": "corner shop"}),
     ("coca en vidrio", "packaging=glass bottles", {"packaging": "glass bottle"})],
)  # fmt: skip
def test_a_near_miss_is_repaired_to_the_catalogues_spelling(text, answer, slots):
    assert grounded(text, answer).slots == slots


@pytest.mark.parametrize(
    ("text", "answer", "slots"),
    [("coca de 2 litros", "size=[A] ml", {"size": "2 L"}), ("12 oz coke", "size=[A] ml", {"size": "12 oz"}), ("sprite a 2 dólares", "price=[A] MXN", {"price": "2 USD"}),
     ("monster 2x70", "price=[B] MXN", {"price": "2 for 70 MXN"})],
)  # fmt: skip
def test_the_unit_follows_the_evidence(text, answer, slots):
    assert grounded(text, answer).slots == slots


@pytest.mark.parametrize(
    ("text", "answer"),
    [("llámame al 81 2345 6789", "price=[A] MXN"), ("tengo 40 cajas de fresca", "price=[A] MXN"), ("con 20% de descuento", "price=[A] MXN"), ("el 15 de mayo", "size=[A] L"),
     ("el vecino la da a 25", "price=[A] MXN"), ("coca 2x1", "price=[A] for [B] MXN")],
)  # fmt: skip
def test_a_number_that_means_something_else_is_no_value(text, answer):
    assert not set(grounded(text, answer).slots) & {"price", "size"}


def test_a_number_without_a_tag_is_no_number():
    assert grounded(TEXT, "price=[D] MXN | size=[Z] ml").slots == {}


def test_a_denied_value_is_dropped():
    assert grounded("no es de vidrio, es en lata", "packaging=glass bottle").slots == {}


def test_an_unknown_word_may_answer_the_question_that_was_asked_but_no_other():
    assert grounded("la huesería de mi tío", "store=corner shop", "store").slots == {"store": "corner shop"}
    assert grounded("la huesería de mi tío", "store=corner shop").slots == {}


def test_a_removal_needs_support_too():
    assert grounded("sin precio", "price=none").removed == ("price",)
    assert grounded(TEXT, "price=none").removed == ()


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "none",
        "size=[A",
        "price=MXN",
        "size=huge | price=cheap",
        "store=moon base",
        "product=",
        "|||",
        "product=product=product=",
    ],
)
def test_rubbish_from_a_model_fills_nothing(answer):
    assert grounded("hola", answer).slots == {}


@pytest.mark.parametrize(
    ("text", "answer", "slots"),
    [("Put it at 355 ml. Scratch that, 600.", "size=[A] ml", {"size": "600 ml"}), ("it is 18 pesos, no wait, 20 pesos", "price=[A] MXN", {"price": "20 MXN"}),
     ("Fanta 2 L. RRP: MXN 31.00. Cost: MXN 22.40", "price=[C] MXN", {"price": "31 MXN"}),
     ("el seis de latas de 355 de sprite", "size=[B] ml", {"size": "6-pack 355 ml"}), ("a 20 pesos, no 18 pesos", "price=[A] MXN", {"price": "20 MXN"})],
)  # fmt: skip
def test_a_correction_and_a_pack_that_the_model_missed_are_put_right(text, answer, slots):
    assert grounded(text, answer).slots == slots


@pytest.mark.parametrize(
    ("text", "answer", "environment"),
    [("watching the Super Bowl at home", "environment=home", "football match"), ("una posada en casa", "environment=party", "Christmas"),
     ("fiesta en la playa", "environment=beach", "party")],
)  # fmt: skip
def test_an_occasion_beats_the_place_that_the_model_chose(text, answer, environment):
    assert grounded(text, answer).slots == {"environment": environment}


@pytest.mark.parametrize(
    ("text", "answer", "product"),
    [("cocacola sinasucar", "product=Coca-Cola Sin Azúcar", "Coca-Cola Sin Azúcar"), ("coca con limon", "product=Coca-Cola Light", None)],
)  # fmt: skip
def test_the_sister_product_needs_its_own_words(text, answer, product):
    assert grounded(text, answer).slots.get("product") == product
