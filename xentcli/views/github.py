"""GitHub: workflow commands that put what failed beside the line of the configuration file that set the limit.

Floor 8. The runner reads them from the log: `::error file=xent.toml,line=12,title=...::message`. It shows ten
annotations of a kind in a step; what is beyond nine is counted in a last line.
"""

from collections.abc import Iterator

from xentcli.errors import Place, XentError
from xentcli.gate.model import Outcome
from xentcli.record import Record
from xentcli.verdicts import CheckReport
from xentcli.views import check_words as words
from xentcli.views import error as error_view
from xentcli.views.page import traced
from xentcli.views.safe import printable

MOST = 9
"""Annotations of a kind: the tenth place is for what counts the rest."""
TITLE = "xent"
ERROR, WARNING, NOTICE = "error", "warning", "notice"


class _Annotation(Record):
    kind: str
    title: str
    lines: tuple[str, ...]
    place: Place | None = None


def check(report: CheckReport) -> str:
    """Return an error a failed check and error-level finding, a warning a doubtful check, and one notice to count."""
    found = list(_annotations(report))
    shown = [one for kind in (ERROR, WARNING) for one in _of(found, kind)[:MOST]]
    left = [
        f"{len(rest)} more {kind}{'s' if len(rest) > 1 else ''}"
        for kind in (ERROR, WARNING)
        if (rest := _of(found, kind)[MOST:])
    ]
    if left or report.passed:
        told = f"; not shown: {', '.join(left)}" if left else ""
        shown.append(_Annotation(NOTICE, TITLE, (f"{words.verdict(report)}{told}",)))
    return "".join(_command(one) for one in shown)


def error(found: XentError) -> str:
    """Return one error: why the run could not judge, at the place that it names."""
    lines = error_view.render(found).removeprefix("error: ").splitlines()
    return _command(_Annotation(ERROR, TITLE, tuple(lines), found.place))


def _of(found: list[_Annotation], kind: str) -> list[_Annotation]:
    return [one for one in found if one.kind == kind]


def _annotations(report: CheckReport) -> Iterator[_Annotation]:
    alone = len(report.models) == 1
    for model in report.models:
        title = TITLE if alone else f"{TITLE} {model.name}"
        for one in model.errors:
            name = f"{one.code} {one.name}"
            yield _Annotation(ERROR, f"{title}: {name}", (f"{name}: {traced(one)}", f"help: {one.help}"))
        for check in words.ordered(model.checks):
            if check.outcome is not Outcome.PASSED:
                kind, name = ERROR if check.outcome is Outcome.FAILED else WARNING, words.label(check)
                told = f"{title}: {check.outcome.value} {name}"
                yield _Annotation(kind, told, (f"{name}: {check.message}",), check.place)


def _command(one: _Annotation) -> str:
    place = one.place or Place()
    held = {"file": place.path, "line": place.line, "title": one.title}
    properties = ",".join(f"{name}={_property(value)}" for name, value in held.items() if value)
    return f"::{one.kind} {properties}::{_data(*one.lines)}\n"


def _data(*lines: str) -> str:
    """Return a message as the runner reads it: https://github.com/actions/toolkit, `escapeData`.

    A carriage return (`%0D`) never comes to that: it is shown as text, as is a line end inside a line.
    """
    return "%0A".join(printable(line).replace("%", "%25") for line in lines)


def _property(value: object) -> str:
    """Return a property as the runner reads it: likewise, `escapeProperty`."""
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
