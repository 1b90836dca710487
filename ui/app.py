"""The page: puts the parts on it and joins their events. The only module here that lays out Gradio components.

Talking and making are two events. The chat function answers at once; a confirmed brief becomes a Job, whose change
starts the making in its own line, with its own stop button. Everything of a visitor lives in `gr.State`.
"""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.promotion import Promotion
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import LANGUAGES, Language
from slots.state import Note, State
from slots.state import brief as brief_of
from ui import results
from ui.api import endpoints
from ui.card import ROWS, SCRIPT, card_html
from ui.making import View, make
from ui.recall import recall
from ui.session import MAX_SEED, Job, Line, Session, Settings
from ui.talk import Said, edit, say
from ui.texts import EXAMPLES, t

if TYPE_CHECKING:
    from pipelines.studio import Studio

TALKERS = 16
"""Chat turns that may run at the same time."""
MAX_POSTERS = 4
STORAGE_KEY, STORAGE_SECRET = "promo-studio-talk", "promo-studio-1"
"""Where a browser keeps its own conversation; the secret is fixed, so that it survives a restart (it hides nothing)."""
STRENGTHS = {"strength_auto": None, "strength_low": 0.3, "strength_middle": 0.5, "strength_high": 0.75}


def build_app(studio: "Studio", catalog: Catalog, line: Line | None = None) -> gr.Blocks:
    """The whole page. `line` limits how many promotions are made at the same time."""
    return _Page(studio, catalog, line or Line()).build()


def browser_language(request: gr.Request | None) -> Language:
    """The first language of the browser that the screens speak; Spanish when there is none."""
    header = (request.headers.get("accept-language") if request is not None else "") or ""
    for part in header.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return "en" if code == "en" else "es"
    return "es"


HIDDEN: Any = "hidden"
"""Hidden but on the page: a component that starts with visible=False misses its first update to visible."""


def seen(condition: bool) -> Any:
    """A component's `visible`."""
    return True if condition else HIDDEN


class PlainChat(gr.ChatInterface):
    """A chat in which what a visitor typed is shown as it was typed: Gradio would render the HTML in it."""

    def _append_message_to_history(self, message: Any, history: list[Any], role: Any = "user") -> list[Any]:
        return super()._append_message_to_history(escaped(message), history, role)

    def option_clicked(self, history: list[Any], option: gr.SelectData) -> tuple[list[Any], Any]:
        return self._append_message_to_history(option.value, history), option.value


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


class _Page:
    """Holds the components while the page is put together; no visitor's data."""

    def __init__(self, studio: "Studio", catalog: Catalog, line: Line) -> None:
        self.studio, self.catalog, self.line = studio, catalog, line

    # ---- layout

    def build(self) -> gr.Blocks:
        first: Language = "es"
        with gr.Blocks(
            title="Promo Studio", analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400)
        ) as demo:
            self.session = gr.State(Session.new(first))
            self.job = gr.State(None)
            self.promotion = gr.State(None)
            self.drawn = gr.State(first)
            self.saved = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=STORAGE_SECRET)
            self.last = gr.BrowserState(None, storage_key=f"{STORAGE_KEY}-last", secret=STORAGE_SECRET)
            with gr.Row(elem_id="ps-top"):
                self.head = gr.HTML(self._head(first), apply_default_css=False, elem_id="ps-head")
                self.language = gr.Radio(
                    [("ES", "es"), ("EN", "en")],
                    value=first,
                    show_label=False,
                    container=False,
                    elem_id="ps-language",
                    min_width=0,
                )
            with gr.Row(elem_id="ps-desk"):
                with gr.Column(elem_id="ps-talk"):
                    self._chat(first)
                with gr.Column(elem_id="ps-work"):
                    self._work(first)
            self.foot = gr.HTML(self._foot(first), apply_default_css=False)
            self._endpoints()
            self._events(demo)
        demo.queue(max_size=self.line.most + 64, default_concurrency_limit=TALKERS)
        return demo

    def _head(self, language: Language) -> str:
        return f'<div class="ps-brand"><h1>Promo <i>Studio</i></h1><p>{t(language, "pitch")}</p></div>'

    def _foot(self, language: Language) -> str:
        return f'<p class="ps-foot">{t(language, "footer")}</p>'

    def _hello(self, language: Language) -> str:
        return (
            f'<div class="ps-hello"><h2>{t(language, "chat_hello")}</h2><p>{t(language, "chat_how")}</p>'
            f"<p>{t(language, 'chat_try')}</p></div>"
        )

    def _examples(self, language: Language) -> list[Any]:
        other: Language = "en" if language == "es" else "es"
        return [{"text": text} for text in (*EXAMPLES[language], EXAMPLES[other][0])]

    def _chat(self, language: Language) -> None:
        chatbot = gr.Chatbot(
            elem_id="ps-chat",
            show_label=False,
            render_markdown=False,
            sanitize_html=True,
            allow_tags=False,
            latex_delimiters=[],
            feedback_options=None,
            buttons=[],
            placeholder=self._hello(language),
            group_consecutive_messages=False,
            render=False,
        )
        textbox = gr.Textbox(
            label=t(language, "message"),
            placeholder=t(language, "message"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            submit_btn=True,
            stop_btn=False,
            autofocus=False,
            elem_id="ps-message",
            scale=7,
            render=False,
        )
        self.chat = PlainChat(
            self._talk,
            chatbot=chatbot,
            textbox=textbox,
            additional_inputs=[self.session],
            additional_outputs=[self.session],
            examples=[[text["text"], None] for text in self._examples(language)],
            cache_examples=False,
            concurrency_limit=TALKERS,
            show_progress="hidden",
            autofocus=False,
            api_name="chat",
            fill_height=False,
            stop_btn=False,
        )
        self.restart = gr.Button(t(language, "restart"), elem_id="ps-restart", size="sm")

    def _work(self, language: Language) -> None:
        self.card = gr.HTML(
            card_html(State.new(language), self.catalog, language),
            js_on_load=SCRIPT,
            apply_default_css=False,
            elem_id="ps-card",
        )
        with gr.Row(elem_id="ps-decide"):
            self.confirm = gr.Button(t(language, "confirm"), variant="primary", visible=HIDDEN, elem_id="ps-confirm")
            self.stop = gr.Button(t(language, "stop"), variant="stop", visible=HIDDEN, elem_id="ps-stop")
            self.again = gr.Button(t(language, "again"), visible=HIDDEN, elem_id="ps-again")
            self.hint = gr.HTML("", apply_default_css=False)
        self.progress = gr.HTML("", apply_default_css=False, elem_id="ps-progress")
        with gr.Accordion(t(language, "settings"), open=False, elem_id="ps-settings") as self.settings:
            with gr.Row():
                self.images = gr.Slider(
                    1, MAX_POSTERS, value=2, step=1, label=t(language, "settings_images"), min_width=160
                )
                self.seed = gr.Textbox(
                    label=t(language, "settings_seed"),
                    info=t(language, "settings_seed_info"),
                    max_length=10,
                    min_width=160,
                )
            with gr.Row():
                self.strength = gr.Radio(
                    self._strengths(language),
                    value="strength_auto",
                    label=t(language, "settings_strength"),
                    info=t(language, "settings_strength_info"),
                    min_width=200,
                )
                self.photo = gr.File(
                    label=t(language, "settings_photo"),
                    file_types=["image"],
                    type="filepath",
                    height=120,
                    min_width=200,
                )
        with gr.Row(elem_id="ps-results"):
            with gr.Column(min_width=300):
                self.posters = gr.HTML(results.posters_head_html(None, language), apply_default_css=False)
                self.gallery = gr.Gallery(
                    elem_id="ps-gallery",
                    show_label=False,
                    columns=4,
                    height="auto",
                    object_fit="contain",
                    preview=True,
                    visible=HIDDEN,
                    interactive=False,
                    buttons=["fullscreen"],
                )
                with gr.Row(elem_id="ps-downloads"):
                    self.png = gr.DownloadButton(
                        t(language, "poster_chosen", number=1), visible=HIDDEN, elem_id="ps-png", variant="secondary"
                    )
                    self.zip = gr.DownloadButton(
                        t(language, "download_zip"), visible=HIDDEN, elem_id="ps-zip", variant="primary"
                    )
            with gr.Column(min_width=300):
                self.texts = gr.HTML(
                    results.texts_html(None, language), js_on_load=results.COPY_SCRIPT, apply_default_css=False
                )
        self.notes = gr.HTML("", apply_default_css=False)
        with gr.Accordion(t(language, "models_title"), open=False, elem_id="ps-models") as self.models:
            self.models_text = gr.HTML(results.models_html(None, language), apply_default_css=False)

    def _strengths(self, language: Language) -> list[tuple[str, str]]:
        return [(t(language, key), key) for key in STRENGTHS]

    # ---- events

    def _events(self, demo: gr.Blocks) -> None:
        # Gradio tells the page of a changed State only in answers that came through the queue: whatever sets one is queued
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        talk_state = [self.session, self.chat.chatbot_value]
        choices = [self.images, self.seed, self.strength, self.photo]
        labels = self._labels()
        demo.load(
            self._open,
            [self.saved, self.last],
            [*talk_state, self.language, *self._made(), self.promotion],
            concurrency_limit=TALKERS,
            **quiet,
        )
        self.session.change(
            self._show,
            [self.session, self.job, self.promotion, self.drawn, *choices],
            [*self._shown(), self.job, self.saved, self.drawn, *labels],
            concurrency_limit=TALKERS,
            trigger_mode="always_last",
            **quiet,
        )
        self.language.input(self._choose_language, [self.session, self.job, self.language], self.session, **quiet)
        self.card.submit(self._edit, talk_state, talk_state, **quiet)
        self.confirm.click(self._confirm, talk_state, talk_state, trigger_mode="once", **quiet)
        self.restart.click(self._restart, talk_state, [*talk_state, self.last], **quiet)
        self.again.click(
            self._again, [self.session, self.job, *choices], [self.job, self.again], trigger_mode="once", **quiet
        )
        self.job.change(
            self._make,
            [self.job, self.promotion],
            [*self._made(), self.promotion, self.last],
            concurrency_id="making",
            concurrency_limit=self.line.places + self.line.most + 1,
            trigger_mode="multiple",
            **quiet,
        )
        self.stop.click(lambda job: job and job.stop(), self.job, None, queue=False, **quiet)
        self.gallery.select(self._select, [self.session, self.promotion], self.png, queue=False, **quiet)
        self.progress.change(None, None, None, js=results.SCROLL_SCRIPT, queue=False, api_visibility="private")
        self.photo.upload(self._check_photo, [self.session, self.photo], self.photo, **quiet)
        self.models.expand(self._models, self.session, self.models_text, concurrency_limit=4, **quiet)

    def _shown(self) -> list[Any]:
        """What follows the session."""
        return [self.card, self.confirm, self.stop, self.again, self.hint, self.notes, self.chat.textbox]

    def _made(self) -> list[Any]:
        """What follows the making."""
        return [
            self.progress, self.texts, self.posters, self.gallery, self.png, self.zip, self.notes, self.stop, self.again,
        ]  # fmt: skip

    def _labels(self) -> list[Any]:
        """What only the screens' language changes; in the order of `_relabelled`."""
        return [
            self.head, self.foot, self.language, self.chat.chatbot, self.restart, self.settings, self.images, self.seed,
            self.strength, self.photo, self.posters, self.texts, self.png, self.zip, self.models, self.models_text,
            self.gallery,
        ]  # fmt: skip

    def _relabelled(self, language: Language, promotion: Promotion | None, running: bool) -> list[Any]:
        made = [gr.skip()] * 2 if running else [
            results.posters_head_html(promotion, language),
            results.texts_html(promotion, language),
        ]  # fmt: skip
        gallery = gr.skip() if running or promotion is None else gr.Gallery(results.gallery_items(promotion, language))
        return [
            self._head(language),
            self._foot(language),
            gr.Radio(value=language),
            gr.Chatbot(placeholder=self._hello(language), examples=self._examples(language)),
            gr.Button(t(language, "restart")),
            gr.Accordion(label=t(language, "settings")),
            gr.Slider(label=t(language, "settings_images")),
            gr.Textbox(label=t(language, "settings_seed"), info=t(language, "settings_seed_info")),
            gr.Radio(
                self._strengths(language),
                label=t(language, "settings_strength"),
                info=t(language, "settings_strength_info"),
            ),
            gr.File(label=t(language, "settings_photo")),
            *made,
            gr.DownloadButton(t(language, "poster_chosen", number=1)),
            gr.DownloadButton(t(language, "download_zip")),
            gr.Accordion(label=t(language, "models_title")),
            results.models_html(None, language),
            gallery,
        ]

    # ---- talking

    def _talk(self, text: str, history: list[Any], session: Session) -> tuple[dict[str, Any], Session]:
        """Talks with the assistant about one promotion: give it any facts in Spanish or English; it asks for what is missing."""
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

    def _confirm(self, session: Session, history: list[Any]) -> tuple[Session, list[Any]]:
        if session.dialogue.phase != "confirming":
            return gr.skip(), gr.skip()
        words = t(session.dialogue.language, "yes_words")
        changed, said = say(session, words, self.studio.extract, self.catalog)
        return self._turn(history, changed, words, said)

    def _restart(self, session: Session, history: list[Any]) -> tuple[Session, list[Any], None]:
        fresh = Session(State.new(session.screen), session.screen, session.screen_fixed, confirmed=session.confirmed)
        return fresh, [], None

    def _choose_language(self, session: Session, job: Job | None, language: Language) -> Session:
        if job is not None:
            job.screen = language
        return session.with_(screen=language, screen_fixed=True)

    def _open(self, saved: Any, last: Any, request: gr.Request) -> list[Any]:
        """A page is opened: the conversation and the promotion that this browser kept, or a new page in its language."""
        session, history = restored(saved) or (Session.new(browser_language(request)), [])
        promotion = recall(self.studio.promotions_folder, last)
        opened = [session, history, session.screen]
        skip = gr.skip()
        if promotion is None:
            return [*opened, *[skip] * (len(self._made()) + 1)]
        return [
            *opened,
            "",
            *self._results(promotion, session.screen),
            self._notes(session.notes, promotion.brief, promotion, session.screen),
            skip,
            skip,
            promotion,
        ]

    # ---- showing

    def _show(
        self,
        session: Session,
        job: Job | None,
        promotion: Promotion | None,
        drawn: Language,
        images: float,
        seed: str,
        strength: str,
        photo: str | None,
    ) -> list[Any]:
        """The page after any change of the session; starts a job when a brief was just confirmed."""
        language = session.screen
        if session.brief is not None and session.confirmed > (job.number if job else 0):
            job = self._start(session, job, promotion, self._settings(images, seed, strength, photo, language))
        running = job is not None and not job.finished
        confirming = session.dialogue.phase == "confirming"
        ahead = self.line.ahead()
        waiting = t(language, "line_busy", ahead=ahead) if ahead else t(language, "line_free")
        hint = f"<p>{t(language, 'confirm_hint')} {waiting}</p>" if confirming else ""
        shown = [
            card_html(session.dialogue, self.catalog, language),
            gr.Button(t(language, "confirm"), visible=seen(confirming)),
            gr.Button(t(language, "stop"), visible=seen(running)),
            gr.Button(t(language, "again"), visible=seen(not running and not confirming and session.brief is not None)),
            hint,
            self._notes(session.notes, self._settled(session), promotion, language),
            gr.Textbox(label=t(language, "message"), placeholder=t(language, "message")),
        ]
        labels = self._labels()
        relabelled = [gr.skip()] * len(labels) if drawn == language else self._relabelled(language, promotion, running)
        return [*shown, job if job is not None else gr.skip(), stored(session), language, *relabelled]

    def _settled(self, session: Session) -> Brief | None:
        """The brief once there is one to judge."""
        return brief_of(session.dialogue) if session.dialogue.phase in ("confirming", "confirmed") else None

    def _notes(
        self, notes: tuple[Note, ...], brief: Brief | None, promotion: Promotion | None, language: Language
    ) -> str:
        """What to read before publishing: what the assistant remarked, the rules that the brief touches, the pictures' notes."""
        from pipelines.legal import legal_notes

        legal = [Note(n.code, n.words(language), n.source) for n in legal_notes(brief, self.catalog)] if brief else []
        told = {note.code for note in legal}
        remarks = tuple(dict.fromkeys(p.note for p in promotion.posters if p.note)) if promotion else ()
        return results.notes_html((*(n for n in notes if n.code not in told), *legal), remarks, language)

    def _settings(self, images: float, seed: str, strength: str, photo: str | None, language: Language) -> Settings:
        digits = (seed or "").strip()
        if digits and not (digits.isascii() and digits.isdigit() and int(digits) <= MAX_SEED):
            gr.Warning(t(language, "error_seed", most=MAX_SEED))
            digits = ""
        return Settings(
            max(1, min(MAX_POSTERS, int(images))), int(digits) if digits else None, STRENGTHS.get(strength), photo
        )

    # ---- making

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

    def _again(
        self, session: Session, job: Job | None, images: float, seed: str, strength: str, photo: str | None
    ) -> tuple[Any, Any]:
        if session.brief is None or (job is not None and not job.finished and not job.stopped()):
            return gr.skip(), gr.skip()
        settings = self._settings(images, seed, strength, photo, session.screen)
        return Job(session, settings, again=True), gr.Button(visible=HIDDEN)

    def _make(self, job: Job | None, previous: Promotion | None) -> Iterator[list[Any]]:
        """Makes a job's promotion, step by step."""
        skip = gr.skip()
        if job is None or job.finished:
            yield [skip] * (len(self._made()) + 2)
            return
        nothing_yet = True
        for view in make(self.studio, self.line, job, previous):
            yield self._view(view, job, nothing_yet)
            nothing_yet = nothing_yet and view.phase == "waiting"

    def _view(self, view: View, job: Job, first: bool) -> list[Any]:
        language, promotion, skip = job.screen, view.promotion, gr.skip()
        ended = view.phase in ("done", "stopped", "failed")
        progress = results.progress_html(
            view.event, language, phase=view.phase, ahead=view.ahead, seconds=view.seconds, problem=view.problem
        )
        buttons = [gr.Button(visible=seen(not ended)), gr.Button(visible=seen(ended))]
        if view.phase == "done":
            gr.Info(t(language, "toast_done"), duration=4, title="Promo Studio")
        if view.phase == "texts":
            wants = job.brief.promotion
            count = job.settings.images if wants != "text" else 0
            return [
                progress,
                results.texts_html(None, language, waiting=wants != "image"),
                results.posters_head_html(None, language, making=True, count=count),
                gr.Gallery([], visible=HIDDEN),
                gr.DownloadButton(visible=HIDDEN),
                gr.DownloadButton(visible=HIDDEN),
                skip, *buttons, skip, skip,
            ]  # fmt: skip
        if promotion is None and ended and not first:
            empty = [results.texts_html(None, language), results.posters_head_html(None, language)]
            return [progress, *empty, *[skip] * 4, *buttons, skip, skip]
        if promotion is None or not (view.fresh or ended):
            return [progress, *[skip] * 6, *(buttons if first or ended else [skip, skip]), skip, skip]
        return [
            progress,
            *self._results(promotion, language, making=not ended, count=view.event.posters if view.event else 0),
            self._notes(job.notes, job.brief, promotion, language),
            *buttons,
            promotion,
            promotion.id,
        ]

    def _results(self, promotion: Promotion, language: Language, making: bool = False, count: int = 0) -> list[Any]:
        """Texts, heading, gallery and downloads of a promotion; while it is made, its newest poster is in front."""
        items = results.gallery_items(promotion, language)
        chosen = len(items) - 1 if making and items else 0
        file = results.existing(promotion.folder / promotion.posters[chosen].file) if items else None
        archive = results.existing(promotion.zip)
        return [
            results.texts_html(promotion, language),
            results.posters_head_html(promotion, language, making=making, count=count),
            gr.Gallery(items, visible=seen(bool(items)), preview=True, selected_index=chosen if items else None),
            gr.DownloadButton(
                t(language, "poster_chosen", number=chosen + 1), value=file, visible=seen(file is not None)
            ),
            gr.DownloadButton(t(language, "download_zip"), value=archive, visible=seen(archive is not None)),
        ]

    def _select(self, session: Session, promotion: Promotion | None, event: gr.SelectData) -> Any:
        """The PNG button follows the poster that is looked at."""
        index = event.index if isinstance(event.index, int) else 0
        if promotion is None or index >= len(promotion.posters):
            return gr.skip()
        file = results.existing(promotion.folder / promotion.posters[index].file)
        return gr.DownloadButton(t(session.screen, "poster_chosen", number=index + 1), value=file)

    def _check_photo(self, session: Session, path: str | None) -> Any:
        """A photo that cannot be used is refused at once, with the cure."""
        if path is None:
            return gr.skip()
        from pipelines.packshot import PhotoError, load_photo

        try:
            load_photo(path)
        except PhotoError as error:
            gr.Warning(t(session.screen, "error_photo", error=error))
            return None
        gr.Info(t(session.screen, "photo_ok"))
        return gr.skip()

    def _models(self, session: Session) -> str:
        try:
            return results.models_html(self.studio.info(), session.screen)
        except Exception as error:
            from ui.talk import explain

            return results.models_html(None, session.screen, explain(error, session.screen))

    def _endpoints(self) -> None:
        extract, promote = endpoints(self.studio, self.line)
        with gr.Group(visible=False):
            text, asking, found = gr.Textbox(label="message"), gr.Textbox(None, label="asking"), gr.JSON(label="found")
            brief, images, seed = gr.JSON(label="brief"), gr.Number(2, label="images"), gr.Number(0, label="seed")
            record, archive = gr.JSON(label="record"), gr.File(label="zip")
            gr.Button().click(extract, [text, asking], found, api_name="extract", concurrency_limit=TALKERS)
            gr.Button().click(
                promote,
                [brief, images, seed],
                [record, archive],
                api_name="promote",
                concurrency_id="making",
                concurrency_limit=self.line.places + self.line.most + 1,
            )


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
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return session, [escaped(message(role, words)) for role, words in log]
