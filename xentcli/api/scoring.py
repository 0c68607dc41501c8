"""`xentcli.score`: the loss and the correct accuracy of predictions.

Floor 8. The engine's pass checks what the plan assumed; what it refutes is planned and passed over again.
"""

import os
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Unpack

from xentcli.api.arguments import choice, class_list, class_weight_map, read_options, source_of, texts
from xentcli.api.id_columns import repeated_ids, with_id_orders
from xentcli.api.open_labels import open_labels
from xentcli.api.passes import read
from xentcli.api.reading import FinishedPass, PassSettings, Progress
from xentcli.api.references import Joined, column, label_columns, score_columns
from xentcli.api.references import joined as join
from xentcli.api.two_arrays import refuse_scores_as_labels, together
from xentcli.errors import DuplicateIdError, TextScoresError, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.batches import refuse_long_cells
from xentcli.files.format import Format
from xentcli.files.open import as_table
from xentcli.files.table import Table
from xentcli.files.unchanged import unchanged_inputs
from xentcli.options.signature import takes
from xentcli.options.table import ScoreOptions, objective_of
from xentcli.record import replace
from xentcli.results import ScoreReport
from xentcli.rules.causes import with_causes
from xentcli.rules.facts import ScoreReading, TableFacts
from xentcli.rules.gather import task_facts
from xentcli.rules.labels.scored import label_findings, told_once
from xentcli.rules.rule import in_order, located
from xentcli.rules.scored_table import SCORED_RULES, table_findings
from xentcli.rules.selection import selection
from xentcli.scoring.class_weights import Options
from xentcli.scoring.model import WorstRow
from xentcli.scoring.refusal import refuse_bad_rows, refuse_empty
from xentcli.scoring.view import score as view_score
from xentcli.tally.labels import Choices
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.one_row import RowSteps, row_steps
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import Defect
from xentcli.task import roles
from xentcli.task.model import Role
from xentcli.task.names import model_columns, named_like
from xentcli.task.reading.account import twins_in
from xentcli.task.vocabulary import TARGET_NAMES
from xentcli.terms import Kind, Scale

if TYPE_CHECKING:
    from xentcli.tally.pairing.recorder import Recorder
    from xentcli.task.pooled import Pooled


@takes(ScoreOptions)
@unchanged_inputs()
def score(
    data: Any,
    predictions: Any = None,
    *,
    progress: Progress | None = None,
    recorder: "Recorder | None" = None,
    intervals: Collection[str] = (),
    **options: Unpack[ScoreOptions],
) -> ScoreReport:
    """Compute the loss and the correct accuracy of predictions.

    Args:
        data: as for `inspect`; or the labels of `predictions`; or both, a tuple (y_true, y_pred) of arrays.
        predictions: an array of scores, or of predicted labels, where `data` is one of labels alone.
        progress: is told, by any thread, how many more rows were read and how many there are, where that is known.
        recorder: keeps what became of every row, for those who compare the rows of two inputs.
        intervals: the metrics whose intervals a check wants.
        options: see `options.table`.

    Raises:
        XentError: the input cannot be read or scored.
    """
    labels, weight, skip = options["labels"], options["weight"], options["skip_bad_rows"]
    how = read_options(options)
    chosen = selection(texts(options["select"]), texts(options["ignore"]))
    other_uses = (*texts(options["label"]), *texts(options["scores"]), *(() if weight is None else (weight,)))
    data = together(data, predictions)
    opened = as_table(data, how)
    if predictions is not None and not other_uses:
        refuse_scores_as_labels(opened)
    joined = join(opened, labels, options["id"], how, skip=skip, never=other_uses)
    table = joined.table
    if labels is None and recorder is None and joined.id_column is not None:  # else the join has looked, or will
        _refuse_duplicates(table, joined.id_column)
    slicings = tuple(dict.fromkeys(sliced_by(joined, one) for one in texts(options["by"])))
    classes, positive, scale = class_list(options["classes"]), options["positive"], options["scale"]
    ignored = options["ignore_label"]
    wanted = roles.Wanted(
        label=label_columns(joined, texts(options["label"])),
        scores=score_columns(joined, texts(options["scores"])),
        id=joined.id_column,
        weight=None if weight is None else column(joined, weight),
        decisions=scale is None,
        ignored_label=None if ignored is None else str(ignored),
        by=tuple(_other_uses(slicings)),
        added=tuple(joined.added),
        identifying=joined.identifying,
        classes=classes,
        positive=positive,
    )
    choices = Choices(
        classes=classes,
        positive=positive,
        kind=choice(Kind, options["task"], "task"),
        scale=choice(Scale, scale, "scale"),
        objective=objective_of(options),
        slicings=slicings,
        worst=options["worst"],
    )
    how_seen = Options(options["confidence_level"], class_weight_map(options["class_weights"]), frozenset(intervals))
    table, reading = _read(table, wanted, choices, PassSettings(options["jobs"], progress, recorder), skip=skip)
    tally = reading.tally
    refuse_long_cells(reading.task.classes, _label_of(reading), table.path)
    facts = tally.facts
    unread = Defect.NO_OBJECT if table.format is Format.JSONL else Defect.OTHER_CELLS
    facts.add_left_out(table.left_out.count, unread)
    if facts.bad and not skip:
        raise refuse_bad_rows(table, reading.refusable, facts)
    if facts.scored == 0:
        raise refuse_empty(table, facts)
    if tally.weighted is not None and tally.weighted.weight.total() == 0:
        raise UsageError(f"the weights of column {weight} sum to 0")
    pooled = _pooled(table, reading, slicings) if joined.id_column is None else None  # ids differ where they are known
    scored = view_score(tally, reading.task, how_seen, joined.unmatched)
    read_as = ScoreReading(
        reading.said,
        scale is not None,
        _dtype(table, reading),
        by_id=labels is not None and joined.id_column is not None,
    )
    table_facts = TableFacts(
        facts,
        read_as,
        reading.scale,
        reading.columns,
        joined.unlabelled,
        joined.unpredicted,
        pooled,
        with_id_orders(task_facts(tally, scored, read_as), table, reading.account),
        twins_in(reading.account),
        repeated_ids(table, reading.account) if joined.id_column is None and pooled is None else None,
    )
    said = told_once((*label_findings(tally, scored, open_labels(table, tally)), *table_findings(table_facts)))
    return ScoreReport(
        source=source_of(table, facts.read, None if labels is None else _shown(labels)),
        score=replace(scored, worst=_identified(table, scored.worst, joined.id_column)),
        findings=located(with_causes(chosen.of(in_order(said)), SCORED_RULES), table.lines),
        row=None if options["row"] is None else _row_steps(table, reading, options["row"]),
        columns=reading.account,
    )


def _label_of(reading: FinishedPass) -> str | None:
    return next((one.name for one in reading.account if one.role is Role.LABEL), None)


def _read(
    table: Table, wanted: roles.Wanted, choices: Choices, pass_: PassSettings, *, skip: bool
) -> tuple[Table, FinishedPass]:
    """Return a table and its reading; where bad rows are skipped, numbers are read from scores that are text.

    Raises:
        XentError: it cannot be read.
    """
    while True:
        try:
            return table, read(table, wanted, choices, pass_)
        except TextScoresError as error:
            if not skip or error.place is None or error.place.column is None:
                raise
            from xentcli.files.nested.derive import with_numbers  # noqa: PLC0415  only text among scores needs it

            table = with_numbers(table, error.place.column)


def _dtype(table: Table, reading: FinishedPass) -> str | None:
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
        raise UsageError(f"{by}: a name is missing at the +", option="by", help="name a column on both sides: --by a+b")
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


def _row_steps(table: Table, reading: FinishedPass, row: int) -> RowSteps:
    """Return the loss of one row step by step.

    Raises:
        UsageError: there is no loss, or there are several a row.
    """
    plan = reading.refusable
    decided = isinstance(reading.tally, MultiLabelTally) and reading.tally.decided
    if decided or not isinstance(plan, Plan):
        raise UsageError(
            "shows a loss, and decisions have none", option="row", help="write the model's probabilities or logits"
        )
    if isinstance(reading.tally, MultiOutputTally):
        raise UsageError("shows one output", option="row", help="name its columns with --label and --scores")
    return row_steps(table, plan, row)


def _pooled(table: Table, reading: FinishedPass, slicings: tuple[tuple[str, ...], ...]) -> "Pooled | None":
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
