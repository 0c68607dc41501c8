"""Judging: limits held against a Score, and against a baseline.

Floor 7. Pure. Values are compared unrounded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xentcli.config.model import Bound, FailLevel, Inconclusive, Limit, Margin
from xentcli.errors import ConfigError, Place, UsageError, XentError, did_you_mean
from xentcli.gate import wording
from xentcli.gate.baseline import Baseline
from xentcli.gate.metrics import AT_MOST_1, BY_CLASS, OF_LABEL, Measured, groups, lower_is_better, measured, names
from xentcli.gate.model import Bounds, Check, Group, Outcome, Regression, Unjudged
from xentcli.scoring.comparing.decide import Decision, decide, worsening
from xentcli.scoring.comparing.model import Difference
from xentcli.scoring.comparing.power import resolvable
from xentcli.scoring.model import Score

_SHOWN = 12
_PER_CENT = 100.0


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
        _refuse(score, limit, baseline)
        small: list[str | None] = []
        for value, seen in measured(score, limit.metric, limit.by).items():
            if limit.by is not None and seen.rows < limit.min_count:
                small.append(value)
            else:
                checks.append(_check(limit, value, seen, baseline))
        if small and limit.by is not None:
            unjudged.append(Unjudged(limit.name, limit.by, limit.min_count, tuple(small)))
    return tuple(checks), tuple(unjudged)


def wrong(limit: Limit, key: str, message: str, help: str | None = None) -> XentError:  # noqa: A002  as in XentError
    """Return the error for a mistake in a limit, at the line of its key where it stands in a file."""
    place = limit.places.get(key, limit.place)
    if place is None:
        return UsageError(f"{limit.name}: {message}", help=help)
    return ConfigError(f"check {limit.name!r}: {message}", place=place, help=help)


def _refuse(score: Score, limit: Limit, baseline: Baseline | None) -> None:
    """Raise if a limit names what does not exist, or asks for what there is not."""
    known = names(score, limit.by)
    if limit.by is not None and not list(groups(score, limit.by)):
        if limit.by == BY_CLASS:
            raise wrong(limit, "by", "several outputs have no classes in common", "score one output with --label")
        raise wrong(limit, "by", f"no rows are grouped by {limit.by!r}", "name the columns by their names")
    if limit.metric not in known:
        message = f"there is no metric {limit.metric!r}{_of(limit)} for this task"
        raise wrong(limit, "metric", message, _near_metric(limit, known))
    if limit.bound == Bound.INTERVAL and (limit.min is not None or limit.max is not None):
        found = measured(score, limit.metric, limit.by).values()
        if not any(one.interval is not None for one in found) and any(one.value is not None for one in found):
            raise wrong(
                limit, "bound", f"{limit.metric} has no interval here", 'bound = "point" holds the value itself'
            )
    _refuse_overrides(score, limit)
    _refuse_unreachable(limit)
    if limit.max_regression is None:
        return
    if baseline is None:
        raise wrong(limit, "max-regression", "there is no baseline", "name one: --baseline FILE, or the key baseline")
    comparable = baseline.metrics(limit.by)
    if limit.metric not in comparable:
        weaker = "" if baseline.paired else " (a stored score document says less than a prediction file)"
        raise wrong(
            limit,
            "max-regression",
            f"the regression of {limit.metric}{_of(limit)} cannot be told from this baseline{weaker}",
            _comparable(limit, comparable, baseline),
        )


def _refuse_overrides(score: Score, limit: Limit) -> None:
    if limit.by is None:
        return
    known = [one for one in groups(score, limit.by) if one is not None]
    for name in limit.overrides:
        if name not in known:
            what = "class" if limit.by == BY_CLASS else f"value of {limit.by}"
            raise wrong(limit, f"overrides.{name}", f"there is no {what} {name!r}", _near(name, known))


def _refuse_unreachable(limit: Limit) -> None:
    """Raise if nothing can pass: a share of more than 1 is asked for."""
    if limit.metric not in AT_MOST_1:
        return
    named = (("min", limit.min), *((f"overrides.{name}", value) for name, value in limit.overrides.items()))
    for key, least in named:
        if least is not None and least > 1.0 and limit.min is not None:
            hint = f"a share is written from 0 to 1: {least / 100:g}" if least <= _PER_CENT else None
            raise wrong(limit, key, f"{limit.metric} is at most 1, so that nothing passes {least:g}", hint)


def _of(limit: Limit) -> str:
    return "" if limit.by is None else " by class" if limit.by == BY_CLASS else " by column"


def _comparable(limit: Limit, known: tuple[str, ...], baseline: Baseline) -> str | None:
    """Return what can be compared instead, or how to make it so."""
    if known:
        return f"it can of {', '.join(known)}"
    stored = not baseline.paired and limit.by != BY_CLASS
    return f"store the score by the same groups: xent score --by {limit.by}" if stored else None


_ALIASES = {
    "acc": "accuracy", "auc": "roc_auc", "auroc": "roc_auc", "ap": "average_precision", "f1": "f1_macro",
    "kappa": "cohen_kappa", "nll": "loss", "log_loss": "loss", "logloss": "loss", "cross_entropy": "loss",
}  # fmt: skip
"""What metrics are called elsewhere."""


def _near_metric(limit: Limit, known: tuple[str, ...]) -> str:
    name = limit.metric
    if limit.by is None and name in OF_LABEL and name != "loss":
        return f'it is a number of each class: a [checks] table with by = "{BY_CLASS}" limits it'
    called = _ALIASES.get(name.casefold().replace("-", "_"))
    if called in known:
        return f"did you mean {called!r}?"
    if name == "loss":
        return "predictions without scores have no loss; they have an accuracy"
    begun = [one for one in known if one.startswith(name)]
    if begun:
        return f"did you mean {begun[0]!r}?"
    close = did_you_mean(name, known)
    return f"did you mean {close!r}?" if close is not None else f"there are {', '.join(known)}"


def _near(name: str, known: Iterable[str]) -> str:
    listed = tuple(known)
    close = did_you_mean(name, listed)
    if close is not None:
        return f"did you mean {close!r}?"
    more = f" and {len(listed) - _SHOWN:,} more" if len(listed) > _SHOWN else ""
    return f"there are {', '.join(listed[:_SHOWN])}{more}"


@dataclass(frozen=True, slots=True)
class _Part:
    """What comes of one key of a limit."""

    outcome: Outcome
    key: str
    message: str


def _check(limit: Limit, value: str | None, seen: Measured, baseline: Baseline | None) -> Check:
    group = None if limit.by is None else Group(limit.by, value)
    bounds, margin = _bounds(limit, value)
    metric = limit.metric
    regression = None
    if seen.value is None:
        parts = [_Part(Outcome.FAILED, "metric", wording.undefined(metric))]
    else:
        parts = list(_absolute(metric, seen, bounds))
        if margin is not None and baseline is not None:
            regression = _regression(limit, value, margin, baseline)
            parts.append(_relative(metric, seen.value, regression, limit.inconclusive))
            bounds = Bounds(bounds.min, bounds.max, regression.margin, bounds.bound)
    outcome, deciding = _worst(limit, parts)
    message = "; ".join(one.message for one in deciding) if deciding else _kept(metric, seen, bounds, parts)
    return Check(
        name=limit.name,
        metric=limit.metric,
        group=group,
        rows=seen.rows,
        value=seen.value,
        interval=seen.interval,
        limit=bounds,
        baseline=regression,
        outcome=outcome,
        level=str(limit.level),
        message=message,
        place=_place(limit, value, deciding),
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
    return Bounds(least, most, bound=str(limit.bound)), margin


def _absolute(metric: str, seen: Measured, bounds: Bounds) -> Iterator[_Part]:
    """Yield what comes of `min` and `max`."""
    assert seen.value is not None  # noqa: S101  the caller has looked
    interval = seen.interval if bounds.bound == Bound.INTERVAL else None
    low, high = (seen.value, seen.value) if interval is None else interval
    if bounds.min is not None and low < bounds.min:
        point = None if seen.value < bounds.min else interval
        yield _Part(Outcome.FAILED, "min", wording.beyond(metric, seen.value, bounds.min, point, least=True))
    if bounds.max is not None and high > bounds.max:
        point = None if seen.value > bounds.max else interval
        yield _Part(Outcome.FAILED, "max", wording.beyond(metric, seen.value, bounds.max, point, least=False))


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


def _relative(metric: str, value: float, seen: Regression, how: Inconclusive) -> _Part:
    """Return what comes of a limit on regression."""
    key = "max-regression"
    decision = Decision.INCONCLUSIVE if seen.interval is None else decide(seen.interval, seen.margin)
    if decision is Decision.FAIL:
        return _Part(Outcome.FAILED, key, wording.regressed(metric, value, seen))
    if decision is Decision.PASS:
        return _Part(Outcome.PASSED, key, wording.not_regressed(metric, value, seen))
    message = wording.untold(metric, value, seen)
    meant = f'; inconclusive = "{how}" decides' if how != Inconclusive.WARN else ""
    return _Part(Outcome.INCONCLUSIVE, key, message + meant)


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
