"""Packshots: every product in every packaging, sharp at print size; the user's own photo, good and bad."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipelines import outlines
from pipelines.looks import article, flavour_colour
from pipelines.multipack import columns_rows
from pipelines.packshot import PhotoError, draw_packshot, load_photo
from slots.catalog import default_catalog
from slots.schema import PACKAGINGS
from slots.values import Size

CATALOG = default_catalog()


def shot(product="Coca-Cola", packaging="glass bottle", size="355 ml", variant=None, height=220, seed=0):
    return draw_packshot(product, packaging, Size.parse(size) if size else None, variant, CATALOG, height, seed=seed)


@pytest.mark.parametrize("packaging", PACKAGINGS)
@pytest.mark.parametrize("product", [*CATALOG.products, "Jarritos de tamarindo"])
def test_every_product_draws_in_every_packaging_and_stands_on_the_last_row(product, packaging):
    image = shot(product, packaging, None, height=96)
    alpha = np.asarray(image.getchannel("A"))
    assert image.mode == "RGBA"
    assert image.height == 96
    assert (alpha > 128).mean() > 0.4
    assert alpha[-3:].max() > 128
    assert alpha[:, 0].max() > 0
    assert alpha[:, -1].max() > 0


@pytest.mark.parametrize("packaging", ["glass bottle", "can", "carton"])
def test_packshots_are_sharp_at_print_size(packaging):
    def on_grey(image):
        return Image.alpha_composite(Image.new("RGBA", image.size, "#808080"), image).convert("L")

    def sharpness(image):
        return np.quantile(np.abs(np.diff(np.asarray(image, dtype=float)[300:1700], axis=1)), 0.995)

    large = on_grey(shot(packaging=packaging, size=None, height=2000))
    blown = on_grey(shot(packaging=packaging, size=None, height=400)).resize(large.size, Image.Resampling.BICUBIC)
    assert sharpness(large) > 1.5 * sharpness(blown)


def test_the_same_call_gives_the_same_pixels_and_another_seed_other_drops():
    assert shot().tobytes() == shot().tobytes()
    assert shot().tobytes() != shot(seed=1).tobytes()


def test_a_large_bottle_is_wider_and_its_cap_smaller():
    small, large = outlines.bottle("plastic", "straight", 355), outlines.bottle("plastic", "straight", 3000)
    assert large.radius / large.height > small.radius / small.height
    assert large.cap / large.height < small.cap / small.height
    assert outlines.can(250).radius / outlines.can(250).height < outlines.can(355).radius / outlines.can(355).height


@pytest.mark.parametrize("millilitres", [50, 192, 235, 600, 1250, 3000, 10_000, 25_000])
@pytest.mark.parametrize("shape", ["contour", "straight", "sport", "grip", "slender", "jug", "unheard-of"])
@pytest.mark.parametrize("material", ["glass", "plastic"])
def test_a_profile_runs_down_without_loops(material, shape, millilitres):
    o = outlines.bottle(material, shape, millilitres)
    ys = [y for y, _ in o.profile]
    assert ys == sorted(set(ys))
    assert all(0 < r <= o.radius + 1e-9 for _, r in o.profile)
    assert o.cap < o.fill < o.label[0] < o.label[1] < o.height


def test_a_flavour_changes_the_drink_and_the_label_says_so():
    plain, strawberry = article("Fanta", None, None, None, CATALOG), article("Fanta", None, None, "strawberry", CATALOG)
    assert plain.look.liquid != strawberry.look.liquid
    assert strawberry.note == "FRESA"
    assert (
        shot("Fanta", "plastic bottle", "600 ml").tobytes()
        != shot("Fanta", "plastic bottle", "600 ml", "strawberry").tobytes()
    )


@pytest.mark.parametrize(
    ("words", "colour"), [("Jarritos de tamarindo", "#8A4B1E"), ("manzana verde", "#9BCB3C"), ("xyz", None)]
)
def test_a_name_tells_the_colour_of_the_drink(words, colour):
    assert flavour_colour(words) == colour


def test_another_companys_drink_has_its_name_as_word_mark():
    thing = article("Jarritos de tamarindo", "glass bottle", None, None, CATALOG)
    assert thing.look.word_mark == "Jarritos de tamarindo"


@pytest.mark.parametrize(
    ("count", "shape"),
    [(2, (2, 1)), (4, (2, 2)), (5, (3, 2)), (6, (3, 2)), (8, (4, 2)), (12, (4, 3)), (24, (6, 4)), (100, (6, 4))],
)
def test_a_pack_stands_in_rows(count, shape):
    assert columns_rows(count) == shape


def test_a_pack_is_wider_than_one_piece():
    one, six = shot(packaging="can", height=200), shot(packaging="can", size="6-pack 355 ml", height=200)
    assert six.height == 200
    assert six.width > 2 * one.width


@pytest.mark.parametrize("height", [0, 15, 6001])
def test_a_height_out_of_range_is_refused(height):
    with pytest.raises(ValueError, match="16 to 6000"):
        shot(height=height)


# Photos ---------------------------------------------------------------------------------------------------------------


def saved(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def on_table(background=(236, 234, 230), noise=3, size=(480, 640)):
    """A red bottle in front of a plain sheet, with the noise and the falling light of a phone's camera."""
    image = Image.new("RGB", size, background)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((180, 180, 300, 560), 30, fill=(190, 20, 30))
    pen.rectangle((215, 90, 265, 190), fill=(190, 20, 30))
    pixels = np.asarray(image, dtype=float) + np.random.default_rng(1).normal(0, noise, (size[1], size[0], 1))
    pixels -= np.linspace(0, 18, size[0])[None, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def test_a_transparent_png_is_used_as_it_is():
    image = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((50, 40, 149, 299), fill=(10, 120, 60, 255))
    photo = load_photo(saved(image))
    assert photo.size == (100, 260)
    assert photo.getpixel((50, 100)) == (10, 120, 60, 255)


@pytest.mark.parametrize("background", [(236, 234, 230), (40, 60, 120), (150, 190, 140)])
def test_a_photo_before_a_plain_background_is_cut_out(background):
    photo = load_photo(saved(on_table(background), "JPEG", quality=88))
    assert photo.size == pytest.approx((121, 471), abs=10)
    alpha = np.asarray(photo.getchannel("A"))
    assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] == 255
    assert alpha[5, 5] == 0
    assert alpha[-8:, alpha.shape[1] // 2].max() == 255


def test_a_photo_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it 90 degrees clockwise
    lying = on_table().transpose(Image.Transpose.ROTATE_90)
    photo = load_photo(saved(lying, "JPEG", exif=exif))
    assert photo.height > 2 * photo.width


def test_a_photo_is_read_from_a_file_and_from_a_picture(tmp_path):
    path = tmp_path / "foto.png"
    on_table().save(path)
    assert load_photo(path).size == load_photo(str(path)).size == load_photo(on_table()).size


def test_a_busy_background_is_refused_with_the_cure():
    pixels = np.random.default_rng(0).integers(0, 256, (32, 24, 3), dtype=np.uint8)
    busy = Image.fromarray(pixels).resize((480, 640), Image.Resampling.NEAREST)
    with pytest.raises(PhotoError, match="plain background"):
        load_photo(saved(busy))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a PNG, JPEG or WebP"),
        (b"%PDF-1.7 nonsense", "not a PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG, JPEG or WebP"),
        (saved(Image.new("RGB", (80, 80)), "GIF"), "not a PNG, JPEG or WebP"),
        (saved(on_table())[:2000], "damaged"),
        (saved(Image.new("RGB", (20, 400))), "at least 64"),
        (saved(Image.new("RGB", (400, 400), "white")), "stands out"),
        (saved(Image.new("RGBA", (400, 400), (0, 0, 0, 0))), "nothing to see"),
    ],
)  # fmt: skip
def test_what_is_no_usable_photo_is_refused_with_the_cure(data, says):
    with pytest.raises(PhotoError, match=says):
        load_photo(data)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked():
    bomb = saved(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    with pytest.raises(PhotoError, match="million"):
        load_photo(bomb)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(PhotoError, match=r"nada\.png"):
        load_photo(tmp_path / "nada.png")


def test_too_heavy_a_file_is_refused(tmp_path):
    path = tmp_path / "heavy.png"
    with path.open("wb") as file:
        file.truncate(26 * 2**20)
    with pytest.raises(PhotoError, match="25 MB"):
        load_photo(path)


def test_a_refusal_is_told_in_both_languages(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no picture")
    with pytest.raises(PhotoError) as caught:
        load_photo(path)
    assert "save it as one of these" in caught.value.words("en")
    assert "guárdala en uno de esos formatos" in caught.value.words("es")
