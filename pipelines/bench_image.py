"""The picture side's benchmark: the default path against the stock pipeline call on the same weights, and a sweep of schedulers
and steps.

`stock` is what the library's own example does: text-to-image, 50 steps, full precision, no sketch. The two make their
pictures of the same captions, turn by turn in one run, and the app's judge says how many show their place. Knows nothing
of training; its judge is the app's own, so that recognition here compares paths and is no grade.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slots.brief import Brief

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipelines.backends.base import ImageBackend
    from pipelines.scene import Judge

STOCK_STEPS = 50
SCHEDULERS = ("DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "EulerDiscreteScheduler", "DDIMScheduler")
STEPS = (5, 8, 12, 20, 50)
FOUR = ("beach", "Christmas", "street", "kitchen")
"""Environments of the four posters."""


@dataclass
class Tally:
    """Seconds of each picture, and how many showed their place."""

    seconds: list[float]
    recognised: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the median, and recognition with its size."""
        return {
            "seconds_p50": round(statistics.median(self.seconds), 3),
            "recognised": f"{self.recognised}/{len(self.seconds)}",
        }


def brief_of(place: str) -> Brief:
    """A brief whose scene is this environment."""
    return Brief.from_dict(
        {"product": "Coca-Cola", "size": "600 ml", "packaging": "plastic bottle", "environment": place}
    )


def environments(count: int) -> list[str]:
    """The first `count` environments of the catalogue, over and over."""
    from slots.schema import ENVIRONMENTS

    return [ENVIRONMENTS[i % len(ENVIRONMENTS)] for i in range(count)]


def compare_paths(backend: "ImageBackend", stock: Any, judge: "Judge", count: int) -> dict[str, Any]:
    """`count` scenes by the default path, by plain text-to-image with the default steps, and by the stock call."""
    import torch

    from pipelines.scene import make_scene, scene_facts

    side = backend.capabilities.native
    paths = {"default": Tally([]), "text_to_image": Tally([]), "stock": Tally([])}

    def note(path: str, started: float, picture: "Image", place: str) -> None:
        paths[path].seconds.append(time.perf_counter() - started)
        paths[path].recognised += judge(picture, place)

    for number, place in enumerate([FOUR[0], *environments(count)]):  # the first one warms up
        brief, seed = brief_of(place), 1000 + number
        facts = scene_facts(brief, backend, seed=seed)
        started = time.perf_counter()
        scene = make_scene(brief, backend, seed=seed)
        note("default", started, scene.image, scene.spec.place)
        started = time.perf_counter()
        scene = make_scene(brief, backend, seed=seed, strength=1.0)
        note("text_to_image", started, scene.image, scene.spec.place)
        started = time.perf_counter()
        with torch.inference_mode():
            picture = stock(
                facts["prompt"], num_inference_steps=STOCK_STEPS, guidance_scale=backend.capabilities.guidance, width=side,
                height=side, generator=torch.Generator().manual_seed(seed),
            ).images[0]  # fmt: skip
        note("stock", started, picture, scene.spec.place)
        if number == 0:
            paths = {name: Tally([]) for name in paths}
    report: dict[str, Any] = {name: tally.to_dict() for name, tally in paths.items()}
    for name in ("default", "text_to_image"):
        report[name]["against_stock"] = round(
            report["stock"]["seconds_p50"] / max(report[name]["seconds_p50"], 1e-9), 1
        )
    return report


def four_posters(studio: Any) -> dict[str, Any]:
    """Seconds from four briefs to four posters on disk, each with a scene of its own; one poster goes before."""
    from pipelines.promotion import Settings

    def poster(folder: Path, place: str) -> int:
        last = None
        for event in studio.promote(
            brief_of(place).with_(promotion="image"), Settings(images=1), promos=[], folder=folder
        ):
            last = event.promotion
        assert last is not None  # a making ends with `done` or raises
        return sum(1 for p in last.posters if p.source == "diffusion")

    with tempfile.TemporaryDirectory() as name:
        poster(Path(name) / "first", FOUR[0])
        started = time.perf_counter()
        diffused = [poster(Path(name) / str(i), place) for i, place in enumerate(FOUR)]
        seconds = time.perf_counter() - started
    return {"seconds": round(seconds, 2), "with_a_diffusion_scene": f"{sum(diffused)}/{len(FOUR)}"}


def sweep(stock: Any, judge: "Judge", count: int, schedulers: Sequence[str] = SCHEDULERS) -> list[dict[str, Any]]:
    """Plain text-to-image on the same captions and noise under each scheduler and number of steps (zero-noise-ratio settings
    are the checkpoint's own)."""
    import diffusers
    import torch

    from pipelines.scene_prompt import scene_prompt

    own, side = stock.scheduler, stock.unet.config.sample_size * stock.vae_scale_factor
    rows = []
    for name in schedulers:
        stock.scheduler = getattr(diffusers, name).from_config(own.config)
        for steps in STEPS:
            tally = Tally([])
            for number, place in enumerate(environments(count)):
                spec = scene_prompt(brief_of(place), 1000 + number)
                started = time.perf_counter()
                with torch.inference_mode():
                    picture = stock(
                        spec.known_prompt, num_inference_steps=steps, guidance_scale=2.0, width=side, height=side,
                        generator=torch.Generator().manual_seed(number),
                    ).images[0]  # fmt: skip
                tally.seconds.append(time.perf_counter() - started)
                tally.recognised += judge(picture, spec.place)
            rows.append({"scheduler": name, "steps": steps, **tally.to_dict()})
    stock.scheduler = own
    return rows


def load_stock(model: str | None) -> Any:
    """The checkpoint in diffusers' own pipeline, in full precision on the CPU."""
    import torch
    from diffusers import AutoPipelineForText2Image

    from pipelines.models import find_model

    stock = AutoPipelineForText2Image.from_pretrained(
        find_model("image", model).folder, torch_dtype=torch.float32, use_safetensors=True
    )
    stock.set_progress_bar_config(disable=True)
    return stock


def bench_image(studio: Any, count: int = 13, *, swept: bool = False) -> dict[str, Any]:
    """All of it; JSON-ready. `count` scenes a path."""
    from pipelines.scene import suited_steps
    from pipelines.scene_judge import load_judge

    stock, judge = load_stock(studio.options.image_model), load_judge()
    backend = studio.image
    report: dict[str, Any] = {
        "backend": backend.name,
        "default_steps": suited_steps(backend.capabilities, None),
        "text_to_image_steps": backend.capabilities.steps,
        "default_strength": backend.capabilities.strength,
        "stock_steps": STOCK_STEPS,
        **compare_paths(backend, stock, judge, count),
        "four_posters": four_posters(studio),
    }
    if swept:
        report["sweep"] = sweep(stock, judge, count)
    return report
