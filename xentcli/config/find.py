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
    except FileNotFoundError:  # the working folder is gone
        return None
    return found if start or found is None else Path(os.path.relpath(found))


def _closest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
        project = folder / PROJECT_NAME
        if project.is_file() and _mentioned(project):
            return project
        if (folder / ".git").exists():
            return None
    return None


def _mentioned(project: Path) -> bool:
    """Whether a project's file has the table; broken files of others are not ours to report."""
    text = project.read_bytes()
    if b"xent" not in text:
        return False
    import tomllib  # noqa: PLC0415  most runs find no file to parse

    try:
        tool = tomllib.loads(text.decode("utf-8-sig")).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return b"[tool.xent" in text
    return isinstance(tool, dict) and "xent" in tool
