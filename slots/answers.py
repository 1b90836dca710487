"""Answers to messages that hold nothing but an intent: yes, no, skip, I don't know, again, start over, cancel.

Pure functions of (State, Catalog). A yes means what the talk is waiting for, and nothing else does.
"""

from collections.abc import Callable

from slots import replies
from slots.acknowledge import described, value_of
from slots.catalog import Catalog
from slots.heard import Heard
from slots.questions import pending
from slots.review import review
from slots.schema import OPTIONAL, SLOTS
from slots.state import State, Turn, brief, changes, next_slot
from slots.steps import apply, asked, cleared, digress, emptied, leave_out, miss, reopen, settle


def _yes(state: State, catalog: Catalog) -> Turn:
    if state.phase == "confirming":
        return confirm(state, catalog)
    if state.phase == "confirmed":
        return miss(state, catalog, [])
    if state.phase != "asking":
        return miss(state, catalog, [])
    language, doubt = state.language, state.doubt
    if doubt and doubt.code == "own_words":
        return take_own_words(state, catalog, doubt.slot, doubt.value)
    if doubt and doubt.firm:
        if doubt.code != "absurd_price" or not doubt.value:
            return miss(state, catalog, [])
        told = (*state.told, f"absurd_price:{doubt.value}")
        kept = Heard({"price": doubt.value}, {"price": doubt.value}, language=language)
        return apply(state.with_(told=told), kept, catalog, [])
    if doubt:
        marked = tuple(s for s in SLOTS if s in state.marked or s == doubt.slot)
        state = state.with_(marked=marked, doubt=None)
        return asked(state, catalog, [replies.say("kept", language, value=described(state, catalog))])
    if state.asking in state.reopened:
        return keep_reopened(state, catalog)
    if state.tries >= 3 and state.asking == "product":
        first = next(iter(catalog.products))
        return apply(state, Heard({"product": first}, language=language), catalog, [])
    if state.tries >= 3:
        return leave_out(state, catalog)
    return miss(state, catalog, [])


def _no(state: State, catalog: Catalog) -> Turn:
    if state.phase in ("confirming", "confirmed"):
        return to_change(state, catalog)
    if state.phase == "changing":
        return settle_unchanged(state, catalog)
    if state.phase == "choosing":
        return miss(state, catalog, [])
    doubt = state.doubt
    if doubt and doubt.firm:
        state = state.with_(doubt=None, tries=1)
        return asked(state, catalog, [])
    if doubt:
        return reopen(state, (doubt.slot,), catalog, []) or miss(state, catalog, [])
    if state.asking in state.reopened:
        return keep_reopened(state, catalog)
    if state.asking in OPTIONAL and state.tries < 3:
        return leave_out(state, catalog)
    if state.tries >= 3:
        return asked(state.with_(tries=2), catalog, [])
    return miss(state, catalog, [])


def _skip(state: State, catalog: Catalog) -> Turn:
    if state.phase == "choosing":
        return apply(state, Heard({"product": state.choices[0]}, language=state.language), catalog, [])
    if state.phase == "changing":
        return settle_unchanged(state, catalog)
    if state.phase != "asking":
        return miss(state, catalog, [])
    slot = state.asking or next_slot(state)
    state = state.with_(asking=slot)
    if slot in state.reopened:
        return keep_reopened(state, catalog)
    if slot == "promotion":
        return apply(state, Heard({"promotion": "both"}, language=state.language), catalog, [])
    if slot != "product":
        return leave_out(state, catalog)
    return asked(state.with_(tries=3, doubt=None), catalog, [])


def _unsure(state: State, catalog: Catalog) -> Turn:
    """ "I don't know", "what are the options?": straight to the choices."""
    if state.phase != "asking":
        return miss(state, catalog, [])
    slot = state.asking or next_slot(state)
    return asked(state.with_(asking=slot, tries=max(state.tries + 1, 2), doubt=None), catalog, [])


def take_own_words(state: State, catalog: Catalog, slot: str, value: str) -> Turn:
    """A store or an environment outside the lists, in the user's words, marked."""
    heard = Heard({slot: value}, {slot: value}, marked=(slot,), language=state.language)
    return apply(state.with_(doubt=None), heard, catalog, [])


def _pardon(state: State, catalog: Catalog) -> Turn:
    """ "What do you mean?": the question in other words, with examples."""
    if state.phase != "asking":
        return asked(state, catalog, [])
    slot = state.asking or next_slot(state)
    return asked(state.with_(asking=slot, tries=max(state.tries, 1)), catalog, [])


def _again(state: State, catalog: Catalog) -> Turn:
    """Another version of what was confirmed."""
    present = brief(state)
    if state.phase != "confirmed" or present is None:
        return miss(state, catalog, [])
    what = replies.say("going.again", state.language)
    reply = replies.say("going", state.language, what=what)
    state = state.with_(confirmed=present)
    return Turn(state, reply, pending(state, catalog)[1], brief=present)


def confirm(state: State, catalog: Catalog) -> Turn:
    unknown = review(state, catalog).unknown
    state = state.with_(marked=tuple(s for s in SLOTS if s in state.marked or s in unknown))
    present = brief(state)
    assert present is not None, "a talk without a product does not reach the confirmation"
    language, changed = state.language, changes(present, state.confirmed)
    if changed:
        names = tuple(replies.SLOT_NAMES[n][language] for n in changed if n in replies.SLOT_NAMES)
        listed = replies.join(names, language, "and")
        what = replies.say("going.changed", language, names=listed) if names else ""
    else:
        what = ""
    what = what or replies.say(f"going.{present.promotion}", language)
    state = state.with_(phase="confirmed", asking=None, tries=0, doubt=None, confirmed=present)
    return Turn(state, replies.say("going", language, what=what), pending(state, catalog)[1], (), present, changed)


def to_change(state: State, catalog: Catalog) -> Turn:
    state = state.with_(phase="changing", asking=None, tries=0)
    return asked(state, catalog, [])


def settle_unchanged(state: State, catalog: Catalog) -> Turn:
    """Nothing is to be changed after all."""
    said = [replies.say("change.nothing", state.language)]
    present = brief(state)
    was = "confirmed" if state.confirmed and present == state.confirmed else "confirming"
    return settle(state.with_(phase=was, doubt=None), catalog, said)


def keep_reopened(state: State, catalog: Catalog) -> Turn:
    """The user wanted to change a slot and then kept it."""
    slot = state.asking
    assert slot is not None
    state = state.with_(reopened=tuple(s for s in state.reopened if s != slot), tries=0, doubt=None)
    if slot not in state.slots:
        return leave_out(state, catalog)
    said = [replies.say("kept", state.language, value=value_of(slot, state, catalog))]
    return settle(state.with_(phase="confirmed" if state.confirmed else state.phase), catalog, said)


def _restart(state: State, catalog: Catalog) -> Turn:
    return settle(emptied(state), catalog, [cleared(state, catalog)])


def _cancel(state: State, catalog: Catalog) -> Turn:
    if state.phase == "changing":
        return settle_unchanged(state, catalog)
    return digress(state, catalog, "cancel", [])


ALONE: dict[str, Callable[[State, Catalog], Turn]] = {
    "yes": _yes,
    "no": _no,
    "skip": _skip,
    "unsure": _unsure,
    "pardon": _pardon,
    "again": _again,
    "restart": _restart,
    "cancel": _cancel,
}
