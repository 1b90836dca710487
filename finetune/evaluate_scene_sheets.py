"""Contact sheets of scenes: by place, path beside path, and a blind one whose answers stand in a file of their own.
Knows pictures and names; no model."""

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER, INK = (250, 247, 240), (40, 36, 32)
GAP = 6


def strips(rows: "Sequence[tuple[str, Sequence[Image]]]", *, across: int, cell: int = 144, columns: int = 3) -> "Image":
    """A sheet of labelled strips, `columns` beside one another, each of at most `across` pictures of `cell` pixels. Raises
    ValueError without a row."""
    from PIL import Image, ImageDraw

    if not rows:
        raise ValueError("a contact sheet needs at least one row of pictures")
    head = 22
    columns = min(columns, len(rows))
    lines = -(-len(rows) // columns)
    width, height = across * cell + 2 * GAP, cell + head + GAP
    sheet = Image.new("RGB", (columns * width + GAP, lines * height + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), _font(15)
    for number, (label, pictures) in enumerate(rows):
        x = GAP + number // lines * width
        y = GAP + number % lines * height
        pen.text((x, y), label, fill=INK, font=font)
        for i, picture in enumerate(pictures[:across]):
            sheet.paste(_fitted(picture, cell - 2), (x + i * cell, y + head))
    return sheet


def numbered(pictures: "Sequence[Image]", *, across: int = 6, cell: int = 232) -> "Image":
    """A sheet of pictures with nothing but a number above each, from 1."""
    from PIL import Image, ImageDraw

    if not pictures:
        raise ValueError("a contact sheet needs at least one picture")
    head, across = 20, min(across, len(pictures))
    lines = -(-len(pictures) // across)
    sheet = Image.new("RGB", (across * (cell + GAP) + GAP, lines * (cell + head + GAP) + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), _font(15)
    for i, picture in enumerate(pictures):
        x, y = GAP + i % across * (cell + GAP), GAP + i // across * (cell + head + GAP)
        pen.text((x, y), str(i + 1), fill=INK, font=font)
        sheet.paste(_fitted(picture, cell), (x, y + head))
    return sheet


def blind(
    groups: "Mapping[str, Sequence[tuple[Image, dict[str, Any]]]]", seed: int
) -> "tuple[list[Image], list[dict[str, Any]]]":
    """The pictures of all groups in an order by dice, and the key: for each number from 1 its `kind` (the group) and what is
    known of the picture."""
    items = [(picture, {"kind": kind, **facts}) for kind, group in groups.items() for picture, facts in group]
    random.Random(f"blind/{seed}").shuffle(items)
    return [picture for picture, _ in items], [{"number": i + 1, **facts} for i, (_, facts) in enumerate(items)]


def _fitted(picture: "Image", side: int) -> "Image":
    from PIL import Image

    return picture.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
