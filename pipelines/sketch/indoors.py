"""Scenes inside a building. Each function draws what stands behind the surface; `floor` is the surface's height."""

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
    PINK,
    RED,
    TEAL,
    WOOD,
    YELLOW,
    Stage,
    mix,
)
from pipelines.sketch.outdoors import side


def room(s: Stage, wall: str, floor: float, skirting: str | None = None) -> None:
    """A wall with its light from above, and a skirting panel when a colour is given."""
    s.rect(-10, -10, 1020, floor + 40, (mix(wall, CREAM, 0.3), wall))
    if skirting:
        s.rect(-10, floor - 150, 1020, 200, skirting)
        s.rect(-10, floor - 158, 1020, 12, mix(skirting, CREAM, 0.5))


def school(s: Stage, floor: float) -> None:
    """A classroom: board, windows, desks, pupils' things."""
    room(s, s.pick("#F7DFA6", "#CBE6DC", "#F6D2B4"), floor, s.pick("#7CC0B4", "#8FBBD9", "#E9B872"))
    s.rect(286, 110, 428, 250, WOOD, radius=8)
    s.rect(302, 126, 396, 218, ("#3B7D63", "#2D6650"))
    for k in range(3):
        s.line([(340, 180 + k * 46), (340 + s.dice.uniform(80, 160), 180 + k * 46)], "#E6F2EA", 6, alpha=0.6)
    s.oval(620, 250, 36, 36, "#E6F2EA", alpha=0.35)
    s.poly([(590, 300), (650, 300), (620, 200)], "#E6F2EA", alpha=0.3)
    p.window(s, 40, 110, 170, 250)
    p.window(s, 790, 110, 170, 250)
    festive.bunting(s, 30, 34, FESTIVE)
    for x in (150, 850, 320, 690):
        s.rect(x - 80, floor - 92, 160, 18, (mix(WOOD, YELLOW, 0.3), WOOD), radius=6)
        s.rect(x - 66, floor - 76, 10, 90, "#6E7A8C")
        s.rect(x + 56, floor - 76, 10, 90, "#6E7A8C")
    for x in (140, 860):
        for k in range(3):
            s.rect(x - 40 + k * 3, floor - 108 - k * 17, 80 - k * 8, 15, s.pick(RED, BLUE, YELLOW, LEAF), radius=3)
    apple = side(s, 240, 40)
    s.oval(apple, floor - 110, 19, 18, RED)
    s.rect(apple - 2, floor - 138, 5, 14, LEAF)


def home(s: Stage, floor: float) -> None:
    """A living room: sofa, lamp, pictures, plants."""
    room(s, s.pick("#F4C9A6", "#BFDCD2", "#F2D6A2", "#E9B7A4"), floor, None)
    p.window(s, 400, 130, 200, 250)
    curtain = s.pick(CORAL, TEAL, YELLOW, CREAM)
    p.curtain(s, 366, 112, 70, 290, curtain, -1)
    p.curtain(s, 634, 112, 70, 290, curtain, 1)
    for x, y, w, h in ((170, 150, 110, 140), (760, 130, 120, 90), (790, 245, 90, 80)):
        s.rect(x, y, w, h, BROWN, radius=4)
        s.rect(x + 9, y + 9, w - 18, h - 18, s.pick("#F6E3C0", "#CFE3E8"))
        s.oval(x + w * 0.5, y + h * 0.62, w * 0.24, h * 0.2, s.pick(CORAL, TEAL, ORANGE))
    sofa = s.pick(TEAL, CORAL, "#5C7DB0", "#C98A4B")
    s.rect(200, floor - 200, 600, 150, (mix(sofa, CREAM, 0.18), sofa), radius=34)
    s.rect(160, floor - 150, 110, 170, mix(sofa, INK, 0.12), radius=30)
    s.rect(730, floor - 150, 110, 170, mix(sofa, INK, 0.12), radius=30)
    s.rect(262, floor - 96, 476, 120, mix(sofa, CREAM, 0.1), radius=18)
    for x in (300, 700):
        s.rect(x - 48, floor - 176, 96, 92, s.pick(YELLOW, PINK, CREAM, ORANGE), radius=18)
    lamp = s.dice.choice((80, 920))
    s.rect(lamp - 5, floor - 330, 10, 350, BROWN)
    s.glow(lamp, floor - 350, 260, "#FFD58A", 0.6 if s.light.lamps else 0.25)
    s.poly(
        [(lamp - 40, floor - 420), (lamp + 40, floor - 420), (lamp + 68, floor - 320), (lamp - 68, floor - 320)],
        ("#FFEFC4", "#FFD98F"),
        lit=s.light.lamps,
    )
    nature.potted(s, 1000 - lamp, floor + 10, 270)


def kitchen(s: Stage, floor: float) -> None:
    """Cupboards, tiles, a window, pots and fruit."""
    wall = s.pick("#F6E5C3", "#DCEBE2", "#F9DCC0")
    room(s, wall, floor)
    tile = s.pick("#7CB8C9", "#E7A875", "#93C0A0")
    for j in range(4):
        for i in range(16):
            s.rect(
                -8 + i * 64, 360 + j * 52, 60, 48, s.vary(mix(tile, CREAM, 0.3 if (i + j) % 2 else 0.5), 0.05), radius=5
            )
    cupboard = s.pick(TEAL, "#C9794F", "#5C86A8", "#7FA36A")
    for x in (0.0, 165, 675, 840):
        s.rect(x, 60, 158, 250, (mix(cupboard, CREAM, 0.15), cupboard), radius=8)
        s.rect(x + 16, 78, 126, 214, mix(cupboard, CREAM, 0.28), radius=6)
        s.oval(x + (132 if x in (0, 675) else 26), 190, 8, 8, YELLOW)
    p.window(s, 390, 90, 220, 220)
    s.rect(-10, floor - 96, 1020, 26, (CREAM, "#E0D3BF"))
    s.rect(-10, floor - 72, 1020, 120, cupboard)
    x = side(s, 120, 70)
    s.rect(x - 72, floor - 180, 144, 86, (CORAL, RED), radius=16)
    s.rect(x - 84, floor - 188, 168, 16, mix(RED, INK, 0.15), radius=8)
    s.oval(x, floor - 196, 12, 10, INK)
    p.steam(s, x, floor - 206, 130)
    b = 1000 - x
    for dx, colour in ((-44, ORANGE), (0, LEAF), (42, RED), (-20, YELLOW), (22, ORANGE)):
        s.oval(b + dx, floor - 146 - (20 if dx in (-20, 22) else 0), 27, 27, colour)
    s.half(b, floor - 96, 96, -58, BLUE)
    s.poly(
        [(b - 96, floor - 146), (b + 96, floor - 146), (b + 52, floor - 95), (b - 52, floor - 95)],
        (mix(BLUE, CREAM, 0.4), BLUE),
    )
    nature.potted(s, 330 if x > 500 else 670, floor - 94, 120)


def family_meal(s: Stage, floor: float) -> None:
    """A family around the dining table, dishes at the sides."""
    room(s, s.pick("#F3C08F", "#EFCB93", "#DDB7A0"), floor, s.pick("#B9694A", "#7D9C86"))
    p.window(s, 70, 120, 180, 230)
    s.rect(745, 130, 180, 130, BROWN, radius=5)
    s.rect(757, 142, 156, 106, "#F7E6C6")
    s.oval(835, 200, 40, 26, CORAL)
    p.pendant(s, 500, 150, 92, s.pick(TEAL, CORAL, YELLOW))
    for x in (150, 318, 690, 860):
        p.person(s, x + s.dice.uniform(-14, 14), floor + 130, s.dice.uniform(340, 400))
    s.depth = 0
    s.oval(500, floor + 40, 620, 66, mix(WOOD, CREAM, 0.12))
    p.plate(s, 190, floor - 4, 88, ORANGE)
    p.plate(s, 812, floor - 6, 88, "#C96B3C")
    p.steam(s, 190, floor - 60, 100)


def office(s: Stage, floor: float) -> None:
    """Large windows on the town, desks and screens."""
    room(s, s.pick("#DDE6EA", "#E9E2D6"), floor)
    s.rect(60, 80, 880, 380, CREAM)
    s.rect(74, 94, 852, 352, (s.light.sky[0], s.light.sky[2]), lit=True)
    s.depth = 0.7
    inside, s.indoors = s.indoors, False
    x = 74.0
    while x < 860:
        w = s.dice.uniform(64, 104)
        p.building(
            s, x, 446, min(w, 926 - x), s.dice.uniform(90, 230), s.pick("#7C93B8", "#8F86A8", "#B08F8A", "#6FA0A8")
        )
        x += w + 4
    s.indoors = inside
    s.depth = 0
    for x in (280, 500, 720):
        s.rect(x - 6, 84, 12, 376, CREAM)
    s.rect(50, 446, 900, 18, CREAM)
    s.rect(-10, floor - 110, 1020, 26, (mix(WOOD, CREAM, 0.35), WOOD))
    s.rect(-10, floor - 86, 1020, 130, "#C9CFD4")
    for x in (170, 830):
        s.rect(x - 94, floor - 260, 188, 122, INK, radius=10)
        s.rect(x - 84, floor - 250, 168, 102, (s.pick(BLUE, TEAL), NAVY), radius=5)
        for k in range(4):
            s.rect(
                x - 66 + k * 36,
                floor - 176 - 16 * ((k * 5) % 4),
                22,
                14 + 16 * ((k * 5) % 4),
                s.pick(YELLOW, CORAL, GREEN),
                radius=3,
            )
        s.rect(x - 12, floor - 140, 24, 34, INK)
    nature.potted(s, side(s, 300, 20), floor - 108, 150, CREAM)
    p.pendant(s, 250, 60, 46, TEAL)
    p.pendant(s, 750, 60, 46, TEAL)


def restaurant(s: Stage, floor: float) -> None:
    """Warm lamps, arches, plants and set tables."""
    wall = s.pick("#D98C5F", "#C9704F", "#4E8C80", "#E0A458")
    room(s, wall, floor, mix(wall, BROWN, 0.45))
    for x in (150, 850):
        s.half(x, 250, 96, 96, mix(wall, INK, 0.3))
        s.rect(x - 96, 250, 192, 200, mix(wall, INK, 0.3))
        p.crockery(s, x - 84, 330, 168, 80, BROWN)
        p.crockery(s, x - 84, 440, 168, 80, BROWN)
    for x in (300, 500, 700):
        p.pendant(s, x, 140 + (30 if x == 500 else 0), 56, s.pick(RED, YELLOW, TEAL, CREAM))
    for x in (150, 850):
        s.oval(x, floor - 70, 130, 20, (CREAM, mix(CREAM, BROWN, 0.2)))
        s.rect(x - 9, floor - 64, 18, 90, BROWN)
        festive.candle(s, x + s.dice.uniform(-30, 30), floor - 74, 50)
    for x in (320, 680):
        s.rect(x - 36, floor - 130, 72, 90, BROWN, radius=14)
        s.rect(x - 30, floor - 48, 10, 70, BROWN)
        s.rect(x + 20, floor - 48, 10, 70, BROWN)
    nature.potted(s, s.dice.choice((420, 580)), floor + 4, 150, TEAL)


def gym(s: Stage, floor: float) -> None:
    """Mirror, racks of weights, a treadmill."""
    room(s, s.pick("#5E8FBF", "#4FA39B", "#7D86C4"), floor)
    accent = s.pick(YELLOW, CORAL, "#9BD05A", ORANGE)
    s.rect(-10, 60, 1020, 26, accent)
    s.rect(250, 130, 500, 300, "#B9D2DE", radius=6)
    s.poly([(300, 430), (460, 130), (560, 130), (400, 430)], "#FFFFFF", alpha=0.28)
    for x in (110, 890):
        for y in (floor - 300, floor - 190, floor - 80):
            s.rect(x - 110, y, 220, 16, INK, radius=4)
            for k in range(3):
                dx, colour = -74 + k * 74, s.pick(accent, RED, TEAL)
                s.rect(x + dx - 26, y - 28, 52, 12, "#9AA3B0")
                s.rect(x + dx - 32, y - 42, 16, 42, colour, radius=5)
                s.rect(x + dx + 16, y - 42, 16, 42, colour, radius=5)
        s.rect(x - 104, floor - 310, 14, 330, "#5B6474")
        s.rect(x + 90, floor - 310, 14, 330, "#5B6474")
    x = s.dice.choice((330, 670))
    p.person(s, x, floor - 20, 250, accent, cheering=True)
    s.rect(x - 130, floor - 276, 260, 9, "#D5DBE2")
    for dx in (-130, 106):
        s.rect(x + dx, floor - 316, 24, 88, INK, radius=8)
    b = 1000 - x
    s.oval(b, floor - 56, 62, 62, (mix(TEAL, CREAM, 0.3), TEAL))
    s.rect(-10, floor - 16, 1020, 60, "#3A4152")
    for x in (200, 500, 800):
        s.rect(x - 100, 14, 200, 16, "#FFFFFF", radius=6, lit=True)
        s.glow(x, 24, 200, "#EAF4FF", 0.35)
