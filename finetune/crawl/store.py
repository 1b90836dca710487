"""What was fetched, kept by address, so that a crawl that was stopped goes on where it was and asks for nothing twice.

File names are hashes of addresses: nothing that a server says becomes a path. The record is written after the body, each
under a temporary name first, so that a kill at any moment leaves a fetch either whole or not done. Knows nothing of HTTP.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """One fetch that is done: its body's hash and type, or the reason why there is none."""

    url: str
    final_url: str = ""
    content_type: str = ""
    sha256: str = ""
    """Of the body; empty after a failure."""
    failure: str = ""
    lasting: bool = True
    """Whether a failure need not be tried again."""


def write_atomically(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(part, path)


class Store:
    """The folder of what was fetched."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def _path(self, url: str, ending: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.{ending}"

    def body_path(self, url: str) -> Path:
        """Where the body of an address lies."""
        return self._path(url, "bin")

    def get(self, url: str) -> Kept | None:
        """The fetch of an address, when it is done and its body is whole; None otherwise."""
        try:
            kept = Kept(**json.loads(self._path(url, "json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        if kept.url != url or (kept.failure and not kept.lasting):
            return None
        if kept.sha256 and self._hash(url) != kept.sha256:
            return None
        return kept

    def body(self, url: str) -> bytes:
        """The body of an address that `get` knows. Raises OSError."""
        return self.body_path(url).read_bytes()

    def put(self, url: str, final_url: str, content_type: str, body: bytes) -> Kept:
        """Keeps a success."""
        write_atomically(self.body_path(url), body)
        return self._record(Kept(url, final_url, content_type, hashlib.sha256(body).hexdigest()))

    def fail(self, url: str, reason: str, *, lasting: bool) -> Kept:
        """Keeps a failure."""
        return self._record(Kept(url, failure=reason, lasting=lasting))

    def _record(self, kept: Kept) -> Kept:
        write_atomically(self._path(kept.url, "json"), json.dumps(asdict(kept)).encode())
        return kept

    def _hash(self, url: str) -> str | None:
        try:
            return hashlib.sha256(self.body_path(url).read_bytes()).hexdigest()
        except OSError:
            return None
