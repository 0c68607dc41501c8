"""Task: what a column of labels means. The frozen facts that every floor above speaks in.

Floor 3. Nothing here reads data; see `detect` for how a Task is found.
"""

from collections.abc import Mapping
from enum import StrEnum

from xentcli.record import Record, field
from xentcli.terms import Encoding, Kind


class NotATarget(StrEnum):
    """Why a column is no classification target."""

    CONTINUOUS = "continuous"
    IDENTIFIER = "identifier"
    TEXT = "text"
    DATE = "date"
    SINGLE_CLASS = "single-class"
    EMPTY = "empty"


class Certainty(StrEnum):
    """How sure a detection is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"


class Role(StrEnum):
    """What a column of a file is for."""

    LABEL = "label"
    SCORE = "score"
    PREDICTED = "predicted"
    CONFIDENCE = "confidence"
    ID = "id"
    WEIGHT = "weight"
    SLICE = "slice"
    UNUSED = "unused"


class ColumnRole(Record):
    """What one column of a file was read as.

    Attributes:
        name: of the column.
        role: what it is for.
        of_class: the class that a score or 0/1 label column stands for; None where it stands for none.
        because: why, at most 60 characters.
    """

    name: str
    role: Role
    of_class: str | None = field(key="class")
    because: str


class Task(Record):
    """The meaning of some label columns.

    Attributes:
        kind: None if they hold no classification target; then `not_a_target` says what they hold.
        encoding: one encoding, or for multi-output one per column.
        classes: class (label) names in index order.
        positive: the positive class of a binary task.
        separator: what stands between the tags of one cell, for delimited tag lists.
    """

    kind: Kind | None
    encoding: Encoding | tuple[Encoding, ...] | None
    classes: tuple[str, ...]
    positive: str | None = None
    not_a_target: NotATarget | None = None
    separator: str | None = field(default=None, key=None)


class Alternative(Record):
    """A reading of the labels that also fits, and the flag that picks it.

    The encoding is None where every output has one of its own.
    """

    kind: Kind
    encoding: Encoding | None
    because: str
    flag: str


class ClassCount(Record):
    """A class and how many rows hold it (multi-label: how many rows have that label).

    Attributes:
        name: of the class or label.
        count: rows that hold it.
        known: multi-label: rows that say whether it holds; None where all labelled rows do.
    """

    name: str
    count: int
    known: int | None = None


class SoftTargets(Record):
    """What targets that are shares, not classes, hold on the average.

    Attributes:
        shares: mean share of each class (label) over the labelled rows, in index order.
        entropy: mean entropy of a row's shares in nats, the loss that no model can go below; for
            label probabilities the mean over rows and labels of the Bernoulli entropies.
        hard_rows: rows that hold zeros and ones only.
        votes: whether the cells are counts of votes, to be divided by their row's total.
    """

    shares: tuple[float, ...]
    entropy: float
    hard_rows: int
    votes: bool


class LabelFacts(Record):
    """Facts of the labels that rules read, with the first rows (from 1) that show them.

    Attributes:
        values: by value as written, its rows and its first row, 0 if nobody kept it; of one column of plain cells.
        sentinel: the value among them that stands for no label, such as -100; None if there is none.
        missing: rows without a label.
        unlabelled: multi-label: rows without any label.
        crowded: multi-label: how many rows have every label.
        open: multi-label: rows that leave some labels open.
        open_count: how many.
        signs: whether -1 and 1 stand for no and yes in every column.
        zero_open: whether beside these 0 leaves a label open.
        worded: whether words, or blanks, stand for yes and no in 0/1 columns.
        counted: whether the sentinel counts as a class all the same.
    """

    values: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sentinel: str | None = None
    missing: tuple[int, ...] = ()
    unlabelled: tuple[int, ...] = ()
    crowded: int = 0
    open: tuple[int, ...] = ()
    open_count: int = 0
    signs: bool = False
    zero_open: bool = False
    worded: bool = False
    counted: bool = False


class Detection(Record):
    """A Task and how it was found.

    Attributes:
        columns: the label columns.
        task: what they mean.
        certainty: how sure that is.
        evidence: sentences that a person can check against the file.
        alternatives: the other readings still possible, closest first.
        rows: data rows surveyed.
        missing_rows: rows without a label.
        counts: rows per class in index order (soft targets: rows by their most probable class).
        labels_per_row: multi-label: number of rows by number of labels, {0: 3, 1: 20, ...}; else None.
        soft: targets that are shares; None for hard ones.
        ordinal: why the classes seem to have an order (ratings, grades), a sentence; else None.
        outputs: multi-output: the reading of each column by itself.
        seen: facts that rules read.
    """

    columns: tuple[str, ...]
    task: Task
    certainty: Certainty
    evidence: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    rows: int
    missing_rows: int
    counts: tuple[ClassCount, ...]
    labels_per_row: dict[int, int] | None = None
    soft: SoftTargets | None = None
    ordinal: str | None = None
    outputs: tuple["Detection", ...] = ()
    seen: LabelFacts = field(default_factory=LabelFacts)
