"""The writer's training pairs: what a text that the model is to imitate must hold."""

import random
import re

import pytest

from finetune.promo_data import LONGEST, SHORTEST, promo_pair
from pipelines import lexicon
from pipelines.checks import names_packaging, sentences
from pipelines.prompts import PLACEHOLDER, PLACEHOLDERS, WRITER_PREFIX
from slots.catalog import default_catalog
from slots.schema import ENVIRONMENTS, PACKAGINGS, STORES

PAIRS = [promo_pair(rng, default_catalog()) for rng in [random.Random(11)] for _ in range(1500)]


def parts(source: str) -> dict[str, str]:
    """The fields of a writer's prompt."""
    assert source.startswith(WRITER_PREFIX + " ")
    return dict(field.split("=", 1) for field in source[len(WRITER_PREFIX) + 1 :].split("; "))


def test_equal_seeds_give_equal_pairs() -> None:
    one, two = random.Random(5), random.Random(5)
    assert [promo_pair(one) for _ in range(50)] == [promo_pair(two) for _ in range(50)]


def test_both_languages_come_equally_often() -> None:
    spanish = sum(parts(source)["language"] == "es" for source, _ in PAIRS)
    assert 0.45 < spanish / len(PAIRS) < 0.55


def test_twenty_thousand_draws_give_nearly_as_many_texts() -> None:
    rng = random.Random(2)
    assert len({promo_pair(rng)[1] for _ in range(21_000)}) > 20_000


def test_every_label_of_the_closed_lists_is_written_about() -> None:
    seen = [parts(source) for source, _ in PAIRS]
    assert {p["store"] for p in seen} == {"none", "[STORE]", *STORES}
    assert {p["environment"] for p in seen} == {"none", "[PLACE]", *ENVIRONMENTS}
    assert {p["packaging"] for p in seen} == {"none", *PACKAGINGS}


def test_size_and_price_stand_once_when_given_and_never_otherwise() -> None:
    for source, text in PAIRS:
        fields = parts(source)
        for name, placeholder in (("size", "[SIZE]"), ("price", "[PRICE]")):
            assert text.count(placeholder) == (fields[name] != "none"), (source, text)
        assert 1 <= text.count("[PRODUCT]") <= 2, text


def test_a_text_uses_only_placeholders_of_its_prompt() -> None:
    for source, text in PAIRS:
        for name in PLACEHOLDER.findall(text):
            assert f"[{name}]" in PLACEHOLDERS
            assert f"[{name}]" in source, (source, text)


def test_the_offer_stands_when_given_and_no_benefit_otherwise() -> None:
    for source, text in PAIRS:
        fields = parts(source)
        bare = PLACEHOLDER.sub("\ue001", text)
        if fields["offer"] == "none":
            for words in (lexicon.BENEFITS, lexicon.ANNOUNCING):
                assert not words[fields["language"]].search(bare), text
        else:
            for placeholder in re.findall(r"\[[A-Z]+\]", fields["offer"]):
                assert placeholder in text, (source, text)


def test_the_packaging_is_named_in_the_language_of_the_text() -> None:
    for source, text in PAIRS:
        fields = parts(source)
        masked = text.replace("[SIZE]", lexicon.MASKED_SIZE)
        if fields["packaging"] != "none":
            assert names_packaging(masked, fields["packaging"], fields["language"]), text


def test_no_text_has_a_figure_of_its_own() -> None:
    for source, text in PAIRS:
        language = parts(source)["language"]
        bare = PLACEHOLDER.sub("\ue001", text)
        bare = bare.replace("the next one is free", "").replace("la segunda", "").replace("off the second", "")
        assert not re.search(r"\d", bare), text
        assert not lexicon.NUMBERS[language].search(bare), text


def test_the_first_sentence_is_a_headline() -> None:
    for _, text in PAIRS:
        first = sentences(text)[0]
        assert len(first.split()) <= 7, text
        assert not re.search(r"\[(?:SIZE|PRICE|N|M|P)\]", first), text


def test_texts_are_neither_short_nor_long_and_end_with_a_mark() -> None:
    for _, text in PAIRS:
        assert SHORTEST <= len(text.split()) <= LONGEST, text
        assert text[-1] in ".!?", text


@pytest.mark.parametrize(("opening", "closing"), ["¡!", "¿?"])
def test_spanish_marks_come_in_pairs_and_english_has_none(opening: str, closing: str) -> None:
    for source, text in PAIRS:
        wanted = text.count(closing) if parts(source)["language"] == "es" else 0
        assert text.count(opening) == wanted, text


def test_nothing_speaks_of_health_children_or_alcohol() -> None:
    for source, text in PAIRS:
        language = parts(source)["language"]
        for words in (lexicon.CLAIMS, lexicon.CHILDREN, lexicon.ALCOHOL, lexicon.CONDITIONS):
            assert not words[language].search(text), text
