"""Weak cues: shops, occasions and packagings that a message tells of without naming them."""

import pytest

from slots.catalog import default_catalog
from slots.extract import extract

CATALOG = default_catalog()


def slots(text, asking=None):
    return extract(text, asking, None, CATALOG, stage="rules").slots


@pytest.mark.parametrize(
    ("text", "store"),
    [("we pump gas and sell Sprite on the side", "gas station"), ("yo hago pizzas y quiero ofrecer Fanta", "pizzeria"), ("we bake bread and sell Ciel", "bakery"),
     ("our baristas push Topo Chico", "coffee shop"), ("vendo medicinas y Ciel", "pharmacy"), ("vendemos palomitas y Coca", "cinema")],
)  # fmt: skip
def test_a_shop_is_told_by_what_it_does(text, store):
    assert slots(text)["store"] == store


@pytest.mark.parametrize(
    ("text", "environment"),
    [("twelve grapes at midnight at my aunt's house", "New Year"), ("mis tíos y primos en una sola mesa", "family meal"), ("kids around the campfire", "camping"),
     ("la ofrenda con sus veladoras", "Day of the Dead"), ("the bride throwing her bouquet", "wedding")],
)  # fmt: skip
def test_an_occasion_is_told_by_what_people_do(text, environment):
    assert slots(text, "environment")["environment"] == environment


@pytest.mark.parametrize(
    "text", ["hay que devolver el envase", "you get the deposit back", "trae tu casco", "bring the empties back"]
)
def test_what_is_brought_back_is_returnable(text):
    assert slots(text, "packaging") == {"packaging": "returnable bottle"}


@pytest.mark.parametrize(
    "text",
    ["picture of friends making pizza and drinking Fanta", "imagen de una señora levantando pesas con Powerade", "no hay que regresar el envase de la Coca"],
)  # fmt: skip
def test_people_at_something_are_no_shop_and_a_denied_cue_is_none(text):
    found = slots(text)
    assert "store" not in found
    assert found.get("packaging") != "returnable bottle"


def test_what_is_named_beats_a_cue():
    assert slots("we pump gas next to my bakery, sell Sprite at the bakery")["store"] == "bakery"


@pytest.mark.parametrize(
    "text",
    ["mil disculpas, te invito una coca", "that one is on the house", "I'm at the beach, text you later", "thanks a million", "the photos came out blurry",
     "ya lo había visto antes", "parked by highway 40"],
)  # fmt: skip
def test_idioms_and_everyday_words_name_nothing(text):
    assert slots(text) == {}
