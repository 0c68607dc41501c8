"""The figures of a verdict: each limit with the value that is held against it.

Floor 8. Pure functions of finished checks.
"""

from collections.abc import Iterator

from xentcli.gate.model import Check, Outcome
from xentcli.metrics import METRICS, is_rate
from xentcli.views import check_words as words
from xentcli.views import numbers
from xentcli.views.figures.model import Axis, Datum, Figure, Form, Interval, Mark, Series, Tone, span

_TONES = {
    Outcome.PASSED: Tone.GOOD,
    Outcome.FAILED: Tone.BAD,
    Outcome.WARNED: Tone.OTHER,
    Outcome.INCONCLUSIVE: Tone.QUIET,
}


def check_figures(check: Check) -> Iterator[Figure]:
    """Yield the value against its limits, and the worsening against its margin, each where the check has it."""
    form = Form.RATE if _in_range(check) else Form.LOSS
    if check.value is not None and (check.limit.min is not None or check.limit.max is not None):
        yield _limits(check, check.value, form)
    found = check.baseline
    if found is not None and found.worsening is not None:
        numbers_shown = [0.0, found.worsening, found.margin, *(found.interval or ())]
        domain = span(numbers_shown, room=0.12)
        value = Datum(found.worsening, 0, found.interval, found.rows)
        yield Figure(
            "regression", f"{words.label(check)}: how much worse than the baseline", _said(check),
            Axis(f"{check.metric}, worse by", domain, form=Form.DIFFERENCE), Axis("check", names=("",)),
            (
                Series("too much worse", Mark.ZONE, (Datum(domain[1], 0, (found.margin, domain[1])),), Tone.BAD),
                Series("margin", Mark.LIMIT, (Datum(found.margin, 0),), Tone.BAD),
                Series("baseline", Mark.RING, (Datum(0.0, 0),), Tone.QUIET),
                Series("worse by", Mark.DOT, (value,), _TONES[check.outcome]),
            ),
            measured="x",
        )  # fmt: skip


def _limits(check: Check, value: float, form: Form) -> Figure:
    held = check.limit
    limits = [one for one in (held.min, held.max) if one is not None]
    baseline = None if check.baseline is None else check.baseline.value
    shown = [value, *limits, *(check.interval or ()), *([] if baseline is None else [baseline])]
    domain = _bounded(check, span(shown, room=0.15))
    zones = [
        *([] if held.min is None else [Datum(held.min, 0, (domain[0], held.min))]),
        *([] if held.max is None else [Datum(held.max, 0, (held.max, domain[1]))]),
    ]
    return Figure(
        "limit", f"{words.label(check)}: {words.limit(held)}", _said(check),
        Axis(check.metric, domain, form=form), Axis("check", names=("",)),
        (
            Series("beyond the limit", Mark.ZONE, tuple(zones), Tone.BAD),
            Series("limit", Mark.LIMIT, tuple(Datum(one, 0) for one in limits), Tone.BAD),
            *([] if baseline is None else [Series("baseline", Mark.RING, (Datum(baseline, 0),), Tone.QUIET)]),
            Series("value", Mark.DOT, (Datum(value, 0, check.interval, check.rows),), _TONES[check.outcome]),
        ),
        measured="x",
    )  # fmt: skip


def _in_range(check: Check) -> bool:
    return check.metric in METRICS and is_rate(check.metric)


def _bounded(check: Check, domain: Interval) -> Interval:
    return (max(0.0, domain[0]), min(1.0, domain[1])) if _in_range(check) else domain


def _said(check: Check) -> str:
    """Return what came of a check, with its sentence."""
    return f"{check.outcome.value.capitalize()}: {check.message or numbers.against(check.value)}"
