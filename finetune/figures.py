"""Figures that training and evaluation share: slot scores of frames, ROUGE of texts. Knows no model and no file."""

from collections.abc import Mapping, Sequence

from slots.schema import SLOTS


def frame_scores(gold: Sequence[Mapping[str, str]], found: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Micro-averaged precision, recall, F1 over slots, and the share of exact frames."""
    right = sum(
        frame.get(slot) == value for want, frame in zip(gold, found, strict=True) for slot, value in want.items()
    )
    said = sum(len([slot for slot in frame if slot in SLOTS]) for frame in found)
    wanted = sum(map(len, gold))
    precision, recall = right / max(1, said), right / max(1, wanted)
    exact = sum(want == frame for want, frame in zip(gold, found, strict=True)) / max(1, len(gold))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {name: round(value, 4) for name, value in
            {"precision": precision, "recall": recall, "f1": f1, "exact": exact}.items()}  # fmt: skip


def text_scores(targets: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """ROUGE-1, -2, -L, -Lsum (0..100, F measure) as Google's rouge_score computes them, stemmed."""
    from rouge_score.rouge_scorer import RougeScorer

    names = ("rouge1", "rouge2", "rougeL", "rougeLsum")
    scorer = RougeScorer(names, use_stemmer=True)
    rows = [scorer.score(target, text) for target, text in zip(targets, found, strict=True)]
    return {name: round(100 * sum(row[name].fmeasure for row in rows) / max(1, len(rows)), 2) for name in names}
