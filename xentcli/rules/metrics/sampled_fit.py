"""What is fitted to the sampled rows of a task, and whether it is worth a word.

Floor 6.
"""

from xentcli.rules.facts import TaskFacts
from xentcli.rules.metrics.temperature import Temperature
from xentcli.tally.traps.sample import STRANGE

_GAIN, _GAIN_SHARE = 0.001, 0.01
"""What gains fewer nats than this, or a smaller share of the loss, is not worth a word."""

_OTHERWISE = 0.01
"""Of the loss: what clips, masked classes and rows that do not add up to 1 may change."""


def fitted(facts: TaskFacts) -> Temperature | None:
    """Return the temperature of the sampled rows; None where there are none that stand for all.

    Rows with the same numbers are sampled together: of coarse scores too many or too few may be kept, or such as have
    another loss than all rows.
    """
    scores, loss = facts.scores, facts.loss
    found = None if scores is None else scores.fits.temperature
    if scores is None or loss is None or found is None:
        return None
    kept = scores.fits.rows
    if kept is None or not scores.traps.sample.as_many_as_expected(kept.rows):
        return None
    if not scores.plain or facts.weights.row_total is not None:
        return found
    chance = STRANGE * found.error if found.rows < facts.scored else 0.0
    return found if abs(found.loss[0] - loss.value) <= chance + _OTHERWISE * loss.value else None


def worth(before: float, after: float) -> bool:
    """Whether anyone would act on a loss that falls so."""
    return before - after >= max(_GAIN, _GAIN_SHARE * before)


def on_a_sample(facts: TaskFacts, rows: int) -> str:
    """Return on how many rows something was found, where that is not all of them."""
    return "" if rows == facts.scored else f", on a sample of {rows:,} of {facts.scored:,} rows"
