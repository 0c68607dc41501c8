"""Rankings: the same rows give the same state, however they are cut, ordered and merged, exact or in bins."""

from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally import ranking
from xentcli.tally.ranking import Ranking

SCORES = st.one_of(st.floats(-5, 5), st.sampled_from([-np.inf, np.inf, 0.0, -0.0, 1e-300, 5e-324, 1.0, 1.0 + 2**-40]))
ROWS = st.lists(st.tuples(SCORES, st.booleans(), st.sampled_from([0.0, 0.1, 1.0, 3.0, 1e-20])), max_size=60)


@contextmanager
def limits(exact=1 << 20, bins=1 << 17, batch=1 << 18, slot_bits=20):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "EXACT_LIMIT", exact)
        patch.setattr(ranking, "WEIGHTED_LIMIT", exact)
        patch.setattr(ranking, "BIN_LIMIT", bins)
        patch.setattr(ranking, "BATCH", batch)
        patch.setattr(ranking, "MAX_SLOT_BITS", slot_bits)
        yield


def filled(rows, *, weighted=False, probabilities=False, step=1000, dtype=np.float64):
    found = Ranking(weighted=weighted, probabilities=probabilities)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        scores = np.array([score for score, _, _ in some], dtype=dtype)
        positive = np.array([one for _, one, _ in some], dtype=bool)
        found.add(scores, positive, np.array([weight for _, _, weight in some]) if weighted else None)
    found.settle()
    return found


def state(held):
    sides = [
        (sums.keys.tolist(), {level: digit.tolist() for level, digit in sums.digits.items()})
        for sums in (held.negative, held.positive)
    ]
    return held.shift, sides


@given(
    ROWS, st.lists(st.integers(0, 60), max_size=4), st.randoms(), st.booleans(),
    st.sampled_from([(1 << 20, 1 << 17), (30, 12), (8, 8), (4, 4)]), st.integers(1, 9), st.integers(3, 5),
)  # fmt: skip
def test_any_split_order_and_merge_give_the_same_state(rows, cuts, random, weighted, sizes, step, slot_bits):
    with limits(*sizes):
        whole = state(filled(rows, weighted=weighted))
    shuffled = list(rows)
    random.shuffle(shuffled)
    edges = [0, *sorted(cuts), len(rows)]
    with limits(*sizes, batch=16, slot_bits=slot_bits):
        pieces = [filled(shuffled[a:b], weighted=weighted, step=step) for a, b in pairwise(edges)]
        random.shuffle(pieces)
        joined = Ranking(weighted=weighted, probabilities=False)
        for piece in pieces:
            joined.merge(piece)
        assert state(joined) == whole


@given(ROWS, st.booleans())
def test_an_empty_ranking_changes_nothing(rows, weighted):
    with limits(10, 6):
        held = filled(rows, weighted=weighted)
        before = state(held)
        held.merge(Ranking(weighted=weighted, probabilities=False))
        assert state(held) == before


def test_the_limit_is_on_distinct_pairs_of_score_and_class():
    rows = [(float(at % 5), at % 2 == 0, 1.0) for at in range(100)]
    with limits(exact=10, bins=4):
        assert filled(rows).exact
        assert not filled([*rows, (5.0, True, 1.0)]).exact


def test_rows_add_up_whatever_the_bins():
    rng = np.random.default_rng(5)
    rows = [(score, bool(score > rng.random()), 0.5) for score in rng.random(5000)]
    with limits(exact=1000, bins=100):
        held = filled(rows, probabilities=True)
        weighted = filled(rows, probabilities=True, weighted=True)
    positives = sum(positive for _, positive, _ in rows)
    assert held.positive.digits[0].sum() == positives
    assert held.negative.digits[0].sum() == 5000 - positives
    assert weighted.positive.descending(weighted.positive.keys)[1][-1] == positives / 2
    for one in (held, weighted):
        assert 50 < len(one.positive.keys) + len(one.negative.keys) <= 100


def test_no_bit_more_is_dropped_than_the_bins_ask_for():
    rows = [(1.0 + at / 64, True, 1.0) for at in range(64)]
    with limits(exact=16, bins=16):
        held = filled(rows)
    assert held.shift == 48
    assert held.positive.digits[0].tolist() == [4] * 16


def test_float32_and_float64_rows_of_the_same_numbers_are_one():
    rows = [(float(np.float32(at / 7)), at % 3 == 0, 1.0) for at in range(20)]
    narrow, wide = filled(rows, dtype=np.float32), filled(rows)
    assert state(narrow) == state(wide)
    narrow.merge(wide)
    assert len(narrow.negative.keys) == 13
    assert narrow.negative.digits[0].tolist() == [2] * 13


def test_rows_without_weight_leave_no_trace():
    rows = [(0.1, True, 1.0), (0.2, True, 0.0), (0.3, False, 0.0)]
    held = filled(rows, weighted=True)
    assert len(held.positive.keys) == 1
    assert len(held.negative.keys) == 0


def test_many_rows_are_counted_as_numpy_counts_them():
    rng = np.random.default_rng(8)
    scores = np.round(rng.normal(size=300_000), 3)
    positive = rng.random(300_000) < 0.2
    held = Ranking(weighted=False, probabilities=False)
    for start in range(0, 300_000, 70_001):
        held.add(scores[start : start + 70_001], positive[start : start + 70_001], None)
    for sums, members in ((held.negative, ~positive), (held.positive, positive)):
        counts = np.unique(scores[members] + 0.0, return_counts=True)[1]
        assert np.array_equal(sums.digits[0], counts)
