"""Cartons as flat shapes: gable-top with a screw cap, small brick with a straw. Knows nothing of catalogues.

The canvas is scaled so that one unit is one centimetre, y = 0 is the top. Light comes from the upper left.
"""

from dataclasses import replace

import skia

from pipelines import draw
from pipelines.bodies import striped
from pipelines.draw import box, paint
from pipelines.inks import DUSK, tones
from pipelines.labels import Artwork, draw_label, shown_text
from pipelines.outlines import Box
from slots.catalog import Look

TURN = 0.40
"""How much of the side's depth shows."""


def draw_carton(c: skia.Canvas, b: Box, art: Artwork) -> None:
    """The front with the label, the side in its shade, the top."""
    look = art.look
    side = b.depth * TURN
    x0 = -(b.width + side) / 2
    x1, x2 = x0 + b.width, x0 + b.width + side
    rise = side * 0.16
    top = b.gable if b.gable else rise + (2.7 if b.straw else 0.15)
    front = draw.polygon([(x0, top), (x1, top), (x1, b.height), (x0, b.height)])
    flank = draw.polygon([(x1, top), (x2, top - rise), (x2, b.height - rise), (x1, b.height)])
    with draw.clipped(c, front):
        c.save()
        c.translate((x0 + x1) / 2, top)
        draw_label(c, art, b.width, b.height - top, b.width * 0.86)
        c.restore()
        gloss = draw.polygon(
            [(x0, top), (x0 + b.width * 0.30, top), (x0, top + b.width * 0.62)],
        )
        c.drawPath(gloss, paint("#FFFFFF", 0.16))
    with draw.clipped(c, flank):
        c.save()
        matrix = skia.Matrix()
        matrix.setAll(side / b.depth, 0, x1, -rise / b.depth, 1, top, 0, 0, 1)
        c.concat(matrix)
        c.translate(b.depth / 2, 0)
        # The side carries the motif only: a word mark squeezed to a strip would be unreadable.
        plain = replace(art, look=replace(look, word_mark="", sub=""), note="", fruit="")
        draw_label(c, plain, b.depth, b.height - top, b.depth * 0.9)
        c.restore()
        c.drawPath(flank, paint(DUSK, 0.34))
    c.drawLine(x1, top, x1, b.height, paint(tones(look.label).pale, 0.7, stroke=0.06))
    edge = draw.polygon([(x0, top), (x1, top), (x2, top - rise), (x2, b.height - rise), (x1, b.height), (x0, b.height)])
    c.drawPath(edge, paint(tones(look.label).deep, 0.45, stroke=0.05))
    if b.gable:
        _gable(c, b, look, x0, x1, x2, rise)
    else:
        _brick_top(c, b, look, x0, x1, x2, top, rise)


def _gable(c: skia.Canvas, b: Box, look: Look, x0: float, x1: float, x2: float, rise: float) -> None:
    t = tones(look.label)
    shift = (x2 - x1) * 0.5
    ridge = b.gable * 0.34
    slope = draw.polygon([(x0, b.gable), (x1, b.gable), (x1 + shift, ridge), (x0 + shift, ridge)])
    c.drawPath(slope, paint(draw.mix(t.base, t.light, 0.75)))
    c.drawPath(slope, paint(t.deep, 0.45, stroke=0.05))
    fold = draw.polygon([(x1, b.gable), (x2, b.gable - rise), (x1 + shift, ridge)])
    c.drawPath(fold, paint(t.deep))
    inner = draw.polygon(
        [(x1 + shift * 0.55, b.gable - rise * 0.3), (x2 - shift * 0.25, b.gable - rise * 0.85), (x1 + shift, ridge)]
    )
    c.drawPath(inner, paint(draw.mix(t.deep, DUSK, 0.35)))
    fin = box(x0 + shift, 0, x1 - x0, ridge)
    c.drawRoundRect(fin, 0.08, 0.08, paint(t.pale))
    c.drawRoundRect(fin, 0.08, 0.08, paint(t.deep, 0.45, stroke=0.05))
    for k in (0.34, 0.66):
        c.drawLine(x0 + shift + 0.1, ridge * k, x1 + shift - 0.1, ridge * k, paint(t.shade, 0.8, stroke=0.06))
    x, y, w = (x0 + x1) / 2 + shift * 0.5, (ridge + b.gable) / 2 + 0.25, b.width * 0.17
    cap = tones(look.cap)
    c.drawOval(box(x - w * 1.22, y - w * 0.28, 2.44 * w, w * 0.8), paint(t.deep, 0.55))
    c.drawOval(box(x - w * 1.15, y - w * 0.36, 2.3 * w, w * 0.74), paint(cap.pale))
    with draw.moved(c, x):
        c.drawRoundRect(box(-w, y - w * 1.05, 2 * w, w * 1.15), w * 0.25, w * 0.25, paint(shader=striped(w, look.cap)))
        for k in range(1, 7):
            c.drawRect(box(-w + 2 * w * k / 7 - w * 0.03, y - w * 0.7, w * 0.06, w * 0.62), paint(cap.deep, 0.55))
    c.drawOval(box(x - w, y - w * 1.30, 2 * w, w * 0.55), paint(cap.light))


def _brick_top(c: skia.Canvas, b: Box, look: Look, x0: float, x1: float, x2: float, top: float, rise: float) -> None:
    t = tones(look.label)
    lid = draw.polygon([(x0, top), (x1, top), (x2, top - rise), (x2 - b.width, top - rise)])
    c.drawPath(lid, paint(t.pale))
    c.drawPath(lid, paint(t.deep, 0.45, stroke=0.05))
    x = x0 + b.width * 0.72
    foot = top - rise * 0.4
    c.drawOval(box(x - 0.38, foot - 0.12, 0.76, 0.26), paint(t.deep))
    straw = skia.Path()
    straw.moveTo(x, foot)
    straw.lineTo(x + 0.15, foot - 2.05)
    straw.lineTo(x + 1.05, foot - 2.85)
    outline = paint(t.deep, 0.6, stroke=0.48)
    outline.setStrokeCap(skia.Paint.kButt_Cap)
    c.drawPath(straw, outline)
    tube = paint("#FFFFFF", stroke=0.38)
    tube.setStrokeCap(skia.Paint.kButt_Cap)
    c.drawPath(straw, tube)
    stripe = look.accent if shown_text(look) != look.accent else look.cap
    for k in range(6):
        y = foot - 0.15 - k * 0.33
        c.drawLine(x - 0.14 + 0.024 * k, y, x + 0.17 + 0.024 * k, y - 0.14, paint(stripe, stroke=0.11))
