"""Mentions: what a configuration file may name as an input, as far as that can be told of one with mistakes.

Floor 1. For a run that fails, perhaps by this very file: no report of it may replace what the file reads. Every text
counts, whatever its key, and in what is no TOML all that looks like one.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xentcli.config.find import PROJECT_NAME
from xentcli.config.toml import refuse_deep

_VALUE = re.compile(r"""["'=][ \t]*(?P<text>[^"'\n\#]+)""")
"""What stands in quotes, or without them behind an equals sign."""
_AROUND = " \t\r,[]{}"


def mentions(path: Path) -> list[str]:
    """Return a configuration file and the paths that it may name; nothing is raised.

    Args:
        path: of the file, which may be missing, unreadable or broken.
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError):  # ValueError: a null character in the path
        return [str(path)]
    paths = (text.removeprefix("@") for text in _texts(path.name, data.decode("utf-8-sig", "surrogateescape")))
    # A report is written to a file, not to an address, which would have to be asked.
    return [str(path), *(str(path.parent / one) for one in paths if "://" not in one)]


def _texts(name: str, text: str) -> list[str]:
    import tomllib  # noqa: PLC0415  as in `table`

    try:
        refuse_deep(text)
        document: Any = tomllib.loads(text)
    except (ValueError, RecursionError):  # no TOML, or a number too long to be one
        rough = (found["text"].strip(_AROUND) for found in _VALUE.finditer(text))
        return [one for one in rough if any(map(str.isalnum, one))]
    if name == PROJECT_NAME:
        tool = document.get("tool")
        document = tool.get("xent") if isinstance(tool, dict) else None
    return list(_leaves(document))


def _leaves(value: Any) -> Iterator[str]:
    """Yield every text of a document, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
