"""The studio's page: joins the parts of `ui.layout` by their events. `build_app` puts all pages together.

Talking and making are two events. The chat function answers at once; a confirmed brief becomes a Job, whose change
starts the making in its own line, with its own stop button. Everything of a visitor lives in `gr.State`.
"""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.offers import OffersError, parse_cost
from pipelines.promotion import Promotion
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import Language
from slots.state import State
from slots.state import brief as brief_of
from ui import results
from ui.api import brief_field, endpoints
from ui.card import ROWS, card_html, safe
from ui.chat import escaped, message
from ui.cutout import ACCEPT_SCRIPT, cutout_html
from ui.frame import LAB, LANGUAGE_SCRIPT, RECORDS, STUDIO, browser_language, foot_html, head_html, screen
from ui.host import device
from ui.house import House, progress
from ui.lab import build_lab
from ui.layout import HIDDEN, MAX_POSTERS, STRENGTHS, TALKERS, Layout, seen
from ui.limits import Limits, Reached
from ui.look import look_html
from ui.making import View
from ui.margin import margin_html
from ui.recall import restored, stored
from ui.records_view import RecordsPage
from ui.session import MAX_SEED, Desk, Job, Line, Session, Settings
from ui.shared import SharedPage
from ui.sharing import SCRIPT as SHARING_SCRIPT
from ui.sharing import act, sharing_html
from ui.talk import Said, edit, explain, say
from ui.texts import t
from ui.visitor import browser_states, known, session_of, where

if TYPE_CHECKING:
    from pipelines.studio import Studio


PHOTO = 3
"""Where the photo stands among the visitor's choices."""
COMPOSERS = 2
"""Posters that are composed again, and photos that are cut out, at the same time."""


TICK = 5.0
"""Seconds after which the waiting time beside the yes is told anew."""


def build_app(
    studio: "Studio",
    catalog: Catalog,
    line: Line | None = None,
    *,
    limits: Limits | None = None,
    mirror: Any = None,
) -> gr.Blocks:
    """All pages. `line` limits how many promotions are made at the same time, `limits` what a visitor may ask for;
    `mirror`: what copies votes to the Hub, where something does (`pipelines.mirror`).
    """
    pages = (STUDIO, RECORDS, LAB)
    house = House(studio, catalog, line or Line(), limits or Limits(), pages=pages, mirror=mirror)
    demo = Page(studio, catalog, house.line, house).build()
    RecordsPage(house).add(demo)
    SharedPage(house).build(demo)
    build_lab(
        demo, studio, lambda: house.cases, own=house.own, mine=house.shares.owned, pages=pages, limits=house.limits
    )
    return demo


class Page(Layout):
    """One page's events; holds components, no visitor's data."""

    def __init__(self, studio: "Studio", catalog: Catalog, line: Line, house: House | None = None) -> None:
        super().__init__(studio, catalog, line)
        self.house = house or House(studio, catalog, line)

    def build(self) -> gr.Blocks:
        first: Language = "es"
        with gr.Blocks(
            title="Promo Studio", analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400)
        ) as demo:
            self._lay_out(first)
            self._endpoints()
            self._events(demo)
        demo.queue(max_size=self.line.most + 64, default_concurrency_limit=TALKERS)
        return demo

    def _lay_out(self, first: Language) -> None:
        self.visitor, self.screen = browser_states()
        self.tick = gr.Timer(TICK, active=False)
        super()._lay_out(first)

    def _work(self, language: Language) -> None:
        super()._work(language)
        row: Any = self.zip.parent
        with row.parent:  # under the downloads
            self.sharing = gr.HTML("", js_on_load=SHARING_SCRIPT, apply_default_css=False, elem_id="ps-sharing")

    def _head(self, language: Language) -> str:
        return head_html(language, STUDIO, self.house.pages) + self.house.notice(language)

    def _foot(self, language: Language) -> str:
        return foot_html(language)

    def _labels(self) -> list[Any]:
        return [*super()._labels(), self.sharing]

    def _relabelled(
        self, language: Language, promotion: Promotion | None, running: bool, photo: str | None
    ) -> list[Any]:
        return [*super()._relabelled(language, promotion, running, photo), self._sharing(promotion, language)]

    def _sharing(self, promotion: Promotion | None, language: Language) -> str:
        """The panel that shares what was made; nothing before."""
        if promotion is None or promotion.record.get("status", "done") not in ("done", "stopped"):
            return ""
        return sharing_html(language, links=self.house.shares.links(promotion.id), turn=secrets.randbits(32))

    def _endpoints(self) -> None:
        """What programs may call: see `ui.api`."""
        extract, promote, check = endpoints(self.studio, self.line, self.house.limits, self.house.pace)
        with gr.Group(visible=False):
            text, asking, found = gr.Textbox(label="message"), gr.Textbox(None, label="asking"), gr.JSON(label="found")
            brief, images, seed = brief_field(), gr.Number(2, label="images"), gr.Number(0, label="seed")
            record, archive = gr.JSON(label="record"), gr.File(label="zip")
            written, facts, checked = gr.Textbox(label="text"), brief_field(), gr.JSON(label="checked")
            gr.Button().click(extract, [text, asking], found, api_name="extract", concurrency_limit=TALKERS)
            gr.Button().click(
                promote,
                [brief, images, seed],
                [record, archive],
                api_name="promote",
                concurrency_id="making",
                concurrency_limit=self.line.places + self.line.most + 1,
            )
            gr.Button().click(check, [written, facts], checked, api_name="check", concurrency_limit=TALKERS)

    def _events(self, demo: gr.Blocks) -> None:
        # Gradio tells the page of a changed State only in answers that came through the queue: whatever sets one is queued
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        talk_state = [self.session, self.chat.chatbot_value]
        choices = self._choices()
        composing: dict[str, Any] = {"concurrency_id": "composing", "concurrency_limit": COMPOSERS}
        labels = self._labels()
        demo.load(
            self._open,
            [self.saved, self.last, self.visitor, self.screen],
            [
                *talk_state,
                self.language,
                *self._made(),
                self.promotion,
                self.layout,
                self.format,
                self.visitor,
                self.sharing,
            ],
            concurrency_limit=TALKERS,
            **quiet,
        )
        demo.load(self._full_size, None, [self.scene, self.style], **quiet)
        self.session.change(
            self._show,
            [self.session, self.job, self.promotion, self.drawn, *choices],
            [*self._shown(), self.job, self.saved, self.drawn, *labels, self.tick],
            concurrency_limit=TALKERS,
            trigger_mode="always_last",
            **quiet,
        )
        self.language.input(
            self._choose_language, [self.session, self.job, self.language], [self.session, self.screen], **quiet
        )
        self.tick.tick(self._hint, self.session, self.hint, queue=False, **quiet)
        self.sharing.submit(self._share, [self.session, self.visitor, self.promotion], self.sharing, **quiet)
        self.language.change(None, self.language, None, js=LANGUAGE_SCRIPT, queue=False, api_visibility="private")
        self.card.submit(self._edit, talk_state, talk_state, **quiet)
        self.margin.submit(self._edit, talk_state, talk_state, **quiet)
        self.margin.apply(self._cost, self.session, [self.session, self.margin], **quiet)
        self.confirm.click(self._confirm, talk_state, talk_state, trigger_mode="once", **quiet)
        self.restart.click(self._restart, talk_state, [*talk_state, self.last], **quiet)
        self.again.click(
            self._again, [self.session, self.job, *choices], [self.job, self.again], trigger_mode="once", **quiet
        )
        self.job.change(
            self._make,
            [self.job, self.promotion, self.desk, self.visitor],
            [*self._made(), self.promotion, self.last, self.visitor, self.sharing],
            concurrency_id="making",
            concurrency_limit=self.line.places + self.line.most + 1,
            trigger_mode="multiple",
            **quiet,
        )
        self.stop.click(lambda job: job and job.stop(), self.job, None, queue=False, **quiet)
        self.gallery.select(
            self._select,
            [self.session, self.promotion, self.desk, self.visitor],
            [self.png, self.pdf],
            queue=False,
            **quiet,
        )
        self.look.submit(
            self._recompose,
            [self.session, self.job, self.promotion, self.desk],
            [*self._pictures(), self.promotion, self.layout, self.format],
            trigger_mode="multiple",
            **composing,
            **quiet,
        )
        self.progress.change(None, None, None, js=results.SCROLL_SCRIPT, queue=False, api_visibility="private")
        self.photo.upload(
            self._check_photo, [self.session, self.photo], [self.photo, self.cutout], **composing, **quiet
        )
        for gone in (self.photo.clear, self.photo.delete, self.cutout.submit):
            gone(self._no_photo, self.session, [self.photo, self.cutout], trigger_mode="once", **quiet)
        self.settings.expand(self._full_size, None, [self.scene, self.style], **quiet)
        self.settings.expand(None, None, None, js=ACCEPT_SCRIPT, queue=False, api_visibility="private")
        self.models.expand(self._models, self.session, self.models_text, concurrency_limit=4, **quiet)

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

    def _open(self, saved: Any, last: Any, visitor: Any, chosen: Any, request: gr.Request) -> list[Any]:
        """A page is opened: the conversation and the promotion that this browser kept, or a new page in its language."""
        session, history = restored(saved) or (Session.new(browser_language(request)), [])
        if chosen is not None:
            session = session.with_(screen=screen(chosen, request), screen_fixed=True)
        key = known(visitor)
        promotion = self.house.own(key, last)  # an id is not enough
        opened = [session, history, session.screen]
        skip = gr.skip()
        if promotion is None:
            return [*opened, *[skip] * (len(self._made()) + 3), key, ""]
        return [
            *opened,
            "",
            *self._results(promotion, session.screen),
            self._notes(session.notes, promotion.brief, promotion, session.screen),
            skip,
            skip,
            promotion,
            promotion.settings.layout,
            promotion.settings.format,
            key,
            self._sharing(promotion, session.screen),
        ]

    def _hint(self, session: Session) -> str:
        """What stands beside the yes: that nothing happens without it, and how long it would take now."""
        if session.dialogue.phase != "confirming":
            return ""
        language = session.screen
        return f"<p>{t(language, 'confirm_hint')} {self.house.line_words(language)}</p>"

    def _share(
        self, session: Session, visitor: Any, promotion: Promotion | None, event: gr.EventData, request: gr.Request
    ) -> str:
        """Makes a link to the promotion that is shown, or closes its links."""
        language = session.screen
        if promotion is None or not self.house.shares.owns(visitor, promotion.id):
            return sharing_html(language, told=t(language, "share_none"))
        try:
            self.house.limits.take("requests", str(visitor), where(request))
        except Reached as reached:
            return sharing_html(language, told=reached.words(language))
        return act(self.house.shares, promotion.id, (event._data or {}).get("do"), language)

    def _show(
        self,
        session: Session,
        job: Job | None,
        promotion: Promotion | None,
        drawn: Language,
        *choices: Any,
    ) -> list[Any]:
        """The page after any change of the session; starts a job when a brief was just confirmed."""
        language, photo = session.screen, choices[PHOTO]
        if session.brief is not None and session.confirmed > (job.number if job else 0):
            job = self._start(session, job, promotion, self._settings(language, *choices))
        running = job is not None and not job.finished
        confirming = session.dialogue.phase == "confirming"
        shown = [
            card_html(session.dialogue, self.catalog, language),
            gr.Button(t(language, "confirm"), visible=seen(confirming)),
            gr.Button(t(language, "stop"), visible=seen(running)),
            gr.Button(t(language, "again"), visible=seen(not running and not confirming and session.brief is not None)),
            self._hint(session),
            self._notes(session.notes, self._settled(session), promotion, language),
            gr.Textbox(label=t(language, "message"), placeholder=t(language, "message")),
            self._margin(session),
        ]
        labels = self._labels()
        if drawn == language:
            relabelled = [gr.skip()] * len(labels)
        else:
            relabelled = self._relabelled(language, promotion, running, photo)
        timer = gr.Timer(active=confirming)
        return [*shown, job if job is not None else gr.skip(), stored(session), language, *relabelled, timer]

    def _settled(self, session: Session) -> Brief | None:
        """The brief once there is one to judge."""
        settled = session.dialogue.phase in ("confirming", "changing", "confirmed")
        return brief_of(session.dialogue) if settled else None

    def _settings(
        self,
        language: Language,
        images: float,
        seed: str,
        strength: str,
        photo: str | None,
        layout: str,
        format: str,
        scene: str,
        style: str,
    ) -> Settings:
        digits = (seed or "").strip()
        if digits and not (digits.isascii() and digits.isdigit() and int(digits) <= MAX_SEED):
            gr.Warning(t(language, "error_seed", most=MAX_SEED))
            digits = ""
        able = self.studio.able
        full_size = able is not None and able.whole
        return Settings(
            images=max(1, min(MAX_POSTERS, int(images))),
            seed=int(digits) if digits else None,
            strength=STRENGTHS.get(strength),
            photo=photo,
            layout=layout or Settings.layout,
            format=format or Settings.format,
            scene=scene if full_size and scene else Settings.scene,
            style=style if full_size and style else Settings.style,
        )

    def _start(self, session: Session, job: Job | None, promotion: Promotion | None, settings: Settings) -> Job:
        """The job of a confirmed brief. What runs already for the same brief goes on; what runs for another one stops."""
        if job is not None and not job.finished and not job.stopped():
            if (job.brief, job.settings) == (session.brief, settings):
                job.number = session.confirmed
                return job
            job.stop()
        started = Job(session, settings)
        if settings.seed is None and promotion is not None:
            started.seed = promotion.settings.seed  # a changed price must not change the place in the picture
        return started

    def _again(self, session: Session, job: Job | None, *choices: Any) -> tuple[Any, Any]:
        if session.brief is None or (job is not None and not job.finished and not job.stopped()):
            return gr.skip(), gr.skip()
        return Job(session, self._settings(session.screen, *choices), again=True), gr.Button(visible=HIDDEN)

    def _make(
        self, job: Job | None, previous: Promotion | None, desk: Desk, visitor: Any, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Makes a job's promotion, step by step."""
        skip = gr.skip()
        if job is None or job.finished:
            yield [skip] * (len(self._made()) + 4)
            return
        key = known(visitor)
        desk.makings, desk.chosen = desk.makings + 1, 0
        nothing_yet = True
        for view in self.house.make(job, previous, key, where(request)):
            shown = self._view(view, job, nothing_yet)
            ended = view.phase in ("done", "stopped", "failed")
            sharing = self._sharing(view.promotion, job.screen) if ended else "" if nothing_yet else skip
            yield [*shown, key if key != visitor else skip, sharing]
            nothing_yet = nothing_yet and view.phase == "waiting"

    def _view(self, view: View, job: Job, first: bool) -> list[Any]:
        language, promotion, skip = job.screen, view.promotion, gr.skip()
        ended = view.phase in ("done", "stopped", "failed")
        bar = progress(self.house, view, language)
        buttons = [gr.Button(visible=seen(not ended)), gr.Button(visible=seen(ended))]
        if view.phase == "done":
            gr.Info(t(language, "toast_done"), duration=4, title="Promo Studio")
        if view.phase == "texts":
            wants = job.brief.promotion
            count = job.settings.images if wants != "text" else 0
            return [
                bar,
                results.texts_html(None, language, waiting=wants != "image"),
                results.posters_head_html(None, language, making=True, count=count),
                "",
                gr.Gallery([], visible=HIDDEN),
                "",
                *[gr.DownloadButton(visible=HIDDEN)] * 3,
                skip, *buttons, skip, skip,
            ]  # fmt: skip
        if promotion is None and ended and not first:
            empty = [results.texts_html(None, language), results.posters_head_html(None, language)]
            return [bar, *empty, *[skip] * (len(self._pictures()) + 1), *buttons, skip, skip]
        if promotion is None or not (view.fresh or ended):
            return [
                bar,
                *[skip] * (len(self._laid()) + 1),
                *(buttons if first or ended else [skip, skip]),
                skip,
                skip,
            ]
        return [
            bar,
            *self._results(promotion, language, making=not ended, count=view.event.posters if view.event else 0),
            self._notes(job.notes, job.brief, promotion, language),
            *buttons,
            promotion,
            promotion.id,
        ]

    def _select(
        self, session: Session, promotion: Promotion | None, desk: Desk, visitor: Any, event: gr.SelectData
    ) -> list[Any]:
        """The download buttons follow the poster that is looked at."""
        index = event.index if isinstance(event.index, int) else 0
        if promotion is None or not 0 <= index < len(promotion.posters):
            return [gr.skip()] * 2
        desk.chosen = index
        if not (promotion.folder / promotion.posters[index].file).is_file():
            # another window of the same visitor gave it another look
            promotion = self.house.own(visitor, promotion.id) or promotion
        return self._downloads(promotion, session.screen, index)

    def _recompose(
        self, session: Session, job: Job | None, promotion: Promotion | None, desk: Desk, event: gr.EventData
    ) -> list[Any]:
        """Another layout or format for the posters that are there, without making anything again."""
        data = event._data or {}
        layout, format = data.get("layout"), data.get("format")
        nothing = [gr.skip()] * (len(self._pictures()) + 2)
        making = job is not None and not job.finished
        if promotion is None or making or not (isinstance(layout, str) and isinstance(format, str)):
            return ["" if making else look_html(promotion, session.screen, secrets.randbits(32)), *nothing]
        makings = desk.makings
        try:
            changed = self.studio.recompose(promotion, layout=layout, format=format)
        except Exception as error:
            gr.Warning(t(session.screen, "error_look", error=safe(explain(error, session.screen))))
            return [look_html(promotion, session.screen, secrets.randbits(32)), *nothing]
        if desk.makings != makings:  # a new promotion is being made: this answer comes too late to be shown
            return [gr.skip(), *nothing]
        chosen = min(desk.chosen, len(changed.posters) - 1)
        return [*self._posters(changed, session.screen, chosen), changed, layout, format]

    def _check_photo(self, session: Session, path: str | None) -> list[Any]:
        """A photo is cut out and shown; one that cannot be used is refused at once, with the cure."""
        if path is None:
            return [gr.skip(), ""]
        from pipelines.packshot import PhotoError, load_photo

        try:
            return [gr.skip(), cutout_html(load_photo(path), session.screen)]
        except PhotoError as error:
            gr.Warning(t(session.screen, "error_photo", error=safe(error.words(session.screen))))
            return [None, ""]

    def _no_photo(self, session: Session) -> list[Any]:
        gr.Info(t(session.screen, "photo_gone"), duration=4)
        return [None, ""]

    def _models(self, session: Session) -> str:
        try:
            html = results.models_html(self.studio.info(), session.screen)
            where_on = " · ".join(filter(None, (self.house.host.hardware, device())))
            row = f"<dt>{t(session.screen, 'models_device')}</dt><dd>{safe(where_on)}</dd></dl>"
            return html.replace("</dl>", row, 1)
        except Exception as error:
            return results.models_html(None, session.screen, explain(error, session.screen))
