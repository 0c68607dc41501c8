"""`xent score`: the loss and the correct accuracy of predictions.

Floor 9.
"""

from xentcli.api import scoring
from xentcli.cli import output, progress
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus
from xentcli.options.forms import OutputFormat
from xentcli.views.page import Page


def run(call: Call) -> int:
    """Score the files."""
    files, options = call.given["files"], call.options()
    output.refuse(call.wanted, inputs(files, options, call.settings))
    with progress.shown() as told:
        report = scoring.score(files, progress=told, **options)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.score(report)

    def page() -> Page:
        from xentcli.views.score_page import score_page  # noqa: PLC0415  likewise

        return score_page(report, everything=call.everything)

    def web_page() -> str:
        from xentcli.views import html  # noqa: PLC0415  likewise

        return html.score(report)

    call.deliver(Report(report.to_dict, line, page, {OutputFormat.HTML: web_page}), [report.source])
    return ExitStatus.OK
