"""The same numbers give the same bytes of JSON, however rows are cut, ordered, shared out or laid out in files."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import make, samples

import xentcli
from xentcli.errors import XentError
from xentcli.tally import blocks
from xentcli.views import json as json_view

KINDS = ("single", "binary", "multiclass", "multilabel")
PLACES = ("rows", "lines")
JOBS = st.integers(1, 4)
COUNTER = itertools.count()


def written(data, *, reasons=True, places=True, **options):
    """Return the bytes of the report on some data, without its source; without row numbers unless `places`.

    Without reasons no format shows, nor do the lines of text formats.

    Where the data is refused, return what the error says, but for the path.
    """
    try:
        document = xentcli.score(data, **options).to_dict()
    except XentError as error:
        return f"{error.message} {error.place and (error.place.row, error.place.column)} {error.details} {error.help}"
    del document["source"]
    if not reasons:
        del document["task"]["reasons"], document["columns"]
        for finding in document["findings"]:  # a form has lines of text or not, and its own names of columns
            finding.pop("lines", None)
            del finding["columns"]
    if not places:
        for finding in document["findings"]:
            for name in PLACES:
                finding.pop(name, None)
    return json_view.render(document)


def spoiled(table, seed):
    """Return the table with some rows that have no label and some whose scores or weights are missing."""
    rng = np.random.default_rng(seed)
    share = rng.choice([0.0, 0.03, 0.3])
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        hit = rng.random(len(table)) < share
        hit[0] = False
        cells = [None if out else cell for cell, out in zip(column.to_pylist(), hit, strict=True)]
        columns[name] = pa.array(cells, column.type)
    return pa.table(columns)


def named(table):
    """Return the table with class names for numbers, in the labels and in the names of the score columns."""
    label = pa.array([None if cell is None else f"c{cell}" for cell in table["label"].to_pylist()]).dictionary_encode()
    table = table.set_column(table.column_names.index("label"), "label", label)
    return table.rename_columns([f"p_c{name[2:]}" if name.startswith("p_") else name for name in table.column_names])


def cut(draw, table, most=8):
    """Draw a cut of the table into at most so many pieces; each holds at least one row."""
    at = sorted(draw(st.sets(st.integers(1, max(1, len(table) - 1)), max_size=most - 1)))
    return [
        table.slice(start, stop - start) for start, stop in itertools.pairwise([0, *at, len(table)]) if stop > start
    ]


def fresh(folder, suffix):
    """Return a path that no example has used."""
    return folder / f"{next(COUNTER)}{suffix}"


@dataclass(frozen=True)
class Drawn:
    """What a test on samples starts from.

    Attributes:
        draw: draws what else the test needs.
        rows: the table.
        options: to score it with.
        folder: for files.
        parts: makes a Table of rows in memory, cut into parts and batches.
    """

    draw: Callable
    rows: pa.Table
    options: dict
    folder: Path
    parts: Callable


def over_samples(examples):
    """Try a test on samples of each kind of task, some with float32 scores; see `Drawn`."""

    def over(function):
        @pytest.mark.parametrize("kind", KINDS)
        @settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.data())
        def test(kind, tmp_path, table, data):
            most = 40 if kind == "multilabel" else 12  # numpy begins to vary its order at eight numbers
            drawn = data.draw(samples(kind, rows=(1, 60), classes=(2, most)))
            if data.draw(st.booleans()):
                drawn = replace(drawn, scores=drawn.scores.astype(np.float32))
            layout = data.draw(st.sampled_from(["wide", "list"]))
            rows = spoiled(drawn.table(layout), data.draw(st.integers(0, 99)))
            if kind in {"binary", "multiclass"} and layout == "wide" and data.draw(st.booleans()):
                rows = named(rows)
            function(Drawn(data.draw, rows, drawn.arguments() | {"skip_bad_rows": True}, tmp_path, table))

        return test

    return over


def loosened(drawn):
    """Return the options, some without the scale, which all rows together then tell, some that skip no bad rows."""
    dropped = drawn.draw(st.sampled_from([(), ("scale",), ("skip_bad_rows",)]))
    return {name: value for name, value in drawn.options.items() if name not in dropped}


@over_samples(25)
def test_any_batches_blocks_and_threads(drawn):
    options = loosened(drawn)
    whole = written(drawn.rows, **options)
    kept = blocks.BLOCK_BYTES
    try:
        blocks.BLOCK_BYTES = drawn.draw(st.sampled_from([1, 64, 1 << 20]))
        parts = drawn.parts(drawn.rows, parts=drawn.draw(st.integers(1, 60)), rows=drawn.draw(st.integers(1, 9)))
        assert written(parts, jobs=drawn.draw(JOBS), **options) == whole
    finally:
        blocks.BLOCK_BYTES = kept


@over_samples(15)
def test_any_row_groups(drawn):
    options, path = loosened(drawn), fresh(drawn.folder, ".parquet")
    pq.write_table(drawn.rows, path, row_group_size=drawn.draw(st.integers(1, len(drawn.rows))))
    assert written(path, jobs=drawn.draw(JOBS), **options) == written(drawn.rows, **options)


@over_samples(15)
def test_several_files_in_any_order(drawn):
    paths = []
    for piece in cut(drawn.draw, drawn.rows):
        paths.append(fresh(drawn.folder, ".parquet"))
        pq.write_table(piece, paths[-1])
    assert written(paths, jobs=drawn.draw(JOBS), **drawn.options) == written(drawn.rows, **drawn.options)
    mixed = drawn.draw(st.permutations(paths))
    whole = written(drawn.rows, places=False, **drawn.options)
    assert written(mixed, places=False, jobs=drawn.draw(JOBS), **drawn.options) == whole


@over_samples(10)
def test_any_order_of_the_rows(drawn):
    order = drawn.draw(st.randoms(use_true_random=False)).sample(range(len(drawn.rows)), len(drawn.rows))
    whole = written(drawn.rows, places=False, **drawn.options)
    assert written(drawn.rows.take(order), places=False, **drawn.options) == whole


@pytest.mark.parametrize("classes", [200, 201, 230])
@pytest.mark.parametrize("layout", ["wide", "list"])
@pytest.mark.parametrize("weighting", [None, "any"])
def test_hundreds_of_classes_in_any_parts(monkeypatch, table, classes, layout, weighting):
    sample = make(classes, "multiclass", 40, classes, "logits", ["smooth", "tied", "masked"], weighting)
    rows, options = sample.table(layout), sample.arguments()
    whole = written(rows, **options)
    for size, parts, batch, jobs in [(1, 1, 7, 1), (1 << 14, 40, 1, 4)]:
        monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
        assert written(table(rows, parts=parts, rows=batch), jobs=jobs, **options) == whole


def _csv(sample, folder):
    rows = sample.table().to_pydict()
    lines = [",".join(rows), *(",".join(map(repr, cells)) for cells in zip(*rows.values(), strict=True))]
    path = fresh(folder, ".csv")
    path.write_text("\n".join(lines) + "\n")
    return path, {}


def _json_lines(layout):
    def write(sample, folder):
        path = fresh(folder, ".jsonl")
        path.write_text("\n".join(json.dumps(row) for row in sample.table(layout).to_pylist()))
        return path, {}

    return write


def _parquet(layout):
    def write(sample, folder):
        path = fresh(folder, ".parquet")
        pq.write_table(sample.table(layout), path)
        return path, {}

    return write


def _feather(sample, folder):
    path = fresh(folder, ".feather")
    pyarrow.feather.write_feather(sample.table("list"), path)
    return path, {}


def _stream(sample, folder):
    path, rows = fresh(folder, ".arrow"), sample.table()
    with pa.ipc.new_stream(str(path), rows.schema) as writer:
        writer.write_table(rows)
    return path, {}


def _npy(sample, folder):
    path, labels = fresh(folder, ".npy"), fresh(folder, ".npy")
    np.save(path, sample.scores)
    np.save(labels, sample.labels)
    return path, {"labels": labels}


def _npz(sample, folder):
    path = fresh(folder, ".npz")
    np.savez(path, y_true=sample.labels, y_pred=sample.scores)
    return path, {}


def _fixed_size_lists(sample, _):
    rows = sample.table("list")
    fixed = pa.array(sample.scores.tolist(), pa.list_(pa.float64(), sample.classes))
    return rows.set_column(rows.column_names.index("scores"), "scores", fixed), {}


def _frame(sample, _):
    return sample.table().to_pandas(), {}


def _forms(sample):
    """Return how the sample can be written: lists where a row has several scores, JSON of finite numbers only."""
    found = [_parquet("wide"), _csv, _stream, _frame]
    if sample.weights is None:
        found += [_npy, _npz]
    if sample.kind != "single":
        found += [_parquet("list"), _feather, _fixed_size_lists]
    if np.isfinite(sample.scores).all():
        found += [_json_lines("wide"), *([] if sample.kind == "single" else [_json_lines("list")])]
    return found


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_form_of_the_same_numbers(kind, tmp_path, data):
    sample = data.draw(samples(kind, rows=(1, 40), weightings=(None, None, "any")))
    whole = written(sample.table(), reasons=False, **sample.arguments())
    for write in _forms(sample):
        where, more = write(sample, tmp_path)
        assert written(where, reasons=False, **sample.arguments(), **more) == whole, write.__qualname__
