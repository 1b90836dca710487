"""CaseStore: cases and votes in one SQLite file, safe with several threads and processes.

Nothing is deleted: cases are archived, what a vote or an expectation replaces goes to a history. Knows no models.
"""

import json
import os
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pipelines.cases.database import Database, Recovered
from pipelines.cases.model import NAME, Case, CaseError, Kind, NoCase, Vote, VoteSummary, new_id, now, to_json

FILE = "studio.sqlite3"
Format = Literal["csv", "json", "html"]


def case_file() -> Path:
    """Where cases and votes are kept: `studio.sqlite3` in `PROMO_DATA_DIR`, else in `data` beside app.py."""
    folder = os.environ.get("PROMO_DATA_DIR") or Path(__file__).resolve().parent.parent.parent / "data"
    return Path(folder).expanduser() / FILE


class CaseStore:
    """An open store. `warning` tells, for the screen, that the file was damaged and what became of it; "" as a rule."""

    def __init__(self, path: Path | str | None = None) -> None:
        """`path`: the file, made when it is not there; None: `case_file()`. Raises CaseError with the cure."""
        self.path = Path(path) if path is not None else case_file()
        self.database = Database(self.path)

    @property
    def warning(self) -> str:
        """What was set right at opening."""
        return self.database.warning

    @property
    def recovered(self) -> Recovered | None:
        """The same for a screen: what was carried over from a damaged file; None as a rule."""
        return self.database.recovered

    def close(self) -> None:
        """Closes this thread's connection; the next call opens another."""
        self.database.close()

    # cases

    def save_case(self, case: Case) -> str:
        """Keeps a case; gives its id, a new one when it has none. Raises CaseError when the id is taken, ValueError for
        an expectation that cannot be compared."""
        case = replace(case, id=case.id or new_id(), created=case.created or now())
        with self.database.writing() as connection:
            if _row(connection, case.id) is not None:
                raise CaseError(f"there is a case {case.id} already; leave the id empty for a new one")
            _insert_case(connection, case)
        return case.id

    def case(self, id: str) -> Case:
        """One case, archived or not. Raises CaseError when there is none."""
        with self.database.reading() as connection:
            row = _row(connection, id)
        if row is None:
            raise _no_case(id)
        return _case(row)

    def cases(
        self,
        search: str = "",
        kind: Kind | None = None,
        limit: int | None = 50,
        offset: int = 0,
        *,
        archived: bool | None = False,
    ) -> list[Case]:
        """Cases, newest first. `search`: words that must all stand in name, author or source, in any order, whatever
        their capitals and accents. `limit` None: all. `archived` None: both sorts."""
        where, values = _filter(search, kind, archived)
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM cases WHERE number IN "
                f"(SELECT number FROM cases {where} ORDER BY number DESC LIMIT ? OFFSET ?) ORDER BY number DESC",
                (*values, -1 if limit is None else max(0, limit), max(0, offset)),
            ).fetchall()
        return [_case(row) for row in rows]

    def count(self, search: str = "", kind: Kind | None = None, *, archived: bool | None = False) -> int:
        """How many cases `cases` finds in all."""
        where, values = _filter(search, kind, archived)
        with self.database.reading() as connection:
            return int(connection.execute(f"SELECT count(number) FROM cases {where}", values).fetchone()[0])

    def rename(self, id: str, name: str) -> None:
        """Gives a case another name. Raises CaseError, or ValueError for a name that is none."""
        with self.database.writing() as connection:
            case = _changed(connection, id)
            renamed = replace(case, name=name)
            _keep_earlier(connection, case)
            connection.execute(
                "UPDATE cases SET name = ?, search = ? WHERE id = ?", (renamed.name, _search_text(renamed), id)
            )

    def archive(self, id: str, archived: bool = True) -> None:
        """Puts a case away, or back with False: it is no longer listed and not run again. Raises CaseError."""
        with self.database.writing() as connection:
            _changed(connection, id)
            connection.execute("UPDATE cases SET archived = ? WHERE id = ?", (int(archived), id))

    def accept(self, id: str, expected: dict[str, Any], models: dict[str, Any]) -> None:
        """Takes what was made now as what is expected from now on; the earlier expectation goes to the history.

        Raises CaseError, or ValueError for what is not plain JSON.
        """
        with self.database.writing() as connection:
            case = _changed(connection, id)
            renewed = replace(case, expected=expected, models=models)
            _keep_earlier(connection, case)
            connection.execute(
                "UPDATE cases SET expected = ?, models = ? WHERE id = ?",
                (to_json(renewed.expected), to_json(renewed.models), id),
            )

    def earlier_cases(self, id: str | None = None) -> list[dict[str, Any]]:
        """The names and expectations that later ones replaced, oldest first: id, name, models, expected, replaced."""
        return self._earlier("earlier_cases", "id = ?", [id] if id is not None else [])

    # votes

    def vote(self, vote: Vote) -> str:
        """Keeps a vote; gives its id. A second one of the same person on the same part replaces the first, which goes to
        the history. Raises CaseError when it is about a case that is not there."""
        vote = replace(vote, id=vote.id or new_id(), created=vote.created or now())
        with self.database.writing() as connection:
            if vote.target_kind == "case" and _row(connection, vote.target_id) is None:
                raise _no_case(vote.target_id)
            _insert_vote(connection, vote)
        return vote.id

    def votes(
        self, target_kind: str | None = None, target_id: str | None = None, part: str | None = None
    ) -> list[Vote]:
        """The votes that count, oldest first; all of them without arguments."""
        asked = {"target_kind": target_kind, "target_id": target_id, "part": part}
        given = {name: value for name, value in asked.items() if value is not None}
        where = "WHERE " + " AND ".join(f"{name} = ?" for name in given) if given else ""
        with self.database.reading() as connection:
            rows = connection.execute(f"SELECT * FROM votes {where} ORDER BY number", tuple(given.values())).fetchall()
        return [_vote(row) for row in rows]

    def earlier_votes(self, target_kind: str | None = None, target_id: str | None = None) -> list[dict[str, Any]]:
        """The votes that later ones replaced, oldest first: a vote's fields, and `replaced`, when."""
        asked = {"target_kind": target_kind, "target_id": target_id}
        given = {name: value for name, value in asked.items() if value is not None}
        return self._earlier("earlier_votes", " AND ".join(f"{name} = ?" for name in given), list(given.values()))

    def summary(self, target_kind: str, target_id: str, part: str | None = None) -> VoteSummary:
        """What people think of one thing, or of one part of it. A vote without thumb, stars and comment is a withdrawn one."""
        return summarise(self.votes(target_kind, target_id, part))

    def summaries(self, target_kind: str) -> dict[str, VoteSummary]:
        """The summaries of everything of a kind that has votes, by id; one read for a whole list."""
        by_target: dict[str, list[Vote]] = {}
        for vote in self.votes(target_kind):
            by_target.setdefault(vote.target_id, []).append(vote)
        return {target: summarise(votes) for target, votes in by_target.items()}

    # in and out

    def export(self, format: Format, what: Literal["cases", "votes"] = "cases", *, search: str = "") -> bytes:
        """Cases and their votes as a file's content: `csv` (cases, or votes), `json` (all of both, can be imported), `html`
        (one page for people). `search` narrows csv and html. Raises ValueError that lists the formats."""
        from pipelines.cases.export import exported

        return exported(self, format, what, search)

    def import_json(self, data: bytes | str) -> dict[str, int]:
        """Takes in what `export("json")` wrote, with both histories; what is there already is left as it is. Gives how many
        cases and votes were new (`cases`, `votes`), there already (`known`), and there with other contents (`differ`).

        Raises ValueError that names the field; then nothing is taken in.
        """
        from pipelines.cases.export import parsed

        cases, votes, earlier_cases, earlier_votes = parsed(data)
        counts = {"cases": 0, "votes": 0, "known": 0, "differ": 0}
        with self.database.writing() as connection:
            for case in cases:
                row = _row(connection, case.id)
                if row is None:
                    _insert_case(connection, case)
                counts["cases" if row is None else "known" if _case(row) == case else "differ"] += 1
            for vote in votes:
                known = connection.execute("SELECT * FROM votes WHERE id = ?", (vote.id,)).fetchone()
                history = connection.execute("SELECT 1 FROM earlier_votes WHERE id = ?", (vote.id,)).fetchone()
                if known is not None or history is not None:
                    same = known is None or _vote(known) == vote
                    counts["known" if same else "differ"] += 1
                elif _newer(connection, vote):  # this person has voted here since
                    _insert_earlier_vote(connection, vote, now())
                    counts["votes"] += 1
                else:
                    _insert_vote(connection, vote)
                    counts["votes"] += 1
            for case, replaced in earlier_cases:
                _keep_earlier(connection, case, replaced)
            for vote, replaced in earlier_votes:
                if connection.execute("SELECT 1 FROM votes WHERE id = ?", (vote.id,)).fetchone() is None:
                    _insert_earlier_vote(connection, vote, replaced)
        return counts

    def training_pairs(self, promotions: Path | None = None) -> list[dict[str, str]]:
        """The texts that people voted for, as {prompt, target} for `finetune.train_text --data`.

        `promotions`: where promotions are kept; None: beside this file. See `pipelines.cases.pairs` for what is left out.
        """
        from pipelines.cases.pairs import voted_pairs

        return voted_pairs(self, promotions or self.path.parent / "promotions").pairs

    def _earlier(self, table: str, where: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        with self.database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM {table} {f'WHERE {where}' if values else ''} ORDER BY number", tuple(values)
            ).fetchall()
        return [_plain(row) for row in rows]


def summarise(votes: Iterable[Vote]) -> VoteSummary:
    """The votes counted; withdrawn ones are not."""
    counted = [vote for vote in votes if vote.thumb or vote.stars is not None or vote.comment.strip()]
    stars = [vote.stars for vote in counted if vote.stars is not None]
    return VoteSummary(
        up=sum(vote.thumb > 0 for vote in counted),
        down=sum(vote.thumb < 0 for vote in counted),
        mean=round(sum(stars) / len(stars), 2) if stars else None,
        count=len({vote.voter for vote in counted}),
    )


def folded(text: str) -> str:
    """Text as it is searched: without capitals and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


def _filter(search: str, kind: str | None, archived: bool | None) -> tuple[str, list[Any]]:
    terms: list[str] = []
    values: list[Any] = []
    if kind is not None:
        terms.append("kind = ?")
        values.append(kind)
    if archived is not None:
        terms.append("archived = ?")
        values.append(int(archived))
    for word in folded(search).split()[:20]:
        terms.append("instr(search, ?) > 0")
        values.append(word)
    return f"WHERE {' AND '.join(terms)}" if terms else "", values


def _search_text(case: Case) -> str:
    return folded("\n".join([case.name, case.author, *_words(case.source)]))


def _words(value: Any) -> Iterable[str]:
    """The texts in JSON data, without its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)


def _row(connection: sqlite3.Connection, id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM cases WHERE id = ?", (id,)).fetchone()
    return row


def _changed(connection: sqlite3.Connection, id: str) -> Case:
    row = _row(connection, id)
    if row is None:
        raise _no_case(id)
    return _case(row)


def _no_case(id: str) -> NoCase:
    return NoCase(f"there is no case {id[:NAME]!r}; see them with: python -m pipelines.cases list")


def _insert_case(connection: sqlite3.Connection, case: Case) -> None:
    connection.execute(
        "INSERT INTO cases (id, name, kind, created, author, archived, search, source, settings, models, expected) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            case.id, case.name, case.kind, case.created, case.author, int(case.archived), _search_text(case),
            to_json(case.source), to_json(case.settings), to_json(case.models), to_json(case.expected),
        ),
    )  # fmt: skip


def _keep_earlier(connection: sqlite3.Connection, case: Case, replaced: str = "") -> None:
    """Puts a case's name, models and expectation into the history: replaced now, or when `replaced` says, then only once."""
    row = (case.id, case.name, to_json(case.models), to_json(case.expected), replaced or now())
    same = "SELECT 1 FROM earlier_cases WHERE id = ? AND name = ? AND models = ? AND expected = ? AND replaced = ?"
    if not replaced or connection.execute(same, row).fetchone() is None:
        connection.execute(
            "INSERT INTO earlier_cases (id, name, models, expected, replaced) VALUES (?, ?, ?, ?, ?)", row
        )


_VOTE = "id, target_kind, target_id, part, voter, who, thumb, stars, comment, subject, created"


def _insert_vote(connection: sqlite3.Connection, vote: Vote) -> None:
    """Puts a vote in the place of the same person's earlier one."""
    same = (vote.target_kind, vote.target_id, vote.part, vote.voter)
    where = "target_kind = ? AND target_id = ? AND part = ? AND voter = ?"
    connection.execute(
        f"INSERT INTO earlier_votes ({_VOTE}, replaced) SELECT {_VOTE}, ? FROM votes WHERE {where}", (now(), *same)
    )
    connection.execute(f"DELETE FROM votes WHERE {where}", same)
    connection.execute(f"INSERT INTO votes ({_VOTE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _cells(vote))


def _insert_earlier_vote(connection: sqlite3.Connection, vote: Vote, replaced: str) -> None:
    connection.execute(
        f"INSERT OR IGNORE INTO earlier_votes ({_VOTE}, replaced) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_cells(vote), replaced),
    )


def _newer(connection: sqlite3.Connection, vote: Vote) -> bool:
    """Whether the same person's vote that is there is younger than this one."""
    row = connection.execute(
        "SELECT created FROM votes WHERE target_kind = ? AND target_id = ? AND part = ? AND voter = ?",
        (vote.target_kind, vote.target_id, vote.part, vote.voter),
    ).fetchone()
    return row is not None and str(row[0]) >= vote.created


def _cells(vote: Vote) -> tuple[Any, ...]:
    return (
        vote.id, vote.target_kind, vote.target_id, vote.part, vote.voter, vote.who, vote.thumb, vote.stars, vote.comment,
        to_json(vote.subject), vote.created,
    )  # fmt: skip


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    """A row without what only the table needs, JSON read."""
    objects = ("source", "settings", "models", "expected", "subject")
    return {
        key: json.loads(row[key]) if key in objects else row[key]
        for key in row.keys()  # noqa: SIM118  # a Row iterates over its values
        if key not in ("number", "search", "voter")
    }


def _case(row: sqlite3.Row) -> Case:
    return Case(**{**_plain(row), "archived": bool(row["archived"])})


def _vote(row: sqlite3.Row) -> Vote:
    return Vote(**_plain(row))
