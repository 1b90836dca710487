"""Fills a written skeleton with values: one whole message of the extraction corpus. Knows nothing of the other kinds."""

import re

from finetune import numerals
from finetune.message_writer import ALSO_A_STORE, Writer
from finetune.skeletons import OPEN, PLACEHOLDER, Skeleton, skeletons
from slots.schema import OPTIONAL, SLOTS, Language
from slots.wire import Frame

_ARTICLES: dict[Language, re.Pattern[str]] = {
    "es": re.compile(r"^(?:el|la|los|las|un|una|unos|unas|mi|mis|nuestra|pura)\s+"),
    "en": re.compile(r"^(?:the|an?|my|our|some)\s+"),
}
_BEHIND_A_NOUN: dict[Language, re.Pattern[str]] = {
    "es": re.compile(r"^(?:de|en|con|que|tipo|no ret\w*|retornables?|desechable|enlatad[oa]|cambiando|pet)\b"),
    "en": re.compile(r"^(?:in|with|canned|bottled|glass-bottled|returnables?|refillable|non-returnable|canned)\b"),
}
_JOINED = ((re.compile(r"\bde el\b"), "del"), (re.compile(r"\ba el\b"), "al"))
OTHER_MATTERS = 0.12
"""Share of messages with a further one about something else in front or behind."""


def whole_message(writer: Writer, *, other: bool = False) -> tuple[str, Frame, str | None]:
    """One message from a skeleton: (its words with marked numbers, frame, slot asked for). `other`: about other matters."""
    rng = writer.rng
    skeleton = rng.choice(skeletons(writer.language, writer.part, other=other))
    text, frame = _fill(writer, skeleton)
    asking = skeleton.asking
    if other:
        asking = rng.choice(SLOTS) if writer.chance(0.2) else None
        if asking == "price" and re.search(r"\d", text):
            asking = None
    elif asking is None and writer.chance(0.2) and len(text.split()) > 6:
        asking = rng.choice([slot for slot in SLOTS if slot in skeleton.slots or slot not in OPTIONAL])
    if not other and asking is None and writer.chance(OTHER_MATTERS):
        beside = rng.choice(skeletons(writer.language, writer.part, other=True))
        if not beside.slots and not beside.literal:
            words, _ = _fill(writer, beside)
            text = f"{words}. {text}" if writer.chance(0.5) else f"{text}. {words}"
    return text, {slot: frame[slot] for slot in SLOTS if slot in frame}, asking


def _fill(writer: Writer, skeleton: Skeleton) -> tuple[str, Frame]:
    frame: Frame = {}
    figures: dict[str, str] = {}
    parts: dict[str, str] = {}  # of a size: the pack's and the piece's target
    values = {slot: _value(writer, slot) for slot in ("product", "packaging", "store", "environment", "promotion")}

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("="):
            words, figures[match[0]] = writer.marks.put(*skeleton.figures[int(name[1:])])
            return words
        if name.startswith("other_"):
            return _distractor(writer, name.removeprefix("other_"), values)
        slot = OPEN.get(name)
        if slot is None:
            return match[0]
        if slot == "size":
            words, target = _size(writer, name, "{pack}" in skeleton.text)
            parts["pack" if name == "pack" else "piece"] = target
            return words
        if slot == "price":
            if name == "price_bare":
                words, frame[slot] = numerals.plain_amount(writer.rng, writer.marks, writer.language)
            else:
                words, frame[slot], _ = numerals.price(writer.rng, writer.marks, writer.language, bare=False)
            return words
        frame[slot] = values[slot]
        return _words(writer, name, values[slot])

    text = writer.fill(PLACEHOLDER.sub(put, skeleton.text))
    for slot, value in skeleton.literal:
        frame[slot] = PLACEHOLDER.sub(lambda match: figures[match[0]], value)
    if parts:
        frame["size"] = " ".join(parts[key] for key in ("pack", "piece") if key in parts)
    if writer.language == "es":
        for pattern, short in _JOINED:
            text = pattern.sub(short, text)
    return text, frame


def _value(writer: Writer, slot: str, other_than: str | None = None) -> str:
    while True:
        value = writer.value(slot, other_than)
        # as a scene these two are only told by words that say so, which a skeleton cannot know
        if slot != "environment" or value not in ALSO_A_STORE:
            return value


def _size(writer: Writer, name: str, packed: bool) -> tuple[str, str]:
    if name == "pack":
        return numerals.pack(writer.rng, writer.marks, writer.language)
    if name == "size_bare":
        return numerals.plain_volume(writer.rng, writer.marks, writer.language)
    make = numerals.volume if packed else numerals.size
    return make(writer.rng, writer.marks, writer.language, False)


def _words(writer: Writer, name: str, value: str) -> str:
    """A closed value or product, worded as the placeholder wants it."""
    articles, rng = _ARTICLES[writer.language], writer.rng
    match name:
        case "product":
            return articles.sub("", writer.product(value))
        case "packaging":
            return writer.of("package_noun", value)
        case "packaging_adj":
            phrases = writer.words.groups["packaging"][value]
            return rng.choice([p for p in phrases if _BEHIND_A_NOUN[writer.language].match(p)] or phrases)
        case "store":
            return articles.sub("", writer.store(value))
        case "a_store":
            noun = writer.store(value)
            return f"{writer.article(noun)} {noun}".strip()
        case "place":
            return writer.of("environment_place", value)
        case "scene":
            return writer.of("environment_scene", value)
        case _:
            phrases = writer.words.groups["promotion"][value]
            return rng.choice([p for p in phrases if articles.match(p)] or phrases)


def _distractor(writer: Writer, slot: str, values: dict[str, str]) -> str:
    """A value that does not count: its number's mark is thrown away."""
    scratch, rng, language = numerals.Marks(), writer.rng, writer.language
    if slot == "size":
        return numerals.strip(numerals.volume(rng, scratch, language, True)[0])[0]
    if slot == "price":
        bare = writer.chance(0.4)
        words = (
            numerals.plain_amount(rng, scratch, language)[0]
            if bare
            else numerals.money(rng, scratch, language, False)[0]
        )
        return numerals.strip(words)[0]
    key = "environment" if slot == "place" else slot
    value = _value(writer, key, values[key])
    return _words(writer, "a_store" if slot == "store" and writer.chance(0.3) else slot, value)
