"""Cases and votes: prompts and promotions that are run again on other models, and what people think of them.

    store = CaseStore(case_file())         # <data>/studio.sqlite3, or a path
    store.warning                          # what had to be set right at opening, for the screen; "" as a rule
    id = store.save_case(case_of_outcome(outcome, "Coca 2 L, beach", "Ana"))      # from the lab (pipelines.lab.Outcome)
    id = store.save_case(case_of_promotion(promotion, "Coca 2 L, beach", "Ana"))  # from a finished promotion
    store.vote(Vote("promotion", promotion.id, who="Ana", part="text-1", thumb=1))
    store.vote(Vote("variant", variant.id, who="Ana", part="text-1", thumb=1, subject=subject_of_output(outcome, 0)))

`python -m pipelines.cases` is the command. Nothing here loads a model but `pipelines.cases.measure`.
"""

from pipelines.cases.compare import Comparison, compare
from pipelines.cases.make import case_of_outcome, case_of_promotion, subject_of_output
from pipelines.cases.model import KINDS, Case, CaseError, Vote, VoteSummary
from pipelines.cases.store import CaseStore, case_file

__all__ = [
    "KINDS", "Case", "CaseError", "CaseStore", "Comparison", "Vote", "VoteSummary", "case_file", "case_of_outcome",
    "case_of_promotion", "compare", "subject_of_output",
]  # fmt: skip
