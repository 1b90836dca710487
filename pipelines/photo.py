"""The user's own product photo as a packshot: checked, set upright, cut out. Knows nothing of catalogues or posters."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from slots.schema import Language

MAX_BYTES = 25 * 2**20
MAX_PIXELS = 50_000_000
MIN_SIDE = 64
WORK_SIDE = 2400
"""Larger photos are reduced to this many pixels on their longer side: a poster shows no more."""
TYPES = ("PNG", "JPEG", "WEBP")


class PhotoError(ValueError):
    """The photo cannot be used; the message says why and what to do, in English, and `words` in either language."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self._spanish = spanish

    def words(self, language: Language) -> str:
        """The message for a screen."""
        return self._spanish if language == "es" else str(self)


_ADVICE = "take the product alone on a plain background (a white sheet), or give a PNG with a transparent background"
_CONSEJO = "toma el producto solo sobre un fondo liso (una hoja blanca), o sube un PNG con fondo transparente"


def load_photo(source: Path | str | bytes | Image.Image) -> Image.Image:
    """The product alone, RGBA, cropped to itself. A transparent picture is used as it is, else the background is cut.

    Raises PhotoError for a file that is no PNG, JPEG or WebP, is damaged, too large or too small, or whose background
    is not plain.
    """
    image = _opened(source)
    image = ImageOps.exif_transpose(image)
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if max(image.size) > WORK_SIDE:
        image.thumbnail((WORK_SIDE, WORK_SIDE), Image.Resampling.LANCZOS)
    if "A" in image.getbands():
        rgba = image.convert("RGBA")
        alpha = np.asarray(rgba.getchannel("A"))
        if (alpha < 16).mean() > 0.02:
            return _cropped(rgba)
        image = rgba
    return _cut_out(image.convert("RGB"))


def _opened(source: Path | str | bytes | Image.Image) -> Image.Image:
    if isinstance(source, Image.Image):
        _check_size(source)
        return source.copy()
    try:
        data = source if isinstance(source, bytes) else _read(Path(source))
    except OSError as error:
        raise PhotoError(
            f"the photo {source!s} cannot be read: {error.strerror or error}; choose another file",
            "la foto no se puede leer; elige otro archivo",
        ) from error
    if len(data) > MAX_BYTES:
        raise PhotoError(
            f"the photo has more than {MAX_BYTES // 2**20} MB: save it smaller",
            f"la foto pesa más de {MAX_BYTES // 2**20} MB: guárdala más chica",
        )
    try:
        image: Any = Image.open(io.BytesIO(data), formats=TYPES)
    except Image.DecompressionBombError as error:
        raise PhotoError(
            f"the photo has too many pixels; at most {MAX_PIXELS // 10**6} million: save it smaller",
            f"la foto tiene demasiados píxeles; máximo {MAX_PIXELS // 10**6} millones: guárdala más chica",
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise PhotoError(
            "the photo is not a PNG, JPEG or WebP picture; save it as one of these",
            "el archivo no es una imagen PNG, JPEG o WebP; guárdala en uno de esos formatos",
        ) from error
    _check_size(image)
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoError(
            "the photo is damaged and cannot be read to its end; save or send it again",
            "la foto está dañada y no se lee completa; guárdala o envíala otra vez",
        ) from error
    return image


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PhotoError(
            f"the photo has {width} x {height} pixels; at most {MAX_PIXELS // 10**6} million: save it smaller",
            f"la foto mide {width} x {height} píxeles; máximo {MAX_PIXELS // 10**6} millones: guárdala más chica",
        )
    if min(width, height) < MIN_SIDE:
        raise PhotoError(
            f"the photo has only {width} x {height} pixels; at least {MIN_SIDE} a side: use a larger one",
            f"la foto mide solo {width} x {height} píxeles; mínimo {MIN_SIDE} por lado: usa una más grande",
        )


def _cropped(image: Image.Image) -> Image.Image:
    ink = image.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    if ink is None or min(ink[2] - ink[0], ink[3] - ink[1]) < MIN_SIDE // 2:
        raise PhotoError(f"there is nothing to see in the photo; {_ADVICE}", f"en la foto no se ve nada; {_CONSEJO}")
    return image.crop(ink)


def _cut_out(image: Image.Image) -> Image.Image:
    """Cuts the product from a plain background: a colour model of the border, then GrabCut, then a soft edge."""
    import cv2

    pixels = np.asarray(image)
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    band = max(3, min(height, width) // 40)
    frame = np.zeros((height, width), bool)
    frame[:band], frame[:, :band], frame[:, -band:] = True, True, True
    frame[-band:, : width // 4], frame[-band:, -(width // 4) :] = True, True
    border = lab[frame]
    ground = np.median(border, axis=0)
    apart = np.linalg.norm(border - ground, axis=1)
    if np.percentile(apart, 80) > 22:
        raise PhotoError(f"the photo's background is not plain; {_ADVICE}", f"el fondo no es liso; {_CONSEJO}")
    # Light falls off towards corners: the ground is a plane in each channel, fitted where the border is alike.
    ys, xs = np.nonzero(frame)
    near = apart < max(12.0, float(np.percentile(apart, 80)) * 1.5)
    design = np.stack([np.ones(near.sum()), xs[near] / width, ys[near] / height], axis=1)
    plane, *_ = np.linalg.lstsq(design, border[near], rcond=None)
    gy, gx = np.mgrid[0:height, 0:width]
    ground_map = plane[0] + plane[1] * (gx / width)[..., None] + plane[2] * (gy / height)[..., None]
    distance = np.linalg.norm(lab - ground_map, axis=2)
    spread = float(np.std(np.linalg.norm(border[near] - (design @ plane), axis=1))) + 1.0
    sure = distance > 14 + 5 * spread
    share = sure.mean()
    if share < 0.01:
        raise PhotoError(
            f"no product stands out from the photo's background; {_ADVICE}",
            f"ningún producto se distingue del fondo; {_CONSEJO}",
        )
    if share > 0.92:
        raise PhotoError(f"the product fills the whole photo; {_ADVICE}", f"el producto llena toda la foto; {_CONSEJO}")
    small = min(1.0, 640 / max(height, width))
    size = (max(8, round(width * small)), max(8, round(height * small)))
    mask = np.where(cv2.resize(sure.astype(np.uint8), size) > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    core = cv2.erode((mask == cv2.GC_PR_FGD).astype(np.uint8), np.ones((5, 5), np.uint8), iterations=2)
    mask[core > 0] = cv2.GC_FGD
    mask[cv2.resize((frame & ~sure).astype(np.uint8), size) > 0] = cv2.GC_BGD
    reduced = np.ascontiguousarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)[..., ::-1])
    cv2.setRNGSeed(7)
    if (mask == cv2.GC_FGD).any() and (mask == cv2.GC_BGD).any():
        whole = (0, 0, size[0], size[1])  # not read: the mask says where to start
        cv2.grabCut(reduced, mask, whole, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    solid = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    solid = _largest(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    soft = cv2.GaussianBlur(
        cv2.resize(solid.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC), (0, 0), 1.2
    )
    alpha = np.clip((soft - 0.35) / 0.4, 0, 1)
    rgba = np.dstack([pixels, (alpha * 255).astype(np.uint8)])
    return _cropped(Image.fromarray(rgba, "RGBA"))


def _largest(solid: np.ndarray) -> np.ndarray:
    """The largest connected piece and what is at least a tenth of it, holes filled (glass looks like the background)."""
    import cv2

    count, marks, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        raise PhotoError(
            f"no product stands out from the photo's background; {_ADVICE}",
            f"ningún producto se distingue del fondo; {_CONSEJO}",
        )
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = np.isin(marks, 1 + np.nonzero(areas >= areas.max() * 0.1)[0]).astype(np.uint8)
    contours, _ = cv2.findContours(keep, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(keep, contours, -1, 1, cv2.FILLED))
