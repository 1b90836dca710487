"""Notices: what is declined, questioned or noted, and what is left in peace."""

import pytest

from slots.brief import Brief
from slots.catalog import default_catalog
from slots.guard import CODES, LONG, review_brief, review_message
from slots.values import Money, Size

CATALOG = default_catalog()


def codes(text):
    return {n.code for n in review_message(text, CATALOG)}


@pytest.mark.parametrize(
    ("text", "code"),
    [("quiero promocionar cerveza corona a 25", "alcohol"), ("haz un cartel de tequila", "alcohol"), ("an ad for vodka", "alcohol"), ("cuba con coca y ron promo", "alcohol"),
     ("una coca con ron para la noche", "alcohol"), ("Coke mixed with whisky", "alcohol"),
     ("quiero vender zapatos", "not_a_drink"), ("make an ad for cigarettes", "not_a_drink"), ("promo de hamburguesas a 50", "not_a_drink"),
     ("coca para los pendejos de enfrente", "offensive"), ("a fucking poster for sprite", "offensive"), ("fanta dirigida a niños de 5 años", "children"),
     ("an ad aimed at toddlers for fanta", "children"), ("jarritos de limón a 15", "competitor"), ("pepsi de 2 litros", "competitor"),
     ("coca a 0 pesos", "absurd_price"), ("coca a 1e9 pesos", "absurd_price"), ("sprite $99999999", "absurd_price"), ("coca a -5 pesos", "negative_price"),
     ("sprite en lata de vidrio", "contradiction"), ("promo de coca, fanta y sprite", "several_products"), ("coca " * 1200, "too_long")],
)  # fmt: skip
def test_what_needs_a_word_gets_its_notice(text, code):
    assert code in codes(text)
    assert code in CODES


@pytest.mark.parametrize(
    "text",
    ["una coca de 600 a 18 en la playa", "sprite para el bar", "no vendemos cerveza, puro topo chico", "coca con tacos al pastor en mi taquería", "fanta para una fiesta infantil",
     "sidral y pan de muerto en la ofrenda", "fuze tea para los chavos de la prepa", "A&W root beer ad", "me dicen doña Chela", "coca, va muy bien con tequila", "un bar de mezcal", "hola", ""],
)  # fmt: skip
def test_ordinary_messages_are_neither_declined_nor_questioned(text):
    assert not [n for n in review_message(text, CATALOG) if n.severity in {"decline", "question"}]


def test_a_too_long_message_says_so():
    notice = review_message("x" * (LONG + 1), CATALOG)[0]
    assert (notice.code, notice.severity) == ("too_long", "note")


@pytest.mark.parametrize(
    ("product", "noted"), [("Coca-Cola", True), ("Ciel", False), ("Coca-Cola Sin Azúcar", False), ("Fanta", True)]
)
@pytest.mark.parametrize("place", [{"environment": "school"}, {"store": "school cafeteria"}])
def test_a_sugary_drink_in_a_school_is_noted_with_its_source(product, noted, place):
    notices = [n for n in review_brief(Brief(product, **place), CATALOG) if n.code == "school_sugar"]
    assert bool(notices) == noted
    for notice in notices:
        assert notice.severity == "note"
        assert "Ley General de Educación, art. 75 Bis" in notice.source
        assert "2025-03-29" in notice.source


@pytest.mark.parametrize(
    ("size", "packaging", "found"),
    [("600 ml", "plastic bottle", []), ("777 ml", "plastic bottle", [("unknown_size", "question")]), ("600 ml", "carton", [("unknown_packaging", "question")]),
     ("2 L", "glass bottle", [("unknown_size", "note")]), ("12 oz", "can", []), ("6-pack 355 ml", "can", []), ("6-pack", "can", [])],
)  # fmt: skip
def test_a_size_or_packaging_that_the_catalogue_does_not_know_is_questioned(size, packaging, found):
    brief = Brief("Coca-Cola", size=Size.parse(size), packaging=packaging)
    assert [(n.code, n.severity) for n in review_brief(brief, CATALOG)] == found


@pytest.mark.parametrize(
    ("price", "code"),
    [("18 MXN", None), ("2 for 30 MXN", None), ("0 MXN", "absurd_price"), ("1000000000 MXN", "absurd_price"), ("1.25 USD", None), ("0.01 USD", "absurd_price")],
)  # fmt: skip
def test_absurd_prices_of_a_brief_are_questioned(price, code):
    found = [n.code for n in review_brief(Brief("Sprite", price=Money.parse(price)), CATALOG)]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("product", "code"), [("Cerveza Tecate", "alcohol"), ("Pepsi", "competitor"), ("Puta Cola", "offensive")]
)
def test_a_product_outside_the_catalogue_is_judged_by_its_name(product, code):
    assert [n.code for n in review_brief(Brief(product, marked=("product",)), CATALOG)] == [code]
