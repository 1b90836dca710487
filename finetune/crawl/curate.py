"""Which downloaded pictures are fit to learn from: one product on a plain, light background, whole, large enough, not seen before.

Judged on 256 pixels a side: the background is what the border shows; the foreground is what differs from it. Several
products stand side by side: as separate pieces of comparable size, or, where they touch, as a whole that is wider than any
one drink, has two tops with a gap between them, or is not the same left and right. Knows nothing of addresses and titles.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from finetune.captions import BACKGROUNDS, TitleReading, conflicting

if TYPE_CHECKING:
    from PIL import Image

TYPES = ("JPEG", "PNG", "WEBP")
MAGIC: tuple[tuple[bytes, str], ...] = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
MOST_PIXELS = 40_000_000
SIDE = 256
"""Pictures are judged at this many pixels on their longer side."""

DARK = 45.0
"""CIE lightness of the background below which it counts as dark."""
PLAIN = 0.8
"""Share of the border that must look like one colour (a gradient is allowed)."""
NEAR_OUTLINE = 0.2
"""Of the outlines in either of two pictures, the share that only one has, up to which they can be near duplicates."""
NEAR_COLOUR = (4.0, 14.0)
"""Mean and largest CIE distance (dE 1976) of two thumbnails, 16 x 16, up to which they can be near duplicates."""
WIDEST = 0.68
"""Width to height of the widest single drink (a small can has 0.6)."""
VALLEY = 0.08
"""Share of the height: a deeper gap seen from above lies between two drinks."""
LOPSIDED = 0.85
"""A drink is the same left and right: an outline that covers less of its mirror image is of more than one."""


class Unfit(Exception):
    """A picture that cannot be judged or used; the message is the reason for the CSV."""


@dataclass(frozen=True)
class Look:
    """What is seen in a picture. `several` and `ground` say why it is unfit, empty where it is not."""

    background: str
    """Nearest name of captions.BACKGROUNDS."""
    lightness: float
    plain: float
    pieces: int
    """Separate things of comparable size."""
    several: str
    ground: str
    """`dark` or `not plain`, with the figure."""


@dataclass(frozen=True)
class Print:
    """A picture's fingerprints: `sha256` of its pixels, `bits` of its outlines (1024), `colour` 16 x 16 in CIE Lab."""

    sha256: str
    bits: np.ndarray
    colour: np.ndarray


def kind_of(data: bytes) -> str | None:
    """The file ending of a picture by its first bytes (jpg, png, webp); None for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((ending for magic, ending in MAGIC if data.startswith(magic)), None)


def opened(data: bytes, smallest: int) -> "Image.Image":
    """The picture, upright, RGB, transparency on white. Raises Unfit: broken, too many pixels, too small."""
    from PIL import Image, ImageOps

    if kind_of(data) is None:
        raise Unfit("broken file: no JPEG, PNG or WebP")
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=TYPES)
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Unfit(f"too many pixels: {width} x {height}")
        if min(width, height) < smallest:
            raise Unfit(f"too small: {width} x {height}, at least {smallest} a side are asked for")
        image.load()
        image = ImageOps.exif_transpose(image)
        if image.mode == "P" or "transparency" in image.info:
            image = image.convert("RGBA")
        if "A" in image.getbands():
            rgba = image.convert("RGBA")
            image = Image.new("RGB", rgba.size, "white")
            image.paste(rgba, mask=rgba.getchannel("A"))
        return image.convert("RGB")
    except Unfit:
        raise
    except Image.DecompressionBombError as error:
        raise Unfit("too many pixels") from error
    except Exception as error:  # damaged files raise nearly anything inside the decoders
        raise Unfit(f"broken file: {type(error).__name__}: {str(error)[:80]}") from error


def _lab(pixels: np.ndarray) -> np.ndarray:
    """CIE Lab (L 0..100) of sRGB bytes."""
    import cv2

    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels, np.float32) / 255, cv2.COLOR_RGB2LAB))


def _reduced(image: "Image.Image", size: tuple[int, int]) -> np.ndarray:
    from PIL import Image

    return np.asarray(image.resize(size, Image.Resampling.BOX))


def background_name(lab: np.ndarray) -> str:
    """The nearest name of captions.BACKGROUNDS to a CIE Lab colour."""
    names = list(BACKGROUNDS)
    known = _lab(np.array([[BACKGROUNDS[name] for name in names]], np.uint8))[0]
    return names[int(np.argmin(np.linalg.norm(known - lab, axis=1)))]


def look_at(image: "Image.Image") -> Look:
    """What is seen in an RGB picture."""
    scale = SIDE / max(image.size)
    lab = _lab(_reduced(image, (max(8, round(image.width * scale)), max(8, round(image.height * scale)))))
    ground, plain, noise, middle = _ground(lab)
    distance = np.linalg.norm(lab - ground, axis=2)
    fine, coarse = (_mask(distance, least) for least in (min(9.0, max(2.2, 1.2 + 4 * noise)), 12.0))
    pieces = _pieces(fine)
    # a cast shadow is in the fine outline only, a pale side is missing from the coarse one only; two drinks are two in both
    told = _several(fine, pieces)
    several = told if told and _several(coarse, _pieces(coarse)) else ""
    lightness = float(middle[0])
    if plain < PLAIN:
        unfit = f"the background is not plain ({plain:.0%} of the border is alike)"
    elif lightness < DARK:
        unfit = f"dark background (lightness {lightness:.0f} of 100)"
    else:
        unfit = ""
    return Look(background_name(middle), lightness, plain, pieces, several, unfit)


def _ground(lab: np.ndarray) -> tuple[np.ndarray, float, float, np.ndarray]:
    """The background as a plane a channel, the share of the border that it explains, how far that strays from it, and the
    border's middle colour."""
    height, width = lab.shape[:2]
    band = max(2, min(height, width) // 40)
    frame = np.zeros((height, width), bool)
    frame[:band], frame[-band:], frame[:, :band], frame[:, -band:] = True, True, True, True
    ys, xs = np.nonzero(frame)
    border = lab[frame]
    middle = np.median(border, axis=0)
    design = np.stack([np.ones(len(xs)), xs / width, ys / height], axis=1)
    near = np.linalg.norm(border - middle, axis=1) < 20
    for _ in range(2):  # once roughly, once without what does not belong
        if near.sum() < 12:
            break
        plane, *_ = np.linalg.lstsq(design[near], border[near], rcond=None)
        apart = np.linalg.norm(border - design @ plane, axis=1)
        near = apart < 6
    else:
        gy, gx = np.mgrid[0:height, 0:width]
        whole = plane[0] + plane[1] * (gx / width)[..., None] + plane[2] * (gy / height)[..., None]
        return whole, float(near.mean()), float(np.median(apart[near])) if near.any() else 9.0, middle
    return np.broadcast_to(middle, lab.shape), float(near.mean()), 9.0, middle


def _mask(distance: np.ndarray, least: float) -> np.ndarray:
    """What differs from the background by `least`, specks removed, and filled: holes (glass looks like what is behind it) and,
    up and down, what lies between two parts (a white label on white)."""
    import cv2

    found: np.ndarray = (distance > least).astype(np.uint8)
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((SIDE // 5, 1), np.uint8)))
    contours, _ = cv2.findContours(found, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(found), contours, -1, 1, cv2.FILLED))


def _pieces(mask: np.ndarray) -> int:
    """Things side by side of comparable size; what stands one above the other (cap, label, base of clear glass) is one."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    parts = sorted(
        (int(s[cv2.CC_STAT_LEFT]), int(s[cv2.CC_STAT_LEFT] + s[cv2.CC_STAT_WIDTH]), int(s[cv2.CC_STAT_AREA]))
        for s in stats[1:count]
    )
    merged: list[list[int]] = []
    for left, right, area in parts:
        if merged and min(right, merged[-1][1]) - left > 0.3 * min(right - left, merged[-1][1] - merged[-1][0]):
            merged[-1][1], merged[-1][2] = max(right, merged[-1][1]), merged[-1][2] + area
        else:
            merged.append([left, right, area])
    largest = max((area for *_, area in merged), default=0)
    return sum(area >= 0.2 * largest for *_, area in merged)


def _several(mask: np.ndarray, pieces: int) -> str:
    if pieces > 1:
        return f"{pieces} things of comparable size"
    import cv2

    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, 7), np.uint8)))  # without a straw
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return ""
    columns = np.flatnonzero(mask.any(axis=0))
    shape = (columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1)
    if shape > WIDEST:
        return f"wider than one drink ({shape:.2f} of its height)"
    tops = np.where(mask.any(axis=0), mask.shape[0] - mask.argmax(axis=0), 0)
    valley = np.minimum(np.maximum.accumulate(tops), np.maximum.accumulate(tops[::-1])[::-1]) - tops
    depth = valley.max() / (rows[-1] - rows[0] + 1)
    if depth > VALLEY:
        return f"two tops with a gap of {depth:.0%} of the height between them"
    alike = _mirrored(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return f"lopsided ({alike:.0%} the same in the mirror)" if alike < LOPSIDED else ""


def _mirrored(mask: np.ndarray) -> float:
    """The best overlap (intersection over union) of an outline with its mirror image, over upright axes near its middle."""
    half = mask[::2, ::2].astype(bool)
    width = half.shape[1]
    reach = width // 4 + 1
    wide = np.pad(half, ((0, 0), (reach, reach)))
    flipped = wide[:, ::-1]
    area = int(half.sum())
    best = 0
    for shift in range(-reach, reach + 1):
        best = max(best, int(np.count_nonzero(wide & np.roll(flipped, shift, axis=1))))
    return best / max(1, 2 * area - best)


def print_of(image: "Image.Image") -> Print:
    """The fingerprints of an RGB picture. Source of the hash: dHash (Krawetz 2013), in both directions and with both signs."""
    grey = image.convert("L")
    across = _reduced(grey, (17, 16)).astype(np.int16)
    down = _reduced(grey, (16, 17)).astype(np.int16)
    steps = np.concatenate([np.diff(across, axis=1).ravel(), np.diff(down, axis=0).ravel()])
    # a step of 2 levels or fewer is noise of compression, not outline
    bits = np.concatenate([steps > 2, steps < -2])
    pixels = hashlib.sha256(f"{image.size}".encode() + image.tobytes()).hexdigest()
    return Print(pixels, bits, _lab(_reduced(image, (16, 16))))


def near(one: Print, other: Print) -> bool:
    """Whether two pictures show the same thing the same way: another size, quality or slightly other light."""
    if (one.bits ^ other.bits).sum() > NEAR_OUTLINE * (one.bits | other.bits).sum():
        return False
    apart = np.linalg.norm(one.colour - other.colour, axis=2)
    return bool(apart.mean() <= NEAR_COLOUR[0] and apart.max() <= NEAR_COLOUR[1])


def twin(new: Print, reading: TitleReading, seen: Sequence[tuple[Print, TitleReading]]) -> tuple[int, bool] | None:
    """The first of `seen` that shows the same picture, and whether to the pixel; None when there is none.

    Two pictures that are merely near, and whose titles state different things, are no duplicates: two sizes of one drink
    look alike.
    """
    for index, (old, _) in enumerate(seen):
        if old.sha256 == new.sha256:
            return index, True
    for index, (old, other) in enumerate(seen):
        if near(old, new) and not conflicting(other, reading):
            return index, False
    return None
