"""Fits: what is fitted to the sampled rows of a task, once, when the first rule asks for it.

Floor 6.
"""

from functools import cached_property

from xentcli.record import Record
from xentcli.rules.metrics.prior_shift import PriorShift, prior_shift
from xentcli.rules.metrics.temperature import Surprises, Temperature, surprises, temperature
from xentcli.tally.plan import Plan
from xentcli.tally.traps.sample import RowSample, SampledRows


class Fits(Record):
    """The sampled rows of a task, and what fits them.

    Attributes:
        plan: how the table was read.
        sample: the rows.
    """

    plan: Plan
    sample: RowSample

    @cached_property
    def rows(self) -> SampledRows | None:
        """The rows as one piece; None if there are none."""
        return self.sample.rows()

    @cached_property
    def temperature(self) -> Temperature | None:
        """The temperature that fits them."""
        return None if self.rows is None else temperature(self.rows, self.plan)

    @cached_property
    def prior(self) -> PriorShift | None:
        """The shares that are not what the scores expect."""
        return None if self.rows is None else prior_shift(self.rows, self.plan)

    @cached_property
    def surprises(self) -> Surprises | None:
        """How often they turned out against their scores."""
        return None if self.rows is None else surprises(self.rows, self.plan)
