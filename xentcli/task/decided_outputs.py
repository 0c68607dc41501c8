"""Decided outputs: several label columns of one table, each with a column of predicted labels that is named after it.

Floor 3. Names point out the pairs, as `shape_gt` beside `shape_pred` or `speed` beside `pred_speed`; what the columns
hold decides. Index and name of one truth are one output, and a label with scores is a task that stands before these.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence

from xentcli.errors import InputError, Place
from xentcli.files.columns import find_column
from xentcli.record import Record, field
from xentcli.task.output_columns import Pair, one_per_truth, output_name, pairs_by_name, refuse_models, surest
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.decided import anomalies, may_decide, share_values
from xentcli.task.reading.model import DECISIONS, INDEX
from xentcli.task.reading.names import listed, name_of, without_roles
from xentcli.task.reading.pairs import pairs
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.roles import Output, Roles, ScoreForm, Wanted, holds_confidence
from xentcli.task.values import integer_of

_SHOWN = 4

_SURE_CLASSES, _MOST_DISTINCT = 20, 0.2
"""Whole numbers are classes where there are no more of them, or where this share of the rows holds all of them."""


class DecidedOutputs(Record):
    """What was found.

    Attributes:
        outputs: in the order of the label columns.
        aside: why a column of a pair is passed over, by its name.
    """

    outputs: tuple[Output, ...]
    aside: Mapping[str, str] = field(default_factory=dict)


def decided_outputs(columns: Columns, wanted: Wanted, *, forced: bool) -> DecidedOutputs | None:
    """Return the outputs of a table whose labels stand beside predicted labels; None where it holds one task.

    Args:
        columns: who may use which.
        wanted: what the caller says about them.
        forced: whether the caller says that there are several outputs.

    Raises:
        AmbiguousError: two columns may be the label of an output, or what is predicted of it.
        InputError: a label and the predicted label that is named after it share no value.
    """
    named = pairs_by_name(columns)
    if len(named) < 2:
        return None
    every = [pair for rivals in named.values() for pair in rivals]
    columns.sample.load([name for pair in every for name in (pair.label, pair.predicted)])
    if not forced and _is_multi_label(columns, every):
        return None
    found = _Sorted(columns, every)
    groups = [[pair for pair in rivals if pair in found.fitting] for rivals in named.values()]
    held = [rivals for rivals in groups if rivals]
    if len(held) < 2 or (not forced and _is_multi_label(columns, found.fitting)):
        return None
    if not (forced or columns.given_labels) and _has_other_task(columns, every):
        return None
    chosen, aside = one_per_truth(columns, [surest(columns, rivals) for rivals in held])
    if len(chosen) < 2 or not set(columns.given_labels) <= {pair.label for pair in chosen}:
        return None
    refuse_models(columns, chosen)
    found.refuse_strangers(columns)
    aside |= found.quantities
    order = {name: at for at, name in enumerate(columns.given_labels or columns.table.names)}
    chosen.sort(key=lambda pair: order[pair.label])
    return DecidedOutputs(_outputs(columns, chosen, wanted), aside)


class _Sorted:
    """The pairs by name, sorted by what their columns hold.

    Attributes:
        fitting: those whose predicted label is one of the labels.
        quantities: why a column is passed over that holds numbers to regress, by its name.
        strangers: those that share no value.
    """

    def __init__(self, columns: Columns, named: Sequence[Pair]) -> None:
        """Sort them."""
        regressed = [pair for pair in named if _is_quantity(columns.sample[pair.label])]
        few = [pair for pair in named if pair not in regressed and _are_few(columns, pair)]
        whole = [
            pair.predicted for pair in few if columns.sample[pair.predicted].integers
        ]  # later rows may be fractions
        columns.sample.load_values([*(pair.label for pair in few), *whole])
        self.fitting: list[Pair] = []
        self.quantities: dict[str, str] = {}
        self.strangers: list[Pair] = []
        for pair in named:
            if pair in regressed:
                self.quantities |= dict.fromkeys((pair.label, pair.predicted), "numbers to regress, no classes")
            elif pair in few and _fits(columns, pair):
                self.fitting.append(pair)
            else:
                self.strangers.append(pair)

    def refuse_strangers(self, columns: Columns) -> None:
        """Raise if a label and the predicted label that is named after it are written in different ways.

        Raises:
            InputError: with both.
        """
        known = {name for pair in self.fitting for name in (pair.label, pair.predicted)}
        for pair in self.strangers:
            if pair.label in known or pair.predicted in known:
                continue
            options = " ".join(f"--label {shlex.quote(one.label)}" for one in self.fitting[:_SHOWN])
            raise InputError(
                f"holds {_shown(columns, pair.predicted)}, and its label {pair.label} holds"
                f" {_shown(columns, pair.label)}: that is no output beside the others",
                place=Place(columns.table.path, column=pair.predicted),
                details=(f"other outputs: {listed([one.label for one in self.fitting], _SHOWN)}",),
                help=f"write both in the same way, or name the labels of the outputs to be scored: {options}",
            )


def _shown(columns: Columns, name: str) -> str:
    """Return in a few words what a column holds."""
    held = columns.sample[name]
    if held.fractions:
        return "fractions"
    return f"{held.texts[0]} alone" if len(held.texts) == 1 else listed(held.texts, _SHOWN) or "nothing"


def _is_quantity(held: ColumnSample) -> bool:
    """Whether a column holds numbers to regress: fractions, or whole numbers that hardly repeat."""
    return held.fractions or (held.integers and len(held.texts) > max(_SURE_CLASSES, _MOST_DISTINCT * held.rows))


def _are_few(columns: Columns, pair: Pair) -> bool:
    """Whether the first rows of both columns hold few values, words or whole numbers, as classes do."""
    held = [columns.sample[name] for name in (pair.label, pair.predicted)]
    return all(one.few and not one.fractions and one.cells is not Cells.DATES for one in held)


def _fits(columns: Columns, pair: Pair) -> bool:
    """Whether a column holds what is predicted of a label: whole numbers or words, of which some are labels."""
    predicted = columns.sample[pair.predicted]
    counts = columns.values(pair.label)
    if len({*counts, *predicted.texts}) < 2:
        return False
    if len(counts) <= 2 and columns.sample.fractional(pair.predicted) and not columns.given_scores:
        return False
    if anomalies(predicted, pair.predicted, counts):
        return True
    if not may_decide(predicted, counts) or not share_values(predicted, counts):
        return False
    whole = all(integer_of(text) is not None for text in counts)
    return not (whole and predicted.integers) or columns.sample.values(pair.predicted).integers


def _is_multi_label(columns: Columns, found: Iterable[Pair]) -> bool:
    """Whether all columns hold 0 and 1 as numbers or truth values: decisions on the labels of one task."""
    return all(
        columns.sample[name].cells in {Cells.NUMBERS, Cells.BOOLEANS}
        and {text.casefold() for text in columns.sample[name].texts} <= {"0", "1", "false", "true", "0.0", "1.0"}
        for pair in found
        for name in (pair.label, pair.predicted)
    )


def _has_other_task(columns: Columns, named: Sequence[Pair]) -> bool:
    """Whether a label stands by that has scores, or that is named as the label and has a prediction of its own."""
    labels = {pair.label for pair in named}
    used = labels | {pair.predicted for pair in named}
    for one in pairs(columns):
        if one.level < DECISIONS or set(one.scores.columns) & used:
            continue
        apart = not labels & set(one.labels.columns) and one.labels.tier <= 1
        if apart or (one.level >= INDEX and one.scores.form not in {ScoreForm.DECISIONS, ScoreForm.SINGLE}):
            return True
    return False


def _outputs(columns: Columns, chosen: Sequence[Pair], wanted: Wanted) -> tuple[Output, ...]:
    names = [output_name(pair) for pair in chosen]
    unique = len(set(names)) == len(names)
    return tuple(
        Output(name if unique else name_of(pair.label).text, _roles(columns, pair, wanted))
        for name, pair in zip(names, chosen, strict=True)
    )


def _roles(columns: Columns, pair: Pair, wanted: Wanted) -> Roles:
    table = columns.table
    values = columns.sample.values(pair.label)
    if wanted.ignored_label is not None:
        values = values.without(wanted.ignored_label)
    confidence = _confidence(columns, pair, len(values.counts))
    shown = f"label {pair.label}, predicted label {pair.predicted}"
    return Roles(
        labels=(pair.label,),
        scores=(confidence or pair.predicted,),
        form=ScoreForm.DECISIONS if confidence is None else ScoreForm.CONFIDENCE,
        names=None,
        affix=confidence or pair.predicted,
        weight=None if wanted.weight is None else find_column(table, wanted.weight),
        id=None if wanted.id is None else find_column(table, wanted.id),
        values=values,
        reasons=(shown if confidence is None else f"{shown}, its confidence {confidence}",),
        predicted=None if confidence is None else pair.predicted,
        meanings=anomalies(columns.sample[pair.predicted], pair.predicted, values.counts),
    )


def _confidence(columns: Columns, pair: Pair, classes: int) -> str | None:
    """Return the one column of the predicted label's score that is named after the label; None without one."""
    base = without_roles(pair.label)
    scored = [
        name for name in columns.of_scores()
        if not columns.is_list(name) and name_of(name).score and not name_of(name).derived
        and without_roles(name) == base and columns.sample[name].cells is Cells.NUMBERS and columns.sample[name].in_unit
    ]  # fmt: skip
    if len(scored) != 1 or columns.given_scores or not holds_confidence(columns.table, scored[0], classes):
        return None
    return scored[0]
