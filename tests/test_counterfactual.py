"""Which words a value hangs on, found by leaving words out."""

from slots.counterfactual import MOST, place_of, trials


def test_every_word_is_left_out_at_least_once_and_the_rest_stays():
    text = "poster con una calle del barrio de fondo"
    tried = trials(text)
    for word in text.split():
        assert any(word not in t.text.split() for t in tried), word
    assert all(text[t.start : t.end] not in t.text for t in tried)


def test_a_message_of_one_word_cannot_be_tried():
    assert trials("coca") == trials("") == trials("  ") == ()


def test_a_short_message_is_tried_word_by_word():
    assert [t.text.strip() for t in trials("sin precio")] == ["precio", "sin"]


def test_a_long_message_is_tried_a_bounded_number_of_times():
    text = " ".join(f"palabra{n}" for n in range(500))
    tried = trials(text)
    assert len(tried) <= MOST
    assert tried[-1].end == len(text)


def test_the_place_is_where_the_model_drops_the_value():
    text = "poster con una calle del barrio de fondo"
    tried = trials(text)
    place = place_of(tried, ["calle" in t.text for t in tried])
    assert place is not None
    assert "calle" in text[slice(*place)]


def test_a_value_that_hangs_on_everything_or_nothing_has_no_place():
    tried = trials("uno dos tres cuatro cinco seis siete ocho nueve diez")
    assert place_of(tried, [True] * len(tried)) is None
    assert place_of(tried, [False] * len(tried)) is None
    assert place_of(tried, [False, True, True, False, *[True] * (len(tried) - 4)]) is None
