"""Several pieces as one packshot: rows of cans or bottles in clear film with a band. Knows nothing of posters."""

import math
from collections.abc import Callable

import skia
from PIL import Image

from pipelines import draw, lettering
from pipelines.draw import box, paint
from pipelines.labels import shown_text
from pipelines.lettering import Face
from pipelines.looks import Article


def columns_rows(count: int) -> tuple[int, int]:
    """How many stand side by side in the front row, and how many rows there are: at most 6 by 4 are shown."""
    if count <= 3:
        return count, 1
    fitting = [(count // rows, rows) for rows in (2, 3, 4) if count % rows == 0 and 2 <= count // rows <= 6]
    if fitting:
        return min(fitting, key=lambda shape: abs(shape[0] / shape[1] - 1.5))
    return (6, 4) if count > 24 else (math.ceil(count / (2 if count < 12 else 3)), 2 if count < 12 else 3)


def draw_pack(single: Callable[[int], Image.Image], height_cm: float, thing: Article, height_px: int) -> Image.Image:
    """`count` pieces drawn by `single(height_px)`, height_px high together, RGBA, the base on the last row."""
    columns, rows = columns_rows(thing.count)
    lift = 0.075
    each = max(16, round(height_px / (1 + lift * (rows - 1))))
    piece = single(each)
    step = piece.width * (0.97 if thing.packaging == "can" else 0.93)
    slant = piece.width * 0.16
    width = round(step * (columns - 1) + piece.width + slant * (rows - 1))
    pad = round(piece.width * 0.08)
    surface = draw.new_surface(width + 2 * pad, height_px)
    canvas = surface.getCanvas()
    image = draw.from_pil(piece)
    for row in range(rows - 1, -1, -1):
        dim = skia.Paint()
        if row:
            f = 1 - 0.16 * row
            dim.setColorFilter(skia.ColorFilters.Matrix([f, 0, 0, 0, 0, 0, f, 0, 0, 0, 0, 0, f, 0, 0, 0, 0, 0, 1, 0]))
        for column in range(min(columns, thing.count - row * columns)):
            x = pad + column * step + slant * row
            y = height_px - each - row * lift * each
            draw.draw_image(canvas, image, box(x, y, piece.width, each), dim)
    front = step * (columns - 1) + piece.width
    _film(canvas, thing, pad, front, each, height_px, slant * (rows - 1))
    result = draw.to_pil(surface)
    ink = result.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    assert ink is not None
    return result.crop((ink[0], 0, ink[2], height_px))


def _film(c: skia.Canvas, thing: Article, left: float, width: float, each: float, bottom: float, slant: float) -> None:
    """The wrap: a clear sheet with folds and a printed band that says how many."""
    look = thing.look
    bottle = thing.packaging != "can" and thing.packaging != "carton"
    top = bottom - each * (0.60 if bottle else 0.90)
    sheet = skia.Path()
    edge = width * 0.012
    sheet.moveTo(left - edge, bottom)
    sheet.lineTo(left - edge, top + each * 0.02)
    sheet.quadTo(left, top, left + width * 0.04, top)
    sheet.lineTo(left + width * 0.96 + slant * 0.6, top)
    sheet.lineTo(left + width + slant + edge, top + each * 0.03)
    sheet.lineTo(left + width + slant * 0.4 + edge, bottom)
    sheet.close()
    with draw.clipped(c, sheet):
        c.drawPath(sheet, paint("#FFFFFF", 0.05))
        for share, alpha in ((0.025, 0.50), (0.34, 0.10), (0.67, 0.14), (0.965, 0.42)):
            x = left + width * share
            c.drawPath(
                draw.polygon(
                    [(x, top), (x + width * 0.018, top), (x + width * 0.005, bottom), (x - width * 0.012, bottom)]
                ),
                paint("#FFFFFF", alpha, blur=width * 0.004),
            )
    c.drawPath(sheet, paint("#FFFFFF", 0.35, stroke=max(1.0, width * 0.003)))
    band_h = each * 0.115
    y = bottom - band_h - each * 0.035
    band = box(left - edge, y, width + 2 * edge, band_h)
    c.drawRoundRect(
        band,
        band_h * 0.12,
        band_h * 0.12,
        paint(
            shader=draw.linear(
                left,
                0,
                left + width,
                0,
                draw.fades(
                    [
                        draw.darker(look.label, 0.35),
                        look.label,
                        draw.lighter(look.label, 0.18),
                        look.label,
                        draw.darker(look.label, 0.4),
                    ],
                    [0, 0.12, 0.3, 0.7, 1],
                ),
            )
        ),
    )
    c.drawRect(box(left - edge, y, width + 2 * edge, band_h * 0.07), paint(look.accent))
    c.drawRect(box(left - edge, y + band_h * 0.93, width + 2 * edge, band_h * 0.07), paint(look.accent))
    words = f"{thing.count} PACK"
    face = Face("LeagueSpartan-Black", 1.0, 0.06)
    face = face.at(lettering.fit_size(words, face, width * 0.8, band_h * 0.46))
    lettering.draw_text(
        c, words, face, left + width / 2, y + band_h / 2 + face.cap_height() / 2, paint(shown_text(look)), 0.5
    )
