"""The whole crawl against a shop on this machine: stopped and taken up, with everything a server can do wrong."""

import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from finetune.crawl.addresses import GuardedBackend
from finetune.crawl.fetch import Fetcher, FetchError, agent
from finetune.crawl.run import CrawlError, Settings, crawl
from finetune.crawl.store import Store
from finetune.crawl.table import COLUMNS, Row, neutral, read_table, write_table
from finetune.pictures import main
from slots.catalog import default_catalog
from tests.shop import Shop, drink, shop, stocked

HERE = (ipaddress.ip_network("127.0.0.1/32"),)
ROOT = Path(__file__).resolve().parent.parent
SMALL = ["--smallest", "64", "--delay", "0", "--allow-private", "127.0.0.1/32"]


@pytest.fixture
def here() -> Iterator[Shop]:
    with shop() as running:
        yield running


def run(url: str, out: Path, **more: Any) -> dict[str, int]:
    using = Fetcher(agent(), pause=0, backoff=0, backend=GuardedBackend(HERE), sleep=lambda seconds: None)
    try:
        return crawl(Settings(url, smallest=64, **more), out, using, default_catalog())
    finally:
        using.close()


def reasons(out: Path) -> dict[str, str]:
    """Reason by the last part of the picture's address, or of the page's."""
    return {
        (row["picture"] or row["link"]).rsplit("/", 1)[-1]: row["reason"] for row in read_table(out / "pictures.csv")
    }


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_shop_becomes_an_image_folder_that_datasets_loads(here: Shop, tmp_path: Path) -> None:
    from datasets import load_dataset

    outcomes = run(stocked(here, 9), tmp_path / "out")
    assert outcomes == {"kept": 9}
    rows = load_dataset(
        "imagefolder", data_dir=str(tmp_path / "out/dataset"), split="train", cache_dir=str(tmp_path / "cache")
    )
    again = load_dataset(str(tmp_path / "out/dataset"), split="train", cache_dir=str(tmp_path / "cache"))
    assert rows.num_rows == again.num_rows == 9
    assert {"image", "caption", "product", "size", "packaging", "background", "title", "link", "picture"} <= set(
        rows.column_names
    )
    captions = set(rows["caption"])
    assert "a 200 ml plastic bottle of Coca-Cola on a plain white background" in captions
    assert "a 203 ml plastic bottle of strawberry Fanta on a plain white background" in captions
    assert rows[0]["image"].size == (128, 128)
    assert "license: other" in (tmp_path / "out/dataset/README.md").read_text()
    record = json.loads((tmp_path / "out/sitemap.json").read_text())
    assert len(record["pictures"]) == 9
    assert record["pictures"][0]["title"] == "Coca-Cola Original Botella PET 200 ml"


def test_a_site_map_that_names_pictures_and_titles_needs_no_pages(here: Shop, tmp_path: Path) -> None:
    image = here.add("/i/1.png", drink(1), "image/png")
    body = (
        '<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"<url><loc>{here.url}/p/1</loc><image:image><image:loc>{image}</image:loc><image:title>Sprite 600 ml</image:title></image:image></url></urlset>"
    )
    assert run(here.add("/sitemap.xml", body, "text/xml"), tmp_path / "out") == {"kept": 1}
    assert here.asked["/p/1"] == 0


def test_a_picture_without_a_title_takes_its_pages(here: Shop, tmp_path: Path) -> None:
    page = here.product("1.png", "Sprite 600 ml", drink(1))
    body = f"<urlset xmlns:i='x'><url><loc>{page}</loc><i:image><i:loc>/img/1.png</i:loc></i:image></url></urlset>"
    assert run(here.add("/sitemap.xml", body, "text/xml"), tmp_path / "out") == {"kept": 1}


def test_every_picture_that_goes_wrong_stands_in_the_table_with_its_reason(here: Shop, tmp_path: Path) -> None:
    def endless(file: Any) -> None:
        while True:
            file.write(b"\x89PNG" + b"x" * 65536)

    here.add("/robots.txt", "User-agent: *\nDisallow: /img/secret\n", "text/plain")
    title = "Coca-Cola 600 ml".replace
    links = [
        here.product("good.png", "Coca-Cola 500 ml", drink(1)),
        here.product("later.png", "Fanta 600 ml", drink(2), first=[(500, {}), (429, {"Retry-After": "1"})]),
        here.product("html.jpg", title("600", "601"), b"<html>Acceso denegado</html>", "image/jpeg"),
        here.product("page.jpg", title("600", "602"), b"<html></html>", "text/html"),
        here.product("huge.png", title("600", "603"), b"x", "image/png", length=10 * 2**30),
        here.product("endless.png", title("600", "604"), endless),
        here.product("inward.png", title("600", "605"), b"", status=302, headers={"Location": "http://169.254.169.254/latest"}),
        here.product("local.png", title("600", "606"), b"", status=302, headers={"Location": "http://127.0.0.2:1/x.png"}),
        here.product("secret.png", title("600", "607"), drink(9)),
        here.product("gone.png", title("600", "608"), b"", status=404),
        here.product("down.png", title("600", "609"), b"", status=503),
        here.product("broken.png", title("600", "610"), drink(3)[:200]),
        here.product("tiny.png", title("600", "611"), drink(3, side=40)),
        here.product("dark.png", title("600", "612"), drink(4, ground="#0a0a0c")),
        here.product("two.png", title("600", "613"), drink(5, count=2)),
        here.product("kit.png", "Kit Coca-Cola 614 ml", drink(6)),
        here.product("chips.png", "Papas 45 g", drink(7)),
        here.product("same.png", title("600", "500"), drink(1)),
        here.product("near.jpg", "Coca-Cola 500 ml", drink(1, kind="JPEG"), "image/jpeg"),
        here.add("/p/plain", "<title>Contacto</title>"),
        here.url + "/p/missing",
        "ftp://127.0.0.1/x",
        here.url + "/p/good.png",
    ]  # fmt: skip
    here.replies["/img/endless.png"].kind = "image/png"
    outcomes = run(here.map(links), tmp_path / "out", most_bytes=200_000)
    found = reasons(tmp_path / "out")
    expected = {
        "later.png": "", "html.jpg": "not fetched: it says image/jpeg, but its bytes are no", "page.jpg": "not fetched: it is text/html",
        "huge.png": "not fetched: it is larger than 0.191 MB (10,737,418,240", "endless.png": "not fetched: it is larger than",
        "inward.png": "not fetched: 169.254.169.254 is at 169.254.169.254, which is no public", "local.png": "not fetched: 127.0.0.2 is at",
        "secret.png": "not fetched: robots.txt forbids", "gone.png": "not fetched: the server answers 404", "down.png": "not fetched: the server answers 503",
        "broken.png": "broken file", "tiny.png": "too small: 40 x 40", "dark.png": "dark background", "two.png": "several products: 2 things",
        "kit.png": "several products: the title says 'kit'", "chips.png": "the title names no product of the catalogue",
        "same.png": "duplicate: shows the same as", "near.jpg": "near duplicate: shows the same as", "plain": "the page names no product picture",
        "missing": "the page was not read: the server answers 404", "x": "the page's address cannot be used", "good.png": "duplicate: the site map names",
    }  # fmt: skip
    for name, reason in expected.items():
        assert found[name].startswith(reason) if reason else found[name] == "", (name, found[name])
    assert outcomes["kept"] == 2
    assert len(read_table(tmp_path / "out/pictures.csv")) == len(links) == sum(outcomes.values())
    assert here.asked["/img/secret.png"] == 0
    aside = {p.name for p in (tmp_path / "out/dropped").iterdir()}
    dropped = [row for row in read_table(tmp_path / "out/pictures.csv") if row["verdict"] == "dropped" and row["file"]]
    assert aside == {Path(row["file"]).name for row in dropped}
    assert len(dropped) == 8


def test_reasons_can_be_overruled_and_nothing_is_fetched_again_for_it(here: Shop, tmp_path: Path) -> None:
    url = here.map(
        [
            here.product("two.png", "Coca-Cola 6 pack 355 ml lata", drink(5, count=2)),
            here.product("dark.png", "Sprite 1 L", drink(4, ground="#0a0a0c")),
        ]
    )
    with pytest.raises(CrawlError, match="no picture was kept"):
        run(url, tmp_path / "out")
    asked = Counter(here.asked)
    assert run(url, tmp_path / "out", keep=("several", "dark")) == {"kept": 2}
    assert here.asked - asked == Counter({"/robots.txt": 0})
    rows = read_table(tmp_path / "out/pictures.csv")
    assert rows[0]["caption"] == "a 6-pack of 355 ml cans of Coca-Cola on a plain white background"
    assert rows[0]["reason"].startswith("kept although several products")
    assert rows[1]["caption"].endswith("on a plain black background")
    with pytest.raises(CrawlError, match="choose from: several"):
        Settings(url, keep=("ugly",))


def test_what_failed_for_now_is_tried_again_by_the_next_run(here: Shop, tmp_path: Path) -> None:
    url = here.map(
        [
            here.product("a.png", "Sprite 1 L", drink(1)),
            here.product("b.png", "Fanta 1 L", drink(2), first=[(503, {})] * 4),
        ]
    )
    assert run(url, tmp_path / "out") == {"kept": 1, "not fetched": 1}
    assert run(url, tmp_path / "out") == {"kept": 2}
    assert here.asked["/img/a.png"] == 1


def test_titles_that_a_spreadsheet_would_run_are_neutralised(here: Shop, tmp_path: Path) -> None:
    titles = ["=HYPERLINK(1) Sprite 1 L", "+Sprite 2 L", "-Sprite 3 L", "@Sprite 500 ml", " =Sprite 600 ml"]
    run(here.map([here.product(f"{i}.png", title, drink(i)) for i, title in enumerate(titles)]), tmp_path / "out")
    rows = read_table(tmp_path / "out/pictures.csv")
    assert [row["title"][0] for row in rows] == ["'"] * 5
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_cells_lose_control_characters_and_keep_the_rest(tmp_path: Path) -> None:
    assert neutral("a\x00b\tc") == "a b c"
    assert neutral("\t=1") == "' =1"
    assert neutral("Piña 2 + 1") == "Piña 2 + 1"
    write_table([Row("l", "p", 'a "b", c', "d\ne")], tmp_path / "x.csv")
    (row,) = read_table(tmp_path / "x.csv")
    assert (tuple(row), row["title"], row["description"]) == (COLUMNS, 'a "b", c', "d e")


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fetc%2fpasswd.png",
        "..\\..\\x.png",
        "a b ñ.png",
        "x" * 400 + ".png",
        "con.png",
        "%00.png",
        "a.png?x=../../y",
    ],
)
def test_strange_names_never_become_paths(here: Shop, tmp_path: Path, name: str) -> None:
    from urllib.parse import quote

    path = "/img/" + quote(name, safe="%?=./\\")
    page = here.add(
        "/p/1", f'<meta property="og:title" content="Sprite 1 L"><meta property="og:image" content="{here.url}{path}">'
    )
    for spelt in (path, path.replace("\\", "%5C"), path.replace("\\", "/")):
        here.add(spelt, drink(1), "image/png")
    here.replies["/img/../../x.png"] = here.replies["/x.png"] = here.replies[path]
    out = tmp_path / "deep/er/out"
    assert run(here.map([page]), out) == {"kept": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["deep"]
    assert [p.name for p in (tmp_path / "deep/er").iterdir()] == ["out"]
    files = [p.name for p in (out / "fetched").iterdir()]
    assert files
    assert all(len(f.split(".")[0]) == 32 and set(f.split(".")[0]) <= set("0123456789abcdef") for f in files)


def test_an_index_with_loops_gzip_and_a_bomb_is_read_as_far_as_it_goes(here: Shop, tmp_path: Path) -> None:
    import gzip

    from finetune.crawl.sitemap import MOST_BYTES

    page = here.product("1.png", "Sprite 1 L", drink(1))
    good = here.add(
        "/good.xml.gz", gzip.compress(f"<urlset><url><loc>{page}</loc></url></urlset>".encode()), "application/gzip"
    )
    bomb = here.add("/bomb.xml.gz", gzip.compress(bytes(MOST_BYTES + 1), 1), "application/gzip")
    names = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in (here.url + "/index.xml", bomb, good, good))
    assert run(here.add("/index.xml", f"<sitemapindex>{names}</sitemapindex>", "text/xml"), tmp_path / "out") == {
        "kept": 1
    }
    assert here.asked["/index.xml"] == here.asked["/good.xml.gz"] == 1
    (left,) = json.loads((tmp_path / "out/sitemap.json").read_text())["not_read"]
    assert left["file"] == bomb
    assert "unpacked, it is larger" in left["reason"]


def test_a_folder_of_something_else_is_left_alone(here: Shop, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(CrawlError, match="is no crawl; choose another --out"):
        run(here.url + "/sitemap.xml", tmp_path)
    run(stocked(here, 1), tmp_path / "out")
    with pytest.raises(CrawlError, match="holds a crawl of"):
        run(here.url + "/other.xml", tmp_path / "out")


def test_a_site_map_that_is_not_there_ends_the_crawl(here: Shop, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="404"):
        run(here.url + "/sitemap.xml", tmp_path / "out")


def test_a_body_that_was_damaged_on_disk_is_fetched_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("http://a/1", "http://a/1", "image/png", b"whole")
    assert store.get("http://a/1")
    store.body_path("http://a/1").write_bytes(b"half")
    assert store.get("http://a/1") is None
    assert store.get("http://a/2") is None


def command(url: str, out: Path) -> list[str]:
    return [sys.executable, "-m", "finetune.pictures", "crawl", url, "--out", str(out), *SMALL]


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_a_crawl_killed_twice_ends_as_one_that_was_not_and_fetches_nothing_twice(tmp_path: Path, count: int) -> None:
    with shop() as here:
        url = stocked(here, count)
        whole, stopped = tmp_path / "whole", tmp_path / "stopped"
        assert main(command(url, whole)[3:]) == 0
        reference = Counter(here.asked)
        here.asked.clear()
        here.pause = 0.01
        kills = 0
        for goal in (count // 2, count * 3 // 2):
            work = subprocess.Popen(
                command(url, stopped), cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"}
            )
            until = time.monotonic() + 60
            while sum(here.asked.values()) < goal and time.monotonic() < until and work.poll() is None:
                time.sleep(0.005)
            assert work.poll() is None
            work.send_signal(signal.SIGKILL)
            work.wait()
            kills += 1
            assert not (stopped / "pictures.csv").exists()
        here.pause = 0
        assert main(command(url, stopped)[3:]) == 0
    twice = {path: count for path, count in here.asked.items() if count > 1 and path != "/robots.txt"}
    # a kill may fall between the server's last byte and our record: at most the one request under way
    assert sum(count - 1 for count in twice.values()) <= kills
    assert set(here.asked) == set(reference)
    assert (whole / "pictures.csv").read_bytes() == (stopped / "pictures.csv").read_bytes()
    assert tree(whole / "dataset") == tree(stopped / "dataset")
    assert tree(whole / "dropped") == tree(stopped / "dropped")
    kept = [row for row in read_table(whole / "pictures.csv") if row["verdict"] == "kept"]
    assert len(read_table(whole / "pictures.csv")) == count
    assert len(kept) >= count * 0.8


def test_a_finished_crawl_asks_for_nothing_when_run_again(
    here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = stocked(here, 3)
    arguments = command(url, tmp_path / "out")[3:]
    assert main(arguments) == 0
    asked = Counter(here.asked)
    before = tree(tmp_path / "out")
    assert main(arguments) == 0
    assert here.asked == asked
    assert tree(tmp_path / "out") == before
    assert "3 kept" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ftp://shop.example/sitemap.xml"], "http://"), (["http://a.example/s.xml", "--keep", "ugly"], "several"),
        (["http://a.example/s.xml", "--contact", "a\nb"], "contact"), (["http://a.example/s.xml", "--delay", "-1"], "--delay"),
        (["http://a.example/s.xml", "--allow-private", "home"], "home"), (["http://a.example/s.xml", "--catalog", "/nowhere.yaml"], "nowhere"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["crawl", *arguments, "--out", str(tmp_path / "out")])
    assert stop.value.code == 2
    assert words in capsys.readouterr().err


def test_without_permission_this_machine_is_not_crawled(
    here: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crawl", stocked(here, 1), "--out", str(tmp_path / "out"), "--delay", "0"]) == 1
    assert "--allow-private" in capsys.readouterr().err
    assert not here.asked
