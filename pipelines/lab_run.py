"""Runs one variant of the lab and tells all that came out, also the error: a variant that fails spoils no other.

Knows no screen; the models come from `lab_engines.Engines`.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipelines.backends.base import OnStep, Stopped, TextBackend
from pipelines.lab_engines import Engines
from pipelines.lab_errors import LabError
from pipelines.lab_scene import run_scene
from pipelines.lab_settings import check_asking, settings_of
from pipelines.lab_trace import Trace, extraction_stages
from pipelines.lab_variant import Clock, Outcome, Variant, about
from pipelines.lab_writing import run_text


def run_variant(
    studio: Any, variant: Variant, engines: Engines | None = None, on_step: OnStep | None = None
) -> Outcome:
    """Runs one variant. Whatever fails stands in the Outcome's `error`; stopping (`on_step` says False) in `stopped`."""
    engines = engines or Engines(studio)
    try:
        if variant.kind == "text":
            return run_text(studio, variant, engines, on_step)
        if variant.kind == "scene":
            return run_scene(studio, variant, engines, on_step)
        return _run_extraction(studio, variant, engines)
    except Stopped:
        return Outcome(variant, stopped=True)
    except Exception as error:  # shown in the variant's own column; the others go on
        return Outcome(variant, error=told(error), cause=error)


def told(error: BaseException) -> str:
    """An error for its column: as it is where it was written for people, else with its kind."""
    from pipelines.backends.base import BackendError
    from pipelines.models import ModelError
    from pipelines.records import RecordError
    from pipelines.scene_judge import JudgeError

    if isinstance(error, LabError | BackendError | ModelError | RecordError | JudgeError):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _run_extraction(studio: Any, variant: Variant, engines: Engines) -> Outcome:
    settings = settings_of("extraction", variant.settings)
    clock = Clock()
    backend = engines.text(settings.model, settings.backend)
    clock.mark("load")
    trace = _trace(backend, studio.catalog, variant.source, settings.talking)
    clock.mark("generate")
    return Outcome(variant, trace=trace, timings=clock.seconds, model=about(backend))


def _trace(backend: TextBackend, catalog: Any, source: Mapping[str, Any], talking: bool) -> Trace:
    def generate(sources: list[str]) -> list[str]:
        return [outputs[0] for outputs in backend.generate(sources)]

    started = time.perf_counter()
    asking = check_asking(source.get("asking"))
    trace = extraction_stages(str(source["message"]), asking, generate, catalog, talking=talking)
    return replace(trace, seconds=round(time.perf_counter() - started, 4), model=about(backend))


@dataclass(frozen=True)
class Progress:
    """How far the work in hand is."""

    step: int
    steps: int


def watched(work: Callable[[OnStep], Iterator[Any]], stopped: Callable[[], bool]) -> Iterator[Any]:
    """Runs `work` in a thread and yields its results, and a Progress for each step between them.

    `work` is handed the `on_step` that it must pass on. Leaving the iteration, or `stopped`, ends it within one step.
    """
    left = threading.Event()
    events: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_step(step: int, steps: int) -> bool:
        events.put(("step", Progress(step, steps)))
        return not (left.is_set() or stopped())

    def run() -> None:
        try:
            for result in work(on_step):
                events.put(("result", result))
                if left.is_set():
                    break
        except BaseException as error:  # handed over to whoever iterates
            events.put(("error", error))
        finally:
            events.put(("end", None))

    threading.Thread(target=run, name="promo-studio-lab", daemon=True).start()
    try:
        while True:
            kind, value = events.get()
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
    finally:
        left.set()
