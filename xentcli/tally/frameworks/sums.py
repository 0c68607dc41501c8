"""FrameworkSums: the mergeable part of a Tally that holds what frameworks count differently.

Floor 4. Integers and exact sums only. Most frameworks agree with the headline loss on nearly all rows, so each rule
keeps the sum of its differences to it, and rows without a difference cost nothing. The sums are kept by class:
values below 4,096 are rounded to multiples of 2^-56, which is finer than any framework's own rounding, and added up
as whole numbers, of 2^-22 and of what is left; larger ones go into exact sums as they are. Small batches, and all
batches where there are many classes, are collected first: few values should cost little.

Rules: the names of everything that frameworks count differently from the headline numbers. A loss rule stands for
the difference between a framework's loss of a row and the headline loss; an accuracy rule for the difference
between two counts of right rows.
"""

from collections import Counter
from enum import StrEnum
from fractions import Fraction

import numpy as np

from xentcli.arrays import Floats, Indices, Integers, Mask
from xentcli.tally.exact import ExactSums

EPSILON_32 = float(np.float32(1e-7))
"""`keras.config.epsilon()` as a float32."""

TOP_32 = float(np.float32(1.0) - np.float32(1e-7))
"""The upper bound of a float32 clip to [1e-7, 1 - 1e-7]: 1 - 2^-23."""


class Difference(StrEnum):
    """What is added up.

    Attributes:
        KERAS: Keras 1 - 3: clipped to [1e-7, 1 - 1e-7] in float32; categorical rows are first divided by their sum.
        KERAS_GRAPH: Keras 2.3, tf.keras 1.15 - 2.x in graphs: clipped, then log(p + 1e-7), log(1.0000001 - p).
        KERAS_EAGER: tf_keras: clipped, then log(p + 1e-7), log(1 - p + 1e-7).
        ONE_HOT: `KERAS` of binary cross-entropy on one-hot rows, mean over the classes.
        ONE_HOT_ADDED: what 1e-7 added to the true class's p changes in `ONE_HOT`.
        ONE_HOT_GRAPH: what `KERAS_GRAPH` of the other classes changes in it.
        ONE_HOT_EAGER: what `KERAS_EAGER` of the other classes changes in it.
        ONE_HOT_LOGITS: one-hot labels times log-softmax: no number where a logit is minus infinity.
        SKLEARN: scikit-learn 1.5 and later: clipped to the machine epsilon of the dtype.
        SKLEARN_OLD: scikit-learn up to 1.0: clipped to 1e-15, then divided by the row's sum.
        SKLEARN_SORTED: `SKLEARN` of columns in another order than the sorted labels', a loss itself.
        SKLEARN_SORTED_OLD: what `SKLEARN_OLD` of them adds to it.
        SKLEARN_POSITIVES: what `log_loss` makes of multi-hot labels: the positive labels only.
        SKLEARN_POSITIVES_OLD: the same up to 1.0, each row divided by its sum.
        UNCLIPPED: -log p as it comes: torch NLLLoss.
        NORMALISED: -log of p divided by the row's sum, unclipped: log-softmax of log p.
        TORCH: torch BCELoss: each log at least -100.
        XGBOOST: float32, p at least 1e-16.
        LIGHTGBM: p at most 1e-15 costs 34.54.
        LOGIT: Optax, CatBoost: from logit(p), unclipped; no number for 0 and 1.
        PLAIN: the plain cross-entropy itself, where the headline loss is smoothed or focal.
        SMOOTHED_KERAS: Keras 3 with label smoothing, a loss itself.
        SMOOTHED_EAGER: tf_keras' binary cross-entropy with label smoothing, a loss itself.
        SMOOTHED: torch and Optax, log-softmax with label smoothing, a loss itself.
        BY_CLASS: -log p of each class, over all rows: what torch multiplies by class weights under smoothing.
        FOCAL_KERAS: Keras 3 focal losses.
        FOCAL_EAGER: tf_keras' binary focal loss.
        FOCAL: Optax' sigmoid focal loss.
        NO_WEIGHT: rows whose weight is 0.
        WHOLE_WEIGHT: row weights rounded down.
        RIGHT_ARGMAX: rows right by arg-max, whatever the threshold.
        RIGHT_NARROW: rows (elements) right once scores are rounded to float32, at the threshold.
        RIGHT_NARROW_HALF: the same at 0.5.
        RIGHT_HALF: rows right at 0.5.
        RIGHT_RAW_HALF: logits compared with 0.5.
        RIGHT_RAW: logits compared with the threshold.
        RIGHT_ZERO: logits compared with 0.
        RIGHT_SIGMOID: the sigmoid of logits, rounded to the file's dtype, at the threshold.
        RIGHT_SIGMOID_32: the same in float32.
        RIGHT_SIGMOID_64: the same in float64, at 0.5.
        TIED_RIGHT: right rows whose top score another class shares.
        RIGHT_ABOVE: multi-label elements right at the threshold, in the dtype of the file, no row given its best label.
        SUBSET_ABOVE: multi-label rows whose labels are all right at the threshold, none given its best label.
        SUBSET_HALF: the same at 0.5.
    """

    KERAS = "keras"
    KERAS_GRAPH = "keras_graph"
    KERAS_EAGER = "keras_eager"
    ONE_HOT = "one_hot"
    ONE_HOT_ADDED = "one_hot_added"
    ONE_HOT_GRAPH = "one_hot_graph"
    ONE_HOT_EAGER = "one_hot_eager"
    ONE_HOT_LOGITS = "one_hot_logits"
    SKLEARN = "sklearn"
    SKLEARN_OLD = "sklearn_old"
    SKLEARN_SORTED = "sklearn_sorted"
    SKLEARN_SORTED_OLD = "sklearn_sorted_old"
    SKLEARN_POSITIVES = "sklearn_positives"
    SKLEARN_POSITIVES_OLD = "sklearn_positives_old"
    UNCLIPPED = "unclipped"
    NORMALISED = "normalised"
    TORCH = "torch"
    XGBOOST = "xgboost"
    LIGHTGBM = "lightgbm"
    LOGIT = "logit"
    PLAIN = "plain"
    SMOOTHED_KERAS = "smoothed_keras"
    SMOOTHED_EAGER = "smoothed_eager"
    SMOOTHED = "smoothed"
    BY_CLASS = "by_class"
    FOCAL_KERAS = "focal_keras"
    FOCAL_EAGER = "focal_eager"
    FOCAL = "focal"
    NO_WEIGHT = "no_weight"
    WHOLE_WEIGHT = "whole_weight"
    RIGHT_ARGMAX = "right_argmax"
    RIGHT_NARROW = "right_narrow"
    RIGHT_NARROW_HALF = "right_narrow_half"
    RIGHT_HALF = "right_half"
    RIGHT_RAW_HALF = "right_raw_half"
    RIGHT_RAW = "right_raw"
    RIGHT_ZERO = "right_zero"
    RIGHT_SIGMOID = "right_sigmoid"
    RIGHT_SIGMOID_64 = "right_sigmoid_64"
    RIGHT_SIGMOID_32 = "right_sigmoid_32"
    TIED_RIGHT = "tied_right"
    RIGHT_ABOVE = "right_above"
    SUBSET_ABOVE = "subset_above"
    SUBSET_HALF = "subset_half"


class Fact(StrEnum):
    """What is counted for the reasons that stand beside the numbers.

    Attributes:
        UNDER_KERAS: rows (elements) whose true class has a probability below 1e-7, Keras' clip.
        UNDER_NARROW: below 2^-23, scikit-learn's for float32.
        UNDER_OLD: below 1e-15, that of scikit-learn up to 1.0 and of LightGBM.
        UNDER_HEADLINE: below 2^-52, the headline's own.
        ZERO: rows (elements) where it is 0.
        RAISED: rows whose scores sum to more once each of them is at least 1e-15.
        OFF_ONE: rows whose scores do not sum to 1, so that the headline loss divides them by their sum.
        NEARLY_ONE: rows whose sum is off 1 by more than 1e-6, which it takes as they are.
        ALL_ZERO: rows of zeros only.
        EXACT: right rows (elements) with a score of exactly 0 or 1.
        OUTSIDE: scores outside [0, 1].
        TIED: rows whose top score is shared by the true class.
        WRONG_ELEMENTS: elements of one-hot (multi-hot) rows that are wrong at 0.5.
        WRONG_ARGMAX: multi-label rows whose first label is not the arg-max of the scores.
    """

    UNDER_KERAS = "under_keras"
    UNDER_NARROW = "under_narrow"
    UNDER_OLD = "under_old"
    UNDER_HEADLINE = "under_headline"
    ZERO = "zero"
    RAISED = "raised"
    OFF_ONE = "off_one"
    NEARLY_ONE = "nearly_one"
    ALL_ZERO = "all_zero"
    EXACT = "exact"
    OUTSIDE = "outside"
    TIED = "tied"
    WRONG_ELEMENTS = "wrong_elements"
    WRONG_ARGMAX = "wrong_argmax"


FLOORS = {
    Fact.UNDER_KERAS: 1e-7,
    Fact.UNDER_NARROW: 2.0**-23,
    Fact.UNDER_OLD: 1e-15,
    Fact.UNDER_HEADLINE: 2.0**-52,
}
"""The probabilities that these facts count below."""


LARGEST = 4096.0
_HIGH, _LOW = 2.0**22, 2.0**56
"""A batch of 2^17 values: 2^34 multiples of 2^-22 each, and 2^33 of 2^-56, stay below 2^53."""

_COARSE = 2.0**30
BATCH = 1 << 17
FULL = 1 << 28
"""So many values of 2^34 units stay below 2^63."""

DENSE = 256
SMALL = 1 << 11
WAITING = 1 << 14


class ClassSums:
    """`size` exact totals, filled by `add` and `add_each`, joined by `merge`."""

    __slots__ = ("exact", "held", "high", "low", "size", "waiting", "waiting_rows")

    def __init__(self, size: int) -> None:
        """Start with all totals 0."""
        self.size = size
        self.exact = ExactSums(size)
        self.high: Integers = np.zeros(size, dtype=np.int64)
        self.low: Integers = np.zeros(size, dtype=np.int64)
        self.held = 0
        self.waiting: list[tuple[Floats, Indices]] = []
        self.waiting_rows = 0

    def add(self, values: Floats, groups: Indices | None) -> None:
        """Add finite values, shape (n,), to the totals of their groups; None adds all to total 0."""
        if groups is None:
            groups = np.zeros(len(values), dtype=np.intp)
        if self.size <= DENSE and len(values) >= SMALL:
            self._add(values, groups)
            return
        self.waiting.append((values, groups))
        self.waiting_rows += len(values)
        if self.waiting_rows >= WAITING:
            self.flush()

    def add_coarse(self, values: Floats, groups: Indices) -> None:
        """Add values below 32, shape (n,), rounded to multiples of 2^-30, finer than float32 results are."""
        if self.size > DENSE or len(values) > BATCH:
            self.add(np.rint(values * _COARSE) / _COARSE, groups)
            return
        whole = np.bincount(groups, weights=np.rint(values * _COARSE), minlength=self.size).astype(np.int64)
        upper = whole >> 8
        self.high += upper
        self.low += (whole - (upper << 8)) << 26
        self._hold(len(values))

    def add_each(self, values: Floats) -> None:
        """Add finite values, shape (size, n): row i goes to total i."""
        self.exact.add_each(values)

    def flush(self) -> None:
        """Add what waits."""
        if self.waiting:
            values, groups = (np.concatenate(parts) for parts in zip(*self.waiting, strict=True))
            self.waiting, self.waiting_rows = [], 0
            self._add(values, groups)

    def _add(self, values: Floats, groups: Indices) -> None:
        for start in range(0, len(values), BATCH):
            self._add_batch(values[start : start + BATCH], groups[start : start + BATCH])

    def _add_batch(self, values: Floats, groups: Indices) -> None:
        if max(values.max(), -values.min()) >= LARGEST:
            large = np.abs(values) >= LARGEST
            self.exact.add(values[large], groups[large])
            values, groups = values[~large], groups[~large]
        units = values * _HIGH
        high = np.rint(units)
        units -= high
        units *= _LOW / _HIGH
        low = np.rint(units, out=units)
        self.high += np.bincount(groups, weights=high, minlength=self.size).astype(np.int64)
        self.low += np.bincount(groups, weights=low, minlength=self.size).astype(np.int64)
        self._hold(len(values))

    def _hold(self, values: int) -> None:
        """Count values; move the whole numbers into the exact sums long before they overflow."""
        self.held += values
        if self.held < FULL:
            return
        every = np.arange(self.size)
        for whole, unit in ((self.high, _HIGH), (self.low, _LOW)):
            upper = whole >> 30
            self.exact.add(upper.astype(np.float64) * (2.0**30 / unit), every)
            self.exact.add((whole - (upper << 30)).astype(np.float64) / unit, every)
            whole[:] = 0
        self.held = 0

    def merge(self, other: "ClassSums") -> None:
        """Add the totals of another one of the same size to these."""
        self.flush()
        other.flush()
        self.exact.merge(other.exact)
        self.high += other.high
        self.low += other.low
        self._hold(other.held)

    def total(self) -> Fraction:
        """Return the sum of all totals as an exact fraction."""
        self.flush()
        return (
            self.exact.total() + Fraction(int(self.high.sum()), int(_HIGH)) + Fraction(int(self.low.sum()), int(_LOW))
        )

    def fractions(self) -> list[Fraction]:
        """Return the totals as exact fractions."""
        self.flush()
        if self.size == 1:
            return [self.total()]
        shift = int(_LOW / _HIGH)
        units = zip(self.exact.fractions(), self.high.tolist(), self.low.tolist(), strict=True)
        return [one + Fraction(high * shift + low, int(_LOW)) for one, high, low in units]


class FrameworkSums:
    """Sums of differences by rule and true class, and counts.

    Attributes:
        size: number of classes; 1 for multi-label tasks.
        sums: unweighted sums by rule.
        weighted: sums of weight times difference; empty without weights.
        undefined: rows (elements) whose loss is infinite or no number, by rule.
        counts: what the reasons speak of.
        narrow: whether the file's scores are float32; None before the first row.
        smoothing: label smoothing, 0 without.
        gamma: the exponent of focal losses, 0 without.
        places: the column that scikit-learn takes for each class; None where that is its own. See `label_order`.
    """

    __slots__ = ("counts", "gamma", "narrow", "places", "size", "smoothing", "sums", "undefined", "weighted")

    def __init__(self, size: int, smoothing: float = 0.0, gamma: float = 0.0, places: Indices | None = None) -> None:
        """Start with nothing."""
        self.size = size
        self.smoothing = smoothing
        self.gamma = gamma
        self.places = places
        self.sums: dict[Difference, ClassSums] = {}
        self.weighted: dict[Difference, ClassSums] = {}
        self.undefined: Counter[Difference] = Counter()
        self.counts: Counter[Fact] = Counter()
        self.narrow: bool | None = None

    def add(self, rule: Difference, values: Floats, groups: Indices | None, weights: Floats | None) -> None:
        """Add differences of some rows.

        Args:
            rule: whose.
            values: shape (n,), may hold infinities and NaN, which are counted.
            groups: shape (n,), true classes; None for multi-label tasks.
            weights: shape (n,) or None.
        """
        if not values.any():
            return
        if weights is not None and len(weights) < len(values):
            weights = np.tile(weights, len(values) // len(weights))
        finite = np.isfinite(values)
        if not finite.all():
            used = np.flatnonzero(finite)
            self.undefined[rule] += len(values) - len(used)
            if len(used) == 0:
                return
            values = values[used]
            groups = None if groups is None else groups[used]
            weights = None if weights is None else weights[used]
        self._of(self.sums, rule).add(values, groups)
        if weights is not None:
            self._of(self.weighted, rule).add(values * weights, groups)

    def add_dense(self, rule: Difference, values: Floats, groups: Indices, weights: Floats | None) -> None:
        """Add finite values below 32 of all rows of a block, rounded to multiples of 2^-30; see `add`."""
        self._of(self.sums, rule).add_coarse(values, groups)
        if weights is not None:
            self._of(self.weighted, rule).add(values * weights, groups)

    def add_each(self, rule: Difference, values: Floats) -> None:
        """Add values of shape (size, n), row i to total i; infinities and NaN are counted."""
        finite = np.isfinite(values)
        if not finite.all():
            self.undefined[rule] += int(np.count_nonzero(~finite))
            values = np.where(finite, values, 0.0)
        self._of(self.sums, rule).add_each(values)

    def _of(self, held: dict[Difference, ClassSums], rule: Difference) -> ClassSums:
        if rule not in held:
            held[rule] = ClassSums(self.size)
        return held[rule]

    def count(self, fact: Fact, mask: Mask) -> None:
        """Count rows."""
        found = int(np.count_nonzero(mask))
        if found:
            self.counts[fact] += found

    def merge(self, other: "FrameworkSums") -> None:
        """Add another one's sums to these."""
        for own, others in ((self.sums, other.sums), (self.weighted, other.weighted)):
            for rule, sums in others.items():
                self._of(own, rule).merge(sums)
        self.undefined.update(other.undefined)
        self.counts.update(other.counts)
        if self.narrow is None:
            self.narrow = other.narrow
