"""Passes: a table is understood, passed over, and passed over again where its rows refute what was assumed.

Floor 8. The result is a Reading, whatever the layout.
"""

from dataclasses import replace

from xentcli.api.decisions import predicted_reasons, read_decisions
from xentcli.api.outputs import read_outputs
from xentcli.api.reading import Reading
from xentcli.api.running import Run
from xentcli.files.table import Table
from xentcli.scoring.model import ScoredTask
from xentcli.tally import engine, planning
from xentcli.tally.labels import Choices
from xentcli.task import roles
from xentcli.task.outputs import find_outputs


def read(table: Table, wanted: roles.Wanted, choices: Choices, run: Run) -> Reading:
    """Return the finished pass over a table, whatever its layout."""
    outputs = find_outputs(table, wanted, choices.kind)
    if outputs is not None:
        return read_outputs(table, outputs, choices, run)
    found = roles.assign(table, wanted)
    if found.form is roles.ScoreForm.DECISIONS:
        return read_decisions(table, found, choices, run)
    planned, tally = _tallied(table, found, choices, run)
    said = None if planned.scale_given else planned.scale_said
    plan = planned.plan
    return Reading(tally, _scored_task(planned, tally), plan, plan.scale, said, plan.scores)


def _tallied(table: Table, found: roles.Roles, choices: Choices, run: Run) -> tuple[planning.Planned, engine.AnyTally]:
    """Return the Tally and the plan that every row of it agrees with.

    The pass checks what the plan assumed (the scale, the length of lists); at most two corrections follow.
    """
    planned = planning.make(table, found, choices)
    tally = run(table, planned.plan)
    if not planned.width_fixed and tally.lengths:
        width = planning.most_frequent(tally.lengths)
        if width != planned.width:
            planned = planning.make(table, found, choices, width)
            tally = run(table, planned.plan)
    revised = planning.revise(planned, tally)
    if revised is not None:
        planned = replace(planned, plan=revised)
        tally = run(table, revised)
    return planned, tally


def _scored_task(planned: planning.Planned, tally: engine.AnyTally) -> ScoredTask:
    plan = planned.plan
    return ScoredTask(
        kind=plan.kind,
        encoding=planned.encoding,
        classes=plan.classes,
        positive=None if plan.positive is None else plan.classes[plan.positive],
        scale=plan.scale,
        reasons=(*planned.reasons, planning.scale_reason(planned, tally), *predicted_reasons(plan, tally)),
    )
