"""Fruit and other flavours as flat cut-paper shapes, for labels. Knows nothing of products or packagings.

Each is drawn in a unit circle around (0, 0), in its own natural colours, with a pale keyline that keeps it apart from
any ground.
"""

import math
from collections.abc import Callable, Sequence

import skia

from pipelines import draw
from pipelines.draw import Colour, box, paint, polygon

CREAM, LEAF, DARK_LEAF = "#FFF6DF", "#57A639", "#2F7A37"
KEYLINE = 0.17
"""The keyline's width as a share of the radius; half of it shows."""

_Drawing = Callable[[skia.Canvas], None]


def draw_fruit(canvas: skia.Canvas, name: str, x: float, y: float, radius: float, turn: float = 0.0) -> None:
    """Draws a fruit around (x, y), turned clockwise by `turn` degrees. Raises ValueError that lists the names."""
    if name not in FRUITS:
        raise ValueError(f"no drawing of {name!r}; choose one of: {', '.join(sorted(FRUITS))}")
    with draw.moved(canvas, x, y, turn):
        canvas.scale(radius, radius)
        FRUITS[name](canvas)


def _cut(c: skia.Canvas, path: skia.Path, colour: Colour) -> None:
    """A shape with its keyline."""
    c.drawPath(path, paint(CREAM, stroke=KEYLINE))
    c.drawPath(path, paint(colour))


def _oval(x: float, y: float, rx: float, ry: float) -> skia.Path:
    return skia.Path().addOval(box(x - rx, y - ry, 2 * rx, 2 * ry))


def _curve(points: Sequence[tuple[float, ...]]) -> skia.Path:
    """A closed path: a start, then cubic pieces of six numbers."""
    path = skia.Path()
    path.moveTo(*points[0])
    for piece in points[1:]:
        path.cubicTo(*piece)
    path.close()
    return path


def leaf(c: skia.Canvas, x: float, y: float, length: float, turn: float, colour: Colour = LEAF) -> None:
    """A leaf from its stalk at (x, y), in two tones along the midrib."""
    with draw.moved(c, x, y, turn):
        c.scale(length, length)
        c.drawPath(_curve([(0, 0), (0.3, -0.42, 0.75, -0.36, 1, 0), (0.75, 0.30, 0.3, 0.34, 0, 0)]), paint(colour))
        dark = draw.mix(colour, "#123A2A", 0.35)
        c.drawPath(_curve([(0, 0), (0.4, 0.02, 0.7, 0.02, 1, 0), (0.75, 0.30, 0.3, 0.34, 0, 0)]), paint(dark))


def _citrus(rind: str, flesh: str) -> _Drawing:
    def drawing(c: skia.Canvas) -> None:
        _cut(c, _oval(0, 0, 1, 1), rind)
        c.drawCircle(0, 0, 0.86, paint("#FFFBE8"))
        for i in range(8):
            with draw.moved(c, turn=i * 45 + 12):
                wedge = _curve(
                    [(0, -0.10), (0.10, -0.26, 0.22, -0.5, 0.27, -0.66), (0.16, -0.80, -0.16, -0.80, -0.27, -0.66),
                     (-0.22, -0.5, -0.10, -0.26, 0, -0.10)]
                )  # fmt: skip
                c.drawPath(wedge, paint(flesh if i in (5, 6, 7, 0) else draw.mix(flesh, rind, 0.45)))

    return drawing


def _strawberry(c: skia.Canvas) -> None:
    body = _curve(
        [(0, 1), (-0.45, 0.9, -1.0, 0.15, -0.86, -0.28), (-0.72, -0.68, -0.25, -0.66, 0, -0.5),
         (0.25, -0.66, 0.72, -0.68, 0.86, -0.28), (1.0, 0.15, 0.45, 0.9, 0, 1)]
    )  # fmt: skip
    _cut(c, body, "#E5304A")
    with draw.clipped(c, body):
        c.drawPath(_oval(0.95, 0.25, 0.75, 1.0), paint("#B81C3C"))
    for x, y in ((-0.45, -0.15), (0.0, -0.12), (0.45, -0.15), (-0.25, 0.18), (0.25, 0.18), (0, 0.5)):
        c.drawPath(_oval(x, y, 0.055, 0.09), paint("#FFE39A"))
    for turn in (-168, -130, -90, -50, -12):
        leaf(c, 0, -0.50, 0.58, turn, LEAF if turn % 4 else DARK_LEAF)


def _grapes(c: skia.Canvas) -> None:
    places = [(0, 0.82), (-0.29, 0.42), (0.29, 0.42), (-0.58, 0), (0, 0), (0.58, 0), (-0.3, -0.4), (0.3, -0.4)]
    for x, y in places:
        c.drawCircle(x, y, 0.36, paint(CREAM))
    c.drawLine(0, -0.5, 0.1, -1.0, paint("#6A4A2A", stroke=0.12))
    leaf(c, 0.05, -0.72, 0.8, -20)
    for i, (x, y) in enumerate(places):
        c.drawCircle(x, y, 0.29, paint("#5B2A92" if i % 3 else "#7440AD"))
        c.drawCircle(x - 0.1, y - 0.1, 0.07, paint("#C9A8EE"))


def _apple(skin: str) -> _Drawing:
    def drawing(c: skia.Canvas) -> None:
        body = _curve(
            [(0, -0.55), (-0.35, -0.85, -1.0, -0.65, -0.98, 0.0), (-0.96, 0.6, -0.5, 1.1, 0, 0.88),
             (0.5, 1.1, 0.96, 0.6, 0.98, 0.0), (1.0, -0.65, 0.35, -0.85, 0, -0.55)]
        )  # fmt: skip
        _cut(c, body, skin)
        with draw.clipped(c, body):
            c.drawPath(_oval(0.92, 0.2, 0.7, 1.1), paint(draw.mix(skin, "#3A0B30", 0.28)))
            c.drawPath(_oval(-0.52, -0.2, 0.13, 0.28), paint(draw.lighter(skin, 0.55)))
        c.drawLine(0, -0.5, 0.1, -1.0, paint("#5B3A20", stroke=0.13))
        leaf(c, 0.06, -0.78, 0.75, -22)

    return drawing


def _pineapple(c: skia.Canvas) -> None:
    body = _oval(0, 0.30, 0.62, 0.72)
    for turn in (-150, -120, -90, -60, -30):
        leaf(c, 0, -0.28, 0.85, turn, LEAF if turn in (-120, -60) else DARK_LEAF)
    _cut(c, body, "#F5B82E")
    with draw.clipped(c, body):
        c.drawPath(_oval(0.62, 0.4, 0.5, 0.9), paint("#DE9420"))
        for k in range(-5, 6):
            for lean in (1, -1):
                c.drawLine(k * 0.30 - lean * 0.9, -0.6, k * 0.30 + lean * 0.9, 1.2, paint("#B87418", 0.8, stroke=0.055))


def _stone_fruit(skin: str, blush: str) -> _Drawing:
    def drawing(c: skia.Canvas) -> None:
        body = _oval(0, 0.05, 0.95, 0.92)
        _cut(c, body, skin)
        with draw.clipped(c, body):
            c.drawPath(_oval(0.85, 0.25, 0.85, 1.0), paint(blush))
            crease = skia.Path()
            crease.moveTo(0.05, -0.9)
            crease.quadTo(-0.35, -0.2, 0.0, 0.55)
            c.drawPath(crease, paint(draw.darker(blush, 0.15), stroke=0.08))
            c.drawPath(_oval(-0.55, -0.2, 0.12, 0.26), paint(draw.lighter(skin, 0.55)))
        leaf(c, 0.02, -0.80, 0.9, -24)

    return drawing


def _mango(c: skia.Canvas) -> None:
    with draw.moved(c, turn=-28):
        body = _oval(0, 0, 1.05, 0.74)
        _cut(c, body, "#FFB52B")
        with draw.clipped(c, body):
            c.drawPath(_oval(0.75, -0.35, 0.75, 0.55), paint("#EE5A3A"))
            c.drawPath(_oval(-0.1, 0.75, 1.0, 0.38), paint("#E58F12"))
            c.drawPath(_oval(-0.5, -0.25, 0.24, 0.10), paint("#FFE3A0"))
    leaf(c, 0.62, -0.62, 0.75, -40)


def _watermelon(c: skia.Canvas) -> None:
    with draw.moved(c, 0, -0.45, 8):
        for radius, colour in ((1.06, "#2F7A37"), (0.92, "#E7F2C8"), (0.84, "#EE4156")):
            half = skia.Path()
            half.addArc(box(-radius, -radius, 2 * radius, 2 * radius), 0, 180)
            half.close()
            if radius > 1:
                _cut(c, half, colour)
            c.drawPath(half, paint(colour))
        for x, y in ((-0.42, 0.22), (0, 0.30), (0.42, 0.22), (-0.2, 0.56), (0.2, 0.56)):
            c.drawPath(_oval(x, y, 0.06, 0.095), paint("#33121A"))


def _berries(colour: str) -> _Drawing:
    def drawing(c: skia.Canvas) -> None:
        for x, y, r in ((-0.42, 0.3, 0.58), (0.45, 0.38, 0.54), (0.05, -0.36, 0.56)):
            _cut(c, _oval(x, y, r, r), colour)
            c.drawPath(_oval(x - r * 0.35, y - r * 0.3, r * 0.16, r * 0.2), paint(draw.lighter(colour, 0.6)))
            star = [
                (
                    x + r * (0.42 if k % 2 == 0 else 0.18) * math.cos(k * math.pi / 5),
                    y + r * 0.1 + r * (0.42 if k % 2 == 0 else 0.18) * math.sin(k * math.pi / 5),
                )
                for k in range(10)
            ]
            c.drawPath(polygon(star), paint(draw.darker(colour, 0.45)))
        leaf(c, 0.3, -0.75, 0.75, -18)

    return drawing


def _flower(petal: str, heart: str) -> _Drawing:
    def drawing(c: skia.Canvas) -> None:
        for tint, grow in ((CREAM, 1.12), (petal, 1.0)):
            for k in range(5):
                with draw.moved(c, turn=k * 72):
                    c.drawPath(_oval(0, -0.56, 0.42 * grow, 0.50 * grow), paint(tint))
        for k in range(5):
            with draw.moved(c, turn=k * 72):
                c.drawPath(_oval(0, -0.42, 0.10, 0.34), paint(draw.mix(petal, heart, 0.55)))
        c.drawCircle(0, 0, 0.22, paint(heart))

    return drawing


def _pods(c: skia.Canvas) -> None:
    for lift, colour in ((0.42, "#7A4521"), (-0.30, "#99602F")):
        spots = [
            (-0.75 + k * 0.5, lift + 0.28 * math.sin(k * 1.05 + 0.3), 0.33 - 0.03 * abs(k - 1.5)) for k in range(4)
        ]
        for x, y, r in spots:
            c.drawCircle(x, y, r + 0.08, paint(CREAM))
        for x, y, r in spots:
            c.drawCircle(x, y, r, paint(colour))
        for x, y, r in spots:
            c.drawPath(_oval(x - r * 0.2, y - r * 0.35, r * 0.4, r * 0.16), paint(draw.lighter(colour, 0.35)))


def _chocolate(c: skia.Canvas) -> None:
    with draw.moved(c, turn=-18):
        _cut(c, skia.Path().addRoundRect(box(-0.78, -0.9, 1.56, 1.8), 0.12, 0.12), "#4A2513")
        for row in range(3):
            for column in range(2):
                x, y = -0.68 + column * 0.70, -0.80 + row * 0.55
                c.drawRoundRect(box(x, y, 0.64, 0.48), 0.06, 0.06, paint("#7A4424"))
                c.drawRect(box(x + 0.08, y + 0.08, 0.48, 0.08), paint("#A26A42"))


def _almonds(c: skia.Canvas) -> None:
    for x, y, turn in ((-0.38, 0.12, -24), (0.42, 0.08, 28)):
        with draw.moved(c, x, y, turn):
            nut = _curve([(0, -0.9), (0.55, -0.4, 0.55, 0.75, 0, 0.85), (-0.55, 0.75, -0.55, -0.4, 0, -0.9)])
            _cut(c, nut, "#C98F55")
            with draw.clipped(c, nut):
                c.drawPath(_oval(0.42, 0.2, 0.4, 0.9), paint("#A36A36"))
            c.drawLine(-0.1, -0.45, -0.14, 0.5, paint("#8F5A2C", stroke=0.06))


def _leaves(c: skia.Canvas) -> None:
    for turn, colour in ((-150, LEAF), (-30, LEAF), (-90, DARK_LEAF)):
        leaf(c, 0, 0.75, 1.55, turn, colour)


FRUITS: dict[str, _Drawing] = {
    "orange": _citrus("#F57C14", "#FFA93B"),
    "mandarin": _citrus("#E9620E", "#FF9130"),
    "lemon": _citrus("#F2C40F", "#FFE569"),
    "lime": _citrus("#5FAE2A", "#C1E56A"),
    "grapefruit": _citrus("#F4A63C", "#F2736B"),
    "strawberry": _strawberry,
    "grape": _grapes,
    "apple": _apple("#D4213A"),
    "green apple": _apple("#8CC63F"),
    "pineapple": _pineapple,
    "peach": _stone_fruit("#FFC06E", "#F2855A"),
    "guava": _stone_fruit("#C3D86B", "#F28C86"),
    "mango": _mango,
    "watermelon": _watermelon,
    "berry": _berries("#3E4FA8"),
    "red berry": _berries("#C71F45"),
    "acai": _berries("#5A2468"),
    "hibiscus": _flower("#D8345F", "#FFD45A"),
    "dragonfruit": _flower("#E83E8C", "#B8DE4F"),
    "vanilla": _flower("#FFE7A0", "#E0A92E"),
    "tamarind": _pods,
    "chocolate": _chocolate,
    "almond": _almonds,
    "tea": _leaves,
}
"""What a label can show, by name."""

WORDS: dict[str, tuple[str, ...]] = {
    "orange": ("orange", "naranja", "maracuya", "passion"),
    "mandarin": ("mandarina", "mandarin", "tangerine"),
    "lemon": ("lemon", "lemon lime", "lima limon", "lemonade", "limonada", "limon amarillo", "citrus", "citricos"),
    "lime": ("lime", "lima", "limon", "cucumber", "pepino", "kiwi"),
    "grapefruit": ("grapefruit", "toronja"),
    "strawberry": ("strawberry", "fresa"),
    "grape": ("grape", "uva"),
    "apple": ("apple", "manzana", "sidral"),
    "green apple": ("green apple", "manzana verde"),
    "pineapple": ("pineapple", "pina"),
    "peach": ("peach", "durazno"),
    "guava": ("guava", "guayaba"),
    "mango": ("mango", "mango loco"),
    "watermelon": ("watermelon", "sandia"),
    "berry": ("blueberry", "mora", "moras", "mora azul", "arandano", "blackberry", "zarzamora", "berry"),
    "red berry": ("cherry", "cereza", "raspberry", "frambuesa", "fruit punch", "ponche de frutas", "tutti frutti"),
    "acai": ("acai",),
    "hibiscus": ("hibiscus", "jamaica"),
    "dragonfruit": ("dragonfruit", "pitahaya"),
    "vanilla": ("vanilla", "vainilla"),
    "tamarind": ("tamarind", "tamarindo"),
    "chocolate": ("chocolate", "choco"),
    "almond": ("almond", "almendra"),
    "tea": ("green tea", "te verde"),
}
"""What names each of them, in both languages, lower case without accents."""
