"""Decision planning: from a label column and a column of predicted labels to the plan of a pass.

Floor 4. The score of the predicted label may stand beside it: of two classes p or 1 - p is then the positive class's
probability; of more nothing is known of the others, so that there is no loss. See `planning` for tables that hold other
scores.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from xentcli.errors import AmbiguousError, InputError, Place, UsageError
from xentcli.files.table import Table
from xentcli.options.table import USUAL_OBJECTIVE
from xentcli.phrases import counted, there, verb
from xentcli.record import Record, replace
from xentcli.tally.decisions import DecisionPlan
from xentcli.tally.labels import Choices
from xentcli.tally.row_facts import RowFacts
from xentcli.task.coding import ScalarCoder
from xentcli.task.matching import binary_classes, class_order, refuse_repeated, scalar_encoding
from xentcli.task.nearly_numbers import nearly_numbers
from xentcli.task.positive import PositiveBy, index_classes, positive_class
from xentcli.task.roles import Roles, ScoreForm
from xentcli.task.tags import AS_COLUMNS, separator_of, split
from xentcli.task.values import LabelValues, label_values
from xentcli.terms import Encoding, Kind, Scale

NO_LOSS_OF_CONFIDENCE = "no loss can be had from the confidence of the predicted class alone; write a column per class"


def refuse_other_scale(roles: Roles, choices: Choices) -> None:
    """Raise if the caller says that the scores of predicted labels are no probabilities.

    Raises:
        UsageError: naming the scale.
    """
    if choices.scale is not None and choices.scale is not Scale.PROBABILITIES:
        raise UsageError(
            f"{choices.scale.value}: {roles.scores[0]} holds the confidence of the label in {roles.predicted},"
            " which is a probability",
            option="scale",
            help="to score logits, write a column per class, or of two classes one column without predicted labels",
        )


def of_predicted_label(roles: Roles, classes: tuple[str, ...], positive: int | None) -> str:
    """Return the sentence that says what the one score is of."""
    said = f"{roles.scores[0]} holds the confidence of the predicted label"
    if positive is None:
        return said
    return f"{said}: p where {classes[positive]} is predicted, 1 - p where {classes[1 - positive]} is"


def refuse_unsure(table: Table, roles: Roles, classes: tuple[str, ...], positive: int | None, facts: RowFacts) -> None:
    """Raise if a predicted label has less than one class's share: its score is then no confidence of it.

    Raises:
        AmbiguousError: with both readings, and what decides between them.
    """
    if not facts.unsure.count:
        return
    column, size, rows = roles.scores[0], len(classes), facts.unsure.count
    first = facts.row_numbers(facts.unsure)[0]
    value = table.cells((first,), column).get(first)
    other = "a score of something else" if positive is None else f"the probability of {classes[positive]} in every row"
    alone = f"; --scores {roles.predicted} scores the predicted labels alone" if positive is None else ""
    raise AmbiguousError(
        f"holds {value}, but the most probable of {size} classes has 1/{size} at least",
        place=Place(table.path, table.lines((first,)).get(first), first, column),
        details=(
            f"{rows:,} of {counted(facts.read, 'row')} {verb(facts.read, 'hold')} less than 1/{size}",
            f"two readings: the confidence of the label in {roles.predicted}, or {other}",
        ),
        help=f"mend these rows if it is the confidence; else leave {roles.predicted} out of the file{alone}",
    )


NO_LOSS = (
    "no loss can be had from decisions alone: write the model's probabilities or logits, one column per class,"
    " beside the label"
)


class PlannedDecisions(Record):
    """A DecisionPlan with how the labels are written and why it was made so; see `planning.Planned`.

    `general` are sentences that hold for all decisions: that there is no loss, and which options do nothing.
    """

    plan: DecisionPlan
    encoding: Encoding
    reasons: tuple[str, ...]
    general: tuple[str, ...]
    positive_by: PositiveBy | None = None
    aloud: tuple[str, ...] = ()


def make_decisions(table: Table, roles: Roles, choices: Choices) -> PlannedDecisions:
    """Return the plan for a table of labels and predicted labels.

    Raises:
        XentError: the options contradict it, or the classes cannot be told.
    """
    of_predicted = roles.form is ScoreForm.CONFIDENCE
    no_loss = NO_LOSS_OF_CONFIDENCE if of_predicted else NO_LOSS
    _refuse_loss_options(choices, no_loss)
    if of_predicted:
        refuse_other_scale(roles, choices)
    label, column = roles.labels[0], _predicted_column(roles)
    named = _predicted_values(table, roles, choices)
    assert roles.values is not None  # noqa: S101  decisions stand beside plain labels
    tags = _said_of_tags(roles.values, named, choices)
    classes, because = _classes(table, roles.values, named, choices)
    kind = Kind.BINARY if len(classes) == 2 else Kind.MULTICLASS
    if choices.kind not in {None, kind}:
        raise UsageError(
            f"{choices.kind.value if choices.kind else ''}: {there(len(classes), 'class')} and no scores",
            option="task",
            help=no_loss,
        )
    positive = None
    if kind is Kind.BINARY:
        indexed = index_classes(roles.values.counts, classes)
        positive = positive_class(classes, choices.positive, indexed=indexed)
    elif choices.positive is not None:
        raise UsageError(f"is for binary tasks, this one is {kind.value}", option="positive")
    given = None if because is None else classes
    plan = DecisionPlan(
        kind=kind,
        coder=ScalarCoder(label, class_order(roles.values.counts, given or classes).index, roles.values.ignored),
        predicted=ScalarCoder(column, _codes(roles, class_order(named.counts, given or classes).index)),
        classes=classes,
        scores=roles.scores,
        positive=None if positive is None else positive.index,
        weight=roles.weight,
        slicings=choices.slicings,
        confidence=roles.scores[0] if of_predicted else None,
    )
    reasons = [*roles.reasons, because or f"classes: {len(classes)}, those of both columns", *tags]
    if positive is not None:
        reasons.append(f"positive class: {classes[positive.index]} ({positive.reason})")
    aloud = (of_predicted_label(roles, classes, None),) if of_predicted else ()
    general = (no_loss, *_idle(choices))
    encoding = scalar_encoding(roles.values, len(classes))
    return PlannedDecisions(
        plan, encoding, (*reasons, *aloud), general, None if positive is None else positive.by, aloud
    )


def _codes(roles: Roles, index: Mapping[str, int]) -> dict[str, int]:
    """Return the class index of each predicted label as it is written."""
    meant = {text: index[meaning] for text, meaning in roles.meanings if meaning in index}
    return meant or dict(index)


def two_classes(table: Table, roles: Roles, choices: Choices) -> tuple[str, ...] | None:
    """Return the classes of labels and predicted labels in order, None if there are more than two.

    Raises:
        InputError: no predicted label is a label, or all of both are one class.
    """
    assert roles.values is not None  # noqa: S101  predicted labels stand beside plain labels
    classes, _ = _classes(table, roles.values, _predicted_values(table, roles, choices), choices)
    return classes if len(classes) == 2 else None


def _predicted_column(roles: Roles) -> str:
    return roles.predicted if roles.form is ScoreForm.CONFIDENCE and roles.predicted is not None else roles.scores[0]


def _predicted_values(table: Table, roles: Roles, choices: Choices) -> LabelValues:
    """Return the distinct predicted labels.

    Raises:
        InputError: they are written in another way than the labels.
    """
    assert roles.values is not None  # noqa: S101  predicted labels stand beside plain labels
    named = _translated(label_values(table, _predicted_column(roles)), dict(roles.meanings))
    _refuse_other_spelling(roles.values, named, choices)
    return named


def _translated(named: LabelValues, meanings: Mapping[str, str]) -> LabelValues:
    """Return predicted labels as the labels that they stand for."""
    counts: Counter[str] = Counter()
    for text, rows in named.counts.items():
        counts[meanings.get(text, text)] += rows
    return replace(named, counts=dict(counts))


def _idle(choices: Choices) -> Iterator[str]:
    """Yield a sentence for each option that does nothing for decisions; it may be a default of many files."""
    if choices.objective.threshold != USUAL_OBJECTIVE.threshold:
        yield f"--threshold {choices.objective.threshold:g} is not used: the decisions are made already"
    if choices.objective.normalize:
        yield "--normalize is not used: it divides probabilities, and there are none"


def _refuse_loss_options(choices: Choices, no_loss: str) -> None:
    """Raise if an option is about losses, which decisions have none of.

    Raises:
        UsageError: naming it.
    """
    given = {
        "worst": choices.worst, "label-smoothing": choices.objective.label_smoothing,
        "focal-gamma": choices.objective.focal_gamma,
        "at-least-one": choices.objective.at_least_one,
    }  # fmt: skip
    for name, value in given.items():
        if value:
            raise UsageError("needs the scores of all classes, and there are decisions only", option=name, help=no_loss)


def _refuse_other_spelling(labels: LabelValues, named: LabelValues, choices: Choices) -> None:
    """Raise if no predicted label is a label because the two are written in different ways.

    Raises:
        InputError: words against numbers, or names that differ in letter case alone.
    """
    if not named.counts:
        raise InputError("holds no predicted label: every cell is empty", place=Place(named.path, column=named.column))
    if choices.classes is not None or set(labels.counts) & set(named.counts) or (labels.integers and named.integers):
        return
    folded = {text.casefold().strip() for text in labels.counts} & {text.casefold().strip() for text in named.counts}
    if folded or labels.integers is not named.integers:
        one, other = next(iter(named.counts)), next(iter(labels.counts))
        raise InputError(
            f"holds predicted labels such as {one!r}, none of which is a label such as {other!r}",
            place=Place(named.path, column=named.column),
            help=nearly_numbers(named.counts)
            or "write labels and predicted labels in the same way, or give names to indices with --classes a,b,c",
        )


def _said_of_tags(labels: LabelValues, named: LabelValues, choices: Choices) -> tuple[str, ...]:
    """Return the sentence on cells that hold several tags: each set counts as one class; none where cells hold one.

    Raises:
        InputError: two cells are one set and two texts, or the tags are to be labels of their own.
    """
    if choices.classes is not None or choices.kind not in {None, Kind.MULTILABEL}:
        return ()
    cells = Counter(labels.counts) + Counter(named.counts)
    separator = separator_of(cells)
    if separator is None:
        return ()
    sets: dict[frozenset[str], str] = {}
    twice = None
    for cell in cells:
        tags = frozenset(split(cell, separator))
        if twice is None and sets.setdefault(tags, cell) != cell:
            twice = f" ({cell!r} and {sets[tags]!r} are one set and two texts)"
    if twice is not None or choices.kind is Kind.MULTILABEL:
        raise InputError(
            f"and the predicted labels hold several tags a cell{twice or ''}; without scores they are not compared",
            place=Place(labels.path, column=labels.column),
            help=f"{AS_COLUMNS}; if each cell is the name of one class: --task multiclass",
        )
    return (f"cells hold several tags, and each set of them counts as one class; to score tags, {AS_COLUMNS}",)


def _classes(
    table: Table, labels: LabelValues, named: LabelValues, choices: Choices
) -> tuple[tuple[str, ...], str | None]:
    """Return the classes in order, and where they come from; None where both columns tell."""
    if choices.classes is not None:
        refuse_repeated(choices.classes)
        return choices.classes, "classes: as given"
    for column in (labels.column, named.column):
        metadata = table[column].classes
        if metadata is not None and len(metadata) > 1:
            return metadata, "class order: the file's own metadata"
    both = dict(Counter(labels.counts) + Counter(named.counts))
    order = class_order(both, None)
    if len(order.classes) < 2:
        values = LabelValues(labels.column, both, 0, labels.integers and named.integers, labels.booleans, labels.path)
        return binary_classes(values, None), None
    return order.classes, None
