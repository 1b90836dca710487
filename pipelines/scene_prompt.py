"""From a brief to what a scene should show: the caption that the model reads and the sketch that it starts from.

One caption template, shared with training. Depends on the brief's environment and store only, so that a change of
price leaves the picture as it is. Knows nothing of models.
"""

import zlib
from dataclasses import dataclass

from pipelines.sketch import PLACES, SURFACES, SketchSpec, place_of
from slots.brief import Brief

LIGHT_WORDS: dict[str, str] = {
    "morning": "soft morning light",
    "midday": "bright midday sun",
    "evening": "golden evening light",
    "night": "night with glowing lamps",
}

OCCASION_SEASONS: dict[str, str] = {
    "Christmas": "winter",
    "New Year": "winter",
    "Day of the Dead": "autumn",
    "Independence Day": "summer",
    "Mother's Day": "spring",
    "Valentine's Day": "winter",
    "camping": "summer",
    "barbecue": "summer",
    "wedding": "spring",
}
"""The season of occasions that have one; elsewhere the seed picks spring, summer or autumn."""

NEGATIVE_PROMPT = "text, letters, watermark, logo, bottle, can, glass, drink, frame, blurry, deformed, clutter"

HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("beach", ("mar", "costa", "isla", "sea", "coast", "island", "tropic")),
    (
        "camping",
        (
            "bosque",
            "montaña",
            "monte",
            "lago",
            "rio",
            "río",
            "desierto",
            "nieve",
            "forest",
            "mountain",
            "lake",
            "river",
            "desert",
            "snow",
        ),
    ),
    ("stall", ("mercado", "tianguis", "feria", "market", "fair", "puesto")),
    (
        "street",
        ("plaza", "centro", "ciudad", "barrio", "pueblo", "city", "town", "village", "square", "terraza", "rooftop"),
    ),
    ("barbecue", ("jardin", "jardín", "patio", "asado", "garden", "yard", "azotea")),
    ("park", ("campo", "naturaleza", "rancho", "country", "nature", "farm", "field")),
    ("pharmacy", ("hospital", "clinica", "clínica", "clinic", "consultorio")),
    ("office", ("trabajo", "taller", "fabrica", "fábrica", "work", "factory", "airport", "aeropuerto")),
    ("party", ("fiesta", "cumple", "carnaval", "birthday", "carnival", "celebra", "baile", "dance")),
    ("concert", ("musica", "música", "festival", "music", "show", "antro", "club", "disco")),
    ("cinema", ("cine", "pelicula", "película", "movie", "teatro", "theater", "theatre")),
    ("stadium", ("deport", "cancha", "sport", "beisbol", "béisbol", "baseball", "basket", "arena")),
    ("coffee shop", ("cafe", "café", "coffee", "biblioteca", "library")),
    ("home", ("casa", "sala", "cuarto", "house", "room", "depa")),
)
"""Word beginnings that say which known place is nearest to an environment outside the list."""


@dataclass(frozen=True)
class SceneSpec:
    """What a scene shows. `asked` is the brief's environment; `place` what is drawn for it.

    `substituted` is true when no scene of `asked` exists and `place` is only the nearest; then `prompt` names what was
    asked, for models that know the whole language, and `known_prompt` names the place, for the bundled one.
    """

    prompt: str
    known_prompt: str
    negative_prompt: str
    asked: str | None
    substituted: bool
    sketch: SketchSpec

    @property
    def place(self) -> str:
        """The drawn place."""
        return self.sketch.place

    @property
    def surface_y(self) -> float:
        """Where the surface begins, as a share of the height from the top."""
        return self.sketch.surface_y


STYLES: dict[str, tuple[str, str]] = {
    "illustrated": ("flat poster illustration of", ""),
    "photograph": ("professional photograph of", ", shallow depth of field, 50 mm, empty foreground"),
}
"""How a scene is made, as the words before and after its place. The bundled model knows the first only."""

STYLE_NEGATIVES: dict[str, str] = {
    "illustrated": "photo, photograph",
    "photograph": "illustration, drawing, cartoon, 3d render",
}


def caption(sketch: SketchSpec, words: str | None = None, style: str = "illustrated") -> str:
    """The one caption of a scene; `words` replaces the place's own name. `style`: one of STYLES."""
    place = PLACES[sketch.place]
    season = f" in {sketch.season}" if place.seasonal else ""
    front = SURFACES[sketch.surface]
    before, after = STYLES[style]
    return f"{before} {words or place.words}{season}, {LIGHT_WORDS[sketch.light]}, {front} in front{after}"


def nearest_place(environment: str, store: str | None) -> str:
    """The known place that is nearest to an environment in the user's own words; the store's scene when none is."""
    words = environment.lower().split()
    for place, beginnings in HINTS:
        if any(word.startswith(b) for word in words for b in beginnings):
            return place
    return place_of(None, store)


def scene_prompt(brief: Brief, seed: int, style: str = "illustrated") -> SceneSpec:
    """What the scene of this brief shows. The same environment, store, seed and style give the same scene.

    Consecutive seeds differ in hour and surface.
    """
    known = brief.environment is None or brief.environment in PLACES
    place_name = (
        place_of(brief.environment, brief.store) if known else nearest_place(brief.environment or "", brief.store)
    )
    place = PLACES[place_name]
    shift = zlib.crc32(place_name.encode())
    bright = [light for light in place.lights if light != "night" or place.indoors or place.lamplit] or list(
        place.lights
    )
    seasons = ("summer", "spring", "autumn")
    sketch = SketchSpec(
        place=place_name,
        light=bright[(shift + seed) % len(bright)],
        season=OCCASION_SEASONS.get(place_name, seasons[(shift // 7 + seed) % len(seasons)]),
        surface=place.surfaces[(shift // 11 + seed) % len(place.surfaces)],
        seed=seed,
    )
    return SceneSpec(
        prompt=caption(sketch, None if known else brief.environment, style),
        known_prompt=caption(sketch),
        negative_prompt=f"{NEGATIVE_PROMPT}, {STYLE_NEGATIVES[style]}",
        asked=brief.environment,
        substituted=not known,
        sketch=sketch,
    )
