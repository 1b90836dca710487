"""The file under cases and votes: kills, writers at once, damage, migrations."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.cases import Case, CaseError, CaseStore, Vote
from pipelines.cases.database import MIGRATIONS, damage
from tests.writer_of_votes import comment_of

ROOT = Path(__file__).resolve().parent.parent


def writer(path: Path, who: str, count: int, parts: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.writer_of_votes", str(path), who, str(count), str(parts)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def filled(path: Path, cases: int = 200) -> CaseStore:
    store = CaseStore(path)
    for n in range(cases):
        id = store.save_case(Case(f"case {n}", "extraction", {"message": f"una coca {n} " + "x" * 300}))
        store.vote(Vote("case", id, "Ana", thumb=1, comment=f"comment {n}"))
    return store


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.slow)])
def test_a_writer_killed_at_any_moment_loses_no_acknowledged_vote_and_tears_none(tmp_path: Path, kills: int) -> None:
    path, chance = tmp_path / "studio.sqlite3", random.Random(kills)
    acknowledged: list[str] = []
    for _ in range(kills):
        process = writer(path, "w", 1_000_000, 7)
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.15))
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
        store = CaseStore(path)
        assert (store.warning, damage(path)) == ("", "")
        votes = [(v.id, v.comment, v.part) for v in store.votes()]
        votes += [(v["id"], v["comment"], v["part"]) for v in store.earlier_votes()]
        numbers = sorted(int(comment.split()[0]) for _, comment, _ in votes)
        assert numbers == list(range(len(votes)))
        assert all(
            comment == comment_of(n := int(comment.split()[0])) and part == f"text-{n % 7}"
            for _, comment, part in votes
        )
        assert {id for id, _, _ in votes} >= set(acknowledged)
        assert len(store.votes()) == min(7, len(votes))
        store.close()
    assert len(acknowledged) > kills


def test_two_processes_that_vote_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    processes = [writer(path, who, 500, 500) for who in ("one", "two")]
    outputs = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    votes = CaseStore(path).votes("promotion", "p1")
    assert {v.id for v in votes} == {id for out in outputs for id in out}
    assert len(votes) == 1000


def test_a_file_that_is_no_database_is_moved_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    path.write_bytes(b"this was never a database " * 100)
    store = CaseStore(path)
    (moved,) = tmp_path.glob("studio.sqlite3.damaged-*")
    assert moved.read_bytes().startswith(b"this was never")
    assert moved.name in store.warning
    assert "none could be read" in store.warning
    assert store.save_case(Case("after", "text", {"brief": {}, "prompt": "x"}))
    assert CaseStore(path).warning == ""


def test_what_can_be_read_of_a_damaged_file_is_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    store = filled(path)
    before = {case.id: case for case in store.cases(limit=None)}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 8192] = os.urandom(8192)
    path.write_bytes(content)
    again = CaseStore(path)
    (moved,) = tmp_path.glob("studio.sqlite3.damaged-*[0-9]")
    assert moved.read_bytes() == bytes(content)
    found = again.cases(limit=None)
    assert 100 < len(found) < 200
    assert all(case == before[case.id] for case in found)
    assert f"{len(found)} cases and {len(again.votes())} votes" in again.warning
    assert damage(path) == ""


def test_a_truncated_file_is_moved_aside_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    filled(path, 60)
    copy = tmp_path / "copy" / "studio.sqlite3"  # as after a crash: the log is still there
    copy.parent.mkdir()
    for ending in ("", "-wal"):
        shutil.copyfile(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with copy.open("r+b") as file:
        file.truncate(copy.stat().st_size * 2 // 3)
    store = CaseStore(copy)
    assert "damaged" in store.warning
    assert store.count() >= 10
    assert len(list(copy.parent.glob("*.damaged-*[0-9]"))) == 1


def test_another_process_that_has_the_damaged_file_open_goes_on_in_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    other = CaseStore(path)
    other.vote(Vote("promotion", "p1", "Ana", thumb=1))
    os.replace(path, tmp_path / "aside")
    for ending in ("-wal", "-shm"):
        (tmp_path / f"studio.sqlite3{ending}").unlink(missing_ok=True)
    fresh = CaseStore(path)
    other.vote(Vote("promotion", "p2", "Ana", thumb=1))
    assert [v.target_id for v in fresh.votes()] == ["p2"]


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    CaseStore(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(CaseError, match="newer Promo Studio"):
        CaseStore(path)
    assert not list(tmp_path.glob("*damaged*"))


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "studio.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()
    with pytest.raises(CaseError, match="another program"):
        CaseStore(path)
    with closing(sqlite3.connect(path)) as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["theirs"]


def test_a_folder_that_cannot_be_made_is_told_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="PROMO_DATA_DIR"):
        CaseStore(tmp_path / "file" / "studio.sqlite3")


def test_a_failing_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = CaseStore(tmp_path / "studio.sqlite3")
    id = store.save_case(Case("kept", "text", {"prompt": "x"}))

    def broken() -> None:
        with store.database.writing() as connection:
            connection.execute("UPDATE cases SET name = 'lost'")
            raise KeyError("x")

    with pytest.raises(KeyError):
        broken()
    assert store.case(id).name == "kept"


def test_a_backup_is_one_whole_file_of_this_moment(tmp_path: Path) -> None:
    store = filled(tmp_path / "studio.sqlite3", 20)
    store.database.backup(tmp_path / "copy" / "b.sqlite3")
    store.save_case(Case("later", "text", {"prompt": "x"}))
    assert [p.name for p in (tmp_path / "copy").iterdir()] == ["b.sqlite3"]
    assert CaseStore(tmp_path / "copy" / "b.sqlite3").count() == 20
