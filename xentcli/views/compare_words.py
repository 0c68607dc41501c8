"""The numbers of a difference as text, for every view of `xent compare`.

Floor 8. Formats finished results; computes nothing.
"""

from xentcli.record import Record
from xentcli.scoring.comparing.model import Difference
from xentcli.views import numbers

LOSS = "loss"
"""The metric in nats; all others are rates."""


class Shown(Record):
    """A difference as text; empty where there is nothing to show."""

    a: str
    b: str
    value: str
    interval: str
    p_value: str


NOTHING = Shown("", "", "", "", "")


def shown(metric: str, found: Difference | None) -> Shown:
    """Return a difference of a metric as text, with the p-value that is corrected for its table if there is one."""
    if found is None:
        return NOTHING
    text = numbers.loss if metric == LOSS else numbers.rate_cell
    return Shown(
        numbers.beside(text, found.a, found.b), numbers.beside(text, found.b, found.a),
        numbers.difference(found.value), numbers.difference_interval(found.interval),
        numbers.p_value(found.p_value if found.adjusted is None else found.adjusted),
    )  # fmt: skip
