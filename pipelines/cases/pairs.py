"""Training pairs from votes: the texts that more people are for than against, with placeholders instead of figures and names.

The prompt is the writer's own source text, the target the text as the model would have to write it. A text that fails a
check teaches nothing and is left out, with the reason. Knows no models.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cases.model import Case, CaseError, Vote
from pipelines.formulas import risky

if TYPE_CHECKING:
    from pipelines.cases.store import CaseStore
    from slots.brief import Brief
    from slots.catalog import Catalog

_NAME = re.compile(r"[\w.-]+")
_FIRST = 0xE200
"""From this private character on, one stands for each value while a text is turned back."""


@dataclass
class VotedPairs:
    """`pairs`: {prompt, target}, each once. `left_out`: (kind, id, part and the reason) of texts with a positive balance."""

    pairs: list[dict[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def voted_pairs(store: "CaseStore", promotions: Path) -> VotedPairs:
    """The pairs of all texts with a positive balance. `promotions`: the folder of promotions' records."""
    from slots.catalog import default_catalog

    by_part: dict[tuple[str, str, str], list[Vote]] = {}
    for vote in store.votes():
        by_part.setdefault((vote.target_kind, vote.target_id, vote.part), []).append(vote)
    found, catalog, seen = VotedPairs(), default_catalog(), set()
    for (kind, target, part), votes in by_part.items():
        if balance(votes) <= 0:
            continue
        where = f"{kind} {target} {part}"
        try:
            subject = _subject(store, promotions, kind, target, part, votes)
            if subject is None:  # a picture, or the whole of something: no text of its own
                continue
            pair = as_pair(subject, catalog)
        except (CaseError, ValueError) as error:
            found.left_out.append((where, str(error)))
            continue
        if tuple(pair.values()) not in seen:
            seen.add(tuple(pair.values()))
            found.pairs.append(pair)
    return found


def balance(votes: Iterable[Vote]) -> int:
    """How many more people are for it than against it."""
    return sum(vote.opinion for vote in votes)


def as_pair(subject: dict[str, Any], catalog: "Catalog") -> dict[str, str]:
    """{prompt, target} of a text that people voted for.

    `subject`: {"brief", "text" or "template", "prompt" where it is not the brief's own}. Raises ValueError with the reason
    when it cannot be trained on.
    """
    from pipelines.checks import check_text, failures
    from pipelines.prompts import fill, writer_source
    from slots.brief import Brief

    if not isinstance(subject.get("brief"), dict):
        raise ValueError("there is no brief with it, so nobody can tell its figures from invented ones")
    brief = Brief.from_dict(subject["brief"])
    text, template = str(subject.get("text") or ""), str(subject.get("template") or "")
    if not template:
        if not text:
            raise ValueError("its text was not kept")
        template = placeholders_of(text, brief, catalog)
    filled = fill(template, brief, catalog)
    if failed := failures(check_text(filled, brief, catalog)):
        raise ValueError(f"the text fails checks: {', '.join(failed)}")
    if risky(template):
        raise ValueError("the text begins like a spreadsheet's formula")
    return {"prompt": str(subject.get("prompt") or writer_source(brief)), "target": template}


def placeholders_of(text: str, brief: "Brief", catalog: "Catalog") -> str:
    """The way back of `pipelines.prompts.fill`: the brief's figures and names in a text become placeholders.

    Raises ValueError when filling the result again does not give the same text.
    """
    from pipelines.prompts import PLACEHOLDERS, fill, placeholder_values

    values = placeholder_values(brief, catalog)
    signs = {name.strip("[]"): chr(_FIRST + number) for number, name in enumerate(PLACEHOLDERS)}
    template = text
    # the user's own words first: they may hold the product or a figure; bare figures last: prices and sizes hold some
    for name in ("OFFER", "GIFT", "STORE", "PLACE", "PRODUCT", "PRICE", "SIZE", "N", "M", "P"):
        if name not in values:
            continue
        value = re.escape(values[name])
        if name in ("N", "M", "P"):
            pattern = re.compile(rf"(?<![\d.,$]){value}(?!\d|[.,]\d)")
        else:
            start = values[name][:1]
            either = f"(?:{re.escape(start)}|{re.escape(start.upper())})"  # `fill` capitalises at a sentence's start
            pattern = re.compile(rf"(?<!\w){either}{re.escape(values[name][1:])}(?!\w)")
        template = pattern.sub(signs[name], template)
    for name, sign in signs.items():
        template = template.replace(sign, f"[{name}]")
    article = re.sub(r"\b([Aa])n \[SIZE\]", r"\1 [SIZE]", template)  # `fill` writes "an 8 oz" of it
    for candidate in (article, template):
        if fill(candidate, brief, catalog) == text:
            return candidate
    raise ValueError("its figures and names cannot be turned back into placeholders")


def write_pairs(pairs: list[dict[str, str]], path: Path) -> None:
    """Writes pairs for `finetune.train_text --data`: `.jsonl` or `.csv`. Raises ValueError for another ending."""
    import csv
    import io

    from pipelines.records import write_bytes

    if path.suffix == ".jsonl":
        content = "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    elif path.suffix == ".csv":
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, ["prompt", "target"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(pairs)
        content = buffer.getvalue()
    else:
        raise ValueError(f"{path}: give a file that ends in .jsonl or .csv, which finetune.train_text --data reads")
    write_bytes(path, content.encode())


def _subject(
    store: "CaseStore", promotions: Path, kind: str, target: str, part: str, votes: list[Vote]
) -> dict[str, Any] | None:
    """What was voted on; None where it is no text. Raises CaseError when it is not there any more."""
    kept = next((vote.subject for vote in reversed(votes) if {"text", "template"} & set(vote.subject)), None)
    if kept is not None and kept.get("brief"):
        return kept
    number = re.fullmatch(r"text-(\d+)", part)
    if number is None:
        return kept
    index = int(number[1]) - 1
    if kind == "promotion":
        return (kept or {}) | _of_promotion(promotions, target, index)
    if kind == "case":
        return (kept or {}) | _of_case(store.case(target), index)
    return kept or {}


def _of_promotion(promotions: Path, id: str, index: int) -> dict[str, Any]:
    if not _NAME.fullmatch(id):
        raise CaseError(f"{id!r} is no promotion's id")
    path = promotions / id / "promotion.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        promo = record["writer"]["promos"][index]
        found = {"brief": record["brief"], "prompt": record["writer"]["prompt"], "text": promo["text"]}
    except (OSError, ValueError) as error:
        raise CaseError(f"the promotion's record cannot be read ({type(error).__name__})") from error
    except (KeyError, TypeError, IndexError) as error:
        raise CaseError("the promotion's record has no such text") from error
    return found | ({"template": promo["template"]} if promo.get("template") else {})


def _of_case(case: Case, index: int) -> dict[str, Any]:
    outputs, templates = case.expected.get("outputs") or [], case.expected.get("templates") or []
    found: dict[str, Any] = {name: case.source[name] for name in ("brief", "prompt") if case.source.get(name)}
    for name, texts in (("text", outputs), ("template", templates)):
        if index < len(texts) and isinstance(texts[index], str):
            found[name] = texts[index]
    if not {"text", "template"} & set(found):
        raise CaseError("the case has no such text")
    return found
