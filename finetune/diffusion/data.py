"""Pictures with captions for training: a drawn set, an image folder or a Hub data set, and the order in which they are seen.

The order, and every die that a sample needs, is a function of (seed, number of the sample): going on after a kill needs only
the step. Knows no model but a tokenizer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from finetune.recipe import RecipeError

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image


class Pictures(Protocol):
    """Pictures and what each shows; opened one at a time."""

    @property
    def captions(self) -> Sequence[str]:
        """One for each picture."""
        ...

    def picture(self, index: int) -> "Image":
        """Picture `index` as it is stored."""
        ...


@dataclass(frozen=True)
class DrawnPictures:
    """A set of `finetune.pictures draw`."""

    array: np.ndarray
    captions: Sequence[str]

    def picture(self, index: int) -> "Image":
        """See `Pictures`."""
        from PIL import Image

        return Image.fromarray(np.asarray(self.array[index]))


@dataclass(frozen=True)
class DatasetPictures:
    """A split of a `datasets` data set with a picture and a caption column."""

    rows: Any
    column: str
    captions: Sequence[str]

    def picture(self, index: int) -> "Image":
        """See `Pictures`."""
        found: Image = self.rows[index][self.column]
        return found


def load_pictures(data: str, caption_column: str = "caption") -> Pictures:
    """The pictures of a folder (a drawn set; an image folder with metadata; Parquet files) or of the Hub data set `data`.

    Raises RecipeError when there are none, when the caption column is missing (the columns are listed) or a caption is.
    """
    folder = Path(data).expanduser()
    if (folder / "set.json").is_file():
        from finetune.pictures import load_set

        array, records = load_set(folder)
        columns = sorted({key for record in records[:1] for key in record})
        _check_column(data, caption_column, columns)
        return DrawnPictures(array, _captions(data, caption_column, [record[caption_column] for record in records]))
    if folder.is_file():
        raise RecipeError(f"{data} is a file; --data takes a folder of pictures with metadata, or a Hub id")
    rows = _load(str(folder) if folder.is_dir() else data, local=folder.is_dir())
    columns = list(rows.column_names)
    pictured = [name for name, kind in rows.features.items() if type(kind).__name__ == "Image"]
    if len(pictured) != 1:
        raise RecipeError(
            f"{data} must have one column of pictures, and has {len(pictured)}; its columns are: {', '.join(columns)}"
        )
    _check_column(data, caption_column, columns)
    return DatasetPictures(rows, pictured[0], _captions(data, caption_column, list(rows[caption_column])))


def _load(data: str, *, local: bool) -> Any:
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    try:
        return load_dataset(data, split="train")
    except (DatasetsError, OSError, ValueError, RuntimeError) as error:
        cure = (
            "A folder needs pictures and a metadata.jsonl or metadata.csv with the columns file_name and caption "
            "(python -m finetune.pictures makes such folders), or Parquet files with a split 'train'."
            if local
            else "It is no folder here, and the Hub's data set of that name was not had: check the spelling, the network, "
            "and for a private one the login ('hf auth login'); or give a folder."
        )
        raise RecipeError(f"the pictures {data!r} cannot be read ({type(error).__name__}: {error}). {cure}") from error


def _check_column(data: str, column: str, columns: Sequence[str]) -> None:
    if column not in columns:
        raise RecipeError(
            f"{data} has no column {column!r}; its columns are: {', '.join(columns)}. Name one with --caption-column."
        )


def _captions(data: str, column: str, values: Sequence[Any]) -> list[str]:
    if not values:
        raise RecipeError(f"{data} holds no pictures")
    for row, value in enumerate(values):
        if not isinstance(value, str) or not value.strip():
            raise RecipeError(f"row {row} of {data} has no caption in {column!r} (it is {value!r}); fill or remove it")
    return list(values)


def square(picture: "Image", side: int, dice: np.random.Generator, *, center: bool, flip: bool) -> "torch.Tensor":
    """The picture as (3, side, side) in -1 to 1: turned as its camera says, on white where transparent, its shorter side
    scaled to `side`, cut to a square in the middle or where dice say, and mirrored every second time with `flip`."""
    import torch
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    upright = upright.convert("RGB")
    factor = side / min(upright.size)
    width, height = (max(side, round(n * factor)) for n in upright.size)
    scaled = upright.resize((width, height), Image.Resampling.LANCZOS)
    places = dice.random(3)  # always drawn, so that no setting moves another's dice
    across, down = (0.5, 0.5) if center else (places[0], places[1])
    left, top = round((width - side) * across), round((height - side) * down)
    cut = scaled.crop((left, top, left + side, top + side))
    if flip and places[2] < 0.5:
        cut = ImageOps.mirror(cut)
    return torch.from_numpy(np.asarray(cut, np.float32).copy()).permute(2, 0, 1) / 127.5 - 1


class Source(Protocol):
    """What a training sees: samples by index."""

    def __len__(self) -> int: ...

    def sample(self, index: int, dice: np.random.Generator) -> dict[str, "torch.Tensor"]:
        """`ids` (tokens,), and `pixels` (3, side, side) in -1 to 1 or `latents` (channels, side, side)."""
        ...


@dataclass(frozen=True)
class PictureSource:
    """Pictures, cut and mirrored, with their captions' token ids."""

    pictures: Pictures
    ids: "torch.Tensor"
    """(count, tokens)"""
    empty: "torch.Tensor"
    side: int
    center: bool = True
    flip: bool = False
    dropout: float = 0.0

    def __len__(self) -> int:
        return len(self.pictures.captions)

    def sample(self, index: int, dice: np.random.Generator) -> dict[str, "torch.Tensor"]:
        """See `Source`. Raises RecipeError for a picture that cannot be opened."""
        words = self.empty if dice.random() < self.dropout else self.ids[index]
        try:
            pixels = square(self.pictures.picture(index), self.side, dice, center=self.center, flip=self.flip)
        except Exception as error:  # whatever a damaged file makes its decoder raise
            raise RecipeError(
                f"picture {index} ({self.pictures.captions[index]!r}) cannot be opened: {error}. Remove it from the data."
            ) from error
        return {"pixels": pixels, "ids": words}


@dataclass(frozen=True)
class LatentSource:
    """Latents that were made once, with their captions' token ids."""

    latents: "torch.Tensor"
    """(count, channels, side, side)"""
    ids: "torch.Tensor"
    empty: "torch.Tensor"
    dropout: float = 0.0

    def __len__(self) -> int:
        return len(self.latents)

    def sample(self, index: int, dice: np.random.Generator) -> dict[str, "torch.Tensor"]:
        """See `Source`."""
        words = self.empty if dice.random() < self.dropout else self.ids[index]
        return {"latents": self.latents[index].float(), "ids": words}


@dataclass
class Shuffled:
    """A source as an endless row of samples: every epoch in another order, given by the seed."""

    source: Source
    seed: int
    _order: dict[int, np.ndarray] = field(default_factory=dict)

    def __getitem__(self, number: int) -> dict[str, "torch.Tensor"]:
        epoch, place = divmod(number, len(self.source))
        if epoch not in self._order:
            self._order = {epoch: np.random.default_rng([self.seed, epoch]).permutation(len(self.source))}
        return self.source.sample(int(self._order[epoch][place]), np.random.default_rng([self.seed, 1, number]))


@dataclass(frozen=True)
class Numbers:
    """The sample numbers of one process's batches, from batch `start` on, for ever."""

    batch: int
    start: int = 0
    rank: int = 0
    world: int = 1

    def __iter__(self) -> Iterator[list[int]]:
        at = self.start
        while True:
            first = (at * self.world + self.rank) * self.batch
            yield list(range(first, first + self.batch))
            at += 1


def batches(source: Source, numbers: Numbers, seed: int, workers: int = 0) -> Any:
    """An endless loader of dictionaries of stacked samples. `workers`: reading processes, at most one a processor core."""
    import os

    from torch.utils.data import DataLoader

    rows: Any = Shuffled(source, seed)
    order: Any = numbers
    return DataLoader(rows, batch_sampler=order, num_workers=min(workers, os.cpu_count() or 1))


@dataclass(frozen=True)
class Beside:
    """A second source that takes turns with the first: pictures of another size, say, which cannot stand in one batch with
    the others."""

    source: Source
    batch: int
    share: float
    """Of all batches, above 0 and below 1; they are spread evenly."""
    noise_below: int
    """Timesteps (of the schedule's) that its samples are noised to: 0 to this, exclusive."""

    def turns(self, number: int) -> int:
        """How many of the first `number` batches are its own."""
        return int(number * self.share + 1e-9)

    def its_turn(self, number: int) -> bool:
        """Whether batch `number` (from 0) is its own."""
        return self.turns(number + 1) > self.turns(number)


def caption_ids(tokenizer: Any, captions: Sequence[str]) -> "tuple[torch.Tensor, torch.Tensor, int]":
    """(ids (count, tokens), ids of an empty caption (tokens,), how many captions were too long and are cut)."""
    length = tokenizer.model_max_length
    whole = tokenizer([*captions, ""], padding="max_length", max_length=length, truncation=True, return_tensors="pt")
    cut = sum(len(row) > length for row in tokenizer(list(captions), verbose=False).input_ids)
    return whole.input_ids[:-1], whole.input_ids[-1], cut
