"""Training pairs of the writing mode: a prompt as `pipelines.prompts.writer_source` prints it, and a text to imitate.

Texts are put together from hand-written openings, sentence frames, offer sentences and closings; names and figures are
placeholders. The first sentence always stands alone as a headline. Knows nothing of training or of back ends.
"""

import random
import re
from dataclasses import dataclass

from finetune import promo_copy_en, promo_copy_es
from finetune.families import Part, of_part
from finetune.promo_frames import EN, ES, Frames
from pipelines.prompts import NOTHING, source_line
from pipelines.wording import PACKAGING, PACKAGINGS, PLACE, STORE, a_packaging, a_store, at_store, en_store
from slots.catalog import Catalog
from slots.schema import ENVIRONMENTS, STORES, Language
from slots.schema import PACKAGINGS as PACKAGING_NAMES

OFFERS = (
    "[N] for [M]",
    "[P]% off the second",
    "[P]% off",
    "free [GIFT] with [N]",
    "combo with [GIFT]",
    "loyalty card [N]",
    "[OFFER]",
)
FOOD_STORES = ("restaurant", "taco stand", "bar", "coffee shop", "hotel", "food truck", "pizzeria", "cinema")
SHORTEST, LONGEST = 13, 45
"""Words of a text."""
LIGHT = {"para", "with", "your", "tiene", "tienes", "what", "when", "that", "this", "como"}
"""Words that may come twice."""


@dataclass(frozen=True)
class Draft:
    """A brief in the writer's eyes: each part as it stands in the prompt, `none` when absent."""

    language: Language
    size: str
    packaging: str
    price: str
    offer: str
    store: str
    environment: str

    @property
    def source(self) -> str:
        """The prompt."""
        return source_line(
            self.language, self.size, self.packaging, self.price, self.offer, self.store, self.environment
        )


def random_draft(rng: random.Random, catalog: Catalog | None) -> Draft:
    """Any mix of given and absent slots; half of the time packaging and size go together as they do on the shelf."""
    packaging = rng.choice(PACKAGING_NAMES) if rng.random() < 0.8 else NOTHING
    size = NOTHING if rng.random() < 0.13 else "pack [SIZE]" if rng.random() < 0.14 else "[SIZE]"
    if catalog is not None and catalog.products and rng.random() < 0.5:
        pack = rng.choice(rng.choice(list(catalog.products.values())).packs)
        packaging = pack.packaging if packaging != NOTHING else NOTHING
        if size != NOTHING:
            size = "pack [SIZE]" if pack.size.count > 1 else "[SIZE]"
    price = NOTHING if rng.random() < 0.14 else "multi [PRICE]" if rng.random() < 0.1 else "[PRICE]"
    store = NOTHING if rng.random() < 0.22 else "[STORE]" if rng.random() < 0.05 else rng.choice(STORES)
    place = NOTHING if rng.random() < 0.18 else "[PLACE]" if rng.random() < 0.04 else rng.choice(ENVIRONMENTS)
    offer = rng.choice(OFFERS) if rng.random() < 0.36 else NOTHING
    return Draft("es" if rng.random() < 0.5 else "en", size, packaging, price, offer, store, place)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _noun(rng: random.Random, d: Draft, named: bool) -> str:
    """The product with size and packaging. `named`: the opening has named it, so the noun may stand for it."""
    es = d.language == "es"
    frames = ES if es else EN
    of = "de" if es else "of"
    article = "la" if es else "the"
    pack = PACKAGING[d.language].get(d.packaging, "")
    packs = PACKAGINGS[d.language].get(d.packaging, "")
    if es and d.packaging == "carton":
        article = "el"
    if d.size == "pack [SIZE]":
        key = "pack_packaging" if pack else "pack"
    elif d.size == "[SIZE]":
        key = "size_packaging" if pack else "size"
    else:
        key = "packaging" if pack else "bare"
    if named and f"{key}_unnamed" in frames.nouns and rng.random() < 0.6:
        key += "_unnamed"
    a_pack = a_packaging(d.packaging, d.language) if pack else ""
    return rng.choice(frames.nouns[key]).format(pack=pack, packs=packs, the=article, a_pack=a_pack, of=of)


def _opening(rng: random.Random, d: Draft, part: Part | None) -> tuple[str, str]:
    """A headline, and what it speaks of: environment, store, product or anything."""
    copy = promo_copy_es if d.language == "es" else promo_copy_en
    frames = ES if d.language == "es" else EN
    place, roll = d.environment, rng.random()
    if roll < 0.08:
        return rng.choice(of_part(frames.product_openings, part)), "product"
    if place == "[PLACE]":
        return rng.choice(of_part(frames.place_openings, part)), "environment"
    if place != NOTHING and roll < 0.86:
        return rng.choice(of_part(copy.OPENINGS[place], part)), "environment"
    if d.store in copy.STORE_OPENINGS and roll < 0.92 and (place == NOTHING or roll < 0.9):
        return rng.choice(of_part(copy.STORE_OPENINGS[d.store], part)), "store"
    return rng.choice(of_part(copy.GENERIC_OPENINGS, part)), "anything"


def _body(rng: random.Random, d: Draft, frames: Frames, noun: str, about: str, part: Part | None) -> str:
    """One or two sentences with noun, price and store."""
    has_price, has_store = d.price != NOTHING, d.store != NOTHING
    key = ("price_" if has_price else "") + ("store" if has_store else "")
    key = key.strip("_") or "bare"
    es = d.language == "es"
    store = rng.choice(STORE[d.language].get(d.store, (d.store,)))
    at = en_store(store) if es else at_store(store)
    to = a_store(store) if es else store
    price = rng.choice(frames.prices["multi" if d.price.startswith("multi") else "single"])
    go = rng.choice(frames.go.get(d.store, frames.go["any"]))
    get = rng.choice(frames.get.get(d.store, frames.get["any"]))
    take = rng.choice(frames.take.get(d.store, frames.take["food" if d.store in FOOD_STORES else "any"]))
    if d.environment in frames.get_place and rng.random() < 0.4:
        get = rng.choice(frames.get_place[d.environment])
    mention = d.environment != NOTHING and rng.random() < _mention(d, about)
    fitting = [f for f in of_part(frames.bodies[key], part) if _fits(f, d, noun, mention)]
    frame = rng.choice(fitting or [f for f in frames.bodies[key] if _fits(f, d, noun, mention)])
    text = frame.format(
        noun=noun,
        Noun=_upper(noun),
        price=price,
        Price=_upper(price),
        ap=rng.choice(("a [PRICE]", "a solo [PRICE]")),
        cost="[PRICE]",
        at=at,
        At=_upper(at),
        to=to,
        go=go,
        get=get,
        take=take,
    )
    if not mention:
        return text
    lead = frames.place_colon if frame.startswith("{Noun}") else frames.place_lead
    return lead.format(place=rng.choice(PLACE[d.language].get(d.environment, (d.environment,)))) + _lower(text)


def _mention(d: Draft, about: str) -> float:
    """How likely the body names the environment: always when the opening does not."""
    if about != "environment":
        return 1.0
    return 0.0 if d.environment == "[PLACE]" else 0.25


def _fits(frame: str, d: Draft, noun: str, mention: bool) -> bool:
    """Whether a body frame reads well with this store, price and noun, and after "for the beach," when `mention`."""
    if d.store == "[STORE]" and "{to}" in frame:
        return False
    if d.price.startswith("multi") and (
        "cuesta {cost}" in frame or "costs {cost}" in frame or (d.language == "en" and "{cost}" not in frame)
    ):
        return False
    if mention and (frame[0] in "¿¡" or frame.startswith(("{Price}", "Craving", "Nothing", "There's"))):
        return False
    return not noun.startswith(("tu ", "your ")) or not frame.startswith(("Hay ", "There's "))


def _text(rng: random.Random, d: Draft, part: Part | None) -> str:
    copy = promo_copy_es if d.language == "es" else promo_copy_en
    frames = ES if d.language == "es" else EN
    opening, about = _opening(rng, d, part)
    body = _body(rng, d, frames, _noun(rng, d, "[PRODUCT]" in opening), about, part)
    parts = [opening, body]
    if d.offer != NOTHING:
        parts.append(rng.choice(of_part(frames.offers[d.offer], part)))
    elif sum(body.count(c) for c in ".!?") < 2 and (rng.random() < 0.55 or len(body.split()) < 9):
        pool: tuple[str, ...] = copy.GENERIC_CLOSINGS
        roll = rng.random()
        if d.environment in copy.CLOSINGS and roll < 0.5:
            pool = copy.CLOSINGS[d.environment]
        elif d.packaging != NOTHING and roll < 0.65:
            pool = copy.PACK_CLOSINGS[d.packaging]
        parts.append(rng.choice(of_part(pool, part)))
    return " ".join(parts)


def _repeats(text: str, d: Draft) -> bool:
    """Whether a word of weight comes twice that neither store nor environment brings in."""
    own = " ".join((*STORE[d.language].get(d.store, ()), *PLACE[d.language].get(d.environment, ()))).lower()
    words = [w for w in re.findall(r"[^\W\d_]{4,}", re.sub(r"\[[A-Z]+\]", " ", text).lower()) if w not in own]
    return any(words.count(w) > 1 for w in words if w not in LIGHT)


def promo_pair(rng: random.Random, catalog: Catalog | None = None, part: Part | None = None) -> tuple[str, str]:
    """One (source, target) of a part of the corpus (None: of all). Endless and deterministic by `rng`; the catalogue
    only lends realistic packs."""
    draft = random_draft(rng, catalog)
    return draft.source, promo_text(rng, draft, part)


def promo_text(rng: random.Random, draft: Draft, part: Part | None = None) -> str:
    """One text for this draft, of the right length and without a word of weight repeated."""
    text = _text(rng, draft, part)
    while not SHORTEST <= len(text.split()) <= LONGEST or text.count("[PRODUCT]") > 2 or _repeats(text, draft):
        text = _text(rng, draft, part)
    return text
