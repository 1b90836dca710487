"""The panel that shares a promotion by a link and closes its links, as HTML, and what its buttons do.

A link is shown once, when it is made: only its hash is kept.
"""

import secrets

from pipelines.shares import ShareError, Shares
from slots.schema import Language
from ui.card import safe
from ui.frame import SHARED
from ui.problems import explain
from ui.texts import t


def sharing_html(language: Language, *, links: int | None = 0, token: str = "", told: str = "") -> str:
    """The panel. `links`: how many are open, None where that cannot be read; `token`: of a link that was just made; `told`:
    what just happened. No two are the same: the browser draws only what differs, and the button that was pressed stays
    disabled until it is drawn again.
    """
    made = ""
    if token:
        made = (
            f'<div class="ps-link"><input readonly aria-label="{t(language, "share_title")}" value="./{SHARED}?t={token}">'
            f'<button type="button" class="ps-link-copy" data-done="{t(language, "copied")}">{t(language, "share_copy")}</button>'
            f"</div><p>{t(language, 'share_once')}</p>"
        )
    revoke = (
        f'<button type="button" class="ps-revoke" data-do="revoke">{t(language, "share_revoke")}</button>'
        if links != 0
        else ""
    )
    count = f"<span>{t(language, 'share_count', n=links)}</span>" if links else ""
    label = t(language, "share_again" if links != 0 else "share")
    return (
        f'<section class="ps-sharing" data-turn="{secrets.randbits(32)}"><h2>{t(language, "share_title")}</h2>'
        f"<p>{t(language, 'share_why')}</p>{made}"
        f'<p class="ps-told" role="status">{safe(told)}</p>'
        f'<div class="ps-row-of"><button type="button" class="ps-share" data-do="share">{label}</button>{revoke}{count}</div>'
        "</section>"
    )


def act(shares: Shares, promotion: str, what: object, language: Language) -> str:
    """Does what a button asks for (`share`, `revoke`) with a promotion that is the visitor's; gives the new panel."""
    token = told = ""
    try:
        if what == "share":
            token = shares.share(promotion)
        elif what == "revoke":
            shares.revoke(promotion)
            told = t(language, "share_revoked")
    except ShareError as error:
        told = problem(error, language)
    return panel(shares, promotion, language, token=token, told=told)


def panel(shares: Shares, promotion: str, language: Language, *, token: str = "", told: str = "") -> str:
    """The panel of a promotion that is the visitor's, with the links that are open now."""
    try:
        return sharing_html(language, links=shares.links(promotion), token=token, told=told)
    except ShareError as error:
        return sharing_html(language, links=None, token=token, told=told or problem(error, language))


def problem(error: ShareError, language: Language) -> str:
    """Why it could not be shared, as the panel says it."""
    return t(language, "share_error", error=explain(error, language))


SCRIPT = """
const whole = () => element.querySelectorAll('.ps-link input').forEach(field => {
  const base = window.location.href.replace(/[?#].*$/, '').replace(/[^/]*$/, '');
  if (field.value.startsWith('./')) field.value = new URL(field.value, base).href;
});
whole();
watch('value', () => setTimeout(whole, 50));
element.addEventListener('focusin', event => { if (event.target.matches('.ps-link input')) { whole(); event.target.select(); } });
element.addEventListener('click', async event => {
  const copy = event.target.closest('.ps-link-copy');
  if (copy) {
    whole();
    const field = element.querySelector('.ps-link input');
    try { await navigator.clipboard.writeText(field.value); }
    catch (refused) { field.select(); document.execCommand('copy'); }
    const before = copy.textContent;
    copy.textContent = copy.dataset.done;
    setTimeout(() => { copy.textContent = before; }, 1600);
    return;
  }
  const button = event.target.closest('[data-do]');
  if (button) { button.disabled = true; trigger('submit', {do: button.dataset.do}); }
});
"""
"""Runs once in the browser: makes the link whole (the page knows its own address best), copies it, hands clicks over."""
