"""More class names than score columns are refused by both numbers."""

import pytest

import xentcli
from xentcli.errors import UsageError


@pytest.mark.parametrize("labels", ["1010", "abca"])
def test_three_names_for_one_score_column_are_refused_by_number_and_name(tmp_path, labels):
    path = tmp_path / "scores.csv"
    rows = [f"{label},0.{at + 1}" for at, label in enumerate(labels)]
    path.write_text("\n".join(["label,score", *rows]) + "\n")
    with pytest.raises(UsageError, match=r"gives 3 names \(a, b, c\) for one score column, score"):
        xentcli.score(path, scores=["score"], classes=["a", "b", "c"])
