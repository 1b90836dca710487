"""How much one visitor may ask for, how long a making takes, and the door with a shared phrase.

Limits count in sliding windows, for the visitor and, five times wider, for their network address: an office shares one,
and a visitor who forgets their key is still counted. Everything is in memory and holds no words of anybody.
Knows nothing of Gradio's screens.
"""

import hashlib
import hmac
import math
import os
import statistics
import threading
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal

from slots.schema import Language
from ui.texts import t

Kind = Literal["posters", "texts", "requests", "tries"]

HOUR, MINUTE = 3600.0, 60.0
WIDER = 5
"""An address may ask for this many times what one visitor may."""
MOST_KEYS = 20_000
"""Counters kept; the one that was used longest ago goes first."""
TRIES, TRIES_SECONDS = 10, 300.0
"""Wrong phrases that one address may try, and in how many seconds."""
SHORTEST_PHRASE = 8

address: ContextVar[str] = ContextVar("promo_studio_address", default="")
"""Where the request that is being answered comes from; set by `ui.visitor.Doorman`."""


class LimitError(ValueError):
    """A setting in the environment makes no sense; the message names it and the cure."""


@dataclass(frozen=True)
class Allowance:
    """What one visitor may do; 0: no limit."""

    message: int = 10_000
    """Characters of one message."""
    posters: int = 0
    """Posters an hour."""
    texts: int = 0
    """Texts an hour that the lab writes."""
    requests: int = 0
    """Messages, searches, the lab's runs and calls a minute."""


HOME = Allowance()
"""On one's own machine."""
PUBLIC = Allowance(message=2_000, posters=24, texts=1_000, requests=40)
"""On a Space or behind a public link."""

_SETTINGS = {
    "message": "PROMO_MAX_MESSAGE",
    "posters": "PROMO_POSTERS_AN_HOUR",
    "texts": "PROMO_TEXTS_AN_HOUR",
    "requests": "PROMO_REQUESTS_A_MINUTE",
}


def allowance(public: bool, environ: Mapping[str, str] = os.environ) -> Allowance:
    """The limits: those of a public or a private place, changed by the environment. Raises LimitError with the cure."""
    chosen = PUBLIC if public else HOME
    for field, name in _SETTINGS.items():
        text = environ.get(name, "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise LimitError(f"{name} must be a whole number, 0 for no limit, not {text!r}")
        chosen = replace(chosen, **{field: int(text)})
    return chosen


class Reached(Exception):
    """A limit is reached. `seconds`: until it frees; 0 for one that does not: `size` is more than it ever allows."""

    def __init__(self, kind: str, most: int, seconds: float = 0.0, size: int = 0) -> None:
        super().__init__(f"{kind}: {most}")
        self.kind, self.most, self.seconds, self.size = kind, most, seconds, size

    def words(self, language: Language) -> str:
        """What happened, to what, and when it frees."""
        alone = "_alone" if self.size and self.kind != "message" else ""
        return t(
            language,
            f"limit_{self.kind}{alone}",
            most=f"{self.most:,}",
            size=f"{self.size:,}",
            when=span(max(1.0, self.seconds), language),
        )


def span(seconds: float, language: Language) -> str:
    """A length of time as people say it: '40 s', '3 min', '1 h 5 min'. Rounded up, so that nobody comes too early."""
    if seconds <= 90:
        return t(language, "span_seconds", n=math.ceil(seconds))
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return t(language, "span_minutes", n=minutes)
    return t(language, "span_hours", h=minutes // 60, m=minutes % 60)


class Limits:
    """Counts what visitors ask for. `clock` gives seconds."""

    def __init__(self, allowed: Allowance = HOME, clock: Callable[[], float] = time.monotonic) -> None:
        self.allowed, self._clock = allowed, clock
        self._used: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._counting = threading.Lock()

    def message(self, text: str) -> None:
        """Raises Reached for a message that is too long."""
        if self.allowed.message and len(text) > self.allowed.message:
            raise Reached("message", self.allowed.message, size=len(text))

    def take(self, kind: Literal["posters", "texts", "requests"], visitor: str, where: str, amount: int = 1) -> None:
        """Counts `amount` for a visitor and their address. Raises Reached, and counts nothing, where it would be too much."""
        most = getattr(self.allowed, kind)
        if most:
            if amount > most:  # waiting would not help
                raise Reached(kind, most, size=amount)
            window = MINUTE if kind == "requests" else HOUR
            self._take(kind, [(f"v:{visitor}", most), (f"a:{where}", most * WIDER)], window, amount)

    def _take(self, kind: Kind, keys: list[tuple[str, int]], window: float, amount: int) -> None:
        with self._counting:
            now = self._clock()
            for key, most in keys:
                used = self._window((kind, key), now - window)
                over = len(used) + amount - most
                if over > 0:
                    frees = used[min(over, len(used)) - 1] + window - now if used else window
                    raise Reached(kind, keys[0][1], frees)
            for key, _ in keys:
                self._used[kind, key].extend([now] * amount)

    def _window(self, key: tuple[str, str], since: float) -> deque[float]:
        used = self._used.setdefault(key, deque())
        self._used.move_to_end(key)
        while used and used[0] <= since:
            used.popleft()
        while len(self._used) > MOST_KEYS:
            self._used.popitem(last=False)
        return used


class Pace:
    """How long a making takes here: the running median of the last ones."""

    def __init__(self, kept: int = 25) -> None:
        self._seconds: deque[float] = deque(maxlen=kept)
        self._noting = threading.Lock()

    def note(self, seconds: float) -> None:
        """One making, from its turn to its end, came to its end."""
        with self._noting:
            self._seconds.append(seconds)

    def median(self) -> float | None:
        """Seconds of a making; None before the first one."""
        with self._noting:
            return statistics.median(self._seconds) if self._seconds else None

    def wait(self, ahead: int, places: int = 1) -> float | None:
        """Seconds until one's turn with `ahead` makings before it; None when nobody knows yet."""
        median = self.median()
        return None if median is None else math.ceil(ahead / max(1, places)) * median


class Door:
    """Who may come in: `--auth`'s one name and password, or any name with the phrase that stakeholders share.

    Called by Gradio with what was typed into its form, so that nothing of it stands in an address or a log. Compares in
    constant time; after ten wrong tries in five minutes an address is refused, whatever it types.
    """

    def __init__(
        self,
        phrase: str = "",
        user: tuple[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if phrase and len(_tidy(phrase)) < SHORTEST_PHRASE:
            raise LimitError(
                f"the pass phrase is too short: give at least {SHORTEST_PHRASE} characters, better four words "
                "(--pass-phrase, or PROMO_PASS_PHRASE in the environment, where other users of the machine cannot see it)"
            )
        self._phrase = _digest(phrase) if phrase else None
        self._user = (_digest(user[0]), _digest(user[1])) if user else None
        self._tries = Limits(clock=clock)

    def __call__(self, name: str, secret: str) -> bool:
        """Whether this name and secret let one in."""
        where = address.get()
        known = False
        if self._phrase is not None:
            known |= bool(name.strip()) & hmac.compare_digest(_digest(secret), self._phrase)
        if self._user is not None:
            right_name = hmac.compare_digest(_digest(name), self._user[0])
            known |= right_name & hmac.compare_digest(_digest(secret), self._user[1])
        try:
            # a wrong try counts; a right one only asks whether the address may try at all
            self._tries._take("tries", [(where, TRIES)], TRIES_SECONDS, 0 if known else 1)
            if known:
                self._tries._take("tries", [(where, TRIES - 1)], TRIES_SECONDS, 0)
        except Reached:
            return False
        return known


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _digest(text: str) -> bytes:
    return hashlib.sha256(_tidy(text).encode()).digest()
