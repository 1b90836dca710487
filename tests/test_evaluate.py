"""Scoring a text checkpoint, with a stand-in for the model."""

import json

from finetune.evaluate import main, write_figures
from finetune.evaluate_extraction import (
    evaluate_text,
    extraction_figures,
    extraction_markdown,
    generated_rows,
    number_figures,
    read_rows,
    standard_sets,
)
from finetune.evaluate_promos import distinct_2, self_bleu, verbatim


def _file(tmp_path):
    rows = [
        {"text": "sprite de 2 litros", "language": "es", "slots": {"product": "Sprite", "size": "2 L"}},
        {"text": "hi there", "language": "en", "slots": {}},
        {"text": "skip it", "language": "en", "asking": "store", "slots": {"store": "none"}},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rows_are_counted_from_one(tmp_path):
    assert [row["text"] for row in read_rows(_file(tmp_path), "2-3")] == ["hi there", "skip it"]
    assert len(read_rows(_file(tmp_path), "1")) == 1
    assert len(read_rows(_file(tmp_path))) == 3


def test_a_model_that_is_right_scores_one_and_a_mute_one_misses_all(tmp_path):
    answers = ["product=Sprite | size=[A] L", "none", "store=none"]
    result = evaluate_text(lambda sources: answers[: len(sources)], read_rows(_file(tmp_path)))
    assert (result.total.f1, result.exact) == (1.0, 3)
    mute = evaluate_text(lambda sources: ["none"] * len(sources), read_rows(_file(tmp_path)))
    assert mute.total.recall == 0.0
    assert mute.exact == 1


def test_the_pending_question_reaches_the_model(tmp_path):
    seen = []

    def remember(sources):
        seen.extend(sources)
        return ["none"] * len(sources)

    evaluate_text(remember, read_rows(_file(tmp_path)))
    assert "asking=store;" in seen[2]
    assert "[A] 2 litros" in seen[0]


def test_a_model_that_is_always_right_has_perfect_figures_and_one_that_invents_is_counted(tmp_path):
    rows = [
        {
            "text": "sprite de 2 litros",
            "language": "es",
            "kind": "plain",
            "slots": {"product": "Sprite", "size": "2 L"},
        },
        {"text": "my car broke down", "language": "en", "kind": "other", "slots": {}},
        {"text": "thanks a lot", "language": "en", "kind": "none", "slots": {}},
    ]

    def model(sources):
        return [
            "product=Sprite | size=[A] L" if "sprite" in s else "none" if "thanks" in s else "store=bar"
            for s in sources
        ]

    figures = extraction_figures(model, {"mine": rows})
    assert figures["mine"]["t5"]["exact"] == 2
    assert figures["mine"]["t5"]["by_kind"]["other"]["invented"] == {"store": 1}
    assert figures["mine"]["grounded"]["exact"] == 3
    assert figures["mine"]["full"]["by_language"]["es"]["f1"] == 1.0
    table = extraction_markdown(figures)
    assert "| mine | 3 |" in table
    assert "prose about other matters" in table
    assert "store 100.0" in table


def test_the_stages_ask_the_model_once_for_each_message():
    asked = []

    def model(sources):
        asked.extend(sources)
        return ["none"] * len(sources)

    extraction_figures(model, {"mine": [{"text": "sprite", "slots": {"product": "Sprite"}}]})
    assert len(asked) == len(set(asked))


def test_numbers_of_any_length_are_exact_when_the_model_points_at_them():
    def model(sources):
        out = []
        for source in sources:
            first = source.index("[A]")
            price_first = "pesos" in source[first : first + 20]
            price, size = ("[A]", "[B]") if price_first else ("[B]", "[A]")
            out.append(f"product=Sprite | size={size} ml | price={price} MXN")
        return out

    figures = number_figures(model, count=200)
    assert figures["exact"] == 200


def test_generated_messages_come_from_the_test_split_and_hold_their_gold():
    rows = generated_rows(60)
    assert len(rows) == 60
    assert {"whole", "other"} <= {row["kind"] for row in rows}
    assert all("none" not in row["slots"].values() for row in rows)
    assert rows == generated_rows(60)


def test_the_standard_sets_are_there():
    sets = standard_sets()
    assert {"validation messages 1-80", "unseen messages", "development messages"} <= set(sets)
    assert len(sets["unseen messages"]) == 500


def test_texts_that_repeat_themselves_have_less_variety():
    same, varied = ["a b c d e"] * 4, ["a b c d e", "f g h i j", "k l m n o", "p q r s t"]
    assert distinct_2(same) < distinct_2(varied) == 1.0
    assert self_bleu([same]) > 0.9 > 0.1 > self_bleu([varied])
    assert self_bleu([["alone"]]) == 0.0


def test_sentences_learnt_by_heart_are_counted():
    assert verbatim(["One thing. Another."], frozenset({"One thing."})) == 0.5


def test_a_file_that_cannot_be_read_is_told(tmp_path, capsys):
    assert main(["text", "--jsonl", str(tmp_path / "missing.jsonl"), "--stage", "rules"]) == 2
    assert "give JSON lines" in capsys.readouterr().err


def test_one_file_is_scored_by_the_rules_without_a_model(tmp_path, capsys):
    assert main(["text", "--jsonl", str(_file(tmp_path)), "--stage", "rules", "--rows", "1-2"]) == 0
    assert "2 of 2 frames" in capsys.readouterr().out


def test_figures_are_written_whole(tmp_path):
    write_figures(tmp_path / "new", "evaluation", {"f1": 0.5}, "# text")
    assert json.loads((tmp_path / "new" / "evaluation.json").read_text()) == {"f1": 0.5}
    assert (tmp_path / "new" / "evaluation.md").read_text() == "# text\n"
    assert len(list((tmp_path / "new").iterdir())) == 2
