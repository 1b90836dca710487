"""Tells which place a scene shows, so that a scene that does not show its own is refused.

A small convolutional network, trained on drawn scenes by `finetune.train_judge`. Knows nothing of briefs, prompts or the
model that makes scenes.
"""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.sketch import LIGHT_NAMES, PLACES, SEASONS, SURFACES

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "models" / "scene_judge"
WEIGHTS = "weights.safetensors"
CONFIG = "config.json"

LABELS: dict[str, tuple[str, ...]] = {
    "place": tuple(PLACES),
    "light": tuple(LIGHT_NAMES),
    "season": tuple(SEASONS),
    "surface": tuple(SURFACES),
}
"""What the judge answers, in the order of its outputs."""


class JudgeError(RuntimeError):
    """The judge's files are missing, damaged, or made for other places; the message names the file and the cure."""


@dataclass(frozen=True)
class JudgeConfig:
    """What stands in config.json beside the weights."""

    architecture: str
    side: int
    """Pixels of the square picture that the network sees."""
    channels: tuple[int, ...]
    threshold: float
    """Probability from which a place is accepted; chosen by `finetune.train_judge`."""


@dataclass(frozen=True)
class Reading:
    """What a judge sees in n pictures. `probabilities`: by kind of answer (LABELS), (n, labels); `features`: (n, width)."""

    probabilities: dict[str, np.ndarray]
    features: np.ndarray

    def answers(self, kind: str) -> list[str]:
        """The likeliest label of each picture."""
        return [LABELS[kind][int(i)] for i in self.probabilities[kind].argmax(1)]


class SceneJudge:
    """A judge whose weights are read at the first question. May be asked from several threads."""

    def __init__(self, folder: Path = FOLDER, build: "Callable[[JudgeConfig], Any] | None" = None) -> None:
        """`build` makes the network of another architecture than the bundled one from its config."""
        self.folder = folder
        self._build = build or build_network
        self._loaded: tuple[JudgeConfig, Any] | None = None
        self._lock = threading.Lock()

    @property
    def config(self) -> JudgeConfig:
        """Raises JudgeError."""
        return self._network()[0]

    def probabilities(self, image: "Image") -> dict[str, float]:
        """How likely the picture (RGB, any size) shows each place; they add up to 1. Raises JudgeError."""
        found = self.read([image]).probabilities["place"][0]
        return {place: float(p) for place, p in zip(LABELS["place"], found, strict=True)}

    def accepts(self, image: "Image", place: str) -> bool:
        """Whether the picture shows `place` clearly enough to be used.

        Raises ValueError for a place that is not one of PLACES, and JudgeError.
        """
        if place not in PLACES:
            raise ValueError(f"no judge of scenes knows {place!r}; choose one of: {', '.join(PLACES)}")
        return self.probabilities(image)[place] >= self.config.threshold

    def __call__(self, image: "Image", place: str) -> bool:
        """`accepts`: a judge as `make_scene` takes it."""
        return self.accepts(image, place)

    def read(self, images: "Sequence[Image]", batch: int = 32) -> Reading:
        """All answers and the features of some pictures. Raises JudgeError."""
        import torch

        config, network = self._network()
        found: list[dict[str, Any]] = []
        features: list[Any] = []
        with torch.inference_mode():
            for start in range(0, len(images), batch):
                pixels = np.stack([as_pixels(image, config.side) for image in images[start : start + batch]])
                wide = network.features(as_input(pixels))
                found.append({kind: head.softmax(1) for kind, head in network.heads(wide).items()})
                features.append(wide)
        return Reading(
            {kind: torch.cat([part[kind] for part in found]).numpy() for kind in LABELS},
            torch.cat(features).numpy(),
        )

    def _network(self) -> tuple[JudgeConfig, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.folder, self._build)
        return self._loaded


def load_judge(folder: Path = FOLDER) -> SceneJudge:
    """The app's judge with its weights read. Raises JudgeError."""
    judge = SceneJudge(folder)
    _ = judge.config
    return judge


def as_pixels(image: "Image", side: int) -> np.ndarray:
    """The picture as the judge sees it: (side, side, 3), uint8, every pixel the mean of what it covers."""
    from PIL import Image

    small = image.convert("RGB")
    if small.size != (side, side):
        small = small.resize((side, side), Image.Resampling.BOX)
    return np.asarray(small)


def as_input(pixels: np.ndarray) -> Any:
    """(n, side, side, 3) uint8 as a tensor (n, 3, side, side) from -1 to 1."""
    import torch

    return torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2).contiguous() / 127.5 - 1


def build_network(config: JudgeConfig) -> Any:
    """The bundled judge with random weights: a stem and residual blocks, each halving the picture, averaged over the
    picture. Its modules `features` (n, 3, side, side) -> (n, width) and `heads` -> logits by kind of answer.

    Raises JudgeError for another architecture.
    """
    from torch import nn

    if config.architecture != "residual":
        raise JudgeError(
            f"the app's judge is 'residual', not {config.architecture!r}: restore assets/models/scene_judge"
        )

    class Block(nn.Module):
        def __init__(self, before: int, after: int) -> None:
            super().__init__()
            self.path = nn.Sequential(
                nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
                nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after),
            )  # fmt: skip
            self.skip = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(before, after, 1))

        def forward(self, x: Any) -> Any:
            return nn.functional.relu(self.path(x) + self.skip(x))

    first, *_ = config.channels
    return with_heads(
        nn.Sequential(
            nn.Conv2d(3, first, 3, 2, 1, bias=False), nn.BatchNorm2d(first), nn.ReLU(),
            *(Block(a, b) for a, b in zip(config.channels, config.channels[1:], strict=False)),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        ),
        config.channels[-1],
    )  # fmt: skip


def with_heads(features: Any, width: int) -> Any:
    """A network of `features`, which gives (n, width), and one linear layer for each kind of answer."""
    from torch import nn

    class Heads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleDict({kind: nn.Linear(width, len(labels)) for kind, labels in LABELS.items()})

        def forward(self, wide: Any) -> dict[str, Any]:
            return {kind: layer(wide) for kind, layer in self.layers.items()}

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.features, self.heads = features, Heads()

        def forward(self, x: Any) -> dict[str, Any]:
            answers: dict[str, Any] = self.heads(self.features(x))
            return answers

    return Network()


def _load(folder: Path, build: "Callable[[JudgeConfig], Any]") -> tuple[JudgeConfig, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    cure = "restore it from the repository, or train it anew: python -m finetune.train_judge"
    try:
        record = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        labels = record.pop("labels")
        config = JudgeConfig(**{**record, "channels": tuple(record["channels"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JudgeError(f"the judge of scenes cannot be read: {folder / CONFIG}: {error}; {cure}") from error
    if labels != {kind: list(names) for kind, names in LABELS.items()}:
        raise JudgeError(
            f"the judge of scenes in {folder} was trained for other places, hours, seasons or surfaces than are drawn now; "
            "train it anew: python -m finetune.train_judge"
        )
    network = build(config)
    try:
        weights = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
        missing, unknown = network.load_state_dict(weights, strict=False)
    except (OSError, RuntimeError, SafetensorError) as error:
        raise JudgeError(f"the judge of scenes cannot be read: {folder / WEIGHTS}: {error}; {cure}") from error
    # a counter of batch normalisation that only training reads is not stored
    lost = [name for name in missing if not name.endswith("num_batches_tracked")]
    if lost or unknown:
        raise JudgeError(
            f"{folder / WEIGHTS} does not fit its config.json: missing {lost[:3]}, unknown {unknown[:3]}; {cure}"
        )
    return config, network.eval()
