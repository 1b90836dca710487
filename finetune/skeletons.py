"""Whole messages as people write them, with placeholders where values stand: `messages/*.txt`, one a line.

    hazme {kind} pa {a_store}, la {product} de {size} a {price_bare}          placeholders are the gold frame
    los que salen de misa y se juntan en la plaza => environment=park         what literal words mean stands behind =>
    ?price: {price_bare} nomas                                                what the chat has just asked for
    a dollar fifty, we are on the border => price=1.50 USD                    a figure in words of its own

File names begin with the language. `OPEN` placeholders fill a slot, `DISTRACTORS` look like one and are none, all others
are `message_writer.Writer.fill`'s. Reads and checks the files; knows nothing of how values are worded.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from finetune.families import SPLIT_FROM, Part, part_of
from slots.numbers import fold, tokenize
from slots.schema import CLOSED, LANGUAGES, SLOTS, Language
from slots.values import Money, Size
from slots.wire import NOTHING

FOLDER = Path(__file__).resolve().parent / "messages"

OPEN = {
    "product": "product", "size": "size", "size_bare": "size", "pack": "size", "price": "price", "price_bare": "price",
    "packaging": "packaging", "packaging_adj": "packaging", "store": "store", "a_store": "store",
    "place": "environment", "scene": "environment", "kind": "promotion",
}  # fmt: skip
"""Placeholder to the slot that it fills. {pack} beside {size} makes one size ("6-pack 355 ml")."""
DISTRACTORS = ("product", "size", "price", "packaging", "store", "place")
"""As {other_product}: a value of that slot that does not count."""
NOISE = ("comp", "n", "n2", "big", "p", "pct", "phone", "date", "time", "day", "month", "weekday", "year", "zip", "age",
         "person", "city", "name")  # fmt: skip
"""What else may stand in braces: numbers and names that mean nothing."""

PLACEHOLDER = re.compile(r"\{([a-z_0-9]+|=\d)\}")
_PENDING = re.compile(r"^\?([a-z]+): *")
_KNOWN = {*OPEN, *NOISE, *(f"other_{slot}" for slot in DISTRACTORS)}


@dataclass(frozen=True)
class Skeleton:
    """One message with open places. `text` is folded; a line break is a real one."""

    text: str
    language: Language
    source: str
    """The file's name without its ending."""
    asking: str | None = None
    literal: tuple[tuple[str, str], ...] = ()
    """What its own words mean, as (slot, value); in a value `{=0}` is the first of `figures`."""
    figures: tuple[tuple[str, Decimal], ...] = ()
    """Numbers of its own, words and value, that stand as `{=0}`, `{=1}` in the text."""

    @property
    def slots(self) -> set[str]:
        """Every slot that its frame holds."""
        return {OPEN[name] for name in PLACEHOLDER.findall(self.text) if name in OPEN} | {s for s, _ in self.literal}


def parse_line(line: str, language: Language, source: str) -> Skeleton:
    """Reads one line. Raises ValueError that says what is wrong with it."""
    text, _, told = line.partition("=>")
    asking = None
    if match := _PENDING.match(text):
        asking, text = match[1], text[match.end() :]
        if asking not in SLOTS:
            raise ValueError(f"no slot {asking!r} can have been asked for; choose one of: {', '.join(SLOTS)}")
    names = PLACEHOLDER.findall(text)
    if unknown := sorted(set(names) - _KNOWN):
        raise ValueError(f"unknown placeholder {{{unknown[0]}}}; choose one of: {', '.join(sorted(_KNOWN))}")
    literal = []
    for pair in filter(None, (part.strip() for part in told.split(";"))):
        slot, equals, value = (piece.strip() for piece in pair.partition("="))
        labels = (*CLOSED.get(slot, ()), NOTHING)
        if not equals or not value or slot not in SLOTS:
            raise ValueError(f"{pair!r} is no slot=value; choose a slot of: {', '.join(SLOTS)}")
        if slot in CLOSED and value not in labels:
            raise ValueError(f"{slot} cannot be {value!r}; choose one of: {', '.join(labels)}")
        literal.append((slot, value))
    once = dict.fromkeys(names)  # a name or a place may be said again, a number may not
    filled = [OPEN[name] for name in once if name in OPEN and name != "pack"]
    filled += [OPEN[name] for name in once if OPEN.get(name) in ("size", "price") and names.count(name) > 1]
    if "pack" in names and not {"size", "size_bare"} & set(names):
        filled.append("size")
    filled += [slot for slot, _ in literal]
    if twice := sorted({slot for slot in filled if filled.count(slot) > 1}):
        raise ValueError(f"{twice[0]} is filled twice")
    text = fold(" ".join(text.split()).replace("\\n", "\n"))
    if not text:
        raise ValueError("no text")
    figures: list[tuple[str, Decimal]] = []
    for number, (slot, value) in enumerate(literal):
        if slot in ("size", "price") and value != NOTHING:
            text, literal[number] = _with_figures(text, slot, value, figures)
    return Skeleton(text, language, source, asking, tuple(literal), tuple(figures))


def _with_figures(text: str, slot: str, value: str, figures: list[tuple[str, Decimal]]) -> tuple[str, tuple[str, str]]:
    """Puts `{=0}` where the numbers of a literal size or price stand. Raises ValueError when one is not there."""
    readings: list[list[tuple[Decimal, str]]]
    if slot == "price":
        money = Money.parse(value)
        several = [(Decimal(money.quantity), "{} for ")] if money.quantity > 1 else []
        readings = [[*several, (money.amount, "{} " + money.currency)]]
    else:
        size = Size.parse(value)
        packed = [(Decimal(size.count), "{}-pack")] if size.count > 1 else []
        readings = [packed]
        if size.amount is not None:
            between = " " if packed else ""
            readings = [[*packed, (size.amount, f"{between}{{}} {size.unit}")]]
            if size.unit == "L":
                readings.append([*packed, (size.amount * 1000, f"{between}{{}} ml")])
            elif size.unit == "ml":
                readings.append([*packed, (size.amount / 1000, f"{between}{{}} L")])
    for reading in readings:
        out, target, found = text, "", list(figures)
        for wanted, form in reading:
            token = next((t for t in reversed(tokenize(out)) if t.value == wanted), None)
            if token is None:
                break
            name = f"{{={len(found)}}}"
            found.append((out[token.start : token.end], wanted))
            out, target = out[: token.start] + name + out[token.end :], target + form.replace("{}", name)
        else:
            figures[:] = found
            return out, (slot, target)
    raise ValueError(f"{slot}={value}: the text does not hold this number")


def read_file(path: Path) -> list[Skeleton]:
    """All skeletons of a file. Raises ValueError that names file and line, OSError."""
    language = next((name for name in LANGUAGES if path.stem.startswith(f"{name}_")), None)
    if language is None:
        raise ValueError(f"{path}: its name must begin with one of: {', '.join(f'{name}_' for name in LANGUAGES)}")
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(parse_line(line, language, path.stem))
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
    return found


@cache
def skeletons(language: Language, part: Part | None = None, *, other: bool = False) -> tuple[Skeleton, ...]:
    """A language's skeletons of one part of the corpus, those of `*_other.txt` (other matters) apart from the rest."""
    found = []
    for path in sorted(FOLDER.glob(f"{language}_*.txt")):
        if path.stem.endswith("other") == other:
            found += read_file(path)
    if part is None or len(found) < SPLIT_FROM:
        return tuple(found)
    return tuple(skeleton for skeleton in found if part_of(skeleton.text) == part)
