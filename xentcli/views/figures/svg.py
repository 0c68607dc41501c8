"""SVG: a figure as a picture for the page of a browser.

Floor 8. Scales, ticks and marks are all that is drawn here. Colours come from the classes that the page styles, so that
one picture serves light, dark and print; no element has a style of its own, which a strict policy would refuse.
"""

from collections.abc import Callable
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from xentcli.views import numbers
from xentcli.views.figures import ticks
from xentcli.views.figures.model import Axis, Datum, Figure, Form, Mark, Series, written
from xentcli.views.safe import printable
from xentcli.views.shorten import shortened

WIDTH = 440.0
"""Of the drawing, in its own units: about as many pixels where there is room."""

HEIGHT = 300.0
"""Of a drawing between two axes of numbers, or with names across."""

ROW = 24.0
"""Of a name that stands beside its row."""

_CHARACTER = 7.2
"""About the width of a character of the ticks."""

_LONGEST = 20
"""Characters of a name beside an axis; longer ones lose their middle."""

_TICKS, _FEW_TICKS, _NARROW = 6, 4, 400.0
"""So many ticks across at most, and in narrow drawings."""

_TOP, _RIGHT, _BOTTOM = 12.0, 16.0, 46.0
_WRITTEN_IN_CELLS = 12
"""Classes up to which each cell of a heat map bears its count."""

_CELL = 56.0
"""The most height of a cell of a heat map."""

_TILTED = 44.0
"""Room for names that stand under an axis at an angle."""


class _Frame(NamedTuple):
    """Where the drawing stands: its edges, and how data become places."""

    left: float
    right: float
    top: float
    bottom: float
    across: Callable[[float], float]
    up: Callable[[float], float]


def render(figure: Figure, identity: str, width: float = WIDTH) -> str:
    """Return the figure as an SVG element.

    Args:
        figure: what to draw.
        identity: makes the identities of the title and the description its own on a page.
        width: of the drawing.
    """
    return tostring(drawing(figure, identity, width)[0], encoding="unicode")


def drawing(figure: Figure, identity: str, width: float = WIDTH) -> tuple[Element, float]:
    """Return the element of `render`, and its height."""
    frame, height = _frame(figure, width)
    root = Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {_n(height)}", "role": "img",
        "aria-labelledby": f"{identity}-title {identity}-desc", "class": f"figure {figure.name}",
    })  # fmt: skip
    _text(root, "title", figure.title, id=f"{identity}-title")
    _text(root, "desc", figure.sentence, id=f"{identity}-desc")
    _axes(root, figure, frame)
    for series in figure.series:
        _series(SubElement(root, "g", {"class": f"{series.mark} {series.tone}"}), figure, series, frame)
    return root, height


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    made = SubElement(parent, tag, attributes)
    made.text = printable(text)
    return made


def _frame(figure: Figure, width: float) -> tuple[_Frame, float]:
    """Return the frame and the height of the whole."""
    names = figure.y.names
    texts = [_short(one) for one in names] if names else list(ticks.labels(_ticks(figure.y)))
    left = (
        12.0
        + _CHARACTER * max((len(one) for one in texts), default=0)
        + (0.0 if names and not figure.x.names else 18.0)
    )
    right = width - _RIGHT
    below = _BOTTOM + (_TILTED if _tilted(figure.x, right - left) else 0.0)
    body = HEIGHT - _TOP - _BOTTOM
    if names:
        body = min(right - left, _CELL * len(names)) if figure.x.names else ROW * len(names)
    bottom = _TOP + body
    up = _place(figure.y, _TOP, bottom) if names else _place(figure.y, bottom, _TOP)
    return _Frame(left, right, _TOP, bottom, _place(figure.x, left, right), up), bottom + below


def _domain(axis: Axis) -> tuple[float, float]:
    return axis.domain or (0.0, 1.0)


def _ticks(axis: Axis, most: int = _TICKS) -> tuple[float, ...]:
    return ticks.ticks(*_domain(axis), most, whole=axis.form is Form.COUNT)


def _place(axis: Axis, start: float, end: float) -> Callable[[float], float]:
    if axis.names:
        step = (end - start) / len(axis.names)
        return lambda value: start + step * (value + 0.5)
    low, high = _domain(axis)
    return lambda value: start + (end - start) * (min(max(value, low), high) - low) / ((high - low) or 1.0)


def _short(name: str) -> str:
    return shortened(printable(name), _LONGEST, "…")


def _tilted(axis: Axis, width: float) -> bool:
    """Whether the names under an axis are too long to stand side by side."""
    longest = max((len(_short(one)) for one in axis.names), default=0)
    return bool(axis.names) and _CHARACTER * (longest + 1) > width / len(axis.names)


def _axes(root: Element, figure: Figure, frame: _Frame) -> None:
    lines, texts = SubElement(root, "g", {"class": "grid"}), SubElement(root, "g", {"class": "ticks"})
    cells = bool(figure.x.names and figure.y.names)
    if figure.x.names:
        _names_below(texts, figure.x, frame)
    else:
        found = _ticks(figure.x, _FEW_TICKS if frame.right + _RIGHT < _NARROW else _TICKS)
        for value, label in zip(found, ticks.labels(found), strict=True):
            at = _n(frame.across(value))
            SubElement(lines, "path", {"d": f"M{at} {_n(frame.top)}V{_n(frame.bottom)}"})
            _text(texts, "text", label, x=at, y=_n(frame.bottom + 16), **{"text-anchor": "middle"})
    if figure.y.names:
        for place, name in enumerate(figure.y.names):
            y = _n(frame.up(place) + 4)
            _text(texts, "text", _short(name), x=_n(frame.left - 8), y=y, **{"text-anchor": "end"})
    else:
        found = _ticks(figure.y)
        for value, label in zip(found, ticks.labels(found), strict=True):
            at = _n(frame.up(value))
            SubElement(lines, "path", {"d": f"M{_n(frame.left)} {at}H{_n(frame.right)}"})
            _text(texts, "text", label, x=_n(frame.left - 6), y=_n(frame.up(value) + 4), **{"text-anchor": "end"})
    _titles(root, figure, frame, upright=cells or not figure.y.names)


def _names_below(texts: Element, axis: Axis, frame: _Frame) -> None:
    tilted = _tilted(axis, frame.right - frame.left)
    for at, name in enumerate(axis.names):
        x, y = _n(frame.across(at) + (4 if tilted else 0)), _n(frame.bottom + (12 if tilted else 16))
        turned = {"transform": f"rotate(-45 {x} {y})", "text-anchor": "end"} if tilted else {"text-anchor": "middle"}
        _text(texts, "text", shortened(printable(name), 10 if tilted else _LONGEST, "…"), x=x, y=y, **turned)


def _titles(root: Element, figure: Figure, frame: _Frame, *, upright: bool) -> None:
    below = frame.bottom + 36 + (_TILTED if _tilted(figure.x, frame.right - frame.left) else 0.0)
    middle = _n((frame.left + frame.right) / 2)
    _text(root, "text", figure.x.title, x=middle, y=_n(below), **{"class": "axis", "text-anchor": "middle"})
    if upright:
        y = _n((frame.top + frame.bottom) / 2)
        turned = {"class": "axis", "text-anchor": "middle", "transform": f"rotate(-90 12 {y})"}
        _text(root, "text", figure.y.title, x="12", y=y, **turned)


def _series(group: Element, figure: Figure, series: Series, frame: _Frame) -> None:
    if series.mark is Mark.LINE:
        places = [f"{_n(frame.across(one.x))} {_n(frame.up(one.y))}" for one in series.data]
        line = SubElement(group, "path", {"d": f"M{'L'.join(places)}"})
        _text(line, "title", series.name)
        return
    draw = {Mark.BAR: _bar, Mark.CELL: _cell, Mark.LIMIT: _limit, Mark.ZONE: _zone}.get(series.mark, _dot)
    for datum in series.data:
        draw(group, figure, datum, frame)
        _text(group[-1], "title", _told(figure, series, datum))


def _told(figure: Figure, series: Series, datum: Datum) -> str:
    """Return what a mark says to whoever points at it."""
    x, y = (
        axis.names[int(value)] if axis.names else f"{axis.title} {written(axis.form, value)}"
        for axis, value in ((figure.x, datum.x), (figure.y, datum.y))
    )
    form = (figure.x if figure.measured == "x" else figure.y).form
    parts = [*((y, x) if figure.y.names else (x, y))]
    if series.mark is Mark.CELL:
        parts = [f"{figure.y.title} {y}", f"{figure.x.title} {x}", numbers.share(datum.share)]
    elif series.mark is Mark.LIMIT:
        parts = [f"{series.name} {written(form, datum.x if figure.measured == 'x' else datum.y)}"]
    elif series.mark is Mark.ZONE:
        return series.name
    if datum.interval is not None:
        parts.append(f"[{written(form, datum.interval[0])}, {written(form, datum.interval[1])}]")
    if datum.rows is not None:
        parts.append(numbers.counted(datum.rows, "row"))
    return ", ".join(parts)


def _dot(group: Element, figure: Figure, datum: Datum, frame: _Frame) -> None:
    x, y = frame.across(datum.x), frame.up(datum.y)
    if datum.interval is not None:
        low, high = datum.interval
        path = (
            f"M{_n(frame.across(low))} {_n(y)}H{_n(frame.across(high))}"
            if figure.measured == "x"
            else f"M{_n(x)} {_n(frame.up(low))}V{_n(frame.up(high))}"
        )
        SubElement(group, "path", {"class": "interval", "d": path})
    SubElement(group, "circle", {"cx": _n(x), "cy": _n(y), "r": "4.5"})


def _bar(group: Element, figure: Figure, datum: Datum, frame: _Frame) -> None:
    x, y = frame.across(datum.x), frame.up(datum.y)
    if figure.measured == "x":
        start, thick = frame.across(0.0), 0.62 * ROW
        box = (min(start, x), y - thick / 2, max(abs(x - start), 1.0 if datum.x else 0.0), thick)
    else:
        base = frame.up(0.0)
        width = 0.8 * (frame.right - frame.left) / max(1, len(figure.x.names))
        box = (x - width / 2, min(base, y), width, max(abs(base - y), 1.0 if datum.y else 0.0))
    SubElement(group, "rect", dict(zip(("x", "y", "width", "height"), map(_n, box), strict=True)))


def _cell(group: Element, figure: Figure, datum: Datum, frame: _Frame) -> None:
    wide, high = (frame.right - frame.left) / len(figure.x.names), (frame.bottom - frame.top) / len(figure.y.names)
    x, y = frame.across(datum.x), frame.up(datum.y)
    gap = 1.0 if wide > 8 else 0.0
    box = (x - wide / 2 + gap / 2, y - high / 2 + gap / 2, wide - gap, high - gap)
    held = SubElement(group, "g")
    made = SubElement(held, "rect", dict(zip(("x", "y", "width", "height"), map(_n, box), strict=True)))
    made.set("fill-opacity", f"{0.1 + 0.9 * (datum.share or 0.0):.2f}")
    if datum.rows and len(figure.x.names) <= _WRITTEN_IN_CELLS:
        _text(held, "text", numbers.count(datum.rows), x=_n(x), y=_n(y + 4), **{"text-anchor": "middle"})


def _limit(group: Element, figure: Figure, datum: Datum, frame: _Frame) -> None:
    if figure.measured == "x":
        at = _n(frame.across(datum.x))
        SubElement(group, "path", {"d": f"M{at} {_n(frame.top)}V{_n(frame.bottom)}"})
    else:
        at = _n(frame.up(datum.y))
        SubElement(group, "path", {"d": f"M{_n(frame.left)} {at}H{_n(frame.right)}"})


def _zone(group: Element, _: Figure, datum: Datum, frame: _Frame) -> None:
    low, high = (frame.across(end) for end in datum.interval or (0.0, 0.0))
    box = (low, frame.top, max(0.0, high - low), frame.bottom - frame.top)
    SubElement(group, "rect", dict(zip(("x", "y", "width", "height"), map(_n, box), strict=True)))
