"""Product pages: the picture, title and description that a page states for machines (JSON-LD Product, then Open Graph).

Reads text only: no script runs, nothing further is fetched. Knows nothing of the network.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_\-]{2,30})")
_DEPTH = 12


@dataclass(frozen=True)
class ProductPage:
    """What a page says of its product; empty strings where it says nothing. `picture` is absolute."""

    title: str = ""
    description: str = ""
    picture: str = ""
    others: tuple[str, ...] = ()
    """Further pictures of the same product (its back, its table of contents), which are not taken."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, list[str]] = {}
        self.data: list[str] = []
        self.title = ""
        self.base = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name and given.get("content", "").strip():
                self.meta.setdefault(name, []).append(given["content"].strip())
        elif tag == "script" and given.get("type", "").split(";")[0].strip().lower() == "application/ld+json":
            self._inside = "data"
            self.data.append("")
        elif tag == "title" and not self.title:
            self._inside = "title"
        elif tag == "base" and not self.base:
            self.base = given.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "title"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data[-1] += data
        elif self._inside == "title":
            self.title += data


def read_page(html: bytes, content_type: str, url: str) -> ProductPage:
    """Reads a page. `url` is where it came from, for relative addresses. Whatever the page, nothing is raised."""
    reader = _Reader()
    reader.feed(_decoded(html, content_type))
    reader.close()
    base = joined(url, reader.base) or url
    product = next((p for text in reader.data for p in _products(text)), {})
    stated = _images(product.get("image"))
    shown = [
        value
        for key in ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")
        for value in reader.meta.get(key, ())
    ]
    pictures = list(dict.fromkeys(j for p in (stated or shown[:1]) if (j := joined(base, p))))

    def first(*names: str) -> str:
        return next((reader.meta[name][0] for name in names if name in reader.meta), "")

    return ProductPage(
        title=_line(product.get("name")) or _line(first("og:title", "twitter:title")) or _line(reader.title),
        description=_line(product.get("description")) or _line(first("og:description", "description")),
        picture=pictures[0] if pictures else "",
        others=tuple(pictures[1:]),
    )


def _decoded(html: bytes, content_type: str) -> str:
    named = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(html[:2048])
    try:
        return html.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return html.decode("utf-8", "replace")


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def joined(base: str, link: str) -> str:
    """A link as it stands on the page `base`, absolute; empty where it is none."""
    try:
        return urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""


def _products(text: str) -> Iterator[dict[str, Any]]:
    """The Products in a block of JSON-LD, outermost first; none in what is not JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    level = [data]
    for _ in range(_DEPTH):
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                kinds = node.get("@type")
                if any(
                    isinstance(k, str) and k.rsplit("/", 1)[-1] in ("Product", "ProductGroup")
                    for k in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    yield node
                below += [v for v in node.values() if isinstance(v, (dict, list))]
            elif isinstance(node, list):
                below += node
        level = below


def _images(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _images(value.get("contentUrl") or value.get("url"))
    if isinstance(value, list):
        return [found for part in value if not isinstance(part, list) for found in _images(part)]
    return []
