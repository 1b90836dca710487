"""A message made ready for reading: cleaned without moving a character, cut into tokens, phrases of the catalogue found.

Knows the catalogue's index, not what a phrase means in its sentence.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from slots.catalog import Catalog
from slots.language import detect_language
from slots.lexicon import Find, lexicon
from slots.numbers import Token, fold, tokenize
from slots.schema import Language
from slots.stopwords import word_set

MAX_CHARACTERS = 20_000
"""Of a longer message only so much is read (`guard` says so)."""

_BLANKED = re.compile(
    r"<[^<>\n]{1,200}>|https?://\S{1,500}|www\.\S{1,200}|\S{1,64}@\S{1,64}\.\w{2,10}|@\w{3,40}|&[a-z]{2,8};|\d{25,}"
)
_IDIOMS = re.compile(
    r"\b(?:mil (?:gracias|disculpas|perdones|veces|bendiciones|cosas)|(?:te|le|les|me) (?:debo|debes|invito|disparo|disparas) (?:un|una|unas|unos) (?:\w+)|"
    r"(?:a )?(?:thousand|million) thanks|thanks a million|i owe you (?:a|an|one)(?: (?:coke|drink|soda|beer|sprite|fanta))?|my 2 cents|my two cents|"
    r"on the house|on the street corner of|table tents?|tent cards?|house special|housekeeping|home (?:run|page|made|work|stretch)|"
    r"(?:carretera|autopista|highway|hwy|route|interstate|libramiento|km) \d+|stuck in (?:the )?traffic|atorad[oa] en el trafico|"
    r"ama de casa|amas de casa|por cuenta de la casa|la casa (?:paga|invita)|cortesia de la casa|casa de (?:bolsa|cambio)|"
    r"parking (?:lot|space)|park the (?:car|truck)|pool table|car ?pool|box office|post office|head office|office hours|help desk|front desk|"
    r"(?:raise|set|lower)s? the bar|third party|party of \d+|school of thought|old school|word on the street|wall street|main street|"
    r"hora feliz|aguas con|no hay bronca|ni (?:en )?broma|con toda confianza|nice weather we|piece of cake|pan comido)(?!\w)"
)
"""Turns of phrase whose words mean nothing that they name: no place, no drink, no number."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
BOUNDARIES = frozenset(',;.!?:()|•·—–"“”…/+')
NEGATIONS = word_set(
    "no not neither sin without except excepto menos nunca never isn't don't dont doesn't aren't wasn't ni nor olvida forget scrap drop "
    "quita quitale remove elimina borra skip nada tampoco instead vez lugar cannot can't avoid evita delete ditch lose already "
    "dropped stopped quit ditched scrapped discontinued"
)
_SWAPS = word_set(
    "cambia cambiar cambialo cambiale cambiamos cambie change swap replace switch reemplaza reemplazar sustituye from de quita remove "
    "move mueve pasa pasalo pasar turn convierte"
)
_SWAP_LINKS = word_set("por to for with a al into pon ponle put")
_SWAP_SMALL = _SWAP_LINKS | word_set("la el una un the y and en de lo una las los in at")
_FILLERS = word_set(
    """es era eran son para el la los las un una unos unas de del en a al lo the an in for it it's its is was want need any
    quiero quieras queremos use put pongas ponga poner pon more mas con por que se sea seas esta va vaya that this one of
    be to my mi su tus tu our hagas haga hacer make do le me sera would will i'd like ningun ninguna ya ser necesito ocupo
    solo include incluyas incluya add agregues anymore este ese esa esto eso tipo kind lo botella bottle envase bottles on
    at y o or and show salga salgan necesitamos lleve lleven como into from with tiene hay there's anything than about
    what do we have i us don't didn't say said dije digas version just over them they they're nada algo some no not
    longer menciones mencionar mencione mention muestres carrying selling vender manejar manejamos vendemos using offering making having
    tampoco ni nor otra vez ambiente fondo escena tema background scene setting theme"""
)


def _without_idioms(text: str) -> str:
    """The text with its idioms blanked, no character moved."""
    for found in reversed(list(_IDIOMS.finditer(fold(text)))):
        text = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    return text


@dataclass(frozen=True)
class Message:
    """One user message. `text` is NFC; token offsets point into it."""

    text: str
    asking: str | None
    tokens: tuple[Token, ...]
    finds: tuple[Find, ...]
    language: Language

    @classmethod
    def read(cls, text: str, asking: str | None, catalog: Catalog, previous: Language | None = None) -> "Message":
        """Cleans, cuts and looks up a message; anything goes in, nothing raises."""
        text = unicodedata.normalize("NFC", text)[:MAX_CHARACTERS]
        clean = _CONTROL.sub(" ", text)
        clean = _BLANKED.sub(lambda m: " " * len(m[0]), clean)
        language = detect_language(clean, previous)
        clean = _without_idioms(clean)
        tokens = tuple(tokenize(clean))
        return cls(text, asking, tokens, tuple(lexicon(catalog).find(tokens)), language)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded tokens."""
        return tuple(t.text for t in self.tokens)

    @cached_property
    def drinks(self) -> tuple[frozenset[int], frozenset[int]]:
        """Where names of our drinks begin, and where they end."""
        found = [f for f in self.finds if any(e.slot == "product" for e in f.entries)]
        return frozenset(f.first for f in found), frozenset(f.last for f in found)

    def word(self, i: int) -> str:
        """The folded token at `i`, empty outside the message."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def evidence(self, first: int, last: int) -> str:
        """The user's own words from token `first` to `last`."""
        if not self.tokens:
            return ""
        return " ".join(self.text[self.tokens[first].start : self.tokens[last].end].split())

    def newline(self, i: int) -> bool:
        """Whether a line break stands in front of token `i`."""
        return 0 < i < len(self.tokens) and "\n" in self.text[self.tokens[i - 1].end : self.tokens[i].start]

    def boundary(self, i: int) -> bool:
        """Whether token `i` ends a clause."""
        return self.word(i) in BOUNDARIES

    def swapped(self, last: int, first: int, start: int) -> bool:
        """Whether the phrase that begins at `first` replaces the one from `start` to `last` ("cambia coca por fanta")."""
        between = self.words[last + 1 : first]
        if not between or len(between) > 4 or not set(between) & _SWAP_LINKS or set(between) - _SWAP_SMALL:
            return False
        return bool(set(self.words[max(0, start - 6) : start]) & _SWAPS)

    def negated(self, first: int, last: int, names: frozenset[int] = frozenset()) -> bool:
        """Whether the phrase [first, last] is denied: a negation in front with only small words between, or behind it."""
        i, steps = first - 1, 0
        beside = next((f for f in self.finds if f.last == i and f.first <= i), None)
        if beside:
            i = beside.first - 1  # "not a forest trail": what is denied may be told in two phrases
        while i >= 0 and steps < 7:
            word = self.word(i)
            if (
                self.boundary(i)
                or self.newline(i + 1)
                or word in {"sino", "mejor", "pero", "but", "rather", "si", "yes"}
            ):
                break
            if word in {"no", "not"} and self.word(i + 1) in {"just", "only", "solo", "solamente", "nomas"}:
                break
            if word in NEGATIONS:
                if word == "already" and self.word(i + 1) not in {"have", "got"}:
                    break
                if word in {"vez", "lugar", "instead"}:
                    return self.word(i + 1) in {"de", "del", "of"}
                if word == "menos" and not {"todo", "cualquiera", "cualquier"} & set(self.words[max(0, i - 3) : i]):
                    break
                if word == "nada" and self.word(i + 1) != "de":
                    break
                if word == "ni" or word == "nor":
                    return True
                if word in {"drop", "lose", "dropped"} and self.word(i + 1) in {"a", "off"}:
                    break
                if word == "no" and self.word(i + 1) in {"es", "era"} and "," in self.words[i:first]:
                    break
                if (
                    word in {"no", "not"}
                    and self.word(i + 1) in {"mas", "more", "te", "se", "lo", "longer"}
                    and first - i > 3
                ):
                    break
                return not (
                    word == "no"
                    and (
                        self.word(i + 1) in {"mames", "manches"}
                        or (i + 1 == first and i > 0 and self.word(i - 1) == "que")
                    )
                )
            if word == "than" and self.word(i - 1) in {"rather", "other"}:
                return True
            if word == "but" and self.word(i - 1) in {"anything", "everything"}:
                return True
            if word not in _FILLERS or i in names:
                if word == "but":
                    break
                break
            i -= 1
            steps += 1
        if self.word(i) == "but" and self.word(i - 1) in {"anything", "everything", "any"}:
            return True
        # "de vidrio no, de lata" (but not "la zero no se vende")
        tail = self.words[last + 1 : last + 4]
        if tail[:2] in (("isn't", "needed"), ("not", "needed"), ("no", "hace")) or (
            tail[:1] == ("ya",) and tail[2:] == ("tengo",)
        ):
            return True
        if (self.word(last + 1), self.word(last + 2)) == ("ya", "no") or self.word(last + 1) == "nope":
            return True
        return self.word(last + 1) == "no" and (
            last + 2 >= len(self.words) or self.boundary(last + 2) or self.word(last + 2) in {"mejor", "de", "en"}
        )
