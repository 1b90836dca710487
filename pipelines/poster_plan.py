"""Where everything on a poster goes, and how large its type is: measured before anything is drawn.

`plan_poster` is a pure function that picks one of `poster_layouts`; `poster.py` draws what it says. Lengths are plan
units: every sheet is 1080 wide.
"""

from collections.abc import Callable
from dataclasses import replace

from pipelines import poster_layouts
from pipelines.poster_fit import caption
from pipelines.poster_parts import FORMATS, WIDTH, Part, PosterPlan, Rect, Shape, Sheet, Words
from pipelines.poster_words import PosterWords

__all__ = ["FORMATS", "LAYOUTS", "WIDTH", "PosterPlan", "Rect", "Words", "plan_poster", "sheet_of"]

Planner = Callable[[PosterWords, float | None, Sheet], PosterPlan]
_PLANNERS: dict[str, Planner] = {
    "hero": poster_layouts.hero,
    "split": poster_layouts.split,
    "burst": poster_layouts.burst,
    "story": poster_layouts.story,
}
LAYOUTS = tuple(_PLANNERS)
"""The layouts' names."""


def sheet_of(format: str) -> Sheet:
    """The sheet of a format's name. Raises ValueError that lists the formats."""
    if format not in FORMATS:
        raise ValueError(f"no poster format {format!r}; choose one of: {', '.join(FORMATS)}")
    return FORMATS[format]


def plan_poster(
    words: PosterWords, aspect: float | None, *, layout: str = "hero", format: str = "1:1", mirrored: bool = False
) -> PosterPlan:
    """Lays a poster out. `aspect` is the packshot's width over its height, None for a poster without a packshot.

    `mirrored` puts the product at the left and the words at the right; the caption stays.

    Raises ValueError, with the choices, for a layout or format that is not there.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"no poster layout {layout!r}; choose one of: {', '.join(LAYOUTS)}")
    sheet = sheet_of(format)
    plan = _PLANNERS[layout](words, aspect, sheet)
    if mirrored:
        plan = _mirror(plan)
    room = poster_layouts.caption_room(sheet)
    foot = caption(words, room)
    if sheet.phone and layout in ("hero", "burst"):
        foot = Part((Shape("card", room.inset(-24, -18), "paper"),)) + foot
    return replace(plan, part=plan.part + foot)


def _mirror(plan: PosterPlan) -> PosterPlan:
    sun, rays = plan.sun, plan.rays
    return replace(
        plan,
        mirrored=True,
        window=plan.window.mirrored(),
        product=plan.product.mirrored() if plan.product else None,
        sun=((WIDTH - sun[0][0], sun[0][1]), sun[1]) if sun else None,
        rays=(WIDTH - rays[0], rays[1]) if rays else None,
        part=plan.part.mirrored(),
    )
