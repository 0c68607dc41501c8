"""Tables of the page of `xent score`: slices, the rows that cost most, and one row step by step.

Floor 8.

Parts of the page of `xent score` on some of the rows or labels: slices, the rows that cost most, outputs.

The page of `xent score --row N`: the loss of one row, class by class.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from xentcli.results import ScoreReport
from xentcli.scoring.class_weights import NOT_IN_SLICES
from xentcli.scoring.model import Estimate, Loss, OutputScore, Score, ScoredTask, WorstRow
from xentcli.terms import Kind, Scale
from xentcli.views import numbers
from xentcli.views.page import EMPTY, Block, Facts, Grid, Heading, Page, Sentence
from xentcli.views.score_parts import class_grid, how_read, joined, rows_words, task_words

if TYPE_CHECKING:
    from xentcli.tally.one_row import RowSteps

TOP = 20


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


TOP = 20


def row_page(report: ScoreReport, row: "RowSteps", *, everything: bool = False) -> Page:
    """Return the page; `everything` lists all classes instead of the 20 that add most."""
    return Page(tuple(_blocks(report, row, everything=everything)))


def _blocks(report: ScoreReport, row: "RowSteps", *, everything: bool) -> Iterator[Block]:
    several, loss = report.score.task.kind is Kind.MULTILABEL, report.score.loss
    assert loss is not None  # noqa: S101  a row of decisions has no steps
    yield Heading(f"{report.source.path}, row {row.row}")
    yield Facts(
        (
            ("labels" if several else "label", _listed(row.label)),
            ("predicted", _listed(row.predicted)),
            ("loss", f"{numbers.loss(row.loss)} nats"),
        )
    )
    yield Sentence(_formula(report.score.task, loss, row))
    yield _grid(report, row, everything=everything)
    yield Sentence(_sum(report.score.task, loss, row), strong=True)
    if loss.class_weights is not None:
        yield Sentence("Class weights enter the mean over rows, not the loss of a row.")
    yield from slice_tables(report.score, everything=everything)
    yield from worst_table(report.score)
    yield from how_read(report, everything=everything)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"


def _formula(task: ScoredTask, loss: Loss, row: "RowSteps") -> str:
    kind = task.kind
    factor = f" x (1 - probability)^{loss.focal_gamma:g}" if loss.focal_gamma else ""
    if kind is Kind.MULTILABEL:
        words = (
            f"Each label adds -log of the probability given to what happened{factor}, divided by"
            f" {numbers.counted(len(row.steps), 'label')}."
        )
    else:
        words = f"Each class adds target x -log(probability){factor}."
    if loss.label_smoothing:
        words += f" Targets are smoothed by {loss.label_smoothing:g}."
    return f"{words} {_probability(task.scale, kind, row.divisor)}".rstrip()


def _probability(scale: Scale | None, kind: Kind, divisor: float | None) -> str:
    if scale is Scale.LOGITS:
        formula = "1 / (1 + exp(-logit))" if kind is Kind.MULTILABEL else "exp(logit) / sum of all exp(logit)"
        return f"Probability = {formula}."
    if scale is Scale.LOG_PROBABILITIES:
        return "Probability = exp(log-probability)."
    return (
        ""
        if divisor is None
        else f"The row sums to {numbers.beside(numbers.loss, divisor, 1.0)}, so each score is divided by that."
    )


def _grid(report: ScoreReport, row: "RowSteps", *, everything: bool) -> Grid:
    ordered = row.steps
    if not everything and len(ordered) > TOP:
        ordered = tuple(sorted(ordered, key=lambda one: (-one.target, -one.contribution, -one.probability))[:TOP])
    unit = "label" if report.score.task.kind is Kind.MULTILABEL else "class"
    plain = report.score.task.scale is Scale.PROBABILITIES and row.divisor is None
    left = len(row.steps) - len(ordered)
    return Grid(
        (unit, "target", *(() if plain else ("score",)), "probability", "adds"),
        tuple(
            (
                one.name, f"{one.target:.4g}", *(() if plain else (f"{one.score:.6g}",)),
                f"{one.probability:.6g}", numbers.loss(one.contribution),
            )
            for one in ordered
        ),
        numeric=(1, 2, 3) if plain else (1, 2, 3, 4),
        more=f"{numbers.counted(left, f'more {unit}')}: --full shows them" if left else "",
        names=(0,),
    )  # fmt: skip


def _sum(task: ScoredTask, loss: Loss, row: "RowSteps") -> str:
    adding = [one for one in row.steps if one.contribution]
    total = numbers.loss(row.loss)
    if task.kind is Kind.MULTILABEL:
        return f"Together {total} nats, the mean over the labels."
    if len(adding) == 1 and not loss.focal_gamma and adding[0].target == 1.0:
        return f"Only the true class counts: -log({adding[0].probability:.6g}) = {total} nats."
    return f"Together {total} nats."
