"""The CSV of a crawl: one row for every picture that was found, kept or not, with the reason.

Cells are neutralised: a title that a spreadsheet would run as a formula gets a quote in front. Knows nothing of pictures.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from finetune.crawl.store import write_atomically

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Row:
    """One picture of the site. `file` is relative to the crawl's folder; empty where nothing was fetched."""

    link: str
    picture: str
    title: str
    description: str
    caption: str = ""
    product: str = ""
    variant: str = ""
    size: str = ""
    packaging: str = ""
    background: str = ""
    verdict: str = ""
    """`kept` or `dropped`."""
    reason: str = ""
    """Why it was dropped, or, on one that was kept in spite of it, what was allowed."""
    file: str = ""
    width: int = 0
    height: int = 0


COLUMNS = tuple(field.name for field in fields(Row))


def neutral(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula, without control characters."""
    text = "".join(ch if ch.isprintable() else " " for ch in str(cell))
    risky = text.lstrip().startswith(_FORMULA) or str(cell).startswith(_FORMULA)
    return "'" + text if risky else text


def write_table(rows: Iterable[Row], path: Path) -> None:
    """Writes the CSV (UTF-8 with a header) whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(value) for value in asdict(row).values()] for row in rows)
    write_atomically(path, text.getvalue().encode())


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV as they stand in it."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
