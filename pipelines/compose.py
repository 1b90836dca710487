"""Posters from finished pieces: the scene, the product (drawn, or the visitor's photo) and the words.

Loads no model. `recompose` gives a promotion's posters another layout or format from what lies in its folder, also when
another program made it. Knows nothing of how scenes and texts are made, and nothing of screens.
"""

import copy
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import records
from pipelines.promotion import PosterFile, Promotion, Settings
from slots.brief import Brief
from slots.catalog import Catalog

if TYPE_CHECKING:
    from PIL.Image import Image

PRINTED = ("a4",)
"""Formats that come as a PDF too."""
PHOTO = "photo.png"


def product(brief: Brief, settings: Settings, photo: "Image | None", catalog: Catalog) -> "Image | None":
    """The product alone, at the height that layout and format need; None where the scene shows it already."""
    from pipelines.packshot import draw_packshot
    from pipelines.poster import packshot_height

    if settings.scene == "whole":
        return None
    if photo is not None:
        return photo
    height = packshot_height(settings.layout, settings.format)
    return draw_packshot(brief.product, brief.packaging, brief.size, brief.variant, catalog, height)


def poster_picture(
    scene: "Image",
    product: "Image | None",
    entry: dict[str, Any],
    brief: Brief,
    catalog: Catalog,
    *,
    drawn: bool,
) -> "Image":
    """The finished picture of a poster's entry: a PosterFile's fields and `surface_y`. `drawn`: the product is drawn."""
    from pipelines.poster import compose_poster

    return compose_poster(
        scene,
        entry["surface_y"],
        product,
        brief,
        entry["headline_text"],
        catalog,
        layout=entry["layout"],
        format=entry["format"],
        seed=entry["seed"],
        drawn=drawn,
    )


def save_poster(folder: Path, record: dict[str, Any], entry: dict[str, Any], picture: "Image") -> None:
    """Writes a poster as PNG and, where its entry names one, as PDF. Raises RecordError with the cure."""
    records.write_png(folder / entry["file"], picture, records.poster_chunks(record, entry))
    if entry["pdf"]:
        from pipelines.poster import poster_pdf

        records.write_bytes(folder / entry["pdf"], poster_pdf(picture, entry["format"]))


def file_names(number: int, layout: str, format: str, *, again: bool) -> dict[str, str]:
    """The names of poster `number` (from 1). `again`: composed again beside earlier ones, so with a name of its own."""
    stem = f"poster-{number}-{layout}-{format.replace(':', 'x')}" if again else f"poster-{number}"
    return {"file": f"{stem}.png", "pdf": f"{stem}.pdf" if format in PRINTED else ""}


def can_recompose(promotion: Promotion) -> bool:
    """Whether a promotion has posters, and all that they are made of lies in its folder."""
    try:
        pieces(promotion)
    except records.RecordError:
        return False
    return bool(promotion.posters)


def pieces(promotion: Promotion) -> list[Path]:
    """The files that the posters are made of. Raises RecordError that names what is missing, and the cure."""
    names = [poster.scene_file for poster in promotion.posters]
    if promotion.record.get("photo") and promotion.posters:
        names.append(PHOTO)
    for name in names:
        if not (promotion.folder / name).is_file():
            raise records.RecordError(
                f"{promotion.folder / name} is missing, so the posters cannot be composed again; make the promotion again"
            )
    return [promotion.folder / name for name in names]


def recompose(
    promotion: Promotion,
    catalog: Catalog,
    *,
    layout: str | None = None,
    format: str | None = None,
    poster: int | None = None,
    folder: Path | None = None,
) -> Promotion:
    """Gives the posters of a promotion another layout or format, from the recorded scenes, texts and photo.

    `layout` and `format`: one of poster_plan.LAYOUTS and FORMATS; None leaves each poster's own. `poster`: the number
    (from 1) of the only poster to change. Without `folder` the promotion itself is changed: its record is replaced when
    the new files are there, so that a kill leaves the old promotion or the new one. `folder`: where a copy with the new
    posters goes instead; the promotion stays as it was.

    Raises ValueError, with the choices, for a layout, format or poster that is not there, and RecordError, with the cure,
    when a piece is missing or nothing can be saved.
    """
    started = time.perf_counter()
    if folder is None and (promotion.folder / records.RECORD).is_file():
        promotion = records.read_promotion(promotion.folder)  # another page or program may have changed it meanwhile
    count = len(promotion.posters)
    if not count:
        raise ValueError("this promotion has no posters, so there is no layout or format to change")
    if poster is not None and not 1 <= poster <= count:
        raise ValueError(f"there is no poster {poster}; choose one of: {', '.join(map(str, range(1, count + 1)))}")
    settings = promotion.settings.with_(  # refuses what is not there
        layout=layout or promotion.settings.layout, format=format or promotion.settings.format
    )
    pieces(promotion)
    target, again = folder or promotion.folder, folder is None
    entries, changed = _entries(promotion, layout, format, poster, again)
    if again and not changed:
        return promotion
    record = {**copy.deepcopy(promotion.record), "posters": entries}
    if all((entry["layout"], entry["format"]) == (settings.layout, settings.format) for entry in entries):
        record["settings"] = settings.to_dict()
    else:
        settings = promotion.settings
    if again:
        record["composed"] = record.get("composed", 1) + 1
    else:
        _copied(promotion, record, target)
    photo = own_photo(promotion.folder) if promotion.record.get("photo") else None
    products: dict[tuple[str, str], Any] = {}
    for index in changed:
        entry = entries[index]
        look = (entry["layout"], entry["format"])
        if look not in products:
            products[look] = product(promotion.brief, settings.with_(layout=look[0], format=look[1]), photo, catalog)
        scene = _opened(promotion.folder / entry["scene_file"], "RGB")
        picture = poster_picture(scene, products[look], entry, promotion.brief, catalog, drawn=photo is None)
        save_poster(target, record, entry, picture)
    record.setdefault("timings", {})["compose_s"] = round(time.perf_counter() - started, 3)
    posters = tuple(PosterFile.from_dict(entry) for entry in entries)
    made = replace(promotion, id=str(record["id"]), settings=settings, posters=posters, folder=target, record=record)
    made = replace(made, zip=records.write_zip(made))
    records.write_json(target / records.RECORD, record)  # from here on the new files count
    if again:
        _remove_unnamed(promotion, made)
    return made


def _entries(
    promotion: Promotion, layout: str | None, format: str | None, poster: int | None, again: bool
) -> tuple[list[dict[str, Any]], list[int]]:
    """(the record's posters as they will be, the indices of those to be composed)."""
    entries, changed = [], []
    recorded = {entry["file"]: entry for entry in promotion.record["posters"]}
    for index, old in enumerate(promotion.posters):
        entry = {**copy.deepcopy(recorded[old.file]), **old.to_dict()}
        if "surface_y" not in entry:
            raise records.RecordError(
                f"{promotion.folder / records.RECORD} does not say where the surface of {old.scene_file} begins; "
                "make the promotion again"
            )
        if poster is None or poster == index + 1:
            entry.update(layout=layout or old.layout, format=format or old.format)
        same = (entry["layout"], entry["format"]) == (old.layout, old.format)
        whole = bool(old.pdf) == (old.format in PRINTED) and (not old.pdf or (promotion.folder / old.pdf).is_file())
        if not (again and same and whole):
            entry.update(file_names(index + 1, entry["layout"], entry["format"], again=again))
            changed.append(index)
        entries.append(entry)
    return entries, changed


def _copied(promotion: Promotion, record: dict[str, Any], target: Path) -> None:
    """Puts what stays as it is beside the new posters, and makes the record one of its own."""
    record.update(id=records.new_id(), created=time.strftime("%Y-%m-%dT%H:%M:%S%z"), conversation=[], timings={})
    record.pop("composed", None)
    record["composed_from"] = promotion.id
    texts = promotion.folder / records.TEXTS
    for path in [*pieces(promotion), *([texts] if texts.is_file() else [])]:
        if (target / path.name).resolve() != path.resolve():
            records.write_bytes(target / path.name, path.read_bytes())


def own_photo(folder: Path) -> "Image":
    """A promotion's own photo as it lies in its folder: it was checked and cut out when the promotion was made, and cutting
    it out again would take pieces of the product away. Raises RecordError with the cure."""
    return _opened(folder / PHOTO, "RGBA")


def _opened(path: Path, mode: str) -> "Image":
    from PIL import Image

    try:
        with Image.open(path) as file:
            return file.convert(mode)
    except FileNotFoundError as error:
        raise records.RecordError(f"{path} is missing; make the promotion again") from error
    except (OSError, SyntaxError) as error:  # Pillow tells some damaged PNGs as the latter
        raise records.RecordError(f"{path} is damaged ({error}); make the promotion again") from error


def _remove_unnamed(before: Promotion, after: Promotion) -> None:
    """Removes the files that the earlier record named and the new one does not."""
    kept = {name for poster in after.posters for name in (poster.file, poster.pdf)} | {after.zip and after.zip.name}
    old = {name for poster in before.posters for name in (poster.file, poster.pdf) if name}
    old |= {before.zip.name} if before.zip else set()
    for name in old - kept:
        (before.folder / name).unlink(missing_ok=True)
