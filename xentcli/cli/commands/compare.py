"""`xent compare`: which of two models is better on the same rows, and how sure that is.

Floor 9.
"""

from functools import partial

from xentcli.api import comparing
from xentcli.cli import output, progress
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus
from xentcli.options.forms import OutputFormat
from xentcli.scoring.comparing.model import Verdict


def run(call: Call) -> int:
    """Compare the two files."""
    a, b, options = call.given["a"], call.given["b"], call.options()
    output.refuse(call.wanted, inputs([a, b], options, call.settings))
    with progress.shown() as told:
        report = comparing.compare(a, b, progress=told, **options)

    page = partial(report.page, full=call.everything)
    call.deliver(
        Report(report.to_dict, report.to_concise, page, {OutputFormat.HTML: report.to_html}),
        [report.a.source, report.b.source],
    )
    worse = report.comparison.verdict is Verdict.A_BETTER
    return ExitStatus.FAILED if worse and call.given["fail_if_worse"] else ExitStatus.OK
