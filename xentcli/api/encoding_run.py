"""Encoding runs: one pass over a table decodes, checks and encodes its labels, batch by batch.

Floor 8, below `encoding`, which decides what a run does. Rows that a target cannot say are counted to the end;
then the run is refused, and nothing is left behind.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pyarrow as pa

from xentcli.addresses import shown
from xentcli.api.arguments import source_of
from xentcli.errors import Place
from xentcli.files.format import Declared, Format
from xentcli.files.save.goal import Goal
from xentcli.files.save.labels import Writer, saving, with_metadata
from xentcli.files.table import ReadAs, Table
from xentcli.files.unchanged import refuse_changes
from xentcli.phrases import counted
from xentcli.record import Record
from xentcli.results import Encoded, Written
from xentcli.task.canonical import CanonicalLabels, LabelReading
from xentcli.task.decoding import decoder_of, fault_of
from xentcli.task.encoding import Target, Unsayable, shape_of
from xentcli.task.encoding import encode as encode_labels
from xentcli.terms import Encoding

CELLS = 1 << 22
"""Cells of a 0/1 matrix that are in memory at a time."""


class Job(Record):
    """All that is decided before a row is encoded.

    Attributes:
        table: where the labels are.
        reading: how they are read.
        target: what they are written as.
        id: the column to keep beside them.
        goal: the file to write; None for none.
        because: sentences on how they are read.
        left_out: rows that the reader left out.
        skip: whether rows whose cells are no labels are left out, too.
    """

    table: Table
    reading: LabelReading
    target: Target
    id: str | None
    goal: Goal | None
    because: tuple[str, ...]
    left_out: int = 0
    skip: bool = False


def run(job: Job, *, keep: bool) -> Encoded:
    """Encode all rows; write them, keep them, or both.

    Raises:
        BadRowsError: some of them would lose what they say.
    """
    goal, target = job.goal, job.target
    names = target.columns if goal is None or not goal.is_array else _array_columns(goal)
    declared = Declared(target.encoding.value, target.classes, target.positive, names, target.separator)
    schema = _schema(job)
    losses = Unsayable(target, array=goal is not None and goal.is_array, skip=job.skip)
    kept: list[pa.RecordBatch] = []
    opened: AbstractContextManager[Writer | None] = nullcontext() if goal is None else saving(goal, schema, declared)
    with opened as writer:
        for labels, ids in _labels(job, losses):
            batch = pa.RecordBatch.from_arrays([*ids, *encode_labels(labels, target)], names=schema.names)
            if labels.wrong.any():
                batch = batch.filter(pa.array(~labels.wrong))
            if writer is not None:
                writer.write(batch)
            if keep:
                kept.append(batch)
        if not losses.lossless or losses.wrong.rows == losses.rows > 0:
            raise losses.refusal(Place(job.table.path), _fault(job, losses))
        refuse_changes()
    rows = losses.rows - losses.wrong.rows
    table = _kept_table(kept, with_metadata(schema, declared)) if keep else None
    return Encoded(
        source=source_of(job.table, rows),
        task=job.reading.task,
        because=(*job.because, *_left_out(job, losses)),
        to=target.encoding,
        output=_written(job, rows),
        classes=target.classes,
        positive=target.positive,
        missing_rows=losses.missing,
        table=table,
        bad_rows=job.left_out + losses.wrong.rows,
    )


def _left_out(job: Job, losses: Unsayable) -> tuple[str, ...]:
    """Return the sentence on rows whose cells are no labels."""
    wrong = losses.wrong
    if not wrong.rows:
        return ()
    return (f"{counted(wrong.rows, 'row')} left out as bad: {_fault(job, losses)} (first rows: {wrong.shown})",)


def _array_columns(goal: Goal) -> tuple[str, ...]:
    """Return what the readers call the one column of an array."""
    return ("f0",) if goal.format is Format.NPY else ("y",)


def _labels(job: Job, losses: Unsayable) -> Iterator[tuple[CanonicalLabels, list[pa.Array]]]:
    """Yield the labels of small batches with their ids, as long as nothing is lost; count all of them."""
    decoder = decoder_of(job.table, job.reading)
    wanted: dict[str, ReadAs] = dict(decoder.columns)
    if job.id is not None:
        wanted.setdefault(job.id, ReadAs.NATIVE)
    step = max(1, CELLS // len(job.target.classes))
    for whole in job.table.batches(wanted):
        for start in range(0, whole.num_rows, step):
            batch = whole.slice(start, step)
            labels = decoder.decode(batch)
            losses.add(labels)
            if losses.lossless:
                yield labels, [] if job.id is None else [_ids(batch, job)]


def _ids(batch: pa.RecordBatch, job: Job) -> pa.Array:
    array = batch.column(batch.schema.get_field_index(job.id))
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = _id_type(job)
    return array if array.type == kind else array.cast(kind)


def _id_type(job: Job) -> pa.DataType:
    kind = job.table[job.id or ""].type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _schema(job: Job) -> pa.Schema:
    ids = [] if job.id is None else [(job.id, _id_type(job))]
    return pa.schema([*ids, *((name, job.target.type) for name in job.target.columns)])


def _fault(job: Job, losses: Unsayable) -> str:
    """Return what is the matter with wrong rows, with the first cell of them where there is one."""
    fault = fault_of(job.reading.task)
    if not losses.wrong.rows or len(job.reading.columns) > 1:
        return fault
    row = losses.wrong.first[0]
    cell = job.table.cells((row,), job.reading.columns[0]).get(row)
    return f"{fault}, such as {cell[:80]!r}," if cell is not None else fault


def _kept_table(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    from xentcli.files.save.typed import decoded  # noqa: PLC0415  only the library keeps tables

    return pa.Table.from_batches([decoded(batch, schema) for batch in batches], schema)


def _written(job: Job, rows: int) -> Written:
    target, goal = job.target, job.goal
    if goal is None:
        return Written(None, None, target.columns, _TYPE_NAMES[target.encoding], shape_of(target, rows))
    where = "the file's metadata" if goal.sidecar is None else shown(goal.sidecar)
    kind = _TYPE_NAMES[target.encoding]
    if goal.is_array and target.encoding is Encoding.CLASS_NAMES:
        kind = f"<U{max(1, *(len(name) for name in target.classes))}"
    columns = _array_columns(goal) if goal.is_array else target.columns
    return Written(shown(goal.path), goal.format.value, columns, kind, shape_of(target, rows), where, job.id)


_TYPE_NAMES = {
    Encoding.CLASS_INDICES: "int64",
    Encoding.CLASS_NAMES: "string",
    Encoding.BOOLEANS: "bool",
    Encoding.PLUS_MINUS_ONE: "int8",
    Encoding.ONE_HOT: "uint8",
    Encoding.MULTI_HOT: "uint8",
    Encoding.TAG_LISTS: "list<string>",
}
