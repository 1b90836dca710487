"""How good an extraction is against gold slots: micro-averaged precision, recall and F1, exact frames, by slot and
language. A (slot, value) pair is a true positive when both sides have it. Knows no files and no model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from slots.schema import SLOTS


@dataclass
class Tally:
    """Counts of (slot, value) pairs."""

    right: int = 0
    wrong: int = 0
    """Said by the extraction, not by the gold frame."""
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1 where nothing was said."""
        said = self.right + self.wrong
        return self.right / said if said else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold pairs that was found; 1 where there are none."""
        gold = self.right + self.missed
        return self.right / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean; 1 where there is nothing to find and nothing was said."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    def line(self, name: str) -> str:
        """One line of the report."""
        return f"{name:<12} P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  ({self.right + self.missed} in gold)"


@dataclass
class Score:
    """All tallies of one run."""

    rows: int = 0
    exact: int = 0
    """Rows whose frame equals the gold frame."""
    total: Tally = field(default_factory=Tally)
    by_slot: dict[str, Tally] = field(default_factory=lambda: {slot: Tally() for slot in SLOTS})
    by_language: dict[str, Tally] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    """One line for each row that is not exact."""

    def report(self) -> str:
        """What the command prints."""
        share = self.exact / self.rows if self.rows else 1.0
        lines = [self.total.line("all"), f"{'exact':<12} {self.exact} of {self.rows} frames ({share:.3f})"]
        lines += [tally.line(slot) for slot, tally in self.by_slot.items()]
        lines += [tally.line(language) for language, tally in sorted(self.by_language.items())]
        return "\n".join(lines)


def score(
    found: Sequence[Mapping[str, str]],
    gold: Sequence[Mapping[str, str]],
    languages: Sequence[str],
    texts: Sequence[str],
) -> Score:
    """Compares frames row by row; the four sequences have one entry a row. Raises ValueError when they do not."""
    out = Score()
    for said, wanted, language, text in zip(found, gold, languages, texts, strict=True):
        out.rows += 1
        if dict(said) == dict(wanted):
            out.exact += 1
        else:
            parts = [
                f"{slot}: {wanted.get(slot, '-')} / {said.get(slot, '-')}"
                for slot in SLOTS
                if wanted.get(slot) != said.get(slot)
            ]
            out.misses.append(f"{text[:90]!r}: {'; '.join(parts)} (gold / found)")
        for tally_of in (out.total, out.by_language.setdefault(language, Tally())):
            _count(tally_of, said, wanted, SLOTS)
        for slot in SLOTS:
            _count(out.by_slot[slot], said, wanted, (slot,))
    return out


def _count(tally: Tally, said: Mapping[str, str], wanted: Mapping[str, str], slots: Sequence[str]) -> None:
    for slot in slots:
        a, b = said.get(slot), wanted.get(slot)
        if a is not None and a == b:
            tally.right += 1
            continue
        tally.wrong += a is not None
        tally.missed += b is not None
