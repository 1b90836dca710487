"""Packshots: the product alone on transparency, drawn from the catalogue at any size. Knows nothing of posters.

Every mark is set in a free look-alike font; no official logo is drawn. Bodies are drawn in centimetres on a scaled
canvas, so that they are as sharp at print size as on a screen.
"""

import math
import random
from dataclasses import replace

import numpy as np
import skia
from PIL import Image

from pipelines import draw, outlines
from pipelines.draw import Colour, box, paint
from pipelines.labels import Artwork, draw_label, shown_text, wrapped
from pipelines.looks import article
from pipelines.outlines import Box, Outline
from pipelines.photo import PhotoError, load_photo
from slots.catalog import Catalog, Look
from slots.values import Size

__all__ = ["PhotoError", "draw_packshot", "load_photo", "real_height"]

FIZZY = ("cola", "lemon-lime", "fruit soda", "mineral water", "energy", "soda")


def real_height(product: str, packaging: str | None, size: Size | None, variant: str | None, catalog: Catalog) -> float:
    """How tall the thing stands on the shelf, in cm: for scaling two packshots against each other."""
    thing = article(product, packaging, size, variant, catalog)
    return _shape(thing.packaging, thing.look, thing.millilitres).height


def _shape(packaging: str, look: Look, millilitres: float) -> Outline | Box:
    if packaging == "can":
        return outlines.can(millilitres)
    if packaging == "carton":
        return outlines.carton(millilitres)
    glass = packaging == "glass bottle" or (packaging == "returnable bottle" and millilitres <= 1250)
    return outlines.bottle("glass" if glass else "plastic", look.shape, millilitres)


def draw_packshot(
    product: str,
    packaging: str | None,
    size: Size | None,
    variant: str | None,
    catalog: Catalog,
    height_px: int,
    *,
    seed: int = 0,
) -> Image.Image:
    """The product, height_px high, cropped tightly: RGBA, its base on the last row.

    What is not given is the catalogue's first for that product. A size of several pieces draws them together. The same
    arguments give the same pixels. Raises ValueError when height_px is not between 16 and 6000.
    """
    if not 16 <= height_px <= 6000:
        raise ValueError(f"a packshot cannot be {height_px} pixels high; choose 16 to 6000")
    thing = article(product, packaging, size, variant, catalog)
    shape = _shape(thing.packaging, thing.look, thing.millilitres)
    art = Artwork(thing.look, thing.kind, thing.note)
    if thing.count > 1:
        from pipelines.multipack import draw_pack

        return draw_pack(lambda px: _single(shape, art, thing.packaging, px, seed), shape.height, thing, height_px)
    return _single(shape, art, thing.packaging, height_px, seed)


def _single(shape: Outline | Box, art: Artwork, packaging: str, height_px: int, seed: int) -> Image.Image:
    # Drawn a little larger than asked, cropped to its ink, then set to the height: caps and bases reach past the outline.
    scale = height_px / shape.height
    half = (shape.radius if isinstance(shape, Outline) else shape.width) + 0.6
    width, height = math.ceil(2 * half * scale), math.ceil((shape.height + 0.8) * scale)
    surface = draw.new_surface(width, height)
    canvas = surface.getCanvas()
    canvas.translate(width / 2, 0.4 * scale)
    canvas.scale(scale, scale)
    rng = random.Random(seed)
    if isinstance(shape, Box):
        _carton(canvas, shape, art)
    elif packaging == "can":
        _can(canvas, shape, art, scale, rng, seed)
    else:
        _bottle(canvas, shape, art, packaging, scale, rng, seed)
    image = draw.to_pil(surface)
    ink = image.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    assert ink is not None
    image = image.crop(ink)
    if image.height != height_px:
        image = image.resize(
            (max(1, round(image.width * height_px / image.height)), height_px), Image.Resampling.LANCZOS
        )
    return image


_GLASS_SHADE = (
    (0.0, 0.60),
    (0.05, 0.42),
    (0.12, 0.20),
    (0.28, 0.0),
    (0.60, 0.0),
    (0.84, 0.20),
    (0.95, 0.48),
    (1.0, 0.66),
)
_METAL_SHADE = ((0.0, 0.62), (0.07, 0.34), (0.22, 0.0), (0.60, 0.0), (0.84, 0.30), (0.95, 0.52), (1.0, 0.40))
"""How dark the body gets from its left edge (0) to its right (1)."""


def _shade(c: skia.Canvas, o: Outline, tint: Colour, ramp: tuple[tuple[float, float], ...], scale: float) -> None:
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


# Bottles --------------------------------------------------------------------------------------------------------------


def _body_path(o: Outline) -> skia.Path:
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


def _across(o: Outline, stops: list[draw.Stop], reach: float = 1.0) -> skia.Shader:
    r = o.radius * reach
    return draw.linear(-r, 0, r, 0, stops)


def _strip(o: Outline, left: float, right: float, top: float, bottom: float) -> skia.Path:
    """A strip that follows the body between two shares of its radius, pointed at both ends."""
    ys = np.linspace(top, bottom, 60)
    radii = o.radii(ys)
    taper = np.clip(np.minimum(ys - top, bottom - ys) / ((bottom - top) * 0.12), 0, 1) ** 0.5
    middle = (left + right) / 2
    a = [(float(r * (middle + (left - middle) * t)), float(y)) for r, t, y in zip(radii, taper, ys, strict=True)]
    b = [(float(r * (middle + (right - middle) * t)), float(y)) for r, t, y in zip(radii, taper, ys, strict=True)]
    return draw.polygon([*a, *reversed(b)])


def _is_clear(colour: Colour) -> bool:
    return sum(draw.rgb(colour)) > 560


def _bottle(
    c: skia.Canvas, o: Outline, art: Artwork, packaging: str, scale: float, rng: random.Random, seed: int
) -> None:
    look = art.look
    glass = packaging == "glass bottle" or (packaging == "returnable bottle" and o.cap < 1.0)
    body = _body_path(o)
    clear, opaque = _is_clear(look.liquid), art.kind in ("dairy", "soy", "juice")
    tint = draw.vivid(look.glass, 2.0)
    with draw.clipped(c, body):
        whole = box(-o.radius - 1, -1, 2 * o.radius + 2, o.height + 3)
        c.drawRect(
            whole,
            paint(
                shader=_across(
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
        _liquid(c, o, look, clear, opaque, glass)
        if art.kind in FIZZY:
            _bubbles(c, o, rng, clear)
        _structure(c, o, glass, clear)
        top, low = o.label
        _wrap_label(c, o, art, top, low, scale, seed)
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


def _liquid(c: skia.Canvas, o: Outline, look: Look, clear: bool, opaque: bool, glass: bool) -> None:
    q = look.liquid
    level = o.radius_at(o.fill)
    alpha = 0.42 if clear and not opaque else 0.98
    edge, glow = draw.darker(q, 0.45), draw.lighter(q, 0.30)
    if sum(draw.rgb(q)) < 170:  # cola: light shines brown through the thin edge
        edge, glow = draw.mix(q, "#5A1E08", 0.55), draw.mix(q, "#7A3412", 0.55)
        stops = [
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
    c.drawRect(box(-o.radius - 0.5, o.fill, 2 * o.radius + 1, o.height - o.fill + 1), paint(shader=_across(o, stops)))
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


def _wrap_label(c: skia.Canvas, o: Outline, art: Artwork, top: float, low: float, scale: float, seed: int) -> None:
    rows = max(8, round((low - top) * scale))
    sag = (o.radius * 0.10, o.radius * 0.14)
    ys = np.linspace(top, low, rows)
    bent = wrapped(art, o.radii(ys) * 1.004, scale, sag, seed)
    image = skia.Image.fromarray(bent, colorType=skia.kRGBA_8888_ColorType)
    height, width = bent.shape[0] / scale, bent.shape[1] / scale
    shadow = skia.Path()
    r = o.radius_at(low)
    shadow.moveTo(-r, low)
    shadow.quadTo(0, low + sag[1] * 2, r, low)
    c.drawPath(shadow, paint("#000000", 0.35, stroke=0.16, blur=0.10))
    draw.draw_image(c, image, box(-width / 2, top, width, height))


def _light(c: skia.Canvas, o: Outline, look: Look, glass: bool, clear: bool, scale: float) -> None:
    whole = box(-o.radius - 1, -1, 2 * o.radius + 2, o.height + 3)
    tint = draw.darker(draw.vivid(look.glass, 3.0), 0.58) if clear else (0, 0, 0)
    _shade(c, o, tint, _GLASS_SHADE, scale)
    top, bottom = o.cap + 0.4, o.height - 0.5
    bright = 0.55 if glass else 0.42
    for start, end, dim in (
        (top + 0.2, o.label[0] - 0.15, 1.0),
        (o.label[0], o.label[1], 0.45),
        (o.label[1] + 0.35, bottom, 1.0),
    ):
        c.drawPath(_strip(o, -0.88, -0.66, start, end), paint("#FFFFFF", bright * dim * 0.8, blur=0.05))
        c.drawPath(_strip(o, -0.85, -0.75, start + 0.15, end - 0.1), paint("#FFFFFF", bright * dim))
    c.drawPath(_strip(o, 0.80, 0.90, top + 0.8, bottom - 0.3), paint("#FFFFFF", 0.42 if glass else 0.30, blur=0.04))
    c.drawPath(_strip(o, -0.47, -0.43, top + 0.6, bottom - 1.5), paint("#FFFFFF", 0.16))
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


def _metal(colour: Colour, half: float) -> skia.Shader:
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


def _crown(c: skia.Canvas, o: Outline, look: Look) -> None:
    lip = o.neck * 1.12
    c.drawRoundRect(
        box(-lip, o.cap - 0.05, 2 * lip, 0.42), 0.18, 0.18, paint(shader=_metal(draw.lighter(look.glass, 0.25), lip))
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
    c.drawPath(path, paint(shader=_metal(look.cap, w)))
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
        paint(shader=_metal(draw.lighter(look.glass, 0.35), o.neck * 1.3)),
    )
    c.drawRoundRect(
        box(-w, o.cap - 0.22, 2 * w, 0.34), 0.08, 0.08, paint(shader=_metal(draw.darker(look.cap, 0.12), w))
    )
    c.drawRoundRect(box(-w, 0, 2 * w, o.cap - 0.26), 0.24, 0.24, paint(shader=_metal(look.cap, w)))
    for k in range(1, 14):
        x = -w * math.cos(math.pi * k / 14)
        c.drawLine(x, 0.36, x, o.cap - 0.36, paint("#000000", 0.22, stroke=0.055))
    c.drawOval(box(-w * 0.86, 0.02, 1.72 * w, 0.18), paint("#FFFFFF", 0.35))


def _sport_cap(c: skia.Canvas, o: Outline, look: Look) -> None:
    w = o.neck * 1.14
    spout = w * 0.46
    c.drawRoundRect(box(-spout * 0.85, 0, spout * 1.7, 1.1), 0.3, 0.3, paint(shader=_metal(look.accent, spout)))
    c.drawRoundRect(
        box(-spout * 1.12, 0.75, spout * 2.24, 0.8),
        0.16,
        0.16,
        paint(shader=_metal(draw.darker(look.accent, 0.12), spout)),
    )
    dome = skia.Path()
    dome.moveTo(-w, 2.0)
    dome.quadTo(-w * 0.9, 1.35, -spout, 1.3)
    dome.lineTo(spout, 1.3)
    dome.quadTo(w * 0.9, 1.35, w, 2.0)
    dome.lineTo(w, o.cap)
    dome.lineTo(-w, o.cap)
    dome.close()
    c.drawPath(dome, paint(shader=_metal(look.cap, w)))
    for k in range(1, 14):
        x = -w * math.cos(math.pi * k / 14)
        c.drawLine(x, 2.1, x, o.cap - 0.12, paint("#FFFFFF", 0.14, stroke=0.05))


# Cans -----------------------------------------------------------------------------------------------------------------


def _can(c: skia.Canvas, o: Outline, art: Artwork, scale: float, rng: random.Random, seed: int) -> None:
    body = _body_path(o)
    silver = "#C9CED4"
    with draw.clipped(c, body):
        c.drawRect(box(-o.radius - 1, -1, 2 * o.radius + 2, o.height + 3), paint(shader=_metal(silver, o.radius)))
        _wrap_label(c, o, art, *o.label, scale, seed)
        _shade(c, o, "#000000", _METAL_SHADE, scale)
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
        c.drawRect(box(-o.radius, 0.9, 2 * o.radius, o.height - 1.7), paint(shader=_across(o, shine)))
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
    c.drawOval(box(-n, -n * 0.13, 2 * n, n * 0.30), paint(shader=_metal(silver, n)))
    c.drawOval(
        box(-n * 0.88, -n * 0.09, 1.76 * n, n * 0.22),
        paint(shader=draw.linear(0, -n * 0.1, 0, n * 0.15, draw.fades(["#7F858D", "#B9BFC6", "#E6EAEE"]))),
    )
    c.drawOval(box(-n * 0.34, -n * 0.05, n * 0.60, n * 0.11), paint(shader=_metal("#AEB4BB", n * 0.3)))
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


# Cartons --------------------------------------------------------------------------------------------------------------


def _carton(c: skia.Canvas, b: Box, art: Artwork) -> None:
    look = art.look
    turn = 0.36
    side = b.depth * turn
    x0 = -(b.width + side) / 2
    x1, x2 = x0 + b.width, x0 + b.width + side
    rise = side * 0.16
    top = b.gable if b.gable else rise + (2.7 if b.straw else 0.15)
    front = draw.polygon([(x0, top), (x1, top), (x1, b.height), (x0, b.height)])
    flank = draw.polygon([(x1, top), (x2, top - rise), (x2, b.height - rise), (x1, b.height)])
    with draw.clipped(c, front):
        c.save()
        c.translate((x0 + x1) / 2, top)
        draw_label(c, art, b.width, b.height - top, b.width * 0.92)
        c.restore()
        c.drawPath(
            front,
            paint(
                shader=draw.linear(
                    x0, top, x1, b.height, [(0, "#FFFFFF", 0.24), (0.4, "#FFFFFF", 0), (1, "#000000", 0.16)]
                )
            ),
        )
    with draw.clipped(c, flank):
        c.save()
        matrix = skia.Matrix()
        matrix.setAll(side / b.depth, 0, x1, -rise / b.depth, 1, top, 0, 0, 1)
        c.concat(matrix)
        c.translate(b.depth / 2, 0)
        draw_label(c, replace(art, look=replace(look, sub=""), note=""), b.depth, b.height - top, b.depth * 0.9)
        c.restore()
        c.drawPath(flank, paint(shader=draw.linear(x1, 0, x2, 0, [(0, "#000000", 0.38), (1, "#000000", 0.56)])))
    c.drawLine(x1, top, x1, b.height, paint("#FFFFFF", 0.35, stroke=0.06))
    if b.gable:
        _gable(c, b, look, x0, x1, x2, rise)
    else:
        _brick_top(c, b, look, x0, x1, x2, top, rise)


def _gable(c: skia.Canvas, b: Box, look: Look, x0: float, x1: float, x2: float, rise: float) -> None:
    shift = (x2 - x1) * 0.5
    ridge, fin = b.gable * 0.36, b.gable * 0.36
    slope = draw.polygon([(x0, b.gable), (x1, b.gable), (x1 + shift, ridge), (x0 + shift, ridge)])
    light = draw.lighter(look.label, 0.25)
    c.drawPath(
        slope, paint(shader=draw.linear(0, ridge, 0, b.gable, draw.fades([draw.lighter(look.label, 0.42), light])))
    )
    c.drawPath(
        draw.polygon([(x1, b.gable), (x2, b.gable - rise), (x1 + shift, ridge)]), paint(draw.darker(look.label, 0.42))
    )
    c.drawPath(
        draw.polygon([(x0 + shift, 0), (x1 + shift, 0), (x1 + shift, fin), (x0 + shift, fin)]),
        paint(
            shader=draw.linear(
                0, 0, 0, fin, draw.fades([draw.lighter(look.label, 0.62), draw.lighter(look.label, 0.38)])
            )
        ),
    )
    for k in (0.3, 0.62):
        c.drawLine(x0 + shift, fin * k, x1 + shift, fin * k, paint("#000000", 0.10, stroke=0.05))
    x, y, w = (x0 + x1) / 2 + shift * 0.45, (ridge + b.gable) / 2 + 0.1, b.width * 0.17
    c.drawOval(box(x - w * 1.25, y - w * 0.15, 2.5 * w, w * 0.8), paint("#000000", 0.25, blur=0.1))
    c.drawOval(box(x - w * 1.15, y - w * 0.30, 2.3 * w, w * 0.8), paint(draw.lighter(look.cap, 0.25)))
    c.save()
    c.translate(x, 0)
    c.drawRoundRect(box(-w, y - w * 0.95, 2 * w, w * 1.05), w * 0.25, w * 0.25, paint(shader=_metal(look.cap, w)))
    c.restore()
    c.drawOval(box(x - w, y - w * 1.15, 2 * w, w * 0.55), paint(draw.lighter(look.cap, 0.35)))


def _brick_top(c: skia.Canvas, b: Box, look: Look, x0: float, x1: float, x2: float, top: float, rise: float) -> None:
    lid = draw.polygon([(x0, top), (x1, top), (x2, top - rise), (x2 - b.width, top - rise)])
    c.drawPath(lid, paint(draw.lighter(look.label, 0.35)))
    x = x0 + b.width * 0.72
    foot = top - rise * 0.4
    c.drawOval(box(x - 0.35, foot - 0.10, 0.7, 0.22), paint("#000000", 0.3))
    straw = skia.Path()
    straw.moveTo(x, foot)
    straw.lineTo(x + 0.15, foot - 2.2)
    straw.lineTo(x + 1.15, foot - 3.3)
    c.drawPath(straw, paint("#FFFFFF", stroke=0.42))
    with draw.layer(c, 0.9):
        for k in range(6):
            y = foot - 0.2 - k * 0.36
            c.drawLine(
                x - 0.16 + 0.15 * k / 6,
                y,
                x + 0.2 + 0.15 * k / 6,
                y - 0.12,
                paint(look.accent if shown_text(look) != look.accent else look.cap, stroke=0.10),
            )
    c.drawLine(x - 0.10, foot, x + 0.05, foot - 2.2, paint("#000000", 0.12, stroke=0.10))
