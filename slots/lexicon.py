"""The catalogue's names and synonyms as an index: finds them in a message, misspelt ones too.

Matches on the tokens of `numbers.tokenize`, so that `diez de mayo` and `10 de mayo` are one phrase. Articles inside a
phrase, plurals, hyphens and accents do not matter. Knows nothing of what a find means in its sentence (that is `rules`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from slots.catalog import Catalog
from slots.language import FUNCTION_WORDS
from slots.numbers import DOLLARS, LITRES, MILLILITRES, OUNCES, PESOS, Token, tokenize
from slots.schema import LANGUAGES, Language
from slots.stopwords import COMMON, word_set

_SKIPPED = word_set("el la los las un una unos unas the a an my our your mi mis tu tus su sus nuestro nuestra")
_SIGNS = frozenset("-.'´`‐–/")
_NEVER_MISSPELT = COMMON | FUNCTION_WORDS | LITRES | MILLILITRES | OUNCES | PESOS | DOLLARS
_MONEY = frozenset({"peso", "pesito", "varo", "mxn", "dolare", "dollar", "usd", "$"})
_PARTICLES = word_set("me te se lo le la el un de en y a i my the to of at in for on is it con por para que pa")
_CONTRACTIONS = {"del": "de", "al": "a"}
MAX_FUZZY = 300
"""At most so many different unknown words of one message are compared with the index, so that time stays bounded."""


@dataclass(frozen=True)
class Entry:
    """What a phrase stands for: `slot` is a slot, `competitor` or `flavour:PRODUCT`."""

    slot: str
    value: str
    language: Language | None


@dataclass(frozen=True)
class Find:
    """A phrase of the index in a message: tokens [first, last], what it may stand for, and how exact it is."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    length: int
    """Tokens of the phrase, articles left out."""
    exact: bool = True


@dataclass
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def stem(word: str) -> str:
    """A token's matching form: contractions opened, plural and possessive s off."""
    word = _CONTRACTIONS.get(word, word)
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")):
        word = word[:-1]
    return word


def sound(word: str) -> str:
    """A word by its Spanish sound, so that what people confuse (b v, c k qu z s, y ll, a silent h) is no difference."""
    for written, heard in (("ch", "1"), ("qu", "c"), ("k", "c"), ("h", ""), ("z", "s"), ("v", "b"), ("ll", "y")):
        word = word.replace(written, heard)
    return "".join(c for i, c in enumerate(word) if i == 0 or c != word[i - 1])


def phrase_stems(text: str) -> tuple[str, ...]:
    """A synonym as the index stores it."""
    stems = [stem(t.text) for t in tokenize(text) if t.text not in _SIGNS and t.text not in "!&,/"]
    return tuple(s for i, s in enumerate(stems) if i == 0 or s not in _SKIPPED)


class Lexicon:
    """All phrases of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._root = _Node()
        self._phrases: dict[str, dict[str, list[Entry]]] = {"word": {}, "name": {}}
        self._written: dict[str, set[str]] = {}
        """How the phrases behind a sound are spelt."""
        for product in catalog.products.values():
            self._add(product.name, Entry("product", product.name, None), fuzzy="name")
            for language in LANGUAGES:
                for words in product.words[language]:
                    self._add(words, Entry("product", product.name, language), fuzzy="name")
        for name, synonyms in catalog.competitors.items():
            for words in (name, *synonyms):
                self._add(words, Entry("competitor", name, None), fuzzy="name" if len(words) > 6 else None)
        for slot in ("promotion", "packaging", "store", "environment"):
            for label in catalog.labels(slot).values():
                for language in LANGUAGES:
                    for words in (label.display[language], *label.words[language]):
                        self._add(words, Entry(slot, label.name, language), fuzzy="word")

        for slot, labels in catalog.phrases.items():
            for name, by_language in labels.items():
                for language in LANGUAGES:
                    for words in by_language[language]:
                        self._add(words, Entry(slot, name, language), fuzzy=None)

    def _add(self, words: str, entry: Entry, fuzzy: str | None) -> None:
        stems = phrase_stems(words)
        if not stems:
            return
        node = self._root
        for part in stems:
            node = node.children.setdefault(part, _Node())
        if entry not in node.entries:
            node.entries.append(entry)
        joined = "".join("zero" if part == "0" else part for part in stems)
        if (
            fuzzy
            and len(joined) >= 5
            and joined.isalpha()
            and (fuzzy == "name" or len(stems) == 1 or len(joined) >= 10)
        ):
            self._phrases[fuzzy].setdefault(sound(joined), []).append(entry)
            self._written.setdefault(sound(joined), set()).add(joined)

    def find(self, tokens: Sequence[Token]) -> list[Find]:
        """All phrases in the message, longest first where they overlap; overlapping shorter ones are left out.

        Phrases of the same words for several slots come as one Find with several entries.
        """
        finds = [*self._exact(tokens)]
        finds.sort(key=lambda f: (-f.length, -(f.last - f.first), f.first))
        taken: set[int] = set()
        kept = []
        for find in finds:
            span = set(range(find.first, find.last + 1))
            if not span & taken:
                taken |= span
                kept.append(find)
        for find in self._fuzzy(tokens, taken):
            span = set(range(find.first, find.last + 1))
            if not span & taken:
                taken |= span
                kept.append(find)
        return sorted(kept, key=lambda f: f.first)

    def _exact(self, tokens: Sequence[Token]) -> Iterator[Find]:
        stems = [stem(t.text) for t in tokens]
        for first in range(len(tokens)):
            yield from self._walk(tokens, stems, first)

    def _walk(self, tokens: Sequence[Token], stems: list[str], first: int) -> Iterator[Find]:
        node, i, length, last = self._root, first, 0, first
        while i < len(tokens):
            child = node.children.get(stems[i])
            if child is None and stems[i] != tokens[i].text:
                child = node.children.get(tokens[i].text)
            if child is None:
                glued = tokens[i].text in _SIGNS and i and tokens[i - 1].end == tokens[i].start
                before_number = i + 1 < len(tokens) and tokens[i + 1].value is not None
                if length and ((stems[i] in _SKIPPED and not before_number) or glued):
                    i += 1
                    continue
                return
            node, last, length, i = child, i, length + 1, i + 1
            if (
                stems[last] == "0"
                and tokens[last].end - tokens[last].start == 1
                and i < len(tokens)
                and stems[i] in _MONEY
            ):
                return  # "coca a 0 pesos" is a price, no Coca zero
            if node.entries:
                yield Find(first, last, tuple(node.entries), length)

    def _fuzzy(self, tokens: Sequence[Token], taken: set[int]) -> list[Find]:
        """Misspelt names of up to three tokens ("cocla cola"), misspelt single words for everything else."""
        found: list[tuple[int, Find]] = []
        seen: dict[tuple[str, str], tuple[int, list[Entry]] | None] = {}
        for first in range(len(tokens)):
            joined, unusual = "", False
            for size in range(3):
                i = first + size
                if i >= len(tokens) or i in taken or tokens[i].value is not None or not tokens[i].text[0].isalpha():
                    break
                joined += stem(tokens[i].text).replace("'", "")
                unusual |= tokens[i].text not in _NEVER_MISSPELT
                if (
                    not unusual
                    or (size and tokens[first].text in _PARTICLES)
                    or (size and tokens[i].text in _PARTICLES)
                ):
                    continue
                for kind in ("name", "word") if size == 0 or len(joined) >= 9 else ("name",):
                    key = (kind, joined)
                    if key not in seen:
                        seen[key] = self._nearest(kind, joined, size + 1) if len(seen) < MAX_FUZZY else None
                    near = seen[key]
                    if near:
                        found.append((near[0] - size, Find(first, i, tuple(near[1]), size + 1, exact=False)))
        return [find for _, find in sorted(found, key=lambda pair: pair[0])]

    def _nearest(self, kind: str, joined: str, words: int) -> tuple[int, list[Entry]] | None:
        """The nearest phrase and its distance, or None: one slip in five letters, two from eight on, first letter kept
        in short words."""
        if len(joined) < 4 or joined in _NEVER_MISSPELT:
            return None
        if kind == "word" and len(joined) < 5:
            return None
        written, joined = joined, sound(joined)
        if len(joined) < 4:
            return None
        allowed = 1 if len(joined) < (8 if kind == "name" and words == 1 else 10) else 2
        found = process.extract(joined, self._phrases[kind].keys(), scorer=OSA.distance, score_cutoff=allowed, limit=4)
        near = [
            (phrase, int(distance))
            for phrase, distance, _ in found
            if (kind == "name" or len(joined) > 6 or phrase[-1] == joined[-1] or phrase.startswith(joined))
            and (phrase[0] == joined[0] or (len(phrase) >= 7 and distance < 2))
            and (distance < 2 or any(e.slot != "competitor" for e in self._phrases[kind][phrase]))
            and abs(len(phrase) - len(joined)) <= 1 + (len(phrase) > 8)
            and (distance == 0 or len(written) > 6 or self._one_slip(written, phrase))
        ]
        if not near:
            return None
        best = min(distance for _, distance in near)
        entries = [e for phrase, distance in near if distance == best for e in self._phrases[kind][phrase]]
        return int(best), list(dict.fromkeys(entries))

    def _one_slip(self, written: str, phrase: str) -> bool:
        """Whether a short word is one slip from the spelling too: a changed sound on top of a slip is another word."""
        return any(OSA.distance(written, spelt, score_cutoff=1) <= 1 for spelt in self._written[phrase])


@lru_cache(maxsize=4)
def lexicon(catalog: Catalog) -> Lexicon:
    """The index of a catalogue, made once for each."""
    return Lexicon(catalog)
