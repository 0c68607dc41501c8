"""The results that judge models, of `check` and `compare`: one frozen object for each JSON document.

Floor 8, beside `results`, whose reports they hold; apart from them, so that a run that only describes does not wait for
what a verdict is made of.
"""

from typing import TYPE_CHECKING, Any

from xentcli.gate.model import Check, Outcome, Unjudged
from xentcli.record import Record, as_dict, document, json_values
from xentcli.results import Result, ScoreReport, Source
from xentcli.rules.rule import Finding, Level
from xentcli.scoring.comparing.model import Comparison

if TYPE_CHECKING:
    import pandas as pd

    from xentcli.views.html.model import Sheet
    from xentcli.views.page import Page

COMPARE_SCHEMA = "xent.compare/1"
CHECK_SCHEMA = "xent.check/1"


class CompareReport(Result):
    """What `xent compare` found: document `xent.compare/1`; both reports are of whole files."""

    a: ScoreReport
    b: ScoreReport
    comparison: Comparison

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        both = {"schema": COMPARE_SCHEMA, "a": self.a.to_dict(), "b": self.b.to_dict()}
        return document(both, self.comparison)

    def to_concise(self) -> str:
        """Return a line for the result and one for each finding."""
        from xentcli.views import concise  # noqa: PLC0415  only for those who ask

        return concise.compare(self)

    def page(self, *, full: bool = False) -> "Page":
        """Return the page as blocks."""
        from xentcli.views.compare_page import compare_page  # noqa: PLC0415  only for those who ask

        return compare_page(self, everything=full)

    def sheet(self) -> "Sheet":
        """Return what a browser shows."""
        from xentcli.views.html import parts  # noqa: PLC0415  only for those who ask

        return parts.compare(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return the differences by metric as a DataFrame."""
        import pandas as pd  # noqa: PLC0415  heavy, and only for those who ask

        found = self.comparison.difference
        return pd.DataFrame([{"metric": name} | as_dict(one) for name, one in found.items()])


class JudgedModel(Record):
    """One model and what came of its limits.

    Attributes:
        name: `default`, or its name in the configuration file.
        report: its score and its findings.
        checks: in the order of the limits, then of the groups.
        unjudged: groups too small for a limit.
        baseline: what it was compared with, as given; None without.
        pairing: how its rows were paired with the baseline's, as a sentence; None where they were not.
        baseline_errors: findings at level error on the baseline: they fail nothing, but spoil the comparison.
        baseline_source: how the baseline's predictions were read; None without, or where it is a stored score.
    """

    name: str
    report: ScoreReport
    checks: tuple[Check, ...]
    unjudged: tuple[Unjudged, ...] = ()
    baseline: str | None = None
    pairing: str | None = None
    baseline_errors: tuple[Finding, ...] = ()
    baseline_source: Source | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """What was read: the predictions, and those of the baseline."""
        return (self.report.source,) if self.baseline_source is None else (self.report.source, self.baseline_source)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings at level error: each fails the model."""
        return tuple(one for one in self.report.findings if one.level is Level.ERROR)

    @property
    def passed(self) -> bool:
        """Whether no check failed and no finding is an error."""
        return not self.errors and all(one.outcome is not Outcome.FAILED for one in self.checks)


class CheckReport(Result):
    """What `xent check` found: document `xent.check/1`.

    Attributes:
        models: one per model, in the order of the configuration.
        place: the configuration file; None without one.
    """

    models: tuple[JudgedModel, ...]
    place: str | None = None

    @property
    def passed(self) -> bool:
        """Whether every model passed."""
        return all(one.passed for one in self.models)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        models = [
            {
                "name": one.name,
                "passed": one.passed,
                "baseline": one.baseline,
                "pairing": one.pairing,
                "score": one.report.to_dict(),
                "findings": json_values(one.report.findings),
                "checks": json_values(one.checks),
                "unjudged": json_values(one.unjudged),
                "baseline_errors": json_values(one.baseline_errors),
            }
            for one in self.models
        ]
        return {"schema": CHECK_SCHEMA, "passed": self.passed, "config": self.place, "models": models}

    def to_concise(self) -> str:
        """Return a line for the result and one for each finding."""
        from xentcli.views import concise  # noqa: PLC0415  only for those who ask

        return concise.check(self)

    def page(self, *, full: bool = False) -> "Page":
        """Return the page as blocks."""
        from xentcli.views.check_page import check_page  # noqa: PLC0415  only for those who ask

        return check_page(self, everything=full)

    def sheet(self) -> "Sheet":
        """Return what a browser shows."""
        from xentcli.views.html import parts  # noqa: PLC0415  only for those who ask

        return parts.check(self)

    def __repr__(self) -> str:
        """Return the kind of result and the verdict, the last line of `-f concise`."""
        return f"<{type(self).__name__} {self.to_concise().splitlines()[-1]}>"
