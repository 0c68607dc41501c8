"""The sections of the page of `xent score` on the outputs of a multi-output table.

Floor 8. Formats finished results; computes nothing.
"""

from collections.abc import Iterator

from xentcli.scoring.model import Loss, OutputScore
from xentcli.views import numbers
from xentcli.views.page import Block, Facts, Heading, Sentence
from xentcli.views.score_parts import class_grid, joined, rows_words, task_words


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
