"""Cases and votes in their store."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cases import Case, CaseError, CaseStore, Vote
from pipelines.cases.model import held

BRIEF = {"product": "Coca-Cola", "size": "2 L", "environment": "beach"}


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(tmp_path / "studio.sqlite3")


def case(name: str = "Coca 2 L, playa", **changes: object) -> Case:
    return replace(Case(name, "text", {"brief": BRIEF}, author="Ana Núñez"), **changes)  # type: ignore[arg-type]


def nested(levels: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for _ in range(levels):
        found = {"in": found}
    return found


def test_a_saved_case_is_read_back_as_it_was_in_another_process_s_eyes(store: CaseStore, tmp_path: Path) -> None:
    saved = case(
        settings={"seed": 3}, expected={"outputs": ["¡Hola!"], "checks": ["form"]}, models={"text": {"name": "m"}}
    )
    id = store.save_case(saved)
    found = CaseStore(tmp_path / "studio.sqlite3").case(id)
    assert replace(found, id="", created="") == saved
    assert found.created


def test_a_case_cannot_take_the_id_of_another_one(store: CaseStore) -> None:
    id = store.save_case(case())
    with pytest.raises(CaseError, match="already"):
        store.save_case(case("another", id=id))
    assert store.case(id).name == "Coca 2 L, playa"


def test_a_case_that_is_not_there_is_named_with_the_cure(store: CaseStore) -> None:
    with pytest.raises(CaseError, match=r"no case 'nope'.*cases list"):
        store.case("nope")
    for change in (
        lambda: store.rename("nope", "x"),
        lambda: store.archive("nope"),
        lambda: store.accept("nope", {}, {}),
    ):
        with pytest.raises(CaseError, match="no case"):
            change()


def test_words_are_searched_in_name_author_and_source_whatever_their_accents(store: CaseStore) -> None:
    first, second = store.save_case(case()), store.save_case(case("Jarritos", source={"message": "100% de PIÑA_fría"}))
    assert [c.id for c in store.cases("nunez PLAYA")] == [first]
    assert [c.id for c in store.cases("piña")] == [second]
    assert [c.id for c in store.cases("%")] == [second]  # a sign, not a pattern
    assert store.cases("' OR 1=1 --") == []
    assert store.cases("product") == []  # a key of the source, no word of it
    assert store.count("") == 2


def test_cases_are_listed_newest_first_in_pages_and_by_kind(store: CaseStore) -> None:
    ids = [store.save_case(case(f"n{n}", kind="scene" if n == 2 else "text")) for n in range(4)]
    assert [c.id for c in store.cases(limit=2)] == [ids[3], ids[2]]
    assert [c.id for c in store.cases(limit=2, offset=2)] == [ids[1], ids[0]]
    assert [c.id for c in store.cases(kind="scene")] == [ids[2]]


def test_an_archived_case_is_put_away_and_comes_back(store: CaseStore) -> None:
    id = store.save_case(case())
    store.archive(id)
    assert (store.cases(), store.count()) == ([], 0)
    assert store.case(id).archived
    assert [c.id for c in store.cases(archived=None)] == [id]
    store.archive(id, False)
    assert [c.id for c in store.cases()] == [id]


def test_a_renamed_case_is_found_by_its_new_name_and_the_old_one_is_kept(store: CaseStore) -> None:
    id = store.save_case(case())
    store.rename(id, "Fiesta")
    assert [c.name for c in store.cases("fiesta")] == ["Fiesta"]
    assert store.cases("coca playa") == []
    assert [e["name"] for e in store.earlier_cases(id)] == ["Coca 2 L, playa"]
    with pytest.raises(ValueError, match="needs a name"):
        store.rename(id, "  ")


def test_an_accepted_expectation_replaces_the_earlier_one_which_is_kept(store: CaseStore) -> None:
    id = store.save_case(case(expected={"outputs": ["a"]}, models={"text": {"revision": "1"}}))
    store.accept(id, {"outputs": ["b"]}, {"text": {"revision": "2"}})
    assert store.case(id).expected == {"outputs": ["b"]}
    (earlier,) = store.earlier_cases(id)
    assert (earlier["expected"], earlier["models"]) == ({"outputs": ["a"]}, {"text": {"revision": "1"}})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "picture"}, "extraction, text, scene, promotion"),
        ({"name": ""}, "needs a name"),
        ({"name": "x" * 201}, "200 at most"),
        ({"name": "a\x00b"}, "no text"),
        ({"author": "\ud800"}, "no text"),
        ({"source": {}}, "needs a source"),
        ({"source": {"n": float("nan")}}, "not plain JSON"),
        ({"settings": [1]}, "JSON object"),
        ({"name": 1}, "must be text"),
        ({"source": nested(41)}, "40 deep"),
        ({"source": {"message": "x" * (4 * 1024 * 1024)}}, "at most"),
    ],
)
def test_what_is_no_case_is_refused_with_the_reason(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        case(**change)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"target_kind": "poster"}, "promotion, case, variant"),
        ({"thumb": 2}, "-1, 0 or 1"),
        ({"thumb": True}, "-1, 0 or 1"),
        ({"stars": 6}, "1 to 5"),
        ({"who": " "}, "say who votes"),
        ({"target_id": ""}, "say what it is about"),
        ({"comment": "x" * 2001}, "2000 at most"),
    ],
)
def test_what_is_no_vote_is_refused_with_the_reason(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(Vote("promotion", "p1", "Ana"), **change)  # type: ignore[arg-type]


def test_one_person_has_one_vote_a_part_and_the_earlier_one_is_kept(store: CaseStore) -> None:
    store.vote(Vote("promotion", "p1", "Ana", "text-1", thumb=-1, comment="no"))
    store.vote(Vote("promotion", "p1", " ana ", "text-1", thumb=1, stars=4))
    store.vote(Vote("promotion", "p1", "Ana", "poster-1", stars=2))
    assert [(v.part, v.thumb, v.stars) for v in store.votes("promotion", "p1")] == [
        ("text-1", 1, 4),
        ("poster-1", 0, 2),
    ]
    assert [(v["thumb"], v["comment"]) for v in store.earlier_votes("promotion", "p1")] == [(-1, "no")]


def test_votes_are_summed_up_by_target_and_part(store: CaseStore) -> None:
    for who, part, thumb, stars in (("a", "text-1", 1, 5), ("b", "text-1", 1, 4), ("c", "text-2", -1, None)):
        store.vote(Vote("promotion", "p1", who, part, thumb=thumb, stars=stars))
    store.vote(Vote("promotion", "p2", "a", thumb=1))
    assert store.summary("promotion", "p1").to_dict() == {"up": 2, "down": 1, "mean": 4.5, "count": 3}
    assert store.summary("promotion", "p1", "text-2").to_dict() == {"up": 0, "down": 1, "mean": None, "count": 1}
    assert store.summary("promotion", "nothing").count == 0
    assert {id: s.up for id, s in store.summaries("promotion").items()} == {"p1": 2, "p2": 1}


def test_a_withdrawn_vote_counts_no_more(store: CaseStore) -> None:
    store.vote(Vote("promotion", "p1", "Ana", thumb=1))
    store.vote(Vote("promotion", "p1", "Ana"))
    assert store.summary("promotion", "p1").count == 0


def test_nobody_votes_on_a_case_that_is_not_there(store: CaseStore) -> None:
    with pytest.raises(CaseError, match="no case"):
        store.vote(Vote("case", "nope", "Ana", thumb=1))
    assert store.votes() == []


def test_text_from_users_stays_text(store: CaseStore) -> None:
    nasty = "'); DROP TABLE votes; -- <script> =cmd() ñ 🥤"
    id = store.save_case(case(nasty))
    store.vote(Vote("case", id, nasty, comment=nasty))
    assert (store.case(id).name, store.votes()[0].comment, store.votes()[0].who) == (nasty, nasty, nasty)


def test_threads_share_a_store(store: CaseStore) -> None:
    def work(who: str) -> None:
        for n in range(25):
            store.vote(Vote("promotion", "p1", who, f"text-{n}", thumb=1))

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.votes("promotion", "p1")) == 100


def test_the_checks_that_held_are_read_in_any_of_their_forms() -> None:
    assert held({"checks": ["a", "b"]}) == {"a", "b"}
    assert held({"checks": {"a": True, "b": False}}) == {"a"}
    assert held({"checks": [{"name": "a", "passed": True}, {"name": "b", "passed": False}]}) == {"a"}
    assert held({}) == set()
