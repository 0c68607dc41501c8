"""Settling: which options hold: those of flags, else those of the configuration file.

Floor 9.
"""

from dataclasses import asdict
from typing import Any

from xentcli import config
from xentcli.errors import UsageError


def refuse_contradiction(path: str | None, *, isolated: bool) -> None:
    """Raise if a configuration file is named and forbidden.

    Raises:
        UsageError: it is.
    """
    if isolated and path is not None:
        raise UsageError("--config and --isolated contradict each other", help="leave one of them out")


def settled(flags: dict[str, Any], path: str | None, *, isolated: bool) -> dict[str, Any]:
    """Return the options that are set: by a flag, else by the configuration file."""
    refuse_contradiction(path, isolated=isolated)
    settings = config.Settings() if isolated else config.load(path)
    held = asdict(settings)
    merged = {name: value if value is not None else held.get(name) for name, value in flags.items()}
    return {name: value for name, value in merged.items() if value is not None}


def inputs(files: list[str], held: dict[str, Any]) -> list[str]:
    """Return the paths of all that is read."""
    given = [held.get(name) for name in ("classes", "class_weights")]
    named = [text[1:] for text in given if isinstance(text, str) and text.startswith("@")]
    return [*files, *named, *([held["labels"]] if "labels" in held else [])]
