"""The talk: what to answer to a message, as pure functions over an immutable State.

`respond` reads a message with the `extract` it is handed, changes the state and says what was understood and what is
still missing; a brief comes out only after a clear yes. Knows no Gradio, no torch and no model; the wording stands in
`replies`, the reading of yes and no in `intents`, the questions in `questions`.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from slots import choices, intents, replies
from slots.answers import ALONE, take_own_words, to_change
from slots.catalog import Catalog
from slots.cells import edit_slot
from slots.heard import Extract, Heard, listen
from slots.language import detect_language
from slots.numbers import tag
from slots.questions import own_words_button
from slots.schema import SLOTS, Language
from slots.state import Doubt, Note, State, Turn, brief, label
from slots.steps import (
    LONGEST_MESSAGE,
    answer,
    apply,
    asked,
    clean,
    cleared,
    digress,
    emptied,
    leave_out,
    miss,
    reopen,
    repeat,
    settle,
    take,
)
from slots.values import Money

__all__ = [
    "LONGEST_MESSAGE",
    "Doubt",
    "Extract",
    "Note",
    "State",
    "Turn",
    "brief",
    "edit_slot",
    "label",
    "opening",
    "respond",
    "run_conversation",
]


def respond(state: State, message: str, extract: Extract, catalog: Catalog) -> Turn:
    """Answers one message. Never raises for anything that a user can type."""
    text, cut = clean(message)
    state = state.with_(turns=state.turns + 1)
    said = [replies.say("too_long", state.language)] if cut else []
    if not text:
        return repeat(state, catalog, [replies.say("empty", state.language)])
    if not intents.words(text):
        return miss(state, catalog, said)
    button = _button(state, text, catalog)
    if button is not None:
        return _tapped(state, button, text, catalog)
    intent = intents.read(text)
    wish = intents.language_wish(text)
    state = state.with_(language=wish or intent.language or state.language)
    if intent.alone and intent.kind in ALONE:
        return ALONE[intent.kind](state, catalog)
    if intent.kind == "restart":
        said.append(cleared(state, catalog))
        state = emptied(state)
        if intent.alone:
            return settle(state, catalog, said)
    if intent.alone:
        return digress(state, catalog, intent.kind, said)
    settled = state.phase in ("confirming", "changing", "confirmed")
    if intents.only_names_slots(text) and (settled or intents.wants_change(text)):
        turn = reopen(state, intents.slots_named(text), catalog, said)
        if turn is not None:
            return turn
    if state.phase == "choosing" and (place := intents.ordinal(text, len(state.choices))) is not None:
        return apply(state, Heard({"product": state.choices[place]}, language=state.language), catalog, said)
    if state.phase == "choosing" and intents.means_all(text):
        return miss(state, catalog, said)
    kinds = _of_a_kind(state, text, catalog)
    if len(kinds) == 1:
        return apply(state, Heard({"product": kinds[0]}, {"product": text}, language=state.language), catalog, said)
    if kinds:
        state = state.with_(phase="choosing", asking=None, choices=kinds[: choices.MOST], tries=0, doubt=None)
        return asked(state, catalog, said)
    asks = intents.asks_a_question(text)
    heard = listen(text, state, extract, asks=asks)
    state = state.with_(language=wish or _language(text, heard.language, state))
    if settled and intents.wants_change(text) and _only_repeats(heard, state):
        return to_change(state, catalog)
    if heard or heard.products or heard.notices:
        if asks and f"digression.{intent.kind}" in replies.TEXTS and intent.kind != "question":
            said.append(answer(state, catalog, intent.kind))
        turn = take(state, heard, text, catalog, said)
        if turn is not None:
            return turn
    if intent.kind == "restart":
        return settle(state, catalog, said)
    return _nothing_heard(state, catalog, text, intent, asks, said)


def opening(state: State, catalog: Catalog) -> Turn:
    """The greeting before the first message; its button is an example that works."""
    language = state.language
    product = next(iter(catalog.products.values()))
    pack = product.packs[0]
    example = replies.say(
        "opening.example",
        language,
        product=product.name,
        size=str(pack.size),
        packaging=catalog.display("packaging", pack.packaging, language),
        price=format(pack.price.normalize(), "f"),
    )
    return Turn(state, replies.say("opening", language, example=example), (example,))


def run_conversation(turns: Sequence[str], extract: Extract, catalog: Catalog) -> dict[str, Any]:
    """Plays the user's side of a talk: `{"slots": ..., "state": label, "replies": [one for each turn]}`."""
    state = State.new()
    said: list[str] = []
    for message in turns:
        turn = respond(state, message, extract, catalog)
        state = turn.state
        said.append(turn.reply)
    return {"slots": dict(state.slots), "state": label(state), "replies": said}


def _nothing_heard(
    state: State, catalog: Catalog, text: str, intent: intents.Intent, asks: bool, said: list[str]
) -> Turn:
    """A message without any value: a slot to change, a question, a half yes, or a miss."""
    plain = intents.words(text)
    named = intents.slots_named(text)
    settled = state.phase in ("confirming", "changing", "confirmed")
    change = intents.wants_change(text)
    if named and (change or (settled and not asks)):
        turn = reopen(state, named, catalog, said)
        if turn is not None:
            return turn
    if state.phase == "asking" and state.asking in named and intent.kind == "question":
        return ALONE["pardon"](state, catalog)
    if state.phase == "asking" and state.asking == "price" and not asks and (odd := _odd_price(text)):
        return settle(state.with_(doubt=odd), catalog, said)
    if state.phase == "asking" and intent.kind == "unsure":
        return ALONE["unsure"](state, catalog)
    if (intent.kind and f"digression.{intent.kind}" in replies.TEXTS) or intent.kind == "summary":
        return digress(state, catalog, intent.kind, said)
    if wish := intents.language_wish(text):
        return repeat(state.with_(language=wish), catalog, [replies.say("digression.languages", wish)])
    if state.phase in ("confirming", "confirmed") and (
        intent.agrees or plain.split()[0] in ("no", "nope", "nel", "nah") or change
    ):
        return to_change(state, catalog)
    if not _readable(text):
        said = [*said, *_not_read(text, state)]
    if state.phase != "asking" or asks:
        return miss(state, catalog, said)
    name = intents.own_words(text) if state.asking in ("store", "environment") else None
    if name and name[1] and state.asking:
        return take_own_words(state, catalog, state.asking, name[0])
    return miss(state, catalog, said, name[0] if name else "")


# --- small parts ---------------------------------------------------------------------------------------------------


def _language(text: str, found: Language, state: State) -> Language:
    """The language to answer in: a switch takes words that tell; `a 13` and `nineteen pesos` do not."""
    if found == state.language or not intents.shows_language(text):
        return state.language
    return detect_language(re.sub(r"\bpesos?\b", " ", text, flags=re.I), state.language)


def _of_a_kind(state: State, text: str, catalog: Catalog) -> tuple[str, ...]:
    """The products meant by an answer that tells only their kind ("water", "la de naranja"); () when none is awaited."""
    if state.phase == "choosing":
        return choices.by_kind(text, state.choices, catalog)
    if state.phase == "asking" and state.asking == "product":
        return choices.by_kind(text, catalog.products, catalog)
    return ()


def _only_repeats(heard: Heard, state: State) -> bool:
    """Whether a message holds nothing but values that already stand (`change the image`)."""
    beside = heard.removed or heard.offer or heard.terms or heard.variant or len(heard.products) > 1 or heard.notices
    return bool(heard.slots) and not beside and all(state.slots.get(s) == v for s, v in heard.slots.items())


def _odd_price(text: str) -> Doubt | None:
    """What to ask when the answer to "what price?" is nothing, or less than nothing."""
    values = [t.value for t in tag(text).mentions.values()]
    if intents.means_free(text) or values == [0]:
        return Doubt("absurd_price", "price", str(Money(Decimal(0))), firm=True)
    if len(values) == 1 and values[0] is not None and values[0] < 0:
        return Doubt("negative_price", "price", text, firm=True)
    return None


def _button(state: State, text: str, catalog: Catalog) -> str | None:
    """The value behind a quick reply that was tapped; None when the text is none of them."""
    if state.phase == "asking" and (slot := state.asking):
        if state.doubt and state.doubt.code == "own_words" and choices.pick(text, [(own_words_button(state), "x")]):
            return state.doubt.value
        return choices.pick(text, choices.options(slot, state, catalog))
    if state.phase == "changing":
        return choices.pick(text, choices.named(SLOTS, state.language))
    if state.phase == "choosing":
        return choices.pick(text, ((c, c) for c in state.choices))
    return None


def _tapped(state: State, value: str, text: str, catalog: Catalog) -> Turn:
    if state.phase == "changing":
        return reopen(state, (value,), catalog, []) or asked(
            state.with_(phase="asking", asking=value, tries=0), catalog, []
        )
    slot = "product" if state.phase == "choosing" else state.asking
    assert slot is not None
    if not value:
        return leave_out(state, catalog)
    if state.doubt and state.doubt.code == "own_words" and value == state.doubt.value:
        return take_own_words(state, catalog, slot, value)
    return apply(state, Heard({slot: value}, {slot: text}, language=state.language), catalog, [])


def _readable(text: str) -> bool:
    """Whether most letters are Latin."""
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c < "\u0250" for c in letters) * 2 >= len(letters)


def _not_read(text: str, state: State) -> list[str]:
    return [] if _readable(text) else [replies.say("foreign", state.language)]
