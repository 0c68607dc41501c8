"""Labels beside predictions: what the rules on labels say of a file that was scored.

Floor 6. The facts are those of the finished tally, told as `inspect` tells them, so that one rule has one function.
Beside scores a rule may say less than it says of labels alone: the score columns tell which classes exist.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from xentcli.record import Record, replace
from xentcli.rules.labels.balance import BALANCE_RULES
from xentcli.rules.labels.missing import HOLE_RULES
from xentcli.rules.labels.writing import WRITING_RULES
from xentcli.rules.rule import Finding, Level, Rule, at_most, of_output, run
from xentcli.scoring.model import ClassScore, LabelScore, Score, ScoredTask
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.engine import AnyTally
from xentcli.tally.multioutput import MultiOutputTally
from xentcli.tally.row_facts import RowFacts
from xentcli.task.coding import Coder, ScalarCoder
from xentcli.task.model import Certainty, ClassCount, Detection, LabelFacts, NotATarget, Task
from xentcli.task.roles import ScoreForm
from xentcli.task.soft_targets import SoftCoder
from xentcli.task.traits import mask_among
from xentcli.task.values import integer_of
from xentcli.terms import Encoding, Kind

CODES = frozenset({
    "XE101", "XE102", "XE103", "XE104", "XE105", "XE106", "XE108", "XE109", "XE113", "XE117", "XE118",
})  # fmt: skip
"""The rules on labels that matter to a score, or to a gate on one."""

SCORED_LABEL_RULES: tuple[Rule[Detection], ...] = tuple(
    rule for rule in (*WRITING_RULES, *BALANCE_RULES, *HOLE_RULES) if rule.code in CODES
)


class OpenLabels(Record):
    """Rows of 0/1 labels that leave some cells blank: they are scored as rows without a label.

    Attributes:
        count: how many.
        rows: the first of them, from 1.
        zero: whether 0 leaves a label open, beside -1 that says no.
    """

    count: int = 0
    rows: tuple[int, ...] = ()
    zero: bool = False


class LabelsOfTask(Record):
    """The labels of one task of a scored table.

    Attributes:
        labels: what they mean, as if it had been detected.
        form: how the scores are laid out; None beside decisions.
        score_classes: the classes that there are scores for.
        output: the name of the output, of several.
    """

    labels: Detection
    form: ScoreForm | None
    score_classes: tuple[str, ...]
    output: str | None = None


def label_findings(tally: AnyTally, score: Score, open_labels: OpenLabels) -> tuple[Finding, ...]:
    """Return what the rules on labels find in a scored table; of several outputs the message names the output."""
    return tuple(
        told
        for one in labels_in(tally, score, open_labels)
        for found in of_output(run(SCORED_LABEL_RULES, one.labels), one.output)
        if (told := _beside_scores(found, one)) is not None
    )


def told_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without the one on absent classes where that on constant label columns names the same labels."""
    every = tuple(findings)
    constant = any(one.code == "XE113" for one in every)
    return tuple(one for one in every if not (constant and one.code == "XE306"))


def labels_in(tally: AnyTally, score: Score, open_labels: OpenLabels) -> Iterator[LabelsOfTask]:
    """Yield the labels of each task of a table."""
    if isinstance(tally, MultiOutputTally):
        for own, output in zip(tally.tallies, score.outputs or (), strict=True):
            labels = _detection(output.task, own.plan.coder, own.facts, output.per_class)
            if isinstance(own, DecisionTally):
                yield LabelsOfTask(_with_mask(labels, output.per_class), None, (), output.name)
            else:
                yield LabelsOfTask(labels, own.plan.form, own.plan.classes, output.name)
        return
    held = score.per_class if score.per_label is None else score.per_label
    labels = _detection(score.task, tally.plan.coder, tally.facts, held)
    if isinstance(tally, DecisionTally):
        yield LabelsOfTask(_with_mask(labels, score.per_class), None, ())
        return
    missing = labels.missing_rows - open_labels.count
    seen = replace(labels.seen, open=open_labels.rows, open_count=open_labels.count, zero_open=open_labels.zero)
    seen = replace(seen, missing=() if open_labels.count else seen.missing)  # its first rows are of both kinds
    yield LabelsOfTask(replace(labels, missing_rows=missing, seen=seen), tally.plan.form, tally.plan.classes)


def _detection(
    task: ScoredTask, coder: Coder, facts: RowFacts, held: tuple[ClassScore, ...] | tuple[LabelScore, ...]
) -> Detection:
    """Return what a task's labels mean; rows whose label was to be ignored are not missing one."""
    ignored = sum(coder.ignored.values()) if isinstance(coder, ScalarCoder) else 0
    known = facts.scored if task.kind is Kind.MULTILABEL else None
    counts = () if isinstance(coder, SoftCoder) else tuple(ClassCount(one.name, one.support, known) for one in held)
    meant, counts = _task(task, facts, counts)
    return Detection(
        columns=tuple(coder.columns),
        task=meant,
        certainty=Certainty.CERTAIN,
        evidence=(),
        alternatives=(),
        rows=facts.read,
        missing_rows=facts.missing_label.count - ignored,
        counts=counts,
        seen=LabelFacts(missing=() if ignored else facts.row_numbers(facts.missing_label)),
    )


def _task(task: ScoredTask, facts: RowFacts, counts: tuple[ClassCount, ...]) -> tuple[Task, tuple[ClassCount, ...]]:
    """Return the task of the labels by themselves: where every row holds one class, there is none."""
    occur = tuple(one for one in counts if one.count)
    if task.kind is not Kind.MULTILABEL and len(occur) == 1 and not facts.bad:  # a bad row may hold another class
        return Task(None, None, (occur[0].name,), not_a_target=NotATarget.SINGLE_CLASS), occur
    return Task(task.kind, task.encoding, task.classes, task.positive), counts


def _with_mask(labels: Detection, per_class: tuple[ClassScore, ...]) -> Detection:
    """Return labels beside decisions with the integer that stands for no label, and yet counts as a class."""
    used = {integer_of(one.name): one for one in per_class if one.support or one.predicted}
    integers = sorted(number for number in used if number is not None)
    mask = mask_among(integers) if len(integers) == len(used) else None
    if mask is None or used[mask].predicted:  # a model that says it takes it for a class
        return labels
    name, rows = used[mask].name, used[mask].support
    classes = tuple(one for one in labels.task.classes if one != name)
    seen = replace(labels.seen, values={name: (rows, 0)}, sentinel=name, counted=True)
    return replace(labels, task=replace(labels.task, classes=classes), seen=seen)


def _beside_scores(found: Finding, one: LabelsOfTask) -> Finding | None:
    """Return a finding at the level that it deserves beside scores; None if these contradict it."""
    ceiling = _CEILINGS.get(found.code)
    if ceiling is None:
        return found
    level = ceiling(one)
    return None if level is None else replace(found, level=at_most(found.level, level))


def _one_based(one: LabelsOfTask) -> Level | None:
    """Scores named or counted 0..K-1 make XE307 of it, those named 1..K make it right; decisions have no loss."""
    numbered = all(integer_of(name) is not None for name in one.score_classes)
    return None if one.form is None or numbered else Level.WARNING


def _gapped(one: LabelsOfTask) -> Level | None:
    """Each code has a score, so that this one is right; the next loss that takes codes for indices is not."""
    return None if one.form is None else Level.NOTE


def _not_zero_one(one: LabelsOfTask) -> Level | None:
    """Of one score a row a framework takes the labels as they stand; with a score per class they are matched."""
    if one.form is None:
        return None
    return Level.WARNING if one.form in {ScoreForm.SINGLE, ScoreForm.SINGLE_LIST} else Level.NOTE


def _constant(one: LabelsOfTask) -> Level | None:
    """A class that never occurs among classes is XE306."""
    return None if one.labels.task.encoding is Encoding.ONE_HOT else Level.WARNING


_CEILINGS: Mapping[str, Callable[[LabelsOfTask], Level | None]] = {
    "XE101": _one_based,
    "XE102": _gapped,
    "XE103": _not_zero_one,
    "XE106": lambda _: Level.WARNING,  # a slice may hold one class
    "XE108": lambda _: Level.NOTE,  # a test set may be small
    "XE113": _constant,
}
"""The most that a rule may say beside scores, None where it may say nothing; the others say what they always say."""
