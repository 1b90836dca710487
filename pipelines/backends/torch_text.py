"""The T5 through transformers and PyTorch: CPU, CUDA or Apple's MPS. The stock path that the other text engines are measured against."""

import threading
from collections.abc import Sequence
from typing import Any

from pipelines.backends.base import OnStep, Stopped, TextCapabilities
from pipelines.models import ModelError, ModelFiles


def pick_device() -> tuple[str, str]:
    """(device, reason), the fastest device that PyTorch sees."""
    import torch

    if torch.cuda.is_available():
        return "cuda", f"CUDA device {torch.cuda.get_device_name(0)}"
    if torch.backends.mps.is_available():
        return "mps", "Apple GPU"
    return "cpu", "no GPU found"


def step_watch(on_step: OnStep, before: int, total: int) -> Any:
    """Stopping criteria for `generate` that tell each token as step `before` + n of `total` and raise Stopped."""
    from transformers import StoppingCriteria, StoppingCriteriaList

    class Watch(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
            if not on_step(min(before + input_ids.shape[-1] - 1, total), total):
                raise Stopped
            return input_ids.new_zeros(input_ids.shape[0]).bool()

    return StoppingCriteriaList([Watch()])


class TorchText:
    """A loaded T5. One lock: a seed is global to PyTorch's generator, and a tokenizer's truncation is its own state."""

    name = "torch"

    def __init__(self, files: ModelFiles, reason: str = "asked for", device: str | None = None) -> None:
        import torch
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        found, why = pick_device()
        self.device = device or found
        self.reason = f"{reason}; {why}"
        self.model = files.info
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(files.folder)
            # fp32: T5 overflows in fp16, and compact models are fast enough without bf16
            self._net: Any = (
                AutoModelForSeq2SeqLM.from_pretrained(files.folder, dtype=torch.float32, use_safetensors=True)
                .to(self.device)
                .eval()
            )
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelError(f"text checkpoint {files.folder} does not load: {error}") from error
        self._lock = threading.Lock()
        self.capabilities = TextCapabilities(samples=True, beams=True, max_input_tokens=512, steps=True)

    def generate(
        self,
        sources: Sequence[str],
        *,
        sample: bool = False,
        samples: int = 1,
        temperature: float = 0.9,
        top_p: float = 0.95,
        seed: int | None = None,
        max_tokens: int = 96,
        on_step: OnStep | None = None,
    ) -> list[list[str]]:
        """See `TextBackend.generate`."""
        import torch

        if not sources:
            return []
        options: dict[str, Any] = {"max_new_tokens": max_tokens, "num_beams": 1, "do_sample": False}
        if sample:
            options.update(do_sample=True, temperature=temperature, top_p=top_p, top_k=0, num_return_sequences=samples)
        elif samples > 1:
            options.update(num_beams=samples, num_return_sequences=samples)
        if on_step is not None:
            options["stopping_criteria"] = step_watch(on_step, 0, max_tokens)
        with self._lock, torch.inference_mode():
            if seed is not None:
                torch.manual_seed(seed)
            batch = self._tokenizer(
                list(sources),
                return_tensors="pt",
                padding=True,
                truncation=True,
                max_length=self.capabilities.max_input_tokens,
            ).to(self.device)
            out = self._net.generate(input_ids=batch.input_ids, attention_mask=batch.attention_mask, **options)
        texts = self._tokenizer.batch_decode(out, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return [texts[i : i + samples] for i in range(0, len(texts), samples)]
