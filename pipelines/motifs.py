"""What a label shows beside its words, by kind of drink: dots, waves, rays, bolts, as flat shapes in two or three inks.

Knows nothing of bodies or word marks. Each motif draws on a label over x = -w/2 .. w/2, y = 0 .. h, in cm, of which the
middle `seen` shows at once.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import skia

from pipelines import draw
from pipelines.draw import Colour, box, paint, polygon
from pipelines.inks import DUSK, luma, tones
from pipelines.palette import contrast
from slots.catalog import Look

Motif = Callable[[skia.Canvas, Look, float, float, float], None]


def _wave(c: skia.Canvas, w: float, h: float, seen: float, y: float, rise: float, colour: Colour, phase: float) -> None:
    """Everything below a wavy line."""
    line = [(float(x), y + rise * math.sin(x / seen * 6.0 + phase)) for x in np.linspace(-w / 2, w / 2, 64)]
    c.drawPath(polygon([*line, (w / 2, h), (-w / 2, h)]), paint(colour))


def _splashes(c: skia.Canvas, h: float, seen: float, colour: Colour) -> None:
    """Drops that fly off a wave; a low label has no room for them under its words."""
    if h > seen * 1.15:
        for x, y, r in ((-0.36, 0.650, 0.016), (-0.27, 0.625, 0.010), (0.12, 0.665, 0.012)):
            c.drawCircle(x * seen, y * h, r * h, paint(colour))


def dots(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Rays in the ground's own colour and rows of dots that fade upwards, a printer's halftone: sparkling cola."""
    reach, ray = max(w, h), draw.mix(look.label, DUSK, 0.10)
    for i in range(18):
        with draw.moved(c, 0, h * 0.40, i * 20):
            c.drawPath(polygon([(0, 0), (reach, -reach * 0.088), (reach, reach * 0.088)]), paint(ray))
    step, rows = min(seen * 0.088, h * 0.085), 5 if h > seen * 1.15 else 4
    for row in range(rows):
        y, r = h - step * (0.45 + row * 0.86), step * (0.50 - 0.42 * row / rows)
        for k in range(math.ceil(w / step) + 2):
            c.drawCircle(-w / 2 + (k + 0.5 * (row % 2)) * step, y, r, paint(look.accent))
    c.drawRect(box(-w / 2, h - step * 0.45, w, step), paint(look.accent))


def slant(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """A slanted field of the second colour with a pale edge: lemon and lime."""
    dark = draw.mix(look.label, DUSK, 0.22)
    c.drawPath(polygon([(-w / 2, 0), (w * 0.02, 0), (-w / 2, h * 0.9)]), paint(dark))
    c.drawPath(polygon([(-w / 2, h), (-w / 2, h * 0.90), (w / 2, h * 0.58), (w / 2, h)]), paint(look.accent))
    c.drawPath(
        polygon([(-w / 2, h * 0.90), (-w / 2, h * 0.855), (w / 2, h * 0.525), (w / 2, h * 0.58)]), paint("#FFFDF2")
    )


def poured(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """The drink itself in a wave, under a wave of the second colour."""
    drink = look.liquid if contrast(look.liquid, look.label) > 1.25 else draw.lighter(look.liquid, 0.5)
    _wave(c, w, h, seen, h * 0.70, h * 0.045, look.accent, 0.8)
    _wave(c, w, h, seen, h * 0.755, h * 0.045, drink, 0.8)
    _splashes(c, h, seen, look.accent)


def peaks(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Snowy peaks over water."""
    base = h * 0.86
    for k in range(-2, 3):
        for x0, tall, tint in ((-0.52, 0.24, 0.62), (0.0, 0.36, 0.30), (0.36, 0.26, 0.50)):
            x, top, half = (x0 + k * 1.05) * seen, base - tall * h, seen * 0.34
            ink = draw.mix(look.accent, look.label, tint)
            c.drawPath(polygon([(x - half, base), (x, top), (x + half, base)]), paint(ink))
            c.drawPath(polygon([(x, top), (x + half, base), (x + half * 0.1, base)]), paint(draw.mix(ink, DUSK, 0.16)))
            s = tall * h * 0.34
            cap = [
                (x - half * 0.34, top + s), (x, top), (x + half * 0.34, top + s), (x + half * 0.14, top + s * 0.72),
                (x, top + s * 1.1), (x - half * 0.15, top + s * 0.72),
            ]  # fmt: skip
            c.drawPath(polygon(cap), paint("#FFFFFF"))
    _wave(c, w, h, seen, h * 0.84, h * 0.022, look.accent, 0.0)
    _wave(c, w, h, seen, h * 0.91, h * 0.022, draw.mix(look.accent, look.label, 0.45), 1.7)


def crest(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Rays behind a plain oval and a band of beads: an old mineral water's label."""
    ray = draw.mix(look.label, look.accent, 0.24)
    reach = max(w, h)
    for i in range(24):
        with draw.moved(c, 0, h * 0.42, i * 15):
            c.drawPath(polygon([(0, 0), (reach, -reach * 0.065), (reach, reach * 0.065)]), paint(ray))
    tall = min(h * 0.68, seen * 1.30)
    oval = box(-seen * 0.53, h * 0.43 - tall / 2, seen * 1.06, tall)
    c.drawOval(oval, paint(look.label))
    c.drawOval(oval, paint(look.accent, stroke=min(h, seen) * 0.03))
    c.drawRect(box(-w / 2, h * 0.85, w, h * 0.15), paint(look.accent))
    r = min(h * 0.026, seen * 0.04)
    for i in range(-math.ceil(w / r / 8), math.ceil(w / r / 8) + 1):
        c.drawCircle(i * r * 3.6, h * 0.925, r, paint(look.label))


def garden(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Hills of the second colour with leaves: tea."""
    from pipelines.fruits import leaf

    _wave(c, w, h, seen, h * 0.74, h * 0.05, draw.mix(look.accent, look.label, 0.45), 2.2)
    _wave(c, w, h, seen, h * 0.81, h * 0.04, look.accent, 0.4)
    size = min(h * 0.22, seen * 0.24)
    for x, turn in ((-0.52, -125), (-0.46, -70), (-0.40, -30)):
        leaf(c, x * seen, h * 0.90, size, turn, "#4E9F3D" if turn > -100 else "#2F7A37")


def bars(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Slanted bars that run fast: sports drinks."""
    step = seen * 0.15
    for i in range(-math.ceil(w / step), math.ceil(w / step) + 1):
        x, tall = i * step, h * (0.14 + 0.09 * ((i * 5) % 3))
        ink = look.accent if i % 3 else draw.mix(look.accent, "#FFFFFF", 0.55)
        lean = tall * 0.5
        c.drawPath(
            polygon([(x, h), (x + step * 0.5, h), (x + step * 0.5 + lean, h - tall), (x + lean, h - tall)]), paint(ink)
        )
    c.drawPath(
        polygon([(-w / 2, h * 0.13), (w / 2, h * 0.01), (w / 2, h * 0.055), (-w / 2, h * 0.175)]), paint(look.accent)
    )


def bolt(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """A lightning bolt in a ring of rays: energy drinks."""
    s, y = min(h * 0.17, seen * 0.34), h * 0.76
    for i in range(16):
        with draw.moved(c, 0, y, i * 22.5):
            ray = polygon([(s * 1.18, -s * 0.10), (s * (1.75 if i % 2 else 1.45), 0), (s * 1.18, s * 0.10)])
            c.drawPath(ray, paint(draw.mix(look.accent, look.label, 0.35)))
    outline = [(0.10, -0.95), (-0.46, 0.12), (-0.06, 0.12), (-0.24, 1.0), (0.46, -0.18), (0.06, -0.18), (0.38, -0.95)]
    path = polygon([(a * s, y + b * s) for a, b in outline])
    c.drawPath(path, paint(look.accent))
    with draw.clipped(c, path):
        lit = polygon([(-s, y - s), (s * 0.12, y - s), (-s * 0.10, y + s), (-s, y + s)])
        c.drawPath(lit, paint(tones(look.accent).pale))


def milk(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Poured milk in the drink's colour before a band of the second one."""
    _wave(c, w, h, seen, h * 0.68, h * 0.055, look.accent, 2.4)
    drink = look.liquid if contrast(look.liquid, look.accent) > 1.3 else "#FFFDF4"
    _wave(c, w, h, seen, h * 0.765, h * 0.055, drink, 2.4)
    _splashes(c, h, seen, look.accent)


def blocks(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Two plain blocks of colour, like a pharmacist's label."""
    c.drawRect(box(-w / 2, h * 0.66, w, h * 0.34), paint(look.accent))
    c.drawRect(box(-w / 2, h * 0.66, w, h * 0.035), paint(tones(look.accent).shade))
    for i in range(3):
        c.drawRect(box(-seen * 0.46, h * (0.76 + i * 0.065), seen * (0.46 - 0.1 * i), h * 0.022), paint("#FFFFFF"))


MOTIFS: dict[str, Motif] = {
    "cola": dots,
    "lemon-lime": slant,
    "fruit soda": poured,
    "juice": poured,
    "water": peaks,
    "mineral water": crest,
    "tea": garden,
    "sports": bars,
    "energy": bolt,
    "dairy": milk,
    "soy": milk,
    "vitamin water": blocks,
}


def motif(kind: str, look: Look) -> Motif:
    """The kind's motif; a drink as dark as cola has dots instead of a fruit's wave, and so has a kind without one."""
    if kind == "fruit soda" and luma(look.liquid) < 45:
        return dots
    return MOTIFS.get(kind, dots)


def fruit_places(kind: str, width: float, height: float, seen: float) -> Sequence[tuple[float, float, float, float]]:
    """Where a label shows its fruit: (x, y, radius, turn), the largest last; one on an energy drink, beside the bolt."""
    tall = height > seen * 1.15
    r = min(height * 0.165, seen * (0.25 if tall else 0.185))
    if kind == "energy":
        return ((seen * 0.36, height * 0.90, r * 0.62, 8.0),)
    if kind in ("mineral water", "sports", "vitamin water"):
        return ((seen * 0.40, height * 0.80, r * 0.85, 8.0),)
    if tall:
        return ((-seen * 0.34, height * 0.885, r * 0.78, -14.0), (seen * 0.22, height * 0.82, r * 1.12, 8.0))
    return ((seen * 0.17, height * 0.90, r * 0.78, -14.0), (seen * 0.43, height * 0.80, r * 1.08, 8.0))
