"""The judges of scenes: what they recognise, what they refuse, what they read; and their training, in small."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetune.evaluate_scene_judge import FOLDER as EVALUATION_FOLDER
from finetune.evaluate_scene_judge import build_plain_network, evaluation_judge
from finetune.pictures import held_out, picture_spec
from pipelines.scene_judge import (
    FOLDER,
    LABELS,
    JudgeConfig,
    JudgeError,
    SceneJudge,
    as_pixels,
    build_network,
    load_judge,
)
from pipelines.sketch import PLACES, draw
from tests.tiny import tiny_image_checkpoint

ROOT = Path(__file__).resolve().parent.parent
SEED = 90_909
"""Of drawings that no judge learnt from."""


@pytest.fixture(scope="module")
def judges():
    return [load_judge(), evaluation_judge()]


@pytest.fixture(scope="module")
def drawings():
    specs = [picture_spec(SEED, index, unseen=True) for index in range(len(PLACES))]
    return specs, [draw(spec, 192) for spec in specs]


def test_both_judges_recognise_drawings_that_they_never_saw(judges, drawings):
    specs, pictures = drawings
    for judge in judges:
        answers = judge.read(pictures).answers("place")
        assert sum(a == s.place for a, s in zip(answers, specs, strict=True)) >= len(specs) - 2


def test_a_drawing_is_accepted_as_its_own_place_and_hardly_ever_as_another(judges, drawings):
    specs, pictures = drawings
    own = [judges[0].accepts(picture, spec.place) for spec, picture in zip(specs, pictures, strict=True)]
    assert sum(own) >= len(specs) - 2
    others = list(PLACES)[1:] + list(PLACES)[:1]
    assert sum(judges[0].accepts(picture, place) for picture, place in zip(pictures, others, strict=True)) <= 1


@pytest.mark.parametrize("colour", ["#808080", "#000000", "#ffffff", "#c0392b"])
def test_a_plain_colour_is_refused_as_every_place(judges, colour):
    picture = Image.new("RGB", (512, 512), colour)
    assert [place for place in PLACES if judges[0].accepts(picture, place)] == []


def test_noise_is_refused_as_every_place(judges):
    pixels = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    found = judges[0].probabilities(Image.fromarray(pixels))
    assert max(found.values()) < judges[0].config.threshold


def test_probabilities_are_of_all_places_and_add_up_to_one(judges, drawings):
    found = judges[0].probabilities(drawings[1][0])
    assert list(found) == list(PLACES)
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)


def test_a_judge_is_what_a_scene_is_made_with(judges, drawings):
    specs, pictures = drawings
    assert judges[0](pictures[2], specs[2].place) == judges[0].accepts(pictures[2], specs[2].place)


def test_an_unknown_place_is_refused_with_the_valid_ones(judges, drawings):
    with pytest.raises(ValueError, match=r"'moon'; choose one of: school, .*beach"):
        judges[0].accepts(drawings[1][0], "moon")


def test_the_size_of_the_picture_hardly_changes_the_answer(judges):
    spec = picture_spec(SEED, 2)
    small, large = (judges[0].probabilities(draw(spec, size))[spec.place] for size in (256, 1024))
    assert small == pytest.approx(large, abs=0.1)


def test_pictures_with_transparency_or_without_colour_are_read_as_rgb():
    assert as_pixels(Image.new("RGBA", (50, 40), "#336699"), 96).shape == (96, 96, 3)
    assert as_pixels(Image.new("L", (96, 96), 200), 96).tolist()[0][0] == [200, 200, 200]


def test_several_threads_get_the_answers_that_one_gets(drawings):
    judge, pictures = SceneJudge(), drawings[1][:4]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(judge.probabilities, pictures))
    assert found == [pytest.approx(judge.probabilities(picture), abs=1e-6) for picture in pictures]


def test_the_weights_are_small_and_the_two_judges_are_different_networks(judges):
    for judge, build in zip(judges, (build_network, build_plain_network), strict=True):
        assert (judge.folder / "weights.safetensors").stat().st_size <= 1_500_000
        assert 100_000 <= sum(p.numel() for p in build(judge.config).parameters()) <= 400_000
    assert judges[0].config.architecture != judges[1].config.architecture
    seeds = [json.loads((j.folder / "training_settings.json").read_text())["stages"][0]["seed"] for j in judges]
    assert len(set(seeds)) == 2


def test_the_app_never_names_the_judge_of_evaluation():
    assert EVALUATION_FOLDER.is_relative_to(ROOT / "finetune")
    for package in ("pipelines", "ui", "slots"):
        for file in (ROOT / package).rglob("*.py"):
            assert "evaluation_judge" not in file.read_text(encoding="utf-8")
    with pytest.raises(JudgeError, match="'residual', not 'plain'"):
        SceneJudge(EVALUATION_FOLDER).probabilities(Image.new("RGB", (96, 96)))


def test_a_missing_judge_is_told_with_the_cure(tmp_path):
    with pytest.raises(JudgeError, match=r"config\.json.*python -m finetune\.train_judge"):
        load_judge(tmp_path)


def test_weights_that_are_a_pickle_are_never_opened(tmp_path):
    import torch

    shutil.copy(FOLDER / "config.json", tmp_path)
    torch.save({"heads": torch.zeros(3)}, tmp_path / "weights.safetensors")
    torch.save({"heads": torch.zeros(3)}, tmp_path / "weights.bin")
    with pytest.raises(JudgeError, match=r"weights\.safetensors.*restore"):
        load_judge(tmp_path)


def test_weights_of_another_network_are_told(tmp_path):
    from safetensors.numpy import save_file

    shutil.copy(FOLDER / "config.json", tmp_path)
    save_file({"other": np.zeros(3, np.float32)}, tmp_path / "weights.safetensors")
    with pytest.raises(JudgeError, match="does not fit"):
        load_judge(tmp_path)


def test_a_judge_of_other_places_is_not_used(tmp_path):
    shutil.copy(FOLDER / "weights.safetensors", tmp_path)
    config = json.loads((FOLDER / "config.json").read_text())
    config["labels"]["place"][0] = "moon"
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(JudgeError, match="trained for other places"):
        load_judge(tmp_path)


# training


def test_a_judge_learns_combinations_that_the_scene_model_is_kept_from_as_well():
    from finetune.train_judge import judge_spec

    specs = [judge_spec(5, index) for index in range(len(PLACES) * 8)]
    assert {held_out(spec) for spec in specs} == {True, False}
    assert {spec.place for spec in specs} == set(PLACES)


def test_the_season_is_asked_only_where_it_shows():
    from finetune.train_judge import judge_spec, labels_of

    specs = [judge_spec(5, index) for index in range(66)]
    seasons = labels_of(specs)["season"]
    assert [s >= 0 for s in seasons] == [PLACES[spec.place].seasonal for spec in specs]


def test_disturbed_pictures_keep_shape_and_range_and_differ():
    import torch

    from finetune.train_judge import disturbed

    x = torch.rand((8, 3, 64, 64), generator=torch.Generator().manual_seed(0)) * 2 - 1
    made = disturbed(x, 48, torch.Generator().manual_seed(1))
    assert made.shape == (8, 3, 48, 48)
    assert -1 <= made.min() < made.max() <= 1
    assert torch.equal(made, disturbed(x, 48, torch.Generator().manual_seed(1)))
    assert not torch.equal(made, disturbed(x, 48, torch.Generator().manual_seed(2)))


def test_the_highest_threshold_that_keeps_enough_is_taken():
    from finetune.train_judge import pick_threshold

    rows = [
        {"threshold": "likeliest", "right": 1.0},
        {"threshold": 0.2, "right": 0.999},
        {"threshold": 0.3, "right": 0.99},
        {"threshold": 0.4, "right": 0.98},
    ]
    assert pick_threshold(rows) == 0.3
    assert pick_threshold(rows[:1]) == 0.05


def test_the_table_of_thresholds_counts_right_wrong_and_nothing():
    from finetune.train_judge import threshold_table
    from pipelines.scene_judge import Reading

    class Fixed:
        def read(self, images):
            place = np.full((len(images), len(PLACES)), 0.1 / (len(PLACES) - 1))
            place[:, 0] = 0.9
            return Reading({"place": place}, place)

    pictures = np.zeros((2, 8, 8, 3), np.uint8)
    rows = {r["threshold"]: r for r in threshold_table(Fixed(), pictures, np.array([0, 1]), pictures)}
    assert rows[0.5]["right"] == 0.5
    assert rows[0.5]["wrong"] == pytest.approx(1 / (2 * (len(PLACES) - 1)), abs=1e-4)
    assert rows[0.5]["nothing"] == 1.0
    assert rows[0.95]["right"] == 0.0


@pytest.mark.parametrize("which", ["app", "evaluation"])
def test_the_command_trains_a_judge_that_can_be_asked(tmp_path, which):
    from finetune.train_judge import RECIPES, main

    tiny = tiny_image_checkpoint(tmp_path / "model")
    out = tmp_path / "judge"
    small = ["--pictures", "33", "--shown", "4", "--steps", "2", "--tests", "3", "--out", str(out)]
    assert main([which, "--autoencoder", str(tiny), *small]) == 0
    assert {file.name for file in out.iterdir()} == {"weights.safetensors", "config.json", "training_settings.json"}
    record = json.loads((out / "training_settings.json").read_text())
    assert record["tests"] == 3
    assert set(record["accuracy"]["drawings"]) <= set(LABELS)
    judge = SceneJudge(out, RECIPES[which].build)
    assert judge.config.threshold == record["threshold"]
    assert sum(judge.probabilities(Image.new("RGB", (64, 64))).values()) == pytest.approx(1, abs=1e-5)
    weights = (out / "weights.safetensors").read_bytes()
    assert main([which, "--autoencoder", str(tiny), "--measure", "--tests", "4", "--out", str(out)]) == 0
    assert json.loads((out / "training_settings.json").read_text())["tests"] == 4
    assert (out / "weights.safetensors").read_bytes() == weights
    assert main([which, "--autoencoder", str(tiny), "--resume", *small]) == 0
    assert len(json.loads((out / "training_settings.json").read_text())["stages"]) == 2
    assert (out / "weights.safetensors").read_bytes() != weights


def test_a_judge_that_is_not_there_cannot_be_measured(tmp_path, capsys):
    from finetune.train_judge import main

    tiny = tiny_image_checkpoint(tmp_path / "model")
    out = tmp_path / "judge"
    assert main(["app", "--autoencoder", str(tiny), "--measure", "--out", str(out)]) == 1
    assert "train first" in capsys.readouterr().err


def test_a_missing_autoencoder_is_told(tmp_path, capsys):
    from finetune.train_judge import main

    assert main(["app", "--autoencoder", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "--autoencoder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unknown_architecture_is_told():
    with pytest.raises(JudgeError, match="not 'huge'"):
        build_plain_network(JudgeConfig("huge", 96, (8, 8), 0.5))
