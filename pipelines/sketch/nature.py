"""What grows and what is above it: sky, clouds, trees, flowers. Knows nothing of the scene it stands in."""

import math

import skia

from pipelines.sketch.brush import (
    BROWN,
    CORAL,
    CREAM,
    FOLIAGE,
    FOREST,
    GREEN,
    LEAF,
    TEAL,
    YELLOW,
    Stage,
    mix,
    star,
)


def sky(s: Stage, horizon: float, orb: bool = True) -> None:
    """The sky down to the horizon with the sun or the moon, clouds by day and stars by night."""
    top, middle, bottom = s.light.sky
    s.rect(-10, -10, 1020, horizon * 0.55 + 12, (top, middle), lit=True)
    s.rect(-10, horizon * 0.55, 1020, horizon * 0.45 + 12, (middle, bottom), lit=True)
    x, y = s.sun
    if s.night:
        for _ in range(46):
            sx, sy = s.dice.uniform(0, 1000), s.dice.uniform(0, horizon * 0.8)
            s.oval(sx, sy, 2.4, 2.4, CREAM, alpha=s.dice.uniform(0.3, 0.9), lit=True)
    if orb:
        if s.light.name == "evening":
            y = horizon - s.dice.uniform(70, 140)
            s.sun = (x, y)
        s.glow(x, y, 300, s.light.sun, 0.55)
        orb_path = _disc(x, y, 52)
        if s.night:  # a crescent is cut out, not covered: a dark disc would show on the glow
            orb_path = skia.Op(orb_path, _disc(x + 22, y - 13, 44), skia.PathOp.kDifference_PathOp)
        s.fill(orb_path, s.light.sun, lit=True)
    if not s.night:
        for _ in range(s.dice.randint(2, 4)):
            cloud(s, s.dice.uniform(-40, 1040), s.dice.uniform(60, horizon * 0.6), s.dice.uniform(46, 88))


def _disc(x: float, y: float, radius: float) -> skia.Path:
    path = skia.Path()
    path.addCircle(x, y, radius)
    return path


def cloud(s: Stage, x: float, y: float, size: float) -> None:
    """A flat cloud with a straight belly."""
    colour = mix("#FFFFFF", s.light.haze, 0.35)
    for dx, r in ((-1.0, 0.45), (-0.35, 0.75), (0.4, 0.6), (1.0, 0.4)):
        s.half(x + dx * size, y, r * size, r * size * 0.9, colour, lit=True)


def tree(s: Stage, x: float, ground: float, size: float) -> None:
    """A round poster tree with a lit side."""
    base = s.pick(*FOLIAGE[s.season])
    s.poly(
        [
            (x - size * 0.06, ground),
            (x - size * 0.03, ground - size * 0.5),
            (x + size * 0.03, ground - size * 0.5),
            (x + size * 0.06, ground),
        ],
        BROWN,
    )
    side = -1 if s.sun[0] < x else 1
    for dx, dy, r in ((-0.2, -0.52, 0.22), (0.2, -0.5, 0.22), (0.0, -0.72, 0.28)):
        s.oval(x + dx * size, ground + dy * size, r * size, r * size, mix(base, FOREST, 0.22))
        s.oval(x + (dx + 0.045 * side) * size, ground + (dy - 0.03) * size, r * size * 0.82, r * size * 0.82, base)
        s.oval(
            x + (dx + 0.1 * side) * size,
            ground + (dy - 0.07) * size,
            r * size * 0.45,
            r * size * 0.45,
            mix(base, YELLOW, 0.25),
        )


def pine(s: Stage, x: float, ground: float, size: float, colour: str = LEAF) -> None:
    """A three-storey pine; snow on it in winter."""
    s.rect(x - size * 0.04, ground - size * 0.14, size * 0.08, size * 0.14, BROWN)
    for i in range(3):
        y, w = ground - size * (0.12 + 0.27 * i), size * (0.34 - 0.08 * i)
        h = size * 0.4
        s.poly([(x - w, y), (x + w, y), (x, y - h)], mix(colour, FOREST, 0.4 - 0.15 * i))
        s.poly([(x, y), (x + w, y), (x, y - h)], FOREST, alpha=0.35)
        if s.season == "winter":
            s.poly([(x - w * 0.5, y - h * 0.5), (x + w * 0.5, y - h * 0.5), (x, y - h)], "#F4F9FA")


def palm(s: Stage, x: float, ground: float, size: float, lean: float) -> None:
    """A leaning palm."""
    top = (x + lean * size, ground - size)
    s.line([(x, ground), (x + lean * size * 0.25, ground - size * 0.5), top], BROWN, size * 0.055)
    for i in range(9):
        angle = math.radians(-205 + i * 29 + s.dice.uniform(-7, 7))
        reach = size * s.dice.uniform(0.36, 0.46)
        tip = (top[0] + reach * math.cos(angle), top[1] + reach * 0.7 * math.sin(angle) + size * 0.1)
        knee = ((top[0] + tip[0]) / 2, (top[1] + tip[1]) / 2 - size * 0.12)
        under = ((top[0] + tip[0]) / 2, (top[1] + tip[1]) / 2 - size * 0.03)
        s.blob([top, knee, tip, under], s.dice.choice((LEAF, GREEN, FOREST)))


def flower(s: Stage, x: float, y: float, size: float, petal: str, heart: str = YELLOW, petals: int = 6) -> None:
    """A flat flower seen from the front."""
    for i in range(petals):
        angle = 2 * math.pi * i / petals + 0.3
        s.oval(x + size * 0.58 * math.cos(angle), y + size * 0.58 * math.sin(angle), size * 0.46, size * 0.46, petal)
    s.oval(x, y, size * 0.36, size * 0.36, heart)


def marigold(s: Stage, x: float, y: float, size: float) -> None:
    """A cempasúchil."""
    for r, colour in ((1.0, "#E8821E"), (0.76, "#F5A02A"), (0.5, "#FBBE45"), (0.24, "#E8821E")):
        s.poly(star(x, y, size * r, size * r * 0.82, 11, turn=r * 3), colour)


def bouquet(s: Stage, x: float, base: float, size: float, petals: tuple[str, ...], vase: str | None = TEAL) -> None:
    """Flowers, in a vase unless that is None."""
    for i in range(9):
        angle = math.radians(-160 + i * 17.5)
        reach = size * s.dice.uniform(0.62, 0.95)
        fx, fy = x + reach * 0.8 * math.cos(angle), base - size * 0.45 + reach * math.sin(angle) * 0.75
        s.line([(x, base - size * 0.3), ((x + fx) / 2, (base + fy) / 2 - size * 0.2), (fx, fy)], LEAF, size * 0.03)
        s.blob([(fx, fy + size * 0.1), (fx + size * 0.2, fy + size * 0.16), (fx + size * 0.08, fy + size * 0.26)], LEAF)
    for i in range(9):
        angle = math.radians(-160 + i * 17.5)
        reach = size * (0.62 + 0.3 * ((i * 7) % 4) / 3)
        flower(
            s,
            x + reach * 0.8 * math.cos(angle),
            base - size * 0.45 + reach * math.sin(angle) * 0.75,
            size * 0.15,
            s.pick(*petals),
        )
    if vase:
        w = size * 0.24
        s.blob(
            [
                (x - w * 0.7, base - size * 0.5),
                (x + w * 0.7, base - size * 0.5),
                (x + w, base - size * 0.2),
                (x + w * 0.6, base),
                (x - w * 0.6, base),
                (x - w, base - size * 0.2),
            ],
            (mix(vase, CREAM, 0.25), vase),
        )


def potted(s: Stage, x: float, base: float, size: float, pot: str = CORAL) -> None:
    """A leafy plant in a pot."""
    for i in range(7):
        angle = math.radians(-158 + i * 23)
        tip = (x + size * 0.5 * math.cos(angle), base - size * 0.36 + size * 0.62 * math.sin(angle))
        mid = ((x + tip[0]) / 2, (base - size * 0.35 + tip[1]) / 2)
        w = size * 0.09
        s.blob(
            [(x, base - size * 0.32), (mid[0] - w, mid[1]), tip, (mid[0] + w, mid[1])],
            s.dice.choice((LEAF, GREEN, FOREST)),
        )
    s.poly(
        [
            (x - size * 0.2, base - size * 0.36),
            (x + size * 0.2, base - size * 0.36),
            (x + size * 0.14, base),
            (x - size * 0.14, base),
        ],
        (mix(pot, CREAM, 0.2), pot),
    )
