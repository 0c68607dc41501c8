"""Refusals: limits that name what does not exist, or ask for what there is not.

Floor 7. Each error stands at the line of the key that set it.
"""

from collections.abc import Iterable

from xentcli.config.limit import nearest_metric
from xentcli.config.model import Bound, Limit
from xentcli.errors import ConfigError, UsageError, XentError, did_you_mean
from xentcli.gate.baseline import Baseline
from xentcli.gate.metrics import Measured, groups, measured, names
from xentcli.metrics import BY_CLASS, METRICS, DocumentPart, absence
from xentcli.scoring.model import Score

_SHOWN = 12
_PER_CENT = 100.0


def wrong(limit: Limit, key: str, message: str, help: str | None = None) -> XentError:  # noqa: A002  as in XentError
    """Return the error for a mistake in a limit, at the line of its key where it stands in a file."""
    place = limit.places.get(key, limit.place)
    if place is None:
        return UsageError(f"{limit.name}: {message}", help=help)
    return ConfigError(f"check {limit.name!r}: {message}", place=place, help=help)


def refuse(score: Score, limit: Limit, baseline: Baseline | None) -> None:
    """Raise if a limit names what does not exist, or asks for what there is not."""
    known = names(score, limit.by)
    if limit.by is not None and not list(groups(score, limit.by)):
        if limit.by == BY_CLASS:
            raise wrong(limit, "by", "several outputs have no classes in common", "score one output with --label")
        raise wrong(limit, "by", f"no rows are grouped by {limit.by!r}", "name the columns by their names")
    if limit.metric not in known:
        message = f"there is no metric {limit.metric!r}{_of(limit)} for this task"
        raise wrong(limit, "metric", message, _near_metric(score, limit, known))
    if limit.bound == Bound.INTERVAL and (limit.min is not None or limit.max is not None):
        found = list(measured(score, limit.metric, limit.by).values())
        if not any(one.interval is not None for one in found) and any(one.value is not None for one in found):
            raise wrong(limit, "bound", f"{limit.metric} has no interval here", _without_interval(found))
    _refuse_groups(score, limit)
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


def _without_interval(found: Iterable[Measured]) -> str:
    """Return why there is no interval, and what can be limited all the same."""
    because = next((one.because for one in found if one.value is not None and one.because), None)
    return 'bound = "point" holds the value itself' + ("" if because is None else f": {because}")


def _refuse_groups(score: Score, limit: Limit) -> None:
    """Raise if a limit names a group that there is not."""
    if limit.by is None:
        return
    known = [one for one in groups(score, limit.by) if one is not None]
    named = [(f"overrides.{name}", name) for name in limit.overrides]
    if limit.group:
        named.append(("group" if "group" in limit.places else "metric", limit.group))
    for key, name in named:
        if name not in known:
            what = "class" if limit.by == BY_CLASS else f"value of {limit.by}"
            raise wrong(limit, key, f"there is no {what} {name!r}", _near(name, known))


def _refuse_unreachable(limit: Limit) -> None:
    """Raise if nothing can pass: more is asked for than any model can have."""
    most = METRICS[limit.metric].high
    if most is None:
        return
    named = (("min", limit.min), *((f"overrides.{name}", value) for name, value in limit.overrides.items()))
    for key, least in named:
        if least is not None and least > most and limit.min is not None:
            hint = f"a share is written from 0 to 1: {least / 100:g}" if most < least <= _PER_CENT else None
            raise wrong(limit, key, f"{limit.metric} is at most {most:g}, so that nothing passes {least:g}", hint)


def _of(limit: Limit) -> str:
    return "" if limit.by is None else " by class" if limit.by == BY_CLASS else " by column"


def _comparable(limit: Limit, known: tuple[str, ...], baseline: Baseline) -> str | None:
    """Return what can be compared instead, or how to make it so."""
    if known:
        return f"it can of {', '.join(known)}"
    stored = not baseline.paired and limit.by != BY_CLASS
    return f"store the score by the same groups: xent score --by {limit.by}" if stored else None


def _near_metric(score: Score, limit: Limit, known: tuple[str, ...]) -> str:
    """Return why a task has no number of a metric, as far as the registry knows, else which is meant."""
    name = limit.metric
    if name in METRICS:
        if limit.by is None and METRICS[name].by_class and METRICS[name].part is DocumentPart.GROUPS:
            by_table = f'it is a number of each class: a [checks] table with by = "{BY_CLASS}" limits it'
            return by_table if limit.place is not None else f"{by_table}, or name one class: {name}[CLASS]"
        because = absence(name, score.task.kind, limit.by, scores=score.loss is not None)
        if because is not None:
            return because
        if limit.by not in {None, BY_CLASS}:
            return f"there are {', '.join(known)}"
    return nearest_metric(name, known)


def _near(name: str, known: Iterable[str]) -> str:
    listed = tuple(known)
    close = did_you_mean(name, listed)
    if close is not None:
        return f"did you mean {close!r}?"
    more = f" and {len(listed) - _SHOWN:,} more" if len(listed) > _SHOWN else ""
    return f"there are {', '.join(listed[:_SHOWN])}{more}"
