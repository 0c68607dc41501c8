"""TrapSeen: what the rules on traps read, built from a finished Tally and its Score.

Floor 6.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xentcli.rules.traps.orders import Cells, Misorder, misorder
from xentcli.scoring.flipped import flipped_loss
from xentcli.scoring.model import Loss, OutputScore, Score, ScoredTask
from xentcli.tally.engine import AnyTally
from xentcli.tally.facts import RowFacts
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.plan import Plan
from xentcli.tally.tally import Tally
from xentcli.tally.traps.facts import TrapFacts
from xentcli.task.model import Encoding, Kind, Scale

if TYPE_CHECKING:
    from xentcli.scoring.upper_half import UpperHalf

MIN_ROWS = 20
"""Fewer rows may all show by chance what a rule looks for."""


@dataclass(frozen=True, slots=True)
class TrapSeen:
    """One task of a scored table.

    Attributes:
        plan: how it was read.
        encoding: how its labels are written.
        facts: where every row went.
        traps: what was counted for these rules.
        loss: the headline loss; None of decisions, which nothing but the rule on hard scores is asked about.
        accuracy: the headline accuracy.
        auc: the area under the ROC curve of a binary task; None where it is undefined or none.
        cells: the confusion counts of tasks with one label a row.
        order: an order of the score columns that fits better; None if none does.
        flipped: the loss of a binary task with both classes swapped, where the area is below one half.
        impossible: rows (of several labels, labels) that are given probability 0 and come true, or 1 and do not.
        ties: rows that stand on the threshold, or whose top score is shared.
        plain: whether the loss is a mean (by row weights) without class weights, smoothing, focus or soft targets.
        upper: what one column of probabilities shows that is never below one half; None for other scores.
        effective: as many rows of equal weight would make the same spread: sum(w)^2 / sum(w^2), Kish (1965).
        output: the name of the output, of several.
    """

    plan: Plan
    encoding: Encoding
    facts: RowFacts
    traps: TrapFacts
    loss: float | None
    accuracy: float
    auc: float | None = None
    cells: Cells | None = None
    order: Misorder | None = None
    flipped: float | None = None
    impossible: int = 0
    ties: int = 0
    plain: bool = False
    upper: "UpperHalf | None" = None
    effective: float = 0.0
    output: str | None = None

    @property
    def rows(self) -> int:
        """How many rows were scored."""
        return self.facts.scored

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.plan.classes)

    @property
    def several(self) -> bool:
        """Whether a row may have any number of labels."""
        return self.plan.kind is Kind.MULTILABEL


def seen_in(tally: AnyTally, score: Score) -> tuple[TrapSeen, ...]:
    """Return what rules see of each task of a table; nothing where there are decisions only."""
    if isinstance(tally, MultiOutputTally):
        pairs = zip(tally.tallies, score.outputs or (), strict=True)
        return tuple(
            _single(one, output, output.task, output.name)
            for one, output in pairs
            if isinstance(one, Tally) and one.facts.scored
        )
    if isinstance(tally, Tally):
        return (_single(tally, score, score.task, None),)
    if isinstance(tally, MultiLabelTally) and isinstance(score.task.encoding, Encoding):
        return (
            TrapSeen(
                tally.plan,
                score.task.encoding,
                tally.facts,
                tally.traps,
                None if score.loss is None else score.loss.value,
                score.accuracy.value,
                impossible=int(tally.clipping.infinite.sum()),
                plain=score.loss is not None and _plain(tally.plan, score.loss),
            ),
        )
    return ()


def _single(tally: Tally, score: Score | OutputScore, task: ScoredTask, output: str | None) -> TrapSeen:
    assert score.loss is not None  # noqa: S101  a Tally of scores has one
    assert isinstance(task.encoding, Encoding)  # noqa: S101  one task, one encoding
    cells = _cells(tally)
    auc = score.metrics.get("roc_auc")
    below = isinstance(auc, float) and auc < 0.5
    return TrapSeen(
        tally.plan,
        task.encoding,
        tally.facts,
        tally.traps,
        score.loss.value,
        score.accuracy.value,
        auc=auc if isinstance(auc, float) else None,
        cells=cells,
        order=None if tally.plan.kind is Kind.BINARY else misorder(cells, tally.plan.classes),
        flipped=flipped_loss(tally.ranking, tally.plan) if below and tally.ranking is not None else None,
        impossible=int(tally.clipping.infinite.sum()),
        ties=tally.ties,
        plain=_plain(tally.plan, score.loss),
        upper=_upper(tally),
        effective=_effective(tally),
        output=output,
    )


def _upper(tally: Tally) -> "UpperHalf | None":
    plan = tally.plan
    alone = tally.traps.single and plan.predicted is None and not plan.soft and plan.scale is Scale.PROBABILITIES
    if not alone or tally.ranking is None:
        return None
    from xentcli.scoring.upper_half import upper_half  # noqa: PLC0415  only one column of probabilities needs it

    return upper_half(tally.ranking)


def _effective(tally: Tally) -> float:
    if tally.weighted is None:
        return float(tally.facts.scored)
    total, square = tally.weighted.weight.total(), tally.weighted.square.total()
    return float(total * total / square) if square else 0.0


def _plain(plan: Plan, loss: Loss) -> bool:
    return (
        loss.class_weights is None
        and not plan.soft
        and plan.objective.label_smoothing == plan.objective.focal_gamma == 0.0
    )


def _cells(tally: Tally) -> Cells:
    found = np.array(tally.cells.non_zero(), dtype=np.int64).reshape(-1, 3)
    return Cells(found[:, 0].astype(np.intp), found[:, 1].astype(np.intp), found[:, 2], len(tally.plan.classes))
