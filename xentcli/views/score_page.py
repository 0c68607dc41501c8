"""The page of `xent score`: what the file is, the loss, the accuracy, and what to beware of.

Floor 8. Formats a finished result; computes nothing.

The metrics of the page of `xent score`: kin on one line, each under a name that people know.

The diagrams of the page of `xent score`: reliability, and the losses of the rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from string import ascii_lowercase

from xentcli.metrics import BOUNDS, METRICS, Kin
from xentcli.results import ScoreReport
from xentcli.rules.rule import Level
from xentcli.scoring.model import Confusion, Loss, Metric, Score
from xentcli.terms import Kind
from xentcli.views import numbers
from xentcli.views.frameworks_table import frameworks_table
from xentcli.views.page import Block, Facts, Grid, Heading, Levels, Page, Sentence, remarks
from xentcli.views.score_parts import (
    KINDS,
    TOP,
    class_grid,
    disagreement,
    how_read,
    joined,
    more_words,
    rows_words,
    task_words,
    verdict_on_decisions,
)
from xentcli.views.score_tables import output_blocks, row_page, slice_tables, worst_table


def metric_lines(metrics: Mapping[str, Metric]) -> Iterator[tuple[str, str]]:
    """Yield name and text of each line that has a metric; a metric without kin has a line of its own."""
    for kin in Kin:
        held = [(key, one.words) for key, one in METRICS.items() if one.kin is kin and key in metrics]
        shown = [_shown(metrics, key, words) for key, words in held if not _pointless(metrics, key)]
        if shown:
            yield kin.value, ", ".join(shown)
    for name, value in metrics.items():
        alone = name not in METRICS or METRICS[name].kin is None
        if alone and not name.endswith(BOUNDS) and not isinstance(value, tuple):
            yield name, numbers.rate_cell(value)


def _pointless(metrics: Mapping[str, Metric], name: str) -> bool:
    """Whether a metric is undefined because the task has too few classes for it."""
    return name.startswith("top_") and metrics[name] is None


def _shown(metrics: Mapping[str, Metric], name: str, words: str) -> str:
    value, bounds = metrics[name], metrics.get(f"{name}{BOUNDS}")
    text = f"{words} {numbers.rate_cell(None if isinstance(value, tuple) else value)}".strip()
    return f"{text} (proven in {numbers.rate_bounds(bounds)})" if isinstance(bounds, tuple) else text


def diagrams(score: Score) -> Iterator[Block]:
    """Yield what the score has: tasks with one label a row have both."""
    yield from _reliability(score)
    yield from _losses(score)


def _reliability(score: Score) -> Iterator[Block]:
    if score.calibration is None:
        return
    what = "highest score" if score.loss is not None else "score of the predicted class"
    what = f"score of {score.task.positive}" if score.task.kind is Kind.BINARY else what
    most = max(one.count for one in score.calibration)
    yield Heading(f"Reliability: what the {what} said, and what came true")
    yield Levels(
        tuple(f"{100 * one.high:.0f}" for one in score.calibration),
        (
            ("said", tuple(one.mean_score for one in score.calibration)),
            ("came true", tuple(one.accuracy for one in score.calibration)),
            ("rows", tuple(one.count / most if one.count else None for one in score.calibration)),
        ),
        title="up to %",
        key="digits: full tenths of 1 (rows: of the fullest column), 9 for all of it too; . for no rows",
    )


def _losses(score: Score) -> Iterator[Block]:
    bins = score.loss_histogram
    if not bins:
        return
    most = max(one.count for one in bins)
    yield Heading("Loss of the rows, in nats")
    yield Levels(
        tuple("more" if one.high is None else f"{one.high:g}" for one in bins),
        (("rows", tuple(one.count / most if one.count else None for one in bins)),),
        title="below",
        counts=tuple(numbers.count(one.count) for one in bins),
        key="digits: full tenths of the fullest column, 9 for all of it too; . for no rows",
    )


CONFUSION_LIMIT = 12
NAMES_WIDTH = 60
"""Cells for the names of the predicted classes; longer ones are given letters."""
NO_LOSS = "no loss can be had from decisions alone; write probabilities or logits beside the label"
NO_LOSS_OF_CONFIDENCE = "no loss can be had from the confidence of the predicted class alone; write a column per class"
WIDTH = 78
"""Cells for all the counts; where they need more, the most frequent mistakes are listed instead."""
MISTAKES, FEW = 10, 3


def score_page(report: ScoreReport, *, everything: bool = False) -> Page:
    """Return the page; `everything` lists all classes instead of the worst 20. A row that was asked for has its own."""
    if report.row is not None:
        return row_page(report, report.row, everything=everything)
    return Page(tuple(_blocks(report, everything=everything)))


def _blocks(report: ScoreReport, *, everything: bool) -> Iterator[Block]:
    score = report.score
    found = report.findings
    yield from remarks((one for one in found if one.level is Level.ERROR), found)
    yield Heading(report.source.path)
    yield Sentence(_what(score))
    yield from (Sentence(f"{said}.") for said in score.task.aloud)
    yield Sentence(_verdict(score), strong=True)
    yield Facts(tuple(_headline(score)))
    yield from frameworks_table(score, everything=everything)
    yield Facts(tuple(metric_lines(score.metrics)))
    if score.predicted_label is not None and score.predicted_label.disagrees:
        yield Sentence(disagreement(score.predicted_label))
    if score.outputs is not None:
        for one in score.outputs:
            yield from output_blocks(one, everything=everything)
    else:
        yield from _table(score, everything=everything)
        yield from _confusion(score.confusion, everything=everything)
    yield from diagrams(score)
    yield from slice_tables(score, everything=everything)
    yield from worst_table(score)
    yield from remarks((one for one in found if one.level is not Level.ERROR), found)
    yield from how_read(report, everything=everything)


def _what(score: Score) -> str:
    task = score.task
    if task.outputs:
        none = "; there are no scores" if score.loss is None else ""
        return f"{KINDS[task.kind]}, {numbers.counted(len(task.outputs), 'output')}, each a task of its own{none}."
    return task_words(task)


def _headline(score: Score) -> Iterator[tuple[str, str]]:
    yield from _loss(score)
    yield from _accuracy(score)
    yield "rows", rows_words(score.rows)
    yield from _intervals(score)


def _intervals(score: Score) -> Iterator[tuple[str, str]]:
    kind = "normal" if score.rows.weight_sum is not None else "Wilson"
    if score.loss is None:
        yield "interval", f"{100 * score.confidence_level:g} %: {kind} for the accuracy"
    elif score.loss.interval is not None or score.accuracy.interval is not None:
        yield "intervals", f"{100 * score.confidence_level:g} %: normal for the loss, {kind} for the accuracy"


def _loss(score: Score) -> Iterator[tuple[str, str]]:
    loss = score.loss
    if loss is None:
        yield "loss", "none: " + (NO_LOSS_OF_CONFIDENCE if score.calibration is not None else NO_LOSS)
        return
    name = f"{_loss_name(loss)}, in nats"
    yield "loss", joined(numbers.loss(loss.value), numbers.loss_interval(loss.interval), name)
    if loss.sum_over_labels is not None:
        yield "", f"{numbers.loss(loss.sum_over_labels)} summed over the labels of a row"
    perplexity = "" if loss.perplexity is None or loss.focal_gamma else f", perplexity {numbers.loss(loss.perplexity)}"
    yield "", f"{numbers.loss(loss.bits)} bits{perplexity}"
    if loss.prior_loss is not None:
        skill = "" if loss.skill is None else f" (skill {numbers.rate(loss.skill)})"
        prior = numbers.beside(numbers.loss, loss.prior_loss, loss.value)
        yield "", f"{prior} is what the label shares alone would cost{skill}"
    if loss.target_entropy and loss.kl_divergence is not None:
        above = f"{numbers.loss(loss.kl_divergence)} above it (KL divergence)"
        yield "", f"{numbers.loss(loss.target_entropy)} is the entropy of the targets, the least there can be; {above}"
    if loss.clipped:
        clipped = numbers.counted(loss.clipped, "element" if score.per_label is not None else "row")
        without = "infinite" if loss.unclipped is None else numbers.beside(numbers.loss, loss.unclipped, loss.value)
        reshaped = bool(loss.label_smoothing or loss.focal_gamma)
        yield "", f"{clipped} clipped at 2^-52" + ("" if reshaped else f"; without the clip the loss is {without}")
    if loss.renormalised:
        yield "", f"{numbers.counted(loss.renormalised, 'row')} did not sum to 1 and were divided by their sum"
    if loss.clamped:
        yield "", f"{numbers.counted(loss.clamped, 'score')} outside [0, 1] by at most 1e-6 count as 0 or 1"


def _loss_name(loss: Loss) -> str:
    words = loss.name.replace("_", " ").replace("cross entropy", "cross-entropy")
    words = words.replace("sum over outputs", "cross-entropy, summed over the outputs")
    added = [
        f"gamma {loss.focal_gamma:g}" if loss.focal_gamma else "",
        f"labels smoothed by {loss.label_smoothing:g}" if loss.label_smoothing else "",
        "weighted by class" if loss.class_weights is not None else "",
    ]
    return ", ".join(one for one in (words, *added) if one)


def _accuracy(score: Score) -> Iterator[tuple[str, str]]:
    accuracy = score.accuracy
    name = {
        "threshold": f"probability above {accuracy.threshold}",
        "top-1": "highest score wins",
        "subset": "all labels right",
        "all-outputs": "all outputs right",
        "predicted-label": "the predicted label is the true one",
    }[accuracy.name]
    yield "accuracy", joined(numbers.rate(accuracy.value), numbers.rate_interval(accuracy.interval), name)
    if accuracy.majority_accuracy is not None:
        shares = numbers.beside(numbers.rate, accuracy.majority_accuracy, accuracy.value)
        yield "", f"{shares} is what always naming {_most_frequent(score)} earns"
    if accuracy.ties:
        tied = numbers.counted(accuracy.ties, "row")
        where = "tied at the top: the class that stands first wins"
        others = {"top-1": where, "all-outputs": "tied in an output"}
        yield "", f"{tied} {others.get(accuracy.name, 'with scores on the threshold: not above it')}"


def _most_frequent(score: Score) -> str:
    return f"the most frequent {'class' if score.per_label is None else 'set of labels'}"


def _verdict(score: Score) -> str:
    """Return in a sentence whether the model knows more than the label shares."""
    loss, accuracy = score.loss, score.accuracy
    if loss is None:
        return verdict_on_decisions(score)
    if loss.prior_loss is None or loss.interval is None:
        return "Too few rows to compare with the label shares."
    if loss.prior_loss == 0.0:
        return "Only one class occurs, so no model can be told from a constant."
    if loss.interval[0] > loss.prior_loss:
        words = "The loss is worse than predicting the label shares for every row"
    elif loss.interval[1] < loss.prior_loss:
        words = "The loss beats predicting the label shares for every row"
    else:
        return "The loss cannot be told from predicting the label shares for every row."
    if accuracy.majority_accuracy is None or accuracy.interval is None:
        return f"{words}."
    named = _most_frequent(score)
    if accuracy.interval[0] > accuracy.majority_accuracy:
        return f"{words}, and the accuracy beats always naming {named}."
    if accuracy.interval[1] < accuracy.majority_accuracy:
        return f"{words}, and the accuracy is worse than always naming {named}."
    return f"{words}; the accuracy cannot be told from always naming {named}."


def _table(score: Score, *, everything: bool) -> Iterator[Block]:
    if score.per_label is not None:
        yield from _labels(score, everything=everything)
        return
    yield Heading("Classes, worst loss first" if score.loss is not None else "Classes, worst F1 first")
    yield class_grid(score.per_class, everything=everything)


def _labels(score: Score, *, everything: bool) -> Iterator[Block]:
    worst = sorted(score.per_label or (), key=lambda one: (one.loss is None, -(one.loss or 0.0), one.f1 or 0.0))
    shown = worst if everything else worst[:TOP]
    held = score.loss is not None
    yield Heading(f"Labels, worst {'loss' if held else 'F1'} first")
    yield Grid(
        ("label", "rows", "predicted", "accuracy", "precision", "recall", "F1", *(["loss"] if held else [])),
        tuple(
            (
                one.name, numbers.count(one.support), numbers.count(one.predicted),
                *(numbers.rate_cell(value) for value in (one.accuracy, one.precision, one.recall, one.f1)),
                *([numbers.loss(one.loss)] if held else []),
            )
            for one in shown
        ),
        numeric=tuple(range(1, 8 if held else 7)),
        more=more_words(len(worst) - len(shown), "label"),
        names=(0,),
    )  # fmt: skip


def _confusion(found: Confusion | None, *, everything: bool) -> Iterator[Block]:
    """Yield the matrix of a small task where all is shown, else a sentence on the most frequent mistakes."""
    if found is None or len(found.labels) < 2:
        return
    if everything and found.counts is not None and len(found.labels) <= CONFUSION_LIMIT:
        grid = _matrix(found.labels, found.counts)
        if sum(max(len(row[at]) for row in (grid.columns, *grid.rows)) + 2 for at in range(len(grid.columns))) <= WIDTH:
            yield Heading("Confusion: true classes down, predicted across")
            yield grid
            return
    yield from _mistakes(found, everything=everything)


def _matrix(names: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> Grid:
    """Return the counts under the classes' names, under letters where the names are long."""
    short = sum(len(name) + 2 for name in names) <= NAMES_WIDTH
    letters = tuple(ascii_lowercase[: len(names)])
    rows = zip(letters, names, counts, strict=True)
    return Grid(
        ("true", *names) if short else ("", "true", *letters),
        tuple(
            (*((name,) if short else (letter, name)), *(numbers.count(cell) if cell else "." for cell in row))
            for letter, name, row in rows
        ),
        numeric=tuple(range(1 if short else 2, len(names) + (1 if short else 2))),
        names=(0 if short else 1,),
    )


def _mistakes(found: Confusion, *, everything: bool) -> Iterator[Block]:
    """Yield the most frequent mistakes: a few in a sentence, or a table."""
    cells: Iterable[tuple[int, int, int]] = found.cells or ()
    if found.counts is not None:
        cells = ((i, j, n) for i, row in enumerate(found.counts) for j, n in enumerate(row))
    worst = nsmallest(MISTAKES if everything else FEW, ((-n, i, j) for i, j, n in cells if n and i != j))
    if not worst:
        return
    if not everything:
        named = "; ".join(
            f"{found.labels[i]} taken for {found.labels[j]} ({numbers.counted(-n, 'row')})" for n, i, j in worst
        )
        yield Sentence(f"Most frequent mistakes: {named}.")
        return
    yield Heading("Most frequent mistakes")
    yield Grid(
        ("true", "predicted", "rows"),
        tuple((found.labels[i], found.labels[j], numbers.count(-n)) for n, i, j in worst),
        numeric=(2,),
        names=(0, 1),
    )
