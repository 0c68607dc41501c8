"""The Score of predicted labels without scores of all classes, as a view of their counts.

Floor 5. Accuracy and the rates, and the calibration of the predicted class's score where there is one; the loss is
None, since nothing is known of what the other classes were given.
"""

from xentcli.errors import UsageError
from xentcli.record import replace
from xentcli.scoring import formulas, quality, single
from xentcli.scoring.class_weights import Options
from xentcli.scoring.model import Accuracy, Estimate, Rows, Score, ScoredTask
from xentcli.scoring.rates import margins_of
from xentcli.scoring.slices import slices
from xentcli.tally.decisions import DecisionTally


def score(tally: DecisionTally, task: ScoredTask, rows: Rows, options: Options) -> Score:
    """Return the Score of a Tally that holds at least one scored row.

    Raises:
        UsageError: class weights are asked for.
    """
    if options.class_weights is not None:
        raise UsageError(
            "weighs losses, and decisions have none", option="class-weights", help="weigh rows with --weight"
        )
    confidence_level = options.confidence_level
    margins = margins_of(tally)
    held = formulas.counted(tally, task, margins)
    value, interval = single.share_right(tally, margins, confidence_level)
    accuracy = Accuracy(
        name="predicted-label",
        value=value,
        interval=interval,
        correct=sum(margins.right),
        ties=0,
        majority_accuracy=max(margins.weight) / sum(margins.weight),
    )
    return Score(
        task=task,
        rows=rows,
        confidence_level=confidence_level,
        loss=None,
        accuracy=accuracy,
        metrics=formulas.single_metrics(held),
        per_class=single.per_class(task, margins, None, confidence_level),
        confusion=single.confusion(task, tally),
        per_label=None,
        calibration=None if tally.quality is None else quality.reliability(tally.quality, confidence_level),
        slices=tuple(replace(one, loss=Estimate(None, None)) for one in slices(tally.slices, confidence_level)),
        intervals=formulas.single_intervals(held, options.intervals, confidence_level),
    )
