"""The register of places, and how a scene is put together: background, surface, light. Knows nothing of briefs."""

import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import skia

from pipelines.sketch import crowds, indoors, occasions, outdoors, shops
from pipelines.sketch.brush import CREAM, INK, LIGHTS, SEASONS, Stage, rgb
from pipelines.sketch.surfaces import SURFACES, draw_surface

if TYPE_CHECKING:
    from PIL.Image import Image

LIGHT_NAMES = tuple(LIGHTS)


@dataclass(frozen=True)
class Place:
    """A scene that can be drawn.

    `words` is how captions name it, `surfaces` what may stand in front (the first is the most typical), `lights` the
    hours that suit it, `seasonal` whether the season shows, `lamplit` whether lamps keep its colours after dark.
    """

    words: str
    paint: Callable[[Stage, float], None]
    surfaces: tuple[str, ...]
    indoors: bool = False
    lights: tuple[str, ...] = LIGHT_NAMES
    seasonal: bool = False
    lamplit: bool = False


PLACES: dict[str, Place] = {
    "school": Place(
        "a school classroom",
        indoors.school,
        ("wooden table", "white counter", "red cloth"),
        True,
        ("morning", "midday", "evening"),
    ),
    "university": Place(
        "a university campus", outdoors.university, ("stone", "wooden table", "grass"), seasonal=True, lamplit=True
    ),
    "beach": Place("a beach with palm trees", outdoors.beach, ("sand", "wooden table", "white counter", "woven cloth")),
    "pool": Place("a swimming pool", outdoors.pool, ("white counter", "stone", "tiles", "wooden table"), lamplit=True),
    "park": Place("a park", outdoors.park, ("wooden table", "grass", "stone", "picnic cloth"), seasonal=True),
    "street": Place(
        "an old town street", outdoors.street, ("stone", "wooden table", "tiles", "dark table"), lamplit=True
    ),
    "home": Place(
        "a living room at home",
        indoors.home,
        ("wooden table", "white cloth", "dark table", "marble"),
        True,
        seasonal=True,
    ),
    "kitchen": Place("a home kitchen", indoors.kitchen, ("marble", "wooden table", "tiles", "white counter"), True),
    "family meal": Place(
        "a family meal", indoors.family_meal, ("white cloth", "wooden table", "woven cloth", "red cloth"), True
    ),
    "office": Place("an office", indoors.office, ("white counter", "wooden table", "dark table", "marble"), True),
    "restaurant": Place(
        "a restaurant", indoors.restaurant, ("dark table", "red cloth", "wooden table", "marble"), True
    ),
    "gym": Place("a gym", indoors.gym, ("dark table", "white counter", "stone"), True),
    "stadium": Place(
        "a football stadium", crowds.stadium, ("stone", "white counter", "red cloth", "dark table"), lamplit=True
    ),
    "football match": Place(
        "a football match with a goal", crowds.football, ("grass", "wooden table", "red cloth", "stone"), lamplit=True
    ),
    "concert": Place(
        "a concert stage with a crowd",
        crowds.concert,
        ("dark table", "stone", "wooden table"),
        lights=("evening", "night"),
        lamplit=True,
    ),
    "party": Place(
        "a party with balloons", occasions.party, ("wooden table", "white cloth", "woven cloth", "red cloth"), True
    ),
    "wedding": Place(
        "a garden wedding with flowers",
        occasions.wedding,
        ("white cloth", "wooden table", "marble"),
        seasonal=True,
        lamplit=True,
    ),
    "picnic": Place(
        "a picnic in a meadow",
        outdoors.picnic,
        ("picnic cloth", "grass", "wooden table"),
        seasonal=True,
        lights=("morning", "midday", "evening"),
    ),
    "barbecue": Place(
        "a garden barbecue", outdoors.barbecue, ("wooden table", "picnic cloth", "stone"), seasonal=True, lamplit=True
    ),
    "camping": Place(
        "a mountain camp with a tent", outdoors.camping, ("wooden table", "grass", "stone"), seasonal=True
    ),
    "Christmas": Place(
        "Christmas with a tree and gifts", occasions.christmas, ("wooden table", "red cloth", "white cloth"), True
    ),
    "New Year": Place(
        "New Year with fireworks", occasions.new_year, ("dark table", "white cloth", "marble"), lights=("night",)
    ),
    "Day of the Dead": Place(
        "a Day of the Dead altar with marigolds",
        occasions.day_of_the_dead,
        ("woven cloth", "wooden table", "white cloth"),
        True,
    ),
    "Independence Day": Place(
        "Mexican Independence Day in the plaza",
        occasions.independence_day,
        ("wooden table", "woven cloth", "red cloth", "stone"),
        lights=("evening", "night", "midday"),
        lamplit=True,
    ),
    "Mother's Day": Place(
        "Mother's Day with bouquets", occasions.mothers_day, ("white cloth", "wooden table", "marble"), True
    ),
    "Valentine's Day": Place(
        "Valentine's Day with hearts and roses", occasions.valentines, ("red cloth", "white cloth", "dark table"), True
    ),
    "shop": Place("a corner shop", shops.counter, ("wooden table", "tiles", "white counter", "red cloth"), True),
    "supermarket": Place("a supermarket aisle", shops.shelves, ("white counter", "wooden table", "red cloth"), True),
    "stall": Place(
        "a street food stall", shops.stall, ("tiles", "wooden table", "woven cloth", "red cloth"), lamplit=True
    ),
    "coffee shop": Place("a coffee shop", shops.cafe, ("wooden table", "marble", "dark table"), True),
    "cinema": Place("a cinema with popcorn", shops.cinema, ("red cloth", "dark table", "white counter"), True),
    "pharmacy": Place("a pharmacy", shops.pharmacy, ("white counter", "marble"), True),
    "gas station": Place("a gas station", shops.forecourt, ("stone", "white counter"), False, lamplit=True),
}
"""Every environment of the brief by its own name, and the scenes of shops that stand in when no environment is given."""


STORE_PLACES: dict[str, str] = {
    "corner shop": "shop",
    "convenience store": "supermarket",
    "supermarket": "supermarket",
    "wholesale store": "supermarket",
    "restaurant": "restaurant",
    "taco stand": "stall",
    "school cafeteria": "school",
    "pharmacy": "pharmacy",
    "cinema": "cinema",
    "gym": "gym",
    "market stall": "stall",
    "street stall": "stall",
    "bakery": "coffee shop",
    "bar": "restaurant",
    "coffee shop": "coffee shop",
    "hotel": "restaurant",
    "gas station": "gas station",
    "vending machine": "office",
    "food truck": "stall",
    "pizzeria": "restaurant",
    "online shop": "home",
}


def place_of(environment: str | None, store: str | None = None) -> str:
    """The name in PLACES that shows this environment; without one the store's own scene; without both a corner shop.

    Raises ValueError for an environment that cannot be drawn.
    """
    if environment is None:
        return STORE_PLACES.get(store or "", "shop")
    if environment not in PLACES:
        raise ValueError(f"no drawn scene of {environment!r}; choose one of: {', '.join(PLACES)}")
    return environment


@dataclass(frozen=True)
class SketchSpec:
    """All that a drawn scene depends on. The same spec gives the same pixels."""

    place: str
    light: str = "midday"
    season: str = "summer"
    surface: str = "wooden table"
    seed: int = 0

    def __post_init__(self) -> None:
        for field, value, choices in (
            ("place", self.place, tuple(PLACES)),
            ("light", self.light, LIGHT_NAMES),
            ("season", self.season, SEASONS),
            ("surface", self.surface, tuple(SURFACES)),
        ):
            if value not in choices:
                raise ValueError(f"a scene's {field} cannot be {value!r}; choose one of: {', '.join(choices)}")

    @property
    def surface_y(self) -> float:
        """Where the surface begins, as a share of the height from the top (0.66 to 0.7)."""
        return 0.66 + 0.04 * random.Random(_mixed(self, "floor")).random()


def draw(spec: SketchSpec, size: int = 512) -> "Image":
    """Draws the scene as a square RGB picture of `size` pixels."""
    from PIL import Image

    surface = skia.Surface(size, size)
    canvas = surface.getCanvas()
    canvas.scale(size / 1000, size / 1000)
    place, light = PLACES[spec.place], LIGHTS[spec.light]
    dice = random.Random(_mixed(spec, "scene"))
    stage = Stage(canvas, dice, light, spec.season, place.indoors, place.lamplit)
    floor = spec.surface_y * 1000
    stage.rect(-10, -10, 1020, 1020, light.haze)
    canvas.save()
    if dice.random() < 0.5:
        canvas.translate(1000, 0)
        canvas.scale(-1, 1)
    place.paint(stage, floor)
    canvas.restore()
    stage.depth = 0
    _quiet_middle(stage, floor)
    stage.shade(500, floor + 4, 900, 46, 0.3)
    draw_surface(stage, spec.surface, floor)
    _finish(stage)
    pixels = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    return Image.fromarray(pixels[..., :3].copy(), "RGB")


def draw_sketch(
    environment: str | None,
    *,
    light: str = "midday",
    season: str = "summer",
    surface: str | None = None,
    seed: int = 0,
    size: int = 512,
) -> "Image":
    """Draws an environment (None: a shop counter) on its most typical surface unless another is named."""
    place = place_of(environment)
    return draw(SketchSpec(place, light, season, surface or PLACES[place].surfaces[0], seed), size)


def _quiet_middle(s: Stage, floor: float) -> None:
    """A veil of haze behind the product, so that whatever stands there is read first."""
    paint = skia.Paint(AntiAlias=True)
    veil = s.light.haze if not s.indoors else CREAM
    r, g, b = (round(v) for v in rgb(veil))
    share = 70 if not s.night else 40
    stops = [skia.Color(r, g, b, share), skia.Color(r, g, b, round(share * 0.6)), skia.Color(r, g, b, 0)]
    paint.setShader(skia.GradientShader.MakeRadial((500, floor - 150), 360, stops, [0, 0.5, 1]))
    s.canvas.drawCircle(500, floor - 150, 360, paint)


def _finish(s: Stage) -> None:
    """The light's own side, then slightly darker corners."""
    if not s.night:
        s.glow(s.sun[0], -40, 760, s.light.sun, s.light.glow * 0.4)
    r, g, b = (round(v) for v in rgb(INK))
    paint = skia.Paint(AntiAlias=True)
    stops = [skia.Color(r, g, b, 0), skia.Color(r, g, b, 0), skia.Color(r, g, b, 62)]
    paint.setShader(skia.GradientShader.MakeRadial((500, 500), 760, stops, [0, 0.62, 1]))
    s.canvas.drawPaint(paint)


def _mixed(spec: SketchSpec, purpose: str) -> int:
    """A seed that differs by place and purpose, and is the same on every machine."""
    return zlib.crc32(f"{purpose}|{spec.place}|{spec.seed}".encode())
