"""Plans: whatever the brief holds, in every layout and format, no word leaves its ground or meets another thing."""

import itertools
import math
import random
from collections import Counter

import pytest

from pipelines.lettering import TextBlock
from pipelines.looks import article
from pipelines.poster import packshot_height
from pipelines.poster_fit import LEAST_BODY, fit_body
from pipelines.poster_layouts import caption_room
from pipelines.poster_parts import WIDTH, PosterPlan, Rect, Shape, Words, collide
from pipelines.poster_plan import FORMATS, LAYOUTS, plan_poster
from pipelines.poster_words import PosterWords, poster_words
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.schema import STORES

CATALOG = default_catalog()
SHEETS = list(itertools.product(LAYOUTS, FORMATS))

# Random briefs --------------------------------------------------------------------------------------------------------

STRANGERS = (
    "Jarritos de tamarindo",
    "Boing",
    "Refresco artesanal de guayaba con jamaica de Doña Esperanza",
    "Agua mineral con gas natural del manantial de Tehuacán",
)
OWN_STORES = (
    "la tienda de la esquina junto a la parroquia",
    "Abarrotes y Vinos La Guadalupana de San Juan de los Lagos, sucursal centro",
    "mi puesto",
    "Supercalifragilisticoespialidoso",
    "Food court at the International Business and Convention Center, second floor",
)
OFFERS = (
    None,
    "3 for 2",
    "2 for 1",
    "20% off the second",
    "12.5% off",
    "free bottle opener with 2",
    "free termo conmemorativo de acero inoxidable with 12",
    "combo with chips",
    "combo with torta ahogada y una orden de papas",
    "loyalty card 10",
    "other: trae tu envase vacío y llévate el segundo a mitad de precio todo el mes",
    "other: electroencefalografistas gratis",
)
PRICES = (
    None, "9 MXN", "18.50 MXN", "35 MXN", "2 for 30 MXN", "3 for 99.90 MXN", "12 for 999999 MXN", "123456.78 MXN",
    "999999.99 MXN", "1.25 USD", "123456.78 USD", "24 for 123456.78 USD", "0.50 USD", "1111 MXN",
)  # fmt: skip
SIZES = (None, "235 ml", "600 ml", "2.5 L", "12 oz", "6-pack 355 ml", "24-pack 1.25 L", "12-pack")
PACKAGINGS = (None, "glass bottle", "plastic bottle", "returnable bottle", "can", "carton")
TERMS = (
    None,
    "Del 1 al 15 de mayo",
    "Válido del 1 al 15 de mayo de 2027 en tiendas participantes, máximo 3 piezas por cliente, no acumulable con otras promociones",
)
TEXTS = (
    "",
    "¡Va!",
    "¡Sol, arena y sed! Llévate tu Coca-Cola de 2 L a solo $35 MXN en tu tiendita. El mar espera.",
    "Para esos días de calor en los que nada quita la sed llegó el sabor de siempre a tu mesa y a tu barrio",
    "Electroencefalografistas supercalifragilísticos",
    "Brindemos por los que siempre están. Uno. Dos. Tres. Cuatro frases más que dicen poco y ocupan mucho lugar en el papel. Y otra.",
    "¿Calor? "
    + "Una frase bastante larga que sigue y sigue sin terminar nunca de contar lo que quiere contar, " * 4
    + "y ya.",
    "Breakfast tastes better together. Grab a Del Valle 1 L for $28 MXN at your supermarket, while the coffee is still hot.",
)


def random_brief(dice: random.Random, number: int) -> Brief:
    """A brief drawn at random; products go round, so that every one is among any 30 in a row."""
    names = (*CATALOG.products, *STRANGERS)
    name = names[number % len(names)]
    flavours = list(CATALOG.products[name].flavours) if name in CATALOG.products else ["maracuyá con chile piquín"]
    packs = [str(p.size) for p in CATALOG.products[name].packs] if name in CATALOG.products else []
    values = {
        "product": name,
        "size": dice.choice([*SIZES, *packs]),
        "packaging": dice.choice(PACKAGINGS),
        "price": dice.choice(PRICES),
        "store": dice.choice([None, *STORES, *OWN_STORES, *OWN_STORES]),
        "offer": dice.choice(OFFERS),
        "terms": dice.choice(TERMS),
        "variant": dice.choice([None, *flavours]),
        "language": dice.choice(("es", "en")),
    }
    return Brief.from_dict({key: value for key, value in values.items() if value is not None})


def random_aspect(dice: random.Random) -> float | None:
    """Width over height of everything that is drawn or photographed: slim bottles to wide packs; None is no packshot."""
    return dice.choice([None, 0.18, 0.24, 0.3, 0.36, 0.42, 0.54, 0.7, 0.84, 0.86, 1.0, 1.4, 2.0, 2.8, 4.0])


# What must hold -------------------------------------------------------------------------------------------------------


def outline(shape: Shape) -> tuple[tuple[float, float], ...]:
    (x, y), w, h = shape.box.centre, shape.box.width / 2, shape.box.height / 2
    if shape.kind in ("disc", "burst"):
        share = 1.0 if shape.kind == "disc" else 0.9
        steps = [2 * math.pi * i / 40 for i in range(40)]
        return tuple((x + w * share * math.cos(a), y + h * share * math.sin(a)) for a in steps)
    turn = math.radians(shape.tilt)
    cos, sin = math.cos(turn), math.sin(turn)
    return tuple(
        (x + p * w * cos - q * h * sin, y + p * w * sin + q * h * cos) for p, q in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )


def carries(shape: Shape, words: Words) -> bool:
    """Whether the words lie on the shape whole."""
    (x, y), (cx, cy) = words.centre, shape.box.centre
    if shape.kind in ("disc", "burst"):
        reach = 0.95 if shape.kind == "disc" else 0.87
        w, h = shape.box.width / 2 * reach, shape.box.height / 2 * reach
        return all(((px - cx) / w) ** 2 + ((py - cy) / h) ** 2 <= 1.01 for px, py in words.corners)
    if shape.tilt != words.tilt:
        return False
    turn = -math.radians(shape.tilt)
    dx = (x - cx) * math.cos(turn) - (y - cy) * math.sin(turn)
    dy = (x - cx) * math.sin(turn) + (y - cy) * math.cos(turn)
    half_w, half_h = words.block.width / 2, words.block.height / 2
    return abs(dx) + half_w <= shape.box.width / 2 + 0.5 and abs(dy) + half_h <= shape.box.height / 2 + 0.5


def faults(plan: PosterPlan) -> list[str]:
    """Everything that is wrong with a plan, in words; nothing should be."""
    found = []
    page, safe = Rect(0, 0, WIDTH, plan.height).inset(8), plan.safe
    words, shapes = plan.part.words, plan.part.shapes
    for w in words:
        if not w.block.lines or min(w.block.width, w.block.height) <= 0:
            found.append(f"{w.name} is empty")
            continue
        if not w.box.inside(page):
            found.append(f"{w.name} leaves the paper")
        if w.box.top < safe.top - 0.5 or w.box.bottom > safe.bottom + 0.5:
            found.append(f"{w.name} lies under a phone's buttons")
        if plan.product and collide(w.corners, plan.product.corners):
            found.append(f"{w.name} meets the product")
        own = None
        if w.style == "cut":
            if not w.box.inside(plan.window):
                found.append(f"{w.name} leaves the picture")
        else:
            own = next((s for s in shapes if s.ink == w.ground and carries(s, w)), None)
            if own is None and w.ground != "paper":
                found.append(f"{w.name} does not lie on {w.ground}")
            if own is None and w.ground == "paper" and collide(w.corners, plan.window.corners):
                found.append(f"{w.name} is set on paper and meets the picture")
        for s in shapes:
            under = own is not None and own.box.inside(s.box)  # a strip on a field, a card on a card
            if s is not own and not under and collide(w.corners, outline(s)):
                found.append(f"{w.name} meets a {s.ink} {s.kind}")
    for a, b in itertools.combinations(words, 2):
        if collide(a.corners, b.corners):
            found.append(f"{a.name} meets {b.name}")
    for s in shapes:
        if not Rect(*s.box.corners[0], *s.box.corners[2]).inside(Rect(0, 0, WIDTH, plan.height)):
            found.append(f"the {s.ink} {s.kind} leaves the paper")
        if plan.product and s.kind != "burst" and collide(outline(s), plan.product.corners):
            found.append(f"the product meets a {s.ink} {s.kind}")
    if plan.product and not plan.product.inside(plan.window):
        found.append("the product leaves the picture")
    if plan.product and not plan.window.top < plan.surface < plan.product.bottom:
        found.append("the product does not stand on the surface")
    return found


LEAST = {
    "headline": 30.0,
    "price": 44.0,
    "price_before": 11.0,
    "price_below": 11.0,
    "name": 19.0,
    "details": 17.0,
    "store": 16.0,
    "offer": 19.0,
    "small_print": 12.5,
    "body": LEAST_BODY,
}
"""Type sizes that even the longest words keep (plan units; 1080 are the paper's width)."""


def test_no_word_overflows_or_collides_in_random_briefs_of_every_layout_and_format() -> None:
    check_random(24, seed=1)


@pytest.mark.slow
def test_no_word_overflows_or_collides_in_5000_random_briefs_of_every_layout_and_format() -> None:
    check_random(5000, seed=2)


def check_random(count: int, seed: int) -> None:
    dice = random.Random(seed)
    seen: Counter[str] = Counter()
    example: dict[str, str] = {}
    for number in range(count):
        brief, text, aspect = random_brief(dice, number), dice.choice(TEXTS), random_aspect(dice)
        words = poster_words(brief, text, CATALOG)
        for layout, format in SHEETS:
            plan = plan_poster(words, aspect, layout=layout, format=format, mirrored=dice.random() < 0.5)
            wrong = faults(plan) + missing(plan, words)
            wrong += [f"{w.name} is too small" for w in plan.part.words if w.block.face.size < LEAST.get(w.name, 0)]
            for fault in wrong:
                key = f"{layout} {format}: {fault}"
                seen[key] += 1
                example.setdefault(key, f"aspect {aspect}, {brief}, {text[:40]!r}")
    report = "\n".join(f"{n} x {key} ({example[key]})" for key, n in seen.most_common(25))
    assert not seen, f"{sum(seen.values())} faults in {count * len(SHEETS)} plans:\n{report}"


def missing(plan: PosterPlan, words: PosterWords) -> list[str]:
    """What the words hold and the plan leaves out."""
    wanted = {
        "headline": words.headline, "name": words.product, "details": words.details, "store": words.store,
        "small_print": words.small_print,
    }  # fmt: skip
    if words.price:
        wanted |= {"price": words.price.figure, "price_decimals": words.price.decimals, "price_before": words.price.before,
                   "price_below": words.price.below, "offer": words.offer}  # fmt: skip
    elif words.offer_big:
        wanted |= {"price": words.offer_big, "price_below": words.offer_rest}
    else:
        wanted |= {"offer": words.offer}
    printed = {w.name: " ".join(w.block.lines) for w in plan.part.words}
    return [
        f"{name} says {printed.get(name)!r} for {text!r}"
        for name, text in wanted.items()
        if text and printed.get(name) != text
    ]


# Single cases ---------------------------------------------------------------------------------------------------------


def plan_of(
    layout: str = "hero",
    format: str = "1:1",
    text: str = TEXTS[2],
    aspect: float | None = 0.3,
    mirrored: bool = False,
    **values: str,
) -> PosterPlan:
    brief = Brief.from_dict({"product": "Coca-Cola", **values})
    return plan_poster(poster_words(brief, text, CATALOG), aspect, layout=layout, format=format, mirrored=mirrored)


def test_the_checker_itself_finds_what_is_wrong() -> None:
    from dataclasses import replace

    plan = plan_of(price="35 MXN", store="corner shop")
    assert faults(plan) == []
    name = plan.find("name")
    assert name is not None
    others = tuple(w for w in plan.part.words if w is not name)

    def with_name(**changes: object) -> PosterPlan:
        return replace(plan, part=replace(plan.part, words=(*others, replace(name, **changes))))

    assert "name leaves the paper" in faults(with_name(centre=(1070.0, name.centre[1])))
    assert "small_print meets name" in faults(with_name(centre=plan.find("small_print").centre))  # type: ignore[union-attr]
    assert "name meets the product" in faults(with_name(centre=plan.product.centre))  # type: ignore[union-attr]
    assert "name does not lie on deep" in faults(with_name(ground="deep"))
    assert "name is empty" in faults(with_name(block=TextBlock((), name.block.face, 1)))


@pytest.mark.parametrize(("layout", "format"), SHEETS)
def test_type_is_large_enough_to_read_across_a_street(layout: str, format: str) -> None:
    plan = plan_of(layout, format, price="35 MXN", size="2 L", packaging="glass bottle", store="corner shop")
    assert plan.find("price").block.face.size >= 140  # type: ignore[union-attr]
    assert plan.find("headline").block.face.size >= 60  # type: ignore[union-attr]
    assert plan.find("name").block.face.size >= 42  # type: ignore[union-attr]
    assert plan.find("small_print").block.face.size >= 15  # type: ignore[union-attr]
    assert plan.product.height >= 0.27 * plan.height  # type: ignore[union-attr]


@pytest.mark.parametrize(("layout", "format"), SHEETS)
def test_every_other_poster_stands_the_other_way_round(layout: str, format: str) -> None:
    plan, turned = (plan_of(layout, format, price="18.50 MXN", offer="3 for 2", mirrored=m) for m in (False, True))
    assert turned.product == plan.product.mirrored()  # type: ignore[union-attr]
    assert turned.window == plan.window.mirrored()
    assert turned.find("name") == plan.find("name")
    figure, decimals = turned.find("price"), turned.find("price_decimals")
    assert figure.box.right <= decimals.box.left + 1  # type: ignore[union-attr]


def test_an_offer_takes_the_badge_when_there_is_no_price_and_the_strip_when_there_is() -> None:
    for layout, format in SHEETS:
        alone, beside = (
            plan_of(layout, format, offer="3 for 2"),
            plan_of(layout, format, offer="3 for 2", price="18 MXN"),
        )
        assert alone.find("price").block.lines == ("3x2",)  # type: ignore[union-attr]
        assert alone.find("offer") is None
        assert beside.find("price").block.lines == ("$18",)  # type: ignore[union-attr]
        assert beside.find("offer").block.lines == ("3x2",)  # type: ignore[union-attr]


def test_only_the_story_tells_more_of_the_text_and_only_in_whole_sentences() -> None:
    for format in FORMATS:
        told = plan_of("story", format, price="35 MXN").find("body")
        assert told is not None
        assert " ".join(told.block.lines).endswith("El mar espera.")
        assert all(plan_of(layout, format).find("body") is None for layout in LAYOUTS if layout != "story")


def test_text_too_long_for_its_room_loses_its_last_sentences_and_never_half_of_one() -> None:
    sentences = (
        "Una frase corta.",
        "Otra frase, algo más larga que la primera.",
        "Y la tercera, que ya no cabe en ninguna parte.",
    )
    heights = (10.0, 40.0, 80.0, 130.0, 200.0, 400.0)
    told = [fit_body(sentences, Rect(0, 0, 320, h), "key", "paper") for h in heights]
    texts = [" ".join(w.block.lines) if w else "" for w in told]
    assert texts[0] == ""
    assert texts[-1] == " ".join(sentences)
    assert set(texts) <= {" ".join(sentences[:n]) for n in range(4)}
    assert len(set(texts)) >= 3


def test_a_figure_and_its_unit_stay_on_one_line() -> None:
    for layout, format in SHEETS:
        plan = plan_of(layout, format, text="Lleva hoy tu refresco de 2 L por $35 MXN y otro de 600 ml, 2 por $30 MXN")
        for words in plan.part.words:
            assert not any(
                line.startswith(("L ", "MXN", "ml")) for line in words.block.lines if words.name != "price_below"
            )


@pytest.mark.parametrize("format", FORMATS)
def test_packshots_are_drawn_at_least_as_high_as_they_are_printed(format: str) -> None:
    for layout in LAYOUTS:
        tallest = max(
            plan_of(layout, format, text=text, aspect=aspect, price="35 MXN").product.height  # type: ignore[union-attr]
            for text in TEXTS
            for aspect in (0.15, 0.25, 0.36, 0.54, 0.9, 1.5)
        )
        scale = FORMATS[format].pixels[0] / WIDTH
        assert tallest * scale <= packshot_height(layout, format) <= tallest * scale * 1.1


@pytest.mark.parametrize(("kind", "value"), [("layout", "zigzag"), ("format", "2:7")])
def test_an_unknown_layout_or_format_names_the_choices(kind: str, value: str) -> None:
    choices = ", ".join(LAYOUTS if kind == "layout" else FORMATS)
    with pytest.raises(ValueError, match=f"choose one of: {choices}"):
        plan_poster(poster_words(Brief("Ciel"), "", CATALOG), 0.3, **{kind: value})
    with pytest.raises(ValueError, match=f"choose one of: {choices}"):
        packshot_height(**{"layout": "hero", "format": "1:1", kind: value})


def test_the_sheets_have_the_promised_sizes() -> None:
    assert {name: sheet.pixels for name, sheet in FORMATS.items()} == {
        "1:1": (1200, 1200), "4:5": (1200, 1500), "9:16": (1080, 1920), "a4": (2480, 3508),
    }  # fmt: skip
    assert FORMATS["a4"].dpi == 300
    assert all(Rect(0, 0, WIDTH, sheet.height).inset(8).top < caption_room(sheet).top for sheet in FORMATS.values())


def test_the_random_briefs_hold_every_product_packaging_price_and_offer() -> None:
    dice = random.Random(2)
    briefs = [random_brief(dice, n) for n in range(1500)]
    assert {b.product for b in briefs} >= set(CATALOG.products)
    assert {b.packaging for b in briefs} == set(PACKAGINGS)
    assert {b.offer.kind for b in briefs if b.offer} == {
        "n_for_m",
        "percent_second",
        "percent",
        "gift",
        "combo",
        "loyalty",
        "other",
    }
    assert {(b.price.currency, b.price.quantity > 1, b.price.amount > 99_999) for b in briefs if b.price} >= {
        ("MXN", False, True), ("USD", False, True), ("MXN", True, True), ("USD", True, True), ("MXN", True, False),
    }  # fmt: skip
    assert any(b.size and b.size.count > 1 for b in briefs)
    assert any(b.store in OWN_STORES for b in briefs)
    assert {b.language for b in briefs} == {"es", "en"}
    assert all(article(b.product, b.packaging, b.size, b.variant, CATALOG) for b in briefs[:50])
