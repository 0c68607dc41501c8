"""Tables of the page of `xent compare`, and the numbers of a difference as text, for every view of it.

Floor 8. Formats finished results; computes nothing.
"""

from collections.abc import Iterator

from xentcli.metrics import is_rate
from xentcli.record import Record
from xentcli.scoring.comparing.model import Difference, DifferentRow, GroupDifference
from xentcli.views import numbers
from xentcli.views.check_words import EMPTY
from xentcli.views.page import Block, Grid, Heading
from xentcli.views.score_parts import TOP, more_words


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
