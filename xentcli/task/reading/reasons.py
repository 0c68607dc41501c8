"""Reasons: the sentences that say what was read as what, and why.

Floor 3.
"""

from collections.abc import Iterator

from xentcli.phrases import counted
from xentcli.task.first_rows import MOST_COLUMNS
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.fits import FitKind
from xentcli.task.reading.model import Candidate, LabelForm
from xentcli.task.reading.names import by_words, listed
from xentcli.task.refused_forms import box_columns
from xentcli.task.roles import ScoreForm, Wanted
from xentcli.task.values import LabelValues


def reasons(columns: Columns, best: Candidate, wanted: Wanted, values: LabelValues | None) -> tuple[str, ...]:
    """Return the sentences on a reading."""
    return tuple(_sentences(columns, best, wanted, values))


def _sentences(columns: Columns, best: Candidate, wanted: Wanted, values: LabelValues | None) -> Iterator[str]:
    yield _label(columns, best)
    if wanted.ignored_label is not None and values is not None:
        rows = values.missing - columns.sample.values(best.labels.columns[0]).missing
        yield f"label {wanted.ignored_label} counts as missing, as given: {counted(rows, 'row')}"
    yield _score(best)
    yield from best.reasons
    yield from _taken_away(columns, best, wanted)
    boxes = set(box_columns(columns.table.names[:MOST_COLUMNS])) - {*best.labels.columns, *best.scores.columns}
    if boxes:
        yield f"boxes are not judged ({listed(sorted(boxes), 4)}): each row counts by its label and score alone"
    if wanted.weight is not None:
        yield f"row weights: {wanted.weight}"
    if wanted.id is not None:
        yield f"ids: {wanted.id}"
    if best.predicted is not None and best.scores.form is not ScoreForm.CONFIDENCE:
        yield f"predicted label beside the scores: {best.predicted}"


def _taken_away(columns: Columns, best: Candidate, wanted: Wanted) -> Iterator[str]:
    """Yield a sentence for each column that would be a score by its name, had an option no use for it."""
    if columns.given_scores:
        return
    uses = dict.fromkeys(wanted.by, "--by")
    uses |= {name: option for name, option in ((wanted.weight, "--weight"), (wanted.id, "--id")) if name is not None}
    scores = set(best.scores.columns)
    plain = len(best.labels.columns) == 1 and best.labels.form is LabelForm.SCALAR
    classes = columns.values(best.labels.columns[0]) if plain else {}
    kin = {name for group in by_words([*scores, *uses]) if scores & set(group.columns) for name in group.columns}
    for name, option in uses.items():
        if name not in scores and (name in kin or name in classes):
            yield f"{name} is named like a score, but given to {option} and so none"


def _label(columns: Columns, best: Candidate) -> str:
    labels = best.labels
    noun = "labels" if len(labels.columns) > 1 else "label"
    return f"{noun}: {listed(labels.columns)} ({label_because(columns, best)})"


def label_because(columns: Columns, best: Candidate) -> str:
    """Return why columns are the labels, in a few words."""
    labels = best.labels
    if columns.given_labels:
        return "as given"
    if labels.form is LabelForm.BLOCK:
        return "named like the scores"
    if labels.columns[0] in columns.added:
        return "of the file of labels"
    if labels.tier < 3:
        return "by its name"
    if best.fit is not None and best.fit.kind >= FitKind.MEANING:
        return "its values name the scores"
    return "the only column that fits the scores"


def _score(best: Candidate) -> str:
    scores = best.scores
    if scores.form is ScoreForm.DECISIONS:
        return f"predicted label: {scores.columns[0]} (it holds class labels, no scores)"
    if scores.form is ScoreForm.CONFIDENCE:
        return f"predicted label: {best.predicted}; {scores.columns[0]} is the confidence of what it predicts"
    noun = "scores" if len(scores.columns) > 1 else "score column"
    shown = ", ".join(scores.columns[:4])
    more = f", ... ({len(scores.columns)} in all)" if len(scores.columns) > 4 else ""
    return f"{noun}: {shown}{more}"
