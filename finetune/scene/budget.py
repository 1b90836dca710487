"""How long a training goes on: minutes of work, or a number of steps. Knows nothing of what is trained."""

import time
from dataclasses import dataclass, field


@dataclass
class Budget:
    """Counts a training's work. With `steps` it ends after so many (the same on any machine), else after `minutes`."""

    minutes: float
    steps: int | None = None
    spent: float = 0.0
    """Seconds of work before a resumption."""
    _start: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        """Seconds of work so far."""
        return time.monotonic() - self._start + self.spent

    def share(self, step: int) -> float:
        """How much of the work is done after `step` steps: 1 and more is the end."""
        return step / self.steps if self.steps is not None else self.elapsed / (self.minutes * 60)
