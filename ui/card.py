"""The card: what was understood, slot by slot, with the user's own words behind each value, each editable.

Pure: values in, HTML out. All user text is escaped here. The small script at the end opens and closes the fields in the
browser and hands an edit over as an event; it knows nothing of what is done with it.
"""

from html import escape

from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import OPTIONAL, SLOTS, Language
from slots.state import EXTRAS, State
from slots.values import Money, Size
from ui.texts import t

ROWS = (*SLOTS, *EXTRAS)
"""What the card shows, in order."""


def safe(text: str) -> str:
    """Escapes user text for HTML, braces and dollars too: the page's template engines must not see any."""
    return escape(text, quote=True).translate({ord(c): f"&#{ord(c)};" for c in "{}$`\\"})


def shown(slot: str, value: str, catalog: Catalog, language: Language) -> str:
    """A canonical value as a person reads it on the screen (not escaped)."""
    if slot == "price":
        return Money.parse(value).display(language)
    return catalog.display(slot, value, language)


def values(state: State, catalog: Catalog, language: Language) -> dict[str, str]:
    """What is filled, by row, as shown."""
    found = {slot: shown(slot, value, catalog, language) for slot, value in state.slots.items() if slot in SLOTS}
    if state.offer:
        found["offer"] = state.offer.display(language)
    if state.terms:
        found["terms"] = state.terms
    if state.variant:
        found["variant"] = flavour(state, catalog, language)
    return found


def flavour(state: State, catalog: Catalog, language: Language) -> str:
    """The variant in the screen's language: the catalogue's first word for it."""
    product = catalog.products.get(state.slots.get("product", ""))
    known = product.flavours.get(state.variant or "") if product else None
    words = known.words[language] if known else ()
    return words[0] if words else state.variant or ""


def suggestions(slot: str, state: State, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """What the field of a slot proposes while the user types."""
    product = catalog.products.get(state.slots.get("product", ""))
    if slot == "product":
        return tuple(catalog.products)
    if slot == "size":
        sizes: tuple[Size, ...] = product.sizes(state.slots.get("packaging")) if product else ()
        return tuple(str(size) for size in sizes)
    if slot == "packaging":
        names = product.packagings() if product else tuple(catalog.packagings)
        return tuple(catalog.display(slot, name, language) for name in names)
    if slot in ("promotion", "store", "environment"):
        return tuple(label.display[language] for label in catalog.labels(slot).values())
    if slot == "variant" and product:
        return tuple(f.words[language][0] if f.words[language] else f.name for f in product.flavours.values())
    return ()


def card_html(state: State, catalog: Catalog, language: Language, brief: Brief | None = None) -> str:
    """The whole card. `brief` is the confirmed one, when there is one."""
    found = values(state, catalog, language)
    filled = sum(slot in found or slot in state.skipped for slot in SLOTS)
    rows = "".join(
        _row(slot, found.get(slot), state, catalog, language) for slot in ROWS if _visible(slot, found, state, catalog)
    )
    empty = not found
    hint = t(language, "card_empty" if empty else "card_hint")
    return (
        f'<section class="ps-card{" is-empty" if empty else ""}" aria-label="{t(language, "card_title")}">'
        f"<header><h2>{t(language, 'card_title')}</h2>"
        f'<span class="ps-count">{t(language, "card_count", filled=filled, total=len(SLOTS))}</span></header>'
        f'<p class="ps-hint">{hint}</p><div class="ps-rows">{rows}</div></section>'
    )


def _visible(slot: str, found: dict[str, str], state: State, catalog: Catalog) -> bool:
    """Whether a row is shown: a flavour only where there is one to choose."""
    product = catalog.products.get(state.slots.get("product", ""))
    return slot != "variant" or slot in found or bool(product and product.flavours)


def _row(slot: str, value: str | None, state: State, catalog: Catalog, language: Language) -> str:
    name = t(language, f"slot_{slot}")
    classes, marks = ["ps-row"], []
    evidence = state.evidence.get(slot, "")
    if value is not None:
        body = f'<span class="ps-value">{safe(value)}</span>'
        if evidence:
            title = t(language, "your_words")
            body += f'<q class="ps-words" title="{title}">{safe(evidence)}</q>'
    elif slot in EXTRAS:
        classes.append("is-skipped")
        none = "default_terms" if slot == "terms" and state.offer else f"none_{slot}"
        body = f'<span class="ps-value">{t(language, none)}</span>'
    elif slot in state.skipped:
        classes.append("is-skipped")
        body = f'<span class="ps-value">{t(language, "left_out")}</span>'
    else:
        classes.append("is-missing")
        body = f'<span class="ps-value">{t(language, "missing")}</span>'
        if slot in OPTIONAL:
            marks.append(f'<span class="ps-mark">{t(language, "optional")}</span>')
    if slot == state.asking and value is None:
        classes.append("is-asked")
    if slot in state.marked:
        marks.append(f'<span class="ps-mark is-warning">{t(language, "marked")}</span>')
    options = "".join(f'<option value="{safe(o)}"></option>' for o in suggestions(slot, state, catalog, language))
    field = f"ps-field-{slot}"
    return (
        f'<div class="{" ".join(classes)}" data-slot="{slot}">'
        f'<button type="button" class="ps-show" aria-label="{t(language, "edit")}: {name}">'
        f'<span class="ps-name">{name}{"".join(marks)}</span><span class="ps-body">{body}</span></button>'
        f'<form class="ps-edit" autocomplete="off"><label for="{field}">{name}</label>'
        f'<input id="{field}" name="value" maxlength="200" value="{safe(value or "")}" list="{field}-list" '
        f'enterkeyhint="done" placeholder="{t(language, "empty_hint")}"><datalist id="{field}-list">{options}</datalist>'
        f'<button type="submit">{t(language, "save")}</button>'
        f'<button type="button" class="ps-cancel">{t(language, "cancel")}</button></form></div>'
    )


SCRIPT = """
const close = () => element.querySelectorAll('.ps-row.is-open').forEach(row => row.classList.remove('is-open'));
element.addEventListener('click', event => {
  const show = event.target.closest('.ps-show');
  if (show) {
    close();
    const row = show.closest('.ps-row');
    const field = row.querySelector('input');
    row.classList.add('is-open');
    field.value = field.getAttribute('value') || '';
    field.focus();
    field.select();
  } else if (event.target.closest('.ps-cancel')) {
    close();
  }
});
element.addEventListener('keydown', event => { if (event.key === 'Escape') close(); });
element.addEventListener('submit', event => {
  event.preventDefault();
  const row = event.target.closest('.ps-row');
  const value = row.querySelector('input').value.trim();
  const before = row.querySelector('input').getAttribute('value') || '';
  close();
  if (value !== before) trigger('submit', {slot: row.dataset.slot, value: value});
});
"""
"""Runs once in the browser; `element` is the card's root, `trigger` sends an event to Python."""
