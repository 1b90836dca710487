"""Cards of picture models that are pushed to the Hub, from their own `training_settings.json`. Writes text; uploads nothing."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finetune.diffusion.export import LORA_FILE, SETTINGS

ROWS = 20
"""Points of the loss that a card shows; all are in the settings."""


def image_card(folder: Path) -> str:
    """The card of what `finetune.train_image` wrote. Raises OSError, KeyError when the folder is none."""
    record = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    if record["recipe"]["method"] == "stages":
        return _scene_card(record)
    lora = (folder / LORA_FILE).is_file()
    recipe = record["recipe"]
    training = recipe["training"]
    base = record["base"].split(" (")[0]
    on_hub = base.count("/") == 1 and not base.startswith((".", "~"))
    tags = [
        "stable-diffusion",
        "stable-diffusion-diffusers",
        "text-to-image",
        "diffusers-training",
        *(["lora"] if lora else []),
    ]
    use = (
        f'pipe = AutoPipelineForText2Image.from_pretrained("{base if on_hub else "BASE"}")\npipe.load_lora_weights("THIS")'
        if lora
        else 'pipe = AutoPipelineForText2Image.from_pretrained("THIS")'
    )
    lines = [
        "---",
        "library_name: diffusers",
        "pipeline_tag: text-to-image",
        # the base's licence binds what is made from it: whoever publishes adds it
        *([f"base_model: {base}"] if on_hub else []),
        f"tags: [{', '.join(tags)}]",
        "---",
        "",
        f"# Stable Diffusion, fine-tuned by recipe `{recipe['name']}`{' (LoRA)' if lora else ''}",
        "",
        f"Started from {record['base']}, whose licence and limits "
        f"hold here too; add that licence to this card before making it public. {record['steps']} steps"
        f"{'' if record['finished'] else ' (ended early)'}, {record['pictures_seen']} pictures seen at "
        f"{recipe['resolution']} pixels, {record['learning'] / 1e6:.2f} million weights trained, {record['seconds']:.0f} "
        "seconds.",
        "",
        "```python",
        "from diffusers import AutoPipelineForText2Image",
        "",
        use,
        "```",
        "",
        "| setting | value |",
        "|---|---|",
        *(f"| {key.replace('_', ' ')} | {value} |" for key, value in training.items()),
        "",
        "## Loss while training",
        "",
        *_table(record["history"]),
        "",
        f"All settings: `{SETTINGS}`. Pictures of the model may show what its base and its data show; nobody looked at them all.",
    ]
    return "\n".join(lines) + "\n"


def _scene_card(record: Mapping[str, Any]) -> str:
    stages = {name: record[name] for name in ("vae", "text", "unet")}
    lines = [
        "---",
        "license: apache-2.0",
        "library_name: diffusers",
        "pipeline_tag: text-to-image",
        "tags: [stable-diffusion, stable-diffusion-diffusers, text-to-image, diffusers-training]",
        "---",
        "",
        "# Promo Studio scene model, recipe `bundled`",
        "",
        f"A compact Stable Diffusion that learnt from {record['pictures']['count']} drawn scenes without products. Figures of "
        "each stage:",
        "",
        "| stage | figures |",
        "|---|---|",
        *(
            f"| {name} | " + ", ".join(f"{k} {v}" for k, v in found.items() if k not in ("config", "history")) + " |"
            for name, found in stages.items()
        ),
        "",
        f"All settings: `{SETTINGS}`.",
    ]
    return "\n".join(lines) + "\n"


def _table(history: Sequence[Mapping[str, float]]) -> list[str]:
    losses = [line for line in history if "loss" in line]
    if not losses:
        return ["No losses were recorded."]
    every = -(-len(losses) // ROWS)
    shown = [line for n, line in enumerate(losses, 1) if n % every == 0 or n == len(losses)]
    return ["| step | loss |", "|---|---|", *(f"| {line['step']} | {line['loss']:.4f} |" for line in shown)]
