"""Trials: rows or elements that are Bernoulli trials, and what frameworks' binary losses differ by.

Floor 4. Binary tasks have one trial a row, multi-label tasks one a label and row. Only trials are looked at again
that some framework can see differently: those whose outcome had a probability under one quarter, or next to 1.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from xentcli.arrays import AnyFloats, Floats, Indices, Mask
from xentcli.tally.frameworks import bernoulli
from xentcli.tally.frameworks.rules import FLOORS, TOP_32, Fact, Rule
from xentcli.tally.frameworks.sums import FrameworkSums

LOW_LOSS = 1.3e-7
"""Below it the upper bound of a float32 clip may act."""

HIGH_LOSS = 15.9
"""Above it the lower bound of a float32 clip may act: 2^-23 costs 15.94."""

DOUBTED = log(4.0) - 1e-9
"""Above it 1e-7 added to p, and the rounding of 1 - p to float32, can change a loss by more than 4e-7."""

ADDED = 2.0**-23
"""What the 1e-7 that old Keras adds to p comes to in float32, for p from one half to 1."""


@dataclass(frozen=True, slots=True)
class Trials:
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

    def add(self, sums: FrameworkSums, rule: Rule, values: Floats) -> None:
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
        some.add(sums, Rule.KERAS, raised)
        if trials.narrow:
            some.add(sums, Rule.SKLEARN, raised)
        _add_exact(sums, some)


def _add_doubted(sums: FrameworkSums, trials: Trials) -> None:
    scores, labels = trials.scores, trials.labels
    keras = bernoulli.keras(scores, labels)
    trials.add(sums, Rule.KERAS, keras - trials.loss)
    trials.add(sums, Rule.KERAS_GRAPH, bernoulli.keras_graph(scores, labels) - keras + ADDED)
    trials.add(sums, Rule.KERAS_EAGER, bernoulli.keras_eager(scores, labels) - keras + ADDED)
    if not trials.narrow:
        trials.add(sums, Rule.XGBOOST, bernoulli.xgboost(scores, labels) - trials.loss)
    high = np.flatnonzero(trials.loss > HIGH_LOSS)
    if len(high):
        _add_clipped(sums, trials.of(high))


def _add_clipped(sums: FrameworkSums, trials: Trials) -> None:
    scores, labels = trials.scores, trials.labels
    found = {
        Rule.SKLEARN: bernoulli.sklearn(scores, labels),
        Rule.SKLEARN_OLD: bernoulli.sklearn_old(scores, labels),
        Rule.TORCH: bernoulli.torch(scores, labels),
        Rule.LIGHTGBM: bernoulli.lightgbm(scores, labels),
        Rule.LOGIT: bernoulli.from_logit(scores, labels),
    }
    if trials.narrow:
        found[Rule.XGBOOST] = bernoulli.xgboost(scores, labels)
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
    some.add(sums, Rule.SKLEARN_OLD, bernoulli.sklearn_old(some.scores, some.labels) - some.loss)
    some.add(sums, Rule.LOGIT, bernoulli.from_logit(some.scores, some.labels) - some.loss)


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
        Rule.SKLEARN: bernoulli.sklearn(own, some.labels),
        Rule.SKLEARN_OLD: bernoulli.sklearn_old(own, some.labels),
        Rule.XGBOOST: bernoulli.xgboost(narrow, some.labels),
        Rule.LIGHTGBM: bernoulli.lightgbm(wide, some.labels),
    }
    for rule, values in found.items():
        some.add(sums, rule, values - some.loss)
    count_under(sums, np.exp(-some.loss))
