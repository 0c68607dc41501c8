"""Regressions: a limit on how much worse than a baseline, held for all its groups at once.

Floor 7.
"""

from collections.abc import Mapping
from math import erfc, sqrt

from xentcli.config.model import Limit, Margin
from xentcli.gate.baseline import Baseline
from xentcli.gate.model import Regression
from xentcli.metrics import lower_is_better
from xentcli.record import Record, replace
from xentcli.scoring.comparing.decide import Decision, decide, worsening
from xentcli.scoring.comparing.groups import adjusted
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.comparing.power import resolvable
from xentcli.scoring.intervals import quantile

MIN_ROWS = 20
"""Of fewer rows no interval is trusted: the normal law holds for means of many."""


class Settled(Record):
    """What comes of a limit on regression for one group.

    Attributes:
        seen: the comparison.
        decision: what the rows say.
        because: why they say nothing although the interval does; empty where it does not.
    """

    seen: Regression
    decision: Decision
    because: str = ""


def settle(
    limit: Limit, margins: Mapping[str | None, Margin], baseline: Baseline, confidence_level: float
) -> dict[str | None, Settled]:
    """Return what comes of a limit on regression, by group; of all rows under None.

    A group fails if its interval lies above its margin beyond what the number of groups explains: the one-sided
    p-values against the margin are corrected by Holm's method, so that the chance that any group of a model that is
    no worse fails is (1 - c) / 2 at confidence level c, as it is without groups.

    Args:
        limit: on regression.
        margins: how much worse each group may be.
        baseline: to compare with.
        confidence_level: c, of its intervals.
    """
    seen = {group: _regression(limit, group, margin, baseline) for group, margin in margins.items()}
    chances = [_chance(one, confidence_level) for one in seen.values()]
    corrected = adjusted(chances) if len(seen) > 1 else chances
    tail = (1.0 - confidence_level) / 2
    return {
        group: _settled(replace(one, p_value=chance, adjusted=after), tail, len(seen))
        for (group, one), chance, after in zip(seen.items(), chances, corrected, strict=True)
    }


def _settled(seen: Regression, tail: float, groups: int) -> Settled:
    if seen.interval is None:
        return Settled(seen, Decision.INCONCLUSIVE)
    decision = decide(seen.interval, seen.margin)
    if seen.rows < MIN_ROWS and seen.interval != (0.0, 0.0) and decision is not Decision.INCONCLUSIVE:
        return Settled(seen, Decision.INCONCLUSIVE, f"of fewer than {MIN_ROWS} rows no interval is trusted")
    if decision is Decision.FAIL and groups > 1 and (seen.adjusted is None or seen.adjusted >= tail):
        return Settled(
            seen,
            Decision.INCONCLUSIVE,
            f"alone it would fail, but among {groups:,} groups that happens by chance (Holm's correction)",
        )
    return Settled(seen, decision)


def _chance(seen: Regression, confidence_level: float) -> float | None:
    """Return the one-sided p-value of a worsening at the margin; None without an interval.

    The distance from the margin is measured by the half of the interval that lies towards it: exact for normal
    intervals, and for all others on the same side of (1 - c) / 2 as the interval is of the margin.
    """
    if seen.interval is None or seen.worsening is None:
        return None
    half = seen.worsening - seen.interval[0]
    if half <= 0.0:
        return 0.0 if seen.worsening > seen.margin else 1.0
    return 0.5 * erfc(quantile(confidence_level) * (seen.worsening - seen.margin) / half / sqrt(2.0))


def _regression(limit: Limit, group: str | None, margin: Margin, baseline: Baseline) -> Regression:
    """Return how much worse than the baseline's a value is."""
    found, rows = baseline.difference(limit.metric, limit.by, group)
    if found is None:
        found = Difference(None, None, None, None, None, "none", "the baseline has no such rows")
    higher = not lower_is_better(limit.metric)
    interval = None if found.interval is None else worsening(found.interval, higher_is_better=higher)
    value = None if found.value is None else 0.0 - found.value if higher else found.value  # 0, not -0
    share = margin.value * abs(found.a or 0.0) if margin.relative else margin.value
    return Regression(
        value=found.a,
        worsening=value,
        interval=interval,
        margin=share,
        resolvable=None if interval is None else resolvable(interval),
        paired=baseline.paired,
        rows=rows,
        method=found.method if found.because is None else f"{found.method}; {found.because}",
    )
