"""`xentcli.score`: the loss and the correct accuracy of predictions.

Floor 8. The engine's pass checks what the plan assumed; what it refutes is planned and passed over again.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xentcli.api.arguments import choice, class_list, class_weight_map, read_options, source_of, texts
from xentcli.api.passes import read
from xentcli.api.reading import Reading
from xentcli.api.running import Progress, Run
from xentcli.errors import UsageError
from xentcli.files.arrays import is_list
from xentcli.files.columns import find_column
from xentcli.files.format import ReadOptions
from xentcli.files.open import as_table
from xentcli.files.pair import SUFFIX, pair
from xentcli.files.table import Table
from xentcli.results import ScoreReport
from xentcli.rules.metrics import facts as metric_facts
from xentcli.rules.metrics.every import metric_findings
from xentcli.rules.rule import in_order, located, run
from xentcli.rules.scores import SCORE_RULES, ScoreFacts
from xentcli.rules.selection import selection
from xentcli.rules.traps.every import trap_findings
from xentcli.scoring.model import WorstRow
from xentcli.scoring.options import Options
from xentcli.scoring.refusal import refuse_bad_rows, refuse_empty, unmatched_error
from xentcli.scoring.view import score as view_score
from xentcli.tally.labels import Choices
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.one_row import RowSteps, row_steps
from xentcli.tally.plan import Plan
from xentcli.task import roles
from xentcli.task.model import Kind, Scale
from xentcli.task.names import ID_NAMES, LABEL_NAMES, named_like

if TYPE_CHECKING:
    from xentcli.tally.pairing.recorder import Recorder

UNMATCHED_LIMIT = 0.01
"""A larger share of unmatched ids is an error."""

MOST_WORST = 10_000
"""A longer list of rows is no reading matter."""

MOST_GAMMA = 100.0


def score(
    data: Any,
    *,
    labels: Any = None,
    label: str | Sequence[str] = (),
    scores: str | Sequence[str] = (),
    classes: str | Sequence[str] | None = None,
    positive: str | None = None,
    id: str | None = None,  # noqa: A002  the name of the option
    weight: str | None = None,
    task: str | None = None,
    scale: str | None = None,
    threshold: float = 0.5,
    normalize: bool = False,
    skip_bad_rows: bool = False,
    by: str | Sequence[str] = (),
    worst: int = 0,
    row: int | None = None,
    label_smoothing: float = 0.0,
    focal_gamma: float = 0.0,
    class_weights: str | Mapping[str, float] | None = None,
    ignore_label: str | None = None,
    at_least_one: bool = False,
    confidence_level: float = 0.95,
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    null_values: Sequence[str] = (),
    separator: str | None = None,
    header: bool | None = None,
    input_format: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    recorder: "Recorder | None" = None,
) -> ScoreReport:
    """Compute the loss and the correct accuracy of predictions.

    Args:
        data: as for `inspect`, or a tuple (y_true, y_pred) of arrays.
        labels: a second input that holds the labels, joined by `id` or by row.
        label: the label columns.
        scores: the score columns, or a prefix of their names.
        classes: class names in the order of the scores: a sequence, `a,b,c`, or `@FILE`.
        positive: the positive class of a binary task.
        id: the id column.
        weight: the column of row weights.
        task: overrides the kind of task.
        scale: `probabilities`, `log-probabilities` or `logits`; decided from all rows if None.
        threshold: binary and multi-label decisions are strictly above it, on the scale of probabilities.
        normalize: divide every row of probabilities by its sum.
        skip_bad_rows: count and leave out rows that cannot be scored, instead of raising.
        by: columns whose values slice the rows; `a+b` crosses two.
        worst: how many of the rows with the largest losses to list.
        row: a row, from 1, whose loss to show step by step.
        label_smoothing: s in [0, 1): targets become y (1 - s) + s / K, of several labels y (1 - s) + s / 2.
        focal_gamma: exponent of the focal factor (1 - p)^gamma.
        class_weights: what each class counts in the mean loss: `balanced`, `a=1,b=2`, `@FILE` or a mapping.
        ignore_label: a label that counts as missing.
        at_least_one: multi-label: a row with no score above the threshold gets its best label.
        confidence_level: of the intervals, in (0, 1).
        select: findings that may speak, by code, beginning of a code or name; all if empty.
        ignore: findings that may not, likewise.
        null_values: further texts that mean a missing cell, in text formats.
        separator: what stands between cells, in text formats.
        header: whether the first line names the columns, in text formats.
        input_format: overrides the format that the suffix tells.
        jobs: number of threads; None for the machine's cores.
        progress: is told, by any thread, how many more rows were read and how many there are, where that is known.
        recorder: keeps what became of every row, for those who compare the rows of two inputs.

    Raises:
        XentError: the input cannot be read or scored.
    """
    _refuse_numbers(confidence_level, threshold, label_smoothing, focal_gamma, worst)
    how = read_options(null_values, separator, header, input_format, declared=classes is None)
    chosen = selection(texts(select), texts(ignore))
    joined = _joined(as_table(data, how), labels, id, how, skip_bad_rows)
    table = joined.table
    if labels is None and recorder is None and joined.id_column is not None:  # else the join has looked, or will
        _refuse_duplicates(table, joined.id_column)
    slicings = tuple(dict.fromkeys(sliced_by(table, one) for one in texts(by)))
    named = texts(label)
    own = named or joined.own_labels
    beside = (name for name in joined.added if name not in own)  # no scores, even if they look so
    wanted = roles.Wanted(
        label=own,
        scores=texts(scores),
        id=None if id is None else joined.id_column,
        weight=weight,
        decisions=scale is None,
        loose=not named,
        ignored_label=ignore_label,
        by=tuple(_other_uses(slicings)),
        aside=tuple(beside),
    )
    choices = Choices(
        classes=class_list(classes),
        positive=positive,
        kind=choice(Kind, task, "--task"),
        scale=choice(Scale, scale, "--scale"),
        threshold=threshold,
        normalize=normalize,
        label_smoothing=label_smoothing,
        focal_gamma=focal_gamma,
        at_least_one=at_least_one,
        slicings=slicings,
        worst=worst,
    )
    options = Options(confidence_level, class_weight_map(class_weights))
    reading = read(table, wanted, choices, Run(jobs, progress, recorder))
    tally = reading.tally
    facts = tally.facts
    if facts.bad and not skip_bad_rows:
        raise refuse_bad_rows(table, reading.refusable, facts)
    if facts.scored == 0:
        raise refuse_empty(table, facts)
    if tally.weighted is not None and tally.weighted.weight.total() == 0:
        raise UsageError(f"the weights of column {weight} sum to 0")
    seen = ScoreFacts(facts, joined.unlabelled, joined.unpredicted, reading.scale, reading.said, reading.columns)
    scored = view_score(tally, reading.task, options, joined.unmatched)
    read_as = metric_facts.Reading(reading.said, scale is not None, _dtype(table, reading))
    said = (*run(SCORE_RULES, seen), *trap_findings(tally, scored), *metric_findings(tally, scored, read_as))
    return ScoreReport(
        source=source_of(table, facts.read, None if labels is None else _shown(labels)),
        score=replace(scored, worst=_identified(table, scored.worst, joined.id_column)),
        findings=located(chosen.of(in_order(said)), table.lines),
        row=None if row is None else _row_steps(table, reading, row),
    )


def _refuse_numbers(
    confidence_level: float, threshold: float, label_smoothing: float, focal_gamma: float, worst: int
) -> None:
    """Raise if a number lies outside what its option means."""
    if not 0.0 < confidence_level < 1.0:
        raise UsageError(f"--confidence-level {confidence_level} is not between 0 and 1")
    if not 0.0 <= threshold <= 1.0:
        raise UsageError(f"--threshold {threshold} is not a probability: it must lie in [0, 1]")
    if not 0.0 <= label_smoothing < 1.0:
        raise UsageError(f"--label-smoothing {label_smoothing} must lie in [0, 1)")
    if not 0.0 <= focal_gamma <= MOST_GAMMA:
        raise UsageError(f"--focal-gamma {focal_gamma} must lie in [0, {MOST_GAMMA:g}]")
    if not 0 <= worst <= MOST_WORST:
        raise UsageError(f"--worst {worst} is not a whole number from 0 to {MOST_WORST:,}")


def _dtype(table: Table, reading: Reading) -> str | None:
    """Return how the file holds the scores, None for text."""
    if table.format.is_text or not reading.columns:
        return None
    kind = table[reading.columns[0]].type
    return str(kind.value_type if is_list(kind) else kind)


def sliced_by(table: Table, by: str) -> tuple[str, ...]:
    """Return the columns of a slicing by their names.

    Raises:
        UsageError: a name is missing beside a `+`.
        ColumnError: there is no such column.
    """
    return tuple(find_column(table, name) for name in _crossed(table, by))


def _crossed(table: Table, by: str) -> tuple[str, ...]:
    """Return the columns of a slicing: one of that very name or position, else several joined by `+`.

    Raises:
        UsageError: a name is missing beside a `+`.
    """
    if by in table.names or "+" not in by:
        return (by,)
    crossed = tuple(by.split("+"))
    if "" in crossed:
        raise UsageError(f"--by {by}: a name is missing at the +", help="name a column on both sides: --by a+b")
    return crossed


def _other_uses(slicings: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """Yield the columns that slice the rows; one that is named like labels may be the labels all the same."""
    return (name for columns in slicings for name in columns if not named_like(LABEL_NAMES, [name]))


def _identified(table: Table, worst: tuple[WorstRow, ...], column: str | None) -> tuple[WorstRow, ...]:
    """Return the worst rows with their ids and their lines in a text file."""
    rows = tuple(one.row for one in worst)
    if not rows:
        return worst
    lines = table.lines(rows)
    ids = {} if column is None else table.cells(rows, column)
    return tuple(replace(one, line=lines.get(one.row), id=ids.get(one.row)) for one in worst)


def _row_steps(table: Table, reading: Reading, row: int) -> RowSteps:
    """Return the loss of one row step by step.

    Raises:
        UsageError: there is no loss, or there are several a row.
    """
    plan = reading.refusable
    decided = isinstance(reading.tally, MultiLabelTally) and reading.tally.decided
    if decided or not isinstance(plan, Plan):
        raise UsageError(
            "--row shows a loss, and decisions have none", help="write the model's probabilities or logits"
        )
    if isinstance(reading.tally, MultiOutputTally):
        raise UsageError("--row shows one output", help="name its columns with --label and --scores")
    return row_steps(table, plan, row)


def _refuse_duplicates(table: Table, column: str) -> None:
    from xentcli.files.ids import refuse_duplicates  # noqa: PLC0415  only where ids are named

    refuse_duplicates(table, column)


@dataclass(frozen=True, slots=True)
class _Joined:
    """The one table to score.

    Attributes:
        table: its rows.
        unlabelled: how many ids stand among the predictions only.
        unpredicted: how many ids stand among the labels only.
        added: the columns of the labels' input.
        own_labels: those of them that are the labels.
        id_column: the column of ids, None if none is known.
    """

    table: Table
    unlabelled: int
    unpredicted: int
    added: tuple[str, ...]
    own_labels: tuple[str, ...]
    id_column: str | None

    @property
    def unmatched(self) -> int:
        """How many ids stand in one of two inputs only."""
        return self.unlabelled + self.unpredicted


def _joined(predictions: Table, labels: Any, id_column: str | None, how: ReadOptions, skip: bool) -> _Joined:
    """Return the one table to score.

    Raises:
        BadRowsError: too many ids stand in one of two inputs only.
    """
    if labels is None:
        known = None if id_column is None else find_column(predictions, id_column)
        return _Joined(predictions, 0, 0, (), (), known)
    paired = pair(predictions, as_table(labels, how), id_column)
    unmatched = paired.unmatched_predictions + paired.unmatched_labels
    total = unmatched + paired.matched
    if unmatched > UNMATCHED_LIMIT * total and (paired.matched == 0 or not skip):
        raise unmatched_error(predictions, unmatched, total)
    added = paired.table.names[: len(paired.table.names) - len(predictions.names)]
    left = paired.unmatched_predictions, paired.unmatched_labels
    return _Joined(paired.table, *left, added, _label_columns(added), paired.id_column)


def _label_columns(added: tuple[str, ...]) -> tuple[str, ...]:
    """Return which columns of a file of labels are the labels: one that is named so, else all but ids."""
    own = {name.removesuffix(SUFFIX): name for name in added}
    named = named_like(LABEL_NAMES, list(own))
    if named:
        return (own[named[0]],)
    return tuple(name for bare, name in own.items() if not named_like(ID_NAMES, [bare]))


def _shown(data: Any) -> str:
    return os.fspath(data) if isinstance(data, str | os.PathLike) else type(data).__name__
