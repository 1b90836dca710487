"""The crawl, stage by stage: site map to JSON, pictures down, curation, CSV, image folder.

    OUT/sitemap.json      what the site map and its pages name: link, picture, title, description
    OUT/fetched/          all that was downloaded, by hash of the address: with it a stopped crawl goes on
    OUT/pictures.csv      every picture found, kept or dropped, with the reason
    OUT/dropped/          the files that were dropped
    OUT/dataset/          the image folder: train/, metadata.jsonl, data card

Every stage depends on the fetched files alone, so a crawl that was stopped and taken up ends as one that was not.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.captions import TitleReading, product_caption, read_title
from finetune.cards import crawl_card
from finetune.crawl import curate
from finetune.crawl.fetch import Fetcher, FetchError, address
from finetune.crawl.pages import joined, read_page
from finetune.crawl.sitemap import MOST_BYTES, walk
from finetune.crawl.store import Kept, Store, write_atomically
from finetune.crawl.table import Row, write_table
from finetune.picture_folder import FORMATS, Format, Picture, write_folder
from slots.catalog import Catalog

if TYPE_CHECKING:
    from PIL import Image

KEEPABLE = ("several", "dark", "busy", "near", "unknown")
"""Reasons that `--keep` can overrule: several products, dark background, background not plain, near duplicate, no product
of the catalogue in the title."""
PAGE_BYTES = 5 * 2**20


class CrawlError(ValueError):
    """The crawl cannot start or go on; the message says why and the cure."""


@dataclass(frozen=True)
class Settings:
    """What decides the outcome of a crawl; kept beside it, so that it is not taken up with others."""

    sitemap: str
    most: int = 5000
    """Pages and pictures beyond so many are noted and left out."""
    most_bytes: int = 20 * 2**20
    """Of one picture's file."""
    smallest: int = 256
    """Pixels of the shorter side."""
    keep: tuple[str, ...] = ()
    file_format: Format = "png"

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.keep) - set(KEEPABLE)):
            raise CrawlError(f"cannot keep {', '.join(unknown)}; choose from: {', '.join(KEEPABLE)}")
        if self.file_format not in FORMATS:
            raise CrawlError(f"no such format: {self.file_format}; choose from: {', '.join(FORMATS)}")
        if self.most < 1 or self.most_bytes < 1 or self.smallest < 16:
            raise CrawlError("the numbers must be at least 1 (pictures, bytes) and 16 (pixels)")


@dataclass(frozen=True)
class Item:
    """A picture that the site names, and its product. `problem` says why there is no picture to fetch."""

    link: str
    picture: str
    title: str
    description: str
    source: str
    """`site map` or `page`."""
    problem: str = ""


def crawl(
    settings: Settings, out: Path, fetcher: Fetcher, catalog: Catalog, say: Callable[[str], None] = lambda line: None
) -> dict[str, int]:
    """Does the whole, or what of it is not done yet, and returns the number of pictures by outcome (`kept`, or a reason).

    Raises CrawlError (the folder holds something else, or no picture was kept), FetchError (the site map cannot be read).
    """
    _claim(out, settings)
    store = Store(out / "fetched")
    items = collect(settings, out, store, fetcher, say)
    fetched = download(settings, items, store, fetcher, say)
    return finish(settings, out, items, fetched, store, catalog, say)


def _claim(out: Path, settings: Settings) -> None:
    """Marks the folder as this crawl's."""
    mark = out / "crawl.json"
    if mark.exists():
        known = json.loads(mark.read_text(encoding="utf-8"))
        if known.get("sitemap") != settings.sitemap:
            raise CrawlError(f"{out} holds a crawl of {known.get('sitemap')}; choose another --out")
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CrawlError(f"{out} is there already and is no crawl; choose another --out")
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(mark, json.dumps(asdict(settings), indent=2).encode() + b"\n")


def _fetch(url: str, store: Store, fetcher: Fetcher, **wanted: Any) -> Kept:
    """One address, from the store or the network, kept either way."""
    known = store.get(url)
    if known:
        return known
    try:
        answer = fetcher.get(url, **wanted)
    except FetchError as error:
        return store.fail(url, str(error), lasting=error.lasting)
    return store.put(url, answer.url, answer.content_type, answer.body)


def collect(settings: Settings, out: Path, store: Store, fetcher: Fetcher, say: Callable[[str], None]) -> list[Item]:
    """Reads the site map and, where it does not name pictures with titles, the pages; writes sitemap.json."""

    def read(url: str) -> bytes:
        clean = str(address(url))
        kept = _fetch(
            clean,
            store,
            fetcher,
            most_bytes=MOST_BYTES,
            types=("",),
            accept="application/xml, text/xml, text/plain, */*;q=0.5",
        )
        if kept.failure:
            raise FetchError(kept.failure, lasting=kept.lasting)
        return store.body(clean)

    found = walk(settings.sitemap, read)
    say(f"{len(found.files)} site map file(s): {len(found.pages)} pages")
    items: list[Item] = []
    seen: set[str] = set()
    for number, page in enumerate(found.pages, 1):
        try:
            link = str(address(page.link))
        except FetchError as error:
            items.append(Item(page.link, "", "", "", "site map", f"the page's address cannot be used: {error}"))
            continue
        if link in seen:
            items.append(Item(link, "", "", "", "site map", "duplicate: the site map names this page more than once"))
            continue
        seen.add(link)
        if len(seen) > settings.most:
            items.append(Item(link, "", "", "", "site map", f"beyond the first {settings.most} pages"))
            continue
        if page.pictures and all(p.title for p in page.pictures):
            items += [Item(link, joined(link, p.picture), p.title, p.description, "site map") for p in page.pictures]
            continue
        items += _from_page(link, [(p.picture, p.title, p.description) for p in page.pictures], store, fetcher)
        if number % 50 == 0:
            say(f"{number} of {len(found.pages)} pages read")
    record = {
        "sitemap": settings.sitemap,
        "files": found.files,
        "not_read": [{"file": url, "reason": reason} for url, reason in found.problems],
        "pictures": [asdict(item) for item in items],
    }
    write_atomically(out / "sitemap.json", json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n")
    for url, reason in found.problems:
        say(f"not read: {url}: {reason}")
    return items


def _from_page(link: str, announced: list[tuple[str, str, str]], store: Store, fetcher: Fetcher) -> list[Item]:
    """What a page states, for the pictures that the site map names for it, else for the page's own."""
    kept = _fetch(
        link, store, fetcher, most_bytes=PAGE_BYTES, types=("text/html", "application/xhtml+xml"), accept="text/html"
    )
    if kept.failure:
        problem = f"the page was not read: {kept.failure}"
        return [Item(link, joined(link, p), t, d, "site map", "" if t else problem) for p, t, d in announced] or [
            Item(link, "", "", "", "page", problem)
        ]
    page = read_page(store.body(link), kept.content_type, kept.final_url)
    if announced:
        return [
            Item(link, joined(link, p), t or page.title, d or page.description, "site map") for p, t, d in announced
        ]
    problem = "" if page.picture else "the page names no product picture (JSON-LD Product or og:image)"
    return [Item(link, page.picture, page.title, page.description, "page", problem)]


def download(
    settings: Settings, items: list[Item], store: Store, fetcher: Fetcher, say: Callable[[str], None]
) -> dict[str, Kept]:
    """Fetches each picture once; by address."""
    fetched: dict[str, Kept] = {}
    wanted = [item for item in items if not item.problem]
    for number, item in enumerate(wanted, 1):
        if item.picture not in fetched and len(fetched) < settings.most:
            fetched[item.picture] = _picture(item.picture, settings, store, fetcher)
        if number % 50 == 0 or number == len(wanted):
            good = sum(not kept.failure for kept in fetched.values())
            say(f"{number} of {len(wanted)} pictures: {good} fetched, {len(fetched) - good} failed")
    return fetched


def _picture(url: str, settings: Settings, store: Store, fetcher: Fetcher) -> Kept:
    try:
        clean = str(address(url))
    except FetchError as error:
        return Kept(url, failure=str(error))
    kept = _fetch(clean, store, fetcher, most_bytes=settings.most_bytes, types=("image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/webp"),
                  accept="image/webp, image/png, image/jpeg")  # fmt: skip
    if kept.failure or curate.kind_of(store.body(clean)):
        return kept
    return store.fail(
        clean, f"it says {kept.content_type.split(';')[0]}, but its bytes are no JPEG, PNG or WebP", lasting=True
    )


def finish(
    settings: Settings,
    out: Path,
    items: list[Item],
    fetched: Mapping[str, Kept],
    store: Store,
    catalog: Catalog,
    say: Callable[[str], None],
) -> dict[str, int]:
    """Judges every picture, and writes pictures.csv, dropped/ and dataset/. Raises CrawlError when none was kept."""
    judge = _Judge(settings, fetched, store, catalog)
    aside = out / "dropped.part"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    rows: list[Row] = []
    kept: list[tuple[Row, str]] = []
    for number, item in enumerate(items, 1):
        row, url = judge.row(item)
        if row.verdict == "kept":
            kept.append((row, url))
        elif row.file:
            shutil.copyfile(store.body_path(url), aside / Path(row.file).name)
        rows.append(row)
        if number % 100 == 0:
            say(f"{number} of {len(items)} judged")
    dropped = out / "dropped"
    shutil.rmtree(dropped, ignore_errors=True)
    os.replace(aside, dropped)
    write_table(rows, out / "pictures.csv")
    counts = Counter("kept" if row.verdict == "kept" else _short(row.reason) for row in rows)
    if not kept:
        shutil.rmtree(out / "dataset", ignore_errors=True)
        told = ", ".join(f"{reason} {count}" for reason, count in counts.most_common()) or "the site map names none"
        raise CrawlError(f"no picture was kept ({told}); each reason stands in {out / 'pictures.csv'}")

    def card(numbers: Mapping[str, int]) -> str:
        return crawl_card(numbers, settings.sitemap, dict(counts), kept=settings.keep)

    def decoded(url: str) -> Callable[[], "Image.Image"]:
        return lambda: curate.opened(store.body(url), 1)

    pictures = (Picture("train", Path(row.file).stem, decoded(url), row.caption, _fields(row)) for row, url in kept)
    write_folder(pictures, out / "dataset", card, file_format=settings.file_format, replace=True)
    return dict(counts)


def _fields(row: Row) -> dict[str, object]:
    names = ("product", "variant", "size", "packaging", "background", "title", "description", "link", "picture")
    return {name: getattr(row, name) for name in names}


def _short(reason: str) -> str:
    """A reason without its particulars, for counting."""
    return reason.split(":")[0].split(" (")[0]


class _Judge:
    """Decides picture by picture, in order; the first of several equal ones is kept."""

    def __init__(self, settings: Settings, fetched: Mapping[str, Kept], store: Store, catalog: Catalog) -> None:
        self._settings, self._fetched, self._store, self._catalog = settings, fetched, store, catalog
        self._addresses: set[str] = set()
        self._seen: list[tuple[curate.Print, TitleReading]] = []
        self._names: list[str] = []

    def row(self, item: Item) -> tuple[Row, str]:
        """The CSV's row of a picture, and the address under which its file is kept (empty without one)."""
        reading = read_title(item.title, self._catalog)
        row = Row(
            item.link, item.picture, item.title, item.description, product=reading.product or "",
            variant=reading.variant or "", size=str(reading.size or ""), packaging=reading.packaging or "",
        )  # fmt: skip
        if item.problem:
            return replace(row, verdict="dropped", reason=item.problem), ""
        if item.picture in self._addresses:
            return replace(row, verdict="dropped", reason="duplicate: this picture's address came before"), ""
        self._addresses.add(item.picture)
        got = self._fetched.get(item.picture)
        if got is None:
            return replace(row, verdict="dropped", reason=f"beyond the first {self._settings.most} pictures"), ""
        if got.failure:
            return replace(row, verdict="dropped", reason=f"not fetched: {got.failure}"), ""
        return self._judged(row, reading, got.url), got.url

    def _judged(self, row: Row, reading: TitleReading, url: str) -> Row:
        data = self._store.body(url)
        stem = hashlib.sha256(url.encode()).hexdigest()[:16]
        row = replace(row, file=f"dropped/{stem}.{curate.kind_of(data) or 'bin'}")
        try:
            image = curate.opened(data, self._settings.smallest)
        except curate.Unfit as error:
            return replace(row, verdict="dropped", reason=str(error))
        row = replace(row, width=image.width, height=image.height)
        fingerprint = curate.print_of(image)
        same = curate.twin(fingerprint, reading, self._seen)
        problems: list[tuple[str, str]] = []
        if same:
            problems.append(
                (
                    "same" if same[1] else "near",
                    f"{'duplicate' if same[1] else 'near duplicate'}: shows the same as {self._names[same[0]]}",
                )
            )
        look = curate.look_at(image)
        if look.ground:
            problems.append(("dark" if look.ground.startswith("dark") else "busy", look.ground))
        if look.several and not look.ground:
            problems.append(("several", f"several products: {look.several}"))
        if reading.several:
            problems.append(("several", f"several products: the title says {reading.several!r}"))
        if reading.product is None:
            problems.append(
                ("unknown", "the title names no product of the catalogue: add it to catalog.yaml to have it captioned")
            )
        caption = product_caption(
            reading.product or " ".join(row.title.split()) or "a drink", variant=reading.variant, size=reading.size, packaging=reading.packaging,
            background=None if any(kind == "busy" for kind, _ in problems) else look.background,
        )  # fmt: skip
        row = replace(row, caption=caption, background="" if look.ground.startswith("the") else look.background)
        final = [reason for kind, reason in problems if kind not in self._settings.keep]
        if final:
            return replace(row, verdict="dropped", reason=final[0])
        if not same:  # only what was kept makes a later one superfluous
            self._seen.append((fingerprint, reading))
            self._names.append(stem)
        allowed = "; ".join(reason for _, reason in problems)
        file = f"dataset/train/{stem}.{self._settings.file_format}"
        return replace(row, verdict="kept", reason=f"kept although {allowed}" if allowed else "", file=file)
