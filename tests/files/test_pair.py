"""Pairing: labels and predictions from two inputs, by row or by id."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xentcli.errors import BadRowsError, ColumnError, EmptyInputError, InputError
from xentcli.files import ids
from xentcli.files.format import Format
from xentcli.files.open import as_table, open_table
from xentcli.files.pair import pair
from xentcli.files.table import Column, ReadAs, Table


def read(table, *names):
    batches = list(table.batches(dict.fromkeys(names or table.names, ReadAs.NATIVE)))
    return {
        name: [cell for batch in batches for cell in batch.column(name).to_pylist()] for name in names or table.names
    }


class Batches:
    """A part of given batches; it may or may not know its rows."""

    def __init__(self, source, sizes):
        """Hold a table and the sizes of its batches."""
        self.source, self.sizes = source, sizes

    def read(self, columns):
        """Yield the batches."""
        at = 0
        for size in self.sizes:
            yield from self.source.slice(at, size).select(list(columns)).combine_chunks().to_batches()
            at += size


def table_of(source, cuts, *, known, path="table"):
    """Return a Table of some parts, each of some batches."""
    parts, at = [], 0
    for sizes in cuts:
        part = Batches(source.slice(at, sum(sizes)), sizes)
        if known:
            part.rows = sum(sizes)
        parts.append(part)
        at += sum(sizes)
    columns = tuple(Column(field.name, field.type) for field in source.schema)
    return Table(path, Format.FRAME, columns, tuple(parts), lines=lambda rows: {row: row + 1 for row in rows})


@st.composite
def cut(draw, rows):
    """Draw how many rows stand in each batch of each part."""
    edges = sorted(draw(st.lists(st.integers(0, rows), max_size=6)))
    sizes = [stop - start for start, stop in zip([0, *edges], [*edges, rows], strict=True)]
    groups, at = [], 0
    while at < len(sizes):
        count = draw(st.integers(1, 3))
        groups.append(sizes[at : at + count])
        at += count
    return groups


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 12), st.booleans(), st.booleans())
def test_rows_are_paired_whatever_the_parts_and_batches(data, rows, left_known, right_known):
    left = table_of(pa.table({"p": np.arange(rows)}), data.draw(cut(rows)), known=left_known)
    right = table_of(pa.table({"y": -np.arange(rows)}), data.draw(cut(rows)), known=right_known)
    paired = pair(left, right)
    assert paired.table.names == ("y", "p")
    assert read(paired.table) == {"y": [-row for row in range(rows)], "p": list(range(rows))}
    assert read(paired.table, "p")["p"] == list(range(rows))
    assert read(paired.table, "y")["y"] == [-row for row in range(rows)]
    assert read(paired.table, "p", "y") == {"p": list(range(rows)), "y": [-row for row in range(rows)]}
    assert paired.table.rows == (rows if left_known and right_known else None)
    assert (paired.matched, paired.unmatched_predictions, paired.unmatched_labels) == (0, 0, 0)


@settings(max_examples=50, deadline=None)
@given(st.data(), st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_unequal_lengths_are_an_error_with_both_counts(data, one, other, known):
    if one == other:
        other += 1
    left = table_of(pa.table({"p": np.arange(one)}), data.draw(cut(one)), known=known, path="p.csv")
    right = table_of(pa.table({"y": np.arange(other)}), data.draw(cut(other)), known=known, path="y.csv")
    with pytest.raises(InputError, match=f"p.csv: has {one} rows?, but y.csv has {other}") as caught:
        read(pair(left, right).table)
    assert "--id COLUMN" in caught.value.help


def test_columns_of_one_name_keep_both():
    paired = pair(
        as_table(pa.table({"f0": [0.5], "y": [7]})), as_table(pa.table({"f0": [1], "y": [2], "f0 (labels)": [3]}))
    )
    assert paired.table.names == ("f0 (labels) (labels)", "y (labels)", "f0 (labels)", "f0", "y")
    assert read(paired.table) == {
        "f0 (labels) (labels)": [1],
        "y (labels)": [2],
        "f0 (labels)": [3],
        "f0": [0.5],
        "y": [7],
    }


def test_arrays_are_paired_part_by_part(tmp_path):
    np.save(tmp_path / "p.npy", np.arange(6_000_000, dtype=np.float64).reshape(-1, 2))
    np.save(tmp_path / "y.npy", np.arange(3_000_000))
    paired = pair(open_table([str(tmp_path / "p.npy")]), open_table([str(tmp_path / "y.npy")]))
    assert len(paired.table.parts) == 2
    for part in paired.table.parts:
        seen = 0
        for batch in part.read({"f0": ReadAs.NATIVE, "f0 (labels)": ReadAs.NATIVE}):
            assert batch["f0"][0].as_py()[0] == 2 * batch["f0 (labels)"][0].as_py()
            seen += batch.num_rows
        assert seen == part.rows


IDS = st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=12)
WRITTEN = {
    "int": lambda ids: pa.array(ids, pa.int16()),
    "float": lambda ids: pa.array(ids, pa.float32()),
    "text": lambda ids: pa.array([str(one) for one in ids]),
    "point": lambda ids: pa.array([f" {one}.0" for one in ids]),
    "dictionary": lambda ids: pa.array([str(one) for one in ids]).dictionary_encode(),
    "name": lambda ids: pa.array([f"img{one}" for one in ids]),
}


@settings(max_examples=150, deadline=None)
@given(
    st.data(),
    IDS,
    IDS,
    st.sampled_from(sorted(set(WRITTEN) - {"name"})),
    st.sampled_from(sorted(set(WRITTEN) - {"name"})),
)
def test_ids_join_in_the_order_of_the_predictions(data, left_ids, right_ids, left_kind, right_kind):
    left_source = pa.table({"id": WRITTEN[left_kind](left_ids), "p": left_ids})
    right_source = pa.table({"id": WRITTEN[right_kind](right_ids), "y": [-one for one in right_ids]})
    left = table_of(left_source, data.draw(cut(len(left_ids))), known=False)
    right = table_of(right_source, data.draw(cut(len(right_ids))), known=False)
    paired = pair(left, right, "id")
    both = [one for one in left_ids if one in right_ids]
    assert read(paired.table, "y", "p") == {"y": [-one for one in both], "p": both}
    assert read(paired.table, "y") == {"y": [-one for one in both]}
    assert read(paired.table, "p") == {"p": both}
    assert (paired.matched, paired.table.rows) == (len(both), len(both))
    assert paired.unmatched_predictions == len(left_ids) - len(both)
    assert paired.unmatched_labels == len(right_ids) - len(both)
    assert sum(part.rows for part in paired.table.parts) == len(both)


def joined(left, right, id_column="id"):
    return pair(as_table(pa.table(left)), as_table(pa.table(right)), id_column)


def test_text_ids_match_exactly():
    paired = joined({"id": ["01", "1", "a"], "p": [1, 2, 3]}, {"id": ["1", "a", "01 "], "y": [5, 6, 7]})
    assert read(paired.table) == {"y": [5, 6], "id": ["1", "a"], "p": [2, 3]}
    assert (paired.unmatched_predictions, paired.unmatched_labels) == (1, 1)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([1, 2], ["01", "2"], [2]),
        ([1.0, 2.5], ["1", "2.5"], [1, 2]),
        ([1, 2], ["1", "x"], [1]),
        ([True, False], ["True", "x"], [1]),
        (pa.array([(1 << 63) + 1, 5], pa.uint64()), [5, 6], [2]),
        (pa.array([5, 6], pa.uint64()), ["5.", "7"], [1]),
        ([float("nan"), 3.0], [3, 4], [2]),
        ([None, 3], ["3", None], [2]),
        (pa.nulls(2), [3, 4], []),
    ],
)
def test_ids_of_two_types_are_one_number_or_one_text(left, right, expected):
    paired = joined({"id": left, "p": [1, 2]}, {"id": right, "y": [5, 6]})
    assert read(paired.table, "p") == {"p": expected}
    assert paired.unmatched_predictions == 2 - len(expected)
    assert paired.unmatched_labels == 2 - len(expected)


def test_a_shared_id_column_is_used_unasked_and_that_is_said():
    paired = joined({"ID": [2, 1], "p": [0.2, 0.1]}, {"ID": [1, 2], "y": ["a", "b"]}, None)
    assert read(paired.table) == {"y": ["b", "a"], "ID": [2, 1], "p": [0.2, 0.1]}
    assert paired.table.notes == ("joined with table by the column ID, which both have",)
    assert paired.ids == ("ID", "ID")


def test_id_columns_may_differ_in_letter_case_where_one_is_meant():
    predictions, labels = {"id": ["b", "a"], "p": [1, 2]}, {"Id": ["a", "b"], "label": ["x", "y"]}
    for asked in (None, "id", "Id"):
        found = pair(as_table(pa.table(predictions)), as_table(pa.table(labels)), asked)
        assert read(found.table, "label", "p") == {"label": ["y", "x"], "p": [1, 2]}
        assert found.by.startswith("joined with table by the column id (Id there)")
    two = as_table(pa.table({**labels, "ID": ["b", "a"]}))
    assert pair(as_table(pa.table(predictions)), two).ids is None
    with pytest.raises(ColumnError, match="there is no column 'id'"):
        pair(as_table(pa.table(predictions)), two, "id")


def test_ids_by_position_may_have_two_names():
    paired = joined({"image": [2, 1], "p": [0.2, 0.1]}, {"file": [1, 2], "y": ["a", "b"]}, ":0")
    assert read(paired.table) == {"y": ["b", "a"], "image": [2, 1], "p": [0.2, 0.1]}
    assert paired.by == "joined with table by the column :0"


def test_an_id_that_one_side_lacks_is_an_error():
    with pytest.raises(ColumnError, match="there is no column 'id'"):
        joined({"p": [1]}, {"id": [1]})


@pytest.mark.parametrize(
    ("left", "right", "words", "detail"),
    [
        ([1, 2, 1, 1], [1, 2], "row 3: column id holds the id 1 a second time", "2 of 4 rows repeat an id"),
        ([1, 9, 2, 9], [1, 2], "row 4: column id holds the id 9 a second time", "1 of 4 rows repeat an id"),
        ([1, 2], ["a", "b", "a"], "row 3: column id holds the id 'a' a second time", "1 of 3 rows repeat an id"),
        (["1", "1.0"], [1], "row 2: column id holds the id 1 a second time", "1 of 2 rows repeat an id"),
    ],
)
def test_a_doubled_id_is_an_error_that_names_the_first(left, right, words, detail):
    with pytest.raises(BadRowsError, match=words) as caught:
        joined({"id": left, "p": range(len(left))}, {"id": right, "y": range(len(right))})
    assert caught.value.details == (detail,)


def test_doubled_ids_are_found_across_lookups(monkeypatch):
    monkeypatch.setattr(ids, "_LOOKUP_ROWS", 1)
    left = table_of(pa.table({"id": [3, 2, 1, 3], "p": [1, 2, 3, 4]}), [[2], [0], [2]], known=False)
    with pytest.raises(BadRowsError, match=r"line 5 \(row 4\): column id holds the id 3"):
        pair(left, as_table(pa.table({"id": [1, 2, 3], "y": [1, 2, 3]})), "id")


def test_labels_without_rows_are_an_error():
    empty = table_of(pa.table({"id": pa.array([], pa.int64()), "y": pa.array([], pa.int64())}), [], known=False)
    with pytest.raises(EmptyInputError, match="holds no rows"):
        pair(as_table(pa.table({"id": [1], "p": [1]})), empty, "id")


def test_lines_of_joined_rows_are_those_of_the_predictions():
    left = table_of(pa.table({"id": [9, 2, 8, 1], "p": [1, 2, 3, 4]}), [[2], [2]], known=False)
    paired = pair(left, as_table(pa.table({"id": [1, 2], "y": [1, 2]})), "id")
    assert read(paired.table, "p")["p"] == [2, 4]
    assert paired.table.lines((1, 2, 3)) == {1: 3, 2: 5}


def test_lists_text_and_dictionaries_of_labels_are_joined():
    chunks = [pa.array([text]).dictionary_encode() for text in ("a", "b", "c")]
    labels = pa.table({"id": [1, 2, 3], "l": pa.chunked_array(chunks), "t": [["x"], None, ["y", "z"]]})
    paired = pair(as_table(pa.table({"id": [3, 1], "p": [[1, 2], None]})), as_table(labels), "id")
    assert read(paired.table) == {"l": ["c", "a"], "t": [["y", "z"], ["x"]], "id": [3, 1], "p": [[1, 2], None]}


def test_two_text_files_are_joined_by_id(tmp_path):
    (tmp_path / "p.csv").write_text("id,p_cat,p_dog\n2,0.25,0.75\n1,0.5,0.5\n3,1,0\n")
    (tmp_path / "y.csv").write_text("id;label\n1.0;cat\n2.0;dog\n")
    paired = pair(open_table([str(tmp_path / "p.csv")]), open_table([str(tmp_path / "y.csv")]), "id")
    batch = next(iter(paired.table.batches({"label": ReadAs.NATIVE, "p_cat": ReadAs.NUMBER})))
    assert batch.to_pydict() == {"label": ["dog", "cat"], "p_cat": [0.25, 0.5]}
    assert (paired.unmatched_predictions, paired.unmatched_labels) == (1, 0)
    assert paired.table.lines((1, 2)) == {1: 2, 2: 3}
