"""Margins: how much worse a value may become, as a number or as a share of the baseline's.

Floor 1. A share is written as a percentage, `2%`.
"""

from decimal import Decimal

from xentcli.config.model import Margin
from xentcli.config.toml import toml_text


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
