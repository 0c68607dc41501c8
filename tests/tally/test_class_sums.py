"""ClassSums: exact whatever the batches, the sizes and the order."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally.frameworks import sums
from xentcli.tally.frameworks.sums import ClassSums

VALUES = st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 2)), min_size=1, max_size=40)


def filled(pairs):
    sums = ClassSums(3)
    values, groups = (np.array(part) for part in zip(*pairs, strict=True))
    sums.add(values.astype(float), groups)
    return sums


@given(VALUES, VALUES)
def test_two_merged_are_one_of_both_in_any_order(one, other):
    left, right = filled(one), filled(other)
    left.merge(right)
    assert left.fractions() == filled(other + one).fractions()


@given(VALUES)
def test_totals_are_right_to_2_to_the_minus_56_a_value(pairs):
    exact = [sum((Fraction(value) for value, group in pairs if group == at), Fraction(0)) for at in range(3)]
    for found, true in zip(filled(pairs).fractions(), exact, strict=True):
        assert abs(found - true) <= Fraction(len(pairs), 2**57)


@pytest.mark.parametrize("size", [2, 300])
def test_whole_numbers_are_moved_before_they_overflow(size, monkeypatch):
    values, groups = np.full(5000, 4095.5), np.arange(5000) % 2
    once = ClassSums(size)
    once.add(values, groups)
    monkeypatch.setattr(sums, "FULL", 100)
    moved = ClassSums(size)
    for start in range(0, 5000, 50):
        moved.add(values[start : start + 50], groups[start : start + 50])
    assert moved.fractions() == once.fractions()
    assert moved.fractions()[:2] == [Fraction(4095.5) * 2500] * 2


def test_coarse_values_keep_nine_decimals():
    sums = ClassSums(2)
    sums.add_coarse(np.array([0.1, 16.2, 3e-8]), np.array([0, 1, 1]))
    assert [float(one) for one in sums.fractions()] == pytest.approx([0.1, 16.20000003], abs=2e-9)
