"""The training code, end to end, on a T5 small enough for a test."""

import json
import random
import shutil
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from finetune import train_text
from finetune.figures import frame_scores, text_scores
from finetune.pair_stream import IGNORED, PairStream, generated_pairs, read_pairs
from finetune.promo_data import promo_pair
from finetune.recipe import FOLDER, RecipeError, load_recipe, recipe_names
from finetune.t5 import generate, substitutions
from finetune.train_text import PromoTrainer, last_checkpoint, main, prepare, train
from pipelines.prompts import LETTERS, readable

TINY = {"d_model": 64, "d_kv": 16, "d_ff": 96, "num_heads": 4, "num_layers": 1, "num_decoder_layers": 1}


@pytest.fixture(scope="module")
def recipe():
    return load_recipe("bundled").changed(
        shape=TINY, steps=40, batch_tokens=600, validation_rows=24, warmup_steps=5, eval_steps=20, max_target_length=24
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory, recipe) -> Path:
    from finetune.tokenizer import build_tokenizer

    folder = tmp_path_factory.mktemp("run")
    build_tokenizer(folder / "tokenizer", seed=1, size=1500, extractions=1200, promos=300)
    run = prepare(recipe, folder, log_every=10, pool=200)
    assert train(run, resume=False) == folder / "export"
    return folder


def history(out: Path) -> list[dict]:
    last = max(out.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    return json.loads((last / "trainer_state.json").read_text())["log_history"]


def test_the_loss_falls(out):
    losses = [line["loss"] for line in history(out) if "loss" in line]
    assert len(losses) == 4
    assert losses[-1] < losses[0] * 0.9


def test_validation_scores_slots_and_texts_and_the_best_is_kept(out):
    figures = [line for line in history(out) if "eval_loss" in line]
    assert [line["step"] for line in figures] == [20, 40]
    assert {"eval_f1", "eval_exact", "eval_rougeL", "eval_score"} <= set(figures[0])


def test_no_more_checkpoints_are_kept_than_the_recipe_says(out, recipe):
    assert len(list(out.glob("checkpoint-*"))) <= recipe.save_total_limit


def test_a_run_killed_half_way_goes_on_with_the_same_losses(tmp_path, out, recipe):
    """The first run is taken back to its checkpoint at step 20, as a kill would leave it."""
    killed = tmp_path / "killed"
    shutil.copytree(out, killed, ignore=shutil.ignore_patterns("checkpoint-40", "export"))
    run = prepare(recipe, killed, log_every=10, pool=200)
    train(run, resume=True)
    once = {line["step"]: line["loss"] for line in history(out) if "loss" in line}
    again = {line["step"]: line["loss"] for line in history(killed) if "loss" in line}
    assert again[30] == pytest.approx(once[30], rel=1e-3)
    assert again[40] == pytest.approx(once[40], rel=1e-3)


def test_a_checkpoint_that_was_being_written_is_passed_over(tmp_path):
    for step, name in ((20, "stream.json"), (40, "model.safetensors")):
        (tmp_path / f"checkpoint-{step}").mkdir()
        (tmp_path / f"checkpoint-{step}" / name).touch()
    assert last_checkpoint(tmp_path, "stream.json") == tmp_path / "checkpoint-20"
    assert last_checkpoint(tmp_path / "nowhere", "stream.json") is None


def test_a_folder_that_holds_a_run_is_not_written_over(out, recipe):
    with pytest.raises(RecipeError, match="add --resume"):
        train(prepare(recipe, out, pool=200), resume=False)


def test_there_must_be_something_to_resume(tmp_path, recipe, out):
    shutil.copytree(out / "tokenizer", tmp_path / "tokenizer")
    with pytest.raises(RecipeError, match="nothing to resume"):
        train(prepare(recipe, tmp_path, pool=200), resume=True)


def test_the_exported_checkpoint_loads_in_half_precision_with_its_settings(out):
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    model = AutoModelForSeq2SeqLM.from_pretrained(out / "export", dtype="auto", use_safetensors=True)
    assert model.dtype == torch.float16
    tokenizer = AutoTokenizer.from_pretrained(out / "export")
    answers = generate(model.float(), tokenizer, ["Extract the slots: asking=none; hola", "x"], max_tokens=4)
    assert len(answers) == 2
    record = json.loads((out / "export" / "training_settings.json").read_text())
    assert record["steps"] == 40
    assert record["recipe"]["seed"] == 2026
    assert [line["step"] for line in record["history"]] == [20, 40]


def test_another_base_is_taken_with_its_vocabulary(out, recipe, tmp_path):
    run = prepare(recipe.changed(base=str(out / "export")), tmp_path, pool=200)
    assert run.base.startswith(str(out / "export"))
    assert run.trainer.model.config.d_model == TINY["d_model"]


def test_a_base_that_cannot_be_reached_is_told_with_the_cure(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert main(["report", "--out", str(tmp_path), "--no-track"]) == 2
    told = capsys.readouterr().err
    assert "google/flan-t5-small" in told
    assert "--base takes a folder" in told


def test_pairs_of_a_file_are_trained_on_by_the_report_s_recipe(out, tmp_path):
    rows = [{"prompt": f"Generate a promotion: sprite {n}", "target": f"Refresh with Sprite {n}!"} for n in range(30)]
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    recipe = load_recipe("report").changed(base=str(out / "export"), epochs=1, precision="fp32")
    run = prepare(recipe, tmp_path / "run", str(file), log_every=1)
    args = run.trainer.args
    assert (args.per_device_train_batch_size, args.learning_rate, args.weight_decay, args.save_total_limit) == (
        6,
        1e-5,
        0.01,
        3,
    )
    assert args.eval_strategy == "epoch"
    folder = train(run, resume=False)
    assert (folder / "model.safetensors").is_file()
    figures = [line for line in history(tmp_path / "run") if "eval_rouge1" in line]
    assert {"eval_rouge1", "eval_rouge2", "eval_rougeL", "eval_rougeLsum", "eval_loss"} <= set(figures[0])


def test_the_report_s_recipe_is_its_tables_but_for_half_precision():
    told = load_recipe("report")
    assert (told.max_input_length, told.max_target_length, told.epochs) == (80, 130, 2)
    assert (told.base, told.batch_size, told.eval_batch_size, told.rows) == ("google/flan-t5-small", 6, 6, 1004)
    assert told.precision == "bf16"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("pairs.txt", "x", "ends in"),
        ("pairs.csv", "question,answer\na,b\n", "no column 'prompt'"),
        ("pairs.csv", "prompt,target\n", "rows"),
        ("pairs.csv", "prompt,target\na,b\n", "1 pair"),
        ("pairs.jsonl", "{not json", "cannot be read"),
    ],
)
def test_wrong_data_is_told_with_the_cure(tmp_path, name, content, problem):
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(RecipeError, match=problem):
        read_pairs(str(file))


def test_recipes_are_checked(monkeypatch, tmp_path):
    assert recipe_names() == ("bundled", "flan-t5", "report")
    with pytest.raises(RecipeError, match="choose one of: bundled, flan-t5, report"):
        load_recipe("llama")
    for text, problem in (
        ("colour: red", "unknown key"),
        ("task: poems", "task cannot be"),
        ("task: both", "give steps"),
    ):
        whole = (FOLDER / "bundled.yaml").read_text()
        changed = "\n".join(
            line for line in whole.splitlines() if line.split(":")[0] not in (text.split(":")[0], "steps")
        )
        (tmp_path / "mine.yaml").write_text(f"{changed}\n{text}\n")
        monkeypatch.setattr("finetune.recipe.FOLDER", tmp_path)
        with pytest.raises(RecipeError, match=problem):
            load_recipe("mine")


def test_a_stream_started_later_goes_on_with_the_very_batch(recipe):
    def encode(pairs):
        return [([len(s) % 50 + 2] * (len(s) // 8 + 1), [len(t) % 50 + 2] * (len(t) // 8 + 1)) for s, t in pairs]

    stream = PairStream(recipe, encode, 0, pool=60)
    first = list(islice(stream, 40))
    assert len(stream.pools) > 1
    for start in (0, 3, stream.pools[0], stream.pools[0] + 2):
        later = PairStream(recipe, encode, 0, pool=60)
        later.pools, later.start = list(stream.pools), start
        for one, other in zip(first[start:], later, strict=False):
            assert one["input_ids"].equal(other["input_ids"])
            assert one["labels"].equal(other["labels"])
            assert one["input_ids"].shape[0] == one["labels"].shape[0]
            assert ((one["labels"] > 0) | (one["labels"] == IGNORED)).all()


def test_about_a_fifth_of_the_pairs_are_promos(recipe):
    drawn = list(islice(generated_pairs(recipe, 5, "train", Counter()), 600))
    promos = sum(source.startswith("Generate a promotion:") for source, _ in drawn)
    assert 80 < promos < 165


def test_a_recipe_in_one_language_draws_only_that(recipe):
    drawn = list(islice(generated_pairs(load_recipe("report"), 5, "train"), 50))
    assert all("language=en;" in source for source, _ in drawn)


class Vocabulary:
    """A tokenizer of letters that lacks some, as FLAN-T5's lacks the Spanish ones."""

    unk_token_id = 0

    def __init__(self, missing: str) -> None:
        self.missing = missing

    def __call__(self, text: str, add_special_tokens: bool = True):
        return type("Ids", (), {"input_ids": [0 if c in self.missing else ord(c) for c in text]})

    def decode(self, ids: list[int]) -> str:
        return "".join("?" if i == 0 else chr(i) for i in ids)


def test_letters_that_a_vocabulary_lacks_travel_as_others_and_come_back():
    table = substitutions(Vocabulary("áíóúñ¡¿ÁÍ"))
    text = "¡Año de la piñata! ¿Qué tal un Día así, más allá del camión?"
    sent = text.translate(table)
    assert not set(sent) & set("áíóúñ¡¿ÁÍ")
    assert "é" in sent
    assert readable(sent) == text
    assert substitutions(Vocabulary("")) == {}


def test_a_vocabulary_with_neither_letter_nor_substitute_is_refused():
    with pytest.raises(ValueError, match="take another base"):
        substitutions(Vocabulary("í" + LETTERS["í"]))


def test_substitutes_are_letters_that_neither_language_uses():
    rng = random.Random(1)
    texts = "".join("".join(promo_pair(rng)) for _ in range(500))
    assert not set(LETTERS.values()) & set(texts)
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_scores_count_slots_and_exact_frames():
    gold = [{"size": "[A] L", "store": "bar"}, {}]
    assert frame_scores(gold, gold) == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "exact": 1.0}
    assert frame_scores(gold, [{"size": "[A] L", "store": "gym"}, {}])["exact"] == 0.5


def test_rouge_is_a_hundred_for_equal_texts_and_less_for_others():
    assert set(text_scores(["a cold drink"], ["a cold drink"]).values()) == {100.0}
    assert text_scores(["a cold drink"], ["warm milk"])["rouge1"] == 0.0


def test_live_curves_are_asked_of_trackio_on_this_machine_only():
    arguments = train_text.arguments_of(load_recipe("report"), Path("x"), streamed=False, track=True, log_every=1)
    assert arguments.report_to == ["trackio"]
    assert arguments.trackio_space_id is None
    assert issubclass(PromoTrainer, train_text.Seq2SeqTrainer)
