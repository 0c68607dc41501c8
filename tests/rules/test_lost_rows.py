"""Rows that do not belong together: the row from which they are shifted, the order that they stand in, or only that."""

import numpy as np
import pandas as pd
import pytest
from mistakes import CHANCES, TRUTH, wide
from mistakes_order import HONEST, SLIPS, accused, label_lost, recall, skilled, spoken, without

import xentcli
from xentcli.rules.order.misaligned_rows import text_order


def found(data, **options):
    return {one.code: one for one in xentcli.score(data, **options).findings}


def lost(at=1200, count=1):
    """Return labels of which some were lost, beside the scores of all rows but the last."""
    return without(TRUTH, at, count), CHANCES[: len(TRUTH) - count]


def test_the_row_from_which_labels_and_scores_are_shifted_is_told_with_both_accuracies():
    labels, scores = lost()
    seen = spoken(labels, scores)["XE311"]
    right = scores.argmax(axis=1)
    assert (seen.level, seen.rows) == ("error", (1201,))
    assert "labels and scores are shifted by 1 row: up to there" in seen.message
    now, then = seen.message.rpartition("accuracy ")[2].split(" -> ")
    assert float(now) == pytest.approx((right == labels).mean(), abs=1e-3)
    assert float(then) == pytest.approx((right == TRUTH[:1999]).mean(), abs=1e-3)
    assert seen.help.startswith("a label was lost, or a row of scores stands twice there")


def test_the_range_holds_the_row_in_nearly_all_files():
    held = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels, scores = skilled(rng, 800)
        at = int(rng.integers(200, 600))
        seen = spoken(without(labels, at), scores[:-1])["XE311"].message
        first, last = seen.partition("between ")[2].partition(")")[0].split(" and ")
        held.append(int(first) <= at + 1 <= int(last))
        assert int(last) - int(first) <= 100
    assert sum(held) >= 38


def test_the_side_that_lost_a_row_is_told():
    seen = spoken(TRUTH[:-1], without(CHANCES, 700))["XE311"]
    assert "from there on with the label of the row after" in seen.message
    assert seen.help.startswith("a row of scores was lost, or a label stands twice there")


def test_several_rows_lost_at_once_are_a_shift_by_as_many():
    seen = spoken(*lost(count=3))["XE311"]
    assert (seen.level, seen.rows) == ("error", (1201,))
    assert "shifted by 3 rows" in seen.message
    assert "with the label 3 rows before" in seen.message


def test_rows_that_are_not_scored_are_stepped_over():
    frame = wide(*lost()).astype({"label": float})
    frame.loc[::7, "label"] = np.nan
    frame.loc[100:105, "p_3"] = np.nan
    seen = found(frame, skip_bad_rows=True)["XE311"]
    first, last = seen.message.partition("between ")[2].partition(")")[0].split(" and ")
    assert int(first.replace(",", "")) <= 1201 <= int(last.replace(",", ""))
    assert seen.count < len(frame) - 1150 - 100


def test_weights_change_nothing_but_that_it_is_said_to_be_without_them():
    labels, scores = lost()
    weights = np.where(np.arange(len(labels)) % 3, 1.0, 9.0)
    seen = found(wide(labels, scores).assign(w=weights), weight="w")["XE311"]
    assert seen.rows == (1201,)
    assert " (rows, without their weights)" in seen.message


def test_labels_joined_by_an_id_are_believed():
    labels, scores = lost()
    ids = [f"r{at}" for at in range(len(labels))]
    held = pd.DataFrame({"id": ids, "label": labels})
    predictions = wide(labels, scores).drop(columns="label").assign(id=ids)
    assert "XE311" not in found(predictions, labels=held, id="id")
    assert "XE311" in found(predictions.drop(columns="id"), labels=held[["label"]])


def test_rows_shifted_from_the_first_on_are_told_once():
    codes = set(spoken(TRUTH[:-1], CHANCES[1:]))
    assert codes == {"XE304"}
    assert set(spoken(without(TRUTH, 30), CHANCES[:-1])) in ({"XE304"}, {"XE311"})


def test_a_model_that_repeats_the_last_label_from_some_row_on_is_a_warning_at_most():
    rng = np.random.default_rng(3)
    kept = np.maximum.accumulate(np.where(rng.random(3000) < 0.8, 0, np.arange(3000)))
    labels, scores = skilled(rng, 3000, rng.integers(0, 5, 3000)[kept], 5)
    late = np.concatenate([scores[:1500], scores[1499:-1]])
    seen = spoken(labels, late)
    assert seen["XE311"].level == "warning"


def test_two_columns_and_one_of_a_binary_task_are_looked_at():
    labels, scores = label_lost(np.random.default_rng(1), 2000, classes=2)
    assert set(spoken(labels, scores)) == set(spoken(labels, scores[:, 1])) == {"XE311"}


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("rows", [1, 9, 10, 11, 100, 1234])
def test_the_order_of_numbers_as_texts(rows, first):
    texts = [str(number) for number in range(first, first + rows)]
    assert [texts[at] for at in text_order(rows, first)] == sorted(texts)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reversed", "the scores stand in the reverse order of the labels"),
        ("scores by text", "the scores stand in the order of row numbers as texts ("),
        ("labels by text", "the labels stand in the order of row numbers as texts ("),
        ("shifted by three", "labels and scores are shifted by 3 rows: scores["),
    ],
)
def test_an_order_that_mistakes_leave_is_named(name, words):
    labels, scores = SLIPS[name][1](np.random.default_rng(0), 500)
    seen = spoken(labels, scores)["XE304"]
    assert seen.level == "error"
    assert words in seen.message


def identified(rows=2000):
    """Return ids that count up with gaps, and the order of their texts."""
    ids = np.cumsum(np.random.default_rng(5).integers(1, 9, rows))
    return ids, np.array(sorted(range(rows), key=lambda at: str(ids[at])))


@pytest.mark.parametrize("form", ["{}", "img_{}.png"])
def test_ids_sorted_as_texts_on_one_side_are_told_by_the_column(form):
    ids, by_text = identified()
    names = [form.format(one) for one in ids] if form != "{}" else ids
    frame = wide(TRUTH, CHANCES[by_text]).assign(id=names)
    seen = found(frame)["XE304"]
    assert seen.level == "error"
    assert "if the scores stand in the order of id as texts, the labels in that of the file" in seen.message
    mixed = wide(TRUTH[by_text], CHANCES).assign(id=[names[at] for at in by_text])
    seen = found(mixed)["XE304"]
    assert "if the scores stand in the order of id by its numbers, the labels in that of the file" in seen.message


def test_ids_with_gaps_and_none_of_another_order_name_nothing():
    ids, _ = identified()
    assert "XE304" not in found(wide(TRUTH, CHANCES).assign(id=ids))
    mixed = np.random.default_rng(0).permutation(TRUTH)
    assert found(wide(mixed, CHANCES).assign(id=ids))["XE304"].level == "warning"


def test_what_was_shuffled_is_not_named_but_said():
    seen = spoken(np.random.default_rng(0).permutation(TRUTH), CHANCES)["XE304"]
    assert seen.level == "warning"
    assert f"they promise accuracy {CHANCES.max(axis=1).mean():.4f}" in seen.message
    assert "or the model learned next to nothing" in seen.message


def test_labels_that_stand_sorted_are_said_to_be():
    seen = spoken(np.sort(TRUTH), CHANCES)["XE304"]
    assert seen.message.endswith("(the labels stand sorted by class, the predictions do not)")


def test_of_more_rows_than_are_kept_no_order_is_tried(monkeypatch):
    monkeypatch.setattr("xentcli.tally.traps.kept_rows.MOST_ROWS", 1900)
    assert spoken(TRUTH, CHANCES[::-1])["XE304"].level == "warning"
    assert "XE311" in spoken(*lost())
    assert "XE311" not in spoken(*lost(count=3))


def test_another_order_of_the_columns_is_no_other_order_of_the_rows():
    assert not spoken(TRUTH, np.roll(CHANCES, 1, axis=1))


@pytest.mark.parametrize("name", SLIPS)
def test_mistakes_are_named_from_five_hundred_rows_on(name):
    within = 0.3 if "sticky" in name else 0.6
    assert recall(name, 500, 10) >= within
    assert recall(name, 5000, 5) >= 0.8


@pytest.mark.parametrize("name", HONEST)
def test_no_honest_file_is_accused(name):
    said, files = accused(name, 8)
    assert files >= 6
    assert not said


@pytest.mark.simulation
@pytest.mark.parametrize("name", HONEST)
def test_of_many_honest_files_none_is_accused(name):
    said, files = accused(name, 300)
    assert files >= 250
    assert not said


@pytest.mark.simulation
@pytest.mark.parametrize("name", SLIPS)
def test_most_mistakes_are_named(name):
    assert recall(name, 500, 200) >= (0.3 if "sticky" in name else 0.6)
    assert recall(name, 5000, 100) >= 0.9
