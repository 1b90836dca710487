"""The Hub: what is handed over when pushing, and loading by id against a server on this machine."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from finetune.cards import corpus_card, model_card
from finetune.hub import HubError, push_folder, push_model
from tests.tiny import tiny_text_checkpoint

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPO = "promo/tiny-t5"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny_text_checkpoint(tmp_path_factory.mktemp("hub") / "t5")
    record = {
        "recipe": {"name": "bundled", "task": "both", "save_dtype": "float16"}, "base": "fresh weights", "data": "generated pairs",
        "steps": 40, "parameters": 123_456, "history": [{"step": 20, "eval_loss": 1.5, "eval_f1": 0.4}, {"step": 20, "loss": 2.0}],
    }  # fmt: skip
    (folder / "training_settings.json").write_text(json.dumps(record))
    return folder


class Recorder:
    """Stands for HfApi: keeps what it is handed; fails where it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.error = error

    def create_repo(self, repo: str, **options: Any) -> None:
        if self.error:
            raise self.error
        self.calls.append(("create_repo", {"repo": repo, **options}))

    def upload_folder(self, **options: Any) -> str:
        files = sorted(str(p.relative_to(options["folder_path"])) for p in Path(options["folder_path"]).rglob("*"))
        self.calls.append(("upload_folder", {**options, "files": files}))
        return f"https://hub.example/{options['repo_id']}"


def test_a_checkpoint_is_pushed_as_one_private_repository_with_its_card(checkpoint: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "export")
    hub = Recorder()
    assert push_model(folder, REPO, api=lambda: hub) == f"https://hub.example/{REPO}"
    (created, options), (uploaded, handed) = hub.calls
    assert (created, uploaded) == ("create_repo", "upload_folder")
    assert options == {"repo": REPO, "repo_type": "model", "private": True, "exist_ok": True}
    assert {"README.md", "config.json", "model.safetensors", "training_settings.json", "tokenizer.json"} <= set(
        handed["files"]
    )
    card = (folder / "README.md").read_text()
    assert card.startswith("---\nlicense: apache-2.0")
    assert "recipe `bundled`" in card
    assert "| 20 | 1.5 | 0.4 |" in card
    assert not [name for name in handed["files"] if name.endswith((".bin", ".pt", ".pth"))]


def test_a_card_that_is_there_already_is_kept(checkpoint: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "export")
    (folder / "README.md").write_text("mine")
    push_model(folder, REPO, api=Recorder)
    assert (folder / "README.md").read_text() == "mine"


def test_a_corpus_is_pushed_as_a_data_set(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(corpus_card({"promos": {"train": 3, "test": 1}}, 1, {"too long": 2}))
    hub = Recorder()
    push_folder(tmp_path, "promo/corpus", "dataset", api=lambda: hub)
    assert hub.calls[0][1]["repo_type"] == hub.calls[1][1]["repo_type"] == "dataset"
    card = (tmp_path / "README.md").read_text()
    assert "path: promos/train-*.parquet" in card
    assert "too long 2" in card


def test_nothing_is_pushed_without_a_card(tmp_path: Path) -> None:
    with pytest.raises(HubError, match=r"no README\.md"):
        push_folder(tmp_path, REPO, "model", api=Recorder)


def test_what_the_hub_refuses_is_told_with_the_cure(checkpoint: Path) -> None:
    from huggingface_hub.errors import HFValidationError, LocalTokenNotFoundError

    (checkpoint / "README.md").write_text(model_card(checkpoint))
    for error, words in (
        (HFValidationError("x"), "user/name"),
        (LocalTokenNotFoundError("x"), "hf auth login"),
        (ConnectionError("x"), "the network"),
    ):
        with pytest.raises(HubError, match=words):
            push_folder(checkpoint, REPO, "model", api=lambda error=error: Recorder(error))


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of the Hub as `snapshot_download` asks for; `missing` is not there, `dropped` breaks off half way."""

    folder: Path
    missing: str = ""
    dropped: str = ""

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET(body=False)

    def do_GET(self, body: bool = True) -> None:
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{REPO}/revision/") or path == f"/api/models/{REPO}":
            names = [p.name for p in self.folder.iterdir()]
            told = {"id": REPO, "sha": COMMIT, "private": False, "tags": [], "downloads": 0, "likes": 0,
                    "siblings": [{"rfilename": name} for name in names]}  # fmt: skip
            return self._answer(200, json.dumps(told).encode(), body, {"Content-Type": "application/json"})
        name = path.rsplit("/", 1)[-1]
        file = self.folder / name
        if not path.startswith(f"/{REPO}/resolve/") or not file.is_file() or name == self.missing:
            code = "EntryNotFound" if path.startswith(f"/{REPO}/") else "RepoNotFound"
            return self._answer(404, b"", body, {"X-Error-Code": code})
        content = file.read_bytes()
        headers = {"ETag": f'"{abs(hash(content)):x}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if name == self.dropped and body:
            self.send_response(200)
            for key, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.connection.close()
            return None
        return self._answer(200, content, body, headers)

    def _answer(self, status: int, content: bytes, body: bool, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(content)


@pytest.fixture
def hub(checkpoint: Path) -> Iterator[type[Hub]]:
    handler = type("ThisHub", (Hub,), {"folder": checkpoint})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler
    server.shutdown()
    server.server_close()


def find_by_id(hub: Any, home: Path, wanted: str = REPO) -> subprocess.CompletedProcess[str]:
    """`find_model` and a greedy answer in a process of its own: the Hub's address is read when its library is imported."""
    code = (
        "import sys\n"
        "from pipelines.models import ModelError, find_model\n"
        "try:\n"
        "    files = find_model('text', sys.argv[1])\n"
        "except ModelError as error:\n"
        "    sys.exit(f'ModelError: {error}')\n"
        "from pipelines.backends.torch_text import TorchText\n"
        "print(files.info.revision, TorchText(files, device='cpu').generate(['hola'], max_tokens=3))\n"
    )
    environment = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1",
                   "HF_HUB_DOWNLOAD_TIMEOUT": "5", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "HF_HUB_OFFLINE": "0"}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", code, wanted], env=environment, capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).resolve().parent.parent, check=False,
    )  # fmt: skip


def test_a_model_is_loaded_by_its_hub_id_and_named_by_its_commit(hub: Any, tmp_path: Path) -> None:
    done = find_by_id(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(COMMIT)


def test_a_hub_that_lacks_the_model_or_a_file_is_told(hub: Any, tmp_path: Path) -> None:
    unknown = find_by_id(hub, tmp_path, "promo/nothing")
    assert unknown.returncode == 1
    assert "the Hub has no model 'promo/nothing'" in unknown.stderr
    hub.missing = "model.safetensors"
    gone = find_by_id(hub, tmp_path)
    assert gone.returncode == 1
    assert "ModelError: " in gone.stderr
    assert "Traceback" not in gone.stderr.split("ModelError: ")[1]


def test_a_connection_that_drops_is_told_and_the_next_try_works(hub: Any, tmp_path: Path) -> None:
    hub.dropped = "model.safetensors"
    broken = find_by_id(hub, tmp_path)
    assert broken.returncode == 1
    assert "cannot fetch text model" in broken.stderr or "is damaged" in broken.stderr
    hub.dropped = ""
    assert find_by_id(hub, tmp_path).returncode == 0
