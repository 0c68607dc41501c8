"""TrapFacts are the same however the rows were cut and joined; Grain and Shifts by themselves."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally.traps.shifts import Shifts
from xentcli.tally.traps.undone import Undone, without_softmax
from xentcli.tally.traps.values import Grain, Values
from xentcli.tally.traps.walk import walk

PARTS = st.lists(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2)), max_size=6), min_size=1, max_size=5)
"""Parts of rows (label, prediction); a row with label -1 is not scored."""


def added(shifts, part, start, rows):
    scored = np.array([row[0] >= 0 for row in rows], dtype=bool)
    kept = np.array(rows, dtype=np.intp).reshape(-1, 2)[scored]
    shifts.add(part, (start, start + len(rows)), kept[:, 0], kept[:, 1], start + np.flatnonzero(scored))
    return shifts


def in_any_order(parts, random, step):
    pieces = [
        added(Shifts(3), part, start, rows[start : start + step])
        for part, rows in enumerate(parts)
        for start in range(0, len(rows), step)
    ]
    random.shuffle(pieces)
    joined = Shifts(3)
    for piece in pieces:
        joined.merge(piece)
    return joined


@given(PARTS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_neighbours_are_counted_whatever_the_cuts_and_the_order_of_merging(parts, random, step):
    scored = [row for rows in parts for row in rows if row[0] >= 0]
    pairs = list(pairwise(scored))
    found = in_any_order(parts, random, step).whole()
    assert found.pairs == len(pairs)
    assert found.before.whole.shifted == sum(right[1] == left[0] for left, right in pairs)
    assert found.after.whole.shifted == sum(left[1] == right[0] for left, right in pairs)


@given(PARTS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_row_from_which_shifted_labels_fit_is_found_whatever_the_cuts(parts, random, step):
    found = in_any_order(parts, random, step).whole()
    rows = [(part, at, *row) for part, rows in enumerate(parts) for at, row in enumerate(rows) if row[0] >= 0]
    for one, mine, other in ((found.before, 1, 0), (found.after, 0, 1)):
        heights = [0]
        for pair in pairwise(rows):
            own = pair[mine][3] == pair[mine][2]
            heights.append(heights[-1] + (pair[mine][3] == pair[other][2]) - own)
        lowest = heights.index(min(heights))
        assert (one.whole.height, one.fall.height, one.fall.pairs) == (heights[-1], heights[lowest], lowest)
        assert one.turn == (rows[lowest][:2] if lowest else None)


def test_a_walk_of_many_steps_is_lowest_where_all_its_steps_say():
    rng = np.random.default_rng(0)
    for rows in (1, 63, 64, 65, 500, 5000):
        for shares in ((0.5, 0.5), (0.1, 0.1), (0.0, 0.0), (0.3, 0.4), (0.4, 0.3)):
            down, up = (rng.random(rows) < share for share in shares)
            lowest = int(np.concatenate([[0], np.cumsum(up.astype(int) - down)]).argmin())
            assert walk(down, up, 0, range(rows)).fall.pairs == lowest


def test_rows_are_kept_in_their_order_while_they_are_few(monkeypatch):
    shifts = Shifts(3)
    for part, start, rows in ((1, 0, [(2, 0)]), (0, 2, [(1, 1), (-1, 0)]), (0, 0, [(0, 1), (1, 2)])):
        shifts.merge(added(Shifts(3), part, start, rows))
    labels, predicted = shifts.in_order({0: 4, 1: 1})
    assert (labels.tolist(), predicted.tolist()) == ([0, 1, 1, -1, 2], [1, 2, 1, -2, 0])
    monkeypatch.setattr("xentcli.tally.traps.kept_rows.MOST_ROWS", 4)
    shifts.merge(added(Shifts(3), 2, 0, [(1, 1)]))
    assert shifts.in_order({0: 4, 1: 1, 2: 1}) is None


def test_runs_that_meet_are_one():
    shifts = added(added(Shifts(3), 0, 4, [(1, 1)] * 3), 0, 0, [(-1, 0)] * 4)
    shifts.look()
    assert [(run.start, run.stop) for run in shifts.runs] == [(0, 7)]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize(("grain", "digits"), [(Grain.ONE_DECIMAL, 1), (Grain.THREE_DECIMALS, 3)])
def test_a_grain_holds_what_rounding_gave_and_nothing_finer(kind, grain, digits):
    values = np.random.default_rng(1).random(500)
    assert grain.holds(np.round(values, digits).astype(kind))
    assert not grain.holds(np.round(values, digits + 1).astype(kind))
    assert not Grain.BFLOAT16.holds(values.astype(kind))


def filled(blocks):
    values = Values(probabilities=True)
    for block in blocks:
        values.add(block, block.min(axis=0), block.max(axis=0))
    return values


@given(st.integers(0, 2**32 - 1), st.sampled_from(["same", "hard", "rounded", "any"]), st.integers(1, 30))
def test_what_all_values_share_depends_on_no_cut(seed, form, cut):
    rng = np.random.default_rng(seed)
    first = rng.dirichlet(np.ones(4))
    scores = {
        "same": np.repeat(first[:, None], 31, axis=1),
        "hard": np.eye(4)[rng.integers(0, 4, 31)].T,
        "rounded": np.round(rng.dirichlet(np.ones(4), 31).T, 2),
        "any": np.column_stack((np.repeat(first[:, None], 30, axis=1), first[::-1])),
    }[form]
    parts = filled([scores[:, :cut]]), filled([scores[:, cut:]])
    for one, other in (parts, parts[::-1]):
        joined = filled([])
        joined.merge(one)
        joined.merge(other)
        whole = filled([scores])
        assert (joined.constant, joined.hard, joined.grains, joined.inner) == (
            whole.constant, whole.hard, whole.grains, whole.inner,
        )  # fmt: skip


def test_one_softmax_less_gives_the_probabilities_back():
    odds = np.exp(np.random.default_rng(3).normal(size=(5, 40)))
    once = odds / odds.sum(axis=0)
    twice = np.exp(once) / np.exp(once).sum(axis=0)
    found = without_softmax(twice, twice.min(axis=0), twice[2], np.ones(40, dtype=np.bool_), 1e-9)
    np.testing.assert_allclose(found.least, once.min(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.loss, -np.log(once[2]), rtol=1e-9)


def test_a_suspicion_that_ended_leaves_no_trace():
    ended, alive = Undone(3), Undone(3)
    assert not ended.may(0.0, 0.5)
    alive.right = 7
    alive.merge(ended)
    assert (alive.alive, alive.right) == (False, 0)


@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 4, 6, None]), st.integers(1, 39))
def test_walls_are_the_same_whatever_the_cut(seed, digits, cut):
    once = np.random.default_rng(seed).dirichlet(np.full(12, 0.1), 40).T
    twice = np.exp(once) / np.exp(once).sum(axis=0)
    twice = twice if digits is None else np.round(twice, digits)

    def filled(scores):
        undone = Undone(12)
        low = scores.min(axis=0)
        held = without_softmax(scores, low, scores[2], np.ones(scores.shape[1], dtype=np.bool_), undone.walls.loosest)
        undone.add(low, held, np.ones(scores.shape[1]))
        return undone

    whole = filled(twice)
    assert whole.walls.stands
    for first, second in (
        (twice[:, :cut], twice[:, cut:]),
        (twice[:, cut:], twice[:, :cut]),
    ):
        joined = filled(first)
        joined.merge(filled(second))
        found, expected = joined.walls.wall, whole.walls.wall
        assert (found.slack, found.near, found.close) == (expected.slack, expected.near, expected.close)
        assert (found.first, found.last, joined.walls.least) == (expected.first, expected.last, whole.walls.least)
        assert found.then.total() == expected.then.total()


def test_an_activation_is_suspected_while_a_rounding_that_scores_show_explains_what_is_beyond_the_wall():
    once = np.random.default_rng(1).dirichlet(np.full(30, 0.1), 400).T
    twice = np.round(np.exp(once) / np.exp(once).sum(axis=0), 4)
    for scores, stands in ((twice, True), (twice * (1.0 + 1e-9), False)):
        undone, low = Undone(30), scores.min(axis=0)
        held = without_softmax(scores, low, scores[2], np.ones(400, dtype=np.bool_), undone.walls.loosest)
        undone.add(low, held, np.ones(400))
        assert (undone.alive and undone.walls.stands) is stands
