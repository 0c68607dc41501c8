"""What scikit-learn's `log_loss` returns where the score columns do not stand in the order of the sorted labels.

Floor 5. `labels=` names the classes and does not order the columns; the call that is right reorders these itself.
"""

from collections.abc import Iterator

from xentcli.scoring.frameworks.entry import Entry
from xentcli.scoring.frameworks.means import Means, Over
from xentcli.tally.frameworks.sums import Difference

_TAKES = "takes the scores in the order of the sorted labels, which is not theirs"


def entries(means: Means, call: str) -> Iterator[Entry]:
    """Yield what the call gives that leaves the columns as they stand."""
    for version, rules in (
        ("1.5 - 1.9", (Difference.SKLEARN_SORTED,)),
        ("0.19 - 1.0", (Difference.SKLEARN_SORTED, Difference.SKLEARN_SORTED_OLD)),
    ):
        yield Entry("scikit-learn", version, call, means.sum_of(rules, Over.WEIGHTS), _TAKES, None, None, "")
