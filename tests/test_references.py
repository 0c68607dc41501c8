"""References: positions and names count in the file that an option speaks of, where labels stand in their own file."""

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.errors import ColumnError, UsageError

ROWS = 40
RNG = np.random.default_rng(11)
TRUTH = RNG.integers(0, 3, ROWS)
SCORES = RNG.dirichlet(np.ones(3), ROWS)
LOSS = -np.log(SCORES[np.arange(ROWS), TRUTH]).mean()
IDS = [f"s{at}" for at in range(ROWS)]
ORDER = RNG.permutation(ROWS)


@pytest.fixture
def predictions():
    return pd.DataFrame({"case": IDS, **{f"p_{at}": SCORES[:, at] for at in range(3)}})


@pytest.fixture
def labels():
    return pd.DataFrame({"site": RNG.integers(0, 4, ROWS), "seen": TRUTH, "by": ["you", "me"] * (ROWS // 2)})


def loss(data, **options):
    return pytest.approx(xentcli.score(data, **options).score.loss.value, rel=1e-12)


def test_positions_count_in_the_file_that_they_are_given_for(predictions, labels):
    found = xentcli.score(predictions, labels=labels, label=":1", scores=[":1", ":2", ":3"])
    assert found.score.loss.value == pytest.approx(LOSS, rel=1e-12)
    assert found.score.loss.value == loss(predictions, labels=labels, label=":-2", scores=[":-3", ":-2", ":-1"])


def test_headerless_files_of_the_same_names_are_told_apart(tmp_path, predictions):
    predictions.to_csv(tmp_path / "p.csv", index=False, header=False)
    pd.Series(TRUTH).to_csv(tmp_path / "y.csv", index=False, header=False)
    options = {"labels": tmp_path / "y.csv", "header": False}
    assert loss(tmp_path / "p.csv", scores=[":1", ":2", ":3"], **options) == LOSS
    assert loss(tmp_path / "p.csv", scores=[":1", ":2", ":3"], label=":0", **options) == LOSS


def test_the_label_is_one_of_the_labels_file_though_the_predictions_have_one_of_that_name(predictions, labels):
    predictions["seen"] = (TRUTH + 1) % 3
    assert loss(predictions, labels=labels, label="seen", scores="p_") == LOSS
    assert loss(predictions, labels=labels, label="seen (labels)", scores="p_") == LOSS


def test_a_label_that_the_predictions_alone_have_is_found_by_name(predictions, labels):
    predictions["truth"] = TRUTH
    assert loss(predictions, labels=labels[["site", "by"]], label="truth", scores="p_") == LOSS


def test_a_label_that_no_file_has_is_refused_with_the_columns_of_the_labels_file(refused, predictions, labels):
    error = refused(xentcli.score, predictions, labels=labels, label="sen")
    assert isinstance(error, ColumnError)
    assert "did you mean 'seen'" in error.help
    assert error.details == ("columns: site, seen, by",)
    assert "there is no column ':9'" in refused(xentcli.score, predictions, labels=labels, label=":9").message


def test_the_id_that_joins_is_no_label(refused, predictions, labels):
    labels.insert(0, "case", IDS)
    error = refused(xentcli.score, predictions, labels=labels, id="case", label=":0")
    assert isinstance(error, UsageError)
    assert "column case" in error.message


def test_a_further_column_of_a_solution_is_reached(predictions):
    solution = pd.DataFrame({"id": IDS, "Status": TRUTH, "Usage": ["Public", "Private"] * (ROWS // 2)}).iloc[ORDER]
    submission = predictions.rename(columns={"case": "id"})
    assert loss(submission, labels=solution, label="Status") == LOSS


def test_weights_and_slices_are_of_the_predictions_first(predictions, labels):
    weights = RNG.random(ROWS)
    labels["w"], predictions["w"], predictions["by"] = 1.0, weights, ["left"] * 30 + ["right"] * 10
    options = {"labels": labels, "label": "seen", "scores": "p_"}
    found = xentcli.score(predictions, weight="w", by=["by", ":5", "site"], **options).score
    row = -np.log(SCORES[np.arange(ROWS), TRUTH])
    assert found.loss.value == pytest.approx((weights * row).sum() / weights.sum(), rel=1e-12)
    assert {(one.by, one.value) for one in found.slices if one.by == "by"} == {("by", "left"), ("by", "right")}
    assert "site" in {one.by for one in found.slices}
    assert loss(predictions.drop(columns="w"), weight="w", **options) == LOSS


@pytest.mark.parametrize("named", ["case=name", ":0=:0", ":0=name", "case=:0", ":0"])
def test_the_id_may_have_two_names(predictions, labels, named):
    labels.insert(0, "name", IDS)
    found = xentcli.score(predictions, labels=labels.iloc[ORDER], id=named, label="seen")
    assert found.score.loss.value == pytest.approx(LOSS, rel=1e-12)
    assert any("by the column" in note for note in found.source.notes)


def test_a_column_of_that_very_name_goes_before_two_names(predictions, labels):
    predictions = predictions.rename(columns={"case": "case=name"})
    predictions["case"] = IDS
    labels = labels.assign(**{"name": IDS[::-1], "case=name": IDS}).iloc[ORDER]
    assert loss(predictions, labels=labels, id="case=name", label="seen", scores="p_") == LOSS


def test_a_name_of_the_two_that_is_missing_is_an_error_of_its_own_file(refused, predictions, labels):
    error = refused(xentcli.score, predictions, labels=labels, id="case=sites", label="seen")
    assert isinstance(error, ColumnError)
    assert "there is no column 'sites'" in error.message
    assert "there is no column 'cases'" in refused(xentcli.score, predictions, labels=labels, id="cases=site").message


def model_b(predictions):
    """Return another model of the same rows, in another order, its id under another name."""
    return predictions.rename(columns={"case": "file"}).assign(p_0=predictions.p_1, p_1=predictions.p_0)


@pytest.mark.parametrize("named", [None, "case=file", ":0"])
def test_two_models_are_paired_by_a_column_that_both_hold(predictions, named):
    a, b = predictions.assign(label=TRUTH), model_b(predictions).assign(label=TRUTH).iloc[ORDER]
    found = xentcli.compare(a, b, id=named).comparison
    expected = xentcli.compare(a, b.sort_index()).comparison
    assert (found.paired_by, expected.paired_by) == ("id", "row")
    assert found.difference["loss"].value == pytest.approx(expected.difference["loss"].value, rel=1e-12)
    assert found.table == expected.table
    assert expected.pairing == "paired by row; file is the same in every row"
    assert found.pairing == f"paired by the columns case and file{', which both have' if named is None else ''}"


@pytest.mark.parametrize("named", [None, "case=file"])
def test_two_models_and_their_labels_are_joined_though_the_ids_have_two_names(predictions, labels, named):
    truth = labels.assign(case=IDS).iloc[ORDER]
    found = xentcli.compare(predictions, model_b(predictions).iloc[::-1], labels=truth, label="seen", id=named)
    assert found.a.score.loss.value == pytest.approx(LOSS, rel=1e-12)
    assert (found.comparison.paired_by, found.comparison.rows.paired) == ("id", ROWS)


def test_the_labels_id_may_be_called_otherwise_than_that_of_both_models(refused, predictions, labels):
    b, truth = model_b(predictions).rename(columns={"file": "case"}), labels.assign(name=IDS).iloc[ORDER]
    found = xentcli.compare(predictions, b.iloc[::-1], labels=truth, label="seen", id="case=name")
    assert found.a.score.loss.value == pytest.approx(LOSS, rel=1e-12)
    assert (found.comparison.paired_by, found.comparison.rows.paired) == ("id", ROWS)
    other = b.rename(columns={"case": "file"})
    told = refused(xentcli.compare, predictions, other, labels=truth, label="seen", id="case=name")
    assert "there is no column 'name'" in told.message


def test_a_check_names_the_predictions_before_the_baseline(predictions):
    a, b = predictions.assign(label=TRUTH), model_b(predictions).assign(label=TRUTH).iloc[ORDER]
    for named in (None, "case=file"):
        model = xentcli.check(a, baseline=b, id=named, max_regression={"loss": 10.0}).models[0]
        assert model.pairing.startswith("paired by the columns file and case")
        assert model.report.score.loss.value == pytest.approx(LOSS, rel=1e-12)


def test_two_models_whose_rows_stand_in_another_order_by_a_shared_text_are_refused(refused, predictions):
    texts = [f"text {at % 30}" for at in range(ROWS)]
    a = predictions.drop(columns="case").assign(label=0, note=texts)
    error = refused(xentcli.compare, a, a.iloc[ORDER])
    assert error.place.column == "note"
    assert "do not stand in the same order" in error.message


def test_a_solution_and_a_submission_may_share_the_names_of_their_columns():
    guess = np.where(RNG.random(ROWS) < 0.8, TRUTH % 2, 1 - TRUTH % 2)
    solution = pd.DataFrame({"PassengerId": range(900, 900 + ROWS), "Survived": TRUTH % 2})
    submission = pd.DataFrame({"PassengerId": range(900, 900 + ROWS), "Survived": guess}).iloc[ORDER]
    score = xentcli.score(submission, labels=solution).score
    assert score.accuracy.value == (guess == TRUTH % 2).mean()
    chance = submission.assign(Survived=np.linspace(0.05, 0.95, ROWS))
    expected = xentcli.score(chance.sort_index().assign(label=TRUTH % 2)[["label", "Survived"]]).score.loss
    assert xentcli.score(chance, labels=solution).score.loss.value == expected.value
