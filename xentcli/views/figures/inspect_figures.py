"""The figure of inspected labels: how often each class occurs.

Floor 8. A pure function of a finished inspection.
"""

from collections.abc import Iterator
from typing import Any

from xentcli.results import Inspection
from xentcli.terms import Kind
from xentcli.views import numbers
from xentcli.views.figures.model import Axis, Datum, Figure, Form, Mark, Series, Tone

MOST = 40


def inspect_figures(found: Inspection) -> Iterator[Figure]:
    """Yield the shares of the classes, the most frequent first, with the even share of a task of one class a row."""
    classes = [one for one in found.to_dict()["classes"] if one["share"] is not None]
    kind = found.detection.task.kind
    if len(classes) < 2 or kind in {None, Kind.MULTIOUTPUT}:
        return
    classes.sort(key=lambda one: -one["share"])
    unit = "label" if kind is Kind.MULTILABEL else "class"
    shown, most, least = classes[:MOST], classes[0], classes[-1]
    bars = tuple(Datum(one["share"], at, rows=one["count"]) for at, one in enumerate(shown))
    even = 1.0 / len(classes)
    high = max(most["share"], even)
    lines = () if kind is Kind.MULTILABEL else (Series("even share", Mark.LIMIT, (Datum(even, 0),), Tone.QUIET),)
    yield Figure(
        "shares", f"Share of each {unit}",
        _sentence(unit, most, least, len(classes)),
        Axis("share of the rows", (0.0, 1.05 * high), form=Form.RATE),
        Axis(unit, names=tuple(one["name"] for one in shown)),
        (
            Series("share", Mark.BAR, bars),
            *lines,
        ),
        measured="x",
        more=f"The {MOST} most frequent of {numbers.count(len(classes))} are shown." if len(classes) > MOST else "",
    )  # fmt: skip


def _sentence(unit: str, most: dict[str, Any], least: dict[str, Any], count: int) -> str:
    highest, lowest = numbers.share(most["share"]), numbers.share(least["share"])
    if highest == lowest:
        return f"Each of {numbers.counted(count, unit)} has {highest} of the rows."
    rarest = f"{least['name']} the rarest with {lowest}"
    return f"{most['name']} is the most frequent {unit} with {highest} of the rows, {rarest}."
