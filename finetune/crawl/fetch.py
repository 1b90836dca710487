"""Polite downloads: robots.txt, a pause a host, retries with backoff, limits in bytes and time, every redirect checked again.

One request at a time. Knows nothing of site maps or pictures: whoever calls says what types it takes and how many bytes.
"""

import random
import time
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

import httpcore
import httpx
from protego import Protego

from finetune.crawl.addresses import AddressRefused, GuardedBackend

TOKEN = "PromoStudioBot"
"""The name by which robots.txt files can address this crawler."""
VERSION = "0.1"
MOST_REDIRECTS = 5
ROBOTS_BYTES = 500 * 1024
"""RFC 9309: a crawler reads at least so much of a robots.txt."""
PATIENCE = 300.0
"""A server that says to come back later than so many seconds is left alone for this run."""
SILENT = 5
"""A host that failed so many addresses in a row, each after all tries, is left alone for this run."""
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchError(Exception):
    """Nothing usable came back. `lasting`: asking again would give the same."""

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.lasting = lasting


@dataclass(frozen=True)
class Answer:
    """What a server sent: `url` is where it came from after redirects, `body` is not compressed for transport."""

    url: str
    content_type: str
    """Lower case, with parameters as sent."""
    body: bytes


def agent(contact: str | None = None) -> str:
    """The User-Agent: name, version and how to reach whoever runs it. Raises ValueError for a contact that is no header text."""
    if contact is None:
        return f"{TOKEN}/{VERSION}"
    if not contact.isascii() or not contact.isprintable() or not contact.strip() or set("()<>") & set(contact):
        raise ValueError(
            f"the contact {contact!r} must be a mail address or a web address in plain ASCII, without brackets"
        )
    return f"{TOKEN}/{VERSION} (+{contact.strip()})"


def address(text: str) -> httpx.URL:
    """A web address, normalised, without fragment. Raises FetchError for anything that is not http(s) or carries a password."""
    try:
        url = httpx.URL(text.strip())
        host = url.host
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise FetchError(f"not a web address ({error})", lasting=True) from error
    bad = not host or any(ch.isspace() or ch == "%" for ch in host) or not 0 < (url.port or 80) < 65536
    if url.scheme not in ("http", "https") or bad:
        raise FetchError("not a web address; it begins with http:// or https://", lasting=True)
    if url.userinfo:
        raise FetchError("the address carries a user name or password", lasting=True)
    return url.copy_with(fragment=None)


def unzipped(data: bytes, most: int) -> bytes:
    """A gzip file's content, of one or several members. Raises FetchError when it is damaged or more than `most` bytes."""
    out = bytearray()
    while data[:2] == b"\x1f\x8b":
        worker = zlib.decompressobj(31)
        try:
            out += worker.decompress(data, most + 1 - len(out))
        except zlib.error as error:
            raise FetchError(f"the gzip data are damaged ({error})", lasting=True) from error
        if len(out) > most:
            raise FetchError(f"unpacked, it is larger than {_megabytes(most)}", lasting=True)
        if not worker.eof:
            raise FetchError("the gzip data end early", lasting=True)
        data = worker.unused_data
    return bytes(out)


def _megabytes(count: int) -> str:
    return f"{count / 2**20:.3g} MB"


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (seconds or a date); None without a readable one."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())


class Rules:
    """What a host's robots.txt lets this crawler do."""

    def __init__(self, text: str | None) -> None:
        """`text` None: the file could not be had, so nothing may be fetched (RFC 9309, 2.3.1.4)."""
        self._known = Protego.parse(text) if text is not None else None

    @property
    def unreachable(self) -> bool:
        """Whether the file could not be had."""
        return self._known is None

    def allow(self, url: str) -> bool:
        """Whether an address may be fetched."""
        return self._known is not None and bool(self._known.can_fetch(url, TOKEN))

    def pause(self) -> float:
        """Seconds between requests that the host asks for; 0 where it says nothing."""
        if self._known is None:
            return 0.0
        rate = self._known.request_rate(TOKEN)
        spread = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(self._known.crawl_delay(TOKEN) or 0.0), float(spread))


class Fetcher:
    """Fetches one address after another.

    `pause` is the least time in seconds between two requests to one host (robots.txt may ask for more, and gets it);
    `attempts` is how often a request is tried; `backoff` the seconds before the second try, doubled each time.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        pause: float = 1.0,
        attempts: int = 4,
        backoff: float = 2.0,
        read_seconds: float = 20.0,
        whole_seconds: float = 120.0,
        backend: GuardedBackend | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._agent, self._pause, self._attempts, self._backoff = user_agent, pause, attempts, backoff
        self._read_seconds, self._whole_seconds = read_seconds, whole_seconds
        self._backend = backend or GuardedBackend()
        self._sleep, self._clock, self._say = sleep, clock, say
        self._pool = httpcore.ConnectionPool(
            max_connections=4, keepalive_expiry=60, network_backend=self._backend, retries=0
        )
        self._rules: dict[str, Rules] = {}
        self._next: dict[str, float] = {}
        self._failed: dict[str, int] = {}
        self._dice = random.Random(0)

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()

    def get(self, text: str, *, most_bytes: int, types: Collection[str], accept: str = "*/*") -> Answer:
        """Fetches an address whose content type begins with one of `types` and whose body has at most `most_bytes`.

        Raises FetchError with the reason.
        """
        return self._follow(address(text), most_bytes, types, accept, ask=True)

    def _follow(self, url: httpx.URL, most: int, types: Collection[str], accept: str, *, ask: bool) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            if ask:
                rules = self._rules_of(url)
                if rules.unreachable:
                    raise FetchError(
                        f"the robots.txt of {url.host} cannot be read, so nothing there may be", lasting=False
                    )
                if not rules.allow(str(url)):
                    raise FetchError("robots.txt forbids it", lasting=True)
            got = self._tried(url, most, types, accept)
            if isinstance(got, Answer):
                return got
            url = address(str(url.join(got)) if got else "")
        raise FetchError(f"more than {MOST_REDIRECTS} redirects", lasting=True)

    def _rules_of(self, url: httpx.URL) -> Rules:
        origin = f"{url.scheme}://{url.netloc.decode()}"
        if origin not in self._rules:
            self._rules[origin] = self._read_rules(httpx.URL(f"{origin}/robots.txt"))
            asked = self._rules[origin].pause()
            if asked > self._pause:
                self._say(f"{url.host} asks for {asked:g} s between requests; that is kept")
        return self._rules[origin]

    def _read_rules(self, url: httpx.URL) -> Rules:
        try:
            answer = self._follow(url, ROBOTS_BYTES, ("",), "text/plain", ask=False)
        except _Status as error:
            # RFC 9309, 2.3.1.3: a host without the file (any 4xx) may be fetched from; the busy ones were retried
            return Rules("" if 400 <= error.status < 500 and error.status not in AGAIN else None)
        except FetchError as error:
            # refused addresses say so when the page itself is asked for
            return Rules("" if isinstance(error.__cause__, AddressRefused) else None)
        return Rules(answer.body.decode("utf-8", "replace"))

    def _wait(self, host: str, url: httpx.URL) -> None:
        rules = self._rules.get(f"{url.scheme}://{url.netloc.decode()}")
        pause = max(self._pause, rules.pause() if rules else 0.0)
        now = self._clock()
        due = self._next.get(host, now)
        if due > now:
            self._sleep(due - now)
        self._next[host] = max(due, now) + pause

    def _tried(self, url: httpx.URL, most: int, types: Collection[str], accept: str) -> Answer | str:
        """An answer, or where to go instead. What may pass is tried again."""
        if self._failed.get(url.host, 0) >= SILENT:
            raise FetchError(f"{url.host} failed {SILENT} addresses in a row; run again later", lasting=False)
        try:
            got = self._patiently(url, most, types, accept)
        except FetchError as error:
            self._failed[url.host] = 0 if error.lasting else self._failed.get(url.host, 0) + 1
            raise
        self._failed[url.host] = 0
        return got

    def _patiently(self, url: httpx.URL, most: int, types: Collection[str], accept: str) -> Answer | str:
        failure: FetchError | None = None
        for attempt in range(self._attempts):
            if failure is not None:
                hint = failure.after if isinstance(failure, _Status) else None
                if hint is not None and hint > PATIENCE:
                    raise FetchError(f"{failure}, and says to come back in {hint:.0f} s", lasting=False)
                grown = self._backoff * 2 ** (attempt - 1) * (1 + 0.25 * self._dice.random())
                self._sleep(max(hint or 0.0, grown))
            self._wait(url.host, url)
            try:
                return self._once(url, most, types, accept)
            except FetchError as error:
                if error.lasting:
                    raise
                failure = error
            except AddressRefused as error:
                raise FetchError(str(error), lasting=True) from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
                failure = FetchError(f"no answer ({type(error).__name__}: {error})", lasting=False)
        assert failure is not None
        raise failure

    def _once(self, url: httpx.URL, most: int, types: Collection[str], accept: str) -> Answer | str:
        self._backend.deadline = time.monotonic() + self._whole_seconds
        headers = [
            (b"User-Agent", self._agent.encode()),
            (b"Accept", accept.encode()),
            (b"Accept-Encoding", b"identity"),  # so that a body's size is its size
        ]
        seconds = self._read_seconds
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        timeouts = {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}
        with self._pool.stream("GET", target, headers=headers, extensions={"timeout": timeouts}) as response:
            told = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
            if response.status in REDIRECTS:
                return told.get("location", "")
            if response.status != 200:
                raise _Status(response.status, retry_after(told.get("retry-after"), datetime.now(UTC)))
            content_type = told.get("content-type", "").strip().lower()
            if not any(content_type.startswith(kind) for kind in types):
                _refuse(f"it is {content_type.split(';')[0] or 'of no type'}, not {' or '.join(sorted(types))}")
            length = told.get("content-length", "")
            if length.isdigit() and int(length) > most:
                _refuse(f"it is larger than {_megabytes(most)} ({int(length):,} bytes announced)")
            body = bytearray()
            for chunk in response.iter_stream():
                body += chunk
                if len(body) > most:
                    _refuse(f"it is larger than {_megabytes(most)}")
        encoding = told.get("content-encoding", "identity").strip().lower()
        if encoding == "gzip":
            return Answer(str(url), content_type, unzipped(bytes(body), most))
        if encoding != "identity":
            _refuse(f"it is sent in the encoding {encoding}, which was not asked for")
        return Answer(str(url), content_type, bytes(body))


class _Status(FetchError):
    def __init__(self, status: int, after: float | None) -> None:
        super().__init__(f"the server answers {status}", lasting=status not in AGAIN)
        self.status, self.after = status, after


def _refuse(reason: str) -> NoReturn:
    raise FetchError(reason, lasting=True)
