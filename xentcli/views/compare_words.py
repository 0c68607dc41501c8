"""The numbers of a difference as text, for every view of `xent compare`.

Floor 8. Formats finished results; computes nothing.
"""

from xentcli.metrics import is_rate
from xentcli.record import Record
from xentcli.scoring.comparing.model import Difference
from xentcli.views import numbers


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
    text = numbers.rate_cell if is_rate(metric) else numbers.loss
    return Shown(
        numbers.beside(text, found.a, found.b), numbers.beside(text, found.b, found.a),
        numbers.difference(found.value), numbers.difference_interval(found.interval),
        numbers.p_value(found.p_value if found.adjusted is None else found.adjusted),
    )  # fmt: skip
