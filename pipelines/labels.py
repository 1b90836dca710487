"""Label artwork, drawn flat: ground, motif, fruit, and the word mark in a look-alike font.

Knows nothing of bottles or cans; `wrapped` bends a flat label round a body. No official logo is drawn.
"""

import math
from dataclasses import dataclass

import numpy as np
import skia

from pipelines import draw, lettering
from pipelines.draw import Colour, box, paint
from pipelines.fruits import draw_fruit
from pipelines.inks import DUSK, luma
from pipelines.lettering import Face
from pipelines.motifs import fruit_places, motif
from pipelines.palette import contrast
from slots.catalog import Look

SCRIPTS = (
    "Lobster-Regular",
    "LobsterTwo-BoldItalic",
    "KaushanScript-Regular",
    "LeckerliOne-Regular",
    "Lato-BlackItalic",
)
"""Faces whose word mark rises to the right."""
RISE = 5.0
"""By how many degrees."""
SEEN = 1.44
"""How much of a round label carries words, in radii: further out letters would narrow to less than 3/4."""


@dataclass(frozen=True)
class Artwork:
    """What is on a label, before it has a size."""

    look: Look
    kind: str
    fruit: str = ""
    """A name of `fruits.FRUITS`, or nothing."""
    note: str = ""
    """A line in small capitals, such as the flavour."""
    printed: bool = False
    """Whether the words are printed on the glass itself, without a paper label: refillable bottles."""


def shown_text(look: Look) -> Colour:
    """The label's text colour, or ink or white where the catalogue's own would not stand out from the ground."""
    if contrast(look.text, look.label) >= 2.0:
        return look.text
    return "#161616" if luma(look.label) > 128 else "#FFFFFF"


def printed_text(look: Look) -> Colour:
    """The ink that shows best on the drink itself: of text, label and accent the first that stands out, else white or ink."""
    for colour in (look.text, look.label, look.accent):
        if contrast(colour, look.liquid) >= 2.6:
            return colour
    return max(("#161616", "#FFFFFF"), key=lambda c: contrast(c, look.liquid))


def draw_label(canvas: skia.Canvas, art: Artwork, width: float, height: float, seen: float) -> None:
    """Draws the label over x = -width/2 .. width/2, y = 0 .. height; the words keep to the middle `seen` of the width."""
    look = art.look
    if art.printed:
        ink = printed_text(look)
        thick = min(height * 0.018, 0.07)
        for y in (height * 0.04, height * 0.96 - thick):
            canvas.drawRect(box(-width / 2, y, width, thick), paint(ink))
        _words(canvas, art, seen, height * 0.10, height * 0.90, ink, look.liquid)
        return
    with draw.clipped(canvas, skia.Path().addRect(box(-width / 2, 0, width, height))):
        canvas.drawRect(box(-width / 2, 0, width, height), paint(look.label))
        motif(art.kind, look)(canvas, look, width, height, seen)
        thick = min(height * 0.022, 0.08)
        canvas.drawRect(box(-width / 2, 0, width, thick), paint(look.accent))
        if art.fruit:
            for i, (x, y, r, turn) in enumerate(fruit_places(art.kind, width, height, seen)):
                both = i == 0 and art.kind == "lemon-lime" and art.fruit == "lemon"
                draw_fruit(canvas, "lime" if both else art.fruit, x, y, r, turn)
        tall = height > seen * 1.15
        top, low = (0.11, 0.60) if tall else (0.085, 0.665)
        if art.kind == "mineral water":
            top, low = (0.20, 0.66) if tall else (0.17, 0.69)
            seen *= 0.88
        _words(canvas, art, seen, height * top, height * low, shown_text(look), look.label)


def _words(
    canvas: skia.Canvas, art: Artwork, seen: float, top: float, low: float, colour: Colour, ground: Colour
) -> None:
    """Word mark, second line and note one above the other, centred in the height from `top` to `low`."""
    look = art.look
    room = low - top
    small = Face("Lato-Black", 1.0, 0.08)
    second = (
        small.at(lettering.fit_size(look.sub, small, seen * 0.74, min(room * 0.15, seen * 0.13))) if look.sub else None
    )
    note = (
        small.at(lettering.fit_size(art.note, small, seen * 0.66, min(room * 0.13, seen * 0.10))) if art.note else None
    )
    gap = min(room * 0.09, seen * 0.07)
    below = (second.cap_height() + gap if second else 0.0) + (note.cap_height() * 1.9 + gap if note else 0.0)
    script = look.font in SCRIPTS
    lean = seen * math.sin(math.radians(RISE)) * 0.5 if script else 0.0
    face = Face(look.font, 1.0)
    # A narrow tall label sets a hyphened name on two lines: larger letters are read from further away.
    name = look.word_mark.replace("-", "- ") if room > seen * 0.62 else look.word_mark
    lines = 2 if " " in name else 1
    mark = None
    if name.strip():
        mark = lettering.fit_block(
            name, face, seen * 0.97, max(room * 0.3, room - below - lean), max_lines=lines, largest=100, leading=0.92
        )
    height = (mark.height if mark else 0.0) + below
    y = top + (room - height) / 2
    if mark is not None:
        depth = mark.face.size * 0.045
        with draw.moved(canvas, 0, y + mark.height / 2, -RISE if script else 0.0):
            if luma(colour) > luma(ground) + 40 and not art.printed:
                mark.draw(canvas, depth, -mark.height / 2 + depth, paint(draw.mix(ground, DUSK, 0.55)), 0.5)
            mark.draw(canvas, 0, -mark.height / 2, paint(colour), 0.5)
        y += mark.height + gap
    if second is not None:
        cap = second.cap_height()
        tint = look.accent if contrast(look.accent, ground) >= 3.2 else colour
        lettering.draw_text(canvas, look.sub, second, 0, y + cap, paint(tint), 0.5)
        y += cap + gap
    if note is not None:
        cap = note.cap_height()
        half = note.width(art.note) / 2 + cap * 0.9
        pill = box(-half, y, 2 * half, cap * 1.9)
        canvas.drawRoundRect(pill, cap * 0.95, cap * 0.95, paint(colour))
        ink = ground if contrast(ground, colour) >= 3.0 else ("#161616" if luma(colour) > 128 else "#FFFFFF")
        lettering.draw_text(canvas, art.note, note, 0, y + cap * 1.45, paint(ink), 0.5)


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
    draw_label(canvas, art, half_turn, height, SEEN * widest)
    # Read premultiplied: what is interpolated must not bring in the colour of transparent neighbours.
    flat = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
    sag_top, sag_low = drop[0] * scale, drop[1] * scale
    out_h, out_w = rows + math.ceil(max(sag_low, 0)) + 2, 2 * math.ceil(widest * scale) + 2
    ys, xs = np.mgrid[0:out_h, 0:out_w].astype(np.float32)
    radius = np.interp(np.arange(out_h), np.arange(rows), radii).astype(np.float32)[:, None] * scale
    across = np.clip((xs - out_w / 2) / radius, -1, 1)
    arch = np.sqrt(1 - across**2)
    share = ys / rows
    source_y = (ys - arch * (sag_top + (sag_low - sag_top) * share)) * flat_h / rows
    source_x = (np.arcsin(across) / math.pi + 0.5) * (flat_w - 1)
    bent = cv2.remap(
        np.ascontiguousarray(flat),
        source_x.astype(np.float32),
        source_y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0, 0),
    )
    return np.asarray(bent)
