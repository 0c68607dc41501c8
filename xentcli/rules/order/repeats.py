"""Repeats: sampled rows whose label and scores stand several times, and whether chance explains them.

Floor 6. Pure functions of sampled rows, which are kept or left out together where they hold the same numbers: a row
that was sampled stands there as often as in the file.

Coarse scores, trees and few neighbours repeat honestly, so that tests ask for more. None knows how scores are spread.

If the whole file stands there twice, every row does so an even number of times; of honest rows that are drawn one by
one, a number that follows Poisson's law and is not 0 is even in less than half of the cases, whatever its mean.

If some rows stand there twice, there are pairs, but hardly triples, which rows that meet by chance would form: the
number of pairs P among n rows bounds that of triples from below by 2 P^2 / (3 n), since (sum q^2)^2 <= sum q^3 for any
probabilities q (Cauchy and Schwarz). And copies have the same label: rows that have the same scores by chance differ in
it as often as rows of that confidence are wrong.
"""

from math import log

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Integers, Mask
from xentcli.record import Record
from xentcli.rules.chance import LOG_LEVEL, log_tail
from xentcli.rules.metrics.temperature import chances
from xentcli.tally.plan import Plan
from xentcli.tally.traps.sample import Hashes, SampledRows
from xentcli.terms import Kind

MOST_TIMES = 10
"""A file that was put together from more copies of itself is found to be one of a divisor."""

_FEW_TIMES, _MULTIPLES = 4, 1.3
"""Of counts that follow Poisson's law and are not 0, up to 1 / m are multiples of m up to 4, and less than 1.3 / m of m
up to 10, whatever their mean."""

_NEARLY_ALL = 0.98

_LEAST_COPIES, _LEAST_SHARE = 3, 0.01
"""Fewer copies widen no interval by more than half a per cent."""

_LOG_CHANCE = log(1e-4)

_FEW = 0.5
"""Copies leave hardly any triples and other labels; honest rows may leave somewhat fewer than rates of few rows say."""

_SURE = 0.95
"""Rows of this confidence may be many that are the same, and hide the others."""

_BINS = 10

_MIX = np.uint64(0x9E3779B97F4A7C15)


class Repeats(Record):
    """Rows that stand several times.

    Attributes:
        times: how often the whole file stands there; None where some rows repeat.
        copies: rows beyond the first of their kind.
        rows: how many rows were looked at.
        clusters: the mean of the squared number of times over the mean: what repeating does to a variance.
    """

    times: int | None
    copies: int
    rows: int
    clusters: float


def counted_exactly(found: Repeats, sample: SampledRows, hashed: Hashes) -> Repeats:
    """Return what repeats among all rows, where their hashes tell sampled rows apart as their numbers do."""
    if len(np.unique(sample.hashed)) != found.rows - found.copies:
        return found
    _, counts = np.unique(hashed, return_counts=True)
    rows = len(hashed)
    return Repeats(found.times, rows - len(counts), rows, float(np.square(counts).sum()) / rows)


def repeats(sample: SampledRows, plan: Plan, *, all_rows: bool) -> Repeats | None:
    """Return what repeats among sampled rows beyond chance; None for nothing.

    Args:
        sample: the rows.
        plan: how they were read.
        all_rows: whether these are all rows; else rows with the same scores and other labels may have been left out.
    """
    scored = _keys(sample.scores)
    keys = _with_truth(scored, sample.truth)
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    copies = sample.rows - len(counts)
    if copies < max(_LEAST_COPIES, _LEAST_SHARE * sample.rows):
        return None
    found = Repeats(_times(counts), copies, sample.rows, float(np.square(counts).sum()) / sample.rows)
    if found.times is not None:
        return found
    unsure = _confidence(sample, plan) < _SURE
    tests = (np.ones(sample.rows, dtype=np.bool_), unsure)
    rates = _wrong(sample, plan, counts[inverse] == 1) if all_rows else None
    few = any(_log_chance(counts, first, scored, rates, among) < _LOG_CHANCE for among in tests)
    return found if few else None


def _keys(scores: npt.NDArray[np.floating]) -> Hashes:
    """Return a number of 64 bits for the scores of each row; rows with other scores have another one."""
    found = np.zeros(scores.shape[1], dtype=np.uint64)
    for one in scores:
        found = _mixed(found, (one.astype(np.float64) + 0.0).view(np.uint64))  # -0.0 is 0.0
    return found


def _mixed(keys: Hashes, bits: Hashes) -> Hashes:
    mixed = (keys ^ bits) * _MIX
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def _with_truth(keys: Hashes, truth: npt.NDArray[np.generic]) -> Hashes:
    for one in np.atleast_2d(truth):
        keys = _mixed(keys, one.astype(np.uint64))
    return keys


def _times(counts: Integers) -> int | None:
    """Return how often everything stands there: the largest number that divides nearly all counts, beyond chance."""
    for times in range(MOST_TIMES, 1, -1):
        share = (1.0 if times <= _FEW_TIMES else _MULTIPLES) / times
        divided = int(np.count_nonzero(counts % times == 0))
        if divided >= _NEARLY_ALL * len(counts) and log_tail(divided, len(counts), share) < LOG_LEVEL:
            return times
    return None


def _log_chance(counts: Integers, first: Integers, scored: Hashes, rates: Floats | None, among: Mask) -> float:
    """Return a bound of the log probability that so few triples, and pairs with other labels, are there by chance.

    Args:
        counts: shape (d,), how often each distinct row stands there.
        first: shape (d,), the first of each.
        scored: shape (n,), keys of the scores alone.
        rates: shape (n,), how often another row with the same scores has another label; None where not known.
        among: shape (n,), the rows that are looked at, chosen by their scores.
    """
    held = among[first]
    times, at = counts[held].astype(np.float64), first[held]
    rows, pairs = float(times.sum()), times * (times - 1.0) / 2.0
    total = float(pairs.sum())
    if total < _LEAST_COPIES:
        return 0.0
    expected = 2.0 * total * total / (3.0 * rows)
    seen = float((pairs * (times - 2.0)).sum()) / 3.0
    if rates is not None:
        rate = np.minimum(rates[at], 0.5)
        expected += float((pairs * rate / (1.0 - rate)).sum())
        _, same = np.unique(scored[among], return_counts=True)
        seen += float((same * (same - 1.0) / 2.0).sum()) - total
    return _log_at_most(seen, expected)


def _log_at_most(seen: float, expected: float) -> float:
    """Return an upper bound of the log probability of so few events of a Poisson law (Chernoff 1952)."""
    if seen >= _FEW * expected:
        return 0.0
    return seen - expected - (seen * log(seen / expected) if seen else 0.0)


def _confidence(sample: SampledRows, plan: Plan) -> Floats:
    """Return the probability of the top class, or the least sure decision on a label."""
    chance = chances(sample, plan)
    if plan.kind is Kind.MULTILABEL:
        return np.asarray(np.maximum(chance, 1.0 - chance).min(axis=0))
    return np.asarray(chance.max(axis=0))


def _wrong(sample: SampledRows, plan: Plan, single: Mask) -> Floats | None:
    """Return, for each row, how often rows of its confidence that stand alone have another label than this one.

    For a row that is right that is the share of wrong rows; for a wrong one at least that of right rows.
    """
    if plan.kind is Kind.MULTILABEL:
        return None
    chance = chances(sample, plan)
    top = chance.argmax(axis=0)
    right = top == sample.truth
    at = np.minimum((chance.max(axis=0) * _BINS).astype(np.intp), _BINS - 1)
    rows = np.bincount(at[single], minlength=_BINS)
    wrong = np.bincount(at[single & ~right], minlength=_BINS)
    least = np.maximum(wrong - 2.0 * np.sqrt(wrong), 0.0)  # few rows may be wrong more often than others by chance
    rate = np.divide(least, rows, out=np.zeros(_BINS), where=rows > 0)[at]
    return np.where(right, rate, np.where(rate > 0.0, 1.0 - rate, 0.0))
