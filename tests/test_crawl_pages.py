"""What product pages state about their picture."""

import json

import pytest

from finetune.crawl.pages import ProductPage, joined, read_page

URL = "https://shop.example/p/coca"


def read(html: str, kind: str = "text/html; charset=utf-8") -> ProductPage:
    return read_page(html.encode(), kind, URL)


def data(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


PRODUCT = {"@type": "Product", "name": "Coca-Cola Original 600 ml", "description": "Bien  fría", "image": "/i/1.jpg"}


def test_open_graph_gives_picture_title_and_description() -> None:
    page = read(
        '<meta property="og:image" content="/i/1.jpg"><meta property=og:title content="Coca-Cola &amp; m&aacute;s"><meta name="description" content="x">'
    )
    assert page == ProductPage("Coca-Cola & más", "x", "https://shop.example/i/1.jpg")


@pytest.mark.parametrize(
    "value",
    [
        PRODUCT, [PRODUCT], {"@graph": [{"@type": "WebPage"}, PRODUCT]}, {"@type": "WebPage", "mainEntity": PRODUCT},
        {**PRODUCT, "@type": ["Thing", "https://schema.org/Product"]}, {**PRODUCT, "image": {"@type": "ImageObject", "url": "/i/1.jpg"}},
        {**PRODUCT, "image": ["/i/1.jpg"]}, {**PRODUCT, "image": [{"contentUrl": "/i/1.jpg"}]},
    ],
)  # fmt: skip
def test_json_ld_products_are_found_wherever_they_stand(value: object) -> None:
    assert read(data(value)) == ProductPage("Coca-Cola Original 600 ml", "Bien fría", "https://shop.example/i/1.jpg")


def test_json_ld_comes_before_open_graph_and_fills_from_it() -> None:
    page = read(
        '<meta property="og:image" content="/share.jpg"><meta property="og:title" content="Tienda">'
        + data({**PRODUCT, "image": None})
    )
    assert (page.title, page.picture) == ("Coca-Cola Original 600 ml", "https://shop.example/share.jpg")


def test_further_pictures_of_a_product_are_named_but_not_taken() -> None:
    page = read(data({**PRODUCT, "image": ["/front.jpg", "/back.jpg"]}))
    assert (page.picture, page.others) == ("https://shop.example/front.jpg", ("https://shop.example/back.jpg",))


@pytest.mark.parametrize("html", ["", "<", "<<<>>>", data("x"), '<script type="application/ld+json">{"a":</script>', '<script type="application/ld+json">' + "[" * 100_000, "<meta property='og:image' content='http://[bad'>", "\x00\x01"])  # fmt: skip
def test_whatever_a_page_holds_reading_it_raises_nothing(html: str) -> None:
    assert read(html).picture == ""


def test_other_encodings_are_read() -> None:
    html = '<meta charset="iso-8859-1"><title>Piña</title>'.encode("latin-1")
    assert read_page(html, "text/html", URL).title == "Piña"
    assert read_page("<title>Piña</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", URL).title == "Piña"
    assert read_page("<title>Piña</title>".encode(), "text/html; charset=klingon", URL).title == "Piña"


def test_a_base_address_counts() -> None:
    assert (
        read('<base href="https://cdn.example/x/"><meta property="og:image" content="1.jpg">').picture
        == "https://cdn.example/x/1.jpg"
    )


def test_scripts_are_read_not_run() -> None:
    assert read('<script>document.title="x"</script><title>Coca</title>').title == "Coca"


def test_an_empty_link_is_no_picture() -> None:
    assert joined(URL, " ") == ""
