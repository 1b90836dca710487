"""Written messages with open places: read, checked, filled; and the split in families."""

import json
import random
import re
from collections import Counter
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from finetune.extraction_data import examples
from finetune.families import PARTS, SPLIT_FROM, of_part, part_of
from finetune.lexicon import VOCABULARY, lexicon
from finetune.skeletons import FOLDER, parse_line, read_file, skeletons
from slots.numbers import fold
from slots.schema import ENVIRONMENTS, LANGUAGES


def test_placeholders_and_what_stands_behind_the_arrow_are_the_frame():
    read = parse_line("Hazme {kind} pa la salida de misa, {product} => environment=park", "es", "x")
    assert read.text == "hazme {kind} pa la salida de misa, {product}"
    assert read.slots == {"promotion", "product", "environment"}
    assert read.literal == (("environment", "park"),)


def test_a_pending_question_stands_in_front():
    assert parse_line("?price: {price_bare} nomas", "es", "x").asking == "price"


@pytest.mark.parametrize(
    ("line", "target", "words"),
    [
        ("a dollar fifty here => price=1.50 USD", "{=0} USD", "dollar fifty"),
        ("half a liter please => size=500 ml", "{=0} L", "half a liter"),
        ("two for thirty five => price=2 for 35 MXN", "{=0} for {=1} MXN", "two"),
        ("seiscientos mililitros => size=600 ml", "{=0} ml", "seiscientos"),
    ],
)
def test_a_literal_figure_points_at_its_own_words(line: str, target: str, words: str):
    read = parse_line(line, "en", "x")
    assert dict(read.literal) == {line.split("=> ")[1].split("=")[0]: target}
    assert words in read.figures[0][0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{colour} coke", "unknown placeholder {colour}"),
        ("hola => store=shop", "store cannot be 'shop'"),
        ("hola => shop", "no slot=value"),
        ("{size} o {size_bare}", "size is filled twice"),
        ("en {place} => environment=park", "environment is filled twice"),
        ("?colour: rojo", "no slot 'colour'"),
        ("veinte => price=21 MXN", "does not hold this number"),
        ("=> store=bar", "no text"),
    ],
)
def test_a_wrong_line_says_what_is_wrong_with_it(line: str, problem: str):
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse_line(line, "es", "x")


def test_a_wrong_line_is_named_with_its_file(tmp_path: Path):
    file = tmp_path / "es_x.txt"
    file.write_text("# kept quiet\nhola\n{colour}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"es_x\.txt, line 3"):
        read_file(file)
    with pytest.raises(ValueError, match="must begin with"):
        read_file(tmp_path / "fr_x.txt")


def test_all_files_read_and_hold_hundreds_of_messages_in_each_language():
    for language in LANGUAGES:
        assert len(skeletons(language)) > 1000
        assert len(skeletons(language, other=True)) > 300
    texts = [s.text for language in LANGUAGES for other in (False, True) for s in skeletons(language, other=other)]
    repeated = {text: n for text, n in Counter(texts).items() if n > 1 and len(text.split()) > 3}
    assert not repeated


def test_each_family_belongs_to_one_part_whatever_the_list():
    parts = {part: set(skeletons("es", part)) for part in PARTS}
    assert set().union(*parts.values()) == set(skeletons("es"))
    assert sum(map(len, parts.values())) == len(set(skeletons("es")))
    shares = {part: len(found) / len(skeletons("es")) for part, found in parts.items()}
    assert shares["train"] > 0.85
    assert min(shares.values()) > 0.02


def test_short_lists_are_shared_and_long_ones_split():
    short, long = tuple(f"a{i}" for i in range(SPLIT_FROM - 1)), tuple(f"frase {i}" for i in range(400))
    assert of_part(short, "test") == short
    assert of_part(long, None) == long
    assert all(part_of(phrase) == "test" for phrase in of_part(long, "test"))
    assert len(of_part(long, "test")) < 60


def test_phrasings_of_the_lexicon_are_split_and_names_are_shared():
    train, test = lexicon("es", "train"), lexicon("es", "test")
    groups = [
        (test.groups["environment_scene"][name], train.groups["environment_scene"][name]) for name in ENVIRONMENTS
    ]
    disjoint = [not set(held_out) & set(seen) for held_out, seen in groups]
    assert sum(disjoint) >= 20  # a label of whose phrases none fell to the test shares them
    assert train.groups["store"] == test.groups["store"]
    assert {"product", "store"} <= VOCABULARY


def test_training_never_draws_a_written_message_of_the_test():
    held_out = {re.sub(r"\{[^}]*\}.*", "", s.text).strip() for s in skeletons("en", "test")}
    openings = {text for text in held_out if len(text.split()) >= 5}
    drawn = [e.text for e in islice(examples(random.Random(5), part="train"), 3000) if e.kind == "whole"]
    assert openings
    assert not [text for text in drawn if any(text.startswith(opening) for opening in openings)]


def test_other_matters_give_no_slot_but_a_drink_and_its_pack():
    drawn = [e for e in islice(examples(random.Random(6)), 3000) if e.kind == "other"]
    assert len(drawn) > 150
    assert all(set(e.frame) <= {"product", "size", "packaging"} for e in drawn)
    assert sum(not e.frame for e in drawn) > len(drawn) * 0.4


def test_a_distractor_is_never_the_value():
    line = parse_line("no {other_product} no, {product}, {other_price} era antes, {price}", "es", "x")
    from finetune import numerals, whole_messages
    from finetune.message_writer import Writer

    for seed in range(40):
        writer = Writer(random.Random(seed), "es")
        text, frame = whole_messages._fill(writer, line)
        assert set(frame) == {"product", "price"}
        assert len(numerals.strip(text)[1]) == len(writer.marks.values) >= 1
        assert all(isinstance(value, Decimal) for value in writer.marks.values)


def test_no_written_message_was_taken_from_the_validation_messages():
    lines = Path(__file__).with_name("validation_messages.jsonl").read_text(encoding="utf-8").splitlines()
    taken = {
        tuple(words[i : i + 5])
        for words in (re.findall(r"[a-z']+", fold(json.loads(line)["text"])) for line in lines)
        for i in range(len(words) - 4)
    }
    for file in FOLDER.glob("*.txt"):
        for skeleton in read_file(file):
            words = re.findall(r"[a-z']+", re.sub(r"\{[^}]*\}", " | ", skeleton.text))
            assert not {tuple(words[i : i + 5]) for i in range(len(words) - 4)} & taken, skeleton.text
