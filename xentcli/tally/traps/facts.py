"""TrapFacts: what rules on traps need to know of the scored rows beyond the sums of the Tally.

Floor 4. A mergeable part of a Tally, filled by one call a block from what the Tally has found by then; whatever is
dear is asked only while every row so far leaves the suspicion alive.
"""

import numpy as np
import numpy.typing as npt

from xentcli.arrays import AnyFloats
from xentcli.record import MutableRecord, field
from xentcli.tally.blocks import Block
from xentcli.tally.kernels import Extremes, true_scores
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import FirstRows
from xentcli.tally.scored import ScoredLabels, ScoredRows
from xentcli.tally.traps.kept_rows import RowHashes
from xentcli.tally.traps.label_neighbours import MOST_LABELS, LabelNeighbours
from xentcli.tally.traps.sample import Hashes, RowSample, hashes, row_limit
from xentcli.tally.traps.shifts import Shifts
from xentcli.tally.traps.undone import Undone, without_sigmoid, without_softmax
from xentcli.tally.traps.values import RowSums, Values
from xentcli.terms import Kind, Scale

SURE = 0.99
"""Independent probabilities of a row that are all near 0 but one near 1 sum to 1 by themselves."""


class TrapFacts(MutableRecord):
    """Counts for the rules on traps.

    Attributes:
        plan: what the pass follows.
        sums: of rows of probabilities, unless there is one score a row.
        values: what all scores have in common.
        undone: what one activation less would make of probabilities.
        shifts: agreement of neighbours; of tasks with one label a row.
        sample: some of the scored rows, of labels that are classes or 0 and 1.
        hashes: of all scored rows, while they are few; of such labels.
        neighbours: which labels go together with scores of the rows beside them; of up to 200 labels that are 0 or 1.
        several: rows with more than one label.
        unlabelled: rows with none.
        undecided: of tasks with several labels, rows without a score of `SURE` or more.
        lowest_top: of such tasks, the smallest of the rows' largest scores; infinity without rows.
    """

    plan: Plan
    sums: RowSums = field(default_factory=RowSums)
    values: Values = field(init=False)
    undone: Undone = field(init=False)
    shifts: Shifts = field(init=False)
    sample: RowSample = field(init=False)
    hashes: RowHashes = field(default_factory=RowHashes)
    neighbours: LabelNeighbours | None = field(init=False)
    several: int = 0
    unlabelled: int = 0
    undecided: int = 0
    lowest_top: float = np.inf

    def __post_init__(self) -> None:
        """Suspect probabilities only of what cannot be seen of others."""
        self.values = Values(self._probabilities)
        self.shifts = Shifts(len(self.plan.classes))
        paired = self.plan.kind is Kind.MULTILABEL and not self.plan.soft and len(self.plan.classes) <= MOST_LABELS
        self.neighbours = LabelNeighbours(len(self.plan.classes)) if paired else None
        self.sample = RowSample(0 if self.plan.soft else row_limit(len(self.plan.classes)))
        sigmoids = self.single or self.plan.kind is Kind.MULTILABEL
        self.undone = Undone(2 if sigmoids else len(self.plan.classes), sigmoids, alive=self._probabilities)

    def unexplained(self) -> FirstRows:
        """Return the rows whose sum is off 1 by more than any rounding that the scores show explains."""
        return min((self.sums.off[one] for one in (None, *self.values.grains)), key=lambda first: first.count)

    @property
    def single(self) -> bool:
        """Whether a row has one score, which answers for two classes."""
        return self.plan.single

    @property
    def _probabilities(self) -> bool:
        return self.plan.scale is Scale.PROBABILITIES

    def add(self, block: Block, good: Block, seen: Extremes, rows: ScoredRows | None) -> None:
        """Add a block of a task with one label a row.

        Args:
            block: all its rows.
            good: those that are scored.
            seen: their extremes.
            rows: what they add; None if there are none.
        """
        none = np.zeros(0, dtype=np.intp)
        labels, predicted = (none, none) if rows is None else (rows.labels, rows.predicted)
        first = good.at[1]
        places = range(first, first + len(labels)) if good.rows is None else first + good.rows
        self.shifts.add(block.at[0], block.span, labels, predicted, places)
        if rows is None:
            return
        scores = good.scores if good.class_major else good.scores.T
        self._sample(hashes(rows.plain.loss, None if self.single else seen.low), scores, rows.labels)
        if self.single:
            self._add_single(good, rows)
            return
        self.values.add(scores, seen.low, seen.top)
        if self._probabilities:
            self.sums.add(good, seen.total, len(self.plan.classes), rows.losses.renormalised)
            self._undo_softmax(good, scores, seen, rows)

    def _sample(self, hashed: Hashes, scores: AnyFloats, truth: npt.NDArray[np.generic]) -> None:
        self.sample.add(hashed, scores, truth)
        if not self.plan.soft:
            self.hashes.add(hashed)

    def _add_single(self, good: Block, rows: ScoredRows) -> None:
        score = good.scores[self.plan.own]
        own: AnyFloats = score.astype(np.float32) if good.narrow else score
        self.values.add(own[None, :], own, own)
        if not self.undone.may(float(score.min()), float(score.max())):
            return
        found = without_sigmoid(score[None, :], rows.came_true[None, :], self.plan.objective.threshold)
        self.undone.add(score, found, rows.plain.loss)

    def _undo_softmax(self, good: Block, scores: AnyFloats, seen: Extremes, rows: ScoredRows) -> None:
        if not self.undone.may(float(seen.low.min()), float(seen.top.max())):
            return
        true = true_scores(good.scores, rows.labels, class_major=good.class_major)
        found = without_softmax(scores, seen.low, true, rows.predicted == rows.labels, self.undone.walls.loosest)
        if found is None:
            self.undone.end()
        else:
            self.undone.add(seen.low, found, rows.plain.loss)

    def add_labels(self, good: Block, seen: Extremes, rows: ScoredLabels) -> None:
        """Add the scored rows of a block of a task with several labels a row."""
        scores = good.scores if good.class_major else good.scores.T
        self.values.add(scores, seen.low, seen.top)
        self._sample(hashes(rows.row_loss), scores, rows.hot)
        held = np.count_nonzero(rows.hot, axis=0)
        self.several += int(np.count_nonzero(held > 1))
        self.unlabelled += int(np.count_nonzero(held == 0))
        if not self._probabilities:
            return
        self.undecided += int(np.count_nonzero(seen.top < SURE))
        self.lowest_top = min(self.lowest_top, float(seen.top.min()))
        self.sums.add(good, seen.total, len(self.plan.classes), None)
        if self.undone.may(float(seen.low.min()), float(seen.top.max())):
            found = without_sigmoid(scores.astype(np.float64), rows.hot, self.plan.objective.threshold)
            loss = np.zeros(rows.plain.shape[1])
            for label in rows.plain:
                loss += label
            self.undone.add(scores, found, loss / len(rows.plain))

    def add_neighbours(self, block: Block, good: Block, rows: ScoredLabels | None) -> None:
        """Add a block of a task with several labels a row to what is known of neighbours.

        Args:
            block: all its rows.
            good: those that are scored.
            rows: what they add; None if there are none.
        """
        if self.neighbours is None:
            return
        none = np.zeros((len(self.plan.classes), 0))
        hot, scores = (
            (none > 0.0, none) if rows is None else (rows.hot, good.scores if good.class_major else good.scores.T)
        )
        self.neighbours.add(block.at[0], block.span, hot, scores, self.plan.scale)

    def merge(self, other: "TrapFacts") -> None:
        """Add another one's rows to these; both must follow the same plan."""
        self.sums.merge(other.sums)
        self.values.merge(other.values)
        self.undone.merge(other.undone)
        self.shifts.merge(other.shifts)
        self.sample.merge(other.sample)
        self.hashes.merge(other.hashes)
        if self.neighbours is not None and other.neighbours is not None:
            self.neighbours.merge(other.neighbours)
        self.several += other.several
        self.unlabelled += other.unlabelled
        self.undecided += other.undecided
        self.lowest_top = min(self.lowest_top, other.lowest_top)
