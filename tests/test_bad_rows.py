"""Bad rows by law: what is left out is counted and named, and the rest is scored as if it stood alone."""

import json
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import samples, sorted_alike

import xentcli
from xentcli.errors import BadRowsError

NUMBERS = [None, float("nan"), float("inf"), float("-inf"), 1.5, -0.1, 1e300]
WORDS = ["", "n/a", "nan", "inf", "1.5", "-0.1", "0x1p-1", "1_0", "cat", "1e999", "--"]
ODD_LABELS = [99, -1, 2**31]
BAD_WEIGHTS = [None, float("nan"), float("inf"), -0.5, 1e40]
SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def broken(draw, sample, layout):
    """Return the columns of the sample with broken rows; the rows without a label; the bad ones by their code.

    Row 0 and most others stay as they are, so that the length of lists and the classes can still be told.
    """
    columns = sample.table(layout).to_pydict()
    scores = [name for name in columns if name.startswith(("p_", "score"))]
    labels = [name for name in columns if name.startswith(("y_", "label"))]
    rows = len(sample.labels)
    missing, bad = set(), {}
    for row in sorted(draw(st.sets(st.integers(1, max(1, rows - 1)), max_size=rows // 3))):
        kinds = ["score", "score and label", "label"]
        kinds += ["odd label"] if sample.labels.ndim == 1 and sample.kind != "single" else []
        kinds += ["weight"] if sample.weights is not None else []
        kind = draw(st.sampled_from(kinds))
        if "score" in kind:
            name = draw(st.sampled_from(scores))
            columns[name][row] = draw(odd_scores(columns[name][row]))
        if kind == "weight":
            columns["w"][row] = draw(st.sampled_from(BAD_WEIGHTS))
        if kind == "odd label":
            columns[labels[0]][row] = draw(st.sampled_from(ODD_LABELS))
        if kind.endswith("label") and kind != "odd label":
            columns[draw(st.sampled_from(labels))][row] = None
            missing.add(row)
        else:
            bad[row] = "XE305" if kind == "odd label" else "XE208"
    if sample.scores.ndim > 1:
        clean = [row for row in range(rows) if row not in bad and row not in missing]
        assume(not sorted_alike(sample.scores[clean]))
    if sample.weights is not None:
        assume(any(sample.weights[row] > 0 for row in range(rows) if row not in missing and row not in bad))
    return columns, missing, bad


def odd_scores(cell):
    """Draw what is no score, in the place of a number or of a list of them."""
    if not isinstance(cell, list):
        return st.sampled_from(NUMBERS)
    element = st.tuples(st.sampled_from(NUMBERS), st.integers(0, len(cell) - 1))
    lists = element.map(lambda drawn: [*cell[: drawn[1]], drawn[0], *cell[drawn[1] + 1 :]])
    return st.one_of(st.none(), st.just(cell[1:]), st.just([*cell, 0.0]), lists)


def holds_parts(columns):
    """Return whether a score is above 1: what is divided by its total may be parts of any whole, and no bad row."""
    scores = [cell for name, cells in columns.items() if name.startswith(("p_", "score")) for cell in cells]
    numbers = [one for cell in scores for one in (cell if isinstance(cell, list) else [cell]) if one is not None]
    return any(1 < one < math.inf for one in numbers)


def typed(columns):
    """Return the columns as a table of which a column without a value is still one of numbers."""
    kinds = {name: pa.list_(pa.float64()) if name == "scores" else None for name in columns}
    return pa.table({name: pa.array(cells, kinds[name]) for name, cells in columns.items()})


def first_ten(rows):
    return [row + 1 for row in sorted(rows)[:10]]


@pytest.mark.parametrize("layout", ["wide", "list"])
@pytest.mark.parametrize("kind", ["single", "binary", "multiclass", "multilabel"])
@SLOW
@given(data=st.data())
def test_skipped_rows_are_counted_and_the_others_scored_as_if_alone(kind, layout, data):
    sample = data.draw(samples(kind, rows=(3, 40), scales=["probabilities"]))
    columns, missing, bad = broken(data.draw, sample, layout)
    options = sample.arguments()
    assume(not (options.get("normalize") and holds_parts(columns)))
    clean = [row for row in range(len(sample.labels)) if row not in missing and row not in bad]
    report = xentcli.score(typed(columns), skip_bad_rows=True, select=("XE208", "XE305"), **options)
    found = report.to_dict()
    counts = {name: found["rows"][name] for name in ("read", "scored", "missing_label", "bad")}
    assert counts == {"read": len(sample.labels), "scored": len(clean), "missing_label": len(missing), "bad": len(bad)}
    by_code = {code: [row for row, own in bad.items() if own == code] for code in ("XE208", "XE305")}
    named = {one["code"]: (one["count"], one["rows"]) for one in found["findings"] if one["code"] in by_code}
    assert named == {code: (len(rows), first_ten(rows)) for code, rows in by_code.items() if rows}
    alone = xentcli.score(sample.table(layout).take(clean), **options).to_dict()
    for part in ("loss", "accuracy", "metrics", "per_class", "per_label", "confusion", "calibration"):
        assert found[part] == alone[part]


@pytest.mark.parametrize("layout", ["wide", "list"])
@pytest.mark.parametrize("kind", ["single", "multiclass", "multilabel"])
@SLOW
@given(data=st.data())
def test_bad_rows_are_refused_with_their_count_and_the_first_of_them(kind, layout, data):
    sample = data.draw(samples(kind, rows=(3, 40), scales=["probabilities"]))
    assume(not sample.arguments().get("normalize"))  # which divides rows of another total, whose scores may be above 1
    columns, _, bad = broken(data.draw, sample, layout)
    if not bad:
        assert xentcli.score(typed(columns), **sample.arguments()).score.rows.bad == 0
        return
    with pytest.raises(BadRowsError) as caught:
        xentcli.score(typed(columns), **sample.arguments())
    rows = ", ".join(map(str, first_ten(bad)))
    assert caught.value.details[0].startswith(f"{len(bad)} of {len(sample.labels)} rows (")
    assert caught.value.details[0].endswith(f"are bad; first rows: {rows}")
    assert caught.value.place.row == min(bad) + 1
    assert caught.value.message.startswith(("holds ", "is empty"))


@SLOW
@given(data=st.data())
def test_words_in_a_text_file_are_bad_rows_with_their_lines(tmp_path, xent, data):
    rows = data.draw(st.integers(2, 30))
    spoiled = data.draw(st.dictionaries(st.integers(2, rows + 1), st.sampled_from(WORDS), max_size=rows // 2))
    lines = ["a,0.75,0.25", "b,0.5,0.5"] * rows
    for row, word in spoiled.items():
        lines[row] = f"a,{word},0.25"
    path = tmp_path / "preds.csv"
    path.write_text("\n".join(["label,p_a,p_b", *lines]) + "\n")
    refused = xent("score", path, "--scale", "probabilities", "-f", "json")
    ran = xent("score", path, "--scale", "probabilities", "--skip-bad-rows", "-f", "json")
    if not spoiled:
        assert (refused.status, refused.out) == (0, ran.out)
        return
    assert (refused.status, refused.out) == (2, "")
    assert f"{path}, line {min(spoiled) + 2} (row {min(spoiled) + 1}): column p_a" in refused.err
    assert f"{len(spoiled)} of {2 * rows} rows" in refused.err
    found = ran.document()
    assert (ran.status, ran.err) == (0, "")
    assert found["rows"]["bad"] == len(spoiled)
    assert found["findings"][0]["rows"] == first_ten(spoiled)
    assert found["findings"][0]["lines"] == [row + 1 for row in first_ten(spoiled)]


JUNK = st.one_of(
    st.sampled_from(
        ["", "a", "b", "0", "1", "0.5", "-1", "2", "nan", "NA", "inf", "true", "a|b", "[0.1, 0.9]", "1e999"]
    ),
    st.text(max_size=4),
    st.floats().map(repr),
)


@pytest.mark.parametrize("names", ["label,p_a,p_b", "label,p", "y_a,y_b,p_a,p_b", "label,scores", "id,label,pred"])
@SLOW
@given(data=st.data())
def test_whatever_cells_hold_the_status_is_0_or_2(tmp_path, xent, names, data):
    columns = names.split(",")
    cells = st.lists(JUNK, min_size=len(columns), max_size=len(columns))
    table = data.draw(st.lists(cells, min_size=1, max_size=6))
    options = data.draw(
        st.lists(
            st.sampled_from(["--skip-bad-rows", "--normalize", "--task=multilabel", "--scale=logits"]), unique=True
        )
    )
    text, lines = tmp_path / "junk.csv", tmp_path / "junk.jsonl"
    text.write_text("\n".join([names, *(",".join(json.dumps(cell) for cell in row) for row in table)]))
    lines.write_text("\n".join(json.dumps(dict(zip(columns, map(_plain, row), strict=True))) for row in table))
    form = data.draw(st.sampled_from(["json", "full", "concise", "markdown"]))
    for path in (text, lines):
        ran = xent("score", path, *options, "-f", form)
        assert ran.status in {0, 2}, ran.err
        assert ran.err == "" if ran.status == 0 else ran.err.startswith("error: ")


def _plain(cell):
    """Return what a JSON file would hold in the place of a text: a number or a list where it looks like one."""
    try:
        value = json.loads(cell, parse_constant=str)
    except ValueError:
        return cell
    return value if np.isfinite(np.asarray(value if isinstance(value, int | float) else 0.0, dtype=float)) else cell


def test_minus_infinity_in_the_score_of_a_class_that_never_occurs_is_a_bad_row():
    scores = {"p_0": [0.0, -np.inf, 0.0], "p_1": [0.0, 0.0, 1.0], "p_2": [0.0, 0.0, 0.0], "p_3": [1.0, 1.0, 0.0]}
    rows = xentcli.score(pa.table({"label": [3, 3, 1], **scores}), scale="probabilities", skip_bad_rows=True).score.rows
    assert (rows.scored, rows.bad) == (2, 1)


@pytest.mark.parametrize("rows", [3, 10, 50, 200])
def test_a_number_that_is_no_probability_does_not_make_a_class_without_labels_vanish(rows):
    labels = [1, 2] * (rows // 2) + [1] * (rows % 2)
    scores = np.array([[0.0, 0.7, 0.3]] * rows)
    scores[rows // 2, 0] = 1.5
    columns = {"label": labels} | {f"p_{at}": column for at, column in enumerate(scores.T)}
    with pytest.raises(BadRowsError, match="column p_0 holds"):
        xentcli.score(pa.table(columns))
