"""Several labels: columns in another order, a label upside down, rows shifted by one; and honest models."""

import numpy as np
import pandas as pd
import pytest
from mistakes_confidence import LABEL_SLIPS, codes, honest_labels, label_frame, label_slip, several, sigmoid

import xentcli
from xentcli.rules.order.label_fit import label_fit, log_sum_chance, moves, shifted, turned
from xentcli.tally.traps.label_neighbours import LabelNeighbours
from xentcli.tally.traps.sample import RowSample, SampledRows, hashes, row_limit
from xentcli.terms import Scale

NAMED = {"XE312", "XE313", "XE304"}


def seen(held, logits, scale):
    """Return which findings the facts of a file lead to, without the file."""
    scores = np.ascontiguousarray((logits if scale is Scale.LOGITS else sigmoid(logits)).T)
    hot = held.T.astype(bool)
    neighbours = LabelNeighbours(len(hot))
    neighbours.add(0, (0, len(held)), hot, scores, scale)
    if shifted(neighbours.whole()) is not None:
        return {"XE304"}
    fit = label_fit(SampledRows(np.zeros(len(held), np.uint64), scores, hot), scale)
    moving = moves(fit)
    gone = () if moving is None else moving.moved
    upside_down = [one for one in turned(fit) if one.label not in gone]
    return ({"XE312"} if moving else set()) | ({"XE313"} if upside_down else set())


@pytest.mark.parametrize(("slip", "code"), LABEL_SLIPS.items())
@pytest.mark.parametrize(("rows", "least"), [(500, 0.6), (5000, 0.9)])
def test_slips_of_several_labels_are_named(slip, code, rows, least):
    named = [code in seen(*label_slip(slip, np.random.default_rng([1, rows, draw]), rows), Scale.PROBABILITIES)
             for draw in range(20)]  # fmt: skip
    assert np.mean(named) >= least


@pytest.mark.parametrize("rows", [50, 500, 5000])
def test_honest_models_of_several_labels_are_not_blamed(rows):
    for draw in range(20):
        held, logits = honest_labels(np.random.default_rng([2, rows, draw]), rows)
        assert not seen(held, logits, Scale.PROBABILITIES if draw % 2 else Scale.LOGITS)


@pytest.mark.simulation
@pytest.mark.parametrize("rows", [50, 500, 5000])
def test_many_honest_models_of_several_labels_are_not_blamed(rows):
    for draw in range(400):
        held, logits = honest_labels(np.random.default_rng([3, rows, draw]), rows)
        found = codes(label_frame(held, sigmoid(logits)))
        assert not NAMED & set(found), (rows, draw, found)


def test_a_file_with_swapped_columns_names_both_labels():
    held, logits = several(np.random.default_rng(5), 2000, 4, linked=0.0)
    found = xentcli.score(label_frame(held, sigmoid(logits)[:, [0, 2, 1, 3]])).findings
    one = next(one for one in found if one.code == "XE312")
    assert one.level == "error"
    assert one.columns == ("n1", "n2")
    assert "'n1' fits that of 'n2', 'n2' fits that of 'n1'" in one.message
    assert "p_n1 holds n2, p_n2 holds n1" in one.help
    assert not {"XE313", "XE304"} & {one.code for one in found}


def test_a_label_upside_down_is_named():
    held, logits = several(np.random.default_rng(6), 2000, 4)
    logits[:, 2] *= -1.0
    one = next(one for one in xentcli.score(label_frame(held, sigmoid(logits))).findings if one.code == "XE313")
    assert (one.level, one.columns, one.count) == ("error", ("n2",), 1)


@pytest.mark.parametrize("by", [1, -1])
def test_shifted_rows_of_several_labels_are_named_with_their_direction(by):
    held, logits = several(np.random.default_rng(7), 1000, 4)
    found = {one.code: one for one in xentcli.score(label_frame(held, np.roll(sigmoid(logits), by, axis=0))).findings}
    assert f"those of the row {'after' if by == 1 else 'before'}" in found["XE304"].message
    assert ("scores[1:] belong to labels[:-1]" if by == 1 else "scores[:-1] belong to labels[1:]") in found[
        "XE304"
    ].help
    assert not {"XE312", "XE313"} & set(found)


def test_rows_that_are_like_their_neighbours_are_no_shift():
    held, logits = several(np.random.default_rng(8), 2000, 4, sticky=0.95)
    assert not NAMED & set(codes(label_frame(held, sigmoid(logits))))


def test_labels_that_are_alike_with_columns_that_are_alike_are_not_told_apart():
    held, logits = several(np.random.default_rng(9), 2000, 4)
    held[:, 1] = held[:, 0]
    logits[:, 1] = logits[:, 0] + 0.01 * np.random.default_rng(1).normal(size=2000)
    assert not seen(held, logits[:, [1, 0, 2, 3]], Scale.LOGITS)


def test_the_bound_on_a_sum_holds():
    rng, rows = np.random.default_rng(10), 400
    levels = np.where(rng.random(rows) < 0.03, 60.0, 1.0)
    sums = np.array([levels[rng.permutation(rows)[:12]].sum() for _ in range(20_000)])
    mean, reach = 12 * levels.mean(), 63.0 - levels.mean()
    for excess in (60.0, 120.0, 180.0):
        bound = log_sum_chance(np.array(excess), np.array(12 * levels.var()), np.array(reach))
        assert np.mean(sums >= mean + excess) <= np.exp(bound)


def test_a_sample_is_the_same_for_any_cut_and_order():
    rng = np.random.default_rng(11)
    scores = rng.random((300, 5000))
    truth = scores > 0.5
    hashed = hashes(scores[0])

    def sampled(cuts):
        parts = []
        for at in np.array_split(np.arange(5000), cuts):
            one = RowSample(1024)
            one.add(hashed[at], scores[:, at], truth[:, at])
            parts.append(one)
        rng.shuffle(parts)
        whole = RowSample(1024)
        for one in parts:
            whole.merge(one)
        rows = whole.rows()
        order = np.argsort(rows.hashed)
        assert whole.seen == 5000
        return rows.hashed[order].tolist(), rows.scores[:, order].sum(), int(rows.truth.sum())

    first = sampled(1)
    assert 400 < len(first[0]) <= 1024
    assert sampled(7)[0] == first[0]
    assert sampled(50)[2] == first[2]


def test_all_rows_are_kept_while_they_fit():
    one = RowSample(row_limit(10))
    one.add(hashes(np.arange(1000.0)), np.ones((10, 1000)), np.zeros(1000, dtype=np.intp))
    assert one.rows().rows == 1000
    assert row_limit(2) == 1 << 15
    assert row_limit(50_000) == 0


def test_neighbours_are_the_same_for_any_cut():
    held, logits = several(np.random.default_rng(12), 97, 3)
    hot, scores = held.T.astype(bool), np.ascontiguousarray(logits.T)

    def sums(cuts):
        pieces = []
        for part, rows in enumerate(np.array_split(np.arange(97), cuts)):
            one = LabelNeighbours(3)
            half = rows[: len(rows) // 2], rows[len(rows) // 2 :]
            for some in half:
                span = (int(some[0] - rows[0]), int(some[-1] - rows[0]) + 1) if len(some) else (0, 0)
                one.add(part, span, hot[:, some], scores[:, some], Scale.LOGITS)
            pieces.append(one)
        whole = LabelNeighbours(3)
        for one in reversed(pieces):
            whole.merge(one)
        found = whole.whole()
        return found.pairs, found.before.tolist(), found.after.tolist(), found.own.tolist(), found.likely.tolist()

    assert sums(1) == sums(2) == sums(13)
    assert sums(1)[0] == 96


def test_beyond_two_hundred_labels_nothing_is_said():
    held, logits = several(np.random.default_rng(13), 300, 201)
    assert not NAMED & set(codes(label_frame(held, np.roll(sigmoid(logits), 1, axis=0))))


def test_tags_beside_a_list_of_scores_are_read_the_same_way():
    held, logits = several(np.random.default_rng(14), 1500, 3, linked=0.0)
    frame = pd.DataFrame({"labels": [list(map(int, np.flatnonzero(row))) for row in held],
                          "scores": list(sigmoid(logits)[:, [1, 0, 2]])})  # fmt: skip
    assert codes(frame)["XE312"] == "error"


def test_scores_that_repeat_are_no_reason_to_blame_labels():
    rng = np.random.default_rng(15)
    for _ in range(6):
        held = (rng.random((60_000, 3)) < [0.4, 0.2, 0.1]).astype(int)
        coarse = np.where(rng.random(held.shape) < 0.85, held, 1 - held) * 0.8 + 0.1
        assert not NAMED & set(codes(label_frame(held, coarse)))


def test_slips_are_named_in_files_of_which_a_sample_is_taken():
    held, logits = several(np.random.default_rng(16), 60_000, 10, linked=0.3)
    assert codes(label_frame(held, sigmoid(logits)[:, [1, 0, *range(2, 10)]]))["XE312"] == "error"
    logits[:, 4] *= -1.0
    found = next(one for one in xentcli.score(label_frame(held, sigmoid(logits))).findings if one.code == "XE313")
    assert "of 60,000 rows)" in found.message
