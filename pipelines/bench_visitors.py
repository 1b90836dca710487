"""Many visitors at once on a running app: each talks, corrects the price and orders promotions over the API, as one person does.

Every visitor has a product, a shop, a place and prices of their own, so that an answer that belongs to somebody else is seen: a
reply must name the visitor's product and latest price, a promotion's texts the price they were ordered with. Knows nothing of models
or pages; it needs an address.
"""

import random
import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from slots.values import Money

PAUSE = (5.0, 15.0)
"""Seconds that a visitor reads and types between two messages."""
CORRECTIONS = 4
"""Messages of a talk after the first, before a promotion is ordered."""
SLOW = 1.0
"""Seconds: what a reply must stay under for 95 of 100."""
_PRODUCTS = ("Sprite", "Fanta", "Coca-Cola", "Ciel", "Fresca")
_PLACES = (("en la playa", "beach"), ("en la cocina", "kitchen"), ("en la calle", "street"), ("en el parque", "park"))


@dataclass
class Figures:
    """What all visitors saw; shared, guarded by its lock."""

    replies: list[tuple[float, bool]] = field(default_factory=list)
    """Seconds of each reply, and whether pictures were being made."""
    promotions: list[float] = field(default_factory=list)
    refused: int = 0
    """Orders that the full line turned away, with its own message."""
    mixed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    making: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        busy = [seconds for seconds, during in self.replies if during]
        return {
            "replies": _spread([seconds for seconds, _ in self.replies]),
            "replies_while_pictures_are_made": _spread(busy),
            "promotions": _spread(self.promotions),
            "turned_away_by_the_full_line": self.refused,
            "mixed": self.mixed[:10],
            "errors": self.errors[:10],
        }

    @property
    def good(self) -> bool:
        """No error, nothing of another visitor, and replies fast enough while pictures are made."""
        busy = [seconds for seconds, during in self.replies if during]
        return not self.errors and not self.mixed and bool(busy) and _percentile(busy, 95) < SLOW


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def _spread(values: list[float]) -> dict[str, Any]:
    if not values:
        return {"n": 0}
    return {
        "n": len(values),
        "p50_s": round(statistics.median(values), 3),
        "p95_s": round(_percentile(values, 95), 3),
        "most_s": round(max(values), 3),
    }


def names(words: str, pesos: int) -> bool:
    """Whether words name a price as the app prints it, `$1,060 MXN`, and not as a part of another one."""
    price = Money(Decimal(pesos)).display("es")
    return re.search(rf"(?<!\w){re.escape(price)}(?!\w)", words) is not None


class Visitor:
    """One of them. Prices are whole pesos that no other visitor ever names."""

    def __init__(self, number: int, of: int, client: Any, figures: Figures) -> None:
        self.number, self.of, self.client, self.figures = number, of, client, figures
        self.product = _PRODUCTS[number % len(_PRODUCTS)]
        self.place, self.environment = _PLACES[number % len(_PLACES)]
        self.dice = random.Random(number)
        self.price = 0
        self.orders = 0

    def visit(self, until: float) -> None:
        """Talks and orders until the clock (monotonic) says `until`; what goes wrong is noted, never raised."""
        talk = 0
        while time.monotonic() < until:
            try:
                self._say(
                    f"una {self.product} de 600 ml de plástico a {self._next_price()} pesos en la tiendita, {self.place}, imagen y texto"
                )
                for _ in range(CORRECTIONS):
                    if not self._rest(until):
                        return
                    before = self.price
                    self._say(f"mejor a {self._next_price()} pesos", before)
                self._order()
            except Exception as error:  # whatever a visitor would see
                with self.figures.lock:
                    self.figures.errors.append(f"visitor {self.number}, talk {talk}: {type(error).__name__}: {error}")
            finally:
                self.client.reset_session()  # a talk that broke off must not go on in the next one
            talk += 1
            if not self._rest(until):
                return

    def _next_price(self) -> int:
        # the first of 20 visitors names 41, 61 ... 801 pesos, the second 42, 62 ... 802
        before = self.price
        while self.price == before:
            self.price = 21 + self.number + self.of * self.dice.randrange(1, 40)
        return self.price

    def _rest(self, until: float) -> bool:
        time.sleep(self.dice.uniform(*PAUSE))
        return time.monotonic() < until

    def _say(self, message: str, *before: int) -> None:
        """Sends a message; the reply must name the product, the price, and the one `before` where there was one."""
        during = self.figures.making > 0
        started = time.perf_counter()
        reply = self.client.predict(message, api_name="/chat")
        seconds = time.perf_counter() - started
        words = str(reply["content"] if isinstance(reply, dict) else reply)
        with self.figures.lock:
            self.figures.replies.append((seconds, during or self.figures.making > 0))
            if self.product not in words or not all(names(words, price) for price in (self.price, *before)):
                self.figures.mixed.append(f"visitor {self.number} said {message!r} and was told {words!r}")

    def _order(self) -> None:
        self.orders += 1
        facts = {
            "product": self.product, "size": "600 ml", "packaging": "plastic bottle", "price": f"{self.price} MXN",
            "store": "corner shop", "environment": self.environment, "promotion": "both", "language": "es",
        }  # fmt: skip
        started = time.perf_counter()
        with self.figures.lock:
            self.figures.making += 1
        try:
            record, _ = self.client.predict(facts, 1, self.orders, api_name="/promote")
        except Exception as error:
            if "waiting already" not in str(error):
                raise
            with self.figures.lock:
                self.figures.refused += 1
            return
        finally:
            with self.figures.lock:
                self.figures.making -= 1
        texts = [promo["text"] for promo in record["writer"]["promos"]]
        with self.figures.lock:
            self.figures.promotions.append(time.perf_counter() - started)
            for text in texts:
                if self.product not in text or not names(text, self.price):
                    self.figures.mixed.append(f"visitor {self.number} ordered {facts} and got {text!r}")


def bench_visitors(
    address: str, visitors: int = 20, minutes: float = 5, connect: Callable[[str], Any] | None = None
) -> Figures:
    """`visitors` at once on the app at `address` for `minutes`; returns what they saw. `connect` makes a visitor's client
    (gradio_client's by default). Raises whatever the first connection raises when no app is there."""
    if connect is None:
        from gradio_client import Client

        def connect(where: str) -> Any:
            return Client(where, verbose=False)

    figures = Figures()
    crowd = [Visitor(number, visitors, connect(address), figures) for number in range(visitors)]
    until = time.monotonic() + 60 * minutes
    threads = [threading.Thread(target=visitor.visit, args=(until,), daemon=True) for visitor in crowd]
    for thread in threads:
        thread.start()
        time.sleep(min(0.5, 0.5 * minutes))
    for thread in threads:
        thread.join()
    return figures
