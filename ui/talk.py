"""One turn of talk: a message or an edit of the card becomes a new Session and what to say. Knows no Gradio, draws nothing."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from slots.catalog import Catalog
from slots.dialogue import edit_slot, respond
from slots.extract import Extraction
from slots.schema import Language
from slots.state import Turn
from ui.problems import explain
from ui.session import Session
from ui.texts import t

Extract = Callable[[str, str | None, Language | None, bool], Extraction]
"""The studio's `extract(text, asking, previous_language, talking)`."""


@dataclass(frozen=True)
class Said:
    """What the assistant says, as plain text, and the buttons under it."""

    text: str
    buttons: tuple[str, ...] = ()


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]+)\)")


def plain(markdown: str) -> str:
    """The assistant's Markdown as plain text: the chat shows no markup at all, so that nothing a user typed can be any."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\0{len(kept) - 1}\0"

    text = _ESCAPED.sub(keep, markdown.replace("\0", ""))
    text = _LINK.sub(lambda m: m[2] if m[1] == m[2] else f"{m[1]}: {m[2]}", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*_])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*_])", r"\2", text)
    text = re.sub(r"(?m)^[ \t]*[-*] +", "• ", text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.M)
    return re.sub(r"\0(\d+)\0", lambda m: kept[int(m[1])], html.unescape(text)).strip()


def say(session: Session, message: str, extract: Extract, catalog: Catalog) -> tuple[Session, Said]:
    """Answers a message. Never raises: a failure is told in the chat and leaves the conversation as it was."""
    try:
        turn = respond(session.dialogue, message, extract, catalog)
    except Exception as error:  # the chat must go on, whatever fails below
        return session, Said(t(session.screen, "error_talk", error=explain(error, session.screen)))
    return _after(session, message, turn)


def edit(session: Session, slot: str, value: str, extract: Extract, catalog: Catalog) -> tuple[Session, Said]:
    """Takes an edit of the card, as `say` takes a message."""
    try:
        turn = edit_slot(session.dialogue, slot, value, extract, catalog)
    except Exception as error:
        return session, Said(t(session.screen, "error_talk", error=explain(error, session.screen)))
    return _after(session, t(session.screen, "edited", slot=t(session.screen, f"slot_{slot}"), value=value), turn)


def _after(session: Session, message: str, turn: Turn) -> tuple[Session, Said]:
    said = Said(plain(turn.reply), turn.quick_replies)
    known = {note.code for note in turn.notes}
    changed = session.with_(
        dialogue=turn.state,
        screen=session.screen if session.screen_fixed else turn.state.language,
        log=(*session.log, ("user", message), ("assistant", said.text)),
        notes=(*(note for note in session.notes if note.code not in known), *turn.notes),
        brief=turn.brief or session.brief,
        confirmed=session.confirmed + (turn.brief is not None),
        first=session.first if turn.brief is None else session.brief is None,
    )
    if not turn.state.slots and turn.state.confirmed is None:
        changed = changed.with_(notes=(), brief=None)
    return changed, said
