"""The comparison of two files, against numpy, SciPy, statsmodels and scikit-learn on the rows themselves."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from two_models import (
    CLASSES,
    decided,
    decisions,
    predictions,
    right,
    row_briers,
    row_losses,
    scores_of,
    taken,
    without,
    worse,
)

import xentcli
from xentcli.errors import UsageError
from xentcli.scoring.comparing import proportions
from xentcli.scoring.comparing.model import PairedRows, RightTable, Verdict, Wins

A, B = predictions(1), predictions(2)


@pytest.fixture
def compared(table):
    """The maker of comparisons of columns."""

    def run(a, b, **options):
        return xentcli.compare(table(a), table(b), **options).comparison

    return run


def z_test(gaps, level=0.95):
    """Return the mean, the interval and the p-value of paired differences."""
    mean, error = np.mean(gaps), stats.sem(gaps)
    reach = stats.norm.ppf(0.5 + level / 2) * error
    return mean, (mean - reach, mean + reach), 2 * stats.norm.sf(abs(mean / error))


def assert_is(found, reference):
    value, interval, p_value = reference
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.interval == pytest.approx(interval, rel=1e-9)
    assert found.p_value == pytest.approx(p_value, rel=1e-6)


# The numbers


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_loss_differs_by_the_paired_z_test(compared, level):
    found = compared(A, B, confidence_level=level)
    loss = found.difference["loss"]
    assert_is(loss, z_test(row_losses(B) - row_losses(A), level))
    assert (loss.a, loss.b) == pytest.approx((row_losses(A).mean(), row_losses(B).mean()))
    assert found.confidence_level == level
    assert stats.ttest_rel(row_losses(B), row_losses(A)).statistic == pytest.approx(
        loss.value / ((loss.interval[1] - loss.interval[0]) / 2 / stats.norm.ppf(0.5 + level / 2))
    )


def test_the_brier_score_differs_by_the_paired_z_test(compared):
    assert_is(compared(A, B).difference["brier"], z_test(row_briers(B) - row_briers(A)))


def test_a_binary_brier_score_is_of_the_positive_class_alone(compared):
    a, b = (predictions(seed, classes=("no", "yes")) for seed in (1, 2))
    hit = np.array(a["label"]) == "yes"
    gaps = (np.array(b["p_yes"]) - hit) ** 2 - (np.array(a["p_yes"]) - hit) ** 2
    assert_is(compared(a, b).difference["brier"], z_test(gaps))


def test_accuracies_differ_by_mcnemars_test(compared):
    found = compared(A, B)
    first, second = right(A), right(B)
    table = [[int((first & second).sum()), int((first & ~second).sum())],
             [int((~first & second).sum()), int((~first & ~second).sum())]]  # fmt: skip
    assert found.table == RightTable(*table[0], *table[1])
    accuracy = found.difference["accuracy"]
    assert (accuracy.a, accuracy.b) == (first.mean(), second.mean())
    assert accuracy.value == pytest.approx(second.mean() - first.mean())
    assert accuracy.p_value == pytest.approx(mcnemar(table, exact=True).pvalue)
    assert accuracy.interval == proportions.interval(120, table[0][1], table[1][0], 0.95)
    assert accuracy.interval[0] < accuracy.value < accuracy.interval[1]


def test_wins_are_rows_with_the_lower_loss(compared):
    gaps = row_losses(B) - row_losses(A)
    assert compared(A, B).wins == Wins(int((gaps > 0).sum()), int((gaps < 0).sum()), int((gaps == 0).sum()))


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("balanced_accuracy", metrics.balanced_accuracy_score),
        ("f1_macro", lambda y, p: metrics.f1_score(y, p, average="macro", zero_division=0)),
        ("f1_weighted", lambda y, p: metrics.f1_score(y, p, average="weighted", zero_division=0)),
        ("mcc", metrics.matthews_corrcoef),
        ("cohen_kappa", metrics.cohen_kappa_score),
    ],
)
def test_macro_metrics_are_scikit_learns(compared, name, reference):
    found = compared(A, B).difference[name]
    a, b = (reference(one["label"], decided(one)) for one in (A, B))
    assert (found.a, found.b, found.value) == pytest.approx((a, b, b - a))
    assert found.interval[0] < found.value < found.interval[1]
    assert 0.0 < found.p_value <= 1.0
    assert "bootstrap" in found.method


def test_both_scores_are_of_whole_files(table):
    a, b = predictions(1, rows=1000), taken(predictions(2, rows=1000), np.arange(995))
    report = xentcli.compare(table(a), table(b))
    assert report.comparison.rows == PairedRows(995, 5, 0, 0)
    assert (report.a.score.rows.scored, report.b.score.rows.scored) == (1000, 995)
    assert report.comparison.difference["loss"].a == pytest.approx(row_losses(a)[:995].mean())


@pytest.mark.parametrize("weights", ["any", "some zero", "equal"])
def test_with_weights_every_difference_is_a_weighted_mean(compared, weights):
    w = strategies.weights_of(np.random.default_rng(3), weights, 120)
    found = compared(A | {"w": w}, B | {"w": w}, weight="w")
    for name, gaps in (
        ("loss", row_losses(B) - row_losses(A)),
        ("brier", row_briers(B) - row_briers(A)),
        ("accuracy", right(B).astype(float) - right(A)),
    ):
        mean = (w * gaps).sum() / w.sum()
        error = np.sqrt((w**2 * (gaps - mean) ** 2).sum()) / w.sum()
        difference = found.difference[name]
        assert difference.value == pytest.approx(mean)
        assert difference.interval == pytest.approx((mean - 1.959963985 * error, mean + 1.959963985 * error))
    accuracy = found.difference["accuracy"]
    assert (accuracy.p_value, accuracy.because) == (None, "McNemar's test counts rows, and these have weights")
    assert set(found.difference) == {"loss", "accuracy", "brier"}
    assert found.rows.paired == 120


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("weights", [{"cat": 1.0, "dog": 2.0, "eel": 0.25}, {"cat": 0.0, "dog": 2.0, "eel": 1.0}])
def test_class_weights_enter_the_loss_as_they_do_in_a_score(table, weights, weighted):
    rows = np.random.default_rng(3).random(120) if weighted else np.ones(120)
    added = {"w": rows} if weighted else {}
    options = {"class_weights": weights} | ({"weight": "w"} if weighted else {})
    report = xentcli.compare(table(A | added), table(B | added), **options)
    found = report.comparison.difference["loss"]
    assert found.value == pytest.approx(report.b.score.loss.value - report.a.score.loss.value)
    assert (found.a, found.b) == pytest.approx((report.a.score.loss.value, report.b.score.loss.value))
    w = rows * np.array([weights[name] for name in A["label"]])
    gaps = row_losses(B) - row_losses(A)
    mean = (w * gaps).sum() / w.sum()
    error = np.sqrt((w**2 * (gaps - mean) ** 2).sum()) / w.sum()
    assert found.interval == pytest.approx((mean - 1.959963985 * error, mean + 1.959963985 * error))
    assert report.comparison.difference["brier"].a == pytest.approx((rows * row_briers(A)).sum() / rows.sum())


def test_balanced_class_weights_are_those_of_the_common_rows(table):
    report = xentcli.compare(table(A), table(B), class_weights="balanced")
    found = report.comparison.difference["loss"]
    assert found.value == pytest.approx(report.b.score.loss.value - report.a.score.loss.value)


def test_class_weights_of_no_class_are_refused(compared, refused):
    error = refused(compared, A, B, class_weights={"catt": 1.0})
    assert isinstance(error, UsageError)
    assert error.help == "did you mean 'cat'?"


@pytest.mark.parametrize(
    "name",
    ["preds_digits.csv", "preds_binary.csv", "preds_multilabel.csv", "preds_outputs.csv", "preds_soft.csv",
     "preds_digits_logits.parquet"],
)  # fmt: skip
def test_the_two_losses_are_those_of_the_scores(sample, name):
    path = str(sample / name)
    report = xentcli.compare(path, path, label_smoothing=0.1)
    loss = report.comparison.difference["loss"]
    expected = report.b.score.loss.value
    assert (loss.a, loss.b, loss.value) == (pytest.approx(expected), pytest.approx(expected), 0.0)
    accuracy = report.comparison.difference["accuracy"]
    assert (accuracy.a, accuracy.interval, accuracy.p_value) == (report.a.score.accuracy.value, (0.0, 0.0), 1.0)


# Groups


def test_classes_are_compared_one_by_one_with_holms_correction(compared):
    found = compared(A, B).per_class
    label, gaps = np.array(A["label"]), row_losses(B) - row_losses(A)
    assert [(one.by, one.value, one.rows) for one in found] == [
        ("class", name, int((label == name).sum())) for name in CLASSES
    ]
    for one in found:
        own = label == one.value
        assert_is(one.loss, z_test(gaps[own]))
        assert (one.accuracy.a, one.accuracy.b) == (right(A)[own].mean(), right(B)[own].mean())
        assert one.table.both_right == (right(A) & right(B) & own).sum()
    for values in (lambda one: one.loss, lambda one: one.accuracy):
        raw = [values(one).p_value for one in found]
        assert [values(one).adjusted for one in found] == pytest.approx(multipletests(raw, method="holm")[1].tolist())


def test_slices_are_compared_one_by_one_with_holms_correction(compared):
    country = np.array(["DE", "FR", "US", "IT"])[np.arange(120) % 4]
    device = np.array(["phone", "desk"])[np.arange(120) // 60]
    found = compared(A, B | {"country": country, "device": device}, by=("country", "country+device")).slices
    assert [one.by for one in found] == ["country"] * 4 + ["country+device"] * 8
    gaps = row_losses(B) - row_losses(A)
    for one in found[:4]:
        assert_is(one.loss, z_test(gaps[country == one.value]))
    assert {one.value for one in found[4:]} == {f"{x}+{y}" for x in set(country) for y in set(device)}
    for part in (found[:4], found[4:]):
        expected = multipletests([one.loss.p_value for one in part], method="holm")[1]
        assert [one.loss.adjusted for one in part] == pytest.approx(expected.tolist())


def test_a_group_of_one_row_has_a_value_without_an_interval(compared):
    found = compared(A, B | {"g": ["alone", *["many"] * 119]}, by="g").slices
    alone = next(one for one in found if one.value == "alone")
    assert (alone.rows, alone.loss.interval, alone.loss.p_value) == (1, None, None)
    assert alone.loss.because == "one row says nothing of the spread"


def test_a_group_without_weight_has_no_numbers(compared):
    w, g = np.array([0.0] * 60 + [1.0] * 60), ["none"] * 60 + ["all"] * 60
    none = compared(A | {"w": w}, B | {"w": w, "g": g}, weight="w", by="g").slices[1]
    assert (none.value, none.loss.value, none.accuracy.value) == ("none", None, None)
    assert none.loss.because == none.accuracy.because == "the weights of these rows sum to 0"


# Verdicts and sentences


def test_identical_files_are_told_to_be_so(compared):
    found = compared(A, taken(A, np.random.default_rng(1).permutation(120)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.sentence == "Both models give each of the 120 rows the same loss: nothing tells them apart."
    assert found.rows_needed is None
    for name in ("loss", "accuracy", "brier", "f1_macro", "mcc"):
        one = found.difference[name]
        assert (one.value, one.interval, one.p_value) == (0.0, (0.0, 0.0), 1.0)


def test_a_model_that_is_better_in_both_is_called_better(compared):
    good = predictions(2, rows=2000, skill=2.0)
    found = compared(predictions(1, rows=2000), good)
    assert found.verdict is Verdict.B_BETTER
    assert found.rows_needed is None
    assert found.sentence.startswith("B is better: its loss is lower, ")
    assert " over 2,000 rows (difference 95 % interval -" in found.sentence
    assert "p < 0.0001). It is right more often, too: accuracy " in found.sentence


def test_too_few_rows_are_told_with_how_many_would_do(compared):
    found = compared(A, B)
    assert found.verdict is Verdict.INCONCLUSIVE
    loss = found.difference["loss"]
    half = (loss.interval[1] - loss.interval[0]) / 2
    assert found.rows_needed > 120
    assert found.sentence == (
        f"Neither model is shown to be better: loss {loss.a:.4g} (A) and {loss.b:.4g} (B) over 120 rows (difference"
        f" 95 % interval {loss.interval[0]:.4g} to {loss.interval[1]:.4g}, p = {loss.p_value:.2g}). These rows"
        f" cannot tell differences below {half:.4g}; about {found.rows_needed:,} rows would tell one of this size."
    )


def test_loss_and_accuracy_may_disagree(compared):
    a = predictions(1, rows=3000, skill=1.5)
    scores, true = scores_of(a), np.array([CLASSES.index(name) for name in a["label"]])
    sharper = scores**1.3 / (scores**1.3).sum(axis=1, keepdims=True)
    # B is barely wrong wherever A is wrong, and in some rows where A is right.
    barely = np.concatenate([np.flatnonzero(~right(a)), np.flatnonzero(right(a))[:100]])
    sharper[barely] = 0.26
    sharper[barely, true[barely]], sharper[barely, true[barely] - 1] = 0.36, 0.38
    b = a | {f"p_{name}": sharper[:, at] for at, name in enumerate(CLASSES)}
    found = compared(a, b)
    assert found.verdict is Verdict.B_BETTER
    assert "But it is right less often: accuracy " in found.sentence


def test_the_accuracy_may_be_undecided_where_the_loss_is_not(compared):
    a = predictions(1, rows=1000)
    found = compared(worse(a, 0.3), a)
    assert found.verdict is Verdict.B_BETTER
    assert found.table.only_a_right == found.table.only_b_right == 0
    assert "The accuracies, " in found.sentence
    assert "cannot be told apart, p = 1." in found.sentence


def test_a_row_alone_decides_nothing(compared):
    one = taken(A, [3])
    found = compared(one, taken(B, [3]))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.sentence == "Neither model is shown to be better over 1 row: one row says nothing of the spread."
    assert found.rows_needed is None


def test_decisions_are_judged_by_their_accuracy(compared):
    a, b = decisions(predictions(1, rows=1000)), decisions(predictions(2, rows=1000, skill=3.0))
    found = compared(a, b)
    assert found.verdict is Verdict.B_BETTER
    assert found.wins is None
    assert set(found.difference) == {"accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "mcc", "cohen_kappa"}
    assert found.sentence.startswith("B is better: it is right more often, ")
    assert compared(b, a).verdict is Verdict.A_BETTER
    assert found.worst == ()
    assert all(one.loss is None for one in found.per_class)


def test_decisions_that_do_not_tell_say_how_many_rows_would(compared):
    found = compared(decisions(A), decisions(B))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert f"about {found.rows_needed:,} rows would tell one of this size." in found.sentence
    assert "accuracy" in found.sentence


@pytest.mark.parametrize("weighted", [False, True])
def test_the_identical_tell_nothing_apart(compared, weighted):
    held = decisions(A) | ({"w": np.ones(120)} if weighted else {})
    found = compared(held, held, **({"weight": "w"} if weighted else {}))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.sentence == "Both models decide alike in each of the 120 rows: nothing tells them apart."


def test_rows_that_differ_most_come_with_names_and_ids(compared):
    found = compared(A | {"id": [f"x{at}" for at in range(120)]}, B | {"id": [f"x{at}" for at in range(120)]}, worst=2)
    gaps = row_losses(B) - row_losses(A)
    first = int(np.argmax(np.abs(gaps)))
    row = found.worst[0]
    assert (row.row_a, row.row_b, row.id) == (first + 1, first + 1, f"x{first}")
    assert (row.label, row.predicted_a, row.predicted_b) == (A["label"][first], decided(A)[first], decided(B)[first])
    assert row.difference == pytest.approx(gaps[first])
    assert len(found.worst) == 2


@pytest.mark.parametrize("worst", [-1, 10_001])
def test_a_list_of_rows_has_its_bounds(compared, refused, worst):
    assert isinstance(refused(compared, A, B, worst=worst), UsageError)


# A against B, B against A


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["single", "binary", "multiclass", "multilabel"]), data=st.data())
def test_swapping_the_files_turns_every_sign_and_nothing_else(compared, kind, data):
    sample = data.draw(strategies.samples(kind, rows=(1, 100), classes=(2, 4)))
    seed = data.draw(st.integers(0, 1000))
    other = strategies.make(seed, kind, len(sample.labels), sample.classes, sample.scale, ["smooth"], None)
    b = sample.table()
    a = replace(other, labels=sample.labels, weights=sample.weights).table()
    one, two = (compared(x, y, worst=5, **sample.arguments()) for x, y in ((a, b), (b, a)))
    turned = {Verdict.A_BETTER: Verdict.B_BETTER, Verdict.B_BETTER: Verdict.A_BETTER}
    assert two.verdict is turned.get(one.verdict, one.verdict)
    assert (one.wins.a, one.wins.b, one.wins.equal) == (two.wins.b, two.wins.a, two.wins.equal)
    assert one.rows_needed == two.rows_needed
    assert [x.row_a for x in one.worst] == [x.row_b for x in two.worst]
    assert list(one.difference) == list(two.difference)
    for name, held in one.difference.items():
        back = two.difference[name]
        assert (held.a, held.b, held.p_value) == (back.b, back.a, back.p_value)
        if held.value is not None:
            assert held.value == -back.value
        if held.interval is not None:
            assert held.interval == pytest.approx((-back.interval[1], -back.interval[0]), rel=1e-9, abs=1e-12)


def test_a_table_is_not_needed():
    truth = np.random.default_rng(120).integers(0, 3, 120)
    scores = [np.stack([one[f"p_{name}"] for name in CLASSES], axis=1) for one in (A, B)]
    report = xentcli.compare((truth, scores[0]), (truth, scores[1]))
    assert report.comparison.paired_by == "row"
    assert_is(report.comparison.difference["loss"], z_test(row_losses(B) - row_losses(A)))
    frame = report.to_frame().set_index("metric")
    assert frame.loc["loss", "value"] == report.comparison.difference["loss"].value


def test_the_document_is_plain_data(table):
    document = xentcli.compare(table(A), table(B), worst=1, by=()).to_dict()
    assert document["schema"] == "xent.compare/1"
    assert document["verdict"] == "inconclusive"
    assert document["paired_by"] == "id"
    assert document["rows"] == {"paired": 120, "only_a": 0, "only_b": 0, "not_scored": 0}
    assert isinstance(document["difference"]["loss"]["interval"], list)
    assert without(document["worst"][0], "loss_a", "loss_b", "difference").keys() >= {"row_a", "row_b", "id", "label"}


def test_slices_of_empty_cells_have_no_value(compared):
    found = compared(A, B | {"g": pa.array(["x", None] * 60)}, by="g").slices
    assert [one.value for one in found] == ["x", None]


def test_the_same_decisions_at_other_probabilities_are_no_proof_of_the_same_accuracy(compared):
    a = {"id": range(20), "label": ["a", "b"] * 10, "p_a": [0.9, 0.1] * 10, "p_b": [0.1, 0.9] * 10}
    b = a | {"p_a": [0.8, 0.3] * 10, "p_b": [0.2, 0.7] * 10}
    accuracy = compared(a, b).difference["accuracy"]
    assert accuracy.value == 0.0
    assert accuracy.interval[0] < -0.1
    assert accuracy.interval[1] > 0.1
    macro = compared(a, b).difference["f1_macro"]
    assert (macro.value, macro.interval) == (0.0, None)
    assert "decide alike" in macro.because
    same = compared(a, a).difference
    assert same["accuracy"].interval == same["f1_macro"].interval == (0.0, 0.0)


def test_rows_that_the_files_put_into_other_slices_are_counted(compared):
    a = decisions(A) | {"country": ["DE", "FR"] * 60}
    b = a | {"country": ["FR", *(["FR", "DE"] * 60)[2:], "ES"]}
    found = compared(a, b, by="country")
    moved = sum(one != other for one, other in zip(a["country"], b["country"], strict=True))
    assert moved == 2
    assert f"the country of {moved} rows differ, and the second file's count" in found.pairing
    assert "differ" not in compared(a, a, by="country").pairing
    lacking = {name: cells for name, cells in a.items() if name != "country"}
    assert "differ" not in compared(lacking, a, by="country").pairing


def test_too_many_kinds_of_rows_have_values_without_intervals(compared, monkeypatch):
    monkeypatch.setattr("xentcli.scoring.comparing.macros.MOST_CELLS", 5)
    found = compared(A, B).difference["f1_macro"]
    assert found.because == "rows are of more than 10,000 kinds, by class and both decisions, too many to resample"
    assert (found.value, found.interval, found.p_value) == (found.b - found.a, None, None)
    assert found.b == pytest.approx(metrics.f1_score(B["label"], decided(B), average="macro"))


def test_very_many_kinds_of_rows_have_no_macro_values(compared, monkeypatch):
    monkeypatch.setattr("xentcli.tally.pairing.tally.MOST_CELLS", 5)
    found = compared(A, B).difference
    assert (found["f1_macro"].a, found["f1_macro"].value) == (None, None)
    assert found["loss"].value is not None


def test_slicings_are_resolved_once_by_name_whatever_the_order_of_the_columns(compared):
    a = decisions(A) | {"country": ["DE", "FR"] * 60, "other": ["x"] * 120}
    b = {name: a[name] for name in reversed(a)}
    position = f":{list(b).index('country')}"
    for by in (["country", "country"], [position, "country"], ["country", position], [position, "other"]):
        found = compared(a, b, by=by)
        assert {one.by for one in found.slices} == ({"country", "other"} if "other" in by else {"country"})
        assert "differ" not in found.pairing


@pytest.mark.parametrize("rows", [1, 2, 120])
def test_identical_predictions_have_no_difference_in_any_metric(compared, rows, monkeypatch):
    monkeypatch.setattr("xentcli.scoring.comparing.macros.MOST_CELLS", 1)
    one = {name: cells[:rows] for name, cells in A.items()}
    found = compared(one, one)
    for difference in (*found.difference.values(), *(group.loss for group in found.per_class)):
        assert difference.value in {0.0, None}  # of one class alone some metrics are undefined
        assert (difference.interval, difference.p_value) == ((0.0, 0.0), 1.0)


def test_a_difference_without_spread_decides_nothing(compared):
    a = {"label": ["a", "b"], "p_a": [0.9, 0.1], "p_b": [0.1, 0.9]}
    b = {"label": ["a", "b"], "p_a": [0.8, 0.2], "p_b": [0.2, 0.8]}
    found = compared(a, b)
    assert found.difference["loss"].p_value is None
    assert found.verdict is Verdict.INCONCLUSIVE
