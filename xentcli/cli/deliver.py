"""Delivery: a finished report goes to stdout in one form and to files in others.

Floor 9. Only the view that is asked for is imported; Rich is for terminals. What a reader is not sure of is told on
stderr, whatever the form of the report.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from xentcli.cli import output
from xentcli.errors import Place
from xentcli.options.forms import Color, OutputFormat
from xentcli.record import Record, field

if TYPE_CHECKING:
    from xentcli.results import Source
    from xentcli.views.page import Page


class Report(Record):
    """What each kind of view starts from, made on demand.

    Attributes:
        document: the JSON document.
        line: the concise lines.
        page: the page of the other views.
        further: what draws the forms that this report has beside those of every report.
    """

    document: Callable[[], dict[str, Any]]
    line: Callable[[], str]
    page: Callable[[], "Page"]
    further: Mapping[OutputFormat, Callable[[], str]] = field(default_factory=dict)


def deliver(report: Report, form: OutputFormat, wanted: tuple[output.Request, ...], color: Color) -> None:
    """Write a report to the files that are asked for, then to stdout.

    Raises:
        XentError: a file, or stdout, cannot be written.
    """
    text = _render(report, color, form, terminal=True)
    output.write_files(wanted, partial(_render, report, color))
    output.to_stdout(text)


def _render(report: Report, color: Color, form: OutputFormat, *, terminal: bool = False) -> str:
    if form in report.further:
        return report.further[form]()
    if form is OutputFormat.JSON:
        from xentcli.views import json  # noqa: PLC0415  one view is imported

        return json.render(report.document(), ascii_only=terminal and not output.speaks_utf8())
    if form is OutputFormat.CONCISE:
        return report.line()
    return _draw(report.page(), form, terminal=terminal, color=color)


def _draw(page: "Page", form: OutputFormat, *, terminal: bool, color: Color) -> str:
    if form is OutputFormat.MARKDOWN:
        from xentcli.views import markdown  # noqa: PLC0415  one view is imported

        return markdown.render(page)
    colour = terminal and output.wants_colour(color)
    if colour or (terminal and output.is_terminal()):
        import shutil  # noqa: PLC0415  terminals only

        from xentcli.views import console  # noqa: PLC0415  Rich is for terminals

        width = shutil.get_terminal_size((80, 24)).columns if output.is_terminal() else console.UNBOUNDED
        return console.render(page, width=width, colour=colour, ascii_only=not output.speaks_utf8())
    from xentcli.views import plain  # noqa: PLC0415  one view is imported

    return plain.render(page)


def tell(sources: "Iterable[Source]") -> None:
    """Write a line for each doubt about some inputs, once."""
    told = {(note.path, note): None for one in sources for note in one.doubts}
    for path, note in told:
        from xentcli.views.safe import printable  # noqa: PLC0415  hardly any run needs it

        output.to_stderr(f"warning: {printable(Place(path))}: {printable(note)}\n")
