"""The picture side's benchmark, on a tiny checkpoint: what is compared with what, and how it is counted."""

from pathlib import Path
from typing import Any

import pytest

from pipelines import bench_image
from pipelines.backends.base import ModelInfo
from pipelines.backends.torch_image import TorchImage
from pipelines.models import ModelFiles
from slots.schema import ENVIRONMENTS
from tests.tiny import tiny_image_checkpoint


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_image_checkpoint(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def stock(checkpoint: Path) -> Any:
    return bench_image.load_stock(str(checkpoint))


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_image, "STOCK_STEPS", 3)
    monkeypatch.setattr(bench_image, "STEPS", (1, 2))


def test_three_paths_make_pictures_of_the_same_captions_and_every_figure_has_its_size(
    checkpoint: Path, stock: Any, few_steps: None
):
    backend = TorchImage(ModelFiles("image", checkpoint, ModelInfo("tiny", "0", False)), device="cpu")
    asked: list[str] = []

    def judge(_: object, place: str) -> bool:
        asked.append(place)
        return place == ENVIRONMENTS[0]

    report = bench_image.compare_paths(backend, stock, judge, 2)
    assert set(report) == {"default", "text_to_image", "stock"}
    assert [report[path]["recognised"] for path in report] == ["1/2"] * 3
    # each caption is judged once a path, and the picture that warms up is not counted
    assert asked == [place for place in (bench_image.FOUR[0], *ENVIRONMENTS[:2]) for _ in range(3)]


def test_ratios_are_taken_against_the_stock_call(checkpoint: Path, stock: Any, few_steps: None):
    backend = TorchImage(ModelFiles("image", checkpoint, ModelInfo("tiny", "0", False)), device="cpu")
    report = bench_image.compare_paths(backend, stock, lambda *_: True, 1)
    for path in ("default", "text_to_image"):
        ratio = report["stock"]["seconds_p50"] / report[path]["seconds_p50"]
        assert report[path]["against_stock"] == pytest.approx(ratio, abs=0.1)
    assert "against_stock" not in report["stock"]


def test_the_sweep_tries_each_scheduler_with_each_number_of_steps_and_leaves_the_checkpoints_own(
    stock: Any, few_steps: None
):
    own = stock.scheduler
    rows = bench_image.sweep(stock, lambda *_: False, 1, schedulers=("DDIMScheduler", "EulerDiscreteScheduler"))
    assert [(row["scheduler"], row["steps"]) for row in rows] == [
        ("DDIMScheduler", 1), ("DDIMScheduler", 2), ("EulerDiscreteScheduler", 1), ("EulerDiscreteScheduler", 2),
    ]  # fmt: skip
    assert {row["recognised"] for row in rows} == {"0/1"}
    assert stock.scheduler is own


def test_the_stock_call_runs_in_full_precision(stock: Any):
    import torch

    assert stock.unet.dtype == torch.float32


def test_environments_are_gone_through_in_turn():
    count = len(ENVIRONMENTS) + 1
    assert bench_image.environments(count) == [*ENVIRONMENTS, ENVIRONMENTS[0]]
