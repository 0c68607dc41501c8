"""Fits: how the labels that occur match the names of score columns, and which of two labels one name speaks of.

Floor 3. Pure functions of texts.

Sides: which of two labels the name of one score speaks of, or that it speaks of something that is neither. A name
that could be the score of either label is never guessed at.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum

from xentcli.record import Record
from xentcli.task.positive import PositiveBy, positive_class
from xentcli.task.reading.names import Name, name_of, numbered
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import GENERIC_WORDS, KNOWN_PAIRS, NEGATIONS, OTHER_SIDE, in_small

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


class Fit(Record):
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


_STEM = 4
"""Letters that two words must share at their start to be of one stem, as in `churn` and `churned`."""
_LONGEST_ENDING = 4


def named_after(said: Name, label: str, counts: Mapping[str, int]) -> str | None:
    """Return the label that a score's name holds or means, None where it holds none or several.

    Args:
        said: the name of the score.
        label: the name of the column of labels.
        counts: rows by label.
    """
    own = {text.strip().casefold(): text for text in counts}
    # The words of a name have no sign: `prob_-1` is no score of 1.
    signed = [
        text for text in counts
        if (integer_of(text) or 0) < 0 and re.search(rf"(?<![^\W_]){integer_of(text)}(?!\d)", said.text)
    ]  # fmt: skip
    if signed:
        return signed[0] if len(signed) == 1 else None
    whole = own.get("_".join(said.rest))
    held = [own[word] for word in said.words if word in own]
    if whole or len(held) == 1:
        return whole or held[0]
    return _meant(said.rest, counts) or _negated(said.rest, label, counts) or _of_stem(said.rest, counts)


def speaks_of_neither(said: Name, label: str, counts: Mapping[str, int]) -> bool:
    """Whether a score's name speaks of something that may be either of two labels: `p_benign` of 0 and 1.

    Args:
        said: the name of the score.
        label: the name of the column of labels.
        counts: rows by label, two of them.
    """
    if len(counts) != 2 or named_after(said, label, counts) is not None:
        return False
    left = _left(said.rest, label)
    if positive_class(tuple(counts), None).by is PositiveBy.SORTED:
        return any(len(word) > 1 and not word.isdigit() and word not in GENERIC_WORDS for word in left)
    return bool({*left} & (OTHER_SIDE | NEGATIONS))


def same_stem(one: str, other: str) -> bool:
    """Whether two words are forms of one another: they begin alike, and differ in their ends only.

    One may be the other with any ending (`fraudulent` of fraud); two endings are short (`survived` and `survival`), or
    else the words are two (`version` and `versicolor`).
    """
    shorter, longer = sorted((one, other), key=len)
    shared = next((at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if shared < len(shorter) and len(longer) - shared > _LONGEST_ENDING:
        return False
    return one == other or (shared >= _STEM and shared >= 0.6 * len(shorter) and 2 * shared >= len(longer))


def same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names are made of forms of the same words; names without a word are not."""
    return len(one) == len(other) > 0 and all(same_stem(a, b) for a, b in zip(one, other, strict=True))


def _left(rest: Sequence[str], label: str) -> list[str]:
    """Return the words of a score's name that are not those of the label's name."""
    own = name_of(label).words
    return [word for word in rest if not any(same_stem(word, its) for its in own)]


def _meant(rest: Sequence[str], counts: Mapping[str, int]) -> str | None:
    """Return the label that says what the rest of a score's name says: 0 for `no`; None where it says neither."""
    said = sides_of(("_".join(rest),)) if rest else None
    return None if said is None else _of_side(next(iter(said.values())), counts)


def _of_side(side: int, counts: Mapping[str, int]) -> str | None:
    return next((text for text, own in (sides_of(tuple(counts)) or {}).items() if own == side), None)


def _negated(rest: Sequence[str], label: str, counts: Mapping[str, int]) -> str | None:
    """Return the label that says no, where a score's name says that what the label asks is not so."""
    left = _left(rest, label)
    return _of_side(0, counts) if left and len(left) < len(rest) and {*left} <= NEGATIONS else None


def _of_stem(rest: Sequence[str], counts: Mapping[str, int]) -> str | None:
    """Return the one label that holds a form of a word of a score's name: `Churned` of `churn_prob`."""
    if {*rest} & NEGATIONS:
        return None
    said = [word for word in rest if len(word) >= _STEM and word not in GENERIC_WORDS]
    found = [text for text in counts if _holds_form(said, name_of(text).words)]
    return found[0] if len(found) == 1 else None


def _holds_form(said: Sequence[str], words: Iterable[str]) -> bool:
    own = [*words]
    return not {*own} & NEGATIONS and any(same_stem(word, its) for word in said for its in own)
