"""Things that stand in several scenes: sky, trees, people, bunting, bulbs, fireworks, flowers, windows, lamps.

Each draws on a `Stage` at a place and size given in stage units. Knows nothing of which scene it stands in.
"""

import math

import skia

from pipelines.sketch.brush import (
    BLUE,
    BROWN,
    CORAL,
    CREAM,
    FESTIVE,
    FOLIAGE,
    FOREST,
    GREEN,
    INK,
    LEAF,
    MAGENTA,
    NAVY,
    ORANGE,
    PINK,
    PURPLE,
    RED,
    TEAL,
    YELLOW,
    Point,
    Stage,
    mix,
    star,
)

SHIRTS = (CORAL, TEAL, YELLOW, BLUE, CREAM, PINK, PURPLE, GREEN)
SKINS = ("#8D5A3B", "#B77B52", "#D9A074", "#6E442C")


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
        s.oval(x, y, 52, 52, s.light.sun, lit=True)
        if s.night:
            s.oval(x + 20, y - 12, 42, 42, s.light.sky[0], alpha=0.85, lit=True)
    if not s.night:
        for _ in range(s.dice.randint(2, 4)):
            cloud(s, s.dice.uniform(-40, 1040), s.dice.uniform(60, horizon * 0.6), s.dice.uniform(46, 88))


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


def cactus(s: Stage, x: float, ground: float, size: float) -> None:
    """A saguaro."""
    w = size * 0.14
    s.rect(x - w / 2, ground - size, w, size, LEAF, radius=w / 2)
    for side, h in ((-1, 0.5), (1, 0.62)):
        s.rect(min(x, x + side * w * 1.7), ground - size * h, w * 1.7, w * 0.7, LEAF, radius=w * 0.3)
        s.rect(x + side * w * 1.7 - w * 0.4, ground - size * (h + 0.26), w * 0.8, size * 0.3, LEAF, radius=w * 0.4)


def person(s: Stage, x: float, ground: float, height: float, shirt: str | None = None, cheering: bool = False) -> None:
    """A faceless flat figure; `cheering` raises the arms."""
    shirt = shirt or s.pick(*SHIRTS)
    skin, hair = s.dice.choice(SKINS), s.dice.choice((INK, "#4A2C1A", "#1E1A22"))
    w, head = height * 0.2, height * 0.085
    shoulder, hip = ground - height * 0.8, ground - height * 0.44
    s.rect(x - w * 0.4, hip, w * 0.36, height * 0.44, NAVY, radius=w * 0.1)
    s.rect(x + w * 0.04, hip, w * 0.36, height * 0.44, NAVY, radius=w * 0.1)
    for side in (-1, 1):
        hand = (
            (x + side * w * 0.95, shoulder - height * 0.22) if cheering else (x + side * w * 0.75, hip + height * 0.02)
        )
        elbow = (x + side * w * 0.85, shoulder + height * (-0.02 if cheering else 0.17))
        s.line([(x + side * w * 0.42, shoulder + height * 0.06), elbow, hand], skin, w * 0.2)
    s.rect(x - w * 0.52, shoulder, w * 1.04, height * 0.4, shirt, radius=w * 0.3)
    s.rect(x - w * 0.12, shoulder - height * 0.05, w * 0.24, height * 0.08, skin)
    s.oval(x, ground - height * 0.9, head * 0.82, head, skin)
    s.half(x, ground - height * 0.9, head * 0.95, head * 1.12, hair)


def crowd(s: Stage, base: float, rows: int, size: float, colours: tuple[str, ...], arms: float = 0.5) -> None:
    """Heads and raised arms from edge to edge, the nearest row lowest."""
    for row in range(rows):
        y, x = base + row * size * 0.75, -size + s.dice.uniform(0, size)
        while x < 1000 + size:
            colour = s.pick(*colours)
            calm = abs(x - 500) < 170
            if s.dice.random() < arms * (0.25 if calm else 1):
                s.line([(x - size * 0.4, y), (x - size * 0.55, y - size * 1.2)], colour, size * 0.2)
                s.line([(x + size * 0.4, y), (x + size * 0.55, y - size * 1.3)], colour, size * 0.2)
            s.oval(x, y - size * 0.5, size * 0.34, size * 0.4, colour)
            s.rect(x - size * 0.6, y - size * 0.1, size * 1.2, size * 1.6, colour, radius=size * 0.5)
            x += size * s.dice.uniform(1.15, 1.5)


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


def window(s: Stage, x: float, y: float, w: float, h: float, frame: str = CREAM, arch: bool = False) -> None:
    """A window onto the sky of the hour and something green."""
    if arch:
        s.half(x + w / 2, y, w / 2, w / 2, frame)
        s.half(x + w / 2, y, w / 2 - 12, w / 2 - 12, s.light.sky[0], lit=True)
    s.rect(x, y, w, h, frame)
    s.rect(
        x + 12,
        y if arch else y + 12,
        w - 24,
        h - (12 if arch else 24),
        (s.light.sky[0 if not arch else 1], s.light.sky[2]),
        lit=True,
    )
    green = mix(FOLIAGE[s.season][0], s.light.sky[1], 0.75 if s.night else 0.3)
    s.canvas.save()
    s.canvas.clipRect(skia.Rect.MakeXYWH(x + 12, y, w - 24, h - 12))
    for dx in (0.15, 0.5, 0.9):
        s.oval(x + w * dx, y + h, w * 0.28, h * s.dice.uniform(0.22, 0.36), green, lit=True)
    s.canvas.restore()
    s.rect(x + w / 2 - 5, y, 10, h, frame)
    s.rect(x, y + h * 0.5 - 5, w, 10, frame)
    s.rect(x - 12, y + h - 4, w + 24, 16, frame, radius=4)


def curtain(s: Stage, x: float, y: float, w: float, h: float, colour: str, side: int) -> None:
    """One drawn curtain; `side` -1 hangs left, 1 right."""
    inner = x - side * w
    points = [(x, y), (inner, y), (inner + side * w * 0.25, y + h * 0.5), (x - side * w * 0.35, y + h), (x, y + h)]
    s.poly(points, (mix(colour, CREAM, 0.15), colour))
    for k in (0.3, 0.6):
        s.line([(x - side * w * k, y), (x - side * w * k * 0.5, y + h)], INK, 4, alpha=0.1)


def pendant(s: Stage, x: float, y: float, size: float, colour: str) -> None:
    """A hanging lamp, always lit a little."""
    s.line([(x, -10), (x, y - size * 0.5)], INK, 4)
    s.glow(x, y + size * 0.4, size * 4.2, "#FFDD99", 0.5 if s.light.lamps else 0.22)
    s.half(x, y, size, size * 0.9, colour)
    s.oval(x, y + 2, size * 0.34, size * 0.2, "#FFF2C9", lit=True)


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


def building(s: Stage, x: float, ground: float, w: float, h: float, colour: str, lit_share: float = 0.5) -> None:
    """A town house with rows of windows, some of them lit after dark."""
    s.rect(x, ground - h, w, h + 4, (mix(colour, CREAM, 0.12), colour))
    s.rect(x - 6, ground - h - 8, w + 12, 14, mix(colour, CREAM, 0.35))
    columns, rows = max(2, round(w / 58)), max(2, round(h / 84))
    cell_w, cell_h = w / columns, (h - 30) / rows
    for i in range(columns):
        for j in range(rows):
            lit = s.light.lamps and s.dice.random() < lit_share
            fill = "#FFDA86" if lit else mix(colour, NAVY, 0.45)
            s.rect(
                x + cell_w * (i + 0.28),
                ground - h + 24 + cell_h * j,
                cell_w * 0.44,
                cell_h * 0.58,
                fill,
                radius=4,
                lit=lit,
            )


def awning(s: Stage, x: float, y: float, w: float, h: float, a: str, b: str) -> None:
    """A striped awning with a scalloped hem."""
    stripes = max(4, round(w / 62))
    step = w / stripes
    for i in range(stripes):
        colour = a if i % 2 == 0 else b
        s.poly(
            [
                (x + i * step + 14, y),
                (x + (i + 1) * step + (14 if i < stripes - 1 else -14), y),
                (x + (i + 1) * step, y + h),
                (x + i * step, y + h),
            ],
            colour,
        )
        s.oval(x + (i + 0.5) * step, y + h, step / 2, step * 0.36, colour)


def bottles(s: Stage, x: float, base: float, w: float, h: float) -> None:
    """A row of plain bottles and cartons without labels, as on a far shelf."""
    while True:
        width = s.dice.uniform(0.22, 0.3) * h
        if x + width > x + w or w < width:
            return
        colour = s.pick(CORAL, GREEN, YELLOW, BLUE, ORANGE, TEAL, BROWN, RED)
        tall = h * s.dice.uniform(0.74, 0.95)
        s.rect(x + 2, base - tall * 0.68, width - 4, tall * 0.68, colour, radius=width * 0.2)
        s.rect(x + width * 0.34, base - tall, width * 0.32, tall * 0.4, mix(colour, INK, 0.15), radius=4)
        s.rect(x + 2, base - tall * 0.46, width - 4, tall * 0.2, CREAM, alpha=0.75)
        x, w = x + width, w - width


def shelf(s: Stage, x: float, y: float, w: float, h: float, board: str) -> None:
    """A shelf of goods: bottles standing on a board whose top edge is at y."""
    bottles(s, x + 6, y, w - 12, h)
    s.rect(x, y, w, 14, (mix(board, CREAM, 0.3), board), radius=3)


def steam(s: Stage, x: float, y: float, size: float) -> None:
    """A curl of steam or smoke."""
    for dx in (-0.2, 0.12):
        points = [
            (x + dx * size, y),
            (x + (dx + 0.14) * size, y - size * 0.3),
            (x + (dx - 0.1) * size, y - size * 0.65),
            (x + (dx + 0.08) * size, y - size),
        ]
        s.line(points, "#FFFFFF", size * 0.07, alpha=0.4)


def plate(s: Stage, x: float, y: float, size: float, food: str = ORANGE) -> None:
    """A plate seen from the side with something tasty on it."""
    s.shade(x, y + size * 0.1, size * 1.05, size * 0.2, 0.25)
    s.oval(x, y, size, size * 0.26, CREAM)
    s.oval(x, y - size * 0.03, size * 0.76, size * 0.17, mix(CREAM, BROWN, 0.15))
    s.half(x, y - size * 0.02, size * 0.56, size * 0.42, (mix(food, YELLOW, 0.3), food))
    for dx, colour in ((-0.3, GREEN), (0.05, RED), (0.32, GREEN)):
        s.oval(x + dx * size, y - size * 0.16, size * 0.1, size * 0.07, colour)


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
