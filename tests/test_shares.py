"""Whose a promotion is and what a link opens: the tables, without screens."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from pipelines import records
from pipelines.shares import FILE, SECRET, ShareError, Shares, beside, hashed, new_secret
from slots.brief import Brief
from tests.fake_studio import FakeStudio

MINE, YOURS = new_secret(), new_secret()


@pytest.fixture
def shares(tmp_path: Path) -> Shares:
    return Shares(tmp_path / "promotions")


def made(shares: Shares) -> str:
    studio = FakeStudio(shares.promotions)
    return str(list(studio.promote(Brief("Sprite", promotion="text")))[-1].promotion.id)


def test_a_promotion_belongs_to_the_first_visitor_who_says_so(shares: Shares) -> None:
    name = records.new_id()
    shares.own(name, MINE)
    shares.own(name, YOURS)
    assert shares.owns(MINE, name)
    assert not shares.owns(YOURS, name)
    assert shares.owned(MINE) == [name]
    assert shares.owned(YOURS) == []


@pytest.mark.parametrize("key", [None, "", 3, "short", MINE + "x", "' OR 1=1 --", ["a"]])
def test_what_is_no_key_owns_nothing(shares: Shares, key: Any) -> None:
    name = records.new_id()
    shares.own(name, MINE)
    assert not shares.owns(key, name)
    assert shares.owned(key) == []


def test_ones_own_come_newest_first_and_survive_a_restart(shares: Shares) -> None:
    names = [f"2026112{day}-120000-{'0' * 16}" for day in (3, 5, 4)]
    for name in names:
        shares.own(name, MINE)
    assert Shares(shares.promotions).owned(MINE) == sorted(names, reverse=True)


def test_a_link_opens_its_promotion_and_no_other(shares: Shares) -> None:
    first, second = made(shares), made(shares)
    token = shares.share(first)
    assert SECRET.fullmatch(token)
    assert shares.opened(token) == shares.promotions / first
    assert shares.links(first) == 1
    assert shares.links(second) == 0
    assert shares.shared([first, second]) == {first}


def test_secrets_are_nowhere_on_disk(shares: Shares) -> None:
    name = made(shares)
    shares.own(name, MINE)
    token = shares.share(name)
    content = b"".join(file.read_bytes() for file in shares.path.parent.rglob("*") if file.is_file())
    assert token.encode() not in content
    assert MINE.encode() not in content
    assert hashed(token).encode() in content


def test_an_id_is_no_token(shares: Shares) -> None:
    name = made(shares)
    shares.share(name)
    for guess in (name, hashed(name), f"../{name}", "", None, 7, "A" * 22):
        with pytest.raises(ShareError):
            shares.opened(guess)


def test_revoked_and_guessed_links_fail_alike(shares: Shares, monkeypatch: pytest.MonkeyPatch) -> None:
    name = made(shares)
    token, other = shares.share(name), shares.share(name)
    assert shares.revoke(name) == 2
    looked: list[str] = []
    real = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        base = real(*arguments, **options)
        base.set_trace_callback(lambda text: looked.append(text.split("'")[0]))
        return base

    monkeypatch.setattr(sqlite3, "connect", watched)
    told, steps = set(), []
    for guess in (token, other, new_secret(), "nonsense", None):
        looked.clear()
        with pytest.raises(ShareError) as error:
            shares.opened(guess)
        told.add(str(error.value))
        steps.append(tuple(looked))
    assert len(told) == 1
    assert len(set(steps)) == 1  # the same statements, whatever was asked


def test_revoking_one_promotion_leaves_the_others_and_can_be_undone_by_a_new_link(shares: Shares) -> None:
    first, second = made(shares), made(shares)
    tokens = [shares.share(first), shares.share(second)]
    shares.revoke(first)
    assert shares.opened(tokens[1]) == shares.promotions / second
    assert shares.opened(shares.share(first)) == shares.promotions / first


def test_what_is_not_finished_or_not_there_is_not_shared(shares: Shares) -> None:
    name = records.new_id()
    with pytest.raises(ShareError, match="cannot be read"):
        shares.share(name)
    with pytest.raises(ShareError, match="no such"):
        shares.share("../../etc")
    records.write_json(shares.promotions / name / records.RECORD, {"status": "making"})
    with pytest.raises(ShareError, match="not finished"):
        shares.share(name)


def test_a_link_to_a_promotion_that_is_gone_opens_nothing(shares: Shares) -> None:
    name = made(shares)
    token = shares.share(name)
    (shares.promotions / name / records.RECORD).unlink()
    with pytest.raises(ShareError, match="opens nothing"):
        shares.opened(token)


def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(shares: Shares) -> None:
    shares.path.parent.mkdir(parents=True, exist_ok=True)
    shares.path.write_bytes(b"this is no database at all" * 100)
    name = made(shares)
    shares.own(name, MINE)
    assert shares.owns(MINE, name)
    (aside,) = shares.path.parent.glob(f"{FILE}.damaged-*")
    assert aside.read_bytes().startswith(b"this is no database")


def test_many_at_once_lose_nothing(shares: Shares) -> None:
    names = [f"20261125-1200{n:02d}-{'0' * 16}" for n in range(40)]
    workers = [
        threading.Thread(target=lambda part: [shares.own(n, MINE) for n in part], args=(names[i::4],)) for i in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(shares.owned(MINE)) == len(names)


def test_the_tables_lie_in_the_data_folder(tmp_path: Path) -> None:
    assert beside(tmp_path / "promotions") == tmp_path / FILE
    assert beside(tmp_path) == tmp_path / FILE
