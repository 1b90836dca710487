"""The drawing tools of the scenes: a stage of 1000 x 1000 units, its light, and flat shapes toned by both.

One rule makes all scenes look like one printer made them: no colour reaches the canvas untouched. Each is multiplied by
the light's ambient colour and mixed with its haze by depth, so that a scene keeps one harmony from morning to night.
Knows nothing of places, briefs or models.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import skia

Point = tuple[float, float]
RGB = tuple[float, float, float]
Fill = str | tuple[str, str]
"""A colour, or two colours for a gradient from the top of the shape to its bottom."""

CREAM, YELLOW, ORANGE, CORAL, RED = "#FFF3DC", "#F9C74F", "#F59A3C", "#F2704F", "#DB3F36"
PINK, MAGENTA, PURPLE, NAVY, BLUE = "#F28BA8", "#D43D84", "#7C4DA8", "#27346B", "#2F7FCB"
SKY, TEAL, GREEN, LEAF, FOREST = "#8CCDEB", "#1E9C95", "#58B368", "#2F8A55", "#1F5E48"
PALE_BLUE, SCREEN = "#8DB5E8", "#BFE3F0"
SAND, WOOD, BROWN, STONE, INK = "#F3DCA8", "#BF8350", "#7F4E32", "#B9B4AC", "#2B2A3A"
FESTIVE = (RED, YELLOW, TEAL, MAGENTA, ORANGE, BLUE, GREEN, PURPLE)


@dataclass(frozen=True)
class Light:
    """One hour of the day. `outdoors` and `indoors` multiply every colour there (channels 0 to 1)."""

    name: str
    sky: tuple[str, str, str]
    outdoors: RGB
    indoors: RGB
    haze: str
    sun: str
    glow: float
    """How strongly the light source brightens its side of the picture, 0 to 1."""
    lamps: bool
    """Whether lamps, windows and strings of bulbs are lit."""


LIGHTS: dict[str, Light] = {
    "morning": Light(
        "morning",
        ("#7CC4E4", "#BFE3E6", "#FFE9C6"),
        (1.0, 0.97, 0.93),
        (1.0, 0.98, 0.94),
        "#FFF0D8",
        "#FFF1C2",
        0.55,
        False,
    ),
    "midday": Light(
        "midday", ("#3DA5DD", "#7FCBEA", "#D8F1F3"), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), "#E3F4F5", "#FFF7D6", 0.4, False
    ),
    "evening": Light(
        "evening",
        ("#6A5A9E", "#F28A6B", "#FFCE85"),
        (1.0, 0.84, 0.74),
        (1.0, 0.88, 0.77),
        "#FFB98A",
        "#FFC36B",
        0.75,
        True,
    ),
    "night": Light(
        "night",
        ("#141B47", "#27337A", "#5A4F9E"),
        (0.54, 0.56, 0.86),
        (0.92, 0.79, 0.72),
        "#3C4490",
        "#DDE6FF",
        0.3,
        True,
    ),
}

LAMPLIGHT: RGB = (0.84, 0.76, 0.84)
"""The ambient of a place that keeps its lamps on at night."""

SEASONS = ("spring", "summer", "autumn", "winter")
FOLIAGE: dict[str, tuple[str, ...]] = {
    "spring": ("#86C95E", "#A6D66B", "#F4A9C4", "#6DBB63"),
    "summer": ("#3F9A52", "#58B368", "#2F8A55", "#77BE58"),
    "autumn": ("#DE7F34", "#E7A53B", "#C05A35", "#D5913B"),
    "winter": ("#DCE9EE", "#C3D7DF", "#9FBFC4", "#E9F1F3"),
}
MEADOW: dict[str, Fill] = {
    "spring": ("#B4DC74", "#6FB553"),
    "summer": ("#9ACB5C", "#4E9B48"),
    "autumn": ("#E2B95E", "#B98441"),
    "winter": ("#F3F7F8", "#CBDCE4"),
}


def rgb(colour: str) -> RGB:
    """Channels 0 to 255 of `#RRGGBB`."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))  # type: ignore[return-value]


def mix(a: str, b: str, share: float) -> str:
    """`a` with `share` (0 to 1) of `b` in it."""
    return "#" + "".join(f"{round(x + (y - x) * share):02X}" for x, y in zip(rgb(a), rgb(b), strict=True))


def spline(points: Sequence[Point], closed: bool = False) -> skia.Path:
    """A smooth curve through the points (Catmull-Rom)."""
    path = skia.Path()
    n = len(points)
    path.moveTo(*points[0])
    for i in range(n if closed else n - 1):
        p = [points[(i + k) % n] if closed else points[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2)]
        path.cubicTo(
            p[1][0] + (p[2][0] - p[0][0]) / 6,
            p[1][1] + (p[2][1] - p[0][1]) / 6,
            p[2][0] - (p[3][0] - p[1][0]) / 6,
            p[2][1] - (p[3][1] - p[1][1]) / 6,
            p[2][0],
            p[2][1],
        )
    if closed:
        path.close()
    return path


class Stage:
    """A canvas of 1000 x 1000 units with a light, a season and a dice of its own.

    `depth` (0 near, 1 far) says how much haze the next shapes get; `lit=True` shapes shine and ignore ambient and haze.
    """

    def __init__(
        self, canvas: skia.Canvas, dice: random.Random, light: Light, season: str, indoors: bool, lamplit: bool = False
    ) -> None:
        self.canvas = canvas
        self.dice = dice
        self.light = light
        self.season = season
        self.indoors = indoors
        self.lamplit = lamplit
        self.depth = 0.0
        self.sun: Point = (dice.choice((220.0, 780.0)) + dice.uniform(-60, 60), dice.uniform(120, 240))

    @property
    def night(self) -> bool:
        """Whether it is dark outside."""
        return self.light.name == "night"

    def tone(self, colour: str) -> str:
        """The colour as this light shows it at the present depth."""
        ambient = self.light.indoors if self.indoors else self.light.outdoors
        if self.lamplit and self.night:
            ambient = LAMPLIGHT
        toned = "#" + "".join(f"{round(v * a):02X}" for v, a in zip(rgb(colour), ambient, strict=True))
        return mix(toned, self.light.haze, self.depth * (0.55 if not self.indoors else 0.3))

    def paint(self, fill: Fill, bounds: skia.Rect, alpha: float = 1.0, lit: bool = False) -> skia.Paint:
        """A paint for a shape with these bounds."""
        tone = (lambda c: c) if lit else self.tone
        paint = skia.Paint(AntiAlias=True)
        if isinstance(fill, str):
            paint.setColor(_colour(tone(fill), alpha))
        else:
            ends = [(bounds.left(), bounds.top()), (bounds.left(), bounds.bottom())]
            paint.setShader(skia.GradientShader.MakeLinear(ends, [_colour(tone(c), alpha) for c in fill]))
        return paint

    def fill(self, path: skia.Path, fill: Fill, alpha: float = 1.0, lit: bool = False) -> None:
        """Fills a path."""
        self.canvas.drawPath(path, self.paint(fill, path.getBounds(), alpha, lit))

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Fill,
        radius: float = 0,
        alpha: float = 1.0,
        lit: bool = False,
    ) -> None:
        """A rectangle with its upper left corner at (x, y)."""
        box = skia.Rect.MakeXYWH(x, y, w, h)
        self.canvas.drawRoundRect(box, radius, radius, self.paint(fill, box, alpha, lit))

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Fill, alpha: float = 1.0, lit: bool = False) -> None:
        """An ellipse around (x, y)."""
        box = skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry)
        self.canvas.drawOval(box, self.paint(fill, box, alpha, lit))

    def poly(self, points: Sequence[Point], fill: Fill, alpha: float = 1.0, lit: bool = False) -> None:
        """A closed polygon."""
        path = skia.Path()
        path.addPoly([skia.Point(*p) for p in points], True)
        self.fill(path, fill, alpha, lit)

    def blob(self, points: Sequence[Point], fill: Fill, alpha: float = 1.0, lit: bool = False) -> None:
        """A closed smooth shape through the points."""
        self.fill(spline(points, closed=True), fill, alpha, lit)

    def half(self, x: float, y: float, rx: float, ry: float, fill: Fill, lit: bool = False) -> None:
        """The upper half of an ellipse around (x, y)."""
        path = skia.Path()
        path.addArc(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry), 180, 180)
        path.close()
        self.fill(path, fill, lit=lit)

    def line(self, points: Sequence[Point], colour: str, width: float, alpha: float = 1.0, lit: bool = False) -> None:
        """A smooth stroke through the points."""
        path = spline(points)
        paint = self.paint(colour, path.getBounds(), alpha, lit)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        self.canvas.drawPath(path, paint)

    def ridge(self, y: float, swing: float, fill: Fill, steps: int = 6, bottom: float = 1020) -> None:
        """Land or water below a wavy line at height `y`, from edge to edge."""
        points = [(-60 + i * 1120 / steps, y + self.dice.uniform(-swing, swing)) for i in range(steps + 1)]
        path = spline(points)
        path.lineTo(1060, bottom)
        path.lineTo(-60, bottom)
        path.close()
        self.fill(path, fill)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float) -> None:
        """Soft light around a point, added to what is there."""
        stops = [_colour(colour, strength), _colour(colour, strength * 0.4), _colour(colour, 0)]
        paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kScreen)
        paint.setShader(skia.GradientShader.MakeRadial((x, y), radius, stops, [0, 0.45, 1]))
        self.canvas.drawCircle(x, y, radius, paint)

    def shade(self, x: float, y: float, rx: float, ry: float, strength: float) -> None:
        """A soft shadow ellipse."""
        paint = skia.Paint(AntiAlias=True)
        stops = [_colour(INK, strength), _colour(INK, strength * 0.5), _colour(INK, 0)]
        paint.setShader(skia.GradientShader.MakeRadial((0, 0), 1, stops, [0, 0.5, 1]))
        self.canvas.save()
        self.canvas.translate(x, y)
        self.canvas.scale(rx, ry)
        self.canvas.drawCircle(0, 0, 1, paint)
        self.canvas.restore()

    def vary(self, colour: str, amount: float = 0.08) -> str:
        """The colour, a little warmer, darker or lighter: no two prints are alike."""
        return mix(colour, self.dice.choice((CREAM, INK, ORANGE, SKY)), self.dice.uniform(0, amount))

    def pick(self, *colours: str) -> str:
        """One of the colours, varied a little."""
        return self.vary(self.dice.choice(colours))


def star(x: float, y: float, outer: float, inner: float, points: int, turn: float = -math.pi / 2) -> list[Point]:
    """The corners of a star."""
    corners = []
    for i in range(points * 2):
        reach = outer if i % 2 == 0 else inner
        angle = turn + i * math.pi / points
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners


def _colour(colour: str, alpha: float) -> int:
    r, g, b = (round(v) for v in rgb(colour))
    return skia.Color(r, g, b, round(255 * alpha))
