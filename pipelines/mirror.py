"""A Space loses its disk when it restarts: cases, votes and promotions' public records are copied to a private data set on
the Hub every few minutes, and fetched from there at the start.

    mirror = start_mirror(data)            # None where nothing is to be mirrored
    mirror_state(mirror).text("es")        # for the screens: where votes live, and for how long

Needs SPACE_ID (the Space sets it) and HF_TOKEN with write permission (a secret of the Space). PROMO_MIRROR names another
data set than `USER/SPACE-data`. What goes: snapshots of studio.sqlite3 and shares.sqlite3 (which
holds hashes only), never the live files, and each promotion.json without conversation and costs; no pictures. Knows no screens and no models.
"""

import filecmp
import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines.cases.database import damage, snapshot
from pipelines.cases.store import FILE
from pipelines.shares import FILE as SHARES

logger = logging.getLogger(__name__)

MINUTES = 5.0
"""Between two copies."""
DATABASES = (FILE, SHARES)
PATTERNS = [*DATABASES, "promotions/*/promotion.json"]
"""All that may leave this machine."""
PERSISTENT = Path("/data")
"""Where a Space's persistent disk is mounted, when it has one."""

Kind = Literal["disk", "mirrored", "temporary", "failing"]


@dataclass(frozen=True)
class MirrorState:
    """Where cases and votes live. `disk`: on a disk that stays; `mirrored`: copied to the Hub; `temporary`: lost when this
    Space restarts; `failing`: to be copied, and the last copy did not work (`detail`)."""

    kind: Kind
    repo: str = ""
    detail: str = ""

    @property
    def safe(self) -> bool:
        """Whether a restart loses nothing but the last minutes."""
        return self.kind in ("disk", "mirrored")

    def text(self, language: str = "es") -> str:
        """For the screens, in Spanish or English."""
        return _WORDS["en" if language == "en" else "es"][self.kind].format(repo=self.repo, minutes=f"{MINUTES:g}")


_WORDS: dict[str, dict[str, str]] = {
    "es": {
        "disk": "Los votos y casos se guardan en el disco de este equipo.",
        "mirrored": "Los votos y casos se copian cada {minutes} minutos al conjunto de datos privado {repo}.",
        "temporary": "Los votos y casos solo viven hasta que este Space se reinicie. Para conservarlos, su dueño puede "
        "poner un secreto HF_TOKEN con permiso de escritura.",
        "failing": "Por ahora los votos y casos solo viven hasta que este Space se reinicie: no se pudieron copiar a {repo}.",
    },
    "en": {
        "disk": "Votes and cases are kept on this machine's disk.",
        "mirrored": "Votes and cases are copied to the private data set {repo} every {minutes} minutes.",
        "temporary": "Votes live only until this Space restarts, and so do cases. To keep them, its owner can set a secret "
        "HF_TOKEN with write permission.",
        "failing": "For now votes live only until this Space restarts, and so do cases: they could not be copied to {repo}.",
    },
}


class MirrorError(RuntimeError):
    """The data set cannot be read, written or used; the message says why, and the cure."""


def mirror_state(mirror: "Mirror | None" = None, environment: Mapping[str, str] | None = None) -> MirrorState:
    """What the screens should tell. Without a mirror: as far as the environment tells."""
    env = os.environ if environment is None else environment
    if mirror is not None:
        return mirror.state()
    if not env.get("SPACE_ID") or _stays(env):
        return MirrorState("disk")
    if not env.get("HF_TOKEN"):
        return MirrorState("temporary")
    # a token alone copies nothing: whoever has a mirror hands it in
    return MirrorState("failing", repository(env), "the mirror was not started")


def start_mirror(
    data: Path, api: Any = None, environment: Mapping[str, str] | None = None, every: float = MINUTES
) -> "Mirror | None":
    """On a Space with a token: fetches what was mirrored where this disk is empty, and starts copying in the background.

    To be called before the store is opened. `data`: the data folder. `api`: a `huggingface_hub.HfApi`. None where there is
    nothing to mirror (`mirror_state()` says why). Raises nothing: what fails stands in the mirror's state.
    """
    env = os.environ if environment is None else environment
    if not env.get("SPACE_ID") or not env.get("HF_TOKEN") or _stays(env):
        return None
    if api is None:
        from huggingface_hub import HfApi

        api = HfApi(token=env["HF_TOKEN"])
    mirror = Mirror(data, repository(env), api, every)
    mirror.start()
    return mirror


def repository(environment: Mapping[str, str]) -> str:
    """The data set's id: PROMO_MIRROR, else the Space's with `-data`."""
    return environment.get("PROMO_MIRROR") or f"{environment.get('SPACE_ID', '')}-data"


class Mirror:
    """Copies a data folder to a private data set. `restored`: what the start fetched, as counts of files."""

    def __init__(self, data: Path, repo: str, api: Any, every: float = MINUTES) -> None:
        self.data, self.repo, self.api, self.every = data, repo, api, every
        self.folder = data / "mirror"
        """The snapshot that the scheduler pushes."""
        self.restored = 0
        self._problem = ""
        self._copied = False
        self._scheduler: Any = None
        self._working = threading.Lock()

    def start(self) -> None:
        """Makes the data set when it is not there, fetches, and starts copying. What fails is told by `state`."""
        try:
            self._open()
            if not (self.data / FILE).is_file():
                self.restored = self.restore()
            self._scheduler = _scheduler(self)
        except Exception as error:  # the Hub's client raises many kinds; the app works without a mirror
            # nothing is pushed: an empty store must not take the place of the one that could not be fetched
            self._failed(error)

    def stop(self) -> None:
        """Copies once more and stops. A copy that fails is told in the log and by `state`."""
        if self._scheduler is None:
            return
        try:
            self._scheduler.trigger().result()
        except Exception as error:  # the Hub's client raises many kinds, and the program has to end
            self._failed(error)
        finally:
            self._scheduler.stop()

    def state(self) -> MirrorState:
        """How it stands."""
        if self._problem:
            return MirrorState("failing", self.repo, self._problem)
        return MirrorState("mirrored", self.repo, "" if self._copied else "the first copy is on its way")

    def restore(self) -> int:
        """Fetches database and records into an empty data folder; gives how many files. What is there is never replaced.

        Raises MirrorError for a damaged database, and what the Hub's client raises.
        """
        with tempfile.TemporaryDirectory() as scratch:
            fetched = Path(
                self.api.snapshot_download(
                    self.repo, repo_type="dataset", allow_patterns=PATTERNS, local_dir=scratch
                )
            )  # fmt: skip
            found = [path for pattern in PATTERNS for path in sorted(fetched.glob(pattern)) if path.is_file()]
            for name in DATABASES:
                if fetched / name in found and (problem := damage(fetched / name)):
                    raise MirrorError(
                        f"{name} in {self.repo} is damaged ({problem[:100]}); put an earlier version of it back (the data "
                        "set's history has them), then restart the Space"
                    )
            # the votes last: that they are not there is what tells an empty disk
            found.sort(key=lambda path: path == fetched / FILE)
            return sum(_put(path, self.data / path.relative_to(fetched)) for path in found)

    def snapshot(self) -> None:
        """Brings the folder that is pushed up to date; a file whose content is the same is not touched. Raises CaseError."""
        with self._working:
            for name in DATABASES:
                if (self.data / name).is_file():
                    fresh = self.data / f".{name}.snapshot"
                    snapshot(self.data / name, fresh)
                    _replaced(fresh, self.folder / name)
            for path in sorted(self.data.glob("promotions/*/promotion.json")):
                _public_copy(path, self.folder / path.relative_to(self.data))

    def pushed(self) -> None:
        """Notes that a copy arrived."""
        self._problem, self._copied = "", True

    def _failed(self, error: Exception) -> None:
        self._problem = f"{type(error).__name__}: {error}"
        logger.warning("nothing is mirrored to %s: %s", self.repo, self._problem)

    def _open(self) -> None:
        self.api.create_repo(self.repo, repo_type="dataset", private=True, exist_ok=True)
        if not self.api.repo_info(self.repo, repo_type="dataset").private:
            raise MirrorError(
                f"the data set {self.repo} is public, and votes carry names: make it private, or name another one in "
                "PROMO_MIRROR"
            )


def _scheduler(mirror: Mirror) -> Any:
    from huggingface_hub import CommitScheduler

    class Scheduler(CommitScheduler):
        """Takes a snapshot before each push. `push_to_hub` is the method that CommitScheduler lets others override."""

        # the parent starts its thread before it sets this, and its first push would find it missing
        _CommitScheduler__stopped = False

        def push_to_hub(self) -> Any:
            try:
                mirror.snapshot()
                pushed = super().push_to_hub()
            except Exception as error:
                mirror._failed(error)
                raise
            mirror.pushed()
            return pushed

    return Scheduler(
        repo_id=mirror.repo, repo_type="dataset", folder_path=mirror.folder, every=mirror.every, private=True,
        allow_patterns=PATTERNS, hf_api=mirror.api,
    )  # fmt: skip


def _stays(environment: Mapping[str, str]) -> bool:
    """Whether the data folder lies on a Space's persistent disk."""
    data = Path(environment.get("PROMO_DATA_DIR") or ".").expanduser().resolve()
    return PERSISTENT.is_mount() and data.is_relative_to(PERSISTENT)


def _public_copy(record: Path, target: Path) -> None:
    """Writes a promotion's record without what is private. One that is damaged or being written is left for the next time."""
    from pipelines.records import public

    try:
        data = json.loads(record.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("no JSON object")
    except (OSError, ValueError) as error:
        logger.warning("%s is not mirrored: %s", record, error)
        return
    fresh = target.with_name(f".{target.name}.new")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(json.dumps(public(data), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _replaced(fresh, target)


def _replaced(fresh: Path, target: Path) -> None:
    """Puts a file in its place, unless the same content is there: what is not touched is not pushed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and filecmp.cmp(fresh, target, shallow=False):
        fresh.unlink()
    else:
        os.replace(fresh, target)


def _put(source: Path, target: Path) -> int:
    """Copies a fetched file, whole or not at all; 0 where there is one already."""
    if target.exists():
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.fetched")
    shutil.copyfile(source, scratch)
    os.replace(scratch, target)
    return 1


__all__ = ["Mirror", "MirrorError", "MirrorState", "mirror_state", "repository", "start_mirror"]
