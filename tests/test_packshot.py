"""Packshots: every product in every packaging, true in proportion, sharp at print size, from the catalogue alone."""

from pathlib import Path

import numpy as np
import pytest
import skia
import yaml
from PIL import Image

from pipelines import draw, fruits, lettering, outlines
from pipelines.labels import SEEN, Artwork, draw_label
from pipelines.looks import article, flavour_colour, fruit_of
from pipelines.multipack import columns_rows, wrapping
from pipelines.packshot import draw_packshot, real_height
from slots.catalog import CATALOG_PATH, Look, default_catalog, load_catalog
from slots.schema import PACKAGINGS
from slots.values import Size

CATALOG = default_catalog()


def shot(product="Coca-Cola", packaging="glass bottle", size="355 ml", variant=None, height=220, seed=0):
    return draw_packshot(product, packaging, Size.parse(size) if size else None, variant, CATALOG, height, seed=seed)


@pytest.mark.parametrize("packaging", PACKAGINGS)
@pytest.mark.parametrize("product", [*CATALOG.products, "Jarritos de tamarindo"])
def test_every_product_draws_in_every_packaging_and_stands_on_the_last_row(product, packaging):
    image = shot(product, packaging, None, height=96)
    alpha = np.asarray(image.getchannel("A"))
    assert image.mode == "RGBA"
    assert image.height == 96
    assert (alpha > 128).mean() > 0.4
    assert alpha[-3:].max() > 128
    assert alpha[:, 0].max() > 0
    assert alpha[:, -1].max() > 0


@pytest.mark.parametrize("packaging", ["glass bottle", "can", "carton"])
def test_packshots_are_sharp_at_print_size(packaging):
    def on_grey(image):
        return Image.alpha_composite(Image.new("RGBA", image.size, "#808080"), image).convert("L")

    def sharpness(image):
        return np.quantile(np.abs(np.diff(np.asarray(image, dtype=float)[300:1700], axis=1)), 0.995)

    large = on_grey(shot(packaging=packaging, size=None, height=2000))
    blown = on_grey(shot(packaging=packaging, size=None, height=400)).resize(large.size, Image.Resampling.BICUBIC)
    assert sharpness(large) > 1.5 * sharpness(blown)


def test_the_same_call_gives_the_same_pixels_and_another_seed_other_drops():
    assert shot().tobytes() == shot().tobytes()
    assert shot().tobytes() != shot(seed=1).tobytes()


def test_a_large_bottle_is_wider_and_its_cap_smaller():
    small, large = outlines.bottle("plastic", "straight", 355), outlines.bottle("plastic", "straight", 3000)
    assert large.radius / large.height > small.radius / small.height
    assert large.cap / large.height < small.cap / small.height
    assert outlines.can(250).radius / outlines.can(250).height < outlines.can(355).radius / outlines.can(355).height


@pytest.mark.parametrize("millilitres", [50, 192, 235, 600, 1250, 3000, 10_000, 25_000])
@pytest.mark.parametrize("shape", ["contour", "straight", "sport", "grip", "slender", "jug", "unheard-of"])
@pytest.mark.parametrize("material", ["glass", "plastic"])
def test_a_profile_runs_down_without_loops(material, shape, millilitres):
    o = outlines.bottle(material, shape, millilitres)
    ys = [y for y, _ in o.profile]
    assert ys == sorted(set(ys))
    assert all(0 < r <= o.radius + 1e-9 for _, r in o.profile)
    assert o.cap < o.fill < o.label[0] < o.label[1] < o.height


def test_a_flavour_changes_the_drink_and_the_label_says_so():
    plain, strawberry = article("Fanta", None, None, None, CATALOG), article("Fanta", None, None, "strawberry", CATALOG)
    assert plain.look.liquid != strawberry.look.liquid
    assert strawberry.note == "FRESA"
    assert (
        shot("Fanta", "plastic bottle", "600 ml").tobytes()
        != shot("Fanta", "plastic bottle", "600 ml", "strawberry").tobytes()
    )


@pytest.mark.parametrize(
    ("words", "colour"), [("Jarritos de tamarindo", "#8A4B1E"), ("manzana verde", "#9BCB3C"), ("xyz", None)]
)
def test_a_name_tells_the_colour_of_the_drink(words, colour):
    assert flavour_colour(words) == colour


def test_another_companys_drink_has_its_name_as_word_mark():
    thing = article("Jarritos de tamarindo", "glass bottle", None, None, CATALOG)
    assert thing.look.word_mark == "Jarritos de tamarindo"


@pytest.mark.parametrize(
    ("count", "shape"),
    [(2, (2, 1)), (4, (2, 2)), (5, (3, 2)), (6, (3, 2)), (8, (4, 2)), (12, (4, 3)), (24, (6, 4)), (100, (6, 4))],
)
def test_a_pack_stands_in_rows(count, shape):
    assert columns_rows(count) == shape


def test_a_pack_is_wider_than_one_piece():
    one, six = shot(packaging="can", height=200), shot(packaging="can", size="6-pack 355 ml", height=200)
    assert six.height == 200
    assert six.width > 2 * one.width


@pytest.mark.parametrize("height", [0, 15, 6001])
def test_a_height_out_of_range_is_refused(height):
    with pytest.raises(ValueError, match="16 to 6000"):
        shot(height=height)


# Golden pictures -------------------------------------------------------------------------------------------------------

GOLDEN = Path(__file__).parent / "golden" / "packshots"
GOLDEN_HEIGHT = 200
SHOWN = {
    "contour-glass": ("Coca-Cola", "glass bottle", "355 ml", None),
    "contour-pet": ("Coca-Cola", "plastic bottle", "2.5 L", None),
    "printed-returnable": ("Sprite", "returnable bottle", "500 ml", None),
    "returnable-pet": ("Coca-Cola", "returnable bottle", "2 L", None),
    "flavour-pet": ("Fanta", "plastic bottle", "600 ml", "strawberry"),
    "sport": ("Powerade", "plastic bottle", "600 ml", None),
    "cooler": ("Ciel", "returnable bottle", "20 L", None),
    "slim-can": ("Sprite", "can", "235 ml", None),
    "sleek-can": ("Topo Chico", "can", "355 ml", None),
    "can": ("Fanta", "can", "355 ml", "grape"),
    "tall-can": ("Monster", "can", "473 ml", None),
    "brick": ("Del Valle", "carton", "200 ml", "guava"),
    "gable": ("Santa Clara", "carton", "1 L", "chocolate"),
    "sleeve": ("Coca-Cola Light", "can", "6-pack 355 ml", None),
    "basket": ("Topo Chico", "glass bottle", "6-pack 355 ml", None),
    "film": ("Ciel", "plastic bottle", "6-pack 600 ml", None),
}


def golden_picture(name):
    """The packshot on paper, so that transparency counts too. Write anew: `python -m tests.test_packshot`."""
    image = shot(*SHOWN[name], height=GOLDEN_HEIGHT)
    return Image.alpha_composite(Image.new("RGBA", image.size, "#F3ECDE"), image).convert("RGB")


@pytest.mark.parametrize("name", SHOWN)
def test_a_packshot_looks_as_it_was_approved(name):
    drawn, approved = golden_picture(name), Image.open(GOLDEN / f"{name}.png").convert("RGB")
    assert drawn.size == pytest.approx(approved.size, abs=1)
    apart = np.abs(np.asarray(drawn.resize(approved.size), dtype=float) - np.asarray(approved, dtype=float))
    assert apart.mean() < 4.0


# Proportions -----------------------------------------------------------------------------------------------------------


def packs():
    return [(p.name, k.packaging, k.size) for p in CATALOG.products.values() for k in p.packs]


def test_every_pack_of_the_catalogue_draws_and_none_looks_like_another():
    seen = {}
    for product, packaging, size in packs():
        tall = max(24, round(3 * real_height(product, packaging, size, None, CATALOG)))
        image = draw_packshot(product, packaging, size, None, CATALOG, tall)
        assert image.height == tall
        seen.setdefault((image.size, image.tobytes()), []).append((product, packaging, size))
    for same in seen.values():
        volumes = [size.millilitres or 0 for _, _, size in same]
        assert max(volumes) - min(volumes) <= 0.02 * max(volumes), same  # 12 oz is 355 ml
        assert len({(product, packaging, size.count) for product, packaging, size in same}) == 1, same


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        (lambda ml: outlines.bottle("glass", "contour", ml), (192, 235, 355, 500, 1000, 1250)),
        (lambda ml: outlines.bottle("plastic", "contour", ml), (250, 355, 600, 1000, 1500, 2000, 2500, 3000)),
        (lambda ml: outlines.bottle("plastic", "slender", ml), (355, 600, 1000, 1500, 2000)),
        (lambda ml: outlines.bottle("plastic", "sport", ml), (500, 600, 1000)),
        (lambda ml: outlines.bottle("plastic", "jug", ml), (5000, 10_000, 20_000)),
    ],
)
def test_more_drink_makes_a_bottle_taller_and_wider(make, sizes):
    bottles = [make(ml) for ml in sizes]
    assert [b.height for b in bottles] == sorted({b.height for b in bottles})
    assert [b.radius for b in bottles] == sorted({b.radius for b in bottles})


def test_from_600_ml_on_a_larger_plastic_bottle_is_stouter():
    ratios = [b.height / b.radius for b in (outlines.bottle("plastic", "contour", ml) for ml in range(600, 3001, 200))]
    assert ratios == sorted(ratios, reverse=True)


def volume(o, top):
    y = np.linspace(top, o.height, 1000)
    return float(np.trapezoid(np.pi * o.radii(y) ** 2, y))


@pytest.mark.parametrize("shape", ["contour", "straight", "slender", "grip", "sport"])
@pytest.mark.parametrize("millilitres", [355, 600, 1000, 2000, 3000])
def test_a_plastic_bottle_would_hold_what_it_says(shape, millilitres):
    o = outlines.bottle("plastic", shape, millilitres)
    assert 0.9 < volume(o, o.fill) / millilitres < 1.3


def test_a_glass_bottle_would_hold_what_it_says_with_its_thick_wall():
    for millilitres in (235, 355, 500, 1250):
        o = outlines.bottle("glass", "contour", millilitres)
        assert 1.05 < volume(o, o.fill) / millilitres < 1.5


def test_cans_are_slim_sleek_standard_and_tall():
    slim, sleek, standard, tall = outlines.can(235), outlines.can(355, sleek=True), outlines.can(355), outlines.can(473)
    assert slim.radius < sleek.radius < standard.radius == tall.radius
    assert standard.height < sleek.height
    assert standard.height < tall.height
    for o, millilitres in ((slim, 235), (sleek, 355), (standard, 355), (tall, 473)):
        assert 1.0 < volume(o, 0.3) / millilitres < 1.25


def test_a_returnable_bottle_differs_from_the_one_that_is_thrown_away():
    for size in ("500 ml", "2 L"):
        assert article("Coca-Cola", "returnable bottle", Size.parse(size), None, CATALOG).note == "RETORNABLE"
    worn, new = shot("Fanta", "returnable bottle", "2 L"), shot("Fanta", "plastic bottle", "2 L")
    assert worn.tobytes() != new.tobytes()


# A new product ---------------------------------------------------------------------------------------------------------


def test_a_new_product_is_a_few_lines_of_yaml(tmp_path):
    raw = yaml.safe_load(CATALOG_PATH.read_text(encoding="utf-8"))
    lines = """
        name: Brisa Azul
        kind: fruit soda
        sugary: true
        packs: [{packaging: plastic bottle, size: 600 ml, price: 15.00, cost: 10.80}]
        flavours: {tamarind: {es: [tamarindo], en: [tamarind], look: {liquid: "#8A4B1E"}}}
        look: {word_mark: Brisa Azul, font: LeckerliOne-Regular, label: "#00A0FF", accent: "#FFD000", text: "#FFFFFF",
               liquid: "#00E0A0", cap: "#FF00C8", shape: grip}
    """
    raw["products"] = [yaml.safe_load(lines)]
    path = tmp_path / "catalog.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    catalog = load_catalog(path)

    def drawn(variant=None, packaging="plastic bottle"):
        return draw_packshot("Brisa Azul", packaging, Size.parse("600 ml"), variant, catalog, 400)

    def share(image, colour):
        pixels = np.asarray(image).astype(int)
        return (np.abs(pixels[..., :3] - draw.rgb(colour)).max(axis=2) < 6).mean()

    plain, tamarind = drawn(), drawn("tamarind")
    for colour in ("#00A0FF", "#FFD000", "#FF00C8", "#00E0A0"):
        assert share(plain, colour) > 0.001, colour
    assert share(tamarind, "#8A4B1E") > 0.05 > share(plain, "#8A4B1E")
    assert article("Brisa Azul", None, None, "tamarind", catalog).fruit == "tamarind"
    assert share(drawn(packaging="can"), "#00A0FF") > 0.2


# Labels ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("font", lettering.fonts())
@pytest.mark.parametrize(
    "name", ["Ñu", "Coca-Cola", "POWERADE", "Agua Fresca de Jamaica con Limón y Chía", "Wwwwwwwwwwwwwww"]
)
@pytest.mark.parametrize("tall", [0.6, 1.0, 2.4])
def test_a_word_mark_never_leaves_its_part_of_the_label(font, name, tall):
    look = Look(name, font, "#C00000", "#C00000", "#FFFFFF", "#C00000", "#C00000", sub="SIN AZÚCAR")
    seen, scale = SEEN * 3, 20
    width, height = 12.0, seen * tall
    surface = draw.new_surface(round(width * scale), round(height * scale))
    canvas = surface.getCanvas()
    canvas.scale(scale, scale)
    canvas.translate(width / 2, 0)
    draw_label(canvas, Artwork(look, "cola", note="FRESA"), width, height, seen)
    pixels = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    rows, columns = np.nonzero(pixels[..., 1] > 150)
    assert rows.size > 50
    assert np.abs(columns / scale - width / 2).max() <= seen / 2 + 0.15
    assert 0.02 * height < rows.min() / scale
    assert rows.max() / scale < 0.75 * height


@pytest.mark.parametrize("name", fruits.FRUITS)
def test_every_fruit_keeps_to_its_circle(name):
    surface = draw.new_surface(200, 200)
    fruits.draw_fruit(surface.getCanvas(), name, 100, 100, 60)
    alpha = np.asarray(draw.to_pil(surface).getchannel("A"))
    assert (alpha > 128).mean() > 0.1
    assert alpha[0].max() == alpha[-1].max() == alpha[:, 0].max() == alpha[:, -1].max() == 0


def test_an_unknown_fruit_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="pineapple"):
        fruits.draw_fruit(draw.new_surface(10, 10).getCanvas(), "durian", 5, 5, 5)


@pytest.mark.parametrize(
    ("words", "fruit"),
    [("piña", "pineapple"), ("green apple", "green apple"), ("Jarritos de tamarindo", "tamarind"), ("Boing", "")],
)
def test_a_flavour_names_its_fruit(words, fruit):
    assert fruit_of(words) == fruit


# Packs -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("packaging", "count", "held"),
    [("can", 4, "ring"), ("can", 6, "sleeve"), ("can", 24, "tray"), ("glass bottle", 6, "basket"),
     ("plastic bottle", 6, "film"), ("carton", 3, "film")],
)  # fmt: skip
def test_a_pack_is_held_by_what_it_is_sold_in(packaging, count, held):
    assert wrapping(packaging, count) == held


@pytest.mark.parametrize("packaging", PACKAGINGS)
@pytest.mark.parametrize("count", [2, 4, 6, 8, 12, 24])
def test_a_pack_of_any_count_and_packaging_stands_on_the_last_row(packaging, count):
    image = draw_packshot("Fanta", packaging, Size.parse(f"{count}-pack 355 ml"), None, CATALOG, 120)
    assert image.height == 120
    assert np.asarray(image.getchannel("A"))[-2:].max() > 128


def test_packs_of_other_counts_say_so():
    six, eight = shot(packaging="can", size="6-pack 355 ml"), shot(packaging="can", size="8-pack 355 ml")
    assert six.tobytes() != eight.tobytes()


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for each in SHOWN:
        golden_picture(each).quantize(128, dither=Image.Dither.NONE).save(GOLDEN / f"{each}.png", optimize=True)
