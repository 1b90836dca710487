"""Captions from the base template, and titles read for them."""

import pytest

from finetune.captions import BACKGROUNDS, conflicting, product_caption, read_title
from slots.catalog import default_catalog
from slots.values import Size


def caption(title: str) -> str:
    reading = read_title(title, default_catalog())
    assert reading.product
    return product_caption(
        reading.product, variant=reading.variant, size=reading.size, packaging=reading.packaging, background="white"
    )


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Coca-Cola Original Botella PET 600 ml", "a 600 ml plastic bottle of Coca-Cola"),
        ("REFRESCO COCA-COLA SIN AZÚCAR 2.5 L RETORNABLE", "a 2.5 L returnable bottle of Coca-Cola Sin Azúcar"),
        ("Refresco Sprite Lata 355 ml", "a 355 ml can of Sprite"),
        ("Jugo Del Valle Mango 946 ml Tetra Pak", "a 946 ml carton of mango Del Valle"),
        ("Fanta Fresa 600ml PET", "a 600 ml plastic bottle of strawberry Fanta"),
        ("Agua Ciel 1.5 Lt", "a 1.5 L Ciel"),
        ("Topo Chico botella de vidrio", "a glass bottle of Topo Chico"),
        ("Coca-Cola 8 oz lata", "an 8 oz can of Coca-Cola"),
        ("Coca-Cola Original 6 Pack 355 ml Lata", "a 6-pack of 355 ml cans of Coca-Cola"),
        ("Pepsi 600 ml botella PET", "a 600 ml plastic bottle of Pepsi"),
    ],
)
def test_a_spanish_title_becomes_an_english_caption(title: str, words: str) -> None:
    assert caption(title) == f"{words} on a plain white background"


@pytest.mark.parametrize(
    "title", ["Papas Sabritas 45 g", "", "   ", "Sobre nosotros", "💧" * 400, "=cmd|' /C calc'!A0"]
)
def test_a_title_without_a_drink_of_the_catalogue_names_no_product(title: str) -> None:
    assert read_title(title, default_catalog()).product is None


@pytest.mark.parametrize(
    "title",
    [
        "Coca-Cola 6 Pack 355 ml", "Paquete Coca-Cola 600 ml", "Kit Fanta 600 ml", "Combo Sprite 2 L", "Surtido Del Valle 250 ml", "Coca-Cola 600 ml + Sprite 600 ml",
        "Coca-Cola 12 pzas 355 ml", "Ciel 24 x 600 ml", "Fanta 355 ml x 12", "Coca-Cola y Sprite 600 ml", "Powerade 8 piezas", "Six Coca-Cola lata", "Charola Ciel 500 ml",
        "Coca-Cola Caja con 24", "Coca-Cola 12 latas 355 ml", "Coca-Cola 12-pack cans",
    ],
)  # fmt: skip
def test_a_title_of_several_products_says_so(title: str) -> None:
    assert read_title(title, default_catalog()).several


@pytest.mark.parametrize(
    "title",
    [
        "Coca-Cola Original Botella PET 600 ml", "Jugo Del Valle Mango 1 L Tetra Pack", "Coca-Cola 1 pieza 600 ml", "Coca-Cola Lata 355 ml", "Sprite 2 L", "Ciel 1.5 L PET",
        "Coca-Cola Original 1 x 600 ml", "Fuze Tea Té Negro Limón 600 ml", "Sidral Mundet Manzana 2 L", "Topo Chico Twist 355 ml", "Santa Clara Leche 200 ml Tetra Brik",
    ],
)  # fmt: skip
def test_a_title_of_one_product_does_not(title: str) -> None:
    assert read_title(title, default_catalog()).several is None


def test_what_is_left_out_stays_out_of_the_caption() -> None:
    assert product_caption("Sprite") == "a Sprite"
    assert product_caption("AdeS", size=Size.parse("946 ml")) == "a 946 ml AdeS"
    assert product_caption("AdeS", packaging="carton") == "a carton of AdeS"
    assert product_caption("AdeS") == "an AdeS"
    assert product_caption("Fanta", variant="orange") == "an orange Fanta"
    assert product_caption("Coca-Cola", size=Size.parse("8-pack")) == "an 8-pack of Coca-Cola"
    assert product_caption("Coca-Cola", size=Size.parse("1.5 L"), packaging="can") == "a 1.5 L can of Coca-Cola"


def test_an_unknown_background_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="choose one of: white"):
        product_caption("Sprite", background="chessboard")
    assert all(len(colour) == 3 for colour in BACKGROUNDS.values())


def test_titles_conflict_only_in_what_both_state() -> None:
    def reads(title: str):  # type: ignore[no-untyped-def]
        return read_title(title, default_catalog())

    assert conflicting(reads("Coca-Cola 600 ml"), reads("Coca-Cola 2 L"))
    assert conflicting(reads("Coca-Cola 600 ml"), reads("Sprite 600 ml"))
    assert not conflicting(reads("Coca-Cola 600 ml PET"), reads("Coca-Cola Original 600 ml"))
    assert not conflicting(reads("Coca-Cola 1 L"), reads("Coca-Cola 1000 ml"))
