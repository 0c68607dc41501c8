"""`xent compare`: which of two models is better on the same rows, and how sure that is.

Floor 9.
"""

from xentcli.api import comparing
from xentcli.cli import output, progress
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus
from xentcli.options.forms import OutputFormat
from xentcli.scoring.comparing.model import Verdict
from xentcli.views.page import Page


def run(call: Call) -> int:
    """Compare the two files."""
    a, b, options = call.given["a"], call.given["b"], call.options()
    output.refuse(call.wanted, inputs([a, b], options, call.settings))
    with progress.shown() as told:
        report = comparing.compare(a, b, progress=told, **options)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.compare(report)

    def page() -> Page:
        from xentcli.views.compare_page import compare_page  # noqa: PLC0415  likewise

        return compare_page(report, everything=call.everything)

    def web_page() -> str:
        from xentcli.views import html  # noqa: PLC0415  likewise

        return html.compare(report)

    call.deliver(Report(report.to_dict, line, page, {OutputFormat.HTML: web_page}), [report.a.source, report.b.source])
    worse = report.comparison.verdict is Verdict.A_BETTER
    return ExitStatus.FAILED if worse and call.given["fail_if_worse"] else ExitStatus.OK
