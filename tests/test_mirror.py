"""The mirror on the Hub, with a Hub that is a folder."""

import fnmatch
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.cases import Case, CaseStore, Vote
from pipelines.mirror import Mirror, mirror_state, start_mirror
from pipelines.shares import Shares, new_secret

SPACE = {"SPACE_ID": "ana/promo", "HF_TOKEN": "hf_secret"}
HOURS = 10_000.0


class Hub:
    """Looks like `huggingface_hub.HfApi` as far as the mirror and CommitScheduler ask. Commits are files in a folder."""

    def __init__(self, folder: Path, private: bool = True, failure: Exception | None = None) -> None:
        self.folder, self.private, self.failure = folder, private, failure
        self.commits: list[list[str]] = []
        self.made: list[tuple[str, Any, Any]] = []
        self.mirrors: list[Mirror] = []
        folder.mkdir(exist_ok=True)

    def create_repo(self, repo_id: str, *, repo_type: str, private: bool, exist_ok: bool) -> Any:
        self._work()
        self.made.append((repo_id, repo_type, private))
        return SimpleNamespace(repo_id=repo_id)

    def repo_info(self, repo_id: str, *, repo_type: str) -> Any:
        return SimpleNamespace(private=self.private)

    def snapshot_download(self, repo_id: str, *, repo_type: str, allow_patterns: list[str], local_dir: str) -> str:
        self._work()
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and any(fnmatch.fnmatch(name, pattern) for pattern in allow_patterns):
                target = Path(local_dir) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        return local_dir

    def create_commit(self, *, operations: list[Any], **_: Any) -> str:
        self._work()
        for operation in operations:
            target = self.folder / operation.path_in_repo
            target.parent.mkdir(parents=True, exist_ok=True)
            with operation.as_file() as file:
                target.write_bytes(file.read())
        self.commits.append([operation.path_in_repo for operation in operations])
        return "commit"

    def run_as_future(self, work: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)
        return future

    def _work(self) -> None:
        if self.failure:
            raise self.failure


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = Hub(tmp_path / "hub")
    yield found
    for mirror in found.mirrors:  # else CommitScheduler pushes once more when the program ends
        if mirror._scheduler is not None:
            mirror._scheduler.stop()


def data_with_votes(folder: Path) -> CaseStore:
    store = CaseStore(folder / "studio.sqlite3")
    store.save_case(Case("c", "text", {"prompt": "x"}))
    store.vote(Vote("promotion", "p1", "Ana", thumb=1))
    record = folder / "promotions" / "p1" / "promotion.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"id": "p1", "conversation": [{"text": "secret"}], "costs": {"x": "secret"}}))
    (record.parent / "photo.png").write_bytes(b"picture")
    return store


def wait_for(scheduler: Any) -> None:
    """The parent's thread makes the first push; the next one is asked for after it."""
    for _ in range(1000):
        if hasattr(scheduler, "last_future"):
            return
        time.sleep(0.01)
    raise AssertionError("no push was made in ten seconds")


def started(data: Path, hub: Hub) -> Mirror:
    mirror = start_mirror(data, hub, SPACE, HOURS)
    assert mirror is not None
    hub.mirrors.append(mirror)
    if mirror._scheduler is not None:
        wait_for(mirror._scheduler)
    return mirror


def test_outside_a_space_votes_live_on_the_disk_and_nothing_is_mirrored(tmp_path: Path, hub: Hub) -> None:
    assert start_mirror(tmp_path, hub, {"HF_TOKEN": "x"}) is None
    state = mirror_state(environment={"HF_TOKEN": "x"})
    assert (state.kind, state.safe) == ("disk", True)
    assert hub.made == []


def test_without_a_token_it_is_said_plainly_in_both_languages(tmp_path: Path, hub: Hub) -> None:
    env = {"SPACE_ID": "ana/promo"}
    assert start_mirror(tmp_path, hub, env) is None
    state = mirror_state(environment=env)
    assert not state.safe
    assert "otes live only until this Space restarts" in state.text("en")
    assert "solo viven hasta que este Space se reinicie" in state.text("es")


def test_a_token_alone_is_not_taken_for_a_mirror() -> None:
    assert mirror_state(environment=SPACE).kind == "failing"


def test_database_and_public_records_go_to_a_private_data_set_and_nothing_else(tmp_path: Path, hub: Hub) -> None:
    data = tmp_path / "data"
    data_with_votes(data)
    mirror = started(data, hub)
    assert hub.made[0] == ("ana/promo-data", "dataset", True)
    assert sorted(p.relative_to(hub.folder).as_posix() for p in hub.folder.rglob("*") if p.is_file()) == [
        "promotions/p1/promotion.json", "studio.sqlite3",
    ]  # fmt: skip
    assert "secret" not in (hub.folder / "promotions/p1/promotion.json").read_text()
    assert CaseStore(hub.folder / "studio.sqlite3").summary("promotion", "p1").up == 1
    assert (mirror.state().kind, mirror.state().detail) == ("mirrored", "")
    assert "ana/promo-data" in mirror.state().text("es")


def test_only_what_changed_is_pushed(tmp_path: Path, hub: Hub) -> None:
    data = tmp_path / "data"
    store = data_with_votes(data)
    mirror = started(data, hub)
    assert len(hub.commits) == 1
    mirror._scheduler.trigger().result()
    assert len(hub.commits) == 1
    store.vote(Vote("promotion", "p1", "Beto", thumb=1))
    mirror._scheduler.trigger().result()
    assert hub.commits[1:] == [["studio.sqlite3"]]
    assert CaseStore(hub.folder / "studio.sqlite3").summary("promotion", "p1").up == 2


def test_an_empty_disk_is_filled_from_the_hub_before_anything_is_pushed(tmp_path: Path, hub: Hub) -> None:
    before = data_with_votes(tmp_path / "before").path.parent
    shares = Shares(before / "promotions")
    key = new_secret()
    shares.own("20261125-190000-0123456789abcdef", key)
    started(before, hub)
    mirror = started(tmp_path / "after", hub)
    assert mirror.restored == 3
    assert Shares(tmp_path / "after" / "promotions").owned(key) == ["20261125-190000-0123456789abcdef"]
    store = CaseStore(tmp_path / "after" / "studio.sqlite3")
    assert (store.count(), store.summary("promotion", "p1").up) == (1, 1)
    assert (tmp_path / "after/promotions/p1/promotion.json").is_file()


def test_a_disk_with_votes_is_not_replaced_by_what_is_on_the_hub(tmp_path: Path, hub: Hub) -> None:
    started(data_with_votes(tmp_path / "before").path.parent, hub)
    here = CaseStore(tmp_path / "here" / "studio.sqlite3")
    here.vote(Vote("promotion", "p9", "Ana", thumb=-1))
    assert started(tmp_path / "here", hub).restored == 0
    assert [v.target_id for v in here.votes()] == ["p9"]


def test_what_could_not_be_fetched_is_not_overwritten_by_an_empty_store(tmp_path: Path, hub: Hub) -> None:
    started(data_with_votes(tmp_path / "before").path.parent, hub)
    pushed = len(hub.commits)
    hub.failure = ConnectionError("no network")
    mirror = started(tmp_path / "after", hub)
    hub.failure = None
    assert (mirror.state().kind, mirror.state().safe) == ("failing", False)
    assert "no network" in mirror.state().detail
    CaseStore(tmp_path / "after" / "studio.sqlite3")
    assert mirror._scheduler is None
    assert len(hub.commits) == pushed


def test_a_damaged_database_on_the_hub_is_told_and_kept(tmp_path: Path, hub: Hub) -> None:
    (hub.folder / "studio.sqlite3").write_bytes(b"no database " * 200)
    mirror = started(tmp_path / "data", hub)
    assert "is damaged" in mirror.state().detail
    assert not (tmp_path / "data" / "studio.sqlite3").exists()
    assert hub.commits == []


def test_a_public_data_set_gets_no_votes(tmp_path: Path, hub: Hub) -> None:
    hub.private = False
    data_with_votes(tmp_path / "data")
    mirror = started(tmp_path / "data", hub)
    assert "is public" in mirror.state().detail
    assert hub.commits == []


def test_a_push_that_fails_is_told_and_the_next_one_that_works_too(tmp_path: Path, hub: Hub) -> None:
    store = data_with_votes(tmp_path / "data")
    mirror = started(tmp_path / "data", hub)
    hub.failure = ConnectionError("gone")
    store.vote(Vote("promotion", "p1", "Beto", thumb=1))
    with pytest.raises(ConnectionError):
        mirror._scheduler.trigger().result()
    assert mirror.state().kind == "failing"
    hub.failure = None
    mirror._scheduler.trigger().result()
    assert mirror.state().kind == "mirrored"


def test_the_live_file_is_never_the_one_that_is_pushed(tmp_path: Path, hub: Hub) -> None:
    store = data_with_votes(tmp_path / "data")
    mirror = Mirror(tmp_path / "data", "ana/promo-data", hub)
    with store.database.writing() as connection:  # somebody is in the middle of writing
        connection.execute("UPDATE votes SET thumb = -1")
        mirror.snapshot()
    with closing(sqlite3.connect(mirror.folder / "studio.sqlite3")) as copy:
        assert copy.execute("SELECT thumb FROM votes").fetchall() == [(1,)]


def test_a_damaged_record_keeps_the_others_from_nothing(tmp_path: Path, hub: Hub) -> None:
    data_with_votes(tmp_path / "data")
    torn = tmp_path / "data" / "promotions" / "p0" / "promotion.json"
    torn.parent.mkdir()
    torn.write_text('{"id": ')
    started(tmp_path / "data", hub)
    assert (hub.folder / "promotions/p1/promotion.json").is_file()
    assert not (hub.folder / "promotions/p0").exists()
