"""Block hypotheses: every reading of several label columns together, or of a column of number lists.

Floor 3. Small pure functions of `BlockTraits`; see `hypothesis` for how they are ranked.

Block traits: the facts of several label columns together, looked at in the ways that several hypotheses share. Pure
functions of MatrixFacts; nothing is decided here.
"""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from math import sqrt

from xentcli.phrases import counted, verb
from xentcli.record import Record
from xentcli.task.hypothesis import NO_WISH, Hypothesis, Support, Wish
from xentcli.task.matrix_facts import MatrixFacts
from xentcli.task.model import Detection, NotATarget
from xentcli.task.names import pieces
from xentcli.terms import Encoding, Kind

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


_RARE = 0.05
"""Rows without a 1, below this share and with no row of several, are rows without a label."""


Reading = Hypothesis[BlockTraits]


def _no_bits(traits: BlockTraits) -> str | None:
    if traits.matrix is None:
        return "the cells are neither 0 and 1 nor yes and no"
    left = traits.matrix.labelled - traits.matrix.zero_one
    return f"{counted(left, 'row')} {verb(left, 'hold')} other numbers than 0 and 1" if left else None


def _one_hot_killed(width: Callable[[int], bool], words: str) -> Callable[[BlockTraits], str | None]:
    def killed(traits: BlockTraits) -> str | None:
        reason = _no_bits(traits)
        if reason is not None or traits.matrix is None:
            return reason
        if not width(traits.width):
            return f"{counted(traits.width, 'column')} {verb(traits.width, 'are')} not {words}"
        seen = traits.matrix
        several = seen.labelled - seen.by_sum[0] - seen.by_sum[1]
        if several:
            return f"{counted(several, 'row')} {verb(several, 'hold')} several 1s"
        if seen.partial:
            return f"{counted(seen.partial, 'row')} {verb(seen.partial, 'leave')} some labels open"
        if seen.by_sum[1] == 0:
            return "no row holds a 1"
        taken = [name for name, rows in zip(seen.names, seen.ones.tolist(), strict=True) if rows]
        if len(taken) == 1 and not traits.wish.fixes:
            return f"only {taken[0]} ever holds the 1"
        if seen.by_sum[0] > _RARE * seen.labelled and traits.wish.encoding is not Encoding.ONE_HOT:
            return f"{counted(seen.by_sum[0], 'row')} {verb(seen.by_sum[0], 'hold')} no 1"
        return None

    return killed


def _one_hot_support(traits: BlockTraits) -> Support:
    seen = traits.matrix
    assert seen is not None  # noqa: S101  it was not killed
    if seen.by_sum[0] == 0:
        return 6.0, f"exactly one 1 in each of {counted(seen.by_sum[1], 'row')} of {traits.width} columns"
    sentence = (
        f"one 1 in {seen.by_sum[1]:,} of {counted(seen.labelled, 'row')}, never several; "
        f"the {seen.by_sum[0]:,} without {verb(seen.by_sum[0], 'have')} no label"
    )
    return (4.0 if seen.labelled >= 100 else 2.5), sentence


def _multi_hot_killed(traits: BlockTraits) -> str | None:
    if traits.constant and not traits.wish.fixes:
        return "no column ever varies"
    return _no_bits(traits)


def _single_class_killed(traits: BlockTraits) -> str | None:
    return None if traits.constant else "a column varies"


def _single_class_support(traits: BlockTraits) -> Support:
    seen = traits.matrix
    assert seen is not None  # noqa: S101  it was not killed
    taken = [name for name, rows in zip(seen.names, seen.ones.tolist(), strict=True) if rows]
    ones = f"only {', '.join(taken[:3])}{', ...' if len(taken) > 3 else ''} {verb(len(taken), 'hold')} 1"
    return 98.0, f"every labelled row holds the same zeros and ones: {ones if taken else 'no column holds a 1'}"


def _multi_hot_support(traits: BlockTraits) -> Support:
    seen = traits.matrix
    assert seen is not None  # noqa: S101  it was not killed
    none, one = seen.by_sum[0], seen.by_sum[1]
    several = seen.labelled - none - one
    if not none and not several and not seen.partial:
        return 4.5, "labels that exclude each other by chance"
    sentence = f"0/1 columns; {counted(none, 'row')} {verb(none, 'hold')} no 1, {one:,} one, {several:,} several"
    return (6.0 if several else 3.5), sentence


def _distribution_killed(width: Callable[[int], bool], words: str) -> Callable[[BlockTraits], str | None]:
    def killed(traits: BlockTraits) -> str | None:
        seen = traits.matrix
        if seen is None or seen.labelled == 0:
            return "the cells are no numbers"
        if not width(traits.width):
            return f"{counted(traits.width, 'column')} {verb(traits.width, 'are')} not {words}"
        if traits.votes or traits.constant_total or seen.unit_sum >= 0.99 * seen.labelled:
            return None
        off = seen.labelled - seen.unit_sum
        return f"{counted(off, 'row')} {verb(off, 'do')} not sum to 1, nor all rows to one total"

    return killed


def _distribution_support(traits: BlockTraits) -> Support:
    seen = traits.matrix
    assert seen is not None  # noqa: S101  it was not killed
    if traits.bits:
        return 1.0, f"{counted(seen.unit_sum, 'row')} {verb(seen.unit_sum, 'sum')} to 1"
    if seen.unit_sum >= 0.99 * seen.labelled:
        return 5.0, f"{seen.sums_said}: shares over {traits.width} classes"
    said = f"{traits.totals_said}: {traits.width} classes"
    return (5.0 if traits.constant_total else 4.5 if traits.odd_totals else 3.0), said


def _shares_killed(traits: BlockTraits) -> str | None:
    seen = traits.matrix
    if seen is None or seen.labelled == 0:
        return "the cells are no numbers"
    if seen.in_unit < seen.labelled:
        outside = seen.labelled - seen.in_unit
        return f"{counted(outside, 'row')} {verb(outside, 'leave')} [0, 1]"
    if traits.bits and traits.wish.encoding is not Encoding.LABEL_PROBABILITIES:
        return "every row holds zeros and ones only"
    return None


def _shares_support(traits: BlockTraits) -> Support:
    seen = traits.matrix
    assert seen is not None  # noqa: S101  it was not killed
    if seen.unit_sum >= 0.99 * seen.labelled:
        return 1.0, f"all {seen.labelled:,} rows lie in [0, 1]"
    return 3.0, f"all {seen.labelled:,} rows lie in [0, 1], their sums differ: a share per label"


def _outputs_killed(traits: BlockTraits) -> str | None:
    if len(traits.outputs) < 2:
        return "one column holds one output"
    for one in traits.outputs:
        if one.task.kind is None:
            return f"column {one.columns[0]}: {one.evidence[0]}"
    return None


def _outputs_support(traits: BlockTraits) -> Support:
    numbers = ", ".join(str(len(one.task.classes)) for one in traits.outputs[:6])
    more = ", ..." if len(traits.outputs) > 6 else ""
    sentence = f"{len(traits.outputs)} columns, each with classes of its own ({numbers}{more})"
    return (1.0 if traits.bits else 2.5), sentence


def _other(what: NotATarget) -> Reading:
    def killed(traits: BlockTraits) -> str | None:
        return None if traits.others[what] else f"no column is {what.value}"

    def support(traits: BlockTraits) -> Support:
        found = [one for one in traits.outputs if one.task.not_a_target is what]
        return 2.0 + 0.01 * len(found), f"column {found[0].columns[0]}: {found[0].evidence[0]}"

    return Hypothesis(None, None, what, killed, support)


def _empty_killed(traits: BlockTraits) -> str | None:
    if traits.matrix is not None and traits.matrix.labelled == 0:
        return None
    if traits.outputs and traits.others[NotATarget.EMPTY] == len(traits.outputs):
        return None
    return "there are labels"


def _numbers_killed(traits: BlockTraits) -> str | None:
    if traits.outputs or traits.matrix is None:
        return "each column tells by itself"
    return "every row holds zeros and ones only" if traits.bits else None


def _is_two(width: int) -> bool:
    return width == 2


def _is_more(width: int) -> bool:
    return width > 2


BLOCK_HYPOTHESES: tuple[Reading, ...] = (
    Hypothesis(None, None, NotATarget.EMPTY, _empty_killed, lambda _: (99.0, "every cell is empty")),
    Hypothesis(None, None, NotATarget.SINGLE_CLASS, _single_class_killed, _single_class_support),
    Hypothesis(Kind.BINARY, Encoding.ONE_HOT, None, _one_hot_killed(_is_two, "two classes"), _one_hot_support),
    Hypothesis(Kind.MULTICLASS, Encoding.ONE_HOT, None, _one_hot_killed(_is_more, "several classes"), _one_hot_support),
    Hypothesis(Kind.MULTILABEL, Encoding.MULTI_HOT, None, _multi_hot_killed, _multi_hot_support),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_PROBABILITIES, None, _distribution_killed(_is_two, "two classes"),
        _distribution_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_PROBABILITIES, None, _distribution_killed(_is_more, "several classes"),
        _distribution_support,
    ),
    Hypothesis(Kind.MULTILABEL, Encoding.LABEL_PROBABILITIES, None, _shares_killed, _shares_support),
    Hypothesis(Kind.MULTIOUTPUT, None, None, _outputs_killed, _outputs_support),
    *(_other(what) for what in NotATarget if what is not NotATarget.EMPTY),
    Hypothesis(
        None, None, NotATarget.CONTINUOUS, _numbers_killed,
        lambda _: (1.5, "rows of numbers that are neither 0/1, nor shares, nor votes"),
    ),
)  # fmt: skip
