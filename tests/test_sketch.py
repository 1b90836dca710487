"""The drawn scenes."""

import numpy as np
import pytest

from pipelines.sketch import LIGHT_NAMES, PLACES, SEASONS, SURFACES, SketchSpec, draw, draw_sketch, place_of
from pipelines.sketch.draw import STORE_PLACES
from slots.schema import ENVIRONMENTS, STORES

SIZE = 96


def pixels(spec: SketchSpec, size: int = SIZE) -> np.ndarray:
    return np.asarray(draw(spec, size)).astype(float)


def typical(place: str, **changes: object) -> SketchSpec:
    known = PLACES[place]
    values = {"light": known.lights[0], "surface": known.surfaces[0], **changes}
    return SketchSpec(place, **values)


def test_every_environment_of_the_schema_can_be_drawn():
    assert set(ENVIRONMENTS) <= set(PLACES)


def test_every_store_has_a_scene_of_its_own_when_no_environment_is_given():
    assert set(STORE_PLACES) == set(STORES)
    assert place_of(None, "taco stand") == "stall"
    assert place_of(None) == "shop"


@pytest.mark.parametrize("place", PLACES)
def test_a_place_draws_in_colour_at_every_one_of_its_hours(place: str):
    for light in PLACES[place].lights:
        picture = pixels(typical(place, light=light), 48)
        assert picture.shape == (48, 48, 3)
        assert picture.std() > 15
        assert np.abs(picture[..., 0] - picture[..., 2]).mean() > 4


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_draws_at_every_hour_and_season(surface: str):
    for light, season in zip(LIGHT_NAMES, SEASONS, strict=True):
        assert pixels(SketchSpec("park", light, season, surface), 48).std() > 5


def test_the_same_spec_gives_the_same_pixels():
    assert np.array_equal(pixels(typical("beach", seed=5)), pixels(typical("beach", seed=5)))


def test_another_seed_gives_another_picture():
    assert np.abs(pixels(typical("beach", seed=5)) - pixels(typical("beach", seed=6))).mean() > 2


def test_places_differ_from_each_other():
    shown = {place: pixels(typical(place), 32)[:20] for place in PLACES}
    names = list(shown)
    close = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if np.abs(shown[a] - shown[b]).mean() < 12]
    assert not close


def test_hours_of_one_place_differ():
    shown = [pixels(typical("beach", light=light), 32) for light in LIGHT_NAMES]
    for i, a in enumerate(shown):
        for b in shown[i + 1 :]:
            assert np.abs(a - b).mean() > 8


@pytest.mark.parametrize("place", PLACES)
def test_the_surface_in_front_is_empty_where_the_product_stands(place: str):
    # a plain surface, so that only what stands on it could be seen
    for seed in range(3):
        spec = typical(place, surface="white counter", seed=seed)
        top = int((spec.surface_y + 0.04) * SIZE)
        band = pixels(spec)[top : int(0.95 * SIZE), SIZE // 4 : 3 * SIZE // 4]
        rows = band - band.mean(1, keepdims=True)
        assert np.abs(rows).mean() < 6


@pytest.mark.parametrize("seed", range(5))
def test_the_surface_begins_in_the_lower_third(seed: int):
    assert 0.66 <= typical("home", seed=seed).surface_y <= 0.70


@pytest.mark.parametrize("values", [{"place": "moon"}, {"light": "dawn"}, {"season": "rain"}, {"surface": "cloud"}])
def test_an_unknown_word_is_refused_with_the_choices(values: dict[str, str]):
    with pytest.raises(ValueError, match="choose one of"):
        SketchSpec(**{"place": "beach", **values})


def test_an_unknown_environment_is_refused_with_the_choices():
    with pytest.raises(ValueError, match=r"choose one of: .*beach"):
        draw_sketch("the moon")


def test_no_environment_is_a_corner_shop():
    assert np.array_equal(np.asarray(draw_sketch(None, size=32)), np.asarray(draw_sketch("shop", size=32)))
