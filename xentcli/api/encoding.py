"""`xentcli.encode`: the labels of a file in another encoding, with the class order kept.

Floor 8. Here it is decided how the labels are read and what they become; `encoding_run` does it.
"""

import os
from typing import Any, Unpack

from xentcli.api.arguments import choice, class_list, read_options, texts
from xentcli.api.encoding_run import Job, run
from xentcli.api.items import Items, items_of, labels_of, without
from xentcli.errors import Place, UsageError, did_you_mean
from xentcli.files.batches import refuse_long_cells
from xentcli.files.columns import find_column, once
from xentcli.files.declared import OWN
from xentcli.files.expand import stands_among
from xentcli.files.format import Declared
from xentcli.files.open import as_table
from xentcli.files.save.goal import Goal, goal_of
from xentcli.files.save.labels import refuse_names
from xentcli.files.table import Table
from xentcli.files.unchanged import unchanged_inputs
from xentcli.options.signature import takes
from xentcli.options.table import EncodeOptions
from xentcli.record import Record
from xentcli.results import Encoded
from xentcli.task.canonical import LabelReading
from xentcli.task.decoding import detected, of_declared
from xentcli.task.detect import detect
from xentcli.task.encoding import Target, target_of
from xentcli.task.label_columns import LabelChoice
from xentcli.task.model import NotATarget
from xentcli.terms import TARGETS, Encoding, Kind


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
