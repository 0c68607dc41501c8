"""`xent config`: what editors need to know of `xent.toml`.

Floor 9.
"""

from importlib.resources import files

from xentcli.cli import output
from xentcli.cli.call import Call
from xentcli.config.schema import FILE_NAME
from xentcli.errors import ExitStatus, UsageError


def run(call: Call) -> int:
    """Print the schema.

    Raises:
        UsageError: something else is asked for.
    """
    if call.given["what"] != "schema":
        raise UsageError(f"config prints no {call.given['what']!r}", help="xent config schema")
    output.to_stdout(files("xentcli.config").joinpath(FILE_NAME).read_text(encoding="utf-8"))
    return ExitStatus.OK
