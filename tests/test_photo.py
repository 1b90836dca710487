"""The user's own photo: what is used as it is, what is cut out, what is refused, and that no metadata is kept."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, PngImagePlugin

from pipelines.packshot import draw_packshot
from pipelines.photo import PhotoError, load_photo
from slots.catalog import default_catalog
from slots.values import Size


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


def test_a_pattern_of_dots_is_no_plain_background():
    with pytest.raises(PhotoError, match="plain background") as caught:
        load_photo(saved(on_table((190, 190, 190)).convert("1")))
    assert "fondo no es liso" in caught.value.words("es")


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


# How well it is cut out ------------------------------------------------------------------------------------------------


def pictured(product, packaging, size, ground, *, shadow=0.35, noise=3.5, quality=82, side=620, exif=None):
    """A drawn product photographed: its true mask, and a JPEG with falling light, a cast shadow and noise."""
    rng = np.random.default_rng(5)
    shot = draw_packshot(product, packaging, Size.parse(size), None, default_catalog(), round(side * 0.7))
    width = max(round(side * 0.85), round(shot.width * 1.3))
    x, y = (width - shot.width) // 2, round(side * 0.2)
    light = 1 - 0.12 * np.linspace(0, 1, width)[None, :, None] - 0.05 * np.linspace(0, 1, side)[:, None, None]
    fallen = Image.new("L", (width, side))
    foot, half = y + shot.height, shot.width * 0.07
    ImageDraw.Draw(fallen).ellipse((x, foot - half, x + shot.width * 1.25, foot + half), fill=round(255 * shadow))
    dark = np.asarray(fallen.filter(ImageFilter.GaussianBlur(9)))[..., None] / 255
    plain = Image.fromarray((np.array(ground) * light * (1 - dark)).astype(np.uint8)).convert("RGBA")
    plain.alpha_composite(shot, (x, y))
    pixels = np.asarray(plain.convert("RGB").filter(ImageFilter.GaussianBlur(0.6)), dtype=float)
    pixels = pixels + rng.normal(0, noise, (side, width, 1))
    truth = np.zeros((side, width), bool)
    truth[y:foot, x : x + shot.width] = np.asarray(shot.getchannel("A")) > 127
    return truth, saved(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), "JPEG", quality=quality)


def overlap(truth, photo):
    """Intersection over union of the two shapes, each cropped to itself."""
    rows, columns = np.nonzero(truth.any(axis=1))[0], np.nonzero(truth.any(axis=0))[0]
    want = truth[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    mask = Image.fromarray(np.asarray(photo.getchannel("A")) > 127).resize(want.shape[::-1], Image.Resampling.NEAREST)
    got = np.asarray(mask)
    return (want & got).sum() / (want | got).sum()


@pytest.mark.parametrize(
    ("product", "packaging", "size", "ground"),
    [
        ("Coca-Cola", "glass bottle", "355 ml", (252, 252, 252)),
        ("Fanta", "can", "355 ml", (238, 236, 230)),
        ("Monster", "can", "473 ml", (205, 208, 212)),
        ("Sprite", "plastic bottle", "600 ml", (90, 110, 140)),
        ("Powerade", "plastic bottle", "600 ml", (60, 62, 66)),
        ("Vitaminwater", "plastic bottle", "500 ml", (240, 225, 225)),
    ],
)
def test_the_outline_of_a_photographed_product_is_found(product, packaging, size, ground):
    truth, data = pictured(product, packaging, size, ground)
    assert overlap(truth, load_photo(data)) > 0.95


@pytest.mark.parametrize("size", ["1 L", "200 ml"])
def test_a_white_carton_on_white_paper_is_not_eaten(size):
    truth, data = pictured("Santa Clara", "carton", size, (250, 250, 250), shadow=0.2)
    assert overlap(truth, load_photo(data)) > 0.90


def test_the_edge_is_soft_and_carries_no_colour_of_the_background():
    image = Image.new("RGB", (500, 600), (60, 200, 80))
    ImageDraw.Draw(image).ellipse((150, 100, 350, 500), fill=(200, 20, 30))
    photo = load_photo(saved(image.filter(ImageFilter.GaussianBlur(1.2)), "JPEG", quality=92))
    pixels = np.asarray(photo).astype(int)
    alpha = pixels[..., 3]
    assert ((alpha > 20) & (alpha < 235)).sum() > 200
    green = pixels[..., 1] - pixels[..., 0]
    assert (green[alpha > 100] > 0).mean() < 0.01


# What else people send -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["P", "CMYK", "L", "I;16", "1"])
def test_other_colour_modes_are_read(mode):
    image = on_table((250, 250, 250), noise=0)
    if mode == "I;16":
        grey = np.asarray(image.convert("L")).astype(np.uint16) * 257
        data = saved(Image.fromarray(grey))
    else:
        turned = image.convert(mode, dither=Image.Dither.NONE)
        data = saved(turned, "JPEG" if mode == "CMYK" else "PNG")
    photo = load_photo(data)
    assert photo.mode == "RGBA"
    assert photo.size == pytest.approx((121, 471), abs=12)


def test_a_palette_with_a_transparent_colour_is_used_as_it_is():
    image = Image.new("P", (200, 300), 0)
    image.putpalette([0, 0, 0, 10, 120, 60] + [0] * 762)
    ImageDraw.Draw(image).rectangle((50, 40, 149, 299), fill=1)
    photo = load_photo(saved(image, transparency=0))
    assert photo.size == (100, 260)
    assert photo.getpixel((50, 100)) == (10, 120, 60, 255)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind):
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "green", "blue")]
    with pytest.raises(PhotoError, match="animation") as caught:
        load_photo(saved(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert "animación" in caught.value.words("es")


def test_a_phones_heic_is_refused_by_its_name():
    with pytest.raises(PhotoError, match="HEIC") as caught:
        load_photo(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200)
    assert "JPEG" in caught.value.words("es")


def test_the_type_is_told_by_content_and_not_by_name(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(saved(on_table(), "JPEG"))
    assert load_photo(path).mode == "RGBA"
    path.write_bytes(b"GIF89a" + b"\x00" * 400)
    with pytest.raises(PhotoError, match="not a PNG"):
        load_photo(path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_cut_short_is_refused(kind):
    data = saved(on_table(), kind)
    with pytest.raises(PhotoError, match=r"damaged|not a PNG"):
        load_photo(data[: len(data) // 2])


@pytest.mark.parametrize("clear", [True, False])
def test_place_camera_and_text_of_a_photo_are_not_kept(clear):
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (19.0, 25.0, 57.0)  # GPS latitude
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Somebody")
    if clear:
        image = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
        ImageDraw.Draw(image).rectangle((50, 40, 149, 299), fill=(10, 120, 60, 255))
    else:
        image = on_table()
    photo = load_photo(saved(image, exif=exif, pnginfo=note))
    assert photo.info == {}
    assert not photo.getexif()
    again = saved(photo)
    assert b"Somebody" not in again
    assert b"Camera" not in again
