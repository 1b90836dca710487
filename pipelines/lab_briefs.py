"""Many briefs from a table, and a table of results: CSV in, CSV out, both safe to open in a spreadsheet.

Knows no model and no screen.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.lab_settings import LabError
from slots.brief import Brief
from slots.catalog import Catalog
from slots.guard import review_brief
from slots.schema import SLOTS

COLUMNS = (*SLOTS, "offer", "terms", "variant", "language")
"""What a table may hold; only `product` is needed."""
SPANISH = {
    "promocion": "promotion", "promoción": "promotion", "producto": "product", "tamaño": "size", "tamano": "size",
    "envase": "packaging", "precio": "price", "tienda": "store", "ambiente": "environment", "oferta": "offer",
    "condiciones": "terms", "sabor": "variant", "idioma": "language",
}  # fmt: skip
"""Column names in Spanish, as the screens call the slots."""
MOST_BRIEFS = 200
MOST_BYTES = 1_000_000
LONGEST_CELL = 300
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheets."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its brief, or why it is none. `number` counts from 1 with the heading as line 1."""

    number: int
    brief: Brief | None
    error: str = ""
    name: str = ""


def read_briefs(content: bytes, catalog: Catalog, limit: int = MOST_BRIEFS) -> list[Row]:
    """The briefs of a CSV table whose first line names the columns (COLUMNS, in English or Spanish).

    A line that is no brief becomes a Row with its error; what is wrong with the table as a whole raises LabError with
    the cure: another encoding, unknown columns, no product column, more than `limit` lines, formulas.
    """
    text = _decoded(content)
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise LabError(f"the table is empty; its first line names the columns: {', '.join(COLUMNS)}")
    head = next(line for line in lines if line.strip())
    delimiter = max(",;\t", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise LabError(f"the table is not CSV ({error}); save it from your spreadsheet as 'CSV UTF-8'") from error
    filled = [(number, line) for number, line in enumerate(table, 1) if any(cell.strip() for cell in line)]
    columns = _columns(filled[0][1])
    body = filled[1:]
    if not body:
        raise LabError("the table has column names but no line under them; add a brief a line")
    if len(body) > limit:
        raise LabError(
            f"the table has {len(body):,} lines; the lab takes {limit} at a time. Keep the {limit} that tell most, or run "
            "all of them without the page: python -m pipelines.text --jsonl FILE"
        )
    _refuse_formulas(body, columns)
    return [_row(number, line, columns, catalog) for number, line in body]


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise LabError(
            f"the table has {len(content):,} bytes; the lab takes {MOST_BYTES:,}, which is far more than {MOST_BRIEFS} briefs. "
            "Is it the right file?"
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise LabError("that is a workbook, not a CSV table; in your spreadsheet choose 'Save as', 'CSV UTF-8'")
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LabError(
            f"the table is not UTF-8 text (byte {error.start + 1} is no part of a letter); in your spreadsheet choose "
            "'Save as', 'CSV UTF-8'"
        ) from error
    if "\0" in text:
        raise LabError(
            "the table holds zero bytes, so it is no text; in your spreadsheet choose 'Save as', 'CSV UTF-8'"
        )
    return text


def _columns(head: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in head]
    names = [SPANISH.get(name, name) for name in names]
    unknown = [cell.strip()[:30] for cell, name in zip(head, names, strict=True) if name not in COLUMNS]
    if unknown:
        told = ", ".join(repr(name) for name in unknown[:5]) + (" ..." if len(unknown) > 5 else "")
        raise LabError(f"unknown columns: {told}; the first line may name: {', '.join(COLUMNS)}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LabError(f"columns that stand there twice: {', '.join(twice)}; keep one of each")
    if "product" not in names:
        raise LabError(f"no column 'product': every brief needs one. Columns: {', '.join(COLUMNS)}")
    return names


def _refuse_formulas(body: Sequence[tuple[int, list[str]]], columns: list[str]) -> None:
    for number, line in body:
        for name, cell in zip(columns, line, strict=False):
            if is_formula(cell):
                raise LabError(
                    f"line {number}, {name}: {cell.strip()[:30]!r} is a formula. Briefs are values: in your spreadsheet paste "
                    "the column again as values, and save it anew"
                )


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell: it begins with `=` or `@`, or with a sign that no number follows."""
    text = cell.lstrip()
    if text[:1] in ("=", "@"):
        return True
    return text[:1] in ("+", "-") and not text[1:2].isspace() and not text[1:2].isdigit() and len(text) > 1


def _row(number: int, line: list[str], columns: list[str], catalog: Catalog) -> Row:
    if len(line) > len(columns) and any(cell.strip() for cell in line[len(columns) :]):
        return Row(number, None, f"{len(line)} cells for {len(columns)} columns; quote cells that hold the divider")
    cells = {name: cell.strip() for name, cell in zip(columns, line, strict=False)}
    long = next((name for name, cell in cells.items() if len(cell) > LONGEST_CELL), None)
    if long:
        return Row(number, None, f"{long} has {len(cells[long])} characters, more than {LONGEST_CELL}")
    return row_of(number, {name: cell or None for name, cell in cells.items()}, catalog)


def row_of(number: int, data: dict[str, Any], catalog: Catalog, name: str = "") -> Row:
    """A brief in its JSON form as a Row; one that cannot be read, or that the chat would decline, as a Row with its error."""
    try:
        brief = Brief.from_dict(data)
    except (ValueError, ArithmeticError) as error:
        return Row(number, None, str(error), name)
    declined = [notice.words for notice in review_brief(brief, catalog) if notice.severity == "decline"]
    if declined:
        return Row(number, None, f"not something to advertise here: {', '.join(declined)}; name another product", name)
    return Row(number, brief, "", name)


def defused(cell: object) -> str:
    """A cell that no spreadsheet runs: what would be a formula gets an apostrophe in front."""
    text = str(cell)
    return f"'{text}" if text.lstrip(" ")[:1] in FORMULA else text


def table_csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as CSV, UTF-8 with the mark that spreadsheets look for, every cell defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([defused(cell) for cell in head])
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
