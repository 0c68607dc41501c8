"""Depth: a text whose keys are nested too deep is told before it is parsed.

Floor 1. The parser of the standard library takes gigabytes for `a.a.a` of 60 kB; nothing here needs more than four
levels.
"""

import re

_LEVELS = 64
_PART = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DEEP = re.compile(rf"(?m)(?:^|[{{,])[ \t]*\[{{0,2}}[ \t]*(?:{_PART}[ \t]*\.[ \t]*){{{_LEVELS}}}")


def refuse_deep(text: str) -> None:
    """Raise if a key or the name of a table has more parts than any that is meant.

    Raises:
        RecursionError: as the parser does of brackets that are nested too deep.
    """
    if _DEEP.search(text):
        raise RecursionError("keys are nested too deep")
