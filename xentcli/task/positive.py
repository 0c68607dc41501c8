"""The positive class of a binary task: decided here for every command, whatever the order of the columns.

Floor 3. Pure functions of names. In this order: what the caller states; the class that a score column is named after,
if the other class has none; the larger of two numbers; what the names say (`no` and `yes`, `absent` and `present`);
the last of two names as sorted, which is a guess that reports say aloud.
"""

import shlex
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from xentcli.errors import UsageError, did_you_mean
from xentcli.record import Record
from xentcli.task import names
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import KNOWN_PAIRS, NEGATIVE_WORDS, POSITIVE_WORDS, in_small

_BETWEEN = "_.- :"
"""What stands between a class and the rest of a score column's name."""

_TELLING = 2
"""A letter by itself (`t` beside `x`) says neither yes nor no; only the pairs `n`, `y` and `f`, `t` do."""


class PositiveBy(StrEnum):
    """What decided which class is the positive one."""

    STATED = "as given"
    SCORE = "a score column is named after it"
    WORD = "its name says yes"
    NUMBER = "the larger number"
    SORTED = "the last of the sorted names"


class PositiveClass(Record):
    """The positive class.

    Attributes:
        index: its place among the two classes.
        by: what decided.
        reason: that as a clause that follows its name.
    """

    index: int
    by: PositiveBy
    reason: str


def positive_class(
    classes: tuple[str, ...],
    given: str | None,
    named_scores: Mapping[str, str] | None = None,
    *,
    indexed: bool = False,
    listed: bool = False,
) -> PositiveClass:
    """Return the positive class of a binary task, and why it is that one.

    Args:
        classes: the two class names, in any order.
        given: what `--positive` or the configuration says.
        named_scores: score columns, each with the part of its name that may name a class.
        indexed: whether labels are written 0 and 1, which stand for the classes in their order.
        listed: whether the caller listed the classes for one score, negative first.

    Raises:
        UsageError: `given` is none of the classes.
    """
    if given is not None:
        return PositiveClass(_given(classes, given), PositiveBy.STATED, "as given")
    scored = _named_by_score(classes, named_scores or {})
    if scored is not None:
        index, column = scored
        return PositiveClass(index, PositiveBy.SCORE, f"the score column {column} is named after it")
    if indexed:
        return PositiveClass(1, PositiveBy.NUMBER, "label 1 stands for it")
    whole = {text: number for text in classes if (number := integer_of(text)) is not None}
    if len(whole) == len(classes):
        index = max(range(len(classes)), key=lambda at: whole[classes[at]])
        return PositiveClass(index, PositiveBy.NUMBER, "the larger number")
    said = _says_yes(classes)
    if said is not None:
        return PositiveClass(said, PositiveBy.WORD, "by its name")
    if listed:
        return PositiveClass(1, PositiveBy.STATED, "the second of --classes")
    index = max(range(len(classes)), key=lambda at: classes[at])
    return PositiveClass(index, PositiveBy.SORTED, f"the last of the sorted names; {the_other(classes, index)}")


def index_classes(labels: Collection[str], classes: tuple[str, ...]) -> bool:
    """Return whether labels are integers that stand for classes of other names by their order."""
    named = any(integer_of(name) is None for name in classes)
    return named and bool(labels) and all(integer_of(text) is not None for text in labels)


def the_other(classes: tuple[str, ...], positive: int) -> str:
    """Return how to make the other one of two classes the positive one."""
    other = next(name for at, name in enumerate(classes) if at != positive)
    return f"--positive {shlex.quote(other)} for the other"


def in_words(classes: tuple[str, ...], positive: str) -> str:
    """Return the positive class and how to choose the other one, as pages show it."""
    if len(set(classes)) < 2:
        return f"positive class: {positive}"
    return f"positive class: {positive} ({the_other(classes, classes.index(positive))})"


def score_names(columns: Iterable[str], classes: tuple[str, ...]) -> dict[str, str]:
    """Return which columns are named like a score of one of two classes, with the part that names it.

    For commands that read labels only, from the columns that stand beside them.
    """
    wanted = {in_small(name) for name in classes}
    likely = [column for column in columns if _may_name(column.casefold(), wanted)]
    groups = names.score_groups(likely) if likely else []
    return {column: name for group in groups for column, name in zip(group.columns, group.names, strict=True)}


def _may_name(column: str, wanted: set[str]) -> bool:
    """Whether a name begins or ends with a class, apart from the rest."""
    return any(
        (column.endswith(name) and column[: -len(name)].endswith(tuple(_BETWEEN)))
        or (column.startswith(name) and column[len(name) :].startswith(tuple(_BETWEEN)))
        for name in wanted
        if name
    )


def _given(classes: tuple[str, ...], given: str) -> int:
    if given in classes:
        return classes.index(given)
    numbers = [integer_of(name) for name in classes]
    if integer_of(given) is not None and integer_of(given) in numbers:
        return numbers.index(integer_of(given))
    close = did_you_mean(given, classes)
    raise UsageError(
        f"{given!r} is none of the classes {', '.join(classes)}",
        option="positive",
        help=f"did you mean {close!r}?" if close else None,
    )


def _named_by_score(classes: tuple[str, ...], named_scores: Mapping[str, str]) -> tuple[int, str] | None:
    """Return the one class that score columns are named after, and the first of them; None where both have one."""
    found: dict[int, str] = {}
    for column, name in named_scores.items():
        at = class_of(name, classes)
        if at is not None:
            found.setdefault(at, column)
    return next(iter(found.items())) if len(found) == 1 else None


def class_of(name: str, classes: tuple[str, ...]) -> int | None:
    """Return the class of a name: by text, by number, or in another letter case if one class alone fits so."""
    if name in classes:
        return classes.index(name)
    number = integer_of(name)
    same = [at for at, text in enumerate(classes) if number is not None and integer_of(text) == number]
    same = same or [at for at, text in enumerate(classes) if in_small(text) == in_small(name)]
    return same[0] if len(same) == 1 else None


def _says_yes(classes: tuple[str, ...]) -> int | None:
    """Return the class that says yes: by a known pair, or because one of the two alone says yes or no."""
    words = [in_small(name) for name in classes]
    for no, yes in KNOWN_PAIRS:
        if set(words) == {no, yes}:
            return words.index(yes)
    yes_at = [at for at, word in enumerate(words) if len(word) >= _TELLING and word in POSITIVE_WORDS]
    no_at = [at for at, word in enumerate(words) if len(word) >= _TELLING and word in NEGATIVE_WORDS]
    if len(yes_at) == 1:
        return yes_at[0]
    return 1 - no_at[0] if len(no_at) == 1 and len(words) == 2 and not yes_at else None
