"""One cell of the card, edited by hand: the text is read as a value of that slot alone.

Pure functions, like the dialogue; knows nothing of the page that shows the card.
"""

from slots import choices, replies
from slots.acknowledge import shown, value_of
from slots.catalog import Catalog
from slots.heard import Extract, Heard, listen
from slots.schema import SLOTS
from slots.state import State, Turn, next_slot
from slots.steps import apply, clean, declined, repeat, take

EDITABLE = (*SLOTS, "offer", "terms", "variant")


def edit_slot(state: State, slot: str, value_text: str, extract: Extract, catalog: Catalog) -> Turn:
    """Sets one slot (or `offer`, `terms`, `variant`) from what was typed into its cell of the card.

    Empty text leaves the slot out. Text that is no value for the slot keeps the old value, and the reply says why.
    Raises ValueError for a name that is no slot.
    """
    if slot not in EDITABLE:
        raise ValueError(f"no slot is called {slot!r}; choose one of: {', '.join(EDITABLE)}")
    state = state.with_(turns=state.turns + 1)
    text, _ = clean(value_text)
    language = state.language
    if not text:
        if slot == "product" and "product" in state.slots:
            kept = value_of("product", state, catalog)
            return repeat(state, catalog, [replies.say("needs_product", language, value=kept)])
        if slot in ("promotion", "product"):
            return repeat(state, catalog, [])
        emptied = state.with_(asking=slot) if slot in SLOTS else state
        return apply(emptied, Heard(removed=(slot,), language=language), catalog, [])
    heard = _cell(state, slot, text, extract, catalog)
    refused = next((n for n in heard.notices if n.severity == "decline"), None)
    if refused:
        return repeat(state, catalog, [declined(refused, language)])
    if not heard:
        why = replies.ask(slot, language, 1, choices=_listed(slot, state, catalog)) if slot in SLOTS else ""
        old = value_of(slot, state, catalog)
        tail = replies.say("edit.kept", language, value=old) if old else replies.say("edit.still_empty", language)
        name = replies.SLOT_NAMES[slot][language]
        bad = replies.say("edit.bad", language, words=replies.quoted(text), name=name, why=tail)
        return repeat(state, catalog, [bad, why] if why and next_slot(state) is None else [bad])
    turn = take(state, heard, text, catalog, [])
    return turn if turn is not None else repeat(state, catalog, [])


def _cell(state: State, slot: str, text: str, extract: Extract, catalog: Catalog) -> Heard:
    """What a cell's text says about its own slot; an empty Heard when it says nothing about it."""
    language = state.language
    if slot == "terms":
        return Heard(terms=text, evidence={"terms": text}, language=language)
    if slot in SLOTS:
        listed: list[choices.Choice] = [(v, v) for v in _canonical(slot, catalog)]
        listed += [(shown(slot, v, catalog, lang), v) for v in _canonical(slot, catalog) for lang in ("es", "en")]  # type: ignore[arg-type]
        exact = choices.pick(text, (*listed, *choices.options(slot, state, catalog)))
        if exact:
            return Heard({slot: exact}, {slot: text}, language=language)
    found = listen(text, state.with_(phase="asking", asking=slot if slot in SLOTS else None), extract)
    if slot in SLOTS:
        slots = {slot: found.slots[slot]} if slot in found.slots else {}
        variant = found.variant if slot == "product" else None
        marked = tuple(m for m in found.marked if m == slot)
        removed = (slot,) if slot in found.removed and slot not in ("product", "promotion") else ()
        notices = tuple(n for n in found.notices if n.slot in (None, slot) and n.code != "too_long")
        evidence = {slot: text} if slots else {}
        return Heard(slots, evidence, marked, removed, None, None, variant, found.products, notices, language)
    if slot == "offer":
        return Heard(offer=found.offer, evidence={"offer": text}, language=language) if found.offer else Heard()
    product = catalog.products.get(state.slots.get("product", ""))
    known = next(
        (
            name
            for name, flavour in (product.flavours.items() if product else ())
            if choices.flat(text) in {choices.flat(w) for w in (name, *flavour.words["es"], *flavour.words["en"])}
        ),
        None,
    )
    return Heard(variant=known or found.variant or text, evidence={"variant": text}, language=language)


def _canonical(slot: str, catalog: Catalog) -> tuple[str, ...]:
    if slot == "product":
        return tuple(catalog.products)
    return () if slot in ("size", "price") else tuple(catalog.labels(slot))


def _listed(slot: str, state: State, catalog: Catalog) -> str:
    names = tuple(name for name, value in choices.options(slot, state, catalog) if value)
    return replies.join(names, state.language)
