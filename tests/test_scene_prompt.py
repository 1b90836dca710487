"""What a scene should show, from the brief."""

import pytest

from pipelines.scene_prompt import caption, nearest_place, scene_prompt
from pipelines.sketch import PLACES, SketchSpec
from slots.brief import Brief
from slots.schema import ENVIRONMENTS
from slots.values import Money


def brief(**values: object) -> Brief:
    return Brief(product="Sprite", **values)  # type: ignore[arg-type]


def test_the_same_brief_and_seed_give_the_same_scene():
    assert scene_prompt(brief(environment="beach"), 3) == scene_prompt(brief(environment="beach"), 3)


def test_a_change_of_price_leaves_the_scene_as_it_is():
    cheap = brief(environment="park", price=Money.parse("10 MXN"))
    assert scene_prompt(cheap, 1) == scene_prompt(brief(environment="park", price=Money.parse("20 MXN")), 1)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_is_named_and_nothing_else_stands_in_for_it(environment: str):
    spec = scene_prompt(brief(environment=environment), 0)
    assert spec.place == environment
    assert PLACES[environment].words in spec.prompt
    assert spec.prompt == spec.known_prompt
    assert not spec.substituted


@pytest.mark.parametrize("environment", ["beach", "home", "party", "street"])
def test_consecutive_seeds_show_another_hour_or_surface(environment: str):
    first, second = (scene_prompt(brief(environment=environment), seed).sketch for seed in (0, 1))
    assert (first.light, first.surface) != (second.light, second.surface)


def test_without_an_environment_the_store_is_shown():
    assert scene_prompt(brief(store="taco stand"), 0).place == "stall"
    assert scene_prompt(brief(), 0).place == "shop"


@pytest.mark.parametrize(
    ("asked", "place"), [("desierto de Sonora", "camping"), ("mercado", "stall"), ("rooftop", "street")]
)
def test_a_place_outside_the_list_gets_the_nearest_and_says_so(asked: str, place: str):
    spec = scene_prompt(brief(environment=asked), 0)
    assert spec.place == place
    assert spec.substituted
    assert asked in spec.prompt
    assert asked not in spec.known_prompt
    assert PLACES[place].words in spec.known_prompt


def test_a_place_that_nothing_is_near_to_falls_back_to_the_store():
    assert nearest_place("zzz", "cinema") == "cinema"
    assert nearest_place("zzz", None) == "shop"


def test_christmas_is_in_winter_and_a_picnic_not_at_night():
    assert scene_prompt(brief(environment="Christmas"), 0).sketch.season == "winter"
    assert all(scene_prompt(brief(environment="picnic"), seed).sketch.light != "night" for seed in range(8))


def test_a_caption_names_place_season_hour_and_surface():
    text = caption(SketchSpec("park", "evening", "autumn", "picnic cloth", 0))
    for part in ("a park in autumn", "golden evening light", "a checkered picnic cloth in front"):
        assert part in text


def test_a_caption_names_no_season_where_none_shows():
    assert "winter" not in caption(SketchSpec("gym", "morning", "winter", "stone", 0))
