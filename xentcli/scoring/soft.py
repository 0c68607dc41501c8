"""Views of the sums that target probabilities add: the floor of the loss, and its prior.

Floor 5.
"""

from xentcli.scoring import losses
from xentcli.tally.soft import SoftSums


def target_entropy(sums: SoftSums, total: float) -> float:
    """Return the mean entropy of the targets over `total` rows (weights), the loss that no model goes below."""
    return float(sums.entropy.total()) / total


def class_prior(sums: SoftSums, total: float) -> float:
    """Return the cross-entropy of predicting the mean target for every row, which is that mean's entropy."""
    return losses.entropy([float(one) / total for one in sums.mass.fractions()])


def label_prior(sums: SoftSums, total: float) -> float:
    """Return the mean over labels of the cross-entropy of predicting each label's mean share."""
    shares = [min(float(one) / total, 1.0) for one in sums.mass.fractions()]
    return sum(losses.entropy([share, 1.0 - share]) for share in shares) / len(shares)
