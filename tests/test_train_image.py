"""Training the scene model: the real stages on tiny sizes, and the folder they make through the stock pipelines."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from finetune import train_image
from finetune.pictures import draw_set, load_set
from finetune.scene.assemble import assemble
from finetune.scene.text import TextConfig, build_tokenizer, tokens, train_text
from finetune.scene.unet import STATE, UnetConfig, build_unet, train_unet
from finetune.scene.vae import VaeConfig, build_vae, encode, measure, normalise, train_vae
from pipelines.backends.base import ModelInfo, Stopped
from pipelines.backends.torch_image import TorchImage
from pipelines.models import ModelFiles, find_model
from pipelines.sketch import draw_sketch

VAE = VaeConfig(channels=(8, 16), latents=4, size=32)
UNET = UnetConfig(channels=(16, 32), groups=8)


def quiet(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("scene")
    draw_set(out / "pictures", count=40, seed=0, size=64)
    pictures, records = load_set(out / "pictures")
    vae = train_vae(pictures, out, VAE, minutes=1, steps=40, batch=2, crop=16, held_out=4, report=quiet)
    latents = normalise(vae, encode(vae, pictures, VAE.size))
    vae.save_pretrained(out / "vae")
    train_text(records, out, TextConfig(width=32, layers=1, heads=2, merges=700), minutes=1, steps=4, report=quiet)
    from transformers import CLIPTextModel, CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(out / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(out / "text")
    unet = build_unet(UNET, latents=latents.shape[1], side=latents.shape[2], text_width=32)
    ids, empty = tokens(tokenizer, [str(r["caption"]) for r in records]), tokens(tokenizer, [""])[0]
    train_unet(
        unet, encoder, latents, ids, empty, out, UNET, minutes=1, steps=4, batch=2, held_out=4, report=quiet
    )  # fmt: skip
    assemble(vae, encoder, tokenizer, unet, out / "model")
    return out


@pytest.fixture(scope="module")
def backend(trained: Path) -> TorchImage:
    return TorchImage(ModelFiles("image", trained / "model", ModelInfo("tiny", "0", False)), device="cpu")


def test_an_untrained_autoencoder_passes_colour_through():
    vae = build_vae(VAE)
    red, blue = (torch.tensor(c).view(1, 3, 1, 1).expand(1, 3, 32, 32) for c in ([0.8, -0.6, -0.6], [-0.6, -0.6, 0.8]))
    with torch.no_grad():
        seen = [vae(x.contiguous()).sample.mean((0, 2, 3)) for x in (red, blue)]
    assert seen[0][0] - seen[0][2] > 0.1
    assert seen[1][2] - seen[1][0] > 0.1


def test_training_brings_the_autoencoder_nearer_to_the_pictures(tmp_path: Path):
    draw_set(tmp_path / "pictures", count=12, seed=1, size=64)
    pictures, _ = load_set(tmp_path / "pictures")
    before = measure(build_vae(VAE), pictures[8:], 32)
    vae = train_vae(pictures, tmp_path, VAE, minutes=1, steps=60, batch=2, crop=16, held_out=4, report=quiet)
    assert measure(vae, pictures[8:], 32) > before + 1


def test_folding_makes_latents_standard_and_leaves_pictures_as_they_were():
    vae = build_vae(VAE)
    pictures = np.stack([np.asarray(draw_sketch("park", seed=i, size=32)) for i in range(6)])
    before = measure(vae, pictures, 32)
    told = normalise(vae, encode(vae, pictures, 32)).float()
    again = encode(vae, pictures, 32).float()
    assert measure(vae, pictures, 32) == pytest.approx(before, abs=0.1)
    assert again.mean((0, 2, 3)).abs().max() < 0.05
    assert (again.std((0, 2, 3)) - 1).abs().max() < 0.05
    assert (told - again).abs().mean() < 0.05


def test_the_tokenizer_spells_caption_words_as_single_pieces_and_knows_every_letter(tmp_path: Path):
    tokenizer = build_tokenizer(["a beach with palm trees", "a beach, a table in front"] * 3, tmp_path, 700)
    assert tokenizer.tokenize("a beach") == ["a</w>", "beach</w>"]
    assert "<|endoftext|>" not in tokenizer.tokenize("ñandú 7 zoo")


def test_the_text_encoder_learns_what_captions_say(tmp_path: Path):
    draw_set(tmp_path / "pictures", count=160, seed=0, size=64)
    _, records = load_set(tmp_path / "pictures")
    config = TextConfig(width=64, layers=1, heads=2, merges=900)
    scores = train_text(records, tmp_path, config, minutes=1, steps=60, held_out=40, report=quiet)
    assert scores["light"] > 0.6


def test_the_stock_auto_pipelines_load_the_assembled_folder(trained: Path):
    from diffusers import AutoPipelineForImage2Image, AutoPipelineForText2Image

    for kind in (AutoPipelineForText2Image, AutoPipelineForImage2Image):
        pipeline = kind.from_pretrained(trained / "model", safety_checker=None)
        assert pipeline.vae_scale_factor == 2
        assert pipeline.vae.config.scaling_factor == 1


def test_the_assembled_folder_passes_the_checks_of_any_checkpoint(trained: Path):
    assert find_model("image", str(trained / "model")).folder == (trained / "model").resolve()


def test_two_steps_make_a_picture_of_the_size_asked_for(backend: TorchImage):
    assert backend.generate("a beach", steps=2, width=32, height=32).size == (32, 32)


def test_image_to_image_keeps_the_size_and_a_small_strength_still_takes_one_step(backend: TorchImage):
    told: list[tuple[int, int]] = []
    made = backend.generate(
        "a beach", init=draw_sketch("beach", size=64), strength=0.05, steps=4, width=32, height=32,
        on_step=lambda step, steps: told.append((step, steps)) or True,
    )  # fmt: skip
    assert made.size == (32, 32)
    assert told == [(1, 1)]


def test_the_same_seed_gives_the_same_pixels_and_another_seed_others(backend: TorchImage):
    def picture(seed: int) -> np.ndarray:
        return np.asarray(backend.generate("a beach", steps=2, width=32, height=32, seed=seed))

    assert np.array_equal(picture(1), picture(1))
    assert not np.array_equal(picture(1), picture(2))


@pytest.mark.parametrize("init", [None, draw_sketch("beach", size=64)], ids=["text", "image"])
def test_stop_ends_the_work_within_one_step(backend: TorchImage, init: object):
    told: list[int] = []
    with pytest.raises(Stopped):
        backend.generate(
            "a beach", init=init, strength=0.9, steps=8, width=32, height=32,  # type: ignore[arg-type]
            on_step=lambda step, _steps: told.append(step) or step < 2,
        )  # fmt: skip
    assert told == [1, 2]
    # and the pipeline can be used again
    assert backend.generate("a beach", steps=2, width=32, height=32).size == (32, 32)


def test_a_size_that_the_model_cannot_make_is_refused_with_the_rule(backend: TorchImage):
    with pytest.raises(ValueError, match="multiples of 4"):
        backend.generate("a beach", steps=2, width=33, height=32)


def test_a_small_vocabulary_makes_a_model_for_places_only(backend: TorchImage):
    assert not backend.capabilities.whole
    assert backend.capabilities.native == 32
    assert backend.capabilities.steps <= 20


def test_reconstruction_shows_the_picture_as_the_autoencoder_does(backend: TorchImage):
    sketch = draw_sketch("beach", size=64)
    shown = np.asarray(backend.reconstruct(sketch, 32, 32), float)
    assert np.abs(shown - np.asarray(sketch.resize((32, 32)), float)).mean() < 60


def test_a_stopped_training_goes_on_where_it_was(trained: Path, tmp_path: Path):
    from transformers import CLIPTextModel

    latents = torch.randn(12, 4, 16, 16)
    ids = torch.ones(12, 32, dtype=torch.long)
    told: list[str] = []

    def run(steps: int, resume: bool) -> dict[str, object]:
        unet = build_unet(UNET, latents=4, side=16, text_width=32)
        encoder = CLIPTextModel.from_pretrained(trained / "text")
        return train_unet(
            unet, encoder, latents, ids, ids[0], tmp_path, UNET, minutes=1, steps=steps, batch=2, held_out=4,
            resume=resume, save_every=0, report=told.append,
        )  # fmt: skip

    first = run(3, False)
    assert (tmp_path / STATE).exists()
    second = run(5, True)
    assert any("resumes" in line for line in told)
    assert (first["steps"], second["steps"]) == (3, 5)


def test_the_command_assembles_with_the_settings_of_every_stage(trained: Path, tmp_path: Path):
    assert train_image.main(["assemble", "--out", str(trained), "--to", str(tmp_path / "m")]) == 0
    settings = json.loads((tmp_path / "m" / "training_settings.json").read_text())
    assert settings["pictures"] == {"count": 40, "seed": 0, "size": 64}
    assert {"vae", "text", "unet"} <= set(settings)


def test_an_assembled_folder_does_not_tell_where_it_was_made(trained: Path, tmp_path: Path):
    train_image.main(["assemble", "--out", str(trained), "--to", str(tmp_path / "m")])
    for config in (tmp_path / "m").rglob("*.json"):
        assert str(trained) not in config.read_text()


def test_an_unknown_stage_is_refused():
    with pytest.raises(SystemExit) as stop:
        train_image.main(["sculpt"])
    assert stop.value.code == 2
