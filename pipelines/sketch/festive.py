"""What makes a feast: cut paper, bunting, bulbs, balloons, fireworks, candles, gifts. Knows nothing of the scene it stands in."""

import math

import skia

from pipelines.sketch.brush import (
    CREAM,
    FESTIVE,
    FOREST,
    INK,
    LEAF,
    MAGENTA,
    RED,
    YELLOW,
    Point,
    Stage,
    mix,
    star,
)


def sag(x0: float, x1: float, y: float, drop: float, steps: int) -> list[Point]:
    """Points on a string hung between two ends."""
    return [(x0 + (x1 - x0) * i / steps, y + drop * math.sin(math.pi * i / steps)) for i in range(steps + 1)]


def papel_picado(s: Stage, y: float, drop: float, colours: tuple[str, ...], size: float = 74) -> None:
    """A string of cut-paper flags from edge to edge."""
    string = sag(-40, 1040, y, drop, max(6, round(1080 / (size * 1.16))))
    s.line(string, INK, 2.5, alpha=0.5)
    shift = s.dice.randrange(len(colours))
    for i, (x, top) in enumerate(string[:-1]):
        colour, h = colours[(i + shift) % len(colours)], size * 1.1
        step = size / 4
        hem = [(x + size - k * step / 2, top + h - (step * 0.55 if k % 2 else 0)) for k in range(9)]
        s.poly([(x, top + 3), (x + size, top + 3), *hem], colour)
        hole = mix(colour, CREAM, 0.7)
        s.poly(star(x + size / 2, top + h * 0.5, size * 0.2, size * 0.1, 6), hole)
        for dx in (0.18, 0.82):
            s.oval(x + size * dx, top + h * 0.25, size * 0.06, size * 0.06, hole)
            s.oval(x + size * dx, top + h * 0.72, size * 0.06, size * 0.06, hole)


def bunting(s: Stage, y: float, drop: float, colours: tuple[str, ...], size: float = 46) -> None:
    """A string of pennants from edge to edge."""
    string = sag(-30, 1030, y, drop, round(1060 / (size * 1.25)))
    s.line(string, INK, 2.5, alpha=0.5)
    shift = s.dice.randrange(len(colours))
    for i, (x, top) in enumerate(string[:-1]):
        s.poly([(x, top), (x + size, top), (x + size / 2, top + size * 1.2)], colours[(i + shift) % len(colours)])


def bulbs(
    s: Stage, y: float, drop: float, colours: tuple[str, ...] = (YELLOW,), spans: int = 2, size: float = 9
) -> None:
    """A string of lamps; they shine when the light says so."""
    width = 1080 / spans
    for k in range(spans):
        string = sag(-40 + k * width, -40 + (k + 1) * width, y, drop, 9)
        s.line(string, INK, 2.5, alpha=0.55)
        for i, (x, top) in enumerate(string):
            colour = colours[i % len(colours)]
            if s.light.lamps or s.indoors:
                s.glow(x, top + size, size * 5, colour, 0.55)
            s.oval(x, top + size, size, size * 1.2, mix(colour, "#FFFFFF", 0.25), lit=s.light.lamps or s.indoors)


def balloons(s: Stage, x: float, y: float, count: int, colours: tuple[str, ...] = FESTIVE) -> None:
    """A bunch of balloons whose strings meet below."""
    for _ in range(count):
        bx, by, r = x + s.dice.uniform(-80, 80), y + s.dice.uniform(-90, 70), s.dice.uniform(38, 54)
        colour = s.pick(*colours)
        s.line([(bx, by + r), (bx * 0.5 + x * 0.5, by + r + 90), (x, y + 300)], INK, 2, alpha=0.3)
        s.oval(bx, by, r * 0.86, r, colour)
        s.oval(bx - r * 0.28, by - r * 0.36, r * 0.2, r * 0.28, "#FFFFFF", alpha=0.5)


def pinata(s: Stage, x: float, y: float, size: float) -> None:
    """A seven-pointed star, the one of the posadas."""
    for k in range(7):
        tip = star(x, y, size * 2.1, 0, 7)[k * 2]
        a = star(x, y, size * 0.96, 0, 7, turn=-math.pi / 2 - 0.44)[k * 2]
        b = star(x, y, size * 0.96, 0, 7, turn=-math.pi / 2 + 0.44)[k * 2]
        s.poly([a, tip, b], FESTIVE[k])
    s.oval(x, y, size, size, MAGENTA)
    s.oval(x, y, size * 0.62, size * 0.62, YELLOW)


def confetti(s: Stage, count: int, top: float, bottom: float, colours: tuple[str, ...] = FESTIVE) -> None:
    """Falling paper, thinner in the middle."""
    for _ in range(count):
        x, y = s.dice.uniform(0, 1000), s.dice.uniform(top, bottom)
        if abs(x - 500) < 200 and s.dice.random() < 0.7:
            continue
        w = s.dice.uniform(6, 12)
        s.poly(
            [(x, y), (x + w, y + w * 0.3), (x + w * 0.7, y + w), (x - w * 0.3, y + w * 0.7)],
            s.dice.choice(colours),
            lit=True,
        )


def firework(s: Stage, x: float, y: float, radius: float, colour: str) -> None:
    """A burst."""
    s.glow(x, y, radius * 1.2, colour, 0.6)
    arms = s.dice.randint(14, 20)
    for i in range(arms):
        angle, reach = 2 * math.pi * i / arms, radius * s.dice.uniform(0.82, 1.0)
        ex, ey = x + reach * math.cos(angle), y + reach * math.sin(angle)
        s.line([(x + (ex - x) * 0.28, y + (ey - y) * 0.28), (ex, ey)], colour, 5, lit=True)
        s.oval(ex, ey, 6, 6, mix(colour, "#FFFFFF", 0.6), lit=True)


def candle(s: Stage, x: float, base: float, size: float, colour: str = CREAM) -> None:
    """A burning candle."""
    w = size * 0.3
    s.rect(x - w / 2, base - size * 0.7, w, size * 0.7, (mix(colour, YELLOW, 0.35), colour), radius=3)
    s.glow(x, base - size * 0.85, size * 1.3, "#FFC765", 0.6)
    s.blob(
        [
            (x, base - size * 1.1),
            (x + w * 0.3, base - size * 0.82),
            (x, base - size * 0.7),
            (x - w * 0.3, base - size * 0.82),
        ],
        "#FFE08A",
        lit=True,
    )


def gift(s: Stage, x: float, base: float, size: float, colour: str, ribbon: str) -> None:
    """A wrapped present."""
    s.rect(x, base - size * 0.8, size, size * 0.8, colour, radius=3)
    s.rect(x + size * 0.42, base - size * 0.8, size * 0.16, size * 0.8, ribbon)
    s.rect(x - size * 0.04, base - size * 0.86, size * 1.08, size * 0.18, mix(colour, INK, 0.12), radius=3)
    s.oval(x + size * 0.36, base - size * 0.93, size * 0.15, size * 0.1, ribbon)
    s.oval(x + size * 0.64, base - size * 0.93, size * 0.15, size * 0.1, ribbon)


def heart(s: Stage, x: float, y: float, size: float, colour: str, alpha: float = 1.0) -> None:
    """A heart with its point at the bottom."""
    path = skia.Path()
    path.moveTo(x, y + size * 0.9)
    path.cubicTo(x - size * 1.5, y - size * 0.1, x - size * 0.7, y - size * 1.1, x, y - size * 0.3)
    path.cubicTo(x + size * 0.7, y - size * 1.1, x + size * 1.5, y - size * 0.1, x, y + size * 0.9)
    s.fill(path, colour, alpha)


def garland(s: Stage, y: float, drop: float, spans: int = 2) -> None:
    """A pine garland with baubles."""
    width = 1080 / spans
    for k in range(spans):
        string = sag(-40 + k * width, -40 + (k + 1) * width, y, drop, 14)
        for x, top in string:
            for turn in (0.0, 0.7):
                s.poly(star(x, top, 30, 12, 7, turn=turn), s.dice.choice((LEAF, FOREST)))
        for i, (x, top) in enumerate(string[1::3]):
            s.oval(x, top + 18, 13, 13, (RED, YELLOW, MAGENTA)[i % 3])


def rays(s: Stage, x: float, y: float, count: int, reach: float, colour: str, alpha: float) -> None:
    """Poster sun rays from a point."""
    for i in range(count):
        a0, a1 = 2 * math.pi * i / count, 2 * math.pi * (i + 0.5) / count
        s.poly(
            [
                (x, y),
                (x + reach * math.cos(a0), y + reach * math.sin(a0)),
                (x + reach * math.cos(a1), y + reach * math.sin(a1)),
            ],
            colour,
            alpha,
            lit=True,
        )
