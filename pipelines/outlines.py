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
    (192, 18.6, 2.85),
    (235, 19.4, 2.98),
    (355, 21.8, 3.25),
    (500, 24.4, 3.6),
    (1000, 30.0, 4.5),
    (1250, 31.6, 4.8),
    (2000, 35.6, 5.6),
)
PLASTIC: Measures = (
    (200, 15.6, 2.6),
    (355, 19.0, 3.0),
    (600, 23.2, 3.4),
    (1000, 28.2, 4.15),
    (1500, 31.4, 4.7),
    (2000, 33.6, 5.35),
    (3000, 37.0, 6.3),
    (5000, 38.0, 8.2),
)
CAN: Measures = (
    (200, 11.6, 2.65),
    (250, 13.2, 2.65),
    (251, 12.2, 3.3),
    (355, 12.2, 3.3),
    (473, 15.7, 3.3),
    (680, 19.0, 3.6),
)
CARTON: Measures = ((200, 13.6, 2.4), (250, 14.8, 2.5), (500, 17.4, 3.2), (1000, 23.4, 3.65), (2000, 27.0, 4.8))


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
}  # fmt: skip


def bottle(material: str, shape: str, millilitres: float) -> Outline:
    """A bottle of `material` (glass, plastic). `shape` is a catalogue shape; one that the material has not is straight."""
    if material == "plastic" and millilitres >= 4000:
        shape = "jug"
    key = f"{material} {shape}" if f"{material} {shape}" in _BODIES else f"{material} straight"
    body, label = _BODIES[key]
    height, radius = measures(GLASS if material == "glass" else PLASTIC, millilitres)
    if shape == "slender":
        height, radius = height * 1.05, radius * 0.955
    if shape in ("sport", "jug"):
        height, radius = height * 0.95, radius * 1.06
    wide = shape in ("sport", "jug")
    neck = min((1.3 if material == "glass" else 1.42) * (1.25 if wide else 1.0) * max(1.0, radius / 6.0), radius * 0.62)
    cap = {"sport": 3.1, "jug": 1.9}.get(shape, 0.75 if material == "glass" else 1.6)
    top = cap + (0.5 if material == "glass" else 0.55)
    span = height - top
    profile = [(max(0.12 * cap, cap - 1.4), neck * 0.95), (cap, neck), (top, neck)]
    profile += [(top + share * span, max(neck, r * radius)) for share, r in body]
    flutes: tuple[tuple[float, float], ...] = ()
    if shape == "contour":
        flutes = ((top + 0.14 * span, top + 0.36 * span), (top + 0.61 * span, top + 0.93 * span))
    elif key == "glass slender":
        flutes = ()
    ribs: tuple[float, ...] = ()
    if key == "plastic grip":
        ribs = tuple(top + span * s for s in (0.655, 0.695, 0.735, 0.775))
    elif key in ("plastic straight", "plastic slender"):
        ribs = tuple(top + span * s for s in (0.71, 0.76, 0.81, 0.86))
    elif key == "plastic sport":
        ribs = tuple(top + span * s for s in (0.31, 0.35, 0.39))
    fill = top + span * (0.045 if material == "glass" else 0.05)
    return Outline(
        height, radius, tuple(profile), (top + label[0] * span, top + label[1] * span), fill, neck, cap, flutes, ribs
    )


def can(millilitres: float) -> Outline:
    """A drinks can: mini or sleek up to 250 ml, standard 355 ml, tall from 473 ml."""
    height, radius = measures(CAN, millilitres)
    neck = min(radius * 0.84, 2.62)
    shoulder = 1.05 if radius > 2.8 else 0.75
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
    return Outline(height, radius, profile, (0.34, height - 0.42), 0.0, neck, 0.0)


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
