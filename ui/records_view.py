"""The page of one's own promotions: a gallery with filters; one of them opened to read, make again, vary, compose anew,
download and share.

Only what `pipelines.shares` notes as the visitor's is ever listed or opened; an id in an event is checked each time.
"""

import secrets
from collections.abc import Iterator
from typing import Any

import gradio as gr

from pipelines.gallery import Entry, search
from pipelines.promotion import Promotion
from pipelines.shares import ShareError
from slots.brief import Brief
from slots.cells import edit_slot
from slots.schema import LANGUAGES, Language
from slots.state import State
from ui import results
from ui.card import safe
from ui.choices import HIDDEN
from ui.frame import LANGUAGE_SCRIPT, RECORDS, foot_html, ghosts_html, head_html, screen, top
from ui.house import House, progress
from ui.layout import Layout, poster_gallery, seen
from ui.limits import Reached
from ui.look import SCRIPT as LOOK_SCRIPT
from ui.look import look_html
from ui.problems import explain
from ui.records_html import FILTER_SCRIPT, GRID_SCRIPT, facts_html, filters_html, grid_html, mode_html, unread_html
from ui.session import NEW_SEEDS, Job, Session, Settings
from ui.sharing import SCRIPT as SHARING_SCRIPT
from ui.sharing import act, panel, sharing_html
from ui.texts import t
from ui.visitor import browser_states, known, where

PAGE = 24
"""Promotions shown before one asks for more."""
FILTERS = ("words", "product", "store", "environment", "since", "until")
NO_OFFER = {"none", "ninguna", "ninguno", "sin oferta", "no", "no offer", "nada"}


class RecordsPage(Layout):
    """One page's components and events; holds nothing of a visitor."""

    def __init__(self, house: House) -> None:
        super().__init__(house.studio, house.catalog, house.line)
        self.house = house

    def add(self, demo: gr.Blocks, first: Language = "es") -> None:
        """Adds the page to a Blocks."""
        with demo.route("Records", f"/{RECORDS}", show_in_navbar=False):
            self.visitor, self.screen = browser_states()
            self.filter = gr.State({})
            self.promotion = gr.State(None)
            self.job = gr.State(None)
            self.head, self.language = top(first, self._head(first))
            self.mode = gr.HTML(mode_html(False), apply_default_css=False)
            with gr.Column(elem_id="ps-records"):
                self.filters = gr.HTML("", js_on_load=FILTER_SCRIPT, apply_default_css=False)
                self.grid = gr.HTML(ghosts_html(), js_on_load=GRID_SCRIPT, apply_default_css=False)
            with gr.Column(elem_id="ps-work", elem_classes="ps-one"):
                self._detail(first)
            self.foot = gr.HTML(foot_html(first), apply_default_css=False)
            self._join(demo)

    def _detail(self, first: Language) -> None:
        self.back = gr.Button(t(first, "records_back"), size="sm", elem_id="ps-back")
        self.facts = gr.HTML("", apply_default_css=False)
        self.progress = gr.HTML("", apply_default_css=False, elem_id="ps-progress")
        self.stop = gr.Button(t(first, "stop"), variant="stop", visible=HIDDEN, elem_id="ps-stop")
        with gr.Row(elem_id="ps-results"):
            with gr.Column(min_width=300):
                self.look = gr.HTML("", js_on_load=LOOK_SCRIPT, apply_default_css=False, elem_id="ps-look")
                self.gallery = poster_gallery()
                self.marks = gr.HTML("", apply_default_css=False)
                with gr.Row(elem_id="ps-downloads"):
                    self.png = gr.DownloadButton("PNG", visible=HIDDEN, elem_id="ps-png")
                    self.pdf = gr.DownloadButton("PDF", visible=HIDDEN, elem_id="ps-pdf")
                    self.zip = gr.DownloadButton(
                        t(first, "download_zip"), visible=HIDDEN, elem_id="ps-zip", variant="primary"
                    )
            with gr.Column(min_width=300):
                self.texts = gr.HTML("", js_on_load=results.COPY_SCRIPT, apply_default_css=False)
                self.sharing = gr.HTML("", js_on_load=SHARING_SCRIPT, apply_default_css=False)
                with gr.Column(elem_id="ps-again-panel"):
                    self.rerun_head = gr.HTML(self._panel("records_rerun", first), apply_default_css=False)
                    self.rerun = gr.Button(t(first, "records_rerun_go"), elem_id="ps-rerun")
                    self.vary_head = gr.HTML(self._panel("records_vary", first), apply_default_css=False)
                    self.new_seed = gr.Checkbox(
                        True, label=t(first, "records_vary_seed"), container=False, elem_id="ps-new-seed"
                    )
                    self.offer = gr.Textbox(
                        label=t(first, "records_vary_offer"),
                        placeholder=t(first, "records_vary_offer_hint"),
                        max_length=120,
                        elem_id="ps-offer",
                    )
                    self.spoken = gr.Radio(
                        self._languages(first),
                        value=first,
                        label=t(first, "records_vary_language"),
                        elem_id="ps-spoken",
                    )
                    self.vary = gr.Button(t(first, "records_vary_go"), variant="primary", elem_id="ps-vary")

    # what is shown

    def _head(self, language: Language) -> str:
        head = head_html(language, RECORDS, self.house.pages, t(language, "records_only"))
        return head + self.house.shares_notice(language)

    def _panel(self, key: str, language: Language) -> str:
        return f'<div class="ps-panel-head"><h2>{t(language, key)}</h2><p>{t(language, f"{key}_why")}</p></div>'

    def _languages(self, language: Language) -> list[tuple[str, str]]:
        return [(t(language, f"language_{code}"), code) for code in LANGUAGES]

    def _entries(self, visitor: object) -> list[Entry]:
        return self.house.gallery.entries(self.house.shares.owned(visitor))

    def _grid(
        self, visitor: object, chosen: dict[str, Any], language: Language, entries: list[Entry] | None = None
    ) -> str:
        entries = self._entries(visitor) if entries is None else entries
        found = search(entries, **{name: str(chosen.get(name) or "") for name in FILTERS})
        most = max(PAGE, min(int(chosen.get("most") or PAGE), len(found)))
        links = self.house.shares.shared([entry.id for entry in found[:most]])
        return grid_html(self.house, found, len(entries), most, links, language)

    def _words(self) -> list[Any]:
        """What only the language changes, in the order of `_worded`."""
        return [
            self.head, self.foot, self.back, self.stop, self.zip, self.rerun_head, self.rerun, self.vary_head,
            self.new_seed, self.offer, self.spoken, self.vary,
        ]  # fmt: skip

    def _worded(self, language: Language) -> list[Any]:
        return [
            self._head(language),
            foot_html(language),
            gr.Button(t(language, "records_back")),
            gr.Button(t(language, "stop")),
            gr.DownloadButton(t(language, "download_zip")),
            self._panel("records_rerun", language),
            gr.Button(t(language, "records_rerun_go")),
            self._panel("records_vary", language),
            gr.Checkbox(label=t(language, "records_vary_seed")),
            gr.Textbox(label=t(language, "records_vary_offer"), placeholder=t(language, "records_vary_offer_hint")),
            gr.Radio(self._languages(language), label=t(language, "records_vary_language")),
            gr.Button(t(language, "records_vary_go")),
        ]

    def _opened(self) -> list[Any]:
        """What an opened promotion fills, in the order of `_shown_promotion`."""
        return [self.promotion, self.facts, self.texts, *self._pictures(), self.sharing]

    def _shown_promotion(self, promotion: Promotion, language: Language) -> list[Any]:
        return [
            promotion,
            facts_html(promotion, self.catalog, language),
            results.texts_html(promotion, language),
            *self._posters(promotion, language),
            panel(self.house.shares, promotion.id, language),
        ]

    # events

    def _join(self, demo: gr.Blocks) -> None:
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        making: dict[str, Any] = {
            "concurrency_id": "making",
            "concurrency_limit": self.line.places + self.line.most + 1,
            "trigger_mode": "once",
        }
        composing: dict[str, Any] = {"concurrency_id": "composing", "concurrency_limit": 2}
        who = [self.visitor, self.language]
        demo.load(
            self._open,
            [self.visitor, self.screen],
            [self.visitor, self.language, self.filters, self.grid, *self._words()],
            **quiet,
        )
        self.language.input(
            self._choose,
            [*who, self.filter, self.promotion],
            [self.screen, self.filters, self.grid, *self._words(), *self._opened()[1:]],
            **quiet,
        )
        self.language.change(None, self.language, None, js=LANGUAGE_SCRIPT, queue=False, api_visibility="private")
        self.filters.submit(self._search, who, [self.filter, self.grid], trigger_mode="always_last", **quiet)
        self.grid.apply(self._more, [*who, self.filter], [self.filter, self.grid], **quiet)
        self.grid.submit(self._show, who, [self.mode, self.progress, self.spoken, *self._opened()], **quiet)
        self.back.click(self._close, [*who, self.filter], [self.mode, self.filters, self.grid, self.promotion], **quiet)
        self.look.submit(
            self._compose, [*who, self.promotion], [self.promotion, *self._pictures()], trigger_mode="multiple",
            **composing, **quiet,
        )  # fmt: skip
        self.gallery.select(self._select, [*who, self.promotion], [self.png, self.pdf], queue=False, **quiet)
        self.sharing.submit(self._share, [*who, self.promotion], self.sharing, **quiet)
        made = [self.job, self.progress, self.stop, *self._opened()]
        self.rerun.click(self._rerun, [*who, self.promotion], made, **making, **quiet)
        self.vary.click(
            self._vary, [*who, self.promotion, self.new_seed, self.offer, self.spoken], made, **making, **quiet
        )
        self.stop.click(lambda job: job and job.stop(), self.job, None, queue=False, **quiet)
        self.progress.change(None, None, None, js=results.SCROLL_SCRIPT, queue=False, api_visibility="private")

    def _open(self, visitor: Any, chosen: Any, request: gr.Request) -> list[Any]:
        language, key = screen(chosen, request), known(visitor)
        return [key, language, *self._listed(key, {}, language), *self._worded(language)]

    def _listed(self, visitor: object, chosen: dict[str, Any], language: Language) -> list[Any]:
        """Filters and cards; where it cannot be read whose promotions are whose, that instead of the cards."""
        try:
            entries = self._entries(visitor)
            filters = filters_html(entries, chosen, self.catalog, language)
            return [filters, self._grid(visitor, chosen, language, entries)]
        except ShareError as error:
            return ["", unread_html(explain(error, language))]

    def _choose(
        self, visitor: Any, language: Language, chosen: dict[str, Any], promotion: Promotion | None
    ) -> list[Any]:
        opened = [gr.skip()] * (len(self._opened()) - 1)
        if promotion is not None:
            opened = self._shown_promotion(promotion, language)[1:]
        return [language, *self._listed(visitor, chosen, language), *self._worded(language), *opened]

    def _search(self, visitor: Any, language: Language, event: gr.EventData, request: gr.Request) -> list[Any]:
        data = event._data or {}
        chosen = {name: data[name][:200] for name in FILTERS if isinstance(data.get(name), str)}
        try:
            self.house.limits.take("requests", str(visitor), where(request))
        except Reached as reached:
            gr.Warning(reached.words(language))
            return [gr.skip(), gr.skip()]
        return [chosen, self._listed(visitor, chosen, language)[1]]

    def _more(self, visitor: Any, language: Language, chosen: dict[str, Any]) -> list[Any]:
        more = {**chosen, "most": int(chosen.get("most") or PAGE) + PAGE}
        return [more, self._listed(visitor, more, language)[1]]

    def _show(self, visitor: Any, language: Language, event: gr.EventData) -> list[Any]:
        promotion = self._mine(visitor, (event._data or {}).get("open"), language)
        if promotion is None:
            return [gr.skip()] * (len(self._opened()) + 3)
        spoken = gr.Radio(value=promotion.brief.language)
        return [
            mode_html(True), "", spoken, *self._shown_promotion(promotion, language)
        ]  # fmt: skip

    def _close(self, visitor: Any, language: Language, chosen: dict[str, Any]) -> list[Any]:
        shown_again = self._listed(visitor, chosen, language)
        return [mode_html(False), *shown_again, None]

    def _mine(self, visitor: Any, asked: Promotion | object, language: Language) -> Promotion | None:
        """A promotion (the opened one, or by its id) as it is on disk now, checked to be the visitor's. None is told."""
        try:
            mine = self.house.own(visitor, asked.id if isinstance(asked, Promotion) else asked)
        except ShareError as error:
            gr.Warning(explain(error, language))
            return None
        if mine is None:
            gr.Warning(t(language, "records_gone"))
        return mine

    def _compose(self, visitor: Any, language: Language, promotion: Promotion | None, event: gr.EventData) -> list[Any]:
        data, mine = event._data or {}, self._mine(visitor, promotion, language)
        layout, format = data.get("layout"), data.get("format")
        nothing = [gr.skip()] * (len(self._pictures()) - 1)
        if mine is None or not (isinstance(layout, str) and isinstance(format, str)):
            return [gr.skip(), look_html(promotion, language, secrets.randbits(32)), *nothing]
        try:
            changed = self.studio.recompose(mine, layout=layout, format=format)
        except Exception as error:
            gr.Warning(t(language, "error_look", error=safe(explain(error, language))))
            return [gr.skip(), look_html(mine, language, secrets.randbits(32)), *nothing]
        return [changed, *self._posters(changed, language)]

    def _select(self, visitor: Any, language: Language, promotion: Promotion | None, event: gr.SelectData) -> list[Any]:
        mine = self._mine(visitor, promotion, language) if promotion is not None else None
        index = event.index if isinstance(event.index, int) else 0
        if mine is None or not 0 <= index < len(mine.posters):
            return [gr.skip()] * 2
        return self._downloads(mine, language, index)

    def _share(self, visitor: Any, language: Language, promotion: Promotion | None, event: gr.EventData) -> str:
        mine = self._mine(visitor, promotion, language)
        if mine is None:
            return sharing_html(language, links=None)
        return act(self.house.shares, mine.id, (event._data or {}).get("do"), language)

    def _rerun(
        self, visitor: Any, language: Language, promotion: Promotion | None, request: gr.Request
    ) -> Iterator[Any]:
        mine = self._mine(visitor, promotion, language)
        if mine is None:
            yield [gr.skip()] * (len(self._opened()) + 3)
            return
        yield from self._make(job_of(mine, language), visitor, where(request))

    def _vary(
        self,
        visitor: Any,
        language: Language,
        promotion: Promotion | None,
        new_seed: bool,
        offer: str,
        spoken: Language,
        request: gr.Request,
    ) -> Iterator[Any]:
        mine, skip = self._mine(visitor, promotion, language), [gr.skip()] * (len(self._opened()) + 3)
        if mine is None:
            yield skip
            return
        try:
            brief = varied(mine.brief, offer or "", spoken, self.studio.extract, self.catalog)
        except ValueError:
            gr.Warning(t(language, "records_offer_refused", typed=safe((offer or "")[:60])))
            yield skip
            return
        if brief == mine.brief and not new_seed:
            gr.Warning(t(language, "records_vary_nothing"))
            yield skip
            return
        seed = secrets.randbelow(NEW_SEEDS) if new_seed else mine.settings.seed
        # with the same seed only what the change touches is made again
        yield from self._make(job_of(mine, language, brief, seed), visitor, where(request), None if new_seed else mine)

    def _make(self, job: Job, visitor: Any, origin: str, previous: Promotion | None = None) -> Iterator[Any]:
        skip, opened = gr.skip(), [gr.skip()] * len(self._opened())
        first = True
        for view in self.house.make(job, previous, known(visitor), origin):
            ended = view.phase in ("done", "stopped", "failed")
            stop = gr.Button(visible=seen(not ended)) if first or ended else skip
            if ended and view.promotion is not None:
                opened = self._shown_promotion(self.house.current(visitor, view.promotion), job.screen)
            yield [job if first else skip, progress(self.house, view, job.screen), stop, *opened]
            first = False


def job_of(promotion: Promotion, language: Language, brief: Brief | None = None, seed: int | None = None) -> Job:
    """The making that would repeat a promotion; with another brief or seed, a variant of it."""
    log = tuple((str(e.get("role")), str(e.get("text"))) for e in promotion.record.get("conversation") or ())
    session = Session.new(language).with_(brief=brief or promotion.brief, confirmed=1, log=log)
    old = promotion.settings
    settings = Settings(
        images=old.images,
        seed=old.seed if seed is None else seed,
        strength=old.strength,
        own_photo=promotion.folder if promotion.record.get("photo") else None,
        layout=old.layout,
        format=old.format,
        scene=old.scene,
        style=old.style,
    )
    return Job(session, settings, again=True)


def varied(brief: Brief, offer: str, spoken: str, extract: Any, catalog: Any) -> Brief:
    """A brief with another offer (empty: the same, "none": none) and language. Raises ValueError for what is no offer."""
    changed = brief.with_(language="en" if spoken == "en" else "es") if spoken in LANGUAGES else brief
    typed = offer.strip()
    if not typed:
        return changed
    if typed.casefold() in NO_OFFER:
        return changed.with_(offer=None)
    state = State(slots={"product": brief.product, "promotion": brief.promotion}, language=changed.language)
    found = edit_slot(state, "offer", typed, extract, catalog).state.offer
    if found is None:
        raise ValueError(f"not an offer: {typed!r}")
    return changed.with_(offer=found)
