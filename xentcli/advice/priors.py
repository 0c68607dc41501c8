"""Priors: what can be had without a model, from the shares of the labels alone.

Floor 4. Pure functions of a Detection; losses in nats.
"""

from collections.abc import Sequence
from math import log

from xentcli.advice.model import Priors
from xentcli.task.model import Detection, Kind

NOTHING = Priors(None, None, None, None)


def entropy(shares: Sequence[float]) -> float:
    """Return -sum p log p, with 0 log 0 = 0."""
    return abs(sum(-share * log(share) for share in shares if share > 0.0))


def priors(detection: Detection) -> Priors | None:
    """Return the baselines of the labels, None where there is no classification target."""
    kind = detection.task.kind
    if kind is None:
        return None
    if kind is Kind.MULTIOUTPUT:
        return _of_outputs(detection)
    if kind is Kind.MULTILABEL:
        return _of_labels(detection)
    uniform = log(max(1, len(detection.task.classes)))
    if detection.soft is not None:
        return Priors(uniform, entropy(detection.soft.shares), None, None)
    counts = [one.count for one in detection.counts]
    total = sum(counts)
    if total == 0:
        return Priors(uniform, None, None, None)
    most = max(detection.counts, key=lambda one: one.count)
    return Priors(uniform, entropy([count / total for count in counts]), most.name, most.count / total)


def _of_outputs(detection: Detection) -> Priors:
    """Return the baselines of several outputs: the sums of theirs."""
    found = [priors(one) or NOTHING for one in detection.outputs]
    uniform = [one.uniform_loss for one in found if one.uniform_loss is not None]
    prior = [one.prior_loss for one in found if one.prior_loss is not None]
    whole = len(found) > 0
    return Priors(
        sum(uniform) if whole and len(uniform) == len(found) else None,
        sum(prior) if whole and len(prior) == len(found) else None,
        None,
        None,
    )


def _of_labels(detection: Detection) -> Priors:
    """Return the baselines of a multi-label task: the mean over labels of the Bernoulli entropies."""
    if detection.soft is not None:
        shares = list(detection.soft.shares)
    else:
        labelled = detection.rows - detection.missing_rows
        known = [labelled if one.known is None else one.known for one in detection.counts]
        shares = [one.count / rows for one, rows in zip(detection.counts, known, strict=True) if rows]
    if not shares:
        return Priors(log(2.0), None, None, None)
    return Priors(log(2.0), sum(entropy([share, 1.0 - share]) for share in shares) / len(shares), None, None)
