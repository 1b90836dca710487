"""Back ends that need no weights: the text one writes from templates, the picture one tints the sketch step by step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.backends.base import ImageCapabilities, ModelInfo, OnStep, Stopped, TextCapabilities

if TYPE_CHECKING:
    from PIL.Image import Image

OPENINGS = {
    "es": ("Sol, arena y sed.", "La tarde sabe mejor así.", "Hoy toca compartir.", "Un respiro bien frío."),
    "en": ("Sun, sand and thirst.", "Afternoons taste better.", "Today is for sharing.", "A cold break."),
}


class FakeText:
    """Writes what a good model would: placeholders in a sentence, another opening for each sample."""

    name, reason = "fake", "a test"
    model = ModelInfo("fake-text", "r1", bundled=False)
    capabilities = TextCapabilities(samples=True, beams=False, max_input_tokens=512)

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def generate(
        self,
        sources: Sequence[str],
        *,
        sample: bool = False,
        samples: int = 1,
        temperature: float = 0.9,
        top_p: float = 0.95,
        seed: int | None = None,
        max_tokens: int = 96,
    ) -> list[list[str]]:
        self.calls.append(list(sources))
        return [[self._write(source, n + (seed or 0)) for n in range(samples if sample else 1)] for source in sources]

    def _write(self, source: str, n: int) -> str:
        if not source.startswith("Generate a promotion:"):
            return "none"
        language = "en" if "language=en" in source else "es"
        opening = OPENINGS[language][n % 4]
        size = (" de [SIZE]" if language == "es" else " [SIZE]") if "[SIZE]" in source else ""
        price = (" a solo [PRICE]" if language == "es" else " for only [PRICE]") if "[PRICE]" in source else ""
        verb = "Llévate" if language == "es" else "Enjoy"
        return f"{opening} {verb} [PRODUCT]{size}{price}."


class FakeImage:
    """Four steps, then the sketch with a tint that follows the seed."""

    name, reason = "fake", "a test"
    model = ModelInfo("fake-image", "r1", bundled=False)
    capabilities = ImageCapabilities(
        image_to_image=True, sizes=None, multiple=8, native=64, steps=4, strength=0.5, guidance=3.0, whole=False
    )

    def __init__(self) -> None:
        self.calls = 0
        self.steps = 0

    def generate(
        self,
        prompt: str,
        *,
        negative_prompt: str = "",
        init: "Image | None" = None,
        strength: float = 1.0,
        steps: int = 4,
        guidance: float = 3.0,
        seed: int = 0,
        width: int,
        height: int,
        on_step: OnStep | None = None,
    ) -> "Image":
        from PIL import Image

        self.calls += 1
        for step in range(1, steps + 1):
            self.steps += 1
            if on_step is not None and not on_step(step, steps):
                raise Stopped
        tint = Image.new("RGB", (width, height), (seed * 40 % 256, 120, 200))
        return tint if init is None else Image.blend(init.resize((width, height)), tint, 0.2)
