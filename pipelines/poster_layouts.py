"""The four layouts: where scene, product and words stand on a sheet. Pure functions, measured before anything is drawn.

Each layout knows two situations: words beside the product, and words above it where a wide pack needs the sheet's whole
width. Lengths are plan units (`poster_parts`). Products stand right of the middle; `poster_plan` mirrors.
"""

from pipelines import poster_fit as fit
from pipelines.poster_parts import WIDTH, Part, PosterPlan, Rect, Shape, Sheet, Words
from pipelines.poster_words import PosterWords

MARGIN = 30.0
"""Unprinted paper around the picture."""
GUTTER = 14.0
TILT = -3.0
"""Degrees by which lettering rises, as a sign painter's does."""
WIDE = 0.85
"""Width over height from which a product is set under the words on a tall sheet."""


def caption_room(sheet: Sheet) -> Rect:
    """Where product, store and small print stand: the same on every layout of a sheet."""
    if sheet.phone:
        foot = sheet.height - sheet.safe_bottom
        return Rect(66, foot - 158, WIDTH - 66, foot - 20)
    high = 128.0 if not sheet.tall else 140.0
    return Rect(MARGIN + 14, sheet.height - 24 - high, WIDTH - MARGIN - 14, sheet.height - 24)


def _stage(sheet: Sheet) -> Rect:
    """The room above the caption that pictures and fields share."""
    foot = caption_room(sheet)
    if sheet.phone:
        return Rect(0, 0, WIDTH, foot.top - 34)
    return Rect(MARGIN, MARGIN, WIDTH - MARGIN, foot.top - 22)


def _surface(window: Rect, ground: float) -> float:
    """Where the scene's surface begins: some of it shows behind the product's foot."""
    return ground - min(0.19 * window.height, 190.0)


def _largest(choices: list[Words]) -> Words:
    return max(choices, key=lambda w: w.block.face.size)


def hero(words: PosterWords, aspect: float | None, sheet: Sheet) -> PosterPlan:
    """The place fills the sheet; the product stands in it before a flat sun, with lettering and price beside it."""
    stage = _stage(sheet)
    window = Rect(0, 0, WIDTH, sheet.height) if sheet.phone else stage
    ground = stage.bottom - (8 if sheet.phone else 36)
    top = max(stage.top + 26, sheet.safe_top + 14)
    stacked = aspect is not None and aspect > WIDE and sheet.tall
    figure = fit.has_figure(words)
    product = None
    left, right = 66.0, WIDTH - 66.0
    if aspect is not None:
        if stacked:
            product = fit.product_rect(aspect, Rect(110, ground - 0.42 * (ground - top), WIDTH - 110, ground))
        else:
            high = (0.95 if not sheet.tall else 0.90 if sheet.phone else 0.80) * (ground - top)
            room = Rect(WIDTH * 0.47, ground - high, WIDTH - MARGIN - 44, ground)
            product = fit.product_rect(aspect, room, 0.5 if aspect > 0.5 else 0.42)
    headroom = ground - (0.30 if sheet.tall else 0.56) * (ground - top)
    rooms = []
    if product is not None and not stacked:
        rooms.append(Rect(left - 14, top, product.left - 22, top + (0.40 if sheet.tall else 0.46) * (ground - top)))
    if product is None or product.top - top > 110:
        low = min(headroom, (product.top if product else top + 0.36 * (ground - top)) - 18)
        if stacked and product is not None:
            low = top + (product.top - top) * (0.44 if figure else 0.6 if fit.has_strip(words) else 0.96)
        rooms.append(Rect(left - 14, top, right + 14, max(low, top + 90)))
    head = _largest(
        [
            fit.fit_words(
                "headline",
                words.headline,
                fit.SCRIPT_FACE,
                room,
                "on_brand",
                "brand",
                lines=4,
                largest=190,
                leading=0.98,
                tilt=TILT,
                style="cut",
                align=0.5 if stacked else 0.0,
                rise=0.0,
            )
            for room in rooms
        ]
    )
    part = Part((), (head,))
    beside = product.left - 26 if product and not stacked else right
    below = head.box.bottom + 26
    floor = (product.top - 20) if stacked and product else ground + 10
    if product is None:
        below, beside = max(below, ground - 0.44 * (ground - top)), WIDTH * 0.52
    part += _offer_and_price(words, Rect(left - 10, below, beside, floor), 262 if sheet.tall else 214)
    sun = None
    if product is not None:
        radius = min(max(product.height * 0.40, product.width * 0.64), 0.36 * WIDTH)
        sun = ((product.centre[0], product.top + product.height * 0.44), radius)
    return PosterPlan(sheet, "hero", window, _surface(window, ground), product, sun, None, part)


def _offer_and_price(words: PosterWords, room: Rect, largest: float) -> Part:
    """The offer's strip over the price's badge, in the middle of the room."""
    part = Part()
    figure = fit.has_figure(words)
    if fit.has_strip(words):
        high = room.height * (0.34 if figure else 0.8)
        part += fit.offer_strip(
            words, Rect(room.left, room.top, room.right, room.top + min(high, 190)), tilt=TILT, align=0.5
        )
        room = Rect(room.left, part.box.bottom + 14, room.right, room.bottom)
    if figure:
        part += fit.price_badge(words, room, largest, rise=0.45)
    return part


def burst(words: PosterWords, aspect: float | None, sheet: Sheet) -> PosterPlan:
    """The price in a burst as large as the sheet allows, rays over the place, the product in front."""
    stage = _stage(sheet)
    window = Rect(0, 0, WIDTH, sheet.height) if sheet.phone else stage
    ground = stage.bottom - (8 if sheet.phone else 36)
    top = max(stage.top + 26, sheet.safe_top + 14)
    stacked = aspect is not None and aspect > WIDE and sheet.tall
    span = ground - top
    figure = fit.has_figure(words)
    head_h = (0.21 if sheet.tall else 0.25) * span if figure else 0.40 * span
    head = fit.fit_words(
        "headline", words.headline, fit.BLOCK_FACE, Rect(52, top, WIDTH - 52, top + head_h), "on_brand", "brand", lines=3,
        largest=150, leading=0.98, tilt=TILT * 0.6, style="cut", align=0.5, rise=0.0,
    )  # fmt: skip
    below = head.box.bottom + 14
    product = None
    left, right = 46.0, WIDTH - 46.0
    if aspect is not None:
        if stacked:
            product = fit.product_rect(aspect, Rect(110, ground - 0.40 * span, WIDTH - 110, ground))
        else:
            room = Rect(WIDTH * 0.60, max(below, ground - 0.82 * span), WIDTH - MARGIN - 30, ground)
            product = fit.product_rect(aspect, room, 0.5)
            if aspect <= 0.5:
                right = product.left + 34
            else:
                right = product.left + 6
    part = Part((), (head,))
    floor = product.top - 16 if stacked and product else ground + 16
    strip = Part()
    if fit.has_strip(words):
        strip_room = Rect(
            left + 6, floor - 150, min(right - 34, product.left - 20 if product and not stacked else right), floor - 12
        )
        strip = fit.offer_strip(words, strip_room, tilt=TILT, align=0.5, rise=1.0, largest=60)
        floor = strip.box.top - 6
    centre: tuple[float, float] = (WIDTH * 0.36, (below + floor) / 2)
    if figure:
        room = Rect(left, below, right, floor)
        price = fit.round_price(words, room, 350, kind="burst", align=0.5, rise=0.5)
        if product is not None and not stacked:
            price = _clear_of(words, price, room, product)
        centre = price.shapes[0].box.centre
        part += price
    part += strip
    return PosterPlan(sheet, "burst", window, _surface(window, ground), product, None, centre, part)


def _clear_of(words: PosterWords, price: Part, room: Rect, product: Rect) -> Part:
    """The burst again, smaller, until its words keep away from the product that may cover its points."""
    while Part((), price.words).box.right > product.left - 10 and room.width > 120:
        room = Rect(room.left, room.top, room.right - 12, room.bottom)
        price = fit.round_price(words, room, 350, kind="burst", align=0.5, rise=0.5)
    return price


def split(words: PosterWords, aspect: float | None, sheet: Sheet) -> PosterPlan:
    """Flat fields of ink, kept apart by paper: headline, price and place each have their own."""
    stage = _stage(sheet)
    area = Rect(MARGIN, MARGIN, WIDTH - MARGIN, stage.bottom)
    figure = fit.has_figure(words)
    rows = sheet.tall and aspect is not None and aspect > WIDE
    if rows:
        cut = area.top + area.height * 0.56
        window = Rect(area.left, area.top, area.right, cut)
        lower = Rect(area.left, cut + GUTTER, area.right, area.bottom)
        middle = lower.left + lower.width * (0.56 if figure else 1.0)
        brand = Rect(lower.left, lower.top, middle - (GUTTER / 2 if figure else 0), lower.bottom)
        pop = Rect(middle + GUTTER / 2, lower.top, lower.right, lower.bottom)
    else:
        middle = area.left + area.width * 0.52
        window = Rect(middle + GUTTER / 2, area.top, area.right, area.bottom)
        low = area.bottom - (max(0.40 * area.height, 330) if figure else -GUTTER)
        brand = Rect(area.left, area.top, middle - GUTTER / 2, low - GUTTER)
        pop = Rect(area.left, low, middle - GUTTER / 2, area.bottom)
    ground = window.bottom - 40
    safe_top = sheet.safe_top + 14
    product = None
    if aspect is not None:
        room = Rect(window.left + 34, max(window.top + 40, safe_top), window.right - 34, ground)
        product = fit.product_rect(aspect, room)
    shapes = [Shape("rect", brand, "brand")]
    part = Part()
    inner = brand.inset(34, 36)
    inner = Rect(inner.left, max(inner.top, safe_top if sheet.phone else 0), inner.right, inner.bottom)
    if fit.has_strip(words):
        strip = fit.offer_strip(
            words, Rect(inner.left - 4, inner.bottom - min(170, inner.height * 0.42), inner.right + 4, inner.bottom + 6), align=0.0, rise=1.0, ink="paper",
        )  # fmt: skip
        part += strip
        inner = Rect(inner.left, inner.top, inner.right, strip.box.top - 22)
    part += Part(
        (),
        (
            fit.fit_words(
                "headline",
                words.headline,
                fit.BLOCK_FACE,
                inner,
                "on_brand",
                "brand",
                lines=6,
                largest=150,
                leading=0.98,
                rise=0.0,
            ),
        ),
    )
    part = Part(tuple(shapes)) + part.laned(brand.left, brand.right)
    if figure:
        part += Part((Shape("rect", pop, "pop"),))
        part += fit.flat_price(words, pop.inset(36, 40), align=0.0).laned(pop.left, pop.right)
    part += _foot_field(sheet)
    sun = None
    if product is not None:
        sun = (
            (product.centre[0], product.top + product.height * 0.42),
            min(window.width * 0.46, max(product.height * 0.42, product.width * 0.6)),
        )
    return PosterPlan(sheet, "split", window, _surface(window, ground), product, sun, None, part)


def _foot_field(sheet: Sheet) -> Part:
    """What a phone's buttons cover on paper sheets: a pattern without words."""
    if not sheet.phone:
        return Part()
    top = sheet.height - sheet.safe_bottom
    return Part((Shape("pattern", Rect(MARGIN, top + 6, WIDTH - MARGIN, sheet.height - MARGIN), "brand"),))


def story(words: PosterWords, aspect: float | None, sheet: Sheet) -> PosterPlan:
    """A picture and a column of text on paper: headline, the promotional text's first sentences, the price."""
    stage = _stage(sheet)
    area = Rect(MARGIN, MARGIN, WIDTH - MARGIN, stage.bottom)
    figure = fit.has_figure(words)
    if sheet.tall:
        window = Rect(area.left, area.top, area.right, area.top + area.height * (0.58 if not sheet.phone else 0.66))
        text = Rect(area.left + 14, window.bottom + 30, area.right - 14, area.bottom - 4)
        if sheet.phone:
            window = Rect(0, 0, WIDTH, window.bottom)
    else:
        middle = area.left + area.width * 0.55
        window = Rect(middle + 10, area.top, area.right, area.bottom)
        text = Rect(area.left + 14, area.top + 16, middle - 18, area.bottom - 4)
    ground = window.bottom - 34
    product = None
    if aspect is not None:
        room = Rect(window.left + 34, max(window.top + 36, sheet.safe_top + 14), window.right - 34, ground)
        product = fit.product_rect(aspect, room)
    part = _foot_field(sheet)
    column = text
    if sheet.tall and figure:
        price_room = Rect(text.left + text.width * 0.62, text.top + 4, text.right + 14, text.bottom)
        column = Rect(text.left, text.top, price_room.left - 26, text.bottom)
        part += _offer_and_price(words, price_room, 200).laned(price_room.left, price_room.right)
    elif sheet.tall and fit.has_strip(words):
        strip = fit.offer_strip(words, Rect(text.left, text.bottom - 120, text.right, text.bottom), rise=1.0)
        part += strip.laned(text.left, text.right)
        column = Rect(text.left, text.top, text.right, strip.box.top - 16)
    elif not sheet.tall and (figure or fit.has_strip(words)):
        share = 0.2 if not figure else 0.44 if fit.has_strip(words) else 0.36
        price_room = Rect(text.left, text.bottom - share * text.height, text.right, text.bottom)
        block = _offer_and_price_row(words, price_room)
        part += block.laned(text.left, text.right)
        column = Rect(text.left, text.top, text.right, block.box.top - 22)
    share = 0.52 if words.body else 1.0
    head = fit.fit_words(
        "headline", words.headline, fit.SCRIPT_FACE, Rect(column.left, column.top, column.right, column.top + column.height * share),
        "brand_on_paper", "paper", lines=4, largest=120, leading=1.0, rise=0.0,
    )  # fmt: skip
    part += Part((), (head,)).laned(text.left if not sheet.tall else column.left, column.right)
    body = fit.fit_body(
        words.body, Rect(column.left, head.box.bottom + 34, column.right, column.bottom), "key", "paper"
    )
    if body is not None:
        part += Part((), (body,)).laned(column.left, column.right)
    sun = None
    if product is not None:
        sun = (
            (product.centre[0], product.top + product.height * 0.42),
            min(window.width * 0.44, max(product.height * 0.45, product.width * 0.6)),
        )
    return PosterPlan(sheet, "story", window, _surface(window, ground), product, sun, None, part)


def _offer_and_price_row(words: PosterWords, room: Rect) -> Part:
    """Offer above the price on a card as wide as a column."""
    part = Part()
    if fit.has_strip(words):
        high = room.height if not fit.has_figure(words) else room.height * 0.36
        part += fit.offer_strip(words, Rect(room.left, room.top, room.right, room.top + high), largest=52)
        room = Rect(room.left, part.box.bottom + 14, room.right, room.bottom)
    if fit.has_figure(words):
        price = fit.flat_price(words, room.inset(28, 22), align=0.0, rise=1.0)
        part += Part((Shape("card", price.box.inset(-28, -22), "pop"),)) + price
    return part
