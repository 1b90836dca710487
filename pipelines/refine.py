"""Gives a small model's soft, grainy picture the clean detail of the sketch that it started from.

The sketch is known sharp, and known as the model's autoencoder shows it. Around every pixel the model's colours are explained
as a linear function of the shown sketch (as in He, Sun, Tang: Guided Image Filtering, 2013; the functions are fitted on a
coarse grid, as in He, Sun: Fast Guided Filter, 2015); the same function of the sharp sketch is the finished picture: the model's light and colour on the sketch's edges. What the function does not explain is
the model's own texture, and is kept as far as asked. Knows nothing of models or briefs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

RADIUS = 40
"""Reach of the local function, in pixels of a picture 256 wide: wide enough to average the grain of few training hours, and the
stains that a reach of 16 left on even walls and skies."""

TRUST = 2e-2
"""Variance (colours 0 to 1) below which the function tends to the identity: the model's local colour, the sketch's own contrast. Ten
times less let a hesitant model wash out what makes a place (skulls, candles, a vendor)."""

GRID = 128
"""Functions along a side: they are smooth over RADIUS, and each costs a solution of nine equations."""

MOST_GAIN = 1.4
"""A fainter picture than this makes up for is meant to be faint."""

BLURS = (0.0, 0.6, 0.9, 1.3, 1.8, 2.4)
"""Without the autoencoder's own view: how much it may blur, standard deviations in its pixels; the nearest is taken."""


def refine(made: "Image", sketch: "Image", seen: "Image | None" = None, texture: float = 1.0) -> "Image":
    """The model's picture at the size of `sketch` (RGB, square), with the sketch's detail where the model kept it.

    `seen` is the sketch after the model's autoencoder, at the size of `made`; without it a blur stands in. `texture` (0
    to 1) says how much is kept of what the sketch does not explain.
    """
    import cv2
    from PIL import Image

    target = _floats(made)
    side = target.shape[1], target.shape[0]
    sharp = np.asarray(sketch.convert("RGB"))
    if seen is not None:
        guide = _floats(seen)
    else:
        guide = _blurred_like(target, cv2.resize(sharp, side, interpolation=cv2.INTER_AREA).astype(np.float32) / 255)
    slope, offset = _local_function(guide, target)
    planes = _applied(slope, offset, [plane.astype(np.float32) / 255 for plane in cv2.split(sharp)])
    if texture > 0:
        for plane, whole, explained in zip(
            planes, cv2.split(target), _applied(slope, offset, cv2.split(guide)), strict=True
        ):
            cv2.scaleAdd(_grown(whole - explained, sketch.size), texture, plane, plane)
    _enliven(planes, sharp)
    for plane in planes:
        plane *= 255
        plane += 0.5
        np.clip(plane, 0, 255, out=plane)
    return Image.fromarray(cv2.merge([plane.astype(np.uint8) for plane in planes]), "RGB")


def _grown(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """One channel at (width, height)."""
    import cv2

    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    grown: np.ndarray = cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_CUBIC)
    return grown


def _applied(slope: np.ndarray, offset: np.ndarray, picture: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The functions at every pixel of a picture, both as channels: plane by plane, which takes a third of the time that whole
    pixels take."""
    import cv2

    height, width = picture[0].shape
    planes = []
    for channel in range(3):
        plane = _grown(offset[..., channel], (width, height)).copy()
        for j in range(3):
            cv2.accumulateProduct(_grown(slope[..., channel, j], (width, height)), picture[j], plane)
        planes.append(plane)
    return planes


def _enliven(planes: list[np.ndarray], sketch: np.ndarray) -> None:
    """Gives the picture the sketch's contrast when its own is lower: what a model is unsure of, it paints pale.

    Contrast is spread over brightness, so that a darker hour is not taken for a pale picture. Changes `planes` (0 to 1);
    `sketch` is in bytes.
    """
    import cv2

    middle, spread = (
        np.array([part.item() for part in parts], np.float32)
        for parts in zip(*(cv2.meanStdDev(plane) for plane in planes), strict=True)
    )
    sketch_middle, sketch_spread = (part.ravel().astype(np.float32) / 255 for part in cv2.meanStdDev(sketch))
    contrast = float((spread / np.maximum(middle, 1e-2)).mean())
    wanted = float((sketch_spread / np.maximum(sketch_middle, 1e-2)).mean())
    gain = min(max(wanted / max(contrast, 1e-3), 1.0), MOST_GAIN)
    if gain > 1.0:
        for plane, mean in zip(planes, middle, strict=True):
            plane -= mean
            plane *= np.float32(gain)
            plane += mean


def _floats(picture: "Image") -> np.ndarray:
    return np.asarray(picture.convert("RGB"), np.float32) / 255


def _blurred_like(target: np.ndarray, sharp: np.ndarray) -> np.ndarray:
    """`sharp` with the blur that brings it nearest to `target`."""
    import cv2

    tried = [sharp if blur == 0 else cv2.GaussianBlur(sharp, (0, 0), blur) for blur in BLURS]
    nearest: np.ndarray = min(tried, key=lambda picture: float(np.square(picture - target).mean()))
    return nearest


def _local_function(guide: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes (rows, columns, 3, 3; target channel by guide channel) and offsets (rows, columns, 3) of the least-squares fit
    around every point of a grid of about GRID, drawn towards the identity where the guide is flat."""
    import cv2

    step = max(1, target.shape[1] // GRID)
    near = max(1, round(RADIUS * target.shape[1] / 256 / step))

    def mean(field: np.ndarray, radius: int) -> np.ndarray:
        blurred: np.ndarray = cv2.boxFilter(
            np.ascontiguousarray(field), -1, (2 * radius + 1,) * 2, borderType=cv2.BORDER_REFLECT
        )
        return blurred

    def around(field: np.ndarray) -> np.ndarray:
        # cells first: the mean over a reach of many cells is nearly the same, for a fraction of the sums
        cells = (field.shape[1] // step, field.shape[0] // step)
        return mean(cv2.resize(field, cells, interpolation=cv2.INTER_AREA), near)

    guide_mean, target_mean = around(guide), around(target)
    spread = np.empty((*guide_mean.shape, 3), np.float32)
    shared = np.empty((*guide_mean.shape, 3), np.float32)
    for j in range(3):
        spread[..., j] = around(guide * guide[..., j : j + 1]) - guide_mean * guide_mean[..., j : j + 1]
        shared[..., j] = around(target * guide[..., j : j + 1]) - target_mean * guide_mean[..., j : j + 1]
    for field in (spread, shared):
        field[..., range(3), range(3)] += TRUST
    # slope = shared · spread^-1; spread is symmetric
    slope = np.swapaxes(np.linalg.solve(spread, np.swapaxes(shared, -1, -2)), -1, -2)
    # what the model is unsure of it paints pale: its colours are taken, a contrast below the sketch's own is not
    lack = np.maximum(0.0, 1.0 - np.trace(slope, axis1=-2, axis2=-1) / 3)
    slope[..., range(3), range(3)] += lack[..., None]
    offset = target_mean - np.einsum("hwij,hwj->hwi", slope, guide_mean)
    return np.stack([mean(slope[..., j], near) for j in range(3)], -1), mean(offset, near)
