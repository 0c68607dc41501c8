"""Rules on scores: what is wrong with the predictions themselves, or with how they meet their labels.

Floor 6. Pure functions of `ScoreFacts`.
"""

from dataclasses import dataclass

from xentcli.rules.finding import Level
from xentcli.rules.rule import Hit, Rule
from xentcli.tally.facts import Defect, FirstRows, RowFacts
from xentcli.task.model import Scale


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What rules on a scored table read.

    Attributes:
        facts: where every row went.
        unmatched: rows of either file whose id the other lacks.
        scale: what the scores were read as.
        scale_said: the scale that the names of the score columns speak of.
        columns: the score columns.
    """

    facts: RowFacts
    unmatched: int = 0
    scale: Scale | None = None
    scale_said: Scale | None = None
    columns: tuple[str, ...] = ()


_SCORE_DEFECTS = (
    Defect.NOT_A_NUMBER,
    Defect.NON_FINITE,
    Defect.OUT_OF_RANGE,
    Defect.WRONG_LENGTH,
    Defect.BAD_WEIGHT,
)


def _logits_as_probabilities(seen: ScoreFacts) -> Hit | None:
    if seen.scale_said is not Scale.PROBABILITIES or seen.scale is not Scale.LOGITS:
        return None
    outside = seen.facts.finite - seen.facts.fit_probabilities
    return Hit(
        f"the names of the scores speak of probabilities, but {outside:,} of {seen.facts.finite:,} rows leave [0, 1]:"
        " they were read as logits",
        "apply softmax (or sigmoid) before saving, divide per cents by 100, or confirm with --scale logits",
        outside,
        columns=seen.columns[:10],
    )


def _bad_scores(seen: ScoreFacts) -> Hit | None:
    together = FirstRows()
    for defect in _SCORE_DEFECTS:
        together.merge(seen.facts.defects[defect])
    if together.count == 0:
        return None
    parts = [(seen.facts.defects[defect].count, defect.value) for defect in _SCORE_DEFECTS]
    listed = "; ".join(f"{count:,} {words}" for count, words in parts if count)
    rows = seen.facts.row_numbers(together)
    return Hit(
        f"{together.count:,} of {seen.facts.read:,} rows were skipped, their scores cannot be used: {listed}",
        "mend what writes the scores; the numbers here speak of the other rows only",
        together.count,
        rows,
    )


def _unseen_labels(seen: ScoreFacts) -> Hit | None:
    first = seen.facts.defects[Defect.UNSEEN_LABEL]
    if first.count == 0:
        return None
    rows = seen.facts.row_numbers(first)
    return Hit(
        f"{first.count:,} of {seen.facts.read:,} rows were skipped, no score column has their label",
        "score all classes, or name the classes in the order of the scores with --classes",
        first.count,
        rows,
    )


def _unmatched_ids(seen: ScoreFacts) -> Hit | None:
    if seen.unmatched == 0:
        return None
    return Hit(
        f"{seen.unmatched:,} ids stand in one of the two files only; their rows are not scored",
        "write labels and predictions from the same list of ids",
        seen.unmatched,
    )


SCORE_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE201",
        "logits-as-probabilities",
        (Level.ERROR,),
        "names or --scale say probabilities, but values leave [0, 1]",
        _logits_as_probabilities,
        "Columns named like probabilities that leave [0, 1] hold logits, or per cents, or something else. A loss"
        " that takes them for probabilities is meaningless; read as logits it is only right if they are.",
    ),
    Rule(
        "XE208",
        "bad-scores",
        (Level.ERROR,),
        "scores that are empty, NaN, infinite, out of range or of a wrong length",
        _bad_scores,
        "A score that is empty, no number, NaN, infinite, out of range, or one of a list of another length"
        " says nothing about its row. Such rows stop the run, and --skip-bad-rows counts and leaves them out:"
        " a model that fails on hard rows would otherwise look better than it is.",
    ),
    Rule(
        "XE305",
        "unseen-labels",
        (Level.ERROR,),
        "labels that no score column answers for",
        _unseen_labels,
        "A label that no score column answers for is a certain error with an infinite loss. It comes from a"
        " class that training never saw, from labels that count from 1, or from another spelling.",
    ),
    Rule(
        "XE308",
        "unmatched-ids",
        (Level.WARNING,),
        "ids that stand in one of two joined files only",
        _unmatched_ids,
        "An id that stands in one file only has a label without a prediction or a prediction without a label."
        " What is left may not be what was meant to be measured.",
    ),
)
