"""The steps of the talk: apply what was heard, remark on it, ask what comes next. Every step gives a whole Turn.

Pure functions of (State, Catalog); they know nothing of how a message is read.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from slots import choices, replies
from slots.acknowledge import acknowledge, described, so_far, summary
from slots.catalog import Catalog
from slots.guard import Notice
from slots.heard import Heard, merge
from slots.numbers import tag
from slots.questions import confirm_buttons, ladder, packagings_in, pending
from slots.review import doubt_text, is_absurd, review, withhold
from slots.schema import SLOTS, Language
from slots.state import Doubt, State, Turn, brief, changes, next_slot

LONGEST_MESSAGE = 2000
"""Characters of a message that are read; a longer one is answered with a remark."""


def take(state: State, heard: Heard, text: str, catalog: Catalog, said: list[str]) -> Turn | None:
    """Applies what was heard; None when, after all, it alters and says nothing."""
    refused = next((n for n in heard.notices if n.severity == "decline"), None)
    if refused:
        return repeat(state, catalog, [*said, declined(refused, state.language)])
    several = _several(state, heard)
    slots = dict(heard.slots)
    if several:
        return _choose(state, heard, several, text, catalog, said)
    doubt = withhold(slots, heard.notices, state.told)
    kept = replace(heard, slots=slots, marked=tuple(m for m in heard.marked if m in slots))
    noted = any(n.severity == "note" for n in heard.notices)
    if not kept and doubt is None and not noted:
        return None
    if not kept and doubt is None and state.phase != "asking":
        return None
    return apply(state, kept, catalog, said, doubt)


def apply(state: State, heard: Heard, catalog: Catalog, said: list[str], doubt: Doubt | None = None) -> Turn:
    before = state
    state, delta = merge(before.with_(doubt=doubt), heard)
    if "price" in heard.slots and is_absurd(state, catalog):
        doubt = doubt or Doubt("absurd_price", "price", heard.slots["price"], firm=True)
        rest = {s: v for s, v in heard.slots.items() if s != "price"}
        state, delta = merge(before.with_(doubt=doubt), replace(heard, slots=rest))
    refused = review(state, catalog).declined
    if refused:
        return repeat(before, catalog, [*said, declined(refused, state.language)])
    tries = 0 if delta or delta.same else before.tries
    said = [*said, *acknowledge(delta, state, catalog)]
    if "product" in heard.removed and "product" not in state.slots:
        state = state.with_(choices=())
    named = tuple(s for s in state.reopened if s in state.slots)
    state = state.with_(tries=tries, reopened=named)
    return settle(state, catalog, said, heard.notices)


def settle(state: State, catalog: Catalog, said: list[str], notices: Sequence[Notice] = ()) -> Turn:
    """After a change: remarks and doubts, then the next question, the summary, or nothing more to ask."""
    was = state.phase
    found = review(state, catalog, notices)
    state, language = found.state, found.state.language
    said = [*said, *(n.text for n in found.notes)]
    changed = changes(brief(state), state.confirmed)
    if state.doubt and state.doubt.firm:
        slot: str | None = state.doubt.slot
        if state.doubt.code != "absurd_price":
            said.append(doubt_text(state, catalog))
    else:
        slot = next_slot(state)
    if was == "choosing" and state.choices and "product" not in state.slots and not (state.doubt and state.doubt.firm):
        question, buttons = pending(state, catalog)
        return Turn(state, text_of(said, question), buttons, found.notes, changed=changed)
    if slot is not None:
        state = state.with_(phase="asking", asking=slot, choices=())
        if state.doubt and not state.doubt.firm:
            said.append(doubt_text(state, catalog))
        question, buttons = pending(state, catalog)
        return Turn(state, text_of(said, question), buttons, found.notes, changed=changed)
    if was == "confirmed" and not set(changed) - {"language"}:
        state = state.with_(phase="confirmed", asking=None, choices=())
        question, buttons = pending(state, catalog)
        done = replies.say("done", language, turn=state.turns)
        return Turn(state, text_of(said, done), buttons, found.notes)
    state = state.with_(phase="confirming", asking=None, tries=0, choices=())
    body = summary(state, catalog, found.unknown)
    asked = doubt_text(state, catalog, confirming=True)
    question = asked or replies.say("confirm", language)
    return Turn(state, text_of([*said], body, question), confirm_buttons(state), found.notes, changed=changed)


def _several(state: State, heard: Heard) -> tuple[str, ...]:
    """The products among which the user must choose; none when the message replaces the present one by another."""
    products = tuple(dict.fromkeys(heard.products))
    if len(products) < 2:
        return ()
    others = [p for p in products if p != state.slots.get("product")]
    return () if len(others) == 1 and heard.slots.get("product") == others[0] else products


def _choose(
    state: State, heard: Heard, products: tuple[str, ...], text: str, catalog: Catalog, said: list[str]
) -> Turn:
    """Keeps what goes for any product (and a single size or price), and asks which product it is about."""
    figures = sum(len(re.findall(r"\d+(?:\.\d+)?", heard.slots.get(s, ""))) for s in ("size", "price"))
    drop = {"product"}
    if len(tag(text).mentions) > figures:
        drop |= {"size", "price"}
    if len(packagings_in(text, catalog)) > 1:
        drop.add("packaging")
    slots = {s: v for s, v in heard.slots.items() if s not in drop}
    evidence = {k: v for k, v in heard.evidence.items() if k in slots or k in ("offer", "terms")}
    rest = replace(heard, slots=slots, evidence=evidence, variant=None, notices=(), removed=())
    again = state.phase == "choosing"
    state, delta = merge(state, rest)
    tries = state.tries + 1 if again and not delta else 0
    state = state.with_(phase="choosing", asking=None, choices=products[: choices.MOST], tries=tries, doubt=None)
    question, buttons = pending(state, catalog)
    return Turn(state, text_of([*said, *acknowledge(delta, state, catalog)], question), buttons)


def reopen(state: State, named: tuple[str, ...], catalog: Catalog, said: list[str]) -> Turn | None:
    """Asks again for the slots that the user named; None when there is nothing to reopen."""
    language = state.language
    slots = tuple(s for s in named if s in SLOTS and (s in state.slots or s in state.skipped))
    extra = next((s for s in named if s not in SLOTS), None)
    if not slots and extra:
        bare = replies.SLOT_NAMES[extra][language].split(" ", 1)[1]
        examples = replies.say(f"change.{extra}", language)
        name = replies.SLOT_NAMES[extra][language]
        said = [*said, replies.say("change.extra", language, name=name, examples=examples, bare=bare)]
        if state.phase == "asking":
            return repeat(state, catalog, said)
        state = state.with_(phase="changing", asking=None, tries=0, doubt=None)
        return Turn(state, text_of(said, ""), pending(state, catalog)[1])
    if not slots:
        return None
    state = state.with_(
        reopened=tuple(dict.fromkeys((*state.reopened, *slots))),
        skipped=tuple(s for s in state.skipped if s not in slots),
        phase="asking",
        asking=None,
        tries=0,
        doubt=None,
    )
    return asked(state.with_(asking=next_slot(state)), catalog, said)


def miss(state: State, catalog: Catalog, said: list[str], name: str = "") -> Turn:
    """An answer that fits nothing: the next, better question. `name`: words that may be the name of a place."""
    if state.phase == "confirmed":
        return Turn(
            state, text_of(said, replies.say("done", state.language, turn=state.turns)), pending(state, catalog)[1]
        )
    if state.phase == "asking" and state.asking is None:
        state = state.with_(asking=next_slot(state))
    if state.doubt and state.phase == "asking":
        state = state.with_(doubt=None)
    state = state.with_(tries=state.tries + 1)
    if name and state.phase == "asking" and state.asking in ("store", "environment") and state.tries < 3:
        state = state.with_(doubt=Doubt("own_words", state.asking, name, firm=True))
    if state.phase == "asking":
        said = [*said, replies.say("missed", state.language, turn=ladder(state))]
    elif state.phase == "confirming" and state.tries == 2:
        said = [*said, summary(state, catalog, review(state, catalog).unknown)]
    return asked(state, catalog, said)


def leave_out(state: State, catalog: Catalog) -> Turn:
    assert state.asking is not None
    if state.asking == "promotion":
        return apply(state, Heard({"promotion": "both"}, language=state.language), catalog, [])
    return apply(state, Heard(removed=(state.asking,), language=state.language), catalog, [])


def digress(state: State, catalog: Catalog, kind: str, said: list[str]) -> Turn:
    """A short answer, and the pending question again."""
    return repeat(state, catalog, [*said, answer(state, catalog, kind)])


def answer(state: State, catalog: Catalog, kind: str) -> str:
    language = state.language
    if kind == "summary":
        values = so_far(state, catalog)
        return replies.say("so_far", language, values=values) if values else replies.say("so_far.nothing", language)
    if kind == "usual_price":
        price = choices.usual_price(state, catalog)
        usual = replies.say("usual.unknown", language)
        if price is not None:
            what = described(state, catalog)
            usual = replies.say("usual.known", language, what=what, price=price.display(language))
        return replies.say("digression.usual_price", language, usual=usual)
    if kind == "products":
        listed = replies.join(tuple(catalog.products), language, "and")
        return replies.say("digression.products", language, listed=listed)
    turn = min(state.turns - 1, 1) if kind == "hello" else state.turns
    return replies.say(f"digression.{kind}", language, turn=turn)


def repeat(state: State, catalog: Catalog, said: list[str]) -> Turn:
    """The pending question again, at the same try."""
    return asked(state, catalog, said)


def asked(state: State, catalog: Catalog, said: list[str]) -> Turn:
    if state.phase == "asking" and state.asking is None:
        state = state.with_(asking=next_slot(state))
    question, buttons = pending(state, catalog)
    return Turn(state, text_of(said, question), buttons, changed=changes(brief(state), state.confirmed))


def text_of(said: Sequence[str], *blocks: str) -> str:
    """Sentences in one paragraph, then the blocks (summary, question) in paragraphs of their own."""
    return "\n\n".join(filter(None, (" ".join(s for s in said if s), *blocks)))


def declined(notice: Notice, language: Language) -> str:
    key = f"decline.{notice.code}"
    words = replies.quoted(notice.words)
    return replies.say(key if key in replies.TEXTS else "decline", language, words=words)


def cleared(state: State, catalog: Catalog) -> str:
    values = so_far(state, catalog)
    if not values:
        return replies.say("cleared.nothing", state.language)
    return replies.say("cleared", state.language, values=values)


def emptied(state: State) -> State:
    return State.new(state.language).with_(turns=state.turns, asking="promotion")


def clean(message: str) -> tuple[str, bool]:
    """The message without control characters, composed, and at most LONGEST_MESSAGE long; whether it was cut."""
    text = unicodedata.normalize("NFC", str(message)[: 4 * LONGEST_MESSAGE])
    text = "".join(
        c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c in "\n\u200d" else " " for c in text
    )
    text = text.strip()
    return text[:LONGEST_MESSAGE], len(str(message).strip()) > LONGEST_MESSAGE
