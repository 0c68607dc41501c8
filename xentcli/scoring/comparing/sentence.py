"""The sentence that says which of two models is better, and how sure that is.

Floor 5.
"""

from xentcli.phrases import losses
from xentcli.scoring.comparing.model import Difference, Verdict, Wins

_TINY = 1e-4
_DIGITS = 4


def sentence(
    verdict: Verdict,
    loss: Difference | None,
    accuracy: Difference,
    rows: int,
    confidence_level: float,
    wins: Wins | None,
    needed: int | None,
) -> str:
    """Return one or two sentences for a person.

    Args:
        verdict: by the loss; by the accuracy without one.
        loss: None for decisions only.
        accuracy: of the same rows.
        rows: compared rows.
        confidence_level: of the intervals.
        wins: rows by which model has the lower loss; None for decisions only.
        needed: how many rows would tell.
    """
    over = f"over {_rows(rows)}"
    if wins is not None and wins.a == wins.b == 0:
        return f"Both models give each of the {_rows(rows)} the same loss: nothing tells them apart."
    leading = accuracy if loss is None else loss
    if loss is None and leading.interval == (0.0, 0.0):
        return f"Both models decide alike in each of the {_rows(rows)}: nothing tells them apart."
    sure = f"{100 * confidence_level:g} % interval {_interval(leading)}{_p(leading)}"
    if verdict is Verdict.INCONCLUSIVE:
        return _inconclusive(leading, over, sure, needed, of_loss=loss is not None)
    better = "B" if verdict is Verdict.B_BETTER else "A"
    if loss is None:
        return f"{better} is better: it is right more often, {_sides(accuracy)} {over} (difference {sure})."
    first = f"{better} is better: its loss is lower, {_sides(loss)} {over} (difference {sure})."
    return f"{first} {_of_accuracy(better, accuracy)}".rstrip()


def _inconclusive(leading: Difference, over: str, sure: str, needed: int | None, *, of_loss: bool) -> str:
    what = "loss" if of_loss else "accuracy"
    if leading.value is None or leading.interval is None:
        return f"Neither model is shown to be better {over}: {leading.because}."
    resolved = 0.5 * (leading.interval[1] - leading.interval[0])
    told = f"Neither model is shown to be better: {what} {_sides(leading)} {over} (difference {sure})."
    told += f" These rows cannot tell differences below {_number(resolved)}"
    return f"{told}; about {_rows(needed)} would tell one of this size." if needed is not None else f"{told}."


def _of_accuracy(better: str, accuracy: Difference) -> str:
    """Return what the accuracy adds to a verdict by the loss."""
    value, interval = accuracy.value, accuracy.interval
    if value is None or interval is None:
        return ""
    towards = value if better == "B" else -value
    told = interval[0] > 0.0 or interval[1] < 0.0
    if towards > 0.0 and told:
        return f"It is right more often, too: accuracy {_sides(accuracy)}{_p(accuracy)}."
    if towards < 0.0 and told:
        return f"But it is right less often: accuracy {_sides(accuracy)}{_p(accuracy)}."
    return f"The accuracies, {_sides(accuracy)}, cannot be told apart{_p(accuracy)}."


def _sides(difference: Difference) -> str:
    a, b = _number(difference.a), _number(difference.b)
    if a == b and difference.a is not None and difference.b is not None:
        a, b = losses(difference.a, difference.b)
    return f"{a} (A) and {b} (B)"


def _interval(difference: Difference) -> str:
    if difference.interval is None:
        return "unknown"
    return f"{_number(difference.interval[0])} to {_number(difference.interval[1])}"


def _p(difference: Difference) -> str:
    if difference.p_value is None:
        return ""
    return ", p < 0.0001" if difference.p_value < _TINY else f", p = {difference.p_value:.2g}"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.{_DIGITS}g}"


def _rows(rows: int | None) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"
