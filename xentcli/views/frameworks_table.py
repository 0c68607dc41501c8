"""The table of what frameworks would have reported, on the page of `xent score`.

Floor 8. Formats finished reports; computes nothing. Calls that give the same numbers for the same reason are one
line, the correct numbers stand above all others. A line that would read like the correct one tells nothing: calls that
differ only in digits that are not shown are counted under the table.
"""

import re
from collections.abc import Iterator

from xentcli.scoring.model import FrameworkReport, Score
from xentcli.views import numbers
from xentcli.views.page import Block, Grid, Heading

TOP = 12
CALLS = 2
"""So many calls are named where several give the same."""
_NONE = "-"
_QUOTED = re.compile(r"'(\w+)'")

Line = list[FrameworkReport]


def frameworks_table(score: Score, *, everything: bool) -> Iterator[Block]:
    """Yield the table where any framework disagrees visibly; `everything` lists all others, too."""
    if score.loss is None:
        return
    loss, accuracy = numbers.loss(score.loss.value), numbers.rate_cell(score.accuracy.value)
    told = [one for one in score.frameworks if _disagrees(one)]
    alike = [one for one in told if _numbers(one)[0] in {loss, _NONE} and _numbers(one)[1] in {accuracy, _NONE}]
    wrong = _merged([one for one in told if one not in alike])
    if not wrong and not (everything and alike):
        return
    right = [one for one in score.frameworks if not _disagrees(one)]
    lines = [*wrong, *_merged(alike), *_merged(right)] if everything else wrong[:TOP]
    correct = ("correct", loss, accuracy, "")
    yield Heading("What frameworks would say")
    yield Grid(
        ("framework", "loss", "accuracy", "why"),
        (correct, *(_row(line) for line in lines)),
        numeric=(1, 2),
        more="" if everything else _more(len(wrong) - len(lines), alike, len(right)),
    )


def _disagrees(one: FrameworkReport) -> bool:
    return one.loss_agrees is False or one.accuracy_agrees is False


def _merged(reports: Line) -> list[Line]:
    """Return the reports by line, those first whose accuracy is not the correct one."""
    lines: dict[tuple[str, ...], Line] = {}
    for one in reports:
        lines.setdefault((*_numbers(one), one.because or ""), []).append(one)
    return sorted(lines.values(), key=lambda line: line[0].accuracy_agrees is not False)


def _numbers(one: FrameworkReport) -> tuple[str, str]:
    loss = _NONE if one.call is None else numbers.loss(one.loss)
    accuracy = _NONE if one.accuracy_call is None else numbers.rate_cell(one.accuracy)
    return loss, accuracy


def _call(one: FrameworkReport) -> str:
    """Return the name of what disagrees: a loss or metric in quotes, else a function."""
    about_accuracy = one.call is None or (one.loss_agrees and one.accuracy_agrees is False)
    call = one.accuracy_call if about_accuracy else one.call
    if call is None:
        return ""
    quoted = _QUOTED.search(call)
    if quoted and call.startswith(("compile(", "metrics=", "eval_metric", "metric=")):
        return quoted[1]
    return call.partition("(")[0] if call[:1].isalpha() else ""


def _row(line: Line) -> tuple[str, ...]:
    versions: dict[str, list[str]] = {}
    for one in line:
        held = versions.setdefault(one.framework, [])
        if one.version not in held:
            held.append(one.version)
    names = "; ".join(f"{framework} {', '.join(held)}" for framework, held in versions.items())
    calls = [call for call in dict.fromkeys(_call(one) for one in line) if call]
    shown = ", ".join([*calls[:CALLS], *(["..."] if len(calls) > CALLS else [])])
    return (f"{names}: {shown}" if shown else names, *_numbers(line[0]), line[0].because or "agrees")


def _more(left: int, alike: Line, agreeing: int) -> str:
    parts = [f"{left} more: --full shows them"] if left else []
    if alike:
        reasons = list(dict.fromkeys(one.because for one in alike if one.because))
        why = f" ({reasons[0]})" if len(reasons) == 1 else ""
        differ = f"{numbers.counted(len(alike), 'call')} {'differs' if len(alike) == 1 else 'differ'}"
        parts += [f"{differ} in digits not shown here{why}"]
    parts += [f"{numbers.counted(agreeing, 'other call')} {'agrees' if agreeing == 1 else 'agree'}"] if agreeing else []
    return "; ".join(parts)
