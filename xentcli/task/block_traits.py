"""Block traits: the facts of several label columns together, looked at in the ways that several hypotheses share.

Floor 3. Pure functions of MatrixFacts; nothing is decided here.
"""

from collections import Counter
from functools import cached_property
from math import sqrt

from xentcli.phrases import counted
from xentcli.record import Record
from xentcli.task.hypothesis import NO_WISH, Wish
from xentcli.task.matrix_facts import MatrixFacts
from xentcli.task.model import Detection, NotATarget
from xentcli.task.names import pieces

FEW_ROWS = 30
_SOME_ROWS = 10
_VOTES = frozenset({"vote", "votes", "voters", "annotators", "raters", "count", "counts"})
"""Words that say how many people chose a class; a single `rater` gave an answer of their own."""

_ODD = 0.05
"""Rows of another total than the usual one, below this share, are voters that stayed away or came twice."""


class BlockTraits(Record):
    """Facts of a block, looked at in the ways that several hypotheses share.

    Attributes:
        matrix: of its rows as numbers; None where the cells stand for none.
        outputs: the reading of each column by itself; empty for a list column.
        wish: what the caller says.
    """

    matrix: MatrixFacts | None
    outputs: tuple[Detection, ...] = ()
    wish: Wish = NO_WISH

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.matrix.names) if self.matrix is not None else len(self.outputs)

    @cached_property
    def others(self) -> Counter[NotATarget]:
        """Columns that hold no classification target, by what they hold."""
        return Counter(one.task.not_a_target for one in self.outputs if one.task.not_a_target is not None)

    @cached_property
    def bits(self) -> bool:
        """Whether every row holds zeros and ones only."""
        return self.matrix is not None and self.matrix.zero_one == self.matrix.labelled > 0

    @cached_property
    def constant(self) -> bool:
        """Whether every row holds the same zeros and ones, so that there is nothing to tell apart."""
        seen = self.matrix
        return self.bits and seen is not None and not (seen.ones.astype(bool) & seen.zeros.astype(bool)).any()

    @cached_property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest total of a row."""
        if self.matrix is None or self.matrix.low_total is None or self.matrix.high_total is None:
            return (0.0, 0.0)
        return (self.matrix.low_total, self.matrix.high_total)

    @cached_property
    def constant_total(self) -> bool:
        """Whether every row is of numbers, none negative, with one and the same total above 1."""
        low, high = self.spread
        if self.matrix is None or self.matrix.positive < self.matrix.labelled or low <= 1.001:
            return False
        digits = self.matrix.digits if self.matrix.digits is not None else 4
        rounding = self.width * 0.5 * 10.0**-digits + 1e-6 * high
        if digits == 0:  # whole numbers are rounded where they are per cents; else they are counted
            return low == high or max(high - 100, 100 - low) <= rounding
        return high - low <= 2 * rounding

    @cached_property
    def votes(self) -> bool:
        """Whether rows are counts of votes: whole numbers of one total, or nearly all, or of totals much alike."""
        if self.matrix is None or self.matrix.whole < self.matrix.labelled or self.bits:
            return False
        low, high = self.spread
        if self.constant_total or self.odd_totals:
            return True
        zeros = self.matrix.zero_cells / max(1, self.matrix.labelled * self.width)
        named = all(pieces(name) & _VOTES for name in self.matrix.names)
        # Independent counts spread over five times the root of their mean; voters are invited, and come.
        alike = high - low <= 3 * sqrt(low) and zeros >= 0.15 and self.matrix.labelled >= FEW_ROWS
        return (low >= 1 and alike) or (named and self.matrix.positive >= (1 - _ODD) * self.matrix.labelled)

    @cached_property
    def usual_total(self) -> int | None:
        """The commonest total of rows of whole numbers, the smallest of several; None without such rows."""
        totals = {} if self.matrix is None else self.matrix.whole_totals
        return min(totals, key=lambda total: (-totals[total], total), default=None)

    @cached_property
    def odd_totals(self) -> dict[int, int]:
        """The totals of the few rows that hold another than the usual one, with their rows; empty if many do."""
        seen, usual = self.matrix, self.usual_total
        if seen is None or usual is None or usual < 2 or seen.whole < seen.labelled:
            return {}
        odd = {total: rows for total, rows in sorted(seen.whole_totals.items()) if total != usual}
        rows = seen.labelled - seen.whole_totals[usual]
        enough = seen.labelled >= _SOME_ROWS or (len(seen.names) > 2 and seen.labelled > 3)
        return odd if enough and rows <= max(1, _ODD * seen.labelled) else {}

    @cached_property
    def totals_said(self) -> str:
        """What rows of votes hold, as a sentence says it."""
        low, high = self.spread
        seen, odd = self.matrix, self.odd_totals
        whole = "votes" if seen is not None and seen.whole == seen.labelled else "parts"
        if seen is None or not odd or self.usual_total is None:
            return f"every row holds {low:g} {whole}" if low == high else f"every row holds {low:g} to {high:g} {whole}"
        rows = seen.whole_totals[self.usual_total]
        others = ", ".join(
            f"{total:,} in {_rows_said(number, seen.first_by_total[total])}" for total, number in [*odd.items()][:3]
        )
        left = seen.labelled - rows - sum([*odd.values()][:3])
        more = f", another number in {counted(left, 'row')}" if left else ""
        return f"{rows:,} of {counted(seen.labelled, 'row')} hold {self.usual_total:,} votes, but {others}{more}"


def _rows_said(rows: int, first: int) -> str:
    """Return where rows stand, the first of them counted from 0."""
    return f"row {first + 1:,}" if rows == 1 else f"{rows:,} rows (the first is row {first + 1:,})"
