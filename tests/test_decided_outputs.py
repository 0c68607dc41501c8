"""Several outputs with predicted labels and no scores: found by their names, counted one by one and together."""

from itertools import permutations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xentcli

COLORS, SHAPES = ("blue", "green", "red"), ("round", "square")


def made(seed=0, count=80, patterns=("{}_gt", "{}_pred")):
    """Return a table of two outputs that are right in about two rows of three."""
    rng = np.random.default_rng(seed)
    columns = {}
    for name, classes in (("color", COLORS), ("shape", SHAPES)):
        true = rng.choice(classes, count)
        columns[patterns[0].format(name)] = true
        columns[patterns[1].format(name)] = np.where(rng.random(count) < 0.3, rng.choice(classes, count), true)
    return pd.DataFrame(columns)


def right_in(data, *bases):
    return np.array([data[f"{base}_gt"] == data[f"{base}_pred"] for base in bases])


def roles_of(report):
    return {one.name: one.role.value for one in report.columns}


def because_of(report):
    return {one.name: one.because for one in report.columns}


@pytest.mark.parametrize(
    "patterns",
    [
        ("{}_gt", "{}_pred"), ("{}_true", "{}_pred"), ("{}", "{}_pred"), ("{}", "pred_{}"), ("{}", "predicted_{}"),
        ("{}", "{}_prediction"), ("gt_{}", "pred_{}"), ("true {}", "predicted {}"), ("actual_{}", "{}.predicted"),
    ],
)  # fmt: skip
def test_each_label_is_paired_with_the_predicted_label_that_is_named_after_it(patterns):
    plain, named = made(), made(patterns=patterns)
    score = xentcli.score(named).score
    assert score.task.kind == "multioutput"
    assert [one.name for one in score.outputs] == ["color", "shape"]
    assert score.accuracy.correct == right_in(plain, "color", "shape").all(axis=0).sum()


def test_a_row_is_right_if_all_outputs_are_and_no_loss_is_made_up(xent, tmp_path):
    (tmp_path / "p.csv").write_text(
        "speed,height,pred_speed,pred_height\nlow,mid,low,mid\nmid,mid,mid,high\nmid,high,low,high\nlow,high,low,high\n"
    )
    document = xent("score", tmp_path / "p.csv", "-f", "json").document()
    assert (document["accuracy"]["name"], document["accuracy"]["value"]) == ("all-outputs", 0.5)
    assert document["accuracy"]["correct"] == 2
    assert document["metrics"] == {"mean_accuracy": 0.75}
    assert document["loss"] is None
    assert any("no loss can be had from decisions alone" in one for one in document["task"]["reasons"])
    assert [(one["name"], one["accuracy"]["value"], one["loss"]) for one in document["outputs"]] == [
        ("speed", 0.75, None), ("height", 0.75, None),
    ]  # fmt: skip
    assert document["outputs"][0]["confusion"]["counts"] == [[2, 0], [1, 1]]
    assert [one["recall"] for one in document["outputs"][1]["per_class"]] == [1.0, 0.5]
    assert document["loss_histogram"] == []


def test_each_output_has_the_numbers_that_it_has_alone():
    data = made(1)
    together = xentcli.score(data).score
    for one in together.outputs:
        alone = xentcli.score(data[[f"{one.name}_gt", f"{one.name}_pred"]]).score
        assert (one.accuracy, one.metrics, one.per_class, one.confusion) == (
            alone.accuracy, alone.metrics, alone.per_class, alone.confusion,
        )  # fmt: skip


def test_every_column_is_told_once():
    data = made(2).assign(age=np.linspace(0, 1, 80), note="x", id=range(80))
    report = xentcli.score(data)
    assert [one.name for one in report.columns] == list(data.columns)
    assert roles_of(report) == {
        "color_gt": "label", "color_pred": "predicted", "shape_gt": "label", "shape_pred": "predicted",
        "age": "unused", "note": "unused", "id": "id",
    }  # fmt: skip
    assert because_of(report)["color_gt"] == "its predicted labels are named after it"


def test_every_column_of_outputs_with_scores_is_told_once():
    rng = np.random.default_rng(3)
    data = made(3)[["color_gt", "shape_gt"]].rename(columns={"color_gt": "color", "shape_gt": "shape"})
    data = data.assign(**{f"color_{one}": rng.random(80) for one in COLORS}, age=1.5)
    data = data.assign(**{f"shape_{one}": rng.random(80) for one in SHAPES}, w=1.0, country="de")
    report = xentcli.score(data, weight="w", by="country")
    assert [one.name for one in report.columns] == list(data.columns)
    told = {one.name: (one.role.value, one.of_class) for one in report.columns}
    assert told["color"] == ("label", None)
    assert told["color_red"] == ("score", "red")
    assert told["shape_square"] == ("score", "square")
    assert (told["w"][0], told["country"][0], told["age"][0]) == ("weight", "slice", "unused")


def test_a_row_without_one_label_is_missing_for_that_output_only():
    data = made(4)
    data.loc[[1, 5], "color_gt"] = None
    score = xentcli.score(data).score
    assert (score.rows.scored, score.rows.missing_label, score.rows.bad) == (78, 2, 0)
    assert [one.rows.scored for one in score.outputs] == [78, 80]
    assert score.accuracy.correct == right_in(data.drop(index=[1, 5]), "color", "shape").all(axis=0).sum()
    assert score.outputs[1].accuracy.value == right_in(data, "shape").mean()


def test_a_row_without_one_prediction_is_bad_in_all_outputs(refused):
    data = made(5)
    data.loc[7, "shape_pred"] = None
    error = refused(xentcli.score, data)
    assert (error.place.row, error.place.column) == (8, "shape_pred")
    left, score = data.drop(index=7), xentcli.score(data, skip_bad_rows=True).score
    assert (score.rows.scored, score.rows.bad) == (79, 1)
    assert [one.accuracy.value for one in score.outputs] == [right_in(left, one).mean() for one in ("color", "shape")]


def test_weights_and_slices_count_rows_in_which_all_outputs_are_right():
    rng = np.random.default_rng(6)
    data = made(6).assign(w=rng.random(80), country=rng.choice(["at", "de"], 80))
    score = xentcli.score(data, weight="w", by="country").score
    both = right_in(data, "color", "shape").all(axis=0)
    assert score.accuracy.value == pytest.approx((data.w * both).sum() / data.w.sum(), rel=1e-13)
    assert score.outputs[0].accuracy.value == pytest.approx(
        (data.w * right_in(data, "color")[0]).sum() / data.w.sum(), rel=1e-13
    )
    for one in score.slices:
        here = data.country == one.value
        assert one.accuracy.value == pytest.approx((data.w * both)[here].sum() / data.w[here].sum(), rel=1e-13)
        assert one.loss.value is None


def test_two_codings_of_one_truth_are_one_output():
    data = made(7)
    code = {name: at for at, name in enumerate(COLORS)}
    one = pd.DataFrame({
        "true_label_idx": data.color_gt.map(code), "true_label": data.color_gt,
        "predicted_label_idx": data.color_pred.map(code), "predicted_label": data.color_pred,
    })  # fmt: skip
    score = xentcli.score(one).score
    assert (score.task.kind, score.accuracy.value) == ("multiclass", right_in(data, "color").mean())
    both = data.assign(color_idx=data.color_gt.map(code), pred_color_idx=data.color_pred.map(code))
    report = xentcli.score(both)
    assert [one.name for one in report.score.outputs] == ["color", "shape"]
    assert because_of(report)["color_idx"] == "the same as color_gt"


def test_zero_one_columns_stay_the_labels_of_one_task():
    rng = np.random.default_rng(8)
    bits = pd.DataFrame({name: rng.integers(0, 2, 50) for name in ("gt_sea", "gt_sky", "pred_sea", "pred_sky")})
    report = xentcli.score(bits)
    assert (report.score.task.kind, report.score.loss) == ("multilabel", None)
    assert "XE211" in [one.code for one in report.findings]
    forced = xentcli.score(bits, task="multioutput").score
    assert (forced.task.kind, forced.loss) == ("multioutput", None)
    assert forced.accuracy.value == report.score.accuracy.value


def test_whole_numbers_are_classes_of_outputs():
    data = made(9)
    code = {name: at for at, name in enumerate((*COLORS, *SHAPES))}
    score = xentcli.score(data.replace(code).infer_objects()).score
    assert [one.task.kind for one in score.outputs] == ["multiclass", "binary"]
    assert score.accuracy.correct == right_in(data, "color", "shape").all(axis=0).sum()


@pytest.mark.parametrize("plain", [("label", "pred"), ("y_true", "y_pred"), ("target", "prediction")])
def test_a_plain_label_with_its_prediction_is_the_one_task(plain):
    data = made(10)
    data = data.assign(**{plain[0]: data.color_gt, plain[1]: data.color_pred})
    score = xentcli.score(data).score
    assert (score.task.kind, score.accuracy.value) == ("multiclass", right_in(data, "color").mean())


def test_a_label_with_scores_of_its_own_is_the_one_task():
    data = made(11)
    p = np.random.default_rng(0).random(80)
    report = xentcli.score(data.assign(label=["a", "b"] * 40, p_a=p, p_b=1 - p))
    assert report.score.task.classes == ("a", "b")
    assert roles_of(report)["color_gt"] == "unused"


def test_a_score_that_belongs_to_no_output_is_passed_over():
    report = xentcli.score(made(12).assign(score=np.linspace(0, 1, 80)))
    assert report.score.task.kind == "multioutput"
    assert because_of(report)["score"] == "other scores, by the name"


def test_the_confidence_of_what_is_predicted_is_no_probability_of_one_class():
    data = made(13)
    high = np.linspace(0.5, 1, 80)
    data = data.assign(shape_conf=high, size_gt="big", size_pred="big", size_conf=high)
    data.loc[::3, ["size_gt", "size_pred"]] = "small"
    report = xentcli.score(data.drop(columns=["color_gt", "color_pred"]))
    assert report.score.loss is None
    assert roles_of(report)["shape_conf"] == "confidence"
    shape, size = report.score.outputs
    assert (shape.accuracy.value, size.accuracy.value) == (right_in(data, "shape").mean(), 1.0)
    assert size.metrics["ece"] == pytest.approx((1 - high).mean(), abs=1e-12)


def test_numbers_to_regress_beside_outputs_are_passed_over():
    age = np.linspace(20, 60, 80)
    report = xentcli.score(made(14).assign(age=age, pred_age=age + 1))
    assert [one.name for one in report.score.outputs] == ["color", "shape"]
    assert because_of(report)["pred_age"] == "numbers to regress, no classes"


@pytest.mark.parametrize(
    ("size", "seen"), [([0, 1] * 40, "0, 1"), (np.linspace(0, 1, 80), "fractions"), (["huge"] * 80, "huge alone")]
)
def test_an_output_whose_prediction_shares_no_value_is_refused_with_a_way_out(size, seen, refused):
    data = made(15).assign(size=["big", "small"] * 40, size_pred=size)
    error = refused(xentcli.score, data)
    assert error.place.column == "size_pred"
    assert f"holds {seen}, and its label size holds big, small" in error.message
    assert "--label color_gt --label shape_gt" in error.help
    named = xentcli.score(data, label=["color_gt", "shape_gt"]).score
    assert named.accuracy.correct == right_in(data, "color", "shape").all(axis=0).sum()


def test_two_predictions_of_one_output_are_refused_with_the_option_that_picks_one(refused):
    data = made(16)
    data = data.assign(predicted_color=np.roll(data.color_pred, 1))
    error = refused(xentcli.score, data)
    assert "several predicted labels of one output" in error.message
    assert "--scores color_pred" in error.help
    score = xentcli.score(data, scores=["color_pred", "shape_pred"]).score
    assert score.accuracy.correct == right_in(data, "color", "shape").all(axis=0).sum()


def test_two_models_of_one_truth_are_no_outputs(refused):
    data = made(17)
    models = pd.DataFrame({
        "bert_label": data.color_gt, "gpt_label": data.color_gt, "bert_pred": data.color_pred,
        "gpt_pred": np.roll(data.color_pred, 1),
    })  # fmt: skip
    error = refused(xentcli.score, models)
    assert "several models" in error.message
    assert "--label bert_label --scores bert_pred" in error.details[0]
    picked = xentcli.score(models, label="bert_label", scores="bert_pred").score
    assert picked.accuracy.value == right_in(data, "color").mean()


def test_options_that_name_what_was_found_change_nothing():
    data = made(18)
    found = xentcli.score(data).to_dict()
    for options in (
        {"label": ["color_gt", "shape_gt"]}, {"task": "multioutput"}, {"scores": ["color_pred", "shape_pred"]},
        {"label": ["color_gt", "shape_gt"], "scores": ["color_pred", "shape_pred"], "task": "multioutput"},
    ):  # fmt: skip
        given = xentcli.score(data, **options).to_dict()
        assert given | {"columns": []} == found | {"columns": []}


def test_given_columns_of_any_name_are_paired_in_their_order():
    data = made(19)
    renamed = data.rename(columns={"color_gt": "a", "shape_gt": "b", "color_pred": "x", "shape_pred": "y"})
    score = xentcli.score(renamed, label=["a", "b"], scores=["x", "y"]).score
    assert score.accuracy.correct == right_in(data, "color", "shape").all(axis=0).sum()


def test_one_output_alone_is_named_by_its_columns():
    data = made(20)
    score = xentcli.score(data, label="shape_gt").score
    assert (score.task.kind, score.accuracy.value) == ("binary", right_in(data, "shape").mean())


def test_classes_are_shared_out_and_one_may_be_positive():
    data = made(21)
    score = xentcli.score(data, classes="red,green,blue,square,round", positive="round").score
    assert [one.task.classes for one in score.outputs] == [("red", "green", "blue"), ("square", "round")]
    assert score.outputs[1].task.positive == "round"


@pytest.mark.parametrize(
    ("options", "said"),
    [({"worst": 3}, "--worst needs the scores"), ({"row": 1}, "--row shows a loss"),
     ({"class_weights": "balanced"}, "weighs losses"), ({"focal_gamma": 2.0}, "--focal-gamma needs the scores")],
)  # fmt: skip
def test_options_about_losses_are_refused(options, said, refused):
    assert said in refused(xentcli.score, made(22), **options).message


@pytest.mark.parametrize("names", [("color_pred", "shape_pred"), ("color", "shape")])
def test_labels_may_stand_in_a_file_of_their_own(names, tmp_path):
    data = made(23).assign(id=range(80))
    labels = data[["id", "color_gt", "shape_gt"]].rename(columns={"color_gt": "color", "shape_gt": "shape"})
    labels.sample(frac=1, random_state=1).to_csv(tmp_path / "labels.csv", index=False)
    predictions = data[["id", "color_pred", "shape_pred"]].set_axis(["id", *names], axis=1)
    predictions.to_csv(tmp_path / "p.csv", index=False)
    score = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "labels.csv", id="id").score
    assert score.accuracy.correct == right_in(data, "color", "shape").all(axis=0).sum()


def test_two_files_are_compared_by_the_rows_in_which_all_outputs_are_right(tmp_path):
    before = made(24)
    after = before.assign(color_pred=before.color_gt)
    before.to_csv(tmp_path / "a.csv", index=False)
    after.to_csv(tmp_path / "b.csv", index=False)
    found = xentcli.compare(tmp_path / "a.csv", tmp_path / "b.csv").comparison
    a, b = (right_in(one, "color", "shape").all(axis=0) for one in (before, after))
    assert (found.table.both_right, found.table.only_b_right) == ((a & b).sum(), (b & ~a).sum())
    assert found.difference["accuracy"].value == pytest.approx(b.mean() - a.mean())
    assert "loss" not in found.difference


def test_limits_hold_all_outputs_and_there_is_none_on_a_loss(xent, tmp_path):
    data = made(25)
    data.to_csv(tmp_path / "p.csv", index=False)
    share = right_in(data, "color", "shape").all(axis=0).mean()
    passed = xent("check", tmp_path / "p.csv", "--min", f"accuracy={share - 0.01}", "--min", "mean_accuracy=0.5")
    assert passed.status == 0
    assert xent("check", tmp_path / "p.csv", "--min", f"accuracy={share + 0.01}").status == 1
    refused = xent("check", tmp_path / "p.csv", "--max", "loss=1")
    assert refused.status == 2
    assert "predictions without scores have no loss" in refused.err


def test_the_page_tells_each_output(xent, tmp_path):
    made(26).to_csv(tmp_path / "p.csv", index=False)
    page = xent("score", tmp_path / "p.csv").out
    assert "2 outputs, each a task of its own; there are no scores." in page
    assert "all outputs right" in page
    assert page.count("no loss can be had from decisions alone: write") == 1
    assert "Output color\nMulti-class classification, 3 classes; there are no scores." in page
    assert " color.loss=none color.accuracy=" in xent("score", tmp_path / "p.csv", "-f", "concise").out


def test_the_order_of_columns_and_rows_changes_no_number():
    data = made(27).assign(age=0.5)
    first = xentcli.score(data).score
    for order in permutations(["color_gt", "color_pred", "shape_gt", "shape_pred", "age"]):
        score = xentcli.score(data[list(order)].sample(frac=1, random_state=3)).score
        assert (score.accuracy, score.metrics) == (first.accuracy, first.metrics)
        assert {one.name: one.metrics for one in score.outputs} == {one.name: one.metrics for one in first.outputs}


def test_the_reading_does_not_hang_on_how_well_it_scores():
    data = made(28)
    rng = np.random.default_rng(28)
    random = data.assign(color_gt=rng.permutation(data.color_gt), shape_gt=rng.permutation(data.shape_gt))
    perfect = data.assign(color_pred=data.color_gt, shape_pred=data.shape_gt)
    readings = [xentcli.score(one).columns for one in (data, random, perfect)]
    assert readings[0] == readings[1] == readings[2]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 7), st.integers(1, 9), st.integers(1, 3), st.booleans(),
    st.floats(0, 0.5), st.floats(0, 0.5),
)  # fmt: skip
def test_any_cut_gives_the_same_bits(table, seed, count, parts, batch, jobs, weighted, missing, bad):
    rng = np.random.default_rng(seed)
    data = made(seed, count).assign(w=rng.random(count), country=rng.choice(["at", "de"], count))
    data.loc[rng.random(count) < missing, "color_gt"] = None
    data.loc[rng.random(count) < bad, "shape_pred"] = None
    data.loc[count] = ["red", "red", "round", "square", 0.5, "at"]
    data.loc[count + 1] = ["blue", "green", "square", "square", 0.25, "de"]
    columns = pa.Table.from_pandas(data, preserve_index=False)
    options = {"weight": "w" if weighted else None, "by": "country", "skip_bad_rows": True}
    whole = xentcli.score(table(columns), **options)
    cut = xentcli.score(table(columns, parts=parts, rows=batch), jobs=jobs, **options)
    assert cut.to_dict() == whole.to_dict()
    rows = whole.score.rows
    assert rows.read == rows.scored + rows.missing_label + rows.bad
    assert whole.score.task.kind == "multioutput"
