"""The judge that evaluation asks: another network than the app's, trained on other pictures, so that a scene which the app
kept because its own judge liked it is not measured by that same judge. The app never loads it."""

from pathlib import Path
from typing import Any

from pipelines.scene_judge import JudgeConfig, JudgeError, SceneJudge, with_heads

FOLDER = Path(__file__).resolve().parent / "weights" / "scene_judge"


def evaluation_judge(folder: Path = FOLDER) -> SceneJudge:
    """The judge; its weights are read at the first question, which raises JudgeError where they are missing."""
    return SceneJudge(folder, build_plain_network)


def build_plain_network(config: JudgeConfig) -> Any:
    """A plain stack without shortcuts, group normalisation instead of batch normalisation, a stem of patches of 4 pixels,
    and the strongest answer beside the mean over the picture. Raises JudgeError for another architecture."""
    import torch
    from torch import nn

    if config.architecture != "plain":
        raise JudgeError(f"evaluation's judge is 'plain', not {config.architecture!r}: restore {FOLDER.name}")

    class Pools(nn.Module):
        def forward(self, x: Any) -> Any:
            return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)

    stem, *rest = config.channels
    layers: list[Any] = [nn.Conv2d(3, stem, 4, 4), nn.GroupNorm(8, stem), nn.SiLU()]
    before = stem
    for index, width in enumerate(rest):
        if index and index % 2 == 0:
            layers.append(nn.MaxPool2d(2))
        layers += [nn.Conv2d(before, width, 3, 1, 1), nn.GroupNorm(8, width), nn.SiLU()]
        before = width
    return with_heads(nn.Sequential(*layers, Pools()), 2 * before)
