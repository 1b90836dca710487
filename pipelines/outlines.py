"""The shapes of bottles, cans and cartons in centimetres: heights, radii, profiles, where the label sits.

Pure geometry; knows no colours and draws nothing. Measures are those of usual drinks packagings: a bottle's neck keeps
its width however large the body is, so that a 3 L bottle looks large and a 355 ml one small.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Measures = Sequence[tuple[float, float, float]]
"""Millilitres, height and radius (half the width) in cm."""

GLASS: Measures = (
    (192, 19.0, 2.78),
    (235, 20.0, 2.95),
    (355, 23.0, 3.12),
    (500, 25.2, 3.5),
    (600, 26.4, 3.68),
    (1000, 30.2, 4.4),
    (1250, 31.8, 4.75),
    (2000, 35.6, 5.6),
)
PLASTIC: Measures = (
    (200, 14.4, 2.6),
    (250, 15.6, 2.75),
    (355, 18.2, 3.0),
    (500, 21.4, 3.25),
    (600, 23.0, 3.4),
    (1000, 27.6, 4.1),
    (1500, 31.0, 4.65),
    (2000, 33.2, 5.25),
    (2500, 34.8, 5.75),
    (3000, 36.4, 6.2),
)
JUG: Measures = (
    (946, 24.0, 4.5),
    (1890, 27.5, 5.8),
    (3785, 31.0, 7.4),
    (5000, 33.0, 8.2),
    (10_000, 39.0, 10.6),
    (20_000, 49.0, 13.4),
)
"""Wide bodies from 4 L on: the household jug and the 20 L bottle of a water cooler."""
COOLER_ML = 8000
CAN: Measures = ((355, 12.2, 3.3), (473, 15.7, 3.3), (500, 16.8, 3.3), (680, 19.0, 3.6))
SLEEK_CAN: Measures = ((310, 14.0, 2.87), (330, 14.6, 2.87), (355, 15.6, 2.87))
SLIM_CAN: Measures = ((150, 9.0, 2.65), (200, 11.5, 2.65), (235, 13.0, 2.65), (250, 13.5, 2.65))
CARTON: Measures = (
    (180, 13.0, 2.3),
    (200, 13.6, 2.4),
    (250, 14.8, 2.5),
    (251, 12.6, 2.85),
    (500, 16.6, 3.5),
    (1000, 23.4, 3.65),
    (2000, 26.8, 4.75),
)
"""Bricks with their straw up to 250 ml; above them gable-tops on a 7 cm or, from 1.5 L, a 9.5 cm foot."""


def measures(table: Measures, millilitres: float) -> tuple[float, float]:
    """Height and radius in cm for a volume, between the table's rows; beyond them scaled by the cube root."""
    first, last = table[0], table[-1]
    if millilitres <= first[0] or millilitres >= last[0]:
        ml, height, radius = first if millilitres <= first[0] else last
        grown = (max(millilitres, 1.0) / ml) ** (1 / 3)
        return height * grown, radius * grown
    logs = [math.log(row[0]) for row in table]
    at = math.log(millilitres)
    return float(np.interp(at, logs, [r[1] for r in table])), float(np.interp(at, logs, [r[2] for r in table]))


@dataclass(frozen=True)
class Outline:
    """A round body. `profile` holds (y from the top, radius), both in cm, downwards; the axis is x = 0."""

    height: float
    radius: float
    profile: tuple[tuple[float, float], ...]
    label: tuple[float, float]
    """Where the label starts and ends, cm from the top."""
    fill: float
    """Where the liquid stands, cm from the top."""
    neck: float
    """The neck's radius."""
    cap: float
    """How far the cap reaches down."""
    flutes: tuple[tuple[float, float], ...] = ()
    """Stretches with vertical ribs, cm from the top."""
    ribs: tuple[float, ...] = ()
    """Heights of horizontal grooves, cm from the top."""
    wall: tuple[float, float] = (0.0, 0.0)
    """A can's straight part, cm from the top."""

    def radii(self, y: np.ndarray) -> np.ndarray:
        """The radius at heights `y` (any shape), in cm: monotone cubic between the profile's points, so no bumps."""
        return _monotone(np.array([p[0] for p in self.profile]), np.array([p[1] for p in self.profile]), y)

    def radius_at(self, y: float) -> float:
        """The radius at one height."""
        return float(self.radii(np.array([y]))[0])

    def edge(self, side: float, top: float, bottom: float, steps: int = 240) -> list[tuple[float, float]]:
        """Points down the body at `side` (-1 left edge, 0 axis, 1 right edge) of its radius."""
        ys = np.linspace(top, bottom, steps)
        return [(float(r * side), float(y)) for r, y in zip(self.radii(ys), ys, strict=True)]


def _monotone(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Cubic Hermite interpolation with Fritsch and Carlson's slopes (SIAM J. Numer. Anal. 17, 1980)."""
    h = np.diff(x)
    delta = np.diff(y) / h
    slope = np.zeros_like(y)
    same = delta[:-1] * delta[1:] > 0
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope[1:-1] = np.where(same, (w1 + w2) / (w1 / delta[:-1] + w2 / delta[1:]), 0.0)
    slope[0], slope[-1] = delta[0], delta[-1]
    at = np.clip(at, x[0], x[-1])
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(h) - 1)
    t = (at - x[i]) / h[i]
    return (
        (2 * t**3 - 3 * t**2 + 1) * y[i]
        + (t**3 - 2 * t**2 + t) * h[i] * slope[i]
        + (-2 * t**3 + 3 * t**2) * y[i + 1]
        + (t**3 - t**2) * h[i] * slope[i + 1]
    )


_BODIES: dict[str, tuple[tuple[tuple[float, float], ...], tuple[float, float]]] = {
    # (share of the height below the neck, share of the radius), then the label's stretch
    "glass contour": (
        ((0.08, 0.0), (0.16, 0.42), (0.24, 0.60), (0.32, 0.83), (0.40, 0.98), (0.45, 1.0), (0.53, 0.97), (0.61, 0.86),
         (0.675, 0.815), (0.76, 0.87), (0.86, 0.965), (0.93, 0.96), (0.975, 0.91), (1.0, 0.83)),
        (0.385, 0.575),
    ),
    "glass slender": (
        ((0.20, 0.0), (0.27, 0.44), (0.34, 0.68), (0.41, 0.92), (0.46, 1.0), (0.55, 1.0), (0.95, 1.0), (0.985, 0.95),
         (1.0, 0.88)),
        (0.50, 0.83),
    ),
    "glass straight": (
        ((0.13, 0.0), (0.20, 0.44), (0.28, 0.72), (0.34, 0.93), (0.39, 1.0), (0.44, 0.98), (0.47, 0.955), (0.84, 0.955),
         (0.87, 0.98), (0.91, 1.0), (0.95, 1.0), (0.985, 0.95), (1.0, 0.88)),
        (0.485, 0.825),
    ),
    "plastic contour": (
        ((0.04, 0.0), (0.10, 0.50), (0.17, 0.72), (0.25, 0.90), (0.33, 0.99), (0.37, 1.0), (0.40, 0.985), (0.585, 0.985),
         (0.61, 0.99), (0.66, 0.90), (0.70, 0.88), (0.76, 0.93), (0.83, 1.0), (0.91, 1.0), (0.965, 0.93), (1.0, 0.78)),
        (0.395, 0.59),
    ),
    "plastic straight": (
        ((0.03, 0.0), (0.09, 0.52), (0.16, 0.78), (0.23, 0.94), (0.30, 1.0), (0.34, 0.985), (0.62, 0.985), (0.66, 1.0),
         (0.92, 1.0), (0.97, 0.93), (1.0, 0.79)),
        (0.335, 0.625),
    ),
    "plastic slender": (
        ((0.05, 0.0), (0.13, 0.46), (0.22, 0.72), (0.31, 0.92), (0.38, 1.0), (0.42, 0.975), (0.66, 0.975), (0.70, 1.0),
         (0.93, 1.0), (0.97, 0.94), (1.0, 0.82)),
        (0.42, 0.66),
    ),
    "plastic grip": (
        ((0.03, 0.0), (0.09, 0.52), (0.17, 0.82), (0.25, 0.98), (0.30, 1.0), (0.335, 0.98), (0.57, 0.98), (0.605, 0.99),
         (0.67, 0.885), (0.745, 0.875), (0.82, 0.98), (0.86, 1.0), (0.93, 1.0), (0.97, 0.93), (1.0, 0.80)),
        (0.335, 0.58),
    ),
    "plastic sport": (
        ((0.02, 0.0), (0.05, 0.62), (0.10, 0.86), (0.17, 0.99), (0.23, 1.0), (0.29, 0.90), (0.35, 0.865), (0.41, 0.92),
         (0.46, 1.0), (0.50, 0.985), (0.80, 0.985), (0.84, 1.0), (0.94, 1.0), (0.98, 0.94), (1.0, 0.86)),
        (0.50, 0.80),
    ),
    "plastic jug": (
        ((0.02, 0.0), (0.07, 0.60), (0.14, 0.86), (0.21, 0.97), (0.28, 1.0), (0.32, 0.985), (0.80, 0.985), (0.84, 1.0),
         (0.95, 1.0), (0.985, 0.95), (1.0, 0.87)),
        (0.32, 0.80),
    ),
    "plastic cooler": (
        ((0.015, 0.0), (0.05, 0.40), (0.11, 0.72), (0.18, 0.94), (0.24, 1.0), (0.29, 0.99), (0.33, 0.955), (0.38, 1.0),
         (0.70, 1.0), (0.745, 0.96), (0.775, 0.995), (0.81, 0.96), (0.85, 1.0), (0.94, 1.0), (0.985, 0.96), (1.0, 0.88)),
        (0.415, 0.685),
    ),
}  # fmt: skip


def bottle(material: str, shape: str, millilitres: float) -> Outline:
    """A bottle of `material` (glass, plastic). `shape` is a catalogue shape; one that the material has not is straight."""
    large = material == "plastic" and millilitres >= 4000
    if large:
        shape = "cooler" if millilitres >= COOLER_ML else "jug"
    key = f"{material} {shape}" if f"{material} {shape}" in _BODIES else f"{material} straight"
    body, label = _BODIES[key]
    height, radius = measures(JUG if large else GLASS if material == "glass" else PLASTIC, millilitres)
    if shape == "slender":
        height, radius = height * 1.05, radius * 0.955
    if shape in ("sport", "jug") and not large:
        height, radius = height * 0.95, radius * 1.06
    if material == "plastic" and millilitres > 1000:
        # A hand reaches round a small bottle's waist; a large one is pinched less and keeps its volume.
        calm = min(0.55, (millilitres - 1000) / 3000)
        body = tuple((s, r + (1 - r) * calm if 0.4 < s < 0.9 else r) for s, r in body)
    wide = shape in ("sport", "jug")
    neck = min((1.3 if material == "glass" else 1.42) * (1.25 if wide else 1.0) * max(1.0, radius / 6.0), radius * 0.62)
    if shape == "cooler":
        neck = 2.75
    cap = {"sport": 3.1, "jug": 1.9, "cooler": 2.2}.get(
        shape if material == "plastic" else "", 0.75 if material == "glass" else 1.6
    )
    top = cap + (0.5 if material == "glass" else 0.55)
    span = height - top
    profile = [(max(0.12 * cap, cap - 1.4), neck * 0.95), (cap, neck), (top, neck)]
    profile += [(top + share * span, max(neck, r * radius)) for share, r in body]
    flutes: tuple[tuple[float, float], ...] = ()
    if shape == "contour":
        flutes = ((top + 0.14 * span, top + 0.36 * span), (top + 0.61 * span, top + 0.93 * span))
    ribs: tuple[float, ...] = ()
    if key == "plastic grip":
        ribs = tuple(top + span * s for s in (0.655, 0.695, 0.735, 0.775))
    elif key in ("plastic straight", "plastic slender"):
        ribs = tuple(top + span * s for s in (0.71, 0.76, 0.81, 0.86))
    elif key == "plastic cooler":
        ribs = tuple(top + span * s for s in (0.30, 0.355, 0.74, 0.80))
    elif key == "plastic sport":
        ribs = tuple(top + span * s for s in (0.31, 0.35, 0.39))
    fill = top + span * (0.045 if material == "glass" else 0.05)
    return Outline(
        height, radius, tuple(profile), (top + label[0] * span, top + label[1] * span), fill, neck, cap, flutes, ribs
    )


def can(millilitres: float, sleek: bool = False) -> Outline:
    """A drinks can: slim up to 270 ml, sleek below 350 ml or when asked for up to 360 ml, else of standard width."""
    if millilitres <= 270:
        table = SLIM_CAN
    elif millilitres < 350 or (sleek and millilitres <= 360):
        table = SLEEK_CAN
    else:
        table = CAN
    height, radius = measures(table, millilitres)
    neck = min(radius * 0.84 if radius > 3 else radius * 0.90, 2.62)
    shoulder = 1.05 if radius > 3 else 0.85
    profile = (
        (0.0, neck),
        (0.16, neck * 1.012),
        (0.26, neck * 0.985),
        (shoulder * 0.72, radius * 0.965),
        (shoulder, radius),
        (height - 0.85, radius),
        (height - 0.4, radius * 0.955),
        (height - 0.12, neck * 0.97),
        (height, neck * 0.93),
    )
    return Outline(height, radius, profile, (0.34, height - 0.42), 0.0, neck, 0.0, wall=(shoulder, height - 0.85))


@dataclass(frozen=True)
class Box:
    """A carton: front and side in cm. `gable` is the height of the sloping top, 0 for a brick."""

    width: float
    depth: float
    height: float
    gable: float
    straw: bool


def carton(millilitres: float) -> Box:
    """A brick with a straw up to 250 ml, a gable-top carton with a screw cap above."""
    height, half = measures(CARTON, millilitres)
    small = millilitres <= 250
    return Box(half * 2, half * (1.5 if small else 1.9), height, 0.0 if small else height * 0.17, small)
