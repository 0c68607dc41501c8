"""Passes: a table is understood, passed over, and passed over again where its rows refute what was assumed.

Floor 8. The result is a FinishedPass, whatever the layout; labels and predicted labels without scores are among them.
"""

from xentcli.api.outputs import read_outputs
from xentcli.api.reading import FinishedPass, PassSettings
from xentcli.errors import XentError
from xentcli.files.table import Table
from xentcli.phrases import counted, verb
from xentcli.record import replace
from xentcli.scoring.model import ScoredTask
from xentcli.tally import engine, planning
from xentcli.tally.decision_planning import make_decisions, refuse_unsure, two_classes
from xentcli.tally.labels import Choices
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import Defect, FirstRows, RowFacts
from xentcli.tally.tally import Tally
from xentcli.task.coding import HotCoder, TagCoder
from xentcli.task.first_rows import FIRST, FirstPart
from xentcli.task.model import ColumnRole
from xentcli.task.outputs import find_outputs
from xentcli.task.reading.decide import read as decide
from xentcli.task.refused_forms import refuse_boxes
from xentcli.task.roles import Roles, ScoreForm, Wanted
from xentcli.terms import Scale


def read_decisions(table: Table, roles: Roles, choices: Choices, run: PassSettings) -> FinishedPass:
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
    return FinishedPass(tally, task, plan, task.scale, None, plan.scores)


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


_OF_PREDICTED = {ScoreForm.DECISIONS, ScoreForm.CONFIDENCE}


def read(table: Table, wanted: Wanted, choices: Choices, run: PassSettings) -> FinishedPass:
    """Return the finished pass over a table, whatever its layout.

    Raises:
        UsageError: it holds boxes for object detection.
    """
    if not (wanted.label or wanted.added):
        refuse_boxes(table)
    return _by_first_rows(table, wanted, choices, run) or _by_all_rows(table, wanted, choices, run)


def _by_all_rows(table: Table, wanted: Wanted, choices: Choices, run: PassSettings) -> FinishedPass:
    """Return the pass that is planned by the labels of all rows."""
    outputs = find_outputs(table, wanted, choices.kind)
    if outputs is not None:
        return replace(read_outputs(table, outputs.outputs, choices, run), account=outputs.columns)
    decided = decide(table, wanted, choices.kind)
    found = decided.roles
    if found.form is ScoreForm.CONFIDENCE:
        return replace(_read_confidence(table, found, choices, run), account=decided.columns)
    if found.form is ScoreForm.DECISIONS:
        return replace(read_decisions(table, found, choices, run), account=decided.columns)
    return _reading(table, *_tallied(table, table, found, choices, run, None), decided.columns)


def _read_confidence(table: Table, found: Roles, choices: Choices, run: PassSettings) -> FinishedPass:
    """Return the pass over the scores of predicted labels: of two classes they are probabilities of both."""
    classes = two_classes(table, found, choices)
    if classes is None:
        return read_decisions(table, found, choices, run)
    planned, tally = _tallied(table, table, found, replace(choices, classes=classes), run, None)
    refuse_unsure(table, found, classes, planned.plan.positive, tally.facts)
    return _reading(table, planned, tally, ())


def _by_first_rows(table: Table, wanted: Wanted, choices: Choices, run: PassSettings) -> FinishedPass | None:
    """Return the pass that is planned by the labels of the first rows, None where that may not do.

    The labels need not be read twice if the first rows show every one that occurs: then all rows give the same plan.
    The pass ends at the first row whose label the plan does not know. What hangs on more than which labels
    occur (soft targets, outputs, decisions, their scores) is left to all rows, and so is every error.
    """
    if wanted.ignored_label is not None or (table.rows is not None and table.rows <= FIRST):
        return None
    first = replace(table, parts=(FirstPart(table),), rows=None)
    try:
        if find_outputs(first, wanted, choices.kind) is not None:
            return None
        decided = decide(first, wanted, choices.kind)
        found = decided.roles
        if found.form in _OF_PREDICTED or found.predicted is not None:
            return None
        planned, tally = _tallied(table, first, found, choices, run, _unplanned)
    except XentError:
        return None
    return _reading(table, planned, tally, decided.columns) if _settled(table, planned.plan, tally) else None


def _settled(table: Table, plan: Plan, tally: engine.AnyTally) -> bool:
    """Whether the labels of all rows would have given the same plan."""
    coder = plan.coder
    if plan.soft or (isinstance(coder, TagCoder) and coder.separator is None):
        return False
    # A label that is no number was read as missing: it may be a word.
    worded = table.format.is_text and isinstance(coder, HotCoder) and not coder.words
    return not _unplanned(tally) and not (worded and tally.facts.missing_label.count)


def _unplanned(tally: engine.AnyTally) -> bool:
    """Whether rows hold labels that the plan does not know."""
    return any(tally.facts.defects[one].count for one in (Defect.UNSEEN_LABEL, Defect.BAD_TARGET))


def _reading(
    table: Table, planned: planning.Planned, tally: engine.AnyTally, account: tuple[ColumnRole, ...]
) -> FinishedPass:
    said = None if planned.plan.scale_given else planned.scale_said
    plan = planned.plan
    return FinishedPass(tally, _scored_task(table, planned, tally), plan, plan.scale, said, plan.scores, account)


def _tallied(
    table: Table, shown: Table, found: Roles, choices: Choices, run: PassSettings, doubt: engine.Doubt | None
) -> tuple[planning.Planned, engine.AnyTally]:
    """Return the Tally and the plan that every row of it agrees with, unless a doubt ended a pass.

    The pass checks what the plan assumed (the scale, the length of lists); at most two corrections follow.

    Args:
        table: what to pass over.
        shown: the rows whose labels are planned by.
        found: what the columns are for.
        choices: what the caller decided.
        run: runs a pass.
        doubt: ends a pass that is useless.
    """
    planned = planning.make(shown, found, choices)
    tally = run(table, planned.plan, doubt)
    if not planned.width_fixed and tally.lengths:
        width = planning.most_frequent(tally.lengths)
        if width != planned.width:
            planned = planning.make(shown, found, choices, width)
            tally = run(table, planned.plan, doubt)
    if doubt is not None and doubt(tally):
        return planned, tally
    revised = planning.revise(planned, tally)
    if revised is not None:
        planned = replace(planned, plan=revised)
        tally = run(table, revised, doubt)
    return planned, tally


def _scored_task(table: Table, planned: planning.Planned, tally: engine.AnyTally) -> ScoredTask:
    plan = planned.plan
    return ScoredTask(
        kind=plan.kind,
        encoding=planned.encoding,
        classes=plan.classes,
        positive=None if plan.positive is None else plan.classes[plan.positive],
        scale=plan.scale,
        aloud=planned.aloud,
        reasons=(*planning.reasons(planned, tally), *predicted_reasons(table, plan, tally)),
        positive_by=planned.positive_by,
    )
