"""The picture on a poster: scene, sun, shadow, reflection and product, all through one dot screen.

Takes a plan's window and the inks; knows nothing of words. Pixels are float32 arrays, height x width x 3, 0 to 255.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from pipelines.draw import rgb
from pipelines.palette import Palette
from pipelines.poster_parts import PosterPlan, Rect
from pipelines.poster_press import Screen, overprint, print_picture, scene_inks, separate

PITCH = 6.6
"""Plan units from dot to dot: seen as tone from across the street, as dots from near."""

GLOSS = {"white counter": 1.0, "marble": 0.9, "tiles": 0.7, "dark table": 0.7, "wooden table": 0.4}
"""How much a surface mirrors, by its name in `pipelines.sketch.SURFACES`; cloth, sand, grass and stone do not. The name is
what tells: a plain cloth looks as even as a counter."""


@dataclass(frozen=True)
class Light:
    """A scene's light: `side` -1 from the left to 1 from the right, `dark` 0 by day to 1 at night."""

    side: float
    dark: float


def print_window(
    scene: Image.Image,
    surface_y: float,
    packshot: Image.Image | None,
    plan: PosterPlan,
    palette: Palette,
    scale: float,
    gloss: float = 0.0,
) -> np.ndarray:
    """The picture at the window's size in pixels: float32, height x width x 3.

    `gloss` says how much the surface mirrors, 0 to 1 (`GLOSS`).
    """
    import cv2

    origin = (round(plan.window.left * scale), round(plan.window.top * scale))
    width, height = round(plan.window.width * scale), round(plan.window.height * scale)
    horizon = plan.surface * scale - origin[1]
    crop = _crop(scene, surface_y, width, height, horizon, _middle(plan, scale, origin))
    light = read_light(crop, horizon)
    screen = Screen(PITCH * scale)
    inks = scene_inks(crop, key=palette.key, paper=palette.paper)
    printed = print_picture(crop, separate(inks), screen)
    # ink creeps a little in paper: edges lose their steps
    pixels: np.ndarray = cv2.GaussianBlur(printed, (0, 0), 0.5 * max(scale, 1.0))
    if plan.rays is not None:
        _rays(pixels, (plan.rays[0] * scale - origin[0], plan.rays[1] * scale - origin[1]), horizon, palette, screen)
    if plan.sun is not None:
        (x, y), radius = plan.sun
        _sun(pixels, (x * scale - origin[0], y * scale - origin[1]), radius * scale, horizon, palette, screen)
    if packshot is not None and plan.product is not None:
        at = plan.product
        target = Rect(
            at.left * scale - origin[0],
            at.top * scale - origin[1],
            at.right * scale - origin[0],
            at.bottom * scale - origin[1],
        )
        _product(pixels, packshot, target, light, gloss, palette, screen)
    return pixels


def _middle(plan: PosterPlan, scale: float, origin: tuple[int, int]) -> float:
    """Where the scene's own middle goes in the window: half-way to the product, so that it stands in the free place."""
    window = plan.window.width * scale / 2
    if plan.product is None:
        return window
    return (window + plan.product.centre[0] * scale - origin[0]) / 2


def _crop(scene: Image.Image, surface_y: float, width: int, height: int, horizon: float, middle: float) -> Image.Image:
    """The part of the scene that covers width x height with its surface at `horizon`, grown as little as that takes."""
    needed = (
        width / scene.width,
        horizon / max(surface_y * scene.height, 1.0),
        (height - horizon) / max((1 - surface_y) * scene.height, 1.0),
    )
    # a scene whose surface begins very high or low would have to be grown out of all proportion: then it moves instead
    growth = max(needed[0], height / scene.height, min(max(needed), 1.5 * max(needed[0], height / scene.height)))
    across = width / growth
    down = height / growth
    top = min(max(surface_y * scene.height - horizon / growth, 0.0), scene.height - down)
    left = min(max(scene.width / 2 - middle / growth, 0.0), scene.width - across)
    return scene.convert("RGB").resize(
        (width, height), Image.Resampling.BICUBIC, box=(left, top, left + across, top + down)
    )


def read_light(crop: Image.Image, horizon: float) -> Light:
    """Side and darkness of the light above the surface.

    The light comes from the brighter side; where both are alike, from the left, as readers of left-to-right script assume.
    """
    small = np.asarray(crop.convert("L").resize((64, 64), Image.Resampling.BOX), dtype=np.float32)
    row = min(max(int(64 * horizon / crop.height), 8), 58)
    above = small[:row]
    left, right = float(above[:, :32].mean()), float(above[:, 32:].mean())
    side = float(np.clip((right - left) / 14.0, -1, 1))
    side = side if abs(side) > 0.25 else -0.6
    dark = float(np.clip((118.0 - small.mean()) / 60.0, 0, 1))
    return Light(side, dark)


# Sun and rays ---------------------------------------------------------------------------------------------------------


def _grid(shape: tuple[int, ...], centre: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(shape[0], dtype=np.float32)[:, None] - np.float32(centre[1])
    x = np.arange(shape[1], dtype=np.float32)[None, :] - np.float32(centre[0])
    return x, y


def _sun(
    pixels: np.ndarray, centre: tuple[float, float], radius: float, horizon: float, palette: Palette, screen: Screen
) -> None:
    """A flat disc that stands behind the surface and thins out into dots towards it."""
    top, bottom = max(0, int(centre[1] - radius - 2)), min(int(horizon), pixels.shape[0], int(centre[1] + radius + 2))
    left, right = max(0, int(centre[0] - radius - 2)), min(pixels.shape[1], int(centre[0] + radius + 2))
    if bottom <= top or right <= left:
        return
    view = pixels[top:bottom, left:right]
    x, y = _grid(view.shape, (centre[0] - left, centre[1] - top))
    edge = np.clip(radius - np.sqrt(x * x + y * y) + 0.5, 0, 1)
    foot = min(horizon, centre[1] + radius) - top
    rows = np.arange(view.shape[0], dtype=np.float32)[:, None]
    tone = np.clip((foot - rows) / (0.62 * radius) + 0.06, 0, 1) * np.ones_like(x)
    cover = screen.cover(tone, screen.thresholds(view.shape[1], view.shape[0]))
    overprint(view, palette.sun, edge * cover, 0.97)


def _rays(pixels: np.ndarray, centre: tuple[float, float], horizon: float, palette: Palette, screen: Screen) -> None:
    """A sunburst above the surface, printed as dots that thin out away from its centre."""
    view = pixels[: max(1, min(int(horizon), pixels.shape[0]))]
    x, y = _grid(view.shape, centre)
    reach = float(np.hypot(*view.shape[:2])) * 0.9
    far = np.sqrt(x * x + y * y) / reach
    wave = np.cos(np.arctan2(y, x) * 14)
    # the edge of a ray is as sharp near the centre as far from it
    ray = np.clip(wave * far * reach / 28 + 0.5, 0, 1)
    tone = np.clip(1.0 - far * 1.15, 0, 1) ** 0.8 * ray
    cover = screen.cover(tone, screen.thresholds(view.shape[1], view.shape[0]))
    overprint(view, palette.sun, cover * np.minimum(ray * 2, 1), 0.92)


# The product ----------------------------------------------------------------------------------------------------------


def _product(
    pixels: np.ndarray, shot: Image.Image, at: Rect, light: Light, gloss: float, palette: Palette, screen: Screen
) -> None:
    size = (max(1, round(at.width)), max(1, round(at.height)))
    shot = shot if shot.size == size else shot.resize(size, Image.Resampling.LANCZOS)
    rgba = np.asarray(shot.convert("RGBA"), dtype=np.float32)
    left, base = round(at.left), round(at.bottom)
    _shadow(pixels, (left + size[0] / 2, base), size, light, palette, screen)
    inked = _inked(rgba, light, palette, screen)
    if gloss > 0:
        _reflection(pixels, inked, rgba[..., 3] / 255, left, base, gloss, screen)
    _outline(pixels, rgba[..., 3], left, base - size[1], max(1.0, screen.pitch * 0.36), palette)
    _paste(pixels, inked, rgba[..., 3] / 255, left, base - size[1])


def _paste(pixels: np.ndarray, colours: np.ndarray, cover: np.ndarray, left: int, top: int) -> None:
    """Prints `colours` where `cover` says, clipped to the window."""
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(pixels.shape[1], left + cover.shape[1]), min(pixels.shape[0], top + cover.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    view = pixels[y0:y1, x0:x1]
    view += (colours[part] - view) * cover[part][..., None]


def _inked(rgba: np.ndarray, light: Light, palette: Palette, screen: Screen) -> np.ndarray:
    """The product in the sheet's inks: black becomes the key ink, white the paper; dots shade the side away from the light."""
    key, paper = (np.array(rgb(c), dtype=np.float32) for c in (palette.key, palette.paper))
    out = key * 0.8 + (paper - key * 0.8) * (rgba[..., :3] / 255)
    ambient = np.array(rgb(palette.ambient), dtype=np.float32)
    tint = ambient / max(float(ambient.mean()), 1.0)
    out *= 1 + (tint - 1) * np.float32(0.10 + 0.22 * light.dark)
    height, width = rgba.shape[:2]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * np.float32(-np.sign(light.side))
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    strength = (0.30 + 0.14 * light.dark) * (0.6 + 0.4 * abs(light.side))
    tone = np.clip((across - 0.25) / 0.75, 0, 1) ** 1.3 * strength + down * np.float32(0.05 * light.dark)
    fine = Screen(screen.pitch * 0.72, 30)
    overprint(out, palette.key, fine.cover(tone, fine.thresholds(width, height)) * (tone > 0.01), 0.5)
    glow = np.clip((-across - 0.55) / 0.45, 0, 1) * np.float32(0.10 + 0.22 * light.dark) * np.ones_like(tone)
    overprint(out, palette.light, glow, 0.7)
    return out


def _shadow(
    pixels: np.ndarray, foot: tuple[float, float], size: tuple[int, int], light: Light, palette: Palette, screen: Screen
) -> None:
    """Dark where the product touches, thinning out into dots away from the light."""
    half = size[0] / 2
    reach = half * 1.0 + size[1] * 0.10
    thick = max(half * 0.17, size[1] * 0.022)
    top, bottom = max(0, int(foot[1] - thick * 2.6)), min(pixels.shape[0], int(foot[1] + thick * 2.6))
    x0, x1 = max(0, int(foot[0] - 3 * reach)), min(pixels.shape[1], int(foot[0] + 3 * reach))
    if bottom <= top or x1 <= x0:
        return
    view = pixels[top:bottom, x0:x1]
    x, y = _grid(view.shape, (foot[0] - x0, foot[1] - top))
    drift = np.float32(-light.side * reach * 0.42)
    cast = np.exp(-(((x - drift) / (reach * 1.05)) ** 4) - ((y - thick * 0.1) / (thick * 1.25)) ** 2) * (
        0.62 - 0.2 * light.dark
    )
    contact = np.exp(-((x / (half * 0.98)) ** 8) - (y / (thick * 0.55)) ** 2) * 1.15
    tone = np.clip(np.maximum(cast, contact), 0, 1)
    tone[tone < 0.04] = 0
    cover = screen.cover(tone, screen.thresholds(pixels.shape[1], pixels.shape[0])[top:bottom, x0:x1]) * (tone > 0)
    overprint(view, palette.key, cover, 0.74)


def _reflection(
    pixels: np.ndarray, inked: np.ndarray, alpha: np.ndarray, left: int, base: int, gloss: float, screen: Screen
) -> None:
    """The product's foot upside down, thinning out into dots."""
    depth = min(inked.shape[0], pixels.shape[0] - base, int(inked.shape[0] * 0.2))
    if depth < 2:
        return
    fade = np.linspace(0.52 * gloss, 0.0, depth, dtype=np.float32)[:, None] * np.ones((1, inked.shape[1]), np.float32)
    cover = screen.cover(fade, screen.thresholds(inked.shape[1], depth)) * (fade > 0.02)
    _paste(pixels, inked[::-1][:depth], cover * alpha[::-1][:depth] * np.float32(0.8), left, base)


def _outline(pixels: np.ndarray, alpha: np.ndarray, left: int, top: int, reach: float, palette: Palette) -> None:
    """A line of the key ink around the product, as an illustrator draws it."""
    import cv2

    edge = int(np.ceil(reach)) + 2
    solid = np.pad((alpha > 96).astype(np.uint8) * 255, edge)
    # the distance to the product, so that the line is as wide as asked to a fraction of a pixel
    far = cv2.distanceTransform(255 - solid, cv2.DIST_L2, 5)
    cover = np.clip(np.float32(reach + 0.5) - far, 0, 1)
    ink = np.broadcast_to(np.array(rgb(palette.key), np.float32), (*cover.shape, 3))
    _paste(pixels, ink, cover, left - edge, top - edge)
