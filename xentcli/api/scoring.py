"""`xentcli.score`: the loss and the correct accuracy of predictions.

Floor 8. The engine's pass checks what the plan assumed; what it refutes is planned and passed over again.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from xentcli.api.arguments import choice, class_list, read_options, source_of, texts
from xentcli.errors import UsageError
from xentcli.files.format import ReadOptions
from xentcli.files.open import as_table
from xentcli.files.pair import SUFFIX, pair
from xentcli.files.table import Table
from xentcli.results import ScoreReport
from xentcli.rules.rule import located, run
from xentcli.rules.scores import SCORE_RULES, ScoreFacts
from xentcli.scoring.model import ScoredTask
from xentcli.scoring.refusal import refuse_bad_rows, refuse_empty, unmatched_error
from xentcli.scoring.view import score as view_score
from xentcli.tally import engine, planning
from xentcli.tally.labels import Choices
from xentcli.task import roles
from xentcli.task.model import Kind, Scale
from xentcli.task.names import ID_NAMES, LABEL_NAMES, named_like

UNMATCHED_LIMIT = 0.01
"""A larger share of unmatched ids is an error."""


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
    confidence_level: float = 0.95,
    null_values: Sequence[str] = (),
    separator: str | None = None,
    header: bool | None = None,
    input_format: str | None = None,
    jobs: int | None = None,
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
        confidence_level: of the intervals, in (0, 1).
        null_values: further texts that mean a missing cell, in text formats.
        separator: what stands between cells, in text formats.
        header: whether the first line names the columns, in text formats.
        input_format: overrides the format that the suffix tells.
        jobs: number of threads; None for the machine's cores.

    Raises:
        XentError: the input cannot be read or scored.
    """
    if not 0.0 < confidence_level < 1.0:
        raise UsageError(f"--confidence-level {confidence_level} is not between 0 and 1")
    if not 0.0 <= threshold <= 1.0:
        raise UsageError(f"--threshold {threshold} is not a probability: it must lie in [0, 1]")
    read = replace(read_options(null_values, separator, header, input_format), declared=classes is None)
    table, unmatched, own_labels = _joined(as_table(data, read), labels, id, read, skip_bad_rows)
    found = roles.assign(table, roles.Wanted(texts(label) or own_labels, texts(scores), id, weight))
    choices = Choices(
        classes=class_list(classes),
        positive=positive,
        kind=choice(Kind, task, "--task"),
        scale=choice(Scale, scale, "--scale"),
        threshold=threshold,
        normalize=normalize,
    )
    planned, tally = _tallied(table, found, choices, jobs)
    facts = tally.facts
    if facts.bad and not skip_bad_rows:
        raise refuse_bad_rows(table, planned.plan, facts)
    if facts.scored == 0:
        raise refuse_empty(table, facts)
    if tally.weighted is not None and tally.weighted.weight.total() == 0:
        raise UsageError(f"the weights of column {weight} sum to 0")
    said = None if planned.scale_given else planned.scale_said
    seen = ScoreFacts(facts, unmatched, planned.plan.scale, said, planned.plan.scores)
    return ScoreReport(
        source=source_of(table, facts.read, None if labels is None else _shown(labels)),
        score=view_score(tally, _scored_task(planned, tally), confidence_level, unmatched),
        findings=located(run(SCORE_RULES, seen), table.lines),
    )


def _joined(
    predictions: Table, labels: Any, id_column: str | None, read: ReadOptions, skip: bool
) -> tuple[Table, int, tuple[str, ...]]:
    """Return the one table to score, how many ids stand in one input only, and the labels' own columns."""
    if labels is None:
        return predictions, 0, ()
    paired = pair(predictions, as_table(labels, read), id_column)
    unmatched = paired.unmatched_predictions + paired.unmatched_labels
    total = unmatched + paired.matched
    if unmatched > UNMATCHED_LIMIT * total and (paired.matched == 0 or not skip):
        raise unmatched_error(predictions, unmatched, total)
    added = paired.table.names[: len(paired.table.names) - len(predictions.names)]
    return paired.table, unmatched, _label_columns(added)


def _label_columns(added: tuple[str, ...]) -> tuple[str, ...]:
    """Return which columns of a file of labels are the labels: one that is named so, else all but ids."""
    own = {name.removesuffix(SUFFIX): name for name in added}
    named = named_like(LABEL_NAMES, list(own))
    if named:
        return (own[named[0]],)
    return tuple(name for bare, name in own.items() if not named_like(ID_NAMES, [bare]))


def _tallied(
    table: Table, found: roles.Roles, choices: Choices, jobs: int | None
) -> tuple[planning.Planned, engine.AnyTally]:
    """Return the Tally and the plan that every row of it agrees with.

    The pass checks what the plan assumed (the scale, the length of lists); at most two corrections follow.
    """
    planned = planning.make(table, found, choices)
    tally = engine.run(table, planned.plan, jobs)
    if not planned.width_fixed and tally.lengths:
        width = planning.most_frequent(tally.lengths)
        if width != planned.width:
            planned = planning.make(table, found, choices, width)
            tally = engine.run(table, planned.plan, jobs)
    revised = planning.revise(planned, tally)
    if revised is not None:
        planned = replace(planned, plan=revised)
        tally = engine.run(table, revised, jobs)
    return planned, tally


def _scored_task(planned: planning.Planned, tally: engine.AnyTally) -> ScoredTask:
    plan = planned.plan
    return ScoredTask(
        kind=plan.kind,
        encoding=planned.encoding,
        classes=plan.classes,
        positive=None if plan.positive is None else plan.classes[plan.positive],
        scale=plan.scale,
        reasons=(*planned.reasons, planning.scale_reason(planned, tally)),
    )


def _shown(data: Any) -> str:
    return os.fspath(data) if isinstance(data, str | os.PathLike) else type(data).__name__
