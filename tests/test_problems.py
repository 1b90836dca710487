"""What a page says of an error, in both languages; what a program is told."""

import ast
import errno
import re
import sqlite3
import string
from pathlib import Path
from typing import Any

import pytest

from pipelines import lab
from pipelines.backends.base import BackendError
from pipelines.cases.model import CaseError, NoCase
from pipelines.lab_briefs import read_brief, read_briefs
from pipelines.lab_errors import LabError
from pipelines.lab_settings import parse_axis, settings_of
from pipelines.models import ModelError
from pipelines.photo import PhotoError
from pipelines.records import RecordError
from pipelines.scene_judge import JudgeError
from pipelines.shares import ShareError
from pipelines.worded import WordedError
from slots.catalog import CatalogError, default_catalog
from slots.schema import LANGUAGES
from ui import lab_html
from ui.problems import KINDS, details, explain
from ui.results import reason_words

ROOT = Path(__file__).resolve().parent.parent
WORDED: tuple[type[WordedError], ...] = (LabError, ShareError)
ENGLISH = re.compile(r"\b(the|choose|must|cannot|there|which|write|save|again|is|are|not)\b", re.IGNORECASE)
SPANISH = re.compile(r"\b(el|la|los|las|una?|elige|pon|escribe|falta)\b", re.IGNORECASE)


def needed(template: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def raised(kind: type[WordedError]) -> list[tuple[str, int, str, set[str]]]:
    """(file, line, key, names of the values) wherever the program makes such an error."""
    found = []
    for path in [*ROOT.glob("pipelines/**/*.py"), *ROOT.glob("ui/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind.__name__:
                values = {str(word.arg) for word in node.keywords}
                for key in ast.walk(node.args[0]):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value in kind.WORDINGS:
                        found.append((path.name, node.lineno, key.value, values))
                if isinstance(node.args[0], ast.Constant):
                    assert node.args[0].value in kind.WORDINGS, f"{path.name}:{node.lineno}"
    return found


@pytest.mark.parametrize("kind", WORDED)
def test_every_key_is_worded_in_both_languages_and_raised_with_all_its_values(kind: type[WordedError]) -> None:
    used = raised(kind)
    assert {key for _, _, key, _ in used} == set(kind.WORDINGS)
    for file, line, key, values in used:
        for language in LANGUAGES:
            assert needed(kind.WORDINGS[key][language]) <= values, f"{file}:{line} {key} {language}"


@pytest.mark.parametrize("kind", WORDED)
def test_every_wording_is_in_its_language_and_fills(kind: type[WordedError]) -> None:
    for key, wordings in kind.WORDINGS.items():
        error = kind(key, **dict.fromkeys(needed(wordings["en"]) | needed(wordings["es"]), "0"))
        spanish = explain(error, "es")
        assert not ENGLISH.search(spanish), spanish
        assert not SPANISH.search(explain(error, "en")), key
        assert "{" not in spanish
        assert details(error) == str(error) == explain(error, "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "error",
    [
        ModelError("/srv/secret/model.safetensors is damaged: restore it"),
        BackendError("no text back end 'x'; choose one of: torch"),
        JudgeError("/srv/secret/judge cannot be read"),
        CatalogError("/srv/secret/catalog.yaml: line 3"),
        RecordError("cannot save promotion.json in /srv/secret"),
        NoCase("there is no case 'x'; see them with: python -m pipelines.cases list"),
        CaseError("/srv/secret/studio.sqlite3: disk I/O error"),
        ValueError("layout cannot be 'x'; choose one of: hero, split"),
        ZeroDivisionError("secret"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_other_error_has_a_sentence_that_names_no_file(error: Exception, language: Any) -> None:
    words = explain(error, language)
    assert "secret" not in words
    assert str(error) not in words
    assert bool(ENGLISH.search(words)) == (language == "en"), words


def test_every_class_has_a_sentence_of_its_own() -> None:
    for language in LANGUAGES:
        sentences = [explain(kind("x"), language) for kind, _ in KINDS]
        assert len(set(sentences)) == len(KINDS)


def test_an_error_that_is_shown_again_is_noted_once(caplog: pytest.LogCaptureFixture) -> None:
    error = ModelError("damaged")
    assert len({explain(error, "en") for _ in range(3)}) == 1
    assert [record.message for record in caplog.records] == ["damaged"]


def test_a_full_disk_is_told_as_one_whatever_stood_in_its_way() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    record, cases = RecordError("cannot save"), CaseError("x")
    record.__cause__ = full
    cases.__cause__ = sqlite3.OperationalError("database or disk is full")
    cases.__cause__.sqlite_errorcode = sqlite3.SQLITE_FULL
    for error in (full, record, cases):
        assert "disco está lleno" in explain(error, "es")
        assert "disk is full" in explain(error, "en")


def test_programs_are_told_the_english_message_with_its_cure() -> None:
    assert details(ModelError("restore assets/models/text")) == "restore assets/models/text"
    assert details(PhotoError("too large", "muy grande")) == "too large"
    assert "ZeroDivisionError" in details(ZeroDivisionError("secret"))


def test_every_reason_of_a_back_end_has_its_spanish_phrases() -> None:
    phrases = set()
    for name in ("registry", "torch_text", "torch_image"):
        for node in ast.walk(ast.parse((ROOT / f"pipelines/backends/{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
                reason = node.value.elts[1]
                if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                    phrases.add(reason.value)
    assert len(phrases) >= 10
    for phrase in phrases:
        spanish = reason_words(f"{phrase}; torch 2.13", "es")
        assert spanish.endswith("; torch 2.13")
        assert not ENGLISH.search(spanish), spanish
        assert spanish != reason_words(f"{phrase}; torch 2.13", "en"), phrase


def test_what_the_lab_refuses_reaches_a_spanish_column_in_spanish() -> None:
    variant = lab.Variant("scene", {"prompt": "a beach"})
    outcome = lab.run_variant(None, variant, engines=object())  # type: ignore[arg-type]
    shown = lab_html.outcome_html(outcome, "es", default_catalog())
    assert "parte del boceto del lugar de un brief" in shown
    assert "load a promotion" in lab_html.outcome_html(outcome, "en", default_catalog())
    for language, words in (
        ("es", "temperatura: va de 0.05 a 3, no 99"),
        ("en", "temperature must be 0.05 to 3, not 99"),
    ):
        with pytest.raises(LabError) as refused:
            settings_of("text", {"temperature": 99})
        assert explain(refused.value, language) == words  # type: ignore[arg-type]
    with pytest.raises(LabError) as refused:
        parse_axis("scene", "steps", "many")
    assert explain(refused.value, "es").startswith("pasos: 'many' no es un número")


def test_a_line_of_a_table_names_the_field_that_cannot_be_read_in_both_languages() -> None:
    rows = read_briefs(b"product,price\nSprite,cheap\n,18 MXN\nSprite,18 MXN\n", default_catalog())
    spanish = lab_html.batch_html([lab.BriefOutcome(row) for row in rows], "es", default_catalog())
    assert "precio: no entiendo" in spanish
    assert "18.50 MXN" in spanish
    assert "no nombra ningún producto" in spanish
    english = lab_html.batch_html([lab.BriefOutcome(row) for row in rows], "en", default_catalog())
    assert "not a price" in english


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "un brief es un objeto JSON"),
        ({"price": "18 MXN"}, "no nombra ningún producto"),
        ({"product": "Sprite", "colour": "green"}, "datos desconocidos: colour"),
        ({"product": "Sprite", "packaging": "bag"}, "envase: no entiendo 'bag'; escríbelo así: glass bottle"),
        ({"slots": {"product": "Sprite", "size": "big"}}, "tamaño: no entiendo 'big'"),
        ({"product": "Sprite", "language": "fr"}, "idioma: no entiendo 'fr'; escríbelo así: es, en"),
    ],
)
def test_a_brief_that_cannot_be_read_names_its_field(data: Any, words: str) -> None:
    with pytest.raises(LabError) as refused:
        read_brief(data)
    assert words in explain(refused.value, "es")
