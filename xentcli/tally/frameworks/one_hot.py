"""Binary cross-entropy on one-hot rows, the loss behind the element-wise accuracy of old Keras.

Floor 4. The sum over the other classes of -log(1 - p) is one logarithm of a product, so that a row costs one
logarithm and not one a class. Factors are float32, as in Keras, and at least 2^-23.3: five of them multiply in
float32, forty in float64, before a logarithm must be taken.
"""

from collections.abc import Callable

import numpy as np

from xentcli.arrays import AnyFloats, Floats, NarrowFloats
from xentcli.tally.frameworks.sums import EPSILON_32, TOP_32

_ONE = np.float32(1.0)
_LOW, _TOP = np.float32(EPSILON_32), np.float32(TOP_32)
_NARROW, _WIDE = 5, 40
_HALVINGS, _HALVINGS_32 = 5, 2


def keras_one_hot(scores: AnyFloats, true: NarrowFloats, *, class_major: bool) -> Floats:
    """Return the mean over the classes of Keras' binary cross-entropy, shape (n,).

    Args:
        scores: shape (classes, n) if class-major, else (n, classes); taken as float32, clipped to [1e-7, 1 - 1e-7].
        true: shape (n,), the true classes' scores.
        class_major: how the scores are laid out.
    """
    clipped = np.clip(true, _LOW, _TOP)
    # Every class enters the product as if its label were 0; the true class's factor is exchanged.
    exchanged = clipped.astype(np.float64) / (_ONE - clipped)
    classes = scores.shape[0] if class_major else scores.shape[1]
    multiply = _class_major if class_major else _row_major
    mean: Floats = multiply(scores, _complement, exchanged)
    mean /= classes
    return mean


def minus_log_sum(scores: AnyFloats, *, class_major: bool) -> Floats:
    """Return the sum over the classes of -log p, p clipped to [1e-7, 1 - 1e-7] in float32, shape (n,)."""
    multiply = _class_major if class_major else _row_major
    return multiply(scores, _clip, np.ones(scores.shape[1] if class_major else scores.shape[0]))


def _clip(scores: AnyFloats, low: NarrowFloats, top: NarrowFloats, out: NarrowFloats) -> None:
    # Bounds are arrays: numpy's maximum is three times slower with a scalar.
    np.maximum(scores, low, out=out, casting="same_kind")
    np.minimum(out, top, out=out)


def _complement(scores: AnyFloats, low: NarrowFloats, top: NarrowFloats, out: NarrowFloats) -> None:
    np.subtract(_ONE, scores, out=out, casting="same_kind")
    np.maximum(out, low, out=out)
    np.minimum(out, top, out=out)


_Factor = Callable[[AnyFloats, NarrowFloats, NarrowFloats, NarrowFloats], None]


def _bounds(factor: _Factor, size: int) -> tuple[NarrowFloats, NarrowFloats]:
    low, top = (_LOW, _TOP) if factor is _clip else (_ONE - _TOP, _ONE - _LOW)
    return np.full(size, low), np.full(size, top)


def _class_major(scores: AnyFloats, factor: _Factor, product: Floats) -> Floats:
    """Return -log of the product of all factors of a row and of what `product` holds, shape (n,)."""
    size = scores.shape[1]
    low, top = _bounds(factor, size)
    few, one = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float32)
    total: Floats = np.zeros(size)
    product = product.copy()
    for at, row in enumerate(scores):
        factor(row, low, top, one if at % _NARROW else few)
        if at % _NARROW:
            np.multiply(few, one, out=few)
        if at % _NARROW == _NARROW - 1 or at == len(scores) - 1:
            np.multiply(product, few, out=product)
        if at % _WIDE == _WIDE - 1:
            total -= np.log(product)
            product.fill(1.0)
    total -= np.log(product)
    return total


def _row_major(scores: AnyFloats, factor: _Factor, product: Floats) -> Floats:
    """Return the same for row-major scores: 32 factors are multiplied by halving, then each row is added up."""
    few: AnyFloats = np.empty(scores.shape, dtype=np.float32)
    factor(scores, *_bounds(factor, scores.shape[1]), few)
    total: Floats = np.negative(np.log(product))
    for halving in range(_HALVINGS):
        half = few.shape[1] // 2
        if few.shape[1] % 2:
            total -= np.log(few[:, -1].astype(np.float64))
        wide = np.float64 if halving == _HALVINGS_32 else few.dtype
        few = np.multiply(few[:, :half], few[:, half : 2 * half], dtype=wide)
    total -= np.log(few).sum(axis=1)
    return total
