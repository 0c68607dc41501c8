"""Views of the sums that target probabilities add: the floor of the loss, and its prior.

Floor 5.
"""

from collections.abc import Sequence
from fractions import Fraction

from xentcli.scoring import losses
from xentcli.tally.soft import SoftSums


def target_entropy(sums: SoftSums, total: float, weights: Sequence[Fraction] | None = None) -> float:
    """Return the mean entropy of the targets, the loss that no model goes below.

    Args:
        sums: of at least one row.
        total: the weight of all rows.
        weights: what the rows of each most probable class count; None where all count 1.
    """
    if weights is None:
        return float(sums.entropy.total()) / total
    held = zip(weights, sums.entropy.fractions(), strict=True)
    return float(sum((weight * one for weight, one in held), Fraction(0))) / total


def class_prior(sums: SoftSums, total: float, focal_gamma: float = 0.0) -> float:
    """Return the loss of predicting the mean target for every row.

    The loss is linear in the target, so the mean target tells all: without a focal factor it is its entropy.
    """
    return losses.prior_loss([float(one) / total for one in sums.mass.fractions()], 0.0, focal_gamma)


def label_prior(sums: SoftSums, total: float, focal_gamma: float = 0.0) -> float:
    """Return the mean over labels of the loss of predicting each label's mean share."""
    shares = [min(float(one) / total, 1.0) for one in sums.mass.fractions()]
    return sum(losses.prior_loss([share, 1.0 - share], 0.0, focal_gamma) for share in shares) / len(shares)
