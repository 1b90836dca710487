"""The page that a link opens: a finished promotion, read-only, with its posters, its texts and what people think of them.

Nothing else of the visitor who made it: no conversation, no prompts, no file of theirs; pictures are made smaller, without
their text chunks, and travel inside the page, so that no address of a file outlives the link. A link that opens nothing
gets one and the same page, whatever the reason.
"""

import base64
import secrets
from typing import Any

import gradio as gr

from pipelines.cases.model import CaseError
from pipelines.gallery import small
from pipelines.promotion import MAX_IMAGES, Promotion
from pipelines.records import RecordError, read_promotion
from pipelines.shares import ShareError
from slots.schema import Language
from ui import votes
from ui.card import safe
from ui.choices import HIDDEN
from ui.frame import LANGUAGE_SCRIPT, SHARED, foot_html, ghosts_html, head_html, screen, top
from ui.house import House
from ui.layout import STORAGE_KEY, STORAGE_SECRET, seen
from ui.limits import Reached
from ui.problems import explain
from ui.texts import t
from ui.visitor import browser_states, known, where

PICTURE = 1080
"""Pixels of a poster's longer side: what a phone or a laptop shows."""
MOST_TEXTS = 6
PARTS = (
    *(f"poster-{n}" for n in range(1, MAX_IMAGES + 1)),
    *(f"text-{n}" for n in range(1, MOST_TEXTS + 1)),
    "whole",
)


class SharedPage:
    """One page's components and events; holds nothing of a visitor."""

    def __init__(self, house: House) -> None:
        self.house = house

    def build(self, demo: gr.Blocks, first: Language = "es") -> None:
        """Adds the page to a Blocks."""
        with demo.route("Shared", f"/{SHARED}", show_in_navbar=False):
            self.visitor, self.screen = browser_states()
            self.signed = gr.BrowserState("", storage_key=f"{STORAGE_KEY}-name", secret=STORAGE_SECRET)
            self.token = gr.State("")
            self.head, self.language = top(first, self._head(first))
            self.intro = gr.HTML(ghosts_html(3), apply_default_css=False, elem_id="ps-intro")
            self.name = gr.Textbox(
                label=t(first, "vote_who"), placeholder=t(first, "vote_who_hint"), max_length=votes.NAME,
                visible=HIDDEN, elem_id="ps-name",
            )  # fmt: skip
            self.shown: list[Any] = []
            self.forms: list[Any] = []
            with gr.Row(elem_id="ps-shared"):
                with gr.Column(min_width=300, elem_classes="ps-shared-posters"):
                    self._parts([part for part in PARTS if part.startswith("poster")])
                with gr.Column(min_width=300, elem_classes="ps-shared-texts"):
                    self._parts([part for part in PARTS if not part.startswith("poster")])
            self.foot = gr.HTML(foot_html(first), apply_default_css=False)
            self._events(demo)

    def _parts(self, names: list[str]) -> None:
        for name in names:
            self.shown.append(gr.HTML("", apply_default_css=False, visible=HIDDEN))
            self.forms.append(
                gr.HTML("", js_on_load=votes.SCRIPT, apply_default_css=False, visible=HIDDEN, elem_id=f"ps-vote-{name}")
            )

    def _events(self, demo: gr.Blocks) -> None:
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        page = [self.head, self.foot, self.intro, self.name, *self.shown, *self.forms]
        demo.load(
            self._open,
            [self.visitor, self.screen, self.signed],
            [self.visitor, self.token, self.language, *page],
            **quiet,
        )
        self.language.input(
            self._choose, [self.language, self.token, self.visitor, self.name], [self.screen, *page], **quiet
        )
        self.language.change(None, self.language, None, js=LANGUAGE_SCRIPT, queue=False, api_visibility="private")
        for part, form in zip(PARTS, self.forms, strict=True):
            form.submit(
                self._voting(part), [self.token, self.visitor, self.name, self.language], [form, self.signed], **quiet
            )

    def _head(self, language: Language) -> str:
        return head_html(language, SHARED, (), t(language, "shared_title"))

    def _open(self, visitor: Any, chosen: Any, signed: Any, request: gr.Request) -> list[Any]:
        language, key = screen(chosen, request), known(visitor)
        token = request.query_params.get("t") or request.query_params.get("share") or ""
        name = votes.tidy(request.username or signed)
        return [key, token, language, *self._page(token, key, name, language, where(request))]

    def _choose(self, language: Language, token: str, visitor: str, name: str, request: gr.Request) -> list[Any]:
        return [language, *self._page(token, known(visitor), name, language, where(request))]

    def _page(self, token: str, visitor: str, name: str, language: Language, origin: str) -> list[Any]:
        """Head, foot, introduction, name, parts and forms in a language."""
        frame = [self._head(language) + self.house.store_notice(language), foot_html(language)]
        label = gr.Textbox(value=name, label=t(language, "vote_who"), placeholder=t(language, "vote_who_hint"))
        hidden = [gr.HTML("", visible=HIDDEN)] * (2 * len(PARTS))
        try:
            self.house.limits.take("requests", f"link {visitor}", origin)
            promotion = read_promotion(self.house.shares.opened(token))
        except Reached as reached:
            return [*frame, closed_html(language, reached.words(language)), label, *hidden]
        except (ShareError, RecordError):
            return [*frame, closed_html(language), label, *hidden]
        parts = pictures(promotion, language) | texts(promotion, language)
        given = votes.tally(self.house, promotion.id)
        shown = [gr.HTML(parts.get(part, ""), visible=seen(part in parts)) for part in PARTS]
        forms = [
            gr.HTML(
                votes.votes_html(given, part, visitor, language) if part in parts else "", visible=seen(part in parts)
            )
            for part in PARTS
        ]
        label = gr.Textbox(
            value=name, label=t(language, "vote_who"), placeholder=t(language, "vote_who_hint"), visible=True
        )
        return [*frame, intro_html(promotion, language), label, *shown, *forms]

    def _voting(self, part: str) -> Any:
        def vote(
            token: str, visitor: str, name: str, language: Language, event: gr.EventData, request: gr.Request
        ) -> list[Any]:
            key, signed = known(visitor), votes.tidy(request.username or name)
            try:
                self.house.limits.take("requests", key, where(request))
                promotion = self.house.shares.opened(token).name
            except Reached as reached:
                gr.Warning(reached.words(language))
                return [gr.skip(), gr.skip()]
            except ShareError:
                gr.Warning(t(language, "shared_closed"))
                return [gr.skip(), gr.skip()]
            if not signed:
                gr.Warning(t(language, "vote_name"))
                return [gr.skip(), gr.skip()]
            try:
                kept = votes.keep(self.house.cases, promotion, part, key, signed, event._data or {})
            except ValueError:
                gr.Warning(t(language, "vote_empty"))
                return [gr.skip(), gr.skip()]
            except CaseError as error:
                gr.Warning(explain(error, language))
                return [gr.skip(), gr.skip()]
            given = votes.tally(self.house, promotion)
            told = t(language, "vote_thanks" if kept else "vote_withdrawn")
            return [votes.votes_html(given, part, key, language, told=told, turn=secrets.randbits(32)), signed]

        return vote


def closed_html(language: Language, why: str = "") -> str:
    """The one page of every link that opens nothing."""
    return (
        f'<section class="ps-closed"><h2>{t(language, "shared_closed")}</h2>'
        f'<p>{safe(why) or t(language, "shared_closed_why")}</p><a href="./">{t(language, "shared_home")}</a></section>'
    )


def intro_html(promotion: Promotion, language: Language) -> str:
    """What is promoted, in one line."""
    brief = promotion.brief
    facts = [str(brief.size or ""), brief.price.display(language) if brief.price else ""]
    facts.append(brief.offer.display(language) if brief.offer else "")
    return (
        f'<section class="ps-intro"><h2>{safe(brief.product)}</h2><p class="ps-facts-of">'
        f"{safe(' · '.join(filter(None, facts)))}</p><p>{t(language, 'shared_read')}</p></section>"
    )


def pictures(promotion: Promotion, language: Language) -> dict[str, str]:
    """The posters by part, as pictures inside the page; one that cannot be read is left out."""
    found = {}
    for number, poster in enumerate(promotion.posters[:MAX_IMAGES], 1):
        try:
            content = small(promotion.folder / poster.file, PICTURE, 88)
        except (OSError, ValueError):
            continue
        name = t(language, "poster", number=number)
        data = base64.b64encode(content).decode()
        found[f"poster-{number}"] = (
            f'<figure class="ps-sheet"><img alt="{name}: {safe(promotion.brief.product)}" src="data:image/webp;base64,{data}">'
            f"<figcaption>{name}</figcaption></figure>"
        )
    return found


def texts(promotion: Promotion, language: Language) -> dict[str, str]:
    """The texts by part, and the whole."""
    found = {}
    if promotion.brief.promotion != "image":
        for number, promo in enumerate(promotion.promos[:MOST_TEXTS], 1):
            found[f"text-{number}"] = (
                f'<div class="ps-promo"><h3>{t(language, "vote_text", number=number)}</h3>'
                f'<p class="ps-promo-text">{safe(promo.text)}</p></div>'
            )
    found["whole"] = f'<h3 class="ps-whole">{t(language, "vote_whole")}</h3>'
    return found
