"""Past promotions as a list to look through: one Entry a record, searched by words, product, shop, place and date.

A record that cannot be read stays in the list, marked as damaged. Records are read once and again only when their file
changed, so that thousands stay fast; thumbnails are made when they are first looked at and kept in `<data>/thumbnails`.
Knows nothing of whose they are (`pipelines.shares`) and nothing of screens.
"""

import contextlib
import io
import logging
import os
import tempfile
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import records
from slots.brief import Brief

log = logging.getLogger("promo_studio")

THUMBNAIL = 300
"""Pixels of a thumbnail's longer side."""


@dataclass(frozen=True)
class Entry:
    """What the list shows of one promotion. `damaged` says what is wrong with a record that cannot be read."""

    id: str
    day: str
    """YYYY-MM-DD, from the id."""
    time: str
    """HH:MM, from the id."""
    brief: Brief | None = None
    status: str = ""
    posters: tuple[str, ...] = ()
    """File names inside the promotion's folder."""
    text: str = ""
    """The first promotional text."""
    words: str = ""
    """All that a search looks at, folded."""
    damaged: str = ""


def folded(text: str) -> str:
    """Small letters without accents: 'Limón' is found by 'limon'."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


class Gallery:
    """The records of one promotions' folder."""

    def __init__(self, promotions: Path, thumbnails: Path | None = None) -> None:
        self.promotions = promotions
        self.thumbnails = (
            thumbnails or (promotions.parent if promotions.name == "promotions" else promotions / "..") / "thumbnails"
        )
        self._read: dict[str, tuple[tuple[int, int], Entry]] = {}
        self._reading = threading.Lock()

    def entries(self, names: Iterable[str]) -> list[Entry]:
        """One Entry a name, in the order of the names; never raises for a record that is damaged or gone."""
        return [self._entry(name) for name in names]

    def _entry(self, name: str) -> Entry:
        path = self.promotions / name / records.RECORD
        try:
            state = path.stat()
        except OSError:
            return _damaged(name, "its record is gone")
        key = (state.st_mtime_ns, state.st_size)
        with self._reading:
            known = self._read.get(name)
        if known is not None and known[0] == key:
            return known[1]
        entry = _entry(name, path)
        with self._reading:
            self._read[name] = (key, entry)
        return entry

    def thumbnail(self, entry: Entry) -> bytes | None:
        """The first poster, small, as WebP; None where there is none that can be read."""
        if not entry.posters:
            return None
        source = self.promotions / entry.id / entry.posters[0]
        try:
            stamp = source.stat().st_mtime_ns
        except OSError:
            return None
        kept = self.thumbnails / f"{entry.id}-{stamp:x}.webp"
        try:
            return kept.read_bytes()
        except OSError:
            pass
        try:
            content = small(source, THUMBNAIL)
        except (OSError, ValueError):
            return None
        with contextlib.suppress(OSError):  # a full disk costs time, not the picture
            _keep(kept, content)
        return content


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all; without waiting for the disk, as it can be made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(scratch, path)


def small(path: Path, longest: int, quality: int = 82) -> bytes:
    """A picture with its longer side at most `longest` pixels, as WebP without any text chunk. Raises OSError or ValueError."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            shown = picture.convert("RGB")
    except SyntaxError as error:  # as Pillow tells some damaged PNGs
        raise ValueError(f"{path.name} is damaged: {error}") from error
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    shown.save(buffer, "WEBP", quality=quality)
    return buffer.getvalue()


def search(
    entries: Iterable[Entry],
    *,
    words: str = "",
    product: str = "",
    store: str = "",
    environment: str = "",
    since: str = "",
    until: str = "",
) -> list[Entry]:
    """Those that hold every word, and have this product, store and environment, from day `since` to day `until`
    (YYYY-MM-DD, both included). An empty filter lets everything through; a damaged record has only its date and id.
    """
    wanted = folded(words[:200]).split()
    exact = {"product": product, "store": store, "environment": environment}
    return [
        entry
        for entry in entries
        if all(word in entry.words for word in wanted)
        and all(not value or getattr(entry.brief, slot, None) == value for slot, value in exact.items())
        and (not since or entry.day >= since)
        and (not until or entry.day <= until)
    ]


def choices(entries: Iterable[Entry], slot: str) -> list[str]:
    """The values of a slot that occur, sorted."""
    found = {getattr(entry.brief, slot) for entry in entries if entry.brief is not None}
    return sorted((value for value in found if value), key=folded)


def _when(name: str) -> tuple[str, str]:
    return f"{name[:4]}-{name[4:6]}-{name[6:8]}", f"{name[9:11]}:{name[11:13]}"


def _damaged(name: str, why: str) -> Entry:
    day, hour = _when(name)
    return Entry(name, day, hour, status="damaged", words=folded(name), damaged=why)


def _entry(name: str, path: Path) -> Entry:
    try:
        promotion = records.read_promotion(path.parent)
    except records.RecordError as error:
        log.warning("%s", error)
        return _damaged(name, str(error).replace(f"{path.parent}{os.sep}", ""))  # where data lie is nobody's business
    day, hour = _when(name)
    brief = promotion.brief
    said: list[Any] = [*brief.slots().values(), brief.offer, brief.terms, brief.variant, brief.language, day]
    said += [brief.price.display(brief.language)] if brief.price else []
    said += [promo.text for promo in promotion.promos]
    return Entry(
        name,
        day,
        hour,
        brief,
        str(promotion.record.get("status", "done")),
        tuple(poster.file for poster in promotion.posters),
        promotion.promos[0].text if promotion.promos else "",
        folded(" ".join(str(part) for part in said if part)),
    )
