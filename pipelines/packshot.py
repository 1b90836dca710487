"""Packshots: the product alone on transparency, drawn from the catalogue at any size. Knows nothing of posters.

Every mark is set in a free look-alike font; no official logo is drawn. Bodies are drawn in centimetres on a scaled
canvas, so that they are as sharp at print size as on a screen.
"""

import math
import random

from PIL import Image

from pipelines import draw, outlines
from pipelines.bottles import draw_bottle
from pipelines.cans import draw_can
from pipelines.cartons import draw_carton
from pipelines.labels import Artwork
from pipelines.looks import Article, article
from pipelines.outlines import Box, Outline
from pipelines.photo import PhotoError, load_photo
from slots.catalog import Catalog
from slots.values import Size

__all__ = ["PhotoError", "draw_packshot", "load_photo", "real_height"]


def real_height(product: str, packaging: str | None, size: Size | None, variant: str | None, catalog: Catalog) -> float:
    """How tall the thing stands on the shelf, in cm: for scaling two packshots against each other."""
    thing = article(product, packaging, size, variant, catalog)
    return _shape(thing).height


SLEEK = ("water", "mineral water", "tea", "vitamin water")
"""Kinds whose 355 ml can is the tall narrow one."""
REFILLED_GLASS_ML = 1250
"""The largest returnable bottle of glass; larger ones are refillable PET."""


def _is_glass(thing: Article) -> bool:
    return thing.packaging == "glass bottle" or (
        thing.packaging == "returnable bottle" and thing.millilitres <= REFILLED_GLASS_ML
    )


def _shape(thing: Article) -> Outline | Box:
    if thing.packaging == "can":
        return outlines.can(thing.millilitres, sleek=thing.kind in SLEEK)
    if thing.packaging == "carton":
        return outlines.carton(thing.millilitres)
    return outlines.bottle("glass" if _is_glass(thing) else "plastic", thing.look.shape, thing.millilitres)


def draw_packshot(
    product: str,
    packaging: str | None,
    size: Size | None,
    variant: str | None,
    catalog: Catalog,
    height_px: int,
    *,
    seed: int = 0,
) -> Image.Image:
    """The product, height_px high, cropped tightly: RGBA, its base on the last row.

    What is not given is the catalogue's first for that product. A size of several pieces draws them together. The same
    arguments give the same pixels. Raises ValueError when height_px is not between 16 and 6000.
    """
    if not 16 <= height_px <= 6000:
        raise ValueError(f"a packshot cannot be {height_px} pixels high; choose 16 to 6000")
    thing = article(product, packaging, size, variant, catalog)
    shape = _shape(thing)
    printed = thing.packaging == "returnable bottle" and _is_glass(thing)
    art = Artwork(thing.look, thing.kind, thing.fruit, thing.note, printed)
    if thing.count > 1:
        from pipelines.multipack import draw_pack

        label = shape.label if isinstance(shape, Outline) else (shape.height * 0.5, shape.height)
        return draw_pack(
            lambda px: _single(shape, art, thing.packaging, px, seed), shape.height, label, thing, height_px
        )
    return _single(shape, art, thing.packaging, height_px, seed)


def _single(shape: Outline | Box, art: Artwork, packaging: str, height_px: int, seed: int) -> Image.Image:
    # Drawn a little larger than asked, cropped to its ink, then set to the height: caps and bases reach past the outline.
    scale = height_px / shape.height
    half = (shape.radius if isinstance(shape, Outline) else shape.width) + 0.6
    width, height = math.ceil(2 * half * scale), math.ceil((shape.height + 0.8) * scale)
    surface = draw.new_surface(width, height)
    canvas = surface.getCanvas()
    canvas.translate(width / 2, 0.4 * scale)
    canvas.scale(scale, scale)
    rng = random.Random(seed)
    if isinstance(shape, Box):
        draw_carton(canvas, shape, art)
    elif packaging == "can":
        draw_can(canvas, shape, art, scale, rng)
    else:
        draw_bottle(canvas, shape, art, packaging, scale, rng)
    image = draw.to_pil(surface)
    ink = image.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    assert ink is not None
    image = image.crop(ink)
    if image.height != height_px:
        image = image.resize(
            (max(1, round(image.width * height_px / image.height)), height_px), Image.Resampling.LANCZOS
        )
    return image
