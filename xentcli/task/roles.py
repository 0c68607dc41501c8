"""Roles: which columns of a prediction file are the labels, which the scores, and how they are laid out.

Floor 3. The records that planning reads; `reading` decides them.

Confidence: the score of the predicted class alone, as pipelines write it beside a predicted label. What every such
score must be, so that the column cannot be the probability of one fixed class.
"""

from enum import StrEnum

import numpy as np

from xentcli.files.arrays import floats, nulls
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record
from xentcli.task.values import LabelValues

_ROUNDING = 1e-6
"""What float32 takes from a probability of one half."""

_TWO_DECIMALS = 0.005
"""What two decimals take from 1/3 (0.33) and from 1/7 (0.14)."""


_NEARLY_ALL = 0.99


def least_confidence(classes: int) -> float:
    """Return the least score that the most probable of so many classes can have, but for rounding.

    Of two classes rounding leaves 0.5 as it is, and whoever is a little below it decides the sign of the whole row.
    """
    return 0.5 - _ROUNDING if classes <= 2 else 1.0 / classes - _TWO_DECIMALS


def holds_confidence(table: Table, column: str, classes: int) -> bool:
    """Return whether a column may hold the probability of the most probable of so many classes, by all its rows.

    A single score that is too low for it decides; scores outside [0, 1] are bad rows while they are few.
    """
    least, inside, outside = least_confidence(classes), 0, 0
    for batch in table.batches({column: ReadAs.NUMBER}):
        array = batch.column(0)
        missing = nulls(array)
        scores = floats(array, column)
        known = scores[np.isfinite(scores)] if missing is None else scores[np.isfinite(scores) & ~missing]
        within = known[(known >= 0.0) & (known <= 1.0)]
        if (within < least).any():
            return False
        inside, outside = inside + len(within), outside + len(known) - len(within)
    return inside > 0 and inside >= _NEARLY_ALL * (inside + outside)


class ScoreForm(StrEnum):
    """How the scores are laid out."""

    COLUMNS = "a column per class"
    LIST = "one list column"
    SINGLE = "one column"
    SINGLE_LIST = "one list column of one score"
    DECISIONS = "one column of predicted labels"
    CONFIDENCE = "one column of scores of the predicted label"


class Wanted(Record):
    """What the caller says about columns; empty or None leaves it to the facts.

    Attributes:
        label: the label columns.
        scores: the score columns, or a prefix.
        id: the column of ids.
        weight: the column of row weights.
        decisions: false where a column that holds labels only is to be scored as it stands.
        ignored_label: a label that counts as missing.
        by: columns that slice the rows, exact names; neither labels nor scores unless named so.
        added: the columns of a file of labels, under their names in the joined table.
        identifying: columns of either file that were found to identify or to count rows.
        classes: class names in the order of the scores.
        positive: the class that one score of two is of.
    """

    label: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    id: str | None = None
    weight: str | None = None
    decisions: bool = True
    ignored_label: str | None = None
    by: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    identifying: tuple[str, ...] = ()
    classes: tuple[str, ...] | None = None
    positive: str | None = None


class Roles(Record):
    """The columns and what they are for.

    Attributes:
        labels: one label column, or one per class (label).
        scores: the score columns, in class order where their names tell it.
        form: how they are laid out.
        names: what the score columns are named after, in their order; None for one list or plain column.
        affix: the common part of the score columns' names.
        weight: column of row weights.
        id: id column, if one was named.
        values: the distinct values of a single scalar label column.
        reasons: sentences that say what was chosen and why.
        predicted: a column of predicted labels that stands beside the scores.
        meanings: the label that each predicted label stands for, where the two are written in different ways.
        order: class names in the order of a list's scores, where something tells it; else None.
    """

    labels: tuple[str, ...]
    scores: tuple[str, ...]
    form: ScoreForm
    names: tuple[str, ...] | None
    affix: str
    weight: str | None
    id: str | None
    values: LabelValues | None
    reasons: tuple[str, ...]
    predicted: str | None = None
    meanings: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] | None = None


class Output(Record):
    """One output of several: its name and the roles of its columns."""

    name: str
    roles: Roles
