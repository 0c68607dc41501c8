"""Priors: what can be had without a model, from the shares of the labels alone.

Floor 4. Pure functions of a Detection; losses in nats.
"""

from math import log

from xentcli.advice.model import Priors
from xentcli.task.model import Detection, Encoding, Kind


def entropy(shares: list[float]) -> float:
    """Return -sum p log p, with 0 log 0 = 0."""
    return abs(sum(-share * log(share) for share in shares if share > 0.0))


def priors(detection: Detection) -> Priors | None:
    """Return the baselines of the labels, None where there is no classification target."""
    kind = detection.task.kind
    if kind is None:
        return None
    if kind is Kind.MULTILABEL:
        return _of_labels(detection)
    if kind is Kind.MULTIOUTPUT or detection.task.encoding is Encoding.CLASS_PROBABILITIES:
        uniform = None if kind is Kind.MULTIOUTPUT else log(len(detection.task.classes))
        return Priors(uniform, None, None, None)
    counts = [one.count for one in detection.counts]
    total = sum(counts)
    if total == 0:
        return Priors(log(len(counts)), None, None, None)
    most = max(detection.counts, key=lambda one: one.count)
    shares = [count / total for count in counts]
    return Priors(log(len(counts)), entropy(shares), most.name, most.count / total)


def _of_labels(detection: Detection) -> Priors:
    """Return the baselines of a multi-label task: the mean over labels of the Bernoulli entropies."""
    labelled = detection.rows - detection.missing_rows
    if detection.task.encoding is Encoding.LABEL_PROBABILITIES or not labelled or not detection.counts:
        return Priors(log(2.0), None, None, None)
    shares = [min(1.0, one.count / labelled) for one in detection.counts]
    return Priors(log(2.0), sum(entropy([share, 1.0 - share]) for share in shares) / len(shares), None, None)
