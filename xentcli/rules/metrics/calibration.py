"""Rule XE408: scores that are surer than they are right, from the reliability bins alone.

Floor 6.

The test. A score is surprised where its less likely side comes true: the top class is wrong, or, of a binary task, the
positive class comes true under one half and fails above it. Were the scores calibrated, the surprises of a bin with n
rows and mean probability m of a surprise would add up to no more spread than n trials of m each (Hoeffding, Annals of
Mathematical Statistics 27 (1956)), so that K or more surprises in all have at most the probability
exp(min over t >= 0 of sum n log(1 + m (e^t - 1)) - t K) (Chernoff, ibid. 23 (1952)). That bound holds for any number
of rows. It speaks at level 1e-4, one-sided; it warns if scores softened by a temperature of 3 would still fail at 1e-6.
"""

from collections.abc import Callable, Iterator
from math import exp, expm1, log, log1p, sqrt

from xentcli.record import Record, replace
from xentcli.rules.facts import TaskFacts
from xentcli.rules.rule import Hit, Level, Rule

LEVEL = 1e-4


WARNING_LEVEL = 1e-6


EXTREME = 3.0
"""A temperature that honest training seldom asks for."""


HOPELESS = 30.0
"""A temperature that leaves hardly any difference between the classes."""


_LEAST, _STEPS, _STEEPEST = 1e-12, 80, 60.0


_COLDEST, _HOTTEST = 1.0, 1000.0


class _Bin(Record):
    """A bin of the reliability table: rows, the mean probability of a surprise, and how many there were."""

    rows: int
    promised: float
    surprises: int


def _bins(facts: TaskFacts) -> Iterator[_Bin]:
    for one in facts.calibration or ():
        if one.mean_score is None or one.accuracy is None:
            continue
        right = round(one.accuracy * one.count)
        under = facts.subject.positive is not None and one.mean_score < 0.5
        promised = one.mean_score if under else 1.0 - one.mean_score
        yield _Bin(one.count, min(max(promised, _LEAST), 1.0 - _LEAST), right if under else one.count - right)


def _bisected(rises: Callable[[float], float], low: float, high: float) -> float:
    """Return where an increasing function of one number crosses 0."""
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if rises(middle) > 0.0 else (middle, high)
    return (low + high) / 2.0


def log_chance(bins: list[_Bin]) -> float:
    """Return the logarithm of a bound on the chance of so many surprises or more; see the module."""
    total = sum(one.surprises for one in bins)
    if total <= sum(one.rows * one.promised for one in bins):
        return 0.0

    def slope(tilt: float) -> float:
        return sum(one.rows * one.promised * exp(tilt) / (1.0 + one.promised * expm1(tilt)) for one in bins) - total

    tilt = _bisected(slope, 0.0, _STEEPEST)
    return min(0.0, sum(one.rows * log1p(one.promised * expm1(tilt)) for one in bins) - tilt * total)


def _softened(promised: float, heat: float, rivals: float) -> float:
    """Return the probability of a surprise once logits are divided by `heat`.

    The rivals of the top class share what it leaves evenly: their odds m / (1 - m) become
    rivals^(1 - 1 / heat) (m / (1 - m))^(1 / heat).
    """
    odds = exp(log(promised / (1.0 - promised)) / heat + log(rivals) * (1.0 - 1.0 / heat))
    return odds / (1.0 + odds)


def temperature(bins: list[_Bin], rivals: float) -> float:
    """Return the temperature, from 1 up, that fits the bins best: the most likely slope of the mean log-odds.

    An estimate: a bin stands for all of its rows, and `rivals` equal classes for all but the top one.
    Source: Guo, Pleiss, Sun and Weinberger (2017), ICML, for scaling by a temperature.
    """
    sure = [(one, log((1.0 - one.promised) / one.promised) + log(rivals)) for one in bins]

    def rises(heat: float) -> float:
        return sum(odds * (one.rows * _softened(one.promised, heat, rivals) - one.surprises) for one, odds in sure)

    return _bisected(rises, _COLDEST, _HOTTEST)


def softened_loss(loss: float, bins: list[_Bin], heat: float, rivals: float) -> float:
    """Return about what the loss comes to once logits are divided by `heat`, in nats.

    The rows of a bin change by what its mean score does. Within a bin the surest and most wrong rows gain more than
    that, so that a temperature fitted to the rows themselves gives this loss or a lower one.
    """
    gained = 0.0
    for one in bins:
        softer = _softened(one.promised, heat, rivals)
        gained += one.surprises * log(softer / one.promised)
        gained += (one.rows - one.surprises) * log((1.0 - softer) / (1.0 - one.promised))
    return loss - gained / sum(one.rows for one in bins)


def _mended(facts: TaskFacts, bins: list[_Bin]) -> tuple[str, str]:
    """Return what a temperature would do, and how to use one."""
    rivals = sqrt(len(facts.subject.classes) - 1)
    heat = temperature(bins, rivals)
    if heat >= HOPELESS:
        return (
            "no temperature mends that: they point the wrong way",
            "compare the order of the score columns with the classes, and the rows with their labels",
        )
    code, same = (
        ("sigmoid(log(p / (1 - p)) / T)", "decisions at 0.5 stay")
        if facts.subject.positive is not None
        else ("softmax(log(p) / T)", "the highest score stays the highest")
    )
    loss, effect = facts.loss, "would mend it"
    if loss is not None and not loss.label_smoothing and not loss.focal_gamma and loss.class_weights is None:
        effect = f"would bring the loss from {loss.value:.4g} to {softened_loss(loss.value, bins, heat, rivals):#.3g}"
        effect += " or less"
    return (
        f"dividing the logits by about {heat:.2g} {effect}, by an estimate from the reliability bins",
        f"fit T on rows that training did not see, then p = {code}: {same}",
    )


def _overconfident(facts: TaskFacts) -> Hit | None:
    if facts.subject.soft or facts.weights.row_total is not None:
        return None
    bins = list(_bins(facts))
    if log_chance(bins) > log(LEVEL):
        return None
    surprises, promised = sum(one.surprises for one in bins), sum(one.rows * one.promised for one in bins)
    others = len(facts.subject.classes) - 1
    softened = [replace(one, promised=_softened(one.promised, EXTREME, others)) for one in bins]
    extreme = log_chance(softened)
    ece = facts.metrics.get("ece")
    error = f"calibration error {ece:.4f}, " if isinstance(ece, float) else ""
    effect, mend = _mended(facts, bins)
    return Hit(
        f"the scores are surer than they are right: {surprises:,} of {facts.scored:,} rows turn out against them where"
        f" they promise {promised:,.1f} ({error}beyond chance at {LEVEL:g}); {effect}",
        mend,
        surprises,
        level=Level.WARNING if extreme <= log(WARNING_LEVEL) else Level.NOTE,
    )


CALIBRATION_RULES: tuple[Rule[TaskFacts], ...] = (
    Rule(
        "XE408", "overconfident", (Level.NOTE, Level.WARNING), "more surprises than the scores promise, beyond chance",
        _overconfident,
        """\
Of rows that get 0.9, one in ten should turn out otherwise. If three do, the scores are surer than they are right.

**Why it bites.** Accuracy does not notice, the loss does: it grows with every epoch of an overfitted network while
accuracy still climbs. Whoever multiplies such scores by costs or compares them with 0.99 decides wrongly.

**How it is seen.** Surprises (rows whose less likely side came true) are counted in the 15 reliability bins and held
against what the mean scores promise. It speaks if so many have a chance below 1e-4 were the scores calibrated, by
Chernoff's bound, which holds for few rows, too; a warning if a temperature of 3 would not be enough at 1e-6. Files
with row weights or soft targets are passed over. The temperature is an estimate from the bins, and so is the loss with
it: one fitted to the rows gives that loss or less.

**Mend it.** Divide the logits by a temperature T fitted on held-out rows. PyTorch: minimise `CrossEntropyLoss` of
`logits / T` over T with LBFGS. Keras: a `Rescaling(1 / T)` layer before the softmax. scikit-learn:
`CalibratedClassifierCV(model, method="temperature")` (from 1.8 on) or `"sigmoid"`. Sooner: early stopping, label
smoothing, weight decay.

```python
>>> from math import exp, log
>>> rows, score, right = 1000, 0.9, 700
>>> surprises, promised = rows - right, rows * (1 - score)
>>> surprises, round(promised)
(300, 100)
>>> odds = log(score / (1 - score))
>>> round(odds / log(right / surprises), 2)  # the temperature that turns 0.9 into 0.7
2.59
>>> cost = lambda p: -(right * log(p) + surprises * log(1 - p)) / rows
>>> round(cost(0.9), 3), round(cost(0.7), 3)  # the loss before and with it
(0.765, 0.611)

```
""",
    ),
)  # fmt: skip
