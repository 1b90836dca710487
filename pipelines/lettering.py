"""Type on skia: measuring, fitting, balancing and drawing lines set in the faces of assets/fonts.

Knows nothing of products or posters. What is measured is what is drawn: both come from the same outlines.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import skia
from PIL import ImageFont

FONT_DIR = Path(__file__).resolve().parent.parent / "assets" / "fonts"


class FontError(ValueError):
    """A font file is missing; the message names it and the faces that are there."""


_EM = 1000


def fonts() -> tuple[str, ...]:
    """The file stems of the faces in assets/fonts."""
    return tuple(sorted(p.stem for p in FONT_DIR.iterdir() if p.suffix in (".ttf", ".otf")))


_SAME = {"BebasNeue-Regular": "BebasNeue-Bold", "LobsterTwo-BoldItalic": "Lobster-Regular"}
"""Other releases' file names of the same designs: the one-weight Bebas Neue, and Lobster Two's bold italic."""


@cache
def _font_file(stem: str) -> Path:
    stem = _SAME.get(stem, stem)
    for suffix in (".otf", ".ttf"):
        path = FONT_DIR / f"{stem}{suffix}"
        if path.is_file():
            return path
    raise FontError(f"font {stem!r} is not in {FONT_DIR.name}/; choose one of: {', '.join(fonts())}")


@cache
def typeface(stem: str) -> skia.Typeface:
    """The face of a font file in assets/fonts. Raises FontError that lists the faces that are there."""
    face = skia.Typeface.MakeFromFile(str(_font_file(stem)))
    if face is None:
        raise FontError(f"font file {_font_file(stem).name} is damaged; restore it from the repository")
    return face


@cache
def _ruler(stem: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_font_file(stem)), _EM)


@cache
def _shaped() -> bool:
    from PIL import features

    return bool(features.check("raqm"))


@lru_cache(maxsize=8192)
def _kern(stem: str, pair: str) -> float:
    """How much closer (negative) the two letters stand than their widths say, in 1/1000 em.

    Skia sets glyphs by their bare widths; the pair tables of modern faces are read by the shaper that PIL brings.
    """
    if not _shaped():
        return 0.0
    ruler = _ruler(stem)
    return ruler.getlength(pair, features=["-liga"]) - ruler.getlength(pair[0]) - ruler.getlength(pair[1])


@cache
def _glyph_font(stem: str) -> skia.Font:
    # Outlines are read at one large size and scaled: small sizes are rounded to 1/64 pixel by the rasteriser.
    font = skia.Font(typeface(stem), _EM)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    return font


@lru_cache(maxsize=8192)
def printable(stem: str, text: str) -> str:
    """The text as the face can set it: a letter that the face lacks loses its marks, else it is left out."""
    font = _glyph_font(stem)

    def has(letter: str) -> bool:
        return bool(font.unicharToGlyph(ord(letter)))

    out = []
    for letter in unicodedata.normalize("NFC", text):
        if has(letter):
            out.append(letter)
        else:
            out.extend(base for base in unicodedata.normalize("NFKD", letter) if has(base))
    return "".join(out)


@lru_cache(maxsize=8192)
def _advances(stem: str, spacing: float, text: str) -> tuple[float, ...]:
    font, text = _glyph_font(stem), printable(stem, text)
    widths = font.getWidths(font.textToGlyphs(text))
    x, places = 0.0, [0.0]
    for i, width in enumerate(widths):
        inner = i + 1 < len(widths)
        x += width + (_kern(stem, text[i : i + 2]) + spacing * _EM if inner else 0.0)
        places.append(x)
    return tuple(places)


@lru_cache(maxsize=2048)
def _ink(stem: str, spacing: float, text: str) -> tuple[float, float, float, float]:
    ink = Face(stem, _EM, spacing).path(text).computeTightBounds()
    return (ink.left(), ink.top(), ink.right(), ink.bottom())


@dataclass(frozen=True)
class Face:
    """A font at a size, with letter-spacing in ems."""

    stem: str
    size: float
    spacing: float = 0.0

    def at(self, size: float) -> "Face":
        """The same face at another size."""
        return Face(self.stem, size, self.spacing)

    def advances(self, text: str) -> list[float]:
        """Where each letter starts, then where the text ends."""
        return [p * self.size / _EM for p in _advances(self.stem, self.spacing, text)]

    def width(self, text: str) -> float:
        """The advance width of one line."""
        return _advances(self.stem, self.spacing, text)[-1] * self.size / _EM if text else 0.0

    def cap_height(self) -> float:
        """The height of a capital."""
        return (abs(_glyph_font(self.stem).getMetrics().fCapHeight) or 0.7 * _EM) * self.size / _EM

    def path(self, text: str) -> skia.Path:
        """The outline of one line, its baseline starting at (0, 0)."""
        font, text = _glyph_font(self.stem), printable(self.stem, text)
        out = skia.Path()
        scale = self.size / _EM
        for glyph, x in zip(font.textToGlyphs(text), self.advances(text), strict=False):
            outline = font.getPath(glyph)
            if outline is not None:
                outline.transform(skia.Matrix.Scale(scale, scale).postTranslate(x, 0))
                out.addPath(outline)
        return out

    def bounds(self, text: str) -> tuple[float, float, float, float]:
        """The inked box (left, top, right, bottom) around the text with its baseline starting at (0, 0)."""
        left, top, right, bottom = (v * self.size / _EM for v in _ink(self.stem, self.spacing, text))
        return (left, top, right, bottom)


def draw_text(
    canvas: skia.Canvas, text: str, face: Face, x: float, y: float, p: skia.Paint, align: float = 0.0
) -> None:
    """One line with its baseline at y; `align` 0 starts at x, 0.5 is centred on it, 1 ends there."""
    path = face.path(text)
    path.offset(x - face.width(text) * align, y)
    canvas.drawPath(path, p)


def fit_size(text: str, face: Face, max_width: float, max_height: float) -> float:
    """The largest size at which the line is at most max_width wide and its capitals at most max_height high."""
    width, cap = face.at(100).width(text), face.at(100).cap_height()
    return 100 * min(max_width / width if width else math.inf, max_height / cap)


def _words(text: str) -> list[str]:
    """The words between which a line may break; a no-break space holds figures and their units together."""
    return [word for word in re.split(r"[ \t\r\n]+", text) if word]


def balance(text: str, count: int, face: Face) -> list[str]:
    """The text on `count` lines of words, the widest line as narrow as it can be; fewer lines when words run out."""
    return list(_balanced(text, count, face.at(100.0)))


@lru_cache(maxsize=2048)
def _balanced(text: str, count: int, face: Face) -> tuple[str, ...]:
    words = _words(text)
    count = max(1, min(count, len(words)))
    widths = {(i, j): face.width(" ".join(words[i:j])) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    best: dict[tuple[int, int], tuple[float, int]] = {}

    def solve(start: int, left: int) -> float:
        if left == 1:
            return widths[start, len(words)]
        if (start, left) not in best:
            best[start, left] = min(
                (max(widths[start, cut], solve(cut, left - 1)), cut) for cut in range(start + 1, len(words) - left + 2)
            )
        return best[start, left][0]

    if not words:
        return ()
    solve(0, count)
    lines, start = [], 0
    for left in range(count, 1, -1):
        cut = best[start, left][1]
        lines.append(" ".join(words[start:cut]))
        start = cut
    return (*lines, " ".join(words[start:]))


@dataclass(frozen=True)
class TextBlock:
    """Lines set in one face: where each starts is known before anything is drawn."""

    lines: tuple[str, ...]
    face: Face
    leading: float
    """Baseline to baseline."""

    @cached_property
    def width(self) -> float:
        """The widest line."""
        return max((self.face.width(line) for line in self.lines), default=0.0)

    @cached_property
    def height(self) -> float:
        """From the top of the first line's ink to the bottom of the last one's."""
        if not self.lines:
            return 0.0
        top = -self.face.bounds(self.lines[0])[1]
        return top + (len(self.lines) - 1) * self.leading + max(0.0, self.face.bounds(self.lines[-1])[3])

    def draw(self, canvas: skia.Canvas, x: float, y: float, p: skia.Paint, align: float = 0.0) -> None:
        """Draws with the first line's ink starting at y."""
        baseline = y - self.face.bounds(self.lines[0])[1] if self.lines else y
        for i, line in enumerate(self.lines):
            draw_text(canvas, line, self.face, x, baseline + i * self.leading, p, align)


@lru_cache(maxsize=4096)
def fit_block(
    text: str,
    face: Face,
    max_width: float,
    max_height: float,
    *,
    max_lines: int = 3,
    largest: float = 400.0,
    leading: float = 1.02,
    gain: float = 1.02,
) -> TextBlock:
    """The block of 1 to max_lines balanced lines that sets the text largest within the box.

    Another line must make the type `gain` times as large: fewer lines read better than a little more size.
    """
    text = " ".join(_words(text))
    chosen: TextBlock | None = None
    for count in range(1, max_lines + 1):
        lines = tuple(balance(text, count, face.at(100)))
        probe = TextBlock(lines, face.at(100), 100 * leading)
        if not probe.lines or probe.width == 0:
            return TextBlock((), face, face.size * leading)
        size = min(largest, 100 * max_width / probe.width, 100 * max_height / probe.height)
        if chosen is None or size > chosen.face.size * gain:
            chosen = TextBlock(lines, face.at(size), size * leading)
    assert chosen is not None
    return chosen
