"""Checks: limits on a model's numbers, and what came of them, as frozen facts.

Floor 7.
"""

from enum import StrEnum

from xentcli.errors import Place
from xentcli.record import Record, field
from xentcli.scoring.model import Interval


class Outcome(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    INCONCLUSIVE = "inconclusive"


class Group(Record):
    """Which rows a check is of.

    Attributes:
        by: `class`, or the column (several joined by `+`) whose value the rows share.
        value: what they share; None for empty cells.
    """

    by: str
    value: str | None


class Bounds(Record):
    """What a value is held against, as the document's `limit` shows it.

    Attributes:
        min: the least that passes.
        max: the most that passes.
        max_regression: the margin, in the metric's unit, by which the value may be worse than the baseline's.
        bound: `interval` where the whole interval must clear `min` and `max`; None where the value must.
    """

    min: float | None = field(default=None, optional=True)
    max: float | None = field(default=None, optional=True)
    max_regression: float | None = field(default=None, optional=True)
    bound: str | None = field(default=None, optional=True)


class Regression(Record):
    """How much worse than the baseline a value is.

    Attributes:
        value: the baseline's value of the metric.
        worsening: by how much the value is worse, in the metric's worse direction; below 0 where it is better.
        interval: of `worsening`; None where there is none.
        margin: how much worse it may be.
        resolvable: half the interval: differences below it this many rows cannot tell.
        paired: whether row by row; False against a stored score document, which is weaker.
        rows: compared rows; of a stored document the baseline's.
        method: how the interval was found, in words.
        p_value: one-sided, of a worsening at the margin; None without an interval.
        adjusted: the same after Holm's correction over the groups of the limit.
    """

    value: float | None
    worsening: float | None
    interval: Interval | None
    margin: float
    resolvable: float | None
    paired: bool
    rows: int
    method: str
    p_value: float | None = None
    adjusted: float | None = None


class Check(Record):
    """One limit held against one value.

    Attributes:
        name: of the limit.
        metric: its name as in the score document.
        group: which rows; None for all.
        rows: how many rows the value is of.
        value: the number; None where undefined, which fails.
        interval: its interval; None where there is none.
        interval_because: why there is none; None where there is one.
        limit: what it was held against.
        baseline: the comparison with a baseline; None without a limit on regression.
        outcome: what came of it.
        level: `fail` or `warn`: what breaking the limit means.
        message: one sentence with the numbers, and enough digits to see why.
        place: where the limit was set: a line of the configuration file; None for a flag or a call.
        note: what is worth knowing of the limit itself, a sentence; None for nothing.
    """

    name: str
    metric: str
    group: Group | None
    rows: int
    value: float | None
    interval: Interval | None
    limit: Bounds
    baseline: Regression | None
    outcome: Outcome
    level: str
    message: str
    place: Place | None = None
    note: str | None = None
    interval_because: str | None = None


class Unjudged(Record):
    """Groups that a limit was not held against, having fewer rows than its `min-count`.

    Attributes:
        name: of the limit.
        by: what groups the rows.
        min_count: the least number of rows.
        groups: what the rows of each share.
    """

    name: str
    by: str
    min_count: int
    groups: tuple[str | None, ...]
