"""Words one message of the extraction corpus: values, chunks and noise. Knows nothing of what kinds of message there are."""

import random
import re
from decimal import Decimal

from finetune import numerals
from finetune.families import Part
from finetune.lexicon import Lexicon, lexicon
from slots.numbers import fold
from slots.schema import ENVIRONMENTS, PACKAGINGS, PROMOTIONS, STORES, Language
from slots.wire import Frame

ALSO_A_STORE = ("restaurant", "gym")
"""Environments whose places are stores too: as a scene they are only named with words that say so."""

_PACKAGING_WEIGHTS = (5, 4, 5, 3, 4)
OCCASIONS = ("Christmas", "New Year", "Day of the Dead", "Independence Day", "Mother's Day", "Valentine's Day", "party",
             "wedding", "football match", "barbecue")  # fmt: skip
PLAIN_PLACES = ("home", "street", "park", "beach", "kitchen", "office", "school")
_SIGNS = ("!!", "...", "??", ":)", "xd", "😀", "🙏", "🔥", "🥤", "❤", "👍", "!!!", "^^", "😅", "👌🏼", "🙌")
_KEYS = {"q": "wa", "a": "sq", "s": "ad", "e": "wr", "r": "et", "t": "ry", "o": "ip", "i": "uo", "l": "k", "n": "bm",
         "c": "xv", "b": "vn", "v": "b", "m": "n", "d": "sf", "p": "o", "u": "yi", "z": "s", "k": "l", "g": "fh"}  # fmt: skip
_BY_EAR = (("qu(?=[ei])", "k"), (r"\bc(?=[aou])", "k"), ("c(?=[ei])", "s"), ("z", "s"), ("v", "b"), ("ll", "y"), (r"\bh", ""),
           ("g(?=[ei])", "j"), ("y(?=[aeiou])", "ll"), ("x", "cs"), ("tt", "t"), ("cc", "c"))  # fmt: skip
"""How Spanish is spelled by ear."""
_SHORT = {
    "es": (("que", "q"), ("para", "pa"), ("porque", "xq"), ("por", "x"), ("tambien", "tmb"), ("promocion", "promo"),
           ("tamano", "tam"), ("nada mas", "nomas"), ("quiero", "kiero"), ("refresco", "chesco"), ("pues", "pos"),
           ("botella", "bot"), ("favor", "fa"), ("de", "d"), ("gracias", "grax")),
    "en": (("please", "plz"), ("you", "u"), ("because", "bc"), ("promotion", "promo"), ("with", "w/"), ("and", "&"),
           ("bottle", "btl"), ("for", "4u") , ("are", "r"), ("want", "wanna"), ("people", "ppl"), ("your", "ur"), ("the", "da")),
}  # fmt: skip


class Writer:
    """Words of one message: a random source, the language, the part of the corpus, and the marks of its numbers."""

    def __init__(self, rng: random.Random, language: Language, part: Part | None = None) -> None:
        self.rng = rng
        self.language: Language = language
        self.part = part
        self.marks = numerals.Marks()

    @property
    def words(self) -> Lexicon:
        return lexicon(self.language, self.part)

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
            rare = {"Topo Chico Sabores", "Sprite Zero", "Ciel Mineralizada"} if self.chance(0.5) else set()
            choices = tuple(name for name in choices if name not in rare)
            if self.chance(0.045):
                choices = tuple(self.words.groups["competitor"])
        else:
            choices = {"promotion": PROMOTIONS, "packaging": PACKAGINGS, "store": STORES, "environment": ENVIRONMENTS}[
                slot
            ]
        while True:
            weights = _PACKAGING_WEIGHTS if slot == "packaging" else None
            value = rng.choices(choices, weights)[0]
            if value != other_than:
                return value

    def product(self, name: str) -> str:
        """How someone types a product, with a flavour at times."""
        if name not in self.words.groups["product"]:
            return self.rng.choice(self.words.groups["competitor"].get(name, (fold(name),)))
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
        feminine = first.endswith(("a", "ion"))
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
                    return rng.choice(
                        [
                            str(rng.randint(1, 90) * 500),
                            f"{rng.randint(1, 40)},{rng.randint(0, 9)}00",
                            f"{rng.randint(2, 90)} mil" if self.language == "es" else f"{rng.randint(2, 90)} thousand",
                        ]
                    )
                case "year":
                    return str(rng.randint(1995, 2027))
                case "zip":
                    return str(rng.randint(10000, 99999))
                case "age":
                    return str(rng.randint(12, 79))
                case "day":
                    return str(rng.randint(1, 31))
                case "time":
                    return rng.choice(
                        [str(rng.randint(1, 12)), f"{rng.randint(7, 22)}:{rng.choice(['00', '30', '15'])}"]
                    )
                case "phone":
                    return rng.choice(
                        [
                            str(rng.randint(5500000000, 8999999999)),
                            f"{rng.randint(55, 99)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}",
                            f"{rng.randint(100, 999)}-{rng.randint(1000, 9999)}",
                            f"{rng.randint(100, 999)} {rng.randint(1000, 9999)}",
                            str(rng.randint(10000, 999999)),
                        ]
                    )
                case "date":
                    month, day = self.pick("month"), rng.randint(1, 31)
                    spanish = [f"{day} de {month}", f"{day}/{rng.randint(1, 12)}", f"{day} de {month}"]
                    return rng.choice(
                        spanish
                        if self.language == "es"
                        else [f"{month} {day}", f"{day} {month}", f"{rng.randint(1, 12)}/{day}", f"{month} {day}th"]
                    )
                case "comp":
                    return self.of("competitor", rng.choice(list(self.words.groups["competitor"])))
                case name:
                    return self.pick(name)

        return re.sub(
            r"\{(n2?|p|pct|big|year|zip|age|day|time|phone|date|comp|person|city|name|weekday|month)\}", one, template
        )

    def bare(self, slot: str, value: str) -> tuple[str, str]:
        """A value alone, as an answer or in a correction: (words, target value)."""
        rng, es = self.rng, self.language == "es"
        if slot == "size":
            words, target = numerals.size(rng, self.marks, self.language)
            form = rng.choice(
                [
                    "{}",
                    "{}",
                    "{}",
                    "de {}" if es else "the {} one",
                    "la de {}" if es else "the {}",
                    "el de {}" if es else "{} size",
                ]
            )
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
        scene = self.pick("scene_lead").replace("{x}", self.of("environment_scene", name))
        return f"{scene} {self.pick('scene_tail')}" if self.chance(0.15) else scene

    def environment(self, name: str) -> str:
        if name in OCCASIONS and self.chance(0.14):  # an occasion beats the place where it happens
            lead = self.of("environment_scene" if self.chance(0.6) else "environment_place", name)
            at = self.rng.choice(["en", "en", ","] if self.language == "es" else ["at", "in", ","])
            return f"{lead} {at} {self.of('environment_place', self.rng.choice(PLAIN_PLACES))}"
        draw = self.rng.random()
        if draw < 0.45:
            return self.scene(name)
        place = self.of("environment_place", name)
        explicit = name in ALSO_A_STORE
        if draw < 0.65 and not explicit:
            at = "en" if self.language == "es" else self.rng.choice(["at", "in", "at"])
            return f"{self.pick('people')} {self.pick('doing')} {at} {place}"
        if draw < 0.72 and not explicit:
            return self.pick("crowd").replace("{x}", place)
        return self.pick("environment_explicit" if explicit else "environment_lead").replace("{x}", place)

    def store_phrase(self, name: str) -> str:
        if self.chance(0.12):
            return self.of("store_scene", name)
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
            parts["{z}"], frame["size"] = numerals.size(
                self.rng, self.marks, self.language, bare=has != "z" or self.chance(0.4)
            )
            if self.chance(0.04):
                wrong, _ = numerals.size(self.rng, numerals.Marks(), self.language)
                parts["{z}"] = (
                    f"{numerals.strip(wrong)[0]}{self.rng.choice([', digo, ', ', perdon, ', ' no, '] if self.language == 'es' else [', i mean ', ', sorry, ', ', no, '])}{parts['{z}']}"
                )
        if "k" in has:
            parts["{k}"] = self.of("packaging", frame["packaging"])
            parts["{n}"] = self.of("package_noun", frame["packaging"])
        text = self.pick("nominal_" + has)
        if has == "pzk" and frame["packaging"] == "can" and frame["size"].endswith("-pack") and self.chance(0.25):
            count = self.rng.randint(6, 36)
            parts["{x}"], name = self.marks.put(str(count), Decimal(count))
            frame["size"], text = f"{name}-pack", self.pick("nominal_count_p")
        elif "k" in has and "z" in has and frame["size"].endswith("-pack") and self.chance(0.6):
            text = self.pick("nominal_pack" + ("_p" if "p" in has else ""))
        elif "k" in has and "z" in has and "-pack" in frame["size"] and self.chance(0.6):
            text, parts["{x}"], parts["{z}"] = self._pack_of_volumes(frame, "p" in has)
        text = re.sub(r"\{[pzknx]\}", lambda match: parts[match[0]], text)
        return text.split(", ") if ", " in text and self.chance(0.5) and numerals.OPEN not in text else [text]

    def _pack_of_volumes(self, frame: Frame, named: bool) -> tuple[str, str, str]:
        """`un six de latas de 355`: (template, the pack's words, one piece's words)."""
        pack, pack_target = numerals.pack(self.rng, self.marks, self.language)
        volume, volume_target = numerals.volume(self.rng, self.marks, self.language, True)
        frame["size"] = f"{pack_target} {volume_target}"
        return self.pick("nominal_pack_volume" + ("_p" if named else "")), pack, volume

    def size_and_price(self, frame: Frame) -> str:
        """Both in one breath: `a 16 la de 600`."""
        words, frame["size"] = numerals.size(self.rng, self.marks, self.language)
        amount, frame["price"] = self._bare_money()
        return self.pick("size_price").replace("{z}", words).replace("{x}", amount)

    def several_for(self, frame: Frame, thing: str) -> str:
        """A multi-buy price around what is sold: `2 sprites de 600 por 35 pesos`."""
        count, amount, frame["price"] = numerals.multi_buy_parts(self.rng, self.marks, self.language)
        return self.pick("several_for").replace("{n}", count).replace("{x}", thing).replace("{o}", amount)

    def offered(self, thing: str) -> str:
        """An offer, which is no price, around what is sold: `3x2 en sprite de 600`."""
        return self.fill(self.pick("offer_on")).replace("{x}", thing)

    def bare_price(self) -> tuple[str, str]:
        """A price that nothing announces, as in lists: `sprite, 600 ml, 18`."""
        words, name, currency = numerals.money(self.rng, self.marks, self.language, True, False)
        return words, f"{name} {currency}"

    def drinking(self, name: str, thing: str) -> str:
        """People with the product at a place: `amigos tomando sprite de 600 en la playa`."""
        at = "en" if self.language == "es" else self.rng.choice(["at", "in", "at"])
        place = self.of("environment_place", name)
        return f"{self.pick('people')} {self.pick('drinking')} {thing} {at} {place}"

    def chatter(self) -> str:
        draw = self.rng.random()
        if draw < 0.2:  # talk of anything: what is not known to be a slot is none
            words = [self.pick("gossip_who"), self.pick("gossip_did"), self.pick("filler")]
            return " ".join([*words, self.pick("gossip_when")] if self.chance(0.5) else words)
        if draw < 0.28:
            line = self.pick("filler_line").replace("{a}", self.pick("filler"))
            return line.replace("{b}", self.pick("filler"))
        if draw < 0.48:
            return self.fill(self.pick("prose"))
        if draw < 0.84:
            return self.fill(self.pick("prose_number"))
        if draw < 0.94:
            return self.pick("food_prose").replace("{x}", self.pick("food"))
        return self.fill(self.pick("competitor_prose"))

    # --- noise --------------------------------------------------------------------------------------------------

    def noisy(self, marked: str) -> str:
        """Typos, abbreviations and lost punctuation, outside the marked numbers."""
        draw = self.rng.random()
        rate = 0.05 if draw < 0.28 else 0.14 if draw < 0.4 else 0.0
        shorten, unpunctuated = self.chance(0.14), self.chance(0.25)
        by_ear = self.language == "es" and self.chance(0.1)
        pieces = re.split(f"({numerals.OPEN}[^{numerals.CLOSE}]*{numerals.CLOSE})", marked)
        for index in range(0, len(pieces), 2):
            piece = pieces[index]
            if shorten:
                for long, short in _SHORT[self.language]:
                    if self.chance(0.5):
                        piece = re.sub(rf"\b{long}\b", short, piece)
            if by_ear:
                for sound, spelling in _BY_EAR:
                    if self.chance(0.5):
                        piece = re.sub(sound, spelling, piece)
            if rate:
                piece = re.sub(r"[a-z]{4,}", lambda match: self._typo(match[0], rate), piece)
            if unpunctuated:
                piece = re.sub(r"[,;:?!]|\.(?!\d)", " ", piece)
            pieces[index] = piece
        text = "".join(pieces)
        return f"{text} {self.rng.choice(_SIGNS)}" if self.chance(0.05) else text

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
