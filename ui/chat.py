"""The chat as Gradio shows it: plain text both ways, quick replies as buttons. Knows nothing of what is said."""

from html import escape
from typing import Any

import gradio as gr


def escaped(entry: Any) -> Any:
    """A message, or the text of one, with its text as HTML shows it."""
    if isinstance(entry, str):
        return escape(entry, quote=False)
    if isinstance(entry, dict) and isinstance(entry.get("content"), str):
        return {**entry, "content": escape(entry["content"], quote=False)}
    return entry


def message(role: str, text: str, buttons: tuple[str, ...] = ()) -> dict[str, Any]:
    """One chat message as Gradio takes it."""
    entry: dict[str, Any] = {"role": role, "content": text}
    if buttons:
        entry["options"] = [{"value": b, "label": b} for b in buttons]
    return entry


class PlainChat(gr.ChatInterface):
    """A chat in which what a visitor typed is shown as it was typed: Gradio would render the HTML in it."""

    def _append_message_to_history(self, message: Any, history: list[Any], role: Any = "user") -> list[Any]:
        return super()._append_message_to_history(escaped(message), history, role)

    def option_clicked(self, history: list[Any], option: gr.SelectData) -> tuple[list[Any], Any]:
        return self._append_message_to_history(option.value, history), option.value
