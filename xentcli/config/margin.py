"""Margins: how much worse a value may become, as a number or as a share of the baseline's.

Floor 1. A share is written as a percentage, `2%`.
"""

from decimal import Decimal

from xentcli.config.numbers import is_number
from xentcli.config.toml import toml_text
from xentcli.errors import UsageError
from xentcli.record import Record


class Margin(Record):
    """How much worse than a baseline a value may be.

    Attributes:
        value: in the metric's unit, or a share of the baseline's value.
        relative: whether it is such a share (`"2%"` is 0.02 of it).

    Raises:
        UsageError: the value is no finite number from 0.
    """

    value: float
    relative: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no margin."""
        if not is_number(self.value) or self.value < 0:
            raise UsageError(f"a margin must be a number from 0, not {self.value!r}", help="such as 0.01")


def margin_of(written: str) -> Margin | None:
    """Return the margin that `0.01` or `2%` stands for; None where it is no such text, infinite or below 0."""
    digits = written.strip()
    relative = digits.endswith("%")
    try:
        # In decimals, so that 2.3% is the float closest to 0.023, which 2.3 / 100 is not.
        value = Decimal(digits.removesuffix("%").strip()).scaleb(-2 if relative else 0)
        found = float(value)
    except (ArithmeticError, ValueError):
        return None
    return Margin(found, relative=relative) if 0.0 <= found < float("inf") else None


def margin_text(margin: Margin) -> str:
    """Return a margin as TOML, `0.01` or `"2%"`."""
    if not margin.relative:
        return toml_text(margin.value)
    return toml_text(f"{Decimal(repr(margin.value)).scaleb(2).normalize():f}%")
