"""A poster's words: the headline is cut at a clause, figures are exact, and own words read as a sentence."""

import pytest

from pipelines.poster_words import headline, poster_words, price_words, sentences
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.values import Money

CATALOG = default_catalog()
LONG = "Para esos días de calor en los que nada quita la sed llegó el sabor de siempre a tu mesa y a tu barrio"


def brief(**values):
    return Brief.from_dict({"product": "Coca-Cola", **values})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("¡Sol, arena y sed! Llévate tu Coca-Cola.", "¡Sol, arena y sed!"),
        ("Sprite de 2.5 L a $18.50 MXN. Ya está fría.", "Sprite de 2.5 L a $18.50 MXN"),
        ("¿Calor? Un clavado de frescura para todos.", "¿Calor? Un clavado de frescura para todos"),
        ("¡Qué calor hace en la playa, ven por tu refresco favorito de siempre! Va.", "¡Qué calor hace en la playa!"),
        ("😀 ¡Hola, barrio! 🎉", "¡Hola, barrio!"),
        ("Breakfast tastes better together. Grab one.", "Breakfast tastes better together"),
    ],
)
def test_the_headline_is_the_first_sentence_cut_at_a_clause_when_long(text, said):
    assert headline(text, "es") == said


def test_a_headline_never_cuts_a_word():
    assert headline(LONG, "es").rstrip("…") in LONG
    assert headline("", "en") == "Treat yourself!"


def test_a_point_within_a_number_ends_no_sentence():
    assert sentences("A $18.50 MXN hoy. ¡Va! ¿Sí?") == ["A $18.50 MXN hoy.", "¡Va!", "¿Sí?"]


@pytest.mark.parametrize(
    ("price", "language", "parts"),
    [
        ("35 MXN", "es", ("a solo", "$35", "", "MXN")),
        ("18.50 MXN", "en", ("only", "$18", "50", "MXN")),
        ("2 for 30 MXN", "es", ("2 por", "$30", "", "MXN")),
        ("2 for 30 MXN", "en", ("2 for", "$30", "", "MXN")),
        ("1.25 USD", "en", ("only", "$1", "25", "USD")),
        ("123456.05 MXN", "es", ("a solo", "$123,456", "05", "MXN")),
    ],
)
def test_a_price_is_printed_exactly(price, language, parts):
    words = price_words(Money.parse(price), language)
    assert (words.before, words.figure, words.decimals, words.below) == parts


def test_the_pack_line_is_in_the_briefs_language():
    values = {"product": "Fanta", "variant": "strawberry", "size": "600 ml", "packaging": "can", "store": "corner shop"}
    es, en = (poster_words(brief(**values, language=language), "", CATALOG) for language in ("es", "en"))
    assert es.details == "Fresa · 600\u00a0ml · lata"
    assert en.details == "Strawberry · 600\u00a0ml · can"
    assert es.store.startswith("En tu ")
    assert en.store.startswith("At your ")


def test_an_offer_brings_its_terms_and_none_is_made_up():
    assert "Hasta agotar existencias." in poster_words(brief(offer="3 for 2"), "", CATALOG).small_print
    assert "While stocks last." in poster_words(brief(offer="3 for 2", language="en"), "", CATALOG).small_print
    own = poster_words(brief(offer="3 for 2", terms="Del 1 al 15 de mayo"), "", CATALOG).small_print
    assert own.startswith("Del 1 al 15 de mayo.")
    assert "existencias" not in poster_words(brief(price="18 MXN"), "", CATALOG).small_print


def test_a_point_in_the_products_name_does_not_cut_the_headline():
    brief = Brief.from_dict({"product": "Dr. Pepper", "price": "18.50 MXN", "marked": ["product"]})
    words = poster_words(brief, "¿Se te antoja Dr. Pepper? Está a solo $18.50 MXN.", default_catalog())
    assert words.headline == "¿Se te antoja Dr. Pepper?"


def test_an_opening_that_states_the_price_gives_way_to_one_that_does_not():
    brief = Brief.from_dict({"product": "Sprite", "price": "18 MXN"})
    words = poster_words(brief, "Sprite a solo $18 MXN hoy. ¡Date un respiro!", default_catalog())
    assert words.headline == "¡Date un respiro!"


@pytest.mark.parametrize(
    ("store", "language", "said"),
    [
        ("corner shop", "es", "En tu tiendita"),
        ("la fonda de la esquina", "es", "En la fonda de la esquina"),
        ("mi puesto", "es", "En tu puesto"),
        ("Abarrotes Lupita", "es", "En Abarrotes Lupita"),
        ("tianguis", "es", "En tu tianguis"),
        ("my stall", "en", "At your stall"),
        ("The Corner", "en", "At The Corner"),
    ],
)
def test_the_store_reads_as_a_place_whoever_named_it(store, language, said):
    assert poster_words(brief(store=store, language=language), "", CATALOG).store == said


def test_the_body_holds_the_sentences_that_the_headline_does_not():
    words = poster_words(brief(price="35 MXN"), "¡Sol, arena y sed! Llévate dos. A $35 MXN hoy.", CATALOG)
    assert words.headline == "¡Sol, arena y sed!"
    assert words.body == ("Llévate dos.", "A $35\u00a0MXN hoy.")
