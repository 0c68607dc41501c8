"""The metrics of a confusion matrix, for many resampled matrices at once.

Floor 5. Each takes the three margins of `scoring.rates` (rows per true class, per predicted class, on the diagonal),
as float64 arrays of shape (resamples, classes), and returns shape (resamples,): the values of the functions there,
with NaN in place of None. Nothing but `bootstrap` sees the NaN.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats
from xentcli.record import Record


class ResampledMargins(Record):
    """ResampledMargins of resampled confusion matrices, each of shape (resamples, classes)."""

    support: Floats
    predicted: Floats
    right: Floats


def balanced_accuracy(margins: ResampledMargins) -> Floats:
    """Return the mean recall over the classes that are present."""
    return _ratio(_ratio_or_0(margins.right, margins.support).sum(axis=1), np.count_nonzero(margins.support, axis=1))


def f1_macro(margins: ResampledMargins) -> Floats:
    """Return the mean F1 over the classes that are present or predicted."""
    return _ratio(_f1s(margins).sum(axis=1), np.count_nonzero(margins.support + margins.predicted, axis=1))


def f1_weighted(margins: ResampledMargins) -> Floats:
    """Return the mean F1 weighted by support."""
    return _ratio((_f1s(margins) * margins.support).sum(axis=1), margins.support.sum(axis=1))


def mcc(margins: ResampledMargins) -> Floats:
    """Return the Matthews correlation coefficient: see `rates.matthews`."""
    labels, guesses = _shares(margins.support), _shares(margins.predicted)
    of_labels, of_guesses = _impurity(labels), _impurity(guesses)
    covariance = _agreement(margins) - (labels * guesses).sum(axis=1)
    return _ratio(covariance, np.sqrt(of_labels * of_guesses))


def cohen_kappa(margins: ResampledMargins) -> Floats:
    """Return Cohen's kappa: see `rates.cohen_kappa`."""
    labels, guesses = _shares(margins.support), _shares(margins.predicted)
    chance = (labels * guesses).sum(axis=1)
    always = (np.minimum(labels, guesses) == 1.0).any(axis=1)
    return _ratio(_agreement(margins) - chance, np.where(always, 0.0, 1.0 - chance))


METRICS: dict[str, Callable[[ResampledMargins], Floats]] = {
    "balanced_accuracy": balanced_accuracy,
    "f1_macro": f1_macro,
    "f1_weighted": f1_weighted,
    "mcc": mcc,
    "cohen_kappa": cohen_kappa,
}
"""By name as in the score document."""


def _f1s(margins: ResampledMargins) -> Floats:
    return _ratio_or_0(2.0 * margins.right, margins.support + margins.predicted)


def _shares(counts: Floats) -> Floats:
    shares: Floats = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _agreement(margins: ResampledMargins) -> Floats:
    shares: Floats = margins.right.sum(axis=1) / margins.support.sum(axis=1)
    return shares


def _impurity(shares: Floats) -> Floats:
    """Return 1 - sum of squares, as a sum without differences: exactly 0 just where one class has all."""
    impurity: Floats = (shares * (1.0 - shares)).sum(axis=1)
    return impurity


def _ratio(part: Floats, whole: npt.ArrayLike) -> Floats:
    """Return part / whole, NaN where there is no whole."""
    return _divided(part, whole, np.nan)


def _ratio_or_0(part: Floats, whole: npt.ArrayLike) -> Floats:
    return _divided(part, whole, 0.0)


def _divided(part: Floats, whole: npt.ArrayLike, otherwise: float) -> Floats:
    found = np.full(part.shape, otherwise)
    divisor = np.asarray(whole)
    np.divide(part, divisor, out=found, where=divisor != 0)
    return found
