"""A studio for tests of the screens: the real dialogue and rules, but texts and pictures made in no time, without models.

`pause` is slept at each diffusion step, so that a test can look at the page in the middle of a making.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from pipelines import records
from pipelines.backends.base import ImageCapabilities
from pipelines.checks import Check
from pipelines.compose import file_names
from pipelines.promotion import Event, PosterFile, Promotion, Settings
from pipelines.studio import StudioOptions
from pipelines.text import Promo
from slots.brief import Brief
from slots.catalog import Catalog, default_catalog
from slots.extract import Extraction, extract
from slots.schema import Language
from tests.fakes import FakeImage

STEPS = 4
SIZES = {"1:1": (512, 512), "4:5": (512, 640), "9:16": (540, 960), "a4": (496, 702)}
COLOURS = ("#D8664A", "#E5A82E", "#2F6B4F", "#4B7BA6")


class FakeStudio:
    """Looks like `pipelines.studio.Studio` to the page. `failure` is raised instead of making posters; `closing` is slept at the end."""

    def __init__(
        self,
        folder: Path,
        pause: float = 0.0,
        failure: Exception | None = None,
        closing: float = 0.0,
        *,
        full_size: bool = False,
        sketches: tuple[int, ...] = (),
        composing: float = 0.0,
    ) -> None:
        """`full_size`: as if a full-size checkpoint were loaded. `sketches`: the posters (from 0) whose scene is drawn.
        `composing` is slept while posters are composed again."""
        self.full_size, self.sketches, self.composing = full_size, sketches, composing
        self.settings: list[Settings] = []
        self.photos: list[Any] = []
        self.composed: list[tuple[str, str, str]] = []
        """(promotion, layout, format) of each recompose."""
        self.folder, self.pause, self.failure, self.closing = folder, pause, failure, closing
        self.options = StudioOptions()
        self.catalog: Catalog = default_catalog()
        self.started: list[Brief] = []
        self.steps_done = 0
        self.left = 0
        """How many makings were left or stopped before their end."""

    @property
    def able(self) -> ImageCapabilities:
        return replace(FakeImage.capabilities, whole=self.full_size)

    @property
    def promotions_folder(self) -> Path:
        return self.folder

    def info(self) -> dict[str, dict[str, Any]]:
        facts = {"name": "fake", "revision": "0", "bundled": True, "backend": "none", "reason": "a test"}
        return {"text": facts, "image": facts}

    def extract(
        self, message: str, asking: str | None = None, previous: Language | None = None, talking: bool = False
    ) -> Extraction:
        return extract(message, asking, _nothing, self.catalog, previous_language=previous, stage="rules")

    def promote(
        self,
        brief: Brief,
        settings: Settings | None = None,
        *,
        photo: Any = None,
        conversation: Any = (),
        stop: Any = None,
        previous: Promotion | None = None,
    ) -> Iterator[Event]:
        settings = settings or Settings()
        self.started.append(brief)
        self.settings.append(settings)
        self.photos.append(photo)
        name = records.new_id()
        folder = self.folder / name
        record = {
            "version": records.VERSION,
            "id": name,
            "brief": brief.to_dict(),
            "settings": settings.to_dict(),
            "conversation": list(conversation),
            "posters": [],
            "writer": {"promos": [p.to_dict() for p in _promos(brief)]},
        }
        promotion = Promotion(name, brief, settings, _promos(brief), (), folder, record)
        finished = False
        try:
            records.write_bytes(folder / records.TEXTS, "\n\n".join(p.text for p in promotion.promos).encode())
            count = 0 if brief.promotion == "text" else settings.images
            yield Event("texts", promotion, posters=count)
            if self.failure and count:
                raise self.failure
            for index in range(count):
                for step in range(1, STEPS + 1):
                    time.sleep(self.pause)
                    self.steps_done += 1
                    yield Event("step", promotion, index + 1, count, step, STEPS)
                    if stop and stop():
                        yield Event("stopped", promotion, posters=count)
                        return
                promotion = _with_poster(promotion, index, drawn=index in self.sketches)
                yield Event("poster", promotion, poster=index + 1, posters=count)
            record["status"] = "done"
            records.write_json(folder / records.RECORD, record)
            promotion = replace(promotion, zip=records.write_zip(promotion))
            finished = True
            yield Event("done", promotion, poster=count, posters=count)
        finally:
            time.sleep(self.closing)
            self.left += not finished

    def recompose(self, promotion: Promotion, *, layout: str, format: str) -> Promotion:
        settings = promotion.settings.with_(layout=layout, format=format)
        if self.failure:
            raise self.failure
        self.composed.append((promotion.id, layout, format))
        time.sleep(self.composing)
        record = {**promotion.record, "settings": settings.to_dict(), "posters": []}
        record["composed"] = record.get("composed", 1) + 1
        changed = replace(promotion, settings=settings, posters=(), record=record)
        for index, poster in enumerate(promotion.posters):
            changed = _with_poster(changed, index, drawn=poster.drawn, again=True)
        changed = replace(changed, zip=records.write_zip(changed))
        records.write_json(changed.folder / records.RECORD, record)
        return changed


def _nothing(sources: list[str]) -> list[str]:
    return ["none"] * len(sources)


def _promos(brief: Brief) -> tuple[Promo, ...]:
    price = f" a {brief.price.display('es')}" if brief.price else ""
    checks = (Check("facts", True, ""), Check("language", True, ""), Check("offer", True, ""))
    return (
        Promo(f"¡Sol, arena y sed! Llévate tu {brief.product} {brief.size or ''}{price} en tu tiendita.", "model", checks, 1.0),
        Promo(f"Bien fría y a la mano: {brief.product} {brief.size or ''}{price}. Te esperamos.", "model", checks, 0.8),
        Promo(f"{brief.product} {brief.size or ''}{price}.", "fallback", checks, 0.0),
    )  # fmt: skip


def _with_poster(promotion: Promotion, index: int, drawn: bool = False, again: bool = False) -> Promotion:
    layout, format = promotion.settings.layout, promotion.settings.format
    width, height = SIZES[format]
    picture = Image.new("RGB", (width, height), COLOURS[index % len(COLOURS)])
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 90, 392, 362), fill="#FFF3D6")
    draw.rectangle((0, height - 112, width, height), fill="#241A14")
    draw.text((20, height - 80), f"{layout} {format}", fill="#FFF3D6", font_size=48)
    names = file_names(index + 1, layout, format, again=again)
    poster = PosterFile(
        names["file"], f"scene-{index + 1}.png", promotion.settings.seed + index, "a beach", "", None,
        0.5, STEPS, 5.0, promotion.promos[0].text, layout, format,
        source="sketch" if drawn else "diffusion", tries=2 if drawn else 1, pdf=names["pdf"],
    )  # fmt: skip
    records.write_png(promotion.folder / poster.file, picture, {"poster": str(poster.seed)})
    if poster.pdf:
        picture.save(promotion.folder / poster.pdf, "PDF")
    promotion.record["posters"].append(poster.to_dict())
    return replace(promotion, posters=(*promotion.posters, poster))
