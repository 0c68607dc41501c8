"""Top-k accuracy, the Brier score and calibration, as views of a Tally's Quality.

Floor 5. Whatever is undefined is None.
"""

from xentcli.scoring.model import Bin
from xentcli.tally.quality import BINS, Quality

TOP = (2, 3, 5)
"""The k of top-k accuracy that are reported."""


def top_k(quality: Quality, total: float, classes: int) -> dict[str, float | None]:
    """Return the share of rows (weights) whose true class is among the k highest; None where k is all of them."""
    held = [float(one) for one in quality.rank.fractions()]
    return {f"top_{k}": sum(held[:k]) / total if k < classes and total else None for k in TOP}


def brier(quality: Quality, total: float) -> float | None:
    """Return the mean Brier score: (p - y)^2 for binary tasks, summed over the classes otherwise.

    Source: Brier (1950), Monthly Weather Review 78.
    """
    return float(quality.brier.total()) / total if total else None


def reliability(quality: Quality) -> tuple[Bin, ...]:
    """Return the reliability table: equal bins (low, high] of the score, with the share that came true in each."""
    score, right = ([float(one) for one in sums.fractions()] for sums in (quality.score, quality.right))
    rows = quality.rows.tolist()
    weight = [float(one) for one in quality.weight.fractions()] if quality.weighted else rows
    return tuple(
        Bin(
            low=at / BINS,
            high=(at + 1) / BINS,
            count=rows[at],
            mean_score=score[at] / weight[at] if weight[at] else None,
            accuracy=right[at] / weight[at] if weight[at] else None,
        )
        for at in range(BINS)
    )


def expected_calibration_error(quality: Quality, total: float) -> float | None:
    """Return the mean over rows of |share that came true - mean score| of the row's bin.

    Source: Naeini, Cooper and Hauskrecht (2015), AAAI; with the equal bins of Guo et al. (2017), ICML.
    """
    pairs = zip(quality.right.fractions(), quality.score.fractions(), strict=True)
    return float(sum(abs(right - score) for right, score in pairs)) / total if total else None
