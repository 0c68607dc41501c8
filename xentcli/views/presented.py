"""Presented: a report in any form, whichever command made it. What notebooks and the library's results show.

Floor 8. Every form is imported when it is asked for.
"""

from xentcli.results import Encoded, Explanation, Inspection, Report, ScoreReport
from xentcli.verdicts import CheckReport, CompareReport
from xentcli.views import concise
from xentcli.views.page import Page


def page(report: Report, *, everything: bool = False) -> Page:
    """Return the page of a report: what a terminal shows; `everything` is what `--full` does."""
    match report:
        case ScoreReport():
            from xentcli.views.score_page import score_page  # noqa: PLC0415  one page is imported

            return score_page(report, everything=everything)
        case Inspection():
            from xentcli.views.inspect_page import inspect_page  # noqa: PLC0415  likewise

            return inspect_page(report, framework=None, everything=everything)
        case CompareReport():
            from xentcli.views.compare_page import compare_page  # noqa: PLC0415  likewise

            return compare_page(report, everything=everything)
        case CheckReport():
            from xentcli.views.check_page import check_page  # noqa: PLC0415  likewise

            return check_page(report, everything=everything)
        case Encoded():
            from xentcli.views.encode_page import encode_page  # noqa: PLC0415  likewise

            return encode_page(report)
        case Explanation():
            from xentcli.views.explain_page import explain_page  # noqa: PLC0415  likewise

            return explain_page(report)
    raise TypeError(f"no page of {type(report).__name__}")


def line(report: Report) -> str:
    """Return a report in a line, without its end: that of `-f concise`, of several the last, which is the verdict."""
    match report:
        case ScoreReport():
            return concise.score(report).splitlines()[0]
        case Inspection():
            return concise.inspect(report).splitlines()[0]
        case CompareReport():
            return concise.compare(report).splitlines()[0]
        case CheckReport():
            return concise.check(report).splitlines()[-1]
        case Encoded():
            return concise.encode(report).splitlines()[0]
        case Explanation():
            return f"{report.topic}: {report.title}"
    raise TypeError(f"no line of {type(report).__name__}")


def html(report: Report, *, whole: bool) -> str | None:
    """Return the page for a browser, or the part of it that a notebook shows; None where a report has none."""
    if isinstance(report, Encoded | Explanation):
        return None
    from xentcli.views import html as view  # noqa: PLC0415  Jinja2 is for those who ask

    match report:
        case ScoreReport():
            return view.score(report) if whole else view.fragment(view.parts.score(report))
        case Inspection():
            return view.inspect(report) if whole else view.fragment(view.parts.inspect(report, None))
        case CompareReport():
            return view.compare(report) if whole else view.fragment(view.parts.compare(report))
        case CheckReport():
            return view.check(report) if whole else view.fragment(view.parts.check(report))
    raise TypeError(f"no page of {type(report).__name__}")
