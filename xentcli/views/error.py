"""Errors as text and as the document `xent.error/1`.

Floor 8.
"""

from typing import Any

from xentcli.errors import XentError, brief
from xentcli.views.safe import printable

SCHEMA = "xent.error/1"


def render(error: XentError) -> str:
    """Return `error: ...`, its details and its help, each line made safe."""
    lines = [head(error), *(f"  {detail}" for detail in error.details)]
    if error.help:
        lines.append(f"help: {error.help}")
    return "".join(f"{printable(line)}\n" for line in lines)


def head(error: XentError) -> str:
    """Return `error: `, the place and the message, not made safe."""
    where = str(error.place) if error.place is not None else ""
    joint = " " if error.place is not None and error.place.column is not None else ": "
    return f"error: {where}{joint}{error.message}" if where else f"error: {error.message}"


def document(error: XentError) -> dict[str, Any]:
    """Return the JSON document of an error."""
    place = error.place
    return {
        "schema": SCHEMA,
        "error": {
            "kind": type(error).__name__,
            "message": error.message,
            "option": error.option,
            "path": place.path if place else None,
            "line": place.line if place else None,
            "row": place.row if place else None,
            "column": brief(place.column) if place and place.column is not None else None,
            "details": list(error.details),
            "help": error.help,
        },
        "exit_status": int(error.status),
    }
