"""The Brief: its JSON form, and how it refuses what it cannot mean."""

import pytest

from slots.brief import Brief
from slots.values import Money, Offer, Size

FULL = Brief(
    product="Coca-Cola", promotion="image", size=Size.parse("2 L"), packaging="glass bottle", price=Money.parse("35 MXN"),
    store="corner shop", environment="beach", offer=Offer.parse("3 for 2"), terms="Hasta agotar existencias", language="es",
)  # fmt: skip


def test_a_brief_survives_its_json_form():
    assert Brief.from_dict(FULL.to_dict()) == FULL


def test_the_flat_form_reads_the_same():
    flat = {**FULL.slots(), "offer": "3 for 2", "terms": "Hasta agotar existencias", "language": "es"}
    assert Brief.from_dict(flat) == FULL


def test_what_was_left_out_is_absent_from_the_slots():
    assert Brief("Sprite").slots() == {"promotion": "both", "product": "Sprite"}


def test_a_change_makes_a_copy_and_leaves_the_first_as_it_was():
    changed = FULL.with_(price=None)
    assert changed.price is None
    assert str(FULL.price) == "35 MXN"


@pytest.mark.parametrize(
    ("data", "names"),
    [({}, "product"), ({"product": "Coca-Cola", "packaging": "bucket"}, "packaging"), ({"product": 3}, "product"),
     ({"product": "Coca-Cola", "size": "big"}, "size"), ({"product": "Coca-Cola", "colour": "red"}, "colour"),
     ({"product": "Coca-Cola", "language": "fr"}, "language"), ({"product": "Coca-Cola", "marked": "store"}, "marked"),
     ({"product": "Coca-Cola", "marked": 5}, "marked"), ({"product": "Coca-Cola", "marked": {"store": 1}}, "marked"),
     ({"product": "Coca-Cola", "marked": ["store", 5]}, "marked"), ([], "JSON object")],
)  # fmt: skip
def test_a_wrong_brief_is_refused_by_the_name_of_its_field(data, names):
    with pytest.raises(ValueError, match=names):
        Brief.from_dict(data)
