"""The registry, and the two text engines on one tiny checkpoint."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.backends.base import Stopped
from pipelines.backends.registry import REGISTRY, BackendError, choices, load_text, pick
from tests.tiny import LINES, tiny_text_checkpoint


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_text_checkpoint(tmp_path_factory.mktemp("tiny") / "t5")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMO_CACHE_DIR", str(tmp_path / "cache"))


def test_the_choices_are_auto_and_the_registered_names() -> None:
    for kind in ("text", "image"):
        assert choices(kind) == ("auto", *(spec.name for spec in REGISTRY if spec.kind == kind))
    assert len({(spec.kind, spec.name) for spec in REGISTRY}) == len(REGISTRY)


def test_an_unknown_back_end_lists_the_choices() -> None:
    with pytest.raises(BackendError, match="auto, torch, ctranslate2"):
        pick("text", "abacus")


def test_auto_says_why() -> None:
    _, reason = pick("text")
    assert reason.startswith("auto: ")


@pytest.mark.parametrize("name", [spec.name for spec in REGISTRY if spec.kind == "text" and not spec.compiled])
def test_a_text_back_end_gives_one_greedy_output_a_source_and_as_many_samples_as_asked(
    checkpoint: Path, name: str
) -> None:
    backend = load_text(str(checkpoint), name)
    assert backend.model.name == str(checkpoint)
    sources = [LINES[0], LINES[2]]
    greedy = backend.generate(sources, max_tokens=12)
    assert [len(outputs) for outputs in greedy] == [1, 1]
    assert greedy == backend.generate(sources, max_tokens=12)
    sampled = backend.generate(sources, sample=True, samples=5, seed=3, temperature=1.5, top_p=1.0, max_tokens=12)
    assert [len(outputs) for outputs in sampled] == [5, 5]
    assert len({text for outputs in sampled for text in outputs}) > 1
    again = backend.generate(sources, sample=True, samples=5, seed=3, temperature=1.5, top_p=1.0, max_tokens=12)
    assert sampled == again
    assert backend.generate([]) == []


@pytest.mark.parametrize("name", ["torch", "ctranslate2"])
def test_beams_come_best_first_and_all_different(checkpoint: Path, name: str) -> None:
    backend = load_text(str(checkpoint), name)
    beams = backend.generate([LINES[0], LINES[2]], samples=3, max_tokens=8)
    assert [len(outputs) for outputs in beams] == [3, 3]
    assert beams == backend.generate([LINES[0], LINES[2]], samples=3, max_tokens=8)
    assert backend.capabilities.beams


def test_a_text_engine_that_tells_its_steps_can_be_stopped_at_each(checkpoint: Path) -> None:
    backend = load_text(str(checkpoint), "torch")
    assert backend.capabilities.steps
    told: list[tuple[int, int]] = []
    with pytest.raises(Stopped):
        backend.generate([LINES[0]], max_tokens=8, on_step=lambda step, of: bool(told.append((step, of))) or step < 2)
    assert told == [(1, 8), (2, 8)]


@pytest.mark.parametrize("name", ["torch", "ctranslate2"])
def test_threads_that_ask_at_the_same_time_get_their_own_answers(checkpoint: Path, name: str) -> None:
    # a tokenizer's truncation is its own state: used by two threads at once it raised "Already borrowed"
    backend = load_text(str(checkpoint), name)
    alone = [backend.generate([line], max_tokens=4) for line in LINES]
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda line: backend.generate([line], max_tokens=4), LINES * 25))
    assert asked == alone * 25


def test_both_text_engines_write_the_same_greedy_words(checkpoint: Path) -> None:
    outputs = [load_text(str(checkpoint), name).generate([LINES[0]], max_tokens=6) for name in ("torch", "ctranslate2")]
    # int8 rounds the weights: of random ones the first pieces agree, not necessarily all
    assert outputs[0][0][0][:4] == outputs[1][0][0][:4]


def test_the_converted_copy_is_made_once_and_outside_the_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    before = sorted(p.name for p in checkpoint.iterdir())
    load_text(str(checkpoint), "ctranslate2")
    made = list((tmp_path / "cache").rglob("model.bin"))
    assert len(made) == 1
    stamp = made[0].stat().st_mtime_ns
    load_text(str(checkpoint), "ctranslate2")
    assert made[0].stat().st_mtime_ns == stamp
    assert sorted(p.name for p in checkpoint.iterdir()) == before


def test_a_cache_folder_that_cannot_be_written_does_not_stop_the_work(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PROMO_CACHE_DIR", str(tmp_path / "file"))
    assert load_text(str(checkpoint), "ctranslate2").generate([LINES[0]], max_tokens=4)
