"""The extraction corpus: composed messages with their frames, endless, never twice the same, fixed by a seed.

    example(random.Random(1)).source -> "Extract the slots: asking=none; ... coca zero de [A] 2 litros a [B] 35 ..."
                             .target -> "product=Coca-Cola Sin Azúcar | size=[A] L | price=[B] MXN"

Slots are drawn in any number and order and worded from `finetune/lexicon`; around them come greetings, other talk,
numbers that mean nothing, corrections, removals, typos and the other language. Every number that a target names was
marked when it was written (`numerals.Marks`), so it points at the right tag even where a number occurs twice; what
does not line up after `slots.numbers.tag` is dropped and counted.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from finetune import numerals
from finetune.families import Part
from finetune.message_writer import ALSO_A_STORE, Writer
from finetune.whole_messages import whole_message
from slots.numbers import tag
from slots.schema import OPTIONAL, SLOTS, Language
from slots.wire import Frame, linear, source

_SLOT_COUNTS = (9, 15, 19, 20, 17, 12, 8)
_SLOT_WEIGHTS = {
    "product": 3.0,
    "price": 2.2,
    "size": 2.2,
    "packaging": 1.8,
    "store": 1.8,
    "environment": 2.0,
    "promotion": 1.4,
}


@dataclass(frozen=True)
class Example:
    """One training pair of the extraction mode, and what it was made from."""

    text: str
    """The message as typed (already without accents and capitals)."""
    asking: str | None
    frame: Frame
    """Values with tags (`[A] L`)."""
    source: str
    target: str
    language: Language
    kind: str
    """How it was made: brief, answer, correction, removal, sheet, nothing; whole and other from written messages."""


def _draw_frame(writer: Writer, slots: list[str]) -> Frame:
    return {slot: "" if slot in ("size", "price") else writer.value(slot) for slot in slots}


def _draw_slots(rng: random.Random) -> list[str]:
    count = rng.choices(range(1, 8), _SLOT_COUNTS)[0]
    pool, slots = list(SLOTS), []
    for _ in range(count):
        slots.append(rng.choices(pool, [_SLOT_WEIGHTS[slot] for slot in pool])[0])
        pool.remove(slots[-1])
    return slots


def _framed(writer: Writer, text: str, greet: float = 0.25, close: float = 0.22) -> str:
    if writer.chance(greet):
        text = writer.fill(writer.pick("greeting")) + writer.rng.choice([", ", " ", ". ", "! "]) + text
    if writer.chance(close):
        text += writer.rng.choice([", ", " ", ". "]) + writer.pick("closing")
    return text


def _brief(writer: Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    frame = _draw_frame(writer, _draw_slots(rng))
    home, mixed = writer.language, writer.chance(0.07)

    def switch() -> None:
        if mixed:
            writer.language = rng.choice(["es", "en"])  # type: ignore[assignment]

    terse = writer.chance(0.25)
    switch()
    rest, head, joined = [], None, {"size", "price"} <= set(frame) and writer.chance(0.13)
    if joined:
        body = writer.nominal({slot: value for slot, value in frame.items() if slot != "size"})
        rest.append(writer.size_and_price(frame))
    else:
        body = writer.nominal(frame)
    kind_at = len(rest)
    if "promotion" in frame:
        switch()
        if body and not terse and writer.chance(0.55):
            head = writer.pick("intro_kind").replace("{x}", writer.of("promotion", frame["promotion"]))
        elif terse:
            rest.append(writer.of(rng.choice(["promotion", "promotion_alone"]), frame["promotion"]))
        elif writer.chance(0.5):
            rest.append(writer.of("promotion_alone", frame["promotion"]))
        else:
            rest.append(writer.pick("kind_alone").replace("{x}", writer.of("promotion", frame["promotion"])))
    around = len(body) == 1 and not terse
    if "price" in frame and not joined:
        switch()
        if around and "product" in frame and writer.chance(0.07):
            body = [writer.several_for(frame, body[0])]
        else:
            listed = terse and "size" in frame and writer.chance(0.35)
            words, frame["price"] = writer.bare_price() if listed else writer.price_phrase()
            rest.append(words)
    if around and "product" in frame and len(body) == 1 and writer.chance(0.04):
        body = [writer.offered(body[0])]
    if "store" in frame:
        switch()
        rest.append(
            writer.store(frame["store"]) if terse and writer.chance(0.6) else writer.store_phrase(frame["store"])
        )
    if "environment" in frame:
        switch()
        name = frame["environment"]
        if "promotion" in frame and head is None and name not in ALSO_A_STORE and writer.chance(0.4):
            scene = writer.of("environment_scene", name)
            kind = writer.of("promotion", frame["promotion"])
            rest[kind_at] = writer.pick("promotion_scene").replace("{k}", kind).replace("{x}", scene)
        elif around and len(body) == 1 and name not in ALSO_A_STORE and writer.chance(0.14):
            body = [writer.drinking(name, body[0])]
        else:
            rest.append(writer.environment(name))
    writer.language = home
    if head is None and body and not terse and writer.chance(0.72):
        head = writer.pick("intro")
    if head:
        body[0] = f"{head} {body[0]}"
    rng.shuffle(rest)
    if writer.chance(0.6):
        chunks = body + rest
    else:
        at = rng.randint(0, len(rest))
        chunks = rest[:at] + body + rest[at:]
    if terse and writer.chance(0.4):
        rng.shuffle(chunks)
    for share in (0.27 if "environment" in frame else 0.4, 0.1, 0.03):
        if writer.chance(share):
            chunks.insert(rng.randint(0, len(chunks)), writer.chatter())
    if writer.chance(0.04):
        chunks.insert(rng.randint(0, len(chunks)), writer.pick("nothing"))
    if writer.chance(0.09):
        chunks.insert(rng.randint(0, len(chunks)), writer.fill(writer.pick("offer")))
    joints = [", ", ", ", " ", " ", ". ", " - ", "; ", " / ", "\n", "... "] + (
        [" y ", " con "] if home == "es" else [" and ", " with "]
    )
    same, joint = writer.chance(0.4), rng.choice(joints)
    text = chunks[0]
    for chunk in chunks[1:]:
        text += (joint if same else rng.choice(joints)) + chunk
    asking = rng.choice(SLOTS) if writer.chance(0.3) else None
    return _framed(writer, text), frame, asking


def _answer(writer: Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    slot = rng.choice(SLOTS)
    if slot in OPTIONAL and writer.chance(0.14):
        text = writer.pick("skip") if writer.chance(0.6) else writer.of("remove", slot)
        return _framed(writer, text, 0.04, 0.12), {slot: "none"}, slot
    if writer.chance(0.07):  # an answer that says nothing
        return writer.pick("nothing" if writer.chance(0.6) else "vague"), {}, slot
    frame: Frame = {}
    words, frame[slot] = writer.bare(slot, "" if slot in ("size", "price") else writer.value(slot))
    text = writer.pick("answer").replace("{x}", words) if writer.chance(0.5) else words
    asking: str | None = slot
    if writer.chance(0.2):  # the answer brings another slot along
        other = rng.choice([name for name in SLOTS if name != slot])
        words, frame[other] = writer.bare(other, "" if other in ("size", "price") else writer.value(other))
        if other == "price" and re.search(rf"{numerals.CLOSE}$", words):
            words += " pesos" if frame[other].endswith("MXN") else " usd"
        if other == "size" and words.endswith(numerals.CLOSE):
            words = ("la de " if writer.language == "es" else "size ") + words
        text = f"{text}{rng.choice([', ', ' ', '. '])}{writer.pick('also').replace('{x}', words)}"
    elif writer.chance(0.22):
        place = frame.get("environment") in ALSO_A_STORE
        clear = slot in ("product", "packaging", "promotion") or (slot in ("store", "environment") and not place)
        if clear or re.search(r"[a-z$]", re.sub("[\ue000-\uf8ff]", "", words)):
            asking = rng.choice(SLOTS) if writer.chance(0.3) and clear else None
        if slot == "environment" and place:
            asking = slot
        if slot in ("size", "price") and asking is None and words.endswith(numerals.CLOSE):
            asking = slot
    if writer.chance(0.06):
        text += rng.choice([", ", ". "]) + writer.chatter()
    return _framed(writer, text, 0.08, 0.1), frame, asking


def _in_a_verb(writer: Writer, slot: str) -> tuple[str, str]:
    """A size or price that only its verb tells apart: `dejalo en 30`, `la de 600`."""
    if slot == "price":
        words, name, currency = numerals.money(writer.rng, writer.marks, writer.language, True)
        return writer.pick("price_correct").replace("{x}", words), f"{name} {currency}"
    words, target = numerals.volume(writer.rng, writer.marks, writer.language, True)
    return writer.pick("size_correct").replace("{x}", words), target


def _correction(writer: Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    slot = rng.choice(SLOTS)
    value = "" if slot in ("size", "price") else writer.value(slot)
    words, target = writer.bare(slot, value)
    frame: Frame = {slot: target}
    name = writer.of("slot_name", slot)
    closed = slot not in ("size", "price")
    ambiguous = slot in ("size", "price") and words.endswith(numerals.CLOSE)
    if writer.chance(0.5):
        keep, writer.marks = writer.marks, numerals.Marks()
        other_words, _ = writer.bare(slot, writer.value(slot, value) if closed else "")
        if not closed and writer.chance(0.45):  # the wrong number without its unit: `2.5 liters, not 2`
            other_words = str(rng.choice([rng.randint(1, 5), rng.randint(6, 90), rng.randint(100, 999)]))
        writer.marks = keep
        text = writer.pick("correct_two").replace("{y}", numerals.strip(other_words)[0]).replace("{x}", words)
        if "{w}" in text:
            keep, writer.marks = writer.marks, numerals.Marks()
            third = writer.bare(slot, writer.value(slot, value) if closed else "")[0]
            writer.marks = keep
            text = text.replace("{w}", numerals.strip(third)[0])
        named = False
        if ambiguous and writer.chance(0.6):
            text, named = f"{name}: {text}", True
    elif not closed and writer.chance(0.45):
        words, frame[slot] = _in_a_verb(writer, slot)
        text, named = words, True
    else:
        template = writer.pick("correct_one")
        named = "{s}" in template
        text = template.replace("{s}", name).replace("{x}", words)
    asking = None
    if ambiguous and not named:
        asking = slot
    elif writer.chance(0.3):
        asking = slot if writer.chance(0.4) else rng.choice(SLOTS)
    if asking not in (slot, None) and (frame.get("environment") in ALSO_A_STORE or slot == "store"):
        asking = None if slot == "store" else slot
    if writer.chance(0.1):  # a second slot in the same breath
        other = rng.choice([key for key in ("product", "packaging", "promotion", "store") if key != slot])
        if not {slot, other} & {"environment"}:
            extra, frame[other] = writer.bare(other, writer.value(other))
            text += rng.choice([", ", " "]) + writer.pick("also").replace("{x}", extra)
    if writer.chance(0.08):
        text += rng.choice([", ", ". "]) + writer.chatter()
    return _framed(writer, text, 0.14, 0.14), frame, asking


def _removal(writer: Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    draw = rng.random()
    frame: Frame = {}
    if draw < 0.3:
        slot = rng.choice(["packaging", "packaging", "store", "environment"])
        words = writer.bare(slot, writer.value(slot))[0]
        text, frame = writer.pick("negate").replace("{x}", words), {slot: "none"}
    elif draw < 0.72:
        slot = rng.choice(["price", "price", "store", "environment", "packaging", "size"])
        text, frame = writer.of("remove", slot), {slot: "none"}
    else:
        value = rng.choice(["image", "text", "both"])
        slot, text, frame = "promotion", writer.of("promotion_alone", value), {"promotion": value}
    if writer.chance(0.4):
        other = rng.choice([key for key in ("product", "packaging", "promotion", "price", "size") if key != slot])
        if other == "price":
            words, frame[other] = writer.price_phrase()
        elif other == "size":
            words, frame[other] = numerals.size(rng, writer.marks, writer.language, bare=False)
        else:
            words, frame[other] = writer.bare(other, writer.value(other))
        text = f"{words}, {text}" if writer.chance(0.6) else f"{text}, {words}"
    asking = rng.choice([slot, None, None, rng.choice(SLOTS)])
    return _framed(writer, text, 0.12, 0.12), frame, asking


def _sheet(writer: Writer) -> tuple[str, Frame, str | None]:
    """A pasted specification, a bullet list or an e-mail."""
    rng, es = writer.rng, writer.language == "es"
    slots = _draw_slots(rng)
    if len(slots) < 3:
        slots = list(dict.fromkeys([*slots, "product", "size", "price"]))
    if writer.chance(0.5):
        slots.sort(key=SLOTS.index)
    frame = _draw_frame(writer, slots)
    colon, mark = rng.choice([": ", ": ", " - ", " = ", " "]), rng.choice(["- ", "* ", "• ", "", "", ""])
    lines = []
    for slot in slots:
        if slot == "size":
            words, frame[slot] = numerals.size(rng, writer.marks, writer.language)
        elif slot == "price":
            words, frame[slot], _ = numerals.price(rng, writer.marks, writer.language)
        elif slot == "environment":
            words = writer.of(rng.choice(["environment_place", "environment_scene"]), frame[slot])
        elif slot == "store":
            words = writer.store(frame[slot])
        elif slot == "promotion":
            words = writer.of("promotion", frame[slot])
        else:
            words = writer.bare(slot, frame[slot])[0]
        lines.append(f"{writer.of('sheet_name', slot)}{colon}{words}")
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        lines.insert(rng.randint(0, len(lines)), writer.fill(writer.pick("sheet_noise")).replace(" ", colon, 1))
    joint = rng.choice(["\n", "\n", "\n", "; ", ", ", " | ", ". "])
    text = joint.join(mark + line for line in lines)
    if writer.chance(0.3):
        opening = writer.pick("intro") if writer.chance(0.5) else writer.fill(writer.pick("prose"))
        text = f"{opening}{rng.choice([':', '.', ''])}\n{text}"
    if writer.chance(0.25):
        text += ("\n" if writer.chance(0.6) else ". ") + writer.fill(writer.pick("prose"))
    if writer.chance(0.12):
        text += "\n" + ("saludos, " if es else "regards, ") + writer.pick("person")
    return _framed(writer, text, 0.2, 0.1), frame, None


def _nothing(writer: Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    parts = []
    if writer.chance(0.3):
        parts.append(writer.fill(writer.pick("greeting")))
    for _ in range(rng.choice([1, 1, 1, 2])):
        draw = rng.random()
        if draw < 0.06:
            parts.append(writer.fill(writer.pick("offer")))
        elif draw < 0.12:
            parts.append(writer.pick("vague"))
        elif draw < 0.6:
            parts.append(writer.pick("nothing"))
        elif draw < 0.78:
            parts.append(writer.fill(writer.pick("nothing_number")))
        else:
            parts.append(writer.chatter())
    if writer.chance(0.12):
        parts.append(writer.pick("closing"))
    text = rng.choice([", ", " ", ". ", "? "]).join(parts) + rng.choice(["", "", "?", "!", "."])
    skips = set(writer.words.lists["skip"])
    asking = rng.choice(SLOTS) if writer.chance(0.35) else None
    if asking in OPTIONAL and any(part in skips for part in parts):
        asking = None
    if asking == "price" and re.search(r"\d", text):
        asking = None
    return text, {}, asking


def _whole(writer: Writer) -> tuple[str, Frame, str | None]:
    return whole_message(writer)


def _other(writer: Writer) -> tuple[str, Frame, str | None]:
    return whole_message(writer, other=True)


_KINDS = {"brief": (_brief, 0.22), "answer": (_answer, 0.08), "correction": (_correction, 0.07), "removal": (_removal, 0.03),
          "sheet": (_sheet, 0.04), "nothing": (_nothing, 0.07), "whole": (_whole, 0.36), "other": (_other, 0.13)}  # fmt: skip


def _align(
    text: str, spans: dict[str, tuple[int, int]], frame: Frame, values: list[Decimal]
) -> tuple[str, Frame] | str:
    """Tags the message and points the frame at its tags; says why when a number does not line up."""
    tagged = tag(text)
    out = dict(frame)
    for slot, value in frame.items():
        for name in [char for char in value if ord(char) >= 0xE100]:
            begin, end = spans[name]
            found = [letter for letter, token in tagged.mentions.items() if token.start < end and begin < token.end]
            if len(found) != 1:
                return "no tag on the number" if not found else "several tags on the number"
            if tagged.mentions[found[0]].value != values[ord(name) - 0xE100]:
                return "read as another number"
            out[slot] = out[slot].replace(name, f"[{found[0]}]")
    return tagged.text, out


def try_example(rng: random.Random, part: Part | None = None) -> Example | str:
    """One example of a part of the corpus (None: of all), or the reason why this draw had to be dropped."""
    language: Language = rng.choice(["es", "en"])  # type: ignore[assignment]
    writer = Writer(rng, language, part)
    kind = rng.choices(list(_KINDS), [share for _, share in _KINDS.values()])[0]
    marked, frame, asking = _KINDS[kind][0](writer)
    text, spans = numerals.strip(writer.noisy(marked))
    aligned = _align(text, spans, frame, writer.marks.values)
    if isinstance(aligned, str):
        return aligned
    tagged, frame = aligned
    if len(tagged) > 600:
        return "too long"
    return Example(text, asking, frame, source(tagged, asking), linear(frame), language, kind)


def examples(rng: random.Random, dropped: Counter[str] | None = None, part: Part | None = None) -> Iterator[Example]:
    """Endless examples; `dropped` counts, by reason, the draws that did not line up."""
    while True:
        drawn = try_example(rng, part)
        if isinstance(drawn, str):
            if dropped is not None:
                dropped[drawn] += 1
        else:
            yield drawn


def extraction_pairs(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Endless (source, target) pairs for training."""
    for made in examples(rng):
        yield made.source, made.target
