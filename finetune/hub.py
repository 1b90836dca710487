"""Uploads a finished checkpoint or corpus to the Hugging Face Hub, with its card. Knows nothing of how it was made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

Kind = Literal["model", "dataset"]


class HubError(RuntimeError):
    """Nothing was uploaded, or not all; the message says why and the cure."""


def _api() -> Any:
    from huggingface_hub import HfApi

    return HfApi()


def push_folder(folder: Path, repo: str, kind: Kind, api: Callable[[], Any] = _api) -> str:
    """Creates `repo` (private) when it is not there and uploads the folder as one commit; returns its address.

    Raises HubError without a card (README.md), a login, or a network.
    """
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

    if not (folder / "README.md").is_file():
        raise HubError(f"{folder} has no README.md, which is its card on the Hub; write one before pushing")
    hub = api()
    try:
        hub.create_repo(repo, repo_type=kind, private=True, exist_ok=True)
        done = hub.upload_folder(
            repo_id=repo, repo_type=kind, folder_path=str(folder), commit_message=f"Upload {kind} from Promo Studio",
            ignore_patterns=["checkpoint-*", "*.part", ".*"],
        )  # fmt: skip
    except HFValidationError as error:
        raise HubError(f"{repo!r} is no repository name: write it like user/name ({error})") from error
    except LocalTokenNotFoundError as error:
        raise HubError("no login for the Hub is kept here: run 'hf auth login' or set HF_TOKEN") from error
    except (HfHubHTTPError, OSError) as error:
        raise HubError(
            f"the Hub did not take {repo!r} ({type(error).__name__}: {error}). Check the login ('hf auth whoami'), the right "
            "to write there, and the network; what was made is still in " + str(folder)
        ) from error
    return str(done)


def push_model(folder: Path, repo: str, api: Callable[[], Any] = _api) -> str:
    """Uploads a checkpoint; writes a plain card first where there is none."""
    if not (folder / "README.md").is_file():
        from finetune.cards import model_card

        (folder / "README.md").write_text(model_card(folder), encoding="utf-8")
    return push_folder(folder, repo, "model", api)
