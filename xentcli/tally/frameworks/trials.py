"""The scored rows as frameworks' rules need them: rows with one label each, and Bernoulli trials.

Floor 4. `SingleRows` holds what the Tally has computed already; `of` picks the rows that are looked at again. Binary
tasks have one trial a row, multi-label tasks one a label and row. Only trials are looked at again that some framework
can see differently: those whose outcome had a probability under one quarter, or next to 1.
"""

from math import log

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Mask, Unsigned
from xentcli.record import Record, replace
from xentcli.tally.frameworks import bernoulli
from xentcli.tally.frameworks.sums import FLOORS, TOP_32, Difference, Fact, FrameworkSums

LOW_LOSS = 1.3e-7
"""Below it the upper bound of a float32 clip may act."""

HIGH_LOSS = 15.9
"""Above it the lower bound of a float32 clip may act: 2^-23 costs 15.94."""

DOUBTED = log(4.0) - 1e-9
"""Above it 1e-7 added to p, and the rounding of 1 - p to float32, can change a loss by more than 4e-7."""

ADDED = 2.0**-23
"""What the 1e-7 that old Keras adds to p comes to in float32, for p from one half to 1."""


class Trials(Record):
    """Some trials; arrays of shape (m,).

    Attributes:
        scores: of the positive outcome, in the dtype of the file.
        labels: whether it happened.
        loss: plain cross-entropy as the headline has it.
        groups: true classes; None for multi-label tasks.
        weights: shape (n,), row weights, the rows repeating every n trials; None without.
    """

    scores: AnyFloats
    labels: Mask
    loss: Floats
    groups: Indices | None
    weights: Floats | None

    @property
    def narrow(self) -> bool:
        """Whether the file holds float32."""
        return self.scores.dtype == np.float32

    def of(self, chosen: Indices) -> "Trials":
        """Return some of the trials."""
        return Trials(
            self.scores[chosen], self.labels[chosen], self.loss[chosen],
            None if self.groups is None else self.groups[chosen],
            None if self.weights is None else self.weights[chosen % len(self.weights)],
        )  # fmt: skip

    def add(self, sums: FrameworkSums, rule: Difference, values: Floats) -> None:
        """Add differences, one a trial."""
        sums.add(rule, values, self.groups, self.weights)


def add_probabilities(sums: FrameworkSums, trials: Trials) -> None:
    """Add what losses of probabilities differ by."""
    doubted = np.flatnonzero(trials.loss > DOUBTED)
    if len(doubted):
        _add_doubted(sums, trials.of(doubted))
    certain = np.flatnonzero(trials.loss < LOW_LOSS)
    if len(certain):
        some = trials.of(certain)
        raised = np.maximum(some.loss, -log(TOP_32)) - some.loss
        some.add(sums, Difference.KERAS, raised)
        if trials.narrow:
            some.add(sums, Difference.SKLEARN, raised)
        _add_exact(sums, some)


def _add_doubted(sums: FrameworkSums, trials: Trials) -> None:
    scores, labels = trials.scores, trials.labels
    keras = bernoulli.keras(scores, labels)
    trials.add(sums, Difference.KERAS, keras - trials.loss)
    trials.add(sums, Difference.KERAS_GRAPH, bernoulli.keras_graph(scores, labels) - keras + ADDED)
    trials.add(sums, Difference.KERAS_EAGER, bernoulli.keras_eager(scores, labels) - keras + ADDED)
    if not trials.narrow:
        trials.add(sums, Difference.XGBOOST, bernoulli.xgboost(scores, labels) - trials.loss)
    high = np.flatnonzero(trials.loss > HIGH_LOSS)
    if len(high):
        _add_clipped(sums, trials.of(high))


def _add_clipped(sums: FrameworkSums, trials: Trials) -> None:
    scores, labels = trials.scores, trials.labels
    found = {
        Difference.SKLEARN: bernoulli.sklearn(scores, labels),
        Difference.SKLEARN_OLD: bernoulli.sklearn_old(scores, labels),
        Difference.TORCH: bernoulli.torch(scores, labels),
        Difference.LIGHTGBM: bernoulli.lightgbm(scores, labels),
        Difference.LOGIT: bernoulli.from_logit(scores, labels),
    }
    if trials.narrow:
        found[Difference.XGBOOST] = bernoulli.xgboost(scores, labels)
    for rule, values in found.items():
        trials.add(sums, rule, values - trials.loss)
    happened = np.where(labels, scores, 1.0 - scores)
    count_under(sums, happened)
    sums.count(Fact.ZERO, happened == 0.0)


def count_under(sums: FrameworkSums, chance: AnyFloats) -> None:
    """Count trials (rows) by the clips that the probability of what happened, shape (n,), lies under."""
    for fact, floor in FLOORS.items():
        sums.count(fact, chance < floor)


def _add_exact(sums: FrameworkSums, trials: Trials) -> None:
    """Add trials that are certain and right: some frameworks have no number for them."""
    exact = np.flatnonzero((trials.scores == 0.0) | (trials.scores == 1.0))
    if len(exact) == 0:
        return
    some = trials.of(exact)
    sums.counts[Fact.EXACT] += len(exact)
    some.add(sums, Difference.SKLEARN_OLD, bernoulli.sklearn_old(some.scores, some.labels) - some.loss)
    some.add(sums, Difference.LOGIT, bernoulli.from_logit(some.scores, some.labels) - some.loss)


def add_logits(sums: FrameworkSums, trials: Trials) -> None:
    """Add what sigmoids rounded to the dtype, and the clips after them, change."""
    seen = np.flatnonzero((trials.loss > DOUBTED) | (trials.loss < LOW_LOSS))
    if len(seen) == 0:
        return
    some = trials.of(seen)
    own = bernoulli.sigmoid(some.scores)
    narrow = own if trials.narrow else bernoulli.sigmoid(some.scores.astype(np.float32))
    wide = bernoulli.sigmoid(some.scores.astype(np.float64)) if trials.narrow else own
    found = {
        Difference.SKLEARN: bernoulli.sklearn(own, some.labels),
        Difference.SKLEARN_OLD: bernoulli.sklearn_old(own, some.labels),
        Difference.XGBOOST: bernoulli.xgboost(narrow, some.labels),
        Difference.LIGHTGBM: bernoulli.lightgbm(wide, some.labels),
    }
    for rule, values in found.items():
        some.add(sums, rule, values - some.loss)
    count_under(sums, np.exp(-some.loss))


class SingleRows(Record):
    """The scored rows of a block.

    Attributes:
        scores: shape (classes, n) if `class_major`, else (n, classes).
        class_major: how they are laid out.
        true: shape (n,), true classes.
        predicted: shape (n,), the headline's decisions.
        loss: shape (n,), plain cross-entropy as the headline has it, without smoothing or focusing.
        chance: shape (n,), the true classes' scores as they stand in the file, where these are probabilities.
        total: shape (n,), sums of the rows.
        low: shape (n,), smallest scores.
        top: shape (n,), largest scores.
        arg: shape (n,), their classes.
        tied: shape (n,), whether another class shares it; None where none does.
        weights: shape (n,) or None.
        narrow: whether the file's scores are float32.
    """

    scores: AnyFloats
    class_major: bool
    true: Indices
    predicted: Indices
    loss: Floats
    chance: Floats
    total: AnyFloats
    low: AnyFloats
    top: AnyFloats
    arg: Unsigned
    tied: Mask | None
    weights: Floats | None
    narrow: bool

    def of(self, rows: Indices) -> "SingleRows":
        """Return some of the rows."""
        return replace(
            self,
            scores=self.scores.take(rows, axis=1 if self.class_major else 0),
            true=self.true[rows],
            predicted=self.predicted[rows],
            loss=self.loss[rows],
            chance=self.chance[rows],
            total=self.total[rows],
            low=self.low[rows],
            top=self.top[rows],
            arg=self.arg[rows],
            tied=None if self.tied is None else self.tied[rows],
            weights=None if self.weights is None else self.weights[rows],
        )

    def add_at(self, sums: FrameworkSums, rule: Difference, values: Floats, chosen: Indices) -> None:
        """Add differences of some rows, by their numbers."""
        sums.add(rule, values, self.true[chosen], None if self.weights is None else self.weights[chosen])

    def add(self, sums: FrameworkSums, rule: Difference, values: Floats) -> None:
        """Add differences, one a row."""
        sums.add(rule, values, self.true, self.weights)
