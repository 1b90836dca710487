"""Which pictures are fit, measured on labelled drawings, and the particular cases."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from finetune.captions import TitleReading
from finetune.crawl import curate
from finetune.crawl.curate import Unfit, look_at, near, opened, print_of, twin
from finetune.crawl.measure import KINDS, TRUTH, examples, figures, verdict
from tests.shop import drink


def seen(**how: object) -> curate.Look:
    return look_at(opened(drink(3, side=256, **how), 64))  # type: ignore[arg-type]


def file(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def judged(count: int, seed: int) -> list[tuple[str, str]]:
    before: list[tuple[curate.Print, TitleReading]] = []
    return [(example.kind, verdict(example, before)) for example in examples(count, seed)]


def test_nine_in_ten_of_all_kinds_of_labelled_drawings_are_judged_rightly() -> None:
    pairs = judged(36, 5)
    assert {kind for kind, _ in pairs} == set(KINDS)
    assert sum(TRUTH[kind] == said for kind, said in pairs) >= 0.9 * len(pairs)


@pytest.mark.slow
def test_every_reason_finds_what_it_is_for_on_labelled_drawings() -> None:
    pairs = judged(288, 6)
    for reason, row in figures(pairs).items():
        assert row["recall"] >= 0.85, (reason, row)
        assert row["precision"] >= 0.85, (reason, row)


def test_labelled_drawings_are_the_same_when_made_again() -> None:
    assert list(examples(3, 9)) == list(examples(3, 9))


def test_one_drink_on_a_plain_light_background_is_fit() -> None:
    for ground, name in (("white", "white"), ("#f6ecd6", "cream"), ("#cde2f2", "light blue")):
        look = seen(ground=ground)
        assert (look.several, look.ground, look.background) == ("", "", name)


def test_two_drinks_side_by_side_are_several() -> None:
    assert seen(count=2).several.startswith("2 things")
    assert seen(count=3).pieces == 3


def test_a_soft_shadow_to_one_side_does_not_make_a_drink_several() -> None:
    image = opened(drink(3, side=256), 64)
    shadow = Image.new("L", image.size, 0)
    ImageDraw.Draw(shadow).polygon([(140, 222), (150, 200), (230, 170), (240, 190)], fill=20)
    image.paste((0, 0, 0), mask=shadow.filter(ImageFilter.GaussianBlur(3)))
    assert look_at(image).several == ""


def test_two_drinks_that_touch_are_several() -> None:
    tall, short = opened(drink(3, side=256), 64), opened(drink(12, side=200), 64)
    left, right = tall.crop((98, 0, 158, 256)), short.crop((77, 0, 123, 200))
    both = Image.new("RGB", (256, 256), "white")
    both.paste(left, (70, 0))
    both.paste(right, (112, 50))
    assert look_at(both).several != ""


def test_a_dark_background_is_told() -> None:
    assert seen(ground="#101010").ground.startswith("dark")
    assert seen(ground="#101010").background == "black"


def test_a_background_of_many_colours_is_not_plain() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (128, 128, 3), dtype=np.uint8)
    assert "not plain" in look_at(Image.fromarray(noise)).ground


def test_an_empty_picture_shows_nothing_and_breaks_nothing() -> None:
    look = look_at(Image.new("RGB", (300, 200), "white"))
    assert (look.pieces, look.several, look.ground) == (0, "", "")
    assert look_at(Image.new("RGB", (4000, 16), "white")).pieces == 0


def test_a_copy_in_another_size_and_quality_is_near_and_another_drink_is_not() -> None:
    first = opened(drink(3, side=300), 64)
    copy = opened(file(first.resize((240, 240)), "JPEG", quality=80), 64)
    other = opened(drink(8, side=300), 64)
    assert near(print_of(first), print_of(copy))
    assert not near(print_of(first), print_of(other))


def test_a_near_copy_under_a_title_of_another_size_is_no_duplicate_but_the_same_pixels_are() -> None:
    from slots.values import Size

    first = opened(drink(3, side=300), 64)
    small, large = (TitleReading("Sprite", size=Size.parse(size)) for size in ("600 ml", "2 L"))
    before = [(print_of(first), small)]
    copy = print_of(opened(file(first, "JPEG", quality=85), 64))
    assert twin(copy, small, before) == (0, False)
    assert twin(copy, TitleReading(), before) == (0, False)
    assert twin(copy, large, before) is None
    assert twin(print_of(first), large, before) == (0, True)


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"GIF89a" + bytes(50), b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff" + bytes(50), b"<svg/>", b"RIFF0000WEBP" + bytes(9), drink(1)[:300]])  # fmt: skip
def test_what_is_no_whole_picture_is_broken(data: bytes) -> None:
    with pytest.raises(Unfit, match="broken file"):
        opened(data, 64)


def test_small_pictures_are_told_with_their_size() -> None:
    with pytest.raises(Unfit, match="too small: 128 x 128, at least 256"):
        opened(drink(1), 256)


def test_a_picture_that_claims_too_many_pixels_is_not_decoded() -> None:
    huge = bytearray(file(Image.new("L", (8, 8))))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    crc = __import__("zlib").crc32(bytes(huge[12:29]))
    huge[29:33] = crc.to_bytes(4, "big")
    with pytest.raises(Unfit, match="too many pixels"):
        opened(bytes(huge), 64)


def test_transparency_becomes_white_and_the_camera_turn_is_applied() -> None:
    clear = opened(file(Image.new("RGBA", (100, 80), (9, 9, 9, 0))), 64)
    assert (clear.mode, clear.getpixel((5, 5))) == ("RGB", (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(file(Image.new("RGB", (100, 80)), "JPEG", exif=exif), 64).size == (80, 100)
