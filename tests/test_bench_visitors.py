"""The crowd of visitors on a stand-in for the app: what it notices, and what it does not complain of."""

import time
from typing import Any

import pytest

from pipelines import bench, bench_visitors
from pipelines.bench_visitors import Figures, Visitor, names
from slots.values import Money


class App:
    """Answers as the app does; `times` answers with so many times the price, somebody else's, `slow` takes its time."""

    def __init__(self, times: int = 1, slow: float = 0, broken: str = "") -> None:
        self.times, self.slow, self.broken = times, slow, broken
        self.before, self.resets = "", 0

    def predict(self, *values: Any, api_name: str) -> Any:
        time.sleep(self.slow)
        if self.broken:
            raise RuntimeError(self.broken)
        if api_name == "/chat":
            price = next(word for word in values[0].split() if word.isdigit() and word != "600")
            price = Money.parse(f"{int(price) * self.times} MXN").display("es")
            words = f"Sprite, {price} (antes {self.before})"
            self.before = price
            return {"content": words}
        facts = values[0]
        price = Money.parse(facts["price"]).display("es")
        return {"writer": {"promos": [{"text": f"{facts['product']} a {price}."}]}}, "a.zip"

    def reset_session(self) -> None:
        self.before, self.resets = "", self.resets + 1


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_visitors, "PAUSE", (0.0, 0.001))


def seen_by_one(app: App, of: int = 20) -> Figures:
    figures = Figures()
    figures.making = 1  # somebody else's pictures
    Visitor(0, of, app, figures).visit(time.monotonic() + 0.15)
    return figures


def test_an_app_that_answers_each_visitor_with_their_own_facts_is_good() -> None:
    figures = seen_by_one(App())
    assert figures.good, (figures.mixed, figures.errors)
    report = figures.to_dict()
    assert report["replies"]["n"] > report["promotions"]["n"] > 0
    assert figures.making == 1


@pytest.mark.parametrize("times", [7, 10])
def test_an_answer_with_another_visitor_s_price_is_noticed(times: int) -> None:
    figures = seen_by_one(App(times=times))  # $410 begins like $41
    assert figures.mixed
    assert not figures.good


def test_a_price_is_not_found_inside_another_one() -> None:
    assert names("Precio: $21 MXN.", 21)
    assert not any(names(f"Precio: {other} MXN.", 21) for other in ("$210", "$1,021", "$21.50", "US$21"))


def test_prices_of_a_thousand_pesos_and_more_are_found_as_the_app_prints_them() -> None:
    figures = seen_by_one(App(), of=1000)
    assert figures.replies
    assert figures.good, (figures.mixed, figures.errors)


def test_a_talk_that_broke_off_is_not_taken_up_by_the_next_one() -> None:
    app = App(broken="boom")
    errors = seen_by_one(app).errors
    assert app.resets == len(errors) > 1


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
