"""Bottles of glass and plastic as flat shapes: liquid, bubbles, ribs, light, drops, caps. Knows nothing of catalogues.

The canvas is scaled so that one unit is one centimetre, y = 0 is the top of the cap. Light comes from the upper left.
"""

import math
import random

import skia

from pipelines import draw
from pipelines.bodies import body_path, drops, ring, side, strip, striped, wrap_label
from pipelines.draw import Colour, box, paint
from pipelines.inks import DUSK, luma, tones
from pipelines.labels import Artwork
from pipelines.outlines import Outline
from slots.catalog import Look

FIZZY = ("cola", "lemon-lime", "fruit soda", "mineral water", "energy", "soda")
"""Kinds of drink with bubbles."""
ROOM_WARM = ("dairy", "soy")
"""Kinds that are shown without condensation."""


def _is_clear(colour: Colour) -> bool:
    return sum(draw.rgb(colour)) > 600


def draw_bottle(c: skia.Canvas, o: Outline, art: Artwork, packaging: str, scale: float, rng: random.Random) -> None:
    """A bottle of glass when its cap is a crown, else of plastic; a returnable one is worn where bottles touch."""
    look = art.look
    glass, worn = o.cap < 1.0, packaging == "returnable bottle"
    body = body_path(o)
    drink = _drink(look, art.kind)
    empty = tones(draw.vivid(look.glass, 1.4))
    with draw.clipped(c, body):
        c.drawPath(body, paint(empty.light, 0.80))
        c.drawPath(side(o, 0.45, 1.1, 0, o.height), paint(empty.shade, 0.55))
        _liquid(c, o, drink)
        if art.kind in FIZZY:
            _bubbles(c, o, rng, drink)
        _structure(c, o, glass, drink)
        if glass:
            _thick_base(c, o, drink)
        wrap_label(c, o, art, *o.label, scale)
        if worn:
            _wear(c, o, rng)
        _shade(c, o, drink)
        if art.kind not in ROOM_WARM:
            top, low = o.label

            def free(y: float, at: float) -> bool:
                return not (top - 0.25 < y < low + o.radius * 0.2 and abs(at) < 0.82) and not -0.9 < at < -0.6

            drops(c, o, rng, o.fill, o.height - 0.7, free, 26)
        _light(c, o, glass, _is_clear(look.liquid))
    c.drawPath(body, paint(tones(drink).deep, 0.75, stroke=0.07))
    if glass:
        _crown(c, o, look)
    elif o.cap > 2.5:
        _sport_cap(c, o, look)
    else:
        _screw_cap(c, o, look)


def _drink(look: Look, kind: str) -> Colour:
    """The liquid as it shows through the bottle: water takes the colour of its glass."""
    if kind in ("water", "mineral water", "lemon-lime") and _is_clear(look.liquid):
        return draw.vivid(draw.mix(look.liquid, look.glass, 0.55), 1.25)
    if luma(look.liquid) < 45:  # a cola is brown where light comes through
        return draw.mix(look.liquid, "#6B2A12", 0.28)
    return look.liquid


def _liquid(c: skia.Canvas, o: Outline, drink: Colour) -> None:
    t = tones(drink)
    whole = box(-o.radius - 0.5, o.fill, 2 * o.radius + 1, o.height - o.fill + 1)
    c.drawRect(whole, paint(t.base))
    glow = draw.mix(drink, "#B4581C", 0.55) if luma(drink) < 60 else t.light
    c.drawPath(side(o, -1.1, -0.80, o.fill, o.height), paint(glow))
    c.drawPath(side(o, -0.34, 0.10, o.fill, o.height), paint(glow, 0.38))
    level = o.radius_at(o.fill)
    c.drawOval(box(-level, o.fill - level * 0.16, 2 * level, level * 0.32), paint(t.pale))
    c.drawOval(box(-level * 0.80, o.fill - level * 0.06, 1.6 * level, level * 0.18), paint(t.light))


def _bubbles(c: skia.Canvas, o: Outline, rng: random.Random, drink: Colour) -> None:
    t = tones(drink)
    ink = draw.mix(drink, "#D98A4A", 0.55) if luma(drink) < 60 else t.pale
    for i in range(30):
        y = o.fill + 0.4 + (o.height - o.fill - 1.0) * rng.random() ** 1.3
        x = o.radius_at(y) * rng.uniform(-0.8, 0.8)
        r = rng.uniform(0.05, 0.12)
        if i % 3:
            c.drawCircle(x, y, r * 0.7, paint(ink, 0.85))
        else:
            c.drawCircle(x, y, r, paint(ink, 0.85, stroke=0.035))


def _structure(c: skia.Canvas, o: Outline, glass: bool, drink: Colour) -> None:
    t = tones(drink)
    for top, low in o.flutes:
        for k in range(-4, 5):
            at = math.sin(k * 0.36)
            thin = 0.055 * math.sqrt(1 - at * at) + 0.012
            c.drawPath(strip(o, at - thin, at + thin, top, low), paint(t.deep, 0.50))
    for y in o.ribs:
        dip = o.radius * 0.16
        c.drawPath(ring(o, y, 0.13 + o.radius * 0.012, dip), paint(t.deep, 0.42))
        c.drawPath(ring(o, y + 0.13 + o.radius * 0.012, 0.09, dip), paint(t.pale, 0.55))
    if not glass:
        foot, tall = o.radius, o.radius * 0.52
        for k in range(-2, 3):
            x, half = math.sin(k * 0.55) * foot * 0.95, foot * 0.13 * math.cos(k * 0.5)
            petal = skia.Path()
            petal.moveTo(x - half, o.height + 0.2)
            petal.cubicTo(
                x - half * 0.9, o.height - tall * 0.7, x + half * 0.9, o.height - tall * 0.7, x + half, o.height + 0.2
            )
            c.drawPath(petal, paint(t.deep, 0.55))


def _thick_base(c: skia.Canvas, o: Outline, drink: Colour) -> None:
    t = tones(drink)
    c.drawPath(ring(o, o.height - o.radius * 0.26, o.radius * 0.5, o.radius * 0.10), paint(t.deep, 0.8))
    c.drawPath(ring(o, o.height - o.radius * 0.14, o.radius * 0.05, o.radius * 0.10), paint(t.light, 0.55))


def _wear(c: skia.Canvas, o: Outline, rng: random.Random) -> None:
    """The rubbed rings of a bottle that has been back many times: where it touches its neighbours, and above the foot."""
    dip = o.radius * 0.13
    shoulder = o.label[0] - max(0.5, o.height * 0.035)
    for y, tall in ((shoulder, o.height * 0.016), (o.height - o.radius * 0.52, o.height * 0.022)):
        c.drawPath(ring(o, y, tall, dip), paint("#FFFFFF", 0.20))
        r = o.radius_at(y)
        for _ in range(30):
            at = rng.uniform(-0.92, 0.92)
            yy = y + dip * math.sqrt(1 - at * at) + rng.uniform(-0.15, 1.1) * tall
            reach = rng.uniform(0.10, 0.42) * math.sqrt(1 - at * at)
            c.drawLine(r * at, yy, r * at + reach, yy, paint("#FFFFFF", rng.uniform(0.45, 0.8), stroke=0.055))


def _shade(c: skia.Canvas, o: Outline, drink: Colour) -> None:
    deep = draw.mix(drink, DUSK, 0.7)
    c.drawPath(side(o, 0.46, 1.1, 0, o.height + 1), paint(deep, 0.26))
    c.drawPath(side(o, 0.84, 1.1, 0, o.height + 1), paint(deep, 0.30))


def _light(c: skia.Canvas, o: Outline, glass: bool, clear: bool) -> None:
    bright = 0.85 if glass else 0.72
    start, end = o.cap + 0.75, o.height - o.radius * 0.35
    top, low = o.label
    first = start + (top - start) * 0.72
    for a, b, alpha in (
        (start, first, bright),
        (first + 0.45, top - 0.25, bright),
        (top + 0.1, low - 0.05, 0.20),
        (low + o.radius * 0.12, low + (end - low) * 0.62, bright),
        (low + (end - low) * 0.62 + 0.45, low + (end - low) * 0.62 + 1.0, bright),
    ):
        c.drawPath(strip(o, -0.82, -0.68, a, b), paint("#FFFFFF", alpha))
    c.drawPath(strip(o, 0.78, 0.83, low + o.radius * 0.2, end), paint("#FFFFFF", 0.55 if clear else 0.38))
    c.drawPath(strip(o, 0.74, 0.82, start + (top - start) * 0.35, top - 0.3), paint("#FFFFFF", 0.5 if clear else 0.34))


def _crown(c: skia.Canvas, o: Outline, look: Look) -> None:
    lip = o.neck * 1.12
    c.drawRoundRect(box(-lip, o.cap - 0.05, 2 * lip, 0.42), 0.18, 0.18, paint(shader=striped(lip, look.glass)))
    w, low = o.neck * 1.34, o.cap + 0.08
    path = skia.Path()
    path.moveTo(-w, low)
    path.lineTo(-w * 0.86, 0.20)
    path.quadTo(-w * 0.80, 0.0, -w * 0.5, -0.03)
    path.quadTo(0, -0.10, w * 0.5, -0.03)
    path.quadTo(w * 0.80, 0.0, w * 0.86, 0.20)
    path.lineTo(w, low)
    teeth = 9
    for k in range(teeth):
        x = w - 2 * w * (k + 1) / teeth
        path.quadTo(x + w / teeth, low + 0.28, x, low)
    path.close()
    c.drawPath(path, paint(shader=striped(w, look.cap)))
    with draw.clipped(c, path):
        for k in range(1, teeth):
            x = -1 + 2 * k / teeth
            c.drawPath(
                draw.polygon([(x * w - 0.05, low + 0.2), (x * w * 0.88, 0.26), (x * w + 0.05, low + 0.2)]),
                paint(tones(look.cap).deep, 0.75),
            )


def _screw_cap(c: skia.Canvas, o: Outline, look: Look) -> None:
    w, t = o.neck * 1.12, tones(look.cap)
    ringed = box(-o.neck * 1.30, o.cap + 0.22, o.neck * 2.6, 0.26)
    c.drawRoundRect(ringed, 0.12, 0.12, paint(shader=striped(o.neck * 1.3, draw.vivid(look.glass, 1.4))))
    c.drawRoundRect(box(-w, o.cap - 0.24, 2 * w, 0.36), 0.08, 0.08, paint(shader=striped(w, t.shade)))
    c.drawRoundRect(box(-w, 0, 2 * w, o.cap - 0.30), 0.22, 0.22, paint(shader=striped(w, look.cap)))
    for k in range(1, 13):
        x = -w * math.cos(math.pi * k / 13)
        c.drawRect(box(x - 0.035, 0.40, 0.07, o.cap - 0.84), paint(t.deep, 0.55))


def _sport_cap(c: skia.Canvas, o: Outline, look: Look) -> None:
    w = o.neck * 1.14
    spout = w * 0.46
    c.drawRoundRect(box(-spout * 0.85, 0, spout * 1.7, 1.1), 0.28, 0.28, paint(shader=striped(spout, look.accent)))
    c.drawRoundRect(
        box(-spout * 1.12, 0.72, spout * 2.24, 0.8),
        0.16,
        0.16,
        paint(shader=striped(spout * 1.12, tones(look.accent).shade)),
    )
    dome = skia.Path()
    dome.moveTo(-w, 2.0)
    dome.quadTo(-w * 0.9, 1.35, -spout, 1.3)
    dome.lineTo(spout, 1.3)
    dome.quadTo(w * 0.9, 1.35, w, 2.0)
    dome.lineTo(w, o.cap)
    dome.lineTo(-w, o.cap)
    dome.close()
    ink = draw.lighter(look.cap, 0.14) if luma(look.cap) < 40 else look.cap
    c.drawPath(dome, paint(shader=striped(w, ink)))
    for k in range(1, 13):
        x = -w * math.cos(math.pi * k / 13)
        c.drawRect(box(x - 0.035, 2.1, 0.07, o.cap - 2.25), paint(tones(ink).deep, 0.6))
