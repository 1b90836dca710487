"""The panel "Does it pay?": price, cost and margin a piece, what the brief's offer does to them, and offers that pay.

Pure: a brief in, HTML out; whatever came from a user or a file is escaped here. Suggestions are only shown, never
chosen. The script at the end hands a typed cost and an accepted offer over as events; the latter is an edit of the
card's offer like any other.
"""

from decimal import Decimal

from pipelines.offers import MAX_COST, Margin, OffersError, Verdict, cents, judge, per_cent
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import Language
from slots.values import GIFTS
from ui.card import safe
from ui.texts import t

ASKING = ("no_cost", "currency")
"""Errors that a cost of the user's own would cure."""


def margin_html(
    brief: Brief | None,
    catalog: Catalog,
    language: Language,
    cost: Decimal | None = None,
    *,
    refused: str | None = None,
) -> str:
    """The panel; nothing without a priced brief. `cost` is the user's own; `refused` was typed as one and is none."""
    if brief is None or brief.price is None:
        return ""
    try:
        body = _verdict(judge(brief, catalog, cost=cost), brief, language, refused)
    except OffersError as error:
        asks = error.code in ASKING
        facts = _facts((_price(brief.price.unit, language), _cost_cell(None, language, refused))) if asks else ""
        body = facts + ("" if refused is not None else _remark(problem_words(error, brief, language)))
        body += _refused(refused, language)
    each = t(language, "margin_each", currency=safe(brief.price.currency))
    return (
        f'<section class="ps-margin"><header><h2>{t(language, "margin_title")}</h2><p>{each}</p></header>'
        f"{body}</section>"
    )


def money(amount: Decimal) -> str:
    """`$1,234.50`, a loss with its minus sign; escaped."""
    rounded = cents(amount)
    return safe(f"{'−' if rounded < 0 else ''}${abs(rounded):,.2f}")


def percent(share: Decimal, language: Language) -> str:
    """A share in whole per cent: `54 %` in Spanish, `54%` in English; never 0 for more than nothing."""
    number = per_cent(share)
    digits = "<1" if share > 0 and number == 0 else f"{'−' if number < 0 else ''}{abs(number):,}"
    return safe(f"{digits}\u00a0%" if language == "es" else f"{digits}%")


def problem_words(error: OffersError, brief: Brief, language: Language) -> str:
    """An error in the screen's language, with its cure; escaped."""
    offer = brief.offer
    gift = (GIFTS.get(offer.words, offer.words) if language == "es" else offer.words) if offer else ""
    return t(
        language,
        f"margin_{error.code}",
        currency=safe(brief.price.currency if brief.price else ""),
        offer=safe(offer.display(language) if offer else ""),
        gift=safe(gift),
        typed="",
        most=f"{MAX_COST:,}",
    )


def _verdict(verdict: Verdict, brief: Brief, language: Language, refused: str | None) -> str:
    plain = verdict.plain
    body = _facts((_price(plain.price, language), _cost_cell(plain, language, refused), _left(plain, language)))
    body += _refused(refused, language)
    if plain.loses:
        body += _remark(t(language, "margin_below", loss=money(-plain.margin)), "is-loss")
    if verdict.asked is not None:
        body += _asked(verdict.asked, language)
    elif verdict.problem is not None and brief.offer is not None:
        body += _offer_title(brief.offer.display(language), language)
        body += _remark(problem_words(verdict.problem, brief, language))
    return body + _suggested(verdict, language)


def _facts(cells: tuple[str, ...]) -> str:
    return f'<div class="ps-facts">{"".join(cells)}</div>'


def _cell(name: str, value: str, below: str = "", kind: str = "") -> str:
    small = f"<small>{below}</small>" if below else ""
    return f'<div class="ps-fact{kind}"><span class="ps-name">{name}</span><span class="ps-figure">{value}</span>{small}</div>'


def _price(price: Decimal, language: Language) -> str:
    return _cell(t(language, "margin_price"), money(price))


def _left(margin: Margin, language: Language) -> str:
    kind = " is-loss" if margin.loses else " is-margin"
    name = t(language, "margin_loses" if margin.loses else "margin_margin")
    return _cell(name, money(margin.margin), percent(margin.share, language), kind)


def _cost_cell(plain: Margin | None, language: Language, refused: str | None) -> str:
    """The one field of the panel. Its value is what stands, or what was typed and refused."""
    known = f"{cents(plain.cost):f}" if plain else ""
    wrong = ' aria-invalid="true" aria-describedby="ps-cost-why"' if refused is not None else ""
    mark = "<small></small>"
    if plain is not None and plain.assumed:
        why = t(language, "margin_assumed_why")
        mark = f'<span class="ps-mark is-warning" title="{why}">{t(language, "margin_assumed")}</span>'
    elif plain is not None:
        mark = f'<span class="ps-mark">{t(language, "margin_yours")}</span>'
    value = known if refused is None else refused
    return (
        f'<form class="ps-fact ps-cost" autocomplete="off"><label class="ps-name" for="ps-cost">'
        f"{t(language, 'margin_cost')}</label>"
        f'<span class="ps-cost-field"><i aria-hidden="true">{safe("$")}</i><input id="ps-cost" name="cost" '
        f'inputmode="decimal" enterkeyhint="done" maxlength="12" value="{safe(value)}" '
        f'placeholder="0.00"{wrong}>'
        f'<button type="submit" aria-label="{t(language, "margin_apply")}">OK</button></span>{mark}</form>'
    )


def _refused(refused: str | None, language: Language) -> str:
    if refused is None:
        return ""
    words = t(language, "margin_refused", typed=safe(refused), most=f"{MAX_COST:,}")
    return f'<p class="ps-remark is-loss" id="ps-cost-why" role="alert">{words}</p>'


def _remark(words: str, kind: str = "") -> str:
    return f'<p class="ps-remark {kind}" role="status">{words}</p>'


def _offer_title(words: str, language: Language) -> str:
    return f"<h3>{t(language, 'margin_with')}: <b>{safe(words)}</b></h3>"


def _asked(asked: Margin, language: Language) -> str:
    """What the brief's own offer does: said plainly when it loses money, and made as asked all the same."""
    assert asked.offer is not None
    cells = (
        _cell(t(language, "margin_brings"), money(asked.revenue)),
        _cell(t(language, "margin_costs"), money(asked.cost)),
        _left(asked, language),
    )
    if asked.loses:
        words = f"<b>{t(language, 'margin_loss', loss=money(-asked.margin))}</b> {t(language, 'margin_loss_why')}"
        said = _remark(words, "is-loss")
    elif asked.uplift is None:
        said = _remark(t(language, "margin_even"))
    elif asked.uplift == 0:
        said = _remark(t(language, "margin_same"))
    else:
        more = f"<b>+{percent(asked.uplift, language)}</b>"
        pieces = per_cent(asked.uplift + 1)
        said = _remark(t(language, "margin_uplift", uplift=more, pieces=f"{pieces:,}"))
    return f'<div class="ps-asked">{_offer_title(asked.offer.display(language), language)}{_facts(cells)}{said}</div>'


def _suggested(verdict: Verdict, language: Language) -> str:
    if not verdict.suggested:
        return "" if verdict.plain.loses else f'<p class="ps-none">{t(language, "margin_none")}</p>'
    pays = verdict.asked is not None and verdict.asked.margin > 0
    rows = "".join(_row(margin, language) for margin in verdict.suggested)
    return (
        f"<h3>{t(language, 'margin_other' if pays else 'margin_better')}"
        f'<small>{t(language, "margin_more")}</small></h3><ul class="ps-offers">{rows}</ul>'
    )


def _row(margin: Margin, language: Language) -> str:
    assert margin.offer is not None
    assert margin.uplift is not None
    words = margin.offer.display(language)
    share = percent(margin.share, language)
    more = t(language, "margin_row_uplift", uplift=f"<b>+{percent(margin.uplift, language)}</b>")
    use = t(language, "margin_use")
    return (
        f'<li><div><b class="ps-offer">{safe(words[:1].upper() + words[1:])}</b>'
        f"<span>{t(language, 'margin_row', margin=money(margin.margin), share=share)}</span>"
        f"<span>{more}</span></div>"
        f'<button type="button" class="ps-use" data-offer="{safe(words)}" aria-label="{use}: {safe(words)}">{use}</button></li>'
    )


SCRIPT = """
element.addEventListener('submit', event => {
  event.preventDefault();
  event.target.querySelector('input').blur();  // which tells the change, once
});
element.addEventListener('change', event => {
  const typed = event.target.value.trim();
  if (typed !== event.target.getAttribute('value')) trigger('apply', {cost: typed});
});
element.addEventListener('click', event => {
  const use = event.target.closest('.ps-use');
  if (!use || use.disabled) return;
  use.disabled = true;
  setTimeout(() => { use.disabled = false; }, 1500);
  trigger('submit', {slot: 'offer', value: use.dataset.offer});
  if (window.innerWidth <= 900) document.querySelector('#ps-card').scrollIntoView({behavior: 'smooth', block: 'start'});
});
"""
"""Runs once in the browser; `element` is the panel's root, `trigger` sends an event to Python."""
