"""The words for checks that every view of `xent check` uses: names, limits, verdicts, and which checks come first.

Floor 8. Formats finished results; computes nothing but how far a value is from its limit, to put the worst first.
"""

from collections.abc import Iterable

from xentcli.config.model import Bound
from xentcli.gate.model import Bounds, Check, Outcome, Unjudged
from xentcli.metrics import BY_CLASS
from xentcli.verdicts import CheckReport, JudgedModel
from xentcli.views import numbers
from xentcli.views.page import EMPTY

PAIRED = "paired "
NOT_PAIRED = "not paired"
"""How the sentence on pairing begins; beside a title that says so it is left out."""

_RANK = {Outcome.FAILED: 0, Outcome.WARNED: 1, Outcome.INCONCLUSIVE: 2, Outcome.PASSED: 3}


def verdict(report: CheckReport) -> str:
    """Return `failed: 2 of 9 checks, 1 warned`, `passed: 7 of 7 checks`, `passed: none of 7 checks failed`."""
    checks = [check for model in report.models for check in model.checks]
    count = {outcome: sum(check.outcome is outcome for check in checks) for outcome in Outcome}
    total = numbers.counted(len(checks), "check")
    if not report.passed:
        parts = [f"failed: {numbers.count(count[Outcome.FAILED])} of {total}"]
    elif count[Outcome.PASSED] == len(checks):
        parts = [f"passed: {numbers.count(len(checks))} of {total}"]
    else:
        parts = [f"passed: none of {total} failed"]
    if len(report.models) > 1:
        unfit = sum(not model.passed for model in report.models)
        parts.append(f"{unfit} of {len(report.models)} models failed" if unfit else f"{len(report.models)} models")
    parts += [
        f"{numbers.count(count[outcome])} {outcome.value}"
        for outcome in (Outcome.WARNED, Outcome.INCONCLUSIVE)
        if count[outcome]
    ]
    errors = sum(len(model.errors) for model in report.models)
    if errors:
        parts.append("1 finding is an error" if errors == 1 else f"{numbers.count(errors)} findings are errors")
    return ", ".join(parts)


def label(check: Check) -> str:
    """Return the name of a check with its group: `recall[eel]`, `country[DE]`, `accuracy[country=DE]`."""
    group = check.group
    if group is None:
        return check.name
    value = EMPTY if group.value is None else group.value
    if check.name.endswith((f"[{value}]", f"={value}]")):
        return check.name  # of a flag on this one group
    return f"{check.name}[{value}]" if group.by in {BY_CLASS, check.name} else f"{check.name}[{group.by}={value}]"


def limit(bounds: Bounds) -> str:
    """Return what a value is held against: `min 0.9`, `max 0.45 for the interval`, `max-regression 0.01`."""
    parts = [f"{name} {numbers.limit(value)}" for name, value in _ends(bounds)]
    if parts and bounds.bound == Bound.INTERVAL:
        parts[-1] += " for the interval"
    if bounds.max_regression is not None:
        parts.append(f"max-regression {numbers.margin(bounds.max_regression)}")
    return ", ".join(parts)


def _ends(bounds: Bounds) -> list[tuple[str, float]]:
    return [(name, value) for name, value in (("min", bounds.min), ("max", bounds.max)) if value is not None]


def told(check: Check) -> str:
    """Return the numbers of a check in short: `0.47 < min 0.55`, `worse by 0.02 [0.01, 0.03] > max-regression 0.01`."""
    parts = [_held(check, name, value) for name, value in _ends(check.limit)]
    if check.baseline is not None:
        parts.append(_regressed(check))
    return ", ".join(parts) or numbers.against(check.value)


def _held(check: Check, name: str, limit: float) -> str:
    """Return a value and on which side of its limit it is; of an interval the end that must clear it."""
    value, words = check.value, numbers.against(check.value, limit)
    if check.limit.bound == Bound.INTERVAL and check.interval is not None:
        value = check.interval[0] if name == "min" else check.interval[1]
        words = f"{numbers.against(check.value)}, interval to {numbers.against(value, limit)}"
    if value is None:
        return f"{words}, {name} {numbers.limit(limit)}"
    sign = ("<" if value < limit else ">=") if name == "min" else (">" if value > limit else "<=")
    return f"{words} {sign} {name} {numbers.limit(limit)}"


def _regressed(check: Check) -> str:
    found = check.baseline
    if found is None or found.worsening is None:
        return "no difference from the baseline"
    sign = "not told from"
    if found.interval is not None and check.outcome is not Outcome.INCONCLUSIVE:
        low, high = found.interval
        sign = ">" if low > found.margin else "<=" if high <= found.margin else sign
    interval = "" if found.interval is None else f" {numbers.interval_against(found.interval, found.margin)}"
    margin = numbers.margin(found.margin)
    return f"worse by {numbers.against(found.worsening, found.margin)}{interval} {sign} max-regression {margin}"


def place(check: Check) -> str:
    """Return where a limit was set: ` (xent.toml, line 12)`; empty for a flag."""
    return "" if check.place is None else f" ({check.place})"


def ordered(checks: Iterable[Check]) -> list[Check]:
    """Return the checks: failed, warned, inconclusive, passed; in the order of the limits; worst groups first."""
    listed = list(checks)
    limits = {name: at for at, name in reversed(list(enumerate(check.name for check in listed)))}
    return sorted(listed, key=lambda check: (_RANK[check.outcome], limits[check.name], slack(check)))


def slack(check: Check) -> float:
    """Return how far inside its limit a value is, below 0 outside; minus infinity where it is undefined."""
    if check.value is None:
        return float("-inf")
    low, high = (check.value, check.value)
    if check.limit.bound == Bound.INTERVAL and check.interval is not None:
        low, high = check.interval
    rooms = [
        *([low - check.limit.min] if check.limit.min is not None else []),
        *([check.limit.max - high] if check.limit.max is not None else []),
    ]
    if check.baseline is not None and check.baseline.worsening is not None:
        rooms.append(check.baseline.margin - check.baseline.worsening)
    return min(rooms, default=float("inf"))


def unjudged(left: Unjudged, most: int) -> str:
    """Return in a sentence which groups were too small to be judged, naming the first few."""
    few = f"fewer than {numbers.counted(left.min_count, 'row')}"
    named = ", ".join(EMPTY if one is None else one for one in left.groups[:most])
    rest = f" and {numbers.count(len(left.groups) - most)} more" if len(left.groups) > most else ""
    groups = numbers.counted(len(left.groups), "group")
    return f"{left.name}: {groups} by {left.by} with {few} not judged: {named}{rest}."


def title(model: JudgedModel, *, alone: bool) -> str:
    """Return what a model is called: its file, and its name where there are several."""
    return model.report.source.path if alone else f"{model.name}: {model.report.source.path}"


def pairing(sentence: str) -> str:
    """Return how rows were paired, beside a title that says `paired`."""
    if sentence.startswith(NOT_PAIRED):
        return f"no{sentence.removeprefix(NOT_PAIRED)}"
    return sentence.removeprefix(PAIRED)
