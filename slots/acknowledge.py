"""How values, briefs and changes are shown to the user: one value, the list so far, the summary before the yes.

Everything that the user typed is escaped here. Knows nothing of messages or of what comes next in the talk.
"""

from collections.abc import Iterable

from slots import replies
from slots.brief import DEFAULT_TERMS
from slots.catalog import Catalog
from slots.heard import Delta
from slots.schema import CLOSED, SLOTS, Language
from slots.state import EXTRAS, State
from slots.values import Money

_SUMMARY = ("promotion", "product", "size", "packaging", "price", "store", "environment", "offer", "terms")


def shown(slot: str, value: str, catalog: Catalog, language: Language, marked: bool = False) -> str:
    """A slot's canonical value as the user reads it; what is not from the catalogue is quoted."""
    if slot == "price":
        return Money.parse(value).display(language)
    if slot == "size" or (slot == "product" and value in catalog.products):
        return value
    if slot in CLOSED and value in catalog.labels(slot) and not marked:
        return catalog.display(slot, value, language)
    return replies.quoted(value)


def flavour(state: State, catalog: Catalog) -> str:
    """The variant in the user's language; empty without one."""
    if not state.variant:
        return ""
    product = catalog.products.get(state.slots.get("product", ""))
    known = product.flavours.get(state.variant) if product else None
    own = next(iter(known.words[state.language]), "") if known and state.language == "es" else ""
    return replies.quoted(own or state.variant)


def value_of(name: str, state: State, catalog: Catalog) -> str:
    """A slot or an extra of the state, as shown; empty when there is none."""
    if name == "variant":
        return flavour(state, catalog)
    if name == "offer":
        return replies.quoted(state.offer.display(state.language)) if state.offer else ""
    if name == "terms":
        return replies.quoted(state.terms) if state.terms else ""
    if name not in state.slots:
        return ""
    text = shown(name, state.slots[name], catalog, state.language, name in state.marked)
    return f"{text} ({flavour(state, catalog)})" if name == "product" and state.variant else text


def so_far(state: State, catalog: Catalog) -> str:
    """All values in one line; empty when nothing is known."""
    return ", ".join(v for name in (*SLOTS, "offer", "terms") if (v := value_of(name, state, catalog)))


def described(state: State, catalog: Catalog) -> str:
    """Product, size and packaging as a phrase: `Ciel de 473 ml en lata`, `473 ml Ciel in a can`."""
    product, size = value_of("product", state, catalog), value_of("size", state, catalog)
    packaging = value_of("packaging", state, catalog)
    if state.language == "es":
        return product + (f" de {size}" if size else "") + (f" en {packaging}" if packaging else "")
    return (f"{size} " if size else "") + product + (f" in a {packaging}" if packaging else "")


def summary(state: State, catalog: Catalog, unknown: Iterable[str] = ()) -> str:
    """The list that the user says yes to. `unknown`: slots whose value the catalogue does not know."""
    language = state.language
    lines = [replies.say("summary", language), ""]
    for name in _SUMMARY:
        value = value_of(name, state, catalog)
        if name == "terms" and not value and state.offer:
            value = DEFAULT_TERMS[language]
        if name == "promotion" and not value:
            value = replies.SKIPPED["promotion"][language]
        if value:
            aside = f" ({replies.say('summary.unknown', language)})" if name in (*unknown, *state.marked) else ""
            lines.append(f"- **{replies.LINES[name][language]}:** {value}{aside}")
    left = tuple(replies.SKIPPED[s][language] for s in SLOTS if s in state.skipped and s != "promotion")
    if left:
        lines.append(f"- {replies.say('summary.skipped', language, names=replies.join(left, language, 'and'))}")
    return "\n".join(lines)


def acknowledge(delta: Delta, state: State, catalog: Catalog) -> list[str]:
    """What was just understood, as sentences; empty when the message held nothing."""
    language, turn = state.language, state.turns
    said: list[str] = []
    new = [
        n
        for n in (*SLOTS, "variant")
        if n in delta.fresh and not (n == "variant" and {"product"} & {*delta.fresh, *delta.changed})
    ]
    if new:
        values = ", ".join(dict.fromkeys(value_of(n, state, catalog) for n in new))
        said.append(replies.say("understood", language, turn=turn, values=values))
    items: list[str] = []
    for name in (*SLOTS, "variant"):
        if name in delta.changed and not (name == "variant" and "product" in delta.changed):
            was = State(slots={name: delta.changed[name]}, variant=delta.changed[name] if name == "variant" else None)
            old = value_of(name, was.with_(language=language), catalog)
            value, says = value_of(name, state, catalog), replies.SLOT_NAMES[name][language]
            items.append(replies.say("changed.item", language, name=says, value=value, old=old))
    if items:
        said.append(replies.say("changed", language, items="; ".join(items)))
    if "offer" in delta.fresh or "offer" in delta.changed:
        terms = value_of("terms", state, catalog) or DEFAULT_TERMS[language]
        said.append(replies.say("offer", language, value=value_of("offer", state, catalog), terms=terms))
    elif "terms" in delta.fresh or "terms" in delta.changed:
        said.append(replies.say("terms", language, value=value_of("terms", state, catalog)))
    for name in delta.removed:
        if name in state.skipped and name in replies.SKIPPED:
            said.append(replies.say("left_out", language, name=replies.SKIPPED[name][language]))
        else:
            said.append(replies.say("removed", language, name=replies.SLOT_NAMES[name][language]))
    if not said and delta.same:
        values = ", ".join(value_of(n, state, catalog) for n in (*SLOTS, *EXTRAS) if n in delta.same)
        said.append(replies.say("already", language, turn=turn, values=values))
    return said
