"""Drinks cans as flat shapes: the printed wall, shoulder and foot of bare metal, the lid. Knows nothing of catalogues.

The canvas is scaled so that one unit is one centimetre, y = 0 is the lid. Light comes from the upper left.
"""

import random

import skia

from pipelines import draw
from pipelines.bodies import body_path, drops, side, strip, striped, wrap_label
from pipelines.draw import box, paint
from pipelines.inks import DUSK, tones
from pipelines.labels import Artwork
from pipelines.outlines import Outline

SILVER = "#CBD0D8"


def draw_can(c: skia.Canvas, o: Outline, art: Artwork, scale: float, rng: random.Random) -> None:
    """A can with its lid seen a little from above."""
    body = body_path(o)
    with draw.clipped(c, body):
        metal = tones(SILVER)
        c.drawPath(body, paint(metal.base))
        c.drawPath(side(o, -0.80, -0.45, 0, o.height + 1), paint(metal.pale))
        c.drawPath(side(o, -1.1, -0.88, 0, o.height + 1), paint(metal.shade))
        wrap_label(c, o, art, *o.label, scale)
        c.drawPath(side(o, 0.50, 1.1, 0, o.height + 1), paint(DUSK, 0.20))
        c.drawPath(side(o, 0.84, 1.1, 0, o.height + 1), paint(DUSK, 0.24))
        c.drawPath(side(o, -1.1, -0.93, 0, o.height + 1), paint(DUSK, 0.14))
        top, foot = o.wall

        def free(y: float, at: float) -> bool:
            return not (o.height * 0.16 < y < o.height * 0.97 and abs(at) < 0.74) and not -0.9 < at < -0.62

        drops(c, o, rng, top + 0.5, foot - 0.3, free, 16)
        long = top + (foot - top) * 0.70
        c.drawPath(strip(o, -0.80, -0.69, top + 0.25, long), paint("#FFFFFF", 0.62))
        c.drawPath(strip(o, -0.80, -0.69, long + 0.35, long + 0.95), paint("#FFFFFF", 0.62))
        c.drawPath(strip(o, 0.88, 0.915, top + 0.6, foot - 0.4), paint("#FFFFFF", 0.42))
    c.drawPath(body, paint(tones(art.look.label).deep, 0.55, stroke=0.05))
    _lid(c, o.neck)


def _lid(c: skia.Canvas, n: float) -> None:
    t = tones(SILVER)
    c.drawOval(box(-n, -n * 0.14, 2 * n, n * 0.31), paint(shader=striped(n, SILVER)))
    c.drawOval(box(-n * 0.90, -n * 0.105, 1.80 * n, n * 0.235), paint(t.deep))
    c.drawOval(box(-n * 0.90, -n * 0.075, 1.80 * n, n * 0.205), paint(t.shade))
    c.drawOval(box(-n * 0.74, -n * 0.055, 1.48 * n, n * 0.155), paint(t.base))
    c.drawOval(box(-n * 0.02, -n * 0.025, n * 0.50, n * 0.10), paint(t.deep))
    c.drawRoundRect(box(-n * 0.42, -n * 0.02, n * 0.60, n * 0.085), n * 0.05, n * 0.05, paint(t.pale))
    c.drawOval(box(-n * 0.36, -n * 0.002, n * 0.20, n * 0.045), paint(t.deep))
