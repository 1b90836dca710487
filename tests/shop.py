"""A shop on this machine for the crawler's tests: real HTTP, pages and pictures as wanted, every request counted."""

import http.server
import io
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw

TITLES = (
    "Coca-Cola Original Botella PET {n} ml", "Refresco Sprite Lata {n} ml", "Agua Ciel {n} ml PET", "Fanta Fresa Botella PET {n} ml",
    "Powerade Moras {n} ml", "Coca-Cola Sin Azúcar Botella de Vidrio {n} ml", "Jugo Del Valle Mango {n} ml Tetra Pak",
)  # fmt: skip


@dataclass
class Reply:
    """What the shop answers under one path. `body` may be a function that writes to the socket for as long as it likes."""

    body: bytes | Callable[[Any], None] = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    first: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Statuses and headers of the first answers, before this one."""


class Shop:
    """Paths and replies, and how often each was asked for."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.times: list[tuple[str, float]] = []
        self.agents: set[str] = set()
        self.url = ""
        self.pause = 0.0

    def add(
        self, path: str, body: bytes | str | Callable[[Any], None], kind: str = "text/html; charset=utf-8", **more: Any
    ) -> str:
        """Puts a reply under a path, and returns its address."""
        self.replies[path] = Reply(body.encode() if isinstance(body, str) else body, kind, **more)
        return self.url + path

    def map(self, links: list[str], path: str = "/sitemap.xml") -> str:
        """Puts a plain site map, and returns its address."""
        urls = "".join(f"<url><loc>{link}</loc></url>" for link in links)
        return self.add(
            path, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "application/xml"
        )

    def product(self, name: str, title: str, picture: bytes, kind: str = "image/png", **more: Any) -> str:
        """Puts a product page and its picture; returns the page's address."""
        image = self.add(f"/img/{name}", picture, kind, **more)
        return self.add(
            f"/p/{name}",
            f'<title>Tienda</title><meta property="og:title" content="{title}"><meta property="og:image" content="{image}">',
        )


@contextmanager
def shop() -> Iterator[Shop]:
    """A running shop."""
    here = Shop()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a head and a body written apart would wait for each other

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            here.asked[self.path] += 1
            here.times.append((self.path, time.monotonic()))
            here.agents.add(self.headers.get("User-Agent", ""))
            time.sleep(here.pause)
            reply = here.replies.get(self.path, Reply(b"no", status=404))
            status, headers, body = reply.status, reply.headers, reply.body
            if len(reply.first) >= here.asked[self.path]:
                status, headers = reply.first[here.asked[self.path] - 1]
                body = b"later"
            self.send_response(status)
            self.send_header("Content-Type", reply.kind)
            for name, value in headers.items():
                self.send_header(name, value)
            try:
                if callable(body):
                    self.send_header("Connection", "close")
                    self.end_headers()
                    self.close_connection = True
                    body(self.wfile)
                    return
                self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()
                here.done[self.path] += 1
            except OSError:
                self.close_connection = True

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


def drink(number: int, *, ground: str = "white", count: int = 1, side: int = 128, kind: str = "PNG") -> bytes:
    """A simple drink, another for every number: a body with a label and a cap in colours of its own."""
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    unit = side / 16
    for piece in range(count):
        middle = side / 2 + (piece - (count - 1) / 2) * 5 * unit
        body, label, cap = (
            tuple(40 + (number * k + 37 * piece) % 150 for k in ks)
            for ks in ((37, 59, 83), (101, 17, 41), (13, 71, 29))
        )
        half = unit * (1.4 + number % 5 * 0.15)
        top = unit * (3 + number % 7 * 0.4)
        pen.rectangle((middle - half, top, middle + half, side - 2 * unit), fill=body)
        pen.rectangle(
            (middle - half, side * (0.4 + number % 4 * 0.05), middle + half, side * (0.6 + number % 3 * 0.05)),
            fill=label,
        )
        pen.rectangle((middle - half / 2, top - unit, middle + half / 2, top), fill=cap)
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def stocked(here: Shop, count: int) -> str:
    """Fills a shop with `count` products, each with a page and a picture, and returns its site map's address."""
    return here.map(
        [here.product(f"{i}.png", TITLES[i % len(TITLES)].format(n=200 + i), drink(i)) for i in range(count)]
    )
