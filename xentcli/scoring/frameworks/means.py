"""Means: the denominators of frameworks, over the exact sums of a Tally.

Floor 5. Every framework's loss is a sum over rows divided by something; what that is with row weights or class
weights is where they part. Fractions are exact, each mean is rounded once.
"""

from collections.abc import Sequence
from enum import Enum
from fractions import Fraction

from xentcli.record import Record, field
from xentcli.tally.frameworks.sums import ClassSums, Difference, FrameworkSums


class Over(Enum):
    """What a weighted sum is divided by.

    Attributes:
        WEIGHTS: the sum of the weights: scikit-learn, boosters.
        ROWS: the number of rows: losses of Keras 2.3 and later, torch BCELoss.
        WHOLE: the sum of the weights, each rounded down: a bug of CatBoost 1.2.
        NON_ZERO: the number of rows whose weight is not 0: Keras up to 2.2.5.
        CLASS_WEIGHTS: row weights are not passed; the sum of the class weights: torch CrossEntropyLoss, NLLLoss.
        UNWEIGHTED: no weights are passed; the number of rows.
    """

    WEIGHTS = "weights"
    ROWS = "rows"
    WHOLE = "whole"
    NON_ZERO = "non_zero"
    CLASS_WEIGHTS = "class_weights"
    UNWEIGHTED = "unweighted"


class Means(Record):
    """Sums by true class, and what frameworks add to them; without class weights one sum for all classes.

    Attributes:
        rows: number of rows (multi-label: of elements).
        right: of those that are right (multi-label: whose label is).
        loss: sums of the headline loss.
        weight: sums of the row weights; None without.
        weighted_right: sums of the weights of those that are right; None without.
        weighted_loss: sums of weight times loss; None without.
        sums: the frameworks' differences.
        class_weights: by class; None without.
        repeats: elements a row has: 1, or the number of labels.
        known: differences that were asked for before.
    """

    rows: Sequence[int]
    right: Sequence[int]
    loss: Sequence[Fraction]
    weight: Sequence[Fraction] | None
    weighted_right: Sequence[Fraction] | None
    weighted_loss: Sequence[Fraction] | None
    sums: FrameworkSums
    class_weights: Sequence[Fraction] | None = None
    repeats: int = 1
    known: dict[tuple[Difference, bool], Sequence[Fraction]] = field(default_factory=dict)

    @property
    def any_weights(self) -> bool:
        """Whether weights of any kind were given."""
        return self.weight is not None or self.class_weights is not None

    def _row_weights(self, over: Over) -> bool:
        return self.weight is not None and over not in {Over.CLASS_WEIGHTS, Over.UNWEIGHTED}

    def _factors(self, over: Over) -> Sequence[Fraction]:
        if self.class_weights is None or over is Over.UNWEIGHTED:
            return [Fraction(1)] * len(self.rows)
        return self.class_weights

    def _differences(self, rule: Difference, over: Over) -> Sequence[Fraction]:
        weighted = self._row_weights(over)
        found = self.known.get((rule, weighted))
        if found is None:
            held = (self.sums.weighted if weighted else self.sums.sums).get(rule)
            found = self.known[rule, weighted] = self._by_class(held)
        return found

    def _by_class(self, held: ClassSums | None) -> Sequence[Fraction]:
        if held is None:
            return [Fraction(0)] * len(self.rows)
        return held.fractions() if self.class_weights is not None else [held.total()]

    def _masses(self, over: Over) -> Sequence[Fraction]:
        """Return the number of rows by class, or the sum of their weights."""
        if self.weight is not None and self._row_weights(over):
            return self.weight
        return [Fraction(rows) for rows in self.rows]

    def denominator(self, over: Over) -> Fraction:
        """Return what sums are divided by."""
        if over in {Over.ROWS, Over.UNWEIGHTED}:
            return Fraction(sum(self.rows))
        if over is Over.WHOLE:
            return self.repeats * sum(self._differences(Difference.WHOLE_WEIGHT, Over.UNWEIGHTED), Fraction(0))
        factors = self._factors(over)
        if over is Over.NON_ZERO:
            idle = self._idle()
            counted = zip(factors, self.rows, idle, strict=True)
            return Fraction(sum(rows - self.repeats * none for factor, rows, none in counted if factor))
        return sum((f * mass for f, mass in zip(factors, self._masses(over), strict=True)), Fraction(0))

    def _idle(self) -> Sequence[int]:
        return [int(one) for one in self._by_class(self.sums.sums.get(Difference.NO_WEIGHT))]

    def mean(
        self, start: Sequence[Fraction], rules: Sequence[Difference], over: Over, shift: float = 0.0
    ) -> float | None:
        """Return the mean of `start` (sums by class) and the rules' differences, plus `shift` a row.

        None where a row's value is infinite or no number, or the denominator is 0.
        """
        below = self.denominator(over)
        if below == 0 or any(self.sums.undefined[rule] for rule in rules):
            return None
        total = list(start)
        for rule in rules:
            total = [one + other for one, other in zip(total, self._differences(rule, over), strict=True)]
        if shift:
            total = [one + Fraction(shift) * mass for one, mass in zip(total, self._masses(over), strict=True)]
        factors = self._factors(over)
        return float(sum((f * one for f, one in zip(factors, total, strict=True)), Fraction(0)) / below)

    def loss_of(self, rules: Sequence[Difference], over: Over, shift: float = 0.0) -> float | None:
        """Return a framework's loss: the headline loss and the differences of its rules."""
        if Difference.PLAIN in self.sums.sums:
            return self.sum_of((Difference.PLAIN, *rules), over, shift)
        start = self.weighted_loss if self.weighted_loss is not None and self._row_weights(over) else self.loss
        return self.mean(start, rules, over, shift)

    def sum_of(self, rules: Sequence[Difference], over: Over, shift: float = 0.0) -> float | None:
        """Return the mean of rules that are no differences but losses themselves."""
        return self.mean([Fraction(0)] * len(self.rows), rules, over, shift)

    def accuracy_of(self, rules: Sequence[Difference], over: Over, without: Sequence[Difference] = ()) -> float | None:
        """Return an accuracy: the headline's right rows and the differences of the rules, less those of `without`."""
        held = self.weighted_right if self.weighted_right is not None and self._row_weights(over) else None
        start = held if held is not None else [Fraction(one) for one in self.right]
        for rule in without:
            start = [one - less for one, less in zip(start, self._differences(rule, over), strict=True)]
        return self.mean(start, rules, over)
