"""The press: turns pictures into a few flat inks with halftone dots between them, on warm paper, with light grain.

This is the posters' art direction. Scene, shadow and product all pass through the same screen, so that they look printed
together and a small or soft scene reads as a screen print. Knows nothing of layout, words or briefs. Pictures are
arrays: height x width x 3 (or 4), 0 to 255. The same arguments give the same pixels.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from pipelines.draw import Colour, mix, rgb, vivid

_BITS = 5
_SIDE = 1 << _BITS
FLAT = 0.2
"""How near a tone must be to an ink to be printed flat, without dots; 0.5 would leave no dots at all."""


@dataclass(frozen=True)
class Screen:
    """A dot screen: `pitch` pixels from dot to dot, turned by `angle` degrees."""

    pitch: float
    angle: float = 45.0

    def thresholds(self, width: int, height: int) -> np.ndarray:
        """float32, height x width: the tone (0 to 1) from which a pixel is inked. Evenly spread over 0 to 1."""
        a = np.deg2rad(self.angle)
        turn = np.float32(2 * np.pi / self.pitch)
        x = np.arange(width, dtype=np.float32)[None, :] * turn
        y = np.arange(height, dtype=np.float32)[:, None] * turn
        # cos u + cos v = 2 cos((u+v)/2) cos((u-v)/2): products of functions of x and y alone, so no large cosine
        p, q = np.float32((np.cos(a) + np.sin(a)) / 2), np.float32((np.cos(a) - np.sin(a)) / 2)
        first = np.cos(x * q) * np.cos(y * p) - np.sin(x * q) * np.sin(y * p)
        second = np.cos(x * p) * np.cos(y * q) + np.sin(x * p) * np.sin(y * q)
        wave = first * second  # -1 to 1, most of it near 0
        even: np.ndarray = 0.5 + np.arcsin(np.clip(wave, -1, 1), dtype=np.float32) / np.float32(np.pi)
        return even

    def cover(self, tone: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
        """How much of each pixel is inked for the wanted tone: dots with soft edges about a pixel wide."""
        out: np.ndarray = np.clip((tone - thresholds) * np.float32(max(2.0, self.pitch * 0.55)) + tone, 0, 1)
        return out


@dataclass(frozen=True)
class Separation:
    """How each colour is printed: a ground ink, the way to a second ink, and how much of the second (float32 tables)."""

    ground: np.ndarray
    change: np.ndarray
    tone: np.ndarray


def scene_inks(scene: Image.Image, *, count: int = 8, key: Colour = "#17110F", paper: Colour = "#FFF8EA") -> np.ndarray:
    """The inks a scene is printed with, float32 (count + 2) x 3: its own main colours, the key ink and the paper.

    Colours are clustered by k-means from fixed starts; each ink is a little richer and warmer than what it stands for.
    """
    small = np.asarray(scene.convert("RGB").resize((72, 72), Image.Resampling.BOX), dtype=np.float32).reshape(-1, 3)
    centres = [small.mean(axis=0)]
    for _ in range(count - 1):  # the farthest point each time: rare, telling colours get an ink too
        distance = np.min([((small - c) ** 2).sum(axis=1) for c in centres], axis=0)
        centres.append(small[int(np.argmax(distance))])
    inks = np.stack(centres)
    for _ in range(6):
        nearest = ((small[:, None] - inks[None]) ** 2).sum(axis=2).argmin(axis=1)
        for k in range(count):
            own = small[nearest == k]
            if len(own):
                inks[k] = own.mean(axis=0)
    rich = [mix(vivid((float(r), float(g), float(b)), 1.22), paper, 0.05) for r, g, b in inks]
    return np.array([*rich, rgb(key), rgb(mix(paper, "#FFFFFF", 0.2))], dtype=np.float32)


@lru_cache(maxsize=2)
def _lattice() -> np.ndarray:
    steps = (np.arange(_SIDE, dtype=np.float32) + 0.5) * (256 / _SIDE)
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)


def separate(inks: np.ndarray, *, apart: float = 0.10) -> Separation:
    """For every colour the two inks, and their shares, that print it best; `apart` holds far inks from being mixed."""
    colours = _lattice()
    best = np.full(len(colours), np.inf, dtype=np.float32)
    ground, change = np.zeros_like(colours), np.zeros_like(colours)
    tone = np.zeros(len(colours), dtype=np.float32)
    for i in range(len(inks)):
        for j in range(i + 1, len(inks)):
            way = inks[j] - inks[i]
            length = float(way @ way)
            share = np.clip((colours - inks[i]) @ way / max(length, 1.0), 0, 1)
            share = np.clip((share - FLAT) / (1 - 2 * FLAT), 0, 1)
            miss = ((colours - inks[i] - share[:, None] * way) ** 2).sum(axis=1)
            miss += apart * length * share * (1 - share) * 4
            better = miss < best
            best[better] = miss[better]
            tone[better] = share[better]
            ground[better], change[better] = inks[i], way
    return Separation(ground, change, tone)


def print_picture(picture: Image.Image, separation: Separation, screen: Screen) -> np.ndarray:
    """The picture in inks, float32, height x width x 3."""
    pixels = np.asarray(picture.convert("RGB"))
    index = pixels[..., 0].astype(np.int32) >> (8 - _BITS)
    for channel in (1, 2):
        index = (index << _BITS) | (pixels[..., channel].astype(np.int32) >> (8 - _BITS))
    cover = screen.cover(separation.tone[index], screen.thresholds(picture.width, picture.height))
    out: np.ndarray = separation.ground[index]
    out += cover[..., None] * separation.change[index]
    return out


def overprint(pixels: np.ndarray, ink: Colour, cover: np.ndarray, strength: float = 1.0) -> None:
    """Prints an ink onto `pixels` (float32, height x width x 3) in place, as far as `cover` (0 to 1) says."""
    pixels += (np.array(rgb(ink), dtype=np.float32) - pixels) * (cover * np.float32(strength))[..., None]


def grain(pixels: np.ndarray, seed: int, cell: int) -> np.ndarray:
    """The printed sheet as uint8: the tooth of the paper over everything, `cell` pixels coarse, the same for a seed."""
    height, width = pixels.shape[:2]
    dice = np.random.default_rng(seed)
    rows, columns = height // cell + 1, width // cell + 1
    fine = dice.integers(-5, 6, size=(rows, columns), dtype=np.int16)
    # a few specks that took no ink or too much of it, as a squeegee leaves them
    specks = dice.integers(0, 1000, size=(rows, columns), dtype=np.int16)
    fine += np.where(specks < 3, 14, 0).astype(np.int16) - np.where(specks > 996, 11, 0).astype(np.int16)
    tooth = fine.repeat(cell, axis=0).repeat(cell, axis=1)[:height, :width, None]
    out: np.ndarray = np.clip(pixels.astype(np.int16) + tooth, 0, 255).astype(np.uint8)
    return out
