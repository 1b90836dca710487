"""Promo Studio's program: reads the launch flags, puts the page together, serves it.

    python app.py [--port N] [--share] [--auth USER:PASSWORD] [--pass-phrase WORDS] [--text-backend B] [--image-backend B] [--mcp]

On a Hugging Face Space it runs without flags. Environment: PROMO_TEXT_MODEL, PROMO_IMAGE_MODEL, PROMO_DATA_DIR;
PROMO_PASS_PHRASE; PROMO_MAX_MESSAGE, PROMO_POSTERS_AN_HOUR, PROMO_TEXTS_AN_HOUR, PROMO_REQUESTS_A_MINUTE (0: no limit).
Exit codes: 0 done; 2 the call is wrong; 1 the work failed.
"""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from pipelines.backends.registry import AUTO, BackendError, choices

if TYPE_CHECKING:
    import gradio as gr

    from pipelines.mirror import Mirror
    from pipelines.studio import Studio
    from ui.limits import Door, Limits

DEFAULT_PORT = 7860
MAX_UPLOAD = "64mb"
"""More than a photo may have: what lies between is refused by `pipelines.photo`, in the language of the screens."""


class CallError(ValueError):
    """The call is wrong; the message says what and the cure."""


class StartError(RuntimeError):
    """The page cannot be served; the message says why and the cure."""


class Program(NamedTuple):
    """What one program is made of."""

    page: "gr.Blocks"
    studio: "Studio"
    mirror: "Mirror | None"
    """What copies votes and cases to the Hub; None where nothing does."""


def parser() -> argparse.ArgumentParser:
    """The launch flags."""
    p = argparse.ArgumentParser(prog="python app.py", description="One sentence in, a finished promotion out.")
    p.add_argument("--port", type=int, help=f"port of the page (default {DEFAULT_PORT})")
    p.add_argument("--share", action="store_true", help="also a temporary public link through Gradio's tunnel")
    p.add_argument("--auth", metavar="USER:PASSWORD", help="ask visitors for this name and password")
    p.add_argument(
        "--pass-phrase",
        metavar="WORDS",
        help="ask visitors for any name and this phrase, which stakeholders share; better set PROMO_PASS_PHRASE, which other "
        "users of this machine cannot see",
    )
    p.add_argument("--text-backend", choices=choices("text"), default=AUTO, help="what runs the T5")
    p.add_argument("--image-backend", choices=choices("image"), default=AUTO, help="what runs Stable Diffusion")
    p.add_argument("--text-model", metavar="P", help="a folder or a Hub id instead of the bundled T5")
    p.add_argument("--image-model", metavar="P", help="a folder or a Hub id instead of the bundled Stable Diffusion")
    p.add_argument("--mcp", action="store_true", help="offer the API as MCP tools too")
    return p


def credentials(text: str | None) -> tuple[str, str] | None:
    """(user, password) of `--auth`. Raises CallError when there is no colon or nothing on one side of it."""
    if text is None:
        return None
    user, colon, password = text.partition(":")
    if not (user and colon and password):
        raise CallError("--auth must be USER:PASSWORD, for instance --auth ana:secreto")
    return user, password


def entrance(args: argparse.Namespace) -> "Door | None":
    """Who may come in, by `--auth` and the pass phrase; None: everybody. Raises CallError with the cure."""
    from ui.limits import Door, LimitError

    user, phrase = credentials(args.auth), args.pass_phrase or os.environ.get("PROMO_PASS_PHRASE", "")
    if user is None and not phrase:
        return None
    if args.mcp:
        raise CallError(
            "--mcp cannot be had together with --auth or a pass phrase: MCP clients call without logging in. Run a second "
            "program with --mcp on a port that only they can reach, or leave one of the two out"
        )
    try:
        return Door(phrase, user)
    except LimitError as error:
        raise CallError(str(error)) from error


def limits(args: argparse.Namespace) -> "Limits":
    """What one visitor may ask for: limited on a Space and behind a public link. Raises CallError with the cure."""
    from ui.limits import LimitError, Limits, allowance

    try:
        return Limits(allowance(bool(args.share or os.environ.get("SPACE_ID"))))
    except LimitError as error:
        raise CallError(str(error)) from error


def free_port(wanted: int | None) -> int:
    """The port to serve on: the wanted one, else Gradio's variable, else 7860. Raises CallError when it is taken."""
    source = "--port"
    if wanted is None and (setting := os.environ.get("GRADIO_SERVER_PORT")):
        source = "GRADIO_SERVER_PORT"
        if not setting.isdigit():
            raise CallError(f"GRADIO_SERVER_PORT must be a number from 1 to 65535, not {setting!r}")
        wanted = int(setting)
    port = DEFAULT_PORT if wanted is None else wanted
    if not 1 <= port <= 65535:
        raise CallError(f"{source} must be from 1 to 65535, not {port}")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), port))
        except OSError as error:
            raise CallError(
                f"port {port} cannot be used ({error.strerror}): another program has it, perhaps an earlier Promo Studio. "
                f"Stop that one, or choose another port: python app.py --port {min(port + 1, 65535)}"
            ) from error
    return port


def host() -> str:
    """The address to listen on: every network on a Space or when GRADIO_SERVER_NAME says so, else this machine only."""
    return os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1")


def build(args: argparse.Namespace) -> Program:
    """The page, its studio and, on a Space, the mirror; loads no model. Raises BackendError or CatalogError with the cure."""
    from pipelines.mirror import start_mirror
    from pipelines.studio import Studio, StudioOptions
    from ui.app import build_app

    studio = Studio(StudioOptions(args.text_model, args.image_model, args.text_backend, args.image_backend))
    allowed = limits(args)
    # before anything opens the tables: on a Space they are fetched first
    mirror = start_mirror(studio.promotions_folder.parent)
    return Program(build_app(studio, studio.catalog, limits=allowed, mirror=mirror), studio, mirror)


def launch(
    page: "gr.Blocks",
    studio: Any,
    *,
    port: int,
    share: bool = False,
    auth: "tuple[str, str] | Door | None" = None,
    mcp: bool = False,
) -> str:
    """Serves the page without blocking; gives its local address. A tunnel that cannot be had is told and does no harm.

    Raises StartError where this machine cannot reach its own page, with the cure, and OSError.
    """
    from starlette.middleware import Middleware

    from ui import theme
    from ui.api import TOOLS
    from ui.mcp import arrange
    from ui.texts import t
    from ui.visitor import Doorman

    promotions = studio.promotions_folder
    promotions.mkdir(parents=True, exist_ok=True)
    try:
        _, address, public = page.launch(
            server_name=host(),
            server_port=port,
            share=share,
            auth=auth,
            auth_message=f"<p>{t('es', 'door')}</p><p lang=en>{t('en', 'door')}</p>" if callable(auth) else None,
            # what is served is a copy of what its owner was shown, under a name that nobody can guess: never these folders
            blocked_paths=[str(promotions.resolve())],
            app_kwargs={"middleware": [Middleware(Doorman)]},
            mcp_server=mcp,
            theme=theme.theme(),
            css=theme.css(),
            head=theme.HEAD,
            js=theme.SCRIPT,
            favicon_path=theme.FAVICON,
            max_file_size=MAX_UPLOAD,
            footer_links=["api"],
            show_error=True,
            quiet=True,
            prevent_thread_lock=True,
            ssr_mode=False,
        )
    except Exception as error:
        if not unreachable(error):
            raise
        raise StartError(
            f"this machine got no answer from its own address on port {port}. As a rule a proxy setting (HTTP_PROXY, ALL_PROXY) "
            "stands in between: let local addresses pass by it, NO_PROXY=localhost,127.0.0.1 python app.py. Where there is "
            "none, the machine is too busy to answer within seconds: start again when it is less so"
        ) from error
    if mcp:
        arrange(page)
        print(f"MCP server: {address}gradio_api/mcp/ (tools: {', '.join(TOOLS)})", flush=True)
    print(f"Promo Studio: {address}", flush=True)
    if share and not os.environ.get("SPACE_ID"):
        if public:
            print(f"Public link (temporary, up to a week): {public}", flush=True)
        else:
            print(
                "No public link: Gradio's tunnel could not be reached from here. The local page above works; for a "
                "lasting link put the folder on a Hugging Face Space (make space REPO=user/name).",
                flush=True,
            )
    return str(address)


def unreachable(error: Exception) -> bool:
    """Whether Gradio could not reach the page that it had just begun to serve: it asks itself, through any proxy that is set."""
    import httpx

    return isinstance(error, httpx.TransportError) or "localhost" in str(error)


def warm_up(studio: "Studio") -> threading.Thread:
    """Loads both models in the background and prints what runs and why, so that the page need not wait for them."""

    def load() -> None:
        for kind in ("text", "image"):
            try:
                backend = getattr(studio, kind)
            except Exception as error:  # told here and again in the chat; the page itself works
                print(f"{kind} model: {error}", file=sys.stderr, flush=True)
            else:
                print(f"{kind}: {backend.model.name} on {backend.name} ({backend.reason})", flush=True)

    thread = threading.Thread(target=load, name="promo-studio-warm-up", daemon=True)
    thread.start()
    return thread


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program until it is interrupted; returns its exit code."""
    args = parser().parse_args(argv)
    # Gradio asks Starlette for a status under its former name at every event; the console is for what concerns the user
    warnings.filterwarnings("ignore", message="'HTTP_422_UNPROCESSABLE_ENTITY' is deprecated")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    from slots.catalog import CatalogError

    end_on_sigterm()
    program: Program | None = None
    try:
        door, port = entrance(args), free_port(args.port)
        program = build(args)
        launch(program.page, program.studio, port=port, share=args.share, auth=door, mcp=args.mcp)
        warm_up(program.studio)
        threading.Event().wait()
    except (CallError, BackendError, CatalogError) as error:
        print(error, file=sys.stderr)
        return 2
    except (StartError, OSError) as error:
        print(f"the page could not be started: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bye", flush=True)
    finally:
        if program is not None:
            program.page.close(verbose=False)
            if program.mirror is not None:
                program.mirror.stop()  # what came in since the last copy
    return 0


def end_on_sigterm() -> None:
    """SIGTERM, which a Space and service managers send, ends the program as Ctrl-C does: in order, with the last copy made."""
    if threading.current_thread() is threading.main_thread():  # only there may a handler be set
        signal.signal(signal.SIGTERM, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(main())
