"""Drinks cans: the printed wall, the lid, beads of water. Knows nothing of catalogues.

The canvas is scaled so that one unit is one centimetre, y = 0 is the lid.
"""

import math
import random

import skia

from pipelines import draw
from pipelines.bodies import METAL_SHADE, across, body_path, metal, shade, wrap_label
from pipelines.draw import box, paint
from pipelines.labels import Artwork
from pipelines.outlines import Outline


def draw_can(c: skia.Canvas, o: Outline, art: Artwork, scale: float, rng: random.Random) -> None:
    body = body_path(o)
    silver = "#C9CED4"
    with draw.clipped(c, body):
        c.drawRect(box(-o.radius - 1, -1, 2 * o.radius + 2, o.height + 3), paint(shader=metal(silver, o.radius)))
        wrap_label(c, o, art, *o.label, scale)
        shade(c, o, "#000000", METAL_SHADE, scale)
        shine: list[draw.Stop] = [
            (0, "#FFFFFF", 0),
            (0.055, "#FFFFFF", 0),
            (0.075, "#FFFFFF", 0.60),
            (0.135, "#FFFFFF", 0.50),
            (0.16, "#FFFFFF", 0.12),
            (0.30, "#FFFFFF", 0.0),
            (0.78, "#FFFFFF", 0),
            (0.86, "#FFFFFF", 0.26),
            (0.90, "#FFFFFF", 0),
        ]
        c.drawRect(box(-o.radius, 0.9, 2 * o.radius, o.height - 1.7), paint(shader=across(o, shine)))
        c.drawRect(
            box(-o.radius, 0, 2 * o.radius, 1.1),
            paint(
                shader=draw.linear(0, 0.2, 0, 1.1, [(0, "#000000", 0.38), (0.7, "#FFFFFF", 0.18), (1, "#FFFFFF", 0)])
            ),
        )
        c.drawRect(
            box(-o.radius, o.height - 0.9, 2 * o.radius, 1.2),
            paint(shader=draw.linear(0, o.height - 0.9, 0, o.height, [(0, "#000000", 0), (1, "#000000", 0.5)])),
        )
        _can_drops(c, o, rng)
    n = o.neck
    c.drawOval(box(-n, -n * 0.13, 2 * n, n * 0.30), paint(shader=metal(silver, n)))
    c.drawOval(
        box(-n * 0.88, -n * 0.09, 1.76 * n, n * 0.22),
        paint(shader=draw.linear(0, -n * 0.1, 0, n * 0.15, draw.fades(["#7F858D", "#B9BFC6", "#E6EAEE"]))),
    )
    c.drawOval(box(-n * 0.34, -n * 0.05, n * 0.60, n * 0.11), paint(shader=metal("#AEB4BB", n * 0.3)))
    c.drawOval(box(-n * 0.02, -n * 0.015, n * 0.34, n * 0.08), paint("#5F656D"))


def _can_drops(c: skia.Canvas, o: Outline, rng: random.Random) -> None:
    for i in range(90):
        y, at = rng.uniform(1.2, o.height - 0.9), rng.uniform(-0.95, 0.95)
        if abs(at) < 0.70 and o.height * 0.18 < y < o.height * 0.66:
            continue
        r = rng.uniform(0.035, 0.07) if i % 5 else rng.uniform(0.08, 0.14)
        with draw.moved(c, o.radius_at(y) * at, y):
            c.scale(math.sqrt(max(0.15, 1 - at * at)), 1.18)
            c.drawCircle(0, r * 0.25, r * 1.02, paint("#000000", 0.25))
            c.drawCircle(
                0,
                0,
                r,
                paint(
                    shader=draw.linear(
                        0, -r, 0, r, [(0, "#FFFFFF", 0.15), (0.6, "#FFFFFF", 0.25), (1, "#FFFFFF", 0.75)]
                    )
                ),
            )
            c.drawCircle(-r * 0.32, -r * 0.36, r * 0.27, paint("#FFFFFF", 0.95))
