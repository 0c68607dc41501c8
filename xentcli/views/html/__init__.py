"""HTML: the report of a run as one page for a browser, which needs nothing else: no network, no font, no other file.

Floor 8. Nothing here is imported unless the form is asked for. A policy in the page lets only its own style and script
run, by their hashes; every text is escaped by the template, so that no name from a file is ever markup.
"""

from typing import Any

from xentcli.errors import XentError
from xentcli.results import Inspection, ScoreReport
from xentcli.verdicts import CheckReport, CompareReport
from xentcli.views.html import parts
from xentcli.views.html.draw import draw, fragment
from xentcli.views.html.embedded import embedded

__all__ = ["check", "compare", "error", "fragment", "inspect", "parts", "score"]


def inspect(found: Inspection, framework: str | None = None) -> str:
    """Return the page of inspected labels, with the snippet of a framework if one is named."""
    return draw(parts.inspect(found, framework), embedded(found.to_dict()))


def score(report: ScoreReport) -> str:
    """Return the page of a scored file."""
    return draw(parts.score(report), embedded(report.to_dict()))


def compare(report: CompareReport) -> str:
    """Return the page of two models."""
    return draw(parts.compare(report), embedded(report.to_dict()))


def check(report: CheckReport) -> str:
    """Return the page of a verdict."""
    return draw(parts.check(report), embedded(report.to_dict()))


def error(found: XentError) -> str:
    """Return the page of a run that could not do what was asked, so that no old report stays behind."""
    from xentcli.views import error as error_view  # noqa: PLC0415  only errors need it

    document: dict[str, Any] = error_view.document(found)
    return draw(parts.error(found), embedded(document))
