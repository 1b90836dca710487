"""Records, links and votes on pages that run, as their events see them: who sees what, and who does not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from PIL import Image

import app as program
from pipelines import records
from pipelines.cases import CaseStore, Vote
from pipelines.promotion import Promotion
from pipelines.shares import ShareError, new_secret
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.schema import LANGUAGES, Language
from slots.values import Money, Offer, Size
from tests.fake_studio import FakeStudio
from tests.test_ui import HOSTILE, open_port, until
from ui.api import endpoints
from ui.app import Page, build_app
from ui.host import Host, find_host, host_html
from ui.house import House, progress
from ui.layout import served
from ui.limits import Allowance, Limits
from ui.making import View
from ui.recall import stored
from ui.records_html import filters_html, grid_html
from ui.records_view import RecordsPage, job_of, varied
from ui.session import Desk, Job, Line, Session, Settings
from ui.shared import PARTS, SharedPage
from ui.sharing import act, sharing_html
from ui.talk import say
from ui.votes import keep, tidy, votes_html

CATALOG = default_catalog()
ANA, EVA = new_secret(), new_secret()


class Request(gr.Request):
    """A visitor's event as Gradio hands it over."""

    def __init__(self, query: dict[str, str] | None = None, language: str = "es") -> None:
        self.kwargs: dict[str, Any] = {}
        self.username = None
        self.session_hash = "page"
        self.request = httpx.Request("GET", "http://x")  # type: ignore[assignment]
        self.client = None  # type: ignore[misc]
        self.query_params = query or {}  # type: ignore[misc]
        self.headers = {"accept-language": language}  # type: ignore[misc]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(FakeStudio(tmp_path / "promotions"), CATALOG, Line(), pages=("", "records"))  # type: ignore[arg-type]


def job(promotion: str = "both", **settings: Any) -> Job:
    brief = Brief("Sprite", promotion, size=Size.parse("600 ml"), price=Money.parse("18 MXN"), store="corner shop")
    session = Session.new().with_(brief=brief, confirmed=1, log=(("user", "private words"),))
    return Job(session, Settings(**settings))


def made(house: House, visitor: str = ANA, **settings: Any) -> Promotion:
    views = list(house.make(job(**settings), None, visitor, ""))
    promotion = views[-1].promotion
    assert promotion is not None
    return promotion


def picked(data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def records_page(house: House) -> RecordsPage:
    page = RecordsPage(house)
    with gr.Blocks() as demo:
        pass
    page.add(demo)
    return page


def shared_page(house: House) -> SharedPage:
    page = SharedPage(house)
    with gr.Blocks() as demo:
        pass
    page.build(demo)
    return page


def words(value: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", value if isinstance(value, str) else str(getattr(value, "value", ""))))


# ---- whose a promotion is


def test_what_a_visitor_makes_is_theirs_alone(house: House) -> None:
    promotion = made(house)
    assert house.own(ANA, promotion.id) is not None
    for stranger in (EVA, None, "", promotion.id, {"a": 1}):
        assert house.own(stranger, promotion.id) is None
    assert house.own(ANA, records.new_id()) is None


def test_an_id_in_the_browser_opens_nobody_elses_promotion(house: House) -> None:
    promotion = made(house)
    page = Page(house.studio, CATALOG, house.line, house)
    page.build()
    stranger = page._open(None, promotion.id, EVA, None, Request())
    owner = page._open(None, promotion.id, ANA, None, Request())
    assert promotion not in stranger
    assert any(isinstance(value, Promotion) and value.id == promotion.id for value in owner)
    assert stranger[-2] == EVA
    assert len(stranger) == len(owner)


def test_a_stranger_can_neither_open_change_share_nor_repeat_a_record(house: House) -> None:
    promotion, page = made(house), records_page(house)
    before = {file: file.read_bytes() for file in promotion.folder.iterdir()}
    shown = page._show(EVA, "es", picked({"open": promotion.id}))
    assert all(value == gr.skip() for value in shown)
    assert page._compose(EVA, "es", promotion, picked({"layout": "story", "format": "9:16"}))[0] == gr.skip()
    assert "Solo" not in page._share(EVA, "es", promotion, picked({"do": "share"}))
    assert house.shares.links(promotion.id) == 0
    list(page._rerun(EVA, "es", promotion, Request()))
    list(page._vary(EVA, "es", promotion, True, "", "es", Request()))
    assert len(house.studio.started) == 1  # type: ignore[attr-defined]
    assert {file: file.read_bytes() for file in promotion.folder.iterdir()} == before


def test_ones_own_list_survives_a_restart_and_shows_nobody_elses(house: House) -> None:
    mine, yours = made(house), made(house, EVA)
    again = House(house.studio, CATALOG, Line(), pages=("", "records"))
    html = records_page(again)._grid(ANA, {}, "es")
    assert mine.id in html
    assert yours.id not in html


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FakeStudio]]:
    studio = FakeStudio(tmp_path_factory.mktemp("data") / "promotions")
    page = build_app(studio, CATALOG)  # type: ignore[arg-type]
    yield program.launch(page, studio, port=open_port()), studio
    page.close(verbose=False)


def test_a_guessed_path_to_somebodys_files_is_refused(running: tuple[str, FakeStudio]) -> None:
    address, studio = running
    promotion = list(studio.promote(Brief("Sprite", "both")))[-1].promotion
    shown = Path(served(promotion.folder / promotion.posters[0].file) or "")
    assert httpx.get(f"{address}gradio_api/file={shown}").status_code == 200  # its owner was given this name
    guesses = [
        *(file.resolve() for file in promotion.folder.iterdir()),
        studio.folder.parent / "shares.sqlite3",
        studio.folder.parent / "studio.sqlite3",
        shown.parent.parent / ("0" * len(shown.parent.name)) / shown.name,
        f"{shown.parent.parent}/../{promotion.folder}/poster-1.png",
        f"{shown.parent}/../../../..{promotion.folder}/poster-1.png",
    ]
    for guess in guesses:
        for form in (f"gradio_api/file={guess}", f"gradio_api/file/{guess}", f"file={guess}"):
            assert httpx.get(f"{address}{form}").status_code in (403, 404), guess


def test_the_promotions_stay_closed_even_inside_gradios_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    studio = FakeStudio(tmp_path / "promotions")
    page = build_app(studio, CATALOG)  # type: ignore[arg-type]
    try:
        address = program.launch(page, studio, port=open_port())
        promotion = list(studio.promote(Brief("Sprite", "both")))[-1].promotion
        for file in promotion.folder.iterdir():
            assert httpx.get(f"{address}gradio_api/file={file}").status_code == 403
    finally:
        page.close(verbose=False)


# ---- links


def opened(house: House, query: dict[str, str], visitor: str = EVA) -> list[Any]:
    return shared_page(house)._open(visitor, "es", "", Request(query))


def test_a_link_shows_texts_and_posters_and_nothing_else_of_the_visitor(house: House) -> None:
    promotion = made(house)
    shown = "".join(str(getattr(v, "value", v)) for v in opened(house, {"t": house.shares.share(promotion.id)}))
    assert shown.count("data:image/webp;base64,") == 2
    for promo in promotion.promos:
        assert promo.text in unescape(shown)
    for private in ("private words", promotion.id, str(promotion.folder), "seed", "gradio_api", "prompt", ANA):
        assert private not in shown


def test_a_link_shows_the_look_that_was_chosen_last(house: House) -> None:
    promotion = made(house)
    token = house.shares.share(promotion.id)
    before = opened(house, {"t": token})
    house.studio.recompose(promotion, layout="story", format="9:16")
    after = opened(house, {"t": token})
    assert str(before[7 + 0].value) != str(after[7 + 0].value)


def test_every_link_that_opens_nothing_gets_the_same_page(house: House) -> None:
    promotion = made(house)
    revoked = house.shares.share(promotion.id)
    assert words(opened(house, {"t": revoked})[5]).strip().startswith("Sprite")
    house.shares.revoke(promotion.id)
    pages = [
        [
            str(getattr(value, "value", value))
            for value in opened(house, query)[1:]
            if not isinstance(value, str) or "ps-" in value
        ]
        for query in ({"t": revoked}, {"t": new_secret()}, {"t": promotion.id}, {"t": HOSTILE}, {}, {"share": "x"})
    ]
    assert all(page == pages[0] for page in pages)
    assert "no abre nada" in "".join(pages[0])


def test_the_panel_shows_a_link_once_and_closes_all(house: House) -> None:
    promotion = made(house)
    panel = act(house.shares, promotion.id, "share", "es")
    (token,) = re.findall(r"\./shared\?t=([\w-]{22})\"", panel)
    assert house.shares.opened(token) == promotion.folder
    assert token not in sharing_html("es", links=1)
    assert token not in act(house.shares, promotion.id, None, "es")
    assert "Enlaces abiertos: 1" in act(house.shares, promotion.id, None, "es")
    assert "ya no abren nada" in act(house.shares, promotion.id, "revoke", "es")
    assert "cannot be shared" in act(house.shares, records.new_id(), "share", "en")


def turn_of(panel: str) -> str:
    return re.findall(r'data-turn="(\d+)"', panel)[0]


def test_no_answer_of_the_panel_is_the_one_before_and_all_tell_the_open_links(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gr, "Warning", lambda *_: None)
    promotion, session = made(house), Session.new()
    studio, own = Page(house.studio, CATALOG, house.line, house), records_page(house)
    studio.build()
    house.shares.share(promotion.id)
    click = picked({"do": "share"})
    answers = [
        *(studio._share(session, ANA, promotion, click, Request()) for _ in range(2)),
        *(own._share(ANA, "es", promotion, click) for _ in range(2)),
    ]
    house.limits = Limits(Allowance(requests=1))
    house.limits.take("requests", ANA, "")
    answers += [studio._share(session, ANA, promotion, click, Request()) for _ in range(2)]
    counts = [re.findall(r"Enlaces abiertos: (\d)", panel) for panel in answers]
    assert counts == [["2"], ["3"], ["4"], ["5"], ["5"], ["5"]]
    assert all('data-do="revoke"' in panel for panel in answers)
    answers += [studio._share(session, EVA, promotion, click, Request()) for _ in range(2)]
    answers += [own._share(EVA, "es", promotion, click) for _ in range(2)]
    assert len({turn_of(panel) for panel in answers}) == len(answers)


def locked(*_: Any, **__: Any) -> Any:
    raise ShareError("table", file="shares.sqlite3", error="database is locked")


def test_links_that_cannot_be_counted_can_still_be_closed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    promotion = made(house)
    token = house.shares.share(promotion.id)
    monkeypatch.setattr(house.shares, "links", locked)
    panel = act(house.shares, promotion.id, "revoke", "es")
    assert 'data-do="revoke"' in panel
    assert "ya no abren nada" in panel
    with pytest.raises(ShareError):
        house.shares.opened(token)
    assert "registro de enlaces no se puede usar" in act(house.shares, promotion.id, None, "es")


# ---- what cannot be read


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings of the pages."""
    said: list[str] = []
    monkeypatch.setattr(gr, "Warning", said.append)
    return said


def studio_page(house: House) -> Page:
    page = Page(house.studio, CATALOG, house.line, house)
    page.build()
    return page


def talked(house: House) -> Any:
    """What Ana's browser keeps of a conversation."""
    session, _ = say(Session.new(), "una Sprite de 600 a 18 en la playa", house.studio.extract, CATALOG)
    return stored(session)


def test_the_page_opens_with_the_conversation_where_the_register_is_locked(
    house: House, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    promotion, kept = made(house), talked(house)
    whole = studio_page(house)._open(kept, promotion.id, ANA, None, Request())
    monkeypatch.setattr(house.shares, "_open", locked)
    page = studio_page(house)._open(kept, promotion.id, ANA, None, Request())
    assert len(page) == len(whole)
    assert stored(page[0]) == kept
    assert page[1] == whole[1] != []
    assert not any(isinstance(value, Promotion) for value in page)
    assert "Tu conversación sigue aquí" in told[0]
    assert "registro de enlaces" in told[0]


@pytest.mark.parametrize("content", [b"no picture", b"", "cut"])
def test_a_damaged_poster_is_told_in_its_place_and_the_rest_is_shown(
    house: House, content: Any, told: list[str]
) -> None:
    promotion, kept = made(house), talked(house)
    file = promotion.folder / promotion.posters[0].file
    file.write_bytes(file.read_bytes()[:400] if content == "cut" else content)
    opened = studio_page(house)._open(kept, promotion.id, ANA, None, Request())
    shown = records_page(house)._show(ANA, "es", picked({"open": promotion.id}))
    for answer in (opened, shown):
        (gallery,) = [value for value in answer if isinstance(value, gr.Gallery)]
        first, second = [item["caption"] for item in gallery.value]
        assert "elige otro diseño o formato" in first
        assert "dañado" not in second
        assert any(isinstance(value, Promotion) for value in answer)
    assert told == []


def test_the_records_say_why_they_cannot_be_read_now(
    house: House, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    promotion, page = made(house), records_page(house)
    monkeypatch.setattr(house.shares, "_open", locked)
    opened = page._open(ANA, None, Request())
    assert any("registro de enlaces" in words(value) for value in opened)
    assert "registro de enlaces" in page._search(ANA, "es", picked({"words": "x"}), Request())[1]
    assert "registro de enlaces" in page._more(ANA, "es", {})[1]
    click = picked({"open": promotion.id, "do": "share", "layout": "story", "format": "9:16"})
    assert all(value == gr.skip() for value in page._show(ANA, "es", click))
    assert 'data-layout="hero" aria-pressed="true"' in page._compose(ANA, "es", promotion, click)[1]
    assert 'data-do="revoke"' in page._share(ANA, "es", promotion, click)
    list(page._rerun(ANA, "es", promotion, Request()))
    list(page._vary(ANA, "es", promotion, True, "", "es", Request()))
    assert len(told) == 5
    assert all("registro de enlaces" in said for said in told)


def test_a_promotion_that_cannot_be_noted_as_ones_own_ends_with_the_reason(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.shares, "own", locked)
    asked = job()
    *_, last = house.make(asked, None, ANA, "")
    assert last.phase == "failed"
    assert "registro de enlaces" in last.problem
    assert asked.stopped()
    shown = studio_page(house)._view(last, asked, False)
    assert "is-failed" in shown[0]
    monkeypatch.setattr(house.shares, "links", locked)
    made_again = list(studio_page(house)._make(job(), None, Desk(), ANA, Request()))
    assert "is-failed" in made_again[-1][0]
    until(lambda: house.line.ahead() == 0)


# ---- votes


def voted(house: House, token: str, visitor: str, name: str, data: Any, part: str = "text-1") -> Any:
    return shared_page(house)._voting(part)(token, visitor, name, "es", picked(data), Request())


def test_a_vote_through_a_link_is_kept_and_shown_to_others(house: House) -> None:
    promotion = made(house)
    token = house.shares.share(promotion.id)
    form, name = voted(house, token, EVA, " Eva ", {"thumb": 1, "stars": 4, "comment": f"bien {HOSTILE}"})
    assert name == "Eva"
    assert "1 a favor" in words(form)
    assert "4.0 de 5 (1)" in words(form)
    assert "<script" not in form
    assert "<img" not in form
    (vote,) = CaseStore(house.shares.path.with_name("studio.sqlite3")).votes("promotion", promotion.id)
    assert (vote.part, vote.thumb, vote.stars, vote.who.split(" · ")[0]) == ("text-1", 1, 4, "Eva")
    assert EVA not in str(vote)


def test_two_people_of_one_name_have_two_votes_and_one_who_changes_name_has_one(house: House) -> None:
    promotion = made(house)
    token = house.shares.share(promotion.id)
    voted(house, token, EVA, "Ana", {"thumb": 1})
    voted(house, token, new_secret(), "Ana", {"thumb": -1})
    assert house.cases.summary("promotion", promotion.id).count == 2
    voted(house, token, EVA, "Anita", {"thumb": -1})
    summary = house.cases.summary("promotion", promotion.id)
    assert (summary.up, summary.down, summary.count) == (0, 2, 2)


@pytest.mark.parametrize(
    ("name", "data"),
    [("", {"thumb": 1}), ("  · ", {"thumb": 1}), ("Eva", {}), ("Eva", None), ("Eva", {"thumb": 7}), ("Eva", {"stars": 9}),
     ("Eva", {"comment": ["x"]}), ("Eva", {"thumb": "1"})],
)  # fmt: skip
def test_what_is_no_vote_is_told_and_not_kept(
    house: House, name: str, data: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    promotion = made(house)
    answer = voted(house, house.shares.share(promotion.id), EVA, name, data)
    assert answer == [gr.skip(), gr.skip()]
    assert len(told) == 1
    assert house.cases.votes("promotion", promotion.id) == []


def test_a_vote_is_taken_back_by_sending_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    promotion, nothing = made(house), {"thumb": 0, "stars": 0, "comment": " "}
    token = house.shares.share(promotion.id)
    voted(house, token, EVA, "Eva", {"thumb": 1, "comment": "bien"})
    voted(house, token, ANA, "Ana", {"thumb": -1})
    form, _ = voted(house, token, EVA, "Evita", nothing)
    assert "tu opinión ya no cuenta" in words(form)
    assert 'aria-pressed="true"' not in form
    summary = house.cases.summary("promotion", promotion.id)
    assert (summary.up, summary.down, summary.count) == (0, 1, 1)
    assert [vote["comment"] for vote in house.cases.earlier_votes()] == ["bien"]
    assert told == []
    assert voted(house, token, EVA, "Eva", nothing) == [gr.skip(), gr.skip()]  # there is none to take back any more
    assert len(told) == 1


def test_nobody_votes_through_a_closed_link(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gr, "Warning", lambda *_: None)
    promotion = made(house)
    token = house.shares.share(promotion.id)
    house.shares.revoke(promotion.id)
    for guess in (token, promotion.id, new_secret()):
        assert voted(house, guess, EVA, "Eva", {"thumb": 1}) == [gr.skip(), gr.skip()]
    assert house.cases.votes() == []


def test_ones_own_vote_is_marked_in_the_form(house: House) -> None:
    keep(house.cases, "p", "whole", EVA, "Eva", {"thumb": -1, "stars": 2})
    mine = votes_html(house.cases.votes("promotion", "p"), "whole", EVA, "en")
    other = votes_html(house.cases.votes("promotion", "p"), "whole", ANA, "en")
    assert mine.count('aria-pressed="true"') == 3
    assert other.count('aria-pressed="true"') == 0
    assert "cannot be saved" in votes_html(None, "whole", EVA, "en")


def test_a_name_is_one_line_without_our_own_sign() -> None:
    assert tidy("  Ana\n · María\x00 ") == "Ana María"
    assert len(tidy("x" * 500)) == 60
    assert tidy(None) == ""


# ---- the list


def test_the_list_has_filters_thumbnails_marks_and_damaged_records(house: House) -> None:
    promotion, broken = made(house), made(house)
    house.shares.share(promotion.id)
    (broken.folder / records.RECORD).write_text("{")
    page = records_page(house)
    html = page._grid(ANA, {}, "es")
    assert html.count("data:image/webp;base64,") == 1
    assert "compartida" in html
    assert "dañada" in html
    assert str(house.studio.promotions_folder) not in html
    assert f'data-open="{broken.id}"' not in html
    assert promotion.id in page._grid(ANA, {"words": "SPRITE 600"}, "es")
    assert "Quita algún filtro" in page._grid(ANA, {"words": "fanta"}, "es")
    form = filters_html(page._entries(ANA), {"store": "corner shop"}, CATALOG, "es")
    assert "tiendita" in form
    assert "selected" in form


def test_typed_filters_never_become_markup(house: House) -> None:
    made(house)
    page = records_page(house)
    html = filters_html(page._entries(ANA), {"words": HOSTILE, "since": HOSTILE, "product": HOSTILE}, CATALOG, "es")
    assert "<script" not in html
    assert "<img" not in html
    assert "${" not in html
    _, shown = page._search(ANA, "es", picked({"words": HOSTILE, "most": 9, "x": []}), Request())
    assert "<script" not in shown


def test_a_long_list_is_shown_in_pieces(house: House) -> None:
    entries = [
        replace(house.gallery.entries([made(house, images=1).id])[0], id=f"2026112{n % 10}-1200{n:02d}-{'a' * 16}")
        for n in range(30)
    ]
    html = grid_html(house, entries, 30, 24, set(), "es")
    assert html.count("data-open") == 24
    assert "24 de 30" in html
    assert "ps-more" in html
    assert "ps-more" not in grid_html(house, entries, 30, 30, set(), "es")


def test_a_visitor_without_promotions_is_told_where_to_begin(house: House) -> None:
    html = records_page(house)._grid(ANA, {}, "en")
    assert "will be here" in html
    assert filters_html([], {}, CATALOG, "en") == ""


# ---- again, and otherwise


def test_repeating_makes_the_same_thing_as_a_new_promotion(house: House) -> None:
    promotion = made(house, seed=11, layout="split")
    last = list(records_page(house)._rerun(ANA, "es", promotion, Request()))[-1]
    (again,) = [value for value in last if isinstance(value, Promotion)]
    assert again.id != promotion.id
    assert again.brief == promotion.brief
    assert again.settings == promotion.settings
    assert house.own(ANA, again.id) is not None
    assert len(house.shares.owned(ANA)) == 2


def test_a_variant_has_another_seed_offer_and_language(house: House) -> None:
    promotion = made(house, seed=11)
    steps = list(records_page(house)._vary(ANA, "es", promotion, True, "3x2", "en", Request()))
    (variant,) = [value for value in steps[-1] if isinstance(value, Promotion)]
    assert str(variant.brief.offer) == "3 for 2"
    assert variant.brief.language == "en"
    assert variant.settings.seed != 11
    assert house.own(ANA, promotion.id).brief == promotion.brief  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("offer", "found"),
    [
        ("", "15% off"),
        ("ninguna", None),
        ("None", None),
        ("3 for 2", "3 for 2"),
        ("20% de descuento en la segunda", "20% off the second"),
    ],
)
def test_an_offer_is_read_as_people_type_it(house: House, offer: str, found: str | None) -> None:
    brief = Brief("Sprite", offer=Offer.parse("15% off"))
    changed = varied(brief, offer, "es", house.studio.extract, CATALOG)
    assert (str(changed.offer) if changed.offer else None) == found


def test_what_is_no_offer_or_no_change_makes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    promotion, page = made(house), records_page(house)
    for offer, seed in ((HOSTILE, True), ("", False)):
        steps = list(page._vary(ANA, "es", promotion, seed, offer, "es", Request()))
        assert all(value == gr.skip() for step in steps for value in step)
    assert len(told) == 2
    assert "<script" not in told[0]
    assert len(house.studio.started) == 1  # type: ignore[attr-defined]


def with_photo(house: House, photo: Image.Image | None) -> Promotion:
    """A promotion of Ana's whose record names an own photo; None: its file is gone."""
    promotion = made(house)
    record = {**promotion.record, "photo": "photo.png"}
    records.write_json(promotion.folder / records.RECORD, record)
    if photo is not None:
        photo.save(promotion.folder / "photo.png")
    return replace(promotion, record=record)


def label_in_a_box() -> Image.Image:
    """A carton that fills its picture, as it was cut out: opaque but for the corners, with a label of another colour."""
    carton = Image.new("RGBA", (300, 420), (245, 245, 240, 255))
    carton.paste((20, 120, 60, 255), (80, 120, 220, 300))
    for corner in ((0, 0), (299, 0), (0, 419), (299, 419)):
        carton.putpixel(corner, (0, 0, 0, 0))
    return carton


@pytest.mark.parametrize("photo", [Image.new("RGBA", (300, 600), (10, 200, 30, 255)), label_in_a_box()])
def test_an_own_photo_is_used_again_pixel_by_pixel(house: House, photo: Image.Image) -> None:
    promotion, page = with_photo(house, photo), records_page(house)
    for steps in (
        page._rerun(ANA, "es", promotion, Request()),
        page._vary(ANA, "es", promotion, True, "", "es", Request()),
    ):
        assert any(isinstance(value, Promotion) for value in list(steps)[-1])
        used = house.studio.photos[-1]  # type: ignore[attr-defined]
        assert (used.mode, used.size, used.tobytes()) == ("RGBA", photo.size, photo.tobytes())


def test_a_lost_own_photo_is_told_and_no_other_product_is_put_in_its_place(house: House) -> None:
    promotion = with_photo(house, None)
    *_, last = house.make(job_of(promotion, "es"), None, ANA, "")
    assert last.phase == "failed"
    assert "archivos de la promoción" in last.problem
    assert len(house.studio.started) == 1  # type: ignore[attr-defined]


def test_a_promotion_without_an_own_photo_is_made_again_without_one(house: House) -> None:
    settings = job_of(made(house), "es").settings
    assert (settings.photo, settings.own_photo) == (None, None)


# ---- limits and waiting


def test_too_many_posters_are_refused_before_anything_is_made(house: House) -> None:
    house.limits = Limits(Allowance(posters=3))
    made(house, images=2)
    (view,) = house.make(job(images=2), None, ANA, "")
    assert view.phase == "failed"
    assert "3 pósters por hora" in view.problem
    assert len(house.studio.started) == 1  # type: ignore[attr-defined]
    assert made(house, promotion="text").brief.promotion == "text"  # texts cost no picture


def test_who_finds_the_line_full_has_no_posters_counted(house: House) -> None:
    house.limits = Limits(Allowance(posters=2))
    house.line = Line(1, most=0)
    ticket = house.line.join()
    for _ in range(3):
        (view,) = house.make(job(images=2), None, ANA, "")
        assert "demasiada gente" in view.problem
    house.line.leave(ticket)
    assert made(house, images=2).posters


def test_who_has_reached_the_limit_leaves_the_line_again(house: House) -> None:
    house.limits = Limits(Allowance(posters=2))
    made(house, images=2)
    asked = job(images=2)
    assert [view.phase for view in house.make(asked, None, ANA, "")] == ["failed"]
    assert asked.finished
    assert house.line.ahead() == 0


def promoted(house: House, promotion: str, images: int) -> Any:
    _, promote, _ = endpoints(house.studio, house.line, house.limits)
    return promote({"product": "Sprite", "promotion": promotion}, images, 1)


def test_a_program_that_finds_the_line_full_has_no_posters_counted(house: House) -> None:
    house.limits, house.line = Limits(Allowance(posters=2)), Line(1, most=0)
    ticket = house.line.join()
    for _ in range(3):
        with pytest.raises(gr.Error, match="waiting already"):
            promoted(house, "both", 2)
    house.line.leave(ticket)
    promoted(house, "both", 2)
    with pytest.raises(gr.Error, match="2 posters an hour"):
        promoted(house, "both", 1)
    assert house.line.ahead() == 0


def test_a_programs_texts_cost_no_posters(house: House) -> None:
    house.limits = Limits(Allowance(posters=2))
    for _ in range(3):
        promoted(house, "text", 2)
    promoted(house, "both", 2)


def test_the_waiting_time_is_told_before_the_yes_and_in_the_line(house: House) -> None:
    assert house.line_words("es") == "Nadie espera: empieza en cuanto confirmes."
    for seconds in (50.0, 70.0, 60.0):
        house.pace.note(seconds)
    assert "tarda unos 60 s" in house.line_words("es")
    house.line.join()
    house.line.join()
    assert "2. Wait: about 2 min; then yours takes about 60 s" in house.line_words("en")
    bar = progress(house, View("waiting", ahead=2), "es")
    assert "2 antes que tú, unos 2 min" in bar
    assert "is-waiting" in bar


def test_a_making_is_timed_from_its_turn(house: House) -> None:
    made(house)
    assert house.pace.median() is not None
    assert house.pace.median() < 60  # type: ignore[operator]


# ---- a Space


def test_a_space_tells_its_hardware_and_that_its_disk_is_lost(tmp_path: Path) -> None:
    facts = {"SPACE_ID": "ana/promo", "ACCELERATOR": "none", "CPU_CORES": "2", "MEMORY": "16Gi"}
    host = find_host(tmp_path, facts)
    assert host == Host("ana/promo", "CPU · 2 vCPU · 16Gi", False)
    assert "se borra cada vez que reinicia" in words(host_html(host, "es", "Votos."))
    assert "Votos." in host_html(host, "es", "Votos.")
    assert find_host(tmp_path, {**facts, "SPACE_HARDWARE": "t4-small"}).hardware.startswith("t4-small")
    assert host_html(find_host(tmp_path, {}), "es") == ""


def test_a_space_without_a_token_says_that_votes_are_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert house.notice("es") == ""
    monkeypatch.setenv("SPACE_ID", "ana/promo")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    again = House(house.studio, CATALOG, Line())
    assert "Votes live only until this Space restarts" in words(again.notice("en"))


def test_a_phrase_lets_people_in_and_keeps_others_out(tmp_path: Path) -> None:
    from gradio_client import Client

    from ui.limits import Door

    studio = FakeStudio(tmp_path / "promotions")
    page = build_app(studio, CATALOG)  # type: ignore[arg-type]
    try:
        address = program.launch(page, studio, port=open_port(), auth=Door("cuatro palabras frías"))
        assert httpx.get(f"{address}config").status_code == 401
        with pytest.raises(Exception, match=r"[Ll]og ?in|401|credentials"):
            Client(address, verbose=False, auth=("Ana", "otra"))
        client = Client(address, verbose=False, auth=("Ana", "cuatro palabras frías"))
        assert client.predict("hola", api_name="/chat")
        for _ in range(10):
            httpx.post(f"{address}login", data={"username": "eva", "password": "guess"})
        right = {"username": "eva", "password": "cuatro palabras frías"}
        assert httpx.post(f"{address}login", data=right).status_code == 400  # this address waits now
    finally:
        page.close(verbose=False)


def test_the_parts_of_a_vote_are_those_that_training_reads() -> None:
    assert {"text-1", "poster-1", "whole"} <= set(PARTS)
    for part in PARTS:
        Vote("promotion", "x", "Ana", part)


# ---- what every visitor should know of the stores


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_file_of_votes_is_told_on_the_shared_page_with_what_was_saved(
    house: House, language: Language
) -> None:
    promotion = made(house)
    keep(house.cases, promotion.id, "whole", ANA, "Ana", {"thumb": 1})
    token = house.shares.share(promotion.id)
    house.cases.close()
    path = house.cases.path
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    path.write_bytes(b"no database" * 400)
    house = House(house.studio, CATALOG, Line(), pages=("", "records"))
    head, _, intro, *_ = shared_page(house)._page(token, ANA, "Ana", language, "")
    assert {"es": "estaba dañado", "en": "was damaged"}[language] in head
    assert "studio.sqlite3.damaged-" in head
    assert str(path.parent) not in head
    assert "Sprite" in intro  # the promotion is shown all the same


def test_votes_that_cannot_be_kept_are_told_and_the_promotion_is_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    promotion = made(house)
    token = house.shares.share(promotion.id)
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda words, **_: told.append(words))
    house.shares.path.with_name("studio.sqlite3").mkdir()  # a folder stands where the file should be
    page = shared_page(house)
    head, _, intro, *_ = page._page(token, ANA, "Ana", "es", "")
    assert "no se pueden leer ni guardar" in head
    assert "Sprite" in intro
    answer = page._voting("whole")(token, ANA, "Ana", "es", picked({"thumb": 1}), Request())
    assert answer == [gr.skip(), gr.skip()]
    assert "casos y opiniones no se pueden" in told[0]
    assert str(house.shares.path.parent) not in told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_register_of_owners_is_told_among_ones_own_promotions(house: House, language: Language) -> None:
    made(house)
    house.shares.path.write_bytes(b"no database" * 400)
    page = records_page(house)
    key, chosen, *rest = page._open(ANA, language, Request())
    assert (key, chosen) == (ANA, language)
    told = {"es": "siguen en la carpeta de datos", "en": "still in the data folder"}[language]
    assert any(isinstance(part, str) and told in part for part in rest)
