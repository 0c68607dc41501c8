"""The page of `xent compare`: which model is better and how sure that is, then where they differ.

Floor 8. Formats a finished result; computes nothing.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from xentcli.metrics import BOUNDS
from xentcli.rules.rule import Level
from xentcli.scoring.comparing.model import Comparison, Difference, GroupDifference, RightTable, Wins
from xentcli.verdicts import CompareReport
from xentcli.views import numbers
from xentcli.views.check_words import PAIRED
from xentcli.views.compare_parts import CLASSES, GroupForm, group_grid, rate_tables, shown, worst_table
from xentcli.views.page import Block, Bullets, Facts, Grid, Heading, Page, Sentence, remarks
from xentcli.views.passed_over import passed_over, unused
from xentcli.views.score_parts import positive_words


def compare_page(report: CompareReport, *, everything: bool = False) -> Page:
    """Return the page; `everything` lists all classes and slices, and the metrics that no interval is known for."""
    return Page(tuple(_blocks(report, everything=everything)))


def _blocks(report: CompareReport, *, everything: bool) -> Iterator[Block]:
    found = report.comparison
    yield Sentence(found.sentence, strong=True)
    yield from _positive(report)
    yield from _findings(report, errors=True)
    yield Facts(tuple(_about(report)))
    yield from _scores(found)
    if everything:
        yield from _others(report)
    yield from _rows(found)
    yield from _groups(found.per_class, "Classes, worst for B first", CLASSES, everything=everything)
    if everything:
        yield from rate_tables(found.per_class)
    for by, slices in groupby(found.slices, key=lambda one: one.by):
        form = GroupForm(by, "accuracy", "group")
        yield from _groups(tuple(slices), f"By {by}, worst for B first", form, everything=everything)
    yield from worst_table(found.worst)
    yield from _findings(report, errors=False)
    yield from _passed_over(report, everything=everything)


def _positive(report: CompareReport) -> Iterator[Block]:
    """Yield the positive class of a binary task; of each file, should they differ."""
    ours, theirs = (positive_words(one.score.task) for one in (report.a, report.b))
    if ours and ours == theirs:
        yield Sentence(ours)
    elif ours and theirs:
        yield from (Sentence(f"A, {ours}"), Sentence(f"B, {theirs}"))


def _findings(report: CompareReport, *, errors: bool) -> Iterator[Block]:
    """Yield under the name of their file the findings that are errors, or those that are warnings."""
    level = Level.ERROR if errors else Level.WARNING
    for side, one in (("A", report.a), ("B", report.b)):
        held = tuple(remarks((finding for finding in one.findings if finding.level is level), one.findings))
        if held:
            yield Heading(f"{'Errors' if errors else 'Warnings'} in {side}: {one.source.path}")
            yield from held


def _passed_over(report: CompareReport, *, everything: bool) -> Iterator[Block]:
    """Yield which columns of each file were passed over, in one line where both files have the same."""
    a, b = report.a.columns, report.b.columns
    sides = (("", a),) if unused(a) == unused(b) else (("A", a), ("B", b))
    for side, columns in sides:
        line = passed_over(columns, everything=everything, side=side)
        if line:
            yield Sentence(line)


def _about(report: CompareReport) -> Iterator[tuple[str, str]]:
    found = report.comparison
    rows = found.rows
    left = [
        (rows.only_a, "only in A"),
        (rows.only_b, "only in B"),
        (rows.not_scored, "in both but without a label, or bad"),
    ]
    for side, one in (("A", report.a), ("B", report.b)):
        yield side, one.source.path
        yield from (("", said) for said in (*one.score.task.aloud, *one.source.doubts))
    yield "paired", found.pairing.removeprefix(PAIRED)
    parts = [f"{numbers.count(rows.paired)} compared", *(f"{numbers.count(one)} {words}" for one, words in left if one)]
    yield "rows", ", ".join(parts)
    if found.rows_needed is not None:
        yield "", f"about {numbers.count(found.rows_needed)} would tell a difference of this size (with power 0.8)"


def _scores(found: Comparison) -> Iterator[Block]:
    yield Heading(f"Scores of the compared rows, intervals of {100 * found.confidence_level:g} %")
    drawn = [(name, shown(name, one)) for name, one in found.difference.items()]
    yield Grid(
        ("metric", "A", "B", "B - A", "interval", "p-value"),
        tuple((name, one.a, one.b, one.value, one.interval, one.p_value) for name, one in drawn),
        numeric=(1, 2, 3, 5),
    )
    yield Bullets(tuple(_methods(found.difference)))


def _methods(difference: Mapping[str, Difference]) -> Iterator[str]:
    """Yield how intervals and p-values were found: metrics of one method in one line."""
    reasons: dict[str, list[str]] = {}
    for name, one in difference.items():
        because = "" if one.because is None else f"; {one.because}"
        reasons.setdefault(f"{one.method}{because}", []).append(name)
    for words, names in reasons.items():
        yield f"{', '.join(names)}: {words}"


def _others(report: CompareReport) -> Iterator[Block]:
    """Yield the metrics that the comparison has no difference for, as each file's own score has them."""
    a, b = report.a.score.metrics, report.b.score.metrics
    names = [name for name in a if name in b and name not in report.comparison.difference and not name.endswith(BOUNDS)]
    if not names:
        return
    yield Heading("Other metrics, each over all rows of its file")
    yield Grid(
        ("metric", "A", "B"),
        tuple((name, *(numbers.rate_cell(_number(one[name])) for one in (a, b))) for name in names),
        numeric=(1, 2),
    )


def _number(value: float | tuple[float, float] | None) -> float | None:
    return None if isinstance(value, tuple) else value


def _rows(found: Comparison) -> Iterator[Block]:
    yield Heading("Rows")
    if found.wins is not None:
        yield Facts((("lower loss", _wins(found.wins)),))
    yield _table(found.table)


def _wins(wins: Wins) -> str:
    equal = f", equal in {numbers.counted(wins.equal, 'row')}" if wins.equal else ""
    return f"A in {numbers.counted(wins.a, 'row')}, B in {numbers.counted(wins.b, 'row')}{equal}"


def _table(table: RightTable) -> Grid:
    return Grid(
        ("", "B right", "B wrong"),
        (
            ("A right", numbers.count(table.both_right), numbers.count(table.only_a_right)),
            ("A wrong", numbers.count(table.only_b_right), numbers.count(table.both_wrong)),
        ),
        numeric=(1, 2),
    )


def _groups(groups: tuple[GroupDifference, ...], title: str, form: GroupForm, *, everything: bool) -> Iterator[Block]:
    if not groups:
        return
    yield Heading(title)
    yield group_grid(groups, form, everything=everything)
    if any(one is not None and one.adjusted is not None for group in groups for one in (group.loss, group.accuracy)):
        yield Sentence("p-values are corrected by Holm's method for the number of rows of the table.")
