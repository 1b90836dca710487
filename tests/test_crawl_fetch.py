"""Polite downloads against a real server on this machine."""

import gzip
import ipaddress
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from finetune.crawl.addresses import GuardedBackend
from finetune.crawl.fetch import SILENT, Fetcher, FetchError, Rules, address, agent, retry_after, unzipped
from tests.shop import Shop, shop

HERE = (ipaddress.ip_network("127.0.0.1/32"),)
"""This one address; the rest of 127.0.0.0/8 stays closed, so that a redirect inwards can be tried."""


@pytest.fixture
def here() -> Iterator[Shop]:
    with shop() as running:
        yield running


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def fetcher(clock: Clock | None = None, **more: Any) -> Fetcher:
    clock = clock or Clock()
    settings: dict[str, Any] = {
        "pause": 0.0,
        "backoff": 1.0,
        "backend": GuardedBackend(HERE),
        "sleep": clock.sleep,
        "clock": clock,
        **more,
    }
    return Fetcher(agent("mailto:shop@example.org"), **settings)


def get(
    url: str, get_with: Fetcher | None = None, most: int = 10_000, types: tuple[str, ...] = ("image/png",)
) -> bytes:
    return (get_with or fetcher()).get(url, most_bytes=most, types=types).body


def refused(url: str, get_with: Fetcher | None = None, **more: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, get_with, **more)
    return caught.value


def test_a_picture_is_fetched_under_our_name_with_the_contact(here: Shop) -> None:
    assert get(here.add("/a.png", b"\x89PNG", "image/png")) == b"\x89PNG"
    assert here.agents == {"PromoStudioBot/0.1 (+mailto:shop@example.org)"}
    assert here.asked["/robots.txt"] == 1


def test_a_page_that_is_not_there_is_not_asked_for_again(here: Shop) -> None:
    error = refused(here.url + "/gone.png")
    assert (str(error), error.lasting, here.asked["/gone.png"]) == ("the server answers 404", True, 1)


def test_a_server_that_stumbles_is_asked_again_later_each_time(here: Shop) -> None:
    clock = Clock()
    url = here.add("/a.png", b"ok", "image/png", first=[(500, {}), (503, {})])
    assert get(url, fetcher(clock)) == b"ok"
    assert here.asked["/a.png"] == 3
    first, second = [s for s in clock.slept if s]
    assert 1 <= first <= 1.25
    assert 2 <= second <= 2.5


def test_retry_after_is_kept(here: Shop) -> None:
    clock = Clock()
    url = here.add("/a.png", b"ok", "image/png", first=[(429, {"Retry-After": "42"})])
    assert get(url, fetcher(clock)) == b"ok"
    assert 42 in clock.slept


def test_a_server_that_wants_hours_is_left_alone(here: Shop) -> None:
    clock = Clock()
    url = here.add("/a.png", b"ok", "image/png", first=[(503, {"Retry-After": "7200"})] * 9)
    error = refused(url, fetcher(clock))
    assert not error.lasting
    assert "come back in 7200 s" in str(error)
    assert here.asked["/a.png"] == 1


def test_a_server_that_never_recovers_is_given_up_for_now(here: Shop) -> None:
    error = refused(here.add("/a.png", b"", "image/png", status=500), fetcher(attempts=3))
    assert not error.lasting
    assert here.asked["/a.png"] == 3


def test_a_host_that_fails_again_and_again_is_left_alone(here: Shop) -> None:
    using = fetcher(attempts=1)
    for number in range(SILENT + 3):
        refused(here.add(f"/{number}.png", b"", "image/png", status=500), using)
    assert sum(count for path, count in here.asked.items() if path != "/robots.txt") == SILENT
    assert "in a row" in str(refused(here.url + "/x.png", using))


@pytest.mark.parametrize(("value", "seconds"), [("7", 7), ("Wed, 25 Nov 2026 10:00:30 GMT", 30), ("Wed, 25 Nov 2020 10:00:30 GMT", 0), ("soon", None), (None, None), ("-3", None)])  # fmt: skip
def test_retry_after_is_read_in_seconds_and_dates(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 25, 10, tzinfo=UTC)) == seconds


def test_what_robots_txt_forbids_is_not_asked_for(here: Shop) -> None:
    here.add("/robots.txt", "User-agent: *\nDisallow: /private\nAllow: /private/shown\n", "text/plain")
    using = fetcher()
    error = refused(here.add("/private/a.png", b"x", "image/png"), using)
    assert (str(error), error.lasting) == ("robots.txt forbids it", True)
    assert here.asked["/private/a.png"] == 0
    assert get(here.add("/private/shown/a.png", b"x", "image/png"), using) == b"x"
    assert here.asked["/robots.txt"] == 1


def test_robots_txt_can_address_this_crawler_by_name(here: Shop) -> None:
    here.add("/robots.txt", "User-agent: PromoStudioBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "text/plain")
    assert "forbids" in str(refused(here.add("/a.png", b"x", "image/png")))


def test_a_robots_txt_that_cannot_be_read_closes_the_host(here: Shop) -> None:
    here.add("/robots.txt", "", "text/plain", status=503)
    error = refused(here.add("/a.png", b"x", "image/png"), fetcher(attempts=2))
    assert not error.lasting
    assert here.asked["/a.png"] == 0


def test_a_redirect_into_a_forbidden_part_is_not_followed(here: Shop) -> None:
    here.add("/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    here.add("/private/a.png", b"x", "image/png")
    assert "forbids" in str(refused(here.add("/a.png", b"", status=302, headers={"Location": "/private/a.png"})))
    assert here.asked["/private/a.png"] == 0


def test_the_pause_is_kept_and_a_longer_one_of_robots_txt_wins(here: Shop) -> None:
    for delay, pause in (("", 3.0), ("Crawl-delay: 10", 10.0), ("Request-rate: 1/20", 20.0)):
        clock = Clock()
        here.add("/robots.txt", f"User-agent: *\nDisallow:\n{delay}\n", "text/plain")
        using = fetcher(clock, pause=3.0)
        for name in "abc":
            get(here.add(f"/{name}.png", b"x", "image/png"), using)
        assert clock.slept[-2:] == [pause, pause]


def test_rules_without_a_file_allow_nothing_and_an_empty_file_everything() -> None:
    assert not Rules(None).allow("http://a/x")
    assert Rules("").allow("http://a/x")
    assert Rules("").pause() == 0


def test_redirects_are_followed_to_the_end(here: Shop) -> None:
    end = here.add("/end.png", b"x", "image/png")
    here.add("/b", b"", status=301, headers={"Location": "/end.png"})
    answer = fetcher().get(here.add("/a", b"", status=302, headers={"Location": "b"}), most_bytes=10, types=("image/",))
    assert (answer.url, answer.body) == (end, b"x")


def test_endless_redirects_end(here: Shop) -> None:
    error = refused(here.add("/a", b"", status=302, headers={"Location": "/a"}))
    assert "redirects" in str(error)
    assert here.asked["/a"] <= 6


@pytest.mark.parametrize("inward", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.2/a.png", "http://[::1]/a.png", "http://10.0.0.1/a.png", "http://[::ffff:7f00:2]/"])  # fmt: skip
def test_a_redirect_inwards_is_refused(here: Shop, inward: str) -> None:
    error = refused(here.add("/a.png", b"", status=302, headers={"Location": inward}))
    assert error.lasting
    assert "no public address" in str(error)


@pytest.mark.parametrize("elsewhere", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/a", "javascript:alert(1)", "http://user:pw@127.0.0.1/", ""])  # fmt: skip
def test_a_redirect_to_anything_but_the_web_is_refused(here: Shop, elsewhere: str) -> None:
    error = refused(here.add("/a.png", b"", status=302, headers={"Location": elsewhere}))
    assert "address" in str(error) or "redirects" in str(error)


def test_nothing_private_is_asked_without_permission(here: Shop) -> None:
    using = fetcher(backend=GuardedBackend())
    assert "--allow-private" in str(refused(here.add("/a.png", b"x", "image/png"), using))
    assert not here.asked


def test_another_type_is_refused_before_its_body(here: Shop) -> None:
    assert "text/html, not image/png" in str(refused(here.add("/a.png", b"<html>", "text/html")))


def test_ten_gigabytes_are_refused_by_their_announcement(here: Shop) -> None:
    error = refused(here.add("/a.png", b"x", "image/png", length=10 * 2**30))
    assert error.lasting
    assert "10,737,418,240 bytes announced" in str(error)


def test_an_endless_body_is_cut_off(here: Shop) -> None:
    sent = []

    def endless(file: Any) -> None:
        while True:
            file.write(b"x" * 1000)
            sent.append(1000)

    assert "larger than" in str(refused(here.add("/a.png", endless, "image/png"), most=50_000))


def test_a_body_that_drips_is_given_up(here: Shop) -> None:
    def drip(file: Any) -> None:
        for _ in range(200):
            file.write(b"x")
            file.flush()
            time.sleep(0.02)

    error = refused(here.add("/a.png", drip, "image/png"), fetcher(attempts=1, whole_seconds=0.3))
    assert not error.lasting
    assert "Timeout" in str(error)


def test_a_body_that_ends_early_is_no_success(here: Shop) -> None:
    def short(file: Any) -> None:
        file.write(b"half")

    url = here.add("/a.png", short, "image/png", headers={"Content-Length": "100"})
    assert not refused(url, fetcher(attempts=2)).lasting
    assert here.asked["/a.png"] == 2


def test_a_body_that_is_a_gzip_bomb_is_refused(here: Shop) -> None:
    bomb = gzip.compress(bytes(5_000_000))
    url = here.add("/a.png", bomb, "image/png", headers={"Content-Encoding": "gzip"})
    assert "unpacked" in str(refused(url, most=100_000))


def test_gzip_in_several_members_is_unpacked_and_damage_is_told() -> None:
    assert unzipped(gzip.compress(b"ab") + gzip.compress(b"cd"), 10) == b"abcd"
    with pytest.raises(FetchError, match="end early"):
        unzipped(gzip.compress(b"abcdef" * 50)[:-9], 1000)
    with pytest.raises(FetchError, match="damaged"):
        unzipped(b"\x1f\x8b" + b"x" * 40, 1000)
    with pytest.raises(FetchError, match="larger"):
        unzipped(gzip.compress(b"ab") * 50, 10)


@pytest.mark.parametrize("text", ["", "shop", "//shop.example/a", "http://", "http://a:b@shop.example/", "http://shop.example:99999/", "http://sh op/", "file:///x"])  # fmt: skip
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(FetchError):
        address(text)


def test_addresses_are_normalised_and_lose_their_fragment() -> None:
    assert str(address(" HTTP://Shop.Example:80/a b#c ")) == "http://shop.example/a%20b"


@pytest.mark.parametrize("contact", ["a\r\nX: y", "ü@example.org", "(x)", " "])
def test_a_contact_that_is_no_header_text_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        agent(contact)
