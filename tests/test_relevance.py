"""Telling messages about a promotion from prose about other matters."""

import json
from pathlib import Path

import pytest

from finetune.train_relevance import drawn, fit, kept, main
from slots.relevance import BUCKETS, PATH, RelevanceError, default_relevance, features, load_relevance


def test_numbers_count_as_the_same_word_and_order_matters() -> None:
    assert features("coca a 18 pesos") == features("coca a 25 pesos")
    assert features("coca a 18 pesos") != features("pesos 18 a coca")
    assert all(0 <= bucket < BUCKETS for bucket in features("¿Qué tal? 😀"))
    assert features("")


def test_the_bundled_classifier_keeps_requests_and_not_small_talk() -> None:
    about = default_relevance().about_a_promotion
    assert about("quiero un cartel para vender coca de 600 a 18 pesos en mi tiendita, con gente en la playa")
    assert about("We need a poster for Topo Chico at the gas station, people at a concert, 25 pesos each")
    assert not about("ayer fuimos al cine con mis primos y despues nos quedamos platicando en la casa hasta las tres")
    assert not about("my sister is getting married in june and i still have no idea what to wear to the wedding")


def test_it_tells_most_of_the_development_messages_apart() -> None:
    file = Path(__file__).with_name("development_messages.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    about = default_relevance().about_a_promotion
    other = [about(row["text"]) for row in rows if row["kind"] == "other"]
    ours = [
        about(row["text"])
        for row in rows
        if row["kind"] != "other" and not row["asking"] and set(row["slots"]) - {"product", "size", "packaging"}
    ]
    assert sum(ours) > 0.95 * len(ours)
    assert sum(other) < 0.25 * len(other)


def test_training_tells_the_two_apart_on_phrasings_it_never_saw() -> None:
    model = fit(*drawn(1500, 1, "train"), seed=0)
    shares = kept(model, *drawn(300, 2, "validation"))
    assert shares["about_a_promotion"] > 0.6
    assert shares["about_a_promotion"] > shares["other_matters"] + 0.3


def test_the_command_writes_weights_that_load_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--examples", "300", "--out", str(tmp_path)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["examples"] == 300
    assert load_relevance(tmp_path / PATH.name).weights.shape == (BUCKETS,)


def test_damaged_weights_are_named_with_the_cure(tmp_path: Path) -> None:
    file = tmp_path / PATH.name
    file.write_bytes(b"no weights")
    with pytest.raises(RelevanceError, match=r"train_relevance"):
        load_relevance(file)
    with pytest.raises(RelevanceError, match="cannot be read"):
        load_relevance(tmp_path / "missing.safetensors")
