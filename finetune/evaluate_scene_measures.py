"""What evaluation counts in pictures and in answers: shares with their uncertainty, paired differences, distances between
pictures, nearest neighbours. Knows no model and no file."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Z = 1.96
"""Of a 95 % interval."""


def share(hits: Sequence[bool] | np.ndarray) -> dict[str, Any]:
    """`right` of `n`, the share in percent, and its 95 % interval (Wilson)."""
    n, right = len(hits), int(np.sum(hits))
    if n == 0:
        return {"n": 0, "right": 0, "percent": None, "interval": None}
    p, spread = right / n, Z * Z / n
    middle = (p + spread / 2) / (1 + spread)
    reach = Z / (1 + spread) * math.sqrt(p * (1 - p) / n + spread / (4 * n))
    return {
        "n": n,
        "right": right,
        "percent": round(100 * p, 1),
        "interval": [round(100 * max(0.0, middle - reach), 1), round(100 * min(1.0, middle + reach), 1)],
    }


def paired(first: Sequence[bool] | np.ndarray, second: Sequence[bool] | np.ndarray, seed: int = 0) -> dict[str, Any]:
    """The same questions answered twice: difference first - second in points with a 95 % bootstrap interval over the
    questions, the pairs that differ, and the exact McNemar probability of so uneven a split by chance."""
    a, b = np.asarray(first, bool), np.asarray(second, bool)
    if len(a) != len(b):
        raise ValueError(f"paired answers must be as many: {len(a)} against {len(b)}")
    gained, lost = int((a & ~b).sum()), int((~a & b).sum())
    if len(a) == 0:
        return {"n": 0, "points": None, "interval": None, "only_first": 0, "only_second": 0, "p": None}
    differences = a.astype(float) - b
    dice = np.random.default_rng(seed)
    means = differences[dice.integers(0, len(a), (4000, len(a)))].mean(1)
    odd, few = gained + lost, min(gained, lost)
    p = min(1.0, 2 * sum(math.comb(odd, k) for k in range(few + 1)) / 2**odd) if odd else 1.0
    return {
        "n": len(a),
        "points": round(100 * float(differences.mean()), 1),
        "interval": [round(100 * float(v), 1) for v in np.percentile(means, [2.5, 97.5])],
        "only_first": gained,
        "only_second": lost,
        "p": round(p, 4),
    }


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa of two judges' answers: agreement beyond what their habits would give; None where that is undefined."""
    n = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / max(1, n)
    by_chance = sum(list(first).count(name) * list(second).count(name) for name in set(first)) / max(1, n * n)
    return round((agreed - by_chance) / (1 - by_chance), 4) if by_chance < 1 else None


def psnr(error: float, peak: float = 1.0) -> float:
    """Decibels of a mean squared error between pictures whose values span `peak`."""
    return round(10 * math.log10(peak * peak / max(error, 1e-12)), 2)


def lab_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Root mean square distance of two pictures (height, width, 3; uint8 RGB) in CIE L*a*b*: 1 is about the least that an
    eye tells apart in plain colours."""
    return float(np.sqrt(np.square(_lab(first) - _lab(second)).sum(-1).mean()))


def structure_distance(first: np.ndarray, second: np.ndarray) -> float:
    """1 - SSIM of the lightness (Wang et al. 2004: Gaussian window, deviation 1.5): 0 for equal pictures, about 1 for
    unrelated ones."""
    import cv2

    x, y = _lab(first)[..., 0] / 100, _lab(second)[..., 0] / 100

    def mean(field: np.ndarray) -> np.ndarray:
        blurred: np.ndarray = cv2.GaussianBlur(field, (11, 11), 1.5)
        return blurred

    mx, my = mean(x), mean(y)
    vx, vy, both = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    similar = ((2 * mx * my + c1) * (2 * both + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return float(1 - similar.mean())


def _lab(picture: np.ndarray) -> np.ndarray:
    import cv2

    lab: np.ndarray = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return lab


def distances(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, Any]:
    """Means over pairs of pictures of the same size: `lab` and `structure` (see above), each with its 10th percentile."""
    if not pairs:
        return {"n": 0, "lab": None, "structure": None}
    found = {
        "lab": [lab_distance(a, b) for a, b in pairs],
        "structure": [structure_distance(a, b) for a, b in pairs],
    }
    return {
        "n": len(pairs),
        **{
            name: {"mean": round(float(np.mean(values)), 3), "p10": round(float(np.percentile(values, 10)), 3)}
            for name, values in found.items()
        },
    }


def nearest(samples: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row of `samples` (n, width) the root mean square distance to the nearest row of `known` (m, width), and which
    that is."""
    a, b = samples.astype(np.float32), known.astype(np.float32)
    middle = b.mean(0)
    a, b = a - middle, b - middle  # nearer to nought: less is lost in the subtraction below
    squares = np.square(a).sum(1)[:, None] + np.square(b).sum(1)[None] - 2 * a @ b.T
    index = squares.argmin(1)
    # exactly, for the nearest alone
    return np.sqrt(np.square(a - b[index]).mean(1)), index


def copying(samples: np.ndarray, fresh: np.ndarray, known: np.ndarray) -> dict[str, Any]:
    """Is `samples` copied from `known`? Distances to the nearest known row, beside those of `fresh` rows of the same kind that
    cannot be copies; `nearer_than_fresh`: share (percent) of samples that are nearer than the nearest 1 % of the fresh."""
    mine, _ = nearest(samples, known)
    theirs, _ = nearest(fresh, known)
    edge = float(np.percentile(theirs, 1))
    return {
        "n": len(mine),
        "known": len(known),
        "median": round(float(np.median(mine)), 4),
        "least": round(float(mine.min()), 4),
        "fresh_median": round(float(np.median(theirs)), 4),
        "fresh_least": round(float(theirs.min()), 4),
        "nearer_than_fresh": round(100 * float((mine < edge).mean()), 1),
    }
