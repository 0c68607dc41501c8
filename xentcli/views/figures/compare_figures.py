"""The figures of two models on the same rows: where B differs from A, and how sure that is.

Floor 8. Pure functions of a finished comparison. What is better by more than chance has the tone of the good, what is
worse that of the bad.
"""

from collections.abc import Iterator
from itertools import groupby

from xentcli.metrics import METRICS, Direction
from xentcli.scoring.comparing.model import Comparison, Difference, GroupDifference, Wins
from xentcli.views import numbers
from xentcli.views.figures.model import Axis, Datum, Figure, Form, Mark, Series, Tone, ends, span
from xentcli.views.page import EMPTY

MOST = 30
_LOWER = {"loss"}

Row = tuple[str, Difference, int | None]


def compare_figures(found: Comparison) -> Iterator[Figure]:
    """Yield the figures that a comparison holds the numbers for."""
    rows: list[Row] = [(name, one, None) for name, one in found.difference.items()]
    yield from _differences("metrics", "Metrics of B less those of A", "metric", rows, tuple(found.difference))
    if found.wins is not None:
        yield _wins(found.wins)
    yield from _groups(found.per_class, "class", "recall")
    for by, slices in groupby(found.slices, key=lambda one: one.by):
        yield from _groups(tuple(slices), by, "accuracy")


def _groups(groups: tuple[GroupDifference, ...], by: str, rate: str) -> Iterator[Figure]:
    losses: list[Row] = [(_name(one), one.loss, one.rows) for one in groups if one.loss is not None]
    rates: list[Row] = [(_name(one), one.accuracy, one.rows) for one in groups]
    kind = "classes" if rate == "recall" else "slices"
    for metric, rows in (("loss", losses), (rate, rates)):
        held = [row for row in rows if row[1].value is not None]
        held.sort(key=lambda row: row[1].value or 0.0, reverse=metric == "loss")
        title = f"{metric.capitalize()} by {by}: B less A"
        yield from _differences(f"{kind}-{metric}", title, by, held, (metric,) * len(held))


def _name(group: GroupDifference) -> str:
    return EMPTY if group.value is None else group.value


def _differences(name: str, title: str, unit: str, rows: list[Row], metrics: tuple[str, ...]) -> Iterator[Figure]:
    """Yield differences with their intervals, one below the other; `metrics` say which way is better."""
    shown = [(row, metric) for row, metric in zip(rows, metrics, strict=True) if row[1].value is not None][:MOST]
    if not shown:
        return
    tones: dict[Tone, list[Datum]] = {Tone.QUIET: [], Tone.GOOD: [], Tone.BAD: []}
    for at, ((_, one, count), metric) in enumerate(shown):
        tones[_tone(one, metric)].append(Datum(one.value or 0.0, at, one.interval, count))
    data = tuple(datum for held in tones.values() for datum in held)
    words = {Tone.GOOD: "B better", Tone.BAD: "B worse", Tone.QUIET: "not told apart"}
    yield Figure(
        f"differences-{name}", title, _sentence(len(shown), unit, len(tones[Tone.GOOD]), len(tones[Tone.BAD])),
        Axis("B - A", span(ends(data, "x"), zero=True), form=Form.DIFFERENCE),
        Axis(unit, names=tuple(row[0] for row, _ in shown)),
        (
            Series("no difference", Mark.LIMIT, (Datum(0.0, 0),), Tone.QUIET),
            *(Series(words[tone], Mark.DOT, tuple(held), tone) for tone, held in tones.items() if held),
        ),
        measured="x",
        more=f"The {MOST} that B is worst at, of {numbers.count(len(rows))}, are shown." if len(rows) > MOST else "",
    )  # fmt: skip


def _tone(one: Difference, metric: str) -> Tone:
    if one.interval is None or one.interval[0] <= 0.0 <= one.interval[1]:
        return Tone.QUIET
    lower = metric in _LOWER or (metric in METRICS and METRICS[metric].direction is Direction.LOWER)
    return Tone.GOOD if (one.interval[0] < 0.0) is lower else Tone.BAD


def _sentence(count: int, unit: str, better: int, worse: int) -> str:
    noun = numbers.counted(count, unit) if unit in {"class", "metric"} else f"{numbers.count(count)} values of {unit}"
    if not better and not worse:
        return f"For none of {noun} does the interval leave out 0."
    parts = [f"better for {better}"] * bool(better) + [f"worse for {worse}"] * bool(worse)
    return f"Of {noun}, B is {' and '.join(parts)}, with intervals that leave out 0."


def _wins(wins: Wins) -> Figure:
    names, counts = ("A", "equal", "B"), (wins.a, wins.equal, wins.b)
    return Figure(
        "wins", "Which model has the lower loss, by row",
        f"A has the lower loss in {numbers.counted(wins.a, 'row')}, B in {numbers.count(wins.b)}; they are equal in"
        f" {numbers.count(wins.equal)}.",
        Axis("rows", (0.0, 1.05 * max(*counts, 1)), form=Form.COUNT), Axis("lower loss", names=names),
        (Series("rows", Mark.BAR, tuple(Datum(count, at) for at, count in enumerate(counts))),),
        measured="x",
    )  # fmt: skip
