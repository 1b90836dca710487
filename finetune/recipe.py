"""Training recipes of the text model: small YAML files in `recipes/`, one frozen record each. Reads and checks; trains nothing."""

from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from slots.schema import Language

FOLDER = Path(__file__).resolve().parent / "recipes"
IMAGE_PREFIX = "image-"
"""Files that begin so are recipes of picture models (finetune/image_recipe.py)."""

Task = Literal["both", "promos"]
Precision = Literal["bf16", "fp32"]
Optimizer = Literal["scaled_adamw", "adamw_torch", "adafactor"]
Dtype = Literal["float16", "bfloat16", "float32"]
CHOICES: dict[str, tuple[str, ...]] = {
    "task": get_args(Task),
    "precision": get_args(Precision),
    "optimizer": get_args(Optimizer),
    "save_dtype": get_args(Dtype),
    "evaluate_each": ("steps", "epoch"),
}


class RecipeError(ValueError):
    """A recipe, or a call that changes one, is wrong; the message says what and lists the choices."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run; saved beside the weights."""

    name: str
    task: Task
    base: str | None
    """A folder or a Hub id; None: a fresh T5 of `shape` with a vocabulary of its own."""
    learning_rate: float
    optimizer: Optimizer
    scheduler: str
    precision: Precision
    max_input_length: int
    """Tokens."""
    max_target_length: int
    shape: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    """0: `epochs` decide."""
    epochs: float = 0
    batch_tokens: int = 0
    """Of a stream of generated pairs: source and target tokens a batch; 0: `batch_size` pairs a batch."""
    batch_size: int = 8
    eval_batch_size: int = 32
    promo_share: float = 0.2
    rows: int = 0
    """Generated pairs where no --data is given and the task is `promos`."""
    language: Language | None = None
    """Only pairs of this language; None: both."""
    warmup_steps: int = 0
    max_grad_norm: float = 1.0
    weight_decay: float = 0.0
    evaluate_each: Literal["steps", "epoch"] = "steps"
    eval_steps: int = 500
    validation_rows: int = 300
    save_total_limit: int = 2
    save_dtype: Dtype = "float32"
    best: str | None = None
    """The validation figure by which the best checkpoint is kept at the end; None: the last one is."""
    seed: int = 42

    def to_dict(self) -> dict[str, Any]:
        """The JSON form beside the weights."""
        return asdict(self)

    def changed(self, **changes: Any) -> "Recipe":
        """A copy with some values changed; None leaves a value as it is."""
        return replace(self, **{key: value for key, value in changes.items() if value is not None})


def recipe_names() -> tuple[str, ...]:
    """The recipes that are there."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.startswith(IMAGE_PREFIX)))


def load_recipe(name: str) -> Recipe:
    """Reads `recipes/NAME.yaml`. Raises RecipeError when there is none or a value is wrong."""
    if name not in recipe_names():
        raise RecipeError(f"no recipe {name!r}; choose one of: {', '.join(recipe_names())}")
    raw = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    known = {f.name for f in fields(Recipe)} - {"name"}
    if unknown := sorted(set(raw) - known):
        raise RecipeError(f"recipe {name}: unknown key {unknown[0]!r}; known are: {', '.join(sorted(known))}")
    for key, choices in CHOICES.items():
        if key in raw and raw[key] not in choices:
            raise RecipeError(f"recipe {name}: {key} cannot be {raw[key]!r}; choose one of: {', '.join(choices)}")
    recipe = Recipe(name=name, **raw)
    if not recipe.steps and not recipe.epochs:
        raise RecipeError(f"recipe {name}: give steps or epochs")
    return recipe
