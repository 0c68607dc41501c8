"""The table behind a figure: all that is drawn, as text.

Floor 8. What a screen reader reads in place of the picture, and what a person checks it with.
"""

from collections.abc import Iterator

from xentcli.views import numbers
from xentcli.views.figures.model import Axis, Datum, Figure, Mark, Series, written
from xentcli.views.page import Grid


def table(figure: Figure) -> Grid:
    """Return the table; columns that hold nothing are left out."""
    rows = [(series, datum) for series in figure.series for datum in series.data if series.mark is not Mark.ZONE]
    columns = [column for column in _columns(figure, rows) if any(column[1:])]
    numeric = {"series"} | {axis.title for axis in (figure.x, figure.y) if axis.names}
    heads = tuple(column[0] for column in columns)
    return Grid(
        heads,
        tuple(zip(*(column[1:] for column in columns), strict=True)),
        numeric=tuple(at for at, head in enumerate(heads) if head not in numeric),
    )


def _columns(figure: Figure, rows: list[tuple[Series, Datum]]) -> Iterator[tuple[str, ...]]:
    if len({series.name for series, _ in rows}) > 1:
        yield "series", *(series.name for series, _ in rows)
    across = (figure.x.title, *(_text(figure.x, datum.x) for _, datum in rows))
    up = (figure.y.title, *(_text(figure.y, datum.y) for _, datum in rows))
    yield from (up, across) if figure.y.names else (across, up)
    form = (figure.x if figure.measured == "x" else figure.y).form
    for end, head in enumerate(("from", "to")):
        yield head, *("" if one.interval is None else written(form, one.interval[end]) for _, one in rows)
    yield "rows", *("" if one.rows is None else numbers.count(one.rows) for _, one in rows)
    yield "share", *("" if one.share is None else numbers.share(one.share) for _, one in rows)


def _text(axis: Axis, value: float) -> str:
    return axis.names[int(value)] if axis.names else written(axis.form, value)
