"""The prompt lab's page: its words, its HTML, and its events called as the page calls them; once in a real browser."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

import app as program
from pipelines import lab, lab_cases
from pipelines.cases import CaseStore
from pipelines.cases.make import case_of_outcome
from pipelines.checks import Check
from pipelines.lab import Axis, BriefOutcome, LabError, Outcome, Output, Variant
from pipelines.lab_briefs import Row
from pipelines.lab_settings import AXES
from pipelines.lab_trace import ADDED, DROPPED, KEPT, PROVEN, REASONS, REPAIRED, UNREAD
from pipelines.promotion import Promotion, Settings
from pipelines.shares import SECRET, ShareError
from pipelines.text import write_promos
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.extract import extract
from tests.fakes import FakeImage, FakeText
from tests.test_browser import CHROMIUM, FLAGS, PHONE, WIDE
from tests.test_ui import HOSTILE, open_port
from ui import lab_html
from ui.lab import LabPage, build_lab
from ui.lab_layout import EXAMPLE_CSV
from ui.lab_parts import Desk, fields_of, variant_of
from ui.lab_texts import LAB_TEXTS, lt
from ui.limits import Allowance, Limits

CATALOG = default_catalog()
BRIEF = Brief.from_dict({"product": "Coca-Cola", "size": "600 ml", "price": "18 MXN", "environment": "beach"})
KEY = "x" * 22


class Studio:
    """As much of a studio as the lab asks for: the fakes' models, the real rules."""

    def __init__(self, folder: Path, text: Any = None, image: Any = None) -> None:
        self.text, self.image, self.catalog = text or FakeText(), image or FakeImage(), CATALOG
        self.options = SimpleNamespace(text_model=None, image_model=None, text_backend="auto", image_backend="auto")
        self.promotions_folder = folder / "promotions"

    @property
    def able(self) -> Any:
        return self.image.capabilities

    def extract(self, message: str, *rest: Any, **more: Any) -> Any:
        return extract(message, None, None, CATALOG, stage="rules")


def page_of(studio: Any, cases: Any = None, **options: Any) -> tuple[gr.Blocks, LabPage]:
    with gr.Blocks() as demo:
        gr.HTML("the studio")
    return demo, build_lab(demo, studio, cases, **options)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    opened = CaseStore(tmp_path / "studio.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> LabPage:
    return page_of(Studio(tmp_path_factory.mktemp("lab")))[1]


@pytest.fixture
def page(built: LabPage, store: CaseStore) -> LabPage:
    """One page for all tests (it holds nobody's data), each with a store and models of its own."""
    built._cases, built.studio.text, built.studio.image = store, FakeText(), FakeImage()  # type: ignore[misc, assignment]
    return built


def source() -> dict[str, Any]:
    return {"key": "loaded_brief", "values": {}, "brief": BRIEF.to_dict()}


def text_values(page: LabPage, *variants: Variant) -> list[Any]:
    columns = page.text["columns"]
    chosen = [variants[min(n, len(variants) - 1)] for n in range(len(columns))]
    return [v for variant, column in zip(chosen, columns, strict=True) for v in fields_of(variant, column)]


def scene_values(page: LabPage, variant: Variant) -> list[Any]:
    return [value for column in page.scene["columns"] for value in fields_of(variant, column)]


def written(**settings: Any) -> Variant:
    return lab.variants_for(BRIEF)[0].with_settings(samples=2, **settings)


def painted(**settings: Any) -> Variant:
    return lab.variants_for(BRIEF, FakeImage())[1].with_settings(steps=2, **settings)  # type: ignore[arg-type]


def run(page: LabPage, kind: str, number: str, *values: Any, desk: Desk | None = None) -> list[list[Any]]:
    columns = page.text["columns"] if kind == "text" else page.scene["columns"]
    return list(page._runner(kind, columns)(source(), "en", desk or Desk(), KEY, None, number, *values))


# words


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    assert set(LAB_TEXTS["es"]) == set(LAB_TEXTS["en"])
    for key, text in LAB_TEXTS["es"].items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", LAB_TEXTS["en"][key])), key


def test_every_fate_reason_and_axis_has_words() -> None:
    for fate in (KEPT, REPAIRED, PROVEN, ADDED, DROPPED, UNREAD):
        assert lt("es", f"fate_{fate}")
    for reason in REASONS:
        assert lt("es", f"reason_{reason}", stayed=1, count=2)
    for name in {*AXES["text"], *AXES["scene"]}:
        assert lt("es", name)


# HTML


def test_whatever_the_model_or_a_person_writes_is_text_on_the_page() -> None:
    variant = Variant("text", {"prompt": HOSTILE, "brief": BRIEF.with_(store=HOSTILE).to_dict()}, {})
    output = Output(HOSTILE, HOSTILE, (), (Check("form", False, HOSTILE),))
    outcome = Outcome(variant, (output,), True, model={"name": HOSTILE, "revision": HOSTILE, "backend": "b"})
    trace = lab.run_variant(
        SimpleNamespace(text=FakeText(), catalog=CATALOG, options=None), Variant("extraction", {"message": HOSTILE})
    )
    pieces = [
        lab_html.outcome_html(outcome, "en", CATALOG),
        lab_html.outcome_html(Outcome(variant, error=HOSTILE), "en", CATALOG),
        lab_html.outcome_html(trace, "en", CATALOG),
        lab_html.batch_html([BriefOutcome(Row(1, None, HOSTILE, HOSTILE))], "en", CATALOG),
        lab_html.brief_html(BRIEF.with_(store=HOSTILE), HOSTILE, "en", CATALOG),
        lab_html.note_html(HOSTILE),
    ]
    for html in pieces:
        assert "<script" not in html
        assert "<img" not in html
        assert "${" not in html
        assert "{{" not in html
        assert "alert" in html


def test_a_text_shows_its_tags_its_failed_checks_and_why() -> None:
    outcome = Outcome(
        written(), (Output("Ven por [PRODUCT]", "Ven por Coca", ("[PRODUCT]",), (Check("price", False, "stated 0 times"),)),),
        True, timings={"generate": 0.2}, model={"name": "m", "revision": "r1", "backend": "torch"},
    )  # fmt: skip
    html = lab_html.outcome_html(outcome, "en", CATALOG)
    assert "<mark>[PRODUCT]</mark>" in html
    assert "exact price</b>: stated 0 times" in html
    assert "0 %" in html
    assert "revision r1" in html
    assert "200 ms" in html


def test_a_judge_that_never_saw_the_models_style_is_not_made_much_of() -> None:
    facts = {"bundled": False, "wanted_share": 0.1, "threshold": 0.7}
    outcome = Outcome(painted(), opinion=(("pool", 0.8),), wanted_place="beach", accepted=False, facts=facts)
    html = lab_html.outcome_html(outcome, "en", CATALOG)
    assert lt("en", "judge_other") in html
    assert "gives it 10 % (accepts from 70 %)" in html


# the page


def test_the_page_stands_beside_the_main_page_adds_no_endpoint_and_has_lines_of_its_own(studio: Studio) -> None:
    demo, _ = page_of(studio)
    assert [(path, shown) for path, _, shown in demo.pages] == [("", True), ("lab", False)]
    assert demo.get_api_info()["named_endpoints"] == {}
    for event in demo.fns.values():
        assert event.concurrency_id in ("lab-text", "lab-scene", "lab-page", "lab-image") or not event.queue
    runs = [event for event in demo.fns.values() if event.concurrency_id in ("lab-text", "lab-scene")]
    assert runs
    assert all(event.concurrency_limit in (1, 2) for event in runs)


def test_columns_read_back_the_variant_that_filled_them(page: LabPage) -> None:
    for kind, variant in (("text", written(seed=9)), ("scene", painted(scheduler="", guidance=4.0))):
        column = (page.text if kind == "text" else page.scene)["columns"][0]
        fields = dict(zip(column.fields, fields_of(variant, column), strict=True))
        assert variant_of(kind, fields, {"brief": BRIEF.to_dict()}).id == variant.id


def test_variants_run_one_after_the_other_and_each_shows_in_its_column(page: LabPage) -> None:
    steps = run(page, "text", "2", *text_values(page, written(seed=0), written(seed=1)))
    done = [part for step in steps for part in step if isinstance(part, Outcome)]
    assert [outcome.variant.settings["seed"] for outcome in done] == [0, 1]
    assert str(steps).count("2 of 2 pass every check") == 2
    assert "Done in" in steps[-1][0]


def test_a_variant_with_a_wrong_setting_tells_it_and_the_other_runs(page: LabPage) -> None:
    values = text_values(page, written())
    column = page.text["columns"][0]
    values[list(column.fields).index("temperature")] = 99
    steps = run(page, "text", "2", *values)
    told = str(steps)
    assert "temperature must be 0.05 to 3, not 99" in told
    assert len([p for step in steps for p in step if isinstance(p, Outcome)]) == 1


def test_a_stop_ends_the_run_and_what_was_not_begun_is_told_as_stopped(page: LabPage) -> None:
    desk = Desk()

    class Stops(FakeImage):
        def generate(self, *words: Any, **options: Any) -> Any:
            assert desk.stop("scene")
            return super().generate(*words, **options)

    page.studio.image = Stops()  # type: ignore[misc, assignment]
    steps = run(page, "scene", "2", *scene_values(page, painted()), desk=desk)
    assert str(steps).count("Stopped.") == 3
    assert not [p for step in steps for p in step if isinstance(p, Outcome)]
    assert not desk.stop("scene")


def test_leaving_a_run_stops_it(page: LabPage) -> None:
    desk = Desk()
    going = page._runner("scene", page.scene["columns"])(
        source(), "en", desk, KEY, None, "4", *scene_values(page, painted())
    )
    next(going)
    signal = desk._running["scene"][""]
    going.close()
    assert signal.is_set()
    assert not desk.stop("scene")


def test_a_press_is_answered_while_it_waits_and_a_stop_then_keeps_it_from_running(page: LabPage) -> None:
    desk, painter = Desk(), page.studio.image
    assert "Waits for its turn" in page._waiter("scene", "")(desk, "en")
    assert page._waiter("scene", "")(desk, "en") == gr.skip()  # Gradio passes over a second press, and so does the desk
    assert "next step" in page._stopper("scene")(desk, "en")
    values = scene_values(page, painted())
    (only,) = run(page, "scene", "2", *values, desk=desk)
    assert "Stopped." in only[0]
    assert painter.calls == 0  # type: ignore[attr-defined]
    assert "Waits for its turn" in page._waiter("scene", "")(desk, "en")
    assert "Done" in run(page, "scene", "1", *values, desk=desk)[-1][0]  # the next press runs
    assert painter.calls == 1  # type: ignore[attr-defined]


def test_a_page_opened_before_the_picture_model_is_there_gets_its_scene_later(studio: Studio) -> None:
    class Loading(Studio):
        loaded = False

        @property
        def able(self) -> Any:
            return self.image.capabilities if self.loaded else None

    late = Loading(studio.promotions_folder.parent)
    _, page = page_of(late)
    filled = dict(zip(page._filled(), page._open(KEY, "en", "", None)[7:], strict=True))  # type: ignore[arg-type]
    column = page.scene["columns"][0]
    assert filled[column.fields["prompt"]] == ""
    # run at once: an empty prompt is the app's own
    values = [filled[f] if isinstance(filled[f], str) else None for f in column.inputs]
    picked = dict(zip(column.fields, values, strict=True)) | {"layout": "hero", "format": "1:1", "scene": "place"}
    picked |= {"style": "illustrated", "scheduler": "", "model": "", "backend": ""}
    outcome = lab.run_variant(
        late, variant_of("scene", {k: v for k, v in picked.items() if v is not None}, filled[page.source])
    )
    assert outcome.picture is not None
    assert "beach" in outcome.facts["prompt"]
    late.loaded = True
    later = dict(
        zip(
            page._filled()[-len(column.inputs) * 4 :],
            page._open_scene(filled[page.source], "", "", "", ""),
            strict=True,
        )
    )
    assert later[column.fields["prompt"]] == outcome.facts["prompt"]
    assert page._open_scene(filled[page.source], "mine", "", "", "")[0] == gr.skip()


def test_a_brief_without_a_scene_of_its_own_leaves_no_scene_of_another_behind(page: LabPage, store: CaseStore) -> None:
    brief = BRIEF.with_(environment="Christmas")
    only_texts = lab.variants_for(brief)
    assert [v.kind for v in lab.completed(only_texts, brief, page.studio.image)] == ["text", "scene"]
    case = case_of_outcome(lab.run_variant(page.studio, only_texts[0].with_settings(samples=1)), "texts", "Ana")
    number = store.save_case(case)
    filled = dict(zip(page._filled(), page._loader("case")(KEY, "en", "", None, number), strict=True))
    assert "Christmas" in filled[page.scene["columns"][0].fields["prompt"]]


def test_every_page_has_a_desk_of_its_own() -> None:
    import copy

    desk = Desk()
    desk.begin("text")
    assert not copy.deepcopy(desk).stop("text")


def test_what_is_wrong_with_the_store_stands_on_the_page_in_its_language(studio: Studio) -> None:
    _, page = page_of(studio, notice=lambda language: f"<p>{language}: damaged</p>")
    assert page._open(KEY, "en", "", None)[2] == "<p>en: damaged</p>"  # type: ignore[arg-type]
    entries = dict(zip(page.parts.words.components, page.parts.words.updates("es"), strict=True))
    assert entries[page.store]["value"] == "<p>es: damaged</p>"


def test_a_sentence_a_brief_and_a_promotions_number_can_be_loaded(page: LabPage) -> None:
    for typed, product in (("una fanta de 2 litros a 30 pesos", "Fanta"), (json.dumps(BRIEF.to_dict()), "Coca-Cola")):
        told, html, _, prompt, *_ = page._loader("typed")(KEY, "es", typed, None, None)
        assert told["brief"]["slots"]["product"] == product
        assert product in html
        assert prompt.startswith("Generate a promotion: language=es")


@pytest.mark.parametrize(
    ("way", "typed", "told"),
    [
        ("typed", "", "choose a promotion or a case"),
        ("typed", "{not json", "JSON"),
        ("typed", '{"product": "Coca-Cola", "size": "huge"}', "not a size"),
        ("typed", "hola, buenos días", "no product in the sentence"),
        ("typed", '{"product": "vodka"}', "not something to advertise here: vodka"),
        ("typed", "20261122-212514-3f9c0e7ab1d24c55", "no promotion with that number"),
        ("own", "", "choose a promotion or a case"),
        ("case", "", "choose a promotion or a case"),
    ],
)
def test_what_cannot_be_loaded_is_told_and_nothing_on_the_page_changes(
    page: LabPage, way: str, typed: str, told: str
) -> None:
    kept, html, *fields = page._loader(way)(KEY, "en", typed, None, None)
    assert told in html
    assert all(field == gr.skip() for field in (kept, *fields))


def test_a_promotion_of_somebody_else_does_not_open(page: LabPage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(page, "_own", lambda visitor, name: asked.append((visitor, name)))
    _, html, *_ = page._loader("typed")(KEY, "en", "20261122-212514-3f9c0e7ab1d24c55", None, None)
    assert "no promotion with that number" in html
    assert asked == [(KEY, "20261122-212514-3f9c0e7ab1d24c55")]


def test_another_language_redraws_results_too(page: LabPage) -> None:
    outcome = lab.run_variant(page.studio, written())
    nothing = [None] * 7
    shown = page._relabel("en", source(), "scene", outcome, *nothing, None)
    assert "2 of 2 pass every check" in str(shown)
    shown = page._relabel("es", source(), "scene", outcome, *nothing, None)
    assert "2 de 2 pasan todas las revisiones" in str(shown)


def grid(page: LabPage, kind: str, *axes: str) -> list[list[Any]]:
    values = [*text_values(page, written()), *scene_values(page, painted())]
    return list(page._run_grid(source(), "en", Desk(), KEY, None, kind, "A", *axes, *values))


def test_every_event_hands_over_as_many_values_as_its_handler_names(studio: Studio, tmp_path: Path) -> None:
    demo, page = page_of(studio, CaseStore(tmp_path / "studio.sqlite3"))
    handlers = [block for block in demo.fns.values() if block.fn is not None and "lab" in (block.fn.__module__ or "")]
    assert len(handlers) > 30
    for block in handlers:
        parameters = [p for p in inspect.signature(block.fn).parameters.values() if "Request" not in str(p.annotation)]
        named = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        more = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        assert len(block.inputs) == len(named) or (more and len(block.inputs) > len(named)), block.fn
    (grid_run,) = [block for block in handlers if block.fn.__name__ == "_run_grid"]
    named = list(inspect.signature(grid_run.fn).parameters)
    at = {"source": page.source, "language": page.language, "visitor": page.visitor, "kind": page.grid_kind}
    given = [name for name in named if name != "request"]
    assert all(grid_run.inputs[given.index(name)] is component for name, component in at.items())


def test_a_grid_of_pictures_ends_in_a_sheet_and_one_of_texts_in_a_table(page: LabPage) -> None:
    sheet = [step[1] for step in grid(page, "scene", "seed", "1, 2", "steps", "1, 2") if isinstance(step[1], gr.Image)]
    assert sheet[-1].value is not None
    table = [step[2] for step in grid(page, "text", "temperature", "0.5, 1", "", "") if isinstance(step[2], str)]
    assert table[-1].count("<td>") == 2
    assert "temperature 0.5" in table[-1]


def test_a_grid_that_is_too_large_says_so_and_runs_nothing(page: LabPage) -> None:
    steps = grid(page, "scene", "seed", "1..8", "steps", "1..8")
    assert len(steps) == 1
    assert "8 x 8 = 64 cells; a grid has at most 25" in steps[0][0]


def test_pictures_of_the_lab_count_among_what_a_visitor_may_ask_for(
    page: LabPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "limits", Limits(Allowance(posters=3)))
    run(page, "scene", "2", *scene_values(page, painted()))
    assert page.studio.image.calls == 2  # type: ignore[attr-defined]
    told = [
        str(run(page, "scene", "2", *scene_values(page, painted()))),
        str(grid(page, "scene", "seed", "1..4", "", "")),
    ]
    assert page.studio.image.calls == 2  # type: ignore[attr-defined]
    assert all("is-bad" in words for words in told)
    assert "Done in" in run(page, "text", "2", *text_values(page, written()))[-1][0]


def test_texts_of_the_lab_count_in_variants_grids_and_briefs_alike(
    page: LabPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "briefs.csv"
    file.write_bytes(EXAMPLE_CSV)
    monkeypatch.setattr(page, "limits", Limits(Allowance(texts=7)))
    assert "Done in" in run(page, "text", "2", *text_values(page, written()))[-1][0]
    calls = len(page.studio.text.calls)  # type: ignore[attr-defined]
    told = [
        str(run(page, "text", "2", *text_values(page, written()))),
        str(grid(page, "text", "temperature", "0.5, 1, 1.5", "", "")),
        str(batch(page, file)),
    ]
    assert all("is-bad" in words for words in told), told
    assert "limit of 7 texts an hour" in told[0]
    assert len(page.studio.text.calls) == calls  # type: ignore[attr-defined]


def test_a_run_that_no_hour_would_be_enough_for_says_to_ask_for_less(
    page: LabPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "briefs.csv"
    file.write_bytes(EXAMPLE_CSV)
    monkeypatch.setattr(page, "limits", Limits(Allowance(texts=5, posters=3)))
    assert "This asks for 6 texts and 5 an hour" in batch(page, file)[-1][0]
    assert "This asks for 4 pictures and 3 an hour" in grid(page, "scene", "seed", "1..4", "", "")[-1][0]


def test_runs_readings_and_what_is_kept_count_as_requests(page: LabPage, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = lab.run_variant(page.studio, written())
    monkeypatch.setattr(page, "limits", Limits(Allowance(requests=2, message=10)))
    *_, (_, html, _) = page._run_reading("en", Desk(), KEY, None, "una coca", "", False, "", "")
    assert "Slot by slot" in html
    ((note, *_),) = list(page._run_reading("es", Desk(), KEY, None, "una coca de 600 a 18", "", False, "", ""))
    assert "Tu mensaje tiene 20 caracteres" in note
    run(page, "text", "1", *text_values(page, written()))
    refused = [
        str(run(page, "text", "1", *text_values(page, written()))),
        page._saver(True)("en", KEY, None, "Ana", "x", "A", outcome, None, None, None)[0],
        page._voter(True)("en", KEY, None, "Ana", "whole", "up", "0", "", "A", outcome, None, None, None),
        page._loader("typed")(KEY, "en", "una coca", None, None)[1],
    ]
    assert all("2 a minute" in words for words in refused), refused


def batch(page: LabPage, file: Path | None, origin: str = "csv", same: bool = False) -> list[list[Any]]:
    values = text_values(page, written())
    return list(page._run_batch("en", Desk(), KEY, None, origin, str(file) if file else None, ["A"], same, *values))


def test_the_example_table_is_written_for_and_the_result_can_be_downloaded(page: LabPage, tmp_path: Path) -> None:
    file = tmp_path / "briefs.csv"
    file.write_bytes(EXAMPLE_CSV)
    *_, (note, table, button) = batch(page, file)
    assert "Done in" in note
    assert "3 briefs, 6 texts" in table
    content = Path(button.value["path"] if isinstance(button.value, dict) else button.value).read_text("utf-8-sig")
    assert content.splitlines()[0].startswith("line,name,lab_variant,product")
    assert len(content.splitlines()) == 4


def test_a_bad_table_is_told_with_its_cure_and_nothing_is_written(page: LabPage, tmp_path: Path) -> None:
    file = tmp_path / "briefs.csv"
    file.write_bytes(b"product,terms\nSprite,=cmd()\n")
    assert "is a formula" in batch(page, file)[-1][0]
    assert "choose a CSV" in batch(page, None)[-1][0]
    assert "no text cases" in batch(page, None, "cases")[-1][0]
    assert page.studio.text.calls == []  # type: ignore[attr-defined]


def test_saved_cases_are_a_set_of_briefs_too(page: LabPage) -> None:
    outcome = lab.run_variant(page.studio, written())
    page._saver(True)("en", KEY, None, "Ana", "coca", "A", outcome, None, None, None)
    *_, (_, table, _) = batch(page, None, "cases")
    assert "1 briefs, 2 texts" in table
    assert "coca" in table


def test_a_reading_is_shown_and_can_be_saved(page: LabPage, store: CaseStore) -> None:
    *_, (note, html, outcome) = page._run_reading("en", Desk(), KEY, None, "una coca de 600 a 18", "", False, "", "")
    assert "Done" in note
    assert "Slot by slot" in html
    page._saver(False)("en", KEY, None, "", "reading", outcome)
    assert [(case.name, case.kind) for case in store.cases()] == [("reading", "extraction")]
    *_, (_, html, nothing) = page._run_reading("en", Desk(), KEY, None, " ", "", False, "", "")
    assert "message is empty" in html
    assert nothing is None


def test_a_case_is_saved_listed_and_loaded_again(page: LabPage, store: CaseStore) -> None:
    outcome = lab.run_variant(page.studio, written(seed=6))
    note, listed = page._saver(True)("en", KEY, None, "Ana", " my case ", "B", None, outcome, None, None)
    assert "Saved as case “my case”" in note
    (name, number), *_ = listed.choices
    assert name == "my case"
    _, html, _, prompt, *_ = page._loader("case")(KEY, "en", "", None, number)
    assert "Case “my case”" in html
    assert prompt == outcome.variant.source["prompt"]
    assert store.case(number).author == "Ana"


def test_voting_again_replaces_a_vote_and_another_person_adds_one(page: LabPage, store: CaseStore) -> None:
    outcome = lab.run_variant(page.studio, written())
    vote = page._voter(True)
    rest = ("A", outcome, None, None, None)
    assert "1 for, 0 against" in vote("en", KEY, None, "Ana", "text-1", "up", "5", "", *rest)
    assert "0 for, 1 against, 2.0 of 5, 1 in all" in vote("en", KEY, None, "Ana", "text-1", "down", "2", "meh", *rest)
    assert "1 for, 1 against" in vote("en", KEY, None, "Leo", "whole", "up", "0", "", *rest)
    assert len(store.votes("variant", outcome.variant.id)) == 2


def test_two_people_of_the_same_name_both_count(page: LabPage, store: CaseStore) -> None:
    outcome = lab.run_variant(page.studio, written())
    rest = ("Ana", "whole", "up", "0", "", "A", outcome, None, None, None)
    page._voter(True)("en", KEY, None, *rest)
    assert "2 for, 0 against" in page._voter(True)("en", "y" * 22, None, *rest)
    assert len({vote.who for vote in store.votes("variant", outcome.variant.id)}) == 2


def test_a_loaded_promotion_is_saved_whole_as_a_case(page: LabPage, store: CaseStore, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    promos = write_promos(BRIEF, FakeText(), CATALOG, seed=0).promos
    made = Promotion("20261122-212514-3f9c0e7ab1d24c55", BRIEF, Settings(images=0), promos, (), Path(), {})
    monkeypatch.setattr(page, "_own", lambda visitor, name: made if visitor == KEY and name == made.id else None)
    told, *_ = page._loader("typed")(KEY, "en", made.id, None, None)
    save = page._save_promotion
    assert "Load a promotion of yours first" in save("en", KEY, None, "Ana", "x", {})[0]  # type: ignore[arg-type]
    assert "no promotion with that number" in save("en", "y" * 22, None, "Ana", "x", told)[0]  # type: ignore[arg-type]
    note, listed = save("en", KEY, None, "Ana", "beach", told)  # type: ignore[arg-type]
    assert "Saved as case “beach”" in note
    assert [name for name, _ in listed.choices] == ["beach"]
    (case,) = store.cases()
    assert (case.kind, case.expected["outputs"]) == ("promotion", [promo.text for promo in promos])


@pytest.mark.parametrize(
    ("who", "part", "thumb", "told"),
    [
        ("", "whole", "up", "Type your name"),
        ("Ana", "whole", "none", "Say whether"),
        ("Ana", "text-9", "up", "no text 9"),
    ],
)
def test_a_vote_that_says_nothing_is_not_kept(page: LabPage, store: CaseStore, who: str, part: str, thumb: str, told: str) -> None:  # fmt: skip
    outcome = lab.run_variant(page.studio, written())
    assert told in page._voter(True)("en", KEY, None, who, part, thumb, "0", "", "A", outcome, None, None, None)
    assert store.votes() == []


def test_what_was_not_run_cannot_be_saved_and_without_a_store_it_is_said(page: LabPage) -> None:
    assert "Read a message first" in page._saver(False)("en", KEY, None, "Ana", "x", None)[0]
    assert "Run variant B first" in page._saver(True)("en", KEY, None, "Ana", "x", "B", None, None, None, None)[0]
    page._cases = None
    outcome = lab.run_variant(page.studio, written())
    assert "not kept here" in page._saver(True)("en", KEY, None, "Ana", "x", "A", outcome, None, None, None)[0]


def test_a_register_that_cannot_be_read_leaves_the_lab_open(page: LabPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(visitor: Any, name: str) -> None:
        raise ShareError("none")

    monkeypatch.setattr(page, "_mine", lambda visitor: ("20261122-212514-3f9c0e7ab1d24c55",))
    monkeypatch.setattr(page, "_own", locked)
    assert page._open(KEY, "en", "", None)[3].choices == []  # type: ignore[arg-type]


def test_a_visitor_who_opens_the_lab_first_gets_a_key_of_their_own(page: LabPage) -> None:
    keys = [page._open(None, "en", "", None)[0] for _ in range(2)]  # type: ignore[arg-type]
    assert all(SECRET.fullmatch(key) for key in keys)
    assert keys[0] != keys[1]
    assert page._open(KEY, "en", "", None)[0] == KEY  # type: ignore[arg-type]


def test_a_language_leaves_the_chosen_scheduler_among_the_choices(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    _, page = page_of(studio)
    monkeypatch.setattr(page.engines, "schedulers", lambda: ("DDIMScheduler", "EulerDiscreteScheduler"))
    page._schedulers("en")
    entries = dict(zip(page.parts.words.components, page.parts.words.updates("es"), strict=True))
    choices = entries[page.scene["columns"][0].fields["scheduler"]]["choices"]
    assert [value for _, value in choices] == ["", "EulerDiscreteScheduler"]
    # and a saved case's scheduler, model or back end that is not here is refused by whatever runs, not by Gradio
    for name in ("scheduler", "model", "backend"):
        assert page.scene["columns"][0].fields[name].allow_custom_value


def test_a_grid_of_formats_shows_posters(page: LabPage) -> None:
    steps = grid(page, "scene", "format", "1:1, 9:16", "", "")
    sheets = [step[1].value for step in steps if isinstance(step[1], gr.Image) and step[1].value is not None]
    assert sheets
    assert "Done" in steps[-1][0]
    made = lab.grid(painted(), Axis("format", ("1:1", "9:16")))
    assert all(variant.settings["poster"] for variant in made.variants)


def test_a_batch_with_each_briefs_own_prompt_needs_no_prompt_in_the_column(page: LabPage, tmp_path: Path) -> None:
    file = tmp_path / "briefs.csv"
    file.write_bytes(EXAMPLE_CSV)
    values = text_values(page, written())
    values[0] = ""
    own = list(page._run_batch("en", Desk(), KEY, None, "csv", str(file), ["A"], False, *values))
    assert "Done" in own[-1][0]
    same = list(page._run_batch("en", Desk(), KEY, None, "csv", str(file), ["A"], True, *values))
    assert "prompt is empty" in same[-1][0]


def test_a_batch_of_two_variants_shows_them_side_by_side(page: LabPage, tmp_path: Path) -> None:
    file = tmp_path / "briefs.csv"
    file.write_bytes(EXAMPLE_CSV)
    values = text_values(page, written(), written(seed=9))
    *_, (note, table, button) = page._run_batch("en", Desk(), KEY, None, "csv", str(file), ["B", "A"], False, *values)
    assert "Done" in note
    assert "<th>A</th><th>B</th>" in table
    assert table.count("lab-summary") == 2
    assert table.count("<tr>") == 4
    content = Path(button.value["path"] if isinstance(button.value, dict) else button.value).read_text("utf-8-sig")
    assert len(content.splitlines()) == 7
    none = list(page._run_batch("en", Desk(), KEY, None, "csv", str(file), [], False, *values))
    assert "at least one variant" in none[-1][0]


def test_more_cases_than_a_batch_takes_are_not_left_out_silently(page: LabPage, store: CaseStore) -> None:
    outcome = lab.run_variant(page.studio, written())
    for number in range(3):
        store.save_case(case_of_outcome(outcome, f"case {number}"))
    with pytest.raises(LabError, match="3 saved cases have a brief; the lab takes 2"):
        lab_cases.rows_of(store.cases(), CATALOG, 2)


def test_a_reading_that_was_stopped_is_not_shown(page: LabPage) -> None:
    desk = Desk()

    class Stops(FakeText):
        def generate(self, *words: Any, **options: Any) -> Any:
            assert desk.stop("reading")
            return super().generate(*words, **options)

    page.studio.text = Stops()  # type: ignore[misc, assignment]
    *_, last = page._run_reading("en", desk, KEY, None, "una coca de 600 a 18", "", False, "", "")
    assert "Stopped." in last[0]
    assert last[1] == gr.skip()


# a real browser


@pytest.mark.browser
def test_two_variants_run_side_by_side_and_a_phone_need_not_scroll_sideways(studio: Studio, store: CaseStore) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) or set PROMO_CHROMIUM to its path")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")
    demo, _ = page_of(studio, store)
    address = program.launch(demo, studio, port=open_port())
    try:
        with playwright.sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for size in (WIDE, PHONE):
                visit = browser.new_context(viewport=size, locale="en-US").new_page()
                visit.goto(f"{address.rstrip('/')}/lab")
                visit.get_by_role("button", name="Run all").first.click()
                visit.wait_for_selector("#lab-progress-text .is-good", timeout=60_000)
                assert visit.locator("#lab-text-A .lab-outputs > li").count() == 4
                assert visit.locator("#lab-text-B .lab-error").is_visible()  # this model knows no beams; A went on
                assert not visit.locator("#lab-text-C").is_visible()
                assert visit.evaluate("document.documentElement.scrollWidth <= innerWidth")
                visit.get_by_role("tab").nth(4).click()  # all tabs fit, none hides behind a menu
                assert visit.locator("#lab-run-reading").is_visible()
            browser.close()
    finally:
        demo.close(verbose=False)
