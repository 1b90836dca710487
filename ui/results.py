"""What was made, as HTML: progress, promotional texts, notes, models. Pure; escapes all that it is given."""

import re
from pathlib import Path
from typing import Any

from pipelines.promotion import Event, Promotion
from slots.schema import Language
from slots.state import Note
from ui.card import safe
from ui.texts import REASONS, TEXTS, t

_PALETTE = ("tomato", "mustard", "agave")


def texts_html(promotion: Promotion | None, language: Language, *, waiting: bool = False) -> str:
    """The promo texts as cards with a copy button, who wrote them, and the checks that they passed."""
    head = f"<h2>{t(language, 'texts_title')}</h2>"
    if promotion is not None and promotion.brief.promotion == "image":
        return f'<section class="ps-texts">{head}<p class="ps-empty">{t(language, "texts_none")}</p></section>'
    promos = promotion.promos if promotion else ()
    if not promos:
        body = "".join(f'<div class="ps-promo is-ghost{" is-live" if waiting else ""}"></div>' for _ in range(3))
        note = "progress_texts" if waiting else "texts_empty"
        body = f'<p class="ps-empty">{t(language, note)}</p><div class="ps-promos">{body}</div>'
        return f'<section class="ps-texts">{head}{body}</section>'
    cards = "".join(_promo(promo, number, language) for number, promo in enumerate(promos))
    return f'<section class="ps-texts">{head}<div class="ps-promos">{cards}</div></section>'


def _promo(promo: Any, number: int, language: Language) -> str:
    by_model = promo.source == "model"
    badge = t(language, "by_model" if by_model else "by_fallback")
    why = t(language, "by_model_why" if by_model else "by_fallback_why")
    checks = "".join(
        f'<li class="{"is-passed" if check.passed else "is-failed"}" title="{safe(check.detail or "")}">'
        f"{safe(check_name(check.name, language))}</li>"
        for check in promo.checks
    )
    details = f"<details><summary>{t(language, 'checks')} ({len(promo.checks)})</summary><ul>{checks}</ul></details>"
    return (
        f'<div role="article" class="ps-promo is-{_PALETTE[number % len(_PALETTE)]}">'
        f'<p class="ps-promo-text">{safe(promo.text)}</p>'
        f'<footer><span class="ps-badge is-{"model" if by_model else "fallback"}" title="{why}">{badge}</span>'
        f"{details if promo.checks else ''}"
        f'<button type="button" class="ps-copy" data-done="{t(language, "copied")}">{t(language, "copy")}</button>'
        "</footer></div>"
    )


def check_name(name: str, language: Language) -> str:
    """A check's name on the screen; a check that the screens do not know yet is shown by its own name."""
    return TEXTS[language].get(f"check_{name.replace(chr(32), chr(95))}", name.replace("_", " "))


def progress_html(
    event: Event | None,
    language: Language,
    *,
    phase: str = "idle",
    ahead: int = 0,
    seconds: float = 0.0,
    problem: str = "",
) -> str:
    """One line of what is being made, with a bar. `phase`: idle, waiting, texts, making, done, stopped, failed."""
    if phase == "idle":
        return ""
    share = 0.0
    if phase == "waiting":
        words = t(language, "progress_waiting", ahead=ahead)
    elif phase == "texts" or event is None:
        words, share = t(language, "progress_texts"), 0.03
    elif phase == "done":
        words, share = t(language, "progress_done", seconds=f"{seconds:.1f}"), 1.0
    elif phase == "failed":
        words = safe(problem)
    elif phase == "stopped":
        words = t(language, "progress_stopped")
    else:
        posters = max(event.posters, 1)
        current = event.poster if event.kind != "texts" else 1
        within = event.step / event.steps if event.kind == "step" and event.steps else float(event.kind == "poster")
        share = min(1.0, 0.05 + 0.95 * (current - 1 + within) / posters)
        values = {"poster": current, "posters": posters}
        if event.kind == "step":
            words = t(language, "progress_step", **values, step=event.step, steps=event.steps)
        elif event.kind == "poster" and current < posters:
            words = t(language, "progress_loading_poster", poster=current + 1, posters=posters)
        elif event.kind == "poster" or not event.posters:
            words = t(language, "progress_packing")
        else:
            words = t(language, "progress_loading")
    live = phase in ("waiting", "texts", "making")
    talk = f'<span class="ps-talk">{t(language, "talk_on")}</span>' if live else ""
    return (
        f'<div class="ps-progress is-{phase}" role="status" aria-live="polite">'
        f'<div class="ps-bar"><i style="width:{share * 100:.1f}%"></i></div>'
        f"<p><b>{words}</b> {talk}</p></div>"
    )


def posters_head_html(promotion: Promotion | None, language: Language, *, making: bool = False, count: int = 2) -> str:
    """The heading over the gallery, and the empty easels while there is no poster yet."""
    head = f"<h2>{t(language, 'posters_title')}</h2>"
    if promotion is not None and promotion.brief.promotion == "text":
        return f'<section class="ps-posters">{head}<p class="ps-empty">{t(language, "posters_none")}</p></section>'
    if count <= 0 or (promotion is not None and promotion.posters):
        return f'<section class="ps-posters">{head}</section>'
    easels = f'<div class="ps-easel{" is-live" if making else ""}"></div>' * count
    words = "" if making else f'<p class="ps-empty">{t(language, "posters_empty")}</p>'
    return f'<section class="ps-posters">{head}{words}<div class="ps-easels">{easels}</div></section>'


def gallery_items(promotion: Promotion | None, language: Language) -> list[tuple[Path, str]]:
    """(file, caption with the seed, and whether the scene is drawn) of each poster."""
    if promotion is None:
        return []
    return [
        (
            promotion.folder / poster.file,
            f"{t(language, 'poster', number=number)} · {t(language, 'seed', seed=poster.seed)}"
            + (f" · {t(language, 'drawn_mark')}" if poster.drawn else ""),
        )
        for number, poster in enumerate(promotion.posters, 1)
    ]


def notes_html(notes: tuple[Note, ...], poster_notes: tuple[str, ...], language: Language) -> str:
    """Remarks to read before publishing, each with its source; nothing when there are none."""
    lines = []
    for note in notes:
        source = f" <cite>{t(language, 'source')}: {_linked(note.source)}</cite>" if note.source else ""
        lines.append(f"<li>{safe(note.text)}{source}</li>")
    lines += [f"<li>{safe(text)}</li>" for text in poster_notes]
    if not lines:
        return ""
    return f'<section class="ps-notes"><h2>{t(language, "notes_title")}</h2><ul>{"".join(lines)}</ul></section>'


def _linked(source: str) -> str:
    if re.fullmatch(r"https://[^\s\"'<>]+", source):
        return f'<a href="{safe(source)}" target="_blank" rel="noopener noreferrer">{safe(source)}</a>'
    return safe(source)


def reason_words(reason: str, language: Language) -> str:
    """A back end's reason, phrase by phrase; what has no Spanish (a name, a version) stays as it is."""
    if language == "en":
        return reason
    phrases = [phrase.split(": ") for phrase in reason.split("; ")]
    return "; ".join(": ".join(REASONS.get(part, part) for part in parts) for parts in phrases)


def models_html(info: dict[str, dict[str, Any]] | None, language: Language, problem: str = "") -> str:
    """Which models and back ends run, and why; `problem` is shown when they cannot be loaded."""
    rows = ""
    for kind, facts in (info or {}).items():
        revision = f" <small>{safe(str(facts.get('revision', '')))}</small>" if facts.get("revision") else ""
        rows += (
            f"<dt>{t(language, f'models_{kind}')}</dt><dd><b>{safe(str(facts['name']))}</b>{revision} · "
            f"{safe(str(facts['backend']))}<br><small>{t(language, 'models_why')}: {safe(reason_words(str(facts['reason']), language))}</small></dd>"
        )
    if problem:
        rows = f'<dd class="is-failed">{safe(problem)}</dd>'
    elif not rows:
        rows = f"<dd>{t(language, 'models_loading')}</dd>"
    return f'<dl class="ps-models">{rows}</dl><p class="ps-honest">{t(language, "models_honest")}</p>'


COPY_SCRIPT = """
element.addEventListener('click', async event => {
  const button = event.target.closest('.ps-copy');
  if (!button) return;
  const text = button.closest('.ps-promo').querySelector('.ps-promo-text').innerText;
  try {
    await navigator.clipboard.writeText(text);
  } catch (refused) {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.appendChild(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const before = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = before; }, 1600);
});
"""
"""Copies a text; pages without a secure address have no clipboard interface, hence the second way."""

SCROLL_SCRIPT = """() => {
  const bar = document.querySelector('#ps-progress .is-texts, #ps-progress .is-waiting');
  if (bar && window.innerWidth <= 900) bar.scrollIntoView({behavior: 'smooth', block: 'start'});
}"""
"""On a phone the results lie below the chat: when a making starts, the page goes there."""
