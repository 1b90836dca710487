"""The pending question of a state, with its buttons: what the talk is waiting for. Reads the state, changes nothing."""

from slots import choices, replies
from slots.acknowledge import value_of
from slots.catalog import Catalog
from slots.review import doubt_text
from slots.schema import SLOTS
from slots.state import State, next_slot

Question = tuple[str, tuple[str, ...]]


def pending(state: State, catalog: Catalog) -> Question:
    """The question that the state waits on, worded for the present try, and its quick replies."""
    language = state.language
    match state.phase:
        case "choosing":
            listed = replies.join(tuple(replies.quoted(c) for c in state.choices), language)
            key = "choose.again" if state.tries else "choose"
            first = replies.quoted(state.choices[0])
            text = replies.say(key, language, turn=ladder(state), choices=listed, first=first)
            return text, state.choices[: choices.MOST]
        case "confirming":
            text = replies.say("confirm.again" if state.tries else "confirm", language, turn=ladder(state))
            return text, confirm_buttons(state)
        case "changing":
            named = changeable(state)
            listed = replies.join(tuple(replies.SLOT_NAMES[s][language] for s in named), language)
            key = "change.again" if state.tries else "change"
            text = replies.say(key, language, turn=ladder(state), choices=listed)
            return text, tuple(button for button, _ in choices.named(named, language))
        case "confirmed":
            return "", tuple(replies.say(f"button.{b}", language) for b in ("change", "restart"))
        case _:
            return _slot_question(state, catalog)


def ladder(state: State) -> int:
    """Which variant fits the present try: the first, the second, then the third and second in turn."""
    return state.tries - 1 if state.tries < 4 else 1 + state.tries % 2


def confirm_buttons(state: State) -> tuple[str, ...]:
    """Yes, change (what is in doubt by its name), and after misses start over."""
    keys = ("yes", "change", "restart") if state.tries else ("yes", "change")
    buttons = [replies.say(f"button.{key}", state.language) for key in keys]
    if state.doubt:
        name = replies.SLOT_NAMES[state.doubt.slot][state.language]
        buttons.insert(1, replies.say("button.change_slot", state.language, name=name))
    return tuple(buttons)


def changeable(state: State) -> tuple[str, ...]:
    """The slots offered for a change, at most as many as there may be buttons: what is in doubt first."""
    first = [state.doubt.slot] if state.doubt else []
    rest = [s for s in (*SLOTS[1:], SLOTS[0]) if s not in first]
    return tuple([*first, *rest][: choices.MOST])


def _slot_question(state: State, catalog: Catalog) -> Question:
    language = state.language
    slot = state.asking or next_slot(state) or "product"
    options = choices.options(slot, state, catalog)
    labels = [label for label, _ in options]
    if state.doubt and state.doubt.code == "absurd_price" and not state.tries:
        keep = replies.say("button.keep", language)
        return doubt_text(state, catalog), (keep, *labels)[: choices.MOST]
    if state.doubt and state.doubt.code == "contradiction":
        options = _in_words(state, catalog) or options
        labels = [label for label, _ in options]
    named = tuple(label if slot == "product" else label[:1].lower() + label[1:] for label, value in options if value)
    spare = () if named else (replies.SKIPPED[slot][language],) if slot in replies.SKIPPED else ()
    text = replies.ask(
        slot,
        language,
        state.tries,
        product=value_of("product", state, catalog) or replies.SLOT_NAMES["product"][language],
        choices=replies.join(named or spare, language),
        first=named[0] if named else "",
        others=replies.join(named[1:], language, "and"),
    )
    if state.tries >= 3 and slot == "product" and named:
        labels = [replies.say("button.example", language, product=named[0]), *labels[1:]]
    elif state.tries >= 3 and options and not options[-1][1]:
        labels = [labels[-1], *labels[:-1]]
    if state.doubt and state.doubt.code == "own_words":
        text = f"{text} {doubt_text(state, catalog)}"
        labels = [own_words_button(state), *labels][: choices.MOST]
    return text, tuple(labels)


def own_words_button(state: State) -> str:
    """The button that takes the user's words for a place as they are; only for a state with that doubt."""
    assert state.doubt is not None
    return replies.say("button.own_words", state.language, value=state.doubt.value)


def _in_words(state: State, catalog: Catalog) -> tuple[choices.Choice, ...]:
    """The packagings that contradict each other in the user's words."""
    if state.doubt is None or state.doubt.slot != "packaging":
        return ()
    found = packagings_in(state.doubt.value, catalog)
    return tuple((choices.sentence(catalog.display("packaging", n, state.language)), n) for n in found)


def packagings_in(text: str, catalog: Catalog) -> tuple[str, ...]:
    """The packagings that a text names, by the catalogue's words for them."""
    words = f" {choices.flat(text)} "
    return tuple(
        name
        for name, label in catalog.packagings.items()
        if any(f" {choices.flat(w)} " in words for synonyms in label.words.values() for w in synonyms)
    )
