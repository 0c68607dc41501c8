"""Matching: label values are paired with the classes of the score columns, once for the whole table.

Floor 3. Pure functions of distinct values and names. Labels and names match by number when every label is
integer-valued, by exact text otherwise (`01` is not `1`); integer labels index columns that are not named after them.
What `--classes` names is checked against itself and told with the names.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from xentcli.errors import AmbiguousError, InputError, Place, UsageError, brief, did_you_mean
from xentcli.phrases import counted, verb
from xentcli.record import Record
from xentcli.task.values import LabelValues, integer_of
from xentcli.task.vocabulary import BOOLEAN_NAMES, BOOLEANS, YES_NO_PAIRS, in_small
from xentcli.terms import Encoding


class Matched(Record):
    """The classes in index order, and the class index of every label value that has one.

    Attributes:
        classes: class names.
        index: class index by label text; a value that is not in it is unseen.
        encoding: how the labels are written.
        reasons: sentences on the class order.
    """

    classes: tuple[str, ...]
    index: Mapping[str, int]
    encoding: Encoding
    reasons: tuple[str, ...]


class ClassOrder(Record):
    """Classes in index order, and the class index of every text that stands for one."""

    classes: tuple[str, ...]
    index: Mapping[str, int]


def class_order(counts: Mapping[str, int], given: tuple[str, ...] | None) -> ClassOrder:
    """Return the classes of some label texts: as given, numbers by size, no before yes, names by text.

    Texts of one number (`1`, `1.0`) are one class if every text is integer-valued.
    """
    integers = {text: integer_of(text) for text in counts}
    if given is not None:
        by_name = {name: at for at, name in enumerate(given)}
        if not any(text in by_name for text in counts) and None not in integers.values():
            return ClassOrder(given, {text: at or 0 for text, at in integers.items() if 0 <= (at or 0) < len(given)})
        return ClassOrder(given, {text: by_name[text] for text in counts if text in by_name})
    if None not in integers.values():
        order = sorted({value for value in integers.values() if value is not None})
        at = {value: place for place, value in enumerate(order)}
        return ClassOrder(
            tuple(str(value) for value in order), {t: at[v] for t, v in integers.items() if v is not None}
        )
    classes = sorted_texts(tuple(counts))
    return ClassOrder(classes, {text: place for place, text in enumerate(classes)})


def sorted_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return names in class order: no before yes, else by text."""
    folded = {in_small(text): text for text in texts}
    if len(folded) == len(texts) == 2:
        for negative, positive in YES_NO_PAIRS:
            if set(folded) == {negative, positive}:
                return (folded[negative], folded[positive])
    return tuple(sorted(texts))


_WORDED_PAIRS = [pair for pair in YES_NO_PAIRS if not pair[0].lstrip("-").isdigit()]


def scalar_encoding(values: LabelValues, classes: int) -> Encoding:
    """Return how the values of one scalar label column are written, given the number of classes."""
    folded = {in_small(text) for text in values.counts}
    if values.booleans or any(folded <= set(pair) for pair in _WORDED_PAIRS):
        return Encoding.BOOLEANS
    if not values.integers:
        return Encoding.CLASS_NAMES
    found = {integer_of(text) or 0 for text in values.counts}
    if found == {-1, 1}:
        return Encoding.PLUS_MINUS_ONE
    if found <= set(range(classes)):
        return Encoding.CLASS_INDICES
    if found <= set(range(1, classes + 1)):
        return Encoding.ONE_BASED_INDICES
    return Encoding.CLASS_CODES


def _lookup(values: LabelValues, classes: tuple[str, ...]) -> dict[str, int]:
    """Return the class index of every value that is named like a class."""
    if values.integers:
        by_number = {integer_of(name): at for at, name in enumerate(classes) if integer_of(name) is not None}
        return {text: by_number[integer_of(text)] for text in values.counts if integer_of(text) in by_number}
    exact = {name: at for at, name in enumerate(classes)}
    found = {text: exact[text] for text in values.counts if text in exact}
    if not found and values.booleans:
        folded = {name.casefold(): at for at, name in enumerate(classes)}
        found = {text: folded[word] for text in values.counts for word in BOOLEAN_NAMES.get(text, ()) if word in folded}
    return found


def match_classes(
    values: LabelValues, classes: tuple[str, ...] | None, width: int, metadata: tuple[str, ...] | None
) -> Matched:
    """Return how label values map to `width` score columns.

    Args:
        values: the distinct labels.
        classes: names in column order, as given or from the columns' names; None if there are none.
        width: number of score columns.
        metadata: class names in index order from the file's own metadata.

    Raises:
        AmbiguousError: names without an order that could be told.
        InputError: no label is one of the classes.
    """
    names = metadata if metadata is not None and len(metadata) == width and classes is None else classes
    numbered = names is None or all(integer_of(name) == at for at, name in enumerate(names))
    place = Place(values.path, column=values.column)
    if names is not None:
        found = _lookup(values, names)
        if found or not values.counts:
            because = () if classes is not None else ("class order: the file's own metadata",)
            return Matched(names, found, scalar_encoding(values, width), because)
    if values.integers:
        index = {text: integer_of(text) or 0 for text in values.counts}
        index = {text: at for text, at in index.items() if 0 <= at < width}
        shown = names or tuple(str(at) for at in range(width))
        return Matched(shown, index, scalar_encoding(values, width), ("integer labels index the scores from 0",))
    if numbered and len(values.counts) == width:
        order = sorted_texts(tuple(values.counts))
        index = {text: at for at, text in enumerate(order)}
        shown_order = ", ".join(order[:6]) + (" ..." if width > 6 else "")
        sentence = f"class order: the {width} label names sorted, {shown_order} (--classes overrides)"
        return Matched(order, index, scalar_encoding(values, width), (sentence,))
    if numbered:
        distinct, scores = counted(len(values.counts), "distinct name"), counted(width, "score")
        raise AmbiguousError(
            f"holds {distinct} for {scores}, so their order cannot be told",
            place=place,
            help="give the classes in the order of the scores: --classes a,b,c or --classes @FILE",
        )
    first, others = next(iter(values.counts)), len(values.counts) - 1
    close = did_you_mean(first, names or ())
    raise InputError(
        f"holds no label that is one of the classes: {first!r}"
        + (f" and {counted(others, 'other')}" if others else ""),
        place=place,
        details=(f"classes: {', '.join((names or ())[:12])}",),
        help=f"did you mean {close!r}?" if close else "name the classes in the scores' order with --classes",
    )


def binary_classes(values: LabelValues, given: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the two classes of a binary label column, negative first where the words tell.

    Raises:
        UsageError: `given` does not name two classes.
        InputError: there are not two classes.
    """
    if given is not None:
        if len(given) != 2:
            raise UsageError(
                f"names {told(given, 'class')}, one score column takes 2",
                option="classes",
                help="name both, such as --classes no,yes; or name all score columns with --scores",
            )
        refuse_repeated(given)
        return given
    found = class_order(values.counts, None).classes
    if len(found) == 2:
        return found
    if len(found) == 1 and integer_of(found[0]) in {0, 1}:
        return ("0", "1")
    if len(found) == 1 and found[0].casefold() in BOOLEANS:
        return BOOLEANS
    if len(found) < 2:
        raise InputError(
            f"holds one class only ({', '.join(found) or 'none'}), so the other one has no name",
            place=Place(values.path, column=values.column),
            help="name both, negative first: --classes no,yes",
        )
    shown = ", ".join(found[:8]) + (", ..." if len(found) > 8 else "")
    raise InputError(
        f"holds {len(found)} distinct labels ({shown}), one score column answers for 2",
        place=Place(values.path, column=values.column),
        help="name the score columns of all classes with --scores, or the label column with --label",
    )


SHOWN = 8
_LONGEST_NAME = 60


def refuse_repeated(classes: Sequence[str]) -> None:
    """Raise if a class is named more than once: two indices would be one class.

    Raises:
        UsageError: naming those that are.
    """
    repeated = [name for name, times in Counter(classes).items() if times > 1]
    if repeated:
        raise UsageError(
            f"names {listed(repeated, quoted=True)} twice",
            option="classes",
            help=f"{counted(len(classes), 'name')} {verb(len(classes), 'are')} given in index order, each class once",
        )


def listed(names: Sequence[str], *, quoted: bool = False) -> str:
    """Return the first of some names, each shortened."""
    shown = [brief(repr(name) if quoted else name, _LONGEST_NAME) for name in names[:SHOWN]]
    return ", ".join(shown) + (", ..." if len(names) > SHOWN else "")


def told(names: Sequence[str], noun: str) -> str:
    """Return how many there are, and the names: 4 classes (a, b, c, d)."""
    return f"{counted(len(names), noun)} ({listed(names)})"
