"""The bundled vocabulary: labels are whole, everything decodes to itself, slow and fast tokenizer agree."""

from itertools import islice

import pytest

from finetune.tokenizer import LETTERS, build_tokenizer, whole_pieces
from slots.numbers import TAGS
from slots.schema import CLOSED, SLOTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("tokenizer")
    build_tokenizer(home, seed=1, size=1500, extractions=1500, promos=400)
    return home


@pytest.fixture(scope="module")
def fast(folder):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def slow(folder):
    from transformers import T5Tokenizer

    return T5Tokenizer.from_pretrained(folder)


TEXTS = [
    *(f"{slot}={name}" for slot, names in CLOSED.items() for name in names),
    *(f"{slot}=none" for slot in SLOTS),
    "none",
    "product=Coca-Cola Sin Azúcar | size=[A]-pack [B] ml | packaging=returnable bottle | price=[C] for [D] MXN",
    "price=[A] USD | store=corner shop | environment=Day of the Dead",
    "Extract the slots: asking=size; la de [A] 2.5 l , porfa",
    "Generate a promotion: language=es; product=[PRODUCT]; size=[SIZE]; offer=[N] for [M]; environment=none",
    "¡Qué calor, señor! ¿Y si pruebas [PRODUCT] de [SIZE] a solo [PRICE]? Sabor único, ñandú, pingüino.",
    "Grab [PRODUCT] ([SIZE]) for [PRICE]: it's [P]% off!",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_decodes_to_itself(text, fast, slow):
    for tokenizer in (fast, slow):
        ids = tokenizer(text).input_ids
        assert tokenizer.decode(ids, skip_special_tokens=True) == text
        assert tokenizer.unk_token_id not in ids


def test_every_letter_we_write_decodes_to_itself(fast):
    for letter in LETTERS:
        word = f"a{letter}b"
        assert fast.decode(fast(word).input_ids, skip_special_tokens=True) in (word, word.replace("…", "..."))


def test_the_slow_and_the_fast_tokenizer_give_the_same_ids(fast, slow):
    from finetune.tokenizer import sample

    for text in [*TEXTS, "日本 😀 coca", *islice(sample(5), 300)]:
        assert fast(text).input_ids == slow(text).input_ids, text


def test_tags_and_keyed_labels_are_single_pieces(fast):
    for letter in TAGS:
        assert fast.tokenize(f"[{letter}]") == [f"▁[{letter}]"]
    for piece in whole_pieces():
        if piece.startswith(" "):
            assert fast.tokenize(piece.strip()) == [piece.replace(" ", "▁")]


def test_unknown_signs_fall_back_to_bytes(fast):
    assert fast.decode(fast("té 日本").input_ids, skip_special_tokens=True) == "té 日本"


def test_every_text_ends_with_the_end_piece(fast):
    assert fast("hola").input_ids[-1] == fast.eos_token_id == 1
    assert fast.pad_token_id == 0
