"""Doubts: what a reader is not sure of is told on stderr, whatever the form of the report on stdout.

Floor 9.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xentcli.cli import output
from xentcli.errors import Place

if TYPE_CHECKING:
    from xentcli.results import Source


def tell(sources: "Iterable[Source]") -> None:
    """Write a line for each doubt about some inputs, once."""
    told = {(note.path, note): None for one in sources for note in one.doubts}
    for path, note in told:
        from xentcli.views.safe import printable  # noqa: PLC0415  hardly any run needs it

        output.to_stderr(f"warning: {printable(Place(path))}: {printable(note)}\n")
