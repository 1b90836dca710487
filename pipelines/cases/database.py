"""The SQLite file under cases and votes: opening, migrations, short transactions, backup, and what to do when it is damaged.

Write-ahead log, full synchronisation: what is acknowledged survives a kill. Each thread of each process has its own
connection; writers wait for each other. A damaged file is moved aside, never deleted, and what can be read of it is
carried over. Knows tables, not what they mean.
"""

import json
import logging
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.cases.model import CaseError

logger = logging.getLogger(__name__)

APPLICATION = 0x50534331
"""`PRAGMA application_id` of our files, so that no other program's database is taken for ours."""
BUSY_SECONDS = 20.0
"""How long a writer waits for another one."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE cases (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
            created TEXT NOT NULL, author TEXT NOT NULL, archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
            search TEXT NOT NULL, source TEXT NOT NULL, settings TEXT NOT NULL, models TEXT NOT NULL,
            expected TEXT NOT NULL)""",
        # holds all that a search reads, so that it need not go through the rows, which hold pictures
        "CREATE INDEX cases_by_words ON cases (archived, number, kind, search)",
        """CREATE TABLE earlier_cases (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, models TEXT NOT NULL,
            expected TEXT NOT NULL, replaced TEXT NOT NULL)""",
        """CREATE TABLE votes (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, target_kind TEXT NOT NULL, target_id TEXT NOT NULL,
            part TEXT NOT NULL, voter TEXT NOT NULL, who TEXT NOT NULL, thumb INTEGER NOT NULL CHECK (thumb IN (-1, 0, 1)),
            stars INTEGER CHECK (stars IS NULL OR stars BETWEEN 1 AND 5), comment TEXT NOT NULL, subject TEXT NOT NULL,
            created TEXT NOT NULL, UNIQUE (target_kind, target_id, part, voter))""",
        """CREATE TABLE earlier_votes (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, target_kind TEXT NOT NULL, target_id TEXT NOT NULL,
            part TEXT NOT NULL, voter TEXT NOT NULL, who TEXT NOT NULL, thumb INTEGER NOT NULL, stars INTEGER,
            comment TEXT NOT NULL, subject TEXT NOT NULL, created TEXT NOT NULL, replaced TEXT NOT NULL)""",
        "CREATE INDEX earlier_votes_by_target ON earlier_votes (target_kind, target_id, part, voter)",
        f"PRAGMA application_id = {APPLICATION}",
    ),
)
"""One step a schema version; a step that was ever released is never changed."""
TABLES = ("cases", "earlier_cases", "votes", "earlier_votes")
_JSON = {"source", "settings", "models", "expected", "subject"}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Recovered(NamedTuple):
    """What became of a damaged file: the name it was moved to, and what was carried over into the new one."""

    aside: str
    cases: int
    votes: int


class Database:
    """An open file. `warning`: what was found damaged at opening and what became of it; empty as a rule. `recovered`: the
    same for a screen; None as a rule."""

    def __init__(self, path: Path) -> None:
        """Raises CaseError, with the cure, when the file cannot be opened or is not ours."""
        self.path = path
        self.warning = ""
        self.recovered: Recovered | None = None
        self._own = threading.local()
        self._prepare()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with. Raises CaseError."""
        with self._telling():
            yield self._connection()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on disk when the block is left, or none of it. Raises CaseError."""
        with self._telling():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def backup(self, target: Path) -> None:
        """Writes a copy of this moment, one whole file, while others go on writing. Raises CaseError."""
        with self._telling():
            _copied(self._connection(), target)

    def close(self) -> None:
        """Closes this thread's connection; the next call opens another."""
        for connection in getattr(self._own, "connections", {}).values():
            connection.close()
        self._own.connections = {}

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection to the file that lies there now: after a fork, or when another process moved a damaged
        file aside, a new one."""
        try:
            place = os.stat(self.path)
        except FileNotFoundError:
            self._prepare()
            place = os.stat(self.path)
        key = (os.getpid(), place.st_dev, place.st_ino)
        connections = self._own.__dict__.setdefault("connections", {})
        if key not in connections:
            connections[key] = _connected(self.path)
        connection: sqlite3.Connection = connections[key]
        return connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise CaseError(f"{self.path}: {error}; {_cure(error)}") from error

    def _prepare(self) -> None:
        """Makes the folder and the file, checks it, and brings its schema up to date; one process at a time."""
        with self._telling():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _alone(self.path):
                problem = damage(self.path) if self.path.is_file() and self.path.stat().st_size else ""
                moved = set_aside(self.path) if problem else None
                with closing(_connected(self.path)) as connection:
                    _migrate(connection, self.path)
                    if moved is not None:
                        rows = salvage(moved, connection)
                        self.recovered = Recovered(moved.name, rows["cases"], rows["votes"])
                        self.warning = told(self.path, moved, problem, rows)
                        logger.warning(self.warning)


def snapshot(path: Path, target: Path) -> None:
    """The same from outside: a copy of a file that others have open; nothing is set right and nothing made.

    Raises CaseError when it cannot be copied, or the copy is damaged; then `target` stays as it was.
    """
    fresh = target.with_name(f".{target.name}.fresh")
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        ) as connection:
            _copied(connection, fresh)
        if problem := damage(fresh):
            raise CaseError(f"{path} is damaged ({problem[:200]}); start the program again: it sets that right")
        with closing(sqlite3.connect(fresh)) as copy:  # looking at it made it one with a log again
            copy.execute("PRAGMA journal_mode = DELETE")
        os.replace(fresh, target)
    except (sqlite3.Error, OSError) as error:
        raise CaseError(f"{path}: {error}; {_cure(error)}") from error
    finally:
        for ending in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


def damage(path: Path) -> str:
    """What is wrong with a database file, in SQLite's words; empty when it is whole. Raises sqlite3.Error when it cannot be
    looked at (busy, no permission)."""
    try:
        with closing(_connected(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        if _code(error) in _DAMAGED:
            return str(error)
        raise
    return "" if found == ["ok"] else "; ".join(found)


def set_aside(path: Path) -> Path:
    """Renames a database and its write-ahead log to `NAME.damaged-TIME`; gives the new path."""
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    target, number = path.with_name(stem), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{stem}-{number}")
    for ending in ("-wal", "-shm", ""):  # the file itself last: a kill in between leaves it to be found damaged again
        if (old := path.with_name(path.name + ending)).exists():
            os.replace(old, target.with_name(target.name + ending))
    return target


def salvage(damaged: Path, into: sqlite3.Connection) -> dict[str, int]:
    """Copies what can be read of a damaged file into a fresh one; gives the rows carried over, by table.

    Reads a copy, from both ends of each table up to what cannot be read; a row that is not whole is left out.
    """
    saved = dict.fromkeys(TABLES, 0)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy.sqlite3"
        for ending in ("", "-wal"):
            if (part := damaged.with_name(damaged.name + ending)).exists():
                shutil.copyfile(part, copy.with_name(copy.name + ending))
        _lengthened(copy)
        for table in TABLES:
            columns = [str(row[1]) for row in into.execute(f"PRAGMA table_info({table})")]
            marks = ", ".join("?" * len(columns))
            with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                connection.text_factory = bytes
                for row in _readable(connection, table, columns):
                    try:
                        inserted = into.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row).rowcount
                        saved[table] += max(inserted, 0)
                    except sqlite3.IntegrityError:  # a field that this table does not allow
                        continue
    return saved


def told(path: Path, moved: Path, problem: str, rows: dict[str, int]) -> str:
    """The warning about a file that was moved aside."""
    return (
        f"{path} was damaged ({problem[:200]}). It was moved to {moved} and nothing was deleted; a new file was begun. "
        f"Carried over: {rows['cases']} cases and {rows['votes']} votes"
        + ("." if any(rows.values()) else "; none could be read. Put a backup in its place if there is one.")
    )


def _lengthened(database: Path) -> None:
    """Fills a cut file up with zeros to the length that its header tells: SQLite reads nothing at all of a shorter one."""
    with database.open("r+b") as file:
        header = file.read(100)
        page = int.from_bytes(header[16:18], "big")
        length = (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
        size = file.seek(0, os.SEEK_END)
        if header.startswith(b"SQLite format 3\x00") and size < length <= 4 * size + 2**20:
            file.truncate(length)


def _readable(connection: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[list[Any]]:
    """The whole rows of a damaged table."""
    seen: set[Any] = set()
    for order in ("", "DESC"):
        try:
            for raw in connection.execute(
                f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY rowid {order}"
            ):
                if raw[0] in seen:
                    break
                seen.add(raw[0])
                try:
                    row = [cell.decode() if isinstance(cell, bytes) else cell for cell in raw]
                    for name, cell in zip(columns, row, strict=True):
                        if name in _JSON and not isinstance(json.loads(cell), dict):
                            raise ValueError(name)
                except (ValueError, TypeError):
                    continue
                yield row
        except sqlite3.Error:
            continue


def _copied(connection: sqlite3.Connection, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(scratch)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        os.replace(scratch, target)
    finally:
        Path(scratch).unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # a folder on the network keeps no write-ahead log; SQLite then stays with its rollback journal, as safe and slower
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.row_factory = sqlite3.Row
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection, path) == len(MIGRATIONS):  # the rule: no need to wait for whoever writes
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in MIGRATIONS[_version(connection, path) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The file's schema version. Raises CaseError for a file that is not ours, or a newer one."""
    version, owner, tables = (
        int(connection.execute(question).fetchone()[0])
        for question in ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_master")
    )
    if owner not in (0, APPLICATION) or (owner == 0 and tables):
        raise CaseError(f"{path} is a database of another program; move it, or set PROMO_DATA_DIR to another folder")
    if version > len(MIGRATIONS):
        raise CaseError(
            f"{path} was written by a newer Promo Studio (schema {version}; this one knows {len(MIGRATIONS)}): "
            "update this program, or set PROMO_DATA_DIR to another folder"
        )
    return version


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Waits until no other process opens this file; without file locks (Windows) it does not wait."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, also by a kill
        yield


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; -1 where the module gives none."""
    code = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else code & 0xFF


def _cure(error: Exception) -> str:
    code = _code(error) if isinstance(error, sqlite3.Error) else None
    cures = {
        sqlite3.SQLITE_BUSY: "another program holds it; try again in a moment",
        sqlite3.SQLITE_FULL: "the disk is full: free some space and try again",
        sqlite3.SQLITE_READONLY: "make the folder writable, or set PROMO_DATA_DIR to one that is",
        sqlite3.SQLITE_CORRUPT: "start the program again: it moves a damaged file aside and keeps what can be read",
    }
    return cures.get(
        code or -1, "check that the folder is there, writable and not full, or set PROMO_DATA_DIR to another"
    )
