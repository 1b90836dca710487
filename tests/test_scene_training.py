"""The stages of the bundled scene model, end to end on tiny sizes, and the folder they make through the stock pipelines."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from finetune.diffusion.data import Beside, LatentSource
from finetune.image_recipe import (
    PicturesStage,
    SceneRecipe,
    SecondSize,
    TextStage,
    TinyStage,
    Training,
    UnetStage,
    VaeStage,
)
from finetune.pictures import draw_set, load_set
from finetune.recipe import RecipeError
from finetune.scene.stages import Run, latents_of, run_all, run_stage
from finetune.scene.text import TextConfig, build_tokenizer, train_text
from finetune.scene.tiny import TinyConfig, build_tiny, measure_tiny, start_from_colours, train_tiny
from finetune.scene.unet import STATE, UnetConfig, build_unet, prompt_effect, warm_start
from finetune.scene.vae import (
    VaeConfig,
    batches,
    build_vae,
    channel_effects,
    encode,
    measure,
    normalise,
    psnr,
    spreads,
    train_vae,
)
from finetune.train_image import main
from pipelines.backends.base import ModelInfo, Stopped
from pipelines.backends.torch_image import TorchImage
from pipelines.models import ModelError, ModelFiles, find_model
from pipelines.sketch import draw_sketch

VAE = VaeConfig(channels=(8, 16), latents=4, size=32)
UNET = UnetConfig(channels=(16, 32), time_width=32, groups=8)
TINY = TinyConfig(encoder_channels=8, decoder_channels=8, encoder_blocks=(0, 1), decoder_blocks=(1, 0))
TRAINING = Training(
    learning_rate=1e-3, steps=4, batch_size=2, scheduler="cosine", warmup_steps=2, ema=True, ema_decay=0.998,
    train_text_encoder=True, caption_dropout=0.1, timestep_bias=1.3, checkpointing_steps=2, log_every=1, mixed_precision="fp32",
)  # fmt: skip
RECIPE = SceneRecipe(
    name="bundled",
    method="stages",
    pictures=PicturesStage(count=40, seed=0, size=64),
    vae=VaeStage(VAE, minutes=1, steps=40, batch_size=2, crop=16),
    text=TextStage(TextConfig(width=32, layers=1, heads=2, merges=700), minutes=1, steps=4),
    unet=UnetStage(
        UNET, TRAINING, held_out=4, size=16, second=SecondSize(32, share=0.5, batch_size=1, noise_below=600)
    ),
    tiny=TinyStage(TINY, minutes=1, steps=60, taught=24, sizes=(32, 16), batch_size=2, crop=8),
)


def quiet(_line: str) -> None:
    pass


def run_of(out: Path, recipe: SceneRecipe = RECIPE, **changes: object) -> Run:
    return replace(Run(recipe, out, out / "pictures", out / "export", report=quiet), **changes)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _fresh_accelerator() -> Iterator[None]:
    """One process trains once; a test file trains often, in two precisions."""
    from accelerate.state import AcceleratorState

    AcceleratorState._reset_state(True)
    yield
    AcceleratorState._reset_state(True)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("scene")
    run_all(run_of(out))
    return out


@pytest.fixture(scope="module")
def backend(trained: Path) -> TorchImage:
    return TorchImage(ModelFiles("image", trained / "export", ModelInfo("tiny", "0", False)), device="cpu")


def test_an_untrained_autoencoder_passes_colour_through() -> None:
    vae = build_vae(VAE)
    red, blue = (torch.tensor(c).view(1, 3, 1, 1).expand(1, 3, 32, 32) for c in ([0.8, -0.6, -0.6], [-0.6, -0.6, 0.8]))
    with torch.no_grad():
        seen = [vae(x.contiguous()).sample.mean((0, 2, 3)) for x in (red, blue)]
    assert seen[0][0] - seen[0][2] > 0.1
    assert seen[1][2] - seen[1][0] > 0.1


def test_training_brings_the_autoencoder_nearer_to_the_pictures(tmp_path: Path) -> None:
    draw_set(tmp_path / "pictures", count=12, seed=1, size=64)
    pictures, _ = load_set(tmp_path / "pictures")
    before = measure(build_vae(VAE), pictures[8:], 32)
    vae = train_vae(pictures, tmp_path, VAE, minutes=1, steps=60, batch=2, crop=16, held_out=4, report=quiet)
    assert measure(vae, pictures[8:], 32) > before + 1


def test_a_stopped_autoencoder_training_ends_with_the_same_weights(tmp_path: Path) -> None:
    pictures = np.stack([np.asarray(draw_sketch("park", seed=i, size=64)) for i in range(6)])
    options = {"minutes": 1, "batch": 2, "crop": 16, "held_out": 2, "report": quiet}

    class Killed(Exception):
        pass

    def dies(line: str) -> None:
        if "after" in line:
            raise Killed

    whole = train_vae(pictures, tmp_path / "whole", VAE, steps=6, **options)
    with pytest.raises(Killed):  # right after its first checkpoint
        train_vae(pictures, tmp_path / "killed", VAE, steps=6, save_every=-1, **{**options, "report": dies})
    again = train_vae(pictures, tmp_path / "killed", VAE, steps=6, resume=True, **options)
    # not to the bit: a convolution's sums depend on where its memory lies
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in zip(whole.parameters(), again.parameters(), strict=True))


def test_folding_makes_latents_standard_and_leaves_pictures_as_they_were() -> None:
    vae = build_vae(VAE)
    pictures = np.stack([np.asarray(draw_sketch("park", seed=i, size=32)) for i in range(6)])
    before = measure(vae, pictures, 32)
    told = normalise(vae, encode(vae, pictures, 32)).float()
    again = encode(vae, pictures, 32).float()
    assert measure(vae, pictures, 32) == pytest.approx(before, abs=0.1)
    assert again.mean((0, 2, 3)).abs().max() < 0.05
    assert (again.std((0, 2, 3)) - 1).abs().max() < 0.05
    assert (told - again).abs().mean() < 0.05


def test_channels_that_move_the_picture_more_keep_more_of_the_deviation() -> None:
    vae = build_vae(VAE)
    pictures = np.stack([np.asarray(draw_sketch("park", seed=i, size=32)) for i in range(6)])
    effects = channel_effects(vae, pictures, 32)
    spread = spreads(effects)
    assert spread.max() == 1
    assert spread.argsort().equal(effects.argsort())
    latents = normalise(vae, encode(vae, pictures, 32), spread).float()
    assert latents.std((0, 2, 3)) == pytest.approx(spread.numpy(), abs=0.02)


def test_the_tokenizer_spells_caption_words_as_single_pieces_and_knows_every_letter(tmp_path: Path) -> None:
    tokenizer = build_tokenizer(["a beach with palm trees", "a beach, a table in front"] * 3, tmp_path, 700)
    assert tokenizer.tokenize("a beach") == ["a</w>", "beach</w>"]
    assert "<|endoftext|>" not in tokenizer.tokenize("ñandú 7 zoo")


def test_the_text_encoder_learns_what_captions_say(tmp_path: Path) -> None:
    draw_set(tmp_path / "pictures", count=160, seed=0, size=64)
    _, records = load_set(tmp_path / "pictures")
    config = TextConfig(width=64, layers=1, heads=2, merges=900)
    scores = train_text(records, tmp_path, config, minutes=1, steps=60, held_out=40, report=quiet)
    assert scores["light"] > 0.6


def test_the_stock_auto_pipelines_load_the_assembled_folder(trained: Path) -> None:
    from diffusers import AutoPipelineForImage2Image, AutoPipelineForText2Image

    for kind in (AutoPipelineForText2Image, AutoPipelineForImage2Image):
        pipeline = kind.from_pretrained(trained / "export", safety_checker=None)
        assert pipeline.vae_scale_factor == 2
        assert type(pipeline.vae).__name__ == "AutoencoderKL"
        assert pipeline.vae.config.scaling_factor == 1


def test_the_back_end_sees_and_shows_pictures_through_the_tiny_autoencoder(
    trained: Path, backend: TorchImage, tmp_path: Path
) -> None:
    whole = shutil.copytree(trained / "export", tmp_path / "whole", ignore=shutil.ignore_patterns("vae_tiny"))
    without = TorchImage(ModelFiles("image", whole, ModelInfo("tiny", "0", False)), device="cpu")
    assert without.capabilities == backend.capabilities
    sketch = draw_sketch("beach", size=64)
    for far, able in ((backend, "AutoencoderTiny"), (without, "AutoencoderKL")):
        assert type(far._from_text.vae).__name__ == type(far._from_image.vae).__name__ == able
        made = far.generate("a beach", init=sketch, strength=0.5, steps=2, width=32, height=32, seed=3)
        assert made.size == (32, 32)
    assert not np.array_equal(backend.reconstruct(sketch, 32, 32), without.reconstruct(sketch, 32, 32))


def test_a_broken_tiny_autoencoder_is_told_as_a_checkpoint_that_does_not_load(trained: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(trained / "export", tmp_path / "broken")
    weights = broken / "vae_tiny" / "diffusion_pytorch_model.safetensors"
    weights.unlink()
    with pytest.raises(ModelError, match="does not load"):
        TorchImage(ModelFiles("image", broken, ModelInfo("tiny", "0", False)), device="cpu")


def test_the_untrained_tiny_autoencoder_is_the_best_linear_guess_and_training_beats_it(
    trained: Path, tmp_path: Path
) -> None:
    from diffusers import AutoencoderKL

    pictures, _ = load_set(trained / "pictures")
    vae = AutoencoderKL.from_pretrained(trained / "vae")
    small = next(batches(pictures, 32, len(pictures)))
    with torch.no_grad():
        latents = vae.encode(small).latent_dist.mode()
        tiny = build_tiny(TINY, 4)
        start_from_colours(tiny, latents[:32], small[:32])
        guess = measure_tiny(tiny, vae, pictures[32:], 32)
        cells = torch.nn.functional.avg_pool2d(small[32:], 2)
        flat = torch.nn.functional.interpolate(cells, scale_factor=2.0)
    assert guess["decoder_psnr"] > psnr((flat - small[32:]).pow(2).mean().item()) - 3
    options = {"sizes": (32,), "taught": 32, "minutes": 1, "batch": 2, "crop": 8, "held_out": 8, "report": quiet}
    taught = train_tiny(pictures, vae, tmp_path, TINY, steps=400, **options)  # type: ignore[arg-type]
    assert measure_tiny(taught, vae, pictures[32:], 32)["decoder_psnr"] > guess["decoder_psnr"]
    assert measure_tiny(taught, vae, pictures[32:], 32)["encoder_error"] < guess["encoder_error"]


def test_a_killed_training_of_the_tiny_autoencoder_goes_on_to_the_same_weights(trained: Path, tmp_path: Path) -> None:
    from diffusers import AutoencoderKL

    pictures, _ = load_set(trained / "pictures")
    vae = AutoencoderKL.from_pretrained(trained / "vae")
    options = {"sizes": (32, 16), "taught": 32, "minutes": 1, "batch": 2, "crop": 8, "held_out": 8, "save_every": -1}

    def keeps(line: str) -> None:  # what a kill after step 99 would leave
        if "step 100" in line:
            shutil.copytree(tmp_path / "whole", tmp_path / "killed")

    (tmp_path / "whole").mkdir()
    whole = train_tiny(pictures, vae, tmp_path / "whole", TINY, steps=104, report=keeps, **options)  # type: ignore[arg-type]
    again = train_tiny(pictures, vae, tmp_path / "killed", TINY, steps=104, report=quiet, resume=True, **options)  # type: ignore[arg-type]
    # not to the bit: a convolution's sums depend on where its memory lies
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(whole.parameters(), again.parameters(), strict=True))
    assert json.loads((tmp_path / "killed" / "tiny.json").read_text())["steps"] == 104


def test_a_second_size_takes_its_share_of_the_batches_and_only_its_own_noise(trained: Path) -> None:
    source = LatentSource(torch.zeros(4, 1, 2, 2), torch.zeros(4, 3), torch.zeros(3))
    beside = Beside(source, batch=1, share=0.25, noise_below=600)
    turns = [beside.its_turn(n) for n in range(400)]
    assert sum(turns) == 100
    assert max(sum(turns[n : n + 4]) for n in range(397)) == 1
    assert beside.turns(7) == sum(turns[:7])
    assert (trained / "latents-16.pt").is_file()
    kept = json.loads(next((trained / "unet_run").glob("checkpoint-*/training_state.json")).read_text())
    assert kept["facts"]["beside"] == [36, 1, 0.5, 600]


def test_the_assembled_folder_passes_the_checks_of_any_checkpoint(trained: Path) -> None:
    assert find_model("image", str(trained / "export")).folder == (trained / "export").resolve()
    assert not [p for p in (trained / "export").rglob("*") if p.suffix in (".bin", ".pt", ".pkl", ".ckpt")]


def test_two_steps_make_a_picture_of_the_size_asked_for(backend: TorchImage) -> None:
    assert backend.generate("a beach", steps=2, width=32, height=32).size == (32, 32)


def test_image_to_image_keeps_the_size_and_a_small_strength_still_takes_one_step(backend: TorchImage) -> None:
    told: list[tuple[int, int]] = []
    made = backend.generate(
        "a beach", init=draw_sketch("beach", size=64), strength=0.05, steps=4, width=32, height=32,
        on_step=lambda step, steps: told.append((step, steps)) or True,
    )  # fmt: skip
    assert made.size == (32, 32)
    assert told == [(1, 1)]


def test_the_same_seed_gives_the_same_pixels_and_another_seed_others(backend: TorchImage) -> None:
    def picture(seed: int) -> np.ndarray:
        return np.asarray(backend.generate("a beach", steps=2, width=32, height=32, seed=seed))

    assert np.array_equal(picture(1), picture(1))
    assert not np.array_equal(picture(1), picture(2))


@pytest.mark.parametrize("init", [None, draw_sketch("beach", size=64)], ids=["text", "image"])
def test_stop_ends_the_work_within_one_step(backend: TorchImage, init: object) -> None:
    told: list[int] = []
    with pytest.raises(Stopped):
        backend.generate(
            "a beach", init=init, strength=0.9, steps=8, width=32, height=32,  # type: ignore[arg-type]
            on_step=lambda step, _steps: told.append(step) or step < 2,
        )  # fmt: skip
    assert told == [1, 2]
    # and the pipeline can be used again
    assert backend.generate("a beach", steps=2, width=32, height=32).size == (32, 32)


def test_a_size_that_the_model_cannot_make_is_refused_with_the_rule(backend: TorchImage) -> None:
    with pytest.raises(ValueError, match="multiples of 4"):
        backend.generate("a beach", steps=2, width=33, height=32)


def test_a_small_vocabulary_makes_a_model_for_places_only(backend: TorchImage) -> None:
    assert not backend.capabilities.whole
    assert backend.capabilities.native == 16
    assert backend.capabilities.second == 32
    assert backend.capabilities.steps <= 20


def test_reconstruction_shows_the_picture_as_the_autoencoder_does(backend: TorchImage) -> None:
    sketch = draw_sketch("beach", size=64)
    shown = np.asarray(backend.reconstruct(sketch, 32, 32), float)
    assert np.abs(shown - np.asarray(sketch.resize((32, 32)), float)).mean() < 60


def test_the_denoiser_learns_together_with_its_text_encoder(trained: Path) -> None:
    from safetensors.torch import load_file

    before, after = (load_file(trained / name / "model.safetensors") for name in ("text", "text_trained"))
    assert any(not torch.equal(before[name], after[name]) for name in before)
    figures = json.loads((trained / "unet.json").read_text())
    assert figures["steps"] == 4
    assert set(figures["loss"]) == {"right", "shuffled", "all"}


def copied(trained: Path, to: Path, *without: str) -> Path:
    return shutil.copytree(trained, to, ignore=shutil.ignore_patterns(*without, "export"))


def losses(out: Path) -> dict[int, float]:
    return {x["step"]: x["loss"] for x in json.loads((out / "unet.json").read_text())["history"] if "loss" in x}


def test_a_killed_denoiser_training_goes_on_with_the_same_losses(trained: Path, tmp_path: Path) -> None:
    killed = copied(trained, tmp_path / "killed", "checkpoint-4", "unet.json")
    run_stage("unet", run_of(killed, resume=True))
    assert losses(killed) == losses(trained)
    kept, again = ((out / "unet" / "diffusion_pytorch_model.safetensors").read_bytes() for out in (trained, killed))
    assert kept == again


def test_a_run_of_all_stages_that_was_killed_leaves_finished_stages_alone(trained: Path, tmp_path: Path) -> None:
    killed = copied(trained, tmp_path / "killed", "checkpoint-4", "unet.json")
    told: list[str] = []
    run_all(run_of(killed, resume=True, report=told.append))
    assert told[1:3] == ["vae: done before", "text: done before"]
    assert losses(killed) == losses(trained)
    assert (killed / "export" / "model_index.json").is_file()


def test_a_run_of_all_stages_can_be_resumed_before_its_denoiser_began(trained: Path, tmp_path: Path) -> None:
    early = copied(trained, tmp_path / "early", "unet*")
    run_all(run_of(early, resume=True))
    assert losses(early) == losses(trained)
    with pytest.raises(RecipeError, match="nothing to resume"):
        run_stage("unet", run_of(copied(trained, tmp_path / "alone", "unet*"), resume=True))


def test_a_state_of_the_earlier_training_is_taken_up(trained: Path, tmp_path: Path) -> None:
    from transformers import CLIPTextModel

    out = copied(trained, tmp_path / "older", "unet_run", "unet.json")
    latents = torch.load(out / "latents-16.pt", weights_only=True)
    encoder = CLIPTextModel.from_pretrained(out / "text")
    unet = build_unet(UNET, latents=4, side=latents.shape[2], text_width=32)
    weights = [*unet.parameters(), *encoder.parameters()]
    optimizer = torch.optim.AdamW(weights, 1e-3, betas=(0.9, 0.98), fused=True)
    sum(w.pow(2).sum() for w in weights).backward()
    optimizer.step()
    state = {
        "unet": unet.state_dict(), "encoder": encoder.state_dict(), "optimizer": optimizer.state_dict(),
        "average": [w.detach().clone() for w in weights], "step": 3, "spent": 12.5,
    }  # fmt: skip
    torch.save(state, out / STATE)
    run_stage("unet", run_of(out, resume=True))
    assert list(losses(out)) == [4]
    figures = json.loads((out / "unet.json").read_text())
    assert figures["steps"] == 4
    assert figures["minutes"] >= 0.2


def test_a_base_with_fewer_levels_gives_them_to_the_lowest_ones() -> None:
    small = build_unet(UnetConfig((32, 48), 32, 8), latents=4, side=16, text_width=32)
    large = build_unet(UnetConfig((16, 32, 48), 32, 8), latents=4, side=32, text_width=32)
    share = warm_start(large, small.state_dict())
    assert 0.3 < share < 1
    before, after = small.state_dict(), large.state_dict()
    assert torch.equal(after["down_blocks.2.resnets.0.conv2.weight"], before["down_blocks.1.resnets.0.conv2.weight"])
    assert torch.equal(after["mid_block.resnets.0.conv1.weight"], before["mid_block.resnets.0.conv1.weight"])
    assert warm_start(build_unet(UNET, latents=4, side=16, text_width=32), small.state_dict()) < 1
    same = build_unet(UnetConfig((32, 48), 32, 8), latents=4, side=16, text_width=32)
    assert warm_start(same, before) == 1
    assert all(torch.equal(weight, before[name]) for name, weight in same.state_dict().items())


def test_every_stage_starts_from_a_base_s_weights(trained: Path, tmp_path: Path) -> None:
    """With learning rates of nothing, what comes out is what went in."""
    from safetensors.torch import load_file

    still = replace(
        RECIPE,
        base=str(trained / "export"),
        vae=replace(RECIPE.vae, steps=1, learning_rate=0.0),
        unet=replace(RECIPE.unet, training=replace(TRAINING, learning_rate=0.0, steps=1)),
    )
    told: list[str] = []
    out = copied(trained, tmp_path / "warm", "vae*", "text*", "tokenizer", "unet*", "latents.pt")
    for stage in ("vae", "text", "unet"):
        run_stage(stage, run_of(out, still, report=told.append))
    assert any("100.0% of its weights" in line for line in told)
    kept = load_file(trained / "export" / "unet" / "diffusion_pytorch_model.safetensors")
    again = load_file(out / "unet" / "diffusion_pytorch_model.safetensors")
    assert all(torch.equal(kept[name], weight.half()) for name, weight in again.items())
    old, new = (
        load_file(f / "diffusion_pytorch_model.safetensors") for f in (trained / "export" / "vae", out / "vae_raw")
    )
    assert all(torch.allclose(old[name].float(), weight, atol=1e-6) for name, weight in new.items())
    words = [(f / "vocab.json").read_text() for f in (trained / "export" / "tokenizer", out / "tokenizer")]
    assert words[0] == words[1]


def test_without_a_text_stage_the_base_s_words_are_taken(trained: Path, tmp_path: Path) -> None:
    out = copied(trained, tmp_path / "lent", "text*", "tokenizer", "unet*")
    told: list[str] = []
    run_stage("unet", run_of(out, replace(RECIPE, base=str(trained / "export")), report=told.append))
    assert told[:2] == [f"{name}: the base's, for the stage text was not run" for name in ("tokenizer", "text")]
    assert list(losses(out)) == [1, 2, 3, 4]


def test_a_base_of_another_shape_is_refused_for_the_autoencoder(trained: Path, tmp_path: Path) -> None:
    out = copied(trained, tmp_path / "other", "vae*")
    wider = replace(
        RECIPE, base=str(trained / "export"), vae=replace(RECIPE.vae, config=replace(VAE, channels=(8, 24)))
    )
    with pytest.raises(RecipeError, match="another shape"):
        run_stage("vae", run_of(out, wider))


@pytest.mark.parametrize(
    ("stage", "missing", "words"),
    [
        ("vae", "pictures", "--stage pictures"),
        ("unet", "vae_raw latents.pt", "--stage vae"),
        ("unet", "tokenizer", "--stage text"),
        ("assemble", "unet", "--stage unet"),
    ],
)
def test_a_stage_whose_forerunner_is_missing_says_which_to_run(
    trained: Path, tmp_path: Path, stage: str, missing: str, words: str
) -> None:
    out = copied(trained, tmp_path / "part", *missing.split())
    with pytest.raises(RecipeError, match=words):
        run_stage(stage, run_of(out))


def test_pictures_that_are_there_are_taken_and_others_are_not_drawn_over(trained: Path) -> None:
    told: list[str] = []
    run_stage("pictures", run_of(trained, report=told.append))
    assert told == ["pictures: 40 are there"]
    with pytest.raises(RecipeError, match="another set"):
        run_stage("pictures", run_of(trained, replace(RECIPE, pictures=PicturesStage(41, 0, 64))))


def test_latents_of_other_pictures_are_not_trained_on(trained: Path, tmp_path: Path) -> None:
    out = copied(trained, tmp_path / "mixed")
    torch.save(torch.zeros(3, 4, 16, 16), out / "latents.pt")
    with pytest.raises(RecipeError, match="latents of 3 pictures"):
        latents_of(run_of(out))


def test_the_assembled_folder_holds_the_settings_of_every_stage_and_a_card(trained: Path) -> None:
    settings = json.loads((trained / "export" / "training_settings.json").read_text())
    assert settings["pictures"] == {"count": 40, "seed": 0, "size": 64}
    assert settings["unet"]["config"]["channels"] == [16, 32]
    assert settings["vae"]["psnr"] > 0
    card = (trained / "export" / "README.md").read_text()
    assert "license: apache-2.0" in card
    assert "| unet | steps 4" in card


def test_a_card_that_somebody_wrote_is_kept(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "README.md").write_text("mine")
    run_stage("assemble", run_of(trained, to=tmp_path / "m"))
    assert (tmp_path / "m" / "README.md").read_text() == "mine"
    assert (tmp_path / "m" / "model_index.json").is_file()


def test_an_assembled_folder_does_not_tell_where_it_was_made(trained: Path) -> None:
    for file in [*(trained / "export").rglob("*.json"), trained / "export" / "README.md"]:
        assert str(trained) not in file.read_text()


def test_shuffled_captions_are_measured_on_the_same_noise() -> None:
    class Deaf:
        """Answers nothing, whatever the caption."""

        def __call__(self, noisy: torch.Tensor, _times: torch.Tensor, _ids: torch.Tensor) -> torch.Tensor:
            return torch.zeros_like(noisy)

    from finetune.diffusion.objective import noise_schedule
    from finetune.scene.unet import build_scheduler

    found = prompt_effect(Deaf(), noise_schedule(build_scheduler()), torch.randn(4, 4, 8, 8), torch.ones(4, 8).long())
    assert found["right"] == found["shuffled"] > 0


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--steps", "3"], "name it with --stage"),
        (["--stage", "assemble", "--minutes", "3"], "trains nothing"),
        (["--resolution", "64"], "--resolution does not go"),
        (["--stage", "vae", "--push-to-hub", "a/b"], "goes with --stage assemble"),
        (["--stage", "unet", "--steps", "0"], "more than 0"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], words: str
) -> None:
    assert main(["bundled", "--out", str(tmp_path), "--no-track", *flags]) == 2
    assert words in capsys.readouterr().err


def test_one_stage_is_run_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundled", "--stage", "vae", "--out", str(tmp_path), "--no-track"]) == 2
    assert "run --stage pictures first" in capsys.readouterr().err


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["bundled", "--stage", "sculpt"])
    assert stop.value.code == 2
