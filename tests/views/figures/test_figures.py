"""Figures show the numbers of the document, unrounded, whatever the file."""

from math import isfinite

import pytest
from drawn import SCORES, made

from xentcli.record import replace
from xentcli.views.figures.check_figures import check_figures
from xentcli.views.figures.compare_figures import compare_figures
from xentcli.views.figures.inspect_figures import inspect_figures
from xentcli.views.figures.model import Mark, Tone, span
from xentcli.views.figures.score_figures import MOST, score_figures
from xentcli.views.figures.table import table
from xentcli.views.figures.ticks import labels, ticks


def figures(name):
    """Return the figures of a result by their names."""
    result = made(name)
    if name == "compared":
        found = compare_figures(result.comparison)
    elif name == "judged":
        found = (one for check in result.models[0].checks for one in check_figures(check))
    elif name == "inspected":
        found = inspect_figures(result)
    else:
        found = score_figures(result.score)
    return tuple(found)


def named(name, figure):
    """Return one of the figures of a result."""
    return next(one for one in figures(name) if one.name == figure)


def numbers(value):
    """Yield every number of a document."""
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


EVERY = (*SCORES, "compared", "judged", "inspected")
DRAWN = {"even share", "as good as its word", "chance", "no difference", "beyond the limit", "too much worse"}
"""Series that stand for a rule of the picture, not for a result."""


@pytest.mark.parametrize("name", EVERY)
def test_every_number_that_is_drawn_stands_in_the_document(name):
    document = made(name).to_dict()
    held = set(numbers(document)) | {0.0}
    for figure in figures(name):
        for series in figure.series:
            if series.name in DRAWN:
                continue
            for datum in series.data:
                places = [value for axis, value in ((figure.x, datum.x), (figure.y, datum.y)) if not axis.names]
                for value in (*places, *(datum.interval or ()), *([] if datum.rows is None else [datum.rows])):
                    assert value in held, (figure.name, series.name, value)


@pytest.mark.parametrize("name", EVERY)
def test_every_datum_lies_in_its_axes_and_every_figure_says_what_is_seen(name):
    for figure in figures(name):
        assert figure.sentence.endswith(".") or figure.name in {"limit", "regression", "wins"}
        for axis, place in ((figure.x, "x"), (figure.y, "y")):
            for series in figure.series:
                for datum in series.data:
                    value = getattr(datum, place)
                    assert isfinite(value)
                    if axis.names:
                        assert axis.names[int(value)] is not None
                    else:
                        assert axis.domain[0] <= value <= axis.domain[1], (figure.name, axis.title)


def test_the_figures_of_each_kind_of_file():
    assert [one.name for one in figures("binary")] == [
        "reliability", "scores", "roc", "precision-recall", "confusion", "classes", "shares", "losses",
    ]  # fmt: skip
    assert [one.name for one in figures("digits")] == [
        "reliability", "scores", "confusion", "classes", "shares", "losses", "slices-loss", "slices-accuracy",
    ]  # fmt: skip
    assert "mistakes" in [one.name for one in figures("many classes")]
    assert [one.name for one in figures("labels")] == ["classes", "shares", "losses"]
    assert [one.name for one in figures("decisions")] == ["confusion", "classes", "shares"]
    assert {one.title.partition(":")[0] for one in figures("outputs")} >= {"parity", "size"}
    assert [one.name for one in figures("inspected")] == ["shares"]
    assert [one.name for one in figures("judged")] == ["limit", "limit", "limit", "regression"]


def test_reliability_shows_each_bin_that_holds_rows_with_its_interval():
    bins = [one for one in made("digits").score.calibration if one.count]
    drawn = named("digits", "reliability").series[1].data
    assert [(one.x, one.y, one.interval, one.rows) for one in drawn] == [
        (one.mean_score, one.accuracy, one.interval, one.count) for one in bins
    ]


def test_reliability_says_in_how_many_bins_the_scores_are_off():
    held = [one for one in made("digits").score.calibration if one.count]
    low = sum(one.interval[0] > one.mean_score for one in held)
    assert f"too low in {low}" in named("digits", "reliability").sentence


def test_confusion_shows_every_count_as_a_share_of_its_true_class():
    counts = made("digits").score.confusion.counts
    right, mistaken = (series.data for series in named("digits", "confusion").series)
    cells = {(int(one.y), int(one.x)): (one.rows, one.share) for one in (*right, *mistaken)}
    assert cells == {(i, j): (n, n / sum(row)) for i, row in enumerate(counts) for j, n in enumerate(row) if n}
    assert all(one.x == one.y for one in right)


def test_confusions_of_many_classes_are_the_worst_pairs():
    figure = named("many classes", "mistakes")
    drawn = [one.x for one in figure.series[0].data]
    assert drawn == sorted(drawn, reverse=True)
    assert len(drawn) == len(figure.y.names) == 25


def test_classes_stand_by_recall_and_the_lowest_are_kept():
    figure = named("many classes", "classes")
    recalls = next(series for series in figure.series if series.name == "recall").data
    every = sorted(one.recall for one in made("many classes").score.per_class if one.recall is not None)
    assert [one.x for one in recalls] == every[:MOST]
    assert figure.more == f"The {MOST} lowest recalls of 1,000 are shown."


def test_slices_stand_with_the_worst_first():
    losses = [one.x for one in named("digits", "slices-loss").series[0].data]
    assert losses == sorted((one.loss.value for one in made("digits").score.slices), reverse=True)


def test_differences_that_intervals_tell_from_none_have_the_tone_of_what_is_better():
    figure = named("compared", "differences-metrics")
    tones = {figure.y.names[int(datum.y)]: series.tone for series in figure.series[1:] for datum in series.data}
    assert tones["loss"] is tones["brier"] is Tone.GOOD
    assert tones["accuracy"] is Tone.QUIET
    turned = replace(
        made("compared").comparison,
        difference={"accuracy": replace(made("compared").comparison.difference["accuracy"], interval=(-0.2, -0.1))},
    )
    assert [one.tone for one in next(compare_figures(turned)).series] == [Tone.QUIET, Tone.BAD]


def test_a_limit_shows_value_interval_limit_and_what_lies_beyond():
    check = made("judged").models[0].checks[0]
    figure = next(check_figures(check))
    by_mark = {series.mark: series.data[0] for series in figure.series}
    assert by_mark[Mark.DOT].x == check.value
    assert by_mark[Mark.DOT].interval == check.interval
    assert by_mark[Mark.LIMIT].x == check.limit.min == 0.96
    assert by_mark[Mark.ZONE].interval == (figure.x.domain[0], 0.96)


def test_a_margin_shows_the_worsening_beside_the_baseline():
    check = next(one for one in made("judged").models[0].checks if one.baseline is not None)
    figure = list(check_figures(check))[-1]
    by_mark = {series.mark: series.data[0] for series in figure.series}
    assert by_mark[Mark.DOT].x == check.baseline.worsening
    assert by_mark[Mark.DOT].interval == check.baseline.interval
    assert by_mark[Mark.LIMIT].x == 0.01
    assert by_mark[Mark.RING].x == 0.0


def test_shares_of_labels_stand_beside_the_even_share():
    shares, even = named("inspected", "shares").series
    assert [one.x for one in shares.data] == [0.6, 0.3, 0.1]
    assert even.data[0].x == pytest.approx(1 / 3)


def test_the_table_behind_a_figure_holds_what_is_drawn():
    grid = table(named("inspected", "shares"))
    assert grid.columns == ("series", "class", "share of the rows", "rows")
    assert grid.rows[0] == ("share", "cat", "0.6000", "60")
    grid = table(named("digits", "slices-loss"))
    assert grid.columns[-3:] == ("from", "to", "rows")
    assert grid.numeric == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (0.0, 34000.0, ("0", "10,000", "20,000", "30,000")),
        (-0.13, 0.02, ("-0.10", "-0.05", "0.00")),
        (0.93, 0.97, ("0.93", "0.94", "0.95", "0.96", "0.97")),
        (2.0, 2.0, ("2",)),
    ],
)
def test_ticks_are_round_and_bear_the_decimals_that_tell_them_apart(low, high, expected):
    assert labels(ticks(low, high)) == expected


def test_ticks_of_counts_are_whole():
    assert labels(ticks(0.0, 1.05, whole=True)) == ("0", "1")
    assert labels(ticks(0.0, 10.5, whole=True)) == ("0", "2", "4", "6", "8", "10")


def test_a_domain_has_room_but_starts_at_zero_where_bars_do():
    assert span([1.0, 2.0], room=0.1) == pytest.approx((0.9, 2.1))
    assert span([0.0, 2.0], zero=True, room=0.1) == pytest.approx((0.0, 2.2))
    assert span([]) == pytest.approx((-0.06, 1.06))
