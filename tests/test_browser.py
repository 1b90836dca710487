"""The whole job in a real headless Chromium: what a shopkeeper sees, clicks and takes home.

Skipped with its reason where there is no Chromium (or Playwright). `PROMO_SCREENSHOT=docs/screenshot.png` makes the
test with the bundled models take the README's picture.
"""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import app as program
from pipelines.models import BUNDLED
from tests.fake_studio import FakeStudio
from tests.test_ui import open_port
from ui.app import build_app

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("PROMO_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SENTENCE = "Quiero una imagen y un texto para vender Coca Cola de 2 litros en botella de vidrio a 35 pesos en la playa"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) or set PROMO_CHROMIUM to its path")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install -r requirements-dev.txt")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    pages: list[Any] = []

    def start(studio: Any) -> str:
        page = build_app(studio, studio.catalog)
        pages.append(page)
        return program.launch(page, studio, port=open_port())

    yield start
    for page in pages:
        page.close(verbose=False)


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    contexts: list[Any] = []

    def open_page(address: str, size: dict[str, int] = WIDE, locale: str = "es-MX", context: Any = None) -> Any:
        if context is None:
            context = browser.new_context(viewport=size, locale=locale, accept_downloads=True)
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.locator("#ps-message textarea").wait_for()
        page.wait_for_timeout(500)  # Gradio binds its events a moment after the first paint
        return page

    yield open_page
    for context in contexts:
        context.close()


def send(page: Any, words: str) -> None:
    box = page.locator("#ps-message textarea")
    box.fill(words)
    box.press("Enter")


def row(page: Any, slot: str) -> Any:
    return page.locator(f'.ps-row[data-slot="{slot}"]')


def confirmable(page: Any) -> None:
    """Talks until the assistant asks for a yes."""
    send(page, SENTENCE)
    row(page, "price").get_by_text("$35 MXN").wait_for()
    send(page, "en mi tiendita")
    page.locator("#ps-confirm").wait_for(state="visible")


def fits(page: Any) -> bool:
    """Whether nothing sticks out of the page sideways."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


def bundled(folder: Path) -> Any:
    for kind, place in BUNDLED.items():
        if not place.is_dir():
            pytest.skip(f"no bundled {kind} model in {place}")
    from pipelines.studio import Studio, StudioOptions

    return Studio(StudioOptions(data=folder))


@pytest.mark.parametrize("kind", ["fake", "bundled"])
def test_one_sentence_becomes_texts_and_posters(
    kind: str, serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path, pause=0.1) if kind == "fake" else bundled(tmp_path)
    page = visit(serve(studio))
    page.set_default_timeout(120_000)
    send(page, SENTENCE)
    row(page, "product").get_by_text("Coca-Cola", exact=True).wait_for()
    assert "2 L" in row(page, "size").inner_text()
    assert "2 litros" in row(page, "size").inner_text()
    assert "playa" in row(page, "environment").inner_text()
    assert "is-missing" in row(page, "store").get_attribute("class")
    assert not page.locator("#ps-confirm").is_visible()

    send(page, "en mi tiendita")
    page.locator("#ps-confirm").wait_for(state="visible")
    assert "tiendita" in row(page, "store").inner_text()
    assert page.locator(".ps-promo-text").count() == 0

    send(page, "sí")
    page.locator("#ps-stop").wait_for(state="visible")
    page.locator(".ps-promo-text").first.wait_for()
    send(page, "¿cuánto tarda?")  # talking goes on while pictures are made
    page.locator("#ps-zip").wait_for(state="visible")
    assert page.locator(".ps-promo-text").count() == 3
    for text in page.locator(".ps-promo-text").all_inner_texts():
        assert "Coca-Cola" in text
        assert "$35 MXN" in text
    assert "semilla" in page.locator("#ps-gallery").inner_text()

    with page.expect_download() as download:
        page.locator("#ps-png").click()
    picture = tmp_path / "poster.png"
    download.value.save_as(picture)
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert image.width >= (512 if kind == "fake" else 1024)
        assert image.text  # type: ignore[attr-defined]
    with page.expect_download() as download:
        page.locator("#ps-zip").click()
    archive = tmp_path / "all.zip"
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as files:
        assert {"promo.txt", "poster-1.png", "poster-2.png", "promotion.json"} <= set(files.namelist())

    target = os.environ.get("PROMO_SCREENSHOT")
    if target and kind == "bundled":
        page.wait_for_timeout(5000)  # until the notice that it is ready is gone
        page.screenshot(path=target, full_page=True)


def test_nothing_sticks_out_sideways_on_a_phone(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(serve(FakeStudio(tmp_path)), PHONE)
    assert fits(page)
    confirmable(page)
    assert fits(page)
    row(page, "size").locator(".ps-show").click()
    assert fits(page)
    send(page, "x" * 300)
    page.wait_for_timeout(800)
    assert fits(page)
    send(page, "sí")
    page.locator("#ps-confirm").wait_for(state="visible")
    page.locator("#ps-confirm").click()
    page.wait_for_function("() => window.scrollY > 300")  # to where the posters appear
    page.locator("#ps-zip").wait_for(state="visible")
    assert fits(page)


def test_a_value_is_edited_on_the_card(serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(serve(FakeStudio(tmp_path)))
    confirmable(page)
    row(page, "price").locator(".ps-show").click()
    field = row(page, "price").locator("input")
    field.fill("22.50")
    field.press("Enter")
    row(page, "price").get_by_text("$22.50 MXN").first.wait_for()
    assert "2 L" in row(page, "size").inner_text()


def test_a_cost_and_a_suggested_offer_change_what_is_made_only_after_a_yes(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path)
    page = visit(serve(studio), PHONE)
    send(page, SENTENCE.replace("de vidrio", "de plástico") + ", 3x2")
    row(page, "price").get_by_text("$35 MXN").wait_for()
    assert page.locator(".ps-margin").count() == 0
    send(page, "en mi tiendita")
    page.get_by_text("Pierdes $6.17 en cada pieza.").wait_for()
    assert fits(page)
    page.locator("#ps-cost").fill("barato")
    page.locator("#ps-cost").press("Enter")
    page.get_by_text("«barato» no sirve como costo").wait_for()
    assert fits(page)
    page.locator("#ps-cost").fill("20,5")
    page.locator(".ps-cost button").click()
    page.get_by_text("tu dato").wait_for()
    assert page.locator("#ps-cost").input_value() == "20.50"
    page.locator("#ps-confirm").click()
    page.locator("#ps-zip").wait_for(state="visible")
    offer = page.locator(".ps-use").first.get_attribute("data-offer")
    page.locator(".ps-use").first.click()
    row(page, "offer").get_by_text(offer, exact=True).first.wait_for()
    page.locator("#ps-confirm").wait_for(state="visible")
    page.locator(".ps-margin h3", has_text=offer).wait_for()
    assert len(studio.started) == 1
    page.locator("#ps-confirm").click()
    page.locator("#ps-again").wait_for(state="visible")
    page.wait_for_timeout(500)
    assert [made.offer and made.offer.display("es") for made in studio.started] == ["3x2", offer]
    page.reload()
    page.get_by_text("tu dato").wait_for()
    assert page.locator("#ps-cost").input_value() == "20.50"


def test_two_clicks_start_once(serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path, pause=0.2)
    page = visit(serve(studio))
    confirmable(page)
    page.locator("#ps-confirm").dblclick()
    page.locator("#ps-zip").wait_for(state="visible")
    page.wait_for_timeout(500)
    assert len(studio.started) == 1


def test_stop_ends_the_making_at_once(serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path, pause=0.5)
    page = visit(serve(studio))
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.locator(".ps-progress.is-making").wait_for()
    page.locator("#ps-stop").click()
    page.locator(".ps-progress.is-stopped").wait_for()
    assert studio.steps_done <= 4
    assert page.locator(".ps-promo-text").count() == 3
    page.locator("#ps-again").wait_for(state="visible")


def test_closing_the_page_stops_the_work(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path, pause=0.5)
    page = visit(serve(studio))
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.locator(".ps-progress.is-making").wait_for()
    page.close()
    other = visit(serve(FakeStudio(tmp_path)))
    other.wait_for_timeout(3000)
    assert studio.left == 1
    assert studio.steps_done < 8


def test_markup_in_a_message_stays_text(serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(serve(FakeStudio(tmp_path)))
    alerts: list[Any] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    hostile = 'Coca <img src=x onerror="alert(1)"> <b>gratis</b> ${alert(2)} {{x}} **z** $$y$$'
    send(page, hostile)
    page.locator("#ps-chat .bot.message").first.wait_for()
    assert hostile in page.locator("#ps-chat .user.message").first.inner_text()
    assert page.locator("#ps-chat .message img, #ps-chat .message b, #ps-card img").count() == 0
    assert not alerts


def test_a_reload_keeps_the_conversation_and_makes_nothing(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path)
    page = visit(serve(studio))
    confirmable(page)
    page.wait_for_timeout(500)
    page.reload()
    row(page, "price").get_by_text("$35 MXN").wait_for()
    page.locator("#ps-confirm").wait_for(state="visible")
    assert SENTENCE in page.locator("#ps-chat").inner_text()
    assert not studio.started
    page.locator("#ps-confirm").click()
    page.locator("#ps-zip").wait_for(state="visible")
    page.wait_for_timeout(500)
    page.reload()
    page.locator("#ps-zip").wait_for(state="visible")
    assert page.locator(".ps-promo-text").count() == 3
    assert "semilla" in page.locator("#ps-gallery").inner_text()
    assert len(studio.started) == 1


def test_the_screens_change_language_and_the_assistant_follows_the_user(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(serve(FakeStudio(tmp_path)))
    page.get_by_role("heading", name="Lo que entendí").wait_for()
    page.locator("#ps-language").get_by_text("EN").click()
    page.get_by_role("heading", name="What I understood").wait_for()
    page.get_by_text("What shall we promote?").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    send(page, "coca de 600 a 20 pesos en la playa")
    page.locator("#ps-chat .bot.message").first.wait_for()
    assert "¿" in page.locator("#ps-chat .bot.message").first.inner_text()
    assert page.get_by_role("heading", name="What I understood").is_visible()

    other = visit(serve(FakeStudio(tmp_path)))
    send(other, "I want a poster for Sprite cans at the beach")  # until the switch is used, the screens follow too
    other.get_by_role("heading", name="What I understood").wait_for()


def test_an_example_and_a_quick_reply_can_be_clicked(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(serve(FakeStudio(tmp_path)))
    page.locator("#ps-chat .example").first.click()
    row(page, "product").get_by_text("Coca-Cola", exact=True).wait_for()
    page.locator("#ps-chat .option", has_text="Tiendita").first.click()
    row(page, "store").get_by_text("tiendita", exact=True).wait_for()


def test_a_text_is_copied_and_another_version_has_another_seed_unless_one_is_set(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path)
    page = visit(serve(studio))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#ps-settings > button").click()
    page.get_by_label("Semilla").fill("77")
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.get_by_text("semilla 77").first.wait_for()
    page.locator("#ps-zip").wait_for(state="visible")
    page.locator(".ps-copy").first.click()
    page.get_by_text("Copiado").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == page.locator(".ps-promo-text").first.inner_text()
    page.get_by_label("Semilla").fill("")
    page.locator("#ps-again").click()
    page.get_by_text("semilla 77").first.wait_for(state="hidden")
    page.locator("#ps-zip").wait_for(state="visible")
    assert len(studio.started) == 2


def test_a_photo_that_cannot_be_used_is_refused_with_words(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    studio = FakeStudio(tmp_path)
    page = visit(serve(studio))
    page.locator("#ps-settings > button").click()
    page.locator("#ps-settings input[type=file]").set_input_files(str(broken))
    page.get_by_text("Esa foto no sirve").wait_for()
    photo = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    photo.paste((180, 40, 30, 255), (120, 80, 280, 560))
    photo.save(tmp_path / "bottle.png")
    page.locator("#ps-settings input[type=file]").set_input_files(str(tmp_path / "bottle.png"))
    page.get_by_text("Usaré tu foto").wait_for()
    shown = page.locator(".ps-cutout img")
    assert shown.evaluate("image => image.naturalHeight > 2 * image.naturalWidth")
    page.get_by_role("button", name="Quitar la foto").click()
    shown.wait_for(state="detached")
    page.get_by_text("Usaré el producto dibujado.").wait_for()
    page.locator("#ps-settings input[type=file]").set_input_files(str(tmp_path / "bottle.png"))
    shown.wait_for()
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.locator("#ps-zip").wait_for(state="visible")
    assert studio.photos[0].mode == "RGBA"


def pressed(page: Any) -> list[str]:
    """The layout and the format that are marked as chosen."""
    return [
        page.locator(f".ps-look [data-{key}][aria-pressed=true]").get_attribute(f"data-{key}")
        for key in ("layout", "format")
    ]


def settled(page: Any) -> None:
    """Until the posters have the look that was asked for."""
    page.wait_for_function("() => !document.querySelector('.ps-look.is-busy')")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_layout_and_format_are_changed_after_the_fact(
    size: dict[str, int], serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path, sketches=(1,), composing=0.3)
    page = visit(serve(studio), size)
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.locator("#ps-zip").wait_for(state="visible")
    assert pressed(page) == ["hero", "1:1"]
    assert not page.locator("#ps-pdf").is_visible()
    mark = page.locator(".ps-drawn")
    assert "Póster 2: escena dibujada" in mark.inner_text()
    mark.focus()
    page.get_by_role("tooltip").wait_for(state="visible")
    assert fits(page)
    mark.blur()

    page.locator("#ps-gallery .thumbnail-small").nth(1).click()
    page.get_by_role("button", name="Descargar póster 2 (PNG)").wait_for()
    page.locator(".ps-look [data-format=a4]").click()
    assert pressed(page) == ["hero", "a4"]  # at once, before the answer
    settled(page)
    page.locator("#ps-pdf").wait_for(state="visible")
    assert "Póster 2" in page.locator("#ps-gallery .caption").first.inner_text()
    with page.expect_download() as download:
        page.locator("#ps-pdf").click()
    assert download.value.suggested_filename == "poster-2-hero-a4.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    with page.expect_download() as download:
        page.locator("#ps-png").click()
    with Image.open(download.value.path()) as picture:
        assert picture.height > picture.width
    assert fits(page)

    for layout in ("split", "burst", "story"):  # the last of quick clicks counts
        page.locator(f".ps-look [data-layout={layout}]").click()
    page.wait_for_timeout(1500)
    settled(page)
    assert pressed(page) == ["story", "a4"]
    assert studio.composed[-1][1:] == ("story", "a4")
    assert len({promotion for promotion, *_ in studio.composed}) == 1
    assert len(studio.started) == 1

    page.reload()
    page.locator("#ps-zip").wait_for(state="visible")
    assert pressed(page) == ["story", "a4"]
    page.locator("#ps-language").get_by_text("EN").click()
    page.get_by_text("Poster 2: drawn scene").wait_for()
    page.get_by_role("button", name="Price burst").wait_for()


def test_the_chosen_look_goes_on_into_the_next_version(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path)
    page = visit(serve(studio))
    page.locator("#ps-settings > button").click()
    page.locator("#ps-layout").get_by_text("Dos mitades").click()
    page.locator("#ps-format").get_by_text("Retrato 4:5").click()
    assert not page.locator("#ps-style").is_visible()
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.locator("#ps-zip").wait_for(state="visible")
    assert pressed(page) == ["split", "4:5"]
    page.locator(".ps-look [data-layout=burst]").click()
    page.wait_for_timeout(300)
    settled(page)
    before = page.locator(".ps-look").get_attribute("data-turn")
    page.locator("#ps-again").click()
    page.locator(
        f'.ps-look:not([data-turn="{before}"])'
    ).wait_for()  # it may be gone for less than one look at the page
    assert pressed(page) == ["burst", "4:5"]
    assert [(s.layout, s.format) for s in studio.settings] == [("split", "4:5"), ("burst", "4:5")]


def test_a_full_size_model_offers_style_and_whole_pictures(
    serve: Callable[[Any], str], visit: Callable[..., Any], tmp_path: Path
) -> None:
    studio = FakeStudio(tmp_path, full_size=True)
    page = visit(serve(studio))
    page.locator("#ps-settings > button").click()
    page.locator("#ps-style").get_by_text("Fotográfico").click()
    page.locator("#ps-scene").get_by_text("El lugar y el producto").click()
    confirmable(page)
    page.locator("#ps-confirm").click()
    page.locator("#ps-zip").wait_for(state="visible")
    assert (studio.settings[0].style, studio.settings[0].scene) == ("photograph", "whole")
