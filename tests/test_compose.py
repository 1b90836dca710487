"""Another layout or format for a promotion that is there: without a model, whole or not at all."""

import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipelines import compose, records
from pipelines import studio as studio_module
from pipelines.poster import FORMATS, LAYOUTS, poster_size
from pipelines.promotion import Promotion, Settings
from pipelines.studio import Studio, StudioOptions, Unfinished
from slots.brief import Brief
from slots.catalog import Catalog, default_catalog
from tests.fakes import FakeImage, FakeText

BRIEF = Brief.from_dict(
    {
        "promotion": "both", "product": "Coca-Cola", "size": "600 ml", "packaging": "plastic bottle", "price": "18 MXN",
        "environment": "beach", "language": "es",
    }
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent


def made(folder: Path, *, images: int = 1, photo: Image.Image | None = None) -> Promotion:
    """A promotion with its posters, made with stand-ins for the models."""
    studio = Studio(StudioOptions(data=folder))
    studio._text, studio._image = FakeText(), FakeImage()
    *_, last = studio.promote(
        BRIEF, Settings(images=images, seed=5), photo=photo, conversation=[{"role": "user", "text": "hola"}]
    )
    assert last.kind == "done"
    return last.promotion


def plain_picture(
    scene: Image.Image, product: Any, entry: dict[str, Any], brief: Brief, catalog: Catalog, *, drawn: bool
) -> Image.Image:
    """Stands in for the finished picture where a test is about files: a sheet of the right size in a colour of its own."""
    number = 4 * list(LAYOUTS).index(entry["layout"]) + list(FORMATS).index(entry["format"])
    return Image.new("RGB", poster_size(entry["format"]), (16 * number, entry["seed"], 90))


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Composing costs half a second a poster, a print's four: tests about files do without."""
    monkeypatch.setattr(compose, "poster_picture", plain_picture)
    monkeypatch.setattr(compose, "product", lambda *_: None)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compose, "poster_picture", plain_picture)
        patched.setattr(compose, "product", lambda *_: None)
        return made(tmp_path_factory.mktemp("original"), images=2)


@pytest.fixture
def promotion(original: Promotion, tmp_path: Path) -> Promotion:
    """A copy of its own for each test."""
    folder = tmp_path / original.id
    folder.mkdir()
    for file in original.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return records.read_promotion(folder)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: None) -> Studio:
    """One that must not load a model."""

    def refused(*_: Any) -> Any:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(studio_module, "load_text", refused)
    monkeypatch.setattr(studio_module, "load_image", refused)
    return Studio(StudioOptions(data=tmp_path))


def pixels(promotion: Promotion, poster: int = 0) -> bytes:
    with Image.open(promotion.folder / promotion.posters[poster].file) as picture:
        return picture.convert("RGB").tobytes()


def is_whole(folder: Path) -> Promotion:
    """Reads a promotion back and checks that everything in it belongs together."""
    found = records.read_promotion(folder)
    assert len(found.posters) == len(found.record["posters"])
    for poster in found.posters:
        with Image.open(folder / poster.file) as picture:
            picture.load()
            told = json.loads(picture.text["poster"])  # type: ignore[attr-defined]
            assert (told["layout"], told["format"]) == (poster.layout, poster.format)
            assert (picture.width > picture.height) is False
            assert bool(poster.pdf) == (poster.format == "a4")
        if poster.pdf:
            assert (folder / poster.pdf).read_bytes().startswith(b"%PDF-")
    assert found.zip is not None
    with zipfile.ZipFile(found.zip) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("promotion.json"))["posters"] == found.record["posters"]
        named = {name for poster in found.posters for name in (poster.file, poster.pdf) if name}
        assert named | {"promo.txt", "promotion.json"} == set(archive.namelist())
    return found


def test_another_layout_and_format_needs_no_model_and_keeps_texts_and_scenes(
    studio: Studio, promotion: Promotion
) -> None:
    scene, texts = promotion.folder / "scene-1.png", promotion.folder / "promo.txt"
    before = (scene.read_bytes(), texts.read_bytes())
    changed = studio.recompose(promotion, layout="story", format="9:16")
    assert (scene.read_bytes(), texts.read_bytes()) == before
    assert changed.promos == promotion.promos
    assert (changed.settings.layout, changed.settings.format) == ("story", "9:16")
    assert [(p.layout, p.format, p.seed) for p in changed.posters] == [("story", "9:16", 5), ("story", "9:16", 6)]
    with Image.open(changed.folder / changed.posters[0].file) as picture:
        assert picture.width * 16 == picture.height * 9
    back = is_whole(promotion.folder)
    assert (back.settings, back.posters, back.zip) == (changed.settings, changed.posters, changed.zip)
    assert back.record["conversation"] == [{"role": "user", "text": "hola"}]


def test_no_engine_is_loaded_by_another_program_that_recomposes(promotion: Promotion) -> None:
    # the first poster only, composed as it is for visitors
    code = (
        "import sys; from pathlib import Path; from pipelines import compose, records; "
        "from slots.catalog import default_catalog; "
        f"earlier = records.read_promotion(Path({str(promotion.folder)!r})); "
        "compose.recompose(earlier, default_catalog(), layout='split', format='4:5', poster=1); "
        "print(sorted({'torch', 'transformers', 'diffusers', 'ctranslate2', 'gradio'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert out.returncode == 0, out.stderr
    assert out.stdout.strip() == "[]"
    assert [poster.layout for poster in is_whole(promotion.folder).posters] == ["split", "hero"]


def test_going_back_gives_the_first_pixels_again(studio: Studio, promotion: Promotion) -> None:
    first = pixels(promotion)
    away = studio.recompose(promotion, layout="burst")
    assert pixels(away) != first
    assert pixels(studio.recompose(away, layout="hero")) == first


def test_a_recompose_and_a_new_making_in_that_look_give_the_same_pixels(promotion: Promotion, tmp_path: Path) -> None:
    changed = compose.recompose(promotion, default_catalog(), layout="split", format="4:5", poster=1)
    maker = Studio(StudioOptions(data=tmp_path / "new"))
    maker._text, maker._image = FakeText(), FakeImage()
    *_, last = maker.promote(BRIEF, Settings(images=1, seed=5, layout="split", format="4:5"))
    assert pixels(changed) == pixels(last.promotion)
    assert len(set(pixels(changed))) > 50


def test_a4_comes_as_a_pdf_too_in_folder_and_zip_and_the_old_files_go(studio: Studio, promotion: Promotion) -> None:
    changed = studio.recompose(promotion, format="a4", poster=1)
    assert changed.posters[0].pdf
    assert not changed.posters[1].pdf
    assert changed.settings == promotion.settings  # not all of them follow
    is_whole(promotion.folder)
    back = studio.recompose(changed, format="1:1")
    assert not list(back.folder.glob("*.pdf"))
    kept = {"promotion.json", "promo.txt", "scene-1.png", "scene-2.png", back.zip and back.zip.name}
    assert {file.name for file in back.folder.iterdir()} == kept | {poster.file for poster in back.posters}
    is_whole(promotion.folder)


def test_one_poster_alone_can_be_changed(studio: Studio, promotion: Promotion) -> None:
    other = pixels(promotion, 0)
    changed = studio.recompose(promotion, layout="burst", poster=2)
    assert [poster.layout for poster in changed.posters] == ["hero", "burst"]
    assert pixels(changed, 0) == other
    assert changed.settings.layout == "hero"
    assert studio.recompose(changed, layout="burst", poster=1).settings.layout == "burst"
    is_whole(promotion.folder)


def test_the_look_that_is_there_already_changes_nothing(studio: Studio, promotion: Promotion) -> None:
    before = {file: file.stat().st_mtime_ns for file in promotion.folder.iterdir()}
    same = studio.recompose(promotion, layout="hero", format="1:1")
    assert same.posters == promotion.posters
    assert {file: file.stat().st_mtime_ns for file in promotion.folder.iterdir()} == before


class Killed(BaseException):
    """Stands for a kill: nothing in the program catches it."""


@pytest.mark.parametrize("moment", range(4))
def test_a_kill_between_two_files_leaves_the_old_promotion_or_the_new_one_whole(
    moment: int, studio: Studio, promotion: Promotion, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    replace_file: Callable[..., None] = os.replace

    def killed(source: Any, target: Any) -> None:
        if len(written) == moment:
            raise Killed
        replace_file(source, target)
        written.append(Path(target).name)

    monkeypatch.setattr(records.os, "replace", killed)
    with pytest.raises(Killed):
        studio.recompose(promotion, layout="split", format="4:5")
    monkeypatch.undo()
    found = is_whole(promotion.folder)
    assert found.posters == promotion.posters  # the record comes last, and was not written in any of these
    assert "promotion.json" not in written
    again = Studio(studio.options).recompose(promotion, layout="split", format="4:5")
    assert is_whole(again.folder).settings.format == "4:5"


def test_a_kill_after_the_record_leaves_the_new_promotion(
    studio: Studio, promotion: Promotion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(compose, "_remove_unnamed", killed)
    with pytest.raises(Killed):
        studio.recompose(promotion, layout="split")
    assert is_whole(promotion.folder).settings.layout == "split"


def test_two_clicks_at_once_on_one_promotion_end_in_one_whole_promotion(studio: Studio, promotion: Promotion) -> None:
    failed: list[BaseException] = []

    def click(layout: str) -> None:
        try:
            studio.recompose(promotion, layout=layout)
        except BaseException as error:
            failed.append(error)

    clicks = [threading.Thread(target=click, args=(layout,)) for layout in ("split", "burst", "story", "hero")]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert not failed
    found = is_whole(promotion.folder)
    assert len({poster.layout for poster in found.posters}) == 1
    assert len(list(found.folder.glob("poster-*.png"))) == 2


def test_a_look_is_refused_at_once_while_the_promotion_is_made(studio: Studio, promotion: Promotion) -> None:
    with studio._alone_in(promotion.folder, making=True):
        started = time.monotonic()
        with pytest.raises(Unfinished) as refused:
            studio.recompose(promotion, layout="split")
        assert time.monotonic() - started < 1
    assert "still being made" in str(refused.value)
    assert "todavía se está creando" in refused.value.words("es")
    assert studio.recompose(promotion, layout="split").settings.layout == "split"


def test_a_promotion_in_the_making_is_left_alone_by_a_click_on_its_look(tmp_path: Path, plain: None) -> None:
    studio = Studio(StudioOptions(data=tmp_path))
    studio._text, studio._image = FakeText(), FakeImage()
    clicked = threading.Event()

    def stop() -> bool:
        clicked.wait(10)
        return False

    making = studio.promote(BRIEF, Settings(images=1, seed=5), stop=stop)
    with pytest.raises(Unfinished):
        studio.recompose(next(making).promotion, layout="split")
    clicked.set()
    *_, last = making
    assert last.kind == "done"
    assert is_whole(last.promotion.folder).settings.layout == "hero"


def test_an_earlier_record_without_the_new_fields_can_be_recomposed(studio: Studio, promotion: Promotion) -> None:
    path = promotion.folder / "promotion.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    for entry in record["posters"]:
        for key in ("source", "tries", "pdf"):
            del entry[key]
    del record["settings"]["style"]
    path.write_text(json.dumps(record), encoding="utf-8")
    old = records.read_promotion(promotion.folder)
    assert [(p.source, p.tries, p.pdf) for p in old.posters] == [("diffusion", 1, "")] * 2
    assert studio.recompose(old, layout="burst").settings.layout == "burst"
    is_whole(promotion.folder)


def test_an_own_photo_stays_on_the_posters(promotion: Promotion) -> None:
    path = promotion.folder / "promotion.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, "photo": "photo.png"}), encoding="utf-8")
    Image.new("RGBA", (300, 600), (10, 200, 30, 255)).save(promotion.folder / "photo.png")
    changed = compose.recompose(promotion, default_catalog(), layout="split", poster=1)
    with Image.open(changed.folder / changed.posters[0].file) as picture:
        colours = picture.convert("RGB").resize((120, 120)).getcolors(14_400) or []
    assert sum(n for n, (r, g, b) in colours if g > 150 and g > r + 60 and g > b + 60) > 200


def test_a_copy_in_another_folder_leaves_the_promotion_as_it_was(
    studio: Studio, promotion: Promotion, tmp_path: Path
) -> None:
    before = {file.name: file.read_bytes() for file in promotion.folder.iterdir()}
    copy = studio.recompose(promotion, layout="story", format="a4", poster=None, folder=tmp_path / "copy")
    assert {file.name: file.read_bytes() for file in promotion.folder.iterdir()} == before
    assert {"poster-1.png", "poster-1.pdf", "poster-2.pdf", "promotion.zip"} <= {f.name for f in copy.folder.iterdir()}
    found = is_whole(copy.folder)
    assert found.id != promotion.id
    assert found.record["composed_from"] == promotion.id
    assert found.record["conversation"] == []
    assert (copy.folder / "scene-1.png").read_bytes() == before["scene-1.png"]


@pytest.mark.parametrize("missing", ["scene-2.png", "photo.png"])
def test_a_missing_piece_is_named_with_the_cure_and_nothing_is_touched(
    missing: str, studio: Studio, promotion: Promotion
) -> None:
    path = promotion.folder / "promotion.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, "photo": "photo.png"}), encoding="utf-8")
    (promotion.folder / "photo.png").write_bytes((promotion.folder / "scene-1.png").read_bytes())
    (promotion.folder / missing).unlink()
    before = {file.name: file.read_bytes() for file in promotion.folder.iterdir()}
    with pytest.raises(records.RecordError, match=rf"{missing} is missing.*make the promotion again"):
        studio.recompose(promotion, layout="split")
    assert {file.name: file.read_bytes() for file in promotion.folder.iterdir()} == before
    assert not compose.can_recompose(records.read_promotion(promotion.folder))


def test_another_look_replaces_a_damaged_poster(studio: Studio, promotion: Promotion) -> None:
    (promotion.folder / promotion.posters[0].file).write_bytes(b"no picture")
    studio.recompose(promotion, layout="split")
    is_whole(promotion.folder)


def test_a_damaged_scene_is_named_with_the_cure(studio: Studio, promotion: Promotion) -> None:
    (promotion.folder / "scene-1.png").write_bytes(b"no picture")
    with pytest.raises(records.RecordError, match=r"scene-1\.png is damaged"):
        studio.recompose(promotion, layout="split")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layout": "spiral"}, ", ".join(LAYOUTS)),
        ({"format": "7:3"}, ", ".join(FORMATS)),
        ({"layout": "split", "poster": 3}, "choose one of: 1, 2"),
    ],
)
def test_what_is_not_there_is_refused_with_the_choices(
    change: dict[str, Any], said: str, studio: Studio, promotion: Promotion
) -> None:
    with pytest.raises(ValueError, match=said):
        studio.recompose(promotion, **change)


def test_a_promotion_without_posters_has_no_look_to_change(studio: Studio, promotion: Promotion) -> None:
    path = promotion.folder / "promotion.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, "posters": []}), encoding="utf-8")
    with pytest.raises(ValueError, match="no posters"):
        studio.recompose(records.read_promotion(promotion.folder), layout="split")


def test_a_packshot_is_drawn_as_high_as_the_format_needs() -> None:
    screen = compose.product(BRIEF, Settings(format="1:1"), None, default_catalog())
    printed = compose.product(BRIEF, Settings(format="a4"), None, default_catalog())
    assert screen is not None
    assert printed is not None
    assert printed.height > 1.5 * screen.height
    assert compose.product(BRIEF, Settings(scene="whole"), None, default_catalog()) is None
