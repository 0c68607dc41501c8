"""`xent plot`: one figure of predictions, by itself.

Floor 9.
"""

import os

from xentcli.api import scoring
from xentcli.cli import output, progress
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import tell
from xentcli.errors import ExitStatus, UsageError
from xentcli.views.figures.picture import Picture, picture_of, plot_named

_FORMS = (".svg", ".png", ".vl.json", ".json")


def run(call: Call) -> int:
    """Score the files and draw the figure.

    Raises:
        UsageError: there is no such figure, or a file is named by what is no form of figures.
    """
    files, options, paths = call.given["files"], call.options(), tuple(call.given["output"] or ())
    plot = plot_named(call.given["figure"])
    for path in paths:
        if not path.lower().endswith(_FORMS):
            raise UsageError(f"-o {path}: figures are written as {', '.join(_FORMS)}", help="such as -o figure.svg")
        if output.is_input(path, inputs(files, options, call.settings)):
            raise UsageError(f"-o {path} would overwrite an input", help="write the figure elsewhere")
    with progress.shown() as told:
        report = scoring.score(files, progress=told, **options)
    tell([report.source])
    picture = picture_of(report.score, plot)
    drawn = [(path, _drawn(picture, path)) for path in paths]
    from xentcli.files.write import write_atomically  # noqa: PLC0415  --help writes nothing

    for path, content in drawn:
        write_atomically(path, content)
    if not paths:
        output.to_stdout(picture.to_svg())
    return ExitStatus.OK


def _drawn(picture: Picture, path: str) -> str | bytes:
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122  the path as given
    if suffix == ".svg":
        return picture.to_svg()
    return picture.to_png() if suffix == ".png" else picture.to_json()
