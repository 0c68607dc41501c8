"""Output: where reports go: stdout in one form, files in others.

Floor 9. Views make the text; here it is chosen, written, and kept from breaking on closed pipes.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TextIO

from xentcli.addresses import is_uri, query_split, shown
from xentcli.errors import Place, UnreadableError, UsageError, XentError, did_you_mean
from xentcli.options.forms import REPORT_FORMS, Color, OutputFormat
from xentcli.record import Record

_SUFFIXES = {
    ".json": OutputFormat.JSON,
    ".md": OutputFormat.MARKDOWN,
    ".markdown": OutputFormat.MARKDOWN,
    ".html": OutputFormat.HTML,
    ".htm": OutputFormat.HTML,
    ".txt": OutputFormat.FULL,
    ".xml": OutputFormat.JUNIT,
}

_ABSENT = {one: one.removeprefix(".") for one in (".svg", ".png", ".pdf", ".csv", ".tsv", ".xlsx", ".parquet")}
"""Suffixes that speak of a form which no report has: text under such a name would be taken for what it is not."""

_ALIKE = 0.8
"""Of difflib: `jsn` and `junt` are forms with a letter missing, `git` is no form."""

_NO_FILES = {"", "-"}


class UnknownFormatError(UsageError):
    """A form that the command does not have."""

    def __init__(self, option: str, word: str, forms: Sequence[OutputFormat], *, hint: str = "") -> None:
        """Name it with the closest form, or with all."""
        known = [form.value for form in forms]
        close = did_you_mean(word, known)
        says = f"did you mean {close}?" if close else f"the formats are {', '.join(known)}"
        elsewhere = " here; xent check has it" if word in set(OutputFormat) else ""
        super().__init__(f"{option}: there is no format {word!r}{elsewhere}", help=f"{says}{hint}")


_WITHOUT_ERRORS = {OutputFormat.FULL, OutputFormat.CONCISE}
"""Forms for people: an error in them is the text that stderr gets."""

Render = Callable[[OutputFormat], str]


class Request(Record):
    """A file to write.

    Attributes:
        form: of the report in it.
        path: as the caller gave it.
        refusal: why no such file is written, for what is told only after all that would be worse.
    """

    form: OutputFormat
    path: str
    refusal: UnknownFormatError | None = None


def requests(texts: Sequence[str], forms: Sequence[OutputFormat] = REPORT_FORMS) -> tuple[Request, ...]:
    """Return what `-o` asks for: `FORMAT=PATH`, or a path whose suffix tells the format.

    What stands before an equals sign and is no form is the beginning of a name: `a=b.json`.

    Raises:
        UnknownFormatError: a format that is not among the forms, or nearly the word of one.
    """
    return tuple(_request(text, forms) for text in texts)


def _request(text: str, forms: Sequence[OutputFormat]) -> Request:
    prefix, found, rest = text.partition("=")
    if found and prefix in set(forms):
        return Request(OutputFormat(prefix), rest)
    if found and (prefix in {*OutputFormat, *_ABSENT.values()} or _is_slip(prefix, forms)):
        raise UnknownFormatError(f"-o {prefix}=", prefix, forms, hint=f" (a file of that name is ./{prefix}=...)")
    path = query_split(text)[0] if is_uri(text) else text
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122  the path as given
    hint = f" (text in a file of that name is full={text})"
    if suffix in _ABSENT:
        return Request(OutputFormat.FULL, text, UnknownFormatError(f"-o {text}", _ABSENT[suffix], forms, hint=hint))
    form = _SUFFIXES.get(suffix, OutputFormat.FULL)
    if form not in forms:
        raise UnknownFormatError(f"-o {text}", form.value, forms, hint=hint)
    return Request(form, text)


def _is_slip(word: str, forms: Sequence[OutputFormat]) -> bool:
    """Whether a word is a form but for a slip of the finger, so that a file of that name is hardly meant."""
    from difflib import get_close_matches  # noqa: PLC0415  only such words need it

    return bool(get_close_matches(word, [form.value for form in forms], cutoff=_ALIKE))


class OverwriteError(UsageError):
    """A report would be written over an input."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Name the reports' paths."""
        super().__init__(f"-o {paths[0]} would overwrite an input", help="write the report elsewhere")
        self.paths = frozenset(paths)


def refuse(wanted: tuple[Request, ...], inputs: Sequence[str]) -> None:
    """Raise if a report cannot be written as asked, or would replace an input or a file of a folder or glob.

    Raises:
        OverwriteError: naming it.
        UsageError: no file is named, or one whose suffix speaks of a form that no report has.
    """
    for request in wanted:
        if request.path in _NO_FILES:
            raise UsageError(f"-o names no file: {request.path!r}", help="stdout has its own form: -f json")
    over = [request.path for request in wanted if is_input(request.path, inputs)]
    if over:
        raise OverwriteError(over)
    for request in wanted:
        if request.refusal is not None:
            raise request.refusal


def is_input(path: str, inputs: Sequence[str]) -> bool:
    """Whether an existing file is one of the inputs, or stands in a folder or glob that is one."""
    from xentcli.files.expand import stands_among  # noqa: PLC0415  only where a file is written

    return stands_among(path, inputs)


def write_files(wanted: tuple[Request, ...], render: Render) -> None:
    """Write every requested file.

    Raises:
        UnreadableError: one cannot be written.
    """
    from xentcli.files.write import write_atomically  # noqa: PLC0415  --help writes nothing

    for request in wanted:
        write_atomically(request.path, render(request.form))


def write_error_files(wanted: tuple[Request, ...], error: XentError) -> None:
    """Write the error to every requested file, so that none keeps an old report; do not fail on top of it."""
    from xentcli.files.write import write_atomically  # noqa: PLC0415  --help writes nothing

    tried = error.place.path if error.place is not None else None
    for request in wanted:
        if request.path in _NO_FILES or shown(request.path) == tried:
            continue
        try:
            write_atomically(request.path, _error_text(error, request.form))
        except XentError as second:  # the other files still get theirs
            to_stderr(_error_text(second, OutputFormat.FULL))


def _error_text(error: XentError, form: OutputFormat) -> str:
    """Return an error in a form; the forms that have none of their own take the text."""
    from xentcli.views import error as error_view  # noqa: PLC0415  only errors need it

    if form in _WITHOUT_ERRORS:
        return error_view.render(error)
    drawn: str = view_of(form).error(error)
    return drawn


def view_of(form: OutputFormat) -> Any:
    """Return the module that draws a form; it goes by the form's name, so that a new one needs no other line here."""
    return import_module(f"xentcli.views.{form.value}")


def to_stdout(text: str) -> None:
    """Write text to stdout; a reader that has gone away changes nothing.

    Raises:
        UnreadableError: stdout cannot take it (a full disk).
    """
    if sys.stdout is None:
        return
    try:
        _forgiving(sys.stdout)
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly(sys.stdout)
    except OSError as error:
        _close_quietly(sys.stdout)
        raise UnreadableError(f"cannot be written: {error.strerror}", place=Place("<stdout>")) from error


def to_stderr(text: str) -> None:
    """Write text to stderr, if there is one."""
    if sys.stderr is None:
        return
    try:
        _forgiving(sys.stderr)
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _close_quietly(sys.stderr)


def _forgiving(stream: object) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _close_quietly(stream: TextIO) -> None:
    """Point a stream at nothing, so that the interpreter's own flush at exit cannot fail, which would be status 120."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError, AttributeError):
        if stream is sys.stdout:
            sys.stdout = None
        else:
            sys.stderr = None
    finally:
        os.close(nowhere)


def speaks_utf8() -> bool:
    """Whether stdout can carry every character."""
    return sys.stdout is None or (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def is_terminal() -> bool:
    """Whether stdout is a terminal that can move its cursor."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour(choice: Color) -> bool:
    """Decide on colour: --color, NO_COLOR, FORCE_COLOR, TERM=dumb, a terminal, in that order."""
    if choice is not Color.AUTO:
        return choice is Color.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal()
