"""The training code, end to end, on a T5 small enough for a test."""

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from finetune.train_text import IGNORED, Settings, Trainer, batches, frame_scores, generate, pairs, prepare

TINY = {"d_model": 64, "d_kv": 16, "d_ff": 96, "num_heads": 4, "num_layers": 1, "num_decoder_layers": 1}


@pytest.fixture(scope="module")
def settings():
    return replace(Settings(), minutes=5.0, batch_tokens=600, pool=200, validation=4, warm_up_steps=5, shape=TINY)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, settings) -> Trainer:
    from finetune.tokenizer import build_tokenizer

    folder = tmp_path_factory.mktemp("run")
    build_tokenizer(folder / "tokenizer", seed=1, size=1500, extractions=1200, promos=300)
    trainer = prepare(settings, folder, None, False)
    trainer.train(max_steps=40, log_every=10)
    return trainer


def test_the_loss_falls(trained):
    losses = [line["loss_extract"] for line in trained.history]
    assert len(losses) == 4
    assert losses[-1] < losses[0] * 0.9


def test_a_resumed_run_goes_on_where_it_stopped(trained, settings):
    again = prepare(settings, trained.folder, None, True)
    assert (again.step, again.seen) == (trained.step, trained.seen)
    for one, other in zip(again.model.parameters(), trained.model.parameters(), strict=True):
        assert one.equal(other)
    again.train(max_steps=42)
    assert again.step == 42
    assert again.rounds == trained.rounds + 1


def test_the_exported_checkpoint_loads_in_half_precision_with_its_settings(trained, tmp_path):
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    trained.export(tmp_path)
    model = AutoModelForSeq2SeqLM.from_pretrained(tmp_path, torch_dtype="auto")
    assert model.dtype == torch.float16
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    answers = generate(model.float(), tokenizer, ["Extract the slots: asking=none; hola", "x"], max_tokens=4)
    assert len(answers) == 2
    record = json.loads((tmp_path / "training_settings.json").read_text())
    assert record["steps"] == trained.step
    assert record["settings"]["data_seed"] == trained.settings.data_seed


def test_a_warm_start_takes_over_weights_and_vocabulary(trained, settings, tmp_path):
    import torch

    trained.export(tmp_path / "first")
    second = prepare(settings, tmp_path / "second", tmp_path / "first", False)
    assert second.step == 0
    assert torch.allclose(second.model.shared.weight, trained.model.shared.weight, atol=0.01)
    assert len(second.tokenizer) == len(trained.tokenizer)


def test_batches_hold_one_task_and_keep_to_their_token_limit(trained, settings):
    stream = pairs(settings, 3, Counter())
    for task, ids, labels in islice(batches(settings, stream, trained.tokenizer, random.Random(0)), 20):
        assert task in ("extract", "write")
        assert ids.shape[0] == labels.shape[0]
        assert ids.shape[0] == 1 or ids.shape[0] * (ids.shape[1] + labels.shape[1]) <= settings.batch_tokens * 1.5
        assert (labels[labels != IGNORED] > 0).all()


def test_about_a_fifth_of_the_pairs_are_promos(settings):
    drawn = list(islice(pairs(settings, 5, Counter()), 600))
    promos = sum(source.startswith("Generate a promotion:") for source, _ in drawn)
    assert 80 < promos < 165


def test_scores_count_slots_and_exact_frames():
    gold = [{"size": "[A] L", "store": "bar"}, {}]
    assert frame_scores(gold, gold) == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "exact": 1.0}
    assert frame_scores(gold, [{"size": "[A] L", "store": "gym"}, {}])["exact"] == 0.5
