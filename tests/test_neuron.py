"""AWS Inferentia2: folders of artifacts, the back ends, the export. The real optimum-neuron runs over stand-ins for AWS's SDK, each case of
tests/neuron_cases.py in a process of its own, so that no stand-in leaks into other tests. What only a chip can show is marked `neuron`."""

import json
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipelines.backends import neuron_runtime, registry
from pipelines.backends.base import BackendError
from pipelines.backends.neuron_artifacts import (
    PARTS,
    ImageLimits,
    TextLimits,
    check_versions,
    holds_artifacts,
    read_artifacts,
    write_record,
)  # fmt: skip
from pipelines.models import Kind, ModelError, find_model
from tests.neuron_cases import BEAMS, LENGTH, PROMPTS

ROOT = Path(__file__).resolve().parent.parent


def has_library() -> bool:
    try:
        return find_spec("optimum.neuron") is not None
    except ModuleNotFoundError:
        return False


standins = pytest.mark.skipif(
    not has_library(), reason="optimum-neuron is not installed: it needs Python below 3.12 (requirements-dev.txt)"
)
chip = pytest.mark.skipif(
    not (neuron_runtime.device_present() and find_spec("torch_neuronx")),
    reason="no AWS Neuron device and SDK here: run on an inf2 instance",
)


def run_case(name: str, folder: Path, timeout: int = 600) -> dict[str, Any]:
    """What a case found, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.neuron_cases", name, str(folder)], capture_output=True, text=True, cwd=ROOT,
        timeout=timeout, env={**os.environ, "OMP_NUM_THREADS": "1", "PROMO_IMAGE_DTYPE": "float32", "GRADIO_ANALYTICS_ENABLED": "False"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# --- folders of artifacts: no engine needed


def fake_artifacts(kind: Kind, folder: Path, compiler: str = "2.21.33363.0", beams: int = 4) -> Path:
    """A folder as an export leaves it, with compiled files that hold nothing."""
    neuron: dict[str, dict[str, int]] = {
        "encoder": {"static_batch_size": 1, "static_sequence_length": 128, "static_num_beams": beams},
        "text_encoder": {"static_batch_size": 1, "static_sequence_length": 77},
        "unet": {"static_batch_size": 2, "static_height": 64, "static_width": 48},
        "vae_encoder": {"static_batch_size": 2, "static_height": 512, "static_width": 384},
    }
    for part in PARTS[kind]:
        (folder / part).mkdir(parents=True)
        config = {"neuron": {"compiler_version": compiler, **neuron.get(part, {})}}
        (folder / part / "config.json").write_text(json.dumps(config))
        with zipfile.ZipFile(folder / part / "model.neuron", "w") as archive:
            archive.writestr("code", part)
    if kind == "text":
        (folder / "config.json").write_text("{}")
        (folder / "tokenizer.json").write_text("{}")
    else:
        (folder / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
        for name in ("tokenizer/vocab.json", "scheduler/scheduler_config.json"):
            (folder / name).parent.mkdir()
            (folder / name).write_text("{}")
    write_record(folder, {
        "source": {"name": "someone/model", "revision": "abc"},
        "versions": {"neuronx_cc": compiler, "optimum_neuron": "0.4.5"},
    })  # fmt: skip
    return folder


@pytest.fixture
def words(tmp_path: Path) -> Path:
    return fake_artifacts("text", tmp_path / "text")


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return fake_artifacts("image", tmp_path / "image")


def test_limits_are_read_from_the_artifacts(words: Path, scene: Path) -> None:
    text, image = read_artifacts("text", words), read_artifacts("image", scene)
    assert text.limits == TextLimits(sequence_length=128, beams=4, batch=1)
    assert image.limits == ImageLimits(width=384, height=512, images=2, prompt_tokens=77)
    assert (text.compiler, text.library, text.source, text.source_revision) == (
        "2.21.33363.0", "0.4.5", "someone/model", "abc",
    )  # fmt: skip
    assert text.revision != image.revision


def test_an_export_of_another_tool_is_read_without_our_record(words: Path) -> None:
    (words / "promo_neuron.json").unlink()
    artifacts = read_artifacts("text", words)
    assert artifacts.library is None
    check_versions(artifacts, "2.21.1.0", "0.9")


@pytest.mark.parametrize(("kind", "other"), [("text", "image"), ("image", "text")])
def test_artifacts_of_the_other_kind_are_named(tmp_path: Path, kind: Kind, other: Kind) -> None:
    folder = fake_artifacts(kind, tmp_path / kind)
    with pytest.raises(ModelError, match=f"of the {kind} model, not of the {other} model.*--{kind}-model"):
        read_artifacts(other, folder)


@pytest.mark.parametrize("name", ["decoder/model.neuron", "encoder/config.json", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named_with_the_cure(words: Path, name: str) -> None:
    (words / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing.*finetune\.export_neuron"):
        read_artifacts("text", words)


@pytest.mark.parametrize(
    "name", ["unet/model.neuron", "model_index.json", "scheduler/scheduler_config.json", "tokenizer/vocab.json"]
)
def test_a_missing_file_of_a_picture_model_is_named_with_the_cure(scene: Path, name: str) -> None:
    (scene / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing.*finetune\.export_neuron"):
        read_artifacts("image", scene)


def test_damaged_files_are_named_with_the_cure(words: Path) -> None:
    compiled = words / "encoder" / "model.neuron"
    whole = compiled.read_bytes()
    compiled.write_bytes(whole[:-30])
    with pytest.raises(ModelError, match=r"encoder/model\.neuron is damaged.*Fetch it again"):
        read_artifacts("text", words)
    compiled.write_bytes(b"x" * 7 + whole)  # still a ZIP, but longer than recorded
    with pytest.raises(ModelError, match=r"encoder/model\.neuron is damaged: it has \d+ bytes"):
        read_artifacts("text", words)
    compiled.write_bytes(whole)
    (words / "decoder" / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"decoder/config\.json is damaged"):
        read_artifacts("text", words)
    (words / "decoder" / "config.json").write_text("{}")
    with pytest.raises(ModelError, match='no "neuron" entry'):
        read_artifacts("text", words)


def test_artifacts_of_another_sdk_or_library_are_refused_and_both_versions_told(words: Path) -> None:
    artifacts = read_artifacts("text", words)
    check_versions(artifacts, "2.21.99.0", "0.4.5")
    with pytest.raises(ModelError, match=r"neuronx-cc 2\.21\.33363\.0, here is 2\.20\.1\.0.*export"):
        check_versions(artifacts, "2.20.1.0", "0.4.5")
    with pytest.raises(ModelError, match=r"optimum-neuron 0\.4\.5, here is 0\.5\.0.*export"):
        check_versions(artifacts, "2.21.99.0", "0.5.0")


def test_a_record_of_another_format_is_refused(words: Path) -> None:
    record = json.loads((words / "promo_neuron.json").read_text())
    (words / "promo_neuron.json").write_text(json.dumps({**record, "format": 2}))
    with pytest.raises(ModelError, match="has format 2, this program reads 1"):
        read_artifacts("text", words)


def test_models_that_neuron_runs_wrong_are_refused(scene: Path) -> None:
    config = json.loads((scene / "unet" / "config.json").read_text())
    (scene / "unet" / "config.json").write_text(json.dumps({**config, "time_cond_proj_dim": 256}))
    with pytest.raises(ModelError, match="LCM"):
        read_artifacts("image", scene)
    (scene / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
    with pytest.raises(ModelError, match="FluxPipeline; the Neuron back end runs: StableDiffusionPipeline"):
        read_artifacts("image", scene)


def test_a_plain_checkpoint_is_no_artifact(tmp_path: Path) -> None:
    assert not holds_artifacts(tmp_path)
    with pytest.raises(ModelError, match="compile the checkpoint first"):
        read_artifacts("text", tmp_path)


def test_artifacts_are_found_only_by_a_caller_that_asks_for_them(words: Path) -> None:
    files = find_model("text", str(words), compiled=True)
    assert files.compiled
    assert files.info.revision == read_artifacts("text", words).revision
    with pytest.raises(ModelError, match=r"only the back end 'neuron' runs.*--text-backend neuron"):
        find_model("text", str(words))


def test_compiled_files_are_fetched_from_the_hub_only_for_a_caller_that_asks(
    words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[bool] = []

    def download(_: str, allow_patterns: list[str]) -> str:
        fetched.append("*.neuron" in allow_patterns)
        return str(words)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    assert find_model("text", "someone/compiled", compiled=True).compiled
    with pytest.raises(ModelError, match="holds Neuron artifacts"):
        find_model("text", "someone/compiled")
    assert fetched == [True, False]


def test_the_folder_above_two_exports_is_told_apart(words: Path) -> None:
    with pytest.raises(ModelError, match=f"give {words}"):
        find_model("text", str(words.parent), compiled=True)


# --- which back end, which core


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "neuron0").touch()
    monkeypatch.setattr(neuron_runtime, "DEVICES", tmp_path / "dev")
    monkeypatch.setattr(registry, "_installed", lambda module: True)


@pytest.mark.usefixtures("device")
def test_auto_takes_neuron_where_a_device_and_artifacts_are_and_says_why(words: Path, scene: Path) -> None:
    for kind, folder in (("text", words), ("image", scene)):
        spec, reason = registry.pick(kind, "auto", find_model(kind, str(folder), compiled=True))
        assert (spec.name, spec.compiled) == ("neuron", True)
        assert "a Neuron device is there, and the model folder holds artifacts" in reason


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("kind", ["text", "image"])
def test_auto_leaves_an_idle_device_alone_and_says_what_would_use_it(kind: Kind) -> None:
    spec, reason = registry.pick(kind, "auto", find_model(kind))
    assert not spec.compiled
    assert "holds no artifacts for it (python -m finetune.export_neuron makes them)" in reason


def test_auto_refuses_artifacts_where_no_device_is(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neuron_runtime, "DEVICES", words)
    with pytest.raises(ModelError, match="on an AWS Inferentia2 instance"):
        registry.load_text(str(words), "auto")


@pytest.mark.skipif(bool(find_spec("torch_neuronx")), reason="the SDK is installed here")
def test_without_the_sdk_the_back_end_says_what_to_install(words: Path) -> None:
    with pytest.raises(BackendError, match=r"needs .*torch_neuronx.*requirements-neuron\.txt"):
        registry.load_text(str(words), "neuron")


def test_the_real_reason_of_a_failed_import_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> None:
        try:
            raise OSError("libnrt.so.1: cannot open shared object file")
        except OSError as error:
            raise RuntimeError(f"Could not import module {name!r}") from error

    monkeypatch.setattr(neuron_runtime.importlib, "import_module", fails)
    with pytest.raises(BackendError, match=r"Could not import module.*because of OSError: libnrt\.so\.1"):
        neuron_runtime.load_library()


@pytest.mark.parametrize(
    ("cores", "wanted", "text", "image"),
    [(1, None, 0, (0,)), (2, None, 0, (1,)), (12, None, 0, (1, 2)), (2, "0,1", 0, (0, 1)), (12, "4", 0, (4,))],
)
def test_texts_have_a_core_of_their_own_where_there_are_two(
    cores: int, wanted: str | None, text: int, image: tuple[int, ...]
) -> None:
    assert neuron_runtime.place(cores, wanted) == neuron_runtime.Placement(text, image)


@pytest.mark.parametrize("wanted", ["2", "0,0", "a", "-1", "0,"])
def test_cores_that_are_not_there_are_refused(wanted: str) -> None:
    with pytest.raises(BackendError, match="PROMO_NEURON_IMAGE_CORES must be numbers of NeuronCores from 0 to 1"):
        neuron_runtime.place(2, wanted)


@pytest.mark.skipif(bool(find_spec("torch_neuronx")), reason="the SDK is installed here")
def test_without_the_sdk_the_export_ends_with_2_and_says_what_to_install_where() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "finetune.export_neuron", "--out", "nowhere"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 2
    for part in ("not installed", "Deep Learning AMI Neuron", "requirements-neuron.txt"):
        assert part in done.stderr
    assert not (ROOT / "nowhere").exists()


def test_looking_for_a_back_end_imports_no_neuron_library() -> None:
    code = (
        "import os, sys, pipelines.backends.registry as r, pipelines.backends.neuron_artifacts; r.pick('image'); "
        "print('optimum.neuron' in sys.modules, 'NEURON_PLATFORM_TARGET_OVERRIDE' in os.environ)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.split() == ["False", "False"]


# --- the real library over stand-ins

RECOMMENDED = "--auto-cast matmult --auto-cast-type bf16 --optlevel 2 --target inf2"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_case("text", tmp_path_factory.mktemp("text"))


@standins
def test_the_bundled_text_model_gives_transformers_tokens_greedily_and_by_beams(text: dict[str, Any]) -> None:
    assert text["greedy"] == PROMPTS
    # optimum-neuron has the older beam search, which ends a little earlier: now and then the best beam differs (1 of 50 with
    # the model of 25 November 2026, 0 with the one before), and some of those behind it
    assert text["best_beam"] >= PROMPTS - 2
    assert text["all_beams"] >= PROMPTS * 0.7
    assert text["through_generate"]


@standins
def test_a_planted_fault_of_cache_or_beams_is_caught_by_the_comparison(text: dict[str, Any]) -> None:
    assert text["fault_cache"] < PROMPTS * 0.9
    assert text["fault_beams"] < PROMPTS * 0.9


@standins
def test_the_text_model_is_compiled_with_the_recommended_flags_and_shapes(text: dict[str, Any]) -> None:
    # also from a folder whose name holds `unet`, `vae` and `transformer`, from which the library would take other flags
    assert text["flags"] == [f"{RECOMMENDED} --model-type transformer"]
    assert text["inlined"] == [True] * 4
    assert text["cached"] == 0
    encoder, decoder, greedy_encoder, greedy_decoder = text["shapes"]
    assert encoder == greedy_encoder == [[1, LENGTH], [1, LENGTH]]
    assert (decoder[0], decoder[1]) == ([BEAMS, 1], [BEAMS, LENGTH])
    assert greedy_decoder[0] == [1, 1]


@standins
def test_what_a_compiled_text_model_cannot_do_is_refused(text: dict[str, Any]) -> None:
    assert "cannot sample" in text["no_sampling"]
    assert f"1 to {BEAMS} outputs, not {BEAMS + 1}" in text["too_many"]
    assert f"compiled for [1, {LENGTH}]" in text["wrong_shape"]
    assert text["batch"]
    beams, greedy = text["capabilities"]
    assert (beams["samples"], beams["beams"], beams["most_beams"], beams["batch"]) == (False, True, BEAMS, 1)
    assert (greedy["beams"], greedy["max_input_tokens"]) == (False, LENGTH)


@standins
def test_a_long_message_is_cut_with_a_reason_and_a_long_output_capped(text: dict[str, Any]) -> None:
    frame, logged = text["long"]
    assert frame
    assert f"was cut to its first {LENGTH}" in logged
    assert text["capped"] <= LENGTH
    assert len(text["one_token"][0]) == 1


@standins
def test_text_steps_are_told_and_a_stop_ends_within_one(text: dict[str, Any]) -> None:
    steps = [step for step, _ in text["steps"]]
    assert steps == sorted(steps)
    assert steps[0] == 1
    assert {total for _, total in text["steps"]} == {40}
    assert text["stopped"] == [1, 2, 3, -1]
    assert text["after_stop"] == 3


@standins
def test_two_threads_get_the_right_texts(text: dict[str, Any]) -> None:
    assert text["threads"] == 20


@standins
def test_artifacts_and_back_ends_that_do_not_go_together_are_named(text: dict[str, Any]) -> None:
    assert "of the text model, not of the image model" in text["again"]
    assert "only the back end 'neuron' runs" in text["not_asked"]
    assert "compiles nothing itself" in text["plain"]
    assert "export of several models" in text["parent"]
    assert text["auto"].startswith("auto: a Neuron device is there")
    assert set(map(tuple, text["placed"])) == {(0, 1)}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_case("image", tmp_path_factory.mktemp("image"))


def close(found: dict[str, float]) -> bool:
    pixels = max(found["from_text"], found["unguided"], found["from_image"])
    return pixels < 1e-4 and max(found["reconstruct_levels"], found["generate_levels"]) <= 1


@standins
@pytest.mark.parametrize("name", ["one", "two"])
def test_a_tiny_stable_diffusion_gives_diffusers_pictures(image: dict[str, Any], name: str) -> None:
    assert close(image[name]), image[name]


@standins
def test_the_bundled_scene_model_gives_diffusers_pictures(tmp_path: Path) -> None:
    found = run_case("bundled", tmp_path)
    assert close(found), found


@standins
def test_the_picture_model_is_compiled_with_the_recommended_flags_and_shapes(image: dict[str, Any]) -> None:
    assert image["unet_flags"] == [f"{RECOMMENDED} --enable-fast-loading-neuron-binaries --model-type=unet-inference"]
    assert all(flags.startswith(RECOMMENDED) for flags in image["flags"].values())
    assert image["shapes"] == [[[1, 24]], [[1, 4, 16, 16], [1], [1, 24, 16]], [[1, 3, 32, 32]], [[1, 4, 16, 16]]]
    assert image["cached"] == 0
    assert image["record"]["limits"] == {"width": 48, "height": 32, "images": 2, "prompt_tokens": 24}
    assert image["record"]["source"]["name"] == "tiny"
    assert not image["names_a_folder"]


@standins
def test_another_size_or_number_of_pictures_is_refused_with_the_sizes(image: dict[str, Any]) -> None:
    assert image["other_size"].startswith(
        "ValueError: this model was compiled for pictures of 32 x 32 pixels and no others"
    )
    assert "compiled for 1 picture(s) a call, not 2" in image["other_count"]
    assert "compiled for [1, 4, 16, 16]" in image["wrong_shape"]
    assert image["capabilities"]["sizes"] == [[32, 32]]
    assert "only the back end 'neuron' runs" in image["again"]
    assert "of the image model, not of the text model" in image["as_text"]


@standins
def test_picture_steps_are_told_and_a_stop_ends_within_one(image: dict[str, Any]) -> None:
    assert image["steps"] == [[n, 6] for n in range(1, 7)], "PNDM takes a step more than asked for"
    assert image["stopped"] == [1, 2, -1]


@standins
def test_pictures_stay_off_the_core_of_the_texts_unless_the_operator_wants_both(image: dict[str, Any]) -> None:
    assert set(image["placed"]) == {1}
    assert image["placed_on_both"] == [0, 1, 0, 0, 0], "the UNet on both cores, the rest on the first of them"
    assert image["data_parallel"] == 0


@standins
def test_an_export_is_taken_up_where_it_failed_and_never_done_twice(tmp_path: Path) -> None:
    found = run_case("resume", tmp_path)
    assert found["short"]["code"] == found["odd_size"]["code"] == 2
    assert "must be at least" in found["short"]["complained"]
    assert "multiple of 4 pixels" in found["odd_size"]["complained"]
    assert found["failed"]["code"] == 1
    assert "MemoryError: killed, because of OSError: no memory" in found["failed"]["complained"]
    assert found["failed"]["there"] == ["image.part", "text"]
    assert found["resumed"]["code"] == 0
    assert found["resumed"]["there"] == ["image", "text"]
    assert "T5DecoderWrapper" not in found["resumed"]["compiled"]
    assert "image: compiling unet ..." in found["resumed"]["said"]
    assert (found["finished"]["code"], found["finished"]["compiled"]) == (0, [])
    assert found["other"]["code"] == 2
    assert "num_beams 2), wanted is t5" in found["other"]["complained"]
    assert (found["forced"]["code"], len(found["forced"]["compiled"])) == (0, 2)
    assert found["changed"]
    assert found["retrained"]["code"] == 2, "a new training in the same place is no finished export"
    assert (found["renewed"]["code"], found["cached"]) == (0, 0)
    assert found["pushed"] == [["text", "me/promo-text", "model"]]
    assert found["record"]["limits"] == {"sequence_length": 256, "beams": 3, "batch": 1}
    assert found["record"]["loaded"]
    assert "| beams | 3 |" in found["card"]


@standins
def test_the_app_runs_on_the_neuron_back_ends_through_its_api(tmp_path: Path) -> None:
    found = run_case("app", tmp_path)
    assert found["extracted"]["slots"] == {
        "promotion": "both", "product": "Coca-Cola", "size": "2 L", "packaging": "glass bottle", "price": "35 MXN",
        "store": "corner shop", "environment": "beach",
    }  # fmt: skip
    record = found["record"]
    assert record["status"] == "done"
    assert {model["backend"] for model in record["models"].values()} == {"neuron"}
    assert [promo["source"] for promo in record["writer"]["promos"]] == ["model"] * 3
    assert len(record["posters"]) == 1
    assert found["package"] > 10_000


# --- on a chip


@pytest.mark.neuron
@pytest.mark.slow
@chip
def test_on_a_device_the_compiled_models_are_right_fast_and_run_at_once(tmp_path: Path) -> None:
    """Compiler acceptance, bf16 numbers, speed, placement: what the stand-ins cannot show. Takes half an hour."""
    found = run_case("device", tmp_path, timeout=3600)
    assert found["text_equal"] >= 0.9, found
    assert found["psnr"] >= 30, found
    assert found["text_s"] < 1, found
    assert found["picture_s"] < 10, found
    # texts have a core of their own: a picture in the making may slow the host down, not the chip
    assert found["text_beside_pictures_s"] < 2 * found["text_s"], found
