"""Posters: a scene, a packshot and words, put together like a screen print. Knows nothing of models or of asking.

The layout comes from `poster_plan`, the words from `poster_words`; here is only how things are painted. The same
arguments give the same pixels.
"""

import math
import random

import numpy as np
import skia
from PIL import Image, ImageEnhance

from pipelines import draw, lettering
from pipelines.draw import box, paint
from pipelines.looks import article
from pipelines.palette import Palette, poster_palette
from pipelines.poster_plan import WIDTH, Badge, Placed, PosterPlan, Rect, plan_poster
from pipelines.poster_words import poster_words
from slots.brief import Brief
from slots.catalog import Catalog

PIXELS = 1200
"""The poster's width in pixels."""


def compose_poster(
    scene: Image.Image,
    surface_y: float,
    packshot: Image.Image | None,
    brief: Brief,
    promo_text: str,
    catalog: Catalog,
    *,
    layout: str = "hero",
    format: str = "1:1",
    seed: int = 0,
    drawn: bool = True,
) -> Image.Image:
    """The finished poster, RGB, 1200 pixels wide.

    `scene` is the place (any size, square works best), `surface_y` where its empty surface begins (share of its
    height), `packshot` the product on transparency or None when the scene shows it already. Raises ValueError for a
    layout or format that is not there.
    """
    words = poster_words(brief, promo_text, catalog, drawn=drawn)
    if packshot is not None:
        ink = packshot.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
        packshot = packshot.crop(ink) if ink else None
    aspect = packshot.width / packshot.height if packshot else None
    # Posters of one promotion have seeds in a row: every other one stands the other way round.
    plan = plan_poster(words, aspect, layout=layout, format=format, mirrored=seed % 2 == 1)
    thing = article(brief.product, brief.packaging, brief.size, brief.variant, catalog)
    palette = poster_palette(thing.look, scene)
    scale = PIXELS / plan.width
    surface = draw.new_surface(PIXELS, round(plan.height * scale))
    canvas = surface.getCanvas()
    canvas.scale(scale, scale)
    rng = random.Random(seed)
    backdrop = _backdrop(scene, surface_y, plan, scale)
    draw.draw_image(canvas, draw.from_pil(backdrop), box(0, 0, plan.width, plan.height))
    _grade(canvas, plan, palette)
    _panel(canvas, plan, palette, rng)
    if packshot is not None and plan.product is not None:
        _stand(canvas, packshot, plan.product, plan, palette, backdrop, scale)
    _foot(canvas, plan, palette)
    _headline(canvas, plan.headline, palette)
    if plan.ribbon:
        _ribbon(canvas, plan.ribbon, palette)
    if plan.badge:
        _badge(canvas, plan.badge, palette)
    return _printed(draw.to_pil(surface).convert("RGB"), seed)


# The scene ------------------------------------------------------------------------------------------------------------


def _backdrop(scene: Image.Image, surface_y: float, plan: PosterPlan, scale: float) -> Image.Image:
    """The scene at poster size, moved so that its surface begins at the plan's; sharpened where it was small."""
    width, height = round(plan.width * scale), round(plan.height * scale)
    side = max(width, height)
    grown = scene.convert("RGB").resize((side, round(side * scene.height / scene.width)), Image.Resampling.BICUBIC)
    shift = round(plan.surface * scale - surface_y * grown.height)
    spare = max(shift, height - grown.height - shift, 0)
    if spare:
        bigger = 1 + 2 * spare / grown.height
        grown = scene.convert("RGB").resize(
            (round(grown.width * bigger), round(grown.height * bigger)), Image.Resampling.BICUBIC
        )
        shift = round(plan.surface * scale - surface_y * grown.height)
    left = (grown.width - width) // 2
    top = min(0, max(shift, height - grown.height))
    out = grown.crop((left, -top, left + width, -top + height))
    out = ImageEnhance.Color(out).enhance(1.22)
    return ImageEnhance.Contrast(out).enhance(1.05)


def _grade(c: skia.Canvas, plan: PosterPlan, palette: Palette) -> None:
    """Ties the scene to the brand: a breath of its colour from above, light behind the product."""
    whole = box(0, 0, plan.width, plan.height)
    tint = draw.linear(
        0, 0, 0, plan.height, [(0, palette.brand, 0.30), (0.55, palette.brand, 0.05), (1, palette.deep, 0.30)]
    )
    c.drawRect(whole, paint(shader=tint, blend=skia.BlendMode.kSoftLight))
    if plan.product is None:
        return
    x, y = plan.product.centre[0], plan.product.top + plan.product.height * 0.55
    reach = max(plan.product.height * 0.66, plan.product.width * 0.9)
    glow = draw.radial(x, y, reach, [(0, palette.glow, 0.60), (0.45, palette.glow, 0.26), (1, palette.glow, 0)])
    c.drawRect(whole, paint(shader=glow))
    with draw.clipped(c, skia.Path().addRect(whole)), draw.layer(c, 0.13):
        for i in range(20):
            with draw.moved(c, x, y, i * 18 + 4):
                ray = draw.polygon([(0, 0), (reach, -reach * 0.07), (reach, reach * 0.07)])
                c.drawPath(
                    ray,
                    paint(
                        shader=draw.radial(0, 0, reach, [(0, "#FFFFFF", 1), (0.55, "#FFFFFF", 0.6), (1, "#FFFFFF", 0)])
                    ),
                )


# The coloured field ---------------------------------------------------------------------------------------------------


def _wave(plan: PosterPlan, drop: float) -> skia.Path:
    """Everything above the panel's wavy lower edge, moved down by `drop`."""
    left, right = plan.panel
    path = skia.Path()
    path.moveTo(-20, -20)
    path.lineTo(-20, left + drop)
    path.cubicTo(WIDTH * 0.24, left + 62 + drop, WIDTH * 0.46, left - 12 + drop, WIDTH * 0.62, right + 18 + drop)
    path.cubicTo(WIDTH * 0.78, right - 34 + drop, WIDTH * 0.90, right - 8 + drop, WIDTH + 20, right + 44 + drop)
    path.lineTo(WIDTH + 20, -20)
    path.close()
    return path


def _panel(c: skia.Canvas, plan: PosterPlan, palette: Palette, rng: random.Random) -> None:
    c.save()
    if plan.mirrored:
        c.translate(WIDTH, 0)
        c.scale(-1, 1)
    product = plan.product.mirrored() if plan.product and plan.mirrored else plan.product
    c.drawPath(_wave(plan, 34), paint("#000000", 0.30, blur=12))
    c.drawPath(_wave(plan, 26), paint("#FFFFFF"))
    c.drawPath(_wave(plan, 15), paint(palette.pop))
    field = _wave(plan, 0)
    c.drawPath(field, paint(palette.brand))
    with draw.clipped(c, field):
        _rays(c, product.centre if product else (WIDTH * 0.5, plan.height * 0.6), palette, rng.uniform(0, 12))
        fall: list[draw.Stop] = [(0, "#FFFFFF", 0.10), (0.5, "#FFFFFF", 0), (1, "#000000", 0.16)]
        low = plan.panel[0] + 80
        c.drawRect(box(0, 0, WIDTH, low), paint(shader=draw.linear(0, 0, 0, low - 20, fall)))
        _halftone(c, plan, palette)
        if product:
            x, y = product.centre[0], product.top + product.height * 0.12
            reach = 150 + product.width * 0.5
            shine = draw.radial(x, y, reach, [(0, palette.glow, 0.62), (0.4, palette.glow, 0.30), (1, palette.glow, 0)])
            c.drawRect(box(0, 0, WIDTH, plan.height), paint(shader=shine))
    c.restore()


def _rays(c: skia.Canvas, centre: draw.Point, palette: Palette, start: float) -> None:
    """A sunburst in a deeper tone, from behind the product."""
    reach = WIDTH * 1.6
    ray = draw.polygon([(0, 0), (reach, -reach * 0.052), (reach, reach * 0.052)])
    tone = paint(draw.darker(palette.brand, 0.5), 0.22)
    for i in range(30):
        with draw.moved(c, *centre, i * 12 + start):
            c.drawPath(ray, tone)


def _halftone(c: skia.Canvas, plan: PosterPlan, palette: Palette) -> None:
    """Dots that grow towards the upper right corner, as in a two-colour print."""
    step = 15.0
    dot = paint(draw.darker(palette.brand, 0.45), 0.5)
    for row in range(int(plan.panel[0] / step) + 6):
        for column in range(int(WIDTH / step) + 1):
            x, y = column * step + (row % 2) * step / 2, row * step * 0.87
            near = 1 - math.hypot(WIDTH - x, y * 1.25) / 460
            if near > 0.02:
                c.drawCircle(x, y, step * 0.52 * near, dot)


# The product ----------------------------------------------------------------------------------------------------------


def _stand(
    c: skia.Canvas, shot: Image.Image, at: Rect, plan: PosterPlan, palette: Palette, backdrop: Image.Image, scale: float
) -> None:
    """The product on the surface: shadow away from the light, reflection, contact line, then itself."""
    size = (max(1, round(at.width * scale)), max(1, round(at.height * scale)))
    shot = shot.resize(size, Image.Resampling.LANCZOS) if shot.size != size else shot
    image = draw.from_pil(shot)
    target = box(at.left, at.top, at.width, at.height)
    x, ground = at.centre[0], at.bottom
    lean = _light_side(backdrop, plan)
    half = at.width / 2
    c.drawOval(
        box(x - half * 1.15 - lean * half * 0.5, ground - half * 0.20, half * 2.3, half * 0.46),
        paint("#1A0E08", 0.38, blur=half * 0.10),
    )
    with draw.clipped(c, skia.Path().addRect(box(0, ground - 4, plan.width, plan.height))):
        mirror = skia.Paint()
        c.save()
        c.translate(0, 2 * ground - at.height * 0.006)
        c.scale(1, -1)
        fade = draw.linear(0, ground - at.height * 0.16, 0, ground, [(0, "#000000", 0), (1, "#000000", 0.30)])
        c.saveLayer(box(at.left, at.top, at.width, at.height), mirror)
        draw.draw_image(c, image, target)
        c.drawRect(target, paint(shader=fade, blend=skia.BlendMode.kDstIn))
        c.restore()
        c.restore()
    c.drawOval(
        box(x - half * 0.98, ground - half * 0.10, half * 1.96, half * 0.20), paint("#120806", 0.60, blur=half * 0.045)
    )
    with draw.layer(c, 0.55, blur=7):
        rim = skia.Paint()
        rim.setColorFilter(skia.ColorFilters.Blend(draw.argb(palette.glow), skia.BlendMode.kSrcIn))
        draw.draw_image(c, image, box(at.left - 3, at.top - 3, at.width + 6, at.height + 3), rim)
    draw.draw_image(c, image, target)
    light = paint(
        shader=draw.linear(
            at.left if lean > 0 else at.right,
            0,
            at.right if lean > 0 else at.left,
            0,
            [(0, palette.glow, 0.16), (0.5, palette.glow, 0), (1, palette.deep, 0.18)],
        )
    )
    c.saveLayer(target, None)
    draw.draw_image(c, image, target)
    light.setBlendMode(skia.BlendMode.kSrcIn)
    c.drawRect(target, light)
    c.restore()


def _light_side(backdrop: Image.Image, plan: PosterPlan) -> float:
    """Where the scene's light comes from: -1 right .. 1 left, from the brightness of its two upper halves."""
    small = np.asarray(backdrop.convert("L").resize((32, 32), Image.Resampling.BOX), dtype=np.float32)[8:22]
    left, right = float(small[:, :16].mean()), float(small[:, 16:].mean())
    return max(-1.0, min(1.0, (right - left) / 18.0)) * -1 if abs(right - left) > 1 else 0.6


# Words ----------------------------------------------------------------------------------------------------------------


def _set(
    c: skia.Canvas,
    placed: Placed,
    colour: draw.Colour,
    alpha: float = 1.0,
    dx: float = 0.0,
    dy: float = 0.0,
    stroke: float = 0.0,
) -> None:
    with draw.moved(c, *placed.box.centre, placed.tilt):
        x, y = -placed.block.width / 2 + dx, -placed.block.height / 2 + dy
        placed.block.draw(c, x, y, paint(colour, alpha, stroke=stroke))


def _headline(c: skia.Canvas, placed: Placed, palette: Palette) -> None:
    """Sign painter's letters: a solid drop shade down to the right, then the face."""
    size = placed.block.face.size
    depth = max(3.0, size * 0.055)
    shade = draw.darker(palette.deep, 0.25)
    for k in range(int(depth), 0, -1):
        _set(c, placed, shade, 1.0, k * 0.9, k, stroke=size * 0.035)
        _set(c, placed, shade, 1.0, k * 0.9, k)
    _set(c, placed, palette.on_brand)


def _ribbon(c: skia.Canvas, placed: Placed, palette: Palette) -> None:
    half_w, half_h = placed.block.width / 2 + 30, placed.block.height / 2 + 20
    with draw.moved(c, *placed.box.centre, placed.tilt):
        c.drawRect(box(-half_w, -half_h + 9, 2 * half_w, 2 * half_h), paint("#000000", 0.30, blur=8))
        for side in (-1, 1):
            tail = [
                (side * (half_w - 22), -half_h + 12),
                (side * (half_w + 34), -half_h + 12),
                (side * (half_w + 16), 6),
                (side * (half_w + 34), half_h + 12),
                (side * (half_w - 22), half_h + 12),
            ]
            c.drawPath(draw.polygon(tail), paint(draw.darker(palette.ribbon, 0.28)))
            c.drawPath(
                draw.polygon(
                    [(side * half_w, half_h), (side * (half_w - 22), half_h), (side * (half_w - 22), half_h + 12)]
                ),
                paint(draw.darker(palette.ribbon, 0.55)),
            )
        c.drawRect(box(-half_w, -half_h, 2 * half_w, 2 * half_h), paint(palette.ribbon))
        for y in (-half_h + 5, half_h - 7.5):
            c.drawRect(box(-half_w, y, 2 * half_w, 2.5), paint(palette.on_ribbon, 0.5))
        block = placed.block
        for i, line in enumerate(block.lines):
            single = lettering.TextBlock((line,), block.face, block.leading)
            single.draw(c, 0, -block.height / 2 + i * block.leading, paint(palette.on_ribbon), 0.5)


def _seal_path(radius: float, teeth: int, depth: float) -> skia.Path:
    points = []
    for i in range(teeth * 2):
        r = radius if i % 2 == 0 else radius * (1 - depth)
        a = math.pi * i / teeth
        points.append((r * math.cos(a), r * math.sin(a)))
    return draw.polygon(points)


def _badge(c: skia.Canvas, badge: Badge, palette: Palette) -> None:
    r = badge.radius
    with draw.moved(c, *badge.centre, -7):
        with draw.moved(c, 5, 9):
            c.drawPath(_seal_path(r, 22, 0.075), paint("#000000", 0.34, blur=9))
        c.drawPath(_seal_path(r, 22, 0.075), paint("#FFFFFF"))
        c.drawPath(_seal_path(r * 0.955, 22, 0.075), paint(palette.pop))
        c.drawCircle(0, 0, r * 0.835, paint(palette.on_pop, stroke=r * 0.014))
        c.drawCircle(
            0,
            -r * 0.1,
            r * 0.80,
            paint(shader=draw.radial(-r * 0.2, -r * 0.5, r * 1.2, [(0, "#FFFFFF", 0.35), (1, "#FFFFFF", 0)])),
        )
        ink = paint(palette.on_pop)
        gap = r * 0.075
        blocks = [b for b in (badge.before, badge.figure, badge.below) if b.lines]
        total = sum(b.height for b in blocks) + gap * (len(blocks) - 1)
        y = -total / 2
        for block in blocks:
            if block is badge.figure and badge.decimals:
                extra = badge.decimals.width + r * 0.02
                left = -(block.width + extra) / 2
                block.draw(c, left, y, ink)
                badge.decimals.draw(c, left + block.width + r * 0.02, y + block.height * 0.06, ink)
            else:
                for i, line in enumerate(block.lines):
                    lettering.TextBlock((line,), block.face, block.leading).draw(c, 0, y + i * block.leading, ink, 0.5)
            y += block.height + gap


def _foot(c: skia.Canvas, plan: PosterPlan, palette: Palette) -> None:
    foot = plan.foot
    top = foot.top
    edge = skia.Path()
    edge.moveTo(-10, top + 8)
    edge.cubicTo(WIDTH * 0.30, top - 14, WIDTH * 0.62, top + 20, WIDTH + 10, top - 4)
    edge.lineTo(WIDTH + 10, foot.bottom + 10)
    edge.lineTo(-10, foot.bottom + 10)
    edge.close()
    for lift, tint in ((-14, "#FFFFFF"), (-8, palette.pop)):
        c.save()
        c.translate(0, lift)
        c.drawPath(edge, paint(tint))
        c.restore()
    c.drawPath(edge, paint(palette.deep))
    _set(c, plan.name, palette.on_deep)
    if plan.details:
        _set(c, plan.details, palette.pop_on_deep)
    if plan.store:
        at = plan.store.box
        pill = box(at.left - 26, at.top - 17, at.width + 52, at.height + 34)
        c.drawRoundRect(pill, 32, 32, paint(palette.pop))
        _set(c, plan.store, palette.on_pop)
    if plan.small_print:
        _set(c, plan.small_print, palette.on_deep, 0.88)


def _printed(image: Image.Image, seed: int) -> Image.Image:
    """A little grain, the same over scene, product and type, so that they look printed together."""
    pixels = np.asarray(image, dtype=np.int16)
    grain = np.random.default_rng(seed).integers(
        -4, 5, size=(pixels.shape[0] // 2 + 1, pixels.shape[1] // 2 + 1, 1), dtype=np.int16
    )
    grain = grain.repeat(2, axis=0).repeat(2, axis=1)[: pixels.shape[0], : pixels.shape[1]]
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8), "RGB")
