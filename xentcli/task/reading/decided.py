"""Decided labels: columns that hold the labels that a model predicts, and what they show of the scores beside them.

Floor 3. A predicted label holds values of the label's own kind; two columns that share no value are no pair.

Shown classes: what a column of predicted labels shows of the scores beside it. It needs no truth. A predicted label
that is, in nearly every row, the class with the largest score shows the order of the classes; one that says a class
wherever one score is high shows what that score is of.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Indices
from xentcli.record import replace
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.fits import FitKind
from xentcli.task.reading.group_facts import matrix_of
from xentcli.task.reading.groups import list_facts
from xentcli.task.reading.model import Candidate, LabelSource, ScoreSource
from xentcli.task.reading.names import label_tier, name_of
from xentcli.task.reading.sample import Cells, ColumnSample
from xentcli.task.roles import ScoreForm
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import ANOMALY_WORDS, SCORE_WORDS

_ONE_SCORE = 2
"""One score column answers for so many classes."""

OTHER_SPELLING = 0.5
"""Words against numbers are no pair yet: what is left of them is refused by name."""


def decision_pairs(
    columns: Columns, labels: LabelSource, counts: Mapping[str, int], level: float
) -> Iterator[Candidate]:
    """Yield the pairs of a label with each column of predicted labels."""
    label = labels.columns[0]
    for name in decision_columns(columns, label, counts):
        if len(counts) <= 2 and columns.sample.fractional(name) and not columns.given_scores:
            continue
        said, own = name_of(name), name_of(label)
        same = (bool(said.rest) and said.rest in {own.words, own.rest}) or said.text == own.text
        scores = ScoreSource(
            (name,),
            ScoreForm.DECISIONS,
            None,
            name,
            words=same or said.plain,
            sums=same,
            given=bool(columns.given_scores),
        )
        bonus = 0.3 * same + 0.2 * (said.plain and said.predicted) + 0.1 * said.predicted
        turned = anomalies(columns.sample[name], name, counts)
        if turned:
            said_so = f"{name}: -1 is an anomaly, so label 1, and 1 is label 0, as scikit-learn's detectors say it"
            yield Candidate(labels, scores, level + 0.1, reasons=(said_so,), meanings=turned)
            continue
        said_alike = share_values(columns.sample[name], counts)
        yield Candidate(labels, scores, level + bonus if said_alike else OTHER_SPELLING)


def decision_columns(columns: Columns, label: str, counts: Mapping[str, int]) -> list[str]:
    """Return the columns of predicted labels: named so, or like the label, else the only one with its values."""
    free = [name for name in columns.of_scores() if name != label and not columns.is_list(name)]
    if columns.given_scores:
        return [name for name in free if len(free) == 1 and may_decide(columns.sample[name], counts)]
    own = name_of(label)
    named = [name for name in free if is_predicted(name) or name_of(name).text == own.text]
    held = [name for name in named if may_decide(columns.sample[name], counts)]
    if held or len(counts) < 2 or label_tier(label) > 1 or integer_of(next(iter(counts))) is not None:
        return held
    others = [name for name in free if name not in named and not columns.sample.fractional(name)]
    columns.sample.load(others)
    alike = [name for name in others if _same_values(columns.sample[name], counts)]
    return alike if len(alike) == 1 else []


def is_predicted(name: str) -> bool:
    """Whether a name says that a column holds predicted labels, and not their scores."""
    said = name_of(name)
    if set(said.words) & ANOMALY_WORDS:
        return True
    return said.predicted and said.words[-1] not in SCORE_WORDS


def may_decide(held: ColumnSample, counts: Mapping[str, int]) -> bool:
    """Whether a column may hold predicted labels: words or whole numbers, of which some are labels."""
    if held.fractions or not held.few or held.cells in {Cells.DATES, Cells.NOTHING}:
        return False
    if _signs_against_bits(held, counts):
        return bool(set(name_of(held.name).words) & ANOMALY_WORDS)
    numbers = [integer_of(text) is not None for text in counts]
    if held.integers and all(numbers) and len(counts) <= _ONE_SCORE:
        # One score answers for two classes: whole numbers beyond the labels are its logits, rounded.
        return {integer_of(text) for text in held.texts} <= {0, 1, *(integer_of(text) for text in counts)}
    mixed = held.integers != all(numbers) and (held.cells is Cells.WORDS or not any(numbers))
    return share_values(held, counts) or mixed


def _signs_against_bits(held: ColumnSample, counts: Mapping[str, int]) -> bool:
    """Whether a column says -1 and 1, and the labels 0 and 1, or the reverse: nothing tells which is which."""
    said = {integer_of(text) for text in held.texts}
    labels = {integer_of(text) for text in counts}
    return (said == {-1, 1} and labels <= {0, 1}) or (said == {0, 1} and labels == {-1, 1})


def anomalies(held: ColumnSample, name: str, counts: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Return the label of each predicted label of a detector of anomalies that says -1 and 1 beside labels 0 and 1."""
    if not set(name_of(name).words) & ANOMALY_WORDS or {integer_of(text) for text in held.texts} != {-1, 1}:
        return ()
    if not {integer_of(text) for text in counts} <= {0, 1}:
        return ()
    return tuple((text, "1" if integer_of(text) == -1 else "0") for text in held.texts)


def share_values(held: ColumnSample, counts: Mapping[str, int]) -> bool:
    """Whether a column and some labels have a value in common, by number where both are numbers, else by text."""
    if held.integers and all(integer_of(text) is not None for text in counts):
        return bool({integer_of(text) for text in held.texts} & {integer_of(text) for text in counts})
    known = {text.strip().casefold() for text in counts}
    return any(text.strip().casefold() in known for text in held.texts)


def _same_values(held: ColumnSample, counts: Mapping[str, int]) -> bool:
    return held.few and not held.fractions and set(held.texts) <= set(counts) and len(held.texts) > 1


AGREE = 0.98
"""The share of rows in which the largest score must be that of the predicted label."""

LEAST_ROWS = 8

_NEARLY = 0.9
"""The share of rows in which a score must say what the predicted label beside it does, to be its score."""

Order = tuple[str, ...]


def shown_order(columns: Columns, best: Candidate, counts: Mapping[str, int]) -> Order | None:
    """Return the label of each score column in the columns' order, None where the predicted labels do not show it."""
    assert best.predicted is not None  # noqa: S101  the caller looked
    decided = columns.sample[best.predicted]
    matrix = _matrix(columns, best, decided)
    if matrix is None or decided.codes is None:
        return None
    known = {_key(text): text for text in counts}
    texts = [known.get(_key(text), text) for text in decided.texts]
    found = majority(matrix, decided.codes, len(texts))
    return None if found is None else tuple(texts[code] for code in found)


def _key(text: str) -> str:
    whole = integer_of(text)
    return text if whole is None else str(whole)


def _matrix(columns: Columns, best: Candidate, decided: ColumnSample) -> npt.NDArray[np.float64] | None:
    if best.scores.form is ScoreForm.LIST:
        found = list_facts(columns.table, best.scores.columns[0], decided.rows).matrix
        return None if found is None or len(found) != decided.rows else found
    return matrix_of([columns.sample[name] for name in best.scores.columns])


def majority(matrix: npt.NDArray[np.float64], codes: Indices, size: int) -> tuple[int, ...] | None:
    """Return the code that stands beside each column's being the largest, None unless each has one of its own.

    Args:
        matrix: shape (rows, columns), scores.
        codes: shape (rows,), predicted labels, -1 for none.
        size: how many different ones there are.
    """
    width = matrix.shape[1]
    held = (codes >= 0) & ~np.isnan(matrix).any(axis=1)
    if np.count_nonzero(held) < LEAST_ROWS or size != width:
        return None
    top = matrix[held].argmax(axis=1)
    table = np.bincount(top * size + codes[held], minlength=width * size).reshape(width, size)
    best = table.argmax(axis=1)
    if len(set(best.tolist())) < width or table.max(axis=1).min() == 0:
        return None
    return tuple(best.tolist()) if table.max(axis=1).sum() >= AGREE * table.sum() else None


def reordered(columns: Columns, best: Candidate, order: Order | None) -> Candidate:
    """Return a reading whose classes stand in the order that the predicted labels show, itself where they show none."""
    if order is None:
        return best
    said = f"class order: {best.predicted} is the class with the largest score in nearly every row"
    if best.scores.form is ScoreForm.LIST:
        counts = columns.values(best.labels.columns[0])
        if all(integer_of(text) is not None for text in order) or not set(counts) <= set(order):
            return best
        return replace(best, scores=replace(best.scores, names=order), reasons=(*best.reasons, said))
    if best.fit is None:
        return best
    numbers = [integer_of(text) for text in order]
    if sorted(one for one in numbers if one is not None) != list(range(len(order))):
        return best
    places = sorted(range(len(order)), key=lambda at: numbers[at] or 0)
    names = best.scores.names or best.scores.columns
    scores = replace(
        best.scores, columns=tuple(best.scores.columns[at] for at in places), names=tuple(names[at] for at in places)
    )
    fit = replace(best.fit, kind=FitKind.MEANING, names=scores.names or ())
    return replace(best, scores=scores, fit=fit, reasons=(said,))


def is_cut(decided: ColumnSample, score: ColumnSample) -> bool:
    """Whether predicted labels of two values say, in nearly every row, whether a score is above some number."""
    if decided.codes is None or score.numbers is None or len(decided.texts) > 2:
        return False
    held = (decided.codes >= 0) & ~np.isnan(score.numbers)
    high = decided.codes[held][np.argsort(score.numbers[held], kind="stable")] == 1
    if len(high) < LEAST_ROWS:
        return True
    right = np.concatenate([[0], np.cumsum(~high)]) + np.concatenate([np.cumsum(high[::-1])[::-1], [0]])
    return bool(max(right.max(), len(high) - right.min()) >= _NEARLY * len(high))


def shown_class(decided: ColumnSample, score: ColumnSample) -> str | None:
    """Return the predicted label that stands beside every high score and no low one, None where none does."""
    if decided.codes is None or score.numbers is None or len(decided.texts) != 2:
        return None
    held = (decided.codes >= 0) & ~np.isnan(score.numbers)
    values, codes = score.numbers[held], decided.codes[held]
    first, second = values[codes == 0], values[codes == 1]
    if len(values) < LEAST_ROWS or not len(first) or not len(second):
        return None
    if first.max() <= second.min():
        return decided.texts[1]
    return decided.texts[0] if second.max() <= first.min() else None
