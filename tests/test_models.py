"""Where models come from, and what is said when they cannot be had."""

import json
from pathlib import Path

import pytest

from pipelines.models import ModelError, find_model
from tests.tiny import tiny_text_checkpoint


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_text_checkpoint(tmp_path_factory.mktemp("tiny") / "t5")


def copy(checkpoint: Path, to: Path) -> Path:
    to.mkdir()
    for file in checkpoint.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_a_folder_is_found_and_its_revision_follows_its_weights(checkpoint: Path, tmp_path: Path) -> None:
    first = find_model("text", str(checkpoint))
    assert first.folder == checkpoint
    assert not first.info.bundled
    other = copy(checkpoint, tmp_path / "other")
    assert find_model("text", str(other)).info.revision == first.info.revision
    weights = other / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    assert find_model("text", str(other)).info.revision != first.info.revision


def test_the_environment_variable_names_the_model_when_no_flag_does(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMO_TEXT_MODEL", str(checkpoint))
    assert find_model("text").folder == checkpoint


def test_a_cut_weight_file_is_named_with_the_cure(checkpoint: Path, tmp_path: Path) -> None:
    broken = copy(checkpoint, tmp_path / "broken")
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"model\.safetensors is damaged.*Restore"):
        find_model("text", str(broken))


def test_a_damaged_config_is_named(checkpoint: Path, tmp_path: Path) -> None:
    broken = copy(checkpoint, tmp_path / "broken")
    (broken / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"config\.json is damaged"):
        find_model("text", str(broken))


def test_weights_in_another_format_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    pickled = copy(checkpoint, tmp_path / "pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    with pytest.raises(ModelError, match="safetensors"):
        find_model("text", str(pickled))


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no config\.json"):
        find_model("text", str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({}))
    with pytest.raises(ModelError, match=r"no model_index\.json"):
        find_model("image", str(tmp_path))


def test_an_unknown_hub_id_offline_names_the_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="bundled model"):
        find_model("text", "someone/no-such-model")


def test_what_is_neither_folder_nor_hub_id_is_refused() -> None:
    with pytest.raises(ModelError, match="neither a folder"):
        find_model("text", "no/such/folder/here")
