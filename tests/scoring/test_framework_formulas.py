"""The cost of being certainly wrong, framework by framework, and other single numbers of the formulas."""

import numpy as np
import pytest

from xentcli.tally.frameworks import bernoulli, categorical

ZERO, ONE = [0.0], [1.0]
NARROW, WIDE = np.float32, np.float64


def cost(formula, score, label, dtype):
    return float(formula(np.array(score, dtype=dtype), np.array([label]))[0])


@pytest.mark.parametrize(
    ("formula", "dtype", "missed", "false"),
    [
        (bernoulli.keras, NARROW, 16.118095, 15.942385),
        (bernoulli.keras_graph, NARROW, 15.424949, 15.249238),
        (bernoulli.keras_eager, NARROW, 15.424949, 15.333239),
        (bernoulli.sklearn, NARROW, 15.942385, 15.942385),
        (bernoulli.sklearn, WIDE, 36.043653, 36.043653),
        (bernoulli.sklearn_old, NARROW, 34.538776, np.inf),
        (bernoulli.sklearn_old, WIDE, 34.538776, 34.539576),
        (bernoulli.torch, WIDE, 100.0, 100.0),
        (bernoulli.xgboost, WIDE, 36.841362, 36.841362),
        (bernoulli.lightgbm, WIDE, 34.538776397705, 34.538776397705),
        (bernoulli.from_logit, WIDE, np.inf, np.inf),
        (bernoulli.unclipped, WIDE, np.inf, np.inf),
    ],
)
def test_a_certain_mistake_costs_what_the_framework_takes_for_it(formula, dtype, missed, false):
    assert cost(formula, ZERO, True, dtype) == pytest.approx(missed, abs=1e-6)  # noqa: FBT003
    assert cost(formula, ONE, False, dtype) == pytest.approx(false, abs=1e-6)  # noqa: FBT003


def test_old_scikit_learn_has_no_number_for_a_certain_hit_in_float32():
    assert np.isnan(cost(bernoulli.sklearn_old, ONE, True, NARROW))  # noqa: FBT003
    assert cost(bernoulli.sklearn_old, ONE, True, WIDE) < 2e-15  # noqa: FBT003


def test_what_keras_adds_to_p_is_the_difference_of_its_two_losses():
    chance = np.array([1e-9, 1e-7, 1e-3, 0.4], dtype=NARROW)
    right = np.ones(4, dtype=bool)
    difference = bernoulli.keras_graph(chance, right) - bernoulli.keras(chance, right)
    np.testing.assert_allclose(bernoulli.keras_added(chance), difference, atol=1e-15)


def test_the_sigmoid_of_17_is_1_in_float32():
    assert bernoulli.sigmoid(np.array([17.0], dtype=NARROW))[0] == 1.0
    assert bernoulli.sigmoid(np.array([17.0]))[0] < 1.0


def test_rows_are_divided_by_their_sum_where_the_framework_does_it():
    true, total = np.array([0.2]), np.array([0.5])
    assert categorical.keras(true, total)[0] == pytest.approx(-np.log(0.4))
    assert categorical.normalised(true, total)[0] == pytest.approx(-np.log(0.4))
    assert categorical.sklearn_old(true, total)[0] == pytest.approx(-np.log(0.4))
    assert categorical.sklearn(true, 2.0**-52)[0] == pytest.approx(-np.log(0.2))
    assert categorical.lightgbm(true)[0] == pytest.approx(-np.log(0.2))


def test_a_row_of_zeros_is_no_number_to_most_and_any_class_to_old_scikit_learn():
    true, total = np.zeros(1), np.zeros(1)
    assert np.isnan(categorical.keras(true, total)[0])
    assert np.isnan(categorical.normalised(true, total)[0])
    clipped = categorical.clipped_totals(np.zeros((3, 1)), np.array([0]), total, class_major=True)
    assert categorical.sklearn_old(true, clipped)[0] == pytest.approx(np.log(3))
    assert categorical.xgboost(true, total)[0] == pytest.approx(36.841362, abs=1e-6)
