"""Trains the text model: extraction and promo writing in one compact T5, from generated pairs that never repeat.

    python -m finetune.train_text bundled [--minutes 65] [--resume] [--warm-start DIR] [--threads 1] [--out runs/text]

Lessons kept from the prototypes: one learning rate for all weights diverges (T5's query weights start tiny), so each
tensor gets rate = RATE x RMS(tensor); bfloat16 autocast doubles the speed; batches hold messages of like length.
With glibc, MALLOC_MMAP_THRESHOLD_=4294967296 and MALLOC_TRIM_THRESHOLD_=8589934592 in the environment keep big tensors'
memory from being handed back at every step (a quarter of the time was spent in the kernel without them).
"""

import argparse
import json
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from finetune.extraction_data import examples
from finetune.promo_data import promo_pair
from slots.catalog import default_catalog
from slots.schema import SLOTS
from slots.wire import parse

Pair = tuple[str, str]
IGNORED = -100
"""The label that T5's loss leaves out."""


@dataclass(frozen=True)
class Settings:
    """Everything that decides a run; saved beside the weights."""

    minutes: float = 65.0
    rate: float = 0.01
    final_rate: float = 0.02
    """Share of the rate that the cosine ends at."""
    warm_up_steps: int = 200
    clip: float = 1.0
    batch_tokens: int = 1536
    """Source plus target tokens of a batch, padding included."""
    promo_share: float = 0.2
    pool: int = 4000
    """Pairs drawn at once, then cut into batches of like length."""
    data_seed: int = 2026
    model_seed: int = 1
    threads: int = 1
    checkpoint_minutes: float = 5.0
    validation: int = 300
    """Generated messages, of a seed of their own, scored at each checkpoint."""
    shape: dict[str, int] = field(
        default_factory=lambda: {
            "d_model": 256,
            "d_kv": 64,
            "d_ff": 512,
            "num_heads": 4,
            "num_layers": 4,
            "num_decoder_layers": 3,
        }
    )


def new_model(settings: Settings, vocabulary: int) -> Any:
    """A T5 with fresh weights. Shape: `settings.shape`; tied embeddings of `vocabulary` rows."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(settings.model_seed)
    config = T5Config(
        vocab_size=vocabulary, feed_forward_proj="gated-gelu", dropout_rate=0.0, tie_word_embeddings=True,
        relative_attention_num_buckets=32, relative_attention_max_distance=96, pad_token_id=0, eos_token_id=1,
        decoder_start_token_id=0, **settings.shape,
    )  # fmt: skip
    return T5ForConditionalGeneration(config)


def pairs(settings: Settings, seed: int, dropped: Counter[str]) -> Iterator[Pair]:
    """Extraction and promo pairs, mixed; endless."""
    rng = random.Random(seed)
    extraction, writing, catalog = (
        examples(random.Random(seed + 1), dropped),
        random.Random(seed + 2),
        default_catalog(),
    )
    while True:
        if rng.random() < settings.promo_share:
            yield promo_pair(writing, catalog)
        else:
            made = next(extraction)
            yield made.source, made.target


def batches(
    settings: Settings, stream: Iterator[Pair], tokenizer: Any, rng: random.Random
) -> Iterator[tuple[str, Any, Any]]:
    """Endless batches of like length: (task, source ids [b, s], labels [b, t]), padding 0 and IGNORED."""
    while True:
        drawn = list(islice(stream, settings.pool))
        sources = tokenizer([source for source, _ in drawn]).input_ids
        targets = tokenizer([target for _, target in drawn]).input_ids
        by_task: dict[str, list[tuple[list[int], list[int]]]] = defaultdict(list)
        for (source, _), ids, labels in zip(drawn, sources, targets, strict=True):
            by_task["extract" if source.startswith("Extract") else "write"].append((ids, labels))
        cut: list[tuple[str, list[tuple[list[int], list[int]]]]] = []
        for task, rows in by_task.items():
            rows.sort(key=lambda row: (len(row[0]) + len(row[1]), rng.random()))
            batch: list[tuple[list[int], list[int]]] = []
            for row in rows:
                if batch and (len(batch) + 1) * (len(row[0]) + len(row[1])) > settings.batch_tokens:
                    cut.append((task, batch))
                    batch = []
                batch.append(row)
            if batch:
                cut.append((task, batch))
        rng.shuffle(cut)
        for task, batch in cut:
            yield task, _padded([row[0] for row in batch], 0), _padded([row[1] for row in batch], IGNORED)


def _padded(rows: list[list[int]], filler: int) -> Any:
    import torch

    length = max(map(len, rows))
    return torch.tensor([row + [filler] * (length - len(row)) for row in rows])


class Trainer:
    """Weights, optimiser and place in the run; `checkpoint` and `resume` carry all three."""

    def __init__(self, settings: Settings, folder: Path, model: Any, tokenizer: Any) -> None:
        import torch

        torch.set_num_threads(settings.threads)
        self.settings, self.folder, self.model, self.tokenizer = settings, folder, model, tokenizer
        self.step, self.elapsed, self.seen, self.rounds = 0, 0.0, 0, 0
        self.dropped: Counter[str] = Counter()
        self.history: list[dict[str, Any]] = []
        groups = [{"params": [tensor], "scale": 1.0} for tensor in model.parameters()]
        self.optimizer = torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.99), weight_decay=0.0, foreach=True)
        self._rescale()

    def _rescale(self) -> None:
        for group in self.optimizer.param_groups:
            group["scale"] = max(1e-3, group["params"][0].detach().pow(2).mean().sqrt().item())

    def _rate(self) -> float:
        s = self.settings
        done = min(1.0, self.elapsed / (s.minutes * 60))
        cosine = s.final_rate + (1 - s.final_rate) * 0.5 * (1 + math.cos(math.pi * done))
        return s.rate * min(1.0, (self.step + 1) / s.warm_up_steps) * cosine

    def train(self, max_steps: int | None = None, log_every: int = 100) -> None:
        """Trains until the minutes are up or `max_steps` are done, and prints one line each `log_every` steps."""
        import torch

        s = self.settings
        self.rounds += 1
        # a resumed run draws on from a seed of its own, so that nothing comes twice
        seed = s.data_seed + 1000 * self.rounds
        stream = batches(s, pairs(s, seed, self.dropped), self.tokenizer, random.Random(seed + 3))
        losses: dict[str, list[float]] = defaultdict(list)
        before, last_checkpoint, logged = time.monotonic(), self.elapsed, time.monotonic()
        self.model.train()
        for task, ids, labels in stream:
            if self.elapsed >= s.minutes * 60 or (max_steps is not None and self.step >= max_steps):
                break
            rate = self._rate()
            for group in self.optimizer.param_groups:
                group["lr"] = rate * group["scale"]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = self.model(input_ids=ids, attention_mask=(ids != 0).long(), labels=labels).loss
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), s.clip)
            if torch.isfinite(norm):
                self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            self.step += 1
            self.seen += len(ids)
            losses[task].append(loss.item())
            if self.step % 20 == 0:
                self._rescale()
            now = time.monotonic()
            self.elapsed, before = self.elapsed + now - before, now
            if self.step % log_every == 0:
                means = {name: sum(values) / len(values) for name, values in sorted(losses.items())}
                line = {
                    "step": self.step, "percent": round(self.elapsed / s.minutes / 0.6, 1), "seen": self.seen,
                    **{f"loss_{name}": round(mean, 4) for name, mean in means.items()},
                    "norm": round(float(norm), 2), "rate": round(rate, 5),
                    "ms": round((now - logged) / log_every * 1000), "elapsed": round(self.elapsed),
                }  # fmt: skip
                print(" ".join(f"{key}={value}" for key, value in line.items()), flush=True)
                self.history.append(line)
                losses.clear()
                logged = now
            if self.elapsed - last_checkpoint > s.checkpoint_minutes * 60:
                self.checkpoint()
                print(f"step={self.step} validation={json.dumps(self.validate())}", flush=True)
                last_checkpoint, before = self.elapsed, time.monotonic()
                logged = before
                self.model.train()
        self.checkpoint()

    def validate(self) -> dict[str, float]:
        """Slot F1 and exact frames on generated messages of a seed of their own."""
        made = list(islice(examples(random.Random(990_001)), self.settings.validation))
        outputs = generate(self.model, self.tokenizer, [example.source for example in made])
        return frame_scores([parse(example.target) for example in made], [parse(text) for text in outputs])

    def checkpoint(self) -> None:
        """Writes everything that `resume` needs, atomically."""
        import torch

        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step,
            "elapsed": self.elapsed, "seen": self.seen, "rounds": self.rounds, "dropped": dict(self.dropped),
            "history": self.history, "settings": asdict(self.settings),
        }  # fmt: skip
        part = self.folder / "checkpoint.part"
        torch.save(state, part)
        part.replace(self.folder / "checkpoint.pt")

    def resume(self) -> None:
        """Goes on from `checkpoint.pt`; raises FileNotFoundError when the folder has none."""
        import torch

        state = torch.load(self.folder / "checkpoint.pt", weights_only=False)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.elapsed, self.seen, self.rounds = (
            state["step"],
            state["elapsed"],
            state["seen"],
            state["rounds"],
        )
        self.dropped, self.history = Counter(state["dropped"]), state["history"]

    def export(self, folder: Path) -> None:
        """The finished checkpoint in half precision, as stock transformers loads it, with its settings beside it."""
        from transformers import GenerationConfig, T5ForConditionalGeneration

        folder.mkdir(parents=True, exist_ok=True)
        copy = T5ForConditionalGeneration(self.model.config)
        copy.load_state_dict(self.model.state_dict())
        copy.half()
        copy.generation_config = GenerationConfig(
            max_new_tokens=96, decoder_start_token_id=0, eos_token_id=1, pad_token_id=0, do_sample=False
        )
        copy.save_pretrained(folder, safe_serialization=True)
        for name in TOKENIZER_FILES:
            (folder / name).write_bytes((self.folder / "tokenizer" / name).read_bytes())
        record = {
            "settings": asdict(self.settings), "steps": self.step, "pairs_seen": self.seen,
            "minutes": round(self.elapsed / 60, 1), "runs_joined": self.rounds, "pairs_dropped": dict(self.dropped),
            "parameters": sum(tensor.numel() for tensor in self.model.parameters()), "history": self.history[::10],
        }  # fmt: skip
        (folder / "training_settings.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


TOKENIZER_FILES = ("spiece.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def generate(model: Any, tokenizer: Any, sources: list[str], max_tokens: int = 96, batch: int = 32) -> list[str]:
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
            )
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


def frame_scores(gold: list[dict[str, str]], found: list[dict[str, str]]) -> dict[str, float]:
    """Micro-averaged precision, recall, F1 over slots, and the share of exact frames."""
    right = sum(
        frame.get(slot) == value for want, frame in zip(gold, found, strict=True) for slot, value in want.items()
    )
    said = sum(len([slot for slot in frame if slot in SLOTS]) for frame in found)
    wanted = sum(map(len, gold))
    precision, recall = right / max(1, said), right / max(1, wanted)
    exact = sum(want == frame for want, frame in zip(gold, found, strict=True)) / max(1, len(gold))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {name: round(value, 4) for name, value in
            {"precision": precision, "recall": recall, "f1": f1, "exact": exact}.items()}  # fmt: skip


def prepare(settings: Settings, folder: Path, warm_start: Path | None, resume: bool) -> Trainer:
    """Tokenizer, model and trainer for a run folder; builds the vocabulary when the folder has none."""
    from transformers import AutoTokenizer, T5ForConditionalGeneration

    from finetune.tokenizer import build_tokenizer

    home = folder / "tokenizer"
    if warm_start and not resume:
        home.mkdir(parents=True, exist_ok=True)
        for name in TOKENIZER_FILES:
            (home / name).write_bytes((warm_start / name).read_bytes())
    elif not (home / "spiece.model").exists():
        build_tokenizer(home, settings.data_seed)
    tokenizer = AutoTokenizer.from_pretrained(home)
    if warm_start and not resume:
        model = T5ForConditionalGeneration.from_pretrained(warm_start).float()
    else:
        model = new_model(settings, len(tokenizer))
    trainer = Trainer(settings, folder, model, tokenizer)
    if resume:
        trainer.resume()
    return trainer


def main(arguments: list[str] | None = None) -> None:
    """The command line; see the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m finetune.train_text", description="Train the bundled text model.")
    parser.add_argument("recipe", choices=["bundled"], help="bundled: the compact T5 from scratch")
    parser.add_argument("--minutes", type=float, default=Settings.minutes, help="length of the whole run")
    parser.add_argument(
        "--rate", type=float, default=Settings.rate, help="learning rate as a share of each tensor's RMS"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument("--warm-start", type=Path, help="start from a finished checkpoint folder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=Settings.data_seed, help="seed of the generated pairs")
    parser.add_argument("--out", type=Path, default=Path("runs/text"))
    options = parser.parse_args(arguments)
    settings = Settings(minutes=options.minutes, rate=options.rate, data_seed=options.seed, threads=options.threads)
    trainer = prepare(settings, options.out, options.warm_start, options.resume)
    count = sum(tensor.numel() for tensor in trainer.model.parameters())
    print(f"parameters={count} vocabulary={len(trainer.tokenizer)} out={options.out}", flush=True)
    trainer.train()
    trainer.export(options.out / "export")
    print(f"validation={json.dumps(trainer.validate())} export={options.out / 'export'}", flush=True)


if __name__ == "__main__":
    main()
