"""Vega-Lite: a figure as the JSON that notebooks, dashboards and loggers of experiments draw.

Floor 8. A specification of version 5 that holds its data: https://vega.github.io/vega-lite/docs/. Its numbers are those
of the figure, unrounded; names are data there, too, and made safe like everywhere.
"""

from collections.abc import Mapping
from typing import Any

from xentcli.views.figures.model import Axis, Datum, Figure, Mark, Series, Tone
from xentcli.views.safe import printable

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

COLOURS: Mapping[Tone, str] = {
    Tone.MAIN: "#2456c8", Tone.OTHER: "#9a4a06", Tone.GOOD: "#146c37", Tone.BAD: "#b3211c", Tone.QUIET: "#66718a",
}  # fmt: skip
_MARKS: Mapping[Mark, dict[str, Any]] = {
    Mark.DOT: {"type": "point", "filled": True, "size": 60},
    Mark.RING: {"type": "point", "filled": False, "size": 60},
    Mark.BAR: {"type": "bar"},
    Mark.CELL: {"type": "rect"},
    Mark.LINE: {"type": "line"},
    Mark.LIMIT: {"type": "rule"},
    Mark.ZONE: {"type": "rect", "opacity": 0.15},
}
_STEP = 24


def specification(figure: Figure) -> dict[str, Any]:
    """Return the specification, to be written as JSON."""
    names = {side: _unique(axis.names) for side, axis in (("x", figure.x), ("y", figure.y))}
    layers = [layer for series in figure.series if series.data for layer in _layers(figure, series, names)]
    return {
        "$schema": SCHEMA,
        "title": printable(figure.title),
        "description": printable(figure.sentence),
        "width": {"step": _STEP} if figure.x.names else 360,
        "height": {"step": _STEP} if figure.y.names else 260,
        "layer": layers,
    }


def _unique(names: tuple[str, ...]) -> list[str]:
    """Return names made safe, with a number behind those that stand there already: a band is told by its name."""
    found: dict[str, None] = {}
    for text in names:
        name = wanted = printable(text)
        number = 1
        while name in found:
            number += 1
            name = f"{wanted} ({number})"
        found[name] = None
    return list(found)


def _layers(figure: Figure, series: Series, names: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Return the layer of a series, below it that of its intervals if it has any."""
    values = [_value(datum, names) for datum in series.data]
    channels: dict[str, Any] = {side: _channel(figure, side, names[side]) for side in ("x", "y")}
    mark = dict(_MARKS[series.mark]) | {"color": COLOURS[series.tone]}
    if series.mark is Mark.LINE:
        channels["order"] = {"field": "order", "type": "quantitative"}
        values = [one | {"order": at} for at, one in enumerate(values)]
    if series.mark is Mark.CELL:
        channels["opacity"] = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "legend": None}
    told = ("x", "y", "low", "high", "rows", "share")
    channels["tooltip"] = [{"field": name} for name in told if any(name in one for one in values)]
    between = _between(figure, channels)
    if series.mark is Mark.ZONE:
        return [{"data": {"values": values}, "name": "zone", "mark": mark, "encoding": between}]
    if series.mark is Mark.LIMIT:
        channels.pop("y" if figure.measured == "x" else "x")
    layer = {"data": {"values": values}, "mark": mark, "encoding": channels}
    if series.mark is Mark.DOT and any("low" in one for one in values):
        held = [one for one in values if "low" in one]
        rule = {"type": "rule", "color": COLOURS[series.tone]}
        return [{"data": {"values": held}, "mark": rule, "encoding": between}, layer]
    return [layer]


def _value(datum: Datum, names: Mapping[str, list[str]]) -> dict[str, Any]:
    value: dict[str, Any] = {
        side: names[side][int(number)] if names[side] else number for side, number in (("x", datum.x), ("y", datum.y))
    }
    if datum.interval is not None:
        value |= {"low": datum.interval[0], "high": datum.interval[1]}
    return value | {name: held for name, held in (("rows", datum.rows), ("share", datum.share)) if held is not None}


def _channel(figure: Figure, side: str, names: list[str]) -> dict[str, Any]:
    axis: Axis = figure.x if side == "x" else figure.y
    made: dict[str, Any] = {"field": side, "title": printable(axis.title)}
    if names:
        return made | {"type": "nominal", "sort": names, "scale": {"domain": names}}
    made |= {"type": "quantitative", "scale": {"domain": list(axis.domain or (0, 1)), "zero": False, "nice": False}}
    bars = figure.measured == side and any(series.mark is Mark.BAR for series in figure.series)
    return made | ({"stack": None} if bars else {})


def _between(figure: Figure, channels: Mapping[str, Any]) -> dict[str, Any]:
    """Return channels that draw from the low to the high end of an interval."""
    side = figure.measured
    kept = {name: one for name, one in channels.items() if name in {"x", "y"}}
    return kept | {side: {**channels[side], "field": "low"}, f"{side}2": {"field": "high"}}
