"""First file: `xent check FILES --init` writes a configuration with limits where the files stand today.

Floor 9.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xentcli.addresses import is_uri, shown
from xentcli.api import scoring
from xentcli.cli import output, progress
from xentcli.config.find import FILE_NAME, PROJECT_NAME
from xentcli.config.table import SETTINGS
from xentcli.errors import ExitStatus, UsageError
from xentcli.files.write import write_atomically
from xentcli.gate.init import first_file
from xentcli.options.option import NamesFile, Option
from xentcli.views.safe import printable


def write_first_file(files: Sequence[str], options: Mapping[str, Any], path: str | None, *, plain: bool) -> int:
    """Write a first configuration for some predictions and return the exit status.

    Args:
        files: the predictions.
        options: those of `xentcli.score` that were given.
        path: where to write it; None for the usual name.
        plain: whether nothing was given that says nothing of how files are read.

    Raises:
        UsageError: there are no predictions, other options stand beside, or the file is there.
    """
    goal = Path(path or FILE_NAME)
    if not files or not plain:
        beside = "" if plain else "; of the options of check it takes those that say how files are read, and --config"
        raise UsageError(
            f"writes limits from predictions{beside}", option="init", help=f"xent check FILES --init writes {goal}"
        )
    if goal.name == PROJECT_NAME:
        raise UsageError(
            f"writes a whole file, and of {goal} only the table [tool.xent] would be read",
            option="init",
            help=f"let it write {goal.with_name(FILE_NAME)}, and move its tables to [tool.xent] if they belong there",
        )
    if goal.exists():
        raise UsageError(f"{goal} is there already", help="edit it, or write another with --config PATH")
    with progress.shown() as told:
        report = scoring.score(files, progress=told, **options)
    keys = {key: _from(goal.parent, one, options[one.name]) for key, one in SETTINGS.items() if one.name in options}
    write_atomically(goal, first_file(report.score, [_relative(goal.parent, one) for one in files], keys))
    output.to_stdout(f"wrote {goal}: limits where {_shown(files)} stands today; xent check reads it\n")
    return ExitStatus.OK


def _shown(files: Sequence[str]) -> str:
    return printable(", ".join(map(shown, files)))


def _from(folder: Path, option: Option, value: object) -> object:
    """Return an option as it must stand in a file of that folder: paths are relative to it."""
    if not isinstance(value, str):
        return value
    if option.names is NamesFile.PATH:
        return _relative(folder, value)
    if option.names is NamesFile.AT_PATH and value.startswith("@"):
        return f"@{_relative(folder, value[1:])}"
    return value


def _relative(folder: Path, path: str) -> str:
    if is_uri(path):
        return shown(path)  # the file is there to be shared
    return path if path == "-" or os.path.isabs(path) else os.path.relpath(path, folder)  # noqa: PTH117
