"""Tables of several outputs: each planned as a task of its own, all tallied in one pass.

Floor 8.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from xentcli.api.reading import FinishedPass, PassSettings
from xentcli.errors import UsageError
from xentcli.files.table import Table
from xentcli.record import Record, replace
from xentcli.scoring.model import ScoredTask
from xentcli.tally import engine, planning
from xentcli.tally.decision_planning import PlannedDecisions, make_decisions, refuse_unsure
from xentcli.tally.labels import Choices
from xentcli.tally.multioutput import MultiOutputPlan, MultiOutputTally
from xentcli.task.matching import told
from xentcli.task.roles import Output, Roles, ScoreForm
from xentcli.terms import Encoding, Kind, Scale

_PREDICTED = {ScoreForm.DECISIONS, ScoreForm.CONFIDENCE}


class _Planned(Record):
    """An output with what the caller decides about it, and its plan."""

    output: Output
    choices: Choices
    made: planning.Planned | PlannedDecisions


def read_outputs(table: Table, outputs: tuple[Output, ...], choices: Choices, run: PassSettings) -> FinishedPass:
    """Return the finished pass over a table of several outputs.

    The pass checks what the plans assumed (scales, lengths of lists); at most two corrections follow. Plans of
    predicted labels assume nothing.

    Raises:
        XentError: labels and scores of an output do not fit each other, or options contradict them.
    """
    planned = _plans(table, outputs, choices)
    tally = _run(table, planned, choices, run)
    if tally.plan.decided:
        for one, own in zip(planned, tally.tallies, strict=True):
            refuse_unsure(table, one.output.roles, own.plan.classes, None, own.facts)
        return _reading(planned, tally)
    widened = [_widened(table, one, own.lengths) for one, own in zip(planned, tally.tallies, strict=True)]
    if any(one is not old for one, old in zip(widened, planned, strict=True)):
        planned, tally = widened, _run(table, widened, choices, run)
    revised = [_revised(one, own) for one, own in zip(planned, tally.tallies, strict=True)]
    if any(one is not old for one, old in zip(revised, planned, strict=True)):
        planned, tally = revised, _run(table, revised, choices, run)
    return _reading(planned, tally)


def _revised(one: _Planned, tally: engine.AnyTally) -> _Planned:
    """Return the output as the pass showed it to be, itself if the pass bore it out."""
    made = one.made
    plan = planning.revise(made, tally) if isinstance(made, planning.Planned) else None
    return one if plan is None or isinstance(made, PlannedDecisions) else replace(one, made=replace(made, plan=plan))


def _plans(table: Table, outputs: tuple[Output, ...], choices: Choices) -> list[_Planned]:
    planned = []
    for one, classes in zip(outputs, _shared_out(table, outputs, choices), strict=True):
        worst = choices.worst if one.roles.form in _PREDICTED else 0  # of which there is none, as planning says
        own = replace(choices, kind=None, positive=None, classes=classes, slicings=(), worst=worst)
        planned.append(_Planned(one, own, _made(table, one.roles, own)))
    for made in planned:
        if made.made.plan.kind is Kind.MULTILABEL:
            raise UsageError(f"output {made.output.name} holds several labels a row; outputs hold one each")
    return planned if choices.positive is None else _with_positive(table, planned, choices.positive)


def _made(
    table: Table, roles: Roles, choices: Choices, width: int | None = None
) -> planning.Planned | PlannedDecisions:
    if roles.form in _PREDICTED:
        return make_decisions(table, roles, choices)
    return planning.make(table, roles, choices, width)


def _again(table: Table, one: _Planned, choices: Choices, width: int | None = None) -> _Planned:
    return _Planned(one.output, choices, _made(table, one.output.roles, choices, width))


def _shared_out(table: Table, outputs: Sequence[Output], choices: Choices) -> list[tuple[str, ...]] | list[None]:
    """Return the given classes of each output, shared out in their order; one score answers for two classes."""
    classes = choices.classes
    if classes is None:
        return [None] * len(outputs)
    own = replace(choices, classes=None, positive=None, kind=None)
    sizes = [_size(table, one.roles, own) for one in outputs]
    if sum(sizes) != len(classes):
        listed = ", ".join(f"{one.name} {size}" for one, size in zip(outputs, sizes, strict=True))
        raise UsageError(
            f"names {told(classes, 'class')}, the outputs have {sum(sizes)} ({listed})",
            option="classes",
            help="name the classes of all outputs, one output after the other",
        )
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    return [classes[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _size(table: Table, roles: Roles, choices: Choices) -> int:
    """Return how many classes an output has; one score answers for two."""
    if roles.form in _PREDICTED:
        return len(make_decisions(table, roles, choices).plan.classes)
    return max(2, planning.score_width(table, roles, choices)[0])


def _with_positive(table: Table, planned: Sequence[_Planned], positive: str) -> list[_Planned]:
    """Make a class the positive one of the binary outputs that have it."""
    having = [one.made.plan.kind is Kind.BINARY and positive in one.made.plan.classes for one in planned]
    if not any(having):
        raise UsageError(f"{positive!r} is a class of no output that has two", option="positive")
    return [
        _again(table, one, replace(one.choices, positive=positive)) if has else one
        for one, has in zip(planned, having, strict=True)
    ]


def _widened(table: Table, one: _Planned, lengths: Counter[int]) -> _Planned:
    """Return the output with the list length that the pass found, itself if that was assumed."""
    made = one.made
    if isinstance(made, PlannedDecisions) or made.width_fixed or not lengths:
        return one
    if one.output.roles.form is not ScoreForm.LIST:
        return one
    width = planning.most_frequent(lengths)
    return one if width == made.width else _again(table, one, one.choices, width)


def _run(table: Table, planned: Sequence[_Planned], choices: Choices, run: PassSettings) -> MultiOutputTally:
    plans = tuple(one.made.plan for one in planned)
    names = tuple(one.output.name for one in planned)
    plan = MultiOutputPlan(names, plans, plans[0].weight, slicings=choices.slicings, worst=choices.worst)
    tally = run(table, plan)
    assert isinstance(tally, MultiOutputTally)  # noqa: S101  the plan's own kind
    return tally


def _reading(planned: Sequence[_Planned], tally: MultiOutputTally) -> FinishedPass:
    tasks = tuple(_task(one, own) for one, own in zip(planned, tally.tallies, strict=True))
    scales = {one.scale for one in tasks}
    encodings = tuple(one.encoding for one in tasks if isinstance(one.encoding, Encoding))
    task = ScoredTask(
        kind=Kind.MULTIOUTPUT,
        encoding=encodings,
        classes=tuple(f"{one.output.name}={name}" for one in planned for name in one.made.plan.classes),
        positive=None,
        scale=scales.pop() if len(scales) == 1 else None,
        reasons=tuple(_reasons(planned, tasks)),
        outputs=tasks,
    )
    blamed = _blamed(tally)
    made = [one.made for one in planned if isinstance(one.made, planning.Planned)]
    said = {one.scale_said for one in made if not one.plan.scale_given}
    return FinishedPass(
        tally, task, planned[blamed].made.plan, task.scale, said.pop() if len(said) == 1 else None,
        tuple(column for one in planned for column in one.made.plan.scores),
    )  # fmt: skip


def _reasons(planned: Sequence[_Planned], tasks: Sequence[ScoredTask]) -> Iterator[str]:
    """Yield what was read and why, output by output; what holds for every one is said once."""
    general = dict.fromkeys(
        one for own in planned if isinstance(own.made, PlannedDecisions) for one in own.made.general
    )
    held = "a column of predicted labels" if general else "scores"
    yield f"multi-output: {len(planned)} label columns, each with {held} of its own"
    for one, task in zip(planned, tasks, strict=True):
        yield from (f"{one.output.name}: {reason}" for reason in task.reasons if reason not in general)
    yield from general


def _task(one: _Planned, tally: engine.AnyTally) -> ScoredTask:
    made, plan = one.made, one.made.plan
    if isinstance(made, PlannedDecisions):
        reasons = (*made.reasons, *made.general)
        scale = None if made.plan.confidence is None else Scale.PROBABILITIES
    else:
        reasons, scale = planning.reasons(made, tally), made.plan.scale
    return ScoredTask(
        kind=plan.kind,
        encoding=made.encoding,
        classes=plan.classes,
        positive=None if plan.positive is None else plan.classes[plan.positive],
        scale=scale,
        reasons=reasons,
        positive_by=made.positive_by,
    )


def _blamed(tally: MultiOutputTally) -> int:
    """Return the output that holds the first bad row, 0 without bad rows."""
    firsts = []
    for at, own in enumerate(tally.tallies):
        rows = [row for first in own.facts.defects.values() for row in own.facts.row_numbers(first)]
        if rows:
            firsts.append((min(rows), at))
    return min(firsts, default=(0, 0))[1]
