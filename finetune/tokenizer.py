"""The bundled text model's vocabulary: SentencePiece unigram with the closed labels, tags and placeholders as pieces.

The first word of a label with its key (`▁store=corner`) is one piece of score 0, the best there is, so both the slow
and the fast tokenizer of transformers always take it, and decoding gives the exact text back. No piece holds a space:
SentencePiece's decoder keeps it as `▁` at the start of a text. Stock T5 tokenizer classes load the folder. Knows
nothing of training.
"""

import io
import json
import random
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from finetune.extraction_data import extraction_pairs
from finetune.lexicon import lexicon
from finetune.promo_data import promo_pair
from slots.catalog import default_catalog
from slots.numbers import TAGS
from slots.schema import CLOSED, LANGUAGES, SLOTS
from slots.wire import EXTRACT_PREFIX, NOTHING

VOCABULARY = 4096
PLACEHOLDERS = ("[PRODUCT]", "[SIZE]", "[PRICE]", "[N]", "[M]", "[P]", "[GIFT]", "[OFFER]")
LETTERS = "áéíóúüñÁÉÍÓÚÜÑ¡¿%$&+'’!?.,:;()/-–—…abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=|[]\""
PAD, END, UNKNOWN = 0, 1, 2


def whole_pieces() -> list[str]:
    """What is always one piece, as text (a leading space is part of a piece, no other space is)."""
    products = lexicon("es").groups["product"]
    labels = [f" {slot}={value}" for slot, values in CLOSED.items() for value in values]
    labels += [f" product={name}" for name in products]
    labels += [f" {slot}={NOTHING}" for slot in SLOTS] + [f" {slot}=" for slot in SLOTS]
    tags = [f"[{letter}]" for letter in TAGS]
    prompts = [f" {EXTRACT_PREFIX} asking={slot};" for slot in (NOTHING, *SLOTS)] + [" Generate a promotion:"]
    prompts += [f" language={language};" for language in LANGUAGES] + [" offer=none;", " offer=", f" {NOTHING}"]
    units = [" ml", " L", " oz", " MXN", " USD", " for", "-pack", " |"]
    both = [*tags, *PLACEHOLDERS]
    words = [f" {word}" for phrase in (*labels, *prompts) for word in phrase.split()]
    return list(dict.fromkeys([*words, *units, *both, *(f" {piece}" for piece in both)]))


def sample(seed: int, extractions: int = 40_000, promos: int = 25_000) -> Iterable[str]:
    """Text to learn the pieces from, without what is a whole piece anyway."""
    rng = random.Random(seed)
    for source, _ in islice(extraction_pairs(rng), extractions):
        yield source.split("; ", 1)[1]
    catalog = default_catalog()
    for _ in range(promos):
        source, target = promo_pair(rng, catalog)
        yield target
        yield target  # promos are fewer, but they are what is read
        if rng.random() < 0.3:
            yield source


def train_vocabulary(texts: Iterable[str], size: int = VOCABULARY) -> bytes:
    """A SentencePiece model (its protobuf) of exactly `size` pieces, whole pieces included."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as protobuf

    whole = [piece.replace(" ", "▁") for piece in whole_pieces()]
    buffer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=buffer, vocab_size=size - len(whole), model_type="unigram",
        split_digits=True, byte_fallback=True, character_coverage=0.99995, required_chars=LETTERS, pad_id=PAD, eos_id=END,
        unk_id=UNKNOWN, bos_id=-1, num_threads=1, max_sentencepiece_length=16, minloglevel=2, hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc", remove_extra_whitespaces=True,
    )  # fmt: skip
    model_class: Any = protobuf.ModelProto  # type: ignore[attr-defined]
    model = model_class()
    model.ParseFromString(buffer.getvalue())
    known = {piece.piece: piece for piece in model.pieces}
    for text in whole:
        piece = known.get(text) or model.pieces.add()
        piece.piece, piece.score = text, 0.0
        piece.type = model_class.SentencePiece.NORMAL
    model.trainer_spec.vocab_size = len(model.pieces)
    return model.SerializeToString()


def save_tokenizer(proto: bytes, folder: Path) -> None:
    """Writes spiece.model, tokenizer.json and tokenizer_config.json as stock `T5Tokenizer` and `AutoTokenizer` read them."""
    from tokenizers import decoders, models, normalizers, pre_tokenizers
    from transformers import T5Tokenizer
    from transformers.convert_slow_tokenizer import convert_slow_tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    model_file = folder / "spiece.model"
    model_file.write_bytes(proto)
    slow = T5Tokenizer(str(model_file), extra_ids=0, legacy=False)
    fast = convert_slow_tokenizer(slow)
    # the stock conversion drops the byte pieces' use and squeezes spaces another way than SentencePiece
    vocabulary = [(slow.sp_model.id_to_piece(i), slow.sp_model.get_score(i)) for i in range(len(slow.sp_model))]
    fast.model = models.Unigram(vocabulary, unk_id=UNKNOWN, byte_fallback=True)
    fast.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(_whitespace(), " "), normalizers.Strip()]
    )
    fast.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    fast.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    fast.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "T5Tokenizer",
        "extra_ids": 0,
        "additional_special_tokens": [],
        "legacy": False,
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "model_max_length": 512,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    special = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n", encoding="utf-8")


def _whitespace() -> object:
    from tokenizers import Regex

    return Regex(r"\s+")


def build_tokenizer(folder: Path, seed: int = 7, size: int = VOCABULARY, **amounts: int) -> None:
    """Learns the vocabulary from freshly generated text and saves it into `folder`."""
    save_tokenizer(train_vocabulary(sample(seed, **amounts), size), folder)
