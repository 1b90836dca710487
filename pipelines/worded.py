"""Errors that a visitor reads: a key and values, worded in Spanish and English by the table of their class.

`str(error)` is English, for consoles, logs and programs; `error.words(language)` is for a screen. Knows no screen.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from slots.schema import Language


class WordedError(Exception):
    """What happened, to what, and the cure, in both languages. A subclass gives `WORDINGS` (and `NAMES`)."""

    WORDINGS: ClassVar[Mapping[str, Mapping[Language, str]]] = {}
    """By key and language: a sentence with the values' names in braces."""
    NAMES: ClassVar[Mapping[str, str]] = {}
    """Spanish names of what `name` may be; what is not in it is called the same in both languages."""

    def __init__(self, key: str, **values: Any) -> None:
        """Raises KeyError for a key that the table does not have, or a value that a sentence lacks."""
        self.key, self.values = key, values
        super().__init__(self.words("en"))

    def words(self, language: Language) -> str:
        """The sentence in a language; a value that is a worded error itself is put in the same language."""
        values = {k: v.words(language) if isinstance(v, WordedError) else v for k, v in self.values.items()}
        if language == "es" and "name" in values:
            values["name"] = self.NAMES.get(values["name"], values["name"])
        return self.WORDINGS[self.key][language].format(**values)
