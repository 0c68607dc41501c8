"""RowFacts: where every row of a table went, and what decides the scale of its scores.

Floor 4. A mergeable part of every Tally. First rows are kept as (part, row in the part) and become row numbers once,
at the end. `RowTotals` holds what rows of scores sum to that are never negative and exceed 1; probabilities never get
there, so that it costs them nothing (see `unsigned` for what such scores are taken for).
"""

import heapq
from collections.abc import Sequence
from enum import StrEnum
from math import inf

import numpy as np

from xentcli.arrays import Floats, Indices, Mask
from xentcli.record import MutableRecord, field
from xentcli.task.rounding import OUTSIDE_TOLERANCE
from xentcli.terms import Scale

_SPREAD = 0.01
"""Totals that differ by no more than this share of the largest are one total, as the rounding of scores leaves it."""

PER_CENT = 100.0


class RowTotals(MutableRecord):
    """Rows of finite scores of which none is negative and one exceeds 1.

    Attributes:
        rows: how many.
        whole: of those, rows of whole numbers.
        least: their smallest sum, infinity without rows.
        most: their largest.
        highest: their largest score.
    """

    rows: int = 0
    whole: int = 0
    least: float = inf
    most: float = -inf
    highest: float = -inf

    def add(self, scores: Floats) -> None:
        """Add rows; `scores` has shape (classes, n), in class order, of which n is at least 1."""
        totals = np.zeros(scores.shape[1])
        for one in scores:
            totals += one
        self.rows += len(totals)
        self.whole += int(np.count_nonzero((scores == np.rint(scores)).all(axis=0)))
        self.least, self.most = min(self.least, float(totals.min())), max(self.most, float(totals.max()))
        self.highest = max(self.highest, float(scores.max()))

    def merge(self, other: "RowTotals") -> None:
        """Add another one's rows to these."""
        self.rows += other.rows
        self.whole += other.whole
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self.highest = max(self.highest, other.highest)

    @property
    def all_whole(self) -> bool:
        """Whether all rows hold whole numbers only, as counts and votes do."""
        return self.rows > 0 and self.whole == self.rows

    def one_total(self, classes: int) -> float | None:
        """Return what every row of that many scores sums to, None where the sums differ by more than rounding.

        Per cents without decimals sum to 100 within half a unit a score.
        """
        reach = max(_SPREAD * PER_CENT, classes / 2.0 if self.all_whole else 0.0)
        if max(abs(self.least - PER_CENT), abs(self.most - PER_CENT)) <= reach:
            return PER_CENT
        if not self.most - self.least <= _SPREAD * self.most:
            return None
        middle = (self.least + self.most) / 2.0
        whole, noise = float(round(middle)), OUTSIDE_TOLERANCE * middle
        return whole if self.least - noise <= whole <= self.most + noise else middle


FIRST_ROWS = 10
"""How many rows of each defect are remembered."""

NEARLY_ALL = 0.99
"""The share of the rows with finite scores that shows what all of them are; the others are bad rows."""


class Defect(StrEnum):
    """Why a row cannot be scored."""

    NOT_A_NUMBER = "null or no number"
    NON_FINITE = "NaN or infinite"
    OUT_OF_RANGE = "out of range"
    WRONG_LENGTH = "a list of another length"
    OTHER_CELLS = "another number of cells than the other rows"
    NO_OBJECT = "no JSON object in the line"
    UNSEEN_LABEL = "a label that no score column has"
    BAD_WEIGHT = "a weight that is negative, missing, not finite or above 1e30"
    BAD_TARGET = "targets that are no probabilities"
    NO_PREDICTION = "no predicted label"
    UNSEEN_PREDICTION = "a predicted label that is no class"


class FirstRows(MutableRecord):
    """The number of rows that show something, and the first of them as (part, row in part)."""

    count: int = 0
    rows: list[tuple[int, int]] = field(default_factory=list)

    def add(self, mask: Mask, part: int, offset: int, rows: Indices | None = None) -> None:
        """Add the rows of a block where `mask` is true.

        Args:
            mask: shape (n,).
            part: ordinal of the block's part.
            offset: where the block starts in it.
            rows: shape (n,), where each row stands counted from there; None if they follow each other.
        """
        hits = np.flatnonzero(mask)
        if len(hits) == 0:
            return
        self.count += len(hits)
        first = hits[:FIRST_ROWS] if rows is None else rows[hits[:FIRST_ROWS]]
        found = [(part, offset + int(row)) for row in first]
        self.rows = heapq.nsmallest(FIRST_ROWS, [*self.rows, *found])

    def merge(self, other: "FirstRows") -> None:
        """Add another one's rows to these."""
        self.count += other.count
        self.rows = heapq.nsmallest(FIRST_ROWS, [*self.rows, *other.rows])


class RowFacts(MutableRecord):
    """Counts of rows; `read` splits into scored, missing labels and defects.

    Attributes:
        read: rows seen.
        scored: rows that entered the sums.
        missing_label: rows without a label.
        defects: rows that cannot be scored, by the first defect that was found.
        part_rows: rows of each part, to turn (part, row) into row numbers.
        finite: rows whose scores are all numbers, but for classes masked out by minus infinity.
        fit_probabilities: of those, rows that lie in [0, 1] within 1e-6.
        fit_log_probabilities: of those, rows that do not, are all <= 0, and whose exp sums to 1.
        unsure: of the scores of predicted classes, rows whose score is less than the most probable class can have.
        totals: of those, rows that do not, and hold nothing negative.
    """

    read: int = 0
    scored: int = 0
    missing_label: FirstRows = field(default_factory=FirstRows)
    defects: dict[Defect, FirstRows] = field(default_factory=lambda: {one: FirstRows() for one in Defect})
    part_rows: dict[int, int] = field(default_factory=dict)
    finite: int = 0
    fit_probabilities: int = 0
    fit_log_probabilities: int = 0
    unsure: FirstRows = field(default_factory=FirstRows)
    totals: RowTotals = field(default_factory=RowTotals)

    def merge(self, other: "RowFacts") -> None:
        """Add another one's counts to these."""
        self.read += other.read
        self.scored += other.scored
        self.missing_label.merge(other.missing_label)
        for defect, rows in other.defects.items():
            self.defects[defect].merge(rows)
        for part, rows_in_part in other.part_rows.items():
            self.part_rows[part] = self.part_rows.get(part, 0) + rows_in_part
        self.finite += other.finite
        self.fit_probabilities += other.fit_probabilities
        self.fit_log_probabilities += other.fit_log_probabilities
        self.unsure.merge(other.unsure)
        self.totals.merge(other.totals)

    def add_left_out(self, count: int, defect: Defect) -> None:
        """Count rows that the reader left out because of a defect."""
        self.read += count
        self.defects[defect].count += count

    @property
    def bad(self) -> int:
        """How many rows have a defect."""
        return sum(rows.count for rows in self.defects.values())

    def row_numbers(self, first: FirstRows) -> tuple[int, ...]:
        """Return the remembered rows as 1-based row numbers of the table."""
        return self.numbered(first.rows)

    def numbered(self, places: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        """Return places (part, row in part) as 1-based row numbers of the table."""
        starts: dict[int, int] = {}
        total = 0
        for part in sorted(self.part_rows):
            starts[part] = total
            total += self.part_rows[part]
        return tuple(starts[part] + row + 1 for part, row in places)

    def scale(self) -> Scale | None:
        """Return the scale that these counts decide, None where they decide nothing.

        At least 99 % of the rows with finite scores lie in [0, 1]: probabilities. Under 90 %:
        log-probabilities if at least 99 % of all look like them, else logits. Between: None.
        """
        if self.finite == 0 or self.fit_probabilities >= NEARLY_ALL * self.finite:
            return Scale.PROBABILITIES
        if self.fit_log_probabilities >= NEARLY_ALL * self.finite:
            return Scale.LOG_PROBABILITIES
        if self.fit_probabilities < 0.90 * self.finite:
            return Scale.LOGITS
        return None

    @property
    def unsigned(self) -> bool:
        """Whether scores leave [0, 1], and nearly no row of them holds a negative one."""
        leave = self.fit_probabilities < NEARLY_ALL * self.finite
        return leave and self.fit_probabilities + self.totals.rows >= NEARLY_ALL * self.finite
