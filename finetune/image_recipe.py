"""Recipes of picture models: YAML files `recipes/image-NAME.yaml`, each one frozen record. Reads and checks; trains nothing.

Two kinds: a fine-tuning of a Stable Diffusion (`method: full` or `method: lora`), and the stages of the bundled scene model
(`method: stages`).
"""

import types
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from finetune import recipe as recipes
from finetune.recipe import Dtype, RecipeError
from finetune.scene.text import TextConfig
from finetune.scene.tiny import TinyConfig
from finetune.scene.unet import UnetConfig
from finetune.scene.vae import VaeConfig

PREFIX = recipes.IMAGE_PREFIX

Method = Literal["full", "lora", "stages"]


@dataclass(frozen=True)
class Training:
    """How a denoiser learns. With `steps` it ends after so many; with 0 steps `minutes` of work decide."""

    learning_rate: float
    steps: int = 0
    minutes: float = 0
    batch_size: int = 1
    """Pictures a device and forward pass."""
    gradient_accumulation_steps: int = 1
    gradient_checkpointing: bool = False
    scheduler: Literal["constant", "cosine"] = "constant"
    warmup_steps: int = 0
    adam_beta1: float = 0.9
    adam_beta2: float = 0.999
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    mixed_precision: Literal["bf16", "fp32"] = "bf16"
    """bf16 where the device multiplies it, else fp32; the first printed line says which."""
    ema: bool = False
    ema_decay: float = 0.9999
    train_text_encoder: bool = False
    caption_dropout: float = 0.0
    """Share of captions replaced by an empty one."""
    timestep_bias: float = 1.0
    """Above 1, noisy steps are drawn more often; 1 is uniform."""
    checkpointing_steps: int = 500
    checkpointing_minutes: float = 0
    """Also a checkpoint after so many minutes; 0: only by steps."""
    checkpoints_total_limit: int = 2
    resume_from_latest: bool = False
    """Take up the newest checkpoint of --out where there is one, without --resume."""
    log_every: int = 10
    workers: int = 0
    """Processes that read pictures ahead."""


@dataclass(frozen=True)
class Lora:
    """Low-rank matrices beside the attention projections."""

    rank: int = 16
    alpha: int = 16
    target_modules: tuple[str, ...] = ("to_q", "to_k", "to_v", "to_out.0")


@dataclass(frozen=True)
class Validation:
    """Pictures made at each checkpoint, always from the same noise."""

    prompts: tuple[str, ...] = ()
    pictures: int = 1
    """Of each prompt."""
    steps: int = 25
    guidance: float = 7.5


@dataclass(frozen=True)
class FinetuneRecipe:
    """Fine-tuning of a Stable Diffusion 1.x or 2.x on pictures with captions."""

    name: str
    method: Literal["full", "lora"]
    base: str
    """A folder or a Hub id."""
    training: Training
    resolution: int
    """Pixels of a side."""
    center_crop: bool = True
    """False: the square is cut where dice say."""
    random_flip: bool = False
    caption_column: str = "caption"
    lora: Lora = field(default_factory=Lora)
    validation: Validation = field(default_factory=Validation)
    save_dtype: Dtype = "float32"
    seed: int = 42

    def to_dict(self) -> dict[str, Any]:
        """The JSON form beside the weights."""
        return asdict(self)


@dataclass(frozen=True)
class PicturesStage:
    """The drawn set."""

    count: int = 7920
    seed: int = 1
    size: int = 512


@dataclass(frozen=True)
class VaeStage:
    """The autoencoder's training."""

    config: VaeConfig
    minutes: float
    steps: int = 0
    batch_size: int = 4
    crop: int = 128
    learning_rate: float = 0.002


@dataclass(frozen=True)
class TextStage:
    """The text encoder's first lesson."""

    config: TextConfig
    minutes: float
    steps: int = 0


@dataclass(frozen=True)
class TinyStage:
    """The small autoencoder that speaks the large one's latents."""

    config: TinyConfig
    minutes: float
    steps: int = 0
    taught: int = 1600
    """Pictures it learns from."""
    sizes: tuple[int, ...] = (512, 256)
    """Pixels at which it sees them; the first is the autoencoder's."""
    batch_size: int = 4
    crop: int = 20
    """Latents a side."""
    learning_rate: float = 0.0015
    noise: float = 0.08
    """Deviation, in latents, that the decoder learns to look past."""


@dataclass(frozen=True)
class SecondSize:
    """Pictures of another size between the denoiser's own, for a second pass that sharpens: of that pass's noise only."""

    size: int
    share: float
    """Of all batches."""
    batch_size: int
    noise_below: int
    """Timesteps, of 1000, that they are noised to."""


@dataclass(frozen=True)
class UnetStage:
    """The denoiser's training, text encoder along."""

    config: UnetConfig
    training: Training
    size: int = 0
    """Pixels of the pictures that it makes from noise alone; 0: the autoencoder's size."""
    second: SecondSize | None = None
    held_out: int = 96
    """Last pictures of the set, on which losses are measured."""


@dataclass(frozen=True)
class SceneRecipe:
    """The stages of the bundled scene model."""

    name: str
    method: Literal["stages"]
    pictures: PicturesStage
    vae: VaeStage
    text: TextStage
    unet: UnetStage
    tiny: TinyStage | None = None
    """None: no small autoencoder."""
    base: str | None = None
    """A folder from whose weights every stage starts; None: fresh weights."""
    seed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The JSON form beside the weights."""
        return asdict(self)


ImageRecipe = FinetuneRecipe | SceneRecipe


def image_recipe_names() -> tuple[str, ...]:
    """The recipes that are there."""
    return tuple(sorted(path.stem.removeprefix(PREFIX) for path in recipes.FOLDER.glob(f"{PREFIX}*.yaml")))


def load_image_recipe(name: str) -> ImageRecipe:
    """Reads `recipes/image-NAME.yaml`. Raises RecipeError when there is none, a key is unknown or missing, or a value is wrong."""
    if name not in image_recipe_names():
        raise RecipeError(f"no recipe {name!r}; choose one of: {', '.join(image_recipe_names())}")
    raw = yaml.safe_load((recipes.FOLDER / f"{PREFIX}{name}.yaml").read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise RecipeError(f"recipe {name} is no YAML mapping of keys to values")
    method = raw.get("method")
    if method not in get_args(Method):
        raise RecipeError(f"recipe {name}: method cannot be {method!r}; choose one of: {', '.join(get_args(Method))}")
    kind = SceneRecipe if method == "stages" else FinetuneRecipe
    found = checked_record(kind, {**raw, "name": name}, f"recipe {name}")
    return checked(found)


def checked(recipe: Any) -> Any:
    """The recipe, after looking at what a type cannot say. Raises RecipeError."""
    training = recipe.unet.training if isinstance(recipe, SceneRecipe) else recipe.training
    where = f"recipe {recipe.name}"
    if not training.steps and not training.minutes:
        raise RecipeError(f"{where}: give training steps or minutes")
    for key in ("batch_size", "gradient_accumulation_steps", "checkpoints_total_limit", "log_every"):
        if getattr(training, key) < 1:
            raise RecipeError(f"{where}: {key} must be 1 or more, not {getattr(training, key)}")
    if not 0 <= training.caption_dropout < 1:
        raise RecipeError(f"{where}: caption_dropout must be at least 0 and below 1, not {training.caption_dropout}")
    if not training.checkpointing_steps and not training.checkpointing_minutes:
        raise RecipeError(f"{where}: give checkpointing_steps or checkpointing_minutes")
    if isinstance(recipe, SceneRecipe):
        _check_sizes(recipe, where)
    if isinstance(recipe, FinetuneRecipe) and training.train_text_encoder:
        raise RecipeError(f"{where}: train_text_encoder goes only with method stages; full and lora keep it frozen")
    return recipe


def _check_sizes(recipe: SceneRecipe, where: str) -> None:
    whole, second = recipe.vae.config.size, recipe.unet.second
    asked = {"unet size": recipe.unet.size or whole}
    if second is not None:
        asked["unet second size"] = second.size
        if not 0 < second.share < 1:
            raise RecipeError(f"{where}: unet second share must be above 0 and below 1, not {second.share}")
        if not 0 < second.noise_below <= 1000:
            raise RecipeError(f"{where}: unet second noise_below must be 1 to 1000, not {second.noise_below}")
    for key, size in asked.items():
        if size < 1 or whole % size:
            raise RecipeError(f"{where}: {key} must divide the autoencoder's {whole} pixels, not {size}")
    if recipe.tiny is not None:
        for size in recipe.tiny.sizes:
            if size < 1 or whole % size:
                raise RecipeError(f"{where}: tiny sizes must divide the autoencoder's {whole} pixels, not {size}")


def with_training(recipe: FinetuneRecipe, **changes: Any) -> FinetuneRecipe:
    """A copy with some values of its training changed; None leaves a value as it is."""
    return replace(recipe, training=replace(recipe.training, **{k: v for k, v in changes.items() if v is not None}))


def checked_record(kind: type[Any], raw: Any, where: str) -> Any:
    """A dataclass from YAML's mappings and lists, to any depth.

    Raises RecipeError that names the key: unknown (known ones are listed), missing, or of a wrong type or choice.
    """
    if not isinstance(raw, dict):
        raise RecipeError(f"{where}: expected keys and values, not {raw!r}")
    known = {f.name: f for f in fields(kind)}
    if unknown := sorted(set(raw) - set(known)):
        shown = ", ".join(sorted(set(known) - {"name"}))
        raise RecipeError(f"{where}: unknown key {unknown[0]!r}; known are: {shown}")
    required = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    if missing := sorted(required - set(raw)):
        raise RecipeError(
            f"{where}: key {missing[0]!r} is missing; needed are: {', '.join(sorted(required - {'name'}))}"
        )
    hints = get_type_hints(kind)
    return kind(**{key: _value(hints[key], value, f"{where}, {key}") for key, value in raw.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    if is_dataclass(kind):
        return checked_record(kind, value, where)  # type: ignore[arg-type]
    origin = get_origin(kind)
    if origin is Literal:
        if value not in get_args(kind):
            raise RecipeError(f"{where} cannot be {value!r}; choose one of: {', '.join(map(str, get_args(kind)))}")
        return value
    if origin in (Union, types.UnionType):
        return None if value is None else _value(next(k for k in get_args(kind) if k is not type(None)), value, where)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise RecipeError(f"{where} must be a list, not {value!r}")
        return tuple(_value(get_args(kind)[0], item, where) for item in value)
    accepted = (int, float) if kind is float else kind
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        hint = (
            " (YAML reads 1e-6 as text: write 1.0e-6 or 0.000001)" if kind is float and isinstance(value, str) else ""
        )
        raise RecipeError(f"{where} must be {kind.__name__}, not {value!r}{hint}")
    return float(value) if kind is float else value
