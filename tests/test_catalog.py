"""The catalogue file: complete, coherent, and refused with the place when it is not."""

import re

import pytest
import yaml

from slots.catalog import CATALOG_PATH, CatalogError, default_catalog, load_catalog
from slots.numbers import fold
from slots.schema import CLOSED, LANGUAGES

NAMES = (
    "Coca-Cola", "Coca-Cola Sin Azúcar", "Coca-Cola Light", "Sprite", "Fanta", "Fresca", "Sidral Mundet", "Ciel", "Ciel Mineralizada", "Topo Chico",
    "Del Valle", "Powerade", "Fuze Tea", "Santa Clara", "Monster", "Sprite Zero", "Manzana Lift", "Joya", "Delaware Punch", "Dasani", "Smartwater",
    "Topo Chico Sabores", "Minute Maid", "Vitaminwater", "AdeS", "Dr Pepper",
)  # fmt: skip
CATALOG = default_catalog()


def test_all_products_of_the_bottler_are_there():
    assert set(NAMES) <= set(CATALOG.products)


@pytest.mark.parametrize("name", NAMES)
def test_a_product_has_packs_with_a_cost_below_the_price_and_drawable_colours(name):
    product = CATALOG.products[name]
    assert product.packs
    assert all(0 < p.cost < p.price for p in product.packs)
    for colour in (
        product.look.label,
        product.look.accent,
        product.look.text,
        product.look.liquid,
        product.look.cap,
        product.look.glass,
    ):
        assert re.fullmatch(r"#[0-9A-F]{6}", colour)
    assert product.look.shape in {"contour", "straight", "sport", "grip", "slender", "jug"}


def test_no_pack_is_listed_twice():
    for product in CATALOG.products.values():
        keys = [(p.packaging, str(p.size)) for p in product.packs]
        assert len(keys) == len(set(keys)), product.name


@pytest.mark.parametrize("slot", CLOSED)
def test_every_label_has_words_and_a_display_in_both_languages(slot):
    for label in CATALOG.labels(slot).values():
        for language in LANGUAGES:
            assert label.words[language], label.name
            assert label.display[language], label.name


@pytest.mark.parametrize("slot", CLOSED)
def test_no_synonym_of_one_language_means_two_labels_of_a_slot(slot):
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for label in CATALOG.labels(slot).values():
            for words in label.words[language]:
                assert seen.setdefault(fold(words), label.name) == label.name, words


def test_prices_cite_their_source():
    assert "PROFECO" in CATALOG.source


def test_sizes_come_smallest_first_and_packagings_in_schema_order():
    coke = CATALOG.products["Coca-Cola"]
    volumes = [s.millilitres for s in coke.sizes("plastic bottle")]
    assert volumes == sorted(volumes)
    assert coke.packagings() == ("glass bottle", "plastic bottle", "returnable bottle", "can")


def _broken(tmp_path, change):
    raw = yaml.safe_load(CATALOG_PATH.read_text(encoding="utf-8"))
    change(raw)
    path = tmp_path / "catalog.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "names"),
    [(lambda raw: raw["products"][0]["packs"][0].update(packaging="bucket"), "bucket"), (lambda raw: raw["products"][3].pop("look"), "Sprite"),
     (lambda raw: raw["stores"].pop("bar"), "bar"), (lambda raw: raw["environments"]["beach"].pop("display"), "beach"),
     (lambda raw: raw["products"][0]["packs"][0].update(size="huge"), "Coca-Cola"), (lambda raw: raw["products"][0].update(words={"fr": []}), "Coca-Cola")],
)  # fmt: skip
def test_a_damaged_catalogue_is_refused_by_the_place(tmp_path, change, names):
    with pytest.raises(CatalogError, match=names):
        load_catalog(_broken(tmp_path, change))


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    with pytest.raises(CatalogError, match=r"nowhere\.yaml"):
        load_catalog(tmp_path / "nowhere.yaml")
    bad = tmp_path / "bad.yaml"
    bad.write_text("a: [1", encoding="utf-8")
    with pytest.raises(CatalogError, match="not valid YAML"):
        load_catalog(bad)


def test_a_product_added_to_the_file_is_recognised_without_training(tmp_path):
    from slots.extract import extract

    def add(raw):
        raw["products"].append({**raw["products"][3], "name": "Mezcalina Cola", "words": {"es": ["mezcalinita"]}})

    catalog = load_catalog(_broken(tmp_path, add))
    assert extract("una mezcalinita de 600", None, None, catalog, stage="rules").slots["product"] == "Mezcalina Cola"
