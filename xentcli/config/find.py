"""Finding: which file configures a run that names none.

Floor 1. The closest one upwards counts, as far as the repository's root: xent.toml, or a pyproject.toml that has
a table [tool.xent].
"""

import os
from pathlib import Path

FILE_NAME = "xent.toml"
PROJECT_NAME = "pyproject.toml"


def find(start: Path | None = None) -> Path | None:
    """Return the closest file; None where there is none.

    Args:
        start: the folder to look from. None for the working folder, from which the path is then told.
    """
    try:
        found = _closest(start or Path.cwd())
    except OSError:  # the working folder is gone, or nobody may know where it is
        return None
    return found if start or found is None else Path(os.path.relpath(found))


def _closest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        # What may not be looked at is not there: of pathlib's functions some raise.
        if os.path.isfile(folder / FILE_NAME):  # noqa: PTH113
            return folder / FILE_NAME
        project = folder / PROJECT_NAME
        if os.path.isfile(project) and _mentioned(project):  # noqa: PTH113
            return project
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            return None
    return None


def _mentioned(project: Path) -> bool:
    """Whether a project's file has the table; broken and locked files of others are not ours to report."""
    try:
        text = project.read_bytes()
    except OSError:
        return False
    if b"xent" not in text:
        return False
    import tomllib  # noqa: PLC0415  most runs find no file to parse

    from xentcli.config.toml import refuse_deep  # noqa: PLC0415  likewise

    try:
        decoded = text.decode("utf-8-sig")
        refuse_deep(decoded)
        tool = tomllib.loads(decoded).get("tool")
    except (ValueError, RecursionError):  # no TOML, no text, or a number that Python does not read
        return b"[tool.xent" in text
    return isinstance(tool, dict) and "xent" in tool
