"""Nearly numbers: what to do about cells that a person reads as numbers and a machine does not.

Floor 3. Pure functions of texts.
"""

from collections.abc import Collection

from xentcli.files.text.numbers import THOUSANDS, number, per_cent


def nearly_numbers(cells: Collection[str]) -> str | None:
    """Return what to do about cells that are numbers but for a per cent sign or a decimal comma, None for others."""
    bare = [cell.strip() for cell in cells]
    signed = [cell for cell in bare if per_cent(cell.replace(",", ".")) is not None]
    if signed and all(cell in signed or number(cell) is not None for cell in bare):
        if len(signed) < len(bare):
            return "some cells have a per cent sign and some have none: write all of them in one way"
        return "take the per cent signs away and divide by 100"
    commas = [cell for cell in bare if cell.count(",") == 1 and number(cell.replace(",", ".")) is not None]
    if commas and all(cell in commas or number(cell) is not None for cell in bare):
        if all(THOUSANDS.fullmatch(cell) for cell in commas):
            return "a comma may stand for decimals or thousands here: write a point for decimals, nothing for thousands"
        return "write the decimal comma as a point"
    return None
