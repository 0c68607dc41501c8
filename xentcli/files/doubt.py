"""Doubt: a note of a reader that the reading may be wrong; a command tells it on stderr, too.

Floor 2.
"""

from typing import Self


class Doubt(str):
    """A note and the file that it is about, told like any other note.

    Attributes:
        path: of the file, as the caller gave it.
    """

    __slots__ = ("path",)

    path: str

    def __new__(cls, text: str, path: str = "") -> Self:
        """Keep both."""
        made = super().__new__(cls, text)
        made.path = path
        return made
