"""Extraction's figures: precision, recall, F1 and exact frames by stage, slot, language and kind of message; invented values.

An invented value is one that the message does not state: a slot that the gold frame does not hold. Knows no back end:
the model comes in as a function.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from finetune.corpus import extraction_rows
from slots.catalog import default_catalog
from slots.extract import STAGES, Stage, extract_many
from slots.schema import SLOTS
from slots.score import Score, Tally, score

Generate = Callable[[list[str]], list[str]]
TESTS = Path(__file__).resolve().parent.parent / "tests"
GENERATED = 600
"""Messages of the corpus's test split that are scored."""
KINDS = {"none": "messages that state no slot", "other": "prose about other matters"}


class RowsError(ValueError):
    """A file of messages cannot be read; the message names the line and the cure."""


def read_rows(path: Path, rows: str | None = None) -> list[dict[str, Any]]:
    """The file's lines, or those of `rows` (`81-120`, counted from 1). Raises RowsError."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise RowsError(f"{path}: {error}; give JSON lines with text and slots") from error
    if rows is None:
        return lines
    first, _, last = rows.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise RowsError(f"--rows cannot be {rows!r}; write it like 1-80")
    return lines[int(first) - 1 : int(last or first)]


def generated_rows(count: int = GENERATED, seed: int = 77) -> list[dict[str, Any]]:
    """Messages of the corpus's test split: phrasings that training never saw."""
    made = islice(extraction_rows(seed, "test", Counter()), count)
    rows = []
    for row in made:
        slots = json.loads(row["slots"])
        rows.append(
            {
                "text": row["text"], "asking": row["asking"], "language": row["language"], "kind": row["kind"],
                "slots": {slot: value for slot, value in slots.items() if value != "none"},
                "removed": [slot for slot, value in slots.items() if value == "none"],
            }
        )  # fmt: skip
    return rows


def standard_sets() -> dict[str, list[dict[str, Any]]]:
    """The sets of the model card by name: the corpus's test split and the message files of tests/."""
    validation = read_rows(TESTS / "validation_messages.jsonl")
    sets = {
        "generated, phrasings never trained on": generated_rows(),
        "validation messages 1-80": validation[:80],
        "validation messages 81-120 (harder)": validation[80:],
    }
    for name in ("extraction_cases", "development_messages", "unseen_messages"):
        if (TESTS / f"{name}.jsonl").is_file():
            sets[name.replace("_", " ")] = read_rows(TESTS / f"{name}.jsonl")
    return sets


def evaluate_text(generate: Generate | None, lines: Sequence[Mapping[str, Any]], stage: Stage = "t5") -> Score:
    """Extraction's figures over messages with gold slots. `generate` may be None for stage `rules`."""
    asked = [(line["text"], line.get("asking")) for line in lines]
    made = extract_many(asked, generate, default_catalog(), stage)
    found = [e.slots | dict.fromkeys(e.removed, "none") for e in made]
    languages = [line.get("language", "-") for line in lines]
    gold = [line["slots"] | dict.fromkeys(line.get("removed", ()), "none") for line in lines]
    return score(found, gold, languages, [line["text"] for line in lines])


def remembered(generate: Generate) -> Generate:
    """The same function, asked only once for each source: the stages read the same messages."""
    known: dict[str, str] = {}

    def answer(sources: list[str]) -> list[str]:
        new = [source for source in dict.fromkeys(sources) if source not in known]
        known.update(zip(new, generate(new) if new else [], strict=True))
        return [known[source] for source in sources]

    return answer


def _figures(tally: Tally) -> dict[str, float]:
    return {name: round(getattr(tally, name), 4) for name in ("precision", "recall", "f1")} | {
        "gold": tally.right + tally.missed
    }


def _summary(result: Score) -> dict[str, Any]:
    return {
        "rows": result.rows,
        "exact": result.exact,
        **_figures(result.total),
        "by_slot": {slot: _figures(tally) for slot, tally in result.by_slot.items()},
        "by_language": {name: _figures(tally) for name, tally in sorted(result.by_language.items())},
        "invented": {slot: tally.wrong for slot, tally in result.by_slot.items() if tally.wrong},
    }


def extraction_figures(generate: Generate, sets: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """By set and stage: totals, by slot, by language; and by kind of message where a set has kinds."""
    ask = remembered(generate)
    out: dict[str, Any] = {}
    for name, lines in sets.items():
        out[name] = {}
        for stage in STAGES:
            figures = _summary(evaluate_text(ask, lines, stage))
            kinds = sorted({str(line["kind"]) for line in lines if line.get("kind")})
            figures["by_kind"] = {
                kind: _summary(evaluate_text(ask, [line for line in lines if line.get("kind") == kind], stage))
                for kind in kinds
            }
            out[name][stage] = figures
    out["numbers of any length"] = {"t5": number_figures(ask)}
    return out


def number_figures(generate: Generate, count: int = 400, seed: int = 5) -> dict[str, Any]:
    """Messages with a price of 1 to 6 digits and 0 to 2 decimals and a size that no shelf has: how many come out exact."""
    rng, rows = random.Random(seed), []
    for number in range(count):
        digits, decimals = rng.randint(1, 6), rng.randint(0, 2)
        price = str(rng.randint(10 ** (digits - 1), 10**digits - 1)) + (
            f".{rng.randint(1, 10**decimals - 1):0{decimals}d}" if decimals else ""
        )
        size = rng.randint(101, 999)
        form = ("sprite de {s} ml a {p} pesos", "sprite {s} ml for {p} pesos", "{p} pesos la sprite de {s} ml",
                "i sell sprite, {s} ml, at {p} mxn")[number % 4]  # fmt: skip
        amount = f"{float(price):.2f}" if float(price) % 1 else str(int(float(price)))
        rows.append(
            {
                "text": form.format(s=size, p=price),
                "slots": {"product": "Sprite", "size": f"{size} ml", "price": f"{amount} MXN"},
            }
        )
    result = evaluate_text(generate, rows)
    return _summary(result) | {"by_kind": {}}


def extraction_markdown(figures: Mapping[str, Any]) -> str:
    """Three tables: all sets by stage, one set by slot, kinds of message; and the values that were invented."""
    lines = [
        "| messages | rows | " + " | ".join(f"{stage} F1 (exact)" for stage in STAGES) + " |",
        "|---" * (len(STAGES) + 2) + "|",
    ]
    for name, stages in figures.items():
        cells = [
            f"{stages[s]['f1']:.3f} ({stages[s]['exact'] / max(1, stages[s]['rows']):.2f})" if s in stages else ""
            for s in STAGES
        ]
        lines.append(f"| {name} | {next(iter(stages.values()))['rows']} | " + " | ".join(cells) + " |")
    lines += ["", "By slot and language, F1 of `t5` / `full`:", ""]
    lines += ["| messages | " + " | ".join(SLOTS) + " | es | en |", "|---" * (len(SLOTS) + 3) + "|"]
    for name, stages in figures.items():
        if "full" not in stages:
            continue
        cells = [
            f"{stages['t5']['by_slot'][slot]['f1']:.2f} / {stages['full']['by_slot'][slot]['f1']:.2f}" for slot in SLOTS
        ]
        for language in ("es", "en"):
            both = [stages[s]["by_language"].get(language, {}).get("f1") for s in ("t5", "full")]
            cells.append(" / ".join("-" if f is None else f"{f:.2f}" for f in both))
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "By kind of message, F1 (exact), and the values that the message does not state in 100 messages, of the worst slot:",
        "",
    ]
    lines += ["| messages | kind | rows | " + " | ".join(STAGES) + " |", "|---" * (len(STAGES) + 3) + "|"]
    for name, stages in figures.items():
        for kind in stages.get("full", {}).get("by_kind", {}):
            cells = [_kind_cell(stages[stage]["by_kind"][kind]) for stage in STAGES]
            lines.append(
                f"| {name} | {KINDS.get(kind, kind)} | {stages['full']['by_kind'][kind]['rows']} | "
                + " | ".join(cells)
                + " |"
            )
    return "\n".join(lines)


def _kind_cell(kind: Mapping[str, Any]) -> str:
    worst = max(kind["invented"].items(), key=lambda item: item[1], default=None)
    told = f"; {worst[0]} {100 * worst[1] / max(1, kind['rows']):.1f}" if worst else "; none"
    return f"{kind['f1']:.3f} ({kind['exact'] / max(1, kind['rows']):.2f}){told}"
