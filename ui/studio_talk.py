"""What talking does on the studio's page: messages, edits of the card, costs, the yes. Each handler answers at once.

Knows nothing of how a promotion is made: `ui.studio_making` adds that, and `ui.app` joins handlers and components.
"""

from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.offers import OffersError, parse_cost
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import Language
from slots.state import State
from slots.state import brief as brief_of
from ui.card import ROWS
from ui.chat import escaped, message
from ui.house import House
from ui.layout import Layout
from ui.limits import Reached
from ui.margin import margin_html
from ui.session import Job, Line, Session
from ui.talk import Said, edit, say
from ui.texts import t
from ui.visitor import session_of, where

if TYPE_CHECKING:
    from pipelines.studio import Studio


class TalkHandlers(Layout):
    """Answers to what a visitor says or edits; holds no visitor's data."""

    def __init__(self, studio: "Studio", catalog: Catalog, line: Line, house: House | None = None) -> None:
        super().__init__(studio, catalog, line)
        self.house = house or House(studio, catalog, line)

    def _talk(
        self, text: str, history: list[Any], session: Session, request: gr.Request | None = None
    ) -> tuple[dict[str, Any], Session]:
        """Talks with the assistant about one promotion: give it any facts in Spanish or English; it asks for what is missing."""
        try:
            self.house.limits.take("requests", f"page {session_of(request)}", where(request))
            self.house.limits.message(text)
        except Reached as reached:
            return message("assistant", reached.words(session.screen)), session.with_()
        session, said = say(session, text, self.studio.extract, self.catalog)
        return message("assistant", said.text, said.buttons), session.with_()

    def _turn(self, history: list[Any], session: Session, words: str, said: Said) -> tuple[Session, list[Any]]:
        return session, [
            *(history or []),
            escaped(message("user", words)),
            escaped(message("assistant", said.text, said.buttons)),
        ]

    def _edit(self, session: Session, history: list[Any], event: gr.EventData) -> tuple[Session, list[Any]]:
        data = event._data or {}
        slot, value = data.get("slot"), data.get("value")
        if slot not in ROWS or not isinstance(value, str):
            return gr.skip(), gr.skip()
        changed, said = edit(session, slot, value[:200], self.studio.extract, self.catalog)
        words = t(session.screen, "edited", slot=t(session.screen, f"slot_{slot}"), value=value[:200])
        return self._turn(history, changed.with_(), words, said)

    def _cost(self, session: Session, event: gr.EventData) -> tuple[Session, str]:
        """What a piece costs the visitor; an empty field goes back to the catalogue's assumption."""
        typed, brief = (event._data or {}).get("cost"), self._settled(session)
        if brief is None or not isinstance(typed, str):
            return gr.skip(), gr.skip()
        try:
            cost = parse_cost(typed) if typed.strip() else None
        except OffersError:
            return gr.skip(), self._margin(session, refused=typed[:40])
        return session.with_cost(brief, cost), gr.skip()

    def _margin(self, session: Session, refused: str | None = None) -> str:
        brief = self._settled(session)
        cost = session.cost(brief) if brief else None
        return margin_html(brief, self.catalog, session.screen, cost, refused=refused)

    def _confirm(self, session: Session, history: list[Any]) -> tuple[Session, list[Any]]:
        if session.dialogue.phase != "confirming":
            return gr.skip(), gr.skip()
        words = t(session.dialogue.language, "yes_words")
        changed, said = say(session, words, self.studio.extract, self.catalog)
        return self._turn(history, changed, words, said)

    def _restart(self, session: Session, history: list[Any]) -> tuple[Session, list[Any], None]:
        fresh = Session(
            State.new(session.screen),
            session.screen,
            session.screen_fixed,
            confirmed=session.confirmed,
            costs=session.costs,
        )
        return fresh, [], None

    def _choose_language(self, session: Session, job: Job | None, language: Language) -> tuple[Session, Language]:
        if job is not None:
            job.screen = language
        return session.with_(screen=language, screen_fixed=True), language

    def _hint(self, session: Session) -> str:
        """What stands beside the yes: that nothing happens without it, and how long it would take now."""
        if session.dialogue.phase != "confirming":
            return ""
        language = session.screen
        return f"<p>{t(language, 'confirm_hint')} {self.house.line_words(language)}</p>"

    def _settled(self, session: Session) -> Brief | None:
        """The brief once there is one to judge."""
        settled = session.dialogue.phase in ("confirming", "changing", "confirmed")
        return brief_of(session.dialogue) if settled else None
