"""Rules on labels: each speaks on the slip that it is for, and is silent on its near miss."""

import numpy as np
import pandas as pd
import pytest

import xentcli

RNG = np.random.default_rng(11)


def many(values, rows=400):
    return [values[at] for at in RNG.integers(0, len(values), rows)]


def spoken(values, **options):
    frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame({"label": pd.Series(values, dtype=object)})
    found = xentcli.inspect(frame, label=list(frame.columns), **options)
    return {one.code: one for one in found.findings}


def hot(rows, width=4, several=0.3):
    matrix = (RNG.random((rows, width)) < several).astype(int)
    return pd.DataFrame(matrix, columns=[f"label_{at}" for at in range(width)])


def one_hot(width, rows=120):
    return pd.DataFrame(np.eye(width, dtype=int)[RNG.integers(0, width, rows)], columns=list("abcdef")[:width])


def changed(frame, row, column, value):
    frame = frame.astype(object)
    frame.iloc[row, column] = value
    return frame


RARE = ["cat"] * 200 + ["dog"] * 180 + ["eel"] * 11
JUST_ENOUGH = ["cat"] * 200 + ["dog"] * 180 + ["eel"] * 20

CASES = {
    "XE101": (many([1, 2, 3]), many([0, 1, 2])),
    "XE102": (many([1, 2, 3, 5, 6]), many([1, 2, 3, 4, 5])),
    "XE103": (many([-1, 1]), many([0, 1])),
    "XE104": (many([0, 1, 2, 3]) + [-100] * 9, many([0, 1, 2, 3, 4])),
    "XE105": ([*many(["a", "b"]), None, None], many(["a", "b", " "])),
    "XE106": (["ok"] * 40, ["ok"] * 39 + ["bad"]),
    "XE107": (["ok"] * 95 + ["bad"] * 20, ["ok"] * 60 + ["bad"] * 40),
    "XE108": (RARE, JUST_ENOUGH),
    "XE109": ([*many(["cat", "dog"]), "Cat", "dog "], many(["cat", "cats", "dog"])),
    "XE110": (one_hot(2), one_hot(3)),
    "XE111": (one_hot(3), hot(120)),
    "XE112": (hot(120), pd.DataFrame({"a": [1, 0, 1] * 30, "b": [0, 1, 1] * 30})),
    "XE113": (hot(120).assign(label_9=0), hot(120)),
    "XE114": (list(RNG.normal(size=200)), many(["3.5", "x"])),
    "XE115": ([f"user_{at}" for at in range(200)], many([f"user_{at}" for at in range(20)])),
    "XE116": (many(["low", "medium", "high"]), many(["low", "blue", "high"])),
    "XE117": (many(["NA", "yes", "no"]), many(["nah", "yes", "no"])),
    "XE118": (changed(hot(120), 5, 1, -1), hot(120)),
    "XE119": ([f"this is the long review number {at}" for at in range(90)], many(["not good", "good enough"])),
    "XE120": ([f"2024-01-{at % 28 + 1:02d}" for at in range(90)], many(["2024-a", "2024-b"])),
    "XE121": ([None] * 40, [None] * 30 + ["a", "b"] * 9),
}


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_rule_speaks_on_its_slip_and_is_silent_on_a_near_miss(code):
    slip, near_miss = CASES[code]
    assert code in spoken(slip)
    assert code not in spoken(near_miss)


@pytest.mark.parametrize(
    "values",
    [many([0, 1]), many(range(10)), many(["cat", "dog", "eel"]), many([True, False]), many(["yes", "no"]),
     hot(500, several=0.5), [["a"], ["a", "b"], ["b", "c"], ["c"]] * 50],
)  # fmt: skip
def test_no_rule_warns_of_clean_labels(values):
    assert all(one.level == "note" for one in spoken(values).values())


def test_messages_name_what_is_wrong_with_its_numbers():
    found = spoken([1, 2, 3] * 30)["XE101"]
    assert "labels count from 1 to 3" in found.message
    assert "0 to 2" in found.message
    gaps = spoken(many([1, 2, 3, 5, 6, 9]))["XE102"]
    assert "no row holds 4, 7, 8" in gaps.message
    assert "10 outputs" in gaps.message
    assert "they start at 100" in spoken(many(range(100, 117)))["XE102"].message
    share = spoken(["ok"] * 95 + ["bad"] * 5)["XE107"]
    assert share.level == "warning"
    assert "accuracy 0.9500" in share.message
    assert spoken(["ok"] * 85 + ["bad"] * 15)["XE107"].level == "note"


def test_the_first_rows_are_named():
    assert spoken([None, *many(["a", "b"], 80), None])["XE105"].rows == (1, 82)
    assert spoken([*many(["cat", "dog"], 50), "Cat"])["XE109"].rows == (51,)
    assert spoken([*many([0, 1, 2], 50), -100, 1, -100])["XE104"].rows == (51,)
    assert spoken(changed(changed(hot(50), 3, 0, -1), 7, 1, None))["XE118"].rows == (4, 8)
    assert spoken(pd.DataFrame({"a": [1, 0, 1] * 20, "b": [1, 0, 0] * 20}))["XE112"].rows[:3] == (2, 5, 8)


def test_a_mask_is_no_class():
    found = xentcli.inspect(pd.DataFrame({"label": [0, 1, 2, -100] * 30}), label="label")
    assert found.detection.task.classes == ("0", "1", "2")
    assert found.detection.missing_rows == 30
    assert "XE105" not in {one.code for one in found.findings}
    kept = xentcli.inspect(pd.DataFrame({"label": [0, 1, 2, -100] * 30}), label="label", encoding="class-codes")
    assert kept.detection.task.classes == ("-100", "0", "1", "2")
    two = xentcli.inspect(pd.DataFrame({"label": [0, 1, -100] * 30}), label="label").detection.task
    assert (two.kind, two.classes) == ("binary", ("0", "1"))


def test_many_missing_labels_are_a_warning():
    assert spoken([*many(["a", "b"], 99), None])["XE105"].level == "note"
    assert spoken([*many(["a", "b"], 90), *[None] * 10])["XE105"].level == "warning"


def test_an_alphabet_in_both_cases_is_no_slip():
    assert "XE109" not in spoken(many(list("abcdeABCDE"), 900))
    assert "XE109" in spoken(many(["Yes", "yes", "no"]))
    assert "XE109" in spoken([*many(["1", "2", "x"]), "01"])
    assert "XE109" in spoken([*many(["Ace", "Bee"]), "\u0410ce"])


def test_outputs_are_looked_at_one_by_one():
    frame = pd.DataFrame({"sex": many([1, 2]), "grade": many(["low", "medium", "high"]), "kind": many(["NULL", "x"])})
    found = spoken(frame)
    assert found["XE103"].columns == ("sex",)
    assert found["XE116"].columns == ("grade",)
    assert found["XE117"].columns == ("kind",)


def test_labels_of_minus_one_and_one_in_every_column_are_told():
    assert "XE103" in spoken(pd.DataFrame({"a": many([-1, 1]), "b": many([-1, 1]), "c": many([-1, 1])}))
