"""What the product will stand on: the empty lower third of every scene. Knows nothing of the place behind it."""

import itertools

from pipelines.sketch.brush import (
    BLUE,
    BROWN,
    CREAM,
    GREEN,
    INK,
    LEAF,
    MEADOW,
    ORANGE,
    RED,
    SAND,
    STONE,
    TEAL,
    WOOD,
    YELLOW,
    Stage,
    mix,
    spline,
)

SURFACES: dict[str, str] = {
    "wooden table": "a wooden table",
    "dark table": "a dark wooden table",
    "white counter": "a white counter",
    "marble": "a marble counter",
    "stone": "a stone ledge",
    "sand": "sand",
    "grass": "grass",
    "red cloth": "a red tablecloth",
    "white cloth": "a white tablecloth",
    "picnic cloth": "a checkered picnic cloth",
    "woven cloth": "a striped woven cloth",
    "tiles": "a tiled counter",
}
"""Every surface with the words that captions use for it."""


def draw_surface(s: Stage, name: str, y: float) -> None:
    """Covers the canvas below `y` (stage units) with the surface, and lays a soft pool of light where the product stands.

    Raises KeyError for a name that is not in SURFACES.
    """
    s.depth = 0
    _DRAW[name](s, y)
    s.glow(500, y + 150, 420, "#FFE9C4", 0.3 if s.night and not s.indoors else 0.16)


def _top(s: Stage, y: float, far: str, near: str) -> None:
    s.rect(-10, y, 1020, 1020 - y, (far, near))
    s.rect(-10, y, 1020, 5, mix(far, "#FFFFFF", 0.5))


def _boards(s: Stage, y: float, base: str) -> None:
    _top(s, y, mix(base, CREAM, 0.25), mix(base, INK, 0.12))
    middle = 500 + s.dice.uniform(-60, 60)
    for i in range(-7, 8):
        a, b = middle + (i - 0.5) * 96, middle + (i + 0.5) * 96
        if i % 2:
            far_a, far_b = middle + (i - 0.5) * 62, middle + (i + 0.5) * 62
            s.poly(
                [(far_a, y + 5), (far_b, y + 5), (b + (b - middle) * 0.5, 1020), (a + (a - middle) * 0.5, 1020)],
                base,
                alpha=0.35,
            )
        far = middle + (i - 0.5) * 62
        s.line([(far, y + 4), (a + (a - middle) * 0.5, 1020)], BROWN, 3, alpha=0.4)


def _wood(s: Stage, y: float) -> None:
    _boards(s, y, s.pick(WOOD, "#C9925C", "#B07645"))


def _dark(s: Stage, y: float) -> None:
    _boards(s, y, s.pick("#6B4535", "#5A3F3A", "#70493A"))


def _counter(s: Stage, y: float) -> None:
    _top(s, y, "#FBF6EC", "#E3DBD0")
    s.rect(-10, y + 6, 1020, 10, TEAL, alpha=0.18)


def _marble(s: Stage, y: float) -> None:
    _top(s, y, "#FAF7F3", "#DAD5D2")
    for _ in range(5):
        # clouds with a fine thread in them, all drifting one way: thin lines alone look like cracks
        x = s.dice.uniform(-150, 1000)
        points = [(x + k * (150 + s.dice.uniform(20, 110)), y + 8 + k * (1000 - y) / 5) for k in range(5)]
        width = s.dice.uniform(2, 7)
        for broad, alpha in ((34, 0.05), (17, 0.06), (6, 0.08)):
            s.line(points, "#8F8FA0", width * broad / 4, alpha=alpha)
        s.line(points[:4], "#8A8795", 1.6, alpha=0.16)


def _stone(s: Stage, y: float) -> None:
    base = s.pick(STONE, "#C8BEB0", "#A9A9AC")
    _top(s, y, mix(base, CREAM, 0.3), mix(base, INK, 0.1))
    for _ in range(26):
        x, v = s.dice.uniform(0, 1000), s.dice.uniform(y + 20, 1000)
        s.oval(
            x, v, s.dice.uniform(4, 18), s.dice.uniform(2, 5), mix(base, s.dice.choice((INK, CREAM)), 0.3), alpha=0.5
        )


def _wavy(s: Stage, y: float, fill: tuple[str, str], edge: str) -> None:
    s.ridge(y, 7, edge, steps=7)
    s.ridge(y + 9, 7, fill, steps=7)


def _sand(s: Stage, y: float) -> None:
    _wavy(s, y, (mix(SAND, CREAM, 0.35), "#E3BE82"), "#FFF6DF")
    for _ in range(50):
        s.oval(
            s.dice.uniform(0, 1000),
            s.dice.uniform(y + 30, 1000),
            4,
            2.4,
            s.dice.choice(("#C69B5E", "#FFF3D2")),
            alpha=0.6,
        )
    for _ in range(s.dice.randint(1, 3)):
        x = s.dice.choice((s.dice.uniform(30, 220), s.dice.uniform(780, 970)))
        v = s.dice.uniform(y + 120, 950)
        for turn in range(5):
            s.oval(
                x + (turn - 2) * 9,
                v - abs(turn - 2) * -5,
                6,
                20 - abs(turn - 2) * 4,
                s.dice.choice(("#F6B08C", "#FBD3B4")),
            )


def _grass(s: Stage, y: float) -> None:
    near = MEADOW[s.season]
    assert isinstance(near, tuple)
    _wavy(s, y, (near[0], mix(near[1], LEAF, 0.15)), mix(near[0], YELLOW, 0.3))
    for _ in range(70):
        x, v = s.dice.uniform(0, 1000), s.dice.uniform(y + 30, 1000)
        if abs(x - 500) > 170:
            s.line(
                [(x, v), (x + s.dice.uniform(-8, 8), v - s.dice.uniform(14, 26))],
                mix(near[1], s.dice.choice((LEAF, YELLOW)), 0.4),
                4,
            )
    if s.season in ("spring", "summer"):
        for _ in range(14):
            x, v = s.dice.choice((s.dice.uniform(0, 280), s.dice.uniform(720, 1000))), s.dice.uniform(y + 40, 1000)
            s.oval(x, v, 7, 7, s.dice.choice((CREAM, YELLOW, "#F28BA8")))


def _cloth(s: Stage, y: float, base: str) -> None:
    _top(s, y, mix(base, CREAM, 0.14), mix(base, INK, 0.14))
    for _ in range(6):
        x = s.dice.uniform(0, 1000)
        s.line(
            [(500 + (x - 500) * 0.7, y + 8), (500 + (x - 500) * 1.3, 1010)],
            mix(base, INK, 0.5),
            s.dice.uniform(10, 26),
            alpha=0.07,
        )


def _red(s: Stage, y: float) -> None:
    _cloth(s, y, s.pick("#C9352F", "#D2453C"))


def _white(s: Stage, y: float) -> None:
    _cloth(s, y, "#F4EEE4")


def _picnic(s: Stage, y: float) -> None:
    colour = s.pick(RED, "#D84B3F", BLUE, LEAF)
    _top(s, y, "#FFFBF2", "#F0E6DA")
    for i in range(-9, 10):
        s.poly(
            [(500 + i * 74, y + 5), (500 + i * 74 + 37, y + 5), (500 + i * 118 + 59, 1020), (500 + i * 118, 1020)],
            colour,
            alpha=0.5,
        )
    for k in range(5):
        a, b = (k / 5) ** 1.25, ((k + 0.5) / 5) ** 1.25
        s.rect(-10, y + 5 + (1000 - y) * a, 1020, (1000 - y) * (b - a), colour, alpha=0.5)


def _woven(s: Stage, y: float) -> None:
    """A sarape: one ground colour, and across it groups of narrow stripes that grow towards the eye."""
    bands = [RED, ORANGE, YELLOW, "#D43D84", TEAL, BLUE, GREEN]
    shift = s.dice.randrange(len(bands))
    ground = ("#B5432F", "#2E6F73", "#A63A55", "#8C3B2E", "#2F5F86", "#B5432F", "#3C7A54")[shift]
    _top(s, y, mix(ground, CREAM, 0.12), mix(ground, INK, 0.12))
    for group, middle in enumerate((0.12, 0.42, 0.8)):
        for k, width in ((-2, 0.5), (-1, 0.8), (0, 1.5), (1, 0.8), (2, 0.5)):
            size = (0.018, 0.03, 0.044)[group]
            colour = CREAM if k in (-1, 1) else mix(bands[(shift + group + abs(k)) % len(bands)], ground, 0.22)
            at = middle + k * size * 1.15
            s.rect(
                -10, y + 5 + (1000 - y) * (at - size * width / 2), 1020, (1000 - y) * size * width, colour, alpha=0.92
            )
    for i in range(60):  # the weave
        x = -10 + i * 17.5
        s.line([(500 + (x - 500) * 0.8, y + 8), (500 + (x - 500) * 1.25, 1010)], INK, 2, alpha=0.05)


def _tiles(s: Stage, y: float) -> None:
    _top(s, y, "#F6EFE1", "#E5DACA")
    for i in range(-8, 10):
        s.line([(500 + (i - 0.5) * 84, y + 5), (500 + (i - 0.5) * 134, 1020)], BLUE, 3, alpha=0.35)
    rows = [y + 5 + (1000 - y) * t for t in (0.0, 0.24, 0.55, 0.95)]
    for row in rows[1:]:
        s.rect(-10, row, 1020, 3, BLUE, alpha=0.35)
    for j, (a, b) in enumerate(itertools.pairwise(rows)):
        v, stretch = (a + b) / 2, 84 + 50 * ((a + b) / 2 - y) / (1000 - y)
        for i in range(-7, 8):
            if (i + j) % 2 == 0:
                x = 500 + i * stretch
                s.fill(
                    spline(
                        [
                            (x, v - (b - a) * 0.3),
                            (x + stretch * 0.3, v),
                            (x, v + (b - a) * 0.3),
                            (x - stretch * 0.3, v),
                        ],
                        True,
                    ),
                    BLUE,
                    0.55,
                )
                s.oval(x, v, stretch * 0.1, (b - a) * 0.1, ORANGE)


_DRAW = {
    "wooden table": _wood,
    "dark table": _dark,
    "white counter": _counter,
    "marble": _marble,
    "stone": _stone,
    "sand": _sand,
    "grass": _grass,
    "red cloth": _red,
    "white cloth": _white,
    "picnic cloth": _picnic,
    "woven cloth": _woven,
    "tiles": _tiles,
}
