"""How much a visitor may ask for, how long it takes, and who may come in."""

from typing import Any

import pytest

import app as program
from ui.limits import (
    HOME,
    PUBLIC,
    SHORTEST_PHRASE,
    TRIES,
    WIDER,
    Allowance,
    Door,
    LimitError,
    Limits,
    Pace,
    Reached,
    address,
    allowance,
    span,
)
from ui.visitor import origin


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_public_place_has_limits_and_ones_own_machine_has_not() -> None:
    assert allowance(True, {}) == PUBLIC
    assert allowance(False, {}) == HOME
    assert HOME.posters == HOME.texts == HOME.requests == 0


def test_the_environment_sets_the_limits() -> None:
    chosen = allowance(
        True,
        {
            "PROMO_MAX_MESSAGE": "500",
            "PROMO_POSTERS_AN_HOUR": "0",
            "PROMO_TEXTS_AN_HOUR": "70",
            "PROMO_REQUESTS_A_MINUTE": " 9 ",
        },
    )
    assert chosen == Allowance(message=500, posters=0, texts=70, requests=9)


@pytest.mark.parametrize("text", ["many", "-1", "3.5", "٣", "1" * 12])
def test_a_limit_that_is_no_number_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(LimitError, match="PROMO_POSTERS_AN_HOUR must be a whole number"):
        allowance(False, {"PROMO_POSTERS_AN_HOUR": text})


def test_a_wrong_limit_ends_the_program_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROMO_MAX_MESSAGE", "long")
    assert program.main(["--port", "0"]) == 2
    monkeypatch.setattr(program, "free_port", lambda _: 7860)
    assert program.main([]) == 2
    assert "PROMO_MAX_MESSAGE" in capsys.readouterr().err


def test_a_long_message_is_refused_in_both_languages() -> None:
    limits = Limits(Allowance(message=2000))
    limits.message("x" * 2000)
    with pytest.raises(Reached) as reached:
        limits.message("x" * 3214)
    assert "3,214" in reached.value.words("es")
    assert "caben 2,000" in reached.value.words("es")
    assert "2,000 fit" in reached.value.words("en")


def test_posters_are_counted_by_the_hour_and_told_when_they_free(clock: Clock) -> None:
    limits = Limits(Allowance(posters=4), clock)
    limits.take("posters", "ana", "1.1.1.1", 3)
    clock.now += 600
    limits.take("posters", "ana", "1.1.1.1", 1)
    with pytest.raises(Reached) as reached:
        limits.take("posters", "ana", "1.1.1.1", 2)
    assert reached.value.seconds == pytest.approx(3000)
    assert "50 min" in reached.value.words("es")
    assert "4 posters an hour" in reached.value.words("en")
    clock.now += 3001
    limits.take("posters", "ana", "1.1.1.1", 2)


def test_what_was_refused_is_not_counted(clock: Clock) -> None:
    limits = Limits(Allowance(requests=2), clock)
    limits.take("requests", "ana", "", 2)
    for _ in range(5):
        with pytest.raises(Reached):
            limits.take("requests", "ana", "")
    clock.now += 61
    limits.take("requests", "ana", "", 2)


def test_visitors_do_not_use_up_each_others_share_but_an_address_has_an_end(clock: Clock) -> None:
    limits = Limits(Allowance(requests=3), clock)
    for visitor in range(WIDER):
        limits.take("requests", f"v{visitor}", "1.1.1.1", 3)
    with pytest.raises(Reached):
        limits.take("requests", "a new key", "1.1.1.1")
    limits.take("requests", "a new key", "2.2.2.2")


def test_more_at_once_than_the_limit_is_refused(clock: Clock) -> None:
    with pytest.raises(Reached):
        Limits(Allowance(posters=3), clock).take("posters", "ana", "1.1.1.1", 4)


@pytest.mark.parametrize(
    ("seconds", "es"),
    [(0.4, "1 s"), (59.1, "60 s"), (90, "90 s"), (91, "2 min"), (3000, "50 min"), (3900, "1 h 5 min")],
)
def test_a_time_is_said_as_people_say_it(seconds: float, es: str) -> None:
    assert span(seconds, "es") == es


def test_the_waiting_time_is_those_ahead_times_the_median() -> None:
    pace = Pace(kept=3)
    assert pace.wait(2) is None
    for seconds in (500, 40, 60, 20):  # the first one, which loaded the models, is forgotten
        pace.note(seconds)
    assert pace.median() == 40
    assert pace.wait(3) == 120
    assert pace.wait(3, places=2) == 80
    assert pace.wait(0) == 0


# ---- the door


PHRASE = "cuatro palabras muy frías"


def test_the_phrase_opens_for_any_name_and_nothing_else_does() -> None:
    door = Door(PHRASE)
    assert door("Ana", PHRASE)
    assert door("Luis", f"  {PHRASE} ")
    assert not door("Ana", "cuatro palabras muy frias")
    assert not door("", PHRASE)
    assert not door("Ana", "")


def test_name_and_password_go_together_and_beside_the_phrase() -> None:
    door = Door(PHRASE, ("ana", "secreto"))
    assert door("ana", "secreto")
    assert not door("luis", "secreto")
    assert door("luis", PHRASE)
    assert not Door(user=("ana", "secreto"))("ana", PHRASE)


def test_after_ten_wrong_tries_an_address_waits_even_with_the_right_phrase(clock: Clock) -> None:
    door = Door(PHRASE, clock=clock)
    address.set("9.9.9.9")
    for _ in range(TRIES):
        assert not door("eva", "guess")
    assert not door("ana", PHRASE)
    address.set("8.8.8.8")
    assert door("ana", PHRASE)
    address.set("9.9.9.9")
    clock.now += 301
    assert door("ana", PHRASE)


def test_coming_in_often_is_no_wrong_try(clock: Clock) -> None:
    door = Door(PHRASE, clock=clock)
    assert all(door("ana", PHRASE) for _ in range(4 * TRIES))


def test_the_phrase_is_not_kept_as_it_is() -> None:
    assert PHRASE not in repr(vars(Door(PHRASE)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pass-phrase", "short"], f"at least {SHORTEST_PHRASE} characters"),
        (["--pass-phrase", PHRASE, "--mcp"], "without logging in"),
        (["--auth", "ana:secreto", "--mcp"], "without logging in"),
    ],
)
def test_a_door_that_makes_no_sense_is_refused_with_the_cure(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(arguments) == 2
    assert words in capsys.readouterr().err


def test_the_phrase_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMO_PASS_PHRASE", PHRASE)
    door = program.entrance(program.parser().parse_args([]))
    assert door is not None
    assert door("Ana", PHRASE)
    monkeypatch.delenv("PROMO_PASS_PHRASE")
    assert program.entrance(program.parser().parse_args([])) is None


# ---- where a request comes from


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.3", "203.0.113.9", "10.0.0.3"),  # an example address: not a public one
        ("10.0.0.3", "1.2.3.4, 8.8.8.8, 10.1.1.1", "8.8.8.8"),  # the first one is the visitor's own claim
        ("8.8.4.4", "1.2.3.4", "8.8.4.4"),  # nobody's proxy: its header is not believed
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.0.0.3", "nonsense", "10.0.0.3"),
        ("10.0.0.3", "2a00:1450:4003::1", "2a00:1450:4003::1"),
    ],
)
def test_the_address_is_what_the_proxies_saw(peer: str, forwarded: str, found: Any) -> None:
    assert origin(peer, forwarded) == found
