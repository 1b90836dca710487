"""Several pieces as one packshot, in what they are sold in: a ring, a cardboard sleeve, a basket, film or a tray.

The count is printed on it. Knows nothing of posters. Drawn in cm on a scaled canvas, light from the upper left.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import skia
from PIL import Image

from pipelines import draw, lettering
from pipelines.draw import box, paint, polygon
from pipelines.inks import DUSK, SUN, tones
from pipelines.labels import Artwork, draw_label, shown_text
from pipelines.lettering import Face
from pipelines.looks import Article
from pipelines.palette import contrast

KRAFT = "#C79A66"


def columns_rows(count: int) -> tuple[int, int]:
    """How many stand side by side in the front row, and how many rows there are: at most 6 by 4 are shown."""
    if count <= 3:
        return count, 1
    fitting = [(count // rows, rows) for rows in (2, 3, 4) if count % rows == 0 and 2 <= count // rows <= 6]
    if fitting:
        return min(fitting, key=lambda shape: abs(shape[0] / shape[1] - 1.5))
    return (6, 4) if count > 24 else (math.ceil(count / (2 if count < 12 else 3)), 2 if count < 12 else 3)


def wrapping(packaging: str, count: int) -> str:
    """What holds the pieces: `ring`, `sleeve`, `basket`, `film` or `tray`."""
    if count >= 20:
        return "tray"
    if packaging == "can":
        return "ring" if count <= 4 else "sleeve"
    if packaging == "glass bottle":
        return "basket" if count <= 8 else "tray"
    return "film"


@dataclass(frozen=True)
class _Block:
    """The pieces' common shape in cm: the front's left edge, width and bottom, one piece's height, the side's width."""

    left: float
    width: float
    bottom: float
    each: float
    side: float
    rise: float
    """How much higher the last row stands than the first."""

    def front(self, top: float) -> skia.Path:
        right = self.left + self.width
        return polygon([(self.left, top), (right, top), (right, self.bottom), (self.left, self.bottom)])

    def flank(self, top: float) -> skia.Path:
        right = self.left + self.width
        return polygon(
            [
                (right, top),
                (right + self.side, top - self.rise),
                (right + self.side, self.bottom - self.rise),
                (right, self.bottom),
            ]
        )


def draw_pack(
    single: Callable[[int], Image.Image],
    height_cm: float,
    label: tuple[float, float],
    thing: Article,
    height_px: int,
) -> Image.Image:
    """`count` pieces drawn by `single(height_px)`, height_px high together, RGBA, the base on the last row.

    `height_cm` is one piece's height, `label` where its label starts and ends, cm from the top: a board or a band hides
    it whole or not at all, so that no word mark is cut through.
    """
    columns, rows = columns_rows(thing.count)
    lift = 0.062
    each = max(16, round(height_px / (1 + lift * (rows - 1))))
    piece = single(each)
    scale = each / height_cm
    wide = piece.width / scale
    step = wide * 0.985
    slant, rise = wide * 0.17, lift * height_cm
    pad = wide * 0.10
    width = step * (columns - 1) + wide
    surface = draw.new_surface(math.ceil((width + slant * (rows - 1) + 2 * pad) * scale), height_px)
    canvas = surface.getCanvas()
    canvas.scale(scale, scale)
    bottom = height_px / scale
    block = _Block(
        pad - wide * 0.03,
        width + wide * 0.06,
        bottom,
        height_cm,
        slant * (rows - 1) + wide * 0.03,
        rise * (rows - 1),
    )
    image = draw.from_pil(piece)
    kind = wrapping(thing.packaging, thing.count)
    over, under = 1 - label[0] / height_cm, 1 - label[1] / height_cm
    for row in range(rows - 1, -1, -1):
        dim = skia.Paint()
        if row:
            f = 1 - 0.13 * row
            dim.setColorFilter(skia.ColorFilters.Matrix([f, 0, 0, 0, 0, 0, f, 0, 0, 0, 0, 0, f, 0, 0, 0, 0, 0, 1, 0]))
        if kind == "basket" and row == 0:
            _handle(canvas, block, thing)
        for column in range(min(columns, thing.count - row * columns)):
            x, y = pad + column * step + slant * row, bottom - height_cm - row * rise
            draw.draw_image(canvas, image, box(x, y, wide, height_cm), dim)
    if kind == "ring":
        _ring(canvas, block, thing, columns, pad, step, wide)
    elif kind == "film":
        _film(canvas, block, thing, min(0.27, max(0.16, under - 0.07)))
    elif kind == "sleeve" or (kind == "tray" and thing.packaging == "can"):
        _cardboard(canvas, block, thing, 0.80 if kind == "sleeve" else 0.32)
    else:
        _cardboard(canvas, block, thing, min(0.45, under - 0.04) if under >= 0.32 else over + 0.03)
    result = draw.to_pil(surface)
    ink = result.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    assert ink is not None
    return result.crop((ink[0], 0, ink[2], height_px))


def _count(c: skia.Canvas, thing: Article, x: float, y: float, radius: float) -> None:
    """The count on a round badge."""
    look = thing.look
    ground = look.accent if contrast(look.accent, look.label) >= 1.6 else shown_text(look)
    ink = max((look.label, "#161616", "#FFFFFF"), key=lambda k: (contrast(k, ground) >= 4.5, contrast(k, ground)))
    c.drawCircle(x + radius * 0.06, y + radius * 0.07, radius, paint(DUSK, 0.35))
    c.drawCircle(x, y, radius, paint(ground))
    c.drawCircle(x, y, radius * 0.88, paint(ink, stroke=radius * 0.045))
    face = Face("LeagueSpartan-Black", 1.0)
    figure = str(thing.count)
    face = face.at(lettering.fit_size(figure, face, radius * 1.15, radius * 0.78))
    lettering.draw_text(c, figure, face, x, y + radius * 0.18, paint(ink), 0.5)
    small = Face("Lato-Black", 1.0, 0.08)
    small = small.at(lettering.fit_size("PACK", small, radius * 1.0, radius * 0.24))
    lettering.draw_text(c, "PACK", small, x, y + radius * 0.58, paint(ink), 0.5)


def _cardboard(c: skia.Canvas, b: _Block, thing: Article, share: float) -> None:
    """A printed board round the lower part: word mark and count in front, the side in its shade."""
    look, t = thing.look, tones(thing.look.label)
    top = b.bottom - b.each * share
    tall = b.each * share
    with draw.clipped(c, b.flank(top)):
        c.drawPath(b.flank(top), paint(t.deep))
        right = b.left + b.width
        band = polygon(
            [
                (right, b.bottom - tall * 0.16),
                (right + b.side, b.bottom - tall * 0.16 - b.rise),
                (right + b.side, b.bottom - b.rise),
                (right, b.bottom),
            ]
        )
        c.drawPath(band, paint(draw.mix(look.accent, DUSK, 0.4)))
    with draw.clipped(c, b.front(top)):
        r = min(tall * 0.36, b.width * 0.16)
        words = b.width - 2 * r * 1.5
        with draw.moved(c, b.left + words / 2 + b.width * 0.02, top):
            art = Artwork(look, thing.kind, "", thing.note)
            draw_label(c, art, 2.4 * b.width, tall, min(words * 0.94, tall * 2.6))
        c.drawPath(
            polygon([(b.left, top), (b.left + tall * 0.5, top), (b.left, top + tall * 0.8)]), paint("#FFFFFF", 0.14)
        )
        _count(c, thing, b.left + b.width - r * 1.35, top + tall * 0.46, r)
    c.drawPath(b.front(top), paint(t.deep, 0.6, stroke=0.06))
    c.drawLine(b.left, top, b.left + b.width, top, paint(t.pale, stroke=0.10))


def _handle(c: skia.Canvas, b: _Block, thing: Article) -> None:
    """The board between two rows of bottles, with a grip."""
    x0, x1 = b.left + b.side * 0.35, b.left + b.width + b.side * 0.35
    middle, half = (x0 + x1) / 2, (x1 - x0) * 0.36
    top = b.bottom - b.each * 0.86
    shoulder = b.bottom - b.each * 0.58
    path = skia.Path()
    path.moveTo(x0, b.bottom)
    path.lineTo(x0, shoulder)
    path.lineTo(middle - half, top)
    path.lineTo(middle + half, top)
    path.lineTo(x1, shoulder)
    path.lineTo(x1, b.bottom)
    path.close()
    t = tones(thing.look.label)
    c.drawPath(path, paint(t.shade))
    c.drawPath(path, paint(t.deep, 0.8, stroke=0.08))
    tall = b.each * 0.05
    grip = box(middle - half * 0.62, top + tall * 0.7, half * 1.24, tall)
    c.drawRoundRect(grip, tall / 2, tall / 2, paint(draw.mix(t.deep, DUSK, 0.6)))


def _ring(c: skia.Canvas, b: _Block, thing: Article, columns: int, pad: float, step: float, wide: float) -> None:
    """A board that grips the cans under their lids, with a hanging tag that says how many."""
    y, tall = b.bottom - b.each + 0.75, 1.15
    t = tones(KRAFT)
    right = b.left + b.width
    c.drawPath(
        polygon([(right, y), (right + b.side, y - b.rise), (right + b.side, y - b.rise + tall), (right, y + tall)]),
        paint(t.deep),
    )
    strap = box(b.left, y, b.width, tall)
    c.drawRoundRect(strap, 0.3, 0.3, paint(t.base))
    for k in range(columns):
        x = pad + k * step + wide * 0.5
        c.drawRect(box(x + wide * 0.24, y, wide * 0.22, tall), paint(t.shade))
    c.drawRoundRect(strap, 0.3, 0.3, paint(t.deep, 0.8, stroke=0.06))
    r = min(2.0, b.width * 0.17)
    _count(c, thing, b.left + b.width - r * 0.9, y + tall + r * 0.55, r)


def _film(c: skia.Canvas, b: _Block, thing: Article, share: float) -> None:
    """Clear film drawn tight, and a printed band with word mark and count."""
    bottle = thing.packaging != "carton"
    top = b.bottom - b.each * (0.70 if bottle else 0.94)
    right = b.left + b.width
    sheet = skia.Path()
    sheet.moveTo(b.left, b.bottom)
    sheet.lineTo(b.left, top + 0.6)
    sheet.quadTo(b.left + 0.1, top, b.left + 0.9, top)
    sheet.lineTo(right - 0.4, top)
    sheet.lineTo(right + b.side, top - b.rise + 0.3)
    sheet.lineTo(right + b.side, b.bottom - b.rise)
    sheet.lineTo(right, b.bottom)
    sheet.close()
    with draw.clipped(c, sheet):
        c.drawPath(sheet, paint("#FFFFFF", 0.10))
        for place, wide, alpha in ((0.04, 0.5, 0.50), (0.31, 0.28, 0.26), (0.64, 0.34, 0.26), (0.93, 0.22, 0.40)):
            x = b.left + b.width * place
            c.drawPath(
                polygon([(x, top), (x + wide, top), (x + wide * 0.2, b.bottom), (x - wide * 0.4, b.bottom)]),
                paint("#FFFFFF", alpha),
            )
        c.drawPath(b.flank(top), paint(DUSK, 0.16))
        for k in range(5):  # where the film is gathered
            x = b.left + b.width * (0.12 + 0.19 * k)
            c.drawPath(polygon([(x, top), (x + 0.5, top), (x + 0.15, top + 1.7)]), paint("#FFFFFF", 0.45))
    c.drawPath(sheet, paint(SUN, 0.85, stroke=0.09))
    tall = b.each * share
    y = b.bottom - tall - b.each * 0.05
    t = tones(thing.look.label)
    flank = polygon([(right, y), (right + b.side, y - b.rise), (right + b.side, y - b.rise + tall), (right, y + tall)])
    c.drawPath(flank, paint(t.deep))
    r = min(tall * 0.40, b.width * 0.15)
    words = b.width - 2 * r * 1.5
    with draw.clipped(c, skia.Path().addRect(box(b.left, y, b.width, tall))):
        with draw.moved(c, b.left + words / 2 + b.width * 0.02, y):
            art = Artwork(thing.look, thing.kind, "", thing.note)
            draw_label(c, art, 2.4 * b.width, tall, min(words * 0.94, tall * 2.6))
        for place, wide in ((0.04, 0.5), (0.93, 0.22)):
            x = b.left + b.width * place
            c.drawPath(
                polygon([(x, y), (x + wide * 0.7, y), (x + wide * 0.4, y + tall), (x - wide * 0.2, y + tall)]),
                paint("#FFFFFF", 0.22),
            )
    _count(c, thing, right - r * 1.35, y + tall * 0.47, r)
    c.drawRect(box(b.left, y, b.width, tall), paint(t.deep, 0.5, stroke=0.06))
