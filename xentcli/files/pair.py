"""Pairing: labels in one table and predictions in another become one table.

Floor 2. By row, both are read side by side, a batch at a time. By id, the labels' side is held in memory and the
predictions are streamed past it, in their own order. Label columns come first.

Sides: which columns of a joined table come from the predictions, and which from the labels.
"""

from collections.abc import Collection, Iterator, Mapping

import pyarrow as pa

from xentcli.errors import BadRowsError, InputError, Place
from xentcli.files.batches import Cursor, rows_of, side_by_side
from xentcli.files.columns import SUFFIX, id_columns
from xentcli.files.shared import NOTHING_SHARED, Shared, shared_columns
from xentcli.files.table import Column, Part, ReadAs, Table
from xentcli.phrases import counted, verb
from xentcli.record import Record, replace


class Sides(Record):
    """The two tables of a join.

    Attributes:
        predictions: gives the rows, in its order.
        labels: gives further columns.
        added: the labels' columns by their names in the joined table.
    """

    predictions: Table
    labels: Table
    added: Mapping[str, str]

    def split(self, columns: Mapping[str, ReadAs]) -> tuple[dict[str, ReadAs], dict[str, ReadAs]]:
        """Return what to read of the predictions and of the labels, by their own names."""
        left = {name: how for name, how in columns.items() if name not in self.added}
        right = {self.added[name]: how for name, how in columns.items() if name in self.added}
        return left, right

    def assembled(
        self, columns: Mapping[str, ReadAs], left: pa.RecordBatch | None, right: pa.RecordBatch | None
    ) -> pa.RecordBatch:
        """Return the batch of exactly `columns`; a side is None if nothing is asked of it."""
        found = {} if left is None else dict(zip(left.schema.names, left.columns, strict=True))
        if right is not None:
            own = dict(zip(right.schema.names, right.columns, strict=True))
            found |= {new: own[old] for new, old in self.added.items() if old in own}
        return pa.RecordBatch.from_arrays([found[name] for name in columns], names=list(columns))

    def unequal(self, left: int, right: int) -> InputError:
        """Return the error for tables of different length that are to be paired by row."""
        return InputError(
            f"has {counted(left, 'row')}, but {self.labels.path} has {right:,}",
            place=Place(self.predictions.path),
            help="join them by a column that both have with --id COLUMN, or write both from the same rows",
        )


class RowsPart(Record):
    """Some parts of the predictions beside the label rows that belong to them.

    Attributes:
        sides: the two tables.
        lefts: parts of the predictions.
        rights: parts of the labels, from the one that holds the first row on.
        skip: label rows before that row.
        rows: number of rows, None if only the end tells; then both must end together.
    """

    sides: Sides
    lefts: tuple[Part, ...]
    rights: tuple[Part, ...]
    skip: int = 0
    rows: int | None = None

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`.

        Raises:
            InputError: one side has more rows than the other.
        """
        left_columns, right_columns = self.sides.split(columns)
        left, right = _cursor(self.lefts, left_columns), _cursor(self.rights, right_columns)
        if not right_columns:
            for batch in left.first(None):
                yield self.sides.assembled(columns, batch, None)
            return
        right.pass_over(self.skip)
        if not left_columns:
            for batch in right.first(self.rows):
                yield self.sides.assembled(columns, None, batch)
            return
        for one, other in side_by_side([left, right]):
            yield self.sides.assembled(columns, one, other)
        if self.rows is None and (left.available() or right.available()):
            raise self.sides.unequal(left.drained(), right.drained())


def _cursor(parts: tuple[Part, ...], columns: Mapping[str, ReadAs]) -> Cursor:
    return Cursor(batch for part in parts for batch in part.read(columns))


class Paired(Record):
    """The joined table and how much of either side found its partner.

    Attributes:
        table: the rows that have both; the columns of the labels, then those of the predictions.
        matched: number of ids on both sides; 0 by row, where all rows match.
        unmatched_predictions: prediction rows whose id has no label; they are not in the table.
        unmatched_labels: label rows whose id has no prediction.
        by: what they were joined by, as a sentence.
        added: the columns of the labels by their names in the joined table; the id column is not among them.
        identifying: columns of the joined table that identify or count rows, so neither labels nor scores.
        ids: the id column in the predictions and in the labels, None by row.
        confirmed: by row, a column of the predictions that the labels have with the same value in every row.
    """

    table: Table
    matched: int
    unmatched_predictions: int
    unmatched_labels: int
    by: str
    added: Mapping[str, str]
    identifying: tuple[str, ...] = ()
    ids: tuple[str, str] | None = None
    confirmed: str | None = None


def pair(predictions: Table, labels: Table, id_column: str | None = None, never: Collection[str] = ()) -> Paired:
    """Return the table that holds the columns of both.

    Args:
        predictions: the table whose rows and order stay.
        labels: the table whose columns are added.
        id_column: the id column of both, see `columns.id_columns`. If None, the column that both share, see
            `shared.shared_columns`; without one they are paired by row.
        never: names, in small letters, of columns that identify no row.

    Raises:
        BadRowsError: without ids, and rows of one were left out.
        InputError: without ids, the numbers of rows differ (told when the shorter one ends), or a column that both have
            says that the rows stand in another order.
        ColumnError: the id column is missing on one side.
        DuplicateIdError: an id stands twice.
        AmbiguousError: two columns contradict each other.
    """
    if id_column is not None:
        own, other = id_columns(predictions, labels, id_column)
        beside = f" ({other} there)" if other != own and not id_column.startswith(":") else ""
        named = own if beside else id_column
        return _by_id(predictions, labels, (own, other), f"joined with {labels.path} by the column {named}{beside}")
    shared = shared_columns(predictions, labels, never)
    if shared.ids is None:
        return _by_row(predictions, labels, shared)
    own, other = shared.ids
    beside = f" ({other} there)" if other != own else ""
    said = f"joined with {labels.path} by the column {own}{beside}, which both have"
    return _by_id(predictions, labels, shared.ids, said, shared)


def _renamed(predictions: Table, names: tuple[str, ...]) -> dict[str, str]:
    """Return the labels' columns by their names in the joined table."""
    taken = {*predictions.names, *names}
    renamed: dict[str, str] = {}
    for name in names:
        new = name
        while new in predictions.names or new in renamed or (new != name and new in taken):
            new += SUFFIX
        renamed[new] = name
    return renamed


def _joined(predictions: Table, labels: Table, added: Mapping[str, str], parts: tuple[Part, ...], by: str) -> Table:
    columns = tuple(replace(labels[old], name=new) for new, old in added.items())
    kept: tuple[Column, ...] = (*columns, *predictions.columns)
    return Table(
        path=predictions.path,
        format=predictions.format,
        columns=kept,
        parts=parts,
        notes=(*predictions.notes, *labels.notes, by),
        lines=predictions.lines,
        left_out=predictions.left_out,
    )


def refuse_gaps(table: Table) -> None:
    """Raise if rows of a table were left out, so that its rows are not those of another by their order.

    Raises:
        BadRowsError: with their number.
    """
    if table.left_out.count:
        raise BadRowsError(
            f"{counted(table.left_out.count, 'row')} {table.left_out.what} {verb(table.left_out.count, 'are')}"
            " left out: the others cannot be joined by their order",
            place=Place(table.path, table.left_out.lines[0] if table.left_out.lines else None),
            help="mend them, or name a column that identifies the rows with --id",
        )


def _by_row(predictions: Table, labels: Table, shared: Shared) -> Paired:
    for one in (predictions, labels):
        refuse_gaps(one)
    known = [_known_rows(predictions), _known_rows(labels)]
    added = _renamed(predictions, labels.names)
    sides = Sides(predictions, labels, added)
    if None not in known and known[0] != known[1]:
        raise sides.unequal(known[0] or 0, known[1] or 0)
    same = f"; {shared.same[0][0]} is the same in every row" if shared.same else ""
    by = f"joined with {labels.path} by row{same}"
    table = _joined(predictions, labels, added, _row_parts(sides), by)
    rows = None if None in known else known[0]
    confirmed = shared.same[0][0] if shared.same else None
    return Paired(replace(table, rows=rows), 0, 0, 0, by, added, _identifying(added, shared), confirmed=confirmed)


def _identifying(added: Mapping[str, str], shared: Shared) -> tuple[str, ...]:
    """Return the columns of either side that identify or count rows, by their names in the joined table."""
    pairs = (*shared.same, *shared.indices)
    labels = {name for _, name in pairs}
    return (*(new for new, old in added.items() if old in labels), *dict.fromkeys(name for name, _ in pairs))


def _known_rows(table: Table) -> int | None:
    if table.rows is not None:
        return table.rows
    counts = [rows_of(part) for part in table.parts]
    return None if None in counts else sum(count or 0 for count in counts)


def _row_parts(sides: Sides) -> tuple[Part, ...]:
    """Return a part per part of the predictions if all parts know their rows, else one for all."""
    lefts = [rows_of(part) for part in sides.predictions.parts]
    rights = [rows_of(part) for part in sides.labels.parts]
    if None in lefts or None in rights:
        return (RowsPart(sides, sides.predictions.parts, sides.labels.parts),)
    parts: list[Part] = []
    first = skip = 0
    for part, rows in zip(sides.predictions.parts, lefts, strict=True):
        while first < len(rights) and skip >= (rights[first] or 0):
            skip -= rights[first] or 0
            first += 1
        parts.append(RowsPart(sides, (part,), sides.labels.parts[first:], skip, rows))
        skip += rows or 0
    return tuple(parts)


def _by_id(predictions: Table, labels: Table, ids: tuple[str, str], by: str, shared: Shared = NOTHING_SHARED) -> Paired:
    from xentcli.files.ids import joined_parts, match  # noqa: PLC0415  only joins by id need it

    left_id, right_id = ids
    found = match(predictions, left_id, labels, right_id)
    added = _renamed(predictions, tuple(name for name in labels.names if name != right_id))
    sides = Sides(predictions, labels, added)
    table = _joined(predictions, labels, added, joined_parts(sides, found), by)
    table = replace(table, rows=found.matched, lines=found.lines(predictions))
    unmatched = found.rows - found.matched
    return Paired(
        table, found.matched, unmatched, found.labels - found.matched, by, added, _identifying(added, shared), ids
    )
