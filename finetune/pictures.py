"""Draws the pictures that the scene model learns from: scenes without a product, each with its caption.

    python -m finetune.pictures draw --count 6000 --seed 0 --out runs/scene/pictures

Picture number i of a seed is always the same, so that the set can be made again from (seed, count, size). Knows nothing of
models.
"""

import argparse
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from pipelines.scene_prompt import caption
from pipelines.sketch import PLACES, SEASONS, SketchSpec, draw


def picture_spec(seed: int, index: int) -> SketchSpec:
    """What picture `index` of the set `seed` shows: places in turn, everything else by dice."""
    dice = random.Random(f"{seed}/{index}")
    names = list(PLACES)
    place = PLACES[names[index % len(names)]]
    return SketchSpec(
        place=names[index % len(names)],
        light=dice.choice(place.lights),
        season=dice.choice(SEASONS),
        surface=dice.choice(place.surfaces),
        seed=dice.randrange(2**31),
    )


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
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m finetune.pictures", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="draw a training set")
    drawing.add_argument("--count", type=int, default=6000)
    drawing.add_argument("--seed", type=int, default=0)
    drawing.add_argument("--size", type=int, default=512)
    drawing.add_argument("--out", type=Path, default=Path("runs/scene/pictures"))
    options = parser.parse_args(arguments)
    if options.count < 1 or options.size < 64:
        parser.error("--count must be at least 1 and --size at least 64")
    draw_set(options.out, count=options.count, seed=options.seed, size=options.size)
    print(f"{options.count} pictures in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
