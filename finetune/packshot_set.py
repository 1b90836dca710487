"""Drawn product pictures: packshots of the catalogue on plain backgrounds, with captions from the base template.

Picture `index` of a seed is always the same. Knows nothing of files and models.
"""

import random
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from finetune.captions import BACKGROUNDS, product_caption
from slots.catalog import Catalog
from slots.values import Size

if TYPE_CHECKING:
    from PIL import Image

LIGHT = ("white", "light grey", "cream", "light blue", "light green", "pink")
"""Backgrounds of drawn packshots: plain and light, as curation asks of photographs."""
HELD_OUT = 8
"""One in so many combinations of a product's flavour, size, packaging and background is kept from training."""


@dataclass(frozen=True)
class PackshotSpec:
    """All that draws one product picture."""

    product: str
    variant: str | None
    size: str
    packaging: str
    background: str
    seed: int


def packshot_caption(spec: PackshotSpec) -> str:
    """The base template filled from a spec."""
    return product_caption(
        spec.product,
        variant=spec.variant,
        size=Size.parse(spec.size),
        packaging=spec.packaging,
        background=spec.background,
    )


def _combinations(name: str, catalog: Catalog) -> list[PackshotSpec]:
    product = catalog.products[name]
    return [
        PackshotSpec(name, variant, str(pack.size), pack.packaging, background, 0)
        for variant in tuple(product.flavours) or (None,)
        for pack in product.packs
        for background in LIGHT
    ]


@cache
def _split(name: str, catalog: Catalog) -> tuple[tuple[PackshotSpec, ...], tuple[PackshotSpec, ...]]:
    """The combinations of a product that training sees, and those held out, by hash; both hold some of every product."""
    ranked = sorted(
        _combinations(name, catalog), key=lambda s: (zlib.crc32(packshot_caption(s).encode()), packshot_caption(s))
    )
    kept = -(-len(ranked) // HELD_OUT)
    return tuple(ranked[kept:]), tuple(ranked[:kept])


def packshot_spec(seed: int, index: int, catalog: Catalog, *, unseen: bool = False) -> PackshotSpec:
    """What product picture `index` of the set `seed` shows: products in turn, all else by dice; with `unseen` only
    combinations held out, else only others."""
    dice = random.Random(f"packshot/{seed}/{index}")
    names = list(catalog.products)
    chosen = dice.choice(_split(names[index % len(names)], catalog)[1 if unseen else 0])
    return PackshotSpec(
        chosen.product, chosen.variant, chosen.size, chosen.packaging, chosen.background, dice.randrange(2**31)
    )


def draw_product(spec: PackshotSpec, size: int, catalog: Catalog) -> "Image.Image":
    """The picture, size x size, RGB: the product near the middle with a soft shadow, drawn twice as large first."""
    from PIL import Image, ImageDraw, ImageFilter

    from pipelines.packshot import draw_packshot

    dice = random.Random(spec.seed)
    side = 2 * size
    share = dice.uniform(0.62, 0.88)
    shot = draw_packshot(
        spec.product,
        spec.packaging,
        Size.parse(spec.size),
        spec.variant,
        catalog,
        round(side * share),
        seed=spec.seed % 1000,
    )
    if shot.width > side * 0.9:
        shot = shot.resize(
            (round(side * 0.9), max(1, round(shot.height * side * 0.9 / shot.width))), Image.Resampling.LANCZOS
        )
    left = round((side - shot.width) / 2 + dice.uniform(-0.03, 0.03) * side)
    left = min(max(left, 0), side - shot.width)
    base = round((side + shot.height) / 2 + dice.uniform(-0.02, 0.03) * side)
    base = min(base, side - max(2, side // 40))
    ground = Image.new("RGB", (side, side), BACKGROUNDS[spec.background])
    shadow = Image.new("L", (side, side), 0)
    thick = shot.width * 0.06
    ImageDraw.Draw(shadow).ellipse(
        (left + shot.width * 0.02, base - thick, left + shot.width * 0.98, base + thick * 0.7),
        fill=round(255 * dice.uniform(0.12, 0.26)),
    )
    ground.paste((40, 40, 46), mask=shadow.filter(ImageFilter.GaussianBlur(shot.width * 0.035)))
    ground.paste(shot, (left, base - shot.height), shot)
    return ground.resize((size, size), Image.Resampling.LANCZOS)
