"""What a poster's plan is made of: sheets, rectangles, flat shapes, set words. Measures nothing and draws nothing.

Lengths are plan units: every sheet is 1080 wide. Inks are named after the fields of `palette.Palette`.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from pipelines.lettering import TextBlock

WIDTH = 1080.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A rectangle in plan units, edges inclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Right minus left."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Bottom minus top."""
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        """The middle point."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def corners(self) -> tuple[Point, ...]:
        """The four corners, clockwise from the upper left."""
        return ((self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom))

    def mirrored(self) -> "Rect":
        """The same on the other side of the paper's middle."""
        return Rect(WIDTH - self.right, self.top, WIDTH - self.left, self.bottom)

    def inset(self, x: float, y: float | None = None) -> "Rect":
        """Smaller by x at both sides and by y (else x) above and below."""
        y = x if y is None else y
        return Rect(self.left + x, self.top + y, self.right - x, self.bottom - y)

    def inside(self, other: "Rect") -> bool:
        """Whether this lies within the other."""
        return all(other.left - 0.5 <= x <= other.right + 0.5 for x in (self.left, self.right)) and all(
            other.top - 0.5 <= y <= other.bottom + 0.5 for y in (self.top, self.bottom)
        )


@dataclass(frozen=True)
class Sheet:
    """A paper format: `pixels` (width, height), dots per inch, and where a phone's own buttons cover it (plan units)."""

    pixels: tuple[int, int]
    dpi: int = 150
    safe_top: float = 0.0
    safe_bottom: float = 0.0

    @property
    def height(self) -> float:
        """In plan units."""
        return WIDTH * self.pixels[1] / self.pixels[0]

    @property
    def tall(self) -> bool:
        """Whether there is room above the product."""
        return self.height > WIDTH * 1.15

    @property
    def phone(self) -> bool:
        """Whether it fills a phone's screen, edge to edge."""
        return self.safe_top > 0


FORMATS: dict[str, Sheet] = {
    "1:1": Sheet((1200, 1200)),
    "4:5": Sheet((1200, 1500)),
    "9:16": Sheet((1080, 1920), safe_top=250, safe_bottom=340),
    "a4": Sheet((2480, 3508), dpi=300),
}
"""The sheets by name. The safe zones are the wider ones that Instagram and TikTok name for stories and reels."""


@dataclass(frozen=True)
class Shape:
    """A flat ink: a rectangle, a strip with notched ends, a disc or a burst that fills `box`, turned by `tilt` degrees."""

    kind: Literal["rect", "card", "strip", "disc", "burst", "pattern"]
    box: Rect
    ink: str
    tilt: float = 0.0
    lane: tuple[float, float] | None = None
    """The column that it is set in (left, right): on a mirrored poster it keeps its place within."""

    def mirrored(self) -> "Shape":
        """The same on the other side; it leans the same way."""
        if self.lane is None:
            return replace(self, box=self.box.mirrored())
        shift = _other_side(self.lane)
        box = self.box
        return replace(self, box=Rect(box.left + shift, box.top, box.right + shift, box.bottom), lane=None)


@dataclass(frozen=True)
class Words:
    """A set block of type around `centre`. `ink` is printed on `ground`.

    `style` "cut" gives the letters a thick contour in the ground's ink, so that they read on any picture; its reach
    counts as part of the words.
    """

    name: str
    block: TextBlock
    centre: Point
    ink: str
    ground: str
    tilt: float = 0.0
    align: float = 0.0
    """Lines within the block: 0 left, 0.5 centred, 1 right."""
    style: Literal["plain", "cut"] = "plain"
    lane: tuple[float, float] | None = None
    """As `Shape.lane`."""

    @property
    def reach(self) -> float:
        """How far the contour stands out."""
        return contour(self.block.face.size) if self.style == "cut" else 0.0

    @cached_property
    def corners(self) -> tuple[Point, ...]:
        """The four corners on the paper, contour and tilt included."""
        half_w, half_h = self.block.width / 2 + self.reach, self.block.height / 2 + self.reach
        a = math.radians(self.tilt)
        cos, sin = math.cos(a), math.sin(a)
        (x, y), signs = self.centre, ((-1, -1), (1, -1), (1, 1), (-1, 1))
        return tuple(
            (x + p * half_w * cos - q * half_h * sin, y + p * half_w * sin + q * half_h * cos) for p, q in signs
        )

    @cached_property
    def box(self) -> Rect:
        """The upright rectangle around the corners."""
        xs, ys = zip(*self.corners, strict=True)
        return Rect(min(xs), min(ys), max(xs), max(ys))

    def mirrored(self) -> "Words":
        """The same on the other side of the paper's middle."""
        x = WIDTH - self.centre[0] if self.lane is None else self.centre[0] + _other_side(self.lane)
        return replace(self, centre=(x, self.centre[1]), lane=None)


def _other_side(lane: tuple[float, float]) -> float:
    """How far a column moves when the paper is mirrored."""
    return WIDTH - lane[1] - lane[0]


def contour(size: float) -> float:
    """How far the contour of cut-out letters of a size reaches, drop shade included."""
    return size * 0.15


@dataclass(frozen=True)
class Part:
    """Shapes and the words on them, placed together."""

    shapes: tuple[Shape, ...] = ()
    words: tuple[Words, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        return Part(self.shapes + other.shapes, self.words + other.words)

    @property
    def box(self) -> Rect:
        """The upright rectangle around everything."""
        boxes = [s.box for s in self.shapes] + [w.box for w in self.words]
        return Rect(
            min(b.left for b in boxes),
            min(b.top for b in boxes),
            max(b.right for b in boxes),
            max(b.bottom for b in boxes),
        )

    def mirrored(self) -> "Part":
        """The same on the other side of the paper's middle; a price's parts move together, since they read as one."""
        price = [w.box for w in self.words if _joined(w)]
        shift = WIDTH - max(b.right for b in price) - min(b.left for b in price) if price else 0.0
        return Part(
            tuple(s.mirrored() for s in self.shapes),
            tuple(
                replace(w, centre=(w.centre[0] + shift, w.centre[1])) if _joined(w) else w.mirrored()
                for w in self.words
            ),
        )

    def laned(self, left: float, right: float) -> "Part":
        """The same, set in a column."""
        return Part(
            tuple(replace(s, lane=(left, right)) for s in self.shapes),
            tuple(replace(w, lane=(left, right)) for w in self.words),
        )


def _joined(words: Words) -> bool:
    return words.name.startswith("price") and words.lane is None


@dataclass(frozen=True)
class PosterPlan:
    """A whole layout. `window` is where the scene is printed, `surface` the height at which its surface begins."""

    sheet: Sheet
    layout: str
    window: Rect
    surface: float
    product: Rect | None
    sun: tuple[Point, float] | None
    """The flat disc behind the product: centre and radius."""
    rays: Point | None
    """Where rays over the scene start from, if there are any."""
    part: Part
    mirrored: bool = False

    @property
    def width(self) -> float:
        """Always 1080."""
        return WIDTH

    @property
    def height(self) -> float:
        """In plan units."""
        return self.sheet.height

    @property
    def safe(self) -> Rect:
        """Where words may stand."""
        return Rect(0, self.sheet.safe_top, WIDTH, self.height - self.sheet.safe_bottom)

    def find(self, name: str) -> Words | None:
        """The words of that name, if the poster has them."""
        return next((w for w in self.part.words if w.name == name), None)


def collide(first: tuple[Point, ...], second: tuple[Point, ...], slack: float = 0.5) -> bool:
    """Whether two convex outlines overlap by more than `slack` (separating axes)."""
    for axis in (0, 1):  # most pairs are far apart: their upright boxes tell
        a, b = [p[axis] for p in first], [p[axis] for p in second]
        if max(a) <= min(b) + slack or max(b) <= min(a) + slack:
            return False
    for outline in (first, second):
        for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
            nx, ny = y1 - y0, x0 - x1
            length = math.hypot(nx, ny) or 1.0
            a = [(x * nx + y * ny) / length for x, y in first]
            b = [(x * nx + y * ny) / length for x, y in second]
            if max(a) <= min(b) + slack or max(b) <= min(a) + slack:
                return False
    return True
