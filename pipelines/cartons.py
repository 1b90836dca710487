"""Cartons: gable-top with a screw cap, small brick with a straw. Knows nothing of catalogues.

The canvas is scaled so that one unit is one centimetre, y = 0 is the top.
"""

from dataclasses import replace

import skia

from pipelines import draw
from pipelines.bodies import metal
from pipelines.draw import box, paint
from pipelines.labels import Artwork, draw_label, shown_text
from pipelines.outlines import Box
from slots.catalog import Look


def draw_carton(c: skia.Canvas, b: Box, art: Artwork) -> None:
    look = art.look
    turn = 0.36
    side = b.depth * turn
    x0 = -(b.width + side) / 2
    x1, x2 = x0 + b.width, x0 + b.width + side
    rise = side * 0.16
    top = b.gable if b.gable else rise + (2.7 if b.straw else 0.15)
    front = draw.polygon([(x0, top), (x1, top), (x1, b.height), (x0, b.height)])
    flank = draw.polygon([(x1, top), (x2, top - rise), (x2, b.height - rise), (x1, b.height)])
    with draw.clipped(c, front):
        c.save()
        c.translate((x0 + x1) / 2, top)
        draw_label(c, art, b.width, b.height - top, b.width * 0.84)
        c.restore()
        c.drawPath(
            front,
            paint(
                shader=draw.linear(
                    x0, top, x1, b.height, [(0, "#FFFFFF", 0.24), (0.4, "#FFFFFF", 0), (1, "#000000", 0.16)]
                )
            ),
        )
    with draw.clipped(c, flank):
        c.save()
        matrix = skia.Matrix()
        matrix.setAll(side / b.depth, 0, x1, -rise / b.depth, 1, top, 0, 0, 1)
        c.concat(matrix)
        c.translate(b.depth / 2, 0)
        draw_label(c, replace(art, look=replace(look, sub=""), note=""), b.depth, b.height - top, b.depth * 0.9)
        c.restore()
        c.drawPath(flank, paint(shader=draw.linear(x1, 0, x2, 0, [(0, "#000000", 0.38), (1, "#000000", 0.56)])))
    c.drawLine(x1, top, x1, b.height, paint("#FFFFFF", 0.35, stroke=0.06))
    if b.gable:
        _gable(c, b, look, x0, x1, x2, rise)
    else:
        _brick_top(c, b, look, x0, x1, x2, top, rise)


def _gable(c: skia.Canvas, b: Box, look: Look, x0: float, x1: float, x2: float, rise: float) -> None:
    shift = (x2 - x1) * 0.5
    ridge, fin = b.gable * 0.36, b.gable * 0.36
    slope = draw.polygon([(x0, b.gable), (x1, b.gable), (x1 + shift, ridge), (x0 + shift, ridge)])
    light = draw.lighter(look.label, 0.25)
    c.drawPath(
        slope, paint(shader=draw.linear(0, ridge, 0, b.gable, draw.fades([draw.lighter(look.label, 0.42), light])))
    )
    c.drawPath(
        draw.polygon([(x1, b.gable), (x2, b.gable - rise), (x1 + shift, ridge)]), paint(draw.darker(look.label, 0.42))
    )
    c.drawPath(
        draw.polygon([(x0 + shift, 0), (x1 + shift, 0), (x1 + shift, fin), (x0 + shift, fin)]),
        paint(
            shader=draw.linear(
                0, 0, 0, fin, draw.fades([draw.lighter(look.label, 0.62), draw.lighter(look.label, 0.38)])
            )
        ),
    )
    for k in (0.3, 0.62):
        c.drawLine(x0 + shift, fin * k, x1 + shift, fin * k, paint("#000000", 0.10, stroke=0.05))
    x, y, w = (x0 + x1) / 2 + shift * 0.45, (ridge + b.gable) / 2 + 0.1, b.width * 0.17
    c.drawOval(box(x - w * 1.25, y - w * 0.15, 2.5 * w, w * 0.8), paint("#000000", 0.25, blur=0.1))
    c.drawOval(box(x - w * 1.15, y - w * 0.30, 2.3 * w, w * 0.8), paint(draw.lighter(look.cap, 0.25)))
    c.save()
    c.translate(x, 0)
    c.drawRoundRect(box(-w, y - w * 0.95, 2 * w, w * 1.05), w * 0.25, w * 0.25, paint(shader=metal(look.cap, w)))
    c.restore()
    c.drawOval(box(x - w, y - w * 1.15, 2 * w, w * 0.55), paint(draw.lighter(look.cap, 0.35)))


def _brick_top(c: skia.Canvas, b: Box, look: Look, x0: float, x1: float, x2: float, top: float, rise: float) -> None:
    lid = draw.polygon([(x0, top), (x1, top), (x2, top - rise), (x2 - b.width, top - rise)])
    c.drawPath(lid, paint(draw.lighter(look.label, 0.35)))
    x = x0 + b.width * 0.72
    foot = top - rise * 0.4
    c.drawOval(box(x - 0.35, foot - 0.10, 0.7, 0.22), paint("#000000", 0.3))
    straw = skia.Path()
    straw.moveTo(x, foot)
    straw.lineTo(x + 0.15, foot - 2.2)
    straw.lineTo(x + 1.15, foot - 3.3)
    c.drawPath(straw, paint("#FFFFFF", stroke=0.42))
    with draw.layer(c, 0.9):
        for k in range(6):
            y = foot - 0.2 - k * 0.36
            c.drawLine(
                x - 0.16 + 0.15 * k / 6,
                y,
                x + 0.2 + 0.15 * k / 6,
                y - 0.12,
                paint(look.accent if shown_text(look) != look.accent else look.cap, stroke=0.10),
            )
    c.drawLine(x - 0.10, foot, x + 0.05, foot - 2.2, paint("#000000", 0.12, stroke=0.10))
