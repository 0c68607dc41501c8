"""Refusals: limits that name what does not exist, or ask for what there is not.

Floor 7. Each error stands at the line of the key that set it.
"""

from collections.abc import Iterable

from xentcli.config.model import Bound, Limit
from xentcli.errors import ConfigError, UsageError, XentError, did_you_mean
from xentcli.gate.baseline import Baseline
from xentcli.gate.metrics import AT_MOST_1, OF_LABEL, groups, measured, names
from xentcli.scoring.comparing.groups import BY_CLASS
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
