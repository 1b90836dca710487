"""One brief on several back ends: formulas by hand, the price table, fakes in place of engines, the command."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from pipelines import bench, bench_backends
from pipelines.backends.base import ImageCapabilities, TextCapabilities
from pipelines.backends.registry import BackendError
from pipelines.bench_backends import (
    Instance,
    InstancesError,
    compare,
    cost_per_1000,
    costs,
    device_of,
    drift,
    equality,
    greedy,
    instance_type,
    lines,
    load_instances,
    psnr,
    seconds_per_promotion,
    succeeded,
)
from pipelines.models import ModelError
from tests.fakes import FakeImage, FakeText

ROW: dict[str, Any] = {
    "name": "box.large", "usd_per_hour": 0.36, "vcpus": 2, "region": "home", "source": "a bill", "date": "2026-01-19",
    "device": "cpu", "text": "torch", "image": "torch", "utilisation": 0.5,
}  # fmt: skip
BOX = Instance(**ROW)


class Text(FakeText):
    """A fake with a name; `wrong` outputs differ, sources longer than `most` characters are refused."""

    def __init__(
        self, name: str, wrong: bool = False, batch: int | None = None, most: int = 10_000, beams: int | None = None
    ) -> None:
        super().__init__()
        self.name, self.wrong, self.most, self.asked = name, wrong, most, []  # type: ignore[misc, var-annotated]
        self.capabilities = TextCapabilities(
            samples=True, beams=False, max_input_tokens=512, batch=batch, most_beams=beams
        )  # type: ignore[misc]

    def generate(self, sources: Sequence[str], **options: Any) -> list[list[str]]:
        if any(len(source) > self.most for source in sources):
            raise ValueError("too long")
        self.asked.append(options.get("samples", 1))
        outputs = super().generate(sources, **options)
        return [[text + "!" for text in texts] for texts in outputs] if self.wrong else outputs


class Picture(FakeImage):
    """A fake with a name that adds `shift` to every pixel, and makes one size only where `side` says so."""

    def __init__(self, name: str, shift: int = 0, side: int | None = None) -> None:
        super().__init__()
        self.name, self.shift, self.asked = name, shift, []  # type: ignore[misc, var-annotated]
        sizes = ((side, side),) if side else None
        self.capabilities = ImageCapabilities(
            image_to_image=True, sizes=sizes, multiple=8, native=64, steps=4, strength=0.5, guidance=3.0, whole=True
        )  # type: ignore[misc]

    def generate(self, prompt: str, **options: Any) -> Image.Image:
        self.asked.append((options["width"], options["height"], options["seed"]))
        return super().generate(prompt, **options).point(lambda value: min(255, value + self.shift))


def gone() -> Any:
    raise BackendError("text back end 'neuron' needs torch_neuronx: start from AWS's Neuron image")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """Torch, an equal second engine for texts, a drifting one of another size for pictures, one missing, one that breaks."""
    small = Picture("neuron", shift=3, side=32)
    loaders = {
        "text": {"neuron": gone, "ctranslate2": lambda: Text("ctranslate2", batch=1), "torch": lambda: Text("torch")},
        "image": {"neuron": lambda: small, "torch": lambda: Picture("torch"), "broken": lambda: 1 / 0},
    }
    return compare(loaders, [BOX, Instance(**{**ROW, "name": "chip", "device": "neuron"})], repeats=1)  # type: ignore[arg-type]


# formulas


def test_the_cost_is_price_times_time_over_utilisation() -> None:
    # 1,000 promotions of 3.6 s are one hour; at 0.36 USD an hour and half of the hours busy they cost 0.72
    assert cost_per_1000(0.36, 3.6, 0.5) == pytest.approx(0.72)
    # AWS's own figure: 0.604 pictures a second on a machine of 0.758 USD an hour, always busy
    assert cost_per_1000(0.758, 1 / 0.604, 1) == pytest.approx(0.3486, abs=1e-4)


@pytest.mark.parametrize(("price", "seconds", "busy"), [(-1, 1, 1), (1, -1, 1), (1, 1, 0), (1, 1, 1.5)])
def test_a_cost_from_impossible_figures_is_refused(price: float, seconds: float, busy: float) -> None:
    with pytest.raises(ValueError, match="utilisation above 0 and up to 1"):
        cost_per_1000(price, seconds, busy)


def test_a_promotion_takes_its_steps_one_after_another() -> None:
    assert seconds_per_promotion(0.1, 0.4, 1.5, 0.5, posters=2) == pytest.approx(4.5)
    assert seconds_per_promotion(0.1, 0.4, 1.5, 0.5, posters=0) == pytest.approx(0.5)


def test_the_psnr_of_a_known_difference_is_the_formulas() -> None:
    grey, lighter = Image.new("RGB", (8, 8), (100, 100, 100)), Image.new("RGB", (8, 8), (110, 110, 110))
    assert psnr(grey, lighter) == pytest.approx(20 * math.log10(25.5))
    assert drift(grey, lighter) == {"psnr_db": 28.1, "identical": False}


def test_equal_pictures_are_infinitely_alike_and_the_report_stays_json() -> None:
    grey = Image.new("RGB", (8, 8), (100, 100, 100))
    assert psnr(grey, grey.copy()) == math.inf
    assert json.loads(json.dumps(drift(grey, grey.copy()), allow_nan=False)) == {"psnr_db": None, "identical": True}


def test_pictures_of_two_sizes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="make both in one size"):
        psnr(Image.new("RGB", (8, 8)), Image.new("RGB", (8, 16)))


def test_equal_texts_are_counted_and_refused_ones_are_told() -> None:
    assert equality(["a", "b", "promo"], ["a", "x", "promo"]) == {"messages_equal": "1/2", "promo_equal": True}
    figures = equality(["a", None, "promo"], ["a", None, "other"])
    assert figures == {"messages_equal": "1/2", "promo_equal": False, "sources_refused": 1}


def test_a_back_end_gets_as_many_sources_a_call_as_run_at_once() -> None:
    single, free = Text("neuron", batch=1), Text("torch")
    assert greedy(single, ["a", "b", "c"]) == greedy(free, ["a", "b", "c"])
    assert (single.calls, free.calls) == ([["a"], ["b"], ["c"]], [["a", "b", "c"]])
    assert greedy(free, []) == []


# the price table


def table(folder: Path, content: Any) -> Path:
    file = folder / "instances.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return file


def test_the_repositorys_prices_are_whole_and_say_where_they_are_from() -> None:
    instances = load_instances()
    assert {row.device for row in instances} == {"neuron", "cuda", "cpu"}
    for row in instances:
        assert row.source
        assert row.date >= "2026-01-01"
        assert 0 < row.utilisation <= 1


def test_a_row_takes_from_the_defaults_what_it_leaves_out(tmp_path: Path) -> None:
    row = {key: value for key, value in ROW.items() if key not in ("region", "utilisation")}
    content = {
        "defaults": {"region": "home", "utilisation": 1},
        "instances": [row, {**row, "name": "b", "region": "away"}],
    }
    first, second = load_instances(table(tmp_path, content))
    assert (first.region, first.utilisation, second.region) == ("home", 1, "away")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"usd_per_hour": "cheap"}, "usd_per_hour cannot be 'cheap'; give a number above 0"),
        ({"usd_per_hour": 0}, "usd_per_hour cannot be 0"),
        ({"usd_per_hour": True}, "usd_per_hour cannot be True"),
        ({"usd_per_hour": math.inf}, "usd_per_hour cannot be inf"),
        ({"utilisation": 1.5}, "utilisation cannot be 1.5; give a number above 0 and up to 1"),
        ({"device": "abacus"}, "device cannot be 'abacus'; choose one of: cpu, cuda, mps, neuron"),
        ({"text": "abacus"}, "text cannot be 'abacus'; choose one of: torch, ctranslate2, neuron"),
        ({"image": "ctranslate2"}, "image cannot be 'ctranslate2'; choose one of: torch, neuron"),
        ({"date": "last week"}, "date cannot be 'last week'; give the day when the price was read, like 2026-01-19"),
        ({"source": ""}, "lacks source; the fields are: name, usd_per_hour"),
        ({"colour": "red"}, "has unknown colour; the fields are: name, usd_per_hour"),
    ],
)
def test_a_wrong_row_is_named_with_the_cure(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    file = table(tmp_path, {"instances": [ROW, {**ROW, "name": "bad.large", **change}]})
    with pytest.raises(InstancesError) as error:
        load_instances(file)
    assert said in str(error.value)
    assert f"{file}, row 2 (bad.large)" in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- [", "is not YAML"),
        ("", "needs a list 'instances'"),
        ("instances: 3", "needs a list 'instances'"),
        ("instances: []", "needs a list 'instances'"),
        ("instances: [3]", "row 1 is no set of fields"),
        ({"instances": [ROW, ROW]}, "box.large more than once; keep one row each"),
    ],
)
def test_a_file_that_is_no_table_is_named_with_the_cure(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(InstancesError, match=r"price table .*instances\.yaml") as error:
        load_instances(table(tmp_path, content))
    assert said in str(error.value)


def test_a_table_that_is_not_there_says_how_to_get_it_back(tmp_path: Path) -> None:
    with pytest.raises(InstancesError, match="restore it from the repository"):
        load_instances(tmp_path / "none.yaml")


# this machine


def test_an_ec2_machine_knows_its_type_and_others_have_none(tmp_path: Path) -> None:
    assert instance_type(tmp_path) is None
    (tmp_path / "sys_vendor").write_text("Amazon EC2\n")
    (tmp_path / "product_name").write_text("inf2.xlarge\n")
    assert instance_type(tmp_path) == "inf2.xlarge"
    (tmp_path / "sys_vendor").write_text("QEMU\n")
    assert instance_type(tmp_path) is None


def test_neuron_without_a_chip_is_a_rehearsal(tmp_path: Path) -> None:
    backend = Text("neuron")
    assert device_of(backend, tmp_path / "neuron0") == "stand-in"
    (tmp_path / "neuron0").touch()
    assert device_of(backend, tmp_path / "neuron0") == "neuron"
    backend = Text("torch")
    assert device_of(backend) == "cpu"
    backend.device = "cuda:0"  # type: ignore[attr-defined]
    assert device_of(backend) == "cuda"


# the run


def test_every_back_end_present_is_measured_and_compared_with_torch(report: dict[str, Any]) -> None:
    assert list(report["text"]) == ["torch", "neuron", "ctranslate2"]
    other = report["text"]["ctranslate2"]
    assert (other["messages_equal"], other["promo_equal"]) == (f"{len(bench.MESSAGES)}/{len(bench.MESSAGES)}", True)
    for figure in ("load_s", "first_call_ms", "message_understood_p50_ms", "three_promos_p50_ms"):
        assert other[figure] >= 0
    assert other["promos_by_the_model"] in range(4)
    assert report["text"]["torch"]["messages_equal"] == "reference"
    assert report["image"]["torch"]["psnr_db"] == "reference"
    assert succeeded(report)
    json.dumps(report, allow_nan=False)


def test_drift_is_measured_in_the_others_size_with_the_same_seed() -> None:
    torch, small = Picture("torch"), Picture("neuron", shift=3, side=32)
    figures, _, _ = bench_backends.run_image(lambda: small, torch, repeats=1)
    assert figures["pixels"] == "32 x 32"
    assert figures["psnr_db"] == pytest.approx(20 * math.log10(255 / 3), abs=0.5)  # clipped at white: a little more
    assert set(torch.asked) == set(small.asked) == {(32, 32, bench_backends.SEED)}


def test_a_missing_back_end_is_listed_in_its_own_words_and_never_given_figures(report: dict[str, Any]) -> None:
    assert report["text"]["neuron"] == {
        "missing": "text back end 'neuron' needs torch_neuronx: start from AWS's Neuron image"
    }


def test_a_back_end_that_breaks_does_not_hide_the_others(report: dict[str, Any]) -> None:
    assert report["image"]["broken"] == {"failed": "ZeroDivisionError: division by zero"}
    assert "scene_p50_s" in report["image"]["neuron"]


def test_without_torch_nothing_is_said_to_be_equal() -> None:
    def no_torch() -> Any:
        raise ModelError("text checkpoint is damaged: restore it")

    loaders = {
        "text": {"torch": no_torch, "ctranslate2": lambda: Text("ctranslate2")},
        "image": {"neuron": lambda: Picture("neuron", side=32)},
    }
    made = compare(loaders, [BOX], repeats=1)  # type: ignore[arg-type]
    assert made["text"]["torch"] == {"missing": "text checkpoint is damaged: restore it"}
    assert made["text"]["ctranslate2"]["messages_equal"] is None
    assert made["image"]["neuron"]["psnr_db"] is None
    assert made["costs"][0]["usd_per_1000"] is None


def test_another_text_and_a_source_that_is_too_long_are_counted() -> None:
    loaders = {
        "text": {"torch": lambda: Text("torch"), "ctranslate2": lambda: Text("ctranslate2", wrong=True)},
        "image": {"torch": gone},
    }
    made = compare(loaders, [], repeats=1)  # type: ignore[arg-type]
    assert made["text"]["ctranslate2"]["messages_equal"] == f"0/{len(bench.MESSAGES)}"
    assert made["text"]["ctranslate2"]["promo_equal"] is False
    assert not succeeded(made)
    assert bench_backends.best_outputs(Text("neuron", most=5), ["short", "too long"]) == ["none", None]


def test_beams_are_compared_with_as_many_beams_of_torch() -> None:
    def run(backend: Text) -> bench_backends.TextRun:
        return bench_backends.TextRun({}, backend, ["a", "b"], bench_backends.best_outputs(backend, ["a", "b"]))

    torch, beams = run(Text("torch")), run(Text("neuron", beams=4))
    assert bench_backends.compare_texts(beams, torch) == {"messages_equal": "1/1", "promo_equal": True, "beams": 4}
    assert beams.backend.asked == [1, 1]  # type: ignore[attr-defined]
    assert torch.backend.asked == [1, 1, 4, 4]  # type: ignore[attr-defined]
    assert bench_backends.compare_texts(torch, torch)["messages_equal"] == "reference"


# costs


def figures(instance: str | None) -> dict[str, Any]:
    return {
        "machine": {"cores": 2, "processor": "Test", "instance": instance},
        "text": {"torch": {"device": "cpu", "message_understood_p50_ms": 100.0, "three_promos_p50_ms": 400.0}},
        "image": {"torch": {"device": "cpu", "scene_p50_s": 1.0}},
        "promotion": {"messages": 1, "texts": 3, "posters": 2, "finish_p50_s": 0.5},
    }


def test_a_cost_from_another_machines_latency_says_that_it_is_computed() -> None:
    (cost,) = costs(figures(None), [BOX])
    assert cost["seconds_per_promotion"] == 3.5
    assert cost["usd_per_1000"] == pytest.approx(1000 * 3.5 / 3600 * 0.36 / 0.5)
    assert cost["basis"] == (
        "computed: latency of this machine (2 cores, Test, cpu) at the price of box.large (2 vCPUs), which was not measured"
    )


def test_a_cost_is_measured_only_on_the_machine_that_the_row_names() -> None:
    other = Instance(**{**ROW, "name": "other.large"})
    mine, computed = costs(figures("box.large"), [BOX, other])
    assert mine["basis"] == "measured on this box.large"
    assert computed["basis"].startswith("computed: latency of this machine (2 cores, box.large, cpu)")


def test_a_row_for_another_device_or_back_end_gets_no_cost(report: dict[str, Any]) -> None:
    chip = Instance(**{**ROW, "name": "chip", "device": "neuron", "text": "neuron", "image": "neuron"})
    gpu = Instance(**{**ROW, "name": "gpu", "device": "cuda"})
    for cost in costs(figures(None), [chip, gpu]):
        assert cost["usd_per_1000"] is None
        assert "was not measured here on a device of kind" in cost["basis"]
    # the fake in neuron's name ran without a chip: no price of a chip may be put on that
    assert report["costs"][1]["usd_per_1000"] is None


# the command


def test_people_read_figures_reasons_prices_and_the_formula(report: dict[str, Any]) -> None:
    said = "\n".join(lines(report))
    for words in (
        "needs torch_neuronx",
        "16/16",
        "psnr_db",
        "1000 x seconds / 3600",
        "box.large",
        "which was not measured",
    ):
        assert words in said


def test_the_command_prints_json_and_its_exit_code_tells_whether_something_ran(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], report: dict[str, Any]
) -> None:
    monkeypatch.setattr(bench_backends, "compare", lambda loaders, instances: report)
    assert bench.main(["backends", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report | {"warnings": []}
    nothing = {**report, "image": {"torch": {"missing": "gone"}}}
    monkeypatch.setattr(bench_backends, "compare", lambda loaders, instances: nothing)
    assert bench.main(["backends"]) == 1
    assert "gone" in capsys.readouterr().out


def test_a_wrong_table_or_folder_is_a_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["backends", "--artifacts", str(tmp_path / "none")]) == 2
    assert "give the --out of python -m finetune.export_neuron" in capsys.readouterr().err

    def broken() -> Any:
        raise InstancesError("price table x: restore it from the repository")

    monkeypatch.setattr(bench_backends, "load_instances", broken)
    assert bench.main(["backends"]) == 2
    assert "restore it" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        bench.main(["text", "--artifacts", str(tmp_path)])
    assert stopped.value.code == 2


def test_neurons_artifacts_are_looked_for_where_the_export_puts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for kind in ("text", "image"):
        monkeypatch.setattr(
            f"pipelines.backends.registry.load_{kind}", lambda model, name, kind=kind: asked.append((kind, model, name))
        )
    loaders = bench_backends.registry_loaders(tmp_path)
    for kind in ("text", "image"):
        loaders[kind]["neuron"]()  # type: ignore[index]
        loaders[kind]["torch"]()  # type: ignore[index]
    assert asked == [
        ("text", str(tmp_path / "text"), "neuron"), ("text", None, "torch"),
        ("image", str(tmp_path / "image"), "neuron"), ("image", None, "torch"),
    ]  # fmt: skip


def test_artifacts_of_another_checkpoint_are_told_because_nothing_follows_from_them(tmp_path: Path) -> None:
    for kind, revision in (("text", "r1"), ("image", "r2")):
        (tmp_path / kind).mkdir()
        record = {"source": {"name": "tiny", "revision": revision}}
        (tmp_path / kind / "promo_neuron.json").write_text(json.dumps(record), encoding="utf-8")
    model = {"model": {"name": "plain", "revision": "r1"}}
    both = {"torch": model, "neuron": {"model": {"name": "x", "revision": "x"}}}
    (said,) = bench_backends.other_sources({"text": both, "image": both}, tmp_path)
    assert "compiled from tiny r2, torch ran plain r1: equality and drift say nothing" in said
    assert "Set PROMO_IMAGE_MODEL to the checkpoint that was compiled" in said
    gone_there = {"torch": model, "neuron": {"missing": "no chip"}}
    assert bench_backends.other_sources({"text": gone_there, "image": gone_there}, tmp_path) == []


# the guide

GUIDE = (Path(__file__).resolve().parent.parent / "docs" / "inferentia2.md").read_text(encoding="utf-8")


def test_the_guides_costs_follow_from_its_formula_and_the_price_table() -> None:
    prices = {row.name: row.usd_per_hour for row in load_instances()}
    costs_section = GUIDE.split("## Costs")[1].split("Assumptions")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in costs_section.splitlines() if " s | " in line
    ]
    assert len(rows) == 6
    for name, scene, _, seconds, hourly, thousand in rows:
        whole = seconds_per_promotion(0, 0.2, float(scene.removesuffix(" s")), 0.69, posters=2)
        assert f"{whole:.2f}" == seconds, name
        assert f"{cost_per_1000(float(hourly), whole, 0.5):.2f}" == thousand, name
        instance = name.split(" ")[0].split(",")[0]
        assert prices.get(instance, float(hourly)) == float(hourly), name
    for name in ("inf2.xlarge", "inf2.8xlarge"):
        assert f"| {prices[name]} |" in GUIDE


def test_the_guide_names_only_flags_that_the_commands_have() -> None:
    from app import parser as app_flags
    from finetune.export_neuron import parser as export_flags

    known = {
        flag for parser in (app_flags(), export_flags()) for action in parser._actions for flag in action.option_strings
    }
    commands = " ".join(
        line for block in GUIDE.split("```")[1::2] for line in block.replace("\\\n", " ").splitlines()
        if "app.py" in line or "finetune.export_neuron" in line
    )  # fmt: skip
    named = {word for word in commands.split() if word.startswith("--")}
    assert named
    assert named <= known
