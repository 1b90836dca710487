"""Sets words into rooms: the largest type that fits, and the parts that every layout shares (price, offer, caption).

Pure functions over measured type; draws nothing. Lengths are plan units (`poster_parts`).
"""

import math
from typing import Literal

from pipelines import lettering
from pipelines.lettering import Face, TextBlock
from pipelines.poster_parts import Part, Rect, Shape, Words, contour
from pipelines.poster_words import PosterWords

SCRIPT_FACE = Face("Lobster-Regular", 1.0)
BLOCK_FACE = Face("LeagueSpartan-Black", 1.0, -0.015)
FIGURE_FACE = Face("LeagueSpartan-Black", 1.0, -0.02)
LABEL_FACE = Face("LeagueSpartan-Black", 1.0, 0.005)
DETAIL_FACE = Face("LeagueSpartan-SemiBold", 1.0, 0.01)
BODY_FACE = Face("Lato-Bold", 1.0, 0.0)
SMALL_FACE = Face("Lato-Bold", 1.0, 0.015)

RAISED = 0.46
"""Size of raised decimals, as a share of the figure's."""
LEAST_BODY = 25.0
"""Smaller text is not read on a poster: then it is left out, whole sentences at a time."""


def fit_words(
    name: str, text: str, face: Face, room: Rect, ink: str, ground: str, *, lines: int = 1, largest: float = 400.0,
    leading: float = 1.02, tilt: float = 0.0, align: float = 0.0, rise: float = 0.5,
    style: Literal["plain", "cut"] = "plain",
) -> Words:  # fmt: skip
    """The largest setting of the text that lies in `room`, contour and tilt included.

    `align` and `rise` say where it stands in room that is left over: 0 left or top, 1 right or bottom.
    """
    a = math.radians(abs(tilt))
    size = largest
    while True:
        edge = contour(size) if style == "cut" else 0.0
        width, height = room.width - 2 * edge, room.height - 2 * edge
        block = lettering.fit_block(
            text, face, max(width, 1), max(height, 1), max_lines=lines, largest=size, leading=leading, gain=1.08
        )
        edge = contour(block.face.size) if style == "cut" else 0.0
        full_w, full_h = block.width + 2 * edge, block.height + 2 * edge
        outer = (full_w * math.cos(a) + full_h * math.sin(a), full_w * math.sin(a) + full_h * math.cos(a))
        over = max(outer[0] / room.width, outer[1] / room.height)
        if over <= 1.0:
            break
        size = min(size, block.face.size) * max(0.8, 0.995 / over)
    x = room.left + outer[0] / 2 + (room.width - outer[0]) * align
    y = room.top + outer[1] / 2 + (room.height - outer[1]) * rise
    return Words(name, block, (x, y), ink, ground, tilt, align, style)


def _at(name: str, block: TextBlock, left: float, top: float, ink: str, ground: str, align: float = 0.5) -> Words:
    return Words(name, block, (left + block.width / 2, top + block.height / 2), ink, ground, 0.0, align)


def _line(text: str, face: Face, size: float) -> TextBlock:
    return TextBlock((text,) if text else (), face.at(size), size)


def product_rect(aspect: float, room: Rect, align: float = 0.5) -> Rect:
    """The largest box of this width-to-height ratio in `room`, standing on its lower edge."""
    height = min(room.height, room.width / aspect)
    width = height * aspect
    left = room.left + (room.width - width) * align
    return Rect(left, room.bottom - height, left + width, room.bottom)


# The price ------------------------------------------------------------------------------------------------------------


def has_figure(words: PosterWords) -> bool:
    """Whether there is something to print large: a price, or an offer with a figure."""
    return words.price is not None or bool(words.offer_big)


def has_strip(words: PosterWords) -> bool:
    """Whether the offer is told in a strip of its own: the badge shows it when there is no price."""
    return bool(words.offer) and (words.price is not None or not words.offer_big)


def _figure_texts(words: PosterWords) -> tuple[str, str, str, str]:
    if words.price:
        return words.price.before, words.price.figure, words.price.decimals, words.price.below
    return "", words.offer_big, "", words.offer_rest


def round_price(
    words: PosterWords, room: Rect, largest: float, *, ink: str = "pop", kind: Literal["disc", "burst"] = "disc",
    align: float = 0.5, rise: float = 0.5,
) -> Part:  # fmt: skip
    """Price (or the offer's figure) in a disc or burst: small words above, the figure, small words below."""
    on = f"on_{ink}"
    before, figure, decimals, below = _figure_texts(words)
    unit = 100.0
    wide = FIGURE_FACE.at(unit).width(figure) + (
        unit * 0.03 + FIGURE_FACE.at(unit * RAISED).width(decimals) if decimals else 0
    )
    cap = FIGURE_FACE.at(unit).cap_height()
    # a long figure widens the shape as far as the room goes
    stretch = min(max(wide / (cap * 2.7), 1.0), 1.7 if kind == "burst" else 1.0)
    across = min(largest * stretch, room.width / 2)
    radius = min(largest, across, room.height / 2)
    across = min(across, radius * stretch)
    centre = (
        room.left + across + (room.width - 2 * across) * align,
        room.top + radius + (room.height - 2 * radius) * rise,
    )
    share = 0.90 if kind == "disc" else 0.80
    inner = radius * share
    size = min(unit * across * share * 1.80 / wide, unit * inner * 0.74 / cap)
    face = FIGURE_FACE.at(size)
    main = _line(figure, face, size)
    raised = _line(decimals, face, size * RAISED)
    above = (
        _line(before, LABEL_FACE, lettering.fit_size(before, LABEL_FACE, inner * 1.0, inner * 0.17)) if before else None
    )
    # words under the figure: one short line for a currency, two for an offer's
    under = (
        lettering.fit_block(
            below,
            LABEL_FACE,
            inner * 1.16,
            inner * (0.17 if words.price else 0.34),
            max_lines=1 if words.price else 2,
            leading=1.05,
        )
        if below
        else None
    )
    gap = inner * 0.10
    blocks = [b for b in (above, main, under) if b is not None]
    y = centre[1] - (sum(b.height for b in blocks) + gap * (len(blocks) - 1)) / 2
    placed: list[Words] = []
    if above is not None:
        placed.append(_at("price_before", above, centre[0] - above.width / 2, y, on, ink))
        y += above.height + gap
    left = centre[0] - (main.width + (size * 0.03 + raised.width if decimals else 0)) / 2
    placed.append(_at("price", main, left, y, on, ink))
    if decimals:
        placed.append(_at("price_decimals", raised, left + main.width + size * 0.03, y + _sink(main, raised), on, ink))
    y += main.height + gap
    if under is not None:
        placed.append(_at("price_below", under, centre[0] - under.width / 2, y, on, ink))
    (x, y0), r = centre, radius
    return Part((Shape(kind, Rect(x - across, y0 - r, x + across, y0 + r), ink),), tuple(placed))


def _sink(main: TextBlock, raised: TextBlock) -> float:
    """How far under the figure's top the decimals start: the peso sign reaches over the digits, which they line up with."""
    digits = -main.face.bounds("0")[1]
    return max(0.0, -main.face.bounds(main.lines[0])[1] - digits) if raised.lines else 0.0


def flat_price(words: PosterWords, room: Rect, *, ink: str = "pop", align: float = 0.5, rise: float = 0.5) -> Part:
    """Price (or the offer's figure) set as large as the room allows, with decimals and currency stacked at its right."""
    on = f"on_{ink}"
    before, figure, decimals, below = _figure_texts(words)
    unit = 100.0
    main = _line(figure, FIGURE_FACE, unit)
    raised = _line(decimals, FIGURE_FACE, unit * RAISED)
    beside = bool(words.price)
    side = _line(below, LABEL_FACE, unit * 0.24) if beside else _line("", LABEL_FACE, 1)
    gap = unit * 0.04
    column = max(raised.width, side.width)
    wide = main.width + (gap + column if column else 0)
    above = _line(
        before, LABEL_FACE, min(unit * 0.27, lettering.fit_size(before, LABEL_FACE, wide, unit)) if before else 1
    )
    under = (
        lettering.fit_block(
            below, LABEL_FACE, max(wide, unit * 2.2), unit * 0.7, max_lines=2, largest=unit * 0.3, leading=1.05
        )
        if below and not beside
        else _line("", LABEL_FACE, 1)
    )
    space = unit * 0.16
    rows = [b for b in (above, main, under) if b.lines]
    high = sum(b.height for b in rows) + space * (len(rows) - 1)
    wide = max(wide, above.width, under.width)
    scale = min(room.width / wide, room.height / high)
    wide, high = wide * scale, high * scale
    x, y = room.left + (room.width - wide) * align, room.top + (room.height - high) * rise
    placed: list[Words] = []

    def put(name: str, block: TextBlock, left: float, top: float) -> None:
        grown = TextBlock(block.lines, block.face.at(block.face.size * scale), block.leading * scale)
        placed.append(_at(name, grown, left, top, on, ink, 0.0))

    if above.lines:
        put("price_before", above, x, y)
        y += (above.height + space) * scale
    put("price", main, x, y)
    left = x + (main.width + gap) * scale
    base = y + -main.face.bounds(figure)[1] * scale
    if decimals:
        put("price_decimals", raised, left, y + _sink(main, raised) * scale)
    if side.lines:
        put("price_below", side, left, base - side.height * scale)
    if under.lines:
        put("price_below", under, x, y + (main.height + space) * scale)
    return Part((), tuple(placed))


def price_badge(words: PosterWords, room: Rect, largest: float, *, align: float = 0.5, rise: float = 0.5) -> Part:
    """A disc for a short figure, a card for a long one: whichever prints the figure larger."""
    disc = round_price(words, room, largest, align=align, rise=rise)
    pad = min(room.width * 0.06, 34.0)
    inner = Rect(room.left, room.top, min(room.right, room.left + largest * 2.5), room.bottom).inset(pad)
    card = flat_price(words, Rect(inner.left, inner.top, inner.right, min(inner.bottom, inner.top + largest * 1.5)))
    if _figure_size(card) < _figure_size(disc) * 1.12:
        return disc
    box = card.box
    dx = room.left + pad + (room.width - 2 * pad - box.width) * align - box.left
    dy = room.top + pad + (room.height - 2 * pad - box.height) * rise - box.top
    moved = tuple(
        Words(w.name, w.block, (w.centre[0] + dx, w.centre[1] + dy), w.ink, w.ground, w.tilt, w.align)
        for w in card.words
    )
    outer = Part((), moved).box.inset(-pad)
    return Part((Shape("card", outer, "pop"),), moved)


def _figure_size(part: Part) -> float:
    return next(w.block.face.size for w in part.words if w.name == "price")


def offer_strip(
    words: PosterWords,
    room: Rect,
    *,
    largest: float = 66.0,
    tilt: float = 0.0,
    align: float = 0.0,
    rise: float = 0.0,
    ink: str = "deep",
) -> Part:
    """The offer on a strip, of the deep ink or of bare paper."""
    on = "brand_on_paper" if ink == "paper" else f"on_{ink}"
    inner = room.inset(30, 17)
    placed = fit_words(
        "offer", words.offer, LABEL_FACE, inner, on, ink, lines=3, largest=largest, leading=1.12, tilt=tilt, align=align, rise=rise,
    )  # fmt: skip
    (x, y), w, h = placed.centre, placed.block.width / 2 + 30, placed.block.height / 2 + 17
    return Part((Shape("strip", Rect(x - w, y - h, x + w, y + h), ink, tilt),), (placed,))


# The caption ----------------------------------------------------------------------------------------------------------


def caption(words: PosterWords, room: Rect, *, ground: str = "paper") -> Part:
    """Product, pack line, store, term and conditions, on paper at the poster's foot."""
    shapes: list[Shape] = []
    placed: list[Words] = []
    small_h = 0.0
    if words.small_print:
        small = fit_words(
            "small_print", words.small_print, SMALL_FACE, Rect(room.left, room.bottom - 42, room.right, room.bottom),
            "key", ground, lines=2, largest=17.5, leading=1.2, rise=1.0,
        )  # fmt: skip
        placed.append(small)
        small_h = small.block.height + 14
    upper = Rect(room.left, room.top, room.right, room.bottom - small_h)
    right = upper.right
    if words.store:
        pill = Rect(upper.left + upper.width * 0.60, upper.top + 4, upper.right, upper.bottom - 4)
        store = fit_words(
            "store", words.store, DETAIL_FACE, pill.inset(24, 15), "on_deep", "deep", lines=3, largest=33,
            leading=1.14, align=1.0,
        )  # fmt: skip
        (x, y), w, h = store.centre, store.block.width / 2 + 24, store.block.height / 2 + 15
        shapes.append(Shape("card", Rect(x - w, y - h, x + w, y + h), "deep"))
        placed.append(Words("store", store.block, store.centre, store.ink, store.ground, 0.0, 0.5))
        right = x - w - 30
    share = 0.60 if words.details else 1.0
    name_room = Rect(upper.left, upper.top, right, upper.top + upper.height * share - (8 if words.details else 0))
    name = fit_words(
        "name", words.product, LABEL_FACE, name_room, "brand_on_paper", ground, lines=2, largest=60, leading=1.0,
        rise=1.0 if words.details else 0.5,
    )  # fmt: skip
    placed.append(name)
    if words.details:
        placed.append(
            fit_words(
                "details",
                words.details,
                DETAIL_FACE,
                Rect(upper.left, upper.top + upper.height * share + 6, right, upper.bottom),
                "key",
                ground,
                lines=2,
                largest=31,
                leading=1.14,
                rise=0.0,
            )
        )
    return Part(tuple(shapes), tuple(placed))


# Running text ---------------------------------------------------------------------------------------------------------


def fit_body(sentences: tuple[str, ...], room: Rect, ink: str, ground: str, *, largest: float = 44.0) -> Words | None:
    """As many whole sentences as can be read in `room`, from the first on; None when not even the first fits."""
    for count in range(len(sentences), 0, -1):
        text = " ".join(sentences[:count])
        for size in (largest, *(s for s in (40.0, 36.0, 33.0, 30.0, 27.5, LEAST_BODY) if s < largest)):
            face = BODY_FACE.at(size)
            lines = _wrapped(text, face, room.width)
            block = TextBlock(tuple(lines), face, size * 1.3)
            if block.width <= room.width and block.height <= room.height:
                return Words("body", block, (room.left + block.width / 2, room.top + block.height / 2), ink, ground)
    return None


def _wrapped(text: str, face: Face, width: float) -> list[str]:
    """As few lines as the width allows, evened out so that no word is left alone."""
    count, line = 1, ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and face.width(longer) > width:
            count, line = count + 1, word
        else:
            line = longer
    return lettering.balance(text, count, face)
