"""The endpoints for programs: `/extract`, `/promote` and `/check`, also as MCP tools. They share the models, the line and
the limits with the page. Their docstrings are the documentation that the API page and MCP clients show.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr

from pipelines.promotion import MAX_IMAGES, Settings, poster_count
from slots.brief import Brief
from slots.schema import SLOTS
from ui.limits import Limits, Pace, Reached
from ui.problems import TELLING, details
from ui.session import MAX_SEED, Line, LineFull
from ui.talk import plain
from ui.visitor import where

if TYPE_CHECKING:
    from pipelines.studio import Studio

MAX_MESSAGE = 10_000
"""Characters of a text that is checked."""
TOOLS = ("extract", "promote", "check")
"""What MCP clients see; nothing else is a tool."""

_OPTIONAL: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_FACTS = (*SLOTS, "offer", "terms", "variant", "language")


def brief_field() -> gr.JSON:
    """A brief in the API. gr.JSON describes itself by a schema that is none ("type": {}), and a client that validates its
    arguments, as MCP's do, refuses every call. (Not a subclass: Gradio writes a stub file beside the module of one.)
    """
    facts: dict[str, Any] = dict.fromkeys(_FACTS, _OPTIONAL)
    schema = {
        "type": "object",
        "properties": {**facts, "product": {"type": "string"}, "slots": {"type": "object", "properties": {}}},
        "description": "the facts of a promotion, flat or under slots; at least product",
    }
    example = {"product": "Sprite", "size": "600 ml", "price": "18 MXN", "store": "corner shop", "language": "es"}
    field: Any = gr.JSON(label="brief")
    field.api_info = lambda: schema
    field.example_payload = field.example_value = lambda: example
    return field  # type: ignore[no-any-return]


Asking = Literal["promotion", "product", "size", "packaging", "price", "store", "environment"]


def endpoints(
    studio: "Studio", line: Line, limits: Limits | None = None, pace: Pace | None = None
) -> tuple[Callable[..., Any], ...]:
    """(extract, promote, check), bound to a studio; their docstrings are the API's documentation."""
    from gradio.processing_utils import save_file_to_cache
    from gradio.utils import get_upload_folder

    limits, pace = limits or Limits(), pace or Pace()

    def extract(message: str, asking: Asking | None = None, *, request: gr.Request | None = None) -> dict[str, Any]:
        """Reads what somebody wants to promote, in Spanish or English, and fills the slots of a promotion brief from it: product, size, packaging, price, store, environment, kind of promotion, offer. Makes nothing. A slot that the message does not mention is absent; ask for it and call again with `asking`.

        Example: extract("una coca de 600 a 18 en la playa") gives {"slots": {"product": "Coca-Cola", "size": "600 ml", "price": "18 MXN", "environment": "beach"}, "offer": null, "language": "es", ...}.

        Args:
            message: what to promote, as a person would type it, for instance "una coca de 600 a 18 en la playa".
            asking: the slot that the message answers, one of promotion, product, size, packaging, price, store, environment; null when it answers no question.

        Returns:
            slots (canonical strings), removed, offer, variant, marked (outside the catalogue), evidence (the user's own words behind each slot), language. It can be given to promote and check as their brief.
        """
        _count(limits, request, message)
        if not isinstance(message, str) or not message.strip():
            raise _refused('message is empty; send for instance "una coca de 600 a 18"')
        if asking and asking not in SLOTS:
            raise _refused(f"asking cannot be {asking!r}; null or one of: {', '.join(SLOTS)}")
        try:
            return dict(studio.extract(message, asking or None).to_dict())
        except TELLING as error:
            raise _refused(details(error)) from error

    def promote(
        brief: dict[str, Any], images: float = 2, seed: float = 0, *, request: gr.Request | None = None
    ) -> tuple[dict[str, Any], str]:
        """Makes a promotion from a brief: three promotional texts in the brief's language and finished posters with exact product, size, price and offer. Takes seconds to minutes and waits in the same line as the page's visitors. Only call it after a person said yes to the brief. Keep what comes back: what a program makes belongs to no browser, so it is listed in nobody's "My promotions" and cannot be shared or opened again through the page; only whoever runs the program finds it, in the data folder under the record's id.

        Example: promote({"product": "Sprite", "size": "600 ml", "price": "18 MXN", "store": "corner shop", "environment": "beach", "language": "es"}, images=1, seed=7).

        Args:
            brief: JSON object with at least "product"; also promotion (image, text or both), size ("600 ml"), packaging ("glass bottle", "plastic bottle", "returnable bottle", "can", "carton"), price ("18.50 MXN", "2 for 30 MXN"), store, environment, offer ("3 for 2", "20% off the second"), terms, variant, language ("es" or "en"), flat or under "slots". What extract returns is one.
            images: how many posters, 0 to 8.
            seed: 0 to 2147483647; the same seed gives the same pictures on the same machine.

        Returns:
            The promotion's record (texts under writer.promos, each with its checks; posters with prompts and seeds; models; seconds), and a ZIP with texts, posters and record.
        """
        from slots.guard import review_brief
        from slots.steps import declined

        _count(limits, request)
        confirmed = _brief(brief)
        _whole("images", images, MAX_IMAGES)
        _whole("seed", seed, MAX_SEED)
        for notice in review_brief(confirmed, studio.catalog):
            if notice.severity == "decline":
                raise _refused(f"declined: {plain(declined(notice, confirmed.language))}")
        try:
            ticket = line.join()
        except LineFull as full:
            raise _refused(f"{full.waiting} are waiting already; try again in a minute") from full
        try:
            limits.take("posters", _caller(request), where(request), poster_count(confirmed, int(images)))
            while line.position(ticket):
                line.wait(ticket, 0.5)
            promotion, started = None, time.monotonic()
            for event in studio.promote(confirmed, Settings(images=int(images), seed=int(seed))):
                promotion = event.promotion
            pace.note(time.monotonic() - started)
        except Reached as reached:
            raise _refused(reached.words("en")) from reached
        except Exception as error:
            raise _refused(details(error)) from error
        finally:
            line.leave(ticket)
        if promotion is None or promotion.zip is None:
            raise _refused("nothing was made; try again")
        return promotion.record, save_file_to_cache(promotion.zip, get_upload_folder())

    def check(text: str, brief: dict[str, Any], *, request: gr.Request | None = None) -> dict[str, Any]:
        """Checks any promotional text, whoever wrote it, against a brief: exact product, size, price and offer; no other figure, benefit or condition; language, packaging and setting; form, grammar, repetition and words that may not stand in an advertisement. Changes nothing and calls no model.

        Example: check("¡Sprite de 600 ml a solo $18 MXN!", {"product": "Sprite", "size": "600 ml", "price": "20 MXN"}) fails "price" and "figures".

        Args:
            text: the promotional text, at most 10,000 characters.
            brief: the facts that it must hold, as for promote; at least "product".

        Returns:
            passed (true when every check passed), checks (name, passed, detail: what was found when it did not pass), and failed (names of those that did not).
        """
        from pipelines.checks import check_text, failures

        _count(limits, request)
        if not isinstance(text, str) or not text.strip():
            raise _refused("text is empty; send the promotional text to check")
        if len(text) > MAX_MESSAGE:
            raise _refused(f"text has {len(text)} characters; at most {MAX_MESSAGE} are checked")
        checks = check_text(text.strip(), _brief(brief), studio.catalog)
        failed = failures(checks)
        return {"passed": not failed, "checks": [one.to_dict() for one in checks], "failed": list(failed)}

    return extract, promote, check


def _refused(words: str) -> gr.Error:
    return gr.Error(words, print_exception=False)


def _brief(data: Any) -> Brief:
    try:
        return Brief.from_dict(data)
    except (ValueError, TypeError) as error:
        raise _refused(str(error)) from error


def _whole(name: str, value: float, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1 or not 0 <= value <= most:
        raise _refused(f"{name} must be a whole number from 0 to {most}, not {value!r}")


def _caller(request: gr.Request | None) -> str:
    """Programs have no key: they are counted by their address."""
    return f"program {where(request)}"


def _count(limits: Limits, request: gr.Request | None, message: Any = "") -> None:
    try:
        limits.take("requests", _caller(request), where(request))
        limits.message(message if isinstance(message, str) else "")
    except Reached as reached:
        raise _refused(reached.words("en")) from reached
