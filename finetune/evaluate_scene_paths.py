"""Makes the scenes that evaluation looks at, by every path, on combinations that training never saw; each is kept in a folder
as soon as it is made, so that a run that was cut goes on.

The default path and plain text-to-image run the functions that the app runs (pipelines.scene); the stock path is the library's
own call on the same weights. Knows nothing of figures.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.pictures import picture_spec
from pipelines.scene_prompt import NEGATIVE_PROMPT, caption
from pipelines.sketch import SketchSpec, draw

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipelines.backends.base import ImageBackend
    from pipelines.scene import Judge

SIDE = 256
"""Pixels at which scenes are kept and compared."""

STOCK_STEPS = 50

PATHS = ("default", "text", "stock")
KINDS = ("sketch", "default", "second", "text", "stock")
"""Pictures that are kept. `second`: the default path's second try, where the app's judge refused the first."""


class OtherRunError(ValueError):
    """The folder holds scenes of another model, seed or setting; the message says which and the cure."""


@dataclass(frozen=True)
class PathFacts:
    """What makes the scenes, beside their specs: equal facts and models give equal scenes."""

    model: str
    weights: str
    """SHA-256 of the checkpoint's files: a model trained further is another one."""
    backend: str
    reason: str
    seed: int
    side: int
    steps: int
    """Of text-to-image; `near_steps` are those of the default path."""
    near_steps: int
    strength: float
    guidance: float
    """Of text-to-image; `near_guidance` is that of the default path."""
    near_guidance: float
    negative_prompt: str
    stock_steps: int
    threads: int
    judge: str
    """SHA-256 of the app's judge, which decides on second tries."""


def contents(folder: Path) -> str:
    """The first 12 hex digits of SHA-256 over names and contents of a checkpoint's weights and settings."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.suffix in (".safetensors", ".json")):
        if file.name != "training_settings.json":
            digest.update(file.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def facts_of(backend: "ImageBackend", folder: Path, judge: Path, *, seed: int, threads: int) -> PathFacts:
    """The app's default settings for this back end. `folder` holds the checkpoint, `judge` the app's judge."""
    from pipelines.scene import suited_guidance, suited_steps

    able = backend.capabilities
    return PathFacts(
        model=backend.model.name,
        weights=contents(folder),
        backend=backend.name,
        reason=backend.reason,
        seed=seed,
        side=able.native,
        steps=able.steps,
        near_steps=suited_steps(able, None),
        strength=able.strength,
        guidance=able.guidance,
        near_guidance=suited_guidance(able, None),
        negative_prompt=NEGATIVE_PROMPT if able.whole else "",
        stock_steps=STOCK_STEPS,
        threads=threads,
        judge=contents(judge),
    )


class SceneStore:
    """The scenes of a run: pictures as PNG, one JSON line each for what is known of them.

    Raises OtherRunError when the folder's scenes were made otherwise.
    """

    def __init__(self, folder: Path, facts: PathFacts) -> None:
        self.folder, self.facts = folder, facts
        folder.mkdir(parents=True, exist_ok=True)
        mine, mark = asdict(facts), folder / "run.json"
        if mark.exists():
            there = json.loads(mark.read_text(encoding="utf-8"))
            other = [
                f"{key} {there.get(key)!r} instead of {mine[key]!r}" for key in mine if there.get(key) != mine[key]
            ]
            if other:
                raise OtherRunError(
                    f"{folder} holds scenes of another run ({'; '.join(other)}): give another --out, or remove that folder"
                )
        else:
            part = mark.with_suffix(".part")
            part.write_text(json.dumps(mine, indent=1) + "\n", encoding="utf-8")
            part.replace(mark)
        self.records: dict[tuple[str, int], dict[str, Any]] = {}
        lines = self._lines.read_text(encoding="utf-8").splitlines() if self._lines.exists() else []
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue  # a line that a kill cut short: its scene is made again
            self.records[record["path"], record["index"]] = record

    @property
    def _lines(self) -> Path:
        return self.folder / "scenes.jsonl"

    def picture(self, kind: str, index: int) -> "Image":
        """A kept picture, SIDE pixels square. Raises FileNotFoundError."""
        from PIL import Image

        with Image.open(self._file(kind, index)) as picture:
            return picture.convert("RGB")

    def keep(self, kind: str, index: int, picture: "Image") -> None:
        """Keeps a picture, made smaller by means of pixels."""
        from PIL import Image

        file = self._file(kind, index)
        file.parent.mkdir(exist_ok=True)
        part = file.with_suffix(".part")
        picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX).save(part, "PNG", compress_level=4)
        part.replace(file)

    def note(self, record: dict[str, Any]) -> None:
        """Adds what is known of a scene; its pictures must be kept before."""
        cut = self._lines.exists() and not self._lines.read_bytes().endswith(b"\n")
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(("\n" if cut else "") + json.dumps(record) + "\n")
        self.records[record["path"], record["index"]] = record

    def of(self, path: str, count: int) -> list[dict[str, Any]]:
        """The records of the first `count` scenes of a path."""
        return [self.records[path, index] for index in range(count)]

    def _file(self, kind: str, index: int) -> Path:
        return self.folder / kind / f"{index:05d}.png"


def scene_spec(seed: int, index: int) -> SketchSpec:
    """What scene `index` shows: places in turn, only combinations that training never saw."""
    return picture_spec(seed, index, unseen=True)


def make_scenes(
    store: SceneStore,
    backend: "ImageBackend",
    stock: Callable[[], Any],
    judge: "Judge",
    *,
    scenes: int,
    stock_scenes: int,
) -> Iterator[str]:
    """Makes what is missing of `scenes` scenes by the default path and by plain text-to-image, and of `stock_scenes` by the
    stock call, turn by turn, so that a slow minute of the machine hits every path. Yields a line now and then.

    `stock` loads the stock pipeline when it is first needed.
    """
    pipeline = None
    made, begun = 0, time.monotonic()
    for index in range(max(scenes, stock_scenes)):
        spec = scene_spec(store.facts.seed, index)
        for path in PATHS:
            if index >= (stock_scenes if path == "stock" else scenes) or (path, index) in store.records:
                continue
            if path == "default":
                record = _default(store, backend, judge, spec, index)
            elif path == "text":
                record = _text(store, backend, spec, index)
            else:
                pipeline = pipeline or stock()
                record = _stock(store, pipeline, spec, index)
            store.note({"path": path, "index": index, **asdict(spec), **record})
            made += 1
            if made % 50 == 0:
                yield f"{made} scenes made in {time.monotonic() - begun:.0f} s, at number {index}"


def _facts(store: SceneStore, spec: SketchSpec, strength: float) -> dict[str, Any]:
    facts = store.facts
    return {
        "prompt": caption(spec),
        "negative_prompt": facts.negative_prompt,
        "strength": strength,
        "steps": facts.steps if strength >= 1 else facts.near_steps,
        "guidance": facts.guidance if strength >= 1 else facts.near_guidance,
    }


def _generated(*values: Any) -> "Image":
    """The app's own function for one scene of the model; a brief would choose the combination itself, here it is given."""
    from pipelines import scene

    made: Image = scene.model_picture(*values)
    return made


def _default(
    store: SceneStore, backend: "ImageBackend", judge: "Judge", spec: SketchSpec, index: int
) -> dict[str, Any]:
    from pipelines.scene import SEED_STRIDE
    from pipelines.scene import SIDE as FULL

    facts = _facts(store, spec, store.facts.strength)
    started = time.perf_counter()
    sketch = draw(spec, FULL)
    made = _generated(backend, facts, sketch, spec.seed, None)
    seconds = time.perf_counter() - started
    store.keep("sketch", index, sketch)
    store.keep("default", index, made)
    started = time.perf_counter()
    first = judge(made, spec.place)
    judging = time.perf_counter() - started
    second = None
    if not first:
        again = _generated(backend, facts, sketch, spec.seed + SEED_STRIDE, None)
        store.keep("second", index, again)
        second = judge(again, spec.place)
    return {"seconds": seconds, "judge_seconds": judging, "accepted": first, "accepted_second": second}


def _text(store: SceneStore, backend: "ImageBackend", spec: SketchSpec, index: int) -> dict[str, Any]:
    started = time.perf_counter()
    made = _generated(backend, _facts(store, spec, 1.0), None, spec.seed, None)
    seconds = time.perf_counter() - started
    store.keep("text", index, made)
    return {"seconds": seconds}


def _stock(store: SceneStore, pipeline: Any, spec: SketchSpec, index: int) -> dict[str, Any]:
    import torch

    facts = store.facts
    started = time.perf_counter()
    with torch.inference_mode():
        made = pipeline(
            caption(spec), negative_prompt=facts.negative_prompt, num_inference_steps=facts.stock_steps,
            guidance_scale=facts.guidance, width=facts.side, height=facts.side,
            generator=torch.Generator("cpu").manual_seed(spec.seed),
        ).images[0]  # fmt: skip
    seconds = time.perf_counter() - started
    store.keep("stock", index, made)
    return {"seconds": seconds}


def specs_of(records: Sequence[dict[str, Any]]) -> list[SketchSpec]:
    """The specs that stand in records."""
    return [
        SketchSpec(**{key: record[key] for key in ("place", "light", "season", "surface", "seed")})
        for record in records
    ]
