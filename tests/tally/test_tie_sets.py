"""TieSets: what other orders of the columns make of tied rows is what trying all orders finds."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.tally.rows_on_limits import MOST_CLASSES, TieSets

TIES = st.lists(
    st.tuples(st.lists(st.booleans(), min_size=4, max_size=4).filter(any), st.integers(0, 3)), min_size=1, max_size=30
)


def block(ties):
    leads, true = (np.array(part) for part in zip(*ties, strict=True))
    return np.where(leads.T, 0.4, 0.1), true


def filled(ties):
    sets = TieSets()
    sets.add(*block(ties))
    return sets


def tried(ties):
    """Return how many rows are right in the worst and in the best of all orders."""
    scores, true = block(ties)
    right = [
        sum(order[np.argmax(row[list(order)])] == label for row, label in zip(scores.T, true, strict=True))
        for order in permutations(range(4))
    ]
    return min(right), max(right)


@given(TIES)
def test_the_reach_is_that_of_all_orders(ties):
    assert filled(ties).reach() == tried(ties)


@given(TIES, TIES)
def test_two_merged_are_one_of_both(one, other):
    left, right = filled(one), filled(other)
    left.merge(right)
    assert (left.counts == filled(other + one).counts).all()
    empty = TieSets()
    empty.merge(left)
    assert (empty.counts == left.counts).all()


def test_there_is_none_without_ties_and_for_more_classes_than_have_sets():
    assert TieSets().reach() is None
    sets = TieSets()
    sets.add(np.zeros((MOST_CLASSES + 1, 5)), np.zeros(5, dtype=np.intp))
    assert sets.reach() is None
    assert TieSets(sets.counts).counts is None


@pytest.mark.parametrize("classes", [3, MOST_CLASSES])
def test_rows_that_tie_in_all_classes_go_to_the_class_that_stands_first(classes):
    sets = TieSets()
    true = np.repeat(np.arange(classes), np.arange(1, classes + 1))
    sets.add(np.full((classes, len(true)), 0.5, dtype=np.float32), true)
    assert sets.reach() == (1, classes)
