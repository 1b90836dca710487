"""The endpoints for programs: `/extract` and `/promote`. They share the models and the line with the page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pipelines.promotion import MAX_IMAGES, Settings
from slots.brief import Brief
from slots.schema import SLOTS
from ui.session import MAX_SEED, Line, LineFull
from ui.talk import TELLING, explain, plain

if TYPE_CHECKING:
    from pipelines.studio import Studio

MAX_MESSAGE = 10_000


def endpoints(studio: "Studio", line: Line) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """(extract, promote), bound to a studio; their docstrings are the API's documentation."""
    import gradio as gr
    from gradio.processing_utils import save_file_to_cache
    from gradio.utils import get_upload_folder

    def extract(message: str, asking: str | None = None) -> dict[str, Any]:
        """Reads a message and fills the seven slots of a promotion.

        Args:
            message: what to promote, in Spanish or English, as a person would type it.
            asking: the slot that the message answers (promotion, product, size, packaging, price, store, environment), or null.

        Returns:
            The object that `python -m slots` prints: slots (canonical strings), removed, offer, variant, marked, evidence (the user's words), language.
        """
        if not isinstance(message, str) or not message.strip():
            raise gr.Error('message is empty; send for instance "una coca de 600 a 18"', print_exception=False)
        if asking and asking not in SLOTS:
            raise gr.Error(f"asking cannot be {asking!r}; null or one of: {', '.join(SLOTS)}", print_exception=False)
        try:
            return dict(studio.extract(message, asking or None).to_dict())
        except TELLING as error:
            raise gr.Error(str(error), print_exception=False) from error

    def promote(brief: dict[str, Any], images: float = 2, seed: float = 0) -> tuple[dict[str, Any], str]:
        """Makes a promotion from a brief: texts, posters, record. Waits in the same line as the page's visitors.

        Args:
            brief: JSON object with at least "product"; also promotion, size, packaging, price, store, environment, offer, terms, variant, language, flat or under "slots" (what /extract returns is one).
            images: how many posters, 0 to 8.
            seed: 0 to 2147483647; the same seed gives the same pictures on the same machine.

        Returns:
            The promotion's record, and a ZIP with the texts, the posters and the record.
        """
        from slots.guard import review_brief
        from slots.steps import declined

        try:
            confirmed = Brief.from_dict(brief)
            if images != int(images) or not 0 <= images <= MAX_IMAGES:
                raise ValueError(f"images must be a whole number from 0 to {MAX_IMAGES}, not {images!r}")
            if seed != int(seed) or not 0 <= seed <= MAX_SEED:
                raise ValueError(f"seed must be a whole number from 0 to {MAX_SEED}, not {seed!r}")
        except (ValueError, TypeError) as error:
            raise gr.Error(str(error), print_exception=False) from error
        for notice in review_brief(confirmed, studio.catalog):
            if notice.severity == "decline":
                raise gr.Error(f"declined: {plain(declined(notice, confirmed.language))}", print_exception=False)
        try:
            ticket = line.join()
        except LineFull as full:
            raise gr.Error(
                f"{full.waiting} are waiting already; try again in a minute", print_exception=False
            ) from full
        try:
            while line.position(ticket):
                line.wait(ticket, 0.5)
            promotion = None
            for event in studio.promote(confirmed, Settings(images=int(images), seed=int(seed))):
                promotion = event.promotion
        except Exception as error:
            raise gr.Error(explain(error, "en"), print_exception=False) from error
        finally:
            line.leave(ticket)
        if promotion is None or promotion.zip is None:
            raise gr.Error("nothing was made; try again", print_exception=False)
        return promotion.record, save_file_to_cache(promotion.zip, get_upload_folder())

    return extract, promote
