"""Cards for what is pushed to the Hub: a checkpoint's from its own `training_settings.json` and figures, a corpus's from
its counts. Writes text; uploads nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MODEL_HEAD = """---
license: apache-2.0
language: [es, en]
library_name: transformers
pipeline_tag: text2text-generation
---
"""


def model_card(folder: Path) -> str:
    """The card of a checkpoint made by `finetune.train_text`. Raises OSError, KeyError when the folder is none."""
    record = json.loads((folder / "training_settings.json").read_text(encoding="utf-8"))
    recipe = record["recipe"]
    figures = [line for line in record["history"] if "eval_loss" in line]
    lines = [
        _MODEL_HEAD,
        f"# Promo Studio text model, recipe `{recipe['name']}`",
        "",
        "A T5 that writes promotional texts (`Generate a promotion: ...`)"
        + (" and fills slots from messages (`Extract the slots: ...`)." if recipe["task"] == "both" else "."),
        f"Started from: {record['base']}. Data: {record['data']}. {record['steps']} steps, "
        f"{record['parameters'] / 1e6:.1f} million parameters, stored as {recipe['save_dtype']}.",
        "",
        "## Validation while training",
        "",
        "On pairs of phrase families that training never saw (or the validation split of --data).",
        "",
        *_table(figures),
        "",
        "All settings: `training_settings.json`.",
    ]
    return "\n".join(lines) + "\n"


def neuron_card(folder: Path) -> str:
    """The card of a model compiled by `finetune.export_neuron`. Raises OSError, KeyError when the folder is none."""
    record = json.loads((folder / "promo_neuron.json").read_text(encoding="utf-8"))
    source, versions = record["source"], record["versions"]
    lines = [
        "---",
        # another checkpoint's licence is its own; whoever publishes the export adds it
        *(["license: apache-2.0"] if source["name"].startswith("promo-studio/") else []),
        f"library_name: {'transformers' if record['kind'] == 'text' else 'diffusers'}",
        "tags: [optimum-neuron, inferentia2]",
        "---",
        "",
        f"# Promo Studio {record['kind']} model, compiled for AWS Inferentia2",
        "",
        f"Compiled from {source['name']} (revision {source['revision']}), whose licence and limits hold here too. "
        f"`python app.py --{record['kind']}-model THIS --{record['kind']}-backend neuron` runs it on an inf2 instance.",
        "",
        "| | |",
        "|---|---|",
        f"| neuronx-cc | {versions['neuronx_cc']} |",
        f"| optimum-neuron | {versions['optimum_neuron']} |",
        *(f"| {name.replace('_', ' ')} | {value} |" for name, value in record["limits"].items()),
        "",
        "These are TorchScript files: load them only when you trust where they come from. All arguments: `promo_neuron.json`.",
    ]
    return "\n".join(lines) + "\n"


def _table(figures: list[dict[str, Any]]) -> list[str]:
    names = [n for n in ("eval_loss", "eval_f1", "eval_exact", "eval_rouge1", "eval_rouge2", "eval_rougeL", "eval_rougeLsum")
             if any(n in line for line in figures)]  # fmt: skip
    if not names:
        return ["No validation figures were recorded."]
    head = ["| step | " + " | ".join(n.removeprefix("eval_") for n in names) + " |", "|---" * (len(names) + 1) + "|"]
    return head + [
        f"| {line['step']} | " + " | ".join(f"{line.get(n, float('nan')):.4g}" for n in names) + " |"
        for line in figures
    ]


def corpus_card(counts: Mapping[str, Mapping[str, int]], seed: int, dropped: Mapping[str, int]) -> str:
    """The data card of the generated corpus. `counts`: configuration to split to rows."""
    configs = "\n".join(
        f"- config_name: {name}\n  data_files:\n"
        + "\n".join(f"  - split: {split}\n    path: {name}/{split}-*.parquet" for split in splits)
        for name, splits in counts.items()
    )
    rows = "\n".join(
        f"| {name} | " + " | ".join(f"{n:,}" for n in splits.values()) + " |" for name, splits in counts.items()
    )
    lost = ", ".join(f"{reason} {n}" for reason, n in sorted(dropped.items())) or "none"
    return f"""---
license: apache-2.0
language: [es, en]
task_categories: [text-generation, token-classification]
pretty_name: Promo Studio corpus
configs:
{configs}
---

# Promo Studio corpus

Two kinds of pairs for fine-tuning a sequence-to-sequence model, in Mexican Spanish and in English, all generated:

- `extraction`: a message as shopkeepers and marketers type it, and the slots of a promotion that it states (promotion
  type, product, size, packaging, price, store, environment). Numbers carry tags (`[A]`), which the target points at.
- `promos`: a confirmed brief, and a promotional text with placeholders for names and figures.

| configuration | train | validation | test |
|---|---|---|---|
{rows}

Columns: `prompt`, `target`, `language`, `kind`; extraction also `text`, `asking` and `slots` (JSON, canonical values).

## How it was made

`python -m finetune.corpus --seed {seed}`. Messages are composed from phrase lists, or are whole messages that were
written by hand with places left open for values; texts are put together from written openings, sentences, offers and
closings. No customer's message and no advertisement of a company went in. Draws whose numbers did not line up with
their tags were dropped: {lost}.

The three splits use **disjoint phrase families**: a phrasing (a written message, a sentence frame, a description of a
scene, an opening) belongs to one split by a hash of its words. Names (products, kinds of shops, places) are shared, and so are
lists of fewer than ten phrasings.

## Limits

Written by the authors of one project, so it is their picture of how shopkeepers talk. Labels are as exact as the generator; nobody
annotated the result again. Promotional texts state size and price, never a health claim; they are not legal advice.
"""


def _picture_head(counts: Mapping[str, int], licence: str, name: str) -> list[str]:
    splits = "\n".join(f"  - split: {split}\n    path: {split}/**" for split in counts)
    return [
        "---",
        f"license: {licence}",
        "language: [en]",
        "task_categories: [text-to-image]",
        f"pretty_name: {name}",
        "configs:",
        f"- config_name: default\n  data_files:\n{splits}",
        "---",
        "",
        f"# {name}",
        "",
        "| split | pictures |",
        "|---|---|",
        *(f"| {split} | {count:,} |" for split, count in counts.items()),
        "",
    ]


def drawn_card(counts: Mapping[str, int], what: str, command: str, columns: tuple[str, ...]) -> str:
    """The data card of a drawn picture set. `what`: `scenes` or `packshots`; `counts`: split to pictures."""
    shown = {
        "scenes": "Drawn places without a product, each with the caption that a scene model reads: place, light, season and surface.",
        "packshots": "Drawn drinks on plain backgrounds, each captioned by size, packaging, product and background. Word marks are set "
        "in free look-alike fonts; no official logo was used. The brand names belong to their owners.",
    }[what]
    lines = [
        *_picture_head(counts, "apache-2.0", f"Promo Studio drawn {what}"),
        shown,
        f"Columns: `image`, `caption`, {', '.join(f'`{column}`' for column in columns)}.",
        "",
        "## How it was made",
        "",
        f"`{command}` makes the same pixels again. Everything is drawn by program; no photograph went in.",
        "`test` holds only combinations that `train` never shows (one in eight, by a hash of the caption).",
        "",
        "## Limits",
        "",
        "One flat style of drawing, so a model that learns from this alone draws nothing else.",
    ]
    return "\n".join(lines) + "\n"


def crawl_card(counts: Mapping[str, int], source: str, outcomes: Mapping[str, int], kept: tuple[str, ...] = ()) -> str:
    """The data card of a crawled picture set. `outcomes`: `kept` or a reason for dropping, to pictures; `kept`: the reasons
    that were overruled."""
    reasons = [
        f"| {reason} | {count:,} |"
        for reason, count in sorted(outcomes.items(), key=lambda kv: (kv[0] != "kept", -kv[1], kv[0]))
    ]
    lines = [
        *_picture_head(counts, "other", "Product pictures of a shop"),
        "Product pictures with English captions from one template: size, packaging, product, background.",
        "**The pictures and words belong to the shop or its suppliers.** Ask them before you publish this or a model made of it.",
        "",
        "Columns: `image`, `caption`, `product`, `variant`, `size`, `packaging`, `background`, `title`, `description`, `link`, `picture`.",
        "",
        "## How it was made",
        "",
        f"From the site map `{source.replace('`', '%60')}`, by `python -m finetune.pictures crawl`; robots.txt was obeyed. Captions say what the title states",
        "and what the background measures; nobody looked at them again. Left out, and why:",
        "",
        "| outcome | pictures |",
        "|---|---|",
        *reasons,
        "",
        *([f"Overruled on request: {', '.join(kept)}.", ""] if kept else []),
        "## Limits",
        "",
        "One shop's assortment and one way of taking pictures. Several products are told by outlines and title words, which misses some.",
    ]
    return "\n".join(lines) + "\n"
