"""Several outputs: label columns with scores of their own are found, scored one by one and together."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xentcli

COLORS, SHAPES = ("red", "blue", "green"), ("round", "square")


def made(seed=0, count=60):
    rng = np.random.default_rng(seed)
    color, shape = rng.integers(0, 3, count), rng.integers(0, 2, count)
    return color, shape, rng.dirichlet([1] * 3, count), rng.dirichlet([1] * 2, count)


def wide(color, shape, p, q, pattern="{}_{}", labels=("color", "shape")):
    columns = {labels[0]: np.array(COLORS)[color], labels[1]: np.array(SHAPES)[shape]}
    columns |= {pattern.format("color", name): p[:, at] for at, name in enumerate(COLORS)}
    return pd.DataFrame(columns | {pattern.format("shape", name): q[:, at] for at, name in enumerate(SHAPES)})


def rows_of(color, shape, p, q):
    at = np.arange(len(color))
    return -np.log(p[at, color]), -np.log(q[at, shape])


@pytest.mark.parametrize(
    "pattern",
    ["{}_{}", "{}.{}", "p_{}_{}", "prob_{}_{}", "{}_prob_{}", "{}_p_{}", "{}_{}_prob", "y_pred_{}_{}", "{}-{}"],
)
def test_outputs_are_found_by_their_names(pattern):
    data = made()
    score = xentcli.score(wide(*data, pattern)).score
    assert score.task.kind == "multioutput"
    assert [one.name for one in score.outputs] == ["color", "shape"]
    assert [one.task.classes for one in score.outputs] == [COLORS, SHAPES]
    first, second = rows_of(*data)
    assert score.loss.value == pytest.approx((first + second).mean(), rel=1e-14)


@pytest.mark.parametrize(
    "labels", [("true_color", "true_shape"), ("color_label", "shape_label"), ("y_color", "y_shape")]
)
def test_labels_may_carry_words_of_their_own(labels):
    score = xentcli.score(wide(*made(), labels=labels)).score
    assert [one.task.classes for one in score.outputs] == [COLORS, SHAPES]
    assert [one.name for one in score.outputs] == ["color", "shape"]


def test_the_loss_is_the_sum_and_accuracy_wants_every_output_right():
    color, shape, p, q = made(1)
    first, second = rows_of(color, shape, p, q)
    score = xentcli.score(wide(color, shape, p, q)).score
    both = (p.argmax(1) == color) & (q.argmax(1) == shape)
    assert score.loss.name == "sum_over_outputs"
    assert score.loss.standard_error == pytest.approx((first + second).std(ddof=1) / np.sqrt(60), rel=1e-12)
    assert (score.accuracy.name, score.accuracy.correct) == ("all-outputs", both.sum())
    assert score.accuracy.value == both.mean()
    assert [one.loss.value for one in score.outputs] == pytest.approx([first.mean(), second.mean()], rel=1e-14)
    assert [one.accuracy.value for one in score.outputs] == [
        (p.argmax(1) == color).mean(),
        (q.argmax(1) == shape).mean(),
    ]
    alone = xentcli.score(
        pd.DataFrame({"y": np.array(COLORS)[color]} | {f"p_{n}": p[:, i] for i, n in enumerate(COLORS)})
    )
    output = score.outputs[0]
    assert (output.loss, output.metrics, output.per_class) == (
        alone.score.loss, alone.score.metrics, alone.score.per_class,
    )  # fmt: skip
    assert output.confusion == alone.score.confusion
    assert output.calibration == alone.score.calibration


def test_lists_and_single_scores_are_outputs_too(tmp_path):
    color, shape, p, q = made(2)
    named = {"color": np.array(COLORS)[color], "shape": np.array(SHAPES)[shape]}
    expected = sum(one.mean() for one in rows_of(color, shape, p, q))
    lists = pa.table(named | {"color_probs": p.tolist(), "p_shape": q.tolist()})
    classes = (*COLORS, *SHAPES)
    pq.write_table(lists, tmp_path / "l.parquet")
    assert xentcli.score(tmp_path / "l.parquet", classes=classes).score.loss.value == pytest.approx(expected, rel=1e-14)
    assert xentcli.score(lists).score.outputs[0].task.classes == tuple(sorted(COLORS))
    indices = pa.table({"color": color, "shape": shape, "color_probs": p.tolist(), "shape_probs": q.tolist()})
    assert xentcli.score(indices).score.loss.value == pytest.approx(expected, rel=1e-14)
    single = wide(color, shape, p, q).drop(columns=["shape_round", "shape_square"]).assign(shape_prob=q[:, 1])
    score = xentcli.score(single).score
    assert score.outputs[1].task.positive == "square"
    assert score.loss.value == pytest.approx(expected, rel=1e-12)


def test_every_format_gives_the_same_loss(tmp_path):
    data = wide(*made(3))
    expected = xentcli.score(data).score.loss
    data.to_csv(tmp_path / "w.csv", index=False)
    data.to_json(tmp_path / "w.jsonl", orient="records", lines=True, double_precision=15)
    data.to_parquet(tmp_path / "w.parquet")
    assert xentcli.score(tmp_path / "w.csv").score.loss == expected
    assert xentcli.score(tmp_path / "w.parquet").score.loss == expected
    assert xentcli.score(tmp_path / "w.jsonl").score.loss.value == pytest.approx(expected.value, rel=1e-12)


def test_an_archive_of_arrays_holds_outputs(tmp_path):
    color, shape, p, q = made(4)
    np.savez(tmp_path / "a.npz", color=color, shape=shape, color_probs=p, shape_probs=q)
    expected = sum(one.mean() for one in rows_of(color, shape, p, q))
    assert xentcli.score(tmp_path / "a.npz").score.loss.value == pytest.approx(expected, rel=1e-14)


def test_options_name_labels_scores_classes_and_the_kind():
    color, shape, p, q = made(5)
    expected = xentcli.score(wide(color, shape, p, q)).score.loss.value
    other = wide(color, shape, p, q, labels=("truth_of_hue", "form")).rename(
        columns=lambda name: name.replace("color", "c")
    )
    options = {"label": ["truth_of_hue", "form"], "scores": ["c_", "shape_"]}
    assert xentcli.score(other, **options).score.loss.value == expected
    assert xentcli.score(other, **options, task="multioutput").score.loss.value == expected
    given = xentcli.score(wide(color, shape, p, q, "p_{}_{}"), label=["color", "shape"], scores="p_").score
    assert given.loss.value == expected
    renamed = xentcli.score(
        pa.table({"a": color, "b": shape, "x": p.tolist(), "y": q.tolist()}),
        label=["a", "b"], scores=["x", "y"], classes="r,b,g,o,s", positive="o",
    ).score  # fmt: skip
    assert [one.task.classes for one in renamed.outputs] == [("r", "b", "g"), ("o", "s")]
    assert renamed.outputs[1].task.positive == "o"
    assert renamed.loss.value == expected


def test_labels_may_stand_in_a_file_of_their_own(tmp_path):
    data = wide(*made(6)).assign(id=range(60))
    labels = data[["id", "color", "shape"]].assign(split="test").sample(frac=1, random_state=1)
    labels.to_csv(tmp_path / "labels.csv", index=False)
    data.drop(columns=["color", "shape"]).to_parquet(tmp_path / "preds.parquet")
    score = xentcli.score(tmp_path / "preds.parquet", labels=tmp_path / "labels.csv", id="id").score
    assert score.loss.value == xentcli.score(data.drop(columns="id")).score.loss.value


def test_options_that_fit_no_outputs_are_refused(refused):
    data = wide(*made())
    said = refused(xentcli.score, data, classes="a,b").message
    assert "names 2 classes (a, b), the outputs have 5 (color 3, shape 2)" in said
    assert "class of no output" in refused(xentcli.score, data, positive="red").message
    assert "one is named" in refused(xentcli.score, data, label="color", task="multioutput").message
    lonely = refused(xentcli.score, data.assign(size="big"), label=["color", "size"], task="multioutput")
    assert (lonely.place.column, "no scores of its own" in lonely.message) == ("size", True)
    plain = pd.DataFrame({"label": ["a", "b"], "p_a": [0.1, 0.2], "p_b": [0.9, 0.8]})
    assert "several label columns" in refused(xentcli.score, plain, task="multioutput").message


def test_a_row_without_one_label_is_missing_for_that_output_only():
    data = wide(*made(7))
    data.loc[[1, 5], "color"] = None
    data.loc[[5, 9], "shape"] = None
    score = xentcli.score(data).score
    assert (score.rows.read, score.rows.scored, score.rows.missing_label, score.rows.bad) == (60, 57, 3, 0)
    assert [(one.rows.scored, one.rows.missing_label) for one in score.outputs] == [(58, 2), (58, 2)]
    assert score.loss.standard_error is None
    assert score.loss.interval is None
    assert score.loss.value == pytest.approx(sum(one.loss.value for one in score.outputs), rel=1e-15)


def test_a_row_that_is_bad_in_one_output_is_bad_in_all(refused):
    data = wide(*made(8, 400))
    data.loc[3, "shape_round"] = 7.0
    data.loc[4, "color_red"] = np.inf
    data.loc[4, "shape_round"] = -1.0
    error = refused(xentcli.score, data)
    assert (error.place.row, error.place.column) == (4, "shape_round")
    assert "2 of 400 rows" in error.details[0]
    report = xentcli.score(data, skip_bad_rows=True)
    good = xentcli.score(data.drop(index=[3, 4])).score
    assert report.score.rows.bad == 2
    assert [one.rows.bad for one in report.score.outputs] == [2, 2]
    assert report.score.loss == good.loss
    assert [one.loss for one in report.score.outputs] == [one.loss for one in good.outputs]
    assert report.findings[0].rows == (4, 5)
    assert "1 NaN or infinite; 1 out of range" in report.findings[0].message


def test_weights_weigh_all_outputs_alike():
    color, shape, p, q = made(9)
    w = np.random.default_rng(0).random(60)
    score = xentcli.score(wide(color, shape, p, q).assign(w=w), weight="w").score
    total = sum(rows_of(color, shape, p, q))
    mean = (w * total).sum() / w.sum()
    both = (p.argmax(1) == color) & (q.argmax(1) == shape)
    assert score.loss.value == pytest.approx(mean, rel=1e-13)
    assert score.loss.standard_error == pytest.approx(np.sqrt((w**2 * (total - mean) ** 2).sum()) / w.sum(), rel=1e-10)
    assert score.accuracy.value == pytest.approx((w * both).sum() / w.sum(), rel=1e-13)
    assert score.rows.weight_sum == pytest.approx(w.sum())


def test_logits_and_probabilities_may_stand_side_by_side():
    color, shape, p, q = made(10)
    columns = {f"color_logit_{name}": np.log(p[:, at]) + 3 for at, name in enumerate(COLORS)}
    columns |= {f"shape_prob_{name}": q[:, at] for at, name in enumerate(SHAPES)}
    data = pd.DataFrame({"color": np.array(COLORS)[color], "shape": np.array(SHAPES)[shape]} | columns)
    score = xentcli.score(data).score
    assert [one.task.scale for one in score.outputs] == ["logits", "probabilities"]
    assert score.task.scale is None
    assert score.loss.value == pytest.approx(sum(one.mean() for one in rows_of(color, shape, p, q)), rel=1e-12)


def test_features_that_look_like_outputs_are_none():
    rng = np.random.default_rng(11)
    color, shape, _, q = made(11)
    label = {"label": rng.choice(["a", "b"], 60), "p_a": q[:, 0], "p_b": q[:, 1]}
    named = {"color": np.array(COLORS)[color], "color_hue": rng.random(60), "color_depth": rng.random(60)}
    measured = {"shape": np.array(SHAPES)[shape], "shape_width": rng.random(60), "shape_height": rng.random(60)}
    assert xentcli.score(pd.DataFrame(label | named | measured)).score.task.classes == ("a", "b")
    hot = {f"color_{name}": (color == at).astype(int) for at, name in enumerate(COLORS)}
    hot |= {f"shape_{name}": (shape == at).astype(int) for at, name in enumerate(SHAPES)}
    encoded = pd.DataFrame({**label, "color": named["color"], "shape": measured["shape"], **hot})
    assert xentcli.score(encoded).score.task.classes == ("a", "b")


def test_a_measurement_beside_the_scores_of_an_output_is_no_class():
    data = wide(*made(12)).assign(color_depth=np.linspace(0, 1, 60))
    assert xentcli.score(data).score.outputs[0].task.classes == COLORS


def test_one_hot_and_multi_label_columns_stay_one_task():
    hot = pd.DataFrame({"cat": [1, 0, 0], "dog": [0, 1, 1], "p_cat": [0.9, 0.2, 0.3], "p_dog": [0.1, 0.8, 0.7]})
    assert xentcli.score(hot).score.task.encoding == "one-hot"
    assert xentcli.score(hot.assign(cat=1)).score.task.kind == "multilabel"
    assert xentcli.score(hot, label=["cat", "dog"], scores=["p_cat", "p_dog"]).score.task.encoding == "one-hot"
    assert xentcli.score(hot, task="multioutput").score.task.kind == "multioutput"
    words = hot.assign(cat=["yes", "no", "no"], dog=["no", "no", "yes"])
    assert xentcli.score(words).score.task.kind == "multilabel"


def test_the_views_show_every_output(xent, sample):
    file = sample / "preds_outputs.csv"
    page = xent("score", file)
    assert "Output parity" in page.out
    assert "Output size" in page.out
    assert "all outputs right" in page.out
    line = xent("score", file, "-f", "concise").out
    assert line.startswith(f"{file}: multioutput loss=0.7781 accuracy=0.84 ")
    assert "parity.loss=0.3263 parity.accuracy=0.92" in line
    assert "### Output size" in xent("score", file, "-f", "markdown").out
    document = xent("score", file, "-f", "json").document()
    assert [one["name"] for one in document["outputs"]] == ["parity", "size"]
    assert document["task"]["encoding"] == ["class-names", "class-names"]
    assert document["task"]["classes"][:2] == ["parity=even", "parity=odd"]
    assert document["loss"]["value"] == pytest.approx(sum(one["loss"]["value"] for one in document["outputs"]))
    frame = xentcli.score(file).to_frame()
    assert list(frame["output"]) == ["parity"] * 2 + ["size"] * 3


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6), st.integers(1, 50), st.integers(1, 7), st.integers(1, 9), st.integers(1, 3), st.booleans(),
    st.floats(0, 0.5), st.floats(0, 0.5),
)  # fmt: skip
def test_any_cut_of_outputs_gives_the_same_bits(table, seed, count, parts, batch, jobs, weighted, missing, bad):
    rng = np.random.default_rng(seed)
    data = wide(*made(seed, count)).assign(w=rng.random(count))
    data.loc[rng.random(count) < missing, "color"] = None
    data.loc[rng.random(count) < bad, "shape_round"] = 9.0
    data.loc[rng.random(count) < bad, "color_blue"] = np.nan
    data.loc[count] = ["red", "round", 0.5, 0.25, 0.25, 0.5, 0.5, 1.0]
    data.loc[count + 1] = ["blue", "square", 0.5, 0.25, 0.25, 0.25, 0.75, 1.0]
    columns = pa.Table.from_pandas(data, preserve_index=False)
    options = {
        "weight": "w" if weighted else None, "scale": "probabilities", "skip_bad_rows": True, "task": "multioutput",
        "label": ["color", "shape"], "scores": ["color_", "shape_"],
    }  # fmt: skip
    whole = xentcli.score(table(columns), **options)
    cut = xentcli.score(table(columns, parts=parts, rows=batch), jobs=jobs, **options)
    assert cut.to_dict() == whole.to_dict()
    rows = whole.score.rows
    assert rows.read == rows.scored + rows.missing_label + rows.bad
