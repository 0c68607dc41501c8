"""Testing: limits on a model's numbers as an assertion, for pytest and the like.

Floor 10. The same checks as `xent check`; what fails is told in the words of its report.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from xentcli.api.checking import check
from xentcli.config.model import Limit
from xentcli.options.table import PredictionOptions
from xentcli.verdicts import CheckReport
from xentcli.views import concise


def assert_scores(
    predictions: Any,
    *,
    min: Mapping[str, float] | None = None,  # noqa: A002  the names of the flags
    max: Mapping[str, float] | None = None,  # noqa: A002  likewise
    max_regression: Mapping[str, float | str] | None = None,
    baseline: Any = None,
    limits: Iterable[Limit] = (),
    **options: Unpack[PredictionOptions],
) -> CheckReport:
    """Assert that predictions keep their limits and show no trap at level error; return the report.

    Args:
        predictions: a path, DataFrame, Arrow table, array, or (y_true, y_pred).
        min: the least that passes, by metric: `{"accuracy": 0.9}`.
        max: the most that passes, by metric: `{"loss": 0.45}`.
        max_regression: by how much a metric may be worse than the baseline's: `{"loss": 0.01, "accuracy": "1%"}`.
        baseline: predictions of the model before, paired by id or by row, or the path of a stored score document.
        limits: further ones, of classes and slices too.
        options: those of `xentcli.score`; `ignore=["XE404"]` lets a finding pass.

    Raises:
        AssertionError: a check failed, or a finding at level error stands; the message lists each.
        XentError: the input cannot be judged.
    """
    __tracebackhide__ = True
    report = check(
        predictions,
        min=min,
        max=max,
        max_regression=max_regression,
        baseline=baseline,
        limits=limits,
        **options,
    )
    if not report.passed:
        raise AssertionError(_told(report))
    return report


def _told(report: CheckReport) -> str:
    """Return the verdict, which is what pytest's summary shows, and a line for each check."""
    *lines, verdict = concise.check(report).splitlines()
    return "\n".join((verdict, *lines))
