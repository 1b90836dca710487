"""Scenes with a crowd: stadium, football match, concert. `floor` is the surface's height."""

from pipelines.sketch import festive, nature
from pipelines.sketch import props as p
from pipelines.sketch.brush import (
    CORAL,
    CREAM,
    GREEN,
    INK,
    LEAF,
    NAVY,
    ORANGE,
    PALE_BLUE,
    PINK,
    RED,
    TEAL,
    YELLOW,
    Stage,
    mix,
)
from pipelines.sketch.outdoors import side

TOWN = ("#E4956B", "#D9B36C", "#7FAFA8", "#C9786A", "#E8C9A0", "#9C88B0", "#7A9CC0")


def stands(s: Stage, top: float, bottom: float) -> None:
    """Stadium stands full of people, hazier towards the middle."""
    s.depth = 0.2
    s.poly(
        [(-10, top - 60), (300, top), (700, top), (1010, top - 60), (1010, bottom), (-10, bottom)],
        ("#44518C", "#5B6AA8"),
    )
    rows = 9
    for i in range(rows):
        y = top + 16 + (bottom - top - 26) * i / rows
        bend = 56 * (1 - i / rows)
        for k in range(58):
            x = k * 17.6 + s.dice.uniform(-4, 4)
            lift = bend * max(0, abs(x - 500) - 200) / 300
            s.oval(x, y - lift, 6.5, 7.5, s.pick(RED, CREAM, GREEN, YELLOW, PALE_BLUE, CORAL), alpha=0.85)
    for k in range(3):
        y = top + (bottom - top) * (k + 0.5) / 3
        s.line([(-10, y - 40), (300, y), (700, y), (1010, y - 40)], CREAM, 4, alpha=0.35)


def floodlights(s: Stage, y: float) -> None:
    """Two masts of lamps."""
    for x in (110, 890):
        s.rect(x - 7, y, 14, 300, "#6B7390")
        s.rect(x - 70, y - 40, 140, 70, "#515A7A", radius=8)
        for i in range(4):
            for j in range(2):
                s.oval(x - 51 + i * 34, y - 22 + j * 34, 12, 12, "#FFFBE6", lit=True)
        s.glow(x, y - 5, 330, "#FFF6D6", 0.65 if s.night else 0.3)


def pitch(s: Stage, top: float, floor: float) -> None:
    """A mown pitch with its lines."""
    s.depth = 0
    s.rect(-10, top, 1020, floor - top + 60, ("#6CBF58", "#43994A"))
    for i in range(0, 12, 2):
        a, b = -300 + i * 133, -300 + (i + 1) * 133
        s.poly(
            [(500 + (a - 500) * 0.6, top), (500 + (b - 500) * 0.6, top), (b, floor + 60), (a, floor + 60)],
            "#5BB04F",
            alpha=0.8,
        )
    s.rect(-10, top + 8, 1020, 4, CREAM, alpha=0.8)


def stadium(s: Stage, floor: float) -> None:
    """Stands, floodlights and the pitch seen from a seat."""
    nature.sky(s, 330, orb=not s.night)
    floodlights(s, 120)
    stands(s, 300, 520)
    s.rect(-10, 514, 1020, 34, NAVY)
    for k in range(9):
        s.rect(20 + k * 112, 519, 90, 24, s.pick(CORAL, TEAL, YELLOW, CREAM), radius=3)
    pitch(s, 546, floor)
    s.line([(330, 610), (410, 586), (590, 586), (670, 610), (590, 636), (410, 636), (330, 610)], CREAM, 5, alpha=0.8)


def football(s: Stage, floor: float) -> None:
    """A goal, players, a ball and flags."""
    nature.sky(s, 300, orb=not s.night)
    floodlights(s, 100)
    stands(s, 270, 400)
    pitch(s, 398, floor)
    s.poly([(300, 440), (700, 440), (740, 560), (260, 560)], CREAM, alpha=0.25)
    for k in range(11):
        s.line([(300 + k * 40, 440), (275 + k * 45, 560)], CREAM, 2, alpha=0.6)
    for k in range(4):
        s.line([(292 - k * 6, 460 + k * 28), (708 + k * 6, 460 + k * 28)], CREAM, 2, alpha=0.6)
    s.line([(262, 566), (300, 438), (700, 438), (738, 566)], "#FFFFFF", 11)
    s.line([(262, 566), (262, 470)], "#FFFFFF", 11)
    p.person(s, s.dice.uniform(90, 200), floor - 8, 230, s.pick(GREEN, LEAF), cheering=True)
    p.person(s, s.dice.uniform(800, 910), floor - 16, 220, s.pick(RED, CORAL), cheering=s.dice.random() < 0.5)
    x = side(s, 240, 40)
    s.shade(x, floor - 10, 40, 10, 0.4)
    s.oval(x, floor - 36, 30, 30, "#FFFFFF")
    for dx, dy in ((0, 0), (-20, -10), (20, -10), (-12, 18), (14, 18)):
        s.oval(x + dx, floor - 36 + dy, 7.5, 7.5, INK)
    festive.bunting(s, s.dice.uniform(20, 50), 40, (LEAF, CREAM, RED))
    festive.confetti(s, 50, 60, 420, (LEAF, CREAM, RED, YELLOW))


def concert(s: Stage, floor: float) -> None:
    """A lit stage, beams and a cheering crowd."""
    deep, glow = s.dice.choice(
        (("#2B1E5C", "#D43D84"), ("#1D2A66", "#E8622F"), ("#3A1B57", "#2FA6B8"), ("#2A2250", "#F2A33C"))
    )
    day = not s.light.lamps
    if day:
        nature.sky(s, 560)
        s.depth = 0.1
        s.rect(140, 120, 720, 440, (mix(deep, glow, 0.2), glow))
    else:
        s.rect(-10, -10, 1020, 720, (deep, glow), lit=True)
    for k, x in enumerate((190, 350, 500, 650, 810)):
        tint = (YELLOW, PINK, CREAM, TEAL, ORANGE)[k]
        reach = (x - 500) * 0.9 + s.dice.uniform(-120, 120)
        s.poly(
            [(x - 8, 110), (x + 8, 110), (x + reach + 110, 640), (x + reach - 110, 640)],
            tint,
            alpha=0.12 if day else 0.2,
            lit=True,
        )
    s.depth = 0
    s.rect(100, 70, 800, 40, "#2A2A40")
    for x in range(120, 900, 52):
        s.line([(x, 72), (x + 26, 108), (x + 52, 72)], "#55577A", 4)
    s.rect(100, 70, 26, 520, "#2A2A40")
    s.rect(874, 70, 26, 520, "#2A2A40")
    for x in (190, 350, 500, 650, 810):
        s.rect(x - 18, 104, 36, 26, INK, radius=6)
        s.glow(x, 128, 90, "#FFF2C0", 0.7)
    s.rect(60, 500, 880, 90, ("#3A2E55", "#241D3B"))
    for x in (170, 830):
        s.rect(x - 48, 360, 96, 142, INK, radius=8)
        s.oval(x, 400, 26, 26, "#4C4A63")
        s.oval(x, 458, 36, 36, "#4C4A63")
    for x in (330, 665):
        p.person(s, x, 506, 170, s.pick(CORAL, YELLOW, TEAL, CREAM))
        s.rect(x - 44, 428, 88, 18, s.pick(RED, ORANGE), radius=8)
    p.crowd(s, floor - 96, 2, 74, ("#2C2250", "#352A5E", "#241C44"), arms=0.6)
    festive.confetti(s, 60, 130, 480)
