"""One brief on every back end that is present: latency, equal texts, drift of pictures, and cost per 1,000 promotions.

`python -m pipelines.bench backends` runs it. A promotion is one message understood, three checked texts and `Settings`'
number of posters, one after another. `torch` is the reference: texts must equal its greedy ones, pictures are compared
with its own of the same seed, size and settings. Prices come from assets/instances.yaml; a cost is computed from the latency
measured here and says so, and a back end that is not there is listed with the reason. Knows nothing of screens, and of
no engine: back ends are handed in as functions that load them.
"""

import io
import math
import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.backends.base import ImageBackend, TextBackend
from pipelines.bench import BRIEF, MESSAGES
from pipelines.models import Kind
from slots.catalog import Catalog, default_catalog

if TYPE_CHECKING:
    from PIL.Image import Image

INSTANCES_PATH = Path(__file__).resolve().parent.parent / "assets" / "instances.yaml"
REFERENCE = "torch"
"""The back end that the others are compared with, for texts and pictures alike."""
NEURON = "neuron"
DEVICES = ("cpu", "cuda", "mps", "neuron")
NEURON_DEVICE = Path("/dev/neuron0")
"""What AWS's driver makes for the first Neuron chip."""
DMI = Path("/sys/devices/virtual/dmi/id")
"""Where Linux shows the maker and the model of the machine; on EC2 the model is the instance type."""
SEED = 7
Loaders = Mapping[Kind, Mapping[str, Callable[[], Any]]]
"""By kind and name: what loads a back end, or raises with the reason why it is not there."""


class InstancesError(ValueError):
    """The price table cannot be read; the message names the file, the row, what is wrong and the cure."""


@dataclass(frozen=True)
class Instance:
    """One row of the price table."""

    name: str
    usd_per_hour: float
    vcpus: int
    device: str
    """The kind of device that its back ends run on, one of DEVICES."""
    text: str
    image: str
    region: str
    source: str
    date: str
    """When the price was read, YYYY-MM-DD."""
    utilisation: float
    """Share of the paid hours in which promotions are made, above 0 and up to 1."""


def cost_per_1000(usd_per_hour: float, seconds: float, utilisation: float) -> float:
    """USD for 1,000 promotions of so many seconds each: 1000 x seconds / 3600 x USD an hour / utilisation.

    Raises ValueError for a price or time below 0 and a utilisation outside (0, 1].
    """
    if usd_per_hour < 0 or seconds < 0 or not 0 < utilisation <= 1:
        raise ValueError(
            f"no cost from {usd_per_hour} USD an hour, {seconds} s and a utilisation of {utilisation}: price and time "
            "must be 0 or more, utilisation above 0 and up to 1"
        )
    return 1000 * seconds / 3600 * usd_per_hour / utilisation


def seconds_per_promotion(understood_s: float, texts_s: float, scene_s: float, finish_s: float, posters: int) -> float:
    """Seconds of one promotion, its steps one after another: message + texts + posters x (scene + finish)."""
    return understood_s + texts_s + posters * (scene_s + finish_s)


def psnr(one: "Image", other: "Image") -> float:
    """Peak signal-to-noise ratio in dB of two RGB pictures; infinite for equal ones. Raises ValueError for two sizes."""
    import numpy as np

    if one.size != other.size:
        raise ValueError(f"pictures of {one.size} and {other.size} pixels cannot be compared; make both in one size")
    a, b = (np.asarray(picture.convert("RGB"), dtype=np.float64) for picture in (one, other))
    error = float(np.mean((a - b) ** 2))
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def drift(one: "Image", other: "Image") -> dict[str, Any]:
    """How far two pictures are apart, in a form that JSON can hold: `psnr_db` is None for identical ones."""
    decibels = psnr(one, other)
    same = math.isinf(decibels)
    return {"psnr_db": None if same else round(decibels, 1), "identical": same}


# the price table


def load_instances(path: Path = INSTANCES_PATH) -> tuple[Instance, ...]:
    """Reads the price table. Raises InstancesError that names file, row and cure."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InstancesError(f"price table {path}: {error.strerror}; restore it from the repository") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InstancesError(
            f"price table {path} is not YAML: {error}; compare with the one in the repository"
        ) from error
    rows = raw.get("instances") if isinstance(raw, dict) else None
    defaults = (raw.get("defaults") or {}) if isinstance(raw, dict) else {}
    if not isinstance(rows, list) or not rows or not isinstance(defaults, dict):
        raise InstancesError(
            f"price table {path} needs a list 'instances' (and may have 'defaults'); compare with the one in the repository"
        )
    instances = []
    for number, row in enumerate(rows, 1):
        where = f"price table {path}, row {number}"
        if not isinstance(row, dict):
            raise InstancesError(f"{where} is no set of fields; write '- name: ...' with the fields indented below")
        instances.append(_instance(where + (f" ({row['name']})" if row.get("name") else ""), {**defaults, **row}))
    names = [instance.name for instance in instances]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InstancesError(f"price table {path} has {', '.join(twice)} more than once; keep one row each")
    return tuple(instances)


def _instance(where: str, row: dict[str, Any]) -> Instance:
    wanted = [field.name for field in fields(Instance)]
    missing = [name for name in wanted if row.get(name) in (None, "")]
    unknown = [str(name) for name in row if name not in wanted]
    if missing or unknown:
        said = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has unknown {', '.join(unknown)}"] * bool(unknown)
        raise InstancesError(f"{where} {' and '.join(said)}; the fields are: {', '.join(wanted)}")

    def number(name: str, above: float, most: float) -> float:
        value = row[name]
        real = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not real or not above < value <= most:
            raise InstancesError(
                f"{where}: {name} cannot be {value!r}; give a number above {above:g}"
                + (f" and up to {most:g}" if most < math.inf else "")
            )
        return float(value)

    def choice(name: str, valid: Sequence[str]) -> str:
        if row[name] not in valid:
            raise InstancesError(f"{where}: {name} cannot be {row[name]!r}; choose one of: {', '.join(valid)}")
        return str(row[name])

    try:
        read = date.fromisoformat(str(row["date"]))
    except ValueError:
        raise InstancesError(
            f"{where}: date cannot be {row['date']!r}; give the day when the price was read, like 2026-01-19"
        ) from None
    return Instance(
        name=str(row["name"]),
        usd_per_hour=number("usd_per_hour", 0, math.inf),
        vcpus=int(number("vcpus", 0, math.inf)),
        device=choice("device", DEVICES),
        text=choice("text", names("text")),
        image=choice("image", names("image")),
        region=str(row["region"]),
        source=str(row["source"]),
        date=read.isoformat(),
        utilisation=number("utilisation", 0, 1),
    )


def names(kind: Kind) -> tuple[str, ...]:
    """The back ends that a table may name: those of the registry, and Neuron's also where it is not offered."""
    from pipelines.backends.registry import AUTO, choices

    return tuple(dict.fromkeys((*(name for name in choices(kind) if name != AUTO), NEURON)))


# this machine


def instance_type(dmi: Path = DMI) -> str | None:
    """The EC2 instance type of this machine, as Linux's machine description has it; None elsewhere."""
    try:
        vendor, product = ((dmi / name).read_text(encoding="utf-8").strip() for name in ("sys_vendor", "product_name"))
    except (OSError, UnicodeDecodeError):
        return None
    return product if vendor == "Amazon EC2" and re.fullmatch(r"[a-z][\w-]*\.[\w-]+", product) else None


def processor_name(info: Path = Path("/proc/cpuinfo")) -> str:
    """The processor as Linux names it, else what Python knows of it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(encoding="utf-8"), re.M)
    except (OSError, UnicodeDecodeError):
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def device_of(backend: Any, chip: Path = NEURON_DEVICE) -> str:
    """The kind of device that a loaded back end runs on. `neuron` without a chip is a rehearsal: `stand-in`."""
    if backend.name == NEURON:
        return "neuron" if chip.exists() else "stand-in"
    return str(getattr(backend, "device", "cpu")).partition(":")[0]


# measuring


def durations(call: Callable[[], Any], repeats: int) -> list[float]:
    """Seconds of each of `repeats` calls."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return times


def median_ms(times: Sequence[float]) -> float:
    """The median in milliseconds."""
    return round(statistics.median(times) * 1000, 1)


def greedy(backend: TextBackend, sources: Sequence[str]) -> list[str]:
    """The greedy output for each source (the best beam where the number of beams is fixed), as many a call as run at once."""
    size = backend.capabilities.batch or max(len(sources), 1)
    parts = (list(sources[at : at + size]) for at in range(0, len(sources), size))
    return [outputs[0] for part in parts for outputs in backend.generate(part)]


def best_outputs(backend: TextBackend, sources: Sequence[str], beams: int = 1) -> list[str | None]:
    """For each source the output without chance: the greedy one, or the best of a search with so many beams.

    A back end with a fixed number of beams gives its best beam by itself. None stands for a source that the back end
    refuses, for instance as too long.
    """
    out: list[str | None] = []
    for source in sources:
        try:
            wide = beams > 1 and backend.capabilities.most_beams is None
            out.append(backend.generate([source], samples=beams)[0][0] if wide else greedy(backend, [source])[0])
        except ValueError:
            out.append(None)
    return out


@dataclass(frozen=True)
class TextRun:
    """What one text back end did: its figures, what it was asked (the writer's prompt last) and what it answered."""

    figures: dict[str, Any]
    backend: TextBackend
    sources: list[str]
    outputs: list[str | None]


def run_text(load: Callable[[], Any], catalog: Catalog, repeats: int) -> TextRun:
    """Loads a text back end and runs the messages and the brief on it. Raises what loading or running raises.

    `load_s` holds the import of libraries that nothing imported before. `message_understood_p50_ms` is the median pass over
    all messages, a message, as in the rest of the benchmark: some take one call of the model, some several.
    """
    from pipelines.prompts import writer_source
    from pipelines.text import write_promos
    from slots import wire
    from slots.extract import extract
    from slots.numbers import tag

    started = time.perf_counter()
    backend: TextBackend = load()
    load_s = time.perf_counter() - started

    def understand(messages: Sequence[str]) -> None:
        for message in messages:
            extract(message, None, lambda sources: greedy(backend, sources), catalog)

    first = durations(lambda: understand(MESSAGES[:1]), 1)
    passes = durations(lambda: understand(MESSAGES), repeats)
    result = write_promos(BRIEF, backend, catalog)
    promos = durations(lambda: write_promos(BRIEF, backend, catalog), repeats)
    sources = [*(wire.source(tag(message).text, None) for message in MESSAGES), writer_source(BRIEF)]
    return TextRun(
        {
            "device": device_of(backend),
            "reason": backend.reason,
            "model": backend.model.to_dict(),
            "load_s": round(load_s, 2),
            "first_call_ms": median_ms(first),
            "message_understood_p50_ms": round(median_ms(passes) / len(MESSAGES), 1),
            "three_promos_p50_ms": median_ms(promos),
            "promos_by_the_model": sum(promo.source == "model" for promo in result.promos),
        },
        backend,
        sources,
        best_outputs(backend, sources),
    )


def compare_texts(run: TextRun, reference: TextRun | None) -> dict[str, Any]:
    """How many outputs equal the reference's, greedy with greedy and beams with as many beams; None without a reference."""
    if reference is None:
        return {"messages_equal": None, "promo_equal": None}
    if run is reference:
        return {"messages_equal": "reference", "promo_equal": "reference"}
    beams = run.backend.capabilities.most_beams or 1
    if beams == 1:
        return equality(run.outputs, reference.outputs)
    return equality(run.outputs, best_outputs(reference.backend, run.sources, beams)) | {"beams": beams}


def equality(outputs: Sequence[str | None], reference: Sequence[str | None]) -> dict[str, Any]:
    """How many outputs are equal: those of the messages, and the promo, which is the last."""
    same = [a is not None and a == b for a, b in zip(outputs, reference, strict=True)]
    refused = sum(output is None for output in outputs)
    figures: dict[str, Any] = {"messages_equal": f"{sum(same[:-1])}/{len(same) - 1}", "promo_equal": same[-1]}
    return figures | ({"sources_refused": refused} if refused else {})


def picture(backend: ImageBackend, facts: Mapping[str, Any], sketch: "Image", size: tuple[int, int]) -> "Image":
    """What the model itself makes of a sketch, before any finishing, with the settings of `scene_facts`."""
    return backend.generate(
        facts["prompt"],
        negative_prompt=facts["negative_prompt"],
        init=None if facts["strength"] >= 1 else sketch,
        strength=facts["strength"],
        steps=facts["steps"],
        guidance=facts["guidance"],
        seed=facts["seed"],
        width=size[0],
        height=size[1],
    )


def run_image(
    load: Callable[[], Any], reference: ImageBackend | None, repeats: int
) -> tuple[dict[str, Any], ImageBackend, "Image"]:
    """Loads a picture back end and makes the brief's scene on it: (figures, the back end, the scene).

    Drift is measured on the model's own picture, before the sketch's detail is put back. Raises what loading or running raises.
    """
    from pipelines.scene import SIDE, make_scene, scene_facts
    from pipelines.scene_prompt import scene_prompt
    from pipelines.sketch import draw

    started = time.perf_counter()
    backend: ImageBackend = load()
    load_s = time.perf_counter() - started
    first = durations(lambda: make_scene(BRIEF, backend, seed=SEED), 1)
    scene = make_scene(BRIEF, backend, seed=SEED).image
    times = durations(lambda: make_scene(BRIEF, backend, seed=SEED), repeats)
    able = backend.capabilities
    size = able.sizes[0] if able.sizes else (able.native, able.native)
    facts = scene_facts(BRIEF, backend, seed=SEED)
    figures: dict[str, Any] = {
        "device": device_of(backend),
        "reason": backend.reason,
        "model": backend.model.to_dict(),
        "pixels": f"{size[0]} x {size[1]}",
        "steps": facts["steps"],
        "strength": facts["strength"],
        "load_s": round(load_s, 2),
        "first_scene_s": round(first[0], 2),
        "scene_p50_s": round(statistics.median(times), 3),
    }
    if backend.name == REFERENCE:
        figures["psnr_db"] = "reference"
    elif reference is None:
        figures["psnr_db"] = None
    else:
        sketch = draw(scene_prompt(BRIEF, SEED).sketch, SIDE)
        figures |= drift(picture(backend, facts, sketch, size), picture(reference, facts, sketch, size))
    return figures, backend, scene


def finish_seconds(scene: "Image", catalog: Catalog, repeats: int) -> float:
    """Median seconds to turn a scene into a poster file: packshot, words, PNG. The same work on every back end."""
    from pipelines.packshot import draw_packshot
    from pipelines.poster import compose_poster, packshot_height
    from pipelines.scene_prompt import scene_prompt

    height = packshot_height("hero", "1:1")

    def poster() -> None:
        shot = draw_packshot(BRIEF.product, BRIEF.packaging, BRIEF.size, BRIEF.variant, catalog, height)
        made = compose_poster(scene, scene_prompt(BRIEF, SEED).surface_y, shot, BRIEF, "", catalog, seed=SEED)
        made.save(io.BytesIO(), "PNG", compress_level=6)

    return statistics.median(durations(poster, repeats))


def costs(report: Mapping[str, Any], instances: Sequence[Instance]) -> list[dict[str, Any]]:
    """For each row of the price table its cost per 1,000 promotions, how it came about, or the reason why there is none.

    `report` is that of `compare`. A latency counts only for rows of the same kind of device.
    """
    machine, posters, out = report["machine"], report["promotion"]["posters"], []
    for row in instances:
        entry: dict[str, Any] = {
            "instance": row.name, "region": row.region, "usd_per_hour": row.usd_per_hour, "price_read": row.date,
            "price_source": row.source, "text": row.text, "image": row.image, "utilisation": row.utilisation,
        }  # fmt: skip
        text, image = report["text"].get(row.text, {}), report["image"].get(row.image, {})
        lacking = [
            f"{kind} {name} was not measured here on a device of kind {row.device}"
            for kind, name, figures in (("text", row.text, text), ("image", row.image, image))
            if figures.get("device") != row.device or "missing" in figures or "failed" in figures
        ]
        if lacking:
            out.append(entry | {"usd_per_1000": None, "basis": "; ".join(lacking)})
            continue
        seconds = seconds_per_promotion(
            text["message_understood_p50_ms"] / 1000, text["three_promos_p50_ms"] / 1000,
            image["scene_p50_s"], report["promotion"]["finish_p50_s"], posters,
        )  # fmt: skip
        if machine["instance"] == row.name:
            basis = f"measured on this {row.name}"
        else:
            basis = (
                f"computed: latency of this machine ({machine['cores']} cores, {machine['instance'] or machine['processor']}, "
                f"{row.device}) at the price of {row.name} ({row.vcpus} vCPUs), which was not measured"
            )
        usd = cost_per_1000(row.usd_per_hour, seconds, row.utilisation)
        out.append(entry | {"seconds_per_promotion": round(seconds, 3), "usd_per_1000": round(usd, 4), "basis": basis})
    return out


def compare(loaders: Loaders, instances: Sequence[Instance], *, repeats: int = 3, posters: int = 2) -> dict[str, Any]:
    """Runs everything; the report is JSON. A back end that cannot be loaded has only `missing`, with its own words."""
    catalog = default_catalog()
    report: dict[str, Any] = {
        "machine": {
            "cores": os.cpu_count(),
            "processor": processor_name(),
            "omp_num_threads": os.environ.get("OMP_NUM_THREADS"),
            "instance": instance_type(),
        },
        "text": {},
        "image": {},
        "promotion": {"messages": 1, "texts": 3, "posters": posters, "finish_p50_s": None},
    }
    plain: TextRun | None = None
    for name, load in _reference_first(loaders["text"]):
        run = _attempt(partial(run_text, load, catalog, repeats))
        if isinstance(run, dict):
            report["text"][name] = run
            continue
        plain = run if name == REFERENCE else plain
        report["text"][name] = run.figures | compare_texts(run, plain)
    reference: ImageBackend | None = None
    for name, load in _reference_first(loaders["image"]):
        made = _attempt(partial(run_image, load, reference, repeats))
        if isinstance(made, dict):
            report["image"][name] = made
            continue
        figures, backend, scene = made
        reference = backend if name == REFERENCE else reference
        report["image"][name] = figures
        if report["promotion"]["finish_p50_s"] is None:
            report["promotion"]["finish_p50_s"] = round(finish_seconds(scene, catalog, repeats), 3)
    report["costs"] = costs(report, instances)
    return report


def _reference_first(loaders: Mapping[str, Callable[[], Any]]) -> list[tuple[str, Callable[[], Any]]]:
    return sorted(loaders.items(), key=lambda item: item[0] != REFERENCE)


def _attempt(run: Callable[[], Any]) -> Any:
    """What `run` gives, or a dictionary with the reason: `missing` (with the cure), or `failed` while it ran."""
    from pipelines.backends.registry import BackendError
    from pipelines.models import ModelError

    try:
        return run()
    except (BackendError, ModelError) as error:
        return {"missing": str(error)}
    except Exception as error:  # one engine's failure must not hide the others' figures
        return {"failed": f"{type(error).__name__}: {error}"}


def registry_loaders(artifacts: Path | None = None) -> Loaders:
    """Loaders of all registered back ends. `artifacts`: the folder that finetune.export_neuron wrote, for Neuron's."""
    from pipelines.backends.registry import load_image, load_text

    def model(kind: Kind, name: str) -> str | None:
        return str(artifacts / kind) if artifacts is not None and name == NEURON else None

    return {
        "text": {name: partial(load_text, model("text", name), name) for name in names("text")},
        "image": {name: partial(load_image, model("image", name), name) for name in names("image")},
    }


def other_sources(report: Mapping[str, Any], artifacts: Path) -> list[str]:
    """Warnings where artifacts were compiled from another checkpoint than the one that torch ran: nothing follows then."""
    from pipelines.backends.neuron_artifacts import read_record

    out = []
    for kind in ("text", "image"):
        plain, compiled = report[kind].get(REFERENCE, {}), report[kind].get(NEURON, {})
        if "model" not in plain or "model" not in compiled:
            continue
        source = (read_record(artifacts / kind) or {}).get("source") or {}
        if source.get("revision") != plain["model"]["revision"]:
            out.append(
                f"{kind}: {artifacts / kind} was compiled from {source.get('name')} {source.get('revision')}, torch ran "
                f"{plain['model']['name']} {plain['model']['revision']}: equality and drift say nothing. Set "
                f"PROMO_{kind.upper()}_MODEL to the checkpoint that was compiled"
            )
    return out


def lines(report: Mapping[str, Any]) -> list[str]:
    """The report for people."""
    machine = report["machine"]
    out = [
        f"this machine: {machine['cores']} cores, {machine['processor']}, {machine['instance'] or 'no EC2 instance'}"
        + (f", OMP_NUM_THREADS={machine['omp_num_threads']}" if machine["omp_num_threads"] else "")
    ]
    for kind in ("text", "image"):
        for name, figures in report[kind].items():
            out += ["", f"{kind} {name}"]
            for key, value in figures.items():
                shown = f"{value['name']} {value['revision']}" if key == "model" else value
                out.append(f"  {key:28} {shown}")
    promotion = report["promotion"]
    out += ["", *(f"warning: {warning}" for warning in report["warnings"])] if report.get("warnings") else []
    out += [
        "",
        f"a promotion: 1 message understood, {promotion['texts']} texts, {promotion['posters']} posters, one after another; "
        f"packshot, words and PNG take {promotion['finish_p50_s']} s a poster",
        "USD per 1,000 = 1000 x seconds / 3600 x USD an hour / utilisation (prices: assets/instances.yaml)",
    ]
    for cost in report["costs"]:
        usd = "-" if cost["usd_per_1000"] is None else f"{cost['usd_per_1000']:.2f} USD"
        out.append(
            f"  {cost['instance']:14} {usd:>12}  {cost['usd_per_hour']} USD/h in {cost['region']} ({cost['price_read']}), "
            f"utilisation {cost['utilisation']:g}; {cost['basis']}"
        )
    return out


def succeeded(report: Mapping[str, Any]) -> bool:
    """Whether at least one text and one picture back end were measured."""
    return all(any("device" in figures for figures in report[kind].values()) for kind in ("text", "image"))
