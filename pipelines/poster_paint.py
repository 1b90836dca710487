"""Paints a plan's flat shapes and words: solid inks, cut-out lettering with a contour. Knows nothing of scenes.

Draws on any skia canvas that is scaled to plan units.
"""

import math
import random

import skia

from pipelines import draw
from pipelines.draw import box, paint
from pipelines.palette import Palette
from pipelines.poster_parts import Part, Rect, Shape, Words


def paint_part(canvas: skia.Canvas, part: Part, palette: Palette) -> None:
    """All shapes, then all words."""
    for shape in part.shapes:
        paint_shape(canvas, shape, palette)
    for words in part.words:
        paint_words(canvas, words, palette)


def paint_shape(canvas: skia.Canvas, shape: Shape, palette: Palette) -> None:
    """One flat ink; what lies on the picture casts a hard, printed shadow."""
    ink = palette.ink(shape.ink)
    with draw.moved(canvas, *shape.box.centre, shape.tilt):
        w, h = shape.box.width / 2, shape.box.height / 2
        match shape.kind:
            case "rect":
                canvas.drawRect(box(-w, -h, 2 * w, 2 * h), paint(ink))
                _dotted(canvas, Rect(-w, -h, w, h), draw.mix(ink, palette.key, 0.14 if shape.ink == "pop" else 0.26))
            case "pattern":
                canvas.drawRect(box(-w, -h, 2 * w, 2 * h), paint(ink))
                _waves(canvas, Rect(-w, -h, w, h), palette)
            case "card":
                corner = min(w, h, 16.0)
                canvas.drawRoundRect(box(-w + 6, -h + 7, 2 * w, 2 * h), corner, corner, paint(palette.key, 0.55))
                canvas.drawRoundRect(box(-w, -h, 2 * w, 2 * h), corner, corner, paint(ink))
            case "strip":
                with draw.moved(canvas, 5, 7):
                    canvas.drawPath(_strip(w, h), paint(palette.key, 0.55))
                canvas.drawPath(_strip(w, h), paint(ink))
            case "disc":
                canvas.drawCircle(6, 8, w, paint(palette.key, 0.55))
                canvas.drawCircle(0, 0, w, paint(ink))
                canvas.drawCircle(0, 0, w * 0.94, paint(palette.ink(f"on_{shape.ink}"), stroke=max(2.0, w * 0.016)))
            case "burst":
                with draw.moved(canvas, 8, 11):
                    canvas.drawPath(_burst(w, h, 0.13), paint(palette.key, 0.6))
                canvas.drawPath(_burst(w, h, 0.13), paint(palette.brand))
                canvas.drawPath(_burst(w - h * 0.055, h * 0.945, 0.13), paint(ink))


def _strip(w: float, h: float) -> skia.Path:
    notch = min(h * 0.45, 16.0)
    return draw.polygon([(-w, -h), (w, -h), (w - notch, 0), (w, h), (-w, h), (-w + notch, 0)])


def _burst(across: float, radius: float, depth: float) -> skia.Path:
    teeth = 20
    dice = random.Random(teeth)
    points = []
    for i in range(teeth * 2):
        # cut by hand: the points are not all alike
        r = 1 - 0.035 * dice.random() if i % 2 == 0 else 1 - depth
        a = math.pi * (i + 0.25) / teeth
        points.append((across * r * math.cos(a), radius * r * math.sin(a)))
    return draw.polygon(points)


def _dotted(canvas: skia.Canvas, area: Rect, tone: draw.Colour) -> None:
    """Dots that grow towards the lower edge, as a screen prints a fade."""
    step = 11.0
    dots = paint(tone)
    canvas.save()
    canvas.clipRect(box(area.left, area.top, area.width, area.height))
    start = area.bottom - min(area.height * 0.42, 190.0)
    row, y = 0, start
    while y < area.bottom + step:
        radius = step * 0.58 * (y - start) / (area.bottom - start)
        x = area.left + (row % 2) * step / 2
        while x < area.right + step:
            canvas.drawCircle(x, y, radius, dots)
            x += step
        y += step * 0.5
        row += 1
    canvas.restore()


def _waves(canvas: skia.Canvas, area: Rect, palette: Palette) -> None:
    """Rows of overlapping scales, printed in two inks: fills a field that carries no words."""
    canvas.save()
    canvas.clipRect(box(area.left, area.top, area.width, area.height))
    radius = area.width / 17
    rows = math.ceil(area.height / (radius * 0.5)) + 2
    for row in range(rows):
        y = area.top + row * radius * 0.5 + radius * 0.2
        for column in range(-1, 19):
            x = area.left + (column + (row % 2) * 0.5) * radius
            for share, ink in ((0.5, palette.brand), (0.42, palette.deep), (0.31, palette.brand), (0.18, palette.deep)):
                canvas.drawCircle(x, y, radius * share * 1.02, paint(ink))
    canvas.restore()


def paint_words(canvas: skia.Canvas, words: Words, palette: Palette) -> None:
    """One block of type, with its contour where it is cut out."""
    ink, ground = palette.ink(words.ink), palette.ink(words.ground)
    path = words_path(words)
    with draw.moved(canvas, *words.centre, words.tilt):
        if words.style == "cut":
            size = words.block.face.size
            with draw.moved(canvas, size * 0.035, size * 0.045):
                canvas.drawPath(path, paint(palette.key, stroke=size * 0.21))
                canvas.drawPath(path, paint(palette.key))
            canvas.drawPath(path, paint(ground, stroke=size * 0.20))
            canvas.drawPath(path, paint(ground))
        canvas.drawPath(path, paint(ink))


def words_path(words: Words) -> skia.Path:
    """The letters' outlines around (0, 0)."""
    block, out = words.block, skia.Path()
    if not block.lines:
        return out
    baseline = -block.height / 2 - block.face.bounds(block.lines[0])[1]
    for i, line in enumerate(block.lines):
        path = block.face.path(line)
        path.offset(
            -block.width / 2 + (block.width - block.face.width(line)) * words.align, baseline + i * block.leading
        )
        out.addPath(path)
    return out
