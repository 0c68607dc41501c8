"""The frameworks are the judges: every hard-label case agrees with what they returned.

Float64 within 1e-12, float32 within 1e-6. Reference by case: probabilities against scikit-learn >= 1.5 (float32
against torch's NLLLoss, which like the headline loss has no clip near 1e-7), multi-label probabilities against
torch's BCELoss, logits against torch. With weights, only references that divide by the sum of the weights count.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from xentcli.errors import BadRowsError

SPEC = importlib.util.spec_from_file_location("golden_cases", Path(__file__).parent / "golden_cases.py")
golden = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(golden)

LEFT_OUT = {"class_weight", "ignore_index", "nan", "unnormalised", "label_smoothing", "focal"}
SKLEARN = {"1.5.2", "1.6.1", "1.7.2", "1.8.0", "1.9.1"}


def chosen():
    found = []
    for case in golden.cases():
        named = {tag for tag in case.tags if tag in LEFT_OUT or tag.startswith("out_of_range")}
        if case.hard and not named:
            found.append(case)
    return found


def references(case):
    """Return the values that the headline loss must equal, in the order of trust."""
    weighted = case.weights is not None
    if case.prediction == "logit":
        name = {"binary": "BCEWithLogitsLoss", "multiclass": "CrossEntropyLoss"}.get(
            case.task, "MultiLabelSoftMarginLoss"
        )
        if not weighted:
            return case.values("torch", None, name)
        return case.values("scikit-learn", SKLEARN, "log_loss")
    if case.task == "multilabel":
        return [] if weighted else case.values("torch", None, "BCELoss")
    if case.dtype == "float32" and case.task == "multiclass" and not weighted:
        return case.values("torch", None, "NLLLoss")
    return case.values("scikit-learn", SKLEARN, "log_loss")


def has_edges(case):
    return bool(np.isin(case.y_pred, [0.0, 1.0]).any()) and case.prediction == "prob"


@pytest.mark.parametrize("case", chosen(), ids=lambda case: case.id)
def test_the_loss_is_what_the_frameworks_return(case):
    if "negative_weight" in case.tags:
        with pytest.raises(BadRowsError, match="negative weight"):
            golden.scored(case)
        return
    result = golden.scored(case)
    exact = case.dtype == "float64"
    if exact or not has_edges(case):
        for value in references(case):
            tolerance = 1e-12 if exact else 1e-6
            assert result.loss.value == pytest.approx(value, rel=tolerance, abs=tolerance)
    for value in case.values("scikit-learn", {"1.9.1"}, "balanced_accuracy_score"):
        assert result.metrics["balanced_accuracy"] == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("case", [case for case in chosen() if "negative_weight" not in case.tags], ids=lambda c: c.id)
def test_the_accuracy_is_scikit_learns_of_decisions_strictly_above_the_threshold(case):
    found = [
        one["value"]
        for one in case.results
        if one["framework"] == "scikit-learn" and one["version"] == "1.9.1" and one["fn"] == "accuracy_score"
        and ">=" not in one["call"] and isinstance(one.get("value"), int | float)
    ]  # fmt: skip
    assert len(found) == 1
    assert golden.scored(case).accuracy.value == pytest.approx(found[0], abs=1e-12)


def test_no_case_is_left_out_in_silence():
    cases = chosen()
    judged = [case for case in cases if references(case) and (case.dtype == "float64" or not has_edges(case))]
    refused = [case for case in cases if "negative_weight" in case.tags]
    edges = [case for case in cases if case.dtype == "float32" and has_edges(case)]
    unreferenced = [case.id for case in cases if not references(case) and all(case is not one for one in edges)]
    assert (len(golden.cases()), len(cases), len(judged), len(edges), len(refused)) == (194, 122, 109, 11, 2)
    assert sorted(unreferenced) == ["ml_sw_f32", "ml_sw_f64"]  # torch divides weighted means by N there
