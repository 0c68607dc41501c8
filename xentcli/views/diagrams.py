"""The diagrams of the page of `xent score`: reliability, and the losses of the rows.

Floor 8. Formats finished numbers; computes nothing but shares of the largest.
"""

from collections.abc import Iterator

from xentcli.scoring.model import Score
from xentcli.terms import Kind
from xentcli.views import numbers
from xentcli.views.page import Block, Heading, Levels


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
