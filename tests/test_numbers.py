"""Numbers in a message: read in digits and words, in both languages, and tagged."""

from decimal import Decimal

import pytest

from slots.numbers import fold, tag, tokenize, untag

READ = [
    ("treinta y cinco pesos", ["35"]), ("veintidós cincuenta", ["22.5"]), ("dieciocho con cincuenta", ["18.5"]),
    ("diecinueve pesos con noventa centavos", ["19.9"]), ("ciento veinte pesos", ["120"]), ("mil doscientos pesos", ["1200"]),
    ("dos mil pesos", ["2000"]), ("quinientos ml", ["500"]), ("trescientos cincuenta y cinco", ["355"]), ("dos litros y medio", ["2.5"]),
    ("litro y medio", ["1.5"]), ("un litro", ["1"]), ("medio litro", ["0.5"]), ("un cuarto de litro", ["0.25"]), ("de a litro", ["1"]),
    ("2 1/2 litros", ["2.5"]), ("1/2 litro", ["0.5"]), ("2½ litros", ["2.5"]), ("½ litro", ["0.5"]), ("dos y medio", ["2.5"]),
    ("dos punto cinco litros", ["2.5"]), ("two and a half liters", ["2.5"]), ("half a liter", ["0.5"]), ("half-liter", ["0.5"]),
    ("a liter", ["1"]), ("six hundred milliliters", ["600"]), ("nineteen ninety", ["19.9"]), ("a dollar fifty", ["1.5"]),
    ("two dollars and fifty cents", ["2.5"]), ("twenty-five pesos", ["25"]), ("three fifty-five ml", ["355"]), ("one hundred twenty", ["120"]),
    ("$18.50", ["18.5"]), ("$18,50", ["18.5"]), ("$1,299.00", ["1299"]), ("18$", ["18"]), ("2x30", ["2", "30"]), ("600ml", ["600"]),
    ("1e9", ["1000000000"]), ("-5 pesos", ["-5"]), ("20-30 pesos", ["20", "30"]), ("un six", ["6"]), ("six pack", ["6"]), ("sixpack", ["6"]),
    ("una docena", ["12"]), ("media docena", ["6"]), ("la de medio a 20", ["0.5", "20"]), ("0", ["0"]), ("once pesos", ["11"]),
    ("once upon a time", []), ("una coca", []), ("one of them", []), ("la de 3", ["3"]), ("12,13,14", ["12", "13", "14"]),
    ("one point five liter", ["1.5"]), ("uno punto cinco litros", ["1.5"]), ("one point seven five liters", ["1.75"]),
    ("one point of sale", []), ("18 con 50", ["18.5"]), ("355 quince pesos", ["355", "15"]), ("los años 2026", ["2026"]), ("cero", ["0"]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "numbers"), READ)
def test_a_number_is_read_whatever_its_spelling(message, numbers):
    found = [t.value for t in tokenize(message) if t.value is not None]
    assert found == [Decimal(n) for n in numbers]


@pytest.mark.parametrize("message", [m for m, n in READ if n])
def test_a_number_token_remembers_the_users_own_words(message):
    for token in tokenize(message):
        assert 0 <= token.start < token.end <= len(message)


def test_every_number_gets_a_tag_of_its_own_in_order():
    tagged = tag("coca de 600 a 18 o 18")
    assert tagged.text == "coca de [A] 600 a [B] 18 o [C] 18"
    assert {k: v.text for k, v in tagged.mentions.items()} == {"A": "600", "B": "18", "C": "18"}


def test_tags_are_replaced_by_their_numbers_and_unknown_ones_refused():
    mentions = tag("2x30").mentions
    assert untag("[A] for [B] MXN", mentions) == "2 for 30 MXN"
    assert untag("[Q] ml", mentions) is None


def test_more_numbers_than_tags_stay_untagged():
    tagged = tag(" ".join(str(n) for n in range(10, 60)))
    assert len(tagged.mentions) == 20


def test_folding_keeps_every_offset():
    for text in ("ÁÉÍÓÚÑü ½", "İstanbul ŉ ß", "日本語🥤"):
        assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x01", "🥤" * 50, "9" * 400, "1" + ",000" * 90, "1.2.3.4.5", "½" * 30, "e9 1e999999"]
)
def test_nothing_that_can_be_typed_raises(text):
    assert isinstance(tag(text).text, str)
