"""The user's own product photo as a packshot: checked, set upright, cut out. Knows nothing of catalogues or posters.

Nothing of a photo leaves the machine, and none of its metadata (place, camera, date) is kept.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from pipelines.matte import NoCutOut, cut_out
from slots.schema import Language

MAX_BYTES = 25 * 2**20
MAX_PIXELS = 50_000_000
MIN_SIDE = 64
WORK_SIDE = 2400
"""Larger photos are reduced to this many pixels on their longer side: a poster shows no more."""
TYPES = ("PNG", "JPEG", "WEBP")
"""What is opened, by content; a file's name says nothing."""
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")


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
_REASONS: dict[str, tuple[str, str]] = {
    "busy": ("the photo's background is not plain", "el fondo no es liso"),
    "nothing": ("no product stands out from the photo's background", "ningún producto se distingue del fondo"),
    "full": ("the product fills the whole photo", "el producto llena toda la foto"),
}


def load_photo(source: Path | str | bytes | Image.Image) -> Image.Image:
    """The product alone, RGBA, cropped to itself. A transparent picture is used as it is, else the background is cut.

    Raises PhotoError for a file that is no PNG, JPEG or WebP, is damaged, animated, too large or too small, or whose
    background is not plain.
    """
    image = _opened(source)
    if max(image.size) > WORK_SIDE and image.mode not in ("P", "1", "I", "I;16", "I;16B", "F"):
        image.thumbnail((WORK_SIDE, WORK_SIDE), Image.Resampling.LANCZOS)
    image = _plain(ImageOps.exif_transpose(image))
    if max(image.size) > WORK_SIDE:
        image.thumbnail((WORK_SIDE, WORK_SIDE), Image.Resampling.LANCZOS)
    if image.mode == "RGBA":
        alpha = np.asarray(image.getchannel("A"))
        if (alpha < 16).mean() > 0.02:
            return _cropped(image)
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    try:
        return _cropped(cut_out(image))
    except NoCutOut as error:
        english, spanish = _REASONS[error.reason]
        raise PhotoError(f"{english}; {_ADVICE}", f"{spanish}; {_CONSEJO}") from error


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
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        raise PhotoError(
            "the photo is not a PNG, JPEG or WebP picture but HEIC or AVIF, as some phones save it; share it as JPEG",
            "la foto está en formato HEIC o AVIF, como la guardan algunos celulares; compártela como JPEG",
        )
    try:
        # Only the header is read here: the size is checked before anything is unpacked.
        image: Any = Image.open(io.BytesIO(data), formats=TYPES)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
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
    # MPO is a JPEG that carries a second view or a gain map, as many phones save it; its first picture is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PhotoError(
            "the photo is an animation; save one picture of it as PNG or JPEG",
            "el archivo es una animación; guarda una sola imagen como PNG o JPEG",
        )
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
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


def _plain(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB at 8 bits, without any metadata, whatever the mode was (palette, grey, 16 bits, CMYK)."""
    if image.mode in ("I", "I;16", "I;16B", "F"):
        deep = np.asarray(image).astype(np.float32)
        top = 65535.0 if deep.max() > 255 else 255.0
        image = Image.fromarray(np.clip(deep * (255.0 / top), 0, 255).astype(np.uint8))
    else:
        image = _in_srgb(image)
    clear = "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info
    flat = image.convert("RGBA" if clear else "RGB")
    return Image.fromarray(np.asarray(flat))  # from bare pixels: EXIF, GPS, text and profiles stay behind


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours of a wide-gamut or CMYK profile as sRGB; a profile that cannot be read is passed over."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else image.mode
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if turned is None else turned


def _cropped(image: Image.Image) -> Image.Image:
    ink = image.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    if ink is None or min(ink[2] - ink[0], ink[3] - ink[1]) < MIN_SIDE // 2:
        raise PhotoError(f"there is nothing to see in the photo; {_ADVICE}", f"en la foto no se ve nada; {_CONSEJO}")
    return image.crop(ink)
