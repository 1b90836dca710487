"""Whole talks, kept as chats in tests/conversations: after each message the reply, the state and the slots must hold.

They run on the rules stage of extraction, so that no model is needed and a failure is the dialogue's own.
"""

import json
from pathlib import Path

import pytest

from slots.catalog import default_catalog
from slots.dialogue import State, Turn, edit_slot, label, respond
from slots.extract import Extraction, extract
from slots.schema import Language

FOLDER = Path(__file__).parent / "conversations"
CHECKS = ("says", "never", "state", "slots", "offers", "changed", "offer", "terms", "marked", "brief", "language")

Step = tuple[str, str, list[tuple[str, str]]]


def read(path: Path) -> list[tuple[str, list[Step]]]:
    """The conversations of a file: title, and steps of (user or card SLOT, text, checks)."""
    found: list[tuple[str, list[Step]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if line.startswith("# "):
            found.append((line[2:], []))
        elif line.startswith(("user:", "card ")):
            found[-1][1].append((key.strip(), value.removeprefix(" "), []))
        elif line.startswith("    "):
            assert key.strip() in CHECKS, f"{path.name}: unknown check {line!r}"
            found[-1][1][-1][2].append((key.strip(), value.strip()))
        else:
            assert not line or not found, f"{path.name}: cannot read {line!r}"
    return found


ALL = [(p.stem, title, steps) for p in sorted(FOLDER.glob("*.txt")) for title, steps in read(p)]


def rules(text: str, asking: str | None, language: Language | None, talking: bool = False) -> Extraction:
    return extract(text, asking, None, default_catalog(), previous_language=language, stage="rules")


def holds(turn: Turn, check: str, value: str) -> bool:
    state = turn.state
    parts = [p.strip() for p in value.split("|")]
    match check:
        case "says":
            return all(p in turn.reply for p in parts)
        case "never":
            return not any(p in turn.reply for p in parts)
        case "state":
            return label(state) == value
        case "slots":
            wanted = dict(p.strip().split("=", 1) for p in value.split(";"))
            return all(state.slots.get(slot, "") == v for slot, v in wanted.items())
        case "offers":
            return set(parts) <= set(turn.quick_replies)
        case "changed":
            return turn.changed == tuple(filter(None, value.split(", ")))
        case "offer":
            return (str(state.offer) if state.offer else "") == value
        case "terms":
            return (state.terms or "") == value
        case "marked":
            return value in state.marked
        case "brief":
            return (turn.brief is not None) == (value == "yes")
        case _:
            return state.language == value


@pytest.mark.parametrize(("title", "steps"), [c[1:] for c in ALL], ids=[f"{c[0]}: {c[1]}" for c in ALL])
def test_a_conversation_goes_as_it_is_written(title: str, steps: list[Step]) -> None:
    catalog = default_catalog()
    state = State.new("es")
    for kind, text, checks in steps:
        if kind == "user":
            turn = respond(state, text, rules, catalog)
        else:
            turn = edit_slot(state, kind.removeprefix("card "), text, rules, catalog)
        state = State.from_dict(json.loads(json.dumps(turn.state.to_dict())))
        assert state == turn.state
        assert turn.reply.strip()
        assert len(turn.quick_replies) <= 6
        for check, value in checks:
            seen = (
                f"{kind}: {text}\n{turn.reply}\n{turn.quick_replies} {label(state)} {dict(state.slots)} {turn.changed}"
            )
            assert holds(turn, check, value), f"{title}: {check}: {value}\n{seen}"


def test_there_are_many_conversations_in_both_languages() -> None:
    assert len(ALL) >= 25
    assert {name for name, _, _ in ALL} >= {"espanol", "english", "bad_input"}
