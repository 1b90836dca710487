"""Stable Diffusion through optimum-neuron on an AWS Inferentia2 chip: text-to-image and image-to-image on one set of
artifacts of `finetune.export_neuron`. Compiles nothing.

Size and number of pictures are part of the compiled graph; the library ignores other requests in silence, so they are
refused here. Knows nothing of briefs, sketches or posters.
"""

import logging
import threading
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.backends.base import OnStep
from pipelines.backends.neuron_artifacts import ImageLimits, check_versions, read_artifacts
from pipelines.backends.neuron_runtime import because, load_library, placement, put_on_core, versions
from pipelines.backends.torch_image import capabilities_of, enough_steps, lanczos, step_callback
from pipelines.models import ModelError, ModelFiles

if TYPE_CHECKING:
    from PIL.Image import Image

LOGGER = logging.getLogger(__name__)


class NeuronImage:
    """A loaded pipeline. One lock: schedulers keep state, and both ways of making a picture share the compiled parts."""

    name = "neuron"

    def __init__(self, files: ModelFiles, reason: str = "asked for") -> None:
        artifacts = read_artifacts("image", files.folder)
        assert isinstance(artifacts.limits, ImageLimits)
        self.limits = artifacts.limits
        library = load_library()
        installed = versions()
        check_versions(artifacts, installed.compiler, installed.library)
        cores = placement().image
        self.reason = (
            f"{reason}; optimum-neuron {installed.library}, compiler {artifacts.compiler}, {self.limits.width} x "
            f"{self.limits.height} pixels, NeuronCore{'s' if len(cores) > 1 else ''} {', '.join(map(str, cores))}"
        )
        self.model = files.info
        from diffusers.utils import logging as diffusers_logging

        diffusers_logging.disable_progress_bar()
        # the library never loads a safety checker, and diffusers would say so at length for each of the two pipelines
        diffusers_logging.set_verbosity_error()
        # optimum-neuron hands over a prepared picture, which diffusers takes for a user's old habit
        warnings.filterwarnings(
            "ignore", message="Passing `image` as torch tensor with value range", category=FutureWarning
        )
        try:
            placed = _placed(library.NeuronStableDiffusionPipeline, cores, self.limits.images)
            self._from_text: Any = placed.from_pretrained(files.folder)
            self._from_image: Any = library.NeuronStableDiffusionImg2ImgPipeline(**_parts(self._from_text))
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError) as error:
            raise ModelError(f"Neuron artifacts {files.folder} do not load: {because(error)}") from error
        for pipeline in (self._from_text, self._from_image):
            pipeline.set_progress_bar_config(disable=True)
        self._lock = threading.Lock()
        able = capabilities_of(self._from_text, artifacts.source or files.info.name)
        size = (self.limits.width, self.limits.height)
        self.capabilities = replace(able, sizes=(size,), native=min(size), images=self.limits.images)
        self.warm_up()

    def warm_up(self) -> None:
        """A picture of a few steps through every compiled part: the UNet is loaded onto the chip by its first call, which
        takes several times as long as the next ones."""
        from PIL import Image

        grey = Image.new("RGB", (self.limits.width, self.limits.height), (128, 128, 128))
        self.generate("warm up", init=grey, strength=0.9, steps=5, width=self.limits.width, height=self.limits.height)

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
        """See `ImageBackend.generate`. Of a model compiled for several pictures a call, the first one.

        Raises ValueError for another size than the compiled one, and `Stopped`.
        """
        seeds = range(seed, seed + self.limits.images)
        return self.pictures(
            prompt, negative_prompt=negative_prompt, init=init, strength=strength, steps=steps, guidance=guidance,
            seeds=seeds, width=width, height=height, on_step=on_step,
        )[0]  # fmt: skip

    def pictures(
        self,
        prompt: str,
        *,
        seeds: Sequence[int],
        negative_prompt: str = "",
        init: "Image | None" = None,
        strength: float = 1.0,
        steps: int = 20,
        guidance: float = 5.0,
        width: int,
        height: int,
        on_step: OnStep | None = None,
    ) -> "list[Image]":
        """As many pictures as one call was compiled for, each from the noise of its own seed."""
        import torch

        self._refuse_other(width, height, len(seeds))
        if (tokens := len(self._from_text.tokenizer(prompt).input_ids)) > self.limits.prompt_tokens:
            LOGGER.warning(
                "a picture prompt of %d tokens was cut to its first %d, which the model was compiled for: %.60s...",
                tokens, self.limits.prompt_tokens, prompt,
            )  # fmt: skip
        # drawn on the CPU: the same noise as on every other device
        noise = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        options: dict[str, Any] = {
            "prompt": prompt,
            "negative_prompt": negative_prompt,
            "num_inference_steps": steps,
            "guidance_scale": guidance,
            # the library knows the compiled number but wants it again
            "num_images_per_prompt": self.limits.images,
            "generator": noise if len(noise) > 1 else noise[0],
            "callback_on_step_end": step_callback(on_step),
        }
        with self._lock, torch.no_grad():
            if init is None or strength >= 1:
                made = self._from_text(**options)
            else:
                options["num_inference_steps"] = enough_steps(steps, strength)
                start = init.convert("RGB").resize((width, height), lanczos())
                made = self._from_image(image=start, strength=strength, **options)
        return [picture.convert("RGB") for picture in made.images]

    def reconstruct(self, picture: "Image", width: int, height: int) -> "Image":
        """The picture at (width, height) as the model's autoencoder shows it: what image-to-image starts from."""
        import torch

        self._refuse_other(width, height, self.limits.images)
        pipeline = self._from_image
        with self._lock, torch.no_grad():
            pixels = pipeline.image_processor.preprocess(picture.convert("RGB").resize((width, height), lanczos()))
            latents = pipeline.vae.encode(pixels).latent_dist.mode()
            shown = pipeline.vae.decode(latents, return_dict=False)[0]
            made: Image = pipeline.image_processor.postprocess(shown)[0]
        return made.convert("RGB")

    def _refuse_other(self, width: int, height: int, count: int) -> None:
        size = (self.limits.width, self.limits.height)
        if (width, height) != size:
            raise ValueError(
                f"this model was compiled for pictures of {size[0]} x {size[1]} pixels and no others, not {width} x "
                f"{height}. Other sizes need an export of their own: python -m finetune.export_neuron --only image "
                "--height H --width W --out DIR"
            )
        if count != self.limits.images:
            raise ValueError(
                f"this model was compiled for {self.limits.images} picture(s) a call, not {count}; "
                "'python -m finetune.export_neuron --only image --images N --out DIR' compiles it for others"
            )


def _parts(pipeline: Any) -> dict[str, Any]:
    """What the image-to-image pipeline takes over from a loaded text-to-image pipeline: the same compiled parts."""
    return {
        "config": dict(pipeline.config),
        "configs": pipeline.configs,
        "neuron_configs": pipeline.neuron_configs,
        "data_parallel_mode": pipeline.data_parallel_mode,
        "scheduler": pipeline.scheduler,
        "text_encoder": pipeline.text_encoder,
        "unet": pipeline.unet,
        "vae_encoder": pipeline.vae_encoder,
        "vae_decoder": pipeline.vae_decoder,
        "tokenizer": pipeline.tokenizer,
        "feature_extractor": pipeline.feature_extractor,
        "model_save_dir": pipeline.model_save_dir,
    }


def _placed(base: Any, cores: Sequence[int], images: int) -> Any:
    """The library's pipeline class with our choice of cores instead of its own (see `neuron_runtime`)."""
    import torch

    def load(file: Path, core: int, to_neuron: bool) -> Any:
        module = torch.jit.load(file)
        put_on_core(module, core)
        if to_neuron:  # weights that lie beside the graph, not in it
            import torch_neuronx

            torch_neuronx.move_trace_to_device(module, core)
        return module

    class Placed(base):  # type: ignore[misc]
        @staticmethod
        def load_model(
            *, unet_path: Path, text_encoder_path: Path, vae_encoder_path: Path, vae_decoder_path: Path,
            to_neuron: bool = False, **_: Any,
        ) -> dict[str, Any]:  # fmt: skip
            """The compiled parts by name; the UNet once a core."""
            first = cores[0]
            return {
                "unet": _Spread([load(unet_path, core, to_neuron) for core in cores], images),
                "text_encoder": load(text_encoder_path, first, to_neuron),
                "vae_encoder": _Filled(load(vae_encoder_path, first, to_neuron), images),
                "vae_decoder": _Filled(load(vae_decoder_path, first, to_neuron), images),
            }

    return Placed


class _Spread:
    """A UNet that takes larger batches than it was compiled for, in parts: guidance doubles the batch. Parts run at the
    same time where it lies on several cores, one after the other where it lies on one."""

    def __init__(self, copies: Sequence[Any], batch: int) -> None:
        self._copies, self._batch = copies, batch
        self._pool = ThreadPoolExecutor(len(copies), "promo-studio-unet") if len(copies) > 1 else None

    def __call__(self, *inputs: Any) -> Any:
        import torch

        def run(number: int, part: tuple[Any, ...]) -> Any:
            with torch.no_grad():  # a setting of each thread
                return self._copies[number % len(self._copies)](*part)

        parts = list(zip(*(tensor.split(self._batch) for tensor in inputs), strict=True))
        each = self._pool.map if self._pool else map
        outputs = list(each(run, range(len(parts)), parts))
        return tuple(torch.cat(tensors) for tensors in zip(*outputs, strict=True))


class _Filled:
    """A part of the autoencoder that takes smaller batches than it was compiled for: image-to-image encodes the one
    picture that it starts from."""

    def __init__(self, module: Any, batch: int) -> None:
        self._module, self._batch = module, batch

    def __call__(self, pixels: Any) -> Any:
        count = pixels.shape[0]
        if count == self._batch:
            return self._module(pixels)
        if self._batch % count:
            raise ValueError(f"a batch of {count} does not go into the compiled batch of {self._batch}")
        outputs = self._module(pixels.repeat(self._batch // count, 1, 1, 1))
        return {name: tensor[:count] for name, tensor in outputs.items()}
