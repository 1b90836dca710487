"""Every pair of colours that holds words reaches WCAG AA, for every product and scene."""

import pytest
from PIL import Image

from pipelines.looks import article
from pipelines.palette import LARGE, TEXT, apart, contrast, deepened, poster_palette, readable
from slots.catalog import default_catalog

CATALOG = default_catalog()
LOOKS = {
    (name, variant): article(name, None, None, variant, CATALOG).look
    for name in (*CATALOG.products, "Jarritos de tamarindo", "Boing", "Peñafiel")
    for variant in (None, *(CATALOG.products[name].flavours if name in CATALOG.products else ()))
}


@pytest.mark.parametrize(
    ("a", "b", "ratio"), [("#000000", "#FFFFFF", 21.0), ("#FFFFFF", "#FFFFFF", 1.0), ("#777777", "#FFFFFF", 4.48)]
)
def test_contrast_is_that_of_wcag(a, b, ratio):
    assert contrast(a, b) == pytest.approx(ratio, abs=0.01)
    assert contrast(b, a) == contrast(a, b)


@pytest.mark.parametrize("look", LOOKS.values(), ids=lambda look: f"{look.word_mark} {look.label}")
@pytest.mark.parametrize("scene", ["#FFFFFF", "#0A1030", "#E8A050", "#3FA060", "#5CB4E0"])
def test_words_read_on_what_they_stand_on(look, scene):
    palette = poster_palette(look, Image.new("RGB", (64, 64), scene))
    assert contrast(palette.on_brand, palette.brand) >= LARGE  # headlines alone: large type
    assert contrast(palette.on_deep, palette.deep) >= TEXT
    assert contrast(palette.on_pop, palette.pop) >= TEXT
    assert contrast(palette.brand_on_paper, palette.paper) >= TEXT
    assert contrast(palette.key, palette.paper) >= 7.0


@pytest.mark.parametrize("scene", ["#FFFFFF", "#0A1030", "#E8A050", "#3FA060", "#5CB4E0"])
def test_the_price_stands_out_from_the_brand_field(scene):
    for look in LOOKS.values():
        palette = poster_palette(look, Image.new("RGB", (8, 8), scene))
        assert contrast(palette.pop, palette.brand) >= 2.2, look.word_mark


def test_the_sun_keeps_away_from_the_product_in_front_of_it():
    look = article("Coca-Cola", None, None, None, CATALOG).look
    scene = Image.new("RGB", (8, 8), "#88AACC")
    for colour in ("#FFD040", "#FFFFFF", "#202020", "#E01020"):
        product = Image.new("RGBA", (8, 20), colour)
        assert apart(poster_palette(look, scene, product).sun, colour) >= 90, colour


@pytest.mark.parametrize("colour", ["#FF8A12", "#FFE14A", "#E10A17", "#10B050", "#FFFFFF", "#000000"])
def test_a_deepened_colour_carries_what_it_was_deepened_for(colour):
    assert contrast(deepened(colour, "#FFF8EA", TEXT), "#FFF8EA") >= TEXT
    assert deepened("#5A0008", "#FFFFFF", TEXT) == "#5A0008"


def test_readable_takes_the_first_wish_that_can_be_read():
    assert readable(("#FFFF00", "#FFFFFF"), "#101010") == "#FFFF00"
    assert contrast(readable(("#EEEEEE",), "#FFFFFF"), "#FFFFFF") >= TEXT
