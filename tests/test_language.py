"""Which language a message is written in."""

import pytest

from slots.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [("quiero una promo de coca", "es"), ("I want a promo for coke", "en"), ("hola", "es"), ("hello there", "en"), ("¿Sprite?", "es"),
     ("una imagen para mi tiendita", "es"), ("make it a can instead", "en"), ("a quince pesos", "es"), ("with people at the beach", "en"),
     ("cambia el poster", "es"), ("the price is 20 pesos", "en"), ("sin precio", "es"), ("no price", "en"),
     ("ta, that's grand", "en"), ("sell 4 Joya for 50 pesos", "en"), ("hang on, mum's at the door", "en"), ("4 Joya a 50 pesos", "es"), ("neta que sí, compadre", "es")],
)  # fmt: skip
def test_a_message_tells_its_language(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["600", "Sprite", "ok", "$18", "", "🥤", "355 ml", "OXXO", "2x30", "Topo Chico 355"])
@pytest.mark.parametrize("previous", ["es", "en"])
def test_a_neutral_text_keeps_the_language_of_the_talk(text, previous):
    assert detect_language(text, previous) == previous


@pytest.mark.parametrize(
    ("text", "previous", "language"),
    [("actually I would like it in a can please", "es", "en"), ("mejor ponla en lata por favor", "en", "es"), ("glass", "es", "en"), ("un poster con un six pack", "en", "es")],
)  # fmt: skip
def test_a_clear_switch_is_followed(text, previous, language):
    assert detect_language(text, previous) == language
