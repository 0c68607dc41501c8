"""HTML: the report of a run as one page for a browser, which needs nothing else: no network, no font, no other file.

Floor 8. Nothing here is imported unless the form is asked for. A policy in the page lets only its own style and script
run, by their hashes; every text is escaped by the template, so that no name from a file is ever markup.
"""

from typing import Any

from xentcli.errors import XentError
from xentcli.results import Inspection
from xentcli.verdicts import CheckReport
from xentcli.views.html import parts
from xentcli.views.html.draw import draw, fragment
from xentcli.views.html.embedded import embedded
from xentcli.views.html.model import Sheet

__all__ = ["check", "error", "fragment", "inspect", "page"]


def page(sheet: Sheet, document: dict[str, Any]) -> str:
    """Return a sheet as a page that holds the JSON document."""
    return draw(sheet, embedded(document))


def inspect(found: Inspection, framework: str | None = None) -> str:
    """Return the page of inspected labels, with the snippet of a framework if one is named."""
    return page(parts.inspect(found, framework), found.to_dict())


def check(report: CheckReport) -> str:
    """Return the page of a verdict."""
    return page(parts.check(report), report.to_dict())


def error(found: XentError) -> str:
    """Return the page of a run that could not do what was asked, so that no old report stays behind."""
    from xentcli.views import error as error_view  # noqa: PLC0415  only errors need it

    document: dict[str, Any] = error_view.document(found)
    return page(parts.error(found), document)
