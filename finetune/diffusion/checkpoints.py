"""Checkpoint folders of a training: written whole or not counted, found again, at most N kept. Knows no model."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

STATE = "training_state.json"
"""Written last: a folder without it was being written when the run was killed."""
_NAME = re.compile(r"checkpoint-(\d+)")


def checkpoint_folder(out: Path, step: int) -> Path:
    """Where the checkpoint after `step` steps belongs."""
    return out / f"checkpoint-{step}"


def numbered(out: Path) -> list[tuple[int, Path]]:
    """All checkpoint folders, whole or not, by step."""
    found = [(int(m.group(1)), p) for p in out.glob("checkpoint-*") if (m := _NAME.fullmatch(p.name)) and p.is_dir()]
    return sorted(found)


def last_checkpoint(out: Path) -> Path | None:
    """The newest that is whole."""
    return next((path for _, path in reversed(numbered(out)) if (path / STATE).is_file()), None)


def finish(folder: Path, state: dict[str, Any]) -> None:
    """Writes the state, which makes the checkpoint whole."""
    part = folder / f"{STATE}.part"
    part.write_text(json.dumps(state), encoding="utf-8")
    part.replace(folder / STATE)


def read_state(folder: Path) -> dict[str, Any]:
    """What `finish` wrote."""
    found: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    return found


def prune(out: Path, limit: int) -> None:
    """Deletes all but the newest `limit` whole checkpoints, and those that a kill left unfinished."""
    whole = [path for _, path in numbered(out) if (path / STATE).is_file()]
    kept = set(whole[-limit:])
    for _, path in numbered(out):
        if path not in kept:
            (path / STATE).unlink(missing_ok=True)  # first: a half-deleted one must not count as whole
            shutil.rmtree(path)
