"""The prompt lab's door: all that screens, cases and tests take from it, by one name.

`lab_variant` has the nouns, `lab_run` runs one (`lab_writing`, `lab_scene`), `lab_sets` many; `lab_start` says where from.
"""

from pipelines.lab_briefs import Row
from pipelines.lab_engines import Engines
from pipelines.lab_errors import LabError
from pipelines.lab_run import Progress, run_variant, told, watched
from pipelines.lab_scene import TOP
from pipelines.lab_sets import (
    BATCH_HEAD,
    BatchSummary,
    BriefOutcome,
    Grid,
    Way,
    batch_table,
    grid,
    over_briefs,
    summary,
)
from pipelines.lab_settings import Axis
from pipelines.lab_start import completed, variants_for, variants_of
from pipelines.lab_variant import MOST_VARIANTS, Outcome, Output, Variant
from pipelines.lab_writing import follow, generate_texts, prompt_fields, self_similarity, unfillable

__all__ = [
    "BATCH_HEAD", "MOST_VARIANTS", "TOP", "Axis", "BatchSummary", "BriefOutcome", "Engines", "Grid", "LabError", "Outcome",
    "Output", "Progress", "Row", "Variant", "Way", "batch_table", "completed", "follow", "generate_texts", "grid",
    "over_briefs", "prompt_fields", "run_variant", "self_similarity", "summary", "told", "unfillable", "variants_for",
    "variants_of", "watched",
]  # fmt: skip
