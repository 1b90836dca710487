"""The wording: complete in both languages, same placeholders, and the user's words never become markup."""

import string

import pytest

from slots import replies
from slots.schema import LANGUAGES, SLOTS


def variants(wording: object) -> tuple[str, ...]:
    return wording if isinstance(wording, tuple) else (str(wording),)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(replies.TEXTS))
def test_every_text_exists_in_both_languages_with_the_same_placeholders(key: str) -> None:
    wording = replies.TEXTS[key]
    assert set(wording) == set(LANGUAGES)
    es, en = variants(wording["es"]), variants(wording["en"])
    assert len(es) == len(en)
    assert all(text.strip() for text in (*es, *en))
    assert [fields(t) for t in es] == [fields(t) for t in en]


@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_has_four_different_questions_in_both_languages(slot: str) -> None:
    for language in LANGUAGES:
        questions = replies.QUESTIONS[slot][language]
        assert len(set(questions)) == 4
    es, en = replies.QUESTIONS[slot]["es"], replies.QUESTIONS[slot]["en"]
    assert [fields(q) for q in es] == [fields(q) for q in en]


@pytest.mark.parametrize("table", [replies.SLOT_NAMES, replies.LINES, replies.SKIPPED, replies.DIGRESSIONS])
def test_every_table_of_words_has_both_languages(table: dict[str, dict[str, object]]) -> None:
    assert all(set(words) == set(LANGUAGES) for words in table.values())


def test_the_languages_do_not_share_sentences() -> None:
    for key, wording in replies.TEXTS.items():
        es, en = variants(wording["es"]), variants(wording["en"])
        assert not set(es) & set(en), key


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Doña Lupe", "Doña Lupe"),
        ("**negritas**", r"\*\*negritas\*\*"),
        ("<script>", r"\<script\>"),
        ("[liga](http://x.mx)", r"\[liga\](http\://x.mx)"),
        ("www.x.mx", r"www\.x.mx"),
        ("a\n\n# título", "a # título"),
        ("a\x00b\u202ec", "a b c"),
        ("`x` | y & z", r"\`x\` \| y \& z"),
    ],
)
def test_the_users_words_are_shown_as_plain_text(typed: str, shown: str) -> None:
    assert replies.quoted(typed) == shown


def test_a_long_quotation_is_cut() -> None:
    assert len(replies.quoted("a" * 500)) == replies.LONGEST_QUOTE


def test_variants_are_taken_in_turn_not_at_random() -> None:
    said = [replies.say("understood", "es", turn=n, values="x") for n in range(6)]
    assert len(set(said)) == 3
    assert said[:3] == said[3:]


def test_lists_read_as_people_write_them() -> None:
    assert replies.join(("a",), "es") == "a"
    assert replies.join(("a", "b", "c"), "es") == "a, b o c"
    assert replies.join(("a", "b"), "en", "and") == "a and b"
    assert replies.join((), "en") == ""
