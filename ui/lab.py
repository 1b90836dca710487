"""The prompt lab, a page of its own: variants side by side, grids, many briefs, and how a message is read.

    build_lab(demo, studio, cases)      # after the main page is built, outside its Blocks

Everything that runs a model waits in lines of its own (`lab-text`, `lab-scene`), is stopped by its own button, and is
`pipelines.lab`'s work: here it is only put on the page.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines import lab, lab_cases
from pipelines.lab import MOST_VARIANTS, BriefOutcome, Engines, LabError, Outcome, Progress, Variant
from pipelines.lab_briefs import MOST_BRIEFS, read_briefs, table_csv
from pipelines.lab_settings import check_asking, parse_axis
from pipelines.lab_sheet import contact_sheet
from slots.schema import Language
from ui import lab_html
from ui.frame import LAB, LANGUAGE_SCRIPT, STUDIO
from ui.lab_layout import LONGEST_MESSAGE, PLAYED, Mine, Own
from ui.lab_parts import (
    LETTERS,
    Column,
    Desk,
    Keeping,
    kept,
    skipped,
    variant_of,
)
from ui.lab_source import LabSource, Said, in_words
from ui.lab_texts import lt
from ui.limits import Limits, Reached

if TYPE_CHECKING:
    from pipelines.studio import Studio

log = logging.getLogger("promo_studio")

WRITERS, PAINTERS = 2, 1
"""Texts and readings, and pictures, that the lab makes at the same time."""
EVERY = 0.25
"""Seconds between two looks at work that goes on."""


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
) -> "LabPage":
    """Adds the page at /lab. To be called outside of any Blocks context, after the main page.

    `cases`: a CaseStore, or a function that opens one at its first use; None: nothing is kept. `own(visitor's key, id)`:
    a promotion where it is the visitor's, else None; without it whoever has the id (64 random bits) may load it.
    `mine(visitor's key)`: ids to choose from, newest first. `pages`: what the head links to. `engines`: models to run.
    `limits`: what a visitor may ask for; the lab's pictures count as posters. None: no limit.
    """
    page = LabPage(studio, cases, own, mine, pages, engines or Engines(studio), limits)
    with demo.route(lt("es", "title"), LAB, show_in_navbar=False):
        page.build(demo)
    return page


class LabPage(LabSource):
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
        demo.load(
            self._open, [self.visitor, self.chosen, self.who_kept],
            [self.language, self.own_list, self.case_list, self.who, self.typed, *filled], **talkers,
        )  # fmt: skip
        picked = [self.visitor, self.language, self.typed, self.own_list, self.case_list]
        for trigger, way in (
            (self.load.click, "typed"), (self.typed.submit, "typed"),
            (self.own_list.input, "own"), (self.case_list.input, "case"),
        ):  # fmt: skip
            trigger(self._loader(way), picked, filled, **talkers)
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
        self.grid_bar["run"].click(
            self._run_grid, [self.source, self.language, self.desk, *grid, *everything],
            [self.grid_bar["progress"], self.sheet, self.grid_table], **{**quiet, **lines["scene"]},
        )  # fmt: skip
        self.batch_bar["run"].click(
            self._run_batch,
            [self.language, self.desk, self.batch_from, self.batch_file, self.batch_base, self.batch_prompt,
             *(f for c in self.text["columns"] for f in c.inputs)],
            [self.batch_bar["progress"], self.batch_table, self.batch_download], **{**quiet, **lines["text"]},
        )  # fmt: skip
        reading = [self.language, self.desk, self.message, self.asking, self.talking, *self.reading_engine.values()]
        for trigger in (self.reading_bar["run"].click, self.message.submit):
            trigger(
                self._run_reading, reading, [self.reading_bar["progress"], self.reading, self.reading_outcome],
                **{**quiet, **lines["text"]},
            )  # fmt: skip
        for name, bar in (("grid", self.grid_bar), ("batch", self.batch_bar), ("reading", self.reading_bar)):
            bar["stop"].click(self._stopper(name), [self.desk, self.language], bar["progress"], queue=False, **quiet)
        self._keep_events(self.reading_keep, [self.reading_outcome], talkers)

    def _variant_events(self, kind: str, tab: dict[str, Any], line: dict[str, Any], talkers: dict[str, Any]) -> None:
        columns: list[Column] = tab["columns"]
        common = [self.source, self.language, self.desk, self.visitor, tab["number"]]
        tab["run"].click(
            self._runner(kind, columns),
            [*common, *(field for column in columns for field in column.inputs)],
            [tab["progress"], *(out for column in columns for out in column.outputs)],
            **line,
        )
        for number, column in enumerate(columns):
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
            self._saver(bool(which)), [self.language, self.who, keep.name, *which, *outcomes],
            [keep.status, self.case_list], trigger_mode="once", **talkers,
        )  # fmt: skip
        keep.vote.click(
            self._voter(bool(which)),
            [self.language, self.who, keep.part, keep.thumb, keep.stars, keep.comment, *which, *outcomes],
            keep.status, trigger_mode="once", **talkers,
        )  # fmt: skip

    # ---------------------------------------------------------------- running

    def _stopper(self, tab: str) -> Callable[..., Any]:
        def stop(desk: Desk, language: Language) -> Any:
            return lab_html.note_html(lt(language, "stopping")) if desk.stop(tab) else gr.skip()

        return stop

    def _runner(self, kind: str, columns: list[Column]) -> Callable[..., Iterator[list[Any]]]:
        """The event that runs some columns: one after the other, each shown when it is there."""

        def run(
            source: dict[str, Any], language: Language, desk: Desk, visitor: Any, request: gr.Request, number: str,
            *values: Any,
        ) -> Iterator[list[Any]]:  # fmt: skip
            answers: dict[int, list[Any]] = {}
            variants: dict[int, Variant] = {}
            rest = list(values)
            for place, column in enumerate(columns):
                own, rest = rest[: len(column.fields)], rest[len(column.fields) :]
                if len(columns) > 1 and place >= int(number):
                    continue
                try:
                    variants[place] = variant_of(kind, dict(zip(column.fields, own, strict=True)), source)
                except LabError as error:
                    answers[place] = column.shown(lab_html.error_html(str(error), language), None, *_no_pictures(kind))

            try:
                self._allow(len(variants) if kind == "scene" else 0, visitor, request)
            except Reached as reached:
                yield [lab_html.note_html(reached.words(language), "bad"), *(p for c in columns for p in skipped(c))]
                return

            def page(bar: str) -> list[Any]:
                nothing = [answers.get(n) or skipped(column) for n, column in enumerate(columns)]
                answers.clear()
                return [bar, *(part for column in nothing for part in column)]

            signal, started = desk.begin(kind), time.monotonic()
            try:
                for place in variants:
                    words = lab_html.working_html(None, language, lt(language, "waiting"))
                    answers[place] = columns[place].shown(words, None, *_no_pictures(kind))
                yield page(lab_html.working_html(None, language))
                for place, item in self._work(variants, signal):
                    column = columns[place]
                    if isinstance(item, Outcome):
                        answers[place] = self._answer(column, item, language)
                    else:
                        html = lab_html.working_html(item, language)
                        answers[place] = [html, *[gr.skip()] * (len(column.outputs) - 1)]
                    yield page(lab_html.working_html(None, language))
                stopped = signal.is_set()
                words = lt(language, "stopped") if stopped else lt(
                    language, "done", seconds=f"{time.monotonic() - started:.1f}"
                )  # fmt: skip
                yield page(lab_html.note_html(words, "" if stopped else "good"))
            finally:
                signal.set()
                desk.end(kind, signal)

        return run

    def _work(self, variants: dict[int, Variant], signal: Any) -> Iterator[tuple[int, Any]]:
        """(column, Progress or Outcome) of variants one after the other; after a stop the rest is told as stopped."""
        current = [next(iter(variants), 0)]

        def work(on_step: Any) -> Iterator[tuple[int, Outcome]]:
            for place, variant in variants.items():
                current[0] = place
                if signal.is_set():
                    yield place, Outcome(variant, stopped=True)
                else:
                    yield place, lab.run_variant(self.studio, variant, self.engines, on_step)

        last = 0.0
        for item in lab.watched(work, signal.is_set):
            if isinstance(item, Progress):
                now = time.monotonic()
                if now - last < EVERY:
                    continue
                last = now
                yield current[0], item
            else:
                yield item

    def _answer(self, column: Column, outcome: Outcome, language: Language) -> list[Any]:
        html = lab_html.outcome_html(outcome, language, self.catalog)
        remembered = None if outcome.error or outcome.stopped else kept(outcome)
        if column.kind == "text":
            return column.shown(html, remembered)
        return column.shown(html, remembered, *(_picture(p) for p in (outcome.picture, outcome.poster)))

    def _propose(self, kind: str, language: Language) -> list[Any]:
        a, a_values, b, b_values = PLAYED[kind]
        return [
            gr.Dropdown(choices=self._axes(kind, language), value=a), a_values,
            gr.Dropdown(choices=self._axes(kind, language, none=True), value=b), b_values,
        ]  # fmt: skip

    def _base(self, kind: str, letter: str, values: Sequence[Any], source: dict[str, Any]) -> Variant:
        """The variant of a letter from all columns' values. Raises LabError."""
        rest = list(values)
        for column in (*self.text["columns"], *self.scene["columns"]):
            own, rest = rest[: len(column.fields)], rest[len(column.fields) :]
            if (column.kind, column.letter) == (kind, letter):
                return variant_of(kind, dict(zip(column.fields, own, strict=True)), source)
        raise LabError(f"there is no variant {letter}; choose one of: {', '.join(LETTERS)}")

    def _run_grid(
        self, source: dict[str, Any], language: Language, desk: Desk, visitor: Any, request: gr.Request, kind: str,
        base: str, axis_a: str, values_a: str, axis_b: str, values_b: str, *values: Any,
    ) -> Iterator[list[Any]]:  # fmt: skip
        """Cell after cell; the sheet or table grows."""
        skip = gr.skip()
        signal = desk.begin("grid")
        try:
            variant = self._base(kind, base, values, source)
            a = parse_axis(kind, axis_a, values_a)
            b = parse_axis(kind, axis_b, values_b) if axis_b else None
            grid = lab.grid(variant, a, b)
            self._allow(len(grid.variants) if kind == "scene" else 0, visitor, request)
            done: list[Outcome] = []
            total, started, last = len(grid.variants), time.monotonic(), 0.0
            yield [lab_html.working_html(None, language), gr.Image(None, visible="hidden"), ""]
            for item in lab.watched(lambda on_step: grid.run(self.studio, self.engines, on_step), signal.is_set):
                if isinstance(item, Progress) and time.monotonic() - last < EVERY:
                    continue
                last = time.monotonic()
                fresh = isinstance(item, Outcome)
                if fresh and not item.stopped:
                    done.append(item)
                share = (len(done) + (0 if fresh else item.step / max(item.steps, 1))) / total
                bar = lab_html.working_html(
                    Progress(round(share * 1000), 1000), language,
                    lt(language, "grid_progress", done=len(done), total=total),
                )  # fmt: skip
                yield [bar, *(self._sheet(grid, done, language) if fresh else (skip, skip))]
            key = "stopped" if signal.is_set() else "done"
            words = lt(language, key) if key == "stopped" else lt(
                language, key, seconds=f"{time.monotonic() - started:.1f}"
            )  # fmt: skip
            yield [lab_html.note_html(words, "" if key == "stopped" else "good"), skip, skip]
        except Reached as reached:
            yield [lab_html.note_html(reached.words(language), "bad"), skip, skip]
        except Exception as error:
            yield [lab_html.error_html(in_words(error), language), skip, skip]
        finally:
            signal.set()
            desk.end("grid", signal)

    def _sheet(self, grid: lab.Grid, done: list[Outcome], language: Language) -> tuple[Any, Any]:
        """(contact sheet, table) of what is there."""
        if grid.base.kind == "text":
            return gr.Image(None, visible="hidden"), lab_html.grid_html(grid, done, language)
        down = grid.axis_b.values if grid.axis_b else ("",)
        labels = [lab_html.axis_label(grid.axis_b.name, v, language) if grid.axis_b else "" for v in down]
        notes = [
            o.error or f"{lab_html.percent(o.facts.get('wanted_share', 0))} · {o.timings.get('generate', 0):.1f} s"
            for o in done
        ]
        sheet = contact_sheet(
            [o.poster or o.picture for o in done],
            [lab_html.axis_label(grid.axis_a.name, v, language) for v in grid.axis_a.values],
            labels,
            notes,
        )
        errors = dict.fromkeys(o.error for o in done if o.error)
        told = "".join(lab_html.error_html(error, language) for error in errors)
        return gr.Image(sheet, visible=True), told

    def _run_batch(
        self, language: Language, desk: Desk, origin: str, file: str | None, base: str, same: bool, *values: Any
    ) -> Iterator[list[Any]]:
        """Brief after brief; the table grows."""
        skip, hidden = gr.skip(), gr.DownloadButton(visible="hidden")
        signal = desk.begin("batch")
        done: list[BriefOutcome] = []
        try:
            variant = self._base("text", base, values, {})
            rows = self._rows(origin, file)
            started, last = time.monotonic(), 0.0
            yield [lab_html.working_html(None, language), "", hidden]
            work = lab.watched(
                lambda on_step: lab.over_briefs(
                    self.studio, rows, variant.settings, prompt=str(variant.source["prompt"]) if same else None,
                    engines=self.engines, on_step=on_step,
                ),
                signal.is_set,
            )  # fmt: skip
            for item in work:
                if isinstance(item, BriefOutcome) and not (item.outcome and item.outcome.stopped):
                    done.append(item)
                if time.monotonic() - last < 2 * EVERY:
                    continue
                last = time.monotonic()
                bar = lab_html.working_html(
                    Progress(len(done), len(rows)), language,
                    lt(language, "batch_progress", done=len(done), total=len(rows)),
                )  # fmt: skip
                yield [bar, lab_html.batch_html(done, language, self.catalog), skip]
            words = lt(language, "stopped") if signal.is_set() else lt(
                language, "done", seconds=f"{time.monotonic() - started:.1f}"
            )  # fmt: skip
            table = self._csv_file("results.csv", table_csv(lab.BATCH_HEAD, lab.batch_table(done)))
            yield [
                lab_html.note_html(words, "" if signal.is_set() else "good"),
                lab_html.batch_html(done, language, self.catalog),
                gr.DownloadButton(lt(language, "batch_download"), value=table, visible=True) if done else hidden,
            ]
        except Said as said:
            yield [lab_html.error_html(lt(language, said.key), language), skip, skip]
        except Exception as error:
            yield [lab_html.error_html(in_words(error), language), skip, skip]
        finally:
            signal.set()
            desk.end("batch", signal)

    def _rows(self, origin: str, file: str | None) -> list[lab.Row]:
        if origin == "cases":
            if self.cases is None:
                raise Said("no_store")
            rows = lab_cases.rows_of(self.cases.cases(limit=1000), self.catalog, MOST_BRIEFS)
            if not rows:
                raise Said("batch_no_cases")
            return rows
        if not file:
            raise Said("batch_none")
        return read_briefs(Path(file).read_bytes(), self.catalog)

    def _run_reading(
        self, language: Language, desk: Desk, message: str, asking: str, talking: bool, model: str, backend: str
    ) -> Iterator[list[Any]]:
        """One message, stage by stage."""
        signal, started = desk.begin("reading"), time.monotonic()
        try:
            source = {"message": (message or "")[:LONGEST_MESSAGE], "asking": check_asking(asking)}
            variant = Variant("extraction", source, {"talking": bool(talking), "model": model, "backend": backend})
            yield [lab_html.working_html(None, language), gr.skip(), gr.skip()]
            outcome = lab.run_variant(self.studio, variant, self.engines)
            good = not outcome.error
            words = lt(language, "done", seconds=f"{time.monotonic() - started:.2f}")
            html = lab_html.outcome_html(outcome, language, self.catalog)
            yield [lab_html.note_html(words, "good") if good else "", html, outcome if good else None]
        except Exception as error:
            yield ["", lab_html.error_html(in_words(error), language), None]
        finally:
            desk.end("reading", signal)


def _picture(picture: Any) -> Any:
    return gr.Image(picture, visible=True) if picture is not None else gr.Image(None, visible="hidden")


def _no_pictures(kind: str) -> list[Any]:
    return [gr.Image(None, visible="hidden")] * 2 if kind == "scene" else []


def _copier(number: int) -> Callable[..., list[Any]]:
    """Copies a column's fields to the next one, which is shown."""

    def copy(shown: str, *values: Any) -> list[Any]:
        following = (number + 1) % MOST_VARIANTS
        return [str(max(int(shown), following + 1)), *values]

    return copy
