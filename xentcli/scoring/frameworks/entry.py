"""Entry: one framework's call, what it would return, and whether that is the correct number.

Floor 5. Entries are written down once a task (`multiclass`, `binary`, `multilabel`); here they become reports.
"""

from xentcli.record import Record
from xentcli.scoring.model import FrameworkReport

LOSS_TOLERANCE = 1e-6
ACCURACY_TOLERANCE = 1e-9

_ROUNDING = "computes with other rounding"


class Entry(Record):
    """A framework's call with its values.

    Attributes:
        call: what gives the loss; None where the framework has none.
        loss: None where it is infinite, no number or an error.
        loss_because: why it is not the headline loss, where it is not.
        accuracy_call: what gives the accuracy; None where the framework has none.
        accuracy: the value.
        accuracy_because: why it is not the headline accuracy, where it is not.
    """

    framework: str
    version: str
    call: str | None
    loss: float | None
    loss_because: str
    accuracy_call: str | None
    accuracy: float | None
    accuracy_because: str


def close(theirs: float, ours: float, tolerance: float) -> bool:
    """Whether two values agree within a tolerance, relative above 1."""
    return abs(theirs - ours) <= tolerance * max(1.0, abs(ours))


def report(
    entry: Entry, loss: float, accuracy: float, missing: str = "", accuracy_differs: str = ""
) -> FrameworkReport:
    """Compare an entry with the headline loss and accuracy.

    Args:
        entry: the call and its values.
        loss: the headline loss.
        accuracy: the headline accuracy.
        missing: what the headline loss has and this call has not.
        accuracy_differs: why any accuracy may be another one, where the entry itself has no reason.
    """
    loss_agrees = None if entry.call is None else entry.loss is not None and close(entry.loss, loss, LOSS_TOLERANCE)
    accuracy_agrees = None
    if entry.accuracy_call is not None:
        accuracy_agrees = entry.accuracy is not None and close(entry.accuracy, accuracy, ACCURACY_TOLERANCE)
    because = [missing, entry.loss_because or ("" if missing else _ROUNDING)] if loss_agrees is False else []
    because += [entry.accuracy_because or accuracy_differs or _ROUNDING] if accuracy_agrees is False else []
    return FrameworkReport(
        framework=entry.framework, version=entry.version,
        call=entry.call, loss=entry.loss, loss_agrees=loss_agrees,
        accuracy_call=entry.accuracy_call, accuracy=entry.accuracy, accuracy_agrees=accuracy_agrees,
        because="; ".join(dict.fromkeys(one for said in because if said for one in said.split("; "))) or None,
    )  # fmt: skip
