"""The commands of the extraction and the talk: `python -m slots`.

    python -m slots "una coca de 600 a 18 en la playa"      one JSON object
    python -m slots --jsonl FILE [--stage rules|t5|grounded|full]
    python -m slots --conversations FILE
    python -m slots --score FILE [--stage S] [--rows A-B] [--misses]

The only module of this package that reaches for a back end. Exit codes: 0 done, 2 the call is wrong, 1 the work failed.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from slots.catalog import CatalogError, default_catalog
from slots.extract import STAGES, Extraction, Generate, extract, extract_many
from slots.language import detect_language
from slots.schema import SLOTS, Language
from slots.score import score


class CallError(ValueError):
    """The call is wrong; the message says what and the cure."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m slots", description=__doc__.split("\n")[0])
    parser.add_argument("message", nargs="?", help="one message to read")
    parser.add_argument("--asking", choices=SLOTS, help="the slot that was just asked for (with a message)")
    parser.add_argument("--jsonl", metavar="FILE", help='{"text": ..., "asking": slot or null} a line')
    parser.add_argument("--conversations", metavar="FILE", help='{"turns": ["...", ...]} a line')
    parser.add_argument("--score", metavar="FILE", help='lines with "text" and gold "slots"')
    parser.add_argument("--stage", choices=STAGES, default="full", help="how far to go (default: full)")
    parser.add_argument("--rows", metavar="A-B", help="only these rows of the score file, counted from 1")
    parser.add_argument("--misses", action="store_true", help="with --score: also print each row that is not exact")
    parser.add_argument("--text-model", metavar="P", help="a folder or a Hub id (default: the bundled checkpoint)")
    parser.add_argument("--text-backend", default="auto", metavar="NAME", help="auto, torch, ctranslate2 or neuron")
    return parser


def load_generate(model: str | None = None, backend: str = "auto") -> Generate:
    """The text model as the function that extraction takes. Raises what the back ends raise, with the cure."""
    from pipelines.backends.registry import load_text

    text = load_text(model, backend)

    def generate(sources: list[str]) -> list[str]:
        return [answers[0] if answers else "" for answers in text.generate(sources)]

    return generate


def _lines(name: str, needs: str) -> list[dict[str, Any]]:
    """The JSON objects of a file, one a line. Raises CallError that names file, line and the cure."""
    try:
        content = Path(name).read_text(encoding="utf-8") if name != "-" else sys.stdin.read()
    except OSError as error:
        raise CallError(f"cannot read {name}: {error.strerror}; give the path of a JSON-lines file") from error
    except UnicodeDecodeError as error:
        raise CallError(f"{name} is not UTF-8 text; save it as UTF-8") from error
    rows = []
    # not splitlines(): it also cuts at U+2028 and other signs that may stand inside a JSON string
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CallError(f"{name}, line {number}: not JSON ({error.msg}); write one object a line") from error
        if not isinstance(row, dict) or needs not in row:
            raise CallError(f'{name}, line {number}: expected an object with "{needs}"')
        kind = {"text": str, "turns": list, "slots": dict}[needs]
        if not isinstance(row[needs], kind) or ("text" in row and not isinstance(row["text"], str)):
            raise CallError(f'{name}, line {number}: "{needs}" must be a {kind.__name__}')
        if needs == "turns" and not all(isinstance(turn, str) for turn in row["turns"]):
            raise CallError(f'{name}, line {number}: "turns" must be a list of strings')
        if row.get("asking") not in (None, *SLOTS):
            raise CallError(f'{name}, line {number}: "asking" must be null or one of: {", ".join(SLOTS)}')
        rows.append(row)
    return rows


def _some(rows: list[dict[str, Any]], part: str | None) -> list[dict[str, Any]]:
    if part is None:
        return rows
    match = re.fullmatch(r"(\d+)-(\d+)", part)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise CallError(f"--rows cannot be {part!r}; write it like 1-80")
    chosen = rows[int(match[1]) - 1 : int(match[2])]
    if not chosen:
        raise CallError(f"--rows {part}: the file has only {len(rows)} rows")
    return chosen


def _print(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False))


def _run(args: argparse.Namespace) -> None:
    jobs = [name for name in ("message", "jsonl", "conversations", "score") if getattr(args, name) is not None]
    if len(jobs) != 1:
        raise CallError("give one of: a message, --jsonl FILE, --conversations FILE, --score FILE")
    if args.rows and not args.score:
        raise CallError("--rows goes with --score FILE")
    needs = {"jsonl": "text", "conversations": "turns", "score": "slots"}
    rows = _lines(getattr(args, jobs[0]), needs[jobs[0]]) if jobs[0] in needs else []
    if args.score:
        rows = _some(rows, args.rows)
        if any("text" not in row for row in rows):
            raise CallError('each line of the score file needs "text" beside "slots"')
    catalog = default_catalog()
    generate = None if args.stage == "rules" else load_generate(args.text_model, args.text_backend)
    if args.message is not None:
        _print(extract(args.message, args.asking, generate, catalog, stage=args.stage).to_dict())
    elif args.conversations:
        from slots.dialogue import run_conversation

        def read(text: str, asking: str | None, previous: Language | None, talking: bool) -> Extraction:
            return extract(
                text, asking, generate, catalog, previous_language=previous, talking=talking, stage=args.stage
            )

        for row in rows:
            _print(run_conversation(row["turns"], read, catalog))
    else:
        asked = [(row["text"], row.get("asking")) for row in rows]
        found = extract_many(asked, generate, catalog, stage=args.stage)
        if args.jsonl:
            for extraction in found:
                _print(extraction.to_dict())
            return
        languages = [row.get("language") or detect_language(row["text"]) for row in rows]
        result = score([e.slots for e in found], [row["slots"] for row in rows], languages, [r["text"] for r in rows])
        print(result.report())
        if args.misses:
            print("\n".join(result.misses))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    parser = _parser()
    complain = partial(print, file=sys.stderr)
    try:
        args = parser.parse_args(arguments)
        _run(args)
    except SystemExit as stop:
        return int(stop.code or 0)
    except CallError as error:
        complain(f"python -m slots: {error}")
        return 2
    except BrokenPipeError:
        return 0
    except (CatalogError, OSError, ValueError, RuntimeError, ImportError) as error:
        complain(f"python -m slots: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
