"""Where drinks are sold: the scenes that stand in when no environment is given. `floor` is the surface's height."""

from pipelines.sketch import festive, nature
from pipelines.sketch import props as p
from pipelines.sketch.brush import (
    BLUE,
    BROWN,
    CORAL,
    CREAM,
    FESTIVE,
    GREEN,
    INK,
    LEAF,
    NAVY,
    ORANGE,
    PURPLE,
    RED,
    SCREEN,
    STONE,
    TEAL,
    WOOD,
    YELLOW,
    Stage,
    mix,
)
from pipelines.sketch.indoors import room
from pipelines.sketch.outdoors import side


def counter(s: Stage, floor: float) -> None:
    """A corner shop: full shelves, an awning, a scale and sweets at the sides."""
    wall = s.pick("#F5D9A8", "#CFE6DC", "#F3C7A6")
    room(s, wall, floor)
    board = s.pick(WOOD, TEAL, CREAM, CORAL)
    for y in (300, 410, 520):
        p.shelf(s, 20, y, 270, 86, board)
        p.shelf(s, 710, y, 270, 86, board)
    s.rect(330, 210, 340, 330, mix(wall, CREAM, 0.5), radius=10)
    p.window(s, 380, 240, 240, 220)
    p.awning(s, -20, 0, 1040, 96, s.pick(RED, TEAL, BLUE, LEAF), CREAM)
    festive.bulbs(s, 130, 36, (YELLOW,), spans=3)
    s.rect(-10, floor - 60, 1020, 90, (mix(WOOD, CREAM, 0.15), WOOD))
    x = side(s, 90, 50)
    for k, colour in enumerate((CORAL, YELLOW, GREEN)):
        jx = x + (k - 1) * 74
        s.rect(jx - 30, floor - 140, 60, 82, "#DDEFF0", radius=12, alpha=0.9)
        s.rect(jx - 25, floor - 112, 50, 50, colour, radius=9)
        s.rect(jx - 24, floor - 152, 48, 16, RED, radius=5)
    b = 1000 - x
    s.rect(b - 50, floor - 96, 100, 40, INK, radius=8)
    s.oval(b, floor - 116, 72, 14, STONE)
    s.oval(b, floor - 78, 17, 13, CREAM)


def shelves(s: Stage, floor: float) -> None:
    """A supermarket aisle: shelves that run into the distance."""
    room(s, "#DCEAF0", floor)
    s.rect(-10, -10, 1020, 90, (mix("#DCEAF0", CREAM, 0.6), "#DCEAF0"))
    for x in (250, 500, 750):
        s.rect(x - 80, 40, 160, 14, "#FFFFFF", radius=6, lit=True)
        s.glow(x, 46, 170, "#FFFFFF", 0.4)
    s.depth = 0.3
    for y in (250, 350, 450, 550):
        p.shelf(s, 310, y, 380, 70, STONE)
    s.depth = 0
    s.poly([(310, 540), (690, 540), (1000, floor + 40), (0, floor + 40)], ("#EDE7DC", "#D9D0C4"))
    accent = s.pick(RED, TEAL, BLUE, ORANGE)
    for left in (True, False):
        for k, (y, h) in enumerate(((240, 96), (360, 100), (480, 100), (600, 100))):
            x = -30 if left else 690
            p.shelf(s, x, y, 340, h, accent if k == 0 else STONE)
        s.rect(-30 if left else 690, 96, 340, 44, accent, radius=6)
        s.rect(10 if left else 740, 108, 240, 20, mix(accent, CREAM, 0.75), radius=8)


def stall(s: Stage, floor: float) -> None:
    """A taco or market stall in the street: awning, bulbs, pots, fruit."""
    nature.sky(s, 520, orb=False)
    s.depth = 0.5
    x = -20.0
    while x < 1020:
        w = s.dice.uniform(120, 180)
        p.building(s, x, 560, w, s.dice.uniform(170, 300), s.pick("#D98E6B", "#7FAFA8", "#E0BC78", "#9C88B0"))
        x += w
    s.depth = 0
    for x in (70, 916):
        s.rect(x, 150, 16, 520, BROWN)
    p.awning(s, 20, 70, 960, 110, s.pick(RED, ORANGE, LEAF, BLUE), CREAM)
    festive.bulbs(s, 190, 40, (YELLOW,), spans=3)
    festive.papel_picado(s, 200, 26, FESTIVE, 52)
    p.person(s, s.dice.choice((300, 700)), floor + 100, 380, CREAM)
    accent = s.pick(TEAL, BLUE, CORAL, PURPLE)
    s.rect(-10, floor - 90, 1020, 120, (mix(accent, CREAM, 0.2), accent))
    s.rect(-10, floor - 98, 1020, 16, CREAM)
    x = side(s, 120, 50)
    s.rect(x - 80, floor - 170, 160, 76, ("#A9A6B0", "#77747F"), radius=12)
    p.steam(s, x, floor - 176, 140)
    b = 1000 - x
    for k in range(9):
        s.oval(
            b - 84 + (k % 5) * 42 + (20 if k > 4 else 0),
            floor - 116 - (30 if k > 4 else 0),
            24,
            24,
            s.pick(LEAF, ORANGE, RED, YELLOW),
        )


def cafe(s: Stage, floor: float) -> None:
    """A coffee shop or bakery: machine, cake glass, menu boards."""
    wall = s.pick("#7F9C8A", "#C98F6B", "#B9776A", "#5F8A95")
    room(s, wall, floor, mix(wall, BROWN, 0.35))
    for x in (150.0, 850):
        s.rect(x - 100, 110, 200, 150, INK, radius=8)
        for k in range(4):
            s.line([(x - 76, 146 + k * 28), (x - 76 + s.dice.uniform(70, 140), 146 + k * 28)], CREAM, 6, alpha=0.7)
        p.crockery(s, x - 120, 370, 240, 76, WOOD)
    for x in (360, 500, 640):
        p.pendant(s, x, 130, 46, s.pick(CREAM, YELLOW, CORAL))
    s.rect(-10, floor - 96, 1020, 140, (mix(WOOD, CREAM, 0.25), WOOD))
    x = side(s, 140, 40)
    s.rect(x - 100, floor - 240, 200, 146, ("#E2E4E6", "#AEB4BC"), radius=16)
    s.rect(x - 70, floor - 170, 140, 50, INK, radius=6)
    s.rect(x - 84, floor - 262, 168, 24, RED, radius=8)
    p.steam(s, x, floor - 120, 90)
    b = 1000 - x
    s.half(b, floor - 96, 110, 136, mix(CREAM, TEAL, 0.2))
    s.half(b, floor - 100, 70, 62, "#D98F4E")
    s.oval(b, floor - 96, 116, 15, CREAM)
    nature.potted(s, 330 if x > 500 else 670, floor - 94, 130, CREAM)


def cinema(s: Stage, floor: float) -> None:
    """A cinema foyer: curtains, a screen, popcorn."""
    s.rect(-10, -10, 1020, floor + 40, ("#4A1F3D", "#7A2B45"))
    s.rect(190, 130, 620, 340, (mix(CREAM, SCREEN, 0.4), CREAM), radius=8, lit=True)
    s.glow(500, 300, 460, "#FFF4DC", 0.35)
    for x, turn in ((-10.0, 1), (1010.0, -1)):
        for k in range(4):
            s.poly(
                [
                    (x + turn * k * 58, 60),
                    (x + turn * (k + 1) * 58, 60),
                    (x + turn * (k + 0.8) * 52, floor + 20),
                    (x + turn * k * 52, floor + 20),
                ],
                ("#D8473F", "#A12A35") if k % 2 else ("#B93238", "#8A2433"),
            )
    s.rect(-10, 30, 1020, 50, "#B93238")
    for k in range(14):
        s.oval(36 + k * 72, 84, 37, 22, "#D8473F" if k % 2 else "#B93238")
        s.oval(36 + k * 72, 52, 7, 7, "#FFE08A", lit=True)
    for row in range(2):
        for k in range(9):
            s.rect(
                20 + k * 112 - row * 50,
                floor - 130 + row * 56,
                96,
                110,
                mix("#7A1F35", INK, 0.15 + 0.2 * (1 - row)),
                radius=26,
            )
    x = side(s, 120, 40)
    for k in range(12):
        s.oval(
            x - 58 + (k % 5) * 29 + (14 if k > 4 else 0),
            floor - 146 - 20 * (k // 5),
            20,
            19,
            s.pick("#FFF0C2", "#FBE09A"),
        )
    for k in range(6):
        s.poly(
            [
                (x - 72 + k * 24, floor - 140),
                (x - 48 + k * 24, floor - 140),
                (x - 36 + k * 18, floor + 10),
                (x - 54 + k * 18, floor + 10),
            ],
            RED if k % 2 else CREAM,
        )


def pharmacy(s: Stage, floor: float) -> None:
    """A pharmacy: white shelves, a green cross."""
    room(s, "#DCEFE8", floor)
    for y in (290, 400, 510):
        p.shelf(s, 20, y, 290, 84, CREAM)
        p.shelf(s, 690, y, 290, 84, CREAM)
    s.rect(350, 120, 300, 400, CREAM, radius=12)
    s.glow(500, 250, 220, "#A8F0C8", 0.5)
    s.rect(474, 170, 52, 160, "#2FA866", radius=6)
    s.rect(420, 224, 160, 52, "#2FA866", radius=6)
    s.rect(-10, 40, 1020, 44, "#2FA866")
    s.rect(-10, floor - 70, 1020, 110, (CREAM, "#CFE3DA"))
    s.rect(-10, floor - 76, 1020, 14, "#2FA866")
    nature.potted(s, side(s, 90, 60), floor - 70, 130, "#2FA866")


def forecourt(s: Stage, floor: float) -> None:
    """A gas station: canopy, pumps, a shop."""
    nature.sky(s, 520)
    s.depth = 0.3
    s.ridge(470, 26, "#8FB07A")
    s.depth = 0
    accent = s.pick(LEAF, RED, TEAL, ORANGE)
    s.rect(60, 200, 880, 70, (CREAM, mix(CREAM, STONE, 0.3)), radius=8)
    s.rect(60, 244, 880, 26, accent)
    for x in (200, 770):
        s.rect(x, 268, 30, 330, CREAM)
    for x in (360, 500, 640):
        s.rect(x - 40, 262, 80, 10, "#FFFFFF", lit=True)
        if s.light.lamps:
            s.glow(x, 270, 180, "#FFF6D8", 0.6)
    s.rect(-10, 580, 1020, floor - 540, ("#A9A6A2", "#8F8C8C"))
    for x in (150, 850):
        s.rect(x - 62, floor - 250, 124, 256, (mix(accent, CREAM, 0.2), accent), radius=14)
        s.rect(x - 42, floor - 228, 84, 60, NAVY, radius=6)
        s.line([(x + 62, floor - 170), (x + 96, floor - 120), (x + 66, floor - 60)], INK, 10)
