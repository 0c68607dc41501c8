"""Rounding: how far off a probability, or the sum of a row's probabilities, may be and still count as exact.

Floor 3. One home for these tolerances: scores and target probabilities are measured by the same ones.
"""

OUTSIDE_TOLERANCE = 1e-6
"""A score that leaves [0, 1] by no more is rounding, as a softmax in float32 leaves it: it counts as 0 or 1."""

SUM_TOLERANCE = 1e-3 + 2.0**-23
"""Rows of probabilities whose sum is off 1 by more are divided by it.

A sum of rounded digits, such as 0.999 or 1.001, is off by exactly 1e-3 on paper, and in floats by a little more or
less, which hangs on the order of the columns and on their type. 2^-23, the eps of float32, is twice what float32 can
change in a sum of 1 (each score by at most 2^-24 of itself), and the sums that are compared are taken in float64,
whose own noise is far below. So such a row is never divided, and one that is off by 1.001e-3 always is.
"""
