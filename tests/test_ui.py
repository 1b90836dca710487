"""The page without a browser: its words, its HTML, the line, the making, and the endpoints through a real client."""

import base64
import io
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

import app as program
from pipelines.checks import check_text
from pipelines.models import ModelError
from pipelines.offers import OffersError
from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.records import RecordError
from pipelines.shares import Shares
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.state import State
from slots.values import Money, Offer, Size
from tests.fake_studio import FakeStudio
from ui.app import Page, build_app
from ui.card import card_html, safe
from ui.frame import browser_language
from ui.layout import served as served_copy
from ui.layout import shown_picture
from ui.look import format_name, layout_name, look_html, marks_html
from ui.making import View, make
from ui.margin import margin_html
from ui.recall import recall, restored, stored
from ui.results import gallery_items, notes_html, progress_html, texts_html
from ui.session import MAX_SEED, Desk, Job, Line, LineFull, Session, Settings
from ui.talk import edit, plain, say
from ui.texts import EXAMPLES, TEXTS

CATALOG = default_catalog()
HOSTILE = '<script>alert(1)</script>${1+1}{{x}}"><img src=x onerror=alert(2)>'


# ---- words


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    assert set(TEXTS["es"]) == set(TEXTS["en"])
    for key, text in TEXTS["es"].items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", TEXTS["en"][key])), key


def test_every_check_of_a_text_has_a_name_on_the_screens() -> None:
    for check in check_text("Sprite.", Brief("Sprite"), CATALOG):
        for language in ("es", "en"):
            assert f"check_{check.name.replace(' ', '_')}" in TEXTS[language], check.name  # type: ignore[index]


def test_every_example_names_a_product_of_the_catalogue(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path)
    for language, examples in EXAMPLES.items():
        for text in examples:
            found = studio.extract(text)
            assert found.slots.get("product") in CATALOG.products, text
            assert found.language == language, text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-US,en;q=0.9", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr-FR,fr;q=0.9,en;q=0.5", "en"),
        ("de", "es"),
        ("", "es"),
    ],
)
def test_the_screens_follow_the_browsers_first_language_that_they_speak(header: str, language: str) -> None:
    request = gr.Request()
    request.headers = {"accept-language": header}  # type: ignore[misc]
    assert browser_language(request) == language


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**Producto:** Coca-Cola", "Producto: Coca-Cola"),
        ("- uno\n- dos", "• uno\n• dos"),
        (r"\<b\>x\</b\> \*no\*", "<b>x</b> *no*"),
        ("&lt;b&gt;", "<b>"),
        ("2 \\* 3 * 4", "2 * 3 * 4"),
        ("[PROFECO](https://profeco.gob.mx)", "PROFECO: https://profeco.gob.mx"),
        ("a_b_c y $18", "a_b_c y $18"),
    ],
)
def test_replies_are_shown_as_plain_text(markdown: str, shown: str) -> None:
    assert plain(markdown) == shown


# ---- the card and the results


def test_user_text_never_becomes_markup_on_the_card() -> None:
    state = State(slots={"product": HOSTILE, "store": HOSTILE}, evidence={"store": HOSTILE + "!"}, terms=HOSTILE)
    html = card_html(state, CATALOG, "es")
    assert "<script" not in html
    assert "<img" not in html
    assert "${" not in html
    assert "{{" not in html


def test_the_card_shows_values_words_marks_gaps_and_what_was_asked() -> None:
    state = State(
        slots={"product": "Coca-Cola", "price": "35 MXN", "size": "2 L"},
        evidence={"price": "treinta y cinco varos"},
        marked=("size",),
        skipped=("store",),
        asking="packaging",
    )
    html = unescape(card_html(state, CATALOG, "es"))
    rows = {m[1]: m[0] for m in re.finditer(r'<div class="ps-row[^"]*" data-slot="(\w+)">.*?</form>', html, re.S)}
    assert "$35 MXN" in rows["price"]
    assert "treinta y cinco varos" in rows["price"]
    assert "fuera del catálogo" in rows["size"]
    assert "is-skipped" in rows["store"]
    assert "is-missing" in rows["environment"]
    assert "is-asked" in rows["packaging"]
    assert "4 de 7" in html


def test_texts_show_who_wrote_them_and_are_escaped(tmp_path: Path) -> None:
    events = list(FakeStudio(tmp_path).promote(Brief(HOSTILE, promotion="text")))
    html = texts_html(events[-1].promotion, "en")
    assert html.count("is-model") == 2
    assert html.count("is-fallback") == 1
    assert "<script" not in html


def test_notes_link_only_to_secure_addresses() -> None:
    from slots.state import Note

    notes = (Note("a", "<b>uno</b>", "javascript:alert(1)"), Note("b", "dos", "https://www.gob.mx/profeco"))
    html = notes_html(notes, (), "es")
    assert "<b>" not in html
    assert html.count("<a ") == 1
    assert 'href="https://www.gob.mx/profeco"' in html


def test_progress_tells_poster_and_step(tmp_path: Path) -> None:
    step = next(e for e in FakeStudio(tmp_path).promote(Brief("Sprite")) if e.kind == "step")
    assert "Póster 1 de 2 · paso 1 de 4" in progress_html(step, "es", phase="making")
    assert "Poster 1 of 2 · step 1 of 4" in progress_html(step, "en", phase="making")


def test_braces_dollars_and_quotes_are_entities() -> None:
    assert not set("{}$`\\<>\"'") & set(re.sub(r"&#?\w+;", "", safe("{}$`\\<>\"'a")))


# ---- does it pay?


def priced(offer: str | None = None, price: str = "30 MXN", **changes: Any) -> Brief:
    parsed = Offer.parse(offer) if offer else None
    packed: dict[str, Any] = {
        "product": "Sprite",
        "size": Size.parse("600 ml"),
        "packaging": "plastic bottle",
        "price": Money.parse(price),
    }
    return Brief(offer=parsed, **{**packed, **changes})


def seen_words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).replace("\u00a0", " ")


def test_the_panel_shows_price_cost_and_margin_a_piece() -> None:
    words = seen_words(margin_html(priced(), CATALOG, "es", Decimal("18")))
    for part in ("¿Conviene?", "$30.00", "$12.00", "40 %", "tu dato"):
        assert part in words
    assert "supuesto" not in words
    assert "Con tu oferta" not in words
    html = margin_html(priced(), CATALOG, "en")
    assert "assumed" in seen_words(html)
    assert f'value="{next(p.cost for p in CATALOG.products["Sprite"].packs if str(p.size) == "600 ml"):.2f}"' in html


def test_nothing_is_shown_without_a_brief_or_a_price() -> None:
    assert margin_html(None, CATALOG, "es") == ""
    assert margin_html(priced(price="30 MXN").with_(price=None), CATALOG, "es") == ""


def test_a_loss_is_said_plainly_and_in_red() -> None:
    html = margin_html(priced("2 for 1"), CATALOG, "es", Decimal(18))
    assert "Pierdes $3.00 en cada pieza." in seen_words(html)
    assert "−$3.00" in seen_words(html)
    assert "is-loss" in html
    assert "You lose $3.00 on every piece." in seen_words(margin_html(priced("2 for 1"), CATALOG, "en", Decimal(18)))
    assert "pierdes $10.00 en cada pieza" in seen_words(margin_html(priced(), CATALOG, "es", Decimal(40)))


def test_the_uplift_is_shown_with_its_pieces() -> None:
    spanish = seen_words(margin_html(priced("15% off"), CATALOG, "es", Decimal(18)))
    assert "hay que vender +60 % : 160 piezas donde vendías 100" in spanish
    assert "+60% : 160 pieces" in seen_words(margin_html(priced("15% off"), CATALOG, "en", Decimal(18)))


def test_suggestions_are_rows_with_a_button_and_none_is_chosen() -> None:
    html = margin_html(priced("2 for 1"), CATALOG, "es", Decimal(18))
    offers = [unescape(x) for x in re.findall(r'class="ps-use" data-offer="([^"]+)"', html)]
    assert offers == [
        "vaso gratis en la compra de 4",
        "junta 6 y la siguiente es gratis",
        "30% de descuento en la segunda",
    ]
    assert "checked" not in html
    assert "selected" not in html
    dear = margin_html(priced(), CATALOG, "es", Decimal("29.50"))
    assert "ps-use" not in dear
    assert "no conviene ninguna" in dear


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    ("brief", "words"),
    [
        (priced(size=None), {"es": "Escribe lo que te cuesta una pieza", "en": "Type what a piece costs you"}),
        (priced(price="2 USD"), {"es": "en USD", "en": "in USD"}),
        (priced("other: un abrazo"), {"es": "«un abrazo»", "en": "“un abrazo”"}),
        (priced("free kite with 2"), {"es": "«kite»", "en": "“kite”"}),
    ],
)
def test_what_cannot_be_worked_out_is_told_in_the_screens_language(
    brief: Brief, words: dict[str, str], language: Any
) -> None:
    html = margin_html(brief, CATALOG, language)
    assert words[language] in seen_words(html)
    assert 'id="ps-cost"' in html


def test_every_code_of_an_error_has_its_words() -> None:
    from typing import get_args

    from pipelines.offers import Code
    from ui.margin import problem_words

    for code in set(get_args(Code)) - {"no_price", "cost"}:  # neither reaches the panel
        for language in ("es", "en"):
            error = OffersError("in English", code)
            assert problem_words(error, priced("free glass with 2"), language)  # type: ignore[arg-type]


def test_a_damaged_offers_file_is_told_in_the_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> Any:
        raise OffersError("offers x: damaged", "file")

    monkeypatch.setattr("pipelines.offers.default_terms", damaged)
    assert "Recupera ese archivo" in margin_html(priced(), CATALOG, "es")


def test_what_is_typed_or_sold_never_becomes_markup_in_the_panel() -> None:
    for brief in (priced(), priced(product=HOSTILE), priced(f"free {HOSTILE} with 2"), priced(f"other: {HOSTILE}")):
        html = margin_html(brief, CATALOG, "es", refused=HOSTILE)
        assert "<script" not in html
        assert "<img" not in html
        assert "${" not in html
        assert "{{" not in html
        assert 'aria-invalid="true"' in html


def test_a_cost_belongs_to_one_pack_and_survives_a_reload(tmp_path: Path) -> None:
    session = Session.new().with_(log=(("user", "hola"),)).with_cost(priced(), Decimal("12.50"))
    assert session.cost(priced("3 for 2", "31 MXN")) == Decimal("12.50")
    assert session.cost(priced(size=Size.parse("2 L"))) is None
    assert session.cost(priced(price="2 USD")) is None
    back = restored(stored(session))
    assert back is not None
    assert back[0].costs == session.costs
    assert session.with_cost(priced(), None).cost(priced()) is None
    saved = {**(stored(session) or {}), "costs": {"x": "<b>"}}
    assert restored(saved) is None
    del saved["costs"]  # as an earlier version kept it
    assert restored(saved) is not None


def test_accepting_a_suggestion_is_an_edit_that_waits_for_a_yes(tmp_path: Path) -> None:
    studio, session = FakeStudio(tmp_path), Session.new()
    for words in ("imagen y texto de coca de 600 en botella de plástico a 20 en la playa", "tiendita", "sí"):
        session, _ = say(session, words, studio.extract, CATALOG)
    assert session.confirmed == 1
    for shown, canonical in (
        ("vaso gratis en la compra de 4", "free glass with 4"),
        ("collect 6 and the next one is free", "loyalty card 6"),
    ):
        session, _ = edit(session, "offer", shown, studio.extract, CATALOG)
        assert str(session.dialogue.offer) == canonical
        assert session.dialogue.phase == "confirming"
    assert session.confirmed == 1
    session, _ = say(session, "sí", studio.extract, CATALOG)
    assert session.confirmed == 2
    assert session.brief is not None
    assert str(session.brief.offer) == "loyalty card 6"


# ---- talking


def test_a_conversation_survives_a_reload_and_makes_nothing_by_itself(tmp_path: Path) -> None:
    studio, session = FakeStudio(tmp_path), Session.new()
    for words in ("imagen y texto de coca de 600 en botella de plástico a 20 en la playa", "tiendita", "sí"):
        session, _ = say(session, words, studio.extract, CATALOG)
    assert session.confirmed == 1
    back = restored(stored(session))
    assert back is not None
    again, history = back
    assert again.dialogue == session.dialogue
    assert again.log == session.log
    assert again.confirmed == 0
    assert len(history) == len(session.log)


def said_yes(session: Session, message: str, studio: Any) -> Session:
    for words in (message, "sí"):
        session, _ = say(session, words, studio.extract, CATALOG)
    assert session.brief is not None
    return session


@pytest.mark.parametrize("words", ["button", "empezar de nuevo"])
def test_a_new_conversation_has_a_seed_of_its_own_and_a_changed_brief_keeps_its_own(words: str, tmp_path: Path) -> None:
    studio, promotion = finished(tmp_path)
    promotion = replace(promotion, settings=promotion.settings.with_(seed=MAX_SEED))
    shown = page(studio)
    asked = "una Sprite de 600 ml de plástico a 21 pesos en la tiendita, en la playa, imagen y texto"
    session = said_yes(Session.new(), asked, studio)
    session = said_yes(session, "mejor a 25 pesos", studio)
    assert shown._start(session, None, promotion, Settings()).seed == MAX_SEED
    if words == "button":
        session, *_ = shown._restart(session, [])
    else:
        session, _ = say(session, words, studio.extract, CATALOG)
    session = said_yes(session, asked.replace("Sprite", "Fanta").replace("la playa", "el parque"), studio)
    assert shown._start(session, None, promotion, Settings()).seed != MAX_SEED
    session = said_yes(session, "mejor a 25 pesos", studio)
    assert shown._start(session, None, promotion, Settings()).seed == MAX_SEED
    kept, _ = restored(stored(session)) or (None, [])
    assert kept is not None
    kept = said_yes(kept, "mejor a 26 pesos", studio)
    assert shown._start(kept, None, promotion, Settings()).seed == MAX_SEED


@pytest.mark.parametrize(
    "saved", [None, 3, {}, {"version": 1}, {"version": 1, "dialogue": {"phase": "x"}, "log": [], "screen": "es"}]
)
def test_a_damaged_saved_conversation_is_left_aside(saved: Any) -> None:
    assert restored(saved) is None


def test_a_missing_model_is_told_in_the_chat_and_nothing_is_lost() -> None:
    def broken(*_: Any) -> Any:
        raise ModelError("no weights in assets/models/text: restore the folder from the repository")

    session = Session.new()
    after, said = say(session, "una coca", broken, CATALOG)
    assert "no se pudo cargar un modelo" in said.text
    assert after.dialogue == session.dialogue


def test_an_edit_of_the_card_changes_that_slot_only(tmp_path: Path) -> None:
    studio, session = FakeStudio(tmp_path), Session.new()
    session, _ = say(session, "imagen de coca de 600 a 20", studio.extract, CATALOG)
    changed, said = edit(session, "price", "22.50", studio.extract, CATALOG)
    assert changed.dialogue.slots["price"] == "22.50 MXN"
    assert {**changed.dialogue.slots, "price": ""} == {**session.dialogue.slots, "price": ""}
    assert said.text


# ---- the line and the making


def test_the_line_serves_in_order_and_is_bounded() -> None:
    line = Line(places=1, most=2)
    first, second, third = line.join(), line.join(), line.join()
    assert [line.position(x) for x in (first, second, third)] == [0, 1, 2]
    assert line.ahead() == 3
    with pytest.raises(LineFull):
        line.join()
    line.leave(second)
    assert line.position(third) == 1
    line.leave(first)
    assert line.position(third) == 0


def job(**settings: Any) -> Job:
    session = Session.new().with_(brief=Brief("Sprite", promotion="both"), confirmed=1)
    return Job(session, Settings(**settings))


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Waits for something that another thread does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_nobody_waits_for_the_step_of_a_visitor_who_left(tmp_path: Path) -> None:
    studio, line = FakeStudio(tmp_path, closing=0.5), Line()
    views = make(studio, line, job(images=2), None)  # type: ignore[arg-type]
    next(v for v in views if v.event and v.event.kind == "step")
    started = time.monotonic()
    views.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 0.3
    assert line.ahead() == 1
    until(lambda: line.ahead() == 0)


def phases(views: list[View]) -> list[str]:
    return [v.phase for v in views]


def test_a_job_ends_done_and_gives_its_place_back(tmp_path: Path) -> None:
    line, work = Line(), job(images=1, seed=5)
    views = list(make(FakeStudio(tmp_path), line, work, None))  # type: ignore[arg-type]
    assert phases(views)[0] == "texts"
    assert phases(views)[-1] == "done"
    assert views[-1].promotion is not None
    assert [p.seed for p in views[-1].promotion.posters] == [5]
    assert work.finished
    assert line.ahead() == 0


def test_stop_ends_a_job_within_one_step(tmp_path: Path) -> None:
    studio, work = FakeStudio(tmp_path), job(images=2)
    seen = []
    for view in make(studio, Line(), work, None):  # type: ignore[arg-type]
        seen.append(view)
        if view.event and view.event.kind == "step":
            work.stop()
    assert phases(seen)[-1] == "stopped"
    assert studio.steps_done == 1


def test_leaving_the_page_stops_the_work_and_frees_the_line(tmp_path: Path) -> None:
    studio, line = FakeStudio(tmp_path), Line()
    views = make(studio, line, job(images=2), None)  # type: ignore[arg-type]
    next(v for v in views if v.event and v.event.kind == "step")
    views.close()  # type: ignore[attr-defined]
    until(lambda: line.ahead() == 0)
    assert studio.left == 1
    assert studio.steps_done == 1


def test_a_job_in_the_line_tells_its_position_and_can_be_stopped(tmp_path: Path) -> None:
    line = Line()
    line.join()
    work, seen = job(), []
    for view in make(FakeStudio(tmp_path), line, work, None):  # type: ignore[arg-type]
        seen.append((view.phase, view.ahead))
        work.stop()
    assert seen == [("waiting", 1), ("stopped", 0)]
    assert line.ahead() == 1


def test_a_failure_is_told_and_keeps_what_was_made(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path, failure=ModelError("scene model damaged: restore assets/models/scene"))
    last = list(make(studio, Line(), job(), None))[-1]  # type: ignore[arg-type]
    assert last.phase == "failed"
    assert "no se pudo cargar un modelo" in last.problem
    assert last.promotion is not None
    assert len(last.promotion.promos) == 3


def test_a_promotion_is_read_back_by_its_name_and_by_nothing_else(tmp_path: Path) -> None:
    made = list(FakeStudio(tmp_path).promote(Brief("Sprite")))[-1].promotion
    back = recall(tmp_path, made.id)
    assert back is not None
    assert (back.brief, back.promos, back.posters, back.zip) == (made.brief, made.promos, made.posters, made.zip)
    assert recall(tmp_path, f"../{tmp_path.name}/{made.id}") is None
    assert recall(tmp_path, made.id[:-1] + ("0" if made.id[-1] != "0" else "1")) is None
    assert recall(tmp_path, None) is None
    (made.folder / "promotion.json").write_text('{"version": 1, "brief": {}}')
    assert recall(tmp_path, made.id) is None


# ---- layout, format, marks, photo


def finished(tmp_path: Path, **options: Any) -> Any:
    studio = FakeStudio(tmp_path, **options)
    return studio, list(studio.promote(Brief("Sprite", promotion="both")))[-1].promotion


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_layout_and_format_has_a_button_and_a_name_on_the_screens(tmp_path: Path, language: Any) -> None:
    html = look_html(finished(tmp_path)[1], language)
    assert re.findall(r'data-layout="([^"]+)"', html) == list(LAYOUTS)
    assert re.findall(r'data-format="([^"]+)"', html) == list(FORMATS)
    assert re.findall(r'data-\w+="([^"]+)" aria-pressed="true"', html) == ["hero", "1:1"]
    for name in (*(layout_name(x, language) for x in LAYOUTS), *(format_name(x, language) for x in FORMATS)):
        assert name
    assert html.count("<path") >= 2 * len(LAYOUTS)


def test_there_is_no_look_to_choose_without_a_poster(tmp_path: Path) -> None:
    texts = list(FakeStudio(tmp_path).promote(Brief("Sprite", promotion="text")))[-1].promotion
    assert look_html(texts, "es") == ""
    assert look_html(None, "es") == ""
    assert marks_html(None, "es") == ""


def test_a_drawn_scene_is_marked_with_its_reason(tmp_path: Path) -> None:
    studio, promotion = finished(tmp_path, sketches=(1,))
    html = marks_html(promotion, "es")
    assert seen_words(html).startswith(" Póster 2: escena dibujada ?")
    assert "El modelo pintó 2 escenas" in seen_words(html)
    assert html.count('role="tooltip"') == 1
    captions = [caption for _, caption in gallery_items(promotion, "en")]
    assert ["drawn scene" in caption for caption in captions] == [False, True]
    assert marks_html(finished(tmp_path)[1], "es") == ""
    again = studio.recompose(promotion, layout="split", format="a4")
    assert marks_html(again, "es") == html


def page(studio: Any) -> Any:
    made = Page(studio, CATALOG, Line())
    made.build()
    return made


def picked(choice: Any) -> gr.EventData:
    return gr.EventData(None, choice)


STORY = {"layout": "story", "format": "9:16"}


def test_a_click_gives_the_posters_another_look_and_keeps_the_one_in_front(tmp_path: Path) -> None:
    studio, promotion = finished(tmp_path)
    shown, desk = page(studio), Desk()
    desk.chosen = 1
    look, gallery, _, png, pdf, archive, changed, *chosen = shown._recompose(
        Session.new(), None, promotion, desk, picked({**STORY, "format": "a4"})
    )
    assert chosen == ["story", "a4"]
    assert 'data-layout="story" aria-pressed="true"' in look
    assert gallery.selected_index == 1
    assert [Path(button.value["path"]).name for button in (png, pdf)] == [
        "poster-2-story-a4.png",
        "poster-2-story-a4.pdf",
    ]
    assert Path(archive.value["path"]).name == "promotion-2.zip"
    assert recall(tmp_path, promotion.id).posters == changed.posters  # type: ignore[union-attr]
    assert shown._recompose(Session.new(), None, changed, desk, picked(STORY))[4].visible == "hidden"


@pytest.mark.parametrize("choice", [None, {}, {"layout": "story"}, {"layout": 1, "format": []}])
def test_a_click_that_says_nothing_changes_nothing(choice: Any, tmp_path: Path) -> None:
    studio, promotion = finished(tmp_path)
    page(studio)._recompose(Session.new(), None, promotion, Desk(), picked(choice))
    assert not studio.composed


def test_a_click_while_a_promotion_is_made_is_harmless(tmp_path: Path) -> None:
    studio, promotion = finished(tmp_path)
    look, *rest = page(studio)._recompose(Session.new(), job(), promotion, Desk(), picked(STORY))
    assert look == ""
    assert rest == [gr.skip()] * len(rest)
    assert not studio.composed


def test_an_answer_that_a_newer_making_has_overtaken_is_not_shown(tmp_path: Path) -> None:
    studio, promotion = finished(tmp_path)
    desk, recompose = Desk(), studio.recompose

    def overtaken(*arguments: Any, **options: Any) -> Any:
        desk.makings += 1
        return recompose(*arguments, **options)

    studio.recompose = overtaken
    shown = page(studio)._recompose(Session.new(), None, promotion, desk, picked(STORY))
    assert shown == [gr.skip()] * len(shown)


def test_a_look_that_cannot_be_had_is_told_and_the_old_one_shown_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda words, **_: told.append(words))
    studio, promotion = finished(tmp_path)
    shown = page(studio)
    looks = [shown._recompose(Session.new(), None, promotion, Desk(), picked({**STORY, "layout": HOSTILE}))[0]]
    studio.failure = RecordError("scene-1.png is missing; make the promotion again")
    looks.append(shown._recompose(Session.new(), None, promotion, Desk(), picked(STORY))[0])
    assert len(told) == 2
    assert "<script" not in told[0]
    assert "archivos de la promoción" in told[1]
    assert all('data-layout="hero" aria-pressed="true"' in look for look in looks)
    assert looks[0] != look_html(promotion, "es")  # else the browser would not draw it again


def test_two_visitors_never_touch_each_others_promotion(tmp_path: Path) -> None:
    studio, mine = finished(tmp_path)
    yours = list(studio.promote(Brief("Fanta", promotion="both")))[-1].promotion
    before = {file: file.read_bytes() for file in yours.folder.iterdir()}
    page(studio)._recompose(Session.new(), None, mine, Desk(), picked({**STORY, "id": yours.id, "folder": "../x"}))
    assert [promotion for promotion, *_ in studio.composed] == [mine.id]
    assert {file: file.read_bytes() for file in yours.folder.iterdir()} == before


def test_what_was_chosen_before_the_making_reaches_it(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path, full_size=True)
    list(make(studio, Line(), job(layout="split", format="4:5", style="photograph", scene="whole"), None))  # type: ignore[arg-type]
    (settings,) = studio.settings
    assert (settings.layout, settings.format, settings.style, settings.scene) == ("split", "4:5", "photograph", "whole")


@pytest.mark.parametrize("full_size", [True, False])
def test_what_only_a_full_size_model_can_do_is_offered_only_then(full_size: bool, tmp_path: Path) -> None:
    shown = page(FakeStudio(tmp_path, full_size=full_size))
    assert [radio.visible for radio in shown._full_size()] == [True if full_size else "hidden"] * 2
    settings = shown._settings("es", 2, "", "strength_auto", None, "hero", "1:1", "whole", "photograph")
    assert (settings.scene, settings.style) == (("whole", "photograph") if full_size else ("place", "illustrated"))


def test_a_model_that_is_not_loaded_yet_offers_nothing_more(tmp_path: Path) -> None:
    class Unloaded(FakeStudio):
        able = None  # type: ignore[assignment]

    assert [radio.visible for radio in page(Unloaded(tmp_path))._full_size()] == ["hidden"] * 2


def test_a_print_is_shown_small_and_downloaded_whole(tmp_path: Path) -> None:
    Image.new("RGB", (2480, 3508), "#BF3B22").save(tmp_path / "poster-1.png")
    with Image.open(shown_picture(tmp_path / "poster-1.png") or "") as small:
        assert small.size == (1240, 1754)
    with Image.open(served_copy(tmp_path / "poster-1.png") or "") as whole:
        assert whole.size == (2480, 3508)
    assert shown_picture(tmp_path / "none.png") is None


def photo_file(tmp_path: Path, turned: bool = False) -> str:
    """A red box, taller than wide, on a white sheet; `turned`: stored lying, with the mark that says so."""
    picture = Image.new("RGB", (400, 600), "white")
    picture.paste((180, 40, 30), (140, 80, 260, 540))
    exif = Image.Exif()
    if turned:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6
    picture.save(tmp_path / "photo.jpg", exif=exif)
    return str(tmp_path / "photo.jpg")


@pytest.mark.parametrize("turned", [True, False])
def test_a_photo_is_shown_cut_out_and_upright(turned: bool, tmp_path: Path) -> None:
    kept, html = page(FakeStudio(tmp_path))._check_photo(Session.new(), photo_file(tmp_path, turned))
    assert kept == gr.skip()
    (data,) = re.findall(r"data:image/png;base64,([^\"]+)", html)
    with Image.open(io.BytesIO(base64.b64decode(data))) as preview:
        assert preview.mode == "RGBA"
        assert preview.height > 3 * preview.width
    assert "Quitar la foto" in html


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", {"es": "no es una imagen", "en": "not a PNG, JPEG or WebP"}),
        (b"GIF89a" + bytes(40), {"es": "no es una imagen", "en": "not a PNG, JPEG or WebP"}),
        ("bomb", {"es": "píxeles", "en": "pixels"}),
        ("large", {"es": "MB", "en": "MB"}),
    ],
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_photo_that_cannot_be_used_is_refused_in_the_visitors_language(
    content: Any, words: dict[str, str], language: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda said, **_: told.append(said))
    path = tmp_path / "photo.png"
    if content == "bomb":
        Image.new("1", (8_000, 8_000)).save(path)
    else:
        path.write_bytes(bytes(26 * 2**20) if content == "large" else content)
    assert page(FakeStudio(tmp_path))._check_photo(Session.new(language), str(path)) == [None, ""]
    assert words[language] in told[0]


def test_a_photo_is_taken_away_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Info", lambda said, **_: told.append(said))
    assert page(FakeStudio(tmp_path))._no_photo(Session.new()) == [None, ""]
    assert told == [TEXTS["es"]["photo_gone"]]


def test_a_photo_that_went_bad_is_told_in_the_visitors_language(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"no picture")
    view = list(make(FakeStudio(tmp_path), Line(), job(photo=str(tmp_path / "photo.png")), None))[-1]  # type: ignore[arg-type]
    assert view.phase == "failed"
    assert "no es una imagen" in view.problem


# ---- a page that runs


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FakeStudio]]:
    studio = FakeStudio(tmp_path_factory.mktemp("promotions"), pause=0.15)
    page = build_app(studio, CATALOG)  # type: ignore[arg-type]
    address = program.launch(page, studio, port=open_port())
    yield address, studio
    page.close(verbose=False)


def open_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_only_the_documented_endpoints_are_offered(served: tuple[str, FakeStudio]) -> None:
    api = Client(served[0], verbose=False).view_api(return_format="dict", print_info=False)
    assert set(api["named_endpoints"]) == {"/chat", "/extract", "/promote", "/check"}
    assert not api["unnamed_endpoints"]
    for name in ("/extract", "/promote", "/check"):
        assert api["named_endpoints"][name]["description"]


def test_extract_answers_what_the_command_prints(served: tuple[str, FakeStudio]) -> None:
    client = Client(served[0], verbose=False)
    found = client.predict("una coca de 600 a 18 en la playa", api_name="/extract")
    assert found == served[1].extract("una coca de 600 a 18 en la playa").to_dict()
    assert client.predict("600", "size", api_name="/extract")["slots"] == {"size": "600 ml"}


@pytest.mark.parametrize(
    ("arguments", "endpoint", "words"),
    [
        (("",), "/extract", "message is empty"),
        (("hola", "colour"), "/extract", "asking cannot be 'colour'"),
        (({"size": "600 ml"},), "/promote", "names no product"),
        (({"product": "Sprite", "packaging": "bag"},), "/promote", "choose one of"),
        (({"product": "Sprite"}, 99), "/promote", "images must be"),
        (({"product": "Sprite"}, 1, -1), "/promote", "seed must be"),
        (({"product": "cerveza Tecate"},), "/promote", "declined"),
        (([1, 2],), "/promote", "a brief is a JSON object"),
    ],
)
def test_endpoints_refuse_with_the_cure(
    served: tuple[str, FakeStudio], arguments: tuple[Any, ...], endpoint: str, words: str
) -> None:
    with pytest.raises(AppError, match=re.escape(words)):
        Client(served[0], verbose=False).predict(*arguments, api_name=endpoint)


def test_promote_gives_the_record_and_a_zip(served: tuple[str, FakeStudio], tmp_path: Path) -> None:
    client = Client(served[0], verbose=False, download_files=tmp_path)
    brief = {"product": "Sprite", "size": "600 ml", "price": "18 MXN", "promotion": "both"}
    record, archive = client.predict(brief, 2, 11, api_name="/promote")
    assert record["brief"]["slots"]["size"] == "600 ml"
    assert [p["seed"] for p in record["posters"]] == [11, 12]
    with zipfile.ZipFile(archive) as files:
        assert {"promo.txt", "poster-1.png", "poster-2.png", "promotion.json"} <= set(files.namelist())


def test_what_a_program_makes_belongs_to_nobody_and_the_api_says_so(served: tuple[str, FakeStudio]) -> None:
    client = Client(served[0], verbose=False)
    record, _ = client.predict({"product": "Sprite", "promotion": "text"}, 0, 11, api_name="/promote")
    promotions = served[1].promotions_folder
    assert (promotions / record["id"]).is_dir()
    with Shares(promotions)._open() as base:
        owners = {row[0] for row in base.execute("SELECT promotion FROM owners")}
    assert record["id"] not in owners
    assert "belongs to no browser" in str(client.view_api(return_format="dict"))


def test_records_are_not_served_to_the_web(served: tuple[str, FakeStudio]) -> None:
    import httpx

    made = list(served[1].promote(Brief("Sprite", promotion="text")))[-1].promotion
    path = (made.folder / "promotion.json").resolve()
    assert path.is_file()
    assert httpx.get(f"{served[0]}gradio_api/file={path}").status_code in (403, 404)


def test_two_visitors_at_once_do_not_mix(served: tuple[str, FakeStudio]) -> None:
    one, two = Client(served[0], verbose=False), Client(served[0], verbose=False)
    one.predict("imagen de coca de 600 a 18", api_name="/chat")
    two.predict("text for Sprite 355 ml can", api_name="/chat")
    first = one.predict("mejor de 2 litros", api_name="/chat")["content"]
    second = two.predict("18 pesos", api_name="/chat")["content"]
    assert "2 L" in first
    assert "Sprite" not in first
    assert "$18" in second
    assert "Coca-Cola" not in second


def test_a_chat_is_answered_while_pictures_are_made(served: tuple[str, FakeStudio]) -> None:
    maker, talker = Client(served[0], verbose=False), Client(served[0], verbose=False)
    done = threading.Event()
    work = maker.submit({"product": "Fanta", "promotion": "image"}, 4, 1, api_name="/promote")
    work.add_done_callback(lambda _: done.set())
    before = served[1].steps_done
    while served[1].steps_done == before:
        time.sleep(0.02)
    talker.predict("hola", api_name="/chat")
    assert not done.is_set()
    work.result(timeout=30)


# ---- the program


@pytest.mark.parametrize("text", ["ana", "ana:", ":secreto", ""])
def test_auth_needs_a_name_and_a_password(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--auth", text]) == 2
    assert "USER:PASSWORD" in capsys.readouterr().err


def test_a_password_may_hold_colons() -> None:
    assert program.credentials("ana:a:b") == ("ana", "a:b")


def test_a_taken_port_is_told_with_the_cure(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert program.main(["--port", str(port)]) == 2
    assert f"port {port} cannot be used" in capsys.readouterr().err
    assert program.main(["--port", "99999"]) == 2


def test_an_unknown_back_end_is_refused_with_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        program.main(["--text-backend", "abacus"])
    assert left.value.code == 2
    assert "ctranslate2" in capsys.readouterr().err


def test_a_share_link_that_cannot_be_had_leaves_the_local_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_tunnel(**_: Any) -> str:
        raise OSError("no route")

    monkeypatch.setattr("gradio.networking.setup_tunnel", no_tunnel)
    studio = FakeStudio(tmp_path)
    page = build_app(studio, CATALOG)  # type: ignore[arg-type]
    try:
        address = program.launch(page, studio, port=open_port(), share=True)
        assert "No public link" in capsys.readouterr().out
        assert Client(address, verbose=False).predict("hola", api_name="/chat")["content"]
    finally:
        page.close(verbose=False)


def test_a_page_with_a_password_lets_nobody_else_in(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path)
    page = build_app(studio, CATALOG)  # type: ignore[arg-type]
    try:
        address = program.launch(page, studio, port=open_port(), auth=("ana", "secreto"))
        with pytest.raises(Exception, match=r"[Ll]og ?in|401|credentials"):
            Client(address, verbose=False)
        assert Client(address, verbose=False, auth=("ana", "secreto")).predict("hola", api_name="/chat")
    finally:
        page.close(verbose=False)
