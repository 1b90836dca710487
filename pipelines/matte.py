"""Cuts a product out of a photo on a plain background: from the border inwards, with a soft edge and without a halo.

Three steps: a smooth model of the background's colour from the photo's border; a flood from the border through all that
looks like it, plain or in shadow, which stops at edges, so that a white label on white paper stays; and along the
outline how much of each pixel is product (alpha), for which the background's colour, known by then, is taken out again.
Knows nothing of files, catalogues or posters.
"""

from typing import Any

import numpy as np
from PIL import Image

FLOOD_SIDE = 900
"""The outline is found at this many pixels on the longer side, and refined at the photo's own size."""

GRAIN = 24.0
"""Grey levels: a background rougher than this is a pattern and not a camera's noise."""
SHARP = 6.0
"""Grey levels a pixel: a shadow's edge is softer, a product's harder."""
FOOT = 0.16
"""The lowest part of a product, as a share of its height, beside which shadows fall."""
SOLE = 0.045
"""The lowest part, within which they fall under it."""
SLIVER = 0.05
"""Above the sole a shadow's dark rim is thinner than this share of the product's width; what is thicker is product."""


class NoCutOut(ValueError):
    """The product cannot be told from its background. `reason`: `busy`, `nothing` or `full`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the picture cannot be cut out: {reason}")
        self.reason = reason


def cut_out(image: Image.Image) -> Image.Image:
    """The product as RGBA of the same size, everything else transparent. Raises NoCutOut with its reason."""
    import cv2

    pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    small = min(1.0, FLOOD_SIDE / max(height, width))
    size = (max(8, round(width * small)), max(8, round(height * small)))
    reduced = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    ground, noise = _ground(reduced)
    solid = _product(reduced, ground, noise)
    share = float(solid.mean())
    if share < 0.008:
        raise NoCutOut("nothing")
    if share > 0.93:
        raise NoCutOut("full")
    full_ground = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    return Image.fromarray(_softened(pixels, full_ground, solid))


def _ground(pixels: np.ndarray) -> tuple[np.ndarray, float]:
    """The background's colour at every pixel (float RGB), and its noise: light falls off, so each channel is a surface."""
    import cv2

    height, width = pixels.shape[:2]
    band = max(3, min(height, width) // 40)
    frame = np.zeros((height, width), bool)
    frame[:band], frame[:, :band], frame[:, -band:] = True, True, True
    frame[-band:, : width // 4], frame[-band:, -(width // 4) :] = True, True  # a product may stand on the lower edge
    calm = cv2.GaussianBlur(pixels, (0, 0), 1.5).astype(np.float32)
    ys, xs = np.nonzero(frame)
    colours = calm[frame]
    apart = np.abs(colours - np.median(colours, axis=0)).max(axis=1)
    near = apart < max(30.0, 1.5 * float(np.percentile(apart, 75)))
    if float(np.percentile(apart, 75)) > 60:
        raise NoCutOut("busy")

    def terms(x: Any, y: Any) -> np.ndarray:
        u, v = x / width - 0.5, y / height - 0.5
        return np.stack([np.ones_like(u), u, v, u * u, v * v, u * v], axis=-1)

    design = terms(xs.astype(np.float32), ys.astype(np.float32))
    rest = np.full(len(colours), np.inf)
    surface = np.zeros((6, 3), np.float32)
    for _ in range(4):
        surface, *_ = np.linalg.lstsq(design[near], colours[near], rcond=None)
        rest = np.abs(colours - design @ surface).max(axis=1)
        near = rest < max(6.0, 2.5 * float(np.median(rest)))
    if float(np.percentile(rest, 70)) > 14 or near.mean() < 0.5:
        raise NoCutOut("busy")
    gy, gx = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = np.clip(terms(gx, gy) @ surface, 1, 255).astype(np.float32)
    grain = pixels[frame][near].astype(np.float32) - (design @ surface)[near]
    noise = float(np.sqrt((grain**2).mean()))
    if noise > GRAIN:
        raise NoCutOut("busy")
    return ground, noise + 0.5


def _product(pixels: np.ndarray, ground: np.ndarray, noise: float) -> np.ndarray:
    """What the flood from the border does not reach, uint8 0 or 1, holes filled."""
    import cv2

    calm = cv2.bilateralFilter(pixels, 7, 14 + 3 * noise, 5).astype(np.float32)
    apart = np.abs(calm - ground).max(axis=2)
    ratio = calm / ground
    mean = ratio.mean(axis=2)
    tint = np.abs(ratio - mean[..., None]).max(axis=2)
    soft = cv2.GaussianBlur(calm, (0, 0), 1.0)
    slope = np.max(
        [
            np.hypot(cv2.Scharr(soft[..., k], cv2.CV_32F, 1, 0), cv2.Scharr(soft[..., k], cv2.CV_32F, 0, 1)) / 32
            for k in range(3)
        ],
        axis=0,
    )
    plain = apart < 7 + 1.6 * noise
    rim = np.zeros(slope.shape, bool)
    margin = max(3, min(slope.shape) // 40)
    rim[:margin], rim[:, :margin], rim[:, -margin:] = True, True, True
    calmest = slope[rim & plain]
    faint = float(np.percentile(calmest, 99)) * 1.25 if calmest.size else 0.0
    edge = slope > max(2.0, faint)
    shadow = (mean > 0.30) & (mean < 1.06) & (tint < 0.035 + 0.007 * noise)
    passable = ((plain | shadow) & ~edge).astype(np.uint8)
    # Gaps in an outline narrower than five pixels do not let the flood in.
    core = cv2.erode(passable, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE)
    _, marks = cv2.connectedComponents(core, connectivity=4)
    outside = np.unique(np.concatenate([marks[0], marks[:, 0], marks[:, -1], marks[-1]]))
    flooded = np.isin(marks, outside[outside > 0]).astype(np.uint8)
    if not flooded.any():
        raise NoCutOut("full")
    # Back over what the erosion took, and half the width of the edge's slope, while the pixels still look like ground.
    reach = cv2.dilate(flooded, np.ones((5, 5), np.uint8)) & passable
    # The outline runs where a pixel is as far from the ground as from the product beside it.
    halfway = apart < 0.45 * cv2.dilate(apart, np.ones((9, 9), np.uint8))
    likely = ((apart < 12 + 2.5 * noise) | (shadow & (mean > 0.5)) | halfway).astype(np.uint8)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for _ in range(4):
        reach |= cv2.dilate(reach, cross) & likely
    darker = shadow & (mean < 0.985)
    solid = _without_cast_shadow(
        1 - reach, darker & (slope < SHARP + 0.5 * noise), darker & (slope < 3.5 + 0.3 * noise)
    )
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    return _largest(solid)


def _without_cast_shadow(solid: np.ndarray, shadow: np.ndarray, faint: np.ndarray) -> np.ndarray:
    """Takes away the dark edge of a cast shadow, which the flood stopped at: only beside the product's foot, and under it.

    Nothing is taken higher up, and where the product stands above only what is `faint`, without any edge towards the
    ground: a grey side of the product looks like a shadow, too.
    """
    import cv2

    rows = np.nonzero(solid.any(axis=1))[0]
    if not rows.size:
        return solid
    foot = rows[-1] - round(FOOT * (rows[-1] - rows[0] + 1))
    sole = rows[-1] - round(SOLE * (rows[-1] - rows[0] + 1))
    free = np.asarray(solid[:foot].sum(axis=0) == 0, np.uint8)[None, :]
    beside = np.asarray(cv2.erode(free, np.ones((1, 5), np.uint8))).ravel() > 0
    taken = shadow.copy()
    taken[:sole] &= beside[None, :] | faint[:sole]
    taken[:foot] = False
    open_to = np.asarray((solid == 0) | taken)
    open_to[:foot] = False
    core = cv2.erode(open_to.astype(np.uint8), np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE)
    _, marks = cv2.connectedComponents(core, connectivity=4)
    ground = np.unique(marks[(solid == 0) & (core > 0)])
    flooded = np.isin(marks, ground[ground > 0]).astype(np.uint8)
    flooded = cv2.dilate(flooded, np.ones((5, 5), np.uint8)) & open_to.astype(np.uint8)
    under = ((flooded > 0) & (solid > 0) & ~beside[None, :]).astype(np.uint8)
    under[sole:] = 0
    columns = np.nonzero(solid.any(axis=0))[0]
    thick = max(7, round(SLIVER * (columns[-1] - columns[0] + 1)))
    body = cv2.morphologyEx(under, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    flooded[(cv2.dilate(body, np.ones((5, 5), np.uint8)) & under) > 0] = 0
    return np.where(flooded > 0, 0, solid).astype(np.uint8)


def _largest(solid: np.ndarray) -> np.ndarray:
    """The largest connected piece and what is at least a tenth of it, holes filled (glass looks like the background)."""
    import cv2

    count, marks, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        raise NoCutOut("nothing")
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = np.isin(marks, 1 + np.nonzero(areas >= areas.max() * 0.1)[0]).astype(np.uint8)
    contours, _ = cv2.findContours(keep, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(keep, contours, -1, 1, cv2.FILLED))


def _softened(pixels: np.ndarray, ground: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """RGBA at full size. Along the outline alpha is how far a pixel's colour is from ground to product.

    Inside, the nearest sure product pixel gives the product's colour F, the model gives the ground's B; a pixel C
    between them has alpha (C-B)(F-B) / |F-B|^2, and F is what is kept of its colour. Where F and B are alike, only the
    outline's own position tells.
    """
    import cv2

    height, width = pixels.shape[:2]
    grown = cv2.resize(solid.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    step = max(height, width) / max(solid.shape)
    shape = cv2.GaussianBlur(grown, (0, 0), max(0.8, 0.7 * step))
    inside = (shape > 0.5).astype(np.uint8)
    reach = max(2, round(2.4 * step))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    core = cv2.erode(inside, kernel, borderType=cv2.BORDER_REPLICATE)
    outer = cv2.dilate(inside, kernel)
    geometric = np.clip((shape - 0.5) * 1.6 + 0.5, 0, 1)
    band = (outer > 0) & (core == 0)
    _, nearest = cv2.distanceTransformWithLabels(1 - core, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    sure = core > 0
    lookup = np.zeros((int(nearest.max()) + 1, 3), np.float32)
    lookup[nearest[sure]] = cv2.GaussianBlur(pixels, (0, 0), 0.8)[sure]
    fore, back, colour = lookup[nearest[band]], ground[band], pixels[band].astype(np.float32)
    span = fore - back
    length = (span**2).sum(axis=1)
    along = np.clip(((colour - back) * span).sum(axis=1) / np.maximum(length, 1.0), 0, 1)
    trust = np.clip((np.sqrt(length) - 30) / 60, 0, 1)
    alpha = core.astype(np.float32)
    guess = geometric[band]
    # Colour decides within what the outline allows: a shadow beside the product is not let in again.
    alpha[band] = np.clip(trust * np.minimum(along, guess + 0.35) + (1 - trust) * guess, 0, 1)
    alpha = np.clip((alpha - 0.06) / 0.88, 0, 1)
    kept = pixels.astype(np.float32)
    a = alpha[band][:, None]
    clean = (colour - (1 - a) * back) / np.maximum(a, 0.25)
    kept[band] = np.where(a > 0.85, colour, 0.5 * np.clip(clean, 0, 255) + 0.5 * fore)
    kept[alpha == 0] = 0
    return np.dstack([np.clip(np.round(kept), 0, 255).astype(np.uint8), np.round(alpha * 255).astype(np.uint8)])
