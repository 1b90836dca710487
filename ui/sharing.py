"""The panel that shares a promotion by a link and closes its links, as HTML, and what its buttons do.

A link is shown once, when it is made: only its hash is kept. Pure but for `act`.
"""

from pipelines.shares import ShareError, Shares
from slots.schema import Language
from ui.card import safe
from ui.frame import SHARED
from ui.problems import explain
from ui.texts import t


def sharing_html(language: Language, *, links: int = 0, token: str = "", told: str = "", turn: int = 0) -> str:
    """The panel. `links`: how many are open; `token`: of a link that was just made; `told`: what just happened."""
    made = ""
    if token:
        made = (
            f'<div class="ps-link"><input readonly aria-label="{t(language, "share_title")}" value="./{SHARED}?t={token}">'
            f'<button type="button" class="ps-link-copy" data-done="{t(language, "copied")}">{t(language, "share_copy")}</button>'
            f"</div><p>{t(language, 'share_once')}</p>"
        )
    revoke = (
        f'<button type="button" class="ps-revoke" data-do="revoke">{t(language, "share_revoke")}</button>'
        if links
        else ""
    )
    count = f"<span>{t(language, 'share_count', n=links)}</span>" if links else ""
    label = t(language, "share_again" if links else "share")
    return (
        f'<section class="ps-sharing" data-turn="{turn}"><h2>{t(language, "share_title")}</h2>'
        f"<p>{t(language, 'share_why')}</p>{made}"
        f'<p class="ps-told" role="status">{safe(told)}</p>'
        f'<div class="ps-row-of"><button type="button" class="ps-share" data-do="share">{label}</button>{revoke}{count}</div>'
        "</section>"
    )


def act(shares: Shares, promotion: str, what: object, language: Language) -> str:
    """Does what a button asks for (`share`, `revoke`) with a promotion that is the visitor's; gives the new panel."""
    try:
        if what == "share":
            token = shares.share(promotion)
            return sharing_html(language, links=shares.links(promotion), token=token)
        if what == "revoke":
            shares.revoke(promotion)
            return sharing_html(language, told=t(language, "share_revoked"))
        return sharing_html(language, links=shares.links(promotion))
    except ShareError as error:
        return sharing_html(language, told=t(language, "share_error", error=explain(error, language)))


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
