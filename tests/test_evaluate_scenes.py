"""Evaluating a scene model: what is counted, and the command from end to end on a tiny checkpoint."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageColor

from finetune import evaluate_scene_paths
from finetune.evaluate import main
from finetune.evaluate_scene_measures import (
    copying,
    distances,
    kappa,
    lab_distance,
    nearest,
    paired,
    psnr,
    share,
    structure_distance,
)
from finetune.evaluate_scene_model import of_other_places
from finetune.evaluate_scene_paths import OtherRunError, PathFacts, SceneStore, contents, scene_spec
from finetune.evaluate_scene_sheets import blind, numbered, strips
from finetune.evaluate_scenes import Parts, TrainingSet, blind_groups, training_set
from finetune.pictures import held_out, picture_spec
from pipelines.sketch import PLACES, SketchSpec
from tests.tiny import tiny_image_checkpoint

FACTS = PathFacts("m", "abc", "torch", "test", 7, 32, 20, 15, 0.35, 2.0, 1.0, "", 50, 1, "def")


# what is counted


def test_a_share_has_its_size_and_its_interval():
    assert share([True] * 95 + [False] * 5) == {"n": 100, "right": 95, "percent": 95.0, "interval": [88.8, 97.8]}
    assert share([])["percent"] is None


def test_paired_answers_give_points_an_interval_and_mcnemars_probability():
    first, second = [True] * 90 + [True] * 10 + [False] * 2, [True] * 90 + [False] * 10 + [True] * 2
    found = paired(first, second)
    assert (found["only_first"], found["only_second"], found["p"]) == (10, 2, 0.0386)
    assert found["points"] == 7.8
    assert found["interval"][0] < 7.8 < found["interval"][1]
    assert paired(first, first)["p"] == 1.0
    with pytest.raises(ValueError, match="as many: 1 against 2"):
        paired([True], [True, False])


def test_agreement_beyond_chance_is_one_for_equal_answers_and_nought_for_independent_ones():
    assert kappa(["a", "b", "a", "b"], ["a", "b", "a", "b"]) == 1.0
    assert kappa(["a", "a", "b", "b"], ["a", "b", "a", "b"]) == 0.0
    assert kappa(["a", "a"], ["a", "a"]) is None


def test_decibels_follow_the_span_of_the_values():
    assert psnr(0.01) == 20.0
    assert psnr(0.04, peak=2) == 20.0


def test_equal_pictures_have_no_distance_and_unrelated_ones_much():
    dice = np.random.default_rng(0)
    a, b = (dice.integers(0, 256, (64, 64, 3), dtype=np.uint8) for _ in range(2))
    assert lab_distance(a, a) == 0
    assert structure_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert structure_distance(a, b) > 0.9
    black, white = np.zeros_like(a), np.full_like(a, 255)
    assert lab_distance(black, white) == pytest.approx(100, abs=0.1)
    assert distances([(a, a), (a, b)])["n"] == 2
    assert distances([])["lab"] is None


def test_the_nearest_row_is_found_exactly():
    dice = np.random.default_rng(1)
    samples, known = dice.random((5, 30)), dice.random((40, 30))
    found, index = nearest(samples, known)
    slow = np.sqrt(np.square(samples[:, None] - known[None]).mean(2))
    assert index.tolist() == slow.argmin(1).tolist()
    assert found == pytest.approx(slow.min(1), rel=1e-4)


def test_copies_are_told_from_fresh_pictures():
    dice = np.random.default_rng(2)
    known, fresh = dice.random((200, 50)), dice.random((100, 50))
    copied = copying(known[:100] + 0.001, fresh, known)
    assert copied["nearer_than_fresh"] == 100.0
    assert copied["n"] == 100
    assert copying(dice.random((100, 50)), fresh, known)["nearer_than_fresh"] < 20


def test_shuffled_captions_are_never_of_the_same_place_and_each_is_used_once():
    for count in (2, 34, 66, 133):
        specs = [picture_spec(3, index, unseen=True) for index in range(count)]
        partner = of_other_places(specs)
        assert sorted(partner) == list(range(count))
        assert all(specs[i].place != specs[j].place for i, j in enumerate(partner))


def test_captions_of_one_place_alone_cannot_be_shuffled():
    with pytest.raises(ValueError, match="add other places"):
        of_other_places([SketchSpec("beach", seed=1), SketchSpec("beach", seed=2), SketchSpec("park")])


def test_scenes_show_every_place_in_turn_in_combinations_that_training_never_saw():
    specs = [scene_spec(7, index) for index in range(2 * len(PLACES))]
    assert all(held_out(spec) for spec in specs)
    assert [spec.place for spec in specs] == list(PLACES) * 2


# keeping


def test_a_part_is_made_once_for_the_same_key(tmp_path):
    made = []

    def make():
        made.append(1)
        return {"n": len(made)}

    assert Parts(tmp_path).get("a", {"n": 3}, make) == {"n": 1}
    assert Parts(tmp_path).get("a", {"n": 3}, make) == {"n": 1}
    assert Parts(tmp_path).get("a", {"n": 4}, make) == {"n": 2}


def test_a_record_that_a_kill_cut_short_is_made_again_and_the_others_are_kept(tmp_path):
    store = SceneStore(tmp_path, FACTS)
    store.note({"path": "text", "index": 0})
    with (tmp_path / "scenes.jsonl").open("a") as file:
        file.write('{"path": "text", "ind')
    again = SceneStore(tmp_path, FACTS)
    assert list(again.records) == [("text", 0)]
    again.note({"path": "text", "index": 1})
    assert list(SceneStore(tmp_path, FACTS).records) == [("text", 0), ("text", 1)]


def test_scenes_of_another_model_in_the_folder_are_never_mixed_in(tmp_path):
    SceneStore(tmp_path, FACTS)
    with pytest.raises(OtherRunError, match=r"weights 'abc' instead of 'xyz'.*another --out"):
        SceneStore(tmp_path, replace(FACTS, weights="xyz"))


def test_a_checkpoint_trained_further_is_another_one(tmp_path):
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "a.safetensors").write_bytes(b"1")
    before = contents(tmp_path)
    (tmp_path / "training_settings.json").write_text("{}")
    assert contents(tmp_path) == before
    (tmp_path / "unet" / "a.safetensors").write_bytes(b"2")
    assert contents(tmp_path) != before


def test_the_training_set_is_what_the_checkpoint_says(tmp_path):
    assert training_set(tmp_path) is None
    (tmp_path / "training_settings.json").write_text('{"pictures": {"count": 12, "seed": 1, "size": 512}}')
    assert training_set(tmp_path) == TrainingSet(1, 12)


# sheets


def test_the_blind_key_names_what_stands_at_each_number():
    colours = {"drawn": ["#ff0000", "#aa0000", "#550000"], "default path": ["#00ff00", "#00aa00"]}
    groups = {
        kind: [(Image.new("RGB", (40, 40), colour), {"colour": colour}) for colour in found]
        for kind, found in colours.items()
    }
    pictures, key = blind(groups, seed=3)
    assert [entry["number"] for entry in key] == [1, 2, 3, 4, 5]
    for picture, entry in zip(pictures, key, strict=True):
        assert entry["colour"] in colours[entry["kind"]]
        assert picture.getpixel((5, 5)) == ImageColor.getrgb(entry["colour"])
    assert blind(groups, seed=3)[1] == key
    sheet = numbered(pictures, across=3, cell=40)
    assert sheet.getpixel((6 + 20, 6 + 20 + 20)) == pictures[0].getpixel((5, 5))


def test_a_blind_picture_never_stands_beside_its_own_sketch(tmp_path):
    store = SceneStore(tmp_path, FACTS)
    for kind in ("sketch", "default", "text"):
        for index in range(9):
            store.keep(kind, index, Image.new("RGB", (16, 16)))
    groups = blind_groups(store, 9, 8)
    assert {kind: len(group) for kind, group in groups.items()} == {"drawn": 4, "default path": 2, "text-to-image": 2}
    scenes = [facts["scene"] for group in groups.values() for _, facts in group]
    assert len(set(scenes)) == 8


def test_a_sheet_without_pictures_is_refused():
    with pytest.raises(ValueError, match="at least one row"):
        strips([], across=4)
    with pytest.raises(ValueError, match="at least one picture"):
        numbered([])


# the command


SMALL = [
    "--scenes", "3", "--stock-scenes", "1", "--vae-pictures", "2", "--loss-pictures", "3", "--loss-timesteps", "2",
    "--blind", "3", "--training-seed", "1", "--training-count", "5",
]  # fmt: skip


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluated")
    model = tiny_image_checkpoint(folder / "model")
    arguments = ["image", "--model", str(model), "--out", str(folder / "out"), *SMALL]
    assert main(arguments) == 0
    return arguments, folder / "out"


def test_the_command_writes_figures_tables_and_sheets(evaluated):
    _, out = evaluated
    figures = json.loads((out / "evaluation.json").read_text())
    assert {"autoencoder", "prompt", "recognised", "refused", "judges", "distance", "copying", "seconds"} <= set(
        figures
    )
    for name in ("default-by-place", "text-by-place", "paths", "blind"):
        with Image.open(out / f"{name}.png") as sheet:
            assert min(sheet.size) > 100
    assert len(json.loads((out / "blind-key.json").read_text())) == 3
    table = (out / "evaluation.md").read_text()
    for words in ("Autoencoder", "wrong over right", "chance", "McNemar", "nearer than fresh", "times faster"):
        assert words in table
    assert "None" not in table


def test_every_figure_has_its_size(evaluated):
    figures = json.loads((evaluated[1] / "evaluation.json").read_text())
    assert (figures["autoencoder"]["n"], figures["prompt"]["n"]) == (2, 3)
    assert {kind: figures["recognised"][kind]["place"]["n"] for kind in ("default", "text", "stock", "sketch")} == {
        "default": 3, "text": 3, "stock": 1, "sketch": 3,
    }  # fmt: skip
    assert figures["recognised"]["text against stock"]["n"] == 1
    assert figures["refused"]["once"]["n"] == 3
    assert figures["distance"]["default scene and its sketch"]["n"] == 3
    assert (figures["copying"]["pixels"]["n"], figures["copying"]["pixels"]["known"]) == (3, 5)
    assert figures["seconds"]["stock"]["n"] == 1


def test_an_untrained_model_is_told_as_one(evaluated):
    figures = json.loads((evaluated[1] / "evaluation.json").read_text())
    assert figures["prompt"]["high"]["ratio"] == pytest.approx(1, abs=0.05)
    assert figures["recognised"]["text"]["place"]["right"] <= 1
    assert figures["recognised"]["sketch"]["place"]["right"] >= 2
    assert figures["autoencoder"]["float32"]["of_mean_error"] < figures["autoencoder"]["bicubic"]["of_mean_error"]


def test_a_second_run_makes_only_what_is_missing(evaluated, monkeypatch):
    arguments, out = evaluated
    before = json.loads((out / "evaluation.json").read_text())
    made = []
    generate = evaluate_scene_paths._generated

    def watch(*values):
        made.append(values)
        return generate(*values)

    monkeypatch.setattr(evaluate_scene_paths, "_generated", watch)
    assert main(arguments) == 0
    assert made == []
    assert json.loads((out / "evaluation.json").read_text()) == before
    lines = (out / "scenes.jsonl").read_text().splitlines()
    (out / "scenes.jsonl").write_text("\n".join(line for line in lines if '"text", "index": 1' not in line) + "\n")
    assert main(arguments) == 0
    assert len(made) == 1
    after = json.loads((out / "evaluation.json").read_text())
    assert after["recognised"] == before["recognised"]


def test_another_seed_in_the_same_folder_is_refused(evaluated, capsys):
    assert main([*evaluated[0], "--seed", "8"]) == 2
    assert "seed 7 instead of 8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--scenes", "0"], "at least 1"),
        (["--blind", "-1"], "negative"),
        (["--loss-pictures", "1"], "at least 2"),
        (["--training-seed", "1"], "go together"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(wrong, told, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["image", *wrong])
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_a_folder_without_a_checkpoint_is_told(tmp_path, capsys):
    assert main(["image", "--model", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "model_index.json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
