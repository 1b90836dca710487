"""Draws the pictures that the scene model learns from: scenes without a product, each with its caption.

    python -m finetune.pictures draw --count 6000 --seed 0 --out runs/scene/pictures
    python -m finetune.pictures draw --format folder [--packshots] --count 2000 --out DIR [--push-to-hub USER/NAME]
    python -m finetune.pictures crawl https://shop.example/sitemap.xml --out DIR     # a shop's pictures (docs/picture-data.md)

Picture number i of a seed is always the same, so that the set can be made again from (seed, count, size). Knows nothing of
models.
"""

import json
import random
import sys
import zlib
from dataclasses import asdict
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from pipelines.scene_prompt import caption
from pipelines.sketch import PLACES, SEASONS, SketchSpec, draw

HELD_OUT = 8
"""One in so many combinations of light, season (where it shows) and surface is kept from training, at every place."""


@cache
def held_out_captions(place: str) -> frozenset[str]:
    """The captions of a place that training never sees: by hash, rounded up, so that every place has one."""
    known = PLACES[place]
    combinations = product(known.lights, SEASONS if known.seasonal else SEASONS[:1], known.surfaces)
    captions = {caption(SketchSpec(place, light, season, surface)) for light, season, surface in combinations}
    ranked = sorted(captions, key=lambda words: zlib.crc32(words.encode()))
    return frozenset(ranked[: -(-len(ranked) // HELD_OUT)])


def held_out(spec: SketchSpec) -> bool:
    """Whether this combination of place, light, season and surface is kept for judging."""
    return caption(spec) in held_out_captions(spec.place)


def picture_spec(seed: int, index: int, *, unseen: bool = False) -> SketchSpec:
    """What picture `index` of the set `seed` shows: places in turn, everything else by dice.

    Only combinations that training sees, or, with `unseen`, only those held out.
    """
    dice = random.Random(f"{seed}/{index}")
    names = list(PLACES)
    place = PLACES[names[index % len(names)]]
    while True:
        spec = SketchSpec(
            place=names[index % len(names)],
            light=dice.choice(place.lights),
            season=dice.choice(SEASONS),
            surface=dice.choice(place.surfaces),
            seed=dice.randrange(2**31),
        )
        if held_out(spec) == unseen:
            return spec


def draw_set(out: Path, *, count: int, seed: int, size: int) -> None:
    """Writes `pictures.npy` (count, size, size, 3; uint8, sRGB) and `captions.jsonl` (caption and spec a line)."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = np.lib.format.open_memmap(out / "pictures.npy", mode="w+", dtype=np.uint8, shape=(count, size, size, 3))
    with (out / "captions.jsonl").open("w", encoding="utf-8") as file:
        for index in range(count):
            spec = picture_spec(seed, index)
            pictures[index] = np.asarray(draw(spec, size))
            file.write(json.dumps({"caption": caption(spec), **asdict(spec)}) + "\n")
    pictures.flush()
    (out / "set.json").write_text(json.dumps({"count": count, "seed": seed, "size": size}) + "\n", encoding="utf-8")


def load_set(folder: Path) -> tuple[np.ndarray, list[dict[str, object]]]:
    """The pictures (memory-mapped) and the caption records of a set that `draw_set` finished.

    Raises FileNotFoundError, with the command that makes it, when there is none.
    """
    if not (folder / "set.json").exists():
        raise FileNotFoundError(
            f"no finished picture set in {folder}; make one with: python -m finetune.pictures draw --out {folder}"
        )
    lines = (folder / "captions.jsonl").read_text(encoding="utf-8").splitlines()
    return np.load(folder / "pictures.npy", mmap_mode="r"), [json.loads(line) for line in lines]


def main(arguments: list[str] | None = None) -> int:
    """The command, which lives in finetune.pictures_command."""
    from finetune.pictures_command import main as command

    return command(arguments)


if __name__ == "__main__":
    sys.exit(main())
