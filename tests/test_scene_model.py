"""The bundled scene model: what is promised of its files, and that it does its job through the real path."""

import json

import numpy as np
import pytest

from pipelines.backends.base import ImageBackend, Stopped
from pipelines.backends.registry import load_image
from pipelines.models import BUNDLED
from pipelines.scene import make_scene
from pipelines.sketch import draw
from slots.brief import Brief

FOLDER = BUNDLED["image"]
BEACH = Brief(product="Sprite", environment="beach")


@pytest.fixture(scope="module")
def backend() -> ImageBackend:
    return load_image()


def test_files_stay_small_enough_for_any_git_host():
    sizes = [file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()]
    assert max(sizes) <= 15e6
    assert sum(sizes) <= 60e6


def test_the_model_comes_with_its_card_and_training_settings():
    settings = json.loads((FOLDER / "training_settings.json").read_text(encoding="utf-8"))
    assert {"pictures", "vae", "text", "unet"} <= set(settings)
    assert "## Limits" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_no_file_tells_where_the_model_was_trained():
    for file in FOLDER.rglob("*.json"):
        assert "_name_or_path" not in file.read_text(encoding="utf-8")


def test_the_tiny_autoencoder_keeps_unseen_drawings_nearly_as_well_as_the_large_one():
    from finetune.evaluate_scene_model import autoencoder_figures, load_stock
    from finetune.pictures import picture_spec
    from pipelines.backends.torch_image import load_tiny

    stock = load_stock(FOLDER)
    specs = [picture_spec(31, index, unseen=True) for index in (0, 5, 9)]
    found = autoencoder_figures(stock, specs, load_tiny(FOLDER, stock.unet.dtype))
    quality = {name: found[name]["of_mean_error"] for name in ("float32", "tiny", "tiny decoder", "bicubic")}
    assert quality["float32"] - 1.5 < quality["tiny"], quality
    assert quality["bicubic"] < quality["tiny decoder"], quality


def test_a_scene_keeps_its_sketchs_layout_and_changes_its_colours(backend: ImageBackend):
    made = make_scene(BEACH, backend, seed=1)
    picture, sketch = np.asarray(made.image, float), np.asarray(draw(made.spec.sketch, 1024), float)
    assert np.corrcoef(picture.ravel(), sketch.ravel())[0, 1] > 0.9
    assert 2 < np.abs(picture - sketch).mean() < 30


def test_the_same_seed_makes_the_same_scene_and_another_seed_another(backend: ImageBackend):
    first, again, other = (np.asarray(make_scene(BEACH, backend, seed=s, steps=6).image) for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_prompt_matters_without_a_sketch(backend: ImageBackend):
    options = {"steps": 6, "guidance": 3.0, "seed": 1, "width": 256, "height": 256}
    words = "flat poster illustration of {}, {}, {} in front"
    night = backend.generate(
        words.format("New Year with fireworks", "night with glowing lamps", "a dark wooden table"), **options
    )  # type: ignore[arg-type]
    day = backend.generate(words.format("a beach with palm trees", "bright midday sun", "sand"), **options)  # type: ignore[arg-type]
    assert np.asarray(day, float).mean() > np.asarray(night, float).mean() + 40


def test_a_stop_ends_the_scene_within_one_step(backend: ImageBackend):
    told: list[int] = []
    with pytest.raises(Stopped):
        make_scene(BEACH, backend, seed=1, on_step=lambda step, _steps: told.append(step) or step < 2)
    assert told == [0, 1, 2]
