"""T5 models for training: a fresh compact one, one to start from, its optimiser, greedy answers, a finished folder.

Knows nothing of corpora, recipes' meaning or the Trainer.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.prompts import LETTERS

TOKENIZER_FILES = ("spiece.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
MAX_TOKENS = 96
"""Of a greedy answer; the longest frame of the corpus has some eighty."""


class LettersError(ValueError):
    """A vocabulary has neither a letter of Spanish nor its substitute."""


def new_model(shape: Mapping[str, int], vocabulary: int, seed: int) -> Any:
    """A T5 of FLAN-T5's architecture with fresh weights: gated GELU, tied embeddings of `vocabulary` rows."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(seed)
    config = T5Config(
        vocab_size=vocabulary, feed_forward_proj="gated-gelu", dropout_rate=0.0, tie_word_embeddings=True,
        relative_attention_num_buckets=32, relative_attention_max_distance=96, pad_token_id=0, eos_token_id=1,
        decoder_start_token_id=0, **shape,
    )  # fmt: skip
    return T5ForConditionalGeneration(config)


def load_base(folder: Path) -> tuple[Any, Any]:
    """(model in fp32, tokenizer) of a checkpoint folder. Safetensors only; raises OSError, ValueError when damaged."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32, use_safetensors=True)
    return model, AutoTokenizer.from_pretrained(folder)


def deepened(model: Any, layers: int) -> Any:
    """The same T5 with `layers` encoder layers: copies between the old ones that change little at first.

    A copy's two output projections are scaled to a tenth, so that the deeper model starts about where the old one
    stands (after Chen et al., Net2Net, 2016). Raises ValueError when it would have to become shallower.
    """
    import copy

    import torch

    old = list(model.encoder.block)
    if layers < len(old):
        raise ValueError(f"the base has {len(old)} encoder layers, more than the {layers} that are wanted")
    blocks = []
    for number, block in enumerate(old):
        blocks.append(block)
        # spread the new layers evenly behind the old ones
        for _ in range((number + 1) * (layers - len(old)) // len(old) - number * (layers - len(old)) // len(old)):
            fresh = copy.deepcopy(block)
            attention, feed_forward = fresh.layer[0].SelfAttention, fresh.layer[-1].DenseReluDense
            if attention.has_relative_attention_bias:  # only the first layer has it, and passes it on
                attention.has_relative_attention_bias = False
                del attention.relative_attention_bias
            with torch.no_grad():
                attention.o.weight.mul_(0.1)
                feed_forward.wo.weight.mul_(0.1)
            blocks.append(fresh)
    model.encoder.block = torch.nn.ModuleList(blocks)
    for number, block in enumerate(blocks):
        block.layer[0].SelfAttention.layer_idx = number
    model.config.num_layers = model.encoder.config.num_layers = layers
    return model


def encodes(tokenizer: Any, letter: str) -> bool:
    """Whether a vocabulary brings a letter back: FLAN-T5's, for one, turns "í" into an unknown (transformers#7751)."""
    ids = tokenizer(f"a{letter}a", add_special_tokens=False).input_ids
    return tokenizer.unk_token_id not in ids and letter in tokenizer.decode(ids)


def substitutions(tokenizer: Any) -> dict[int, str]:
    """A table for `str.translate`: each letter of Spanish that the vocabulary lacks to the letter that stands for it.

    Empty for a vocabulary that has them all. Raises LettersError when a substitute is missing too.
    """
    table = {}
    for letter, stand_in in LETTERS.items():
        if not encodes(tokenizer, letter):
            if not encodes(tokenizer, stand_in):
                raise LettersError(
                    f"the base's vocabulary has neither {letter!r} nor its substitute {stand_in!r}: take another base, "
                    "or give pipelines/prompts.py another substitute (LETTERS)"
                )
            table[ord(letter)] = stand_in
    return table


def scaled_adamw(parameters: Sequence[Any], learning_rate: float) -> Any:
    """AdamW in which each tensor's rate is `learning_rate` x its root mean square, measured anew every 20 steps.

    One rate for all of T5's weights diverges when it is trained from scratch: its query weights start at a standard
    deviation of 1/128. Adafactor's parameter scaling does the same (Shazeer and Stern, 2018, section 8).
    """
    import torch

    class ScaledAdamW(torch.optim.AdamW):
        @torch.no_grad()
        def step(self, closure: Any = None) -> Any:
            counted = self.param_groups[0].get("counted", 0)
            for group in self.param_groups:
                if counted % 20 == 0:
                    group["scale"] = max(1e-3, group["params"][0].detach().pow(2).mean().sqrt().item())
                group["counted"] = counted + 1
                group["lr"] *= group["scale"]
            try:
                return super().step(closure)
            finally:
                for group in self.param_groups:
                    group["lr"] /= group["scale"]

    groups = [{"params": [tensor]} for tensor in parameters]
    return ScaledAdamW(groups, lr=learning_rate, betas=(0.9, 0.99), weight_decay=0.0, foreach=True)


def generate(
    model: Any, tokenizer: Any, sources: Sequence[str], max_tokens: int = MAX_TOKENS, batch: int = 32
) -> list[str]:
    """Greedy answers of a transformers seq2seq model, in the order of `sources`."""
    import torch

    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    answers = [""] * len(sources)
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            inputs = tokenizer(
                [sources[i] for i in rows], return_tensors="pt", padding=True, truncation=True, max_length=512
            ).to(model.device)
            made = model.generate(
                input_ids=inputs.input_ids,
                attention_mask=inputs.attention_mask,
                max_new_tokens=max_tokens,
                do_sample=False,
            )
            for i, text in zip(rows, tokenizer.batch_decode(made, skip_special_tokens=True), strict=True):
                answers[i] = text
    model.train(was_training)
    return answers


def export(model: Any, tokenizer_folder: Path, folder: Path, dtype: str, record: Mapping[str, Any]) -> None:
    """A finished checkpoint as stock transformers loads it, its tokenizer and `training_settings.json` beside it.

    `dtype` is what the weights are stored in; written beside the old folder first, so a crash leaves no half of one.
    """
    import torch
    from transformers import AutoTokenizer, GenerationConfig

    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    copy = type(model)(model.config)
    copy.load_state_dict(model.state_dict())
    copy.to(getattr(torch, dtype))
    copy.generation_config = GenerationConfig(
        max_new_tokens=MAX_TOKENS, decoder_start_token_id=0, eos_token_id=1, pad_token_id=0, do_sample=False
    )
    copy.save_pretrained(part, safe_serialization=True)
    if all((tokenizer_folder / name).is_file() for name in TOKENIZER_FILES):
        for name in TOKENIZER_FILES:
            shutil.copyfile(tokenizer_folder / name, part / name)
    else:
        AutoTokenizer.from_pretrained(tokenizer_folder).save_pretrained(part)
    (part / "training_settings.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
