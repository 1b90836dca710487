"""The crowd of visitors on a stand-in for the app: what it notices, and what it does not complain of."""

import time
from typing import Any

import pytest

from pipelines import bench, bench_visitors
from pipelines.bench_visitors import Figures, Visitor


class App:
    """Answers as the app does; `other` answers with somebody else's price, `slow` takes its time."""

    def __init__(self, other: bool = False, slow: float = 0, broken: str = "") -> None:
        self.other, self.slow, self.broken = other, slow, broken
        self.before = ""

    def predict(self, *values: Any, api_name: str) -> Any:
        time.sleep(self.slow)
        if self.broken:
            raise RuntimeError(self.broken)
        if api_name == "/chat":
            price = next(word for word in values[0].split() if word.isdigit() and word != "600")
            words = f"Sprite, ${price} MXN (antes {self.before})"
            self.before = f"${price} MXN"
            return {"content": words.replace(price, "7") if self.other else words}
        facts = values[0]
        return {"writer": {"promos": [{"text": f"{facts['product']} a {facts['price']}"}]}}, "a.zip"

    def reset_session(self) -> None:
        self.before = ""


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_visitors, "PAUSE", (0.0, 0.001))


def seen_by_one(app: App) -> Figures:
    figures = Figures()
    figures.making = 1  # somebody else's pictures
    Visitor(0, 20, app, figures).visit(time.monotonic() + 0.15)
    return figures


def test_an_app_that_answers_each_visitor_with_their_own_facts_is_good() -> None:
    figures = seen_by_one(App())
    assert figures.good, (figures.mixed, figures.errors)
    report = figures.to_dict()
    assert report["replies"]["n"] > report["promotions"]["n"] > 0
    assert figures.making == 1


def test_an_answer_with_another_visitor_s_price_is_noticed() -> None:
    figures = seen_by_one(App(other=True))
    assert figures.mixed
    assert not figures.good


def test_slow_replies_and_errors_are_not_good() -> None:
    slow = seen_by_one(App(slow=0.02))
    slow.replies = [(seconds * 100, during) for seconds, during in slow.replies]
    assert not slow.errors
    assert not slow.good
    broken = seen_by_one(App(broken="boom"))
    assert "boom" in broken.errors[0]
    assert not broken.good


def test_an_order_that_the_full_line_turns_away_is_counted_and_no_error() -> None:
    class Full(App):
        def predict(self, *values: Any, api_name: str) -> Any:
            if api_name == "/promote":
                raise RuntimeError("30 are waiting already; try again in a minute")
            return super().predict(*values, api_name=api_name)

    figures = seen_by_one(Full())
    assert figures.refused > 0
    assert figures.good, figures.errors


def test_no_two_visitors_ever_name_the_same_price() -> None:
    named = []
    for number in range(20):
        visitor = Visitor(number, 20, App(), Figures())
        named.append({visitor._next_price() for _ in range(60)})
    assert sum(len(prices) for prices in named) == len(set().union(*named))


def test_without_a_running_app_the_command_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["visitors"]) == 2
    assert bench.main(["visitors", "--url", "http://127.0.0.1:1", "--visitors", "1", "--minutes", "0.01"]) == 2
    told = capsys.readouterr().err
    assert "start python app.py in another terminal" in told
    assert "no app answers at http://127.0.0.1:1" in told
