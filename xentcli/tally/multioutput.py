"""MultiOutputTally: a mergeable bag of sums for several tasks that stand side by side in one table.

Floor 4. Each output is tallied as a task of its own; one pass reads all columns. What only whole rows tell, the sum
of the outputs' losses and whether every output is right, is counted over the rows that are complete in all outputs.
A row that is bad in one output is bad in all. Outputs that hold predicted labels without scores have losses of 0, which
no Score shows.
"""

from collections import Counter

import numpy as np
import pyarrow as pa

from xentcli.arrays import Floats, Indices, Mask
from xentcli.files.table import ReadAs
from xentcli.record import MutableRecord, Record, field
from xentcli.tally.decisions import DecisionPlan, DecisionTally
from xentcli.tally.exact import ExactSums
from xentcli.tally.plan import Plan, with_slicings
from xentcli.tally.quality import LossHistogram
from xentcli.tally.row_facts import FIRST_ROWS, FirstRows, RowFacts
from xentcli.tally.row_outcomes import RowOutcomes, RowResults, label_keys
from xentcli.tally.slices import Slices
from xentcli.tally.tally import Tally
from xentcli.tally.weighted import WeightedSums
from xentcli.tally.worst import Entry, Worst
from xentcli.terms import Kind

OutputPlan = Plan | DecisionPlan
OutputTally = Tally | DecisionTally


class MultiOutputPlan(Record):
    """The plans of several outputs of one table.

    Attributes:
        names: of the outputs.
        plans: one per output, each with one label a row; all of scores, or all of predicted labels.
        weight: column of row weights, the same for all.
        slicings: groups of columns; the rows are sliced by the values of each group.
        worst: how many of the rows with the largest losses are remembered.
        kind: always multi-output.
    """

    names: tuple[str, ...]
    plans: tuple[OutputPlan, ...]
    weight: str | None = None
    kind: Kind = Kind.MULTIOUTPUT
    slicings: tuple[tuple[str, ...], ...] = ()
    worst: int = 0

    @property
    def decided(self) -> bool:
        """Whether the outputs hold predicted labels, of which there is no loss."""
        return any(isinstance(plan, DecisionPlan) for plan in self.plans)

    @property
    def columns(self) -> dict[str, ReadAs]:
        """All columns that a pass reads, and how."""
        wanted: dict[str, ReadAs] = {}
        for plan in self.plans:
            wanted |= plan.columns
        return with_slicings(wanted, self.slicings)


class MultiOutputTally(MutableRecord):
    """The sums of a table with several outputs.

    Attributes:
        plan: what the pass follows.
        tallies: one per output; their facts count rows by that output alone, but for the rows that are bad in
            another one, which they do not score.
        facts: where every row went: scored where complete in all outputs.
        lengths: empty; the Tallies of the outputs count their own.
        right: complete rows where every output is right.
        ties: complete rows where an output's decision is tied.
        loss: sum over the complete rows of their losses, each summed over the outputs.
        loss_square: sum of the squares.
        slices: the sums of groups of the complete rows, by slicing.
        worst: the complete rows with the largest losses.
        histogram: complete rows by loss.
        joint: with weights, the weighted sums of the complete rows, class 1 standing for all outputs right.
        outcomes: keeps what became of each row; None if nobody asks.
    """

    plan: MultiOutputPlan
    tallies: tuple[OutputTally, ...] = field(init=False)
    facts: RowFacts = field(default_factory=RowFacts)
    lengths: Counter[int] = field(default_factory=Counter)
    right: int = 0
    ties: int = 0
    loss: ExactSums = field(default_factory=ExactSums)
    loss_square: ExactSums = field(default_factory=ExactSums)
    slices: tuple[Slices, ...] = field(init=False)
    worst: Worst = field(init=False)
    histogram: LossHistogram = field(default_factory=LossHistogram)
    joint: WeightedSums | None = field(init=False)
    outcomes: RowOutcomes | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Start a Tally per output."""
        self.tallies = tuple(_empty(plan) for plan in self.plan.plans)
        weighted = self.plan.weight is not None
        self.joint = WeightedSums(2) if weighted else None
        self.slices = tuple(Slices(columns, weighted=weighted) for columns in self.plan.slicings)
        self.worst = Worst(self.plan.worst)

    @property
    def weighted(self) -> WeightedSums | None:
        """The sums that row weights add, of the complete rows; None without weights."""
        return self.joint

    def add(self, batch: pa.RecordBatch, part: int, offset: int) -> None:
        """Add the rows of a batch that starts at row `offset` of part number `part`."""
        if batch.num_rows == 0:
            return
        found, per_output = self._pass(batch, part, offset)
        missing = np.logical_or.reduce([outcomes.missing for outcomes in per_output])
        bad = np.logical_or.reduce([~outcomes.kept & ~outcomes.missing for outcomes in per_output])
        if bad.any():
            self._add_defects(batch, per_output, (part, offset))
            self._leave_out(found, batch, (part, offset), np.flatnonzero(~bad))
        _merge(self.tallies, found)
        self._count_rows(missing, bad, (part, offset))
        groups = tuple(one.code(batch) for one in self.slices)
        self._count_complete(per_output, ~missing & ~bad, groups, (part, offset))
        if self.outcomes is not None:
            self.outcomes.put(self._row_results(per_output, missing, ~missing & ~bad))

    def _row_results(self, per_output: list[RowOutcomes], missing: Mask, complete: Mask) -> RowResults:
        """Return what became of the rows of a batch: a complete one is right if it is in every output."""
        labels, predicted = np.zeros((2, len(complete)), dtype=np.int64)
        loss = np.zeros(len(complete))
        for name, plan, outcomes in zip(self.plan.names, self.plan.plans, per_output, strict=True):
            loss += outcomes.loss
            keys = label_keys(plan.classes, name)
            with np.errstate(over="ignore"):
                labels += np.where(outcomes.kept, keys[outcomes.labels], 0)
                predicted += np.where(outcomes.kept, keys[outcomes.predicted], 0)
        return RowResults(
            kept=complete,
            missing=missing,
            labels=labels,
            predicted=predicted,
            right=complete & np.logical_and.reduce([outcomes.right for outcomes in per_output]),
            tied=complete & np.logical_or.reduce([outcomes.tied for outcomes in per_output]),
            loss=np.where(complete, loss, 0.0),
            weights=per_output[0].weights,
        )

    def _pass(
        self, batch: pa.RecordBatch, part: int, offset: int, places: Indices | None = None
    ) -> tuple[tuple[OutputTally, ...], list[RowOutcomes]]:
        """Return what each output makes of some rows, and what became of each of them."""
        per_output = [RowOutcomes() for _ in self.plan.plans]
        found = tuple(_empty(plan, outcomes) for plan, outcomes in zip(self.plan.plans, per_output, strict=True))
        for one in found:
            if isinstance(one, Tally):
                one.add(batch, part, offset, places)
            else:  # whose facts of rows stay as first found
                one.add(batch, part, offset)
        return found, per_output

    def _leave_out(
        self, found: tuple[OutputTally, ...], batch: pa.RecordBatch, at: tuple[int, int], good: Indices
    ) -> None:
        """Put the sums of the good rows in place of those of all; where the rows went stays as first found."""
        again, _ = self._pass(batch.take(pa.array(good)), *at, good)
        for one, anew in zip(found, again, strict=True):
            facts = one.facts
            facts.scored = anew.facts.scored
            lengths = one.lengths
            vars(one).update(vars(anew))
            one.facts, one.lengths = facts, lengths

    def _add_defects(self, batch: pa.RecordBatch, per_output: list[RowOutcomes], at: tuple[int, int]) -> None:
        """Count each bad row once, under the defect that the first output it is bad in finds."""
        seen = np.zeros(batch.num_rows, dtype=np.bool_)
        for plan, outcomes in zip(self.plan.plans, per_output, strict=True):
            rows = np.flatnonzero(~outcomes.kept & ~outcomes.missing & ~seen)
            seen[rows] = True
            if len(rows) == 0:
                continue
            alone = _empty(plan)
            alone.add(batch.take(pa.array(rows)), 0, 0)
            for defect, first in alone.facts.defects.items():
                moved = [(at[0], at[1] + int(rows[row])) for _, row in first.rows[:FIRST_ROWS]]
                self.facts.defects[defect].merge(FirstRows(first.count, moved))

    def _count_rows(self, missing: Mask, bad: Mask, at: tuple[int, int]) -> None:
        self.facts.read += len(missing)
        self.facts.missing_label.add(missing & ~bad, *at)
        self.facts.scored += int(np.count_nonzero(~missing & ~bad))
        self.facts.part_rows[at[0]] = self.facts.part_rows.get(at[0], 0) + len(missing)

    def _count_complete(
        self, per_output: list[RowOutcomes], complete: Mask, groups: tuple[Indices, ...], at: tuple[int, int]
    ) -> None:
        rows = np.flatnonzero(complete)
        if len(rows) == 0:
            return
        loss = np.zeros(len(rows))
        for outcomes in per_output:
            loss += outcomes.loss[rows]
        right = np.logical_and.reduce([outcomes.right[rows] for outcomes in per_output])
        self.right += int(np.count_nonzero(right))
        self.ties += int(np.count_nonzero(np.logical_or.reduce([outcomes.tied[rows] for outcomes in per_output])))
        self.loss.add(loss)
        self.histogram.add(loss)
        self.loss_square.add(loss * loss)
        weights = None if per_output[0].weights is None else per_output[0].weights[rows]
        if self.joint is not None and weights is not None:
            self.joint.add(weights, loss, np.ones(len(rows), dtype=np.intp), right.astype(np.intp))
        for one, group in zip(self.slices, groups, strict=True):
            one.add(group[rows], loss, right, weights)
        found = self.worst.candidates(loss)
        self.worst.add(at, rows[found], self._entries(per_output, rows[found], loss[found]))

    def _entries(self, per_output: list[RowOutcomes], rows: Indices, loss: Floats) -> list[Entry]:
        """Return what is remembered of some rows: classes are numbered through all outputs."""
        sizes = [len(plan.classes) for plan in self.plan.plans]
        firsts = np.cumsum([0, *sizes[:-1]])
        true = np.array([outcomes.labels[rows] + first for outcomes, first in zip(per_output, firsts, strict=True)])
        guess = np.array([outcomes.predicted[rows] + first for outcomes, first in zip(per_output, firsts, strict=True)])
        return [
            (cost, tuple(labels), tuple(guesses), None)
            for cost, labels, guesses in zip(loss.tolist(), true.T.tolist(), guess.T.tolist(), strict=True)
        ]

    def merge(self, other: "MultiOutputTally") -> None:
        """Add another one's sums to these; both must follow the same plan."""
        _merge(self.tallies, other.tallies)
        self.facts.merge(other.facts)
        self.right += other.right
        self.ties += other.ties
        self.loss.merge(other.loss)
        self.loss_square.merge(other.loss_square)
        for held, another in zip(self.slices, other.slices, strict=True):
            held.merge(another)
        self.worst.merge(other.worst)
        self.histogram.merge(other.histogram)
        if self.joint is not None and other.joint is not None:
            self.joint.merge(other.joint)


def _empty(plan: OutputPlan, outcomes: RowOutcomes | None = None) -> OutputTally:
    """Return the Tally of an output before the first row."""
    return DecisionTally(plan, outcomes=outcomes) if isinstance(plan, DecisionPlan) else Tally(plan, outcomes=outcomes)


def _merge(into: tuple[OutputTally, ...], others: tuple[OutputTally, ...]) -> None:
    """Add the sums of the same outputs."""
    for own, one in zip(into, others, strict=True):
        assert type(own) is type(one)  # noqa: S101  Tallies of one plan are of one kind
        own.merge(one)  # type: ignore[arg-type]
