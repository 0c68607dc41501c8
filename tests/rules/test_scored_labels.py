"""Labels beside predictions: the rules on labels say what the scores do not contradict."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import xentcli
from xentcli.errors import InputError
from xentcli.rules.labels.scored import CODES, SCORED_LABEL_RULES
from xentcli.rules.rule import Level

ROWS = 300
RNG = np.random.default_rng(7)
BITS, THREE = RNG.integers(0, 2, ROWS), RNG.integers(0, 3, ROWS)
P = np.clip(0.5 + 0.2 * (2 * BITS - 1) + RNG.normal(0, 0.1, ROWS), 0.01, 0.99)


def found(data, **options):
    """Return the findings on labels by code."""
    return {one.code: one for one in xentcli.score(data, **options).findings if one.code in CODES}


def single(labels):
    return pd.DataFrame({"label": labels, "score": P})


def named(labels, names):
    p = RNG.dirichlet(np.ones(len(names)), ROWS)
    return pd.DataFrame({"label": labels} | {f"p_{name}": p[:, at] for at, name in enumerate(names)})


def of_labels(**columns):
    """Return 0/1 columns beside scores that are never sure."""
    held = {f"is_{name}": np.broadcast_to(bits, ROWS) for name, bits in columns.items()}
    return pd.DataFrame(held | {f"p_{name}": np.full(ROWS, 0.4) for name in columns})


def test_every_code_has_its_rule():
    assert {rule.code for rule in SCORED_LABEL_RULES} == CODES


def test_plain_labels_say_nothing():
    assert found(single(BITS)) == found(named(THREE, (0, 1, 2))) == {}


@pytest.mark.parametrize(
    ("labels", "shown"), [(BITS + 1, "1 and 2"), (2 * BITS - 1, "-1 and 1"), (BITS + 4, "4 and 5")]
)
def test_two_integers_beside_one_score_are_not_zero_and_one(labels, shown):
    told = found(single(labels))["XE103"]
    assert (told.level, f"binary labels are written {shown}" in told.message) == (Level.WARNING, True)


def test_two_integers_with_a_score_each_are_a_note():
    assert found(named(BITS + 1, (1, 2)))["XE103"].level is Level.NOTE


def test_labels_that_count_from_1_are_silent_where_the_scores_do_too():
    assert found(named(THREE + 1, (1, 2, 3))) == {}


def test_labels_that_count_from_1_beside_scores_of_other_names_are_refused():
    with pytest.raises(InputError) as refused:
        xentcli.score(named(THREE + 1, ("a", "b", "c")), skip_bad_rows=True)
    assert "count from 1" in refused.value.help
    given = found(named(THREE + 1, ("a", "b", "c")), classes="a,b,c", skip_bad_rows=True)
    assert given["XE101"].level is Level.WARNING


def test_labels_that_count_from_1_beside_scores_from_0_are_told_once():
    data = named(THREE + 1, (0, 1, 2))
    codes = {one.code for one in xentcli.score(data, skip_bad_rows=True).findings}
    assert "XE307" in codes
    assert "XE101" not in codes


def test_codes_with_a_score_each_are_a_note_and_holes_that_scores_stand_for_are_none():
    codes = np.array([0, 2, 5])[THREE]
    told = found(named(codes, (0, 2, 5)))["XE102"]
    assert (told.level, "no row holds 1, 3, 4" in told.message) == (Level.NOTE, True)
    assert found(named(codes, range(6))) == {}


def test_a_label_without_a_score_does_not_make_a_gap():
    data = named(np.where(THREE == 0, 7, THREE), (0, 1, 2))
    assert "XE102" not in found(data, skip_bad_rows=True)


def test_a_mask_that_no_decision_predicts_counts_as_errors():
    labels = np.where(np.arange(ROWS) < 20, 255, THREE)
    told = found(pd.DataFrame({"label": labels, "pred": THREE}))["XE104"]
    assert (told.level, told.count) == (Level.WARNING, 20)
    assert told.help == "if it marks rows without a label, leave them out: --ignore-label 255"


def test_a_mask_that_is_predicted_or_ignored_is_silent():
    labels = np.where(np.arange(ROWS) < 20, 255, THREE)
    assert found(pd.DataFrame({"label": labels, "pred": labels})) == {}
    assert found(pd.DataFrame({"label": labels, "pred": THREE}), ignore_label="255") == {}


def test_missing_labels_are_counted_without_those_that_were_ignored():
    labels = np.where(np.arange(ROWS) < 60, -1.0, THREE)
    labels[60:66] = np.nan
    told = found(named(labels, (0, 1, 2)), ignore_label="-1")["XE105"]
    assert (told.level, told.count, told.message[:13]) == (Level.NOTE, 6, "6 of 300 rows")
    plain = np.where(np.arange(ROWS) < 30, np.nan, BITS)
    assert found(single(plain))["XE105"].level is Level.WARNING
    assert found(single(plain))["XE105"].rows == tuple(range(1, 11))


def test_one_class_is_a_warning_and_a_gate_on_it_stays_green():
    data = single(np.ones(ROWS, dtype=int))
    told = found(data)["XE106"]
    assert (told.level, told.count) == (Level.WARNING, ROWS)
    assert xentcli.check(data, max={"loss": 2.0}).passed


def test_one_class_is_not_claimed_where_rows_were_skipped():
    data = single(BITS).assign(score=np.where(BITS == 0, np.nan, P))
    assert "XE106" not in found(data, skip_bad_rows=True)


def test_rare_classes_are_a_note():
    told = found(named(np.where(np.arange(ROWS) < 5, 2, BITS), (0, 1, 2)))["XE108"]
    assert (told.level, told.count) == (Level.NOTE, 1)


def test_names_that_differ_in_case_and_names_that_read_as_empty_are_told():
    assert (
        "'Cat' and 'cat'"
        in found(named(np.array(["Cat", "cat", "eel"])[THREE], ("Cat", "cat", "eel")))["XE109"].message
    )
    assert found(named(np.array(["NA", "b", "c"])[THREE], ("NA", "b", "c")))["XE117"].count == (THREE == 0).sum()


def test_a_null_like_class_that_no_row_holds_is_silent():
    assert found(named(np.array(["a", "b"])[BITS], ("a", "b", "none"))) == {}


def test_label_columns_that_never_change_are_told_once():
    data = of_labels(a=BITS, b=0, c=1)
    assert "always 0: b; always 1: c" in found(data)["XE113"].message
    assert "XE306" not in {one.code for one in xentcli.score(data).findings}


def test_a_class_of_one_hot_columns_that_never_occurs_is_no_constant_label():
    data = of_labels(a=BITS, b=1 - BITS, c=0)
    codes = {one.code for one in xentcli.score(data).findings}
    assert "XE306" in codes
    assert "XE113" not in codes


def test_blank_cells_among_0_and_1_are_told_apart_from_blank_rows():
    data = of_labels(a=BITS, b=BITS[::-1]).astype(float)
    data.loc[:9, "is_a"] = np.nan
    data.loc[20:25, ["is_a", "is_b"]] = np.nan
    told = found(data)
    assert (told["XE118"].count, told["XE118"].rows[:3]) == (10, (1, 2, 3))
    assert told["XE105"].count == 6


def test_of_several_outputs_the_message_names_the_output():
    data = named(THREE, (0, 1, 2)).rename(columns=lambda name: name.replace("label", "x").replace("p_", "x_"))
    other = {"y": np.array([0, 2, 5])[THREE]} | {f"y_{code}": np.full(ROWS, 1 / 3) for code in (0, 2, 5)}
    told = found(data.assign(**other))["XE102"]
    assert told.message.startswith("output y: ")


def test_check_and_compare_say_the_same():
    data = single(BITS + 1)
    compared = xentcli.compare(data, data)
    reports = (xentcli.check(data, max={"loss": 2.0}).models[0].report, compared.a, compared.b)
    assert all("XE103" in {one.code for one in report.findings} for report in reports)


def test_blank_elements_of_label_lists_are_told_apart_from_lists_that_are_missing():
    labels = [[1, 0]] * 20 + [[0, 1]] * 20 + [[1, 1]] * 20 + [[None, 1]] * 5 + [None] * 3
    told = found(pa.table({"labels": labels, "probs": [[0.6, 0.4]] * 68}))
    assert (told["XE118"].count, told["XE118"].rows) == (5, (61, 62, 63, 64, 65))
    assert told["XE105"].count == 3
