"""What the talk knows at one moment: the immutable State, and the Turn that answers a message.

Plain values only, so that a page can keep a State as JSON and a record can store it. Knows nothing of wording, of the
model or of how a message is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from slots.brief import Brief
from slots.schema import SLOTS, Language
from slots.values import Money, Offer, Size

Phase = Literal["asking", "choosing", "confirming", "changing", "confirmed"]

EXTRAS = ("variant", "offer", "terms")
"""What a brief may carry beside the seven slots, in the order in which it is shown."""


@dataclass(frozen=True)
class Doubt:
    """Something that the user said and the assistant asks about. `code` is a guard notice's code.

    `firm`: the value waits outside the slots until the user says yes or gives another (a price of a thousand million);
    otherwise it already stands in its slot and a "no" opens that slot again (a size that the catalogue does not know).
    """

    code: str
    slot: str
    value: str = ""
    firm: bool = False


@dataclass(frozen=True)
class Note:
    """A one-line remark that blocks nothing: its code, its text in the user's language, and where it can be read."""

    code: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class State:
    """The whole memory of a talk. Slots hold canonical strings; a slot is filled, skipped or still missing."""

    slots: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    """The user's own words behind each slot (and behind offer, terms, variant)."""
    offer: Offer | None = None
    terms: str | None = None
    variant: str | None = None
    marked: tuple[str, ...] = ()
    """Slots whose value is outside the catalogue and kept in the user's words."""
    skipped: tuple[str, ...] = ()
    language: Language = "es"
    phase: Phase = "asking"
    asking: str | None = None
    """The slot that the last reply asked for; None before the first question and outside phase `asking`."""
    tries: int = 0
    """How many answers to the pending question fitted nothing."""
    choices: tuple[str, ...] = ()
    """Phase `choosing`: the products among which the user picks."""
    reopened: tuple[str, ...] = ()
    """Filled slots that the user wants to change and has not changed yet; they keep their value meanwhile."""
    doubt: Doubt | None = None
    told: tuple[str, ...] = ()
    """Keys of the notes and doubts already said: each is said once."""
    turns: int = 0
    confirmed: Brief | None = None
    """The brief of the last yes."""

    @classmethod
    def new(cls, language: Language = "es") -> "State":
        """An empty talk in `language`."""
        return cls(language=language)

    def with_(self, **changes: Any) -> "State":
        """A copy with some fields changed."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """A form that JSON can hold; `from_dict` reads it back to an equal State."""
        data: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        data |= {key: dict(data[key]) for key in ("slots", "evidence")}
        data |= {key: list(data[key]) for key in ("marked", "skipped", "choices", "reopened", "told")}
        data["offer"] = str(self.offer) if self.offer else None
        data["doubt"] = None if self.doubt is None else {f.name: getattr(self.doubt, f.name) for f in fields(Doubt)}
        data["confirmed"] = self.confirmed.to_dict() if self.confirmed else None
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "State":
        """Reads `to_dict`'s form. Raises ValueError that names what is not part of a state."""
        unknown = sorted(set(data) - {f.name for f in fields(cls)})
        if unknown:
            raise ValueError(f"not a saved conversation: unknown field {', '.join(unknown)}; start a new one")
        values = dict(data)
        if values.get("phase", "asking") not in get_args(Phase):
            raise ValueError(f"phase cannot be {values['phase']!r}; one of: {', '.join(get_args(Phase))}")
        for key in ("marked", "skipped", "choices", "reopened", "told"):
            if key in values:
                values[key] = tuple(values[key])
        for key in ("slots", "evidence"):
            if key in values:
                values[key] = dict(values[key])
        values["offer"] = Offer.parse(values["offer"]) if values.get("offer") else None
        values["doubt"] = Doubt(**values["doubt"]) if values.get("doubt") else None
        values["confirmed"] = Brief.from_dict(values["confirmed"]) if values.get("confirmed") else None
        return cls(**values)


@dataclass(frozen=True)
class Turn:
    """The answer to one message.

    `reply` is Markdown in which everything that the user typed is escaped; it already contains the notes' texts.
    `quick_replies` are buttons: each text, sent as a message, is understood. `brief` is set when the user has just
    confirmed: make it. `changed` names what differs from the brief confirmed before (slots, `variant`, `offer`,
    `terms`, `language`); `brief` with an empty `changed` means: make everything.
    """

    state: State
    reply: str
    quick_replies: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    brief: Brief | None = None
    changed: tuple[str, ...] = ()


def next_slot(state: State) -> str | None:
    """The slot to ask for, in schema order; None when nothing is missing."""
    return next((slot for slot in SLOTS if slot in state.reopened or is_missing(state, slot)), None)


def is_missing(state: State, slot: str) -> bool:
    """Whether a slot is neither filled nor skipped."""
    return slot not in state.slots and slot not in state.skipped


def brief(state: State) -> Brief | None:
    """The slots as a Brief; None while there is no product. A promotion type that was left out counts as both."""
    if "product" not in state.slots:
        return None
    get = state.slots.get
    return Brief(
        product=state.slots["product"],
        promotion=get("promotion", "both"),
        size=Size.parse(state.slots["size"]) if "size" in state.slots else None,
        packaging=get("packaging"),
        price=Money.parse(state.slots["price"]) if "price" in state.slots else None,
        store=get("store"),
        environment=get("environment"),
        offer=state.offer,
        terms=state.terms,
        variant=state.variant,
        language=state.language,
        marked=state.marked,
    )


def changes(new: Brief | None, old: Brief | None) -> tuple[str, ...]:
    """What differs between two briefs, in schema order, then variant, offer, terms, language; () when one is None."""
    if new is None or old is None:
        return ()
    return tuple(n for n in (*SLOTS, *EXTRAS, "language") if getattr(new, n) != getattr(old, n))


def label(state: State) -> str:
    """The state in one word for programs: `asking:size`, `choosing:product`, `confirming`, `changing`, `confirmed`."""
    if state.phase == "asking":
        return f"asking:{state.asking or next_slot(state)}"
    return "choosing:product" if state.phase == "choosing" else state.phase
