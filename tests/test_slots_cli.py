"""The command `python -m slots`: its output, its exit codes, its complaints."""

import json
from pathlib import Path

import pytest

import slots.__main__ as command

DATA = Path(__file__).parent


@pytest.fixture
def lines(tmp_path):
    def write(*rows):
        path = tmp_path / "rows.jsonl"
        path.write_text(
            "\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8"
        )
        return str(path)

    return write


def test_a_message_prints_one_json_object(capsys):
    assert command.main(["--stage", "rules", "una coca de 600 a 18 en la playa"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["slots", "removed", "offer", "variant", "marked", "evidence", "language"]
    assert printed["slots"] == {"product": "Coca-Cola", "size": "600 ml", "price": "18 MXN", "environment": "beach"}


def test_a_file_prints_one_object_a_line_in_order(capsys, lines):
    path = lines({"text": "sprite", "asking": None}, "", {"text": "25", "asking": "price"}, {"text": "línea\u2028rara"})
    assert command.main(["--jsonl", path, "--stage", "rules"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.strip().split("\n")]
    assert [p["slots"] for p in printed] == [{"product": "Sprite"}, {"price": "25 MXN"}, {}]


def test_a_score_prints_all_exact_slots_and_languages(capsys):
    assert command.main(["--score", str(DATA / "validation_messages.jsonl"), "--stage", "rules", "--rows", "1-80"]) == 0
    printed = capsys.readouterr().out.split("\n")
    assert printed[0].startswith("all ")
    assert "of 80 frames" in printed[1]
    assert [line.split()[0] for line in printed[2:11]] == [
        "promotion", "product", "size", "packaging", "price", "store", "environment", "en", "es",
    ]  # fmt: skip


def test_a_score_counts_pairs(capsys, lines):
    path = lines(
        {"text": "sprite a 20", "language": "es", "slots": {"product": "Sprite", "price": "21 MXN", "store": "bar"}}
    )
    assert command.main(["--score", path, "--stage", "rules", "--misses"]) == 0
    printed = capsys.readouterr().out
    assert "P 0.500  R 0.333  F1 0.400" in printed.split("\n")[0]
    assert "price: 21 MXN / 20 MXN" in printed


def test_a_conversation_prints_slots_state_and_replies(capsys, lines):
    assert (
        command.main(["--conversations", lines({"turns": ["una coca de 600 a 18 en la playa"]}), "--stage", "rules"])
        == 0
    )
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"slots", "state", "replies"}
    assert printed["slots"]["product"] == "Coca-Cola"
    assert len(printed["replies"]) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [([], "give one of"), (["hola", "--score", "x"], "give one of"), (["--jsonl", "nowhere.jsonl"], "nowhere.jsonl"), (["--rows", "1-2", "hola"], "--rows goes with"),
     (["--stage", "magic", "hola"], "invalid choice"), (["--asking", "colour", "hola"], "invalid choice")],
)  # fmt: skip
def test_a_wrong_call_exits_with_2_and_says_the_cure(capsys, arguments, says):
    assert command.main(arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "says"),
    [("{broken", "line 1: not JSON"), ("[1]", 'expected an object with "text"'), ({"text": 3}, '"text" must be'), ({"text": "x", "asking": "colour"}, '"asking" must be')],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_its_line(capsys, lines, row, says):
    assert command.main(["--jsonl", lines(row), "--stage", "rules"]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("rows", ["0-3", "5-2", "x", "900-901"])
def test_rows_outside_the_file_are_refused(capsys, rows):
    assert command.main(["--score", str(DATA / "validation_messages.jsonl"), "--rows", rows, "--stage", "rules"]) == 2
    assert "--rows" in capsys.readouterr().err


def test_a_missing_checkpoint_exits_with_1_and_names_it(capsys, tmp_path):
    assert command.main(["hola", "--text-model", str(tmp_path / "no-model")]) == 1
    assert "no-model" in capsys.readouterr().err


def test_a_model_is_used_through_its_back_end(monkeypatch, capsys):
    monkeypatch.setattr(
        command, "load_generate", lambda model, backend: lambda sources: ["product=Sprite"] * len(sources)
    )
    assert command.main(["esprai de limón", "--asking", "product", "--stage", "t5"]) == 0
    assert json.loads(capsys.readouterr().out)["slots"] == {"product": "Sprite"}
