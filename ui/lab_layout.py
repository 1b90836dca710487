"""The prompt lab's components: where they stand and what they say in each language.

Knows no event: `ui.lab` joins them.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from pipelines.lab import MOST_VARIANTS, Engines, Variant
from pipelines.lab_briefs import COLUMNS, MOST_BRIEFS, table_csv
from pipelines.lab_settings import AXES, MOST_CELLS, settings_of
from pipelines.promotion import Promotion
from slots.schema import SLOTS, Language
from ui import lab_html
from ui.frame import LAB, head_html, top
from ui.lab_parts import Desk, Parts
from ui.lab_texts import lt
from ui.limits import Limits
from ui.recall import recall
from ui.texts import EXAMPLES, t
from ui.visitor import browser_states, where

if TYPE_CHECKING:
    from pipelines.cases import CaseStore
    from pipelines.studio import Studio

STYLE = Path(__file__).with_name("lab.css")
LONGEST_MESSAGE = 10_000
PLAYED = {
    "text": ("temperature", "0.5, 0.85, 1.2", "top_p", "0.8, 0.95"),
    "scene": ("steps", "8, 20", "strength", "0.25, 0.5, 0.75"),
}
"""What the grid proposes, by kind."""
EXAMPLE_CSV = table_csv(
    COLUMNS,
    [
        ["text", "Coca-Cola", "2 L", "glass bottle", "35 MXN", "corner shop", "beach", "", "", "", "es"],
        ["text", "Fanta", "355 ml", "can", "18 MXN", "corner shop", "picnic", "3 for 2", "", "orange", "en"],
        ["text", "Ciel", "1 L", "plastic bottle", "15 MXN", "gym", "gym", "", "", "", "es"],
    ],
)


Own = Callable[[Any, Any], Promotion | None]
Mine = Callable[[Any], Sequence[str]]
Notice = Callable[[Language], str]
"""What a visitor should know of the store, as HTML; empty as a rule."""


def asked(variants: Sequence[Variant]) -> dict[Literal["posters", "texts"], int]:
    """How many pictures and texts some variants ask for; a reading asks for none."""
    return {
        "posters": sum(variant.kind == "scene" for variant in variants),
        "texts": sum(settings_of("text", variant.settings).samples for variant in variants if variant.kind == "text"),
    }


class LabLayout:
    """The page's components; holds no visitor's data."""

    def __init__(
        self,
        studio: "Studio",
        cases: Any,
        own: Own | None,
        mine: Mine | None,
        pages: tuple[str, ...],
        engines: Engines,
        limits: Limits | None = None,
        notice: Notice | None = None,
    ) -> None:
        self.studio, self.catalog, self.engines, self.pages = studio, studio.catalog, engines, pages
        self._cases, self.limits = cases, limits
        self._notice: Notice = notice or (lambda language: "")
        self._own: Own = own or (lambda _, name: recall(studio.promotions_folder, name))
        self._mine: Mine = mine or (lambda _: ())

    @property
    def cases(self) -> "CaseStore | None":
        """The store; None where the app has none."""
        if callable(self._cases):
            self._cases = self._cases()
        store: CaseStore | None = self._cases
        return store

    def _allow(self, variants: Sequence[Variant], visitor: Any, request: gr.Request | None, *, words: str = "") -> None:
        """Takes a run from what a visitor may ask for: one request, its pictures and its texts. `words`: a message that is read.

        Raises Reached with the words; nothing is run then.
        """
        if self.limits is None:
            return
        key, address = visitor if isinstance(visitor, str) else "", where(request)
        self.limits.message(words)
        self.limits.take("requests", key, address)
        for kind, amount in asked(variants).items():
            if amount:
                self.limits.take(kind, key, address, amount)

    def _lay_out(self) -> None:
        """Puts every component in its place; to be called inside the page's route."""
        first: Language = "es"
        names = {kind: self.engines.models(kind) for kind in ("text", "image")}  # type: ignore[arg-type]
        back_ends = {kind: self.engines.backends(kind) for kind in ("text", "image")}  # type: ignore[arg-type]
        self.parts = Parts(names, back_ends, first)
        self.source, self.desk = gr.State({}), gr.State(Desk())
        self.visitor, self.chosen = browser_states()
        self.who_kept = gr.BrowserState("", storage_key="promo-studio-who", secret="promo-studio-1")
        # a style of this page alone: the program's own style sheet is the same for all pages
        gr.HTML(f"<style>{STYLE.read_text(encoding='utf-8')}</style>", apply_default_css=False, elem_id="lab-style")
        self.head, self.language = top(first, self._head(first))
        self.parts.words.put(self.head, lambda language: {"value": self._head(language)})
        self.store = self.parts.words.put(
            gr.HTML("", apply_default_css=False, elem_id="lab-store"),
            lambda language: {"value": self._notice(language)},
        )
        self._source_panel(first)
        with gr.Tabs(elem_id="lab-tabs"):
            with self._tab("tab_text"):
                self.text = self._variants("text")
            with self._tab("tab_scene") as self.scene_tab:
                self.scene = self._variants("scene")
            with self._tab("tab_grid"):
                self._grid_panel(first)
            with self._tab("tab_batch"):
                self._batch_panel(first)
            with self._tab("tab_reading"):
                self._reading_panel(first)
        self.parts.words.put(
            gr.HTML(self._foot(first), apply_default_css=False), lambda language: {"value": self._foot(language)}
        )

    def _head(self, language: Language) -> str:
        return head_html(language, LAB, self.pages, lt(language, "pitch"))

    def _foot(self, language: Language) -> str:
        return f'<p class="ps-foot">{lt(language, "footer")}</p>'

    def _tab(self, key: str) -> Any:
        return self.parts.label(gr.Tab(lt("es", key)), key)

    def _source_panel(self, first: Language) -> None:
        with gr.Column(elem_id="lab-source"):
            self.parts.words.put(
                gr.HTML(self._title("source", first), apply_default_css=False),
                lambda language: {"value": self._title("source", language)},
            )
            with gr.Row():
                self.typed = self.parts.words.put(
                    gr.Textbox(
                        label=lt(first, "paste"),
                        placeholder=lt(first, "paste_hint"),
                        lines=1,
                        max_lines=4,
                        max_length=LONGEST_MESSAGE,
                        scale=5,
                        min_width=280,
                        elem_id="lab-typed",
                    ),
                    lambda language: {"label": lt(language, "paste"), "placeholder": lt(language, "paste_hint")},
                )
                self.load = self.parts.button("load", variant="primary", scale=0, min_width=110, elem_id="lab-load")
                self.own_list = self.parts.label(
                    gr.Dropdown([], value=None, label=lt(first, "own"), scale=2, min_width=200), "own"
                )
                self.case_list = self.parts.label(
                    gr.Dropdown([], value=None, label=lt(first, "case"), scale=2, min_width=200), "case"
                )
                self.who = self.parts.label(
                    gr.Textbox(label=lt(first, "who"), max_length=200, scale=2, min_width=170), "who"
                )
            self.loaded = gr.HTML(lab_html.note_html(lt(first, "nothing_loaded")), apply_default_css=False)
            accordion = gr.Accordion(
                lt(first, "keep_promotion"), open=False, elem_classes="lab-keep", elem_id="lab-keep-promotion"
            )
            with self.parts.label(accordion, "keep_promotion"), gr.Row(elem_classes="lab-form"):
                self.promotion_name = self.parts.case_name()
                self.promotion_save = self.parts.button("save", size="md", min_width=150)
            self.promotion_told = gr.HTML("", apply_default_css=False)

    def _title(self, key: str, language: Language) -> str:
        return f'<h2 class="lab-h">{lt(language, key)}</h2>'

    def _bar(self, kind: str, key: str, *, number: bool = False) -> dict[str, Any]:
        """Run, stop, and what goes on."""
        found: dict[str, Any] = {}
        with gr.Row(elem_classes="lab-bar"):
            if number:
                found["number"] = self.parts.label(
                    gr.Radio(
                        [str(n) for n in range(1, MOST_VARIANTS + 1)],
                        value="2",
                        label=lt("es", "variants"),
                        min_width=120,
                        elem_classes="lab-count",
                    ),
                    "variants",
                )
            found["run"] = self.parts.button(key, variant="primary", min_width=120, elem_id=f"lab-run-{kind}")
            found["stop"] = self.parts.button("stop", variant="stop", min_width=90, elem_id=f"lab-stop-{kind}")
            found["progress"] = gr.HTML("", apply_default_css=False, elem_id=f"lab-progress-{kind}")
        return found

    def _variants(self, kind: str) -> dict[str, Any]:
        bar = self._bar(kind, "run_all", number=True)
        with gr.Row(elem_classes="lab-columns"):
            # how many of them are seen, the style sheet takes from the number that is chosen: no way to the server and back
            columns = [self.parts.column(kind, n) for n in range(MOST_VARIANTS)]
        return {**bar, "columns": columns, "keep": self.parts.keeping(kind)}

    def _grid_panel(self, first: Language) -> None:
        self._hint(lambda language: lt(language, "grid_hint", most=MOST_CELLS))
        with gr.Row(elem_classes="lab-form"):
            self.grid_kind = self.parts.choice("grid_kind", self._kinds, "scene", radio=True)
            self.grid_base = self.parts.letters("grid_base")
        a, a_values, b, b_values = PLAYED["scene"]
        with gr.Row(elem_classes="lab-form"):
            self.axis_a = self.parts.choice("axis_a", lambda language: self._axes("scene", language), a)
            self.values_a = self.parts.label(gr.Textbox(a_values, label=lt(first, "values"), max_length=300), "values")
            self.axis_b = self.parts.choice("axis_b", lambda language: self._axes("scene", language, none=True), b)
            self.values_b = self.parts.label(gr.Textbox(b_values, label=lt(first, "values"), max_length=300), "values")
        self.grid_bar = self._bar("grid", "grid_run")
        self.sheet = self.parts.label(
            gr.Image(
                label=lt(first, "sheet"), type="pil", format="png", interactive=False, visible="hidden",
                show_label=False, buttons=["download", "fullscreen"], elem_id="lab-sheet",
            ),
            "sheet",
        )  # fmt: skip
        self.grid_table = gr.HTML("", apply_default_css=False)

    def _kinds(self, language: Language) -> list[tuple[str, str]]:
        return [(lt(language, "tab_scene"), "scene"), (lt(language, "tab_text"), "text")]

    def _axes(self, kind: str, language: Language, *, none: bool = False) -> list[tuple[str, str]]:
        return [*([(lt(language, "axis_none"), "")] if none else []), *((lt(language, n), n) for n in AXES[kind])]

    def _hint(self, words: Callable[[Language], str]) -> None:
        def html(language: Language) -> str:
            return f'<p class="lab-hint">{words(language)}</p>'

        self.parts.words.put(gr.HTML(html("es"), apply_default_css=False), lambda language: {"value": html(language)})

    def _batch_panel(self, first: Language) -> None:
        self._hint(lambda language: lt(language, "batch_hint", columns=", ".join(COLUMNS), most=MOST_BRIEFS))
        with gr.Row(elem_classes="lab-form"):
            self.batch_from = self.parts.choice(
                "batch_from",
                lambda language: [(lt(language, f"batch_{name}"), name) for name in ("csv", "cases")],
                "csv",
                radio=True,
            )
            self.batch_base = self.parts.letters("batch_base", several=True)
            self.batch_prompt = self.parts.words.put(
                gr.Checkbox(False, label=lt(first, "batch_prompt"), info=lt(first, "batch_prompt_info"), min_width=220),
                lambda language: {"label": lt(language, "batch_prompt"), "info": lt(language, "batch_prompt_info")},
            )
        with gr.Row(elem_classes="lab-form"):
            # no file_types: what a file is, its content says, and a refusal tells the cure
            self.batch_file = self.parts.label(
                gr.File(label=lt(first, "batch_file"), type="filepath", height=110), "batch_file"
            )
            self.batch_example = self.parts.words.put(
                gr.DownloadButton(lt(first, "batch_example"), value=self._csv_file("briefs.csv", EXAMPLE_CSV), scale=0),
                lambda language: {"label": lt(language, "batch_example")},
            )
        self.batch_bar = self._bar("batch", "batch_run")
        self.batch_table = gr.HTML("", apply_default_css=False)
        self.batch_download = self.parts.words.put(
            gr.DownloadButton(lt(first, "batch_download"), visible="hidden", elem_id="lab-batch-csv"),
            lambda language: {"label": lt(language, "batch_download")},
        )

    def _csv_file(self, name: str, content: bytes) -> str:
        return save_bytes_to_cache(content, name, get_upload_folder())

    def _reading_panel(self, first: Language) -> None:
        with gr.Row(elem_classes="lab-form"):
            self.message = self.parts.label(
                gr.Textbox(
                    EXAMPLES[first][0], label=lt(first, "message"), lines=2, max_lines=8, scale=4, min_width=280,
                    max_length=LONGEST_MESSAGE, elem_id="lab-message",
                ),
                "message",
            )  # fmt: skip
            self.asking = self.parts.choice(
                "asking",
                lambda language: [
                    (lt(language, "asking_none"), ""),
                    *((t(language, f"slot_{slot}"), slot) for slot in SLOTS),
                ],
                "",
            )
        with gr.Row(elem_classes="lab-form"):
            self.talking = self.parts.label(gr.Checkbox(False, label=lt(first, "talking"), min_width=240), "talking")
            self.reading_engine = self.parts.engine("text")
        self.reading_bar = self._bar("reading", "read")
        self.reading = gr.HTML("", apply_default_css=False)
        self.reading_outcome = gr.State(None)
        self.reading_keep = self.parts.keeping("extraction")
