"""Figure: what a picture shows, before any form is chosen: axes, marks with their values, and a sentence.

Floor 8. Builders make figures from finished results; renderers draw them. Names are kept as they came, files' included:
each renderer makes them safe for its place. A number is the one of the document, unrounded.
"""

from collections.abc import Callable
from enum import StrEnum

from xentcli.record import Record
from xentcli.views import numbers

Interval = tuple[float, float]


class Form(StrEnum):
    """How the numbers of an axis are written."""

    COUNT = "count"
    RATE = "rate"
    LOSS = "loss"
    DIFFERENCE = "difference"


_WRITTEN: dict[Form, Callable[[float], str]] = {
    Form.COUNT: lambda value: numbers.count(round(value)),
    Form.RATE: numbers.rate_cell,
    Form.LOSS: numbers.loss,
    Form.DIFFERENCE: numbers.difference,
}


def written(form: Form, value: float) -> str:
    """Return a number as text."""
    return _WRITTEN[form](value)


class Axis(Record):
    """An axis of numbers, or of names.

    Attributes:
        title: what it measures.
        domain: its ends; None for an axis of names.
        names: what stands on it, each at its index; empty for an axis of numbers.
        form: how its numbers are written.
    """

    title: str
    domain: Interval | None = None
    names: tuple[str, ...] = ()
    form: Form = Form.RATE


class Mark(StrEnum):
    """What is drawn for each datum of a series.

    A dot, a ring, a bar from 0 or a cell stands at the datum; a line joins all data of the series; a limit is a line
    across the band; a zone fills the band over the datum's interval.
    """

    DOT = "dot"
    RING = "ring"
    BAR = "bar"
    CELL = "cell"
    LINE = "line"
    LIMIT = "limit"
    ZONE = "zone"


class Tone(StrEnum):
    """What the colour of a mark says."""

    MAIN = "main"
    OTHER = "other"
    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"


class Datum(Record):
    """A value at its place.

    Attributes:
        x: a number, or the index of a name.
        y: likewise.
        interval: of the number that is measured; None where there is none.
        rows: how many rows it is of; None where that is not known.
        share: of a cell, what its colour shows, in [0, 1]; None for other marks.
    """

    x: float
    y: float
    interval: Interval | None = None
    rows: int | None = None
    share: float | None = None


class Series(Record):
    """Data that are drawn alike.

    Attributes:
        name: what they are.
        mark: how they are drawn.
        data: in their order.
        tone: what their colour says.
    """

    name: str
    mark: Mark
    data: tuple[Datum, ...]
    tone: Tone = Tone.MAIN


class Figure(Record):
    """A picture.

    Attributes:
        name: what it is called in addresses and files: `reliability`, `roc`.
        title: what it shows, for its head.
        sentence: what is seen in it.
        x: the axis across.
        y: the axis up; names run down.
        series: what is drawn, the first at the back.
        measured: `x` or `y`: along which axis intervals and bars lie.
        more: what was left out, a sentence; empty for nothing.
    """

    name: str
    title: str
    sentence: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    measured: str = "y"
    more: str = ""


def span(values: list[float], *, zero: bool = False, room: float = 0.06) -> Interval:
    """Return a domain that holds all values with some room on both sides, and 0 where that is asked for."""
    held = [*values, *([0.0] if zero else [])] or [0.0, 1.0]
    low, high = min(held), max(held)
    width = (high - low) or abs(high) or 1.0
    return (low if zero and low == 0.0 else low - room * width, high if zero and high == 0.0 else high + room * width)


def ends(data: tuple[Datum, ...], measured: str) -> list[float]:
    """Return the measured numbers of some data with the ends of their intervals."""
    found = []
    for one in data:
        found += [one.x if measured == "x" else one.y, *(one.interval or ())]
    return found
