"""The Score of a table with several outputs, as a view of its Tally.

Floor 5. The loss is the sum of the outputs' losses, None where they hold predicted labels without scores; a row is
right if every output is.
"""

from fractions import Fraction
from math import fsum

from xentcli.errors import UsageError
from xentcli.record import replace
from xentcli.scoring import decisions, losses, single
from xentcli.scoring.class_weights import Options
from xentcli.scoring.formulas import output_intervals, output_metrics
from xentcli.scoring.intervals import normal, wilson
from xentcli.scoring.model import Accuracy, Estimate, Interval, Loss, OutputScore, Rows, Score, ScoredTask
from xentcli.scoring.quality import loss_bins
from xentcli.scoring.slices import slices, worst_rows
from xentcli.tally.decisions import DecisionTally
from xentcli.tally.multioutput import MultiOutputTally, OutputTally
from xentcli.terms import Scale


def score(tally: MultiOutputTally, task: ScoredTask, rows: Rows, options: Options) -> Score:
    """Return the Score of a Tally that holds at least one row that is complete in all outputs.

    Raises:
        UsageError: class weights are asked for.
    """
    decided = tally.plan.decided
    if options.class_weights is not None and not decided:
        raise UsageError("is for one output", option="class-weights", help="name its columns with --label and --scores")
    confidence_level = options.confidence_level
    outputs = tuple(
        _output(name, own, one, options)
        for name, own, one in zip(tally.plan.names, tally.tallies, task.outputs, strict=True)
    )
    sliced = slices(tally.slices, confidence_level)
    return Score(
        task=task,
        rows=rows,
        confidence_level=confidence_level,
        loss=_loss(tally, [one.loss for one in outputs if one.loss is not None], confidence_level),
        accuracy=_accuracy(tally, confidence_level),
        metrics=output_metrics(outputs),
        per_class=(),
        confusion=None,
        per_label=None,
        outputs=outputs,
        loss_histogram=() if decided else loss_bins(tally.histogram),
        slices=tuple(replace(one, loss=Estimate(None, None)) for one in sliced) if decided else sliced,
        worst=worst_rows(tally.worst, tally.facts, task.classes, task.kind),
        intervals=output_intervals(options.intervals),
    )


def _output(name: str, own: OutputTally, task: ScoredTask, options: Options) -> OutputScore:
    missing = own.facts.missing_label.count
    weight_sum = None if own.weighted is None else float(own.weighted.weight.total())
    rows = Rows(own.facts.read, own.facts.scored, missing, own.facts.read - own.facts.scored - missing, 0, weight_sum)
    if isinstance(own, DecisionTally):
        found = decisions.score(own, task, rows, options)
    else:
        found = single.score(own, task, rows, options)
    return OutputScore(
        name, task, rows, found.loss, found.accuracy, found.metrics, found.per_class, found.confusion,
        found.calibration,
    )  # fmt: skip


def _moments(tally: MultiOutputTally) -> losses.Moments:
    """Return the moments of the complete rows' losses, each summed over the outputs."""
    held = tally.joint
    if held is None:
        return losses.unweighted(tally.facts.scored, tally.loss.total(), tally.loss_square.total())
    squares = (held.square.total(), held.square_loss.total(), held.square_loss_square.total())
    return losses.weighted(held.weight.total(), held.loss.total(), squares, tally.facts.scored)


def _loss(tally: MultiOutputTally, outputs: list[Loss], confidence_level: float) -> Loss | None:
    """Return the sum of the outputs' losses; None without any."""
    if not outputs:
        return None
    same = all(own.facts.scored == tally.facts.scored for own in tally.tallies)
    total = Fraction(0) if not same else _moments(tally).mean
    if not same:
        total = sum((Fraction(one.value) for one in outputs), Fraction(0))
    clips = any(one.eps is not None for one in outputs)
    around = losses.Around(
        name="sum_over_outputs",
        reduction="mean over rows, summed over outputs" + ("" if tally.joint is None else ", rows weighted"),
        scale=Scale.PROBABILITIES if clips else Scale.LOGITS,
        clipped=sum(one.clipped for one in outputs),
        renormalised=sum(one.renormalised for one in outputs),
        clamped=sum(one.clamped for one in outputs),
        unclipped=_sum([one.unclipped for one in outputs]),
        prior=_sum([one.prior_loss for one in outputs]),
        target_entropy=_sum([one.target_entropy for one in outputs]),
        label_smoothing=outputs[0].label_smoothing,
        focal_gamma=outputs[0].focal_gamma,
    )
    moments = losses.Moments(total, _moments(tally).standard_error if same else None)
    return losses.headline(moments, around, confidence_level)


def _sum(values: list[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return fsum(held) if len(held) == len(values) else None


def _accuracy(tally: MultiOutputTally, confidence_level: float) -> Accuracy:
    value, interval = _share_right(tally, confidence_level)
    return Accuracy(
        name="all-outputs",
        value=value,
        interval=interval,
        correct=tally.right,
        ties=tally.ties,
        majority_accuracy=None,
    )


def _share_right(tally: MultiOutputTally, confidence_level: float) -> tuple[float, Interval | None]:
    rows, held = tally.facts.scored, tally.joint
    if held is None:
        return tally.right / rows, wilson(tally.right, rows, confidence_level)
    hits = held.square_right.total()
    moments = losses.weighted(held.weight.total(), held.right.total(), (held.square.total(), hits, hits), rows)
    return float(moments.mean), normal(float(moments.mean), moments.standard_error, confidence_level)
