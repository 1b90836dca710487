"""Whose a promotion is, and the links that open one for others.

Two secrets, and only their SHA-256 is stored: a visitor's key (kept in their browser) says which promotions are theirs;
a link's token opens one promotion, read-only, until it is revoked. Both have 128 random bits; a promotion's id opens
nothing. Tables in `<data>/shares.sqlite3`, one connection a call, so that threads and processes may share the file.
Knows nothing of screens and of what a promotion holds.
"""

import hashlib
import logging
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from pipelines import records
from pipelines.worded import WordedError
from slots.schema import Language

log = logging.getLogger("promo_studio")

FILE = "shares.sqlite3"
SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
"""128 bits as base64url: what a visitor's key and a link's token look like."""
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{16}")
FINISHED = ("done", "stopped")

_TABLES = """
CREATE TABLE IF NOT EXISTS owners (promotion TEXT PRIMARY KEY, owner TEXT NOT NULL, noted TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_owner ON owners (owner, promotion);
CREATE TABLE IF NOT EXISTS links (token TEXT PRIMARY KEY, promotion TEXT NOT NULL, made TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_promotion ON links (promotion);
CREATE TABLE IF NOT EXISTS revoked (promotion TEXT NOT NULL, made TEXT NOT NULL, revoked TEXT NOT NULL);
"""


class ShareError(WordedError, RuntimeError):
    """A promotion cannot be shared, or a link opens nothing. A link's error never says why: unknown and revoked are one."""

    WORDINGS: ClassVar[Mapping[str, Mapping[Language, str]]] = {
        "none": {"en": "there is no such promotion", "es": "esa promoción no existe"},
        "unreadable": {
            "en": "this promotion cannot be shared: its record cannot be read. {error}",
            "es": "su archivo no se puede leer; crea la promoción de nuevo y comparte esa.",
        },
        "unfinished": {
            "en": "this promotion is not finished; wait for it, or make it again",
            "es": "esta promoción no está terminada; espera a que acabe o créala de nuevo.",
        },
        "closed": {"en": "this link opens nothing", "es": "este enlace no abre nada"},
        "table": {
            "en": "cannot use {file}: {error}. Try again, or check the data folder",
            "es": "el registro de enlaces no se puede usar ahora; inténtalo en un momento. Si sigue igual, hay que revisar "
            "la carpeta de datos.",
        },
    }


def new_secret() -> str:
    """A visitor's key or a link's token: 128 random bits."""
    return secrets.token_urlsafe(16)


def hashed(secret: str) -> str:
    """What is stored of a secret. Plain SHA-256 is enough for one that has 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def beside(promotions: Path) -> Path:
    """Where the tables of a promotions' folder lie: in the data folder around it."""
    return (promotions.parent if promotions.name == "promotions" else promotions) / FILE


class Shares:
    """Owners and links of the promotions in one folder."""

    def __init__(self, promotions: Path, path: Path | None = None) -> None:
        """`path`: the SQLite file, by default beside the promotions' folder. Opens nothing yet."""
        self.promotions, self.path = promotions, path or beside(promotions)
        self.damaged = ""
        """The name that a damaged file was moved to; empty as a rule."""

    def own(self, promotion: str, visitor: str) -> None:
        """Notes that a promotion is the visitor's, whose key is `visitor`. The first one who says so keeps it."""
        if _is_secret(visitor) and ID.fullmatch(promotion):
            with self._open() as base:
                base.execute("INSERT OR IGNORE INTO owners VALUES (?, ?, ?)", (promotion, hashed(visitor), _now()))

    def owns(self, visitor: object, promotion: object) -> bool:
        """Whether the promotion is the visitor's."""
        if not (_is_secret(visitor) and isinstance(promotion, str)):
            return False
        with self._open() as base:
            row = base.execute("SELECT owner FROM owners WHERE promotion = ?", (promotion,)).fetchone()
        return row is not None and secrets.compare_digest(row[0], hashed(str(visitor)))

    def owned(self, visitor: object) -> list[str]:
        """The ids of the visitor's promotions, newest first."""
        if not _is_secret(visitor):
            return []
        with self._open() as base:
            rows = base.execute(
                "SELECT promotion FROM owners WHERE owner = ? ORDER BY promotion DESC", (hashed(str(visitor)),)
            ).fetchall()
        return [row[0] for row in rows]

    def share(self, promotion: str) -> str:
        """A new link's token for a finished promotion; earlier links go on working. Raises ShareError with the cure."""
        if not ID.fullmatch(promotion):
            raise ShareError("none")
        try:
            record = records.read_record(self.promotions / promotion / records.RECORD)
        except records.RecordError as error:
            raise ShareError("unreadable", error=error) from error
        if record.get("status", "done") not in FINISHED:
            raise ShareError("unfinished")
        token = new_secret()
        with self._open() as base:
            base.execute("INSERT INTO links VALUES (?, ?, ?)", (hashed(token), promotion, _now()))
        return token

    def opened(self, token: object) -> Path:
        """The folder of the promotion that a link opens.

        Raises ShareError, always with the same words and after the same look-up, for a token that is malformed, guessed or
        revoked, and for a promotion that is gone: what is revoked leaves the table that is looked up.
        """
        text = token if isinstance(token, str) and SECRET.fullmatch(token) else ""
        with self._open() as base:
            row = base.execute("SELECT promotion FROM links WHERE token = ?", (hashed(text),)).fetchone()
        folder = self.promotions / (row[0] if row else "none")
        if not (folder / records.RECORD).is_file() or row is None:
            raise ShareError("closed")
        return folder

    def links(self, promotion: str) -> int:
        """How many links open a promotion now."""
        with self._open() as base:
            return int(base.execute("SELECT count(*) FROM links WHERE promotion = ?", (promotion,)).fetchone()[0])

    def shared(self, promotions: list[str]) -> set[str]:
        """Those of the promotions that a link opens now."""
        with self._open() as base:
            rows = base.execute("SELECT DISTINCT promotion FROM links").fetchall()
        return {row[0] for row in rows} & set(promotions)

    def revoke(self, promotion: str) -> int:
        """Closes every link of a promotion at once; gives how many there were."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            base.execute(
                "INSERT INTO revoked SELECT promotion, made, ? FROM links WHERE promotion = ?", (_now(), promotion)
            )
            return base.execute("DELETE FROM links WHERE promotion = ?", (promotion,)).rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            base = self._connected()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or the disk: nothing is wrong with the file
                raise ShareError("table", file=self.path.name, error=error) from error
            aside = self.path.with_name(f"{FILE}.damaged-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}")
            self.path.replace(aside)
            self.damaged = aside.name
            log.warning("%s was damaged (%s); it is kept as %s and a new one is begun", self.path, error, aside.name)
            base = self._connected()
        try:
            with base:
                yield base
        except sqlite3.OperationalError as error:
            raise ShareError("table", file=self.path.name, error=error) from error
        finally:
            base.close()

    def _connected(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self.path, timeout=10)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.executescript(_TABLES)
        except sqlite3.Error:
            base.close()
            raise
        return base


def _is_secret(value: object) -> bool:
    return isinstance(value, str) and SECRET.fullmatch(value) is not None


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
