"""Colours that go together: a poster's palette from the brand's look and the scene, and WCAG contrast.

Knows nothing of layout. Contrast is that of WCAG 2.2 (success criterion 1.4.3): text needs 4.5 to 1, large text 3 to 1.
"""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from pipelines.draw import Colour, hex_of, mix, rgb
from slots.catalog import Look

TEXT = 4.5
"""The least contrast of text."""
LARGE = 3.0
"""The least contrast of large text (from 24 px, or 19 px bold)."""
INK = "#17110F"
PAPER = "#FFF8EA"


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    r, g, b = (v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: Colour, b: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(wanted: Iterable[Colour], ground: Colour, least: float = TEXT) -> str:
    """The first of the wanted colours with enough contrast on `ground`, else ink or paper, whichever shows better."""
    for colour in wanted:
        if contrast(colour, ground) >= least:
            return hex_of(colour)
    return max((INK, PAPER, "#000000", "#FFFFFF"), key=lambda c: (contrast(c, ground) >= least, contrast(c, ground)))


def saturation(colour: Colour) -> float:
    """HSV saturation times value, 0 to 1: how much colour the eye sees."""
    r, g, b = (v / 255 for v in rgb(colour))
    _, s, v = colorsys.rgb_to_hsv(r, g, b)
    return s * v


def deepened(colour: Colour, ground_for: Colour = "#FFFFFF", least: float = TEXT) -> str:
    """The colour, darkened just until `ground_for` reads on it."""
    shade = rgb(colour)
    for step in range(30):
        dark = mix(shade, INK, step / 30)
        if contrast(dark, ground_for) >= least:
            return hex_of(dark)
    return INK


@dataclass(frozen=True)
class Palette:
    """A poster's colours, `#RRGGBB`. `on_x` reads on `x`."""

    brand: str
    deep: str
    """The brand's colour towards black: the foot band, shadows."""
    on_brand: str
    on_deep: str
    pop_on_deep: str
    """The badge's colour where it reads on `deep`, else paper."""
    pop: str
    """The badge: a colour that jumps off the brand's."""
    on_pop: str
    ribbon: str
    on_ribbon: str
    glow: str
    """A light tint for the halo, between the scene's light and white."""


_POPS = ("#FFD21F", "#FFFFFF", "#E3161B", "#0E7A4B", "#1454A8")


def _brand(look: Look) -> str:
    """The look's colour that fills a field best: near-black labels stay black, pale ones give way to accent or text."""
    if luminance(look.label) < 0.022:
        return hex_of(mix(look.label, "#1D1B20", 0.6))
    strong = [c for c in (look.label, look.accent, look.text, look.cap) if saturation(c) > 0.35]
    dark = [c for c in strong if contrast(c, PAPER) >= LARGE]
    return deepened((dark or strong or [look.label])[0], PAPER, 3.8)


def poster_palette(look: Look, scene: Image.Image) -> Palette:
    """The palette for a product in a scene. Every text pair reaches WCAG AA (checked by `test_palette`)."""
    brand = _brand(look)
    on_brand = readable((PAPER, "#FFFFFF"), brand, LARGE)
    deep = deepened(mix(brand, INK, 0.55), PAPER, 7.0)
    own = [look.accent] if saturation(look.accent) > 0.55 and contrast(look.accent, brand) >= 3.2 else []
    pop = next((c for c in (*own, *_POPS) if contrast(c, brand) >= 2.6 and saturation(c) > 0.5), "#FFD21F")
    on_pop = readable((brand, deep, PAPER), pop, TEXT)
    ribbon = next((c for c in ("#FFFFFF", "#E3161B") if contrast(c, brand) >= 2.6), "#FFFFFF")
    return Palette(
        brand=brand,
        deep=deep,
        on_brand=on_brand,
        on_deep=PAPER,
        pop_on_deep=readable((pop, mix(pop, "#FFFFFF", 0.35)), deep, TEXT),
        pop=hex_of(pop),
        on_pop=on_pop,
        ribbon=ribbon,
        on_ribbon=readable((brand, deep), ribbon, TEXT),
        glow=hex_of(mix(_light_of(scene), "#FFFFFF", 0.55)),
    )


def _light_of(scene: Image.Image) -> Colour:
    """The mean of the scene's brightest tenth: the colour of its light."""
    small = np.asarray(scene.convert("RGB").resize((48, 48), Image.Resampling.BOX), dtype=np.float32).reshape(-1, 3)
    luma = small @ np.array([0.299, 0.587, 0.114], np.float32)
    bright = small[luma >= np.quantile(luma, 0.9)].mean(axis=0)
    return (float(bright[0]), float(bright[1]), float(bright[2]))
