"""Publishing as a Space, with something that stands for the Hub."""

import re
import runpy
import sys
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
space = SimpleNamespace(**runpy.run_path(str(ROOT / "scripts" / "space.py"), run_name="space"))


class Hub:
    """Stands for HfApi: keeps what it is asked for; fails where it is told to."""

    def __init__(self, failure: BaseException | None = None) -> None:
        self.failure = failure
        self.created: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []

    def create_repo(self, repo: str, **facts: Any) -> None:
        if self.failure:
            raise self.failure
        self.created.append({"repo": repo, **facts})

    def upload_folder(self, **facts: Any) -> str:
        self.sent.append(facts)
        return "done"


def test_only_what_the_app_needs_goes() -> None:
    names = {piece.name for piece in space.pieces()}
    assert {"app.py", "README.md", "requirements.txt", "ui/app.py", "slots/schema.py", "assets/catalog.yaml"} <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"app.py", "README.md", "requirements.txt", "docs", "ui", "slots", "pipelines", "assets"}
    assert not [n for n in names if "__pycache__" in n or n.endswith(".pyc") or "/." in n]


def test_all_weights_go_and_nothing_plain_is_over_ten_megabytes() -> None:
    found = space.pieces()
    weights = {p.relative_to(ROOT).as_posix() for p in (ROOT / "assets" / "models").rglob("*.safetensors")}
    assert weights
    assert weights <= {piece.name for piece in found if piece.large}
    assert all(piece.size <= space.LARGE for piece in found if not piece.large)


def test_publishing_creates_a_gradio_space_and_sends_exactly_the_pieces() -> None:
    hub = Hub()
    address = space.publish("ana/promo-studio", private=True, api=lambda: hub)
    assert address == "https://huggingface.co/spaces/ana/promo-studio"
    (created,), (sent,) = hub.created, hub.sent
    assert created == {
        "repo": "ana/promo-studio", "repo_type": "space", "space_sdk": "gradio", "private": True, "exist_ok": True,
    }  # fmt: skip
    assert sent["repo_type"] == "space"
    assert sent["allow_patterns"] == [piece.name for piece in space.pieces()]
    outside = [
        "tests/test_space.py",
        "finetune/hub.py",
        "data/promotions/x/promotion.json",
        "runs/a.bin",
        ".git/config",
    ]
    assert not [name for name in outside if any(fnmatch(name, p) for p in sent["allow_patterns"])]
    assert not [p for p in sent["delete_patterns"] if fnmatch("app.py", p)]


def test_the_hubs_own_arguments_are_those_that_are_used() -> None:
    import inspect

    from huggingface_hub import HfApi

    hub = Hub()
    space.publish("ana/promo", api=lambda: hub)
    inspect.signature(HfApi.create_repo).bind(None, hub.created[0].pop("repo"), **hub.created[0])
    inspect.signature(HfApi.upload_folder).bind(None, **hub.sent[0])


def test_a_dry_run_lists_files_with_sizes_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert space.main(["ana/promo", "--dry-run"], api=lambda: pytest.fail("called the Hub")) == 0
    out = capsys.readouterr().out
    assert re.search(r"\d+ kB\s+app\.py", out)
    assert re.search(r"MB\s+large assets/models/text/model\.safetensors", out)
    assert f"in {len(space.pieces())} files" in out
    assert "nothing was sent" in out


@pytest.mark.parametrize(
    "name", ["promo", "", "a/b/c", "/promo", "ana/", "https://huggingface.co/ana/promo", "ana/pro mo", "-a/b"]
)
def test_what_is_no_name_of_a_space_is_refused_before_anything_is_sent(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--dry-run", "--", name]
    assert space.main(arguments, api=lambda: pytest.fail("called the Hub")) == 2
    assert "REPO=user/name" in capsys.readouterr().err


def refusal(status: int) -> BaseException:
    import requests
    from huggingface_hub.errors import HfHubHTTPError

    answer = requests.Response()
    answer.status_code = status
    return HfHubHTTPError(f"{status} Client Error", response=answer)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (lambda: __import__("huggingface_hub").errors.LocalTokenNotFoundError("no token"), "hf auth login"),
        (lambda: refusal(401), "token is not valid"),
        (lambda: refusal(403), "may not write to 'ana'"),
        (lambda: refusal(500), "try again"),
        (lambda: ConnectionError("no route"), "network"),
    ],
)
def test_a_hub_that_does_not_take_it_is_told_with_the_cure(
    failure: Any, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert space.main(["ana/promo"], api=lambda: Hub(failure())) == 1
    assert words in capsys.readouterr().err


def copied(tmp_path: Path) -> Path:
    for name in (*space.FILES, *(f"{folder}/a.py" for folder in space.FOLDERS)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((ROOT / name).read_text() if name == "README.md" else "x")
    return tmp_path


def test_a_plain_file_that_is_too_large_stops_it(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "assets" / "big.json").write_bytes(bytes(space.LARGE + 1))
    with pytest.raises(space.SpaceError, match=r"big\.json has 10\.00 MB"):
        space.pieces(root)
    (root / "assets" / "big.json").rename(root / "assets" / "big.safetensors")
    assert "assets/big.safetensors" in [piece.name for piece in space.pieces(root)]


def test_a_missing_piece_and_missing_front_matter_stop_it(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "README.md").write_text("# no front matter\n")
    with pytest.raises(space.SpaceError, match="lacks 'title'"):
        space.pieces(root)
    (root / "requirements.txt").unlink()
    with pytest.raises(space.SpaceError, match=r"missing here: requirements\.txt"):
        space.pieces(root)


def test_the_command_of_the_makefile_is_this_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^space: setup\n(?:\t.*\n)*?\t.*scripts/space\.py", makefile, re.M)
    assert sys.modules.get("space") is None
