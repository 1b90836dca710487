"""Scoring a text checkpoint, with a stand-in for the model."""

import json

from finetune.evaluate_extraction import evaluate_text, read_rows


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
