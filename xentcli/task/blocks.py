"""Blocks: what several label columns, or the lists of one column, mean together.

Floor 3. One-hot, multi-hot, distributions, votes, or several outputs side by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

from xentcli.errors import Place, UsageError
from xentcli.files.table import Table
from xentcli.task import survey
from xentcli.task.matching import NEGATIVE_WORDS, POSITIVE_WORDS, positive_class
from xentcli.task.model import (
    Alternative,
    Certainty,
    ClassCount,
    Detection,
    Encoding,
    Kind,
    NotATarget,
    Task,
)

Plain = Callable[[Table, str], Detection]
NOT_SELECTED = {"", "not selected", "no", "none", "0", "false", "unchecked"}


def detect_block(
    table: Table,
    names: tuple[str, ...],
    kind: Kind | None,
    encoding: Encoding | None,
    classes: tuple[str, ...] | None,
    positive: str | None,
    plain: Plain,
) -> Detection:
    """Return what several columns mean together; `plain` reads one of them by itself.

    Raises:
        UsageError: what the caller fixes contradicts the data.
    """
    columns = survey.survey_columns(table, names)
    all_numbers = all(not facts.counts or facts.numbers() is not None for facts in columns.values())
    if all_numbers:
        signs = all(set(one.integers() or [0]) <= {-1, 1} for one in columns.values() if one.counts)
        if signs and kind in {None, Kind.MULTILABEL} and any("-1" in one.counts for one in columns.values()):
            return _selected(names, columns, "-1 and 1 in every column")
        facts = survey.survey_block(table, names)
        together = facts.labelled in {facts.zero_one, facts.in_unit} or _votes(facts)
        if together and kind is not Kind.MULTIOUTPUT:
            return judge(names, facts, None, kind, encoding, classes, positive)
    elif kind in {None, Kind.MULTILABEL} and all(_is_choice(facts) for facts in columns.values()):
        return _selected(names, columns, "each column holds its option or nothing")
    return _outputs(table, names, kind, plain)


def _votes(facts: survey.MatrixFacts) -> bool:
    """Whether rows are counts of votes: whole numbers with one and the same total."""
    return facts.whole == facts.labelled > 1 and len(facts.totals) == 1 and max(facts.totals) > 1


def judge(
    columns: tuple[str, ...],
    facts: survey.MatrixFacts,
    metadata: tuple[str, ...] | None,
    kind: Kind | None,
    encoding: Encoding | None,
    classes: tuple[str, ...] | None,
    positive: str | None,
) -> Detection:
    """Return what the rows of a block of numbers mean.

    Raises:
        UsageError: what the caller fixes contradicts the data.
    """
    names = _class_names(columns, facts, classes or metadata)
    labelled = facts.labelled
    if labelled == 0:
        return _no_target(columns, facts, NotATarget.EMPTY, "every cell is empty")
    if facts.zero_one == labelled and encoding not in {
        Encoding.CLASS_PROBABILITIES,
        Encoding.LABEL_PROBABILITIES,
    }:
        return _hot(columns, facts, names, kind, encoding, positive)
    if facts.unit_sum >= 0.99 * labelled or _votes(facts):
        return _distributions(columns, facts, names, kind)
    if facts.in_unit == labelled:
        sentence = f"all {labelled:,} rows lie in [0, 1], their sums differ"
        task = Task(Kind.MULTILABEL, Encoding.LABEL_PROBABILITIES, names)
        return _detection(columns, task, Certainty.LIKELY, (sentence,), facts)
    if kind is not None:
        raise UsageError(f"--task {kind.value}: the rows are neither 0/1 nor shares", place=Place(column=columns[0]))
    return _no_target(columns, facts, NotATarget.CONTINUOUS, "rows of numbers that are neither 0/1 nor shares")


def _class_names(columns: tuple[str, ...], facts: survey.MatrixFacts, given: Sequence[str] | None) -> tuple[str, ...]:
    if given is not None:
        if len(given) != len(facts.names):
            raise UsageError(f"--classes names {len(given)} classes, there are {len(facts.names)} columns")
        return tuple(given)
    return strip_common(facts.names) if len(columns) > 1 else facts.names


def strip_common(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names without the words that they all start with, such as `label_` in `label_cat`."""
    shared = "".join(one[0] for one in takewhile(lambda one: len(set(one)) == 1, zip(*names, strict=False)))
    cut = max(shared.rfind(mark) for mark in "_.- :") + 1
    if len(names) < 2 or cut == 0 or any(len(name) <= cut for name in names):
        return names
    return tuple(name[cut:].strip() for name in names)


def _hot(
    columns: tuple[str, ...],
    facts: survey.MatrixFacts,
    names: tuple[str, ...],
    kind: Kind | None,
    encoding: Encoding | None,
    positive: str | None,
) -> Detection:
    one = facts.by_sum[1]
    others = facts.labelled - one
    wants_multi = kind is Kind.MULTILABEL or encoding is Encoding.MULTI_HOT
    wants_one = kind in {Kind.BINARY, Kind.MULTICLASS} or encoding is Encoding.ONE_HOT
    if wants_one and (others or facts.partial):
        raise UsageError(
            f"cannot be read as one-hot: {others + facts.partial:,} rows hold none or several 1s",
            place=Place(column=columns[0]),
        )
    if others == 0 and facts.partial == 0 and not wants_multi and len(names) > 1:
        found = Kind.BINARY if len(names) == 2 else Kind.MULTICLASS
        because = f"exactly one 1 in each of {one:,} rows of {len(names)} columns"
        task = Task(found, Encoding.ONE_HOT, names, _positive(found, names, positive))
        other = Alternative(
            Kind.MULTILABEL,
            Encoding.MULTI_HOT,
            "labels that exclude each other by chance",
            "--task multilabel",
        )
        certainty = Certainty.CERTAIN if facts.labelled >= 30 or wants_one else Certainty.LIKELY
        return _detection(columns, task, certainty, (because,), facts, (other,))
    none, several = facts.by_sum[0], others - facts.by_sum[0]
    because = f"0/1 columns; {none:,} rows hold no 1, {one:,} one, {several:,} several"
    task = Task(Kind.MULTILABEL, Encoding.MULTI_HOT, names)
    return _detection(columns, task, Certainty.CERTAIN, (because, *_partial(facts)), facts)


def _partial(facts: survey.MatrixFacts) -> tuple[str, ...]:
    return (
        (f"{facts.partial:,} rows leave some labels open (blank or -1): unknown, not negative",)
        if facts.partial
        else ()
    )


def _positive(kind: Kind, names: tuple[str, ...], given: str | None) -> str | None:
    return names[positive_class(names, given, (), None)[0]] if kind is Kind.BINARY else None


def _distributions(
    columns: tuple[str, ...], facts: survey.MatrixFacts, names: tuple[str, ...], kind: Kind | None
) -> Detection:
    found = Kind.BINARY if len(names) == 2 else Kind.MULTICLASS
    if kind is not None and kind is not found:
        raise UsageError(f"--task {kind.value}: each row is one distribution over {len(names)} classes")
    votes = _votes(facts) and facts.unit_sum < facts.labelled
    sentence = (
        f"every row holds {max(facts.totals):,} votes"
        if votes
        else f"{facts.unit_sum:,} of {facts.labelled:,} rows sum to 1"
    )
    task = Task(found, Encoding.CLASS_PROBABILITIES, names, _positive(found, names, None))
    evidence = (f"{sentence}: shares over {len(names)} classes", "a row counts for the class with its largest share")
    counts = tuple(ClassCount(name, facts.top[at]) for at, name in enumerate(names))
    return replace(_detection(columns, task, Certainty.LIKELY, evidence, facts), counts=counts)


def _detection(
    columns: tuple[str, ...],
    task: Task,
    certainty: Certainty,
    evidence: tuple[str, ...],
    facts: survey.MatrixFacts,
    alternatives: tuple[Alternative, ...] = (),
) -> Detection:
    counts = tuple(ClassCount(name, facts.ones[at]) for at, name in enumerate(task.classes))
    per_row = dict(sorted(facts.by_sum.items())) if task.encoding is Encoding.MULTI_HOT else None
    return Detection(columns, task, certainty, evidence, alternatives, facts.rows, facts.missing, counts, per_row)


def _no_target(columns: tuple[str, ...], facts: survey.MatrixFacts, why: NotATarget, sentence: str) -> Detection:
    task = Task(None, None, (), None, why)
    return Detection(columns, task, Certainty.LIKELY, (sentence,), (), facts.rows, facts.missing, ())


def _is_choice(facts: survey.ColumnFacts) -> bool:
    """Whether a column of text holds its option where it was selected, and one word or nothing elsewhere."""
    words = {text.strip().casefold() for text in facts.counts}
    chosen = words - NOT_SELECTED
    pairs = [{no, yes} for no, yes in zip(NEGATIVE_WORDS, POSITIVE_WORDS, strict=True)]
    if words in pairs:
        return True
    return len(chosen) <= 1 and len(words) <= 2 and (facts.missing > 0 or len(words) == 2)


def _selected(names: tuple[str, ...], columns: dict[str, survey.ColumnFacts], because: str) -> Detection:
    """Return the multi-label reading of columns that hold an option's text, or nothing."""
    counts = []
    for name, facts in zip(strip_common(names), columns.values(), strict=True):
        negative = NOT_SELECTED | set(NEGATIVE_WORDS)
        rows = sum(rows for text, rows in facts.counts.items() if text.strip().casefold() not in negative)
        counts.append(ClassCount(name, rows))
    task = Task(Kind.MULTILABEL, Encoding.MULTI_HOT, tuple(count.name for count in counts))
    rows = next(iter(columns.values())).rows
    return Detection(names, task, Certainty.LIKELY, (because,), (), rows, 0, tuple(counts))


def _outputs(table: Table, names: tuple[str, ...], kind: Kind | None, plain: Plain) -> Detection:
    """Return the reading of each column by itself, as several outputs."""
    found = [plain(table, name) for name in names]
    targets = [one for one in found if one.task.kind is not None]
    evidence = tuple(f"{one.columns[0]}: {one.evidence[0]}" for one in found)
    rows, missing = found[0].rows, min(one.missing_rows for one in found)
    if kind not in {None, Kind.MULTIOUTPUT}:
        raise UsageError(f"--task {kind.value if kind else ''}: the columns are neither 0/1 nor shares")
    if 2 * len(targets) <= len(found) or any(one.task.kind is None for one in found):
        why = next(one.task.not_a_target for one in found if one.task.kind is None)
        return Detection(names, Task(None, None, (), None, why), Certainty.LIKELY, evidence, (), rows, missing, ())
    encodings = tuple(one.task.encoding for one in found if isinstance(one.task.encoding, Encoding))
    counts = tuple(ClassCount(f"{one.columns[0]}={count.name}", count.count) for one in found for count in one.counts)
    task = Task(Kind.MULTIOUTPUT, encodings, tuple(count.name for count in counts))
    return Detection(names, task, Certainty.LIKELY, evidence, (), rows, missing, counts)
