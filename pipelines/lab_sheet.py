"""A grid's pictures as one labelled contact sheet. Knows nothing of models; is handed pictures and labels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

CELL, GAP, MARGIN, HEAD, SIDE_HEAD, FOOT = 300, 12, 28, 46, 190, 30
"""Pixels: a picture's side, between two, around all, the labels above and beside, the line under a picture."""
PAPER, INK, SOFT, LINE, RED = "#F8F1E4", "#241A14", "#6B5B4E", "#E3D5BE", "#9C2C17"


def contact_sheet(
    pictures: Sequence["Image | None"],
    across: Sequence[str],
    down: Sequence[str],
    notes: Sequence[str] = (),
    title: str = "",
) -> "Image":
    """All pictures in a table, RGB. `across`, `down`: the labels of columns and rows (`down` may be one empty label).

    `pictures`: row by row; a missing one (or None) leaves an empty cell with its note. `notes`: a line under each.
    Raises ValueError when there are more pictures than cells.
    """
    from PIL import Image, ImageDraw, ImageOps

    if len(pictures) > len(across) * len(down):
        raise ValueError(f"{len(pictures)} pictures for {len(across)} x {len(down)} cells")
    # as high as the tallest picture; each is fitted into its cell with its own proportions
    width, height = CELL, round(CELL * max((p.height / p.width for p in pictures if p is not None), default=1.0))
    left = MARGIN + (SIDE_HEAD if any(down) else 0)
    top = MARGIN + (44 if title else 0) + HEAD
    sheet = Image.new(
        "RGB",
        (
            left + len(across) * (width + GAP) - GAP + MARGIN,
            top + len(down) * (height + FOOT + GAP) - GAP + MARGIN,
        ),
        PAPER,
    )
    pen = ImageDraw.Draw(sheet)
    if title:
        pen.text((MARGIN, MARGIN - 6), _fit(title, "LeagueSpartan-SemiBold.otf", 28, sheet.width - 2 * MARGIN), INK, _font("LeagueSpartan-SemiBold.otf", 28))  # fmt: skip
    for number, label in enumerate(across):
        x = left + number * (width + GAP) + width / 2
        pen.text((x, top - 16), _fit(label, "Lato-Bold.ttf", 20, width), INK, _font("Lato-Bold.ttf", 20), anchor="ms")
    for number, label in enumerate(down):
        y = top + number * (height + FOOT + GAP) + height / 2
        pen.text((left - 16, y), _fit(label, "Lato-Bold.ttf", 20, SIDE_HEAD - 10), INK, _font("Lato-Bold.ttf", 20), anchor="rm")  # fmt: skip
    for number in range(len(across) * len(down)):
        row, column = divmod(number, len(across))
        x, y = left + column * (width + GAP), top + row * (height + FOOT + GAP)
        picture = pictures[number] if number < len(pictures) else None
        if picture is None:
            pen.rectangle((x, y, x + width - 1, y + height - 1), outline=LINE, width=2)
        else:
            fitted = ImageOps.contain(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
            sheet.paste(fitted, (x + (width - fitted.width) // 2, y + (height - fitted.height) // 2))
        if number < len(notes) and notes[number]:
            line = _fit(notes[number], "Lato-Bold.ttf", 16, width)
            pen.text((x, y + height + 7), line, SOFT if picture is not None else RED, _font("Lato-Bold.ttf", 16))
    return sheet


def _font(name: str, size: int):  # type: ignore[no-untyped-def]
    from PIL import ImageFont

    from pipelines.lettering import FONT_DIR

    return ImageFont.truetype(str(FONT_DIR / name), size)


def _fit(text: str, font: str, size: int, width: float) -> str:
    """The text cut to a width, with an ellipsis where something is missing."""
    face = _font(font, size)
    text = " ".join(text.split())
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
