"""The assignment of columns to classes: as good as the best of all, and as near to the present one as that allows."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xentcli.rules.order.misorder import best_assignment


@given(st.integers(1, 6), st.integers(0, 2**32 - 1), st.sampled_from([2, 9, 10**12]))
def test_no_permutation_agrees_more_often(size, seed, most):
    counts = np.random.default_rng(seed).integers(0, most, (size, size))
    found = best_assignment(counts)
    best = max(sum(int(counts[at, columns[at]]) for at in range(size)) for columns in permutations(range(size)))
    assert sorted(found.tolist()) == list(range(size))
    assert int(counts[np.arange(size), found].sum()) == best


def test_classes_that_gain_nothing_stay():
    assert best_assignment(np.ones((5, 5), dtype=np.int64)).tolist() == [0, 1, 2, 3, 4]
    assert best_assignment(np.array([[0, 9, 0], [9, 0, 0], [0, 0, 0]])).tolist() == [1, 0, 2]
