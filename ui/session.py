"""What one visitor has said and asked for: Session (immutable), Job (one making), Line (who is making right now).

Knows nothing of Gradio's screens. Sessions and jobs live in a visitor's own `gr.State`; only the Line is common to
all, and it holds nothing of theirs but a count.
"""

import itertools
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from slots.brief import Brief
from slots.schema import Language
from slots.state import Note, State

MAX_SEED = 2**31 - 1
NEW_SEEDS = 1_000_000
"""Seeds that nobody chose are below this: short enough to be written down."""


def pack_of(brief: Brief) -> str:
    """What a cost belongs to: another size or another currency has another cost."""
    currency = brief.price.currency if brief.price else ""
    return "|".join((brief.product, str(brief.size or ""), brief.packaging or "", currency))


@dataclass(frozen=True, eq=False)
class Session:
    """One visitor's conversation. Every copy has its own serial, so that Gradio notices each change."""

    dialogue: State
    screen: Language = "es"
    screen_fixed: bool = False
    """True once the visitor chose the screens' language; until then the screens follow the conversation."""
    log: tuple[tuple[str, str], ...] = ()
    """(role, words) of the conversation so far, for the record."""
    notes: tuple[Note, ...] = ()
    """The remarks of the conversation so far, each once."""
    brief: Brief | None = None
    """The last confirmed brief."""
    confirmed: int = 0
    """How many briefs were confirmed; a job belongs to one of them."""
    first: bool = False
    """Whether the last confirmed brief is the first one of its conversation: no promotion was made in it before."""
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    """What the visitor pays for a piece, by `pack_of` the brief."""
    serial: int = field(init=False, default_factory=lambda: secrets.randbits(62))

    def __hash__(self) -> int:
        return self.serial

    def with_(self, **changes: Any) -> "Session":
        """A copy with some fields changed and a serial of its own."""
        return replace(self, **changes)

    def cost(self, brief: Brief) -> Decimal | None:
        """The visitor's own cost of what a brief sells; None when they gave none."""
        return self.costs.get(pack_of(brief))

    def with_cost(self, brief: Brief, cost: Decimal | None) -> "Session":
        """A copy that knows the visitor's own cost; None goes back to the catalogue's."""
        rest = {pack: known for pack, known in self.costs.items() if pack != pack_of(brief)}
        return self.with_(costs=rest if cost is None else {**rest, pack_of(brief): cost})

    @classmethod
    def new(cls, screen: Language = "es") -> "Session":
        return cls(State.new(language=screen), screen)


@dataclass(frozen=True)
class Settings:
    """What the visitor chose beside the brief. `seed` None: a new one each time; `strength` None: the model's own."""

    images: int = 2
    seed: int | None = None
    strength: float | None = None
    photo: str | None = None
    """A file of the visitor's, to be checked and cut out."""
    own_photo: Path | None = None
    """The folder of an earlier promotion whose photo, cut out already, is used as it is."""
    layout: str = "hero"
    format: str = "1:1"
    scene: str = "place"
    style: str = "illustrated"


class Desk:
    """What a visitor looks at right now, changed in place and kept in their own State: answers that come late can see
    that a newer making has begun.
    """

    def __init__(self) -> None:
        self.makings = 0
        self.chosen = 0
        """The poster in front, from 0."""


class Job:
    """One making of one confirmed brief. `stop` may be set from anywhere and is seen within one diffusion step."""

    _ids = itertools.count(1)

    def __init__(self, session: Session, settings: Settings, *, again: bool = False) -> None:
        assert session.brief is not None
        self.id = next(self._ids)
        self.number = session.confirmed
        self.brief = session.brief
        self.settings = settings
        self.seed = settings.seed if settings.seed is not None else secrets.randbelow(NEW_SEEDS)
        self.conversation = session.log
        self.notes = session.notes
        self.screen: Language = session.screen
        self.again = again
        self.finished = False
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def stopped(self) -> bool:
        return self._stop.is_set()

    def __deepcopy__(self, memo: dict[int, Any]) -> "Job":
        return self


class LineFull(Exception):
    """As many are waiting as may wait."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} are waiting already")
        self.waiting = waiting


class Line:
    """Who is making, and who waits, in order of arrival. `places` work at the same time, at most `most` wait."""

    def __init__(self, places: int = 1, most: int = 12) -> None:
        self.places, self.most = places, most
        self._tickets: list[int] = []
        self._ids = itertools.count(1)
        self._moved = threading.Condition()

    def ahead(self) -> int:
        """How many would have to finish before one who joined now; 0 when a place is free."""
        with self._moved:
            return max(0, len(self._tickets) - self.places + 1)

    def join(self) -> int:
        """A ticket. Raises LineFull when too many wait."""
        with self._moved:
            waiting = len(self._tickets) - self.places
            if waiting >= self.most:
                raise LineFull(waiting)
            ticket = next(self._ids)
            self._tickets.append(ticket)
            return ticket

    def position(self, ticket: int) -> int:
        """How many are before this ticket; 0 when its turn has come."""
        with self._moved:
            return max(0, self._tickets.index(ticket) - self.places + 1)

    def wait(self, ticket: int, seconds: float) -> int:
        """Waits until the line moves, at most `seconds`; gives the position."""
        with self._moved:
            before = self._tickets.index(ticket)
            self._moved.wait_for(lambda: self._tickets.index(ticket) != before, timeout=seconds)
        return self.position(ticket)

    def leave(self, ticket: int) -> None:
        """Gives the place back; a ticket that is not in the line is no error."""
        with self._moved:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                self._moved.notify_all()
