"""Joint counts of two models' scores: the same whatever the cuts, the order and the threads, and bounded."""

from contextlib import contextmanager
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally.pairing import sums
from xentcli.tally.pairing.sums import JointRanks, coarsened, fewest_bits, tabulated
from xentcli.tally.sums_by_key import folded_keys, ordered_keys


@contextmanager
def limits(cells, batch):
    with mock.patch.multiple(sums, CELL_LIMIT=cells, _BATCH=batch):
        yield


def joint(parts):
    found = JointRanks()
    for a, b, positive in parts:
        found.add(a, b, positive)
    return found


def listed(held):
    return held.shift, held.same, [[column.tolist() for column in side] for side in held.sides]


def keys_of(seed, rows, keys=folded_keys):
    rng = np.random.default_rng(seed)
    a = rng.random(rows)
    scores = (a, np.clip(a + 0.1 * rng.normal(size=rows), 0, 1))
    if keys is ordered_keys:
        scores = tuple(8.0 * one - 4.0 for one in scores)
    return (*(keys(one) for one in scores), rng.random(rows) < 0.3)


def test_few_scores_are_counted_one_by_one():
    a, b = folded_keys(np.array([0.1, 0.1, 0.9, 0.1])), folded_keys(np.array([0.2, 0.2, 0.9, 0.3]))
    held = joint([(a, b, np.array([True, True, False, True]))])
    negative, positive = held.sides
    assert (held.shift, held.same) == (0, 1)
    assert (negative.rows.tolist(), positive.rows.tolist()) == ([1], [2, 1])
    assert positive.a.tolist() == [a[0], a[0]]
    assert positive.b.tolist() == [b[0], b[3]]


@pytest.mark.parametrize("keys", [folded_keys, ordered_keys])
@pytest.mark.parametrize(("cells", "batch"), [(1 << 17, 50), (300, 50), (64, 7), (8, 1000), (8, 3)])
def test_neither_cuts_nor_order_nor_threads_show_in_the_counts(cells, batch, keys):
    a, b, positive = keys_of(1, 1000, keys)
    order = np.random.default_rng(2).permutation(1000)
    with limits(cells, batch):
        whole = joint([(a, b, positive)])
        assert sum(len(one.rows) for one in whole.sides) <= cells
        assert sum(int(one.rows.sum()) for one in whole.sides) == 1000
        cut = joint([(a[at], b[at], positive[at]) for at in np.array_split(order, 13)])
        one, other = (joint([(a[at], b[at], positive[at])]) for at in (order[:170], order[170:]))
        one.merge(other)
        none = JointRanks()
        none.merge(whole)
    assert listed(whole) == listed(cut) == listed(one) == listed(none)


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40), st.booleans()), max_size=60), st.integers(1, 59))
def test_any_split_gives_the_same_counts(rows, at):
    a, b = (np.array([row[side] for row in rows], dtype=np.int64) << 40 for side in (0, 1))
    positive = np.array([row[2] for row in rows], dtype=np.bool_)
    with limits(8, 5):
        whole = joint([(a, b, positive)])
        first, second = joint([(a[:at], b[:at], positive[:at])]), joint([(a[at:], b[at:], positive[at:])])
        first.merge(second)
        assert listed(first) == listed(whole)


def test_as_few_bits_are_ignored_as_the_limit_asks_for():
    a, b, positive = keys_of(3, 2000)
    sides = tuple(tabulated(a[at], b[at], None, 0) for at in (~positive, positive))
    bits = fewest_bits(sides, 0, 100)
    assert sum(len(coarsened(one, 0, bits).rows) for one in sides) <= 100
    assert sum(len(coarsened(one, 0, bits - 1).rows) for one in sides) > 100


@pytest.mark.parametrize("shift", [34, 40, 63])
def test_packed_keys_sort_as_two_columns_do(shift):
    rng = np.random.default_rng(4)
    a, b = (rng.integers(-(1 << 63), (1 << 63) - 1, 500) >> shift for _ in range(2))
    found = tabulated(a, b, None, shift)
    pairs, counts = np.unique(np.column_stack([a, b]), axis=0, return_counts=True)
    assert np.array_equal(np.column_stack([found.a, found.b]), pairs)
    assert found.rows.tolist() == counts.tolist()
    again = tabulated(found.a[::-1], found.b[::-1], found.rows[::-1], shift)
    assert all(np.array_equal(one, other) for one, other in zip(found, again, strict=True))
