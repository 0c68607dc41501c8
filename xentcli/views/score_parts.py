"""Parts that pages share: those of a scored file, what each column was read as, and the columns that were passed over.

Floor 8. Formats finished results; computes nothing.

Passed over: the columns of a file that no number comes from, and why, in one line for the end of every page. The
drawers make the line safe for their place.
"""

from collections.abc import Iterator, Sequence

from xentcli.phrases import verb
from xentcli.results import ScoreReport
from xentcli.scoring.model import ClassScore, OutputScore, PredictedLabel, Rows, Score, ScoredTask
from xentcli.task.model import ColumnRole, Role, Task
from xentcli.task.positive import in_words
from xentcli.terms import Encoding, Kind
from xentcli.views import numbers
from xentcli.views.page import Block, Bullets, Grid, Heading
from xentcli.views.safe import printable
from xentcli.views.shorten import shortened

NAMES, REASONS = 4, 4
"""Names that stand before each reason, and reasons, where not everything is asked for."""
WIDTH = 40
"""Cells for a name where not everything is asked for; a longer one loses its middle."""
_STRUCTURE = frozenset(",;()")
"""What separates names and reasons in the line: a name that holds one of them is quoted."""


def passed_over(columns: Sequence[ColumnRole], *, everything: bool, side: str = "") -> str:
    """Return `passed over: age, income (numbers beside the scores)`; empty where every column is used.

    Args:
        columns: of the file; those of one reason stand together, in the file's order.
        everything: whether to name all of them in full length.
        side: which of two files is meant.
    """
    reasons = _by_reason(columns)
    if not reasons:
        return ""
    head = f"passed over in {side}" if side else "passed over"
    whole = f"{head}: {_listed(reasons, None, None, None)}"
    if everything:
        return whole
    short = f"{head}: {_listed(reasons, REASONS, NAMES, WIDTH)}"
    return short if short == whole else f"{short}: --full shows them"


def unused(columns: Sequence[ColumnRole]) -> frozenset[ColumnRole]:
    """Return the columns that are not used; two files may hold the same in another order."""
    return frozenset(column for column in columns if column.role is Role.UNUSED)


def _by_reason(columns: Sequence[ColumnRole]) -> dict[str, list[str]]:
    """Return the names of the columns that are not used, under what each was passed over for."""
    reasons: dict[str, list[str]] = {}
    for column in columns:
        if column.role is Role.UNUSED:
            reasons.setdefault(column.because, []).append(column.name)
    return reasons


def _listed(reasons: dict[str, list[str]], most_reasons: int | None, most_names: int | None, width: int | None) -> str:
    """Return names with their reasons; None for no limit."""
    groups = list(reasons.items())
    parts = [f"{_names(names, most_names, width)} ({because})" for because, names in groups[:most_reasons]]
    left = sum(len(names) for _, names in groups[len(parts) :])
    return "; ".join([*parts, f"{numbers.count(left)} more for other reasons"] if left else parts)


def _names(names: list[str], most: int | None, width: int | None) -> str:
    shown = [_name(name, width) for name in names[:most]]
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" and {numbers.count(left)} more" if left else "")


def _name(name: str, width: int | None) -> str:
    """Return a name, in quotes where it could be taken for several, for a reason or for none."""
    text = printable(name)
    short = text if width is None else shortened(text, width, "...")
    return f"'{short}'" if not text.strip() or text != text.strip() or _STRUCTURE & set(text) else short


MOST = 200
"""Columns that a page lists; JSON holds all of them."""


def columns_table(columns: Sequence[ColumnRole]) -> Iterator[Block]:
    """Yield the table under its title; nothing where no column is known."""
    if not columns:
        return
    left = len(columns) - MOST
    yield Heading("Columns")
    yield Grid(
        ("column", "role", "class", "because"),
        tuple((one.name, one.role.value, one.of_class or "", one.because) for one in columns[:MOST]),
        more=f"{numbers.counted(left, 'more column')}: -f json lists all of them" if left > 0 else "",
        names=(0, 2),
    )


TOP = 20

KINDS = {
    Kind.BINARY: "Binary classification",
    Kind.MULTICLASS: "Multi-class classification",
    Kind.MULTILABEL: "Multi-label classification",
    Kind.MULTIOUTPUT: "Multi-output classification",
}


def positive_words(task: ScoredTask | Task) -> str:
    """Return which class of a binary task is the positive one, and how to choose the other; empty for other tasks."""
    return "" if task.positive is None else in_words(task.classes, task.positive)


def task_words(task: ScoredTask) -> str:
    """Return in a sentence what a task is and what its scores are."""
    unit = "label" if task.kind is Kind.MULTILABEL else "class"
    none = "scores are decisions" if task.kind is Kind.MULTILABEL else "there are no scores"
    tail = none if task.scale is None else f"scores are {task.scale.value}"
    if task.encoding in {Encoding.CLASS_PROBABILITIES, Encoding.LABEL_PROBABILITIES}:
        tail = f"labels are target probabilities, {tail}"
    if task.kind is Kind.BINARY:
        return f"{KINDS[task.kind]}, {positive_words(task)}; {tail}."
    return f"{KINDS[task.kind]}, {numbers.counted(len(task.classes), unit)}; {tail}."


def joined(*parts: str) -> str:
    """Return the parts that are not empty, two blanks between them."""
    return "  ".join(part for part in parts if part)


def rows_words(rows: Rows) -> str:
    """Return where every row went, in words."""
    parts = [f"{numbers.count(rows.scored)} of {numbers.count(rows.read)} scored"]
    if rows.missing_label:
        parts.append(f"{numbers.count(rows.missing_label)} without a label")
    if rows.bad:
        parts.append(f"{numbers.count(rows.bad)} bad and skipped")
    if rows.unmatched:
        parts.append(f"{numbers.counted(rows.unmatched, 'id')} unmatched")
    if rows.weight_sum is not None:
        parts.append(f"weights sum to {numbers.loss(rows.weight_sum)}")
    return ", ".join(parts)


def class_grid(per_class: tuple[ClassScore, ...], *, everything: bool) -> Grid:
    """Return the classes, the worst loss first; without losses the worst F1."""
    worst = sorted(per_class, key=lambda one: (one.loss is None, -(one.loss or 0.0), one.f1 is None, one.f1 or 0.0))
    shown = worst if everything else worst[:TOP]
    held = any(one.loss is not None for one in shown)
    return Grid(
        ("class", "rows", "predicted", "precision", "recall", "F1", *(["loss"] if held else [])),
        tuple(
            (
                one.name, numbers.count(one.support), numbers.count(one.predicted),
                *(numbers.rate_cell(value) for value in (one.precision, one.recall, one.f1)),
                *([numbers.loss(one.loss)] if held else []),
            )
            for one in shown
        ),
        numeric=(1, 2, 3, 4, 5, *([6] if held else [])),
        more=more_words(len(worst) - len(shown), "class"),
        names=(0,),
    )  # fmt: skip


def more_words(count: int, unit: str) -> str:
    """Return how many of something a table leaves out; empty for none."""
    return f"{numbers.counted(count, f'more {unit}')}: --full shows them" if count > 0 else ""


def disagreement(found: PredictedLabel) -> str:
    """Return in a sentence how a column of predicted labels differs from the scores."""
    rows = ", ".join(str(row) for row in found.rows)
    return (
        f"The predicted labels in {found.column} disagree with the scores in"
        f" {numbers.count(found.disagrees)} of {numbers.count(found.agrees + found.disagrees)} rows; their own accuracy"
        f" is {numbers.rate_cell(found.accuracy)} (first rows: {rows})."
    )


def verdict_on_decisions(score: Score) -> str:
    """Return in a sentence whether decisions beat naming the most frequent class."""
    accuracy, named = score.accuracy, "the most frequent class"
    if score.per_label is not None:
        return "The labels are decided; nothing says how surely."
    if score.outputs is not None:
        return _verdict_on_outputs(score.outputs)
    if accuracy.majority_accuracy is None or accuracy.interval is None:
        return "Too few rows to compare with the label shares."
    if accuracy.interval[0] > accuracy.majority_accuracy:
        return f"The accuracy beats always naming {named}."
    if accuracy.interval[1] < accuracy.majority_accuracy:
        return f"The accuracy is worse than always naming {named}."
    return f"The accuracy cannot be told from always naming {named}."


def _verdict_on_outputs(outputs: tuple[OutputScore, ...]) -> str:
    """Return in a sentence how many outputs beat naming their most frequent class."""
    beat = [
        one.accuracy.interval[0] > one.accuracy.majority_accuracy
        for one in outputs
        if one.accuracy.majority_accuracy is not None and one.accuracy.interval is not None
    ]
    better = sum(beat)
    said = "Every output is" if better == len(outputs) else f"{better} of {len(outputs)} outputs {verb(better, 'are')}"
    return f"{said} shown to be more accurate than always naming its most frequent class."


def how_read(report: ScoreReport, *, everything: bool) -> Iterator[Block]:
    """Yield what each column is, for everything, then how the file was read and which columns were passed over."""
    if everything:
        yield from columns_table(report.columns)
    skipped = passed_over(report.columns, everything=everything)
    yield Heading("How the file was read")
    yield Bullets((*report.source.notes, *report.score.task.reasons, *([skipped] if skipped else [])))
