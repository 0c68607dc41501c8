"""`xent explain`: a topic or a finding, or a list of all there is.

Floor 9.
"""

from xentcli.api import explaining
from xentcli.cli import output
from xentcli.cli.call import Call
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus
from xentcli.views import explain_page as view


def run(call: Call) -> int:
    """Explain the topic."""
    output.refuse(call.wanted, ())
    topic = call.given["topic"]
    if topic is None:
        topics = explaining.topics()
        report = Report(
            lambda: view.topics_document(topics), lambda: view.topics_lines(topics), lambda: view.topics_page(topics)
        )
    else:
        found = explaining.explain(topic)
        report = Report(found.to_dict, found.to_concise, found.page)
    call.deliver(report)
    return ExitStatus.OK
