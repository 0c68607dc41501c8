"""Candidates: which columns may hold the labels, and which the scores, each by itself or because the caller says so.

Floor 3. Names point them out where they say something; whether two belong together is for `pairs`.

Given scores: the columns that the caller names, each by an exact name or all by a prefix.
"""

from collections.abc import Sequence

from xentcli.files.arrays import is_list
from xentcli.files.columns import SUFFIX, find_column, once
from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.task.asides import is_aside
from xentcli.task.names import normal
from xentcli.task.reading.model import LabelForm, LabelSource
from xentcli.task.reading.names import Name, is_feature, label_tier, name_of
from xentcli.task.reading.sample import Cells, Sample
from xentcli.task.vocabulary import NEVER_SCORES, SHARE_NAMES, VERDICTS


def given_scores(table: Table, references: tuple[str, ...], free: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that are named as scores, none where nothing is named.

    Raises:
        ColumnError: a name is neither a column nor the start of one.
        UsageError: a column is named twice.
    """
    found: list[str] = []
    for reference in references:
        if reference in table.names or reference.startswith(":"):
            found.append(find_column(table, reference))
            continue
        started = [name for name in free if name.startswith(reference)]
        if not started:
            find_column(table, reference)
        found.extend(started)
    return once(found, "scores", table.path)


class Columns(Record):
    """The columns of a table by who may use them.

    Attributes:
        table: where they are.
        sample: their first rows.
        given_labels: those that the caller names as labels.
        added: those of a file of labels, empty where there is none.
        free: those that no option has a use for, in file order.
        given_scores: those that the caller names as scores, empty where none.
        classes: the classes that the caller gives.
        ignored: a label that counts as missing.
        nameless: whether the file names no column, so that positions count.
    """

    table: Table
    sample: Sample
    given_labels: tuple[str, ...]
    added: tuple[str, ...]
    free: tuple[str, ...]
    given_scores: tuple[str, ...] = ()
    classes: tuple[str, ...] | None = None
    ignored: str | None = None
    nameless: bool = False

    def values(self, column: str) -> dict[str, int]:
        """Return rows by label text, without a label that counts as missing."""
        found = self.sample.values(column)
        return found.counts if self.ignored is None else found.without(self.ignored).counts

    def of_scores(self) -> tuple[str, ...]:
        """Return the columns that may hold scores or predicted labels: the given ones where there are any."""
        if self.given_scores:
            return self.given_scores
        taken = {*self.given_labels, *self.added}
        return tuple(name for name in self.free if name not in taken)

    def of_labels(self) -> tuple[str, ...]:
        """Return the columns that may hold labels: those of a file of labels where there is one."""
        if self.given_labels:
            return self.given_labels
        added, scores = set(self.added), set(self.given_scores)
        held = tuple(name for name in self.free if name in added)
        return held or tuple(name for name in self.free if name not in scores)

    def is_list(self, column: str) -> bool:
        """Whether cells are lists."""
        return is_list(self.table[column].type)


def label_columns(columns: Columns) -> list[LabelSource]:
    """Return the columns that may be labels by themselves, those whose names say so first."""
    found = []
    names = [name for name in columns.of_labels() if columns.given_labels or not is_aside(columns.table, name)]
    tiers = {name: -1 if columns.given_labels else label_tier(name) for name in names}
    columns.sample.load(name for name, tier in tiers.items() if _is_told_by_cells(columns, name, tier))
    for name, tier in tiers.items():
        form = _form(columns, name, tier)
        if form is not None:
            found.append(LabelSource((name,), form, tier))
    return sorted(found, key=lambda one: one.tier)


def _form(columns: Columns, name: str, tier: int) -> LabelForm | None:
    """Return how a column may hold labels, None if its name or its type says that it holds none."""
    said, bare = name_of(name), name.removesuffix(SUFFIX)
    sure = tier < 0 or name in columns.added
    if columns.is_list(name):
        return LabelForm.LIST if sure or (tier < 3 and not said.score and not said.predicted) else None
    if not sure and (said.predicted or normal(bare) in VERDICTS or _is_coordinate(columns, name)):
        return None
    if bare.casefold() in SHARE_NAMES and tier >= 0 and said.score:
        return LabelForm.SHARE
    if columns.sample.fractional(name) and not sure and tier > 1:
        return None
    if _is_told_by_cells(columns, name, tier) and columns.sample[name].fractions:
        return None
    return LabelForm.SCALAR


def _is_told_by_cells(columns: Columns, name: str, tier: int) -> bool:
    """Whether a column is named like a score, so that its cells tell whether it may hold labels all the same."""
    return name_of(name).score and tier >= 0 and name not in columns.added and not columns.sample.fractional(name)


def _is_coordinate(columns: Columns, name: str) -> bool:
    """Whether a column is the `y` of a place: it stands beside an `x`, and holds fractions."""
    return name.strip().casefold() == "y" and "x" in columns.table.names and columns.sample[name].fractions


def is_about_scores(said: Name) -> bool:
    """Whether a name says that its numbers tell something about scores: their spread, rank, whether they were right."""
    return bool({*said.words} & NEVER_SCORES) or said.words[-2:] == ("true", "class")


def single_columns(columns: Columns, names: Sequence[str]) -> list[str]:
    """Return the columns that may be the one score of two classes by their names: a score, or a fraction predicted."""
    found = []
    for name in names:
        said = name_of(name)
        if columns.is_list(name) or not (said.score or said.predicted) or is_about_scores(said):
            continue
        held = columns.sample[name]
        # A floating number is a score, however extreme, where one score can answer for the labels.
        number = held.fractions or said.score or columns.sample.fractional(name)
        if held.cells is Cells.NUMBERS and number:
            found.append(name)
    return found


def list_columns(columns: Columns, names: Sequence[str]) -> list[str]:
    """Return the list columns that may hold scores: those named so, else all that no name says to be features."""
    lists = [name for name in names if columns.is_list(name) and columns.sample.cells(name) is Cells.LISTS]
    named = [name for name in lists if name_of(name).score or name_of(name).predicted]
    return named or [name for name in lists if not is_feature(name)]
