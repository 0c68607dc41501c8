"""References: which columns of the one table to score the options name, where labels stand in a file of their own.

Floor 8. Positions count in the file that an option speaks of: `--label` of the labels' file, `--id` of each, all others
of the predictions. A name is looked for there first, then in the other file. What comes out are names of the joined
table.
"""

from collections.abc import Collection, Mapping
from typing import Any

from xentcli.errors import ColumnError, DuplicateIdError, UsageError
from xentcli.files.columns import find_column, is_position, once
from xentcli.files.format import ReadOptions
from xentcli.files.open import as_table
from xentcli.files.pair import pair
from xentcli.files.table import Table
from xentcli.record import Record, field
from xentcli.scoring.refusal import unmatched_error
from xentcli.task.vocabulary import LIST_SCORE_NAMES, PREDICTED_NAMES, TARGET_NAMES

UNMATCHED_LIMIT = 0.01
"""A larger share of unmatched ids is an error."""

NO_IDS = frozenset({*TARGET_NAMES, *PREDICTED_NAMES, *LIST_SCORE_NAMES})
"""Names of columns that may stand in two files with other values in either."""


class Joined(Record):
    """The one table to score, and where its columns come from.

    Attributes:
        table: its rows.
        predictions: the predictions' input by itself.
        labels: the labels' input by itself; None where the labels stand beside the scores.
        added: the columns of the labels' input by their names in the table, with their own names.
        identifying: columns of either input that were found to identify or count rows.
        unlabelled: how many ids stand among the predictions only.
        unpredicted: how many ids stand among the labels only.
        id_column: the column of ids, None if none is known.
        labels_id: the column of the labels' input that was joined by, which the table has not.
    """

    table: Table
    predictions: Table
    labels: Table | None = None
    added: Mapping[str, str] = field(default_factory=dict)
    identifying: tuple[str, ...] = ()
    unlabelled: int = 0
    unpredicted: int = 0
    id_column: str | None = None
    labels_id: str | None = None

    @property
    def unmatched(self) -> int:
        """How many ids stand in one of two inputs only."""
        return self.unlabelled + self.unpredicted


def joined(
    predictions: Table, labels: Any, id_column: str | None, how: ReadOptions, *, skip: bool, never: Collection[str] = ()
) -> Joined:
    """Return the one table to score.

    Args:
        predictions: gives the rows.
        labels: an input that holds the labels, None where they stand beside the scores.
        id_column: what `--id` says.
        how: to read the labels.
        skip: whether rows without a partner may be left out, however many.
        never: further names of columns that identify no row.

    Raises:
        BadRowsError: too many ids stand in one of two inputs only.
        XentError: the inputs do not belong together.
    """
    if labels is None:
        return Joined(
            predictions, predictions, id_column=None if id_column is None else find_column(predictions, id_column)
        )
    table = as_table(labels, how)
    try:
        paired = pair(predictions, table, id_column, no_ids(never))
    except DuplicateIdError as error:
        from xentcli.api.pooling import told_apart  # noqa: PLC0415  only for an error

        raise told_apart(error, predictions) from None
    unmatched = paired.unmatched_predictions + paired.unmatched_labels
    total = unmatched + paired.matched
    if unmatched > UNMATCHED_LIMIT * total and (paired.matched == 0 or not skip):
        raise unmatched_error(predictions, unmatched, total)
    own, other = paired.ids or (paired.confirmed, None)
    return Joined(
        table=paired.table,
        predictions=predictions,
        labels=table,
        added=paired.added,
        identifying=paired.identifying,
        unlabelled=paired.unmatched_predictions,
        unpredicted=paired.unmatched_labels,
        id_column=own,
        labels_id=other,
    )


def no_ids(named: Collection[str]) -> frozenset[str]:
    """Return the names, in small letters, of columns that identify no row: usual ones, and those with another use."""
    return NO_IDS | {name.casefold() for name in named}


def label_columns(one: Joined, references: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that `--label` names: of the labels' input, else by name of the predictions.

    Raises:
        ColumnError: there is no such column.
        UsageError: it is the id, or named twice.
    """
    return once([_label_column(one, reference) for reference in references], "label", one.table.path)


def _label_column(one: Joined, reference: str) -> str:
    if one.labels is None:
        return find_column(one.table, reference)
    elsewhere = not is_position(reference) and reference not in one.labels.names and reference in one.table.names
    if elsewhere:
        return reference
    return _by_own_name(one, find_column(one.labels, reference))


def _by_own_name(one: Joined, name: str) -> str:
    """Return a column of the labels' input by its name in the table.

    Raises:
        UsageError: the inputs were joined by it.
    """
    for new, old in one.added.items():
        if old == name:
            return new
    raise UsageError(
        f"column {name} of {one.labels.path if one.labels else one.table.path} is the id that joins the two files",
        help="name another column with --label, or another id with --id",
    )


def column(one: Joined, reference: str) -> str:
    """Return the column that another option names: of the predictions, else by name of the labels' input.

    Raises:
        ColumnError: there is no such column.
    """
    if one.labels is None or reference in one.predictions.names or is_position(reference):
        return find_column(one.predictions, reference)
    if reference in one.labels.names and reference != one.labels_id:
        return _by_own_name(one, reference)
    return find_column(one.table, reference)


def score_columns(one: Joined, references: tuple[str, ...]) -> tuple[str, ...]:
    """Return what `--scores` names, positions by the predictions' own names; what is no column may be a prefix."""
    return tuple(_score_column(one, reference) for reference in references)


def _score_column(one: Joined, reference: str) -> str:
    if one.labels is None:
        return reference
    try:
        return column(one, reference)
    except ColumnError:
        if is_position(reference):
            raise
        return reference
