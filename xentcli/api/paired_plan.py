"""The plan of a comparison: whether two scored files can be compared, and what of them is.

Floor 8.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xentcli.errors import AmbiguousError, Place
from xentcli.results import ScoreReport
from xentcli.scoring.model import ScoredTask
from xentcli.tally.pairing.recorder import Recorder
from xentcli.tally.pairing.tally import PairedPlan
from xentcli.task.model import Kind

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
