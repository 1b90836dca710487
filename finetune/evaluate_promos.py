"""Measures the writer: random briefs with odd numbers, what share of raw candidates passes, how many texts fall back.

`python -m finetune.evaluate_promos --briefs 500` prints a table, or JSON with --json. Knows nothing of training.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from finetune.promo_data import promo_pair
from pipelines.backends.base import TextBackend
from pipelines.checks import check_text, failures
from pipelines.prompts import PLACEHOLDER
from pipelines.text import WritingResult, write_promos
from slots.brief import Brief
from slots.catalog import Catalog, default_catalog
from slots.schema import ENVIRONMENTS, LANGUAGES, PACKAGINGS, STORES, Language
from slots.values import GIFTS, Money, Offer, Size

OWN_STORES: dict[Language, tuple[str, ...]] = {
    "es": ("ferretería Don Pepe", "mi puesto", "tortillería La Güera"),
    "en": ("hardware store", "my truck"),
}
OWN_PLACES: dict[Language, tuple[str, ...]] = {
    "es": ("graduación", "bautizo", "kermés"),
    "en": ("graduation", "road trip", "garage sale"),
}
OWN_PRODUCTS = ("Jarritos", "Boing", "Squirt", "Pepsi Black", "refresco 7 Leguas", "Agua de la casa")


def random_size(rng: random.Random) -> Size:
    """A size with figures that no shelf has: 437 ml, 2.85 L, 13 oz, 7-pack 219 ml."""
    roll = rng.random()
    if roll < 0.5:
        size = Size(Decimal(rng.randint(101, 998)), "ml")
    elif roll < 0.7:
        size = Size(Decimal(rng.randint(101, 499)) / 100, "L")
    elif roll < 0.85:
        size = Size(Decimal(rng.randint(7, 41)), "oz")
    else:
        return Size(Decimal(rng.randint(101, 998)) if rng.random() < 0.7 else None, "ml", rng.randint(3, 37))
    return size


def random_price(rng: random.Random) -> Money:
    """A price with odd figures, now and then a multi-buy or in dollars."""
    amount = Decimal(rng.randint(101, 99999)) / 100 if rng.random() < 0.7 else Decimal(rng.randint(3, 1999))
    return Money(amount, "USD" if rng.random() < 0.1 else "MXN", rng.randint(2, 9) if rng.random() < 0.12 else 1)


def random_offer(rng: random.Random, language: Language) -> Offer:
    """An offer of any kind with odd figures."""
    gift = rng.choice(sorted(GIFTS))
    texts = (
        f"{rng.randint(2, 9)} for {rng.randint(1, 8)}",
        f"{rng.randint(3, 97)}% off the second",
        f"{rng.randint(3, 97)}% off",
        f"free {gift} with {rng.randint(1, 9)}",
        f"combo with {gift}",
        f"loyalty card {rng.randint(3, 23)}",
        "other: llévate una y tu vecino paga 7 pesos menos" if language == "es" else "other: your neighbor pays 7 less",
    )
    offer = Offer.parse(rng.choice(texts))
    assert offer is not None
    return offer


def random_brief(rng: random.Random, catalog: Catalog, language: Language | None = None) -> Brief:
    """Any mix of given and absent slots, with odd numbers, products of the catalogue and of other companies."""
    spoken: Language = rng.choice(LANGUAGES) if language is None else language
    known = list(catalog.products)
    product = rng.choice(known) if rng.random() < 0.85 else rng.choice(OWN_PRODUCTS)
    flavours = sorted(catalog.products[product].flavours) if product in catalog.products else []

    def given(share: float) -> bool:
        return rng.random() < share

    store = rng.choice(STORES) if given(0.95) else rng.choice(OWN_STORES[spoken])
    place = rng.choice(ENVIRONMENTS) if given(0.95) else rng.choice(OWN_PLACES[spoken])
    return Brief(
        product=product,
        size=random_size(rng) if given(0.9) else None,
        packaging=rng.choice(PACKAGINGS) if given(0.85) else None,
        price=random_price(rng) if given(0.9) else None,
        store=store if given(0.8) else None,
        environment=place if given(0.85) else None,
        offer=random_offer(rng, spoken) if given(0.35) else None,
        variant=rng.choice(flavours) if flavours and given(0.3) else None,
        language=spoken,
    )


@dataclass(frozen=True)
class PromoScores:
    """What `evaluate` found. Shares are 0..1."""

    briefs: int
    texts: int
    exact: float
    """Share of shown texts that pass every check, the fact lock among them."""
    fallbacks: float
    """Share of shown texts that the model did not write."""
    complete: float
    """Share of briefs that got as many texts as asked for."""
    candidates_passing: float
    """Share of raw candidates that pass every check."""
    second_rounds: float
    """Share of briefs that needed sampling twice."""
    garbled: float
    """Share of the model's shown texts with a word that no training text has; misspellings, when the model is the bundled one."""
    seconds_per_brief: float
    failed_checks: dict[str, int]
    """Raw candidates by the checks that they failed."""
    examples: tuple[str, ...]


def _words(template: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", PLACEHOLDER.sub(" ", template).lower()))


def known_words(texts: int = 20_000) -> set[str]:
    """The words of that many training texts, which is all of them but for the rarest."""
    rng = random.Random(0)
    return {word for _ in range(texts) for word in _words(promo_pair(rng)[1])}


def evaluate(
    backend: TextBackend, catalog: Catalog, *, briefs: int = 500, seed: int = 0, count: int = 3, candidates: int = 16
) -> PromoScores:
    """Writes for `briefs` random briefs, half in each language, and counts. Deterministic by `seed` on one machine."""
    rng = random.Random(seed)
    results: list[tuple[Brief, WritingResult]] = []
    started = time.perf_counter()
    for number in range(briefs):
        brief = random_brief(rng, catalog, LANGUAGES[number % 2])
        results.append(
            (brief, write_promos(brief, backend, catalog, count=count, candidates=candidates, seed=seed + number))
        )
    seconds = time.perf_counter() - started
    shown = [(brief, promo) for brief, result in results for promo in result.promos]
    written = [(brief, promo) for brief, promo in shown if promo.source == "model"]
    words = known_words()
    tried = [candidate for _, result in results for candidate in result.candidates]
    return PromoScores(
        briefs=briefs,
        texts=len(shown),
        exact=sum(not failures(check_text(p.text, b, catalog)) for b, p in shown) / max(len(shown), 1),
        fallbacks=sum(p.source == "fallback" for _, p in shown) / max(len(shown), 1),
        complete=sum(len(r.promos) == count for _, r in results) / max(briefs, 1),
        candidates_passing=sum(not c.failed for c in tried) / max(len(tried), 1),
        second_rounds=sum(len(r.candidates) > candidates for _, r in results) / max(briefs, 1),
        garbled=sum(bool(_words(p.template) - words) for _, p in written) / max(len(written), 1),
        seconds_per_brief=round(seconds / max(briefs, 1), 3),
        failed_checks=dict(Counter(name for c in tried for name in c.failed).most_common()),
        examples=tuple(p.text for _, p in shown[:: max(1, len(shown) // 12)][:12]),
    )


def markdown(scores: PromoScores) -> str:
    """The scores as a table for a model card."""
    rows = [
        ("briefs with odd numbers, es and en", f"{scores.briefs}"),
        ("texts shown", f"{scores.texts}"),
        ("shown texts that state all facts exactly", f"{scores.exact:.1%}"),
        ("shown texts that are the fallback", f"{scores.fallbacks:.2%}"),
        ("briefs with all texts", f"{scores.complete:.1%}"),
        ("raw candidates that pass every check", f"{scores.candidates_passing:.1%}"),
        ("briefs that needed a second round", f"{scores.second_rounds:.1%}"),
        ("written texts with a word of no training text", f"{scores.garbled:.2%}"),
        ("seconds a brief", f"{scores.seconds_per_brief}"),
        ("checks failed by raw candidates", ", ".join(f"{k} {v}" for k, v in scores.failed_checks.items()) or "none"),
    ]
    return "\n".join(["| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit codes: 0 done, 1 the model cannot be loaded, 2 the call is wrong."""
    parser = argparse.ArgumentParser(prog="python -m finetune.evaluate_promos", description=__doc__)
    parser.add_argument("--briefs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--candidates", type=int, default=16)
    parser.add_argument("--text-model", default=None)
    parser.add_argument("--text-backend", default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    from pipelines.backends.registry import BackendError, load_text
    from pipelines.models import ModelError

    try:
        backend = load_text(model=options.text_model, backend=options.text_backend)
    except (BackendError, ModelError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, BackendError) else 1
    scores = evaluate(
        backend, default_catalog(), briefs=options.briefs, seed=options.seed, candidates=options.candidates
    )
    if options.json:
        print(json.dumps(asdict(scores), ensure_ascii=False, indent=2))
    else:
        print(markdown(scores) + "\n\n" + "\n".join(f"- {text}" for text in scores.examples))
    return 0


if __name__ == "__main__":
    sys.exit(main())
