"""Layouts: the same predictions give the same numbers however a file lays them out."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.record import replace

TRUTH = [1, 2]
PREDICTED = [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]
ONE_HOT = [[0, 1, 0], [0, 0, 1]]


def csv_index(path):
    path.write_text("y_true,p_0,p_1,p_2\n1,0.05,0.95,0\n2,0.1,0.8,0.1\n")
    return [path]


def csv_one_hot(path):
    path.write_text("y_true_0,y_true_1,y_true_2,y_pred_0,y_pred_1,y_pred_2\n0,1,0,.05,.95,0\n0,0,1,.1,.8,.1\n")
    return [path]


def csv_bare_names(path):
    path.write_text("label,cat,dog,panda\ndog,.05,.95,0\npanda,.1,.8,.1\n")
    return [path]


def csv_suffix(path):
    path.write_text("label;cat_prob;dog_prob;panda_prob\ndog;0,05;0,95;0\npanda;0,1;0,8;0,1\n")
    return [path]


def parquet_wide(path):
    columns = {f"prob_{at}": [row[at] for row in PREDICTED] for at in range(3)}
    pq.write_table(pa.table({"target": TRUTH} | columns), path)
    return [path]


def parquet_list(path):
    pq.write_table(pa.table({"y_true": TRUTH, "y_pred": PREDICTED}), path)
    return [path]


def parquet_one_hot_list(path):
    pq.write_table(pa.table({"y_true": ONE_HOT, "y_pred": PREDICTED}), path)
    return [path]


def jsonl(path):
    rows = [{"label": truth, "probs": row} for truth, row in zip(TRUTH, PREDICTED, strict=True)]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return [path]


def json_array(path):
    rows = [{"y_true": hot, "y_pred": row} for hot, row in zip(ONE_HOT, PREDICTED, strict=True)]
    path.write_text(json.dumps(rows))
    return [path]


def npy(path):
    labels = path.with_name("labels.npy")
    np.save(path, np.array(PREDICTED))
    np.save(labels, np.array(TRUTH))
    return [path, "--labels", labels]


def npy_one_hot(path):
    labels = path.with_name("labels.npy")
    np.save(path, np.array(PREDICTED))
    np.save(labels, np.array(ONE_HOT))
    return [path, "--labels", labels]


def npz(path):
    np.savez(path, y_true=np.array(TRUTH), y_pred=np.array(PREDICTED))
    return [path]


@pytest.mark.parametrize(
    ("make", "suffix"),
    [
        (csv_index, ".csv"), (csv_one_hot, ".csv"), (csv_bare_names, ".csv"), (csv_suffix, ".csv"),
        (parquet_wide, ".parquet"), (parquet_list, ".parquet"), (parquet_one_hot_list, ".parquet"),
        (jsonl, ".jsonl"), (json_array, ".json"), (npy, ".npy"), (npy_one_hot, ".npy"), (npz, ".npz"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)  # fmt: skip
def test_the_example_of_the_keras_documentation_reads_the_same_everywhere(tmp_path, xent, make, suffix):
    ran = xent("score", *make(tmp_path / f"preds{suffix}"))
    assert (ran.status, ran.err) == (0, "")
    assert "loss       1.177" in ran.out
    assert "accuracy   0.5 " in ran.out
    document = xent("score", *make(tmp_path / f"preds{suffix}"), "-f", "json").document()
    assert document["loss"]["value"] == pytest.approx(1.176939193690798, rel=1e-15)
    assert document["task"]["kind"] == "multiclass"
    rows = document["rows"]
    assert rows["read"] == rows["scored"] + rows["missing_label"] + rows["bad"] == 2


@pytest.mark.parametrize("name", ["p", "score", "p_1", "prob", "y_pred", "anything"])
def test_a_score_and_two_complementary_columns_give_the_same_bits(name):
    rng = np.random.default_rng(5)
    p = np.concatenate([rng.random(500), [0.0, 1.0, 1e-17, 1 - 1e-16, 0.5]])
    y = rng.integers(0, 2, len(p))
    one = xentcli.score(pd.DataFrame({"y_true": y, name: p})).score
    two = xentcli.score(pd.DataFrame({"y_true": y, "p_0": 1 - p, "p_1": p})).score
    assert one.loss == two.loss
    assert one.accuracy.value == two.accuracy.value
    assert one.task.kind == "binary"
    assert one.task.positive == "1"


def test_a_binary_logit_and_two_logits_give_the_same_loss():
    z = np.random.default_rng(6).normal(size=400) * 40
    y = (z > 0).astype(int)
    one = xentcli.score(pd.DataFrame({"y": y, "logit": z})).score
    two = xentcli.score(pd.DataFrame({"y": y, "logit_0": np.zeros(400), "logit_1": z})).score
    assert one.loss.value == pytest.approx(np.logaddexp(0, np.where(y == 1, -z, z)).mean(), rel=1e-13)
    assert one.loss.value == two.loss.value
    assert one.loss.eps is None
    assert one.task.scale == "logits"


def test_log_probabilities_are_told_from_logits():
    z = np.random.default_rng(7).normal(size=(200, 4))
    logp = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    y = np.arange(200) % 4
    read = xentcli.score((y, logp)).score
    assert read.task.scale == "log-probabilities"
    assert read.loss.value == pytest.approx(-logp[np.arange(200), y].mean(), rel=1e-13)
    assert read.loss.value == pytest.approx(xentcli.score((y, z)).score.loss.value, rel=1e-12)


def test_logits_of_any_size_and_masked_classes_are_scored():
    z = np.array([[1e4, -1e4, 0.0], [0.0, -np.inf, 5.0]])
    score = xentcli.score((np.array([1, 2]), z)).score
    assert score.loss.value == pytest.approx((2e4 + np.log1p(np.exp(-5.0))) / 2, rel=1e-14)


def test_multi_label_columns_pair_by_name_and_agree_with_tags_and_lists():
    hot = np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0], [1, 1, 1]])
    p = np.array([[0.9, 0.2, 0.6], [0.1, 0.3, 0.4], [0.2, 0.9, 0.7], [0.8, 0.6, 0.4]])
    names = ["red", "blue", "round"]
    scores = {f"p_{name}": p[:, at] for at, name in enumerate(names)}
    tags = [[name for name, bit in zip(names, row, strict=True) if bit] for row in hot]
    inputs = [
        pd.DataFrame({name: hot[:, at] for at, name in enumerate(names)} | scores),
        pa.table({"tags": pa.array(tags)} | {name: pa.array(one) for name, one in scores.items()}),
        pd.DataFrame({"tags": ["|".join(row) for row in tags]} | scores),
        (hot, p),
    ]
    for data in inputs:
        report = xentcli.score(data)
        assert report.score.task.kind == "multilabel"
        assert report.score.accuracy.value == 0.5
        element = -np.log(np.where(hot == 1, p, 1 - p))
        assert report.score.loss.value == pytest.approx(element.mean(), rel=1e-14)
        assert report.score.loss.sum_over_labels == pytest.approx(element.sum(1).mean(), rel=1e-14)
        assert report.score.metrics["hamming_accuracy"] == pytest.approx(10 / 12)
        assert list(report.to_frame()["support"]) == [2, 2, 2]


def test_tags_as_indices_and_integer_lists_index_the_scores():
    p = np.array([[0.9, 0.2], [0.1, 0.8]])
    table = pa.table({"labels": [[0], [0, 1]], "probs": p.tolist()})
    score = xentcli.score(table).score
    assert score.task.encoding == "tag-lists"
    assert score.accuracy.correct == 1


def test_labels_by_name_take_the_order_that_is_given_or_sorted():
    p = [[0.9, 0.1], [0.2, 0.8]]
    table = pa.table({"label": ["cat", "dog"], "probs": p})
    assert xentcli.score(table).score.accuracy.value == 1.0
    assert any("sorted" in reason for reason in xentcli.score(table).score.task.reasons)
    assert xentcli.score(table, classes="dog,cat").score.accuracy.value == 0.0


def test_classes_come_from_a_file_or_the_metadata(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("dog\ncat\n")
    p = [[0.9, 0.1], [0.2, 0.8]]
    assert (
        xentcli.score(pa.table({"label": ["cat", "dog"], "probs": p}), classes=f"@{names}").score.accuracy.value == 0.0
    )
    info = json.dumps({"info": {"features": {"label": {"names": ["dog", "cat"], "_type": "ClassLabel"}}}})
    schema = pa.schema([("label", pa.int64()), ("probs", pa.list_(pa.float64()))], metadata={"huggingface": info})
    table = pa.table([[0, 1], p], schema=schema)
    assert xentcli.score(table).score.task.classes == ("dog", "cat")
    assert xentcli.score(table).score.accuracy.value == 1.0


def test_integer_labels_stand_for_sorted_names_of_three_classes_and_floats_match_by_number(refused):
    frame = pd.DataFrame({
        "label": [0.0, 1.0, 2.0], "p_cat": [0.9, 0.2, 0.1], "p_dog": [0.1, 0.7, 0.6], "p_eel": [0.0, 0.1, 0.3],
    })  # fmt: skip
    score = xentcli.score(frame).score
    assert score.task.classes == ("cat", "dog", "eel")
    assert score.accuracy.correct == 2
    assert "0 to 2 stand for the sorted names" in " ".join(score.task.reasons)
    assert "--classes dog,cat,eel" in refused(xentcli.score, frame[["label", "p_dog", "p_cat", "p_eel"]]).help


def test_two_classes_whose_order_nothing_tells_are_asked_for(refused):
    frame = pd.DataFrame({"label": [0, 1, 1], "p_cat": [0.9, 0.2, 0.6], "p_dog": [0.1, 0.8, 0.4]})
    error = refused(xentcli.score, frame)
    assert "nothing tells which label is which class" in error.message
    assert "--classes cat,dog if 0 is cat, --classes dog,cat if 0 is dog" in error.help
    assert xentcli.score(frame, classes="cat,dog").score.accuracy.correct == 2
    assert xentcli.score(frame, classes="dog,cat").score.accuracy.correct == 1


def test_two_files_join_by_row_and_by_id(tmp_path):
    (tmp_path / "p.csv").write_text("id,p_cat,p_dog\n1,0.9,0.1\n2,0.2,0.8\n3,0.6,0.4\n")
    (tmp_path / "l.csv").write_text("id,label\n3,dog\n1,cat\n2,dog\n")
    (tmp_path / "rows.csv").write_text("label\ndog\ncat\ndog\n")
    by_row = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "rows.csv").score
    shared = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "l.csv")
    by_id = xentcli.score(tmp_path / "p.csv", labels=tmp_path / "l.csv", id="id").score
    assert by_row.accuracy.correct == 0
    assert by_id.accuracy.correct == shared.score.accuracy.correct == 2
    assert any("id" in note for note in shared.source.notes)


def test_the_positive_class_is_the_scores_own_then_by_word_then_the_last():
    def positive(labels, name, **options):
        return xentcli.score(pd.DataFrame({"label": labels, name: [0.2, 0.7]}), **options).score.task.positive

    assert positive(["benign", "malignant"], "p_benign") == "benign"
    assert positive(["no", "yes"], "score") == "yes"
    assert positive([-1, 1], "score") == "1"
    assert positive([False, True], "score") == "true"
    assert positive(["a", "b"], "score") == "b"
    assert positive(["a", "b"], "score", positive="a") == "a"
    assert positive([1, 2], "score", positive="1.0") == "1"


def test_a_threshold_is_strict_and_of_the_scores_own_precision():
    frame = pd.DataFrame({"y": [1, 1, 0], "p": np.array([0.7, 0.8, 0.7], dtype=np.float32)})
    score = xentcli.score(frame, threshold=0.7).score
    assert score.accuracy.correct == 2
    assert score.accuracy.ties == 2
    logits = pd.DataFrame({"y": [1, 0], "logit_0": [0.0, 0.0], "logit_1": [2.0, 1.0]})
    assert xentcli.score(logits, threshold=0.8).score.accuracy.value == 1.0


def test_weights_weigh_the_mean_and_leave_the_counts():
    frame = pd.DataFrame({"y": [0, 1, 1, 0], "p": [0.2, 0.6, 0.3, 0.4], "w": [1.0, 2.0, 0.5, 0.0]})
    score = xentcli.score(frame, weight="w").score
    loss = -np.log(np.array([0.8, 0.6, 0.3, 0.6]))
    w = frame["w"].to_numpy()
    mean = (w * loss).sum() / w.sum()
    assert score.loss.value == pytest.approx(mean, rel=1e-14)
    assert score.loss.standard_error == pytest.approx(np.sqrt((w**2 * (loss - mean) ** 2).sum()) / w.sum(), rel=1e-12)
    assert score.accuracy.value == pytest.approx(3 / 3.5)
    assert score.confusion.counts == ((2, 0), (1, 1))
    assert score.confusion.weights == ((1.0, 0.0), (0.5, 2.0))
    assert score.rows.weight_sum == 3.5
    assert score.per_class[1].recall == pytest.approx(2 / 2.5)


def test_weights_of_multi_label_rows_weigh_labels_and_subsets():
    frame = pd.DataFrame({"a": [1, 0], "b": [0, 1], "p_a": [0.9, 0.4], "p_b": [0.6, 0.9], "w": [3.0, 1.0]})
    score = xentcli.score(frame, weight="w", task="multilabel").score
    loss = -np.log([[0.9, 0.4], [0.6, 0.9]])
    assert score.loss.value == pytest.approx((3 * loss[0].mean() + loss[1].mean()) / 4, rel=1e-14)
    assert score.accuracy.value == 0.25
    assert score.per_label[1].precision == pytest.approx(1 / 4)


def test_stdin_is_spooled_and_read_as_often_as_needed(monkeypatch):
    text = b"label,p_cat,p_dog\ncat,2.0,-1.0\ndog,0.5,3.0\n"

    class Stdin:
        buffer = io.BytesIO(text)

    monkeypatch.setattr("sys.stdin", Stdin)
    score = xentcli.score("-", scale="logits").score
    assert score.rows.read == 2


def test_a_folder_and_a_glob_are_one_table(tmp_path, sample):
    table = pq.read_table(sample / "preds_digits.parquet")
    for at in range(3):
        pq.write_table(table.slice(at * 150, 150), tmp_path / f"part-{at}.parquet")
    whole = xentcli.score(sample / "preds_digits.parquet").score
    for data in (tmp_path, f"{tmp_path}/*.parquet", sorted(tmp_path.iterdir())):
        assert xentcli.score(data).score.loss == whole.loss


def test_a_feature_beside_bare_class_names_is_no_class(refused):
    frame = pd.DataFrame(
        {"label": ["cat", "dog"], "age": [30, 40], "cat": [0.9, 0.2], "dog": [0.1, 0.8], "size": [1, 2]}
    )
    assert xentcli.score(frame).score.task.classes == ("cat", "dog")
    absent = pd.DataFrame({"label": ["cat", "dog"], "cat": [0.7, 0.2], "dog": [0.1, 0.5], "eel": [0.2, 0.3]})
    assert xentcli.score(absent).score.task.classes == ("cat", "dog", "eel")
    digits = pd.DataFrame({"label": [0, 1], "0": [0.7, 0.1], "1": [0.1, 0.6], "2": [0.2, 0.3]})
    assert xentcli.score(digits).score.task.classes == ("0", "1", "2")
    features = pd.DataFrame({"label": [0, 1], "0": [3.0, -1.0], "1": [1.0, 2.0], "2": [0.5, -9.0]})
    assert "--scores" in refused(xentcli.score, features).help


def test_lists_of_one_score_are_single_scores():
    table = pa.table({"y_true": [0, 1, 1], "y_pred": [[0.2], [0.7], [0.4]]})
    single = pa.table({"y_true": [0, 1, 1], "y_pred": [0.2, 0.7, 0.4]})
    assert xentcli.score(table).score == replace(
        xentcli.score(single).score, task=xentcli.score(table).score.task
    )  # fmt: skip
    assert xentcli.score(table, threshold=0.8).score.accuracy.correct == 1


def test_of_two_numbers_the_larger_is_positive():
    frame = pd.DataFrame({"y": [1, 2], "p": [0.2, 0.7]})
    assert xentcli.score(frame).score.task.positive == "2"


def test_label_columns_may_carry_a_suffix():
    frame = pd.DataFrame({"a_true": [1, 0], "b_true": [1, 1], "a_prob": [0.9, 0.2], "b_prob": [0.6, 0.7]})
    assert xentcli.score(frame).score.task.classes == ("a", "b")
    assert xentcli.score(frame).score.accuracy.value == 1.0


def test_scores_named_as_probabilities_that_leave_the_unit_are_found():
    frame = pd.DataFrame({"label": ["a", "b"] * 20, "p_a": [2.0, -1.0] * 20, "p_b": [-1.0, 2.0] * 20})
    report = xentcli.score(frame)
    assert report.score.task.scale == "logits"
    assert [(one.code, one.count) for one in report.findings] == [("XE201", 40)]
    assert xentcli.score(frame, scale="logits").findings == ()
    assert xentcli.score(frame.rename(columns={"p_a": "a", "p_b": "b"})).findings == ()


def test_a_class_that_never_occurs_stays_one_where_logarithms_of_zero_are_minus_infinity():
    scores = np.array(
        [
            [0.3, 0.0, 0.7, 0.0],
            [0.2, 0.4, 0.0, 0.4],
            [0.5, 0.0, 0.0, 0.5],
            [0.0, 0.2, 0.7, 0.1],
        ]
    )
    with np.errstate(divide="ignore"):
        columns = {f"p_{at}": column for at, column in enumerate(np.log(scores).T)}
    # without p_0, which is no label, only the last row is finite, and it sums to 1
    table = pa.table({"label": [2, 1, 3, 2], **columns})
    found = xentcli.score(table, scale="log-probabilities").score
    assert found.task.classes == ("0", "1", "2", "3")
    assert found.loss.value == pytest.approx(-np.log([0.7, 0.4, 0.5, 0.7]).mean(), rel=1e-12)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_the_largest_scores_of_each_row_are_no_scores_of_classes_in_any_order_of_columns(order):
    rng = np.random.default_rng(7)
    sizes = np.sort(rng.dirichlet(np.ones(3), 40), axis=1)[:, ::-1]
    decided = rng.integers(0, 3, 40)
    columns = {f"prob_{at}": sizes[:, at] for at in order}
    found = xentcli.score(pa.table({"label": rng.integers(0, 3, 40), **columns, "pred": decided})).score
    assert found.loss is None
