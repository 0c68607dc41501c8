"""Fits: how the labels that occur match the names of score columns. Pure functions of texts.

Floor 3.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from xentcli.task.reading.names import numbered
from xentcli.task.values import integer_of
from xentcli.task.yes_no import KNOWN_PAIRS, in_small

MOST = 0.5
"""The share of the labelled rows that must have a column; the others are bad rows."""


_LEAST_START = 3
_SHORTENED = "the columns have the starts of the labels' names"


class FitKind(IntEnum):
    """By what labels and columns match, the surest last."""

    OPEN = 1
    """Indices, and nothing tells the order of the classes."""
    SORTED = 2
    """Indices of the names in sorted order, in which the columns stand."""
    MEANING = 3
    """Names of one meaning, such as 1 and yes, or in another letter case."""
    NAMES = 4
    """The same text, or the same number."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A match of labels and columns.

    Attributes:
        kind: by what they match.
        order: the positions of the columns, in class order.
        names: the classes in that order, written as the labels are where they are names.
        because: a sentence on what is more than equality; empty otherwise.
        matched: the positions of columns that a label occurs for.
    """

    kind: FitKind
    order: tuple[int, ...]
    names: tuple[str, ...]
    because: str
    matched: frozenset[int]


def fit(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    """Return how labels match names, None if they do not.

    Args:
        counts: rows by label text.
        names: of the columns.
    """
    for way in (_by_text, _by_case, _by_meaning, _by_start, _by_index, _by_number):
        found = way(counts, names)
        if found is not None:
            return found
    return None


def by_metadata(counts: Mapping[str, int], names: Sequence[str], declared: Sequence[str]) -> Fit | None:
    """Return how integer labels match names by the classes that the file's metadata list, None if they do not."""
    if numbered(names) or set(names) != set(declared) or not all(integer_of(text) is not None for text in counts):
        return None
    at = {name: place for place, name in enumerate(names)}
    order = tuple(at[name] for name in declared)
    return Fit(FitKind.NAMES, order, tuple(declared), "class order: the file's own metadata", frozenset(order))


def _enough(counts: Mapping[str, int], known: Mapping[str, int]) -> bool:
    held = sum(rows for text, rows in counts.items() if text in known)
    return held >= MOST * sum(counts.values()) and held > 0


def _by_text(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    places = {name: at for at, name in enumerate(names)}
    at = {text: places[text] for text in counts if text in places}
    wanted = {text: integer_of(text) for text in counts}
    if None not in wanted.values():
        numbers = {integer_of(name): at for at, name in enumerate(names)}
        at = {text: numbers[number] for text, number in wanted.items() if number in numbers}
    if not _enough(counts, at):
        return None
    return Fit(FitKind.NAMES, tuple(range(len(names))), tuple(names), "", frozenset(at.values()))


def _by_case(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    folded = {name.strip().casefold(): at for at, name in enumerate(names)}
    labels = {text.strip().casefold(): text for text in counts}
    if len(folded) < len(names) or len(labels) < len(counts):
        return None
    at = {text: folded[one] for one, text in labels.items() if one in folded}
    if not _enough(counts, at):
        return None
    spelled = list(names)
    for text, place in at.items():
        spelled[place] = text
    said = "labels and columns match but for letter case"
    return Fit(FitKind.MEANING, tuple(range(len(names))), tuple(spelled), said, frozenset(at.values()))


def sides_of(texts: Sequence[str]) -> dict[str, int] | None:
    """Return 0 for no and 1 for yes by text, where the texts are one known pair, or one of it; None otherwise."""
    folded = {text: _number(in_small(text)) for text in texts}
    if not 1 <= len(folded) <= 2:
        return None
    for no, yes in KNOWN_PAIRS:
        sides = {text: {_number(no): 0, _number(yes): 1}.get(word) for text, word in folded.items()}
        known = {text: side for text, side in sides.items() if side is not None}
        if len(known) == len(folded) and len(set(known.values())) == len(folded):
            return known
    return None


def _number(word: str) -> str:
    whole = integer_of(word)
    return word if whole is None else str(whole)


def _by_meaning(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    """Return the match of two values such as 0 and 1 with two names such as neg and pos."""
    labels, columns = sides_of(tuple(counts)), sides_of(tuple(names))
    if labels is None or columns is None or len(names) != 2:
        return None
    order = tuple(sorted(range(2), key=lambda at: columns[names[at]]))
    worded = {side: text for text, side in labels.items()}
    indices = all(integer_of(text) in {0, 1} for text in counts)
    classes = tuple(names[at] if indices else worded.get(columns[names[at]], names[at]) for at in order)
    pairs = " and ".join(
        f"{text} is {names[order[side]]}" for text, side in sorted(labels.items(), key=lambda one: one[1])
    )
    return Fit(FitKind.MEANING, order, classes, f"by their meaning, {pairs}", frozenset(order))


def _by_index(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    values = [integer_of(text) for text in counts]
    if numbered(names) or not values or not all(one is not None and 0 <= one < len(names) for one in values):
        return None
    order = tuple(range(len(names)))
    if len(names) > 2 and list(names) == sorted(names):
        said = f"labels 0 to {len(names) - 1} stand for the sorted names, {', '.join(names[:4])}"
        more = " ..." if len(names) > 4 else ""
        return Fit(FitKind.SORTED, order, tuple(names), f"{said}{more} (--classes overrides)", frozenset(order))
    return Fit(FitKind.OPEN, order, tuple(names), "", frozenset(order))


def by_given(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    """Return the match of integer labels with classes whose order the caller gives; those beyond them are bad rows."""
    values = {text: number for text in counts if (number := integer_of(text)) is not None}
    known = {text: at for text, at in values.items() if 0 <= at < len(names)}
    if len(values) < len(counts) or numbered(names) or not _enough(counts, known):
        return None
    order = tuple(range(len(names)))
    return Fit(FitKind.OPEN, order, tuple(names), "", frozenset(known.values()))


def _by_start(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    """Return the match of labels with columns of which each has the start of one label: `neg` of negative."""
    if len(counts) != len(names) or any(len(in_small(name)) < _LEAST_START for name in names):
        return None
    folded = sorted((in_small(text), text) for text in counts)
    found = [list(_starting(folded, in_small(name))) for name in names]
    if any(len(texts) != 1 for texts in found) or len({texts[0] for texts in found}) < len(names):
        return None
    order = tuple(range(len(names)))
    return Fit(FitKind.MEANING, order, tuple(texts[0] for texts in found), _SHORTENED, frozenset(order))


def _starting(folded: Sequence[tuple[str, str]], start: str) -> Iterator[str]:
    """Yield the texts, sorted by how they read in small letters, that begin with some letters; two are enough."""
    first = bisect_left(folded, (start,))
    return (text for small, text in folded[first : first + 2] if small.startswith(start))


def _by_number(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    """Return the match of named labels with columns numbered from 0, which stand for the sorted names."""
    numbers = [integer_of(name) for name in names]
    if any(integer_of(text) is not None for text in counts) or sorted(
        one for one in numbers if one is not None
    ) != list(range(len(names))):
        return None
    order = tuple(sorted(range(len(names)), key=lambda at: numbers[at] or 0))
    return Fit(FitKind.SORTED, order, tuple(names[at] for at in order), "", frozenset(order))


def misfit(counts: Mapping[str, int], names: Sequence[str]) -> Fit | None:
    """Return a match of integers with numbered columns of which none has the number of a label, to be told as such."""
    if numbered(names) and all(integer_of(text) is not None for text in counts):
        return Fit(FitKind.NAMES, tuple(range(len(names))), tuple(names), "", frozenset())
    return None
