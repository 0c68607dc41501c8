"""Findings on scores are those of the rows, however a file is cut and ordered, and by however many threads it is read.

Row numbers follow the order of the rows, and XE304 and XE311 are about that order; all else must not.
"""

from itertools import cycle

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mistakes import BOTH, MARGIN, MISTAKES, OTHERS, Mistake, sigmoid, skilled

import xentcli
from xentcli.record import replace
from xentcli.rules.registry import RULES

SIZES = (1, 250, 9, 64, 3)
"""Of parts, in rows, over and over."""


def several_outputs():
    """Return two outputs, of which one is shifted and lacks scores here and there: such rows are left out of both."""
    truth, logits = skilled(3, seed=8)
    frame = pd.DataFrame({"color_true": truth, "size_true": BOTH})
    for at in range(3):
        frame[f"color_prob_{at}"] = sigmoid(logits)[:, at]
    for at in range(2):
        frame[f"size_prob_{at}"] = np.roll(sigmoid(MARGIN if at else -MARGIN), 1)
    frame.loc[[0, *range(5, 2000, 23)], "size_prob_0"] = np.nan
    return frame


CASES = MISTAKES | {"XE304 of outputs": Mistake(several_outputs(), several_outputs(), {"skip_bad_rows": True})}


def findings(data, options, jobs=1):
    return xentcli.score(data, jobs=jobs, **options).findings


def unplaced(found):
    """Return findings without what follows the order of the rows."""
    return [replace(one, rows=(), lines=None) for one in found]


def parts(frame):
    """Yield a table in pieces of uneven sizes."""
    whole, start = pa.Table.from_pandas(frame, preserve_index=False), 0
    for size in cycle(SIZES):
        if start >= len(frame):
            return
        yield whole.slice(start, size)
        start += size


def written(frame, path, pieces):
    schema = pa.Table.from_pandas(frame, preserve_index=False).schema
    with pq.ParquetWriter(path, schema) as file:
        for piece in pieces:
            file.write_table(piece, row_group_size=max(SIZES))
    return path


def test_every_rule_on_scores_has_a_mistake():
    assert set(MISTAKES) == {rule.code for rule in RULES if rule.code[:3] in {"XE2", "XE3"}}


@pytest.mark.parametrize("code", sorted(OTHERS))
def test_a_rule_speaks_on_its_mistake_and_is_silent_on_a_near_miss(code):
    mistake = OTHERS[code]
    assert code in {one.code for one in findings(mistake.slip, mistake.options)}
    assert code not in {one.code for one in findings(mistake.near_miss, mistake.options)}


@pytest.mark.parametrize("case", sorted(CASES))
def test_parts_shards_and_threads_change_no_finding(tmp_path, case):
    frame, options = CASES[case].slip, CASES[case].options
    whole = findings(frame, options)
    assert case[:5] in {one.code for one in whole}
    cut = written(frame, tmp_path / "cut.parquet", parts(frame))
    for jobs in (1, 2, 3, 4):
        assert findings(cut, options, jobs) == whole
    for number, piece in enumerate(parts(frame)):
        (tmp_path / "shards").mkdir(exist_ok=True)
        pq.write_table(piece, tmp_path / "shards" / f"part-{number:03}.parquet", row_group_size=100)
    assert findings(tmp_path / "shards", options, 3) == whole


@pytest.mark.parametrize("case", sorted(set(CASES) - {"XE304", "XE304 of outputs", "XE311"}))
def test_another_order_of_the_rows_changes_row_numbers_alone(tmp_path, case):
    frame, options = CASES[case].slip, CASES[case].options
    mixed = frame.sample(frac=1.0, random_state=4)
    whole = findings(frame, options)
    for jobs in (1, 4):
        again = findings(written(mixed, tmp_path / "mixed.parquet", parts(mixed)), options, jobs)
        assert unplaced(again) == unplaced(whole)


def test_rows_in_another_order_are_not_shifted_any_more():
    found = {code: findings(MISTAKES[code].slip.sample(frac=1.0, random_state=4), {}) for code in ("XE304", "XE311")}
    assert "XE311" not in {one.code for one in found["XE311"]}
    assert next(one for one in found["XE304"] if one.code == "XE304").level == "warning"


def test_ids_of_one_file_only_are_counted_by_file():
    mistake = MISTAKES["XE308"]
    labels = mistake.options["labels"]
    found = xentcli.score(mistake.slip, labels=labels[labels.id > 2]).findings
    assert next(one for one in found if one.code == "XE308").message.endswith(
        ": 3 of predictions without a label, 1 of labels without a prediction"
    )


def test_findings_of_an_output_name_rows_of_the_file_where_some_were_left_out():
    found = {one.code: one for one in findings(several_outputs(), {"skip_bad_rows": True})}
    assert found["XE208"].rows[:3] == (1, 6, 29)
    assert found["XE204"].rows == (2, 3, 4, 5, 7, 8, 9, 10, 11, 12)
