"""JSON: the documents of reports, for machines.

Floor 8. No NaN or infinity ever: null instead. The same result gives the same bytes. What a terminal or a runner
would obey (a class name may hold it) is written as an escape of JSON, so that the value is kept and does nothing.
"""

import json
import re
from math import isfinite
from typing import Any

from xentcli.errors import XentError
from xentcli.views import error as error_view
from xentcli.views.safe import hides

_COMMAND = re.compile(r"\#(?=\#\w*\[)")
"""A command to a runner, which is one anywhere in a line: `##[name]`. No line of JSON starts with `::`."""


def render(document: Any, *, ascii_only: bool = False, indent: int | None = 2) -> str:
    """Return a document as JSON text that ends in a line end.

    Args:
        document: what to write.
        ascii_only: for a stream that cannot carry every character.
        indent: of each level; None for one line.
    """
    text = json.dumps(_finite(document), indent=indent, ensure_ascii=ascii_only, allow_nan=False)
    if "##" in text:
        text = _COMMAND.sub(r"\\u0023", text)
    if "\x7f" in text or not text.isascii():
        text = "".join(_escaped(character) if hides(character) else character for character in text)
    return text + "\n"


def error(found: XentError) -> str:
    """Return the document of a run that could not do what was asked."""
    return render(error_view.document(found))


def _escaped(character: str) -> str:
    if character == "\n":  # of the layout: those inside strings are escaped already
        return character
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
