"""Cases and votes as files: CSV for spreadsheets (formulas made harmless), JSON (whole, can be taken in again), HTML for people.

Everything that came from a user is text here: escaped, never markup or a formula. Knows no models.
"""

import base64
import binascii
import csv
import io
import json
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.cases.compare import flat, outputs_of, shown
from pipelines.cases.model import Case, Vote, held, now
from pipelines.formulas import harmless

if TYPE_CHECKING:
    from pipelines.cases.store import CaseStore

FORMATS = ("csv", "json", "html")
NAME = "promo-studio-cases"
VERSION = 1


def exported(store: "CaseStore", format: str, what: str, search: str) -> bytes:
    """The content of the file: see `CaseStore.export`."""
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}; choose one of: {', '.join(FORMATS)}")
    if what not in ("cases", "votes"):
        raise ValueError(f"nothing is called {what!r}; choose one of: cases, votes")
    if format == "json":
        return as_json(store)
    cases = store.cases(search, limit=None, archived=None)
    if format == "html":
        return as_html(cases, store.votes(), search).encode()
    if what == "votes":
        return as_csv(VOTE_COLUMNS, [vote_row(vote) for vote in store.votes()])
    summaries = store.summaries("case")
    return as_csv(CASE_COLUMNS, [case_row(case, summaries.get(case.id)) for case in cases])


def as_json(store: "CaseStore") -> bytes:
    """All of it: cases, votes and both histories."""
    with store.database.reading() as connection:
        connection.execute("BEGIN")  # one moment, whatever others write meanwhile
        try:
            data = {
                "format": NAME,
                "version": VERSION,
                "exported": now(),
                "cases": [case.to_dict() for case in reversed(store.cases(limit=None, archived=None))],
                "votes": [vote.to_dict() for vote in store.votes()],
                "earlier_votes": store.earlier_votes(),
                "earlier_cases": store.earlier_cases(),
            }
        finally:
            connection.execute("COMMIT")
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


class Parsed(NamedTuple):
    """What an exported JSON holds; earlier ones with the moment that each was replaced."""

    cases: list[Case]
    votes: list[Vote]
    earlier_cases: list[tuple[Case, str]]
    """Only with what the history keeps of a case: its id, name, models and expectation."""
    earlier_votes: list[tuple[Vote, str]]


def parsed(data: bytes | str) -> Parsed:
    """Reads an exported JSON. Raises ValueError that says where."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error}); give a file that 'export --format json' wrote") from error
    if not isinstance(read, dict) or read.get("format") != NAME:
        raise ValueError("not an export of cases; give a file that 'export --format json' wrote")
    if read.get("version") != VERSION:
        raise ValueError(f"this export has version {read.get('version')!r}; this program reads {VERSION}")
    cases = [Case.from_dict(entry) for entry in _entries(read, "cases")]
    votes = [Vote.from_dict(entry) for entry in _entries(read, "votes")]
    if not all(case.id and case.created for case in cases) or not all(vote.id and vote.created for vote in votes):
        raise ValueError("a case or vote of this export has no id or no date")
    history = {"kind": "text", "source": {"earlier": True}}  # a Case needs them, the history does not keep them
    earlier_cases = [(Case.from_dict(history | entry), when) for entry, when in _replaced(read, "earlier_cases")]
    if not all(case.id for case, _ in earlier_cases):
        raise ValueError("an earlier case of this export does not say whose it is")
    earlier_votes = [(Vote.from_dict(entry), when) for entry, when in _replaced(read, "earlier_votes")]
    return Parsed(cases, votes, earlier_cases, earlier_votes)


CASE_COLUMNS = (
    "id", "name", "kind", "author", "created", "archived", "source", "settings", "outputs", "checks held", "models",
    "votes up", "votes down", "mean stars", "voters",
)  # fmt: skip
VOTE_COLUMNS = ("id", "target kind", "target id", "part", "who", "thumb", "stars", "comment", "created")


def case_row(case: Case, votes: Any) -> list[Any]:
    """A case as a row of CASE_COLUMNS; pictures are left to JSON and HTML."""
    outputs = {part: made for part, made in outputs_of(case.expected).items() if not part.startswith("picture-")}
    return [
        case.id, case.name, case.kind, case.author, case.created, "yes" if case.archived else "no",
        _compact(case.source), _compact(case.settings), _compact(outputs), ", ".join(sorted(held(case.expected))),
        _compact(case.models), *((votes.up, votes.down, votes.mean, votes.count) if votes else (0, 0, None, 0)),
    ]  # fmt: skip


def vote_row(vote: Vote) -> list[Any]:
    """A vote as a row of VOTE_COLUMNS."""
    return [
        vote.id, vote.target_kind, vote.target_id, vote.part, vote.who, vote.thumb, vote.stars, vote.comment, vote.created,
    ]  # fmt: skip


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A CSV that spreadsheets open with its accents (byte order mark) and without running anything in it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + buffer.getvalue()).encode()


def as_html(cases: list[Case], votes: list[Vote], search: str = "") -> str:
    """One page without anything from elsewhere: no script, no font, no picture that is not inside it."""
    of_case: dict[str, list[Vote]] = {}
    others: list[Vote] = []
    known = {case.id for case in cases}
    for vote in votes:
        if vote.target_kind == "case" and vote.target_id in known:
            of_case.setdefault(vote.target_id, []).append(vote)
        elif vote.target_kind != "case":
            others.append(vote)
    count = (
        f"{len(cases)} {'case' if len(cases) == 1 else 'cases'}, {len(votes)} {'vote' if len(votes) == 1 else 'votes'}"
    )
    asked = f", found with “{escape(search)}”" if search.strip() else ""
    body = "".join(_card(case, of_case.get(case.id, [])) for case in cases) or '<p class="none">No cases yet.</p>'
    return _PAGE.format(
        style=_STYLE,
        count=f"{count}{asked}",
        date=escape(now()[:16].replace("T", " ")),
        cases=body,
        votes=_other_votes(others) if others else "",
    )


def _card(case: Case, votes: list[Vote]) -> str:
    by_part: dict[str, list[Vote]] = {}
    for vote in votes:
        by_part.setdefault(vote.part, []).append(vote)
    outputs = outputs_of(case.expected)
    texts, facts, pictures = [], [], []
    for part, made in outputs.items():
        tally = _tally(by_part.pop(part, []))
        if part.startswith("text-"):
            texts.append(f"<li><p>{escape(shown(made))}</p>{tally}</li>")
        elif part.startswith("picture-"):
            if image := _picture(made):
                pictures.append(
                    f'<figure><img src="{image}" alt="{escape(part)}"><figcaption>{tally}</figcaption></figure>'
                )
        else:
            facts.append(f"<div><dt>{escape(part)}</dt><dd>{escape(shown(made))}</dd></div>")
    rest = [vote for some in by_part.values() for vote in some]
    checks = "".join(f'<li class="held">{escape(name)}</li>' for name in sorted(held(case.expected)))
    models = " · ".join(
        f"{escape(kind)} {escape(shown(model.get('name')))} {escape(shown(model.get('revision')))}"
        for kind, model in case.models.items()
        if isinstance(model, dict)
    )
    return (
        f'<article id="{escape(case.id)}"><header><span class="kind {case.kind}">{case.kind}</span>'
        f"<h2>{escape(case.name)}</h2>{'<span class=away>archived</span>' if case.archived else ''}"
        f"<p>{escape(case.author)}{' · ' if case.author else ''}{escape(case.created[:16].replace('T', ' '))}</p></header>"
        f"{_source(case)}"
        + (f'<div class="pictures">{"".join(pictures)}</div>' if pictures else "")
        + (f'<ol class="texts">{"".join(texts)}</ol>' if texts else "")
        + (f'<dl class="facts">{"".join(facts)}</dl>' if facts else "")
        + (f'<ul class="checks">{checks}</ul>' if checks else "")
        + _tally(rest)
        + ("" if outputs else '<p class="models">Nothing was made of it yet.</p>')
        + (f'<p class="models">{models}</p>' if models else "")
        + "</article>"
    )


def _source(case: Case) -> str:
    rows = "".join(
        f"<div><dt>{escape(name.removeprefix('brief.').removeprefix('slots.'))}</dt><dd>{escape(shown(value))}</dd></div>"
        for name, value in flat(case.source).items()
        if value not in (None, "", [], {})
    )
    settings = " · ".join(
        f"{escape(name)} <b>{escape(shown(value))}</b>"
        for name, value in flat(case.settings).items()
        if value not in (None, "", {}) and value is not False
    )
    return f'<dl class="source">{rows}</dl>' + (f'<p class="settings">{settings}</p>' if case.settings else "")


def _tally(votes: list[Vote]) -> str:
    from pipelines.cases.store import summarise

    if not votes:
        return ""
    summary = summarise(votes)
    stars = f' <span class="stars">{summary.mean:.1f} ★</span>' if summary.mean is not None else ""
    words = "".join(
        f"<li><b>{escape(vote.who)}</b> {escape(vote.comment)}</li>" for vote in votes if vote.comment.strip()
    )
    return (
        f'<div class="votes"><span class="up">▲ {summary.up}</span> <span class="down">▼ {summary.down}</span>{stars}'
        + (f"<ul>{words}</ul>" if words else "")
        + "</div>"
    )


def _other_votes(votes: list[Vote]) -> str:
    rows = "".join(
        f"<tr><td>{escape(vote.target_kind)}</td><td><code>{escape(vote.target_id)}</code></td><td>{escape(vote.part)}</td>"
        f"<td>{escape(vote.who)}</td><td>{('', '▲', '▼')[vote.thumb]}</td><td>{'★' * (vote.stars or 0)}</td>"
        f"<td>{escape(vote.comment)}</td></tr>"
        for vote in votes
    )
    head = "".join(f"<th>{name}</th>" for name in ("what", "id", "part", "who", "", "stars", "comment"))
    return f'<h2 class="section">Votes on promotions and variants</h2><div class="wide"><table><tr>{head}</tr>{rows}</table></div>'


def _picture(data: Any) -> str:
    """A stored PNG as a data address; empty for anything else."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return ""
    return f"data:image/png;base64,{base64.b64encode(raw).decode()}" if raw.startswith(b"\x89PNG\r\n\x1a\n") else ""


def _compact(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False) if data else ""


def _entries(read: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = read.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{name} must be a list of JSON objects")
    return entries


def _replaced(read: dict[str, Any], name: str) -> list[tuple[dict[str, Any], str]]:
    """The entries of a history, and when each was replaced."""
    entries = [dict(entry) for entry in _entries(read, name)]
    moments = [entry.pop("replaced", None) for entry in entries]
    if not all(isinstance(moment, str) for moment in moments):
        raise ValueError(f"one of {name} does not say when it was replaced")
    return list(zip(entries, moments, strict=True))


_STYLE = """
:root { --paper:#f8f1e4; --card:#fffdf8; --ink:#241a14; --soft:#6b5b4e; --line:#e3d5be; --tomato:#bf3b22; --mustard:#e5a82e; --agave:#2f6b4f }
* { box-sizing:border-box } body { margin:0; background:var(--paper); color:var(--ink); font:16px/1.5 system-ui,'Segoe UI',sans-serif }
body > header, main { max-width:1120px; margin:0 auto; padding:0 clamp(16px,3vw,32px) }
body > header { padding-top:36px } h1 { font-size:clamp(30px,4vw,44px); line-height:1; letter-spacing:-.03em; font-weight:900; margin:0 }
h1 i { font-style:normal; color:var(--tomato) } body > header p { color:var(--soft); margin:8px 0 18px }
.rule { height:6px; background:linear-gradient(90deg,var(--tomato) 0 33.3%,var(--mustard) 0 66.6%,var(--agave) 0) }
main { padding-top:26px; padding-bottom:60px; display:grid; gap:20px }
article { background:var(--card); border:1.5px solid var(--line); border-radius:18px; padding:20px 24px; overflow-wrap:anywhere }
article > header { display:flex; flex-wrap:wrap; align-items:baseline; gap:4px 12px; margin-bottom:12px }
article h2 { font-size:21px; line-height:1.2; margin:0; letter-spacing:-.01em } article > header p { margin:0 0 0 auto; color:var(--soft); font-size:14px }
.kind { font-size:12px; font-weight:700; text-transform:uppercase; letter-spacing:.06em; border-radius:999px; padding:3px 10px; background:var(--ink); color:#fff }
.kind.text { background:var(--tomato) } .kind.scene { background:var(--agave) } .kind.extraction { background:#7a5a12 }
.away { font-size:13px; color:var(--soft); border:1px solid var(--line); border-radius:999px; padding:1px 9px }
dl { display:flex; flex-wrap:wrap; gap:8px 10px; margin:0 0 14px } dl div { border-bottom:1px solid var(--line); padding:0 8px 3px 0; max-width:100% }
dt { font-size:12px; color:var(--soft); line-height:1.3 } dd { margin:0; font-weight:600; white-space:pre-wrap }
.facts div { background:#f1e8d6; border:0; border-radius:10px; padding:6px 12px }
.texts { margin:0 0 14px; padding:0; list-style:none; display:grid; gap:10px }
.texts > li { border-left:4px solid var(--mustard); padding:2px 0 2px 14px } .texts > li > p { margin:0; font-size:17px; max-width:72ch; text-wrap:pretty }
.pictures { display:flex; flex-wrap:wrap; gap:14px; margin-bottom:14px } figure { margin:0 } img { width:220px; max-width:100%; border-radius:12px; display:block }
.checks { display:flex; flex-wrap:wrap; gap:6px; margin:0 0 12px; padding:0; list-style:none; font-size:13px }
.checks li { border:1px solid #b9cdbf; color:var(--agave); border-radius:999px; padding:1px 10px } .checks li::before { content:'✓ ' }
.votes { font-size:14px; margin-top:6px } .votes span { font-weight:700; margin-right:6px } .up { color:var(--agave) } .down { color:var(--tomato) } .stars { color:#7a5a12 }
.votes ul { margin:4px 0 0; padding:0; list-style:none; color:var(--soft) } .votes b { color:var(--ink) }
.settings { font-size:13px; color:var(--soft); margin:-4px 0 14px } .settings b { color:var(--ink); font-weight:600 }
.models, .none { color:var(--soft); font-size:13px; margin:8px 0 0 } .section { margin:18px 0 -6px } .wide { overflow-x:auto }
table { border-collapse:collapse; width:100%; font-size:14px; background:var(--card) } th,td { text-align:left; padding:6px 10px; border-bottom:1px solid var(--line); vertical-align:top }
th { color:var(--soft); font-weight:600 } code { font-size:12px }
@media print { body { background:#fff } article { break-inside:avoid } }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Promo Studio: cases and votes</title><style>{style}</style></head>
<body><header><h1>Promo <i>Studio</i></h1><p>Cases and votes · {count} · {date}</p></header><div class="rule"></div>
<main>{cases}{votes}</main></body></html>
"""
