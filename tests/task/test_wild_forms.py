"""Wild forms: label files as people really write them, each with a near miss, read through the whole reader."""

import gzip
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli

RNG = np.random.default_rng(21)


def pick(values, rows=300, weights=None):
    shares = None if weights is None else np.array(weights) / sum(weights)
    return [values[at] for at in RNG.choice(len(values), rows, p=shares)]


def csv(*columns, header=None, quote=False):
    """Return CSV text of columns of texts."""
    names = header or [f"y{at}" if len(columns) > 1 else "y" for at in range(len(columns))]
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)), dtype=object)
    return frame.to_csv(index=False, quoting=1 if quote else 0)


def read(tmp_path, text, labels=("y",), name="labels.csv", **options):
    path = tmp_path / name
    if isinstance(text, bytes):
        path.write_bytes(text)
    else:
        path.write_text(text, encoding="utf-8")
    task = xentcli.inspect(str(path), label=labels, **options).detection.task
    return (task.kind, task.encoding or task.not_a_target)


def combined(tags, rows=400, single=0.7, separator=" ", order=True):
    """Return cells of tags, most of them single."""
    cells = []
    for _ in range(rows):
        size = 1 if RNG.random() < single else int(RNG.integers(2, min(5, len(tags))))
        chosen = RNG.choice(len(tags), size, replace=False)
        cells.append(separator.join(tags[at] for at in (sorted(chosen) if order else chosen)))
    return cells


GENRES = ["action", "comedy", "drama", "horror", "sci-fi", "western", "war"]
ML, MC, BI = "multilabel", "multiclass", "binary"

TAGS = {
    "blanks": (combined(GENRES), "tag-lists"),
    "blanks, hardly any single": (combined(GENRES, single=0.05), "tag-lists"),
    "pipes": (combined(GENRES, separator="|"), "tag-lists"),
    "pipes, 95 % single": (combined(GENRES, single=0.95, separator="|"), "tag-lists"),
    "semicolons": (combined(GENRES, separator=";"), "tag-lists"),
    "commas and blanks": (combined(GENRES, separator=", "), "tag-lists"),
    "commas": (combined(GENRES, separator=","), "tag-lists"),
    "numbers": (combined(["17", "3", "22", "105", "8"]), "tag-lists"),
    "numbers with commas": (combined(["17", "3", "22", "105", "8"], separator=","), "tag-lists"),
    "python lists": ([str(cell.split("|")) for cell in combined(GENRES, separator="|")], "tag-lists"),
    "json lists": ([json.dumps(cell.split("|")) for cell in combined(GENRES, separator="|")], "tag-lists"),
    "lists of numbers": ([f"[{cell}]" for cell in combined(["17", "3", "22"], separator=", ")], "tag-lists"),
    "angles": (["<" + "><".join(cell.split("|")) + ">" for cell in combined(GENRES, separator="|")], "tag-lists"),
    "names of several words": (combined(["New York", "Los Angeles", "San Jose", "Paris"], separator="; "), "tag-lists"),
    "with empty cells": ([*combined(GENRES, separator="|"), *[""] * 90], "tag-lists"),
    "with none": ([*combined(GENRES, separator="|"), *["(no genres listed)"] * 40], "tag-lists"),
}  # fmt: skip


@pytest.mark.parametrize("form", sorted(TAGS))
def test_tags_are_read_however_they_are_written(tmp_path, form):
    cells, encoding = TAGS[form]
    assert read(tmp_path, csv(cells)) == (ML, encoding)


NAMES = {
    "sentences with commas": ["It's important for a person to be honest, kind, and loyal.",
                              "It's important for a person to be honest, kind and loyal."],
    "faculties": ["Biology, Health and Medicine", "Arts and Humanities", "Law, Economics", "Engineering"],
    "states": ["New York", "New Jersey", "New Mexico", "North Dakota", "South Dakota", "North Carolina", "Ohio"],
    "degrees": ["very good", "good", "bad", "very bad"],
    "agreement": ["strongly agree", "agree", "neutral", "disagree", "strongly disagree"],
    "colours": ["light blue", "dark blue", "light red", "dark red"],
    "answers": ["Yes, one or more major", "Yes, one or more minor", "No"],
    "pairs": ["a/b", "c/d", "e/f"],
    "ranges": ["18-24", "25-34", "35-44", "45+"],
    "null-like": ["NA", "None", "nan", "yes"],
    "Chinese": ["猫", "犬", "魚"],
    "Persian": ["گربه", "سگ", "ماهی"],
    "Arabic": ["قط", "كلب", "سمك"],
    "Korean": ["고양이", "개", "물고기"],
    "blanks at the ends": [" <=50K.", " >50K.", " ?"],
    "leading zeros": ["01", "02", "03"],
    "months": ["Jan", "Feb", "Mar", "Apr"],
}  # fmt: skip


@pytest.mark.parametrize("form", sorted(NAMES))
def test_names_that_look_like_tags_or_numbers_stay_names(tmp_path, form):
    names = NAMES[form]
    kind = BI if len(names) == 2 else MC
    assert read(tmp_path, csv(pick(names), quote=True)) == (kind, "class-names")
    classes = xentcli.inspect(str(tmp_path / "labels.csv"), label="y").detection.task.classes
    assert sorted(classes) == sorted(names)


def hot(rows=200, width=4, share=0.35):
    return (RNG.random((rows, width)) < share).astype(int)


def one(width=4, rows=200):
    return np.eye(width, dtype=int)[RNG.integers(0, width, rows)]


def table(matrix, names=None):
    names = names or [f"y{at}" for at in range(np.shape(matrix)[1])]
    return pd.DataFrame(matrix, columns=names).to_csv(index=False)


def nearly_complementary():
    rows = np.repeat([[1, 0], [0, 1]], 120, axis=0)
    rows[3] = [1, 1]
    rows[130] = [0, 0]
    return rows


def mostly_single():
    rows = one(5, 400)
    rows[::14, 0] = 1
    rows[::14, 1] = 1
    return rows


def votes(total, rows=150):
    return np.array([RNG.multinomial(total if isinstance(total, int) else int(RNG.integers(*total)), [0.7, 0.2, 0.1, 0])
                     for _ in range(rows)])  # fmt: skip


SHARES = RNG.dirichlet([0.4, 0.4, 0.4], 150)
BLOCKS = {
    "multi-hot": (table(hot()), (ML, "multi-hot")),
    "one-hot": (table(one()), (MC, "one-hot")),
    "one-hot, digits as names": (table(one(), ["0", "1", "2", "3"]), (MC, "one-hot")),
    "one-hot, a column of zeros": (table(np.c_[one(), np.zeros(200, dtype=int)]), (MC, "one-hot")),
    "one-hot as floats": (table(one().astype(float)), (MC, "one-hot")),
    "one-hot as true and false": (table(one().astype(bool)), (MC, "one-hot")),
    "one-hot as yes and no": (table(np.where(one() == 1, "yes", "no")), (MC, "one-hot")),
    "one-hot of two": (table(one(2)), (BI, "one-hot")),
    "nearly complementary": (table(nearly_complementary()), (ML, "multi-hot")),
    "mostly single": (table(mostly_single()), (ML, "multi-hot")),
    "true and false": (table(hot().astype(bool)), (ML, "multi-hot")),
    "yes and no": (table(np.where(hot() == 1, "Yes", "No")), (ML, "multi-hot")),
    "Y and N": (table(np.where(hot() == 1, "Y", "N")), (ML, "multi-hot")),
    "minus one and one": (table(np.where(hot() == 1, 1, -1)), (ML, "multi-hot")),
    "uncertain": (table(np.where(RNG.random((200, 4)) < 0.1, -1, hot())), (ML, "multi-hot")),
    "with blanks": (table(np.where(RNG.random((200, 4)) < 0.1, np.nan, hot())), (ML, "multi-hot")),
    "option or blank": (table(np.where(hot() == 1, ["Cake", "Pie", "Tart", "Fruit, fresh"], "")), (ML, "multi-hot")),
    "option or not selected": (
        table(np.where(hot() == 1, ["Cake", "Pie", "Tart", "Rolls"], "Not selected")), (ML, "multi-hot")),
    "shares": (table(SHARES), (MC, "class-probabilities")),
    "shares, two decimals": (table(np.round(SHARES, 2)), (MC, "class-probabilities")),
    "shares, many rows one-hot": (table(np.r_[SHARES[:40], one(3, 160)]), (MC, "class-probabilities")),
    "per cents": (table(np.round(100 * SHARES, 3)), (MC, "class-probabilities")),
    "votes, one total": (table(votes(5)), (MC, "class-probabilities")),
    "votes, totals alike": (table(votes((47, 64))), (MC, "class-probabilities")),
    "fractions per label": (table(np.round(RNG.random((150, 3)), 2)), (ML, "label-probabilities")),
    "measurements": (table(RNG.normal(size=(150, 3))), (None, "continuous")),
    "counts of three things": (table(RNG.poisson([0.2, 3.0, 40.0], (150, 3))), (None, "continuous")),
}  # fmt: skip


@pytest.mark.parametrize("form", sorted(BLOCKS))
def test_blocks_are_read_together(tmp_path, form):
    text, expected = BLOCKS[form]
    names = text.split("\n", 1)[0].split(",")
    assert read(tmp_path, text, names) == expected


def test_several_targets_side_by_side(tmp_path):
    frame = pd.DataFrame({
        "family": pick(["mammal", "bird"]), "kind": pick(["cat", "dog", "NULL", "owl"]), "wild": pick([0, 1]),
        "stars": pick([1, 2, 3, 4, 5]),
    })  # fmt: skip
    encodings = ("class-names", "class-names", "class-indices", "one-based-indices")
    assert read(tmp_path, frame.to_csv(index=False), list(frame)) == ("multioutput", encodings)
    frame["price"] = RNG.normal(size=300)
    assert read(tmp_path, frame.to_csv(index=False), list(frame))[0] is None


VECTORS = {
    "json one-hot": ([str(row.tolist()) for row in one()], (MC, "one-hot")),
    "numpy one-hot": ([str(row) for row in one()], (MC, "one-hot")),
    "json multi-hot": ([json.dumps(row.tolist()) for row in hot()], (ML, "multi-hot")),
    "json shares": ([json.dumps(row.round(4).tolist()) for row in SHARES], (MC, "class-probabilities")),
    "one name in brackets": ([f"['{name}']" for name in pick(["a", "b", "c"])], (MC, "class-names")),
}


@pytest.mark.parametrize("form", sorted(VECTORS))
def test_a_cell_may_hold_a_vector(tmp_path, form):
    cells, expected = VECTORS[form]
    assert read(tmp_path, csv(cells, quote=True)) == expected


LISTS = {
    "tags": ([["a", "b"], ["b"], [], ["a", "c"]] * 30, (ML, "tag-lists")),
    "tag indices": ([[3, 17], [17], [3, 5, 22], [22]] * 30, (ML, "tag-lists")),
    "tag indices, always two": ([[3, 17], [17, 22], [3, 5], [22, 5]] * 30, (ML, "tag-lists")),
    "one name each": ([["a"], ["b"], ["c"]] * 30, (MC, "class-names")),
    "one-hot": (one().tolist(), (MC, "one-hot")),
    "multi-hot": (hot().tolist(), (ML, "multi-hot")),
    "shares": (SHARES.tolist(), (MC, "class-probabilities")),
    "a label a token": ([["O", "O", "B"], ["O", "B", "I", "O"], ["O", "O"]] * 30, (None, "text")),
}


@pytest.mark.parametrize("form", sorted(LISTS))
@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_list_columns_hold_tags_or_vectors(tmp_path, form, suffix):
    cells, expected = LISTS[form]
    path = tmp_path / f"labels.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table({"labels": cells}), path)
    else:
        path.write_text("".join(json.dumps({"labels": cell}) + "\n" for cell in cells))
    task = xentcli.inspect(str(path)).detection.task
    assert (task.kind, task.encoding or task.not_a_target) == expected


def test_the_rows_of_an_array_are_vectors_or_answers_to_several_questions(tmp_path):
    for matrix, expected in (
        (RNG.integers(0, 3, (90, 2)), ("multioutput", ("class-indices", "class-indices"))),
        (one(4, 90), (MC, "one-hot")),
        (hot(90), (ML, "multi-hot")),
        (RNG.normal(size=(90, 3)), (None, "continuous")),
    ):
        np.save(tmp_path / "y.npy", matrix)
        task = xentcli.inspect(str(tmp_path / "y.npy")).detection.task
        assert (task.kind, task.encoding or task.not_a_target) == expected


def test_lists_without_a_label_are_no_target(tmp_path):
    for cells in ([[], [], []], [None, None, None]):
        pq.write_table(pa.table({"labels": pa.array(cells, pa.list_(pa.string()))}), tmp_path / "y.parquet")
        assert xentcli.inspect(str(tmp_path / "y.parquet")).detection.task.not_a_target == "empty"


def test_numbers_as_numpy_writes_them_are_indices(tmp_path):
    np.savetxt(tmp_path / "y.txt", pick([0, 1, 2]))
    task = xentcli.inspect(str(tmp_path / "y.txt")).detection.task
    assert (task.kind, task.encoding, task.classes) == (MC, "class-indices", ("0", "1", "2"))


@pytest.mark.parametrize(("word", "rest", "kind"), [("NA", [0, 1], BI), ("?", [0, 1, 2], MC), ("NaN", None, None)])
def test_a_word_for_missing_among_numbers_is_no_class(tmp_path, word, rest, kind):
    numbers = RNG.normal(size=200).tolist() if rest is None else pick(rest, 200)
    text = csv([*numbers, *[word] * 30], header=["y"])
    assert read(tmp_path, text)[0] == kind
    found = xentcli.inspect(str(tmp_path / "labels.csv"), label="y").detection
    assert found.missing_rows == 30
    assert any(repr(word) in sentence for sentence in found.evidence)
    if rest is not None:
        assert (
            word
            in xentcli.inspect(str(tmp_path / "labels.csv"), label="y", encoding="class-names").detection.task.classes
        )


def test_a_masked_list_may_own_values_that_are_no_tags(tmp_path):
    offsets, values = pa.array([0, 1, 3, 4], pa.int32()), pa.array(["a", "ghost", "ghost", "b"])
    array = pa.ListArray.from_arrays(offsets, values, mask=pa.array([False, True, False]))
    pq.write_table(pa.table({"labels": pa.concat_arrays([array] * 20)}), tmp_path / "y.parquet")
    with pa.ipc.new_file(tmp_path / "y.arrow", pa.schema([("labels", array.type)])) as sink:
        for _ in range(20):
            sink.write_batch(pa.record_batch({"labels": array}))
    for suffix in ("parquet", "arrow"):
        found = xentcli.inspect(str(tmp_path / f"y.{suffix}"), task="multilabel").detection
        assert found.task.classes == ("a", "b")
        assert found.missing_rows == 20


def test_unused_entries_of_a_dictionary_are_no_classes(tmp_path):
    batches = [
        pa.record_batch({"y": pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(names))})
        for codes, names in (([0, 1] * 20, ["b", "a", "never"]), ([1, 2, 2] * 9, ["no", "c", "b"]))
    ]
    with pa.ipc.new_stream(tmp_path / "y.arrow", batches[0].schema) as sink:
        for batch in batches:
            sink.write_batch(batch)
    counts = xentcli.inspect(str(tmp_path / "y.arrow")).detection.counts
    assert {one.name: one.count for one in counts} == {"a": 20, "b": 38, "c": 9}


INTEGERS = {
    "gaps": (pick([1, 2, 3, 5, 6, 7]), (MC, "class-codes")),
    "hundreds": (pick(list(range(100, 117))), (MC, "class-codes")),
    "ratings": (pick([1, 2, 3, 4, 5]), (MC, "one-based-indices")),
    "floats that are integers": (pick([0.0, 1.0, 2.0]), (MC, "class-indices")),
    "minus one and one": (pick([-1, 1]), (BI, "plus-minus-one")),
    "signed": (pick(["-1", "+1"]), (BI, "plus-minus-one")),
    "many indices": (pick(list(range(120)), 3000), (MC, "class-indices")),
    "prices": ([int(one) for one in RNG.lognormal(6, 1, 400)], (None, "continuous")),
    "counts": (RNG.poisson(2.0, 600).tolist(), (None, "continuous")),
    "heavy counts": (RNG.negative_binomial(1, 0.2, 600).tolist(), (None, "continuous")),
    "whole temperatures": (RNG.normal(15, 9, 500).round().astype(int).tolist(), (None, "continuous")),
    "ages": (RNG.integers(18, 90, 500).tolist(), (None, "continuous")),
    "years": (RNG.integers(1990, 2024, 500).tolist(), (None, "continuous")),
    "ids": (RNG.permutation(500).tolist(), (None, "identifier")),
    "halves": ((RNG.integers(2, 12, 300) / 2).tolist(), (None, "continuous")),
}


@pytest.mark.parametrize("form", sorted(INTEGERS))
def test_integers_are_classes_or_quantities(tmp_path, form):
    values, expected = INTEGERS[form]
    name = {"ages": "age", "years": "year"}.get(form, "y")
    assert read(tmp_path, csv(values, header=[name]), (name,)) == expected
    assert read(tmp_path, csv([f"{value}" for value in values], header=[name], quote=True), (name,)) == expected


DECOYS = {
    "file names": ([f"img_{at:05d}.png" for at in range(200)], "identifier"),
    "paths that come back": (pick([f"train/img_{at:05d}.jpg" for at in range(180)]), "identifier"),
    "zip codes": ([f"{RNG.integers(501, 99950):05d}" for _ in range(200)], "identifier"),
    "phone numbers": ([f"+49 170 {at:07d}" for at in RNG.integers(0, 10**7, 200)], "identifier"),
    "formulas": ([f"C{at}H{at % 7 + 2}O{at % 5 + 1}N{at % 3}" for at in range(200)], "identifier"),
    "iso dates": ([f"2020-{at % 12 + 1:02d}-{at % 28 + 1:02d}" for at in range(200)], "date"),
    "american dates": ([f"{at % 12 + 1}/{at % 28 + 1}/2020" for at in range(200)], "date"),
    "dates in words": ([f"March {at % 28 + 1}, 2019" for at in range(200)], "date"),
    "times": ([f"{at % 24:02d}:{at % 60:02d}" for at in range(200)], "date"),
    "text": ([f"I watched number {at} of it and it was not so bad" for at in range(200)], "text"),
    "people": ([f"Anna{at} Example{at * 7}" for at in range(200)], "text"),
    "a tag a token": ([" ".join(pick(["O", "O", "B-PER", "I-PER"], 7)) for _ in range(300)], "text"),
    "prices with cents": ([f"{one:.2f}" for one in RNG.lognormal(3, 1, 300)], "continuous"),
    "one value": (["ok"] * 60, "single-class"),
    "blanks": ([""] * 60, "empty"),
}


@pytest.mark.parametrize("form", sorted(DECOYS))
def test_decoys_are_refused_with_what_they_are(tmp_path, form):
    cells, expected = DECOYS[form]
    name = "zip_code" if form == "zip codes" else "y"
    frame = pd.DataFrame({"f": range(len(cells)), name: cells}, dtype=object)
    assert read(tmp_path, frame.to_csv(index=False), (name,)) == (None, expected)


def test_files_are_read_as_they_come(tmp_path):
    rows = pick(["cat", "dog", "eel"], 60)
    lines = [f"{at},{name}" for at, name in enumerate(rows)]
    body = "\n".join(["id,label", *lines]) + "\n"
    for name, data in {
        "a.csv": body, "b.csv": body.replace(",", "\t"), "c.txt": body.replace(",", " "),
        "d.csv": body.replace(",", ";"), "e.csv": body.encode("utf-16"), "f.csv": b"\xef\xbb\xbf" + body.encode(),
        "g.csv.gz": gzip.compress(body.encode()),
        "h.csv": "# made by hand\n# twice\n" + body, "i.csv": "label\n" + "\n".join(lines) + "\n",
        "j.csv": body.replace("cat", "'cat'").replace("dog", "'dog'").replace("eel", "'eel'"),
    }.items():  # fmt: skip
        assert read(tmp_path, data, ("label",), name) == (MC, "class-names"), name
    assert read(tmp_path, "\n".join(lines) + "\n", (":1",), "k.csv") == (MC, "class-names")


def test_a_class_named_like_nothing_could_be_a_missing_label(tmp_path):
    text = csv(["female", "male"] * 60 + ["NA"] * 3)
    assert read(tmp_path, text) == (MC, "class-names")
    found = xentcli.inspect(str(tmp_path / "labels.csv")).detection
    assert found.certainty == "likely"
    assert (found.alternatives[0].kind, found.alternatives[0].flag) == (BI, "--null-values NA")
    assert read(tmp_path, text, null_values=["NA"]) == (BI, "class-names")


@pytest.mark.parametrize(
    ("columns", "labels", "sure"),
    [
        (("id", "comment", "toxic", "severe_toxic", "obscene", "threat"), 4, "likely"),
        (("id", "toxic", "obscene", "threat"), 3, "likely"),
        (("id", "smoker", "diabetes", "stroke"), 1, "certain"),
        (("id", "label", "smoker", "diabetes"), 1, "certain"),
    ],
)
def test_a_usual_target_before_other_0_1_columns_is_one_label_of_several(tmp_path, columns, labels, sure):
    rng = np.random.default_rng(4)
    cells = {name: (rng.random(80) < 0.3).astype(int) for name in columns}
    cells |= {"id": [f"r{at}" for at in range(80)], "comment": [f"some words, {at}" for at in range(80)]}
    path = tmp_path / "labels.csv"
    pd.DataFrame(cells)[list(columns)].to_csv(path, index=False)
    found = xentcli.inspect(path).detection
    expected = columns[-labels:] if labels > 1 else tuple(name for name in columns if name in {"stroke", "label"})
    assert (found.columns, found.certainty) == (expected, sure)
