"""The API for programs, and the MCP server with a real MCP client."""

import asyncio
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

import app as program
from slots.schema import SLOTS
from tests.fake_studio import FakeStudio
from tests.test_ui import open_port
from ui.app import build_app
from ui.limits import Allowance, Limits

BRIEF = {"product": "Sprite", "size": "600 ml", "price": "18 MXN", "promotion": "both", "language": "es"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    studio = FakeStudio(tmp_path_factory.mktemp("data") / "promotions")
    page = build_app(studio, studio.catalog)  # type: ignore[arg-type]
    yield program.launch(page, studio, port=open_port(), mcp=True)
    page.close(verbose=False)


def ask(address: str, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """(the tools, the results of calls) as an MCP client over streamable HTTP sees them."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[list[Any], list[Any]]:
        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, [await session.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(talk())


def test_an_mcp_client_sees_exactly_three_typed_and_described_tools(address: str) -> None:
    tools, _ = ask(address)
    found = {tool.name: tool for tool in tools}
    assert set(found) == {"extract", "promote", "check"}
    schemas = {name: tool.inputSchema["properties"] for name, tool in found.items()}
    assert set(schemas["extract"]) == {"message", "asking"}
    assert set(schemas["promote"]) == {"brief", "images", "seed"}
    assert set(schemas["check"]) == {"text", "brief"}
    assert schemas["extract"]["message"]["type"] == "string"
    assert all(slot in schemas["extract"]["asking"]["description"] for slot in SLOTS)
    assert schemas["promote"]["images"]["type"] == "number"
    assert schemas["check"]["brief"]["type"] == "object"
    assert schemas["check"]["brief"]["properties"]["product"]["type"] == "string"
    for tool in tools:
        assert len(tool.description) > 100
        assert "Example:" in tool.description
        for name, argument in tool.inputSchema["properties"].items():
            assert argument.get("description"), f"{tool.name}.{name}"


def test_an_mcp_client_extracts_checks_and_promotes(address: str) -> None:
    _, (read, good, bad, made) = ask(
        address,
        ("extract", {"message": "una coca de 600 a 18 en la playa"}),
        ("check", {"text": "¡Llévate tu Sprite de 600 ml a solo $18 MXN!", "brief": BRIEF}),
        ("check", {"text": "¡Llévate tu Sprite de 600 ml a solo $17 MXN!", "brief": BRIEF}),
        ("promote", {"brief": BRIEF, "images": 1, "seed": 7}),
    )
    assert not any(result.isError for result in (read, good, bad, made))
    assert json.loads(read.content[0].text)["slots"]["size"] == "600 ml"
    assert json.loads(good.content[0].text)["passed"] is True
    assert "price" in json.loads(bad.content[0].text)["failed"]
    record = json.loads(made.content[0].text)
    assert [poster["seed"] for poster in record["posters"]] == [7]
    assert "promotion.zip" in made.content[1].text


def test_an_mcp_client_is_refused_with_the_cure(address: str) -> None:
    _, (empty, unknown) = ask(address, ("promote", {"brief": {"size": "600 ml"}}), ("chat", {"message": "hola"}))
    assert empty.isError
    assert "names no product" in empty.content[0].text
    assert unknown.isError


def test_programs_find_typed_documented_endpoints(address: str) -> None:
    api = Client(address, verbose=False).view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(api) == {"/chat", "/extract", "/promote", "/check"}
    for name, arguments in (("/extract", 2), ("/promote", 3), ("/check", 2)):
        assert len(api[name]["parameters"]) == arguments
        assert api[name]["description"]


def test_check_tells_what_failed_and_why(address: str) -> None:
    client = Client(address, verbose=False)
    found = client.predict("¡Sprite de 600 ml a $18 MXN y un vaso gratis!", BRIEF, api_name="/check")
    assert not found["passed"]
    failed = {check["name"]: check["detail"] for check in found["checks"] if not check["passed"]}
    assert set(failed) == set(found["failed"])
    assert all(failed.values())


@pytest.mark.parametrize(
    ("text", "brief", "words"),
    [
        ("", BRIEF, "text is empty"),
        ("x" * 10_001, BRIEF, "10001 characters"),
        ("Sprite", {}, "names no product"),
        ("Sprite", [1], "a brief is a JSON object"),
    ],
)
def test_check_refuses_with_the_cure(address: str, text: str, brief: Any, words: str) -> None:
    with pytest.raises(AppError, match=words):
        Client(address, verbose=False).predict(text, brief, api_name="/check")


def test_the_zip_that_a_program_gets_has_no_conversation(address: str, tmp_path: Path) -> None:
    client = Client(address, verbose=False, download_files=tmp_path)
    _, archive = client.predict(BRIEF, 1, 3, api_name="/promote")
    with zipfile.ZipFile(archive) as files:
        assert "conversation" not in json.loads(files.read("promotion.json"))


def test_programs_have_limits_too(tmp_path: Path) -> None:
    studio = FakeStudio(tmp_path / "promotions")
    page = build_app(studio, studio.catalog, limits=Limits(Allowance(message=40, posters=3)))  # type: ignore[arg-type]
    try:
        client = Client(program.launch(page, studio, port=open_port()), verbose=False)
        with pytest.raises(AppError, match="40 fit here"):
            client.predict("una coca " * 10, api_name="/extract")
        client.predict(BRIEF, 3, 1, api_name="/promote")
        with pytest.raises(AppError, match="3 posters an hour"):
            client.predict(BRIEF, 1, 1, api_name="/promote")
        answer = client.predict("una coca de 600 a 18 pesos para la playa y mi tienda", api_name="/chat")
        assert "40" in answer["content"]
    finally:
        page.close(verbose=False)


def test_gradios_own_link_to_a_whole_page_is_closed(address: str) -> None:
    assert httpx.get(f"{address}gradio_api/deep_link?session_hash=abc").status_code == 404
    assert httpx.get(address).headers["referrer-policy"] == "same-origin"
