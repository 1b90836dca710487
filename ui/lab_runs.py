"""What running does on the lab's page: variants column by column, a grid, many briefs, a reading; each can be stopped.

The work is `pipelines.lab`'s; here it is watched, counted among what a visitor may ask for, and shown. `ui.lab` joins the
events.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines import lab, lab_cases
from pipelines.lab import BriefOutcome, LabError, Outcome, Progress, Variant
from pipelines.lab_briefs import MOST_BRIEFS, read_briefs, table_csv
from pipelines.lab_settings import check_asking, parse_axis
from pipelines.lab_sheet import contact_sheet
from pipelines.prompts import writer_source
from slots.schema import Language
from ui import lab_html
from ui.lab_html import failure
from ui.lab_layout import LONGEST_MESSAGE, PLAYED
from ui.lab_parts import LETTERS, Column, Desk, kept, skipped, variant_of
from ui.lab_source import EXAMPLE, LabSource, Said
from ui.lab_texts import lt
from ui.limits import Reached
from ui.problems import explain

EVERY = 0.25
"""Seconds between two looks at work that goes on."""


class LabRuns(LabSource):
    """The page's handlers that run models."""

    def _waiter(self, tab: str, button: str) -> Callable[..., Any]:
        """What a press of the button shows until the run's turn has come."""

        def wait(desk: Desk, language: Language) -> Any:
            waits = desk.wait(tab, button)
            return lab_html.working_html(None, language, lt(language, "waiting")) if waits else gr.skip()

        return wait

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
                    answers[place] = column.shown(
                        lab_html.error_html(explain(error, language), language), None, *_no_pictures(kind)
                    )

            def page(bar: str) -> list[Any]:
                nothing = [answers.get(n) or skipped(column) for n, column in enumerate(columns)]
                answers.clear()
                return [bar, *(part for column in nothing for part in column)]

            button = columns[0].letter if len(columns) == 1 else ""
            signal, started = desk.begin(kind, button), time.monotonic()
            try:
                if signal.is_set():
                    yield page(lab_html.note_html(lt(language, "stopped")))
                    return
                self._allow(list(variants.values()), visitor, request)
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
            except Reached as reached:
                yield page(lab_html.note_html(reached.words(language), "bad"))
            finally:
                signal.set()
                desk.end(kind, button)

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

    def _typed(self, kind: str, letter: str, values: Sequence[Any]) -> dict[str, Any]:
        """The fields of a letter from all columns' values. Raises LabError."""
        rest = list(values)
        for column in (*self.text["columns"], *self.scene["columns"]):
            own, rest = rest[: len(column.fields)], rest[len(column.fields) :]
            if (column.kind, column.letter) == (kind, letter):
                return dict(zip(column.fields, own, strict=True))
        raise LabError("no_letter", letter=letter, choices=", ".join(LETTERS))

    def _run_grid(
        self, source: dict[str, Any], language: Language, desk: Desk, visitor: Any, request: gr.Request, kind: str,
        base: str, axis_a: str, values_a: str, axis_b: str, values_b: str, *values: Any,
    ) -> Iterator[list[Any]]:  # fmt: skip
        """Cell after cell; the sheet or table grows."""
        skip = gr.skip()
        signal = desk.begin("grid")
        try:
            if signal.is_set():
                yield [lab_html.note_html(lt(language, "stopped")), skip, skip]
                return
            variant = variant_of(kind, self._typed(kind, base, values), source)
            a = parse_axis(kind, axis_a, values_a)
            b = parse_axis(kind, axis_b, values_b) if axis_b else None
            grid = lab.grid(variant, a, b)
            self._allow(grid.variants, visitor, request)
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
            yield [lab_html.error_html(explain(error, language), language), skip, skip]
        finally:
            signal.set()
            desk.end("grid")

    def _sheet(self, grid: lab.Grid, done: list[Outcome], language: Language) -> tuple[Any, Any]:
        """(contact sheet, table) of what is there."""
        if grid.base.kind == "text":
            return gr.Image(None, visible="hidden"), lab_html.grid_html(grid, done, language)
        down = grid.axis_b.values if grid.axis_b else ("",)
        labels = [lab_html.axis(grid.axis_b.name, v, language) if grid.axis_b else "" for v in down]
        notes = [
            failure(o, language)
            or f"{lab_html.percent(o.facts.get('wanted_share', 0))} · {o.timings.get('generate', 0):.1f} s"
            for o in done
        ]
        sheet = contact_sheet(
            [o.poster or o.picture for o in done],
            [lab_html.axis(grid.axis_a.name, v, language) for v in grid.axis_a.values],
            labels,
            notes,
        )
        errors = dict.fromkeys(failure(o, language) for o in done if o.error)
        told = "".join(lab_html.error_html(error, language) for error in errors)
        return gr.Image(sheet, visible=True), told

    def _run_batch(
        self, language: Language, desk: Desk, visitor: Any, request: gr.Request, origin: str, file: str | None,
        letters: list[str], same: bool, *values: Any,
    ) -> Iterator[list[Any]]:  # fmt: skip
        """Brief after brief, for each in every chosen variant's way; the table grows."""
        skip, hidden = gr.skip(), gr.DownloadButton(visible="hidden")
        signal = desk.begin("batch")
        done: list[BriefOutcome] = []
        try:
            if signal.is_set():
                yield [lab_html.note_html(lt(language, "stopped")), skip, skip]
                return
            ways = self._ways(letters, same, values)
            rows = self._rows(origin, file)
            number = sum(row.brief is not None for row in rows)
            self._allow([variant for _, variant in ways for _ in range(number)], visitor, request)
            total = number * len(ways) + len(rows) - number
            started, last = time.monotonic(), 0.0
            yield [lab_html.working_html(None, language), "", hidden]
            work = lab.watched(
                lambda on_step: lab.over_briefs(
                    self.studio, rows, [way for way, _ in ways], engines=self.engines, on_step=on_step
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
                    Progress(len(done), total), language, lt(language, "batch_progress", done=len(done), total=total),
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
        except Reached as reached:
            yield [lab_html.note_html(reached.words(language), "bad"), skip, skip]
        except Said as said:
            yield [lab_html.error_html(lt(language, said.key), language), skip, skip]
        except Exception as error:
            yield [lab_html.error_html(explain(error, language), language), skip, skip]
        finally:
            signal.set()
            desk.end("batch")

    def _ways(self, letters: Sequence[str], same: bool, values: Sequence[Any]) -> list[tuple[lab.Way, Variant]]:
        """The chosen variants, each as a way to write. Raises Said where none is chosen, and LabError."""
        if not letters:
            raise Said("batch_no_letter")
        found = []
        for letter in sorted(letters):
            typed = self._typed("text", letter, values)
            if not same:  # each brief has its own prompt; only the settings count
                typed["prompt"] = writer_source(EXAMPLE)
            variant = variant_of("text", typed, {})
            found.append((lab.Way(variant.settings, str(variant.source["prompt"]) if same else None, letter), variant))
        return found

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
        self, language: Language, desk: Desk, visitor: Any, request: gr.Request, message: str, asking: str, talking: bool,
        model: str, backend: str,
    ) -> Iterator[list[Any]]:  # fmt: skip
        """One message, stage by stage."""
        signal, started = desk.begin("reading"), time.monotonic()
        try:
            if signal.is_set():
                yield [lab_html.note_html(lt(language, "stopped")), gr.skip(), gr.skip()]
                return
            source = {"message": (message or "")[:LONGEST_MESSAGE], "asking": check_asking(asking)}
            variant = Variant("extraction", source, {"talking": bool(talking), "model": model, "backend": backend})
            self._allow([variant], visitor, request, words=str(source["message"]))
            yield [lab_html.working_html(None, language), gr.skip(), gr.skip()]
            outcome = lab.run_variant(self.studio, variant, self.engines)
            if signal.is_set():  # a reading takes no steps: what was stopped is not shown
                yield [lab_html.note_html(lt(language, "stopped")), gr.skip(), gr.skip()]
                return
            good = not outcome.error
            words = lt(language, "done", seconds=f"{time.monotonic() - started:.2f}")
            html = lab_html.outcome_html(outcome, language, self.catalog)
            yield [lab_html.note_html(words, "good") if good else "", html, outcome if good else None]
        except Reached as reached:
            yield [lab_html.note_html(reached.words(language), "bad"), gr.skip(), gr.skip()]
        except Exception as error:
            yield ["", lab_html.error_html(explain(error, language), language), None]
        finally:
            desk.end("reading")


def _picture(picture: Any) -> Any:
    return gr.Image(picture, visible=True) if picture is not None else gr.Image(None, visible="hidden")


def _no_pictures(kind: str) -> list[Any]:
    return [gr.Image(None, visible="hidden")] * 2 if kind == "scene" else []
