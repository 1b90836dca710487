"""Colours that go together: a poster's inks from the brand's look and the scene, and WCAG contrast.

Knows nothing of layout. Contrast is that of WCAG 2.2 (success criterion 1.4.3): text needs 4.5 to 1, large text 3 to 1.
"""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from pipelines.draw import Colour, Rgb, hex_of, mix, rgb
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
    """The colour, darkened just until `ground_for` reads on it; its hue and saturation stay."""
    h, s, v = colorsys.rgb_to_hsv(*(c / 255 for c in rgb(colour)))
    for step in range(60):
        r, g, b = colorsys.hsv_to_rgb(h, s, v * (1 - step / 60))
        dark = hex_of((r * 255, g * 255, b * 255))
        if contrast(dark, ground_for) >= least:
            return dark
    return INK


@dataclass(frozen=True)
class Palette:
    """A poster's inks, `#RRGGBB`. `on_x` reads on `x`."""

    paper: str
    key: str
    """The darkest ink: small type, shadows, outlines. The scene's dark hue, nearly black; reads on paper."""
    brand: str
    deep: str
    """The brand's colour towards black: strips, drop shades."""
    on_brand: str
    on_deep: str
    brand_on_paper: str
    """The brand's colour where it reads as text on paper."""
    pop: str
    """The price: a colour that jumps off both the brand's and the scene."""
    on_pop: str
    sun: str
    """The flat disc behind the product: light, and away from the product's own colours."""
    light: str
    """The colour of the scene's light."""
    ambient: str
    """The scene's mean colour."""

    def ink(self, name: str) -> str:
        """The ink of that name; raises AttributeError on any other."""
        value: str = getattr(self, name)
        return value


POPS = ("#FFC91F", "#FF5A36", "#12A594", "#FFFFFF", "#2F6BE0")


def _brand(look: Look) -> str:
    """The look's colour that fills a field best: near-black labels stay black, pale ones give way to accent or text."""
    if luminance(look.label) < 0.022:
        return hex_of(mix(look.label, "#1D1B20", 0.6))
    strong = [c for c in (look.label, look.accent, look.text, look.cap) if saturation(c) > 0.35]
    dark = [c for c in strong if contrast(c, PAPER) >= LARGE]
    return deepened((dark or strong or [look.label])[0], PAPER, 3.4)


def apart(a: Colour, b: Colour) -> float:
    """How different two colours look, about 0 to 765: weighted distance in RGB (Riemersma's low-cost approximation)."""
    (r1, g1, b1), (r2, g2, b2) = rgb(a), rgb(b)
    mean = (r1 + r2) / 2
    weighted = (2 + mean / 256) * (r1 - r2) ** 2 + 4 * (g1 - g2) ** 2 + (2 + (255 - mean) / 256) * (b1 - b2) ** 2
    return float(weighted**0.5)


def poster_palette(look: Look, scene: Image.Image, packshot: Image.Image | None = None) -> Palette:
    """The inks for a product in a scene. Every pair that holds words reaches WCAG AA (checked by `test_palette`).

    `packshot` (RGBA) keeps the disc behind the product away from the product's own colours.
    """
    brand = _brand(look)
    light, ambient, dark = _tones(scene)
    key = deepened(mix(mix(dark, brand, 0.25), INK, 0.62), PAPER, 12.0)
    deep = deepened(mix(brand, key, 0.45), PAPER, 7.0)
    own = [look.accent] if saturation(look.accent) > 0.55 else []
    fitting = [c for c in (*own, *POPS) if contrast(c, brand) >= 2.4 and _carries_words(c, (brand, deep, key))]
    pop = next((c for c in fitting if apart(c, ambient) >= 190 and saturation(c) > 0.5), (*fitting, "#FFFFFF")[0])
    return Palette(
        paper=PAPER,
        key=key,
        brand=brand,
        deep=deep,
        on_brand=readable((PAPER, "#FFFFFF"), brand, LARGE),
        on_deep=PAPER,
        brand_on_paper=deepened(brand, PAPER, TEXT),
        pop=hex_of(pop),
        on_pop=readable((brand, deep, key), pop, TEXT),
        sun=_sun(brand, hex_of(pop), light, ambient, packshot),
        light=hex_of(light),
        ambient=hex_of(ambient),
    )


def _carries_words(ground: Colour, inks: Iterable[Colour]) -> bool:
    return any(contrast(ink, ground) >= TEXT for ink in inks)


def _sun(brand: str, pop: str, light: Rgb, ambient: Rgb, packshot: Image.Image | None) -> str:
    """The light tint that is farthest from both the scene around it and the product in front of it."""
    tints = (mix(pop, PAPER, 0.22), mix(light, PAPER, 0.6), mix(brand, PAPER, 0.68), mix("#FFC91F", PAPER, 0.4))
    product = _mean_of(packshot) if packshot is not None else rgb(brand)
    return hex_of(max(tints, key=lambda c: min(apart(c, ambient), apart(c, product) * 0.8)))


def _mean_of(packshot: Image.Image) -> Rgb:
    small = np.asarray(packshot.convert("RGBA").resize((24, 24), Image.Resampling.BOX), dtype=np.float32).reshape(-1, 4)
    weight = small[:, 3:] / 255 + 1e-6
    r, g, b = (small[:, :3] * weight).sum(axis=0) / weight.sum()
    return (float(r), float(g), float(b))


def _tones(scene: Image.Image) -> tuple[Rgb, Rgb, Rgb]:
    """(the mean of the brightest tenth, the mean of all, the mean of the darkest tenth) of a scene."""
    small = np.asarray(scene.convert("RGB").resize((48, 48), Image.Resampling.BOX), dtype=np.float32).reshape(-1, 3)
    luma = small @ np.array([0.299, 0.587, 0.114], np.float32)
    parts = (small[luma >= np.quantile(luma, 0.9)], small, small[luma <= np.quantile(luma, 0.1)])
    light, ambient, dark = ((float(r), float(g), float(b)) for r, g, b in (part.mean(axis=0) for part in parts))
    return light, ambient, dark
