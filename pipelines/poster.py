"""Posters: a scene, a packshot and words, printed together. Knows nothing of models or of asking.

The layout comes from `poster_plan`, the words from `poster_words`, the picture from `poster_picture`, type and flat inks
from `poster_paint`, the look of the print from `poster_press`; here they meet. The same arguments give the same pixels.
"""

import io
import math
import os
import tempfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import skia
from PIL import Image

from pipelines import draw
from pipelines.draw import rgb
from pipelines.looks import article
from pipelines.palette import poster_palette
from pipelines.poster_paint import paint_part
from pipelines.poster_picture import GLOSS, print_window
from pipelines.poster_plan import FORMATS, LAYOUTS, WIDTH, plan_poster, sheet_of
from pipelines.poster_press import grain
from pipelines.poster_words import PosterWords, PriceWords, poster_words
from pipelines.scene_prompt import scene_prompt
from slots.brief import Brief
from slots.catalog import Catalog

__all__ = [
    "FORMATS",
    "LAYOUTS",
    "PIXELS",
    "compose_poster",
    "packshot_height",
    "poster_pdf",
    "poster_size",
    "write_pdf",
]

PIXELS = FORMATS["1:1"].pixels[0]
"""The width in pixels of the square poster."""


def poster_size(format: str) -> tuple[int, int]:
    """Width and height in pixels. Raises ValueError that lists the formats."""
    return sheet_of(format).pixels


@lru_cache
def packshot_height(layout: str, format: str) -> int:
    """The pixels that the tallest product takes on such a poster: drawn this high, no packshot is ever enlarged.

    Raises ValueError, with the choices, for a layout or format that is not there.
    """
    short = PosterWords("¡Va!", "Coca-Cola", "", "", "", "", "", PriceWords("", "$9", "", "MXN"), "")
    plans = [plan_poster(short, aspect, layout=layout, format=format) for aspect in (0.15, 0.3, 0.45, 0.6, 0.84, 1.0)]
    tallest = max(plan.product.height for plan in plans if plan.product)
    return math.ceil(tallest * sheet_of(format).pixels[0] / WIDTH)


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
    """The finished poster, RGB, at the format's full size in pixels.

    `scene` is the place (any size, square works best), `surface_y` where its empty surface begins (share of its
    height), `packshot` the product on transparency or None when the scene shows it already. `drawn` says that the
    product is a drawing, which the small print then tells. `seed` is the scene's: it tells which surface the product
    stands on; odd ones stand the other way round. Raises ValueError, with
    the choices, for a layout or format that is not there.
    """
    words = poster_words(brief, promo_text, catalog, drawn=drawn)
    if packshot is not None:
        ink = packshot.convert("RGBA").getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
        packshot = packshot.convert("RGBA").crop(ink) if ink else None
    aspect = packshot.width / packshot.height if packshot else None
    # Posters of one promotion have seeds in a row: every other one stands the other way round.
    plan = plan_poster(words, aspect, layout=layout, format=format, mirrored=seed % 2 == 1)
    thing = article(brief.product, brief.packaging, brief.size, brief.variant, catalog)
    palette = poster_palette(thing.look, scene, packshot)
    width, height = plan.sheet.pixels
    scale = width / WIDTH
    page = np.empty((height, width, 3), dtype=np.uint8)
    page[:] = np.array(rgb(palette.paper), dtype=np.uint8)
    left, top = round(plan.window.left * scale), round(plan.window.top * scale)
    gloss = GLOSS.get(scene_prompt(brief, seed).sketch.surface, 0.0)
    picture = print_window(scene, surface_y, packshot, plan, palette, scale, gloss)
    page[top : top + picture.shape[0], left : left + picture.shape[1]] = picture.clip(0, 255).astype(np.uint8)
    surface = draw.new_surface(width, height)
    canvas = surface.getCanvas()
    canvas.drawImage(draw.from_pil(Image.fromarray(page, "RGB")), 0, 0)
    canvas.scale(scale, scale)
    paint_part(canvas, plan.part, palette)
    printed = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)[..., :3]
    return Image.fromarray(grain(printed, seed, max(2, round(width / 620))), "RGB")


# PDF ------------------------------------------------------------------------------------------------------------------


def poster_pdf(image: Image.Image, format: str) -> bytes:
    """A one-page PDF of the format's physical size that holds the picture losslessly (A4: 210 x 297 mm at 300 dpi).

    The bytes depend on the picture alone: no clock, no random identifier. Raises ValueError when the picture has not the
    format's size in pixels, or the format is not there.
    """
    sheet = sheet_of(format)
    if image.size != sheet.pixels:
        raise ValueError(
            f"a {format} poster is {sheet.pixels[0]} x {sheet.pixels[1]} pixels, this picture {image.width} x {image.height}; "
            "compose it in that format first"
        )
    # A4 is 210 x 297 mm; its pixels are whole, so that the sheet's own size is taken rather than pixels / dpi
    size = (595.2756, 841.8898) if format == "a4" else tuple(72 * p / sheet.dpi for p in sheet.pixels)
    pixels = np.asarray(image.convert("RGB"))
    # PNG's "up" predictor (type 2 before each row): flat inks become zeros
    rows = np.empty((image.height, 1 + image.width * 3), dtype=np.uint8)
    flat = pixels.reshape(image.height, -1)
    rows[:, 0] = 2
    rows[0, 1:] = flat[0]
    rows[1:, 1:] = flat[1:] - flat[:-1]
    data = zlib.compress(rows.tobytes(), 6)
    content = f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Im0 Do Q".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]:.4f} {size[1]:.4f}] /Contents 4 0 R "
        "/Resources << /XObject << /Im0 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        f"<< /Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} /ColorSpace /DeviceRGB "
        f"/BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /BitsPerComponent 8 "
        f"/Columns {image.width} >> /Length {len(data)} >>\nstream\n".encode()
        + data
        + b"\nendstream",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def write_pdf(image: Image.Image, target: Path | str | BinaryIO, format: str) -> None:
    """Writes `poster_pdf` to a file (whole or not at all) or into a binary buffer. Raises ValueError as that does."""
    content = poster_pdf(image, format)
    if not isinstance(target, str | Path):
        target.write(content)
        return
    path = Path(target)
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(scratch, 0o644)
        os.replace(scratch, path)
    except OSError:
        Path(scratch).unlink(missing_ok=True)
        raise
