"""The page of `xent score --row N`: the loss of one row, class by class.

Floor 8. Formats a finished result; computes nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xentcli.results import ScoreReport
from xentcli.scoring.model import Loss, ScoredTask
from xentcli.terms import Kind, Scale
from xentcli.views import numbers
from xentcli.views.page import Block, Facts, Grid, Heading, Page, Sentence
from xentcli.views.score_parts import how_read
from xentcli.views.score_slices import slice_tables, worst_table

if TYPE_CHECKING:
    from xentcli.tally.one_row import RowSteps

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
