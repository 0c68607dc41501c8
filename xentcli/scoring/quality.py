"""Top-k accuracy, the Brier score and calibration, as views of a Tally's Quality.

Floor 5. Whatever is undefined is None.
"""

from collections.abc import Callable
from fractions import Fraction

from xentcli.scoring.intervals import wilson
from xentcli.scoring.model import Bin, LossBin
from xentcli.tally.quality import BINS, EDGES, RANKS, LossHistogram, Quality


def _totals(quality: Quality, size: int, key: Callable[[int, int, int], int]) -> list[Fraction]:
    """Return rows (weights) by a key of their bin, rank and whether the tested class came true."""
    cells = [Fraction(rows) for rows in quality.counts.ravel().tolist()]
    if quality.weights is not None:
        cells = quality.weights.fractions()
    found = [Fraction(0)] * size
    for at, held in enumerate(cells):
        if held:
            found[key(at // (2 * (RANKS + 1)), at // 2 % (RANKS + 1), at % 2)] += held
    return found


def top_k(quality: Quality, total: float, classes: int, k: int) -> float | None:
    """Return the share of rows (weights) whose true class is among the k highest; None where k is all of them."""
    if k >= classes or not total:
        return None
    return float(sum(_totals(quality, RANKS + 1, lambda _bin, rank, _came_true: rank)[:k])) / total


def brier(quality: Quality, total: float) -> float | None:
    """Return the mean Brier score: (p - y)^2 for binary tasks, summed over the classes otherwise.

    Source: Brier (1950), Monthly Weather Review 78.
    """
    return float(quality.brier.total()) / total if total else None


def _came_true(quality: Quality) -> list[Fraction]:
    by_outcome = _totals(quality, 2 * BINS, lambda at, _rank, came_true: 2 * at + came_true)
    return by_outcome[1::2]


def reliability(quality: Quality, confidence_level: float) -> tuple[Bin, ...]:
    """Return the reliability table: equal bins (low, high] of the score, with the share that came true in each.

    The shares of counted rows have an interval, those of weights none.
    """
    score, right = quality.score.fractions(), _came_true(quality)
    rows = quality.counts.sum(axis=(1, 2)).tolist()
    weight = _totals(quality, BINS, lambda at, _rank, _came_true: at)
    return tuple(
        Bin(
            low=at / BINS,
            high=(at + 1) / BINS,
            count=rows[at],
            mean_score=float(score[at] / weight[at]) if weight[at] else None,
            accuracy=float(right[at] / weight[at]) if weight[at] else None,
            interval=wilson(int(right[at]), rows[at], confidence_level) if quality.weights is None else None,
        )
        for at in range(BINS)
    )


def loss_bins(histogram: LossHistogram) -> tuple[LossBin, ...]:
    """Return the rows by loss; nothing where there are none."""
    bins = zip((0.0, *EDGES), (*EDGES, None), histogram.counts(), strict=True)
    return tuple(LossBin(low, high, count) for low, high, count in bins) if histogram.rows else ()


def expected_calibration_error(quality: Quality, total: float) -> float | None:
    """Return the mean over rows of |share that came true - mean score| of the row's bin.

    Source: Naeini, Cooper and Hauskrecht (2015), AAAI; with the equal bins of Guo et al. (2017), ICML.
    """
    pairs = zip(_came_true(quality), quality.score.fractions(), strict=True)
    return float(sum(abs(right - score) for right, score in pairs)) / total if total else None
