"""Writing promotional texts: sample with the T5, fill, check, rank, and fall back to plain sentences when none passes.

`python -m pipelines.text --jsonl FILE` writes them for a file of briefs. Knows nothing of conversation or pictures; the
back end is handed in.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines.backends.base import OnStep, TextBackend
from pipelines.checks import Check, check_text, evokes, failures, sentences
from pipelines.fallback import VARIANTS, fallback_template
from pipelines.prompts import fill, placeholder_values, product_words, readable, writer_source
from slots.brief import Brief
from slots.catalog import Catalog, default_catalog
from slots.guard import review_brief
from slots.schema import ENVIRONMENTS

Source = Literal["model", "fallback"]
ROUNDS = 2
"""How often the model is sampled before the fallback helps out."""
HEADLINE_WORDS = 8
KEPT = 0xE100
"""From this private character on, one stands for each name or figure while a text is cut into sentences."""
TEMPERATURE = 0.85
"""Measured on 40 briefs: 20 samples open in 14.7 different ways and 98 % pass every check; 12.8 and 99 % at 0.7, 15.8 and 96 %
at 1."""
ALIKE = 0.6
"""Share of common words from which two texts count as the same one."""


@dataclass(frozen=True)
class Promo:
    """One promotional text that may be shown. `template` is the text with its placeholders, to be filled anew."""

    text: str
    source: Source
    checks: tuple[Check, ...] = ()
    score: float = 0.0
    template: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form in records."""
        return {
            "text": self.text,
            "source": self.source,
            "checks": [check.to_dict() for check in self.checks],
            "score": round(self.score, 3),
            "template": self.template,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Promo":
        """Reads `to_dict`'s form; raises ValueError when text or source is missing or wrong."""
        text, source = data.get("text"), data.get("source")
        if not isinstance(text, str) or source not in ("model", "fallback"):
            raise ValueError('a recorded text needs "text" and "source" (model or fallback)')
        checks = tuple(
            Check(str(c.get("name")), bool(c.get("passed")), str(c.get("detail", ""))) for c in data.get("checks") or ()
        )
        return cls(text, source, checks, float(data.get("score") or 0.0), str(data.get("template") or ""))


@dataclass(frozen=True)
class Candidate:
    """What the model wrote, as it wrote it, and the checks that it failed (none: it could be shown)."""

    raw: str
    text: str
    failed: tuple[str, ...]


@dataclass(frozen=True)
class WritingResult:
    """The texts to show, and all that was tried. `prompt` is what the model read."""

    promos: tuple[Promo, ...]
    candidates: tuple[Candidate, ...]
    prompt: str

    @property
    def pass_rate(self) -> float:
        """Share of raw candidates that passed every check; 0 when none was sampled."""
        return sum(not c.failed for c in self.candidates) / len(self.candidates) if self.candidates else 0.0


def tidy(raw: str) -> str:
    """A model's output with the spaces that tokenizers leave around marks and brackets put right."""
    text = re.sub(r"\[\s*([A-Z]+)\s*\]", r"[\1]", readable(raw))
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = re.sub(r"([¡¿])\s+", r"\1", text)
    return " ".join(text.split())


def parts_of(text: str, brief: Brief) -> list[tuple[str, bool]]:
    """The sentences of a text, and whether each could stand on a poster: short, and without size, price or figure.

    Names and the user's own words are held together, whatever marks they hold (`Dr. Pepper`).
    """
    values = sorted(placeholder_values(brief).items(), key=lambda item: len(item[1]), reverse=True)
    for number, (_, value) in enumerate(values):
        text = text.replace(value, chr(KEPT + number))
    facts = {chr(KEPT + n) for n, (name, _) in enumerate(values) if name not in {"PRODUCT", "PLACE", "STORE", "GIFT"}}

    def whole(sentence: str) -> str:
        for number in reversed(range(len(values))):
            sentence = sentence.replace(chr(KEPT + number), values[number][1])
        return sentence

    return [
        (
            whole(part),
            len(part.split()) <= HEADLINE_WORDS and not any(c.isdigit() or c in facts for c in part),
        )
        for part in sentences(text)
    ]


def headline(promo_text: str, brief: Brief) -> str:
    """The opening of a text for a poster: its first sentence, two when the first is a single word, never cut.

    A first sentence that states a figure or is too long for a headline gives way to the next that fits; when there is
    none, the product's name stands in.
    """
    parts = parts_of(promo_text, brief)
    for number, (sentence, fits) in enumerate(parts):
        if not fits:
            continue
        if len(sentence.split()) == 1 and number + 1 < len(parts) and parts[number + 1][1]:
            both = f"{sentence} {parts[number + 1][0]}"
            return both if len(both.split()) <= 6 else sentence
        return sentence
    return product_words(brief)


def score(text: str, brief: Brief) -> float:
    """How well a text that passed serves its brief; about 0 to 7. Deterministic."""
    parts = parts_of(text, brief)
    (opening, short), language = parts[0], brief.language
    points = 0.0
    for label, weight in ((brief.environment, 1.0), (brief.store, 0.5)):
        if label is None:
            continue
        if evokes(opening, label, language):
            points += 1.5 * weight
        if evokes(text, label, language) or label.casefold() in text.casefold():
            points += 1.0 * weight
    # an opening about a place that nobody named is worse than one about none
    if not any(evokes(opening, own, language) for own in (brief.environment, brief.store)):
        points -= 0.75 if any(evokes(opening, other, language) for other in ENVIRONMENTS) else 0.0
    points += 1.0 if short else 0.0
    words = len(text.split())
    points += 1.0 if 14 <= words <= 40 else 0.4 if 10 <= words <= 50 else 0.0
    points += 0.5 if 2 <= len(parts) <= 4 else 0.0
    content = re.findall(r"[^\W\d_]{4,}", text.lower())
    points += len(set(content)) / max(len(content), 1)
    return points


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))


def _alike(a: str, b: str) -> bool:
    """Whether two texts open with the same sentence, or share most of their words."""
    if sentences(a)[0].casefold() == sentences(b)[0].casefold():
        return True
    one, two = _words(a), _words(b)
    return len(one & two) / max(len(one | two), 1) >= ALIKE


def choose(promos: Sequence[Promo], count: int) -> tuple[Promo, ...]:
    """The best `count` that differ from each other, best first, then as sampled; fewer when there are not so many."""
    chosen: list[Promo] = []
    for promo in sorted(promos, key=lambda p: -p.score):
        if len(chosen) < count and not any(_alike(promo.text, other.text) for other in chosen):
            chosen.append(promo)
    return tuple(chosen)


def judge(template: str, source: Source, brief: Brief, catalog: Catalog) -> Promo:
    """A template filled, checked and scored; whether it may be shown stands in its checks."""
    text = fill(template, brief, catalog)
    checks = check_text(text, brief, catalog)
    return Promo(text, source, checks, score(text, brief) if text.strip() else 0.0, template)


def refill(promos: Sequence[Promo], brief: Brief, catalog: Catalog) -> tuple[Promo, ...]:
    """Earlier texts with a changed brief's figures and names; empty when one of them no longer passes."""
    again = [judge(p.template, p.source, brief, catalog) for p in promos if p.template]
    if len(again) < len(promos) or any(failures(p.checks) for p in again):
        return ()
    return tuple(again)


def variants(brief: Brief) -> tuple[str, ...]:
    """The writer's prompts for a model that cannot sample: the whole brief first, then without its store, its environment,
    and both. The beams of one prompt share their opening; a prompt that names less asks for another one, and states
    nothing that the brief does not. Measured on the bundled model: docs/LOG.md.
    """
    less = (brief, brief.with_(store=None), brief.with_(environment=None), brief.with_(store=None, environment=None))
    return tuple(dict.fromkeys(writer_source(b) for b in less))


def _rounds(
    brief: Brief, backend: TextBackend, candidates: int, seed: int, on_step: OnStep | None
) -> Iterator[list[str]]:
    """Raw candidates, a call of the model at a time, for as long as the caller wants more."""
    able = backend.capabilities
    watch: dict[str, Any] = {"on_step": on_step} if on_step is not None and able.steps else {}
    if able.samples:
        for number in range(ROUNDS):
            # the second round must not repeat the first, nor meet the next seed's first
            yield backend.generate(
                [writer_source(brief)], sample=True, samples=candidates, temperature=TEMPERATURE,
                seed=seed + number * 1_000_003, **watch,
            )[0]  # fmt: skip
        return
    width = min(candidates, able.most_beams or candidates) if able.beams else 1
    for prompt in variants(brief):
        yield backend.generate([prompt], samples=width, **watch)[0]


def write_promos(
    brief: Brief,
    backend: TextBackend,
    catalog: Catalog,
    *,
    count: int = 3,
    candidates: int = 16,
    seed: int = 0,
    on_step: OnStep | None = None,
) -> WritingResult:
    """Up to `count` texts that passed every check, best first, the fallback only filling up what the model left open.

    Equal seeds give equal texts on the same machine, back end and weights; a back end that cannot sample gives the same
    texts for every seed. Raises `Stopped` when `on_step` says so, where the back end tells its steps.
    """
    tried: dict[str, Candidate] = {}
    repeats: list[Candidate] = []
    passed: list[Promo] = []
    chosen: tuple[Promo, ...] = ()
    for written in _rounds(brief, backend, candidates, seed, on_step):
        for raw in written:
            template = tidy(raw)
            if template in tried:
                repeats.append(tried[template])
                continue
            promo = judge(template, "model", brief, catalog)
            failed = failures(promo.checks)
            tried[template] = Candidate(raw, promo.text, failed)
            if not failed:
                passed.append(promo)
        chosen = choose(passed, count)
        if len(chosen) >= count:
            break
    if len(chosen) < count:
        spare = [judge(fallback_template(brief, v), "fallback", brief, catalog) for v in range(VARIANTS)]
        for promo in spare:
            # a name that is part of every sentence, say, cannot be stated exactly: better no text than a wrong one
            if failures(promo.checks):
                continue
            if len(chosen) < count and not any(promo.text == other.text for other in chosen):
                chosen = (*chosen, promo)
    return WritingResult(chosen, (*tried.values(), *repeats), writer_source(brief))


def read_briefs(path: Path, catalog: Catalog) -> list[Brief]:
    """The briefs of a file, one JSON object a line; blank lines are left out.

    Raises ValueError that names the line, what is wrong and the cure; also for a brief that the chat would decline.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}; give a file with one JSON brief a line") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text ({error.reason}); save it as UTF-8") from error
    briefs = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            brief = Brief.from_dict(json.loads(line))
            declined = [n.words for n in review_brief(brief, catalog) if n.severity == "decline"]
            if declined:
                raise ValueError(f"not something to advertise here: {', '.join(declined)}; name another product")
            briefs.append(brief)
        except json.JSONDecodeError as error:
            raise ValueError(
                f'{path}, line {number}: not JSON ({error.msg}); write one object a line, like {{"product": "Sprite"}}'
            ) from error
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    if not briefs:
        raise ValueError(
            f'{path}: no briefs; write one JSON object a line, like {{"product": "Sprite", "price": "18 MXN"}}'
        )
    return briefs


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done, 1 the work failed, 2 the call is wrong."""
    from pipelines.backends.registry import AUTO, BackendError, choices, load_text

    parser = argparse.ArgumentParser(
        prog="python -m pipelines.text", description="Writes promotional texts for briefs."
    )
    parser.add_argument("--jsonl", type=Path, required=True, metavar="FILE", help="one brief (a JSON object) a line")
    parser.add_argument("--count", type=int, default=3, help="texts for each brief (default 3)")
    parser.add_argument("--candidates", type=int, default=16, help="texts sampled for each brief (default 16)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--text-model", default=None, metavar="FOLDER", help="checkpoint instead of the bundled one")
    parser.add_argument("--text-backend", choices=choices("text"), default=AUTO, help="what runs the T5")
    options = parser.parse_args(arguments)
    if options.count < 1 or options.candidates < 1:
        parser.error("--count and --candidates must be at least 1")
    catalog = default_catalog()
    try:
        briefs = read_briefs(options.jsonl, catalog)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    from pipelines.models import ModelError

    try:
        backend = load_text(model=options.text_model, backend=options.text_backend)
    except BackendError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except ModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for number, brief in enumerate(briefs):
        result = write_promos(
            brief, backend, catalog, count=options.count, candidates=options.candidates, seed=options.seed + number
        )
        print(
            json.dumps({"promos": [{"text": p.text, "source": p.source} for p in result.promos]}, ensure_ascii=False),
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
