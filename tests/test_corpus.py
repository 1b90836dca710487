"""The corpus as data sets: fixed by its seed, without repeats, split by families."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from finetune.corpus import CONFIGURATIONS, CorpusError, build, distinct, main
from finetune.families import PARTS
from finetune.pair_stream import read_pairs
from finetune.skeletons import skeletons
from pipelines.checks import sentences


@pytest.fixture(scope="module")
def made():
    return build(3, extraction=400, promos=300)


def test_both_data_sets_have_three_splits_with_their_columns(made):
    assert tuple(made) == CONFIGURATIONS
    for name, count in zip(CONFIGURATIONS, (400, 300), strict=True):
        assert {part: len(rows) for part, rows in made[name].items()} == {
            "train": count, "validation": count // 20, "test": count // 20,
        }  # fmt: skip
        assert {"prompt", "target", "language", "kind"} <= set(made[name]["train"].column_names)


def test_a_seed_gives_the_same_rows_again(made):
    def digest(sets):
        rows = [row for name in CONFIGURATIONS for part in PARTS for row in sets[name][part]]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()

    assert digest(build(3, extraction=400, promos=300)) == digest(made)
    assert digest(build(4, extraction=400, promos=300)) != digest(made)


def test_no_row_comes_twice_in_any_split(made):
    for name in CONFIGURATIONS:
        rows = [(r["prompt"], r["target"]) for part in PARTS for r in made[name][part]]
        assert len(set(rows)) == len(rows)
    texts = [r["target"] for part in PARTS for r in made["promos"][part]]
    assert len(set(texts)) == len(texts)


def test_slots_are_canonical_and_their_numbers_put_back(made):
    for row in made["extraction"]["train"]:
        assert "[" not in row["slots"]
        assert (row["slots"] == "{}") == (row["target"] == "none")


def test_openings_of_the_test_are_never_those_of_training(made):
    """Openings are drawn from lists long enough to be split; the few shared ones stand in short lists (of stores)."""
    seen = Counter(sentences(row["target"])[0] for row in made["promos"]["train"])
    held_out = [sentences(row["target"])[0] for row in build(5, 1, 2000)["promos"]["test"]]
    assert sum(opening in seen for opening in held_out) < len(held_out) * 0.2


def test_written_messages_are_split_by_their_words():
    found = {part: {s.text for language in ("es", "en") for s in skeletons(language, part)} for part in PARTS}
    for one in PARTS:
        for other in PARTS:
            assert one == other or not found[one] & found[other]


def test_a_corpus_that_cannot_be_had_says_so():
    def same():
        while True:
            yield {"target": "x"}

    with pytest.raises(CorpusError, match="only 1 distinct"):
        list(distinct(same(), 2, ("target",), set()))


def test_the_command_writes_files_that_training_reads_and_a_card(tmp_path: Path, capsys):
    assert main(["--out", str(tmp_path), "--extraction", "40", "--promos", "40", "--seed", "2"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["rows"]["promos"] == {"train": 40, "validation": 2, "test": 2}
    for name in CONFIGURATIONS:
        for part in PARTS:
            assert (tmp_path / name / f"{part}.jsonl").is_file()
            assert (tmp_path / name / f"{part}-00000-of-00001.parquet").is_file()
    assert len(read_pairs(str(tmp_path / "promos" / "train.jsonl"))["train"]) == 36
    card = (tmp_path / "README.md").read_text()
    assert card.startswith("---\n")
    assert "| promos | 40 | 2 | 2 |" in card
