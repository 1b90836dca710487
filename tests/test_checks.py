"""Each planted fault is caught by the check that is meant for it, and a good text passes them all."""

import random

import pytest

from finetune.evaluate_promos import random_brief
from pipelines.checks import Check, check_text, evokes, fact_lock, failures, legal_notes, sentences
from pipelines.fallback import fallback_template
from pipelines.prompts import fill
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.values import Money, Offer, Size

CATALOG = default_catalog()
ES = Brief(
    product="Coca-Cola",
    size=Size.parse("600 ml"),
    packaging="glass bottle",
    price=Money.parse("18.50 MXN"),
    store="corner shop",
    environment="beach",
)
EN = ES.with_(language="en")
GOOD_ES = "¡Sol, arena y sed! Llévate tu Coca-Cola de 600 ml en botella de vidrio a solo $18.50 MXN en tu tiendita."
GOOD_EN = "Sun, sand and a smile! Grab a 600 ml glass bottle of Coca-Cola for $18.50 MXN at your corner shop."


@pytest.mark.parametrize(("text", "brief"), [(GOOD_ES, ES), (GOOD_EN, EN)])
def test_a_good_text_passes_every_check(text: str, brief: Brief) -> None:
    assert failures(check_text(text, brief, CATALOG)) == ()


FAULTS = [
    # text, brief, check
    (GOOD_ES.replace("$18.50", "$18.00"), ES, "price"),
    (GOOD_ES.replace("$18.50 MXN", "$18.5 MXN"), ES, "price"),
    (GOOD_ES.replace("$18.50 MXN", "$18.50 MXN o $18.50 MXN"), ES, "price"),
    (GOOD_ES.replace("$18.50", "$118.50"), ES, "price"),
    (GOOD_ES.replace("MXN", "USD"), ES, "price"),
    (GOOD_ES.replace("a solo $18.50", "a 2 por $18.50"), ES, "figures"),
    (GOOD_ES.replace("600 ml", "500 ml"), ES, "size"),
    (GOOD_ES.replace("600 ml", "1600 ml"), ES, "size"),
    (GOOD_ES.replace("600 ml", "1.600 ml"), ES, "size"),
    (GOOD_ES.replace(" de 600 ml", ""), ES, "size"),
    (GOOD_ES + " Son 600 ml de frescura.", ES, "size"),
    (GOOD_ES.replace("Coca-Cola", "Sprite"), ES, "product"),
    (GOOD_ES.replace("Coca-Cola", "Coca-Cola Light"), ES, "product"),
    (GOOD_ES + " También hay Sprite para ti.", ES, "product"),
    (GOOD_ES.replace("$18.50 MXN", "[PRICE]"), ES, "placeholders"),
    (GOOD_ES + " Y son dos para ti.", ES, "figures"),
    (GOOD_ES + " Con 30 años de sabor.", ES, "figures"),
    (GOOD_EN + " Bring twenty friends.", EN, "figures"),
    (GOOD_ES + " ¡Y un vaso gratis!", ES, "no other offer"),
    (GOOD_ES + " ¡Aprovecha el descuento!", ES, "no other offer"),
    (GOOD_ES + " ¡Ahorra con nosotros!", ES, "no other offer"),
    (GOOD_ES + " Te regalamos la sonrisa.", ES, "no other offer"),
    (GOOD_ES + " Llévate otra por la compra de la tuya.", ES, "no other offer"),
    (GOOD_ES + " La casa invita las papas.", ES, "no other offer"),
    (GOOD_ES + " Es una promoción de verano.", ES, "no other offer"),
    (GOOD_ES + " El mejor precio de la playa.", ES, "no other offer"),
    (GOOD_ES + " Recibe un vaso con la tuya.", ES, "no other offer"),
    (GOOD_ES + " Con papas incluidas.", ES, "no other offer"),
    (GOOD_EN + " It comes with a straw.", EN, "no other offer"),
    (GOOD_EN + " It's a great deal for you.", EN, "no other offer"),
    (GOOD_EN + " Save more with your friends.", EN, "no other offer"),
    (GOOD_EN + " Get a free smile with it.", EN, "no other offer"),
    (GOOD_EN + " Chips are on the house.", EN, "no other offer"),
    (GOOD_EN + " Buy a bottle and get another.", EN, "no other offer"),
    (GOOD_EN, ES, "language"),
    (GOOD_ES, EN, "language"),
    (GOOD_ES + " Come to the beach with all of your friends and it will be good.", ES, "language"),
    (GOOD_ES.replace("botella de vidrio", "lata"), ES, "packaging"),
    (GOOD_ES + " También en lata.", ES, "packaging"),
    (GOOD_EN.replace("glass bottle", "can"), EN, "packaging"),
    (GOOD_EN.replace("glass bottle", "bottle"), EN, "packaging"),
    (GOOD_ES.replace("tu tiendita", "tu farmacia"), ES, "setting"),
    (GOOD_ES + " Y que viva tu fiesta de Navidad.", ES, "setting"),
    (GOOD_EN + " See you at the office.", EN, "setting"),
    (GOOD_ES + " Válido hasta agotar existencias.", ES, "conditions"),
    (GOOD_EN + " For a limited time only.", EN, "conditions"),
    (GOOD_ES[1:], ES, "form"),
    (GOOD_ES[:-1], ES, "form"),
    (GOOD_ES[:-1] + " y", ES, "form"),
    (GOOD_ES + " ¿Qué esperas.", ES, "form"),
    (GOOD_EN.replace("Sun", "¡Sun"), EN, "form"),
    (GOOD_ES + " " + "Disfruta la playa con tu gente y la brisa del mar todo el día. " * 5, ES, "form"),
    (GOOD_ES + " En tu playa está a.", ES, "grammar"),
    (GOOD_ES + " Para tu el mar.", ES, "grammar"),
    (GOOD_EN + " Enjoy it with your.", EN, "grammar"),
    (GOOD_EN + " A the beach for you.", EN, "grammar"),
    (GOOD_ES + " Coca-Cola con Coca-Cola.", ES, "product"),
    (GOOD_ES + " Disfruta. Disfruta.", ES, "repetition"),
    (GOOD_ES + " Vive la playa la playa.", ES, "repetition"),
    (GOOD_ES + " Ideal para los niños.", ES, "wording"),
    (GOOD_ES + " Te llena de energía.", ES, "wording"),
    (GOOD_ES + " Mejor que una cerveza.", ES, "wording"),
    (GOOD_ES + " No seas idiota.", ES, "wording"),
    (GOOD_EN + " A healthy choice for you.", EN, "wording"),
]


@pytest.mark.parametrize(("text", "brief", "check"), FAULTS)
def test_a_planted_fault_is_caught_by_its_check(text: str, brief: Brief, check: str) -> None:
    assert check in failures(check_text(text, brief, CATALOG)), check_text(text, brief, CATALOG)


OFFERS = [
    ("3 for 2", "¡Está al 3x2!", "¡Está al 2x1!", "Take 3 and pay for 2!", "Take 4 and pay for 2!"),
    (
        "20% off the second",
        "Y en la segunda, 20% de descuento.",
        "Y 20% de descuento.",
        "Get 20% off the second.",
        "Get 20% off.",
    ),
    ("15% off", "¡Con 15% de descuento!", "¡15% de descuento en la segunda!", "Get 15% off.", "Get 50% off."),
    (
        "free glass with 2",
        "Compra 2 y recibe vaso gratis.",
        "Compra 3 y recibe vaso gratis.",
        "Buy 2 and get free glass.",
        "Buy 2 and get free chips.",
    ),
    (
        "combo with chips",
        "Pide tu combo con papas.",
        "Pide tu combo con tacos.",
        "Try the combo with chips.",
        "Try it.",
    ),
    (
        "loyalty card 10",
        "Junta 10 y la siguiente es gratis.",
        "Junta 5 y la siguiente es gratis.",
        "Collect 10 and the next one is free.",
        "Collect 9 and the next one is free.",
    ),
]


@pytest.mark.parametrize(("offer", "right", "wrong", "right_en", "wrong_en"), OFFERS)
def test_an_offer_must_stand_exactly(offer: str, right: str, wrong: str, right_en: str, wrong_en: str) -> None:
    spanish, english = ES.with_(offer=Offer.parse(offer)), EN.with_(offer=Offer.parse(offer))
    assert failures(check_text(f"{GOOD_ES} {right}", spanish, CATALOG)) == ()
    assert failures(check_text(f"{GOOD_EN} {right_en}", english, CATALOG)) == ()
    for text, brief in ((wrong, spanish), ("", spanish), (f"{right} {right}", spanish)):
        assert "offer" in failures(check_text(f"{GOOD_ES} {text}".strip(), brief, CATALOG))
    assert "offer" in failures(check_text(f"{GOOD_EN} {wrong_en}", english, CATALOG))


def test_a_second_benefit_beside_the_offer_is_caught() -> None:
    brief = ES.with_(offer=Offer.parse("3 for 2"))
    text = f"{GOOD_ES} ¡Aprovecha el 3x2 y llévate un vaso gratis!"
    assert failures(check_text(text, brief, CATALOG)) == ("no other offer",)


def test_an_offer_in_own_words_may_hold_figures_and_the_product() -> None:
    brief = ES.with_(offer=Offer.parse("other: lleva tu Coca-Cola y 3 tacos por 99 pesos"))
    text = f"{GOOD_ES} Además: lleva tu Coca-Cola y 3 tacos por 99 pesos."
    assert failures(check_text(text, brief, CATALOG)) == ()


def test_a_setting_or_packaging_that_nobody_gave_is_invented() -> None:
    brief = Brief(product="Ciel")
    text = "¡Date un gusto! Disfruta tu Ciel en lata en tu farmacia de la playa."
    assert set(failures(check_text(text, brief, CATALOG))) == {"packaging", "setting"}


@pytest.mark.parametrize(
    ("price", "good"),
    [("$1,234.50 MXN", True), ("$1234.50 MXN", True), ("$12,34.50 MXN", False), ("$1,234.5 MXN", False)],
)
def test_a_price_of_thousands_may_stand_with_or_without_their_comma(price: str, good: bool) -> None:
    brief = ES.with_(price=Money.parse("1234.50 MXN"))
    assert (failures(check_text(GOOD_ES.replace("$18.50 MXN", price), brief, CATALOG)) == ()) is good


def test_figures_in_names_and_own_words_are_not_invented_ones() -> None:
    brief = Brief(product="refresco 7 Leguas", store="Farmacia 24 horas", environment="fiesta de 15")
    text = "Fiesta de 15 con la mejor compañía. Pide tu refresco 7 Leguas en Farmacia 24 horas y disfruta."
    assert failures(check_text(text, brief, CATALOG)) == ()


@pytest.mark.parametrize("language", ["es", "en"])
def test_mutated_texts_of_random_briefs_are_all_caught(language: str) -> None:
    rng = random.Random(f"mutations {language}")
    extra = {"es": " ¡Y un vaso gratis!", "en": " And a free glass!"}[language]
    for _ in range(250):
        brief = random_brief(rng, CATALOG, language)  # type: ignore[arg-type]
        template = fallback_template(brief, rng.randrange(3))
        text = fill(template, brief, CATALOG)
        assert "no other offer" in failures(check_text(text + extra, brief, CATALOG))
        assert "figures" in failures(check_text(f"{text} {rng.randint(2, 99)}!", brief, CATALOG))
        if brief.price is not None:
            other = Money(brief.price.amount + 1, brief.price.currency, brief.price.quantity)
            wrong = fill(template, brief.with_(price=other), CATALOG)
            assert "price" in failures(fact_lock(wrong, brief, CATALOG)), wrong
        if brief.size is not None and brief.size.amount is not None:
            bigger = Size(brief.size.amount * 10, brief.size.unit, brief.size.count)
            wrong = fill(template, brief.with_(size=bigger), CATALOG)
            assert "size" in failures(fact_lock(wrong, brief, CATALOG)), wrong
        turned = brief.with_(language="en" if language == "es" else "es")
        assert "language" in failures(check_text(fill(fallback_template(turned), turned, CATALOG), brief, CATALOG))


def test_the_check_names_are_the_same_for_every_text() -> None:
    names = [check.name for check in check_text(GOOD_ES, ES, CATALOG)]
    assert names == [check.name for check in check_text("no", EN, CATALOG)]
    assert len(names) == len(set(names))
    assert all(isinstance(check, Check) for check in check_text("", ES, CATALOG))


def test_points_inside_figures_close_no_sentence() -> None:
    assert sentences("¡Sol! A $18.50 MXN. ¿Vas?") == ["¡Sol!", "A $18.50 MXN.", "¿Vas?"]


@pytest.mark.parametrize(
    ("text", "label", "language", "expected"),
    [
        ("¡Sol, arena y sed!", "beach", "es", True),
        ("¡Prende el carbón!", "beach", "es", False),
        ("The bell just rang!", "school", "en", True),
        ("En tu tiendita.", "corner shop", "es", True),
        ("Algo", None, "es", False),
    ],
)
def test_an_opening_evokes_its_place(text: str, label: str | None, language: str, expected: bool) -> None:
    assert evokes(text, label, language) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ["total_price", "characters"]),
        ({"environment": "school"}, ["school_sugar", "total_price", "characters"]),
        ({"store": "school cafeteria"}, ["school_sugar", "total_price", "characters"]),
        ({"environment": "school", "product": "Ciel"}, ["total_price"]),
        ({"offer": Offer.parse("3 for 2"), "price": None}, ["term", "characters"]),
        ({"offer": Offer.parse("loyalty card 10")}, ["term", "collect", "total_price", "characters"]),
    ],
)
def test_notes_on_the_law_name_their_source(changes: dict, codes: list[str]) -> None:
    notes = legal_notes(ES.with_(**changes), CATALOG)
    assert [note.code for note in notes] == codes
    assert all("art." in note.source and note.words("es") != note.words("en") for note in notes)
