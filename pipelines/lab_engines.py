"""The models that the prompt lab may run: those of the studio, other back ends for them, and what the operator lists.

Nobody who only visits can name a model: a name reaches the loader only from this list, because a name may be a path or
something to download. Knows nothing of prompts and screens.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

from pipelines.backends.base import ChoosesScheduler, ImageBackend, TextBackend
from pipelines.backends.registry import AUTO, REGISTRY, load_image, load_text
from pipelines.lab_errors import LabError
from pipelines.models import VARIABLE, Kind

LISTED: dict[str, str] = {"text": "PROMO_LAB_TEXT_MODELS", "image": "PROMO_LAB_IMAGE_MODELS"}
"""Environment variables: folders or Hub ids that the lab offers beside the app's own model, divided by commas."""
KEPT = 2
"""Models of each kind that are kept in memory beside the studio's own; the one that was not used for longest goes."""
AS_STARTED = "auto"
"""How messages call the empty choice, in either language."""
BUNDLED = "bundled"
"""Stands for the checkpoint in this repository where the app was started with another one."""


class Engines:
    """Loads what a variant asks for, once, and keeps the last few. May be asked from several threads."""

    def __init__(
        self,
        studio: Any,
        load: Callable[[Kind, str | None, str], Any] | None = None,
    ) -> None:
        """`studio`: its `text`, `image`, `judge` and `options` are used. `load`: loads another model (for tests)."""
        self.studio = studio
        self._load = load or _load
        self._loaded: dict[Kind, dict[tuple[str, str], Any]] = {"text": {}, "image": {}}
        self._lock, self._judging = threading.Lock(), threading.Lock()
        self._gates: dict[tuple[str, str, str], threading.Lock] = {}
        self._judge: Any = None

    def models(self, kind: Kind) -> tuple[str, ...]:
        """What may be chosen: empty (as the app was started), `bundled` where that is another one, and the operator's list."""
        started = getattr(self.studio.options, f"{kind}_model", None) or os.environ.get(VARIABLE[kind])
        listed = [name.strip() for name in os.environ.get(LISTED[kind], "").split(",") if name.strip()]
        return tuple(dict.fromkeys(["", *([BUNDLED] if started else []), *listed]))

    def backends(self, kind: Kind) -> tuple[str, ...]:
        """What may be chosen: empty (as the app was started), and the back ends whose libraries are installed here."""
        return ("", *(spec.name for spec in REGISTRY if spec.kind == kind and not spec.missing()))

    def text(self, model: str = "", backend: str = "") -> TextBackend:
        """A loaded T5. Raises LabError, ModelError or BackendError with the choices or the cure."""
        found: TextBackend = self._engine("text", model, backend)
        return found

    def image(self, model: str = "", backend: str = "", scheduler: str = "") -> ImageBackend:
        """A loaded picture model; with `scheduler`, the same weights behind that scheduler.

        Raises LabError, ModelError or BackendError with the choices or the cure.
        """
        found: ImageBackend = self._engine("image", model, backend)
        return rescheduled(found, scheduler) if scheduler else found

    def schedulers(self, model: str = "", backend: str = "") -> tuple[str, ...]:
        """The schedulers that a loaded picture model takes, its own first. Loads it when it is not there."""
        return schedulers_of(self._engine("image", model, backend))

    def judge(self) -> Any:
        """The judge of scenes: the studio's own where it has one; its weights are read once. Raises JudgeError."""
        from pipelines.scene_judge import load_judge

        with self._judging:
            if self._judge is None:
                self._judge = getattr(self.studio, "judge", None) or load_judge()
            return self._judge

    def _engine(self, kind: Kind, model: str, backend: str) -> Any:
        for what, wanted, choices in (
            ("model", model, self.models(kind)),
            ("back end", backend, self.backends(kind)),
        ):
            if wanted not in choices:
                known = ", ".join(c or AS_STARTED for c in choices)
                cure = f"; whoever runs the app adds others with {LISTED[kind]}" if what == "model" else ""
                raise LabError("no_engine", kind=kind, what=what, value=repr(wanted), choices=known, cure=cure)
        if not model:  # the app's own is not asked for, nor loaded, where another one is wanted
            own = getattr(self.studio, kind)
            if backend in ("", own.name):
                return own
        key = (model, backend)
        with self._lock:
            gate = self._gates.setdefault((kind, *key), threading.Lock())
        with gate:  # loading may take minutes: only those who want this very model wait for it
            with self._lock:
                kept = self._loaded[kind]
                if key in kept:
                    kept[key] = kept.pop(key)  # the last used one stands last
                    return kept[key]
            engine = self._load(kind, self._name(kind, model), backend or self._started_backend(kind))
            with self._lock:
                while len(kept) >= KEPT:
                    kept.pop(next(iter(kept)))
                kept[key] = engine
            return engine

    def _name(self, kind: Kind, model: str) -> str | None:
        if model == BUNDLED:
            from pipelines.models import BUNDLED as FOLDERS

            return str(FOLDERS[kind])
        return model or getattr(self.studio.options, f"{kind}_model", None)

    def _started_backend(self, kind: Kind) -> str:
        return getattr(self.studio.options, f"{kind}_backend", AUTO) or AUTO


def _load(kind: Kind, model: str | None, backend: str) -> Any:
    return load_text(model, backend) if kind == "text" else load_image(model, backend)


def schedulers_of(backend: Any) -> tuple[str, ...]:
    """Names of the schedulers that a loaded picture model takes, its own first; empty where none can be chosen."""
    return backend.schedulers() if isinstance(backend, ChoosesScheduler) else ()


def rescheduled(backend: Any, name: str) -> Any:
    """The same weights behind another scheduler; `backend` itself stays as it is. Raises LabError with the choices."""
    known = schedulers_of(backend)
    if not known:
        raise LabError("own_scheduler", value=repr(name), backend=repr(backend.name))
    if name not in known:
        raise LabError("no_scheduler", value=repr(name), choices=", ".join(known))
    try:
        return backend.with_scheduler(name)
    except ValueError as error:
        raise LabError("scheduler_refused", value=name, error=error) from error
