"""`python -m pipelines`: what it writes, and its exit codes."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from pipelines import __main__ as command
from pipelines import compose
from pipelines import studio as studio_module
from pipelines.poster import poster_size
from tests.fakes import FakeImage, FakeText


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio_module, "load_text", lambda *_: FakeText())
    monkeypatch.setattr(studio_module, "load_image", lambda *_: FakeImage())


def pixels(path: Path) -> bytes:
    with Image.open(path) as picture:
        return picture.convert("RGB").tobytes()


def test_a_message_becomes_a_folder_with_texts_posters_and_record(tmp_path: Path) -> None:
    out = tmp_path / "out"
    message = "quiero imagen y texto de sprite de 600 ml a 18 pesos en la playa"
    assert command.main([message, "--out", str(out), "--images", "2", "--seed", "3"]) == 0
    assert {"promotion.json", "promo.txt", "poster-1.png", "poster-2.png", "promotion.zip"} <= {
        file.name for file in out.iterdir()
    }
    record = json.loads((out / "promotion.json").read_text(encoding="utf-8"))
    assert record["brief"]["slots"]["product"] == "Sprite"
    assert [poster["seed"] for poster in record["posters"]] == [3, 4]
    assert "Sprite" in (out / "promo.txt").read_text(encoding="utf-8")


def test_the_margin_is_told_after_the_texts_and_written_beside_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = "texto de sprite de 600 ml en botella de plástico a 18 pesos"
    assert command.main([message, "--out", str(tmp_path), "--images", "0", "--cost", "12,50"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "[margin] 5.50 MXN a piece (31 %) at a cost of 12.50"
    assert lines[-3].startswith("[fallback]")
    written = json.loads((tmp_path / "margin.json").read_text(encoding="utf-8"))
    assert written["plain"] == {
        "offer": None,
        "currency": "MXN",
        "price": "18.00",
        "revenue": "18.00",
        "cost": "12.50",
        "margin": "5.50",
        "margin_share": "0.306",
        "uplift": "0.000",
        "loses": False,
        "cost_assumed": False,
    }
    assert written["offer"] is None
    assert written["suggestions"]
    assert "12.5" not in (tmp_path / "promotion.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("offer", "cost", "said"),
    [
        ("2x1", "12", "with 2 for 1: LOSS of 3.00 MXN a piece"),
        ("3x2", "10", "with 3 for 2: 2.00 MXN a piece (17 %), +300 % pieces to earn the same"),
    ],
)
def test_an_offer_is_made_as_asked_and_its_loss_or_uplift_told_on_one_line(
    offer: str, cost: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = f"texto de sprite de 600 ml en botella de plástico a 18 pesos, {offer}"
    assert command.main([message, "--out", str(tmp_path), "--images", "0", "--cost", cost]) == 0
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("[margin]")]
    assert line.endswith(said)
    assert json.loads((tmp_path / "promotion.json").read_text())["brief"]["offer"] == said.split(":")[0][5:]
    assert json.loads((tmp_path / "margin.json").read_text())["offer"]["loses"] == ("LOSS" in said)


@pytest.mark.parametrize(
    ("message", "extra", "said"),
    [
        ("texto de sprite de 777 ml a 18 pesos", [], "give your own (--cost"),
        ("texto de sprite de 600 ml a 2 dólares", [], "the price is in USD; give your own cost (--cost"),
        ("texto de sprite de 600 ml", ["--cost", "12"], "without a price"),
        ("texto de sprite de 600 ml", [], ""),
    ],
)
def test_where_no_margin_is_known_the_texts_are_made_and_the_cure_told(
    message: str, extra: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([message, "--out", str(tmp_path), "--images", "0", *extra]) == 0
    told = capsys.readouterr()
    assert "[margin]" not in told.out
    assert said in told.err
    assert said or "margin" not in told.err
    assert not (tmp_path / "margin.json").exists()


def test_a_cost_that_is_assumed_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = "texto de sprite de 600 ml en botella de plástico a 18 pesos"
    assert command.main([message, "--out", str(tmp_path), "--images", "0"]) == 0
    assert ", assumed\n" in capsys.readouterr().out
    assert json.loads((tmp_path / "margin.json").read_text())["plain"]["cost_assumed"] is True


def test_an_earlier_promotion_is_made_again_with_the_same_texts_and_pixels(tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert command.main(["sprite de 600 ml a 18 pesos en la playa", "--out", str(first), "--images", "1"]) == 0
    assert command.main(["--brief", str(first / "promotion.json"), "--out", str(again)]) == 0
    assert (first / "promo.txt").read_bytes() == (again / "promo.txt").read_bytes()
    assert pixels(first / "poster-1.png") == pixels(again / "poster-1.png")


def test_what_was_made_before_in_the_folder_is_moved_aside_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for message in ("sprite a 18 pesos", "fanta a 20 pesos"):
        assert command.main([message, "--out", str(out), "--images", "0"]) == 0
    (kept,) = out.glob("earlier-*")
    assert "Sprite" in (kept / "promo.txt").read_text(encoding="utf-8")
    assert "Fanta" in (out / "promo.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give either a message or --brief"),
        (["a 18 pesos en la playa"], "names no product"),
        (["sprite a 18", "--images", "99"], "images must be 0 to 8"),
        (["sprite a 18", "--seed", "-4"], "seed must be"),
        (["sprite a 18", "--resample"], "--resample goes with --brief"),
        (["--brief", "no/such.json"], "there is no file"),
        (["sprite a 18", "--photo", "no/such.png"], "no/such.png"),
        (["sprite a 18", "--layout", "spiral"], "hero, split, burst, story"),
        (["sprite a 18", "--format", "7:3"], "1:1, 4:5, 9:16, a4"),
        (["sprite a 18", "--style", "cubist"], "illustrated, photograph"),
        (["sprite a 18", "--cost", "cheap"], "at most two decimals"),
        (["sprite a 18", "--cost=-1"], "0 to 1000000"),
    ],
)
def test_a_wrong_call_exits_with_2_and_the_cure(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([*arguments, "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        ({"price": "18 MXN"}, "names no product"),
        ({"product": "Sprite", "price": "cheap"}, "not a price"),
        ({"product": "Sprite", "packaging": "bag"}, "glass bottle"),
        ({"product": "Sprite", "colour": "red"}, "unknown field"),
    ],
)
def test_a_wrong_brief_exits_with_2_and_names_the_field(
    brief: dict[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "brief.json"
    file.write_text(json.dumps(brief))
    assert command.main(["--brief", str(file), "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("vendo cerveza corona a 20 pesos", "Bebidas con alcohol no promociono"),
        ("I want to sell tequila for 20 pesos", "I don't promote alcoholic drinks"),
        ("quiero vender zapatos a 300 pesos", "bebidas"),
    ],
)
def test_what_is_declined_in_the_chat_is_declined_here_in_its_words(
    message: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([message, "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err


def test_a_note_of_the_chat_is_told_with_its_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = "texto de coca de 600 a 18 pesos para la cooperativa de la escuela"
    assert command.main([message, "--out", str(tmp_path / "out"), "--images", "0"]) == 0
    assert "75 Bis" in capsys.readouterr().err


def test_the_whole_picture_needs_a_model_that_can_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["poster de sprite a 18 pesos", "--scene", "whole", "--out", str(tmp_path / "out")]) == 2
    assert "--image-model" in capsys.readouterr().err


def test_the_photographic_style_needs_a_model_that_can_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["poster de sprite a 18 pesos", "--style", "photograph", "--out", str(tmp_path / "out")]) == 2
    assert "--image-model" in capsys.readouterr().err


def test_help_lists_layouts_formats_and_styles(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(["--help"])
    assert left.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    for choices in ("hero, split, burst, story", "1:1, 4:5, 9:16, a4", "illustrated or photograph"):
        assert choices in told


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished promotion with one poster, made with stand-ins."""
    folder = tmp_path_factory.mktemp("earlier") / "out"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(studio_module, "load_text", lambda *_: FakeText())
        patched.setattr(studio_module, "load_image", lambda *_: FakeImage())
        assert command.main(["poster y texto de sprite de 600 ml a 18", "--out", str(folder), "--images", "1"]) == 0
    return folder


@pytest.fixture
def no_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a studio was built")

    monkeypatch.setattr(studio_module, "Studio", refused)


def test_another_layout_and_format_use_the_recorded_scenes_without_a_model(
    earlier: Path, tmp_path: Path, no_studio: None, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    call = ["--brief", str(earlier / "promotion.json"), "--layout", "story", "--format", "9:16", "--out", str(new)]
    assert command.main(call) == 0
    assert "no model is loaded" in capsys.readouterr().err
    assert (new / "scene-1.png").read_bytes() == (earlier / "scene-1.png").read_bytes()
    assert (new / "promo.txt").read_bytes() == (earlier / "promo.txt").read_bytes()
    record = json.loads((new / "promotion.json").read_text(encoding="utf-8"))
    assert (record["settings"]["layout"], record["posters"][0]["format"]) == ("story", "9:16")
    with Image.open(new / "poster-1.png") as picture:
        assert picture.width * 16 == picture.height * 9
    assert (new / "promotion.zip").is_file()


def test_a4_writes_a_pdf_and_names_it(
    earlier: Path,
    tmp_path: Path,
    no_studio: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = Image.new("RGB", poster_size("a4"), "#BF3B22")  # composing a print takes seconds
    monkeypatch.setattr(compose, "poster_picture", lambda *_, **__: sheet)
    new = tmp_path / "new"
    assert command.main(["--brief", str(earlier / "promotion.json"), "--format", "a4", "--out", str(new)]) == 0
    assert str(new / "poster-1.pdf") in capsys.readouterr().out.splitlines()
    assert (new / "poster-1.pdf").read_bytes().startswith(b"%PDF-")


def test_the_same_folder_again_keeps_what_was_there(earlier: Path, tmp_path: Path, no_studio: None) -> None:
    out = tmp_path / "out"
    shutil.copytree(earlier, out)
    before = pixels(out / "poster-1.png")
    assert command.main(["--brief", str(out / "promotion.json"), "--layout", "burst", "--out", str(out)]) == 0
    (kept,) = out.glob("earlier-*")
    assert pixels(kept / "poster-1.png") == before
    assert pixels(out / "poster-1.png") != before


@pytest.mark.parametrize("change", ["scene gone", "another seed"])
def test_scenes_that_are_not_there_are_made_again(
    change: str, earlier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(earlier, old)
    more = ["--seed", "9"] if change == "another seed" else []
    if not more:
        (old / "scene-1.png").unlink()
    call = ["--brief", str(old / "promotion.json"), "--layout", "split", "--out", str(new), *more]
    assert command.main(call) == 0
    assert "step 4 of 4" in capsys.readouterr().err
    same = pixels(new / "scene-1.png") == pixels(earlier / "scene-1.png")
    assert same is (change == "scene gone")
    assert (new / "promo.txt").read_bytes() == (old / "promo.txt").read_bytes()


def test_a_drawn_scene_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["poster de sprite de 600 ml a 18", "--images", "1", "--strength", "0", "--out", str(tmp_path / "out")]
    assert command.main(call) == 0
    assert "drawn scene: with --strength 0" in capsys.readouterr().out
    assert "2 of the model's scenes" in command.drawn_note(2)


def test_a_recorded_photo_is_used_again_as_it_is(tmp_path: Path) -> None:
    table, box = Image.new("RGB", (500, 700), "white"), Image.new("RGB", (200, 400), (180, 40, 30))
    table.paste(box, (150, 150))
    table.save(tmp_path / "photo.jpg")
    first, again = tmp_path / "first", tmp_path / "again"
    call = ["poster de sprite a 18 pesos", "--photo", str(tmp_path / "photo.jpg"), "--images", "1"]
    assert command.main([*call, "--out", str(first)]) == 0
    assert command.main(["--brief", str(first / "promotion.json"), "--out", str(again)]) == 0
    assert pixels(again / "photo.png") == pixels(first / "photo.png")
    assert pixels(again / "poster-1.png") == pixels(first / "poster-1.png")
