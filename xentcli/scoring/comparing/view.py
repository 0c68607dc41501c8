"""From paired sums to a Comparison, and the sentence that says which of the two models is better.

Floor 5. From paired sums to a Comparison: the one entrance of this package. Pure; nothing is read.

The sentence that says which of two models is better, and how sure that is.
"""

from collections.abc import Collection, Iterable
from fractions import Fraction

from xentcli.metrics import lower_is_better
from xentcli.phrases import losses
from xentcli.scoring.class_weights import Options, resolved
from xentcli.scoring.comparing import means, statistics
from xentcli.scoring.comparing.macros import NAMES, RATES, class_differences, macro_differences
from xentcli.scoring.comparing.means import accuracy_difference, mean_difference, right_table, standard_error
from xentcli.scoring.comparing.model import (
    Comparison,
    Difference,
    DifferentRow,
    PairedRows,
    RightTable,
    Verdict,
    Wins,
)
from xentcli.scoring.comparing.ranks import rank_differences
from xentcli.scoring.model import Score
from xentcli.tally.pairing.tally import PairedTally

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


def comparison(
    tally: PairedTally,
    options: Options,
    paired_by: str,
    pairing: str,
    scores: tuple[Score, Score],
    wanted: Collection[str] | None = None,
) -> Comparison:
    """Return the Comparison of two models.

    Args:
        tally: of at least one compared row.
        options: how it is looked at; class weights enter the loss.
        paired_by: `id` or `row`.
        pairing: how the rows were paired, as a sentence.
        scores: of the whole files.
        wanted: the metrics whose differences must be there, though they take their time; None for all.

    Raises:
        UsageError: class weights name what is no class.
    """
    level, rows = options.confidence_level, tally.rows
    weights = _class_weights(tally, options)
    found = {
        name: mean_difference(tally.sums, name, level, weights=_of_loss(name, weights)) for name in tally.plan.metrics
    }
    accuracy = accuracy_difference(tally.sums, level)
    loss, table = found.get("loss"), right_table(tally.sums)
    verdict = _verdict(loss, accuracy)
    wins = Wins(*tally.wins.tolist()) if loss is not None else None
    needed = _needed(tally, loss, weights, table, level) if verdict is Verdict.INCONCLUSIVE else None
    ranks = tally.ranks
    ranked = {} if ranks is None else rank_differences(ranks, rows, scores, level, wanted)
    return Comparison(
        paired_by=paired_by,
        pairing=pairing,
        rows=PairedRows(rows, tally.only_a, tally.only_b, tally.not_scored),
        confidence_level=level,
        difference=_ordered(found, accuracy)
        | ranked
        | (macro_differences(tally, level) if _any(wanted, NAMES) else {}),
        table=table,
        wins=wins,
        verdict=verdict,
        sentence=sentence(verdict, loss, accuracy, rows, level, wins, needed),
        rows_needed=needed,
        per_class=means.per_class(tally, level, class_differences(tally, level) if _any(wanted, RATES) else {}),
        slices=means.slices(tally, level),
        worst=_worst(tally),
    )


def _any(wanted: Collection[str] | None, names: Iterable[str]) -> bool:
    return wanted is None or any(name in wanted for name in names)


def _ordered(found: dict[str, Difference], accuracy: Difference) -> dict[str, Difference]:
    """Return the differences: the loss and the accuracy first."""
    first = {"loss": found["loss"]} if "loss" in found else {}
    return first | {"accuracy": accuracy} | found


def _class_weights(tally: PairedTally, options: Options) -> list[Fraction] | None:
    if options.class_weights is None or not tally.plan.classes:
        return None
    return resolved(options.class_weights, tally.plan.classes, tally.sums.rows.tolist())


def _of_loss(metric: str, weights: list[Fraction] | None) -> list[Fraction] | None:
    """Return the class weights of a metric: they enter the loss alone, as in a Score."""
    return weights if metric == "loss" else None


def _verdict(loss: Difference | None, accuracy: Difference) -> Verdict:
    """Return which model is better: by the loss, which is proper and sees the most; by the accuracy without one."""
    name, leading = ("accuracy", accuracy) if loss is None else ("loss", loss)
    sign = 1.0 if lower_is_better(name) else -1.0
    if leading.interval is None or leading.interval[0] == leading.interval[1]:
        return Verdict.INCONCLUSIVE
    low, high = sorted(sign * end for end in leading.interval)
    return Verdict.A_BETTER if low > 0.0 else Verdict.B_BETTER if high < 0.0 else Verdict.INCONCLUSIVE


def _needed(
    tally: PairedTally, loss: Difference | None, weights: list[Fraction] | None, table: RightTable, level: float
) -> int | None:
    rows = tally.rows
    if loss is None:
        return statistics.rows_needed_for_accuracy(rows, table.only_a_right, table.only_b_right, level)
    if loss.value is None:
        return None
    return statistics.rows_needed(rows, loss.value, standard_error(tally.sums, "loss", weights=weights), level)


def _worst(tally: PairedTally) -> tuple[DifferentRow, ...]:
    """Return the rows that differ most, without their ids; several labels a row have no one name."""
    classes = tally.plan.classes

    def named(at: int) -> str | None:
        return classes[at] if classes else None

    return tuple(
        DifferentRow(
            row_a=one.row_a,
            row_b=one.row_b,
            id=None,
            label=named(one.label),
            predicted_a=named(one.predicted_a),
            predicted_b=named(one.predicted_b),
            loss_a=one.loss_a,
            loss_b=one.loss_b,
            difference=one.loss_b - one.loss_a,
        )
        for one in tally.worst
    )
