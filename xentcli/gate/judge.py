"""Judging: limits held against a Score, and against a baseline.

Floor 7. Pure. Values are compared unrounded.
"""

from collections.abc import Iterable, Iterator, Mapping

from xentcli.config.model import Bound, FailLevel, Inconclusive, Limit, Margin
from xentcli.errors import Place
from xentcli.gate import wording
from xentcli.gate.baseline import Baseline
from xentcli.gate.metrics import Measured, measured
from xentcli.gate.model import Bounds, Check, Group, Outcome, Unjudged
from xentcli.gate.one_sided import unstated_side
from xentcli.gate.refusal import refuse
from xentcli.gate.regressions import Settled, settle
from xentcli.record import Record
from xentcli.scoring.comparing.decide import Decision
from xentcli.scoring.model import Score


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
        parts = [_Part(Outcome.FAILED, "metric", wording.undefined(metric))]
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
        yield _Part(Outcome.FAILED, "bound", wording.without_interval(metric, seen.value, seen.rows))
        return
    low, high = (seen.value, seen.value) if interval is None else interval
    if bounds.min is not None and low < bounds.min:
        point = None if seen.value < bounds.min else interval
        yield _Part(Outcome.FAILED, "min", wording.beyond(metric, seen.value, bounds.min, point, least=True))
    if bounds.max is not None and high > bounds.max:
        point = None if seen.value > bounds.max else interval
        yield _Part(Outcome.FAILED, "max", wording.beyond(metric, seen.value, bounds.max, point, least=False))


def _relative(metric: str, value: float, settled: Settled, how: Inconclusive) -> _Part:
    """Return what comes of a limit on regression."""
    key, seen = "max-regression", settled.seen
    if settled.decision is Decision.FAIL:
        return _Part(Outcome.FAILED, key, wording.regressed(metric, value, seen))
    if settled.decision is Decision.PASS:
        return _Part(Outcome.PASSED, key, wording.not_regressed(metric, value, seen))
    told = f"{wording.compared(metric, value, seen)}: {settled.because}" if settled.because else None
    meant = f'; inconclusive = "{how}" decides' if how != Inconclusive.WARN else ""
    return _Part(Outcome.INCONCLUSIVE, key, (told or wording.untold(metric, value, seen)) + meant)


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
    held = [f"within {kind} {wording.number(each)}" for kind, each in limits if each is not None]
    assert seen.value is not None  # noqa: S101  undefined values fail
    interval = seen.interval if bounds.bound == Bound.INTERVAL else None
    kept = [wording.kept(metric, seen.value, held, interval)] if held else []
    return "; ".join([*kept, *(one.message for one in parts)])


def _failed(limit: Limit) -> Outcome:
    return Outcome.WARNED if limit.level == FailLevel.WARN else Outcome.FAILED
