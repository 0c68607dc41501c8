"""Traits: a column's facts, looked at in the ways that several hypotheses share.

Floor 3. Pure functions of ColumnFacts; nothing is decided here.

Few tags: what separates the labels of cells that are too few for labels to come back in other cells. Pure functions
of distinct cells. `tags` judges by labels that come back, which those of three rows hardly do; what no class name
looks like tells them there.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import log

from xentcli.record import Record
from xentcli.task import names
from xentcli.task.column_facts import ColumnFacts
from xentcli.task.names import pieces
from xentcli.task.nearly_numbers import nearly_numbers
from xentcli.task.survey import written_vector
from xentcli.task.tags import BRACKETS, NO_TAGS, TagFacts, separator_of, split, split_all
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import CLASS_WORDS, CODE_WORDS, NUMBER_WORDS

MOST = 20
"""Distinct cells beyond which labels come back, or are none."""

_SEVERAL = frozenset({
    "labels", "tags", "genres", "categories", "classes", "topics", "keywords", "targets", "annotations", "multilabel",
})  # fmt: skip
"""Words in the name of a column that say that a cell may hold several labels."""

_MOSTLY_SEVERAL = 0.5
"""Share of the cells that hold several labels, at least: a class name with a mark in it is an exception."""


def separator_of_few(counts: Mapping[str, int], name: str) -> str | None:
    """Return what separates the labels of a few cells, None if each may well be one label.

    A bar stands in hardly any class name; where each cell with one comes back as it is, it may all the same. Commas and
    semicolons without blanks count where the column's name is that of several labels.

    Args:
        counts: rows by cell.
        name: of the column.
    """
    filled = [cell.strip() for cell in counts if cell.strip() and cell.strip().casefold() not in NO_TAGS]
    if not 1 < len(filled) <= MOST or nearly_numbers(filled) is not None:
        return None
    marks = ("|", ";", ",") if pieces(name) & _SEVERAL else ("|",)
    least = 1 if max(counts.values()) == 1 else 2
    once = [cell.strip() for cell, rows in counts.items() if rows == 1]
    return next((mark for mark in marks if any(mark in cell for cell in once) and _lists(filled, mark, least)), None)


def _lists(cells: list[str], mark: str, least: int) -> bool:
    """Whether half the cells, and so many at least, are lists of different labels with a mark between them."""
    cut = [split(cell, mark) for cell in cells]
    if any(len(set(tags)) < len(tags) for tags in cut) or any(cell.startswith(mark) for cell in cells):
        return False
    if mark != "|" and any(" " in cell for cell in cells):
        return False
    return sum(len(tags) > 1 for tags in cut) >= max(least, _MOSTLY_SEVERAL * len(cut))


def thin_out(rows: Mapping[int, int]) -> bool:
    """Return whether integers look like counts: from 0 or 1, the more the rarer, thinning out to gaps at the end."""
    found = sorted(rows)
    if len(found) < 6 or found[0] not in {0, 1}:
        return False
    counts = [rows[value] for value in found]
    first, last = sum(counts[: len(counts) // 3]), sum(counts[-(len(counts) // 3) :])
    gaps = found[-1] - found[0] + 1 > len(found)
    return first > 8 * max(1, last) and (gaps or counts[-1] <= 0.02 * max(counts))


def fall_faster(rows: Mapping[int, int]) -> bool:
    """Return whether integers look like numbers of events: counts that fall ever faster, as in Poisson's law.

    Classes that are numbered by their rows thin out by a power or at an even rate: their logarithm does not bend down.
    """
    if not thin_out(rows):
        return False
    counts = [number for _, number in sorted(rows.items())]
    third = len(counts) // 3
    first, last = sum(counts[:third]) / third, sum(counts[-third:]) / third
    middle = sum(counts[third:-third]) / (len(counts) - 2 * third)
    return middle * middle >= 2 * first * last


def heap_up(rows: Mapping[int, int]) -> bool:
    """Return whether integers look like a quantity: many around a hump, its rare ends thin and with gaps."""
    found = sorted(rows)
    if len(found) < 12 or found[-1] - found[0] + 1 == len(found):
        return False
    counts = [rows[value] for value in found]
    third = len(counts) // 3
    middle, ends = sum(counts[third:-third]), sum(counts[:third]) + sum(counts[-third:])
    return middle > ends and sum(number == 1 for number in counts) > 0.1 * len(counts)


FEW_ROWS = 30
"""With fewer rows, repetition tells little."""

FEW_CLASSES = 20
"""Up to here whole numbers are classes as a matter of course; beyond, many of them look like a quantity."""

ALL_DISTINCT = 0.9
"""With this share of distinct values, values tell rows apart and hardly repeat."""

_OFTEN = 5
"""Rows a value on the average from which on values come back often."""

_HOLES = 0.05
"""Classes that no row holds, for each that some row holds, beyond which holes are those of a quantity."""

_ANY_TARGET = frozenset({"y", "train", "test", "val", "response", "dependent"})
"""Words of names that numbers to be regressed bear as often as labels do."""

_BY_NAME = 3.5
"""The weight of a name that holds a word for labels; see `label_names`."""

SENTINELS = (-100, -1, 255, 999, -999, 9999, -9999, -9, 99)
"""Integers that people write for a row to be left out of the loss, the surest first."""

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TIME = r"([ T,].*)?"
_DATES = re.compile(
    rf"\d{{4}}[-/.]\d{{1,2}}([-/.]\d{{1,2}})?{_TIME}"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}{_TIME}"
    rf"|\d{{1,2}}[- ]{_MONTH}[- ,]+\d{{2,4}}{_TIME}"
    rf"|{_MONTH}[- ]\d{{1,2}},?[- ]+\d{{4}}{_TIME}"
    rf"|(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d{{4}}.*"
    r"|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?",
    re.IGNORECASE,
)
_FILE_WORDS = frozenset({"file", "filename", "filepath", "path", "url", "uri"})
_LOCATION = re.compile(r"[a-z][a-z0-9+.-]*://\S.*|[^/\\]*[/\\].*\.\w{1,5}", re.IGNORECASE)
_FILE = re.compile(r".*\.(png|jpe?g|gif|tiff?|bmp|wav|mp3|flac|mp4|txt|json|xml|html?|npy|dcm|pdf|csv)", re.IGNORECASE)


class Traits(Record):
    """A column's facts, and what is known of it from elsewhere.

    Attributes:
        facts: of its cells.
        given: how many classes the caller or the file lists.
        chosen: whether the caller named the column as the label.
    """

    facts: ColumnFacts
    given: int | None = None
    chosen: bool = False

    @cached_property
    def integers(self) -> list[int] | None:
        """The distinct values as integers, None if one is none."""
        return self.facts.integers()

    @cached_property
    def by_integer(self) -> dict[int, int]:
        """Rows by integer value."""
        found: Counter[int] = Counter()
        for text, rows in self.facts.counts.items():
            value = integer_of(text)
            if value is not None:
                found[value] += rows
        return found

    @cached_property
    def sentinel(self) -> str | None:
        """The one value that stands for no label beside integers that count on from 0 or 1; None if there is none."""
        mask = None if self.integers is None else mask_among(self.integers)
        return None if mask is None else next(text for text in self.facts.counts if integer_of(text) == mask)

    @cached_property
    def indices(self) -> list[int] | None:
        """The integers without the one that stands for no label."""
        masked = None if self.sentinel is None else integer_of(self.sentinel)
        return None if self.integers is None else [value for value in self.integers if value != masked]

    @cached_property
    def numbers(self) -> list[float] | None:
        """The distinct values as numbers, None if one is none."""
        return self.facts.numbers()

    @cached_property
    def tags(self) -> TagFacts | None:
        """The tags of cells that hold several; a blank cell holds none."""
        if self.numbers is not None or self.facts.booleans or self.facts.dates:
            return None
        if self.facts.overflow:
            return self.facts.tags
        separator = separator_of(self.facts.counts)
        if separator is None and self.few:
            separator = separator_of_few(self.facts.counts, self.facts.name)
        return None if separator is None else split_all(self.facts.counts, separator, self.facts.missing)

    @cached_property
    def vector_size(self) -> int | None:
        """The common length of cells that are all written lists of numbers, None if they are not."""
        if self.tags is None or self.tags.separator != BRACKETS:
            return None
        lengths = {len(written_vector(cell) or ()) for cell in self.facts.counts if cell.strip()}
        return lengths.pop() if len(lengths) == 1 and lengths != {0} else None

    @property
    def rows(self) -> int:
        """Rows that hold a value."""
        return self.facts.labelled

    @property
    def distinct(self) -> int:
        """Number of distinct values."""
        return self.facts.distinct

    @cached_property
    def classes(self) -> int:
        """Number of classes, if these are classes: numbers count once however they are written."""
        seen = self.distinct if self.indices is None else len(self.indices)
        return max(seen, self.given or 0)

    @property
    def few(self) -> bool:
        """Whether there are too few rows to judge by repetition."""
        return self.rows < FEW_ROWS

    @cached_property
    def words(self) -> set[str]:
        """The distinct values, without blanks and case."""
        return {text.strip().casefold() for text in self.facts.counts}

    @cached_property
    def words_a_cell(self) -> float:
        """Mean number of words of a distinct value."""
        return sum(len(text.split()) for text in self.facts.counts) / max(1, len(self.facts.counts))

    @cached_property
    def lettered(self) -> bool:
        """Whether most distinct values hold a letter."""
        found = sum(any(letter.isalpha() for letter in text) for text in self.facts.counts)
        return found > 0.5 * max(1, len(self.facts.counts))

    @cached_property
    def evenness(self) -> float:
        """Entropy of the counts over that of equal counts; 1 for equal ones."""
        counts = list(self.facts.counts.values())
        total = sum(counts)
        if len(counts) < 2:
            return 1.0
        return -sum(count / total * log(count / total) for count in counts) / log(len(counts))

    def named(self, words: frozenset[str]) -> bool:
        """Whether the column's name holds one of some words."""
        return bool(pieces(self.facts.name) & words)

    @cached_property
    def is_label(self) -> bool:
        """Whether the caller, or the column's own name, says that it holds labels.

        A name such as `age` says that it holds a quantity; then only a few values that are not counts pass for labels.
        A name such as `y` leaves open what is to be learned; then counts that fall as events do are a quantity.
        """
        if self.named(NUMBER_WORDS - {"score", "scores"}):
            return self.chosen and self.classes <= FEW_CLASSES and not self.looks_counted
        by_name = names.weight(self.facts.name) >= _BY_NAME
        if self.named(CLASS_WORDS) or (by_name and not pieces(self.facts.name) <= _ANY_TARGET):
            return True
        return (self.chosen or by_name) and not fall_faster(self.by_integer)

    @cached_property
    def comes_back(self) -> bool:
        """Whether values repeat, so that they tell no rows apart."""
        return self.distinct < ALL_DISTINCT * self.rows

    @cached_property
    def enumerated(self) -> bool:
        """Whether a label column counts its classes: whole numbers from 0 or 1 without a gap, which come back."""
        found = self.indices
        if found is None or not found or self.facts.overflow or not self.comes_back:
            return False
        if self.given is not None:
            return found[0] >= 0 and found[-1] <= self.given
        return self.is_label and found[0] in {0, 1} and found[-1] - found[0] + 1 == len(found)

    @cached_property
    def nearly_enumerated(self) -> bool:
        """Whether a label column counts its classes but for a few that no row holds, not as counts thin out."""
        found = self.indices
        if found is None or self.facts.overflow or not self.is_label or found[0] not in {0, 1}:
            return False
        holes = found[-1] - found[0] + 1 - len(found)
        often = self.rows >= _OFTEN * self.distinct
        return 0 < holes <= _HOLES * len(found) and often and not (self.looks_counted or self.looks_measured)

    @cached_property
    def doubtful(self) -> bool:
        """Whether whole numbers that count classes could be a quantity as well: many, rare, or thinning out."""
        often = self.given is not None or self.rows >= _OFTEN * self.distinct
        return self.looks_counted or self.classes > FEW_CLASSES or not often

    @cached_property
    def coded(self) -> bool:
        """Whether the name says that the values are ids or codes, and no class."""
        return self.named(CODE_WORDS) and not self.named(CLASS_WORDS)

    @cached_property
    def dated(self) -> bool:
        """Whether nearly every cell is written as a date or a time."""
        matching = sum(rows for text, rows in self.facts.counts.items() if _DATES.fullmatch(text.strip()))
        return bool(matching) and matching >= 0.95 * sum(self.facts.counts.values())

    @cached_property
    def files(self) -> bool:
        """Whether nearly every distinct value is a file name."""
        matching = sum(bool(_FILE.fullmatch(text.strip())) for text in self.facts.counts)
        return matching >= 0.95 * max(1, len(self.facts.counts))

    @cached_property
    def locations(self) -> bool:
        """Whether every cell is the path, the address or the name of another file, by cell or by column name."""
        return self.distinct == self.rows > 1 and (
            self.files
            or self.named(_FILE_WORDS)
            or all(_LOCATION.fullmatch(text.strip()) for text in self.facts.counts)
        )

    @cached_property
    def looks_counted(self) -> bool:
        """Whether integers look like counts."""
        return self.integers is not None and thin_out(self.by_integer)

    @cached_property
    def looks_measured(self) -> bool:
        """Whether integers look like a quantity."""
        return self.integers is not None and heap_up(self.by_integer)

    @cached_property
    def digits(self) -> int | None:
        """The common length of values that are all digits, such as zip codes; None if there is none."""
        lengths = {len(text) if text.isascii() and text.isdigit() else 0 for text in self.facts.counts}
        return lengths.pop() if len(lengths) == 1 and lengths != {0} else None


def mask_among(integers: Sequence[int]) -> int | None:
    """Return which of some distinct integers, ascending, stands for no label beside others that count from 0 or 1."""
    if len(integers) < 3:
        return None
    for mask in SENTINELS:
        if mask == -1 and len(integers) < 4:  # -1, 0, 1 are three classes as likely as two and a mask
            continue
        rest = [value for value in integers if value != mask]
        counting = rest == list(range(rest[0], rest[0] + len(rest))) and rest[0] in {0, 1}
        apart = abs(mask - rest[-1]) > 1 and not rest[0] <= mask <= rest[-1]
        if len(rest) == len(integers) - 1 and counting and apart and not (mask == -1 and rest[0] != 0):
            return mask
    return None
