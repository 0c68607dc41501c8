"""`xent encode`: labels in another encoding, with the order of their classes.

Floor 9.
"""

from xentcli.api import encoding
from xentcli.cli import output
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.errors import ExitStatus, UsageError
from xentcli.files.save.labels import goal_of


def run(call: Call) -> int:
    """Encode the labels of the files.

    Raises:
        UsageError: several files are to be written, or one over an input.
    """
    files, paths, options = call.given["files"], call.given["output"], call.options()
    if len(paths) > 1:
        raise UsageError(f"-o is given {len(paths)} times; encode writes one file", help="name one")
    goal = goal_of(paths[0])
    for one in (goal.path, goal.sidecar):
        if one is not None and output.is_input(one, inputs(files, options, call.settings)):
            raise UsageError(f"-o {one} would overwrite an input", help="write the labels elsewhere")
    report = encoding.encode(files, to=call.given["to"], output=goal.path, keep=False, **options)

    call.deliver(Report(report.to_dict, report.to_concise, report.page), [report.source])
    return ExitStatus.OK
