"""Pairing two prediction files: whether they can be compared, and how their rows are brought together.

Floor 8. What `compare` and a check against a baseline share. Both files are scored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xentcli.api.arguments import read_options, texts
from xentcli.api.references import UNMATCHED_LIMIT, Joined, no_ids
from xentcli.api.scoring import score, sliced_by
from xentcli.errors import AmbiguousError, BadRowsError, ColumnError, EmptyInputError, Place, UsageError
from xentcli.files.columns import alike, id_columns
from xentcli.files.open import as_table
from xentcli.files.pair import refuse_gaps
from xentcli.files.shared import shared_columns
from xentcli.files.table import Table
from xentcli.phrases import counted
from xentcli.record import Record
from xentcli.results import ScoreReport
from xentcli.scoring.model import ScoredTask
from xentcli.scoring.refusal import unmatched_error
from xentcli.tally.pairing.recorder import Recorder
from xentcli.tally.pairing.tally import PairedPlan, PairedTally, paired_tally
from xentcli.terms import Kind

_SEVERAL = {Kind.MULTILABEL, Kind.MULTIOUTPUT}


def paired_plan(
    a: tuple[ScoreReport, Recorder], b: tuple[ScoreReport, Recorder], worst: int, shared: Sequence[str]
) -> PairedPlan:
    """Return what is compared.

    Args:
        a: the report on A, and its rows.
        b: likewise of B.
        worst: how many of the rows that differ most are remembered.
        shared: the slicings of B that A has, too.

    Raises:
        AmbiguousError: the two files are of different tasks, or of different classes.
    """
    (first, before), (second, after) = a, b
    ours, theirs = first.score.task, second.score.task
    if ours.kind is not theirs.kind:
        raise AmbiguousError(
            f"is read as {_KINDS[theirs.kind]}, but {first.source.path} as {_KINDS[ours.kind]}",
            place=Place(second.source.path),
            help=f"only like tasks can be compared; --task {ours.kind.value} or --classes fixes how both are read",
        )
    if (first.score.loss is None) is not (second.score.loss is None):
        without = first if first.score.loss is None else second
        raise AmbiguousError(
            "holds predicted labels without the scores of all classes, which the other file has",
            place=Place(without.source.path),
            help="write the scores of both models, or the decisions of both",
        )
    decisions = first.score.loss is None
    classes = _classes(first, second, union=decisions)
    single = ours.kind not in _SEVERAL
    slicings = tuple(dict.fromkeys(one.by for one in second.score.slices))
    return PairedPlan(
        classes=classes if single else (),
        classes_a=_indices(ours, classes) if single else None,
        classes_b=_indices(theirs, classes) if single else None,
        losses=not decisions,
        brier=single and not decisions,
        weighted=second.score.rows.weight_sum is not None,
        slicings=slicings,
        groups=tuple(after.groups),
        groups_a=_regrouped(slicings, shared, before, after),
        worst=worst,
        positive=_positive(first, second, classes) if before.ranked and after.ranked else None,
    )


def _positive(a: ScoreReport, b: ScoreReport, classes: tuple[str, ...]) -> int | None:
    """Return the index of the positive class if both files rank their rows by its scores; None with weights."""
    ranked = all("roc_auc" in one.score.metrics and one.score.rows.weight_sum is None for one in (a, b))
    positive = b.score.task.positive
    return classes.index(positive) if ranked and positive is not None and positive == a.score.task.positive else None


def _regrouped(
    slicings: Sequence[str], shared: Sequence[str], a: Recorder, b: Recorder
) -> tuple[npt.NDArray[np.int64] | None, ...]:
    """Return for each slicing B's number of each of A's groups, -1 for one that B has not; None where A has no such."""
    held = dict(zip(shared, a.groups, strict=True))
    return tuple(
        np.array([groups.get(values, -1) for values in held[name]], dtype=np.int64) if name in held else None
        for name, groups in zip(slicings, b.groups, strict=True)
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
            help=_mend(extra, lacking),
        )
    return theirs


def _mend(extra: tuple[str, ...], lacking: tuple[str, ...]) -> str:
    folded = [sorted(name.strip().casefold() for name in names) for names in (extra, lacking)]
    if folded[0] == folded[1]:
        return "they differ in letter case or blanks only: write them alike"
    return "models are compared over the same classes; name them alike, or pass --classes to fix both"


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


class PairedReports(Record):
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


def paired(
    a: Any,
    b: Any,
    options: Mapping[str, Any],
    by: tuple[str, ...],
    worst: int,
    *,
    b_first: bool = False,
    ranked: bool = True,
) -> PairedReports:
    """Return two scored files and the sums of their common rows.

    Args:
        a: the first input, as for `score`.
        b: the second.
        options: of `score`, for both.
        by: columns of B whose values slice the rows.
        worst: how many of the rows that differ most are remembered.
        b_first: whether `--id x=y` names the column of B first, as a check names its predictions before the baseline.
        ranked: whether the ranking metrics of a binary task are compared.

    Raises:
        XentError: one cannot be scored, or their rows do not belong together.
    """
    labels = options.get("labels")
    refuse_two_streams(a, b, labels, labels)  # read once for each
    files = opened(a, options), opened(b, options)
    found = _rows_by(files, options, b_first=b_first)
    recorders = tuple(Recorder(one, ranked=ranked) for one in found.ids or (None, None))
    try:
        by = _resolved(files[1], by, beside_labels=labels is not None)
        shared = tuple(one for one in by if _has(files[0], one))
        first = score(
            files[0], recorder=recorders[0], by=shared, **{**options, "id": found.options[0], "intervals": ()}
        )
        second = score(files[1], recorder=recorders[1], by=by, **{**options, "id": found.options[1]})
        plan = paired_plan((first, recorders[0]), (second, recorders[1]), worst, shared)
        tally = paired_tally(plan, *recorders, by_id=found.ids is not None, jobs=options.get("jobs"))
    finally:
        for one in recorders:
            one.close()
    table = recorders[1].table or files[1]
    _refuse(first, second, tally, table, skip=bool(options.get("skip_bad_rows")), by_id=found.ids is not None)
    by_what = "row" if found.ids is None else "id"
    return PairedReports(first, second, tally, by_what, found.sentence + _said(tally), found.shown, table)


class _RowsBy(Record):
    """What tells which rows of two files belong together.

    Attributes:
        ids: the id column of either; None by row.
        options: what `--id` is for either.
        sentence: how the rows are paired.
        shown: the column that names the rows of B; None if none does.
    """

    ids: tuple[str, str] | None
    options: tuple[str | None, str | None]
    sentence: str
    shown: str | None


def _rows_by(files: tuple[Table, Table], options: Mapping[str, Any], *, b_first: bool) -> _RowsBy:
    """Return what tells which rows belong together: what `--id` names, else what both files share.

    Raises:
        XentError: there is no such column, or columns contradict each other.
    """
    given = options.get("id")
    if given is not None:
        ids, own = _given_ids(files, options, given, b_first=b_first)
        return _RowsBy(ids, own, f"paired by {_columns(ids)}", ids[1])
    named = [one for option in ("label", "scores", "weight") for one in texts(options.get(option) or ())]
    shared = shared_columns(*files, no_ids(named))
    known = shared.ids or (shared.same[0] if shared.same else None)
    each: tuple[str | None, str | None] = (None, None)
    if known is not None and options.get("labels") is None:
        each = known
    if shared.ids is not None:
        return _RowsBy(shared.ids, each, f"paired by {_columns(shared.ids)}, which both have", shared.ids[1])
    for one in files:
        refuse_gaps(one)
    same = "" if known is None else f"; {known[1]} is the same in every row"
    return _RowsBy(None, each, f"paired by row{same}", None if known is None else known[1])


def _given_ids(
    files: tuple[Table, Table], options: Mapping[str, Any], given: str, *, b_first: bool
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the id column of either file that `--id` names, and what it is for either beside its labels.

    `x=y` names a column of both files and one of the labels where those have a file that fits, else one of either file.

    Raises:
        ColumnError: there is no such column.
    """
    labels = None if options.get("labels") is None else opened(options["labels"], options)
    if labels is not None:
        try:
            here, there = (id_columns(one, labels, given)[0] for one in files)
        except ColumnError:
            pass
        else:
            return (here, there), (given, given)
    ids = id_columns(*files[::-1], given)[::-1] if b_first else id_columns(*files, given)
    if labels is None:
        return ids, ids
    other = next((one for one in ids if alike(labels, one) is not None), ids[0])
    return ids, (f"{ids[0]}={other}", f"{ids[1]}={other}")


def _columns(names: tuple[str, str]) -> str:
    distinct = dict.fromkeys(names)
    return f"the column{'s' if len(distinct) > 1 else ''} {' and '.join(distinct)}"


def _resolved(table: Table, by: tuple[str, ...], *, beside_labels: bool) -> tuple[str, ...]:
    """Return slicings by the names of their columns, each once: positions of B mean nothing in A.

    Raises:
        ColumnError: there is no such column; beside labels, which may hold it, that is found out later.
    """
    named = (one if beside_labels and not _has(table, one) else "+".join(_sliced(table, one)) for one in by)
    return tuple(dict.fromkeys(named))


def _sliced(table: Table, by: str) -> tuple[str, ...]:
    return sliced_by(Joined(table, table), by)


def _has(table: Table, by: str) -> bool:
    """Whether a table has the columns of a slicing."""
    try:
        _sliced(table, by)
    except ColumnError:
        return False
    return True


def _said(tally: PairedTally) -> str:
    """Return what more must be said of the pairs: where the files contradict each other, the second one counts."""
    differ = [("weights", tally.reweighted), *zip(tally.plan.slicings, tally.regrouped.tolist(), strict=True)]
    told = [f"the {name} of {counted(rows, 'row')}" for name, rows in differ if rows]
    return f"; {', '.join(told)} differ, and the second file's count" if told else ""


def opened(data: Any, options: Mapping[str, Any]) -> Table:
    """Return the table of an input, read as the options of `score` say; a table stays what it is."""
    return as_table(data, read_options(options))


def _refuse(a: ScoreReport, b: ScoreReport, tally: PairedTally, table: Table, *, skip: bool, by_id: bool) -> None:
    """Raise if the rows of the two files do not belong together.

    Raises:
        BadRowsError: too many rows have no partner, or the labels of some differ.
        EmptyInputError: no row was scored by both.
    """
    alone = tally.only_a + tally.only_b
    rows = tally.rows
    total = rows + tally.not_scored + alone
    if alone > UNMATCHED_LIMIT * total and (alone == total or not skip):
        raise unmatched_error(table, alone, total)
    if tally.conflicts.count:
        numbers = tuple(row for _, row in tally.conflicts.rows)
        raise BadRowsError(
            f"has another true label than {a.source.path} in {tally.conflicts.count:,} of {rows:,} common rows",
            place=Place(b.source.path, table.lines(numbers[:1]).get(numbers[0]), numbers[0]),
            details=(*_first_conflict(a, tally), f"first rows: {', '.join(str(row) for row in numbers)}"),
            help="two models are compared on the same labels"
            + ("" if by_id else "; are the rows in another order? --id COLUMN pairs them by a column"),
        )
    if rows == 0:
        raise EmptyInputError(f"has no row that {a.source.path} has, too, and both scored", place=Place(b.source.path))


def _first_conflict(a: ScoreReport, tally: PairedTally) -> tuple[str, ...]:
    """Return what the first row is called in either file, where a row has one label."""
    classes = tally.plan.classes
    if tally.conflict is None or not classes or tally.conflict[2] == tally.conflict[3]:
        return ()
    row, other, label, before = tally.conflict
    return (f"row {row} is {classes[label]!r}, its row {other} in {a.source.path} is {classes[before]!r}",)


def refuse_two_streams(*inputs: Any) -> None:
    """Raise if stdin is named more than once.

    Raises:
        UsageError: it is.
    """
    if sum(one in ("-", ["-"]) for one in inputs if isinstance(one, str | list)) > 1:
        raise UsageError("stdin (-) can be read once", help="write it to a file, and name that")
