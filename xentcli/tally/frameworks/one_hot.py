"""Binary cross-entropy on one-hot rows, the loss behind the element-wise accuracy of old Keras.

Floor 4. The sum over the other classes of -log(1 - p) is one logarithm of a product, so that a row costs one
logarithm and not one a class. Factors are float32, as in Keras, and at least 2^-23.3: five of them multiply in
float32, forty in float64, before a logarithm must be taken.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from xentcli.tally.frameworks.rules import EPSILON_32, TOP_32
from xentcli.tally.kernels import true_scores

Floats = npt.NDArray[np.float64]
Narrow = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
AnyFloats = npt.NDArray[np.floating]

_ONE = np.float32(1.0)
_LOW, _TOP = np.float32(EPSILON_32), np.float32(TOP_32)
_NARROW, _WIDE, _HALVINGS = 5, 40, 5


def keras_one_hot(scores: AnyFloats, labels: Indices, *, class_major: bool) -> Floats:
    """Return the mean over the classes of Keras' binary cross-entropy, shape (n,).

    Args:
        scores: shape (classes, n) if class-major, else (n, classes); taken as float32, clipped to [1e-7, 1 - 1e-7].
        labels: shape (n,), true classes.
        class_major: how the scores are laid out.
    """
    true = np.clip(true_scores(scores, labels, class_major=class_major).astype(np.float32), _LOW, _TOP)
    # Every class enters the product as if its label were 0; the true class's factor is exchanged.
    exchanged = true.astype(np.float64) / (_ONE - true)
    classes = scores.shape[0] if class_major else scores.shape[1]
    multiply = _class_major if class_major else _row_major
    mean: Floats = multiply(scores, _complement, exchanged) / classes
    return mean


def minus_log_sum(scores: AnyFloats, *, class_major: bool) -> Floats:
    """Return the sum over the classes of -log p, p clipped to [1e-7, 1 - 1e-7] in float32, shape (n,)."""
    multiply = _class_major if class_major else _row_major
    return multiply(scores, _clip, np.ones(scores.shape[1] if class_major else scores.shape[0]))


def _clip(scores: AnyFloats) -> Narrow:
    narrow = scores.astype(np.float32)
    np.maximum(narrow, _LOW, out=narrow)
    return np.minimum(narrow, _TOP, out=narrow)


def _complement(scores: AnyFloats) -> Narrow:
    clipped = _clip(scores)
    return np.subtract(_ONE, clipped, out=clipped)


def _class_major(scores: AnyFloats, factor: Callable[[AnyFloats], Narrow], product: Floats) -> Floats:
    """Return -log of the product of all factors of a row and of what `product` holds, shape (n,)."""
    total: Floats | None = None
    for start in range(0, len(scores), _NARROW):
        if start and start % _WIDE == 0:
            logs = np.log(product)
            total = -logs if total is None else total - logs
            product = np.ones_like(product)
        few = factor(scores[start])
        for row in scores[start + 1 : start + _NARROW]:
            np.multiply(few, factor(row), out=few)
        np.multiply(product, few, out=product)
    logs = np.log(product)
    return -logs if total is None else total - logs


def _row_major(scores: AnyFloats, factor: Callable[[AnyFloats], Narrow], product: Floats) -> Floats:
    """Return the same for row-major scores: 32 factors are multiplied by halving, then each row is added up."""
    rows, classes = scores.shape
    wide = -(-classes // (1 << _HALVINGS))
    padded = np.ones((rows, (1 << _HALVINGS) * wide), dtype=np.float32)
    padded[:, :classes] = factor(scores)
    few: AnyFloats = padded.reshape(rows, 1 << _HALVINGS, wide)
    for halving in range(_HALVINGS):
        half = few.shape[1] // 2
        few = few[:, :half] * few[:, half:]
        if halving == 1:
            few = few.astype(np.float64)
    logs: Floats = np.log(few[:, 0]).sum(axis=1)
    return -logs - np.log(product)
