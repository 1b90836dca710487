"""An error in the words of the page: what happened, to what, and what to do, in the visitor's language.

Errors that a visitor can set right word themselves (`WordedError`, `PhotoError`, `Reached`). The others concern whoever runs
the program: the page tells their kind, and the console the rest, where files and commands may be named. Programs get the
English message (`details`). Knows no Gradio component.
"""

import errno
import logging
from typing import Any

from pipelines.backends.base import BackendError
from pipelines.cases.model import CaseError, NoCase
from pipelines.models import ModelError
from pipelines.photo import PhotoError
from pipelines.records import RecordError
from pipelines.scene_judge import JudgeError
from pipelines.worded import WordedError
from slots.catalog import CatalogError
from slots.schema import Language
from ui.texts import t

log = logging.getLogger("promo_studio")

KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (ModelError, "problem_model"),
    (BackendError, "problem_backend"),
    (JudgeError, "problem_judge"),
    (CatalogError, "problem_catalog"),
    (RecordError, "problem_record"),
    (NoCase, "problem_no_case"),
    (CaseError, "problem_cases"),
    (ValueError, "problem_value"),
)
"""The sentence of each class; the first that fits counts."""
TELLING = tuple(kind for kind, _ in KINDS)
"""Errors whose English message is written for people."""
FULL = (errno.ENOSPC, errno.EDQUOT)


def explain(error: BaseException, language: Language) -> str:
    """What a page says of an error."""
    if isinstance(error, WordedError | PhotoError):
        return error.words(language)
    if full_disk(error):
        _log(error)
        return t(language, "problem_disk")
    for kind, key in KINDS:
        if isinstance(error, kind):
            _log(error)
            return t(language, key)
    _log(error, unexpected=True)
    return t(language, "error_unexpected", kind=type(error).__name__)


def _log(error: BaseException, *, unexpected: bool = False) -> None:
    """Notes an error on the console, once: a table that grows shows it again and again."""
    if getattr(error, "noted", False):
        return
    error.noted = True  # type: ignore[attr-defined]
    if unexpected:
        log.exception("unexpected", exc_info=error)
    else:
        log.warning("%s", error)


def details(error: BaseException) -> str:
    """What a program is told of an error: its English message where it was written for people."""
    return str(error) if isinstance(error, (WordedError, *TELLING)) else explain(error, "en")


def full_disk(error: BaseException) -> bool:
    """Whether a full disk is behind an error."""
    import sqlite3

    found: Any = error
    while found is not None:
        if isinstance(found, OSError) and found.errno in FULL:
            return True
        if isinstance(found, sqlite3.Error) and getattr(found, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        found = found.__cause__
    return False
