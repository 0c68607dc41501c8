"""Labels: which columns of a file are the labels, when nobody says.

Floor 3. By name, by shape, by position; never an id, a file name, free text, a fold or a score. The choice and
its runner-up are said aloud. Shapes are judged on the first rows: what is chosen is read whole afterwards.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import is_list
from xentcli.files.table import ReadAs, Table
from xentcli.task import label_names, names, survey
from xentcli.task.blocks import detect_block
from xentcli.task.columns import detect_column
from xentcli.task.hypothesis import Wish
from xentcli.task.model import Certainty, Detection, Encoding, Kind, NotATarget
from xentcli.task.values import integer_of

MANY_COLUMNS = 2000
SAMPLE_ROWS = 5000

_BITS = frozenset({"-1", "0", "1", "false", "true"})
"""What columns of a block of 0/1 labels hold; -1 says unknown, or no."""

_BY_NAME = 4.0
_BY_HINT = 2.5
_BLOCK_WORDS = ("label", "class", "target", "y_true", "tag", "genre", "onehot", "one_hot", "category", "is", "y")


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """The label columns.

    Attributes:
        columns: one, or one per class, label or output.
        because: sentences on the choice and its runner-up.
        certainty: how sure the choice is.
    """

    columns: tuple[str, ...]
    because: tuple[str, ...]
    certainty: Certainty = Certainty.CERTAIN


class _Columns:
    """The columns of a table that may be labels, with what their first rows hold."""

    def __init__(self, table: Table) -> None:
        every = list(table.names)
        scored = {name for group in names.score_groups(every) if len(group.columns) > 1 for name in group.columns}
        self.table = table
        self.free = [name for name in every if name not in scored] or every
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
            facts = survey.survey_columns(_head(self.table), new)
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

    @cached_property
    def usable(self) -> list[str]:
        """The columns that are no ids, file names, folds or free text, by name or by what they hold."""
        outside = {NotATarget.IDENTIFIER, NotATarget.TEXT, NotATarget.DATE}
        kept = [
            name for name in self.free
            if not label_names.is_never(name) and self.is_what(name) not in outside and not self._is_row_number(name)
        ]  # fmt: skip
        return kept or self.free

    def _is_row_number(self, name: str) -> bool:
        """Whether a first column without a name of its own counts the rows."""
        return name == self.free[0] and name in {"f0", "X"} and self.is_what(name) is NotATarget.IDENTIFIER


def find_labels(table: Table) -> LabelChoice:
    """Return the label columns of a table.

    Raises:
        ColumnError: nothing tells which they are.
    """
    if len(table.names) == 1:
        return LabelChoice((table.names[0],), ())
    if table.declared is not None and table.declared.columns:
        said = f"label columns {', '.join(table.declared.columns[:6])}: {table.declared.where} names them"
        return LabelChoice(table.declared.columns, (said,))
    columns = _Columns(table)
    found = (
        _by_name(columns, _BY_NAME)
        or _named_block(columns)
        or _whole_block(columns)
        or _shaped_block(columns)
        or _by_name(columns, _BY_HINT)
        or _the_only_one(columns)
        or _by_position(columns)
        or _none(columns)
    )
    if found is not None:
        return found
    shown = ", ".join(table.names[:12]) + (", ..." if len(table.names) > 12 else "")
    raise ColumnError(
        "nothing tells which column holds the labels",
        place=Place(table.path),
        details=(f"columns: {shown}",),
        help="name it with --label COLUMN (repeat it for a column per label)",
    )


def _by_name(columns: _Columns, least: float) -> LabelChoice | None:
    """Return the column whose name says most, if it says enough; what it holds counts as well."""
    named = [(label_names.weight(name), at, name) for at, name in enumerate(columns.free)]
    named = [one for one in named if one[0] >= _BY_HINT]
    columns.look_at([name for _, _, name in named])
    weighed = [(weight + _shape(columns, name) + 0.001 * at, name) for weight, at, name in named]
    weighed.sort(reverse=True)
    if not weighed or weighed[0][0] < least:
        return None
    best = weighed[0][1]
    rivals = [name for weight, name in weighed[1:] if weight >= least]
    sure = Certainty.CERTAIN if least == _BY_NAME else Certainty.LIKELY
    if not rivals:
        return LabelChoice((best,), (f"label column {best}: by its name",), sure)
    said = f"{rivals[0]} could be meant too (--label {rivals[0]})"
    if _are_twins(columns, best, rivals[0]):
        said = f"{rivals[0]} gives the same answer in other words (--label {rivals[0]})"
    return LabelChoice((best,), (f"label column {best}: by its name; {said}",), sure)


def _shape(columns: _Columns, name: str) -> float:
    """Return what a column's cells take from its name."""
    what = columns.is_what(name)
    if what is NotATarget.CONTINUOUS:
        return -0.5 if label_names.weight(name) > 5.5 and not _is_coordinate(columns, name) else -2.5
    if what in {NotATarget.IDENTIFIER, NotATarget.TEXT, NotATarget.DATE, NotATarget.EMPTY}:
        return -1.0 if label_names.weight(name) > 5.5 else -3.0
    return -1.0 if what is NotATarget.SINGLE_CLASS else 0.0


def _is_coordinate(columns: _Columns, name: str) -> bool:
    """Whether a column y stands beside an x of measurements."""
    partner = {label_names.normal(one): one for one in columns.free}.get("x")
    return label_names.normal(name) == "y" and partner is not None and not columns.holds_classes(partner)


def _are_twins(columns: _Columns, one: str, other: str) -> bool:
    """Whether two columns say the same in other words, such as a name and its index."""
    if columns.reading(one) is None or columns.reading(other) is None:
        return False
    pairs: set[tuple[object, object]] = set()
    rows = 0
    for batch in columns.table.batches(dict.fromkeys((one, other), ReadAs.NATIVE)):
        pairs.update(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True))
        rows += batch.num_rows
        if rows >= SAMPLE_ROWS:
            break
    lefts, rights = {left for left, _ in pairs}, {right for _, right in pairs}
    return 1 < len(pairs) == len(lefts) == len(rights) < rows


def _named_block(columns: _Columns) -> LabelChoice | None:
    """Return columns that share a label word and differ in the rest, such as Class1 ... Class14."""
    for word in _BLOCK_WORDS:
        pattern = r"y[_.]?\d+" if word == "y" else rf"{word}[_.\- ]\w.*" if word == "is" else rf"{word}[_.\- ]?\w.*"
        found = tuple(name for name in columns.plain if re.fullmatch(pattern, name, re.IGNORECASE))
        if len(found) > 1 and all(columns.holds_classes(name) or columns.is_bits(name) for name in found):
            return LabelChoice(found, (f"label columns {found[0]} to {found[-1]}: they share the word {word}",))
    return None


def _whole_block(columns: _Columns) -> LabelChoice | None:
    """Return all columns but ids if together they are nothing but 0/1, choices or shares."""
    names_ = columns.usable
    if len(names_) < 2 or len(names_) > MANY_COLUMNS or any(is_list(columns.table[name].type) for name in names_):
        return None
    whole = len(names_) > 2 and all(_is_whole(columns, name) for name in names_)
    if not _are_one_block(columns, tuple(names_)) and not (whole and _are_votes(columns, names_)):
        return None
    sentence = f"label columns {names_[0]} to {names_[-1]}: the file holds nothing else"
    return LabelChoice(tuple(names_), (sentence,))


def _are_one_block(columns: _Columns, block: Sequence[str]) -> bool:
    """Whether columns together are 0/1, choices or distributions."""
    hard = all(columns.is_bits(name) or _is_choice(columns, name) for name in block)
    measured = [columns.is_what(name) is NotATarget.CONTINUOUS for name in block]
    if not hard and not all(one or columns.is_bits(name) for one, name in zip(measured, block, strict=True)):
        return False
    known = {Encoding.ONE_HOT, Encoding.MULTI_HOT} if hard else {Encoding.CLASS_PROBABILITIES}
    if all(measured) and len(block) > 2 and len(block) == len(columns.free):
        known.add(Encoding.LABEL_PROBABILITIES)
    return _encoding(columns, tuple(block)) in known


def _are_votes(columns: _Columns, block: Sequence[str]) -> bool:
    """Whether columns hold whole numbers that every row shares out alike."""
    found = detect_block(_head(columns.table), tuple(block), Wish())
    return found.soft is not None and found.soft.votes


def _is_whole(columns: _Columns, name: str) -> bool:
    """Whether a column holds whole numbers."""
    found = columns.reading(name)
    values = {} if found is None else found.seen.values
    return bool(values) and all(integer_of(text) is not None for text in values)


def _is_choice(columns: _Columns, name: str) -> bool:
    """Whether a column holds two values, or one and blanks."""
    found = columns.reading(name)
    if found is None:
        return False
    chosen = found.task.not_a_target is NotATarget.SINGLE_CLASS and found.missing_rows > 0
    return chosen or found.task.kind is Kind.BINARY


def _head(table: Table) -> Table:
    """Return the first rows of a table, as a table."""
    return survey.head(table, SAMPLE_ROWS)


def _shaped_block(columns: _Columns) -> LabelChoice | None:
    """Return a run of 0/1 columns that sums to 1, else one at the end of the file; likewise shares."""
    if len(columns.free) > MANY_COLUMNS:
        return None
    for run in _runs(columns.free, {name for name in columns.plain if columns.is_bits(name)}):
        for block in _windows(run):
            found = detect_block(_head(columns.table), block, Wish())
            if found.task.encoding is Encoding.ONE_HOT and found.missing_rows == 0:
                sentence = f"label columns {block[0]} to {block[-1]}: 0/1 columns with exactly one 1 a row"
                return LabelChoice(block, (sentence,), Certainty.LIKELY)
    tail = next(iter(_runs(columns.free[::-1], {name for name in columns.plain if columns.is_bits(name)})), ())
    if len(tail) > 2 and tail[0] == columns.free[-1]:
        run = tuple(reversed(tail))
        return LabelChoice(
            run, (f"label columns {run[0]} to {run[-1]}: the file ends with 0/1 columns",), Certainty.LIKELY
        )
    shares = {name for name in columns.plain if columns.is_what(name) is NotATarget.CONTINUOUS or columns.is_bits(name)}
    for run in reversed(_runs(columns.free, shares)):
        if len(run) > 1 and _encoding(columns, run) is Encoding.CLASS_PROBABILITIES:
            sentence = f"label columns {run[0]} to {run[-1]}: shares that sum to 1"
            return LabelChoice(run, (sentence,), Certainty.LIKELY)
    return None


def _encoding(columns: _Columns, block: tuple[str, ...]) -> Encoding | tuple[Encoding, ...] | None:
    """Return how the first rows of a block are written; None for votes, which any counts may look like."""
    found = detect_block(_head(columns.table), block, Wish())
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


def _the_only_one(columns: _Columns) -> LabelChoice | None:
    """Return the one column beside ids, or the only one that holds lists."""
    listed = [name for name in columns.free if is_list(columns.table[name].type)]
    if len(listed) == 1:
        return LabelChoice((listed[0],), (f"label column {listed[0]}: the only one that holds lists",))
    if len(columns.usable) == 1:
        return LabelChoice((columns.usable[0],), (f"label column {columns.usable[0]}: the only one beside ids",))
    return None


def _by_position(columns: _Columns) -> LabelChoice | None:
    """Return the last column, or the first, whichever holds classes; the other is the runner-up."""
    held = [name for name in columns.usable if columns.reading(name) is not None and columns.holds_classes(name)]
    ends = [name for name in (columns.usable[-1], columns.usable[0]) if name in held]
    if not ends:
        return None
    where = "last" if ends[0] == columns.usable[-1] else "first"
    others = [name for name in held if name != ends[0]]
    also = f"; so does {others[-1]} (--label {others[-1]})" if others else " (--label overrides)"
    sentence = f"label column {ends[0]}: no name tells, but the {where} column holds classes{also}"
    return LabelChoice((ends[0],), (sentence,), Certainty.GUESS)


def _none(columns: _Columns) -> LabelChoice | None:
    """Return all columns beside ids if not one of them holds classes."""
    if any(columns.holds_classes(name) for name in columns.usable) or len(columns.usable) > MANY_COLUMNS:
        return None
    if len(columns.usable) > 1 and detect_block(_head(columns.table), tuple(columns.usable), Wish()).task.kind:
        return None
    return LabelChoice(tuple(columns.usable), ("no column holds classes",), Certainty.LIKELY)
