"""Runs a text variant: the T5's raw outputs of one exact prompt, filled and checked against the brief that it speaks of.

Knows no screen; the model comes from `lab_engines.Engines`.
"""

import itertools
import re
from collections.abc import Sequence
from typing import Any

from pipelines.backends.base import OnStep, Stopped, TextBackend
from pipelines.lab_engines import Engines
from pipelines.lab_errors import LabError
from pipelines.lab_settings import TextSettings, settings_of
from pipelines.lab_variant import Clock, Outcome, Output, Variant, about
from pipelines.prompts import NOTHING, PLACEHOLDERS, WRITER_PREFIX, placeholder_values
from pipelines.text import ALIKE, judge, tidy
from slots.brief import Brief
from slots.schema import ENVIRONMENTS, LANGUAGES, PACKAGINGS, STORES

_FIELD = re.compile(r"\s*(\w+)=([^;]*)")


def run_text(studio: Any, variant: Variant, engines: Engines, on_step: OnStep | None) -> Outcome:
    """Writes one variant's texts. Raises LabError, ModelError, BackendError, and Stopped."""
    settings: TextSettings = settings_of("text", variant.settings)
    prompt = " ".join(str(variant.source["prompt"]).split())
    brief = variant.brief
    followed: tuple[str, ...] = ()
    if brief is not None:
        brief, followed = follow(brief, prompt)
    clock = Clock()
    backend = engines.text(settings.model, settings.backend)
    clock.mark("load")
    raws = generate_texts(backend, prompt, settings, on_step)
    clock.mark("generate")
    outputs = tuple(_output(raw, brief, studio.catalog) for raw in raws)
    clock.mark("check")
    mean, repeats = self_similarity([output.text for output in outputs])
    return Outcome(
        variant, outputs, brief is not None, followed, mean, repeats, timings=clock.seconds, model=about(backend),
        facts={"prompt": prompt},
    )  # fmt: skip


def generate_texts(
    backend: TextBackend, prompt: str, settings: TextSettings, on_step: OnStep | None = None
) -> list[str]:
    """Raw outputs of one prompt. Raises LabError for what the back end cannot do, with the cure, and Stopped."""
    able = backend.capabilities
    if on_step is not None and not on_step(0, settings.max_tokens):
        raise Stopped
    watch: dict[str, Any] = {"on_step": on_step} if on_step is not None and able.steps else {}
    if settings.decoding == "sample":
        if not able.samples:
            raise LabError("no_sampling", backend=repr(backend.name))
        return backend.generate(
            [prompt], sample=True, samples=settings.samples, temperature=settings.temperature,
            top_p=settings.top_p, seed=settings.seed, max_tokens=settings.max_tokens, **watch,
        )[0]  # fmt: skip
    most = able.most_beams if able.beams else 1
    if most is not None and settings.samples > most:
        raise LabError("few_beams", backend=repr(backend.name), most=most)
    return backend.generate([prompt], samples=settings.samples, max_tokens=settings.max_tokens, **watch)[0]


def _output(raw: str, brief: Brief | None, catalog: Any) -> Output:
    template = tidy(raw)
    tags = tuple(re.findall(r"\[[A-Z]+\]", template))
    if brief is None:
        return Output(raw, template, tags)
    promo = judge(template, "model", brief, catalog)
    return Output(raw, promo.text, tags, promo.checks, promo.score)


def prompt_fields(prompt: str) -> dict[str, str]:
    """The `slot=value` pairs of a writer's prompt."""
    return {name: value.strip() for name, value in _FIELD.findall(prompt.removeprefix(WRITER_PREFIX))}


def follow(brief: Brief, prompt: str) -> tuple[Brief, tuple[str, ...]]:
    """The brief that an edited prompt speaks of, and what it changed: its language and labels, and what it leaves out.

    Names and figures stay the brief's own: a prompt holds placeholders for them.
    """
    told = prompt_fields(prompt)
    changes: dict[str, Any] = {}
    if told.get("language") in LANGUAGES and told["language"] != brief.language:
        changes["language"] = told["language"]
    for slot, labels in (("packaging", PACKAGINGS), ("store", STORES), ("environment", ENVIRONMENTS)):
        if told.get(slot) in labels and told[slot] != getattr(brief, slot):
            changes[slot] = told[slot]
    for slot in ("size", "packaging", "price", "offer", "store", "environment"):
        if told.get(slot) == NOTHING and getattr(brief, slot) is not None:
            changes[slot] = None
    return brief.with_(**changes), tuple(changes)


def unfillable(prompt: str, brief: Brief, catalog: Any = None) -> tuple[str, ...]:
    """Placeholders of a prompt for which the brief has no value: texts that use them will fail their checks."""
    values = placeholder_values(brief, catalog)
    return tuple(p for p in PLACEHOLDERS if p in prompt and p.strip("[]") not in values)


def self_similarity(texts: Sequence[str]) -> tuple[float | None, int]:
    """(mean share of common words over all pairs, texts that repeat an earlier one); None with fewer than two texts.

    Common words divided by all words of both, as `pipelines.text.choose` tells texts apart.
    """
    words = [set(re.findall(r"[^\W_]+", text.lower())) for text in texts]
    shares = {
        (a, b): len(words[a] & words[b]) / max(len(words[a] | words[b]), 1)
        for a, b in itertools.combinations(range(len(words)), 2)
    }
    repeats = sum(any(shares[a, b] >= ALIKE for a in range(b)) for b in range(1, len(words)))
    return (sum(shares.values()) / len(shares) if shares else None), repeats
