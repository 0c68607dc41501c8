"""Parts of the page of `xent score` on some of the rows or labels: slices, the rows that cost most, outputs.

Floor 8. Formats a finished result; computes nothing.
"""

from collections.abc import Iterator
from itertools import groupby

from xentcli.scoring.class_weights import NOT_IN_SLICES
from xentcli.scoring.model import Estimate, Loss, OutputScore, Score, WorstRow
from xentcli.views import numbers
from xentcli.views.page import Block, Facts, Grid, Heading, Sentence
from xentcli.views.score_parts import class_grid, joined, rows_words, task_words

TOP = 20
EMPTY = "(empty)"


def slice_tables(score: Score, *, everything: bool) -> Iterator[Block]:
    """Yield a table a slicing, in the order of the values; `everything` shows more than the worst 20."""
    if score.slices and score.loss is not None and score.loss.class_weights is not None:
        yield Sentence(NOT_IN_SLICES)
    for by, found in groupby(score.slices, key=lambda one: one.by):
        slices = list(found)
        shown = slices
        if not everything and len(slices) > TOP:
            shown = sorted(slices, key=lambda one: (one.loss.value is None, -(one.loss.value or 0.0)))[:TOP]
        left = len(slices) - len(shown)
        yield Heading(f"By {by}" + (", worst loss first" if left else ""))
        yield Grid(
            (by, "rows", "loss", "interval", "accuracy", "interval"),
            tuple(
                (
                    EMPTY if one.value is None else one.value, numbers.count(one.rows),
                    *_estimate(one.loss, rate=False), *_estimate(one.accuracy, rate=True),
                )
                for one in shown
            ),
            numeric=(1, 2, 4),
            more=f"{numbers.counted(left, 'more slice')}: --full shows them" if left else "",
            names=(0,),
        )  # fmt: skip


def _estimate(found: Estimate, *, rate: bool) -> tuple[str, str]:
    if rate:
        return numbers.rate_cell(found.value), numbers.rate_interval(found.interval)
    return numbers.loss(found.value), numbers.loss_interval(found.interval)


def worst_table(score: Score) -> Iterator[Block]:
    """Yield the table of the rows that cost most, if any are asked for."""
    if not score.worst:
        return
    lines = any(one.line is not None for one in score.worst)
    ids = any(one.id is not None for one in score.worst)
    scored = any(one.score is not None for one in score.worst)
    titles = ["row", *(["line"] if lines else []), *(["id"] if ids else []), "true", "predicted"]
    yield Heading("Rows that cost most")
    yield Grid(
        (*titles, *(["score of true"] if scored else []), "loss"),
        tuple(_row(one, lines=lines, ids=ids, scored=scored) for one in score.worst),
        numeric=(0, *([1] if lines else []), *range(len(titles), len(titles) + 1 + scored)),
        names=(len(titles) - 2, len(titles) - 1),
    )


def _row(one: WorstRow, *, lines: bool, ids: bool, scored: bool) -> tuple[str, ...]:
    cells = [str(one.row)]
    if lines:
        cells.append("" if one.line is None else str(one.line))
    if ids:
        cells.append("" if one.id is None else one.id)
    cells += [_named(one.label), _named(one.predicted)]
    if scored:
        cells.append("" if one.score is None else f"{one.score:.4g}")
    return (*cells, numbers.loss(one.loss))


def _named(label: str | tuple[str, ...]) -> str:
    return label if isinstance(label, str) else ", ".join(label) or "none"


def output_blocks(output: OutputScore, *, everything: bool) -> Iterator[Block]:
    """Yield one output of a multi-output table, in short."""
    loss, accuracy = output.loss, output.accuracy
    f1 = output.metrics.get("f1_macro")
    yield Heading(f"Output {output.name}")
    yield Sentence(task_words(output.task))
    most = (
        ""
        if accuracy.majority_accuracy is None
        else f"{numbers.rate(accuracy.majority_accuracy)} by the most frequent class"
    )
    yield Facts((
        *(() if loss is None else (("loss", _loss(loss)),)),
        ("accuracy", joined(numbers.rate(accuracy.value), numbers.rate_interval(accuracy.interval), most)),
        ("F1, macro", numbers.rate_cell(f1 if isinstance(f1, float) else None)),
        ("rows", rows_words(output.rows)),
    ))  # fmt: skip
    yield class_grid(output.per_class, everything=everything)


def _loss(loss: Loss) -> str:
    prior = "" if loss.prior_loss is None else f"{numbers.loss(loss.prior_loss)} from the label shares alone"
    return joined(numbers.loss(loss.value), numbers.loss_interval(loss.interval), prior)
