"""Cases and votes as files, and two cases side by side."""

import base64
import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from pipelines.cases import Case, CaseStore, Vote, compare
from pipelines.formulas import harmless
from pipelines.lab_briefs import defused

NASTY = '<script>alert("1")</script>'


def png() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    store = CaseStore(tmp_path / "studio.sqlite3")
    id = store.save_case(
        Case("=cmd()", "text", {"brief": {"product": NASTY}}, {"seed": 1},
             {"outputs": [f"¡Hola {NASTY}!", "-2+3"], "checks": ["form"], "picture": png()}, author="@ana")
    )  # fmt: skip
    store.save_case(
        Case("Jarritos", "extraction", {"message": "un jarritos"}, expected={"slots": {"product": "Jarritos"}})
    )
    store.vote(Vote("case", id, "Ana", "text-1", thumb=1, stars=5, comment="+1 |"))
    store.vote(Vote("case", id, "ana", "text-1", thumb=-1, stars=2, comment=f"\t{NASTY}"))
    store.vote(Vote("promotion", "p1", "Beto", thumb=-1, comment="=HYPERLINK()"))
    return store


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "  =1"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == defused(text) == f"'{text}"


def test_figures_and_plain_text_stay_as_they_are() -> None:
    assert [harmless(x) for x in (-1, None, "a=b", "", "¡Hola!")] == [-1, None, "a=b", "", "¡Hola!"]


def test_the_csv_of_cases_runs_nothing_and_sums_the_votes_up(store: CaseStore) -> None:
    jarritos, first = rows(store.export("csv"))
    assert (first["name"], first["author"]) == ("'=cmd()", "'@ana")
    assert json.loads(first["outputs"])["text-1"] == f"¡Hola {NASTY}!"
    assert (first["votes up"], first["votes down"], first["mean stars"], first["voters"]) == ("0", "1", "2.0", "1")
    assert json.loads(jarritos["outputs"]) == {"product": "Jarritos"}


def test_the_csv_of_votes_has_a_row_a_vote(store: CaseStore) -> None:
    first, second = rows(store.export("csv", "votes"))
    assert (first["who"], first["thumb"], first["comment"]) == ("ana", "-1", f"'\t{NASTY}")
    assert (second["target id"], second["comment"]) == ("p1", "'=HYPERLINK()")


def test_the_json_is_whole_and_is_taken_in_once(store: CaseStore, tmp_path: Path) -> None:
    data = store.export("json")
    other = CaseStore(tmp_path / "other" / "studio.sqlite3")
    assert other.import_json(data) == {"cases": 2, "votes": 2, "known": 0, "differ": 0}
    assert other.cases(limit=None) == store.cases(limit=None)
    assert other.votes() == store.votes()
    assert [v["comment"] for v in other.earlier_votes()] == ["+1 |"]
    assert other.import_json(data) == {"cases": 0, "votes": 0, "known": 4, "differ": 0}
    assert other.export("csv") == store.export("csv")


def test_the_history_of_cases_is_taken_in_once(store: CaseStore, tmp_path: Path) -> None:
    _, first = store.cases()
    store.rename(first.id, "renamed")
    store.accept(first.id, {"outputs": ["new"], "checks": ["form"]}, {"text": {"name": "later"}})
    store.accept(first.id, {"outputs": ["newer"], "checks": ["form"]}, {"text": {"name": "later"}})
    data, other = store.export("json"), CaseStore(tmp_path / "other" / "studio.sqlite3")
    for _ in range(2):
        other.import_json(data)
        assert other.earlier_cases() == store.earlier_cases()
    assert [(e["name"], e["expected"]["outputs"][0]) for e in other.earlier_cases(first.id)] == [
        ("=cmd()", f"¡Hola {NASTY}!"), ("renamed", f"¡Hola {NASTY}!"), ("renamed", "new"),
    ]  # fmt: skip
    assert other.export("json").split(b'"cases"')[1] == data.split(b'"cases"')[1]  # but for the date of the export


def test_what_is_here_already_with_other_contents_is_left_as_it_is(store: CaseStore) -> None:
    data = json.loads(store.export("json"))
    data["cases"][0]["name"] = "changed elsewhere"
    assert store.import_json(json.dumps(data))["differ"] == 1
    assert store.cases("changed") == []


def test_an_older_vote_that_is_taken_in_does_not_replace_a_younger_one(store: CaseStore) -> None:
    data = json.loads(store.export("json"))
    old = {**data["votes"][1], "id": "old", "created": "2020-01-01T00:00:00+0000", "comment": "old"}
    store.import_json(json.dumps({**data, "votes": [old]}))
    assert [v.comment for v in store.votes("promotion", "p1")] == ["=HYPERLINK()"]
    assert "old" in [v["comment"] for v in store.earlier_votes("promotion", "p1")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not an export"),
        (b'{"format": "promo-studio-cases", "version": 9}', "version 9"),
        (b'{"format": "promo-studio-cases", "version": 1, "cases": [{"name": "x"}]}', "needs kind, source"),
        (b'{"format": "promo-studio-cases", "version": 1, "votes": 3}', "list of JSON objects"),
        (b'{"format": "promo-studio-cases", "version": 1, "earlier_cases": [{"id": "a", "name": "x"}]}', "when it was"),
        (
            b'{"format": "promo-studio-cases", "version": 1, "earlier_cases": [{"name": "x", "replaced": "2026"}]}',
            "whose it is",
        ),
        (b'{"format": "promo-studio-cases", "version": 1, "earlier_cases": [{"replaced": "2026"}]}', "needs name"),
        (b"\xff\xfe\x00", "not JSON"),
    ],
)
def test_what_is_no_export_is_refused_and_nothing_of_it_is_taken_in(
    store: CaseStore, content: bytes, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        store.import_json(content)
    assert store.count() == 2


def test_the_page_holds_everything_escaped_and_nothing_from_elsewhere(store: CaseStore) -> None:
    page = store.export("html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert f"data:image/png;base64,{png()}" in page
    assert "default-src 'none'" in page
    assert "=HYPERLINK()" in page


def test_a_picture_that_is_none_is_left_out_of_the_page(tmp_path: Path) -> None:
    store = CaseStore(tmp_path / "studio.sqlite3")
    for data in ('" onerror="x', "aGFsbG8=", 3):
        store.save_case(Case("x", "scene", {"brief": {}}, expected={"picture": data}))
    assert "<img" not in store.export("html").decode()


def test_an_unknown_format_is_refused_with_the_choices(store: CaseStore) -> None:
    with pytest.raises(ValueError, match="csv, json, html"):
        store.export("xlsx")  # type: ignore[arg-type]


def test_two_cases_are_told_apart_field_by_field_and_output_by_output() -> None:
    a = Case("a", "text", {"brief": {"slots": {"price": "18 MXN"}}}, {"seed": 1},
             {"outputs": ["one", "two"], "checks": ["form", "price"]})  # fmt: skip
    b = Case("b", "text", {"brief": {"slots": {"price": "20 MXN"}}}, {"seed": 1, "count": 2},
             {"outputs": ["one"], "checks": ["form"]})  # fmt: skip
    found = compare(a, b)
    assert {d.field: (d.a, d.b) for d in found.fields} == {
        "name": ("a", "b"), "source.brief.slots.price": ("18 MXN", "20 MXN"), "settings.count": (None, 2),
    }  # fmt: skip
    assert [(s.part, s.a, s.b, s.same) for s in found.outputs] == [
        ("text-1", "one", "one", True),
        ("text-2", "two", None, False),
    ]
    assert found.checks == {"form": (True, True), "price": (True, False)}
    json.dumps(found.to_dict())
