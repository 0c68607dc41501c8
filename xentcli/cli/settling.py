"""Settling: which options hold: those of flags, else those of the configuration file.

Floor 9.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xentcli import config
from xentcli.config.find import find
from xentcli.errors import UsageError
from xentcli.record import as_dict


def configuration(path: str | None, *, isolated: bool) -> str | None:
    """Return the configuration file that holds: the one that is named, else the closest; None without one.

    Raises:
        UsageError: one is named and forbidden.
    """
    if isolated and path is not None:
        raise UsageError("--config and --isolated contradict each other", help="leave one of them out")
    closest = find() if path is None and not isolated else path
    return None if closest is None else str(closest)


def settled(flags: Mapping[str, Any], path: str | None) -> dict[str, Any]:
    """Return the options that are set: by a flag, else by the configuration file, if there is one."""
    held = {} if path is None else as_dict(config.load(path))
    merged = {name: value if value is not None else held.get(name) for name, value in flags.items()}
    return {name: value for name, value in merged.items() if value is not None}


def inputs(files: Sequence[str], held: Mapping[str, Any], path: str | None) -> list[str]:
    """Return the paths of all that is read: predictions or labels, what options name, the configuration file."""
    given = [held.get(name) for name in ("classes", "class_weights")]
    named = [text[1:] for text in given if isinstance(text, str) and text.startswith("@")]
    return [*files, *named, *(one for one in (held.get("labels"), path) if one is not None)]
