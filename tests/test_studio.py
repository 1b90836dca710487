"""A promotion in the making: its events, what is kept when the brief changes, stopping, records."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipelines import compose, records
from pipelines.backends.base import OnStep, Stopped
from pipelines.poster import poster_size
from pipelines.promotion import Promotion, Settings
from pipelines.studio import Studio, StudioOptions
from slots.brief import Brief
from tests.fakes import FakeImage, FakeText

BRIEF = Brief.from_dict(
    {
        "promotion": "both", "product": "Coca-Cola", "size": "2 L", "packaging": "glass bottle", "price": "35 MXN",
        "store": "corner shop", "environment": "beach", "language": "es",
    }
)  # fmt: skip
ONE = Settings(images=1, seed=5)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    made = Studio(StudioOptions(data=tmp_path / "data"))
    made._text, made._image = FakeText(), FakeImage()
    return made


def finish(studio: Studio, brief: Brief = BRIEF, settings: Settings = ONE, **more: object) -> Promotion:
    *_, last = studio.promote(brief, settings, **more)  # type: ignore[arg-type]
    assert last.kind == "done"
    return last.promotion


def pixels(promotion: Promotion) -> list[bytes]:
    return [Image.open(promotion.folder / poster.file).convert("RGB").tobytes() for poster in promotion.posters]


def test_texts_come_first_then_steps_and_posters_then_done(studio: Studio) -> None:
    kinds = [event.kind for event in studio.promote(BRIEF, Settings(images=2))]
    assert kinds[0] == "texts"
    assert kinds[-1] == "done"
    assert kinds.count("poster") == 2
    assert kinds.count("step") >= 8
    assert kinds.index("step") < kinds.index("poster")


def test_all_that_was_made_is_on_disk_with_what_makes_it_again(studio: Studio) -> None:
    promotion = finish(studio, conversation=[{"role": "user", "text": "hola"}])
    record = json.loads((promotion.folder / "promotion.json").read_text(encoding="utf-8"))
    assert record["status"] == "done"
    assert record["conversation"] == [{"role": "user", "text": "hola"}]
    assert record["brief"] == BRIEF.to_dict()
    assert record["models"]["text"]["revision"] == "r1"
    assert record["posters"][0]["seed"] == 5
    assert "$35 MXN" in (promotion.folder / "promo.txt").read_text(encoding="utf-8")
    with Image.open(promotion.folder / "poster-1.png") as poster:
        poster.load()
        assert min(poster.size) >= 1024
        assert json.loads(poster.text["brief"]) == BRIEF.to_dict()
        assert "hola" not in json.dumps(dict(poster.text))


def test_the_zip_holds_texts_posters_and_the_record_without_the_conversation(studio: Studio) -> None:
    import zipfile

    promotion = finish(studio, conversation=[{"role": "user", "text": "hola"}])
    assert promotion.zip
    with zipfile.ZipFile(promotion.zip) as archive:
        assert set(archive.namelist()) == {"promo.txt", "poster-1.png", "promotion.json"}
        assert "conversation" not in json.loads(archive.read("promotion.json"))


def test_the_same_brief_and_seed_give_the_same_texts_and_pixels(studio: Studio) -> None:
    first, second = finish(studio), finish(studio)
    assert [p.text for p in first.promos] == [p.text for p in second.promos]
    assert pixels(first) == pixels(second)


def test_another_seed_gives_another_picture(studio: Studio) -> None:
    assert pixels(finish(studio)) != pixels(finish(studio, settings=Settings(images=1, seed=6)))


def test_a_changed_price_keeps_the_wording_and_the_scene(studio: Studio) -> None:
    first = finish(studio)
    calls = studio.image.calls  # type: ignore[attr-defined]
    again = finish(
        studio, brief=Brief.from_dict({**BRIEF.slots(), "price": "38 MXN", "language": "es"}), previous=first
    )
    assert studio.image.calls == calls  # type: ignore[attr-defined]
    assert [p.template for p in again.promos] == [p.template for p in first.promos]
    assert all("$38 MXN" in p.text for p in again.promos)
    assert pixels(again) != pixels(first)


def test_a_changed_place_makes_the_scene_again(studio: Studio) -> None:
    first = finish(studio)
    calls = studio.image.calls  # type: ignore[attr-defined]
    finish(studio, brief=BRIEF.with_(environment="stadium"), previous=first)
    assert studio.image.calls == calls + 1  # type: ignore[attr-defined]


def test_only_texts_make_no_picture_and_only_an_image_saves_no_text_file(studio: Studio) -> None:
    texts = finish(studio, brief=BRIEF.with_(promotion="text"))
    assert texts.posters == ()
    assert not list(texts.folder.glob("*.png"))
    image = finish(studio, brief=BRIEF.with_(promotion="image"))
    assert len(image.posters) == 1
    assert not (image.folder / "promo.txt").exists()


def test_stop_ends_the_work_within_one_step_and_keeps_what_is_there(studio: Studio) -> None:
    image = studio.image
    events = list(studio.promote(BRIEF, Settings(images=3), stop=lambda: image.steps >= 2))  # type: ignore[attr-defined]
    assert events[-1].kind == "stopped"
    assert image.steps == 2  # type: ignore[attr-defined]
    assert events[-1].promotion.posters == ()
    record = json.loads((events[-1].promotion.folder / "promotion.json").read_text())
    assert record["status"] == "stopped"
    assert (events[-1].promotion.folder / "promo.txt").is_file()


def test_a_stop_reaches_a_text_model_that_tells_its_steps(studio: Studio) -> None:
    class Slow(FakeText):
        capabilities = replace(FakeText.capabilities, steps=True)

        def generate(self, sources: Sequence[str], *, on_step: OnStep | None = None, **options: Any) -> list[list[str]]:
            assert on_step
            for step in range(1, 9):
                told.append(step)
                if not on_step(step, 8):
                    raise Stopped
            return super().generate(sources, **options)

    told: list[int] = []
    studio._text = Slow()
    events = list(studio.promote(BRIEF, Settings(images=1), stop=lambda: len(told) >= 3))
    assert told == [1, 2, 3]
    assert [event.kind for event in events] == ["stopped"]
    assert events[-1].promotion.zip


def test_leaving_the_iteration_stops_the_work(studio: Studio) -> None:
    making = studio.promote(BRIEF, Settings(images=8))
    folder = next(making).promotion.folder
    making.close()
    time.sleep(0.2)
    assert json.loads((folder / "promotion.json").read_text())["status"] in {"stopped", "done"}
    assert len(list(folder.glob("poster-*.png"))) < 8


def test_a_full_disk_is_told_with_the_cure(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise records.RecordError("cannot save: no space left. Please free some space")

    monkeypatch.setattr(records, "write_png", full)
    with pytest.raises(records.RecordError, match="free some space"):
        finish(studio)


def test_a_failure_is_recorded_and_raised(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the engine broke")

    monkeypatch.setattr(studio.image, "generate", broken)
    with pytest.raises(RuntimeError, match="the engine broke"):
        finish(studio)
    (record,) = studio.promotions_folder.glob("*/promotion.json")
    data = json.loads(record.read_text())
    assert data["status"] == "failed"
    assert "the engine broke" in data["error"]


def test_two_promotions_at_once_do_not_mix(studio: Studio) -> None:
    one = studio.promote(BRIEF, ONE)
    two = studio.promote(BRIEF.with_(product="Sprite"), ONE)
    last = {}
    for _ in range(40):
        for name, making in (("Coca-Cola", one), ("Sprite", two)):
            event = next(making, None)
            if event:
                last[name] = event
    assert {name: event.kind for name, event in last.items()} == {"Coca-Cola": "done", "Sprite": "done"}
    for name, event in last.items():
        assert event.promotion.brief.product == name
        assert all(name in promo.text for promo in event.promotion.promos)


def test_an_own_photo_stands_in_for_the_drawn_packshot_and_is_kept(studio: Studio) -> None:
    photo = Image.new("RGBA", (300, 600), (10, 200, 30, 255))
    with_photo = finish(studio, photo=photo)
    assert (with_photo.folder / "photo.png").is_file()
    assert pixels(with_photo) != pixels(finish(studio))


def refusing(studio: Studio) -> None:
    """As if no scene of the model showed its place."""
    studio._judge = lambda image, place: False  # type: ignore[assignment]


def test_a_scene_refused_twice_is_drawn_counted_and_marked(studio: Studio) -> None:
    refusing(studio)
    promotion = finish(studio)
    (poster,) = promotion.posters
    assert (poster.source, poster.tries, poster.drawn) == ("sketch", 2, True)
    assert studio.image.calls == 2  # type: ignore[attr-defined]
    assert records.read_promotion(promotion.folder).posters == promotion.posters


def test_a_kept_scene_keeps_its_source_and_tries(studio: Studio) -> None:
    refusing(studio)
    first = finish(studio)
    calls = studio.image.calls  # type: ignore[attr-defined]
    again = finish(
        studio, brief=BRIEF.with_(price=Brief.from_dict({"product": "x", "price": "38 MXN"}).price), previous=first
    )
    assert studio.image.calls == calls  # type: ignore[attr-defined]
    assert (again.posters[0].source, again.posters[0].tries) == ("sketch", 2)


def test_a_scene_that_shows_its_place_is_the_models(studio: Studio) -> None:
    studio._judge = lambda image, place: place == "beach"  # type: ignore[assignment]
    assert [(p.source, p.tries) for p in finish(studio).posters] == [("diffusion", 1)]


def test_what_the_model_can_do_is_told_without_loading_it(tmp_path: Path) -> None:
    studio = Studio(StudioOptions(data=tmp_path))
    assert studio.able is None
    studio._image = FakeImage()
    assert studio.able == FakeImage.capabilities


def test_a_layout_and_a_format_can_be_chosen_before_the_making(studio: Studio) -> None:
    promotion = finish(studio, settings=Settings(images=1, seed=5, layout="split", format="4:5"))
    with Image.open(promotion.folder / "poster-1.png") as poster:
        assert poster.width * 5 == poster.height * 4
    assert (promotion.posters[0].layout, promotion.posters[0].format) == ("split", "4:5")


def test_a_print_comes_as_a_pdf_too(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Image.new("RGB", poster_size("a4"), "#BF3B22")  # composing a print takes seconds
    monkeypatch.setattr(compose, "poster_picture", lambda *_, **__: sheet)
    promotion = finish(studio, settings=Settings(images=1, seed=5, format="a4"))
    assert promotion.posters[0].pdf == "poster-1.pdf"
    assert (promotion.folder / "poster-1.pdf").read_bytes().startswith(b"%PDF-")
