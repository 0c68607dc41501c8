"""What is fitted to the sampled rows of a task, and whether it is worth a word.

Floor 6.
"""

from math import sqrt

from xentcli.rules.facts import TaskFacts
from xentcli.rules.metrics.temperature import Temperature

_GAIN, _GAIN_SHARE = 0.001, 0.01
"""What gains fewer nats than this, or a smaller share of the loss, is not worth a word."""

_STRANGE = 5.0
"""Standard errors by which a sample may miss what all rows show."""


def fitted(facts: TaskFacts) -> Temperature | None:
    """Return the temperature of the sampled rows; None where there are none that stand for all.

    Rows with the same numbers are sampled together: of coarse scores too many or too few may be kept, or such as have
    another loss.
    """
    scores, loss = facts.scores, facts.loss
    found = None if scores is None else scores.fits.temperature
    if scores is None or loss is None or found is None:
        return None
    sample, kept = scores.traps.sample, scores.fits.rows
    if sample.zeros == 0 or kept is None:
        return found
    expected = sample.seen / 2.0**sample.zeros
    if abs(kept.rows - expected) > _STRANGE * sqrt(expected):
        return None
    strange = abs(found.loss[0] - loss.value) > _STRANGE * found.error
    return None if strange and scores.plain and facts.weights.row_total is None else found


def worth(before: float, after: float) -> bool:
    """Whether anyone would act on a loss that falls so."""
    return before - after >= max(_GAIN, _GAIN_SHARE * before)


def on_a_sample(facts: TaskFacts, rows: int) -> str:
    """Return on how many rows something was found, where that is not all of them."""
    return "" if rows == facts.scored else f", on a sample of {rows:,} of {facts.scored:,} rows"
