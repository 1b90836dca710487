"""A visitor's last promotion, read back from its folder after a reload. Knows records, no Gradio."""

import re
from dataclasses import fields
from pathlib import Path

from pipelines import records
from pipelines.promotion import PosterFile, Promotion, Settings
from pipelines.text import Promo

NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{16}")
"""A promotion's id: nobody can guess one, and nothing else is taken for a folder's name."""


def recall(promotions: Path, name: object) -> Promotion | None:
    """The promotion `name` as far as it was made; None when there is none, or none that this version can read."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    folder = promotions / name
    try:
        record = records.read_record(folder / records.RECORD)
        brief, settings = records.brief_of(record)
        known = {f.name for f in fields(PosterFile)}
        posters = tuple(PosterFile(**{k: v for k, v in p.items() if k in known}) for p in record.get("posters", []))
        promos = tuple(Promo.from_dict(entry) for entry in (record.get("writer") or {}).get("promos", []))
    except (records.RecordError, KeyError, TypeError, ValueError, AttributeError):
        return None
    there = tuple(p for p in posters if Path(p.file).name == p.file and (folder / p.file).is_file())
    archive = folder / records.ZIP
    return Promotion(
        name, brief, settings or Settings(), promos, there, folder, record, archive if archive.is_file() else None
    )
