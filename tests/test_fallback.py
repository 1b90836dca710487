"""The text that needs no model passes every check, whatever the brief."""

import random

import pytest

from finetune.evaluate_promos import random_brief
from pipelines.checks import check_text, failures, mask
from pipelines.fallback import VARIANTS, fallback_template
from pipelines.prompts import fill
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.values import Money, Offer, Size

CATALOG = default_catalog()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("variant", range(VARIANTS))
def test_it_passes_every_check_for_500_random_briefs(language: str, variant: int) -> None:
    rng = random.Random(f"{language} {variant}")
    for _ in range(500):
        brief = random_brief(rng, CATALOG, language)  # type: ignore[arg-type]
        text = fill(fallback_template(brief, variant), brief, CATALOG)
        assert not failures(check_text(text, brief, CATALOG)), (text, check_text(text, brief, CATALOG))


def test_it_passes_for_every_mix_of_absent_slots() -> None:
    given = {
        "size": Size.parse("600 ml"),
        "packaging": "can",
        "price": Money.parse("2 for 30 MXN"),
        "store": "gym",
        "environment": "Christmas",
        "offer": Offer.parse("loyalty card 10"),
    }
    for language in ("es", "en"):
        for bits in range(2 ** len(given)):
            chosen = {k: v for i, (k, v) in enumerate(given.items()) if bits >> i & 1}
            brief = Brief(product="Sprite", language=language, **chosen)  # type: ignore[arg-type]
            for variant in range(VARIANTS):
                text = fill(fallback_template(brief, variant), brief, CATALOG)
                assert not failures(check_text(text, brief, CATALOG)), text


def test_its_variants_differ_in_every_sentence() -> None:
    brief = random_brief(random.Random(3), CATALOG, "es").with_(environment="beach", offer=Offer.parse("3 for 2"))
    sentences = [set(fallback_template(brief, v).split(". ")) for v in range(VARIANTS)]
    assert not sentences[0] & sentences[1]
    assert not sentences[1] & sentences[2]


def test_it_is_the_same_every_time() -> None:
    brief = random_brief(random.Random(4), CATALOG)
    assert fallback_template(brief) == fallback_template(brief)


def test_a_product_of_another_company_stays_as_it_was_typed() -> None:
    brief = Brief(product="refresco 7 Leguas", size=Size.parse("7 oz"))
    text = fill(fallback_template(brief), brief, CATALOG)
    assert "refresco 7 Leguas" in text
    assert sum(mask(text, brief, CATALOG).counts.values()) == 2
    assert not failures(check_text(text, brief, CATALOG))
