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


TROUSERS = (NAVY, "#3E4A63", "#6B4A3A", "#2F5A5E")


def person(s: Stage, x: float, ground: float, height: float, shirt: str | None = None, cheering: bool = False) -> None:
    """A flat figure with a friendly face, standing at ease; `cheering` raises the arms.

    What the dice do not say (hair, trousers, stance) follows from where it stands, so that neighbours differ.
    """
    shirt = shirt or s.pick(*SHIRTS)
    skin, hair = s.dice.choice(SKINS), s.dice.choice((INK, "#4A2C1A", "#1E1A22"))
    kind = round(x * 7 + height * 3) % 4
    lean = (-1, 1)[kind % 2]
    w, head = height * 0.2, height * 0.092
    shoulder, hip = ground - height * 0.79, ground - height * 0.45
    trousers, shoe = TROUSERS[kind], mix(TROUSERS[kind], INK, 0.6)
    s.shade(x, ground, w * 0.95, height * 0.03, 0.35)
    for side in (-1, 1):
        out = 0.5 if side == lean else 0.34  # weight on one leg
        s.poly(
            [(x + side * w * 0.02, hip), (x + side * w * 0.44, hip), (x + side * w * (out + 0.06), ground - height * 0.02),
             (x + side * w * (out - 0.2), ground - height * 0.02)],
            trousers,
        )  # fmt: skip
        s.half(x + side * w * (out - 0.03), ground, w * 0.22, height * 0.035, shoe)
    for side in (-1, 1):
        top = (x + side * w * 0.46, shoulder + height * 0.05)
        elbow = (x + side * w * (0.86 if cheering else 0.7), shoulder + height * (-0.02 if cheering else 0.17))
        hand = (x + side * w * (0.9 if cheering else 0.62), shoulder + height * (-0.2 if cheering else 0.31))
        s.line([top, elbow, hand], skin, w * 0.19)
        s.oval(*hand, w * 0.12, w * 0.12, skin)
        s.line([top, (top[0] + (elbow[0] - top[0]) * 0.75, top[1] + (elbow[1] - top[1]) * 0.75)], shirt, w * 0.3)
    s.rect(x - w * 0.12, shoulder - height * 0.05, w * 0.24, height * 0.09, mix(skin, INK, 0.18))
    s.blob(
        [(x - w * 0.3, shoulder), (x + w * 0.3, shoulder), (x + w * 0.54, shoulder + height * 0.06),
         (x + w * 0.46, shoulder + height * 0.2), (x + w * 0.5, hip + height * 0.03), (x, hip + height * 0.045),
         (x - w * 0.5, hip + height * 0.03), (x - w * 0.46, shoulder + height * 0.2), (x - w * 0.54, shoulder + height * 0.06)],
        (mix(shirt, CREAM, 0.1), shirt),
    )  # fmt: skip
    _face(s, x, ground - height * 0.905, head, skin, hair, kind)


def _face(s: Stage, x: float, y: float, size: float, skin: str, hair: str, kind: int) -> None:
    """A head, `size` from its middle to its chin: hair by `kind` (short, long, bun, curls), eyes, a smile."""
    if kind == 1:
        s.rect(x - size * 0.98, y - size * 0.5, size * 1.96, size * 1.75, hair, radius=size * 0.5)
    elif kind == 2:
        s.oval(x, y - size * 1.12, size * 0.42, size * 0.4, hair)
    for side in (-1, 1):
        s.oval(x + side * size * 0.84, y + size * 0.08, size * 0.16, size * 0.22, skin)
    s.oval(x, y, size * 0.84, size, skin)
    s.half(x, y - size * 0.2, size * 0.9, size * 0.9, hair)
    s.oval(x - size * 0.12, y - size * 0.14, size * 0.52, size * 0.22, skin)  # a parting, not a cap
    if kind == 3:
        for dx, dy in ((-0.75, -0.45), (-0.35, -0.85), (0.15, -0.98), (0.6, -0.7), (0.85, -0.3)):
            s.oval(x + dx * size, y + dy * size, size * 0.34, size * 0.32, hair)
    dark = mix(skin, INK, 0.8)
    for side in (-1, 1):
        s.oval(x + side * size * 0.32, y + size * 0.14, size * 0.1, size * 0.12, dark)
        s.oval(x + side * size * 0.52, y + size * 0.42, size * 0.17, size * 0.12, CORAL, alpha=0.28)
    s.line(
        [(x - size * 0.28, y + size * 0.48), (x, y + size * 0.6), (x + size * 0.28, y + size * 0.48)], dark, size * 0.1
    )


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
    """A row of plain soda bottles, cans and cartons without labels, as on a far shelf."""
    while True:
        width = s.dice.uniform(0.22, 0.3) * h
        if w < width:
            return
        colour = s.pick(CORAL, GREEN, YELLOW, BLUE, ORANGE, TEAL, BROWN, RED)
        tall = h * s.dice.uniform(0.74, 0.95)
        if tall < h * 0.8:
            _can(s, x + width * 0.06, base, width * 0.88, min(width * 1.7, tall), colour)
        elif tall < h * 0.85:
            _carton(s, x + width * 0.04, base, width * 0.92, tall * 0.85, colour)
        else:
            _soda(s, x + width * 0.08, base, width * 0.84, tall, colour)
        x, w = x + width, w - width


def _can(s: Stage, x: float, base: float, w: float, h: float, colour: str) -> None:
    s.rect(x, base - h, w, h, "#D5DADF", radius=w * 0.16)
    s.rect(x, base - h * 0.92, w, h * 0.84, colour)
    s.rect(x + w * 0.14, base - h * 0.88, w * 0.14, h * 0.76, CREAM, alpha=0.35)


def _carton(s: Stage, x: float, base: float, w: float, h: float, colour: str) -> None:
    s.rect(x, base - h * 0.76, w, h * 0.76, CREAM)
    s.poly([(x, base - h * 0.75), (x + w * 0.2, base - h), (x + w * 0.8, base - h), (x + w, base - h * 0.75)], colour)
    s.rect(x, base - h * 0.44, w, h * 0.44, colour, alpha=0.85)


def _soda(s: Stage, x: float, base: float, w: float, h: float, colour: str) -> None:
    """Round shoulders under a short neck with a bright cap."""
    middle = x + w / 2
    right = [(w * 0.17, h * 0.9), (w * 0.2, h * 0.8), (w * 0.46, h * 0.6), (w * 0.5, h * 0.42), (w * 0.45, h * 0.3),
             (w * 0.5, h * 0.16), (w * 0.46, h * 0.0)]  # fmt: skip
    outline = [(middle + dx, base - dy) for dx, dy in right] + [(middle - dx, base - dy) for dx, dy in right[::-1]]
    s.blob(outline, mix(colour, INK, 0.08))
    s.rect(middle - w * 0.49, base - h * 0.5, w * 0.98, h * 0.18, CREAM, radius=w * 0.06, alpha=0.85)
    s.rect(middle - w * 0.2, base - h * 0.97, w * 0.4, h * 0.1, RED if colour != RED else CREAM, radius=w * 0.05)
    s.rect(middle - w * 0.36, base - h * 0.3, w * 0.1, h * 0.24, CREAM, radius=w * 0.05, alpha=0.35)


def shelf(s: Stage, x: float, y: float, w: float, h: float, board: str) -> None:
    """A shelf of goods: bottles standing on a board whose top edge is at y."""
    bottles(s, x + 6, y, w - 12, h)
    s.rect(x, y, w, 14, (mix(board, CREAM, 0.3), board), radius=3)


def crockery(s: Stage, x: float, y: float, w: float, h: float, board: str) -> None:
    """A shelf of plates, cups and a jug, standing on a board whose top edge is at y."""
    glaze = s.pick(TEAL, BLUE, CORAL, YELLOW)
    for k in range(4):  # a pile of plates
        s.rect(x + w * 0.06, y - h * 0.09 * (k + 1), w * 0.3, h * 0.075, CREAM if k % 2 else glaze, radius=h * 0.035)
    for k, at in enumerate((0.42, 0.57)):
        s.oval(x + w * (at + 0.12), y - h * 0.2, w * 0.035, h * 0.1, mix(glaze, INK, 0.15))
        s.rect(x + w * at, y - h * 0.38, w * 0.12, h * 0.38, (CREAM, glaze) if k else glaze, radius=w * 0.03)
    jug = [(0.74, 0.0), (0.72, 0.3), (0.79, 0.55), (0.77, 0.76), (0.93, 0.8), (0.89, 0.55), (0.96, 0.3), (0.94, 0.0)]
    s.blob([(x + w * dx, y - h * dy) for dx, dy in jug], glaze)
    s.rect(x + w * 0.73, y - h * 0.34, w * 0.22, h * 0.09, CREAM, alpha=0.8)
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
