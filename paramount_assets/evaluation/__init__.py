"""How well the chain does, measured in the made-up world: its released tables and its ledger against the answer key.

No step is known here, and nothing of the made-up world but its answer key.
"""

from paramount_assets.evaluation.measure import Evaluation, NothingToMeasure, evaluate
from paramount_assets.evaluation.report import as_grids, as_json
from paramount_assets.evaluation.truth import AnswerKeyMissing

__all__ = ["AnswerKeyMissing", "Evaluation", "NothingToMeasure", "as_grids", "as_json", "evaluate"]
