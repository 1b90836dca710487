"""The prompt lab's runners, without any screen and without weights (but for the judge of scenes)."""

import csv
import io
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from pipelines import lab, lab_cases
from pipelines.backends.base import BackendError, ModelInfo, TextCapabilities
from pipelines.backends.torch_image import TorchImage
from pipelines.lab import BATCH_HEAD, Engines, Progress, Variant, Way, batch_table, follow, over_briefs, run_variant
from pipelines.lab_briefs import COLUMNS, MOST_BRIEFS, Row, defused, is_formula, read_briefs, row_of, table_csv
from pipelines.lab_engines import LISTED, rescheduled, schedulers_of
from pipelines.lab_errors import LabError
from pipelines.lab_settings import (
    MOST_CELLS,
    SceneSettings,
    as_json,
    cells,
    parse_axis,
    settings_of,
)
from pipelines.lab_sheet import CELL, contact_sheet
from pipelines.lab_trace import extraction_stages
from pipelines.prompts import writer_source
from pipelines.text import tidy
from slots.brief import Brief
from slots.catalog import default_catalog
from tests.fakes import FakeImage, FakeText

CATALOG = default_catalog()
BRIEF = Brief.from_dict(
    {"product": "Coca-Cola", "size": "600 ml", "price": "18 MXN", "environment": "beach", "language": "es"}
)


def studio(text: Any = None, image: Any = None) -> Any:
    options = SimpleNamespace(text_model=None, image_model=None, text_backend="auto", image_backend="auto")
    return SimpleNamespace(text=text or FakeText(), image=image or FakeImage(), catalog=CATALOG, options=options)


def written(prompt: str | None = None, **settings: Any) -> Variant:
    return Variant("text", {"prompt": prompt or writer_source(BRIEF), "brief": BRIEF.to_dict()}, settings)


def painted(**settings: Any) -> Variant:
    return Variant("scene", {"prompt": "a beach", "brief": BRIEF.to_dict()}, {"seed": 3, **settings})


class Says:
    """A text back end that writes what it is told."""

    name, reason, model = "says", "a test", ModelInfo("says", "r2", bundled=False)
    capabilities = TextCapabilities(samples=True, beams=True, max_input_tokens=512)

    def __init__(self, *outputs: str) -> None:
        self.outputs, self.asked = outputs, []  # type: ignore[var-annotated]

    def generate(self, sources: Any, **options: Any) -> list[list[str]]:
        self.asked.append((list(sources), options))
        return [list(self.outputs) for _ in sources]


# settings and axes


@pytest.mark.parametrize(
    ("kind", "settings", "told"),
    [
        ("text", {"temperature": 0}, "temperature must be 0.05 to 3"),
        ("text", {"samples": 17}, "samples must be 1 to 16"),
        ("text", {"samples": 2.5}, "whole number"),
        ("text", {"top_p": float("nan")}, "top_p must be a number"),
        ("text", {"decoding": "greedy"}, "choose one of: sample, beams"),
        ("scene", {"strength": 1.2}, "strength must be 0 to 1"),
        ("scene", {"layout": "poster"}, "choose one of: hero"),
        ("scene", {"cfg": 3}, "unknown settings of a scene: cfg; known: steps"),
        ("poem", {}, "choose one of: text, scene, extraction"),
    ],
)
def test_a_setting_out_of_its_range_is_refused_with_the_choices(kind: str, settings: Any, told: str) -> None:
    with pytest.raises(LabError, match=told):
        settings_of(kind, settings)


def test_settings_survive_json() -> None:
    scene = SceneSettings(steps=8, guidance=2.0, scheduler="DDIMScheduler")
    assert settings_of("scene", as_json(scene)) == scene


@pytest.mark.parametrize(
    ("name", "typed", "values"),
    [
        ("steps", "4, 8, 16", (4, 8, 16)),
        ("seed", "1..4", (1, 2, 3, 4)),
        ("strength", "0,25; 0,5", (0.25, 0.5)),
        ("guidance", "2, 2, 3.5", (2.0, 3.5)),
        ("scheduler", "auto, DDIMScheduler", ("", "DDIMScheduler")),
    ],
)
def test_an_axis_is_read_as_people_type_it(name: str, typed: str, values: Any) -> None:
    assert parse_axis("scene", name, typed).values == values


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("steps", "four", "no number"),
        ("steps", "", "no values"),
        ("seed", "1..900000000", "at most 8"),
        ("strength", "0.5, 2", "strength must be 0 to 1"),
        ("prompt", "a", "choose one of: steps"),
    ],
)
def test_an_axis_that_cannot_be_is_refused_before_anything_runs(name: str, typed: str, told: str) -> None:
    with pytest.raises(LabError, match=told):
        parse_axis("scene", name, typed)


def test_a_grid_of_too_many_cells_is_refused_with_their_number() -> None:
    a, b = parse_axis("scene", "seed", "1..8"), parse_axis("scene", "steps", "2, 4, 8, 16")
    with pytest.raises(LabError, match=rf"8 x 4 = 32 cells; a grid has at most {MOST_CELLS}"):
        cells(a, b)
    with pytest.raises(LabError, match="both axes vary seed"):
        cells(a, a)


def test_a_grid_runs_row_by_row_and_a_cell_that_fails_leaves_the_others() -> None:
    a, b = parse_axis("text", "seed", "1, 2"), parse_axis("text", "backend", "auto, nowhere")
    outcomes = list(lab.grid(written(samples=2), a, b).run(studio()))
    assert [(o.variant.settings["seed"], bool(o.error)) for o in outcomes] == [
        (1, False), (2, False), (1, True), (2, True),
    ]  # fmt: skip
    assert "no text back end 'nowhere'; choose one of" in outcomes[2].error


# texts


def test_a_text_shows_raw_output_tags_checks_and_who_wrote_it() -> None:
    outcome = run_variant(studio(), written(samples=4))
    first = outcome.outputs[0]
    assert first.raw.endswith("[PRODUCT] de [SIZE] a solo [PRICE].")
    assert first.text.endswith("Llévate Coca-Cola de 600 ml a solo $18 MXN.")
    assert first.tags == ("[PRODUCT]", "[SIZE]", "[PRICE]")
    assert outcome.pass_rate == 1
    assert outcome.model["revision"] == "r1"
    assert set(outcome.timings) == {"load", "generate", "check"}


def test_a_failed_check_says_why() -> None:
    outcome = run_variant(
        studio(Says("Ven a la playa: [PRODUCT] de [SIZE] a 20 pesos, te va a gustar mucho.")), written()
    )
    assert outcome.pass_rate == 0
    assert {"price", "figures"} <= set(outcome.outputs[0].failed)
    assert any("20" in c.detail for c in outcome.outputs[0].checks if c.name == "figures")
    assert dict(outcome.failing())["price"] == 1


def test_settings_reach_the_back_end_as_they_were_set() -> None:
    says = Says("a", "b", "c")
    run_variant(
        studio(says), written("x=1", decoding="sample", temperature=1.3, top_p=0.5, samples=3, seed=9, max_tokens=40)
    )
    run_variant(studio(says), written("x=1", decoding="beams", samples=3))
    (sources, sampled), (_, beams) = says.asked
    assert sources == ["x=1"]
    assert sampled == {
        "sample": True, "samples": 3, "temperature": 1.3, "top_p": 0.5, "seed": 9, "max_tokens": 40,
    }  # fmt: skip
    assert beams == {"samples": 3, "max_tokens": 96}


def test_what_a_back_end_cannot_do_is_told_with_the_cure() -> None:
    says = Says("a")
    says.capabilities = TextCapabilities(samples=False, beams=True, max_input_tokens=64, most_beams=2)  # type: ignore[misc]
    assert "choose beams" in run_variant(studio(says), written()).error
    assert "at most 2 beam(s)" in run_variant(studio(says), written(decoding="beams", samples=5)).error


def test_the_checks_follow_an_edited_prompt() -> None:
    prompt = (
        writer_source(BRIEF).replace("environment=beach", "environment=pool").replace("price=[PRICE]", "price=none")
    )
    brief, changed = follow(BRIEF, prompt)
    assert (brief.environment, brief.price, brief.size) == ("pool", None, BRIEF.size)
    assert set(changed) == {"environment", "price"}
    assert follow(BRIEF, writer_source(BRIEF)) == (BRIEF, ())


def test_a_placeholder_without_a_value_is_told() -> None:
    assert lab.unfillable("store=[STORE]; size=[SIZE]", BRIEF, CATALOG) == ("[STORE]",)


def test_without_a_brief_nothing_is_checked_and_nothing_is_claimed() -> None:
    outcome = run_variant(studio(), Variant("text", {"prompt": "Generate a promotion: language=es"}, {}))
    assert not outcome.checked
    assert outcome.pass_rate is None


def test_similarity_counts_common_words_over_all_pairs() -> None:
    assert lab.self_similarity(["sol y mar", "sol y mar", "otra cosa distinta"]) == (pytest.approx(1 / 3), 1)
    assert lab.self_similarity(["uno"]) == (None, 0)


def test_an_unknown_failure_stands_in_its_variant_with_its_kind() -> None:
    class Broken(Says):
        def generate(self, sources: Any, **options: Any) -> list[list[str]]:
            raise MemoryError("no room")

    assert run_variant(studio(Broken()), written()).error == "MemoryError: no room"


def test_an_empty_or_endless_prompt_is_refused() -> None:
    with pytest.raises(LabError, match="prompt is empty"):
        Variant("text", {"prompt": "  "})
    with pytest.raises(LabError, match="3,000 characters"):
        Variant("text", {"prompt": "x" * 3000})


def test_equal_variants_have_one_id_and_others_another() -> None:
    assert written(seed=0).id == written().id != written(seed=1).id
    assert Variant.from_dict(written(seed=4).to_dict()).id == written(seed=4).id


# scenes


def test_a_scene_has_picture_judge_and_what_was_really_used() -> None:
    outcome = run_variant(studio(), painted(steps=2))
    assert outcome.error == ""
    assert outcome.picture is not None
    assert outcome.picture.size == (1024, 1024)
    assert len(outcome.opinion) == lab.TOP
    assert [p for _, p in outcome.opinion] == sorted((p for _, p in outcome.opinion), reverse=True)
    assert outcome.wanted_place == "beach"
    assert (outcome.facts["steps"], outcome.facts["guidance"], outcome.facts["strength"]) == (2, 3.0, 0.5)


def test_a_scene_of_strength_none_is_the_sketch_and_the_judge_knows_it() -> None:
    image = FakeImage()
    outcome = run_variant(studio(image=image), painted(strength=0))
    assert image.calls == 0
    assert outcome.accepted
    assert outcome.opinion[0][0] == "beach"


def test_the_second_attempt_has_other_noise_and_the_same_sketch(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    image = FakeImage()
    real = image.generate
    monkeypatch.setattr(image, "generate", lambda *a, **k: seeds.append(k["seed"]) or real(*a, **k))
    for attempt in (0, 1):
        run_variant(studio(image=image), painted(attempt=attempt))
    from pipelines.scene import SEED_STRIDE

    assert seeds == [3, 3 + SEED_STRIDE]


def test_a_scene_without_a_brief_says_what_it_needs() -> None:
    assert "load a promotion or a brief" in run_variant(studio(), Variant("scene", {"prompt": "a beach"})).error


def test_stopping_ends_a_scene_within_a_step() -> None:
    image = FakeImage()
    outcome = run_variant(studio(image=image), painted(steps=50), None, lambda step, steps: step < 3)
    assert outcome.stopped
    assert image.steps == 3


def test_a_recorded_promotion_gives_the_exact_prompts_and_the_same_pixels(tmp_path: Any) -> None:
    from pipelines.promotion import Settings
    from pipelines.studio import Studio, StudioOptions

    made = Studio(StudioOptions(data=tmp_path))
    made._text, made._image = FakeText(), FakeImage()  # type: ignore[assignment]
    *_, last = made.promote(BRIEF.with_(promotion="both"), Settings(images=1, seed=5))
    text, scene = lab.variants_of(last.promotion)
    assert text.source["prompt"] == last.promotion.record["writer"]["prompt"]
    outcome = run_variant(made, scene)
    with Image.open(last.promotion.folder / "scene-1.png") as recorded:
        assert outcome.picture is not None
        assert outcome.picture.tobytes() == recorded.convert("RGB").tobytes()
    first = {p.template for p in last.promotion.promos if p.source == "model"}
    assert first <= {tidy(o.raw) for o in run_variant(made, text).outputs}


# models


def test_only_models_that_the_operator_lists_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setenv(LISTED["text"], "google/flan-t5-small, other/model")
    engines = Engines(studio(), lambda *what: asked.append(what) or FakeText())
    assert engines.models("text") == ("", "google/flan-t5-small", "other/model")
    with pytest.raises(LabError, match=r"no text model '\.\./secret'.*PROMO_LAB_TEXT_MODELS"):
        engines.text("../secret")
    assert engines.text("other/model") is engines.text("other/model")
    assert asked == [("text", "other/model", "auto")]


def test_the_engine_that_was_not_used_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setenv(LISTED["text"], "a,b,c")
    engines = Engines(studio(), lambda kind, model, backend: asked.append(model) or FakeText())
    for name in ("a", "b", "a", "c", "a", "b"):
        engines.text(name)
    assert asked == ["a", "b", "c", "b"]


def test_a_back_end_that_cannot_run_is_told_in_its_own_column() -> None:
    def load(*what: Any) -> Any:
        raise BackendError("it needs a chip")

    outcome = run_variant(studio(), written(backend="torch"), Engines(studio(), load))
    assert outcome.error == "it needs a chip"


def test_a_scheduler_changes_a_copy_and_shares_the_weights() -> None:
    from diffusers import DPMSolverMultistepScheduler

    class Pipe:
        def __init__(self, scheduler: Any) -> None:
            self.scheduler, self.unet = scheduler, object()

    own = DPMSolverMultistepScheduler(prediction_type="v_prediction")
    image: Any = object.__new__(TorchImage)  # without its weights
    image._from_text, image._from_image = Pipe(own), Pipe(own)
    names = schedulers_of(image)
    assert names[0] == "DPMSolverMultistepScheduler"
    assert "DDIMScheduler" in names
    other = rescheduled(image, "DDIMScheduler")
    assert type(other._from_text.scheduler).__name__ == "DDIMScheduler"
    assert other._from_text.scheduler.config.prediction_type == "v_prediction"
    assert other._from_text.unet is image._from_text.unet
    assert image._from_text.scheduler is own
    assert rescheduled(image, names[0]) is image
    with pytest.raises(LabError, match="choose one of: DPMSolverMultistepScheduler"):
        rescheduled(image, "Magic")
    with pytest.raises(LabError, match="keeps its own"):
        rescheduled(FakeImage(), "DDIMScheduler")


# many briefs


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_a_table_is_read_with_names_in_either_language_and_any_divider() -> None:
    english = read_briefs(table("product,price,language", "Sprite,20 MXN,en"), CATALOG)
    spanish = read_briefs("\ufeffProducto;Tamaño;Precio\nSprite;600 ml;20 MXN\n".encode(), CATALOG)
    wide = read_briefs("product\tsize\nSprite\t600 ml\n".encode("utf-16"), CATALOG)
    assert [r[0].brief.product for r in (english, spanish, wide) if r[0].brief] == ["Sprite"] * 3
    assert str(spanish[0].brief.size) == "600 ml"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            table("drink,cost", "Sprite,3"),
            "unknown columns: 'drink', 'cost'; the first line may name: promotion, product",
        ),
        (table("size,price", "2 L,20"), "no column 'product'"),
        (table("product,product", "a,b"), "twice: product"),
        (table("product"), "no line under them"),
        (b"", "the table is empty"),
        ("product\nPiña".encode("latin-1"), r"not UTF-8 text \(byte 11"),
        (b"PK\x03\x04rest", "workbook"),
        (table("product", *["Sprite"] * 10_000), "10,000 lines; the lab takes 200 at a time.*pipelines.text --jsonl"),
        (b"product\n" + b"x" * 1_100_000, "Is it the right file"),
        (table("product,terms", 'Sprite,"=cmd()"'), r"line 2, terms: '=cmd\(\)' is a formula.*paste"),
        (table("product,terms", "Sprite,@SUM(A1)"), "is a formula"),
        (table("product", 'Spr"ite', '"open'), "not CSV"),
    ],
)
def test_a_table_that_cannot_be_used_says_what_is_wrong_and_the_cure(content: bytes, told: str) -> None:
    with pytest.raises(LabError, match=told):
        read_briefs(content, CATALOG)


def test_a_line_that_is_no_brief_is_told_and_the_others_stay() -> None:
    rows = read_briefs(
        table("product,size,price", "Sprite,huge,20 MXN", ",2 L,", "Fanta,2 L,30 MXN", "a,b,c,d"), CATALOG
    )
    assert [bool(row.brief) for row in rows] == [False, False, True, False]
    assert "not a size: 'huge'" in rows[0].error
    assert "names no product" in rows[1].error
    assert "4 cells for 3 columns" in rows[3].error


@pytest.mark.parametrize(("cell", "runs"), [("=1", True), ("@A", True), ("-A1", True), ("-5", False), ("- 2 each", False), ("a=b", False)])  # fmt: skip
def test_a_formula_is_told_from_a_number_and_from_words(cell: str, runs: bool) -> None:
    assert is_formula(cell) is runs


def test_no_cell_of_a_written_table_is_run_by_a_spreadsheet() -> None:
    content = table_csv(["a"], [["=HYPERLINK(1)"], ["+1"], ["\tx"], [" =2"], ["plain"]])
    cells_ = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    assert cells_ == ["a", "'=HYPERLINK(1)", "'+1", "'\tx", "' =2", "plain"]
    assert defused(3.5) == "3.5"


def test_a_set_of_briefs_is_written_one_after_the_other_and_a_bad_one_spoils_none() -> None:
    rows = [
        row_of(2, BRIEF.to_dict(), CATALOG),
        Row(3, None, "no size"),
        row_of(4, BRIEF.with_(language="en").to_dict(), CATALOG),
    ]
    done = list(over_briefs(studio(), rows, [Way({"samples": 2})]))
    assert [(d.row.number, d.error) for d in done] == [(2, ""), (3, "no size"), (4, "")]
    total = lab.summary(done)
    assert (total.briefs, total.failed, total.texts, total.passed) == (3, 1, 4, 4)
    lines = batch_table(done)
    assert all(len(line) == len(BATCH_HEAD) for line in lines)
    assert lines[1][-1] == "no size"
    assert "language=en" in str(lines[2][BATCH_HEAD.index("prompt")])


def test_one_prompt_can_be_used_for_all_briefs() -> None:
    text = FakeText()
    rows = [row_of(n, {"product": p, "size": "2 L"}, CATALOG) for n, p in enumerate(("Sprite", "Fanta"))]
    done = list(over_briefs(studio(text), rows, [Way({"samples": 1}, "Generate a promotion: size=[SIZE]")]))
    assert text.calls == [["Generate a promotion: size=[SIZE]"]] * 2
    assert [d.outcome.outputs[0].text.split("Llévate ")[1] for d in done if d.outcome] == [
        "Sprite de 2 L.",
        "Fanta de 2 L.",
    ]


def test_several_ways_are_written_side_by_side_and_counted_apart() -> None:
    rows = [row_of(2, BRIEF.to_dict(), CATALOG), Row(3, None, "no size"), row_of(4, BRIEF.to_dict(), CATALOG)]
    ways = [Way({"samples": 1}, letter="A"), Way({"samples": 2}, "Generate a promotion: size=[SIZE]", "B")]
    done = list(over_briefs(studio(), rows, ways))
    assert [(d.row.number, d.letter) for d in done] == [(2, "A"), (2, "B"), (3, ""), (4, "A"), (4, "B")]
    assert lab.summary([d for d in done if d.letter == "B"]).texts == 4
    assert [line[BATCH_HEAD.index("lab_variant")] for line in batch_table(done)] == ["A", "B", "", "A", "B"]


def test_a_declined_brief_is_no_row_to_write_for() -> None:
    assert "not something to advertise" in row_of(1, {"product": "cerveza Corona"}, CATALOG).error


# readings


def reading(message: str, answers: Any, asking: str | None = None, **options: Any) -> Any:
    def generate(sources: list[str]) -> list[str]:
        return [answers(source) if callable(answers) else answers for source in sources]

    return extraction_stages(message, asking, generate, CATALOG, **options)


def fates(trace: Any) -> dict[str, tuple[str, str]]:
    return {step.slot: (step.fate, step.reason) for step in trace.steps}


def test_a_reading_shows_what_the_model_read_and_wrote_and_what_became_of_it() -> None:
    trace = reading(
        "coca de 600 a 18 en la playa", "product=Coca-Cola | size=[A] ml | price=[B] MXN | environment=pool | store=bar"
    )
    assert trace.source == "Extract the slots: asking=none; coca de [A] 600 a [B] 18 en la playa"
    assert trace.tags == {"A": "600", "B": "18"}
    found = fates(trace)
    assert found["product"][0] == found["size"][0] == found["price"][0] == "kept"
    assert found["store"] == ("dropped", "nowhere")
    assert trace.final.slots["size"] == "600 ml"
    assert "store" not in trace.final.slots


def test_a_value_that_hangs_on_one_place_is_proven_by_leaving_words_out() -> None:
    trace = reading(
        "un poster con la calle del barrio atras de todo por favor",
        lambda source: "environment=kitchen" if "barrio" in source else "none",
        talking=True,
    )
    step = next(s for s in trace.steps if s.slot == "environment")
    assert step.fate == "proven"
    assert "barrio" in step.evidence
    assert 0 < step.figures[0] < step.figures[1] == len(trace.trials)


def test_a_denied_value_and_one_that_points_nowhere_are_told_apart() -> None:
    trace = reading("quiero una coca pero no en lata por favor", "product=Coca-Cola | packaging=can | size=[C] ml")
    found = fates(trace)
    assert found["packaging"] in (("dropped", "denied"), ("added", "overruled"))
    assert found["size"] == ("unread", "tag")


def test_a_figure_that_the_rules_read_more_exactly_is_told_as_repaired() -> None:
    trace = reading("sprite de 2 litros a 30 pesos", "product=Sprite | size=[A] ml | price=[B] USD")
    found = fates(trace)
    assert found["size"] == found["price"] == ("repaired", "exact")
    assert (trace.final.slots["size"], trace.final.slots["price"]) == ("2 L", "30 MXN")


def test_a_message_about_other_matters_keeps_no_shop_and_says_why() -> None:
    message = "ayer fuimos a la playa con mi familia y comimos tacos en un puesto, estuvo muy bonito todo la verdad"
    trace = reading(message, "store=taco stand")
    assert not trace.relevant
    assert trace.relevance < trace.threshold
    assert fates(trace)["store"] == ("dropped", "irrelevant")
    assert reading(message, "store=taco stand", talking=True).relevant


def test_a_reading_ends_as_the_app_reads_the_same_message() -> None:
    from slots.extract import extract

    message = "3x2 en sprite de 2 litros a 30 pesos para una fiesta, sin precio en el poster"
    answer = "product=Sprite | size=[C] L | environment=party"
    trace = reading(message, answer)
    assert trace.final == extract(message, None, lambda sources: [answer] * len(sources), CATALOG)
    assert trace.to_dict()["final"] == trace.final.to_dict()


def test_a_reading_of_an_unknown_slot_lists_the_slots() -> None:
    outcome = run_variant(studio(), Variant("extraction", {"message": "hola", "asking": "colour"}))
    assert "choose one of: promotion, product" in outcome.error


# sheet, thread, cases


def test_a_contact_sheet_has_a_cell_for_each_picture_and_grows_with_them() -> None:
    red = Image.new("RGB", (64, 64), "red")
    small = contact_sheet([red], ["steps 4"], [""])
    wide = contact_sheet(
        [red, None, red, red], ["steps 4", "steps 8"], ["guidance 1", "guidance 2"], ["", "failed"], "Beach"
    )
    assert wide.width > small.width + CELL
    assert wide.height > small.height + CELL
    reds = sum(n for n, colour in wide.getcolors(1 << 24) if colour == (255, 0, 0))  # type: ignore[union-attr,misc]
    assert reds == 3 * CELL * CELL
    with pytest.raises(ValueError, match="5 pictures for 2 x 2 cells"):
        contact_sheet([red] * 5, ["a", "b"], ["c", "d"])


def test_a_sheet_keeps_each_pictures_proportions() -> None:
    wide, tall = Image.new("RGB", (200, 100), "red"), Image.new("RGB", (90, 160), "blue")
    sheet = contact_sheet([wide, tall], ["1:1", "9:16"], [""])
    count = {colour: n for n, colour in sheet.getcolors(1 << 24)}  # type: ignore[union-attr,misc]
    assert count[(255, 0, 0)] == CELL * CELL // 2
    assert abs(count[(0, 0, 255)] - CELL * round(CELL * 16 / 9)) < CELL * 3


def test_a_scene_without_a_prompt_is_the_apps_own_with_the_negative_prompt_that_was_written() -> None:
    asked: list[tuple[str, str]] = []

    class Notes(FakeImage):
        def generate(self, prompt: str, **options: Any) -> Any:
            asked.append((prompt, options["negative_prompt"]))
            return super().generate(prompt, **options)

    own = Variant(
        "scene", {"prompt": "", "negative_prompt": "people", "brief": BRIEF.to_dict()}, {"seed": 3, "steps": 2}
    )
    outcome = run_variant(studio(image=Notes()), own)
    assert outcome.picture is not None
    assert asked == [(outcome.facts["prompt"], "people")]
    assert "beach" in asked[0][0]
    with pytest.raises(LabError, match="prompt is empty"):
        Variant("scene", {"prompt": " "}, {})


def test_a_case_of_a_scene_without_a_prompt_keeps_what_ran_and_every_setting() -> None:
    from pipelines.cases.make import case_of_outcome

    settings = {"seed": 3, "steps": 2, "guidance": 3.0, "strength": 0.7, "attempt": 1, "layout": "story"}
    outcome = run_variant(studio(), Variant("scene", {"prompt": "", "brief": BRIEF.to_dict()}, settings))
    (again,) = lab_cases.variants_of(case_of_outcome(outcome, "a case"))
    assert again.source["prompt"] == outcome.facts["prompt"]
    assert {name: again.settings[name] for name in settings} == settings


def test_a_case_of_a_promotion_is_loaded_with_the_settings_it_was_made_with() -> None:
    from pipelines.cases import Case

    case = Case(
        "p", "promotion", {"brief": BRIEF.to_dict()}, {"seed": 5, "strength": 0.7, "layout": "story", "images": 2}
    )
    scene = lab_cases.variants_of(case, FakeImage())[-1]
    assert (scene.kind, scene.settings["seed"], scene.settings["strength"]) == ("scene", 5, 0.7)
    assert scene.settings["layout"] == "story"


def test_a_style_that_the_model_does_not_know_is_refused() -> None:
    assert "illustrations only, not 'photograph'" in run_variant(studio(), painted(style="photograph")).error


def test_a_vote_on_a_text_of_an_edited_prompt_becomes_a_training_pair() -> None:
    from pipelines.cases.make import subject_of_output
    from pipelines.cases.pairs import as_pair

    english = writer_source(BRIEF.with_(language="en"))
    outcome = run_variant(studio(), written(english, samples=1))
    assert outcome.passed == 1
    assert as_pair(subject_of_output(outcome, 0), CATALOG)["prompt"] == english


def test_another_model_is_loaded_where_the_apps_own_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(SimpleNamespace):
        @property
        def text(self) -> Any:
            raise BackendError("broken")

    monkeypatch.setenv(LISTED["text"], "other/model")
    engines = Engines(Broken(options=studio().options), lambda *what: FakeText())
    assert engines.text("other/model").name == "fake"
    with pytest.raises(BackendError, match="broken"):
        engines.text()


def test_a_model_that_is_being_loaded_keeps_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LISTED["text"], "slow,quick")
    begun, go = threading.Event(), threading.Event()

    def load(kind: str, model: str | None, backend: str) -> Any:
        if model == "slow":
            begun.set()
            assert go.wait(10)
        return FakeText()

    engines = Engines(SimpleNamespace(judge="the judge", options=studio().options), load)  # type: ignore[arg-type]
    slow = threading.Thread(target=engines.text, args=("slow",))
    slow.start()
    try:
        assert begun.wait(10)
        assert engines.text("quick").name == "fake"
        assert engines.judge() == "the judge"
    finally:
        go.set()
        slow.join(10)


@pytest.mark.parametrize(
    ("text", "told"), [("4..1", r"runs backwards; write 1\.\.4"), ("1..1000", "1000 values; a sheet shows at most 8")]
)
def test_a_range_that_cannot_be_an_axis_says_why(text: str, told: str) -> None:
    with pytest.raises(LabError, match=told):
        parse_axis("scene", "steps", text)


def test_work_is_watched_step_by_step_and_leaving_it_stops_it() -> None:
    ended = threading.Event()

    def work(on_step: Any) -> Any:
        try:
            for step in range(10_000):
                if not on_step(step, 10_000):
                    return
                time.sleep(0.001)
            yield "never"
        finally:
            ended.set()

    watching = lab.watched(work, lambda: False)
    assert next(watching) == Progress(0, 10_000)
    watching.close()
    assert ended.wait(5)


def test_an_error_in_watched_work_reaches_whoever_iterates() -> None:
    def work(on_step: Any) -> Any:
        yield 1
        raise LabError("no_prompt")

    watching = lab.watched(work, lambda: False)
    assert next(watching) == 1
    with pytest.raises(LabError, match="prompt is empty"):
        list(watching)


def test_a_saved_case_comes_back_as_the_same_variant() -> None:
    from pipelines.cases.make import case_of_outcome

    for variant in (written(samples=2, seed=7), painted(steps=2), Variant("extraction", {"message": "una coca"})):
        case = case_of_outcome(run_variant(studio(), variant), "a case", "Ana")
        assert [v.id for v in lab_cases.variants_of(case)] == [variant.id]


def test_a_case_without_a_prompt_gives_the_prompts_of_its_brief() -> None:
    case = SimpleNamespace(name="c", kind="promotion", source={"brief": BRIEF.to_dict()}, settings={"seed": 2})
    text, scene = lab_cases.variants_of(case, FakeImage())  # type: ignore[arg-type]
    assert text.source["prompt"] == writer_source(BRIEF)
    assert scene.settings["seed"] == 2
    broken = SimpleNamespace(name="c", kind="text", source={"brief": {"size": "?"}}, settings={})
    with pytest.raises(LabError, match="case 'c' cannot be run here"):
        lab_cases.variants_of(broken)  # type: ignore[arg-type]


def test_a_vote_on_a_text_carries_what_it_is_about() -> None:
    outcome = run_variant(studio(), written(samples=2))
    vote = lab_cases.vote_of(outcome, "Ana", "text-2", 1, 5, "bien")
    assert (vote.target_kind, vote.target_id, vote.part) == ("variant", outcome.variant.id, "text-2")
    assert vote.subject["template"] == tidy(outcome.outputs[1].raw)
    with pytest.raises(LabError, match="no text 3; there are 2"):
        lab_cases.vote_of(outcome, "Ana", "text-3", 1, None, "")


def test_the_briefs_of_cases_are_rows_and_readings_are_left_out() -> None:
    cases = [
        SimpleNamespace(name="a", source={"brief": BRIEF.to_dict()}),
        SimpleNamespace(name="b", source={"message": "x"}),
    ]
    rows = lab_cases.rows_of(cases, CATALOG, MOST_BRIEFS)  # type: ignore[arg-type]
    assert [(row.name, bool(row.brief)) for row in rows] == [("a", True)]


def test_every_column_of_a_table_is_a_field_of_a_brief() -> None:
    assert set(COLUMNS) <= set(Brief.__dataclass_fields__)
