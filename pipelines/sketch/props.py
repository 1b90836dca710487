"""Things that stand in several scenes: people, windows, lamps, houses, shelves, food. Knows nothing of the scene they stand in."""

import skia

from pipelines.sketch.brush import (
    BLUE,
    BROWN,
    CORAL,
    CREAM,
    FOLIAGE,
    GREEN,
    INK,
    NAVY,
    ORANGE,
    PINK,
    PURPLE,
    RED,
    TEAL,
    YELLOW,
    Stage,
    mix,
)

SHIRTS = (CORAL, TEAL, YELLOW, BLUE, CREAM, PINK, PURPLE, GREEN)
SKINS = ("#8D5A3B", "#B77B52", "#D9A074", "#6E442C")


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
        if w < width:
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
