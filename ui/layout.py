"""The page's components: where they stand, what they say in each language, how results are put into them.

Knows no event: `ui.app` joins them.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.processing_utils import save_file_to_cache, save_pil_to_cache
from gradio.utils import get_upload_folder

from pipelines.promotion import Promotion
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import Language
from slots.state import Note, State
from ui import choices, results
from ui.card import SCRIPT, card_html
from ui.chat import PlainChat
from ui.choices import HIDDEN
from ui.cutout import SCRIPT as CUTOUT_SCRIPT
from ui.cutout import cutout_html
from ui.look import SCRIPT as LOOK_SCRIPT
from ui.look import look_html, marks_html, measure
from ui.margin import SCRIPT as MARGIN_SCRIPT
from ui.session import Desk, Line, Session
from ui.texts import EXAMPLES, t

if TYPE_CHECKING:
    from pipelines.studio import Studio

TALKERS = 16
"""Chat turns that may run at the same time."""
MAX_POSTERS = 4
MOST_SHOWN = 1240
"""Pixels of width that the page shows of a poster: a print's 300 dots an inch would be megabytes for a phone."""
STORAGE_KEY, STORAGE_SECRET = "promo-studio-talk", "promo-studio-1"
"""Where a browser keeps its own conversation; the secret is fixed, so that it survives a restart (it hides nothing)."""


def seen(condition: bool) -> Any:
    """A component's `visible`."""
    return True if condition else HIDDEN


def poster_gallery() -> gr.Gallery:
    """The posters of a promotion, hidden until there are some; the studio's and the records' pages show them alike."""
    return gr.Gallery(
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


def served(path: Path | None) -> str | None:
    """A copy of a file where Gradio serves files from; None when it is not there.

    The promotions' folder itself is never opened to the web: the conversations lie in it.
    """
    if path is None or not path.is_file():
        return None
    return save_file_to_cache(path, get_upload_folder())


def shown_picture(path: Path) -> str | None:
    """A poster as the page shows it: a print's is made smaller, its download is not; None when it is gone or damaged."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            picture.load()
            if picture.width <= MOST_SHOWN:
                return served(path)
            height = round(picture.height * MOST_SHOWN / picture.width)
            small = picture.convert("RGB").resize((MOST_SHOWN, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    except (OSError, ValueError, SyntaxError):  # Pillow tells some damaged PNGs as the last one
        return None
    return save_pil_to_cache(small, get_upload_folder(), name=path.stem, format="webp")


def no_picture() -> str:
    """An empty sheet in the place of a poster that cannot be shown, so that the others keep their numbers."""
    from PIL import Image

    return save_pil_to_cache(Image.new("RGB", (512, 512), "#E3D5BE"), get_upload_folder(), name="poster", format="webp")


class Layout:
    """The components of one page. `_talk` is the chat function."""

    _talk: Callable[..., Any]

    def __init__(self, studio: "Studio", catalog: Catalog, line: Line) -> None:
        self.studio, self.catalog, self.line = studio, catalog, line

    def _lay_out(self, first: Language) -> None:
        """Puts every component in its place; to be called inside a Blocks."""
        self.session = gr.State(Session.new(first))
        self.job = gr.State(None)
        self.promotion = gr.State(None)
        self.drawn = gr.State(first)
        self.desk = gr.State(Desk())
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
                self.strength = choices.STRENGTH.radio(language)
                with gr.Column(min_width=200, elem_id="ps-photo"):
                    # no file_types: what a file is, its content says, and a refusal speaks the visitor's language
                    self.photo = gr.File(label=t(language, "settings_photo"), type="filepath", height=140)
                    self.cutout = gr.HTML("", js_on_load=CUTOUT_SCRIPT, apply_default_css=False)
            with gr.Row():
                self.layout = choices.LAYOUT.radio(language)
                self.format = choices.FORMAT.radio(language)
            with gr.Row():  # what only a full-size checkpoint can do
                self.scene = choices.SCENE.radio(language)
                self.style = choices.STYLE.radio(language)
        with gr.Row(elem_id="ps-results"):
            with gr.Column(min_width=300):
                self.posters = gr.HTML(results.posters_head_html(None, language), apply_default_css=False)
                self.look = gr.HTML("", js_on_load=LOOK_SCRIPT, apply_default_css=False, elem_id="ps-look")
                self.gallery = poster_gallery()
                self.marks = gr.HTML("", apply_default_css=False)
                with gr.Row(elem_id="ps-downloads"):
                    self.png = gr.DownloadButton(
                        t(language, "poster_chosen", number=1), visible=HIDDEN, elem_id="ps-png", variant="secondary"
                    )
                    self.pdf = gr.DownloadButton(
                        t(language, "poster_pdf", number=1, format=""),
                        visible=HIDDEN,
                        elem_id="ps-pdf",
                        variant="secondary",
                    )
                    self.zip = gr.DownloadButton(
                        t(language, "download_zip"), visible=HIDDEN, elem_id="ps-zip", variant="primary"
                    )
            with gr.Column(min_width=300):
                self.texts = gr.HTML(
                    results.texts_html(None, language), js_on_load=results.COPY_SCRIPT, apply_default_css=False
                )
                self.margin = gr.HTML("", js_on_load=MARGIN_SCRIPT, apply_default_css=False, elem_id="ps-margin")
        self.notes = gr.HTML("", apply_default_css=False)
        with gr.Accordion(t(language, "models_title"), open=False, elem_id="ps-models") as self.models:
            self.models_text = gr.HTML(results.models_html(None, language), apply_default_css=False)

    def _full_size(self) -> list[Any]:
        """The choices that only a full-size checkpoint has: shown where the loaded model is one."""
        able = self.studio.able
        shown = seen(able is not None and able.whole)
        return [gr.Radio(visible=shown), gr.Radio(visible=shown)]

    def _choices(self) -> list[Any]:
        """What the visitor may choose beside the brief, in the order of `_settings`' arguments."""
        return [
            self.images, self.seed, self.strength, self.photo, self.layout, self.format, self.scene, self.style,
        ]  # fmt: skip

    def _shown(self) -> list[Any]:
        """What follows the session."""
        return [
            self.card, self.confirm, self.stop, self.again, self.hint, self.notes, self.chat.textbox, self.margin,
        ]  # fmt: skip

    def _made(self) -> list[Any]:
        """What follows the making."""
        return [
            self.progress, *self._laid(), self.notes, self.stop, self.again,
        ]  # fmt: skip

    def _laid(self) -> list[Any]:
        """What `_results` fills."""
        return [self.texts, self.posters, *self._pictures()]

    def _pictures(self) -> list[Any]:
        """What `_posters` fills."""
        return [self.look, self.gallery, self.marks, self.png, self.pdf, self.zip]

    def _labels(self) -> list[Any]:
        """What only the screens' language changes; in the order of `_relabelled`."""
        return [
            self.head, self.foot, self.language, self.chat.chatbot, self.restart, self.settings, self.images, self.seed,
            self.strength, self.photo, self.posters, self.texts, self.png, self.zip, self.models, self.models_text,
            self.gallery, self.layout, self.format, self.scene, self.style, self.look, self.marks, self.pdf, self.cutout,
        ]  # fmt: skip

    def _relabelled(
        self, language: Language, promotion: Promotion | None, running: bool, photo: str | None
    ) -> list[Any]:
        made = [gr.skip()] * 2 if running else [
            results.posters_head_html(promotion, language),
            results.texts_html(promotion, language),
        ]  # fmt: skip
        gallery = gr.skip() if running or promotion is None else gr.Gallery(self._gallery(promotion, language))
        looks = [gr.skip()] * 2 if running else [look_html(promotion, language), marks_html(promotion, language)]
        printed = measure(promotion.posters[0].format) if promotion and promotion.posters else ""
        return [
            self._head(language),
            self._foot(language),
            gr.Radio(value=language),
            gr.Chatbot(placeholder=self._hello(language), examples=self._examples(language)),
            gr.Button(t(language, "restart")),
            gr.Accordion(label=t(language, "settings")),
            gr.Slider(label=t(language, "settings_images")),
            gr.Textbox(label=t(language, "settings_seed"), info=t(language, "settings_seed_info")),
            choices.STRENGTH.relabelled(language),
            gr.File(label=t(language, "settings_photo")),
            *made,
            gr.DownloadButton(t(language, "poster_chosen", number=1)),
            gr.DownloadButton(t(language, "download_zip")),
            gr.Accordion(label=t(language, "models_title")),
            results.models_html(None, language),
            gallery,
            *(choice.relabelled(language) for choice in (choices.LAYOUT, choices.FORMAT, choices.SCENE, choices.STYLE)),
            *looks,
            gr.DownloadButton(t(language, "poster_pdf", number=1, format=printed)),
            self._cutout(photo, language),
        ]

    def _cutout(self, photo: str | None, language: Language) -> str:
        """The preview of a photo that was accepted before; nothing where there is none."""
        from pipelines.photo import PhotoError, load_photo

        try:
            return cutout_html(load_photo(photo), language) if photo else ""
        except PhotoError:
            return ""

    def _gallery(self, promotion: Promotion, language: Language) -> list[tuple[str, str]]:
        items = [(shown_picture(file), caption) for file, caption in results.gallery_items(promotion, language)]
        damaged = t(language, "poster_damaged")
        return [(file, caption) if file else (no_picture(), f"{caption} · {damaged}") for file, caption in items]

    def _results(self, promotion: Promotion, language: Language, making: bool = False, count: int = 0) -> list[Any]:
        """Texts, heading and posters of a promotion; while it is made, its newest poster is in front."""
        chosen = max(0, len(promotion.posters) - 1) if making else 0
        return [
            results.texts_html(promotion, language),
            results.posters_head_html(promotion, language, making=making, count=count),
            *self._posters(promotion, language, chosen, making=making),
        ]

    def _posters(self, promotion: Promotion, language: Language, chosen: int = 0, *, making: bool = False) -> list[Any]:
        """The choice of their look, gallery, marks and downloads; poster `chosen` (from 0) is in front."""
        items = self._gallery(promotion, language)
        archive = served(promotion.zip)
        return [
            "" if making else look_html(promotion, language, secrets.randbits(32)),
            gr.Gallery(items, visible=seen(bool(items)), preview=True, selected_index=chosen if items else None),
            marks_html(promotion, language),
            *self._downloads(promotion, language, chosen),
            gr.DownloadButton(t(language, "download_zip"), value=archive, visible=seen(archive is not None)),
        ]

    def _downloads(self, promotion: Promotion, language: Language, chosen: int) -> list[Any]:
        """The buttons for poster `chosen` (from 0): PNG and, where there is one, PDF."""
        if chosen >= len(promotion.posters):
            return [gr.DownloadButton(visible=HIDDEN), gr.DownloadButton(visible=HIDDEN)]
        poster, number = promotion.posters[chosen], chosen + 1
        png = served(promotion.folder / poster.file)
        pdf = served(promotion.folder / poster.pdf) if poster.pdf else None
        printed = t(language, "poster_pdf", number=number, format=measure(poster.format))
        return [
            gr.DownloadButton(t(language, "poster_chosen", number=number), value=png, visible=seen(png is not None)),
            gr.DownloadButton(printed, value=pdf, visible=seen(pdf is not None)),
        ]

    def _notes(
        self, notes: tuple[Note, ...], brief: Brief | None, promotion: Promotion | None, language: Language
    ) -> str:
        """What to read before publishing: what the assistant remarked, the rules that the brief touches, the pictures' notes."""
        from pipelines.legal import legal_notes

        legal = [Note(n.code, n.words(language), n.source) for n in legal_notes(brief, self.catalog)] if brief else []
        told = {note.code for note in legal}
        remarks = tuple(dict.fromkeys(p.note for p in promotion.posters if p.note)) if promotion else ()
        return results.notes_html((*(n for n in notes if n.code not in told), *legal), remarks, language)
