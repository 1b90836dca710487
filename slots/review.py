"""What is to be remarked or asked about the brief so far: notes said once, doubts that keep or withhold a value.

Turns guard's notices into the dialogue's Notes and Doubts. Knows nothing of messages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from slots import replies
from slots.acknowledge import described, shown, value_of
from slots.catalog import Catalog
from slots.guard import Notice, review_brief
from slots.state import Doubt, Note, State, brief
from slots.values import Size

_NEAREST = 3
"""How many sizes that the catalogue does know are named beside one that it does not."""


@dataclass(frozen=True)
class Review:
    """The state with every remark marked as told, what to say now, and the slots that the catalogue does not know."""

    state: State
    notes: tuple[Note, ...] = ()
    declined: Notice | None = None
    unknown: tuple[str, ...] = ()


def review(state: State, catalog: Catalog, notices: Iterable[Notice] = ()) -> Review:
    """Looks at the brief so far and at the notices of the last message. At most one doubt is raised."""
    present = brief(state)
    found = [*notices, *(review_brief(present, catalog) if present else ())]
    declined = next((n for n in found if n.severity == "decline"), None)
    if declined:
        return Review(state, declined=declined)
    notes: list[Note] = []
    told = list(state.told)
    unknown = tuple(
        dict.fromkeys(n.slot or "size" for n in found if n.code in ("unknown_size", "unknown_packaging") and present)
    )
    unknown = tuple(slot for slot in unknown if slot in state.slots)
    doubt = state.doubt if state.doubt and state.doubt.firm else None
    if unknown:
        key = f"unknown:{state.slots['product']}|{state.slots.get('size')}|{state.slots.get('packaging')}"
        if key not in told:
            told.append(key)
            doubt = doubt or Doubt("unknown_size", unknown[0])
    for notice in found:
        key = f"{notice.code}:{state.slots.get('product')}" if notice.code == "competitor" else notice.code
        if notice.severity != "note" or key in told or f"note.{notice.code}" not in replies.TEXTS:
            continue
        told.append(key)
        words = value_of("product", state, catalog) or replies.quoted(notice.words)
        text = replies.say(f"note.{notice.code}", state.language, words=words)
        notes.append(Note(notice.code, text, notice.source))
    if "product" in state.marked and present and f"competitor:{state.slots['product']}" not in told:
        told.append(f"competitor:{state.slots['product']}")
        text = replies.say("note.competitor", state.language, words=value_of("product", state, catalog))
        notes.append(Note("competitor", text))
    return Review(state.with_(told=tuple(told), doubt=doubt), tuple(notes), None, unknown)


def is_absurd(state: State, catalog: Catalog) -> bool:
    """Whether the state's price is one to ask about, and the user has not yet insisted on it."""
    present = brief(state)
    if present is None or present.price is None or f"absurd_price:{present.price}" in state.told:
        return False
    return any(n.code == "absurd_price" for n in review_brief(present, catalog))


def withhold(slots: dict[str, str], notices: Iterable[Notice], told: Iterable[str]) -> Doubt | None:
    """Takes a value that must be asked about first out of a message's slots, and says what to ask."""
    for notice in notices:
        slot = notice.slot or {"absurd_price": "price", "negative_price": "price"}.get(notice.code, "packaging")
        if notice.code in ("negative_price", "contradiction"):
            slots.pop(slot, None)
            return Doubt(notice.code, slot, notice.words, firm=True)
        if notice.code == "absurd_price" and "price" in slots and f"absurd_price:{slots['price']}" not in told:
            return Doubt(notice.code, slot, slots.pop("price"), firm=True)
    return None


def doubt_text(state: State, catalog: Catalog, *, confirming: bool = False) -> str:
    """What to say about the state's doubt; empty without one."""
    doubt, language = state.doubt, state.language
    if doubt is None:
        return ""
    if doubt.code == "absurd_price":
        value = shown("price", doubt.value, catalog, language) if doubt.value else ""
        return replies.say("doubt.absurd_price", language, value=value)
    if doubt.code == "own_words":
        return replies.say("doubt.own_words", language, value=replies.quoted(doubt.value))
    if doubt.firm:
        return replies.say(f"doubt.{doubt.code}", language, words=replies.quoted(doubt.value))
    key = "doubt.unknown_size.confirm" if confirming else "doubt.unknown_size"
    known = _known(state, catalog)
    aside = replies.say("doubt.known", language, values=replies.join(known, language, "and")) if known else ""
    return replies.say(key, language, what=described(state, catalog), known=aside)


def _known(state: State, catalog: Catalog) -> tuple[str, ...]:
    """The nearest sizes that the product has in that packaging; its packagings when it has none in that one."""
    product = catalog.products.get(state.slots.get("product", ""))
    if product is None:
        return ()
    packaging = state.slots.get("packaging")
    sizes = product.sizes(packaging)
    if not sizes:
        return tuple(catalog.display("packaging", p, state.language) for p in product.packagings())
    wanted = Size.parse(state.slots["size"]) if "size" in state.slots else None
    aim = (wanted.millilitres if wanted else None) or 0
    same_count = [s for s in sizes if wanted and s.count == wanted.count] or list(sizes)
    near = sorted(same_count, key=lambda s: abs((s.millilitres or 0) - aim))[:_NEAREST]
    return tuple(str(s) for s in sorted(near, key=lambda s: (s.count, s.millilitres or 0)))
