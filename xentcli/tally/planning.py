"""Planning: from the roles of columns to the Plan that a pass follows.

Floor 4. Decides task, class order, positive class and the scale to start from, each with its reason. The
scale and the length of lists are assumptions that the pass checks on every row (see `revise`).
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from xentcli.errors import AmbiguousError, ColumnError, InputError, Place, UsageError
from xentcli.files.arrays import is_list, lists
from xentcli.files.table import ReadAs, Table
from xentcli.tally.engine import AnyTally
from xentcli.tally.plan import Plan
from xentcli.task import names
from xentcli.task.coding import Coder, HotCoder, ScalarCoder, TagCoder
from xentcli.task.matching import Matched, binary_classes, match_classes, positive_class, scalar_encoding
from xentcli.task.model import Encoding, Kind, Scale
from xentcli.task.roles import Roles, ScoreForm
from xentcli.task.values import as_text, integer_of

TAG_SEPARATORS = ("|", ";", ",", " ")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the caller decides about the task; None leaves it to the data."""

    classes: tuple[str, ...] | None = None
    positive: str | None = None
    kind: Kind | None = None
    scale: Scale | None = None
    threshold: float = 0.5
    normalize: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A Plan with what it was decided from.

    Attributes:
        plan: the plan.
        encoding: how the labels are written.
        reasons: sentences on every decision.
        scale_given: whether the caller fixed the scale.
        scale_said: the scale that the score columns' names speak of.
        width_fixed: whether the number of classes is certain; else lists tell it.
    """

    plan: Plan
    encoding: Encoding
    reasons: tuple[str, ...]
    scale_given: bool
    scale_said: Scale | None
    width_fixed: bool


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
    size, fixed = _width(table, roles, choices, width)
    said = names.speaks_of(roles.affix or roles.scores[0])
    scale = choices.scale or (Scale(said) if said else Scale.PROBABILITIES)
    make_labels = _single_labels if roles.values is not None else _several_labels
    kind, coder, matched = make_labels(table, roles, choices, size)
    order = _column_order(roles, matched)
    positive, because = None, ""
    if kind is Kind.BINARY:
        positive, because = positive_class(matched.classes, choices.positive, roles.scores, roles.names)
    elif choices.positive is not None:
        raise UsageError(f"--positive is for binary tasks, this one is {kind.value}")
    plan = Plan(
        kind=kind, coder=coder, classes=matched.classes, scores=order, form=roles.form, positive=positive,
        scale=scale, threshold=choices.threshold, normalize=choices.normalize, weight=roles.weight,
    )  # fmt: skip
    reasons = [*roles.reasons, *matched.reasons]
    if positive is not None:
        reasons.append(f"positive class: {matched.classes[positive]} ({because})")
    said_scale = Scale(said) if said else None
    return Planned(plan, matched.encoding, tuple(reasons), choices.scale is not None, said_scale, fixed)


def _width(table: Table, roles: Roles, choices: Choices, width: int | None) -> tuple[int, bool]:
    """Return the number of scores a row has, and whether that is certain."""
    if roles.form is ScoreForm.COLUMNS:
        return len(roles.scores), True
    if roles.form is ScoreForm.SINGLE:
        return 1, True
    import pyarrow as pa  # noqa: PLC0415  only types are asked for

    kind = table[roles.scores[0]].type
    if pa.types.is_fixed_size_list(kind):
        return int(kind.list_size), True
    if choices.classes is not None:
        return len(choices.classes), True
    return width or _first_length(table, roles.scores[0]), False


def _first_length(table: Table, column: str) -> int:
    """Return the most frequent list length of the first batch that has lists."""
    for batch in table.batches({column: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        present = cells.lengths if cells.null is None else cells.lengths[~cells.null]
        found = Counter(present.tolist())
        if found:
            return most_frequent(found)
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


def _score_names(roles: Roles, choices: Choices, size: int) -> tuple[str, ...] | None:
    """Return the class names in the order of the scores, as given or as the columns are named."""
    if choices.classes is None:
        return roles.names
    if len(choices.classes) != size:
        raise UsageError(f"--classes names {len(choices.classes)} classes, there are {size} scores")
    if len(set(choices.classes)) < size:
        raise UsageError("--classes names a class twice")
    return choices.classes


def _single_labels(table: Table, roles: Roles, choices: Choices, size: int) -> tuple[Kind, Coder, Matched]:
    """Plan for one scalar label column."""
    values = roles.values
    assert values is not None  # noqa: S101  the caller asked
    column = roles.labels[0]
    if not values.counts:
        raise InputError("holds no label: every cell is empty", place=Place(table.path, column=column))
    if size == 1:
        if choices.kind not in {None, Kind.BINARY}:
            raise UsageError(f"--task {choices.kind.value} needs a score per class, there is one score column")
        return _single_score(table, roles, choices)
    given = _score_names(roles, choices, size)
    separator = _tag_separator(roles, given, choices.kind, size)
    if separator is not None:
        classes = given or tuple(str(at) for at in range(size))
        index = {name: at for at, name in enumerate(classes)}
        reason = f"tags in one cell, separated by {separator!r}"
        matched = Matched(classes, index, Encoding.TAG_LISTS, (reason, "a blank cell is a row without tags"))
        return Kind.MULTILABEL, TagCoder(column, index, size, separator), matched
    if choices.kind is Kind.MULTILABEL:
        raise UsageError("--task multilabel needs a 0/1 column per label, or cells that hold several tags")
    if choices.kind is Kind.BINARY and size != 2:
        raise UsageError(f"--task binary takes one or two score columns, there are {size}")
    matched = match_classes(values, given, size, table[column].classes)
    return _kind_of(size), ScalarCoder(column, matched.index), matched


def _kind_of(size: int) -> Kind:
    return Kind.BINARY if size == 2 else Kind.MULTICLASS


def _single_score(table: Table, roles: Roles, choices: Choices) -> tuple[Kind, Coder, Matched]:
    values = roles.values
    assert values is not None  # noqa: S101  the caller asked
    column = roles.labels[0]
    metadata = table[column].classes
    given = choices.classes or (metadata if metadata is not None and len(metadata) == 2 else None)
    classes = binary_classes(values, given)
    if given is not None:
        matched = match_classes(values, given, 2, None)
    else:
        index = {text: classes.index(text) for text in values.counts}
        matched = Matched(classes, index, scalar_encoding(values, 2), ())
    return Kind.BINARY, ScalarCoder(column, matched.index), matched


def _tag_separator(roles: Roles, given: tuple[str, ...] | None, kind: Kind | None, size: int) -> str | None:
    """Return what separates tags if cells hold several class names, None if each holds one."""
    values = roles.values
    if values is None or kind not in {None, Kind.MULTILABEL}:
        return None
    known = set(given) if given is not None else {str(at) for at in range(size)}
    if kind is None and all(text in known for text in values.counts):
        return None
    for separator in TAG_SEPARATORS:
        split = [[tag.strip() for tag in text.split(separator) if tag.strip()] for text in values.counts]
        several = any(len(tags) > 1 for tags in split)
        if several and all(tag in known for tags in split for tag in tags):
            return separator
    return None


def _several_labels(table: Table, roles: Roles, choices: Choices, size: int) -> tuple[Kind, Coder, Matched]:
    """Plan for a column per label, or one list column."""
    first = roles.labels[0]
    given = _score_names(roles, choices, size)
    classes = given or tuple(str(at) for at in range(size))
    if len(roles.labels) > 1 and len(roles.labels) != size:
        raise InputError(
            f"{len(roles.labels)} label columns for {size} scores",
            place=Place(table.path),
            help="name as many --label columns as there are score columns, in their order",
        )
    if len(roles.labels) == 1 and not _is_hot(table, first, size):
        index = _tag_index(table, first, classes)
        matched = Matched(classes, index, Encoding.TAG_LISTS, ("each cell lists the tags of its row",))
        return Kind.MULTILABEL, TagCoder(first, index, size, None), matched
    one, several = _ones(table, HotCoder(roles.labels, size, one_hot=False))
    index = {name: at for at, name in enumerate(classes)}
    if choices.kind is Kind.MULTILABEL or (choices.kind is None and several):
        reason = "multi-label: as given" if choices.kind else f"multi-label: {several:,} rows hold none or several 1s"
        matched = Matched(classes, index, Encoding.MULTI_HOT, (reason,))
        return Kind.MULTILABEL, HotCoder(roles.labels, size, one_hot=False), matched
    if several:
        raise UsageError(
            f"--task {choices.kind.value if choices.kind else 'multiclass'} needs one label a row,"
            f" {several:,} rows hold none or several"
        )
    reason = f"one-hot: every one of {one:,} labelled rows holds exactly one 1 (--task multilabel overrides)"
    matched = Matched(classes, index, Encoding.ONE_HOT, (reason,))
    return _kind_of(size), HotCoder(roles.labels, size, one_hot=True), matched


def _is_hot(table: Table, column: str, size: int) -> bool:
    """Whether a list column holds a 0/1 vector a row, and not tags."""
    import pyarrow as pa  # noqa: PLC0415  only types are asked for

    kind = table[column].type
    if not is_list(kind):
        return False
    value = kind.value_type
    if not (pa.types.is_integer(value) or pa.types.is_floating(value) or pa.types.is_boolean(value)):
        return False
    if size <= 1:
        raise ColumnError("holds lists, but there is one score a row", place=Place(table.path, column=column))
    for batch in table.batches({column: ReadAs.NATIVE}):
        cells = lists(batch.column(0))
        present = cells.lengths if cells.null is None else cells.lengths[~cells.null]
        if len(present) and not (present == size).all():
            return False
    return True


def _tag_index(table: Table, column: str, classes: tuple[str, ...]) -> dict[str, int]:
    """Return the label index by tag text; integer tags index the classes unless they are named so."""
    exact = {name: at for at, name in enumerate(classes)}
    found: set[str] = set()
    for batch in table.batches({column: ReadAs.NATIVE}):
        found.update(as_text(tag) for cell in batch.column(0).to_pylist() for tag in cell or ())
    if found & set(exact) or not all(integer_of(tag) is not None for tag in found):
        return exact
    return {tag: at for tag in found if 0 <= (at := integer_of(tag) or 0) < len(classes)}


def _ones(table: Table, coder: HotCoder) -> tuple[int, int]:
    """Return the labelled rows with exactly one 1, and those with none or several.

    Raises:
        InputError: cells are neither 0 nor 1.
    """
    one = several = read = 0
    for batch in table.batches(coder.columns):
        coded = coder.code(batch)
        assert coded.hot is not None  # noqa: S101  it was made to give a matrix
        wrong = np.flatnonzero(coded.unseen)
        if len(wrong):
            raise InputError(
                "a label cell is neither 0 nor 1",
                place=Place(table.path, row=read + int(wrong[0]) + 1, column=", ".join(coder.names[:3])),
                help="soft targets are not scored; name other label columns with --label",
            )
        ones = np.count_nonzero(coded.hot, axis=0)[~coded.missing]
        one += int(np.count_nonzero(ones == 1))
        several += int(np.count_nonzero(ones != 1))
        read += batch.num_rows
    return one, several


def revise(planned: Planned, tally: AnyTally) -> Plan | None:
    """Return the plan that the pass's own counts ask for, None if it was the right one.

    Raises:
        AmbiguousError: between 90 and 99 % of the rows look like probabilities.
    """
    facts = tally.facts
    plan = planned.plan
    if planned.scale_given:
        return None
    found = facts.scale()
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


def scale_reason(planned: Planned, tally: AnyTally) -> str:
    """Return the sentence that says what the scores were read as, and why."""
    facts, scale = tally.facts, planned.plan.scale
    if planned.scale_given:
        return f"scores: {scale.value} (as given)"
    share = facts.fit_probabilities / facts.finite if facts.finite else 0.0
    inside = f"{100 * share:.4g} % of the rows lie in [0, 1]"
    if planned.scale_said is scale and scale is not Scale.PROBABILITIES:
        return f"scores: {scale.value} (by their name; {inside})"
    if scale is Scale.LOG_PROBABILITIES:
        return "scores: log-probabilities (all are at most 0 and their exp sums to 1)"
    return f"scores: {scale.value} ({inside})"
