"""What bottles and cans share: outline, tones of one ink, hard-edged shade and light, bent labels, drops.

Everything is a flat shape in a few tones of its colour, as in a screen print; nothing is blurred. Knows nothing of which
product is drawn. Canvases are scaled so that one unit is one centimetre; x = 0 is the axis.
"""

import math
import random
from collections.abc import Callable

import numpy as np
import skia

from pipelines import draw
from pipelines.draw import Colour, box, paint
from pipelines.inks import DUSK, tones
from pipelines.labels import Artwork, wrapped
from pipelines.outlines import Outline


def body_path(o: Outline) -> skia.Path:
    """The whole silhouette, its foot a little rounded."""
    left, right = o.edge(-1, o.profile[0][0], o.height), o.edge(1, o.profile[0][0], o.height)
    path = skia.Path()
    path.moveTo(*left[0])
    for point in left[1:]:
        path.lineTo(*point)
    foot = o.profile[-1][1]
    sag = o.radius * 0.07
    path.cubicTo(-foot * 0.7, o.height + sag, foot * 0.7, o.height + sag, *right[-1])
    for point in reversed(right[:-1]):
        path.lineTo(*point)
    path.close()
    return path


def side(o: Outline, left: float, right: float, top: float, bottom: float) -> skia.Path:
    """The part of the body between two shares of its radius, cut off straight."""
    return draw.polygon([*o.edge(left, top, bottom, 120), *reversed(o.edge(right, top, bottom, 120))])


def strip(o: Outline, left: float, right: float, top: float, bottom: float) -> skia.Path:
    """The same with round ends: a highlight. Empty where it would be shorter than it is wide."""
    cap = max(1e-6, (right - left) / 2 * float(o.radii(np.linspace(top, bottom, 9)).mean()))
    if bottom - top < 2 * cap:
        return skia.Path()
    turn = cap * (1 - np.cos(np.linspace(0, math.pi / 2, 14)))  # dense where the ends bend
    ys = np.concatenate([top + turn, np.linspace(top + cap, bottom - cap, 60)[1:-1], bottom - turn[::-1]])
    radii = o.radii(ys)
    near = np.clip(np.minimum(ys - top, bottom - ys) / cap, 0, 1)
    taper = np.sqrt(1 - (1 - near) ** 2)
    middle, half = (left + right) / 2, (right - left) / 2
    a = [(float(r * (middle - half * t)), float(y)) for r, t, y in zip(radii, taper, ys, strict=True)]
    b = [(float(r * (middle + half * t)), float(y)) for r, t, y in zip(radii, taper, ys, strict=True)]
    return draw.polygon([*a, *reversed(b)])


def ring(o: Outline, y: float, thick: float, dip: float) -> skia.Path:
    """A level band round the body, `thick` high, that sags by `dip` in the middle as seen from slightly above."""
    r, low = o.radius_at(y) * 1.02, o.radius_at(y + thick) * 1.02
    path = skia.Path()
    path.moveTo(-r, y)
    path.cubicTo(-r * 0.55, y + dip * 1.33, r * 0.55, y + dip * 1.33, r, y)
    path.lineTo(low, y + thick)
    path.cubicTo(low * 0.55, y + thick + dip * 1.33, -low * 0.55, y + thick + dip * 1.33, -low, y + thick)
    path.close()
    return path


def wrap_label(c: skia.Canvas, o: Outline, art: Artwork, top: float, low: float, scale: float) -> None:
    """The label between two heights, bent round the body."""
    rows = max(8, round((low - top) * scale))
    sag = (o.radius * 0.10, o.radius * 0.14)
    ys = np.linspace(top, low, rows)
    bent = wrapped(art, o.radii(ys) * 1.004, scale, sag)
    image = skia.Image.fromarray(bent, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
    height, width = bent.shape[0] / scale, bent.shape[1] / scale
    draw.draw_image(c, image, box(-width / 2, top, width, height))


def striped(half: float, colour: Colour, stops: tuple[float, ...] = (0.10, 0.30, 0.66, 0.88)) -> skia.Shader:
    """Hard-edged round shading from -half to half: shade, light, base, shade, deep. For caps, lids and rims."""
    t = tones(colour)
    inks = (t.shade, t.light, t.base, t.shade, t.deep)
    edges = (0.0, *stops, 1.0)
    out: list[draw.Stop] = []
    for ink, start, end in zip(inks, edges, edges[1:], strict=False):
        out += [(start, ink, 1.0), (max(start, end - 0.004), ink, 1.0)]
    return draw.linear(-half, 0, half, 0, out)


def drops(
    c: skia.Canvas,
    o: Outline,
    rng: random.Random,
    top: float,
    bottom: float,
    free: Callable[[float, float], bool],
    count: int,
) -> None:
    """Condensation as cut shapes: a pale bead, a bright edge below, a dark one beside it; where `free(y, share)` says."""
    placed: list[tuple[float, float, float]] = []
    size = min(1.6, max(0.85, o.radius / 3.3))
    for i in range(count * 3):
        y, at = rng.uniform(top, bottom), rng.uniform(-0.90, 0.90)
        r = (rng.uniform(0.15, 0.21) if i % 4 == 0 else rng.uniform(0.075, 0.115)) * size
        x = o.radius_at(y) * at
        if not free(y, at) or any(math.hypot(x - px, y - py) < 1.9 * (r + pr) for px, py, pr in placed):
            continue
        if len(placed) >= count:
            break
        placed.append((x, y, r))
        squeeze = math.sqrt(max(0.2, 1 - at * at))
        with draw.moved(c, x, y):
            c.scale(squeeze, 1.0)
            bead = skia.Path()
            bead.moveTo(0, -r * 1.35)
            bead.cubicTo(r * 0.75, -r * 0.75, r * 1.05, -r * 0.1, r, r * 0.25)
            bead.cubicTo(r * 0.9, r * 1.25, -r * 0.9, r * 1.25, -r, r * 0.25)
            bead.cubicTo(-r * 1.05, -r * 0.1, -r * 0.75, -r * 0.75, 0, -r * 1.35)
            with draw.moved(c, r * 0.16, r * 0.22):
                c.drawPath(bead, paint(DUSK, 0.30))
            c.drawPath(bead, paint("#FFFFFF", 0.42))
            with draw.clipped(c, bead):
                low = skia.Path()
                low.addOval(box(-r * 1.4, -r * 1.9, 2.6 * r, 2.75 * r))
                low.setFillType(skia.PathFillType.kInverseWinding)
                c.drawPath(low, paint("#FFFFFF", 0.60))
            c.drawCircle(-r * 0.34, -r * 0.28, r * 0.22, paint("#FFFFFF", 0.95))
