"""TrapFacts are the same however the rows were cut and joined; Grain and Shifts by themselves."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally.traps.shifts import Shifts
from xentcli.tally.traps.undone import Undone, without_softmax
from xentcli.tally.traps.values import Grain, Values

PARTS = st.lists(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2)), max_size=6), min_size=1, max_size=5)
"""Parts of rows (label, prediction); a row with label -1 is not scored."""


def added(shifts, part, start, rows):
    kept = np.array([row for row in rows if row[0] >= 0], dtype=np.intp).reshape(-1, 2)
    shifts.add(part, (start, start + len(rows)), kept[:, 0], kept[:, 1])
    return shifts


@given(PARTS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_neighbours_are_counted_whatever_the_cuts_and_the_order_of_merging(parts, random, step):
    pieces = [
        added(Shifts(), part, start, rows[start : start + step])
        for part, rows in enumerate(parts)
        for start in range(0, len(rows), step)
    ]
    random.shuffle(pieces)
    joined = Shifts()
    for piece in pieces:
        joined.merge(piece)
    scored = [row for rows in parts for row in rows if row[0] >= 0]
    pairs = list(pairwise(scored))
    found = joined.whole()
    assert found.pairs == len(pairs)
    assert found.before == sum(right[1] == left[0] for left, right in pairs)
    assert found.after == sum(left[1] == right[0] for left, right in pairs)


def test_runs_that_meet_are_one():
    shifts = added(added(Shifts(), 0, 4, [(1, 1)] * 3), 0, 0, [(-1, 0)] * 4)
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
    found = without_softmax(twice, twice.min(axis=0), twice[2], np.ones(40, dtype=np.bool_))
    np.testing.assert_allclose(found.least, once.min(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.loss, -np.log(once[2]), rtol=1e-9)


def test_a_suspicion_that_ended_leaves_no_trace():
    ended, alive = Undone(3), Undone(3)
    assert not ended.may(0.0, 0.5)
    alive.near = 7
    alive.merge(ended)
    assert (alive.alive, alive.near) == (False, 0)
