"""The studio's page: joins the parts of `ui.layout` by their events. `build_app` puts all pages together.

Talking (`ui.studio_talk`) and making (`ui.studio_making`) are two events. The chat function answers at once; a confirmed
brief becomes a Job, whose change starts the making in its own line, with its own stop button. Everything of a visitor lives
in `gr.State`.
"""

from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.promotion import Promotion
from slots.catalog import Catalog
from slots.schema import Language
from ui import results
from ui.api import brief_field, endpoints
from ui.card import card_html, safe
from ui.cutout import ACCEPT_SCRIPT
from ui.frame import LAB, LANGUAGE_SCRIPT, RECORDS, STUDIO, browser_language, foot_html, head_html, screen
from ui.host import device
from ui.house import House
from ui.lab import build_lab
from ui.layout import TALKERS, seen
from ui.limits import Limits
from ui.problems import explain
from ui.recall import restored, stored
from ui.records_view import RecordsPage
from ui.session import Job, Line, Session
from ui.shared import SharedPage
from ui.sharing import SCRIPT as SHARING_SCRIPT
from ui.studio_making import MakingHandlers
from ui.texts import t
from ui.visitor import browser_states, known

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
        demo,
        studio,
        lambda: house.cases,
        own=house.own,
        mine=house.shares.owned,
        pages=pages,
        limits=house.limits,
        notice=house.store_notice,
    )
    return demo


class Page(MakingHandlers):
    """One page's events; holds components, no visitor's data."""

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

    def _open(self, saved: Any, last: Any, visitor: Any, chosen: Any, request: gr.Request) -> list[Any]:
        """A page is opened: the conversation and the promotion that this browser kept, or a new page in its language."""
        session, history = restored(saved) or (Session.new(browser_language(request)), [])
        if chosen is not None:
            session = session.with_(screen=screen(chosen, request), screen_fixed=True)
        key, language, skip = known(visitor), session.screen, gr.skip()
        made = [*[skip] * (len(self._made()) + 3), key, ""]
        try:
            promotion = self.house.own(key, last)  # an id is not enough
            if promotion is not None:
                made = [
                    "",
                    *self._results(promotion, language),
                    self._notes(session.notes, promotion.brief, promotion, language),
                    skip,
                    skip,
                    promotion,
                    promotion.settings.layout,
                    promotion.settings.format,
                    key,
                    self._sharing(promotion, language),
                ]
        except Exception as error:
            # without this answer the next message would be kept in place of the whole conversation
            gr.Warning(t(language, "error_recall", error=safe(explain(error, language))))
        return [session, history, language, *made]

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

    def _models(self, session: Session) -> str:
        try:
            html = results.models_html(self.studio.info(), session.screen)
            where_on = " · ".join(filter(None, (self.house.host.hardware, device(session.screen))))
            row = f"<dt>{t(session.screen, 'models_device')}</dt><dd>{safe(where_on)}</dd></dl>"
            return html.replace("</dl>", row, 1)
        except Exception as error:
            return results.models_html(None, session.screen, explain(error, session.screen))
