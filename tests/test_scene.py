"""Making a scene with a back end, without weights: the back end here paints what it was asked for."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from pipelines.backends.base import ImageCapabilities, ModelInfo, OnStep, Stopped
from pipelines.scene import NEAR_STEPS, SceneError, make_scene, place_name, scene_facts, suited_steps
from pipelines.scene_prompt import scene_prompt
from pipelines.sketch import PLACES, draw
from slots.brief import Brief
from slots.values import Size


class Painter:
    """Records what it is asked for and tints the sketch."""

    name, reason, model = "painter", "test", ModelInfo("painter", "0", False)

    def __init__(self, whole: bool = False, image_to_image: bool = True) -> None:
        self.asked: list[dict[str, object]] = []
        self.capabilities = ImageCapabilities(
            image_to_image=image_to_image, sizes=None, multiple=8, native=64, steps=10, strength=0.4, whole=whole
        )

    def generate(self, prompt: str, *, on_step: OnStep | None = None, **values: object) -> Image.Image:
        self.asked.append({"prompt": prompt, **values})
        for step in range(int(values["steps"])):  # type: ignore[call-overload]
            if on_step is not None and not on_step(step + 1, int(values["steps"])):  # type: ignore[call-overload]
                raise Stopped
        init = values["init"]
        side = (int(values["width"]), int(values["height"]))  # type: ignore[call-overload]
        return init.resize(side) if isinstance(init, Image.Image) else Image.new("RGB", side, "#336699")


BEACH = Brief(product="Sprite", environment="beach", packaging="can", size=Size.parse("355 ml"))


def test_the_scene_starts_from_the_sketch_at_the_models_own_strength_and_steps():
    painter = Painter()
    made = make_scene(BEACH, painter, seed=4)
    asked = painter.asked[0]
    assert asked["strength"] == 0.4
    assert asked["steps"] == 10
    assert asked["seed"] == 4
    assert asked["width"] == asked["height"] == 64
    sketch = np.asarray(draw(scene_prompt(BEACH, 4).sketch, 1024), float)
    assert np.abs(np.asarray(made.image, float) - sketch).mean() < 6


def test_a_scene_of_a_small_model_is_large_enough_for_a_poster():
    assert make_scene(BEACH, Painter(), seed=0).image.size == (1024, 1024)


def test_strength_0_is_the_sketch_itself_and_asks_the_model_for_nothing():
    painter = Painter()
    made = make_scene(BEACH, painter, seed=1, strength=0.0)
    assert not painter.asked
    assert np.array_equal(np.asarray(made.image), np.asarray(draw(made.spec.sketch, 1024)))


def test_strength_1_is_plain_text_to_image():
    painter = Painter()
    make_scene(BEACH, painter, seed=1, strength=1.0)
    assert painter.asked[0]["init"] is None


def test_a_model_without_image_to_image_is_asked_in_words():
    painter = Painter(image_to_image=False)
    made = make_scene(BEACH, painter, seed=1, strength=0.3)
    assert painter.asked[0]["init"] is None
    assert made.settings["strength"] == 1.0


@pytest.mark.parametrize("after", range(5))
def test_stop_is_obeyed_within_one_step(after: int):
    seen: list[int] = []

    def on_step(step: int, steps: int) -> bool:
        seen.append(step)
        return step < after

    with pytest.raises(Stopped):
        make_scene(BEACH, Painter(), seed=1, on_step=on_step)
    assert seen[-1] == after


def test_facts_are_those_of_the_scene_that_is_made():
    painter = Painter()
    facts = scene_facts(BEACH, painter, seed=2, steps=3)
    made = make_scene(BEACH, painter, seed=2, steps=3)
    assert painter.asked[0]["prompt"] == facts["prompt"]
    assert made.settings == {key: facts[key] for key in ("strength", "steps", "guidance")}
    assert facts["surface_y"] == made.spec.surface_y


def test_the_small_model_gets_words_that_it_knows_and_no_negative_prompt():
    painter = Painter()
    make_scene(BEACH.with_(environment="desierto"), painter, seed=0)
    assert "desierto" not in str(painter.asked[0]["prompt"])
    assert painter.asked[0]["negative_prompt"] == ""


def test_a_full_size_model_gets_the_users_own_words_and_a_negative_prompt():
    painter = Painter(whole=True)
    make_scene(BEACH.with_(environment="desierto"), painter, seed=0)
    assert "desierto" in str(painter.asked[0]["prompt"])
    assert "bottle" in str(painter.asked[0]["negative_prompt"])


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "El modelo no conoce «desierto»: usó lo más parecido"), ("en", "does not know “desierto”")],
)
def test_an_unknown_environment_is_told_with_the_nearest_that_was_used(language: str, words: str):
    note = make_scene(BEACH.with_(environment="desierto", language=language), Painter(), seed=0).note
    assert words in note
    assert place_name("camping", language) in note


def test_a_known_environment_needs_no_note():
    assert make_scene(BEACH, Painter(), seed=0).note == ""


def test_product_and_place_in_one_picture_needs_a_full_size_model():
    with pytest.raises(SceneError, match="--image-model"):
        make_scene(BEACH, Painter(), seed=0, scene="whole")
    painter = Painter(whole=True)
    make_scene(BEACH, painter, seed=0, scene="whole")
    for word in ("355 ml", "can", "Sprite", "beach"):
        assert word in str(painter.asked[0]["prompt"])
    assert painter.asked[0]["init"] is None


def test_every_place_has_a_name_in_both_languages():
    for place in PLACES:
        assert place_name(place, "es")
        assert place_name(place, "en")


class TwoSized(Painter):
    """Made for a second pass at twice its size."""

    def __init__(self) -> None:
        super().__init__()
        self.capabilities = replace(self.capabilities, second=128)


def test_near_the_sketch_one_pass_at_full_size_starts_from_the_sketch():
    painter = TwoSized()
    make_scene(BEACH, painter, seed=1, strength=0.4)
    assert [(asked["width"], asked["strength"]) for asked in painter.asked] == [(128, 0.4)]


@pytest.mark.parametrize("strength", [0.8, 1.0])
def test_far_from_the_sketch_a_second_pass_sharpens_what_the_first_made(strength: float):
    painter = TwoSized()
    make_scene(BEACH, painter, seed=1, strength=strength)
    first, second = painter.asked
    assert (first["width"], first["strength"], second["width"]) == (64, strength, 128)
    assert second["strength"] < 0.5
    assert second["init"].size == (64, 64)
    assert second["seed"] != first["seed"]


def test_the_steps_of_both_passes_are_told_as_one_count():
    told: list[tuple[int, int]] = []

    def listen(step: int, steps: int) -> bool:
        told.append((step, steps))
        return True

    make_scene(BEACH, TwoSized(), seed=1, strength=1.0, on_step=listen)
    assert [step for step, _ in told] == [*range(21)]
    assert told[0][1] == told[11][1] - 6  # the painter takes all ten steps of a pass, a real pipeline its share of four


def test_a_model_compiled_for_one_size_takes_one_pass():
    painter = TwoSized()
    painter.capabilities = replace(painter.capabilities, sizes=((64, 64),))
    make_scene(BEACH, painter, seed=1, strength=1.0)
    assert len(painter.asked) == 1


def test_near_the_sketch_a_model_of_two_sizes_takes_fewer_steps():
    two, one = TwoSized().capabilities, Painter().capabilities
    assert suited_steps(two, 0.4) == NEAR_STEPS < two.steps
    assert suited_steps(two, 1.0) == two.steps
    assert suited_steps(one, 0.4) == one.steps
    assert suited_steps(replace(two, steps=4), 0.4) == 4
    assert scene_facts(BEACH, TwoSized(), seed=1, strength=0.4)["steps"] == NEAR_STEPS
    assert scene_facts(BEACH, TwoSized(), seed=1, strength=0.4, steps=9)["steps"] == 9


def test_near_the_sketch_the_caption_needs_no_help_and_far_from_it_the_models_own():
    assert scene_facts(BEACH, TwoSized(), seed=1, strength=0.4)["guidance"] == 1.0
    far = scene_facts(BEACH, TwoSized(), seed=1, strength=1.0)["guidance"]
    assert far == TwoSized().capabilities.guidance > 1
    assert scene_facts(BEACH, TwoSized(), seed=1, guidance=3.0)["guidance"] == 3.0
    assert scene_facts(BEACH, Painter(), seed=1)["guidance"] == Painter().capabilities.guidance


def test_a_scene_that_the_judge_refuses_is_made_once_more_with_other_noise():
    painter, asked = Painter(), iter([False, True])
    made = make_scene(BEACH, painter, seed=1, judge=lambda _image, _place: next(asked))
    assert (made.source, made.tries) == ("diffusion", 2)
    assert painter.asked[0]["seed"] != painter.asked[1]["seed"]


def test_a_scene_refused_twice_is_replaced_by_the_drawn_one():
    places: list[str] = []

    def never(_image: object, place: str) -> bool:
        places.append(place)
        return False

    made = make_scene(BEACH, Painter(), seed=1, judge=never)
    assert (made.source, made.tries) == ("sketch", 2)
    assert places == ["beach", "beach"]
    assert np.array_equal(np.asarray(made.image), np.asarray(draw(made.spec.sketch, 1024)))


def test_a_style_that_the_bundled_model_does_not_know_is_refused_with_the_cure():
    with pytest.raises(SceneError, match="full-size"):
        make_scene(BEACH, Painter(), seed=1, style="photograph")
    with pytest.raises(SceneError, match="illustrated, photograph"):
        make_scene(BEACH, Painter(whole=True), seed=1, style="cubist")


def test_a_full_size_model_photographs_when_asked():
    facts = scene_facts(BEACH, Painter(whole=True), seed=1, style="photograph")
    assert facts["prompt"].startswith("professional photograph of a beach")
    assert "illustration" in facts["negative_prompt"]
