"""`xentcli.score`: the loss and the correct accuracy of predictions.

Floor 8. The engine's pass checks what the plan assumed; what it refutes is planned and passed over again.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xentcli.api.arguments import choice, class_list, class_weight_map, read_options, source_of, texts
from xentcli.api.open_labels import open_labels
from xentcli.api.passes import read
from xentcli.api.reading import Reading
from xentcli.api.references import Joined, column, label_columns, score_columns
from xentcli.api.references import joined as join
from xentcli.api.running import Progress, Run
from xentcli.errors import DuplicateIdError, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.batches import refuse_long_cells
from xentcli.files.open import as_table
from xentcli.files.table import Table
from xentcli.files.unchanged import unchanged_inputs
from xentcli.results import ScoreReport
from xentcli.rules.labels.scored import label_findings, told_once
from xentcli.rules.metrics import facts as metric_facts
from xentcli.rules.metrics.every import metric_findings
from xentcli.rules.rule import in_order, located, run
from xentcli.rules.scores import SCORE_RULES, ScoreFacts
from xentcli.rules.selection import selection
from xentcli.rules.traps.every import trap_findings
from xentcli.scoring.model import WorstRow
from xentcli.scoring.options import Options
from xentcli.scoring.refusal import refuse_bad_rows, refuse_empty
from xentcli.scoring.view import score as view_score
from xentcli.tally.labels import Choices
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.one_row import RowSteps, row_steps
from xentcli.tally.plan import Plan
from xentcli.task import roles
from xentcli.task.model import Kind, Role, Scale
from xentcli.task.names import model_columns, named_like
from xentcli.task.vocabulary import TARGET_NAMES

if TYPE_CHECKING:
    from xentcli.tally.pairing.recorder import Recorder
    from xentcli.task.pooled import Pooled

MOST_WORST = 10_000
"""A longer list of rows is no reading matter."""

MOST_GAMMA = 100.0


@unchanged_inputs()
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
    comment: str | None = None,
    quote: str | None = None,
    header: bool | None = None,
    input_format: str | None = None,
    memory: str | int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    recorder: "Recorder | None" = None,
    intervals: Collection[str] = (),
) -> ScoreReport:
    """Compute the loss and the correct accuracy of predictions.

    Args:
        data: as for `inspect`, or a tuple (y_true, y_pred) of arrays.
        labels: a second input that holds the labels, joined by `id`, by a column that both hold, or by row.
        label: the label columns; of `labels` where that has them.
        scores: the score columns, or a prefix of their names.
        classes: class names in the order of the scores: a sequence, `a,b,c`, or `@FILE`.
        positive: the positive class of a binary task.
        id: the id column; `a=b` if it is called a in the predictions and b in the labels.
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
        comment: the character that starts a comment, or `none`, in text formats; by default lines that start with #
            are comments where they are no rows.
        quote: the character that encloses cells, or `none`, in text formats.
        header: whether the first line names the columns, in text formats.
        input_format: overrides the format that the suffix tells.
        memory: bytes that reading may take, or a size such as `4G`; None for half of what the machine has.
        jobs: number of threads; None for the machine's cores.
        progress: is told, by any thread, how many more rows were read and how many there are, where that is known.
        recorder: keeps what became of every row, for those who compare the rows of two inputs.
        intervals: the metrics whose intervals a check wants.

    Raises:
        XentError: the input cannot be read or scored.
    """
    _refuse_numbers(confidence_level, threshold, label_smoothing, focal_gamma, worst)
    how = read_options(
        null_values, separator, header, input_format,
        comment=comment, quote=quote, skip_bad_rows=skip_bad_rows, declared=classes is None, memory=memory,
    )  # fmt: skip
    chosen = selection(texts(select), texts(ignore))
    other_uses = (*texts(label), *texts(scores), *(() if weight is None else (weight,)))
    joined = join(as_table(data, how), labels, id, how, skip=skip_bad_rows, never=other_uses)
    table = joined.table
    if labels is None and recorder is None and joined.id_column is not None:  # else the join has looked, or will
        _refuse_duplicates(table, joined.id_column)
    slicings = tuple(dict.fromkeys(sliced_by(joined, one) for one in texts(by)))
    named = label_columns(joined, texts(label))
    scored_columns = score_columns(joined, texts(scores))
    wanted = roles.Wanted(
        label=named,
        scores=scored_columns,
        id=joined.id_column,
        weight=None if weight is None else column(joined, weight),
        decisions=scale is None,
        ignored_label=ignore_label,
        by=tuple(_other_uses(slicings)),
        added=tuple(joined.added),
        identifying=joined.identifying,
        classes=class_list(classes),
        positive=positive,
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
    options = Options(confidence_level, class_weight_map(class_weights), frozenset(intervals))
    reading = read(table, wanted, choices, Run(jobs, progress, recorder))
    tally = reading.tally
    refuse_long_cells(reading.task.classes, _label_of(reading), table.path)
    facts = tally.facts
    facts.add_left_out(table.left_out.count)
    if facts.bad and not skip_bad_rows:
        raise refuse_bad_rows(table, reading.refusable, facts)
    if facts.scored == 0:
        raise refuse_empty(table, facts)
    if tally.weighted is not None and tally.weighted.weight.total() == 0:
        raise UsageError(f"the weights of column {weight} sum to 0")
    pooled = _pooled(table, reading, slicings) if joined.id_column is None else None  # ids differ where they are known
    seen = ScoreFacts(
        facts, joined.unlabelled, joined.unpredicted, reading.scale, reading.said, reading.columns, pooled
    )
    scored = view_score(tally, reading.task, options, joined.unmatched)
    read_as = metric_facts.Reading(reading.said, scale is not None, _dtype(table, reading))
    said = told_once(
        (
            *label_findings(tally, scored, open_labels(table, tally)),
            *run(SCORE_RULES, seen),
            *trap_findings(tally, scored),
            *metric_findings(tally, scored, read_as),
        )
    )
    return ScoreReport(
        source=source_of(table, facts.read, None if labels is None else _shown(labels)),
        score=replace(scored, worst=_identified(table, scored.worst, joined.id_column)),
        findings=located(chosen.of(in_order(said)), table.lines),
        row=None if row is None else _row_steps(table, reading, row),
        columns=reading.account,
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


def _label_of(reading: Reading) -> str | None:
    return next((one.name for one in reading.account if one.role is Role.LABEL), None)


def _dtype(table: Table, reading: Reading) -> str | None:
    """Return how the file holds the scores, None for text."""
    if table.format.is_text or not reading.columns:
        return None
    kind = table[reading.columns[0]].type
    return str(kind.value_type if is_list(kind) else kind)


def sliced_by(one: Joined, by: str) -> tuple[str, ...]:
    """Return the columns of a slicing by their names: one of that very name or position, else several joined by `+`.

    Raises:
        UsageError: a name is missing beside a `+`.
        ColumnError: there is no such column.
    """
    if "+" not in by or by in one.table.names or by in one.added.values():
        return (column(one, by),)
    crossed = tuple(by.split("+"))
    if "" in crossed:
        raise UsageError(f"--by {by}: a name is missing at the +", help="name a column on both sides: --by a+b")
    return tuple(column(one, name) for name in crossed)


def _other_uses(slicings: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """Yield the columns that slice the rows; one that is named like labels may be the labels all the same."""
    return (name for columns in slicings for name in columns if not named_like(TARGET_NAMES, [name]))


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


def _pooled(table: Table, reading: Reading, slicings: tuple[tuple[str, ...], ...]) -> "Pooled | None":
    """Return the models whose outputs stand under one another; None where nothing shows that any do."""
    used = reading.tally.plan.columns
    if not model_columns(name for name in table.names if name not in used):
        return None
    from xentcli.api.pooling import pooled_in  # noqa: PLC0415  only where a column is named after models

    return pooled_in(table, reading, slicings)


def _told_apart(error: DuplicateIdError, table: Table) -> DuplicateIdError:
    from xentcli.api.pooling import told_apart  # noqa: PLC0415  only for an error

    return told_apart(error, table)


def _refuse_duplicates(table: Table, column: str) -> None:
    from xentcli.files.ids import refuse_duplicates  # noqa: PLC0415  only where ids are named

    try:
        refuse_duplicates(table, column)
    except DuplicateIdError as error:
        raise _told_apart(error, table) from None


def _shown(data: Any) -> str:
    return os.fspath(data) if isinstance(data, str | os.PathLike) else type(data).__name__
