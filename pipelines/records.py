"""Promotions on disk: one folder each, written atomically piece by piece, so that a crash loses at most the piece in hand.

    PROMO_DATA_DIR/promotions/20261122-212514-3f9c0e7ab1d24c55/
        promotion.json   the record: conversation, brief, prompts, seeds, models, back ends, timings, files
        promo.txt        the texts
        poster-1.png     with brief, prompts, seeds and models in its text chunks (not the conversation, not costs)
        poster-1.pdf     the same for printing, in formats that are printed
        scene-1.png      the scene alone, so that a changed price, layout or format need not make it again
        photo.png        the visitor's own product, cut out, where there is one
        promotion.zip    promo.txt, the posters and the record without the conversation

The record names the posters and the ZIP. Posters that are composed again get names of their own (poster-1-story-9x16.png,
promotion-2.zip) and the record is replaced when all of them are there: at any moment it names the old files or the new
ones, all of them whole. Knows nothing of models and screens.
"""

import errno
import io
import json
import os
import secrets
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.promotion import PosterFile, Promotion, Settings
from pipelines.text import Promo
from slots.brief import Brief

if TYPE_CHECKING:
    from PIL.Image import Image

VERSION = 1
RECORD = "promotion.json"
TEXTS = "promo.txt"
ZIP = "promotion.zip"


class RecordError(RuntimeError):
    """A promotion cannot be saved or read; the message names the file and the cure."""


def data_folder() -> Path:
    """Where promotions are kept: `PROMO_DATA_DIR`, else `data` beside app.py."""
    return Path(os.environ.get("PROMO_DATA_DIR") or Path(__file__).resolve().parent.parent / "data").expanduser()


def new_id() -> str:
    """A name that sorts by time and cannot be guessed (64 random bits)."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(8)}"


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file so that there is always either the old or the new one, whole. Raises RecordError with the cure."""
    scratch: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, 0o644)
        os.replace(scratch, path)
    except OSError as error:
        if scratch:
            Path(scratch).unlink(missing_ok=True)
        cure = "free some space" if error.errno == errno.ENOSPC else "check that the folder may be written"
        raise RecordError(
            f"cannot save {path.name} in {path.parent}: {error.strerror}. Please {cure}, or set PROMO_DATA_DIR to "
            "another folder. What was saved before is untouched."
        ) from error


def write_json(path: Path, data: Any) -> None:
    """Atomic JSON, readable by people."""
    write_bytes(path, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


def write_png(path: Path, image: "Image", chunks: dict[str, str] | None = None) -> None:
    """Atomic PNG with text chunks (iTXt, UTF-8)."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, value in (chunks or {}).items():
        info.add_itxt(key, value)
    buffer = io.BytesIO()
    # level 6 takes twice the time of level 4 and saves 6 % of a poster
    image.save(buffer, "PNG", pnginfo=info, compress_level=4)
    write_bytes(path, buffer.getvalue())


def public(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what is private: the conversation and what it cost."""
    return {key: value for key, value in record.items() if key not in {"conversation", "costs"}}


def poster_chunks(record: dict[str, Any], poster: dict[str, Any]) -> dict[str, str]:
    """What a poster's PNG carries: enough to make it again, nothing private."""
    return {
        "Title": str(record["brief"]["slots"]["product"]),
        "Software": "Promo Studio",
        "brief": json.dumps(record["brief"], ensure_ascii=False),
        "poster": json.dumps(poster, ensure_ascii=False),
        "writer": json.dumps(record.get("writer"), ensure_ascii=False),
        "models": json.dumps(record.get("models"), ensure_ascii=False),
        "settings": json.dumps(record.get("settings"), ensure_ascii=False),
    }


def zip_name(record: dict[str, Any]) -> str:
    """The ZIP's file name: each time that the posters are composed again it is another one."""
    times = record.get("composed", 1)
    return ZIP if times == 1 else f"{Path(ZIP).stem}-{times}{Path(ZIP).suffix}"


def write_zip(promotion: Promotion) -> Path:
    """Packs texts, posters and the public record. Returns the ZIP's path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if (promotion.folder / TEXTS).is_file():
            archive.write(promotion.folder / TEXTS, TEXTS)
        for poster in promotion.posters:
            for name in filter(None, (poster.file, poster.pdf)):
                archive.write(promotion.folder / name, name, compress_type=zipfile.ZIP_STORED)
        archive.writestr(RECORD, json.dumps(public(promotion.record), ensure_ascii=False, indent=2) + "\n")
    path = promotion.folder / zip_name(promotion.record)
    write_bytes(path, buffer.getvalue())
    return path


def read_promotion(folder: Path, name: str = RECORD) -> Promotion:
    """An earlier promotion as far as it was made; posters whose file is gone are left out.

    Raises RecordError that names the file, and the cure, for a record that cannot be read.
    """
    path = folder / name
    record = read_record(path)
    try:
        brief, settings = brief_of(record)
        if settings is None:
            raise ValueError("it is a brief, not an earlier promotion")
        posters = tuple(PosterFile.from_dict(entry) for entry in record.get("posters", []))
        promos = tuple(Promo.from_dict(entry) for entry in (record.get("writer") or {}).get("promos", []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"{path} cannot be used: {error}; make the promotion again") from error
    there = tuple(poster for poster in posters if (folder / poster.file).is_file())
    archive = folder / zip_name(record)
    return Promotion(
        str(record.get("id", folder.name)), brief, settings, promos, there, folder, record,
        archive if archive.is_file() else None,
    )  # fmt: skip


def read_record(path: Path) -> dict[str, Any]:
    """Reads a promotion.json or a plain brief. Raises RecordError that names the file and the cure."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RecordError(f"there is no file {path}; give the path of a brief or of a promotion.json") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"cannot read {path}: {error}") from error
    except json.JSONDecodeError as error:
        raise RecordError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(data, dict):
        raise RecordError(f"{path} must hold one JSON object: a brief, or an earlier promotion")
    return data


def is_promotion(data: dict[str, Any]) -> bool:
    """Whether JSON data is an earlier promotion rather than a brief."""
    return isinstance(data.get("brief"), dict)


def brief_of(data: dict[str, Any]) -> tuple[Brief, Settings | None]:
    """(brief, settings of an earlier promotion or None). Raises ValueError that names the field and the choices."""
    if is_promotion(data):
        if data.get("version") != VERSION:
            raise ValueError(f"this promotion.json has version {data.get('version')!r}; this program reads {VERSION}")
        return Brief.from_dict(data["brief"]), Settings.from_dict(data.get("settings") or {})
    return Brief.from_dict(data), None
