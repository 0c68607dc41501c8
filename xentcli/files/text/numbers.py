"""Numbers: what a cell of text holds as a number.

Floor 2.
"""


def number(text: str) -> float | None:
    """Return the number that a cell holds, None if it holds none; `1_000` is no number."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def per_cent(text: str) -> float | None:
    """Return the share that a cell such as `70%` or `70 %` holds, None if it holds none."""
    bare = text.strip()
    found = number(bare[:-1]) if bare.endswith("%") else None
    return None if found is None else found / 100.0


def decimal_comma(cell: str) -> bool:
    """Whether a cell is a number with a comma for a point."""
    return cell.count(",") == 1 and "." not in cell and number(cell.replace(",", ".")) is not None
