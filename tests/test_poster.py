"""Posters: no word leaves the paper or runs into another, whatever the brief holds; figures are exact."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.packshot import draw_packshot
from pipelines.poster import PIXELS, compose_poster
from pipelines.poster_plan import Rect, plan_poster
from pipelines.poster_words import headline, poster_words, price_words, sentences
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.values import Money

CATALOG = default_catalog()
GOLDEN = Path(__file__).parent / "golden" / "poster.png"
LONG = "Para esos días de calor en los que nada quita la sed llegó el sabor de siempre a tu mesa y a tu barrio"
TEXTS = (
    "",
    "¡Va!",
    "¡Sol, arena y sed! Llévate tu Coca-Cola.",
    LONG,
    "Electroencefalografistas supercalifragilísticos",
)


def brief(**values):
    return Brief.from_dict({"product": "Coca-Cola", **values})


def scene(size=256):
    """A sky, a floor and a light spot on the left."""
    ys, xs = np.mgrid[0:size, 0:size] / size
    pixels = np.where((ys < 0.68)[..., None], np.array([120, 180, 230]), np.array([170, 120, 70])).astype(float)
    pixels += 60 * np.exp(-((xs - 0.2) ** 2 + (ys - 0.2) ** 2) * 20)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def checked(plan):
    page = Rect(0, 0, plan.width, plan.height)
    boxes = plan.words()
    for name, rect in boxes.items():
        assert rect.width > 0, name
        assert rect.height > 0, name
        assert rect.inside(page), (name, rect)
    for (a, first), (b, second) in itertools.combinations(boxes.items(), 2):
        assert not first.overlaps(second), (a, first, b, second)
    if plan.product:
        assert plan.product.inside(page)
        for name, rect in boxes.items():
            assert not rect.overlaps(plan.product), (name, rect, plan.product)
    return plan


PRODUCTS = (
    "Ciel",
    "Topo Chico Sabores",
    "Coca-Cola Sin Azúcar",
    "Refresco artesanal de guayaba con jamaica de Doña Esperanza",
)
PRICES = (None, "9 MXN", "18.50 MXN", "2 for 30 MXN", "123456.50 MXN", "12 for 999999 MXN")
OFFERS = (
    None,
    "3 for 2",
    "20% off the second",
    "free bottle opener with 2",
    "other: trae tu envase vacío y llévate el segundo",
)


@pytest.mark.parametrize("aspect", [None, 0.28, 0.36, 0.54, 0.9, 1.4, 2.6])
@pytest.mark.parametrize("offer", OFFERS)
def test_no_word_leaves_the_paper_or_runs_into_another(aspect, offer):
    for number, (product, text) in enumerate(itertools.product(PRODUCTS, TEXTS)):
        full = brief(
            product=product, price=PRICES[number % len(PRICES)], offer=offer, language=("es", "en")[number % 2],
            size="6-pack 355 ml", variant="strawberry", packaging="returnable bottle", store="convenience store",
            terms="Válido del 1 al 15 de mayo, máximo 3 por cliente",
        )  # fmt: skip
        checked(plan_poster(poster_words(full, text, CATALOG), aspect, mirrored=number % 3 == 0))


@pytest.mark.parametrize("left_out", ["size", "packaging", "price", "store", "offer", "environment"])
def test_a_poster_without_a_slot_is_laid_out_too(left_out):
    values = {
        "size": "600 ml", "packaging": "plastic bottle", "price": "18 MXN", "store": "corner shop", "offer": "3 for 2",
        "environment": "beach",
    }  # fmt: skip
    del values[left_out]
    checked(plan_poster(poster_words(brief(**values), TEXTS[2], CATALOG), 0.3))
    checked(plan_poster(poster_words(brief(), "", CATALOG), 0.3))


def test_type_is_large_enough_to_read_across_a_street():
    words = poster_words(brief(price="35 MXN", size="2 L", packaging="glass bottle"), TEXTS[2], CATALOG)
    plan = checked(plan_poster(words, 0.3))
    assert plan.headline.block.face.size >= 80
    assert plan.badge.figure.face.size >= 100
    assert plan.name.block.face.cap_height() >= 30
    assert plan.small_print.block.face.size >= 15


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("¡Sol, arena y sed! Llévate tu Coca-Cola.", "¡Sol, arena y sed!"),
        ("Sprite de 2.5 L a $18.50 MXN. Ya está fría.", "Sprite de 2.5 L a $18.50 MXN"),
        ("¿Calor? Un clavado de frescura para todos.", "¿Calor? Un clavado de frescura para todos"),
        ("¡Qué calor hace en la playa, ven por tu refresco favorito de siempre! Va.", "¡Qué calor hace en la playa!"),
        ("😀 ¡Hola, barrio! 🎉", "¡Hola, barrio!"),
        ("Breakfast tastes better together. Grab one.", "Breakfast tastes better together"),
    ],
)
def test_the_headline_is_the_first_sentence_cut_at_a_clause_when_long(text, said):
    assert headline(text, "es") == said


def test_a_headline_never_cuts_a_word():
    assert headline(LONG, "es").rstrip("…") in LONG
    assert headline("", "en") == "Treat yourself!"


def test_a_point_within_a_number_ends_no_sentence():
    assert sentences("A $18.50 MXN hoy. ¡Va! ¿Sí?") == ["A $18.50 MXN hoy.", "¡Va!", "¿Sí?"]


@pytest.mark.parametrize(
    ("price", "language", "parts"),
    [
        ("35 MXN", "es", ("a solo", "$35", "", "MXN")),
        ("18.50 MXN", "en", ("only", "$18", "50", "MXN")),
        ("2 for 30 MXN", "es", ("2 por", "$30", "", "MXN")),
        ("2 for 30 MXN", "en", ("2 for", "$30", "", "MXN")),
        ("1.25 USD", "en", ("only", "$1", "25", "USD")),
        ("123456.05 MXN", "es", ("a solo", "$123456", "05", "MXN")),
    ],
)
def test_a_price_is_printed_exactly(price, language, parts):
    words = price_words(Money.parse(price), language)
    assert (words.before, words.figure, words.decimals, words.below) == parts


def test_the_pack_line_is_in_the_briefs_language():
    values = {"product": "Fanta", "variant": "strawberry", "size": "600 ml", "packaging": "can", "store": "corner shop"}
    es, en = (poster_words(brief(**values, language=language), "", CATALOG) for language in ("es", "en"))
    assert es.details == "Fresa · 600 ml · lata"
    assert en.details == "Strawberry · 600 ml · can"
    assert es.store.startswith("En tu ")
    assert en.store.startswith("At your ")


def test_an_offer_brings_its_terms_and_none_is_made_up():
    assert "Hasta agotar existencias." in poster_words(brief(offer="3 for 2"), "", CATALOG).small_print
    assert "While stocks last." in poster_words(brief(offer="3 for 2", language="en"), "", CATALOG).small_print
    own = poster_words(brief(offer="3 for 2", terms="Del 1 al 15 de mayo"), "", CATALOG).small_print
    assert own.startswith("Del 1 al 15 de mayo.")
    assert "existencias" not in poster_words(brief(price="18 MXN"), "", CATALOG).small_print


def test_an_offer_takes_the_badge_when_there_is_no_price_and_the_ribbon_when_there_is():
    alone = plan_poster(poster_words(brief(offer="3 for 2"), "", CATALOG), 0.3)
    beside = plan_poster(poster_words(brief(offer="3 for 2", price="18 MXN"), "", CATALOG), 0.3)
    assert alone.badge.figure.lines == ("3x2",)
    assert alone.ribbon is None
    assert beside.badge.figure.lines == ("$18",)
    assert beside.ribbon.block.lines == ("3x2",)


@pytest.mark.parametrize(("kind", "value"), [("layout", "zigzag"), ("format", "2:7")])
def test_an_unknown_layout_or_format_names_the_choices(kind, value):
    with pytest.raises(ValueError, match="choose one of: "):
        plan_poster(poster_words(brief(), "", CATALOG), 0.3, **{kind: value})


def made(seed=0, **values):
    full = brief(**{"size": "2 L", "packaging": "glass bottle", "price": "35 MXN", "store": "corner shop", **values})
    shot = draw_packshot(full.product, full.packaging, full.size, full.variant, CATALOG, 700)
    return compose_poster(scene(), 0.68, shot, full, TEXTS[2], CATALOG, seed=seed)


def test_a_poster_is_made_twice_the_same_and_looks_as_it_did():
    first = made()
    assert first.mode == "RGB"
    assert first.size == (PIXELS, PIXELS)
    assert first.tobytes() == made().tobytes()
    small = np.asarray(first.resize((150, 150), Image.Resampling.BOX), dtype=float)
    assert np.abs(small - np.asarray(Image.open(GOLDEN), dtype=float)).mean() < 4.0


def test_the_words_reach_the_paper():
    with_price, without = np.asarray(made(), dtype=int), np.asarray(made(price=None), dtype=int)
    plan = plan_poster(poster_words(brief(price="35 MXN", size="2 L"), TEXTS[2], CATALOG), 0.3)
    scale = PIXELS / plan.width
    box = plan.badge.box
    area = np.s_[int(box.top * scale) : int(box.bottom * scale), int(box.left * scale) : int(box.right * scale)]
    assert np.abs(with_price[area] - without[area]).mean() > 20


def test_every_other_poster_stands_the_other_way_round():
    words = poster_words(brief(price="35 MXN", offer="3 for 2"), TEXTS[2], CATALOG)
    plan, turned = plan_poster(words, 0.3), plan_poster(words, 0.3, mirrored=True)
    assert plan.product.left > plan.width / 2 > turned.product.right
    assert turned.badge.box == plan.badge.box.mirrored()
    assert turned.name.box == plan.name.box
    assert made(seed=1).tobytes() != made(seed=2).tobytes()


def test_a_scene_that_shows_the_product_itself_needs_no_packshot():
    poster = compose_poster(scene(), 0.68, None, brief(price="18 MXN"), TEXTS[2], CATALOG)
    assert poster.size == (PIXELS, PIXELS)


@pytest.mark.parametrize("surface_y", [0.4, 0.68, 0.95])
def test_the_scene_covers_the_paper_wherever_its_surface_begins(surface_y):
    from pipelines.poster import _backdrop

    plan = plan_poster(poster_words(brief(), "", CATALOG), 0.3)
    wide = Image.new("RGB", (300, 200), "#FFFFFF")
    assert _backdrop(wide, surface_y, plan, 0.5).size == (540, 540)
    assert np.asarray(_backdrop(wide, surface_y, plan, 0.5)).min() > 200


def test_a_point_in_the_products_name_does_not_cut_the_headline():
    brief = Brief.from_dict({"product": "Dr. Pepper", "price": "18.50 MXN", "marked": ["product"]})
    words = poster_words(brief, "¿Se te antoja Dr. Pepper? Está a solo $18.50 MXN.", default_catalog())
    assert words.headline == "¿Se te antoja Dr. Pepper?"


def test_an_opening_that_states_the_price_gives_way_to_one_that_does_not():
    brief = Brief.from_dict({"product": "Sprite", "price": "18 MXN"})
    words = poster_words(brief, "Sprite a solo $18 MXN hoy. ¡Date un respiro!", default_catalog())
    assert words.headline == "¡Date un respiro!"
