"""Where everything on a poster goes, and how large its type is: measured before anything is drawn.

`plan_poster` is a pure function; `poster.py` draws what it says. Lengths are in plan units: the poster is 1080 wide.
"""

import math
from dataclasses import dataclass, replace

from pipelines import lettering
from pipelines.lettering import Face, TextBlock
from pipelines.poster_words import PosterWords

WIDTH = 1080.0
FORMATS = {"1:1": 1.0}
"""Height as a share of the width."""
LAYOUTS = ("hero",)
MARGIN = 54.0
TILT = -3.0
"""Degrees by which headline and ribbon rise."""

HEADLINE_FACE = Face("Lobster-Regular", 1.0)
FIGURE_FACE = Face("LeagueSpartan-Black", 1.0, -0.02)
LABEL_FACE = Face("LeagueSpartan-Black", 1.0, 0.01)
DETAIL_FACE = Face("LeagueSpartan-SemiBold", 1.0, 0.01)
SMALL_FACE = Face("Lato-Bold", 1.0, 0.015)


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
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def mirrored(self) -> "Rect":
        """The same on the other side of the paper's middle."""
        return Rect(WIDTH - self.right, self.top, WIDTH - self.left, self.bottom)

    def overlaps(self, other: "Rect", gap: float = 0.0) -> bool:
        """Whether the two come closer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def inside(self, other: "Rect") -> bool:
        """Whether this lies within the other."""
        return (
            self.left >= other.left - 0.5
            and self.top >= other.top - 0.5
            and self.right <= other.right + 0.5
            and self.bottom <= other.bottom + 0.5
        )


@dataclass(frozen=True)
class Placed:
    """A block of type: `box` holds it whole, tilt included; it is set around the box's middle."""

    block: TextBlock
    box: Rect
    tilt: float = 0.0


@dataclass(frozen=True)
class Badge:
    """The price (or, without a price, the offer): a seal around `centre`."""

    centre: tuple[float, float]
    radius: float
    before: TextBlock
    figure: TextBlock
    decimals: TextBlock | None
    below: TextBlock

    @property
    def box(self) -> Rect:
        """The seal's outer square."""
        (x, y), r = self.centre, self.radius
        return Rect(x - r, y - r, x + r, y + r)


@dataclass(frozen=True)
class PosterPlan:
    """The whole layout. `panel` is the coloured field behind the headline: its lower edge at the left and right."""

    width: float
    height: float
    panel: tuple[float, float]
    foot: Rect
    surface: float
    """Where the scene's surface begins, from the top."""
    product: Rect | None
    headline: Placed
    badge: Badge | None
    ribbon: Placed | None
    name: Placed
    details: Placed | None
    store: Placed | None
    small_print: Placed | None
    mirrored: bool = False
    """The product stands at the left and the words at the right."""

    def words(self) -> dict[str, Rect]:
        """The boxes of everything that is read, by name."""
        named = {
            "headline": self.headline.box,
            "badge": self.badge.box if self.badge else None,
            "ribbon": self.ribbon.box if self.ribbon else None,
            "name": self.name.box,
            "details": self.details.box if self.details else None,
            "store": self.store.box if self.store else None,
            "small_print": self.small_print.box if self.small_print else None,
        }
        return {key: value for key, value in named.items() if value is not None}


def _tilted(width: float, height: float, degrees: float) -> tuple[float, float]:
    a = math.radians(abs(degrees))
    return width * math.cos(a) + height * math.sin(a), width * math.sin(a) + height * math.cos(a)


def _fit_tilted(text: str, face: Face, room: Rect, lines: int, largest: float, leading: float, tilt: float) -> Placed:
    """The largest setting whose tilted box lies in `room`, at its left, centred in its height."""
    # A tilted box is w cos + h sin wide and w sin + h cos high; shrinking the room by the cross terms is always enough.
    a = math.radians(abs(tilt))
    block = lettering.fit_block(text, face, room.width, room.height, max_lines=lines, largest=largest, leading=leading)
    for _ in range(24):
        outer_w, outer_h = _tilted(block.width, block.height, tilt)
        over = max(outer_w / room.width, outer_h / room.height)
        if over <= 1.0:
            break
        smaller = block.face.size * max(0.9, 1 / over) * 0.995
        block = lettering.fit_block(
            text, face, room.width - block.height * math.sin(a), room.height - block.width * math.sin(a) * 0.9,
            max_lines=lines, largest=smaller, leading=leading,
        )  # fmt: skip
    outer_w, outer_h = _tilted(block.width, block.height, tilt)
    top = room.top + (room.height - outer_h) / 2
    return Placed(block, Rect(room.left, top, room.left + outer_w, top + outer_h), tilt)


def _line(text: str, face: Face, left: float, top: float, width: float, height: float, align: float = 0.0) -> Placed:
    """One line whose capitals fill at most `height`, at the left (align 0) or right (1) of the width."""
    size = lettering.fit_size(text, face, width, height)
    block = TextBlock((text,), face.at(size), size)
    x = left + (width - block.width) * align
    return Placed(block, Rect(x, top, x + block.width, top + block.height))


def _product_rect(aspect: float, tall: float, height: float, ground: float, alone: bool) -> Rect:
    """The product's place: as high as its kind allows, at most half the poster wide, right of the middle."""
    high = tall * height
    wide = high * aspect
    if wide > WIDTH * 0.54:
        wide = WIDTH * 0.54
        high = wide / aspect
    centre = WIDTH * (0.66 if alone else 0.735)
    centre = min(centre, WIDTH - MARGIN * 0.8 - wide / 2)
    return Rect(centre - wide / 2, ground - high, centre + wide / 2, ground)


def _share_of_height(aspect: float) -> float:
    """How much of the poster's height a product of this width-to-height ratio fills: slim things stand taller."""
    return min(0.795, max(0.50, 0.93 - 0.72 * aspect))


def _seal(words: PosterWords, room: Rect, largest: float) -> Badge | None:
    radius = min(largest, room.width / 2, room.height / 2)
    centre = (room.left + radius + max(0.0, (room.width - 2 * radius) * 0.42), room.centre[1])
    inner = radius * 0.80
    if words.price:
        before, figure, decimals, below = (
            words.price.before,
            words.price.figure,
            words.price.decimals,
            words.price.below,
        )
    elif words.offer_big:
        before, figure, decimals, below = "", words.offer_big, "", words.offer_rest
    else:
        return None
    chord = inner * 1.84
    cap = inner * 0.74
    share = 0.46
    size = lettering.fit_size(figure, FIGURE_FACE, chord, cap)
    if decimals:
        both = FIGURE_FACE.at(100).width(figure) + (FIGURE_FACE.at(100 * share).width(decimals)) + 4
        size = min(size, 100 * chord / both)
    face = FIGURE_FACE.at(size)
    block = TextBlock((figure,), face, size)
    raised = TextBlock((decimals,), face.at(size * share), size * share) if decimals else None
    small = LABEL_FACE
    above = (
        TextBlock((before,), small.at(lettering.fit_size(before, small, inner * 1.05, inner * 0.20)), 1)
        if before
        else TextBlock((), small, 1)
    )
    under = lettering.fit_block(
        below,
        small,
        inner * 1.18,
        inner * (0.19 if words.price else 0.36),
        max_lines=1 if words.price else 2,
        leading=1.0,
    )
    return Badge(centre, radius, above, block, raised, under)


def plan_poster(
    words: PosterWords, aspect: float | None, *, layout: str = "hero", format: str = "1:1", mirrored: bool = False
) -> PosterPlan:
    """Lays a poster out. `aspect` is the packshot's width over its height, None for a poster without a packshot.

    `mirrored` puts the product at the left and the words at the right.

    Raises ValueError, with the choices, for a layout or format that is not there.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"no poster layout {layout!r}; choose one of: {', '.join(LAYOUTS)}")
    if format not in FORMATS:
        raise ValueError(f"no poster format {format!r}; choose one of: {', '.join(FORMATS)}")
    height = WIDTH * FORMATS[format]
    foot = Rect(0, height - 158, WIDTH, height)
    ground = foot.top - 26
    sealed = bool(words.price or words.offer_big)
    lonely = not sealed and not words.offer
    product = _product_rect(aspect, _share_of_height(aspect), height, ground, lonely) if aspect else None
    panel = (height * 0.335, height * 0.255)
    head = _headline(words.headline, panel, product)
    ribbon, seal_top = None, max(panel[0] + 26, head.box.bottom + 30)
    right = product.left - 30 if product else WIDTH - MARGIN
    if words.offer and (words.price or not words.offer_big):
        room = Rect(MARGIN + 34, seal_top + 16, min(right - 34, MARGIN + 520), seal_top + 16 + 92)
        ribbon = _fit_tilted(words.offer, LABEL_FACE, room, 2, 74, 1.06, TILT)
        seal_top = ribbon.box.bottom + 26
    badge = _seal(words, Rect(MARGIN * 0.8, seal_top, right, foot.top - 22), 186) if sealed else None
    name, details, store, small = _foot(words, foot)
    plan = PosterPlan(
        width=WIDTH, height=height, panel=panel, foot=foot, surface=height * 0.70, product=product, headline=head,
        badge=badge, ribbon=ribbon, name=name, details=details, store=store, small_print=small,
    )  # fmt: skip
    return _mirror(plan) if mirrored else plan


def _mirror(plan: PosterPlan) -> PosterPlan:
    badge = plan.badge
    return replace(
        plan,
        mirrored=True,
        product=plan.product.mirrored() if plan.product else None,
        headline=replace(plan.headline, box=plan.headline.box.mirrored()),
        ribbon=replace(plan.ribbon, box=plan.ribbon.box.mirrored()) if plan.ribbon else None,
        badge=replace(badge, centre=(WIDTH - badge.centre[0], badge.centre[1])) if badge else None,
    )


def _headline(text: str, panel: tuple[float, float], product: Rect | None) -> Placed:
    """Left of the product, or above it across the whole width: whichever sets the words larger."""
    low = panel[1] + 8
    rooms = []
    if product is None or product.top > panel[0] - 40:
        limit = min(panel[0] - 34, product.top - 20 if product else panel[0])
        rooms.append(Rect(MARGIN, 40, WIDTH - MARGIN, min(limit, low)))
    if product is not None:
        rooms.append(Rect(MARGIN, 40, product.left - 26, panel[0] - 52))
    settings = [_fit_tilted(text, HEADLINE_FACE, room, 3, 165, 1.0, TILT) for room in rooms]
    return max(settings, key=lambda s: s.block.face.size)


def _foot(words: PosterWords, foot: Rect) -> tuple[Placed, Placed | None, Placed | None, Placed | None]:
    inner = WIDTH - 2 * MARGIN
    store = None
    left_width = inner
    if words.store:
        store = _line(words.store, DETAIL_FACE, MARGIN + inner * 0.62 + 30, foot.top + 50, inner * 0.38 - 60, 25, 1.0)
        left_width = store.box.left - 60 - MARGIN
    name = _line(words.product, LABEL_FACE, MARGIN, foot.top + 26, left_width, 42)
    details = None
    if words.details:
        details = _line(words.details, DETAIL_FACE, MARGIN, foot.top + 84, left_width, 25)
    small = None
    if words.small_print:
        small = _line(words.small_print, SMALL_FACE, MARGIN, foot.bottom - 31, inner, 13)
    return name, details, store, small
