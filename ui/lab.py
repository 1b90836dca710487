"""The prompt lab, a page of its own: variants side by side, grids, many briefs, and how a message is read.

    build_lab(demo, studio, cases)      # after the main page is built, outside its Blocks

Everything that runs a model waits in lines of its own (`lab-text`, `lab-scene`), is stopped by its own button, and is
`pipelines.lab`'s work: here it is only put on the page.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.lab import MOST_VARIANTS, Engines
from ui.frame import LAB, LANGUAGE_SCRIPT, STUDIO
from ui.lab_layout import Mine, Notice, Own
from ui.lab_parts import (
    Column,
    Keeping,
)
from ui.lab_runs import LabRuns
from ui.lab_texts import lt
from ui.limits import Limits

if TYPE_CHECKING:
    from pipelines.studio import Studio

WRITERS, PAINTERS = 2, 1
"""Texts and readings, and pictures, that the lab makes at the same time."""


def build_lab(
    demo: gr.Blocks,
    studio: "Studio",
    cases: Any = None,
    *,
    own: Own | None = None,
    mine: Mine | None = None,
    pages: tuple[str, ...] = (STUDIO, LAB),
    engines: Engines | None = None,
    limits: Limits | None = None,
    notice: Notice | None = None,
) -> "LabPage":
    """Adds the page at /lab. To be called outside of any Blocks context, after the main page.

    `cases`: a CaseStore, or a function that opens one at its first use; None: nothing is kept. `own(visitor's key, id)`:
    a promotion where it is the visitor's, else None; without it whoever has the id (64 random bits) may load it.
    `mine(visitor's key)`: ids to choose from, newest first. `pages`: what the head links to. `engines`: models to run.
    `limits`: what a visitor may ask for; the lab's pictures count as posters. None: no limit.
    `notice`: what the page says of the store.
    """
    page = LabPage(studio, cases, own, mine, pages, engines or Engines(studio), limits, notice)
    with demo.route(lt("es", "title"), LAB, show_in_navbar=False):
        page.build(demo)
    return page


class LabPage(LabRuns):
    """The page's events."""

    def build(self, demo: gr.Blocks) -> None:
        """Components and events; to be called inside the page's route."""
        self._lay_out()
        self._events(demo)

    # ---------------------------------------------------------------- events

    def _events(self, demo: gr.Blocks) -> None:
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        lines: dict[str, dict[str, Any]] = {
            "text": {"concurrency_id": "lab-text", "concurrency_limit": WRITERS},
            "scene": {"concurrency_id": "lab-scene", "concurrency_limit": PAINTERS},
        }
        talkers: dict[str, Any] = {"concurrency_id": "lab-page", "concurrency_limit": 8, **quiet}
        filled = self._filled()
        opened = demo.load(
            self._open, [self.visitor, self.chosen, self.who_kept],
            [self.visitor, self.language, self.store, self.own_list, self.case_list, self.who, self.typed, *filled], **talkers,
        )  # fmt: skip
        picked = [self.visitor, self.language, self.typed, self.own_list, self.case_list]
        loads = [
            trigger(self._loader(way), picked, filled, **talkers)
            for trigger, way in (
                (self.load.click, "typed"), (self.typed.submit, "typed"),
                (self.own_list.input, "own"), (self.case_list.input, "case"),
            )
        ]  # fmt: skip
        scenes = self.scene["columns"]
        for loaded in (opened, *loads):
            loaded.then(
                self._await_image, None, None, **{**quiet, "concurrency_id": "lab-image", "concurrency_limit": 32}
            ).then(
                self._open_scene,
                [self.source, *(column.fields["prompt"] for column in scenes)],
                [field for column in scenes for field in column.inputs],
                **talkers,
            )
        self.promotion_save.click(
            self._save_promotion, [self.language, self.visitor, self.who, self.promotion_name, self.source],
            [self.promotion_told, self.case_list], trigger_mode="once", **talkers,
        )  # fmt: skip
        self.language.input(lambda language: language, self.language, self.chosen, **talkers)
        outcomes = [column.outcome for column in (*self.text["columns"], *self.scene["columns"])]
        self.language.change(
            self._relabel,
            [self.language, self.source, self.grid_kind, *outcomes, self.reading_outcome],
            [*self.parts.words.components, self.loaded, self.axis_a, self.axis_b,
             *(c.result for c in (*self.text["columns"], *self.scene["columns"])), self.reading],
            **talkers,
        )  # fmt: skip
        self.language.change(None, self.language, None, js=LANGUAGE_SCRIPT, queue=False, api_visibility="private")
        self.who.change(lambda who: (who or "")[:200], self.who, self.who_kept, **talkers)
        for kind, tab in (("text", self.text), ("scene", self.scene)):
            self._variant_events(kind, tab, {**quiet, **lines[kind]}, talkers)
        schedulers = [column.fields["scheduler"] for column in self.scene["columns"]]
        self.scene_tab.select(self._schedulers, self.language, schedulers, **{**quiet, **lines["scene"]})
        everything = [f for c in (*self.text["columns"], *self.scene["columns"]) for f in c.inputs]
        grid = [self.grid_kind, self.grid_base, self.axis_a, self.values_a, self.axis_b, self.values_b]
        self.grid_kind.input(
            self._propose, [self.grid_kind, self.language],
            [self.axis_a, self.values_a, self.axis_b, self.values_b], **talkers,
        )  # fmt: skip
        self._wait_on("grid", self.grid_bar["run"].click, self.grid_bar["progress"])
        self.grid_bar["run"].click(
            self._run_grid, [self.source, self.language, self.desk, self.visitor, *grid, *everything],
            [self.grid_bar["progress"], self.sheet, self.grid_table], **{**quiet, **lines["scene"]},
        )  # fmt: skip
        self._wait_on("batch", self.batch_bar["run"].click, self.batch_bar["progress"])
        self.batch_bar["run"].click(
            self._run_batch,
            [self.language, self.desk, self.visitor, self.batch_from, self.batch_file, self.batch_base, self.batch_prompt,
             *(f for c in self.text["columns"] for f in c.inputs)],
            [self.batch_bar["progress"], self.batch_table, self.batch_download], **{**quiet, **lines["text"]},
        )  # fmt: skip
        reading = [
            self.language,
            self.desk,
            self.visitor,
            self.message,
            self.asking,
            self.talking,
            *self.reading_engine.values(),
        ]
        for trigger in (self.reading_bar["run"].click, self.message.submit):
            self._wait_on("reading", trigger, self.reading_bar["progress"])
            trigger(
                self._run_reading, reading, [self.reading_bar["progress"], self.reading, self.reading_outcome],
                **{**quiet, **lines["text"]},
            )  # fmt: skip
        for name, bar in (("grid", self.grid_bar), ("batch", self.batch_bar), ("reading", self.reading_bar)):
            bar["stop"].click(self._stopper(name), [self.desk, self.language], bar["progress"], queue=False, **quiet)
        self._keep_events(self.reading_keep, [self.reading_outcome], talkers)

    def _wait_on(self, tab: str, trigger: Callable[..., Any], progress: Any, button: str = "") -> None:
        """Answers a press at once, outside the lines; to be called before the run itself is joined to the same press."""
        trigger(
            self._waiter(tab, button), [self.desk, self.language], progress, queue=False, api_visibility="private",
            show_progress="hidden", trigger_mode="once",
        )  # fmt: skip

    def _variant_events(self, kind: str, tab: dict[str, Any], line: dict[str, Any], talkers: dict[str, Any]) -> None:
        columns: list[Column] = tab["columns"]
        common = [self.source, self.language, self.desk, self.visitor, tab["number"]]
        self._wait_on(kind, tab["run"].click, tab["progress"])
        tab["run"].click(
            self._runner(kind, columns),
            [*common, *(field for column in columns for field in column.inputs)],
            [tab["progress"], *(out for column in columns for out in column.outputs)],
            **line,
        )
        for number, column in enumerate(columns):
            self._wait_on(kind, column.run.click, tab["progress"], column.letter)
            column.run.click(
                self._runner(kind, [column]),
                [*common, *column.inputs],
                [tab["progress"], *column.outputs],
                **line,
            )
            following = columns[(number + 1) % len(columns)]
            column.copy.click(
                _copier(number), [tab["number"], *column.inputs], [tab["number"], *following.inputs], **talkers
            )
        tab["stop"].click(
            self._stopper(kind), [self.desk, self.language], tab["progress"], queue=False,
            api_visibility="private", show_progress="hidden",
        )  # fmt: skip
        self._keep_events(tab["keep"], [column.outcome for column in columns], talkers)

    def _keep_events(self, keep: Keeping, outcomes: list[Any], talkers: dict[str, Any]) -> None:
        which = [keep.which] if keep.which is not None else []
        keep.save.click(
            self._saver(bool(which)), [self.language, self.visitor, self.who, keep.name, *which, *outcomes],
            [keep.status, self.case_list], trigger_mode="once", **talkers,
        )  # fmt: skip
        keep.vote.click(
            self._voter(bool(which)),
            [self.language, self.visitor, self.who, keep.part, keep.thumb, keep.stars, keep.comment, *which, *outcomes],
            keep.status, trigger_mode="once", **talkers,
        )  # fmt: skip


def _copier(number: int) -> Callable[..., list[Any]]:
    """Copies a column's fields to the next one, which is shown."""

    def copy(shown: str, *values: Any) -> list[Any]:
        following = (number + 1) % MOST_VARIANTS
        return [str(max(int(shown), following + 1)), *values]

    return copy
