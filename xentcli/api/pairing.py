"""Pairing two prediction files: both are scored, and their rows are brought together.

Floor 8. What `compare` and a check against a baseline share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xentcli.api.arguments import read_options, texts
from xentcli.api.scoring import UNMATCHED_LIMIT, score
from xentcli.errors import AmbiguousError, BadRowsError, EmptyInputError, Place, UsageError
from xentcli.files.columns import find_column
from xentcli.files.open import as_table
from xentcli.files.pair import alike, shared_id
from xentcli.files.table import Table
from xentcli.results import ScoreReport
from xentcli.scoring.model import ScoredTask
from xentcli.scoring.refusal import unmatched_error
from xentcli.tally.pairing.adding import paired_tally
from xentcli.tally.pairing.recorder import Recorder
from xentcli.tally.pairing.tally import PairedPlan, PairedTally
from xentcli.task.model import Kind

_SEVERAL = {Kind.MULTILABEL, Kind.MULTIOUTPUT}
_READING = ("null_values", "separator", "header", "input_format")


@dataclass(frozen=True, slots=True)
class PairedReports:
    """Two scored files and the sums of their common rows.

    Attributes:
        a: the first file's report.
        b: the second file's report.
        tally: of the rows of both.
        by: `id` or `row`.
        sentence: how the rows were paired.
        id_column: of B; None by row.
        table_b: the rows of B, beside their labels where those stand in a file of their own.
    """

    a: ScoreReport
    b: ScoreReport
    tally: PairedTally
    by: str
    sentence: str
    id_column: str | None
    table_b: Table


def paired(a: Any, b: Any, options: Mapping[str, Any], by: tuple[str, ...], worst: int) -> PairedReports:
    """Return two scored files and the sums of their common rows.

    Args:
        a: the first input, as for `score`.
        b: the second.
        options: of `score`, for both.
        by: columns of B whose values slice the rows.
        worst: how many of the rows that differ most are remembered.

    Raises:
        XentError: one cannot be scored, or their rows do not belong together.
    """
    labels = options.get("labels")
    refuse_two_streams(a, b, labels, labels)  # read once for each
    files = opened(a, options), opened(b, options)
    given = options.get("id")
    reference = given if given is not None else shared_id(*files)
    columns = (None, None) if reference is None else tuple(_id_column(one, reference) for one in files)
    recorders = tuple(Recorder(one) for one in columns)
    try:
        first = score(files[0], recorder=recorders[0], **options)
        second = score(files[1], recorder=recorders[1], by=by, **options)
        plan = _plan(first, second, recorders[1], worst)
        tally = paired_tally(plan, *recorders, by_id=reference is not None, jobs=options.get("jobs"))
    finally:
        for one in recorders:
            one.close()
    table = recorders[1].table or files[1]
    _refuse(first, second, tally, table, skip=bool(options.get("skip_bad_rows")), by_id=reference is not None)
    by_id = reference is not None
    sentence = f"paired by {_columns(columns) if by_id else 'row'}{'' if given or not by_id else ', which both have'}"
    return PairedReports(first, second, tally, "id" if by_id else "row", sentence + _said(tally), columns[1], table)


def _columns(names: tuple[str | None, ...]) -> str:
    distinct = dict.fromkeys(names)
    return f"the column{'s' if len(distinct) > 1 else ''} {' and '.join(map(str, distinct))}"


def _said(tally: PairedTally) -> str:
    """Return what more must be said of the pairs."""
    if not tally.reweighted:
        return ""
    return f"; in {tally.reweighted:,} of them the weights differ, and those of the second file count"


def _id_column(table: Table, reference: str) -> str:
    """Return the column that a reference names; letter case counts only where it must.

    Raises:
        ColumnError: there is none.
    """
    return alike(table, reference) or find_column(table, reference)


def opened(data: Any, options: Mapping[str, Any]) -> Table:
    """Return the table of an input, read as the options of `score` say; a table stays what it is."""
    null_values, separator, header, input_format = (options.get(name) for name in _READING)
    declared = options.get("classes") is None
    how = read_options(texts(null_values or ()), separator, header, input_format, declared=declared)
    return as_table(data, how)


def _plan(a: ScoreReport, b: ScoreReport, recorder: Recorder, worst: int) -> PairedPlan:
    """Return what is compared.

    Raises:
        AmbiguousError: the two files are of different tasks, or of different classes.
    """
    ours, theirs = a.score.task, b.score.task
    if ours.kind is not theirs.kind:
        raise AmbiguousError(
            f"is read as {_KINDS[theirs.kind]}, but {a.source.path} as {_KINDS[ours.kind]}",
            place=Place(b.source.path),
            help=f"only like tasks can be compared; --task {ours.kind.value} or --classes fixes how both are read",
        )
    if (a.score.loss is None) is not (b.score.loss is None):
        without = a if a.score.loss is None else b
        raise AmbiguousError(
            "holds decisions without scores, and the other file scores",
            place=Place(without.source.path),
            help="write the scores of both models, or the decisions of both",
        )
    decisions = a.score.loss is None
    classes = _classes(a, b, union=decisions)
    single = ours.kind not in _SEVERAL
    return PairedPlan(
        classes=classes if single else (),
        classes_a=_indices(ours, classes) if single else None,
        classes_b=_indices(theirs, classes) if single else None,
        losses=not decisions,
        brier=single and not decisions,
        weighted=b.score.rows.weight_sum is not None,
        slicings=tuple(dict.fromkeys(one.by for one in b.score.slices)),
        groups=tuple(recorder.groups),
        worst=worst,
    )


_KINDS = {
    Kind.BINARY: "binary",
    Kind.MULTICLASS: "multi-class",
    Kind.MULTILABEL: "multi-label",
    Kind.MULTIOUTPUT: "multi-output",
}


def _classes(a: ScoreReport, b: ScoreReport, *, union: bool) -> tuple[str, ...]:
    """Return the classes of both files, in the order of B; decisions may leave out some.

    Raises:
        AmbiguousError: one file has classes that the other lacks.
    """
    ours, theirs = a.score.task.classes, b.score.task.classes
    extra, lacking = (_without(theirs, ours), _without(ours, theirs))
    if union:
        return (*theirs, *lacking)
    if extra or lacking:
        told = [f"{_listed(names)} only in {one.source.path}" for names, one in ((lacking, a), (extra, b)) if names]
        raise AmbiguousError(
            f"has other classes than {a.source.path}: {'; '.join(told)}",
            place=Place(b.source.path),
            help="models are compared over the same classes; name them alike, or pass --classes to fix both",
        )
    return theirs


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    known = set(others)
    return tuple(name for name in names if name not in known)


_LISTED = 5


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(repr(name) for name in names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} and {len(names) - _LISTED:,} more"


def _indices(task: ScoredTask, classes: tuple[str, ...]) -> npt.NDArray[np.int64]:
    at = {name: index for index, name in enumerate(classes)}
    return np.array([at[name] for name in task.classes], dtype=np.int64)


def _refuse(a: ScoreReport, b: ScoreReport, tally: PairedTally, table: Table, *, skip: bool, by_id: bool) -> None:
    """Raise if the rows of the two files do not belong together.

    Raises:
        BadRowsError: too many rows have no partner, or the labels of some differ.
        EmptyInputError: no row was scored by both.
    """
    alone = tally.only_a + tally.only_b
    rows = int(tally.sums.rows.sum())
    total = rows + tally.not_scored + alone
    if alone > UNMATCHED_LIMIT * total and (alone == total or not skip):
        raise unmatched_error(table, alone, total)
    if tally.conflicts.count:
        numbers = tuple(row for _, row in tally.conflicts.rows)
        raise BadRowsError(
            f"has another true label than {a.source.path} in {tally.conflicts.count:,} of {rows:,} common rows",
            place=Place(b.source.path, table.lines(numbers[:1]).get(numbers[0]), numbers[0]),
            details=(f"first rows: {', '.join(str(row) for row in numbers)}",),
            help="two models are compared on the same labels"
            + ("" if by_id else "; are the rows in another order? --id COLUMN pairs them by a column"),
        )
    if rows == 0:
        raise EmptyInputError(f"has no row that {a.source.path} has, too, and both scored", place=Place(b.source.path))


def refuse_two_streams(*inputs: Any) -> None:
    """Raise if stdin is named more than once.

    Raises:
        UsageError: it is.
    """
    if sum(one in ("-", ["-"]) for one in inputs if isinstance(one, str | list)) > 1:
        raise UsageError("stdin (-) can be read once", help="write it to a file, and name that")
