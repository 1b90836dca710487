"""Publishes the app as a Hugging Face Space: the app's files and nothing else, in one commit.

    python scripts/space.py user/name [--dry-run] [--private]        (make space REPO=user/name [DRY=1])

What goes is listed here, not what stays: tests, training code, runs and promotions can never slip in. Weights go through
the Hub's large-file storage, which huggingface_hub uses by itself for the extensions below; any other file may have 10 MB.
Exit codes: 0 done; 2 the call is wrong; 1 the Hub did not take it.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILES = ("app.py", "README.md", "requirements.txt", "docs/screenshot.png")
FOLDERS = ("ui", "slots", "pipelines", "assets")
LEFT_OUT = ("__pycache__", ".DS_Store")
LARGE = 10_000_000
"""Bytes that a file may have in plain git on the Hub."""
STORED_LARGE = (".safetensors", ".model", ".png", ".otf", ".ttf", ".npz", ".bin", ".pdf", ".webp", ".jpg", ".zip")
"""Extensions that a new Space's .gitattributes, or their being binary, sends to large-file storage."""
REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


class SpaceError(RuntimeError):
    """Nothing was published; the message says why and the cure."""


class CallError(SpaceError):
    """The call is wrong."""


@dataclass(frozen=True)
class Piece:
    """One file that goes."""

    name: str
    """Its path in the Space."""
    size: int
    """Bytes."""

    @property
    def large(self) -> bool:
        """Whether it goes to large-file storage."""
        return Path(self.name).suffix in STORED_LARGE


def pieces(root: Path = ROOT) -> list[Piece]:
    """What goes to the Space, sorted by name. Raises SpaceError for a piece that is missing or too large for plain git."""
    missing = [name for name in (*FILES, *FOLDERS) if not (root / name).exists()]
    if missing:
        raise SpaceError(f"missing here: {', '.join(missing)}; run this from the whole repository")
    paths = [root / name for name in FILES]
    for folder in FOLDERS:
        paths += [p for p in (root / folder).rglob("*") if p.is_file() and not _left_out(p.relative_to(root))]
    found = [Piece(p.relative_to(root).as_posix(), p.stat().st_size) for p in sorted(paths)]
    fat = [piece for piece in found if piece.size > LARGE and not piece.large]
    if fat:
        raise SpaceError(
            f"{fat[0].name} has {megabytes(fat[0].size)}; the Hub takes at most 10 MB of a plain file. Make it smaller, or "
            f"store it as one of: {', '.join(STORED_LARGE)}"
        )
    front_matter(root / "README.md")
    return found


def _left_out(path: Path) -> bool:
    return any(part in LEFT_OUT or part.startswith(".") or part.endswith((".pyc", ".part")) for part in path.parts)


def front_matter(readme: Path) -> dict[str, str]:
    """The lines that tell the Hub how to run the Space. Raises SpaceError where one is missing."""
    text = readme.read_text(encoding="utf-8")
    block = text.split("---")[1] if text.startswith("---") else ""
    found = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in block.splitlines()) if value
    }
    for key in ("title", "sdk", "sdk_version", "app_file"):
        if not found.get(key):
            raise SpaceError(f"README.md's front matter lacks {key!r}; without it the Hub cannot run the Space")
    if found["sdk"] != "gradio":
        raise SpaceError(f"README.md's front matter says sdk: {found['sdk']}; it must be gradio")
    return found


def listing(found: Sequence[Piece]) -> str:
    """The pieces as a table, with sums."""
    lines = [f"{megabytes(p.size):>10}  {'large ' if p.large else '      '}{p.name}" for p in found]
    large = [p.size for p in found if p.large]
    total = sum(p.size for p in found)
    lines.append(
        f"{megabytes(total):>10}  in {len(found)} files; {megabytes(sum(large))} of it in {len(large)} files of large-file storage"
    )
    return "\n".join(lines)


def megabytes(size: int) -> str:
    """`13.85 MB`, `7 kB`."""
    return f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def _api() -> Any:
    from huggingface_hub import HfApi

    return HfApi()


def publish(repo: str, *, private: bool = False, root: Path = ROOT, api: Callable[[], Any] = _api) -> str:
    """Creates the Space where it is not there yet and uploads the pieces as one commit; returns its address.

    Files of an earlier version that no longer belong to the app are removed from the Space. Raises CallError for a name
    that is none, and SpaceError, with the cure, without a login, the right to write, or a network.
    """
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

    check_name(repo)
    found = pieces(root)
    try:
        hub = api()
        hub.create_repo(repo, repo_type="space", space_sdk="gradio", private=private, exist_ok=True)
        hub.upload_folder(
            repo_id=repo,
            repo_type="space",
            folder_path=str(root),
            allow_patterns=[piece.name for piece in found],
            delete_patterns=[f"{folder}/**" for folder in FOLDERS],
            commit_message="Promo Studio",
        )
    except HFValidationError as error:
        raise CallError(f"{repo!r} is no name of a Space ({error}); write it like REPO=user/name") from error
    except LocalTokenNotFoundError as error:
        raise SpaceError(
            "no login for the Hub: run 'hf auth login', or set HF_TOKEN to a token that may write (huggingface.co/settings/tokens)"
        ) from error
    except (HfHubHTTPError, OSError) as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        cure = {
            401: "the token is not valid: run 'hf auth login' again",
            403: f"the token may not write to {repo.split('/')[0]!r}: make one with the right to write, or choose your own name",
        }.get(
            status or 0,
            "check the login ('hf auth whoami') and the network, then try again: what is there already is not sent twice",
        )
        raise SpaceError(f"the Hub did not take {repo}: {_first_line(error)}. Please {cure}.") from error
    return f"https://huggingface.co/spaces/{repo}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def check_name(repo: str) -> None:
    """Raises CallError for what is no `user/name`."""
    if not REPO.fullmatch(repo):
        raise CallError(f"{repo!r} is no name of a Space; write it like: make space REPO=user/name")


def main(argv: Sequence[str] | None = None, api: Callable[[], Any] = _api) -> int:
    """Runs the command; returns its exit code."""
    p = argparse.ArgumentParser(prog="python scripts/space.py", description=(__doc__ or "").split("\n")[0])
    p.add_argument("repo", metavar="user/name", help="the Space")
    p.add_argument("--dry-run", action="store_true", help="list what would go, with sizes; send nothing")
    p.add_argument("--private", action="store_true", help="create it as a private Space")
    args = p.parse_args(argv)
    try:
        check_name(args.repo)
        if args.dry_run:
            print(listing(pieces()))
            print(f"Dry run: nothing was sent. It would go to https://huggingface.co/spaces/{args.repo}")
        else:
            print(f"{publish(args.repo, private=args.private, api=api)} is building; its page shows how far it is.")
    except CallError as error:
        print(error, file=sys.stderr)
        return 2
    except SpaceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
