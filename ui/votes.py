"""Votes on one part of a promotion, as HTML with its form, and how they are kept (`pipelines.cases`).

Pure but for `keep` and `tally`. A voter is a name with a short sign of their browser behind it, so that nobody can
overwrite the vote of another Ana; a visitor who signs with another name, or sends nothing, takes the earlier vote back.
"""

import logging
import unicodedata
from typing import TYPE_CHECKING, Any

from slots.schema import Language
from ui.card import safe
from ui.texts import t
from ui.visitor import sign

if TYPE_CHECKING:
    from pipelines.cases import CaseStore, Vote
    from ui.house import House

log = logging.getLogger("promo_studio")

SIGN = " · "
NAME, COMMENT = 60, 1000
"""Most characters of a name and a comment."""
_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 22V11l4-9a3 3 0 0 1 3 3v4h5.7a2 2 0 0 1 2 2.3l-1.4 9a2 2 0 0 1-2 '
    '1.7zM7 22H4a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2h3"/></svg>'
)


def tidy(name: object) -> str:
    """A name as it is shown: one line, without control characters and our own sign; empty for what is none."""
    if not isinstance(name, str):
        return ""
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", name))
    return " ".join(kept.replace(SIGN.strip(), " ").split())[:NAME]


def tally(house: "House", promotion: str) -> "list[Vote] | None":
    """The votes on a promotion; None where they cannot be read just now."""
    try:
        return house.cases.votes("promotion", promotion)
    except Exception as error:  # a page that shows a promotion must not fail with its votes
        log.warning("votes cannot be read: %s", error)
        return None


def keep(cases: "CaseStore", promotion: str, part: str, visitor: str, name: str, data: dict[str, Any]) -> bool:
    """Keeps a vote; an empty one takes the visitor's earlier vote back. Gives whether there is a vote of theirs now.

    Raises ValueError for what is no vote and takes none back, CaseError when it cannot be kept.
    """
    from pipelines.cases import Vote
    from pipelines.cases.store import summarise

    thumb, stars, comment = data.get("thumb") or 0, data.get("stars") or None, data.get("comment") or ""
    if not isinstance(comment, str):
        raise ValueError("a comment is text")
    vote = Vote("promotion", promotion, f"{name}{SIGN}{sign(visitor)}", part, thumb, stars, comment.strip()[:COMMENT])
    given = bool(summarise([vote]).count)
    theirs = [v for v in cases.votes("promotion", promotion, part) if v.who.endswith(SIGN + sign(visitor))]
    if not given and not summarise(theirs).count:
        raise ValueError("a vote needs a thumb, stars or a comment")
    for earlier in theirs:
        if not given or earlier.voter != vote.voter:
            cases.vote(Vote("promotion", promotion, earlier.who, part))  # taken back; the history keeps it
    if given:
        cases.vote(vote)
    return given


def votes_html(
    votes: "list[Vote] | None", part: str, visitor: str, language: Language, *, told: str = "", turn: int = 0
) -> str:
    """The form of one part and what people think of it."""
    if votes is None:
        return f'<p class="ps-empty">{t(language, "vote_off")}</p>'
    from pipelines.cases.store import summarise

    here = [vote for vote in votes if vote.part == part]
    mine = next((vote for vote in here if vote.who.endswith(SIGN + sign(visitor))), None)
    thumb, stars, comment = (mine.thumb, mine.stars or 0, mine.comment) if mine else (0, 0, "")
    thumbs = "".join(
        f'<button type="button" class="ps-thumb is-{side}" data-thumb="{value}" aria-pressed="{str(thumb == value).lower()}" '
        f'title="{t(language, f"vote_{side}")}" aria-label="{t(language, f"vote_{side}")}">{_THUMB}</button>'
        for side, value in (("up", 1), ("down", -1))
    )
    star = "".join(
        f'<button type="button" class="ps-star" data-stars="{n}" aria-pressed="{str(n <= stars).lower()}" '
        f'aria-label="{n}">★</button>'
        for n in range(1, 6)
    )
    field = f"ps-comment-{part}"
    return (
        f'<form class="ps-vote" data-part="{part}" data-turn="{turn}" autocomplete="off"><div class="ps-marks-of">'
        f'<span class="ps-thumbs">{thumbs}</span>'
        f'<span class="ps-stars" role="group" aria-label="{t(language, "vote_stars")}">{star}</span></div>'
        f'<label for="{field}">{t(language, "vote_comment")}</label>'
        f'<div class="ps-say"><textarea id="{field}" name="comment" rows="1" maxlength="{COMMENT}" '
        f'placeholder="{t(language, "vote_comment_hint")}">{safe(comment)}</textarea>'
        f'<button type="submit">{t(language, "vote_send")}</button></div>'
        f'<p class="ps-told" role="status">{safe(told)}</p>{_opinions(here, summarise(here), language)}</form>'
    )


def _opinions(votes: "list[Vote]", summary: Any, language: Language) -> str:
    if not summary.count:
        return f'<p class="ps-tally">{t(language, "vote_none")}</p>'
    words = []
    if summary.up or summary.down:
        words.append(t(language, "vote_count", up=summary.up, down=summary.down))
    if summary.mean is not None:
        starred = sum(vote.stars is not None for vote in votes)
        words.append("★ " + t(language, "vote_mean", mean=f"{summary.mean:.1f}", count=starred))
    said = "".join(
        f"<li><b>{safe(vote.who.rpartition(SIGN)[0] or vote.who)}</b> {safe(vote.comment)}</li>"
        for vote in reversed(votes)
        if vote.comment
    )
    return f'<p class="ps-tally">{" · ".join(words)}</p>' + (f'<ul class="ps-comments">{said}</ul>' if said else "")


SCRIPT = """
const press = (selector, test) => element.querySelectorAll(selector).forEach(
  button => button.setAttribute('aria-pressed', String(test(button))));
const on = button => button.getAttribute('aria-pressed') === 'true';
element.addEventListener('click', event => {
  const thumb = event.target.closest('[data-thumb]'), star = event.target.closest('[data-stars]');
  if (thumb) { const was = on(thumb); press('[data-thumb]', button => button === thumb && !was); }
  if (star) {
    const number = Number(star.dataset.stars);
    const lit = [...element.querySelectorAll('[data-stars]')].filter(on).length;
    press('[data-stars]', button => Number(button.dataset.stars) <= number && lit !== number);
  }
});
element.addEventListener('submit', event => {
  event.preventDefault();
  const chosen = [...element.querySelectorAll('[data-thumb]')].find(on);
  trigger('submit', {
    thumb: chosen ? Number(chosen.dataset.thumb) : 0,
    stars: [...element.querySelectorAll('[data-stars]')].filter(on).length,
    comment: element.querySelector('textarea').value,
  });
});
"""
"""Runs once in the browser; hands a vote over when it is sent."""
