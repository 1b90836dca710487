"""The extraction corpus: fixed by its seed, balanced, and every number of a target stands in its message."""

import hashlib
import json
import random
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from finetune import numerals
from finetune.corpus import canonical
from finetune.extraction_data import Example, examples
from finetune.lexicon import lexicon, read_lexicon
from finetune.message_writer import Writer
from slots.numbers import fold, tag, untag
from slots.schema import CLOSED, ENVIRONMENTS, LANGUAGES, PACKAGINGS, PROMOTIONS, SLOTS, STORES
from slots.values import Money, Size
from slots.wire import parse

GOLDEN = Path(__file__).parent / "golden" / "extraction.txt"


@pytest.fixture(scope="module")
def drawn() -> list[Example]:
    return list(islice(examples(random.Random(4)), 3000))


def test_a_seed_gives_the_same_messages_again():
    first = [e.source for e in islice(examples(random.Random(11)), 50)]
    again = [e.source for e in islice(examples(random.Random(11)), 50)]
    other = [e.source for e in islice(examples(random.Random(12)), 50)]
    assert first == again
    assert not set(first) & set(other) - {s for s in first if len(s) < 45}


def test_the_generator_writes_what_it_wrote_before(monkeypatch):
    """Pinned without the catalogue, which users edit. After a change of generator or phrases made on purpose, run
    `python -m tests.golden_extraction` and look at what changed."""
    monkeypatch.setattr(
        "finetune.message_writer.lexicon", cache(lambda language, part=None: read_lexicon(language, None))
    )
    drawn = [f"{e.text} => {e.target}" for e in islice(examples(random.Random(2026)), 300)]
    assert drawn[:12] == GOLDEN.read_text(encoding="utf-8").split("\n----\n")[:12]
    assert (
        hashlib.sha256("\n".join(drawn).encode()).hexdigest()
        == GOLDEN.read_text(encoding="utf-8").split("\n----\n")[12]
    )


def test_a_competitor_known_in_one_language_can_be_named_in_the_other():
    writer = Writer(random.Random(1), "en")
    missing = set(lexicon("es").groups["competitor"]) - set(lexicon("en").groups["competitor"])
    assert missing
    assert all(writer.product(name) for name in missing)


def test_messages_hardly_ever_repeat(drawn):
    long = [e.text for e in drawn if len(e.text) > 60]
    assert len(set(long)) > 0.995 * len(long)


def test_both_languages_and_every_kind_are_there(drawn):
    languages = Counter(e.language for e in drawn)
    assert 0.45 < languages["es"] / len(drawn) < 0.55
    kinds = Counter(e.kind for e in drawn)
    assert set(kinds) == {"brief", "answer", "correction", "removal", "sheet", "nothing", "whole", "other"}
    assert min(kinds.values()) > 60


def test_every_label_occurs(drawn):
    for slot, names in CLOSED.items():
        assert set(names) <= {e.frame.get(slot) for e in drawn}, slot


def test_targets_read_back_as_their_frames(drawn):
    for e in drawn:
        assert parse(e.target) == e.frame
        assert list(e.frame) == [s for s in e.frame if s in SLOTS]


def test_numbers_in_targets_are_tags_that_stand_in_the_message(drawn):
    for e in drawn:
        for slot in ("size", "price"):
            value = e.frame.get(slot, "none")
            assert not re.search(r"\d", value)
            text = untag(value, tag(e.text).mentions)
            assert text is not None
            if value != "none":
                (Size if slot == "size" else Money).parse(text)


def test_few_draws_are_dropped():
    dropped = Counter()
    list(islice(examples(random.Random(9), dropped), 1000))
    assert sum(dropped.values()) < 40


def test_messages_hold_no_marks_and_no_open_fields(drawn):
    for e in drawn:
        assert not re.search(r"[\ue000-\uf8ff{}]", e.text), e.text


def test_messages_without_slots_say_none(drawn):
    nothing = [e for e in drawn if e.kind == "nothing"]
    assert all(e.target == "none" for e in nothing)


def test_every_closed_label_has_phrases_in_both_languages():
    for language in LANGUAGES:
        groups = lexicon(language).groups
        for group, names in {
            "packaging": PACKAGINGS, "package_noun": PACKAGINGS, "store": STORES, "promotion": PROMOTIONS,
            "environment_place": ENVIRONMENTS, "environment_scene": ENVIRONMENTS, "promotion_alone": PROMOTIONS,
        }.items():  # fmt: skip
            assert set(groups[group]) == set(names)
            assert all(len(phrases) >= 3 for phrases in groups[group].values())


def test_a_store_phrase_never_means_two_stores():
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for name, phrases in lexicon(language).groups["store"].items():
            for phrase in phrases:
                assert seen.setdefault(phrase, name) == name, phrase


def test_no_phrase_was_taken_from_the_validation_messages():
    lines = Path(__file__).with_name("validation_messages.jsonl").read_text(encoding="utf-8").splitlines()
    taken = {
        tuple(words[i : i + 5])
        for words in (re.findall(r"[a-z']+", fold(json.loads(line)["text"])) for line in lines)
        for i in range(len(words) - 4)
    }
    for language in LANGUAGES:
        book = lexicon(language)
        phrases = [p for part in book.lists.values() for p in part]
        phrases += [p for group in book.groups.values() for part in group.values() for p in part]
        for phrase in phrases:
            words = re.findall(r"[a-z']+", phrase)
            assert not {tuple(words[i : i + 5]) for i in range(len(words) - 4)} & taken, phrase


@pytest.mark.parametrize(
    ("number", "spanish", "english"),
    [(7, "siete", "seven"), (21, "veintiuno", "twenty-one"), (35, "treinta y cinco", "thirty-five"), (100, "cien", "one hundred"),
     (355, "trescientos cincuenta y cinco", "three hundred fifty-five"), (600, "seiscientos", "six hundred")],
)  # fmt: skip
def test_numbers_are_spelled_in_both_languages(number, spanish, english):
    assert numerals.spell(number, "es") == spanish
    assert numerals.spell(number, "en") == english


def test_marks_are_found_again_after_other_words_were_put_around_them():
    marks = numerals.Marks()
    words, name = marks.put("18.50", Decimal("18.50"))
    text, spans = numerals.strip(f"antes 18.50 y ahora ${words} pesos")
    assert text == "antes 18.50 y ahora $18.50 pesos"
    assert text[slice(*spans[name])] == "18.50"
    assert spans[name][0] > 15


def test_canonical_values_are_spelled_as_they_are_stored():
    for example in islice(examples(random.Random(21)), 300):
        for slot, value in canonical(example).items():
            assert "[" not in value
            if slot == "size" and value != "none":
                assert str(Size.parse(value)) == value
