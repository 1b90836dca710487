"""The one rule for cells of a CSV that a spreadsheet would run as a formula. Knows no tables."""

from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these, with or without space before it, is run by spreadsheets, or hides one that is."""


def risky(text: str) -> bool:
    """Whether a spreadsheet would run a text."""
    return text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet runs: text that it would run gets an apostrophe in front, figures stay figures."""
    return f"'{cell}" if isinstance(cell, str) and risky(cell) else cell
