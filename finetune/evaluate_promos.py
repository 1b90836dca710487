"""Measures the writer: on random briefs with odd numbers what passes, falls back, repeats itself or was learnt by heart; on
held-out pairs ROUGE and length in the form of the report's Table 4. Knows nothing of training.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from finetune.figures import text_scores
from finetune.promo_data import promo_pair
from pipelines.backends.base import TextBackend
from pipelines.checks import check_text, failures, sentences
from pipelines.prompts import PLACEHOLDER
from pipelines.text import WritingResult, tidy, write_promos
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


TRAINING_TEXTS = 20_000
"""Texts of the training part that are drawn to know its words and sentences: nearly all of them."""
FACTS = ("placeholders", "product", "size", "price", "figures")
"""The checks that make the fact lock."""
ONE_BRIEF = 20
"""Samples for one brief, by which variety is counted."""


@dataclass(frozen=True)
class PromoScores:
    """What `evaluate` found. Shares are 0..1; baselines beside what only a comparison makes readable."""

    briefs: int
    texts: int
    exact: float
    """Share of shown texts that pass every check, the fact lock among them."""
    fallbacks: float
    """Share of shown texts that the model did not write; the baseline writer is the fallback itself, 1.0."""
    complete: float
    """Share of briefs that got as many texts as asked for."""
    candidates_passing: float
    """Share of raw candidates that pass every check."""
    fact_lock_raw: float
    """Share of raw candidates that pass the fact lock."""
    right_language_raw: float
    offer_stated_raw: float
    """Share of raw candidates for briefs with an offer that state exactly it."""
    second_rounds: float
    """Share of briefs that needed sampling twice."""
    garbled: float
    """Share of the model's shown texts with a word that no training text has; misspellings, when the model is the bundled one."""
    distinct_2: float
    """Different word pairs as a share of all, over the shown texts as templates (Li et al., 2016)."""
    distinct_2_training: float
    """The same over as many training texts."""
    self_bleu: float
    """Mean BLEU-4 of one text against the others written for its brief, 0..1: lower is more varied (Zhu et al., 2018)."""
    verbatim: float
    """Share of the model's shown sentences that stand word for word in the training texts."""
    verbatim_held_out: float
    """The same of sentences of the corpus's test split, whose phrasings training never saw."""
    different_of_20: float
    """Different texts among 20 samples for one brief, mean over 20 briefs."""
    openings_of_20: float
    """Different first sentences among them."""
    least_openings_of_20: int
    seconds_per_brief: float
    failed_checks: dict[str, int]
    """Raw candidates by the checks that they failed."""
    examples: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def _words(template: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", PLACEHOLDER.sub(" ", template).lower())


@cache
def training_texts(texts: int = TRAINING_TEXTS) -> tuple[str, ...]:
    """That many texts of the training part."""
    rng = random.Random(0)
    return tuple(promo_pair(rng, None, "train")[1] for _ in range(texts))


def known_words() -> set[str]:
    """The words of the training texts, which is all of them but for the rarest."""
    return {word for text in training_texts() for word in _words(text)}


def distinct_2(texts: Sequence[str]) -> float:
    """Different word pairs as a share of all word pairs; 0 without any."""
    pairs = [pair for text in texts for pair in pairwise(text.lower().split())]
    return len(set(pairs)) / max(1, len(pairs))


def self_bleu(groups: Sequence[Sequence[str]]) -> float:
    """Mean BLEU-4 (smoothed, as nltk's method 1) of each text against the others of its group; 0 without groups of two."""
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    smooth, found = SmoothingFunction().method1, []
    for group in groups:
        split = [text.split() for text in group]
        for number, text in enumerate(split):
            if others := split[:number] + split[number + 1 :]:
                found.append(sentence_bleu(others, text, smoothing_function=smooth))
    return sum(found) / max(1, len(found))


def verbatim(texts: Sequence[str], known: frozenset[str]) -> float:
    """Share of the sentences of `texts` (templates) that are in `known`."""
    parts = [part for text in texts for part in sentences(text)]
    return sum(part in known for part in parts) / max(1, len(parts))


@cache
def training_sentences() -> frozenset[str]:
    """Every sentence of the training texts."""
    return frozenset(part for text in training_texts() for part in sentences(text))


def variety(backend: TextBackend, catalog: Catalog, briefs: int = 20) -> tuple[float, float, int]:
    """(different texts, different openings, least openings) among 20 samples for each of some complete briefs."""
    rng, texts, openings = random.Random(3), [], []
    for number in range(briefs):
        brief = random_brief(rng, catalog, LANGUAGES[number % 2])
        result = write_promos(brief, backend, catalog, count=3, candidates=ONE_BRIEF, seed=9000 + number)
        raw = [tidy(candidate.raw) for candidate in result.candidates][:ONE_BRIEF]
        texts.append(len(set(raw)))
        openings.append(len({sentences(text)[0] for text in raw if text}))
    return sum(texts) / briefs, sum(openings) / briefs, min(openings)


def _share(found: Sequence[bool]) -> float:
    return sum(found) / max(1, len(found))


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
    written = [promo.template for _, promo in shown if promo.source == "model"]
    words = known_words()
    tried = [(brief, candidate) for brief, result in results for candidate in result.candidates]
    test = random.Random(4)
    held_out = [promo_pair(test, catalog, "test")[1] for _ in range(max(1, len(written)))]
    different, openings, least = variety(backend, catalog)
    return PromoScores(
        briefs=briefs,
        texts=len(shown),
        exact=_share([not failures(check_text(p.text, b, catalog)) for b, p in shown]),
        fallbacks=_share([p.source == "fallback" for _, p in shown]),
        complete=_share([len(r.promos) == count for _, r in results]),
        candidates_passing=_share([not c.failed for _, c in tried]),
        fact_lock_raw=_share([not set(FACTS) & set(c.failed) for _, c in tried]),
        right_language_raw=_share(["language" not in c.failed for _, c in tried]),
        offer_stated_raw=_share([not {"offer", "no other offer"} & set(c.failed) for b, c in tried if b.offer]),
        second_rounds=_share([len(r.candidates) > candidates for _, r in results]),
        garbled=_share([bool(set(_words(template)) - words) for template in written]),
        distinct_2=distinct_2(written),
        distinct_2_training=distinct_2(training_texts()[: len(written)]),
        self_bleu=self_bleu([[p.template for p in r.promos if p.source == "model"] for _, r in results]),
        verbatim=verbatim(written, training_sentences()),
        verbatim_held_out=verbatim(held_out, training_sentences()),
        different_of_20=different,
        openings_of_20=openings,
        least_openings_of_20=least,
        seconds_per_brief=round(seconds / max(briefs, 1), 3),
        failed_checks=dict(Counter(name for _, c in tried for name in c.failed).most_common()),
        examples=tuple(p.text for _, p in shown[:: max(1, len(shown) // 12)][:12]),
    )


def held_out_figures(backend: TextBackend, count: int = 300, seed: int = 11) -> dict[str, Any]:
    """ROUGE and length of greedy texts against the targets of the corpus's test split, and of the baseline.

    The baseline answers with a training text that was drawn for another brief of the same language. A brief has many
    right texts and the target is one of them, so ROUGE says how alike they sound and not how good they are.
    """
    rng, catalog = random.Random(seed), default_catalog()
    pairs = [promo_pair(rng, catalog, "test") for _ in range(count)]
    found = [tidy(answers[0] if answers else "") for answers in backend.generate([source for source, _ in pairs])]
    targets = [target for _, target in pairs]
    other = random.Random(seed + 1)
    spoken: dict[str, list[str]] = {"es": [], "en": []}
    while min(map(len, spoken.values())) < count:
        source, target = promo_pair(other, catalog, "train")
        spoken["es" if "language=es" in source else "en"].append(target)
    baseline = [spoken["es" if "language=es" in source else "en"][n] for n, (source, _) in enumerate(pairs)]
    return {
        "pairs": count,
        "model": {**text_scores(targets, found), "generated_words": _mean_words(found)},
        "baseline": {**text_scores(targets, baseline), "generated_words": _mean_words(baseline)},
        "target_words": _mean_words(targets),
    }


def _mean_words(texts: Sequence[str]) -> float:
    return round(sum(len(text.split()) for text in texts) / max(1, len(texts)), 2)


def held_out_markdown(figures: Mapping[str, Any]) -> str:
    """The report's Table 4 with our figures, the baseline and the report's own beside."""
    report = {"rouge1": 35.84, "rouge2": 14.14, "rougeL": 29.68, "rougeLsum": 29.77, "generated_words": 17.08}
    names = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "rougeLsum": "ROUGE-Lsum",
             "generated_words": "generated length"}  # fmt: skip
    rows = [
        f"| {title} | {figures['model'][name]:.2f} | {figures['baseline'][name]:.2f} | {report[name]:.2f} |"
        for name, title in names.items()
    ]
    return "\n".join(
        [
            f"Greedy texts for {figures['pairs']} briefs of the test split against its targets ({figures['target_words']:.2f} words). Not "
            "comparable with the report's column: its test rows are not ours, and its length counts tokens, ours words.",
            "",
            "| measure | this model | baseline: a training text of the language | the report, Table 4 |",
            "|---|---|---|---|",
            *rows,
        ]
    )


def markdown(s: Mapping[str, Any]) -> str:
    """The scores of `PromoScores.to_dict` as a table for a model card."""
    rows = [
        ("briefs with odd numbers, es and en", f"{s['briefs']}"),
        ("texts shown", f"{s['texts']}"),
        ("shown texts that pass every check", f"{s['exact']:.1%}"),
        ("shown texts that are the fallback", f"{s['fallbacks']:.2%}"),
        ("briefs with all texts", f"{s['complete']:.1%}"),
        ("raw candidates that pass every check", f"{s['candidates_passing']:.1%}"),
        ("raw candidates that pass the fact lock", f"{s['fact_lock_raw']:.1%}"),
        ("raw candidates in the right language", f"{s['right_language_raw']:.1%}"),
        ("raw candidates that state the brief's offer, of briefs with one", f"{s['offer_stated_raw']:.1%}"),
        ("briefs that needed a second round", f"{s['second_rounds']:.1%}"),
        ("written texts with a word of no training text", f"{s['garbled']:.2%}"),
        ("distinct-2 (as many training texts)", f"{s['distinct_2']:.3f} ({s['distinct_2_training']:.3f})"),
        ("self-BLEU among the texts of a brief", f"{s['self_bleu']:.3f}"),
        ("sentences that stand in the training texts (test split's)", f"{s['verbatim']:.1%} ({s['verbatim_held_out']:.1%})"),
        ("20 samples for one brief: different texts, openings (least)",
         f"{s['different_of_20']:.1f}, {s['openings_of_20']:.1f} ({s['least_openings_of_20']})"),
        ("seconds a brief", f"{s['seconds_per_brief']}"),
        ("checks failed by raw candidates", ", ".join(f"{k} {v}" for k, v in s["failed_checks"].items()) or "none"),
    ]  # fmt: skip
    return "\n".join(["| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
