"""Rounding: how far off a probability, or the sum of a row's probabilities, may be and still count as exact.

Floor 3. One home for these tolerances: scores and target probabilities are measured by the same ones.
"""

OUTSIDE_TOLERANCE = 1e-6
"""A score that leaves [0, 1] by no more is rounding, as a softmax in float32 leaves it: it counts as 0 or 1."""

SUM_NOISE = 2.0**-23
"""What floats may add to how far a sum of rounded digits is off 1, or take from it.

It hangs on the type of the columns and on their order. The eps of float32 is twice what float32 can change in a sum of
1 (each score by at most 2^-24 of itself); sums are taken in float64, whose own noise is far below.
"""

SUM_TOLERANCE = 1e-3 + SUM_NOISE
"""Rows of probabilities whose sum is off 1 by more are divided by it.

A sum such as 0.999 or 1.001, which on paper is off by exactly 1e-3, is never divided, and one that is off by 1.001e-3
always is.
"""
