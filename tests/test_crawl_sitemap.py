"""Reading site maps: plain, index, gzip, with pictures, and such as are meant to harm."""

import gzip

import pytest

from finetune.crawl.fetch import FetchError
from finetune.crawl.sitemap import MOST_BYTES, MOST_FILES, Announced, Page, parse, walk

NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
PLAIN = f"<?xml version='1.0' encoding='UTF-8'?><urlset {NAMES}><url><loc> https://s.example/1 </loc></url><url><loc>https://s.example/2?a=1&amp;b=2</loc><lastmod>2026-01-01</lastmod></url></urlset>"
BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>'


def index(*links: str) -> bytes:
    return f"<sitemapindex {NAMES}>{''.join(f'<sitemap><loc>{link}</loc></sitemap>' for link in links)}</sitemapindex>".encode()


@pytest.mark.parametrize("data", [PLAIN.encode(), gzip.compress(PLAIN.encode()), b"\xef\xbb\xbf" + PLAIN.encode(), PLAIN.replace("UTF-8", "UTF-16").encode("utf-16")])  # fmt: skip
def test_pages_are_read_plain_gzipped_and_in_other_encodings(data: bytes) -> None:
    assert parse(data) == ([], [Page("https://s.example/1"), Page("https://s.example/2?a=1&b=2")])


def test_a_list_of_addresses_is_a_site_map_too() -> None:
    assert parse(b"https://s.example/1\n\nhttps://s.example/2\r\n") == (
        [],
        [Page("https://s.example/1"), Page("https://s.example/2")],
    )


def test_pictures_come_with_title_and_caption() -> None:
    body = f"""<urlset {NAMES}><url><loc>https://s.example/1</loc>
      <image:image><image:loc>https://c.example/1.jpg</image:loc><image:title>Agua Ciel 1 L</image:title><image:caption>Botella</image:caption></image:image>
      <image:image><image:loc>https://c.example/2.jpg</image:loc></image:image><image:image><image:title>none</image:title></image:image></url></urlset>"""
    found = (Announced("https://c.example/1.jpg", "Agua Ciel 1 L", "Botella"), Announced("https://c.example/2.jpg"))
    assert parse(body.encode()) == ([], [Page("https://s.example/1", found)])


def test_an_index_names_further_files() -> None:
    assert parse(index("https://s.example/a.xml", "https://s.example/b.xml.gz"))[0] == [
        "https://s.example/a.xml",
        "https://s.example/b.xml.gz",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB.encode(), "entities"), (OUTSIDE.encode(), "entities"), (b"<html><body>404</body></html>", "outermost element is <html>"),
        (PLAIN[:-20].encode(), "damaged"), (b"not found", "neither XML nor"), (b"", "neither XML nor"), (b"<rss></rss>", "outermost"),
        (b"<urlset>" + b"<url>" * 40, "deeper"), (b"<?xml version='1.0' encoding='klingon'?><urlset/>", "damaged"),
        (gzip.compress(PLAIN.encode())[:40], "end early"),
    ],
)  # fmt: skip
def test_what_is_no_site_map_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        parse(data)


def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (MOST_BYTES + 10))
    assert len(bomb) < 100_000
    with pytest.raises(FetchError, match="unpacked, it is larger"):
        parse(bomb)


def test_index_files_that_name_each_other_are_read_once() -> None:
    files = {"a": index("b", "a"), "b": index("a", "c", "c"), "c": PLAIN.encode()}
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return files[url]

    found = walk("a", fetch)
    assert asked == ["a", "b", "c"]
    assert [page.link for page in found.pages] == ["https://s.example/1", "https://s.example/2?a=1&b=2"]


def test_an_index_without_end_is_left_at_a_limit_and_told() -> None:
    found = walk("0", lambda url: index(str(int(url) * 2 + 1), str(int(url) * 2 + 2)))
    assert len(found.files) == MOST_FILES
    assert "not read" in found.problems[0][1]


def test_one_file_of_an_index_that_fails_does_not_end_the_rest() -> None:
    def fetch(url: str) -> bytes:
        if url == "bad":
            raise FetchError("the server answers 500", lasting=False)
        return index("bad", "good") if url == "start" else PLAIN.encode()

    found = walk("start", fetch)
    assert found.problems == [("bad", "the server answers 500")]
    assert len(found.pages) == 2


def test_a_first_file_that_cannot_be_read_ends_it() -> None:
    with pytest.raises(FetchError, match="neither"):
        walk("start", lambda url: b"gone")
