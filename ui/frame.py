"""What every page has in common: the head with its pages and languages, the foot, and what is found in a language.

Knows no page's contents.
"""

from typing import Any

import gradio as gr

from slots.schema import LANGUAGES, Language
from ui.card import safe
from ui.texts import t

STUDIO, RECORDS, LAB, SHARED = "", "records", "lab", "shared"
"""The pages' paths."""
LANGUAGE_SCRIPT = "(language) => { document.documentElement.lang = language; return []; }"
"""Tells the browser (its reader, its translator) what language the page is in."""


def browser_language(request: gr.Request | None) -> Language:
    """The first language of the browser that the screens speak; Spanish when there is none."""
    header = (request.headers.get("accept-language") if request is not None else "") or ""
    for part in header.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return "en" if code == "en" else "es"
    return "es"


def screen(chosen: Any, request: gr.Request | None) -> Language:
    """The language that the visitor chose on any page, else their browser's."""
    if chosen in LANGUAGES:
        return "en" if chosen == "en" else "es"
    return browser_language(request)


def nav_html(language: Language, here: str, pages: tuple[str, ...]) -> str:
    """Links to the pages, relative, so that they hold behind any proxy; the one that is open is marked."""
    names = {STUDIO: "nav_studio", RECORDS: "nav_records", LAB: "nav_lab"}
    links = "".join(
        f'<a href="./{page}"{" aria-current=page" if page == here else ""}>{t(language, names[page])}</a>'
        for page in pages
    )
    return f'<nav class="ps-nav" aria-label="{t(language, "nav")}">{links}</nav>' if len(pages) > 1 else ""


def head_html(language: Language, here: str, pages: tuple[str, ...], pitch: str | None = None) -> str:
    """Name, one line, and the links. `pitch`: the line, by default the studio's."""
    line = t(language, "pitch") if pitch is None else safe(pitch)
    return f'<div class="ps-brand"><h1>Promo <i>Studio</i></h1><p>{line}</p></div>{nav_html(language, here, pages)}'


def foot_html(language: Language) -> str:
    """The foot of a page."""
    return f'<p class="ps-foot">{t(language, "footer")}</p>'


def ghosts_html(count: int = 4) -> str:
    """What stands where promotions will, until they are there: no words, as the page does not know its language yet."""
    cards = '<div class="ps-record is-ghost"></div>' * count
    return f'<div class="ps-cards" aria-hidden="true">{cards}</div>'


def top(language: Language, head: str) -> tuple[Any, Any]:
    """(head, language switch) of a page that is being built."""
    with gr.Row(elem_id="ps-top"):
        shown = gr.HTML(head, apply_default_css=False, elem_id="ps-head")
        switch = gr.Radio(
            [("ES", "es"), ("EN", "en")],
            value=language,
            show_label=False,
            container=False,
            elem_id="ps-language",
            min_width=0,
        )
    return shown, switch
