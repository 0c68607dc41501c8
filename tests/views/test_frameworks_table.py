"""The table of frameworks: who is listed, in which order, and what is left out."""

from xentcli.record import replace
from xentcli.views.frameworks_table import TOP, frameworks_table


def grid(score, *, everything=False):
    return list(frameworks_table(score, everything=everything))[1]


def test_there_is_no_table_where_all_agree(made):
    score = made["trapped"]().score
    agreeing = tuple(one for one in score.frameworks if one.because is None)
    assert list(frameworks_table(replace(score, frameworks=agreeing), everything=True)) == []


def test_versions_that_say_the_same_share_a_line_under_the_correct_one(made):
    rows = grid(made["trapped"]().score).rows
    assert rows[0] == ("correct", "0.3121", "0.9012", "")
    assert rows[1][:3] == ("keras 1.2 - 2.2.5, 2.3; tf.keras 1.15 - 2.1: binary_crossentropy", "0.05120", "0.9802")


def test_wrong_accuracies_stand_before_wrong_losses(made):
    names = [row[0] for row in grid(made["trapped"]().score).rows]
    assert names[1:] == [
        "keras 1.2 - 2.2.5, 2.3; tf.keras 1.15 - 2.1: binary_crossentropy", "torchmetrics 1: MulticlassAccuracy",
        "keras 3: binary_crossentropy", "torch 2: NLLLoss",
    ]  # fmt: skip


def test_what_a_framework_has_not_is_a_dash_and_what_has_no_number_is_undefined(made):
    rows = {row[0]: row for row in grid(made["trapped"]().score).rows}
    assert rows["torchmetrics 1: MulticlassAccuracy"][1] == "-"
    assert rows["torch 2: NLLLoss"][1] == "undefined"


def test_those_that_agree_are_counted_or_listed(made):
    score = made["trapped"]().score
    assert grid(score).more == "2 other calls agree"
    everything = grid(score, everything=True)
    assert everything.rows[5:] == (
        ("keras 3; lightgbm 4: CategoricalCrossentropy, multi_logloss", "0.3121", "0.9012", "agrees"),
    )
    assert everything.more == ""


def test_a_line_that_would_read_like_the_correct_one_is_counted_below(made):
    score = made["trapped"]().score
    why = "divides 3 rows by a sum that is nearly 1"
    near = replace(
        score.frameworks[0], loss=score.loss.value + 2e-6, loss_agrees=False, accuracy=score.accuracy.value,
        accuracy_agrees=True, because=why,
    )  # fmt: skip
    without = replace(near, accuracy_call=None, accuracy=None, accuracy_agrees=None)
    found = grid(replace(score, frameworks=(*score.frameworks, near, without)))
    assert found.rows == grid(score).rows
    assert found.more == f"2 calls differ in digits not shown here ({why}); 2 other calls agree"
    other = replace(near, because="another reason")
    assert grid(replace(score, frameworks=(*score.frameworks, near, other))).more.startswith(
        "2 calls differ in digits not shown here; "
    )
    assert list(frameworks_table(replace(score, frameworks=(near,)), everything=False)) == []
    assert grid(replace(score, frameworks=(near,)), everything=True).rows[1][1:] == ("0.3121", "0.9012", why)


def test_only_the_first_lines_are_shown(made):
    score = made["trapped"]().score
    many = tuple(replace(score.frameworks[0], because=f"reason {at}") for at in range(TOP + 3))
    found = grid(replace(score, frameworks=many))
    assert len(found.rows) == TOP + 1
    assert found.more == "3 more: --full shows them"
