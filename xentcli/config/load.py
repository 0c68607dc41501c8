"""Loading: what the configuration file says, of the shared options or of all.

Floor 1. Flags come before it; that is for those who know the flags. Most runs find no file, and what would parse
one is not imported for them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xentcli.config.find import find
from xentcli.config.model import Project

if TYPE_CHECKING:
    from xentcli.config.table import TomlTable


def load(path: str | None = None, start: Path | None = None) -> Mapping[str, Any]:
    """Return the shared options that a file sets, or the closest one; what only a judge needs is passed over.

    Args:
        path: the file; its absence is an error. None looks for the closest.
        start: where to look from; None for the working folder.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or has an unknown key or a value of a wrong type.
    """
    table = _table(path, start)
    if table is None:
        return {}
    from xentcli.config.table import (  # noqa: PLC0415  see the module's docstring
        FILE_KEYS,
        known,
        settings_of,
    )

    return settings_of(known(table, FILE_KEYS))


def load_project(path: str | None = None, start: Path | None = None) -> Project:
    """Return all that a file says, or the closest one: options, models and limits.

    Args:
        path: the file; its absence is an error. None looks for the closest.
        start: where to look from; None for the working folder.

    Raises:
        ConfigError: the file cannot be read, is no TOML, has an unknown key, a value that its key cannot have, or
            keys that contradict each other.
    """
    table = _table(path, start)
    if table is None:
        return Project()
    from xentcli.config.models import project_of  # noqa: PLC0415  see the module's docstring

    return project_of(table)


def _table(path: str | None, start: Path | None) -> "TomlTable | None":
    found = find(start) if path is None else Path(path)
    if found is None:
        return None
    from xentcli.config.table import read  # noqa: PLC0415  see the module's docstring

    return read(found)
