"""Hypotheses: every reading of one column of plain cells, each with what kills it and what supports it.

Floor 3. Small pure functions of `Traits`. A killing fact is a sentence; a supporting one has a weight, the
larger the more it speaks for the reading. Nothing here ranks or chooses: `detect` does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import log

from xentcli.task.matching import NEGATIVE_WORDS, POSITIVE_WORDS
from xentcli.task.model import Encoding, Kind, NotATarget
from xentcli.task.survey import ColumnFacts
from xentcli.task.tags import Tags, find_tags

FEW_ROWS = 30
CLASS_WORDS = (
    "class",
    "label",
    "category",
    "species",
    "genre",
    "type",
    "target",
    "outcome",
    "diagnosis",
    "digit",
)
NUMBER_WORDS = (
    "price", "amount", "count", "number", "days", "age", "height", "weight", "salary", "income", "wage", "cost",
    "temperature", "year", "score", "rate", "length", "width", "size", "duration", "latitude", "longitude",
)  # fmt: skip
_DATE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?$")


@dataclass(frozen=True)
class Traits:
    """A column's facts, looked at in the ways that several hypotheses share."""

    facts: ColumnFacts

    @cached_property
    def integers(self) -> list[int] | None:
        """The distinct values as integers, None if one is none."""
        return self.facts.integers()

    @cached_property
    def numbers(self) -> list[float] | None:
        """The distinct values as numbers, None if one is none."""
        return self.facts.numbers()

    @cached_property
    def tags(self) -> Tags | None:
        """The tags of cells that hold several."""
        return None if self.numbers is not None or self.facts.overflow else find_tags(self.facts.counts)

    @property
    def rows(self) -> int:
        """Rows that hold a value."""
        return self.facts.labelled

    @property
    def distinct(self) -> int:
        """Number of distinct values."""
        return self.facts.distinct

    @property
    def few(self) -> bool:
        """Whether there are too few rows to judge by repetition."""
        return self.rows < FEW_ROWS

    @cached_property
    def words(self) -> set[str]:
        """The distinct values, without blanks and case."""
        return {text.strip().casefold() for text in self.facts.counts}

    @cached_property
    def evenness(self) -> float:
        """Entropy of the counts over that of equal counts; 1 for equal ones."""
        counts = list(self.facts.counts.values())
        total = sum(counts)
        if len(counts) < 2:
            return 1.0
        return -sum(count / total * log(count / total) for count in counts) / log(len(counts))

    def named(self, words: tuple[str, ...]) -> bool:
        """Whether the column's name holds one of some words."""
        pieces = re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", self.facts.name).casefold())
        return any(piece in words for piece in pieces)

    @cached_property
    def looks_counted(self) -> bool:
        """Whether integers look like counts: from 0, the more the rarer, thinning out to gaps at the end."""
        found = self.integers or []
        if len(found) < 6 or found[0] not in {0, 1}:
            return False
        counts = [self.facts.counts.get(str(value), 0) for value in found]
        first, last = sum(counts[: len(counts) // 3]), sum(counts[-(len(counts) // 3) :])
        gaps = found[-1] - found[0] + 1 > len(found)
        return first > 8 * max(1, last) and (gaps or counts[-1] <= 0.02 * max(counts))


Support = tuple[float, str]


@dataclass(frozen=True)
class Hypothesis:
    """A reading of a column.

    Attributes:
        kind: of the task; None if the column is no classification target.
        encoding: how the labels are written; None likewise.
        not_a_target: what the column is instead.
        killed: returns why the reading is impossible, None if it is possible.
        support: returns how much speaks for it, and the sentence.
    """

    kind: Kind | None
    encoding: Encoding | None
    not_a_target: NotATarget | None
    killed: Callable[[Traits], str | None]
    support: Callable[[Traits], Support]


def _two(traits: Traits) -> str | None:
    return None if traits.distinct == 2 else f"{traits.distinct:,} distinct values are not two classes"


def _integers(traits: Traits) -> str | None:
    return None if traits.integers is not None else "not every value is an integer"


def _words_killed(traits: Traits) -> str | None:
    pairs = [{no, yes} for no, yes in zip(NEGATIVE_WORDS, POSITIVE_WORDS, strict=True) if not no.lstrip("-").isdigit()]
    if traits.words in pairs or (traits.facts.booleans and traits.distinct == 2):
        return None
    return "the values are not true and false, nor yes and no"


def _signs_killed(traits: Traits) -> str | None:
    return None if traits.integers == [-1, 1] else "the values are not -1 and 1"


def _counting_killed(start: int) -> Callable[[Traits], str | None]:
    def killed(traits: Traits) -> str | None:
        found = traits.integers
        if found is None:
            return "not every value is an integer"
        if found != list(range(start, start + len(found))):
            return f"the values do not count {start}, {start + 1}, {start + 2} ... without a gap"
        return None

    return killed


def _indices_support(traits: Traits) -> Support:
    found = traits.integers or []
    sentence = f"{len(found)} integers from {found[0]} to {found[-1]} without a gap"
    return _class_weight(traits, 3.0 if len(found) <= 20 else 1.5), sentence


def _codes_support(traits: Traits) -> Support:
    found = traits.integers or []
    sentence = f"{len(found)} distinct integers from {found[0]} to {found[-1]}, each in {_times(traits)} rows"
    return _class_weight(traits, 1.6 if len(found) <= 20 else 0.4), sentence


def _class_weight(traits: Traits, weight: float) -> float:
    """Weigh a reading as classes by name, repetition and the shape of the counts."""
    if traits.distinct == 2:
        return 4.0
    weight += 1.5 * traits.named(CLASS_WORDS) - 1.5 * traits.named(NUMBER_WORDS)
    if traits.looks_counted:
        weight -= 2.5
    if traits.distinct > 0.5 * traits.rows:
        weight -= 0.5 if traits.few else 3.0
    if traits.distinct > 20:
        weight += 1.0 if traits.evenness > 0.97 and traits.rows >= 4 * traits.distinct else -1.0
    return weight


def _times(traits: Traits) -> str:
    return f"{traits.rows / max(1, traits.distinct):.3g}"


def _no_numbers(traits: Traits) -> str | None:
    return None if traits.numbers is None or traits.distinct == 2 else "the values are numbers"


def _names_killed(traits: Traits) -> str | None:
    if traits.facts.dates:
        return "the cells are dates"
    return _no_numbers(traits)


def _names_support(traits: Traits) -> Support:
    distinct, rows = traits.distinct, traits.rows
    sentence = f"{distinct:,} distinct names in {rows:,} rows, each row holds one"
    weight = 3.0 + 1.0 * traits.named(CLASS_WORDS)
    if distinct > 0.5 * rows:
        weight -= 1.0 if traits.few else 3.5
    elif distinct > 0.2 * rows and not traits.few:
        weight -= 1.0
    return weight, sentence


def _tags_killed(traits: Traits) -> str | None:
    return None if traits.tags is not None else "no separator splits the cells into values that come back"


def _tags_support(traits: Traits) -> Support:
    tags = traits.tags
    assert tags is not None  # noqa: S101  it was not killed
    written = "brackets" if tags.separator == "brackets" else f"{tags.separator!r}"
    sentence = f"{tags.several:,} of {traits.rows:,} cells hold several of {len(tags.rows):,} tags, split by {written}"
    return 5.0, sentence


def _numbers_killed(traits: Traits) -> str | None:
    if traits.numbers is None:
        return "the values are no numbers"
    return "there are two values only" if traits.distinct <= 2 else None


def _numbers_support(traits: Traits) -> Support:
    found = traits.numbers or [0.0]
    low, high = f"{found[0]:g}", f"{found[-1]:g}"
    if traits.integers is None:
        return 4.0, f"{traits.distinct:,} distinct numbers with fractions, from {low} to {high}"
    weight = 1.0 + 1.5 * traits.named(NUMBER_WORDS) + 2.5 * traits.looks_counted
    weight += 1.5 * (traits.distinct > 20) + 1.0 * (traits.distinct > 0.2 * traits.rows and not traits.few)
    if traits.distinct > 0.5 * traits.rows:
        weight += 0.5 if traits.few else 1.5
    return weight, f"{traits.distinct:,} distinct whole numbers from {low} to {high}"


def _many_killed(traits: Traits) -> str | None:
    if traits.rows < 5 or traits.distinct < 0.9 * traits.rows:
        return f"{traits.rows - traits.distinct:,} rows repeat a value"
    return "the numbers have fractions" if traits.numbers is not None and traits.integers is None else None


def _identifier_support(traits: Traits) -> Support:
    sentence = f"{traits.distinct:,} distinct values in {traits.rows:,} rows, hardly one repeats"
    spaced = sum(" " in text.strip() for text in traits.facts.counts) > 0.5 * max(1, len(traits.facts.counts))
    run = traits.integers is not None and len(traits.integers) == traits.integers[-1] - traits.integers[0] + 1
    weight = (0.0 if spaced else 2.0) + 3.5 * run
    return (weight if not traits.few else weight - 0.5), sentence


def _text_killed(traits: Traits) -> str | None:
    if traits.numbers is not None:
        return "the values are numbers"
    return None if traits.distinct > 0.5 * traits.rows and traits.rows >= 5 else "the values come back"


def _text_support(traits: Traits) -> Support:
    texts = list(traits.facts.counts)
    words = sum(len(text.split()) for text in texts) / max(1, len(texts))
    return (
        4.0 if words >= 4 else 2.2 if words >= 1.5 else 1.0
    ), f"free text of {words:.0f} words a row, hardly one repeats"


def _dates_killed(traits: Traits) -> str | None:
    if traits.facts.dates:
        return None
    dated = sum(rows for text, rows in traits.facts.counts.items() if _DATE.match(text.strip()))
    return None if dated and dated >= 0.95 * traits.rows else "the values are no dates"


HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis(
        None, None, NotATarget.EMPTY,
        lambda traits: "there are labels" if traits.rows else None,
        lambda _: (99.0, "every cell is empty"),
    ),
    Hypothesis(
        None, None, NotATarget.SINGLE_CLASS,
        lambda traits: None if traits.distinct == 1 else "there is more than one value",
        lambda traits: (98.0, f"every labelled row holds {next(iter(traits.facts.counts))!r}"),
    ),
    Hypothesis(
        None, None, NotATarget.DATE, _dates_killed, lambda traits: (6.0, f"{traits.distinct:,} distinct dates"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.BOOLEANS, None, lambda traits: _two(traits) or _words_killed(traits),
        lambda traits: (6.0, f"two values, {' and '.join(sorted(traits.facts.counts))}"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.PLUS_MINUS_ONE, None, _signs_killed, lambda _: (6.0, "two values, -1 and 1"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_INDICES, None, lambda traits: _two(traits) or _counting_killed(0)(traits),
        lambda _: (6.0, "two values, 0 and 1"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.ONE_BASED_INDICES, None, lambda traits: _two(traits) or _counting_killed(1)(traits),
        lambda _: (6.0, "two values, 1 and 2"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_CODES, None, lambda traits: _two(traits) or _integers(traits),
        lambda traits: (3.5, f"two integers, {' and '.join(str(one) for one in traits.integers or ())}"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_NAMES, None,
        lambda traits: _two(traits) or ("the values are integers" if traits.integers is not None else None),
        lambda traits: (4.0, f"two distinct names in {traits.rows:,} rows, each row holds one"),
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_INDICES, None,
        lambda traits: _several(traits) or _counting_killed(0)(traits), _indices_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.ONE_BASED_INDICES, None,
        lambda traits: _several(traits) or _counting_killed(1)(traits), _indices_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_CODES, None,
        lambda traits: _several(traits) or _integers(traits), _codes_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_NAMES, None,
        lambda traits: _several(traits) or _names_killed(traits), _names_support,
    ),
    Hypothesis(Kind.MULTILABEL, Encoding.TAG_LISTS, None, _tags_killed, _tags_support),
    Hypothesis(None, None, NotATarget.CONTINUOUS, _numbers_killed, _numbers_support),
    Hypothesis(None, None, NotATarget.IDENTIFIER, _many_killed, _identifier_support),
    Hypothesis(None, None, NotATarget.TEXT, _text_killed, _text_support),
)  # fmt: skip


def _several(traits: Traits) -> str | None:
    return None if traits.distinct > 2 else "there are not more than two values"
