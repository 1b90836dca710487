"""What bottles and cans share: the body's outline, round shading, metal, labels bent round it, strips of light.

Knows nothing of which product is drawn. Canvases are scaled so that one unit is one centimetre; x = 0 is the axis.
"""

import math

import numpy as np
import skia

from pipelines import draw
from pipelines.draw import Colour, box, paint
from pipelines.labels import Artwork, wrapped
from pipelines.outlines import Outline

GLASS_SHADE = (
    (0.0, 0.60),
    (0.05, 0.42),
    (0.12, 0.20),
    (0.28, 0.0),
    (0.60, 0.0),
    (0.84, 0.20),
    (0.95, 0.48),
    (1.0, 0.66),
)
METAL_SHADE = ((0.0, 0.62), (0.07, 0.34), (0.22, 0.0), (0.60, 0.0), (0.84, 0.30), (0.95, 0.52), (1.0, 0.40))
"""How dark the body gets from its left edge (0) to its right (1)."""


def shade(c: skia.Canvas, o: Outline, tint: Colour, ramp: tuple[tuple[float, float], ...], scale: float) -> None:
    """Rounds the body: a shade that follows the outline's own width at every height."""
    rows, columns = math.ceil(o.height * scale), math.ceil(2 * o.radius * scale)
    radii = o.radii(np.linspace(0, o.height, rows))[:, None]
    x = np.linspace(-o.radius, o.radius, columns)[None, :]
    alpha = np.interp(np.clip((x / radii + 1) / 2, 0, 1), [p for p, _ in ramp], [a for _, a in ramp])
    r, g, b = draw.rgb(tint)
    pixels = np.empty((rows, columns, 4), np.uint8)
    for k, value in enumerate((r, g, b, 255.0)):
        pixels[..., k] = np.round(alpha * value)
    image = skia.Image.fromarray(pixels, colorType=skia.kRGBA_8888_ColorType)
    draw.draw_image(c, image, box(-o.radius, 0, 2 * o.radius, o.height))


def body_path(o: Outline) -> skia.Path:
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


def across(o: Outline, stops: list[draw.Stop], reach: float = 1.0) -> skia.Shader:
    r = o.radius * reach
    return draw.linear(-r, 0, r, 0, stops)


def strip(o: Outline, left: float, right: float, top: float, bottom: float) -> skia.Path:
    """A strip that follows the body between two shares of its radius, pointed at both ends."""
    ys = np.linspace(top, bottom, 60)
    radii = o.radii(ys)
    taper = np.clip(np.minimum(ys - top, bottom - ys) / ((bottom - top) * 0.12), 0, 1) ** 0.5
    middle = (left + right) / 2
    a = [(float(r * (middle + (left - middle) * t)), float(y)) for r, t, y in zip(radii, taper, ys, strict=True)]
    b = [(float(r * (middle + (right - middle) * t)), float(y)) for r, t, y in zip(radii, taper, ys, strict=True)]
    return draw.polygon([*a, *reversed(b)])


def wrap_label(c: skia.Canvas, o: Outline, art: Artwork, top: float, low: float, scale: float) -> None:
    rows = max(8, round((low - top) * scale))
    sag = (o.radius * 0.10, o.radius * 0.14)
    ys = np.linspace(top, low, rows)
    bent = wrapped(art, o.radii(ys) * 1.004, scale, sag)
    image = skia.Image.fromarray(bent, colorType=skia.kRGBA_8888_ColorType)
    height, width = bent.shape[0] / scale, bent.shape[1] / scale
    shadow = skia.Path()
    r = o.radius_at(low)
    shadow.moveTo(-r, low)
    shadow.quadTo(0, low + sag[1] * 2, r, low)
    c.drawPath(shadow, paint("#000000", 0.35, stroke=0.16, blur=0.10))
    draw.draw_image(c, image, box(-width / 2, top, width, height))


def metal(colour: Colour, half: float) -> skia.Shader:
    return draw.linear(
        -half,
        0,
        half,
        0,
        draw.fades(
            [
                draw.darker(colour, 0.50),
                draw.darker(colour, 0.1),
                draw.lighter(colour, 0.62),
                draw.lighter(colour, 0.05),
                colour,
                draw.darker(colour, 0.5),
            ],
            [0, 0.16, 0.30, 0.42, 0.7, 1],
        ),
    )
