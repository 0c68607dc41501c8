"""The page of `xent compare`: which model is better and how sure that is, then where they differ.

Floor 8. Formats a finished result; computes nothing.

Tables of the page of `xent compare`, and the numbers of a difference as text, for every view of it.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from xentcli.metrics import BOUNDS, is_rate
from xentcli.record import Record
from xentcli.rules.rule import Level
from xentcli.scoring.comparing.model import Comparison, Difference, DifferentRow, GroupDifference, RightTable, Wins
from xentcli.verdicts import CompareReport
from xentcli.views import numbers
from xentcli.views.check_words import PAIRED
from xentcli.views.page import EMPTY, Block, Bullets, Facts, Grid, Heading, Page, Sentence, remarks
from xentcli.views.score_parts import TOP, more_words, passed_over, positive_words, unused


class DifferenceText(Record):
    """A difference as text; empty where there is nothing to show."""

    a: str
    b: str
    value: str
    interval: str
    p_value: str


NOTHING = DifferenceText("", "", "", "", "")


def shown(metric: str, found: Difference | None) -> DifferenceText:
    """Return a difference of a metric as text, with the p-value that is corrected for its table if there is one."""
    if found is None:
        return NOTHING
    text = numbers.rate_cell if is_rate(metric) else numbers.loss
    return DifferenceText(
        numbers.beside(text, found.a, found.b), numbers.beside(text, found.b, found.a),
        numbers.difference(found.value), numbers.difference_interval(found.interval),
        numbers.p_value(found.p_value if found.adjusted is None else found.adjusted),
    )  # fmt: skip


class GroupForm(Record):
    """What a table of groups calls its parts.

    Attributes:
        title: of the column that names the groups.
        rate: what the share of right rows is called.
        unit: what one group is called.
    """

    title: str
    rate: str
    unit: str


CLASSES = GroupForm("class", "recall", "class")


def group_grid(groups: tuple[GroupDifference, ...], form: GroupForm, *, everything: bool) -> Grid:
    """Return the differences of groups, those first that B is worse at, by the loss if there is one."""
    ordered = sorted(groups, key=_order)
    shown_groups = ordered if everything else ordered[:TOP]
    held = any(one.loss is not None for one in shown_groups)
    return Grid(
        (form.title, "rows", *(["loss: B - A", "p"] if held else []), f"{form.rate}: A", "B", "B - A", "p"),
        tuple(_group(one, losses=held) for one in shown_groups),
        numeric=tuple(range(1, 8 if held else 6)),
        more=more_words(len(ordered) - len(shown_groups), form.unit),
    )


def _order(group: GroupDifference) -> tuple[bool, float, bool, float]:
    loss, accuracy = None if group.loss is None else group.loss.value, group.accuracy.value
    return loss is None, -(loss or 0.0), accuracy is None, accuracy or 0.0


def _group(group: GroupDifference, *, losses: bool) -> tuple[str, ...]:
    loss, rate = shown("loss", group.loss), shown("accuracy", group.accuracy)
    return (
        EMPTY if group.value is None else group.value, numbers.count(group.rows),
        *((loss.value, loss.p_value) if losses else ()), rate.a, rate.b, rate.value, rate.p_value,
    )  # fmt: skip


def rate_tables(classes: tuple[GroupDifference, ...]) -> Iterator[Block]:
    """Yield the differences of precision and of F1 by class, where they are known."""
    for metric, title in (("precision", "Precision by class"), ("f1", "F1 by class")):
        held = [(one.value or EMPTY, shown(metric, getattr(one, metric))) for one in classes]
        if any(drawn != NOTHING for _, drawn in held):
            yield Heading(title)
            yield Grid(
                ("class", "A", "B", "B - A", "interval", "p-value"),
                tuple((name, one.a, one.b, one.value, one.interval, one.p_value) for name, one in held),
                numeric=(1, 2, 3, 5),
            )


def worst_table(worst: tuple[DifferentRow, ...]) -> Iterator[Block]:
    """Yield the table of the rows that the models differ most on, if any are asked for."""
    if not worst:
        return
    apart = any(one.row_a != one.row_b for one in worst)
    ids = any(one.id is not None for one in worst)
    named = any(one.label is not None for one in worst)
    titles = (
        *(("row of A", "row of B") if apart else ("row",)), *(("id",) if ids else ()),
        *(("true", "A says", "B says") if named else ()), "loss: A", "B", "B - A",
    )  # fmt: skip
    yield Heading("Rows that differ most")
    yield Grid(
        titles,
        tuple(_row(one, apart=apart, ids=ids, named=named) for one in worst),
        numeric=(0, *((1,) if apart else ()), *range(len(titles) - 3, len(titles))),
    )


def _row(one: DifferentRow, *, apart: bool, ids: bool, named: bool) -> tuple[str, ...]:
    return (
        str(one.row_a), *((str(one.row_b),) if apart else ()), *((one.id or "",) if ids else ()),
        *((one.label or "", one.predicted_a or "", one.predicted_b or "") if named else ()),
        numbers.loss(one.loss_a), numbers.loss(one.loss_b), numbers.difference(one.difference),
    )  # fmt: skip


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
