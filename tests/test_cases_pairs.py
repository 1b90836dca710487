"""Votes become training pairs."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.cases import Case, CaseStore, Vote
from pipelines.cases.pairs import placeholders_of, voted_pairs, write_pairs
from pipelines.prompts import fill, writer_source
from slots.brief import Brief
from slots.catalog import default_catalog

BRIEF = Brief.from_dict({"product": "Coca-Cola", "size": "600 ml", "price": "18.50 MXN", "environment": "beach"})
GOOD = "¡Sol, arena y sed! Llévate tu [PRODUCT] de [SIZE] a solo [PRICE] y disfruta."
OTHER = "La tarde sabe mejor con el mar. Disfruta tu [PRODUCT] de [SIZE] a solo [PRICE]."


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(tmp_path / "studio.sqlite3")


def promotion(store: CaseStore, id: str, templates: list[str], *, keep: bool = True) -> None:
    promos = [{"text": fill(t, BRIEF), "source": "model", "template": t if keep else ""} for t in templates]
    record = {"brief": BRIEF.to_dict(), "writer": {"prompt": writer_source(BRIEF), "promos": promos}}
    folder = store.path.parent / "promotions" / id
    folder.mkdir(parents=True)
    (folder / "promotion.json").write_text(json.dumps(record), encoding="utf-8")


def test_a_text_that_more_people_are_for_than_against_becomes_a_pair(store: CaseStore) -> None:
    promotion(store, "p1", [GOOD, OTHER])
    for who, part, vote in (
        ("a", "text-1", {"thumb": 1}), ("b", "text-1", {"stars": 5}), ("c", "text-1", {"thumb": -1}),
        ("a", "text-2", {"thumb": 1}), ("b", "text-2", {"thumb": -1}), ("a", "poster-1", {"thumb": 1}),
        ("a", "whole", {"thumb": 1}),
    ):  # fmt: skip
        store.vote(Vote("promotion", "p1", who, part, **vote))  # type: ignore[arg-type]
    assert store.training_pairs() == [{"prompt": writer_source(BRIEF), "target": GOOD}]


def test_a_text_without_its_template_is_turned_back_into_placeholders(store: CaseStore) -> None:
    promotion(store, "p1", [GOOD], keep=False)
    store.vote(Vote("promotion", "p1", "a", "text-1", thumb=1))
    assert store.training_pairs()[0]["target"] == GOOD


def test_the_same_text_voted_for_twice_is_one_pair(store: CaseStore) -> None:
    for id in ("p1", "p2"):
        promotion(store, id, [GOOD])
        store.vote(Vote("promotion", id, "a", "text-1", thumb=1))
    assert len(store.training_pairs()) == 1


def test_a_case_and_a_variant_give_pairs_too(store: CaseStore) -> None:
    id = store.save_case(
        Case("c", "text", {"brief": BRIEF.to_dict()}, expected={"outputs": [fill(GOOD, BRIEF)], "templates": [GOOD]})
    )
    store.vote(Vote("case", id, "a", "text-1", stars=4))
    subject = {
        "prompt": "Generate a promotion: edited",
        "text": fill(OTHER, BRIEF),
        "template": OTHER,
        "brief": BRIEF.to_dict(),
    }
    store.vote(Vote("variant", "v1", "a", "whole", thumb=1, subject=subject))
    assert store.training_pairs() == [
        {"prompt": writer_source(BRIEF), "target": GOOD},
        {"prompt": "Generate a promotion: edited", "target": OTHER},
    ]


def test_what_cannot_be_trained_on_is_left_out_with_the_reason(store: CaseStore) -> None:
    promotion(store, "p1", ["Llévate tu [PRODUCT] de [SIZE] a solo 17 pesos y disfruta."])
    for kind, id in (("promotion", "p1"), ("promotion", "gone"), ("promotion", "../p1"), ("variant", "v1")):
        store.vote(Vote(kind, id, "a", "text-1", thumb=1))  # type: ignore[arg-type]
    found = voted_pairs(store, store.path.parent / "promotions")
    assert found.pairs == []
    reasons = dict(found.left_out)
    assert "price" in reasons["promotion p1 text-1"]
    assert "cannot be read" in reasons["promotion gone text-1"]
    assert "no promotion's id" in reasons["promotion ../p1 text-1"]
    assert "no brief" in reasons["variant v1 text-1"]


@pytest.mark.parametrize(
    ("brief", "template"),
    [
        ({"product": "Coca-Cola", "size": "600 ml", "price": "18.50 MXN"}, "Tu [PRODUCT] de [SIZE] a [PRICE]."),
        ({"product": "Fanta", "variant": "strawberry", "price": "2 for 30 MXN"}, "[PRODUCT], [PRICE]. ¡Ven!"),
        ({"product": "Sprite", "offer": "3 for 2", "price": "32 MXN"}, "[N]x[M] en tu [PRODUCT] a [PRICE]."),
        ({"product": "Sprite", "offer": "15% off", "price": "15 MXN"}, "[PRODUCT] con [P]% de descuento, a [PRICE]."),
        ({"product": "Sprite", "offer": "free glass with 2"}, "Compra [N] y llévate [GIFT] gratis: [PRODUCT]."),
        (
            {"product": "Sprite", "store": "la lonchería de doña Mary"},
            "[STORE] te espera con [PRODUCT]. Ven a [STORE].",
        ),
        ({"product": "Sprite", "size": "8 oz", "language": "en"}, "Enjoy a [SIZE] [PRODUCT]."),
        ({"product": "Coca-Cola", "size": "6-pack 355 ml", "language": "en"}, "A [SIZE] of [PRODUCT]."),
    ],
)
def test_filling_and_turning_back_give_the_template_again(brief: dict[str, Any], template: str) -> None:
    made = Brief.from_dict(brief)
    assert placeholders_of(fill(template, made), made, default_catalog()) == template


def test_the_trainer_reads_what_is_written(store: CaseStore, tmp_path: Path) -> None:
    from finetune.pair_stream import read_pairs

    promotion(store, "p1", [GOOD, OTHER])
    for part in ("text-1", "text-2"):
        store.vote(Vote("promotion", "p1", "a", part, thumb=1))
    pairs = store.training_pairs()
    for ending in (".jsonl", ".csv"):
        path = tmp_path / f"pairs{ending}"
        write_pairs(pairs, path)
        read = read_pairs(str(path))
        rows = [dict(row) for part in ("train", "validation") for row in read[part]]
        assert sorted(rows, key=lambda r: r["target"]) == sorted(pairs, key=lambda r: r["target"])


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.jsonl or \.csv"):
        write_pairs([{"prompt": "a", "target": "b"}], tmp_path / "pairs.txt")
