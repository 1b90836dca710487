"""Stable Diffusion through diffusers and PyTorch: the bundled checkpoint or any other that AutoPipeline loads.

Knows nothing of briefs, sketches or posters.
"""

import copy
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.backends.base import BackendError, ImageCapabilities, OnStep, Stopped
from pipelines.backends.torch_text import pick_device
from pipelines.models import ModelError, ModelFiles

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

COMPACT_VOCABULARY = 10_000
"""A tokenizer with fewer pieces belongs to a model that knows only the captions of the drawn scenes."""

TINY = "vae_tiny"
"""Folder of a checkpoint's small autoencoder, beside `vae`; not part of the stock pipeline."""

DTYPES = ("float32", "bfloat16", "float16")


def pick_dtype(device: str) -> tuple[str, str]:
    """(PyTorch dtype, reason) that suits a device; `PROMO_IMAGE_DTYPE` overrules. Raises BackendError for an unknown one."""
    if asked := os.environ.get("PROMO_IMAGE_DTYPE"):
        if asked not in DTYPES:
            raise BackendError(f"PROMO_IMAGE_DTYPE cannot be {asked!r}; choose one of: {', '.join(DTYPES)}")
        return asked, "PROMO_IMAGE_DTYPE says so"
    if device == "cuda":
        return "float16", "half precision is fast on CUDA"
    if device == "mps":
        return "float32", "half precision gives black pictures on some Apple GPUs"
    if device == "cpu" and _multiplies_bfloat16():
        return "bfloat16", "this processor multiplies bfloat16 about twice as fast"
    return "float32", "half precision is slow or missing on this processor"


def _multiplies_bfloat16() -> bool:
    """Whether the processor has bfloat16 instructions (AVX-512 BF16 or AMX); emulated bfloat16 is slower than float32."""
    import torch

    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, lambda: False)() for name in checks)


class TorchImage:
    """A loaded pipeline, text-to-image and image-to-image on the same weights. One lock: schedulers keep state."""

    name = "torch"

    def __init__(self, files: ModelFiles, reason: str = "asked for", device: str | None = None) -> None:
        import torch
        from diffusers import AutoPipelineForImage2Image, AutoPipelineForText2Image
        from diffusers.utils import logging as diffusers_logging
        from transformers.utils import logging as transformers_logging

        # whoever waits is told the steps by us; the libraries' loading bars and notes on their own internals are noise
        diffusers_logging.disable_progress_bar()
        transformers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()

        found, why = pick_device()
        self.device = device or found
        dtype, why_dtype = pick_dtype(self.device)
        self.reason = f"{reason}; {why}; {dtype}: {why_dtype}"
        self.model = files.info
        try:
            self._from_text: Any = AutoPipelineForText2Image.from_pretrained(
                files.folder,
                torch_dtype=getattr(torch, dtype),
                use_safetensors=True,
                safety_checker=None,
                requires_safety_checker=False,
            ).to(self.device)
            self._from_image: Any = AutoPipelineForImage2Image.from_pipe(
                self._from_text, torch_dtype=getattr(torch, dtype)
            )
            tiny = load_tiny(files.folder, getattr(torch, dtype))
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"picture checkpoint {files.folder} does not load: {error}. Give a diffusers folder or Hub id with "
                "--image-model, or leave it out for the bundled model."
            ) from error
        for pipeline in (self._from_text, self._from_image):
            pipeline.set_progress_bar_config(disable=True)
        self.capabilities = capabilities_of(self._from_text, files.info.name)
        if tiny is not None:
            for pipeline in (self._from_text, self._from_image):
                pipeline.register_modules(vae=tiny.to(self.device))
        vae = getattr(self._from_text, "vae", None)
        # both pipelines share it; with few channels it runs a seventh faster so
        if vae is not None and self.device == "cpu":
            vae.to(memory_format=torch.channels_last)
        self._lock = threading.Lock()

    def generate(
        self,
        prompt: str,
        *,
        negative_prompt: str = "",
        init: "Image | None" = None,
        strength: float = 1.0,
        steps: int = 20,
        guidance: float = 5.0,
        seed: int = 0,
        width: int,
        height: int,
        on_step: OnStep | None = None,
    ) -> "Image":
        """See `ImageBackend.generate`. `init` is resized to (width, height).

        Raises ValueError for sizes that the checkpoint cannot make, and `Stopped`.
        """
        import torch

        multiple = self.capabilities.multiple
        if width % multiple or height % multiple or min(width, height) < multiple:
            raise ValueError(f"pictures of this model must be multiples of {multiple} pixels, not {width} x {height}")
        options: dict[str, Any] = {
            "prompt": prompt,
            "negative_prompt": negative_prompt,
            "num_inference_steps": steps,
            "guidance_scale": guidance,
            # drawn on the CPU: the same noise on every device
            "generator": torch.Generator("cpu").manual_seed(seed),
            "callback_on_step_end": step_callback(on_step),
        }
        with self._lock, torch.inference_mode():
            if init is None or strength >= 1:
                made = self._from_text(width=width, height=height, **options)
            else:
                options["num_inference_steps"] = enough_steps(steps, strength)
                start = init.convert("RGB").resize((width, height), lanczos())
                made = self._from_image(image=start, strength=strength, **options)
        picture: Image = made.images[0]
        return picture.convert("RGB")

    def schedulers(self) -> tuple[str, ...]:
        """Class names of the diffusers schedulers that this checkpoint takes, its own first; empty for a pipeline without any.

        Left out are those whose libraries are not installed.
        """
        own = getattr(self._from_text, "scheduler", None)
        if own is None:
            return ()
        # diffusers puts a stand-in where a library is missing: it names the libraries and has no `from_config` of its own
        names = {cls.__name__ for cls in own.compatibles if not hasattr(cls, "_backends")}
        return (type(own).__name__, *sorted(names - {type(own).__name__}))

    def with_scheduler(self, name: str) -> "TorchImage":
        """The same weights and the same lock behind another scheduler, set as the checkpoint's own is; this one stays as it is.

        Raises ValueError, with the choices, for a name that `schedulers` does not list, and where the scheduler does not
        take the checkpoint's settings.
        """
        known = self.schedulers()
        if name not in known:
            raise ValueError(f"no scheduler {name!r} for this model; choose one of: {', '.join(known) or 'none'}")
        own = self._from_text.scheduler
        if name == known[0]:
            return self
        cls = next(c for c in own.compatibles if c.__name__ == name)
        try:
            scheduler = cls.from_config(own.config)
        except (TypeError, ImportError, NotImplementedError) as error:
            raise ValueError(str(error)) from error
        other = copy.copy(self)
        # the copies share the networks; their scheduler keeps a state of its own
        other._from_text, other._from_image = copy.copy(self._from_text), copy.copy(self._from_image)
        other._from_text.scheduler = other._from_image.scheduler = scheduler
        return other

    def reconstruct(self, picture: "Image", width: int, height: int) -> "Image":
        """The picture at (width, height) as the model's autoencoder shows it: what image-to-image starts from."""
        import torch
        from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion_img2img import retrieve_latents

        pipeline = self._from_image
        with self._lock, torch.inference_mode():
            pixels = pipeline.image_processor.preprocess(picture.convert("RGB").resize((width, height), lanczos()))
            seen = pipeline.vae.encode(pixels.to(self.device, pipeline.vae.dtype))
            latents = retrieve_latents(seen, sample_mode="argmax")
            shown = pipeline.vae.decode(latents, return_dict=False)[0]
            made: Image = pipeline.image_processor.postprocess(shown)[0]
        return made.convert("RGB")


def load_tiny(folder: Path, dtype: "torch.dtype") -> Any:
    """The AutoencoderTiny beside a checkpoint's parts (`TINY`), which speaks the same latents as its large autoencoder at a third
    of the time; None where there is none. Raises OSError for a broken one."""
    from diffusers import AutoencoderTiny

    if not (folder / TINY).is_dir():
        return None
    tiny: Any = AutoencoderTiny.from_pretrained(folder / TINY, torch_dtype=dtype, use_safetensors=True)
    return tiny.eval()


def step_callback(on_step: OnStep | None) -> Any:
    """A diffusers `callback_on_step_end` that tells each step and raises Stopped; some schedulers take one step more
    than was asked for, so the number in all comes from the pipeline."""

    def after_step(pipeline: Any, step: int, _time: Any, values: dict[str, Any]) -> dict[str, Any]:
        # raising leaves the loop at once, before the next step and the decoder cost anything
        if on_step is not None and not on_step(step + 1, pipeline.num_timesteps):
            raise Stopped
        return values

    return after_step


def enough_steps(steps: int, strength: float) -> int:
    """Steps of image-to-image: a strength too small for one whole step would make none, which diffusers refuses."""
    return max(steps, -int(-1 // max(strength, 0.01)))


def capabilities_of(pipeline: Any, name: str) -> ImageCapabilities:
    """What a loaded pipeline can do, and the settings that suit it."""
    factor = pipeline.vae_scale_factor
    levels = len(pipeline.unet.config.block_out_channels) if getattr(pipeline, "unet", None) else 1
    multiple = factor * 2 ** (levels - 1)
    native = pipeline.unet.config.sample_size if getattr(pipeline, "unet", None) else 64
    compact = len(pipeline.tokenizer) < COMPACT_VOCABULARY
    # an autoencoder made for larger pictures than the denoiser: the compact model sharpens what it made in a second pass
    autoencoder = getattr(getattr(pipeline, "vae", None), "config", None)
    second = int(getattr(autoencoder, "sample_size", None) or 0)
    few_steps = any(word in name.lower() for word in ("turbo", "lcm", "lightning"))
    if compact:
        steps, strength, guidance = 8, 0.5, 2.0
    elif few_steps:
        # distilled: guidance is built in, and image-to-image needs at least two of its few steps
        steps, strength, guidance = 4, 0.6, 0.0
    else:
        steps, strength, guidance = 25, 0.7, 6.5
    return ImageCapabilities(
        image_to_image=True,
        sizes=None,
        multiple=multiple,
        native=native * factor,
        steps=steps,
        strength=strength,
        whole=not compact,
        guidance=guidance,
        second=second if compact and second > native * factor else None,
    )


def lanczos() -> Any:
    """Pillow's best filter for making pictures smaller."""
    from PIL import Image

    return Image.Resampling.LANCZOS
