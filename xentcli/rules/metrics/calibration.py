"""Rules XE408 and XE414: scores that are surer than they are right, or less sure.

Floor 6.

The test. A score is surprised where its less likely side comes true: the top class is wrong, or, of a binary task, the
positive class comes true under one half and fails above it. Were the scores calibrated, the surprises of a bin with n
rows and mean probability m of a surprise would add up to no more spread than n trials of m each (Hoeffding, Annals of
Mathematical Statistics 27 (1956)), so that K or more surprises in all have at most the probability
exp(min over t >= 0 of sum n log(1 + m (e^t - 1)) - t K) (Chernoff, ibid. 23 (1952)). That bound holds for any number
of rows. It speaks at level 1e-4, one-sided. Of several labels a row, and of rows with weights, sampled rows tell it:
4.75 standard errors with a row as the unit. What a temperature would do is fitted to sampled rows; where none are kept,
because there are too many classes, it is estimated from the bins.
"""

from collections.abc import Callable, Iterator
from math import exp, expm1, log, log1p, sqrt

from xentcli.phrases import losses, rates
from xentcli.record import Record, replace
from xentcli.rules.chance import Z_LEVEL
from xentcli.rules.facts import MIN_ROWS, ScoreFacts, TaskFacts
from xentcli.rules.metrics.prior import prior_explains
from xentcli.rules.metrics.sampled_fit import fitted, on_a_sample, worth
from xentcli.rules.metrics.temperature import HOPELESS, Temperature
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.scores.activations import double_activation
from xentcli.terms import Kind

LEVEL = 1e-4


WARNING_LEVEL = 1e-6


EXTREME = 3.0
"""A temperature that honest training seldom asks for."""


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


def heat_of_bins(bins: list[_Bin], rivals: float) -> float:
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


class _Evidence(Record):
    """What speaks for scores that are too sure, or not sure enough.

    Attributes:
        trials: of what, such as `rows`, and how many.
        surprises: how many turned out against the scores.
        promised: how many the scores promise.
        over: whether there are more surprises than promised, beyond chance.
        under: whether there are fewer.
        bins: where the reliability bins tell it; empty where sampled rows do.
    """

    trials: str
    surprises: int
    promised: float
    over: bool
    under: bool
    bins: list[_Bin]


def _evidence(facts: TaskFacts) -> _Evidence | None:
    if facts.subject.soft or facts.scores is None or facts.loss is None:
        return None
    if facts.scores.multilabel or facts.weights.row_total is not None:
        return _evidence_of_sample(facts.scores)
    bins = list(_bins(facts))
    surprises, promised = sum(one.surprises for one in bins), sum(one.rows * one.promised for one in bins)
    other_side = [replace(one, promised=1.0 - one.promised, surprises=one.rows - one.surprises) for one in bins]
    return _Evidence(
        trials=f"{facts.scored:,} rows",
        surprises=surprises,
        promised=promised,
        over=log_chance(bins) <= log(LEVEL),
        under=log_chance(other_side) <= log(LEVEL),
        bins=bins,
    )


def _evidence_of_sample(scores: ScoreFacts) -> _Evidence | None:
    """Return what sampled rows say, each counting once, of labels that go together and of rows with weights."""
    found = scores.fits.surprises
    if found is None or scores.scored < MIN_ROWS:
        return None
    return _Evidence(
        trials=f"{found.trials:,} {'scores of labels' if scores.multilabel else 'rows, without their weights,'}",
        surprises=found.found,
        promised=found.promised,
        over=found.standard_errors >= Z_LEVEL,
        under=found.standard_errors <= -Z_LEVEL,
        bins=[],
    )


def _effect(facts: TaskFacts, fit: Temperature) -> str:
    """Return what dividing the logits by the temperature does."""
    before, after = losses(*fit.loss)
    ece_before, ece_after = rates(*fit.ece)
    plain = facts.scores is not None and facts.scores.plain and facts.weights.row_total is None
    high = f"{fit.high:.3g}" if fit.high < HOPELESS else f"{HOPELESS:.0f} or more"
    return (
        f"dividing the logits by {fit.heat:.3g} ({fit.low:.3g} to {high} at 95 %) would bring the"
        f" {'loss' if plain else 'plain loss'} from {before} to {after} and the calibration error from {ece_before} to"
        f" {ece_after}{on_a_sample(facts, fit.rows)}"
    )


def _by_temperature(facts: TaskFacts) -> str:
    """Return how to use a temperature."""
    code, same = "softmax(log(p) / T)", "the highest score stays the highest"
    if facts.subject.positive is not None or facts.kind is Kind.MULTILABEL:
        code, same = "sigmoid(log(p / (1 - p)) / T)", "decisions at 0.5 stay"
    return f"fit T on rows that training did not see, then p = {code}: {same}"


_WRONG_WAY = (
    "no temperature mends that: they point the wrong way",
    "compare the order of the score columns with the classes, and the rows with their labels",
)


def _estimated(facts: TaskFacts, bins: list[_Bin]) -> tuple[str, str]:
    """Return what a temperature would do and how to use one, from the bins where no rows are kept."""
    rivals = sqrt(len(facts.subject.classes) - 1)
    heat = heat_of_bins(bins, rivals)
    if heat >= HOPELESS:
        return _WRONG_WAY
    loss, effect = facts.loss, "would mend it"
    if loss is not None and not loss.label_smoothing and not loss.focal_gamma and loss.class_weights is None:
        effect = f"would bring the loss from {loss.value:.4g} to {softened_loss(loss.value, bins, heat, rivals):#.3g}"
        effect += " or less"
    return (
        f"dividing the logits by about {heat:.2g} {effect}, by an estimate from the reliability bins",
        _by_temperature(facts),
    )


def _extreme(facts: TaskFacts, bins: list[_Bin]) -> bool:
    """Whether the surprises of the bins would be too many even at a temperature of 3."""
    others = len(facts.subject.classes) - 1
    softened = [replace(one, promised=_softened(one.promised, EXTREME, others)) for one in bins]
    return bool(bins) and log_chance(softened) <= log(WARNING_LEVEL)


def _overconfident(facts: TaskFacts) -> Hit | None:
    seen = _evidence(facts)
    if seen is None or not seen.over or prior_explains(facts):
        return None
    fit = fitted(facts)
    if fit is None:
        if not seen.bins:
            return None
        (effect, mend), extreme = _estimated(facts, seen.bins), _extreme(facts, seen.bins)
    elif fit.heat >= HOPELESS:
        (effect, mend), extreme = _WRONG_WAY, _extreme(facts, seen.bins)
    elif not worth(*fit.loss) or fit.heat <= 1.0:
        return None
    else:
        effect, mend, extreme = _effect(facts, fit), _by_temperature(facts), fit.low >= EXTREME
    return Hit(
        f"the scores are surer than they are right: {seen.surprises:,} of {seen.trials} turn out against them where"
        f" they promise {seen.promised:,.1f} ({_error(facts)}beyond chance at {_level(seen)}); {effect}",
        mend,
        seen.surprises,
        level=Level.WARNING if extreme else Level.NOTE,
    )


def _error(facts: TaskFacts) -> str:
    ece = facts.metrics.get("ece")
    return f"calibration error {ece:.4f}, " if isinstance(ece, float) else ""


def _level(seen: _Evidence) -> str:
    return f"{LEVEL:g}" if seen.bins else "1e-06"


def _underconfident(facts: TaskFacts) -> Hit | None:
    seen = _evidence(facts)
    if seen is None or not seen.under or (facts.scores is not None and double_activation(facts.scores)):
        return None
    fit = None if prior_explains(facts) else fitted(facts)
    if fit is None or fit.high >= 1.0 or not worth(*fit.loss):
        return None
    return Hit(
        f"the scores are less sure than they are right: {seen.surprises:,} of {seen.trials} turn out against them where"
        f" they promise {seen.promised:,.1f} ({_error(facts)}beyond chance at {_level(seen)}); {_effect(facts, fit)}",
        _by_temperature(facts),
        seen.surprises,
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
Chernoff's bound, which holds for few rows, too. Of several labels, and of rows with weights (which count once here),
the surprises of sampled rows are held against their promise: 4.75 standard errors. The temperature T is fitted to the
rows, up to 32,768 of them (and up to 131,072 scores), which are sampled by their own numbers where there are more; its
interval is at 95 %, and it warns where T is 3 or more for certain. Silent where T gains less than 0.001 nats or 1 % of
the loss, or no more than that once a prior that moved is undone (XE413). Soft targets are passed over; beyond 1,024
classes T is an estimate from the bins.

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
    Rule(
        "XE414", "underconfident", (Level.NOTE,), "fewer surprises than the scores promise, beyond chance",
        _underconfident,
        """\
Of rows that get 0.6, four in ten should turn out otherwise. If one does, the scores are less sure than they are right.

**Why it bites.** Accuracy does not notice, and no row looks bad; the loss is higher than it need be, costs weighed by
such scores are off, and a threshold such as 0.9 lets hardly a row through. Label smoothing, mixup, strong weight decay,
averages of trees or of folds and a temperature fitted elsewhere leave such scores; so does a second softmax (XE206).

**How it is seen.** As XE408, with fewer surprises in place of more, and only if the whole interval of T lies below 1
and T gains 0.001 nats and 1 % of the loss or more.

**Mend it.** Divide the logits by T, which is below 1 and makes them sharper, fitted on held-out rows. PyTorch: minimise
`CrossEntropyLoss` of `logits / T` over T. Keras: a `Rescaling(1 / T)` layer before the softmax. scikit-learn:
`CalibratedClassifierCV(model, method="temperature")` (from 1.8 on), or `"isotonic"` for forests.

```python
>>> from math import log
>>> rows, score, right = 1000, 0.6, 900
>>> surprises, promised = rows - right, rows * (1 - score)
>>> surprises, round(promised)
(100, 400)
>>> round(log(score / (1 - score)) / log(right / surprises), 2)  # the temperature that turns 0.6 into 0.9
0.18
>>> cost = lambda p: -(right * log(p) + surprises * log(1 - p)) / rows
>>> round(cost(0.6), 3), round(cost(0.9), 3)  # the loss before and with it
(0.551, 0.325)

```
""",
    ),
)  # fmt: skip
