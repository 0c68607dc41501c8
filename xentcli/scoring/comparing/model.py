"""Comparison: everything that is said about two models, as frozen facts.

Floor 5. A is the first model (a baseline), B the second; every difference is B - A. Losses are in nats. Whatever is
undefined is None, never 0 or NaN.
"""

from collections.abc import Mapping
from enum import StrEnum

from xentcli.record import Record
from xentcli.scoring.model import Interval


class Verdict(StrEnum):
    """Which model is better, as far as the rows tell."""

    A_BETTER = "a-better"
    B_BETTER = "b-better"
    INCONCLUSIVE = "inconclusive"


class Difference(Record):
    """How one metric of B differs from that of A.

    Attributes:
        a: the value of A over the compared rows.
        b: likewise of B.
        value: b - a; None where either is undefined.
        interval: of `value`, at the confidence level; None where there is none, and `because` says why.
        p_value: two-sided, of no difference; None likewise.
        method: how interval and p-value were found, in words.
        because: why something is None; None if nothing is.
        adjusted: the p-value after Holm's correction over its table; None where there is no table or no p-value.
    """

    a: float | None
    b: float | None
    value: float | None
    interval: Interval | None
    p_value: float | None
    method: str
    because: str | None = None
    adjusted: float | None = None


class PairedRows(Record):
    """Where the rows of both files went.

    Attributes:
        paired: rows that both models scored; all numbers are of these.
        only_a: rows of A that B lacks.
        only_b: rows of B that A lacks.
        not_scored: rows that both files hold and at least one model could not score (no label, or bad).
    """

    paired: int
    only_a: int
    only_b: int
    not_scored: int = 0


class RightTable(Record):
    """Compared rows by which model is right."""

    both_right: int
    only_a_right: int
    only_b_right: int
    both_wrong: int


class Wins(Record):
    """Compared rows by which model has the lower loss."""

    a: int
    b: int
    equal: int


class GroupDifference(Record):
    """The differences among some of the compared rows.

    Attributes:
        by: `class`, or the column (several joined by `+`) whose value the rows share.
        value: what they share; None for empty cells.
        rows: how many were compared.
        loss: None where there are decisions only.
        accuracy: of a class that is its recall.
        table: rows by which model is right.
        precision: of a class, over the rows that either model gives it to; None for slices, and where it cannot be
            compared.
        f1: of a class, likewise.
    """

    by: str
    value: str | None
    rows: int
    loss: Difference | None
    accuracy: Difference
    table: RightTable
    precision: Difference | None = None
    f1: Difference | None = None


class DifferentRow(Record):
    """A row on which the two models differ much.

    Attributes:
        row_a: 1-based data row of A's file.
        row_b: 1-based data row of B's file.
        id: what pairs them; None by row.
        label: the true class; None where a row has several labels.
        predicted_a: what A decides; None likewise.
        predicted_b: what B decides; None likewise.
        loss_a: of the row, by A.
        loss_b: of the row, by B.
        difference: loss_b - loss_a.
    """

    row_a: int
    row_b: int
    id: str | None
    label: str | None
    predicted_a: str | None
    predicted_b: str | None
    loss_a: float
    loss_b: float
    difference: float


class Comparison(Record):
    """Two models on the same rows.

    Attributes:
        paired_by: `id` or `row`.
        pairing: how the rows were paired, as a sentence.
        rows: where the rows went.
        confidence_level: of the intervals.
        difference: by metric name as in the score document: loss (unless there are decisions only), accuracy, brier
            and the macro averages.
        table: compared rows by which model is right.
        wins: compared rows by which model has the lower loss; None for decisions only.
        verdict: by the loss; by accuracy for decisions only.
        sentence: which is better, by how much, and how sure that is.
        rows_needed: how many compared rows would tell a difference of the size that was seen, with power 0.8; None
            where the verdict is not inconclusive, or where there is no difference to tell.
        per_class: one per class that occurs; empty for several labels a row.
        slices: one per group of each slicing.
        worst: the rows with the largest differences of the loss, largest first.
    """

    paired_by: str
    pairing: str
    rows: PairedRows
    confidence_level: float
    difference: Mapping[str, Difference]
    table: RightTable
    wins: Wins | None
    verdict: Verdict
    sentence: str
    rows_needed: int | None
    per_class: tuple[GroupDifference, ...] = ()
    slices: tuple[GroupDifference, ...] = ()
    worst: tuple[DifferentRow, ...] = ()
