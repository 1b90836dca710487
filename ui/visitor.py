"""Who asks: a visitor's key from their browser, the address that a request comes from, and the Doorman at the web's door.

The key is the visitor's only proof of what is theirs: 128 random bits in a `gr.BrowserState` with a fixed name and secret,
so that it outlives a reload and a restart. It is never shown, and the server keeps no more than its hash.
"""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import gradio as gr

from pipelines.shares import SECRET, hashed, new_secret
from ui.limits import address

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CLOSED = ("/gradio_api/deep_link",)
"""What Gradio would answer and this program does not want: it writes a visitor's whole page into a file for a link."""


def browser_states() -> tuple[Any, Any]:
    """(the visitor's key, the language they chose) of the page that is being built; the same on every page."""
    from ui.layout import STORAGE_KEY, STORAGE_SECRET  # which imports the endpoints, which ask this module who calls

    return (
        gr.BrowserState(None, storage_key=f"{STORAGE_KEY}-visitor", secret=STORAGE_SECRET),
        gr.BrowserState(None, storage_key=f"{STORAGE_KEY}-screen", secret=STORAGE_SECRET),
    )


def known(key: object) -> str:
    """The visitor's key; a new one where the browser has none."""
    return key if isinstance(key, str) and SECRET.fullmatch(key) else new_secret()


def sign(key: str) -> str:
    """A short sign that tells two visitors of the same name apart and gives nothing of the key away."""
    return hashed(key)[:6]


def where(request: gr.Request | None) -> str:
    """The address that a Gradio event comes from; empty when there is no request."""
    if request is None or request.client is None:
        return ""
    return origin(request.client.host, request.headers.get("x-forwarded-for", ""))


def session_of(request: gr.Request | None) -> str:
    """One opened page."""
    return (request.session_hash if request is not None else "") or ""


def origin(peer: str, forwarded: str) -> str:
    """The address behind proxies: the last public one that they noted, else the peer.

    Proxies append what they saw, so the end of the list is theirs, and its beginning the visitor's own claim. A peer with
    a public address is nobody's proxy here and is believed itself.
    """
    if _public(peer):
        return peer
    for part in reversed(forwarded.split(",")):
        if _public(part.strip()):
            return part.strip()
    return peer


def _public(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False


class Doorman:
    """ASGI middleware: notes the address for `ui.limits`, closes what nobody needs, keeps addresses of pages to themselves."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].rstrip("/") in CLOSED:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        forwarded = ",".join(v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for")
        address.set(origin((scope.get("client") or ("", 0))[0], forwarded))

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                # a link's token stands in the page's address: no other site may learn it
                message["headers"] = [
                    *message.get("headers", []),
                    (b"referrer-policy", b"same-origin"),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        await self.app(scope, receive, answer)
