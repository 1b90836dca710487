"""Tiny checkpoints in the stock formats, made in a second, so that tests run the real loading and running code."""

from pathlib import Path

LINES = [
    "Extract the slots: asking=none; coca de [A] 2 l a [B] 35 pesos en la playa",
    "product=Coca-Cola | size=[A] L | packaging=glass bottle | price=[B] MXN | environment=beach",
    "Generate a promotion: language=es; product=[PRODUCT]; size=[SIZE]; price=[PRICE]; offer=none",
    "¡Llévate [PRODUCT] de [SIZE] a solo [PRICE] en tu tiendita, qué frescura para el niño y el pingüino!",
]


def tiny_text_checkpoint(folder: Path) -> Path:
    """A T5 of some ten thousand random weights with a SentencePiece vocabulary of its own."""
    import io

    import sentencepiece
    import torch
    from transformers import T5Config, T5ForConditionalGeneration, T5TokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES * 20), model_writer=model, vocab_size=400, byte_fallback=True, pad_id=0, eos_id=1,
        unk_id=2, bos_id=-1, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    (folder / "spiece.model").write_bytes(model.getvalue())
    tokenizer = T5TokenizerFast(vocab_file=str(folder / "spiece.model"), extra_ids=0)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    T5ForConditionalGeneration(
        T5Config(
            vocab_size=len(tokenizer), d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4, decoder_start_token_id=0,
            feed_forward_proj="gated-gelu",
        )
    ).save_pretrained(folder)  # fmt: skip
    return folder
