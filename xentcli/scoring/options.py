"""Options: what the views of a Tally are told beside the Tally itself.

Floor 5.
"""

from xentcli.record import Record
from xentcli.scoring.class_weights import ClassWeights


class Options(Record):
    """How a Tally is looked at.

    Attributes:
        confidence_level: of every interval, in (0, 1).
        class_weights: what each class counts in the mean loss; None for plain means.
        intervals: the metrics whose intervals are wanted beside those that every Score has.
    """

    confidence_level: float
    class_weights: ClassWeights | None = None
    intervals: frozenset[str] = frozenset()
