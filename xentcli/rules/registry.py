"""The registry of rules: code, name, level and explanation stand together, in one place per rule.

Floor 6. A rule is a pure function of facts that a single pass counted, so a sharded run finds what a
single run finds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from xentcli.rules.finding import Finding, Level
from xentcli.tally.facts import Defect, FirstRows, RowFacts
from xentcli.task.model import Scale


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What rules on a scored table read.

    Attributes:
        facts: where every row went.
        unmatched: rows of either file whose id the other lacks.
        lines: text lines by row number, for the first rows of each defect; None for other formats.
        scale: what the scores were read as.
        scale_said: the scale that the names of the score columns speak of.
        columns: the score columns.
    """

    facts: RowFacts
    unmatched: int = 0
    lines: dict[int, int] | None = None
    scale: Scale | None = None
    scale_said: Scale | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A coded check.

    Attributes:
        code: permanent code.
        name: the defect in words.
        level: how much it matters.
        check: returns the finding, or None where the facts show nothing.
        explanation: Markdown page: what it is, why it bites, how to mend it.
    """

    code: str
    name: str
    level: Level
    check: Callable[["Rule", ScoreFacts], Finding | None]
    explanation: str


_SCORE_DEFECTS = (
    Defect.NOT_A_NUMBER,
    Defect.NON_FINITE,
    Defect.OUT_OF_RANGE,
    Defect.WRONG_LENGTH,
    Defect.BAD_WEIGHT,
)


def _lines(facts: ScoreFacts, rows: tuple[int, ...]) -> tuple[int, ...] | None:
    if facts.lines is None:
        return None
    return tuple(facts.lines[row] for row in rows if row in facts.lines)


def _logits_as_probabilities(rule: Rule, seen: ScoreFacts) -> Finding | None:
    if seen.scale_said is not Scale.PROBABILITIES or seen.scale is not Scale.LOGITS:
        return None
    outside = seen.facts.finite - seen.facts.fit_probabilities
    return Finding(
        rule.code,
        rule.name,
        rule.level,
        f"the names of the scores speak of probabilities, but {outside:,} of {seen.facts.finite:,} rows leave [0, 1]:"
        " they were read as logits",
        "apply softmax (or sigmoid) before saving, divide per cents by 100, or confirm with --scale logits",
        outside,
        columns=seen.columns[:10],
    )


def _bad_scores(rule: Rule, seen: ScoreFacts) -> Finding | None:
    together = FirstRows()
    for defect in _SCORE_DEFECTS:
        together.merge(seen.facts.defects[defect])
    if together.count == 0:
        return None
    parts = [(seen.facts.defects[defect].count, defect.value) for defect in _SCORE_DEFECTS]
    listed = "; ".join(f"{count:,} {words}" for count, words in parts if count)
    rows = seen.facts.row_numbers(together)
    return Finding(
        rule.code,
        rule.name,
        rule.level,
        f"{together.count:,} of {seen.facts.read:,} rows were skipped, their scores cannot be used: {listed}",
        "mend what writes the scores; the numbers here speak of the other rows only",
        together.count,
        rows,
        _lines(seen, rows),
    )


def _unseen_labels(rule: Rule, seen: ScoreFacts) -> Finding | None:
    first = seen.facts.defects[Defect.UNSEEN_LABEL]
    if first.count == 0:
        return None
    rows = seen.facts.row_numbers(first)
    return Finding(
        rule.code,
        rule.name,
        rule.level,
        f"{first.count:,} of {seen.facts.read:,} rows were skipped, no score column has their label",
        "score all classes, or name the classes in the order of the scores with --classes",
        first.count,
        rows,
        _lines(seen, rows),
    )


def _unmatched_ids(rule: Rule, seen: ScoreFacts) -> Finding | None:
    if seen.unmatched == 0:
        return None
    return Finding(
        rule.code,
        rule.name,
        rule.level,
        f"{seen.unmatched:,} ids stand in one of the two files only; their rows are not scored",
        "write labels and predictions from the same list of ids",
        seen.unmatched,
    )


SCORE_RULES: tuple[Rule, ...] = (
    Rule(
        "XE201",
        "logits-as-probabilities",
        Level.ERROR,
        _logits_as_probabilities,
        "Columns named like probabilities that leave [0, 1] hold logits, or per cents, or something else. A loss"
        " that takes them for probabilities is meaningless; read as logits it is only right if they are.",
    ),
    Rule(
        "XE208",
        "bad-scores",
        Level.ERROR,
        _bad_scores,
        "A score that is empty, no number, NaN, infinite, out of range, or one of a list of another length"
        " says nothing about its row. Such rows stop the run, and --skip-bad-rows counts and leaves them out:"
        " a model that fails on hard rows would otherwise look better than it is.",
    ),
    Rule(
        "XE305",
        "unseen-labels",
        Level.ERROR,
        _unseen_labels,
        "A label that no score column answers for is a certain error with an infinite loss. It comes from a"
        " class that training never saw, from labels that count from 1, or from another spelling.",
    ),
    Rule(
        "XE308",
        "unmatched-ids",
        Level.WARNING,
        _unmatched_ids,
        "An id that stands in one file only has a label without a prediction or a prediction without a label."
        " What is left may not be what was meant to be measured.",
    ),
)


def check(seen: ScoreFacts) -> tuple[Finding, ...]:
    """Return the findings of all rules, errors first, then by code."""
    found = [finding for rule in SCORE_RULES if (finding := rule.check(rule, seen)) is not None]
    order = [Level.ERROR, Level.WARNING, Level.NOTE]
    return tuple(sorted(found, key=lambda one: (order.index(one.level), one.code)))
