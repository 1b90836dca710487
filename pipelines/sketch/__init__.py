"""Drawn scenes without a product: any place of the brief, at any hour and season, with an empty surface in front.

One flat poster style. The scene model learns from these pictures, and starts from one of them when it makes a scene.
Knows nothing of briefs, prompts or models.
"""

from pipelines.sketch.brush import SEASONS
from pipelines.sketch.draw import LIGHT_NAMES, PLACES, Place, SketchSpec, draw, draw_sketch, place_of
from pipelines.sketch.surfaces import SURFACES

__all__ = ["LIGHT_NAMES", "PLACES", "SEASONS", "SURFACES", "Place", "SketchSpec", "draw", "draw_sketch", "place_of"]
