"""The rows that are kept of a pass: the same rows in the same order, however they came."""

import numpy as np

from xentcli.tally.traps.sample import RowSample


def kept(hashed, scores, truth, order, cut):
    """Return the rows kept of some rows in an order, added in two pieces."""
    sample = RowSample(limit=len(hashed))
    for piece in (order[:cut], order[cut:]):
        sample.add(hashed[piece], scores[:, piece], truth[piece])
    return sample.rows()


def test_rows_of_one_hash_stand_in_the_same_order_however_they_came():
    rng = np.random.default_rng(0)
    scores = np.stack([rng.permutation([0.1, 0.2, 0.7]) for _ in range(40)], axis=1)
    truth, hashed = rng.integers(0, 3, 40), np.zeros(40, dtype=np.uint64)
    plain = kept(hashed, scores, truth, np.arange(40), 40)
    for cut in (1, 17, 39):
        other = kept(hashed, scores, truth, rng.permutation(40), cut)
        assert np.array_equal(other.scores, plain.scores)
        assert np.array_equal(other.truth, plain.truth)
