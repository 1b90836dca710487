"""Scenes under the open sky. Each function draws what stands behind the surface; `floor` is the surface's height."""

from pipelines.sketch import festive, nature
from pipelines.sketch import props as p
from pipelines.sketch.brush import (
    BLUE,
    BROWN,
    CORAL,
    CREAM,
    FOREST,
    GREEN,
    INK,
    LEAF,
    MEADOW,
    NAVY,
    ORANGE,
    PALE_BLUE,
    PINK,
    PURPLE,
    RED,
    SAND,
    STONE,
    TEAL,
    WOOD,
    YELLOW,
    Stage,
    mix,
)

TOWN = ("#E4956B", "#D9B36C", "#7FAFA8", "#C9786A", "#E8C9A0", "#9C88B0", "#7A9CC0")


def side(s: Stage, margin: float = 60, width: float = 200) -> float:
    """A place left or right of the calm centre."""
    near = s.dice.uniform(margin, margin + width)
    return s.dice.choice((near, 1000 - near))


def parasol(s: Stage, x: float, y: float, size: float, ground: float, colour: str) -> None:
    """A striped sunshade on its pole."""
    s.line([(x, y), (x + size * 0.06, ground)], CREAM, size * 0.05)
    for i in range(6):
        a, b = -size + i * size / 3, -size + (i + 1) * size / 3
        lift = [0, 0.36, 0.52, 0.57, 0.52, 0.36, 0]
        stripe = colour if i % 2 == 0 else CREAM
        s.poly(
            [
                (x, y - size * 0.62),
                (x + a, y - size * 0.62 + size * (0.62 - lift[i])),
                (x + a, y),
                (x + b, y),
                (x + b, y - size * 0.62 + size * (0.62 - lift[i + 1])),
            ],
            stripe,
        )
        s.oval(x + (a + b) / 2, y, size / 6, size * 0.06, stripe)


def beach(s: Stage, floor: float) -> None:
    """Sea, sand, a palm and a parasol."""
    horizon = s.dice.uniform(370, 420)
    nature.sky(s, horizon)
    s.depth = 0.35
    for x in (s.dice.uniform(-50, 200), s.dice.uniform(800, 1050)):
        s.oval(x, horizon + 6, s.dice.uniform(120, 240), s.dice.uniform(30, 60), mix(LEAF, BLUE, 0.35))
    s.rect(-10, horizon, 1020, 300, ("#1C86B8", "#6FD0CB"))
    s.depth = 0
    for i in range(12):
        y = horizon + 14 + i * 14
        x = s.dice.uniform(-60, 900)
        s.line([(x, y), (x + s.dice.uniform(60, 180), y)], "#FFFFFF", 4, alpha=0.4)
    if s.light.name in ("evening", "night"):
        for i in range(7):
            s.oval(
                s.sun[0] + s.dice.uniform(-16, 16),
                horizon + 16 + i * 20,
                66 - i * 5,
                4,
                s.light.sun,
                alpha=0.5,
                lit=True,
            )
    shore = horizon + 180
    s.ridge(shore, 10, "#FFFFFF", steps=5)
    s.ridge(shore + 16, 10, ("#F0D9A2", "#EBCB8D"), steps=5)
    x = side(s, 70, 70)
    nature.palm(s, x, floor + 20, s.dice.uniform(400, 480), 0.2 if x < 500 else -0.2)
    parasol(
        s,
        1000 - x + s.dice.uniform(-30, 30),
        shore - 40,
        s.dice.uniform(110, 140),
        floor + 30,
        s.pick(CORAL, BLUE, YELLOW, TEAL),
    )


def pool(s: Stage, floor: float) -> None:
    """Blue water, deck chairs, palms behind a wall."""
    nature.sky(s, 420)
    s.depth = 0.25
    for x in (60.0, 250, 780, 950):
        nature.palm(s, x + s.dice.uniform(-40, 40), 440, s.dice.uniform(230, 330), s.dice.uniform(-0.15, 0.15))
    s.depth = 0.1
    s.rect(-10, 390, 1020, 70, (mix(CREAM, CORAL, 0.15), mix(CREAM, CORAL, 0.3)))
    for hedge in range(-40, 1060, 90):
        s.oval(hedge + s.dice.uniform(-15, 15), 396, 62, s.dice.uniform(26, 44), s.dice.choice((LEAF, GREEN, FOREST)))
    s.rect(-10, 455, 1020, 400, (mix(CREAM, SAND, 0.5), SAND))
    s.poly([(90, 520), (910, 520), (1150, floor + 40), (-150, floor + 40)], CREAM)
    s.poly([(115, 528), (885, 528), (1100, floor + 40), (-100, floor + 40)], ("#28A9CF", "#7FDDE2"))
    for _i in range(16):
        x, y = s.dice.uniform(60, 900), s.dice.uniform(545, floor)
        s.line([(x, y), (x + 26, y - 6), (x + 52, y), (x + 78, y - 6)], "#FFFFFF", 4, alpha=0.45)
    for x, flip in ((60, 1), (860, -1)):
        colour = s.pick(CORAL, YELLOW, TEAL, PINK)
        s.poly([(x, 490), (x + 90, 490), (x + 96, 510), (x - 4, 510)], colour)
        tip = x if flip > 0 else x + 90
        s.poly([(tip, 492), (tip - flip * 36, 432), (tip - flip * 20, 428), (tip + flip * 24, 492)], colour)
    parasol(s, side(s, 60, 90), 360, 110, 500, s.pick(CORAL, YELLOW, BLUE))
    x = side(s, 150, 120)
    s.oval(x, 590, 66, 30, s.pick(CORAL, PINK, YELLOW))
    s.oval(x, 586, 32, 13, "#5CCFDC")


def meadow(s: Stage, horizon: float) -> None:
    """Sky, two ranges of hills, grass."""
    nature.sky(s, horizon)
    ground = MEADOW[s.season]
    assert isinstance(ground, tuple)
    s.depth = 0.75
    s.ridge(horizon - 70, 42, mix(ground[1], BLUE, 0.45))
    s.depth = 0.45
    s.ridge(horizon - 16, 24, mix(ground[1], TEAL, 0.15))
    s.depth = 0.1
    s.ridge(horizon + 34, 10, ground)


def park(s: Stage, floor: float) -> None:
    """Lawn, path, trees, a bench and a lamp."""
    horizon = s.dice.uniform(420, 460)
    meadow(s, horizon)
    turn = s.dice.choice((-1, 1))
    path = [
        (500 + turn * 30, horizon + 40),
        (500 + turn * 130, horizon + 110),
        (500 - turn * 90, floor + 60),
        (500 - turn * 330, floor + 60),
        (500 + turn * 60, horizon + 110),
    ]
    s.blob(path, mix(SAND, CREAM, 0.2))
    s.depth = 0.4
    for x in (150.0, 340, 660, 850):
        nature.tree(s, x + s.dice.uniform(-40, 40), horizon + 36, s.dice.uniform(150, 210))
    s.depth = 0.05
    nature.tree(s, s.dice.uniform(20, 120), floor - 10, s.dice.uniform(400, 480))
    nature.tree(s, s.dice.uniform(880, 980), floor - 20, s.dice.uniform(380, 480))
    x = side(s, 170, 60)
    for i in range(2):
        s.rect(x - 80, floor - 110 + i * 24, 160, 14, WOOD, radius=5)
    s.rect(x - 88, floor - 60, 176, 14, WOOD, radius=5)
    for dx in (-66, 56):
        s.rect(x + dx, floor - 50, 10, 54, INK)
    lamp = 1000 - x + s.dice.uniform(-30, 30)
    s.rect(lamp - 5, floor - 320, 10, 330, INK)
    if s.light.lamps:
        s.glow(lamp, floor - 338, 190, "#FFD27A", 0.8)
    s.oval(lamp, floor - 338, 22, 27, "#FFF1C9", lit=s.light.lamps)


def street(s: Stage, floor: float) -> None:
    """A colourful old-town street with awnings and flags of cut paper."""
    nature.sky(s, 520, orb=False)
    s.depth = 0.6
    x = -30.0
    while x < 1030:
        w = s.dice.uniform(110, 170)
        p.building(s, x, 540, w, s.dice.uniform(150, 240), s.pick(*TOWN))
        x += w
    s.depth = 0.1
    for flip in (0, 1):
        x = 0.0
        for k in range(2):
            w, h = (190, 430) if k == 0 else (140, 330)
            left = x - 20 if not flip else 1000 - x - w + 20
            colour = s.pick(*TOWN)
            p.building(s, left, 560, w, h + s.dice.uniform(-30, 30), colour)
            p.awning(s, left + 6, 462, w - 12, 40, s.pick(RED, TEAL, BLUE, LEAF), CREAM)
            s.rect(left + w * 0.3, 502, w * 0.4, 60, mix(colour, INK, 0.55))
            x += w
    s.depth = 0
    s.poly([(-10, 536), (1010, 536), (1010, floor + 40), (-10, floor + 40)], ("#C7B7A4", "#AFA096"))
    s.poly([(410, 536), (590, 536), (800, floor + 40), (200, floor + 40)], ("#D8CBB8", "#C2B4A6"))
    nature.potted(s, side(s, 40, 50), 640, 110, s.pick(CORAL, BLUE))
    for x in (side(s, 190, 60), side(s, 130, 40)):
        p.person(s, x, 640, s.dice.uniform(150, 175))
    if s.light.lamps:
        festive.bulbs(s, s.dice.uniform(60, 110), 90)
    elif s.dice.random() < 0.6:
        festive.papel_picado(s, 30, 60, (RED, YELLOW, TEAL, "#D43D84", ORANGE), 60)


def picnic(s: Stage, floor: float) -> None:
    """A meadow with a basket, a tree and fruit."""
    meadow(s, s.dice.uniform(430, 470))
    s.depth = 0.35
    for x in (200, 420, 640, 790):
        nature.tree(s, x + s.dice.uniform(-50, 50), 500, s.dice.uniform(110, 160))
    s.depth = 0
    x = s.dice.choice((70, 930))
    nature.tree(s, x, floor, s.dice.uniform(460, 540))
    b = 1000 - x + (-100 if x < 500 else 100)
    s.line([(b - 78, floor - 60), (b - 60, floor - 150), (b + 60, floor - 150), (b + 78, floor - 60)], BROWN, 13)
    s.poly(
        [(b - 96, floor - 84), (b + 96, floor - 84), (b + 78, floor + 26), (b - 78, floor + 26)], ("#D9A25F", "#B97B3F")
    )
    for k in range(4):
        s.rect(b - 92, floor - 66 + k * 24, 184, 5, BROWN, alpha=0.4)
    s.poly([(b - 96, floor - 88), (b + 20, floor - 92), (b - 10, floor - 34), (b - 60, floor - 30)], RED)
    s.line([(b + 40, floor - 88), (b + 66, floor - 190)], "#E8C28A", 30)
    s.half(b - 30, floor - 86, 34, 34, CORAL)
    if s.season in ("spring", "summer"):
        for _ in range(3):
            bx, by = s.dice.uniform(100, 900), s.dice.uniform(250, 420)
            for dx in (-1, 1):
                s.oval(bx + dx * 11, by, 11, 15, s.pick(ORANGE, PINK, YELLOW))


def barbecue(s: Stage, floor: float) -> None:
    """A garden with a smoking grill, bulbs and friends."""
    nature.sky(s, 430)
    s.depth = 0.3
    for x in (80.0, 300, 520, 740, 930):
        nature.tree(s, x + s.dice.uniform(-40, 40), 470, s.dice.uniform(220, 300))
    s.depth = 0.1
    for x in range(-20, 1020, 56):
        s.rect(x, 430, 48, 130, (mix(WOOD, CREAM, 0.3), WOOD), radius=10)
    s.rect(-10, 462, 1020, 12, BROWN, alpha=0.5)
    meadow_fill = MEADOW["summer" if s.season == "winter" else s.season]
    s.rect(-10, 545, 1020, floor - 480, meadow_fill)
    s.depth = 0
    x = side(s, 170, 40)
    s.line([(x - 50, 560), (x - 84, floor + 10)], INK, 11)
    s.line([(x + 50, 560), (x + 84, floor + 10)], INK, 11)
    s.oval(x, 520, 124, 76, ("#4A4656", "#2B2A3A"))
    s.oval(x, 492, 124, 26, "#54505F")
    s.oval(x, 490, 108, 19, "#E8622F", lit=True)
    s.glow(x, 485, 180, "#FF9A4A", 0.5)
    for dx in (-66, -20, 28, 70):
        s.oval(x + dx, 482, 24, 12, s.pick("#8A4A2C", "#A45A32"))
    p.steam(s, x, 465, 220)
    for k, off in enumerate((0, 105)):
        fx = 1000 - x + (off - 50) * (1 if x < 500 else -1)
        p.person(s, fx, floor + 6, 290 - k * 20)
    festive.bulbs(s, s.dice.uniform(110, 160), 70, (YELLOW, CREAM))


def camping(s: Stage, floor: float) -> None:
    """Mountains, pines, a tent and a fire."""
    nature.sky(s, 440)
    s.depth = 0.7
    peak = s.dice.uniform(300, 700)
    for x, h, w in ((peak - 330, 190, 300), (peak + 300, 210, 320), (peak, 270, 360)):
        s.poly([(x - w, 460), (x, 460 - h), (x + w, 460)], "#6C86B8")
        s.poly(
            [
                (x - w * 0.25, 460 - h * 0.75),
                (x, 460 - h),
                (x + w * 0.25, 460 - h * 0.75),
                (x + w * 0.1, 460 - h * 0.68),
                (x, 460 - h * 0.78),
                (x - w * 0.12, 460 - h * 0.66),
            ],
            "#F4F8FB",
        )
    s.depth = 0.4
    for x in range(-20, 1040, 70):
        nature.pine(s, x + s.dice.uniform(-20, 20), 490, s.dice.uniform(120, 180))
    s.depth = 0.1
    s.ridge(472, 6, MEADOW[s.season])
    s.depth = 0
    for x in (40, 150, 860, 965):
        nature.pine(s, x + s.dice.uniform(-25, 25), floor - 20, s.dice.uniform(360, 460))
    x = side(s, 210, 50)
    colour = s.pick(CORAL, ORANGE, TEAL, YELLOW)
    s.poly([(x - 150, floor - 6), (x, floor - 190), (x + 150, floor - 6)], (mix(colour, CREAM, 0.2), colour))
    s.poly([(x - 46, floor - 6), (x, floor - 190), (x + 46, floor - 6)], mix(colour, INK, 0.55))
    if s.light.lamps:
        s.glow(x, floor - 60, 170, "#FFC46B", 0.6)
    f = 1000 - x + (60 if x > 500 else -60)
    for turn in (-1, 1):
        s.line([(f - 50, floor - 4 - turn * 9), (f + 50, floor - 4 + turn * 9)], BROWN, 18)
    s.glow(f, floor - 50, 210, "#FF9A3C", 0.7 if s.light.lamps else 0.35)
    for w, h, fire in ((40, 104, "#F2622E"), (28, 76, "#F9A02F"), (15, 46, "#FFE08A")):
        s.blob(
            [(f, floor - 10 - h), (f + w * 0.8, floor - 30), (f, floor - 6), (f - w * 0.8, floor - 30)], fire, lit=True
        )


def university(s: Stage, floor: float) -> None:
    """A campus building with columns, lawn, trees and students."""
    nature.sky(s, 470)
    s.depth = 0.25
    wall = s.pick("#E8C79B", "#E3B08A", "#D9C7B0")
    s.rect(150, 300, 700, 210, (mix(wall, CREAM, 0.3), wall))
    s.poly([(330, 300), (500, 200), (670, 300)], mix(wall, CORAL, 0.35))
    s.rect(320, 292, 360, 20, mix(wall, CREAM, 0.5))
    s.oval(500, 260, 26, 26, CREAM)
    for k in range(6):
        column = 345 + k * 62
        s.rect(column - 12, 312, 24, 190, (CREAM, mix(CREAM, wall, 0.5)))
    s.rect(455, 390, 90, 112, mix(wall, NAVY, 0.6))
    for x in (180.0, 250, 705, 775):
        for y in (330, 420):
            s.rect(
                x, y, 44, 60, "#FFDA86" if s.light.lamps else mix(PALE_BLUE, NAVY, 0.25), radius=20, lit=s.light.lamps
            )
    s.rect(130, 500, 740, 22, mix(STONE, CREAM, 0.4))
    s.depth = 0.1
    s.ridge(518, 4, MEADOW[s.season])
    s.poly([(450, 520), (550, 520), (720, floor + 40), (280, floor + 40)], mix(SAND, CREAM, 0.3))
    s.depth = 0
    nature.tree(s, s.dice.uniform(40, 110), floor - 30, s.dice.uniform(360, 440))
    nature.tree(s, s.dice.uniform(890, 960), floor - 30, s.dice.uniform(360, 440))
    for walker in (s.dice.uniform(180, 250), s.dice.uniform(740, 830), s.dice.uniform(270, 320)):
        p.person(s, walker, floor - 10, s.dice.uniform(165, 190))
        s.rect(walker - 14, floor - 145, 28, 44, s.pick(RED, BLUE, PURPLE, ORANGE), radius=9)
