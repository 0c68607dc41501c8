"""Label columns: which columns of a table may be labels, and which of them are labels together.

Floor 3. Shapes are judged on the first rows alone: what is chosen is read whole afterwards.

Label blocks: which columns together are the labels: by a shared name, by being all there is, by their sums. See
`labels` for where this stands among the other ways to find labels.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from xentcli.files.arrays import is_list
from xentcli.files.columns import by_prefix
from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.task import names, survey
from xentcli.task.asides import is_aside
from xentcli.task.blocks import detect_block
from xentcli.task.column_facts import number_of
from xentcli.task.columns import detect_column
from xentcli.task.hypothesis import Wish
from xentcli.task.model import Certainty, Detection, NotATarget
from xentcli.task.names import weight
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import BOOLEANS
from xentcli.terms import Encoding, Kind

MANY_COLUMNS = 2000
SAMPLE_ROWS = 5000
SAMPLE_CELLS = 1_000_000
"""Narrow tables show more rows: files are often sorted by class."""

_BITS = frozenset({"-1", "0", "1", *BOOLEANS})
"""What columns of a block of 0/1 labels hold; -1 says unknown, or no."""


class LabelChoice(Record):
    """The label columns.

    Attributes:
        columns: one, or one per class, label or output.
        because: sentences on the choice and its runner-up.
        certainty: how sure the choice is.
    """

    columns: tuple[str, ...]
    because: tuple[str, ...]
    certainty: Certainty = Certainty.CERTAIN


class LabelColumns:
    """The columns of a table that may be labels, with what their first rows hold."""

    def __init__(self, table: Table) -> None:
        """Keep what is neither a group of scores nor an aside; hardly anything is read yet."""
        every = list(table.names)
        scored = {name for group in names.score_groups(every) if len(group.columns) > 1 for name in group.columns}
        self.table = table
        self.free = [name for name in every if name not in scored and not is_aside(table, name)] or every
        self._seen: dict[str, Detection] = {}

    @cached_property
    def plain(self) -> list[str]:
        """The columns of plain cells."""
        return [name for name in self.free if not is_list(self.table[name].type)]

    @cached_property
    def readings(self) -> Mapping[str, Detection]:
        """What the first rows of each plain column mean by themselves."""
        self.look_at(self.plain[:MANY_COLUMNS])
        return self._seen

    def look_at(self, some: Sequence[str]) -> None:
        """Read the first rows of some columns, in one pass."""
        new = [name for name in some if name not in self._seen and not is_list(self.table[name].type)]
        if new:
            facts = survey.survey_columns(head_of(self.table), new)
            self._seen |= {name: detect_column(one) for name, one in facts.items()}

    def reading(self, name: str) -> Detection | None:
        """Return what the first rows of a column mean by themselves; None for lists, and columns beyond the bound."""
        return self._seen[name] if name in self._seen else self.readings.get(name)

    def holds_classes(self, name: str) -> bool:
        """Whether a column by itself is a classification target."""
        found = self.reading(name)
        return found is None or found.task.kind is not None

    def is_what(self, name: str) -> NotATarget | None:
        """Return what a column holds instead of classes."""
        found = self.reading(name)
        return None if found is None else found.task.not_a_target

    def is_bits(self, name: str) -> bool:
        """Whether a column holds 0 and 1, yes and no, or one of the two."""
        found = self.reading(name)
        if found is None or not found.task.classes:
            return False
        return found.task.encoding is Encoding.BOOLEANS or set(found.task.classes) <= _BITS

    def is_numeric(self, name: str) -> bool:
        """Whether the first rows of a column hold whole numbers, such as 0 and 1, and no words."""
        found = self.reading(name)
        values = {} if found is None else found.seen.values
        return bool(values) and all(integer_of(text) is not None for text in values)

    @cached_property
    def usable(self) -> list[str]:
        """The columns that are no ids, file names, folds or free text, by name or by what they hold."""
        outside = {NotATarget.IDENTIFIER, NotATarget.TEXT, NotATarget.DATE}
        kept = [
            name for name in self.free
            if not names.is_never(name) and self.is_what(name) not in outside and not self._is_row_number(name)
        ]  # fmt: skip
        return kept or self.free

    def _is_row_number(self, name: str) -> bool:
        """Whether a first column without a name of its own counts the rows."""
        return name == self.free[0] and name in {"f0", "X"} and self.is_what(name) is NotATarget.IDENTIFIER


def head_of(table: Table) -> Table:
    """Return the first rows of a table, as a table."""
    return survey.head(table, max(SAMPLE_ROWS, SAMPLE_CELLS // len(table.names)))


_SAYS = 4.0
"""A name that speaks for labels by itself; see `label_names`."""

_BLOCK_WORDS = ("label", "class", "target", "y_true", "tag", "genre", "onehot", "one_hot", "category", "is", "y")


def named_block(columns: LabelColumns) -> LabelChoice | None:
    """Return columns that share a label word and differ in the rest, such as Class1 ... Class14."""
    for word in _BLOCK_WORDS:
        pattern = r"y[_.]?\d+" if word == "y" else rf"{word}[_.\- ]\w.*" if word == "is" else rf"{word}[_.\- ]?\w.*"
        found = tuple(name for name in columns.plain if re.fullmatch(pattern, name, re.IGNORECASE))
        if len(found) > 1 and all(columns.holds_classes(name) or columns.is_bits(name) for name in found):
            return LabelChoice(found, (f"label columns {found[0]} to {found[-1]}: they share the word {word}",))
    return None


def object_block(columns: LabelColumns) -> LabelChoice | None:
    """Return the columns of one object that is named as labels, such as spaCy's `cats`: 0/1 or shares, one a class."""
    for before, inner in by_prefix(columns.plain).items():
        said = weight(before.rpartition(".")[2])
        if said >= _SAYS and len(inner) > 1 and all(columns.is_bits(name) or _in_unit(columns, name) for name in inner):
            return LabelChoice(
                tuple(inner), (f"label columns {inner[0]} to {inner[-1]}: the object {before} holds them",)
            )
    return None


def whole_block(columns: LabelColumns) -> LabelChoice | None:
    """Return all columns but ids if together they are nothing but 0/1, choices or shares."""
    names_ = columns.usable
    if len(names_) < 2 or len(names_) > MANY_COLUMNS or any(is_list(columns.table[name].type) for name in names_):
        return None
    whole = len(names_) > 2 and all(columns.is_numeric(name) for name in names_)
    if not _are_one_block(columns, tuple(names_)) and not (whole and _are_votes(columns, names_)):
        return None
    sentence = f"label columns {names_[0]} to {names_[-1]}: the file holds nothing else"
    return LabelChoice(tuple(names_), (sentence,))


def _are_one_block(columns: LabelColumns, block: Sequence[str]) -> bool:
    """Whether columns together are 0/1, choices or distributions."""
    alike = len({columns.is_numeric(name) for name in block}) == 1
    hard = alike and all(columns.is_bits(name) or _is_choice(columns, name) for name in block)
    measured = [columns.is_what(name) is NotATarget.CONTINUOUS for name in block]
    if not hard and not all(one or columns.is_bits(name) for one, name in zip(measured, block, strict=True)):
        return False
    known = {Encoding.ONE_HOT, Encoding.MULTI_HOT} if hard else {Encoding.CLASS_PROBABILITIES}
    if all(measured) and len(block) > 2 and len(block) == len(columns.free):
        known.add(Encoding.LABEL_PROBABILITIES)
    return _encoding(columns, tuple(block)) in known


def _are_votes(columns: LabelColumns, block: Sequence[str]) -> bool:
    """Whether columns hold whole numbers that every row shares out alike."""
    found = detect_block(head_of(columns.table), tuple(block), Wish())
    return found.soft is not None and found.soft.votes


def _is_choice(columns: LabelColumns, name: str) -> bool:
    """Whether a column holds two values, or one and blanks."""
    found = columns.reading(name)
    if found is None:
        return False
    chosen = found.task.not_a_target is NotATarget.SINGLE_CLASS and found.missing_rows > 0
    return chosen or found.task.kind is Kind.BINARY


def shaped_block(columns: LabelColumns) -> LabelChoice | None:
    """Return a run of 0/1 columns that sums to 1, else one at the end of the file; likewise shares."""
    if len(columns.free) > MANY_COLUMNS:
        return None
    for run in _bit_runs(columns):
        for block in _windows(run):
            if len(block) == 2 and block[-1] != columns.free[-1]:
                continue  # two features may well exclude each other
            found = detect_block(head_of(columns.table), block, Wish())
            if found.task.encoding is Encoding.ONE_HOT and found.missing_rows == 0:
                sentence = f"label columns {block[0]} to {block[-1]}: 0/1 columns with exactly one 1 a row"
                return LabelChoice(block, (sentence,), Certainty.LIKELY)
    for run in _bit_runs(columns):
        if len(run) > 2 and run[-1] == columns.free[-1]:
            sentence = f"label columns {run[0]} to {run[-1]}: the file ends with 0/1 columns"
            return LabelChoice(run, (sentence,), Certainty.LIKELY)
    shares = {name for name in columns.plain if _in_unit(columns, name)}
    for run in reversed(_runs(columns.free, shares)):
        if len(run) > 1 and _encoding(columns, run) is Encoding.CLASS_PROBABILITIES:
            sentence = f"label columns {run[0]} to {run[-1]}: shares that sum to 1"
            return LabelChoice(run, (sentence,), Certainty.LIKELY)
    return None


def _bit_runs(columns: LabelColumns) -> list[tuple[str, ...]]:
    """Return the runs of neighbouring columns of 0 and 1, and those of yes and no; a block is written in one way."""
    bits = {name for name in columns.plain if columns.is_bits(name)}
    numeric = {name for name in bits if columns.is_numeric(name)}
    return _runs(columns.free, numeric) + _runs(columns.free, bits - numeric)


def _in_unit(columns: LabelColumns, name: str) -> bool:
    """Whether the numbers of a column's first rows lie in [0, 1]."""
    found = columns.reading(name)
    values = [number_of(text) for text in found.seen.values] if found is not None else []
    return bool(values) and all(value is not None and 0.0 <= value <= 1.0 for value in values)


def _encoding(columns: LabelColumns, block: tuple[str, ...]) -> Encoding | tuple[Encoding, ...] | None:
    """Return how the first rows of a block are written; None for votes, which any counts may look like."""
    found = detect_block(head_of(columns.table), block, Wish())
    return None if found.soft is not None and found.soft.votes else found.task.encoding


def _windows(run: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a run of columns, and what is left without its first ones: 0/1 features may stand before labels."""
    return [run[start:] for start in range(max(1, len(run) - 1))][:12]


def _runs(free: list[str], wanted: set[str]) -> list[tuple[str, ...]]:
    """Return the runs of neighbouring columns that are all wanted."""
    runs: list[list[str]] = [[]]
    for name in free:
        if name in wanted:
            runs[-1].append(name)
        elif runs[-1]:
            runs.append([])
    return [tuple(run) for run in runs if run]
