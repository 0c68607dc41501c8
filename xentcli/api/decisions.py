"""Tables of labels and predicted labels, without scores of all classes: planned, tallied and explained.

Floor 8.
"""

from xentcli.api.reading import Reading
from xentcli.api.running import Run
from xentcli.files.table import Table
from xentcli.scoring.model import ScoredTask
from xentcli.tally import engine
from xentcli.tally.decision_planning import make_decisions, refuse_unsure
from xentcli.tally.labels import Choices
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import FirstRows, RowFacts
from xentcli.tally.tally import Tally
from xentcli.task.model import Scale
from xentcli.task.roles import Roles, ScoreForm
from xentcli.words import counted, verb


def read_decisions(table: Table, roles: Roles, choices: Choices, run: Run) -> Reading:
    """Return the finished pass over a table whose roles are a label and a predicted label, with its score or without.

    Raises:
        XentError: the options contradict it, or the classes cannot be told.
    """
    planned = make_decisions(table, roles, choices)
    plan = planned.plan
    task = ScoredTask(
        kind=plan.kind,
        encoding=planned.encoding,
        classes=plan.classes,
        positive=None if plan.positive is None else plan.classes[plan.positive],
        scale=None if plan.confidence is None else Scale.PROBABILITIES,
        reasons=(*planned.reasons, *planned.general),
        positive_by=planned.positive_by,
        aloud=planned.aloud,
    )
    tally = run(table, plan)
    refuse_unsure(table, roles, plan.classes, None, tally.facts)
    return Reading(tally, task, plan, task.scale, None, plan.scores)


def predicted_reasons(table: Table, plan: Plan, tally: engine.AnyTally) -> tuple[str, ...]:
    """Return the sentences that compare a column of predicted labels with the scores beside it; none without one."""
    if plan.predicted is None or not isinstance(tally, Tally) or tally.agreement is None:
        return ()
    held, column = tally.agreement, plan.predicted.column
    rows = held.agrees + held.disagrees.count
    if held.disagrees.count == 0 and plan.form is ScoreForm.CONFIDENCE:
        return ()  # whose scores were made of these labels
    if held.disagrees.count == 0:
        return (f"predicted labels in {column} agree with the scores in all {counted(rows, 'row')}",)
    first = ", ".join(str(row) for row in tally.facts.row_numbers(held.disagrees)[:3])
    more = ", ..." if held.disagrees.count > 3 else ""
    said = f"disagree with the scores in {held.disagrees.count:,} of {counted(rows, 'row')} (row {first}{more})"
    compared = f"predicted labels in {column} {said}; accuracy here is that of the scores"
    return (compared, *_no_classes(table, column, tally.facts, held.unknown))


def _no_classes(table: Table, column: str, facts: RowFacts, unknown: FirstRows) -> tuple[str, ...]:
    """Return the sentence on predicted labels that are no class, with the first of them; none without one."""
    if not unknown.count:
        return ()
    first = facts.row_numbers(unknown)[0]
    value = table.cells((first,), column).get(first)
    of_them = f"{counted(unknown.count, 'predicted label')} in {column} {verb(unknown.count, 'are')} no class"
    return (f"{of_them}, first {value!r} in row {first}: they count as disagreeing",)
