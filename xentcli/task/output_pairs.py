"""Pairs of outputs: which columns of predicted labels are named after which label columns.

Floor 3. Of names, and of what the caller says, alone: what the columns hold is for `decided_outputs`.
"""

from collections.abc import Sequence

from xentcli.record import Record
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.names import base_of, name_of, without_roles
from xentcli.task.vocabulary import PREDICTED_WORDS, SCORE_WORDS

MANY_PREDICTED = 1_000
"""More columns that are named as predictions are the scores of classes."""


class Pair(Record):
    """A label column and the column of predicted labels that is named after it."""

    label: str
    predicted: str


def pairs_by_name(columns: Columns) -> dict[tuple[str, ...], list[Pair]]:
    """Return the pairs whose names have what is no role in common, by that; several of one name are rivals."""
    free = [name for name in columns.of_scores() if not columns.is_list(name)]
    predicted = [name for name in free if _is_predicted(columns, name)]
    if not 2 <= len(predicted) <= MANY_PREDICTED:
        return {}
    labels = [name for name in columns.of_labels() if name not in predicted and _may_be_label(columns, name)]
    found: dict[tuple[str, ...], list[Pair]] = {}
    for key in (without_roles, _plain_rest):
        used = {name for rivals in found.values() for pair in rivals for name in (pair.label, pair.predicted)}
        by_base: dict[tuple[str, ...], list[str]] = {}
        for name in labels:
            by_base.setdefault(key(name), []).append(name)
        for name in predicted:
            base = key(name)
            rivals = [Pair(label, name) for label in by_base.get(base, ()) if label not in used and name not in used]
            if base and rivals:
                found.setdefault(base, []).extend(rivals)
    return found or _in_given_order(columns, predicted)


def _plain_rest(column: str) -> tuple[str, ...]:
    return name_of(column).rest


def _in_given_order(columns: Columns, predicted: Sequence[str]) -> dict[tuple[str, ...], list[Pair]]:
    """Return given labels beside as many given columns of predicted labels, whose names have nothing in common."""
    labels, scores = columns.given_labels, columns.given_scores
    if len(labels) < 2 or len(labels) != len(scores) or set(predicted) != set(scores):
        return {}
    return {(label,): [Pair(label, name)] for label, name in zip(labels, scores, strict=True)}


def _is_predicted(columns: Columns, name: str) -> bool:
    """Whether a name says that a column holds predicted labels: by a word, by its file, or because the caller says."""
    said = name_of(name)
    if said.predicted:
        return said.words[-1] not in SCORE_WORDS
    if name in columns.given_scores:
        return True
    beside = bool(columns.added) and name not in columns.added
    return beside and not said.score and said.text in {name_of(label).text for label in columns.added}


def _may_be_label(columns: Columns, name: str) -> bool:
    if columns.is_list(name):
        return False
    said = name_of(name)
    return name in columns.given_labels or not (said.predicted or said.score)


def output_name(pair: Pair) -> str:
    """Return what an output is called: `shape` of `shape_gt, shape_pred`, `test_result` beside `pred_test_result`."""
    label, predicted = name_of(pair.label), name_of(pair.predicted)
    bare = tuple(word for word in predicted.words if word not in PREDICTED_WORDS)
    return label.text if bare == label.words else base_of(pair.label)
