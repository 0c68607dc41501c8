"""Judging: limits against numbers, compared unrounded, and what is said about each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xentcli
from xentcli.config.model import Bound, FailLevel, Inconclusive, Limit, Margin
from xentcli.errors import ConfigError, Place, UsageError
from xentcli.gate.judge import judge
from xentcli.gate.metrics import names
from xentcli.gate.model import Bounds, Group, Outcome, Unjudged
from xentcli.record import replace
from xentcli.scoring.comparing.model import Difference

LABELS = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
RIGHT = [1, 1, 1, 0, 1, 1, 1, 1, 0, 0]


def scores():
    """Return probabilities of ten rows of three classes; recall is 3/4, 1 and 1/3."""
    return [
        [0.8 if at == (label if hit else (label + 1) % 3) else 0.1 for at in range(3)]
        for label, hit in zip(LABELS, RIGHT, strict=True)
    ]


@pytest.fixture(scope="module")
def plain():
    """A score of ten rows: accuracy 0.7."""
    table = {"label": [("cat", "dog", "eel")[at] for at in LABELS], "country": ["DE", "DE", *["FR"] * 8]}
    for at, name in enumerate(("cat", "dog", "eel")):
        table[f"p_{name}"] = [row[at] for row in scores()]
    import pandas as pd  # noqa: PLC0415  only here

    return xentcli.score(pd.DataFrame(table), by="country").score


def accurate(score, value, interval=None):
    """Return the score with another accuracy."""
    return replace(score, accuracy=replace(score.accuracy, value=value, interval=interval))


def one(score, baseline=None, **limit):
    """Return the one check that comes of a limit."""
    (check,), _ = judge(score, [Limit(**{"name": "x", "metric": "accuracy", **limit})], baseline)
    return check


class Before:
    """A baseline whose differences are all the same."""

    def __init__(self, *difference, paired=True, rows=100, metrics=("loss", "accuracy", "recall")):
        """Hold the parts of a Difference; none for rows that the baseline lacks."""
        self.held = Difference(*difference, "a method") if difference else None
        self.paired, self.rows, self.known = paired, rows, metrics

    def metrics(self, by):
        """See `Baseline.metrics`."""
        del by
        return self.known

    def difference(self, metric, by, group):
        """See `Baseline.difference`."""
        del metric, by, group
        return self.held, self.rows


# Absolute limits


@pytest.mark.parametrize(
    ("limit", "outcome", "message"),
    [
        ({"min": 0.7}, "passed", "accuracy 0.7 is within min 0.7"),
        ({"max": 0.7}, "passed", "accuracy 0.7 is within max 0.7"),
        ({"min": 0.5, "max": 0.9}, "passed", "accuracy 0.7 is within min 0.5 and within max 0.9"),
        ({"min": 0.71}, "failed", "accuracy 0.7 is below min 0.71"),
        ({"max": 0.69}, "failed", "accuracy 0.7 is above max 0.69"),
        ({"min": 0.8, "level": FailLevel.WARN}, "warned", "accuracy 0.7 is below min 0.8"),
    ],
)
def test_a_value_is_held_against_the_least_and_the_most(plain, limit, outcome, message):
    check = one(accurate(plain, 0.7, (0.6, 0.8)), **limit)
    assert (check.outcome, check.message) == (outcome, message)
    assert (check.value, check.interval, check.rows, check.group) == (0.7, (0.6, 0.8), 10, None)
    assert check.level == str(limit.get("level", "fail"))


@pytest.mark.parametrize(
    ("limit", "outcome", "message"),
    [
        ({"min": 0.6}, "passed", "accuracy 0.7 [0.6, 0.8] is within min 0.6"),
        ({"max": 0.8}, "passed", "accuracy 0.7 [0.6, 0.8] is within max 0.8"),
        ({"min": 0.65}, "failed", "accuracy is 0.7, but its interval [0.6, 0.8] reaches 0.6, below min 0.65"),
        ({"max": 0.75}, "failed", "accuracy is 0.7, but its interval [0.6, 0.8] reaches 0.8, above max 0.75"),
        ({"min": 0.75}, "failed", "accuracy 0.7 is below min 0.75"),
    ],
)
def test_the_whole_interval_must_clear_a_limit_on_it(plain, limit, outcome, message):
    check = one(accurate(plain, 0.7, (0.6, 0.8)), bound=Bound.INTERVAL, **limit)
    assert (check.outcome, check.message) == (outcome, message)
    assert check.limit.bound == "interval"


def test_a_metric_without_an_interval_has_none_to_hold_against_a_limit(plain, refused):
    error = refused(one, plain, metric="f1_macro", bound=Bound.INTERVAL, min=0.1)
    assert isinstance(error, UsageError)
    assert error.message == "x: f1_macro has no interval here"


@pytest.mark.parametrize(
    ("value", "limit", "message"),
    [
        (0.8999999, 0.9, "accuracy 0.8999999 is below min 0.9"),
        (0.9 - 2**-53, 0.9, "accuracy 0.8999999999999999 is below min 0.9"),
        (0.89, 0.9, "accuracy 0.89 is below min 0.9"),
        (0.0, 1e-300, "accuracy 0 is below min 1e-300"),
        (0.12345678, 0.12346, "accuracy 0.123457 is below min 0.12346"),
    ],
)
def test_values_are_compared_unrounded_and_shown_with_the_digits_that_tell(plain, value, limit, message):
    check = one(accurate(plain, value), min=limit)
    assert (check.outcome, check.message) == (Outcome.FAILED, message)


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_numbers_that_differ_never_read_the_same(plain, value, limit):
    check = one(accurate(plain, value), min=limit)
    assert check.outcome is (Outcome.FAILED if value < limit else Outcome.PASSED)
    if value < limit:
        shown, least = check.message.removeprefix("accuracy ").split(" is below min ")
        assert float(shown) < float(least)


def test_a_metric_that_is_undefined_fails_whatever_the_limit(plain):
    score = replace(plain, metrics={**plain.metrics, "mcc": None})
    check = one(score, metric="mcc", min=-5.0)
    assert (check.outcome, check.value) == (Outcome.FAILED, None)
    assert check.message == "mcc is undefined: no row tells it"
    assert one(score, metric="mcc", max=5.0, level=FailLevel.WARN).outcome is Outcome.WARNED
    regressed = one(score, Before(metrics=("mcc",)), metric="mcc", max_regression=Margin(1.0))
    assert (regressed.outcome, regressed.baseline) == (Outcome.FAILED, None)


# Groups


def test_a_limit_by_class_is_held_for_each(plain):
    checks, unjudged = judge(plain, [Limit("recall", "recall", min=0.7, by="class", overrides={"eel": 0.3})], None)
    assert [(one.group, one.value, one.limit.min, one.outcome) for one in checks] == [
        (Group("class", "cat"), 0.75, 0.7, "passed"),
        (Group("class", "dog"), 1.0, 0.7, "passed"),
        (Group("class", "eel"), pytest.approx(1 / 3), 0.3, "passed"),
    ]
    assert [one.rows for one in checks] == [4, 3, 3]
    assert checks[0].message == "recall 0.75 is within min 0.7"
    assert all(one.interval[0] < one.value <= one.interval[1] for one in checks)
    assert unjudged == ()


def test_a_limit_by_column_leaves_out_groups_that_are_too_small_and_says_so(plain):
    checks, unjudged = judge(plain, [Limit("c", "accuracy", min=0.9, by="country", min_count=3)], None)
    assert [(one.group.value, one.outcome, one.rows) for one in checks] == [("FR", "failed", 8)]
    assert checks[0].message == "accuracy 0.625 is below min 0.9"
    assert unjudged == (Unjudged("c", "country", 3, ("DE",)),)


def test_groups_are_counted_and_their_loss_is_limited(plain):
    limits = [Limit("n", "rows", min=5, by="country"), Limit("l", "loss", max=2.0, by="country")]
    checks, _ = judge(plain, limits, None)
    assert [(one.name, one.group.value, one.outcome) for one in checks] == [
        ("n", "DE", "failed"), ("n", "FR", "passed"), ("l", "DE", "passed"), ("l", "FR", "passed"),
    ]  # fmt: skip
    assert checks[0].message == "rows 2 is below min 5"


def test_empty_cells_are_a_group(plain):
    slices = tuple(replace(one, value=None) if one.value == "FR" else one for one in plain.slices)
    check = judge(replace(plain, slices=slices), [Limit("c", "accuracy", min=0.9, by="country")], None)[0][1]
    assert check.group == Group("country", None)
    assert check.message.startswith("accuracy 0.625")


# What does not exist


PLACES = {"metric": Place("xent.toml", 3), "overrides.ele": Place("xent.toml", 7), "by": Place("xent.toml", 5),
          "max-regression": Place("xent.toml", 9), "bound": Place("xent.toml", 6)}  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "line", "message", "help_"),
    [
        ({"metric": "acuracy", "min": 0.1}, 3, "check 'x': there is no metric 'acuracy' for this task",
         "did you mean 'accuracy'?"),
        ({"metric": "roc_auc", "min": 0.1}, 3, "check 'x': there is no metric 'roc_auc' for this task", None),
        ({"metric": "recal", "by": "class", "min": 0.1}, 3,
         "check 'x': there is no metric 'recal' by class for this task", "did you mean 'recall'?"),
        ({"metric": "recall", "by": "country", "min": 0.1}, 3,
         "check 'x': there is no metric 'recall' by column for this task", "there are accuracy, loss, rows"),
        ({"metric": "recall", "min": 0.1}, 3, "check 'x': there is no metric 'recall' for this task",
         'it is a number of each class: a [checks] table with by = "class" limits it'),
        ({"metric": "recall", "by": "class", "min": 0.1, "overrides": {"ele": 0.2}}, 7,
         "check 'x': there is no class 'ele'", "did you mean 'eel'?"),
        ({"metric": "accuracy", "by": "country", "min": 0.1, "overrides": {"ele": 0.2}}, 7,
         "check 'x': there is no value of country 'ele'", "there are DE, FR"),
        ({"metric": "accuracy", "by": "region", "min": 0.1}, 5, "check 'x': no rows are grouped by 'region'",
         "name the columns by their names"),
        ({"metric": "loss", "max_regression": Margin(0.1)}, 9, "check 'x': there is no baseline",
         "name one: --baseline FILE, or the key baseline"),
        ({"metric": "mcc", "min": 0.1, "bound": Bound.INTERVAL}, 6, "check 'x': mcc has no interval here", None),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused_at_its_line(plain, refused, limit, line, message, help_):
    error = refused(judge, plain, [Limit(name="x", places=PLACES, place=Place("xent.toml", 1), **limit)], None)
    assert isinstance(error, ConfigError)
    assert (error.place.path, error.place.line, error.message) == ("xent.toml", line, message)
    assert help_ is None or error.help == help_


def test_a_flag_is_refused_without_a_line(plain, refused):
    error = refused(judge, plain, [Limit("min acuracy", "acuracy", min=0.1)], None)
    assert (type(error), error.place) == (UsageError, None)
    assert error.message == "min acuracy: there is no metric 'acuracy' for this task"


def test_a_regression_of_what_has_no_interval_is_refused(plain, refused):
    limit = Limit("x", "ece", max_regression=Margin(0.1))
    error = refused(judge, plain, [limit], Before(0.1, 0.1, 0.0, (0.0, 0.0), 1.0))
    assert error.message == "x: the regression of ece cannot be told from this baseline"
    assert error.help == "it can of loss, accuracy, recall"
    weaker = refused(judge, plain, [limit], Before(0.1, 0.1, 0.0, (0.0, 0.0), 1.0, paired=False))
    assert weaker.message.endswith("(a stored score document says less than a prediction file)")


def test_every_metric_of_a_score_can_be_limited(plain):
    for name in names(plain, None):
        check = one(plain, metric=name, min=-1e9, max=1e9)
        assert check.outcome in {Outcome.PASSED, Outcome.FAILED}
        assert (check.value is None) == (check.outcome is Outcome.FAILED)


# Regression


@pytest.mark.parametrize(
    ("interval", "margin", "outcome"),
    [
        ((0.02, 0.04), 0.01, "failed"),
        ((0.0, 0.01), 0.01, "passed"),
        ((-0.5, -0.1), 0.0, "passed"),
        ((0.0, 0.0), 0.0, "passed"),
        ((0.005, 0.02), 0.01, "inconclusive"),
        ((0.01, 0.02), 0.01, "inconclusive"),
    ],
)
def test_a_loss_may_rise_by_the_margin(plain, interval, margin, outcome):
    middle = sum(interval) / 2
    before = Before(0.5, 0.5 + middle, middle, interval, 0.01)
    check = one(plain, before, metric="loss", max_regression=Margin(margin))
    assert check.outcome == outcome
    assert check.limit == Bounds(max_regression=margin)
    seen = check.baseline
    assert (seen.value, seen.worsening, seen.interval, seen.margin) == (0.5, middle, interval, margin)
    assert seen.resolvable == pytest.approx((interval[1] - interval[0]) / 2)
    assert (seen.paired, seen.rows, seen.method) == (True, 100, "a method")


def test_more_is_better_of_most_metrics(plain):
    check = one(plain, Before(0.9, 0.7, -0.2, (-0.3, -0.1), 0.01), max_regression=Margin(0.05))
    assert (check.outcome, check.baseline.worsening, check.baseline.interval) == ("failed", 0.2, (0.1, 0.3))
    assert check.message == (
        "accuracy 0.7 is 0.2 worse than the baseline's 0.9, interval of the worsening [0.1, 0.3]:"
        " worse by at least 0.1, more than the margin 0.05"
    )


def test_no_difference_is_0_and_not_minus_0(plain):
    check = one(plain, Before(0.7, 0.7, 0.0, (0.0, 0.0), 1.0), max_regression=Margin(0.0))
    assert repr((check.baseline.worsening, check.baseline.interval)) == "(0.0, (0.0, 0.0))"
    assert check.message == (
        "accuracy 0.7 is equal to the baseline's 0.7, interval of the worsening [0, 0]: within the margin 0"
    )


@pytest.mark.parametrize(
    ("how", "outcome"),
    [(Inconclusive.WARN, "inconclusive"), (Inconclusive.FAIL, "failed"), (Inconclusive.PASS, "passed")],
)
def test_what_cannot_be_told_warns_fails_or_passes(plain, how, outcome):
    before = Before(0.7, 0.68, -0.02, (-0.05, 0.01), 0.2)
    check = one(plain, before, max_regression=Margin(0.03), inconclusive=how)
    assert check.outcome == outcome
    assert (
        "100 paired rows resolve 0.03 and cannot tell whether it is worse by more than the margin 0.03;"
        " a margin of 0.05 would pass"
    ) in check.message
    assert check.message.endswith(f'; inconclusive = "{how}" decides') is (how is not Inconclusive.WARN)
    loud = one(plain, before, max_regression=Margin(0.03), inconclusive=how, level=FailLevel.WARN)
    assert loud.outcome == {"failed": "warned"}.get(outcome, outcome)


def test_a_margin_may_be_a_share_of_the_baselines_value(plain):
    before = Before(0.5, 0.52, 0.02, (0.01, 0.03), 0.01)
    check = one(plain, before, metric="loss", max_regression=Margin(0.02, relative=True))
    assert (check.baseline.margin, check.limit.max_regression, check.outcome) == (0.01, 0.01, "inconclusive")
    assert one(plain, before, metric="loss", max_regression=Margin(0.1, relative=True)).outcome == "passed"


def test_a_share_of_a_negative_value_is_of_its_size(plain):
    score = replace(plain, metrics={**plain.metrics, "mcc": -0.4})
    before = Before(-0.5, -0.4, 0.1, (0.05, 0.15), 0.01, metrics=("mcc",))
    assert one(score, before, metric="mcc", max_regression=Margin(0.1, relative=True)).baseline.margin == 0.05


def test_a_difference_without_an_interval_cannot_be_told(plain):
    check = one(plain, Before(0.7, 0.6, -0.1, None, None, rows=1), max_regression=Margin(0.2))
    assert check.outcome == "inconclusive"
    assert check.message.endswith("1 paired row cannot tell whether it is worse by more than the margin 0.2")


def test_rows_that_the_baseline_lacks_cannot_be_told(plain):
    limit = Limit("c", "recall", max_regression=Margin(0.1), by="class")
    checks, _ = judge(plain, [limit], Before(rows=0))
    assert {one.outcome for one in checks} == {Outcome.INCONCLUSIVE}
    assert checks[0].message.startswith("recall is 0.75, and the baseline has none to compare it with")


def test_an_override_takes_the_place_of_the_margin(plain):
    before = Before(0.7, 0.65, -0.05, (-0.06, -0.04), 0.0)
    limit = Limit("c", "recall", max_regression=Margin(0.01), by="class", overrides={"eel": 0.1})
    checks, _ = judge(plain, [limit], before)
    assert [(one.outcome, one.baseline.margin) for one in checks] == [("failed", 0.01)] * 2 + [("passed", 0.1)]


def test_a_limit_of_several_kinds_tells_what_broke(plain):
    before = Before(0.9, 0.7, -0.2, (-0.3, -0.1), 0.0)
    places = {"min": Place("x.toml", 2), "max-regression": Place("x.toml", 3)}
    both = one(plain, before, min=0.8, max_regression=Margin(0.05), places=places, place=Place("x.toml", 1))
    assert both.message.startswith("accuracy 0.7 is below min 0.8; accuracy 0.7 is 0.2 worse than")
    assert both.place.line == 2
    single = one(plain, before, min=0.6, max_regression=Margin(0.05), places=places, place=Place("x.toml", 1))
    assert (single.outcome, single.place.line) == ("failed", 3)
    kept = one(plain, before, min=0.6, max_regression=Margin(0.5), places=places, place=Place("x.toml", 1))
    assert (kept.outcome, kept.place.line) == ("passed", 1)
    assert kept.message.startswith("accuracy 0.7 is within min 0.6; accuracy 0.7 is 0.2 worse than")


def test_the_line_of_an_override_is_the_place_of_its_group(plain):
    places = {"min": Place("x.toml", 2), "overrides.eel": Place("x.toml", 4)}
    limit = Limit("c", "recall", min=0.99, by="class", overrides={"eel": 0.9}, places=places, place=Place("x.toml", 1))
    checks, _ = judge(plain, [limit], None)
    assert [one.place.line for one in checks] == [2, 1, 4]


@pytest.mark.parametrize(
    ("limit", "message", "help_"),
    [
        (Limit("x", "acc", min=0.5), "there is no metric 'acc' for this task", "did you mean 'accuracy'?"),
        (Limit("x", "log_loss", max=0.5), "there is no metric 'log_loss' for this task", "did you mean 'loss'?"),
        (Limit("x", "accuracy", min=90), "accuracy is at most 1, so that nothing passes 90", "from 0 to 1: 0.9"),
        (Limit("x", "recall", min=0.5, by="class", overrides={"cat": 80}), "recall is at most 1", "0.8"),
    ],
)
def test_slips_are_told_with_what_was_meant(plain, refused, limit, message, help_):
    error = refused(judge, plain, [limit], None)
    assert message in error.message
    assert help_ in error.help


def test_predictions_without_scores_have_no_loss_to_limit(plain, refused):
    decided = replace(plain, loss=None)
    for limit in (Limit("x", "loss", max=0.5), Limit("x", "loss", max=0.5, by="class")):
        assert "have no loss" in refused(judge, decided, [limit], None).help


def test_why_there_is_no_interval_is_part_of_how_it_was_found(plain):
    before = Before(0.7, 0.6, -0.1, None, None)
    before.held = replace(before.held, because="too few rows")
    assert one(plain, before, max_regression=Margin(0.2)).baseline.method == "a method; too few rows"


# One group, and reasons


def test_a_limit_may_be_of_one_class_or_of_one_value(plain):
    checks, _ = judge(plain, [Limit("x", "recall[eel]", min=0.3), Limit("y", "accuracy[country=FR]", min=0.9)], None)
    assert [(one.group, one.outcome) for one in checks] == [
        (Group("class", "eel"), "passed"),
        (Group("country", "FR"), "failed"),
    ]


def test_the_rows_with_an_empty_cell_are_named_by_nothing(plain):
    slices = tuple(replace(one, value=None) if one.value == "FR" else one for one in plain.slices)
    (check,), _ = judge(replace(plain, slices=slices), [Limit("c", "accuracy[country=]", min=0.9)], None)
    assert (check.group, check.rows) == (Group("country", None), 8)


def test_a_class_that_there_is_not_is_refused_where_it_is_named(plain, refused):
    places = {"metric": Place("xent.toml", 3)}
    limit = Limit("x", "recall[ele]", min=0.1, places=places, place=Place("xent.toml", 1))
    error = refused(judge, plain, [limit], None)
    assert (error.place.line, error.message) == (3, "check 'x': there is no class 'ele'")
    assert error.help == "did you mean 'eel'?"
    by_key = Limit(
        "x", "recall", min=0.1, by="class", group="ele", places={"group": Place("xent.toml", 4)}, place=places["metric"]
    )
    assert refused(judge, plain, [by_key], None).place.line == 4


@pytest.mark.parametrize(
    ("metric", "help_"),
    [
        ("roc_auc", "roc_auc is a number of binary tasks, and this task is multi-class"),
        ("sum_over_labels", "sum_over_labels is a number of multi-label tasks, and this task is multi-class"),
        ("mean_accuracy", "mean_accuracy is a number of multi-output tasks, and this task is multi-class"),
    ],
)
def test_a_number_of_other_tasks_is_refused_with_the_reason(plain, refused, metric, help_):
    error = refused(judge, plain, [Limit("x", metric, min=0.1)], None)
    assert error.message == f"x: there is no metric {metric!r} for this task"
    assert error.help == help_


def test_predictions_without_scores_lack_what_needs_them(plain, refused):
    decided = replace(plain, loss=None, metrics={"mcc": 0.5})
    assert refused(judge, decided, [Limit("x", "top_2", min=0.1)], None).help == (
        "top_2 needs scores, and these predictions have none"
    )
    assert refused(judge, decided, [Limit("x", "loss", max=0.1)], None).help == (
        "predictions without scores have no loss; they have an accuracy"
    )


def test_a_check_says_why_its_number_has_no_interval(plain):
    check = one(replace(plain, intervals={"ece": "a reason"}), metric="ece", max=1.0)
    assert (check.interval, check.interval_because) == (None, "a reason")
    assert one(replace(plain, intervals={"mcc": (0.1, 0.9)}), metric="mcc", min=0.0).interval == (0.1, 0.9)
    assert one(plain, metric="read", min=1).interval_because == "it is a count of these rows and no estimate"
    assert one(accurate(plain, 0.7, (0.6, 0.8)), min=0.1).interval_because is None
