"""Making as one visitor sees it: waits in the line, runs the studio, turns its events into what the page shows.

Knows the studio and the texts of the screens, no Gradio component: it yields Views, which ui.app puts on the page.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pipelines.promotion import MAX_IMAGES, Event, Promotion, Settings
from ui.limits import Reached
from ui.problems import explain
from ui.session import Job, Line, LineFull
from ui.texts import t

if TYPE_CHECKING:
    from pipelines.studio import Studio

Phase = Literal["waiting", "texts", "making", "done", "stopped", "failed"]


@dataclass(frozen=True)
class View:
    """What there is to see at one moment of a job."""

    phase: Phase
    event: Event | None = None
    promotion: Promotion | None = None
    ahead: int = 0
    seconds: float = 0.0
    problem: str = ""
    fresh: bool = False
    """Whether texts or posters came with this view: the rest only moves the bar."""


def make(
    studio: "Studio", line: Line, job: Job, previous: Promotion | None, admit: Callable[[], None] = lambda: None
) -> Generator[View, None, None]:
    """Runs a job to its end. Leaving the iteration (the page was closed) stops the work; errors become a View.

    `admit` counts it against the visitor's limits once it has a place in the line, and raises Reached where it is too much.
    """
    started = time.monotonic()
    ticket: int | None = None
    promotion: Promotion | None = None
    events: Iterator[Event] | None = None
    left = False

    def end() -> None:
        """Waits for the step in hand, then lets the next one in."""
        if events is not None:
            events.close()  # type: ignore[attr-defined]  # a generator
        if ticket is not None:
            line.leave(ticket)

    try:
        try:
            ticket = line.join()
        except LineFull as full:
            words = t(job.screen, "error_full", waiting=full.waiting, again=t(job.screen, "again"))
            yield View("failed", problem=words)
            return
        admit()
        ahead = line.position(ticket)
        while ahead and not job.stopped():
            yield View("waiting", ahead=ahead)
            ahead = line.wait(ticket, 0.5)
        if job.stopped():
            yield View("stopped")
            return
        yield View("texts")
        chosen = job.settings
        settings = Settings(
            images=min(chosen.images, MAX_IMAGES), seed=job.seed, strength=chosen.strength,
            layout=chosen.layout, format=chosen.format, scene=chosen.scene, style=chosen.style,
        )  # fmt: skip
        events = studio.promote(
            job.brief,
            settings,
            photo=photo(job),
            conversation=[{"role": role, "text": words} for role, words in job.conversation],
            stop=job.stopped,
            previous=None if job.again else previous,
        )
        for event in events:
            promotion = event.promotion
            phase: Phase = event.kind if event.kind in ("done", "stopped") else "making"
            fresh = event.kind != "step"
            yield View(phase, event, promotion, seconds=time.monotonic() - started, fresh=fresh)
    except GeneratorExit:
        left = True
        raise
    except Reached as reached:
        yield View("failed", problem=reached.words(job.screen))
    except Exception as error:
        yield View("failed", promotion=promotion, problem=t(job.screen, "error_make", error=explain(error, job.screen)))
    finally:
        job.stop()
        job.finished = True
        if left:
            # Gradio closes what a visitor left in the thread that serves everybody: nobody must wait there for a step
            threading.Thread(target=end, name="promo-studio-left", daemon=True).start()
        else:
            end()


def photo(job: Job) -> Any:
    """The visitor's own product photo: an earlier promotion's as it is, a file checked and cut out; None when there is none.

    Raises PhotoError or RecordError with the cure.
    """
    if job.settings.own_photo:
        from pipelines.compose import own_photo

        return own_photo(job.settings.own_photo)
    if not job.settings.photo:
        return None
    from pipelines.packshot import load_photo

    return load_photo(job.settings.photo)
