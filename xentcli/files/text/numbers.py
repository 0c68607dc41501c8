"""What a cell of text holds as a number, and whether the numbers of a file have a comma for a point.

Floor 2. Pure functions of cells. `"1,234"` may be a thousand or a little more than one: that is never guessed.
"""

import re
from collections.abc import Iterator


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


THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""What separates thousands as well as decimals; a group of thousands never follows a 0."""


def has_decimal_commas(rows: list[list[str]]) -> bool:
    """Whether some column holds numbers with a comma, and no cell of those columns contradicts it."""
    return any(True for _ in _with_commas(rows))


def has_quoted_decimals(rows: list[list[str]]) -> bool:
    """Whether cells of a file whose separator is a comma hold decimals in quotes.

    Pairs of labels such as `"3,7"` look alike: one column at least must hold a sign, or shares between 0 and 1 alone.
    No column may hold what separates thousands as well.
    """
    columns = list(_with_commas(rows))
    if any(all(THOUSANDS.fullmatch(cell) for cell in cells if "," in cell) for cells in columns):
        return False
    return any(_surely_decimals(cells) for cells in columns)


def _surely_decimals(cells: list[str]) -> bool:
    values = [number(cell.replace(",", ".")) or 0.0 for cell in cells]
    return any(cell.startswith("-") for cell in cells) or all(0.0 <= value <= 1.0 for value in values)


def _with_commas(rows: list[list[str]]) -> Iterator[list[str]]:
    """Yield the cells of each column that are all numbers, some with a comma, without empty ones and per cent signs."""
    for column in zip(*(row for row in rows if len(row) == len(rows[0])), strict=True) if rows else ():
        cells = [cell.strip().removesuffix("%").rstrip() for cell in column if cell.strip()]
        commas = [decimal_comma(cell) for cell in cells]
        if any(commas) and all(comma or number(cell) is not None for comma, cell in zip(commas, cells, strict=True)):
            yield cells
