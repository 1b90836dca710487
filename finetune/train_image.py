"""Trains the bundled scene model, stage by stage; every stage can be stopped and taken up again.

python -m finetune.pictures draw --out runs/scene/pictures
python -m finetune.train_image vae      --minutes 25 --out runs/scene
python -m finetune.train_image text     --minutes 1  --out runs/scene
python -m finetune.train_image unet     --minutes 60 --out runs/scene [--resume]
python -m finetune.train_image assemble --out runs/scene --to assets/models/scene
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from finetune.pictures import load_set
from finetune.scene.assemble import assemble
from finetune.scene.text import TextConfig, tokens, train_text
from finetune.scene.unet import UnetConfig, build_unet, train_unet
from finetune.scene.vae import VaeConfig, encode, normalise, train_vae

if TYPE_CHECKING:
    import torch


def say(line: str) -> None:
    """Prints a line at once."""
    print(line, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m finetune.train_image", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage", choices=tuple(_STAGES))
    parser.add_argument("--minutes", type=float, default=None, help="how long to train")
    parser.add_argument("--out", type=Path, default=Path("runs/scene"), help="the run's folder")
    parser.add_argument("--pictures", type=Path, default=None, help="the picture set (default: OUT/pictures)")
    parser.add_argument("--to", type=Path, default=Path("assets/models/scene"), help="where `assemble` writes")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.pictures = options.pictures or options.out / "pictures"

    import torch

    torch.set_num_threads(options.threads)
    _STAGES[options.stage](options)
    return 0


def _vae(options: argparse.Namespace) -> None:
    pictures, _ = load_set(options.pictures)
    train_vae(
        pictures,
        options.out,
        VaeConfig(),
        minutes=options.minutes or 25,
        seed=options.seed,
        resume=options.resume,
        report=say,
    )


def _text(options: argparse.Namespace) -> None:
    _, records = load_set(options.pictures)
    train_text(records, options.out, TextConfig(), minutes=options.minutes or 1, seed=options.seed, report=say)


def _latents(options: argparse.Namespace) -> "torch.Tensor":
    """The latents of the whole set, encoded once; the autoencoder that makes them so is written to OUT/vae."""
    import torch
    from diffusers import AutoencoderKL

    kept = options.out / "latents.pt"
    if kept.exists():
        return torch.load(kept, weights_only=True)
    pictures, _ = load_set(options.pictures)
    vae = AutoencoderKL.from_pretrained(options.out / "vae_raw").to(memory_format=torch.channels_last)
    latents = normalise(vae, encode(vae, pictures, VaeConfig().size))
    vae.save_pretrained(options.out / "vae")
    torch.save(latents, kept)
    say(f"latents of {len(latents)} pictures")
    return latents


def _unet(options: argparse.Namespace) -> None:
    from transformers import CLIPTextModel, CLIPTokenizer

    _, records = load_set(options.pictures)
    latents = _latents(options)
    tokenizer = CLIPTokenizer.from_pretrained(options.out / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(options.out / "text")
    config = UnetConfig()
    unet = build_unet(config, latents=latents.shape[1], side=latents.shape[2], text_width=encoder.config.hidden_size)
    say(f"unet of {sum(p.numel() for p in unet.parameters()) / 1e6:.1f} million parameters")
    train_unet(
        unet,
        encoder,
        latents,
        tokens(tokenizer, [str(record["caption"]) for record in records]),
        tokens(tokenizer, [""])[0],
        options.out,
        config,
        minutes=options.minutes or 60,
        seed=options.seed,
        resume=options.resume,
        report=say,
    )


def _assemble(options: argparse.Namespace) -> None:
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    assemble(
        AutoencoderKL.from_pretrained(options.out / "vae"),
        CLIPTextModel.from_pretrained(options.out / "text_trained"),
        CLIPTokenizer.from_pretrained(options.out / "tokenizer"),
        UNet2DConditionModel.from_pretrained(options.out / "unet"),
        options.to,
    )
    settings = {"pictures": json.loads((options.pictures / "set.json").read_text(encoding="utf-8"))}
    for name, config in (("vae", VaeConfig()), ("text", TextConfig()), ("unet", UnetConfig())):
        figures = json.loads((options.out / f"{name}.json").read_text(encoding="utf-8"))
        settings[name] = {"config": asdict(config), **figures}
    (options.to / "training_settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    say(f"assembled in {options.to}")


_STAGES = {"vae": _vae, "text": _text, "unet": _unet, "assemble": _assemble}


if __name__ == "__main__":
    sys.exit(main())
