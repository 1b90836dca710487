"""The inks of the drawn products: shade and light of one colour, as a screen printer would mix them. Draws nothing."""

from dataclasses import dataclass

from pipelines import draw
from pipelines.draw import Colour, Rgb

DUSK, SUN = "#1C0F3B", "#FFF8E6"
"""What shade and light are mixed from: a violet and a warm white, as in the scenes."""


@dataclass(frozen=True)
class Tones:
    """The inks that one colour is printed with, darkest first."""

    deep: Rgb
    shade: Rgb
    base: Rgb
    light: Rgb
    pale: Rgb


def luma(colour: Colour) -> float:
    """How light a colour is, 0 to 255 (Rec. 601)."""
    r, g, b = draw.rgb(colour)
    return 0.299 * r + 0.587 * g + 0.114 * b


def tones(colour: Colour) -> Tones:
    """Darker ones lean to violet, lighter ones to warm white; a pale colour is shaded less, a dark one lit less."""
    lift = 0.12 + 0.26 * luma(colour) / 255
    depth = 0.34 - 0.14 * luma(colour) / 255
    return Tones(
        draw.mix(colour, DUSK, depth * 1.75),
        draw.mix(colour, DUSK, depth),
        draw.rgb(colour),
        draw.mix(colour, SUN, lift),
        draw.mix(colour, SUN, lift + 0.32),
    )
