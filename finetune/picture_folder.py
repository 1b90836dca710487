"""Writes a `datasets` image folder: train/ and test/ with pictures and metadata.jsonl, and the data card.

    load_dataset("imagefolder", data_dir=FOLDER)      # columns image, caption, and each record's other fields

The folder appears whole or not at all. Knows nothing of what the pictures show.
"""

import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL import Image

Format = Literal["png", "webp"]
FORMATS: tuple[Format, ...] = ("png", "webp")
"""Both without loss; WebP is the smaller one, PNG opens everywhere."""
CARD = "README.md"


class FolderError(ValueError):
    """The folder cannot be written; the message says why and the cure."""


@dataclass(frozen=True)
class Picture:
    """One file of the folder: its split, its name without ending, how it is had, and what stands beside it."""

    split: str
    name: str
    image: Callable[[], "Image.Image"]
    caption: str
    fields: Mapping[str, object]


def encoded(image: "Image.Image", file_format: Format) -> bytes:
    """The picture as a file without loss and without metadata; the same pixels give the same bytes."""
    file = io.BytesIO()
    bare = image.convert("RGB")
    bare.info.clear()
    if file_format == "png":
        bare.save(file, "PNG", compress_level=6)
    else:
        bare.save(file, "WEBP", lossless=True, quality=60, method=2, exact=True)
    return file.getvalue()


def write_folder(
    pictures: Iterable[Picture],
    out: Path,
    card: Callable[[Mapping[str, int]], str],
    *,
    file_format: Format = "png",
    replace: bool = False,
) -> dict[str, int]:
    """Writes the folder and returns the number of pictures by split.

    `card` makes the data card from these numbers. Raises FolderError when `out` holds something and `replace` is False, or
    when there is no picture.
    """
    if not replace and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderError(f"{out} is there already; choose another --out, or remove it")
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    counts: dict[str, int] = {}
    lines: dict[str, list[str]] = {}
    for picture in pictures:
        folder = part / picture.split
        folder.mkdir(exist_ok=True)
        name = f"{picture.name}.{file_format}"
        (folder / name).write_bytes(encoded(picture.image(), file_format))
        record = {"file_name": name, "caption": picture.caption, **picture.fields}
        lines.setdefault(picture.split, []).append(json.dumps(record, ensure_ascii=False) + "\n")
        counts[picture.split] = counts.get(picture.split, 0) + 1
    if not counts:
        shutil.rmtree(part)
        raise FolderError(f"there is no picture to write to {out}")
    for split, records in lines.items():
        (part / split / "metadata.jsonl").write_text("".join(records), encoding="utf-8")
    (part / CARD).write_text(card(counts), encoding="utf-8")
    if out.exists():
        old = out.with_name(out.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(out, old)
        os.replace(part, out)
        shutil.rmtree(old)
    else:
        os.replace(part, out)
    return counts
