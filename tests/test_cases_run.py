"""Saved cases run again: what is the same, what changed, what fails, and the command."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipelines import records
from pipelines.backends.base import ModelInfo
from pipelines.cases import Case, CaseStore, Vote, case_of_outcome, case_of_promotion, subject_of_output
from pipelines.cases.__main__ import main
from pipelines.cases.make import distance, from_thumbnail, thumbnail
from pipelines.cases.measure import measure
from pipelines.cases.rerun import md, rerun, total
from pipelines.lab import Variant, run_variant
from pipelines.lab_engines import Engines
from pipelines.models import ModelError
from pipelines.promotion import PosterFile, Promotion, Settings
from pipelines.prompts import writer_source
from pipelines.scene_judge import JudgeError
from pipelines.studio import StudioOptions
from pipelines.text import write_promos
from slots.brief import Brief
from slots.catalog import default_catalog
from tests.fakes import FakeImage, FakeText

BRIEF = Brief.from_dict({"product": "Coca-Cola", "size": "600 ml", "price": "18.50 MXN", "environment": "beach"})


class OtherText(FakeText):
    """A later revision that words it another way."""

    model = ModelInfo("fake-text", "r2", bundled=False)

    def _write(self, source: str, n: int) -> str:
        return super()._write(source, n).replace("Llévate", "Disfruta")


class BadText(FakeText):
    """A revision that has forgotten the price."""

    model = ModelInfo("fake-text", "r3", bundled=False)

    def _write(self, source: str, n: int) -> str:
        return super()._write(source, n).replace(" a solo [PRICE]", "")


class Judge:
    """Recognises every place, or none."""

    def __init__(self, sees: bool = True) -> None:
        self.sees = sees

    class config:  # looks like SceneJudge.config
        threshold = 0.5

    def accepts(self, image: Any, place: str) -> bool:
        return self.sees

    def probabilities(self, image: Any) -> dict[str, float]:
        from pipelines.sketch import PLACES

        return dict.fromkeys(PLACES, 0.9 if self.sees else 0.1)


class Studio:
    def __init__(self, text: FakeText | None = None, tint: int = 0) -> None:
        self.text, self.image = text or FakeText(), FakeImage()
        self.options, self.catalog = StudioOptions(), default_catalog()


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    found = Judge()
    monkeypatch.setattr("pipelines.scene_judge.load_judge", lambda *_: found)
    return found


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(tmp_path / "data" / "studio.sqlite3")


def text_case() -> Case:
    """A case as it stands after the app's way of writing was accepted."""
    return saved(Case("texts", "text", {"brief": BRIEF.to_dict()}, {"seed": 3}), Studio())


def saved(case: Case, studio: Studio) -> Case:
    made = measure(case, studio, Engines(studio))
    return replace(case, expected=made.renewed(), models=made.models)


def again(case: Case, studio: Studio) -> Any:
    return rerun(case, lambda one: measure(one, studio, Engines(studio)))


def test_the_same_model_gives_the_same_texts_as_the_app_writes() -> None:
    case = text_case()
    shown = write_promos(BRIEF, FakeText(), default_catalog(), seed=3)
    assert case.expected["outputs"] == [promo.text for promo in shown.promos]
    assert {"price", "figures", "written by the model"} <= set(case.expected["checks"])
    run = again(case, Studio())
    assert (run.status, run.fails, run.failing) == ("same", False, {})


def test_another_wording_is_shown_and_fails_nothing() -> None:
    run = again(text_case(), Studio(OtherText()))
    assert (run.status, run.fails) == ("changed", False)
    assert run.models["text"] == ("fake-text@r1 on fake", "fake-text@r2 on fake")
    assert any(not side.same for side in run.outputs)


def test_a_check_that_held_and_does_not_pass_now_fails() -> None:
    run = again(text_case(), Studio(BadText()))
    assert (run.status, run.fails) == ("failed", True)
    assert "fallback" in run.failing["written by the model"]


def test_a_prompt_of_the_lab_is_run_as_it_stands_and_loses_the_price_check() -> None:
    studio = Studio()
    variant = Variant("text", {"prompt": writer_source(BRIEF), "brief": BRIEF.to_dict()}, {"samples": 4, "seed": 1})
    outcome = run_variant(studio, variant, Engines(studio))
    case = case_of_outcome(outcome, "lab", "Ana")
    assert "price" in case.expected["checks"]
    assert subject_of_output(outcome, 0)["template"] == case.expected["templates"][0]
    assert again(case, studio).status == "same"
    run = again(case, Studio(BadText()))
    assert run.fails
    assert run.failing["price"] == "text 1: stated 0 times"
    assert run.figures["pass_rate"] == (1.0, 0.0)


def test_a_check_that_passes_now_and_did_not_is_told() -> None:
    case = saved(text_case(), Studio(BadText()))
    run = again(case, Studio())
    assert (run.status, run.passing, run.fails) == ("better", ("written by the model",), False)


def test_an_extraction_is_held_to_its_exact_slots() -> None:
    case = saved(Case("e", "extraction", {"message": "una coca de 600 a 18.50 en la playa"}), Studio())
    assert case.expected["slots"]["product"] == "Coca-Cola"
    assert again(case, Studio()).status == "same"
    gold = {**case.expected, "slots": {**case.expected["slots"], "size": "2 L"}}
    run = again(replace(case, expected=gold), Studio())
    assert run.fails
    assert run.failing["slot size"] == "600 ml instead of 2 L"
    assert set(run.failing) == {"slot size", "exact slots"}


def test_a_scene_that_is_no_longer_recognised_fails_and_its_distance_is_told(judge: Judge) -> None:
    studio = Studio()
    case = saved(Case("s", "scene", {"brief": BRIEF.to_dict()}, {"seed": 1, "steps": 2}), studio)
    assert case.expected["checks"] == ["scene recognised"]
    run = again(case, studio)
    assert (run.status, run.distances) == ("same", (0.0,))
    moved = again(replace(case, settings={**case.settings, "seed": 4}), studio)
    assert moved.status == "changed"
    assert moved.distances[0] > 0.005
    near = replace(case, expected={**case.expected, "most_distance": 0.001})
    assert again(near, studio).status == "same"
    assert set(again(replace(near, settings={**case.settings, "seed": 4}), studio).failing) == {"picture distance"}
    judge.sees = False
    assert set(again(case, studio).failing) == {"scene recognised"}


def test_a_promotion_is_held_to_its_brief_its_texts_and_its_scenes(judge: Judge, tmp_path: Path) -> None:
    studio = Studio()
    settings = Settings(images=1, seed=2, steps=2)
    source = {"brief": BRIEF.to_dict(), "turns": ["una coca de 600 a 18.50 en la playa, nomás texto y cartel"]}
    case = saved(Case("p", "promotion", source, settings.to_dict()), studio)
    assert "scene recognised: 1" in case.expected["checks"]
    assert again(replace(case, source={"brief": BRIEF.to_dict()}), studio).fails is False
    judge.sees = False
    assert set(again(case, studio).failing) == {"scene recognised: 1"}


def test_a_case_of_a_finished_promotion_keeps_texts_checks_and_small_pictures(judge: Judge, tmp_path: Path) -> None:
    picture = Image.new("RGB", (512, 512), "teal")
    records.write_png(tmp_path / "scene-1.png", picture)
    promos = write_promos(BRIEF, FakeText(), default_catalog(), seed=0).promos
    poster = PosterFile(
        "poster-1.png", "scene-1.png", 0, "a beach", "", "beach", 0.5, 4, 5.0, promos[0].text, "hero", "1:1"
    )
    record = {"models": {"text": {"name": "m", "revision": "1"}}, "timings": {"texts_s": 1.0, "posters_s": [2.0]}}
    made = Promotion("p1", BRIEF, Settings(images=1), promos, (poster,), tmp_path, record)
    case = case_of_promotion(made, "p", "Ana")
    assert case.expected["outputs"] == [promo.text for promo in promos]
    assert {"brief", "price", "written by the model", "scene recognised: 1"} <= set(case.expected["checks"])
    assert total(case.expected["seconds"]) == 3.0
    small = from_thumbnail(case.expected["scenes"][0]["picture"])
    assert small is not None
    assert max(small.size) <= 192
    assert distance(small, picture) < 0.01
    assert "turns" not in case.source


def test_a_promotion_of_texts_alone_is_run_without_picture_model_and_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> Any:
        raise JudgeError("no judge here")

    class Blind(Studio):
        """Has no picture model."""

        def __init__(self) -> None:
            super().__init__()
            del self.image

        def __getattr__(self, name: str) -> Any:
            if name == "image":
                raise ModelError("no picture model here")
            raise AttributeError(name)

    monkeypatch.setattr("pipelines.scene_judge.load_judge", gone)
    brief = BRIEF.with_(promotion="text").to_dict()
    case = saved(Case("p", "promotion", {"brief": brief}, Settings(images=2).to_dict()), Blind())
    assert case.expected["scenes"] == []
    assert (again(case, Blind()).status, set(case.models)) == ("same", {"text"})
    both = replace(case, source={"brief": BRIEF.to_dict()})
    assert again(both, Blind()).status == "model gone"


def test_a_case_whose_model_is_gone_is_told_and_fails_nothing() -> None:
    case = replace(text_case(), settings={"seed": 3, "model": "nobody/nothing"})
    run = again(case, Studio())
    assert (run.status, run.fails) == ("model gone", False)
    assert "nobody/nothing" in run.problem


def test_a_case_that_cannot_be_run_any_more_fails_when_something_held() -> None:
    broken = replace(text_case(), source={"brief": {"product": "Coca-Cola", "packaging": "barrel"}})
    run = again(broken, Studio())
    assert (run.status, run.fails) == ("error", True)
    assert "barrel" in run.problem
    assert not again(replace(broken, expected={}), Studio()).fails


def test_small_pictures_survive_and_what_is_none_is_none() -> None:
    picture = Image.new("RGB", (300, 200), "navy")
    small = from_thumbnail(thumbnail(picture))
    assert small is not None
    assert small.size == (192, 128)
    assert distance(Image.new("RGB", (9, 9), "white"), Image.new("RGB", (9, 9), "black")) == 1.0
    assert from_thumbnail("nonsense") is None
    assert from_thumbnail(None) is None


def test_user_words_are_no_markup_in_the_report() -> None:
    assert md("a|b\n# <img src=x> [l](u) *b*") == r"a\|b # &lt;img src=x> \[l\](u) \*b\*"
    assert md("# x") == r"\# x"


def test_run_reports_what_changed_and_ends_with_1_only_for_held_checks(
    store: CaseStore, tmp_path: Path, judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = ["--data", str(store.path.parent)], tmp_path / "report"
    texts = store.save_case(text_case())
    store.save_case(
        saved(Case("<b>scene</b> | x", "scene", {"brief": BRIEF.to_dict()}, {"seed": 1, "steps": 2}), Studio())
    )
    gone = store.save_case(replace(text_case(), name="gone", settings={"model": "nobody/nothing"}))
    archived = store.save_case(replace(text_case(), name="put away"))
    store.archive(archived)
    assert main(["run", *data], Studio()) == 0
    assert "3 cases: 1 model gone, 2 same" in capsys.readouterr().out

    assert main(["run", "--json", "--out", str(out), *data], Studio(BadText())) == 1
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((out / "report.json").read_text())
    assert {c["id"]: c["status"] for c in report["cases"]}[texts] == "failed"
    assert {c["id"]: c["status"] for c in report["cases"]}[gone] == "model gone"
    assert archived not in {c["id"] for c in report["cases"]}
    page = (out / "report.md").read_text()
    assert "fake-text@r1 on fake then, fake-text@r3 on fake now" in page
    assert r"&lt;b>scene&lt;/b> \| x" in page
    assert len(list((out / "pictures").iterdir())) == 2
    assert main(["run", "--kind", "scene", *data], Studio(BadText())) == 0


def test_accept_makes_what_is_now_the_expectation(store: CaseStore, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(store.path.parent)]
    id = store.save_case(text_case())
    assert main(["run", id, "--accept", *data], Studio(BadText())) == 1
    assert main(["run", id, *data], Studio(BadText())) == 0
    assert store.case(id).models["text"]["revision"] == "r3"
    assert len(store.earlier_cases(id)) == 1


def test_the_other_commands_do_what_they_say(
    store: CaseStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(store.path.parent)]
    a = store.save_case(Case("one\x1b[31m", "text", {"brief": BRIEF.to_dict()}))
    b = store.save_case(text_case())
    store.vote(Vote("case", b, "Ana", "text-1", thumb=1))
    assert main(["list", "texts", *data]) == 0
    assert capsys.readouterr().out == f"{b}  text        texts  +1 -0\n"
    assert main(["list", *data]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert main(["show", b, *data]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["up"] == 1
    assert main(["compare", a, b, *data]) == 0
    assert {d["field"] for d in json.loads(capsys.readouterr().out)["fields"]} >= {"name", "settings.seed"}
    out = tmp_path / "all.json"
    assert main(["export", "--format", "json", "--out", str(out), *data]) == 0
    assert main(["import", str(out), "--data", str(tmp_path / "fresh")]) == 0
    assert "2 cases and 1 votes taken in" in capsys.readouterr().out
    assert main(["pairs", "--out", str(tmp_path / "pairs.jsonl"), *data]) == 0
    assert json.loads((tmp_path / "pairs.jsonl").read_text())["prompt"] == writer_source(BRIEF)


def test_a_case_is_put_away_and_back_by_its_id_or_its_name(
    store: CaseStore, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(store.path.parent)]
    id = store.save_case(replace(text_case(), name="Coca, playa"))
    assert main(["archive", "Coca, playa", *data]) == 0
    assert capsys.readouterr().out == f"{id}  Coca, playa: put away\n"
    assert store.case(id).archived
    assert main(["archive", "Coca, playa", *data]) == 2  # no other one has that name
    assert "no case that is not put away" in capsys.readouterr().err
    assert main(["archive", "Coca, playa", "--restore", *data]) == 0
    assert not store.case(id).archived
    assert main(["archive", id, *data]) == 0
    assert store.case(id).archived


def test_a_name_that_several_cases_have_is_no_way_to_put_one_away(
    store: CaseStore, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [store.save_case(text_case()) for _ in range(2)]
    assert main(["archive", "texts", "--data", str(store.path.parent)]) == 2
    told = capsys.readouterr().err
    assert all(id in told for id in ids)
    assert store.count() == 2


def test_a_case_gets_another_name_and_the_earlier_one_is_kept(
    store: CaseStore, capsys: pytest.CaptureFixture[str]
) -> None:
    id = store.save_case(text_case())
    assert main(["rename", id, "Coca, playa", "--data", str(store.path.parent)]) == 0
    assert capsys.readouterr().out == f"{id}  Coca, playa: called texts before\n"
    assert store.case(id).name == "Coca, playa"
    assert [earlier["name"] for earlier in store.earlier_cases(id)] == ["texts"]


@pytest.mark.parametrize(
    ("call", "told", "code"),
    [
        (["show", "nope"], "no case 'nope'", 2),
        (["archive", "nope"], "id or name 'nope'", 2),
        (["rename", "nope", "x"], "no case 'nope'", 2),
        (["run", "nope"], "no case 'nope'", 2),
        (["import", "nowhere.json"], "No such file", 2),
        (["pairs", "--out", "pairs.jsonl"], "nothing was written", 1),
        (["frobnicate"], "invalid choice", 2),
        (["export", "--format", "xlsx", "--out", "x"], "invalid choice", 2),
    ],
)
def test_a_wrong_call_is_told_with_the_cure(
    store: CaseStore, call: list[str], told: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    store.close()
    assert main([*call, "--data", str(store.path.parent)], Studio()) == code
    assert told in capsys.readouterr().err


def test_a_model_that_the_call_names_and_that_is_not_there_is_a_wrong_call(
    store: CaseStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.save_case(text_case())
    (tmp_path / "empty").mkdir()
    call = ["run", "--data", str(store.path.parent), "--text-model", str(tmp_path / "empty")]
    assert main(call) == 2
    assert "is not a text checkpoint" in capsys.readouterr().err


def test_a_folder_without_cases_is_told_and_not_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--data", str(tmp_path)]) == 2
    assert "nothing was saved there yet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_told_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "studio.sqlite3").write_bytes(b"no database " * 200)
    assert main(["list", "--data", str(tmp_path)]) == 0
    assert "was damaged" in capsys.readouterr().err


def test_the_help_says_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Exit code 1 only when a check that held" in told
    assert "'model gone' and fails nothing" in told
