"""Extraction in its stages, with a model that is a function."""

import pytest

from slots.catalog import default_catalog
from slots.extract import STAGES, Extraction, extract, extract_many

CATALOG = default_catalog()
TEXT = "una imagen de coca de 600 en vidrio a 18 en la playa"


def model(answer):
    """A model that answers always the same, and remembers what it read."""

    def generate(sources):
        generate.read = sources
        return [answer] * len(sources)

    return generate


def test_the_model_reads_tagged_numbers_and_the_slot_asked_for():
    generate = model("none")
    extract("la de 600", "size", generate, CATALOG)
    assert generate.read == ["Extract the slots: asking=size; la de [A] 600"]


def test_stage_t5_is_what_the_model_wrote():
    found = extract(TEXT, None, model("product=Fanta | size=[A] ml | store=bar"), CATALOG, stage="t5")
    assert found.slots == {"product": "Fanta", "size": "600 ml", "store": "bar"}
    assert found.offer is None


def test_stage_grounded_keeps_of_it_what_the_message_supports():
    found = extract(TEXT, None, model("product=Fanta | size=[A] ml | store=bar"), CATALOG, stage="grounded")
    assert found.slots == {"size": "600 ml"}


def test_stage_full_fills_the_gaps_by_rules():
    found = extract(TEXT, None, model("product=Fanta | size=[A] ml | store=bar"), CATALOG)
    assert found.slots == extract(TEXT, None, None, CATALOG, stage="rules").slots


def test_stage_rules_needs_no_model_and_every_other_says_so():
    assert extract(TEXT, None, None, CATALOG, stage="rules").slots["promotion"] == "image"
    for stage in STAGES[1:]:
        with pytest.raises(ValueError, match="needs a model"):
            extract(TEXT, None, None, CATALOG, stage=stage)


def test_the_object_has_the_agreed_keys():
    found = extract("fanta fresa 3x2 sin precio", None, model("none"), CATALOG).to_dict()
    assert found == {
        "slots": {"product": "Fanta"}, "removed": ["price"], "offer": "3 for 2", "variant": "strawberry", "marked": [],
        "evidence": {"product": "fanta", "offer": "3x2", "variant": "fresa", "price": "sin precio"}, "language": "es",
    }  # fmt: skip


def test_a_removed_slot_never_has_a_value():
    found = extract("anything but glass", None, model("packaging=glass bottle"), CATALOG)
    assert found.slots == {}
    assert found.removed == ("packaging",)


def test_many_messages_are_read_with_one_call():
    generate = model("none")
    found = extract_many([("coca", None), ("18", "price"), ("", None)], generate, CATALOG)
    assert [e.slots for e in found] == [{"product": "Coca-Cola"}, {"price": "18 MXN"}, {}]
    assert len(generate.read) == 3
    assert extract_many([], generate, CATALOG) == []


def test_an_unknown_slot_stage_or_a_short_answer_is_refused():
    with pytest.raises(ValueError, match="asking cannot be 'colour'"):
        extract("x", "colour", None, CATALOG, stage="rules")
    with pytest.raises(ValueError, match="choose one of"):
        extract("x", None, None, CATALOG, stage="magic")
    with pytest.raises(ValueError, match="answered 0 of 1"):
        extract("x", None, lambda sources: [], CATALOG)


def test_the_previous_language_is_kept_for_a_neutral_answer():
    assert extract("600", "size", model("none"), CATALOG, previous_language="en").language == "en"


@pytest.mark.parametrize("text", ["", "\x00", "🥤", "x" * 10_000, "<b>", "price=1 MXN | product=Fanta"])
@pytest.mark.parametrize("answer", ["none", "product=Coca-Cola | price=[A] MXN", "\x00|="])
def test_no_text_and_no_answer_raise(text, answer):
    assert isinstance(extract(text, None, model(answer), CATALOG), Extraction)


def test_a_flavour_of_another_product_is_not_kept():
    assert extract("fanta fresa", None, model("none"), CATALOG).variant == "strawberry"
    assert extract("coca con fresas", None, model("none"), CATALOG).variant is None


OTHER = "my sister is getting married in june and i still have no idea what to wear to the wedding"


def test_prose_about_other_matters_has_no_scene_unless_a_promotion_is_being_talked_of():
    wedding = model("environment=wedding")
    assert extract(OTHER, None, wedding, CATALOG).slots == {}
    assert extract(OTHER, None, wedding, CATALOG, talking=True).slots == {"environment": "wedding"}
    assert extract(OTHER, "environment", wedding, CATALOG).slots == {"environment": "wedding"}


def test_a_drink_named_in_other_talk_stays_a_drink():
    text = "ayer fuimos al cine con mis primos y nos tomamos una sprite de lata mientras empezaba la pelicula"
    found = extract(text, None, model("product=Sprite | packaging=can | store=cinema"), CATALOG)
    assert found.slots == {"product": "Sprite", "packaging": "can"}


def test_a_value_that_the_rules_do_not_know_is_proven_by_leaving_words_out():
    def reads(sources):
        return ["product=Fanta | store=bakery" if "bolillo" in s else "product=Fanta" for s in sources]

    def guesses(sources):
        return ["product=Fanta | store=bakery"] * len(sources)

    text = "los que vienen por su bolillo tambien se llevan su fanta, quiero un cartel"
    found = extract(text, None, reads, CATALOG)
    assert found.slots["store"] == "bakery"
    assert "bolillo" in found.evidence["store"]
    assert (
        "store"
        not in extract(
            "los que vienen por su pelota se llevan su fanta, quiero un cartel", None, guesses, CATALOG
        ).slots
    )
