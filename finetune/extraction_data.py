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
from finetune.lexicon import Lexicon, lexicon
from slots.numbers import tag
from slots.schema import ENVIRONMENTS, OPTIONAL, PACKAGINGS, PROMOTIONS, SLOTS, STORES, Language
from slots.wire import Frame, linear, source

ALSO_A_STORE = ("restaurant", "gym")
"""Environments whose places are stores too: as a scene they are only named with words that say so."""

_SLOT_COUNTS = (9, 15, 19, 20, 17, 12, 8)
_SLOT_WEIGHTS = {"product": 3.0, "price": 2.2, "size": 2.2, "packaging": 1.8, "store": 1.8, "environment": 2.0, "promotion": 1.4}
_PACKAGING_WEIGHTS = (5, 4, 5, 3, 4)
_KEYS = {"q": "wa", "a": "sq", "s": "ad", "e": "wr", "r": "et", "t": "ry", "o": "ip", "i": "uo", "l": "k", "n": "bm",
         "c": "xv", "b": "vn", "v": "b", "m": "n", "d": "sf", "p": "o", "u": "yi", "z": "s", "k": "l", "g": "fh"}  # fmt: skip
_SHORT = {
    "es": (("que", "q"), ("para", "pa"), ("porque", "xq"), ("por", "x"), ("tambien", "tmb"), ("promocion", "promo"),
           ("tamano", "tam"), ("nada mas", "nomas"), ("quiero", "kiero"), ("refresco", "chesco"), ("pues", "pos"),
           ("botella", "bot"), ("favor", "fa"), ("de", "d"), ("gracias", "grax")),
    "en": (("please", "plz"), ("you", "u"), ("because", "bc"), ("promotion", "promo"), ("with", "w/"), ("and", "&"),
           ("bottle", "btl"), ("for", "4u") , ("are", "r"), ("want", "wanna"), ("people", "ppl"), ("your", "ur"), ("the", "da")),
}  # fmt: skip


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
    """How it was made: brief, answer, correction, removal, sheet, nothing."""


class _Writer:
    """Words of one message: a random source, the language, and the marks of its numbers."""

    def __init__(self, rng: random.Random, language: Language) -> None:
        self.rng = rng
        self.language: Language = language
        self.marks = numerals.Marks()

    @property
    def words(self) -> Lexicon:
        return lexicon(self.language)

    def pick(self, name: str) -> str:
        return self.rng.choice(self.words.lists[name])

    def of(self, group: str, key: str) -> str:
        return self.rng.choice(self.words.groups[group][key])

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # --- values -------------------------------------------------------------------------------------------------

    def value(self, slot: str, other_than: str | None = None) -> str:
        """A label of a closed slot, or a product."""
        rng = self.rng
        choices: tuple[str, ...]
        if slot == "product":
            products = self.words.groups["product"]
            choices = (*products, "Coca-Cola", "Coca-Cola", "Coca-Cola", "Coca-Cola Sin Azúcar", "Coca-Cola Light")
            if self.chance(0.045):
                choices = tuple(self.words.groups["competitor"])
        else:
            choices = {"promotion": PROMOTIONS, "packaging": PACKAGINGS, "store": STORES, "environment": ENVIRONMENTS}[slot]
        while True:
            weights = _PACKAGING_WEIGHTS if slot == "packaging" else None
            value = rng.choices(choices, weights)[0]
            if value != other_than:
                return value

    def product(self, name: str) -> str:
        """How someone types a product, with a flavour at times."""
        if name not in self.words.groups["product"]:
            return self.of("competitor", name)
        text = self.of("product", name)
        flavours = self.words.groups["flavour"].get(name)
        if flavours and self.chance(0.3):
            flavour = self.rng.choice(flavours)
            if self.language == "es":
                return text + self.rng.choice([" de ", " sabor ", " ", " "]) + flavour
            return self.rng.choice([f"{flavour} {text}", f"{text} {flavour}"])
        return text

    def store(self, name: str) -> str:
        return self.fill(self.of("store", name))

    def article(self, noun: str) -> str:
        first = noun.split()[0]
        if self.language == "en":
            return "an" if first[0] in "aeiou" else self.rng.choice(["a", "a", "the", "my"])
        if first in {"el", "la", "los", "las", "mi", "mis", "un", "una", "unos", "unas", "puestecito"}:
            return ""
        feminine = first.endswith("a") or first.endswith("ion")
        return self.rng.choice(["una", "una", "la", "mi"] if feminine else ["un", "un", "el", "mi"])

    def fill(self, template: str) -> str:
        """Fills what a phrase leaves open: names, places, and numbers that mean nothing."""
        rng = self.rng

        def one(match: re.Match[str]) -> str:
            match match[1]:
                case "n":
                    return str(rng.randint(2, 300))
                case "n2":
                    return str(rng.randint(2, 30))
                case "p":
                    return rng.choice([str(rng.randint(5, 90)), f"{rng.randint(5, 60)}.50", str(rng.randint(8, 60))])
                case "pct":
                    return str(rng.choice([5, 10, 15, 20, 25, 30, 40, 50]))
                case "big":
                    return rng.choice([str(rng.randint(1, 90) * 500), f"{rng.randint(1, 40)},{rng.randint(0, 9)}00", f"{rng.randint(2, 90)} mil" if self.language == "es" else f"{rng.randint(2, 90)} thousand"])
                case "year":
                    return str(rng.randint(1995, 2027))
                case "zip":
                    return str(rng.randint(10000, 99999))
                case "age":
                    return str(rng.randint(12, 79))
                case "day":
                    return str(rng.randint(1, 31))
                case "time":
                    return rng.choice([str(rng.randint(1, 12)), f"{rng.randint(7, 22)}:{rng.choice(['00', '30', '15'])}"])
                case "phone":
                    return rng.choice([str(rng.randint(5500000000, 8999999999)), f"{rng.randint(55, 99)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}", f"{rng.randint(100, 999)}-{rng.randint(1000, 9999)}", f"{rng.randint(100, 999)} {rng.randint(1000, 9999)}", str(rng.randint(10000, 999999))])
                case "date":
                    month, day = self.pick("month"), rng.randint(1, 31)
                    spanish = [f"{day} de {month}", f"{day}/{rng.randint(1, 12)}", f"{day} de {month}"]
                    return rng.choice(spanish if self.language == "es" else [f"{month} {day}", f"{day} {month}", f"{rng.randint(1, 12)}/{day}", f"{month} {day}th"])
                case "comp":
                    return self.of("competitor", rng.choice(list(self.words.groups["competitor"])))
                case name:
                    return self.pick(name)

        return re.sub(r"\{(n2?|p|pct|big|year|zip|age|day|time|phone|date|comp|person|city|name|weekday|month)\}", one, template)

    def bare(self, slot: str, value: str) -> tuple[str, str]:
        """A value alone, as an answer or in a correction: (words, target value)."""
        rng, es = self.rng, self.language == "es"
        if slot == "size":
            words, target = numerals.size(rng, self.marks, self.language)
            form = rng.choice(["{}", "{}", "{}", "de {}" if es else "the {} one", "la de {}" if es else "the {}", "el de {}" if es else "{} size"])
            return form.replace("{}", words), target
        if slot == "price":
            words, target, several = numerals.price(rng, self.marks, self.language)
            if not several and self.chance(0.25):
                words = self.pick("price_lead").replace("{x}", words)
            return words, target
        if slot == "product":
            return self.product(value), value
        if slot == "packaging":
            words = self.of("packaging", value)
            return (f"{self.article(words)} {words}".strip() if self.chance(0.1) else words), value
        if slot == "store":
            words = self.store(value)
            if self.chance(0.4):
                lead = rng.choice(["en ", "para ", "es ", ""] if es else ["at ", "for ", "in ", "it's "])
                words = lead + f"{self.article(words)} {words}".strip()
            return words, value
        if slot == "environment":
            if self.chance(0.55):
                words = self.of("environment_place", value)
                return (self.pick("environment_lead").replace("{x}", words) if self.chance(0.35) else words), value
            return self.scene(value) if self.chance(0.4) else self.of("environment_scene", value), value
        return self.of(rng.choice(["promotion", "promotion_alone"]), value), value

    # --- chunks -------------------------------------------------------------------------------------------------

    def scene(self, name: str) -> str:
        return self.pick("scene_lead").replace("{x}", self.of("environment_scene", name))

    def environment(self, name: str) -> str:
        draw = self.rng.random()
        if draw < 0.45:
            return self.scene(name)
        place = self.of("environment_place", name)
        explicit = name in ALSO_A_STORE
        if draw < 0.65 and not explicit:
            at = "en" if self.language == "es" else self.rng.choice(["at", "in", "at"])
            return f"{self.pick('people')} {self.pick('doing')} {at} {place}"
        return self.pick("environment_explicit" if explicit else "environment_lead").replace("{x}", place)

    def store_phrase(self, name: str) -> str:
        noun = self.store(name)
        template = self.fill(self.pick("store_lead"))
        return " ".join(template.replace("{a}", self.article(noun)).replace("{x}", noun).split())

    def price_phrase(self) -> tuple[str, str]:
        if self.chance(0.1):
            template = self.pick("price_contrast")
            old = self.money_only() if self.chance(0.5) else str(self.rng.randint(5, 90))
            words, name, currency = numerals.money(self.rng, self.marks, self.language, True)
            return template.replace("{o}", old).replace("{x}", words), f"{name} {currency}"
        words, target, several = numerals.price(self.rng, self.marks, self.language, bare=False)
        if not several and self.chance(0.3):
            self.marks.values.pop()
            words, target, several = *self._bare_money(), False
            return self.pick("price_lead").replace("{x}", words), target
        if several or self.chance(0.25):
            return words, target
        return self.pick("price_lead").replace("{x}", words), target

    def _bare_money(self) -> tuple[str, str]:
        words, name, currency = numerals.money(self.rng, self.marks, self.language, True)
        return words, f"{name} {currency}"

    def money_only(self) -> str:
        """An amount that means nothing here: its mark is taken out again."""
        scratch = numerals.Marks()
        words, _, _ = numerals.money(self.rng, scratch, self.language, True)
        return numerals.strip(words)[0]

    def nominal(self, frame: Frame) -> list[str]:
        """Product, size and packaging worded together; the size's target goes into the frame."""
        has = "".join(letter for slot, letter in (("product", "p"), ("size", "z"), ("packaging", "k")) if slot in frame)
        if not has:
            return []
        parts: dict[str, str] = {}
        if "p" in has:
            parts["{p}"] = self.product(frame["product"])
        if "z" in has:
            parts["{z}"], frame["size"] = numerals.size(self.rng, self.marks, self.language, bare=has != "z" or self.chance(0.4))
            if self.chance(0.04):
                wrong, _ = numerals.size(self.rng, numerals.Marks(), self.language)
                parts["{z}"] = f"{numerals.strip(wrong)[0]}{self.rng.choice([', digo, ', ', perdon, ', ' no, '] if self.language == 'es' else [', i mean ', ', sorry, ', ', no, '])}{parts['{z}']}"
        if "k" in has:
            parts["{k}"] = self.of("packaging", frame["packaging"])
            parts["{n}"] = self.of("package_noun", frame["packaging"])
        text = self.pick("nominal_" + has)
        text = re.sub(r"\{[pzkn]\}", lambda match: parts[match[0]], text)
        return text.split(", ") if ", " in text and self.chance(0.5) and numerals.OPEN not in text else [text]

    def chatter(self) -> str:
        draw = self.rng.random()
        if draw < 0.42:
            return self.fill(self.pick("prose"))
        if draw < 0.94:
            return self.fill(self.pick("prose_number"))
        return self.fill(self.pick("competitor_prose"))

    # --- noise --------------------------------------------------------------------------------------------------

    def noisy(self, marked: str) -> str:
        """Typos, abbreviations and lost punctuation, outside the marked numbers."""
        draw = self.rng.random()
        rate = 0.05 if draw < 0.28 else 0.14 if draw < 0.4 else 0.0
        shorten, unpunctuated = self.chance(0.14), self.chance(0.25)
        pieces = re.split(f"({numerals.OPEN}[^{numerals.CLOSE}]*{numerals.CLOSE})", marked)
        for index in range(0, len(pieces), 2):
            piece = pieces[index]
            if shorten:
                for long, short in _SHORT[self.language]:
                    if self.chance(0.5):
                        piece = re.sub(rf"\b{long}\b", short, piece)
            if rate:
                piece = re.sub(r"[a-z]{4,}", lambda match: self._typo(match[0], rate), piece)
            if unpunctuated:
                piece = re.sub(r"[,;:?!]|\.(?!\d)", " ", piece)
            pieces[index] = piece
        return "".join(pieces)

    def _typo(self, word: str, rate: float) -> str:
        if not self.chance(rate):
            return word
        rng, at, draw = self.rng, self.rng.randint(1, len(word) - 2), self.rng.random()
        if draw < 0.3:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if draw < 0.55:
            return word[:at] + word[at + 1 :]
        if draw < 0.68:
            return word[:at] + word[at] + word[at:]
        if draw < 0.84:
            return word[:at] + rng.choice(_KEYS.get(word[at], word[at])) + word[at + 1 :]
        for old, new in (("h", ""), ("v", "b"), ("z", "s"), ("ll", "y"), ("qu", "k"), ("ce", "se"), ("b", "v")):
            if old in word:
                return word.replace(old, new, 1)
        return word


def _draw_frame(writer: _Writer, slots: list[str]) -> Frame:
    return {slot: "" if slot in ("size", "price") else writer.value(slot) for slot in slots}


def _draw_slots(rng: random.Random) -> list[str]:
    count = rng.choices(range(1, 8), _SLOT_COUNTS)[0]
    pool, slots = list(SLOTS), []
    for _ in range(count):
        slots.append(rng.choices(pool, [_SLOT_WEIGHTS[slot] for slot in pool])[0])
        pool.remove(slots[-1])
    return slots


def _framed(writer: _Writer, text: str, greet: float = 0.25, close: float = 0.22) -> str:
    if writer.chance(greet):
        text = writer.fill(writer.pick("greeting")) + writer.rng.choice([", ", " ", ". ", "! "]) + text
    if writer.chance(close):
        text += writer.rng.choice([", ", " ", ". "]) + writer.pick("closing")
    return text


def _brief(writer: _Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    frame = _draw_frame(writer, _draw_slots(rng))
    home, mixed = writer.language, writer.chance(0.07)

    def switch() -> None:
        if mixed:
            writer.language = rng.choice(["es", "en"])  # type: ignore[assignment]

    terse = writer.chance(0.25)
    switch()
    body, rest, head = writer.nominal(frame), [], None
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
    if "price" in frame:
        switch()
        words, frame["price"] = writer.price_phrase()
        rest.append(words)
    if "store" in frame:
        switch()
        rest.append(writer.store(frame["store"]) if terse and writer.chance(0.6) else writer.store_phrase(frame["store"]))
    if "environment" in frame:
        switch()
        rest.append(writer.environment(frame["environment"]))
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
    for share in (0.34, 0.14, 0.06):
        if writer.chance(share):
            chunks.insert(rng.randint(0, len(chunks)), writer.chatter())
    if writer.chance(0.05):
        chunks.insert(rng.randint(0, len(chunks)), writer.pick("nothing"))
    joints = [", ", ", ", " ", " ", ". ", " - ", "; ", " / ", "\n", "... "] + ([" y ", " con "] if home == "es" else [" and ", " with "])
    same, joint = writer.chance(0.4), rng.choice(joints)
    text = chunks[0]
    for chunk in chunks[1:]:
        text += (joint if same else rng.choice(joints)) + chunk
    asking = rng.choice(SLOTS) if writer.chance(0.3) else None
    return _framed(writer, text), frame, asking


def _answer(writer: _Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    slot = rng.choice(SLOTS)
    if slot in OPTIONAL and writer.chance(0.14):
        text = writer.pick("skip") if writer.chance(0.6) else writer.of("remove", slot)
        return _framed(writer, text, 0.04, 0.12), {slot: "none"}, slot
    if writer.chance(0.05):  # an answer that says nothing
        return writer.pick("nothing"), {}, slot
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


def _correction(writer: _Writer) -> tuple[str, Frame, str | None]:
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
        writer.marks = keep
        text = writer.pick("correct_two").replace("{y}", numerals.strip(other_words)[0]).replace("{x}", words)
        named = False
        if ambiguous and writer.chance(0.6):
            text, named = f"{name}: {text}", True
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


def _removal(writer: _Writer) -> tuple[str, Frame, str | None]:
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


def _sheet(writer: _Writer) -> tuple[str, Frame, str | None]:
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


def _nothing(writer: _Writer) -> tuple[str, Frame, str | None]:
    rng = writer.rng
    parts = []
    if writer.chance(0.3):
        parts.append(writer.fill(writer.pick("greeting")))
    for _ in range(rng.choice([1, 1, 1, 2])):
        draw = rng.random()
        if draw < 0.6:
            parts.append(writer.pick("nothing"))
        elif draw < 0.78:
            parts.append(writer.fill(writer.pick("nothing_number")))
        else:
            parts.append(writer.chatter())
    if writer.chance(0.12):
        parts.append(writer.pick("closing"))
    text = rng.choice([", ", " ", ". ", "? "]).join(parts) + rng.choice(["", "", "?", "!", "."])
    skips = {fold for fold in writer.words.lists["skip"]}
    asking = rng.choice(SLOTS) if writer.chance(0.35) else None
    if asking in OPTIONAL and any(part in skips for part in parts):
        asking = None
    if asking == "price" and re.search(r"\d", text):
        asking = None
    return text, {}, asking


_KINDS = {"brief": (_brief, 0.50), "answer": (_answer, 0.15), "correction": (_correction, 0.13),
          "removal": (_removal, 0.05), "sheet": (_sheet, 0.07), "nothing": (_nothing, 0.10)}  # fmt: skip


def _align(text: str, spans: dict[str, tuple[int, int]], frame: Frame, values: list[Decimal]) -> tuple[str, Frame] | str:
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


def try_example(rng: random.Random) -> Example | str:
    """One example, or the reason why this draw had to be dropped."""
    language: Language = rng.choice(["es", "en"])  # type: ignore[assignment]
    writer = _Writer(rng, language)
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


def examples(rng: random.Random, dropped: Counter[str] | None = None) -> Iterator[Example]:
    """Endless examples; `dropped` counts, by reason, the draws that did not line up."""
    while True:
        drawn = try_example(rng)
        if isinstance(drawn, str):
            if dropped is not None:
                dropped[drawn] += 1
        else:
            yield drawn


def extraction_pairs(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Endless (source, target) pairs for training."""
    for made in examples(rng):
        yield made.source, made.target
