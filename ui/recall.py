"""What outlives a reload: the conversation, kept in the visitor's browser, and the last promotion, in its folder.

Reading back never starts the making. Knows records, no Gradio component.
"""

import re
from pathlib import Path
from typing import Any

from pipelines import records
from pipelines.offers import parse_cost
from pipelines.promotion import Promotion
from slots.state import Note, State
from ui.chat import escaped, message
from ui.session import Session

NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{16}")
"""A promotion's id: nobody can guess one, and nothing else is taken for a folder's name."""


def recall(promotions: Path, name: object) -> Promotion | None:
    """The promotion `name` as far as it was made; None when there is none, or none that this version can read."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    try:
        return records.read_promotion(promotions / name)
    except records.RecordError:
        return None


def stored(session: Session) -> dict[str, Any] | None:
    """What a browser keeps of its own conversation; nothing of an empty one."""
    if not session.log:
        return None
    return {
        "version": 1,
        "dialogue": session.dialogue.to_dict(),
        "log": [list(entry) for entry in session.log[-200:]],
        "screen": session.screen,
        "fixed": session.screen_fixed,
        "notes": [[note.code, note.text, note.source] for note in session.notes],
        "costs": {pack: str(cost) for pack, cost in session.costs.items()},
    }


def restored(saved: Any) -> tuple[Session, list[Any]] | None:
    """Reads what `stored` wrote; None when there is nothing, or nothing that this version can read.

    Restoring never starts the making: nothing is made without a new yes.
    """
    if not isinstance(saved, dict) or saved.get("version") != 1:
        return None
    try:
        log = tuple((str(role), str(words)) for role, words in saved["log"] if role in ("user", "assistant"))
        dialogue = State.from_dict(saved["dialogue"])
        session = Session(
            dialogue,
            "en" if saved["screen"] == "en" else "es",
            bool(saved["fixed"]),
            log,
            tuple(Note(str(code), str(text), str(source)) for code, text, source in saved["notes"]),
            dialogue.confirmed,
            costs={str(pack): parse_cost(str(cost)) for pack, cost in saved.get("costs", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return session, [escaped(message(role, words)) for role, words in log]
