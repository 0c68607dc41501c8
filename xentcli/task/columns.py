"""Columns: what one column of plain cells, or of lists of tags, means; from its facts.

Floor 3. Ranks the readings of `column_hypotheses` and turns the best one into a Detection. Whether its classes have an
order, as ratings and grades have, is told by their names.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.phrases import counted, verb
from xentcli.record import replace
from xentcli.task.column_facts import ColumnFacts, null_words, without
from xentcli.task.column_hypotheses import COLUMN_HYPOTHESES
from xentcli.task.hypothesis import NO_WISH, Hypothesis, Wish, alternatives, certainty, rank
from xentcli.task.matching import ClassOrder, class_order
from xentcli.task.model import Alternative, Certainty, ClassCount, Detection, LabelFacts, NotATarget, Task
from xentcli.task.names import pieces
from xentcli.task.positive import index_classes, positive_class, score_names
from xentcli.task.tags import BRACKETS, TagFacts
from xentcli.task.traits import Traits
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import NULL_WORDS
from xentcli.terms import Encoding, Kind

_SCALES: tuple[tuple[str, ...], ...] = (
    ("very low", "low", "medium low", "medium", "moderate", "medium high", "high", "very high", "extreme"),
    ("none", "mild", "moderate", "severe", "proliferative", "critical"),
    ("very bad", "bad", "poor", "fair", "average", "ok", "good", "very good", "great", "premium", "excellent", "ideal"),
    ("terrible", "bad", "neutral", "good", "excellent"),
    ("strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "neutral", "undecided",
     "somewhat agree", "agree", "strongly agree"),
    ("very negative", "negative", "neutral", "positive", "very positive"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("never", "rarely", "seldom", "once in a while", "sometimes", "often", "usually", "very often", "always"),
    ("not at all", "a little", "slightly", "somewhat", "moderately", "fairly", "very", "extremely"),
    ("very unlikely", "unlikely", "somewhat likely", "likely", "very likely"),
    ("xs", "s", "m", "l", "xl", "xxl"),
    ("tiny", "small", "medium", "large", "huge"),
    ("worse", "same", "better"),
    ("easy", "medium", "hard", "expert"),
    ("g", "f", "e", "d", "c", "b", "a"),
    ("first", "second", "third", "fourth", "fifth"),
    ("1st", "2nd", "3rd", "4th", "5th"),
)  # fmt: skip
"""Words in their order; a file may use any of a row."""

_RATED = frozenset({
    "rating", "ratings", "stars", "star", "grade", "quality", "level", "severity", "stage", "rank", "satisfaction",
    "likert", "score", "agreement",
})  # fmt: skip
_LETTERED = _RATED | {"size", "grades", "mark", "marks"}
"""Where single letters are grades or sizes, and not just letters."""

_NUMBERED = re.compile(r"(?:[a-z]+[ _-]?)?(\d+)(?:[ _-]?[a-z]+)?")
_INTERVAL = re.compile(r"[<>]?=?\s*\d+(\.\d+)?\s*(-|to|\u2013)\s*\d+(\.\d+)?|[<>]=?\s*\d+|\d+\s*\+")


def order_of(classes: tuple[str, ...], column: str) -> str | None:
    """Return the order that the names of more than two classes tell, as `low < medium < high`; None if none."""
    if len(classes) < 3 or len(classes) > 20:
        return None
    words = {" ".join(re.split(r"[\s_-]+", name.strip().casefold())): name for name in classes}
    for scale in _SCALES:
        letters = all(len(word) == 1 for word in words)
        if len(words) == len(classes) and set(words) <= set(scale) and (not letters or pieces(column) & _LETTERED):
            return " < ".join(words[word] for word in scale if word in words)
    numbers = [integer_of(name) for name in classes]
    if None not in numbers:
        return " < ".join(classes) if pieces(column) & _RATED else None
    if all(_INTERVAL.fullmatch(word) for word in words):
        return " < ".join(sorted(classes, key=_first_number))
    matches = [_NUMBERED.fullmatch(word) for word in words]
    named = any(pieces(name) & _RATED for name in classes) or pieces(column) & _RATED
    if named and all(matches):
        return " < ".join(sorted(classes, key=_first_number))
    return None


def _first_number(name: str) -> float:
    """Return the first number of a name; an open lower end comes before it."""
    found = re.search(r"\d+(\.\d+)?", name)
    value = float(found.group()) if found else 0.0
    return value - 0.5 if name.strip().startswith("<") else value


SENTINELS_BESIDE = (Encoding.CLASS_INDICES, Encoding.ONE_BASED_INDICES)


def detect_column(facts: ColumnFacts, wish: Wish = NO_WISH, path: str | None = None) -> Detection:
    """Return what one column of plain cells means.

    Raises:
        UsageError: what the caller fixes contradicts the facts.
    """
    words = () if wish.encoding is Encoding.CLASS_NAMES or wish.classes else null_words(facts)
    facts, said = without(facts, words), _said(facts, words)
    known = wish.classes or _known(facts)
    traits = Traits(facts, None if known is None else len(known), wish.named)
    ranked = rank(COLUMN_HYPOTHESES, traits, wish, Place(path, column=facts.name))
    best = ranked[0].reading
    others = alternatives(ranked)
    fractions = traits.numbers is not None and traits.integers is None
    sure = certainty(ranked, few=traits.few and (traits.classes > 2 or fractions), wish=wish)
    tags = traits.tags
    if tags is not None and best.encoding is Encoding.TAG_LISTS:
        found = tag_detection(facts.name, tags, wish, ranked[0].sentence)
        seen = LabelFacts(
            missing=found.seen.missing, unlabelled=_from_one(facts.empty_tag_rows()), crowded=found.seen.crowded
        )
        return replace(found, alternatives=others, certainty=sure, rows=facts.rows, seen=seen)
    if tags is not None and tags.separator == BRACKETS and best.encoding is Encoding.CLASS_NAMES:
        return replace(_single_items(facts.name, tags, wish, ranked[0].sentence), alternatives=others)
    sentinel = traits.sentinel if best.encoding in SENTINELS_BESIDE else None
    empty = () if wish.fixes or best.kind is None else _without_null_names(facts, wish)
    if empty:
        others, sure = (*empty, *others), max(sure, Certainty.LIKELY, key=list(Certainty).index)
    task, counts = _task(best, without(facts, () if sentinel is None else (sentinel,)), wish, known)
    seen = _seen(facts, sentinel)
    masks = (
        (f"{sentinel} in {counted(facts.counts[sentinel], 'row')} stands for no label",) if sentinel is not None else ()
    )
    evidence = (ranked[0].sentence, *masks, *said)
    order = order_of(task.classes, facts.name) if best.kind is Kind.MULTICLASS else None
    masked = facts.counts[seen.sentinel] if seen.sentinel is not None else 0
    return Detection(
        (facts.name,), task, sure, evidence, others, facts.rows, facts.missing + masked, counts,
        ordinal=order, seen=seen,
    )  # fmt: skip


def _without_null_names(facts: ColumnFacts, wish: Wish) -> tuple[Alternative, ...]:
    """Return the reading in which names such as `NA` mean that a label is missing, if that is another task."""
    words = tuple(text for text in facts.counts if text.strip().casefold() in NULL_WORDS)
    if facts.overflow or not words or len(words) == len(facts.counts):
        return ()
    task = detect_column(without(facts, words), Wish(named=wish.named)).task
    if task.kind is None or not isinstance(task.encoding, Encoding):
        return ()
    rows = sum(facts.counts[word] for word in words)
    because = f"if {' and '.join(map(repr, words))} ({counted(rows, 'row')}) means that the label is missing"
    return (Alternative(task.kind, task.encoding, because, " ".join(f"--null-values {word}" for word in words)),)


def _said(facts: ColumnFacts, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"{word!r} in {counted(facts.counts[word], 'row')} stands among numbers and is read as no label;"
        " to make it a class: --encoding class-names"
        for word in words
    )


def _seen(facts: ColumnFacts, sentinel: str | None) -> LabelFacts:
    values = {} if facts.overflow else {text: (rows, facts.first[text] + 1) for text, rows in facts.counts.items()}
    return LabelFacts(values, sentinel, _from_one(facts.missing_rows))


def _from_one(rows: Sequence[int]) -> tuple[int, ...]:
    return tuple(row + 1 for row in rows)


def _known(facts: ColumnFacts) -> tuple[str, ...] | None:
    """Return the classes that the file's metadata list, without those of a dictionary that no row uses."""
    if facts.classes is None:
        return None
    used = tuple(name for name in facts.classes if name in facts.counts)
    by_name = len(used) == len(facts.counts)
    by_index = all(0 <= (integer_of(text) or 0) < len(facts.classes) for text in facts.counts if integer_of(text))
    if by_name and facts.dictionary:
        return used
    indices = all(integer_of(text) is not None for text in facts.counts)
    return facts.classes if by_name or (indices and by_index) else None


def _task(
    best: Hypothesis[Traits], facts: ColumnFacts, wish: Wish, known: tuple[str, ...] | None
) -> tuple[Task, tuple[ClassCount, ...]]:
    order = class_order(facts.counts, known)
    if best.kind is None:
        single = best.not_a_target is NotATarget.SINGLE_CLASS
        names = order.classes if single else ()
        counts = tuple(ClassCount(one, facts.labelled) for one in names[:1])
        return Task(None, None, names, None, best.not_a_target), counts
    counts = _class_counts(order, facts.counts, facts.name)
    positive = _positive(best.kind, order, wish)
    return Task(best.kind, best.encoding, order.classes, positive), counts


def _positive(kind: Kind, order: ClassOrder, wish: Wish) -> str | None:
    if kind is Kind.BINARY:
        classes, scores = order.classes, score_names(wish.beside, order.classes)
        indexed = index_classes(order.index, classes)
        return classes[positive_class(classes, wish.positive, scores, indexed=indexed).index]
    if wish.positive is not None:
        raise UsageError(f"is for binary tasks, this one is {kind.value}", option="positive")
    return None


def _class_counts(order: ClassOrder, counts: Mapping[str, int], name: str) -> tuple[ClassCount, ...]:
    totals: Counter[int] = Counter()
    unknown = [text for text in counts if text not in order.index]
    if unknown:
        raise UsageError(f"holds {unknown[0]!r}, which --classes does not name", place=Place(column=name))
    for text, rows in counts.items():
        totals[order.index[text]] += rows
    return tuple(ClassCount(one, totals[at]) for at, one in enumerate(order.classes))


def tag_detection(name: str, tags: TagFacts, wish: Wish, sentence: str | None = None) -> Detection:
    """Return the multi-label reading of tags.

    Raises:
        UsageError: what the caller fixes contradicts them.
        ColumnError: there is not one tag.
    """
    asked = wish.kind or wish.encoding
    if asked not in {None, Kind.MULTILABEL, Encoding.TAG_LISTS}:
        several = f"{counted(tags.several, 'row')} {verb(tags.several, 'hold')}"
        raise UsageError(
            f"cannot be read as {asked.value}: {several} several tags",
            place=Place(column=name),
        )
    if not tags.rows:
        raise ColumnError("holds no tags at all", place=Place(column=name))
    order = class_order(tags.rows, wish.classes)
    counts = _class_counts(order, tags.rows, name)
    task = Task(Kind.MULTILABEL, Encoding.TAG_LISTS, order.classes, separator=tags.separator)
    most = max(tags.per_row, default=0)
    evidence = sentence or f"each cell lists the tags of its row: {len(order.classes):,} different ones, up to {most}"
    rows = tags.cells + tags.missing
    per_row = dict(sorted(tags.per_row.items()))
    seen = LabelFacts(
        missing=_from_one(tags.missing_rows),
        unlabelled=_from_one(tags.empty_rows),
        crowded=tags.per_row[len(order.classes)],
    )
    return Detection((name,), task, Certainty.CERTAIN, (evidence,), (), rows, tags.missing, counts, per_row, seen=seen)


def detect_tag_lists(name: str, tags: TagFacts, wish: Wish) -> Detection:
    """Return what a column of lists of tags means: several labels a row, or exactly one."""
    multi = wish.kind is Kind.MULTILABEL or wish.encoding is Encoding.TAG_LISTS
    if not tags.rows and not wish.fixes:
        task = Task(None, None, (), None, NotATarget.EMPTY)
        rows = tags.cells + tags.missing
        return Detection((name,), task, Certainty.CERTAIN, ("no list holds a label",), (), rows, tags.missing, ())
    if tags.several and tags.repeated > 0.3 * tags.several and not multi:
        sentence = f"in {counted(tags.repeated, 'list')} a value stands twice: sequences of labels, one a token"
        task = Task(None, None, (), None, NotATarget.TEXT)
        return Detection((name,), task, Certainty.LIKELY, (sentence,), (), tags.cells + tags.missing, tags.missing, ())
    if set(tags.per_row) == {1} and len(tags.rows) > 1 and not multi:
        sentence = f"every list holds exactly one of {len(tags.rows):,} items: one class a row"
        because = "labels that exclude each other by chance"
        other = Alternative(Kind.MULTILABEL, Encoding.TAG_LISTS, because, "--task multilabel --encoding tag-lists")
        return replace(_single_items(name, tags, wish, sentence), alternatives=(other,))
    return tag_detection(name, tags, wish)


def _single_items(name: str, tags: TagFacts, wish: Wish, sentence: str) -> Detection:
    """Return the reading of lists of exactly one item: one class a row."""
    order = class_order(tags.rows, wish.classes)
    counts = _class_counts(order, tags.rows, name)
    kind = Kind.BINARY if len(order.classes) == 2 else Kind.MULTICLASS
    task = Task(kind, Encoding.CLASS_NAMES, order.classes, _positive(kind, order, wish))
    rows = tags.cells + tags.missing
    return Detection((name,), task, Certainty.LIKELY, (sentence,), (), rows, tags.missing, counts)
