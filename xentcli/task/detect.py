"""Detection: given label columns, what they mean, by elimination.

Floor 3. Every reading starts alive; a fact kills it or supports it, each with a sentence. The survivors are
ranked, and a close second becomes an alternative with the flag that picks it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xentcli.errors import ColumnError, Place, UsageError
from xentcli.files.arrays import is_list
from xentcli.files.table import Table
from xentcli.task import blocks, survey
from xentcli.task.hypotheses import FEW_ROWS, HYPOTHESES, Hypothesis, Traits
from xentcli.task.matching import LabelOrder, class_order, positive_class
from xentcli.task.model import Alternative, Certainty, ClassCount, Detection, Encoding, Kind, Task
from xentcli.task.tags import BRACKETS, Tags, collect

CLOSE = 1.5
"""A reading whose support is this near to the best one's is an alternative."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller fixes."""

    kind: Kind | None = None
    encoding: Encoding | None = None
    classes: tuple[str, ...] | None = None
    positive: str | None = None


def detect(
    table: Table,
    columns: Sequence[str],
    *,
    kind: Kind | None = None,
    encoding: Encoding | None = None,
    classes: Sequence[str] | None = None,
    positive: str | None = None,
) -> Detection:
    """Return what label columns mean.

    Args:
        table: where they are.
        columns: their names; one column, or one per class, label or output.
        kind: fixes the kind of task.
        encoding: fixes the encoding.
        classes: class names in index order.
        positive: the positive class of a binary task.

    Raises:
        UsageError: what is fixed contradicts the data.
        ColumnError: the columns are of different types that have no meaning together.
    """
    wish = Wish(kind, encoding, None if classes is None else tuple(classes), positive)
    names = tuple(columns)
    if len(names) == 1:
        return _one(table, names[0], wish)
    return blocks.detect_block(table, names, wish.kind, wish.encoding, wish.classes, wish.positive, _plain)


def _one(table: Table, name: str, wish: Wish) -> Detection:
    cells = table[name].type
    if survey.is_number_list(cells):
        facts = survey.survey_lists(table, name)
        if len(facts.lengths) <= 1 and facts.names:
            return blocks.judge(
                (name,), facts, table[name].classes, wish.kind, wish.encoding, wish.classes, wish.positive
            )
    if is_list(cells):
        found, rows, missing = survey.survey_tag_lists(table, name)
        return _tag_lists(name, collect(found, None), rows, missing, wish)
    return _plain(table, name, wish.kind, wish.encoding, wish.classes, wish.positive)


def _plain(
    table: Table,
    name: str,
    kind: Kind | None = None,
    encoding: Encoding | None = None,
    classes: tuple[str, ...] | None = None,
    positive: str | None = None,
) -> Detection:
    """Return what one column of plain cells means."""
    wish = Wish(kind, encoding, classes, positive)
    facts = survey.survey_column(table, name)
    traits = Traits(facts)
    ranked = _ranked(traits, wish, Place(table.path, column=name))
    weight, sentence, best = ranked[0]
    if best.encoding is Encoding.TAG_LISTS and traits.tags is not None:
        detection = _tag_lists(name, traits.tags, facts.rows, facts.missing, wish)
        # A blank text cell may mean no tags or no label; it is counted apart, not as negative.
        return replace(detection, evidence=(sentence,), alternatives=_alternatives(ranked))
    task, counts = _task(best, facts, wish)
    certainty = _certainty(weight, ranked, traits, wish)
    return Detection(
        (name,), task, certainty, (sentence,), _alternatives(ranked), facts.rows, facts.missing, counts,
    )  # fmt: skip


def _ranked(traits: Traits, wish: Wish, place: Place) -> list[tuple[float, str, Hypothesis]]:
    """Return the readings that live and fit the wish, the best first."""
    alive, dead = [], []
    for hypothesis in HYPOTHESES:
        reason = hypothesis.killed(traits)
        if reason is None:
            alive.append((*hypothesis.support(traits), hypothesis))
        else:
            dead.append((hypothesis, reason))
    alive.sort(key=lambda one: -one[0])
    fitting = [one for one in alive if _fits(one[2], wish)]
    if fitting:
        return fitting
    asked = " and ".join(str(one.value) for one in (wish.kind, wish.encoding) if one is not None)
    reasons = [reason for hypothesis, reason in dead if _fits(hypothesis, wish)]
    raise UsageError(
        f"cannot be read as {asked}: {reasons[0] if reasons else 'one column of plain cells is never that'}",
        place=place,
        help=f"the data say: {alive[0][1]}" if alive else None,
    )


def _fits(hypothesis: Hypothesis, wish: Wish) -> bool:
    if wish.kind is not None and hypothesis.kind is not wish.kind:
        return False
    return wish.encoding is None or hypothesis.encoding is wish.encoding


def _alternatives(ranked: list[tuple[float, str, Hypothesis]]) -> tuple[Alternative, ...]:
    best = ranked[0]
    found = []
    for weight, sentence, one in ranked[1:]:
        same = (one.kind, one.not_a_target) == (best[2].kind, best[2].not_a_target)
        if one.kind is not None and one.encoding is not None and not same and weight >= best[0] - CLOSE:
            flag = f"--task {one.kind.value} --encoding {one.encoding.value}"
            found.append(Alternative(one.kind, one.encoding, sentence, flag))
    return tuple(found[:3])


def _certainty(weight: float, ranked: list[tuple[float, str, Hypothesis]], traits: Traits, wish: Wish) -> Certainty:
    if wish.kind is not None or wish.encoding is not None:
        return Certainty.CERTAIN
    best = ranked[0][2]
    rivals = [one[0] for one in ranked[1:] if (one[2].kind, one[2].not_a_target) != (best.kind, best.not_a_target)]
    lead = weight - max(rivals, default=0.0)
    if traits.rows < FEW_ROWS and traits.distinct > 2:
        return Certainty.GUESS if lead < 2 * CLOSE else Certainty.LIKELY
    if lead >= CLOSE:
        return Certainty.CERTAIN
    return Certainty.LIKELY if lead >= CLOSE / 3 else Certainty.GUESS


def _task(best: Hypothesis, facts: survey.ColumnFacts, wish: Wish) -> tuple[Task, tuple[ClassCount, ...]]:
    order = class_order(facts.counts, wish.classes or facts.classes)
    if best.kind is None:
        names = order.classes if best.not_a_target is not None and len(order.classes) == 1 else ()
        counts = tuple(ClassCount(one, facts.counts[one]) for one in names if one in facts.counts)
        return Task(None, None, names, None, best.not_a_target), counts
    counts = _class_counts(order, facts)
    positive = None
    if best.kind is Kind.BINARY:
        positive = order.classes[positive_class(order.classes, wish.positive, (), None)[0]]
    elif wish.positive is not None:
        raise UsageError(f"--positive is for binary tasks, this one is {best.kind.value}")
    return Task(best.kind, best.encoding, order.classes, positive), counts


def _class_counts(order: LabelOrder, facts: survey.ColumnFacts) -> tuple[ClassCount, ...]:
    totals: Counter[int] = Counter()
    unknown = [text for text in facts.counts if text not in order.index]
    if unknown:
        raise UsageError(f"holds {unknown[0]!r}, which --classes does not name", place=Place(column=facts.name))
    for text, rows in facts.counts.items():
        totals[order.index[text]] += rows
    return tuple(ClassCount(name, totals[at]) for at, name in enumerate(order.classes))


def _tag_lists(name: str, tags: Tags, rows: int, missing: int, wish: Wish) -> Detection:
    """Return the multi-label reading of tags."""
    asked = wish.kind or wish.encoding
    if asked not in {None, Kind.MULTILABEL, Encoding.TAG_LISTS}:
        raise UsageError(
            f"cannot be read as {asked.value}: {tags.several:,} rows hold several tags",
            place=Place(column=name),
        )
    order = class_order(tags.rows, wish.classes)
    extra = [tag for tag in tags.rows if tag not in order.index]
    if extra:
        raise UsageError(f"holds the tag {extra[0]!r}, which --classes does not name", place=Place(column=name))
    if not tags.rows:
        raise ColumnError("holds no tags at all", place=Place(column=name))
    totals: Counter[int] = Counter()
    for tag, number in tags.rows.items():
        totals[order.index[tag]] += number
    counts = tuple(ClassCount(one, totals[at]) for at, one in enumerate(order.classes))
    separator = None if tags.separator == BRACKETS else tags.separator
    task = Task(Kind.MULTILABEL, Encoding.TAG_LISTS, order.classes, separator=separator)
    most = max(tags.per_row, default=0)
    evidence = f"each cell lists the tags of its row: {len(order.classes):,} different ones, up to {most} a row"
    return Detection((name,), task, Certainty.CERTAIN, (evidence,), (), rows, missing, counts, dict(tags.per_row))
