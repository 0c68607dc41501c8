"""Encodings are one another's other writing: whatever is written comes back, in every format."""

import contextlib
import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.api import encoding
from xentcli.errors import UsageError, XentError
from xentcli.files.format import Declared
from xentcli.files.save.labels import with_metadata
from xentcli.task.encoding import safe_names, tag_separator

SINGLE = ("class-indices", "one-hot", "multi-hot", "class-names", "tag-lists")
TWO = ("booleans", "plus-minus-one")
SUFFIXES = (
    ".csv", ".tsv", ".parquet", ".arrow", ".feather", ".jsonl", ".ndjson", ".json", ".npy", ".npz", ".csv.gz",
    ".tsv.bz2", ".jsonl.zst", ".json.xz",
)  # fmt: skip
ODD = [
    "cat", "NA", "null", "None", "nan", "true", "no", "01", "1", "1.0", "0", "-1", "2020-01-01", "a,b", 'say "hi"',
    "two\nlines", " padded ", "tab\there", "#x", "it's", "a|b", "a;b", "['x']", "[]", "(no tags)", "猫", "گربه",
    "label", "id", "\u2028", "\x85", "f0", "y", "\ufeff", "é", "e\u0301",
]  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=6)
)
LAWS = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def declared(array, encoding, classes):
    """Return a table that says itself what its one column is, so that nothing is detected."""
    schema = pa.schema([("label", array.type)])
    table = pa.Table.from_arrays([array], schema=schema)
    return table.cast(with_metadata(schema, Declared(encoding, classes, None, ("label",))))


def names_of(classes, cells):
    return declared(
        pa.array([None if at is None else classes[at] for at in cells], pa.string()), "class-names", classes
    )


def tags_of(classes, rows):
    lists = [None if row is None else [classes[at] for at in sorted(row)] for row in rows]
    return declared(pa.array(lists, pa.list_(pa.string())), "tag-lists", classes)


def cells(report):
    return [column.to_pylist() for column in report.table.columns]


def test_the_written_forms_are_those_that_are_promised():
    table = names_of(("cat", "dog"), [1, None, 0])
    written = {to: cells(xentcli.encode(table, to=to)) for to in (*SINGLE, *TWO)}
    assert written == {
        "class-indices": [[1, None, 0]],
        "one-hot": [[0, None, 1], [1, None, 0]],
        "multi-hot": [[0, None, 1], [1, None, 0]],
        "class-names": [["dog", None, "cat"]],
        "tag-lists": [[["dog"], None, ["cat"]]],
        "booleans": [[True, None, False]],
        "plus-minus-one": [[1, None, -1]],
    }


@LAWS
@given(
    st.lists(NAMES, min_size=2, max_size=6, unique=True).flatmap(
        lambda names: st.tuples(
            st.just(tuple(names)),
            st.lists(st.one_of(st.integers(0, len(names) - 1), st.none()), min_size=1, max_size=8),
        )
    ),
    st.sampled_from(SUFFIXES),
    st.sampled_from((*SINGLE, *TWO)),
)
@example((("5", "7"), [0, 1, None, 1]), ".csv", "one-hot")
@example((("1", "0"), [0, 0, 1]), ".npy", "class-indices")
@example((("a", "label"), [1, 1, None]), ".csv", "class-names")
@example((("#a", " b"), [None, None, 1]), ".tsv", "class-names")
@example((("very good", "very bad"), [0, 1]), ".csv", "one-hot")
def test_one_class_a_row_comes_back(tmp_path, case, suffix, to):
    classes, rows = case
    if to in TWO:
        classes, rows = classes[:2], [None if at is None else at % 2 for at in rows]
    array = suffix in {".npy", ".npz"}
    if array:
        rows = [at for at in rows if at is not None] or [0]
        to = "multi-hot" if to == "tag-lists" else to
    table = names_of(classes, rows)
    path = tmp_path / f"y{suffix}"
    written = xentcli.encode(table, to=to, output=path)
    back = xentcli.encode(path, to="class-names")
    assert cells(back) == cells(xentcli.encode(table, to="class-names"))
    assert back.classes == classes
    assert cells(xentcli.encode(path, to=to)) == cells(written)
    assert cells(xentcli.encode(path, to="class-indices")) == [rows]


@LAWS
@given(
    st.lists(st.one_of(NAMES, st.just("")), min_size=1, max_size=5, unique=True).flatmap(
        lambda names: st.tuples(
            st.just(tuple(names)),
            st.lists(st.one_of(st.sets(st.integers(0, len(names) - 1)), st.none()), min_size=1, max_size=8),
        )
    ),
    st.sampled_from(SUFFIXES),
    st.sampled_from(("multi-hot", "tag-lists")),
)
@example((("", "a"), [{0}, set(), None]), ".csv", "tag-lists")
@example((("[]", "none"), [{0}, {1}, set(), None, {0, 1}]), ".csv", "tag-lists")
@example((("a|b", "a;b", "a,b"), [{0, 1, 2}, set(), None]), ".tsv", "tag-lists")
@example((("a", "b"), [set(), set()]), ".csv", "tag-lists")
def test_several_labels_a_row_come_back_with_the_empty_set_apart_from_the_missing(tmp_path, case, suffix, to):
    classes, rows = case
    if suffix in {".npy", ".npz"}:
        rows, to = [row for row in rows if row is not None] or [set()], "multi-hot"
    table = tags_of(classes, rows)
    path = tmp_path / f"y{suffix}"
    xentcli.encode(table, to=to, output=path)
    back = xentcli.encode(path, to="tag-lists")
    assert cells(back) == cells(xentcli.encode(table, to="tag-lists"))
    assert back.classes == classes


@LAWS
@given(
    st.integers(2, 5).flatmap(
        lambda size: st.lists(st.lists(st.sampled_from([0, 1, None]), min_size=size, max_size=size), min_size=1)
    ),
    st.sampled_from([one for one in SUFFIXES if one not in {".npy", ".npz"}]),
)
def test_unknown_cells_stay_unknown(tmp_path, rows, suffix):
    names = tuple(f"label_{at}" for at in range(len(rows[0])))
    columns = [pa.array(column, pa.uint8()) for column in zip(*rows, strict=True)]
    schema = pa.schema([(name, pa.uint8()) for name in names])
    table = pa.Table.from_arrays(columns, schema=schema)
    table = table.cast(with_metadata(schema, Declared("multi-hot", names, None, names)))
    path = tmp_path / f"y{suffix}"
    xentcli.encode(table, to="multi-hot", output=path)
    assert cells(xentcli.encode(path, to="multi-hot")) == [list(column) for column in zip(*rows, strict=True)]


@LAWS
@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(30, 80))
def test_what_is_detected_is_read_as_scikit_learn_would(seed, size, count):
    rng = np.random.default_rng(seed)
    index = np.concatenate([np.arange(size), rng.integers(0, size, count)])
    names = np.array([f"class {chr(97 + at)}" for at in range(size)])
    hot = np.eye(size, dtype=np.uint8)[index]
    for form in (names[index], index, index + 1, hot, hot.astype(bool).astype(float)):
        report = xentcli.encode(np.asarray(form), to="one-hot")
        assert np.array_equal(report.to_numpy(), hot)
        assert np.array_equal(xentcli.encode(report.table, to="class-indices").to_numpy(), index)


@pytest.mark.parametrize(
    ("column", "to", "expected"),
    [
        ([10, 20, 30, 10, None], "class-indices", [0, 1, 2, 0, None]),
        ([-1, 1, 1, -1], "booleans", [False, True, True, False]),
        (["no", "yes", None, "no"], "plus-minus-one", [-1, 1, None, -1]),
        ([True, False, None], "class-names", ["true", "false", None]),
        (["['a']", "['b']", "['a']", "['b']"], "class-indices", [0, 1, 0, 1]),
        (["[0, 1]", "[1, 0]", "[0, 1]"], "class-indices", [1, 0, 1]),
        ([[1, 0], [0, 1], None], "class-indices", [0, 1, None]),
        (["a|b", "b", "none", "a", "b|a"], "tag-lists", [["a", "b"], ["b"], [], ["a"], ["a", "b"]]),
        ([["a", "b"], [], None, ["b"], ["b", None]], "tag-lists", [["a", "b"], [], None, ["b"], ["b"]]),
        ([[0, 2], [1], [], [2]], "tag-lists", [["0", "2"], ["1"], [], ["2"]]),
        (["0", "1", "2", "NA", "1", "0", "2"], "class-indices", [0, 1, 2, None, 1, 0, 2]),
        ([0, 1, 2, 3, -100, 1, 2, 3, 0], "class-indices", [0, 1, 2, 3, None, 1, 2, 3, 0]),
        (["1", "1.0", "2", "3"] * 3, "class-indices", [0, 0, 1, 2] * 3),
    ],
)  # fmt: skip
def test_every_way_of_writing_one_column_is_read(column, to, expected):
    assert cells(xentcli.encode(pa.table({"label": column}), to=to)) == [expected]


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [
        ({"a": ["yes", "no", "yes"], "b": ["yes", "yes", "no"]}, {}, [["a", "b"], ["b"], ["a"]]),
        ({"a": [1, -1, 1], "b": [1, 1, -1]}, {"task": "multilabel"}, [["a", "b"], ["b"], ["a"]]),
        ({"a": ["A", None, "A"], "b": [None, "B", "B"]}, {"task": "multilabel"}, [["a"], ["b"], ["a", "b"]]),
        ({"is_a": [1.0, 0.0, 1.0], "is_b": [1.0, 1.0, 1.0]}, {}, [["a", "b"], ["b"], ["a", "b"]]),
    ],
)
def test_every_way_of_writing_a_column_a_label_is_read(columns, options, expected):
    report = xentcli.encode(pa.table(columns), to="tag-lists", label=list(columns), **options)
    assert cells(report) == [expected]
    assert report.output.columns == ("label",)


def test_an_open_label_stays_open():
    table = pa.table({"a": [1, 0, -1, 1], "b": [1, 1, 0, None], "c": [0, 1, 1, 0]})
    report = xentcli.encode(table, to="multi-hot", label=["a", "b", "c"])
    assert cells(report) == [[1, 0, None, 1], [1, 1, 0, None], [0, 1, 1, 0]]


@pytest.mark.parametrize("encoding", ["class-probabilities", "label-probabilities"])
def test_shares_are_labels_only_where_every_row_is_all_or_nothing(refused, encoding):
    hard = pa.table({"a": [1.0, 0.0], "b": [0.0, 1.0], "c": [0.0, 0.0]})
    options = {"label": ["a", "b", "c"], "encoding": encoding}
    with contextlib.suppress(UsageError):  # the facts may kill that reading of zeros and ones
        assert cells(xentcli.encode(hard, to="class-indices", **options)) == [[0, 1]]
    soft = pa.table({"a": [0.5, 0.0, 0.2], "b": [0.5, 1.0, 0.2], "c": [0.0, 0.0, 0.6]})
    error = refused(xentcli.encode, soft, to="one-hot", **options)
    assert "2 of 3 rows hold " in error.message
    assert "(first rows: 1, 3)" in error.message


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("class-indices", "2 of 5 rows hold several labels (first rows: 1, 4), 1 hold none (first rows: 3)"),
        ("class-names", "2 of 5 rows hold several labels"),
        ("one-hot", "2 of 5 rows hold several labels"),
    ],
)
def test_what_would_be_lost_is_refused_with_its_count(refused, tmp_path, to, message):
    table = tags_of(("a", "b"), [{0, 1}, {0}, set(), {0, 1}, None])
    for suffix in SUFFIXES:
        error = refused(xentcli.encode, table, to=to, output=tmp_path / f"y{suffix}")
        assert error.message.startswith(f"cannot be written as {to}: {message}")
        assert error.help == "--to multi-hot or --to tag-lists keeps them as they are"
        assert list(tmp_path.iterdir()) == []


def test_open_labels_are_not_negative_ones(refused):
    table = pa.table({"a": [1, 0, -1, 1], "b": [1, 1, 0, 1], "c": [0, 1, 1, 0]})
    error = refused(xentcli.encode, table, to="tag-lists", label=["a", "b", "c"])
    assert "1 of 4 rows leave some labels open (first rows: 3)" in error.message
    assert error.help == "--to multi-hot keeps them as they are"


@pytest.mark.parametrize(
    ("to", "suffix"), [*itertools.product(["class-indices", "one-hot", "booleans"], [".npy", ".npz"])]
)
def test_an_array_cannot_say_that_a_label_is_missing(refused, tmp_path, to, suffix):
    table = names_of(("a", "b"), [0, None, 1, None])
    error = refused(xentcli.encode, table, to=to, output=tmp_path / f"y{suffix}")
    assert "2 of 4 rows have no label, and an array cannot say so (first rows: 2, 4)" in error.message
    assert ".parquet or .csv" in error.help
    assert list(tmp_path.iterdir()) == []


def test_an_array_of_names_says_it_by_an_empty_text(tmp_path):
    xentcli.encode(names_of(("a", "b"), [0, None]), to="class-names", output=tmp_path / "y.npy")
    assert np.load(tmp_path / "y.npy").tolist() == ["a", ""]
    assert cells(xentcli.encode(tmp_path / "y.npy", to="class-indices")) == [[0, None]]


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".npz"])
def test_an_empty_name_is_never_written_as_a_missing_one(refused, tmp_path, suffix):
    error = refused(xentcli.encode, names_of(("", "b"), [0]), to="class-names", output=tmp_path / f"y{suffix}")
    assert "the class '' cannot be a cell of" in error.message
    assert cells(xentcli.encode(names_of(("", "b"), [0]), to="class-names")) == [[""]]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([0.5, 1.7, 2.2, 9.1, 3.3, 4.4] * 3, "(continuous)"),
        (["a", "a", "a"], "(single-class)"),
        ([f"row {at} of the file" for at in range(40)], "no classification target"),
        ([None, None], "(empty)"),
    ],
)
def test_what_is_no_classification_target_is_refused(refused, column, message):
    error = refused(xentcli.encode, pa.table({"label": pa.array(column)}), to="one-hot")
    assert message in error.message
    assert "--label" in error.help
    assert "--task" in error.help


def test_several_outputs_are_written_one_at_a_time(refused):
    table = pa.table({"color": ["red", "blue"] * 20, "shape": ["round", "flat", "long", "flat"] * 10})
    error = refused(xentcli.encode, table, to="one-hot", label=["color", "shape"])
    assert "holds several outputs" in error.message
    assert error.help == "write one at a time: --label color"


@pytest.mark.parametrize("to", TWO)
def test_two_classes_are_needed_for_one_bit(refused, to):
    error = refused(xentcli.encode, names_of(("a", "b", "c"), [0, 1, 2]), to=to)
    assert f"cannot be written as {to}: there are 3 classes" in error.message


def test_the_positive_class_is_the_one_that_is_named():
    table = pa.table({"label": ["ham", "spam", "ham"]})
    assert cells(xentcli.encode(table, to="booleans")) == [[False, True, False]]
    flipped = xentcli.encode(table, to="booleans", positive="ham")
    assert cells(flipped) == [[True, False, True]]
    assert cells(xentcli.encode(flipped.table, to="class-names")) == [["ham", "spam", "ham"]]
    assert cells(xentcli.encode(flipped.table, to="plus-minus-one")) == [[1, -1, 1]]


def test_an_unknown_target_names_the_closest(refused):
    error = refused(xentcli.encode, names_of(("a", "b"), [0]), to="onehot")
    assert error.help == "did you mean 'one-hot'?"
    assert "class-codes" not in error.message


def test_names_of_columns_are_unique_and_of_one_line():
    names = ("a", " a", "a\nb", "", "\t", "id", "a_2")
    assert safe_names(names, ("id",)) == ("a", "a_2", "a b", "class_3", "class_4", "id_2", "a_2_2")


@pytest.mark.parametrize(
    ("names", "separator"),
    [(("a", "b"), "|"), (("a|b", "c"), ";"), (("a|b", "c;d"), ","), (("a|b;c,d",), "brackets"), ((" a",), "brackets"),
     (("",), "brackets"), (("None", "a"), "brackets"), (("[x", "a"), "brackets")],
)  # fmt: skip
def test_tags_are_separated_by_what_is_in_none_of_them(names, separator):
    assert tag_separator(names) == separator


def test_ids_stand_beside_the_labels(refused):
    table = pa.table({"key": pa.array(["x", None, "z"]), "label": ["cat", "dog", "key"]})
    report = xentcli.encode(table, to="one-hot", id="key")
    assert report.table.to_pydict() == {"key": ["x", None, "z"], "cat": [1, 0, 0], "dog": [0, 1, 0], "key_2": [0, 0, 1]}
    assert report.to_numpy().tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    only = pa.table({"key": ["x", "y"]})
    assert "is the only column" in refused(xentcli.encode, only, to="one-hot", id="key").message
    assert "holds lists" in refused(xentcli.encode, pa.table({"k": [[1]], "label": [1]}), to="one-hot", id="k").message


def test_a_result_is_an_array_where_it_can_be_one(refused):
    report = xentcli.encode(names_of(("a", "b"), [0, 1]), to="plus-minus-one")
    assert report.to_numpy().tolist() == [-1, 1]
    assert report.to_numpy().dtype == np.int8
    assert xentcli.encode(names_of(("a", "b"), [0, 1]), to="booleans").to_numpy().tolist() == [False, True]
    assert xentcli.encode(names_of(("a", "b"), [0]), to="class-names").to_numpy().tolist() == ["a"]
    assert (
        "some cells are missing" in refused(xentcli.encode(names_of(("a", "b"), [None]), to="one-hot").to_numpy).message
    )
    assert "no array" in refused(xentcli.encode(names_of(("a", "b"), [0]), to="tag-lists").to_numpy).message
    streamed = xentcli.encode(names_of(("a", "b"), [0]), to="one-hot", keep=False)
    assert "not kept" in refused(streamed.to_numpy).message


def test_many_classes_are_encoded_in_small_pieces(monkeypatch, tmp_path):
    monkeypatch.setattr(encoding, "CELLS", 7)
    classes = ("a", "b", "c")
    rows = [0, 1, 2, None] * 9
    for suffix in (".csv", ".json", ".parquet", ".arrow"):
        path = tmp_path / f"y{suffix}"
        xentcli.encode(names_of(classes, rows), to="tag-lists", output=path)
        assert cells(xentcli.encode(path, to="class-indices")) == [rows]


def test_labels_of_a_declared_file_are_checked(refused, tmp_path):
    path = tmp_path / "y.csv"
    xentcli.encode(names_of(("a", "b"), [0, 1]), to="class-names", output=path)
    path.write_text("label\na\nzebra\n")
    error = refused(xentcli.encode, path, to="one-hot")
    assert "1 of 2 rows hold a label that is none of the classes, such as 'zebra', (first rows: 2)" in error.message
    assert isinstance(error, XentError)
