"""How a column of predicted labels compares with the scores beside it, as a view of its counts.

Floor 5.
"""

from xentcli.scoring.model import PredictedLabel
from xentcli.tally.tally import Tally


def predicted_label(tally: Tally) -> PredictedLabel | None:
    """Return the comparison, None without such a column."""
    held, coder = tally.agreement, tally.plan.predicted
    if held is None or coder is None:
        return None
    rows = held.agrees + held.disagrees.count
    accuracy = held.right / rows if rows else None
    if held.has_weights:
        weight = held.weight.total()
        accuracy = float(held.weight_right.total() / weight) if weight else None
    return PredictedLabel(
        column=coder.column,
        agrees=held.agrees,
        disagrees=held.disagrees.count,
        missing=held.missing,
        rows=tally.facts.row_numbers(held.disagrees),
        accuracy=accuracy,
    )
