"""The T5 through optimum-neuron on an AWS Inferentia2 chip. Runs artifacts of `finetune.export_neuron`, compiles nothing.

What the compiled model cannot do is refused here, because the library ignores it in silence: sampling, more beams than
compiled, outputs longer than the compiled length. Knows nothing of briefs or slots.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Any

from pipelines.backends.base import OnStep, TextCapabilities
from pipelines.backends.neuron_artifacts import TextLimits, check_versions, read_artifacts
from pipelines.backends.neuron_runtime import because, load_library, placement, versions
from pipelines.backends.torch_text import step_watch
from pipelines.models import ModelError, ModelFiles

LOGGER = logging.getLogger(__name__)


class NeuronText:
    """A loaded T5. One lock: the key and value cache is the compiled module's own state, two calls at once mix it up."""

    name = "neuron"

    def __init__(self, files: ModelFiles, reason: str = "asked for") -> None:
        artifacts = read_artifacts("text", files.folder)
        assert isinstance(artifacts.limits, TextLimits)
        self.limits = artifacts.limits
        library = load_library()
        installed = versions()
        check_versions(artifacts, installed.compiler, installed.library)
        if self.limits.batch != 1:
            raise ModelError(
                f"{files.folder} was compiled for a batch of {self.limits.batch}; optimum-neuron runs a T5 with a batch of "
                "1 only: export it anew with 'python -m finetune.export_neuron --only text --force'"
            )
        core = placement().text
        self.reason = (
            f"{reason}; optimum-neuron {installed.library}, compiler {artifacts.compiler}, {self.limits.sequence_length} "
            f"tokens, {self.limits.beams} beam{'s' if self.limits.beams > 1 else ''}, NeuronCore {core}"
        )
        self.model = files.info
        from transformers import AutoTokenizer

        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(files.folder)
            # the library itself puts a T5 on core 0
            self._net: Any = library.NeuronModelForSeq2SeqLM.from_pretrained(files.folder)
        except (OSError, ValueError, RuntimeError, KeyError, AttributeError, ImportError) as error:
            raise ModelError(f"Neuron artifacts {files.folder} do not load: {because(error)}") from error
        self._lock = threading.Lock()
        self.capabilities = TextCapabilities(
            samples=False,
            beams=self.limits.beams > 1,
            max_input_tokens=self.limits.sequence_length,
            batch=1,
            most_beams=self.limits.beams,
            steps=True,
        )
        self.warm_up()

    def warm_up(self) -> None:
        """One short call: the first one loads the compiled model onto the chip and takes several times as long."""
        self.generate(["warm up"], max_tokens=2)

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
        """See `TextBackend.generate`. A source that is too long loses its end, and the log says so; outputs end at the
        compiled length at the latest."""
        if sample:
            raise ValueError(
                "a compiled T5 cannot sample: the choice of each token is part of the compiled graph. Ask for up to "
                f"{self.limits.beams} beams, or vary the prompt"
            )
        if not 1 <= samples <= self.limits.beams:
            raise ValueError(
                f"this T5 was compiled with {self.limits.beams} beam(s), so it gives 1 to {self.limits.beams} outputs, not "
                f"{samples}; 'python -m finetune.export_neuron --num-beams N' compiles it with others"
            )
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, not {max_tokens}")
        # counted with the start token; beyond the compiled length the library runs on and gives wrong tokens
        length = min(max_tokens + 1, self.limits.sequence_length)
        outputs = []
        for number, source in enumerate(sources):
            before, total = number * (length - 1), len(sources) * (length - 1)
            watch = None if on_step is None else step_watch(on_step, before, total)
            outputs.append(self._one(source, samples, length, watch))
        return outputs

    def measure(self, source: str) -> int:
        """How many tokens a source has, its end mark included; more than `max_input_tokens` do not fit."""
        with self._lock:  # a tokenizer's settings are its own state too
            return len(self._tokenizer(source).input_ids)

    def _one(self, source: str, samples: int, length: int, watch: Any) -> list[str]:
        import torch

        most = self.limits.sequence_length
        if (tokens := self.measure(source)) > most:
            LOGGER.warning(
                "a text source of %d tokens was cut to its first %d, the compiled length; export with a larger "
                "--sequence-length to read more: %.60s...", tokens, most, source,
            )  # fmt: skip
        options: dict[str, Any] = {"max_length": length, "num_return_sequences": samples}
        if watch is not None:
            options["stopping_criteria"] = watch
        with self._lock, torch.no_grad():
            inputs = self._tokenizer(source, return_tensors="pt", truncation=True, max_length=most)
            rows = self._net.generate(input_ids=inputs.input_ids, attention_mask=inputs.attention_mask, **options)
        return [self._text(row.tolist()) for row in rows]

    def _text(self, ids: list[int]) -> str:
        """An output without its start token and the padding that fills it up to the compiled length."""
        end = self._tokenizer.eos_token_id
        ids = ids[1 : ids.index(end) if end in ids else None]
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text
