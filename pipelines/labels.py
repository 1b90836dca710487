"""Label artwork, drawn flat: ground, a motif that says what kind of drink it is, and the word mark in a look-alike font.

Knows nothing of bottles or cans; `wrapped` bends a flat label round a body. No official logo is drawn.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import skia

from pipelines import draw, lettering
from pipelines.draw import Colour, box, paint
from pipelines.lettering import Face
from pipelines.palette import contrast
from slots.catalog import Look

SCRIPTS = ("Lobster-Regular", "KaushanScript-Regular", "LeckerliOne-Regular", "Lato-BlackItalic")
"""Faces whose word mark rises to the right."""


@dataclass(frozen=True)
class Artwork:
    """What is on a label, before it has a size."""

    look: Look
    kind: str
    fruit: str = "slice"
    """`slice` or `round`: how fruit is shown."""
    note: str = ""
    """A line in small capitals, such as the flavour or the volume."""


def shown_text(look: Look) -> Colour:
    """The label's text colour, or ink or white where the catalogue's own would not stand out from the ground."""
    if contrast(look.text, look.label) >= 2.0:
        return look.text
    return "#161616" if _luma(look.label) > 128 else "#FFFFFF"


def _luma(colour: Colour) -> float:
    r, g, b = draw.rgb(colour)
    return 0.299 * r + 0.587 * g + 0.114 * b


def draw_label(canvas: skia.Canvas, art: Artwork, width: float, height: float, seen: float) -> None:
    """Draws the label over x = -width/2 .. width/2, y = 0 .. height; the words keep to the middle `seen` of the width."""
    look = art.look
    with draw.clipped(canvas, skia.Path().addRect(box(-width / 2, 0, width, height))):
        ground = draw.linear(
            0, 0, 0, height, draw.fades([draw.lighter(look.label, 0.10), look.label, draw.darker(look.label, 0.12)])
        )
        canvas.drawRect(box(-width / 2, 0, width, height), paint(shader=ground))
        tall = height > seen * 0.85
        _motif(art)(canvas, look, width, height, seen)
        _edges(canvas, look, width, height, tall)
        _words(canvas, art, seen, height, tall)


def _edges(canvas: skia.Canvas, look: Look, width: float, height: float, tall: bool) -> None:
    thick = min(height * 0.03, 0.10)
    inset = 0.0 if tall else thick * 1.2
    for y in (inset, height - inset - thick):
        canvas.drawRect(box(-width / 2, y, width, thick), paint(look.accent))


def _words(canvas: skia.Canvas, art: Artwork, seen: float, height: float, tall: bool) -> None:
    look = art.look
    colour = shown_text(look)
    face = Face(look.font, 1.0)
    centre = height * (0.40 if tall else 0.45)
    room = height * (0.34 if tall else 0.50)
    lines = 2 if " " in look.word_mark and (tall or height > seen * 0.55) else 1
    mark = lettering.fit_block(look.word_mark, face, seen, room, max_lines=lines, largest=100, leading=0.92)
    script = look.font in SCRIPTS
    depth = mark.face.size * 0.035
    shade = draw.darker(look.label, 0.55) if _luma(look.label) > 40 else (0, 0, 0)
    with draw.moved(canvas, 0, centre, -6.0 if script else 0.0):
        top = -mark.height / 2
        if _luma(colour) > _luma(look.label):
            mark.draw(canvas, depth, top + depth, paint(shade, 0.75), 0.5)
        mark.draw(canvas, 0, top, paint(colour), 0.5)
    small = Face("Lato-Black", 1.0, 0.10)
    below = centre + mark.height / 2 + height * (0.05 if tall else 0.06)
    for text, share, tint in ((look.sub, 1.0, look.accent), (art.note, 0.8, colour)):
        if not text:
            continue
        if contrast(tint, look.label) < 2.6:
            tint = colour
        size = lettering.fit_size(text, small, seen * 0.62, height * (0.055 if tall else 0.105) * share)
        line = small.at(size)
        cap = line.cap_height()
        if below + cap > height * 0.95:
            break
        lettering.draw_text(canvas, text, line, 0, below + cap, paint(tint), 0.5)
        below += cap * 1.55


# Motifs ---------------------------------------------------------------------------------------------------------------


def _ribbon(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """A wave under the word mark."""
    amp, y = min(h * 0.07, seen * 0.10), h * (0.80 if h < seen else 0.74)
    for shift, thick, tint, alpha in ((0.0, amp * 1.5, look.accent, 1.0), (amp * 1.9, amp * 0.35, look.accent, 0.75)):
        top = [(x, y + shift + amp * math.sin(x / seen * 5.2)) for x in np.linspace(-w / 2, w / 2, 40)]
        low = [(x, yy + thick * (0.55 + 0.45 * math.sin(x / seen * 2.6 + 0.9))) for x, yy in reversed(top)]
        c.drawPath(draw.polygon([*top, *low]), paint(tint, alpha))


def _slice(c: skia.Canvas, x: float, y: float, r: float, rind: Colour, flesh: Colour) -> None:
    """A round of citrus fruit."""
    c.drawCircle(x, y, r, paint(rind))
    c.drawCircle(x, y, r * 0.90, paint("#FFF9DF"))
    for i in range(9):
        with draw.moved(c, x, y, i * 40):
            wedge = skia.Path()
            wedge.moveTo(0, -r * 0.08)
            wedge.lineTo(r * 0.24, -r * 0.72)
            wedge.quadTo(0, -r * 0.95, -r * 0.24, -r * 0.72)
            wedge.close()
            c.drawPath(wedge, paint(flesh))
    c.drawCircle(x - r * 0.2, y - r * 0.3, r * 0.5, paint("#FFFFFF", 0.12))


def _leaf(c: skia.Canvas, x: float, y: float, size: float, turn: float, tint: Colour) -> None:
    with draw.moved(c, x, y, turn):
        leaf = skia.Path()
        leaf.moveTo(0, 0)
        leaf.quadTo(size * 0.5, -size * 0.55, size, 0)
        leaf.quadTo(size * 0.5, size * 0.40, 0, 0)
        c.drawPath(
            leaf,
            paint(
                shader=draw.linear(
                    0, -size * 0.3, 0, size * 0.3, draw.fades([draw.lighter(tint, 0.3), draw.darker(tint, 0.25)])
                )
            ),
        )
        c.drawLine(0, 0, size * 0.85, -size * 0.02, paint("#FFFFFF", 0.45, stroke=size * 0.035))


def _citrus(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Lemon and lime, a band of light across."""
    c.drawPath(draw.polygon([(-w / 2, h), (-w / 2, h * 0.86), (w / 2, h * 0.62), (w / 2, h)]), paint(look.accent, 0.95))
    c.drawPath(
        draw.polygon([(-w / 2, h * 0.84), (-w / 2, h * 0.80), (w / 2, h * 0.54), (w / 2, h * 0.59)]),
        paint("#FFFFFF", 0.7),
    )
    r = min(h * 0.17, seen * 0.16)
    _slice(c, seen * 0.33, h * 0.83, r, "#6FBF2E", "#C5E86C")
    _slice(c, seen * 0.33 - r * 1.25, h * 0.90, r * 0.85, "#F2C40F", "#FFE873")


def _apple(c: skia.Canvas, x: float, y: float, r: float, skin: Colour) -> None:
    """A round fruit with a stalk: apple, grape, berry."""
    c.drawLine(x, y - r * 0.8, x + r * 0.12, y - r * 1.25, paint("#5B3A20", stroke=r * 0.12))
    stops: list[draw.Stop] = [(0, draw.lighter(skin, 0.55), 1), (0.45, skin, 1), (1, draw.darker(skin, 0.45), 1)]
    shine = draw.radial(x - r * 0.35, y - r * 0.4, r * 1.5, stops)
    c.drawOval(box(x - r, y - r * 0.94, 2 * r, 1.9 * r), paint(shader=shine))
    c.drawOval(box(x - r * 0.62, y - r * 0.66, r * 0.42, r * 0.30), paint("#FFFFFF", 0.7))


def _splash_of(c: skia.Canvas, look: Look, w: float, h: float, seen: float, whole: bool) -> None:
    """A splash of the drink's own colour with fruit, whole or sliced, and leaves."""
    drink = look.liquid if contrast(look.liquid, look.label) > 1.25 else draw.lighter(look.liquid, 0.45)
    tall = h > seen
    y = h * (0.72 if tall else 0.77)
    pts = [(x, y + h * 0.05 * math.sin(x / seen * 6.5 + 0.8)) for x in np.linspace(-w / 2, w / 2, 40)]
    c.drawPath(draw.polygon([*pts, (w / 2, h), (-w / 2, h)]), paint(look.accent))
    pts = [(x, yy + h * 0.055) for x, yy in pts]
    c.drawPath(draw.polygon([*pts, (w / 2, h), (-w / 2, h)]), paint(drink))
    r = min(h * 0.17, seen * (0.24 if tall else 0.17))
    pale = _luma(look.liquid) > 190
    flesh = draw.vivid(draw.darker(look.liquid, 0.12), 2.4) if pale else draw.lighter(look.liquid, 0.28)
    rind = draw.darker(flesh if pale else look.liquid, 0.14 if pale else 0.06)
    for x, yy, s in ((seen * 0.30, h * 0.83, 1.0), (-seen * 0.36, h * 0.90, 0.75)):
        _leaf(c, x + r * s * 0.2, yy - r * s * 0.8, r * s * 1.0, -38, "#4CA63C")
        if whole:
            _apple(c, x, yy, r * s * 0.92, draw.vivid(draw.mix(look.liquid, look.label, 0.5), 1.3))
        else:
            _slice(c, x, yy, r * s, rind, flesh)


def _sliced_fruit(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    _splash_of(c, look, w, h, seen, whole=False)


def _whole_fruit(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    _splash_of(c, look, w, h, seen, whole=True)


def _water(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Peaks over a wave."""
    base = h * 0.80
    for x0, height, tint in ((-0.30, 0.22, 0.25), (0.02, 0.30, 0.0), (0.34, 0.20, 0.35)):
        x, top = x0 * seen, base - height * h * 0.8
        half = seen * 0.30
        c.drawPath(
            draw.polygon([(x - half, base + 0.1), (x, top), (x + half, base + 0.1)]),
            paint(draw.mix(look.accent, look.label, tint), 0.55),
        )
        c.drawPath(
            draw.polygon(
                [
                    (x - half * 0.3, top + height * h * 0.24),
                    (x, top),
                    (x + half * 0.3, top + height * h * 0.24),
                    (x + half * 0.1, top + height * h * 0.17),
                    (x - half * 0.08, top + height * h * 0.26),
                ]
            ),
            paint("#FFFFFF", 0.75),
        )
    for k, wave in enumerate((look.accent, "#FFFFFF")):
        y = base + k * h * 0.07
        pts = [(x, y + h * 0.025 * math.sin(x / seen * 8 + k * 1.7)) for x in np.linspace(-w / 2, w / 2, 44)]
        c.drawPath(draw.polygon([*pts, (w / 2, h), (-w / 2, h)]), paint(wave, 0.9 if k == 0 else 0.35))


def _crest(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """A ruled frame with rays: an old mineral water's label."""
    with draw.layer(c, 0.22):
        for i in range(28):
            with draw.moved(c, 0, h * 0.45, i * 360 / 28):
                reach = max(w, h)
                c.drawPath(draw.polygon([(0, 0), (reach, -reach * 0.05), (reach, reach * 0.05)]), paint(look.accent))
    c.drawOval(box(-seen * 0.5, h * 0.15, seen, h * 0.6), paint(look.label))
    c.drawOval(box(-seen * 0.5, h * 0.15, seen, h * 0.6), paint(look.accent, stroke=min(h, seen) * 0.022))
    c.drawRect(box(-w / 2, h * 0.86, w, h * 0.10), paint(look.accent))
    for i in range(-9, 10):
        r = h * 0.018
        c.drawCircle(i * seen * 0.11, h * 0.91, r, paint(look.label))


def _tea(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Leaves and a band."""
    y = h * 0.78
    c.drawRect(box(-w / 2, y, w, h - y), paint(look.accent))
    s = min(h * 0.34, seen * 0.30)
    for x, yy, turn, tint in (
        (0.30, 0.86, -150, "#3D9A3B"),
        (0.30, 0.86, -60, "#5BB548"),
        (0.30, 0.86, -105, "#2F7F35"),
        (-0.36, 0.90, -40, "#5BB548"),
        (-0.36, 0.90, -110, "#3D9A3B"),
    ):
        _leaf(c, x * seen, yy * h, s * (1 if x > 0 else 0.8), turn, tint)


def _bolts(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Slanted bars that run fast."""
    for i in range(-7, 8):
        x = i * seen * 0.17
        tall = h * (0.20 + 0.08 * ((i * 5) % 3))
        c.drawPath(
            draw.polygon(
                [(x, h), (x + seen * 0.07, h), (x + seen * 0.07 + tall * 0.45, h - tall), (x + tall * 0.45, h - tall)]
            ),
            paint(look.accent, 0.95 - 0.12 * (i % 3)),
        )
    c.drawPath(
        draw.polygon([(-w / 2, h * 0.14), (w / 2, h * 0.02), (w / 2, h * 0.06), (-w / 2, h * 0.18)]),
        paint(look.accent, 0.85),
    )


def _spark(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """A lightning bolt behind the word mark."""
    s = min(h * 0.24, seen * 0.42)
    x, y = 0.0, h * 0.76
    bolt = [(0.10, -0.85), (-0.42, 0.10), (-0.06, 0.10), (-0.22, 0.90), (0.42, -0.16), (0.05, -0.16), (0.34, -0.85)]
    path = draw.polygon([(x + a * s, y + b * s) for a, b in bolt])
    c.drawPath(path, paint(look.accent, 0.5, blur=s * 0.10))
    c.drawPath(
        path,
        paint(
            shader=draw.linear(
                0,
                y - s,
                0,
                y + s,
                draw.fades([draw.lighter(look.accent, 0.45), look.accent, draw.darker(look.accent, 0.35)]),
            )
        ),
    )


def _splash(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Poured milk: a heavy wave with drops."""
    for k, (lift, tint) in enumerate(((0.0, look.accent), (0.055, look.liquid))):
        y = h * (0.72 + lift)
        pts = [
            (x, y + h * 0.06 * math.sin(x / seen * 5 + 2.4) + h * 0.02 * math.sin(x / seen * 13 + k))
            for x in np.linspace(-w / 2, w / 2, 60)
        ]
        c.drawPath(draw.polygon([*pts, (w / 2, h), (-w / 2, h)]), paint(tint))
    for x, y, r in ((-0.27, 0.70, 0.022), (-0.20, 0.65, 0.013), (0.36, 0.67, 0.018)):
        c.drawCircle(x * seen, y * h, r * h, paint(look.accent))


def _blocks(c: skia.Canvas, look: Look, w: float, h: float, seen: float) -> None:
    """Two plain blocks of colour, like a pharmacist's label."""
    c.drawRect(box(-w / 2, h * 0.66, w, h * 0.34), paint(look.accent))
    for i in range(4):
        c.drawRect(
            box(-seen * 0.40, h * (0.72 + i * 0.05), seen * (0.62 - 0.12 * (i % 3)), h * 0.014), paint("#FFFFFF", 0.85)
        )


_MOTIFS: dict[str, Callable[[skia.Canvas, Look, float, float, float], None]] = {
    "cola": _ribbon,
    "lemon-lime": _citrus,
    "fruit soda": _sliced_fruit,
    "juice": _sliced_fruit,
    "water": _water,
    "mineral water": _crest,
    "tea": _tea,
    "sports": _bolts,
    "energy": _spark,
    "dairy": _splash,
    "soy": _splash,
    "vitamin water": _blocks,
}


def _motif(art: Artwork) -> Callable[[skia.Canvas, Look, float, float, float], None]:
    """The kind's motif; a dark drink shows no fruit."""
    motif = _MOTIFS.get(art.kind, _ribbon)
    if motif is _sliced_fruit:
        return _ribbon if _luma(art.look.liquid) < 45 else _whole_fruit if art.fruit == "round" else motif
    return motif


def wrapped(art: Artwork, radii: np.ndarray, scale: float, drop: tuple[float, float]) -> np.ndarray:
    """The label bent round a body, seen from the front and slightly from above.

    `radii` holds the body's radius in cm at evenly spaced heights over the label, one a pixel row; `scale` is pixels
    per cm; `drop` is how far (in cm) the label's upper and lower edge sag in the middle. Returns premultiplied RGBA of
    shape (rows + sag, 2 * widest + 2, 4), uint8; its top row is the label's upper edge at the sides.
    """
    import cv2

    rows, widest = len(radii), float(radii.max())
    height = rows / scale
    half_turn = math.pi * widest
    flat_w, flat_h = max(8, round(half_turn * scale)), max(8, rows)
    surface = draw.new_surface(flat_w, flat_h)
    canvas = surface.getCanvas()
    canvas.scale(flat_w / half_turn, flat_h / height)
    canvas.translate(half_turn / 2, 0)
    draw_label(canvas, art, half_turn, height, 1.58 * widest)
    flat = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    sag_top, sag_low = drop[0] * scale, drop[1] * scale
    out_h, out_w = rows + math.ceil(max(sag_low, 0)) + 2, 2 * math.ceil(widest * scale) + 2
    ys, xs = np.mgrid[0:out_h, 0:out_w].astype(np.float32)
    radius = np.interp(np.arange(out_h), np.arange(rows), radii).astype(np.float32)[:, None] * scale
    across = np.clip((xs - out_w / 2) / radius, -1, 1)
    arch = np.sqrt(1 - across**2)
    share = ys / rows
    source_y = (ys - arch * (sag_top + (sag_low - sag_top) * share)) * flat_h / rows
    source_x = (np.arcsin(across) / math.pi + 0.5) * (flat_w - 1)
    flat = np.ascontiguousarray(flat)
    bent = cv2.remap(
        flat,
        source_x.astype(np.float32),
        source_y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0, 0),
    )
    return np.asarray(bent)
