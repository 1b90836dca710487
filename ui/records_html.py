"""The page of one's own promotions as HTML: filters, cards, the facts of one that is opened, and what runs in the browser.

Pure but for thumbnails; escapes all that it is given.
"""

import base64
from typing import Any

from pipelines.gallery import Entry, choices
from pipelines.promotion import Promotion
from slots.schema import SLOTS, Language
from ui.card import safe, shown
from ui.house import House
from ui.look import format_name, layout_name
from ui.texts import t


def mode_html(opened: bool) -> str:
    """Tells the style sheet whether the list or one promotion is shown: hiding a Column would forget which of its
    components are hidden by themselves."""
    return f'<i class="ps-mode {"is-one" if opened else "is-list"}"></i>'


def facts_html(promotion: Promotion, catalog: Any, language: Language) -> str:
    """The brief and how it was made, as a short list."""
    brief, record = promotion.brief, promotion.record
    values = {
        slot: _display(slot, value, catalog, language) for slot, value in brief.slots().items() if slot != "promotion"
    }
    product = values.pop("product", brief.product)
    if brief.offer:
        values["offer"] = brief.offer.display(language)
    if brief.terms:
        values["terms"] = brief.terms
    rows = "".join(
        f"<div><dt>{t(language, f'slot_{slot}')}</dt><dd>{safe(value)}</dd></div>" for slot, value in values.items()
    )
    look = f"{layout_name(promotion.settings.layout, language)} · {format_name(promotion.settings.format, language)}"
    made = f"{when(promotion.id, language)} · {t(language, 'seed', seed=promotion.settings.seed)} · {look}"
    unfinished = f' <span class="ps-mark is-warning">{t(language, "records_stopped")}</span>'
    mark = unfinished if record.get("status", "done") != "done" else ""
    return (
        f'<section class="ps-opened" aria-label="{t(language, "records_facts")}"><h2>{safe(product)}{mark}</h2>'
        f"<p>{safe(made)}</p><dl>{rows}</dl></section>"
    )


def _display(slot: str, value: str, catalog: Any, language: Language) -> str:
    try:
        return shown(slot, value, catalog, language)
    except (KeyError, ValueError):
        return value


def when(name: str, language: Language) -> str:
    """The day and hour of a promotion's id as people write them: `25/11/2026 18:04`, in English `2026-11-25 18:04`."""
    year, month, day, hour, minute = name[:4], name[4:6], name[6:8], name[9:11], name[11:13]
    date = f"{day}/{month}/{year}" if language == "es" else f"{year}-{month}-{day}"
    return f"{date} {hour}:{minute}"


def filters_html(entries: list[Entry], chosen: dict[str, Any], catalog: Any, language: Language) -> str:
    """The search form: words, the products, shops and places that occur, and dates. Nothing without promotions."""
    if not entries:
        return ""
    selects = "".join(
        f'<label><span>{t(language, f"records_{slot}")}</span><select name="{slot}"><option value="">{t(language, "records_any")}</option>'
        + "".join(
            f'<option value="{safe(value)}"{" selected" if chosen.get(slot) == value else ""}>'
            f"{safe(_display(slot, value, catalog, language))}</option>"
            for value in choices(entries, slot)
        )
        + "</select></label>"
        for slot in ("product", "store", "environment")
        if slot in SLOTS
    )
    dates = "".join(
        f"<label><span>{t(language, f'records_{name}')}</span>"
        f'<input type="date" name="{name}" value="{safe(str(chosen.get(name) or ""))}"></label>'
        for name in ("since", "until")
    )
    return (
        f'<form class="ps-filters" role="search" autocomplete="off"><label class="is-words"><span>{t(language, "records_search")}</span>'
        f'<input type="search" name="words" maxlength="200" placeholder="{t(language, "records_search_hint")}" '
        f'value="{safe(str(chosen.get("words") or ""))}"></label>{selects}{dates}'
        f'<button type="reset">{t(language, "records_clear")}</button></form>'
    )


def grid_html(house: House, found: list[Entry], total: int, most: int, links: set[str], language: Language) -> str:
    """The cards of what was found, newest first."""
    if not total:
        return (
            f'<section class="ps-records-empty"><p>{t(language, "records_none")}</p>'
            f'<a href="./">{t(language, "records_begin")}</a></section>'
        )
    if not found:
        return f'<section class="ps-records-empty"><p>{t(language, "records_nothing")}</p></section>'
    cards = "".join(_card(house, entry, entry.id in links, language) for entry in found[:most])
    count = t(language, "records_count", shown=min(most, len(found)), total=len(found))
    more = f'<button type="button" class="ps-more">{t(language, "records_more")}</button>' if most < len(found) else ""
    return (
        f'<section><p class="ps-count-of" role="status">{count}</p><div class="ps-cards">{cards}</div>'
        f'<div class="ps-row-of">{more}</div></section>'
    )


def unread_html(why: str) -> str:
    """What stands in the cards' place where they cannot be read."""
    return f'<section class="ps-records-empty"><p role="alert">{safe(why)}</p></section>'


def _card(house: House, entry: Entry, is_shared: bool, language: Language) -> str:
    moment = f'<time datetime="{entry.day}T{entry.time}">{when(entry.id, language)}</time>'
    if entry.brief is None:
        why = t(language, "records_damaged_why")
        return (
            f'<div class="ps-record is-damaged"><div class="ps-thumb-of" aria-hidden="true"></div><div class="ps-record-of">'
            f'<span class="ps-mark is-warning">{t(language, "records_damaged")}</span>{moment}<p>{safe(why)}</p></div></div>'
        )
    brief = entry.brief
    picture = house.gallery.thumbnail(entry)
    if picture is not None:
        data = base64.b64encode(picture).decode()
        image = f'<img alt="" loading="lazy" src="data:image/webp;base64,{data}">'
    else:
        image = f'<span class="ps-no-picture">{safe(entry.text)}</span>'
    facts = [str(brief.size or ""), brief.price.display(language) if brief.price else ""]
    places = [
        _display(slot, value, house.catalog, language)
        for slot, value in (("store", brief.store), ("environment", brief.environment))
        if value
    ]
    marks = f'<span class="ps-mark is-shared">{t(language, "records_shared")}</span>' if is_shared else ""
    if entry.status != "done":
        marks += f'<span class="ps-mark is-warning">{t(language, "records_stopped")}</span>'
    return (
        f'<button type="button" class="ps-record" data-open="{safe(entry.id)}"><span class="ps-thumb-of">{image}</span>'
        f'<span class="ps-record-of"><b>{safe(brief.product)}</b><span>{safe(" · ".join(filter(None, facts)))}</span>'
        f"<span>{safe(' · '.join(places))}</span>{moment}{marks}</span></button>"
    )


FILTER_SCRIPT = """
let timer = 0;
const send = () => {
  const data = {};
  for (const field of element.querySelectorAll('[name]')) data[field.name] = field.value;
  trigger('submit', data);
};
element.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(send, 250); });
element.addEventListener('submit', event => { event.preventDefault(); clearTimeout(timer); send(); });
element.addEventListener('reset', event => {
  event.preventDefault();
  for (const field of element.querySelectorAll('[name]')) field.value = '';
  send();
});
"""
GRID_SCRIPT = """
element.addEventListener('click', event => {
  const card = event.target.closest('[data-open]');
  if (card) { trigger('submit', {open: card.dataset.open}); window.scrollTo({top: 0}); }
  else if (event.target.closest('.ps-more')) trigger('apply', {more: true});
});
"""
"""Run once in the browser; `element` is the root, `trigger` sends an event to Python."""
