"""Reasons: why a framework's number is another one, each in a short sentence.

Floor 5. Sentences speak of what was counted in these rows; what did not happen is not mentioned.
"""

from collections.abc import Sequence
from math import exp, log

from xentcli.phrases import counted, verb
from xentcli.record import Record
from xentcli.scoring.frameworks.means import Means, Over
from xentcli.tally.frameworks.sums import EPSILON_32, Difference, Fact
from xentcli.tally.losses import EPS


def joined(*parts: str) -> str:
    """Return the parts that say something as one sentence."""
    return "; ".join(part for part in parts if part)


def denominator(means: Means, over: Over) -> str:
    """Say what a weighted mean is divided by, where that is not the sum of the weights."""
    if not means.any_weights or over is Over.WEIGHTS:
        return ""
    if over is Over.UNWEIGHTED:
        return IGNORES
    below, usual = float(means.denominator(over)), float(means.denominator(Over.WEIGHTS))
    if over is Over.CLASS_WEIGHTS:
        return IGNORES if means.weight is not None else ""
    if below == usual:
        return ""
    rows = int(below) // means.repeats
    which = "" if over is Over.ROWS else f" that {verb(rows, 'have')} a weight"
    return f"divides by {counted(rows, 'row')}{which}, not by the weights' sum, {usual / means.repeats:,.6g}"


IGNORES = "ignores the weights"
ADDS = "adds 1e-7 to p and to 1 - p"


class Clip(Record):
    """Where a framework clips probabilities, and which rows feel it.

    Attributes:
        floor: the least probability that it leaves.
        name: how people write it.
        under: the rows (elements) that are clipped there, or by the headline and not there.
    """

    floor: float
    name: str
    under: Fact


KERAS = Clip(EPSILON_32, "1e-7", Fact.UNDER_KERAS)
SKLEARN_32 = Clip(2.0**-23, "2^-23", Fact.UNDER_NARROW)
SKLEARN_64 = Clip(EPS, "2^-52", Fact.UNDER_HEADLINE)
SKLEARN_OLD = LIGHTGBM = Clip(1e-15, "1e-15", Fact.UNDER_OLD)
XGBOOST = Clip(1e-16, "1e-16", Fact.UNDER_HEADLINE)
TORCH = Clip(exp(-100.0), "e^-100", Fact.UNDER_HEADLINE)


def clip(means: Means, at: Clip, unit: str = "row", *, logits: bool = False) -> str:
    """Say what a clip did to the rows that are (nearly) certainly wrong, where the headline's has not done the same."""
    counts = means.sums.counts
    number = counts[at.under]
    if not number or (at.floor == EPS and not logits):
        return ""
    cost, ours = f"{-log(at.floor):.4g}", f"{-log(EPS):.4g}"
    rows = f"clips at {at.name}: {counted(number, unit)} {verb(number, 'cost')}"
    if logits:
        return f"{rows} at most {cost}"
    if counts[Fact.ZERO] == number:
        return f"{rows} {cost} instead of {ours}"
    return f"{rows} {cost} instead of up to {ours}" if at.floor > EPS else f"{rows} up to {cost} instead of {ours}"


def raised(means: Means) -> str:
    """Say that every score is clipped before rows are divided by their sum, where that sum is so small."""
    rows = means.sums.counts[Fact.RAISED]
    return f"raises scores below 1e-15 to it before it divides: {counted(rows, 'row')} then sum to more" if rows else ""


def missing(means: Means, call: str) -> str:
    """Say that a call has no label smoothing, or is no focal loss, where the headline loss is one."""
    return joined(
        "has no label smoothing" if means.sums.smoothing and "smooth" not in call else "",
        "is no focal loss" if means.sums.gamma and "ocal" not in call else "",
    )


def weighted_accuracy(means: Means) -> str:
    """Say that class weights, which enter the headline loss alone, weigh the accuracy, too."""
    return "weighs the accuracy by class, too" if means.class_weights is not None else ""


def undefined(means: Means, rules: Sequence[Difference], unit: str = "row") -> str:
    """Say why there is no number."""
    count = max((means.sums.undefined[rule] for rule in rules), default=0)
    return f"infinite or no number for {counted(count, unit)} with a score of exactly 0 or 1" if count else ""


def divided(means: Means) -> str:
    """Say that rows are divided by their sum which the headline loss takes as they are."""
    near = means.sums.counts[Fact.NEARLY_ONE]
    return f"divides {counted(near, 'row')} by a sum that is nearly 1" if near else ""


def untouched(means: Means) -> str:
    """Say that rows are taken as they are which the headline loss divides by their sum."""
    off = means.sums.counts[Fact.OFF_ONE]
    return f"leaves {counted(off, 'row')} undivided that {verb(off, 'do')} not sum to 1" if off else ""
