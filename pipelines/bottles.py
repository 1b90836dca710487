"""Bottles of glass and plastic: liquid, bubbles, ribs, light, condensation, caps. Knows nothing of catalogues.

The canvas is scaled so that one unit is one centimetre, y = 0 is the top of the cap.
"""

import math
import random

import skia

from pipelines import draw
from pipelines.bodies import GLASS_SHADE, across, body_path, metal, shade, strip, wrap_label
from pipelines.draw import Colour, box, paint
from pipelines.labels import Artwork
from pipelines.outlines import Outline
from slots.catalog import Look

FIZZY = ("cola", "lemon-lime", "fruit soda", "mineral water", "energy", "soda")
"""Kinds of drink with bubbles."""


def _is_clear(colour: Colour) -> bool:
    return sum(draw.rgb(colour)) > 560


def draw_bottle(c: skia.Canvas, o: Outline, art: Artwork, packaging: str, scale: float, rng: random.Random) -> None:
    look = art.look
    glass = packaging == "glass bottle" or (packaging == "returnable bottle" and o.cap < 1.0)
    body = body_path(o)
    clear, opaque = _is_clear(look.liquid), art.kind in ("dairy", "soy", "juice")
    tint = draw.vivid(look.glass, 2.0)
    with draw.clipped(c, body):
        whole = box(-o.radius - 1, -1, 2 * o.radius + 2, o.height + 3)
        c.drawRect(
            whole,
            paint(
                shader=across(
                    o,
                    [
                        (0, draw.darker(tint, 0.30), 0.85),
                        (0.16, tint, 0.50),
                        (0.5, draw.lighter(tint, 0.5), 0.34),
                        (0.84, tint, 0.50),
                        (1, draw.darker(tint, 0.35), 0.88),
                    ],
                )
            ),
        )
        _liquid(c, o, look, clear, opaque, glass, art.kind not in ("water", "mineral water", "lemon-lime"))
        if art.kind in FIZZY:
            _bubbles(c, o, rng, clear)
        _structure(c, o, glass, clear)
        top, low = o.label
        wrap_label(c, o, art, top, low, scale)
        _light(c, o, look, glass, clear, scale)
        _drops(c, o, rng, scale, clear)
        if packaging == "returnable bottle":
            _scuffs(c, o, rng)
    rim = draw.darker(tint, 0.45) if not clear else draw.darker(look.liquid, 0.45)
    c.drawPath(body, paint(rim, 0.40, stroke=0.07))
    if o.cap < 1.0:
        _crown(c, o, look)
    elif o.cap > 2.5:
        _sport_cap(c, o, look)
    else:
        _screw_cap(c, o, look)


def _liquid(c: skia.Canvas, o: Outline, look: Look, clear: bool, opaque: bool, glass: bool, tinted: bool) -> None:
    q: Colour = look.liquid
    level = o.radius_at(o.fill)
    alpha = (0.62 if tinted else 0.42) if clear and not opaque else 0.98
    edge, glow = draw.darker(q, 0.45), draw.lighter(q, 0.30)
    if sum(draw.rgb(q)) < 170:  # cola: light shines brown through the thin edge
        edge, glow = draw.mix(q, "#5A1E08", 0.55), draw.mix(q, "#7A3412", 0.55)
        stops: list[draw.Stop] = [
            (0.0, draw.mix(q, "#B4581C", 0.75), alpha),
            (0.10, edge, alpha),
            (0.24, q, alpha),
            (0.46, glow, alpha),
            (0.66, q, alpha),
            (0.90, edge, alpha),
            (1.0, draw.mix(q, "#B4581C", 0.6), alpha),
        ]
    elif clear:
        q = draw.vivid(q, 1.8)
        stops = [
            (0.0, draw.darker(q, 0.42), 0.75),
            (0.14, draw.darker(q, 0.12), alpha),
            (0.45, draw.lighter(q, 0.5), alpha),
            (0.80, draw.darker(q, 0.10), alpha),
            (1.0, draw.darker(q, 0.48), 0.8),
        ]
    else:
        stops = [
            (0.0, draw.darker(q, 0.38), alpha),
            (0.13, draw.darker(q, 0.10), alpha),
            (0.40, glow, alpha),
            (0.72, q, alpha),
            (1.0, draw.darker(q, 0.48), alpha),
        ]
    c.drawRect(box(-o.radius - 0.5, o.fill, 2 * o.radius + 1, o.height - o.fill + 1), paint(shader=across(o, stops)))
    c.drawRect(
        box(-o.radius - 0.5, o.fill, 2 * o.radius + 1, o.height),
        paint(
            shader=draw.linear(
                0,
                o.fill,
                0,
                o.height,
                [(0, "#FFFFFF", 0.10), (0.35, "#FFFFFF", 0), (0.75, "#000000", 0), (1, "#000000", 0.30)],
            )
        ),
    )
    c.drawOval(box(-level, o.fill - level * 0.16, 2 * level, level * 0.32), paint(draw.lighter(q, 0.35), 0.9))
    c.drawOval(box(-level * 0.86, o.fill - level * 0.08, 1.72 * level, level * 0.2), paint(draw.darker(q, 0.15), 0.5))
    base = o.radius * (0.16 if glass else 0.08)
    c.drawOval(
        box(-o.radius * 0.86, o.height - base * 1.6, o.radius * 1.72, base * 1.7),
        paint(draw.lighter(look.glass, 0.2), 0.30 if glass else 0.16),
    )


def _bubbles(c: skia.Canvas, o: Outline, rng: random.Random, clear: bool) -> None:
    for _ in range(46):
        y = o.fill + 0.3 + (o.height - o.fill - 1.2) * rng.random() ** 1.5
        x = o.radius_at(y) * rng.uniform(-0.86, 0.86)
        r = rng.uniform(0.03, 0.085)
        c.drawCircle(x, y, r, paint("#FFFFFF", 0.40 if clear else 0.28))
        c.drawCircle(x - r * 0.3, y - r * 0.3, r * 0.4, paint("#FFFFFF", 0.8))
    level = o.radius_at(o.fill)
    for _ in range(16):
        x = level * rng.uniform(-0.92, 0.92)
        r = rng.uniform(0.05, 0.11)
        c.drawCircle(
            x, o.fill + level * 0.13 * math.sqrt(1 - (x / level) ** 2) * rng.uniform(0.2, 1), r, paint("#FFFFFF", 0.45)
        )


def _structure(c: skia.Canvas, o: Outline, glass: bool, clear: bool) -> None:
    for top, low in o.flutes:
        for k in range(-4, 5):
            at = math.sin(k * 0.34)
            groove = draw.spline(o.edge(at, top, low, 12))
            c.drawPath(groove, paint("#000000", 0.20, stroke=0.17))
            c.drawPath(draw.spline(o.edge(at + 0.035, top, low, 12)), paint("#FFFFFF", 0.22, stroke=0.09))
    for y in o.ribs:
        r = o.radius_at(y)
        for shift, tint, alpha in ((0.0, "#000000", 0.30), (0.13, "#FFFFFF", 0.32)):
            arc = skia.Path()
            arc.moveTo(-r * 1.02, y + shift)
            arc.quadTo(0, y + shift + o.radius * 0.22, r * 1.02, y + shift)
            c.drawPath(arc, paint(tint, alpha, stroke=0.13))
    if not glass:
        foot = o.radius
        for k in range(-2, 3):
            x = math.sin(k * 0.52) * foot * 0.92
            c.drawOval(
                box(x - foot * 0.13, o.height - foot * 0.40, foot * 0.26, foot * 0.62),
                paint("#000000", 0.16, blur=0.08),
            )
            c.drawOval(
                box(x - foot * 0.20, o.height - foot * 0.34, foot * 0.06, foot * 0.40),
                paint("#FFFFFF", 0.18, blur=0.05),
            )


def _light(c: skia.Canvas, o: Outline, look: Look, glass: bool, clear: bool, scale: float) -> None:
    whole = box(-o.radius - 1, -1, 2 * o.radius + 2, o.height + 3)
    tint = draw.darker(draw.vivid(look.glass, 3.0), 0.58) if clear else (0, 0, 0)
    shade(c, o, tint, GLASS_SHADE, scale)
    top, bottom = o.cap + 0.4, o.height - 0.5
    bright = 0.55 if glass else 0.42
    for start, end, dim in (
        (top + 0.2, o.label[0] - 0.15, 1.0),
        (o.label[0], o.label[1], 0.45),
        (o.label[1] + 0.35, bottom, 1.0),
    ):
        c.drawPath(strip(o, -0.88, -0.66, start, end), paint("#FFFFFF", bright * dim * 0.8, blur=0.05))
        c.drawPath(strip(o, -0.85, -0.75, start + 0.15, end - 0.1), paint("#FFFFFF", bright * dim))
    c.drawPath(strip(o, 0.80, 0.90, top + 0.8, bottom - 0.3), paint("#FFFFFF", 0.42 if glass else 0.30, blur=0.04))
    c.drawPath(strip(o, -0.47, -0.43, top + 0.6, bottom - 1.5), paint("#FFFFFF", 0.16))
    c.drawRect(
        whole,
        paint(shader=draw.linear(0, o.height - o.radius * 0.5, 0, o.height, [(0, "#000000", 0), (1, "#000000", 0.28)])),
    )


def _drops(c: skia.Canvas, o: Outline, rng: random.Random, scale: float, clear: bool) -> None:
    """Condensation: few large drops, many small, away from the word mark."""
    top, low = o.label
    for i in range(150):
        y = rng.uniform(o.fill - 0.5, o.height - 0.6)
        at = rng.uniform(-0.93, 0.93)
        if top - 0.1 < y < low + 0.25 and abs(at) < 0.80:
            continue
        r = rng.uniform(0.035, 0.075) if i % 6 else rng.uniform(0.09, 0.16)
        x = o.radius_at(y) * at
        squeeze = math.sqrt(max(0.15, 1 - at * at))
        with draw.moved(c, x, y):
            c.scale(squeeze, 1.18)
            c.drawCircle(0, r * 0.25, r * 1.02, paint("#000000", 0.26))
            c.drawCircle(
                0,
                0,
                r,
                paint(
                    shader=draw.linear(
                        0, -r, 0, r, [(0, "#FFFFFF", 0.16), (0.6, "#FFFFFF", 0.26), (1, "#FFFFFF", 0.75)]
                    )
                ),
            )
            c.drawCircle(-r * 0.32, -r * 0.36, r * 0.27, paint("#FFFFFF", 0.95))


def _scuffs(c: skia.Canvas, o: Outline, rng: random.Random) -> None:
    """The worn rings of a bottle that has been back many times."""
    for y in (o.label[0] - 0.55, o.height - o.radius * 0.42):
        r = o.radius_at(y)
        for _ in range(34):
            at = rng.uniform(-0.95, 0.95)
            x = r * at
            yy = y + o.radius * 0.12 * math.sqrt(1 - at * at) + rng.uniform(-0.12, 0.12)
            c.drawLine(
                x,
                yy,
                x + rng.uniform(0.1, 0.4),
                yy + rng.uniform(-0.02, 0.02),
                paint("#FFFFFF", rng.uniform(0.15, 0.45), stroke=0.05),
            )


def _crown(c: skia.Canvas, o: Outline, look: Look) -> None:
    lip = o.neck * 1.12
    c.drawRoundRect(
        box(-lip, o.cap - 0.05, 2 * lip, 0.42), 0.18, 0.18, paint(shader=metal(draw.lighter(look.glass, 0.25), lip))
    )
    w, low = o.neck * 1.34, o.cap + 0.10
    path = skia.Path()
    path.moveTo(-w, low)
    path.lineTo(-w * 0.90, 0.22)
    path.quadTo(-w * 0.86, 0.0, -w * 0.55, -0.04)
    path.quadTo(0, -0.12, w * 0.55, -0.04)
    path.quadTo(w * 0.86, 0.0, w * 0.90, 0.22)
    path.lineTo(w, low)
    teeth = 9
    for k in range(teeth):
        x = w - 2 * w * (k + 1) / teeth
        path.quadTo(x + w / teeth, low + 0.26, x, low)
    path.close()
    c.drawPath(path, paint(shader=metal(look.cap, w)))
    for k in range(1, teeth):
        x = -1 + 2 * k / teeth
        c.drawLine(x * w, low, x * w * 0.9, 0.30, paint("#000000", 0.22, stroke=0.05))
    c.drawOval(box(-w * 0.8, -0.08, 1.6 * w, 0.16), paint("#FFFFFF", 0.25))


def _screw_cap(c: skia.Canvas, o: Outline, look: Look) -> None:
    w = o.neck * 1.12
    c.drawRoundRect(
        box(-o.neck * 1.30, o.cap + 0.22, o.neck * 2.6, 0.24),
        0.1,
        0.1,
        paint(shader=metal(draw.lighter(look.glass, 0.35), o.neck * 1.3)),
    )
    c.drawRoundRect(box(-w, o.cap - 0.22, 2 * w, 0.34), 0.08, 0.08, paint(shader=metal(draw.darker(look.cap, 0.12), w)))
    c.drawRoundRect(box(-w, 0, 2 * w, o.cap - 0.26), 0.24, 0.24, paint(shader=metal(look.cap, w)))
    for k in range(1, 14):
        x = -w * math.cos(math.pi * k / 14)
        c.drawLine(x, 0.36, x, o.cap - 0.36, paint("#000000", 0.22, stroke=0.055))
    c.drawOval(box(-w * 0.86, 0.02, 1.72 * w, 0.18), paint("#FFFFFF", 0.35))


def _sport_cap(c: skia.Canvas, o: Outline, look: Look) -> None:
    w = o.neck * 1.14
    spout = w * 0.46
    c.drawRoundRect(box(-spout * 0.85, 0, spout * 1.7, 1.1), 0.3, 0.3, paint(shader=metal(look.accent, spout)))
    c.drawRoundRect(
        box(-spout * 1.12, 0.75, spout * 2.24, 0.8),
        0.16,
        0.16,
        paint(shader=metal(draw.darker(look.accent, 0.12), spout)),
    )
    dome = skia.Path()
    dome.moveTo(-w, 2.0)
    dome.quadTo(-w * 0.9, 1.35, -spout, 1.3)
    dome.lineTo(spout, 1.3)
    dome.quadTo(w * 0.9, 1.35, w, 2.0)
    dome.lineTo(w, o.cap)
    dome.lineTo(-w, o.cap)
    dome.close()
    c.drawPath(dome, paint(shader=metal(look.cap, w)))
    for k in range(1, 14):
        x = -w * math.cos(math.pi * k / 14)
        c.drawLine(x, 2.1, x, o.cap - 0.12, paint("#FFFFFF", 0.14, stroke=0.05))
