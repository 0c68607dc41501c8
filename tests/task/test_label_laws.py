"""Laws: label files of a known task, in random encodings, sizes, separators and orders, are read back right."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xentcli.files.open import as_table
from xentcli.task import column_facts
from xentcli.task.detect import detect
from xentcli.task.vocabulary import NEGATIVE_WORDS, POSITIVE_WORDS

OFTEN = settings(max_examples=60)
RESERVED = {*NEGATIVE_WORDS, *POSITIVE_WORDS, "none", "checked", "unchecked"}

letters = st.characters(categories=["Lu", "Ll", "Lo"])
words = st.text(letters, min_size=2, max_size=10).filter(lambda word: word.casefold() not in RESERVED)
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
seeds = st.integers(0, 2**32 - 1)


def distinct(names, least, most):
    return st.lists(names, min_size=least, max_size=most, unique_by=str.casefold)


def labels(classes, seed, rows=240):
    """Return rows in which every class occurs, in any order, uneven."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(classes), 5.0))
    drawn = [classes[at] for at in rng.choice(len(classes), rows, p=shares)] + list(classes) * 2
    rng.shuffle(drawn)
    return drawn


def text_table(tmp, frame):
    path = tmp.mktemp("law") / "y.csv"
    frame.to_csv(path, index=False, quoting=1)
    return as_table(str(path))


@OFTEN
@given(classes=distinct(phrases, 3, 12), seed=seeds)
def test_names_in_any_script_are_classes(classes, seed):
    drawn = labels(classes, seed)
    for column, order in ((pa.array(drawn), sorted(classes)), (pa.array(drawn).dictionary_encode(), None)):
        found = detect(as_table(pa.table({"y": column})), ["y"])
        assert (found.task.kind, found.task.encoding) == ("multiclass", "class-names")
        assert found.task.classes == tuple(order or column.dictionary.to_pylist())
        assert {one.name: one.count for one in found.counts} == {name: drawn.count(name) for name in classes}


@OFTEN
@given(pair=distinct(phrases, 2, 2), seed=seeds)
def test_two_names_are_binary(pair, seed):
    found = detect(as_table(pa.table({"y": labels(pair, seed)})), ["y"])
    assert (found.task.kind, found.task.encoding) == ("binary", "class-names")


@OFTEN
@given(width=st.integers(3, 15), start=st.sampled_from([0, 1]), seed=seeds, kind=st.sampled_from(["i1", "f8", "text"]))
def test_integers_that_count_are_indices(width, start, seed, kind):
    drawn = labels(list(range(start, start + width)), seed)
    column = [str(one) for one in drawn] if kind == "text" else np.array(drawn, dtype=kind)
    found = detect(as_table(pa.table({"y": column})), ["y"]).task
    assert (found.kind, found.encoding) == ("multiclass", "class-indices" if start == 0 else "one-based-indices")
    assert found.classes == tuple(str(at) for at in range(start, start + width))


SEPARATORS = ["|", ";", ", ", ",", " ", "json", "python", "list", "><"]


@OFTEN
@given(names=distinct(words, 3, 9), separator=st.sampled_from(SEPARATORS), seed=seeds, single=st.floats(0.0, 0.9))
def test_tags_come_back_whatever_separates_them(names, separator, seed, single):
    rng = np.random.default_rng(seed)
    sizes = np.where(rng.random(300) < single, 1, rng.integers(1, 4, 300))
    rows = [[names[at] for at in rng.choice(len(names), size, replace=False)] for size in sizes]
    rows += [[name] for name in names]
    assume(max(len(row) for row in rows) > 1)
    if separator == "list":
        table = as_table(pa.table({"y": rows}))
    else:
        table = as_table(pa.table({"y": [written(row, separator) for row in rows]}))
    found = detect(table, ["y"])
    assert (found.task.kind, found.task.encoding) == ("multilabel", "tag-lists")
    assert found.task.classes == tuple(sorted(names))
    assert {one.name: one.count for one in found.counts} == {name: sum(name in row for row in rows) for name in names}
    assert found.labels_per_row == {size: sum(len(row) == size for row in rows) for size in {len(row) for row in rows}}


def written(row, separator):
    if separator == "json":
        return json.dumps(row, ensure_ascii=False)
    if separator == "python":
        return str(row)
    return f"<{'><'.join(row)}>" if separator == "><" else separator.join(row)


PAIRS = [(0, 1), (0.0, 1.0), (False, True), ("no", "yes"), ("FALSE", "TRUE"), ("N", "Y"), (-1, 1)]


@OFTEN
@given(width=st.integers(3, 9), seed=seeds, pair=st.sampled_from(PAIRS), listed=st.booleans(), single=st.booleans())
def test_zero_one_rows_are_one_hot_or_multi_hot(width, seed, pair, listed, single):
    rng = np.random.default_rng(seed)
    matrix = np.eye(width, dtype=int)[rng.integers(0, width, 120)] if single else rng.integers(0, 2, (120, width))
    if listed:
        table = as_table(pa.table({"y": matrix.tolist()}))
    else:
        cells = {f"label_c{at}": [pair[bit] for bit in matrix[:, at]] for at in range(width)}
        table = as_table(pa.table(cells))
    found = detect(table, list(table.names))
    expected = ("multiclass", "one-hot") if single else ("multilabel", "multi-hot")
    assert (found.task.kind, found.task.encoding) == expected
    assert [one.count for one in found.counts] == matrix.sum(axis=0).tolist()
    assert found.task.classes == tuple(str(at) if listed else f"c{at}" for at in range(width))


@OFTEN
@given(width=st.integers(2, 9), seed=seeds, digits=st.sampled_from([2, 3, 6, None]), total=st.sampled_from([1, 7, 100]))
def test_rows_of_one_total_are_distributions(width, seed, digits, total):
    rng = np.random.default_rng(seed)
    if total == 7:
        matrix = rng.multinomial(7, rng.dirichlet(np.ones(width)), 90).astype(float)
        assume((matrix == 7).sum() < 90)
    else:
        matrix = total * rng.dirichlet(np.ones(width), 90)
        matrix = matrix if digits is None else np.round(matrix, digits if total == 1 else max(0, digits - 2))
    assume(np.all(np.abs(matrix.sum(axis=1) - total) < 0.5 * width * 10.0 ** -(digits or 9) * total + 1e-9))
    frame = {f"c{at}": matrix[:, at] for at in range(width)}
    found = detect(as_table(pa.table(frame)), list(frame))
    assert found.task.encoding == "class-probabilities"
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.soft.shares, shares.mean(axis=0), atol=1e-8)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    np.testing.assert_allclose(found.soft.entropy, -(shares * logs).sum(axis=1).mean(), atol=1e-8)
    assert found.soft.votes == (total != 1)


@settings(max_examples=20)
@given(seed=seeds, cuts=st.lists(st.integers(1, 400), max_size=4))
def test_the_answer_does_not_depend_on_the_order_or_the_cuts(seed, cuts):
    rng = np.random.default_rng(seed)
    matrix = rng.dirichlet(np.ones(4), 400)
    names = [f"c{at}" for at in range(4)]

    def detected(rows, edges):
        batches = [pa.record_batch([part[:, at] for at in range(4)], names=names) for part in np.split(rows, edges)]
        return detect(as_table(pa.Table.from_batches([one for one in batches if one.num_rows])), names)

    whole = detected(matrix, [])
    assert detected(matrix, sorted(cuts)) == whole
    assert detected(rng.permutation(matrix), []).soft == whole.soft


def test_nothing_is_lost_beyond_the_bound_of_values(tmp_path_factory, monkeypatch):
    monkeypatch.setattr(column_facts, "MANY_VALUES", 50)
    rng = np.random.default_rng(3)
    ids = as_table(pa.table({"y": [f"u{at}" for at in range(3000)]}))
    assert detect(ids, ["y"]).task.not_a_target == "identifier"
    names = list("abcdefgh")
    rows = ["|".join(sorted(rng.choice(names, rng.integers(1, 6), replace=False))) for _ in range(3000)]
    found = detect(text_table(tmp_path_factory, pd.DataFrame({"y": rows})), ["y"])
    assert found.task.classes == tuple(names)
    assert sum(one.count for one in found.counts) == sum(row.count("|") + 1 for row in rows)
    assert detect(as_table(pa.table({"y": rng.normal(size=3000)})), ["y"]).task.not_a_target == "continuous"
