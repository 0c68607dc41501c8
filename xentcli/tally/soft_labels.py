"""Soft label plans: how columns of target probabilities become a coder, and what they say about the task.

Floor 4. `labels` asks here when label cells are not all 0 or 1.
"""

from xentcli.errors import UsageError
from xentcli.files.table import Table
from xentcli.task import names
from xentcli.task.coding import Coder
from xentcli.task.matching import Matched
from xentcli.task.model import Encoding, Kind
from xentcli.task.positive import positive_class
from xentcli.task.roles import Roles
from xentcli.task.soft_coding import SoftCoder
from xentcli.task.soft_targets import are_shares, read_targets, speaks_of_quantity
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import SHARE_NAMES, TARGET_NAMES


def soft_block(
    table: Table, roles: Roles, kind: Kind | None, classes: tuple[str, ...]
) -> tuple[Kind, Coder, Matched] | None:
    """Plan for a column of target probabilities per class (label), or a list column; None if they hold none."""
    reading = read_targets(table, roles.labels, kind)
    if reading is None:
        return None
    several = reading.encoding is Encoding.LABEL_PROBABILITIES
    if kind is Kind.BINARY and len(classes) != 2:
        raise UsageError(f"--task binary takes two columns of target probabilities, there are {len(classes)}")
    index = {name: at for at, name in enumerate(classes)}
    found = Kind.MULTILABEL if several else Kind.BINARY if len(classes) == 2 else Kind.MULTICLASS
    coder = SoftCoder(roles.labels, len(classes), reading)
    return found, coder, Matched(classes, index, reading.encoding, reading.reasons)


def soft_single(
    roles: Roles, kind: Kind | None, given: tuple[str, ...] | None, size: int
) -> tuple[Kind, Coder, Matched] | None:
    """Plan for one column that holds the share of one of two classes; None if it holds labels."""
    values = roles.values
    if values is None or size > 2 or kind not in {None, Kind.BINARY}:
        return None
    if not values.shares and (not are_shares(values) or set(values.counts) <= set(given or ())):
        return None
    column = roles.labels[0]
    named = names.named_like(TARGET_NAMES + SHARE_NAMES, [column])
    if not named and kind is None and speaks_of_quantity(column):
        return None
    classes = given if given is not None and len(given) == 2 else _two_classes(roles)
    index = {name: at for at, name in enumerate(classes)}
    reasons = (
        f"soft targets: {column} holds the share of class {classes[1]}, the other class has the rest",
        "accuracy counts the most probable class of a row as its class",
    )
    return Kind.BINARY, SoftCoder((column,), 2, None), Matched(classes, index, Encoding.CLASS_PROBABILITIES, reasons)


def _two_classes(roles: Roles) -> tuple[str, ...]:
    """Return the names of two classes as the score columns tell them; the last, the positive one, has the share."""
    if roles.names is not None and len(roles.names) == 2:
        first, second = roles.names
        return (first, second) if positive_class(roles.names, None).index else (second, first)
    plain = names.named_like(TARGET_NAMES, [roles.labels[0]])
    if roles.names is not None and not plain and roles.names[0].casefold() in roles.labels[0].casefold():
        name = roles.names[0]
        return ("0", "1") if integer_of(name) is not None else (f"not {name}", name)
    return ("0", "1")
