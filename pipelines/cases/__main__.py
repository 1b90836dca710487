"""The command of saved cases and votes.

    python -m pipelines.cases list [SEARCH ...] [--kind K] [--archived]
    python -m pipelines.cases show ID
    python -m pipelines.cases compare ID ID
    python -m pipelines.cases archive ID|NAME [--restore]
    python -m pipelines.cases rename ID NAME
    python -m pipelines.cases run [ID ...] [--kind K] [--json] [--out DIR] [--accept]
    python -m pipelines.cases export --format csv|json|html --out FILE [--what cases|votes]
    python -m pipelines.cases import FILE
    python -m pipelines.cases pairs --out FILE

All take --data DIR, the folder of studio.sqlite3 (default: PROMO_DATA_DIR, else data). Exit codes: 0 done; 2 the call is
wrong; 1 the work failed, or `run` found a check that held and does not pass now.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cases.model import KINDS, Case, CaseError, NoCase
from pipelines.cases.store import FILE, CaseStore, case_file

if TYPE_CHECKING:
    from pipelines.cases.rerun import Rerun

RULE = (
    "Runs all saved, not archived cases again on the present models and shows what changed. Exit code 1 only when a check "
    "that held when a case was saved does not pass now (or such a case cannot be run any more, for instance because its "
    "brief is no longer understood). Other outputs, other model revisions and newly passing checks are shown and fail "
    "nothing; a case whose model is gone is reported as 'model gone' and fails nothing."
)


class CallError(ValueError):
    """The call is wrong; the message says what and the cure."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m pipelines.cases", description="Saved cases and votes.")
    commands = p.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, told: str, description: str = "") -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=told, description=description or f"{told[0].upper()}{told[1:]}.")
        sub.add_argument(
            "--data", type=Path, metavar="DIR", help=f"folder of {FILE} (default: PROMO_DATA_DIR, else data)"
        )
        return sub

    listing = command("list", "the saved cases, newest first")
    listing.add_argument("search", nargs="*", help="words of name, author or source")
    listing.add_argument("--kind", choices=KINDS)
    listing.add_argument("--archived", action="store_true", help="also those that were put away")
    listing.add_argument("--limit", type=int, default=50, help="at most so many (default 50)")
    command("show", "one case as JSON, with its votes").add_argument("id")
    comparing = command("compare", "two cases side by side, as JSON")
    comparing.add_argument("a")
    comparing.add_argument("b")
    archiving = command("archive", "puts a case away, or back: it is no longer listed and not run again")
    archiving.add_argument("case", metavar="ID|NAME", help="its id, or its whole name where only one has it")
    archiving.add_argument("--restore", action="store_true", help="put it back")
    renaming = command("rename", "gives a case another name; the earlier one is kept in its history")
    renaming.add_argument("id")
    renaming.add_argument("name")
    running = command("run", "runs the saved cases again and shows what changed", RULE)
    running.add_argument("ids", nargs="*", metavar="ID", help="only these (default: all that are not archived)")
    running.add_argument("--kind", choices=KINDS, help="only cases of this kind")
    running.add_argument("--json", action="store_true", help="print the report as JSON")
    running.add_argument("--out", type=Path, metavar="DIR", help="also write report.md, report.json and pictures there")
    running.add_argument(
        "--accept", action="store_true",
        help="from now on expect what was made in this run, also where it fails; earlier expectations are kept",
    )  # fmt: skip
    running.add_argument("--text-model", help="a folder or a Hub id instead of the bundled T5")
    running.add_argument("--image-model", help="a folder or a Hub id instead of the bundled Stable Diffusion")
    running.add_argument("--text-backend", default="auto", help="what runs the T5")
    running.add_argument("--image-backend", default="auto", help="what runs Stable Diffusion")
    exporting = command("export", "cases and votes as a file")
    exporting.add_argument("--format", choices=("csv", "json", "html"), required=True)
    exporting.add_argument("--what", choices=("cases", "votes"), default="cases", help="rows of a CSV (default cases)")
    exporting.add_argument("--out", type=Path, required=True, metavar="FILE")
    command("import", "takes in a JSON that export wrote").add_argument("file", type=Path)
    pairs = command("pairs", "the texts that people voted for, as training pairs for finetune.train_text --data")
    pairs.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .jsonl or .csv file")
    return p


def main(argv: Sequence[str] | None = None, studio: Any = None) -> int:
    """Runs one command; returns the exit code. `studio`: runs the cases instead of one of the bundled models (tests)."""
    complain = partial(print, file=sys.stderr)
    try:
        args = parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        store = opened(args.data, needs=args.command != "import")
        if store.warning:
            complain(f"warning: {store.warning}")
        if args.command == "run":
            return run(store, args, studio)
        COMMANDS[args.command](store, args)
    except BrokenPipeError:
        return 0
    except (CallError, ValueError) as error:
        complain(f"python -m pipelines.cases: {error}")
        return 2
    except (CaseError, OSError, RuntimeError) as error:
        complain(f"python -m pipelines.cases: {error}")
        return 1
    except KeyboardInterrupt:
        complain("stopped")
        return 1
    return 0


def opened(data: Path | None, *, needs: bool) -> CaseStore:
    """The store of a folder. Raises CallError when it `needs` to be there and is not: a wrong folder has no cases."""
    path = data / FILE if data is not None else case_file()
    if needs and not path.is_file():
        raise CallError(f"there is no {path}: nothing was saved there yet; give the app's data folder with --data DIR")
    return CaseStore(path)


def list_cases(store: CaseStore, args: argparse.Namespace) -> None:
    """Prints a line for each case."""
    words, archived = " ".join(args.search), None if args.archived else False
    found = store.cases(words, args.kind, args.limit, archived=archived)
    summaries = store.summaries("case")
    for case in found:
        votes = summaries.get(case.id)
        told = f"  +{votes.up} -{votes.down}" if votes and votes.count else ""
        print(f"{case.id}  {case.kind:<10}  {printable(case.name)}{told}{'  (archived)' if case.archived else ''}")
    if (count := store.count(words, args.kind, archived=archived)) > len(found):
        print(f"{count - len(found)} more; see them with --limit {count}", file=sys.stderr)


def show(store: CaseStore, args: argparse.Namespace) -> None:
    """Prints a case, its votes and what was expected of it before."""
    case = known(store, args.id)
    print_json(
        {
            **case.to_dict(),
            "votes": [vote.to_dict() for vote in store.votes("case", case.id)],
            "summary": store.summary("case", case.id).to_dict(),
            "earlier": store.earlier_cases(case.id),
        }
    )


def compare_cases(store: CaseStore, args: argparse.Namespace) -> None:
    """Prints what differs between two cases."""
    from pipelines.cases.compare import compare

    print_json(compare(known(store, args.a), known(store, args.b)).to_dict())


def archive(store: CaseStore, args: argparse.Namespace) -> None:
    """Puts a case away, or back, and says so."""
    case = named(store, args.case, archived=args.restore)
    store.archive(case.id, not args.restore)
    print(f"{case.id}  {printable(case.name)}: {'listed and run again' if args.restore else 'put away'}")


def rename(store: CaseStore, args: argparse.Namespace) -> None:
    """Gives a case another name and says so."""
    case = known(store, args.id)
    store.rename(case.id, args.name)
    print(f"{case.id}  {printable(args.name)}: called {printable(case.name)} before")


def export(store: CaseStore, args: argparse.Namespace) -> None:
    """Writes the file."""
    from pipelines.records import write_bytes

    write_bytes(args.out, store.export(args.format, args.what))
    print(args.out)


def import_file(store: CaseStore, args: argparse.Namespace) -> None:
    """Takes in a file and says what was new."""
    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise CallError(f"{args.file}: {error.strerror}; give a file that 'export --format json' wrote") from error
    counts = store.import_json(data)
    print(f"{counts['cases']} cases and {counts['votes']} votes taken in; {counts['known']} were here already")
    if counts["differ"]:
        print(f"{counts['differ']} are here with other contents and were left as they are", file=sys.stderr)


def pairs(store: CaseStore, args: argparse.Namespace) -> None:
    """Writes the training pairs and says what was left out."""
    from pipelines.cases.pairs import voted_pairs, write_pairs

    found = voted_pairs(store, store.path.parent / "promotions")
    for where, reason in found.left_out:
        print(f"left out: {where}: {reason}", file=sys.stderr)
    if not found.pairs:
        raise CaseError("no text has more votes for than against it that can be trained on; nothing was written")
    write_pairs(found.pairs, args.out)
    print(f"{len(found.pairs)} pairs: {args.out}")
    if len(found.pairs) < 2:
        print("finetune.train_text needs at least 2: one to train on, one to validate", file=sys.stderr)


COMMANDS = {
    "list": list_cases, "show": show, "compare": compare_cases, "archive": archive, "rename": rename, "export": export,
    "import": import_file, "pairs": pairs,
}  # fmt: skip


def run(store: CaseStore, args: argparse.Namespace, studio: Any) -> int:
    """Runs the cases, prints and writes the report. 1 where a held check fails."""
    from pipelines.backends.base import BackendError
    from pipelines.cases.measure import measure
    from pipelines.cases.rerun import line, markdown, report, rerun
    from pipelines.lab_engines import Engines

    cases = [known(store, id) for id in args.ids] or list(reversed(store.cases(kind=args.kind, limit=None)))
    cases = [case for case in cases if args.kind in (None, case.kind)]
    if not cases:
        print("no saved cases to run" + (f" of kind {args.kind}" if args.kind else ""), file=sys.stderr)
    if studio is None:
        from pipelines.models import ModelError, find_model
        from pipelines.studio import Studio, StudioOptions

        try:
            # a model that the call names and that is not there is a wrong call, not a case whose model is gone
            if args.text_model:
                find_model("text", args.text_model, compiled=args.text_backend == "neuron")
            if args.image_model:
                find_model("image", args.image_model, compiled=args.image_backend == "neuron")
            studio = Studio(StudioOptions(args.text_model, args.image_model, args.text_backend, args.image_backend))
        except (BackendError, ModelError) as error:
            raise CallError(str(error)) from error
    engines = Engines(studio)
    runs: list[Rerun] = []
    for case in cases:
        done = rerun(case, lambda one: measure(one, studio, engines))
        runs.append(done)
        print(line(done), file=sys.stderr if args.json else sys.stdout, flush=True)
        if args.accept and done.measured is not None:
            store.accept(case.id, done.measured.renewed(), done.measured.models)
    data = report(runs)
    if args.json:
        print_json(data)
    else:
        counts = ", ".join(f"{count} {status}" for status, count in data["counts"].items())
        print(f"{len(runs)} cases: {counts}" if runs else "0 cases")
    if args.out is not None:
        write_report(args.out, runs, data, markdown)
        print(args.out / "report.md", file=sys.stderr if args.json else sys.stdout)
    return 1 if data["fails"] else 0


def write_report(folder: Path, runs: Sequence["Rerun"], data: dict[str, Any], markdown: Any) -> None:
    """Writes report.md, report.json and the pictures then and now."""
    from pipelines.cases.rerun import pictures_of
    from pipelines.records import write_bytes, write_json

    names: dict[str, tuple[str, str]] = {}
    for number, (key, both) in enumerate(pictures_of(runs).items(), 1):
        files = []
        for when, content in zip(("then", "now"), both, strict=True):
            name = f"pictures/{number:04}-{when}.png" if content else ""
            if content:
                write_bytes(folder / name, content)
            files.append(name)
        names[key] = (files[0], files[1])
    write_json(folder / "report.json", data)
    write_bytes(folder / "report.md", markdown(runs, names).encode())


def known(store: CaseStore, id: str) -> Case:
    """A case by its id. Raises CallError when there is none."""
    try:
        return store.case(id)
    except CaseError as error:
        raise CallError(str(error)) from error


def named(store: CaseStore, text: str, *, archived: bool) -> Case:
    """A case by its id, or by its name among those that are `archived` or not. Raises CallError for none or several."""
    try:
        return store.case(text)
    except NoCase:
        found = [case for case in store.cases(text, limit=None, archived=archived) if case.name == text]
    if len(found) > 1:
        raise CallError(f"{len(found)} cases are called {text!r}; give an id: {', '.join(case.id for case in found)}")
    if not found:
        which = "put away" if archived else "not put away"
        raise CallError(f"no case that is {which} has the id or name {text!r}; see them with: list --archived")
    return found[0]


def print_json(data: Any) -> None:
    """Prints JSON for people and programs."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


def printable(text: str) -> str:
    """A user's words on one line of a terminal, without its control codes."""
    return "".join(c if c.isprintable() else " " for c in text)


if __name__ == "__main__":
    sys.exit(main())
