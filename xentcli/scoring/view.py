"""From a Tally to a Score: the one entrance of this floor.

Floor 5. Pure; nothing is read.
"""

from xentcli.record import replace
from xentcli.scoring import decisions, multilabel, multioutput, single
from xentcli.scoring.class_weights import NOT_IN_SLICES, Options
from xentcli.scoring.model import Rows, Score, ScoredTask
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.engine import AnyTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.tally import Tally


def score(tally: AnyTally, task: ScoredTask, options: Options, unmatched: int = 0) -> Score:
    """Return the Score of a Tally.

    Args:
        tally: a finished Tally with at least one scored row.
        task: how the file was read.
        options: how it is looked at.
        unmatched: rows of either side whose id the other side lacks.
    """
    if options.class_weights is not None and tally.slices:
        task = replace(task, reasons=(*task.reasons, NOT_IN_SLICES))
    facts = tally.facts
    weight_sum = None if tally.weighted is None else float(tally.weighted.weight.total())
    rows = Rows(facts.read, facts.scored, facts.missing_label.count, facts.bad, unmatched, weight_sum)
    if isinstance(tally, MultiOutputTally):
        return multioutput.score(tally, task, rows, options)
    if isinstance(tally, DecisionTally):
        return decisions.score(tally, task, rows, options)
    if isinstance(tally, Tally):
        return single.score(tally, task, rows, options)
    return multilabel.score(tally, task, rows, options)
