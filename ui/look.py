"""Layout and format as buttons under the posters, and the mark of a drawn scene, as HTML. Pure; escapes what it is given.

The script hands a choice over as an event and shows it at once; it knows nothing of what is done with it.
"""

from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.promotion import Promotion
from slots.schema import Language
from ui.card import safe
from ui.texts import t

_BOTTLE = '<path class="c" d="M{x}.5 6h3v5l2 5v16h-7V16l2-5z"/>'
_FOOT = '<path class="f" d="M0 33h40v7H0z"/><path class="b" d="M3 35.3h11v2.4H3z"/>'
_PICTURES = {
    "hero": _BOTTLE.format(x=8)
    + '<path class="b" d="M19 6h17v3H19zM19 11h12v3H19z"/><circle class="a" cx="27.5" cy="24" r="7"/>'
    + _FOOT,
    "split": _BOTTLE.format(x=8) + '<path class="b" d="M20 0h20v19H20z"/><path class="a" d="M20 20h20v13H20z"/>'
    '<path class="w" d="M23 5h13v3H23zM23 10h9v3h-9z"/>' + _FOOT,
    "burst": _BOTTLE.format(x=7) + '<path class="b" d="M6 2h28v3H6z"/><path class="a" d="M26 9l2.3 4.4 4.7-1.7-.7 4.9 '
    "4.9.9-3.5 3.5 3.5 3.5-4.9.9.7 4.9-4.7-1.700L26 33l-2.3-4.4-4.7 1.7.7-4.9-4.9-.9 3.5-3.5-3.5-3.5 "
    '4.9-.9-.7-4.9 4.7 1.7z"/>' + _FOOT,
    "story": '<path class="f" d="M18 0h22v40H18z"/>' + _BOTTLE.format(x=7) + '<path class="b" d="M21 5h15v3H21z"/>'
    '<path class="t" d="M21 11h15v1.6H21zM21 14.4h15V16H21zM21 17.8h10v1.6H21z"/><path class="a" d="M21 22.5h15V31H21z"/>'
    + _FOOT,
}
"""Forty by forty: how each layout divides the paper. b: brand, c: product, a: price, t and w: words, f: paper."""


def layout_name(layout: str, language: Language) -> str:
    """A layout as the screens call it."""
    return t(language, f"layout_{layout}")


def format_name(format: str, language: Language) -> str:
    """A format as the screens call it: what it is for, and its measure."""
    return f"{t(language, _format_key(format))} {measure(format)}"


def measure(format: str) -> str:
    """`4:5`, `A4`."""
    return format.upper()


def _format_key(format: str) -> str:
    return f"format_{format.replace(':', 'x')}"


def look_html(promotion: Promotion | None, language: Language, turn: int = 0) -> str:
    """The choice of layout and format; nothing without a poster. `turn` differs each time that the answer is given,
    so that the browser draws it again where the choice was refused.
    """
    if promotion is None or not promotion.posters:
        return ""
    shown = promotion.posters[0]
    layouts = "".join(
        f'<button type="button" data-layout="{name}" aria-pressed="{str(name == shown.layout).lower()}">'
        f'<svg viewBox="0 0 40 40" aria-hidden="true">{_PICTURES.get(name, "")}</svg>'
        f"<span>{layout_name(name, language)}</span></button>"
        for name in LAYOUTS
    )
    formats = "".join(
        f'<button type="button" data-format="{name}" aria-pressed="{str(name == shown.format).lower()}">'
        f'<i class="is-{name.replace(":", "x")}" aria-hidden="true"></i>'
        f"<span>{t(language, _format_key(name))}<small>{measure(name)}</small></span></button>"
        for name in FORMATS
    )
    return (
        f'<section class="ps-look" data-turn="{turn}">'
        f'<div class="ps-pick" role="group" aria-label="{t(language, "settings_layout")}">{layouts}</div>'
        f'<div class="ps-pick is-formats" role="group" aria-label="{t(language, "settings_format")}">{formats}</div>'
        f'<p role="status"><span>{t(language, "look_hint")}</span><b>{t(language, "look_busy")}</b></p></section>'
    )


def marks_html(promotion: Promotion | None, language: Language) -> str:
    """Which posters have a drawn scene, each with its reason; nothing where none has."""
    drawn = [(n, poster) for n, poster in enumerate(promotion.posters, 1) if poster.drawn] if promotion else []
    if not drawn:
        return ""
    marks = "".join(
        f'<button type="button" class="ps-drawn" aria-describedby="ps-why-{number}">'
        f'{t(language, "poster", number=number)}: {t(language, "drawn_mark")}<i aria-hidden="true">?</i>'
        f'<span role="tooltip" id="ps-why-{number}">'
        f"{safe(t(language, 'drawn_why' if poster.tries else 'drawn_why_asked', tries=poster.tries))}</span></button>"
        for number, poster in drawn
    )
    return f'<div class="ps-marks">{marks}</div>'


SCRIPT = """
let since = 0, wanted = null;
const pressed = key => element.querySelector(`[data-${key}][aria-pressed=true]`)?.dataset[key];
const mark = choice => {
  for (const key of ['layout', 'format'])
    for (const button of element.querySelectorAll(`[data-${key}]`))
      button.setAttribute('aria-pressed', String(button.dataset[key] === choice[key]));
  element.querySelector('.ps-look')?.classList.add('is-busy');
};
const send = choice => { since = Date.now(); trigger('submit', choice); };
element.addEventListener('click', event => {
  const button = event.target.closest('[data-layout], [data-format]');
  if (!button || button.getAttribute('aria-pressed') === 'true') return;
  const choice = {
    layout: button.dataset.layout ?? pressed('layout'),
    format: button.dataset.format ?? pressed('format'),
  };
  mark(choice);
  if (Date.now() - since < 60000) wanted = choice;  // the answer to the last one is on its way: then this one
  else send(choice);
});
watch('value', () => {
  since = 0;
  const next = wanted;
  wanted = null;
  if (next && element.querySelector('.ps-look')) { mark(next); send(next); }
});
"""
"""Runs once in the browser; `element` is the root, `trigger` sends an event to Python."""
