"""How well curation works: precision and recall of each reason on a labelled set of drawn pictures.

    python -m finetune.crawl.measure --count 600 --seed 1 [--sheet FILE.png]

The set is drawn by `pipelines.packshot` (singles, two side by side, touching, multipacks, dark and busy backgrounds, copies in
another size or quality, broken and small files), so its figures say how the rules fare on clean drawings, not on every
shop's photographs. Titles matter only between near duplicates (two sizes of a drink look alike). Knows nothing of the network.
"""

import argparse
import io
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from finetune.captions import TitleReading, read_title
from finetune.crawl import curate
from slots.catalog import Catalog, default_catalog

if TYPE_CHECKING:
    from PIL import Image

KINDS = ("single", "clear", "cropped", "apart", "touching", "pack", "dark", "busy", "near", "exact", "broken", "small")
"""What the labelled pictures are. The first three are fit: on a light background, clear drinks on white, cut close."""
FIT = ("single", "single", "clear", "single", "cropped", "single")
CLEAR = ("water", "mineral water", "lemon-lime")
TRUTH = {
    "single": "kept", "clear": "kept", "cropped": "kept", "apart": "several", "touching": "several", "pack": "several", "dark": "dark",
    "busy": "not plain", "near": "near duplicate", "exact": "exact duplicate", "broken": "broken", "small": "too small",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A file and what it is."""

    kind: str
    data: bytes
    title: str


class _Shelf:
    """Draws every single product of the catalogue once before any comes again; so two pictures are not the same by chance."""

    def __init__(self, dice: random.Random, catalog: Catalog) -> None:
        self._catalog = catalog
        self._all = [
            (product, variant, pack)
            for product in catalog.products.values()
            for pack in product.packs
            for variant in tuple(product.flavours) or (None,)
        ]
        dice.shuffle(self._all)
        self._left = [thing for thing in self._all if thing[2].size.count == 1]

    def shot(self, dice: random.Random, height: int, kind: str, *, once: bool) -> tuple["Image.Image", str]:
        """A packshot of a fitting product and its title; `once`: one that was not given yet. Raises ValueError when all were."""
        from pipelines.packshot import draw_packshot

        fits = [
            thing for thing in (self._left if once else self._all)
            if (thing[2].size.count > 1) == (kind == "pack") and (kind != "clear" or (thing[0].kind in CLEAR and "bottle" in thing[2].packaging))
        ]  # fmt: skip
        if not fits:
            raise ValueError(f"the catalogue has no further product for a {kind} picture; ask for a smaller --count")
        thing = fits[0] if once else dice.choice(fits)
        if once:
            self._left.remove(thing)
        product, variant, pack = thing
        seed = dice.randrange(1000)
        image = draw_packshot(product.name, pack.packaging, pack.size, variant, self._catalog, height, seed=seed)
        flavour = product.flavours[variant].words["es"][0] if variant else ""
        words = self._catalog.packagings[pack.packaging].display["es"]
        return image, " ".join(f"{product.name} {flavour} {words} {pack.size}".split())


def _ground(dice: random.Random, side: int, low: int, high: int, *, white: bool = False) -> np.ndarray:
    """A plain background with a slight fall of light and a little noise."""
    grey = 255 if white else dice.randint(low, high)
    tint = np.array([0, 0, 0] if white else [dice.randint(-9, 9) for _ in range(3)], np.float32)
    fall = 0.0 if white else dice.uniform(0, 14)
    ys = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
    noise = (
        np.random.default_rng(dice.randrange(2**31)).normal(0, 0 if white else 1.2, (side, side, 1)).astype(np.float32)
    )
    return np.clip(grey + tint - fall * ys + noise, 0, 255)


def _busy(dice: random.Random, side: int) -> "Image.Image":
    from pipelines.sketch import PLACES, SketchSpec, draw

    name = dice.choice(list(PLACES))
    place = PLACES[name]
    lights = [light for light in place.lights if light != "night"] or list(place.lights)
    return draw(
        SketchSpec(name, dice.choice(lights), "summer", dice.choice(place.surfaces), dice.randrange(2**31)), side
    )


def _composed(dice: random.Random, kind: str, shelf: _Shelf) -> tuple["Image.Image", str]:
    from PIL import Image, ImageDraw, ImageFilter

    side = dice.choice((384, 512, 640))
    if kind == "busy":
        canvas = _busy(dice, side)
    else:
        dark = kind == "dark"
        white = not dark and (kind == "clear" or dice.random() < 0.5)
        pixels = _ground(dice, side, 10 if dark else 205, 85 if dark else 250, white=white)
        canvas = Image.fromarray(pixels.astype(np.uint8))
    share = 0.97 if kind == "cropped" else dice.uniform(0.6, 0.9)
    height = round(side * share)
    once = TRUTH[kind] == "kept"
    first, title = shelf.shot(dice, height, kind, once=once)
    shots = [first]
    if kind in ("apart", "touching"):
        for _ in range(dice.choice((1, 1, 1, 2))):
            shots.append(shelf.shot(dice, max(16, round(height * dice.uniform(0.65, 1.0))), kind, once=False)[0])
    gap = (
        round(side * dice.uniform(0.02, 0.12)) if kind == "apart" else -round(shots[0].width * dice.uniform(0.0, 0.08))
    )
    width = sum(s.width for s in shots) + gap * (len(shots) - 1)
    if width > side * 0.96:
        factor = side * 0.96 / width
        shots = [s.resize((max(1, round(s.width * factor)), max(1, round(s.height * factor)))) for s in shots]
        gap = round(gap * factor)
        width = sum(s.width for s in shots) + gap * (len(shots) - 1)
    tallest = max(s.height for s in shots)
    left, base = (side - width) // 2, (side + tallest) // 2
    shadow = Image.new("L", canvas.size, 0)
    pen = ImageDraw.Draw(shadow)
    cast = dice.choice((0, 0, 14, 28))
    at = left
    for shot in shots:
        pen.ellipse(
            (at, base - shot.width * 0.05, at + shot.width, base + shot.width * 0.05), fill=dice.choice((0, 40, 60))
        )
        if cast:  # the light comes from one side
            far = at + shot.width * 1.6
            pen.polygon(
                [
                    (at, base),
                    (at + shot.width, base),
                    (far, base - shot.height * 0.25),
                    (far - shot.width * 0.5, base - shot.height * 0.25),
                ],
                fill=cast,
            )
        at += shot.width + gap
    canvas.paste((30, 30, 34), mask=shadow.filter(ImageFilter.GaussianBlur(side * 0.008)))
    at = left
    for shot in shots:
        canvas.paste(shot, (at, base - shot.height), shot)
        at += shot.width + gap
    return canvas, title


def _saved(image: "Image.Image", dice: random.Random) -> bytes:
    file = io.BytesIO()
    ending = dice.choice(("JPEG", "JPEG", "PNG", "WEBP"))
    image.save(file, ending, **({} if ending == "PNG" else {"quality": dice.choice((70, 82, 92))}))
    return file.getvalue()


def _copy(image: "Image.Image", dice: random.Random) -> "Image.Image":
    """The same picture as another shop page shows it: another size, a slight change of light, a pixel or two of crop."""
    from PIL import ImageEnhance

    factor = dice.uniform(0.72, 1.3)
    copied = image.resize((round(image.width * factor), round(image.height * factor)))
    copied = ImageEnhance.Brightness(copied).enhance(dice.uniform(0.97, 1.03))
    edge = dice.randint(0, 3)
    return copied.crop((edge, edge, copied.width - edge, copied.height - edge))


def examples(count: int, seed: int, catalog: Catalog | None = None) -> Iterator[Example]:
    """`count` labelled files, half of them fit, in an order in which copies come after what they copy."""
    shelf = _Shelf(random.Random(seed), catalog or default_catalog())
    originals: list[tuple[Image.Image, Example]] = []
    rest = KINDS[3:]
    for index in range(count):
        dice = random.Random(f"{seed}/{index}")
        kind = FIT[index // 2 % len(FIT)] if index % 2 == 0 else rest[index // 2 % len(rest)]
        if kind == "near":
            image, original = dice.choice(originals)
            yield Example(kind, _saved(_copy(image, dice), dice), original.title)
            continue
        if kind == "exact":
            original = dice.choice(originals)[1]
            yield Example(kind, original.data, original.title)
            continue
        image, title = _composed(dice, {"small": "dark", "broken": "dark"}.get(kind, kind), shelf)
        if kind == "small":
            image.thumbnail((120, 120))
        data = _saved(image, dice)
        if kind == "broken":
            cut = data[: max(40, int(len(data) * dice.uniform(0.05, 0.8)))]
            data = dice.choice((cut, cut, b"<html>Not found</html>", data[:16] + bytes(200)))
        example = Example(kind, data, title)
        if TRUTH[kind] == "kept":
            originals.append((image, example))
        yield example


def verdict(example: Example, seen: list[tuple[curate.Print, TitleReading]], smallest: int = 256) -> str:
    """What curation says of one file (a value of TRUTH); a picture that is kept joins `seen`."""
    try:
        image = curate.opened(example.data, smallest)
    except curate.Unfit as error:
        return "broken" if "broken" in str(error) else "too small"
    fingerprint, reading = curate.print_of(image), read_title(example.title, default_catalog())
    found = curate.twin(fingerprint, reading, seen)
    if found:
        return "exact duplicate" if found[1] else "near duplicate"
    look = curate.look_at(image)
    if look.ground:
        return "dark" if look.ground.startswith("dark") else "not plain"
    if look.several:
        return "several"
    seen.append((fingerprint, reading))
    return "kept"


def figures(pairs: list[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Precision, recall and counts a reason, from (kind, verdict) pairs."""
    table = {}
    for reason in dict.fromkeys(TRUTH.values()):
        right = sum(TRUTH[kind] == reason == said for kind, said in pairs)
        true = sum(TRUTH[kind] == reason for kind, _ in pairs)
        told = sum(said == reason for _, said in pairs)
        table[reason] = {
            "files": true, "precision": right / told if told else float("nan"), "recall": right / true if true else float("nan")
        }  # fmt: skip
    return table


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m finetune.crawl.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path, default=None, help="also writes what was judged wrongly as one picture")
    options = parser.parse_args(arguments)
    seen: list[tuple[curate.Print, TitleReading]] = []
    pairs, wrong = [], []
    for example in examples(options.count, options.seed):
        said = verdict(example, seen)
        pairs.append((example.kind, said))
        if said != TRUTH[example.kind]:
            wrong.append((example, said))
    print("| reason | files | precision | recall |\n|---|---|---|---|")
    for reason, row in figures(pairs).items():
        print(f"| {reason} | {row['files']:.0f} | {row['precision']:.3f} | {row['recall']:.3f} |")
    for kind in KINDS:
        of_kind = [said for k, said in pairs if k == kind]
        share = sum(said == TRUTH[kind] for said in of_kind) / max(1, len(of_kind))
        print(f"{kind}: {share:.3f} of {len(of_kind)} judged rightly")
    for example, said in wrong:
        print(f"wrong: {example.kind} judged {said}")
    if options.sheet and wrong:
        _sheet(wrong, options.sheet)
    return 0


def _sheet(wrong: list[tuple[Example, str]], path: Path) -> None:
    from PIL import Image, ImageDraw

    shown = [(e, said) for e, said in wrong if e.kind not in ("broken",)][:40]
    sheet = Image.new("RGB", (8 * 200, (len(shown) + 7) // 8 * 220), "white")
    for index, (example, said) in enumerate(shown):
        image = Image.open(io.BytesIO(example.data), formats=curate.TYPES).convert("RGB")
        image.thumbnail((196, 196))
        at = (index % 8 * 200, index // 8 * 220)
        sheet.paste(image, at)
        ImageDraw.Draw(sheet).text((at[0] + 4, at[1] + 200), f"{example.kind} > {said}", fill="black")
    sheet.save(path)


if __name__ == "__main__":
    sys.exit(main())
