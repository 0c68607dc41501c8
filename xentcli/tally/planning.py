"""Planning: from the roles of columns to the Plan that a pass follows.

Floor 4. Decides task, class order, positive class and the scale to start from, each with its reason. The
scale and the length of lists are assumptions that the pass checks on every row (see `revise`).
"""

from collections import Counter
from collections.abc import Iterator

from xentcli.errors import AmbiguousError, InputError, Place, UsageError
from xentcli.files.arrays import lists
from xentcli.files.table import ReadAs, Table
from xentcli.options.table import USUAL_OBJECTIVE
from xentcli.phrases import there
from xentcli.record import Record, replace
from xentcli.tally import unsigned
from xentcli.tally.decision_planning import of_predicted_label, refuse_other_scale
from xentcli.tally.engine import AnyTally
from xentcli.tally.labels import Choices, several_labels, single_labels
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.plan import Plan
from xentcli.tally.tally import Tally
from xentcli.task import names
from xentcli.task.coding import ScalarCoder
from xentcli.task.matching import Matched, class_order, told
from xentcli.task.positive import PositiveBy, PositiveClass, class_of, index_classes, positive_class
from xentcli.task.roles import Roles, ScoreForm
from xentcli.task.values import integer_of, label_values
from xentcli.terms import Encoding, Kind, Scale


class Planned(Record):
    """A Plan with what it was decided from.

    Attributes:
        plan: the plan.
        encoding: how the labels are written.
        reasons: sentences on every decision.
        scale_said: the scale that the score columns' names speak of.
        width: number of scores a row has.
        width_fixed: whether that is certain; else lists tell it.
        positive_by: what decided the positive class of a binary task.
        aloud: those of the reasons that a page says near its top.
    """

    plan: Plan
    encoding: Encoding
    reasons: tuple[str, ...]
    scale_said: Scale | None
    width: int
    width_fixed: bool
    positive_by: PositiveBy | None = None
    aloud: tuple[str, ...] = ()


def make(table: Table, roles: Roles, choices: Choices, width: int | None = None) -> Planned:
    """Return the plan for a table.

    Args:
        table: where the columns are.
        roles: what they are for.
        choices: what the caller decided.
        width: number of scores in a list, where an earlier pass found it out.

    Raises:
        XentError: labels and scores do not fit each other, or cannot be told apart.
    """
    size, fixed = score_width(table, roles, choices, width)
    of_predicted = roles.form is ScoreForm.CONFIDENCE
    said = None if of_predicted else names.speaks_of(roles.affix or roles.scores[0])
    if of_predicted:
        refuse_other_scale(roles, choices)
    scale = choices.scale or (Scale(said) if said else Scale.PROBABILITIES)
    make_labels = single_labels if roles.values is not None else several_labels
    kind, coder, matched = make_labels(table, roles, choices, size)
    order = _column_order(roles, matched)
    positive = None
    if kind is Kind.BINARY:
        positive = _positive(roles, choices, matched, size)
    elif choices.positive is not None:
        raise UsageError(f"is for binary tasks, this one is {kind.value}", option="positive")
    if choices.objective.at_least_one and kind is not Kind.MULTILABEL:
        raise UsageError(f"is for multi-label tasks, this one is {kind.value}", option="at-least-one")
    lists_of_one = roles.form is ScoreForm.LIST and size == 1
    plan = Plan(
        kind=kind,
        coder=coder,
        classes=matched.classes,
        scores=order,
        form=ScoreForm.SINGLE_LIST if lists_of_one else roles.form,
        positive=None if positive is None else positive.index,
        scale=scale,
        objective=choices.objective,
        weight=roles.weight,
        slicings=choices.slicings,
        worst=choices.worst,
        predicted=_predicted(table, roles, kind, matched),
        scale_given=choices.scale is not None,
        scored=_scored(roles, kind, matched),
    )
    reasons = [*roles.reasons, *matched.reasons]
    if positive is not None:
        reasons.append(f"positive class: {matched.classes[positive.index]} ({positive.reason})")
    aloud: tuple[str, ...] = ()
    if of_predicted and positive is not None:
        aloud = (of_predicted_label(roles, matched.classes, positive.index),)
    said_scale = Scale(said) if said else None
    return Planned(
        plan, matched.encoding, (*reasons, *aloud), said_scale, size, fixed,
        None if positive is None else positive.by, aloud,
    )  # fmt: skip


def _scored(roles: Roles, kind: Kind, matched: Matched) -> int | None:
    """Return the class that a single score column is named after, None where its name tells none."""
    if kind is not Kind.BINARY or roles.form is not ScoreForm.SINGLE or not roles.names:
        return None
    return class_of(roles.names[0], matched.classes)


def _positive(roles: Roles, choices: Choices, matched: Matched, size: int) -> PositiveClass:
    """Return the positive class of a binary task."""
    return positive_class(
        matched.classes,
        choices.positive,
        dict(zip(roles.scores, roles.names or (), strict=False)),
        indexed=roles.values is not None and index_classes(matched.index, matched.classes),
        listed=size == 1 and choices.classes is not None,
    )


def _predicted(table: Table, roles: Roles, kind: Kind, matched: Matched) -> ScalarCoder | None:
    """Return what codes the column of predicted labels beside the scores by the labels' own classes."""
    if roles.predicted is None or kind is Kind.MULTILABEL:
        return None
    counts = label_values(table, roles.predicted).counts
    by_number = {integer_of(text): at for text, at in matched.index.items() if integer_of(text) is not None}
    named = class_order(counts, matched.classes).index
    index = {text: matched.index.get(text, by_number.get(integer_of(text), named.get(text))) for text in counts}
    known = {text: at for text, at in index.items() if at is not None}
    return ScalarCoder(roles.predicted, known) if known else None


def score_width(table: Table, roles: Roles, choices: Choices, width: int | None = None) -> tuple[int, bool]:
    """Return the number of scores a row has, and whether that is certain."""
    if roles.form is ScoreForm.COLUMNS:
        return len(roles.scores), True
    if roles.form in {ScoreForm.SINGLE, ScoreForm.CONFIDENCE}:
        return 1, True
    import pyarrow as pa  # noqa: PLC0415  only types are asked for

    kind = table[roles.scores[0]].type
    if pa.types.is_fixed_size_list(kind):
        return int(kind.list_size), True
    if choices.classes is not None:
        _refuse_other_lengths(table, roles.scores[0], choices.classes)
        return len(choices.classes), True
    return width or most_frequent(_first_lengths(table, roles.scores[0])), False


def _refuse_other_lengths(table: Table, column: str, classes: tuple[str, ...]) -> None:
    """Raise if no list of the first batch has a score for each class that is named: then the names are at fault.

    Raises:
        UsageError: with the names and the usual length.
    """
    found = _first_lengths(table, column)
    if len(classes) not in found:
        raise UsageError(
            f"names {told(classes, 'class')}, {there(most_frequent(found), 'score')} in {column}",
            option="classes",
            help="name a class for each score, in the order of the scores",
        )


def _first_lengths(table: Table, column: str) -> Counter[int]:
    """Return how many lists of the first batch that has some are of each length."""
    for batch in table.batches({column: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        present = cells.lengths if cells.null is None else cells.lengths[~cells.null]
        found = Counter(present.tolist())
        if found:
            return found
    raise InputError("holds no list of scores", place=Place(table.path, column=column))


def most_frequent(lengths: Counter[int]) -> int:
    """Return the most frequent length, the larger one on ties; at least 1."""
    return max(1, max(lengths, key=lambda length: (lengths[length], length)))


def _column_order(roles: Roles, matched: Matched) -> tuple[str, ...]:
    """Return the score columns in class order."""
    if roles.form is not ScoreForm.COLUMNS or roles.names is None:
        return roles.scores
    by_name = dict(zip(roles.names, roles.scores, strict=True))
    if set(by_name) == set(matched.classes):
        return tuple(by_name[name] for name in matched.classes)
    return roles.scores


def revise(planned: Planned, tally: AnyTally) -> Plan | None:
    """Return the plan that the pass's own counts ask for, None if it was the right one.

    Raises:
        AmbiguousError: between 90 and 99 % of the rows look like probabilities, or scores that leave [0, 1] are never
            negative, and nothing says that they are logits.
    """
    facts = tally.facts
    plan = planned.plan
    if plan.form is ScoreForm.CONFIDENCE:
        return None
    found = facts.scale()
    if facts.unsigned and (found is Scale.LOGITS or unsigned.divides(plan)):
        assert isinstance(tally, Tally | MultiLabelTally)  # noqa: S101  the Tally of a plan with scores
        return unsigned.revised(plan, tally, planned.scale_said)
    if plan.scale_given:
        return None
    if found is not Scale.PROBABILITIES and planned.scale_said is Scale.PROBABILITIES:
        found = Scale.PROBABILITIES if 2 * facts.fit_probabilities >= facts.finite else found
    if plan.scale is not Scale.PROBABILITIES and planned.scale_said is plan.scale and found is not None:
        # Logits may all lie in [0, 1] by chance; a name that speaks of logits is the better witness.
        return None if plan.scale is Scale.LOGITS or found is plan.scale else replace(plan, scale=found)
    if found is None:
        share = facts.fit_probabilities / facts.finite
        raise AmbiguousError(
            f"{100 * share:.1f} % of the rows hold scores in [0, 1]: more than logits do, fewer than probabilities",
            help="say what they are: --scale probabilities (then the other rows are bad) or --scale logits",
        )
    return None if found is plan.scale else replace(plan, scale=found)


def reasons(planned: Planned, tally: AnyTally) -> tuple[str, ...]:
    """Return the sentences on how a table was read, once a pass over it is finished."""
    return (*planned.reasons, _scale_reason(planned, tally), *_idle(planned.plan))


def _idle(plan: Plan) -> Iterator[str]:
    """Yield a sentence for each option that does nothing for these scores; it may be a default of many files."""
    if plan.objective.threshold != USUAL_OBJECTIVE.threshold and plan.kind is Kind.MULTICLASS:
        yield f"--threshold {plan.objective.threshold:g} is not used: of several classes the highest score wins"
    if not plan.objective.normalize:
        return
    if plan.kind is Kind.MULTILABEL:
        yield "--normalize is not used: the labels of a row are no shares of one whole"
    elif plan.scale is not Scale.PROBABILITIES:
        yield f"--normalize is not used: it divides probabilities, and {plan.scale.value} go through log-softmax"
    elif plan.single:
        yield "--normalize is not used: one score and its complement sum to 1"


def _scale_reason(planned: Planned, tally: AnyTally) -> str:
    """Return the sentence that says what the scores were read as, and why."""
    facts, scale = tally.facts, planned.plan.scale
    if planned.plan.scale_given:
        return f"scores: {scale.value} (as given)"
    if isinstance(tally, MultiLabelTally) and tally.decided:
        return "scores: all are 0 or 1, so they are decisions without a loss (--scale probabilities overrides)"
    if planned.plan.by_total:
        return unsigned.reason(planned.plan, facts)
    share = facts.fit_probabilities / facts.finite if facts.finite else 0.0
    inside = f"{100 * share:.4g} % of the rows lie in [0, 1]"
    if planned.scale_said is scale and scale is not Scale.PROBABILITIES:
        return f"scores: {scale.value} (by their name; {inside})"
    if scale is Scale.LOG_PROBABILITIES:
        return "scores: log-probabilities (all are at most 0 and their exp sums to 1)"
    return f"scores: {scale.value} ({inside})"
