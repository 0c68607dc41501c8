"""What every score of a predicted class must be, by all rows."""

import pandas as pd
import pytest

from xentcli.files.open import as_table
from xentcli.task.roles import holds_confidence, least_confidence


@pytest.mark.parametrize(("classes", "written"), [(2, 0.5), (3, 0.33), (7, 0.14), (9, 0.11)])
def test_two_decimals_of_an_even_share_are_a_confidence(classes, written):
    assert written >= least_confidence(classes) > written - 0.011


@pytest.mark.parametrize(
    ("scores", "held"),
    [
        ([0.5, 0.7, 1.0], True),
        ([0.5, None, 0.9], True),
        ([0.5, float("nan"), 0.9], True),
        ([0.5, 0.49, 0.9], False),
        ([97.0, 88.0, 60.0], False),
        ([0.9] * 199 + [1.5], True),
        ([0.9] * 199 + [1.5, 0.3], False),
        ([None, None], False),
    ],
)
def test_all_rows_decide_whether_a_column_holds_the_confidence_of_two_classes(scores, held):
    table = as_table(pd.DataFrame({"confidence": pd.Series(scores, dtype=float)}))
    assert holds_confidence(table, "confidence", 2) is held
