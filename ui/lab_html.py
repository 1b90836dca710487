"""What the prompt lab shows, as HTML: results of variants, a grid of texts, a table of briefs, the stages of a reading.

Pure; escapes all that it is given: prompts, outputs and messages are text.
"""

import re
from collections.abc import Sequence
from typing import Any

from pipelines import lab
from pipelines.lab import BriefOutcome, Grid, Outcome, Output, Progress
from pipelines.lab_settings import shown
from pipelines.lab_trace import PROVEN, Step, Trace
from pipelines.scene import place_name
from slots.brief import Brief
from slots.catalog import Catalog
from slots.schema import SLOTS, Language
from slots.state import State
from ui.card import card_html, safe
from ui.card import shown as value_shown
from ui.lab_texts import lt
from ui.problems import explain
from ui.results import check_name, reason_words
from ui.texts import t

_TAG = re.compile(r"\[[A-Z]+\]")


def percent(share: float) -> str:
    """`87 %`."""
    return f"{share * 100:.0f} %"


def tagged(text: str) -> str:
    """Raw output with its tags marked, escaped."""
    parts, end = [], 0
    for match in _TAG.finditer(text):
        parts += [safe(text[end : match.start()]), f"<mark>{safe(match[0])}</mark>"]
        end = match.end()
    return "".join([*parts, safe(text[end:])])


def idle_html(letter: str, language: Language) -> str:
    """A variant that was not run yet."""
    return f'<p class="lab-idle">{lt(language, "idle", letter=letter)}</p>'


def working_html(progress: Progress | None, language: Language, extra: str = "") -> str:
    """What is being done, with a bar where the steps are known."""
    words, share = lt(language, "working"), 0.03
    if progress is not None and progress.steps:
        share = min(1.0, max(0.03, progress.step / progress.steps))
        if progress.step:
            words += " " + lt(language, "step", step=progress.step, steps=progress.steps)
    return (
        f'<div class="ps-progress is-making lab-working" role="status"><div class="ps-bar"><i style="width:{share * 100:.1f}%">'
        f"</i></div><p><b>{extra or words}</b></p></div>"
    )


def note_html(words: str, kind: str = "") -> str:
    """One line of answer; `kind`: empty, `good` or `bad`."""
    return f'<p class="lab-note{f" is-{kind}" if kind else ""}" role="status">{safe(words)}</p>' if words else ""


def error_html(error: str, language: Language) -> str:
    """Why there is no result."""
    return f'<div class="lab-error" role="alert"><b>{lt(language, "failed")}</b><p>{safe(error)}</p></div>'


def failure(failed: Outcome | BriefOutcome, language: Language) -> str:
    """Why a variant or a brief gave nothing, in the page's words; empty when it gave something."""
    return explain(failed.cause, language) if failed.cause is not None else failed.error


def outcome_html(outcome: Outcome, language: Language, catalog: Catalog) -> str:
    """A variant's result: texts, or what there is to say about a picture, or the stages of a reading."""
    if outcome.error:
        return error_html(failure(outcome, language), language)
    if outcome.stopped:
        return note_html(lt(language, "stopped"))
    if outcome.trace is not None:
        return trace_html(outcome.trace, language, catalog) + _foot(outcome, language)
    if outcome.variant.kind == "text":
        return _texts(outcome, language, catalog)
    return _scene(outcome, language)


def _texts(outcome: Outcome, language: Language, catalog: Catalog) -> str:
    facts, notes = [], []
    rate = outcome.pass_rate
    if rate is not None:
        kind = "good" if rate == 1 else "bad" if rate < 0.5 else "fair"
        words = lt(language, "passed", passed=outcome.passed, total=len(outcome.outputs))
        facts.append(f'<span class="lab-rate is-{kind}"><b>{percent(rate)}</b> {words}</span>')
    else:
        notes.append(lt(language, "unchecked"))
    if outcome.similarity is not None:
        words = f"{percent(outcome.similarity)} {lt(language, 'similarity')}"
        repeats = f" · {outcome.repeats} {lt(language, 'repeats')}" if outcome.repeats else ""
        facts.append(f'<span title="{lt(language, "similarity_why")}">{words}{repeats}</span>')
    if outcome.followed:
        slots = ", ".join(_slot(slot, language) for slot in outcome.followed)
        notes.append(lt(language, "followed", slots=slots))
    brief = outcome.variant.brief
    prompt = str(outcome.facts.get("prompt", ""))
    if brief is not None and (tags := lab.unfillable(prompt, lab.follow(brief, prompt)[0], catalog)):
        notes.append(lt(language, "unfillable", tags=" ".join(tags)))
    told = "".join(note_html(words) for words in notes)
    texts = "".join(_text(output, number, language) for number, output in enumerate(outcome.outputs, 1))
    return (
        f'<section class="lab-result"><header>{"".join(facts)}</header>{told}'
        f'<ol class="lab-outputs">{texts}</ol>{_foot(outcome, language)}</section>'
    )


def _text(output: Output, number: int, language: Language) -> str:
    failed = [check for check in output.checks if not check.passed]
    if not output.checks:
        checks = ""
    elif failed:
        items = "".join(
            f"<li><b>{safe(check_name(check.name, language))}</b>{f': {safe(check.detail)}' if check.detail else ''}</li>"
            for check in failed
        )
        checks = f'<ul class="lab-failed">{items}</ul>'
    else:
        names = ", ".join(check_name(check.name, language) for check in output.checks)
        words = lt(language, "all_passed", count=len(output.checks))
        checks = f'<p class="lab-passed" title="{safe(names)}">{words}</p>'
    state = "bad" if failed else "good" if output.checks else "open"
    return (
        f'<li class="is-{state}"><span class="lab-number">{number}</span><p class="lab-text">{safe(output.text)}</p>'
        f"{checks}<details><summary>{lt(language, 'raw')}</summary><code>{tagged(output.raw)}</code></details></li>"
    )


def _scene(outcome: Outcome, language: Language) -> str:
    facts = outcome.facts
    bars = "".join(
        f'<li><span>{safe(place_name(place, language))}</span><i style="--share:{share * 100:.1f}%"></i>'
        f"<b>{percent(share)}</b></li>"
        for place, share in outcome.opinion
    )
    values = {
        "place": safe(place_name(outcome.wanted_place, language)),
        "share": percent(float(facts.get("wanted_share", 0))),
        "threshold": percent(float(facts.get("threshold", 0))),
    }
    key = "judge_accepts" if outcome.accepted else "judge_refuses"
    verdict = f'<p class="lab-verdict is-{"good" if outcome.accepted else "bad"}">{lt(language, key, **values)}</p>'
    other = "" if facts.get("bundled", True) else note_html(lt(language, "judge_other"))
    used = " · ".join(
        f"{lt(language, name).lower()} {shown(facts[name])}"
        for name in ("steps", "guidance", "strength", "scheduler")
        if facts.get(name) not in (None, "")
    )
    return (
        f'<section class="lab-result"><h4>{lt(language, "judge")}</h4><ul class="lab-bars">{bars}</ul>{verdict}{other}'
        f'<p class="lab-used">{lt(language, "used")} {safe(used)}</p>{_foot(outcome, language)}</section>'
    )


def _foot(outcome: Outcome, language: Language) -> str:
    """Timings and which weights ran."""
    times = " · ".join(
        f"{lt(language, f'{name}_s')} {_seconds(value)}"
        for name, value in outcome.timings.items()
        if name != "load" or value >= 0.05
    )
    model = outcome.model
    if not model:
        return ""
    return (
        f'<footer class="lab-foot"><span>{safe(times)}</span><span title="{safe(reason_words(str(model.get("reason", "")), language))}">'
        f"{safe(str(model.get('name', '')))} · {lt(language, 'revision')} {safe(str(model.get('revision', ''))[:12])} · "
        f"{safe(str(model.get('backend', '')))}</span></footer>"
    )


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def _slot(slot: str, language: Language) -> str:
    return t(language, f"slot_{slot}") if slot in (*SLOTS, "offer", "terms", "variant") else t(language, slot)


def brief_html(brief: Brief | None, words: str, language: Language, catalog: Catalog) -> str:
    """What is loaded: a line about where it came from, and the brief as chips."""
    if brief is None:
        return note_html(words)
    values = {slot: value_shown(slot, value, catalog, language) for slot, value in brief.slots().items()}
    if brief.variant:
        values["variant"] = brief.variant
    if brief.offer:
        values["offer"] = brief.offer.display(language)
    chips = "".join(f"<li><span>{_slot(slot, language)}</span> {safe(value)}</li>" for slot, value in values.items())
    return f'<div class="lab-brief"><p>{safe(words)}</p><ul>{chips}<li><span>{t(language, "language")}</span> {brief.language.upper()}</li></ul></div>'


def grid_html(grid: Grid, outcomes: Sequence[Outcome], language: Language) -> str:
    """A grid of texts as a table: pass rate, likeness and the first text of each cell."""
    down = grid.axis_b.values if grid.axis_b else (None,)
    head = "".join(f"<th>{safe(axis(grid.axis_a.name, value, language))}</th>" for value in grid.axis_a.values)
    rows = []
    for number, value in enumerate(down):
        label = safe(axis(grid.axis_b.name, value, language)) if grid.axis_b else ""
        cells = []
        for column in range(grid.columns):
            place = number * grid.columns + column
            cells.append(_cell(outcomes[place] if place < len(outcomes) else None, language))
        rows.append(f"<tr><th>{label}</th>{''.join(cells)}</tr>")
    return (
        f'<div class="lab-scroll"><table class="lab-grid"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(outcome: Outcome | None, language: Language) -> str:
    if outcome is None:
        return "<td></td>"
    if outcome.error:
        return f'<td class="is-bad"><p>{safe(failure(outcome, language))}</p></td>'
    if outcome.stopped:
        return f"<td><p>{lt(language, 'stopped')}</p></td>"
    rate = outcome.pass_rate
    kind = "" if rate is None else "good" if rate == 1 else "bad" if rate < 0.5 else "fair"
    top = f'<b class="lab-rate is-{kind}">{percent(rate)}</b>' if rate is not None else ""
    like = (
        f"<small>{percent(outcome.similarity)} {lt(language, 'similarity')}</small>"
        if outcome.similarity is not None
        else ""
    )
    text = outcome.outputs[0].text if outcome.outputs else ""
    failing = ", ".join(f"{check_name(name, language)} {count}" for name, count in outcome.failing()[:3])
    return (
        f"<td>{top} {like}<p>{safe(text)}</p>"
        f"{f'<small class=lab-why>{safe(failing)}</small>' if failing else ''}"
        f"<small>{_seconds(outcome.timings.get('generate', 0))}</small></td>"
    )


def axis(name: str, value: Any, language: Language) -> str:
    """The label of a grid's row or column: `pasos 20`."""
    return f"{lt(language, name).lower() if name in _AXES else name} {shown(value)}"


_AXES = (
    "temperature", "top_p", "samples", "seed", "max_tokens", "decoding", "model", "backend", "steps", "guidance", "strength",
    "attempt", "scheduler", "layout", "format",
)  # fmt: skip


def batch_html(done: Sequence[BriefOutcome], language: Language, catalog: Catalog) -> str:
    """A set of briefs: what each way came to, and a line for each brief with the ways side by side."""
    if not done:
        return ""
    letters = list(dict.fromkeys(d.letter for d in done if d.row.brief is not None)) or [""]
    refused = [d for d in done if d.row.brief is None]
    ways = {
        letter: [*(d for d in done if d.row.brief is not None and d.letter == letter), *refused] for letter in letters
    }
    several = len(letters) > 1
    words = "".join(_batch_summary(ways[letter], letter if several else "", language) for letter in letters)
    lines: dict[int, dict[str, BriefOutcome]] = {}
    for d in done:
        lines.setdefault(d.row.number, {})[d.letter] = d
    keys = ("col_rate", "col_failed", "col_first", "col_seconds")
    heads = "".join(f"<th>{lt(language, key)}</th>" for key in ("col_line", "col_brief"))
    if several:
        heads += "".join(f"<th>{letter}</th>" for letter in letters)
    else:
        heads += "".join(f"<th>{lt(language, key)}</th>" for key in keys)
    body = "".join(_line(by_letter, letters, language, catalog) for by_letter in lines.values())
    return (
        f'{words}<div class="lab-scroll"><table class="lab-table{" is-several" if several else ""}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _batch_summary(done: Sequence[BriefOutcome], letter: str, language: Language) -> str:
    total = lab.summary(done)
    rate = percent(total.pass_rate) if total.pass_rate is not None else "–"
    words = lt(
        language, "batch_summary", briefs=total.briefs, texts=total.texts, rate=f"<b>{rate}</b>", failed=total.failed
    )
    if total.failing:
        names = ", ".join(f"{safe(check_name(name, language))} ({count})" for name, count in total.failing[:4])
        words += " " + lt(language, "batch_failing", names=names)
    return f'<p class="lab-summary">{f"<b>{letter}</b> · " if letter else ""}{words}</p>'


def _line(by_letter: dict[str, BriefOutcome], letters: Sequence[str], language: Language, catalog: Catalog) -> str:
    """One brief: `by_letter` its outcomes; a way that has not come to it yet leaves its cell empty."""
    first = next(iter(by_letter.values()))
    brief, name = first.row.brief, safe(first.row.name) if first.row.name else ""
    if brief is not None:
        values = [value_shown(s, v, catalog, language) for s, v in brief.slots().items() if s != "promotion"]
        name += f"{'<br>' if name else ''}{safe(' · '.join(values))}"
    if len(letters) > 1 and brief is not None:
        cells = "".join(_way(by_letter.get(letter), language) for letter in letters)
        return f"<tr><td>{first.row.number}</td><td>{name}</td>{cells}</tr>"
    span = 4 if len(letters) == 1 else len(letters)
    if first.error or first.outcome is None:
        named = f'<td>{name}</td><td colspan="{span}">' if name else f'<td colspan="{span + 1}">'
        return f'<tr class="is-bad"><td>{first.row.number}</td>{named}{safe(failure(first, language))}</td></tr>'
    outcome = first.outcome
    text = outcome.outputs[0].text if outcome.outputs else ""
    return (
        f"<tr><td>{first.row.number}</td><td>{name}</td><td>{_rate(outcome)}</td><td>{safe(_failing(outcome, language))}</td>"
        f"<td>{safe(text)}</td><td>{_seconds(sum(outcome.timings.values()))}</td></tr>"
    )


def _way(d: BriefOutcome | None, language: Language) -> str:
    """One brief in one of several ways: how many passed, the first text, what failed."""
    if d is None:
        return "<td></td>"
    if d.error or d.outcome is None:
        return f'<td class="is-bad">{safe(failure(d, language))}</td>'
    text = d.outcome.outputs[0].text if d.outcome.outputs else ""
    failing = _failing(d.outcome, language)
    told = f'<br><small class="is-failing">{safe(failing)}</small>' if failing else ""
    return (
        f"<td>{_rate(d.outcome)} <small>{_seconds(sum(d.outcome.timings.values()))}</small><br>{safe(text)}{told}</td>"
    )


def _rate(outcome: Outcome) -> str:
    rate = outcome.pass_rate
    return f"<b>{percent(rate) if rate is not None else '–'}</b> <small>{outcome.passed}/{len(outcome.outputs)}</small>"


def _failing(outcome: Outcome, language: Language) -> str:
    return ", ".join(f"{check_name(name, language)} {count}" for name, count in outcome.failing())


def trace_html(trace: Trace, language: Language, catalog: Catalog) -> str:
    """All stages of one reading, left to right, and the card that comes of it."""
    rows = "".join(_step(step, language, catalog) for step in trace.steps)
    heads = "".join(
        f"<th>{lt(language, key)}</th>"
        for key in ("col_slot", "col_wrote", "col_decoded", "col_fate", "col_value", "col_words")
    )
    table = (
        f'<div class="lab-scroll"><table class="lab-table lab-steps"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        if rows
        else note_html(lt(language, "nothing_read"))
    )
    key = "relevant" if trace.relevant else "irrelevant"
    score = lt(language, "relevance_score", score=f"{trace.relevance:.2f}", threshold=f"{trace.threshold:.2f}")
    why = "" if trace.why_relevant == "classifier" else f" {lt(language, f'why_{trace.why_relevant}')}"
    relevance = f'<p class="lab-verdict is-{"good" if trace.relevant else "bad"}"><b>{lt(language, key)}</b>{why} <small>{score}</small></p>'
    beside = [
        (lt(language, "offer_found"), trace.final.offer.display(language) if trace.final.offer else ""),
        (lt(language, "variant_found"), trace.final.variant or ""),
    ]
    extras = "".join(f"<li><span>{name}</span> {safe(value)}</li>" for name, value in beside if value)
    trials = "".join(
        f"<li><code>{tagged(text)}</code><b>→</b><code>{tagged(answer)}</code></li>" for text, answer in trace.trials
    )
    tried = (
        f"<details><summary>{lt(language, 'read_trials')} ({len(trace.trials)})</summary>"
        f'<p class="lab-idle">{lt(language, "read_trials_why")}</p><ul class="lab-trials">{trials}</ul></details>'
        if trials
        else ""
    )
    return (
        f'<section class="lab-reading"><div class="lab-pair"><div><h4>{lt(language, "read_source")}</h4>'
        f"<code>{tagged(trace.source)}</code></div><div><h4>{lt(language, 'read_raw')}</h4><code>{tagged(trace.raw)}</code></div></div>"
        f"<h4>{lt(language, 'relevance')}</h4>{relevance}<h4>{lt(language, 'read_slots')}</h4>{table}"
        f"{f'<ul class=lab-extras>{extras}</ul>' if extras else ''}{tried}"
        f'<h4>{lt(language, "read_card")}</h4><div class="lab-card" inert>{_card(trace, language, catalog)}</div></section>'
    )


def _step(step: Step, language: Language, catalog: Catalog) -> str:
    reason = step.reason or ("proven" if step.fate == PROVEN else "")
    stayed, count = step.figures
    why = lt(language, f"reason_{reason}", stayed=stayed, count=count) if reason else ""
    value = t(language, "left_out") if step.value == "none" else step.value
    if step.value and step.value != "none":
        value = value_shown(step.slot, step.value, catalog, language)
    return (
        f'<tr class="is-{step.fate}"><th>{_slot(step.slot, language)}</th><td><code>{tagged(step.wrote)}</code></td>'
        f"<td>{safe(step.decoded)}</td><td><b>{lt(language, f'fate_{step.fate}')}</b>"
        f"{f'<small>{safe(why)}</small>' if why else ''}</td><td>{safe(value)}</td><td>{safe(step.evidence)}</td></tr>"
    )


def _card(trace: Trace, language: Language, catalog: Catalog) -> str:
    found = trace.final
    state = State(
        slots=found.slots, evidence=found.evidence, offer=found.offer, variant=found.variant, marked=found.marked,
        skipped=found.removed, language=found.language,
    )  # fmt: skip
    return card_html(state, catalog, language)
