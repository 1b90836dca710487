"""Posters as pixels: they look as they did, the same arguments give the same one, and every word can be read.

The golden pictures under tests/golden/posters are written anew by `PROMO_WRITE_GOLDEN=1 pytest tests/test_poster.py`
(with `-m "slow or not slow"` for A4, too); look at them before you commit them.
"""

import io
import os
import zlib
from pathlib import Path

import numpy as np
import pytest
import skia
from PIL import Image, ImageDraw

from pipelines import draw
from pipelines.looks import article
from pipelines.palette import LARGE, TEXT, contrast, poster_palette
from pipelines.poster import PIXELS, compose_poster, poster_pdf, poster_size, write_pdf
from pipelines.poster_paint import words_path
from pipelines.poster_parts import WIDTH
from pipelines.poster_picture import read_light
from pipelines.poster_plan import FORMATS, LAYOUTS, PosterPlan, plan_poster
from pipelines.poster_words import poster_words
from slots.brief import Brief
from slots.catalog import default_catalog

CATALOG = default_catalog()
GOLDEN = Path(__file__).parent / "golden" / "posters"
WRITE = os.environ.get("PROMO_WRITE_GOLDEN") == "1"
TEXT_ES = "¡Sol, arena y sed! Llévate tu refresco de 2 L a solo $35 MXN en tu tiendita. El mar espera."
BRIEFS = {
    "beach": ({"product": "Coca-Cola", "size": "2 L", "packaging": "glass bottle", "price": "35 MXN", "environment": "beach", "store": "corner shop"}, TEXT_ES),
    "pack": ({"product": "Sprite", "size": "6-pack 355 ml", "packaging": "can", "price": "123456.78 MXN", "offer": "20% off the second", "store": "supermarket", "language": "en"}, "Share the fresh side. Six for the road."),
    "offer": ({"product": "Fanta", "offer": "3 for 2", "packaging": "plastic bottle", "store": "la tienda junto a la parroquia"}, "¡Naranja que pinta la tarde! Para todos."),
}  # fmt: skip
SKIES = {
    "beach": ((120, 180, 230), (232, 205, 150)),
    "pack": ((40, 40, 84), (96, 70, 74)),
    "offer": ((236, 214, 180), (150, 96, 60)),
}


def scene(name: str = "beach", size: int = 256) -> Image.Image:
    """A sky, a light on the left, hills and a floor: stands in for what the scene model makes."""
    sky, floor = (np.array(c, dtype=float) for c in SKIES[name])
    ys, xs = np.mgrid[0:size, 0:size] / size
    pixels = np.where((ys < 0.68)[..., None], sky, floor)
    hills = (ys > 0.5 + 0.05 * np.sin(xs * 9)) & (ys < 0.68)
    pixels[hills] = np.array([70, 130, 90])
    pixels = pixels + 70 * np.exp(-((xs - 0.15) ** 2 + (ys - 0.2) ** 2) * 14)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def shot(name: str = "beach", height: int = 600) -> Image.Image:
    """A bottle or a box as a child draws it: posters are tried without the code that draws packshots."""
    if name == "pack":
        image = Image.new("RGBA", (round(height * 1.2), height), "#0A9A45")
        ImageDraw.Draw(image).ellipse((height * 0.3, height * 0.3, height * 0.7, height * 0.7), fill="#FFE14A")
        return image
    image = Image.new("RGBA", (round(height * 0.3), height), (0, 0, 0, 0))
    pen, w, h = ImageDraw.Draw(image), height * 0.3, height
    pen.rounded_rectangle((0, h * 0.3, w - 1, h - 1), w * 0.2, fill="#3A140A")
    pen.polygon([(w * 0.35, h * 0.05), (w * 0.65, h * 0.05), (w * 0.9, h * 0.34), (w * 0.1, h * 0.34)], fill="#3A140A")
    pen.rectangle((w * 0.33, 0, w * 0.67, h * 0.07), fill="#D80A16")
    pen.rectangle((0, h * 0.45, w - 1, h * 0.65), fill="#E10A17")
    return image


def made(name: str = "beach", layout: str = "hero", format: str = "1:1", seed: int = 0, **values: str) -> Image.Image:
    data, text = BRIEFS[name]
    return compose_poster(
        scene(name),
        0.68,
        shot(name),
        Brief.from_dict({**data, **values}),
        text,
        CATALOG,
        layout=layout,
        format=format,
        seed=seed,
    )


def plan_of(name: str, layout: str, format: str = "1:1", seed: int = 0) -> PosterPlan:
    data, text = BRIEFS[name]
    picture = shot(name)
    words = poster_words(Brief.from_dict(data), text, CATALOG)
    return plan_poster(words, picture.width / picture.height, layout=layout, format=format, mirrored=seed % 2 == 1)


GOLDENS = [
    pytest.param(
        layout, format, list(BRIEFS)[(i + j) % 3], (i + j) % 2, marks=[pytest.mark.slow] if format == "a4" else []
    )
    for i, layout in enumerate(LAYOUTS)
    for j, format in enumerate(FORMATS)
]


@pytest.mark.parametrize(("layout", "format", "name", "seed"), GOLDENS)
def test_a_poster_looks_as_it_did(layout: str, format: str, name: str, seed: int) -> None:
    poster = made(name, layout, format, seed)
    assert poster.mode == "RGB"
    assert poster.size == poster_size(format)
    small = poster.resize((220, round(220 * poster.height / poster.width)), Image.Resampling.BOX)
    path = GOLDEN / f"{layout}-{format.replace(':', 'x')}.png"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        small.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
    with Image.open(path) as golden:
        difference = np.abs(np.asarray(small, dtype=float) - np.asarray(golden.convert("RGB"), dtype=float))
    assert difference.mean() < 5.0
    # a badge gone or moved changes a whole region, which a mean over the sheet could hide
    blocks = (
        difference.mean(axis=2)[: small.height // 20 * 20, :220]
        .reshape(small.height // 20, 20, 11, 20)
        .mean(axis=(1, 3))
    )
    assert blocks.max() < 30


def test_the_golden_pictures_stay_small_and_are_all_used() -> None:
    files = list(GOLDEN.glob("*.png"))
    assert {f.stem for f in files} == {
        f"{layout}-{format.replace(':', 'x')}" for layout in LAYOUTS for format in FORMATS
    }
    assert sum(f.stat().st_size for f in files) < 2**20


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_arguments_give_the_same_pixels(layout: str) -> None:
    assert made(layout=layout, seed=3).tobytes() == made(layout=layout, seed=3).tobytes()


def test_a_price_changes_the_badge_and_another_seed_the_side() -> None:
    first = np.asarray(made(), dtype=int)
    assert first.shape == (PIXELS, PIXELS, 3)
    badge = plan_of("beach", "hero").find("price")
    assert badge is not None
    scale = PIXELS / WIDTH
    area = np.s_[
        int(badge.box.top * scale) : int(badge.box.bottom * scale),
        int(badge.box.left * scale) : int(badge.box.right * scale),
    ]
    assert np.abs(first[area] - np.asarray(made(price="36 MXN"), dtype=int)[area]).mean() > 5
    assert np.abs(first - np.asarray(made(seed=1), dtype=int)).mean() > 20


# What is really behind the words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BRIEFS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_word_reaches_wcag_aa_on_the_pixels_around_it(layout: str, name: str) -> None:
    import cv2

    page = np.asarray(made(name, layout))
    scale = PIXELS / WIDTH
    plan = plan_of(name, layout)
    assert {"headline", "name"} <= {w.name for w in plan.part.words}
    for words in plan.part.words:
        surface = draw.new_surface(PIXELS, PIXELS)
        canvas = surface.getCanvas()
        canvas.scale(scale, scale)
        with draw.moved(canvas, *words.centre, words.tilt):
            canvas.drawPath(words_path(words), draw.paint("#FFFFFF"))
        ink = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)[..., 3]
        letters = ink > 250
        size = words.block.face.size * scale
        reach = max(2, round(size * 0.05))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        ring = (cv2.dilate((ink > 0).astype(np.uint8), kernel) > 0) & (ink == 0)
        inside, around = (tuple(float(v) for v in np.median(page[mask], axis=0)) for mask in (letters, ring))
        # WCAG 2.2, 1.4.3: 24 px is large
        assert contrast(inside, around) >= (LARGE if size >= 24 else TEXT), (words.name, inside, around)


# The picture ----------------------------------------------------------------------------------------------------------


def test_a_scene_that_shows_the_product_itself_needs_no_packshot() -> None:
    data, text = BRIEFS["beach"]
    for layout in LAYOUTS:
        poster = compose_poster(scene(), 0.68, None, Brief.from_dict(data), text, CATALOG, layout=layout)
        assert poster.size == (PIXELS, PIXELS)


@pytest.mark.parametrize("surface_y", [0.05, 0.4, 0.68, 0.95])
def test_the_scene_covers_its_window_wherever_its_surface_begins(surface_y: float) -> None:
    from pipelines.poster_picture import _crop

    white = Image.new("RGB", (300, 200), "#FFFFFF")
    for width, height, horizon in ((500, 500, 340.0), (300, 900, 640.0), (900, 300, 200.0)):
        crop = _crop(white, surface_y, width, height, horizon, width / 2)
        assert crop.size == (width, height)
        assert np.asarray(crop).min() == 255


def test_the_light_is_read_from_the_scene() -> None:
    lit_left, lit_right = scene(), scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert read_light(lit_left, 174).side < 0 < read_light(lit_right, 174).side
    assert read_light(scene("pack"), 174).dark > read_light(scene("offer"), 174).dark == 0


def test_the_shadow_falls_away_from_the_light() -> None:
    data, text = BRIEFS["beach"]
    plan = plan_of("beach", "hero")
    scale = PIXELS / WIDTH
    assert plan.product is not None
    row = int((plan.product.bottom + 4) * scale)
    near = (int((plan.product.left - 60) * scale), int((plan.product.left - 8) * scale))
    far = (int((plan.product.right + 8) * scale), int((plan.product.right + 60) * scale))

    def dark_sides(picture: Image.Image) -> tuple[float, float]:
        page = np.asarray(compose_poster(picture, 0.68, shot(), Brief.from_dict(data), text, CATALOG), dtype=float)
        left, right = (page[row - 6 : row + 6, a:b].mean() for a, b in (near, far))
        return float(left), float(right)

    left, right = dark_sides(scene())
    assert right < left
    left, right = dark_sides(scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert left < right


# PDF ------------------------------------------------------------------------------------------------------------------


def test_a_pdf_holds_the_picture_losslessly_at_its_physical_size_and_no_clock() -> None:
    dice = np.random.default_rng(0)
    width, height = poster_size("a4")
    picture = Image.fromarray(dice.integers(0, 255, (height // 40, width // 40, 3), np.uint8), "RGB").resize(
        (width, height), 0
    )
    data = poster_pdf(picture, "a4")
    assert data == poster_pdf(picture, "a4")
    assert data.startswith(b"%PDF-1.5")
    assert b"/MediaBox [0 0 595.2756 841.8898]" in data
    assert b"Date" not in data
    assert f"/Width {width} /Height {height}".encode() in data
    start = data.index(b"stream\n", data.index(b"/Subtype /Image")) + 7
    rows = np.frombuffer(zlib.decompress(data[start:]), np.uint8).reshape(height, 1 + 3 * width)
    assert (rows[:, 0] == 2).all()
    pixels = np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, 3)
    assert (pixels == np.asarray(picture)).all()
    # every object starts where the cross-reference table says
    table = data[int(data.split(b"startxref\n")[1].split(b"\n")[0]) :].split(b"\n")
    for number in range(1, 6):
        assert data[int(table[2 + number].split()[0]) :].startswith(b"%d 0 obj" % number)


def test_a_pdf_is_written_whole_to_a_file_or_a_buffer(tmp_path: Path) -> None:
    picture = Image.new("RGB", poster_size("1:1"), "#E10A17")
    buffer = io.BytesIO()
    write_pdf(picture, buffer, "1:1")
    write_pdf(picture, tmp_path / "poster.pdf", "1:1")
    assert (tmp_path / "poster.pdf").read_bytes() == buffer.getvalue()
    assert [f.name for f in tmp_path.iterdir()] == ["poster.pdf"]


def test_a_pdf_of_a_picture_that_is_not_of_the_format_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="compose it in that format first"):
        poster_pdf(Image.new("RGB", (100, 100)), "a4")
    with pytest.raises(ValueError, match="choose one of: 1:1, 4:5, 9:16, a4"):
        poster_pdf(Image.new("RGB", (100, 100)), "a5")


def test_unknown_choices_are_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match="choose one of: hero, split, burst, story"):
        made(layout="zigzag")
    with pytest.raises(ValueError, match="choose one of: 1:1, 4:5, 9:16, a4"):
        made(format="2:7")


def test_the_palette_of_every_poster_is_made_of_inks_that_hold_words() -> None:
    data, _ = BRIEFS["beach"]
    brief = Brief.from_dict(data)
    palette = poster_palette(article(brief.product, None, None, None, CATALOG).look, scene(), shot())
    for plan in (plan_of(name, layout, format) for name in BRIEFS for layout in LAYOUTS for format in FORMATS):
        for words in plan.part.words:
            assert contrast(palette.ink(words.ink), palette.ink(words.ground)) >= LARGE
