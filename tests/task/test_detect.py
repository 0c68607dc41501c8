"""Detection: what columns mean, by elimination, in the forms that the wild holds."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xentcli.errors import XentError
from xentcli.files.open import as_table
from xentcli.task import tags
from xentcli.task.column_facts import ColumnFacts
from xentcli.task.detect import detect
from xentcli.task.labels import find_labels
from xentcli.task.matrix_facts import MatrixFacts
from xentcli.terms import Encoding, Kind

LABELS = Path(__file__).parents[3] / "shared" / "labels"
RNG = np.random.default_rng(8)


def found(values, **options):
    frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame({"y": values})
    return detect(as_table(frame), tuple(frame.columns), **options)


def read(values, **options):
    task = found(values, **options).task
    return (task.kind, task.encoding, task.not_a_target)


def many(values, rows=400):
    return list(RNG.choice(values, rows))


@pytest.mark.parametrize(
    ("values", "kind", "encoding", "not_a_target"),
    [
        (many([0, 1]), "binary", "class-indices", None),
        (many([0.0, 1.0]), "binary", "class-indices", None),
        (many([1, 2]), "binary", "one-based-indices", None),
        (many([-1, 1]), "binary", "plus-minus-one", None),
        (many([3, 7]), "binary", "class-codes", None),
        (many([True, False]), "binary", "booleans", None),
        (many(["yes", "no"]), "binary", "booleans", None),
        (many(["True", "False"]), "binary", "booleans", None),
        (many(["spam", "ham"]), "binary", "class-names", None),
        (many(range(10)), "multiclass", "class-indices", None),
        (many(range(1, 8)), "multiclass", "one-based-indices", None),
        (many([1, 2, 3, 5, 6, 7]), "multiclass", "class-codes", None),
        (many(range(100, 117)), "multiclass", "class-codes", None),
        (many(["cat", "dog", "eel"]), "multiclass", "class-names", None),
        (many(["Yes, one or more major", "Yes, one or more minor", "No"]), "multiclass", "class-names", None),
        (many(["猫", "犬", "魚"]), "multiclass", "class-names", None),
        (many(["a|b", "a", "b|c", "c", "a|c"]), "multilabel", "tag-lists", None),
        (many(["a, b", "a", "b, c", "c", "none"]), "multilabel", "tag-lists", None),
        (many(["['a', 'b']", "['b']", "[]"]), "multilabel", "tag-lists", None),
        (many(['["a","b"]', '["c"]']), "multilabel", "tag-lists", None),
        (many(["<a><b>", "<b>", "<a><c>", "<c>", "<a>"]), "multilabel", "tag-lists", None),
        (many(["17 3 22", "3", "22 17", "3 22", "17", "22", "3 17"]), "multilabel", "tag-lists", None),
        (list(RNG.normal(size=300)), None, None, "continuous"),
        (list(RNG.integers(0, 10**6, 300)), None, None, "continuous"),
        (list(np.round(RNG.normal(170, 8, 900) * 2) / 2), None, None, "continuous"),
        (list(RNG.poisson(1.7, 900)), None, None, "continuous"),
        (list(range(1, 301)), None, None, "identifier"),
        ([f"img_{at:05d}.png" for at in range(300)], None, None, "identifier"),
        ([f"2020-{at % 12 + 1:02d}-{at % 28 + 1:02d}" for at in range(300)], None, None, "date"),
        ([f"this is review number {at} of a film that I saw" for at in range(300)], None, None, "text"),
        ([1] * 50, None, None, "single-class"),
        ([None] * 50, None, None, "empty"),
    ],
)  # fmt: skip
def test_one_column_reads_as_a_person_would(values, kind, encoding, not_a_target):
    assert read(values) == (kind, encoding, not_a_target)


def block(matrix, names=None):
    return pd.DataFrame(np.asarray(matrix), columns=names or [f"label_{at}" for at in range(np.shape(matrix)[1])])


def test_blocks_of_columns_read_together():
    hot = np.eye(4, dtype=int)[RNG.integers(0, 4, 200)]
    assert read(block(hot)) == ("multiclass", "one-hot", None)
    assert found(block(hot)).task.classes == ("0", "1", "2", "3")
    assert found(block(hot)).alternatives[0].flag == "--task multilabel --encoding multi-hot"
    assert read(block(hot), kind=Kind.MULTILABEL) == (
        "multilabel",
        "multi-hot",
        None,
    )
    assert read(block(hot[:, :2] @ [[1, 0], [0, 1]] + (hot[:, 2:].sum(1) > 0)[:, None] * [1, 0])) == (
        "binary",
        "one-hot",
        None,
    )
    multi = RNG.integers(0, 2, (200, 4))
    assert read(block(multi)) == ("multilabel", "multi-hot", None)
    assert found(block(multi)).labels_per_row[0] == int((multi.sum(1) == 0).sum())
    soft = RNG.dirichlet(np.ones(3), 100)
    assert read(block(soft)) == ("multiclass", "class-probabilities", None)
    votes = RNG.multinomial(9, [0.2, 0.3, 0.5], 100)
    assert read(block(votes)) == ("multiclass", "class-probabilities", None)
    assert read(block(RNG.random((100, 3)))) == ("multilabel", "label-probabilities", None)
    assert read(block(RNG.normal(size=(100, 2)))) == (None, None, "continuous")
    assert read(block(np.where(multi == 1, 1, -1))) == ("multilabel", "multi-hot", None)


def test_unknown_labels_are_kept_apart_from_negative_ones():
    matrix = RNG.integers(0, 2, (200, 3)).astype(float)
    matrix[:5, 0] = -1
    matrix[5:9, 1] = np.nan
    seen = found(block(matrix))
    assert seen.task.encoding == "multi-hot"
    assert any("9 rows leave some labels open" in sentence for sentence in seen.evidence)


def test_select_all_that_apply_is_multi_label():
    frame = pd.DataFrame({"q_a": many(["Apples", None]), "q_b": many(["Bread", "Not selected"])})
    assert read(frame) == ("multilabel", "multi-hot", None)


def test_several_columns_of_classes_are_outputs():
    frame = pd.DataFrame({"color": many(["red", "blue", "green"]), "shape": many(["round", "flat"])})
    seen = found(frame)
    assert (seen.task.kind, seen.task.encoding) == ("multioutput", ("class-names", "class-names"))
    frame["price"] = RNG.normal(size=400)
    assert found(frame).task.kind is None


def test_lists_are_vectors_or_tags():
    table = pa.table({"y": [[0, 1, 0], [0, 0, 1]] * 20, "t": [["a", "b"], []] * 20, "i": [[3], [1, 2, 3]] * 20})
    assert detect(as_table(table), ["y"]).task.encoding == "one-hot"
    assert detect(as_table(table), ["t"]).task.classes == ("a", "b")
    assert detect(as_table(table), ["i"]).task.classes == ("1", "2", "3")
    assert detect(as_table(np.eye(3, dtype=np.uint8)[[0, 1, 2] * 9]), ["f0"]).task.encoding == "one-hot"


def test_few_rows_are_read_as_classes_with_less_certainty():
    assert found([1, 2]).task.kind == "binary"
    assert found(["cat", "dog", "panda"]).certainty != "certain"
    assert found(["cat", "dog", "panda"]).task.kind == "multiclass"


def test_what_the_caller_fixes_is_kept_or_refused(refused):
    assert read(many(range(1, 6)), encoding=Encoding("class-codes")) == ("multiclass", "class-codes", None)
    for values, options, words in [
        (many(["a", "b", "c"]), {"kind": "binary"}, "3 distinct values are not two classes"),
        (many(["a|b", "b|a|c", "a|c", "c|b"]), {"kind": "binary"}, "cannot be read as binary"),
        (many(["a", "b"]), {"positive": "z"}, "--positive"),
        (many(["a", "b", "c"]), {"positive": "a"}, "binary tasks"),
        (many(["a", "b", "c"]), {"classes": ["a", "b"]}, "--classes does not name"),
        (block(RNG.integers(0, 2, (50, 3))), {"kind": "multiclass"}, "rows hold several 1s"),
        (block(RNG.integers(0, 2, (50, 3))), {"classes": ["a"]}, "1 class (a),"),
        (block(RNG.normal(size=(50, 3))), {"kind": "multilabel"}, "rows hold other numbers than 0 and 1"),
    ]:
        kind = options.get("kind")
        wish = options | ({"kind": Kind(kind)} if kind else {})
        assert words in str(refused(found, values, **wish))


def test_classes_stand_in_the_order_that_people_expect():
    assert found(many([10, 9, 2])).task.classes == ("2", "9", "10")
    assert found(many(["yes", "no"])).task.classes == ("no", "yes")
    assert found(many(["yes", "no"])).task.positive == "yes"
    assert found(many(["b", "a"]), classes=["b", "a"]).task.classes == ("b", "a")
    assert [one.count for one in found(["a", "b", "a", None]).counts] == [2, 1]
    assert found(["a", "b", "a", None]).missing_rows == 1


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        ({"id": range(60), "species": many(["a", "b"], 60), "x": RNG.random(60)}, ("species",)),
        ({"x": RNG.random(60), "y": RNG.random(60), "class": many([0, 1], 60)}, ("class",)),
        ({"label": many([0, 1], 60), "px0": many(range(9), 60), "px1": many(range(9), 60)}, ("label",)),
        ({"x": RNG.random(60), "kind": many(["a", "b", "c"], 60)}, ("kind",)),
        ({"kind": many(["a", "b", "c"], 60), "x": RNG.random(60)}, ("kind",)),
        ({"x": RNG.random(60)} | {f"Class{at}": many([0, 1], 60) for at in range(3)}, ("Class0", "Class1", "Class2")),
        ({f"c{at}": row for at, row in enumerate(np.eye(3, dtype=int)[many(range(3), 60)].T)}, ("c0", "c1", "c2")),
        ({"p_a": RNG.random(60), "p_b": RNG.random(60), "truth": many(["a", "b"], 60)}, ("truth",)),
        ({"x": RNG.random(60), "guests": [["a"], ["b", "c"]] * 30}, ("guests",)),
        ({"x": many(range(50, 90), 60), "playerstatus": many([0, 1], 60), "z": RNG.random(60)}, ("playerstatus",)),
    ],
)  # fmt: skip
def test_the_label_columns_are_found(columns, chosen):
    if chosen == ("playerstatus",):
        columns = {"x": columns["x"], "player_status": columns["playerstatus"], "z": columns["z"]}
        chosen = ("player_status",)
    assert find_labels(as_table(pd.DataFrame(columns))).columns == chosen


def test_two_answers_in_one_file_are_said():
    choice = find_labels(as_table(pd.DataFrame({"label": many([0, 1], 60), "class": many(["a", "b"], 60)})))
    assert choice.columns == ("label",)
    assert "--label class" in choice.because[0]


def test_a_file_where_nothing_tells_asks_for_the_label(refused):
    error = refused(find_labels, as_table(pd.DataFrame({"x": RNG.random(60), "z": RNG.random(60)})))
    assert "--label" in error.help


@given(st.lists(st.sampled_from(["a", "b", "3", None]), max_size=30), st.integers(0, 30))
def test_surveys_of_parts_merge_into_that_of_the_whole(values, cut):
    def facts(some):
        column = ColumnFacts("y")
        column.add(pa.array(some, pa.string()))
        return column

    left = facts(values[:cut])
    left.merge(facts(values[cut:]))
    assert left == facts(values)


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, -1.0, 0.5, float("nan")]), min_size=3, max_size=3), max_size=12),
    st.integers(0, 12),
)
def test_blocks_of_parts_merge_into_that_of_the_whole(rows, cut):
    def facts(some):
        block_facts = MatrixFacts(("a", "b", "c"))
        block_facts.add(np.array(some, dtype=float).reshape(-1, 3))
        return block_facts

    left = facts(rows[:cut])
    left.merge(facts(rows[cut:]))
    whole = facts(rows)
    for name in (
        "rows",
        "missing",
        "partial",
        "zero_one",
        "in_unit",
        "unit_sum",
        "whole",
        "low_total",
        "high_total",
        "digits",
        "none_rows",
        "partial_rows",
        "entropy",
        "bernoulli",
        "positive",
    ):
        assert getattr(left, name) == getattr(whole, name)
    assert +left.by_sum == +whole.by_sum
    for name in ("ones", "zeros", "top", "shares", "unit_cells"):
        assert getattr(left, name).tolist() == getattr(whole, name).tolist()


def test_prose_and_names_with_blanks_are_no_tags():
    assert tags.separator_of({"New York": 3, "New Jersey": 2, "Ohio": 1}) is None
    assert tags.separator_of({"light blue": 3, "dark blue": 2, "light red": 1, "dark red": 4}) is None
    assert tags.split("(no genres listed)", "|") == ()
    assert tags.separator_of({"[a": 1, "b]": 1}) is None


@pytest.mark.skipif(not LABELS.exists(), reason="the folder of real label files is not here")
def test_real_label_files_are_read_right_when_their_columns_are_given():
    right = {"regression": None, "none": None, "single_class": None, "soft": "multiclass"}
    wrong = []
    with (LABELS / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        table = as_table(str(LABELS / row["file"]))
        given_names = row["label_columns"]
        single = given_names in table.names
        names = [given_names] if single else given_names.split(";") if given_names else list(table.names)
        names = [table.names[int(name[1:])] if name.startswith("#") else name for name in names]
        kinds = {detect(table, names, named=named).task.kind for named in (False, bool(given_names))}
        if not kinds <= {right.get(task, task) for task in row["task"].split("|")}:
            wrong.append(row["file"])
    assert wrong == []
    assert len(rows) == 63


def test_a_distribution_counts_for_its_most_probable_class():
    seen = found(block([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.0, 1.0, 0.0]] * 20))
    assert [one.count for one in seen.counts] == [20, 40, 0]


UNRECOGNISABLE = {
    "bin_participation.csv": "lfp is an abbreviation",
    "bin_birthwt.csv": "low says nothing by itself",
    "bin_verbagg_YN.csv": "r2 is an abbreviation",
    "bin_infert.csv": "case is one of many columns of small integers",
    "mc_womenlf.csv": "partic is an abbreviation",
    "mc_anes96_pid.csv": "PID is an abbreviation, and vote stands beside it",
    "mc_earthquake_survey.csv": "a question among questions",
    "mo_solar_flare.csv": "three counts among ten columns of classes",
    "reg_biochemists_counts.csv": "art is an abbreviation",
    "reg_quine_days.csv": "Days names a quantity",
    "reg_galton_height.csv": "childHeight names a quantity",
    "reg_budget_shares.csv": "six shares among ten columns",
    "reg_diamonds_price.csv": "price names a quantity, and cut holds classes",
    "reg_auto_mpg.csv": "no column has a name",
    "single_homerun_status.csv": "playerstatus holds one value only",
    "single_colon_study.csv": "study holds one value only",
}  # fmt: skip
"""Files whose label column nobody would find by its name, and why."""


@pytest.mark.skipif(not LABELS.exists(), reason="the folder of real label files is not here")
def test_real_label_files_are_read_right_without_a_hint_where_a_name_tells():
    right = {"regression": None, "none": None, "single_class": None, "soft": "multiclass"}
    wrong = {}
    with (LABELS / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        table = as_table(str(LABELS / row["file"]))
        try:
            chosen = find_labels(table).columns
            kind = detect(table, chosen).task.kind
        except XentError as error:
            chosen, kind = (), str(error)
        if kind not in {right.get(task, task) for task in row["task"].split("|")}:
            wrong[row["file"]] = chosen
    assert set(wrong) <= set(UNRECOGNISABLE)
