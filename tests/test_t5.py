"""Models for training: deepened, scaled, exported."""

import pytest

from finetune.t5 import deepened, generate, load_base, new_model, scaled_adamw
from tests.tiny import tiny_text_checkpoint

SHAPE = {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_heads": 4, "num_layers": 2, "num_decoder_layers": 1}


def test_a_deeper_encoder_starts_near_the_old_one_and_loads_again(tmp_path):
    import torch
    from transformers import T5ForConditionalGeneration

    model = new_model(SHAPE, 60, 1).eval()
    ids, labels = torch.arange(2, 14)[None], torch.tensor([[5, 6, 1]])
    before = model(input_ids=ids, labels=labels).logits
    deep = deepened(model, 5)
    after = deep(input_ids=ids, labels=labels).logits
    assert len(deep.encoder.block) == 5
    assert [b.layer[0].SelfAttention.has_relative_attention_bias for b in deep.encoder.block] == [True, *[False] * 4]
    other = new_model(SHAPE, 60, 2).eval()(input_ids=ids, labels=labels).logits
    assert (after - before).abs().mean() < (other - before).abs().mean() / 2
    deep.save_pretrained(tmp_path)
    again = T5ForConditionalGeneration.from_pretrained(tmp_path).eval()
    assert torch.allclose(again(input_ids=ids, labels=labels).logits, after, atol=1e-5)


def test_a_shallower_encoder_is_refused():
    with pytest.raises(ValueError, match="2 encoder layers"):
        deepened(new_model(SHAPE, 60, 1), 1)


def test_each_tensor_moves_in_proportion_to_its_size():
    import torch

    small, large = torch.nn.Parameter(torch.full((4,), 0.01)), torch.nn.Parameter(torch.full((4,), 10.0))
    optimizer = scaled_adamw([small, large], 0.1)
    for tensor in (small, large):
        tensor.grad = torch.ones(4)
    optimizer.step()
    assert (0.01 - small).mean().item() == pytest.approx(0.1 * 0.01, rel=0.01)
    assert (10 - large).mean().item() == pytest.approx(0.1 * 10, rel=0.01)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.1]


def test_answers_come_in_the_order_of_their_sources(tmp_path):
    model, tokenizer = load_base(tiny_text_checkpoint(tmp_path / "t5"))
    sources = ["a rather longer source text", "short", "one of middling length"]
    together = generate(model, tokenizer, sources, max_tokens=6, batch=2)
    assert together == [generate(model, tokenizer, [source], max_tokens=6)[0] for source in sources]
