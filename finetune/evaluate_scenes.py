"""Evaluates a scene model: the autoencoder, what the caption does, whether scenes show their place, how far they are from
their sketch and from one another, whether they copy, how long they take; and contact sheets to look at.

`finetune.evaluate image` is the command. Each part's result is kept in the output folder, and a run that was cut goes on there.
The recognising is done by a judge that the app never asks (finetune/evaluate_scene_judge.py).
"""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.evaluate_scene_measures import copying, distances, kappa, paired, share
from finetune.evaluate_scene_model import autoencoder_figures, load_stock, prompt_figures
from finetune.evaluate_scene_paths import SIDE, SceneStore, contents, make_scenes, scene_spec, specs_of
from finetune.evaluate_scene_sheets import blind, numbered, strips
from finetune.pictures import picture_spec
from pipelines.backends.torch_image import load_tiny
from pipelines.scene_judge import LABELS, Reading, SceneJudge
from pipelines.sketch import PLACES, SketchSpec, draw

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipelines.backends.base import ImageBackend

HELD_OUT_SEED = 1_000_000
"""Added to a run's seed for the drawings that the autoencoder and the loss are measured on: others than the scenes'."""

SMALL = 64
"""Pixels at which a picture is compared with all training pictures."""

SURE = 0.5
"""Probability from which a judge is sure: its likeliest place alone may be right for a picture whose colours lie about where
they belong while nothing in it has a shape."""

FRESH_SHIFT = 7_919
"""Added to a sketch's seed for another drawing of the same caption."""


@dataclass(frozen=True)
class Counts:
    """How much of everything. 0 leaves a part out; the figures then say so."""

    scenes: int = 640
    stock_scenes: int = 132
    vae_pictures: int = 132
    loss_pictures: int = 132
    loss_timesteps: int = 8
    blind: int = 36


@dataclass(frozen=True)
class TrainingSet:
    """The drawings that the model was trained on: number 0 to `count` of `seed` (finetune.pictures.picture_spec)."""

    seed: int
    count: int


def training_set(folder: Path) -> TrainingSet | None:
    """What a checkpoint's training_settings.json says; None where it says nothing."""
    try:
        known = json.loads((folder / "training_settings.json").read_text(encoding="utf-8"))["pictures"]
        return TrainingSet(int(known["seed"]), int(known["count"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Parts:
    """Results of parts in a folder, one JSON file each, made only when they are not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, name: str, key: dict[str, Any], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The part's result; made anew when it was made for another `key`."""
        file = self.folder / f"{name}.json"
        if file.exists():
            known = json.loads(file.read_text(encoding="utf-8"))
            if known["key"] == key:
                found: dict[str, Any] = known["result"]
                return found
        result = make()
        part = file.with_suffix(".part")
        part.write_text(json.dumps({"key": key, "result": result}, indent=1) + "\n", encoding="utf-8")
        part.replace(file)
        return json.loads(json.dumps(result))  # type: ignore[no-any-return]


def image_figures(
    backend: "ImageBackend",
    folder: Path,
    store: SceneStore,
    app_judge: SceneJudge,
    judge: SceneJudge,
    counts: Counts,
    learnt: TrainingSet | None,
    report: Callable[[str], None] = print,
) -> dict[str, Any]:
    """All figures of a scene model; JSON-ready. `folder`: the checkpoint; `judge`: evaluation's own; `learnt`: what it was
    trained on. Writes scenes, parts and contact sheets into the store's folder."""
    parts, facts = Parts(store.folder / "parts"), store.facts
    counts = replace(counts, stock_scenes=min(counts.stock_scenes, counts.scenes))
    loaded: list[Any] = []

    def stock() -> Any:
        if not loaded:
            loaded.append(load_stock(folder))
        return loaded[0]

    held_out = [
        picture_spec(facts.seed + HELD_OUT_SEED, index, unseen=True)
        for index in range(max(counts.vae_pictures, counts.loss_pictures))
    ]
    figures: dict[str, Any] = {"model": backend.model.to_dict(), "settings": asdict(facts), "counts": asdict(counts)}
    if counts.vae_pictures:
        report(f"autoencoder: {counts.vae_pictures} drawings")
        figures["autoencoder"] = parts.get(
            "autoencoder", {"n": counts.vae_pictures, "weights": facts.weights},
            lambda: autoencoder_figures(
                stock(), held_out[: counts.vae_pictures], load_tiny(folder, stock().unet.dtype)
            ),
        )  # fmt: skip
    if counts.loss_pictures:
        report(f"caption's effect: {counts.loss_pictures} drawings")
        figures["prompt"] = parts.get(
            "prompt", {"n": counts.loss_pictures, "timesteps": counts.loss_timesteps, "weights": facts.weights},
            lambda: prompt_figures(stock(), held_out[: counts.loss_pictures], timesteps=counts.loss_timesteps),
        )  # fmt: skip
    report(f"scenes: {counts.scenes}, by the stock call: {counts.stock_scenes}")
    for line in make_scenes(store, backend, stock, app_judge, scenes=counts.scenes, stock_scenes=counts.stock_scenes):
        report(line)
    report("judging")
    seen = _readings(store, judge, counts, backend)
    figures["recognised"] = recognised(store, seen, counts)
    figures["refused"] = refused(store, seen, counts, judge)
    figures["judges"] = agreement(store, seen, app_judge, counts)
    report("distances")
    figures["distance"] = distance_figures(store, counts.scenes)
    if learnt is None:
        figures["copying"] = {"skipped": "the checkpoint does not say which drawings it was trained on"}
    else:
        report(f"nearest of {learnt.count} training pictures")
        figures["copying"] = parts.get(
            "copying",
            {"n": counts.scenes, "learnt": asdict(learnt), "weights": facts.weights, "judge": contents(judge.folder)},
            lambda: copying_figures(store, judge, counts.scenes, learnt),
        )
    figures["seconds"] = seconds(store, counts)
    write_sheets(store, counts)
    return figures


def _readings(store: SceneStore, judge: SceneJudge, counts: Counts, backend: "ImageBackend") -> dict[str, Reading]:
    """What evaluation's judge sees in every kind of picture; `through autoencoder`: in the sketches as the model's
    autoencoder shows them, which is the most that scenes of this model can reach."""
    kinds = {"sketch": counts.scenes, "default": counts.scenes, "text": counts.scenes, "stock": counts.stock_scenes}
    seen = {
        kind: judge.read([store.picture(kind, index) for index in range(count)])
        for kind, count in kinds.items()
        if count
    }
    reconstruct = getattr(backend, "reconstruct", None)
    if reconstruct and counts.vae_pictures:
        side, shown = store.facts.side, min(counts.vae_pictures, counts.scenes)
        for index in range(shown):
            if not (store.folder / "shown" / f"{index:05d}.png").exists():
                sketch = draw(scene_spec(store.facts.seed, index), side)
                store.keep("shown", index, reconstruct(sketch, side, side))
        seen["through autoencoder"] = judge.read([store.picture("shown", index) for index in range(shown)])
    return seen


def recognised(store: SceneStore, seen: dict[str, Reading], counts: Counts) -> dict[str, Any]:
    """For each kind of picture the share whose place, light, season (where it shows) and surface evaluation's judge names
    right, and whose place it names surely; the default steps against the stock call, paired; the places that are recognised
    least."""
    found: dict[str, Any] = {}
    hits: dict[str, np.ndarray] = {}
    specs = [scene_spec(store.facts.seed, index) for index in range(counts.scenes)]
    for kind, reading in seen.items():
        asked = specs[: len(reading.features)]
        rows = {}
        for what in LABELS:
            right = np.array([a == getattr(s, what) for a, s in zip(reading.answers(what), asked, strict=True)])
            if what == "season":
                right = right[[PLACES[s.place].seasonal for s in asked]]
            rows[what] = share(right)
            if what == "place":
                hits[kind] = right
                sure = reading.probabilities[what].max(1) >= SURE
                rows["place, surely"] = share(right & sure)
        found[kind] = rows
        found[kind]["least recognised"] = _least(asked, hits[kind])
    n = counts.stock_scenes
    found["sure from"] = SURE
    found["text against stock"] = paired(hits["text"][:n], hits["stock"][:n]) if n else None
    found["chance"] = {what: round(100 / len(labels), 1) for what, labels in LABELS.items()}
    return found


def _least(specs: Sequence[SketchSpec], right: np.ndarray, most: int = 6) -> dict[str, str]:
    by_place: dict[str, list[bool]] = {}
    for spec, hit in zip(specs, right, strict=True):
        by_place.setdefault(spec.place, []).append(bool(hit))
    missed = sorted((sum(hits) / len(hits), place) for place, hits in by_place.items() if not all(hits))
    return {place: f"{sum(by_place[place])}/{len(by_place[place])}" for _, place in missed[:most]}


def refused(store: SceneStore, seen: dict[str, Reading], counts: Counts, judge: SceneJudge) -> dict[str, Any]:
    """How the app's own judge treats default scenes: refused once, refused twice, and so the share of posters whose scene is
    the model's; and whether what posters show in the end is recognised by evaluation's judge."""
    records = store.of("default", counts.scenes)
    twice = [not r["accepted"] and not r["accepted_second"] for r in records]
    again = [r["index"] for r in records if not r["accepted"] and r["accepted_second"]]
    specs = specs_of(records)
    right = np.array([a == s.place for a, s in zip(seen["default"].answers("place"), specs, strict=True)])
    once_refused = [right[r["index"]] for r in records if not r["accepted"]]
    final = right.copy()
    if again:
        answers = judge.read([store.picture("second", index) for index in again]).answers("place")
        final[again] = [a == specs[i].place for a, i in zip(answers, again, strict=True)]
    return {
        "once": share([not r["accepted"] for r in records]),
        "twice": share(twice),
        "posters with a diffusion scene": share([not v for v in twice]),
        "their scenes recognised": share(final[[not v for v in twice]]),
        "refused though recognised": share(once_refused),
        "milliseconds a question": round(1000 * statistics.median(r["judge_seconds"] for r in records), 1),
    }


def agreement(store: SceneStore, seen: dict[str, Reading], app_judge: SceneJudge, counts: Counts) -> dict[str, Any]:
    """How often the app's judge and evaluation's name the same place, and Cohen's kappa; `accepted`: how many pictures the app's
    judge accepts from its `threshold`."""
    found: dict[str, Any] = {"threshold": app_judge.config.threshold}
    for kind in ("sketch", "default", "text", "stock"):
        if kind in seen:
            mine = seen[kind].answers("place")
            reading = app_judge.read([store.picture(kind, index) for index in range(len(mine))])
            same = [a == b for a, b in zip(mine, reading.answers("place"), strict=True)]
            wanted = [LABELS["place"].index(scene_spec(store.facts.seed, i).place) for i in range(len(mine))]
            own = reading.probabilities["place"][np.arange(len(mine)), wanted]
            found[kind] = {
                **share(same),
                "kappa": kappa(mine, reading.answers("place")),
                "accepted": share(own >= app_judge.config.threshold),
            }
    return found


def distance_figures(store: SceneStore, count: int) -> dict[str, Any]:
    """Mean distances at SIDE pixels of default scenes to their own sketch, and between scenes of the same place with other
    seeds; and the scale: between two sketches of the same place, and of different places."""
    step = len(PLACES)
    kept = {
        kind: [np.asarray(store.picture(kind, index)) for index in range(count)]
        for kind in ("sketch", "default", "text")
    }
    same = [(i, i + step) for i in range(count - step)]
    other = [(i, i + 1) for i in range(count - 1)]

    def between(kind: str, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
        return distances([(kept[kind][a], kept[kind][b]) for a, b in pairs])

    own = [(kept["default"][i], kept["sketch"][i]) for i in range(count)]
    return {
        "side": SIDE,
        "default scene and its sketch": distances(own),
        "two default scenes of a place": between("default", same),
        "two text-to-image scenes of a place": between("text", same),
        "two sketches of a place": between("sketch", same),
        "sketches of two places": between("sketch", other),
    }


def copying_figures(store: SceneStore, judge: SceneJudge, count: int, learnt: TrainingSet) -> dict[str, Any]:
    """Text-to-image scenes against their nearest training picture, beside fresh drawings of the same captions: pixels at SMALL
    (colours 0 to 1), and the features of evaluation's judge."""
    from PIL import Image

    def small(pictures: "Sequence[Image.Image]") -> np.ndarray:
        return np.stack(
            [np.asarray(p.resize((SMALL, SMALL), Image.Resampling.BOX), np.float32).ravel() / 255 for p in pictures]
        )

    known_pixels, known_features = [], []
    for start in range(0, learnt.count, 256):
        pictures = [draw(picture_spec(learnt.seed, i), 2 * SMALL) for i in range(start, min(start + 256, learnt.count))]
        known_pixels.append(small(pictures))
        known_features.append(judge.read(pictures).features)
    samples = [store.picture("text", index) for index in range(count)]
    specs = [scene_spec(store.facts.seed, index) for index in range(count)]
    fresh = [draw(replace(spec, seed=(spec.seed + FRESH_SHIFT) % 2**31), 2 * SMALL) for spec in specs]
    return {
        "training": asdict(learnt),
        "pixels": copying(small(samples), small(fresh), np.concatenate(known_pixels)),
        "features": copying(judge.read(samples).features, judge.read(fresh).features, np.concatenate(known_features)),
    }


def seconds(store: SceneStore, counts: Counts) -> dict[str, Any]:
    """Median seconds of each path (default: sketch, model and finish at full size), the slow tenth, and how many times
    faster than the stock call."""
    found: dict[str, Any] = {}
    for path, count in (("default", counts.scenes), ("text", counts.scenes), ("stock", counts.stock_scenes)):
        if count:
            taken = [record["seconds"] for record in store.of(path, count)]
            found[path] = {
                "n": count,
                "median": round(statistics.median(taken), 3),
                "p90": round(float(np.percentile(taken, 90)), 3),
            }
    for path in ("default", "text"):
        if "stock" in found:
            found[path]["times faster than stock"] = round(found["stock"]["median"] / found[path]["median"], 2)
    return found


def write_sheets(store: SceneStore, counts: Counts) -> list[Path]:
    """The contact sheets, as PNG in the store's folder, and the blind sheet's key as JSON. Returns the files."""
    n, step = counts.scenes, len(PLACES)
    names = list(PLACES)[: min(n, step)]

    def of(kind: str, place: int, most: int = 4) -> "list[Image]":
        return [store.picture(kind, index) for index in range(place, n, step)][:most]

    sheets = {
        "default-by-place": strips([(name, of("default", i)) for i, name in enumerate(names)], across=4),
        "text-by-place": strips([(name, of("text", i)) for i, name in enumerate(names)], across=4),
    }
    kinds = [("sketch", n), ("default", n), ("text", n), ("stock", counts.stock_scenes)]
    shown = [kind for kind, count in kinds if count >= len(names)]
    sheets["paths"] = strips(
        [(f"{name}: {' | '.join(shown)}", [store.picture(k, i) for k in shown]) for i, name in enumerate(names)],
        across=len(shown), cell=160,
    )  # fmt: skip
    files = [_png(store.folder / f"{name}.png", sheet) for name, sheet in sheets.items()]
    if counts.blind:
        pictures, key = blind(blind_groups(store, n, counts.blind), store.facts.seed)
        files.append(_png(store.folder / "blind.png", numbered(pictures)))
        file = store.folder / "blind-key.json"
        part = file.with_suffix(".part")
        part.write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")
        part.replace(file)
        files.append(file)
    return files


def blind_groups(store: SceneStore, scenes: int, count: int) -> "dict[str, list[tuple[Image, dict[str, Any]]]]":
    """`count` pictures (or as many as there are scenes) for a blind look: half drawn, a quarter each by the default path and by
    text-to-image, every picture of another scene and the places mixed, so that none stands beside its own sketch."""
    count = min(count, scenes)
    order = np.random.default_rng(store.facts.seed).permutation(scenes)[:count]
    kinds = {"drawn": "sketch", "default path": "default", "text-to-image": "text"}
    edges = [0, count // 2, count // 2 + (count - count // 2 + 1) // 2, count]
    groups: dict[str, list[tuple[Image, dict[str, Any]]]] = {}
    for (name, kind), start, end in zip(kinds.items(), edges, edges[1:], strict=False):
        groups[name] = [
            (store.picture(kind, int(i)), {"place": scene_spec(store.facts.seed, int(i)).place, "scene": int(i)})
            for i in order[start:end]
        ]
    return groups


def _png(path: Path, picture: "Image") -> Path:
    part = path.with_suffix(".part")
    picture.save(part, "PNG")
    part.replace(path)
    return path


def image_markdown(figures: dict[str, Any]) -> str:
    """The figures as tables for a model card."""
    from finetune.evaluate_scene_tables import tables

    return tables(figures)
