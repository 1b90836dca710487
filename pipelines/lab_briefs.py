"""Many briefs from a table, and a table of results: CSV in, CSV out, both safe to open in a spreadsheet.

Knows no model and no screen.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from pipelines.formulas import harmless
from pipelines.lab_errors import LabError
from slots.brief import Brief
from slots.catalog import Catalog
from slots.guard import review_brief
from slots.schema import LANGUAGES, PACKAGINGS, PROMOTIONS, SLOTS

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
BRIEF_FIELDS = {*(f.name for f in fields(Brief)), "slots", "removed", "evidence"}
"""What a brief's JSON form may hold."""
EXAMPLES = {
    "promotion": ", ".join(PROMOTIONS), "product": "Coca-Cola", "size": "600 ml, 2 L, 12 oz, 6-pack 355 ml",
    "packaging": ", ".join(PACKAGINGS), "price": "18.50 MXN, 2 for 30 MXN", "store": "corner shop",
    "environment": "beach", "offer": "3 for 2, 15% off, 20% off the second", "terms": "\u2026", "variant": "strawberry",
    "language": ", ".join(LANGUAGES),
}  # fmt: skip
"""How each field of a brief is written; those that take a choice, with all choices."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its brief, or why it is none. `number` counts from 1 with the heading as line 1."""

    number: int
    brief: Brief | None
    error: str = ""
    name: str = ""
    cause: LabError | None = None
    """The error itself, for screens that word it in their language."""


def read_briefs(content: bytes, catalog: Catalog, limit: int = MOST_BRIEFS) -> list[Row]:
    """The briefs of a CSV table whose first line names the columns (COLUMNS, in English or Spanish).

    A line that is no brief becomes a Row with its error; what is wrong with the table as a whole raises LabError with
    the cure: another encoding, unknown columns, no product column, more than `limit` lines, formulas.
    """
    text = _decoded(content)
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise LabError("table_empty", columns=", ".join(COLUMNS))
    head = next(line for line in lines if line.strip())
    delimiter = max(",;\t", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise LabError("table_no_csv", error=error) from error
    filled = [(number, line) for number, line in enumerate(table, 1) if any(cell.strip() for cell in line)]
    columns = _columns(filled[0][1])
    body = filled[1:]
    if not body:
        raise LabError("table_no_lines")
    if len(body) > limit:
        raise LabError("table_long", count=f"{len(body):,}", most=limit)
    _refuse_formulas(body, columns)
    return [_row(number, line, columns, catalog) for number, line in body]


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise LabError("table_large", size=f"{len(content):,}", most=f"{MOST_BYTES:,}", briefs=MOST_BRIEFS)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise LabError("table_workbook")
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LabError("table_no_utf8", byte=error.start + 1) from error
    if "\0" in text:
        raise LabError("table_zeros")
    return text


def _columns(head: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in head]
    names = [SPANISH.get(name, name) for name in names]
    unknown = [cell.strip()[:30] for cell, name in zip(head, names, strict=True) if name not in COLUMNS]
    if unknown:
        told = ", ".join(repr(name) for name in unknown[:5]) + (" ..." if len(unknown) > 5 else "")
        raise LabError("table_columns", unknown=told, columns=", ".join(COLUMNS))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LabError("table_twice", columns=", ".join(twice))
    if "product" not in names:
        raise LabError("table_no_product", columns=", ".join(COLUMNS))
    return names


def _refuse_formulas(body: Sequence[tuple[int, list[str]]], columns: list[str]) -> None:
    for number, line in body:
        for name, cell in zip(columns, line, strict=False):
            if is_formula(cell):
                raise LabError("table_formula", line=number, name=name, value=repr(cell.strip()[:30]))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell: it begins with `=` or `@`, or with a sign that no number follows."""
    text = cell.lstrip()
    if text[:1] in ("=", "@"):
        return True
    return text[:1] in ("+", "-") and not text[1:2].isspace() and not text[1:2].isdigit() and len(text) > 1


def _row(number: int, line: list[str], columns: list[str], catalog: Catalog) -> Row:
    if len(line) > len(columns) and any(cell.strip() for cell in line[len(columns) :]):
        return _refused(number, LabError("row_wide", cells=len(line), columns=len(columns)))
    cells = {name: cell.strip() for name, cell in zip(columns, line, strict=False)}
    long = next((name for name, cell in cells.items() if len(cell) > LONGEST_CELL), None)
    if long:
        return _refused(number, LabError("cell_long", name=long, size=len(cells[long]), most=LONGEST_CELL))
    return row_of(number, {name: cell or None for name, cell in cells.items()}, catalog)


def row_of(number: int, data: dict[str, Any], catalog: Catalog, name: str = "") -> Row:
    """A brief in its JSON form as a Row; one that cannot be read, or that the chat would decline, as a Row with its error."""
    try:
        brief = read_brief(data)
    except LabError as error:
        return _refused(number, error, name)
    declined = [notice.words for notice in review_brief(brief, catalog) if notice.severity == "decline"]
    if declined:
        return _refused(number, LabError("declined", what=", ".join(declined)), name)
    return Row(number, brief, "", name)


def _refused(number: int, error: LabError, name: str = "") -> Row:
    return Row(number, None, str(error), name, error)


def read_brief(data: Any) -> Brief:
    """A brief from its JSON form. Raises LabError that names the first field that cannot be read."""
    try:
        return Brief.from_dict(data)
    except (ValueError, ArithmeticError) as error:
        raise _brief_error(data, error) from error


def _brief_error(data: Any, error: Exception) -> LabError:
    """What is wrong with a brief, found by reading its fields one by one."""
    if not isinstance(data, dict):
        return LabError("brief_no_object", error=error)
    flat = {**data, **data["slots"]} if isinstance(data.get("slots"), dict) else data
    if unknown := sorted(str(name) for name in set(flat) - BRIEF_FIELDS):
        return LabError("brief_unknown", error=error, unknown=", ".join(unknown), known=", ".join(COLUMNS))
    if not flat.get("product"):
        return LabError("brief_no_product", error=error)
    for name, examples in EXAMPLES.items():
        try:
            Brief.from_dict({"product": "x", name: flat.get(name)})
        except (ValueError, ArithmeticError):
            return LabError("brief_field", error=error, name=name, value=repr(flat[name])[:60], examples=examples)
    return LabError("brief_other", error=error)


def defused(cell: object) -> str:
    """A cell that no spreadsheet runs: what would be a formula gets an apostrophe in front."""
    return str(harmless(cell))


def table_csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as CSV, UTF-8 with the mark that spreadsheets look for, every cell defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([defused(cell) for cell in head])
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
