"""Feasts and family days, each recognisable at a glance. `floor` is the surface's height."""

import math

from pipelines.sketch import festive, nature
from pipelines.sketch import props as p
from pipelines.sketch.brush import (
    BLUE,
    BROWN,
    CORAL,
    CREAM,
    FESTIVE,
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
    Stage,
    mix,
    star,
)
from pipelines.sketch.indoors import room
from pipelines.sketch.outdoors import meadow, side

FLAG = (LEAF, CREAM, RED)


def party(s: Stage, floor: float) -> None:
    """Balloons, bunting, a piñata, confetti, dancing friends."""
    top, low = s.dice.choice(
        (("#7C4DA8", "#F2704F"), ("#2B6CB0", "#F28BA8"), ("#D43D84", "#F9B24E"), ("#1E7F95", "#F9C74F"))
    )
    room(s, mix(top, low, 0.5), floor)
    s.rect(-10, -10, 1020, floor + 40, (top, low))
    festive.rays(s, 500, 330, 16, 900, CREAM, 0.07)
    festive.bunting(s, 40, 60, FESTIVE)
    festive.papel_picado(s, 100, 70, FESTIVE, 62)
    festive.balloons(s, 110, 300, 6)
    festive.balloons(s, 890, 300, 6)
    x, y = s.dice.choice((300, 700)), 270
    s.line([(x, -10), (x, y)], CREAM, 4)
    festive.pinata(s, x, y, 46)
    p.crowd(s, floor - 70, 1, 92, (mix(top, INK, 0.45), mix(top, INK, 0.55)), arms=0.8)
    festive.confetti(s, 90, 30, floor - 60)


def wedding(s: Stage, floor: float) -> None:
    """A flower arch in a garden, hearts of light, white chairs."""
    meadow(s, 430)
    s.depth = 0.35
    for x in (60.0, 210, 790, 940):
        nature.tree(s, x + s.dice.uniform(-30, 30), 480, s.dice.uniform(230, 300))
    s.depth = 0
    s.poly([(440, 480), (560, 480), (700, floor + 40), (300, floor + 40)], mix(CREAM, PINK, 0.12))
    arch = [(270, floor), (262, 380), (330, 230), (500, 170), (670, 230), (738, 380), (730, floor)]
    s.line(arch, CREAM, 16)
    petals = s.dice.choice(((PINK, CREAM, CORAL), (CREAM, "#F6D8C8", YELLOW), (PURPLE, PINK, CREAM)))
    for i in range(46):
        t = i / 45 * 6
        k = min(int(t), 5)
        x = arch[k][0] + (arch[k + 1][0] - arch[k][0]) * (t - k) + s.dice.uniform(-16, 16)
        y = arch[k][1] + (arch[k + 1][1] - arch[k][1]) * (t - k) + s.dice.uniform(-16, 16)
        if i % 2:
            s.oval(x, y, 30, 24, s.pick(LEAF, GREEN))
        nature.flower(s, x, y, s.dice.uniform(20, 30), s.pick(*petals))
    for x in (110, 200, 800, 890):
        s.rect(x - 30, floor - 130, 60, 74, "#FFFFFF", radius=10)
        s.rect(x - 34, floor - 62, 68, 12, "#FFFFFF", radius=5)
        for dx in (-28, 20):
            s.rect(x + dx, floor - 54, 8, 60, "#FFFFFF")
    festive.bulbs(s, 70, 60, (YELLOW, CREAM), spans=2)
    nature.bouquet(s, s.dice.choice((60, 940)), floor + 6, 170, petals)
    festive.confetti(s, 26, 60, 420, petals)


def christmas(s: Stage, floor: float) -> None:
    """A decorated tree, gifts, garland, a posada star, snow outside the window."""
    wall = s.dice.choice(("#9E3B3A", "#2E6B5A", "#D9A566", "#B5524A"))
    room(s, wall, floor, mix(wall, INK, 0.22))
    p.window(s, 400, 170, 200, 250)
    for _ in range(26):
        s.oval(s.dice.uniform(415, 585), s.dice.uniform(180, 400), 5, 5, "#FFFFFF", lit=True)
    festive.garland(s, 30, 74)
    festive.bulbs(s, 60, 78, (YELLOW, RED, GREEN, "#7CC8F2"), spans=2, size=8)
    x = s.dice.choice((170, 830)) + s.dice.uniform(-20, 20)
    for i in range(4):
        y, w, h = floor - 36 - i * 92, 168 - i * 36, 158
        s.poly([(x - w, y), (x + w, y), (x, y - h)], mix(LEAF, FOREST, 0.6 - 0.16 * i))
        for k in range(5 - i):
            bx = x - w * 0.68 + k * (w * 1.36 / max(1, 4 - i))
            colour = (RED, YELLOW, MAGENTA, "#7CC8F2")[(k + i) % 4]
            s.glow(bx, y - 16, 34, colour, 0.4)
            s.oval(bx, y - 16, 12, 12, colour, lit=True)
    s.rect(x - 20, floor - 38, 40, 50, BROWN)
    s.glow(x, floor - 480, 120, "#FFE08A", 0.8)
    s.poly(star(x, floor - 476, 36, 15, 5), "#FFE08A", lit=True)
    g = x + (150 if x < 500 else -240)
    festive.gift(s, g, floor + 6, 90, s.pick(RED, TEAL), YELLOW)
    festive.gift(s, x - 150 if x < 500 else x + 80, floor + 10, 74, s.pick(MAGENTA, YELLOW), CREAM)
    px = 1000 - x
    s.line([(px, -10), (px, 210)], CREAM, 3)
    s.glow(px, 230, 170, "#FFCF7A", 0.45)
    festive.pinata(s, px, 230, 48)
    for k in (-1, 0, 1):
        fx = px + k * 70
        for turn in range(6):
            angle = 2 * math.pi * turn / 6
            s.blob(
                [
                    (fx, floor - 70),
                    (fx + 34 * math.cos(angle - 0.3), floor - 70 + 26 * math.sin(angle - 0.3)),
                    (fx + 46 * math.cos(angle), floor - 70 + 34 * math.sin(angle)),
                    (fx + 34 * math.cos(angle + 0.3), floor - 70 + 26 * math.sin(angle + 0.3)),
                ],
                RED,
            )
        s.oval(fx, floor - 70, 9, 8, YELLOW)
    s.rect(px - 110, floor - 44, 220, 60, (mix(CORAL, BROWN, 0.3), BROWN), radius=8)


def new_year(s: Stage, floor: float) -> None:
    """Fireworks over the town at midnight, a clock, streamers."""
    s.rect(-10, -10, 1020, 620, ("#141B47", "#4B3A86"), lit=True)
    for _ in range(40):
        s.oval(s.dice.uniform(0, 1000), s.dice.uniform(0, 400), 2.4, 2.4, CREAM, alpha=0.7, lit=True)
    for x, y, r in ((180.0, 200, 150), (820, 180, 160), (380, 90, 90), (640, 330, 80), (90, 420, 80), (920, 420, 84)):
        festive.firework(
            s,
            x + s.dice.uniform(-40, 40),
            y + s.dice.uniform(-30, 30),
            r * s.dice.uniform(0.85, 1.1),
            s.pick("#F9C74F", "#F2704F", "#F28BA8", "#7CD0F2", "#A6E08A"),
        )
    s.depth = 0.1
    x = -20.0
    while x < 1020:
        w = s.dice.uniform(80, 130)
        tall = s.dice.uniform(80, 190) * (0.6 if abs(x - 450) < 160 else 1)
        s.rect(x, 620 - tall, w, tall + 40, ("#3B3378", "#2A2560"), lit=True)
        for i in range(3):
            for j in range(int(tall // 46)):
                if s.dice.random() < 0.6:
                    s.rect(x + w * (0.16 + 0.28 * i), 634 - tall + j * 44, w * 0.16, 22, "#FFDA86", radius=3, lit=True)
        x += w
    tx = s.dice.choice((140, 860))
    s.rect(tx - 56, 330, 112, 330, ("#6B5AA8", "#4A3F86"), lit=True)
    s.poly([(tx - 66, 332), (tx + 66, 332), (tx, 230)], "#8A6FC0", lit=True)
    s.glow(tx, 400, 120, "#FFF1C9", 0.6)
    s.oval(tx, 400, 44, 44, "#FFF6DC", lit=True)
    s.line([(tx, 400), (tx, 366)], INK, 6, lit=True)
    s.line([(tx, 400), (tx - 5, 374)], INK, 6, lit=True)
    festive.confetti(s, 110, 20, 600, (YELLOW, PINK, CREAM, "#7CD0F2", CORAL))
    festive.bunting(s, 16, 40, (YELLOW, CREAM, MAGENTA, "#7CD0F2"))
    s.rect(-10, floor - 30, 1020, 80, "#2A2560", lit=True)


def day_of_the_dead(s: Stage, floor: float) -> None:
    """An altar with cempasúchil, candles, sugar skulls and cut paper."""
    wall = s.dice.choice(("#6B3F8F", "#B5396F", "#2F4E8C", "#8A3A6B"))
    room(s, wall, floor)
    festive.papel_picado(s, 26, 60, (MAGENTA, ORANGE, PURPLE, TEAL, YELLOW, GREEN), 84)
    if s.dice.random() < 0.6:
        festive.papel_picado(s, 120, 70, (ORANGE, TEAL, YELLOW, MAGENTA), 62)
    arch = [(150, floor), (150, 430), (260, 270), (500, 205), (740, 270), (850, 430), (850, floor)]
    for i in range(64):
        t = i / 63 * 6
        k = min(int(t), 5)
        x, y = (arch[k][j] + (arch[k + 1][j] - arch[k][j]) * (t - k) for j in (0, 1))
        nature.marigold(s, x + s.dice.uniform(-8, 8), y + s.dice.uniform(-8, 8), s.dice.uniform(26, 36))
    for k, (w, y) in enumerate(((420, floor - 170), (560, floor - 90))):
        s.rect(
            500 - w / 2,
            y,
            w,
            floor - y + 20,
            (mix(MAGENTA, CREAM, 0.1), MAGENTA) if k == 0 else (PURPLE, mix(PURPLE, INK, 0.25)),
        )
        for j in range(int(w // 40)):
            s.poly(
                [(500 - w / 2 + j * 40, y), (540 - w / 2 + j * 40, y), (520 - w / 2 + j * 40, y + 34)],
                YELLOW if k == 0 else TEAL,
            )
    for x in (330, 400, 600, 670):
        festive.candle(s, x, floor - 170, 74, s.pick(CREAM, YELLOW, CORAL))
    for x in (200, 262, 738, 800):
        festive.candle(s, x, floor + 6, 96, s.pick(CREAM, MAGENTA, YELLOW))
    for x in (260, 740):
        y = floor - 130
        s.oval(x, y, 44, 42, CREAM)
        s.rect(x - 24, y + 18, 48, 36, CREAM, radius=10)
        for dx in (-17, 17):
            nature.flower(s, x + dx, y + 2, 12, s.pick(TEAL, MAGENTA, BLUE), INK, 6)
        festive.heart(s, x, y + 24, 6, INK)
        nature.flower(s, x, y - 24, 9, ORANGE, RED, 5)
        for k in range(4):
            s.rect(x - 17 + k * 10, y + 36, 3, 13, INK)
    for x in range(20, 1000, 62):
        if abs(x - 500) > 190:
            nature.marigold(s, x + s.dice.uniform(-10, 10), floor - 8 + s.dice.uniform(-14, 6), s.dice.uniform(28, 40))


def independence_day(s: Stage, floor: float) -> None:
    """The plaza on the night of the Grito: green, white and red, fireworks, a church."""
    if s.light.lamps:
        s.rect(-10, -10, 1020, 640, ("#152048", "#5A4486") if s.night else ("#4A3F86", "#F2946B"), lit=True)
        for x, y, r, colour in (
            (190, 170, 120, "#7FD38A"),
            (810, 150, 130, "#F2704F"),
            (500, 90, 80, "#FFF1D6"),
            (330, 280, 60, "#F2704F"),
            (690, 290, 60, "#7FD38A"),
        ):
            festive.firework(s, x + s.dice.uniform(-30, 30), y + s.dice.uniform(-20, 20), r, colour)
    else:
        nature.sky(s, 560)
    s.depth = 0.15
    stone = "#D9A97A"
    s.rect(270, 400, 460, 220, (mix(stone, CREAM, 0.2), stone))
    s.half(500, 400, 96, 90, mix(stone, CORAL, 0.3))
    s.rect(494, 290, 12, 30, CREAM)
    for x in (270, 650):
        s.rect(x, 320, 80, 300, (mix(stone, CREAM, 0.3), stone))
        s.half(x + 40, 320, 40, 46, mix(stone, CORAL, 0.3))
        s.rect(x + 28, 350, 24, 44, "#FFDA86" if s.light.lamps else NAVY, radius=12, lit=s.light.lamps)
    for x in (400, 500, 600):
        s.rect(x - 24, 470, 48, 90, "#FFDA86" if s.light.lamps else mix(stone, NAVY, 0.5), radius=24, lit=s.light.lamps)
    for flip in (0, 1):
        for k in range(2):
            left = -30 + k * 150 if not flip else 880 - k * 150
            p.building(s, left, 620, 150, 200 - k * 30, s.pick("#C9786A", "#D9B36C", "#7FAFA8"))
    for x in (130, 870):
        for k, colour in enumerate(FLAG):
            s.rect(x - 48 + k * 32, 330, 32, 150, colour)
    s.depth = 0
    s.rect(-10, 612, 1020, 120, ("#B79A86", "#9A8076"))
    p.crowd(s, floor - 56, 1, 60, ("#2F2A55", "#3D3163", "#57405F"), arms=0.7)
    for x in (90, 250, 760, 930):
        top = floor - 190 + s.dice.uniform(-20, 20)
        s.line([(x, top), (x, floor - 50)], CREAM, 5)
        for k, colour in enumerate(FLAG):
            s.rect(x + k * 26, top, 26, 50, colour)
    festive.papel_picado(s, 18, 56, FLAG, 76)
    festive.bunting(s, 120, 90, FLAG, 40)
    if s.light.lamps:
        festive.bulbs(s, 200, 70, ("#A6E08A", CREAM, "#FF8A70"), spans=2, size=8)
    festive.confetti(s, 60, 120, 560, FLAG)


def mothers_day(s: Stage, floor: float) -> None:
    """Flowers everywhere, a bright window, a gift and a card with a heart."""
    wall = s.pick("#F9D5D3", "#FBE3C4", "#E4D3EE", "#CFE8DF")
    room(s, wall, floor)
    for k in range(11):
        s.rect(k * 100 - 10, -10, 44, floor, mix(wall, "#FFFFFF", 0.35), alpha=0.6)
    p.window(s, 390, 150, 220, 260)
    p.curtain(s, 350, 130, 84, 300, mix(PINK, CREAM, 0.4), -1)
    p.curtain(s, 650, 130, 84, 300, mix(PINK, CREAM, 0.4), 1)
    petals = s.dice.choice(((PINK, CORAL, CREAM), (MAGENTA, PINK, YELLOW), (RED, PINK, CREAM), (PURPLE, PINK, CREAM)))
    for i, (x, y) in enumerate(festive.sag(-20, 1020, 30, 60, 17)):
        if i % 2:
            s.oval(x, y + 8, 34, 20, s.pick(LEAF, GREEN))
        nature.flower(s, x, y, s.dice.uniform(22, 32), s.pick(*petals))
    nature.bouquet(s, 160, floor + 8, 400, petals, s.pick(TEAL, BLUE, CREAM))
    nature.bouquet(s, 850, floor + 8, 340, petals[::-1], s.pick(CORAL, YELLOW, TEAL))
    gx = s.dice.choice((290, 640))
    festive.gift(s, gx, floor + 4, 84, s.pick(*petals), CREAM)
    cx = 690 if gx == 290 else 330
    s.poly([(cx - 50, floor), (cx - 38, floor - 128), (cx + 46, floor - 118), (cx + 50, floor)], "#FFFDF6")
    festive.heart(s, cx + 2, floor - 72, 24, RED)


def valentines(s: Stage, floor: float) -> None:
    """Hearts, roses, candles and soft pink light."""
    top, low = s.dice.choice((("#B5305A", "#F7A6A0"), ("#D4476F", "#FFD3C2"), ("#8F2C5C", "#F28BA8")))
    s.rect(-10, -10, 1020, floor + 60, (top, low))
    festive.rays(s, 500, 400, 14, 900, CREAM, 0.06)
    for _ in range(16):
        x, y = s.dice.uniform(20, 980), s.dice.uniform(40, floor - 150)
        calm = abs(x - 500) < 220
        festive.heart(
            s,
            x,
            y,
            s.dice.uniform(12, 26) if calm else s.dice.uniform(26, 58),
            s.pick(CREAM, PINK, RED),
            0.22 if calm else 0.75,
        )
    for x in (160, 840):
        for _ in range(3):
            hx, hy = x + s.dice.uniform(-90, 90), s.dice.uniform(190, 400)
            s.line([(hx, hy + 40), (x, floor)], CREAM, 2.5, alpha=0.5)
            festive.heart(s, hx, hy, s.dice.uniform(46, 66), s.pick(RED, MAGENTA, CORAL))
            s.oval(hx - 20, hy - 18, 8, 12, "#FFFFFF", alpha=0.5)
    festive.bulbs(s, 24, 64, (CREAM, "#FFC9C0"), spans=2)
    x = side(s, 90, 50)
    nature.bouquet(s, x, floor + 8, 300, (RED, "#C4263A", MAGENTA), CREAM)
    b = 1000 - x
    for k, h in enumerate((110, 150, 90)):
        festive.candle(s, b + (k - 1) * 62, floor + 6, h, s.pick(CREAM, PINK))
    s.rect(b - (160 if b > 500 else -110), floor - 56, 76, 62, RED, radius=5)
    s.rect(b - (160 if b > 500 else -110) + 32, floor - 56, 12, 62, YELLOW)
