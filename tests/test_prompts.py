"""The writer's prompt and the filling of its placeholders."""

import pytest

from pipelines.prompts import fill, product_words, terms, writer_source
from slots.brief import Brief
from slots.values import Money, Offer, Size

FULL = Brief(
    product="Coca-Cola",
    size=Size.parse("600 ml"),
    packaging="glass bottle",
    price=Money.parse("18.50 MXN"),
    store="corner shop",
    environment="beach",
)


def test_the_prompt_is_spelled_as_the_design_says() -> None:
    assert writer_source(FULL) == (
        "Generate a promotion: language=es; product=[PRODUCT]; size=[SIZE]; packaging=glass bottle; price=[PRICE]; "
        "offer=none; store=corner shop; environment=beach"
    )


def test_absent_slots_read_none() -> None:
    assert writer_source(Brief(product="Sprite", language="en")) == (
        "Generate a promotion: language=en; product=[PRODUCT]; size=none; packaging=none; price=none; "
        "offer=none; store=none; environment=none"
    )


@pytest.mark.parametrize(
    ("offer", "source"),
    [
        ("3 for 2", "[N] for [M]"),
        ("20% off the second", "[P]% off the second"),
        ("15% off", "[P]% off"),
        ("free glass with 2", "free [GIFT] with [N]"),
        ("combo with chips", "combo with [GIFT]"),
        ("loyalty card 10", "loyalty card [N]"),
        ("other: trae 5 tapas", "[OFFER]"),
    ],
)
def test_no_figure_of_an_offer_reaches_the_model(offer: str, source: str) -> None:
    assert f"offer={source};" in writer_source(FULL.with_(offer=Offer.parse(offer)))


def test_packs_and_multi_buy_prices_are_told_apart() -> None:
    source = writer_source(FULL.with_(size=Size.parse("6-pack 355 ml"), price=Money.parse("2 for 30 MXN")))
    assert "size=pack [SIZE];" in source
    assert "price=multi [PRICE];" in source


def test_own_words_for_store_and_environment_do_not_reach_the_model() -> None:
    source = writer_source(FULL.with_(store="ferretería Don Pepe", environment="kermés"))
    assert source.endswith("store=[STORE]; environment=[PLACE]")


@pytest.mark.parametrize(
    ("template", "changes", "expected"),
    [
        ("[PRODUCT] de [SIZE] a [PRICE].", {}, "Coca-Cola de 600 ml a $18.50 MXN."),
        ("a [PRICE]", {"price": Money.parse("2 for 30 MXN")}, "a 2 por $30 MXN"),
        ("at [PRICE]", {"price": Money.parse("2 for 30 MXN"), "language": "en"}, "at 2 for $30 MXN"),
        ("¡Está al [N]x[M]!", {"offer": Offer.parse("2 for 1")}, "¡Está al 2x1!"),
        ("It's [N] for [M]!", {"offer": Offer.parse("2 for 1"), "language": "en"}, "It's 2 for 1!"),
        ("¡[P]% de descuento!", {"offer": Offer.parse("12.5% off")}, "¡12.5% de descuento!"),
        ("Ven. [GIFT] gratis.", {"offer": Offer.parse("free glass with 2")}, "Ven. Vaso gratis."),
        ("Free [GIFT]!", {"offer": Offer.parse("free glass with 2"), "language": "en"}, "Free glass!"),
        ("combo con [GIFT]", {"offer": Offer.parse("combo with elote")}, "combo con elote"),
        ("Además: [OFFER].", {"offer": Offer.parse("other: trae 5\n tapas.")}, "Además: trae 5 tapas."),
        ("¡[PLACE] y a disfrutar!", {"environment": "kermés"}, "¡Kermés y a disfrutar!"),
        ("en [STORE]", {"store": "mi puesto"}, "en mi puesto"),
        ("A [SIZE] can", {"language": "en", "size": Size.parse("8 oz")}, "An 8 oz can"),
        ("a [SIZE] can", {"language": "en", "size": Size.parse("118 ml")}, "a 118 ml can"),
        ("[STORE] y [M]", {}, "[STORE] y [M]"),
    ],
)
def test_placeholders_print_the_briefs_own_words(template: str, changes: dict, expected: str) -> None:
    assert fill(template, FULL.with_(**changes)) == expected


@pytest.mark.parametrize(
    ("product", "variant", "language", "expected"),
    [
        ("Fanta", "strawberry", "es", "Fanta fresa"),
        ("Fanta", "strawberry", "en", "Fanta strawberry"),
        ("Fanta", "chamoy", "es", "Fanta chamoy"),
        ("Jarritos de tamarindo", "tamarindo", "es", "Jarritos de tamarindo"),
        ("Sprite", None, "es", "Sprite"),
    ],
)
def test_a_flavour_is_named_in_the_language_of_the_text(
    product: str, variant: str | None, language: str, expected: str
) -> None:
    assert product_words(Brief(product=product, variant=variant, language=language)) == expected  # type: ignore[arg-type]


def test_a_name_that_looks_like_a_placeholder_is_not_filled_twice() -> None:
    brief = FULL.with_(product="[SIZE] Cola")
    assert fill("[PRODUCT] de [SIZE]", brief) == "[SIZE] Cola de 600 ml"


def test_terms_are_added_only_beside_an_offer() -> None:
    offer = Offer.parse("3 for 2")
    assert terms(FULL) is None
    assert terms(FULL.with_(offer=offer)) == "Hasta agotar existencias"
    assert terms(FULL.with_(offer=offer, language="en")) == "While stocks last"
    assert terms(FULL.with_(offer=offer, terms="Solo en mayo")) == "Solo en mayo"
