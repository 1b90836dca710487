"""The catalogue: products, packagings, stores and environments with their labels, synonyms, prices and looks.

Read from `assets/catalog.yaml`, which a user can edit: extraction check, quick replies, corpus and packshots all read
it. Knows nothing of messages or of drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from slots.schema import CLOSED, ENVIRONMENTS, PACKAGINGS, PROMOTIONS, STORES, Language
from slots.values import Size

PHRASES_NAME = "phrases.yaml"
CATALOG_PATH = Path(__file__).resolve().parent.parent / "assets" / "catalog.yaml"

Words = Mapping[Language, tuple[str, ...]]
"""Synonyms by language."""


class CatalogError(ValueError):
    """The catalogue file cannot be read or holds something invalid; the message names the place and the cure."""


@dataclass(frozen=True)
class Look:
    """How a packshot is drawn: colours are `#RRGGBB`, `font` is a file stem in assets/fonts."""

    word_mark: str
    font: str
    label: str
    accent: str
    text: str
    liquid: str
    cap: str
    glass: str = "#E8F2F0"
    shape: str = "straight"
    """Bottle outline: contour, straight, sport, grip, slender, jug."""
    sub: str = ""
    """The small second line of the label."""


@dataclass(frozen=True)
class Pack:
    """One thing on the shelf. Price and unit cost in MXN, taxes included."""

    packaging: str
    size: Size
    price: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Flavour:
    """A variant of a product; it picks liquid and label. `look` overrides fields of the product's Look."""

    name: str
    words: Words
    look: Mapping[str, str]


@dataclass(frozen=True)
class Product:
    """One brand of the bottler."""

    name: str
    words: Words
    kind: str
    """cola, lemon-lime, fruit soda, water, mineral water, juice, tea, sports, energy, dairy, soy, vitamin water."""
    sugary: bool
    packs: tuple[Pack, ...]
    look: Look
    flavours: Mapping[str, Flavour] = field(default_factory=dict)

    def sizes(self, packaging: str | None = None) -> tuple[Size, ...]:
        """The sizes sold, without repeats, smallest first; of one packaging when given."""
        found = {p.size for p in self.packs if packaging in (None, p.packaging)}
        return tuple(sorted(found, key=lambda s: (s.count, s.millilitres or 0)))

    def packagings(self) -> tuple[str, ...]:
        """The packagings sold, in schema order."""
        return tuple(p for p in PACKAGINGS if any(p == q.packaging for q in self.packs))


@dataclass(frozen=True)
class Label:
    """A closed label with its synonyms, and how it reads in running text in each language."""

    name: str
    words: Words
    display: Mapping[Language, str]
    """The bare name on a screen: `tiendita`, `corner shop`."""


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything in the catalogue file. Compared by identity, so that an index of it can be kept beside it."""

    products: Mapping[str, Product]
    promotions: Mapping[str, Label]
    packagings: Mapping[str, Label]
    stores: Mapping[str, Label]
    environments: Mapping[str, Label]
    competitors: Mapping[str, tuple[str, ...]]
    """Other companies' soft drinks: name as it is kept, and how people type it."""
    source: str = ""
    phrases: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    """Longer turns of phrase by slot and label (`phrases.yaml` beside the catalogue); found like synonyms."""

    def labels(self, slot: str) -> Mapping[str, Label]:
        """The labels of a closed slot (promotion, packaging, store, environment)."""
        return {
            "promotion": self.promotions,
            "packaging": self.packagings,
            "store": self.stores,
            "environment": self.environments,
        }[slot]

    def display(self, slot: str, value: str, language: Language) -> str:
        """How a slot's canonical value reads on a screen."""
        if slot in CLOSED and value in self.labels(slot):
            return self.labels(slot)[value].display[language]
        return value


def _words(raw: Any, where: str) -> Words:
    if raw is None:
        return {"es": (), "en": ()}
    if not isinstance(raw, dict) or set(raw) - {"es", "en", "both"}:
        raise CatalogError(f"{where}: synonyms must be lists under 'es', 'en' or 'both'")
    both = tuple(str(w) for w in raw.get("both") or ())
    return {lang: both + tuple(str(w) for w in raw.get(lang) or ()) for lang in ("es", "en")}


def _labels(raw: Any, names: tuple[str, ...], where: str) -> dict[str, Label]:
    raw = raw or {}
    missing, unknown = sorted(set(names) - set(raw)), sorted(set(raw) - set(names))
    if missing or unknown:
        raise CatalogError(f"{where}: missing {missing}, unknown {unknown}; the labels are those of slots/schema.py")
    labels = {}
    for name in names:
        entry = dict(raw[name])
        display = entry.pop("display", None) or {}
        if set(display) != {"es", "en"}:
            raise CatalogError(f"{where}.{name}: 'display' needs 'es' and 'en'")
        labels[name] = Label(name, _words(entry, f"{where}.{name}"), {k: str(v) for k, v in display.items()})
    return labels


def _product(raw: Any, where: str) -> Product:
    try:
        look = Look(**{k: str(v) for k, v in raw["look"].items()})
        packs = tuple(
            Pack(p["packaging"], Size.parse(str(p["size"])), Decimal(str(p["price"])), Decimal(str(p["cost"])))
            for p in raw["packs"]
        )
        bad = sorted({p.packaging for p in packs} - set(PACKAGINGS))
        if bad:
            raise CatalogError(f"{where}: unknown packaging {bad}; choose from {', '.join(PACKAGINGS)}")
        flavours = {
            name: Flavour(
                name, _words({k: v for k, v in f.items() if k != "look"}, f"{where}.{name}"), f.get("look") or {}
            )
            for name, f in (raw.get("flavours") or {}).items()
        }
        return Product(
            str(raw["name"]), _words(raw.get("words"), where), raw["kind"], bool(raw["sugary"]), packs, look, flavours
        )
    except CatalogError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise CatalogError(f"{where}: {type(error).__name__}: {error}; compare with a product that works") from error


def _read(path: Path, what: str) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogError(f"{what} {path}: {error.strerror}; restore it from the repository") from error
    except yaml.YAMLError as error:
        raise CatalogError(f"{what} {path} is not valid YAML: {error}") from error


def _phrases(path: Path) -> dict[str, dict[str, Words]]:
    """The turns of phrase beside a catalogue; none where the file is missing, which is allowed."""
    if not path.exists():
        return {}
    raw = _read(path, "phrases")
    slots = {"packagings": "packaging", "stores": "store", "environments": "environment", "promotions": "promotion"}
    if not isinstance(raw, dict) or set(raw) - set(slots):
        raise CatalogError(f"phrases {path}: expected {', '.join(slots)} at the top")
    found: dict[str, dict[str, Words]] = {}
    for part, labels in raw.items():
        unknown = sorted(set(labels or {}) - set(CLOSED[slots[part]]))
        if unknown:
            raise CatalogError(
                f"phrases {path}: {part} has unknown labels {unknown}; the labels are those of the catalogue"
            )
        found[slots[part]] = {
            name: _words(words, f"{path.name}: {part}.{name}") for name, words in (labels or {}).items()
        }
    return found


def load_catalog(path: Path | str = CATALOG_PATH) -> Catalog:
    """Reads and checks a catalogue file. Raises CatalogError that names the file, the entry and the cure."""
    path = Path(path)
    raw = _read(path, "catalogue")
    if not isinstance(raw, dict):
        raise CatalogError(f"catalogue {path}: expected products, packagings, stores, environments at the top")
    products = [
        _product(p, f"{path.name}: product {p.get('name', number)}") for number, p in enumerate(raw["products"])
    ]
    return Catalog(
        products={p.name: p for p in products},
        promotions=_labels(raw.get("promotions"), PROMOTIONS, "promotions"),
        packagings=_labels(raw.get("packagings"), PACKAGINGS, "packagings"),
        stores=_labels(raw.get("stores"), STORES, "stores"),
        environments=_labels(raw.get("environments"), ENVIRONMENTS, "environments"),
        competitors={str(k): tuple(str(w) for w in v or ()) for k, v in (raw.get("competitors") or {}).items()},
        source=str(raw.get("source") or ""),
        phrases=_phrases(path.with_name(PHRASES_NAME)),
    )


@cache
def default_catalog() -> Catalog:
    """The repository's catalogue, read once (it is immutable)."""
    return load_catalog()
