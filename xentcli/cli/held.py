"""Held text: the help, which Typer prints by itself, goes to stdout as every report does.

Failures are told, a reader that has gone away changes nothing.

Floor 9.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

from xentcli.cli import output


class _Held(io.StringIO):
    """Text that goes to stdout later; whoever asks it about the terminal gets the answers of stdout."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # what is read only here may be set in the class above
        return self._stream.encoding

    def isatty(self) -> bool:
        return self._stream.isatty()


@contextmanager
def held() -> Iterator[None]:
    """Hold back what others print to stdout and write it at the end as reports are written, failures included.

    Raises:
        UnreadableError: stdout cannot take it.
    """
    if sys.stdout is None:
        yield
        return
    text = _Held(sys.stdout)
    with redirect_stdout(text):
        yield
    output.to_stdout(text.getvalue())
