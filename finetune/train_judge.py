"""Trains the two judges that tell which place a scene shows: the app's, and another one for evaluation alone.

    python -m finetune.train_judge app          -> assets/models/scene_judge
    python -m finetune.train_judge evaluation   -> finetune/weights/scene_judge
    python -m finetune.train_judge app --measure    threshold and figures anew, for another autoencoder or changed drawings

Both learn from drawings only, never from a scene that the model made; from seeds other than the scene model's, and each from
its own. What diffusion does to a picture (an autoencoder's blur, grain, blotches, a colour cast, paler contrast, shapes a little
out of place) is done to the drawings at random. Pictures that show nothing are taught to be like no place. A quarter of an
hour on one core, a third of it for drawing.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.diffusion.precision import cpu_autocast
from finetune.evaluate_scene_judge import FOLDER as EVALUATION_FOLDER
from finetune.evaluate_scene_judge import build_plain_network
from finetune.pictures import picture_spec
from pipelines.models import BUNDLED
from pipelines.scene_judge import (
    CONFIG,
    FOLDER,
    LABELS,
    WEIGHTS,
    JudgeConfig,
    JudgeError,
    SceneJudge,
    as_input,
    as_pixels,
    build_network,
)
from pipelines.sketch import PLACES, SketchSpec, draw

if TYPE_CHECKING:
    import torch

DRAWN_SIDE = 128
"""Pixels of the drawings that training keeps in memory."""

SHOWN_SIDES = (192, 256)
"""Pixels at which drawings pass through the autoencoder before they are made smaller."""

SHARES = {"place": 1.0, "light": 0.3, "season": 0.3, "surface": 0.3}
"""What each kind of answer weighs in the loss."""

NONSENSE_SHARE = 0.12
"""Of every batch."""

NONSENSE_WEIGHT = 0.15
"""Of nonsense in the loss: enough that it is like no place, not so much that soft scenes are."""

KEPT = 0.99
"""The threshold is the highest that still accepts this share of drawings under their own place, through the autoencoder with
noise."""

THRESHOLDS = tuple(round(0.05 * n, 2) for n in range(1, 20))


@dataclass(frozen=True)
class JudgeRecipe:
    """How a judge is made. `seed` draws its pictures, its weights and its dice."""

    config: JudgeConfig
    build: Callable[[JudgeConfig], Any]
    folder: Path
    seed: int
    pictures: int = 6600
    shown: int = 1320
    """Of the pictures, how many more are drawn for passing through the autoencoder."""
    steps: int = 2400
    batch: int = 64
    rate: float = 2e-3


RECIPES: dict[str, JudgeRecipe] = {
    "app": JudgeRecipe(
        JudgeConfig("residual", 96, (24, 48, 80, 128), 0.5), build_network, FOLDER, seed=101, steps=2400
    ),
    "evaluation": JudgeRecipe(
        JudgeConfig("plain", 128, (32, 48, 56, 64, 88, 96, 96), 0.5),
        build_plain_network,
        EVALUATION_FOLDER,
        seed=202,
        pictures=4950,
        shown=660,
        steps=1000,
        batch=48,
    ),
}

CALIBRATION_SEED = 1_000
"""Added to a recipe's seed for the drawings that choose the threshold."""

TEST_SEED = 2_000
"""Added to a recipe's seed for the drawings that give the figures; only combinations that no scene model was trained on."""


def judge_spec(seed: int, index: int) -> SketchSpec:
    """What drawing `index` of a judge's training shows: places in turn, all combinations, also those that the scene model is
    kept from."""
    return picture_spec(seed, index, unseen=index // len(PLACES) % 8 == 7)


def labels_of(specs: Sequence[SketchSpec]) -> dict[str, np.ndarray]:
    """Numbers of the right answers; -1 for the season where it does not show."""
    found = {kind: np.array([LABELS[kind].index(getattr(s, kind)) for s in specs], np.int64) for kind in LABELS}
    found["season"][[not PLACES[s.place].seasonal for s in specs]] = -1
    return found


def drawings(specs: Sequence[SketchSpec], side: int = DRAWN_SIDE) -> np.ndarray:
    """(n, side, side, 3) uint8."""
    return np.stack([np.asarray(draw(spec, side)) for spec in specs])


def through_autoencoder(vae: Any, pictures: np.ndarray, seed: int, noise: float, batch: int = 8) -> np.ndarray:
    """The pictures as the autoencoder shows them, with up to `noise` times the latents' own deviation added to them: half of
    it grain, half of it in blotches. (n, side, side, 3) uint8."""
    import torch

    dice = torch.Generator().manual_seed(seed)
    made = []
    for start in range(0, len(pictures), batch):
        pixels = as_input(pictures[start : start + batch]).to(vae.dtype)
        with torch.inference_mode(), cpu_autocast() if vae.dtype == torch.float32 else nullcontext():
            latents = vae.encode(pixels).latent_dist.mode().float()
            n, channels, height, width = latents.shape
            grain = torch.randn(latents.shape, generator=dice)
            blotches = torch.randn((n, channels, -(-height // 4), -(-width // 4)), generator=dice)
            blotches = torch.nn.functional.interpolate(blotches, (height, width), mode="bicubic")
            size = noise * torch.rand((n, 1, 1, 1), generator=dice) * latents.std((0, 2, 3)).view(1, -1, 1, 1)
            shown = vae.decode((latents + size * (grain + blotches) * 0.5**0.5).to(vae.dtype)).sample
        made.append(((shown.float().clamp(-1, 1) + 1) * 127.5 + 0.5).to(torch.uint8).permute(0, 2, 3, 1).numpy())
    return np.concatenate(made)


def smaller(pictures: np.ndarray, side: int) -> np.ndarray:
    """The pictures at (side, side)."""
    from PIL import Image

    return np.stack([as_pixels(Image.fromarray(picture), side) for picture in pictures])


def nonsense(pictures: np.ndarray, count: int, dice: np.random.Generator) -> np.ndarray:
    """Pictures that show no place: plain colours, slopes of colour, clouds of noise, several of `pictures` in one; and half of
    them the colours of one picture about where they belong, but no thing left whole, as an untrained model paints."""
    import cv2

    side = pictures.shape[1]
    made = np.empty((count, side, side, 3), np.float32)
    for index in range(count):
        kind = dice.integers(8)
        if kind == 0:
            made[index] = dice.uniform(0, 255, 3)
        elif kind == 1:
            slope = np.linspace(0, 1, side, dtype=np.float32).reshape(-1, 1, 1)
            made[index] = slope * dice.uniform(0, 255, 3) + (1 - slope) * dice.uniform(0, 255, 3)
        elif kind == 2:
            cells = int(dice.choice([3, 6, 12, 24, side]))
            field = dice.uniform(0, 255, (cells, cells, 3)).astype(np.float32)
            made[index] = cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC)
        elif kind == 3:
            made[index] = pictures[dice.integers(0, len(pictures), 4)].mean(0)
        else:
            made[index] = _melted(pictures[dice.integers(len(pictures))], dice)
    return made.clip(0, 255).astype(np.uint8)


def _melted(picture: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """The picture with everything moved a tenth of its width to and fro, differently every few pixels, more along than across,
    and softened."""
    import cv2

    side = len(picture)
    cells = int(dice.integers(10, 25))
    reach = side * dice.uniform(0.06, 0.14)
    moves = dice.normal(0, 1, (cells, cells, 2)).astype(np.float32) * np.array([reach, 0.6 * reach], np.float32)
    grown = cv2.resize(moves, (side, side), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    moved = cv2.remap(picture, x + grown[..., 0], y + grown[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    soft: np.ndarray = cv2.GaussianBlur(moved, (0, 0), side * dice.uniform(0.008, 0.02)).astype(np.float32)
    return soft


def disturbed(pixels: "torch.Tensor", side: int, dice: "torch.Generator") -> "torch.Tensor":
    """A batch (n, 3, h, w; -1 to 1) as diffusion might have made it, at (side, side): moved and bent, blurred, grainy, with
    blotches, a colour cast, less contrast and colour."""
    import torch
    from torch.nn import functional

    n = len(pixels)

    def even(low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.rand(shape, generator=dice) * (high - low) + low

    scale, turn = even(0.82, 1.06, n), even(-0.07, 0.07, n)
    mirror = torch.where(torch.rand(n, generator=dice) < 0.5, -1.0, 1.0)
    turns = torch.stack(
        [
            torch.stack([scale * turn.cos() * mirror, -scale * turn.sin(), even(-0.1, 0.1, n)], 1),
            torch.stack([scale * turn.sin() * mirror, scale * turn.cos(), even(-0.1, 0.1, n)], 1),
        ],
        1,
    )
    grid = functional.affine_grid(turns, [n, 3, side, side], align_corners=False)
    bends = torch.randn((n, 2, 6, 6), generator=dice) * even(0, 0.05, n, 1, 1, 1)
    bends = functional.interpolate(bends, (side, side), mode="bicubic").permute(0, 2, 3, 1)
    x = functional.grid_sample(pixels, grid + bends, padding_mode="reflection", align_corners=False)
    parts = []
    for part in x.chunk(4):
        if torch.rand(1, generator=dice) < 0.6:
            kept = int(even(side * 0.25, side, 1))
            part = functional.interpolate(part, (kept, kept), mode="area")
            part = functional.interpolate(part, (side, side), mode="bilinear")
        cells = int(even(4, side / 3, 1))
        blotches = torch.randn((len(part), 3, cells, cells), generator=dice) * even(0, 0.25, len(part), 1, 1, 1)
        parts.append(part + functional.interpolate(blotches, (side, side), mode="bilinear"))
    x = torch.cat(parts)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * even(0.6, 1.2, n, 1, 1, 1)
    middle = x.mean((1, 2, 3), keepdim=True)
    x = middle + (x - middle) * even(0.5, 1.15, n, 1, 1, 1)
    x = x * even(0.85, 1.15, n, 3, 1, 1) + even(-0.12, 0.12, n, 3, 1, 1) + even(-0.12, 0.12, n, 1, 1, 1)
    return (x + torch.randn(x.shape, generator=dice) * even(0, 0.12, n, 1, 1, 1)).clamp(-1, 1)


def fit(
    recipe: JudgeRecipe,
    sets: Sequence[tuple[np.ndarray, dict[str, np.ndarray]]],
    report: Callable[[str], None] = print,
    start: "dict[str, torch.Tensor] | None" = None,
) -> Any:
    """Trains on `sets` (pictures and right answers), each batch half from the first and half from the others, from the weights
    `start` or from nothing; returns the network with the running average of its weights."""
    import torch
    from torch.nn import functional

    torch.manual_seed(recipe.seed)
    torch_dice = torch.Generator().manual_seed(recipe.seed)
    dice = np.random.default_rng(recipe.seed)
    network = recipe.build(recipe.config)
    if start is not None:
        network.load_state_dict(start, strict=False)
    network = network.to(memory_format=torch.channels_last).train()
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=0.02, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.rate, total_steps=recipe.steps, pct_start=0.1, final_div_factor=100
    )
    plain = max(1, round(recipe.batch * NONSENSE_SHARE))
    sizes = _split(recipe.batch - plain, len(sets))
    losses: list[float] = []
    for step in range(recipe.steps):
        picked = [dice.integers(0, len(pictures), n) for (pictures, _), n in zip(sets, sizes, strict=True)]
        pictures = np.concatenate(
            [*(s[0][rows] for s, rows in zip(sets, picked, strict=True)), nonsense(sets[0][0], plain, dice)]
        )
        order = torch.randperm(recipe.batch, generator=torch_dice)
        x = disturbed(as_input(pictures)[order], recipe.config.side, torch_dice)
        with cpu_autocast():
            logits = network(x.contiguous(memory_format=torch.channels_last))
        shows = order < recipe.batch - plain
        loss = torch.zeros(())
        for kind, share in SHARES.items():
            wanted = torch.from_numpy(np.concatenate([s[1][kind][rows] for s, rows in zip(sets, picked, strict=True)]))
            wanted = torch.cat([wanted, torch.full((plain,), -1)])[order]
            loss = loss + share * functional.cross_entropy(
                logits[kind].float(), wanted, ignore_index=-1, label_smoothing=0.05
            )
        # what shows nothing shall be like every place equally
        loss = loss - NONSENSE_WEIGHT * logits["place"].float().log_softmax(1)[~shows].mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(network)
        losses.append(loss.item())
        if (step + 1) % 200 == 0:
            report(f"step {step + 1} of {recipe.steps}, loss {sum(losses[-200:]) / 200:.3f}")
    return average.module.eval()


def _split(count: int, parts: int) -> list[int]:
    first = count if parts == 1 else count // 2
    rest = [(count - first) // max(1, parts - 1)] * (parts - 1)
    return [count - sum(rest), *rest]


def accuracy(judge: SceneJudge, pictures: np.ndarray, right: dict[str, np.ndarray]) -> dict[str, float]:
    """Share of right answers of each kind; of the season only where it shows."""
    from PIL import Image

    reading = judge.read([Image.fromarray(picture) for picture in pictures])
    found = {}
    for kind, wanted in right.items():
        asked = wanted >= 0
        if asked.any():
            found[kind] = round(float((reading.probabilities[kind].argmax(1) == wanted)[asked].mean()), 4)
    return found


def threshold_table(
    judge: SceneJudge, pictures: np.ndarray, places: np.ndarray, empty: np.ndarray
) -> list[dict[str, Any]]:
    """For each threshold, and for the rule that the likeliest place is accepted: shares of pictures accepted under their own
    place (`right`) and under each other place (`wrong`, over all pairs), and of pictures of nothing under any place."""
    from PIL import Image

    found = judge.read([Image.fromarray(picture) for picture in pictures]).probabilities["place"]
    none = judge.read([Image.fromarray(picture) for picture in empty]).probabilities["place"]
    own = np.zeros_like(found, bool)
    own[np.arange(len(places)), places] = True
    rows: list[dict[str, Any]] = []
    taken: np.ndarray
    fooled: np.ndarray
    for threshold in ("likeliest", *THRESHOLDS):
        if isinstance(threshold, str):
            taken, fooled = found == found.max(1, keepdims=True), np.ones(len(none), bool)
        else:
            taken, fooled = found >= threshold, np.any(none >= threshold, axis=1)
        rows.append(
            {
                "threshold": threshold,
                "right": round(float(taken[own].mean()), 4),
                "wrong": round(float(taken[~own].mean()), 5),
                "nothing": round(float(fooled.mean()), 4),
            }
        )
    return rows


def pick_threshold(rows: Sequence[dict[str, Any]]) -> float:
    """The highest threshold that keeps KEPT of the right ones; the lowest of all when none does."""
    keep = [row["threshold"] for row in rows if row["threshold"] != "likeliest" and row["right"] >= KEPT]
    return float(max(keep, default=THRESHOLDS[0]))


def save(network: Any, config: JudgeConfig, folder: Path) -> None:
    """Weights in half precision and config.json, each whole or not at all."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    part = folder / f"{WEIGHTS}.part"
    save_file(weights, part)
    part.replace(folder / WEIGHTS)
    write_config(config, folder)


def write_config(config: JudgeConfig, folder: Path) -> None:
    """config.json: the config and what the outputs mean."""
    write_json(folder / CONFIG, {**asdict(config), "labels": {kind: list(names) for kind, names in LABELS.items()}})


def write_json(path: Path, record: Any) -> None:
    """The record as JSON, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def train(recipe: JudgeRecipe, vae: Any, report: Callable[[str], None] = print, *, resume: bool = False) -> float:
    """Draws, trains and writes a judge, its threshold not yet chosen; returns the seconds taken. `resume`: from the weights
    that are there."""
    from safetensors.torch import load_file

    begun = time.monotonic()
    start = {name: w.float() for name, w in load_file(recipe.folder / WEIGHTS).items()} if resume else None
    specs = [judge_spec(recipe.seed, index) for index in range(recipe.pictures + recipe.shown)]
    sets = [(drawings(specs[: recipe.pictures]), labels_of(specs[: recipe.pictures]))]
    report(f"{recipe.pictures} pictures drawn after {time.monotonic() - begun:.0f} s")
    shown = specs[recipe.pictures :]
    if shown:
        half = len(shown) // 2
        seen = [
            smaller(through_autoencoder(vae, drawings(part, side), recipe.seed + side, 0.8), DRAWN_SIDE)
            for part, side in zip((shown[:half], shown[half:]), SHOWN_SIDES, strict=True)
            if part
        ]
        sets.append((np.concatenate(seen), labels_of(shown)))
        report(f"{recipe.shown} more through the autoencoder after {time.monotonic() - begun:.0f} s")
    save(fit(recipe, sets, report, start), recipe.config, recipe.folder)
    return time.monotonic() - begun


def measure(recipe: JudgeRecipe, vae: Any, tests: int, report: Callable[[str], None] = print) -> dict[str, Any]:
    """Chooses the threshold of a written judge on `tests` drawings, writes it, and measures the judge on as many others, of
    combinations that no scene model was trained on; returns both."""
    judge, side = SceneJudge(recipe.folder, recipe.build), SHOWN_SIDES[-1]
    known = [judge_spec(recipe.seed + CALIBRATION_SEED, index) for index in range(tests)]
    noisy = through_autoencoder(vae, drawings(known, side), 1, 0.8)
    empty = nonsense(noisy, max(40, tests), np.random.default_rng(recipe.seed + CALIBRATION_SEED))
    table = threshold_table(judge, noisy, labels_of(known)["place"], empty)
    config = replace(judge.config, threshold=pick_threshold(table))
    write_config(config, recipe.folder)
    report(f"threshold {config.threshold}")
    unseen = [picture_spec(recipe.seed + TEST_SEED, index, unseen=True) for index in range(tests)]
    drawn, right = drawings(unseen, side), labels_of(unseen)
    return {
        "tests": tests,
        "test_side": side,
        "threshold": config.threshold,
        "accuracy": {
            "drawings": accuracy(judge, drawn, right),
            "through the autoencoder": accuracy(judge, through_autoencoder(vae, drawn, 2, 0.0), right),
            "through the autoencoder, with noise": accuracy(judge, through_autoencoder(vae, drawn, 3, 0.8), right),
        },
        "thresholds": table,
    }


def load_autoencoder(folder: Path) -> Any:
    """The AutoencoderKL of a diffusers folder, in single precision."""
    import torch
    from diffusers import AutoencoderKL

    vae: Any = AutoencoderKL.from_pretrained(folder / "vae", torch_dtype=torch.float32, use_safetensors=True)
    return vae.to(memory_format=torch.channels_last).eval()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done; 2 the call is wrong; 1 there is no judge to measure."""
    parser = argparse.ArgumentParser(prog="python -m finetune.train_judge", description="Train a judge of scenes.")
    parser.add_argument("which", choices=list(RECIPES))
    parser.add_argument("--autoencoder", type=Path, default=BUNDLED["image"], help="diffusers folder whose vae blurs")
    parser.add_argument("--pictures", type=int, help="drawings to learn from")
    parser.add_argument("--shown", type=int, help="further drawings that pass through the autoencoder")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, help="of pictures, weights and dice")
    parser.add_argument("--tests", type=int, default=660, help="drawings for the threshold, and for the figures")
    parser.add_argument("--rate", type=float, help="highest learning rate")
    parser.add_argument("--resume", action="store_true", help="go on from the weights that are there")
    parser.add_argument("--measure", action="store_true", help="only choose the threshold and measure anew")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder to write; default: where the judge is read")
    options = parser.parse_args(arguments)
    import torch

    changes = {
        name: value
        for name, value in (
            ("pictures", options.pictures), ("shown", options.shown), ("steps", options.steps), ("seed", options.seed),
            ("folder", options.out), ("rate", options.rate),
        )
        if value is not None
    }  # fmt: skip
    if options.resume and options.measure:
        parser.error("--measure trains nothing: leave out --resume")
    if any(value < 0 for name, value in changes.items() if name != "folder") or options.tests < 1:
        parser.error("--pictures, --shown, --steps, --seed and --tests must be positive")
    torch.set_num_threads(options.threads)
    try:
        vae = load_autoencoder(options.autoencoder)
    except OSError as error:
        print(
            f"python -m finetune.train_judge: no autoencoder in {options.autoencoder}: {error}. Give a diffusers folder with "
            "--autoencoder.",
            file=sys.stderr,
        )
        return 2
    recipe = replace(RECIPES[options.which], **changes)
    settings = recipe.folder / "training_settings.json"
    try:
        record: dict[str, Any] = {"stages": []}
        if options.measure or options.resume:
            record = json.loads(settings.read_text(encoding="utf-8"))
        if not options.measure:
            taken = train(recipe, vae, report=_say, resume=options.resume)
            known = {key: value for key, value in asdict(recipe).items() if key not in ("build", "folder")}
            record = {"stages": [*record["stages"], {**known, "seconds": round(taken)}]}
            write_json(settings, record)
        record |= measure(recipe, vae, options.tests, report=_say)
    except (OSError, ValueError, JudgeError) as error:
        print(f"python -m finetune.train_judge: {error}; train first, without --measure and --resume", file=sys.stderr)
        return 1
    write_json(settings, record)
    _say(json.dumps(record["accuracy"]))
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
