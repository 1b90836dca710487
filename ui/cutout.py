"""The visitor's own product photo: checked, and shown as it will stand on the posters. Knows no Gradio component."""

import base64
import io
from typing import TYPE_CHECKING

from slots.schema import Language
from ui.texts import t

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 360
"""Pixels of the preview's longer side: sharp on a phone's screen."""


def cutout_html(image: "Image", language: Language) -> str:
    """The product without its background, on a chequered ground, with a button that takes it away."""
    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        f'<figure class="ps-cutout"><img alt="{t(language, "photo_alt")}" src="data:image/png;base64,{data}">'
        f"<figcaption><b>{t(language, 'photo_ok')}</b><span>{t(language, 'photo_cut')}</span>"
        f'<button type="button">{t(language, "photo_remove")}</button></figcaption></figure>'
    )


SCRIPT = "element.addEventListener('click', event => { if (event.target.closest('button')) trigger('submit'); });"
"""Runs once in the browser; `element` is the root, `trigger` sends an event to Python."""

ACCEPT_SCRIPT = """() => {
  const pick = document.querySelector('#ps-photo input[type=file]');
  if (pick) pick.setAttribute('accept', 'image/png,image/jpeg,image/webp');
}"""
"""Lets a phone offer its camera and pictures. What is sent anyway is checked by its content, with words in both languages."""
