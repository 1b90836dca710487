"""The T5 through CTranslate2, int8 on a CPU. The checkpoint is converted once into a cache folder, never into the repository."""

import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.backends.base import OnStep, TextCapabilities
from pipelines.models import ModelError, ModelFiles

QUANTIZATION = "int8"
SMALL = 64 * 2**20
"""Bytes of weights up to which one thread is faster than several: handing a compact model's tiny matrices around costs
more than multiplying them (measured on two cores: 3.2 ms a message with one thread, 20.8 ms with two)."""


def threads_for(folder: Path) -> int:
    """CTranslate2 threads for a checkpoint: one for a small one, else 0, which leaves the number to CTranslate2."""
    return 1 if sum(file.stat().st_size for file in folder.glob("*.safetensors")) <= SMALL else 0


def cache_folder() -> Path:
    """Where converted copies live: `PROMO_CACHE_DIR`, else the user's cache folder."""
    base = os.environ.get("PROMO_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "promo-studio" / "ctranslate2"


def converted(files: ModelFiles) -> Path:
    """The converted copy of a checkpoint, made when it is not there. Two processes at once do no harm."""
    import ctranslate2
    from ctranslate2.converters import TransformersConverter

    target = cache_folder() / f"{files.info.revision}-{QUANTIZATION}-{ctranslate2.__version__}"
    if (target / "model.bin").is_file():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".converting-", dir=target.parent))
    except OSError:
        # a read-only or full home: convert for this run only
        target = Path(tempfile.mkdtemp(prefix="promo-studio-")) / "model"
        scratch = Path(tempfile.mkdtemp(prefix=".converting-", dir=target.parent))
    try:
        TransformersConverter(str(files.folder)).convert(str(scratch / "model"), quantization=QUANTIZATION)
        try:
            os.replace(scratch / "model", target)
        except OSError:
            if not (target / "model.bin").is_file():  # else another process was faster
                raise
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(
            f"text checkpoint {files.folder} cannot be converted for CTranslate2: {error}. "
            "Try --text-backend torch, or free space in the cache folder (PROMO_CACHE_DIR)."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


class CTranslate2Text:
    """A loaded T5. One lock: the sampling seed is global to CTranslate2, and a tokenizer's truncation is its own state."""

    name = "ctranslate2"

    def __init__(self, files: ModelFiles, reason: str = "asked for", threads: int | None = None) -> None:
        import ctranslate2
        from transformers import AutoTokenizer

        self.model = files.info
        self.reason = f"{reason}; CTranslate2 {ctranslate2.__version__}, {QUANTIZATION}"
        folder = converted(files)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(files.folder)
            self._folder = str(folder)
            self._threads = threads_for(files.folder) if threads is None else threads
            self._net = self._open()
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"converted checkpoint {folder} does not load: {error}; delete that folder.") from error
        self._lock = threading.Lock()
        self.capabilities = TextCapabilities(samples=True, beams=True, max_input_tokens=512)

    def _open(self) -> Any:
        import ctranslate2

        return ctranslate2.Translator(
            self._folder, device="cpu", compute_type=QUANTIZATION, inter_threads=1, intra_threads=self._threads
        )

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
        import ctranslate2

        if not sources:
            return []
        tokenizer, limit = self._tokenizer, self.capabilities.max_input_tokens
        options: dict[str, Any] = {"beam_size": 1, "max_decoding_length": max_tokens, "max_batch_size": 32}
        if sample:
            options.update(
                sampling_topk=0, sampling_topp=top_p, sampling_temperature=temperature, num_hypotheses=samples
            )
        elif samples > 1:
            options.update(beam_size=samples, num_hypotheses=samples)
        with self._lock:
            batch = [
                tokenizer.convert_ids_to_tokens(tokenizer.encode(source, truncation=True, max_length=limit))
                for source in sources
            ]
            net = self._net
            if sample and seed is not None:
                # a worker's random generator takes the seed when the worker starts, so equal seeds need a fresh worker;
                # the compact model opens in some ten milliseconds
                ctranslate2.set_random_seed(seed)
                net = self._open()
            results = net.translate_batch(batch, **options)
        return [
            [
                tokenizer.decode(
                    tokenizer.convert_tokens_to_ids(tokens),
                    skip_special_tokens=True,
                    clean_up_tokenization_spaces=False,
                )
                for tokens in result.hypotheses
            ]
            for result in results
        ]
