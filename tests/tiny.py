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


def tiny_image_checkpoint(folder: Path, scheduler: str = "PNDMScheduler", side: int = 32) -> Path:
    """A Stable Diffusion of some ten thousand random weights for pictures of `side` pixels, with a vocabulary of letters."""
    import json

    import diffusers
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    words = folder / "words"
    words.mkdir(parents=True, exist_ok=True)
    letters = [chr(n) for n in range(33, 127)]
    pieces = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (words / "vocab.json").write_text(json.dumps({piece: number for number, piece in enumerate(pieces)}))
    (words / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(words / "vocab.json"), str(words / "merges.txt"), model_max_length=24)
    torch.manual_seed(0)
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(pieces), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
            max_position_embeddings=24, bos_token_id=len(pieces) - 2, eos_token_id=len(pieces) - 1, projection_dim=16,
        )
    )  # fmt: skip
    unet = diffusers.UNet2DConditionModel(
        sample_size=side // 2, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(8, 16),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=16, attention_head_dim=4, norm_num_groups=4,
    )  # fmt: skip
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 16), down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=4, norm_num_groups=4, sample_size=side,
    )  # fmt: skip
    shared = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "steps_offset": 1}
    if scheduler == "PNDMScheduler":
        shared["skip_prk_steps"] = True  # as in every Stable Diffusion
    noise = getattr(diffusers, scheduler)(**shared)
    diffusers.StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer, unet=unet, scheduler=noise, safety_checker=None,
        feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip
    for file in words.iterdir():
        file.unlink()
    words.rmdir()
    return folder
