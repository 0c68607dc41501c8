"""Baselines: predictions whose rows are paired, and stored scores, which tell less."""

import json
import re

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep
from two_models import decisions, predictions, right, row_losses, taken, without, worse

import xentcli
from xentcli import Limit, Margin
from xentcli.errors import AmbiguousError, InputError, UsageError, XentError

A, B = predictions(1, rows=400), predictions(2, rows=400)
COUNTRY = ["DE", "FR"] * 200


@pytest.fixture
def stored(table, tmp_path):
    """The writer of a stored score; changes are made to its document."""

    def run(columns, change=None, name="before.json", **options):
        document = xentcli.score(table(columns), **options).to_dict()
        if change is not None:
            change(document)
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return str(path)

    return run


def checks(table, columns, baseline, *limits, **options):
    """Return the checks of a model, and how its rows were paired."""
    (model,) = xentcli.check(table(columns), baseline=baseline, limits=limits, **options).models
    return model.checks, model.pairing


def limit(metric, margin=0.01, **more):
    return Limit(metric, metric, max_regression=Margin(margin), **more)


# Paired


def test_a_prediction_file_is_compared_row_by_row(table):
    found, pairing = checks(table, B, table(A), limit("loss"), limit("accuracy"), limit("brier"), limit("f1_macro"))
    assert pairing == "paired by the column id, which both have"
    gaps = row_losses(B) - row_losses(A)
    seen = found[0].baseline
    assert (seen.value, seen.worsening) == pytest.approx((row_losses(A).mean(), gaps.mean()))
    reach = 1.959964 * stats.sem(gaps)
    assert seen.interval == pytest.approx((gaps.mean() - reach, gaps.mean() + reach), rel=1e-6)
    assert (seen.paired, seen.rows) == (True, 400)
    assert found[1].baseline.worsening == pytest.approx(right(A).mean() - right(B).mean())
    assert all(one.baseline.interval is not None for one in found)


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_identical_files_pass_without_a_margin(table, order):
    macros = ("f1_macro", "f1_weighted", "balanced_accuracy", "mcc", "cohen_kappa")
    limits = [limit(name, 0.0) for name in ("loss", "accuracy", "brier", *macros)]
    by_class = [limit("recall", 0.0, by="class"), limit("loss", 0.0, by="class")]
    by_country = [limit("accuracy", 0.0, by="country"), limit("loss", 0.0, by="country")]
    named = [Limit(f"{at}", **asdict_of(one)) for at, one in enumerate((*limits, *by_class, *by_country))]
    found, _ = checks(table, B | {"country": COUNTRY}, table(taken(B, order)), *named)
    assert len(found) == 8 + 6 + 4
    assert {one.outcome for one in found} == {"passed"}


def asdict_of(one):
    return {"metric": one.metric, "max_regression": one.max_regression, "by": one.by}


def test_the_same_regression_fails_with_many_rows_and_stays_open_with_few(table):
    outcomes, messages = {}, []
    for rows in (60, 6000):
        a, b = predictions(1, rows=rows), predictions(2, rows=rows, skill=0.8)
        (found,), _ = checks(table, b, table(a), limit("loss"))
        outcomes[rows] = found.outcome
        messages.append(found.message)
    assert outcomes == {60: "inconclusive", 6000: "failed"}
    assert re.search(
        r"60 paired rows resolve 0\.\d+ and cannot tell whether it is worse by more than the margin 0\.01", messages[0]
    )
    assert re.search(r"worse by at least 0\.\d+, more than the margin 0\.01$", messages[1])


def test_classes_and_groups_are_compared_with_those_of_the_baseline(table):
    of_loss = Limit("l", "loss", max_regression=Margin(0.1), by="country")
    limits = (limit("recall", by="class"), limit("accuracy", by="country"), of_loss)
    found, _ = checks(table, B | {"country": COUNTRY}, table(A), *limits)
    label = np.array(B["label"])
    for one in found[:3]:
        own = label == one.group.value
        assert one.baseline.value == right(A)[own].mean()
        assert one.baseline.worsening == pytest.approx(right(A)[own].mean() - right(B)[own].mean())
        assert one.baseline.rows == own.sum()
    own = np.array(COUNTRY) == "DE"
    assert found[3].group.value == "DE"
    assert found[3].baseline.value == right(A)[own].mean()
    assert found[5].baseline.value == pytest.approx(row_losses(A)[own].mean())


def test_without_ids_rows_are_paired_in_their_order(table):
    a, b = without(A, "id"), without(B, "id")
    _, pairing = checks(table, b, table(a), limit("loss"))
    assert pairing == "paired by row"


def test_a_baseline_that_nothing_asks_for_is_refused(table, refused):
    error = refused(xentcli.check, table(B), baseline=table(A), min={"accuracy": 0.1})
    assert isinstance(error, UsageError)
    assert error.message == "a baseline is named, and no limit compares with it"


@pytest.mark.parametrize("weighted", [False, True])
def test_decisions_are_compared_by_their_accuracy(table, weighted):
    added = {"w": np.arange(400) % 3 + 1.0} if weighted else {}
    a, b = decisions(A) | added, decisions(B) | added
    found, _ = checks(table, b, table(a), limit("accuracy"), **({"weight": "w"} if weighted else {}))
    assert found[0].baseline.interval is not None


# Stored scores


def test_a_stored_score_is_not_paired_and_says_so(table, stored):
    found, pairing = checks(table, B, stored(A), limit("loss"), limit("accuracy"), limit("recall", by="class"))
    assert pairing.startswith("not paired: the baseline is a stored score")
    assert not any(one.baseline.paired for one in found)
    first, second = row_losses(A), row_losses(B)
    error = np.hypot(stats.sem(first), stats.sem(second))
    gap = second.mean() - first.mean()
    assert found[0].baseline.interval == pytest.approx((gap - 1.959964 * error, gap + 1.959964 * error), rel=1e-5)
    counts = (right(A).sum(), 400, right(B).sum(), 400)
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    assert found[1].baseline.interval == pytest.approx((low, high))
    own = np.array(A["label"]) == "cat"
    assert found[2].baseline.value == right(A)[own].mean()
    assert found[2].baseline.rows == own.sum()


def test_a_stored_score_tells_less_than_the_predictions(table, stored):
    near = worse(A, 0.05)
    for metric in ("loss", "accuracy"):
        (paired,), _ = checks(table, near, table(A), limit(metric))
        (unpaired,), _ = checks(table, near, stored(A), limit(metric))
        assert unpaired.baseline.worsening == pytest.approx(paired.baseline.worsening)
        assert unpaired.baseline.resolvable > 3 * paired.baseline.resolvable


def test_identical_stored_scores_cannot_be_told_apart(table, stored):
    (found,), _ = checks(table, A, stored(A), limit("loss", 0.0))
    assert found.outcome == "inconclusive"
    assert "400 rows resolve" in found.message


def test_groups_of_a_stored_score_are_compared(table, stored):
    path = stored(A | {"country": COUNTRY}, by="country")
    limits = limit("accuracy", by="country"), Limit("l", "loss", max_regression=Margin(0.5), by="country")
    found, _ = checks(table, B | {"country": COUNTRY}, path, *limits)
    own = np.array(COUNTRY) == "DE"
    assert found[0].baseline.value == right(A)[own].mean()
    assert found[2].baseline.value == pytest.approx(row_losses(A)[own].mean())
    assert all(one.baseline.interval is not None for one in found)


def test_groups_that_the_stored_score_lacks_cannot_be_told(table, stored):
    path = stored(A | {"country": ["DE", "US"] * 200}, by="country")
    found, _ = checks(table, B | {"country": COUNTRY}, path, limit("accuracy", 1.0, by="country"))
    assert [(one.group.value, one.outcome) for one in found] == [("DE", "passed"), ("FR", "inconclusive")]
    assert "the baseline has none to compare it with" in found[1].message


def test_a_stored_score_without_the_groups_is_refused(table, stored, refused):
    error = refused(checks, table, B | {"country": COUNTRY}, stored(A), limit("accuracy", by="country"))
    assert error.message.startswith("accuracy: the regression of accuracy by column cannot be told from this baseline")
    assert error.help == "store the score by the same groups: xent score --by country"


def test_weighted_scores_are_compared_by_their_standard_errors(table, stored):
    w = np.random.default_rng(1).random(400)
    path = stored(A | {"w": w, "country": COUNTRY}, weight="w", by="country")
    limits = limit("loss"), limit("accuracy"), limit("accuracy", by="country")
    named = [Limit(f"{at}", **asdict_of(one)) for at, one in enumerate(limits)]
    found, _ = checks(table, B | {"w": w, "country": COUNTRY}, path, *named, weight="w")
    for one in found:
        low, high = one.baseline.interval
        assert low < one.baseline.worsening < high
        assert one.baseline.method == "normal interval of two means whose rows are not paired"


def test_a_stored_score_of_decisions_has_no_loss_to_compare(table, stored, refused):
    error = refused(checks, table, B, stored(decisions(A)), limit("loss"))
    assert isinstance(error, UsageError)
    assert error.help == "it can of accuracy, balanced_accuracy, f1_macro, f1_weighted, mcc, cohen_kappa"


def test_what_a_stored_score_does_not_hold_is_refused(table, stored, refused):
    for metric in ("brier", "ece"):
        error = refused(checks, table, B, stored(A), limit(metric))
        assert error.message.endswith("(a stored score document says less than a prediction file)")
        assert error.help == "it can of accuracy, loss, balanced_accuracy, f1_macro, f1_weighted, mcc, cohen_kappa"


def test_a_stored_score_of_another_task_is_refused(table, stored, refused):
    binary = stored(predictions(1, classes=("no", "yes")))
    error = refused(checks, table, B, binary, limit("loss"))
    assert isinstance(error, AmbiguousError)
    assert error.message == "is of a binary task with 2 classes, the predictions of a multiclass task with 3"
    assert error.place.path == binary


def test_a_stored_score_of_other_classes_is_refused(table, stored, refused):
    error = refused(checks, table, B, stored(predictions(1, classes=("cat", "dog", "fox"))), limit("loss"))
    assert error.message.endswith("with 3 classes, the predictions of a multiclass task with 3 of other names")


def test_classes_of_a_stored_score_may_stand_in_another_order(table, stored):
    mixed = {name: A[name] for name in ("id", "label", "p_eel", "p_cat", "p_dog")}
    (found,), _ = checks(table, B, stored(mixed), limit("loss"))
    assert found.baseline.value == pytest.approx(row_losses(A).mean())


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.pop("rows"),
        lambda held: held.pop("confidence_level"),
        lambda held: held["task"].pop("classes"),
        lambda held: held.update(loss=3),
        lambda held: held.update(per_class=None),
        lambda held: held.update(slices=None),
        lambda held: held.update(task=[]),
        lambda held: held["loss"].update(value="many"),
        lambda held: held["loss"].update(value=float("nan")),
        lambda held: held["loss"].update(standard_error=-1.0),
        lambda held: held["accuracy"].update(correct=10_000),
        lambda held: held["accuracy"].update(value=float("inf")),
        lambda held: held["rows"].update(scored=-3),
        lambda held: held["rows"].update(scored=0),
        lambda held: held["per_class"][0].update(recall=7.5),
        lambda held: held.update(confidence_level=2),
        lambda held: held.update(confidence_level=True),
        lambda held: held["task"].update(classes=None),
        lambda held: held["loss"].update(value=10**400),
        lambda held: held["rows"].update(scored=10**400),
        lambda held: held["per_class"][0].update(support=10**400),
        lambda held: held.update(confidence_level=10**400),
        lambda held: held["rows"].update(scored=10**300),
        lambda held: held["loss"].update(standard_error=1.7e308),
    ],
)
def test_a_damaged_document_is_refused(table, stored, refused, change):
    path = stored(A, change)
    limits = limit("loss"), limit("accuracy"), limit("recall", by="class")
    error = refused(checks, table, B, path, *limits)
    assert isinstance(error, InputError)
    assert error.message.startswith("is no whole xent.score/1 document: ")
    assert error.place.path == path


@pytest.mark.parametrize("options", [{"weight": "w"}, {"by": "country"}])
def test_a_damaged_confidence_level_is_refused(table, stored, refused, options):
    columns = {**A, "w": np.arange(1.0, 401.0), "country": COUNTRY}
    path = stored(columns, lambda held: held.update(confidence_level=0), **options)
    error = refused(checks, table, columns, path, limit("loss"))
    assert error.message.startswith("is no whole xent.score/1 document: ZeroDivisionError")


def test_a_document_of_another_schema_is_refused(table, tmp_path, refused):
    path = tmp_path / "inspected.json"
    path.write_text(json.dumps(xentcli.inspect(table(A)).to_dict()))
    error = refused(checks, table, B, str(path), limit("loss"))
    assert error.message == "is a document 'xent.inspect/1', no 'xent.score/1'"


@pytest.mark.parametrize("text", ['{"a": ', "", "[1, 2]", "{}", "not json", '{"schema": 3}'])
def test_another_json_file_is_read_as_predictions(table, tmp_path, refused, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    assert isinstance(refused(checks, table, B, str(path), limit("loss")), XentError)


def test_predictions_in_json_are_predictions(table, tmp_path):
    path = tmp_path / "a.json"
    columns = {name: np.asarray(values).tolist() for name, values in A.items()}
    path.write_text(json.dumps([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]))
    (found,), pairing = checks(table, B, str(path), limit("loss"))
    assert pairing.startswith("paired by the column id")
    assert found.baseline.value == pytest.approx(row_losses(A).mean())


def test_labels_of_a_multi_label_task_are_compared_with_predictions_only(sample, tmp_path, refused):
    path = str(sample / "preds_multilabel.csv")
    (model,) = xentcli.check(path, baseline=path, max_regression={"loss": 0, "accuracy": 0}).models
    assert {one.outcome for one in model.checks} == {"passed"}
    document = tmp_path / "before.json"
    document.write_text(json.dumps(xentcli.score(path).to_dict()))
    (model,) = xentcli.check(path, baseline=str(document), max_regression={"loss": 0.5, "accuracy": 0.5}).models
    assert {one.outcome for one in model.checks} == {"passed"}
    for baseline in (path, str(document)):
        error = refused(xentcli.check, path, baseline=baseline, limits=[limit("recall", by="class")])
        assert error.message.startswith("recall: the regression of recall by class cannot be told from this baseline")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"label_smoothing": 0.1}, "the label smoothing 0.1, the predictions with 0.0"),
        ({"focal_gamma": 2.0}, "the focal gamma 2.0, the predictions with 0.0"),
        ({"class_weights": "balanced"},
         "the reduction 'class-weighted mean over rows', the predictions with 'mean over rows'"),
        ({"weight": "w"}, "row weights yes, the predictions with no"),
    ],
)  # fmt: skip
def test_a_stored_score_of_another_loss_is_refused(table, stored, refused, options, words):
    error = refused(checks, table, B, stored(A | {"w": np.ones(400)}, **options), limit("loss"))
    assert isinstance(error, AmbiguousError)
    assert error.message == f"was scored with {words}"


def test_balanced_class_weights_may_differ_in_their_values(table, stored):
    path = stored(taken(A, slice(0, 390)), class_weights="balanced")
    (found,), _ = checks(table, B, path, limit("loss"), class_weights="balanced")
    assert found.baseline.interval is not None


def test_rows_that_take_no_part_in_the_comparison_are_told(table):
    b = {name: list(values) for name, values in B.items()}
    b["id"][:2], b["label"][5] = [1000, 1001], None
    found, pairing = checks(table, b, table(A), limit("loss"))
    assert pairing == (
        "paired by the column id, which both have; left out: 2 of the baseline alone, 2 of the predictions alone,"
        " 1 of both without a label or bad in one"
    )
    assert found[0].baseline.rows == 397
