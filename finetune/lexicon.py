"""The phrase lists behind the extraction corpus: `lexicon/es.yaml`, `lexicon/en.yaml`, joined with the catalogue's words.

Lists are written as semicolon-separated text, lower case and without accents, because the model reads folded text
(`slots.numbers.fold`). Knows nothing of how phrases become messages.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from finetune.families import Part, of_part
from slots.catalog import Catalog, load_catalog
from slots.numbers import fold
from slots.schema import Language

VOCABULARY = frozenset(
    {"product", "flavour", "competitor", "packaging", "package_noun", "store", "environment_place", "slot_name", "sheet_name",
     "person", "city", "name", "month", "weekday", "food", "filler", "skip"}
)  # fmt: skip
"""Lists of names rather than of phrasings: all parts of the corpus share them."""

FOLDER = Path(__file__).resolve().parent / "lexicon"

Phrases = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """One language's phrases: `lists["greeting"]`, `groups["store"]["bar"]`."""

    language: Language
    lists: dict[str, Phrases]
    groups: dict[str, dict[str, Phrases]]


def _split(text: str) -> Phrases:
    parts = (fold(" ".join(part.split()).strip('"')) for part in text.split(";"))
    return tuple(part for part in parts if part)


def _read(path: Path) -> dict[str, Any]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError(f"{path}: expected sections at the top, each a text or a group of texts")
    return raw


def _join(*lists: Phrases) -> Phrases:
    return tuple(dict.fromkeys(phrase for phrases in lists for phrase in phrases))


def read_lexicon(language: Language, catalog: Catalog | None) -> Lexicon:
    """Reads one language's lists and adds a catalogue's synonyms. Raises OSError, ValueError on a damaged file."""
    lists: dict[str, Phrases] = {}
    groups: dict[str, dict[str, Phrases]] = {}
    for name, part in _read(FOLDER / f"{language}.yaml").items():
        if isinstance(part, str):
            lists[name] = _split(part)
        else:
            groups[name] = {str(key): _split(text) for key, text in part.items()}
    if catalog:
        _add_catalog(groups, catalog, language)
    return Lexicon(language, lists, groups)


def part_of_lexicon(whole: Lexicon, part: Part) -> Lexicon:
    """The phrases that one part of the corpus may use."""
    lists = {name: p if name in VOCABULARY else tuple(of_part(p, part)) for name, p in whole.lists.items()}
    groups = {
        name: group if name in VOCABULARY else {key: tuple(of_part(p, part)) for key, p in group.items()}
        for name, group in whole.groups.items()
    }
    return Lexicon(whole.language, lists, groups)


@cache
def lexicon(language: Language, part: Part | None = None) -> Lexicon:
    """One language's phrases with those of the repository's catalogue, of one part or all, read once."""
    if part is None:
        return read_lexicon(language, load_catalog())
    return part_of_lexicon(lexicon(language), part)


def _add_catalog(groups: dict[str, dict[str, Phrases]], found: Catalog, language: Language) -> None:
    for name, product in found.products.items():
        words = tuple(fold(word) for word in (product.name, *product.words[language]))
        groups["product"][name] = _join(words, groups["product"].get(name, ()))
        flavours = tuple(fold(word) for flavour in product.flavours.values() for word in flavour.words[language])
        if flavours:
            groups["flavour"][name] = _join(flavours, groups["flavour"].get(name, ()))
    for name in set(groups["product"]) - set(found.products):
        del groups["product"][name]
    for name, typed in found.competitors.items():
        groups["competitor"][name] = _join((fold(name), *map(fold, typed)), groups["competitor"].get(name, ()))
