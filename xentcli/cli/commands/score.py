"""`xent score`: the loss and the correct accuracy of predictions.

Floor 9.
"""

from functools import partial

from xentcli.api import scoring
from xentcli.cli import output, progress
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus
from xentcli.options.forms import OutputFormat


def run(call: Call) -> int:
    """Score the files."""
    files, options = call.given["files"], call.options()
    output.refuse(call.wanted, inputs(files, options, call.settings))
    with progress.shown() as told:
        report = scoring.score(files, progress=told, **options)

    page = partial(report.page, full=call.everything)
    call.deliver(Report(report.to_dict, report.to_concise, page, {OutputFormat.HTML: report.to_html}), [report.source])
    return ExitStatus.OK
