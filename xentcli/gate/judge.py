"""Judging: limits held against a Score and against a baseline, and the sentences that say so.

Floor 7. Pure. Values are compared unrounded; sentences have as many digits as it takes to see why. A limit on a
number of one class of two is held against the number of the class that it means.

Regressions: a limit on how much worse than a baseline, held for all its groups at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import erfc, sqrt

from xentcli.config.model import Bound, FailLevel, Inconclusive, Limit, Margin
from xentcli.config.toml import toml_text
from xentcli.errors import Place
from xentcli.gate.baseline import Baseline
from xentcli.gate.metrics import Measured, measured
from xentcli.gate.model import Bounds, Check, Group, Outcome, Regression, Unjudged
from xentcli.gate.refusal import refuse
from xentcli.metrics import METRICS, lower_is_better
from xentcli.phrases import counted, losses
from xentcli.record import Record, replace
from xentcli.scoring.comparing.decide import Decision, decide, worsening
from xentcli.scoring.comparing.means import adjusted
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.comparing.statistics import resolvable
from xentcli.scoring.intervals import quantile
from xentcli.scoring.model import Interval, Score, ScoredTask
from xentcli.task.positive import PositiveBy

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
        group: _settled_group(replace(one, p_value=chance, adjusted=after), tail, len(seen))
        for (group, one), chance, after in zip(seen.items(), chances, corrected, strict=True)
    }


def _settled_group(seen: Regression, tail: float, groups: int) -> Settled:
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


_DIGITS = 4


def number(value: float) -> str:
    """Return a number with four significant digits; whole numbers as they are."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.{_DIGITS}g}"


def apart(value: float, limit: float) -> tuple[str, str]:
    """Return two numbers with enough digits to tell them apart: 0.8999996 against 0.9."""
    one, other = losses(value, limit, noise=0.0)
    return one, other


def beyond(metric: str, value: float, limit: float, interval: Interval | None, *, least: bool) -> str:
    """Return how a value, or its interval, breaks a limit; `least` tells a `min` from a `max`."""
    kind, side = ("min", "below") if least else ("max", "above")
    if interval is None:
        one, other = apart(value, limit)
        return f"{metric} {one} is {side} {kind} {other}"
    end = interval[0] if least else interval[1]
    one, other = apart(end, limit)
    return f"{metric} is {number(value)}, but its interval {span(interval)} reaches {one}, {side} {kind} {other}"


def span(interval: Interval) -> str:
    """Return an interval: [0.8951, 0.9070]."""
    return f"[{number(interval[0])}, {number(interval[1])}]"


def kept_sentence(metric: str, value: float, limits: list[str], interval: Interval | None) -> str:
    """Return that a value keeps its limits."""
    held = "" if interval is None else f" {span(interval)}"
    return f"{metric} {number(value)}{held} is {' and '.join(limits)}"


def undefined(metric: str) -> str:
    """Return that there is no value; an undefined metric fails."""
    return f"{metric} is undefined: no row tells it"


def without_interval(metric: str, value: float, rows: int) -> str:
    """Return that there is no interval that could clear a limit."""
    return f"{metric} is {number(value)}, and there is no interval of {counted(rows, 'row')} that could clear the limit"


def compared(metric: str, value: float, seen: Regression) -> str:
    """Return how a value compares with the baseline's."""
    if seen.value is None or seen.worsening is None:
        return f"{metric} is {number(value)}, and the baseline has none to compare it with"
    change = "equal to" if seen.worsening == 0.0 else _change(seen.worsening)
    ours, theirs = number(value), number(seen.value)
    if ours == theirs and seen.worsening != 0.0:
        ours, theirs = apart(value, seen.value)
    held = "" if seen.interval is None else f", interval of the worsening {span(seen.interval)}"
    return f"{metric} {ours} is {change} the baseline's {theirs}{held}"


def _change(worsening: float) -> str:
    return f"{number(abs(worsening))} {'worse' if worsening > 0.0 else 'better'} than"


def regressed(metric: str, value: float, seen: Regression) -> str:
    """Return that a value is worse than the baseline's by more than the margin."""
    low = seen.interval[0] if seen.interval is not None else seen.worsening or 0.0
    one, other = apart(low, seen.margin)
    return f"{compared(metric, value, seen)}: worse by at least {one}, more than the margin {other}"


def not_regressed(metric: str, value: float, seen: Regression) -> str:
    """Return that a value is not worse than the baseline's by more than the margin."""
    return f"{compared(metric, value, seen)}: within the margin {number(seen.margin)}"


def untold_sentence(metric: str, value: float, seen: Regression) -> str:
    """Return that the rows do not tell whether the margin is kept, and which one they could tell."""
    told = compared(metric, value, seen)
    rows = f"{seen.rows:,} {'paired ' if seen.paired else ''}row{'' if seen.rows == 1 else 's'}"
    if seen.interval is None or seen.resolvable is None:
        return f"{told}: {rows} cannot tell whether it is worse by more than the margin {number(seen.margin)}"
    high, margin = apart(seen.interval[1], seen.margin)
    return (
        f"{told}: {rows} resolve {number(seen.resolvable)} and cannot tell whether it is worse by more than the margin"
        f" {margin}; a margin of {high} would pass"
    )


def unstated_side(task: ScoredTask, limit: Limit) -> str | None:
    """Return that a limit hangs on which class is the positive one, where only the order of two names decided that."""
    if task.positive_by is not PositiveBy.SORTED or limit.by is not None or not METRICS[limit.metric].of_positive:
        return None
    return (
        f"{limit.metric} takes {task.positive!r} for the positive class only because its name sorts last;"
        f" state it: positive = {toml_text(task.positive)} in the configuration, or --positive"
    )


def judge(
    score: Score, limits: Iterable[Limit], baseline: Baseline | None
) -> tuple[tuple[Check, ...], tuple[Unjudged, ...]]:
    """Return what comes of some limits, and which groups were too small for them.

    Args:
        score: holds every slicing that a limit names.
        limits: in the order of the report.
        baseline: None without.

    Raises:
        ConfigError: a limit of the configuration file names what does not exist, or cannot be judged.
        UsageError: a flag does.
    """
    checks: list[Check] = []
    unjudged: list[Unjudged] = []
    for limit in limits:
        refuse(score, limit, baseline)
        found = _of_group(measured(score, limit.metric, limit.by), limit.group)
        small = [] if limit.by is None else [value for value, one in found.items() if one.rows < limit.min_count]
        large = {value: one for value, one in found.items() if value not in small}
        settled = _settled(limit, large, baseline, score.confidence_level)
        note = unstated_side(score.task, limit)
        checks += [_check(limit, value, one, settled.get(value), note) for value, one in large.items()]
        if small and limit.by is not None:
            unjudged.append(Unjudged(limit.name, limit.by, limit.min_count, tuple(small)))
    return tuple(checks), tuple(unjudged)


def _of_group(found: Mapping[str | None, Measured], group: str | None) -> Mapping[str | None, Measured]:
    """Return the one group that a limit is of, or all; an empty text stands for the rows with an empty cell."""
    if group is None:
        return found
    at = group or ("" if "" in found else None)
    return {at: found[at]} if at in found else {}


def _settled(
    limit: Limit, found: Mapping[str | None, Measured], baseline: Baseline | None, confidence_level: float
) -> dict[str | None, Settled]:
    """Return what comes of the limit on regression, by group, where there are values and a baseline."""
    margins = {value: _bounds(limit, value)[1] for value, one in found.items() if one.value is not None}
    known = {value: margin for value, margin in margins.items() if margin is not None}
    return {} if baseline is None or not known else settle(limit, known, baseline, confidence_level)


class _Part(Record):
    """What comes of one key of a limit."""

    outcome: Outcome
    key: str
    message: str


def _check(limit: Limit, value: str | None, seen: Measured, settled: Settled | None, note: str | None) -> Check:
    group = None if limit.by is None else Group(limit.by, value)
    bounds, _ = _bounds(limit, value)
    metric = limit.metric
    if seen.value is None:
        parts = [_Part(Outcome.FAILED, "metric", undefined(metric))]
    else:
        parts = list(_absolute(metric, seen, bounds))
        if settled is not None:
            parts.append(_relative(metric, seen.value, settled, limit.inconclusive))
            bounds = Bounds(bounds.min, bounds.max, settled.seen.margin, bounds.bound)
    outcome, deciding = _worst(limit, parts)
    message = "; ".join(one.message for one in deciding) if deciding else _kept(metric, seen, bounds, parts)
    return Check(
        name=limit.name,
        metric=limit.metric,
        group=group,
        rows=seen.rows,
        value=seen.value,
        interval=seen.interval,
        interval_because=seen.because,
        limit=bounds,
        baseline=None if settled is None else settled.seen,
        outcome=outcome,
        level=str(limit.level),
        message=message,
        place=_place(limit, value, deciding),
        note=note,
    )


def _place(limit: Limit, group: str | None, deciding: list[_Part]) -> Place | None:
    """Return where what decided was set; of several keys the first."""
    keys = (f"overrides.{group}", *(one.key for one in deciding))
    return next((limit.places[key] for key in keys if key in limit.places), limit.place)


def _bounds(limit: Limit, group: str | None) -> tuple[Bounds, Margin | None]:
    """Return what a group's value is held against: an override takes the place of the one limit."""
    least, most, margin = limit.min, limit.max, limit.max_regression
    other = limit.overrides.get(group) if group is not None else None
    if other is not None:
        least = None if least is None else other
        most = None if most is None else other
        margin = None if margin is None else Margin(other, margin.relative)
    return Bounds(least, most, bound=None if limit.bound is Bound.POINT else str(limit.bound)), margin


def _absolute(metric: str, seen: Measured, bounds: Bounds) -> Iterator[_Part]:
    """Yield what comes of `min` and `max`."""
    assert seen.value is not None  # noqa: S101  the caller has looked
    interval = seen.interval if bounds.bound == Bound.INTERVAL else None
    if bounds.bound == Bound.INTERVAL and interval is None and (bounds.min is not None or bounds.max is not None):
        yield _Part(Outcome.FAILED, "bound", without_interval(metric, seen.value, seen.rows))
        return
    low, high = (seen.value, seen.value) if interval is None else interval
    if bounds.min is not None and low < bounds.min:
        point = None if seen.value < bounds.min else interval
        yield _Part(Outcome.FAILED, "min", beyond(metric, seen.value, bounds.min, point, least=True))
    if bounds.max is not None and high > bounds.max:
        point = None if seen.value > bounds.max else interval
        yield _Part(Outcome.FAILED, "max", beyond(metric, seen.value, bounds.max, point, least=False))


def _relative(metric: str, value: float, settled: Settled, how: Inconclusive) -> _Part:
    """Return what comes of a limit on regression."""
    key, seen = "max-regression", settled.seen
    if settled.decision is Decision.FAIL:
        return _Part(Outcome.FAILED, key, regressed(metric, value, seen))
    if settled.decision is Decision.PASS:
        return _Part(Outcome.PASSED, key, not_regressed(metric, value, seen))
    told = f"{compared(metric, value, seen)}: {settled.because}" if settled.because else None
    meant = f'; inconclusive = "{how}" decides' if how != Inconclusive.WARN else ""
    return _Part(Outcome.INCONCLUSIVE, key, (told or untold_sentence(metric, value, seen)) + meant)


def _worst(limit: Limit, parts: list[_Part]) -> tuple[Outcome, list[_Part]]:
    """Return the outcome of all parts of a limit, and those that decide it; none decides that it is kept."""
    failed = [one for one in parts if one.outcome is Outcome.FAILED]
    if failed:
        return _failed(limit), failed
    untold = [one for one in parts if one.outcome is Outcome.INCONCLUSIVE]
    if untold:
        meant = {Inconclusive.WARN: Outcome.INCONCLUSIVE, Inconclusive.PASS: Outcome.PASSED}
        return meant.get(limit.inconclusive, _failed(limit)), untold
    return Outcome.PASSED, []


def _kept(metric: str, seen: Measured, bounds: Bounds, parts: list[_Part]) -> str:
    """Return that a value keeps its limits."""
    limits = (("min", bounds.min), ("max", bounds.max))
    held = [f"within {kind} {number(each)}" for kind, each in limits if each is not None]
    assert seen.value is not None  # noqa: S101  undefined values fail
    interval = seen.interval if bounds.bound == Bound.INTERVAL else None
    kept = [kept_sentence(metric, seen.value, held, interval)] if held else []
    return "; ".join([*kept, *(one.message for one in parts)])


def _failed(limit: Limit) -> Outcome:
    return Outcome.WARNED if limit.level == FailLevel.WARN else Outcome.FAILED
