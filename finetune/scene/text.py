"""Stage `text`: a small CLIP text encoder with a vocabulary of its own, taught first what captions say.

The encoder learns to tell place, hour, season and surface apart before any picture is seen; without that start the
picture model learns to ignore its prompt. Knows nothing of pictures.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.scene.budget import Budget

if TYPE_CHECKING:
    import torch
    from transformers import CLIPTextModel, CLIPTokenizer

ATTRIBUTES = ("place", "light", "season", "surface")
MAX_TOKENS = 32


@dataclass(frozen=True)
class TextConfig:
    """Sizes of the text encoder."""

    width: int = 192
    layers: int = 3
    heads: int = 3
    merges: int = 900


def build_tokenizer(captions: Sequence[str], folder: Path, merges: int) -> "CLIPTokenizer":
    """Learns byte-pair merges from the captions, so that their words become single pieces, and saves a stock tokenizer."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import CLIPTokenizer
    from transformers.models.clip.tokenization_clip import bytes_to_unicode

    characters = list(bytes_to_unicode().values())
    model = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    model.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=merges, end_of_word_suffix="</w>", show_progress=False, initial_alphabet=characters
    )
    words = (" ".join(re.findall(r"'s|[a-z]+|[^\sa-z]+", text.lower())) for text in captions)
    model.train_from_iterator(words, trainer)
    learnt = [tuple(pair) for pair in json.loads(model.to_str())["model"]["merges"]]
    pieces = [*characters, *(c + "</w>" for c in characters)]
    pieces += [first + second for first, second in learnt if first + second not in set(pieces)]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in learnt), ""]
    (folder / "merges.txt").write_text("\n".join(lines), encoding="utf-8")
    tokenizer = CLIPTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=MAX_TOKENS, pad_token="<|endoftext|>"
    )
    tokenizer.save_pretrained(folder)
    return tokenizer


def build_encoder(tokenizer: "CLIPTokenizer", config: TextConfig) -> "CLIPTextModel":
    """An untrained encoder. Embeddings start large, else three layers cannot tell the words apart for minutes."""
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel

    encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=config.width,
            intermediate_size=config.width * 8 // 3,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            max_position_embeddings=MAX_TOKENS,
            projection_dim=config.width,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    with torch.no_grad():
        encoder.text_model.embeddings.token_embedding.weight.normal_(0, 0.5)
        encoder.text_model.embeddings.position_embedding.weight.normal_(0, 0.1)
    return encoder


def tokens(tokenizer: "CLIPTokenizer", captions: Sequence[str]) -> "torch.Tensor":
    """Token ids (count, MAX_TOKENS), padded as the pipelines pad."""
    batch = tokenizer(list(captions), padding="max_length", max_length=MAX_TOKENS, truncation=True, return_tensors="pt")
    return batch.input_ids


def train_text(
    records: Sequence[dict[str, Any]],
    out: Path,
    config: TextConfig,
    *,
    minutes: float,
    steps: int | None = None,
    seed: int = 0,
    held_out: int = 256,
    base: "tuple[CLIPTokenizer, CLIPTextModel] | None" = None,
    report: Callable[[str], None] = print,
) -> dict[str, float]:
    """Teaches the encoder the captions' attributes; writes `out/tokenizer` and `out/text`; returns accuracies by attribute.

    `base`: a tokenizer and an encoder to start from, in place of a new vocabulary and fresh weights.
    """
    import torch
    from torch.nn.functional import cross_entropy

    torch.manual_seed(seed)
    dice = random.Random(seed)
    held_out = min(held_out, len(records) // 4)
    captions = [str(record["caption"]) for record in records]
    if base is not None:
        tokenizer, encoder = base
        tokenizer.save_pretrained(out / "tokenizer")
    else:
        tokenizer = build_tokenizer(captions, out / "tokenizer", config.merges)
        encoder = build_encoder(tokenizer, config)
    values = {name: sorted({str(record[name]) for record in records}) for name in ATTRIBUTES}
    labels = torch.tensor([[values[n].index(str(r[n])) for n in ATTRIBUTES] for r in records])
    # the caption names a season only where it shows: elsewhere there is nothing to learn
    silent = torch.tensor([f" in {r['season']}" not in str(r["caption"]) for r in records])
    labels[:, ATTRIBUTES.index("season")].masked_fill_(silent, -100)
    ids = tokens(tokenizer, captions)
    heads = torch.nn.ModuleList([torch.nn.Linear(encoder.config.hidden_size, len(values[n])) for n in ATTRIBUTES])
    optimizer = torch.optim.AdamW([*encoder.parameters(), *heads.parameters()], 1e-3)
    train, budget, step = len(records) - held_out, Budget(minutes, steps), 0
    while budget.share(step) < 1 or step == 0:
        picked = torch.tensor([dice.randrange(train) for _ in range(48)])
        state = encoder(ids[picked]).last_hidden_state.mean(1)
        losses = [cross_entropy(head(state), labels[picked, k], ignore_index=-100) for k, head in enumerate(heads)]
        loss = torch.stack([x for x in losses if not torch.isnan(x)]).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
    scores = {}
    with torch.no_grad():
        state = torch.cat([encoder(part).last_hidden_state.mean(1) for part in ids[train:].split(64)])
        for k, name in enumerate(ATTRIBUTES):
            told = labels[train:, k] >= 0
            right = heads[k](state[told]).argmax(1) == labels[train:, k][told]
            scores[name] = round(right.float().mean().item(), 4)
    report(f"text done: {step} steps, held-out accuracy {scores}")
    encoder.save_pretrained(out / "text")
    (out / "text.json").write_text(json.dumps({"steps": step, "accuracy": scores}) + "\n", encoding="utf-8")
    return scores
