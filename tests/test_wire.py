"""The flat frames that the T5 reads and writes."""

import pytest

from slots.numbers import tag
from slots.wire import linear, parse, source


def test_the_source_names_the_slot_asked_for():
    assert source("de vidrio", "packaging") == "Extract the slots: asking=packaging; de vidrio"
    assert source("hola", None) == "Extract the slots: asking=none; hola"


def test_a_frame_is_written_in_schema_order_and_read_back():
    frame = {"environment": "school", "product": "Coca-Cola", "size": "[A] L"}
    assert linear(frame) == "product=Coca-Cola | size=[A] L | environment=school"
    assert parse(linear(frame)) == frame


def test_an_empty_frame_is_none():
    assert linear({}) == "none"
    assert parse("none") == {}


@pytest.mark.parametrize(
    ("raw", "frame"),
    [("product=Fanta|price=[A] MXN", {"product": "Fanta", "price": "[A] MXN"}), ("product=Fanta | product=Sprite", {"product": "Fanta"}),
     ("flavour=mango | product=Joya", {"product": "Joya"}), ("price= | store=bar", {"store": "bar"}), ("rubbish ||| = ", {}), ("", {})],
)  # fmt: skip
def test_what_a_model_garbles_is_read_as_far_as_it_goes(raw, frame):
    assert parse(raw) == frame


def test_the_source_holds_the_tagged_message():
    assert source(tag("coca de 600 a 18").text, None).endswith("coca de [A] 600 a [B] 18")
