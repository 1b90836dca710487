"""Live curves and pictures of a training, kept on this machine by trackio. Knows no training."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROJECT = "promo-scene"


class Curves:
    """One run of the project; `Curves(None)` keeps nothing."""

    def __init__(self, name: str | None, settings: dict[str, Any] | None = None) -> None:
        self._trackio: Any = None
        if name is not None:
            import trackio

            trackio.init(project=PROJECT, name=name, config=settings, resume="allow", embed=False, auto_log_gpu=False)
            self._trackio = trackio

    def log(self, step: int, figures: dict[str, float]) -> None:
        """Adds a point to each curve."""
        if self._trackio:
            self._trackio.log(figures, step=step)

    def show(self, step: int, pictures: Sequence[tuple[Path, str]]) -> None:
        """Adds pictures (file, caption)."""
        if self._trackio and pictures:
            shown = {
                f"validation/{number}": self._trackio.Image(str(file), caption=caption)
                for number, (file, caption) in enumerate(pictures, 1)
            }
            self._trackio.log(shown, step=step)

    def close(self) -> None:
        """Writes what is still under way."""
        if self._trackio:
            self._trackio.finish()
