"""Small drawing helpers on skia: colours, gradients, paths, and the way between skia and PIL.

Knows nothing of products, posters or briefs. Lengths are in the units of the canvas, colours are `#RRGGBB` strings or
(r, g, b) numbers from 0 to 255.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import skia
from PIL import Image

Rgb = tuple[float, float, float]
Colour = str | Rgb
Stop = tuple[float, Colour, float]
"""A gradient's stop: where (0..1), which colour, how opaque (0..1)."""
Point = tuple[float, float]


def rgb(colour: Colour) -> Rgb:
    """The three channels, 0..255. Raises ValueError on anything but `#RRGGBB` or three numbers."""
    if not isinstance(colour, str):
        return colour
    digits = colour.lstrip("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour: {colour!r}; write it like '#E10A17'")
    return (float(int(digits[0:2], 16)), float(int(digits[2:4], 16)), float(int(digits[4:6], 16)))


def hex_of(colour: Colour) -> str:
    """The `#RRGGBB` spelling."""
    return "#" + "".join(f"{min(255, max(0, round(v))):02X}" for v in rgb(colour))


def mix(a: Colour, b: Colour, t: float) -> Rgb:
    """The colour `t` (0..1) of the way from a to b."""
    (ar, ag, ab), (br, bg, bb) = rgb(a), rgb(b)
    return (ar + (br - ar) * t, ag + (bg - ag) * t, ab + (bb - ab) * t)


def lighter(colour: Colour, t: float) -> Rgb:
    """Mixed with white."""
    return mix(colour, "#FFFFFF", t)


def darker(colour: Colour, t: float) -> Rgb:
    """Mixed with black."""
    return mix(colour, "#000000", t)


def vivid(colour: Colour, times: float) -> Rgb:
    """The colour with its channels `times` as far from their mean: more colour at the same lightness."""
    r, g, b = rgb(colour)
    mean = (r + g + b) / 3
    return (
        min(255.0, max(0.0, mean + (r - mean) * times)),
        min(255.0, max(0.0, mean + (g - mean) * times)),
        min(255.0, max(0.0, mean + (b - mean) * times)),
    )


def argb(colour: Colour, alpha: float = 1.0) -> int:
    """Skia's packed colour."""
    r, g, b = (min(255, max(0, round(v))) for v in rgb(colour))
    return int(skia.Color(r, g, b, min(255, max(0, round(alpha * 255)))))


def paint(
    colour: Colour = "#000000",
    alpha: float = 1.0,
    *,
    shader: skia.Shader | None = None,
    blur: float = 0.0,
    stroke: float = 0.0,
    blend: skia.BlendMode | None = None,
) -> skia.Paint:
    """A paint; with `stroke` it draws lines of that width with round ends, with `blur` it has soft edges."""
    p = skia.Paint(AntiAlias=True)
    p.setColor(argb(colour, alpha))
    if shader is not None:
        p.setShader(shader)
    if blur > 0:
        p.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    if stroke > 0:
        p.setStyle(skia.Paint.kStroke_Style)
        p.setStrokeWidth(stroke)
        p.setStrokeCap(skia.Paint.kRound_Cap)
        p.setStrokeJoin(skia.Paint.kRound_Join)
    if blend is not None:
        p.setBlendMode(blend)
    return p


def linear(x0: float, y0: float, x1: float, y1: float, stops: Sequence[Stop]) -> skia.Shader:
    """A linear gradient from (x0, y0) to (x1, y1)."""
    return skia.GradientShader.MakeLinear(
        [(x0, y0), (x1, y1)], [argb(c, a) for _, c, a in stops], [s[0] for s in stops]
    )


def radial(x: float, y: float, radius: float, stops: Sequence[Stop]) -> skia.Shader:
    """A radial gradient around (x, y)."""
    return skia.GradientShader.MakeRadial((x, y), radius, [argb(c, a) for _, c, a in stops], [s[0] for s in stops])


def fades(colours: Sequence[Colour], places: Sequence[float] | None = None) -> list[Stop]:
    """Opaque stops, evenly spread unless placed."""
    n = max(1, len(colours) - 1)
    return [(places[i] if places else i / n, c, 1.0) for i, c in enumerate(colours)]


def box(x: float, y: float, width: float, height: float) -> skia.Rect:
    """A rectangle by corner and size."""
    return skia.Rect.MakeXYWH(x, y, width, height)


def polygon(points: Sequence[Point]) -> skia.Path:
    """A closed polygon."""
    path = skia.Path()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    return path


def curve_to(path: skia.Path, points: Sequence[Point]) -> None:
    """Continues `path`, which stands at points[0], smoothly (Catmull-Rom) through the rest."""
    last = len(points) - 1
    for i in range(last):
        p0, p1, p2, p3 = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]
        path.cubicTo(
            p1[0] + (p2[0] - p0[0]) / 6,
            p1[1] + (p2[1] - p0[1]) / 6,
            p2[0] - (p3[0] - p1[0]) / 6,
            p2[1] - (p3[1] - p1[1]) / 6,
            p2[0],
            p2[1],
        )


def spline(points: Sequence[Point]) -> skia.Path:
    """An open smooth line through the points."""
    path = skia.Path()
    path.moveTo(*points[0])
    curve_to(path, points)
    return path


@contextmanager
def layer(
    canvas: skia.Canvas, alpha: float = 1.0, blur: float = 0.0, blend: skia.BlendMode | None = None
) -> Iterator[None]:
    """Draws what is inside as one picture: faded, blurred or blended as a whole."""
    p = skia.Paint()
    p.setAlphaf(alpha)
    if blur > 0:
        p.setImageFilter(skia.ImageFilters.Blur(blur, blur))
    if blend is not None:
        p.setBlendMode(blend)
    canvas.saveLayer(None, p)
    try:
        yield
    finally:
        canvas.restore()


@contextmanager
def clipped(canvas: skia.Canvas, path: skia.Path) -> Iterator[None]:
    """Draws what is inside only where `path` is."""
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    try:
        yield
    finally:
        canvas.restore()


@contextmanager
def moved(canvas: skia.Canvas, x: float = 0.0, y: float = 0.0, turn: float = 0.0) -> Iterator[None]:
    """Draws what is inside around (x, y), turned clockwise by `turn` degrees."""
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    try:
        yield
    finally:
        canvas.restore()


def new_surface(width: int, height: int) -> skia.Surface:
    """A transparent surface of width x height pixels."""
    surface = skia.Surface(max(1, width), max(1, height))
    surface.getCanvas().clear(skia.ColorTRANSPARENT)
    return surface


def to_pil(surface: skia.Surface) -> Image.Image:
    """The surface as an RGBA picture (not premultiplied)."""
    return Image.fromarray(surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType), "RGBA")


def from_pil(image: Image.Image) -> skia.Image:
    """A PIL picture as a skia image."""
    return skia.Image.fromarray(np.ascontiguousarray(image.convert("RGBA")), colorType=skia.kRGBA_8888_ColorType)


SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


def draw_image(canvas: skia.Canvas, image: skia.Image, target: skia.Rect, p: skia.Paint | None = None) -> None:
    """Draws `image` into the rectangle."""
    canvas.drawImageRect(image, target, SMOOTH, p)
