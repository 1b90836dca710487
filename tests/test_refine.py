"""Giving a soft picture the detail of its sketch."""

import numpy as np
from PIL import Image

from pipelines.refine import refine
from pipelines.sketch import draw_sketch

SHARP = draw_sketch("beach", size=256)
SEEN = SHARP.resize((32, 32), Image.Resampling.BOX).resize((64, 64), Image.Resampling.BICUBIC)


def error(a: Image.Image, b: Image.Image) -> float:
    return float(np.abs(np.asarray(a, float) - np.asarray(b, float)).mean())


def test_a_model_that_changed_nothing_gives_the_sketch_back():
    assert error(refine(SEEN, SHARP, SEEN), SHARP) < 1.5
    assert error(SEEN.resize((256, 256), Image.Resampling.BICUBIC), SHARP) > 4


def test_a_change_of_light_stays_and_gets_sharp_edges():
    warm = np.array([1.0, 0.8, 0.6])
    made = Image.fromarray((np.asarray(SEEN) * warm).astype(np.uint8))
    wanted = Image.fromarray((np.asarray(SHARP) * warm).astype(np.uint8))
    finished = refine(made, SHARP, SEEN)
    assert error(finished, wanted) < 4
    assert error(finished, wanted) < 0.7 * error(made.resize((256, 256), Image.Resampling.BICUBIC), wanted)


def test_a_picture_of_something_else_is_left_alone():
    made = draw_sketch("gym", size=64)
    plain = made.resize((256, 256), Image.Resampling.BICUBIC)
    # the sketch shows through a little where the picture is flat (TRUST), and no more than that
    assert error(refine(made, SHARP, SEEN), plain) < 0.1 * error(SHARP, plain)


def test_without_the_autoencoders_view_a_blur_stands_in():
    finished = refine(SEEN, SHARP)
    assert finished.size == SHARP.size
    assert error(finished, SHARP) < error(SEEN.resize((256, 256), Image.Resampling.BICUBIC), SHARP)


def test_a_pale_picture_gets_the_contrast_of_its_sketch():
    grey = np.asarray(SEEN, float).mean((0, 1))
    pale = Image.fromarray((0.75 * np.asarray(SEEN) + 0.25 * grey).astype(np.uint8))
    finished = np.asarray(refine(pale, SHARP, SEEN), float)
    assert finished.std((0, 1)).mean() > 0.93 * np.asarray(SHARP, float).std((0, 1)).mean()


def test_grain_is_dropped_when_no_texture_is_asked_for():
    grain = np.random.default_rng(0).normal(0, 25, (64, 64, 3))
    made = Image.fromarray((np.asarray(SEEN, float) + grain).clip(0, 255).astype(np.uint8))
    assert error(refine(made, SHARP, SEEN, texture=0.0), SHARP) < 0.6 * error(refine(made, SHARP, SEEN), SHARP)
