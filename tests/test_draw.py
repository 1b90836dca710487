"""Type is measured as it is drawn, faces have the Spanish letters, colours and pictures come back unharmed."""

import numpy as np
import pytest
import skia
from PIL import Image

from pipelines import draw, lettering
from pipelines.lettering import Face
from slots.catalog import default_catalog

SPANISH = "¡¿áéíóúüñÁÉÍÓÚÜÑ$%·0123456789"


@pytest.mark.parametrize("stem", lettering.fonts())
def test_every_face_has_the_spanish_letters(stem):
    assert lettering.printable(stem, SPANISH) == SPANISH


def test_every_font_of_the_catalogue_is_there():
    for product in default_catalog().products.values():
        assert lettering.typeface(product.look.font) is not None


def test_an_unknown_font_names_the_ones_that_are_there():
    with pytest.raises(lettering.FontError, match="Lobster-Regular"):
        lettering.typeface("Comic-Papyrus")


def test_a_letter_that_a_face_lacks_loses_its_marks_or_is_left_out():
    assert lettering.printable("Lobster-Regular", "Ciel 水 ok") == "Ciel  ok"
    assert lettering.printable("Lobster-Regular", "ạ") == "a"


def test_fonts_weigh_less_than_3_mb_and_bring_their_licence():
    assert sum(p.stat().st_size for p in lettering.FONT_DIR.iterdir()) < 3 * 2**20
    assert "SIL OPEN FONT LICENSE" in (lettering.FONT_DIR / "OFL.txt").read_text(encoding="utf-8")


def test_drawn_text_fills_the_box_that_was_measured():
    face = Face("LeagueSpartan-Black", 60)
    surface = draw.new_surface(600, 120)
    lettering.draw_text(surface.getCanvas(), "¡Qué día!", face, 20, 90, draw.paint("#000000"))
    ink = draw.to_pil(surface).getchannel("A").getbbox()
    left, top, right, bottom = face.bounds("¡Qué día!")
    assert ink == pytest.approx((20 + left, 90 + top, 20 + right, 90 + bottom), abs=1.5)


def test_pairs_are_kerned():
    face = Face("Lato-Black", 100)
    assert face.width("AV") < face.width("A") + face.width("V") - 3


@pytest.mark.parametrize(
    "text", ["Hola", "¡Sol, arena y sed!", "uno dos tres cuatro cinco seis siete", "Anticonstitucional"]
)
@pytest.mark.parametrize(("width", "height"), [(400, 100), (200, 300), (90, 40)])
def test_a_fitted_block_never_leaves_its_box(text, width, height):
    block = lettering.fit_block(text, Face("Lobster-Regular", 1), width, height, max_lines=3)
    assert block.width <= width + 0.01
    assert block.height <= height + 0.01
    assert " ".join(block.lines) == text


def test_lines_are_balanced():
    assert lettering.balance("aa bb cc dd", 2, Face("Lato-Bold", 10)) == ["aa bb", "cc dd"]


def test_a_picture_survives_the_way_to_skia_and_back():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 6, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    surface = draw.new_surface(6, 8)
    surface.getCanvas().drawImage(draw.from_pil(Image.fromarray(pixels, "RGBA")), 0, 0)
    assert np.array_equal(np.asarray(draw.to_pil(surface)), pixels)


def test_a_clip_ends_with_its_block():
    surface = draw.new_surface(10, 10)
    canvas = surface.getCanvas()
    with draw.clipped(canvas, skia.Path().addRect(draw.box(0, 0, 5, 10))):
        canvas.drawPaint(draw.paint("#FF0000"))
    canvas.drawRect(draw.box(8, 0, 2, 10), draw.paint("#0000FF"))
    row = np.asarray(draw.to_pil(surface))[5]
    assert tuple(row[2]) == (255, 0, 0, 255)
    assert row[6][3] == 0
    assert tuple(row[9]) == (0, 0, 255, 255)


def test_colours_are_checked():
    assert draw.hex_of(draw.mix("#000000", "#FFFFFF", 0.5)) == "#808080"
    with pytest.raises(ValueError, match="#E10A17"):
        draw.rgb("#FFF")
