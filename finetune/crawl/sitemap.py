"""Site maps: XML, text, gzip and index files become a list of pages with the pictures that they announce.

    <url><loc>https://shop.example/p/1</loc><image:image><image:loc>https://cdn.example/1.jpg</image:loc>
    <image:title>Coca-Cola Original 600 ml</image:title></image:image></url>

Knows nothing of the network: `walk` is handed the function that fetches.
"""

import io
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from finetune.crawl.fetch import FetchError, unzipped

MOST_BYTES = 50 * 2**20
"""sitemaps.org: a site map has at most 50 MB, unpacked."""
MOST_FILES = 1000
_DEPTH = 16


@dataclass(frozen=True)
class Announced:
    """A picture that a site map names for a page."""

    picture: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class Page:
    """A page of a site map."""

    link: str
    pictures: tuple[Announced, ...] = ()


@dataclass
class SiteMap:
    """All that a site map and those it points to hold, in order, and what could not be read: address and reason."""

    pages: list[Page] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def parse(data: bytes) -> tuple[list[str], list[Page]]:
    """The further site maps and the pages of one file (XML or a line an address; gzip or not).

    Raises FetchError when it is neither, damaged, too large, or declares entities.
    """
    if data[:2] == b"\x1f\x8b":
        data = unzipped(data, MOST_BYTES)
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16
    if not marked and data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
        return [], _lines(data)
    return _xml(data)


def _lines(data: bytes) -> list[Page]:
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
        raise FetchError("no site map: neither XML nor a list of addresses", lasting=True)
    return [Page(line) for line in lines]


def _xml(data: bytes) -> tuple[list[str], list[Page]]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    maps: list[str] = []
    pages: list[Page] = []
    path: list[str] = []
    try:
        for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
            name = _local(element.tag)
            if event == "start":
                path.append(name)
                if len(path) == 1 and name not in ("urlset", "sitemapindex"):
                    raise FetchError(f"no site map: its outermost element is <{name[:40]}>", lasting=True)
                if len(path) > _DEPTH:
                    raise FetchError("no site map: elements lie deeper than any site map's", lasting=True)
                continue
            path.pop()
            if len(path) == 1:
                if name == "sitemap":
                    maps.append(_text(element, "loc"))
                elif name == "url":
                    pages.append(Page(_text(element, "loc"), tuple(_pictures(element))))
                element.clear()
    except DefusedXmlException as error:
        raise FetchError(
            "the XML declares a document type or entities, which no site map needs", lasting=True
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise FetchError(f"the XML is damaged ({error})", lasting=True) from error
    return [m for m in maps if m], [p for p in pages if p.link]


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1].lower()


def _text(element: object, name: str) -> str:
    for child in element:  # type: ignore[attr-defined]  # an ElementTree element
        if _local(child.tag) == name:
            return " ".join((child.text or "").split())
    return ""


def _pictures(element: object) -> list[Announced]:
    found = [child for child in element if _local(child.tag) == "image"]  # type: ignore[attr-defined]
    named = [Announced(_text(image, "loc"), _text(image, "title"), _text(image, "caption")) for image in found]
    return [picture for picture in named if picture.picture]


def walk(start: str, fetch: Callable[[str], bytes]) -> SiteMap:
    """Reads a site map and all it points to, each once, in the order in which they are named; so loops end.

    `fetch` raises FetchError. Raises FetchError when `start` itself cannot be read; others become problems.
    """
    found = SiteMap()
    seen, queue = {start}, deque([start])
    while queue:
        url = queue.popleft()
        if len(found.files) >= MOST_FILES:
            found.problems.append((url, f"more than {MOST_FILES} site map files; not read"))
            continue
        try:
            maps, pages = parse(fetch(url))
        except FetchError as error:
            if url == start:
                raise
            found.problems.append((url, str(error)))
            continue
        found.files.append(url)
        found.pages += pages
        for further in maps:
            if further not in seen:
                seen.add(further)
                queue.append(further)
    return found
