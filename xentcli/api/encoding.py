"""`xentcli.encode`: the labels of a file in another encoding, with the class order kept.

Floor 8. It is decided first how the labels are read and what they become; a run then does it.

Encoding runs: one pass over a table decodes, checks and encodes its labels, batch by batch. Rows that a target
cannot say are counted to the end; then the run is refused, and nothing is left behind.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Unpack

import pyarrow as pa

from xentcli.addresses import shown
from xentcli.api.arguments import choice, class_list, read_options, source_of, texts
from xentcli.api.items import Items, items_of, labels_of, without
from xentcli.errors import Place, UsageError, did_you_mean
from xentcli.files.batches import refuse_long_cells
from xentcli.files.columns import find_column, once
from xentcli.files.declared import OWN
from xentcli.files.expand import stands_among
from xentcli.files.format import Declared, Format
from xentcli.files.open import as_table
from xentcli.files.save.labels import Goal, Writer, goal_of, refuse_names, saving, with_metadata
from xentcli.files.table import ReadAs, Table
from xentcli.files.unchanged import refuse_changes, unchanged_inputs
from xentcli.options.signature import takes
from xentcli.options.table import EncodeOptions
from xentcli.phrases import counted
from xentcli.record import Record
from xentcli.results import Encoded, Written
from xentcli.task.decoding import decoder_of, detected, fault_of, of_declared
from xentcli.task.detect import detect
from xentcli.task.encoding import CanonicalLabels, LabelReading, Target, Unsayable, shape_of, target_of
from xentcli.task.encoding import encode as encode_labels
from xentcli.task.label_columns import LabelChoice
from xentcli.task.model import NotATarget
from xentcli.terms import TARGETS, Encoding, Kind

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


@takes(EncodeOptions)
@unchanged_inputs()
def encode(
    data: Any,
    *,
    to: str,
    output: str | os.PathLike[str] | None = None,
    keep: bool = True,
    **options: Unpack[EncodeOptions],
) -> Encoded:
    """Write labels in another encoding, in the same order, and keep the order of their classes.

    Args:
        data: as for `inspect`.
        to: `class-indices`, `one-hot`, `multi-hot`, `class-names`, `tag-lists`, `booleans` or `plus-minus-one`.
        output: the file to write, its format told by the suffix; None writes nothing.
        keep: whether the result holds the table; False keeps memory bounded whatever the file's size.
        options: see `options.table`.

    Raises:
        XentError: the file cannot be read, holds no classification target, or its labels would lose something.
    """
    wanted = _target_encoding(to)
    goal = None if output is None else goal_of(os.fspath(output))
    if goal is not None:
        _refuse_inputs(goal, data)
    table = as_table(data, read_options(options))
    left_out = table.left_out.count
    beside = None if options["id"] is None else find_column(table, options["id"])
    read = _LabelChoices(
        texts(options["label"]),
        class_list(options["classes"]),
        options["positive"],
        choice(Kind, options["task"], "task"),
        choice(Encoding, options["encoding"], "encoding"),
    )
    table, reading, because = _reading(table, beside, read)
    refuse_long_cells(reading.task.classes, reading.columns[0], table.path)
    target = _target(table, reading, wanted, beside)
    _refuse_format(goal, target, beside)
    return run(Job(table, reading, target, beside, goal, because, left_out, options["skip_bad_rows"]), keep=keep)


class _LabelChoices(Record):
    """What the caller says about the labels."""

    label: tuple[str, ...]
    classes: tuple[str, ...] | None
    positive: str | None
    kind: Kind | None
    encoding: Encoding | None

    @property
    def fixes(self) -> bool:
        """Whether it says how they are written, so that what the file declares does not count."""
        return self.classes is not None or self.kind is not None or self.encoding is not None


def _target_encoding(text: str) -> Encoding:
    known = [one.value for one in TARGETS]
    if text in known:
        return Encoding(text)
    close = did_you_mean(text, known)
    raise UsageError(
        f"{text!r} is none of {', '.join(known)}", option="to", help=f"did you mean {close!r}?" if close else None
    )


def _refuse_inputs(goal: Goal, data: Any) -> None:
    """Raise if a file would be written over an input of the library's caller."""
    listed = data if isinstance(data, list | tuple) else (data,)
    paths = [os.fspath(one) for one in listed if isinstance(one, str | os.PathLike)]
    for path in (goal.path, goal.sidecar):
        if path is not None and stands_among(path, paths):
            raise UsageError(f"-o {path} would overwrite an input", help="write the labels elsewhere")


def _reading(table: Table, beside: str | None, read: _LabelChoices) -> tuple[Table, LabelReading, tuple[str, ...]]:
    """Return the table of items, how its labels are read (as the file declares, else as detected), and why.

    Raises:
        UsageError: they are no classification target, or several.
    """
    alone = without(table, beside)
    given = once([find_column(alone, reference) for reference in read.label], "label", table.path)
    declared = table.declared
    if declared is not None and not read.fixes and given in {(), declared.columns}:
        found = of_declared(table, declared, read.positive)
        if found is not None:
            return table, found, (f"as {_said(declared)} says",)
    labels = LabelChoice(given, ()) if given else labels_of(table, beside)
    items = items_of(table, labels.columns)
    _refuse_unnamed(items, beside)
    chosen = items.columns
    detection = detect(
        items.table,
        chosen,
        kind=read.kind,
        encoding=read.encoding,
        classes=read.classes,
        positive=read.positive,
        named=bool(given),
    )
    kind = detection.task.kind
    if kind is None:
        raise _no_target(table, chosen, detection.task.not_a_target, detection.evidence[0])
    if kind is Kind.MULTIOUTPUT:
        raise UsageError(
            f"holds several outputs, each with classes of its own: {', '.join(chosen)}",
            place=Place(table.path),
            help=f"write one at a time: --label {chosen[0]}",
        )
    return items.table, detected(detection), (*items.said, *labels.because, *detection.evidence)


def _refuse_unnamed(items: Items, beside: str | None) -> None:
    """Raise if rows were gathered into items and their id is not kept: nothing would tell what a row is of.

    Raises:
        UsageError: naming the id.
    """
    if items.long is not None and items.gathered and beside != items.long.item:
        raise UsageError(
            f"{items.said[0]}: without {items.long.item} nothing would tell which item a row is of",
            place=Place(items.table.path),
            help=f"keep it beside the labels: --id {items.long.item}",
        )


def _said(declared: Declared) -> str:
    return "its own metadata" if declared.where == OWN else declared.where


def _no_target(table: Table, columns: tuple[str, ...], what: NotATarget | None, evidence: str) -> UsageError:
    words = f" ({what.value})" if what is not None else ""
    return UsageError(
        f"holds no classification target{words}: {evidence}",
        place=Place(table.path, column=columns[0] if len(columns) == 1 else None),
        help="name the label column with --label, or say what it is with --task and --encoding",
    )


def _target(table: Table, reading: LabelReading, to: Encoding, beside: str | None) -> Target:
    column = reading.columns[0] if len(reading.columns) == 1 else "label"
    try:
        return target_of(reading.task, to, column, () if beside is None else (beside,))
    except UsageError as error:
        raise UsageError(error.message, place=Place(table.path), help=error.help) from error


def _refuse_format(goal: Goal | None, target: Target, beside: str | None) -> None:
    """Raise if a format has no room for what is asked."""
    if goal is None:
        return
    if goal.is_array and target.encoding is Encoding.TAG_LISTS:
        raise UsageError(
            "an array has no room for lists of different lengths",
            place=Place(goal.path),
            help="--to multi-hot, or write .parquet or .jsonl",
        )
    if goal.is_array and beside is not None:
        raise UsageError(
            f"an array has no room for the ids of {beside}", place=Place(goal.path), help="write .parquet or .csv"
        )
    if target.encoding is Encoding.CLASS_NAMES:
        refuse_names(goal, target.classes)
