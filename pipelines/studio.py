"""The studio: loads the two models once and makes promotions from briefs, one event a step.

The work runs in a thread of its own; whoever iterates gets each event, and leaving the iteration stops the work within
one diffusion step. Knows nothing of screens.
"""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pipelines import compose, records
from pipelines.backends.base import ImageBackend, ImageCapabilities, OnStep, Stopped, TextBackend
from pipelines.backends.registry import AUTO, load_image, load_text, pick
from pipelines.promotion import Event, PosterFile, Promotion, Settings, poster_count
from pipelines.scene_judge import SceneJudge, load_judge
from pipelines.text import Promo, WritingResult, write_promos
from pipelines.worded import WordedError
from slots.brief import Brief
from slots.catalog import Catalog, default_catalog
from slots.extract import Extraction, extract
from slots.schema import Language

if TYPE_CHECKING:
    from PIL.Image import Image

TEXTS = 3
"""Promotional texts shown."""


class Unfinished(WordedError, RuntimeError):
    """A promotion cannot be changed while it is made."""

    WORDINGS: ClassVar[Mapping[str, Mapping[Language, str]]] = {
        "making": {
            "en": "this promotion is still being made; change its look when it is finished",
            "es": "esta promoción todavía se está creando; cambia su diseño cuando esté lista.",
        },
    }


@dataclass(frozen=True)
class StudioOptions:
    """Which models and back ends to load, and where to keep promotions."""

    text_model: str | None = None
    image_model: str | None = None
    text_backend: str = AUTO
    image_backend: str = AUTO
    data: Path | None = None


class Studio:
    """Both models behind one door. Loading is lazy and happens once, whoever comes first."""

    def __init__(self, options: StudioOptions | None = None, catalog: Catalog | None = None) -> None:
        self.options = options or StudioOptions()
        self.catalog = catalog or default_catalog()
        # a wrong back end is told at once, not at the first click
        pick("text", self.options.text_backend)
        pick("image", self.options.image_backend)
        self._text: TextBackend | None = None
        self._image: ImageBackend | None = None
        self._judge: SceneJudge | None = None
        self._loading_text, self._loading_image = threading.Lock(), threading.Lock()
        self._taken: dict[Path, bool] = {}
        """The folders that somebody works in, and whether a promotion is made there."""
        self._freed = threading.Condition()

    @property
    def text(self) -> TextBackend:
        """The T5's back end, loaded at the first call. Raises ModelError or BackendError."""
        with self._loading_text:
            if self._text is None:
                self._text = load_text(self.options.text_model, self.options.text_backend)
            return self._text

    @property
    def image(self) -> ImageBackend:
        """The picture back end, loaded at the first call. Raises ModelError or BackendError."""
        with self._loading_image:
            if self._image is None:
                image = load_image(self.options.image_model, self.options.image_backend)
                # the judge knows the drawings that the bundled model learnt from; another model's style it would refuse
                self._judge = load_judge() if image.model.bundled else None
                self._image = image
            return self._image

    @property
    def able(self) -> ImageCapabilities | None:
        """What the loaded picture model can do; None while none is loaded. Loads nothing and waits for nothing."""
        return self._image.capabilities if self._image is not None else None

    @property
    def judge(self) -> SceneJudge | None:
        """What looks at the scenes of the loaded picture model; None while none is loaded, and for one that it does not know."""
        return self._judge

    @property
    def promotions_folder(self) -> Path:
        """Where promotions are kept."""
        return (self.options.data or records.data_folder()) / "promotions"

    def info(self) -> dict[str, dict[str, Any]]:
        """What runs and why, for the page and the records."""
        return {
            kind: {"backend": backend.name, "reason": backend.reason, **backend.model.to_dict()}
            for kind, backend in (("text", self.text), ("image", self.image))
        }

    def extract(
        self, message: str, asking: str | None = None, previous: Language | None = None, talking: bool = False
    ) -> Extraction:
        """Fills slots from a message with the T5, grounding and rules."""

        def generate(sources: list[str]) -> list[str]:
            return [outputs[0] for outputs in self.text.generate(sources)]

        return extract(message, asking, generate, self.catalog, previous_language=previous, talking=talking)

    def write(self, brief: Brief, *, count: int = TEXTS, seed: int = 0, on_step: OnStep | None = None) -> WritingResult:
        """Writes promotional texts. Raises `Stopped` when `on_step` says so, where the back end tells its steps."""
        return write_promos(brief, self.text, self.catalog, count=count, seed=seed, on_step=on_step)

    def promote(
        self,
        brief: Brief,
        settings: Settings | None = None,
        *,
        photo: "Image | None" = None,
        conversation: Sequence[dict[str, str]] = (),
        stop: Callable[[], bool] | None = None,
        previous: Promotion | None = None,
        promos: Sequence[Promo] | None = None,
        folder: Path | None = None,
    ) -> Iterator[Event]:
        """Makes a promotion and yields each step of it; the last event is `done` or `stopped`.

        `previous`: a promotion of the same visitor; texts and scenes that the changed brief does not touch are kept.
        `promos`: texts to use instead of new ones. `folder`: where to put it, instead of a new folder.
        Raises RecordError, ModelError, BackendError or ValueError with the cure.
        """
        settings = settings or Settings()
        left = threading.Event()
        events: queue.Queue[Event | BaseException | None] = queue.Queue()

        def work() -> None:
            maker = _Maker(self, brief, settings, photo, conversation, previous, promos, folder)
            try:
                with self._alone_in(maker.folder, making=True):
                    maker.run(events.put, lambda: left.is_set() or bool(stop and stop()))
            except BaseException as error:  # handed over to the caller's thread, whatever it is
                events.put(error)
            finally:
                events.put(None)

        worker = threading.Thread(target=work, name="promo-studio-maker", daemon=True)
        worker.start()
        try:
            while (event := events.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            left.set()
            worker.join(timeout=30)

    def recompose(
        self,
        promotion: Promotion,
        *,
        layout: str | None = None,
        format: str | None = None,
        poster: int | None = None,
        folder: Path | None = None,
    ) -> Promotion:
        """Composes the posters again in another layout or format, without any model: see `pipelines.compose.recompose`.

        Another recompose in the same folder comes before or after it. Raises Unfinished while the promotion is made, which
        takes too long to wait for, ValueError, with the choices, or RecordError, with the cure.
        """
        with self._alone_in(folder or promotion.folder):
            return compose.recompose(
                promotion, self.catalog, layout=layout, format=format, poster=poster, folder=folder
            )  # fmt: skip

    @contextmanager
    def _alone_in(self, folder: Path, *, making: bool = False) -> Iterator[None]:
        """Waits until nobody else works in a folder. Raises Unfinished for who would compose anew where one is `making`."""
        place = folder.resolve()
        with self._freed:
            if not making and self._taken.get(place):
                raise Unfinished("making")
            self._freed.wait_for(lambda: place not in self._taken)
            self._taken[place] = making
        try:
            yield
        finally:
            with self._freed:
                del self._taken[place]
                self._freed.notify_all()


class _Maker:
    """One promotion in the making."""

    def __init__(
        self,
        studio: Studio,
        brief: Brief,
        settings: Settings,
        photo: "Image | None",
        conversation: Sequence[dict[str, str]],
        previous: Promotion | None,
        promos: Sequence[Promo] | None,
        folder: Path | None,
    ) -> None:
        self.studio, self.brief, self.settings, self.photo = studio, brief, settings, photo
        self.previous, self.given = previous, promos
        name = records.new_id()
        self.folder = folder or studio.promotions_folder / name
        self.record: dict[str, Any] = {
            "version": records.VERSION,
            "id": name,
            "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "status": "making",
            "brief": brief.to_dict(),
            "settings": settings.to_dict(),
            "conversation": list(conversation),
            "models": {},
            "writer": None,
            "posters": [],
            "photo": None,
            "timings": {},
        }
        self.promotion = Promotion(name, brief, settings, (), (), self.folder, self.record)
        self.product: Image | None = None
        """Drawn once for all posters."""

    def run(self, emit: Callable[[Event], None], stopped: Callable[[], bool]) -> None:
        """Texts first (they are there in a second), then the posters one by one."""
        self._save()
        count = poster_count(self.brief, self.settings.images)
        try:
            if self.photo is not None and count:
                records.write_png(self.folder / compose.PHOTO, self.photo)
                self.record["photo"] = compose.PHOTO
            self._write_texts(stopped)
            emit(Event("texts", self.promotion, posters=count))
            for index in range(count):
                self._make_poster(index, count, emit, stopped)
                emit(Event("poster", self.promotion, poster=index + 1, posters=count))
        except Stopped:
            self._finish("stopped")
            emit(Event("stopped", self.promotion, posters=count))
        except BaseException as error:
            self.record["error"] = f"{type(error).__name__}: {error}"
            if not isinstance(error, records.RecordError):
                self._finish("failed")
            raise
        else:
            self._finish("done")
            emit(Event("done", self.promotion, poster=count, posters=count))

    def _save(self) -> None:
        records.write_json(self.folder / records.RECORD, self.record)

    def _finish(self, status: str) -> None:
        self.record["status"] = status
        self._save()
        self.promotion = replace(self.promotion, zip=records.write_zip(self.promotion))

    def _write_texts(self, stopped: Callable[[], bool]) -> None:
        from pipelines.prompts import terms, writer_source

        started = time.perf_counter()
        prompt = writer_source(self.brief)
        kept = self._kept_texts(prompt)
        if self.given is not None:
            promos, tried = tuple(self.given), 0
        elif kept:
            promos, tried = kept, 0
        else:
            result = self.studio.write(self.brief, seed=self.settings.seed, on_step=lambda *_: not stopped())
            promos, tried = result.promos, len(result.candidates)
        text = self.studio.text if self.given is None else None
        if text is not None:
            self.record["models"]["text"] = {"backend": text.name, "reason": text.reason, **text.model.to_dict()}
        self.record["writer"] = {
            "prompt": prompt,
            "seed": self.settings.seed,
            "candidates": tried,
            "promos": [promo.to_dict() for promo in promos],
            "terms": terms(self.brief),
        }
        self.record["timings"]["texts_s"] = round(time.perf_counter() - started, 3)
        self.promotion = replace(self.promotion, promos=promos)
        if self.brief.promotion in ("text", "both"):
            closing = terms(self.brief)
            paragraphs = [promo.text for promo in promos] + ([f"{closing}."] if closing else [])
            records.write_bytes(self.folder / records.TEXTS, ("\n\n".join(paragraphs) + "\n").encode())
        self._save()

    def _kept_texts(self, prompt: str) -> tuple[Promo, ...]:
        """The earlier texts with the new figures, when the prompt is the same: wording the user liked stays."""
        from pipelines.text import refill

        earlier = self.previous
        if earlier is None or (earlier.record.get("writer") or {}).get("prompt") != prompt:
            return ()
        if earlier.settings.seed != self.settings.seed:
            return ()
        return refill(earlier.promos, self.brief, self.studio.catalog)

    def _make_poster(self, index: int, count: int, emit: Callable[[Event], None], stopped: Callable[[], bool]) -> None:
        started = time.perf_counter()
        if stopped():
            raise Stopped

        def on_step(step: int, steps: int) -> bool:
            emit(Event("step", self.promotion, index + 1, count, step, steps))
            return not stopped()

        scene, facts = self._scene(index, on_step)
        if index == 0:
            self.product = compose.product(self.brief, self.settings, self.photo, self.studio.catalog)
        promos = self.promotion.promos
        poster = PosterFile.from_dict(
            {
                **facts,
                **compose.file_names(index + 1, self.settings.layout, self.settings.format, again=False),
                "scene_file": f"scene-{index + 1}.png",
                "headline_text": promos[index % len(promos)].text if promos else "",
                "layout": self.settings.layout,
                "format": self.settings.format,
            }
        )
        entry = {**facts, **poster.to_dict()}
        drawn = self.photo is None
        picture = compose.poster_picture(scene, self.product, entry, self.brief, self.studio.catalog, drawn=drawn)
        self.record["posters"].append(entry)
        records.write_png(self.folder / poster.scene_file, scene)
        compose.save_poster(self.folder, self.record, entry, picture)
        self.record["timings"].setdefault("posters_s", []).append(round(time.perf_counter() - started, 3))
        self.promotion = replace(self.promotion, posters=(*self.promotion.posters, poster))
        self._save()

    def _scene(self, index: int, on_step: Callable[[int, int], bool]) -> tuple["Image", dict[str, Any]]:
        """(scene, its facts, source and tries); the earlier one's when everything that makes it is the same."""
        from pipelines.scene import make_scene, scene_facts

        image = self.studio.image
        self.record["models"]["image"] = {"backend": image.name, "reason": image.reason, **image.model.to_dict()}
        settings, seed = self.settings, self.settings.seed + index
        wanted = scene_facts(
            self.brief, image, seed=seed, strength=settings.strength, steps=settings.steps,
            guidance=settings.guidance, scene=settings.scene, style=settings.style,
        )  # fmt: skip
        kept = self._kept_scene(index, wanted)
        if kept is not None:
            scene, before = kept
            return scene, {**wanted, "source": before.get("source", "diffusion"), "tries": before.get("tries", 1)}
        made = make_scene(
            self.brief, image, seed=seed, strength=settings.strength, steps=settings.steps,
            guidance=settings.guidance, scene=settings.scene, style=settings.style, judge=self.studio.judge,
            on_step=on_step,
        )  # fmt: skip
        return made.image, {**wanted, "source": made.source, "tries": made.tries}

    def _kept_scene(self, index: int, wanted: dict[str, Any]) -> "tuple[Image, dict[str, Any]] | None":
        """The earlier promotion's scene and its record."""
        earlier = self.previous
        if earlier is None or index >= len(earlier.record.get("posters", [])):
            return None
        before = earlier.record["posters"][index]
        same_model = earlier.record["models"].get("image") == self.record["models"]["image"]
        if not same_model or any(before.get(key) != json.loads(json.dumps(value)) for key, value in wanted.items()):
            return None
        from PIL import Image

        path = earlier.folder / before["scene_file"]
        if not path.is_file():
            return None
        with Image.open(path) as scene:
            return scene.convert("RGB"), before
