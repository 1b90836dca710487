"""How one message is read, stage by stage: what the T5 saw and wrote, what grounding kept, dropped and why, what rules added.

Runs `slots.extract` as it is, watches its calls of the model, and asks the stages' own functions for the reasons. Knows
no back end (the model comes in as a function) and no screen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slots.catalog import Catalog
from slots.counterfactual import trials
from slots.extract import BRIEF, FRAGMENT, THINGS, Extraction, extract
from slots.ground import canonical, ground
from slots.message import Message
from slots.numbers import tag
from slots.relevance import default_relevance
from slots.rules import Reading, read
from slots.schema import SLOTS
from slots.wire import NOTHING, parse

Generate = Callable[[list[str]], list[str]]

READ = 1200
"""Characters of a message that the model reads, as in `slots.extract`."""

KEPT, REPAIRED, PROVEN, ADDED, DROPPED, UNREAD = "kept", "repaired", "proven", "added", "dropped", "unread"
"""What became of a slot: kept as the model wrote it; kept with the rules' spelling; kept because leaving out one place's
words loses it; added by rules; dropped; written by the model in a way that cannot be read."""


@dataclass(frozen=True)
class Step:
    """The way of one slot. `wrote`: in the raw frame; `decoded`: canonical; `value`: in the end (`none`: left out)."""

    slot: str
    fate: str
    wrote: str = ""
    decoded: str = ""
    value: str = ""
    evidence: str = ""
    reason: str = ""
    """A code of REASONS; empty where nothing needs a reason."""
    figures: tuple[int, int] = (0, 0)
    """Of a trial by leaving words out: (in how many the value stayed, how many there were)."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {**self.__dict__, "figures": list(self.figures)}


REASONS = {
    "denied": "the message says that it is not this",
    "irrelevant": "the message is about other matters, and only a promotion has this",
    "no_number": "no number of the message can be this",
    "everywhere": "leaving words out loses it in no one place: a guess of the model's",
    "nowhere": "it stays whatever words are left out: a guess of the model's",
    "short": "the message is too short to try without some of its words",
    "tag": "it points at a number that the message does not have",
    "label": "it is no value that this slot can have",
    "spelling": "spelled as the catalogue and the units want it",
    "exact": "the rules read the same words more exactly",
    "rules": "the rules read it in the message; the model left it out",
    "overruled": "the model wrote something that the message does not support; the rules read this",
    "asked": "a short answer to the slot that was asked for",
}
"""Why a slot ended as it did, in English; the screens have their own words for each code."""


@dataclass(frozen=True)
class Trace:
    """All stages of one message. `source`: what the T5 read; `raw`: what it wrote."""

    message: str
    asking: str | None
    source: str
    raw: str
    tags: dict[str, str]
    """What stands behind each tag, in the message's own words."""
    frame: dict[str, str]
    """The raw frame, cut into slots."""
    decoded: dict[str, str]
    grounded: dict[str, str]
    rules: dict[str, str]
    """What the rules alone read."""
    final: Extraction
    steps: tuple[Step, ...]
    trials: tuple[tuple[str, str], ...] = ()
    """(text without some words, what the model wrote for it), where something had to be tried."""
    relevance: float = 0.0
    threshold: float = 0.0
    relevant: bool = True
    """Whether shops, scenes, sums and the promotion type count: see `why_relevant`."""
    why_relevant: str = "classifier"
    """`classifier`; or what overrules it: `talking`, `asked`, `fragment`, `brief`."""
    seconds: float = 0.0
    model: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, for cases and programs."""
        return {
            **self.__dict__,
            "final": self.final.to_dict(),
            "steps": [step.to_dict() for step in self.steps],
            "trials": [list(pair) for pair in self.trials],
        }


def extraction_stages(
    message: str, asking: str | None, generate: Generate, catalog: Catalog, *, talking: bool = False
) -> Trace:
    """Reads a message as the app does and tells each stage. Raises ValueError as `slots.extract` does."""
    calls: list[list[tuple[str, str]]] = []
    known: dict[str, str] = {}

    def watched(sources: list[str]) -> list[str]:
        missing = [s for s in dict.fromkeys(sources) if s not in known]
        known.update(zip(missing, generate(missing) if missing else [], strict=True))
        calls.append([(s, known[s]) for s in sources])
        return [known[s] for s in sources]

    final = extract(message, asking, watched, catalog, talking=talking)
    (source, raw), tried = calls[0][0], calls[1] if len(calls) > 1 else []
    grounded = extract(message, asking, watched, catalog, talking=talking, stage="grounded")
    decoded = extract(message, asking, watched, catalog, talking=talking, stage="t5")
    rules = extract(message, asking, None, catalog, stage="rules")

    read_message = Message.read(message, asking, catalog)
    reading = read(read_message, catalog)
    tagged = tag(read_message.text[:READ])
    frame = parse(raw)
    classifier = default_relevance()
    awaited = "talking" if talking else "asked" if asking else ""
    overruled = awaited or (
        "fragment" if len(read_message.text.split()) <= FRAGMENT else "brief" if len(reading.slots) >= BRIEF else ""
    )
    about = classifier.about_a_promotion(read_message.text)
    end, held = _values(final), _values(grounded)
    first, removed_first = canonical(frame, tagged, catalog)
    told = {**first, **dict.fromkeys(removed_first, NOTHING)}
    confirmed = ground(first, removed_first, read_message, reading, catalog)
    lost = _lost(tried, told, catalog, read_message)
    steps = []
    for slot in SLOTS:
        step = _step(slot, frame, told, held, end, confirmed, reading, read_message, lost, about or bool(awaited))
        if step is not None:
            value = end.get(slot, "")
            evidence = final.evidence.get(slot, "") if value else ""
            steps.append(Step(**{**step.__dict__, "value": value, "evidence": evidence}))
    return Trace(
        message=message, asking=asking, source=source, raw=raw,
        tags={letter: read_message.text[t.start : t.end] for letter, t in tagged.mentions.items()},
        frame=frame, decoded=_values(decoded), grounded=held, rules=_values(rules), final=final, steps=tuple(steps),
        trials=tuple((_body(s), answer) for s, answer in tried),
        relevance=classifier.score(read_message.text), threshold=classifier.threshold,
        relevant=about or bool(overruled), why_relevant=overruled if overruled and not about else "classifier",
    )  # fmt: skip


def _values(found: Extraction) -> dict[str, str]:
    return {**found.slots, **dict.fromkeys(found.removed, NOTHING)}


def _body(source: str) -> str:
    return source.split("; ", 1)[-1]


def _lost(
    tried: list[tuple[str, str]], told: dict[str, str], catalog: Catalog, message: Message
) -> dict[str, tuple[int, int]]:
    """By slot: in how many trials the value stayed, and how many there were."""
    found: dict[str, tuple[int, int]] = {}
    parts = trials(message.text)
    frames = []
    for part, (_, answer) in zip(parts, tried, strict=False):
        slots, removed = canonical(parse(answer), tag(part.text[:READ]), catalog)
        frames.append({**slots, **dict.fromkeys(removed, NOTHING)})
    for slot, value in told.items():
        found[slot] = (sum(frame.get(slot) == value for frame in frames), len(frames))
    return found


def _step(
    slot: str,
    frame: dict[str, str],
    told: dict[str, str],
    held: dict[str, str],
    end: dict[str, str],
    confirmed: Any,
    reading: Reading,
    message: Message,
    lost: dict[str, tuple[int, int]],
    about: bool,
) -> Step | None:
    """What became of a slot; None where neither the model nor the rules had anything."""
    wrote, decoded = frame.get(slot, ""), told.get(slot, "")
    base: dict[str, Any] = {"slot": slot, "wrote": wrote, "decoded": decoded}
    if slot in held:
        if slot not in confirmed.slots and slot not in confirmed.removed:
            return Step(**base, fate=PROVEN, figures=lost.get(slot, (0, 0)))
        if held[slot] != decoded or (wrote != decoded and "[" not in wrote and wrote != NOTHING):
            return Step(**base, fate=REPAIRED, reason="spelling" if held[slot] == decoded else "exact")
        return Step(**base, fate=KEPT, reason="asked" if _only_asked(slot, decoded, reading, message) else "")
    if slot in end:
        return Step(**base, fate=ADDED, reason="overruled" if wrote else "rules")
    if not wrote:
        return None
    if not decoded:
        tags = tag(message.text[:READ]).mentions
        pointed = {c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if f"[{c}]" in wrote} - set(tags)
        return Step(**base, fate=UNREAD, reason="tag" if pointed else "label")
    return Step(**base, fate=DROPPED, reason=_why(slot, decoded, reading, about, lost), figures=lost.get(slot, (0, 0)))


def _only_asked(slot: str, value: str, reading: Reading, message: Message) -> bool:
    return message.asking == slot and reading.slots.get(slot) != value


def _why(slot: str, value: str, reading: Reading, about: bool, lost: dict[str, tuple[int, int]]) -> str:
    if value in reading.denied.get(slot, set()):
        return "denied"
    if not about and slot not in THINGS:
        return "irrelevant"
    stayed, count = lost.get(slot, (0, 0))
    if not count:
        return "short"
    if stayed == count:
        return "nowhere"
    return "no_number" if slot in ("size", "price") and not reading.slots.get(slot) and not stayed else "everywhere"
