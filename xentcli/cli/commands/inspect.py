"""`xent inspect`: what labels mean and what to train with.

Floor 9.
"""

from xentcli.api import inspecting
from xentcli.cli import output
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus
from xentcli.options.forms import OutputFormat
from xentcli.views.page import Page


def run(call: Call) -> int:
    """Inspect the files."""
    files, framework, options = call.given["files"], call.given["framework"], call.options()
    output.refuse(call.wanted, inputs(files, options, call.settings))
    found = inspecting.inspect(files, **options)
    if framework is not None:
        from xentcli.views.inspect_page import framework_advice  # noqa: PLC0415  only where one is named

        framework_advice(found, framework)

    def page() -> Page:
        from xentcli.views.inspect_page import inspect_page  # noqa: PLC0415  one view is imported

        return inspect_page(found, framework=framework, everything=call.everything)

    def web_page() -> str:
        from xentcli.views import html  # noqa: PLC0415  likewise

        return html.inspect(found, framework)

    call.deliver(Report(found.to_dict, found.to_concise, page, {OutputFormat.HTML: web_page}), [found.source])
    return ExitStatus.FAILED if found.detection.task.kind is None else ExitStatus.OK
